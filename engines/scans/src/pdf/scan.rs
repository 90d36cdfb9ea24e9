//! Every object of a PDF, read from the first byte to the last whatever its tables say: what
//! acts, what is hidden, what is too much. It comes before the library that draws, which has no
//! bounds of its own.

use std::collections::HashMap;

use super::stream;
use super::value::{Lexer, Value};
use crate::inspect::Note;
use crate::kind::PDF_LEAD_MAX;
use crate::limits::Purse;
use crate::refused::{Active, Part};
use crate::{Kind, Refused};

const KIND: Kind = Kind::Pdf;
/// Bytes between objects that are neither tables nor white space nor comments.
const LOOSE_MAX: usize = 1 << 10;
/// The longest comment; generators mark each object with a short one.
const COMMENT_MAX: usize = 1 << 10;

/// A node of the page tree, as far as it can be told from a single object.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Catalog {
        pages: u32,
    },
    Branch {
        kids: Vec<u32>,
        kids_at: Option<u32>,
    },
    Leaf,
    /// An array of references, perhaps some branch's kids.
    List(Vec<u32>),
}

#[derive(Default)]
pub(crate) struct Scan {
    pub nodes: HashMap<u32, Node>,
    pub root: Option<u32>,
    pub notes: Vec<Note>,
    objects: u32,
}

