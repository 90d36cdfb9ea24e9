//! A change is checked by another person than who made it, before and after side by side; one
//! that does not hold is taken back in the roster, and whose it is is told. Where nobody else
//! could check, the supervisor does.

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use outbox::{Letter, Recipient, Way};
use permissions::Permission;
use permissions::actor::Actor;

use crate::record::{Record, State};
use crate::{ChangesError, events, listing, reason, store};

/// What a change may rest on that somebody names: said at the desk, with a reason; a document of
/// the dossier; a form.
pub const EVIDENCES: [&str; 3] = ["said", "document", "form"];

/// Names what a change rests on; who made it may, and who checks it.
///
/// # Errors
/// [`ChangesError::Reason`] when it was only said and nobody says how;
/// [`ChangesError::Document`] when the document or form is of another dossier.
pub async fn evidence(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    kind: &str,
    of: Option<Id>,
    why: &str,
) -> Result<(), ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let record = waiting(house, by, id, version).await?;
    let kind = EVIDENCES
        .into_iter()
        .find(|k| *k == kind)
        .ok_or(ChangesError::NoEvidence)?;
    let why = if kind == "said" || !why.trim().is_empty() {
        Some(sealed(house, c, id, &reason(why)?).await?)
    } else {
        None
    };
    let inside: Vec<Id> = listing::dossiers_of(house, by, id)
        .await?
        .iter()
        .map(|d| d.dossier)
        .collect();
    let of = match (kind, of) {
        ("said", _) => String::new(),
        ("document", Some(document)) => {
            let found = dossiers::filing::one(house, by, document).await?;
            let stands = matches!(
                found.state,
                dossiers::State::Received | dossiers::State::Filed
            );
            if !stands || !inside.contains(&found.dossier) {
                return Err(ChangesError::Document);
            }
            document.to_string()
        }
        ("form", Some(form)) => {
            let mut theirs = Vec::new();
            for dossier in &inside {
                theirs.extend(forms::listing::of_dossier(house, by, *dossier).await?);
            }
            if !theirs.iter().any(|f| f.id == form) {
                return Err(ChangesError::Document);
            }
            form.to_string()
        }
        _ => return Err(ChangesError::Document),
    };
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let put = store::evidence(c, &record, kind, &of, why.as_deref());
            if tx.execute(put)? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::EVIDENCED)
                .about("change", id)
                .to(Audience::Staff)
                .with("evidence", kind);
            Ok(tx.record(event, ())?)
        })
        .await
}

async fn sealed(house: &House, c: Community, id: Id, text: &str) -> Result<Vec<u8>, ChangesError> {
    let ring = house.keys.make(c, &[id]).await?;
    Ok(house.keys.seal(&ring, id, "why", text.as_bytes())?)
}

/// The sealed words of a change, opened: what it rests on, and why it was refused.
pub async fn words(
    house: &House,
    by: &Actor,
    record: &Record,
) -> Result<(String, String), ChangesError> {
    by.may(Permission::ArchiveRead)?;
    let ring = house.keys.ring(by.community, &[record.id]).await?;
    let open = |sealed: &Option<Vec<u8>>| {
        let opened = sealed.as_deref().map(|s| ring.open(record.id, "why", s));
        Ok::<_, ChangesError>(opened.transpose()?.flatten().unwrap_or_default())
    };
    Ok((open(&record.evidence_why)?, open(&record.why)?))
}

async fn waiting(house: &House, by: &Actor, id: Id, version: i64) -> Result<Record, ChangesError> {
    let record = listing::one(house, by, id).await?;
    if record.state != State::Waiting {
        return Err(ChangesError::State(record.state));
    }
    if record.version != version {
        return Err(ChangesError::Changed);
    }
    Ok(record)
}

/// Whether the actor may decide on a change: never on their own, by person and not by account.
pub fn may_decide(by: &Actor, record: &Record) -> bool {
    by.has(Permission::ChangesCheck)
        && record.state == State::Waiting
        && !record.made_by(by.account, by.person)
        // Nor on what concerns themselves.
        && (by.person.is_none() || by.person != record.party)
}

fn decider(by: &Actor, record: &Record) -> Result<Id, ChangesError> {
    by.may(Permission::ChangesCheck)?;
    if !may_decide(by, record) {
        return Err(ChangesError::OwnChange);
    }
    by.account.ok_or(ChangesError::OwnChange)
}

/// The person whose account was seen at the sign-in, where it is tied to one: two accounts of
/// one person are one checker.
async fn with_person(house: &House, by: &Actor) -> Result<Actor, ChangesError> {
    let mut by = by.clone();
    if let (None, Some(account)) = (by.person, by.account) {
        by.person = accounts::staff::person_of(house, by.community, account).await?;
    }
    Ok(by)
}

/// Checks a change: it holds.
///
/// # Errors
/// [`ChangesError::OwnChange`] for who made it or whose it is; [`ChangesError::NoEvidence`]
/// before somebody said what it rests on.
pub async fn check(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), ChangesError> {
    let by = &with_person(house, by).await?;
    let c = by.community;
    let record = waiting(house, by, id, version).await?;
    let account = decider(by, &record)?;
    if record.evidence.is_empty() {
        return Err(ChangesError::NoEvidence);
    }
    let name = accounts::name_of(house, account).await?;
    let person = by.person;
    house
        .write(c, &by.who_for(Permission::ChangesCheck), move |mut tx| {
            let now = tx.now();
            let decided = (account, name.as_str());
            let put = store::decide(c, &record, State::Checked, decided, None, now);
            if tx.execute(put)? == 0 {
                return Err(ChangesError::Changed);
            }
            Ok(tx.record(decision(events::CHECKED, &record, account, person), ())?)
        })
        .await
}

