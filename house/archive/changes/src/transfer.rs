//! 過戶 as one guided act: who owns from now on and on which paper, what is still to be paid,
//! which keys, who moves out. Kept as a draft, looked at as a whole, done in one write.

pub mod deed;
mod draft;
pub mod preview;
pub mod settle;

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

pub use draft::{Draft, GROUNDS, METERS, NewParty, OWNERS_MAX, Stay};

use crate::store::transfers;
use crate::{ChangesError, events};

/// Where a transfer is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Draft,
    Done,
    /// Taken back on its day.
    Undone,
    /// A draft that was given up.
    Dropped,
}

impl Stage {
    pub const ALL: [Stage; 4] = [Stage::Draft, Stage::Done, Stage::Undone, Stage::Dropped];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Done => "done",
            Stage::Undone => "undone",
            Stage::Dropped => "dropped",
        }
    }

    pub fn from_word(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl FromValue for Stage {
    fn from_value(value: Value) -> Result<Stage, DbError> {
        let word = String::from_value(value)?;
        Stage::from_word(&word).ok_or_else(|| DbError::Shape(format!("a transfer that is {word}")))
    }
}

/// A transfer; its draft lies sealed under the transfer's own key.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub id: Id,
    pub room: Id,
    pub code: String,
    pub dossier: Id,
    pub next: Option<Id>,
    pub stage: Stage,
    sealed: Vec<u8>,
    did: String,
    pub former_pays: bool,
    pub begun_by: Id,
    pub begun_name: String,
    pub begun_at: Moment,
    pub changed_at: Moment,
    pub done_name: String,
    pub done_at: Option<Moment>,
    pub version: i64,
}

impl Transfer {
    /// The draft as it lies in the database.
    pub(crate) fn sealed(&self) -> &[u8] {
        &self.sealed
    }
}

impl FromRow for Transfer {
    fn from_row(row: &mut Row) -> Result<Transfer, DbError> {
        Ok(Transfer {
            id: row.next()?,
            room: row.next()?,
            code: row.next()?,
            dossier: row.next()?,
            next: row.next()?,
            stage: row.next()?,
            sealed: row.next()?,
            did: row.next()?,
            former_pays: row.next()?,
            begun_by: row.next()?,
            begun_name: row.next()?,
            begun_at: row.next()?,
            changed_at: row.next()?,
            done_name: row.next()?,
            done_at: row.next()?,
            version: row.next()?,
        })
    }
}

/// The sealed column.
const DRAFT: &str = "transfer_draft";
/// Transfers on one page of the list.
pub const PAGE: i64 = 50;

/// A page of transfers of a stage, the last changed first, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    stage: Stage,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Transfer>, bool), ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let asked = transfers::page(by.community, stage, after, PAGE + 1);
    let mut found: Vec<Transfer> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// How many there are of a stage.
pub async fn count(house: &House, by: &Actor, stage: Stage) -> Result<i64, ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(transfers::count(by.community, stage)).await?;
    Ok(n)
}

/// One transfer with what was filled in.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<(Transfer, Draft), ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let found: Option<Transfer> = house.db.optional(transfers::one(c, id)).await?;
    let found = found.ok_or(ChangesError::NotFound)?;
    let ring = house.keys.ring(c, &[id]).await?;
    let text = ring.open(id, DRAFT, &found.sealed)?;
    let draft = match text {
        None => Draft::default(),
        Some(text) => serde_json::from_str(&text)
            .map_err(|e| DbError::Shape(format!("a transfer's draft: {e}")))?,
    };
    Ok((found, draft))
}

async fn sealed(house: &House, by: &Actor, id: Id, draft: &Draft) -> Result<Vec<u8>, ChangesError> {
    let text = serde_json::to_string(draft).map_err(|e| DbError::Shape(e.to_string()))?;
    let ring = house.keys.make(by.community, &[id]).await?;
    Ok(house.keys.seal(&ring, id, DRAFT, text.as_bytes())?)
}

/// Begins the draft of a room's transfer, however the room is typed; `name` is the new owner's
/// where it was told already.
///
/// # Errors
/// [`ChangesError::HasDraft`] where there is one; [`ChangesError::NotFound`] where the room has
/// no open dossier.
pub async fn begin(house: &House, by: &Actor, typed: &str, name: &str) -> Result<Id, ChangesError> {
    by.may(Permission::RosterWrite)?;
    let room = roster::find_room(house, by.community, typed).await?;
    let draft = Draft {
        owners: [name.trim()]
            .into_iter()
            .filter(|name| !name.is_empty())
            .map(|name| NewParty {
                name: name.to_owned(),
                ..NewParty::default()
            })
            .collect(),
        ..Draft::default()
    };
    begin_with(house, by, room, draft).await
}

