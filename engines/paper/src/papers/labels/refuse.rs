//! What may not stand on a label: the grades of state secrets are not ours to give
//! (保守國家秘密法, 14), and a spine in a corridor shows nobody's number.

use super::SpineLabel;
use crate::PaperError;

const WORDS: [&str; 7] = ["絕密", "绝密", "機密", "机密", "秘密", "祕密", "SECRET"];

/// Looks through all that stands on a label.
///
/// # Errors
/// [`PaperError::Refused`] with the word or the number found.
pub fn check(label: &SpineLabel) -> Result<(), PaperError> {
    for text in [
        &label.compound,
        &label.building,
        &label.unit,
        &label.room,
        &label.tenure,
        &label.code,
    ] {
        words(text)?;
        if let Some(phone) = phone(text) {
            return Err(PaperError::Refused(phone));
        }
    }
    Ok(())
}

/// # Errors
/// [`PaperError::Refused`] when a text names a grade of state secrets.
pub fn words(text: &str) -> Result<(), PaperError> {
    // Spaces and marks between the signs hide nothing from a reader.
    let bare: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    match WORDS.iter().find(|w| bare.contains(**w)) {
        Some(word) => Err(PaperError::Refused((*word).to_owned())),
        None => Ok(()),
    }
}

/// Eleven digits that stand for themselves and begin as mobile numbers do.
fn phone(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(|run| {
            run.len() == 11
                && run.bytes().all(|b| b.is_ascii_digit())
                && run.starts_with('1')
                && !matches!(run.as_bytes()[1], b'0'..=b'2')
        })
        .map(str::to_owned)
}
