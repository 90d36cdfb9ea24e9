//! The archive's shelves: boxes for dossiers, places in shelf order, audits, labels measured
//! in millimetres as they were printed.

mod doors;
mod following;
mod printing;

use std::sync::Arc;

use dossiers::{listing, open};
use foundation::database::{Community, ask};
use foundation::ids::Id;
use foundation::ledger::Door;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;
use roster::rows::RoomFacts;
use roster::{NewOwner, PersonDraft, RelationDraft, RoomDraft, Tie, add_person, add_room, relate};
use shelves::audit::{self, Found};
use shelves::boxes::{self, ArchiveBox, Spot};
use shelves::cabinet::{self, Apart, Draft};
use shelves::selection::{self, Selection};
use shelves::standing::{self, To};
use shelves::{Cabinet, ShelfError, arrange};

use crate::roster::compound;
use crate::support::{TestHouse, transfer};

/// A compound with rooms, their owners and their dossiers.
pub struct Stage {
    pub house: TestHouse,
    pub c: Community,
    pub by: Actor,
    pub manager: Actor,
}

fn actor(house: &TestHouse, c: Community, role: Role) -> Actor {
    Actor::account(house.id(), None, c, vec![role], Door::Web)
}

impl Stage {
    pub async fn with(rooms: &[&str]) -> Stage {
        let house = TestHouse::new().await;
        let c = compound(&house, "春和苑").await.number;
        let by = actor(&house, c, Role::Specialist);
        let manager = actor(&house, c, Role::Manager);
        let stage = Stage {
            house,
            c,
            by,
            manager,
        };
        for room in rooms {
            stage.room(room, "residence").await;
        }
        stage.tend().await;
        stage
    }

    /// A room of 王女士.
    pub async fn room(&self, code: &str, purpose: &str) -> Id {
        let draft = RoomDraft {
            facts: RoomFacts {
                purpose: Some(purpose.into()),
                ..RoomFacts::default()
            },
            note: None,
        };
        let room = add_room(&self.house, &self.by, self.c, code, &draft)
            .await
            .expect("a room");
        let person = PersonDraft {
            name: Some("王女士".into()),
            ..PersonDraft::default()
        };
        let party = add_person(&self.house, &self.by, self.c, &person)
            .await
            .expect("a person");
        let owns = RelationDraft {
            room,
            party,
            kind: Tie::Owner,
            share: Some((1, 1)),
            from: None,
            until: None,
            vouched_by: None,
        };
        relate(&self.house, &self.by, self.c, owns)
            .await
            .expect("an owner");
        room
    }

    /// Dossiers for tenures, boxes for dossiers; how many boxes were made.
    pub async fn tend(&self) -> usize {
        open::tend(&self.house, self.c).await.expect("dossiers");
        boxes::tend(&self.house, &self.by).await.expect("boxes")
    }

    pub async fn cabinet(&self, name: &str, ord: i64, layers: i64, width: i64) -> Id {
        let draft = Draft {
            there: None,
            name: name.into(),
            ord,
            layers,
            width,
        };
        cabinet::set(&self.house, &self.manager, draft)
            .await
            .expect("a cabinet")
    }

    pub async fn boxes(&self) -> Vec<ArchiveBox> {
        let all = Selection::default();
        let found = selection::choose(&self.house, &self.by, &all).await;
        found.expect("boxes").boxes
    }

    pub async fn of(&self, code: &str) -> ArchiveBox {
        let found = self.boxes().await.into_iter().find(|b| b.code == code);
        found.unwrap_or_else(|| panic!("{code} has a box"))
    }

    /// Puts all boxes where they belong; how many were moved.
    pub async fn arrange(&self) -> usize {
        let all = self.plan().await;
        arrange::apply(&self.house, &self.by, &all.digest(), None)
            .await
            .expect("arranged")
    }

    pub async fn plan(&self) -> Arc<arrange::Arrangement> {
        arrange::arrangement(&self.house, &self.by)
            .await
            .expect("a plan")
    }

