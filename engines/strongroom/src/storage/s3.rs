//! A root in a bucket of an S3-compatible store: `<prefix>/root/` is the OCFL root. Keys are
//! put only where there is none (If-None-Match), and one holder of the lease writes.
//!
//! Calls block on a runtime of their own: never from a thread that drives another one.

mod file;

use std::io::{self, Read};
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut, S3CopyIfNotExists};
use object_store::path::Path;
use object_store::{
    Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, UpdateVersion, WriteMultipart,
};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use super::{Lease, Storage};
use crate::disk::{Disk, Kind, ReadSeek, join};
use crate::inventory::{DECLARATION, INVENTORY, SIDECAR};
use crate::names::OpaqueId;
use file::S3File;

/// Up to this size a file is sent in one conditional put; a larger one in pieces to a key
/// below `work/`, and put in its place by a copy that is completed only where nothing is.
const ONE_PUT_MAX: u64 = 64 << 20;

/// Where the bucket is, and with which key.
#[derive(Clone)]
pub struct S3Config {
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    /// Before every key; `archive` say, or empty.
    pub prefix: String,
    pub access_key: String,
    pub secret_key: String,
    /// Only for a store on this machine.
    pub allow_http: bool,
}

/// The root in a bucket.
pub struct S3Storage {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    runtime: Arc<Hands>,
    holder: OpaqueId,
}

/// The runtime that requests run on. It may end where another runtime's thread drops it.
struct Hands(Option<Runtime>);

impl std::ops::Deref for Hands {
    type Target = Runtime;
    fn deref(&self) -> &Runtime {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[derive(Serialize, Deserialize)]
struct LeaseRecord {
    holder: OpaqueId,
    until: i64,
}

impl S3Storage {
    /// Connects to a bucket; nothing is sent yet.
    ///
    /// # Errors
    /// A configuration that cannot be.
    pub fn new(config: &S3Config) -> io::Result<S3Storage> {
        // Whoever installed one before has chosen for the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = AmazonS3Builder::new()
            .with_endpoint(&config.endpoint)
            .with_region(&config.region)
            .with_bucket_name(&config.bucket)
            .with_access_key_id(&config.access_key)
            .with_secret_access_key(&config.secret_key)
            .with_allow_http(config.allow_http)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_copy_if_not_exists(S3CopyIfNotExists::Multipart)
            .build()
            .map_err(io::Error::other)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        Ok(S3Storage {
            store: Arc::new(store),
            prefix: config.prefix.clone(),
            runtime: Arc::new(Hands(Some(runtime))),
            holder: OpaqueId::fresh(),
        })
    }

    fn key(&self, path: &str) -> io::Result<Path> {
        Path::parse(join(&self.prefix, path)).map_err(io::Error::other)
    }

    fn root(&self, path: &str) -> io::Result<Path> {
        self.key(&join("root", path))
    }

    fn put(&self, key: &Path, bytes: Vec<u8>, mode: PutMode) -> Result<(), Error> {
        let options = PutOptions::from(mode);
        self.runtime
            .block_on(self.store.put_opts(key, bytes.into(), options))
            .map(|_| ())
    }

    /// Sends a new file.
    fn send(&self, key: &Path, bytes: &mut dyn Read) -> io::Result<()> {
        let mut start = Vec::new();
        (&mut *bytes)
            .take(ONE_PUT_MAX + 1)
            .read_to_end(&mut start)?;
        if start.len() as u64 <= ONE_PUT_MAX {
            return match self.put(key, start.clone(), PutMode::Create) {
                // A put whose answer was lost is tried again and finds itself there.
                Err(Error::AlreadyExists { .. } | Error::Precondition { .. })
                    if self.get(key)?.as_deref() == Some(&start[..]) =>
                {
                    Ok(())
                }
                other => other.map_err(from),
            };
        }
        match self.runtime.block_on(self.store.head(key)) {
            Err(Error::NotFound { .. }) => {}
            Ok(_) => return Err(io::ErrorKind::AlreadyExists.into()),
            Err(e) => return Err(from(e)),
        }
        // object_store completes an upload conditionally only when it copies.
        let beside = self.key(&format!("work/upload/{}", OpaqueId::fresh()))?;
        let sent = self
            .send_pieces(&beside, start, bytes)
            .and_then(|()| self.copy_new(&beside, key));
        // Nothing is there when the sending failed.
        let _ = self.runtime.block_on(self.store.delete(&beside));
        sent
    }

    fn copy_new(&self, beside: &Path, key: &Path) -> io::Result<()> {
        self.runtime
            .block_on(self.store.copy_if_not_exists(beside, key))
            .map_err(from)
    }

    fn send_pieces(&self, key: &Path, start: Vec<u8>, bytes: &mut dyn Read) -> io::Result<()> {
        // The writer starts its tasks where it is called.
        let _inside = self.runtime.enter();
        let upload = self
            .runtime
            .block_on(self.store.put_multipart(key))
            .map_err(from)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, 8 << 20);
        let mut buffer = start;
        while !buffer.is_empty() {
            writer.write(&buffer);
            // Not more than four pieces wait in memory.
            self.runtime
                .block_on(writer.wait_for_capacity(4))
                .map_err(from)?;
            buffer.clear();
            (&mut *bytes).take(8 << 20).read_to_end(&mut buffer)?;
        }
        self.runtime.block_on(writer.finish()).map_err(from)?;
        Ok(())
    }

    fn get(&self, key: &Path) -> io::Result<Option<Vec<u8>>> {
        let got = self
            .runtime
            .block_on(async { self.store.get(key).await?.bytes().await });
        match got {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(e) => Err(from(e)),
        }
    }

    /// Takes the lease; or writes it anew, where it is this one's still.
    fn hold(&self, now: i64, until: i64, still: bool) -> io::Result<i64> {
        let key = self.key("work/writer.json")?;
        let record = LeaseRecord {
            holder: self.holder.clone(),
            until,
        };
        let bytes = serde_json::to_vec(&record).expect("an id and a number");
        let mode = match self.runtime.block_on(self.store.get(&key)) {
            Err(Error::NotFound { .. }) => PutMode::Create,
            Err(e) => return Err(from(e)),
            Ok(found) => {
                let (e_tag, version) = (found.meta.e_tag.clone(), found.meta.version.clone());
                let old = self.runtime.block_on(found.bytes()).map_err(from)?;
                let old: LeaseRecord = serde_json::from_slice(&old).map_err(io::Error::other)?;
                let other = old.holder != self.holder;
                if other && (still || old.until > now) {
                    return Err(io::ErrorKind::WouldBlock.into());
                }
                PutMode::Update(UpdateVersion { e_tag, version })
            }
        };
        match self.put(&key, bytes, mode) {
            Ok(()) => Ok(until),
            // Somebody else was quicker.
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                Err(io::ErrorKind::WouldBlock.into())
            }
            Err(e) => Err(from(e)),
        }
    }

