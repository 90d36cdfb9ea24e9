//! Names and numbers that may not be revealed, as keyed digests: the engine can recognise them and
//! nobody can read them out of it.

use std::collections::HashMap;

use hanzi::numbers::Phone;
use hanzi::room::RoomCode;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::finding::Whose;

/// Bytes of a digest kept; 128 bits leave no chance meeting among any roster.
const DIGEST_BYTES: usize = 16;
/// Most data protected in one set: a compound of 30,000 rooms with three people and phones each.
pub const PROTECTED_MAX: usize = 500_000;

/// What is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A person's name.
    Name,
    /// A room's code.
    Room,
    /// A phone, mobile or landline.
    Phone,
    /// A number plate.
    Plate,
}

/// Why a set was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProtectedError {
    /// A line has not two or three columns.
    #[error(
        "line {line}: write kind, value and, if you like, whose it is, parted by tabs or commas"
    )]
    Columns {
        /// Line, from 1.
        line: usize,
    },
    /// An unknown kind.
    #[error("line {line}: {kind} is no kind; take name, room, phone or plate")]
    Kind {
        /// Line, from 1.
        line: usize,
        /// What stood there.
        kind: String,
    },
    /// The value is not of its kind. The value itself is not repeated: it is personal.
    #[error("line {line}: the value is no {kind}")]
    Value {
        /// Line, from 1.
        line: usize,
        /// The kind.
        kind: &'static str,
    },
    /// Too many.
    #[error("more than {} protected data", PROTECTED_MAX)]
    TooMany,
}

/// A set of protected digests under one key.
#[derive(Clone)]
pub struct Protected {
    mac: Hmac<Sha256>,
    /// Whose each datum is: several members may share a name or a room.
    owners: HashMap<[u8; DIGEST_BYTES], Vec<u64>>,
}

impl std::fmt::Debug for Protected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Protected({})", self.owners.len())
    }
}

