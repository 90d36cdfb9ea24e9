//! `linli viewing`: whose page a picture shows.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use foundation::communities;
use foundation::database::HOUSE;
use serde_json::json;
use viewings::trace::{self, PICTURE_BYTES_MAX, Traced};

use super::Outcome;
use super::installation::Installation;

/// `linli viewing`
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Args {
    /// Reads the code in a photograph or screenshot of a page and says who saw it
    Trace {
        /// A JPEG, PNG or WebP
        #[arg(value_name = "PICTURE")]
        picture: PathBuf,
        /// Answers as JSON
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(installation: &Installation, args: Args) -> anyhow::Result<Outcome> {
    let Args::Trace { picture, json } = args;
    let bytes = read(&picture)?;
    let house = installation.open_made().await?;
    let codes = trace::codes(bytes)
        .await
        .with_context(|| format!("{}: no picture that can be read", picture.display()))?;
    let mut found: Vec<(String, Traced)> = Vec::new();
    let mut after = HOUSE;
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else { break };
        after = last.number;
        for compound in &part {
            for (code, sure) in &codes {
                let traced = trace::find(&house, compound.number, *code, *sure).await?;
                found.extend(traced.map(|t| (compound.name.clone(), t)));
            }
        }
    }
    if json {
        let rows: Vec<_> = found.iter().map(|(name, t)| row(name, t)).collect();
        println!("{}", json!({ "found": rows }));
    } else {
        told(&found);
    }
    Ok(if found.is_empty() {
        Outcome::Wanting
    } else {
        Outcome::Sound
    })
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let size = std::fs::metadata(path)
        .with_context(|| path.display().to_string())?
        .len();
    anyhow::ensure!(
        size <= PICTURE_BYTES_MAX as u64,
        "{}: larger than a photograph",
        path.display()
    );
    std::fs::read(path).with_context(|| path.display().to_string())
}

fn row(compound: &str, t: &Traced) -> serde_json::Value {
    json!({
        "community": compound,
        "viewing": t.viewing.number(),
        "register": t.viewing.register_number(),
        "document": t.shown.document.to_string(),
        "page": t.shown.page,
        "reader": t.shown.reader_name,
        "account": t.shown.reader.to_string(),
        "at": t.shown.at.0,
        "copy": t.shown.copy,
        "code": t.shown.code,
        "confidence": f64::from(t.confidence),
    })
}

fn told(found: &[(String, Traced)]) {
    if found.is_empty() {
        println!("no code of a page was found");
    }
    for (compound, t) in found {
        let at = t.shown.at.zoned().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let copy = t
            .shown
            .copy
            .map_or(String::new(), |nth| format!(", copy {nth}"));
        println!(
            "{compound}: {} saw page {} of document {} at {at} in viewing {}{copy} ({:.0}% sure)",
            t.shown.reader_name,
            t.shown.page,
            t.shown.document,
            t.viewing.number(),
            t.confidence * 100.0
        );
    }
}
