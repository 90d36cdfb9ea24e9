//! Phone numbers of mainland China, mobile and landline.

use std::fmt;

use super::bare;

/// A phone number of mainland China.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    /// Digits without +86 and without the trunk 0: `13800138000`, `1062345678`.
    national: String,
    /// Digits of the area code, 0 for a mobile number.
    area: usize,
    extension: Option<String>,
}

/// Why a text is no phone number. `Display` tells what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneError {
    /// Nothing there.
    Empty,
    /// Letters or signs that no phone number has, two numbers in one cell, or far too long.
    Signs,
    /// A country code other than 86.
    Foreign,
    /// A mobile number without its eleven digits.
    MobileLength { digits: usize },
    /// Eleven digits that begin with 1 but then 0, 1 or 2.
    MobileStart,
    /// A landline without its area code.
    NoArea,
    /// A landline whose number is too short or too long for its area, or begins with 0 or 1.
    LandlineLength { digits: usize },
}

impl fmt::Display for PhoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PhoneError::Empty => f.write_str("no phone number given"),
            PhoneError::Signs => f.write_str("a phone number has digits only; keep one number"),
            PhoneError::Foreign => f.write_str("only numbers of mainland China (+86) are taken"),
            PhoneError::MobileLength { digits } => {
                write!(f, "a mobile number has 11 digits, this one {digits}")
            }
            PhoneError::MobileStart => f.write_str("a mobile number begins with 13 to 19"),
            PhoneError::NoArea => f.write_str("a landline needs its area code, like 010-62345678"),
            PhoneError::LandlineLength { digits } => {
                write!(
                    f,
                    "a landline has 7 or 8 digits after its area code, the first 2 to 9; this one has {digits}"
                )
            }
        }
    }
}

impl std::error::Error for PhoneError {}

/// Longest extension behind a switchboard number.
const EXTENSION_DIGITS_MAX: usize = 6;

impl Phone {
    /// Reads a number however it is typed: `138 0013 8000`, `+86-13800138000`, `(0755)26000000`,
    /// `010-62345678转801`, `13800138000.0`.
    ///
    /// # Errors
    /// When it is no number of mainland China; the error says how to mend it.
    pub fn parse(text: &str) -> Result<Phone, PhoneError> {
        if text.trim().is_empty() {
            return Err(PhoneError::Empty);
        }
        let bare = bare(text, "+()[]转#,").ok_or(PhoneError::Signs)?;
        let (number, extension) = match bare.split_once(['转', '#', ',']) {
            Some((number, extension)) => (number, Some(extension)),
            None => (bare.as_str(), None),
        };
        let digits: String = number.chars().filter(|c| !"()[]".contains(*c)).collect();
        let rest = digits.strip_prefix('+').unwrap_or(&digits);
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::Signs);
        }
        let abroad = digits.starts_with('+') || rest.starts_with("00");
        let rest = rest.strip_prefix("00").unwrap_or(rest);
        let national = match rest.strip_prefix("86") {
            // Without + or 00, 86 is a country code only before a whole mobile number or a trunk 0.
            Some(after) if abroad || after.starts_with('0') || after.len() == MOBILE_DIGITS => {
                after
            }
            None if abroad => return Err(PhoneError::Foreign),
            _ => rest,
        };
        let extension = extension.map(check_extension).transpose()?;
        match national.strip_prefix('0') {
            // 01380013800…: a trunk 0 before a mobile number, as old exchanges wanted.
            Some(after) if after.starts_with('1') && after.len() == MOBILE_DIGITS => {
                mobile(after, extension)
            }
            Some(after) => landline(after, extension),
            None if national.starts_with('1') && !(abroad && national.starts_with("10")) => {
                mobile(national, extension)
            }
            // +86 10 6234 5678 drops the trunk 0.
            None if abroad => landline(national, extension),
            None => Err(PhoneError::NoArea),
        }
    }

    /// Whether it can receive SMS.
    #[must_use]
    pub fn is_mobile(&self) -> bool {
        self.area == 0
    }

    /// `+8613800138000`, `+861062345678` (E.164, without extension).
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+86{}", self.national)
    }

    /// As people dial it at home: `13800138000`, `010-62345678`, with `转801`.
    #[must_use]
    pub fn national(&self) -> String {
        let mut text = match self.area {
            0 => self.national.clone(),
            area => format!("0{}-{}", &self.national[..area], &self.national[area..]),
        };
        if let Some(extension) = &self.extension {
            text += "转";
            text += extension;
        }
        text
    }

    /// The extension behind a switchboard.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// The last four digits, by which people name a number.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.national[self.national.len() - 4..]
    }

    /// `138****1234`, `010-****5678` (people.md P5).
    #[must_use]
    pub fn masked(&self) -> String {
        match self.area {
            0 => format!("{}****{}", &self.national[..3], self.tail()),
            area => {
                let stars = "*".repeat(self.national.len() - area - 4);
                format!("0{}-{stars}{}", &self.national[..area], self.tail())
            }
        }
    }
}

