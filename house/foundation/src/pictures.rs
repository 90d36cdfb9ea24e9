//! Pictures from outside: taken only when their first bytes and a full decoding agree
//! that they are one, turned upright, made small, and written anew, so that nothing
//! of what came along (place, device, a second file behind the picture) is kept.
//!
//! Source: archive.md 7 (upload defence): allow-list by magic and full parse, 50
//! megapixels, no SVG or HTML, metadata stripped from what is shown.

use std::io::Cursor;
use std::path::PathBuf;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

/// What a phone's camera makes at most in one picture.
pub const PICTURE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Decoding more needs more memory than one applicant may take (archive.md 7).
pub const PIXELS_MAX: u64 = 50_000_000;
/// Neither side may be longer: a strip of one pixel's height is no photograph.
const SIDE_MAX: u32 = 16_384;
/// What one decoder may ask for: 50 megapixels in four bytes, and its own rows.
const DECODE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// The longer side of what is kept: small print on a deed stays readable.
const KEPT_SIDE: u32 = 2_000;
/// JPEG quality at which text in a photograph stays sharp.
const KEPT_QUALITY: u8 = 82;
/// The longer side of the small one that stands in a list or a conversation.
const SMALL_SIDE: u32 = 480;
const SMALL_QUALITY: u8 = 75;
/// Decoders at once: one per core of the smallest machine, 256 MiB each.
const DECODERS: usize = 2;
/// How many may wait for a decoder before the rest are asked to come back.
const WAITING_MAX: usize = 64;

static DECODING: Semaphore = Semaphore::const_new(DECODERS);
static WAITING: Semaphore = Semaphore::const_new(WAITING_MAX);

/// A picture that was understood and written anew.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    /// JPEG without any metadata.
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureRefused {
    #[error("only JPEG, PNG and WebP pictures are taken")]
    Kind,
    #[error("a picture has at most {PICTURE_BYTES_MAX} bytes")]
    TooLarge,
    #[error("a picture has at most {PIXELS_MAX} pixels")]
    TooManyPixels,
    #[error("the picture is damaged")]
    Damaged,
    #[error("too many pictures at once; try again in a moment")]
    Busy,
}

/// Understands, turns, shrinks and rewrites a picture, away from the async threads.
///
/// # Errors
/// [`PictureRefused`] says why; nothing of a refused picture is kept.
pub async fn take(bytes: Vec<u8>) -> Result<Picture, PictureRefused> {
    let _place = WAITING.try_acquire().map_err(|_| PictureRefused::Busy)?;
    let _turn = DECODING.acquire().await.map_err(|_| PictureRefused::Busy)?;
    tokio::task::spawn_blocking(move || rewrite(&bytes))
        .await
        .unwrap_or(Err(PictureRefused::Damaged))
}

/// As [`take`], from a file that an upload was streamed into: what waits for its turn
/// waits on the disk, not in memory.
pub async fn take_file(path: PathBuf) -> Result<Picture, PictureRefused> {
    let _place = WAITING.try_acquire().map_err(|_| PictureRefused::Busy)?;
    let _turn = DECODING.acquire().await.map_err(|_| PictureRefused::Busy)?;
    tokio::task::spawn_blocking(move || rewrite(&read_bounded(&path)?))
        .await
        .unwrap_or(Err(PictureRefused::Damaged))
}

/// As [`take_file`], with a small one beside it for lists and conversations.
pub async fn take_file_and_small(path: PathBuf) -> Result<(Picture, Picture), PictureRefused> {
    let _place = WAITING.try_acquire().map_err(|_| PictureRefused::Busy)?;
    let _turn = DECODING.acquire().await.map_err(|_| PictureRefused::Busy)?;
    tokio::task::spawn_blocking(move || {
        let flat = decode(&read_bounded(&path)?)?;
        let whole = encode(&flat, KEPT_QUALITY)?;
        let small = if flat.width().max(flat.height()) > SMALL_SIDE {
            let small = DynamicImage::ImageRgb8(flat).thumbnail(SMALL_SIDE, SMALL_SIDE);
            encode(&small.to_rgb8(), SMALL_QUALITY)?
        } else {
            encode(&flat, SMALL_QUALITY)?
        };
        Ok((whole, small))
    })
    .await
    .unwrap_or(Err(PictureRefused::Damaged))
}

/// Whether the first bytes are those of a picture that is taken here.
pub fn looks_like_one(first: &[u8]) -> bool {
    kind_of(first).is_some()
}

fn read_bounded(path: &std::path::Path) -> Result<Vec<u8>, PictureRefused> {
    let size = std::fs::metadata(path)
        .map_err(|_| PictureRefused::Damaged)?
        .len();
    if size > PICTURE_BYTES_MAX as u64 {
        return Err(PictureRefused::TooLarge);
    }
    std::fs::read(path).map_err(|_| PictureRefused::Damaged)
}

/// The kind by its first bytes; names and declared types say nothing.
fn kind_of(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(ImageFormat::Png),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some(ImageFormat::WebP),
        _ => None,
    }
}

fn rewrite(bytes: &[u8]) -> Result<Picture, PictureRefused> {
    encode(&decode(bytes)?, KEPT_QUALITY)
}

/// Understands a picture, turns it upright and makes it as small as it is kept.
fn decode(bytes: &[u8]) -> Result<image::RgbImage, PictureRefused> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(PictureRefused::TooLarge);
    }
    let kind = kind_of(bytes).ok_or(PictureRefused::Kind)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureRefused::TooManyPixels);
    }
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
    }
    picture.apply_orientation(turn);
    Ok(on_white(&picture))
}

fn encode(flat: &image::RgbImage, quality: u8) -> Result<Picture, PictureRefused> {
    let (width, height) = flat.dimensions();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode_image(flat)
        .map_err(|_| PictureRefused::Damaged)?;
    Ok(Picture {
        jpeg,
        width,
        height,
    })
}

/// What is transparent becomes white, as on paper.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |v: u8| ((u32::from(v) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

fn refused(error: image::ImageError) -> PictureRefused {
    match error {
        image::ImageError::Limits(_) => PictureRefused::TooManyPixels,
        _ => PictureRefused::Damaged,
    }
}
