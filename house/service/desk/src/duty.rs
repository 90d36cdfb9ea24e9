//! Who is on duty, and what they hand over: whoever leaves writes a note, whoever comes takes it
//! with their name.

use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{DbError, FromRow, Look as _, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::{Refused, events, sealing, some_words, store};

/// The longest duty.
const LONGEST: i64 = 2 * DAY;
/// How far ahead duties are planned.
const AHEAD: i64 = 200 * DAY;
/// Duties of a page.
pub const DUTIES_MAX: i64 = 200;

/// A duty; its note opened where it was read for somebody.
#[derive(Clone, Debug)]
pub struct Duty {
    pub id: Id,
    pub account: Id,
    pub name: String,
    pub from: Moment,
    pub until: Moment,
    pub note: String,
    pub noted_at: Option<Moment>,
    pub taken_name: String,
    pub taken_at: Option<Moment>,
}

impl FromRow for Duty {
    fn from_row(row: &mut Row) -> Result<Duty, DbError> {
        Ok(Duty {
            id: row.next()?,
            account: row.next()?,
            name: row.next()?,
            from: row.next()?,
            until: row.next()?,
            note: row.next()?,
            noted_at: row.next()?,
            taken_name: row.next()?,
            taken_at: row.next()?,
        })
    }
}

/// The duties that begin in a stretch of time, notes opened.
pub async fn list(
    house: &House,
    by: &Actor,
    from: Moment,
    until: Moment,
) -> Result<Vec<Duty>, Refused> {
    by.may(Permission::DeskRead)?;
    let c = by.community;
    let asked = store::office::duties(c, from, until, DUTIES_MAX);
    let mut found: Vec<Duty> = house.db.all(asked).await?;
    let ids: Vec<Id> = found.iter().map(|d| d.id).collect();
    if ids.is_empty() {
        return Ok(found);
    }
    let ring = house.keys.ring(c, &ids).await?;
    for duty in &mut found {
        duty.note = ring.open_text(duty.id, sealing::DUTY, &duty.note)?;
    }
    Ok(found)
}

/// Plans a duty of a colleague.
///
/// # Errors
/// [`Refused::Setting`] for a time that is over, too long or too far ahead.
pub async fn plan(
    house: &House,
    by: &Actor,
    account: Id,
    from: Moment,
    until: Moment,
) -> Result<Id, Refused> {
    by.may(Permission::DeskSet)?;
    let (c, now) = (by.community, house.now());
    let length = until.0 - from.0;
    if !(MINUTE..=LONGEST).contains(&length) || until <= now || from.0 > now.0 + AHEAD {
        return Err(Refused::Setting);
    }
    let roles = Permission::DeskRead.roles();
    let all = accounts::staff::holders(house, c, roles).await?;
    let found = all.into_iter().find(|h| h.id == account && h.active);
    let name = found.ok_or(Refused::Worker)?.name;
    let id = house.id();
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            tx.execute(store::office::insert_duty(
                c, id, account, &name, from, until,
            ))?;
            let event = Event::new(events::DUTY)
                .about("desk_duty", id)
                .to(Audience::Staff)
                .with("what", "planned")
                .with("account", account)
                .with("from", from.0)
                .with("until", until.0);
            Ok(tx.record(event, id)?)
        })
        .await
}

/// Takes a planned duty off that has not begun.
pub async fn remove(house: &House, by: &Actor, id: Id) -> Result<(), Refused> {
    by.may(Permission::DeskSet)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::office::remove_duty(c, id, now))? == 0 {
                return Err(Refused::NotFound);
            }
            let event = Event::new(events::DUTY)
                .about("desk_duty", id)
                .to(Audience::Staff)
                .with("what", "removed");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Writes what is handed over; until it is taken it may be written anew.
///
/// # Errors
/// [`Refused::NotFound`] for another's duty; [`Refused::Again`] once it was taken.
pub async fn note(house: &House, by: &Actor, id: Id, words: &str) -> Result<(), Refused> {
    by.may(Permission::DeskRead)?;
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    let text = some_words(words)?;
    let words = house.keys.seal_words(c, id, sealing::DUTY, &text).await?;
    house
        .write(c, &by.who_for(Permission::DeskRead), move |mut tx| {
            let found: Option<Duty> = tx.optional(store::office::duty(c, id))?;
            found
                .filter(|d| d.account == account)
                .ok_or(Refused::NotFound)?;
            let now = tx.now();
            if tx.execute(store::office::note_duty(c, id, &words, now))? == 0 {
                return Err(Refused::Again);
            }
            let event = Event::new(events::DUTY)
                .about("desk_duty", id)
                .to(Audience::Staff)
                .with("what", "noted");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes a note over, with one's name: never one's own.
pub async fn take(house: &House, by: &Actor, id: Id) -> Result<(), Refused> {
    by.may(Permission::DeskRead)?;
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    house
        .write(c, &by.who_for(Permission::DeskRead), move |mut tx| {
            let found: Option<Duty> = tx.optional(store::office::duty(c, id))?;
            let duty = found.ok_or(Refused::NotFound)?;
            if duty.account == account {
                return Err(Refused::OwnWork);
            }
            let now = tx.now();
            if tx.execute(store::office::take_duty(c, id, account, &name, now))? == 0 {
                return Err(Refused::Again);
            }
            let event = Event::new(events::DUTY)
                .about("desk_duty", id)
                .to(Audience::Staff)
                .with("what", "taken");
            Ok(tx.record(event, ())?)
        })
        .await
}
