//! A tick as a device holds it: opaque, so that two of them tell nothing about what was
//! said meanwhile where the reader may not be. A permutation under the house's key: four
//! rounds of Feistel with the keyed digest as the round's function.

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::crockford;

const ROUNDS: u8 = 4;
/// Signs of a view: 64 bits in base 32.
const SIGNS: usize = 13;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn round(house: &House, c: Community, n: u8, half: u32) -> u32 {
    let mut said = [0; 13];
    said[0] = n;
    said[1..9].copy_from_slice(&c.0.to_le_bytes());
    said[9..].copy_from_slice(&half.to_le_bytes());
    let digest = house.keys.digest("group.view", &said);
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// What a device is given for a tick.
pub fn of(house: &House, c: Community, tick: i64) -> String {
    let (mut left, mut right) = ((tick >> 32) as u32, tick as u32);
    for n in 0..ROUNDS {
        (left, right) = (right, left ^ round(house, c, n, right));
    }
    crockford(&((u64::from(left) << 32) | u64::from(right)).to_be_bytes())
}

/// The tick behind it; a made-up view gives a number that no clock has reached.
pub fn read(house: &House, c: Community, view: &str) -> Option<i64> {
    if view.len() != SIGNS {
        return None;
    }
    let mut bits: u128 = 0;
    for sign in view.bytes() {
        let value = ALPHABET.iter().position(|a| *a == sign)?;
        bits = (bits << 5) | value as u128;
    }
    // 65 bits, of which the last is filling.
    let whole = u64::try_from(bits >> 1).ok()?;
    let (mut left, mut right) = ((whole >> 32) as u32, whole as u32);
    for n in (0..ROUNDS).rev() {
        (left, right) = (right ^ round(house, c, n, left), left);
    }
    let tick = ((u64::from(left) << 32) | u64::from(right)) as i64;
    (tick >= 0).then_some(tick)
}
