//! What leaves the desk as a file: the repair order on paper, the list as a workbook. The ledger
//! has each before it is made.

use axum::Extension;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use foundation::clock::Moment;
use foundation::ledger::{Audience, Event};
use foundation::page::{Lang, ListQuery, key};
use paper::{Block, Cell, Column, Form, Grid, Paper as _, PaperError, Row, Signature};
use permissions::Permission;
use sheets::{ListColumn, ListFile};
use tokio::sync::Semaphore;

use super::{Desk, list, words};
use crate::category::Tree;
use crate::{Refused, events, listing, looking, price};
use accounts::Site;

/// Tickets of one workbook.
const ROWS_MAX: usize = 5_000;

/// The repair order: what, where, whom to call; what was used; two signatures.
async fn order(desk: &Desk, site: &Site) -> Result<Form, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    let c = by.community;
    let id = desk.id()?;
    let t = looking::ticket(house, by, id).await?;
    // Whoever works on it, or gives it out, carries it along, with whom to call.
    if !looking::visits(by, &t) {
        return Err(Refused::NotFound);
    }
    let said = looking::said(house, c, &t).await?;
    let tree = Tree::of(house, c).await?;
    let used = price::parts(house, c, id).await?;
    house
        .write(c, &by.who(), move |tx| {
            let event = Event::new(events::PRINTED)
                .about("ticket", id)
                .to(Audience::Staff);
            Ok::<_, Refused>(tx.record(event, ())?)
        })
        .await?;
    let say = |key: &str| frame.t(key).into_owned();
    let pair = |a: &str, x: String, b: &str, y: String| {
        Row::new(vec![
            Cell::head(&say(a), 2),
            Cell::value(&x, 4),
            Cell::head(&say(b), 2),
            Cell::value(&y, 4),
        ])
    };
    let category = listing::category_name(&tree, &t);
    let category = category.map_or(String::new(), |k| words::category(k, frame));
    let time = |at: Option<Moment>| at.map_or(String::new(), |at| frame.stamp(at.0));
    let wide = |a: &str, x: &str| Row::new(vec![Cell::head(&say(a), 2), Cell::value(x, 10)]);
    let agreed = match (t.price_fen, t.price_yes_at) {
        (Some(fen), Some(_)) => format!("{} {}", frame.money(fen), say(key("desk-price-agreed"))),
        (Some(fen), None) => format!("{} {}", frame.money(fen), say(key("desk-price-asked"))),
        _ => String::new(),
    };
    let grid = vec![
        pair(
            "desk-f-place",
            words::place(&t, frame),
            "desk-f-category",
            category,
        ),
        pair(
            "desk-f-opened",
            time(Some(t.opened_at)),
            "desk-f-priority",
            say(t.priority.key()),
        ),
        pair("desk-f-name", said.name, "desk-f-phone", said.phone),
        pair(
            "desk-f-assignee",
            t.assignee_name.clone(),
            "desk-f-price",
            agreed,
        ),
        wide("desk-f-what", &said.words),
    ];
    let column = |head: &str, mm: f32| Column {
        head: say(head),
        mm,
        align: paper::Align::Left,
    };
    let rows: Vec<Vec<String>> = used
        .iter()
        .map(|p| {
            let amount = super::ticket::amount(p.amount);
            vec![
                p.name.clone(),
                format!("{amount} {}", p.unit),
                frame.money(p.fen),
            ]
        })
        .collect();
    let blank = 5_usize.saturating_sub(rows.len());
    let place = site.link(&desk.at(&format!("/desk/{id}")));
    let compound = frame.compound.as_ref();
    Ok(Form {
        lang: match frame.words.lang() {
            Lang::ZhHant => paper::Lang::Traditional,
            Lang::ZhHans => paper::Lang::Simplified,
            Lang::En => paper::Lang::English,
        },
        made: Some(paper::Moment {
            unix_ms: house.now().0,
            minutes_east: 8 * 60,
        }),
        compound: compound.map_or(String::new(), |c| c.name.clone()),
        title: say("desk-order"),
        number: t.number.to_string(),
        page: say("desk-order-page"),
        qr: paper::Modules::of(&place),
        blocks: vec![
            Block::Grid(Grid::new(grid)),
            Block::Section(say("desk-parts")),
            Block::Rows {
                columns: vec![
                    column("desk-f-part", 90.0),
                    column("desk-f-amount", 40.0),
                    column("desk-f-cost", 50.0),
                ],
                rows,
                blank,
                mm: 8.0,
            },
            Block::Lines {
                label: say("desk-order-done"),
                count: 4,
            },
            Block::Signatures(vec![
                Signature::of(&say("desk-order-worker"), ""),
                Signature::of(&say("desk-order-owner"), &say("desk-order-owner-note")),
            ]),
        ],
        ..Form::default()
    })
}

