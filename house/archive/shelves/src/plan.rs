//! Where boxes go: given the boxes in shelf order and the layers from the first cabinet's
//! top to the last one's bottom, a place for each, with the fewest boxes taken in hand.
//!
//! Boxes that stay on their layer and keep their order among themselves are not touched;
//! along a layer they slide. Without limits of width those are a longest increasing
//! subsequence of what stands; with them, the best that fits is found exactly.

/// A box as planning sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its spine in millimetres.
    pub width: u32,
    /// Neighbours of different groups (buildings) share no layer.
    pub group: u32,
    /// Where it stands now.
    pub stands: Option<Place>,
}

/// A layer, counted from 0 over all cabinets, and the place on it from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub layer: usize,
    pub slot: u32,
}

/// What came of planning, for each box in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// `None`: the layers are full before it.
    pub places: Vec<Option<Place>>,
    /// Whether the box keeps its layer and its order and is not touched.
    pub stays: Vec<bool>,
}

impl Plan {
    /// Boxes for which no room is left.
    pub fn without_place(&self) -> usize {
        self.places.iter().filter(|p| p.is_none()).count()
    }

    /// Boxes to take in hand: their places in the order given.
    pub fn moves(&self) -> impl Iterator<Item = (usize, Place)> {
        let each = self.places.iter().zip(&self.stays).enumerate();
        each.filter_map(|(n, (place, stays))| place.filter(|_| !stays).map(|p| (n, p)))
    }
}

/// How much of a layer is filled when there is a choice: a tenth stays free for what comes.
pub fn comfortable(width: u32) -> u32 {
    width - width.div_ceil(10)
}

/// A box that stays counts more than any filling of the free tenth.
const STAY: i64 = 1 << 32;
const NEVER: i64 = i64::MIN;

/// Plans places on layers of `widths` millimetres for `items` in shelf order. The order is
/// kept, no layer is wider than it is, the free tenth is used only where that saves moving a
/// box or nothing else is left, and among equals boxes stand as far to the front as can be.
pub fn plan(items: &[Item], widths: &[u32]) -> Plan {
    let n = items.len();
    let mut best = vec![NEVER; n + 1];
    best[0] = 0;
    // How many boxes each layer has in the best way to get so many onto the layers before.
    let mut taken: Vec<u16> = vec![0; widths.len() * (n + 1)];
    for (layer, &width) in widths.iter().enumerate() {
        let easy = comfortable(width);
        let mut next = vec![NEVER; n + 1];
        let row = &mut taken[layer * (n + 1)..][..=n];
        for (from, &before) in best.iter().enumerate() {
            if before == NEVER {
                continue;
            }
            let (mut used, mut to) = (0, from);
            let mut ends: Vec<u32> = Vec::new();
            loop {
                let over = i64::from(used.max(easy) - easy);
                let score = before + ends.len() as i64 * STAY - over;
                // Later beginnings win: the layers before are filled first.
                if score >= next[to] {
                    next[to] = score;
                    row[to] = (to - from) as u16;
                }
                let Some(item) = items.get(to) else { break };
                let apart = to > from && items[to - 1].group != item.group;
                used += item.width;
                if apart || used > width || to - from == usize::from(u16::MAX) {
                    break;
                }
                if let Some(place) = item.stands.filter(|p| p.layer == layer) {
                    extend(&mut ends, place.slot);
                }
                to += 1;
            }
        }
        best = next;
    }
    let placed = (0..=n).rev().find(|&to| best[to] != NEVER).unwrap_or(0);
    let mut out = Plan {
        places: vec![None; n],
        stays: vec![false; n],
    };
    let mut to = placed;
    for layer in (0..widths.len()).rev() {
        let from = to - usize::from(taken[layer * (n + 1) + to]);
        let here: Vec<(usize, u32)> = (from..to)
            .filter_map(|at| Some((at, items[at].stands.filter(|p| p.layer == layer)?.slot)))
            .collect();
        let slots: Vec<u32> = here.iter().map(|(_, slot)| *slot).collect();
        for kept in longest_increasing(&slots) {
            out.stays[here[kept].0] = true;
        }
        for at in from..to {
            let slot = (at - from) as u32 + 1;
            out.places[at] = Some(Place { layer, slot });
        }
        to = from;
    }
    out
}

/// Patience: `ends[k]` is the least last member of an increasing run of `k + 1`.
fn extend(ends: &mut Vec<u32>, value: u32) {
    let at = ends.partition_point(|e| *e < value);
    match ends.get_mut(at) {
        Some(end) => *end = value,
        None => ends.push(value),
    }
}

/// The members, by index, of a longest strictly increasing subsequence. What lies outside of
/// it is the least that has to move to bring the rest in order.
pub fn longest_increasing<T: Ord>(values: &[T]) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (n, value) in values.iter().enumerate() {
        let at = ends.partition_point(|&e| values[e] < *value);
        before.push(at.checked_sub(1).map(|b| ends[b]));
        match ends.get_mut(at) {
            Some(end) => *end = n,
            None => ends.push(n),
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(n) = at {
        out.push(n);
        at = before[n];
    }
    out.reverse();
    out
}

#[cfg(test)]
#[path = "plan/tests.rs"]
mod tests;
