//! The pattern of a code: one tile of 128 points a side, a sum of waves that fit whole numbers of
//! times into it, so that tiles join without a seam. [The format](../../../docs/formats/watermark.md).

use std::f32::consts::TAU;
use std::sync::OnceLock;

use crate::code::Code;
use crate::solomon::{self, WORD};

/// Points along an edge of the tile.
pub const TILE: usize = 128;
/// Waves that are the same on every page: by them a reader finds scale, slant and place.
pub const PILOTS: usize = 20;
/// Bits of a word.
pub const SIGNS: usize = WORD * 8;
/// Waves that carry one bit; all tell the same.
pub const WAVES: usize = 2;
/// Grey levels of a pilot wave, and of one that carries a bit.
pub const PILOT: f32 = 0.62;
pub const SIGN: f32 = 0.21;

/// A wave of the tile: `cos(TAU * ((x * across + y * down) / 128 + turn))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    pub across: i32,
    pub down: i32,
    /// Of a whole turn.
    pub turn: f32,
}

/// The waves of format 1, in their order.
pub struct Weave {
    pub pilots: [Wave; PILOTS],
    /// Of bit b the waves b and b + 104.
    pub signs: [Wave; SIGNS * WAVES],
    /// Turned with the word, so that no picture with an even ground looks like a code.
    pub mask: [bool; SIGNS],
}

/// The waves, made once.
pub fn weave() -> &'static Weave {
    static WEAVE: OnceLock<Weave> = OnceLock::new();
    WEAVE.get_or_init(Weave::make)
}

/// Squares of how often the waves fit into the tile: lengths between 8.5 and 21 points.
const NEAR: i32 = 36;
const FAR: i32 = 225;
/// Pilots lie in the middle of the band, where all distortions leave something.
const PILOTS_NEAR: i32 = 56;
const PILOTS_FAR: i32 = 160;
/// Lines of text and rules of tables lie along the axes: no wave does.
const AXIS: i32 = 2;

impl Weave {
    fn make() -> Weave {
        let mut dice = Dice(0x6c69_6e6c_6931);
        let mut all = Vec::new();
        for down in -15..=15i32 {
            for across in 0..=15i32 {
                let far = across * across + down * down;
                let off_axes = across >= AXIS && down.abs() >= AXIS;
                if (NEAR..=FAR).contains(&far) && off_axes {
                    all.push((across, down));
                }
            }
        }
        for at in (1..all.len()).rev() {
            all.swap(at, dice.below(at + 1));
        }
        let mut pilots: Vec<(i32, i32)> = Vec::new();
        all.retain(|&(across, down)| {
            let far = across * across + down * down;
            let apart = pilots
                .iter()
                .all(|p| (p.0 - across).pow(2) + (p.1 - down).pow(2) >= 5);
            let chosen =
                pilots.len() < PILOTS && apart && (PILOTS_NEAR..=PILOTS_FAR).contains(&far);
            if chosen {
                pilots.push((across, down));
            }
            !chosen
        });
        // The first wave of each bit is long and the second any: what blur takes hurts none alone.
        all.sort_by_key(|(across, down)| across * across + down * down);
        all.truncate(SIGNS * WAVES);
        let (low, high) = all.split_at_mut(SIGNS);
        for half in [low, high] {
            for at in (1..half.len()).rev() {
                half.swap(at, dice.below(at + 1));
            }
        }
        let mut wave = |(across, down): (i32, i32)| Wave {
            across,
            down,
            turn: dice.below(TILE) as f32 / TILE as f32,
        };
        let pilots: Vec<Wave> = pilots.into_iter().map(&mut wave).collect();
        let signs: Vec<Wave> = all.into_iter().map(&mut wave).collect();
        let mask = std::array::from_fn(|_| dice.below(2) == 1);
        Weave {
            pilots: pilots.try_into().expect("the band has room for all pilots"),
            signs: signs.try_into().expect("the band has room for all bits"),
            mask,
        }
    }
}

/// A row of numbers that is the same everywhere: splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// The bits of a code as they are woven, true for a wave that is turned by half.
pub fn bits(code: Code) -> [bool; SIGNS] {
    let word = solomon::word(code);
    let mask = &weave().mask;
    std::array::from_fn(|bit| (word[bit / 8] >> (7 - bit % 8) & 1 == 1) ^ mask[bit])
}

/// Grey levels that a code adds, in sixteenths, row by row.
pub struct Tile(pub Vec<i16>);

impl Tile {
    pub fn of(code: Code) -> Tile {
        let weave = weave();
        let bits = bits(code);
        let cosine: Vec<f32> = (0..TILE)
            .map(|t| (TAU * t as f32 / TILE as f32).cos())
            .collect();
        let mut sum = vec![0f32; TILE * TILE];
        let mut add = |wave: &Wave, level: f32| {
            let turn = (wave.turn * TILE as f32) as i32;
            for y in 0..TILE as i32 {
                let row = &mut sum[y as usize * TILE..][..TILE];
                let mut at = y * wave.down + turn;
                for value in row {
                    *value += level * cosine[at as usize & (TILE - 1)];
                    at += wave.across;
                }
            }
        };
        for pilot in &weave.pilots {
            add(pilot, PILOT);
        }
        for (at, wave) in weave.signs.iter().enumerate() {
            add(wave, if bits[at % SIGNS] { -SIGN } else { SIGN });
        }
        Tile(sum.into_iter().map(|v| (v * 16.0).round() as i16).collect())
    }

    /// The row of the tile that crosses a row of the picture.
    pub fn row(&self, y: usize) -> &[i16] {
        &self.0[y % TILE * TILE..][..TILE]
    }
}
