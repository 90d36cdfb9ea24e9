//! The day's list.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;

use super::{Desk, words};
use crate::listing::{self, Place, Query, Show, Sort};
use crate::{Account, ArrearsError};
use foundation::page::{self, Chip, Frame, ListQuery, Pager, Tag, Tone};
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

async fn fill(desk: &Desk, list: ListQuery) -> Result<ListPage, ArrearsError> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    by.may(Permission::ArrearsRead)?;
    let (c, today) = (by.community, house.now().date());
    let typed = list.value("q").to_owned();
    let mine = listing::mine(house, by).await?;
    let building = list.value("building").to_owned();
    let mut query = Query {
        show: Show::from_word(list.value("show")),
        sort: Sort::from_word(list.value("sort")),
        buildings: match building.as_str() {
            "" => None,
            "mine" => Some(mine.clone()),
            one => Some(vec![one.to_owned()]),
        },
        room: None,
    };
    let mut nobody_found = false;
    if !typed.is_empty() {
        let room = roster::find_room(house, c, &typed).await?;
        nobody_found = room.is_none();
        query.room = room.map(|r| r.id);
    }
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
    let after = last.map(|a| list.href("after", &Place::mark(query.sort, a)));
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
        lapsing: found.counts.of(Show::Lapsing),
        unreached: found.counts.of(Show::Unreached),
        year_unknown: crate::rule::task(today).year_unknown,
        list,
        frame: frame.clone().titled("arrears-title"),
    })
}
