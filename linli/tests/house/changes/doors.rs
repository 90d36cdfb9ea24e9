//! Doors × kinds of change: whatever changes of a contact, an owner, a resident or their home,
//! from wherever, is a dated record in the dossier with old, new, source and evidence, and
//! waits for another person.

use std::collections::{BTreeMap, BTreeSet};

use census::answer::{Fields, Given, Newcomer, Outcome};
use census::confirm;
use changes::record::{Record, State};
use changes::transfer::{self, Stage, deed};
use changes::{check, follow, listing, own};
use foundation::communities;
use foundation::database::ask;
use foundation::ids::Id;
use foundation::ledger::Door;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;
use roster::{PersonDraft, RelationDraft, Tie};

use super::{drafted, followed, owner_of, phone, said, waiting};
use crate::archive::office::Office;
use crate::imports::import;
use crate::membership::world::{C, NAMES};

/// What the roster writes and is no change of a contact, an owner, a resident or a home.
const NO_RECORD: [(&str, &str); 13] = [
    (
        "roster.room_added",
        "a room that was not there before has not changed",
    ),
    (
        "roster.party_added",
        "somebody who belongs to no home yet; belonging is the change",
    ),
    (
        "roster.change_undone",
        "the record that it takes back says so",
    ),
    (
        "roster.merged",
        "two records of one person; who lives where stays",
    ),
    ("roster.unmasked", "somebody looked"),
    ("roster.exported", "a list left the house"),
    ("roster.order_set", "the shelf, no household"),
    ("roster.order_keyed", "the shelf, no household"),
    ("roster.order_applied", "the shelf, no household"),
    (
        "roster.room_tagged",
        "the office's sorting, no fact of a home",
    ),
    (
        "roster.rooms_tagged",
        "the office's sorting, no fact of a home",
    ),
    (
        "roster.tag_ended",
        "the office's sorting, no fact of a home",
    ),
    ("import.committed", "an import's kinds are its own room's"),
];

#[test]
fn each_kind_of_the_roster_becomes_a_record_or_does_not_for_a_reason() {
    let all: BTreeSet<&str> = roster::events::ALL.iter().map(|k| k.name).collect();
    let records: BTreeSet<&str> = follow::KINDS.into_iter().collect();
    let none: BTreeSet<&str> = NO_RECORD.iter().map(|(kind, _)| *kind).collect();
    let both: Vec<_> = records
        .intersection(&none)
        .filter(|k| all.contains(**k))
        .collect();
    assert!(both.is_empty(), "either or: {both:?}");
    let missing: Vec<_> = all
        .iter()
        .filter(|k| !records.contains(**k) && !none.contains(**k))
        .collect();
    assert!(
        missing.is_empty(),
        "say of each what becomes of it: {missing:?}"
    );
}

/// The changes that wait, as field and how often.
async fn fields(o: &Office, source: &str) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for r in waiting(o).await {
        assert_eq!(r.source, source, "{r:?}");
        assert!(!r.room.is_empty() || r.party.is_some(), "{r:?}");
        let inside = listing::dossiers_of(o.house(), &o.w.specialist, r.id).await;
        assert!(!inside.expect("listed").is_empty(), "in a dossier: {r:?}");
        if source != "desk" {
            assert_eq!(r.evidence, source, "the door is what it rests on");
        }
        *out.entry(r.field).or_default() += 1;
    }
    out
}

fn told(of: &[(&str, usize)]) -> BTreeMap<String, usize> {
    of.iter().map(|(f, n)| ((*f).to_owned(), *n)).collect()
}

/// Who did not make them checks all of them.
async fn all_checked(o: &Office) {
    for r in waiting(o).await {
        let r = if r.evidence.is_empty() {
            said(o, &r).await
        } else {
            r
        };
        check::check(o.house(), &o.checker, r.id, r.version)
            .await
            .expect("checked by another");
    }
    assert!(waiting(o).await.is_empty());
}

