//! Asking to look into dossiers: who, which, why, how, until when.

use dossiers::{Dossier, Life, for_viewing};
use foundation::clock::{HOUR, Moment};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::act::{self, Deed, act};
use crate::scope::{DOCUMENTS_MAX, Modes, Purpose, ROOMS_MAX, Scope, WINDOW_MAX, Way};
use crate::states::{Act, Refused, State};
use crate::viewing::{self, Texts, Viewing};
use crate::{
    REASON_CHARS_MAX, REASON_CHARS_MIN, VISITOR_CHARS_MAX, ViewingError, events, persons, store,
};

/// How far ahead a viewing may be asked for.
const AHEAD_MAX: i64 = 30 * 24 * HOUR;

/// What is said when asking.
#[derive(Clone, Debug)]
pub struct Draft {
    pub dossiers: Vec<Id>,
    /// Narrowed to these; without any, all of the kinds.
    pub documents: Vec<Id>,
    pub purpose: Purpose,
    pub reason: String,
    /// Who looks beside the one who asks.
    pub visitor: String,
    pub scope: Scope,
    /// Not opened before.
    pub from: Option<Moment>,
}

fn trimmed(text: &str, max: usize) -> Result<String, ViewingError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > max {
        return Err(ViewingError::Words);
    }
    Ok(text)
}

/// A reason of at least ten characters.
pub(crate) fn reason(text: &str) -> Result<String, ViewingError> {
    let text = trimmed(text, REASON_CHARS_MAX).map_err(|_| ViewingError::Reason)?;
    if text.chars().count() < REASON_CHARS_MIN {
        return Err(ViewingError::Reason);
    }
    Ok(text)
}

/// The dossiers of a viewing, all there and open to its purpose.
pub(crate) async fn dossiers(
    house: &House,
    c: Community,
    ids: &[Id],
    purpose: Purpose,
) -> Result<Vec<Dossier>, ViewingError> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > ROOMS_MAX {
        return Err(ViewingError::Dossiers);
    }
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        let d = for_viewing::dossier(house, c, id).await?;
        if d.life == Life::Closed && !purpose.opens_sealed() {
            return Err(ViewingError::Sealed);
        }
        out.push(d);
    }
    Ok(out)
}

/// Documents that it is narrowed to lie in its dossiers and kinds.
pub(crate) async fn documents(
    house: &House,
    c: Community,
    ids: &[Id],
    dossiers: &[Id],
    scope: &Scope,
) -> Result<Vec<Id>, ViewingError> {
    if ids.len() > DOCUMENTS_MAX {
        return Err(ViewingError::Document);
    }
    for id in ids {
        let d = for_viewing::document(house, c, *id).await?;
        if !dossiers.contains(&d.dossier) || !scope.kinds.has(d.kind) {
            return Err(ViewingError::Document);
        }
    }
    Ok(ids.to_vec())
}

/// A viewing that nothing was done with yet.
pub(crate) async fn blank(
    house: &House,
    by: &Actor,
    way: Way,
    purpose: Purpose,
    scope: Scope,
    all: &[Dossier],
) -> Result<Viewing, ViewingError> {
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let now = house.now();
    let codes: Vec<&str> = all.iter().map(|d| d.code.as_str()).collect();
    Ok(Viewing {
        id: house.id(),
        year: now.date().year().into(),
        nth: 0,
        state: State::Draft,
        way,
        purpose,
        texts: String::new(),
        rooms: all.len() as i64,
        codes: codes.join("、"),
        asked: scope,
        granted: scope,
        asker: account,
        asker_as: persons::acting(house, by).await?,
        asker_name: accounts::name_of(house, account).await?,
        asked_at: now,
        approver: None,
        approver_as: None,
        approver_name: String::new(),
        deputed: false,
        approved_at: None,
        second_as: None,
        second_name: String::new(),
        registrar: None,
        registrar_as: None,
        registrar_name: String::new(),
        register_year: None,
        register_nth: None,
        registered_at: None,
        tapped_name: String::new(),
        tapped: false,
        witness_as: None,
        witness_name: String::new(),
        until_at: None,
        from_at: None,
        began_at: None,
        ends_at: None,
        ended_at: None,
        frozen: false,
        reviewer_name: String::new(),
        reviewed_at: None,
        answer_at: None,
        pages: 0,
        copies: 0,
        tell_at: None,
        told_at: None,
        withheld: false,
        covered_as: None,
        covered_name: String::new(),
        covered_at: None,
        cover_alone: false,
        released_as: None,
        released_name: String::new(),
        released_at: None,
        version: 1,
    })
}

