//! Meters and their readings: 水 and 電 of a room, and meters that rooms share. Each meter
//! remembers all that went through it and how much of that was billed; a bill is for the
//! difference, so that a reckoned or a wrong reading mends itself with the next one.
//!
//! In the order of life: [`add_meter`] · [`read_meter`] · [`reckon_meter`] · [`settle_reading`] ·
//! [`void_reading`] · [`replace_meter`]; looked at by [`meters_page`], [`meter`],
//! [`meters_of_room`].

pub(super) mod billing;
pub(super) mod dial;
mod look;
mod picture;

pub(super) use look::metered_lines as look_lines;
pub use look::{
    MeterPage, MeterQuery, MeterRow, MeterView, ReadingView, meter, meter_by_number,
    meters_of_room, meters_page,
};

pub use picture::reading_picture;

use hanzi::fold;
use jiff::civil::Date;

use self::dial::{DIGITS_MAX, Stand};
use super::account::my_rooms;
use super::items::{Basis, FeeItem};
use super::money::{Decimals, FEN_MAX};
use super::policy::policy;
use super::store::{self, MeterRow as Kept};
use super::{FeesError, events};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::pictures::Picture;
use permissions::Permission;
use permissions::actor::Actor;

/// The longest number that stands on a meter.
pub const NUMBER_CHARS_MAX: usize = 30;
/// Earlier readings from which the usual use is told: a year of months.
const USUAL_FROM: i64 = 13;

/// How a reading came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// By the office at the meter.
    Desk,
    /// By the owner.
    Owner,
    /// Out of a list.
    List,
    /// Reckoned from the usual use.
    Reckoned,
    /// The last one of a meter that was taken out.
    Last,
}

impl Read {
    const ALL: [Read; 5] = [
        Read::Desk,
        Read::Owner,
        Read::List,
        Read::Reckoned,
        Read::Last,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Read::Desk => "desk",
            Read::Owner => "owner",
            Read::List => "import",
            Read::Reckoned => "estimate",
            Read::Last => "last",
        }
    }

    pub fn from_word(word: &str) -> Option<Read> {
        Read::ALL.into_iter().find(|r| r.word() == word)
    }
}

/// Whether a reading counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadState {
    Taken,
    /// Not plausible: it waits for a person.
    Asked,
    Void,
}

impl ReadState {
    pub fn word(self) -> &'static str {
        match self {
            ReadState::Taken => "taken",
            ReadState::Asked => "asked",
            ReadState::Void => "void",
        }
    }

    pub fn from_word(word: &str) -> Option<ReadState> {
        let all = [ReadState::Taken, ReadState::Asked, ReadState::Void];
        all.into_iter().find(|s| s.word() == word)
    }
}

/// A meter about to be known.
#[derive(Clone, Debug)]
pub struct NewMeter {
    pub item: Id,
    /// `None`: shared by a building, or by all where `building` is empty.
    pub room: Option<Id>,
    pub building: String,
    pub number: String,
    /// Digits before the point; 0 for a meter that never begins at nought again.
    pub digits: i64,
    pub installed_on: Date,
    /// The dial on that day, in thousandths of a unit.
    pub start: i64,
}

/// A quantity as people write it, in thousandths: `123.4`.
pub fn quantity(text: &str) -> Option<i64> {
    Decimals::read(text, 3).map(|n| n.0).filter(|n| *n >= 0)
}

/// A quantity without zeros that say nothing.
pub fn quantity_text(thousandths: impl std::borrow::Borrow<i64>) -> String {
    let thousandths = *thousandths.borrow();
    let sign = if thousandths < 0 { "-" } else { "" };
    let n = thousandths.unsigned_abs();
    let part = format!("{:03}", n % 1_000);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{part}", n / 1_000)
}

