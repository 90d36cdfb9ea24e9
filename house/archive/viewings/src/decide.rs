//! The manager decides: approves, never more than was asked and never for themselves; refuses
//! with a reason; revokes at any time.

use foundation::clock::{DAY, Moment};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::act::{self, Deed, act};
use crate::scope::{Scope, Way};
use crate::states::{Act, State};
use crate::viewing::{self, Viewing};
use crate::{ViewingError, ask, events, persons, store};

/// What an approver sees of what the one who asks looked at before (archive.md P2).
pub const LOOKED_BACK: i64 = 90 * DAY;
/// Viewings listed of it.
const PAST_MAX: i64 = 20;

/// Legal grounds on which a person's own file may be kept from them, as stored (個人信息保護法
/// 45: where laws and regulations demand confidentiality, or notice would hinder a duty).
pub const GROUNDS: [&str; 3] = ["secrecy", "no_notice", "not_theirs"];

/// Approves it, as asked or narrowed. Of more than five rooms another must approve it too.
///
/// # Errors
/// [`ViewingError::Refused`]: one's own, one's own home's, wider than asked, too late.
pub async fn approve(
    house: &House,
    by: &Actor,
    id: Id,
    scope: Scope,
    documents: Option<Vec<Id>>,
    fresh: bool,
) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, fresh).await?;
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let asked: Vec<(Id,)> = house.db.all(store::documents_of(c, id)).await?;
    let asked: Vec<Id> = asked.into_iter().map(|(d,)| d).collect();
    // Of narrowed documents fewer may be granted; what asked for kinds may be narrowed to some.
    let documents = match documents {
        Some(chosen) if !asked.is_empty() => {
            if chosen.is_empty() || chosen.iter().any(|d| !asked.contains(d)) {
                return Err(ViewingError::Document);
            }
            chosen
        }
        Some(chosen) if !chosen.is_empty() => {
            let there: Vec<(Id, Id, String, String)> =
                house.db.all(store::dossiers_of(c, id)).await?;
            let ids: Vec<Id> = there.into_iter().map(|(d, ..)| d).collect();
            ask::documents(house, c, &chosen, &ids, &scope).await?
        }
        _ => asked,
    };
    let deputed = !by.roles.contains(&permissions::Role::Manager);
    let deed = Deed {
        id,
        act: Act::Approve(scope),
        hand,
        kind: events::APPROVED,
    };
    let who = persons::deciding(by);
    act(house, c, &who, deed, move |tx, v, event| {
        v.approver = Some(account);
        v.approver_name = name;
        v.deputed = deputed;
        v.approved_at = Some(tx.now());
        tx.execute(store::drop_documents(c, id))?;
        for document in &documents {
            tx.execute(store::add_document(c, id, *document))?;
        }
        let event = event
            .with("approver_as", hand.person)
            .with("kinds", scope.kinds.0)
            .with("modes", scope.modes.0)
            .with("window", scope.window)
            .with("deputed", deputed)
            .with_some("until", v.until_at);
        Ok(if documents.is_empty() {
            event
        } else {
            event.with("documents", documents)
        })
    })
    .await
}

/// The second of two approves a viewing of many rooms as the first granted it.
pub async fn second(
    house: &House,
    by: &Actor,
    id: Id,
    fresh: bool,
) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, fresh).await?;
    let name = accounts::name_of(house, by.account.unwrap_or(hand.person)).await?;
    let deed = Deed {
        id,
        act: Act::Second,
        hand,
        kind: events::SECONDED,
    };
    let who = persons::reviewing(by);
    act(house, c, &who, deed, move |_, v, event| {
        v.second_name = name;
        Ok(event
            .with("second_as", hand.person)
            .with_some("until", v.until_at))
    })
    .await
}

