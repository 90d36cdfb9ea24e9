//! The acts of persons: one asks, another lets it begin, both companies sign, the bag goes.

use std::path::PathBuf;

use dossiers::handing;
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs;
use foundation::ledger::{Audience, Event};
use permissions::Permission::{ArchiveSucceed, ArchiveSucceedConfirm};
use permissions::actor::Actor;

use crate::succession::{State, Succession};
use crate::write::{self, Scope};
use crate::{SUCCESSOR_CHARS_MAX, SuccessionError, events, store};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub successor: String,
    pub building: String,
    pub from_room: String,
    pub to_room: String,
    /// An age public key of the successor's.
    pub recipient: String,
    /// Said that it goes out in clear, where there is no key.
    pub in_clear: bool,
    /// `YYYY-MM-DD`.
    pub due_day: String,
}

/// All of them, the newest first.
pub async fn list(house: &House, by: &Actor) -> Result<Vec<Succession>, SuccessionError> {
    by.may(ArchiveSucceedConfirm)?;
    Ok(house.db.all(store::list(by.community)).await?)
}

/// One of them.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Succession, SuccessionError> {
    by.may(ArchiveSucceedConfirm)?;
    let found = house.db.optional(store::one(by.community, id)).await?;
    found.ok_or(SuccessionError::NotFound)
}

/// Where the bag of a succession lies.
pub fn folder(house: &House, by: &Actor, id: Id) -> PathBuf {
    write::folder(house, by.community, id)
}

/// Asks that the archive, or a part of it, is handed to a successor.
///
/// # Errors
/// What of `asked` is amiss; [`SuccessionError::Nothing`] where no dossier is in its scope.
pub async fn ask(house: &House, by: &Actor, asked: &Asked) -> Result<Id, SuccessionError> {
    by.may(ArchiveSucceed)?;
    let account = by.account.ok_or(SuccessionError::NotFound)?;
    let successor = asked.successor.trim();
    if successor.is_empty() || successor.chars().count() > SUCCESSOR_CHARS_MAX {
        return Err(SuccessionError::Successor);
    }
    let recipient = asked.recipient.trim();
    let key = recipient.parse::<age::x25519::Recipient>().is_ok();
    if !(key || recipient.is_empty() && asked.in_clear) {
        return Err(SuccessionError::Recipient);
    }
    let day: Result<jiff::civil::Date, _> = asked.due_day.trim().parse();
    let day = day.map_err(|_| SuccessionError::Day(asked.due_day.clone()))?;
    let mut s = Succession {
        id: house.id(),
        state: State::Asked,
        successor: successor.to_owned(),
        building: asked.building.trim().to_owned(),
        from_room: asked.from_room.trim().to_owned(),
        to_room: asked.to_room.trim().to_owned(),
        recipient: recipient.to_owned(),
        due_day: day.to_string(),
        asked_by: account,
        asked_name: accounts::name_of(house, account).await?,
        asked_person: by.person.map_or_else(String::new, |p| p.to_string()),
        asked_at: house.now(),
        decided_name: String::new(),
        decided_at: None,
        dossiers: 0,
        dossiers_done: 0,
        documents_done: 0,
        bytes_done: 0,
        digest: String::new(),
        written_at: None,
        delivered_day: String::new(),
        delivered_at: None,
        cleared_at: None,
        version: 1,
    };
    s.dossiers = count(house, by, &s).await?;
    if s.dossiers == 0 {
        return Err(SuccessionError::Nothing);
    }
    let (c, id) = (by.community, s.id);
    house
        .write(c, &by.who_for(ArchiveSucceed), move |mut tx| {
            tx.execute(store::insert(c, &s))?;
            let event = Event::new(events::ASKED)
                .about("succession", id)
                .to(Audience::Staff)
                .with("dossiers", s.dossiers)
                .with("sealed", s.is_sealed());
            Ok(tx.record(event, id)?)
        })
        .await
}

async fn count(house: &House, by: &Actor, s: &Succession) -> Result<i64, SuccessionError> {
    let scope = Scope::of(house, by.community, s).await?;
    let (mut count, mut after) = (0, None);
    loop {
        let part = handing::page(house, by.community, &s.building, after.as_ref()).await?;
        let Some(last) = part.last() else {
            return Ok(count);
        };
        after = Some(dossiers::listing::Spot::of(&last.dossier));
        count += part.iter().filter(|h| scope.holds(&h.dossier)).count() as i64;
    }
}

