//! Where boxes go: given the boxes in shelf order and the layers from the first cabinet's
//! top to the last one's bottom, a place for each, with the fewest boxes taken in hand.
//!
//! Boxes that stay on their layer and keep their order among themselves are not touched;
//! along a layer they slide. Without limits of width those are a longest increasing
//! subsequence of what stands; with them, the best is found of the ways that are gone on with:
//! the best there is among some hundred boxes, and close to it among a hundred thousand.

use std::collections::BTreeSet;

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

/// Ways of filling the layers so far that are gone on with. On large shelves there would be as
/// many as boxes, for every layer: some are left out, and the work is bounded.
const WAYS_MAX: usize = 500;

/// A way of filling the layers so far: how many boxes it has put onto them.
#[derive(Clone, Copy)]
struct Way {
    placed: usize,
    score: i64,
}

/// What is remembered of a way, to walk it back: the boxes on the layers so far, and those of
/// them on the last.
#[derive(Clone, Copy)]
struct Step {
    placed: u32,
    here: u16,
}

/// Plans places on layers of `widths` millimetres for `items` in shelf order. The order is
/// kept, no layer is wider than it is, the free tenth is used only where that saves moving a
/// box or nothing else is left, and among equals boxes stand as far to the front as can be.
pub fn plan(items: &[Item], widths: &[u32]) -> Plan {
    let n = items.len();
    let mut ways = vec![Way {
        placed: 0,
        score: 0,
    }];
    let mut steps: Vec<Vec<Step>> = Vec::with_capacity(widths.len());
    // The best way to have so many boxes on the layers so far, and how many are on the last.
    let mut best = vec![NEVER; n + 1];
    let mut taken = vec![0u16; n + 1];
    for (layer, &width) in widths.iter().enumerate() {
        let reached = extended(items, &ways, (layer, width), &mut best, &mut taken);
        ways = promising(items, layer, &reached, &best);
        let step = |way: &Way| Step {
            placed: way.placed as u32,
            here: taken[way.placed],
        };
        steps.push(ways.iter().map(step).collect());
        for to in reached {
            best[to] = NEVER;
        }
    }
    let mut out = Plan {
        places: vec![None; n],
        stays: vec![false; n],
    };
    let mut to = ways.last().map_or(0, |way| way.placed);
    for (layer, steps) in steps.iter().enumerate().rev() {
        let at = steps.partition_point(|s| (s.placed as usize) < to);
        let from = to - usize::from(steps[at].here);
        settle(items, layer, from..to, &mut out);
        to = from;
    }
    out
}

/// Puts every number of boxes that fits onto one more layer, behind each way so far. The
/// numbers that were reached, in order.
fn extended(
    items: &[Item],
    ways: &[Way],
    (layer, width): (usize, u32),
    best: &mut [i64],
    taken: &mut [u16],
) -> Vec<usize> {
    let easy = comfortable(width);
    let mut reached: Vec<usize> = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    for way in ways {
        let from = way.placed;
        let (mut used, mut to) = (0, from);
        ends.clear();
        loop {
            let over = i64::from(used.max(easy) - easy);
            let score = way.score + ends.len() as i64 * STAY - over;
            // Later beginnings win: the layers before are filled first.
            if score >= best[to] {
                best[to] = score;
                taken[to] = (to - from) as u16;
            }
            if reached.last().is_none_or(|last| *last < to) {
                reached.push(to);
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
    reached
}

/// The ways that may still turn out best. One that has put fewer boxes is worth going on with
/// only if it can gain by that: each box between, that stands on a layer to come, may yet stay.
/// Otherwise whatever is done behind it can be done behind the other, with boxes left out.
fn promising(items: &[Item], layer: usize, reached: &[usize], best: &[i64]) -> Vec<Way> {
    let (mut out, mut top, mut gain) = (Vec::new(), NEVER, 0);
    let mut between = reached.last().copied().unwrap_or(0);
    for &placed in reached.iter().rev() {
        let later = |item: &&Item| item.stands.is_some_and(|p| p.layer > layer);
        gain += items[placed..between].iter().filter(later).count() as i64;
        between = placed;
        let score = best[placed];
        if score + gain * STAY > top {
            top = score + gain * STAY;
            // Boxes that may stay, whatever of the free tenths that takes.
            out.push((Way { placed, score }, (top + STAY - 1).div_euclid(STAY)));
        }
    }
    if out.len() > WAYS_MAX {
        out = thinned(&out);
    }
    out.into_iter().rev().map(|(way, _)| way).collect()
}

/// Fewer of many ways, from the most boxes put to the fewest: some of all, and of those that may
/// keep most boxes for each number the one that is furthest.
fn thinned(all: &[(Way, i64)]) -> Vec<(Way, i64)> {
    let spread = WAYS_MAX / 2;
    let mut kept: BTreeSet<usize> = (0..spread)
        .map(|k| k * (all.len() - 1) / (spread - 1))
        .collect();
    for (at, (_, stays)) in all.iter().enumerate().rev() {
        if kept.len() >= WAYS_MAX {
            break;
        }
        let before = at.checked_sub(1).map(|before| all[before].1);
        if before != Some(*stays) {
            kept.insert(at);
        }
    }
    kept.into_iter().map(|at| all[at]).collect()
}

/// Lays some boxes onto a layer; those that keep their order there stay.
fn settle(items: &[Item], layer: usize, boxes: std::ops::Range<usize>, out: &mut Plan) {
    let stands = |at: usize| Some((at, items[at].stands.filter(|p| p.layer == layer)?.slot));
    let here: Vec<(usize, u32)> = boxes.clone().filter_map(stands).collect();
    let slots: Vec<u32> = here.iter().map(|(_, slot)| *slot).collect();
    for kept in longest_increasing(&slots) {
        out.stays[here[kept].0] = true;
    }
    for (at, slot) in boxes.zip(1..) {
        out.places[at] = Some(Place { layer, slot });
    }
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
