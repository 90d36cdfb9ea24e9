//! Changes by where they are; those that wait are ticked line by line and checked together.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{
    self, Chip, Direction, Flash, Form, Frame, ListQuery, Pager, Tag, Tone, onward,
};
use permissions::Permission;
use permissions::actor::Actor;
use roster::Source;

use super::{By, refused, words};
use crate::ChangesError;
use crate::check;
use crate::listing::{self, Filter, Sort, Spot};
use crate::record::{Record, State, WHATS};

/// A change in a list.
pub(super) struct Row {
    pub id: String,
    pub href: String,
    pub code: String,
    pub who: String,
    pub what: &'static str,
    pub was: String,
    pub became: String,
    pub source: &'static str,
    pub maker: String,
    pub at: i64,
    pub state: Tag,
    pub may_check: bool,
    pub reprint: bool,
    pub no_evidence: bool,
}

/// Changes as rows, masked.
pub(super) async fn rows(
    house: &House,
    by: &Actor,
    c: &str,
    frame: &Frame,
    found: &[Record],
) -> Result<Vec<Row>, ChangesError> {
    let values = listing::masked(house, by, found).await?;
    let mut people: Vec<Id> = found.iter().filter_map(|r| r.party).collect();
    let named = ["transfer", "untransfer", "guardian"];
    for r in found.iter().filter(|r| named.contains(&r.field.as_str())) {
        people.extend(words::people_of(&r.was));
        people.extend(words::people_of(&r.became));
    }
    let names = listing::names(house, by, &people).await?;
    let mut plates = BTreeMap::new();
    for r in found {
        if matches!(r.field.as_str(), "registered" | "taken_off")
            && let Some(plate) = roster::tracking::plate(house, by.community, r.item).await?
        {
            plates.insert(r.id, plate);
        }
    }
    Ok(found
        .iter()
        .map(|r| {
            let (was, became) = words::sides(frame, r, &values, &names, plates.get(&r.id));
            Row {
                id: r.id.to_string(),
                href: format!("/c/{c}/changes/{}", r.id),
                code: r.code.clone(),
                who: r
                    .party
                    .and_then(|p| names.get(&p).cloned())
                    .unwrap_or_default(),
                what: words::what_word(&r.field, &r.tie),
                was,
                became,
                source: words::source_word(&r.source),
                maker: r.maker_name.clone(),
                at: r.at.0,
                state: words::state_tag(r.state),
                may_check: check::may_decide(by, r) && !r.evidence.is_empty(),
                reprint: r.reprint,
                no_evidence: r.state == State::Waiting && r.evidence.is_empty(),
            }
        })
        .collect())
}

#[derive(Template)]
#[template(path = "changes/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    may_check: bool,
    may_file: bool,
    may_write: bool,
    may_seal: bool,
    reprints: bool,
    searched: bool,
}

fn spot(text: &str) -> Option<Spot> {
    let (at, rest) = text.split_once('_')?;
    let (id, key) = rest.split_once('_').unwrap_or((rest, ""));
    let key = (0..key.len() / 2).map(|i| u8::from_str_radix(key.get(2 * i..2 * i + 2)?, 16).ok());
    Some(Spot {
        at: Moment(at.parse().ok()?),
        key: key.collect::<Option<Vec<u8>>>()?,
        id: id.parse().ok()?,
    })
}

fn mark(r: &Record) -> String {
    let key: String = r.sort_key.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}_{}_{key}", r.at.0, r.id)
}

fn chip(name: &'static str, value: &'static str, text: String) -> Chip {
    Chip {
        name,
        value: value.into(),
        text,
        ..Chip::default()
    }
}

fn chips(frame: &Frame) -> Vec<Chip> {
    let say = |word: &'static str| frame.t(word).into_owned();
    let mut out: Vec<Chip> = [State::Checked, State::Rejected]
        .into_iter()
        .map(|s| chip("state", s.word(), say(words::state_word(s))))
        .collect();
    out.push(chip("state", "reprint", say("changes-reprint")));
    out.extend(
        Source::ALL
            .into_iter()
            .map(|s| chip("source", s.word(), say(words::source_word(s.word())))),
    );
    out
}