/// A second person lets it begin: the bag is written from now on.
///
/// # Errors
/// [`SuccessionError::OwnAsking`] for whoever asked, by person and not by account.
pub async fn confirm(house: &House, by: &Actor, id: Id) -> Result<(), SuccessionError> {
    decide(house, by, id, State::Writing).await
}

/// A second person refuses.
pub async fn refuse(house: &House, by: &Actor, id: Id) -> Result<(), SuccessionError> {
    decide(house, by, id, State::Refused).await
}

async fn decide(house: &House, by: &Actor, id: Id, to: State) -> Result<(), SuccessionError> {
    let s = one(house, by, id).await?;
    let account = by.account.ok_or(SuccessionError::NotFound)?;
    if s.state != State::Asked {
        return Err(SuccessionError::State(s.state));
    }
    let person = by.person.map_or_else(String::new, |p| p.to_string());
    let same = !person.is_empty() && person == s.asked_person;
    // Whoever asked may take it back alone, but not let it begin.
    if to == State::Writing && (account == s.asked_by || same) {
        return Err(SuccessionError::OwnAsking);
    }
    let name = accounts::name_of(house, account).await?;
    let c = by.community;
    let kind = if to == State::Writing {
        events::CONFIRMED
    } else {
        events::REFUSED
    };
    house
        .write(c, &by.who_for(ArchiveSucceedConfirm), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::decide(c, id, to.word(), &name, now))? == 0 {
                return Err(SuccessionError::Changed);
            }
            if to == State::Writing {
                write::plan(&mut tx, id, 0)?;
            }
            let event = Event::new(kind).about("succession", id).to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Whether writing stopped half way: what it does next waits for nobody but a person.
pub async fn stopped(house: &House, by: &Actor, s: &Succession) -> Result<bool, SuccessionError> {
    let waits = jobs::waits(&house.db, by.community, &write::jobs_of(s.id)).await?;
    Ok(s.state == State::Writing && !waits)
}

/// Goes on where writing stopped; what is in the bag stays.
///
/// # Errors
/// [`SuccessionError::AtWork`] while it is written.
pub async fn resume(house: &House, by: &Actor, id: Id) -> Result<(), SuccessionError> {
    by.may(ArchiveSucceed)?;
    let s = one(house, by, id).await?;
    if s.state != State::Writing {
        return Err(SuccessionError::State(s.state));
    }
    if !stopped(house, by, &s).await? {
        return Err(SuccessionError::AtWork);
    }
    house
        .write(by.community, &by.who_for(ArchiveSucceed), move |mut tx| {
            write::plan_again(&mut tx, id)?;
            let event = Event::new(events::RESUMED)
                .about("succession", id)
                .to(Audience::Staff);
            Ok::<_, SuccessionError>(tx.record(event, ())?)
        })
        .await
}

/// Both companies signed the list on this day, `YYYY-MM-DD`.
pub async fn deliver(house: &House, by: &Actor, id: Id, day: &str) -> Result<(), SuccessionError> {
    by.may(ArchiveSucceed)?;
    let s = one(house, by, id).await?;
    if s.state != State::Written {
        return Err(SuccessionError::State(s.state));
    }
    let parsed: Result<jiff::civil::Date, _> = day.trim().parse();
    let fits = parsed.ok().filter(|d| *d <= house.now().date());
    let day = fits.ok_or_else(|| SuccessionError::Day(day.to_owned()))?;
    let c = by.community;
    house
        .write(c, &by.who_for(ArchiveSucceed), move |mut tx| {
            let (now, day) = (tx.now(), day.to_string());
            if tx.execute(store::delivered(c, id, &day, now))? == 0 {
                return Err(SuccessionError::Changed);
            }
            let event = Event::new(events::DELIVERED)
                .about("succession", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Removes the bag from this machine: what was handed over does not lie about. The archive in
/// the strongroom stays as it is.
pub async fn clear(house: &House, by: &Actor, id: Id) -> Result<(), SuccessionError> {
    by.may(ArchiveSucceed)?;
    let s = one(house, by, id).await?;
    if !matches!(s.state, State::Written | State::Delivered) || s.cleared_at.is_some() {
        return Err(SuccessionError::State(s.state));
    }
    match tokio::fs::remove_dir_all(folder(house, by, id)).await {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
        _ => {}
    }
    let c = by.community;
    house
        .write(c, &by.who_for(ArchiveSucceed), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::cleared(c, id, now))? == 0 {
                return Err(SuccessionError::Changed);
            }
            let event = Event::new(events::CLEARED)
                .about("succession", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}
