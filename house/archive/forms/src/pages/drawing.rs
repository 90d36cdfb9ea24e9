//! Papers, drawn away from the server's own threads.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use paper::{Paper, PaperError};
use tokio::sync::Semaphore;

use super::{By, refused};
use crate::FormsError;
use crate::printing::{self, Letterhead};
use accounts::Site;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::Frame;

/// What papers of this compound share, in the reader's language.
pub fn letterhead(c: &str, site: &Site, frame: &Frame) -> Letterhead {
    Letterhead {
        words: frame.words,
        compound: frame
            .compound
            .as_ref()
            .map_or(String::new(), |c| c.name.clone()),
        link: site.link(&format!("/c/{c}/forms/{{form}}")),
    }
}

/// The PDF of a paper.
pub async fn drawn<P>(frame: Frame, name: &str, paper: P) -> Response
where
    P: Paper + Send + 'static,
{
    // One at a time: the forms of a tower keep a core busy for seconds.
    static DRAWING: Semaphore = Semaphore::const_new(1);
    let turn = DRAWING.acquire().await;
    let made = tokio::task::spawn_blocking(move || paper.draw(paper::system_fonts())).await;
    drop(turn);
    let made = made.unwrap_or_else(|e| Err(PaperError::Write(std::io::Error::other(e))));
    match made {
        Ok((pdf, _)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("inline; filename=\"{name}.pdf\""),
                ),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, pdf).into_response()
        }
        Err(e) => refused(frame, &FormsError::Paper(e)),
    }
}

/// The paper of a form, to be signed.
pub async fn paper(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    let head = letterhead(&c, &site, &frame);
    match printing::paper_of(&house, &by, id, &head).await {
        Ok(bundle) => drawn(frame, "form", bundle).await,
        Err(e) => refused(frame, &e),
    }
}
