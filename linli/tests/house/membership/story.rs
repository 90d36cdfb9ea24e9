//! 王小明 applies, is verified, invited, and joins.

use foundation::database::ask;
use foundation::params;
use membership::desk::{self, Decision};
use membership::draft;
use membership::invite;
use membership::join::{self, Accepted, SignIn, Ticket};
use membership::policy::{Policy, set_policy};
use membership::state::{Illegal, State};
use membership::{MembershipError, apply, members, view};
use zeroize::Zeroizing;

use super::world::World;

pub fn new_account(i: usize) -> SignIn {
    SignIn::New {
        phone: format!("1380013800{}", i + 1),
        password: Zeroizing::new("蘭庭的桂花開了2026".into()),
    }
}

pub const ACCEPTED: Accepted = Accepted {
    rules: 1,
    privacy: 1,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_applies_is_verified_invited_and_joins() {
    let w = World::new().await;
    let (_, id) = w.applied(w.answers(0)).await;
    let record = view::record(&w.house, &w.specialist, id)
        .await
        .expect("a record");
    assert_eq!(record.app.advice.word(), "green");
    assert_eq!(record.phone_masked, "138****8001");
    let version = record.app.version;
    let state = desk::decide(&w.house, &w.specialist, id, version, Decision::Open)
        .await
        .expect("opened");
    assert_eq!(state, State::Verifying);
    let state = desk::decide(&w.house, &w.specialist, id, version + 1, Decision::Approve)
        .await
        .expect("approved");
    assert_eq!(state, State::Approved);
    let refused = invite::invite(&w.house, &w.specialist, id).await;
    assert!(
        matches!(
            refused,
            Err(MembershipError::Illegal(Illegal::NeedsAnother))
        ),
        "{refused:?}"
    );
    let issued = invite::invite(&w.house, &w.supervisor, id)
        .await
        .expect("invited");
    let ticket = Ticket::Invitation(&issued.secret);
    let offer = join::look(&w.house, w.host.community, ticket)
        .await
        .expect("an offer");
    assert_eq!(offer.name, "王小明");
    w.house.clock.advance(60_000);
    let joined = join::confirm(&w.house, &w.applicant(), ticket, ACCEPTED, new_account(0))
        .await
        .expect("joined");
    let mine = members::of_account(&w.house, w.host.community, joined.account)
        .await
        .expect("readable");
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].state, State::Active);
    assert_eq!(
        w.told(&format!("application:{id}")).await,
        [
            "membership.submitted",
            "membership.opened",
            "membership.approved",
            "membership.invited",
            "membership.joined"
        ]
    );
    let median = view::median_to_join(&w.house, w.host.community)
        .await
        .expect("readable");
    assert_eq!(median, Some((60_000, 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_link_used_by_fifty_at_once_admits_one() {
    let w = World::new().await;
    let (_, id) = w.applied(w.answers(1)).await;
    desk::decide(&w.house, &w.specialist, id, 1, Decision::Approve)
        .await
        .expect("approved");
    let issued = invite::invite(&w.house, &w.host, id)
        .await
        .expect("invited");
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..50 {
        let (house, by, secret) = (w.house.house.clone(), w.applicant(), issued.secret.clone());
        tasks.spawn(async move {
            let sign_in = SignIn::New {
                phone: format!("139000000{i:02}"),
                password: Zeroizing::new("蘭庭的桂花開了2026".into()),
            };
            join::confirm(&house, &by, Ticket::Invitation(&secret), ACCEPTED, sign_in).await
        });
    }
    let out = tasks.join_all().await;
    let admitted = out.iter().filter(|r| r.is_ok()).count();
    let ended = out
        .iter()
        .filter(|r| matches!(r, Err(MembershipError::InvitationEnded)))
        .count();
    assert_eq!((admitted, ended), (1, 49));
    let (members,): (i64,) = w
        .house
        .db
        .one(ask("SELECT COUNT(*) FROM member", params![]))
        .await
        .expect("readable");
    assert_eq!(members, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_and_two_submits_are_one_application() {
    let w = World::new().await;
    let secret = draft::begin(&w.house, w.host.community, w.answers(0))
        .await
        .expect("a draft");
    let (by, other) = (w.applicant(), w.applicant());
    let (one, two) = tokio::join!(
        apply::submit(&w.house, &by, &secret),
        apply::submit(&w.house, &other, &secret)
    );
    assert_eq!(one.expect("sent"), two.expect("sent too"));
    let again = draft::begin(&w.house, w.host.community, w.answers(0))
        .await
        .expect("a draft");
    let refused = apply::submit(&w.house, &by, &again).await;
    assert!(
        matches!(refused, Err(MembershipError::AlreadyApplied)),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_lets_all_green_ones_pass_alone_and_the_status_link_admits() {
    let w = World::new().await;
    let policy = Policy {
        alone: true,
        ..Policy::default()
    };
    set_policy(&w.house, &w.manager, policy).await.expect("set");
    let (secret, id) = w.applied(w.answers(2)).await;
    let found = apply::find(&w.house, w.host.community, &secret)
        .await
        .expect("there");
    assert_eq!((found.id, found.state), (id, State::Invited));
    join::confirm(
        &w.house,
        &w.applicant(),
        Ticket::Status(&secret),
        ACCEPTED,
        new_account(2),
    )
    .await
    .expect("joined");
    let mut stranger = w.answers(3);
    stranger.phone = "13900139000".into();
    let (_, id) = w.applied(stranger).await;
    let record = view::record(&w.house, &w.specialist, id)
        .await
        .expect("a record");
    assert_eq!(
        (record.app.state, record.app.advice.word()),
        (State::Submitted, "look")
    );
}
