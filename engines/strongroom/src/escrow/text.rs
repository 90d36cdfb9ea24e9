//! A share as a person types it, and as a QR code carries it.
//!
//! 48 bytes: version 1, number, threshold, 1 spare, set (4), key (4), share (32), and the
//! first 4 bytes of the SHA-512 of those 44. In base32 (0-9 a-z without i l o u) that is 77
//! letters; typed, they stand in groups of four and a fifth that checks the group and its
//! place, so that a wrong letter, two exchanged ones, or two exchanged groups are named.

use zeroize::Zeroizing;

use super::{EscrowError, Share};
use crate::digest::Digest;

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const VERSION: u8 = 1;
const BYTES: usize = 48;
const GROUPS: usize = 20;
/// Letters of 5 bits for 384 bits: 77, and three of nothing to fill the last group.
const SYMBOLS: usize = GROUPS * 4;
const QR: &str = "LINLI1:";

impl Share {
    /// Twenty groups of five letters, for the card: `1rgt5 …`.
    pub fn text(&self) -> Zeroizing<String> {
        let symbols = symbols(&self.packed());
        let mut text = Zeroizing::new(String::with_capacity(GROUPS * 6));
        for (place, group) in symbols.chunks(4).enumerate() {
            if place > 0 {
                text.push(' ');
            }
            for symbol in group.iter().copied().chain([check(place, group)]) {
                text.push(char::from(LETTERS[usize::from(symbol)]));
            }
        }
        text
    }

    /// What the card's QR code holds: upper case, so that it is small.
    pub fn qr(&self) -> Zeroizing<String> {
        let symbols = symbols(&self.packed());
        let mut text = Zeroizing::new(QR.to_owned());
        text.extend(
            symbols
                .iter()
                .map(|s| LETTERS[usize::from(*s)].to_ascii_uppercase() as char),
        );
        text
    }

    /// Reads either form. Case, spaces and dashes do not matter; o is 0, i and l are 1.
    ///
    /// # Errors
    /// [`EscrowError::Mistyped`] with the group's number from 1; the others that concern one
    /// share.
    pub fn parse(text: &str) -> Result<Share, EscrowError> {
        let text = text.trim();
        if let Some(body) = text.strip_prefix(QR) {
            let symbols = body.chars().map(symbol).collect::<Option<Vec<u8>>>();
            let symbols = Zeroizing::new(symbols.ok_or(EscrowError::NoShare)?);
            return unpack(&*bytes(&symbols)?);
        }
        let typed: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .collect();
        let typed = Zeroizing::new(typed.chars().collect::<Vec<char>>());
        let found = typed.len().div_ceil(5);
        if found != GROUPS {
            return Err(EscrowError::Length {
                found,
                expected: GROUPS,
            });
        }
        let mut symbols = Zeroizing::new(Vec::with_capacity(SYMBOLS));
        for (place, group) in typed.chunks(5).enumerate() {
            let wrong = || EscrowError::Mistyped {
                group: place + 1,
                typed: group.iter().collect(),
            };
            let read: Option<Vec<u8>> = group.iter().map(|c| symbol(*c)).collect();
            let read = read.filter(|r| r.len() == 5).ok_or_else(wrong)?;
            if check(place, &read[..4]) != read[4] {
                return Err(wrong());
            }
            symbols.extend_from_slice(&read[..4]);
        }
        unpack(&*bytes(&symbols)?)
    }

    fn packed(&self) -> Zeroizing<[u8; BYTES]> {
        let mut out = Zeroizing::new([0; BYTES]);
        out[..4].copy_from_slice(&[VERSION, self.number, self.threshold, 0]);
        out[4..8].copy_from_slice(&self.set);
        out[8..12].copy_from_slice(&self.key);
        out[12..44].copy_from_slice(&*self.bytes);
        let digest = Digest::of(&out[..44]).0;
        out[44..].copy_from_slice(&digest[..4]);
        out
    }
}

fn unpack(bytes: &[u8; BYTES]) -> Result<Share, EscrowError> {
    let [version, number, threshold, spare, ..] = *bytes;
    if version != VERSION || number == 0 || threshold < 2 || spare != 0 {
        return Err(EscrowError::NoShare);
    }
    if Digest::of(&bytes[..44]).0[..4] != bytes[44..] {
        return Err(EscrowError::Check { share: number });
    }
    let four = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    let mut share = Zeroizing::new([0; 32]);
    share.copy_from_slice(&bytes[12..44]);
    Ok(Share {
        number,
        threshold,
        set: four(4),
        key: four(8),
        bytes: share,
    })
}

/// Five bits at a time, zeros at the end.
fn symbols(bytes: &[u8; BYTES]) -> Zeroizing<Vec<u8>> {
    let bit = |n: usize| bytes.get(n / 8).map_or(0, |b| b >> (7 - n % 8) & 1);
    let symbol = |s: usize| (0..5).fold(0, |value, i| value << 1 | bit(s * 5 + i));
    Zeroizing::new((0..SYMBOLS).map(symbol).collect())
}

fn bytes(symbols: &[u8]) -> Result<Zeroizing<[u8; BYTES]>, EscrowError> {
    if symbols.len() != SYMBOLS {
        return Err(EscrowError::NoShare);
    }
    let bit = |n: usize| symbols[n / 5] >> (4 - n % 5) & 1;
    if (BYTES * 8..SYMBOLS * 5).any(|n| bit(n) != 0) {
        return Err(EscrowError::NoShare);
    }
    let mut out = Zeroizing::new([0; BYTES]);
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = (0..8).fold(0, |value, i| value << 1 | bit(at * 8 + i));
    }
    Ok(out)
}

fn symbol(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    };
    LETTERS
        .iter()
        .position(|l| char::from(*l) == letter)
        .and_then(|p| u8::try_from(p).ok())
}

/// The fifth letter of a group: over GF(32), each letter and the group's place have a weight
/// of their own, so that any one change and any one exchange changes it.
fn check(place: usize, group: &[u8]) -> u8 {
    let mut sum = u8::try_from(place).expect("twenty groups") ^ 0x15;
    let mut weight = 2;
    for symbol in group {
        sum ^= mul32(*symbol, weight);
        weight = mul32(weight, 2);
    }
    sum
}

/// GF(32) by x⁵+x²+1.
fn mul32(a: u8, b: u8) -> u8 {
    let (mut a, mut product) = (a, 0);
    for bit in 0..5 {
        product ^= a * (b >> bit & 1);
        a = (a << 1) ^ (0x25 * (a >> 4));
    }
    product & 31
}
