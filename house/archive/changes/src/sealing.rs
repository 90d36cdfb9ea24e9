//! 封存: each night ended tenures are looked at. One that nothing holds is sealed: kept and
//! safe, and nothing else (个人信息保护法 47). What holds one is said on a list. Dues hold it
//! until they are paid, or three years from the last of them (民法典 188): then nobody can sue
//! for them any more, and nothing is left to keep it open for.

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

use crate::store::{self, seals};
use crate::{ChangesError, events, reason};

/// Ended tenures looked at in one go.
const TAKE: i64 = 100;
/// Seals on one page of the list.
pub const PAGE: i64 = 50;
/// For how long a sealed dossier is opened at most.
pub const DAYS_MAX: i64 = 30;
/// What a sealed dossier is opened for: 訴訟, 行政機關依法, 本人查閱, 移交.
pub const PURPOSES: [&str; 4] = ["litigation", "authority", "subject", "handover"];
/// Months of the limitation (民法典 188: three years).
const LIMITATION_MONTHS: i32 = 36;
/// What may hold a tenure, as stored.
pub const WAITS: [&str; 6] = ["dues", "keys", "cases", "documents", "changes", "undo"];

/// Where a tenure's seal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    Waiting,
    Sealed,
    /// Open again for a purpose.
    Opened,
}

impl Seal {
    pub const ALL: [Seal; 3] = [Seal::Waiting, Seal::Sealed, Seal::Opened];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Seal::Waiting => "waiting",
            Seal::Sealed => "sealed",
            Seal::Opened => "opened",
        }
    }

    pub fn from_word(word: &str) -> Option<Seal> {
        Seal::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// A tenure that waits to be sealed, or is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenure {
    pub dossier: Id,
    pub room: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
    pub seal: Seal,
    /// What holds it, of [`WAITS`].
    pub waits: Vec<String>,
    /// Sealed at the latest on this day; empty where no dues hold it.
    pub due: String,
    pub owed: i64,
    pub purpose: String,
    pub sealed_at: Option<Moment>,
    pub opened_until: Option<Moment>,
    pub version: i64,
    /// Its number and the day it ended.
    pub number: String,
    pub ended: String,
}

impl FromRow for Tenure {
    fn from_row(row: &mut Row) -> Result<Tenure, DbError> {
        Ok(Tenure {
            dossier: row.next()?,
            room: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            seal: {
                let word: String = row.next()?;
                Seal::from_word(&word)
                    .ok_or_else(|| DbError::Shape(format!("a tenure that is {word}")))?
            },
            waits: {
                let words: String = row.next()?;
                words.split_whitespace().map(str::to_owned).collect()
            },
            due: row.next()?,
            owed: row.next()?,
            purpose: row.next()?,
            sealed_at: row.next()?,
            opened_until: row.next()?,
            version: row.next()?,
            number: row.next()?,
            ended: row.next::<Option<String>>()?.unwrap_or_default(),
        })
    }
}

/// What holds an ended tenure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Held {
    waits: Vec<&'static str>,
    due: String,
    owed: i64,
}

/// When dues that were due on `last` stop holding a tenure: the day after the limitation, never
/// chained (P4).
pub fn released_on(last: jiff::civil::Date) -> jiff::civil::Date {
    let limit = fees::arrears::months_later(last, LIMITATION_MONTHS);
    limit.tomorrow().unwrap_or(limit)
}

