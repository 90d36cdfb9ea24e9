//! A form with pictures, read into memory: nothing unsealed touches the disk.

use axum::extract::Multipart;
use axum::extract::multipart::Field;

use crate::Refused;
use crate::work::PICTURES_MAX;
use foundation::page::Form;
use foundation::pictures::{self, PICTURE_BYTES_MAX, Picture, PictureRefused};

const WORDS_BYTES_MAX: usize = 16 * 1024;
/// All pictures of a form together: nine photographs of a phone of today, made smaller by the
/// page's script where there is one.
pub const UPLOAD_BYTES_MAX: usize = 40 * 1024 * 1024;
/// A form has no more words than this.
const FIELDS_MAX: usize = 40;

/// Reads the form: its words into `form`, its pictures understood and written anew.
pub async fn read(body: &mut Multipart, form: &mut Form) -> Result<Vec<Picture>, Refused> {
    let (mut out, mut fields) = (Vec::new(), 0);
    let too_large = |_| Refused::Picture(PictureRefused::TooLarge);
    while let Some(mut field) = body.next_field().await.map_err(too_large)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "pictures" {
            let bytes = bytes(&mut field, PICTURE_BYTES_MAX).await?;
            // A form without a chosen file sends an empty one.
            if bytes.is_empty() {
                continue;
            }
            if out.len() == PICTURES_MAX {
                return Err(Refused::TooMany);
            }
            out.push(pictures::take(bytes).await?);
        } else {
            fields += 1;
            if fields > FIELDS_MAX {
                return Err(Refused::TooMany);
            }
            let words = bytes(&mut field, WORDS_BYTES_MAX).await?;
            form.set(&name, &String::from_utf8_lossy(&words));
        }
    }
    Ok(out)
}

async fn bytes(field: &mut Field<'_>, max: usize) -> Result<Vec<u8>, Refused> {
    let too_large = Refused::Picture(PictureRefused::TooLarge);
    let mut out = Vec::new();
    loop {
        let Ok(chunk) = field.chunk().await else {
            return Err(too_large);
        };
        let Some(chunk) = chunk else {
            return Ok(out);
        };
        if out.len() + chunk.len() > max {
            return Err(too_large);
        }
        out.extend_from_slice(&chunk);
    }
}
