//! Tags: words that an office puts on rooms (三期, 臨街, 電梯停運), to find them again and
//! to write to them alone. They say something of the room, not of a person, and the ledger
//! names them by their ids.

use super::change::run;
use super::store::tags as store;
use super::{RosterError, events};
use foundation::database::{Community, DbError, FromRow, Look, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// The longest tag, in characters.
pub const TAG_CHARS_MAX: usize = 20;
/// The most tags of one room.
pub const TAGS_OF_ROOM_MAX: usize = 10;
/// The most tags of a compound: what fits a picker.
pub const TAGS_MAX: usize = 100;
/// The most rooms that get a tag at once; the event names each.
pub const ROOMS_AT_ONCE_MAX: usize = 500;
/// So many digits are a telephone or an identity number, which no tag is to hold.
const DIGITS_MAX: usize = 6;

/// A tag of the compound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub id: Id,
    pub name: String,
}

impl FromRow for Tag {
    fn from_row(row: &mut Row) -> Result<Tag, DbError> {
        Ok(Tag {
            id: row.next()?,
            name: row.next()?,
        })
    }
}

/// A tag as it is kept: without a leading `#`, its blanks made one. `None` when it is empty,
/// longer than [`TAG_CHARS_MAX`], or would hold a number of somebody's.
fn clean(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed
        .trim()
        .trim_start_matches(['#', '＃'])
        .split_whitespace()
        .collect();
    let name = words.join(" ");
    let digits = name.chars().filter(|c| c.is_numeric()).count();
    let fits = !name.is_empty() && name.chars().count() <= TAG_CHARS_MAX && digits <= DIGITS_MAX;
    (fits && !name.chars().any(char::is_control)).then_some(name)
}

/// Tags as an office types them: between commas, 、, `;` or lines; twice is once.
///
/// # Errors
/// [`RosterError::Tag`] with the first that is none.
pub fn read_tags(typed: &str) -> Result<Vec<String>, RosterError> {
    let mut tags: Vec<String> = Vec::new();
    let parts = typed.split(['\n', ',', '，', '、', ';', '；']);
    for part in parts.filter(|p| !p.trim().is_empty()) {
        let strange = || RosterError::Tag(part.trim().chars().take(40).collect());
        let name = clean(part).ok_or_else(strange)?;
        if !tags.contains(&name) {
            tags.push(name);
        }
    }
    Ok(tags)
}

/// The tags of a room, by name. Names no permission: the caller's verb has asked for its own.
pub async fn tags_of(house: &House, c: Community, room: Id) -> Result<Vec<Tag>, DbError> {
    house.db.all(store::of_room(c, room)).await
}

/// The tags of a compound, by name, at most [`TAGS_MAX`].
pub async fn tags(house: &House, c: Community) -> Result<Vec<Tag>, DbError> {
    house.db.all(store::all(c)).await
}

/// The tags of a compound with how many rooms carry each.
pub async fn tags_counted(
    house: &House,
    by: &Actor,
    c: Community,
) -> Result<Vec<(Tag, u64)>, RosterError> {
    by.may(Permission::RosterRead)?;
    let all = tags(house, c).await?;
    let counts: Vec<(Id, i64)> = house.db.all(store::counts(c)).await?;
    let count = |tag: &Tag| {
        counts
            .iter()
            .find(|n| n.0 == tag.id)
            .map_or(0, |n| n.1.unsigned_abs())
    };
    Ok(all.into_iter().map(|t| (t.clone(), count(&t))).collect())
}

/// The tag of a name, made when the compound has none such.
fn tag_in(tx: &mut Tx<'_>, c: Community, name: &str, new: Id) -> Result<Id, RosterError> {
    let known: Vec<Tag> = tx.all(store::all(c))?;
    if let Some(tag) = known.iter().find(|t| t.name == name) {
        return Ok(tag.id);
    }
    if known.len() >= TAGS_MAX {
        return Err(RosterError::TooManyTags);
    }
    tx.execute(store::make(c, new, name))?;
    Ok(new)
}

