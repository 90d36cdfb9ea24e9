//! The cashier's closing: what the desk took and handed back since the closing before, by way,
//! as the books have it and as it was counted. One person counts, another confirms; a
//! difference is explained, never booked away.

use serde::{Deserialize, Serialize};

use super::money::{FEN_MAX, Fen};
use super::payments::Way;
use super::{FeesError, NOTE_CHARS_MAX, events, persons, reason, store};
use foundation::clock::Moment;
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Closings that a page shows.
const SHOWN_MAX: i64 = 31;

/// An amount of each way, in the order of [`Way::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByWay(pub [i64; 6]);

impl ByWay {
    pub fn total(&self) -> Fen {
        Fen(self.0.iter().sum())
    }

    pub fn of(&self, way: Way) -> Fen {
        let place = Way::ALL.iter().position(|w| *w == way).unwrap_or(0);
        Fen(self.0[place])
    }

    pub fn set(&mut self, way: Way, amount: Fen) {
        let place = Way::ALL.iter().position(|w| *w == way).unwrap_or(0);
        self.0[place] = amount.0;
    }
}

/// What lies in the till: everything the desk recorded since the closing before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Till {
    pub since: Moment,
    pub expected: ByWay,
    pub payments: i64,
}

/// A closing as a page shows it.
#[derive(Clone, Debug)]
pub struct ClosingView {
    pub id: Id,
    pub nth: i64,
    pub from_ms: i64,
    pub until_ms: i64,
    pub expected: ByWay,
    pub counted: ByWay,
    pub difference: Fen,
    pub reason: String,
    pub is_closed: bool,
    /// Counted by the one who looks: another confirms.
    pub own: bool,
}

/// What the till should hold now.
pub async fn till(house: &House, by: &Actor) -> Result<Till, FeesError> {
    by.may(Permission::FeesRead)?;
    let (c, now) = (by.community, house.now());
    let read: Result<Till, foundation::database::DbError> =
        house.db.reading(move |r| open_till(r, c, now)).await;
    Ok(read?)
}

fn open_till(
    look: &mut impl Look,
    c: foundation::database::Community,
    now: Moment,
) -> Result<Till, foundation::database::DbError> {
    let last: Option<(i64, Moment)> = look.optional(store::last_closing(c))?;
    let since = last.map_or(Moment(0), |(_, until)| until);
    let mut till = Till {
        since,
        ..Till::default()
    };
    let taken: Vec<(String, Fen, i64)> = look.all(store::taken_since(c, since, now))?;
    for (way, amount, count) in taken {
        if let Some(way) = Way::from_word(&way) {
            till.expected.set(way, amount);
            till.payments += count;
        }
    }
    let back: Vec<(String, Fen)> = look.all(store::handed_back_since(c, since, now))?;
    for (way, amount) in back {
        if let Some(way) = Way::from_word(&way) {
            let left = till.expected.of(way).minus(amount)?;
            till.expected.set(way, left);
        }
    }
    Ok(till)
}

/// Counts the till: what is there by way. The reason of a difference is asked for.
///
/// # Errors
/// [`FeesError::Difference`] without a reason; [`FeesError::TillCounted`] while a counted one
/// waits for its second person.
pub async fn count_till(
    house: &House,
    by: &Actor,
    counted: ByWay,
    why: &str,
) -> Result<Id, FeesError> {
    by.may(Permission::FeesRecord)?;
    if !counted.0.iter().all(|n| (-FEN_MAX..=FEN_MAX).contains(n)) {
        return Err(FeesError::Amount);
    }
    let why = why.trim();
    if why.chars().count() > NOTE_CHARS_MAX {
        return Err(FeesError::NoteTooLong);
    }
    let id = house.id();
    let sealed = house
        .keys
        .seal_words(by.community, id, store::TILL_WHY, why)
        .await?;
    let (explained, account) = (reason(why).is_ok(), by.account);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                if tx.optional::<(Id,)>(store::closing_open(c))?.is_some() {
                    return Err(FeesError::TillCounted);
                }
                let till = open_till(&mut tx, c, now)?;
                let last: Option<(i64, Moment)> = tx.optional(store::last_closing(c))?;
                let nth = last.map_or(0, |(nth, _)| nth) + 1;
                let differs = counted != till.expected;
                if differs && !explained {
                    return Err(FeesError::Difference);
                }
                let difference = counted.total().minus(till.expected.total())?;
                tx.execute(store::insert_closing(
                    c,
                    (id, nth),
                    (till.since, now),
                    (&till.expected, &counted),
                    difference,
                    &sealed,
                    account,
                ))?;
                let event = Event::new(events::TILL_COUNTED)
                    .about("fee_closing", id)
                    .to(Audience::Staff)
                    .with("nth", nth)
                    .with("expected", till.expected.total().0)
                    .with("counted", counted.total().0);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// Another person than who counted confirms the closing.
pub async fn close_till(house: &House, by: &Actor, closing: Id) -> Result<(), FeesError> {
    by.may(Permission::FeesRecord)?;
    let account = by.account;
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let (state, counted_by): (String, String) = tx
                    .optional(store::closing_state(c, closing))?
                    .ok_or(FeesError::NoSuchClosing)?;
                if state != "counted" {
                    return Err(FeesError::WishDecided);
                }
                if persons::same(&mut tx, c, counted_by.parse().ok(), account)? {
                    return Err(FeesError::SamePerson);
                }
                tx.execute(store::close_closing(c, closing, account, now))?;
                let event = Event::new(events::TILL_CLOSED)
                    .about("fee_closing", closing)
                    .to(Audience::Staff);
                Ok(tx.record(event, ())?)
            },
        )
        .await
}

/// The newest closings.
pub async fn closings(house: &House, by: &Actor) -> Result<Vec<ClosingView>, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let rows: Vec<store::ClosingRow> = house.db.all(store::closings(c, SHOWN_MAX)).await?;
    let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
    let ring = house.keys.ring(c, &ids).await?;
    rows.into_iter()
        .map(|r| {
            Ok(ClosingView {
                reason: ring
                    .open_text(r.id, store::TILL_WHY, &r.reason)
                    .map_err(foundation::keys::KeyError::from)?,
                own: by.account.is_some() && by.account == r.counted_by,
                id: r.id,
                nth: r.nth,
                from_ms: r.from.0,
                until_ms: r.until.0,
                expected: r.expected,
                counted: r.counted,
                difference: r.difference,
                is_closed: r.is_closed,
            })
        })
        .collect()
}
