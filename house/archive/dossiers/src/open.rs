//! Tenures get their dossiers: one is opened when a room gets its first owner, and the next
//! when none of the owners stayed. A change of one co-owner continues the tenure.

use std::collections::{BTreeMap, BTreeSet};

use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use crate::dossier::{Dossier, Life};
use crate::kind::Kinds;
use crate::policy::Policy;
use crate::store::{self, following};
use crate::{ArchiveError, describe, events, number, sealing};

/// Rooms looked at in one go.
const TAKE: i64 = 200;

/// What a dossier is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub id: Id,
    pub code: String,
    pub normal: String,
    pub sort_key: Vec<u8>,
    pub phase: String,
    pub zone: String,
    pub building: String,
    pub unit: String,
    pub purpose: Option<String>,
    pub state: Option<String>,
    pub moved_in: Option<String>,
}

impl FromRow for Home {
    fn from_row(row: &mut Row) -> Result<Home, DbError> {
        Ok(Home {
            id: row.next()?,
            code: row.next()?,
            normal: row.next()?,
            sort_key: row.next()?,
            phase: row.next()?,
            zone: row.next()?,
            building: row.next()?,
            unit: row.next()?,
            purpose: row.next()?,
            state: row.next()?,
            moved_in: row.next()?,
        })
    }
}

/// The newest dossier of a room, as far as following needs it.
struct Newest {
    id: Id,
    tenure: i64,
    life: Life,
    asked: Kinds,
    code: String,
    sort_key: Vec<u8>,
    building: String,
}

/// What is to be written for a chunk of rooms.
#[derive(Default)]
struct Plan {
    open: Vec<(Dossier, String, Vec<Id>)>,
    close: Vec<(Id, Id, String)>,
    repeat: Vec<(Id, Home, Kinds)>,
    join: Vec<(Id, Id)>,
    /// The papers of former tenures stand beside the present ones.
    stand: Vec<(Id, Vec<u8>)>,
}

impl Plan {
    fn is_empty(&self) -> bool {
        self.open.is_empty()
            && self.close.is_empty()
            && self.repeat.is_empty()
            && self.join.is_empty()
            && self.stand.is_empty()
    }
}

/// Goes through all rooms of a compound: after an import, and when the policy changed.
/// Returns how many dossiers were opened.
pub async fn tend(house: &House, c: Community) -> Result<usize, ArchiveError> {
    let policy = Policy::of(house, c).await?;
    let (mut key, mut id) = (Vec::new(), String::new());
    let mut opened = 0;
    loop {
        let asked = following::homes_after(c, &key, &id, TAKE);
        let homes: Vec<Home> = house.db.all(asked).await?;
        let Some(last) = homes.last() else { break };
        key.clone_from(&last.sort_key);
        id = last.id.to_string();
        let full = homes.len() as i64 == TAKE;
        opened += settle(house, c, &policy, homes).await?;
        if !full {
            break;
        }
    }
    take_back(house, c).await?;
    Ok(opened)
}

/// The same for some rooms that something happened to.
pub async fn refresh(house: &House, c: Community, rooms: &[Id]) -> Result<usize, ArchiveError> {
    let policy = Policy::of(house, c).await?;
    let mut opened = 0;
    for part in rooms.chunks(TAKE as usize) {
        let homes: Vec<Home> = house.db.all(following::homes(c, part)).await?;
        opened += settle(house, c, &policy, homes).await?;
        // A name that was put right changes no dossier, and what is said of it.
        describe::follow(house, c, part).await?;
    }
    Ok(opened)
}

