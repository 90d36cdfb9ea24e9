//! How often a code is read back, by page and by what was done to the picture, how often one is
//! read where there is none, and what stamping and tracing cost beside encoding the same picture.
//!
//! `cargo run --profile dist -p watermark --example rates [TRIES]`

// What is measured here is time itself.
#![allow(clippy::disallowed_methods)]

#[path = "../tests/made/mod.rs"]
mod made;

use std::time::{Duration, Instant};

use image::codecs::jpeg::JpegEncoder;
use made::{Crop, Dice, PAGES, Page, STRAIGHT, Taken, stamped};
use watermark::trace;

/// What is done to the picture, from nothing to all at once.
fn takings() -> Vec<(&'static str, Taken)> {
    let all = |scale| Taken {
        tilt: 15.0,
        turn: 4.0,
        scale,
        blur: 0.8,
        grain: 2.0,
        quality: 70,
        crop: Crop::QuarterOff,
    };
    let with = |change: fn(&mut Taken)| {
        let mut taken = STRAIGHT;
        change(&mut taken);
        taken
    };
    vec![
        ("as it is", STRAIGHT),
        ("JPEG 70", with(|t| t.quality = 70)),
        ("blur 1.0", with(|t| t.blur = 1.0)),
        (
            "blur 1.5, JPEG 70",
            with(|t| (t.blur, t.quality) = (1.5, 70)),
        ),
        ("scale 0.5", with(|t| t.scale = 0.5)),
        (
            "scale 0.5, JPEG 70",
            with(|t| (t.scale, t.quality) = (0.5, 70)),
        ),
        (
            "scale 0.75, JPEG 70",
            with(|t| (t.scale, t.quality) = (0.75, 70)),
        ),
        (
            "scale 1.5, JPEG 70",
            with(|t| (t.scale, t.quality) = (1.5, 70)),
        ),
        ("tilt 15°", with(|t| t.tilt = 15.0)),
        (
            "tilt 15°, turn 8°, JPEG 70",
            with(|t| (t.tilt, t.turn, t.quality) = (15.0, 8.0, 70)),
        ),
        (
            "on its side, JPEG 70",
            with(|t| (t.turn, t.quality) = (90.0, 70)),
        ),
        ("a quarter cut off", with(|t| t.crop = Crop::QuarterOff)),
        (
            "only a quarter left, JPEG 70",
            with(|t| (t.crop, t.quality) = (Crop::QuarterLeft, 70)),
        ),
        ("all at scale 0.5", all(0.5)),
        ("all at scale 0.7", all(0.7)),
        ("all at scale 1.0", all(1.0)),
        ("all at scale 1.5", all(1.5)),
        // Further than is claimed, to know where it ends.
        (
            "beyond: scale 0.4, JPEG 70",
            with(|t| (t.scale, t.quality) = (0.4, 70)),
        ),
        ("beyond: JPEG 40", with(|t| t.quality = 40)),
        (
            "beyond: blur 2.5, JPEG 70",
            with(|t| (t.blur, t.quality) = (2.5, 70)),
        ),
        (
            "beyond: tilt 25°, JPEG 70",
            with(|t| (t.tilt, t.quality) = (25.0, 70)),
        ),
        ("beyond: turn 30°", with(|t| t.turn = 30.0)),
    ]
}

fn main() {
    let tries: u64 = std::env::args()
        .nth(1)
        .map_or(8, |n| n.parse().expect("a number of tries"));
    println!("read back of {tries}, and wrong codes\n");
    print!("{:<30}", "");
    for page in PAGES {
        print!("{:>14}", format!("{page:?}"));
    }
    println!("{:>10}", "trace ms");
    for (name, taken) in takings() {
        print!("{name:<30}");
        let (mut spent, mut traced) = (Duration::ZERO, 0);
        for page in PAGES {
            let (mut right, mut wrong) = (0, 0);
            for seed in 0..tries {
                let mut dice = Dice(seed * 1_000 + page as u64);
                let code = dice.code();
                let picture = taken.of(&stamped(page.draw(&mut dice), code), &mut dice);
                let begun = Instant::now();
                let found = trace(&picture);
                spent += begun.elapsed();
                traced += 1;
                right += u64::from(found.first().is_some_and(|f| f.code == code));
                wrong += found.iter().filter(|f| f.code != code).count();
            }
            let wrong = if wrong == 0 {
                String::new()
            } else {
                format!(" !{wrong}")
            };
            print!("{:>14}", format!("{right}/{tries}{wrong}"));
        }
        println!("{:>10}", spent.as_millis() / traced);
    }
    without(tries);
    costs();
}

/// Pictures that carry nothing.
fn without(tries: u64) {
    let mut found = 0;
    let mut seen = 0;
    for page in PAGES {
        for seed in 0..tries * 4 {
            let mut dice = Dice(seed * 77 + page as u64);
            let taken = Taken {
                tilt: dice.between(0.0, 15.0),
                scale: dice.between(0.5, 1.5),
                quality: 70,
                ..STRAIGHT
            };
            let picture = taken.of(&page.draw(&mut dice), &mut dice);
            found += trace(&picture).len();
            seen += 1;
        }
    }
    println!("\nwithout a code: {found} read in {seen} pictures");
}

fn costs() {
    println!("\nA4 at 150 dots an inch: median of 9, in ms");
    for page in [Page::Text, Page::Photograph] {
        let mut dice = Dice(1);
        let plain = page.draw(&mut dice);
        let code = dice.code();
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..9 {
            let copy = plain.clone();
            let begun = Instant::now();
            let marked = stamped(copy, code);
            times[0].push(begun.elapsed());
            let begun = Instant::now();
            let mut jpeg = Vec::new();
            JpegEncoder::new_with_quality(&mut jpeg, 80)
                .encode_image(&marked)
                .expect("a JPEG");
            times[1].push(begun.elapsed());
            let begun = Instant::now();
            assert!(!trace(&marked).is_empty());
            times[2].push(begun.elapsed());
        }
        let [stamp, encode, trace] = times.map(|mut t| {
            t.sort();
            t[4].as_secs_f64() * 1e3
        });
        println!("{page:?}: stamp {stamp:.1}, encode as JPEG 80 {encode:.1}, trace {trace:.0}");
    }
}
