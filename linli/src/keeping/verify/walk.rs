//! The walk through one log: one thread reads rows in parts, another hashes them,
//! so that a million events pass in seconds and never lie in memory together.

use std::sync::mpsc::{Receiver, sync_channel};

use super::super::anchors::Anchors;
use super::super::store::{self, Line, StoredHead};
use super::check::Checker;
pub use super::check::Walked;
use super::report::{Finding, Why};
use foundation::database::{Community, DbError, Look, Reader};
use foundation::ledger::{Entry, Kind};

/// Parts that the reader may be ahead of the hasher.
const PARTS_AHEAD: usize = 2;
/// How far around a strange row its real place is looked for: some seconds of hashing.
const PLACES_MAX: i64 = 1_000_000;

pub fn walk(
    r: &mut Reader<'_>,
    community: Community,
    anchors: &Anchors,
    kinds: Option<&'static [Kind]>,
) -> Result<Walked, DbError> {
    let head: Option<StoredHead> = r.optional(store::head(community))?;
    let checker = Checker::new(head.as_ref(), &anchors.good, kinds);
    let (send, receive) = sync_channel::<Vec<Line>>(PARTS_AHEAD);
    let (mut checker, unreadable) = std::thread::scope(|scope| {
        let hasher = scope.spawn(move || hash(checker, &receive));
        let mut after = i64::MIN;
        let mut unreadable = None;
        loop {
            let part =
                match r.all::<Line>(store::lines_after(community, after, store::ROWS_AT_ONCE)) {
                    Ok(part) => part,
                    Err(_) => {
                        let (lines, error) = one_by_one(r, community, after);
                        unreadable = error;
                        lines
                    }
                };
            let Some(last) = part.last().map(|l| l.seq) else {
                break;
            };
            after = last;
            // The hasher hangs up at the first bad event.
            if send.send(part).is_err() || unreadable.is_some() {
                break;
            }
        }
        drop(send);
        let checker = hasher.join().expect("the checks do not panic");
        (checker, unreadable)
    });
    if let Some(e) = unreadable {
        let next = checker.next();
        checker.stop(next, Why::Unreadable(e.to_string()));
    }
    let mut walked = checker.finish();
    if let Some(odd) = walked.odd.take() {
        let end = head.map_or(odd.seq, |h| h.size as i64).max(odd.seq);
        if let Some(better) = diagnose(r, community, &odd, end)? {
            walked.bad = Some(better);
        }
    }
    Ok(walked)
}

fn hash<'a>(mut checker: Checker<'a>, parts: &Receiver<Vec<Line>>) -> Checker<'a> {
    while let Ok(part) = parts.recv() {
        for line in part {
            if !checker.see(line) {
                return checker;
            }
        }
    }
    checker
}

/// The rows before the one that cannot be read, and what the database says of it.
fn one_by_one(
    r: &mut Reader<'_>,
    community: Community,
    mut after: i64,
) -> (Vec<Line>, Option<DbError>) {
    let mut lines = Vec::new();
    for _ in 0..store::ROWS_AT_ONCE {
        match r.optional::<Line>(store::lines_after(community, after, 1)) {
            Ok(None) => break,
            Ok(Some(line)) => {
                after = line.seq;
                lines.push(line);
            }
            Err(e) => return (lines, Some(e)),
        }
    }
    (lines, None)
}

/// What a row is that is not what was recorded at its place: perhaps an event of
/// another place, moved here with its leaf.
fn diagnose(
    r: &mut Reader<'_>,
    community: Community,
    odd: &Line,
    end: i64,
) -> Result<Option<Finding>, DbError> {
    let Some(really) = real_place(odd, end) else {
        return Ok(None);
    };
    let seq = odd.seq;
    let next: Option<Line> = r.optional(store::line(community, seq + 1))?;
    let moved_up = next.is_none_or(|l| is_at(&l, seq + 2));
    Ok(Some(if really == seq - 1 {
        // Everything from here on moved down by one: the row before is the stranger.
        Finding {
            seq: really,
            why: Why::Inserted,
        }
    } else if really == seq + 1 && moved_up {
        Finding {
            seq,
            why: Why::Missing { from: seq, to: seq },
        }
    } else {
        Finding {
            seq,
            why: Why::Reordered { really },
        }
    }))
}

fn real_place(odd: &Line, end: i64) -> Option<i64> {
    let mut entry: Entry = odd.entry.clone()?;
    let leaf = odd.leaf?;
    // From near to far: a neighbour is the likeliest.
    for distance in 1..=PLACES_MAX.min(end.max(odd.seq)) {
        for place in [odd.seq + distance, odd.seq - distance] {
            if place < 1 || place > end + 1 {
                continue;
            }
            entry.seq = place;
            if entry.leaf() == leaf {
                return Some(place);
            }
        }
    }
    None
}

fn is_at(line: &Line, place: i64) -> bool {
    let Some(mut entry) = line.entry.clone() else {
        return false;
    };
    entry.seq = place;
    Some(entry.leaf()) == line.leaf
}
