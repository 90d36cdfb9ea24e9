//! Turns the bytes of a text file into text: UTF-8 with or without a mark, UTF-16 with a mark,
//! GB18030, and Big5 where the words only make sense so.

use encoding_rs::{BIG5, GB18030, UTF_16BE, UTF_16LE};

use crate::refuse::{Found, OpenError};

/// Share of non-ASCII bytes that must stand in whole UTF-8 signs for a text with faults to be
/// called damaged UTF-8 and not another encoding. GB18030 seldom passes one tenth.
const DAMAGED_UTF8_SHARE: f64 = 0.8;
/// Bytes looked at when two encodings are weighed against each other.
const WEIGHED_BYTES: usize = 16 << 10;
/// Signs of everyday headings; one encoding shows them, the other shows rubbish.
const HEADING_SIGNS: &str = "房號号業业主姓名電电話话面積积樓楼棟栋單单元室費费用";

/// Decodes a text file; answers the text without its mark, and the encoding's name.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, &'static str), OpenError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = std::str::from_utf8(rest).map_err(|e| wrong(rest, e.valid_up_to()))?;
        return Ok((text.to_owned(), "UTF-8"));
    }
    for (mark, encoding) in [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            return encoding
                .decode_without_bom_handling_and_without_replacement(rest)
                .map(|text| (text.into_owned(), encoding.name()))
                .ok_or(OpenError::WrongEncoding { line: 1 });
        }
    }
    if memchr::memchr(0, bytes).is_some() {
        return Err(OpenError::WrongKind {
            found: Found::Binary,
        });
    }
    let fault = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((text.to_owned(), "UTF-8")),
        Err(e) => e.valid_up_to(),
    };
    // A text cut in the middle of a sign or with one bad byte would turn into rubbish silently.
    if utf8_share(bytes) > DAMAGED_UTF8_SHARE {
        return Err(wrong(bytes, fault));
    }
    let head = &bytes[..bytes.len().min(WEIGHED_BYTES)];
    if headings(&BIG5.decode(head).0) > headings(&GB18030.decode(head).0)
        && let Some(text) = BIG5.decode_without_bom_handling_and_without_replacement(bytes)
    {
        return Ok((text.into_owned(), "Big5"));
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok((text.into_owned(), "GB18030")),
        None => Err(wrong(bytes, gb18030_fault(bytes))),
    }
}

fn headings(text: &str) -> usize {
    text.chars().filter(|&c| HEADING_SIGNS.contains(c)).count()
}

fn wrong(bytes: &[u8], at: usize) -> OpenError {
    let line = 1 + memchr::memchr_iter(b'\n', &bytes[..at.min(bytes.len())]).count() as u32;
    OpenError::WrongEncoding { line }
}

fn utf8_share(bytes: &[u8]) -> f64 {
    let (mut whole, mut all) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        let signs = chunk.valid().bytes().filter(|b| !b.is_ascii()).count();
        whole += signs;
        all += signs + chunk.invalid().len();
    }
    if all == 0 {
        1.0
    } else {
        whole as f64 / all as f64
    }
}

/// The first line that cannot be read; lines end with the same byte in every encoding here.
fn gb18030_fault(bytes: &[u8]) -> usize {
    let mut at = 0;
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        if GB18030
            .decode_without_bom_handling_and_without_replacement(line)
            .is_none()
        {
            return at;
        }
        at += line.len();
    }
    0
}
