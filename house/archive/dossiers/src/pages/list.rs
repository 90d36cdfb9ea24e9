//! The list of dossiers, what they lack as a list to walk by, and what waits to be counted.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{By, refused, words};
use crate::dossier::{Dossier, Life};
use crate::kind::Kind;
use crate::listing::{self, Filter, Pace, Show, Shown, Spot, Waiting};
use crate::{ArchiveError, fixity, number};
use foundation::clock::{DAY, Moment};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Frame, Lang, ListQuery, Pager, Tag, Tone, key};
use permissions::Permission;
use permissions::actor::Actor;

/// How far the pace of intake looks back.
const QUARTER: i64 = 90 * DAY;
/// Rows of the list to walk by as a file: a company's largest compounds have fewer homes.
const WALK_MAX: usize = 20_000;

struct Row {
    href: String,
    code: String,
    number: String,
    owners: Vec<String>,
    missing: String,
    state: Tag,
    documents: i64,
    pages: i64,
    waiting: i64,
}

fn letters(kinds: crate::Kinds) -> String {
    let letters: Vec<&str> = kinds.iter().map(Kind::letter).collect();
    letters.join(" ")
}

/// How complete a dossier is, as a tag.
pub(super) fn completeness(d: &Dossier) -> Tag {
    match d.life {
        Life::Sealed => Tag::new(Tone::Plain, key("archive-life-sealed")),
        Life::Opened => Tag::new(Tone::Waiting, key("archive-life-opened")),
        Life::Closed => Tag::new(Tone::Plain, key("archive-show-closed")),
        _ if d.asked.is_empty() => Tag::new(Tone::Plain, key("archive-asked-none")),
        _ if d.missing.is_empty() => Tag::new(Tone::Done, key("archive-show-complete")),
        _ => Tag::new(Tone::Waiting, key("archive-show-missing")),
    }
}

fn row(c: &str, shown: Shown, lang: Lang) -> Row {
    let d = shown.dossier;
    Row {
        href: format!("/c/{c}/files/{}", d.id),
        state: completeness(&d),
        missing: letters(d.missing),
        code: d.code,
        number: number::said(&d.number, lang),
        owners: shown.owners,
        documents: d.documents,
        pages: d.pages,
        waiting: d.waiting,
    }
}

#[derive(Template)]
#[template(path = "archive/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    kinds: Vec<Chip>,
    held: Vec<Chip>,
    buildings: Vec<Chip>,
    rows: Vec<Row>,
    pager: Option<Pager>,
    base: String,
    pace: Pace,
    average: String,
    may_set: bool,
    may_succeed: bool,
    may_file: bool,
    searched: bool,
    /// Damages that the nightly reading could not put right, and when it last read if long ago.
    damaged: usize,
    unread_since: String,
}

fn filter(list: &ListQuery) -> Filter {
    Filter {
        show: Show::from_word(list.value("show")),
        lacks: Kind::from_letter(list.value("lacks")),
        holds: Kind::from_letter(list.value("holds")),
        building: list.value("building").to_owned(),
        ..Filter::default()
    }
}

