//! Papers in, PDF out: what an office prints, in exact millimetres and with the letters
//! embedded. Layout is typst's; the forms lie in `forms/`, their facts come as JSON.
//! Pure but for the fonts, which are the system's: see [`Fonts::of_system`].

#[cfg(test)]
mod tests;
mod world;

use std::sync::OnceLock;

use serde::Serialize;

pub use world::Fonts;

/// The longest paper: a door list of a large compound.
pub const PAGES_MAX: usize = 400;

/// Why no paper came out.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// No font of the system can write Chinese; `fonts-noto-cjk` is one.
    #[error("no font of this machine can write Chinese")]
    NoFont,
    #[error("the facts of the paper cannot be written: {0}")]
    Facts(#[from] serde_json::Error),
    #[error("more than {PAGES_MAX} pages")]
    TooLong,
    /// Our own mistake in a form.
    #[error("the form does not hold: {0}")]
    Form(String),
}

/// The system's fonts, read once.
fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::of_system)
}

/// Whether this machine can write Chinese on paper.
pub fn can_write() -> bool {
    fonts().write_chinese()
}

/// A paper for a wall: a notice, its class, and a code that leads to the latest text.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Poster {
    pub compound: String,
    pub class: String,
    /// Red on the paper: an emergency.
    pub grave: bool,
    pub title: String,
    pub paragraphs: Vec<String>,
    /// The code as SVG.
    pub qr: String,
    pub scan: String,
    pub foot: Vec<String>,
}

/// Draws a poster on A4.
///
/// # Errors
/// [`PaperError::NoFont`] on a machine without a Chinese font.
pub fn poster(poster: &Poster) -> Result<Vec<u8>, PaperError> {
    draw(include_str!("../forms/poster.typ"), poster)
}

/// A list that goes from door to door: rows with empty cells to fill in and sign.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DoorList {
    pub compound: String,
    pub title: String,
    pub about: String,
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The filled cells of each row; the rest stays empty.
    pub rows: Vec<Vec<String>>,
    /// `{page}` and `{pages}` are filled in.
    pub page: String,
    pub qr: String,
}

/// Draws a door list on A4, its head on every page.
///
/// # Errors
/// As [`poster`]; [`PaperError::TooLong`].
pub fn door_list(list: &DoorList) -> Result<Vec<u8>, PaperError> {
    draw(include_str!("../forms/door_list.typ"), list)
}

fn draw(form: &'static str, facts: &impl Serialize) -> Result<Vec<u8>, PaperError> {
    if !can_write() {
        return Err(PaperError::NoFont);
    }
    world::pdf(fonts(), form, &serde_json::to_string(facts)?)
}
