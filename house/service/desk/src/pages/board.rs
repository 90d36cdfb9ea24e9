//! The same tickets seen otherwise: as a board by state, as a calendar by deadline, as figures.

use askama::Template;
use axum::response::Response;
use jiff::ToSpan as _;

use super::{Desk, words};
use crate::category::Tree;
use crate::listing::{self, Query, Show};
use crate::states::State;
use crate::{Refused, figures};
use foundation::clock::{DAY, Moment};
use foundation::page::{self, Frame, Tag, Tone};

/// Cards of one column.
const CARDS: usize = 12;
/// Days ahead that the calendar shows.
const AHEAD: i64 = 13;
/// Pages of the list that the calendar reads, the nearest deadlines first.
const PAGES: usize = 6;

struct Card {
    href: String,
    number: String,
    title: String,
    place: String,
    due: i64,
    missed: bool,
}

struct Lane {
    state: Tag,
    total: i64,
    href: String,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "desk/board.html")]
struct BoardPage {
    frame: Frame,
    base: String,
    lanes: Vec<Lane>,
}

fn card(desk: &Desk, r: &listing::Row) -> Card {
    let t = &r.ticket;
    let has_due = t.due_at.0 != i64::MAX;
    Card {
        href: desk.at(&format!("/desk/{}", t.id)),
        number: t.number.to_string(),
        title: r.title.clone(),
        place: words::place(t, &desk.frame),
        due: if has_due { t.due_at.0 } else { 0 },
        missed: has_due && t.due_at < desk.house.now(),
    }
}

const LANES: [State; 8] = [
    State::Reopened,
    State::New,
    State::Triaged,
    State::Assigned,
    State::Accepted,
    State::InProgress,
    State::Waiting,
    State::Resolved,
];

/// A column for each state.
pub async fn board(desk: Desk) -> Response {
    let done = async {
        let mut lanes = Vec::new();
        for state in LANES {
            let query = Query {
                show: Show::State(state),
                ..Query::default()
            };
            let page = listing::page(&desk.house, &desk.by, &query, None).await?;
            lanes.push(Lane {
                state: words::tag(state),
                total: page.total,
                href: desk.at(&format!("/desk?show={}", state.word())),
                cards: page
                    .rows
                    .iter()
                    .take(CARDS)
                    .map(|r| card(&desk, r))
                    .collect(),
            });
        }
        Ok::<_, Refused>(lanes)
    };
    match done.await {
        Ok(lanes) => page::ok(BoardPage {
            base: desk.at(""),
            lanes,
            frame: desk.frame.titled("desk-board"),
        }),
        Err(e) => desk.refused(&e),
    }
}

struct Day {
    at: i64,
    today: bool,
    closed: bool,
    cards: Vec<Card>,
}

#[derive(Template)]
#[template(path = "desk/calendar.html")]
struct CalendarPage {
    frame: Frame,
    base: String,
    overdue: Vec<Card>,
    days: Vec<Day>,
}

async fn days(desk: &Desk) -> Result<(Vec<Card>, Vec<Day>), Refused> {
    let house = &desk.house;
    let (mut rows, mut after) = (Vec::new(), None);
    for _ in 0..PAGES {
        let page = listing::page(house, &desk.by, &Query::default(), after.as_ref()).await?;
        rows.extend(page.rows);
        let last = rows.last().filter(|_| page.more);
        after = last.and_then(|r: &listing::Row| listing::place(&listing::mark(&r.ticket)));
        if after.is_none() {
            break;
        }
    }
    let office = crate::calendar::Office::of(house, desk.by.community).await?;
    let today = house.now().date();
    let mut overdue = Vec::new();
    let mut out: Vec<Day> = (0..=AHEAD)
        .map(|n| {
            let date = today.saturating_add(n.days());
            Day {
                at: Moment::at_start_of(date).0,
                today: n == 0,
                closed: office.calendar.shifts_of(date).is_empty(),
                cards: Vec::new(),
            }
        })
        .collect();
    for row in &rows {
        let due = row.ticket.due_at;
        if due < house.now() {
            overdue.push(card(desk, row));
        } else if let Some(day) = out.iter_mut().find(|d| d.at <= due.0 && due.0 < d.at + DAY) {
            day.cards.push(card(desk, row));
        }
    }
    Ok((overdue, out))
}

/// The next two weeks by deadline.
pub async fn calendar(desk: Desk) -> Response {
    match days(&desk).await {
        Ok((overdue, days)) => page::ok(CalendarPage {
            base: desk.at(""),
            overdue,
            days,
            frame: desk.frame.titled("desk-calendar"),
        }),
        Err(e) => desk.refused(&e),
    }
}

#[derive(Template)]
#[template(path = "desk/figures.html")]
struct FiguresPage {
    frame: Frame,
    base: String,
    figures: figures::Figures,
    average: String,
    kinds: Vec<(String, i64)>,
    categories: Vec<(String, i64)>,
    days: i64,
}

/// How the desk stands.
pub async fn dashboard(desk: Desk) -> Response {
    let done = async {
        let figures = figures::figures(&desk.house, &desk.by).await?;
        let tree = Tree::of(&desk.house, desk.by.community).await?;
        Ok::<_, Refused>((figures, tree))
    };
    match done.await {
        Ok((figures, tree)) => {
            let frame = &desk.frame;
            let average = match figures.rated {
                0 => String::new(),
                n => {
                    let tenths = figures.stars * 10 / n;
                    format!("{}.{}", tenths / 10, tenths % 10)
                }
            };
            let name = |id| tree.get(id).map(|k| words::category(k, frame));
            page::ok(FiguresPage {
                base: desk.at(""),
                average,
                kinds: figures
                    .kinds
                    .iter()
                    .map(|(k, n)| (frame.t(k.key()).into_owned(), *n))
                    .collect(),
                categories: figures
                    .categories
                    .iter()
                    .take(8)
                    .filter_map(|(id, n)| Some((name(*id)?, *n)))
                    .collect(),
                figures,
                days: crate::figures::DAYS,
                frame: desk.frame.clone().titled("desk-figures"),
            })
        }
        Err(e) => desk.refused(&e),
    }
}
