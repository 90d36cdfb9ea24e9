//! Which changes there are.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::record::{Record, State};
use crate::{ChangesError, store};

/// Changes on one page of the list.
pub const PAGE: i64 = 50;
/// Changes that a dossier's or a person's page shows.
pub const SHOWN_MAX: i64 = 100;

/// How a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    At,
    Shelf,
}

/// What a list shows; empty says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub sort: Sort,
    /// The last first.
    pub backwards: bool,
    pub state: Option<State>,
    pub source: String,
    pub field: String,
    /// Only what is to be printed anew.
    pub reprint: bool,
    /// Rooms and people that a search found.
    pub found: Option<(Vec<Id>, Vec<Id>)>,
}

/// A place in the list, to go on behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub at: Moment,
    pub key: Vec<u8>,
    pub id: Id,
}

/// The most rooms and people that a search brings.
const FOUND_MAX: usize = 50;

/// What is typed into the search field, as rooms and people.
pub async fn search(
    house: &House,
    by: &Actor,
    typed: &str,
) -> Result<(Vec<Id>, Vec<Id>), ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let hits = roster::search(house, by, by.community, typed, FOUND_MAX).await?;
    let (mut rooms, mut people) = (Vec::new(), Vec::new());
    for hit in hits {
        match (hit.party, hit.room) {
            (Some((party, _)), _) => people.push(party),
            (None, Some(room)) => rooms.push(room.id),
            (None, None) => {}
        }
    }
    Ok((rooms, people))
}

/// A page of changes, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    filter: &Filter,
    after: Option<&Spot>,
) -> Result<(Vec<Record>, bool), ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::page(by.community, filter, after, PAGE + 1);
    let mut found: Vec<Record> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// How many changes a filter finds.
pub async fn count(house: &House, by: &Actor, filter: &Filter) -> Result<i64, ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(store::count(by.community, filter)).await?;
    Ok(n)
}

/// One change.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Record, ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let found: Option<Record> = house.db.optional(store::record(by.community, id)).await?;
    found.ok_or(ChangesError::NotFound)
}

/// A dossier that a change belongs to: id, room, number, and whether it is sealed.
pub struct In {
    pub dossier: Id,
    pub code: String,
    pub number: String,
    pub sealed: bool,
}

/// The dossiers that a change belongs to.
pub async fn dossiers_of(house: &House, by: &Actor, id: Id) -> Result<Vec<In>, ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let rows: Vec<(Id, String, String, dossiers::Life)> =
        house.db.all(store::dossiers_of(by.community, id)).await?;
    Ok(rows
        .into_iter()
        .map(|(dossier, code, number, life)| In {
            dossier,
            code,
            number,
            sealed: life == dossiers::Life::Sealed,
        })
        .collect())
}

/// A dossier's changes, the newest first; none of a sealed one.
pub async fn of_dossier(
    house: &House,
    by: &Actor,
    dossier: Id,
) -> Result<Vec<Record>, ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let there = dossiers::sealing::dossier(house, c, dossier).await?;
    if there.life == dossiers::Life::Sealed {
        return Err(dossiers::ArchiveError::Sealed.into());
    }
    Ok(house
        .db
        .all(store::of_dossier(c, dossier, SHOWN_MAX))
        .await?)
}

/// How many changes wait to be checked, as the bar says it: more than a hundred are a hundred.
pub async fn waiting_few(house: &House, c: Community) -> Result<u32, DbError> {
    let (n,): (i64,) = house.db.one(store::waiting_few(c)).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}

/// The names of people, masked; an organisation's is clear.
pub async fn names(
    house: &House,
    by: &Actor,
    people: &[Id],
) -> Result<BTreeMap<Id, String>, DbError> {
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    let found = roster::tracking::parties(house, by.community, &people).await?;
    Ok(found.into_iter().map(|p| (p.id, p.masked())).collect())
}

/// What a change was and became, masked as it is shown by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    pub was: String,
    pub became: String,
    /// Whether there is something that was left out.
    pub hidden: bool,
}

/// Opens the values of some changes and masks them. Where the person was erased, nothing is
/// left of them.
pub async fn masked(
    house: &House,
    by: &Actor,
    records: &[Record],
) -> Result<BTreeMap<Id, Values>, ChangesError> {
    let clear = opened(house, by, records).await?;
    Ok(clear
        .into_iter()
        .map(|(id, field, was, became)| {
            let mask =
                |text: &Option<String>| text.as_deref().map_or(String::new(), |t| mask(&field, t));
            let values = Values {
                was: mask(&was),
                became: mask(&became),
                hidden: was.is_some() || became.is_some(),
            };
            (id, values)
        })
        .collect())
}

/// Record, field, what it was and became, in clear.
type Clear = (Id, String, Option<String>, Option<String>);

pub(crate) async fn opened(
    house: &House,
    by: &Actor,
    records: &[Record],
) -> Result<Vec<Clear>, ChangesError> {
    let mut people: Vec<Id> = records
        .iter()
        .filter(|r| r.is_datum())
        .filter_map(|r| r.party)
        .collect();
    people.sort_unstable();
    people.dedup();
    let ring = house.keys.ring(by.community, &people).await?;
    let mut out = Vec::with_capacity(records.len());
    for r in records {
        let Some(party) = r.party.filter(|_| r.is_datum()) else {
            continue;
        };
        let open = |side: &Option<Vec<u8>>| match (r.field.as_str(), side) {
            (field, Some(bytes)) if roster::tracking::CLEAR.contains(&field) => {
                Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
            }
            (field, sealed) => roster::contact::open(&ring, party, field, sealed.as_deref()),
        };
        out.push((r.id, r.field.clone(), open(&r.was)?, open(&r.became)?));
    }
    Ok(out)
}

/// As it is shown by default.
fn mask(field: &str, text: &str) -> String {
    match field {
        "phone" => roster::contact::masked_phone(text),
        "name" | "representative" => hanzi::name::masked_name(text),
        // An organisation's code is public, and so is whether somebody lives.
        "uscc" | "state" => text.to_owned(),
        // Words of others: that there are some is all that is said.
        _ => "＊".repeat(text.chars().count().clamp(1, 6)),
    }
}
