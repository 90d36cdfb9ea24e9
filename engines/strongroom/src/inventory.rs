//! The OCFL inventory of one object: which bytes make up which version.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::disk::safe;
use crate::names::{ObjectId, VERSIONS_MAX};

pub(crate) const INVENTORY: &str = "inventory.json";
pub(crate) const SIDECAR: &str = "inventory.json.sha512";
pub(crate) const DECLARATION: &str = "0=ocfl_object_1.1";
pub(crate) const DECLARATION_TEXT: &[u8] = b"ocfl_object_1.1\n";
const TYPE: &str = "https://ocfl.io/1.1/spec/#inventory";
/// An inventory of more bytes is refused: 200 bytes a file leave room for 300,000 files.
pub(crate) const INVENTORY_BYTES_MAX: u64 = 64 << 20;

/// An inventory, as OCFL 1.1 section 3.5 has it; other keys are refused (E102).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Inventory {
    pub id: ObjectId,
    pub r#type: String,
    pub digest_algorithm: String,
    pub head: String,
    pub manifest: BTreeMap<Digest, Vec<String>>,
    pub versions: BTreeMap<String, Version>,
}

/// One version: when, why, and which file has which name in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    pub created: String,
    pub message: String,
    pub user: User,
    pub state: BTreeMap<Digest, Vec<String>>,
}

/// Who made a version: a program, never a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub name: String,
    pub address: String,
}

/// What is wrong with an inventory.
#[derive(Debug, thiserror::Error)]
pub enum BadInventory {
    #[error("cut short")]
    Short,
    #[error("{0}")]
    Json(serde_json::Error),
    #[error("{0}")]
    Rule(&'static str),
}

impl Inventory {
    /// An inventory of no versions yet.
    pub(crate) fn new(id: ObjectId) -> Inventory {
        Inventory {
            id,
            r#type: TYPE.to_owned(),
            digest_algorithm: "sha512".to_owned(),
            head: String::new(),
            manifest: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    /// Reads an inventory and holds it to every rule of OCFL that concerns it alone.
    ///
    /// # Errors
    /// [`BadInventory`], naming the rule.
    pub fn parse(bytes: &[u8]) -> Result<Inventory, BadInventory> {
        let inventory: Inventory =
            serde_json::from_slice(bytes).map_err(|e| match e.classify() {
                serde_json::error::Category::Eof => BadInventory::Short,
                _ => BadInventory::Json(e),
            })?;
        inventory.check().map_err(BadInventory::Rule)?;
        Ok(inventory)
    }

    /// The bytes as they are written: indented, for a reader without our program.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("texts and maps only");
        bytes.push(b'\n');
        bytes
    }

    /// The newest version's number.
    pub fn head_number(&self) -> u32 {
        number(&self.head).unwrap_or(0)
    }

    /// The digest of the file at a content path.
    pub fn digest_at(&self, content: &str) -> Option<Digest> {
        let here =
            |(d, paths): (&Digest, &Vec<String>)| paths.iter().any(|p| p == content).then_some(*d);
        self.manifest.iter().find_map(here)
    }

    /// The newest version's files: name in the object to where the bytes lie.
    pub fn files(&self) -> BTreeMap<&str, (Digest, &str)> {
        let state = self.versions.get(&self.head).map(|v| &v.state);
        let mut files = BTreeMap::new();
        for (digest, names) in state.into_iter().flatten() {
            let content = self.manifest.get(digest).and_then(|paths| paths.first());
            for name in names {
                if let Some(content) = content {
                    files.insert(name.as_str(), (*digest, content.as_str()));
                }
            }
        }
        files
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.r#type != TYPE || self.digest_algorithm != "sha512" {
            return Err("type or digest algorithm is another");
        }
        let count = u32::try_from(self.versions.len()).unwrap_or(u32::MAX);
        if count == 0 || count > VERSIONS_MAX || self.head != version_name(count) {
            return Err("the head is not the newest version");
        }
        if !(1..=count).all(|n| self.versions.contains_key(&version_name(n))) {
            return Err("versions have a gap");
        }
        let mut contents = BTreeSet::new();
        for path in self.manifest.values().flatten() {
            safe(path).map_err(|_| "a content path leads out of the object")?;
            let version = path.split_once("/content/").and_then(|(v, _)| number(v));
            if version.is_none_or(|n| n > count) || !contents.insert(path.as_str()) {
                return Err("a content path is in no version, or twice");
            }
        }
        let mut used = BTreeSet::new();
        for version in self.versions.values() {
            let mut names = BTreeSet::new();
            for (digest, paths) in &version.state {
                if !self.manifest.contains_key(digest) {
                    return Err("a version names a digest that the manifest has not");
                }
                used.insert(digest);
                for path in paths {
                    safe(path).map_err(|_| "a name leads out of the object")?;
                    if !names.insert(path.as_str()) {
                        return Err("a name is there twice in a version");
                    }
                }
            }
            apart(&names)?;
        }
        apart(&contents)?;
        if used.len() != self.manifest.len() {
            return Err("the manifest has a file that no version uses");
        }
        Ok(())
    }
}

/// No path is the folder of another.
fn apart(paths: &BTreeSet<&str>) -> Result<(), &'static str> {
    let clash = |path: &&&str| {
        let mut above = **path;
        while let Some((folder, _)) = above.rsplit_once('/') {
            if paths.contains(folder) {
                return true;
            }
            above = folder;
        }
        false
    };
    if paths.iter().any(|p| clash(&p)) {
        Err("a file is another's folder")
    } else {
        Ok(())
    }
}

/// `v3`, never `v03`.
pub fn version_name(number: u32) -> String {
    format!("v{number}")
}

/// The number of a version folder's name.
pub(crate) fn number(name: &str) -> Option<u32> {
    let n: u32 = name.strip_prefix('v')?.parse().ok()?;
    (n > 0 && n <= VERSIONS_MAX && version_name(n) == name).then_some(n)
}

/// The sidecar's text for an inventory.
pub(crate) fn sidecar(digest: Digest) -> Vec<u8> {
    format!("{digest} {INVENTORY}\n").into_bytes()
}