    /// The boxes to move, with what each comes to stand behind.
    pub async fn moves(&self) -> Vec<(ArchiveBox, Spot, String)> {
        let all = self.plan().await;
        let moves: Vec<arrange::Move> = all.moves().collect();
        let named = arrange::named(&self.house, &self.by, &moves).await;
        let named = named.expect("boxes");
        let said = |id: Id| format!("{} {}", named[&id].code, named[&id].tenure_text());
        let each = moves.iter().map(|m| {
            let behind = m.behind.map_or_else(String::new, said);
            (named[&m.id].clone(), m.to, behind)
        });
        each.collect()
    }

    /// Some cabinets with what stands in them, and how many boxes stand nowhere.
    pub async fn overview(&self) -> (Vec<standing::Filled>, i64) {
        let cabinets = cabinet::all(&self.house, self.c).await.expect("cabinets");
        let filled = standing::overview(&self.house, &self.by, &cabinets).await;
        let nowhere = standing::nowhere(&self.house, &self.by).await;
        (filled.expect("read"), nowhere.expect("counted"))
    }

    pub async fn layer(&self, cabinet: Id, layer: i64) -> Vec<String> {
        let found = standing::on_layer(&self.house, &self.by, cabinet, layer).await;
        let found = found.expect("a layer");
        for (n, one) in found.iter().enumerate() {
            assert_eq!(one.spot.map(|s| s.slot), Some(n as i64 + 1), "no gap");
        }
        found.into_iter().map(|b| b.code).collect()
    }

