//! What a stream becomes when its filters are undone, within the purse.

use super::value::Value;
use crate::inflate::{inflate, inflated_len, lzw};
use crate::limits::Purse;
use crate::refused::Part;
use crate::{Kind, Refused};

/// Filters upon filters are a way to multiply; writers use two at the most.
const FILTERS_MAX: usize = 4;

/// The names of the filters in the order of undoing.
fn filters(dict: &Value) -> Vec<&[u8]> {
    match dict.get(b"Filter") {
        Some(Value::Name(name)) => vec![name],
        Some(Value::Array(all)) => all.iter().filter_map(Value::name).collect(),
        _ => Vec::new(),
    }
}

fn size(dict: &Value, purse: &Purse<'_>) -> Result<Option<(u64, u64)>, Refused> {
    let read = |key: &[u8]| dict.get(key).and_then(Value::number).filter(|n| *n >= 1.0);
    let Some((width, height)) = read(b"Width").zip(read(b"Height")) else {
        return Ok(None);
    };
    purse.pixels(width as u64, height as u64)?;
    Ok(Some((width as u64, height as u64)))
}

/// Pays for a stream; its plain bytes come back when `wanted`.
pub(crate) fn open(
    dict: &Value,
    data: &[u8],
    wanted: bool,
    purse: &mut Purse<'_>,
) -> Result<Option<Vec<u8>>, Refused> {
    let broken = |part| Refused::Broken {
        kind: Kind::Pdf,
        part,
    };
    let picture = dict.is(b"Subtype", b"Image");
    let size = if picture { size(dict, purse)? } else { None };
    let filters = filters(dict);
    if filters.len() > FILTERS_MAX {
        return Err(Refused::Nested(Kind::Pdf));
    }
    let mut current = None::<Vec<u8>>;
    for (i, filter) in filters.iter().enumerate() {
        let from = current.as_deref().unwrap_or(data);
        let from_len = from.len() as u64;
        let max = purse.left(picture);
        let last = i + 1 == filters.len();
        let (out, more) = match *filter {
            b"FlateDecode" | b"Fl" if last && !wanted => {
                let (len, _) = inflated_len(from, max);
                if len > max {
                    return Err(purse.overflow(picture));
                }
                purse.pay(len, from_len, picture)?;
                return Ok(None);
            }
            b"FlateDecode" | b"Fl" => {
                let out = inflate(from, true, max);
                if out.damaged && out.bytes.is_empty() && !from.is_empty() && wanted {
                    return Err(broken(Part::Compressed));
                }
                (out.bytes, out.more)
            }
            b"LZWDecode" | b"LZW" => {
                let params = dict.get(b"DecodeParms");
                let early = params
                    .and_then(|p| p.get(b"EarlyChange"))
                    .and_then(Value::number);
                let out = lzw(from, early != Some(0.0), max);
                (out.bytes, out.more)
            }
            b"ASCII85Decode" | b"A85" => (ascii85(from), false),
            b"ASCIIHexDecode" | b"AHx" => (ascii_hex(from), false),
            b"RunLengthDecode" | b"RL" => {
                // At most 128 bytes out of two.
                let out = run_length(from, max);
                let more = out.len() as u64 > max;
                (out, more)
            }
            b"Crypt" => return Err(Refused::Encrypted),
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" => {
                return coded(filter, from, size, dict, purse).map(|()| None);
            }
            _ => return Ok(None),
        };
        if more {
            return Err(purse.overflow(picture));
        }
        purse.pay(out.len() as u64, from_len, picture)?;
        current = Some(out);
    }
    Ok(wanted.then(|| current.unwrap_or_else(|| data.to_vec())))
}

/// A picture in a coding of its own is bounded by its pixels.
fn coded(
    filter: &[u8],
    data: &[u8],
    size: Option<(u64, u64)>,
    dict: &Value,
    purse: &mut Purse<'_>,
) -> Result<(), Refused> {
    match filter {
        // What the data says counts for the decoder, not what the dictionary says.
        b"DCTDecode" | b"DCT" if data.starts_with(b"\xff\xd8") => {
            let (width, height) = jpeg_size(data).or(size).unwrap_or((0, 0));
            purse.pixels(width, height)?;
            purse.pay(width * height * 3, width * height * 3, true)
        }
        b"JPXDecode" => {
            let (width, height) = jpx_size(data).or(size).unwrap_or((0, 0));
            purse.pixels(width, height)?;
            purse.pay(width * height * 3, width * height * 3, true)
        }
        _ => {
            let columns = dict.get(b"DecodeParms").and_then(|p| match p {
                Value::Array(all) => all.iter().find_map(|p| p.get(b"Columns")),
                p => p.get(b"Columns"),
            });
            let columns = columns.and_then(Value::number).unwrap_or(0.0).max(0.0) as u64;
            let (width, height) = size.unwrap_or((1_728, 2_200));
            purse.pixels(width.max(columns), height)?;
            let out = (width.max(columns)).div_ceil(8) * height;
            purse.pay(out, out, true)
        }
    }
}

