//! The roster: rooms found however typed, who lives there, what an applicant's claim is
//! worth, change of owners, merging, unmasking.

use foundation::communities::{self, Compound};
use foundation::database::{Community, ask};
use foundation::ids::Id;
use foundation::ledger::{Door, Who};
use foundation::params;
use hanzi::numbers::{Phone, ResidentId};
use permissions::Role;
use permissions::actor::Actor;
use roster::{self, *};

use crate::support::{TestHouse, transfer};

pub async fn compound(house: &TestHouse, name: &str) -> Compound {
    communities::create(house, &Who::operator(), name, 1_000)
        .await
        .expect("a compound can be created")
}

pub fn specialist(house: &TestHouse, c: Community) -> Actor {
    Actor::account(house.id(), None, c, vec![Role::Specialist], Door::Web)
}

async fn kinds(house: &TestHouse, c: Community) -> Vec<String> {
    let rows: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT kind FROM ledger WHERE community = $1 ORDER BY seq",
            params![c],
        ))
        .await
        .expect("readable");
    rows.into_iter().map(|(k,)| k).collect()
}

fn named(name: &str, phones: &[&str]) -> PersonDraft {
    PersonDraft {
        name: Some(name.into()),
        phones: phones
            .iter()
            .map(|p| Phone::parse(p).expect("a phone"))
            .collect(),
        ..PersonDraft::default()
    }
}

struct Stage {
    house: TestHouse,
    c: Community,
    by: Actor,
    room: Id,
    wang: Id,
}

