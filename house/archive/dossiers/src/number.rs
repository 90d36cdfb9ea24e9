//! 檔案編號: how a dossier is called on paper. A rule of the compound puts the parts together,
//! a check character (ISO 7064, MOD 37,36) finds a slip of the pen.

use crate::ArchiveError;
use crate::open::Home;
use foundation::page::Lang;
use hanzi::fold;

/// The rule where the office has set none.
pub const DEFAULT_RULE: &str = "{期}-{區}-{棟}-{單元}-{房}-{期次}";
const RULE_CHARS_MAX: usize = 60;

/// How numbers of a compound are made: text with places in braces. An empty part goes with
/// the sign before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule(String);

impl Rule {
    /// Reads a rule.
    ///
    /// # Errors
    /// [`ArchiveError::Rule`] when room or tenure are not in it, or a place is none.
    pub fn parse(text: &str) -> Result<Rule, ArchiveError> {
        let text = text.trim();
        if text.chars().count() > RULE_CHARS_MAX {
            return Err(ArchiveError::Rule("long"));
        }
        for needed in ["{房}", "{期次}"] {
            if !text.contains(needed) {
                return Err(ArchiveError::Rule("needs"));
            }
        }
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once('{') {
            let (name, behind) = behind.split_once('}').ok_or(ArchiveError::Rule("place"))?;
            if !["期", "區", "棟", "單元", "房", "期次"].contains(&name) {
                return Err(ArchiveError::Rule("place"));
            }
            rest = behind;
        }
        Ok(Rule(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of a room's tenure, with its check character.
    pub fn number(&self, room: &Home, tenure: i64) -> String {
        let tail = behind(room);
        let tenure = format!("{tenure:02}");
        let mut out = String::new();
        let mut rest = self.0.as_str();
        while let Some((between, behind)) = rest.split_once('{') {
            let (name, behind) = behind.split_once('}').unwrap_or((behind, ""));
            let part = match name {
                "期" => room.phase.as_str(),
                "區" => room.zone.as_str(),
                "棟" => room.building.as_str(),
                "單元" => room.unit.as_str(),
                "房" => tail,
                _ => tenure.as_str(),
            };
            if !part.is_empty() {
                if !(out.is_empty() && between == "-") {
                    out.push_str(between);
                }
                out.push_str(part);
            }
            rest = behind;
        }
        out.push_str(rest);
        let check = check_character(&out);
        format!("{out}-{check}")
    }
}

impl Default for Rule {
    fn default() -> Rule {
        Rule(DEFAULT_RULE.to_owned())
    }
}

/// What the normal form says behind phase, zone, building and unit: `1801`, and all of it where
/// none of them has a place in the code, `商-01`.
fn behind(room: &Home) -> &str {
    let mut rest = room.normal.as_str();
    for part in [&room.phase, &room.zone, &room.building, &room.unit] {
        if part.is_empty() {
            continue;
        }
        let cut = rest.strip_prefix(part.as_str());
        if let Some(cut) = cut.and_then(|rest| rest.strip_prefix('-')) {
            rest = cut;
        }
    }
    rest
}

/// The stated transliteration: full width folded, letters and digits as they are in capitals,
/// any other sign but hyphens and blanks as the hexadecimal digits of its code point.
fn transliterated(text: &str) -> impl Iterator<Item = u32> {
    let plain: String = text
        .chars()
        .map(|c| match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    let mut out = String::new();
    for c in plain.chars() {
        match c {
            '-' | ' ' => {}
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_uppercase()),
            c => out.push_str(&format!("{:X}", u32::from(c))),
        }
    }
    out.into_bytes()
        .into_iter()
        .map(|b| char::from(b).to_digit(36).unwrap_or(0))
}

/// The check character of a text: ISO 7064, MOD 37,36.
pub fn check_character(text: &str) -> char {
    let mut p = 36;
    for value in transliterated(text) {
        p = (p + value) % 36;
        p = if p == 0 { 36 } else { p } * 2 % 37;
    }
    let check = (37 - p) % 36;
    char::from_digit(check, 36)
        .unwrap_or('0')
        .to_ascii_uppercase()
}

/// Whether a typed number ends in its own check character.
pub fn checks(number: &str) -> bool {
    let number = number.trim();
    match number.rsplit_once('-') {
        Some((text, last)) => {
            let mut last = last.chars();
            let one = last.next().map(|c| c.to_ascii_uppercase());
            last.next().is_none() && one == Some(check_character(text))
        }
        None => false,
    }
}

/// A number as a reader's script writes it. Codes of rooms are kept in simplified signs, and so
/// is the number with its check character; a reader of traditional ones sees 車位, and finds it
/// however it is typed.
pub fn said(number: &str, lang: Lang) -> String {
    let written = |c| match c {
        '车' => '車',
        '库' => '庫',
        '储' => '儲',
        '铺' => '鋪',
        c => c,
    };
    match lang {
        Lang::ZhHant => number.chars().map(written).collect(),
        Lang::ZhHans | Lang::En => number.to_owned(),
    }
}

/// A number as it is searched for: folded, so that full width and case do not matter.
pub fn searched(typed: &str) -> String {
    fold::key(typed).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(normal: &str, building: &str, unit: &str) -> Home {
        Home {
            id: "000000000000000a".parse().expect("an id"),
            code: normal.into(),
            normal: normal.into(),
            sort_key: vec![],
            phase: String::new(),
            zone: String::new(),
            building: building.into(),
            unit: unit.into(),
            purpose: None,
            state: None,
            moved_in: None,
        }
    }

    #[test]
    fn the_check_character_is_that_of_the_standard() {
        // The example of the GRid handbook: A1-2425G-ABC1234002-M.
        assert_eq!(check_character("A1-2425G-ABC1234002"), 'M');
        assert!(checks("a1-2425g-abc1234002-m"));
        assert!(!checks("A1-2425G-ABC1234020-M"));
        assert!(!checks("A1"));
    }

    #[test]
    fn a_slip_of_the_pen_is_found() {
        let number = Rule::default().number(&room("3-2-1801", "3", "2"), 1);
        assert!(number.starts_with("3-2-1801-01-"), "{number}");
        assert!(checks(&number));
        let signs: Vec<char> = number.chars().collect();
        for at in 0..signs.len() - 2 {
            for other in "0123456789AK".chars() {
                let mut typo = signs.clone();
                if typo[at] == '-' || typo[at] == other {
                    continue;
                }
                typo[at] = other;
                let typo: String = typo.iter().collect();
                assert!(!checks(&typo), "{typo}");
            }
            if signs[at] != signs[at + 1] && signs[at] != '-' && signs[at + 1] != '-' {
                let mut turned = signs.clone();
                turned.swap(at, at + 1);
                let turned: String = turned.iter().collect();
                assert!(!checks(&turned), "{turned}");
            }
        }
    }

    #[test]
    fn a_shop_keeps_what_tells_it_from_others() {
        let rule = Rule::default();
        let number = rule.number(&room("商-01", "", ""), 1);
        assert!(number.starts_with("商-01-01-"), "{number}");
        let parking = rule.number(&room("車位B1-001", "", ""), 1);
        assert!(parking.starts_with("車位B1-001-01-"), "{parking}");
    }

    #[test]
    fn a_number_is_said_in_the_readers_script_and_found_however_it_is_typed() {
        let number = Rule::default().number(&room("车位B1-001", "", ""), 1);
        let said = said(&number, Lang::ZhHant);
        assert!(said.starts_with("車位B1-001-01-"), "{said}");
        assert_eq!(searched(&said), number, "what the screen shows is found");
        assert_eq!(super::said(&number, Lang::ZhHans), number);
        assert!(checks(&number));
    }

    #[test]
    fn a_rule_is_read_or_says_what_is_wrong() {
        let rule = Rule::parse("YZ-{棟}/{房}.{期次}").expect("a rule");
        let number = rule.number(&room("甲-1801A", "甲", ""), 12);
        assert!(number.starts_with("YZ-甲/1801A.12-"), "{number}");
        assert!(checks(&number));
        for wrong in ["{棟}-{房}", "{期次}", "{房}{期次}{層}", "{房}{期次}{"] {
            assert!(Rule::parse(wrong).is_err(), "{wrong}");
        }
    }
}
