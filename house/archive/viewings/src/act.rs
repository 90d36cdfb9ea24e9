//! One act on a viewing in one write: the viewing as it is now, what the table says, what the
//! act changes, what follows, and its event.

use foundation::clock::{DAY, HOUR};
use foundation::database::{Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::enqueue;
use foundation::ledger::{Audience, Event, Kind, Who};
use serde_json::json;

use crate::policy::Policy;
use crate::scope::Way;
use crate::states::{Act, Effect, Hand, State, step};
use crate::tell::Tell;
use crate::viewing::Viewing;
use crate::{ViewingError, clock, persons, store};

/// The owner learns of it in the digest of so many days later (archive.md P2).
pub(crate) const TELL_OWNER_AFTER: i64 = 7 * DAY;

/// What is done, by whom.
pub(crate) struct Deed {
    pub id: Id,
    pub act: Act<Id>,
    pub hand: Hand<Id>,
    pub kind: Kind,
}

/// One viewing as it lies.
pub(crate) async fn one(house: &House, c: Community, id: Id) -> Result<Viewing, ViewingError> {
    let found: Option<Viewing> = house.db.optional(store::viewing(c, id)).await?;
    found.ok_or(ViewingError::NotFound)
}

/// As it is now, held until the write ends.
pub(crate) fn held(tx: &mut Tx<'_>, id: Id) -> Result<Viewing, ViewingError> {
    let (c, for_update) = (tx.community(), tx.for_update());
    let found: Option<Viewing> = tx.optional(store::held(c, id, for_update))?;
    found.ok_or(ViewingError::NotFound)
}

/// Does it. `change` adds what the act itself changes, and the facts of its event.
pub(crate) async fn act(
    house: &House,
    c: Community,
    who: &Who,
    deed: Deed,
    change: impl FnOnce(&mut Tx<'_>, &mut Viewing, Event) -> Result<Event, ViewingError>
    + Send
    + 'static,
) -> Result<Viewing, ViewingError> {
    let asker = one(house, c, deed.id).await?.asker;
    let mut tell = Tell::of(house, c, asker).await?;
    let by = who.clone();
    house
        .write(c, who, move |mut tx| {
            let mut v = held(&mut tx, deed.id)?;
            let now = tx.now();
            let terms = Policy::held(&mut tx)?.terms();
            let hand = persons::still(&mut tx, deed.id, &deed.hand, &by)?;
            let (next, effects) = step(&v.grant(), deed.act, &hand, terms, now)?;
            let was_open = v.state.shows();
            v.becomes(&next);
            if was_open && !v.state.shows() {
                v.ended_at = Some(now);
            }
            let event = begun(&v, deed.kind);
            let event = change(&mut tx, &mut v, event)?;
            carry(&mut tx, &mut v, effects, &mut tell)?;
            v.version += 1;
            if tx.execute(store::keep(c, &v))? == 0 {
                return Err(ViewingError::Changed);
            }
            Ok(tx.record(event, v)?)
        })
        .await
}

/// The beginning of an event about a viewing.
pub(crate) fn begun(v: &Viewing, kind: Kind) -> Event {
    let audience = if v.way == Way::Own {
        Audience::Account(v.asker)
    } else {
        Audience::Staff
    };
    Event::new(kind).about("viewing", v.id).to(audience)
}

/// Carries out what follows.
pub(crate) fn carry(
    tx: &mut Tx<'_>,
    v: &mut Viewing,
    effects: &[Effect],
    tell: &mut Tell,
) -> Result<(), ViewingError> {
    let (c, now) = (tx.community(), tx.now());
    for effect in effects {
        match effect {
            Effect::TellDeciders
            | Effect::TellCompany
            | Effect::TellAsker
            | Effect::TellRegistrars => tell.carry(tx, v, *effect)?,
            Effect::PlanExpiry | Effect::PlanReview => plan(tx, v)?,
            // Viewers look at the viewing itself; see `live`.
            Effect::EndViewers => {}
            Effect::BoxDue => {
                tx.execute(store::lent::due_now(c, v.id, now))?;
                let loans: Vec<store::lent::Loan> = tx.all(store::lent::of_viewing(c, v.id))?;
                for loan in loans.iter().filter(|l| l.back_at.is_none()) {
                    let due = loan.due_at.min(now);
                    box_due(tx, loan.id, 1, due.plus(HOUR))?;
                }
            }
            Effect::TellOwnerLater => {
                if v.way != Way::Own {
                    let at = now.plus(TELL_OWNER_AFTER);
                    v.tell_at = Some(at);
                    let what = json!({ "viewing": v.id });
                    let name = format!("{}:{}", clock::TELL_OWNER, v.id);
                    enqueue(tx, clock::TELL_OWNER, &name, &what, at)?;
                }
            }
            Effect::FreezeAsker => {
                tx.execute(store::people::freeze(c, v.asker_as, v.id, now))?;
            }
            Effect::ThawAsker => {
                tx.execute(store::people::thaw(c, v.asker_as, v.id))?;
            }
        }
    }
    Ok(())
}

/// The clock comes back when the next step is due. A job for each state: one that is done
/// would not move.
fn plan(tx: &mut Tx<'_>, v: &Viewing) -> Result<(), DbError> {
    let due = match v.state {
        State::Active | State::Emergency => v.ends_at,
        _ => v.until_at.map(|until| until.plus(1)),
    };
    let Some(due) = due else { return Ok(()) };
    let what = json!({ "viewing": v.id });
    let name = format!("{}:{}:{}", clock::DUE, v.id, v.state.word());
    enqueue(tx, clock::DUE, &name, &what, due)
}

/// The clock comes back for a box that is late.
pub(crate) fn box_due(
    tx: &mut Tx<'_>,
    loan: Id,
    rung: i64,
    at: foundation::clock::Moment,
) -> Result<(), DbError> {
    let what = json!({ "loan": loan, "rung": rung });
    let name = format!("{}:{loan}:{rung}", clock::BOX_DUE);
    enqueue(tx, clock::BOX_DUE, &name, &what, at)
}