/// Those that wait, the oldest first, or of another state.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let (sort, direction) = list.sort(&["at", "room"]);
    let reprints = list.value("state") == "reprint";
    let state = State::from_word(list.value("state")).unwrap_or(State::Waiting);
    let field = list.value("field");
    let mut filter = Filter {
        sort: if sort == "room" {
            Sort::Shelf
        } else {
            Sort::At
        },
        backwards: direction == Direction::Down,
        state: (!reprints).then_some(state),
        reprint: reprints,
        source: Source::from_word(list.value("source"))
            .map_or("", Source::word)
            .to_owned(),
        field: WHATS
            .into_iter()
            .find(|w| *w == field)
            .unwrap_or_default()
            .to_owned(),
        found: None,
    };
    let searched = list.value("q").trim().to_owned();
    let after = spot(list.value("after"));
    let read = async {
        if !searched.is_empty() {
            filter.found = Some(listing::search(&house, &by, &searched).await?);
        }
        let (found, more) = listing::page(&house, &by, &filter, after.as_ref()).await?;
        let total = listing::count(&house, &by, &filter).await?;
        let rows = rows(&house, &by, &c, &frame, &found).await?;
        let last = found.last().filter(|_| more).map(mark);
        Ok::<_, ChangesError>((rows, total, last))
    };
    let (rows, total, last) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    page::ok(ListPage {
        pager: Pager {
            total: total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after: last,
        },
        may_check: rows.iter().any(|r| r.may_check),
        may_file: by.has(Permission::ArchiveFile),
        may_write: by.has(Permission::RosterWrite),
        may_seal: by.has(Permission::ArchiveDecide),
        reprints,
        searched: !searched.is_empty(),
        chips: chips(&frame),
        rows,
        base: format!("/c/{c}"),
        list,
        frame: frame.titled("changes-title"),
    })
}

fn ticked(form: &Form) -> Vec<Id> {
    form.all("row").filter_map(|id| id.parse().ok()).collect()
}

/// Those that were ticked are checked, each by itself.
pub async fn check_all(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let back = format!("/c/{c}/changes");
    match check::check_all(&house, &by, &ticked(&form)).await {
        Ok(done) if done.left.is_empty() => {
            let count = done.checked as i64;
            onward::done(&back, frame.one("changes-did-check-all", "count", count))
        }
        Ok(done) => {
            let (count, left) = (done.checked as i64, done.left.len() as i64);
            let checked = frame.one("changes-did-check-all", "count", count);
            let left = frame.one("changes-did-leave", "count", left);
            onward::telling(&back, Flash::info(format!("{checked} {left}")))
        }
        Err(e) => refused(frame, &e),
    }
}

/// Those that were ticked were printed anew.
pub async fn reprinted(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let back = format!("/c/{c}/changes?state=reprint");
    match check::reprinted(&house, &by, &ticked(&form)).await {
        Ok(done) => onward::done(
            &back,
            frame.one(
                "changes-did-reprint",
                "count",
                i64::try_from(done).unwrap_or(0),
            ),
        ),
        Err(e) => refused(frame, &e),
    }
}

#[derive(Template)]
#[template(path = "changes/of_dossier.html")]
struct OfDossierPage {
    frame: Frame,
    base: String,
    back: String,
    rows: Vec<Row>,
}

/// A dossier's own.
pub async fn of_dossier(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, dossier)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let found = listing::of_dossier(&house, &by, dossier).await?;
        rows(&house, &by, &c, &frame, &found).await
    };
    match read.await {
        Ok(rows) => page::ok(OfDossierPage {
            base: format!("/c/{c}"),
            back: format!("/c/{c}/files/{dossier}"),
            rows,
            frame: frame.titled("changes-of-dossier"),
        }),
        Err(e) => refused(frame, &e),
    }
}