/// 3-2-1801 owned by 王小明.
async fn stage() -> Stage {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let by = specialist(&house, c);
    let room = add_room(&house, &by, c, "3棟2單元1801", &RoomDraft::default())
        .await
        .expect("added");
    let mut draft = named("王小明", &["13700001234"]);
    draft.document = Some(("resident_id".into(), "11010519491231002X".into()));
    draft.workplace = Some("春和小學".into());
    let wang = add_person(&house, &by, c, &draft).await.expect("added");
    relate(
        &house,
        &by,
        c,
        RelationDraft {
            room,
            party: wang,
            kind: Tie::Owner,
            share: Some((1, 1)),
            from: Some("2020-01-01".into()),
            until: None,
            vouched_by: None,
        },
    )
    .await
    .expect("related");
    Stage {
        house,
        c,
        by,
        room,
        wang,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_code_typed_five_ways_finds_the_same_room() {
    let s = stage().await;
    for typed in [
        "3棟2單元1801",
        "3-2-1801",
        "３栋２单元１８０１室",
        "3#2-1801",
        " 三棟二單元1801 ",
    ] {
        let found = find_room(&s.house, s.c, typed).await.expect("readable");
        assert_eq!(found.map(|r| r.id), Some(s.room), "{typed}");
    }
    assert_eq!(
        find_room(&s.house, s.c, "3-2-1802")
            .await
            .expect("readable"),
        None
    );
    assert!(matches!(
        add_room(&s.house, &s.by, s.c, "3-2-1801", &RoomDraft::default()).await,
        Err(RosterError::RoomTaken)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_compound_sees_nothing() {
    let s = stage().await;
    let other = compound(&s.house, "蘭庭").await.number;
    let by = specialist(&s.house, other);
    assert_eq!(
        find_room(&s.house, other, "3-2-1801")
            .await
            .expect("readable"),
        None
    );
    assert_eq!(room(&s.house, other, s.room).await.expect("readable"), None);
    assert!(matches!(
        person(&s.house, &by, other, s.wang).await,
        Err(RosterError::NoSuchParty)
    ));
    for query in ["王小明", "1234", "3-2"] {
        assert_eq!(
            search(&s.house, &by, other, query, 10)
                .await
                .expect("readable"),
            vec![]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_compared_with_its_reason() {
    let s = stage().await;
    let phone = Phone::parse("13700001234").expect("a phone");
    let other = Phone::parse("13700009999").expect("a phone");
    let id = ResidentId::parse("11010519491231002X").expect("an id");
    let ask = |name, phone| Claim {
        room: s.room,
        name,
        phone: Some(phone),
        document: Some(&id),
        relation: Some(Tie::Owner),
    };
    let sound = claim(&s.house, s.c, &ask("王 小明", &phone))
        .await
        .expect("compared");
    assert_eq!(sound.name, Match::Pass("spacing"));
    assert_eq!(sound.phone, Match::Pass("on_roster"));
    assert_eq!(sound.document, Match::Pass("on_roster"));
    assert_eq!(
        (sound.party, sound.relation),
        (Some(s.wang), Match::Pass("same"))
    );
    assert_eq!(sound.relation_on_roster, Some(Tie::Owner));
    let wrong = claim(&s.house, s.c, &ask("王小明", &other))
        .await
        .expect("compared");
    assert_eq!(wrong.phone, Match::Fail("another"));
    let stranger = claim(&s.house, s.c, &ask("李娜", &phone))
        .await
        .expect("compared");
    assert_eq!(
        (stranger.name, stranger.party),
        (Match::Fail("another"), None)
    );
    let room = add_room(&s.house, &s.by, s.c, "1-1-101", &RoomDraft::default())
        .await
        .expect("added");
    let elsewhere = claim(
        &s.house,
        s.c,
        &Claim {
            room,
            ..ask("王小明", &phone)
        },
    )
    .await
    .expect("compared");
    assert_eq!(elsewhere.name, Match::Unknown("nobody"));
    assert_eq!(elsewhere.same_phone_elsewhere, vec![s.room]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_owner_keeps_the_former_ownership() {
    let s = stage().await;
    let owners = [
        NewOwner::New {
            person: Box::new(named("李娜", &["13700005678"])),
            share: Some((1, 2)),
        },
        NewOwner::New {
            person: Box::new(named("陳偉", &[])),
            share: Some((1, 2)),
        },
    ];
    let done = transfer(&s.house, &s.by, s.c, s.room, &owners, "2026-03-01")
        .await
        .expect("transferred");
    assert_eq!(done.former, vec![s.wang]);
    let people = people_of_room(&s.house, s.c, s.room)
        .await
        .expect("readable");
    let shown: Vec<_> = people
        .iter()
        .map(|p| {
            (
                p.name.as_str(),
                p.relation.stands,
                p.relation.until.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("李*", true, None),
            ("陳*", true, None),
            ("王**", false, Some("2026-03-01"))
        ]
    );
    assert_eq!(people[0].phones, ["137****5678"]);
    let too_much = [NewOwner::New {
        person: Box::new(named("何三", &[])),
        share: Some((3, 2)),
    }];
    assert!(matches!(
        transfer(&s.house, &s.by, s.c, s.room, &too_much, "2026-03-02").await,
        Err(RosterError::Shares)
    ));
    assert_eq!(
        kinds(&s.house, s.c).await.last().map(String::as_str),
        Some("roster.transferred")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn doubles_are_merged_with_both_histories() {
    let s = stage().await;
    let double = add_person(
        &s.house,
        &s.by,
        s.c,
        &named("王小明", &["13700001234", "13700002222"]),
    )
    .await
    .expect("added");
    let room = add_room(&s.house, &s.by, s.c, "B1-023", &RoomDraft::default())
        .await
        .expect("added");
    let draft = RelationDraft {
        room,
        party: double,
        kind: Tie::Owner,
        share: None,
        from: None,
        until: None,
        vouched_by: None,
    };
    relate(&s.house, &s.by, s.c, draft).await.expect("related");
    merge_parties(&s.house, &s.by, s.c, s.wang, double)
        .await
        .expect("merged");
    let page = person(&s.house, &s.by, s.c, s.wang)
        .await
        .expect("readable");
    assert_eq!(page.rooms.len(), 2);
    let mut phones: Vec<_> = page.phones.iter().map(|p| p.1.as_str()).collect();
    phones.sort_unstable();
    assert_eq!(phones, ["137****1234", "137****2222"]);
    let gone = person(&s.house, &s.by, s.c, double)
        .await
        .expect("still told of");
    assert_eq!(gone.party.merged_into, Some(s.wang));
    assert!(matches!(
        merge_parties(&s.house, &s.by, s.c, s.wang, double).await,
        Err(RosterError::NotTwo)
    ));
    let found = search(&s.house, &s.by, s.c, "2222", 10)
        .await
        .expect("readable");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].party.as_ref().map(|p| p.0), Some(s.wang));
}

#[tokio::test(flavor = "multi_thread")]
async fn unmasking_is_in_the_ledger_before_the_value_is_told() {
    let s = stage().await;
    let short = unmask(&s.house, &s.by, s.c, s.wang, Column::Phones, "看看").await;
    assert!(matches!(short, Err(RosterError::Reason)));
    let host = Actor::account(s.house.id(), None, s.c, vec![Role::Host], Door::Web);
    let forbidden = unmask(&s.house, &host, s.c, s.wang, Column::Phones, "核對業主電話").await;
    assert!(matches!(forbidden, Err(RosterError::Forbidden(_))));
    assert!(
        !kinds(&s.house, s.c)
            .await
            .contains(&"roster.unmasked".to_owned())
    );
    let clear = unmask(&s.house, &s.by, s.c, s.wang, Column::Phones, "核對業主電話")
        .await
        .expect("told");
    assert_eq!(clear, ["13700001234"]);
    assert_eq!(
        kinds(&s.house, s.c).await.last().map(String::as_str),
        Some("roster.unmasked")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_opens_no_more() {
    let s = stage().await;
    s.house
        .keys
        .shred(s.c, s.wang, "asked", s.house.now())
        .await
        .expect("shredded");
    let page = person(&s.house, &s.by, s.c, s.wang)
        .await
        .expect("readable");
    assert!(page.phones.is_empty() && page.documents.is_empty());
    let clear = unmask(
        &s.house,
        &s.by,
        s.c,
        s.wang,
        Column::Workplace,
        "核對工作單位",
    )
    .await;
    assert_eq!(clear.expect("told"), Vec::<String>::new());
    let nothing = PersonDraft::default();
    let seen = page.party.version;
    let changed = edit_person(&s.house, &s.by, s.c, s.wang, seen, &nothing);
    assert!(matches!(changed.await, Err(RosterError::Erased)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_by_code_name_initials_and_phone_tail() {
    let s = stage().await;
    for (query, why) in [
        ("三棟2單元1801", "room"),
        ("1801", "room"),
        ("王小", "name"),
        ("小明", "name"),
        ("wxm", "name"),
        ("1234", "phone"),
        ("137 0000 1234", "phone"),
    ] {
        let hits = search(&s.house, &s.by, s.c, query, 10)
            .await
            .expect("readable");
        assert!(
            hits.iter()
                .any(|h| h.why == why && h.room.as_ref().map(|r| r.id) == Some(s.room)),
            "{query}: {hits:?}"
        );
    }
    assert_eq!(
        search(&s.house, &s.by, s.c, "9876", 10)
            .await
            .expect("readable"),
        vec![]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_over_a_newer_version_is_refused() {
    let s = stage().await;
    let draft = PersonDraft {
        name: Some("王曉明".into()),
        note: Some("已核對證件".into()),
        ..PersonDraft::default()
    };
    let seen = person(&s.house, &s.by, s.c, s.wang)
        .await
        .expect("readable")
        .party
        .version;
    edit_person(&s.house, &s.by, s.c, s.wang, seen, &draft)
        .await
        .expect("changed");
    let again = edit_person(&s.house, &s.by, s.c, s.wang, seen, &draft).await;
    assert!(matches!(again, Err(RosterError::Changed)));
    let found = roster::search(&s.house, &s.by, s.c, "王曉", 10)
        .await
        .expect("readable");
    assert_eq!(found.len(), 1);
}