/// The repair order as a PDF.
pub async fn print(desk: Desk, site: Extension<Site>) -> Response {
    // One at a time: drawing keeps a core busy.
    static DRAWING: Semaphore = Semaphore::const_new(1);
    let form = match order(&desk, &site).await {
        Ok(form) => form,
        Err(e) => return desk.refused(&e),
    };
    let name = form.number.clone();
    let turn = DRAWING.acquire().await;
    let made = tokio::task::spawn_blocking(move || form.draw(paper::system_fonts())).await;
    drop(turn);
    let made = made.unwrap_or_else(|e| Err(PaperError::Write(std::io::Error::other(e))));
    match made {
        Ok((pdf, _)) => file(
            pdf,
            "application/pdf",
            &format!("inline; filename=\"{name}.pdf\""),
        ),
        Err(e) => desk.refused(&Refused::Paper(e)),
    }
}

fn file(bytes: Vec<u8>, kind: &'static str, how: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, how.to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

async fn book(desk: &Desk, list: &ListQuery) -> Result<Vec<u8>, Refused> {
    let (house, by, frame) = (&desk.house, &desk.by, &desk.frame);
    by.may(Permission::ExportRun)?;
    let tree = Tree::of(house, by.community).await?;
    let query = list::query(desk, list);
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = listing::page(house, by, &query, after.as_ref()).await?;
        after = page
            .rows
            .last()
            .and_then(|r| listing::place(&listing::mark(&r.ticket)));
        rows.extend(page.rows);
        if !page.more || rows.len() >= ROWS_MAX {
            break;
        }
    }
    let taken = rows.len() as i64;
    house
        .write(
            by.community,
            &by.who_for(Permission::ExportRun),
            move |tx| {
                let event = Event::new(events::EXPORTED)
                    .to(Audience::Staff)
                    .with("rows", taken);
                Ok::<_, Refused>(tx.record(event, ())?)
            },
        )
        .await?;
    let say = |key: &str| frame.t(key).into_owned();
    let column = |head: &str, width: f64| ListColumn {
        head: say(head),
        width,
        number: false,
    };
    let columns = vec![
        column("desk-f-number", 16.0),
        column("desk-f-kind", 10.0),
        column("desk-f-category", 20.0),
        column("desk-f-priority", 10.0),
        column("desk-f-place", 20.0),
        column("desk-f-what", 36.0),
        column("desk-f-state", 14.0),
        column("desk-f-assignee", 14.0),
        column("desk-f-opened", 18.0),
        column("desk-f-due", 18.0),
        column("desk-f-outcome", 12.0),
        column("desk-f-rating", 8.0),
    ];
    let title = frame.date(house.now().0);
    let mut file = ListFile::begin(&say("desk-list-office"), &title, columns)?;
    for row in &rows {
        let t = &row.ticket;
        let category = listing::category_name(&tree, t);
        let due = if t.state.is_over() || t.due_at.0 == i64::MAX {
            String::new()
        } else {
            frame.stamp(t.due_at.0)
        };
        let mut outcome = t.outcome.map_or(String::new(), |o| say(o.key()));
        if t.silent {
            outcome.push_str(&say("desk-silent"));
        }
        let cells = [
            t.number.to_string(),
            say(t.kind.key()),
            category.map_or(String::new(), |k| words::category(k, frame)),
            say(t.priority.key()),
            words::place(t, frame),
            row.title.clone(),
            say(t.state.key()),
            t.assignee_name.clone(),
            frame.stamp(t.opened_at.0),
            due,
            outcome,
            t.rating.map_or(String::new(), |r| r.to_string()),
        ];
        file.row(&cells.each_ref().map(String::as_str))?;
    }
    Ok(file.finish()?)
}

/// The list that is seen, as a workbook.
pub async fn workbook(desk: Desk, list: ListQuery) -> Response {
    match book(&desk, &list).await {
        Ok(bytes) => {
            let name = format!("tickets-{}.xlsx", desk.house.now().date());
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            file(bytes, kind, &format!("attachment; filename=\"{name}\""))
        }
        Err(e) => desk.refused(&e),
    }
}
