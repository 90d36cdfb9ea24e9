//! SHA-512, as OCFL names it: 128 lower-case hexadecimal digits.

use std::fmt;
use std::io::{self, Read};

use sha2::{Digest as _, Sha512};

/// How many bytes are read at a time where a whole file passes through.
pub(crate) const BUFFER: usize = 256 * 1_024;

/// The SHA-512 of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 64]);

/// Not 128 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a sha512 in 128 lower-case hexadecimal digits")]
pub struct NoDigest;

impl Digest {
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha512::digest(bytes).into())
    }

    /// Reads to the end; gives the digest and the number of bytes.
    ///
    /// # Errors
    /// What the reader says.
    pub fn of_reader(reader: &mut dyn Read) -> io::Result<(Digest, u64)> {
        let mut hash = Sha512::new();
        let mut buffer = vec![0; BUFFER];
        let mut len = 0;
        loop {
            match reader.read(&mut buffer)? {
                0 => return Ok((Digest(hash.finalize().into()), len)),
                n => {
                    hash.update(&buffer[..n]);
                    len += n as u64;
                }
            }
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha512:{}…", hex(&self.0[..6]))
    }
}

impl std::str::FromStr for Digest {
    type Err = NoDigest;
    fn from_str(text: &str) -> Result<Digest, NoDigest> {
        let bytes = unhex(text).ok_or(NoDigest)?;
        Ok(Digest(bytes.try_into().map_err(|_| NoDigest)?))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Digest, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

/// The reverse; `None` for anything but pairs of lower-case digits.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let value = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    text.as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(value(*high)? << 4 | value(*low)?),
            _ => None,
        })
        .collect()
}
