//! How tickets come to somebody, and what a paid repair asks for before it begins.

use super::*;
use ::desk::category;
use ::desk::price::{self, NewPart};
use ::desk::team::{self, Mode};

async fn team_of(d: &Counter, mode: Mode, workers: &[(&Actor, &[&str], &[&str])]) -> Id {
    let (house, by) = (&d.w.house, &d.w.supervisor);
    let id = team::set_team(house, by, None, "維修班", by.account, mode)
        .await
        .expect("a team");
    let tree = category::ready(house, C).await.expect("read");
    for (who, skills, buildings) in workers {
        let skills = skills.iter().map(|s| tree.by_code(s).expect("proposed").id);
        let buildings = buildings.iter().map(|b| (*b).to_owned()).collect();
        let account = who.account.expect("an account");
        team::set_worker(house, by, id, account, skills.collect(), buildings)
            .await
            .expect("of the team");
    }
    let root = tree.by_code("repair").expect("proposed");
    let draft = category::Draft {
        team: Some(id),
        ..category::Draft::of(root)
    };
    category::set(house, by, Some(root.id), None, draft)
        .await
        .expect("set");
    id
}

async fn tended(d: &Counter) {
    tend::run(&d.w.house, C).await.expect("tended");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pool_is_for_those_who_can_and_an_emergency_for_anybody() {
    let d = Counter::new().await;
    team_of(
        &d,
        Mode::Grab,
        &[(&d.technician, &["lift"], &[]), (&d.other, &[], &["3"])],
    )
    .await;
    let specialist = d.w.specialist.clone();
    let tree = category::ready(&d.w.house, C).await.expect("read");
    let mut new = d.repair();
    new.category = tree.by_code("plumbing").map(|k| k.id);
    let id = d.opened(new).await.id;
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    let done = d.act(&d.technician, id, Act::Grab, Doing::default()).await;
    assert!(matches!(done, Err(Refused::Worker)), "no plumber: {done:?}");
    d.does(&d.other, id, Act::Grab, Doing::default()).await;
    let mut urgent = d.repair();
    urgent.priority = Some(Priority::Emergency);
    let id = d.opened(urgent).await.id;
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    d.does(&d.technician, id, Act::Grab, Doing::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_turn_it_goes_to_whoever_has_least_and_on_when_it_lies() {
    let d = Counter::new().await;
    team_of(
        &d,
        Mode::Rotate,
        &[(&d.technician, &[], &[]), (&d.other, &[], &[])],
    )
    .await;
    let specialist = d.w.specialist.clone();
    let mut given = Vec::new();
    let mut ids = Vec::new();
    for _ in 0..4 {
        let id = d.opened(d.repair()).await.id;
        d.does(&specialist, id, Act::Triage, Doing::default()).await;
        tended(&d).await;
        let t = d.ticket(id).await;
        assert_eq!(t.state, State::Assigned);
        given.push(t.assignee);
        ids.push(id);
        d.w.house.clock.advance(MINUTE);
    }
    let of = |who: &Actor| given.iter().filter(|a| **a == who.account).count();
    assert_eq!((of(&d.technician), of(&d.other)), (2, 2), "{given:?}");
    // Who lets it lie is passed over; when both did, the office has it again.
    let mut holders = vec![given[0]];
    for _ in 0..2 {
        d.w.house.clock.advance(31 * MINUTE);
        tended(&d).await;
        holders.push(d.ticket(ids[0]).await.assignee);
    }
    assert_ne!(holders[0], holders[1]);
    assert_eq!(holders[2], None);
    let t = d.ticket(ids[0]).await;
    assert_eq!(t.state, State::Triaged);
    tended(&d).await;
    assert_eq!(
        d.ticket(ids[0]).await.state,
        State::Triaged,
        "it rests there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_repair_begins_after_the_owners_yes_and_costs_no_more() {
    let d = Counter::new().await;
    let house = &d.w.house;
    let specialist = d.w.specialist.clone();
    let id = d.opened(d.repair()).await.id;
    d.does(&specialist, id, Act::Triage, Doing::default()).await;
    d.does(&d.technician, id, Act::Grab, Doing::default()).await;
    let part = |fen| NewPart {
        name: "閥芯".into(),
        amount: 1_000,
        unit: "個".into(),
        fen,
        sent_id: String::new(),
    };
    let early = price::use_part(house, &d.technician, id, part(100)).await;
    assert!(matches!(early, Err(Refused::Price)), "{early:?}");
    price::use_part(house, &d.technician, id, part(0))
        .await
        .expect("what costs nothing needs no yes");
    price::ask(house, &d.technician, id, 8_000, "換閥芯，含人工")
        .await
        .expect("asked");
    let begun = d.act(&d.technician, id, Act::Start, Doing::default()).await;
    assert!(matches!(begun, Err(Refused::Price)), "{begun:?}");
    for by in [&d.technician, &specialist, &d.neighbour] {
        let yes = price::answer(house, by, id, 8_000, true, "好").await;
        assert!(yes.is_err(), "only the owner says yes");
    }
    let other = price::answer(house, &d.owner, id, 7_000, true, "").await;
    assert!(
        matches!(other, Err(Refused::Changed)),
        "a yes to the sum that was seen"
    );
    price::answer(house, &d.owner, id, 8_000, true, "可以")
        .await
        .expect("agreed");
    d.does(&d.technician, id, Act::Start, Doing::default())
        .await;
    price::use_part(house, &d.technician, id, part(5_000))
        .await
        .expect("within");
    let beyond = price::use_part(house, &d.technician, id, part(3_001)).await;
    assert!(matches!(beyond, Err(Refused::Price)), "{beyond:?}");
    // A new price takes the yes back.
    price::ask(house, &d.technician, id, 9_000, "另加軟管")
        .await
        .expect("asked again");
    let done = d.act(&d.technician, id, Act::Resolve, fixed()).await;
    assert!(matches!(done, Err(Refused::Price)));
    price::answer(house, &d.owner, id, 9_000, false, "不換軟管")
        .await
        .expect("refused");
    let done = d.act(&d.technician, id, Act::Resolve, fixed()).await;
    assert!(
        matches!(done, Err(Refused::Price)),
        "5,000 were used without a price"
    );
    price::ask(house, &d.technician, id, 5_000, "")
        .await
        .expect("asked");
    price::answer(house, &d.owner, id, 5_000, true, "")
        .await
        .expect("agreed");
    d.does(&d.technician, id, Act::Resolve, fixed()).await;
}
