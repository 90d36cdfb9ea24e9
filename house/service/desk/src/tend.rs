//! What the clock does with tickets: alarms, acceptance that ran out, waiting that lasted too
//! long, silence that confirms, closing. Each in one write with the ticket as it then is, so
//! that a runner that dies between two does neither twice.

use std::sync::Arc;

use foundation::clock::{DAY, Moment};
use foundation::database::{Chore, Community, Look as _, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{self, Job, Runner};
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use permissions::actor::Actor;
use permissions::{Permission, Role};

use crate::alarms::{self, Alarm, Step, Watched};
use crate::calendar::Office;
use crate::clocks::Clock;
use crate::log::{self, Draft};
use crate::looking::Basis;
use crate::moving::{self, CLOSE_DAYS};
use crate::states::{Act, Hand, State, step};
use crate::team::Teams;
use crate::ticket::{Ticket, Veil};
use crate::{Refused, acts, calls, dispatch, events, outside, store, tell};

/// The clock's job.
pub const TEND: &str = "desk.tend";
/// Tickets that one round reads.
const TOGETHER: i64 = 100;
/// More than one ticket can owe at once: three clocks of four steps, and its moves.
const TURNS_MAX: usize = 24;

/// Registers the job.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner.on(TEND, |house: Arc<House>, job: Job| async move {
        let done = run(&house, job.community).await;
        done.map_err(|e| e.to_string())
    })
}

/// Looks at every ticket whose time has come.
pub async fn run(house: &House, c: Community) -> Result<(), Refused> {
    loop {
        let asked = store::to_look_at(c, house.now(), TOGETHER);
        let due: Vec<(Id,)> = house.db.all(asked).await?;
        let last = (due.len() as i64) < TOGETHER;
        for (id,) in due {
            for _ in 0..TURNS_MAX {
                if !turn(house, c, id).await? {
                    break;
                }
            }
        }
        if last {
            return Ok(());
        }
    }
}

/// What a ticket owes at a moment.
enum Owed {
    Move(Act, State),
    Alarm(Alarm),
    /// The next in turn gets it.
    Turn,
    /// Nothing: it is looked at again when its time comes.
    Nothing,
}

fn owed(t: &Ticket, basis: &Basis, office: &Office, now: Moment) -> Owed {
    let passed = |at: Option<Moment>| at.is_some_and(|at| at <= now);
    let act = match t.state {
        State::Assigned if passed(t.accept_by) => Some(Act::TimeOut),
        State::Waiting if passed(t.waits_until) => Some(Act::Resume),
        State::Resolved if passed(Some(t.state_at.plus(office.silent_days * DAY))) => {
            Some(Act::ConfirmSilently)
        }
        State::Confirmed if passed(Some(t.state_at.plus(CLOSE_DAYS * DAY))) => Some(Act::Close),
        _ => None,
    };
    if let Some(act) = act
        && let Ok(to) = step(t.state, act, Hand::Clock)
    {
        return Owed::Move(act, to);
    }
    if t.state.is_over() {
        return Owed::Nothing;
    }
    if dispatch::turns_left(t, basis) {
        return Owed::Turn;
    }
    let marks = log::marks(&basis.steps);
    let watched = Watched {
        opened: t.opened_at,
        since: t.since,
        log: &marks,
        terms: basis.effective(t).terms,
    };
    let (owed, _) = alarms::owed(&watched, &office.calendar, &basis.given, now);
    owed.first().map_or(Owed::Nothing, |a| Owed::Alarm(*a))
}

/// Does the next thing that a ticket owes; whether there may be more.
async fn turn(house: &House, c: Community, id: Id) -> Result<bool, Refused> {
    let found: Option<Ticket> = house.db.optional(store::ticket(c, id)).await?;
    let Some(t) = found else {
        return Ok(false);
    };
    let office = Office::of(house, c).await?;
    let teams = Teams::of(house, c).await?;
    let now = house.now();
    if t.look_at.is_none_or(|at| at > now) {
        return Ok(false);
    }
    // Whoever may have to be told is found before the write; what is owed is decided in it.
    let mut tellings = Vec::new();
    for &step in Step::ALL {
        let people = whom(house, c, &t, &teams, step).await?;
        let path = match (step, t.veil) {
            (_, Veil::Outside) => format!("/complaints/{}", t.id),
            (Step::Outside, Veil::Complaint) => format!("/complaints/{}", t.id),
            // Of what is no complaint those outside learn that it is late, and no more.
            (Step::Outside, Veil::Office) => "/complaints".to_owned(),
            _ => format!("/desk/{}", t.id),
        };
        let telling = tell::prepare(
            house,
            c,
            &people,
            title(step),
            t.number,
            path,
            step != Step::Warning,
        );
        tellings.push((step, telling.await?));
    }
    let names = accounts::staff::names(house, c).await?;
    let silent = {
        let to: Vec<Id> = t.reporter_account.into_iter().collect();
        let path = format!("/my-tickets/{}", t.id);
        let title = key("desk-told-silent");
        tell::prepare(house, c, &to, title, t.number, path, false).await?
    };
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let found: Option<Ticket> = tx.optional(store::ticket(c, id))?;
            let mut t = found.ok_or(Refused::NotFound)?;
            let now = tx.now();
            let basis = Basis::within(&mut tx, c, &t)?;
            match owed(&t, &basis, &office, now) {
                Owed::Nothing => {
                    // Nothing happened in the world, so nothing is recorded: the mark alone
                    // moves, by housekeeping.
                    Err(Refused::Again)
                }
                Owed::Move(act, to) => {
                    // Whose time ran out: the turn passes them over.
                    let whose = t.assignee.filter(|_| act == Act::TimeOut);
                    if act == Act::TimeOut {
                        (t.assignee, t.assignee_name) = (None, String::new());
                    }
                    if act == Act::ConfirmSilently {
                        t.silent = true;
                        calls::owe_in(&mut tx, c, &t)?;
                        if let Some(telling) = &silent {
                            telling.put_in(&mut tx)?;
                        }
                    }
                    let draft = Draft {
                        by_account: whose,
                        hand: Hand::Clock.word(),
                        public: matches!(act, Act::ConfirmSilently | Act::Resume | Act::Close),
                        ..Draft::default()
                    };
                    let event = moving::go_in(&mut tx, c, &mut t, &office, act, to, draft)?;
                    Ok(tx.record(event, ())?)
                }
                Owed::Turn => {
                    let event = give_in(&mut tx, c, &mut t, &basis, &office, &names)?;
                    Ok(tx.record(event, ())?)
                }
                Owed::Alarm(alarm) => {
                    tx.execute(store::insert_alarm(c, id, &alarm, now))?;
                    let told = tellings.iter().find(|(step, _)| *step == alarm.step);
                    if let Some((_, Some(telling))) = told {
                        telling.put_in(&mut tx)?;
                    }
                    let further = t.outside.is_none() || alarm.clock == Clock::Resolve;
                    if alarm.step == Step::Outside && further {
                        outside::overdue(&mut t);
                    }
                    moving::keep_in(&mut tx, c, &mut t, &office)?;
                    let event = Event::new(events::ALARMED)
                        .about("ticket", id)
                        .to(Audience::Staff)
                        .with("clock", alarm.clock.word())
                        .with("round", alarm.round)
                        .with("step", alarm.step.word());
                    Ok(tx.record(event, ())?)
                }
            }
        })
        .await;
    match done {
        Ok(()) => Ok(true),
        Err(Refused::Again) => {
            again(house, c, id).await?;
            Ok(false)
        }
        Err(e) => Err(e),
    }
}