async fn held(
    house: &House,
    by: &Actor,
    ended: &dossiers::sealing::Ended,
) -> Result<Held, ChangesError> {
    let c = by.community;
    let mut out = Held::default();
    let today = house.now().date();
    let transfers: Vec<crate::transfer::Transfer> = house
        .db
        .all(store::transfers::of_dossier(c, ended.room, ended.dossier))
        .await?;
    let newest = transfers.first();
    if newest.is_some_and(|t| t.done_at.is_some_and(|at| at.date() == today)) {
        out.waits.push("undo");
    }
    // Whoever took a home over with its dues owes them now.
    let theirs = newest.is_none_or(|t| t.former_pays);
    if theirs && let Ok(day) = ended.day.parse::<jiff::civil::Date>() {
        let account = fees::account(house, by, ended.room).await?;
        let mut last = None;
        for bill in account.bills.iter().filter(|b| b.is_open() && b.due <= day) {
            out.owed += bill.owed.0;
            last = last.max(Some(bill.due));
        }
        // A payment acknowledges what is left of the debt: the limitation runs anew
        // (民法典 195).
        let paid = account.payments.iter().filter(|p| !p.is_void());
        if let (Some(last), true) = (last, out.owed > 0) {
            let paid = paid.map(|p| p.paid_on).filter(|d| *d <= today).max();
            let released = released_on(last.max(paid.unwrap_or(last)));
            if today < released {
                out.waits.push("dues");
                out.due = released.to_string();
            }
        }
    }
    let keys = forms::keys::of_dossier(house, by, ended.dossier).await?;
    let out_of_hand = |k: &forms::keys::HeldKey| {
        use forms::keys::KeyState::{Kept, Lent};
        matches!(k.state, Kept | Lent)
    };
    if keys.iter().any(out_of_hand) {
        out.waits.push("keys");
    }
    let cases = forms::cases::looking::of_dossier(house, by, ended.dossier).await?;
    if cases.iter().any(|x| x.closed_at.is_none()) {
        out.waits.push("cases");
    }
    let dossier = dossiers::sealing::dossier(house, c, ended.dossier).await?;
    if dossier.waiting > 0 {
        out.waits.push("documents");
    }
    let (waiting,): (i64,) = house.db.one(store::waiting_in(c, ended.dossier)).await?;
    if waiting > 0 {
        out.waits.push("changes");
    }
    Ok(out)
}

/// What a look at ended tenures found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub sealed: usize,
    pub waiting: usize,
}

/// Looks at the ended tenures of a compound and seals those that nothing holds; opened ones
/// whose time is over are sealed again.
pub async fn look(house: &House, c: Community) -> Result<Looked, ChangesError> {
    let by = Actor::system(c);
    let mut out = Looked::default();
    let again: Vec<(Id,)> = house.db.all(seals::over(c, house.now())).await?;
    for (dossier,) in again {
        out.sealed += usize::from(seal(house, &by, dossier, "over").await?);
    }
    let mut after = String::new();
    loop {
        let ended = dossiers::sealing::ended(house, c, &after, TAKE).await?;
        let Some(last) = ended.last() else { break };
        after = last.dossier.to_string();
        let full = ended.len() as i64 == TAKE;
        let mut waiting = Vec::new();
        for one in ended {
            let held = held(house, &by, &one).await?;
            if held.waits.is_empty() {
                keep(house, c, vec![(one.clone(), held)]).await?;
                out.sealed += usize::from(seal(house, &by, one.dossier, "due").await?);
            } else {
                out.waiting += 1;
                let now: Option<(String, String, i64)> =
                    house.db.optional(seals::held(c, one.dossier)).await?;
                let same = (held.waits.join(" "), held.due.clone(), held.owed);
                if now != Some(same) {
                    waiting.push((one, held));
                }
            }
        }
        keep(house, c, waiting).await?;
        if !full {
            break;
        }
    }
    Ok(out)
}

async fn keep(
    house: &House,
    c: Community,
    rows: Vec<(dossiers::sealing::Ended, Held)>,
) -> Result<(), ChangesError> {
    if rows.is_empty() {
        return Ok(());
    }
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let mut seen = Vec::with_capacity(rows.len());
            for (one, held) in rows {
                let waits = held.waits.join(" ");
                tx.execute(seals::keep(c, &one, &waits, &held.due, held.owed, now))?;
                seen.push(one.dossier);
            }
            let event = Event::new(events::SEALS_LOOKED).with("dossiers", seen);
            Ok::<_, ChangesError>(tx.record(event, ())?)
        })
        .await
}

/// Seals one; whether it was not before.
async fn seal(
    house: &House,
    by: &Actor,
    dossier: Id,
    why: &'static str,
) -> Result<bool, ChangesError> {
    let c = by.community;
    let owners = dossiers::sealing::owners(house, c, dossier).await?;
    let written = house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let event = dossiers::sealing::seal_in(&mut tx, dossier, why)?;
            tx.execute(seals::sealed(c, dossier, now))?;
            roster::tracking::seal_parties_in(&mut tx, &owners)?;
            Ok::<_, ChangesError>(tx.record(event, ())?)
        })
        .await;
    match written {
        Ok(()) => Ok(true),
        Err(ChangesError::Archive(dossiers::ArchiveError::Changed)) => Ok(false),
        Err(e) => Err(e),
    }
}

