//! Pictures in a form: what was found, as it was found.

use super::{At, SIDE, WIDTH};
use crate::PaperError;
use crate::document::Document;
use crate::pdf::Picture;
use crate::style::{Rect, Stroke};

/// Between pictures.
const APART: f32 = 3.0;
/// A form with more is an album.
const PICTURES_MAX: usize = 24;

impl At<'_> {
    /// Sets pictures in rows of one height, each with its own proportions.
    pub(super) fn pictures(
        &mut self,
        doc: &mut Document<'_>,
        files: &[Vec<u8>],
        mm: f32,
    ) -> Result<(), PaperError> {
        if files.len() > PICTURES_MAX {
            return Err(PaperError::Picture("more pictures than a form takes"));
        }
        let mut x = SIDE;
        let mut row = 0.0_f32;
        for bytes in files {
            let picture = Picture::read(bytes)?;
            let proportion = picture.width as f32 / picture.height as f32;
            let w = (mm * proportion).min(WIDTH);
            let h = w / proportion;
            if x > SIDE && x + w > SIDE + WIDTH + 0.01 {
                self.y += row + APART;
                (x, row) = (SIDE, 0.0);
            }
            if x == SIDE {
                self.need(doc, mm)?;
            }
            let kept = doc.keep(&picture)?;
            let place = Rect::new(x, self.y, w, h);
            doc.picture(place, kept);
            doc.frame(place, Stroke::solid(0.15));
            x += w + APART;
            row = row.max(h);
        }
        self.y += row + APART;
        Ok(())
    }
}
