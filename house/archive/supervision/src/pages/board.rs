//! The board: every duty with how it stands, completeness building by building.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::SupervisionError;
use crate::board::{self, Figure};
use foundation::house::House;
use foundation::page::{self, Frame, Tone, key};

struct Card {
    name: String,
    figure: String,
    /// What the figure is of, or how long ago.
    note: String,
    tone: Tone,
    /// The key of the word beside the colour.
    said: &'static str,
    href: String,
}

fn said(figure: Figure, tone: Tone) -> &'static str {
    match tone {
        Tone::Overdue if matches!(figure, Figure::Of(..)) => key("supervision-short"),
        Tone::Done => key("supervision-good"),
        Tone::Waiting => key("supervision-watch"),
        Tone::Overdue => key("supervision-late"),
        Tone::Plain | Tone::Info => key("supervision-empty"),
    }
}

struct Building {
    name: String,
    href: String,
    open: i64,
    asked: i64,
    complete: i64,
    percent: i64,
}

#[derive(Template)]
#[template(path = "supervision/board.html")]
struct BoardPage {
    frame: Frame,
    base: String,
    cards: Vec<Card>,
    buildings: Vec<Building>,
}

/// All of it.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let read = async {
        let duties = board::duties(&house, &by).await?;
        let buildings = dossiers::listing::by_building(&house, &by).await?;
        Ok::<_, SupervisionError>((duties, buildings))
    };
    let (duties, buildings) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}");
    let cards = duties.into_iter().map(|duty| {
        let (figure, note) = match duty.figure {
            Figure::Of(part, all) => (
                frame.count(part).to_string(),
                frame.one("supervision-of", "count", all).into_owned(),
            ),
            Figure::Count(n) => (frame.count(n).to_string(), String::new()),
            Figure::Last(Some(at)) => (frame.day(at).to_string(), frame.relative(at).to_string()),
            Figure::Last(None) => (frame.t("supervision-never").into_owned(), String::new()),
        };
        Card {
            name: frame.t(duty.word).into_owned(),
            figure,
            note,
            tone: duty.tone,
            said: said(duty.figure, duty.tone),
            href: if duty.leads.is_empty() {
                String::new()
            } else {
                format!("{base}{}", duty.leads)
            },
        }
    });
    let rows = buildings.into_iter().map(|b| Building {
        name: hanzi::room::building_said(&b.building),
        href: format!("{base}/files?building={}&show=missing", b.building),
        open: b.open,
        asked: b.asked,
        complete: b.complete,
        percent: if b.asked > 0 {
            b.complete * 100 / b.asked
        } else {
            0
        },
    });
    page::ok(BoardPage {
        cards: cards.collect(),
        buildings: rows.collect(),
        base,
        frame: frame.titled("supervision-title"),
    })
}
