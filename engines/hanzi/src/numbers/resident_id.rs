//! The citizen's identity number (GB 11643-1999): 17 digits and a check character (ISO 7064 MOD 11-2).

use std::fmt;

use super::bare;

/// Province-level codes of GB/T 2260 in use, 81–83 being the residence permits of Hong Kong, Macau
/// and Taiwan residents.
const PROVINCES: &[u32] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// Births before this year are misread numbers: nobody on a roster is older.
const BIRTH_YEAR_MIN: u16 = 1880;
/// Births after this year are misread numbers; the clock is not ours to read. See [`ResidentId::born_by`].
const BIRTH_YEAR_MAX: u16 = 2099;

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character for each remainder.
const CHECKS: &[u8; 11] = b"10X98765432";

/// A date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate {
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The sex registered in the 17th digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    Female,
    Male,
}

/// An identity number, always in its 18-character form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    text: String,
}

/// Why a text is no identity number. `Display` tells what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdError {
    /// Nothing there.
    Empty,
    /// Neither 18 nor 15 characters.
    Length { found: usize },
    /// Something else than digits, with X at the end at most.
    Signs,
    /// The first two digits name no province.
    Province,
    /// Digits 7–14 are no date of birth.
    BirthDate,
    /// The last character does not fit: a digit is mistyped.
    Check,
    /// Ends in zeros as a spreadsheet leaves a long number; its last digits are lost.
    Rounded,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdError::Empty => f.write_str("no identity number given"),
            IdError::Length { found } => write!(f, "an identity number has 18 characters, this one {found}"),
            IdError::Signs => f.write_str("an identity number has digits, and perhaps an X at its end"),
            IdError::Province => f.write_str("the first two digits name no province; compare with the card"),
            IdError::BirthDate => f.write_str("digits 7 to 14 are no date of birth; compare with the card"),
            IdError::Check => f.write_str("the last character does not fit the others; a digit is mistyped"),
            IdError::Rounded => {
                f.write_str("the spreadsheet has rounded the number; format the column as text and type it again")
            }
        }
    }
}

impl std::error::Error for IdError {}

impl ResidentId {
    /// Reads a number of 18 characters, or of 15 digits as cards had before 1999, which is made into
    /// 18 (century 19, check character computed).
    ///
    /// # Errors
    /// When it cannot be one; the error says how to mend it.
    pub fn parse(text: &str) -> Result<ResidentId, IdError> {
        if text.trim().is_empty() {
            return Err(IdError::Empty);
        }
        let mut id = bare(text, "").ok_or(IdError::Signs)?;
        // ASCII throughout, so byte positions are characters.
        match id.len() {
            15 => {
                if !id.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(IdError::Signs);
                }
                id.insert_str(6, "19");
                id.push(char::from(check_of(&id)));
            }
            18 => {}
            found => return Err(IdError::Length { found }),
        }
        let (body, last) = id.split_at(17);
        if !body.bytes().all(|b| b.is_ascii_digit())
            || !matches!(last.as_bytes(), [b'0'..=b'9' | b'X'])
        {
            return Err(IdError::Signs);
        }
        let number = |from: usize, to: usize| -> u32 {
            id[from..to].parse().expect("digits, checked above")
        };
        if !PROVINCES.contains(&number(0, 2)) {
            return Err(IdError::Province);
        }
        if !is_date(number(6, 10), number(10, 12), number(12, 14)) {
            return Err(IdError::BirthDate);
        }
        if check_of(body) != last.as_bytes()[0] {
            // A double holds 15 digits: the rest of a long number becomes zeros.
            return Err(if id.ends_with("000") {
                IdError::Rounded
            } else {
                IdError::Check
            });
        }
        Ok(ResidentId { text: id })
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The date of birth the number holds.
    #[must_use]
    pub fn birth_date(&self) -> BirthDate {
        let number = |from: usize, to: usize| -> u16 {
            self.text[from..to].parse().expect("digits by construction")
        };
        BirthDate {
            year: number(6, 10),
            month: number(10, 12) as u8,
            day: number(12, 14) as u8,
        }
    }

