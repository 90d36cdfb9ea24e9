//! The form with files, read into memory: a document's plaintext never touches the disk.

use std::sync::Arc;

use axum::extract::Multipart;
use axum::extract::multipart::Field;

use crate::ArchiveError;
use crate::intake::{PHOTOS_MAX, UPLOAD_BYTES_MAX, Upload};
use foundation::page::Form;

/// The fields beside the files; others are not read.
const FIELDS: [&str; 10] = [
    "kind", "title", "day", "signed", "note", "paper", "place", "checker", "replaces", "scan",
];
const WORDS_BYTES_MAX: usize = 8 * 1024;

/// Reads the form: its words into `form`, its files in the order they came.
///
/// # Errors
/// [`ArchiveError::File`] when they are larger than is read.
pub async fn read(body: &mut Multipart, form: &mut Form) -> Result<Vec<Upload>, ArchiveError> {
    let mut files = Vec::new();
    let mut left = UPLOAD_BYTES_MAX;
    while let Some(mut field) = body.next_field().await.map_err(|_| too_large())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let name = field.file_name().unwrap_or_default().to_owned();
            let bytes = bytes(&mut field, left).await?;
            left -= bytes.len();
            // A form without a chosen file sends an empty one.
            if bytes.is_empty() && name.is_empty() {
                continue;
            }
            if files.len() == PHOTOS_MAX {
                return Err(ArchiveError::TooMany);
            }
            files.push(Upload {
                name,
                bytes: Arc::new(bytes),
            });
        } else if FIELDS.contains(&name.as_str()) {
            let words = bytes(&mut field, WORDS_BYTES_MAX).await?;
            form.set(&name, &String::from_utf8_lossy(&words));
        }
    }
    Ok(files)
}

fn too_large() -> ArchiveError {
    ArchiveError::File(scans::Refused::Bytes {
        bytes: UPLOAD_BYTES_MAX as u64 + 1,
        max: UPLOAD_BYTES_MAX as u64,
    })
}

async fn bytes(field: &mut Field<'_>, max: usize) -> Result<Vec<u8>, ArchiveError> {
    let mut out = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| too_large())? {
        if out.len() + chunk.len() > max {
            return Err(too_large());
        }
        out.extend_from_slice(&chunk);
    }
    Ok(out)
}
