//! Understands one heading: which field it names, whose, and for fees which item and period.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::field::{FeeItem, Field, Layout, Whose};
use crate::headings::{EMPTY_WORDS, GROUPS, ITEMS, WHOSE, WORDS};
use crate::label::heading_key;
use crate::mapping::Evidence;
use crate::period::{NoPeriod, Period, year_of};

/// A heading longer than this is a sentence.
const HEADING_CHARS: usize = 30;
/// Confidence in a known word, in a known word after whose it is, and in a word inside another.
const SURE: u8 = 98;
const COMPOSED: u8 = 95;
const PART: u8 = 70;

/// What a heading was understood to say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Meaning {
    pub field: Field,
    pub whose: Whose,
    /// The number in the heading, if it has one.
    pub nth: Option<u8>,
    pub item: Option<FeeItem>,
    pub period: Option<Period>,
    pub confidence: u8,
    pub evidence: Evidence,
}

impl Meaning {
    fn new(field: Field, whose: Whose, confidence: u8, evidence: Evidence) -> Self {
        Meaning {
            field,
            whose,
            nth: None,
            item: None,
            period: None,
            confidence,
            evidence,
        }
    }
}

/// Understands a heading under the head of its group, if it has one.
pub(crate) fn understand(
    heading: &str,
    group: &str,
    layout: Layout,
    year: Option<i16>,
) -> Option<Meaning> {
    if heading.chars().count() > HEADING_CHARS {
        return None;
    }
    let meaning = match layout {
        Layout::Roster => None,
        Layout::Fees => amount(heading, group, year),
    };
    let mut meaning = meaning.or_else(|| party(heading, group))?;
    if !meaning.field.fits(layout) {
        meaning.field = Field::Ignored;
    }
    Some(meaning)
}

/// Whether a text is surely a heading of this field, or of the fee that it names: for cells
/// among the data, where a word inside another proves nothing.
pub(crate) fn surely(text: &str, layout: Layout) -> Option<Field> {
    if layout == Layout::Fees {
        return understand(text, "", layout, None)
            .filter(|m| m.confidence > PART)
            .map(|m| m.field);
    }
    if text.chars().count() > HEADING_CHARS {
        return None;
    }
    let key = heading_key(text);
    let (bare, _) = without_number(&key);
    let known = word(&bare).is_some() || whose(&bare).is_some();
    known
        .then(|| understand(text, "", layout, None))?
        .filter(|m| m.confidence > PART)
        .map(|m| m.field)
}

/// Whether a text is a head over several columns.
pub(crate) fn is_group(text: &str, layout: Layout) -> bool {
    let key = heading_key(text);
    let (key, _) = without_number(&key);
    GROUPS.contains(&key.as_str())
        || whose(&key).is_some_and(|(_, rest)| rest.is_empty() || EMPTY_WORDS.contains(&rest))
        || (layout == Layout::Fees
            && (item(&key).is_some() || Period::parse(text, Some(2000)).is_ok()))
}

fn party(heading: &str, group: &str) -> Option<Meaning> {
    let key = heading_key(heading);
    let (key, nth) = without_number(&key);
    let (group_key, group_nth) = without_number(&heading_key(group));
    let of_group = whose(&group_key).map(|(whose, _)| whose);
    let mut found = if let Some((field, word)) = word(&key) {
        // A bare word takes its owner from the group's head.
        Meaning::new(
            field,
            of_group.unwrap_or_default(),
            SURE,
            Evidence::Heading {
                word: word.to_owned(),
            },
        )
    } else if let Some((whose, rest)) = whose(&key) {
        let field = if rest.is_empty() || EMPTY_WORDS.contains(&rest) {
            Field::Name
        } else {
            let field = word(rest)
                .map(|(field, _)| field)
                .or_else(|| part(rest).map(|(field, _)| field))?;
            // 產權面積 and 業主備註 belong to the room, not to the person.
            field
        };
        Meaning::new(
            field,
            whose,
            COMPOSED,
            Evidence::Heading { word: key.clone() },
        )
    } else {
        let (field, word) = part(&key)?;
        Meaning::new(
            field,
            of_group.unwrap_or_default(),
            PART,
            Evidence::HeadingPart {
                word: word.to_owned(),
            },
        )
    };
    // 3棟 and 2單元 are data, not headings of a column of buildings or units.
    let place = matches!(
        found.field,
        Field::Phase | Field::Zone | Field::Building | Field::Unit | Field::Floor | Field::Room
    );
    if place && heading_key(heading).starts_with(is_numeral) {
        return None;
    }
    found.nth = nth.or(group_nth);
    Some(found)
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十两廿甲乙丙丁".contains(c)
}

/// The field of a whole word.
fn word(key: &str) -> Option<(Field, &'static str)> {
    // Asked of many cells of a file, not of its headings alone.
    static BY_WORD: LazyLock<HashMap<&str, Field>> = LazyLock::new(|| {
        let mut map = HashMap::new();
        for (field, words) in WORDS {
            for word in *words {
                map.entry(*word).or_insert(*field);
            }
        }
        map
    });
    BY_WORD
        .get_key_value(key)
        .map(|(word, field)| (*field, *word))
}

/// The field of the longest known word inside.
fn part(key: &str) -> Option<(Field, &'static str)> {
    let latin = key.is_ascii();
    let all = WORDS
        .iter()
        .flat_map(|(field, words)| words.iter().map(move |w| (*field, *w)));
    all.filter(|(field, w)| {
        let long = w.chars().count() >= if latin { 4 } else { 2 };
        long && *field != Field::Kind && key.contains(w)
    })
    .max_by_key(|(field, w)| (w.chars().count(), *field != Field::Ignored))
}

