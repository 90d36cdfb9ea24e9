//! Changes are tracked from every door, checked by another person, and taken back where they do
//! not hold; a transfer is one act; ended tenures are sealed.

use changes::check::{self, Telling};
use changes::listing::{self, Filter};
use changes::record::{Record, State};
use changes::transfer::{self, Draft, NewParty, Stage, Stay, deed};
use changes::{ChangesError, own};
use dossiers::{Kind, Life};
use foundation::clock::DAY;
use foundation::ids::Id;
use foundation::ledger::Door;
use hanzi::numbers::Phone;
use permissions::Role;
use permissions::actor::Actor;
use roster::{PersonDraft, people_of_room};

use crate::archive::office::Office;
use crate::membership::world::C;

mod desk;
mod doors;
mod kills;
mod rooms;
mod sealed;

pub async fn followed(o: &Office) -> usize {
    dossiers::follow::follow(o.house(), C)
        .await
        .expect("dossiers follow");
    changes::follow::follow(o.house(), C)
        .await
        .expect("changes follow")
}

pub async fn owner_of(o: &Office, at: usize) -> Id {
    let people = people_of_room(o.house(), C, o.w.rooms[at])
        .await
        .expect("people");
    people[0].party
}

pub async fn waiting(o: &Office) -> Vec<Record> {
    let filter = Filter {
        state: Some(State::Waiting),
        ..Filter::default()
    };
    listing::page(o.house(), &o.w.specialist, &filter, None)
        .await
        .expect("listed")
        .0
}

async fn numbers(o: &Office, party: Id) -> Vec<String> {
    roster::phones_of(o.house(), C, party)
        .await
        .expect("phones")
}

pub fn phone(text: &str) -> Phone {
    Phone::parse(text).expect("a phone")
}

pub fn telling() -> Telling {
    Telling {
        title: "退回".into(),
        text: "已改回".into(),
        path: "/my/contact".into(),
    }
}

