//! The one source of randomness: the machine's in service, a seed in tests.

use std::sync::Mutex;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Gives random bytes and numbers. ChaCha20, reseeded from the machine at start.
pub struct Chance(Mutex<ChaCha20Rng>);

impl Chance {
    /// Seeded by the operating system.
    #[allow(clippy::disallowed_methods)] // the one place that may ask the machine
    pub fn from_machine() -> Chance {
        let mut seed = [0u8; 32];
        rand::rng().fill_bytes(&mut seed);
        Chance(Mutex::new(ChaCha20Rng::from_seed(seed)))
    }

    /// The same numbers for the same seed: for tests and the demo.
    pub fn from_seed(seed: u64) -> Chance {
        Chance(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        self.fill(&mut out);
        out
    }

    pub fn fill(&self, out: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .fill_bytes(out);
    }

    pub fn u64(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub fn below(&self, n: u64) -> u64 {
        // Multiply-shift: the bias is under 2^-32 for every n used here.
        ((u128::from(self.u64()) * u128::from(n)) >> 64) as u64
    }

    /// A secret for a link: 160 random bits as 32 letters and digits.
    pub fn token(&self) -> String {
        let bytes: [u8; 20] = self.bytes();
        super::ids::crockford(&bytes)
    }
}
