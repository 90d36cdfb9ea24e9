//! The verifier replays the rule: a page outside of a grant is a breach, what is owed is late.

use super::*;
use foundation::ledger::{Event, Kind as EventKind};
use linli::keeping::verify::{Wanted, verify};
use viewings::emergency::{self, Alarm};

pub async fn report(d: &Desk) -> linli::keeping::verify::Report {
    let wanted = Wanted::default();
    verify(&d.house().db, &wanted).await.expect("verified")
}

/// Writes an event into the log as an intruder with the database in hand would.
pub async fn forge(d: &Desk, by: &Actor, event: Event) {
    d.house()
        .write::<_, DbError, _>(C, &by.who(), move |tx| tx.record(event, ()))
        .await
        .expect("written");
}

fn read_event(d: &Desk, v: Id, dossier: Id) -> Event {
    Event::new(viewings::events::PAGE_READ)
        .about("viewing", v)
        .with("dossier", dossier)
        .with("document", d.document)
        .with("kind", "c")
        .with("page", 1i64)
        .with("mode", "view")
        .with("code", 7i64)
}

fn breached(report: &linli::keeping::verify::Report) -> bool {
    format!("{report:?}").contains("viewings.read_within_grant")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_verbs_write_is_sound_and_a_forged_look_is_a_breach() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    d.read(&d.asker, v.id, 1).await.expect("a picture");
    let sound = report(&d).await;
    assert!(!breached(&sound), "{sound:?}");
    forge(&d, &d.o.w.manager, read_event(&d, v.id, d.dossier)).await;
    let broken = report(&d).await;
    assert!(
        breached(&broken) && !broken.sound(),
        "by another than who asked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_after_the_end_elsewhere_or_without_a_grant_are_breaches() {
    for case in 0..3 {
        let d = Desk::new().await;
        let v = d.open(looks()).await;
        let event = match case {
            0 => {
                opening::close(d.house(), &d.asker, v.id)
                    .await
                    .expect("closed");
                read_event(&d, v.id, d.dossier)
            }
            1 => read_event(&d, v.id, d.o.dossier(1).await),
            _ => read_event(&d, d.house().id(), d.dossier),
        };
        assert!(!breached(&report(&d).await));
        forge(&d, &d.asker, event).await;
        assert!(breached(&report(&d).await), "case {case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_by_one_person_is_a_breach_at_its_first_step() {
    let d = Desk::new().await;
    let mine = d.asker.account.expect("an account");
    let v = d.submitted(&d.asker, looks()).await;
    let (kinds, modes, window) = (looks().kinds.0, looks().modes.0, looks().window);
    let about = |kind: EventKind| Event::new(kind).about("viewing", v.id);
    for event in [
        about(viewings::events::APPROVED)
            .with("approver_as", mine)
            .with("kinds", kinds)
            .with("modes", modes)
            .with("window", window),
        about(viewings::events::REGISTERED).with("registrar_as", d.house().id()),
        about(viewings::events::ACTIVATED).with("ends", d.house().now().plus(window)),
        read_event(&d, v.id, d.dossier),
    ] {
        forge(&d, &d.asker, event).await;
        let text = format!("{:?}", report(&d).await);
        assert!(
            text.contains("viewings.approved approved by who asked"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_past_its_time_is_late_and_no_breach() {
    let d = Desk::new().await;
    let alarm = Alarm {
        dossiers: vec![d.dossier],
        kinds: Kinds::of([Kind::Registration]),
        purpose: Purpose::Police,
        reason: "公安到場核對住戶情況，需即時查閱".into(),
        witness: None,
    };
    let id = emergency::open_now(d.house(), &d.asker, &alarm, true)
        .await
        .expect("open");
    d.read(&d.asker, id, 1).await.expect("a picture");
    opening::close(d.house(), &d.asker, id)
        .await
        .expect("closed");
    d.o.house().clock.advance(72 * HOUR + 2);
    d.jobs().await;
    let late = report(&d).await;
    assert!(!breached(&late), "{late:?}");
    assert!(format!("{late:?}").contains("viewings.reviewed_in_72_hours"));
}