/// Checker and maker stand in the event, so that whoever verifies the ledger sees that they
/// were two.
fn decision(
    kind: foundation::ledger::Kind,
    record: &Record,
    checker: Id,
    person: Option<Id>,
) -> Event {
    let maker: Option<Id> = record
        .maker
        .strip_prefix("a:")
        .and_then(|id| id.parse().ok());
    Event::new(kind)
        .about("change", record.id)
        .to(Audience::Staff)
        .with("checker", checker)
        .with_some("checker_person", person)
        .with_some("maker", maker)
        .with_some("maker_person", record.maker_person)
}

/// What became of a list that was ticked line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    pub checked: usize,
    /// Those that were left, and why.
    pub left: Vec<(Id, &'static str)>,
}

/// The most lines that are ticked at once: a page.
pub const BULK_MAX: usize = listing::PAGE as usize;

/// Checks each ticked change by itself: one that does not hold leaves the others.
pub async fn check_all(house: &House, by: &Actor, ids: &[Id]) -> Result<Bulk, ChangesError> {
    by.may(Permission::ChangesCheck)?;
    let mut out = Bulk::default();
    for id in ids.iter().take(BULK_MAX) {
        let version = match listing::one(house, by, *id).await {
            Ok(record) => record.version,
            Err(ChangesError::NotFound) => continue,
            Err(e) => return Err(e),
        };
        match check(house, by, *id, version).await {
            Ok(()) => out.checked += 1,
            Err(ChangesError::OwnChange) => out.left.push((*id, "own")),
            Err(ChangesError::NoEvidence) => out.left.push((*id, "evidence")),
            Err(ChangesError::State(_) | ChangesError::Changed) => out.left.push((*id, "decided")),
            Err(e) => return Err(e),
        }
    }
    Ok(out)
}

/// Who is told of a refusal, and in which words.
pub struct Telling {
    pub title: String,
    pub text: String,
    pub path: String,
}

/// Refuses a change: the roster takes it back in the same write, and whose it is is told.
///
/// # Errors
/// [`ChangesError::Superseded`] when it was changed again since: nothing is taken back and the
/// change waits on; [`ChangesError::Whole`] for a transfer.
pub async fn reject(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    why: &str,
    telling: Telling,
) -> Result<(), ChangesError> {
    let by = &with_person(house, by).await?;
    let c = by.community;
    let record = waiting(house, by, id, version).await?;
    let account = decider(by, &record)?;
    let undoing = record.undoing().ok_or(ChangesError::Whole)?;
    let sealed = sealed(house, c, id, &reason(why)?).await?;
    let name = accounts::name_of(house, account).await?;
    let told = match record.party {
        Some(party) => accounts::staff::account_of(house, c, party).await?,
        None => None,
    };
    let expires = house.now().plus(30 * foundation::clock::DAY);
    let letter = Letter {
        source: format!("change:{id}"),
        title: telling.title,
        text: telling.text,
        path: telling.path,
        urgent: false,
        expires_at: expires,
    };
    let (line, letter_id) = (house.id(), house.id());
    let (by, who) = (by.clone(), by.who_for(Permission::ChangesCheck));
    house
        .write(c, &who, move |mut tx| {
            let now = tx.now();
            roster::tracking::undo_in(&mut tx, &by, line, &undoing).map_err(|e| match e {
                roster::RosterError::Changed => ChangesError::Superseded,
                e => e.into(),
            })?;
            let decided = (account, name.as_str());
            let put = store::decide(c, &record, State::Rejected, decided, Some(&sealed), now);
            if tx.execute(put)? == 0 {
                return Err(ChangesError::Changed);
            }
            if let Some(told) = told {
                outbox::letter_in(&mut tx, letter_id, &letter)?;
                let to = Recipient {
                    account: Some(told),
                    party: record.party,
                    room: None,
                };
                outbox::post_in(&mut tx, letter_id, Way::Push, &to, now)?;
            }
            let event = decision(events::REJECTED, &record, account, by.person);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What a change was and became in clear, with a reason that lies in the ledger before it is
/// shown (spec P5).
pub async fn unmask(
    house: &House,
    by: &Actor,
    id: Id,
    why: &str,
) -> Result<(String, String), ChangesError> {
    let c = by.community;
    let record = listing::one(house, by, id).await?;
    let party = record.party.filter(|_| record.is_datum());
    let party = party.ok_or(ChangesError::NotFound)?;
    roster::record_unmasked(house, by, c, party, &record.field, why).await?;
    let clear = listing::opened(house, by, &[record]).await?;
    let found = clear.into_iter().next();
    Ok(found.map_or_else(Default::default, |(_, _, was, became)| {
        (was.unwrap_or_default(), became.unwrap_or_default())
    }))
}

/// Catalog and labels of some changes were printed anew.
pub async fn reprinted(house: &House, by: &Actor, ids: &[Id]) -> Result<u64, ChangesError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let ids: Vec<Id> = ids.iter().copied().take(BULK_MAX).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let done = tx.execute(store::reprinted(c, &ids))?;
            if done == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::REPRINTED)
                .to(Audience::Staff)
                .with("records", ids);
            Ok(tx.record(event, done)?)
        })
        .await
}
