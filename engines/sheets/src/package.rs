//! Looks through a workbook's archive before it is parsed: true sizes, declared entities, hidden
//! rows and merged blocks.
//!
//! Every part is inflated once through a counter, because a zip directory can lie about sizes.
//! What calamine does not tell (hidden rows) or tells only by parsing the sheet a second time
//! (merged blocks) is picked out of the bytes on the way.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use memchr::memmem;
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::grid::Merge;
use crate::limits::Limits;
use crate::refuse::{Found, OpenError};

/// Bytes inflated at a time.
const CHUNK: usize = 64 << 10;
/// Bytes carried over so that a tag cut by a chunk's end is seen whole.
const CARRY: usize = 1 << 10;
/// The smallest element of the text table is `<si/>`.
const SHORTEST_STRING: u64 = 5;
/// Workbook and relation parts are read whole; real ones have a few kilobytes.
const SMALL_PART_BYTES: u64 = 4 << 20;

/// What is known of one part of a sheet.
#[derive(Default, Debug)]
pub(crate) struct PartNotes {
    pub hidden_rows: Vec<u32>,
    pub merges: Vec<Merge>,
}

/// What is known of each sheet by its name.
pub(crate) fn look_through(
    bytes: &[u8],
    limits: &Limits,
) -> Result<HashMap<String, PartNotes>, OpenError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if zip.len() > limits.parts {
        return Err(OpenError::TooManyParts { max: limits.parts });
    }
    let mut declared = 0u64;
    let mut names = Vec::with_capacity(zip.len());
    for i in 0..zip.len() {
        let part = zip.by_index_raw(i).map_err(broken)?;
        if part.encrypted() {
            return Err(OpenError::Password);
        }
        declared = declared.saturating_add(part.size());
        names.push(part.name().map_err(broken)?.into_owned());
    }
    if declared > limits.inflated_bytes {
        return Err(OpenError::TooLargeInside {
            max: limits.inflated_bytes,
        });
    }
    is_workbook(&names)?;

    let mut left = limits.inflated_bytes;
    let mut notes: HashMap<String, PartNotes> = HashMap::new();
    let (mut workbook, mut relations) = (Vec::new(), Vec::new());
    for (i, name) in names.iter().enumerate() {
        let lower = name.to_ascii_lowercase().replace('\\', "/");
        let mut part = zip.by_index(i).map_err(broken)?;
        let mut scan = Scan::new(&lower, limits);
        scan.read(&mut part, &mut left)?;
        if lower.ends_with("xl/workbook.xml") {
            workbook = scan.kept;
        } else if lower.ends_with("xl/_rels/workbook.xml.rels") {
            relations = scan.kept;
        } else if scan.is_sheet {
            notes.insert(lower, scan.notes);
        }
    }
    let targets = relation_targets(&relations);
    let mut by_sheet = HashMap::new();
    for (sheet, relation) in sheet_relations(&workbook) {
        let Some(target) = targets.get(&relation) else {
            continue;
        };
        let target = target.to_ascii_lowercase();
        let found = match target.strip_prefix('/') {
            Some(absolute) => notes.remove(absolute),
            None => notes
                .remove(&format!("xl/{target}"))
                .or_else(|| notes.remove(&target)),
        };
        by_sheet.insert(sheet, found.unwrap_or_default());
    }
    Ok(by_sheet)
}

fn is_workbook(names: &[String]) -> Result<(), OpenError> {
    let has = |end: &str| {
        names
            .iter()
            .any(|n| n.to_ascii_lowercase().replace('\\', "/").ends_with(end))
    };
    let found = if has("xl/workbook.xml") {
        return Ok(());
    } else if has("xl/workbook.bin") {
        Found::BinaryExcel
    } else if has("word/document.xml") {
        Found::Word
    } else if has("content.xml") && has("mimetype") {
        Found::OpenDocument
    } else {
        Found::Archive
    };
    Err(OpenError::WrongKind { found })
}

fn broken(error: impl std::fmt::Display) -> OpenError {
    OpenError::Broken {
        detail: error.to_string(),
    }
}

/// One part on its way through the counter.
struct Scan<'l> {
    limits: &'l Limits,
    is_xml: bool,
    is_sheet: bool,
    is_strings: bool,
    keep: bool,
    kept: Vec<u8>,
    notes: PartNotes,
}

impl<'l> Scan<'l> {
    fn new(name: &str, limits: &'l Limits) -> Self {
        let keep =
            name.ends_with("xl/workbook.xml") || name.ends_with("xl/_rels/workbook.xml.rels");
        Scan {
            limits,
            is_xml: name.ends_with(".xml") || name.ends_with(".rels"),
            is_sheet: name.contains("worksheets/") && name.ends_with(".xml"),
            is_strings: name.ends_with("sharedstrings.xml"),
            keep,
            kept: Vec::new(),
            notes: PartNotes::default(),
        }
    }

    fn read(&mut self, part: &mut impl Read, left: &mut u64) -> Result<(), OpenError> {
        let mut buffer = vec![0u8; CARRY + CHUNK];
        let (mut start, mut total, mut first) = (0usize, 0u64, true);
        let mut strings = 0u64;
        loop {
            let got = part.read(&mut buffer[start..]).map_err(broken)?;
            if got == 0 {
                break;
            }
            total += got as u64;
            *left = left
                .checked_sub(got as u64)
                .ok_or(OpenError::TooLargeInside {
                    max: self.limits.inflated_bytes,
                })?;
            if self.is_strings && total > self.limits.shared_text_bytes {
                return Err(OpenError::TooLargeInside {
                    max: self.limits.shared_text_bytes,
                });
            }
            let end = start + got;
            let window = &buffer[..end];
            if self.is_xml {
                declares_entities(window)?;
            }
            if self.is_strings && first {
                strings = declared_strings(window);
            }
            if self.keep {
                if total > SMALL_PART_BYTES {
                    return Err(OpenError::TooLargeInside {
                        max: SMALL_PART_BYTES,
                    });
                }
                self.kept.extend_from_slice(&buffer[start..end]);
            }
            let carry = if self.is_sheet {
                self.note(&buffer[..end])?
            } else {
                end.min(64)
            };
            buffer.copy_within(end - carry..end, 0);
            start = carry;
            first = false;
        }
        // calamine reserves this many strings before it reads one.
        if strings > total / SHORTEST_STRING {
            return Err(broken("its text table claims more texts than it has"));
        }
        Ok(())
    }

