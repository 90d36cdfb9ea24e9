//! Files that are two things at once, and bytes where none belong.

use super::*;

pub fn table() -> Table {
    let small_zip = zip(&[item("a.txt", b"hello")]);
    vec![
        (
            "pdf and zip",
            join(&[&pdf(1), &small_zip]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "jpeg and zip",
            join(&[&jpeg(), &small_zip]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "zip in a comment of jpeg",
            with_segment(&jpeg(), 0xfe, &small_zip),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "html in a comment of jpeg",
            with_segment(&jpeg(), 0xfe, b"<script>alert(1)</script>"),
            like!(Refused::Polyglot { at: 0, .. }),
        ),
        (
            "jpeg and text",
            join(&[&jpeg(), b"secret message behind"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "jpeg and exe",
            join(&[&jpeg(), b"MZ\x90\0\x03"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "png and trailing",
            join(&[&png(), b"tail"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "png and zip",
            join(&[&png(), &small_zip]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "tiff and exe",
            join(&[&tiff(1), &[b'M', b'Z'].repeat(5_000)]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "pdf and tail",
            join(&[&pdf(1), b"MZ here is a program"]),
            like!(Refused::Polyglot { .. }),
        ),
        (
            "pdf with bulk between",
            pdf(1).replace_tail(
                b"trailer",
                &[b"junk ".repeat(900), b"trailer".to_vec()].concat(),
            ),
            like!(Refused::Polyglot { .. }),
        ),
    ]
}
