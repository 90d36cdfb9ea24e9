//! How things are called: objects, documents, their parts and kinds. None of these names
//! says anything about a person; that is what the sealed metadata is for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// Versions of one object. A tenure of fifty years with a change a week stays far below.
pub const VERSIONS_MAX: u32 = 10_000;
/// Letters and digits of an opaque id: 26 of 5 bits, as a ULID has, all from chance.
const ID_LETTERS: usize = 26;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A name that does not have the form its type asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {what}: {text:?}")]
pub struct BadName {
    pub what: &'static str,
    pub text: String,
}

fn bad(what: &'static str, text: &str) -> BadName {
    BadName {
        what,
        text: text.chars().take(80).collect(),
    }
}

/// An object's name, `urn:linli:<community>:<room>:t<nn>`: one tenure. Any text without
/// control characters will do; in paths only its SHA-512 is seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectId(String);

impl ObjectId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digest that the object's place is made from.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }

    /// Where the object lies in the root: OCFL extension 0004, three triples and the whole.
    pub fn path(&self) -> String {
        let d = self.digest().to_string();
        format!("{}/{}/{}/{d}", &d[..3], &d[3..6], &d[6..9])
    }

    /// Which of `of` slices of the rolling fixity check it belongs to, from 0.
    pub fn slice(&self, of: u32) -> u32 {
        let d = self.digest().0;
        u32::from_be_bytes([d[0], d[1], d[2], d[3]]) % of.max(1)
    }
}

impl FromStr for ObjectId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<ObjectId, BadName> {
        let fits = !text.is_empty() && text.len() <= 1_024;
        if !fits || text.chars().any(char::is_control) {
            return Err(bad("an object id", text));
        }
        Ok(ObjectId(text.to_owned()))
    }
}

/// An opaque id of a document or of a slot, 128 bits of chance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpaqueId(String);

impl OpaqueId {
    /// A new one, from the operating system's randomness.
    pub fn fresh() -> OpaqueId {
        let mut bytes = [0; ID_LETTERS];
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        OpaqueId(
            bytes
                .iter()
                .map(|b| char::from(ALPHABET[usize::from(b & 31)]))
                .collect(),
        )
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OpaqueId {
    type Err = BadName;
    fn from_str(text: &str) -> Result<OpaqueId, BadName> {
        let fits = text.len() == ID_LETTERS && text.bytes().all(|b| ALPHABET.contains(&b));
        if fits {
            Ok(OpaqueId(text.to_owned()))
        } else {
            Err(bad("an opaque id", text))
        }
    }
}

/// The document kinds of SY-WI-KF-09 4.1, a to j.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    A,
    B,
    C,
    D,
    E,
    F,
    G,
    H,
    I,
    J,
}

impl Class {
    pub const ALL: [Class; 10] = {
        use Class::{A, B, C, D, E, F, G, H, I, J};
        [A, B, C, D, E, F, G, H, I, J]
    };

    pub fn letter(self) -> char {
        char::from(b'a' + self as u8)
    }
}

/// One file of a document. The names are a fixed vocabulary, so that none can tell a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    /// What was handed in, byte for byte.
    Original,
    /// A copy made for reading, PDF/A say, by number from 1.
    Access(u16),
    /// The picture of a page, by number from 1.
    Page(u16),
    /// A photograph that the original was bound of, as it was taken, by number from 1.
    Photo(u16),
}

impl Part {
    /// The file's name in the object.
    pub fn file_name(self) -> String {
        format!("{self}.age")
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Original => f.write_str("original"),
            Part::Access(n) => write!(f, "access-{n:04}"),
            Part::Page(n) => write!(f, "page-{n:04}"),
            Part::Photo(n) => write!(f, "photo-{n:04}"),
        }
    }
}

impl FromStr for Part {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Part, BadName> {
        let number = |digits: &str| digits.parse::<u16>().ok();
        let part = match text.split_once('-') {
            None if text == "original" => Some(Part::Original),
            Some(("access", n)) => number(n).map(Part::Access),
            Some(("page", n)) => number(n).map(Part::Page),
            Some(("photo", n)) => number(n).map(Part::Photo),
            _ => None,
        };
        // Only the one spelling: a name has one part and a part one name.
        part.filter(|p| p.to_string() == text)
            .ok_or_else(|| bad("a part", text))
    }
}

/// A media type in RFC 6838's letters, `application/pdf`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Media(String);

impl FromStr for Media {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Media, BadName> {
        let name = |t: &str| {
            !t.is_empty()
                && t.len() <= 100
                && t.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        match text.split_once('/') {
            Some((kind, sub)) if name(kind) && name(sub) => Ok(Media(text.to_owned())),
            _ => Err(bad("a media type", text)),
        }
    }
}

/// Why a version was made, in a word of the ledger: `archive.filed`. Letters, digits, dots
/// and dashes: no room for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause(String);

impl FromStr for Cause {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Cause, BadName> {
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if text.is_empty() || text.len() > 64 || !text.bytes().all(letter) {
            return Err(bad("a cause", text));
        }
        Ok(Cause(text.to_owned()))
    }
}

macro_rules! text_type {
    ($($t:ty),*) => {$(
        impl TryFrom<String> for $t {
            type Error = BadName;
            fn try_from(text: String) -> Result<$t, BadName> {
                text.parse()
            }
        }
    )*};
}
text_type!(ObjectId, OpaqueId, Part, Media);

macro_rules! shown {
    ($($t:ty),*) => {$(
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}
shown!(ObjectId, OpaqueId, Media, Cause);

impl From<ObjectId> for String {
    fn from(id: ObjectId) -> String {
        id.0
    }
}
impl From<OpaqueId> for String {
    fn from(id: OpaqueId) -> String {
        id.0
    }
}
impl From<Media> for String {
    fn from(media: Media) -> String {
        media.0
    }
}
impl From<Part> for String {
    fn from(part: Part) -> String {
        part.to_string()
    }
}

/// So many lower-case hexadecimal digits.
pub(crate) fn is_hex(text: &str, letters: usize) -> bool {
    text.len() == letters && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