/// Gives a ticket to whose turn it is.
fn give_in(
    tx: &mut Tx<'_>,
    c: Community,
    t: &mut Ticket,
    basis: &Basis,
    office: &Office,
    names: &[(Id, String)],
) -> Result<Event, Refused> {
    let able = dispatch::in_turn(t, basis);
    let loads = dispatch::loads_in(tx, c)?;
    let next = dispatch::next(&able, &loads).ok_or(Refused::Worker)?;
    let (team, account, now) = (next.team, next.account, tx.now());
    let to = step(t.state, Act::Assign, Hand::Clock)?;
    t.assignee = Some(account);
    let name = names.iter().find(|(id, _)| *id == account);
    t.assignee_name = name.map_or(String::new(), |(_, name)| name.clone());
    t.accept_by = Some(acts::accept_by(&basis.effective(t), office, now));
    tx.execute(store::office::turn(c, team, account, now))?;
    let draft = Draft {
        hand: Hand::Clock.word(),
        ..Draft::default()
    };
    moving::go_in(tx, c, t, office, Act::Assign, to, draft)
}

/// Looks at a ticket's time anew where nothing was owed: terms or hours gave it more.
async fn again(house: &House, c: Community, id: Id) -> Result<(), Refused> {
    let office = Office::of(house, c).await?;
    let now = house.now();
    let (at, due, version) = house
        .db
        .reading(move |look| {
            let found: Option<Ticket> = look.optional(store::ticket(c, id))?;
            let t = found.ok_or(Refused::NotFound)?;
            let basis = Basis::within(look, c, &t)?;
            let (at, due) = moving::plan(&t, &basis, &office, now);
            Ok::<_, Refused>((at, due, t.version))
        })
        .await?;
    // The job first: a house that dies between the two looks once too often, never too rarely.
    if let Some(at) = at {
        let (id, minute) = moving::minute_after(at.max(now));
        let nothing = serde_json::Value::Object(serde_json::Map::new());
        jobs::arm(&house.db, c, TEND, &id, &nothing, minute).await?;
    }
    house
        .db
        .keep::<_, Refused, _>(Chore::Job, c, move |r| {
            r.execute(store::set_look(c, id, at, due, version))?;
            Ok(())
        })
        .await
}

fn title(step: Step) -> &'static str {
    match step {
        Step::Warning => key("desk-told-warning"),
        Step::Lead => key("desk-told-lead"),
        Step::Manager => key("desk-told-manager"),
        Step::Outside => key("desk-told-outside"),
    }
}

/// Who is told at a step: whoever has it, the team's lead, the manager, those outside. Whom a
/// complaint is about never.
async fn whom(
    house: &House,
    c: Community,
    t: &Ticket,
    teams: &Teams,
    step: Step,
) -> Result<Vec<Id>, Refused> {
    let lead = t.team.and_then(|id| teams.team(id)).and_then(|k| k.lead);
    let roles: &[Role] = match (step, t.veil) {
        (Step::Outside, _) | (_, Veil::Outside) => Permission::DeskOutside.roles(),
        (Step::Warning, _) => {
            if let Some(assignee) = t.assignee {
                return Ok(vec![assignee]);
            }
            match (lead, t.veil) {
                (Some(lead), Veil::Office) => return Ok(vec![lead]),
                (_, Veil::Complaint) => Permission::DeskComplaints.roles(),
                _ => Permission::DeskHandle.roles(),
            }
        }
        (Step::Lead, Veil::Office) => match lead {
            Some(lead) => return Ok(vec![lead]),
            None => &[Role::Supervisor],
        },
        (Step::Lead, _) => &[Role::Supervisor],
        (Step::Manager, _) => &[Role::Manager],
    };
    let all = accounts::staff::holders(house, c, roles).await?;
    let told = all
        .into_iter()
        .filter(|h| h.active && t.subject != Some(h.id));
    Ok(told.map(|h| h.id).collect())
}