    /// Whether the holder was born on or before that day: a number from the future is misread.
    #[must_use]
    pub fn born_by(&self, today: BirthDate) -> bool {
        self.birth_date() <= today
    }

    /// The six-digit area of first registration.
    #[must_use]
    pub fn area(&self) -> &str {
        &self.text[..6]
    }

    /// The registered sex.
    #[must_use]
    pub fn gender(&self) -> Gender {
        if (self.text.as_bytes()[16] - b'0').is_multiple_of(2) {
            Gender::Female
        } else {
            Gender::Male
        }
    }

    /// `3***************12` with one star for each hidden character (people.md P5).
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}{}{}", &self.text[..1], "*".repeat(15), &self.text[16..])
    }
}

/// Shows the mask only, so that no log holds the number.
impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

/// ISO 7064 MOD 11-2 over the first 17 digits.
fn check_of(body: &str) -> u8 {
    let sum: u32 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(b, weight)| u32::from(b - b'0') * weight)
        .sum();
    CHECKS[(sum % 11) as usize]
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (u32::from(BIRTH_YEAR_MIN)..=u32::from(BIRTH_YEAR_MAX)).contains(&year)
        && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_its_check_character_is_taken_however_typed() {
        for text in [
            "110101190001010014",
            "110101 19000101 0014",
            "１１０１０１１９０００１０１００１４",
        ] {
            assert_eq!(
                ResidentId::parse(text).map(|id| id.as_str().to_owned()),
                Ok("110101190001010014".to_owned()),
                "{text}"
            );
        }
        let id = ResidentId::parse("44030019001231003x").expect("lower-case x");
        assert_eq!(id.as_str(), "44030019001231003X");
        assert_eq!(id.birth_date().to_string(), "1900-12-31");
        assert_eq!(id.gender(), Gender::Male);
        assert!(!id.born_by(BirthDate {
            year: 1900,
            month: 12,
            day: 30
        }));
    }

    #[test]
    fn the_standards_own_examples_are_taken() {
        for text in ["11010519491231002X", "440524188001010014"] {
            assert_eq!(
                ResidentId::parse(text).map(|id| id.as_str().to_owned()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn one_check_character_fits_each_number_and_obeys_the_standards_congruence() {
        for order in 0..1000 {
            let body = format!("11010519491231{order:03}");
            let fitting: Vec<u32> = (0..=10)
                .filter(|&check| {
                    let last = if check == 10 {
                        "X".to_owned()
                    } else {
                        check.to_string()
                    };
                    ResidentId::parse(&format!("{body}{last}")).is_ok()
                })
                .collect();
            // ISO 7064 MOD 11-2: a character i places from the right weighs 2^i; the sum is 1 mod 11.
            let sum = body
                .bytes()
                .fold(0, |sum, b| (sum + u32::from(b - b'0')) * 2 % 11);
            assert_eq!(fitting, [(12 - sum) % 11], "{body}");
        }
    }

    #[test]
    fn an_old_number_is_made_into_the_new_form() {
        let id = ResidentId::parse("110101000101001").expect("15 digits");
        assert_eq!(id.as_str(), "110101190001010014");
    }

    #[test]
    fn each_mistyped_digit_is_found() {
        let good = "110101190001010014";
        for at in 0..18 {
            for digit in b'0'..=b'9' {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[at] != digit {
                    bytes[at] = digit;
                    let text = String::from_utf8(bytes).expect("ASCII");
                    assert!(ResidentId::parse(&text).is_err(), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused_by_reason() {
        for (text, error) in [
            ("", IdError::Empty),
            ("12345", IdError::Length { found: 5 }),
            ("11010119000101001A", IdError::Signs),
            ("990101190001010014", IdError::Province),
            ("110101190002300014", IdError::BirthDate),
            ("110101190001010015", IdError::Check),
            ("110101199001010000", IdError::Rounded),
        ] {
            assert_eq!(ResidentId::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn the_mask_and_the_debug_form_hide_fifteen_characters() {
        let id = ResidentId::parse("44030019001231003X").expect("a number");
        assert_eq!(id.masked(), "4***************3X");
        assert_eq!(id.masked().len(), 18);
        assert!(!format!("{id:?}").contains("1900"));
    }
}
