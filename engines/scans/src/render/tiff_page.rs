//! A page of a TIFF: bilevel as offices scan it, grey, colour, palettes and CMYK.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, RgbImage};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits as Bounds};
use tiff::tags::Tag;

use crate::Refused;
use crate::limits::Limits;
use crate::refused::NoPicture;

pub(super) fn draw(bytes: &[u8], directory: u32, limits: &Limits) -> Result<DynamicImage, Refused> {
    let most = usize::try_from(limits.picture_pixels.saturating_mul(8)).unwrap_or(usize::MAX);
    let mut bounds = Bounds::default();
    bounds.decoding_buffer_size = most;
    bounds.intermediate_buffer_size = most;
    let damaged = |_| Refused::NoPicture(NoPicture::Damaged);
    let mut decoder = Decoder::new(Cursor::new(bytes))
        .map_err(damaged)?
        .with_limits(bounds);
    decoder.seek_to_image(directory as usize).map_err(damaged)?;
    let (width, height) = decoder.dimensions().map_err(damaged)?;
    let colour = decoder.colortype().map_err(coding)?;
    let orientation = decoder
        .find_tag_unsigned::<u8>(Tag::Orientation)
        .ok()
        .flatten();
    let palette = match colour {
        ColorType::Palette(_) => decoder.get_tag_u16_vec(Tag::ColorMap).map_err(coding)?,
        _ => Vec::new(),
    };
    let mut picture = match decoder.read_image().map_err(coding)? {
        DecodingResult::U8(data) => eight(colour, width, height, &data, &palette),
        DecodingResult::U16(data) => {
            let data: Vec<u8> = data.iter().map(|v| (v >> 8) as u8).collect();
            eight(wide(colour), width, height, &data, &palette)
        }
        _ => None,
    }
    .ok_or(Refused::NoPicture(NoPicture::Coding))?;
    if let Some(turn) = orientation.and_then(image::metadata::Orientation::from_exif) {
        picture.apply_orientation(turn);
    }
    Ok(picture)
}

fn coding(_: tiff::TiffError) -> Refused {
    Refused::NoPicture(NoPicture::Coding)
}

/// Sixteen bits that were cut to eight.
fn wide(colour: ColorType) -> ColorType {
    match colour {
        ColorType::Gray(16) => ColorType::Gray(8),
        ColorType::GrayA(16) => ColorType::GrayA(8),
        ColorType::RGB(16) => ColorType::RGB(8),
        ColorType::RGBA(16) => ColorType::RGBA(8),
        ColorType::CMYK(16) => ColorType::CMYK(8),
        other => other,
    }
}

fn eight(
    colour: ColorType,
    width: u32,
    height: u32,
    data: &[u8],
    palette: &[u16],
) -> Option<DynamicImage> {
    let grey = |data| GrayImage::from_raw(width, height, data).map(DynamicImage::ImageLuma8);
    let rgb = |data| RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8);
    match colour {
        ColorType::Gray(8) => grey(data.to_vec()),
        ColorType::Gray(bits @ (1 | 2 | 4)) => {
            let top = (1_u16 << bits) - 1;
            let step = |v: u8| (u16::from(v) * 255 / top) as u8;
            grey(
                unpack(data, width, height, bits)?
                    .into_iter()
                    .map(step)
                    .collect(),
            )
        }
        ColorType::GrayA(8) => grey(data.chunks_exact(2).map(|p| p[0]).collect()),
        ColorType::RGB(8) => rgb(data.to_vec()),
        ColorType::RGBA(8) => {
            image::RgbaImage::from_raw(width, height, data.to_vec()).map(DynamicImage::ImageRgba8)
        }
        ColorType::CMYK(8) => {
            let mix = |p: &[u8]| {
                let one = |c: u8| (u16::from(255 - c) * u16::from(255 - p[3]) / 255) as u8;
                [one(p[0]), one(p[1]), one(p[2])]
            };
            rgb(data.chunks_exact(4).flat_map(mix).collect())
        }
        ColorType::Palette(bits @ (1 | 2 | 4 | 8)) => {
            let values = unpack(data, width, height, bits)?;
            let len = palette.len() / 3;
            let pick = |v: &u8| {
                let one = |c: usize| palette.get(c * len + usize::from(*v)).copied();
                [0, 1, 2].map(|c| (one(c).unwrap_or(0) >> 8) as u8)
            };
            rgb(values.iter().flat_map(pick).collect())
        }
        _ => None,
    }
}

/// One byte for each pixel; rows begin on a byte.
fn unpack(data: &[u8], width: u32, height: u32, bits: u8) -> Option<Vec<u8>> {
    let (width, bits) = (width as usize, usize::from(bits));
    let row = (width * bits).div_ceil(8);
    let mask = ((1_u16 << bits) - 1) as u8;
    let mut out = Vec::with_capacity(width * height as usize);
    for y in 0..height as usize {
        let line = data.get(y * row..(y + 1) * row)?;
        for x in 0..width {
            let bit = x * bits;
            out.push(line[bit / 8] >> (8 - bits - bit % 8) & mask);
        }
    }
    Some(out)
}
