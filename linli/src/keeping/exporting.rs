//! Exporting: the ledger as a folder of files that anybody can check with the public
//! key alone, by `linli ledger verify --export`, by the script that lies in it, or by
//! other people's tools for C2SP tlog-tiles.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::store::{self, Line};
use super::{checkpoints, events};
use foundation::database::HOUSE;
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ledger::checkpoint::{PublicKey, sign_note};
use foundation::ledger::export::{File, Tiles};
use foundation::ledger::tree::hex;
use foundation::ledger::{Event, Who};

/// The file that names and hashes every other file but the tiles; signed.
pub const MANIFEST: &str = "manifest";
pub const KEY: &str = "ledger.pub";
/// What tells the manifest's signature from that of a log.
pub const MANIFEST_NAME: &str = "export";

const README: &str = include_str!("../../../docs/formats/export-readme.md");
pub(super) const SCRIPT: &str = include_str!("../../../docs/formats/verify_ledger.py");

/// Why an export is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Checkpoint(#[from] checkpoints::TendError),
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    #[error("{0} is not empty; name a new folder")]
    NotEmpty(PathBuf),
    #[error("event {1} of community {0} is damaged: run `linli ledger verify`")]
    Damaged(Community, u64),
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    /// Community, its name, how many events.
    pub communities: Vec<(Community, String, u64)>,
}

/// Writes the logs of `wanted` (all without) into the empty folder `dir`.
pub async fn export(
    house: &House,
    dir: &Path,
    wanted: Option<Community>,
) -> Result<Exported, ExportError> {
    let file = |e| ExportError::File(dir.to_owned(), e);
    std::fs::create_dir_all(dir).map_err(file)?;
    if std::fs::read_dir(dir).map_err(file)?.next().is_some() {
        return Err(ExportError::NotEmpty(dir.to_owned()));
    }
    house
        .write::<_, DbError, _>(HOUSE, &Who::operator(), move |tx| {
            let event = Event::new(events::EXPORTED).with_some("community", wanted.map(|c| c.0));
            tx.record(event, ())
        })
        .await?;
    written(house, dir, wanted).await
}

/// As [`export`], where another event says already that the logs leave the house.
pub(super) async fn written(
    house: &House,
    dir: &Path,
    wanted: Option<Community>,
) -> Result<Exported, ExportError> {
    let ledger_name = checkpoints::name(house).await?;
    let all = house
        .db
        .reading::<_, DbError, _>(store::communities)
        .await?;
    let key = PublicKey::of(&house.keys.signing());
    let mut done = Exported::default();
    let mut listed = vec![
        (KEY.to_owned(), format!("{}\n", key.bare())),
        ("README.md".to_owned(), README.to_owned()),
        ("verify_ledger.py".to_owned(), SCRIPT.to_owned()),
    ];
    for (community, name) in all {
        if wanted.is_some_and(|w| w != community) {
            continue;
        }
        let head = checkpoints::now(house, community).await?;
        let folder = dir.join(community.to_string());
        std::fs::create_dir_all(&folder).map_err(|e| ExportError::File(folder.clone(), e))?;
        write_tiles(house, community, head.size, folder).await?;
        listed.push((format!("{community}/checkpoint"), head.note));
        listed.push((format!("{community}/name"), format!("{name}\n")));
        done.communities.push((community, name, head.size));
    }
    let mut manifest = format!("{ledger_name}/{MANIFEST_NAME}\n");
    for (path, text) in &listed {
        let hash = Sha256::digest(text.as_bytes());
        manifest.push_str(&format!("{}  {path}\n", hex(&hash)));
        write(&dir.join(path), text.as_bytes())?;
    }
    let name = format!("{ledger_name}/{MANIFEST_NAME}");
    let signed = sign_note(&manifest, &name, &house.keys.signing());
    write(&dir.join(MANIFEST), signed.as_bytes())?;
    Ok(done)
}

async fn write_tiles(
    house: &House,
    community: Community,
    size: u64,
    folder: PathBuf,
) -> Result<(), ExportError> {
    house
        .db
        .reading(move |r| {
            let mut tiles = Tiles::default();
            let mut out = |f: File<'_>| write(&folder.join(&f.path), f.bytes);
            while tiles.size() < size {
                let at = tiles.size() as i64;
                let lines: Vec<Line> =
                    r.all(store::lines_after(community, at, store::ROWS_AT_ONCE))?;
                if lines.is_empty() {
                    return Err(ExportError::Damaged(community, tiles.size() + 1));
                }
                for line in lines {
                    let next = tiles.size() + 1;
                    if next > size {
                        break;
                    }
                    let entry = line
                        .entry
                        .filter(|e| Some(e.leaf()) == line.leaf && line.seq == next as i64);
                    let entry = entry.ok_or(ExportError::Damaged(community, next))?;
                    tiles.push(&entry.bytes(), &mut out)?;
                }
            }
            tiles.finish(&mut out)?;
            Ok(())
        })
        .await
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let at = |e| ExportError::File(path.to_owned(), e);
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(at)?;
    }
    std::fs::write(path, bytes).map_err(at)
}
