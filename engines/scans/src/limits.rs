//! What a file may cost, as data, and the purse from which reading it is paid.

use serde::{Deserialize, Serialize};

use crate::Refused;

/// The bounds of one file. The defaults are those of the archive's upload defence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    pub pages: u32,
    /// Pixels of one picture: an A3 sheet at 600 dpi has 70 million, at 400 dpi 31.
    pub picture_pixels: u64,
    /// Bytes after decompression: of any one picture, and of all that is no picture together.
    pub decompressed_bytes: u64,
    /// Bytes of all pictures of the file after decompression. They are read one at a time, so
    /// this bounds work, not memory: 60 sheets in grey at 300 dpi are half of it.
    pub pictures_bytes: u64,
    /// Decompressed bytes for each compressed one.
    pub ratio: u64,
    /// No ratio counts as long as so few bytes came out: an empty sheet in colour at 300 dpi is
    /// 26 MB made of 30 KB, and is no bomb. Fax and lossy codings (G3, G4, JBIG2, JPEG,
    /// HEIC) are bounded by their pixels instead: an empty sheet shrinks thousandfold in them.
    pub ratio_floor: u64,
    /// Arrays and dictionaries within each other, in a PDF; elements, in XML.
    pub depth: u32,
    /// Values of one PDF object, entries of a container, directories of a picture file.
    pub parts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 50 << 20,
            pages: 500,
            picture_pixels: 50_000_000,
            decompressed_bytes: 200 << 20,
            pictures_bytes: 1 << 30,
            ratio: 100,
            ratio_floor: 32 << 20,
            depth: 64,
            parts: 500_000,
        }
    }
}

/// What reading one file has cost so far.
#[derive(Debug)]
pub(crate) struct Purse<'a> {
    pub limits: &'a Limits,
    file_bytes: u64,
    plain: u64,
    pictures: u64,
}

impl<'a> Purse<'a> {
    pub fn new(limits: &'a Limits, file_bytes: usize) -> Self {
        Self {
            limits,
            file_bytes: file_bytes as u64,
            plain: 0,
            pictures: 0,
        }
    }

    /// All bytes that came out, for the report.
    pub fn spent(&self) -> u64 {
        self.plain + self.pictures
    }

    /// How many bytes the next piece may have. One more is asked for to see it overflow.
    pub fn left(&self, picture: bool) -> u64 {
        if picture {
            let all = self.limits.pictures_bytes.saturating_sub(self.pictures);
            self.limits.decompressed_bytes.min(all)
        } else {
            self.limits.decompressed_bytes.saturating_sub(self.plain)
        }
    }

    /// Pays for `bytes` that came out of `from` compressed ones.
    pub fn pay(&mut self, bytes: u64, from: u64, picture: bool) -> Result<(), Refused> {
        if bytes > self.left(picture) {
            return Err(self.overflow(picture));
        }
        if picture {
            self.pictures += bytes;
        } else {
            self.plain += bytes;
        }
        let floor = self.limits.ratio_floor;
        let ratio = |out: u64, of: u64| out.checked_div(of.max(1)).unwrap_or(u64::MAX);
        let one = (bytes > floor).then(|| ratio(bytes, from));
        // Many small pieces make a bomb too: what is no picture is weighed against the file.
        let all = (self.plain > floor).then(|| ratio(self.plain, self.file_bytes));
        match one.max(all) {
            Some(ratio) if ratio > self.limits.ratio => Err(Refused::Ratio {
                ratio,
                max: self.limits.ratio,
            }),
            _ => Ok(()),
        }
    }

    /// What is said when a piece is longer than [`Purse::left`].
    pub fn overflow(&self, picture: bool) -> Refused {
        Refused::Decompressed {
            max: if picture && self.left(true) < self.limits.decompressed_bytes {
                self.limits.pictures_bytes
            } else {
                self.limits.decompressed_bytes
            },
        }
    }

    /// Whether a picture of so many pixels may be opened at all.
    pub fn pixels(&self, width: u64, height: u64) -> Result<(), Refused> {
        let pixels = width.saturating_mul(height);
        if pixels > self.limits.picture_pixels {
            return Err(Refused::Pixels {
                pixels,
                max: self.limits.picture_pixels,
            });
        }
        Ok(())
    }

    pub fn pages(&self, pages: u64) -> Result<(), Refused> {
        if pages > u64::from(self.limits.pages) {
            return Err(Refused::Pages {
                pages,
                max: self.limits.pages,
            });
        }
        Ok(())
    }
}