/// Whose the heading begins with, and the rest of it.
fn whose(key: &str) -> Option<(Whose, &str)> {
    WHOSE.iter().find_map(|(whose, words)| {
        words
            .iter()
            .find_map(|w| key.strip_prefix(w))
            .map(|rest| (*whose, rest))
    })
}

/// Takes a running number off a heading's key: 業主2, 電話①, 第二業主 stays.
fn without_number(key: &str) -> (String, Option<u8>) {
    let mut nth = None;
    let mut rest = String::new();
    let signs: Vec<char> = key.chars().collect();
    for (i, &c) in signs.iter().enumerate() {
        let digit = match c {
            '1'..='9' => c.to_digit(10),
            '①'..='⑨' => Some(c as u32 - '①' as u32 + 1),
            '一' | '二' | '三' | '四' | '五' if i + 1 == signs.len() && i > 0 => "一二三四五"
                .chars()
                .position(|d| d == c)
                .map(|p| p as u32 + 1),
            _ => None,
        };
        let is_digit = |at: Option<usize>| {
            at.and_then(|at| signs.get(at))
                .is_some_and(char::is_ascii_digit)
        };
        let lone = !is_digit(i.checked_sub(1)) && !is_digit(Some(i + 1));
        // m2 is a unit.
        match digit {
            Some(d) if lone && nth.is_none() && !rest.ends_with('m') => nth = u8::try_from(d).ok(),
            _ => rest.push(c),
        }
    }
    if rest.is_empty() {
        (key.to_owned(), None)
    } else {
        (rest, nth)
    }
}

/// The fee item that a key names: one of the four, or any word that ends as a fee does.
pub(crate) fn item(key: &str) -> Option<FeeItem> {
    for (item, words) in ITEMS {
        if words.contains(&key) {
            return Some(match *item {
                "property" => FeeItem::Property,
                "water" => FeeItem::Water,
                "electricity" => FeeItem::Electricity,
                _ => FeeItem::Parking,
            });
        }
    }
    let fee = key.ends_with('费')
        || key.ends_with("资金")
        || key.ends_with("基金")
        || key.ends_with("押金")
        || key.ends_with("保证金");
    let plain = !["费", "应收费", "欠费", "缴费", "收费", "交费", "实收费"].contains(&key)
        && word(key).is_none();
    (fee && plain).then(|| FeeItem::Other(key.to_owned()))
}

/// A column of amounts: 應收, 物業費, 2026年1月, 物業費實收, or 1月 under 物業費.
fn amount(heading: &str, group: &str, year: Option<i16>) -> Option<Meaning> {
    let group_year = year_of(&crate::label::plain(group)).or(year);
    let mut item_found = None;
    let mut period = None;
    let mut field = None;
    let mut said = false;
    let mut year_missing = false;
    for text in [group, heading] {
        let is_heading = std::ptr::eq(text, heading);
        let key = heading_key(text);
        if key.is_empty() {
            continue;
        }
        if ["合计", "总计", "小计", "total", "sum"].contains(&key.as_str()) && is_heading {
            return Some(Meaning::new(
                Field::Ignored,
                Whose::Owner,
                SURE,
                Evidence::Heading { word: key },
            ));
        }
        match Period::parse(text, group_year) {
            Ok(p) if !key.chars().all(|c| c.is_ascii_digit()) || key.len() == 6 => {
                period = Some(p);
                said |= is_heading;
                continue;
            }
            Err(NoPeriod::YearUnknown) if key.ends_with('月') => {
                year_missing = true;
                said |= is_heading;
                continue;
            }
            _ => {}
        }
        let mut rest = key.as_str();
        for (ending, of) in [
            ("应收", Field::Amount),
            ("应缴", Field::Amount),
            ("应交", Field::Amount),
            ("欠费", Field::Amount),
            ("实收", Field::Paid),
            ("实缴", Field::Paid),
            ("已收", Field::Paid),
            ("已缴", Field::Paid),
            ("已交", Field::Paid),
        ] {
            for mark in [format!("{ending}金额"), ending.to_owned()] {
                if let Some(cut) = rest
                    .strip_suffix(mark.as_str())
                    .or_else(|| rest.strip_prefix(mark.as_str()))
                {
                    field = Some(of);
                    said |= is_heading;
                    rest = cut;
                    break;
                }
            }
        }
        let rest = rest.strip_suffix("金额").unwrap_or(rest);
        let rest = rest.strip_suffix('元').unwrap_or(rest);
        if let Some(found) = item(rest) {
            item_found = Some(found);
            said |= is_heading;
        } else if is_heading && !rest.is_empty() {
            // The heading says something else: 物業費 over 單價.
            return None;
        }
    }
    if !said || (item_found.is_none() && period.is_none() && !year_missing) {
        return None;
    }
    let mut meaning = Meaning::new(
        field.unwrap_or(Field::Amount),
        Whose::Owner,
        COMPOSED,
        Evidence::Heading {
            word: heading_key(heading),
        },
    );
    meaning.item = item_found;
    meaning.period = period;
    if year_missing && period.is_none() {
        meaning.confidence = PART;
    }
    Some(meaning)
}

/// Whether a heading ends with a month that lacks its year: `1月`, `物業費 1月`.
pub(crate) fn month_without_year(heading: &str) -> bool {
    let named = heading.rsplit(' ').next().unwrap_or_default();
    named.contains('月') && Period::parse(named, None) == Err(NoPeriod::YearUnknown)
}