/// Digits of a mobile number.
const MOBILE_DIGITS: usize = 11;

fn mobile(digits: &str, extension: Option<String>) -> Result<Phone, PhoneError> {
    if digits.len() != MOBILE_DIGITS {
        return Err(PhoneError::MobileLength {
            digits: digits.len(),
        });
    }
    // Every range from 13 to 19 is in use or reserved; which of them is full changes yearly.
    if !matches!(digits.as_bytes()[1], b'3'..=b'9') {
        return Err(PhoneError::MobileStart);
    }
    Ok(Phone {
        national: digits.to_owned(),
        area: 0,
        extension,
    })
}

/// `after` is the number behind the trunk 0.
fn landline(after: &str, extension: Option<String>) -> Result<Phone, PhoneError> {
    // Area codes: 10 and 2x have two digits, all others three (numbering plan of 工信部).
    let area = match after.as_bytes() {
        [b'1', b'0', ..] | [b'2', ..] => 2,
        [b'3'..=b'9', ..] => 3,
        _ => return Err(PhoneError::NoArea),
    };
    let number = after.get(area..).unwrap_or("");
    let lengths = if area == 2 { 8..=8 } else { 7..=8 };
    let start_ok = matches!(number.as_bytes().first(), Some(b'2'..=b'9'));
    if !lengths.contains(&number.len()) || !start_ok {
        return Err(PhoneError::LandlineLength {
            digits: number.len(),
        });
    }
    Ok(Phone {
        national: after.to_owned(),
        area,
        extension,
    })
}

fn check_extension(text: &str) -> Result<String, PhoneError> {
    let fits = !text.is_empty()
        && text.len() <= EXTENSION_DIGITS_MAX
        && text.bytes().all(|b| b.is_ascii_digit());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(PhoneError::Signs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_typed_in_many_ways_is_one_number() {
        for text in [
            "13800138000",
            "138 0013 8000",
            "138-0013-8000",
            "+86 13800138000",
            "+86-138-0013-8000",
            "8613800138000",
            "008613800138000",
            "１３８００１３８０００",
            "13800138000.0",
            "一三八零零一三八零零零",
            "013800138000",
            " 13800138000\u{200b}",
            "'13800138000",
            "(+86)13800138000",
        ] {
            assert_eq!(
                Phone::parse(text).map(|p| p.e164()),
                Ok("+8613800138000".to_owned()),
                "{text}"
            );
        }
        for (text, e164, national) in [
            ("010-62345678", "+861062345678", "010-62345678"),
            ("(010)62345678转801", "+861062345678", "010-62345678转801"),
            ("010-62345678轉801", "+861062345678", "010-62345678转801"),
            ("（0755）26000000", "+8675526000000", "0755-26000000"),
            ("0310 3123456", "+863103123456", "0310-3123456"),
            ("+86 10 6234 5678", "+861062345678", "010-62345678"),
            ("+86 21 62345678", "+862162345678", "021-62345678"),
        ] {
            let phone = Phone::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(
                (phone.e164(), phone.national()),
                (e164.to_owned(), national.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn masks_keep_only_what_the_law_of_the_house_allows() {
        assert_eq!(
            Phone::parse("13800131234").expect("mobile").masked(),
            "138****1234"
        );
        assert_eq!(
            Phone::parse("010-62345678").expect("landline").masked(),
            "010-****5678"
        );
        assert_eq!(
            Phone::parse("0310-3123456").expect("landline").masked(),
            "0310-***3456"
        );
    }

    #[test]
    fn what_is_no_number_is_refused_by_reason() {
        for (text, error) in [
            ("", PhoneError::Empty),
            ("1380013800", PhoneError::MobileLength { digits: 10 }),
            ("138001380001", PhoneError::MobileLength { digits: 12 }),
            ("12800138000", PhoneError::MobileStart),
            ("62345678", PhoneError::NoArea),
            ("010-12345678", PhoneError::LandlineLength { digits: 8 }),
            ("010-6234567", PhoneError::LandlineLength { digits: 7 }),
            ("+1 212 555 0100", PhoneError::Foreign),
            ("13800138000/13900139000", PhoneError::Signs),
            ("1.38E+10", PhoneError::Signs),
            ("无", PhoneError::Signs),
        ] {
            assert_eq!(Phone::parse(text), Err(error), "{text}");
        }
    }
}
