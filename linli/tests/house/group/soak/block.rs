//! A compound of many small buildings, furnished in a moment: each has its channel and
//! three people, and all share the main one.

use std::path::Path;
use std::sync::Arc;

use ::group::{ChannelKind, channels, reading};
use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::database::{Community, HOUSE, ask};
use foundation::house::{House, Opening};
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Kind, Who};
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;

use super::notes::{Party, Person};

pub const C: Community = Community(1);
/// People of one building.
pub const PEOPLE: usize = 3;
const MADE: Kind = Kind::new("test.made", 1);
const SURNAMES: [&str; 3] = ["王小明", "李娜", "張建國"];

/// Opens the house in a folder; each opening has a chance of its own, as in service.
pub async fn open(folder: &Path, url: Option<String>, clock: HandClock, seed: u64) -> Arc<House> {
    packed::furnish();
    let opened = House::open(Opening {
        data_dir: folder.join("data"),
        db_url: url,
        keys_url: None,
        key_file: Some(folder.join("site.key")),
        passphrase: None,
        clock: Arc::new(clock),
        chance: Arc::new(Chance::from_seed(seed)),
    });
    Arc::new(opened.await.expect("the house opens"))
}

pub fn owner(account: Id) -> Actor {
    Actor::account(account, None, C, vec![Role::Owner], Door::Web)
}

/// The same host in every opening.
pub fn host(account: Id) -> Actor {
    Actor::account(account, None, C, vec![Role::Host], Door::Web)
}

/// Builds the compound; its host and its parties, each with so many steps to do.
pub async fn build(house: &House, parties: u64, steps: u32) -> (Id, Vec<Party>) {
    let leader = house.id();
    let mut people = Vec::new();
    for number in 0..parties {
        for _ in 0..PEOPLE {
            people.push((number, house.id(), house.id(), house.id()));
        }
    }
    let rows = people.clone();
    let stamp = house.stamp(&Who::operator());
    let made = house.db.write_across(vec![HOUSE], stamp, |mut tx| {
        tx.execute(ask(
            "INSERT INTO community (number, slug, name, company, created_at, phone_bits, \
             tail_bits, document_bits, settings) VALUES ($1, 'lanting', '蘭庭', NULL, 0, 12, \
             10, 12, '{}')",
            params![C],
        ))?;
        tx.open_log(C)?;
        tx.record(Event::new(MADE), ())
    });
    made.await.expect("a compound is made");
    let stamp = house.stamp(&Who::operator());
    let made = house.db.write_across(vec![HOUSE, C], stamp, move |mut tx| {
        let mut grant = |account: Id, role: Role| {
            tx.execute(ask(
                "INSERT INTO account (id, name, handle, phone, phone_blind, state, created_at) \
                 VALUES ($1, $2, NULL, NULL, NULL, 'active', 0)",
                params![account, role.word()],
            ))?;
            tx.execute(ask(
                "INSERT INTO role_grant (community, account, role, person, from_at, until_at) \
                 VALUES ($1, $2, $3, NULL, 0, NULL)",
                params![C, account, role.word()],
            ))
        };
        grant(leader, Role::Host)?;
        for (_, account, ..) in &rows {
            grant(*account, Role::Owner)?;
        }
        for (n, (number, account, room, member)) in rows.iter().enumerate() {
            let (code, building) = (format!("{}-1-{}", number + 1, n + 101), building(*number));
            tx.execute(ask(
                "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, zone, \
                 building, unit, version, held, import, created_at) VALUES ($1, $2, $3, $3, '', \
                 $4, '', '', $5, '1', 1, 0, '', 0)",
                params![C, *room, &code, code.as_bytes(), &building],
            ))?;
            let name = SURNAMES[n % PEOPLE];
            tx.execute(ask(
                "INSERT INTO member (community, id, application, account, party, room, room_code, \
                 relation, name, name_key, state, version, since, changed_at, until_at, ended_at, \
                 reason, words, notice_only, removal_by, removal_at, removal_words, removal_days) \
                 VALUES ($1, $2, NULL, $3, NULL, $4, $5, 'owner', $6, $6, 'active', 1, 0, 0, NULL, \
                 NULL, '', '', 0, NULL, NULL, '', NULL)",
                params![C, *member, *account, *room, &code, name],
            ))?;
            tx.execute(ask(
                "INSERT INTO conduct_acceptance (community, account, rules_version, at) \
                 VALUES ($1, $2, 1, 0)",
                params![C, *account],
            ))?;
        }
        tx.record(Event::new(MADE), ())
    });
    made.await.expect("people move in");
    let by = host(leader);
    let here = channels::of(house, &by).await.expect("channels");
    let main = here.iter().find(|one| one.kind == ChannelKind::Main);
    let main = main.expect("the first look makes it").id;
    let mut out = Vec::new();
    for number in 0..parties {
        let name = building(number);
        let channel = channels::open(house, &by, &name, &name).await;
        let mut party = Party {
            number,
            channel: channel.expect("opened"),
            main,
            people: Vec::new(),
            sendings: Vec::new(),
            steps,
        };
        for (_, account, ..) in people.iter().filter(|p| p.0 == number) {
            let view = reading::view(house, &owner(*account)).await;
            party.people.push(Person {
                account: *account,
                view: view.expect("a view"),
            });
        }
        out.push(party);
    }
    (leader, out)
}

fn building(number: u64) -> String {
    format!("{}棟", number + 1)
}
