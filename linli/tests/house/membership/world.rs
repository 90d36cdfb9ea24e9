//! A small compound with a roster, a desk, and people who want to join.

use foundation::database::{Community, HOUSE, ask};
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Kind, Who};
use foundation::params;
use membership::draft::{self, Answers};
use membership::{Relation, apply};
use permissions::Role;
use permissions::actor::Actor;

use crate::support::TestHouse;

pub const C: Community = Community(1);
const MADE: Kind = Kind::new("test.made", 1);

/// 蘭庭 with its roster: 3-2-1801 王小明 13800138001, 3-2-1802 李娜 13800138002 …
pub struct World {
    pub house: TestHouse,
    pub rooms: Vec<Id>,
    pub specialist: Actor,
    pub supervisor: Actor,
    pub manager: Actor,
    pub host: Actor,
}

pub const NAMES: [&str; 4] = ["王小明", "李娜", "張建國", "陳麗華"];

impl World {
    pub async fn new() -> World {
        World::of(C, TestHouse::new().await).await
    }

    pub async fn of(c: Community, house: TestHouse) -> World {
        house
            .db
            .write_across(vec![HOUSE], house.stamp(&Who::operator()), move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO community (number, slug, name, company, created_at, phone_bits, tail_bits, \
                     document_bits, settings) VALUES ($1, $2, $3, NULL, 0, 12, 10, 12, '{}')",
                    params![c, format!("lanting{c}"), format!("蘭庭{c}")],
                ))?;
                tx.open_log(c)?;
                tx.record(Event::new(MADE), ())
            })
            .await
            .expect("a compound is made");
        let mut rooms = Vec::new();
        for (i, name) in NAMES.iter().enumerate() {
            let (room, person) = (house.id(), house.id());
            let ring = house.keys.make(c, &[person]).await.expect("a key");
            let phone = format!("+861380013800{}", i + 1);
            let phone = house
                .keys
                .seal(&ring, person, "phone", phone.as_bytes())
                .expect("sealed");
            let code = format!("3-2-180{}", i + 1);
            insert_home(&house, c, room, person, &code, name, phone).await;
            rooms.push(room);
        }
        let mut staff = Vec::new();
        for role in [
            Role::Specialist,
            Role::Supervisor,
            Role::Manager,
            Role::Host,
        ] {
            staff.push(employ(&house, c, role).await);
        }
        let mut staff = staff.into_iter();
        let mut one = || staff.next().expect("four were employed");
        World {
            specialist: one(),
            supervisor: one(),
            manager: one(),
            host: one(),
            house,
            rooms,
        }
    }

    /// What the person of the roster's row `i` would fill in.
    pub fn answers(&self, i: usize) -> Answers {
        Answers {
            room_typed: format!("３棟2單元180{}", i + 1),
            room: Some(self.rooms[i]),
            room_code: format!("3-2-180{}", i + 1),
            relation: Some(Relation::Owner),
            name: NAMES[i].into(),
            phone: format!("138 0013 800{}", i + 1),
            privacy: Some(1),
            vouched: true,
            ..Answers::default()
        }
    }

    /// A draft and its sending; the status secret and the application.
    pub async fn applied(&self, answers: Answers) -> (String, Id) {
        let secret = draft::begin(&self.house, C, answers)
            .await
            .expect("a draft");
        let receipt = apply::submit(&self.house, &self.applicant(), &secret)
            .await
            .expect("sent");
        (secret, receipt.application)
    }

    pub fn applicant(&self) -> Actor {
        Actor::link_holder(C)
    }

    /// The kinds of events about a record, oldest first.
    pub async fn told(&self, subject: &str) -> Vec<String> {
        let rows: Vec<(String,)> = self
            .house
            .db
            .all(ask(
                "SELECT kind FROM ledger WHERE community = $1 AND subject = $2 ORDER BY seq",
                params![C, subject],
            ))
            .await
            .expect("the ledger is readable");
        rows.into_iter().map(|r| r.0).collect()
    }
}

async fn insert_home(
    house: &TestHouse,
    c: Community,
    room: Id,
    person: Id,
    code: &str,
    name: &str,
    phone: Vec<u8>,
) {
    let (code, name, id, relation) = (code.to_owned(), name.to_owned(), house.id(), house.id());
    house
        .write(c, &Who::operator(), move |mut tx| {
            tx.execute(ask(
                "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, zone, building, unit, \
                 version, held, import, created_at) VALUES ($1, $2, $3, $3, '', $4, '', '', '3', '2', 1, 0, '', 0)",
                params![c, room, &code, code.as_bytes()],
            ))?;
            tx.execute(ask(
                "INSERT INTO party (community, id, kind, name, name_key, state, version, held, import, created_at) \
                 VALUES ($1, $2, 'person', $3, $4, 'alive', 1, 0, '', 0)",
                params![c, person, &name, hanzi::name::name_key(&name)],
            ))?;
            tx.execute(ask(
                "INSERT INTO party_phone (community, party, id, sealed, blind_phone, blind_tail, main, added_at, import) \
                 VALUES ($1, $2, $3, $4, 0, 0, 1, 0, '')",
                params![c, person, id, phone],
            ))?;
            tx.execute(ask(
                "INSERT INTO relation (community, id, room, party, kind, ended_why, version, import, created_at) \
                 VALUES ($1, $2, $3, $4, 'owner', '', 1, '', 0)",
                params![c, relation, room, person],
            ))?;
            tx.record(Event::new(MADE), ())
        })
        .await
        .expect("a home on the roster");
}

/// Somebody of the office.
pub async fn employ(house: &TestHouse, c: Community, role: Role) -> Actor {
    let id = house.id();
    house
        .db
        .write_across(
            vec![HOUSE, c],
            house.stamp(&Who::operator()),
            move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO account (id, name, handle, phone, phone_blind, state, created_at) \
                 VALUES ($1, $2, NULL, NULL, NULL, 'active', 0)",
                    params![id, role.word()],
                ))?;
                tx.execute(ask(
                    "INSERT INTO role_grant (community, account, role, person, from_at, until_at) \
                 VALUES ($1, $2, $3, NULL, 0, NULL)",
                    params![c, id, role.word()],
                ))?;
                tx.record(Event::new(MADE), ())
            },
        )
        .await
        .expect("somebody is employed");
    Actor::account(id, None, c, vec![role], Door::Web)
}