/// The size in a JPEG's first frame.
fn jpeg_size(data: &[u8]) -> Option<(u64, u64)> {
    let walk = crate::walk::Walk::big(data);
    let mut at = 2;
    for _ in 0..1_000 {
        let marker = walk.u16(at)?;
        match marker {
            0xffff => at += 1,
            0xffc0..=0xffc3 | 0xffc5..=0xffc7 | 0xffc9..=0xffcb | 0xffcd..=0xffcf => {
                return Some((walk.u16(at + 7)?, walk.u16(at + 5)?));
            }
            0xffd0..=0xffd9 | 0xff01 => at += 2,
            m if m > 0xff00 => at += 2 + walk.u16(at + 2)?,
            _ => return None,
        }
    }
    None
}

/// The size in a JPEG 2000's codestream: the SIZ marker behind SOC.
fn jpx_size(data: &[u8]) -> Option<(u64, u64)> {
    let head = &data[..data.len().min(64 << 10)];
    let at = head.windows(4).position(|w| w == b"\xff\x4f\xff\x51")? as u64;
    let walk = crate::walk::Walk::big(data);
    Some((walk.u32(at + 8)?, walk.u32(at + 12)?))
}

fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let until = data.iter().position(|b| *b == b'>').unwrap_or(data.len());
    let digits = data[..until]
        .iter()
        .filter_map(|b| (*b as char).to_digit(16));
    let digits: Vec<_> = digits.collect();
    let pair = |p: &[u32]| (p[0] * 16 + p.get(1).unwrap_or(&0)) as u8;
    digits.chunks(2).map(pair).collect()
}

fn ascii85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4 + 4);
    let (mut group, mut len) = (0_u32, 0);
    for b in data {
        match b {
            b'z' if len == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(b - b'!'));
                len += 1;
                if len == 5 {
                    out.extend(group.to_be_bytes());
                    (group, len) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if len > 1 {
        for _ in len..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(&group.to_be_bytes()[..len - 1]);
    }
    out
}

fn run_length(data: &[u8], max: u64) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(len) = data.get(at).copied() {
        if len == 128 || out.len() as u64 > max {
            break;
        }
        if len < 128 {
            let end = (at + 2 + usize::from(len)).min(data.len());
            out.extend_from_slice(&data[at + 1..end]);
            at = end;
        } else {
            let Some(b) = data.get(at + 1) else { break };
            out.extend(std::iter::repeat_n(*b, 257 - usize::from(len)));
            at += 2;
        }
    }
    out
}

/// Undoes PNG's prediction in an object stream; TIFF's is used by nobody there.
pub(crate) fn unpredict(dict: &Value, plain: Vec<u8>) -> Result<Vec<u8>, Refused> {
    let params = match dict.get(b"DecodeParms") {
        Some(Value::Array(all)) => all.last(),
        other => other,
    };
    let read = |key: &[u8], or| {
        let found = params.and_then(|p| p.get(key)).and_then(Value::number);
        found.unwrap_or(or) as usize
    };
    let predictor = read(b"Predictor", 1.0);
    if predictor < 2 {
        return Ok(plain);
    }
    let part = (read(b"Colors", 1.0) * read(b"BitsPerComponent", 8.0)).div_ceil(8);
    let row =
        (read(b"Columns", 1.0) * read(b"Colors", 1.0) * read(b"BitsPerComponent", 8.0)).div_ceil(8);
    if predictor < 10 || part == 0 || row == 0 || row > 1 << 20 {
        return Err(Refused::Broken {
            kind: Kind::Pdf,
            part: Part::Compressed,
        });
    }
    let mut out = Vec::with_capacity(plain.len());
    let mut above = vec![0; row];
    for line in plain.chunks(row + 1) {
        let mut this = line[1..].to_vec();
        this.resize(row, 0);
        for i in 0..row {
            let left = if i >= part { this[i - part] } else { 0 };
            let corner = if i >= part { above[i - part] } else { 0 };
            let up = above[i];
            this[i] = this[i].wrapping_add(match line[0] {
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                4 => paeth(left, up, corner),
                _ => 0,
            });
        }
        out.extend_from_slice(&this);
        above = this;
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let off = |b: u8| (guess - i16::from(b)).abs();
    if off(left) <= off(up) && off(left) <= off(corner) {
        left
    } else if off(up) <= off(corner) {
        up
    } else {
        corner
    }
}
