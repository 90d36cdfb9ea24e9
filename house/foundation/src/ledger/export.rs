//! The ledger as files that a stranger can check: entry bundles and tiles in the
//! layout of C2SP tlog-tiles. The same builder writes an export and, fed with its
//! entries, says what every file of it must hold.

use super::tree::{self, Frontier, Hash};

/// How many entries a bundle and how many hashes a tile holds (C2SP tlog-tiles).
pub const TILE_WIDTH: usize = 256;

/// Where tile or bundle `index` lies: `tile/<level>/x001/234[.p/<width>]`.
pub fn tile_path(level: &str, index: u64, width: usize) -> String {
    let mut parts = vec![format!("{:03}", index % 1_000)];
    let mut rest = index / 1_000;
    while rest > 0 {
        parts.push(format!("x{:03}", rest % 1_000));
        rest /= 1_000;
    }
    parts.reverse();
    let partial = if width < TILE_WIDTH {
        format!(".p/{width}")
    } else {
        String::new()
    };
    format!("tile/{level}/{}{partial}", parts.join("/"))
}

/// The level word of entry bundles.
pub const ENTRIES: &str = "entries";

#[derive(Default)]
struct Level {
    index: u64,
    hashes: Vec<Hash>,
}

/// One file that is complete.
pub struct File<'a> {
    pub path: String,
    pub bytes: &'a [u8],
    /// For a tile of level 0 and a bundle: the index of its first entry.
    pub first_entry: Option<u64>,
}

/// Builds bundles and tiles from entries in order, holding one tile per level.
#[derive(Default)]
pub struct Tiles {
    bundle: Vec<u8>,
    levels: Vec<Level>,
    frontier: Frontier,
}

impl Tiles {
    /// Adds an entry; `out` gets every file that is complete by it.
    pub fn push<E>(
        &mut self,
        entry: &[u8],
        out: &mut impl FnMut(File<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let leaf = tree::leaf(entry);
        self.frontier.push(leaf);
        let length = u16::try_from(entry.len()).expect("entries are bounded when they are written");
        self.bundle.extend_from_slice(&length.to_be_bytes());
        self.bundle.extend_from_slice(entry);
        if self.frontier.size.is_multiple_of(TILE_WIDTH as u64) {
            let index = self.frontier.size / TILE_WIDTH as u64 - 1;
            self.give_bundle(index, TILE_WIDTH, out)?;
        }
        self.add(0, leaf, out)
    }

    /// Gives what is left as partial files; the head over everything.
    pub fn finish<E>(
        mut self,
        out: &mut impl FnMut(File<'_>) -> Result<(), E>,
    ) -> Result<Frontier, E> {
        let width = (self.frontier.size % TILE_WIDTH as u64) as usize;
        if width > 0 {
            let index = self.frontier.size / TILE_WIDTH as u64;
            self.give_bundle(index, width, out)?;
        }
        for level in 0..self.levels.len() {
            if !self.levels[level].hashes.is_empty() {
                self.give_tile(level, out)?;
            }
        }
        Ok(self.frontier)
    }

    pub fn size(&self) -> u64 {
        self.frontier.size
    }

    fn add<E>(
        &mut self,
        level: usize,
        hash: Hash,
        out: &mut impl FnMut(File<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.levels.len() == level {
            self.levels.push(Level::default());
        }
        self.levels[level].hashes.push(hash);
        if self.levels[level].hashes.len() < TILE_WIDTH {
            return Ok(());
        }
        let mut whole = Frontier::default();
        self.levels[level]
            .hashes
            .iter()
            .for_each(|h| whole.push(*h));
        self.give_tile(level, out)?;
        self.levels[level].hashes.clear();
        self.levels[level].index += 1;
        self.add(level + 1, whole.root(), out)
    }

    fn give_tile<E>(
        &self,
        level: usize,
        out: &mut impl FnMut(File<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let tile = &self.levels[level];
        out(File {
            path: tile_path(&level.to_string(), tile.index, tile.hashes.len()),
            bytes: &tile.hashes.concat(),
            first_entry: (level == 0).then_some(tile.index * TILE_WIDTH as u64),
        })
    }

    fn give_bundle<E>(
        &mut self,
        index: u64,
        width: usize,
        out: &mut impl FnMut(File<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        out(File {
            path: tile_path(ENTRIES, index, width),
            bytes: &self.bundle,
            first_entry: Some(index * TILE_WIDTH as u64),
        })?;
        self.bundle.clear();
        Ok(())
    }
}

/// The entries of a bundle; `None` when its lengths do not fit its bytes.
pub fn bundle_entries(bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = bundle;
    let mut out = Vec::with_capacity(TILE_WIDTH);
    while !rest.is_empty() {
        let (length, more) = rest.split_first_chunk::<2>()?;
        let (entry, more) = more.split_at_checked(u16::from_be_bytes(*length).into())?;
        out.push(entry);
        rest = more;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    fn files(n: u32) -> (BTreeMap<String, Vec<u8>>, Frontier) {
        let mut all = BTreeMap::new();
        let mut out = |f: File<'_>| -> Result<(), Infallible> {
            let earlier = all.insert(f.path, f.bytes.to_vec());
            assert!(earlier.is_none(), "each file is given once");
            Ok(())
        };
        let mut tiles = Tiles::default();
        for i in 0..n {
            let Ok(()) = tiles.push(&i.to_be_bytes(), &mut out);
        }
        let Ok(frontier) = tiles.finish(&mut out);
        (all, frontier)
    }

    #[test]
    fn a_tree_of_seventy_thousand_has_the_tiles_that_the_standard_counts() {
        let (all, _) = files(70_000);
        let at = |start: &str| all.keys().filter(|p| p.starts_with(start)).count();
        assert_eq!(at("tile/0/"), 274);
        assert_eq!(all["tile/0/273.p/112"].len(), 112 * 32);
        assert_eq!(all["tile/1/000"].len(), 8_192);
        assert_eq!(all["tile/1/001.p/17"].len(), 17 * 32);
        assert_eq!(all["tile/2/000.p/1"].len(), 32);
        assert_eq!(at("tile/2/"), 1);
        assert_eq!(at("tile/entries/"), 274);
        assert_eq!(files(256).0.len(), 3);
    }

    #[test]
    fn long_indexes_lie_in_folders() {
        assert_eq!(tile_path("0", 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile_path("entries", 7, 3), "tile/entries/007.p/3");
    }

    #[test]
    fn a_bundle_falls_apart_into_its_entries() {
        let (all, _) = files(3);
        let bundle = &all["tile/entries/000.p/3"];
        let entries = bundle_entries(bundle).expect("whole");
        assert_eq!(entries, [0u32, 1, 2].map(u32::to_be_bytes));
        assert_eq!(bundle_entries(&bundle[..bundle.len() - 1]), None);
    }
}
