//! Everything that moves a ticket, as one verb: the table says whether there is such a way and
//! whether this hand may, the guards what must be said or be so.

use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::Look as _;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::key;
use permissions::Permission;
use permissions::actor::Actor;

use crate::calendar::Office;
use crate::category::{Effective, Tree};
use crate::log::Draft;
use crate::looking::{self, hands};
use crate::states::{Act, Hand, Illegal, State, step_any};
use crate::team::Teams;
use crate::ticket::{Ticket, Veil};
use crate::words::{Kind, Outcome, Priority, WaitsFor};
use crate::{Refused, calls, dispatch, incident, moving, price, sealing, store, tell, words_of};

/// What was closed may be reopened for so long.
pub const REOPEN_DAYS: i64 = 30;

/// What goes with an act; each act takes what it needs.
#[derive(Clone, Debug, Default)]
pub struct Doing {
    pub words: String,
    /// To whom it is given.
    pub to: Option<Id>,
    pub team: Option<Id>,
    pub category: Option<Id>,
    pub priority: Option<Priority>,
    pub outcome: Option<Outcome>,
    pub waits_for: Option<WaitsFor>,
    /// For how many days it waits; the longest where nothing is said.
    pub days: Option<i64>,
    /// The ticket that it is merged into.
    pub into: Option<Id>,
    pub rating: Option<i64>,
    /// As the page saw it; 0 takes it as it is.
    pub version: i64,
    /// What the device calls this act: sent twice, it is done once.
    pub sent_id: String,
}

/// What must be said with an act.
fn needs_words(act: Act) -> bool {
    matches!(
        act,
        Act::HandBack | Act::Wait | Act::Resolve | Act::Reopen | Act::Refer | Act::Decline
    )
}

/// What the reporter sees of an act with its words; the rest is the office's own.
fn is_public(act: Act) -> bool {
    !matches!(
        act,
        Act::Triage | Act::Assign | Act::HandBack | Act::TimeOut
    )
}

/// Why a ticket is told of to its reporter, where it is.
fn tells_reporter(act: Act) -> Option<&'static str> {
    match act {
        Act::Accept | Act::Grab => Some(key("desk-told-accepted")),
        Act::Wait => Some(key("desk-told-waiting")),
        Act::Resolve => Some(key("desk-told-resolved")),
        Act::Merge | Act::Refer | Act::Decline => Some(key("desk-told-ended")),
        _ => None,
    }
}

/// Does an act; the state that it led to.
///
/// # Errors
/// [`Refused::Illegal`] where the table has no such way or not for this hand, and what the guards
/// of each act say.
pub async fn act(
    house: &House,
    by: &Actor,
    id: Id,
    act: Act,
    doing: Doing,
) -> Result<State, Refused> {
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    if crate::was_sent(house, c, account, &doing.sent_id).await? {
        return Ok(looking::ticket(house, by, id).await?.state);
    }
    let sent_id = doing.sent_id.clone();
    let done = once(house, by, account, id, act, doing).await;
    // Sent twice at once, the second hears of the first, wherever it came too late.
    if done.is_err() && crate::was_sent(house, c, account, &sent_id).await? {
        return Ok(looking::ticket(house, by, id).await?.state);
    }
    done
}