/// A room's tags become these. Tags are made as they are first used.
///
/// # Errors
/// [`RosterError::TooManyTags`] beyond [`TAGS_OF_ROOM_MAX`] for the room or [`TAGS_MAX`] for
/// the compound.
pub async fn set_tags(
    house: &House,
    by: &Actor,
    c: Community,
    room: Id,
    names: Vec<String>,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    super::room(house, c, room)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    if names.len() > TAGS_OF_ROOM_MAX {
        return Err(RosterError::TooManyTags);
    }
    let fresh: Vec<Id> = names.iter().map(|_| house.id()).collect();
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let before: Vec<Tag> = tx.all(store::of_room(c, room))?;
            let mut now = Vec::with_capacity(names.len());
            for (name, new) in names.iter().zip(fresh) {
                now.push(tag_in(&mut tx, c, name, new)?);
            }
            for tag in before.iter().filter(|t| !now.contains(&t.id)) {
                tx.execute(store::take(c, tag.id, room))?;
            }
            for tag in &now {
                tx.execute(store::put(c, *tag, room))?;
            }
            let event = Event::new(events::ROOM_TAGGED)
                .about("room", room)
                .to(Audience::Staff)
                .with("tags", now);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Puts a tag on rooms, at most [`ROOMS_AT_ONCE_MAX`] at once; on those that carry it already
/// it stays. How many got it.
///
/// # Errors
/// [`RosterError::TooManyTags`] when one of the rooms or the compound has its most,
/// [`RosterError::NoSuchRoom`] when one is not there: then none gets it.
pub async fn tag_rooms(
    house: &House,
    by: &Actor,
    c: Community,
    name: String,
    rooms: Vec<Id>,
) -> Result<usize, RosterError> {
    by.may(Permission::RosterWrite)?;
    let mut rooms = rooms;
    rooms.sort_unstable();
    rooms.dedup();
    if rooms.is_empty() || rooms.len() > ROOMS_AT_ONCE_MAX {
        return Err(RosterError::NoSuchRoom);
    }
    let fresh = house.id();
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let tag = tag_in(&mut tx, c, &name, fresh)?;
            let here: Vec<(Id,)> = tx.all(store::rooms_seen(c, &rooms))?;
            if here.len() != rooms.len() {
                return Err(RosterError::NoSuchRoom);
            }
            let carried: Vec<(Id, i64, bool)> = tx.all(store::carried(c, tag, &rooms))?;
            let carry = |room: &Id| carried.iter().find(|n| n.0 == *room);
            let full = |n: &(Id, i64, bool)| n.1 >= TAGS_OF_ROOM_MAX as i64 && !n.2;
            if carried.iter().any(full) {
                return Err(RosterError::TooManyTags);
            }
            let new: Vec<&Id> = rooms
                .iter()
                .filter(|r| !carry(r).is_some_and(|n| n.2))
                .collect();
            let put = new.len();
            run(&mut tx, store::put_on(c, tag, new.into_iter()))?;
            let event = Event::new(events::ROOMS_TAGGED)
                .about("tag", tag)
                .to(Audience::Staff)
                .with("rooms", rooms);
            Ok(tx.record(event, put)?)
        })
        .await
}

/// Ends a tag: no room carries it any more. Notices that went out to it keep their households.
pub async fn end_tag(house: &House, by: &Actor, c: Community, tag: Id) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            if tx.execute(store::end(c, tag))? == 0 {
                return Err(RosterError::NoSuchTag);
            }
            let rooms = tx.execute(store::take_all(c, tag))?;
            let event = Event::new(events::TAG_ENDED)
                .about("tag", tag)
                .to(Audience::Staff)
                .with("count", rooms as i64);
            Ok(tx.record(event, ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_an_office_types_them() {
        let read = read_tags("三期、#臨街， ＃三期\n電梯  停運");
        assert_eq!(read.unwrap(), ["三期", "臨街", "電梯 停運"]);
        assert!(read_tags(" 、").unwrap().is_empty());
    }

    #[test]
    fn no_tag_holds_a_number_of_somebodys() {
        for not in [
            "王13800138000",
            "１３８００１３８０００",
            "很長很長很長很長很長很長很長很長很長很長的",
        ] {
            assert!(matches!(read_tags(not), Err(RosterError::Tag(_))), "{not}");
        }
        assert_eq!(read_tags("2026年入伙").unwrap(), ["2026年入伙"]);
    }
}
