//! The checks that each event goes through, in order, and those at the end of a log.

use std::collections::HashSet;

use super::super::anchors::Anchor;
use super::super::store::{Line, StoredHead};
use super::report::{Finding, Why};
use super::rules;
use foundation::clock::Moment;
use foundation::ledger::tree::{Frontier, Hash};
use foundation::ledger::{Breach, Kind, Late, Rule};

/// What is known of a log after the walk.
pub struct Walked {
    pub events: u64,
    pub root: Hash,
    pub bad: Option<Finding>,
    pub late: Vec<Late>,
    pub signed_to: u64,
    /// The row that is not what was recorded, to find out what it is instead.
    pub(super) odd: Option<Line>,
}

/// Holds one log against its head and its anchors, event by event.
pub struct Checker<'a> {
    head: Option<&'a StoredHead>,
    anchors: &'a [Anchor],
    next_anchor: usize,
    kinds: Option<HashSet<(&'static str, i64)>>,
    rules: Vec<Box<dyn Rule>>,
    frontier: Frontier,
    last_at: Moment,
    signed_to: u64,
    /// The same, before the event that is looked at.
    signed_before: u64,
    bad: Option<Finding>,
    /// The first event that a rule forbids; the rows after it are still hashed.
    breach: Option<Finding>,
    odd: Option<Line>,
    /// Whether the stored head is the head over its number of events.
    head_fits: Option<bool>,
}

