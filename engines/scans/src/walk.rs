//! A cursor over bytes in either order that never leaves them.

/// Reads integers at offsets; `None` beyond the end.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub bytes: &'a [u8],
    pub big: bool,
}

impl<'a> Walk<'a> {
    pub fn big(bytes: &'a [u8]) -> Self {
        Self { bytes, big: true }
    }

    pub fn little(bytes: &'a [u8]) -> Self {
        Self { bytes, big: false }
    }

    pub fn slice(&self, at: u64, len: u64) -> Option<&'a [u8]> {
        let at = usize::try_from(at).ok()?;
        let end = at.checked_add(usize::try_from(len).ok()?)?;
        self.bytes.get(at..end)
    }

    /// An unsigned integer of `len` bytes, at most 8.
    pub fn uint(&self, at: u64, len: u64) -> Option<u64> {
        let raw = self.slice(at, len)?;
        let join = |all: u64, byte: &u8| all << 8 | u64::from(*byte);
        Some(if self.big {
            raw.iter().fold(0, join)
        } else {
            raw.iter().rev().fold(0, join)
        })
    }

    pub fn u16(&self, at: u64) -> Option<u64> {
        self.uint(at, 2)
    }

    pub fn u32(&self, at: u64) -> Option<u64> {
        self.uint(at, 4)
    }
}

/// Where the table of a zip begins, when the bytes end as a zip does: a second file for whoever
/// reads from the end.
pub(crate) fn zip_at_end(bytes: &[u8]) -> Option<u64> {
    // The comment behind the end record has at most 65,535 bytes.
    let from = bytes.len().saturating_sub(65_535 + 22);
    let tail = &bytes[from..];
    let mut ends = tail
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == b"PK\x05\x06");
    ends.find_map(|(i, _)| {
        let end = (from + i) as u64;
        let walk = Walk::little(bytes);
        let (size, entries) = (walk.u32(end + 12)?, walk.u16(end + 10)?);
        // Readers of zip find the table by its size before the end record, whatever precedes.
        let table = end.checked_sub(size)?;
        (entries > 0 && walk.slice(table, 4)? == b"PK\x01\x02").then_some(table)
    })
}
