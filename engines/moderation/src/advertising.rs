//! Advertisements: something done for others, a way to reach whoever does it, and a promise,
//! together; and links.

use crate::finding::{Finding, Rule, Whose};
use crate::privacy::{Cells, Datum};
use crate::text::Symbols;
use crate::words::{Cue, Role, Severity};

/// How far apart the three may stand, in symbols: a long advertisement's screen.
const REACH: u32 = 160;
/// A neighbour's own parking space or sofa: looked at, never held.
const NEIGHBOURS: f32 = 0.55;
const SURE: f32 = 0.8;
/// Characters shown of each leg.
const LEG_CHARS: usize = 12;

/// Endings of domains that are written in chats here.
const TLDS: &[&str] = &[
    "com", "cn", "net", "org", "info", "top", "xyz", "vip", "shop", "club", "site", "online", "cc",
    "tv", "me", "io", "app", "work", "link", "fun", "live", "pro", "ltd", "store", "tech", "wang",
    "hk", "tw", "biz", "icu", "ink", "red", "ren", "mobi", "cool", "gg", "ly", "im", "la", "ws",
    "to",
];
/// Longest domain (RFC 1035 2.3.4).
const DOMAIN_MAX: usize = 253;

/// Legs that are no words: prices in digits.
pub(crate) fn prices(symbols: &Symbols, cues: &mut Vec<Cue>) {
    let plain = symbols.plain();
    for at in 1..plain.len() {
        let unit = char::from_u32(u32::from(plain[at]));
        let before = plain[at - 1];
        let digit = (u16::from(b'0')..=u16::from(b'9')).contains(&before);
        if digit && matches!(unit, Some('元' | '块' | '折' | '万')) {
            cues.push(Cue {
                role: Role::Offer,
                severity: Severity::Middle,
                start: at as u32 - 1,
                end: at as u32 + 1,
            });
        }
    }
}

/// Whether a datum is a way to reach somebody.
pub(crate) fn is_contact(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::Mobile | Rule::Landline | Rule::Wechat | Rule::Qq | Rule::Email | Rule::AdLink
    )
}

/// The three legs together.
pub(crate) struct Offer {
    /// First symbol.
    start: u32,
    /// Symbol behind the last.
    end: u32,
    sure: f32,
    legs: [Cue; 3],
}

/// The first place where the three legs stand together.
pub(crate) fn offer(cues: &mut [Cue]) -> Option<Offer> {
    cues.sort_by_key(|c| (c.start, c.end));
    let mut last: [Option<Cue>; 3] = [None; 3];
    let mut best: Option<Offer> = None;
    for &cue in cues.iter() {
        let leg = match cue.role {
            Role::Intent => 0,
            Role::Contact => 1,
            Role::Offer => 2,
            Role::Finding(_) => continue,
        };
        // Of two intents in reach the graver one stands.
        let graver = |old: &Cue| old.severity > cue.severity && cue.start - old.start < REACH;
        if !last[leg].as_ref().is_some_and(graver) {
            last[leg] = Some(cue);
        }
        if let [Some(a), Some(b), Some(c)] = last {
            let start = a.start.min(b.start).min(c.start);
            let end = a.end.max(b.end).max(c.end);
            let sure = if a.severity == Severity::Low {
                NEIGHBOURS
            } else {
                SURE
            };
            if end - start <= REACH && best.as_ref().is_none_or(|old| sure > old.sure) {
                best = Some(Offer {
                    start,
                    end,
                    sure,
                    legs: [a, b, c],
                });
            }
        }
    }
    best
}

/// Domains in the text, each once and whole: `xx.info` is one finding, not `xx` and `info`.
pub(crate) fn links(cells: &Cells, allowed: &[String], found: &mut Vec<Datum>) {
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !cells.dotted {
        return;
    }
    let mut at = 0;
    while at < cells.len() && found.len() < crate::privacy::DATA_MAX {
        if !label(cells.c(at)) {
            at += 1;
            continue;
        }
        let mut end = at;
        while end < cells.len()
            && end - at < DOMAIN_MAX
            && (label(cells.c(end)) || cells.c(end) == '.')
        {
            end += 1;
        }
        let run = cells.text(at..end);
        let text = run.trim_matches(['.', '-']);
        let front = run.len() - run.trim_start_matches(['.', '-']).len();
        let (start, stop) = (at + front, at + front + text.len());
        let mail = at > 0 && matches!(cells.c(at - 1), '@' | '_');
        let mailed = cells.c(end) == '@';
        let begin = at;
        at = end.max(at + 1);
        let Some((name, tld)) = text.rsplit_once('.') else {
            continue;
        };
        let fits = TLDS.contains(&tld)
            && name.split('.').all(|l| !l.is_empty())
            && name
                .bytes()
                .any(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if mail || mailed || !fits {
            continue;
        }
        let covered = allowed.iter().any(|d| {
            text == d
                || text
                    .strip_suffix(d.as_str())
                    .is_some_and(|t| t.ends_with('.'))
        });
        if covered {
            continue;
        }
        let scheme = ["https://", "http://"]
            .into_iter()
            .find(|s| begin >= s.len() && cells.starts(begin - s.len(), s));
        let start = scheme.map_or(start, |s| begin - s.len());
        found.push(Datum {
            rule: Rule::AdLink,
            start,
            end: stop,
            confidence: if scheme.is_some() { 0.9 } else { 0.8 },
            value: text.to_owned(),
            masked: text.to_owned(),
            whose: Whose::Unknown,
        });
    }
}

/// The finding of a whole offer; its evidence is the legs, with any number masked.
pub(crate) fn finding(text: &str, symbols: &Symbols, offer: &Offer) -> Finding {
    let bytes = |start: u32, end: u32| {
        let first = symbols.places()[start as usize].start as usize;
        first..symbols.places()[end as usize - 1].end as usize
    };
    let said = offer.legs.map(|leg| {
        let words = text[bytes(leg.start, leg.end)].chars().take(LEG_CHARS);
        words.map(hidden).collect::<String>()
    });
    let place = bytes(offer.start, offer.end);
    Finding {
        category: Rule::AdOffer.category(),
        rule: Rule::AdOffer,
        start: 0,
        end: 0,
        byte_start: place.start,
        byte_end: place.end,
        confidence: offer.sure,
        evidence: said.join(" + "),
        whose: Whose::Unknown,
    }
}

/// Letters and digits may be a handle or a number: evidence shows none.
pub(crate) fn hidden(c: char) -> char {
    let plain = matches!(hanzi::fold::digit_of(c), hanzi::fold::Folded::One(d) if d.is_ascii_alphanumeric());
    let numeral = matches!(u32::from(c), 0x3400..=0x9FFF);
    if plain && !numeral { '*' } else { c }
}