pub async fn said(o: &Office, r: &Record) -> Record {
    let why = "業主王女士到前台說的";
    check::evidence(
        o.house(),
        &o.w.specialist,
        r.id,
        r.version,
        "said",
        None,
        why,
    )
    .await
    .expect("evidence");
    listing::one(o.house(), &o.w.specialist, r.id)
        .await
        .expect("there")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_phone_is_recorded_once_and_checked_by_another() {
    let o = Office::new().await;
    followed(&o).await;
    let party = owner_of(&o, 0).await;
    let by = &o.w.specialist;
    roster::add_phone(o.house(), by, C, party, &phone("13911112222"), true)
        .await
        .expect("added");
    assert_eq!(followed(&o).await, 1);
    assert_eq!(followed(&o).await, 0, "again records nothing");
    let r = waiting(&o).await.pop().expect("one waits");
    assert_eq!((r.field.as_str(), r.source.as_str()), ("phone", "desk"));
    assert_eq!(r.code, "3-2-1801");
    let inside = listing::dossiers_of(o.house(), by, r.id)
        .await
        .expect("dossiers");
    assert_eq!(inside[0].dossier, o.dossier(0).await);
    // Sealed in the record, masked on the screen, in clear with a reason only.
    let became = r.became.clone().expect("became");
    assert!(!became.windows(8).any(|w| w == b"13911112"));
    let shown = listing::masked(o.house(), by, std::slice::from_ref(&r))
        .await
        .expect("masked");
    assert_eq!(shown[&r.id].became, "139****2222");
    let none = check::unmask(o.house(), by, r.id, "x").await;
    assert!(matches!(
        none,
        Err(ChangesError::Roster(roster::RosterError::Reason))
    ));
    let clear = check::unmask(o.house(), by, r.id, "核對業主來電")
        .await
        .expect("clear");
    assert_eq!(clear.1, "13911112222");

    let early = check::check(o.house(), &o.checker, r.id, r.version).await;
    assert!(matches!(early, Err(ChangesError::NoEvidence)), "{early:?}");
    let r = said(&o, &r).await;
    let own = check::check(o.house(), by, r.id, r.version).await;
    assert!(matches!(own, Err(ChangesError::OwnChange)), "{own:?}");
    let manager = check::check(o.house(), &o.w.manager, r.id, r.version).await;
    assert!(matches!(manager, Err(ChangesError::Forbidden(_))));
    check::check(o.house(), &o.w.supervisor, r.id, r.version)
        .await
        .expect("checked");
    assert!(waiting(&o).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_of_one_person_are_one_checker() {
    let o = Office::new().await;
    followed(&o).await;
    let party = owner_of(&o, 0).await;
    roster::add_phone(
        o.house(),
        &o.w.specialist,
        C,
        party,
        &phone("13911112222"),
        true,
    )
    .await
    .expect("added");
    followed(&o).await;
    let r = said(&o, &waiting(&o).await[0]).await;
    // The person whose phone it is works in the office under an account of theirs.
    let theirs = Actor::account(
        o.checker.account.expect("an account"),
        Some(party),
        C,
        vec![Role::Specialist],
        Door::Web,
    );
    let refused = check::check(o.house(), &theirs, r.id, r.version).await;
    assert!(
        matches!(refused, Err(ChangesError::OwnChange)),
        "{refused:?}"
    );
    let mut twin = r.clone();
    twin.maker_person = Some(party);
    assert!(twin.made_by(o.checker.account, Some(party)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_is_taken_back_and_a_number_given_up_is_not_lost() {
    let o = Office::new().await;
    followed(&o).await;
    let (party, by) = (owner_of(&o, 0).await, &o.w.specialist);
    let before = numbers(&o, party).await;
    let page = roster::person(o.house(), by, C, party)
        .await
        .expect("person");
    roster::end_phone(o.house(), by, C, party, page.phones[0].0)
        .await
        .expect("ended");
    assert!(numbers(&o, party).await.is_empty());
    followed(&o).await;
    let r = said(&o, &waiting(&o).await[0]).await;
    let clear = check::unmask(o.house(), by, r.id, "核對業主來電")
        .await
        .expect("clear");
    assert_eq!(clear.0, before[0], "the old number stays with the record");
    check::reject(
        o.house(),
        &o.checker,
        r.id,
        r.version,
        "業主說沒有停用",
        telling(),
    )
    .await
    .expect("rejected");
    assert_eq!(numbers(&o, party).await, before);
    assert_eq!(followed(&o).await, 0, "taking back is no change of its own");

    // A text goes back too, unless it was changed again since.
    let draft = |text: &str| PersonDraft {
        emergency: Some(text.into()),
        ..PersonDraft::default()
    };
    let version = async || {
        roster::person(o.house(), by, C, party)
            .await
            .expect("p")
            .party
            .version
    };
    for text in ["李女士 13800001111", "李女士 13800002222"] {
        let seen = version().await;
        roster::edit_person(o.house(), by, C, party, seen, &draft(text))
            .await
            .expect("edited");
    }
    followed(&o).await;
    let all = waiting(&o).await;
    assert_eq!(all.len(), 2);
    let first = said(&o, &all[0]).await;
    let stale = check::reject(
        o.house(),
        &o.checker,
        first.id,
        first.version,
        "號碼不對的",
        telling(),
    )
    .await;
    assert!(matches!(stale, Err(ChangesError::Superseded)), "{stale:?}");
    let second = said(&o, &all[1]).await;
    check::reject(
        o.house(),
        &o.checker,
        second.id,
        second.version,
        "號碼不對的",
        telling(),
    )
    .await
    .expect("rejected");
    let now = roster::unmask(
        o.house(),
        by,
        C,
        party,
        roster::Column::Emergency,
        "核對業主來電",
    )
    .await;
    assert_eq!(now.expect("clear"), ["李女士 13800001111"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_change_their_own_contacts_and_nobody_elses() {
    let o = Office::new().await;
    followed(&o).await;
    let party = owner_of(&o, 1).await;
    let me = Actor::account(o.house().id(), Some(party), C, vec![Role::Owner], Door::Web);
    let seen = own::mine(o.house(), &me).await.expect("mine");
    let draft = own::Draft {
        version: seen.version,
        phone: Some(phone("13733334444")),
        main: true,
        texts: [Some("張先生 13555556666".into()), None, None],
        ..own::Draft::default()
    };
    own::change(o.house(), &me, draft).await.expect("changed");
    let (number, other) = (phone("13733334444"), owner_of(&o, 0).await);
    let source = roster::Source::Own;
    let stranger = roster::add_phone_from(o.house(), &me, C, other, &number, true, source);
    assert!(matches!(
        stranger.await,
        Err(roster::RosterError::NoSuchParty)
    ));
    let desk = roster::add_phone(o.house(), &me, C, party, &phone("13733334444"), true).await;
    assert!(matches!(desk, Err(roster::RosterError::Forbidden(_))));
}

/// A transfer ready to be done.
pub async fn drafted(o: &Office, at: usize, change: impl FnOnce(&mut Draft)) -> (Id, i64) {
    let by = &o.w.specialist;
    let code = format!("3-2-180{}", at + 1);
    let id = transfer::begin(o.house(), by, &code, "")
        .await
        .expect("begun");
    let (t, mut draft) = transfer::one(o.house(), by, id).await.expect("there");
    draft.ground = "sale".into();
    draft.contract = "合同 2026-118".into();
    draft.certificate = "粵(2026)深圳市不動產權第0000001號".into();
    draft.owners = vec![NewParty {
        name: "吳敏".into(),
        phone: "13666667777".into(),
        ..NewParty::default()
    }];
    draft.payer = "former".into();
    change(&mut draft);
    transfer::save(o.house(), by, id, t.version, &draft)
        .await
        .expect("saved");
    (id, t.version + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_one_act_that_closes_one_tenure_and_opens_the_next() {
    let o = Office::new().await;
    followed(&o).await;
    let (before, by) = (o.dossier(0).await, &o.w.specialist);
    let again = drafted(&o, 0, |_| {}).await.0;
    let twice = transfer::begin(o.house(), by, "3-2-1801", "").await;
    assert!(
        matches!(twice, Err(ChangesError::HasDraft(id)) if id == again),
        "resumed"
    );
    let (t, mut draft) = transfer::one(o.house(), by, again).await.expect("there");
    draft.certificate.clear();
    transfer::save(o.house(), by, again, t.version, &draft)
        .await
        .expect("saved");
    let early = deed::complete(o.house(), by, again, t.version + 1).await;
    assert!(
        matches!(early, Err(ChangesError::Missing(ref m)) if m == &["certificate"]),
        "{early:?}"
    );
    draft.certificate = "0001".into();
    transfer::save(o.house(), by, again, t.version + 1, &draft)
        .await
        .expect("saved");
    deed::complete(o.house(), by, again, t.version + 2)
        .await
        .expect("done");
    let stale = deed::complete(o.house(), by, again, t.version + 2).await;
    assert!(matches!(stale, Err(ChangesError::Changed)), "once");

    followed(&o).await;
    let (t, _) = transfer::one(o.house(), by, again).await.expect("there");
    assert_eq!(t.stage, Stage::Done);
    let next = t.next.expect("settled");
    assert_ne!(next, before);
    let former = dossiers::sealing::dossier(o.house(), C, before)
        .await
        .expect("there");
    assert_eq!(former.life, Life::Closed);
    let r = waiting(&o)
        .await
        .pop()
        .expect("the transfer waits to be checked");
    assert_eq!(
        (r.field.as_str(), r.source.as_str()),
        ("transfer", "transfer")
    );
    assert!(r.reprint, "catalog and labels show the former owner");
    let sides = listing::dossiers_of(o.house(), by, r.id)
        .await
        .expect("dossiers");
    assert_eq!(sides.len(), 2, "in both dossiers");
    let whole = check::reject(
        o.house(),
        &o.checker,
        r.id,
        r.version,
        "要整件撤回",
        telling(),
    )
    .await;
    assert!(matches!(whole, Err(ChangesError::Whole)), "{whole:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_co_owner_who_stays_continues_the_tenure_and_a_minor_needs_a_guardian() {
    let o = Office::new().await;
    followed(&o).await;
    let (before, by) = (o.dossier(0).await, &o.w.specialist);
    let party = owner_of(&o, 0).await;
    let stays = |d: &mut Draft| {
        d.ground = "divorce".into();
        d.stay = vec![Stay {
            party: Some(party),
            share: "1/2".into(),
        }];
        d.owners[0].share = "1/2".into();
        d.owners[0].birth = "2020-05-01".into();
    };
    let (id, version) = drafted(&o, 0, stays).await;
    let early = deed::complete(o.house(), by, id, version).await;
    assert!(
        matches!(early, Err(ChangesError::Missing(ref m)) if m == &["guardian"]),
        "{early:?}"
    );
    let (_, mut draft) = transfer::one(o.house(), by, id).await.expect("there");
    draft.owners[0].guardian = "吳父".into();
    transfer::save(o.house(), by, id, version, &draft)
        .await
        .expect("saved");
    deed::complete(o.house(), by, id, version + 1)
        .await
        .expect("done");
    followed(&o).await;
    assert_eq!(o.dossier(0).await, before, "the tenure goes on");
    let (t, _) = transfer::one(o.house(), by, id).await.expect("there");
    assert_eq!(t.next, Some(before));
    let people = people_of_room(o.house(), C, o.w.rooms[0])
        .await
        .expect("people");
    assert_eq!(people.iter().filter(|p| p.relation.stands).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_takes_a_transfer_back_on_its_day_where_nothing_followed() {
    let o = Office::new().await;
    followed(&o).await;
    let (before, by) = (o.dossier(0).await, &o.w.specialist);
    let party = owner_of(&o, 0).await;
    let (id, version) = drafted(&o, 0, |_| {}).await;
    deed::complete(o.house(), by, id, version)
        .await
        .expect("done");
    followed(&o).await;
    let version = transfer::one(o.house(), by, id)
        .await
        .expect("there")
        .0
        .version;
    let clerk = deed::undo(o.house(), by, id, version).await;
    assert!(matches!(clerk, Err(ChangesError::Forbidden(_))));
    deed::undo(o.house(), &o.w.manager, id, version)
        .await
        .expect("undone");
    followed(&o).await;
    assert_eq!(o.dossier(0).await, before, "the tenure goes on");
    assert_eq!(owner_of(&o, 0).await, party);

    // Another transfer opens a third tenure: numbers are never used again. Who was to come is on
    // the roster by now, so it is asked whether it is the same person.
    let (id, version) = drafted(&o, 0, |_| {}).await;
    let asked = deed::complete(o.house(), by, id, version).await;
    assert!(
        matches!(asked, Err(ChangesError::Missing(ref m)) if m == &["who"]),
        "{asked:?}"
    );
    let (_, mut draft) = transfer::one(o.house(), by, id).await.expect("there");
    draft.owners[0].another = true;
    transfer::save(o.house(), by, id, version, &draft)
        .await
        .expect("another of that name");
    let version = version + 1;
    deed::complete(o.house(), by, id, version)
        .await
        .expect("done");
    followed(&o).await;
    let next = o.dossiers().await[0].dossier.clone();
    assert_eq!(next.tenure, 3);
    o.hands_in(
        next.id,
        Kind::Covenant,
        &[("a.pdf", crate::archive::office::pdf(1, "x"))],
    )
    .await
    .expect("a paper follows");
    let version = transfer::one(o.house(), by, id)
        .await
        .expect("there")
        .0
        .version;
    let late = deed::undo(o.house(), &o.w.manager, id, version).await;
    assert!(
        matches!(late, Err(ChangesError::Followed(ref f)) if f == &["documents"]),
        "{late:?}"
    );
    o.house().clock.advance(DAY);
    let late = deed::undo(o.house(), &o.w.manager, id, version).await;
    assert!(matches!(late, Err(ChangesError::DayPast)));
}
