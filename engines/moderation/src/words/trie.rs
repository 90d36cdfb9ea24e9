//! The automaton: a trie over symbols in a hash table, entered through a filter over beginnings.
//!
//! At most places of ordinary text two bits tell that no word begins there; elsewhere the
//! words are followed edge by edge, at most [`super::entry::WORD_CHARS_MAX`] symbols far (splits
//! double that), so that hostile text costs a bounded multiple and time stays linear. Against
//! Aho–Corasick in a double array (daachorse) see `bench/run.sh conduct` and decision 010.

/// Longest pattern in symbols; the variants keep below.
pub(crate) const PATTERN_SYMBOLS_MAX: usize = 64;

/// A word that was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Which pattern.
    pub pattern: u32,
    /// First symbol.
    pub start: u32,
    /// Symbol behind the last.
    pub end: u32,
}

/// Bits of each filter: 64 KiB, a corner of an L2 cache.
const FILTER_BITS: u32 = 19;

/// One bit for each beginning of a word: for words of two symbols the pair, for longer ones the
/// first three.
pub(crate) struct Filter {
    pairs: Box<[u64; 1 << (FILTER_BITS - 6)]>,
    triples: Box<[u64; 1 << (FILTER_BITS - 6)]>,
}

/// Mixes three symbols, the last in the lowest 16 bits; the filter takes the upper bits.
#[inline(always)]
fn triple_hash(symbols: u64) -> u32 {
    ((symbols & 0xFFFF_FFFF_FFFF).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - FILTER_BITS)) as u32
}

#[inline(always)]
fn pair_hash(symbols: u64) -> u32 {
    (symbols as u32).wrapping_mul(0x9E37_79B1) >> (32 - FILTER_BITS)
}

fn empty() -> Box<[u64; 1 << (FILTER_BITS - 6)]> {
    let words = vec![0u64; 1 << (FILTER_BITS - 6)].into_boxed_slice();
    words.try_into().expect("the length is the type's")
}

