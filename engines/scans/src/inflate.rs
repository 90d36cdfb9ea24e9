//! Decompression that stops at a bound.

use std::io::Read;

/// What came out of a stream that may break off.
pub(crate) struct Inflated {
    pub bytes: Vec<u8>,
    /// The data ended or stopped making sense before its end mark.
    pub damaged: bool,
    /// There was more than asked for.
    pub more: bool,
}

/// At most `max` bytes of what `data` is when inflated.
pub(crate) fn inflate(data: &[u8], zlib: bool, max: u64) -> Inflated {
    if zlib {
        take(flate2::read::ZlibDecoder::new(data), max)
    } else {
        take(flate2::read::DeflateDecoder::new(data), max)
    }
}

/// As [`inflate`], but only counts.
pub(crate) fn inflated_len(data: &[u8], max: u64) -> (u64, bool) {
    let mut from = flate2::read::ZlibDecoder::new(data).take(max.saturating_add(1));
    let mut buffer = vec![0; 64 << 10];
    let mut len = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return (len, false),
            Ok(n) => len += n as u64,
            Err(_) => return (len, true),
        }
    }
}

/// LZW as PDF has it: most significant bit first, codes widen early unless told otherwise.
pub(crate) fn lzw(data: &[u8], early: bool, max: u64) -> Inflated {
    let order = weezl::BitOrder::Msb;
    let mut decoder = if early {
        weezl::decode::Decoder::with_tiff_size_switch(order, 8)
    } else {
        weezl::decode::Decoder::new(order, 8)
    };
    let (mut bytes, mut rest, mut damaged) = (Vec::new(), data, false);
    let mut buffer = vec![0; 64 << 10];
    while bytes.len() as u64 <= max {
        let step = decoder.decode_bytes(rest, &mut buffer);
        bytes.extend_from_slice(&buffer[..step.consumed_out]);
        rest = &rest[step.consumed_in..];
        match step.status {
            Ok(weezl::LzwStatus::Ok) if step.consumed_out + step.consumed_in > 0 => {}
            Ok(weezl::LzwStatus::Done) => break,
            _ => {
                damaged = true;
                break;
            }
        }
    }
    cut(bytes, damaged, max)
}

fn take(from: impl Read, max: u64) -> Inflated {
    let mut bytes = Vec::new();
    let damaged = from
        .take(max.saturating_add(1))
        .read_to_end(&mut bytes)
        .is_err();
    cut(bytes, damaged, max)
}

fn cut(mut bytes: Vec<u8>, damaged: bool, max: u64) -> Inflated {
    let more = bytes.len() as u64 > max;
    bytes.truncate(usize::try_from(max).unwrap_or(usize::MAX));
    Inflated {
        bytes,
        damaged,
        more,
    }
}