/// Puts a meter on the list.
pub async fn add_meter(house: &House, by: &Actor, new: NewMeter) -> Result<Id, FeesError> {
    by.may(Permission::FeesSet)?;
    let number = new.number.trim().to_owned();
    let length = number.chars().count();
    if length == 0 || length > NUMBER_CHARS_MAX || fold::key(&number).is_empty() {
        return Err(FeesError::MeterNumber);
    }
    let fits = (0..=DIGITS_MAX).contains(&new.digits) && (0..=FEN_MAX).contains(&new.start);
    let under = dial::whole_of(new.digits).is_none_or(|whole| new.start < whole);
    if !fits || !under {
        return Err(FeesError::Dial);
    }
    if new.installed_on > house.now().date() {
        return Err(FeesError::DateAhead);
    }
    let id = house.id();
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                let item: FeeItem = tx
                    .optional(store::item(c, new.item))?
                    .ok_or(FeesError::NoSuchItem)?;
                let fits = match new.room {
                    Some(room) => {
                        let known: Option<(Id,)> = tx.optional(store::room_is_there(c, room))?;
                        known.ok_or(FeesError::NoSuchRoom)?;
                        item.basis == Basis::Metered
                    }
                    None => item.basis == Basis::Shared,
                };
                if !fits {
                    return Err(FeesError::NotByMeter);
                }
                if store::insert_meter(&mut tx, id, &new, &number)? == 0 {
                    return Err(FeesError::MeterTaken);
                }
                let event = Event::new(events::METER_ADDED)
                    .about("fee_meter", id)
                    .to(Audience::Staff)
                    .with("item", new.item)
                    .with_some("room", new.room)
                    .with("start", new.start);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// What became of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub reading: Id,
    pub state: ReadState,
    /// What went through since the reading before.
    pub used: i64,
}

/// Owners read their own meters where the office allows it; everybody else needs the desk's
/// permission.
async fn may_read(house: &House, by: &Actor, meter: Id) -> Result<Permission, FeesError> {
    if by.has(Permission::FeesRecord) {
        return Ok(Permission::FeesRecord);
    }
    by.may(Permission::HomeRead)?;
    let kept = kept(house, by.community, meter).await?;
    let mine = my_rooms(house, by).await?;
    if !mine.iter().any(|(room, _)| Some(*room) == kept.room) {
        return Err(FeesError::NoSuchMeter);
    }
    if !policy(house, by.community).await?.owners_read {
        return Err(FeesError::OwnersDoNotRead);
    }
    Ok(Permission::HomeRead)
}

async fn kept(house: &House, c: Community, meter: Id) -> Result<Kept, FeesError> {
    let kept = house.db.optional(store::meter(c, meter)).await?;
    kept.ok_or(FeesError::NoSuchMeter)
}

/// The stands that count, oldest first, the installing one among them where few are known.
fn stands(tx: &mut impl Look, c: Community, meter: &Kept) -> Result<Vec<Stand>, DbError> {
    let mut out: Vec<Stand> = tx.all(store::stands(c, meter.id, USUAL_FROM))?;
    out.reverse();
    if out.len() < USUAL_FROM as usize {
        let first = Stand {
            day: meter.installed_on,
            value: meter.start,
            total: 0,
            reckoned: false,
        };
        out.insert(0, first);
    }
    Ok(out)
}

/// Takes a reading. One that is not plausible is kept and waits for a person; one that
/// runs back is refused.
pub async fn read_meter(
    house: &House,
    by: &Actor,
    meter: Id,
    day: Date,
    value: i64,
    read: Read,
) -> Result<Taken, FeesError> {
    read_with(house, by, meter, (day, value), read, None).await
}

/// As [`read_meter`], with a picture of the dial, by which the desk can check what was typed.
pub async fn read_with(
    house: &House,
    by: &Actor,
    meter: Id,
    (day, value): (Date, i64),
    read: Read,
    picture: Option<Picture>,
) -> Result<Taken, FeesError> {
    let right = may_read(house, by, meter).await?;
    let read = if right == Permission::HomeRead {
        Read::Owner
    } else {
        read
    };
    if day > house.now().date() {
        return Err(FeesError::DateAhead);
    }
    let (c, id, account) = (by.community, house.id(), by.account);
    let pictured = picture.is_some();
    if let Some(picture) = &picture {
        kept(house, c, meter).await?;
        picture::keep(house, c, meter, id, picture).await?;
    }
    let taken = house
        .write(c, &by.who_for(right), move |mut tx| {
            let taken = take(&mut tx, meter, id, day, value, read, account)?;
            let mut event = read_event(meter, &taken, read);
            if pictured {
                tx.execute(store::mark_picture(c, id))?;
                event = event.with("picture", 1_i64);
            }
            Ok(tx.record(event, taken)?)
        })
        .await;
    if taken.is_err() && pictured {
        picture::forget(house, c, meter, id).await;
    }
    taken
}

