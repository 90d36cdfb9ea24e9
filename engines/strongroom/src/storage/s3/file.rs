//! A file in a bucket, read a piece at a time.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};

/// Bytes asked for at once: few round trips, little memory.
const PIECE: u64 = 4 << 20;

pub(super) struct S3File {
    store: Arc<dyn ObjectStore>,
    runtime: Arc<super::Hands>,
    key: Path,
    len: u64,
    at: u64,
    /// Where the piece at hand begins, and its bytes.
    piece: (u64, Vec<u8>),
}

impl S3File {
    pub fn new(
        store: Arc<dyn ObjectStore>,
        runtime: Arc<super::Hands>,
        key: Path,
        len: u64,
    ) -> S3File {
        S3File {
            store,
            runtime,
            key,
            len,
            at: 0,
            piece: (0, Vec::new()),
        }
    }
}

impl Read for S3File {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.len {
            return Ok(0);
        }
        let (begin, bytes) = &self.piece;
        if self.at < *begin || self.at >= begin + bytes.len() as u64 {
            let range = self.at..self.len.min(self.at + PIECE);
            let got = self
                .runtime
                .block_on(self.store.get_range(&self.key, range));
            self.piece = (self.at, got.map_err(super::from)?.to_vec());
        }
        let (begin, bytes) = &self.piece;
        let inside = usize::try_from(self.at - begin).expect("within a piece");
        let n = out.len().min(bytes.len() - inside);
        out[..n].copy_from_slice(&bytes[inside..inside + n]);
        self.at += n as u64;
        Ok(n)
    }
}

impl Seek for S3File {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(n) => Some(n),
            SeekFrom::End(n) => self.len.checked_add_signed(n),
            SeekFrom::Current(n) => self.at.checked_add_signed(n),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
