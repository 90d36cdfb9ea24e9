//! A personal datum shown in clear: with a permission and a reason, recorded before it is
//! shown (spec P5).

use super::change::remember;
use super::people::{Sealed, open_documents, open_phones, party};
use super::store::writes::History;
use super::{RosterError, contact, events, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

/// The shortest reason: one that says something.
pub const REASON_CHARS_MIN: usize = 5;
/// The longest reason kept.
pub const REASON_CHARS_MAX: usize = 200;

/// What may be shown in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Name,
    Phones,
    Documents,
    Birth,
    Workplace,
    Emergency,
    Address,
    Needs,
    Note,
}

impl Column {
    pub const ALL: [Column; 9] = [
        Column::Name,
        Column::Phones,
        Column::Documents,
        Column::Birth,
        Column::Workplace,
        Column::Emergency,
        Column::Address,
        Column::Needs,
        Column::Note,
    ];

    /// As forms and the ledger have it.
    pub fn word(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Phones => contact::PHONE,
            Column::Documents => contact::DOCUMENT,
            Column::Birth => contact::BIRTH,
            Column::Workplace => contact::WORKPLACE,
            Column::Emergency => contact::EMERGENCY,
            Column::Address => contact::ADDRESS,
            Column::Needs => contact::NEEDS,
            Column::Note => contact::NOTE,
        }
    }

    pub fn from_word(word: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|c| c.word() == word)
    }
}

fn checked(reason: &str) -> Result<String, RosterError> {
    let reason = reason.trim();
    if reason.chars().count() < REASON_CHARS_MIN {
        return Err(RosterError::Reason);
    }
    Ok(reason.chars().take(REASON_CHARS_MAX).collect())
}

/// One column of a party in clear, line by line; empty when nothing is known or the person
/// was erased. The event is in the ledger before this returns.
pub async fn unmask(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    column: Column,
    reason: &str,
) -> Result<Vec<String>, RosterError> {
    by.may(Permission::PersonUnmask)?;
    let reason = checked(reason)?;
    let record = party(house, c, id).await?;
    let keyed = house.keys.ring(c, &[id]).await?;
    // The reason may name people: it is sealed beside the change history, not in the ledger.
    let sealed = contact::seal(house, &keyed, id, "reason", Some(&reason)).unwrap_or_default();
    note_down(house, by, c, ("party", id), column.word(), sealed).await?;
    let column_at = |at: usize| (at, column.word());
    let text = match column {
        Column::Name => return Ok(vec![record.name]),
        Column::Phones => {
            let phones = open_phones(house, c, &[id]).await?;
            return Ok(phones.into_iter().map(|p| p.number).collect());
        }
        Column::Documents => {
            let documents = open_documents(house, c, &[id]).await?;
            return Ok(documents.into_iter().map(|d| d.2).collect());
        }
        Column::Birth => column_at(0),
        Column::Workplace => column_at(1),
        Column::Emergency => column_at(2),
        Column::Address => column_at(3),
        Column::Needs => column_at(4),
        Column::Note => column_at(5),
    };
    let sealed: Sealed = house.db.one(store::sealed(c, id)).await?;
    let open = contact::open(&keyed, id, text.1, sealed.0[text.0].as_deref())?;
    Ok(open
        .iter()
        .flat_map(|t| t.lines().map(str::to_owned))
        .collect())
}

/// The note of a room in clear: clerks write phones there.
pub async fn unmask_room_note(
    house: &House,
    by: &Actor,
    c: Community,
    room: Id,
    reason: &str,
) -> Result<Vec<String>, RosterError> {
    by.may(Permission::PersonUnmask)?;
    let reason = checked(reason)?;
    super::room(house, c, room)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let ring = house.keys.ring(c, &[room]).await?;
    let sealed = contact::seal(house, &ring, room, "reason", Some(&reason)).unwrap_or_default();
    note_down(house, by, c, ("room", room), contact::NOTE, sealed).await?;
    let (note,): (Option<Vec<u8>>,) = house.db.one(store::note_of_room(c, room)).await?;
    let open = contact::open(&ring, room, contact::NOTE, note.as_deref())?;
    Ok(open
        .iter()
        .flat_map(|t| t.lines().map(str::to_owned))
        .collect())
}

/// Why something of a party was shown in clear, the latest of `most` first: as many as
/// there are `roster.unmasked` events about it, in the same order. Empty where erased.
pub async fn unmasking_reasons(
    house: &House,
    c: Community,
    party: Id,
    most: i64,
) -> Result<Vec<String>, KeyError> {
    let rows: Vec<(Option<Vec<u8>>,)> = house
        .db
        .all(store::unmasking_reasons(c, party, most))
        .await?;
    let ring = house.keys.ring(c, &[party]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for (sealed,) in rows {
        let reason = contact::open(&ring, party, "reason", sealed.as_deref())?;
        out.push(reason.unwrap_or_default());
    }
    Ok(out)
}

/// A tracked datum of a party, as it was or became, is about to be shown in clear by another
/// room: recorded first, so that the person sees it like any other look at their data.
///
/// # Errors
/// [`RosterError::Reason`] without a reason that says something.
pub async fn record_unmasked(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    field: &str,
    reason: &str,
) -> Result<(), RosterError> {
    by.may(Permission::PersonUnmask)?;
    let reason = checked(reason)?;
    let column = super::tracking::field_word(field)?;
    party(house, c, id).await?;
    let keyed = house.keys.ring(c, &[id]).await?;
    let sealed = contact::seal(house, &keyed, id, "reason", Some(&reason)).unwrap_or_default();
    note_down(house, by, c, ("party", id), column, sealed).await
}

async fn note_down(
    house: &House,
    by: &Actor,
    c: Community,
    (what, subject): (&'static str, Id),
    column: &'static str,
    reason: Option<Vec<u8>>,
) -> Result<(), RosterError> {
    let line = History {
        id: house.id(),
        what,
        subject,
        field: "unmasked",
        was: None,
        became: reason,
    };
    let line = remember(c, house.now(), by, line);
    house
        .write(c, &by.who_for(Permission::PersonUnmask), move |mut tx| {
            tx.execute(line)?;
            let event = Event::new(events::UNMASKED)
                .about(what, subject)
                .with("column", column);
            Ok(tx.record(event, ())?)
        })
        .await
}