pub(super) fn spot(list: &ListQuery) -> Option<Spot> {
    let mut parts = list.value("after").splitn(5, '~');
    Some(Spot {
        key: unhex(parts.next()?)?,
        tenure: parts.next()?.parse().ok()?,
        began: parts.next()?.chars().take(10).collect(),
        pages: parts.next()?.parse().ok()?,
        id: parts.next()?.parse().ok()?,
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > 400 || !text.is_ascii() {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

pub(super) fn mark(d: &Dossier) -> String {
    let key: String = d.sort_key.iter().map(|b| format!("{b:02x}")).collect();
    let began = d.began.as_deref().unwrap_or_default();
    format!("{key}~{}~{began}~{}~{}", d.tenure, d.pages, d.id)
}

pub(super) fn building_chips(buildings: Vec<String>) -> Vec<Chip> {
    let chip = |name: String| Chip {
        name: "building",
        text: hanzi::room::building_said(&name),
        value: name,
        count: None,
    };
    buildings.into_iter().take(200).map(chip).collect()
}

fn kind_chips(frame: &Frame, name: &'static str) -> Vec<Chip> {
    let chip = |kind: Kind| Chip {
        name,
        value: kind.letter().into(),
        text: format!("{} {}", kind.letter(), frame.t(kind.word())),
        count: None,
    };
    Kind::ALL.map(chip).into()
}

/// The file room.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let typed = list.value("q").to_owned();
    let read = async {
        let filter = filter(&list);
        let (found, more) = if typed.is_empty() {
            listing::page(&house, &by, &filter, spot(&list).as_ref()).await?
        } else {
            (listing::search(&house, &by, &typed).await?, false)
        };
        let total = if typed.is_empty() {
            listing::count(&house, &by, &filter).await?
        } else {
            found.len() as i64
        };
        let counts = listing::counts(&house, &by).await?;
        let pace = listing::pace(&house, &by, house.now().plus(-QUARTER)).await?;
        let buildings = roster::buildings(&house, by.community).await?;
        let reading = fixity::last(&house).await?.unwrap_or_default();
        Ok::<_, ArchiveError>((found, more, total, counts, pace, buildings, reading))
    };
    let (found, more, total, counts, pace, buildings, reading) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let count = |show: Show| match show {
        Show::Open => Some(counts.0),
        Show::Missing => Some(counts.1),
        Show::Complete => Some(counts.2),
        Show::Closed | Show::Shelf => None,
    };
    let chips = Show::ALL.map(|show| Chip {
        name: "show",
        value: show.word().into(),
        text: frame.t(words::show_word(show)).into_owned(),
        count: count(show).map(|n| n.max(0) as u64),
    });
    let [kinds, held] = ["lacks", "holds"].map(|name| kind_chips(&frame, name));
    let after = found.last().filter(|_| more).map(|s| mark(&s.dossier));
    let rows: Vec<Row> = found
        .into_iter()
        .map(|shown| row(&c, shown, frame.words.lang()))
        .collect();
    page::ok(ListPage {
        pager: typed.is_empty().then(|| Pager {
            total: total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after,
        }),
        chips: chips.into(),
        kinds,
        held,
        buildings: building_chips(buildings),
        rows,
        base: format!("/c/{c}"),
        average: frame.duration(pace.average),
        pace,
        may_set: by.has(Permission::ArchiveSet),
        may_succeed: by.has(Permission::ArchiveSucceedConfirm),
        may_file: by.has(Permission::ArchiveFile),
        searched: !typed.is_empty(),
        damaged: reading.damages.len(),
        unread_since: if reading.at > 0 && house.now().0 - reading.at > fixity::STALE_AFTER {
            frame.stamp(reading.at)
        } else {
            String::new()
        },
        list,
        frame: frame.titled("archive-title"),
    })
}

struct Lack {
    code: String,
    number: String,
    href: String,
    owners: Vec<String>,
    kinds: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "archive/missing.html")]
struct MissingPage {
    frame: Frame,
    list: ListQuery,
    buildings: Vec<Chip>,
    base: String,
    csv: String,
    /// What the letters stand for: those of this page's rows.
    kinds: Vec<(String, String)>,
    rows: Vec<Lack>,
    pager: Pager,
}

fn lack(list: &ListQuery) -> Filter {
    Filter {
        show: Show::Missing,
        ..filter(list)
    }
}

/// What dossiers lack, in shelf order, at most [`WALK_MAX`].
async fn lacking(house: &House, by: &Actor, list: &ListQuery) -> Result<Vec<Shown>, ArchiveError> {
    let filter = lack(list);
    let mut rows = Vec::new();
    let mut after: Option<Spot> = None;
    loop {
        let (part, more) = listing::page(house, by, &filter, after.as_ref()).await?;
        let Some(last) = part.last().map(|s| &s.dossier) else {
            return Ok(rows);
        };
        after = Some(Spot::of(last));
        rows.extend(part);
        if !more || rows.len() >= WALK_MAX {
            return Ok(rows);
        }
    }
}

/// The list to walk by: what to ask each home for.
pub async fn missing(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let filter = lack(&list);
    let read = async {
        let after = spot(&list);
        let (rows, more) = listing::page(&house, &by, &filter, after.as_ref()).await?;
        let total = listing::count(&house, &by, &filter).await?;
        let buildings = roster::buildings(&house, by.community).await?;
        Ok::<_, ArchiveError>((rows, more, total, buildings))
    };
    let (found, more, total, buildings) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let after = found.last().filter(|_| more).map(|s| mark(&s.dossier));
    let named = |kind: Kind| (kind.letter().to_owned(), frame.t(kind.word()).into_owned());
    let lacked = |kind: &Kind| found.iter().any(|s| s.dossier.missing.has(*kind));
    let kinds = Kind::ALL.into_iter().filter(lacked).map(named).collect();
    let rows: Vec<Lack> = found
        .into_iter()
        .map(|shown| Lack {
            href: format!("/c/{c}/files/{}", shown.dossier.id),
            kinds: shown.dossier.missing.iter().map(named).collect(),
            code: shown.dossier.code,
            number: number::said(&shown.dossier.number, frame.words.lang()),
            owners: shown.owners,
        })
        .collect();
    page::ok(MissingPage {
        csv: list.href_at(&format!("/c/{c}/files/missing.csv")),
        kinds,
        base: format!("/c/{c}/files"),
        buildings: building_chips(buildings),
        pager: Pager {
            total: total.max(0) as u64,
            shown: rows.len() as u64,
            before: None,
            after,
        },
        rows,
        list,
        frame: frame.titled("archive-missing-title"),
    })
}

/// The same for a spreadsheet; names stay masked.
pub async fn missing_csv(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let rows = match lacking(&house, &by, &list).await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let heads = [
        key("archive-field-room"),
        key("archive-field-number"),
        key("archive-field-owners"),
        key("archive-field-missing"),
    ];
    // With the mark by which Excel knows UTF-8.
    let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let mut line = |cells: [&str; 4]| out.write_record(cells.map(sheets::harmless));
    let heads = heads.map(|key| frame.t(key).into_owned());
    let mut written = line([&heads[0], &heads[1], &heads[2], &heads[3]]);
    for shown in rows {
        let d = shown.dossier;
        let owners = frame.join(&shown.owners).into_owned();
        let lacks = letters(d.missing);
        let cells = [&d.code, &d.number, &owners, &lacks].map(String::as_str);
        written = written.and_then(|()| line(cells));
    }
    let out = match written.and_then(|()| out.into_inner().map_err(|e| e.into_error().into())) {
        Ok(out) => out,
        Err(e) => return refused(frame, &ArchiveError::Sheet(e.into())),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"missing.csv\"",
        ),
    ];
    (headers, out).into_response()
}

struct Counting {
    href: String,
    label: String,
    title: String,
    code: String,
    number: String,
    state: Tag,
    taken: String,
    checker: String,
    mine: bool,
    received: i64,
    due: i64,
}

#[derive(Template)]
#[template(path = "archive/waiting.html")]
struct WaitingPage {
    frame: Frame,
    list: ListQuery,
    base: String,
    rows: Vec<Counting>,
    pager: Pager,
    pace: Pace,
}

/// Behind which document the page goes on, as it stands in the address: `1772416800000.ID`.
fn behind(list: &ListQuery) -> Option<(Moment, Id)> {
    let (due, id) = list.value("after").split_once('.')?;
    Some((Moment(due.parse().ok()?), id.parse().ok()?))
}

/// What waits to be counted, the most urgent first.
pub async fn waiting(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let read = async {
        let rows = listing::waiting(&house, &by, behind(&list)).await?;
        let pace = listing::pace(&house, &by, house.now().plus(-QUARTER)).await?;
        Ok::<_, ArchiveError>((rows, pace))
    };
    let ((found, more), pace) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let now = house.now();
    let counting = |w: Waiting| Counting {
        href: format!("/c/{c}/files/documents/{}", w.document.id),
        label: w.document.label(),
        state: words::state_tag(&w.document, now),
        mine: by.account == Some(w.document.checker),
        received: w.document.received_at.0,
        due: w.document.due_at.0,
        title: w.document.title,
        taken: w.document.taken_name,
        checker: w.document.checker_name,
        code: w.code,
        number: number::said(&w.number, frame.words.lang()),
    };
    let last = found.last().filter(|_| more).map(|w| &w.document);
    let pager = Pager {
        total: pace.waiting.max(0) as u64,
        shown: found.len() as u64,
        // The way back is the first page.
        before: None,
        after: last.map(|d| format!("{}.{}", d.due_at.0, d.id)),
    };
    page::ok(WaitingPage {
        pager,
        list,
        rows: found.into_iter().map(counting).collect(),
        base: format!("/c/{c}/files"),
        pace,
        frame: frame.titled("archive-waiting-title"),
    })
}
