//! A picture of one page, whatever the file is.

mod annotations;
mod flatten;
mod letters;
mod ofd_page;
mod tiff_page;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::{InterpreterSettings, RenderSettings};
use image::DynamicImage;

use crate::inspect::caught;
use crate::limits::{Limits, Purse};
use crate::refused::{NoPicture, Part};
use crate::{Kind, Look, Refused, heic, jpeg, ofd, pdf, picture, png, tiff_file};

/// Pages are drawn a little larger and made smaller: scans keep thin strokes. More than this
/// costs seconds a page.
const OVERSAMPLE: f32 = 1.25;

/// Draws page `page`, counted from 1, of a file that [`crate::inspect`] took for `kind`.
///
/// The file is read within `limits` again, so nothing depends on what an earlier reading said.
///
/// # Errors
/// As [`crate::inspect`]; [`Refused::NoSuchPage`]; [`Refused::NoPicture`].
pub fn render(
    bytes: &[u8],
    kind: Kind,
    page: u32,
    look: &Look,
    limits: &Limits,
) -> Result<Vec<u8>, Refused> {
    caught(|| {
        let drawn = draw(bytes, kind, page, look, limits)?;
        picture::write(drawn, look)
    })
}

fn draw(
    bytes: &[u8],
    kind: Kind,
    page: u32,
    look: &Look,
    limits: &Limits,
) -> Result<DynamicImage, Refused> {
    let mut purse = Purse::new(limits, bytes.len());
    match kind {
        Kind::Pdf => {
            let found = pdf::walk(bytes, &mut purse)?;
            exists(page, found.sizes.len())?;
            let worn = &found.pdf.pages()[page as usize - 1];
            match flatten::flattened(bytes, found.root, worn)? {
                Some(pdf) => pdf_page(&pdf, page, look),
                None => pdf_page(&found.pdf, page, look),
            }
        }
        Kind::Tiff => {
            let found = tiff_file::walk(bytes, &mut purse)?;
            exists(page, found.sizes.len())?;
            tiff_page::draw(bytes, found.directories[page as usize - 1], limits)
        }
        Kind::Ofd => {
            let found = ofd::walk(bytes, &mut purse)?;
            exists(page, found.sizes.len())?;
            ofd_page::draw(&found, page, look, &mut purse)
        }
        Kind::Jpeg | Kind::Png | Kind::WebP | Kind::Heic => {
            match kind {
                Kind::Jpeg => drop(jpeg::walk(bytes, &mut purse)?),
                Kind::Png => drop(png::walk(bytes, &mut purse)?),
                Kind::WebP => drop(png::walk_webp(bytes, &mut purse)?),
                _ => drop(heic::walk(bytes, &mut purse)?),
            }
            exists(page, 1)?;
            picture::decode(bytes, kind, limits)
        }
    }
}

fn exists(page: u32, last: usize) -> Result<(), Refused> {
    let last = last as u32;
    if page == 0 || page > last {
        return Err(Refused::NoSuchPage { page, last });
    }
    Ok(())
}

fn pdf_page(pdf: &hayro::Pdf, page: u32, look: &Look) -> Result<DynamicImage, Refused> {
    let pages = pdf.pages();
    let page = pages.get(page as usize - 1);
    let page = page.ok_or(Refused::NoPicture(NoPicture::Damaged))?;
    let (width, height) = page.render_dimensions();
    let long = width.max(height);
    if !(long.is_finite() && long > 0.0) {
        return Err(Refused::Broken {
            kind: Kind::Pdf,
            part: Part::Head,
        });
    }
    if letters::missing(page) {
        return Err(Refused::NoPicture(NoPicture::Letters));
    }
    let scale = look.edge() as f32 * OVERSAMPLE / long;
    let to = |points: f32| ((points * scale).round() as u16).max(1);
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        width: Some(to(width)),
        height: Some(to(height)),
    };
    // A picture that cannot be decoded is left out silently; a sheet that looks empty and is not
    // would be worse than none.
    let failed = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&failed);
    let interpreter = InterpreterSettings {
        warning_sink: Arc::new(move |_| told.store(true, Ordering::Relaxed)),
        ..InterpreterSettings::default()
    };
    let drawn = hayro::render(page, &interpreter, &settings);
    if failed.load(Ordering::Relaxed) {
        return Err(Refused::NoPicture(NoPicture::Coding));
    }
    let (width, height) = (u32::from(drawn.width()), u32::from(drawn.height()));
    let rgba = drawn.data_as_u8_slice();
    let rgb: Vec<u8> = rgba
        .chunks_exact(4)
        .flat_map(|p| [p[0], p[1], p[2]])
        .collect();
    image::RgbImage::from_raw(width, height, rgb)
        .map(DynamicImage::ImageRgb8)
        .ok_or(Refused::NoPicture(NoPicture::Damaged))
}
