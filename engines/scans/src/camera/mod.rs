//! Papers out of photographs: find the sheet, lay it flat, bind pages into one PDF.

mod bind;
mod find;
mod flatten;

use serde::{Deserialize, Serialize};

pub use bind::{Sheet, bind};
pub use flatten::{Tone, straighten};

use crate::inspect::caught;
use crate::kind::{Guess, guess};
use crate::limits::Purse;
use crate::{Kind, Limits, Refused, heic, jpeg, picture, png};

/// A place in a picture as parts of its width and height, from the upper left: 0 to 1. The
/// picture is taken as it is shown, turned by its orientation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// Where the sheet lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corners {
    /// Upper left, upper right, lower right, lower left of the sheet.
    pub corners: [Point; 4],
    /// Whether a sheet was found; else these are the picture's own corners, for a person to move.
    pub sure: bool,
}

/// Finds the sheet of paper in a photograph: the large bright or colourless patch with four
/// corners.
///
/// # Errors
/// As [`crate::inspect`], for a picture.
pub fn corners(photo: &[u8], limits: &Limits) -> Result<Corners, Refused> {
    caught(|| Ok(find::sheet(&open(photo, limits)?)))
}

/// A photograph within bounds.
fn open(photo: &[u8], limits: &Limits) -> Result<image::DynamicImage, Refused> {
    let mut purse = Purse::new(limits, photo.len());
    let kind = match guess(photo) {
        Guess::Kind(kind @ (Kind::Jpeg | Kind::Png | Kind::WebP | Kind::Heic)) => kind,
        Guess::Foreign(foreign) => return Err(Refused::Foreign(foreign)),
        _ if photo.is_empty() => return Err(Refused::Empty),
        _ => return Err(Refused::Unknown),
    };
    match kind {
        Kind::Jpeg => drop(jpeg::walk(photo, &mut purse)?),
        Kind::Png => drop(png::walk(photo, &mut purse)?),
        Kind::WebP => drop(png::walk_webp(photo, &mut purse)?),
        _ => drop(heic::walk(photo, &mut purse)?),
    }
    Ok(picture::flat(picture::decode(photo, kind, limits)?))
}
