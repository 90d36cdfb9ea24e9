//! A page of an OFD that consists of pictures, as scanners make it. Letters and lines need
//! fonts and a drawing engine of their own: such a page is named, never drawn in part.

use std::collections::HashMap;

use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};

use crate::limits::Purse;
use crate::ofd::{Ofd, attribute, elements, local, numbers, resolve};
use crate::refused::NoPicture;
use crate::{Kind, Look, Refused, jpeg, picture, png};

pub(super) fn draw(
    ofd: &Ofd<'_>,
    page: u32,
    look: &Look,
    purse: &mut Purse<'_>,
) -> Result<DynamicImage, Refused> {
    let damaged = Refused::NoPicture(NoPicture::Damaged);
    let index = page as usize - 1;
    let content = ofd.zip.find(&ofd.pages[index]).ok_or(damaged.clone())?;
    let content = content.unpack(purse, false)?;
    let mut placed = Vec::new();
    let mut letters = false;
    elements(&content, purse.limits, |e, _| match local(e).as_str() {
        "ImageObject" => {
            let area = attribute(e, "Boundary")
                .map(|b| numbers(&b))
                .unwrap_or_default();
            let turn = attribute(e, "CTM").map(|m| numbers(&m)).unwrap_or_default();
            // A matrix that does more than scale is drawing.
            letters |= turn.len() == 6 && (turn[1] != 0.0 || turn[2] != 0.0);
            if let (Some(id), [x, y, w, h]) = (attribute(e, "ResourceID"), area.as_slice()) {
                placed.push((id, [*x, *y, *w, *h]));
            }
        }
        "TextObject" | "PathObject" | "CompositeObject" | "Template" => letters = true,
        _ => {}
    })?;
    if letters || placed.is_empty() {
        return Err(Refused::NoPicture(NoPicture::Letters));
    }
    let media = media(ofd, purse)?;
    let (width, height) = ofd.sizes[index].millimetres.ok_or(damaged.clone())?;
    let scale = f64::from(look.edge()) / width.max(height);
    let to = |mm: f64| ((mm * scale).round().clamp(1.0, f64::from(look.edge()))) as u32;
    let mut sheet = RgbImage::from_pixel(to(width), to(height), Rgb([255; 3]));
    for (id, [x, y, w, h]) in placed {
        let file = media.get(&id).ok_or(damaged.clone())?;
        let bytes = ofd
            .zip
            .find(file)
            .ok_or(damaged.clone())?
            .unpack(purse, true)?;
        let picture = picture::flat(still(&bytes, purse)?);
        let small = picture
            .resize_exact(to(w), to(h), FilterType::Triangle)
            .to_rgb8();
        let at = |mm: f64| (mm * scale).round().clamp(-1e6, 1e6) as i64;
        image::imageops::overlay(&mut sheet, &small, at(x), at(y));
    }
    Ok(DynamicImage::ImageRgb8(sheet))
}

fn still(bytes: &[u8], purse: &mut Purse<'_>) -> Result<DynamicImage, Refused> {
    if bytes.starts_with(b"\xff\xd8") {
        jpeg::walk(bytes, purse)?;
        picture::decode(bytes, Kind::Jpeg, purse.limits)
    } else if bytes.starts_with(b"\x89PNG") {
        png::walk(bytes, purse)?;
        picture::decode(bytes, Kind::Png, purse.limits)
    } else if bytes.starts_with(b"II") || bytes.starts_with(b"MM") {
        crate::tiff_file::walk(bytes, purse)?;
        super::tiff_page::draw(bytes, 0, purse.limits)
    } else {
        Err(Refused::NoPicture(NoPicture::Coding))
    }
}

/// The files of pictures by the number under which pages name them.
fn media(ofd: &Ofd<'_>, purse: &mut Purse<'_>) -> Result<HashMap<String, String>, Refused> {
    let mut found = HashMap::new();
    let lists = ofd
        .zip
        .entries
        .iter()
        .filter(|e| e.name.starts_with(&ofd.base));
    // Resources are named by the document; looking at each list of the document is the same.
    for list in lists.filter(|e| e.name.to_lowercase().ends_with("res.xml")) {
        let xml = list.unpack(purse, false)?;
        let folder = list.name.rsplit_once('/').map_or("", |(f, _)| f);
        let (mut base, mut id) = (format!("{folder}/"), None);
        let mut files = Vec::new();
        elements(&xml, purse.limits, |e, _| match local(e).as_str() {
            "Res" => {
                if let Some(loc) = attribute(e, "BaseLoc") {
                    base = format!("{}/", resolve(&base, &loc).trim_end_matches('/'));
                }
            }
            "MultiMedia" => id = attribute(e, "ID"),
            "MediaFile" => files.push(id.take()),
            _ => {}
        })?;
        let names = crate::ofd::texts_of(&xml, "MediaFile", purse.limits)?;
        for (id, name) in files.into_iter().zip(names) {
            if let Some(id) = id {
                found.insert(id, resolve(&base, &name).trim_start_matches('/').to_owned());
            }
        }
    }
    Ok(found)
}