    /// Notes hidden rows and merged blocks whose tags end in the window; answers how many bytes
    /// at its end must be seen again.
    fn note(&mut self, window: &[u8]) -> Result<usize, OpenError> {
        let carry = match memchr::memrchr2(b'<', b'>', window) {
            Some(at) if window[at] == b'<' => window.len() - at,
            _ => 0,
        };
        // A longer "tag" is no row and no merged block.
        let carry = if carry > CARRY { 0 } else { carry };
        let whole = &window[..window.len() - carry];
        for at in memmem::find_iter(whole, b"hidden=") {
            let Some((name, tag)) = tag_around(whole, at) else {
                continue;
            };
            let yes = matches!(attribute(tag, "hidden"), Some("1" | "true" | "on"));
            if name == "row"
                && yes
                && let Some(row) = attribute(tag, "r").and_then(|r| r.parse().ok())
            {
                self.notes.hidden_rows.push(row);
            }
        }
        for at in memmem::find_iter(whole, b"mergeCell ") {
            let Some((_, tag)) = tag_around(whole, at) else {
                continue;
            };
            if let Some(merge) = attribute(tag, "ref").and_then(merge) {
                if self.notes.merges.len() >= self.limits.merges {
                    return Err(OpenError::Broken {
                        detail: format!("more than {} merged blocks", self.limits.merges),
                    });
                }
                self.notes.merges.push(merge);
            }
        }
        Ok(carry)
    }
}

/// Entities can multiply a small file; no office program declares any.
fn declares_entities(window: &[u8]) -> Result<(), OpenError> {
    for at in memmem::find_iter(window, b"<!") {
        if window[at..].starts_with(b"<!DOCTYPE") || window[at..].starts_with(b"<!ENTITY") {
            return Err(OpenError::Entities);
        }
    }
    Ok(())
}

fn declared_strings(window: &[u8]) -> u64 {
    let Some(at) = memmem::find(window, b"uniqueCount=") else {
        return 0;
    };
    let digits = window[at + 13..].iter().take_while(|b| b.is_ascii_digit());
    digits.fold(0u64, |n, d| {
        n.saturating_mul(10).saturating_add(u64::from(d - b'0'))
    })
}

/// The name (without prefix) and the inside of the tag around a position.
fn tag_around(window: &[u8], at: usize) -> Option<(&str, &str)> {
    let open = memchr::memrchr(b'<', &window[..at])?;
    let close = at + memchr::memchr(b'>', &window[at..])?;
    let tag = std::str::from_utf8(&window[open + 1..close]).ok()?;
    let name = tag.split([' ', '\t', '\n', '\r', '/']).next()?;
    Some((name.rsplit(':').next().unwrap_or(name), tag))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    while let Some(at) = rest.find(name) {
        let before = rest[..at].chars().next_back();
        let after = &rest[at + name.len()..];
        if before.is_some_and(char::is_whitespace) && after.starts_with('=') {
            let quote = after[1..]
                .chars()
                .next()
                .filter(|q| matches!(q, '"' | '\''))?;
            return after[2..].split(quote).next();
        }
        rest = after;
    }
    None
}

/// `B2:C7` as a block; none when it is not one or holds one cell.
fn merge(range: &str) -> Option<Merge> {
    let (from, to) = range.split_once(':')?;
    let ((first_column, first_row), (last_column, last_row)) = (position(from)?, position(to)?);
    let ordered = first_row <= last_row && first_column <= last_column;
    ordered.then_some(Merge {
        first_row,
        first_column,
        last_row,
        last_column,
    })
}

fn position(cell: &str) -> Option<(u32, u32)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let column = cell[..digits].bytes().try_fold(0u32, |n, b| {
        b.is_ascii_alphabetic().then(|| {
            n.checked_mul(26)?
                .checked_add(u32::from(b.to_ascii_uppercase() - b'A') + 1)
        })?
    })?;
    let row = cell[digits..].parse().ok()?;
    (column > 0 && row > 0).then_some((column, row))
}

/// Relation ids and their targets.
fn relation_targets(xml: &[u8]) -> HashMap<String, String> {
    elements(xml, "Relationship")
        .into_iter()
        .filter_map(|mut a| Some((a.remove("Id")?, a.remove("Target")?)))
        .collect()
}

/// Sheet names and their relation ids.
fn sheet_relations(xml: &[u8]) -> Vec<(String, String)> {
    elements(xml, "sheet")
        .into_iter()
        .filter_map(|mut a| Some((a.remove("name")?, a.remove("id")?)))
        .collect()
}

/// The attributes, by local name, of every element of one local name.
fn elements(xml: &[u8], wanted: &str) -> Vec<HashMap<String, String>> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut found = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == wanted => {
                let attributes = e.attributes().flatten().filter_map(|a| {
                    let value = quick_xml::escape::unescape(a.value.as_ref())
                        .ok()?
                        .into_owned();
                    Some((a.key.local_name().as_ref().to_owned(), value))
                });
                found.push(attributes.collect());
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}
