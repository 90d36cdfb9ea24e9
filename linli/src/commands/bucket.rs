//! Where the strongroom lies: what the operator typed, read. A bucket needs a binary that was
//! built with it (`--features s3`): a third of the time that the house takes to compile.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use dossiers::vault::{At, Root};

const SCHEME: &str = "s3://";

/// Reads `PLACE`.
///
/// # Errors
/// What is wrong with it, and how it is written.
pub fn at(
    place: Option<&str>,
    keys: Option<PathBuf>,
    credentials: Option<&Path>,
) -> anyhow::Result<At> {
    let root = match place {
        None | Some("") => Root::Data,
        Some(place) if place.starts_with(SCHEME) => {
            let bucket = Bucket::parse(place)?;
            let (access, secret) = signed(credentials)?;
            opened(place, bucket, access, secret)?
        }
        Some(folder) => Root::Folder(std::path::absolute(folder)?),
    };
    Ok(At { root, keys })
}

/// `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`.
#[derive(Debug, PartialEq, Eq)]
struct Bucket {
    name: String,
    prefix: String,
    endpoint: String,
    region: String,
}

impl Bucket {
    fn parse(place: &str) -> anyhow::Result<Bucket> {
        let usage = "write s3://BUCKET/PREFIX?endpoint=https://…&region=…";
        // What was typed is not repeated: a secret may have been typed where none belongs.
        let url = url::Url::parse(place).context(usage)?;
        let name = url.host_str().unwrap_or_default().to_owned();
        let said = format!("{SCHEME}{name}");
        let mut bucket = Bucket {
            name,
            prefix: url.path().trim_matches('/').to_owned(),
            endpoint: String::new(),
            region: "us-east-1".to_owned(),
        };
        if !url.username().is_empty() || url.password().is_some() {
            // An address is shown in lists of processes; a secret must not be in it.
            bail!("{said}: credentials go into the environment or a file");
        }
        for (name, value) in url.query_pairs() {
            match &*name {
                "endpoint" => bucket.endpoint = value.into_owned(),
                "region" => bucket.region = value.into_owned(),
                other => bail!("{said}: {other} is not known; {usage}"),
            }
        }
        if bucket.name.is_empty() || bucket.endpoint.is_empty() {
            bail!("{said}: {usage}");
        }
        let endpoint = url::Url::parse(&bucket.endpoint).with_context(|| usage.to_owned())?;
        let local = matches!(
            endpoint.host_str(),
            Some("localhost" | "127.0.0.1" | "[::1]")
        );
        if endpoint.scheme() != "https" && !local {
            bail!("{}: only https leaves this machine", bucket.endpoint);
        }
        Ok(bucket)
    }
}

/// The credentials: of the file that was named, or of the environment.
fn signed(file: Option<&Path>) -> anyhow::Result<(String, String)> {
    let Some(file) = file else {
        let of = |name: &str| {
            std::env::var(name).with_context(|| format!("{name} is not set, nor --s3-credentials"))
        };
        return Ok((of("LINLI_S3_ACCESS_KEY")?, of("LINLI_S3_SECRET_KEY")?));
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let seen = std::fs::metadata(file).with_context(|| file.display().to_string())?;
        if seen.permissions().mode() & 0o077 != 0 {
            bail!("{}: others can read it; chmod 600", file.display());
        }
    }
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let of = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once('='));
        let found = lines.find(|(key, _)| key.trim() == name);
        found
            .map(|(_, value)| value.trim().to_owned())
            .with_context(|| format!("{}: no {name}=…", file.display()))
    };
    Ok((of("access_key")?, of("secret_key")?))
}

#[cfg(feature = "s3")]
fn opened(place: &str, bucket: Bucket, access: String, secret: String) -> anyhow::Result<Root> {
    use strongroom::storage::{S3Config, S3Storage};
    let config = S3Config {
        allow_http: bucket.endpoint.starts_with("http:"),
        endpoint: bucket.endpoint,
        region: bucket.region,
        bucket: bucket.name,
        prefix: bucket.prefix,
        access_key: access,
        secret_key: secret,
    };
    let name = place.split('?').next().unwrap_or(place).to_owned();
    let storage = std::sync::Arc::new(S3Storage::new(&config)?);
    Ok(Root::Bucket(name, storage))
}

#[cfg(not(feature = "s3"))]
fn opened(place: &str, _: Bucket, _: String, _: String) -> anyhow::Result<Root> {
    let name = place.split('?').next().unwrap_or(place);
    bail!("{name}: this binary was built without buckets: cargo build --profile dist --features s3")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_read_and_what_is_wrong_with_it_is_said() {
        let read = Bucket::parse("s3://archive/house/1?endpoint=https://s3.example&region=cn-1");
        let read = read.expect("a bucket");
        assert_eq!(
            (&*read.name, &*read.prefix, &*read.endpoint, &*read.region),
            ("archive", "house/1", "https://s3.example", "cn-1")
        );
        assert!(Bucket::parse("s3://archive?endpoint=http://127.0.0.1:9000").is_ok());
        for wrong in [
            "s3://archive",
            "s3://?endpoint=https://s3.example",
            "s3://archive?endpoint=http://s3.example",
            "s3://me:secret@archive?endpoint=https://s3.example",
            "s3://archive?endpoint=https://s3.example&key=1",
        ] {
            assert!(Bucket::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_folder_is_a_folder_and_nothing_is_the_data() {
        let at = |place| at(place, None, None).expect("a place");
        assert!(matches!(at(None).root, Root::Data));
        assert!(matches!(at(Some("/srv/archive")).root, Root::Folder(_)));
    }
}
