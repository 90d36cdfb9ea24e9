//! The file itself: header, objects, cross-references, trailer (ISO 32000-1, 7.5).

use std::io::Write;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::{Chunk, Ref};

use crate::PaperError;

/// Objects of one file: a catalog of 100,000 rows needs about 7,000.
const OBJECTS_MAX: usize = 1_000_000;
/// The usual balance of zlib; 9 saves 2 % and takes twice the time.
const LEVEL: u8 = 6;

/// A stream's bytes as `FlateDecode` reads them.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(bytes, LEVEL)
}

/// A PDF that is being written.
pub struct PdfFile<'w> {
    out: &'w mut dyn Write,
    written: u64,
    /// Where each object begins; 0 while it is only promised.
    places: Vec<u64>,
    digest: [u64; 2],
}

impl<'w> PdfFile<'w> {
    /// Begins with the header; the four high bytes tell transports that it is binary.
    pub fn begin(out: &'w mut dyn Write) -> Result<PdfFile<'w>, PaperError> {
        let mut file = PdfFile {
            out,
            written: 0,
            places: Vec::new(),
            digest: [0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4],
        };
        file.put(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n\n")?;
        Ok(file)
    }

    /// A number for an object that comes later.
    pub fn promise(&mut self) -> Ref {
        self.places.push(0);
        Ref::new(i32::try_from(self.places.len()).expect("bounded by OBJECTS_MAX"))
    }

    /// Writes one object under a promised number.
    pub fn object(&mut self, id: Ref, make: impl FnOnce(&mut Chunk)) -> Result<(), PaperError> {
        if self.places.len() > OBJECTS_MAX {
            return Err(PaperError::TooLong);
        }
        let mut chunk = Chunk::new();
        make(&mut chunk);
        self.places[id.get() as usize - 1] = self.written;
        self.put(chunk.as_bytes())
    }

    /// Writes the cross-references and the trailer. The file's id is a digest of what was
    /// written: the same paper is the same file.
    pub fn end(mut self, catalog: Ref, info: Ref) -> Result<u64, PaperError> {
        let at = self.written;
        let count = self.places.len() + 1;
        let mut table = format!("xref\n0 {count}\n0000000000 65535 f\r\n");
        for place in std::mem::take(&mut self.places) {
            debug_assert!(place > 0, "an object was promised and not written");
            table.push_str(&format!("{place:010} 00000 n\r\n"));
        }
        self.put(table.as_bytes())?;
        let id = format!("{:016X}{:016X}", self.digest[0], self.digest[1]);
        let trailer = format!(
            "trailer\n<</Size {count}/Root {} 0 R/Info {} 0 R/ID [<{id}> <{id}>]>>\nstartxref\n{at}\n%%EOF\n",
            catalog.get(),
            info.get(),
        );
        self.put(trailer.as_bytes())?;
        self.out.flush().map_err(PaperError::Write)?;
        Ok(self.written)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), PaperError> {
        // FNV-1a from two starts: it tells files apart and hides nothing.
        for word in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..word.len()].copy_from_slice(word);
            let word = u64::from_le_bytes(eight);
            for half in &mut self.digest {
                *half = (*half ^ word).wrapping_mul(0x0000_0100_0000_01b3);
                *half ^= *half >> 29;
            }
        }
        self.written += bytes.len() as u64;
        self.out.write_all(bytes).map_err(PaperError::Write)
    }
}