/// Puts a new viewing down with its dossiers and documents; it gets its number here.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    v: &mut Viewing,
    dossiers: &[Dossier],
    documents: &[Id],
) -> Result<(), ViewingError> {
    let c = tx.community();
    let (last,): (i64,) = tx.one(store::last_nth(c, v.year))?;
    v.nth = last + 1;
    tx.execute(store::insert(c, v))?;
    for d in dossiers {
        tx.execute(store::add_dossier(c, v.id, d))?;
    }
    for document in documents {
        tx.execute(store::add_document(c, v.id, *document))?;
    }
    Ok(())
}

fn scope_of(draft: &Draft) -> Scope {
    Scope {
        window: draft.scope.window.clamp(0, WINDOW_MAX),
        modes: Modes(draft.scope.modes.0 & 0b1111),
        kinds: dossiers::Kinds(draft.scope.kinds.0 & 0b11_1111_1111),
    }
}

fn begins(house: &House, from: Option<Moment>) -> Result<Option<Moment>, ViewingError> {
    let now = house.now();
    match from {
        Some(from) if from > now.plus(AHEAD_MAX) => Err(ViewingError::Scope),
        from => Ok(from.filter(|from| *from > now)),
    }
}

/// Writes a request down; it is sent by [`submit`].
///
/// # Errors
/// [`ViewingError::Dossiers`]; [`ViewingError::Sealed`]; [`ViewingError::Document`];
/// [`ViewingError::Words`].
pub async fn draft(house: &House, by: &Actor, draft: &Draft) -> Result<Id, ViewingError> {
    by.may(Permission::ViewingAsk)?;
    let c = by.community;
    if !Purpose::ASKED.contains(&draft.purpose) {
        return Err(ViewingError::Scope);
    }
    let all = dossiers(house, c, &draft.dossiers, draft.purpose).await?;
    let ids: Vec<Id> = all.iter().map(|d| d.id).collect();
    let scope = scope_of(draft);
    let narrowed = documents(house, c, &draft.documents, &ids, &scope).await?;
    let mut v = blank(house, by, Way::Ordinary, draft.purpose, scope, &all).await?;
    v.from_at = begins(house, draft.from)?;
    v.texts = viewing::seal_texts(house, c, v.id, &texts(draft)?).await?;
    house
        .write(c, &by.who_for(Permission::ViewingAsk), move |mut tx| {
            put(&mut tx, &mut v, &all, &narrowed)?;
            let event = act::begun(&v, events::DRAFTED).with("dossiers", ids);
            Ok(tx.record(event, v.id)?)
        })
        .await
}

fn texts(draft: &Draft) -> Result<Texts, ViewingError> {
    Ok(Texts {
        reason: trimmed(&draft.reason, REASON_CHARS_MAX)?,
        visitor: trimmed(&draft.visitor, VISITOR_CHARS_MAX)?,
        ..Texts::default()
    })
}