fn read_event(meter: Id, taken: &Taken, read: Read) -> Event {
    Event::new(events::METER_READ)
        .about("fee_meter", meter)
        .to(Audience::Staff)
        .with("reading", taken.reading)
        .with("way", read.word())
        .with("state", taken.state.word())
        .with("used", taken.used)
}

fn take(
    tx: &mut Tx<'_>,
    meter: Id,
    id: Id,
    day: Date,
    value: i64,
    read: Read,
    account: Option<Id>,
) -> Result<Taken, FeesError> {
    let c = tx.community();
    let kept: Kept = tx
        .optional(store::meter(c, meter))?
        .ok_or(FeesError::NoSuchMeter)?;
    if kept.removed_on.is_some() {
        return Err(FeesError::MeterOut);
    }
    if !(0..=FEN_MAX).contains(&value)
        || dial::whole_of(kept.digits).is_some_and(|whole| value >= whole)
    {
        return Err(FeesError::Dial);
    }
    let stands = stands(tx, c, &kept)?;
    let before = stands.last().copied().ok_or(FeesError::NoSuchMeter)?;
    let first = kept.total == 0 && stands.len() == 1;
    if day < before.day || (day == before.day && !first) {
        return Err(FeesError::ReadingOrder { last: before.day });
    }
    let used = dial::since(before, value, kept.digits)
        .ok_or(FeesError::RunsBack { last: before.value })?;
    let asked = read != Read::Reckoned && read != Read::Last && dial::odd(&stands, day, used);
    let state = if asked {
        ReadState::Asked
    } else {
        ReadState::Taken
    };
    let total = before.total + used;
    tx.execute(store::insert_reading(
        c,
        id,
        meter,
        day,
        value,
        total,
        (read, state),
        account,
        tx.now(),
    ))?;
    if state == ReadState::Taken {
        tx.execute(store::set_total(c, meter, total))?;
    }
    Ok(Taken {
        reading: id,
        state,
        used,
    })
}

/// Reckons a meter that nobody could read, from its usual use; the next real reading mends it.
///
/// # Errors
/// [`FeesError::NothingUsual`] while too few readings are known.
pub async fn reckon_meter(
    house: &House,
    by: &Actor,
    meter: Id,
    day: Date,
) -> Result<Taken, FeesError> {
    by.may(Permission::FeesRecord)?;
    if day > house.now().date() {
        return Err(FeesError::DateAhead);
    }
    let (id, account) = (house.id(), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let c = tx.community();
                let kept: Kept = tx
                    .optional(store::meter(c, meter))?
                    .ok_or(FeesError::NoSuchMeter)?;
                let stands = stands(&mut tx, c, &kept)?;
                let value = dial::reckon(&stands, day).ok_or(FeesError::NothingUsual)?;
                let value = dial::whole_of(kept.digits).map_or(value, |whole| value.min(whole - 1));
                let taken = take(&mut tx, meter, id, day, value, Read::Reckoned, account)?;
                Ok(tx.record(read_event(meter, &taken, Read::Reckoned), taken)?)
            },
        )
        .await
}

/// Takes a reading that was asked about, or drops it.
pub async fn settle_reading(
    house: &House,
    by: &Actor,
    reading: Id,
    takes: bool,
) -> Result<Id, FeesError> {
    by.may(Permission::FeesRecord)?;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let c = tx.community();
                let row: store::ReadingRow = tx
                    .optional(store::reading(c, reading))?
                    .ok_or(FeesError::NoSuchReading)?;
                if row.state != ReadState::Asked {
                    return Err(FeesError::ReadingSettled);
                }
                let kept: Kept = tx
                    .optional(store::meter(c, row.meter))?
                    .ok_or(FeesError::NoSuchMeter)?;
                let before = stands(&mut tx, c, &kept)?.last().copied();
                let before = before.ok_or(FeesError::NoSuchMeter)?;
                let state = if takes {
                    if row.day < before.day {
                        return Err(FeesError::ReadingOrder { last: before.day });
                    }
                    let used = dial::since(before, row.value, kept.digits)
                        .ok_or(FeesError::RunsBack { last: before.value })?;
                    let total = before.total + used;
                    tx.execute(store::settle_reading(c, reading, ReadState::Taken, total))?;
                    tx.execute(store::set_total(c, row.meter, total))?;
                    ReadState::Taken
                } else {
                    tx.execute(store::settle_reading(
                        c,
                        reading,
                        ReadState::Void,
                        row.total,
                    ))?;
                    ReadState::Void
                };
                let event = Event::new(events::READING_SETTLED)
                    .about("fee_meter", row.meter)
                    .to(Audience::Staff)
                    .with("reading", reading)
                    .with("state", state.word());
                Ok(tx.record(event, row.meter)?)
            },
        )
        .await
}