    fn is_holder(&self) -> io::Result<bool> {
        let Some(bytes) = self.get(&self.key("work/writer.json")?)? else {
            return Ok(false);
        };
        let record: LeaseRecord = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
        Ok(record.holder == self.holder)
    }

    fn below(&self, key: &Path) -> io::Result<Vec<Path>> {
        let list = self
            .store
            .list(Some(key))
            .map_ok(|meta| meta.location)
            .try_collect();
        self.runtime.block_on(list).map_err(from)
    }
}

fn from(e: Error) -> io::Error {
    let kind = match e {
        Error::NotFound { .. } => io::ErrorKind::NotFound,
        Error::AlreadyExists { .. } | Error::Precondition { .. } => io::ErrorKind::AlreadyExists,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, e)
}

/// In which order files arrive: what speaks of others after them, the sidecar at the top last.
fn rank(path: &str) -> (u8, &str) {
    let rank = match path {
        DECLARATION => 3,
        INVENTORY => 4,
        SIDECAR => 5,
        _ if path.contains("content/") => 0,
        _ if path.ends_with(INVENTORY) => 1,
        _ => 2,
    };
    (rank, path)
}

impl Storage for S3Storage {
    fn open(&self, path: &str) -> io::Result<Box<dyn ReadSeek>> {
        let key = self.root(path)?;
        let meta = self.runtime.block_on(self.store.head(&key)).map_err(from)?;
        Ok(Box::new(S3File::new(
            self.store.clone(),
            self.runtime.clone(),
            key,
            meta.size,
        )))
    }

