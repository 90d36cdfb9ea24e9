//! The key register: what is in the cupboard, what is out, what is late; the stock-take.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::keys::{self, KeyState, Lending};
use crate::{FormsError, listing};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Flash, Form, Frame, ListQuery, Pager, Tag, Tone, onward};
use permissions::Permission;

pub struct Row {
    pub id: String,
    pub href: String,
    pub code: String,
    pub room: String,
    pub what: String,
    pub state: Tag,
    pub since: String,
}

impl Row {
    pub fn of(c: &str, k: &keys::HeldKey, frame: &Frame) -> Row {
        Row {
            id: k.id.to_string(),
            href: format!("/c/{c}/keys/{}", k.id),
            code: k.code.clone(),
            room: k.room_code.clone(),
            what: frame.t(words::what_word(&k.what)).into_owned(),
            state: words::key_tag(k.state),
            since: frame.stamp(k.deposited_at.0),
        }
    }
}

/// A loan that is out.
struct Out {
    href: String,
    code: String,
    room: String,
    borrower: String,
    reason: String,
    due: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "forms/keys.html")]
struct KeysPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    out: Vec<Out>,
    none: bool,
    pager: Pager,
    counts: keys::Counts,
    counted: String,
    may_file: bool,
}

/// The register.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let searched = list.value("q").to_owned();
    let state = KeyState::from_word(list.value("state")).unwrap_or(KeyState::Kept);
    let may_file = by.has(Permission::ArchiveFile);
    let read = async {
        if !searched.is_empty() {
            if let Some(id) = keys::by_code(&house, &by, &searched).await? {
                return Ok::<_, FormsError>(Err(format!("/c/{c}/keys/{id}")));
            }
            if let Some(head) = listing::find(&house, &by, &searched).await? {
                return Ok(Err(format!("/c/{c}/forms-of/{}/keys", head.dossier)));
            }
        }
        let page = keys::page(&house, &by, state, list.value("after")).await?;
        let counts = keys::counts(&house, &by).await?;
        let counted = keys::counted(&house, &by).await?;
        let out = if may_file {
            keys::out(&house, &by).await?
        } else {
            Vec::new()
        };
        Ok(Ok((page, counts, counted, out)))
    };
    let ((found, more), counts, counted, out) = match read.await {
        Ok(Ok(read)) => read,
        Ok(Err(path)) => return onward::to(&path),
        Err(e) => return refused(frame, &e),
    };
    let chips = KeyState::ALL
        .into_iter()
        .filter(|s| *s != KeyState::Kept)
        .map(|s| Chip {
            name: "state",
            value: s.word().into(),
            text: frame.t(words::key_word(s)).into_owned(),
            ..Chip::default()
        })
        .collect();
    let total = counts.of(state);
    let after = found.last().filter(|_| more).map(|k| k.code.clone());
    let counted = match counted.first() {
        Some((month, _, name, asked, missing)) => frame
            .with(
                "held-counted",
                &[
                    ("month", month.as_str().into()),
                    ("name", name.as_str().into()),
                    ("asked", (*asked).into()),
                    ("missing", (*missing).into()),
                ],
            )
            .into_owned(),
        None => frame.t("held-counted-never").into_owned(),
    };
    let now = house.now();
    let shown = |l: Lending| Out {
        href: format!("/c/{c}/keys/{}", l.key),
        late: l.overdue(now),
        due: frame.stamp(l.due_at.0),
        code: l.code,
        room: l.room_code,
        borrower: l.borrower,
        reason: l.reason,
    };
    page::ok(KeysPage {
        out: out.into_iter().map(shown).collect(),
        pager: Pager {
            total: total.max(0) as u64,
            shown: found.len() as u64,
            before: None,
            after,
        },
        rows: found.iter().map(|k| Row::of(&c, k, &frame)).collect(),
        none: !searched.is_empty(),
        base: format!("/c/{c}"),
        chips,
        counts,
        counted,
        may_file,
        list,
        frame: frame.titled("held-title"),
    })
}

#[derive(Template)]
#[template(path = "forms/keys_count.html")]
struct CountPage {
    frame: Frame,
    back: String,
    month: String,
    rows: Vec<Row>,
}

/// What must be there, to be ticked off at the cupboard.
pub async fn counting(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match keys::kept(&house, &by).await {
        Ok(kept) => page::ok(CountPage {
            back: format!("/c/{c}/keys"),
            month: keys::month(house.now()),
            rows: kept.iter().map(|k| Row::of(&c, k, &frame)).collect(),
            frame: frame.titled("held-count-title"),
        }),
        Err(e) => refused(frame, &e),
    }
}

/// They were counted.
pub async fn count(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let found: Vec<Id> = form.all("found").filter_map(|id| id.parse().ok()).collect();
    match keys::count(&house, &by, &found).await {
        Ok(missing) => {
            let told = if missing.is_empty() {
                Flash::done(frame.t("held-did-count"))
            } else {
                Flash::overdue(frame.one("held-did-count-missing", "count", missing.len()))
            };
            onward::telling(&format!("/c/{c}/keys"), told)
        }
        Err(e) => refused(frame, &e),
    }
}

/// The tone of what is late.
pub fn late_tone(late: bool) -> Tone {
    if late { Tone::Overdue } else { Tone::Waiting }
}
