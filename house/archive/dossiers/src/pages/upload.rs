//! The form with files, read into memory: a document's plaintext never touches the disk.

use std::sync::Arc;

use axum::extract::Multipart;
use axum::extract::multipart::Field;

use crate::ArchiveError;
use crate::intake::{PHOTOS_MAX, UPLOAD_BYTES_MAX, Upload};
use foundation::page::Form;
use scans::camera::Point;

/// What a browser offers to choose from; the bytes decide.
pub const ACCEPT: &str = "application/pdf,image/jpeg,image/png,image/webp,image/heic,image/heif,\
                      image/tiff,.pdf,.ofd,.tif,.tiff,.heic";
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
    read_with(body, form, &FIELDS).await
}

/// The same with the fields of another room's form.
///
/// # Errors
/// As [`read`].
pub async fn read_with(
    body: &mut Multipart,
    form: &mut Form,
    fields: &[&str],
) -> Result<Vec<Upload>, ArchiveError> {
    let mut files = Vec::new();
    let mut corners = Vec::new();
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
                corners: None,
            });
        } else if name == "corners" && corners.len() < PHOTOS_MAX {
            let words = bytes(&mut field, WORDS_BYTES_MAX).await?;
            corners.push(read_corners(&String::from_utf8_lossy(&words)));
        } else if fields.contains(&name.as_str()) {
            let words = bytes(&mut field, WORDS_BYTES_MAX).await?;
            form.set(&name, &String::from_utf8_lossy(&words));
        }
    }
    // They come in the order of the files, one for each, or not at all.
    if corners.len() == files.len() {
        for (file, corners) in files.iter_mut().zip(corners) {
            file.corners = corners;
        }
    }
    Ok(files)
}

/// Eight parts of width and height; anything else leaves the edges to be found.
fn read_corners(text: &str) -> Option<[Point; 4]> {
    let parts: Vec<f64> = text
        .split(' ')
        .map(|part| part.parse().ok().filter(|n| (0.0..=1.0).contains(n)))
        .collect::<Option<_>>()?;
    let mut points = parts.chunks_exact(2).map(|p| Point { x: p[0], y: p[1] });
    let found = [
        points.next()?,
        points.next()?,
        points.next()?,
        points.next()?,
    ];
    (parts.len() == 8).then_some(found)
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
