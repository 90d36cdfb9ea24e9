//! Whatever the bytes are: reading them ends, within the bounds, and no library panics. The
//! first byte chooses the beginning of a format, so that the reader gets behind the door.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scans::{Limits, Refused, inspect};

static LIMITS: LazyLock<Limits> = LazyLock::new(|| Limits {
    pages: 20,
    picture_pixels: 1 << 20,
    decompressed_bytes: 4 << 20,
    pictures_bytes: 8 << 20,
    ..Limits::default()
});

const HEADS: [&[u8]; 8] = [
    b"",
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0\x08\0\0\0",
    b"PK\x03\x04",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"RIFF\x40\0\0\0WEBP",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let mut file = HEADS[usize::from(*first) % HEADS.len()].to_vec();
    file.extend_from_slice(rest);
    if HEADS[1].starts_with(&file[..file.len().min(5)]) {
        file.extend_from_slice(b"\ntrailer << /Root 1 0 R >>\n%%EOF");
    }
    match inspect(&file, "x", &LIMITS) {
        Ok(found) => {
            assert!((1..=LIMITS.pages).contains(&found.pages));
            assert_eq!(found.sizes.len() as u32, found.pages);
            assert!(found.decompressed_bytes <= LIMITS.decompressed_bytes + LIMITS.pictures_bytes);
        }
        Err(Refused::TooHeavy(why)) => panic!("{why:?}"),
        Err(_) => {}
    }
});
