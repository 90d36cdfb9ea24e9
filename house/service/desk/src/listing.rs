//! The work list: what is open by its deadline, narrowed by what a colleague looks for. Each list
//! lies behind one veil, so that a complaint is never a row among others.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::category::Tree;
use crate::looking::{self, office_right};
use crate::states::State;
use crate::ticket::{Ticket, Veil};
use crate::words::{Kind, Priority};
use crate::{Refused, sealing, store};

/// Tickets on one page.
pub const PAGE: i64 = 50;
/// What one reported, shown at once.
const MINE_MAX: i64 = 50;
/// The beginning of what was reported, on a list.
const TITLE_CHARS: usize = 28;

/// Which tickets a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    Open,
    Overdue,
    State(State),
    All,
}

impl Show {
    pub fn word(self) -> &'static str {
        match self {
            Show::Open => "",
            Show::Overdue => "overdue",
            Show::State(state) => state.word(),
            Show::All => "all",
        }
    }

    pub fn from_word(word: &str) -> Show {
        match word {
            "overdue" => Show::Overdue,
            "all" => Show::All,
            word => State::from_word(word).map_or(Show::Open, Show::State),
        }
    }
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Due,
    Newest,
}

/// What a list shows.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pub veil: Veil,
    pub show: Show,
    pub kind: Option<Kind>,
    pub priority: Option<Priority>,
    pub category: Option<Id>,
    pub team: Option<Id>,
    pub assignee: Option<Id>,
    pub building: String,
    pub room: Option<Id>,
    /// Never a complaint about this colleague; filled by [`page`].
    pub not_about: Option<Id>,
    pub newest: bool,
}

impl Query {
    pub fn order(&self) -> Order {
        if self.newest {
            Order::Newest
        } else {
            Order::Due
        }
    }

    /// Whether it asks for less than a whole veil, by what has an index with the open ones first.
    pub fn is_narrowed(&self) -> bool {
        self.kind.is_some()
            || self.priority.is_some()
            || self.category.is_some()
            || self.team.is_some()
            || self.assignee.is_some()
            || !self.building.is_empty()
    }

    /// Whether the tally knows the total.
    fn is_tallied(&self) -> bool {
        self.assignee.is_none()
            && self.room.is_none()
            && self.veil != Veil::Complaint
            && self.show != Show::Overdue
    }
}

/// A place in a list, as an address carries it.
pub fn mark(t: &Ticket) -> String {
    format!("{}-{}", t.due_at.0, t.id)
}

/// What [`mark`] wrote.
pub fn place(text: &str) -> Option<(Moment, String)> {
    let (due, id) = text.split_once('-')?;
    let id: Id = id.parse().ok()?;
    Some((Moment(due.parse().ok()?), id.to_string()))
}

/// A ticket with the beginning of what was reported.
#[derive(Clone, Debug)]
pub struct Row {
    pub ticket: Ticket,
    pub title: String,
}

/// A page of a list.
pub struct Page {
    pub rows: Vec<Row>,
    pub total: i64,
    pub more: bool,
    pub tallies: BTreeMap<State, i64>,
}

/// A page of the list behind a place.
///
/// # Errors
/// [`Refused::Forbidden`] where the reader may not see what lies behind the veil.
pub async fn page(
    house: &House,
    by: &Actor,
    query: &Query,
    after: Option<&(Moment, String)>,
) -> Result<Page, Refused> {
    let c = by.community;
    let mut q = query.clone();
    let own = q.assignee.is_some() && q.assignee == by.account;
    let pool = q.veil == Veil::Office
        && matches!(q.show, Show::State(s) if s.is_pooled())
        && by.has(Permission::DeskWork);
    if !own && !pool {
        by.may(match q.veil {
            Veil::Office => Permission::DeskRead,
            veil => office_right(veil),
        })?;
    }
    q.not_about = (own || q.veil != Veil::Office)
        .then_some(by.account)
        .flatten();
    let now = house.now();
    let found: Vec<Ticket> = house
        .db
        .all(store::lists::page(c, &q, now, after, PAGE + 1))
        .await?;
    let more = found.len() as i64 > PAGE;
    let mut found = found;
    found.truncate(PAGE as usize);
    let tallied: Vec<(State, Kind, i64)> = house.db.all(store::lists::tallies(c, &q)).await?;
    let mut tallies = BTreeMap::new();
    for (state, kind, n) in tallied {
        if q.kind.is_none_or(|k| k == kind) {
            *tallies.entry(state).or_insert(0) += n;
        }
    }
    let total = if q.is_tallied() {
        let counts = tallies.iter().filter(|(state, _)| match q.show {
            Show::Open => !state.is_over(),
            Show::State(one) => **state == one,
            _ => true,
        });
        counts.map(|(_, n)| *n).sum()
    } else {
        let (n,): (i64,) = house.db.one(store::lists::count(c, &q, now)).await?;
        n
    };
    Ok(Page {
        rows: rows(house, c, found).await?,
        total,
        more,
        tallies,
    })
}

