//! PNG and WebP: their chunks, one after another, to the very end.

use crate::inspect::PageSize;
use crate::limits::Purse;
use crate::refused::{Foreign, Part};
use crate::walk::Walk;
use crate::{Kind, Refused};

/// What a walk over chunks found.
pub(crate) struct Chunked {
    pub size: PageSize,
    pub exif: Option<Vec<u8>>,
}

pub(crate) fn walk(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Chunked, Refused> {
    let kind = Kind::Png;
    let broken = |part| Refused::Broken { kind, part };
    let walk = Walk::big(bytes);
    let (mut at, mut size, mut exif) = (8_u64, None, None);
    let mut compressed = 0;
    loop {
        let len = walk.u32(at).ok_or(Refused::Truncated(kind))?;
        let name = walk.slice(at + 4, 4).ok_or(Refused::Truncated(kind))?;
        let body = walk.slice(at + 8, len).ok_or(Refused::Truncated(kind))?;
        let sum = walk.u32(at + 8 + len).ok_or(Refused::Truncated(kind))?;
        let mut crc = flate2::Crc::new();
        crc.update(name);
        crc.update(body);
        if u64::from(crc.sum()) != sum {
            return Err(broken(Part::Checksum));
        }
        if size.is_none() != (name == b"IHDR") {
            return Err(broken(Part::Structure));
        }
        match name {
            b"IHDR" => {
                let (width, height) = (walk.u32(at + 8), walk.u32(at + 12));
                let (depth, colour) = (walk.uint(at + 16, 1), walk.uint(at + 17, 1));
                let parts = match colour {
                    Some(0 | 3) => 1,
                    Some(2) => 3,
                    Some(4) => 2,
                    Some(6) => 4,
                    _ => return Err(broken(Part::Head)),
                };
                let (Some(width @ 1..), Some(height @ 1..), Some(depth)) = (width, height, depth)
                else {
                    return Err(broken(Part::Head));
                };
                purse.pixels(width, height)?;
                size = Some((width, height, (width * depth * parts).div_ceil(8) * height));
            }
            b"eXIf" => exif = Some(body.to_vec()),
            b"IDAT" => compressed += len,
            // Animation: pages that nobody would see.
            b"acTL" => return Err(Refused::Foreign(Foreign::Video)),
            _ => {}
        }
        at += 12 + len;
        if name == b"IEND" {
            break;
        }
    }
    if at != bytes.len() as u64 {
        return Err(Refused::Polyglot { kind, at });
    }
    let (width, height, out) = size.ok_or_else(|| broken(Part::Head))?;
    purse.pay(out, compressed, true)?;
    Ok(Chunked {
        size: PageSize::pixels(width, height),
        exif,
    })
}

pub(crate) fn walk_webp(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Chunked, Refused> {
    let kind = Kind::WebP;
    let broken = |part| Refused::Broken { kind, part };
    let walk = Walk::little(bytes);
    let end = 8 + walk.u32(4).ok_or(Refused::Truncated(kind))?;
    if end > bytes.len() as u64 {
        return Err(Refused::Truncated(kind));
    }
    if end.next_multiple_of(2) < bytes.len() as u64 {
        return Err(Refused::Polyglot { kind, at: end });
    }
    let (mut at, mut size, mut exif) = (12, None, None);
    while at < end {
        let name = walk.slice(at, 4).ok_or(Refused::Truncated(kind))?;
        let len = walk.u32(at + 4).ok_or(Refused::Truncated(kind))?;
        let body = walk.slice(at + 8, len).ok_or(Refused::Truncated(kind))?;
        let head = Walk::little(body);
        let found = match name {
            b"ANIM" | b"ANMF" => return Err(Refused::Foreign(Foreign::Video)),
            b"EXIF" => {
                exif = Some(body.strip_prefix(b"Exif\0\0").unwrap_or(body).to_vec());
                None
            }
            b"VP8 " => head
                .u16(6)
                .zip(head.u16(8))
                .map(|(w, h)| (w & 0x3fff, h & 0x3fff)),
            b"VP8L" => head
                .u32(1)
                .map(|b| ((b & 0x3fff) + 1, (b >> 14 & 0x3fff) + 1)),
            _ => None,
        };
        size = size.or(found);
        at += 8 + len.next_multiple_of(2);
    }
    let (width, height) = size.ok_or_else(|| broken(Part::Head))?;
    purse.pixels(width, height)?;
    purse.pay(width * height * 4, width * height * 4, true)?;
    Ok(Chunked {
        size: PageSize::pixels(width, height),
        exif,
    })
}
