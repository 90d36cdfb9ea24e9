//! TIFF: the chain of directories is the list of pages.

use crate::inspect::{Note, PageSize};
use crate::limits::Purse;
use crate::refused::Part;
use crate::walk::Walk;
use crate::{Kind, Refused};

const KIND: Kind = Kind::Tiff;
/// Bytes behind the last that a directory names: editors leave old directories there.
const TAIL_MAX: u64 = 4 << 10;

/// Compressions by their number in TIFF 6.0 and its supplements.
pub(crate) mod coding {
    pub const HUFFMAN: u64 = 2;
    pub const G3: u64 = 3;
    pub const G4: u64 = 4;
}

/// One page as its directory says.
#[derive(Clone, Copy, Debug, Default)]
struct Page {
    width: u64,
    height: u64,
    bits: u64,
    samples: u64,
    compression: u64,
    /// Bit 0 set: a small copy of another page.
    subfile: u64,
    dpi: Option<f64>,
    unit: u64,
    compressed: u64,
    place: bool,
}

/// What the walk found.
pub(crate) struct Tiff {
    pub sizes: Vec<PageSize>,
    /// The number of each page's directory: small copies are no pages.
    pub directories: Vec<u32>,
    pub notes: Vec<Note>,
}

pub(crate) fn walk(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Tiff, Refused> {
    let broken = |part| Refused::Broken { kind: KIND, part };
    let file = Walk {
        bytes,
        big: bytes.starts_with(b"MM"),
    };
    let wide = file.u16(2) == Some(43);
    let mut next = if wide { file.uint(8, 8) } else { file.u32(4) };
    let mut seen = Vec::new();
    let mut reach = 8;
    let mut tiff = Tiff {
        sizes: Vec::new(),
        directories: Vec::new(),
        notes: Vec::new(),
    };
    loop {
        let at = next.ok_or(Refused::Truncated(KIND))?;
        if at == 0 {
            break;
        }
        if seen.contains(&at) {
            return Err(Refused::Nested(KIND));
        }
        seen.push(at);
        // Each page may bring a small copy of itself.
        purse.pages(seen.len() as u64 / 2)?;
        let page = directory(&file, at, wide, &mut reach, &mut next)?;
        if page.width == 0 || page.height == 0 || page.bits > 64 || page.samples > 8 {
            return Err(broken(Part::Head));
        }
        purse.pixels(page.width, page.height)?;
        let row = page.width * page.bits.max(1) * page.samples.max(1);
        let out = row.div_ceil(8) * page.height;
        let fax = matches!(page.compression, coding::HUFFMAN | coding::G3 | coding::G4);
        // A fax coding has no ratio that could tell a bomb from an empty sheet.
        purse.pay(out, if fax { out } else { page.compressed }, true)?;
        if page.subfile & 1 == 0 {
            let dpi = page.dpi.filter(|d| (10.0..10_000.0).contains(d));
            // Unit 3 is the centimetre.
            let dpi = dpi.map(|d| if page.unit == 3 { d * 2.54 } else { d });
            tiff.sizes.push(PageSize::at(page.width, page.height, dpi));
            tiff.directories.push(seen.len() as u32 - 1);
            purse.pages(tiff.sizes.len() as u64)?;
        } else {
            push(&mut tiff.notes, Note::SecondPicture);
        }
        if page.place {
            push(&mut tiff.notes, Note::Place);
        }
    }
    if tiff.sizes.is_empty() {
        return Err(broken(Part::NoPage));
    }
    if bytes.len() as u64 > reach + TAIL_MAX {
        let tail = &bytes[reach as usize..];
        if tail.iter().any(|b| *b != 0) {
            return Err(Refused::Polyglot {
                kind: KIND,
                at: reach,
            });
        }
    }
    Ok(tiff)
}

fn push(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// Reads one directory, moves `reach` behind all that it names, and finds the next one.
fn directory(
    file: &Walk<'_>,
    at: u64,
    wide: bool,
    reach: &mut u64,
    next: &mut Option<u64>,
) -> Result<Page, Refused> {
    let cut = Refused::Truncated(KIND);
    let (head, entry, inline) = if wide { (8, 20, 8) } else { (2, 12, 4) };
    let count = file.uint(at, head).ok_or(cut.clone())?;
    if count > 1_024 {
        return Err(Refused::Parts(KIND));
    }
    let end = at + head + count * entry;
    *next = file.uint(end, inline);
    *reach = (*reach).max(end + inline);
    let mut page = Page {
        bits: 1,
        samples: 1,
        compression: 1,
        ..Page::default()
    };
    let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
    for i in 0..count {
        let e = at + head + i * entry;
        let tag = file.u16(e).ok_or(cut.clone())?;
        let kind = file.u16(e + 2).ok_or(cut.clone())?;
        let many = file.uint(e + 4, inline).ok_or(cut.clone())?;
        let size = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => continue,
        };
        let len = size * many.min(file.bytes.len() as u64 + 1);
        let place = if len <= inline {
            e + 4 + inline
        } else {
            file.uint(e + 4 + inline, inline).ok_or(cut.clone())?
        };
        if file.slice(place, len).is_none() {
            return Err(cut);
        }
        if len > inline {
            *reach = (*reach).max(place + len);
        }
        let first = file.uint(place, size.min(len)).unwrap_or(0);
        let all = || (0..many).filter_map(|i| file.uint(place + i * size, size));
        match tag {
            254 => page.subfile = first,
            256 => page.width = first,
            257 => page.height = first,
            258 => page.bits = all().max().unwrap_or(1),
            259 => page.compression = first,
            273 | 324 => offsets = all().collect(),
            277 => page.samples = first,
            279 | 325 => lengths = all().collect(),
            282 => {
                let under = file.u32(place + 4).unwrap_or(0);
                let over = file.u32(place).unwrap_or(0);
                page.dpi = (under > 0).then(|| over as f64 / under as f64);
            }
            296 => page.unit = first,
            34_853 => page.place = true,
            _ => {}
        }
    }
    if offsets.is_empty() || offsets.len() != lengths.len() {
        return Err(Refused::Broken {
            kind: KIND,
            part: Part::Structure,
        });
    }
    for (offset, len) in offsets.iter().zip(&lengths) {
        file.slice(*offset, *len).ok_or(cut.clone())?;
        *reach = (*reach).max(offset + len);
        page.compressed += len;
    }
    Ok(page)
}