/// Tickets with their titles.
pub async fn rows(house: &House, c: Community, found: Vec<Ticket>) -> Result<Vec<Row>, Refused> {
    let mut whose: Vec<Id> = found.iter().map(|t| t.whose).collect();
    whose.sort_unstable();
    whose.dedup();
    if whose.is_empty() {
        return Ok(Vec::new());
    }
    let ring = house.keys.ring(c, &whose).await?;
    let mut out = Vec::with_capacity(found.len());
    for ticket in found {
        let words = ring.open_text(ticket.whose, sealing::WORDS, &ticket.words)?;
        let line = words.lines().next().unwrap_or_default();
        let mut title: String = line.chars().take(TITLE_CHARS).collect();
        if line.chars().count() > TITLE_CHARS {
            title.push('…');
        }
        out.push(Row { ticket, title });
    }
    Ok(out)
}

/// What somebody reported, the newest first.
pub async fn mine(house: &House, by: &Actor) -> Result<Vec<Row>, Refused> {
    by.may(Permission::DeskReport)?;
    let account = by.account.ok_or(Refused::NotFound)?;
    let asked = store::lists::by_account(by.community, account, MINE_MAX);
    let mut found: Vec<Ticket> = house.db.all(asked).await?;
    if let Some(person) = by.person {
        // What they reported on the phone before they had an account.
        let before = store::lists::by_person(by.community, person, MINE_MAX);
        let before: Vec<Ticket> = house.db.all(before).await?;
        found.extend(before.into_iter().filter(|t| t.reporter_account.is_none()));
        found.sort_unstable_by_key(|t| std::cmp::Reverse(t.id));
        found.truncate(MINE_MAX as usize);
    }
    let found = found.into_iter().filter(|t| looking::sees(by, t)).collect();
    rows(house, by.community, found).await
}

/// The complaints that the company left unanswered, for those outside; never one that is about
/// the reader.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody else.
pub async fn handed_outside(house: &House, by: &Actor) -> Result<Vec<Row>, Refused> {
    by.may(office_right(Veil::Outside))?;
    let asked = store::lists::handed_outside(by.community, PAGE);
    let mut found: Vec<Ticket> = house.db.all(asked).await?;
    found.retain(|t| looking::sees(by, t));
    rows(house, by.community, found).await
}

/// The reports that are so late that those outside were told: their numbers and times, not what
/// was said nor by whom.
///
/// # Errors
/// [`Refused::Forbidden`] for everybody else.
pub async fn late_outside(house: &House, by: &Actor) -> Result<Vec<Ticket>, Refused> {
    by.may(office_right(Veil::Outside))?;
    let asked = store::lists::late_outside(by.community, PAGE);
    Ok(house.db.all(asked).await?)
}

/// What waits on the desk for a reader: new ones, and what is theirs.
pub async fn waiting(house: &House, by: &Actor) -> Result<u32, DbError> {
    if !by.has(Permission::DeskHandle) {
        return Ok(0);
    }
    let asked = store::lists::tallies(by.community, &Query::default());
    let all: Vec<(State, Kind, i64)> = house.db.all(asked).await?;
    let new = all.iter().filter(|(s, ..)| *s == State::New);
    Ok(new
        .map(|(.., n)| *n)
        .sum::<i64>()
        .try_into()
        .unwrap_or(u32::MAX))
}

/// The name of a ticket's category, where it has one.
pub fn category_name<'t>(tree: &'t Tree, t: &Ticket) -> Option<&'t crate::category::Category> {
    t.category.and_then(|id| tree.get(id))
}
