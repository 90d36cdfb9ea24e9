//! What a household said, sent by a visitor's phone, typed from a sheet, or by the household
//! itself: merged once, however often it is sent.

mod compare;

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, FromValue, Look as _, Row, Tx, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event, Who};
use permissions::Permission;
use permissions::actor::Actor;
use serde::{Deserialize, Serialize};

pub use compare::{Becomes, Difference, compare};

use crate::task::{Method, State, Task};
use crate::{CensusError, events, home, rule, store, work};

/// The sealed column.
const FIELDS: &str = "census_fields";
/// What a device calls its answer by: letters, digits and hyphens.
const SENT_ID_CHARS: std::ops::RangeInclusive<usize> = 8..=64;

/// What was said of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// As it is known.
    Same,
    /// Is something else now.
    To(String),
    /// Is not there any more.
    Gone,
}

/// Somebody who is not on the roster yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    pub name: String,
    /// `tenant`, `family`, or `owner`: whom a transfer is to make one.
    pub tie: String,
    pub phone: String,
    /// Under fourteen.
    pub child: bool,
    /// For a child: who of the household consents as its guardian.
    pub guardian: Option<Id>,
    pub consent: bool,
}

impl Newcomer {
    /// Whether a transfer of ownership is told of.
    pub fn owns(&self) -> bool {
        self.tie == roster::Tie::Owner.word()
    }
}

/// A household's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// By the questions' keys.
    pub given: BTreeMap<String, Given>,
    /// The household's tick: everything that is not said otherwise is as it is known.
    pub rest_same: bool,
    /// What each question's knowledge was marked by when it was shown.
    pub marks: BTreeMap<String, String>,
    pub newcomers: Vec<Newcomer>,
    pub plates: Vec<String>,
    /// Children whose guardian consents to their data being asked for.
    pub consents: Vec<Id>,
}

/// Where an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Differences wait for a specialist.
    Waiting,
    /// Something changed meanwhile: a specialist decides.
    Conflict,
    /// Done.
    Counted,
    /// Put aside.
    Dropped,
}

impl Stage {
    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Stage::Waiting => "waiting",
            Stage::Conflict => "conflict",
            Stage::Counted => "counted",
            Stage::Dropped => "dropped",
        }
    }

    pub fn from_word(word: &str) -> Option<Stage> {
        [
            Stage::Waiting,
            Stage::Conflict,
            Stage::Counted,
            Stage::Dropped,
        ]
        .into_iter()
        .find(|s| s.word() == word)
    }

    pub fn is_open(self) -> bool {
        matches!(self, Stage::Waiting | Stage::Conflict)
    }
}

impl FromValue for Stage {
    fn from_value(value: Value) -> Result<Stage, DbError> {
        let word = String::from_value(value)?;
        Stage::from_word(&word).ok_or_else(|| DbError::Shape(format!("an answer {word}")))
    }
}

/// An answer as it is kept; its fields lie sealed until it is settled, and are gone then.
#[derive(Clone, Debug)]
pub struct Answer {
    pub id: Id,
    pub sent_id: String,
    pub task: Id,
    pub dossier: Id,
    pub method: Method,
    pub fields: String,
    pub state: Stage,
    /// Empty for a household by its link.
    pub sent_name: String,
    pub at: Moment,
    pub settled_at: Option<Moment>,
    pub settled_name: String,
    /// The room's code, and where its household is.
    pub code: String,
    pub task_state: State,
}

impl FromRow for Answer {
    fn from_row(row: &mut Row) -> Result<Answer, DbError> {
        Ok(Answer {
            id: row.next()?,
            sent_id: row.next()?,
            task: row.next()?,
            dossier: row.next()?,
            method: row.next()?,
            fields: row.next()?,
            state: row.next()?,
            sent_name: row.next()?,
            at: row.next()?,
            settled_at: row.next()?,
            settled_name: row.next()?,
            code: row.next()?,
            task_state: row.next()?,
        })
    }
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing differs: the household has its record.
    Counted,
    /// Differences, to be confirmed.
    Waiting(Id),
    /// It does not fit what is known now: somebody decides.
    Conflict(Id),
}

