//! The forms of the compound by where they are.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::fields::Definition;
use crate::filled::{Filled, State};
use crate::{FormsError, listing};
use dossiers::Kind;
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Frame, ListQuery, Pager, Tag, Tone, onward};
use permissions::Permission;

/// A form in a list.
pub struct Row {
    pub href: String,
    pub code: String,
    pub title: String,
    pub number: String,
    pub state: Tag,
    pub who: String,
    pub at: String,
}

impl Row {
    pub fn of(c: &str, f: &Filled, frame: &Frame) -> Row {
        Row {
            href: format!("/c/{c}/forms/{}", f.id),
            code: f.code.clone(),
            title: frame.t(words::title(f.kind)).into_owned(),
            number: f.label(),
            state: words::state_tag(f.state),
            who: f.taken_name.clone(),
            at: frame.stamp(f.begun_at.0),
        }
    }
}

#[derive(Template)]
#[template(path = "forms/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    none: bool,
    pager: Pager,
    may_set: bool,
}

fn mark(f: &Filled) -> String {
    format!("{}_{}", f.begun_at.0, f.id)
}

fn spot(text: &str) -> Option<(Moment, Id)> {
    let (at, id) = text.split_once('_')?;
    Some((Moment(at.parse().ok()?), id.parse().ok()?))
}

/// Those that are being filled in, or in another state; by room straight to its own.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let searched = list.value("q").to_owned();
    let state = State::from_word(list.value("state")).unwrap_or(State::Draft);
    let kind = Kind::from_letter(list.value("kind"));
    let after = spot(list.value("after"));
    let read = async {
        if !searched.is_empty()
            && let Some(head) = listing::find(&house, &by, &searched).await?
        {
            return Ok::<_, FormsError>(Err(head.dossier));
        }
        let (found, more) = listing::page(&house, &by, state, kind, after).await?;
        Ok(Ok((
            found,
            more,
            listing::count(&house, &by, state, kind).await?,
        )))
    };
    let (found, more, total) = match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(dossier)) => return onward::to(&format!("/c/{c}/forms-of/{dossier}")),
        Err(e) => return refused(frame, &e),
    };
    let mut chips: Vec<Chip> = [State::Printed, State::Signed, State::Void]
        .into_iter()
        .map(|s| {
            chip(
                "state",
                s.word(),
                frame.t(words::state_word(s)).into_owned(),
            )
        })
        .collect();
    chips.extend(
        Definition::KINDS
            .into_iter()
            .map(|k| chip("kind", k.letter(), frame.t(words::title(k)).into_owned())),
    );
    let last = found.last().filter(|_| more).map(mark);
    let rows: Vec<Row> = found.iter().map(|f| Row::of(&c, f, &frame)).collect();
    page::ok(ListPage {
        pager: Pager {
            total: total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after: last,
        },
        none: !searched.is_empty(),
        rows,
        chips,
        base: format!("/c/{c}"),
        may_set: by.has(Permission::ArchiveSet),
        list,
        frame: frame.titled("forms-title"),
    })
}

fn chip(name: &'static str, value: &'static str, text: String) -> Chip {
    Chip {
        name,
        value: value.into(),
        text,
        ..Chip::default()
    }
}
