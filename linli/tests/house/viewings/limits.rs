//! Scope, time, revocation, and the disk.

use super::*;
use foundation::database::{Chore, HOUSE, Look};
use foundation::ledger::{Event, Who};

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_may_be_narrowed_and_never_widened() {
    let d = Desk::new().await;
    let asked = scope(&[Kind::Registration], &[Mode::View, Mode::Print], 30);
    let v = d.submitted(&d.asker, asked).await;
    let manager = &d.o.w.manager;
    for wider in [
        scope(&[Kind::Registration, Kind::Identity], &[Mode::View], 30),
        scope(&[Kind::Registration], &[Mode::View, Mode::Loan], 30),
        scope(&[Kind::Registration], &[Mode::View], 31),
        scope(&[], &[Mode::View], 30),
    ] {
        let done = decide::approve(d.house(), manager, v.id, wider, None, true).await;
        assert_eq!(guard(done), Guard::Narrows);
    }
    let narrow = scope(&[Kind::Registration], &[Mode::View], 10);
    let v = decide::approve(d.house(), manager, v.id, narrow, None, true)
        .await
        .expect("narrowed");
    assert_eq!(v.granted, narrow);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_outside_the_scope_and_identity_papers_after_a_quarter_hour_stay_closed() {
    let d = Desk::new().await;
    let identity = d.o.filed(d.dossier, Kind::Identity, 1).await;
    let fire = d.o.filed(d.dossier, Kind::FireSafety, 1).await;
    let elsewhere = d.o.filed(d.o.dossier(1).await, Kind::Registration, 1).await;
    let wanted = scope(
        &[Kind::Registration, Kind::Identity],
        &[Mode::View, Mode::Print],
        60,
    );
    let v = d.open(wanted).await;
    let house = d.house();
    for document in [fire, elsewhere] {
        let seen = reading::page(house, &d.asker, v.id, document, 1).await;
        assert_eq!(guard(seen), Guard::InScope);
    }
    reading::page(house, &d.asker, v.id, identity, 1)
        .await
        .expect("in time");
    let lang = paper::Lang::Traditional;
    let printed =
        viewings::printing::print(house, &d.asker, v.id, identity, Mode::Print, lang).await;
    assert_eq!(guard(printed), Guard::InScope);
    d.o.house().clock.advance(15 * MINUTE);
    let seen = reading::page(house, &d.asker, v.id, identity, 1).await;
    assert_eq!(guard(seen), Guard::InScope);
    d.read(&d.asker, v.id, 1).await.expect("others go on");
    d.o.house().clock.advance(45 * MINUTE);
    assert_eq!(guard(d.read(&d.asker, v.id, 1).await), Guard::Running);
    d.jobs().await;
    assert_eq!(d.now(v.id).await.state, State::Expired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewing_of_one_document_shows_no_other() {
    let d = Desk::new().await;
    let other = d.o.filed(d.dossier, Kind::Registration, 1).await;
    let mut draft = d.draft(looks());
    draft.documents = vec![d.document];
    let id = asking::draft(d.house(), &d.asker, &draft)
        .await
        .expect("written");
    asking::submit(d.house(), &d.asker, id).await.expect("sent");
    decide::approve(d.house(), &d.o.w.manager, id, looks(), None, true)
        .await
        .expect("approved");
    register::register(d.house(), &d.o.w.specialist, id, "工作證", true)
        .await
        .expect("registered");
    opening::activate(d.house(), &d.asker, id, true)
        .await
        .expect("open");
    d.read(&d.asker, id, 1).await.expect("a picture");
    let seen = reading::page(d.house(), &d.asker, id, other, 1).await;
    assert_eq!(guard(seen), Guard::InScope);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_too_long_expires_and_is_never_granted_by_time() {
    let d = Desk::new().await;
    let waits = d.submitted(&d.asker, looks()).await;
    let approved = d.approved(looks()).await;
    d.o.house().clock.advance(24 * HOUR + 1);
    let late = register::register(d.house(), &d.o.w.specialist, approved.id, "工作證", true).await;
    assert_eq!(guard(late), Guard::InTime);
    d.o.house().clock.advance(1);
    d.jobs().await;
    assert_eq!(d.now(approved.id).await.state, State::Expired);
    assert_eq!(d.now(waits.id).await.state, State::Submitted);
    d.o.house().clock.advance(48 * HOUR + 1);
    d.jobs().await;
    assert_eq!(d.now(waits.id).await.state, State::Expired);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_without_purpose_reason_and_scope() {
    let d = Desk::new().await;
    let mut draft = d.draft(looks());
    draft.reason = "太短".into();
    let id = asking::draft(d.house(), &d.asker, &draft)
        .await
        .expect("a draft");
    let sent = asking::submit(d.house(), &d.asker, id).await;
    assert!(matches!(sent, Err(ViewingError::Reason)));
    let mut draft = d.draft(scope(&[], &[Mode::View], 30));
    draft.reason = REASON.into();
    asking::redraft(d.house(), &d.asker, id, &draft)
        .await
        .expect("changed");
    let sent = asking::submit(d.house(), &d.asker, id).await;
    assert!(matches!(sent, Err(ViewingError::Scope)));
    let theirs = asking::redraft(d.house(), &d.o.w.manager, id, &draft).await;
    assert!(matches!(theirs, Err(ViewingError::NotFound)));
    asking::redraft(d.house(), &d.asker, id, &d.draft(looks()))
        .await
        .expect("changed");
    asking::submit(d.house(), &d.asker, id).await.expect("sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rooms_take_two_who_approve() {
    let d = Desk::new().await;
    let (house, c) = (d.house(), C);
    // The roster has four homes: tenures that have ended count as dossiers of their own.
    let mut dossiers: Vec<Id> = d.o.dossiers().await.iter().map(|s| s.dossier.id).collect();
    for nth in 0..2 {
        let made = house.id();
        dossiers.push(made);
        let number = format!("X-{nth}");
        house
            .write::<_, DbError, _>(c, &d.o.w.manager.who(), move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO dossier (community, id, room, tenure, number, code, sort_key, \
                     building, state, asked, have, missing, waiting, documents, pages, began_day, \
                     opened_at) VALUES ($1, $2, $2, 1, $3, $3, $4, '3', 'open', 0, 0, 0, 0, 0, 0, \
                     '', 0)",
                    params![c, made, number.as_str(), number.as_bytes()],
                ))?;
                let made = foundation::ledger::Kind::new("test.made", 1);
                tx.record(Event::new(made), ())
            })
            .await
            .expect("a dossier");
    }
    let mut draft = d.draft(looks());
    draft.dossiers = dossiers;
    let id = asking::draft(house, &d.asker, &draft)
        .await
        .expect("written");
    asking::submit(house, &d.asker, id).await.expect("sent");
    let manager = &d.o.w.manager;
    let v = decide::approve(house, manager, id, looks(), None, true)
        .await
        .expect("the first");
    assert_eq!(v.state, State::Submitted);
    let twice = decide::second(house, manager, id, true).await;
    assert_eq!(guard(twice), Guard::AnotherApproved);
    let own = decide::second(house, &d.asker, id, true).await;
    assert_eq!(guard(own), Guard::DecidesOrCompany);
    let v = decide::second(house, &d.o.w.host, id, true)
        .await
        .expect("the second");
    assert_eq!(v.state, State::Approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_ledgers_disk_full_no_page_is_shown() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    if d.o.house().db_url.is_some() {
        // The server's disk is not ours to fill.
        return;
    }
    d.read(&d.asker, v.id, 1).await.expect("there is room");
    let allow = |pages: i64| {
        let house = d.o.house().house.clone();
        async move {
            let set: Result<Vec<(i64,)>, DbError> = house
                .db
                .keep(Chore::Checkpoint, HOUSE, move |r| {
                    r.all(ask(format!("PRAGMA max_page_count = {pages}"), params![]))
                })
                .await;
            set.expect("the limit is set");
        }
    };
    allow(1).await;
    let written = foundation::ledger::Kind::new("test.written", 1);
    for i in 0..10_000 {
        let name = format!("w{i:08}{}", "x".repeat(500));
        let full: Result<(), DbError> = d
            .house()
            .write(HOUSE, &Who::operator(), move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO installation (name, value) VALUES ($1, '')",
                    params![&name],
                ))?;
                tx.record(Event::new(written), ())
            })
            .await;
        if full.is_err() {
            break;
        }
    }
    // What fits into pages that are there already may still be written; then it is over.
    let mut shown = 0;
    let refused = loop {
        match d.read(&d.asker, v.id, 1).await {
            Ok(_) => shown += 1,
            Err(e) => break e,
        }
        assert!(shown < 2_000, "the disk never fills");
    };
    assert!(
        matches!(refused, ViewingError::Database(DbError::Full(_))),
        "{refused}"
    );
    for _ in 0..3 {
        assert!(d.read(&d.asker, v.id, 1).await.is_err(), "still full");
    }
    allow(1_000_000).await;
    d.read(&d.asker, v.id, 1)
        .await
        .expect("there is room again");
    // As many events as pictures that left.
    let told = d.told().await;
    let events = told.iter().filter(|k| *k == "viewings.page_read").count();
    assert_eq!(events, shown + 2);
}