/// Refuses it. A person's own file is refused on a legal ground only.
///
/// # Errors
/// [`ViewingError::Reason`] without one; [`ViewingError::Ground`].
pub async fn deny(
    house: &House,
    by: &Actor,
    id: Id,
    why: &str,
    ground: Option<&str>,
) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let why = ask::reason(why)?;
    let v = act::one(house, c, id).await?;
    let ground = GROUNDS.into_iter().find(|g| Some(*g) == ground);
    if v.way == Way::Own && ground.is_none() {
        return Err(ViewingError::Ground);
    }
    let hand = persons::hand(house, by, &v, false).await?;
    let sealed = viewing::also_said(house, by.community, &v, |t| t.why = why).await?;
    let deed = Deed {
        id,
        act: Act::Deny { reasoned: true },
        hand,
        kind: events::DENIED,
    };
    let version = v.version;
    let who = persons::deciding(by);
    act(house, c, &who, deed, move |_, v, event| {
        if v.version != version {
            return Err(ViewingError::Changed);
        }
        v.texts = sealed;
        Ok(event
            .with("decider_as", hand.person)
            .with_some("ground", ground))
    })
    .await
}

/// Ends it at once: open viewers close within a second, no further page leaves.
///
/// # Errors
/// [`ViewingError::Reason`] without one.
pub async fn revoke(house: &House, by: &Actor, id: Id, why: &str) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let why = ask::reason(why)?;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, false).await?;
    let sealed = viewing::also_said(house, by.community, &v, |t| t.why = why).await?;
    let deed = Deed {
        id,
        act: Act::Revoke { reasoned: true },
        hand,
        kind: events::REVOKED,
    };
    let before = v.texts.clone();
    let who = persons::deciding(by);
    act(house, c, &who, deed, move |_, v, event| {
        if v.texts != before {
            return Err(ViewingError::Changed);
        }
        v.texts = sealed;
        Ok(event.with("decider_as", hand.person))
    })
    .await
}

/// The manager vouches for a registration by the one specialist, who is also who asked.
pub async fn tap(house: &House, by: &Actor, id: Id, fresh: bool) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, fresh).await?;
    let name = accounts::name_of(house, by.account.unwrap_or(hand.person)).await?;
    let deed = Deed {
        id,
        act: Act::Tap,
        hand,
        kind: events::TAPPED,
    };
    let who = persons::deciding(by);
    act(house, c, &who, deed, move |_, v, event| {
        v.tapped_name = name;
        Ok(event.with("tapped_as", hand.person))
    })
    .await
}

/// By a lawful order (a court's, the police's) the owner is not told; another order lifts it.
///
/// # Errors
/// [`ViewingError::Reason`] without the order's words.
pub async fn withhold(house: &House, by: &Actor, id: Id, order: &str) -> Result<(), ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let c = by.community;
    let order = ask::reason(order)?;
    let v = act::one(house, c, id).await?;
    if !persons::hand(house, by, &v, false).await?.decides || v.way == Way::Own {
        return Err(ViewingError::NotFound);
    }
    let sealed = viewing::also_said(house, by.community, &v, |t| t.order = order).await?;
    let before = v.texts;
    house
        .write(c, &persons::deciding(by), move |mut tx| {
            let mut v = act::held(&mut tx, id)?;
            if v.texts != before || v.told_at.is_some() {
                return Err(ViewingError::Changed);
            }
            v.texts = sealed;
            v.withheld = true;
            v.version += 1;
            tx.execute(store::keep(c, &v))?;
            Ok(tx.record(act::begun(&v, events::WITHHELD), ())?)
        })
        .await
}

/// What the one who asks looked at in the last ninety days.
pub struct Past {
    pub viewings: Vec<Viewing>,
    pub pages: i64,
}

/// For whoever decides.
pub async fn past(house: &House, by: &Actor, v: &Viewing) -> Result<Past, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let (c, since) = (by.community, house.now().plus(-LOOKED_BACK));
    let asked = store::of_asker(c, v.asker, since, PAST_MAX + 1);
    let mut viewings: Vec<Viewing> = house.db.all(asked).await?;
    viewings.retain(|one| one.id != v.id && one.state != State::Draft);
    viewings.truncate(PAST_MAX as usize);
    let counted = store::read::read_since(c, v.asker, since);
    let (pages,): (i64,) = house.db.one(counted).await?;
    Ok(Past { viewings, pages })
}

/// When an answer about a person's own file is owed: 15 working days (the house's term; the law
/// says 及時, 個人信息保護法 45, 50).
pub(crate) fn answer_by(now: Moment) -> Moment {
    let day = forms::workdays::after(now.date(), 15);
    Moment::at_start_of(day.tomorrow().unwrap_or(day))
}
