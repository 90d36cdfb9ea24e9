//! The supervisor's board: each duty is what its room says; each figure of a person is what
//! the ledger says.

use axum::http::StatusCode;
use dossiers::{Kind, filing};
use foundation::clock::{DAY, HOUR};
use foundation::database::ask;
use foundation::page::Tone;
use foundation::params;
use supervision::board::{self, Figure};
use supervision::period::{Length, Period};
use supervision::{SupervisionError, measure, tally};

use crate::archive::office::{Office, pdf};
use crate::membership::world::C;
use crate::roster_pages::{door, fetch, get, post};

async fn duty(o: &Office, word: &str) -> (Figure, Tone) {
    let all = board::duties(o.house(), &o.w.manager).await.expect("read");
    let found = all.into_iter().find(|d| d.word == word);
    found.map(|d| (d.figure, d.tone)).expect("on the board")
}

fn month(o: &Office) -> Period {
    Period::holding(Length::Month, o.house().now().date())
}

/// How often somebody did what a measure counts, this month.
async fn did(o: &Office, account: foundation::ids::Id, name: &str) -> i64 {
    let all = tally::deeds(o.house(), &o.w.manager, month(o)).await;
    let place = measure::ALL.iter().position(|m| m.name == name);
    let account = account.to_string();
    let all = all.expect("read");
    let deeds = all.iter().find(|d| d.account == account);
    deeds.map_or(0, |d| d.counts[place.expect("a measure")])
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_turn_red_when_they_are_late_and_green_when_they_are_done() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let (figure, tone) = duty(&o, "supervision-d-unfiled").await;
    assert_eq!((figure, tone), (Figure::Count(0), Tone::Done));
    let id = o
        .hands_in(dossier, Kind::Covenant, &[("a.pdf", pdf(1, "x"))])
        .await
        .expect("taken");
    o.house().clock.advance(25 * HOUR);
    let (figure, tone) = duty(&o, "supervision-d-unfiled").await;
    assert_eq!((figure, tone), (Figure::Count(1), Tone::Overdue));
    let row = o.document(id).await.row_version;
    filing::file(o.house(), &o.checker, id, row, 1)
        .await
        .expect("filed");
    assert_eq!(duty(&o, "supervision-d-unfiled").await.1, Tone::Done);
    let (figure, tone) = duty(&o, "supervision-d-in-time").await;
    assert_eq!((figure, tone), (Figure::Of(0, 1), Tone::Overdue));
    let (figure, _) = duty(&o, "supervision-d-complete").await;
    assert_eq!(figure, Figure::Of(0, 4), "four homes, none complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_figures_are_what_the_ledger_says_and_are_counted_once() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let (by, checker) = (
        o.w.specialist.account.expect("an account"),
        o.checker.account.expect("an account"),
    );
    for kind in [Kind::Covenant, Kind::FireSafety] {
        o.filed(dossier, kind, 1).await;
    }
    for _ in 0..3 {
        assert_eq!(
            did(&o, by, "handed_in").await,
            2,
            "however often it is asked"
        );
    }
    assert_eq!(did(&o, checker, "filed").await, 2);
    assert_eq!(did(&o, by, "filed").await, 0);
    // Two that count at once count once.
    o.filed(dossier, Kind::Identity, 1).await;
    let (one, two) = tokio::join!(tally::follow(o.house(), C), tally::follow(o.house(), C));
    one.expect("counted");
    two.expect("counted");
    assert_eq!(did(&o, by, "handed_in").await, 3);
    // Counted anew from the first event it is the same, and the day it was done stays.
    o.house().clock.advance(40 * DAY);
    tally::recount(o.house(), C).await.expect("recounted");
    assert_eq!(did(&o, by, "handed_in").await, 0, "nothing this month");
    let (n,): (i64,) = o
        .house()
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = 'archive.received'",
            params![C],
        ))
        .await
        .expect("counted");
    let quarter = month(&o).before();
    let all = tally::deeds(o.house(), &o.w.manager, quarter).await;
    let before: i64 = all.expect("read").iter().map(|d| d.counts[0]).sum();
    let earlier = tally::deeds(o.house(), &o.w.manager, quarter.before()).await;
    let earlier: i64 = earlier.expect("read").iter().map(|d| d.counts[0]).sum();
    assert_eq!(before + earlier, n);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_supervisor_reads_the_board_and_a_specialist_does_not() {
    let o = Office::new().await;
    let none = board::duties(o.house(), &o.w.specialist).await;
    assert!(matches!(none, Err(SupervisionError::Forbidden(_))));
    o.filed(o.dossier(0).await, Kind::Covenant, 1).await;
    let desk = door(o.house(), supervision::pages::routes(), &o.w.manager);
    let page = get(&desk, "/supervision").await;
    assert!(
        page.contains("檔案齊全（戶）") && page.contains("3棟"),
        "{page}"
    );
    let page = get(&desk, "/supervision/people").await;
    assert!(page.contains("kind=archive.received"), "a figure leads on");
    let page = get(&desk, "/supervision/people?length=week&from=1999-13-77").await;
    assert!(page.contains("合計"), "a day that is none is today");
    let kind = "application/x-www-form-urlencoded";
    let (status, _, book) = fetch(
        &desk,
        "/supervision/people",
        kind,
        Some(b"length=month".to_vec()),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert!(book.starts_with(b"PK"), "a workbook");
    let (taken,): (i64,) = o
        .house()
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community = $1 \
             AND kind = 'supervision.figures_taken'",
            params![C],
        ))
        .await
        .expect("counted");
    assert_eq!(taken, 1);
    let low = door(o.house(), supervision::pages::routes(), &o.w.specialist);
    let (status, _, _) = post(&low, "/supervision/people", &[]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}
