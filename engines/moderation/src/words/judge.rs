//! The second look at a hit: is it the word, or an innocent one that holds its characters?

use super::Words;
use super::entry::{Role, Severity};
use super::trie::Hit;
use crate::finding::{Finding, Rule, Whose};
use crate::text::{Symbols, is_latin};

/// Characters of a finding shown as evidence.
const EVIDENCE_CHARS: usize = 40;

/// Written twice, these are words of their own: 媽媽的 is not 媽的.
const DOUBLED: &str = "妈爸爷奶哥姐弟妹叔婆公宝";

/// One leg of an advertisement, and where it stands (symbols).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    pub role: Role,
    pub severity: Severity,
    pub start: u32,
    pub end: u32,
}

/// The legs found in a text.
pub(crate) type Cues = Vec<Cue>;

/// Looks at the hits of one text.
pub(crate) struct Judge<'a> {
    pub words: &'a Words,
    pub text: &'a str,
    pub symbols: &'a Symbols,
}

/// A hit that stands.
struct Standing {
    hit: Hit,
    rule: Rule,
    confidence: f32,
}

impl Judge<'_> {
    /// Turns hits into findings and cues.
    pub fn judge(&self, hits: &[Hit], findings: &mut Vec<Finding>, cues: &mut Cues) {
        let mut standing: Vec<Standing> = Vec::new();
        for &hit in hits {
            let Some(confidence) = self.confidence(hit) else {
                continue;
            };
            let entry =
                &self.words.entries[self.words.patterns[hit.pattern as usize].entry as usize];
            match entry.role {
                Role::Finding(rule) => standing.push(Standing {
                    hit,
                    rule,
                    confidence,
                }),
                role => cues.push(Cue {
                    role,
                    severity: entry.severity,
                    start: hit.start,
                    end: hit.end,
                }),
            }
        }
        if let [only] = &standing[..] {
            findings.push(self.finding(only));
            return;
        }
        // A hit within a longer one of its rule that is as sure says nothing new. Sorted so that
        // what may cover stands before what is covered: one sweep.
        standing.sort_by(|a, b| {
            let key = |s: &Standing| (s.hit.start, std::cmp::Reverse(s.hit.end));
            key(a)
                .cmp(&key(b))
                .then(b.confidence.total_cmp(&a.confidence))
        });
        // Per rule, the covering hits met last; patterns are short, so few are open at once.
        let mut open: Vec<(Rule, u32, f32)> = Vec::new();
        for s in standing {
            open.retain(|&(_, end, _)| end > s.hit.start);
            let covered = open.iter().any(|&(rule, end, sure)| {
                rule == s.rule && end >= s.hit.end && sure >= s.confidence
            });
            if !covered {
                open.push((s.rule, s.hit.end, s.confidence));
                findings.push(self.finding(&s));
            }
        }
    }

    /// How sure the hit is, or `None` when it is not the word.
    fn confidence(&self, hit: Hit) -> Option<f32> {
        let pattern = &self.words.patterns[hit.pattern as usize];
        let entry = &self.words.entries[pattern.entry as usize];
        let (start, end) = (hit.start as usize, hit.end as usize);
        let places = &self.symbols.places()[start..end];
        let plain = self.symbols.plain();
        if !entry.inside && (self.joined(start) || (end < plain.len() && self.joined(end))) {
            return None;
        }
        for (at, place) in places.iter().enumerate() {
            let wanted = pattern.runs.get(at).copied().unwrap_or(1);
            if place.run < wanted {
                return None;
            }
        }
        let first = char::from_u32(u32::from(plain[start])).unwrap_or(' ');
        if places[0].run == 2 && pattern.runs.is_empty() && DOUBLED.contains(first) {
            return None;
        }
        // Signs between all characters are a disguise; the end of a clause between some of them is
        // the end of a clause: 很大，麻烦.
        let inner = &places[1..];
        let gaps = inner.iter().filter(|p| p.gap.any()).count();
        let clauses = inner.iter().any(|p| p.gap.clause());
        if clauses && gaps < inner.len() {
            return None;
        }
        if clauses && inner.len() == 1 && pattern.sound {
            return None;
        }
        if self.is_innocent(pattern.entry as usize, start, end) {
            return None;
        }
        let base = match entry.severity {
            Severity::Low => 0.55,
            Severity::Middle => 0.8,
            Severity::High => 0.95,
        };
        let clause = if clauses { 0.8 } else { 1.0 };
        Some(base * clause * f32::from(pattern.trust) / 100.0)
    }

    /// Whether the symbol goes on a Latin word or number that began before it.
    fn joined(&self, at: usize) -> bool {
        if at == 0 || self.symbols.places()[at].gap.any() {
            return false;
        }
        let (before, after) = (self.symbols.plain()[at - 1], self.symbols.plain()[at]);
        let digit = |s: u16| (u16::from(b'0')..=u16::from(b'9')).contains(&s);
        (is_latin(before) && is_latin(after)) || (digit(before) && digit(after))
    }

    fn is_innocent(&self, entry: usize, start: usize, end: usize) -> bool {
        let plain = self.symbols.plain();
        self.words.innocent[entry].iter().any(|(symbols, at)| {
            start
                .checked_sub(*at)
                .and_then(|from| plain.get(from..from + symbols.len()))
                .is_some_and(|around| around == &symbols[..])
                && end > start
        })
    }

    fn finding(&self, s: &Standing) -> Finding {
        let places = self.symbols.places();
        let start = places[s.hit.start as usize].start as usize;
        let end = places[s.hit.end as usize - 1].end as usize;
        let evidence: String = self.text[start..end].chars().take(EVIDENCE_CHARS).collect();
        Finding {
            category: s.rule.category(),
            rule: s.rule,
            start: 0,
            end: 0,
            byte_start: start,
            byte_end: end,
            confidence: s.confidence,
            evidence,
            whose: Whose::Unknown,
        }
    }
}
