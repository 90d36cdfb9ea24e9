//! What a root says about itself, written once when it is made: declaration, layout, the
//! rules, a way to read it without this program, and a verifier.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::disk::Kind;
use crate::error::{Result, RoomError};
use crate::names::OpaqueId;
use crate::storage::{Storage, read_small};

pub(crate) const SELF: &str = "strongroom.json";
const FORMAT: &str = "linli-strongroom-1";
const EXTENSION: &str = "0004-hashed-n-tuple-storage-layout";
/// The longest of a root's own texts, with room for those of later releases.
pub(crate) const TEXT_BYTES_MAX: u64 = 1 << 20;

/// `strongroom.json`: the root's format, and the digests of its own files.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SelfRecord {
    pub format: String,
    pub files: BTreeMap<String, Digest>,
}

fn texts() -> [(&'static str, &'static str); 7] {
    [
        ("0=ocfl_1.1", "ocfl_1.1\n"),
        (
            "ocfl_layout.json",
            include_str!("../described/ocfl_layout.json"),
        ),
        (
            "extensions/0004-hashed-n-tuple-storage-layout/config.json",
            include_str!("../described/config.json"),
        ),
        ("ocfl-rules.md", include_str!("../described/ocfl-rules.md")),
        (
            "strongroom-format.md",
            include_str!("../../../docs/formats/strongroom.md"),
        ),
        (
            "README-如何在沒有本軟件時讀取.md",
            include_str!("../described/README-如何在沒有本軟件時讀取.md"),
        ),
        ("verify.py", include_str!("../described/verify.py")),
    ]
}

/// How far a root has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Nothing,
    /// Some of its own files: a crash came in its making.
    Begun,
    /// Its own record, which is written last, or something filed.
    Whole,
}

/// Looks how far a root has come.
pub(crate) fn standing(storage: &dyn Storage) -> Result<Standing> {
    let names = storage.list("")?;
    let whole = |(name, kind): &(String, Kind)| {
        name == SELF || (*kind == Kind::Folder && crate::names::is_hex(name, 3))
    };
    Ok(match names.iter().any(whole) {
        true => Standing::Whole,
        false if names.is_empty() => Standing::Nothing,
        false => Standing::Begun,
    })
}

/// Writes a new root's own files, those that are not there yet; the digest of the last vouches
/// for all.
pub(crate) fn write(storage: &dyn Storage) -> Result<Digest> {
    debug_assert!(texts()[2].0.contains(EXTENSION));
    let mut files = BTreeMap::new();
    for (path, text) in texts() {
        let there = match storage.stat(path)? {
            Some(_) => Some(read_small(storage, path, TEXT_BYTES_MAX)?),
            None => None,
        };
        if there.as_deref() != Some(text.as_bytes()) {
            if there.is_some() {
                // Begun by another release, whose text was another.
                storage.set_aside(path, &format!("begun-{}", OpaqueId::fresh()))?;
            }
            storage.write_new(path, &mut text.as_bytes())?;
        }
        files.insert(path.to_owned(), Digest::of(text.as_bytes()));
    }
    let record = SelfRecord {
        format: FORMAT.to_owned(),
        files,
    };
    let bytes = crate::records::written(&record);
    storage.write_new(SELF, &mut &bytes[..])?;
    Ok(Digest::of(&bytes))
}

/// The text this release would write, for a repair.
pub(crate) fn built_in(path: &str) -> Option<&'static [u8]> {
    texts()
        .into_iter()
        .find(|(p, _)| *p == path)
        .map(|(_, text)| text.as_bytes())
}

/// Refuses what is no root of ours. A root whose own record is damaged is let in, because
/// only an open root can be verified and repaired.
pub(crate) fn recognise(storage: &dyn Storage) -> Result<()> {
    if storage.stat(SELF)?.is_none() && storage.stat("0=ocfl_1.1")?.is_none() {
        return Err(RoomError::Foreign(
            "neither declaration nor strongroom.json".to_owned(),
        ));
    }
    let bytes = read_small(storage, SELF, TEXT_BYTES_MAX).unwrap_or_default();
    match serde_json::from_slice::<SelfRecord>(&bytes) {
        Ok(record) if record.format != FORMAT => Err(RoomError::Foreign(record.format)),
        _ => Ok(()),
    }
}

/// The digest of `strongroom.json`, if it is there.
pub(crate) fn digest(storage: &dyn Storage) -> Result<Option<Digest>> {
    match storage.stat(SELF)? {
        Some(_) => Ok(Some(Digest::of(&read_small(
            storage,
            SELF,
            TEXT_BYTES_MAX,
        )?))),
        None => Ok(None),
    }
}

/// The files this release would write, for a root whose own record is lost.
pub(crate) fn built_in_files() -> BTreeMap<String, Digest> {
    let digest = |(path, text): (&str, &str)| (path.to_owned(), Digest::of(text.as_bytes()));
    texts().into_iter().map(digest).collect()
}
