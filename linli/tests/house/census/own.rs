//! Households that check themselves.

use census::answer::{self, Fields, Newcomer, Outcome};
use census::task::Method;
use census::{CensusError, Fault, State, link, visit};
use foundation::clock::DAY;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;

use super::{known, now_is, other_phone, planned, same, task};
use crate::membership::world::C;

fn household() -> Actor {
    Actor::link_holder(C)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_used_once_ends_and_a_newer_one_takes_its_place() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    let made = |t: census::Task| async {
        let fresh = link::make(o.house(), by, vec![t]).await.expect("made");
        fresh[0].secret.clone()
    };
    let old = made(first.clone()).await;
    let new = made(first.clone()).await;
    let send = |secret: String| {
        let o = &o;
        async move { link::send(o.house(), &household(), &secret, "self-00001", &same()).await }
    };
    assert!(matches!(send(old).await, Err(CensusError::LinkOver)));
    assert!(matches!(
        send("x".repeat(26)).await,
        Err(CensusError::NotFound)
    ));
    assert_eq!(send(new.clone()).await.expect("taken"), Outcome::Counted);
    assert!(matches!(send(new).await, Err(CensusError::LinkOver)));
    let first = now_is(&o, first.id).await;
    assert_eq!(
        (first.state, first.method.as_str()),
        (State::Counted, "self")
    );
    let second = task(&o, 1).await;
    let late = made(second).await;
    o.w.house.clock.advance(link::LASTS);
    assert!(matches!(send(late).await, Err(CensusError::LinkOver)));
    o.w.house.clock.advance(-2 * DAY);
    // Another compound's door knows nothing of it.
    let third = made(task(&o, 2).await).await;
    let other = foundation::database::Community(2);
    let elsewhere = link::find(o.house(), other, &third).await;
    assert!(matches!(elsewhere, Err(CensusError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_household_changes_waits_for_a_specialist_and_a_refusal_is_taken_back() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    visit::refuse(o.house(), by, first.id).await.expect("noted");
    let fresh = link::make(o.house(), by, vec![now_is(&o, first.id).await]).await;
    let secret = fresh.expect("made")[0].secret.clone();
    let fields = other_phone(&o, &first, "13900139000").await;
    let sent = link::send(o.house(), &household(), &secret, "self-00001", &fields).await;
    assert!(matches!(sent.expect("taken"), Outcome::Waiting(_)));
    assert_eq!(now_is(&o, first.id).await.state, State::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_their_own_home_and_no_other() {
    let o = planned().await;
    let (first, second) = (task(&o, 0).await, task(&o, 1).await);
    let person = known(&o, &first).await.people[0].party;
    let account = o.house().id();
    let owner = Actor::account(account, Some(person), C, vec![Role::Owner], Door::Web);
    let own = link::own(o.house(), &owner).await.expect("listed");
    assert_eq!(
        own.iter().map(|t| t.id).collect::<Vec<_>>(),
        [first.id],
        "one's own only"
    );
    let other = link::send_own(o.house(), &owner, second.id, "own-000001", &same()).await;
    assert!(matches!(other, Err(CensusError::NotFound)));
    let sent = link::send_own(o.house(), &owner, first.id, "own-000001", &same()).await;
    assert_eq!(sent.expect("taken"), Outcome::Counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_childs_data_need_the_guardians_consent_by_every_way() {
    let o = planned().await;
    let (first, by) = (task(&o, 0).await, &o.w.specialist);
    let guardian = known(&o, &first).await.people[0].party;
    let child = |consent: bool, guardian| Fields {
        newcomers: vec![Newcomer {
            name: "王小妹".into(),
            tie: "family".into(),
            child: true,
            consent,
            guardian,
            ..Newcomer::default()
        }],
        ..same()
    };
    let refused = |sent: Result<Outcome, CensusError>| {
        assert!(
            matches!(sent, Err(CensusError::Field(_, Fault::Consent))),
            "{sent:?}"
        );
    };
    let account = o.house().id();
    let owner = Actor::account(account, Some(guardian), C, vec![Role::Owner], Door::Web);
    let fresh = link::make(o.house(), by, vec![first.clone()])
        .await
        .expect("made");
    let secret = &fresh[0].secret;
    for fields in [child(false, Some(guardian)), child(true, None)] {
        for method in Method::OFFICE {
            refused(answer::send(o.house(), by, first.id, "child-0001", method, &fields).await);
        }
        refused(link::send(o.house(), &household(), secret, "child-0001", &fields).await);
        refused(link::send_own(o.house(), &owner, first.id, "child-0001", &fields).await);
    }
    let fields = child(true, Some(guardian));
    let sent = link::send(o.house(), &household(), secret, "child-0001", &fields).await;
    assert!(matches!(sent.expect("taken"), Outcome::Waiting(_)));
}