async fn settle(
    house: &House,
    c: Community,
    policy: &Policy,
    homes: Vec<Home>,
) -> Result<usize, ArchiveError> {
    let ids: Vec<Id> = homes.iter().map(|h| h.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let (owners, newest, parties) = known(house, c, &ids).await?;
    let mut plan = Plan {
        stand: house.db.all(following::elsewhere(c, &ids)).await?,
        ..Plan::default()
    };
    for home in homes {
        let now = owners.get(&home.id).cloned().unwrap_or_default();
        let there = newest.get(&home.id);
        match there.filter(|d| d.life == Life::Open) {
            Some(d) => {
                let theirs = parties.get(&d.id).cloned().unwrap_or_default();
                let stayed = now.iter().any(|(p, _)| theirs.contains(p));
                if now.is_empty() || stayed || theirs.is_empty() {
                    let new = now.iter().filter(|(p, _)| !theirs.contains(p));
                    plan.join.extend(new.map(|(p, _)| (d.id, *p)));
                    let asked = policy.asked(&home);
                    let same = d.code == home.code
                        && d.sort_key == home.sort_key
                        && d.building == home.building
                        && d.asked == asked;
                    if !same {
                        plan.repeat.push((d.id, home, asked));
                    }
                } else {
                    let today = house.now().date().to_string();
                    let day = now.iter().find_map(|(_, day)| day.clone());
                    plan.close.push((d.id, home.id, day.unwrap_or(today)));
                    plan.open
                        .push(begun(house, policy, home, d.tenure + 1, &now));
                }
            }
            None if now.is_empty() => {}
            None => {
                let tenure = there.map_or(0, |d| d.tenure) + 1;
                plan.open.push(begun(house, policy, home, tenure, &now));
            }
        }
    }
    carry_out(house, c, plan).await
}

/// The owners of rooms, since when they own.
type Owners = BTreeMap<Id, Vec<(Id, Option<String>)>>;

async fn known(
    house: &House,
    c: Community,
    rooms: &[Id],
) -> Result<(Owners, BTreeMap<Id, Newest>, BTreeMap<Id, BTreeSet<Id>>), DbError> {
    let mut owners = Owners::new();
    let rows: Vec<(Id, Id, Option<String>)> = house.db.all(following::owners_of(c, rooms)).await?;
    for (room, party, day) in rows {
        owners.entry(room).or_default().push((party, day));
    }
    type Found = (Id, Id, i64, Life, Kinds, String, Vec<u8>, String);
    let rows: Vec<Found> = house.db.all(following::newest_of(c, rooms)).await?;
    let newest: BTreeMap<Id, Newest> = rows
        .into_iter()
        .map(
            |(room, id, tenure, life, asked, code, sort_key, building)| {
                let newest = Newest {
                    id,
                    tenure,
                    life,
                    asked,
                    code,
                    sort_key,
                    building,
                };
                (room, newest)
            },
        )
        .collect();
    let dossiers: Vec<Id> = newest.values().map(|d| d.id).collect();
    let mut parties: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    if !dossiers.is_empty() {
        let rows: Vec<(Id, Id)> = house.db.all(following::parties_of(c, &dossiers)).await?;
        for (dossier, party) in rows {
            parties.entry(dossier).or_default().insert(party);
        }
    }
    Ok((owners, newest, parties))
}

fn begun(
    house: &House,
    policy: &Policy,
    home: Home,
    tenure: i64,
    owners: &[(Id, Option<String>)],
) -> (Dossier, String, Vec<Id>) {
    let asked = policy.asked(&home);
    let since = owners.iter().find_map(|(_, day)| day.clone());
    // When a later ownership began, the roster's 入住時間 is still that of the first.
    let began = if tenure == 1 {
        home.moved_in.clone().or(since)
    } else {
        since.or_else(|| Some(house.now().date().to_string()))
    };
    let whole = format!("{}-{tenure:02}", home.normal);
    let fallback = format!("{whole}-{}", number::check_character(&whole));
    let dossier = Dossier {
        id: house.id(),
        room: home.id,
        tenure,
        number: policy.rule.number(&home, tenure),
        code: home.code,
        sort_key: home.sort_key,
        building: home.building,
        life: Life::Open,
        asked,
        have: Kinds::NONE,
        missing: asked,
        waiting: 0,
        documents: 0,
        pages: 0,
        began,
        ended: None,
        opened_at: house.now(),
    };
    (dossier, fallback, owners.iter().map(|(p, _)| *p).collect())
}

async fn carry_out(house: &House, c: Community, plan: Plan) -> Result<usize, ArchiveError> {
    if plan.is_empty() {
        return Ok(0);
    }
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            for (dossier, room, day) in &plan.close {
                if tx.execute(store::close(c, *dossier, day, now))? > 0 {
                    describe::plan(&mut tx, *dossier)?;
                    tx.also(
                        Event::new(events::CLOSED)
                            .about("dossier", *dossier)
                            .to(Audience::Staff)
                            .with("room", *room),
                    )?;
                    sealing::seal_identity(&mut tx, *dossier)?;
                }
            }
            for (id, home, asked) in &plan.repeat {
                let (key, building) = (&home.sort_key, &home.building);
                let repeat = following::repeat(c, *id, &home.code, key, building, *asked);
                tx.execute(repeat)?;
                describe::plan(&mut tx, *id)?;
            }
            for (id, key) in &plan.stand {
                tx.execute(following::stand(c, *id, key))?;
            }
            let mut opened = Vec::new();
            for (mut dossier, fallback, owners) in plan.open {
                if tx.execute(store::insert(c, &dossier))? == 0 {
                    // The rule gives two rooms one number: this one goes by its whole code.
                    dossier.number = fallback;
                    if tx.execute(store::insert(c, &dossier))? == 0 {
                        continue;
                    }
                }
                for party in owners {
                    tx.execute(store::owner(c, dossier.id, party))?;
                }
                opened.push(dossier.id);
            }
            for (dossier, party) in &plan.join {
                tx.execute(store::owner(c, *dossier, *party))?;
                describe::plan(&mut tx, *dossier)?;
            }
            let count = opened.len();
            if count > 0 {
                tx.also(
                    Event::new(events::OPENED)
                        .to(Audience::Staff)
                        .with("dossiers", opened),
                )?;
            }
            let event = Event::new(events::FOLLOWED)
                .with("opened", count as i64)
                .with("rooms", plan.repeat.len() as i64)
                .with("owners", plan.join.len() as i64);
            Ok::<_, ArchiveError>(tx.record(event, count)?)
        })
        .await
}

/// Empty dossiers of rooms that an undone import took away.
async fn take_back(house: &House, c: Community) -> Result<(), ArchiveError> {
    loop {
        let found: Vec<(Id,)> = house.db.all(following::orphans(c, TAKE)).await?;
        let ids: Vec<Id> = found.into_iter().map(|(id,)| id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        house
            .write(c, &Actor::system(c).who(), move |mut tx| {
                let now = tx.now();
                tx.execute(following::void(c, &ids, now))?;
                let event = Event::new(events::VOIDED)
                    .to(Audience::Staff)
                    .with("dossiers", ids);
                Ok::<_, ArchiveError>(tx.record(event, ())?)
            })
            .await?;
    }
}
