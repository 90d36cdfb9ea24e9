//! The Merkle tree of RFC 6962 over SHA-256: a frontier that grows by one leaf at a
//! time, roots, and proofs of inclusion and consistency with their checks.

use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// RFC 6962 section 2.1: a leaf is `SHA-256(0x00 ‖ entry)`.
pub fn leaf(entry: &[u8]) -> Hash {
    let mut h = Sha256::new();
    h.update([0u8]);
    h.update(entry);
    h.finalize().into()
}

/// RFC 6962 section 2.1: a node is `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1u8; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

/// A hash in lower-case hexadecimal, for people and for JSON.
pub fn hex(hash: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    hash.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|n| DIGITS[usize::from(n)] as char)
        .collect()
}

/// The root of no leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The roots of the perfect subtrees that make up a tree of `size` leaves, largest
/// first: all that is needed to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    pub size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Appends a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut carry = leaf;
        let mut bit = self.size;
        while bit & 1 == 1 {
            let left = self.peaks.pop().expect("a set bit has its peak");
            carry = node(&left, &carry);
            bit >>= 1;
        }
        self.peaks.push(carry);
        self.size += 1;
    }

    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return empty_root();
        };
        peaks.fold(*last, |right, left| node(left, &right))
    }

    /// The roots of the perfect subtrees, largest first, each with how many leaves it covers.
    pub fn peaks(&self) -> impl Iterator<Item = (u64, Hash)> + '_ {
        let mut rest = self.size;
        self.peaks.iter().map(move |peak| {
            let leaves = 1 << (63 - rest.leading_zeros());
            rest -= leaves;
            (leaves, *peak)
        })
    }

    /// For the head row: the peaks one after another.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks.concat()
    }

    /// `None` when the bytes cannot be the frontier of `size` leaves.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Frontier> {
        let peaks: Vec<Hash> = bytes
            .chunks(32)
            .map(|c| c.try_into().ok())
            .collect::<Option<_>>()?;
        (peaks.len() == size.count_ones() as usize).then_some(Frontier { size, peaks })
    }
}

/// Something that knows the root of every complete subtree: `subtree(level, index)`
/// covers leaves `index·2^level .. (index+1)·2^level`.
pub trait Subtrees {
    fn subtree(&mut self, level: u32, index: u64) -> Option<Hash>;
}

impl Subtrees for &[Hash] {
    fn subtree(&mut self, level: u32, index: u64) -> Option<Hash> {
        let (start, end) = (index << level, (index + 1) << level);
        let leaves = self.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)?;
        let mut frontier = Frontier::default();
        leaves.iter().for_each(|l| frontier.push(*l));
        Some(frontier.root())
    }
}

/// The root over leaves `start..end`, where `start` is a multiple of the largest
/// power of two that is at most the range (as all ranges of RFC 6962 are).
fn range_root(trees: &mut dyn Subtrees, start: u64, end: u64) -> Option<Hash> {
    let n = end - start;
    if n.is_power_of_two() {
        let level = n.trailing_zeros();
        return trees.subtree(level, start >> level);
    }
    let k = split(n);
    Some(node(
        &range_root(trees, start, start + k)?,
        &range_root(trees, start + k, end)?,
    ))
}

/// The largest power of two smaller than `n` (n ≥ 2).
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The audit path of leaf `index` in a tree of `size` (RFC 6962 section 2.1.1).
pub fn inclusion_proof(trees: &mut dyn Subtrees, index: u64, size: u64) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let k = split(end - start);
        if index < start + k {
            path.push(range_root(trees, start + k, end)?);
            end = start + k;
        } else {
            path.push(range_root(trees, start, start + k)?);
            start += k;
        }
    }
    path.reverse();
    Some(path)
}

/// Checks an audit path; `true` when `leaf` stands at `index` under `root`.
pub fn check_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(step, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// That a tree of `old` leaves is a beginning of one of `new` (section 2.1.2).
pub fn consistency_proof(trees: &mut dyn Subtrees, old: u64, new: u64) -> Option<Vec<Hash>> {
    if old == 0 || old > new {
        return None;
    }
    let mut path = Vec::new();
    let (mut start, mut end, mut whole) = (0, new, true);
    while old != end {
        let k = split(end - start);
        if old <= start + k {
            path.push(range_root(trees, start + k, end)?);
            end = start + k;
        } else {
            path.push(range_root(trees, start, start + k)?);
            start += k;
            whole = false;
        }
    }
    if !whole {
        path.push(range_root(trees, start, end)?);
    }
    path.reverse();
    Some(path)
}

/// Checks a consistency proof between two roots.
pub fn check_consistency(
    old: u64,
    new: u64,
    path: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    let mut steps = path.iter();
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let first = if old.is_power_of_two() {
        *old_root
    } else {
        match steps.next() {
            Some(h) => *h,
            None => return false,
        }
    };
    let (mut a, mut b) = (first, first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            a = node(step, &a);
            b = node(step, &b);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            b = node(&b, step);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && a == *old_root && b == *new_root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(n: u64) -> Vec<Hash> {
        (0..n).map(|i| leaf(&i.to_be_bytes())).collect()
    }

    fn root_of(leaves: &[Hash]) -> Hash {
        let mut f = Frontier::default();
        leaves.iter().for_each(|l| f.push(*l));
        f.root()
    }

    #[test]
    fn roots_and_proofs_hold_for_every_tree_up_to_sixty_five_leaves() {
        let all = leaves(65);
        for size in 1..=65u64 {
            let root = root_of(&all[..size as usize]);
            let mut trees = &all[..size as usize];
            for index in 0..size {
                let path = inclusion_proof(&mut trees, index, size).expect("in range");
                let l = &all[index as usize];
                assert!(check_inclusion(l, index, size, &path, &root));
                assert!(!check_inclusion(&leaf(b"other"), index, size, &path, &root));
                assert!(!check_inclusion(l, index + 1, size, &path, &root) || size == 1);
            }
            for old in 1..=size {
                let path = consistency_proof(&mut trees, old, size).expect("in range");
                let old_root = root_of(&all[..old as usize]);
                assert!(check_consistency(old, size, &path, &old_root, &root));
                assert!(!check_consistency(old, size, &path, &leaf(b"x"), &root));
            }
        }
    }

    #[test]
    fn the_root_is_that_of_an_independent_implementation() {
        let mut theirs =
            ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        let mut ours = Frontier::default();
        for i in 0..300u64 {
            let entry = format!("entry {i}").into_bytes();
            ours.push(leaf(&entry));
            theirs.push(entry);
            let root = theirs.root();
            assert_eq!(
                root.as_bytes().as_slice(),
                ours.root().as_slice(),
                "after {i}"
            );
        }
    }

    #[test]
    fn a_frontier_comes_back_from_its_bytes_and_no_other_size() {
        let mut f = Frontier::default();
        leaves(21).into_iter().for_each(|l| f.push(l));
        assert_eq!(Frontier::from_bytes(21, &f.to_bytes()), Some(f.clone()));
        assert_eq!(Frontier::from_bytes(23, &f.to_bytes()), None);
        assert_eq!(Frontier::from_bytes(21, &f.to_bytes()[1..]), None);
    }
}