/// The act itself, as if it had not been sent before.
async fn once(
    house: &House,
    by: &Actor,
    account: Id,
    id: Id,
    act: Act,
    doing: Doing,
) -> Result<State, Refused> {
    let c = by.community;
    let t = looking::ticket(house, by, id).await?;
    step_any(t.state, act, &hands(by, &t))?;
    let text = words_of(&doing.words)?;
    if needs_words(act) && text.is_empty() {
        return Err(Refused::Words);
    }
    let tree = Tree::of(house, c).await?;
    let office = Office::of(house, c).await?;
    let teams = Teams::of(house, c).await?;
    let colleague = match (act, doing.to) {
        (Act::Assign, Some(to)) => Some((to, worker(house, by, &t, to).await?)),
        (Act::Assign, None) => return Err(Refused::Worker),
        _ => None,
    };
    let by_name = accounts::name_of(house, account).await?;
    let ring = house.keys.make(c, &[t.whose]).await?;
    let words = house.keys.seal_text(&ring, t.whose, sealing::STEP, &text)?;
    let home = match act {
        Act::Merge => incident::homes_of(house, c, std::slice::from_ref(&t)).await?,
        _ => Vec::new(),
    };
    let telling = telling_of(house, by, &t, act, doing.to).await?;
    let all = match is_public(act) {
        true => incident::telling(house, by, &t).await?,
        false => None,
    };
    let by = by.clone();
    let (who, digest) = looking::who(house, &by, t.veil, looking::is_reporter(&by, &t));
    house
        .write(c, &who, move |mut tx| {
            let mut t = looking::ticket_in(&mut tx, &by, id)?;
            if doing.version != 0 && doing.version != t.version {
                return Err(Refused::Changed);
            }
            let (to, hand) = step_any(t.state, act, &hands(&by, &t))?;
            let effective = tree.effective(t.category, t.kind, t.priority);
            let now = tx.now();
            if matches!(act, Act::Start | Act::Resolve) {
                let (_, fen): (i64, i64) = tx.one(store::work::sum_parts(c, id))?;
                // What was asked is answered before the work begins.
                if !price::is_agreed(&t, fen.max(t.price_fen.unwrap_or(0))) {
                    return Err(Refused::Price);
                }
            }
            let until_at = prepare(&mut t, act, &doing, &tree, account, now)?;
            match (act, colleague) {
                (Act::Assign, Some((to, name))) => {
                    (t.assignee, t.assignee_name) = (Some(to), name);
                    t.accept_by = Some(accept_by(&effective, &office, now));
                    t.team = doing.team.or(t.team);
                }
                (Act::Grab, _) if !dispatch::may_grab(&teams, &tree, &t, account) => {
                    return Err(Refused::Worker);
                }
                (Act::Grab, _) => (t.assignee, t.assignee_name) = (Some(account), by_name.clone()),
                (Act::Merge, _) => {
                    let into = doing.into.ok_or(Refused::NotFound)?;
                    merge_in(&mut tx, &by, &mut t, into, &home, &office)?;
                }
                // Who was asked on the phone was called back by that.
                (Act::Confirm, _) if hand == Hand::Caller => {
                    calls::heard_in(&mut tx, c, id, (account, &by_name), Some(true))?;
                }
                (Act::Confirm, _) => calls::owe_in(&mut tx, c, &t)?,
                (Act::Reopen, _) if hand == Hand::Caller => {
                    calls::heard_in(&mut tx, c, id, (account, &by_name), Some(false))?;
                }
                (Act::Reopen, _) => {
                    tx.execute(store::work::drop_call(c, id))?;
                }
                // A reporter without account is asked on the phone whether it is done.
                (Act::Resolve, _) if t.reporter_account.is_none() => {
                    calls::owe_in(&mut tx, c, &t)?;
                }
                _ => {}
            }
            let draft = Draft {
                act: act.word(),
                by_account: Some(account),
                by_name,
                hand: hand.word(),
                public: is_public(act),
                words,
                until_at,
                sent_id: doing.sent_id,
            };
            let event = moving::go_in(&mut tx, c, &mut t, &office, act, to, draft)?;
            let event = event.with_some("reporter", digest);
            for telling in telling.iter().chain(&all) {
                telling.put_in(&mut tx)?;
            }
            Ok(tx.record(event, to)?)
        })
        .await
}

/// Until when whom a ticket is given to is to accept it.
pub(crate) fn accept_by(effective: &Effective, office: &Office, now: Moment) -> Moment {
    let amount = effective.accept * MINUTE;
    if effective.terms.round_the_clock {
        return now.plus(amount);
    }
    let at = office.calendar.add(now.0, amount, &[]);
    at.map_or(now.plus(amount), Moment)
}

/// What an act changes of the ticket besides its state, and the guards that read the ticket alone.
fn prepare(
    t: &mut Ticket,
    act: Act,
    doing: &Doing,
    tree: &Tree,
    account: Id,
    now: Moment,
) -> Result<Option<Moment>, Refused> {
    match act {
        Act::Triage => {
            if let Some(category) = doing.category {
                let found = tree.get(category).ok_or(Refused::Category)?;
                // A complaint stays one: what was confidential is not sorted into the open.
                let both = (t.kind == Kind::Complaint) == (found.kind == Kind::Complaint);
                if !both || found.retired_at.is_some() {
                    return Err(Refused::Category);
                }
                (t.category, t.kind) = (Some(category), found.kind);
                let now = tree.effective(t.category, t.kind, t.priority);
                t.team = doing.team.or(now.team).or(t.team);
                t.priority = doing.priority.or(now.priority).unwrap_or(t.priority);
            }
            t.priority = doing.priority.unwrap_or(t.priority);
            t.team = doing.team.or(t.team);
        }
        Act::HandBack => (t.assignee, t.assignee_name) = (None, String::new()),
        Act::Wait => {
            let what = doing.waits_for.ok_or(Refused::Setting)?;
            let longest = what.longest_days();
            let days = doing.days.unwrap_or(longest);
            if !(1..=longest).contains(&days) {
                return Err(Refused::Setting);
            }
            t.waits_for = Some(what);
            t.waits_until = Some(now.plus(days * DAY));
            return Ok(t.waits_until);
        }
        Act::Resolve => {
            t.outcome = Some(doing.outcome.ok_or(Refused::Setting)?);
            // What the desk answers itself, whoever answered worked on.
            t.worker = t.assignee.or(Some(account));
        }
        Act::Confirm => {
            t.rating = match doing.rating {
                Some(stars) if (1..=5).contains(&stars) => Some(stars),
                None => None,
                Some(_) => return Err(Refused::Setting),
            };
            t.silent = false;
        }
        Act::Reopen => {
            if now > t.state_at.plus(REOPEN_DAYS * DAY) {
                return Err(Refused::ReopenOver);
            }
            t.reopened += 1;
            (t.assignee, t.assignee_name) = (None, String::new());
            (t.outcome, t.silent, t.rating) = (None, false, None);
        }
        Act::Merge => t.outcome = Some(Outcome::Duplicate),
        Act::Refer | Act::Decline => {
            let of = doing.outcome.unwrap_or(Outcome::NotOurs);
            t.outcome = Some(of);
        }
        _ => {}
    }
    Ok(None)
}

