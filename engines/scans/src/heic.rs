//! HEIC: the boxes of ISO 23008-12. A phone's picture is one primary item of many tiles, with
//! thumbnails, depth and gain maps beside it: one page.

use crate::inspect::{Note, PageSize};
use crate::limits::Purse;
use crate::refused::{Foreign, Part};
use crate::walk::Walk;
use crate::{Kind, Refused};

const KIND: Kind = Kind::Heic;

/// What the walk found.
pub(crate) struct Heic {
    pub size: PageSize,
    pub notes: Vec<Note>,
}

/// A box: its name, its content's offset and end.
type Found = ([u8; 4], u64, u64);

/// The boxes between two offsets, none of which may reach beyond.
fn boxes(walk: &Walk<'_>, mut at: u64, end: u64) -> Result<Vec<Found>, Refused> {
    let mut found = Vec::new();
    while at < end {
        let cut = Refused::Truncated(KIND);
        let name = walk.slice(at + 4, 4).ok_or(cut.clone())?;
        let name: [u8; 4] = name.try_into().expect("four bytes were asked for");
        let (head, len) = match walk.u32(at).ok_or(cut.clone())? {
            // To the end of the file.
            0 => (8, end - at),
            1 => (16, walk.uint(at + 8, 8).ok_or(cut.clone())?),
            len => (8, len),
        };
        let next = at.checked_add(len).ok_or(cut.clone())?;
        if len < head || found.len() > 4_096 {
            return Err(Refused::Broken {
                kind: KIND,
                part: Part::Structure,
            });
        }
        if next > end {
            return Err(cut);
        }
        found.push((name, at + head, next));
        at = next;
    }
    Ok(found)
}

pub(crate) fn walk(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Heic, Refused> {
    let broken = |part| Refused::Broken { kind: KIND, part };
    let file = Walk::big(bytes);
    let top = top(&file)?;
    let mut notes = Vec::new();
    let mut meta = None;
    for (name, from, to) in top {
        match &name {
            b"meta" => meta = meta.or(Some((from, to))),
            // A live photo in one file, or a burst.
            b"moov" => notes.push(Note::Film),
            b"ftyp" | b"mdat" | b"free" | b"skip" | b"uuid" | b"idat" | b"wide" | b"mpvd" => {}
            _ => {
                return Err(Refused::Polyglot {
                    kind: KIND,
                    at: from - 8,
                });
            }
        }
    }
    let (from, to) = meta.ok_or_else(|| broken(Part::Structure))?;
    // The version and flags of a full box come first.
    let inner = boxes(&file, from + 4, to)?;
    let find = |list: &[Found], name: &[u8; 4]| list.iter().find(|b| b.0 == *name).copied();
    let (_, primary_at, _) = find(&inner, b"pitm").ok_or_else(|| broken(Part::NoPage))?;
    let short = file.uint(primary_at, 1) == Some(0);
    let primary = if short {
        file.u16(primary_at + 4)
    } else {
        file.u32(primary_at + 4)
    };
    let primary = primary.ok_or(Refused::Truncated(KIND))?;
    let (_, iprp, iprp_end) = find(&inner, b"iprp").ok_or_else(|| broken(Part::Structure))?;
    let list = boxes(&file, iprp, iprp_end)?;
    let (_, ipco, ipco_end) = find(&list, b"ipco").ok_or_else(|| broken(Part::Structure))?;
    let (_, ipma, _) = find(&list, b"ipma").ok_or_else(|| broken(Part::Structure))?;
    let properties = boxes(&file, ipco, ipco_end)?;
    let (mut size, mut turned) = (None, false);
    for index in associations(&file, ipma, primary) {
        let Some((name, at, _)) = index
            .checked_sub(1)
            .and_then(|i| properties.get(i as usize))
        else {
            continue;
        };
        match name {
            b"ispe" => size = file.u32(at + 4).zip(file.u32(at + 8)),
            b"irot" => turned = file.uint(*at, 1).is_some_and(|a| a & 1 == 1),
            _ => {}
        }
    }
    // Every picture in the file is bounded, the hidden ones too.
    for (_, at, _) in properties.iter().filter(|p| p.0 == *b"ispe") {
        let (width, height) = (file.u32(at + 4).unwrap_or(0), file.u32(at + 8).unwrap_or(0));
        purse.pixels(width, height)?;
    }
    let (width, height) = size
        .filter(|s| s.0 > 0 && s.1 > 0)
        .ok_or_else(|| broken(Part::Head))?;
    purse.pay(width * height * 3, width * height * 3, true)?;
    if let Some((_, from, to)) = find(&inner, b"iinf")
        && to - from > 4
        && window(&bytes[from as usize..to as usize], b"Exif")
    {
        notes.push(Note::CameraFacts);
    }
    let (width, height) = if turned {
        (height, width)
    } else {
        (width, height)
    };
    Ok(Heic {
        size: PageSize::pixels(width, height),
        notes,
    })
}

fn window(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|w| w == word)
}

fn top(file: &Walk<'_>) -> Result<Vec<Found>, Refused> {
    let top = boxes(file, 0, file.bytes.len() as u64)?;
    if let Some(b"hevc" | b"hevx" | b"msf1") = file.slice(8, 4) {
        return Err(Refused::Foreign(Foreign::Video));
    }
    Ok(top)
}

/// The properties of an item, by their place in the list, from 1.
fn associations(file: &Walk<'_>, at: u64, item: u64) -> Vec<u64> {
    let read = || {
        let version = file.uint(at, 1)?;
        let wide = file.uint(at + 3, 1)? & 1 == 1;
        let entries = file.u32(at + 4)?;
        let mut at = at + 8;
        for _ in 0..entries.min(65_536) {
            let id_len = if version == 0 { 2 } else { 4 };
            let id = file.uint(at, id_len)?;
            let count = file.uint(at + id_len, 1)?;
            at += id_len + 1;
            let len = if wide { 2 } else { 1 };
            // The first bit says that the property is essential.
            let mask = if wide { 0x7fff } else { 0x7f };
            let all = (0..count).filter_map(|i| Some(file.uint(at + i * len, len)? & mask));
            if id == item {
                return Some(all.collect());
            }
            at += count * len;
        }
        None
    };
    read().unwrap_or_default()
}