    /// How many events of a kind the ledger has, and the facts of the last.
    pub async fn told(&self, kind: &str) -> (usize, String) {
        let rows: Vec<(String,)> = self
            .house
            .db
            .all(ask(
                "SELECT body FROM ledger WHERE community = $1 AND kind = $2 ORDER BY seq",
                params![self.c, kind],
            ))
            .await
            .expect("readable");
        let last = rows.last().map_or_else(String::new, |(b,)| b.clone());
        (rows.len(), last)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_dossier_gets_one_box_and_a_parking_space_none_of_its_own() {
    let s = Stage::with(&["3-2-1801", "3-2-1802"]).await;
    let space = s.room("車位B1-023", "parking").await;
    assert_eq!(s.tend().await, 0);
    assert_eq!(s.boxes().await.len(), 2);
    assert_eq!(boxes::without(&s.house, &s.by).await.expect("counted"), 0);
    let flat = s.of("3-2-1801").await;
    assert_eq!((flat.tenure_text().as_str(), flat.spine), ("01·1/1", 20));
    let guest = listing::of_room(&s.house, &s.by, space).await;
    let guest = guest.expect("read").expect("a dossier");
    boxes::share(&s.house, &s.by, guest, flat.id)
        .await
        .expect("shared");
    let found = boxes::of_dossier(&s.house, &s.by, guest).await;
    assert_eq!(found.expect("read")[0].id, flat.id);
    let guests = boxes::guests(&s.house, &s.by, flat.id).await.expect("read");
    assert_eq!(guests, [(guest, "車位B1-023".to_owned())]);
    let other = s.of("3-2-1802").await;
    let refused = boxes::share(&s.house, &s.by, other.dossier, flat.id).await;
    assert!(matches!(refused, Err(ShelfError::Guest)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_may_have_several_boxes_and_its_labels_say_which() {
    let s = Stage::with(&["3-2-1801"]).await;
    let first = s.of("3-2-1801").await;
    let second = boxes::add(&s.house, &s.by, first.dossier, 50)
        .await
        .expect("added");
    let all = s.boxes().await;
    let texts: Vec<String> = all.iter().map(ArchiveBox::tenure_text).collect();
    assert_eq!(texts, ["01·1/2", "01·2/2"]);
    assert_eq!((all[1].id, all[1].spine), (second, 50));
    let stale = boxes::set_spine(&s.house, &s.by, second, 99, 30).await;
    assert!(matches!(stale, Err(ShelfError::Changed)));
    let odd = boxes::set_spine(&s.house, &s.by, second, all[1].version, 45).await;
    assert!(matches!(odd, Err(ShelfError::Spine)));
    boxes::drop_last(&s.house, &s.by, first.dossier)
        .await
        .expect("dropped");
    let left = boxes::drop_last(&s.house, &s.by, first.dossier).await;
    assert!(matches!(left, Err(ShelfError::Boxes)));
    assert_eq!(s.of("3-2-1801").await.tenure_text(), "01·1/1");
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_stand_in_shelf_order_and_a_new_one_moves_no_other() {
    let rooms = ["10-1-101", "2-1-101", "2-1-1001", "1-1-102", "1-1-101"];
    let s = Stage::with(&rooms).await;
    let b = s.cabinet("B櫃", 2, 2, 400).await;
    let a = s.cabinet("A櫃", 1, 2, 400).await;
    assert_eq!(s.moves().await.len(), 5);
    assert_eq!(s.arrange().await, 5);
    assert_eq!(s.layer(a, 1).await, ["1-1-101", "1-1-102"]);
    assert_eq!(s.layer(a, 2).await, ["2-1-101", "2-1-1001"]);
    assert_eq!(s.layer(b, 1).await, ["10-1-101"]);
    assert_eq!(s.moves().await.len(), 0);
    let (filled, nowhere) = s.overview().await;
    assert_eq!(nowhere, 0);
    let layer = &filled[0].layers[0];
    assert_eq!(filled[0].cabinet.name, "A櫃");
    assert_eq!((layer.boxes, layer.used, layer.free), (2, 40, 360));
    assert_eq!(
        (layer.first.as_str(), layer.last.as_str()),
        ("1-1-101", "1-1-102")
    );
    s.room("2-1-501", "residence").await;
    assert_eq!(s.tend().await, 1);
    let moves = s.moves().await;
    assert_eq!(moves.len(), 1);
    assert_eq!(moves[0].0.code, "2-1-501");
    assert_eq!(moves[0].2, "2-1-101 01·1/1");
    assert_eq!(s.arrange().await, 1);
    assert_eq!(s.layer(a, 2).await, ["2-1-101", "2-1-501", "2-1-1001"]);
    let (count, facts) = s.told("shelves.arranged").await;
    assert_eq!(count, 2);
    let id = s.of("2-1-501").await.id;
    assert_eq!(facts, format!("{{\"boxes\":[\"{id}\"],\"count\":1}}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_changed_hands_gets_a_new_box_beside_the_old_one() {
    let s = Stage::with(&["1-1-101", "1-1-102"]).await;
    let a = s.cabinet("A櫃", 1, 1, 400).await;
    s.arrange().await;
    printing::print(&s, &Selection::default()).await;
    let room = s.of("1-1-101").await.room;
    let next = PersonDraft {
        name: Some("陳先生".into()),
        ..PersonDraft::default()
    };
    let next = add_person(&s.house, &s.by, s.c, &next)
        .await
        .expect("a person");
    let owner = NewOwner::Known {
        party: next,
        share: Some((1, 1)),
    };
    transfer(&s.house, &s.by, s.c, room, &[owner], "2026-03-02")
        .await
        .expect("handed over");
    assert_eq!(s.tend().await, 1);
    let moves = s.moves().await;
    let seen: Vec<String> = moves.iter().map(|m| m.0.tenure_text()).collect();
    assert_eq!((seen, moves[0].1.slot), (vec!["02·1/1".to_owned()], 2));
    s.arrange().await;
    assert_eq!(s.layer(a, 1).await, ["1-1-101", "1-1-101", "1-1-102"]);
    // The old box keeps its label; the new one wants its first.
    let boxes = s.boxes().await;
    let wants: Vec<bool> = boxes.iter().map(ArchiveBox::wants_label).collect();
    assert_eq!(wants, [false, true, false]);
    assert_ne!(boxes[0].number, boxes[1].number);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_carried_out_as_it_was_seen_or_not_at_all() {
    let s = Stage::with(&["1-1-101", "1-1-102", "1-1-103"]).await;
    let a = s.cabinet("A櫃", 1, 1, 400).await;
    let seen = s.plan().await.digest();
    let one = s.of("1-1-102").await;
    let to = To {
        cabinet: a,
        layer: 1,
        slot: None,
    };
    standing::move_box(&s.house, &s.by, one.id, one.version, Some(to))
        .await
        .expect("moved");
    let stale = arrange::apply(&s.house, &s.by, &seen, None).await;
    assert!(matches!(stale, Err(ShelfError::Changed)), "{stale:?}");
    let all = s.plan().await;
    let third = s.of("1-1-103").await.id;
    let some = arrange::apply(&s.house, &s.by, &all.digest(), Some(&[third])).await;
    assert_eq!(some.expect("one of two"), 1);
    assert_eq!(s.layer(a, 1).await, ["1-1-102", "1-1-103"]);
    let none = arrange::apply(&s.house, &s.by, &s.plan().await.digest(), Some(&[])).await;
    assert!(matches!(none, Err(ShelfError::Nothing)));
    assert_eq!(s.arrange().await, 1);
    assert_eq!(s.layer(a, 1).await, ["1-1-101", "1-1-102", "1-1-103"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_layer_gets_more_than_it_is_wide() {
    let s = Stage::with(&["1-1-101", "1-1-102"]).await;
    let a = s.cabinet("A櫃", 1, 1, 200).await;
    for code in ["1-1-101", "1-1-102"] {
        let one = s.of(code).await;
        let stays = boxes::set_spine(&s.house, &s.by, one.id, one.version, 60).await;
        assert!(stays.expect("wider"), "it stands nowhere yet");
    }
    let first = s.of("1-1-101").await;
    for mm in [60, 60] {
        boxes::add(&s.house, &s.by, first.dossier, mm)
            .await
            .expect("added");
    }
    let to = To {
        cabinet: a,
        layer: 1,
        slot: Some(1),
    };
    let all = s.boxes().await;
    for one in &all[..3] {
        standing::move_box(&s.house, &s.by, one.id, one.version, Some(to))
            .await
            .expect("three of 60 mm");
    }
    let last = &all[3];
    let full = standing::move_box(&s.house, &s.by, last.id, last.version, Some(to)).await;
    let narrow = matches!(
        full,
        Err(ShelfError::Full {
            free: 20,
            needed: 60
        })
    );
    assert!(narrow, "{full:?}");
    let plan = s.plan().await;
    assert_eq!(plan.plan.without_place(), 1);
    // A box that grows too wide for its layer stands nowhere; the others close up.
    let narrow = s.boxes().await;
    for one in &narrow[..2] {
        boxes::set_spine(&s.house, &s.by, one.id, one.version, 20)
            .await
            .expect("narrower");
    }
    let last = narrow.last().expect("four").clone();
    let to = To { slot: None, ..to };
    standing::move_box(&s.house, &s.by, last.id, last.version, Some(to))
        .await
        .expect("160 of 200 mm");
    let one = s.boxes().await.swap_remove(0);
    let stays = boxes::set_spine(&s.house, &s.by, one.id, one.version, 60).await;
    assert!(stays.expect("200 mm are full"));
    let two = s.boxes().await.swap_remove(1);
    let stays = boxes::set_spine(&s.house, &s.by, two.id, two.version, 30).await;
    assert!(!stays.expect("210 mm are too many"));
    assert_eq!(s.boxes().await[1].spot, None);
    assert_eq!(s.layer(a, 1).await.len(), 3);
    let last = s.boxes().await.swap_remove(3);
    let lost = To {
        cabinet: a,
        layer: 2,
        slot: None,
    };
    let gone = standing::move_box(&s.house, &s.by, last.id, last.version, Some(lost)).await;
    assert!(matches!(gone, Err(ShelfError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cabinet_keeps_the_layers_that_boxes_stand_on() {
    let s = Stage::with(&["1-1-101"]).await;
    let a = s.cabinet("A櫃", 1, 3, 800).await;
    s.arrange().await;
    let one = s.of("1-1-101").await;
    let to = To {
        cabinet: a,
        layer: 3,
        slot: None,
    };
    standing::move_box(&s.house, &s.by, one.id, one.version, Some(to))
        .await
        .expect("moved");
    let now: Vec<Cabinet> = cabinet::all(&s.house, s.c).await.expect("read");
    let draft = |layers, width, version| Draft {
        there: Some((a, version)),
        name: "A櫃".into(),
        ord: 1,
        layers,
        width,
    };
    let lost = cabinet::set(&s.house, &s.manager, draft(2, 800, now[0].version)).await;
    assert!(matches!(lost, Err(ShelfError::InUse)), "{lost:?}");
    let dropped = cabinet::drop_one(&s.house, &s.manager, a).await;
    assert!(matches!(dropped, Err(ShelfError::InUse)));
    let stale = cabinet::set(&s.house, &s.manager, draft(4, 800, 7)).await;
    assert!(matches!(stale, Err(ShelfError::Changed)));
    let twice = Draft {
        there: None,
        ..draft(2, 800, 0)
    };
    let twice = cabinet::set(&s.house, &s.manager, twice).await;
    assert!(matches!(twice, Err(ShelfError::NameTaken)));
    let one = s.of("1-1-101").await;
    standing::move_box(&s.house, &s.by, one.id, one.version, None)
        .await
        .expect("taken off");
    cabinet::drop_one(&s.house, &s.manager, a)
        .await
        .expect("empty by now");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_look_does_not_move_and_who_moves_sets_up_no_cabinet() {
    let s = Stage::with(&["1-1-101"]).await;
    let a = s.cabinet("A櫃", 1, 1, 400).await;
    let one = s.of("1-1-101").await;
    for role in [Role::Owner, Role::Host, Role::Cashier, Role::Technician] {
        let other = actor(&s.house, s.c, role);
        let seen = boxes::one(&s.house, &other, one.id).await;
        assert!(matches!(seen, Err(ShelfError::Forbidden(_))), "{role:?}");
    }
    let moved = standing::move_box(&s.house, &s.manager, one.id, one.version, None).await;
    assert!(matches!(moved, Err(ShelfError::Forbidden(_))));
    let set = cabinet::set_apart(&s.house, &s.by, Apart::None).await;
    assert!(matches!(set, Err(ShelfError::Forbidden(_))));
    // Another compound's specialist finds nothing here.
    let other = compound(&s.house, "秋實里").await.number;
    let stranger = actor(&s.house, other, Role::Specialist);
    let seen = boxes::one(&s.house, &stranger, one.id).await;
    assert!(matches!(seen, Err(ShelfError::NotFound)));
    let inside = standing::inside(&s.house, &stranger, a).await;
    assert!(matches!(inside.err(), Some(ShelfError::NotFound)));
}

/// The tags of an audit in the order of what was read: u, v, a, e, m, or `.` where right.
fn signs(report: &audit::Report) -> Vec<String> {
    let each = report.lines.iter().map(|l| match l.found {
        Found::Unknown => "u".to_owned(),
        Found::Box {
            void,
            again,
            elsewhere,
            to_move,
            ..
        } => {
            let all = [(void, 'v'), (again, 'a'), (elsewhere, 'e'), (to_move, 'm')];
            let wrong: String = all.iter().filter(|w| w.0).map(|w| w.1).collect();
            if wrong.is_empty() { ".".into() } else { wrong }
        }
    });
    each.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_names_the_fewest_boxes_to_move_and_what_is_wrong() {
    let rooms = ["1-1-101", "1-1-102", "1-1-103", "1-1-104", "1-1-105"];
    let s = Stage::with(&rooms).await;
    let a = s.cabinet("A櫃", 1, 2, 400).await;
    s.arrange().await;
    printing::print(&s, &Selection::default()).await;
    let mut codes = Vec::new();
    for room in rooms {
        codes.push(shelves::code::payload(&s.of(room).await.label));
    }
    let look = |typed: String| {
        let (house, by) = (s.house.house.clone(), s.by.clone());
        async move { audit::look(&house, &by, a, 1, &typed).await.expect("read") }
    };
    let sound = look(codes.join("\n")).await;
    assert!(sound.is_sound());
    // 105 was put back at the left: it alone moves, though all others shifted.
    let read = [4, 0, 1, 2, 3].map(|n: usize| codes[n].to_lowercase());
    let report = look(read.join("\r\n")).await;
    assert_eq!(signs(&report), ["m", ".", ".", ".", "."]);
    // One not read, one read twice, one that is no label, one whose check does not fit.
    let mut broken = codes[3].clone();
    broken.truncate(broken.len() - 1);
    let read = [
        &codes[0], &codes[0], "3-2-1801", &codes[2], &broken, &codes[4],
    ];
    let report = look(read.join("\n")).await;
    assert_eq!(signs(&report), [".", "a", "u", ".", "u", "."]);
    let missing: Vec<&str> = report.missing.iter().map(|b| b.code.as_str()).collect();
    assert_eq!(missing, ["1-1-102", "1-1-104"]);
    // A reprint makes the label on the box an old one.
    let only = Selection {
        rooms: "1-1-102".into(),
        ..Default::default()
    };
    printing::print(&s, &only).await;
    let report = look(codes.join("\n")).await;
    assert_eq!(signs(&report), [".", "v", ".", ".", "."]);
    let (one, void) = audit::scan(&s.house, &s.by, &codes[1])
        .await
        .expect("known");
    assert_eq!((one.code.as_str(), void), ("1-1-102", true));
    let (count, facts) = s.told("shelves.audited").await;
    assert_eq!(count, 4);
    assert!(facts.contains("\"voided\":1") && facts.contains("\"scanned\":5"));
    let (filled, _) = s.overview().await;
    let last = filled[0].layers[0].audited.expect("kept");
    assert_eq!((last.scanned, last.voided, last.missing), (5, 1, 0));
    // Another compound knows none of these labels.
    let other = compound(&s.house, "秋實里").await.number;
    let stranger = actor(&s.house, other, Role::Specialist);
    let scanned = audit::scan(&s.house, &stranger, &codes[0]).await;
    assert!(matches!(scanned, Err(ShelfError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_can_become_the_record() {
    let rooms = ["1-1-101", "1-1-102", "2-1-101"];
    let s = Stage::with(&rooms).await;
    let a = s.cabinet("A櫃", 1, 2, 400).await;
    s.arrange().await;
    printing::print(&s, &Selection::default()).await;
    let code = |b: &ArchiveBox| shelves::code::payload(&b.label);
    let (first, second) = (s.of("1-1-101").await, s.of("1-1-102").await);
    let third = s.of("2-1-101").await;
    let typed = format!("{}\n{}", code(&third), code(&first));
    let report = audit::look(&s.house, &s.by, a, 1, &typed)
        .await
        .expect("read");
    assert_eq!(signs(&report), ["em", "."]);
    let count = audit::record(&s.house, &s.by, a, 1, &typed).await;
    assert_eq!(count.expect("recorded"), 2);
    assert_eq!(s.layer(a, 1).await, ["2-1-101", "1-1-101"]);
    assert_eq!(s.layer(a, 2).await, [""; 0]);
    assert_eq!(s.of("1-1-102").await.spot, None);
    let unknown = format!("{typed}\nYZ1:NOTHING");
    let refused = audit::record(&s.house, &s.by, a, 1, &unknown).await;
    assert!(matches!(refused, Err(ShelfError::NotFound)));
    assert_eq!(s.of("1-1-102").await.id, second.id);
}