/// A change of owners that a household told of, wherever it did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Owners who own no longer.
    pub leave: Vec<Id>,
    /// Who owns instead or besides: name, and phone or nothing.
    pub come: Vec<(String, String)>,
    /// The answer of the census that says so.
    pub answer: Option<Id>,
}

/// Begins the draft of a room's transfer with what was told; where there is one already, that
/// one is gone on with as it is. What it rests on is still to be shown.
///
/// # Errors
/// [`ChangesError::NotFound`] where the room has no open dossier.
pub async fn propose(house: &House, by: &Actor, room: Id, told: &Told) -> Result<Id, ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let at = roster::room(house, c, room).await?.map(|r| r.at);
    let here = roster::people_of_room(house, c, room).await?;
    let owners = here
        .iter()
        .filter(|p| p.relation.stands && p.relation.kind.owns());
    let share = |share: Option<(i64, i64)>| match share {
        None => String::new(),
        Some((_, 0)) => "共同".to_owned(),
        Some((part, whole)) => format!("{part}/{whole}"),
    };
    let draft = Draft {
        stay: owners
            .filter(|p| !told.leave.contains(&p.party))
            .map(|p| Stay {
                party: Some(p.party),
                share: share(p.relation.share),
            })
            .collect(),
        owners: told
            .come
            .iter()
            .take(OWNERS_MAX)
            .map(|(name, phone)| NewParty {
                name: name.clone(),
                phone: phone.clone(),
                ..NewParty::default()
            })
            .collect(),
        answer: told.answer,
        ..Draft::default()
    };
    match begin_with(house, by, at, draft).await {
        Err(ChangesError::HasDraft(id)) => Ok(id),
        other => other,
    }
}

async fn begin_with(
    house: &House,
    by: &Actor,
    room: Option<roster::RoomRef>,
    draft: Draft,
) -> Result<Id, ChangesError> {
    let c = by.community;
    let account = by.account.ok_or(ChangesError::NotFound)?;
    let room = room.ok_or(ChangesError::NotFound)?;
    let there: Option<(Id,)> = house.db.optional(transfers::draft_of(c, room.id)).await?;
    if let Some((id,)) = there {
        return Err(ChangesError::HasDraft(id));
    }
    let tenures = dossiers::sealing::tenures(house, c, room.id).await?;
    let open = tenures.iter().find(|d| d.life == dossiers::Life::Open);
    let dossier = open.ok_or(ChangesError::NotFound)?.id;
    let id = house.id();
    let draft = Draft {
        day: house.now().date().to_string(),
        ..draft
    };
    let sealed = sealed(house, by, id, &draft).await?;
    let now = house.now();
    let begun = Transfer {
        id,
        room: room.id,
        code: room.code,
        dossier,
        next: None,
        stage: Stage::Draft,
        sealed,
        did: String::new(),
        former_pays: false,
        begun_by: account,
        begun_name: accounts::name_of(house, account).await?,
        begun_at: now,
        changed_at: now,
        done_name: String::new(),
        done_at: None,
        version: 1,
    };
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            if tx.execute(transfers::insert(c, &begun))? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::TRANSFER_BEGUN)
                .about("transfer", id)
                .to(Audience::Staff)
                .with("room", begun.room)
                .with("dossier", dossier);
            Ok(tx.record(event, id)?)
        })
        .await
}

/// Keeps what was filled in; `version` is the one that was seen.
pub async fn save(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    draft: &Draft,
) -> Result<(), ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let (found, _) = one(house, by, id).await?;
    if found.stage != Stage::Draft || found.version != version {
        return Err(ChangesError::Changed);
    }
    let sealed = sealed(house, by, id, draft).await?;
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let now = tx.now();
            if tx.execute(transfers::save(c, id, version, &sealed, now))? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::TRANSFER_KEPT)
                .about("transfer", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Gives a draft up.
pub async fn drop(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let now = tx.now();
            let put = transfers::turn(c, id, version, Stage::Draft, Stage::Dropped, now);
            if tx.execute(put)? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::TRANSFER_DROPPED)
                .about("transfer", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}
