//! Telling the households: in time, once, of the text as it stands, and up a ladder that
//! ends.

use ::notices::audience::Whom;
use ::notices::flow::{self, Amendment};
use ::notices::receipts;
use ::notices::{Class, State};
use foundation::clock::{HOUR, MINUTE};
use foundation::database::{Chore, DbError, ask};
use foundation::jobs::Runner;
use foundation::params;

use super::{one, published, queued, run_jobs, tally, text};
use crate::conduct::world::Street;
use crate::membership::world::C;

/// As when a runner dies between the telling and the tick.
async fn told_again(s: &Street) {
    let waiting = ask(
        "UPDATE job SET state = 'waiting', lease_until = 0 WHERE community = $1 \
         AND kind = 'notices.deliver'",
        params![C],
    );
    s.w.house
        .db
        .keep::<_, DbError, _>(Chore::Migration, C, move |r| r.execute(waiting))
        .await
        .expect("put back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_material_amendment_asks_anew_and_a_spelling_mistake_does_not() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Important)).await;
    receipts::acknowledge(house, &s.wang, id)
        .await
        .expect("confirmed");
    let mut change = Amendment {
        title: "清洗水箱停水".into(),
        body: "週六九點到十二點停水，請提前儲水！".into(),
        material: false,
        words: "改一個標點".into(),
    };
    let row = one(&s, id).await.row_version;
    flow::amend(house, &s.w.manager, id, row, &change)
        .await
        .expect("amended");
    assert_eq!(tally(&s, id).await.acknowledged, 1);
    change.material = true;
    change.body = "改為週日九點到十二點停水。".into();
    let row = one(&s, id).await.row_version;
    flow::amend(house, &s.w.manager, id, row, &change)
        .await
        .expect("amended");
    let n = one(&s, id).await;
    assert_eq!((n.state, n.version), (State::Amended, 3));
    let t = tally(&s, id).await;
    assert_eq!((t.acknowledged, t.unreached), (0, t.households));
    receipts::acknowledge(house, &s.wang, id)
        .await
        .expect("the new version");
    assert_eq!(tally(&s, id).await.acknowledged, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_the_old_text_is_taken_back_and_tells_nobody_of_the_new() {
    let s = Street::new().await;
    let house = &s.w.house;
    let id = published(&s, &text(Class::Important)).await;
    run_jobs(&s).await;
    let messages = queued(&s, "sms", "queued").await;
    assert!(messages > 1, "owners have phones");
    // One of them is on its way while the text is changed, and arrives afterwards.
    let arrives = |at: i64| {
        ask(
            "UPDATE outbox_item SET fate = 'sent', settled = $2 WHERE community = $1 \
             AND recipient = (SELECT MIN(recipient) FROM outbox_item WHERE community = $1)",
            params![C, at],
        )
    };
    let change = Amendment {
        title: "清洗水箱停水".into(),
        body: "改為週日停水。".into(),
        material: true,
        words: "改期".into(),
    };
    let row = one(&s, id).await.row_version;
    flow::amend(house, &s.w.manager, id, row, &change)
        .await
        .expect("amended");
    assert_eq!(
        queued(&s, "sms", "queued").await,
        0,
        "the old text stays here"
    );
    assert_eq!(queued(&s, "sms", "cancelled").await, messages);
    let late = arrives(1);
    house
        .db
        .keep::<_, DbError, _>(Chore::Migration, C, move |r| r.execute(late))
        .await
        .expect("settled");
    ::notices::delivery::follow(house, C)
        .await
        .expect("followed");
    let t = tally(&s, id).await;
    assert_eq!(
        (t.told, t.unreached),
        (0, t.households),
        "nobody knows the new text by it"
    );
    run_jobs(&s).await;
    assert_eq!(
        queued(&s, "sms", "queued").await,
        messages,
        "all are told the new one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spelling_mistake_mended_at_once_keeps_nobody_from_being_told() {
    let s = Street::new().await;
    let house = &s.w.house;
    let mut draft = text(Class::Important);
    draft.remind_hours = 24;
    let id = published(&s, &draft).await;
    let change = Amendment {
        title: "清洗水箱停水".into(),
        body: "週六九點到十二點停水，請提前儲水！".into(),
        material: false,
        words: "改一個標點".into(),
    };
    let row = one(&s, id).await.row_version;
    flow::amend(house, &s.w.manager, id, row, &change)
        .await
        .expect("amended");
    run_jobs(&s).await;
    let first = queued(&s, "sms", "queued").await;
    assert!(first > 0, "the households are told all the same");
    for _ in 0..2 {
        s.w.house.clock.advance(24 * HOUR + MINUTE);
        run_jobs(&s).await;
    }
    assert_eq!(queued(&s, "sms", "queued").await, 2 * first, "and reminded");
    let row = one(&s, id).await.row_version;
    flow::recall(house, &s.w.manager, id, row, "改期")
        .await
        .expect("recalled");
    assert_eq!(queued(&s, "sms", "queued").await, 0);
    s.w.house.clock.advance(24 * HOUR + MINUTE);
    run_jobs(&s).await;
    assert_eq!(queued(&s, "sms", "queued").await, 0, "nothing follows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_goes_out_at_its_time_and_is_told_once_however_often_a_runner_dies() {
    let s = Street::new().await;
    let house = &s.w.house;
    let mut draft = text(Class::Ordinary);
    draft.publish_at = Some(house.now().plus(3 * HOUR));
    let id = published(&s, &draft).await;
    assert_eq!(one(&s, id).await.state, State::Scheduled);
    run_jobs(&s).await;
    assert_eq!(
        one(&s, id).await.state,
        State::Scheduled,
        "not before its time"
    );
    s.w.house.clock.advance(3 * HOUR + MINUTE);
    run_jobs(&s).await;
    run_jobs(&s).await;
    assert_eq!(one(&s, id).await.state, State::Published);
    let messages = queued(&s, "sms", "queued").await;
    assert!(messages > 0, "owners have phones");
    let again = ::notices::jobs::jobs(Runner::default());
    told_again(&s).await;
    let arc = house.house.clone();
    again
        .run_due(&arc.db, &arc, arc.now())
        .await
        .expect("done again");
    assert_eq!(
        queued(&s, "sms", "queued").await,
        messages,
        "nobody is told twice"
    );
    // Recalled: what has not been sent is taken back.
    let row = one(&s, id).await.row_version;
    flow::recall(house, &s.w.manager, id, row, "改期")
        .await
        .expect("recalled");
    assert_eq!(queued(&s, "sms", "queued").await, 0);
    assert_eq!(queued(&s, "sms", "cancelled").await, messages);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_all_is_said_in_the_group_once_and_what_is_for_some_is_not() {
    let s = Street::new().await;
    let house = &s.w.house;
    let here = ::group::channels::of(house, &s.wang)
        .await
        .expect("channels");
    let mut draft = text(Class::Ordinary);
    draft.ways.group = true;
    let id = published(&s, &draft).await;
    let mut narrow = draft.clone();
    narrow.audience.rooms = vec![s.w.rooms[0]];
    published(&s, &narrow).await;
    // Neither is what is for the rooms of a tag, or for owners among tenants.
    let tagged = vec![s.w.rooms[0]];
    roster::tag_rooms(house, &s.w.specialist, C, "臨街".into(), tagged)
        .await
        .expect("tagged");
    let tag = roster::tags(house, C).await.expect("read").remove(0);
    let mut of_a_tag = draft.clone();
    of_a_tag.audience.tags = vec![(tag.id, tag.name)];
    published(&s, &of_a_tag).await;
    let mut of_owners = draft.clone();
    of_owners.audience.whom = Whom::Owners;
    published(&s, &of_owners).await;
    run_jobs(&s).await;
    told_again(&s).await;
    run_jobs(&s).await;
    let main = here
        .iter()
        .find(|one| one.kind == ::group::ChannelKind::Main)
        .expect("the main one");
    let history = ::group::reading::history(house, &s.wang, main, ::group::reading::Part::Newest)
        .await
        .expect("read");
    let said: Vec<&str> = history.messages.iter().map(|m| m.text.as_str()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains(&format!("/my/notices/{id}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_silent_are_reminded_up_a_ladder_that_ends() {
    let s = Street::new().await;
    let house = &s.w.house;
    let mut draft = text(Class::Important);
    draft.remind_hours = 24;
    let id = published(&s, &draft).await;
    run_jobs(&s).await;
    let first = queued(&s, "sms", "queued").await;
    receipts::acknowledge(house, &s.wang, id)
        .await
        .expect("confirmed");
    for _ in 0..6 {
        s.w.house.clock.advance(24 * HOUR + MINUTE);
        run_jobs(&s).await;
    }
    // The first reminder costs nothing, the second and third go to those who are silent.
    let silent = first - 1;
    assert_eq!(queued(&s, "sms", "queued").await, first + 2 * silent);
}
