//! What the first bytes say, and what the name says.

use serde::{Deserialize, Serialize};

use crate::refused::Foreign;

/// The formats that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    Pdf,
    Jpeg,
    Png,
    /// Accepted because browsers and messengers of phones hand pictures on in it; still only.
    WebP,
    Tiff,
    Heic,
    /// 版式文件, GB/T 33190: a zip, allowed by its structure.
    Ofd,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Pdf,
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Tiff,
        Self::Heic,
        Self::Ofd,
    ];

    /// The endings of names that agree with the kind, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::WebP => &["webp"],
            Self::Tiff => &["tif", "tiff"],
            Self::Heic => &["heic", "heif"],
            Self::Ofd => &["ofd"],
        }
    }

    /// Whether the name's ending agrees. The bytes decide: phones and messengers rename freely,
    /// so a name that disagrees is noted and refuses nothing.
    pub fn agrees(self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map_or("", |(_, e)| e);
        self.endings()
            .iter()
            .any(|e| e.eq_ignore_ascii_case(ending))
    }

    /// The media type, for whoever hands the original out.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Heic => "image/heic",
            Self::Ofd => "application/ofd",
        }
    }
}

/// What the bytes begin like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// To be read in full before it is believed. A zip is guessed to be an OFD.
    Kind(Kind),
    Foreign(Foreign),
    Unknown,
}

/// How far `%PDF-` may lie behind white space, as the readers of PDF allow.
pub(crate) const PDF_LEAD_MAX: usize = 1_024;

pub(crate) fn guess(bytes: &[u8]) -> Guess {
    let is = |magic: &[u8]| bytes.starts_with(magic);
    if is(b"\xff\xd8\xff") {
        return Guess::Kind(Kind::Jpeg);
    }
    if is(b"\x89PNG\r\n\x1a\n") {
        return Guess::Kind(Kind::Png);
    }
    if is(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Guess::Kind(Kind::WebP);
    }
    // The third number is BigTIFF's.
    if is(b"II*\0") || is(b"MM\0*") || is(b"II+\0") || is(b"MM\0+") {
        return Guess::Kind(Kind::Tiff);
    }
    if is(b"PK\x03\x04") {
        return Guess::Kind(Kind::Ofd);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return movie(bytes);
    }
    foreign_magic(bytes).map_or_else(|| textual(bytes), Guess::Foreign)
}

/// Which of the many users of MPEG's boxes.
fn movie(bytes: &[u8]) -> Guess {
    match bytes.get(8..12) {
        Some(b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"MiHE") => {
            let brands = &bytes[8..bytes.len().min(64)];
            if brands.chunks(4).any(|b| b == b"avif") {
                Guess::Foreign(Foreign::OtherPicture)
            } else {
                Guess::Kind(Kind::Heic)
            }
        }
        Some(b"avif" | b"avis" | b"crx ") => Guess::Foreign(Foreign::OtherPicture),
        _ => Guess::Foreign(Foreign::Video),
    }
}

const MAGICS: [(&[u8], Foreign); 25] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign::OldOffice),
    (b"{\\rtf", Foreign::Rtf),
    (b"%!PS", Foreign::PostScript),
    (b"\xc5\xd0\xd3\xc6", Foreign::PostScript),
    (b"PK\x05\x06", Foreign::Archive),
    (b"PK\x07\x08", Foreign::Archive),
    (b"Rar!\x1a\x07", Foreign::Archive),
    (b"7z\xbc\xaf\x27\x1c", Foreign::Archive),
    (b"\x1f\x8b", Foreign::Archive),
    (b"BZh", Foreign::Archive),
    (b"\xfd7zXZ\0", Foreign::Archive),
    (b"\x28\xb5\x2f\xfd", Foreign::Archive),
    (b"MSCF", Foreign::Archive),
    (b"!<arch>", Foreign::Archive),
    (b"MZ", Foreign::Executable),
    (b"\x7fELF", Foreign::Executable),
    (b"\xca\xfe\xba\xbe", Foreign::Executable),
    (b"\xcf\xfa\xed\xfe", Foreign::Executable),
    (b"\0asm", Foreign::Executable),
    (b"#!", Foreign::Script),
    (b"GIF8", Foreign::Gif),
    (b"BM", Foreign::Bmp),
    (b"\xff\x0a", Foreign::OtherPicture),
    (b"\0\0\0\x0cjP  ", Foreign::OtherPicture),
    (b"\0\0\0\x0cJXL ", Foreign::OtherPicture),
];

fn foreign_magic(bytes: &[u8]) -> Option<Foreign> {
    let found = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic));
    let tar = bytes.get(257..262) == Some(b"ustar");
    found.map(|f| f.1).or(tar.then_some(Foreign::Archive))
}

/// What begins with text: a PDF behind white space, markup, or nothing known.
fn textual(bytes: &[u8]) -> Guess {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = text.trim_ascii_start();
    if start.starts_with(b"%PDF-") && bytes.len() - start.len() <= PDF_LEAD_MAX {
        return Guess::Kind(Kind::Pdf);
    }
    let head = start[..start.len().min(4_096)].to_ascii_lowercase();
    let has = |word: &[u8]| head.windows(word.len()).any(|w| w == word);
    if head.starts_with(b"<") {
        let foreign = if has(b"<svg") {
            Foreign::Svg
        } else if has(b"<html") || has(b"<!doctype html") || has(b"<script") || has(b"<body") {
            Foreign::Html
        } else if head.starts_with(b"<?xml") {
            Foreign::Xml
        } else {
            Foreign::Html
        };
        return Guess::Foreign(foreign);
    }
    if has(b"%pdf-") {
        // A PDF behind something else; the PDF reader says where.
        return Guess::Kind(Kind::Pdf);
    }
    let printable = |b: &u8| *b >= 0x20 && *b != 0x7f || b.is_ascii_whitespace();
    if !head.is_empty()
        && head.iter().all(printable)
        && std::str::from_utf8(&head).is_ok_and(|t| !t.is_empty())
    {
        return Guess::Foreign(Foreign::Text);
    }
    Guess::Unknown
}
