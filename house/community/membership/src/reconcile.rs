//! Roster reconciliation: the member list of a WeChat or WeCom group against the
//! roster. Pure: cards and homes in, findings out; nothing is stored.

use std::collections::{HashMap, HashSet};

use hanzi::name::{SameName, name_key, same_name};
use hanzi::room::RoomCode;

/// Lines looked at: four full WeChat groups of 500.
pub const LINES_MAX: usize = 2_000;
/// Longest card that is read; a WeChat group name has at most 32 signs.
const CARD_CHARS_MAX: usize = 60;

/// How somebody belongs to a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Owner,
    Family,
    Tenant,
    /// Owned it once.
    Former,
}

/// A home of the roster with its people.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// The normal form of its code.
    pub normal: String,
    /// As the office writes it.
    pub code: String,
    pub people: Vec<(String, Standing)>,
}

/// What a card turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nobody of the roster.
    Stranger,
    /// Sold the home.
    SoldOut,
    Tenant,
    /// The same person of the same home a second time.
    Double,
    /// An owner whose card is not written as the group asks.
    WrongCard,
    /// No room can be read.
    NoRoom,
    /// The room is not on the roster.
    UnknownRoom,
    Fits,
}

/// One line and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub line: usize,
    pub card: String,
    pub kind: Kind,
    /// The home's code as the office writes it, where it is known.
    pub room: String,
    /// How the card ought to read.
    pub ought: String,
}

/// The outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub findings: Vec<Finding>,
    /// Codes of homes that nobody in the group belongs to, in the order given.
    pub missing: Vec<String>,
    /// Lines that were no cards (headings, counts, blank).
    pub skipped: usize,
}

impl Outcome {
    pub fn count(&self, kind: Kind) -> usize {
        self.findings.iter().filter(|f| f.kind == kind).count()
    }
}

const TITLES: [&str; 16] = [
    "女士", "先生", "小姐", "太太", "老師", "老师", "阿姨", "叔叔", "業主", "业主", "家屬", "家属",
    "本人", "媽媽", "妈妈", "爸爸",
];
const MARKS: &[char] = &[
    '-', '—', '–', '－', '_', ' ', '\u{3000}', '\t', '·', '・', '/', '|', ':', '：', ',', '，',
    '、', '.', '(', ')', '（', '）', '[', ']', '【', '】', '@', '~', '～', '"', '\'',
];

/// Compares the lines of a member list with the homes of the roster.
pub fn reconcile(text: &str, homes: &[Home]) -> Outcome {
    let by_code: HashMap<&str, &Home> = homes.iter().map(|h| (h.normal.as_str(), h)).collect();
    let mut out = Outcome::default();
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut present: HashSet<&str> = HashSet::new();
    for (i, raw) in text.lines().take(LINES_MAX).enumerate() {
        let card = strip_number(raw.trim());
        if is_no_card(card) {
            out.skipped += 1;
            continue;
        }
        let mut finding = Finding {
            line: i + 1,
            card: card.to_owned(),
            kind: Kind::NoRoom,
            room: String::new(),
            ought: String::new(),
        };
        if let Some((code, name)) = read(card, &by_code) {
            match by_code.get(code.as_str()) {
                None => {
                    finding.kind = Kind::UnknownRoom;
                    finding.room = code;
                }
                Some(home) => {
                    finding.room = home.code.clone();
                    let (kind, who) = judge(&name, home);
                    finding.kind = kind;
                    if kind == Kind::Fits {
                        present.insert(home.normal.as_str());
                        let shown = if name.is_empty() {
                            who.clone()
                        } else {
                            name.clone()
                        };
                        finding.ought = format!("{} {shown}", home.code);
                        let key = (home.normal.clone(), name_key(&core(&name)));
                        if !seen.insert(key) {
                            finding.kind = Kind::Double;
                        } else if !is_written_well(card, &home.code, &name) {
                            finding.kind = Kind::WrongCard;
                        }
                    }
                }
            }
        }
        out.findings.push(finding);
    }
    let missing = homes
        .iter()
        .filter(|h| !present.contains(h.normal.as_str()));
    out.missing = missing.map(|h| h.code.clone()).collect();
    out
}

