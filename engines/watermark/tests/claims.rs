//! What the format's page claims, on few pages: the table of `examples/rates` is the long run.

mod made;

use made::{Crop, Dice, PAGES, Page, STRAIGHT, Taken, stamped};
use watermark::{Code, EDGE_MIN, Mark, MarkError, NOTICE, stamp, trace};

/// All that is claimed, at once.
fn all_at(scale: f32) -> Taken {
    Taken {
        tilt: 15.0,
        turn: 4.0,
        scale,
        blur: 0.8,
        grain: 2.0,
        quality: 70,
        crop: Crop::QuarterOff,
    }
}

fn reads(page: Page, seed: u64, taken: Taken) {
    let mut dice = Dice(seed);
    let code = dice.code();
    let picture = taken.of(&stamped(page.draw(&mut dice), code), &mut dice);
    let found = trace(&picture);
    assert_eq!(
        found.first().map(|f| f.code),
        Some(code),
        "{page:?} {taken:?}"
    );
    assert_eq!(found.len(), 1, "{page:?} {taken:?}: one page, one code");
}

#[test]
fn every_kind_of_page_is_read_after_all_of_the_claim_at_once() {
    for page in PAGES {
        reads(page, 11, all_at(0.5));
        reads(page, 12, all_at(1.0));
        reads(page, 13, all_at(1.5));
    }
}

#[test]
fn the_quarter_that_is_left_of_a_photograph_is_enough() {
    for page in PAGES {
        let crop = Crop::QuarterLeft;
        reads(
            page,
            21,
            Taken {
                crop,
                quality: 70,
                ..STRAIGHT
            },
        );
    }
}

#[test]
fn a_page_on_its_side_or_on_its_head_is_read() {
    for turn in [90.0, 180.0, 270.0] {
        reads(
            Page::Text,
            31,
            Taken {
                turn,
                quality: 70,
                ..STRAIGHT
            },
        );
    }
}

#[test]
fn a_page_without_a_code_gives_none() {
    for page in PAGES {
        for seed in 0..2 {
            let mut dice = Dice(41 + seed);
            let plain = page.draw(&mut dice);
            assert_eq!(trace(&plain), [], "{page:?}");
            assert_eq!(trace(&all_at(0.7).of(&plain, &mut dice)), [], "{page:?}");
        }
    }
}

#[test]
fn two_pages_side_by_side_give_two_codes() {
    let mut dice = Dice(51);
    let codes = [dice.code(), dice.code()];
    let pages = codes.map(|code| stamped(Page::Text.draw(&mut dice), code));
    let (width, height) = pages[0].dimensions();
    let mut both = image::RgbImage::new(width * 2, height);
    for (at, page) in pages.iter().enumerate() {
        image::imageops::overlay(&mut both, page, i64::from(width) * at as i64, 0);
    }
    let mut found: Vec<Code> = trace(&both).iter().map(|f| f.code).collect();
    found.sort();
    let mut codes = codes.to_vec();
    codes.sort();
    assert_eq!(found, codes);
}

#[test]
fn the_same_page_and_mark_make_the_same_bytes_and_the_footer_covers_nothing() {
    let mut dice = Dice(61);
    let code = dice.code();
    let page = Page::Card.draw(&mut dice);
    let one = stamped(page.clone(), code);
    assert!(one == stamped(page.clone(), code));
    assert_eq!(one.width(), page.width());
    assert!(one.height() > page.height() + 15);
    // Below the page all is dark or a letter; above nothing is as far from the page as ink is.
    let foot = one.get_pixel(2, one.height() - 2).0;
    assert!(foot.iter().all(|v| *v < 60), "{foot:?}");
    for (x, y, was) in page.enumerate_pixels() {
        let is = one.get_pixel(x, y).0;
        let off = is.iter().zip(was.0).map(|(a, b)| a.abs_diff(b)).max();
        assert!(off <= Some(56), "{x},{y}: {was:?} became {is:?}");
    }
}

#[test]
fn no_quarter_of_a_page_is_without_the_lines() {
    let white = image::RgbImage::from_pixel(1240, 1754, image::Rgb([255; 3]));
    let mut dice = Dice(71);
    let marked = stamped(white, dice.code());
    for (left, top) in [(0, 0), (620, 0), (0, 877), (620, 877)] {
        // What is darker than any wave makes it is part of a letter.
        let ink = (0..620 * 877)
            .filter(|at| marked.get_pixel(left + at % 620, top + at / 620).0[0] < 228)
            .count();
        assert!(ink > 5_000, "{ink} points of ink at {left},{top}");
    }
}

#[test]
fn what_is_no_page_or_no_mark_is_refused_and_left_as_it_was() {
    let code = Code::new(7).expect("40 bits");
    let mark = |lines| Mark {
        lines,
        footer: "王女士",
        code,
    };
    let mut small = image::RgbImage::new(EDGE_MIN - 1, 900);
    let refused = stamp(&mut small, &mark(&["王女士"]));
    assert_eq!(refused, Err(MarkError::TooSmall(EDGE_MIN - 1, 900)));
    let mut page = image::RgbImage::new(600, 900);
    assert_eq!(stamp(&mut page, &mark(&[])), Err(MarkError::Words));
    assert_eq!(stamp(&mut page, &mark(&[" "])), Err(MarkError::Words));
    let long = "王".repeat(201);
    assert_eq!(stamp(&mut page, &mark(&[&long])), Err(MarkError::Words));
    assert!(page == image::RgbImage::new(600, 900));
    // A footer that says the notice already does not say it twice; both stamp.
    let footer = format!("王女士 {NOTICE}");
    let with = Mark {
        lines: &["王女士"],
        footer: &footer,
        code,
    };
    assert_eq!(stamp(&mut page, &with), Ok(()));
}
