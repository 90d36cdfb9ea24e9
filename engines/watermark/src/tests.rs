//! What holds of the parts.

use proptest::prelude::*;

use crate::code::Code;
use crate::solomon::{WORD, mend, word};
use crate::weave::{SIGNS, Tile, weave};

proptest! {
    #[test]
    fn up_to_three_wrong_bytes_are_mended(
        number in 0u64..1 << 40,
        hits in prop::collection::btree_map(0usize..WORD, 1u8..=255, 0..=3),
    ) {
        let code = Code::new(number).expect("40 bits");
        let mut read = word(code);
        for (at, by) in &hits {
            read[*at] ^= by;
        }
        prop_assert_eq!(mend(read), Some((code, hits.len())));
    }

    #[test]
    fn noise_is_no_word(noise in prop::array::uniform13(any::<u8>())) {
        // One in four thousand million is; none of these few.
        prop_assert_eq!(mend(noise), None);
    }
}

#[test]
fn a_code_has_forty_bits() {
    assert_eq!(
        Code::new((1 << 40) - 1).map(Code::number),
        Some((1 << 40) - 1)
    );
    assert_eq!(Code::new(1 << 40), None);
}

#[test]
fn no_wave_is_twice_and_none_lies_along_an_axis() {
    let weave = weave();
    let mut seen = std::collections::HashSet::new();
    for wave in weave.pilots.iter().chain(&weave.signs) {
        assert!(wave.across >= 2 && wave.down.abs() >= 2, "{wave:?}");
        assert!(seen.insert((wave.across, wave.down)), "{wave:?}");
    }
    assert_eq!(seen.len(), 20 + 2 * SIGNS);
}

#[test]
fn the_waves_stay_within_a_few_grey_levels() {
    for number in [0, 1, 0x12_3456_789a, (1 << 40) - 1] {
        let tile = Tile::of(Code::new(number).expect("40 bits"));
        let mean: f64 = tile.0.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
        let level = (mean / tile.0.len() as f64).sqrt() / 16.0;
        assert!((2.0..4.5).contains(&level), "{level}");
    }
}