fn text(said: &str) -> Option<String> {
    Some(said.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_desk() {
    let o = Office::new().await;
    followed(&o).await;
    let (house, by, party) = (o.house(), &o.w.specialist, owner_of(&o, 0).await);
    let version = async || {
        let page = roster::person(house, by, C, party).await.expect("p");
        page.party.version
    };
    let draft = PersonDraft {
        name: text("王曉明"),
        birth: text("1980-01-02"),
        workplace: text("碼頭"),
        emergency: text("李女士 13800001111"),
        address: text("海邊街 1 號"),
        needs: text("行動不便"),
        note: text("晚上來"),
        uscc: text("91440300MA5KL2M300"),
        representative: text("王代表"),
        guardian: Some(owner_of(&o, 1).await),
        deceased: Some(true),
        ..PersonDraft::default()
    };
    roster::edit_person(house, by, C, party, version().await, &draft)
        .await
        .expect("edited");
    roster::add_phone(house, by, C, party, &phone("13911112222"), true)
        .await
        .expect("added");
    let room = o.w.rooms[0];
    let relation = RelationDraft {
        room,
        party,
        kind: Tie::Tenant,
        share: None,
        from: None,
        until: None,
        vouched_by: None,
    };
    let tenant = PersonDraft {
        name: text("陳租"),
        ..PersonDraft::default()
    };
    let relation = roster::relate_new(house, by, C, &tenant, relation)
        .await
        .expect("moved in");
    roster::end_relation(house, by, C, relation, "2026-03-02", "moved_out")
        .await
        .expect("moved out");
    let vehicle = roster::add_vehicle(house, by, C, room, "粵B12345")
        .await
        .expect("registered");
    roster::end_vehicle(house, by, C, vehicle)
        .await
        .expect("taken off");
    let at = roster::room(house, C, room)
        .await
        .expect("asked")
        .expect("there");
    let mut facts = roster::RoomDraft {
        facts: at.facts,
        note: None,
    };
    facts.facts.state = text("let");
    roster::edit_room(house, by, C, room, at.version, &facts)
        .await
        .expect("let");
    // The same once more is no change.
    roster::edit_person(house, by, C, party, version().await, &draft)
        .await
        .expect("edited");
    followed(&o).await;
    let each = told(&[
        ("name", 1),
        ("birth", 1),
        ("workplace", 1),
        ("emergency", 1),
        ("address", 1),
        ("needs", 1),
        ("note", 1),
        ("uscc", 1),
        ("representative", 1),
        ("guardian", 1),
        ("state", 1),
        ("phone", 1),
        ("began", 1),
        ("ended", 1),
        ("registered", 1),
        ("taken_off", 1),
        ("facts", 1),
    ]);
    assert_eq!(fields(&o, "desk").await, each);
    // A change of the home is taken back like any other.
    let r = one(&o, "facts").await;
    let r = said(&o, &r).await;
    check::reject(
        house,
        &o.checker,
        r.id,
        r.version,
        "業主說仍自住",
        super::telling(),
    )
    .await
    .expect("taken back");
    let again = roster::room(house, C, room)
        .await
        .expect("asked")
        .expect("there");
    assert_eq!(again.facts.state, None);
    all_checked(&o).await;
}

async fn one(o: &Office, field: &str) -> Record {
    let all = waiting(o).await;
    all.into_iter().find(|r| r.field == field).expect("waits")
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_owners_own_page() {
    let o = Office::new().await;
    followed(&o).await;
    let party = owner_of(&o, 1).await;
    let me = Actor::account(o.house().id(), Some(party), C, vec![Role::Owner], Door::Web);
    let seen = own::mine(o.house(), &me).await.expect("mine");
    let draft = own::Draft {
        version: seen.version,
        phone: Some(phone("13733334444")),
        main: true,
        ends: seen.phones.iter().map(|(id, _)| *id).collect(),
        texts: [
            text("張先生 13555556666"),
            text("山頂道 2 號"),
            text("學校"),
        ],
    };
    own::change(o.house(), &me, draft).await.expect("changed");
    followed(&o).await;
    let each = told(&[
        ("phone", 2),
        ("emergency", 1),
        ("address", 1),
        ("workplace", 1),
    ]);
    assert_eq!(fields(&o, "own").await, each);
    let mine = own::mine(o.house(), &me).await.expect("mine").changes;
    assert_eq!(mine.len(), 5, "they see what became of each");
    // Whose contact it is checks nothing, whatever else they are here.
    let both = Actor::account(
        o.checker.account.expect("an account"),
        Some(party),
        C,
        vec![Role::Specialist],
        Door::Web,
    );
    let r = waiting(&o).await.remove(0);
    let refused = check::check(o.house(), &both, r.id, r.version).await;
    assert!(refused.is_err(), "{refused:?}");
    all_checked(&o).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn by_the_census() {
    let o = crate::census::planned().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    let room = o.w.rooms[0];
    // Somebody rents there and has a car, so that both can go.
    let relation = RelationDraft {
        room,
        party: room,
        kind: Tie::Tenant,
        share: None,
        from: None,
        until: None,
        vouched_by: None,
    };
    let tenant = PersonDraft {
        name: text("陳租"),
        ..PersonDraft::default()
    };
    roster::relate_new(house, by, C, &tenant, relation)
        .await
        .expect("in");
    roster::add_vehicle(house, by, C, room, "粵B12345")
        .await
        .expect("a car");
    followed(&o).await;
    all_checked(&o).await;

    let task = crate::census::task(&o, 0).await;
    let home = crate::census::known(&o, &task).await;
    let owner = home.people.iter().find(|m| m.tie.owns()).expect("an owner");
    let tenant = home
        .people
        .iter()
        .find(|m| !m.tie.owns())
        .expect("a tenant");
    let mut given = BTreeMap::from([
        ("use".to_owned(), Given::To("let".into())),
        (format!("name-{}", owner.party), Given::To("王曉明".into())),
        (
            format!("phone-{}", owner.party),
            Given::To("13900139000".into()),
        ),
        (
            format!("emergency-{}", owner.party),
            Given::To("李女士 13800001111".into()),
        ),
        (format!("here-{}", tenant.relation), Given::Gone),
    ]);
    given.insert(home.plates[0].key.clone(), Given::Gone);
    let fields_said = Fields {
        given,
        rest_same: true,
        newcomers: vec![Newcomer {
            name: "王小妹".into(),
            tie: "family".into(),
            ..Newcomer::default()
        }],
        plates: vec!["粵B54321".into()],
        ..Fields::default()
    };
    let sent = crate::census::visited(&o, &task, "visit-0001", &fields_said).await;
    let Outcome::Waiting(id) = sent else {
        panic!("it differs: {sent:?}");
    };
    let led = taken_over(&o, id).await;
    assert_eq!(led, None, "nobody sold");
    followed(&o).await;
    let each = told(&[
        ("facts", 1),
        ("name", 1),
        ("phone", 2),
        ("emergency", 1),
        ("ended", 1),
        ("taken_off", 1),
        ("began", 1),
        ("registered", 1),
    ]);
    assert_eq!(fields(&o, "census").await, each);
    all_checked(&o).await;

    // A home that is held empty is a change of the home too.
    let second = crate::census::task(&o, 1).await;
    census::visit::vacant(house, by, second.id, &["meter", "access"])
        .await
        .expect("two signs");
    followed(&o).await;
    assert_eq!(fields(&o, "census").await, told(&[("facts", 1)]));
}

/// The whole answer is taken over; the transfer that it began.
async fn taken_over(o: &Office, id: Id) -> Option<Id> {
    let (house, by) = (o.house(), &o.w.specialist);
    let look = confirm::look(house, by, id).await.expect("looked at");
    let differences = look.differences.iter();
    let all: BTreeMap<String, bool> = differences.map(|d| (d.key.clone(), true)).collect();
    let led = confirm::confirm(house, by, id, &all).await;
    led.expect("confirmed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_that_sold_leads_into_the_guided_transfer_filled_in() {
    let o = crate::census::planned().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    let task = crate::census::task(&o, 0).await;
    let home = crate::census::known(&o, &task).await;
    let owner = &home.people[0];
    let said = Fields {
        given: BTreeMap::from([(format!("here-{}", owner.relation), Given::Gone)]),
        rest_same: true,
        newcomers: vec![Newcomer {
            name: "吳敏".into(),
            tie: "owner".into(),
            phone: "13666667777".into(),
            ..Newcomer::default()
        }],
        ..Fields::default()
    };
    let Outcome::Waiting(id) = crate::census::visited(&o, &task, "visit-0001", &said).await else {
        panic!("it differs");
    };
    let led = taken_over(&o, id).await;
    let (t, draft) = transfer::one(house, by, led.expect("a transfer"))
        .await
        .expect("there");
    assert_eq!((t.stage, t.room), (Stage::Draft, o.w.rooms[0]));
    assert_eq!(draft.owners[0].name, "吳敏");
    assert!(draft.owners[0].phone.ends_with("13666667777"), "{draft:?}");
    assert!(draft.stay.is_empty(), "who sold does not stay");
    assert_eq!(draft.answer, Some(id));
    followed(&o).await;
    assert!(
        waiting(&o).await.is_empty(),
        "the roster is as it was until the act"
    );
    assert_eq!(owner_of(&o, 0).await, owner.party);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_an_import_and_gone_with_it() {
    let o = Office::new().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    let here = communities::by_name(&house.db, "蘭庭1")
        .await
        .expect("asked")
        .expect("here");
    let file = format!(
        "房號,業主,電話,建築面積,車牌,份額,工作單位\n3-2-1801,{},13911112222,88.5,粵B12345,1/2,碼頭\n",
        NAMES[0]
    );
    import(house, &here, file.as_bytes()).await;
    let committed: (String,) = house
        .db
        .one(ask(
            "SELECT subject FROM ledger WHERE community = $1 AND kind = 'import.committed'",
            params![C],
        ))
        .await
        .expect("it came in");
    let import_id = committed
        .0
        .trim_start_matches("import:")
        .parse()
        .expect("an id");
    followed(&o).await;
    let each = told(&[
        ("phone", 1),
        ("facts", 1),
        ("registered", 1),
        ("terms", 1),
        ("workplace", 1),
    ]);
    assert_eq!(fields(&o, "import").await, each);
    assert!(waiting(&o).await.iter().all(|r| !r.evidence_of.is_empty()));
    // The same file again changes nothing.
    import(house, &here, file.as_bytes()).await;
    assert_eq!(followed(&o).await, 0);
    let phone = one(&o, "phone").await;
    check::check(house, &o.checker, phone.id, phone.version)
        .await
        .expect("checked");
    imports::undo(house, &Actor::operator(C), C, import_id)
        .await
        .expect("undone");
    followed(&o).await;
    assert!(
        waiting(&o).await.is_empty(),
        "nothing of it waits for anybody"
    );
    let one = listing::one(house, by, phone.id).await.expect("there");
    assert_eq!(one.state, State::Checked, "what was decided stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_a_transfer_and_its_undoing() {
    let o = Office::new().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    let vehicle = roster::add_vehicle(house, by, C, o.w.rooms[0], "粵B12345")
        .await
        .expect("a car");
    followed(&o).await;
    all_checked(&o).await;
    let (id, version) = drafted(&o, 0, |d| d.vehicles = vec![vehicle]).await;
    deed::complete(house, by, id, version).await.expect("done");
    followed(&o).await;
    let each = told(&[("transfer", 1), ("taken_off", 1)]);
    assert_eq!(fields(&o, "transfer").await, each);
    all_checked(&o).await;
    let version = transfer::one(house, by, id).await.expect("there").0.version;
    deed::undo(house, &o.w.manager, id, version)
        .await
        .expect("undone");
    followed(&o).await;
    assert_eq!(fields(&o, "transfer").await, told(&[("untransfer", 1)]));
    let r = one(&o, "untransfer").await;
    let former: Vec<Id> = String::from_utf8_lossy(r.became.as_deref().expect("back"))
        .split(' ')
        .filter_map(|id| id.parse().ok())
        .collect();
    assert_eq!(former, [owner_of(&o, 0).await]);
}
