//! Acting stewards, the list of members, and the channels of buildings.

use ::group::acting::{self, DAYS_MAX};
use ::group::speak;
use ::group::{ChannelKind, GroupError, channels, follow, people};
use accounts::{Side, roles};
use foundation::clock::DAY;
use foundation::jobs::Runner;
use foundation::ledger::Door;
use membership::members::{self, Measure};
use permissions::actor::Actor;
use permissions::{Permission, Role};

use super::{draft, main_of};
use crate::conduct::world::Street;
use crate::membership::world::C;

/// Whoever the account is by the roles it holds now.
async fn now(s: &Street, by: &Actor) -> Actor {
    let account = by.account.expect("an account");
    roles::actor(&s.w.house, account, Side::Owner, C, Door::Web)
        .await
        .expect("read")
}

async fn run_jobs(s: &Street) {
    let runner = ::group::jobs(conduct::jobs(membership::jobs(Runner::default())));
    let house = s.w.house.house.clone();
    while runner
        .run_due(&house.db, &house, house.now())
        .await
        .expect("jobs run")
        > 0
    {}
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_appoints_for_a_while_and_it_ends_by_itself_once() {
    let s = Street::new().await;
    let house = &s.w.house;
    let wang = s.wang.account.expect("an account");
    let main = main_of(house, &s.wang).await;
    for days in [0, DAYS_MAX + 1] {
        let refused = acting::appoint(house, &s.w.host, wang, days).await;
        assert!(matches!(refused, Err(GroupError::Term)), "{refused:?}");
    }
    let refused = acting::appoint(house, &s.li, wang, 30).await;
    assert!(
        matches!(refused, Err(GroupError::Forbidden(_))),
        "{refused:?}"
    );
    let refused = acting::appoint(house, &s.w.host, house.id(), 30).await;
    assert!(matches!(refused, Err(GroupError::NotFound)), "{refused:?}");
    let until = acting::appoint(house, &s.w.host, wang, 30)
        .await
        .expect("appointed");
    assert_eq!(until, house.now().plus(30 * DAY));
    let again = acting::appoint(house, &s.w.host, wang, 30).await;
    assert!(
        matches!(again, Err(GroupError::StewardAlready)),
        "{again:?}"
    );

    let steward = now(&s, &s.wang).await;
    assert!(steward.roles.contains(&Role::Steward) && steward.has(Permission::GroupPin));
    let said = speak::send(house, &steward, main, &draft("a1", "大家好"))
        .await
        .expect("said");
    assert_eq!(said.badge, "acting", "shown as what it is");
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    let list = people::page(house, &s.li, &channel, None)
        .await
        .expect("read");
    let shown = list
        .rows
        .iter()
        .find(|p| p.account == wang)
        .expect("listed");
    assert_eq!((shown.badge, shown.acting_until), ("acting", Some(until)));

    s.w.house.clock.set(until);
    assert!(
        !now(&s, &s.wang).await.roles.contains(&Role::Steward),
        "to the moment"
    );
    run_jobs(&s).await;
    run_jobs(&s).await;
    assert_eq!(s.count("group.acting_ended").await, 1, "exactly once");
    acting::appoint(house, &s.w.host, wang, 10)
        .await
        .expect("again, when it is over");
    acting::dismiss(house, &s.w.host, wang)
        .await
        .expect("ended");
    let twice = acting::dismiss(house, &s.w.host, wang).await;
    assert!(matches!(twice, Err(GroupError::NotFound)), "{twice:?}");
    s.w.house.clock.advance(20 * DAY);
    run_jobs(&s).await;
    assert_eq!(
        s.count("group.acting_ended").await,
        2,
        "its job found nothing to end"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_keeps_order_no_longer() {
    let s = Street::new().await;
    let house = &s.w.house;
    let wang = s.wang.account.expect("an account");
    acting::appoint(house, &s.w.host, wang, 30)
        .await
        .expect("appointed");
    for (by, measure) in [
        (
            &s.w.host,
            Measure::AskRemoval {
                days: 30,
                words: "多次勸告無效".into(),
            },
        ),
        (&s.w.manager, Measure::ConfirmRemoval),
    ] {
        let here = members::of_account(house, C, wang).await.expect("read");
        members::measure(house, by, here[0].id, here[0].version, measure)
            .await
            .expect("measured");
    }
    follow::follow(house, C).await.expect("followed");
    assert_eq!(s.count("group.acting_ended").await, 1);
    assert!(!now(&s, &s.wang).await.roles.contains(&Role::Steward));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_of_a_building_opens_its_channel() {
    let s = Street::new().await;
    let house = &s.w.house;
    follow::follow(house, C).await.expect("followed");
    follow::follow(house, C).await.expect("followed");
    let here = channels::of(house, &s.li).await.expect("channels");
    let own: Vec<&str> = here
        .iter()
        .filter(|one| one.kind == ChannelKind::Building)
        .map(|one| one.building.as_str())
        .collect();
    assert_eq!(own, ["3"], "two of one building, one channel");
    let channel = here
        .iter()
        .find(|one| one.kind == ChannelKind::Building)
        .expect("there");
    speak::send(house, &s.wang, channel.id, &draft("a1", "三棟的鄰居好"))
        .await
        .expect("said");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_shows_members_as_their_messages_do_and_mutes_to_those_who_keep_order() {
    let s = Street::new().await;
    let house = &s.w.house;
    let main = main_of(house, &s.wang).await;
    s.struck(&s.wang, "m1", 1_000).await;
    let wang = s.wang.account.expect("an account");
    let channel = channels::one(house, &s.li, main).await.expect("theirs");
    for (by, told) in [(&s.li, false), (&s.w.host, true)] {
        let list = people::page(house, by, &channel, None).await.expect("read");
        let one = list
            .rows
            .iter()
            .find(|p| p.account == wang)
            .expect("listed");
        assert_eq!(one.name, "3-2-1801 王**");
        assert_eq!(one.silent.is_some(), told);
        assert_eq!(list.rows[0].badge, "host", "the office first");
    }
    let offered = people::offered(house, &s.li, &channel, "3-2-18")
        .await
        .expect("read");
    assert_eq!(offered.len(), 1, "not oneself");
    let offered = people::offered(house, &s.li, &channel, "王")
        .await
        .expect("read");
    assert_eq!(offered[0].name, "3-2-1801 王**");
    // No further than it is shown: or a name could be guessed sign by sign.
    let whole = people::offered(house, &s.li, &channel, "王小明").await;
    assert!(whole.expect("read").is_empty());
}