fn outcome(a: &Answer) -> Outcome {
    match a.state {
        Stage::Waiting => Outcome::Waiting(a.id),
        Stage::Conflict => Outcome::Conflict(a.id),
        Stage::Counted | Stage::Dropped => Outcome::Counted,
    }
}

/// Takes an answer that somebody of the office got: at the door, by phone, from a sheet.
/// `sent_id` is the device's own name for it: the same again is the same answer.
///
/// # Errors
/// [`CensusError::Missing`] with the fields that are neither confirmed nor changed;
/// [`CensusError::Field`] with what is wrong.
pub async fn send(
    house: &House,
    by: &Actor,
    task: Id,
    sent_id: &str,
    method: Method,
    fields: &Fields,
) -> Result<Outcome, CensusError> {
    by.may(Permission::CensusVisit)?;
    let account = by.account.ok_or(CensusError::NotFound)?;
    if method == Method::Household {
        return Err(CensusError::NotFound);
    }
    let task = work::one(house, by, task).await?;
    let name = accounts::name_of(house, account).await?;
    let from = From {
        who: by.who_for(Permission::CensusVisit),
        account: account.to_string(),
        name,
        link: None,
    };
    take_in(house, by.community, from, task, sent_id, method, fields).await
}

/// Who sends.
pub(crate) struct From {
    pub who: Who,
    pub account: String,
    pub name: String,
    /// The digest of the link that is used by it.
    pub link: Option<String>,
}

pub(crate) async fn take_in(
    house: &House,
    c: Community,
    from: From,
    task: Task,
    sent_id: &str,
    method: Method,
    fields: &Fields,
) -> Result<Outcome, CensusError> {
    let fine = |s: char| s.is_ascii_alphanumeric() || s == '-';
    if !SENT_ID_CHARS.contains(&sent_id.len()) || !sent_id.chars().all(fine) {
        return Err(CensusError::Changed);
    }
    let sent_id = format!("{}-{sent_id}", task.id);
    let before: Option<Answer> = house
        .db
        .optional(store::answers::by_sent_id(c, &sent_id))
        .await?;
    if let Some(before) = before {
        return Ok(outcome(&before));
    }
    if task.state == State::Excused || rule::in_time(task.quarter, house.now()).is_none() {
        return Err(CensusError::State(task.state));
    }
    let known = home::of(house, c, &task).await?;
    let differences = compare(&known, fields)?;
    let text = serde_json::to_string(fields).map_err(|e| DbError::Shape(e.to_string()))?;
    let ring = house.keys.make(c, &[task.dossier]).await?;
    // An answer without a difference has nothing to keep.
    let sealed = if differences.is_empty() {
        String::new()
    } else {
        house.keys.seal_text(&ring, task.dossier, FIELDS, &text)?
    };
    let id = house.id();
    let changed = differences.iter().any(|d| d.conflict);
    house
        .write(c, &from.who, move |mut tx| {
            let before: Option<Answer> = tx.optional(store::answers::by_sent_id(c, &sent_id))?;
            if let Some(before) = before {
                // Two of the same crossed: the other one's outcome is this one's.
                return Err(Settled::Before(outcome(&before)));
            }
            let now = tx.now();
            if let Some(digest) = &from.link
                && tx.execute(store::answers::use_link(c, digest, now))? == 0
            {
                return Err(CensusError::LinkOver.into());
            }
            let found: Option<Task> = tx.optional(store::task(c, task.id))?;
            let task = found.ok_or(CensusError::NotFound)?;
            // A household that did not want to may change its mind: nobody asked again.
            let mut state = task.state;
            if state == State::Refused && method == Method::Household {
                tx.execute(store::reopen(c, task.id, State::Refused))?;
                tx.also(about(events::REOPENED, &task))?;
                state = State::Open;
            }
            let same = differences.is_empty();
            let stage = match () {
                () if same => Stage::Counted,
                () if changed || state != State::Open => Stage::Conflict,
                () => Stage::Waiting,
            };
            let kept = Answer {
                id,
                sent_id,
                task: task.id,
                dossier: task.dossier,
                method,
                fields: sealed,
                state: stage,
                sent_name: from.name.clone(),
                at: now,
                settled_at: same.then_some(now),
                settled_name: if same {
                    from.name.clone()
                } else {
                    String::new()
                },
                code: String::new(),
                task_state: state,
            };
            tx.execute(store::answers::insert(c, &kept, &from.account))?;
            let event = if same && state == State::Open {
                let by = (from.account.as_str(), from.name.as_str());
                count_in(&mut tx, &task, by, method, 0)?
            } else {
                about(events::ANSWERED, &task)
                    .with("method", method.word())
                    .with("differences", differences.len() as i64)
                    .with("conflict", stage == Stage::Conflict)
            };
            let event = event.with("answer", id);
            Ok::<_, Settled>(tx.record(event, outcome(&kept))?)
        })
        .await
        .or_else(|settled| match settled {
            Settled::Before(outcome) => Ok(outcome),
            Settled::Refused(e) => Err(e),
        })
}

