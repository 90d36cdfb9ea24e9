//! Pictures: decoded within bounds, turned, made smaller and written anew without anything
//! that was beside the pixels.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::refused::{NoPicture, Part};
use crate::{Kind, Refused};

/// Of JPEG, 1 to 100: letters stay clean, a sheet of A4 has about 250 KB.
const QUALITY: u8 = 80;
/// A longer edge than this is no page picture any more.
pub(crate) const LONG_EDGE_MAX: u32 = 4_096;

/// In what a page picture is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    #[default]
    Jpeg,
    Png,
    /// Without loss.
    WebP,
}

/// How a page picture is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Pixels of the longer edge, 16 to 4,096. Pictures are made smaller, never larger.
    pub long_edge: u32,
    pub format: Format,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            long_edge: 1_600,
            format: Format::Jpeg,
        }
    }
}

impl Look {
    pub(crate) fn edge(&self) -> u32 {
        self.long_edge.clamp(16, LONG_EDGE_MAX)
    }
}

/// Decodes a still, turned as its orientation says.
pub(crate) fn decode(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<DynamicImage, Refused> {
    let broken = |_| Refused::Broken {
        kind,
        part: Part::Picture,
    };
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::WebP => ImageFormat::WebP,
        Kind::Heic => return heic(bytes, limits),
        _ => return Err(Refused::NoPicture(NoPicture::Coding)),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.picture_pixels.saturating_mul(8));
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.picture_pixels {
        return Err(Refused::Pixels {
            pixels,
            max: limits.picture_pixels,
        });
    }
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(turn);
    Ok(picture)
}

/// HEIC's own turns are applied by its decoder; its EXIF repeats them and is not asked.
fn heic(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, Refused> {
    let options = heic_rs::DecodeOptions {
        max_pixels: Some(limits.picture_pixels),
        decode_alpha: false,
        threads: Some(1),
        ..heic_rs::DecodeOptions::default()
    };
    let coding = Refused::NoPicture(NoPicture::Coding);
    let picture = heic_rs::decode(bytes, &options).map_err(|_| coding.clone())?;
    image::RgbImage::from_raw(picture.width, picture.height, picture.data)
        .map(DynamicImage::ImageRgb8)
        .ok_or(coding)
}

/// Makes the picture as small as asked, opaque on white, and writes it.
pub(crate) fn write(picture: DynamicImage, look: &Look) -> Result<Vec<u8>, Refused> {
    let picture = flat(picture);
    let (width, height) = (picture.width(), picture.height());
    let edge = look.edge();
    let picture = if width.max(height) > edge {
        let scale = f64::from(edge) / f64::from(width.max(height));
        let to = |n: u32| ((f64::from(n) * scale).round() as u32).max(1);
        // The triangle weighs all pixels it covers, so thin strokes turn grey, not away.
        picture.resize_exact(to(width), to(height), FilterType::Triangle)
    } else {
        picture
    };
    encode(&grey_if_grey(picture), look.format)
}

pub(crate) fn encode(picture: &DynamicImage, format: Format) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    match format {
        Format::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))
        }
        Format::Png => picture.write_with_encoder(PngEncoder::new(&mut out)),
        Format::WebP if picture.color().has_color() => {
            picture.write_with_encoder(WebPEncoder::new_lossless(&mut out))
        }
        Format::WebP => DynamicImage::ImageRgb8(picture.to_rgb8())
            .write_with_encoder(WebPEncoder::new_lossless(&mut out)),
    }
    .map_err(|_| Refused::NoPicture(NoPicture::Damaged))?;
    Ok(out)
}

/// Eight bits, grey or RGB, on white.
pub(crate) fn flat(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => picture,
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(picture.to_luma8()),
        other if !other.color().has_alpha() => DynamicImage::ImageRgb8(other.to_rgb8()),
        other => {
            let rgba = other.to_rgba8();
            let mut rgb = image::RgbImage::new(rgba.width(), rgba.height());
            for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
                let alpha = u32::from(from[3]);
                for c in 0..3 {
                    to[c] = ((u32::from(from[c]) * alpha + 255 * (255 - alpha)) / 255) as u8;
                }
            }
            DynamicImage::ImageRgb8(rgb)
        }
    }
}

/// A grey page in three channels is written in one.
fn grey_if_grey(picture: DynamicImage) -> DynamicImage {
    match &picture {
        DynamicImage::ImageRgb8(rgb) if rgb.pixels().all(|p| p[0] == p[1] && p[1] == p[2]) => {
            DynamicImage::ImageLuma8(picture.to_luma8())
        }
        _ => picture,
    }
}
