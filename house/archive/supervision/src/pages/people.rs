//! What each person did in a week, a month or a quarter, on the screen and as a workbook; each
//! figure leads to its events in the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{By, refused};
use crate::measure::{self, Measure};
use crate::period::{Length, Period};
use crate::tally::{self, Deeds};
use crate::{SupervisionError, events};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use foundation::page::{self, Chip, Form, Frame, ListQuery};
use permissions::actor::Actor;
use permissions::{Permission, Role};
use sheets::{ListColumn, ListFile};

struct Cell {
    word: &'static str,
    n: i64,
    /// The events behind the figure.
    href: String,
}

struct Row {
    name: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "supervision/people.html")]
struct PeoplePage {
    frame: Frame,
    base: String,
    lengths: Vec<Chip>,
    measures: &'static [Measure],
    rows: Vec<Row>,
    totals: Vec<i64>,
    length: &'static str,
    first: String,
    span: String,
    /// Empty where nothing was done before.
    before: String,
    /// Empty where it has not begun.
    after: String,
    may_take: bool,
}

fn asked(house: &House, value: impl Fn(&str) -> String) -> Period {
    let today = house.now().date();
    let length = Length::from_word(&value("length")).unwrap_or_default();
    let day = value("from").parse().unwrap_or(today).min(today);
    Period::holding(length, day)
}

/// Names of those who did something, and of the archive's people who did nothing.
async fn named(
    house: &House,
    by: &Actor,
    deeds: Vec<Deeds>,
) -> Result<Vec<(String, Deeds)>, SupervisionError> {
    let mut all: BTreeMap<String, Deeds> =
        deeds.into_iter().map(|d| (d.account.clone(), d)).collect();
    let office = [Role::Specialist, Role::Supervisor];
    let mut found = Vec::new();
    for colleague in accounts::staff::holders(house, by.community, &office).await? {
        let account = colleague.id.to_string();
        if found.iter().any(|(_, d): &(_, Deeds)| d.account == account) {
            continue;
        }
        let deeds = all.remove(&account).unwrap_or_else(|| Deeds {
            account,
            counts: vec![0; measure::ALL.len()],
        });
        found.push((colleague.name, deeds));
    }
    // Who has left the office, or has another role, did what was done.
    for (account, deeds) in all {
        let name = match account.parse() {
            Ok(id) => accounts::name_of(house, id).await?,
            Err(_) => account,
        };
        found.push((name, deeds));
    }
    Ok(found)
}

/// On the screen.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let period = asked(&house, |name| list.value(name).to_owned());
    let read = async {
        let deeds = tally::deeds(&house, &by, period).await?;
        let began = tally::first_day(&house, &by).await?;
        Ok::<_, SupervisionError>((named(&house, &by, deeds).await?, began))
    };
    let (people, began) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let base = format!("/c/{c}/supervision");
    let (first, last) = (period.first.to_string(), period.last().to_string());
    let cell = |m: &Measure, account: &str, n: i64| Cell {
        word: m.word,
        n,
        href: match m.kinds {
            [only] => format!(
                "/c/{c}/ledger?actor={account}&kind={}&from={first}&until={last}",
                only.name
            ),
            _ => format!("/c/{c}/ledger?actor={account}&from={first}&until={last}"),
        },
    };
    let mut totals = vec![0; measure::ALL.len()];
    let mut rows = Vec::with_capacity(people.len());
    for (name, deeds) in people {
        let each = measure::ALL.iter().zip(&deeds.counts);
        for (total, n) in totals.iter_mut().zip(&deeds.counts) {
            *total += n;
        }
        rows.push(Row {
            name,
            cells: each.map(|(m, n)| cell(m, &deeds.account, *n)).collect(),
        });
    }
    let lengths = Length::ALL.into_iter().map(|l| Chip {
        name: "length",
        value: l.word().to_owned(),
        text: frame.t(word_of(l)).into_owned(),
        count: None,
    });
    let goes = |p: Period| format!("{base}/people?length={}&from={}", p.length.word(), p.first);
    let today = house.now().date();
    page::ok(PeoplePage {
        lengths: lengths.collect(),
        measures: measure::ALL,
        rows,
        totals,
        length: period.length.word(),
        span: format!("{first} – {last}"),
        before: match began {
            Some(day) if day < period.first => goes(period.before()),
            _ => String::new(),
        },
        after: if period.end() <= today {
            goes(period.after())
        } else {
            String::new()
        },
        first,
        may_take: by.has(Permission::ExportRun),
        base,
        frame: frame.titled("supervision-people"),
    })
}

fn word_of(length: Length) -> &'static str {
    use foundation::page::key;
    match length {
        Length::Week => key("supervision-week"),
        Length::Month => key("supervision-month"),
        Length::Quarter => key("supervision-quarter"),
    }
}

/// As a workbook, which the ledger notes first.
pub async fn take(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    frame: Frame,
    form: Form,
) -> Response {
    let period = asked(&house, |name| form.value(name).to_owned());
    match book(&house, &by, period, &frame).await {
        Ok(bytes) => {
            let name = format!("figures-{}-{}.xlsx", period.length.word(), period.first);
            let headers = [
                (
                    header::CONTENT_TYPE,
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
                ),
                (
                    header::CONTENT_DISPOSITION,
                    format!("attachment; filename=\"{name}\""),
                ),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Err(e) => refused(frame, &e),
    }
}

async fn book(
    house: &House,
    by: &Actor,
    period: Period,
    frame: &Frame,
) -> Result<Vec<u8>, SupervisionError> {
    by.may(Permission::ExportRun)?;
    let deeds = tally::deeds(house, by, period).await?;
    let people = named(house, by, deeds).await?;
    let (length, first) = (period.length.word(), period.first);
    let rows = people.len() as i64;
    house
        .write::<_, SupervisionError, _>(
            by.community,
            &by.who_for(Permission::ExportRun),
            move |tx| {
                let event = Event::new(events::FIGURES_TAKEN)
                    .to(Audience::Staff)
                    .with("length", length)
                    .with("first", foundation::clock::Moment::at_start_of(first))
                    .with("rows", rows);
                Ok(tx.record(event, ())?)
            },
        )
        .await?;
    let column = |head: String, width: f64, number: bool| ListColumn {
        head,
        width,
        number,
    };
    let mut columns = vec![column(
        frame.t("supervision-person").into_owned(),
        18.0,
        false,
    )];
    for m in measure::ALL {
        columns.push(column(frame.t(m.word).into_owned(), 12.0, true));
    }
    let title = format!("{first} – {}", period.last());
    let mut file = ListFile::begin(&frame.t("supervision-people"), &title, columns)?;
    for (name, deeds) in people {
        let mut cells = vec![name];
        cells.extend(deeds.counts.iter().map(i64::to_string));
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        file.row(&cells)?;
    }
    Ok(file.finish()?)
}
