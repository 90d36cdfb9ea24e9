//! Receipts and statements on paper, as PDF.

use accounts::Site;
use axum::Extension;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use foundation::page::{self, Frame, Lang, ListQuery, onward};
use hanzi::capitals::capitals;
use jiff::ToSpan;
use paper::{Account, Align, Column, Modules, Paper, Section, Statements};
use tokio::sync::Semaphore;

use super::split::{bearer, share_text};
use super::{Desk, way_word, yuan};
use crate::checking::{receipt_code, shown, statement_code};
use crate::meters::quantity_text;
use crate::{
    FeesError, Fen, PayWays, Period, Portion, ReceiptView, Split, Statement, pay_ways,
    print_receipt, receipt, split, statement, statements_of_building,
};

/// Draws a paper away from the server's own threads.
async fn drawn<P>(frame: Frame, name: String, fallback: String, paper: P) -> Response
where
    P: Paper + Send + 'static,
{
    // One at a time: a building's statements keep a core busy for a second.
    static DRAWING: Semaphore = Semaphore::const_new(1);
    let turn = DRAWING.acquire().await;
    let made = tokio::task::spawn_blocking(move || paper.draw(paper::system_fonts())).await;
    drop(turn);
    match made {
        Ok(Ok((pdf, _))) => {
            let headers = [
                (header::CONTENT_TYPE, "application/pdf".to_owned()),
                (
                    header::CONTENT_DISPOSITION,
                    format!("inline; filename=\"{name}.pdf\""),
                ),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            (headers, pdf).into_response()
        }
        Ok(Err(paper::PaperError::TooLong)) => {
            let why = foundation::page::say("fees-error-paper");
            page::problem::page_saying(frame, StatusCode::UNPROCESSABLE_ENTITY, &why)
        }
        // A machine without a Chinese font: the page that the browser prints.
        Ok(Err(paper::PaperError::NoFont)) => onward::to(&fallback),
        Ok(Err(error)) => {
            tracing::error!(%error, "a paper could not be drawn");
            page::problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(error) => {
            tracing::error!(%error, "a paper was not finished");
            page::problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

fn lang(frame: &Frame) -> paper::Lang {
    match frame.words.lang() {
        Lang::ZhHant => paper::Lang::Traditional,
        Lang::ZhHans => paper::Lang::Simplified,
        Lang::En => paper::Lang::English,
    }
}

fn compound(frame: &Frame) -> String {
    frame
        .compound
        .as_ref()
        .map_or(String::new(), |c| c.name.clone())
}

/// A sum in capitals, in the reader's script; English papers carry them in Chinese as well,
/// where a bank or a court asks for them.
fn in_capitals(frame: &Frame, amount: Fen) -> String {
    let text = capitals(amount.0);
    match frame.words.lang() {
        // The capitals that the two scripts write differently.
        Lang::ZhHans => text
            .chars()
            .map(|c| match c {
                '幣' => '币',
                '貳' => '贰',
                '陸' => '陆',
                '萬' => '万',
                '億' => '亿',
                '負' => '负',
                other => other,
            })
            .collect(),
        _ => text,
    }
}

/// Where a paper's code leads, and what stands below it.
fn checked(desk: &Desk, site: &Site, code: &str) -> (Modules, String) {
    let link = site.link(&desk.at(&format!("/fees-check/{code}")));
    let below = desk.frame.one("fees-check-below", "code", shown(code));
    (Modules::of(&link), below.into_owned())
}

fn receipt_paper(desk: &Desk, site: &Site, view: &ReceiptView) -> paper::Receipt {
    let frame = &desk.frame;
    let p = &view.payment;
    let (qr, check) = checked(
        desk,
        site,
        &receipt_code(&desk.house, desk.actor.community, p.id),
    );
    let t = |key: &'static str| frame.t(key).into_owned();
    let mut rows: Vec<[String; 3]> = view
        .parts
        .iter()
        .map(|(item, months, amount)| [item.clone(), months.clone(), yuan(*amount)])
        .collect();
    if p.credit.is_positive() {
        rows.push([t("fees-credit"), String::new(), yuan(p.credit)]);
    }
    if view.refunded.is_positive() {
        rows.push([t("fees-refunded"), String::new(), yuan(view.refunded)]);
    }
    paper::Receipt {
        lang: lang(frame),
        made: None,
        compound: compound(frame),
        title: t("fees-receipt-title"),
        number: format!("No. {}", p.receipt),
        copy: match view.nth {
            None => t("fees-receipt-own"),
            Some(1) => String::new(),
            Some(nth) => frame.one("fees-receipt-again", "nth", nth - 1).into_owned(),
        },
        void: if p.is_void() {
            t("fees-state-void")
        } else {
            String::new()
        },
        lines: vec![
            (t("fees-room"), p.room_code.clone()),
            (t("fees-payer"), p.payer.clone()),
            (t("fees-paid-on"), p.paid_on.to_string()),
            (t("fees-way"), t(way_word(p.way))),
        ]
        .into_iter()
        .filter(|(_, said)| !said.is_empty())
        .collect(),
        heads: [t("fees-item"), t("fees-period"), t("fees-amount")],
        rows,
        total: (t("fees-total"), yuan(p.amount)),
        capitals: (t("fees-capitals"), in_capitals(frame, p.amount)),
        hands: vec![t("fees-receipt-by"), t("fees-receipt-stamp")],
        qr,
        check,
        foot: t("fees-receipt-foot"),
    }
}

/// Prints a receipt at the desk; the printing is counted.
pub async fn print(desk: Desk, site: Extension<Site>) -> Response {
    let view = match desk.id() {
        Ok(payment) => print_receipt(&desk.house, &desk.actor, payment).await,
        Err(_) => Err(FeesError::NoSuchPayment),
    };
    give_receipt(desk, &site, view, "/fees").await
}

/// The owner's own copy.
pub async fn own_receipt(desk: Desk, site: Extension<Site>) -> Response {
    let view = match desk.id() {
        Ok(payment) => receipt(&desk.house, &desk.actor, payment).await,
        Err(_) => Err(FeesError::NoSuchPayment),
    };
    give_receipt(desk, &site, view, "/my-fees").await
}

async fn give_receipt(
    desk: Desk,
    site: &Site,
    view: Result<ReceiptView, FeesError>,
    fallback: &str,
) -> Response {
    match view {
        Ok(view) => {
            let paper = receipt_paper(&desk, site, &view);
            let fallback = desk.at(fallback);
            drawn(desk.frame, "receipt".to_owned(), fallback, paper).await
        }
        Err(error) => desk.refused(&error),
    }
}

fn column(head: String, mm: f32, align: Align) -> Column {
    Column { head, mm, align }
}

fn bills_section(frame: &Frame, s: &Statement) -> Section {
    let t = |key: &'static str| frame.t(key).into_owned();
    let mut rows = Vec::with_capacity(s.bills.len());
    for bill in &s.bills {
        let mut item = bill.item_name.clone();
        for (number, used) in s.metered.get(&bill.id).into_iter().flatten() {
            item.push_str(&format!("（{number}：{}）", quantity_text(*used)));
        }
        let money = |fen: Fen| if fen.0 == 0 { String::new() } else { yuan(fen) };
        rows.push(vec![
            item,
            bill.months(),
            bill.due.to_string(),
            yuan(bill.amount),
            money(bill.corrected()),
            money(bill.allocated),
            money(bill.owed),
        ]);
    }
    Section {
        title: t("fees-bills"),
        columns: vec![
            column(t("fees-item"), 39.0, Align::Left),
            column(t("fees-period"), 29.0, Align::Left),
            column(t("fees-due"), 23.0, Align::Left),
            column(t("fees-billed"), 22.0, Align::Right),
            column(t("fees-corrected"), 23.0, Align::Right),
            column(t("fees-paid"), 21.0, Align::Right),
            column(t("fees-owed"), 21.0, Align::Right),
        ],
        rows,
        empty: t("fees-no-bills"),
    }
}

fn payments_section(frame: &Frame, s: &Statement) -> Section {
    let t = |key: &'static str| frame.t(key).into_owned();
    let paid = s.payments.iter().map(|p| {
        vec![
            p.paid_on.to_string(),
            p.receipt.clone(),
            t(way_word(p.way)),
            yuan(p.amount),
        ]
    });
    let back = s.refunds.iter().map(|r| {
        vec![
            r.paid_on.to_string(),
            format!("{} {}", t("fees-refunded"), r.receipt),
            t(way_word(r.way)),
            yuan(Fen(-r.amount.0)),
        ]
    });
    Section {
        title: t("fees-payments"),
        columns: vec![
            column(t("fees-paid-on"), 34.0, Align::Left),
            column(t("fees-receipt"), 70.0, Align::Left),
            column(t("fees-way"), 38.0, Align::Left),
            column(t("fees-amount"), 36.0, Align::Right),
        ],
        rows: paid.chain(back).collect(),
        empty: t("fees-no-payments"),
    }
}

fn account_paper(desk: &Desk, site: &Site, s: &Statement) -> Account {
    let frame = &desk.frame;
    let code = statement_code(&desk.house, desk.actor.community, s);
    let (qr, check) = checked(desk, site, &code);
    let t = |key: &'static str| frame.t(key).into_owned();
    let mut totals = vec![
        (
            t("fees-before"),
            yuan(Fen(s.before.owed().0 - s.before.credit.0)),
        ),
        (t("fees-overdue"), yuan(s.after.overdue())),
        (t("fees-credit"), yuan(s.after.credit)),
    ];
    let owed = s.after.owed();
    totals.push((t("fees-owed"), yuan(owed)));
    let mut words = format!("{}　{}", t("fees-capitals"), in_capitals(frame, owed));
    if s.late.is_positive() {
        let late = frame.with(
            "fees-late-on-paper",
            &[
                ("amount", yuan(s.late).into()),
                ("grounds", s.policy.late_grounds.as_str().into()),
            ],
        );
        words.push('\n');
        words.push_str(&late);
    }
    Account {
        lines: vec![
            (t("fees-room"), s.code.clone()),
            (t("fees-owners"), s.owners.clone()),
            (t("fees-months"), format!("{} – {}", s.from, s.until)),
            (t("fees-stands"), s.as_of.to_string()),
        ],
        sections: vec![bills_section(frame, s), payments_section(frame, s)],
        totals,
        words,
        qr,
        check,
    }
}

/// How to pay, with its heading.
fn ways(frame: &Frame, ways: &PayWays) -> (String, Vec<(String, String)>) {
    let line = |(label, said): (&'static str, &str)| (frame.t(label).into_owned(), said.to_owned());
    let lines = ways.said().into_iter().map(line).collect();
    (frame.t("fees-pay-ways").into_owned(), lines)
}

async fn statements_paper(
    desk: &Desk,
    site: &Site,
    all: &[Statement],
) -> Result<Statements, FeesError> {
    let set = pay_ways(&desk.house, desk.actor.community).await?;
    let accounts = all.iter().map(|s| account_paper(desk, site, s)).collect();
    Ok(Statements {
        accounts,
        pay: ways(&desk.frame, &set),
        ..blank(&desk.frame)
    })
}

/// What all papers of the fees share.
fn blank(frame: &Frame) -> Statements {
    let t = |key: &'static str| frame.t(key).into_owned();
    Statements {
        lang: lang(frame),
        made: None,
        compound: compound(frame),
        title: t("fees-statement"),
        foot: t("fees-paper-foot"),
        page: t("fees-page"),
        ..Statements::default()
    }
}

fn split_paper(frame: &Frame, s: &Split) -> Statements {
    let t = |key: &'static str| frame.t(key).into_owned();
    let row = |p: &Portion| {
        vec![
            bearer(frame, p, false),
            share_text(frame, p),
            format!("{} – {}", p.from, p.until),
            p.days.to_string(),
            yuan(p.amount),
        ]
    };
    let account = Account {
        lines: vec![
            (t("fees-room"), s.code.clone()),
            (t("fees-item"), s.bill.item_name.clone()),
            (t("fees-months"), s.bill.months()),
            (t("fees-due"), s.bill.due.to_string()),
        ],
        sections: vec![Section {
            title: t("fees-split"),
            columns: vec![
                column(t("fees-split-who"), 58.0, Align::Left),
                column(t("fees-split-share"), 24.0, Align::Left),
                column(t("fees-split-days"), 50.0, Align::Left),
                column(t("fees-split-number"), 16.0, Align::Right),
                column(t("fees-amount"), 30.0, Align::Right),
            ],
            rows: s.portions.iter().map(row).collect(),
            empty: String::new(),
        }],
        totals: vec![(t("fees-total"), yuan(s.whole))],
        words: match s.evenly {
            true => format!("{}\n{}", t("fees-split-evenly"), t("fees-split-text")),
            false => t("fees-split-text"),
        },
        ..Account::default()
    };
    Statements {
        title: t("fees-split-title"),
        accounts: vec![account],
        ..blank(frame)
    }
}

/// A bill's parts on paper, with the names in full as on every statement.
pub async fn of_split(desk: Desk, list: ListQuery) -> Response {
    let on = list.value("on").parse().ok();
    let parted = match desk.id {
        Some(bill) => split(&desk.house, &desk.actor, bill, on).await,
        None => Err(FeesError::NoSuchBill),
    };
    match parted {
        Ok(parted) => {
            let fallback = desk.at(&format!("/fees/bills/{}/split", parted.bill.id));
            let paper = split_paper(&desk.frame, &parted);
            drawn(desk.frame, "parts".to_owned(), fallback, paper).await
        }
        Err(error) => desk.refused(&error),
    }
}

/// The months that were asked for; the last twelve where nothing was.
fn months(desk: &Desk, list: &ListQuery) -> (Period, Period) {
    let today = desk.house.now().date();
    let year_ago = Period::of(today.saturating_sub(11.months()));
    let read = |name, or: Period| list.value(name).parse().unwrap_or(or);
    (read("from", year_ago), read("until", Period::of(today)))
}

async fn one(desk: Desk, site: &Site, list: ListQuery, fallback: String) -> Response {
    let (from, until) = months(&desk, &list);
    let stated = async {
        let s = statement(&desk.house, &desk.actor, desk.id()?, from, until).await?;
        statements_paper(&desk, site, std::slice::from_ref(&s)).await
    };
    match stated.await {
        Ok(paper) => drawn(desk.frame, "statement".to_owned(), fallback, paper).await,
        Err(error) => desk.refused(&error),
    }
}

/// A room's statement, for the desk.
pub async fn of_room(desk: Desk, site: Extension<Site>, list: ListQuery) -> Response {
    let room = desk.id.map_or_else(String::new, |id| id.to_string());
    let fallback = desk.at(&format!("/fees/rooms/{room}/statement"));
    one(desk, &site, list, fallback).await
}

/// The owner's own statement.
pub async fn own_statement(desk: Desk, site: Extension<Site>, list: ListQuery) -> Response {
    let fallback = desk.at("/my-fees");
    one(desk, &site, list, fallback).await
}

/// The statements of a building in one file.
pub async fn of_building(desk: Desk, site: Extension<Site>, list: ListQuery) -> Response {
    let (from, until) = months(&desk, &list);
    let building = list.value("building").to_owned();
    let all = statements_of_building(&desk.house, &desk.actor, &building, from, until).await;
    let drawing = match all {
        Ok(all) if all.is_empty() => {
            let text = desk.frame.t("fees-statements-none");
            return desk.done(&desk.at("/fees"), text);
        }
        Ok(all) => statements_paper(&desk, &site, &all).await,
        Err(error) => Err(error),
    };
    match drawing {
        Ok(paper) => {
            let fallback = desk.at("/fees");
            drawn(desk.frame, "statements".to_owned(), fallback, paper).await
        }
        Err(error) => desk.refused(&error),
    }
}
