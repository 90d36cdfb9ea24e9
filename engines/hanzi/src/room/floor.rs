//! Floors, and their heights in the order of the shelf (archive.md P5.6).

use std::fmt;

/// The roof: above every storey a code can name.
const ROOF_X10: i32 = i32::MAX;
/// Where a mezzanine stands above its storey, in tenths of a storey (P5.6: 1M is 15–19).
const MEZZANINE_X10: i32 = 5;
/// A lettered storey never reaches the next one, however far down the alphabet.
const LETTER_X10_MAX: i32 = 9;

/// A floor as codes name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Floor {
    /// `B1`, 負一層, 地下一層; with its own mezzanine.
    Basement { depth: u32, mezzanine: bool },
    /// `LG`.
    LowerGround,
    /// `G`.
    Ground,
    /// `UG`.
    UpperGround,
    /// `18`, `3A`; `M` as letter is the storey's mezzanine.
    Storey { number: u32, letter: Option<char> },
    /// 夾層 or `M` without a storey.
    Mezzanine,
    /// 頂層, 天台.
    Roof,
}

impl Floor {
    /// An ordinary storey.
    #[must_use]
    pub fn storey(number: u32) -> Floor {
        Floor::Storey {
            number,
            letter: None,
        }
    }

    /// Height in tenths of a storey. A mezzanine without a storey lies between the ground floor and
    /// the first where the building has a ground floor, else between the first and the second.
    #[must_use]
    pub fn height_x10(self, has_ground_floor: bool) -> i32 {
        match self {
            Floor::Basement { depth, mezzanine } => {
                let base = -i32::try_from(depth).unwrap_or(i32::MAX / 20) * 10;
                base + if mezzanine { MEZZANINE_X10 } else { 0 }
            }
            Floor::LowerGround => -2,
            Floor::Ground => 0,
            Floor::UpperGround => 2,
            Floor::Storey { number, letter } => {
                let base = i32::try_from(number)
                    .unwrap_or(i32::MAX)
                    .min(ROOF_X10 / 10 - 1)
                    * 10;
                base + match letter {
                    None => 0,
                    Some('M') => MEZZANINE_X10,
                    Some(c) => (1 + c as i32 - 'A' as i32).clamp(1, LETTER_X10_MAX),
                }
            }
            Floor::Mezzanine if has_ground_floor => MEZZANINE_X10,
            Floor::Mezzanine => 10 + MEZZANINE_X10,
            Floor::Roof => ROOF_X10,
        }
    }

    /// A byte string in the order of the floors.
    pub(super) fn encode(self, height_x10: i32, key: &mut Vec<u8>) {
        // Flipping the sign bit puts negative heights first in byte order.
        key.extend(((height_x10 as u32) ^ 0x8000_0000).to_be_bytes());
        let (rank, detail, letter) = match self {
            Floor::Basement { depth, mezzanine } => (0, depth, u32::from(mezzanine)),
            Floor::LowerGround => (1, 0, 0),
            Floor::Ground => (2, 0, 0),
            Floor::UpperGround => (3, 0, 0),
            Floor::Storey { number, letter } => (4, number, letter.map_or(0, |c| c as u32)),
            Floor::Mezzanine => (5, 0, 0),
            Floor::Roof => (6, 0, 0),
        };
        key.push(rank);
        key.extend(detail.to_be_bytes());
        key.extend(letter.to_be_bytes());
    }

    /// The order of the shelf: by height, then by name.
    pub(super) fn rank(self) -> (i32, Floor) {
        (self.height_x10(false), self)
    }
}

impl fmt::Display for Floor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Floor::Basement { depth, mezzanine } => {
                write!(f, "B{depth}{}", if *mezzanine { "M" } else { "" })
            }
            Floor::LowerGround => f.write_str("LG"),
            Floor::Ground => f.write_str("G"),
            Floor::UpperGround => f.write_str("UG"),
            Floor::Storey { number, letter } => {
                write!(f, "{number}")?;
                letter.map_or(Ok(()), |c| write!(f, "{c}"))
            }
            Floor::Mezzanine => f.write_str("M"),
            Floor::Roof => f.write_str("顶"),
        }
    }
}
