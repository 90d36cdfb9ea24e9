//! Papers as files: visit sheets, slips, the report.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use paper::{Paper, PaperError};
use tokio::sync::Semaphore;

use super::{By, compound, quarter, refused};
use crate::papers::{self, Letterhead};
use crate::rule::Quarter;
use crate::task::State;
use crate::work::{self, Filter};
use crate::{CensusError, link};
use accounts::Site;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Form, Frame, ListQuery};

fn head(frame: &Frame) -> Letterhead {
    Letterhead {
        words: frame.words,
        compound: compound(frame),
    }
}

async fn drawn<P: Paper + Send + 'static>(frame: Frame, name: &str, paper: P) -> Response {
    // One at a time: a tower's sheets keep a core busy for seconds.
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
                    format!("attachment; filename=\"{name}.pdf\""),
                ),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, pdf).into_response()
        }
        Err(e) => refused(frame, &CensusError::Paper(e)),
    }
}

fn chosen(form: &Form) -> Filter {
    Filter {
        state: Some(State::Open),
        building: form.value("building").to_owned(),
        unit: form.value("unit").to_owned(),
        assignee: Some(form.value("who").to_owned()).filter(|who| !who.is_empty()),
        late: false,
    }
}

/// Visit sheets of a building, or of the reader's own round.
pub async fn sheets(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(_c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let q = Quarter::at(house.now());
    let made = async {
        if form.has("round", "yes") {
            let account = by.account.ok_or(CensusError::NotFound)?;
            let tasks = work::round(&house, &by, q, account, work::ROUND_MAX).await?;
            return papers::sheets_of(&house, &by, q, tasks, &head(&frame)).await;
        }
        papers::sheets(&house, &by, q, &chosen(&form), &head(&frame)).await
    };
    match made.await {
        Ok(bundle) => drawn(frame, "census-sheets", bundle).await,
        Err(e) => refused(frame, &e),
    }
}

/// Slips for a building's letterboxes.
pub async fn slips(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    site: Extension<Site>,
    frame: Frame,
    form: Form,
) -> Response {
    let q = Quarter::at(house.now());
    let made = async {
        let most = link::LINKS_MAX as i64;
        let tasks = work::some(&house, &by, q, &chosen(&form), most).await?;
        link::make(&house, &by, tasks).await
    };
    slipped(&house, &c, &site, frame, made.await).await
}

/// One household's slip.
pub async fn slip(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    site: Extension<Site>,
    frame: Frame,
) -> Response {
    let made = async {
        let task = work::one(&house, &by, id).await?;
        link::make(&house, &by, vec![task]).await
    };
    slipped(&house, &c, &site, frame, made.await).await
}

async fn slipped(
    house: &House,
    c: &str,
    site: &Site,
    frame: Frame,
    made: Result<Vec<link::Fresh>, CensusError>,
) -> Response {
    match made {
        Ok(fresh) => {
            let leads = |secret: &str| site.link(&format!("/c/{c}/census-self/{secret}"));
            let paper = papers::slips(&fresh, &head(&frame), house.now(), leads);
            drawn(frame, "census-slips", paper).await
        }
        Err(e) => refused(frame, &e),
    }
}

/// A quarter's report.
pub async fn report(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(_c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let q = quarter(&house, &list);
    match papers::report(&house, &by, q, &head(&frame)).await {
        Ok(form) => drawn(frame, "census-report", form).await,
        Err(e) => refused(frame, &e),
    }
}
