//! Identity documents: the resident's number with its check digit, passports and the like.

use hanzi::numbers::{IdError, ResidentId, Uscc, UsccError};
use serde::{Deserialize, Serialize};

use crate::fault::Reason;
use crate::grid::Cell;
use crate::label::{key, plain};
use crate::value::phone::in_scientific;
use crate::value::stand_in;

/// Numbers from here on are not whole in Excel, which keeps 15 digits.
const EXCEL_WHOLE_MAX: f64 = 1e15;

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdKind {
    /// 居民身份證
    ResidentId,
    Passport,
    /// 港澳居民來往內地通行證, 港澳居民居住證
    HongKongMacau,
    /// 台灣居民來往大陸通行證, 台灣居民居住證
    Taiwan,
    /// 軍官證 and every other.
    Other,
}

/// An identity document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IdDocument {
    pub kind: IdKind,
    /// Half width, capital letters, no blanks.
    pub number: String,
}

/// One entry of an identity cell, in the order written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    Known(IdDocument),
    /// A company's code in the column of identity numbers.
    Uscc(String),
    Dummy,
    Fault(Reason),
}

/// Reads the document's kind.
pub(crate) fn kind(text: &str) -> Option<IdKind> {
    let key = key(text);
    let has = |words: &[&str]| words.iter().any(|w| key.contains(w));
    if has(&["身份证", "居民身份", "residentid", "idcard"]) && !has(&["港", "澳", "台"]) {
        Some(IdKind::ResidentId)
    } else if has(&["护照", "passport"]) {
        Some(IdKind::Passport)
    } else if has(&["港", "澳", "回乡证"]) {
        Some(IdKind::HongKongMacau)
    } else if has(&["台"]) {
        Some(IdKind::Taiwan)
    } else if key.is_empty() {
        None
    } else {
        Some(IdKind::Other)
    }
}

/// Reads an identity cell; empty when it is blank.
pub(crate) fn read(cell: Cell<'_>, told: Option<IdKind>) -> Vec<Entry> {
    match cell {
        Cell::Empty => Vec::new(),
        Cell::Error(_) => vec![Entry::Fault(Reason::FormulaError)],
        Cell::Number(n) if n.abs() >= EXCEL_WHOLE_MAX => {
            let text = cell.shown();
            vec![if is_dummy(&text) {
                Entry::Dummy
            } else {
                Entry::Fault(Reason::IdDigitsLost)
            }]
        }
        Cell::Number(_) => vec![one(&cell.shown(), told)],
        Cell::Text(text) if stand_in(text) => vec![Entry::Dummy],
        Cell::Text(text) => {
            let parts = text.split([
                '、', ',', '，', ';', '；', '/', '／', '\n', '|', ' ', '\u{3000}',
            ]);
            let parts: Vec<&str> = parts.filter(|p| !p.trim().is_empty()).collect();
            // `110101 19900307 7571` typed in groups is one number.
            let joined: String = parts.concat();
            if parts.len() > 1 && plain(&joined).len() == 18 {
                return vec![one(&joined, told)];
            }
            parts.into_iter().map(|p| one(p, told)).collect()
        }
        _ => vec![Entry::Fault(Reason::IdUnreadable)],
    }
}

fn one(text: &str, told: Option<IdKind>) -> Entry {
    if stand_in(text) {
        return Entry::Dummy;
    }
    let number = plain(text).to_uppercase();
    let number = number.trim_end_matches(".0");
    if is_dummy(number) {
        return Entry::Dummy;
    }
    if in_scientific(number) {
        return Entry::Fault(Reason::IdDigitsLost);
    }
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let plain_letters = number.bytes().all(|b| b.is_ascii_alphanumeric());
    let old_card = number.len() == 15 && digits == 15;
    let resident = old_card
        || number.len() == 18
            && number.as_bytes()[..17].iter().all(u8::is_ascii_digit)
            && (digits == 18 || number.ends_with('X'));
    if matches!(told, None | Some(IdKind::ResidentId)) && resident {
        return match resident_id(number) {
            Ok(number) => Entry::Known(IdDocument {
                kind: IdKind::ResidentId,
                number,
            }),
            Err(_) if number.ends_with("000") => Entry::Fault(Reason::IdDigitsLost),
            Err(_) if uscc(number).is_ok() => Entry::Uscc(number.to_owned()),
            Err(reason) => Entry::Fault(reason),
        };
    }
    if number.len() == 18 && plain_letters && told != Some(IdKind::ResidentId) {
        return match uscc(number) {
            Ok(code) => Entry::Uscc(code),
            Err(reason) => Entry::Fault(reason),
        };
    }
    let foreign = plain_letters && (5..=20).contains(&number.len()) && digits >= 4;
    match told {
        Some(kind) if kind != IdKind::ResidentId && foreign => Entry::Known(IdDocument {
            kind,
            number: number.to_owned(),
        }),
        None if foreign && number.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Entry::Known(IdDocument {
                kind: IdKind::Other,
                number: number.to_owned(),
            })
        }
        _ => Entry::Fault(Reason::IdUnreadable),
    }
}

fn is_dummy(number: &str) -> bool {
    let bytes = number.as_bytes();
    let one_digit = bytes.len() >= 6 && bytes.windows(2).all(|w| w[0] == w[1]);
    // As a number, Excel has rounded eighteen ones to fifteen and three zeros.
    let rounded = bytes.len() == 18
        && bytes.ends_with(b"000")
        && bytes[..15].windows(2).all(|w| w[0] == w[1]);
    one_digit || rounded || matches!(number, "123456789012345678" | "123456200001011234")
}

fn resident_id(number: &str) -> Result<String, Reason> {
    match ResidentId::parse(number) {
        Ok(id) => Ok(id.as_str().to_owned()),
        Err(IdError::Rounded) => Err(Reason::IdDigitsLost),
        Err(IdError::Check) => Err(Reason::IdCheckDigit),
        Err(_) => Err(Reason::IdUnreadable),
    }
}

/// Reads a unified social credit code.
pub(crate) fn uscc(text: &str) -> Result<String, Reason> {
    match Uscc::parse(text) {
        Ok(code) => Ok(code.as_str().to_owned()),
        Err(UsccError::Check) => Err(Reason::UsccCheckDigit),
        Err(_) => Err(Reason::UsccUnreadable),
    }
}
