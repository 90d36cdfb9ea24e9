//! Papers in, PDF out: what an office prints, in exact millimetres, with its letters
//! embedded and findable, as PDF/A-2b. Each paper is plain data ([`Poster`], [`DoorList`],
//! [`LabelSheets`], [`Form`] and others) that a [`Paper`] draws page by page, so that a list of any
//! length needs the memory of one page.
//!
//! Pure but for the fonts, which are the system's: see [`Fonts::of_system`]. Time is given,
//! and the same facts make the same bytes.

mod document;
mod draw;
mod fonts;
mod hatch;
mod ink;
mod outline;
mod papers;
mod pdf;
mod qr;
mod style;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod write;

use std::io::Write;
use std::sync::OnceLock;

pub use document::{A4, Document, Footer, PictureId, Written};
pub use fonts::{Family, Fonts, Lang};
pub use hatch::{Hatch, Mark};
pub use outline::{Outlines, Pen};
pub use papers::*;
pub use pdf::{About, Moment, Picture};
pub use qr::Modules;
pub use style::{Align, Colour, Rect, Stroke, Style};
pub use table::{Column, Table};

/// The longest paper but a catalog: a door list of a large compound.
pub const PAGES_MAX: usize = 400;

/// Why no paper came out.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// No font of the system can write Chinese; `fonts-noto-cjk` is one.
    #[error("no font of this machine can write Chinese")]
    NoFont,
    /// More than [`PAGES_MAX`], or [`CATALOG_PAGES_MAX`] for a catalog.
    #[error("too many pages")]
    TooLong,
    /// A word that may not stand on a label: a state secret's grade, or a phone number.
    #[error("{0:?} may not stand on a label")]
    Refused(String),
    #[error("a picture that cannot be printed: {0}")]
    Picture(&'static str),
    #[error("a font that cannot be cut to its letters: {0}")]
    Font(String),
    #[error("the paper could not be written")]
    Write(#[source] std::io::Error),
}

/// A paper: facts that know how they look.
pub trait Paper {
    /// Title, language and date, for the file's own description.
    fn about(&self) -> About;

    /// Draws all pages.
    ///
    /// # Errors
    /// As [`Paper::write`].
    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError>;

    /// The most pages it may have.
    fn pages_max(&self) -> usize {
        PAGES_MAX
    }

    /// Writes the paper as PDF, page by page.
    ///
    /// # Errors
    /// Any [`PaperError`]; what was written until then is no PDF.
    fn write(&self, fonts: &Fonts, out: &mut dyn Write) -> Result<Written, PaperError> {
        let mut doc = Document::begin(out, fonts, self.about(), self.pages_max())?;
        self.lay(&mut doc)?;
        doc.end()
    }

    /// The paper as PDF in memory, and what was written.
    ///
    /// # Errors
    /// Any [`PaperError`].
    fn draw(&self, fonts: &Fonts) -> Result<(Vec<u8>, Written), PaperError> {
        let mut pdf = Vec::new();
        let written = self.write(fonts, &mut pdf)?;
        Ok((pdf, written))
    }
}

/// The system's fonts, looked through once.
pub fn system_fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::of_system)
}

/// Whether this machine can write Chinese on paper.
pub fn can_write() -> bool {
    system_fonts().write_chinese()
}

/// Draws a poster on A4 with the system's fonts.
///
/// # Errors
/// [`PaperError::NoFont`] on a machine without a Chinese font; [`PaperError::TooLong`].
pub fn poster(poster: &Poster) -> Result<Vec<u8>, PaperError> {
    Ok(poster.draw(system_fonts())?.0)
}

/// Draws a door list on A4 with the system's fonts, its head on every page.
///
/// # Errors
/// As [`poster`].
pub fn door_list(list: &DoorList) -> Result<Vec<u8>, PaperError> {
    Ok(list.draw(system_fonts())?.0)
}
