//! A spot between two rooms of the shelf, at which a page of a list begins.

use std::fmt;

use super::room::Room;

/// Behind a room; the default is before the first. Its place on the shelf alone would pass
/// over a second room of the same place, so the id goes with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    pub(crate) key: Vec<u8>,
    pub(crate) id: String,
}

impl Spot {
    pub(crate) fn of(room: &Room) -> Spot {
        Spot {
            key: room.at.sort_key.clone(),
            id: room.at.id.to_string(),
        }
    }

    pub(crate) fn is_start(&self) -> bool {
        self.key.is_empty()
    }

    /// Reads what an address holds; what is not ours begins at the beginning.
    pub(crate) fn read(text: &str) -> Spot {
        let (digits, id) = text.split_once('.').unwrap_or((text, ""));
        let digits: Option<Vec<u8>> = digits
            .chars()
            .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
            .collect();
        let key = digits.unwrap_or_default();
        let key = key.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]);
        Spot {
            key: key.collect(),
            id: id.to_owned(),
        }
    }
}

/// As an address holds it.
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for b in &self.key {
            write!(f, "{b:02x}")?;
        }
        write!(f, ".{}", self.id)
    }
}
