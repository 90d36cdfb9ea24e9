//! The day's list.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use paper::{Align, Block, Column, Form as Sheet, Paper as _};
use sheets::{ListColumn, ListFile};

use super::{Desk, words};
use crate::listing::{self, Place, Query, Show, Sort};
use crate::{Account, ArrearsError};
use foundation::page::{self, Chip, Form, Frame, Lang, ListQuery, Pager, Tag, Tone, key};
use permissions::Permission;

struct Row {
    href: String,
    contact: String,
    code: String,
    state: Tag,
    deadline: Date,
    work_by: String,
    overdue: String,
    since: Date,
    days: i64,
    last: String,
    promised: String,
    stage: String,
}

#[derive(Template)]
#[template(path = "arrears/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    buildings: Vec<Chip>,
    sorts: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    base: String,
    nobody_found: bool,
    may_set: bool,
    may_follow: bool,
    may_take: bool,
    lapsing: i64,
    unreached: i64,
    year_unknown: bool,
}

fn row(desk: &Desk, a: &Account, overdue: i64, today: Date) -> Row {
    let frame = &desk.frame;
    let day = |d: Option<Date>| d.map_or(String::new(), |d| d.to_string());
    let contact = desk.at(&format!("/arrears/{}/contact", a.room));
    Row {
        href: desk.at(&format!("/arrears/{}", a.room)),
        contact: if a.is_held(today) {
            String::new()
        } else {
            contact
        },
        code: a.code.clone(),
        state: words::tag(a, today),
        deadline: a.deadline,
        work_by: if a.work_by < a.deadline {
            frame
                .one("arrears-work-by", "day", a.work_by.to_string())
                .into_owned()
        } else {
            String::new()
        },
        overdue: frame.money(overdue),
        since: a.anchor,
        days: today.since(a.anchor).map_or(0, |s| s.get_days().into()),
        last: day(a.contact_on),
        promised: day(a.promised_on),
        stage: a
            .stage
            .map_or(String::new(), |s| frame.t(s.key()).into_owned()),
    }
}

pub async fn show(desk: Desk, list: ListQuery) -> Response {
    match fill(&desk, list).await {
        Ok(page) => page::ok(page),
        Err(error) => desk.refused(&error),
    }
}

/// What the address asks for, and whether a room was typed that is not there.
async fn asked(
    desk: &Desk,
    list: &ListQuery,
    mine: &[String],
) -> Result<(Query, bool), ArrearsError> {
    let mut query = Query {
        show: Show::from_word(list.value("show")),
        sort: Sort::from_word(list.value("sort")),
        buildings: match list.value("building") {
            "" => None,
            "mine" => Some(mine.to_vec()),
            one => Some(vec![one.to_owned()]),
        },
        room: None,
    };
    let typed = list.value("q");
    if typed.is_empty() {
        return Ok((query, false));
    }
    let room = roster::find_room(&desk.house, desk.by.community, typed).await?;
    let nobody = room.is_none();
    query.room = room.map(|r| r.id);
    Ok((query, nobody))
}

async fn fill(desk: &Desk, list: ListQuery) -> Result<ListPage, ArrearsError> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    by.may(Permission::ArrearsRead)?;
    let (c, today) = (by.community, house.now().date());
    let mine = listing::mine(house, by).await?;
    let (query, nobody_found) = asked(desk, &list, &mine).await?;
    let after = Place::read(query.sort, list.value("after"));
    let mut found = listing::page(house, by, &query, after.as_ref()).await?;
    if nobody_found {
        found.accounts.clear();
        found.more = false;
    }
    let chip = |name, value: &str, text: String, count: Option<i64>| Chip {
        name,
        value: value.to_owned(),
        text,
        count: count.map(|n| n.max(0) as u64),
    };
    let chips = Show::ALL.map(|show| {
        let text = frame.t(words::show_word(show)).into_owned();
        chip("show", show.word(), text, Some(found.counts.of(show)))
    });
    let mut buildings = Vec::new();
    if !mine.is_empty() {
        let text = frame.t("arrears-mine-buildings").into_owned();
        buildings.push(chip("building", "mine", text, None));
    }
    let all = roster::buildings(house, c).await?;
    let named = all.into_iter().take(200);
    buildings.extend(named.map(|b| chip("building", &b, hanzi::room::building_said(&b), None)));
    let sorts = [
        ("", "arrears-sort-deadline"),
        ("amount", "arrears-sort-amount"),
        ("room", "arrears-sort-room"),
    ];
    let last = found.accounts.last().filter(|_| found.more);
    let after = last.map(|a| Place::mark(query.sort, a));
    let total = if nobody_found {
        0
    } else {
        found.counts.of(query.show).max(0)
    };
    let rows = found.accounts.iter().zip(&found.overdue);
    let rows: Vec<Row> = rows.map(|(a, fen)| row(desk, a, *fen, today)).collect();
    Ok(ListPage {
        pager: Pager {
            total: total as u64,
            shown: rows.len() as u64,
            before: None,
            after,
        },
        rows,
        chips: chips.into(),
        buildings,
        sorts: sorts
            .map(|(value, key)| chip("sort", value, frame.t(key).into_owned(), None))
            .into(),
        base: desk.at(""),
        nobody_found,
        may_set: by.has(Permission::ArrearsSet),
        may_follow: by.has(Permission::ArrearsFollow),
        may_take: by.has(Permission::ExportRun),
        lapsing: found.counts.of(Show::Lapsing),
        unreached: found.counts.of(Show::Unreached),
        year_unknown: crate::rule::task(today).year_unknown,
        list,
        frame: frame.clone().titled("arrears-title"),
    })
}

