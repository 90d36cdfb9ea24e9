//! A compound with three rooms (or more), two fee items and the people of the desk.

use fees::{
    Basis, Fen, ItemDraft, ItemKind, NewPayment, PartMonth, Period, Way, account, make_item,
};
use foundation::communities;
use foundation::database::{Community, DbError, Look, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Kind, Who};
use foundation::params;
use jiff::civil::date;
use permissions::Role;
use permissions::actor::Actor;

use crate::support::TestHouse;

pub struct Street {
    pub house: TestHouse,
    pub community: Community,
    pub manager: Actor,
    pub cashier: Actor,
    /// The manager of another compound.
    pub other: Actor,
    /// 89.35 m², 120 m², unknown; from the fourth on 120 m².
    pub rooms: Vec<Id>,
    pub property: Id,
}

pub fn march() -> Period {
    "2026-03".parse().expect("a month")
}

pub fn payment(room: Id, fen: i64) -> NewPayment {
    NewPayment {
        room,
        paid_on: date(2026, 3, 2),
        way: Way::Cash,
        amount: Fen(fen),
        receipt: String::new(),
        payer: "王女士".into(),
        note: String::new(),
        named: Vec::new(),
        once: None,
    }
}

fn staff(house: &House, c: Community, roles: &[Role]) -> Actor {
    Actor::account(house.id(), None, c, roles.to_vec(), Door::Web)
}

const SET_UP: Kind = Kind::new("test.set_up", 1);

impl Street {
    pub async fn new() -> Street {
        Street::with_rooms(3).await
    }

    pub async fn with_rooms(count: usize) -> Street {
        let house = TestHouse::new().await;
        let made = furnish(&house, count).await;
        Street {
            community: made.community,
            cashier: staff(&house, made.community, &[Role::Cashier]),
            other: staff(&house, made.other, &[Role::Manager]),
            manager: made.manager,
            rooms: made.rooms,
            property: made.property,
            house,
        }
    }

    pub fn actor(&self, roles: &[Role]) -> Actor {
        staff(&self.house, self.community, roles)
    }

    /// The room's newest bill.
    pub async fn bill_of(&self, room: Id) -> Id {
        let view = account(&self.house, &self.manager, room).await;
        view.expect("an account").bills[0].id
    }

    /// An owner of the room, signed in.
    pub async fn owner_of(&self, room: Id) -> Actor {
        let (person, relation) = (self.house.id(), self.house.id());
        let c = self.community;
        let made: Result<(), DbError> = self
            .house
            .write(c, &Who::operator(), move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO relation (community, id, room, party, kind, ended_why, version, import, created_at) \
                     VALUES ($1, $2, $3, $4, 'owner', '', 1, '', 0)",
                    params![c, relation, room, person],
                ))?;
                tx.record(Event::new(SET_UP), ())
            })
            .await;
        made.expect("an owner");
        Actor::account(
            self.house.id(),
            Some(person),
            c,
            vec![Role::Owner],
            Door::Web,
        )
    }

    /// The kinds of all events of the compound, in order.
    pub async fn kinds(&self) -> Vec<String> {
        let rows: Vec<(String,)> = self
            .house
            .db
            .all(ask(
                "SELECT kind FROM ledger WHERE community = $1 ORDER BY seq LIMIT 10000",
                params![self.community],
            ))
            .await
            .expect("the ledger is readable");
        rows.into_iter().map(|(kind,)| kind).collect()
    }

    /// How many events a compound's ledger holds.
    pub async fn size(&self, c: Community) -> i64 {
        let (n,): (i64,) = self
            .house
            .db
            .one(ask(
                "SELECT COUNT(*) FROM ledger WHERE community = $1",
                params![c],
            ))
            .await
            .expect("the ledger is readable");
        n
    }

    /// One sum of the books.
    pub async fn sum(&self, sql: &'static str) -> i64 {
        let (n,): (i64,) = self
            .house
            .db
            .one(ask(sql, params![self.community]))
            .await
            .expect("the books are readable");
        n
    }
}

/// What is put into an empty house.
pub struct Furnished {
    pub community: Community,
    pub other: Community,
    pub manager: Actor,
    pub rooms: Vec<Id>,
    pub property: Id,
}

/// Two compounds, the rooms of the first, and its two fee items.
pub async fn furnish(house: &House, count: usize) -> Furnished {
    let who = Who::operator();
    let mut numbers = Vec::new();
    for name in ["春和園", "秋實里"] {
        let compound = communities::create(house, &who, name, 100).await;
        numbers.push(compound.expect("a compound").number);
    }
    let community = numbers[0];
    let manager = staff(house, community, &[Role::Manager]);
    let rooms: Vec<Id> = (0..count).map(|_| house.id()).collect();
    add_rooms(house, community, rooms.clone()).await;
    let draft = |name: &str, kind, basis, applies_to: &str| ItemDraft {
        name: name.into(),
        kind,
        basis,
        applies_to: applies_to.into(),
        due_day: 31,
        due_months: 0,
        active_from: "2026-01".parse().expect("a month"),
        active_until: None,
        part_month: PartMonth::Whole,
    };
    let fee = draft("物業費", ItemKind::Property, Basis::Area, "");
    let property = make_item(house, &manager, fee, Some(28_500)).await;
    let parking = draft("車位費", ItemKind::Parking, Basis::Fixed, "shop");
    make_item(house, &manager, parking, Some(30_000))
        .await
        .expect("an item");
    Furnished {
        community,
        other: numbers[1],
        manager,
        rooms,
        property: property.expect("an item"),
    }
}

async fn add_rooms(house: &House, c: Community, rooms: Vec<Id>) {
    let made: Result<(), DbError> = house
        .write(c, &Who::operator(), move |mut tx| {
            for (i, room) in rooms.iter().enumerate() {
                let code = format!("3-2-{}", 1001 + i);
                let area: Option<i64> = match i {
                    0 => Some(8_935),
                    2 => None,
                    _ => Some(12_000),
                };
                let purpose = if i == 0 { "shop" } else { "residence" };
                tx.execute(ask(
                    "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, zone, \
                     building, unit, area, purpose, version, held, import, created_at) \
                     VALUES ($1, $2, $3, $3, $4, $5, '', '', '3', '2', $6, $7, 1, 0, '', 0)",
                    params![
                        c,
                        *room,
                        &code,
                        (1001 + i as i64).to_string(),
                        code.clone().into_bytes(),
                        area,
                        purpose
                    ],
                ))?;
            }
            let (n,): (i64,) = tx.one(ask(
                "SELECT COUNT(*) FROM room_seen WHERE community = $1",
                params![c],
            ))?;
            assert_eq!(n as usize, rooms.len());
            tx.record(Event::new(SET_UP), ())
        })
        .await;
    made.expect("rooms");
}
