//! A sending with pictures and files, and their way back to those who may read it.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, Path, Query, State as Place};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;

use super::{By, channel, refused};
use crate::files::{self, FILE_BYTES_MAX, Taking};
use crate::speak::Draft;
use crate::{GroupError, TEXT_CHARS_MAX};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Form, Frame};
use futures_util::StreamExt as _;
use permissions::actor::Actor;

/// How long a device may keep what it has fetched.
const KEPT: &str = "private, max-age=600";

/// How long a browser keeps what was handed out: what only a reviewer sees, not at all.
fn kept(shown: bool) -> &'static str {
    if shown { KEPT } else { "no-store" }
}
/// What stands in a field beside the files.
const WORDS_BYTES_MAX: usize = 4 * TEXT_CHARS_MAX + 1_024;
/// The fields beside the files; others are not read.
const FIELDS: [&str; 5] = ["sent_id", "text", "reply", "topic", "title"];

/// Reads the form: its words, and its files one after another onto the disk.
pub async fn read(
    house: &House,
    by: &Actor,
    channel: Id,
    body: &mut Multipart,
    form: &mut Form,
) -> Result<Option<files::Attached>, GroupError> {
    let mut taking = Taking::begin(house, by, channel).await?;
    let taken = read_fields(house, &mut taking, body, form).await;
    if let Err(error) = taken {
        taking.forget(house).await;
        return Err(error);
    }
    Ok(taking.done())
}

async fn read_fields(
    house: &House,
    taking: &mut Taking,
    body: &mut Multipart,
    form: &mut Form,
) -> Result<(), GroupError> {
    // A broken body is a broken line: nothing was said.
    let torn = |_| GroupError::FileTooLarge;
    while let Some(mut field) = body.next_field().await.map_err(torn)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "attached" {
            let file = field.file_name().unwrap_or_default().to_owned();
            let path = files::incoming(house).await?;
            let received = receive(&mut field, &path).await;
            match received {
                // A form without a chosen file sends an empty one.
                Ok(0) => {
                    let _ = tokio::fs::remove_file(&path).await;
                }
                Ok(_) => taking.take(house, &file, path).await?,
                Err(error) => {
                    let _ = tokio::fs::remove_file(&path).await;
                    return Err(error);
                }
            }
        } else if FIELDS.contains(&name.as_str()) {
            let words = words(&mut field).await?;
            form.set(&name, &words);
        }
    }
    Ok(())
}

async fn words(field: &mut Field<'_>) -> Result<String, GroupError> {
    let mut out = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| GroupError::Text)? {
        out.extend_from_slice(&chunk);
        if out.len() > WORDS_BYTES_MAX {
            return Err(GroupError::Text);
        }
    }
    String::from_utf8(out).map_err(|_| GroupError::Text)
}

/// Streams one file to the disk, up to its bound.
async fn receive(field: &mut Field<'_>, path: &std::path::Path) -> Result<usize, GroupError> {
    let mut file = tokio::fs::File::create(path).await?;
    let mut size = 0;
    loop {
        let chunk = field.chunk().await.map_err(|_| GroupError::FileTooLarge)?;
        let Some(chunk) = chunk else { break };
        size += chunk.len();
        if size > FILE_BYTES_MAX {
            return Err(GroupError::FileTooLarge);
        }
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    Ok(size)
}

/// Says something with pictures and files, or without.
pub async fn say(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    headers: HeaderMap,
    frame: Frame,
    mut body: Multipart,
) -> Response {
    let mut form = Form::default();
    let taken = read(&house, &by, id, &mut body, &mut form).await;
    let draft = Draft {
        sent_id: form.value("sent_id").to_owned(),
        text: form.value("text").to_owned(),
        reply_to: form.value("reply").parse().ok(),
        ..Draft::default()
    };
    match taken {
        Ok(attached) => {
            let draft = Draft { attached, ..draft };
            channel::said(&house, &by, &c, id, &headers, frame, form, draft).await
        }
        Err(error) => {
            channel::not_said(&house, &by, &c, id, &headers, frame, form, &draft, error).await
        }
    }
}

#[derive(Deserialize)]
pub struct Size {
    small: Option<String>,
}

/// A picture of a message that is shown, or that is judged by the reader.
pub async fn picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, message, id)): Path<(String, Id, Id)>,
    Query(size): Query<Size>,
    frame: Frame,
) -> Response {
    match files::picture(&house, &by, message, id, size.small.is_some()).await {
        Ok(p) => foundation::page::jpeg(p.jpeg, kept(p.shown)),
        Err(error) => refused(frame, &error),
    }
}

/// A file of a message that is shown: always to be kept, never opened as a page of ours.
pub async fn file(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, message, id)): Path<(String, Id, Id)>,
    frame: Frame,
) -> Response {
    let pieces = match files::file(&house, &by, message, id).await {
        Ok(pieces) => pieces,
        Err(error) => return refused(frame, &error),
    };
    let name: String = pieces
        .name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let (bytes, shown) = (pieces.bytes, pieces.shown);
    let stream = futures_util::stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.next().await?;
        Some((piece, pieces))
    });
    // Whoever packs the answer asks once more after its end.
    let stream = stream.fuse();
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, kept(shown)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    let mut response = (StatusCode::OK, headers, Body::from_stream(stream)).into_response();
    let own = response.headers_mut();
    own.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        own.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
