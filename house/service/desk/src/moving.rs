//! How a ticket moves, within a write: its log, the tally, when the clock looks again. Every verb
//! and the clock itself go through here, so that nothing moves beside the table.

use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{Community, Tx};
use foundation::jobs;
use foundation::ledger::{Audience, Event};

use crate::alarms::{self, Watched};
use crate::calendar::Office;
use crate::log::{self, Draft};
use crate::looking::Basis;
use crate::states::{Act, State};
use crate::ticket::Ticket;
use crate::{Refused, clocks, dispatch, events, store, tend};

/// What is confirmed is closed after so many days, for which it may still be called back.
pub const CLOSE_DAYS: i64 = 3;
/// The order of a list for what has no deadline: behind all that has.
pub(crate) const NEVER: Moment = Moment(i64::MAX);

/// When the clock looks at a ticket again, and its next deadline.
pub(crate) fn plan(
    t: &Ticket,
    basis: &Basis,
    office: &Office,
    now: Moment,
) -> (Option<Moment>, Moment) {
    let effective = basis.effective(t);
    let marks = log::marks(&basis.steps);
    let readings = clocks::readings(
        t.opened_at,
        t.since,
        &marks,
        &effective.terms,
        &office.calendar,
        now,
    );
    let due = clocks::next_due(&readings).filter(|_| !t.state.is_over());
    let mut looks = vec![t.accept_by];
    if !t.state.is_over() {
        let watched = Watched {
            opened: t.opened_at,
            since: t.since,
            log: &marks,
            terms: effective.terms,
        };
        let (owed, next) = alarms::owed(&watched, &office.calendar, &basis.given, now);
        looks.push(if owed.is_empty() { next } else { Some(now) });
    }
    if dispatch::turns_left(t, basis) {
        looks.push(Some(now));
    }
    looks.push(match t.state {
        State::Waiting => t.waits_until,
        State::Resolved => Some(t.state_at.plus(office.silent_days * DAY)),
        State::Confirmed => Some(t.state_at.plus(CLOSE_DAYS * DAY)),
        _ => None,
    });
    (looks.into_iter().flatten().min(), due.unwrap_or(NEVER))
}

/// Keeps a ticket as it is now, and plans when it is looked at again.
pub(crate) fn keep_in(
    tx: &mut Tx<'_>,
    c: Community,
    t: &mut Ticket,
    office: &Office,
) -> Result<(), Refused> {
    let basis = Basis::within(tx, c, t)?;
    let now = tx.now();
    (t.look_at, t.due_at) = plan(t, &basis, office, now);
    // What the row says it is counted as is taken away before it says something else.
    tx.execute(store::tally::count(c, t.id, -1))?;
    tx.execute(store::tally::forget(c, t.id))?;
    if tx.execute(store::put(c, t))? == 0 {
        return Err(Refused::Changed);
    }
    tx.execute(store::tally::count(c, t.id, 1))?;
    t.version += 1;
    if let Some(at) = t.look_at {
        wake_in(tx, at)?;
    }
    Ok(())
}

/// The job of the first full minute after an instant. Many tickets share a minute and its job;
/// a minute that has begun is over for new ones, so that no done job swallows them.
pub(crate) fn minute_after(at: Moment) -> (String, Moment) {
    let minute = (at.0 / MINUTE + 1) * MINUTE;
    (format!("{}:{minute}", tend::TEND), Moment(minute))
}

/// The clock is to look at an instant, or as soon as it can.
pub(crate) fn wake_in(tx: &mut Tx<'_>, at: Moment) -> Result<(), Refused> {
    let (id, minute) = minute_after(at.max(tx.now()));
    let nothing = serde_json::Value::Object(serde_json::Map::new());
    jobs::enqueue(tx, tend::TEND, &id, &nothing, minute)?;
    Ok(())
}

/// Moves a ticket to a state that the table gave, with its line in the log.
pub(crate) fn go_in(
    tx: &mut Tx<'_>,
    c: Community,
    t: &mut Ticket,
    office: &Office,
    act: Act,
    to: State,
    draft: Draft,
) -> Result<Event, Refused> {
    let (from, hand) = (t.state, draft.hand);
    t.state = to;
    t.state_at = tx.now();
    if to != State::Waiting {
        (t.waits_for, t.waits_until) = (None, None);
    }
    if to != State::Assigned {
        t.accept_by = None;
    }
    let draft = Draft {
        act: act.word(),
        ..draft
    };
    log::write_in(tx, c, t.id, to, draft)?;
    keep_in(tx, c, t, office)?;
    Ok(Event::new(events::MOVED)
        .about("ticket", t.id)
        .to(Audience::Staff)
        .with("act", act.word())
        .with("from", from.word())
        .with("to", to.word())
        .with("hand", hand))
}