/// A colleague who may be given a ticket: at work, able to, and not whom it is about.
async fn worker(house: &House, by: &Actor, t: &Ticket, to: Id) -> Result<String, Refused> {
    if t.subject == Some(to) {
        return Err(Refused::Worker);
    }
    let roles = if t.veil == Veil::Outside {
        Permission::DeskOutside.roles()
    } else {
        Permission::DeskWork.roles()
    };
    let all = accounts::staff::holders(house, by.community, roles).await?;
    let found = all.into_iter().find(|h| h.id == to && h.active);
    Ok(found.ok_or(Refused::Worker)?.name)
}

/// Gathers a ticket under another: the reporter follows that one's progress, and where that one
/// stands for many, the household is one more of them.
fn merge_in(
    tx: &mut foundation::database::Tx<'_>,
    by: &Actor,
    t: &mut Ticket,
    into: Id,
    home: &[incident::Home],
    office: &Office,
) -> Result<(), Refused> {
    let mut other = looking::ticket_in(tx, by, into)?;
    let fits = other.id != t.id
        && other.veil == Veil::Office
        && t.veil == Veil::Office
        && other.incident.is_none()
        && !t.is_incident;
    if !fits || matches!(other.state, State::Merged | State::Cancelled) {
        return Err(Illegal::NotBy(t.state, Act::Merge, Hand::Office).into());
    }
    t.incident = Some(other.id);
    if other.is_incident && incident::count_in(tx, by.community, &mut other, home)? > 0 {
        moving::keep_in(tx, by.community, &mut other, office)?;
    }
    Ok(())
}

async fn telling_of(
    house: &House,
    by: &Actor,
    t: &Ticket,
    act: Act,
    to: Option<Id>,
) -> Result<Option<tell::Telling>, Refused> {
    let c = by.community;
    if act == Act::Assign {
        let people: Vec<Id> = to.into_iter().filter(|a| Some(*a) != by.account).collect();
        let urgent = t.priority == Priority::Emergency;
        let title = key("desk-told-assigned");
        let path = format!("/desk/{}", t.id);
        return Ok(tell::prepare(house, c, &people, title, t.number, path, urgent).await?);
    }
    if act == Act::Reopen {
        let people: Vec<Id> = t.worker.into_iter().collect();
        let (title, path) = (key("desk-told-reopened"), format!("/desk/{}", t.id));
        return Ok(tell::prepare(house, c, &people, title, t.number, path, false).await?);
    }
    let (Some(title), Some(reporter)) = (tells_reporter(act), t.reporter_account) else {
        return Ok(None);
    };
    let path = format!("/my-tickets/{}", t.id);
    Ok(tell::prepare(house, c, &[reporter], title, t.number, path, false).await?)
}

/// Which acts somebody may do now, for the buttons of a page.
pub fn ways(by: &Actor, t: &Ticket) -> Vec<Act> {
    crate::states::ways(t.state, &hands(by, t))
}

/// The colleagues to whom a ticket may be given.
pub async fn workers(house: &House, by: &Actor, t: &Ticket) -> Result<Vec<(Id, String)>, Refused> {
    let roles = if t.veil == Veil::Outside {
        Permission::DeskOutside.roles()
    } else {
        Permission::DeskWork.roles()
    };
    let all = accounts::staff::holders(house, by.community, roles).await?;
    let mut out: Vec<(Id, String)> = Vec::new();
    for one in all {
        let fits = one.active && t.subject != Some(one.id);
        if fits && !out.iter().any(|(id, _)| *id == one.id) {
            out.push((one.id, one.name));
        }
    }
    Ok(out)
}
