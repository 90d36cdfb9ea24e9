//! Opened at once, and looked into afterwards.

use super::*;
use viewings::emergency::{self, Alarm};

fn alarm(d: &Desk) -> Alarm {
    Alarm {
        dossiers: vec![d.dossier],
        kinds: Kinds::of([Kind::Registration]),
        purpose: Purpose::Life,
        reason: "屋內老人無人應門，需聯絡家屬".into(),
        witness: d.o.w.host.account,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_opens_at_once_for_a_quarter_of_an_hour_and_is_reviewed() {
    let d = Desk::new().await;
    let house = d.house();
    let stale = emergency::open_now(house, &d.asker, &alarm(&d), false).await;
    assert_eq!(guard(stale), Guard::Fresh);
    let mut convenience = alarm(&d);
    convenience.purpose = Purpose::Service;
    let other = emergency::open_now(house, &d.asker, &convenience, true).await;
    assert_eq!(guard(other), Guard::InDanger);
    let mut alone = alarm(&d);
    alone.witness = d.asker.account;
    let own = emergency::open_now(house, &d.asker, &alone, true).await;
    assert_eq!(guard(own), Guard::OtherWitness);

    let id = emergency::open_now(house, &d.asker, &alarm(&d), true)
        .await
        .expect("open");
    d.read(&d.asker, id, 1).await.expect("a picture");
    d.o.house().clock.advance(15 * MINUTE);
    assert_eq!(guard(d.read(&d.asker, id, 1).await), Guard::Running);
    d.jobs().await;
    assert_eq!(d.now(id).await.state, State::ReviewDue);
    let witness = emergency::review(house, &d.o.w.host, id, true, REASON, true).await;
    assert_eq!(guard(witness), Guard::Uninvolved);
    let v = emergency::review(house, &d.o.w.manager, id, true, REASON, true)
        .await
        .expect("looked into");
    assert_eq!(v.state, State::Justified);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_review_in_72_hours_who_opened_it_is_frozen() {
    let d = Desk::new().await;
    let house = d.house();
    let before = d.registered(looks()).await;
    let id = emergency::open_now(house, &d.asker, &alarm(&d), true)
        .await
        .expect("open");
    opening::close(house, &d.asker, id).await.expect("closed");
    d.o.house().clock.advance(72 * HOUR + 2);
    d.jobs().await;
    assert!(d.now(id).await.frozen);
    // Nothing is sent, opened or read, in an emergency either.
    let drafted = asking::draft(house, &d.asker, &d.draft(looks()))
        .await
        .expect("a draft");
    let sent = asking::submit(house, &d.asker, drafted).await;
    assert_eq!(guard(sent), Guard::NotFrozen);
    let again = emergency::open_now(house, &d.asker, &alarm(&d), true).await;
    assert_eq!(guard(again), Guard::NotFrozen);
    assert!(
        opening::activate(house, &d.asker, before.id, true)
            .await
            .is_err()
    );
    // A late review thaws; one that finds a violation does not, and the manager may later.
    emergency::review(house, &d.o.w.manager, id, false, REASON, true)
        .await
        .expect("a violation");
    let sent = asking::submit(house, &d.asker, drafted).await;
    assert_eq!(guard(sent), Guard::NotFrozen);
    emergency::thaw(house, &d.o.w.manager, id)
        .await
        .expect("thawed");
    asking::submit(house, &d.asker, drafted)
        .await
        .expect("sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_viewing_shows_no_further_page_and_its_line_ends() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    d.read(&d.asker, v.id, 1).await.expect("a picture");
    let other = decide::revoke(d.house(), &d.asker, v.id, REASON).await;
    assert_eq!(guard(other), Guard::Decides);
    decide::revoke(d.house(), &d.o.w.manager, v.id, REASON)
        .await
        .expect("revoked");
    assert!(d.read(&d.asker, v.id, 1).await.is_err());
    let story = viewings::listing::story(d.house(), &d.asker, v.id).await;
    let story = story.expect("theirs");
    assert_eq!(story.viewing.state, State::Revoked);
    assert_eq!(story.texts.why, REASON);
}
