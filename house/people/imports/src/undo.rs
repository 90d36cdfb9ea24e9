//! Takes a whole import back as one step. What has changed since, or what others rely on,
//! stays and is listed.

use super::apply::{Totals, clear, find, open_piece, seal_piece};
use super::{ImportError, events, store};
use foundation::database::{Chore, Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Records listed by name after an undo; the rest is counted.
pub const LISTED_MAX: i64 = 500;

/// What an undo left, because it had changed since or others rely on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Undone {
    /// Codes of rooms, at most [`LISTED_MAX`].
    pub rooms: Vec<String>,
    /// Parties by id and name, at most [`LISTED_MAX`].
    pub people: Vec<(Id, String)>,
    /// How many records were left in all.
    pub left: u64,
}

/// Undoes a committed import.
///
/// # Errors
/// [`ImportError::State`] when it is not committed, or undone already.
pub async fn undo(house: &House, by: &Actor, c: Community, id: Id) -> Result<Undone, ImportError> {
    by.may(Permission::ImportRun)?;
    let import = find(house, c, id).await?;
    if import.state != "committed" {
        return Err(ImportError::State);
    }
    if import.kind == "fees" {
        return super::fees::undo(house, by, c, id).await;
    }
    let who = by.who_for(Permission::ImportRun);
    let undone = house
        .write::<_, ImportError, _>(c, &who, move |mut tx| {
            let import: store::Import = tx
                .optional(store::import(c, id))?
                .ok_or(ImportError::NoSuchImport)?;
            if import.state != "committed" {
                return Err(ImportError::State);
            }
            let undone = take_back(&mut tx, c, id)?;
            let mut totals: Totals = serde_json::from_str(&import.outcome)
                .map_err(|e| DbError::Shape(format!("an import's outcome: {e}")))?;
            totals.left = undone.left;
            let text = serde_json::to_string(&totals).map_err(|e| DbError::Shape(e.to_string()))?;
            tx.execute(store::retell(c, id, text))?;
            let now = tx.now();
            tx.execute(store::state(c, id, "committed", "undone", now))?;
            tx.execute(store::hide(c, id))?;
            tx.execute(store::drop_pieces(c, id, "faulty"))?;
            let event = Event::new(events::UNDONE)
                .about("import", id)
                .to(Audience::Staff)
                .with("left", undone.left as i64);
            Ok(tx.record(event, undone)?)
        })
        .await?;
    keep_list(house, c, id, &undone).await?;
    clear(house, c, id).await?;
    Ok(undone)
}

/// Keeps what was left, sealed, so that the page of the import lists it later too.
pub(super) async fn keep_list(
    house: &House,
    c: Community,
    id: Id,
    undone: &Undone,
) -> Result<(), ImportError> {
    let ring = house.keys.make(c, &[id]).await?;
    let sealed = seal_piece(house, &ring, id, undone)?;
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::put_piece(c, id, "left", 0, sealed))?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// What an undo left; `None` when the import was not undone.
pub async fn left_of(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<Option<Undone>, ImportError> {
    by.may(Permission::ImportRun)?;
    let kept: Option<(Vec<u8>,)> = house.db.optional(store::piece(c, id, "left", 0)).await?;
    let Some((sealed,)) = kept else {
        return Ok(None);
    };
    let ring = house.keys.ring(c, &[id]).await?;
    Ok(Some(open_piece(&ring, id, &sealed)?))
}

fn take_back(tx: &mut Tx<'_>, c: Community, id: Id) -> Result<Undone, DbError> {
    let mut undone = Undone::default();
    for staged in [&store::ROOMS, &store::PARTIES, &store::RELATIONS] {
        let since: Vec<(Id,)> = tx.all(staged.changed_since(c, id, LISTED_MAX))?;
        undone.left += since.len() as u64;
        for (record,) in since {
            if staged.table == "room" {
                undone.rooms.extend(code(tx, c, record)?);
            } else if staged.table == "party" {
                undone.people.extend(name(tx, c, record)?);
            }
        }
        tx.execute(staged.back(c, id))?;
    }
    for part in store::untie(c, id) {
        tx.execute(part)?;
    }
    let rooms: Vec<(String,)> = tx.all(store::rooms_left(c, id, LISTED_MAX))?;
    undone.rooms.extend(rooms.into_iter().map(|(code,)| code));
    let people: Vec<(Id, String)> = tx.all(store::people_left(c, id, LISTED_MAX))?;
    undone.people.extend(people);
    for part in store::leave(c, id) {
        undone.left += tx.execute(part)?;
    }
    Ok(undone)
}

fn code(tx: &mut Tx<'_>, c: Community, room: Id) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> = tx.optional(store::code_of(c, room))?;
    Ok(found.map(|(code,)| code))
}

fn name(tx: &mut Tx<'_>, c: Community, party: Id) -> Result<Option<(Id, String)>, DbError> {
    tx.optional(store::name_of(c, party))
}
