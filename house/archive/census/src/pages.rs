//! The doors of the census: the quarter's households, the round on the phone, one household,
//! what households said, how far the quarter is, papers, and a household's own page.

mod answers;
mod asked;
mod chart;
mod coverage;
mod desk;
mod household;
mod own;
mod papers;
mod round;
pub mod words;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;

use crate::CensusError;
use crate::rule::Quarter;
use changes::ChangesError;
use foundation::database::DbError;
use foundation::house::House;
use foundation::page::{Frame, ListQuery, problem};
use permissions::Permission::{ArchiveRead, CensusLead, CensusOwn, CensusVisit};
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// All of them.
pub fn routes() -> Routes {
    let (read, visit) = (Needs::May(ArchiveRead), Needs::May(CensusVisit));
    let (lead, own) = (Needs::May(CensusLead), Needs::May(CensusOwn));
    Routes::new()
        .get("/c/{c}/census", read, desk::list)
        .post("/c/{c}/census", lead, coverage::plan)
        .get("/c/{c}/census/coverage", read, coverage::show)
        .get("/c/{c}/census/coverage/report.pdf", read, papers::report)
        .post("/c/{c}/census/assign", lead, coverage::assign)
        .post("/c/{c}/census/spread", lead, coverage::spread)
        .post("/c/{c}/census/tell", lead, coverage::tell)
        .get("/c/{c}/census/round", visit, round::show)
        .post("/c/{c}/census/sheets", visit, papers::sheets)
        .post("/c/{c}/census/slips", visit, papers::slips)
        .get("/c/{c}/census/answers", read, answers::list)
        .get("/c/{c}/census/answers/{id}", visit, answers::show)
        .post("/c/{c}/census/answers/{id}", visit, answers::confirm)
        .post("/c/{c}/census/answers/{id}/drop", visit, answers::drop)
        .get("/c/{c}/census/homes/{id}", read, household::show)
        .post("/c/{c}/census/homes/{id}", visit, household::send)
        .post("/c/{c}/census/homes/{id}/away", visit, household::away)
        .post("/c/{c}/census/homes/{id}/vacant", visit, household::vacant)
        .post(
            "/c/{c}/census/homes/{id}/refused",
            visit,
            household::refused_,
        )
        .post("/c/{c}/census/homes/{id}/reopen", visit, household::reopen)
        .post("/c/{c}/census/homes/{id}/assign", lead, household::assign)
        .post("/c/{c}/census/homes/{id}/slip", visit, papers::slip)
        .get("/c/{c}/my/census", own, own::list)
        .get("/c/{c}/my/census/{id}", own, own::show)
        .post("/c/{c}/my/census/{id}", own, own::send)
        .get("/c/{c}/census-self/{link}", Needs::Link, own::by_link)
        .post("/c/{c}/census-self/{link}", Needs::Link, own::send_by_link)
}

pub(crate) use coverage::named as building_named;

/// The actor that the guard put beside the request.
type By = Extension<Actor>;

/// The quarter that an address names, or today's.
fn quarter(house: &House, list: &ListQuery) -> Quarter {
    let now = Quarter::at(house.now());
    Quarter::from_word(list.value("quarter"))
        .filter(|q| *q <= now)
        .unwrap_or(now)
}

fn compound(frame: &Frame) -> String {
    frame
        .compound
        .as_ref()
        .map_or(String::new(), |c| c.name.clone())
}

fn status(error: &CensusError) -> StatusCode {
    use CensusError as E;
    match error {
        E::Forbidden(_) => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::LinkOver => StatusCode::GONE,
        E::Changed | E::State(_) | E::Roster(roster::RosterError::Changed) => StatusCode::CONFLICT,
        E::Database(DbError::Busy) | E::Changes(ChangesError::Database(DbError::Busy)) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        E::Changes(ChangesError::NotFound) => StatusCode::UNPROCESSABLE_ENTITY,
        E::Roster(roster::RosterError::Erased) => StatusCode::UNPROCESSABLE_ENTITY,
        E::Paper(paper::PaperError::NoFont) => StatusCode::UNPROCESSABLE_ENTITY,
        E::Database(_)
        | E::Keys(_)
        | E::Roster(_)
        | E::Accounts(_)
        | E::Paper(_)
        | E::Changes(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// A verb's refusal as a page of its own.
fn refused(frame: Frame, error: &CensusError) -> Response {
    let status = status(error);
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%error, "the census could not do its work");
        return problem::page(frame, status);
    }
    match words::refusal(error, &frame) {
        Some(sentence) => problem::page_saying(frame, status, &sentence),
        None => problem::page(frame, status),
    }
}