    fn stat(&self, path: &str) -> io::Result<Option<Kind>> {
        let key = self.root(path)?;
        match self.runtime.block_on(self.store.head(&key)) {
            Ok(meta) => Ok(Some(Kind::File(meta.size))),
            Err(Error::NotFound { .. }) => {
                Ok((!self.list(path)?.is_empty()).then_some(Kind::Folder))
            }
            Err(e) => Err(from(e)),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<(String, Kind)>> {
        let key = self.root(path)?;
        let found = self
            .runtime
            .block_on(self.store.list_with_delimiter(Some(&key)))
            .map_err(from)?;
        let name = |p: &Path| p.filename().unwrap_or_default().to_owned();
        let folders = found
            .common_prefixes
            .iter()
            .map(|p| (name(p), Kind::Folder));
        let files = found
            .objects
            .iter()
            .map(|m| (name(&m.location), Kind::File(m.size)));
        let mut names: Vec<(String, Kind)> = folders.chain(files).collect();
        names.sort();
        Ok(names)
    }

    fn make_way(&self, _path: &str) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn adopt(&self, work: &dyn Disk, staged: &str, path: &str) -> io::Result<Vec<String>> {
        if !self.list(path)?.is_empty() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mut files = Vec::new();
        let mut folders = vec![String::new()];
        while let Some(folder) = folders.pop() {
            for (name, kind) in work.list(&join(staged, &folder))? {
                match kind {
                    Kind::Folder => folders.push(join(&folder, &name)),
                    _ => files.push(join(&folder, &name)),
                }
            }
        }
        files.sort_by(|a, b| rank(a).cmp(&rank(b)));
        for name in files {
            let mut file = work.open(&join(staged, &name))?;
            self.send(&self.root(&join(path, &name))?, &mut file)?;
        }
        Ok(Vec::new())
    }

    fn write_new(&self, path: &str, bytes: &mut dyn Read) -> io::Result<()> {
        self.send(&self.root(path)?, bytes)
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let key = self.root(path)?;
        // A writer that slept longer than its lease must not put an old inventory over a newer
        // one. What stands there is looked at first and the lease after it: whoever has written
        // since made either of the two say no.
        let mode = match self.runtime.block_on(self.store.head(&key)) {
            Ok(meta) => PutMode::Update(UpdateVersion {
                e_tag: meta.e_tag,
                version: meta.version,
            }),
            Err(Error::NotFound { .. }) => PutMode::Create,
            Err(e) => return Err(from(e)),
        };
        if !self.is_holder()? {
            return Err(io::Error::other("another writer took the lease"));
        }
        match self.put(&key, bytes.to_vec(), mode) {
            // A put whose answer was lost is tried again and finds itself there.
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. })
                if self.get(&key)?.as_deref() == Some(bytes) =>
            {
                Ok(())
            }
            put => put.map_err(from),
        }
    }

    fn settle(&self, _folders: &[String]) -> io::Result<()> {
        // A put is answered when it is durable.
        Ok(())
    }

    fn set_aside(&self, path: &str, name: &str) -> io::Result<()> {
        let from_key = self.root(path)?;
        let to = self.key(&join("quarantine", name))?;
        let mut keys = self.below(&from_key)?;
        if matches!(self.stat(path)?, Some(Kind::File(_))) {
            keys.push(from_key.clone());
        }
        for key in keys {
            let rest = key
                .as_ref()
                .strip_prefix(from_key.as_ref())
                .unwrap_or_default();
            let target = Path::parse(format!("{to}{rest}")).map_err(io::Error::other)?;
            let moved = async {
                self.store.copy(&key, &target).await?;
                self.store.delete(&key).await
            };
            self.runtime.block_on(moved).map_err(from)?;
        }
        Ok(())
    }

    fn prune(&self, _path: &str) -> io::Result<()> {
        Ok(())
    }

    fn lease(&self, now: i64) -> io::Result<Lease> {
        Ok(Lease {
            until: Some(self.hold(now, now + crate::LEASE_MS, false)?),
            _guard: Box::new(()),
        })
    }

    fn renew(&self, lease: &mut Lease, now: i64) -> io::Result<()> {
        lease.until = Some(self.hold(now, now + crate::LEASE_MS, true)?);
        Ok(())
    }

    fn release(&self, lease: Lease) -> io::Result<()> {
        let since = lease.until.unwrap_or_default() - crate::LEASE_MS;
        match self.hold(since, 0, true) {
            Ok(_) => Ok(()),
            // It ran out, and another has it.
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(e) => Err(e),
        }
    }
}