/// Seals an ended tenure now, by hand: what nothing holds need not wait for the night, and an
/// opened one is sealed when its purpose is served.
///
/// # Errors
/// [`ChangesError::Waits`] with what holds it.
pub async fn seal_now(house: &House, by: &Actor, dossier: Id) -> Result<(), ChangesError> {
    by.may(Permission::ArchiveUnseal)?;
    let c = by.community;
    let there = dossiers::sealing::dossier(house, c, dossier).await?;
    let ended = dossiers::sealing::Ended {
        dossier,
        room: there.room,
        code: there.code,
        sort_key: there.sort_key,
        day: there.ended.unwrap_or_default(),
    };
    let why = if there.life == dossiers::Life::Opened {
        "served"
    } else {
        let held = held(house, by, &ended).await?;
        if !held.waits.is_empty() {
            let waits = held.waits.iter().map(|w| (*w).to_owned()).collect();
            return Err(ChangesError::Waits(waits));
        }
        keep(house, c, vec![(ended, held)]).await?;
        "hand"
    };
    if seal(house, by, dossier, why).await? {
        Ok(())
    } else {
        Err(ChangesError::Changed)
    }
}

/// Opens a sealed dossier for a purpose of the law and so many days, with a reason.
///
/// # Errors
/// [`ChangesError::Days`]; [`ChangesError::Reason`].
pub async fn unseal(
    house: &House,
    by: &Actor,
    dossier: Id,
    purpose: &str,
    why: &str,
    days: i64,
) -> Result<(), ChangesError> {
    by.may(Permission::ArchiveUnseal)?;
    let c = by.community;
    let purpose = PURPOSES
        .into_iter()
        .find(|p| *p == purpose)
        .ok_or(ChangesError::Reason)?;
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(ChangesError::Days(DAYS_MAX));
    }
    let why = reason(why)?;
    let ring = house.keys.make(c, &[dossier]).await?;
    let sealed = house.keys.seal(&ring, dossier, "unseal", why.as_bytes())?;
    let owners = dossiers::sealing::owners(house, c, dossier).await?;
    let until = house.now().plus(days * DAY);
    house
        .write(c, &by.who_for(Permission::ArchiveUnseal), move |mut tx| {
            let event = dossiers::sealing::unseal_in(&mut tx, dossier, purpose, until)?;
            tx.execute(seals::opened(c, dossier, purpose, &sealed, until))?;
            roster::tracking::unseal_parties_in(&mut tx, &owners)?;
            Ok(tx.record(event, ())?)
        })
        .await
}

/// A page of tenures by where their seal is, in shelf order, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    seal: Seal,
    after: Option<(Vec<u8>, Id)>,
) -> Result<(Vec<Tenure>, bool), ChangesError> {
    by.may(Permission::ArchiveDecide)?;
    let asked = seals::page(by.community, seal, after, PAGE + 1);
    let mut found: Vec<Tenure> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// How many there are.
pub async fn count(house: &House, by: &Actor, seal: Seal) -> Result<i64, ChangesError> {
    by.may(Permission::ArchiveDecide)?;
    let (n,): (i64,) = house.db.one(seals::count(by.community, seal)).await?;
    Ok(n)
}

/// One, with why it was opened in clear.
pub async fn one(house: &House, by: &Actor, dossier: Id) -> Result<(Tenure, String), ChangesError> {
    by.may(Permission::ArchiveDecide)?;
    let c = by.community;
    let found: Option<Tenure> = house.db.optional(seals::one(c, dossier)).await?;
    let found = found.ok_or(ChangesError::NotFound)?;
    let why: Option<(Option<Vec<u8>>,)> = house.db.optional(seals::why(c, dossier)).await?;
    let ring = house.keys.ring(c, &[dossier]).await?;
    let why = match why.and_then(|w| w.0) {
        Some(sealed) => ring.open(dossier, "unseal", &sealed)?.unwrap_or_default(),
        None => String::new(),
    };
    Ok((found, why))
}
