//! The number that a page carries.

/// As many bits as the ground of a quarter of a page carries safely.
pub const BITS: u32 = 40;

/// A number below 2^40 that the caller keeps beside what it means; nothing personal is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(u64);

impl Code {
    /// Nothing where the number needs more than 40 bits.
    pub fn new(number: u64) -> Option<Code> {
        (number >> BITS == 0).then_some(Code(number))
    }

    /// The number as it was given.
    pub fn number(self) -> u64 {
        self.0
    }

    /// Five bytes, the highest first.
    pub(crate) fn bytes(self) -> [u8; 5] {
        let all = self.0.to_be_bytes();
        [all[3], all[4], all[5], all[6], all[7]]
    }

    pub(crate) fn of_bytes(bytes: [u8; 5]) -> Code {
        Code(
            bytes
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte)),
        )
    }
}