/// Changes a request before it is sent; its dossiers stay.
pub async fn redraft(house: &House, by: &Actor, id: Id, draft: &Draft) -> Result<(), ViewingError> {
    by.may(Permission::ViewingAsk)?;
    let c = by.community;
    let mine = persons::acting(house, by).await?;
    let there: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, id)).await?;
    let ids: Vec<Id> = there.into_iter().map(|(d, ..)| d).collect();
    if !Purpose::ASKED.contains(&draft.purpose) {
        return Err(ViewingError::Scope);
    }
    dossiers(house, c, &ids, draft.purpose).await?;
    let scope = scope_of(draft);
    let narrowed = documents(house, c, &draft.documents, &ids, &scope).await?;
    let sealed = viewing::seal_texts(house, c, id, &texts(draft)?).await?;
    let (purpose, from) = (draft.purpose, begins(house, draft.from)?);
    let account = by.account;
    house
        .write(c, &by.who_for(Permission::ViewingAsk), move |mut tx| {
            let mut v = act::held(&mut tx, id)?;
            if v.asker_as != mine || Some(v.asker) != account {
                return Err(ViewingError::NotFound);
            }
            if v.state != State::Draft {
                return Err(Refused::NoWay(v.state).into());
            }
            (v.purpose, v.asked, v.granted, v.from_at) = (purpose, scope, scope, from);
            v.texts = sealed;
            v.version += 1;
            tx.execute(store::keep(c, &v))?;
            tx.execute(store::drop_documents(c, id))?;
            for document in &narrowed {
                tx.execute(store::add_document(c, id, *document))?;
            }
            let event = act::begun(&v, events::REDRAFTED);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Sends a request to the manager.
///
/// # Errors
/// [`ViewingError::Reason`] or [`ViewingError::Scope`] say what is missing.
pub async fn submit(house: &House, by: &Actor, id: Id) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingAsk)?;
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, false).await?;
    if hand.person != v.asker_as || by.account != Some(v.asker) {
        return Err(ViewingError::NotFound);
    }
    let texts = viewing::open_texts(house, c, &v).await?;
    reason(&texts.reason)?;
    if !v.asked.makes_sense() {
        return Err(ViewingError::Scope);
    }
    let there: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, id)).await?;
    let ids: Vec<Id> = there.into_iter().map(|(d, ..)| d).collect();
    dossiers(house, c, &ids, v.purpose).await?;
    let deed = Deed {
        id,
        act: Act::Submit { complete: true },
        hand,
        kind: events::SUBMITTED,
    };
    let who = by.who_for(Permission::ViewingAsk);
    let version = v.version;
    act(house, c, &who, deed, move |tx, v, event| {
        // What was looked at above is what is sent.
        if v.version != version {
            return Err(ViewingError::Changed);
        }
        v.asked_at = tx.now();
        Ok(event
            .with("asker_as", v.asker_as)
            .with("way", v.way.word())
            .with("purpose", v.purpose.word())
            .with("dossiers", ids)
            .with("kinds", v.asked.kinds.0)
            .with("modes", v.asked.modes.0)
            .with("window", v.asked.window)
            .with_some("from", v.from_at))
    })
    .await
}

/// The one who asked takes it back.
pub async fn withdraw(house: &House, by: &Actor, id: Id) -> Result<Viewing, ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    may_use(by, &v)?;
    let hand = persons::hand(house, by, &v, false).await?;
    if hand.person != v.asker_as || by.account != Some(v.asker) {
        return Err(ViewingError::NotFound);
    }
    let deed = Deed {
        id,
        act: Act::Withdraw,
        hand,
        kind: events::WITHDRAWN,
    };
    act(house, c, &by.who(), deed, |_, _, event| Ok(event)).await
}

/// Whether an actor's side reaches a viewing at all: a person's own file is looked at as that
/// person, all else as a colleague.
pub(crate) fn may_use(by: &Actor, v: &Viewing) -> Result<(), ViewingError> {
    let needed = if v.way == Way::Own {
        Permission::HomeRead
    } else {
        Permission::ViewingAsk
    };
    Ok(by.may(needed)?)
}
