//! Random and mutated bytes: reading ends within the bounds and no library panics.

use proptest::prelude::*;

use super::*;

fn small() -> Limits {
    Limits {
        pages: 20,
        picture_pixels: 1 << 20,
        decompressed_bytes: 4 << 20,
        pictures_bytes: 8 << 20,
        ..Limits::default()
    }
}

fn holds(bytes: &[u8]) {
    let limits = small();
    match inspect(bytes, "x", &limits) {
        Ok(found) => {
            assert!(found.pages >= 1 && found.pages <= limits.pages);
            assert!(found.decompressed_bytes <= limits.decompressed_bytes + limits.pictures_bytes);
        }
        Err(Refused::TooHeavy(_)) => panic!("a library panicked"),
        Err(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), head in 0_usize..8) {
        let heads: [&[u8]; 8] = [b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"PK\x03\x04", b"\0\0\0\x18ftypheic", b"RIFF\x40\0\0\0WEBP"];
        holds(&[heads[head], &bytes].concat());
    }

    #[test]
    fn mutations_of_good_files_never_panic(which in 0_usize..6, hits in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..12), cut in any::<u16>()) {
        let mut bytes = match which {
            0 => pdf(2),
            1 => jpeg(),
            2 => png(),
            3 => tiff(2),
            4 => ofd(1),
            _ => still(40, 40, image::ImageFormat::WebP),
        };
        for (at, value) in hits {
            let at = at as usize % bytes.len();
            bytes[at] = value;
        }
        if cut % 4 == 0 {
            bytes.truncate(cut as usize % bytes.len());
        }
        holds(&bytes);
    }
}