impl Protected {
    /// An empty set under a key that only its maker knows.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Protected {
        Protected {
            mac: Hmac::new_from_slice(key).expect("HMAC takes keys of any length"),
            owners: HashMap::new(),
        }
    }

    /// The value in the form in which it is compared; `None` when it is not of its kind.
    fn normal(kind: Kind, value: &str) -> Option<String> {
        Some(match kind {
            Kind::Name => hanzi::name::name_key(value),
            Kind::Room => RoomCode::parse(value).ok()?.normal(),
            Kind::Phone => Phone::parse(value).ok()?.e164(),
            Kind::Plate => {
                let signs = hanzi::fold::key(value).to_uppercase();
                signs.chars().filter(|c| c.is_alphanumeric()).collect()
            }
        })
        .filter(|text: &String| !text.is_empty())
    }

    /// The digest under which a value is known, for whoever keeps digests instead of values.
    #[must_use]
    pub fn digest(&self, kind: Kind, value: &str) -> Option<[u8; DIGEST_BYTES]> {
        Protected::normal(kind, value).map(|normal| self.digest_of(kind, &normal))
    }

    fn digest_of(&self, kind: Kind, normal: &str) -> [u8; DIGEST_BYTES] {
        let mut mac = self.mac.clone();
        mac.update(&[kind as u8]);
        mac.update(normal.as_bytes());
        let full = mac.finalize().into_bytes();
        full[..DIGEST_BYTES]
            .try_into()
            .expect("SHA-256 has 32 bytes")
    }

    /// Adds a value and whose it is; says whether it is of its kind.
    pub fn add(&mut self, kind: Kind, value: &str, owner: u64) -> bool {
        match self.digest(kind, value) {
            Some(digest) => {
                self.add_digest(digest, owner);
                true
            }
            None => false,
        }
    }

    /// Adds a digest made under the same key.
    pub fn add_digest(&mut self, digest: [u8; DIGEST_BYTES], owner: u64) {
        let owners = self.owners.entry(digest).or_default();
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }

    /// How many data.
    #[must_use]
    pub fn len(&self) -> usize {
        self.owners.len()
    }

    /// Whether nothing is protected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Whose a value is, seen from the writer.
    #[must_use]
    pub fn whose(&self, kind: Kind, value: &str, writer: Option<u64>) -> Whose {
        let digest = self.digest(kind, value);
        match digest.and_then(|digest| self.owners.get(&digest)) {
            None => Whose::Unknown,
            Some(owners) if writer.is_some_and(|w| owners.contains(&w)) => Whose::Own,
            Some(_) => Whose::Another,
        }
    }

    /// Reads a file, in any of three forms; `#` begins a remark, columns are parted by tabs or
    /// commas, and values are hashed while reading and kept nowhere:
    ///
    /// - a table whose first line names its columns: name, room, phone, plate (姓名 房號 電話 車牌); a
    ///   line is a household, and a cell may be empty;
    /// - a datum a line: `kind,value` or `kind,value,whose`;
    /// - a bare value a line: a phone, a plate or a room by its look, else a name.
    ///
    /// Lines without `whose` are strangers to each other.
    ///
    /// # Errors
    /// On the first line that is wrong; the error names the line and not the value.
    pub fn read(&mut self, text: &str) -> Result<(), ProtectedError> {
        let mut known: HashMap<&str, u64> = HashMap::new();
        let mut header: Option<Vec<Option<Kind>>> = None;
        for (at, line) in text.lines().enumerate() {
            let line_number = at + 1;
            let line = line.trim_start_matches('\u{feff}').trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mark = if line.contains('\t') { '\t' } else { ',' };
            let unquoted =
                |column: &'_ str| -> String { column.trim().trim_matches('"').trim().to_owned() };
            let columns: Vec<&str> = line.split(mark).map(str::trim).collect();
            let next = line_number as u64;
            if self.is_empty() && header.is_none() && columns.len() > 1 {
                let kinds: Vec<Option<Kind>> =
                    columns.iter().map(|c| kind_of(&unquoted(c))).collect();
                // `name,room,phone`, and not `name,王小明`.
                if kinds.iter().flatten().count() > 1 {
                    header = Some(kinds);
                    continue;
                }
                if hanzi::fold::key(columns[0]) == "kind" {
                    continue;
                }
            }
            if let Some(kinds) = &header {
                for (column, kind) in columns.iter().zip(kinds) {
                    let value = unquoted(column);
                    if let Some(kind) = *kind
                        && !value.is_empty()
                    {
                        self.take(kind, &value, next, line_number)?;
                    }
                }
                continue;
            }
            let (kind, value, whose) = match columns[..] {
                // A first line that names its one column.
                [only] if kind_of(&unquoted(only)).is_some() => {
                    header = kind_of(&unquoted(only)).map(|kind| vec![Some(kind)]);
                    continue;
                }
                [only] => (looks_like(&unquoted(only)), unquoted(only), None),
                [kind, value] | [kind, value, _] => {
                    let known = kind_of(&unquoted(kind)).ok_or_else(|| ProtectedError::Kind {
                        line: line_number,
                        kind: kind.chars().take(12).collect(),
                    })?;
                    (known, unquoted(value), columns.get(2).copied())
                }
                _ => return Err(ProtectedError::Columns { line: line_number }),
            };
            let owner = whose.map_or(next, |whose| *known.entry(whose).or_insert(next));
            self.take(kind, &value, owner, line_number)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        kind: Kind,
        value: &str,
        owner: u64,
        line: usize,
    ) -> Result<(), ProtectedError> {
        if !self.add(kind, value, owner) {
            let kind = match kind {
                Kind::Name => "name",
                Kind::Room => "room",
                Kind::Phone => "phone",
                Kind::Plate => "plate",
            };
            return Err(ProtectedError::Value { line, kind });
        }
        if self.len() > PROTECTED_MAX {
            return Err(ProtectedError::TooMany);
        }
        Ok(())
    }
}

fn kind_of(text: &str) -> Option<Kind> {
    Some(match hanzi::fold::key(text).as_str() {
        "name" | "names" | "姓名" | "业主" => Kind::Name,
        "room" | "rooms" | "房号" | "房间" => Kind::Room,
        "phone" | "phones" | "mobile" | "电话" | "手机" | "手机号" => Kind::Phone,
        "plate" | "plates" | "车牌" | "车牌号" => Kind::Plate,
        _ => return None,
    })
}

/// What a bare value is.
fn looks_like(value: &str) -> Kind {
    let digits = value.chars().any(|c| c.is_ascii_digit());
    if Phone::parse(value).is_ok() {
        Kind::Phone
    } else if RoomCode::parse(value).is_ok() {
        Kind::Room
    } else if digits {
        Kind::Plate
    } else {
        Kind::Name
    }
}
