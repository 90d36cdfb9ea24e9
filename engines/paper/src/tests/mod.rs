//! What comes out is read back as a stranger would, with a reader of PDF that is not ours,
//! and measured in millimetres.

mod archive;
mod catalog;
mod fonts;
mod forms;
mod labels;
mod lines;
mod money;
mod pictures;
mod reading;
mod walls;

use crate::{Document, Modules, Paper, PaperError, Written, system_fonts};
use reading::{Page, pages};

/// A code of 29 modules, as the labels carry it; its corners are dark.
fn code() -> Modules {
    let dark = (0..29 * 29).map(|n| {
        let (x, y) = (n % 29, n / 29);
        matches!((x, y), (0 | 28, 0 | 28)) || (x * 7 + y * 5) % 3 == 0
    });
    Modules::new(dark.collect()).expect("29 by 29")
}

/// A paper and its pages as read back.
fn drawn(paper: &dyn Paper) -> (Vec<Page>, Written) {
    let (pdf, written) = paper.draw(system_fonts()).expect("drawn");
    let read = pages(&pdf);
    assert_eq!(read.len(), written.pages);
    assert_eq!(pdf.len() as u64, written.bytes);
    (read, written)
}

/// A paper that is what a test draws.
struct Draws<F>(F);

impl<F: Fn(&mut Document<'_>) -> Result<(), PaperError>> Paper for Draws<F> {
    fn about(&self) -> crate::About {
        crate::About::default()
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(crate::A4)?;
        (self.0)(doc)
    }
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= 0.1
}
