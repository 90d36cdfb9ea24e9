//! What must be refused, and how it is named; and that nothing whatever panics or exceeds.

macro_rules! like {
    ($p:pat) => {
        (|r: &Refused| matches!(r, $p)) as Named
    };
}

#[path = "../made/mod.rs"]
mod made;

mod acting;
mod container;
mod foreign;
mod heavy;
mod never_panics;
mod polyglot;

use made::*;
use scans::{Active, Foreign, Limits, Refused, inspect};

type Table = Vec<(&'static str, Vec<u8>, Named)>;
type Named = fn(&Refused) -> bool;

fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn active(more: &str) -> Vec<u8> {
    pdf_with(1, more, &[])
}

/// A PDF with one more object, a stream.
fn pdf_stream(dict: &str, body: &[u8]) -> Vec<u8> {
    pdf_with(1, "", &[stream(dict, body)])
}

trait ReplaceTail {
    fn replace_tail(self, what: &[u8], by: &[u8]) -> Vec<u8>;
}

impl ReplaceTail for Vec<u8> {
    /// Replaces the last occurrence.
    fn replace_tail(self, what: &[u8], by: &[u8]) -> Vec<u8> {
        let at = self
            .windows(what.len())
            .rposition(|w| w == what)
            .expect("it is there");
        [&self[..at], by, &self[at + what.len()..]].concat()
    }
}

#[test]
fn hostile_files_are_refused_for_what_they_are() {
    let hostile = [
        acting::table(),
        container::table(),
        foreign::table(),
        heavy::table(),
        polyglot::table(),
    ]
    .concat();
    let mut wrong = Vec::new();
    for (name, bytes, named) in hostile {
        match inspect(&bytes, "scan.pdf", &Limits::default()) {
            Err(refused) if named(&refused) => {}
            other => wrong.push(format!("{name}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_cut_at_any_twentieth_is_refused() {
    let good = [
        pdf(3),
        jpeg(),
        png(),
        tiff(2),
        ofd(2),
        still(60, 60, image::ImageFormat::WebP),
    ];
    for bytes in good {
        for part in 0..20 {
            let cut = &bytes[..bytes.len() * part / 20];
            let answer = inspect(cut, "x", &Limits::default());
            assert!(
                answer.is_err(),
                "{part}/20 of {:?}: {answer:?}",
                &bytes[..8]
            );
        }
    }
}

#[test]
fn limits_are_what_is_asked() {
    let limits = Limits {
        pages: 2,
        ..Limits::default()
    };
    let refused = inspect(&pdf(3), "x.pdf", &limits);
    assert!(
        matches!(refused, Err(Refused::Pages { max: 2, .. })),
        "{refused:?}"
    );
    let limits = Limits {
        picture_pixels: 1_000,
        ..Limits::default()
    };
    assert!(matches!(
        inspect(&jpeg(), "x", &limits),
        Err(Refused::Pixels { max: 1_000, .. })
    ));
}
