//! The small files that lie beside the sealed ones in the clear: they say what is there
//! and how to check it, and nothing about a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::names::{Class, Media, OpaqueId, Part};

pub(crate) const META: &str = "meta.json.age";
pub(crate) const PUBLIC: &str = "public.json";
pub(crate) const DIGEST: &str = "digest.json";
pub(crate) const DIGEST_FORMAT: &str = "linli-strongroom-digest-1";
pub(crate) const PUBLIC_FORMAT: &str = "linli-strongroom-public-1";
/// The small clear files have a few hundred bytes for each part; pages are numbered to 65,535.
pub(crate) const RECORD_BYTES_MAX: u64 = 64 << 20;

/// One sealed file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The slot whose identity opens it and whose key made `hmac_sha256`.
    pub slot: OpaqueId,
    pub media: Media,
    /// Bytes of the plaintext.
    pub size: u64,
    /// Bytes of the age file.
    pub stored: u64,
    /// HMAC-SHA-256 of the plaintext under the slot's digest key, in hexadecimal. Keyed, so
    /// that nobody can try which of a hundred known forms this is.
    pub hmac_sha256: String,
}

/// `digest.json` of one document: its class and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRecord {
    pub format: String,
    pub document: OpaqueId,
    pub class: Class,
    pub parts: BTreeMap<Part, Sealed>,
}

/// `public.json` of one version of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicRecord {
    pub format: String,
    pub object: String,
    pub version: u32,
    /// The inventory before this one: with it the newest digest vouches for every older file.
    pub previous: Option<Digest>,
    /// The sealed metadata of this version.
    pub meta: Option<Sealed>,
    /// Documents of each class, and their plaintext bytes together.
    pub classes: BTreeMap<Class, u64>,
    pub bytes: u64,
    /// Figures of the caller's, the ledger's sequence number say: numbers tell no name.
    pub figures: BTreeMap<String, u64>,
}

/// The bytes of a record as they are written.
pub(crate) fn written(record: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(record).expect("texts, numbers and maps only");
    bytes.push(b'\n');
    bytes
}

/// `docs/<id>/`.
pub(crate) fn document_folder(document: &OpaqueId) -> String {
    format!("docs/{document}")
}