impl Scan {
    fn note(&mut self, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

pub(crate) fn scan(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Scan, Refused> {
    let mut scan = Scan::default();
    let start = frame(bytes, &mut scan)?;
    let limits = purse.limits;
    let mut lexer = Lexer::new(bytes, start, limits);
    let mut loose = 0;
    // The last two numbers, as `12 0 obj` wants them.
    let mut numbers = [None::<u32>; 2];
    let mut trailer = false;
    while lexer.at < bytes.len() {
        let before = lexer.at;
        comment(bytes, &mut lexer)?;
        let from = lexer.at;
        let value = lexer.value()?;
        let Some(value) = value else {
            if lexer.at >= bytes.len() {
                break;
            }
            lexer.at = from + 1;
            loose += 1;
            give_up(loose, before)?;
            continue;
        };
        match value {
            Value::Number(n) => numbers = [numbers[1], Some(n as u32)],
            Value::Word(word) => match word.as_slice() {
                b"obj" => {
                    object(&mut lexer, numbers[0].unwrap_or(0), &mut scan, purse)?;
                    numbers = [None; 2];
                }
                b"trailer" => trailer = true,
                b"xref" | b"startxref" | b"n" | b"f" | b"endobj" => {}
                other => loose += other.len(),
            },
            dict @ Value::Dict(_) if trailer => {
                trailer = false;
                root(&dict, &mut scan)?;
                check(&dict, &mut scan)?;
            }
            _ => loose += lexer.at - from,
        }
        give_up(loose, before)?;
    }
    if scan.objects == 0 {
        return Err(Refused::Broken {
            kind: KIND,
            part: Part::Structure,
        });
    }
    Ok(scan)
}

fn give_up(loose: usize, at: usize) -> Result<(), Refused> {
    if loose > LOOSE_MAX {
        return Err(Refused::Polyglot {
            kind: KIND,
            at: at as u64,
        });
    }
    Ok(())
}

/// Passes white space and comments between objects; a long comment is a hiding place.
fn comment(bytes: &[u8], lexer: &mut Lexer<'_>) -> Result<(), Refused> {
    let from = lexer.at;
    lexer.skip_white();
    let passed = &bytes[from..lexer.at];
    let lines = passed.split(|b| matches!(b, b'\n' | b'\r'));
    let longest = lines.map(|l| l.trim_ascii().len()).max().unwrap_or(0);
    if longest > COMMENT_MAX && passed.iter().any(|b| *b > 32) {
        return Err(Refused::Polyglot {
            kind: KIND,
            at: from as u64,
        });
    }
    Ok(())
}

/// Head and tail of the file: what scanners add is white space and zeros, nothing else.
fn frame(bytes: &[u8], scan: &mut Scan) -> Result<usize, Refused> {
    let within = &bytes[..bytes.len().min(PDF_LEAD_MAX + 8)];
    let start = within.windows(5).position(|w| w == b"%PDF-");
    let start = start.ok_or(Refused::Polyglot { kind: KIND, at: 0 })?;
    let lead = bytes[..start]
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&bytes[..start]);
    if !lead.iter().all(u8::is_ascii_whitespace) {
        return Err(Refused::Polyglot { kind: KIND, at: 0 });
    }
    if start > 0 {
        scan.note(Note::Padding {
            bytes: start as u64,
        });
    }
    let mark = bytes.windows(5).rposition(|w| w == b"%%EOF");
    let end = mark.ok_or(Refused::Truncated(KIND))? + 5;
    let blank = |b: &u8| b.is_ascii_whitespace() || matches!(*b, 0 | 0x1a);
    let tail = &bytes[end..];
    if !tail.iter().all(blank) {
        // An update that broke off looks like this too.
        let update = tail.windows(4).any(|w| w == b" obj" || w == b"xref");
        return Err(if update {
            Refused::Truncated(KIND)
        } else {
            Refused::Polyglot {
                kind: KIND,
                at: end as u64,
            }
        });
    }
    if tail.len() > 2 {
        scan.note(Note::Padding {
            bytes: tail.len() as u64,
        });
    }
    let marks = bytes.windows(9).filter(|w| *w == b"startxref").count();
    if marks > 2 {
        scan.note(Note::Updates {
            count: marks as u32 - 1,
        });
    }
    Ok(start)
}

fn root(dict: &Value, scan: &mut Scan) -> Result<(), Refused> {
    if !matches!(dict.get(b"Encrypt"), None | Some(Value::Null)) {
        return Err(Refused::Encrypted);
    }
    if let Some(Value::Ref(root)) = dict.get(b"Root") {
        scan.root = Some(*root);
    }
    Ok(())
}

fn object(
    lexer: &mut Lexer<'_>,
    number: u32,
    scan: &mut Scan,
    purse: &mut Purse<'_>,
) -> Result<(), Refused> {
    scan.objects += 1;
    if scan.objects > purse.limits.parts {
        return Err(Refused::Parts(KIND));
    }
    let Some(value) = lexer.value()? else {
        return Ok(());
    };
    check(&value, scan)?;
    keep(number, &value, scan);
    let behind = lexer.at;
    lexer.skip_white();
    if !lexer.bytes[lexer.at..].starts_with(b"stream") {
        lexer.at = behind;
        return Ok(());
    }
    lexer.at += 6;
    let data = body(lexer, &value)?;
    if value
        .get(b"F")
        .is_some_and(|f| !matches!(f, Value::Number(_)))
    {
        return Err(Refused::Active(Active::External));
    }
    let inner = value.is(b"Type", b"ObjStm");
    if value.is(b"Type", b"XRef") {
        root(&value, scan)?;
    }
    if let Some(plain) = stream::open(&value, data, inner, purse)? {
        inside(&value, &stream::unpredict(&value, plain)?, scan, purse)?;
    }
    Ok(())
}

/// The bytes of a stream: by its length where that leads to `endstream`, else by searching.
fn body<'a>(lexer: &mut Lexer<'a>, dict: &Value) -> Result<&'a [u8], Refused> {
    let bytes = lexer.bytes;
    if bytes.get(lexer.at) == Some(&b'\r') {
        lexer.at += 1;
    }
    if bytes.get(lexer.at) == Some(&b'\n') {
        lexer.at += 1;
    }
    let from = lexer.at;
    let ends = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        rest[..rest.len().min(32)]
            .trim_ascii_start()
            .starts_with(b"endstream")
    };
    let said = dict
        .get(b"Length")
        .and_then(Value::number)
        .map(|n| from + n.max(0.0) as usize);
    let end = match said.filter(|end| *end <= bytes.len() && ends(*end)) {
        Some(end) => end,
        None => {
            let rest = &bytes[from..];
            from + memchr_end(rest).ok_or(Refused::Truncated(KIND))?
        }
    };
    lexer.at = end;
    lexer.skip_white();
    lexer.at = (lexer.at + 9).min(bytes.len());
    Ok(&bytes[from..end])
}

fn memchr_end(rest: &[u8]) -> Option<usize> {
    let word = b"endstream";
    let mut from = 0;
    loop {
        from += rest.get(from..)?.iter().position(|b| *b == b'e')?;
        if rest[from..].starts_with(word) {
            return Some(from);
        }
        from += 1;
    }
}