/// Why a write ends without an event of its own.
enum Settled {
    Before(Outcome),
    Refused(CensusError),
}

impl<E: Into<CensusError>> std::convert::From<E> for Settled {
    fn from(e: E) -> Settled {
        Settled::Refused(e.into())
    }
}

/// An event about a household's quarter.
pub(crate) fn about(kind: foundation::ledger::Kind, task: &Task) -> Event {
    Event::new(kind)
        .about("dossier", task.dossier)
        .to(Audience::Staff)
        .with("quarter", task.quarter.number())
}

/// Gives an open household its record, in a write that is under way.
pub(crate) fn count_in(
    tx: &mut Tx<'_>,
    task: &Task,
    (account, name): (&str, &str),
    method: Method,
    changes: i64,
) -> Result<Event, CensusError> {
    let (c, now) = (tx.community(), tx.now());
    let late = rule::in_time(task.quarter, now) == Some(false);
    let end = store::End {
        state: State::Counted,
        at: now,
        day: now.date().to_string(),
        by: account.to_owned(),
        name,
        method: method.word(),
        changes,
        late,
        signs: "",
    };
    if tx.execute(store::end(c, task.id, &end))? == 0 {
        return Err(CensusError::Changed);
    }
    Ok(about(events::COUNTED, task)
        .with("method", method.word())
        .with("changes", changes)
        .with("late", late))
}

/// An answer's fields in clear.
pub(crate) async fn opened(
    house: &House,
    c: Community,
    answer: &Answer,
) -> Result<Fields, CensusError> {
    let ring = house.keys.ring(c, &[answer.dossier]).await?;
    let text = ring.open_text(answer.dossier, FIELDS, &answer.fields)?;
    if text.is_empty() {
        return Ok(Fields::default());
    }
    serde_json::from_str(&text).map_err(|e| DbError::Shape(format!("an answer: {e}")).into())
}

/// Answers that wait, the oldest first, behind a place; and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    stage: Stage,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Answer>, bool), CensusError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::answers::page(by.community, stage.word(), after, work::PAGE + 1);
    let mut found: Vec<Answer> = house.db.all(asked).await?;
    let more = found.len() as i64 > work::PAGE;
    found.truncate(work::PAGE as usize);
    Ok((found, more))
}

/// A household's answers, the newest first.
pub async fn of_task(house: &House, by: &Actor, task: Id) -> Result<Vec<Answer>, CensusError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house
        .db
        .all(store::answers::of_task(by.community, task))
        .await?)
}

/// How many answers wait for a person, up to a hundred.
pub async fn waiting(house: &House, c: Community) -> Result<u32, DbError> {
    let (n,): (i64,) = house.db.one(store::answers::waiting(c, 100)).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}
