//! From bytes to what they are: guess, read in full, report.

use serde::{Deserialize, Serialize};

use crate::kind::{Guess, guess};
use crate::limits::{Limits, Purse};
use crate::refused::{Foreign, Heavy};
use crate::{Kind, Refused, exif, heic, jpeg, ofd, pdf, picture, png, tiff_file, walk};

/// How large a page is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    /// Millimetres; absent where a picture does not say its resolution.
    pub millimetres: Option<(f64, f64)>,
    /// Pixels; absent for pages that are drawn.
    pub pixels: Option<(u32, u32)>,
}

impl PageSize {
    pub(crate) fn pixels(width: u64, height: u64) -> Self {
        Self::at(width, height, None)
    }

    pub(crate) fn at(width: u64, height: u64, dpi: Option<f64>) -> Self {
        let mm = |pixels: u64, dpi: f64| pixels as f64 * 25.4 / dpi;
        Self {
            millimetres: dpi.map(|dpi| (mm(width, dpi), mm(height, dpi))),
            pixels: Some((width as u32, height as u32)),
        }
    }

    pub(crate) fn points(width: f64, height: f64) -> Self {
        Self::millimetres(width * 25.4 / 72.0, height * 25.4 / 72.0)
    }

    pub(crate) fn millimetres(width: f64, height: f64) -> Self {
        Self {
            millimetres: Some((width, height)),
            pixels: None,
        }
    }
}

/// What a person may want to know about a file that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// The name ends like another kind; the bytes decide.
    NameDisagrees,
    /// Blanks before the head or behind the end.
    Padding {
        bytes: u64,
    },
    /// EXIF: camera and time. Kept in the original, in no picture made from it.
    CameraFacts,
    /// EXIF says where the picture was taken.
    Place,
    /// Turned by its orientation when shown.
    Turned,
    /// A thumbnail, gain map or depth map rides along; no page of its own.
    SecondPicture,
    /// A motion photo's film rides along; nobody sees it here.
    Film,
    /// A phone maker's own block.
    MakersBlock,
    /// A digital signature, not verified here.
    Signed,
    /// A form that can be filled in.
    Form,
    Links,
    /// Saved so many times without being rewritten: earlier states are in the file.
    Updates {
        count: u32,
    },
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    pub kind: Kind,
    pub pages: u32,
    /// One for each page, in order.
    pub sizes: Vec<PageSize>,
    /// Bytes that came out while reading it, pictures included.
    pub decompressed_bytes: u64,
    pub notes: Vec<Note>,
}

/// Reads a file in full and says what it is.
///
/// Pure and bounded, but a hostile PDF may exhaust the stack of the library that draws it: files
/// of strangers are read through [`crate::jail`].
///
/// # Errors
/// [`Refused`], with what is needed to tell the sender why.
pub fn inspect(bytes: &[u8], name: &str, limits: &Limits) -> Result<Inspected, Refused> {
    caught(|| read(bytes, name, limits))
}

/// Turns a panic of a library into a refusal.
pub(crate) fn caught<T>(work: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    let work = std::panic::AssertUnwindSafe(work);
    std::panic::catch_unwind(work).unwrap_or(Err(Refused::TooHeavy(Heavy::Panicked)))
}

fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<Inspected, Refused> {
    let kind = accepted(bytes, limits)?;
    let mut purse = Purse::new(limits, bytes.len());
    let (sizes, mut notes) = match kind {
        Kind::Pdf => {
            let found = pdf::walk(bytes, &mut purse)?;
            (found.sizes, found.notes)
        }
        Kind::Jpeg => {
            let found = jpeg::walk(bytes, &mut purse)?;
            still(bytes, kind, found.size, found.exif, found.notes, limits)?
        }
        Kind::Png => {
            let found = png::walk(bytes, &mut purse)?;
            still(bytes, kind, found.size, found.exif, Vec::new(), limits)?
        }
        Kind::WebP => {
            let found = png::walk_webp(bytes, &mut purse)?;
            still(bytes, kind, found.size, found.exif, Vec::new(), limits)?
        }
        Kind::Tiff => {
            let found = tiff_file::walk(bytes, &mut purse)?;
            (found.sizes, found.notes)
        }
        Kind::Heic => {
            let found = heic::walk(bytes, &mut purse)?;
            (vec![found.size], found.notes)
        }
        Kind::Ofd => {
            let found = ofd::walk(bytes, &mut purse)?;
            (found.sizes, found.notes)
        }
    };
    if !kind.agrees(name) {
        notes.push(Note::NameDisagrees);
    }
    Ok(Inspected {
        kind,
        pages: sizes.len() as u32,
        sizes,
        decompressed_bytes: purse.spent(),
        notes,
    })
}

/// The kind by its first bytes, and that nothing reads as another file from its end.
fn accepted(bytes: &[u8], limits: &Limits) -> Result<Kind, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() as u64 > limits.file_bytes {
        return Err(Refused::Bytes {
            bytes: bytes.len() as u64,
            max: limits.file_bytes,
        });
    }
    let kind = match guess(bytes) {
        Guess::Kind(kind) => kind,
        Guess::Foreign(foreign) => return Err(Refused::Foreign(foreign)),
        Guess::Unknown if bytes.iter().all(|b| *b == 0) => return Err(Refused::Empty),
        Guess::Unknown => return Err(Refused::Unknown),
    };
    if kind != Kind::Ofd
        && let Some(at) = walk::zip_at_end(bytes)
    {
        return Err(Refused::Polyglot { kind, at });
    }
    let head = &bytes[..bytes.len().min(1 << 10)].to_ascii_lowercase();
    if kind != Kind::Ofd
        && [&b"<html"[..], b"<script", b"<svg", b"<!doctype"]
            .iter()
            .any(|w| head.windows(w.len()).any(|h| h == *w))
    {
        // Browsers that sniff would run it.
        return Err(if kind == Kind::Pdf {
            Refused::Foreign(Foreign::Html)
        } else {
            Refused::Polyglot { kind, at: 0 }
        });
    }
    Ok(kind)
}

/// A picture of one page: decoded once, to be sure that it can be.
fn still(
    bytes: &[u8],
    kind: Kind,
    size: PageSize,
    block: Option<Vec<u8>>,
    mut notes: Vec<Note>,
    limits: &Limits,
) -> Result<(Vec<PageSize>, Vec<Note>), Refused> {
    picture::decode(bytes, kind, limits)?;
    let mut size = size;
    if let Some(block) = block {
        notes.push(Note::CameraFacts);
        let facts = exif::read(&block);
        if facts.place {
            notes.push(Note::Place);
        }
        if facts.orientation > 1 {
            notes.push(Note::Turned);
        }
        if facts.orientation >= 5 {
            size.pixels = size.pixels.map(|(width, height)| (height, width));
        }
    }
    Ok((vec![size], notes))
}