impl Filter {
    /// Whether a word of two may be the last two symbols of the window.
    #[inline(always)]
    pub fn is_pair(&self, window: u64) -> bool {
        let bit = pair_hash(window);
        self.pairs[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }

    /// Whether a longer word may begin with the last three.
    #[inline(always)]
    pub fn is_triple(&self, window: u64) -> bool {
        let bit = triple_hash(window);
        self.triples[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }

    fn add(&mut self, pattern: &[u16]) {
        let window = pattern
            .iter()
            .take(3)
            .fold(0, |w, &s| w << 16 | u64::from(s));
        let (bits, bit) = if pattern.len() == 2 {
            (&mut self.pairs, pair_hash(window))
        } else {
            (&mut self.triples, triple_hash(window))
        };
        bits[(bit >> 6) as usize] |= 1 << (bit & 63);
    }
}

/// Open addressing at most half full; key and value in one word, 0 for empty.
struct Edges {
    slots: Vec<u64>,
    shift: u32,
}

/// Bits of a node's number.
const NODE_BITS: u32 = 24;

impl Edges {
    fn with_room_for(count: usize) -> Edges {
        let bits = (count.max(8) * 2).next_power_of_two().trailing_zeros();
        Edges {
            slots: vec![0; 1 << bits],
            shift: 64 - bits,
        }
    }

    #[inline(always)]
    fn slot(&self, key: u64) -> usize {
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    #[inline(always)]
    fn get(&self, key: u64) -> u32 {
        let mut at = self.slot(key);
        loop {
            let slot = self.slots[at];
            if slot >> NODE_BITS == key {
                return (slot & ((1 << NODE_BITS) - 1)) as u32;
            }
            if slot == 0 {
                return 0;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn put(&mut self, key: u64, node: u32) {
        let mut at = self.slot(key);
        while self.slots[at] != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = key << NODE_BITS | u64::from(node);
    }
}

/// All patterns of one view.
pub(crate) struct Trie {
    pub filter: Filter,
    edges: Edges,
    /// Where a node's patterns begin in `outputs`; the next node's begin ends them.
    begins: Vec<u32>,
    outputs: Vec<u32>,
}

impl Trie {
    /// Builds from patterns of at least two symbols and their numbers.
    pub fn new<'p>(patterns: impl Iterator<Item = (&'p [u16], u32)>) -> Trie {
        let mut sorted: Vec<(&[u16], u32)> = patterns.collect();
        sorted.sort_unstable();
        let symbols: usize = sorted.iter().map(|(p, _)| p.len()).sum();
        // Node 0 is nothing, node 1 the root; sorted patterns make each node once, in order.
        let mut edges: Vec<(u64, u32)> = Vec::with_capacity(symbols);
        let mut ends: Vec<Vec<u32>> = vec![Vec::new(); 2];
        let mut path: Vec<u32> = vec![1];
        let mut before: &[u16] = &[];
        let mut filter = Filter {
            pairs: empty(),
            triples: empty(),
        };
        for (pattern, id) in &sorted {
            let shared = before
                .iter()
                .zip(*pattern)
                .take_while(|(a, b)| a == b)
                .count();
            path.truncate(shared + 1);
            for &symbol in &pattern[shared..] {
                let node = ends.len() as u32;
                ends.push(Vec::new());
                edges.push((key(path[path.len() - 1], symbol), node));
                path.push(node);
            }
            filter.add(pattern);
            ends[path[path.len() - 1] as usize].push(*id);
            before = pattern;
        }
        assert!(ends.len() < 1 << NODE_BITS, "WORDS_MAX bounds the nodes");
        let mut table = Edges::with_room_for(edges.len());
        for (key, node) in edges {
            table.put(key, node);
        }
        let mut begins = Vec::with_capacity(ends.len() + 1);
        let mut outputs = Vec::new();
        for end in &ends {
            begins.push(outputs.len() as u32);
            outputs.extend(end);
        }
        begins.push(outputs.len() as u32);
        Trie {
            filter,
            edges: table,
            begins,
            outputs,
        }
    }

    /// The patterns that begin at `at`.
    pub fn follow(&self, symbols: &[u16], at: usize, hits: &mut Vec<Hit>) {
        self.follow_from(symbols, at, 2, hits);
    }

    /// The patterns that begin at `at` and have so many symbols or more.
    #[inline]
    pub fn follow_from(&self, symbols: &[u16], at: usize, fewest: usize, hits: &mut Vec<Hit>) {
        let mut node = 1;
        let end = symbols.len().min(at + PATTERN_SYMBOLS_MAX);
        for (next, &symbol) in symbols.iter().enumerate().take(end).skip(at) {
            node = self.edges.get(key(node, symbol));
            if node == 0 {
                return;
            }
            if next + 1 - at < fewest {
                continue;
            }
            let outputs = self.begins[node as usize]..self.begins[node as usize + 1];
            for &pattern in &self.outputs[outputs.start as usize..outputs.end as usize] {
                hits.push(Hit {
                    pattern,
                    start: at as u32,
                    end: next as u32 + 1,
                });
            }
        }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.edges.slots.len() * 8
            + (self.begins.len() + self.outputs.len()) * 4
            + (2 << (FILTER_BITS - 3))
    }
}

#[inline(always)]
fn key(node: u32, symbol: u16) -> u64 {
    u64::from(node) << 16 | u64::from(symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_found_wherever_it_begins_and_shorter_ones_are_not_hidden() {
        let patterns: Vec<Vec<u16>> = vec![
            vec![1, 2],
            vec![1, 2, 3],
            vec![2, 3],
            vec![1, 2],
            vec![5, 6, 7],
        ];
        let trie = Trie::new(patterns.iter().zip(0..).map(|(p, i)| (&p[..], i)));
        let text = [9, 1, 2, 3, 5, 6, 1, 2];
        let mut hits = Vec::new();
        let mut window = 0;
        for at in 0..text.len() {
            window = window << 16 | u64::from(text[at]);
            if at >= 1 && trie.filter.is_pair(window) {
                trie.follow(&text[..=at], at - 1, &mut hits);
            }
            if at >= 2 && trie.filter.is_triple(window) {
                trie.follow_from(&text, at - 2, 3, &mut hits);
            }
        }
        let mut naive = Vec::new();
        for at in 0..text.len() {
            for (id, p) in patterns.iter().enumerate() {
                if text[at..].starts_with(p) {
                    naive.push((id as u32, at as u32));
                }
            }
        }
        let mut found: Vec<_> = hits.iter().map(|h| (h.pattern, h.start)).collect();
        found.sort_unstable();
        naive.sort_unstable();
        assert_eq!(found, naive);
    }
}