/// Takes the newest reading of a meter back. What was billed on it stays billed: the next
/// reading's bill is the smaller for it.
pub async fn void_reading(house: &House, by: &Actor, reading: Id) -> Result<Id, FeesError> {
    by.may(Permission::FeesRecord)?;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let c = tx.community();
                let row: store::ReadingRow = tx
                    .optional(store::reading(c, reading))?
                    .ok_or(FeesError::NoSuchReading)?;
                let newest: Option<(Id,)> = tx.optional(store::newest_reading(c, row.meter))?;
                if row.state != ReadState::Taken || newest != Some((reading,)) {
                    return Err(FeesError::ReadingSettled);
                }
                tx.execute(store::settle_reading(
                    c,
                    reading,
                    ReadState::Void,
                    row.total,
                ))?;
                let kept: Kept = tx
                    .optional(store::meter(c, row.meter))?
                    .ok_or(FeesError::NoSuchMeter)?;
                if kept.removed_on.is_some() {
                    return Err(FeesError::MeterOut);
                }
                let total = stands(&mut tx, c, &kept)?.last().map_or(0, |s| s.total);
                tx.execute(store::set_total(c, row.meter, total))?;
                let event = Event::new(events::READING_SETTLED)
                    .about("fee_meter", row.meter)
                    .to(Audience::Staff)
                    .with("reading", reading)
                    .with("state", ReadState::Void.word());
                Ok(tx.record(event, row.meter)?)
            },
        )
        .await
}

/// A meter taken out, and the one in its place.
#[derive(Clone, Debug)]
pub struct Replacement {
    pub day: Date,
    /// The old dial on that day.
    pub last: i64,
    pub number: String,
    pub digits: i64,
    /// The new dial on that day.
    pub start: i64,
}

/// Takes a meter out with its last reading and puts another in its place; what went through
/// both is billed together.
pub async fn replace_meter(
    house: &House,
    by: &Actor,
    meter: Id,
    new: Replacement,
) -> Result<Id, FeesError> {
    by.may(Permission::FeesSet)?;
    let number = new.number.trim().to_owned();
    let length = number.chars().count();
    if length == 0 || length > NUMBER_CHARS_MAX || fold::key(&number).is_empty() {
        return Err(FeesError::MeterNumber);
    }
    let under = dial::whole_of(new.digits).is_none_or(|whole| new.start < whole);
    if !(0..=DIGITS_MAX).contains(&new.digits) || !(0..=FEN_MAX).contains(&new.start) || !under {
        return Err(FeesError::Dial);
    }
    if new.day > house.now().date() {
        return Err(FeesError::DateAhead);
    }
    let (id, reading, account) = (house.id(), house.id(), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesSet),
            move |mut tx| {
                let c = tx.community();
                let kept: Kept = tx
                    .optional(store::meter(c, meter))?
                    .ok_or(FeesError::NoSuchMeter)?;
                let taken = take(
                    &mut tx,
                    meter,
                    reading,
                    new.day,
                    new.last,
                    Read::Last,
                    account,
                )?;
                tx.execute(store::take_meter_out(c, meter, new.day))?;
                let next = NewMeter {
                    item: kept.item,
                    room: kept.room,
                    building: kept.building,
                    number: number.clone(),
                    digits: new.digits,
                    installed_on: new.day,
                    start: new.start,
                };
                if store::insert_meter(&mut tx, id, &next, &number)? == 0 {
                    return Err(FeesError::MeterTaken);
                }
                let event = Event::new(events::METER_REPLACED)
                    .about("fee_meter", meter)
                    .to(Audience::Staff)
                    .with("by", id)
                    .with("used", taken.used);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}