/// Takes off a list's own numbering: `12. `, `12、`, `12) `. A number that a dash
/// follows is part of a room.
fn strip_number(line: &str) -> &str {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let rest = &line[digits..];
    match rest.chars().next() {
        Some(c @ ('.' | '、' | ')' | '）')) if digits > 0 && digits <= 4 => {
            let after = rest[c.len_utf8()..].trim_start();
            // 3.2.1801 is a room.
            if c == '.'
                && after.starts_with(|c: char| c.is_ascii_digit())
                && !rest[1..].starts_with(' ')
            {
                line
            } else {
                after
            }
        }
        _ => line,
    }
}

fn is_no_card(line: &str) -> bool {
    line.is_empty()
        || line.chars().nth(CARD_CHARS_MAX).is_some()
        || line.chars().all(|c| !c.is_alphanumeric())
        || [
            "群成員",
            "群成员",
            "群聊成員",
            "群聊成员",
            "群主",
            "管理員",
            "管理员",
            "查看更多",
        ]
        .iter()
        .any(|w| line.starts_with(w))
}

/// The room's normal form and what else stands on the card.
fn read(card: &str, known: &HashMap<&str, &Home>) -> Option<(String, String)> {
    let cuts: Vec<usize> = card
        .char_indices()
        .map(|(i, _)| i)
        .chain([card.len()])
        .collect();
    let mut fallback = None;
    let whole = |text: &str| {
        let code = RoomCode::parse(text.trim_matches(MARKS)).ok()?;
        (!code.is_building_only()).then(|| code.normal())
    };
    // The longest beginning that is a room of the roster, else of its form; then ends alike.
    for at in cuts.iter().skip(2).rev() {
        let (head, tail) = card.split_at(*at);
        if let Some(code) = whole(head) {
            let name = tail.trim_matches(MARKS).to_owned();
            if known.contains_key(code.as_str()) {
                return Some((code, name));
            }
            fallback = fallback.or(Some((code, name)));
        }
    }
    for at in &cuts {
        let (head, tail) = card.split_at(*at);
        if let Some(code) = whole(tail) {
            let name = head.trim_matches(MARKS).to_owned();
            if known.contains_key(code.as_str()) {
                return Some((code, name));
            }
            fallback = fallback.or(Some((code, name)));
        }
    }
    fallback
}

/// A name without courtesy titles and what stands in brackets.
fn core(name: &str) -> String {
    let cut = name
        .split(['(', '（', '[', '【'])
        .next()
        .unwrap_or_default();
    let mut cut = cut.trim_matches(MARKS);
    while let Some(short) = TITLES.iter().find_map(|t| cut.strip_suffix(t)) {
        cut = short.trim_matches(MARKS);
    }
    cut.to_owned()
}

fn judge(name: &str, home: &Home) -> (Kind, String) {
    let core = core(name);
    let tenant_said = name.contains('租');
    let fits = |on_roster: &str| {
        if core.is_empty() {
            return false;
        }
        if core.chars().count() == 1 {
            // A surname alone: 王女士.
            return name_key(on_roster).starts_with(&name_key(&core));
        }
        same_name(&core, on_roster) != SameName::No
    };
    let of = |standing: Standing| {
        let mut people = home.people.iter().filter(move |(_, s)| *s == standing);
        people.find(|(n, _)| fits(n)).map(|(n, _)| n.clone())
    };
    if !tenant_said && let Some(who) = of(Standing::Owner).or_else(|| of(Standing::Family)) {
        return (Kind::Fits, who);
    }
    if let Some(who) = of(Standing::Tenant) {
        return (Kind::Tenant, who);
    }
    if tenant_said {
        return (Kind::Tenant, core);
    }
    if let Some(who) = of(Standing::Former) {
        return (Kind::SoldOut, who);
    }
    (Kind::Stranger, core)
}

/// The group asks for `3-2-1801 王女士`: the office's code, a space, a name.
fn is_written_well(card: &str, code: &str, name: &str) -> bool {
    !name.is_empty() && card == format!("{code} {name}")
}