/// The columns of the list on paper and in the workbook: head, millimetres, characters.
const COLUMNS: [(&str, f32, f64); 9] = [
    (key("arrears-f-room"), 24.0, 16.0),
    (key("arrears-f-state"), 20.0, 14.0),
    (key("arrears-f-deadline"), 22.0, 12.0),
    (key("arrears-f-owed"), 22.0, 14.0),
    (key("arrears-f-anchor"), 22.0, 12.0),
    (key("arrears-f-days"), 12.0, 8.0),
    (key("arrears-f-last"), 22.0, 12.0),
    (key("arrears-f-promise"), 22.0, 12.0),
    (key("arrears-f-stage"), 14.0, 14.0),
];

fn cells(frame: &Frame, a: &Account, overdue: i64, today: Date) -> Vec<String> {
    let day = |d: Option<Date>| d.map_or(String::new(), |d| d.to_string());
    let stage = a
        .stage
        .map_or(String::new(), |s| frame.t(s.key()).into_owned());
    vec![
        a.code.clone(),
        frame.t(words::tag(a, today).word).into_owned(),
        a.deadline.to_string(),
        frame.money(overdue),
        a.anchor.to_string(),
        today
            .since(a.anchor)
            .map_or(0, |s| s.get_days())
            .to_string(),
        day(a.contact_on),
        day(a.promised_on),
        stage,
    ]
}

fn paper_of(frame: &Frame, rows: Vec<Vec<String>>, today: Date, filter: &str) -> Sheet {
    let right = |head: &str| head == key("arrears-f-owed") || head == key("arrears-f-days");
    let columns = COLUMNS.map(|(head, mm, _)| Column {
        head: frame.t(head).into_owned(),
        mm,
        align: if right(head) {
            Align::Right
        } else {
            Align::Left
        },
    });
    let counted = [
        ("day", today.to_string().into()),
        ("filter", filter.into()),
        ("count", (rows.len() as i64).into()),
    ];
    Sheet {
        lang: match frame.words.lang() {
            Lang::ZhHant => paper::Lang::Traditional,
            Lang::ZhHans => paper::Lang::Simplified,
            Lang::En => paper::Lang::English,
        },
        compound: compound(frame),
        title: frame.t("arrears-title").into_owned(),
        page: frame.t("arrears-paper-page").into_owned(),
        code: "SY-WI-KF-09 4.4.2".into(),
        blocks: vec![
            Block::Text(vec![
                frame.with("arrears-list-counted", &counted).into_owned(),
            ]),
            Block::Rows {
                columns: columns.into(),
                rows,
                blank: 0,
                mm: 7.0,
            },
            Block::Text(vec![frame.t("arrears-list-foot").into_owned()]),
        ],
        ..Sheet::default()
    }
}

fn compound(frame: &Frame) -> String {
    let compound = frame.compound.as_ref();
    compound.map_or(String::new(), |c| c.name.clone())
}

fn workbook(frame: &Frame, rows: &[Vec<String>], today: Date) -> Result<Vec<u8>, ArrearsError> {
    let title = format!("{} {} {today}", compound(frame), frame.t("arrears-title"));
    let columns = COLUMNS.map(|(head, _, width)| ListColumn {
        head: frame.t(head).into_owned(),
        width,
        number: head == key("arrears-f-days"),
    });
    let mut file = ListFile::begin(&frame.t("arrears-title"), &title, columns.into())?;
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        file.row(&cells)?;
    }
    Ok(file.finish()?)
}

/// The list as a workbook or on paper, with the filters of the page.
pub async fn take(desk: Desk, form: Form) -> Response {
    let pdf = form.has("shape", "pdf");
    let query = form.value("query").trim_start_matches('?').to_owned();
    let list = ListQuery::parse("", &query);
    let made = async {
        let (house, by) = (&desk.house, &desk.by);
        let mine = listing::mine(house, by).await?;
        let (query, nobody) = asked(&desk, &list, &mine).await?;
        let today = house.now().date();
        let mut found = listing::take(house, by, &query, if pdf { "pdf" } else { "xlsx" }).await?;
        if nobody {
            found.clear();
        }
        let frame = desk.frame.clone();
        let filter = frame.t(words::show_word(query.show)).into_owned();
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|(a, fen)| cells(&frame, a, *fen, today))
            .collect();
        let made = tokio::task::spawn_blocking(move || match pdf {
            true => {
                let sheet = paper_of(&frame, rows, today, &filter);
                Ok(sheet.draw(paper::system_fonts())?.0)
            }
            false => workbook(&frame, &rows, today),
        });
        made.await
            .unwrap_or_else(|e| Err(paper::PaperError::Write(std::io::Error::other(e)).into()))
    };
    let bytes = match made.await {
        Ok(bytes) => bytes,
        Err(e) => return desk.refused(&e),
    };
    let (kind, name) = match pdf {
        true => ("application/pdf", "attachment; filename=\"arrears.pdf\""),
        false => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment; filename=\"arrears.xlsx\"",
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (headers, bytes).into_response()
}
