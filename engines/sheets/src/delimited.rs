//! Reads a text table whose fields are parted by comma, semicolon or tab.

use csv::{ReaderBuilder, StringRecord};

use crate::fill::{Filler, Raw, Used};
use crate::grid::Sheet;
use crate::limits::Limits;
use crate::refuse::OpenError;

/// Lines weighed when the separator is guessed.
const WEIGHED_LINES: usize = 50;
/// A field over more lines than this began with a quotation mark that nobody closed.
const FIELD_LINES: usize = 100;

/// Reads a text table as one sheet. Row numbers are those that a spreadsheet program shows:
/// blank lines count, lines inside a quoted field do not.
pub(crate) fn read(text: &str, name: String, limits: &Limits) -> Result<Sheet, OpenError> {
    // Excel's own way to name the separator in the first line; it shows no row for it.
    let (text, told) = match text.split_once('\n') {
        Some((line, rest)) if line.trim_end().len() == 5 && line.starts_with("sep=") => {
            (rest, line.as_bytes().get(4).copied())
        }
        _ => (text, None),
    };
    let old_mac;
    let text = if !text.contains('\n') && text.contains('\r') {
        old_mac = text.replace('\r', "\n");
        &old_mac
    } else {
        text
    };
    let separator = told.unwrap_or_else(|| separator(text));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut filler = Filler::new(name, limits, Used::default());
    let mut record = StringRecord::new();
    let mut lines_inside = 0u64;
    while reader
        .read_record(&mut record)
        .map_err(|e| OpenError::Broken {
            detail: e.to_string(),
        })?
    {
        // The reader points at the end of the record before; blank lines lie between.
        let position = record
            .position()
            .expect("a record that was read has a position");
        let blank = text.as_bytes()[position.byte() as usize..]
            .iter()
            .take_while(|b| matches!(b, b'\n' | b'\r'));
        let blank = blank.filter(|&&b| b == b'\n').count() as u64;
        let row = (position.line() + blank - lines_inside) as u32;
        for (i, field) in record.iter().enumerate() {
            let lines = memchr::memchr_iter(b'\n', field.as_bytes()).count();
            if lines > FIELD_LINES {
                return Err(OpenError::UnclosedQuote { row });
            }
            lines_inside += lines as u64;
            filler.put(row, i as u32 + 1, Raw::Text(unwrapped(field)))?;
        }
    }
    Ok(filler.finish(&[], Vec::new()).0)
}

/// Takes off what exports and clerks put around digits to keep Excel from changing them:
/// `="0012"`, a leading tab, a leading apostrophe.
fn unwrapped(field: &str) -> &str {
    let field = field.trim_matches(['\t', ' ']);
    if let Some(inner) = field.strip_prefix("=\"").and_then(|f| f.strip_suffix('"')) {
        return inner;
    }
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) => rest,
        _ => field,
    }
}

/// The separator that splits the first lines most often and most evenly.
fn separator(text: &str) -> u8 {
    let score = |separator: u8| {
        let mut counts = Vec::new();
        let (mut quoted, mut count) = (false, 0usize);
        for b in text.bytes() {
            match b {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    counts.push(count);
                    count = 0;
                    if counts.len() == WEIGHED_LINES {
                        break;
                    }
                }
                _ if b == separator && !quoted => count += 1,
                _ => {}
            }
        }
        counts.push(count);
        let most = counts.iter().copied().max().unwrap_or(0);
        let even = counts.iter().filter(|&&c| c == most && c > 0).count();
        counts.iter().filter(|&&c| c > 0).count() * 2 + even + most
    };
    // Comma wins ties: a table of one column has no separator at all.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|&s| score(s))
        .unwrap_or(b',')
}
