//! The automaton: a trie over symbols in a hash table, entered where the gate says that a word may
//! begin.
//!
//! At most places of ordinary text the gate tells that no word begins there; elsewhere the words are followed edge by edge, at most [`super::entry::WORD_CHARS_MAX`] symbols far (splits
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

    fn holding(edges: &[(u64, u32)]) -> Edges {
        let mut table = Edges::with_room_for(edges.len());
        for &(key, node) in edges {
            table.put(key, node);
        }
        table
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
    /// The node behind each pair that a pattern begins with: one look instead of two, for most
    /// that pass the gate in vain end here.
    entries: Edges,
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
        // Node 0 is nothing; sorted patterns make each node once, in order.
        let mut entries: Vec<(u64, u32)> = Vec::with_capacity(sorted.len());
        let mut edges: Vec<(u64, u32)> = Vec::with_capacity(symbols);
        let mut ends: Vec<Vec<u32>> = vec![Vec::new()];
        // The nodes behind the second symbol, the third, …
        let mut path: Vec<u32> = Vec::new();
        let mut before: &[u16] = &[];
        for &(pattern, id) in &sorted {
            let shared = before.iter().zip(pattern).take_while(|(a, b)| a == b);
            path.truncate(shared.count().saturating_sub(1));
            for at in path.len() + 1..pattern.len() {
                let node = ends.len() as u32;
                ends.push(Vec::new());
                match path.last() {
                    None => entries.push((entry(pattern, 0), node)),
                    Some(&last) => edges.push((key(last, pattern[at]), node)),
                }
                path.push(node);
            }
            ends[path[path.len() - 1] as usize].push(id);
            before = pattern;
        }
        assert!(ends.len() < 1 << NODE_BITS, "WORDS_MAX bounds the nodes");
        let mut begins = Vec::with_capacity(ends.len() + 1);
        let mut outputs = Vec::new();
        for end in &ends {
            begins.push(outputs.len() as u32);
            outputs.extend(end);
        }
        begins.push(outputs.len() as u32);
        Trie {
            entries: Edges::holding(&entries),
            edges: Edges::holding(&edges),
            begins,
            outputs,
        }
    }

    /// The patterns of two symbols at `at`.
    pub fn follow_pair(&self, symbols: &[u16], at: usize, hits: &mut Vec<Hit>) {
        let node = self.entries.get(entry(symbols, at));
        self.tell(node, at, at + 2, hits);
    }

    /// The longer patterns that begin at `at`.
    pub fn follow_longer(&self, symbols: &[u16], at: usize, hits: &mut Vec<Hit>) {
        let mut node = self.entries.get(entry(symbols, at));
        let end = symbols.len().min(at + PATTERN_SYMBOLS_MAX);
        for (next, &symbol) in symbols.iter().enumerate().take(end).skip(at + 2) {
            // Nothing goes on from node 0, which is nothing.
            if node != 0 {
                node = self.edges.get(key(node, symbol));
            }
            if node == 0 {
                return;
            }
            self.tell(node, at, next + 1, hits);
        }
    }

    /// The patterns that end in a node; none in node 0.
    #[inline]
    fn tell(&self, node: u32, start: usize, end: usize, hits: &mut Vec<Hit>) {
        let outputs = self.begins[node as usize]..self.begins[node as usize + 1];
        for &pattern in &self.outputs[outputs.start as usize..outputs.end as usize] {
            hits.push(Hit {
                pattern,
                start: start as u32,
                end: end as u32,
            });
        }
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        (self.entries.slots.len() + self.edges.slots.len()) * 8
            + (self.begins.len() + self.outputs.len()) * 4
    }
}

#[inline(always)]
fn key(node: u32, symbol: u16) -> u64 {
    u64::from(node) << 16 | u64::from(symbol)
}

/// The two symbols at `at`, as a window ends with them.
#[inline(always)]
fn entry(symbols: &[u16], at: usize) -> u64 {
    u64::from(symbols[at]) << 16 | u64::from(symbols[at + 1])
}