impl<'a> Checker<'a> {
    pub fn new(
        head: Option<&'a StoredHead>,
        anchors: &'a [Anchor],
        kinds: Option<&[Kind]>,
    ) -> Checker<'a> {
        let empty = head.filter(|h| h.size == 0);
        Checker {
            head,
            anchors,
            next_anchor: anchors.iter().take_while(|a| a.size == 0).count(),
            kinds: kinds.map(|all| all.iter().map(|k| (k.name, k.version)).collect()),
            rules: rules::all(),
            frontier: Frontier::default(),
            last_at: Moment(i64::MIN),
            signed_to: 0,
            signed_before: 0,
            bad: None,
            breach: None,
            odd: None,
            head_fits: empty.map(|h| h.bytes.is_empty()),
        }
    }

    /// Checks the next row; `false` when no more need be seen.
    pub fn see(&mut self, line: Line) -> bool {
        if let Some(why) = self.fault(&line) {
            let seq = match why {
                Why::Inserted => line.seq,
                Why::OtherHistory { from, .. } => from as i64,
                _ => self.frontier.size as i64 + 1,
            };
            if why == Why::Changed {
                self.odd = Some(line);
            }
            return self.stop(seq, why);
        }
        let (Some(entry), Some(leaf)) = (line.entry, line.leaf) else {
            return self.stop(line.seq, Why::Changed);
        };
        self.frontier.push(leaf);
        self.last_at = entry.at;
        for rule in &mut self.rules {
            if let Some(Breach { rule, why }) = rule.see(&entry) {
                let (seq, why) = (entry.seq, Why::Breach { rule, why });
                self.breach.get_or_insert(Finding { seq, why });
            }
        }
        let size = self.frontier.size;
        self.signed_before = self.signed_to;
        if let Some(head) = self.head.filter(|h| h.size == size) {
            self.head_fits = Some(head.bytes == self.frontier.to_bytes());
        }
        while let Some(anchor) = self
            .anchors
            .get(self.next_anchor)
            .filter(|a| a.size == size)
        {
            if anchor.root != self.frontier.root() {
                // Two heads of one size may contradict each other.
                self.signed_to = self.signed_to.min(self.signed_before);
                let why = Why::OtherHistory {
                    from: self.signed_before + 1,
                    to: size,
                    keeper: anchor.keeper,
                };
                return self.stop(self.signed_before as i64 + 1, why);
            }
            self.signed_to = size;
            self.next_anchor += 1;
        }
        true
    }

    fn fault(&self, line: &Line) -> Option<Why> {
        let next = self.frontier.size as i64 + 1;
        if line.seq < 1 {
            return Some(Why::Inserted);
        }
        if let Some(head) = self.head.filter(|h| h.size < next as u64) {
            let signed = self.anchors.last().filter(|a| a.size > head.size);
            return Some(match signed {
                // The events are there and were signed: it is the head that went back.
                Some(_) => Why::Head,
                None if self.head_fits == Some(false) => Why::Head,
                None => Why::Beyond { end: head.size },
            });
        }
        if line.seq != next {
            return Some(Why::Missing {
                from: next,
                to: line.seq - 1,
            });
        }
        let Some(entry) = &line.entry else {
            return Some(Why::Changed);
        };
        if Some(entry.leaf()) != line.leaf {
            return Some(Why::Changed);
        }
        if entry.at < self.last_at {
            return Some(Why::BackInTime);
        }
        let known = |kinds: &HashSet<_>| kinds.contains(&(entry.kind.as_str(), entry.version));
        if self.kinds.as_ref().is_some_and(|kinds| !known(kinds)) {
            return Some(Why::UnknownKind(format!(
                "{} {}",
                entry.kind, entry.version
            )));
        }
        None
    }

    pub fn stop(&mut self, seq: i64, why: Why) -> bool {
        self.bad.get_or_insert(Finding { seq, why });
        false
    }

    /// The seq of the next row expected.
    pub fn next(&self) -> i64 {
        self.frontier.size as i64 + 1
    }

    pub fn finish(mut self) -> Walked {
        if self.bad.is_none() {
            self.bad = self.end_fault();
        }
        let last = self.last_at;
        // What a rule forbids lies before what is damaged: nothing behind that was seen.
        self.bad = self.breach.take().or(self.bad);
        Walked {
            events: self.frontier.size,
            root: self.frontier.root(),
            bad: self.bad,
            late: self.rules.into_iter().flat_map(|r| r.late(last)).collect(),
            signed_to: self.signed_to,
            odd: self.odd,
        }
    }

    /// As [`finish`](Self::finish), where a signed head stands for the head row.
    pub fn finish_without_head(mut self) -> Walked {
        let size = self.frontier.size;
        let signed = self.anchors.last().filter(|a| a.size > size);
        if let Some(anchor) = signed.filter(|_| self.bad.is_none()) {
            let why = Why::Missing {
                from: size as i64 + 1,
                to: anchor.size as i64,
            };
            self.stop(size as i64 + 1, why);
        }
        let bad = self.breach.take().or_else(|| self.bad.take());
        let head = StoredHead {
            community: foundation::database::HOUSE,
            size,
            last_at: self.last_at,
            bytes: self.frontier.to_bytes(),
        };
        let walked = Checker {
            head: Some(&head),
            head_fits: Some(true),
            anchors: &[],
            ..self
        }
        .finish();
        Walked { bad, ..walked }
    }

    fn end_fault(&self) -> Option<Finding> {
        let size = self.frontier.size;
        let after = size as i64 + 1;
        if let Some(anchor) = self.anchors.last().filter(|a| a.size > size) {
            let why = Why::RolledBack {
                to: size,
                kept: anchor.size,
                keeper: anchor.keeper,
            };
            return Some(Finding { seq: after, why });
        }
        let Some(head) = self.head else {
            let why = Why::NoHead;
            return (size > 0).then_some(Finding { seq: after, why });
        };
        if head.size > size {
            let lie = head.frontier().is_none() || head.bytes == self.frontier.to_bytes();
            let why = if lie {
                Why::Head
            } else {
                Why::Missing {
                    from: after,
                    to: head.size as i64,
                }
            };
            return Some(Finding { seq: after, why });
        }
        if self.head_fits != Some(true) {
            return Some(self.unmatched(head));
        }
        if size > 0 && head.last_at != self.last_at {
            let seq = size as i64;
            return Some(Finding {
                seq,
                why: Why::Head,
            });
        }
        None
    }

    /// Events are consistent with their leaves but not with the head: which ones it
    /// could be, as far as peaks and signed heads tell.
    fn unmatched(&self, head: &StoredHead) -> Finding {
        let end = self.frontier.size;
        let head_alone = Finding {
            seq: end as i64,
            why: Why::Head,
        };
        let Some(stored) = head.frontier() else {
            return head_alone;
        };
        let (mut from, mut to) = (1, end);
        let mut start = 0;
        for ((leaves, ours), (_, theirs)) in self.frontier.peaks().zip(stored.peaks()) {
            if ours != theirs {
                (from, to) = (start + 1, start + leaves);
                break;
            }
            start += leaves;
        }
        from = from.max(self.signed_to + 1);
        if from > to {
            return head_alone;
        }
        Finding {
            seq: from as i64,
            why: Why::Unmatched { from, to },
        }
    }
}
