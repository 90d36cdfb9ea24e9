//! Reed-Solomon over GF(256), generator 2, polynomial 0x11d: 5 bytes become 13, of which any 4
//! may be wrong. The reader mends 3 at most, so that chance makes a code of noise but once in
//! four thousand million.

use crate::code::Code;

/// Bytes of a word: five of the code and eight that mend.
pub const WORD: usize = 13;
const MENDING: usize = 8;
/// One less than could be: what is beyond counts as noise.
const WRONG_MAX: usize = 3;

/// The word of a code: its bytes, then the remainder of dividing by the generator.
pub fn word(code: Code) -> [u8; WORD] {
    let mut word = [0; WORD];
    word[..5].copy_from_slice(&code.bytes());
    let generator = generator();
    let mut rest = word;
    for at in 0..5 {
        let lead = rest[at];
        for (i, g) in generator.iter().enumerate() {
            rest[at + i] ^= multiply(lead, *g);
        }
    }
    word[5..].copy_from_slice(&rest[5..]);
    word
}

/// The code whose word differs in at most three bytes, and in how many.
pub fn mend(read: [u8; WORD]) -> Option<(Code, usize)> {
    let syndromes: Vec<u8> = (0..MENDING).map(|i| value(&read, power(i))).collect();
    if syndromes.iter().all(|s| *s == 0) {
        return Some((first(&read), 0));
    }
    let (locator, wrong) = locator(&syndromes);
    if wrong > WRONG_MAX || locator.len() != wrong + 1 {
        return None;
    }
    // A root at 2^-p says that the byte at power p is wrong.
    let places: Vec<usize> = (0..WORD)
        .filter(|p| at_low(&locator, power(255 - p % 255)) == 0)
        .collect();
    if places.len() != wrong {
        return None;
    }
    let mut mended = read;
    amend(&mut mended, &places, &syndromes)?;
    let clean = (0..MENDING).all(|i| value(&mended, power(i)) == 0);
    clean.then(|| (first(&mended), wrong))
}

fn first(word: &[u8; WORD]) -> Code {
    Code::of_bytes([word[0], word[1], word[2], word[3], word[4]])
}

/// Product of (x - 2^i), the highest power first.
fn generator() -> [u8; MENDING + 1] {
    let mut all = [0; MENDING + 1];
    all[0] = 1;
    for i in 0..MENDING {
        for at in (1..=i + 1).rev() {
            all[at] ^= multiply(all[at - 1], power(i));
        }
    }
    all
}

/// Berlekamp and Massey: the shortest register that makes the syndromes; lowest power first.
fn locator(syndromes: &[u8]) -> (Vec<u8>, usize) {
    let (mut now, mut before) = (vec![1u8], vec![1u8]);
    let (mut length, mut shift, mut lead) = (0usize, 1usize, 1u8);
    for n in 0..syndromes.len() {
        let gap = (1..=length).fold(syndromes[n], |sum, i| {
            sum ^ multiply(now.get(i).copied().unwrap_or(0), syndromes[n - i])
        });
        if gap == 0 {
            shift += 1;
            continue;
        }
        let kept = now.clone();
        let factor = multiply(gap, inverse(lead));
        now.resize(now.len().max(before.len() + shift), 0);
        for (i, b) in before.iter().enumerate() {
            now[i + shift] ^= multiply(factor, *b);
        }
        if 2 * length <= n {
            (length, before, lead, shift) = (n + 1 - length, kept, gap, 1);
        } else {
            shift += 1;
        }
    }
    while now.last() == Some(&0) {
        now.pop();
    }
    (now, length)
}

/// Solves for the values at the wrong places (at most three equations) and takes them off.
fn amend(word: &mut [u8; WORD], places: &[usize], syndromes: &[u8]) -> Option<()> {
    let n = places.len();
    let mut rows: Vec<Vec<u8>> = (0..n)
        .map(|i| {
            let mut row: Vec<u8> = places.iter().map(|p| power(p * i)).collect();
            row.push(syndromes[i]);
            row
        })
        .collect();
    for column in 0..n {
        let pivot = (column..n).find(|r| rows[*r][column] != 0)?;
        rows.swap(column, pivot);
        let scale = inverse(rows[column][column]);
        let lead: Vec<u8> = rows[column].iter().map(|v| multiply(*v, scale)).collect();
        for (r, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if r != column && factor != 0 {
                for (v, l) in row.iter_mut().zip(&lead) {
                    *v ^= multiply(factor, *l);
                }
            }
        }
        rows[column] = lead;
    }
    for (place, row) in places.iter().zip(&rows) {
        word[WORD - 1 - place] ^= row[n];
    }
    Some(())
}

/// The polynomial at a point, its highest power first.
fn value(word: &[u8], x: u8) -> u8 {
    word.iter().fold(0, |sum, byte| multiply(sum, x) ^ byte)
}

/// The polynomial at a point, its lowest power first.
fn at_low(polynomial: &[u8], x: u8) -> u8 {
    polynomial
        .iter()
        .rev()
        .fold(0, |sum, byte| multiply(sum, x) ^ byte)
}

/// 2 to the power of `n` in the field.
fn power(n: usize) -> u8 {
    (0..n % 255).fold(1, |x, _| multiply(x, 2))
}

fn inverse(x: u8) -> u8 {
    // x^254, since x^255 is 1.
    (0..254).fold(1, |product, _| multiply(product, x))
}

fn multiply(a: u8, b: u8) -> u8 {
    let (mut a, mut product) = (u16::from(a), 0u16);
    for bit in 0..8 {
        if b >> bit & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 0x100 != 0 {
            a ^= 0x11d;
        }
    }
    product as u8
}
