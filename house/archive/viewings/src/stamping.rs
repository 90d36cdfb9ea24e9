//! A page's picture as it leaves: decoded, what is of others covered, the reader's mark upon
//! it, and encoded anew. No file of the archive leaves as it lies.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use crate::ViewingError;
use crate::own_area::Area;
use watermark::{Code, Mark};

/// Pictures of pages have 1,600 pixels at their longer edge; more than this is none of ours.
const EDGE_MAX: u32 = 6_000;
/// The mark must be read back from a photograph, and a page from the screen.
const QUALITY: u8 = 88;

/// What a page's mark says.
pub struct Says {
    pub lines: Vec<String>,
    pub footer: String,
    pub code: Code,
    /// What is of others.
    pub covered: Vec<Area>,
}

/// A code that no page has yet, by chance; the table of codes holds that.
pub fn code(chance: &foundation::chance::Chance) -> Code {
    // Zero is no code: a dark picture must not be read as one.
    Code::new(1 + chance.below((1 << 40) - 1)).expect("forty bits")
}

/// A picture within bounds.
///
/// # Errors
/// [`ViewingError::Picture`] for everything else.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, ViewingError> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(EDGE_MAX * 2);
    limits.max_image_height = Some(EDGE_MAX * 2);
    limits.max_alloc = Some(512 << 20);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| ViewingError::Picture)?;
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    if !reader.format().is_some_and(|f| known.contains(&f)) {
        return Err(ViewingError::Picture);
    }
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| ViewingError::Picture)?;
    Ok(picture.into_rgb8())
}

fn cover(picture: &mut RgbImage, areas: &[Area]) {
    let (width, height) = picture.dimensions();
    for area in areas {
        let [left, top, right, bottom] = area.in_picture(width, height);
        for y in top..bottom {
            for x in left..right {
                picture.put_pixel(x, y, Rgb([24, 24, 24]));
            }
        }
    }
}

/// The page's picture with its mark, as JPEG.
///
/// # Errors
/// [`ViewingError::Mark`]: then it does not leave.
pub fn stamped(bytes: &[u8], says: &Says) -> Result<Vec<u8>, ViewingError> {
    let mut picture = decode(bytes)?;
    let least = picture.width().min(picture.height()).max(1);
    if least < watermark::EDGE_MIN {
        // A slip of paper is drawn larger, so that it can carry a code.
        let times = watermark::EDGE_MIN.div_ceil(least);
        let (width, height) = (picture.width() * times, picture.height() * times);
        picture = image::imageops::resize(&picture, width, height, FilterType::Triangle);
    }
    cover(&mut picture, &says.covered);
    let lines: Vec<&str> = says.lines.iter().map(String::as_str).collect();
    let mark = Mark {
        lines: &lines,
        footer: &says.footer,
        code: says.code,
    };
    watermark::stamp(&mut picture, &mark).map_err(ViewingError::Mark)?;
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY)
        .encode_image(&picture)
        .map_err(|_| ViewingError::Picture)?;
    Ok(out)
}
