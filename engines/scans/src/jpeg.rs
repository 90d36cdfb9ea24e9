//! JPEG: every segment is walked to the end of the picture, and what follows it is accounted
//! for. Phones append a second picture, a short film or a block of their own (MPF, motion photo,
//! Samsung's SEF); those pass with a note, anything else does not.

use crate::inspect::{Note, PageSize};
use crate::limits::Purse;
use crate::refused::Part;
use crate::walk::Walk;
use crate::{Kind, Refused};

const KIND: Kind = Kind::Jpeg;
/// Zeros that writers append to fill a block of the disk.
const PADDING_MAX: usize = 64 << 10;

/// What the walk found.
pub(crate) struct Jpeg {
    pub size: PageSize,
    pub exif: Option<Vec<u8>>,
    pub notes: Vec<Note>,
}

pub(crate) fn walk(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Jpeg, Refused> {
    let first = picture(bytes, 0)?;
    purse.pixels(first.width, first.height)?;
    let out = first.width * first.height * first.components;
    // Lossy codings shrink an empty sheet as well as fax ones: their pixels bound them.
    purse.pay(out, out, true)?;
    let mut notes = Vec::new();
    trailer(bytes, first.end, purse, &mut notes)?;
    Ok(Jpeg {
        size: PageSize::pixels(first.width, first.height),
        exif: first.exif,
        notes,
    })
}

/// Where the first picture ends.
pub(crate) fn end(bytes: &[u8]) -> Result<usize, Refused> {
    picture(bytes, 0).map(|p| p.end)
}

struct Picture {
    width: u64,
    height: u64,
    components: u64,
    end: usize,
    exif: Option<Vec<u8>>,
}

/// Walks one picture from its SOI at `start` to behind its EOI.
fn picture(bytes: &[u8], start: usize) -> Result<Picture, Refused> {
    let walk = Walk::big(bytes);
    let cut = || Refused::Truncated(KIND);
    let broken = |part| Refused::Broken { kind: KIND, part };
    let mut at = start + 2;
    let mut frame = None;
    let mut exif = None;
    loop {
        if *bytes.get(at).ok_or_else(cut)? != 0xff {
            return Err(broken(Part::Structure));
        }
        let marker = *bytes.get(at + 1).ok_or_else(cut)?;
        at += 2;
        match marker {
            // Any number of fill bytes may stand before a marker.
            0xff => at -= 1,
            0x01 | 0xd0..=0xd7 => {}
            0xd8 | 0x00 => return Err(broken(Part::Structure)),
            0xd9 => break,
            _ => {
                let len = walk.u16(at as u64).ok_or_else(cut)? as usize;
                if len < 2 {
                    return Err(broken(Part::Structure));
                }
                let body = bytes.get(at + 2..at + len).ok_or_else(cut)?;
                at += len;
                match marker {
                    0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                        let head = Walk::big(body);
                        let read = || Some((head.u16(1)?, head.u16(3)?, head.uint(5, 1)?));
                        let (height, width, parts) = read().ok_or_else(|| broken(Part::Head))?;
                        if frame.is_some() || width == 0 || height == 0 || !(1..=4).contains(&parts)
                        {
                            return Err(broken(Part::Head));
                        }
                        frame = Some((width, height, parts));
                    }
                    0xe1 if body.starts_with(b"Exif\0\0") && exif.is_none() => {
                        exif = Some(body[6..].to_vec());
                    }
                    // A scan: coded data up to the next marker that is no restart.
                    0xda => at = scan_end(bytes, at).ok_or_else(cut)?,
                    _ => {}
                }
            }
        }
    }
    let (width, height, components) = frame.ok_or_else(|| broken(Part::Head))?;
    Ok(Picture {
        width,
        height,
        components,
        end: at,
        exif,
    })
}

fn scan_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|b| *b == 0xff)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// Accounts for every byte behind the picture.
fn trailer(
    bytes: &[u8],
    end: usize,
    purse: &Purse<'_>,
    notes: &mut Vec<Note>,
) -> Result<(), Refused> {
    let mut at = end;
    // A handful of gain maps, depth maps and films at the most.
    for _ in 0..16 {
        let rest = &bytes[at..];
        if rest.is_empty() {
            return Ok(());
        }
        let zeros = rest.iter().take_while(|b| **b == 0).count();
        if zeros == rest.len() && zeros <= PADDING_MAX {
            notes.push(Note::Padding {
                bytes: zeros as u64,
            });
            return Ok(());
        }
        if rest.starts_with(b"\xff\xd8\xff") {
            let more = picture(bytes, at)?;
            purse.pixels(more.width, more.height)?;
            note(notes, Note::SecondPicture);
            at = more.end;
        } else if rest.get(4..8) == Some(b"ftyp") {
            at = film_end(bytes, at).ok_or(foreign(at))?;
            note(notes, Note::Film);
        } else if samsung(rest).is_some() {
            note(notes, Note::MakersBlock);
            return Ok(());
        } else if zeros > 0 && zeros <= PADDING_MAX {
            at += zeros;
        } else {
            return Err(foreign(at));
        }
    }
    Err(foreign(at))
}

fn foreign(at: usize) -> Refused {
    Refused::Polyglot {
        kind: KIND,
        at: at as u64,
    }
}

fn note(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}

/// The end of a chain of boxes that are a film's own.
fn film_end(bytes: &[u8], start: usize) -> Option<usize> {
    let walk = Walk::big(bytes);
    let mut at = start as u64;
    while let Some(name) = walk.slice(at + 4, 4) {
        if !matches!(
            name,
            b"ftyp" | b"moov" | b"mdat" | b"free" | b"skip" | b"wide" | b"uuid" | b"meta" | b"mpvd"
        ) {
            break;
        }
        let len = match walk.u32(at)? {
            1 => walk.uint(at + 8, 8)?,
            len => len,
        };
        if len < 8 {
            return None;
        }
        walk.slice(at, len)?;
        at += len;
    }
    (at > start as u64).then_some(at as usize)
}

/// Samsung's block: entries, their table `SEFH`, its length, `SEFT`.
fn samsung(rest: &[u8]) -> Option<()> {
    let walk = Walk::little(rest);
    let end = rest.len() as u64;
    if walk.slice(end.checked_sub(4)?, 4)? != b"SEFT" {
        return None;
    }
    let table = end.checked_sub(8)?.checked_sub(walk.u32(end - 8)?)?;
    if walk.slice(table, 4)? != b"SEFH" {
        return None;
    }
    let count = walk.u32(table + 8)?;
    let mut covered = 0;
    for i in 0..count.min(64) {
        let (back, len) = (
            walk.u32(table + 16 + i * 12)?,
            walk.u32(table + 20 + i * 12)?,
        );
        walk.slice(table.checked_sub(back)?, len)?;
        covered += len;
    }
    // The table explains what lies before it, so nothing else hides there.
    (covered <= table && table - covered < 64).then_some(())
}
