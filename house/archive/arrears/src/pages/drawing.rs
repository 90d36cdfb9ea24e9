//! Papers, drawn away from the server's own threads.

use axum::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use paper::{Form, Paper as _, PaperError};
use tokio::sync::Semaphore;

use super::Desk;
use crate::evidence::{self, Letterhead};
use crate::{ArrearsError, letter};
use accounts::Site;

/// What papers of this compound share, in the reader's language.
fn letterhead(desk: &Desk, site: &Site) -> Letterhead {
    let compound = desk.frame.compound.as_ref();
    Letterhead {
        words: desk.frame.words,
        compound: compound.map_or(String::new(), |c| c.name.clone()),
        link: site.link(&desk.at("/arrears/{room}")),
    }
}

async fn drawn(desk: Desk, name: String, paper: Form) -> Response {
    // One at a time: a pack of many pages keeps a core busy.
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
        Err(e) => desk.refused(&ArrearsError::Paper(e)),
    }
}

/// A letter.
pub async fn letter(desk: Desk, site: Extension<Site>) -> Response {
    let head = letterhead(&desk, &site);
    let made = async {
        let id = desk.id()?;
        letter::paper_of(&desk.house, &desk.by, id, &head).await
    };
    match made.await {
        Ok(paper) => {
            let name = paper.record.clone();
            drawn(desk, name, paper).await
        }
        Err(e) => desk.refused(&e),
    }
}

/// The pack of evidence.
pub async fn evidence(desk: Desk, site: Extension<Site>) -> Response {
    let head = letterhead(&desk, &site);
    let made = async {
        let room = desk.id()?;
        evidence::paper_of(&desk.house, &desk.by, room, &head).await
    };
    match made.await {
        Ok(paper) => drawn(desk, "evidence".to_owned(), paper).await,
        Err(e) => desk.refused(&e),
    }
}
