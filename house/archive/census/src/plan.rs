//! A quarter's plan: which tenures owe a record. Made at the quarter's start, and tended each
//! night: tenures begin and end, registrations come in. Safe to do again at any time.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Change as _, Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::rule::{Duty, Quarter, Standing, Tenure, duty, rested_from};
use crate::task::{State, Task};
use crate::{CensusError, coverage, events, share, store};

/// Tenures looked at in one go; as many ids lie well within one event.
const TAKE: i64 = 500;

/// A quarter's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub made_at: Moment,
    pub tended_at: Moment,
    /// When the households were told last.
    pub told_at: Option<Moment>,
    pub closed_at: Option<Moment>,
}

impl FromRow for Plan {
    fn from_row(row: &mut Row) -> Result<Plan, DbError> {
        Ok(Plan {
            made_at: row.next()?,
            tended_at: row.next()?,
            told_at: row.next()?,
            closed_at: row.next()?,
        })
    }
}

/// A quarter's plan, if it has one.
pub async fn of(house: &House, c: Community, q: Quarter) -> Result<Option<Plan>, DbError> {
    house.db.optional(store::plan(c, q)).await
}

/// The quarters that were planned, the newest first, at most five years of them.
pub async fn quarters(house: &House, c: Community) -> Result<Vec<Quarter>, DbError> {
    let rows: Vec<(String,)> = house.db.all(store::quarters(c, 20)).await?;
    Ok(rows
        .iter()
        .filter_map(|(word,)| Quarter::from_word(word))
        .collect())
}

/// What tending did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tended {
    pub added: usize,
    pub excused: usize,
    pub registered: usize,
}

