//! The organisation's unified social credit code (統一社會信用代碼, GB 32100-2015): 18 characters.

use std::fmt;

use super::bare;

/// The code's alphabet in the order of its values; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The alphabet of the organisation code inside (GB 11714), characters 9–17.
const INNER: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Weights of the organisation code's first eight characters (GB 11714).
const INNER_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// Each weight is 3 to the power of its place, modulo this (GB 32100 table).
const MODULUS: u32 = 31;

/// A checked code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uscc {
    text: String,
}

/// Why a text is no credit code. `Display` tells what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsccError {
    /// Nothing there.
    Empty,
    /// Not 18 characters.
    Length { found: usize },
    /// A character that credit codes leave out.
    Character(char),
    /// The last character does not fit.
    Check,
}

impl fmt::Display for UsccError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UsccError::Empty => f.write_str("no credit code given"),
            UsccError::Length { found } => {
                write!(f, "a credit code has 18 characters, this one {found}")
            }
            UsccError::Character(c) => write!(
                f,
                "credit codes do not use {c}; perhaps it is a 0, 1, 2 or 5"
            ),
            UsccError::Check => {
                f.write_str("the last character does not fit the others; one is mistyped")
            }
        }
    }
}

impl std::error::Error for UsccError {}

fn value(alphabet: &[u8], byte: u8) -> Option<u32> {
    alphabet.iter().position(|&b| b == byte).map(|at| at as u32)
}

impl Uscc {
    /// Reads a code in any width and case, with spaces or dashes.
    ///
    /// # Errors
    /// When it cannot be one; the error says how to mend it.
    pub fn parse(text: &str) -> Result<Uscc, UsccError> {
        if text.trim().is_empty() {
            return Err(UsccError::Empty);
        }
        let Some(code) = bare(text, "") else {
            let odd = text
                .chars()
                .find(|c| !c.is_alphanumeric() && !c.is_whitespace())
                .unwrap_or('?');
            return Err(UsccError::Character(odd));
        };
        if code.len() != 18 {
            return Err(UsccError::Length { found: code.len() });
        }
        let mut sum = 0;
        let mut weight = 1;
        for &byte in &code.as_bytes()[..17] {
            let v = value(ALPHABET, byte).ok_or(UsccError::Character(char::from(byte)))?;
            sum = (sum + v * weight) % MODULUS;
            weight = weight * 3 % MODULUS;
        }
        let last = code.as_bytes()[17];
        let check = value(ALPHABET, last).ok_or(UsccError::Character(char::from(last)))?;
        if check != (MODULUS - sum) % MODULUS {
            return Err(UsccError::Check);
        }
        Ok(Uscc { text: code })
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the organisation code inside (characters 9–17) fits its own check character.
    ///
    /// Only a hint for whoever compares with the certificate: GB 32100 asks for its own check alone.
    #[must_use]
    pub fn inner_check_fits(&self) -> bool {
        inner_fits(&self.text.as_bytes()[8..17])
    }
}

/// GB 11714: the ninth character checks the eight before it, 10 written X.
fn inner_fits(code: &[u8]) -> bool {
    let sum: Option<u32> = code
        .iter()
        .zip(INNER_WEIGHTS)
        .map(|(&b, weight)| value(INNER, b).map(|v| v * weight))
        .sum();
    let Some(sum) = sum else { return false };
    let expected = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        n => b'0' + n as u8,
    };
    code.get(8) == Some(&expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made up for this test: the weights of both standards worked by hand.
    fn made_up(front: &str) -> String {
        let inner_sum: u32 = front.as_bytes()[8..16]
            .iter()
            .zip(INNER_WEIGHTS)
            .map(|(&b, w)| value(INNER, b).expect("in the alphabet") * w)
            .sum();
        let inner = match 11 - inner_sum % 11 {
            10 => 'X',
            11 => '0',
            n => char::from(b'0' + n as u8),
        };
        let body = format!("{front}{inner}");
        let sum: u32 = body
            .bytes()
            .zip([
                1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
            ])
            .map(|(b, w)| value(ALPHABET, b).expect("in the alphabet") * w)
            .sum();
        let check = ALPHABET[((31 - sum % 31) % 31) as usize];
        format!("{body}{}", char::from(check))
    }

    #[test]
    fn a_code_with_both_checks_is_taken_however_typed() {
        let code = made_up("91440300MA5EXAMP".replace('S', "5").as_str());
        assert_eq!(
            Uscc::parse(&code).map(|c| c.as_str().to_owned()),
            Ok(code.clone())
        );
        let spaced = format!(
            "{} {}-{}",
            &code[..4],
            &code[4..8],
            code[8..].to_lowercase()
        );
        assert!(Uscc::parse(&code).is_ok_and(|c| c.inner_check_fits()));
        assert_eq!(
            Uscc::parse(&spaced).map(|c| c.as_str().to_owned()),
            Ok(code)
        );
    }

    #[test]
    fn a_wrong_organisation_code_inside_is_a_hint_only() {
        let good = made_up("91110000MA00EFGH");
        let swapped = if good.as_bytes()[16] == b'1' {
            "2"
        } else {
            "1"
        };
        let body = format!("{}{swapped}", &good[..16]);
        let code = ALPHABET
            .iter()
            .filter_map(|&last| Uscc::parse(&format!("{body}{}", char::from(last))).ok())
            .collect::<Vec<_>>();
        assert_eq!(code.len(), 1, "one check character fits");
        assert!(!code[0].inner_check_fits());
    }

    #[test]
    fn each_mistyped_character_is_found() {
        let good = made_up("91110000MA00EFGH");
        for at in 0..18 {
            for &byte in ALPHABET {
                let mut bytes = good.as_bytes().to_vec();
                if bytes[at] != byte {
                    bytes[at] = byte;
                    let text = String::from_utf8(bytes).expect("ASCII");
                    assert!(Uscc::parse(&text).is_err(), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused_by_reason() {
        assert_eq!(Uscc::parse(" "), Err(UsccError::Empty));
        assert_eq!(Uscc::parse("9111"), Err(UsccError::Length { found: 4 }));
        assert_eq!(
            Uscc::parse("91110000MAO0EFGH12"),
            Err(UsccError::Character('O'))
        );
        assert_eq!(Uscc::parse("9111*"), Err(UsccError::Character('*')));
    }
}
