//! How wide a box has to be for so many pages.

use paper::Spine;

/// A leaf of office paper, written on and put on a fastener, in hundredths of a millimetre.
const LEAF: i64 = 13;
/// The board of both sides, and the air that a box needs to be opened, in millimetres.
const BOARD: i64 = 4;

/// A spine of so many millimetres, if boxes are made so.
pub fn of_mm(mm: i64) -> Option<Spine> {
    Spine::ALL.into_iter().find(|s| in_mm(*s) == mm)
}

/// A spine's width in whole millimetres.
pub fn in_mm(spine: Spine) -> i64 {
    match spine {
        Spine::Mm20 => 20,
        Spine::Mm30 => 30,
        Spine::Mm40 => 40,
        Spine::Mm50 => 50,
        Spine::Mm60 => 60,
    }
}

/// How many pages, each a leaf of its own, a box of this width takes.
pub fn holds(mm: i64) -> i64 {
    (mm - BOARD).max(0) * 100 / LEAF
}

/// The fewest boxes, and then the narrowest, that take so many pages: how many, how wide.
pub fn suggested(pages: i64) -> (i64, i64) {
    let widths = Spine::ALL.map(in_mm);
    let widest = widths[widths.len() - 1];
    let boxes = (pages.max(1) + holds(widest) - 1) / holds(widest);
    let each = (pages.max(0) + boxes - 1) / boxes;
    let fits = widths.into_iter().find(|mm| holds(*mm) >= each);
    (boxes, fits.unwrap_or(widest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_suggested_holds_the_pages_and_nothing_narrower_does() {
        for pages in 0..3_000 {
            let (boxes, mm) = suggested(pages);
            assert!(boxes * holds(mm) >= pages, "{pages}");
            assert!(mm == 20 || boxes * holds(mm - 10) < pages, "{pages}: {mm}");
            assert!(boxes == 1 || (boxes - 1) * holds(60) < pages, "{pages}");
        }
        assert_eq!(suggested(0), (1, 20));
        assert_eq!(suggested(124), (1, 30));
        assert_eq!(suggested(431).0, 2);
    }

    #[test]
    fn only_widths_that_are_made_are_taken() {
        assert_eq!(of_mm(40), Some(Spine::Mm40));
        assert_eq!(of_mm(45), None);
        assert!(Spine::ALL.iter().all(|s| s.mm() as i64 == in_mm(*s)));
    }
}