struct Home {
    dossier: Id,
    room: Id,
    tenure: i64,
    code: String,
    sort_key: Vec<u8>,
    building: String,
    unit: String,
    facts: Tenure,
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

impl FromRow for Home {
    fn from_row(row: &mut Row) -> Result<Home, DbError> {
        let (dossier, room, tenure) = (row.next()?, row.next()?, row.next()?);
        let (code, sort_key, building, unit) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (purpose, state): (Option<String>, Option<String>) = (row.next()?, row.next()?);
        let void = row.next::<String>()? == "void";
        let (began, ended): (String, Option<String>) = (row.next()?, row.next()?);
        let signed: Option<Moment> = row.next()?;
        Ok(Home {
            dossier,
            room,
            tenure,
            code,
            sort_key,
            building,
            unit,
            facts: Tenure {
                began: day(&began),
                ended: ended.as_deref().and_then(day),
                registered: signed.map(Moment::date),
                standing: if void {
                    Standing::NoHome
                } else {
                    Standing::of(purpose.as_deref(), state.as_deref())
                },
            },
        })
    }
}

/// What is to be written for a chunk of tenures.
#[derive(Default)]
struct Part {
    add: Vec<Task>,
    excuse: Vec<(Id, Id)>,
    register: Vec<(Id, Id, Moment)>,
    again: Vec<(Id, Id)>,
    repeat: Vec<(Id, String, Vec<u8>)>,
}

/// Looks at all tenures and puts down what the quarter asks of them.
///
/// # Errors
/// [`CensusError::Early`] for a quarter that has not begun.
pub async fn tend(house: &House, by: &Actor, q: Quarter) -> Result<Tended, CensusError> {
    by.may(Permission::CensusLead)?;
    if Quarter::at(house.now()) < q {
        return Err(CensusError::Early);
    }
    let c = by.community;
    let shares = share::of(house, c).await?;
    let (mut key, mut tenure, mut id) = (Vec::new(), 0, String::new());
    let mut done = Tended::default();
    loop {
        let asked = store::tenures(c, &key, tenure, &id, TAKE);
        let rows: Vec<Home> = house.db.all(asked).await?;
        let Some(last) = rows.last() else { break };
        (key, tenure, id) = (last.sort_key.clone(), last.tenure, last.dossier.to_string());
        let full = rows.len() as i64 == TAKE;
        let part = sorted(house, c, q, &shares, rows).await?;
        done.added += part.add.len() + part.again.len();
        done.excused += part.excuse.len();
        done.registered += part.register.len();
        write(house, by, q, part).await?;
        if !full {
            break;
        }
    }
    Ok(done)
}

async fn sorted(
    house: &House,
    c: Community,
    q: Quarter,
    shares: &BTreeMap<String, (Id, String)>,
    rows: Vec<Home>,
) -> Result<Part, CensusError> {
    let ids: Vec<Id> = rows.iter().map(|r| r.dossier).collect();
    type Owed = (Id, Id, State, String, Vec<u8>);
    let owed: Vec<Owed> = house.db.all(store::owed(c, q, &ids)).await?;
    let owed: BTreeMap<Id, Owed> = owed.into_iter().map(|o| (o.0, o)).collect();
    let talks = store::last_talks(c, q.previous(), &ids);
    let talks: Vec<(Id, String)> = house.db.all(talks).await?;
    let talks: BTreeMap<Id, String> = talks.into_iter().collect();
    let mut part = Part::default();
    for row in rows {
        let duty = duty(q, &row.facts);
        let there = owed.get(&row.dossier);
        if let Some((_, id, _, code, key)) = there
            && (*code != row.code || *key != row.sort_key)
        {
            part.repeat
                .push((*id, row.code.clone(), row.sort_key.clone()));
        }
        let signed = row.facts.registered.map(Moment::at_start_of);
        match (there.map(|o| (o.1, o.2)), duty) {
            (None, Duty::None(_)) => {}
            (None, duty) => {
                let registered = (duty == Duty::Registered).then_some(signed).flatten();
                part.add
                    .push(begun(house, q, row, shares, &talks, registered));
            }
            (Some((id, State::Open)), Duty::None(_)) => part.excuse.push((id, row.dossier)),
            (Some((id, State::Open)), Duty::Registered) => {
                let at = signed.unwrap_or_else(|| house.now());
                part.register.push((id, row.dossier, at));
            }
            (Some((id, State::Excused)), Duty::Due | Duty::Registered) => {
                part.again.push((id, row.dossier));
            }
            (Some(_), _) => {}
        }
    }
    Ok(part)
}

fn begun(
    house: &House,
    q: Quarter,
    row: Home,
    shares: &BTreeMap<String, (Id, String)>,
    talks: &BTreeMap<Id, String>,
    registered: Option<Moment>,
) -> Task {
    let share = shares.get(&row.building);
    let last = talks.get(&row.dossier).and_then(|text| day(text));
    Task {
        id: house.id(),
        quarter: q,
        dossier: row.dossier,
        room: row.room,
        code: row.code,
        sort_key: row.sort_key,
        building: row.building,
        unit: row.unit,
        standing: row.facts.standing,
        state: if registered.is_some() {
            State::Registered
        } else {
            State::Open
        },
        assignee: share.map(|s| s.0),
        assignee_name: share.map_or(String::new(), |s| s.1.clone()),
        rested_from: last.map_or(String::new(), |day| rested_from(day).to_string()),
        attempts: 0,
        last_at: None,
        done_at: registered,
        done_name: String::new(),
        method: registered.map_or(String::new(), |_| "registration".into()),
        changes: 0,
        late: false,
        signs: String::new(),
        version: 1,
    }
}

async fn write(house: &House, by: &Actor, q: Quarter, part: Part) -> Result<(), CensusError> {
    let c = by.community;
    let tenures: Vec<Id> = part
        .add
        .iter()
        .map(|t| t.dossier)
        .chain(part.again.iter().map(|(_, dossier)| *dossier))
        .collect();
    let about = |kind, dossier| {
        let event = Event::new(kind).about("dossier", dossier);
        event.to(Audience::Staff).with("quarter", q.number())
    };
    let mut told = Vec::new();
    if !tenures.is_empty() {
        let event = Event::new(events::PLANNED).to(Audience::Staff);
        told.push(event.with("quarter", q.number()).with("tenures", tenures));
    }
    let signed = part
        .add
        .iter()
        .filter_map(|t| Some((t.dossier, t.done_at?)));
    let came = part.register.iter().map(|(_, dossier, at)| (*dossier, *at));
    for (dossier, at) in signed.chain(came) {
        told.push(about(events::REGISTERED, dossier).with("day", at));
    }
    for (_, dossier) in &part.excuse {
        told.push(about(events::EXCUSED, *dossier));
    }
    let Some(last) = told.pop() else {
        return Ok(());
    };
    house
        .write(c, &by.who_for(Permission::CensusLead), move |mut tx| {
            let now = tx.now();
            tx.execute(store::keep_plan(c, q, now))?;
            let rows = part.add.iter().map(|t| store::task_row(c, t)).collect();
            tx.insert_many(
                store::INSERT_TASKS,
                store::TASK_WIDTH,
                rows,
                "ON CONFLICT (community, dossier, quarter) DO NOTHING",
            )?;
            for (id, code, key) in &part.repeat {
                tx.execute(store::repeat(c, *id, code, key))?;
            }
            for (id, _) in &part.again {
                tx.execute(store::reopen(c, *id, State::Excused))?;
            }
            for (id, _, at) in &part.register {
                let end = store::End {
                    state: State::Registered,
                    at: *at,
                    day: at.date().to_string(),
                    by: String::new(),
                    name: "",
                    method: "registration",
                    changes: 0,
                    late: false,
                    signs: "",
                };
                tx.execute(store::end(c, *id, &end))?;
            }
            let excused: Vec<Id> = part.excuse.iter().map(|(id, _)| *id).collect();
            if !excused.is_empty() {
                tx.execute(store::excuse(c, &excused))?;
            }
            for event in told {
                tx.also(event)?;
            }
            Ok::<_, CensusError>(tx.record(last, ())?)
        })
        .await
}

/// Ends a quarter that is over: what has no record is late from now on, and may still be done,
/// as late. Closed once.
pub async fn close(house: &House, by: &Actor, q: Quarter) -> Result<(), CensusError> {
    by.may(Permission::CensusLead)?;
    let c = by.community;
    let (_, end) = q.bounds();
    let Some(plan) = of(house, c, q).await? else {
        return Ok(());
    };
    if house.now() < end || plan.closed_at.is_some() {
        return Ok(());
    }
    tend(house, by, q).await?;
    let t = coverage::totals(house, c, q).await?;
    house
        .write(c, &by.who_for(Permission::CensusLead), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::close_plan(c, q, now))? == 0 {
                return Err(CensusError::Changed);
            }
            let event = Event::new(events::CLOSED)
                .to(Audience::Staff)
                .with("quarter", q.number())
                .with("due", t.due())
                .with("counted", t.counted)
                .with("vacant", t.vacant)
                .with("registered", t.registered)
                .with("refused", t.refused)
                .with("open", t.open);
            Ok(tx.record(event, ())?)
        })
        .await
}
