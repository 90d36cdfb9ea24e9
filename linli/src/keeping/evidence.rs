//! A household's pack of evidence with the ledger's proofs: the paper, the proof of each event that
//! it lists under one signed head, the key, and a checker that needs nothing of this house.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use accounts::Site;
use arrears::evidence::{self, Letterhead, Signed};
use arrears::pages::words;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Frame, problem};
use paper::Paper as _;
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};
use zip::write::SimpleFileOptions;

use super::checkpoints::{self, TendError};
use super::exporting::SCRIPT;
use super::proving::{self, ProveError};

/// How to check it, beside the proofs.
const README: &str = include_str!("../../../docs/formats/evidence-readme.md");

/// The door.
pub fn routes() -> Routes {
    // What was said leaves the house with it.
    let needs = Needs::MayRecent(Permission::ArrearsFollow);
    Routes::new().get("/c/{c}/arrears/{id}/evidence.zip", needs, take)
}

#[derive(Debug, thiserror::Error)]
enum TakeError {
    #[error(transparent)]
    Arrears(#[from] arrears::ArrearsError),
    #[error(transparent)]
    Checkpoint(#[from] TendError),
    #[error(transparent)]
    Prove(#[from] ProveError),
    #[error("the archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the archive: {0}")]
    Disk(#[from] std::io::Error),
}

async fn take(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Extension(site): Extension<Site>,
    Path((slug, room)): Path<(String, String)>,
    frame: Frame,
) -> Response {
    let head = Letterhead {
        words: frame.words,
        compound: frame
            .compound
            .as_ref()
            .map_or(String::new(), |c| c.name.clone()),
        link: site.link(&format!("/c/{slug}/arrears/{{room}}")),
    };
    // A forged address is no room.
    let Ok(room) = room.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match made(&house, &by, room, &head).await {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, "application/zip"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"evidence.zip\"",
                ),
                (header::CACHE_CONTROL, "private, no-store"),
            ];
            (headers, bytes).into_response()
        }
        Err(TakeError::Arrears(error)) => refused(frame, &error),
        Err(error) => {
            tracing::error!(%error, "a pack of evidence could not be proved");
            problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn refused(frame: Frame, error: &arrears::ArrearsError) -> Response {
    let status = arrears::pages::status(error);
    match words::refusal(error, &frame) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}

/// The archive. It asks for the right before anything is signed or read.
async fn made(
    house: &House,
    by: &Actor,
    room: Id,
    head: &Letterhead,
) -> Result<Vec<u8>, TakeError> {
    by.may(Permission::ArrearsFollow)
        .map_err(arrears::ArrearsError::from)?;
    let c = by.community;
    let signed = checkpoints::now(house, c).await?;
    let under = Signed {
        size: signed.size,
        note: &signed.note,
    };
    let (paper, numbers) = evidence::pack(house, by, room, head, Some(under)).await?;
    let proofs = proving::inclusions(house, c, &signed, numbers).await?;
    let key = tokio::fs::read(checkpoints::key_file(&house.data_dir)).await?;
    let packed = tokio::task::spawn_blocking(move || {
        let (pdf, _) = paper
            .draw(paper::system_fonts())
            .map_err(arrears::ArrearsError::from)?;
        let mut files = vec![
            ("evidence.pdf".to_owned(), pdf),
            ("README.md".to_owned(), README.into()),
            ("verify_ledger.py".to_owned(), SCRIPT.into()),
            ("ledger.pub".to_owned(), key),
        ];
        for proof in proofs {
            let name = format!("proofs/{:08}.tlog-proof", proof.index + 1);
            files.push((name, proof.text().into()));
        }
        zipped(files)
    });
    packed
        .await
        .unwrap_or_else(|e| Err(std::io::Error::other(e).into()))
}

fn zipped(files: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, TakeError> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(name, SimpleFileOptions::default())?;
        out.write_all(&bytes)?;
    }
    Ok(out.finish()?.into_inner())
}
