//! A person's own file (個人信息保護法 45): the owner asks, the manager may refuse on a legal
//! ground only, what is of others is covered, and the owner looks at the rest. And who opened
//! it, and why.

use dossiers::{Dossier, Kinds, for_viewing};
use foundation::clock::MINUTE;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;
use roster::Tie;

use crate::act::{self, Deed, act};
use crate::scope::{Modes, Purpose, Scope, Way};
use crate::states::{Act, State};
use crate::viewing::{self, Texts, Viewing};
use crate::{ViewingError, ask, decide, events, persons, store};

/// How long a person looks at their own file: as long as the office's policy lets anybody.
const WINDOW: i64 = 60 * MINUTE;
/// Homes of one person that are looked up.
const HOMES_MAX: usize = 20;
/// Viewings shown of somebody's files.
const OPENED_MAX: i64 = 100;

/// The dossiers of the homes that the person owns now, and of those that they owned: the right
/// to what is kept of oneself does not end with the tenure (個人信息保護法 45).
pub async fn files(house: &House, by: &Actor) -> Result<Vec<Dossier>, ViewingError> {
    by.may(Permission::HomeRead)?;
    let c = by.community;
    let Some(person) = by.person else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for room in rooms(house, by, person).await?.into_iter().take(HOMES_MAX) {
        if let Some(d) = for_viewing::of_room(house, c, room).await?
            && for_viewing::is_owner(house, c, d.id, person).await?
        {
            out.push(d);
        }
    }
    out.extend(for_viewing::ended_of(house, c, person).await?);
    Ok(out)
}

async fn rooms(house: &House, by: &Actor, person: Id) -> Result<Vec<Id>, ViewingError> {
    let ties = roster::homes_of(house, by.community, person).await?;
    let owned = ties.into_iter().filter(|(_, tie): &(Id, Tie)| tie.owns());
    Ok(owned.map(|(room, _)| room).collect())
}

/// Asks for one's own file.
///
/// # Errors
/// [`ViewingError::NotFound`] for another's; [`ViewingError::Changed`] while one asked for is
/// still open.
pub async fn ask(house: &House, by: &Actor, dossier: Id) -> Result<Viewing, ViewingError> {
    let c = by.community;
    let mine = files(house, by).await?;
    if !mine.iter().any(|d| d.id == dossier) {
        return Err(ViewingError::NotFound);
    }
    let there = pending(house, by).await?;
    if let Some((_, v)) = there.into_iter().find(|(of, _)| *of == dossier) {
        if v.state == State::Draft {
            return send(house, by, v.id).await;
        }
        return Err(ViewingError::Changed);
    }
    let all = ask::dossiers(house, c, &[dossier], Purpose::Own).await?;
    let scope = Scope {
        kinds: Kinds::of(dossiers::Kind::ALL),
        modes: Modes::VIEW,
        window: WINDOW,
    };
    let mut v = ask::blank(house, by, Way::Own, Purpose::Own, scope, &all).await?;
    let texts = Texts {
        reason: "本人查閱".into(),
        ..Texts::default()
    };
    v.texts = viewing::seal_texts(house, c, v.id, &texts).await?;
    let id = house
        .write(c, &by.who_for(Permission::HomeRead), move |mut tx| {
            ask::put(&mut tx, &mut v, &all, &[])?;
            let event = act::begun(&v, events::DRAFTED).with("dossiers", vec![dossier]);
            Ok::<_, ViewingError>(tx.record(event, v.id)?)
        })
        .await?;
    send(house, by, id).await
}

async fn send(house: &House, by: &Actor, id: Id) -> Result<Viewing, ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, false).await?;
    let there: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, id)).await?;
    let ids: Vec<Id> = there.into_iter().map(|(d, ..)| d).collect();
    let deed = Deed {
        id,
        act: Act::Submit { complete: true },
        hand,
        kind: events::SUBMITTED,
    };
    let who = by.who_for(Permission::HomeRead);
    act(house, c, &who, deed, move |tx, v, event| {
        let now = tx.now();
        let due = decide::answer_by(now);
        (v.asked_at, v.answer_at) = (now, Some(due));
        Ok(event
            .with("asker_as", v.asker_as)
            .with("way", v.way.word())
            .with("purpose", v.purpose.word())
            .with("dossiers", ids)
            .with("kinds", v.asked.kinds.0)
            .with("modes", v.asked.modes.0)
            .with("window", v.asked.window)
            .with("answer_by", due))
    })
    .await
}

/// Requests of one's own that are not over, each with its dossier.
pub async fn pending(house: &House, by: &Actor) -> Result<Vec<(Id, Viewing)>, ViewingError> {
    let mut out = Vec::new();
    let all = of_mine(house, by).await?;
    for v in all.into_iter().filter(|v| !v.state.is_final()) {
        let asked = store::dossiers_of(by.community, v.id);
        let there: Vec<(Id, Id, String, String)> = house.db.all(asked).await?;
        out.extend(there.into_iter().map(|(dossier, ..)| (dossier, v.clone())));
    }
    Ok(out)
}

/// What the person asked for themselves, the newest first.
pub async fn of_mine(house: &House, by: &Actor) -> Result<Vec<Viewing>, ViewingError> {
    by.may(Permission::HomeRead)?;
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let asked = store::of_asker(
        by.community,
        account,
        foundation::clock::Moment(0),
        OPENED_MAX,
    );
    let mut all: Vec<Viewing> = house.db.all(asked).await?;
    all.retain(|v| v.way == Way::Own);
    Ok(all)
}

/// A look into one's file by others.
pub struct Opened {
    pub viewing: Viewing,
    pub reason: String,
}

/// Who opened one's files, and why: what is over, unless a lawful order withholds it.
pub async fn opened(house: &House, by: &Actor) -> Result<Vec<Opened>, ViewingError> {
    let mine: Vec<Id> = files(house, by).await?.iter().map(|d| d.id).collect();
    if mine.is_empty() {
        return Ok(Vec::new());
    }
    let c = by.community;
    let mut found: Vec<Viewing> = house
        .db
        .all(store::of_dossiers(c, &mine, OPENED_MAX))
        .await?;
    found.retain(|v| v.way != Way::Own && !v.withheld && !v.state.shows());
    let texts = viewing::open_all(house, c, &found).await?;
    Ok(found
        .into_iter()
        .zip(texts)
        .map(|(viewing, t)| Opened {
            viewing,
            // A viewing of many homes is not told by its reason, which may speak of others.
            reason: t.reason,
        })
        .map(|mut one| {
            if one.viewing.rooms > 1 {
                one.reason.clear();
            }
            one
        })
        .collect())
}