/// The objects of an object stream.
fn inside(dict: &Value, plain: &[u8], scan: &mut Scan, purse: &Purse<'_>) -> Result<(), Refused> {
    let read = |key: &[u8]| dict.get(key).and_then(Value::number).unwrap_or(0.0) as usize;
    let (count, first) = (read(b"N"), read(b"First"));
    if count > purse.limits.parts as usize {
        return Err(Refused::Parts(KIND));
    }
    let mut head = Lexer::new(plain, 0, purse.limits);
    for _ in 0..count {
        let (Some(Value::Number(number)), Some(Value::Number(at))) = (head.value()?, head.value()?)
        else {
            break;
        };
        scan.objects += 1;
        if scan.objects > purse.limits.parts {
            return Err(Refused::Parts(KIND));
        }
        let at = first.saturating_add(at.max(0.0) as usize);
        if let Some(value) = Lexer::new(plain, at, purse.limits).value()? {
            check(&value, scan)?;
            keep(number as u32, &value, scan);
        }
    }
    Ok(())
}

fn refs(value: &Value) -> Vec<u32> {
    let one = |v: &Value| match v {
        Value::Ref(number) => Some(*number),
        _ => None,
    };
    match value {
        Value::Array(all) => all.iter().filter_map(one).collect(),
        _ => Vec::new(),
    }
}

fn keep(number: u32, value: &Value, scan: &mut Scan) {
    let node = if let Some(kids) = value.get(b"Kids").filter(|_| !value.is(b"Type", b"Page")) {
        let kids_at = match kids {
            Value::Ref(at) => Some(*at),
            _ => None,
        };
        Node::Branch {
            kids: refs(kids),
            kids_at,
        }
    } else if value.is(b"Type", b"Page") || value.get(b"MediaBox").is_some() {
        Node::Leaf
    } else if let (true, Some(Value::Ref(pages))) =
        (value.is(b"Type", b"Catalog"), value.get(b"Pages"))
    {
        Node::Catalog { pages: *pages }
    } else if let Value::Array(all) = value
        && !all.is_empty()
        && all.iter().all(|v| matches!(v, Value::Ref(_)))
    {
        Node::List(refs(value))
    } else {
        return;
    };
    scan.nodes.insert(number, node);
}

/// Refuses what acts or hides in a value or anything within it.
///
/// Scripts, launches, forms that send, films and XFA do things when the original is opened, or
/// show what was never filed. A file within the file is content that no page shows. Signatures,
/// plain forms and links are what honest papers have: they are noted.
fn check(value: &Value, scan: &mut Scan) -> Result<(), Refused> {
    match value {
        Value::Array(all) => all.iter().try_for_each(|v| check(v, scan)),
        Value::Dict(entries) => {
            for (key, value) in entries {
                if *value == Value::Null {
                    continue;
                }
                entry(key, value, scan)?;
                check(value, scan)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn entry(key: &[u8], value: &Value, scan: &mut Scan) -> Result<(), Refused> {
    let active = match (key, value.name()) {
        (b"S", Some(b"JavaScript")) | (b"JavaScript", _) => Active::JavaScript,
        (b"S", Some(b"Launch")) => Active::Launch,
        (b"S", Some(b"SubmitForm" | b"ImportData")) => Active::Submit,
        (b"S", Some(b"Rendition" | b"Movie" | b"Sound" | b"RichMediaExecute" | b"GoTo3DView")) => {
            Active::Media
        }
        (b"Subtype", Some(b"RichMedia" | b"Movie" | b"Sound" | b"Screen" | b"3D")) => Active::Media,
        (b"S", Some(b"GoToR")) => Active::External,
        (b"S", Some(b"GoToE")) | (b"Type", Some(b"EmbeddedFile")) | (b"EmbeddedFiles", _) => {
            return Err(Refused::Embedded);
        }
        (b"EF", None) if matches!(value, Value::Dict(_) | Value::Ref(_)) => {
            return Err(Refused::Embedded);
        }
        (b"XFA", _) => Active::Xfa,
        (b"S", Some(b"URI")) => {
            scan.note(Note::Links);
            return Ok(());
        }
        (b"ByteRange", _) | (b"FT", Some(b"Sig")) => {
            scan.note(Note::Signed);
            return Ok(());
        }
        (b"AcroForm", _) => {
            scan.note(Note::Form);
            return Ok(());
        }
        _ => return Ok(()),
    };
    Err(Refused::Active(active))
}
