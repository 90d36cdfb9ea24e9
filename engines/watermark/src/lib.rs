//! A page's picture and who looks at it in; the picture that says so out. To the eye by lines at
//! 22.5° over the whole page and a dark footer, and to [`trace`] by a code of 40 bits woven into
//! the page's ground, which a photograph of the screen still carries.
//!
//! It deters and it names; it does not prevent. What [`trace`] reads after which distortion is
//! measured by `cargo run --profile dist -p watermark --example rates` and claimed in
//! `docs/formats/watermark.md`, no more than that.
//!
//! Pure: no clock, no chance; the same picture and mark make the same bytes. The letters are the
//! system's, by the fonts that `paper` chooses.

mod code;
mod letters;
mod solomon;
#[cfg(test)]
mod tests;
mod trace;
mod visible;
mod weave;

use image::RgbImage;

pub use code::Code;
pub use trace::{Found, trace};

/// What the footer says beside the caller's words, in the language of who must obey it.
pub const NOTICE: &str = "限閱·業主個人資料 禁止翻拍";

/// Shorter edges carry no code: two tiles must lie side by side, in any direction.
pub const EDGE_MIN: u32 = 256;
/// A4 at 1,200 dots an inch; what is larger is no page.
pub const PIXELS_MAX: u64 = 140_000_000;
/// Of one line, and of the footer, in characters.
pub const CHARS_MAX: usize = 200;
/// Lines repeated over the page.
pub const LINES_MAX: usize = 6;

/// What a picture is stamped with.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// Repeated at 22.5° over the whole page: who looks, number, when.
    pub lines: &'a [&'a str],
    /// Name, number, grant and time; [`NOTICE`] is set beside it where it is not part of it.
    pub footer: &'a str,
    /// What [`trace`] reads back.
    pub code: Code,
}

/// Why a picture was not stamped; it was not changed then.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// No font of the system can write Chinese; `fonts-noto-cjk` is one.
    #[error("no font of this machine can write Chinese")]
    NoFont,
    #[error("a picture of {0} × {1} is too small for a code: {EDGE_MIN} are needed")]
    TooSmall(u32, u32),
    #[error("a picture of {0} × {1} is no page")]
    TooLarge(u32, u32),
    /// No line, more than [`LINES_MAX`], or a text of more than [`CHARS_MAX`] characters.
    #[error("a mark has 1 to {LINES_MAX} lines and a footer, of 1 to {CHARS_MAX} characters each")]
    Words,
}

/// Stamps a page's picture: the lines, the code, and the footer below it, by which the picture
/// becomes higher. Nothing of the page is covered by the footer.
///
/// # Errors
/// Any [`MarkError`]; the picture is as it was then, and must not be shown.
pub fn stamp(picture: &mut RgbImage, mark: &Mark<'_>) -> Result<(), MarkError> {
    let (width, height) = picture.dimensions();
    if width.min(height) < EDGE_MIN {
        return Err(MarkError::TooSmall(width, height));
    }
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(MarkError::TooLarge(width, height));
    }
    let said = |text: &str| !text.trim().is_empty() && text.chars().count() <= CHARS_MAX;
    let lines = mark.lines.iter().all(|line| said(line));
    if mark.lines.is_empty() || mark.lines.len() > LINES_MAX || !lines || !said(mark.footer) {
        return Err(MarkError::Words);
    }
    if !paper::can_write() {
        return Err(MarkError::NoFont);
    }
    let outlines = paper::system_fonts().outlines(paper::Lang::Traditional);
    let brick = visible::Brick::draw(&outlines, mark.lines, width.min(height));
    visible::over(picture, &brick, &weave::Tile::of(mark.code));
    visible::foot(picture, &outlines, mark.footer);
    Ok(())
}
