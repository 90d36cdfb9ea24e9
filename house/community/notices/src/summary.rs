//! 反饋匯總: what a week or a month was, counted from the ledger: what was asked, what was
//! answered, what is open. A person adds what changed because of it, and publishes it.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ledger::Kind;
use jiff::ToSpan as _;
use permissions::Permission;
use permissions::actor::Actor;

use crate::{Count, NoticeError, events, store};

/// Answers whose waiting is looked at; a week has fewer.
const ANSWERS_MAX: i64 = 2_000;
/// Moves of tickets that are looked at; a month of a large compound has fewer.
const MOVES_MAX: i64 = 20_000;
/// The desk stands above this room and cannot be named by it; its words in the ledger are frozen.
const TICKET_OPENED: &str = "desk.opened";
const TICKET_MOVED: &str = "desk.moved";
/// Where a ticket asks for nothing more of the office.
const DONE: &[&str] = &[
    "resolved",
    "confirmed",
    "closed",
    "merged",
    "referred",
    "declined",
    "cancelled",
];

/// Which stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Week,
    Month,
}

impl Period {
    pub fn from_word(word: &str) -> Option<Period> {
        match word {
            "week" => Some(Period::Week),
            "month" => Some(Period::Month),
            _ => None,
        }
    }

    /// The last whole one before today: from its first instant to the next one's.
    pub fn last(self, now: Moment) -> (Moment, Moment) {
        let today = now.date();
        let (from, to) = match self {
            Period::Week => {
                let since = i64::from(today.weekday().to_monday_zero_offset());
                let monday = today.saturating_sub(since.days());
                (monday.saturating_sub(7.days()), monday)
            }
            Period::Month => {
                let first = today.first_of_month();
                (first.saturating_sub(1.month()), first)
            }
        };
        (Moment::at_start_of(from), Moment::at_start_of(to))
    }
}

/// The counts of a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub from: Moment,
    pub to: Moment,
    pub said: i64,
    pub joined: i64,
    pub applied: i64,
    pub published: i64,
    pub asked: i64,
    pub answered: i64,
    /// Waiting now.
    pub open: i64,
    /// Half of the answers came within so long.
    pub median_ms: Option<i64>,
    pub reported: i64,
    pub struck: i64,
    pub reversed: i64,
    /// Reports, questions and complaints that the desk took in.
    pub tickets: i64,
    /// Reported as done by whoever worked on them.
    pub resolved: i64,
    /// Confirmed by their reporters; by silence alone.
    pub confirmed: i64,
    pub silent: i64,
    /// Opened in this time and not done by its end.
    pub undone: i64,
}

/// The number of the first event at or after an instant. Events are numbered in the order
/// of time, so that a search by halves finds it without an index on time.
async fn first_at(house: &House, c: Community, at: Moment) -> Result<i64, NoticeError> {
    let head: Option<(i64,)> = house.db.optional(store::ledger::size(c)).await?;
    let (mut low, mut high) = (0, head.map_or(0, |h| h.0 + 1));
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<(Moment,)> = house.db.optional(store::ledger::instant(c, middle)).await?;
        match found {
            Some((when,)) if when < at => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// The counts of the last whole week or month.
pub async fn figures(house: &House, by: &Actor, period: Period) -> Result<Figures, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let (from, to) = period.last(house.now());
    of_span(house, by.community, from, to).await
}

pub(crate) async fn of_span(
    house: &House,
    c: Community,
    from: Moment,
    to: Moment,
) -> Result<Figures, NoticeError> {
    let (first, end) = (
        first_at(house, c, from).await?,
        first_at(house, c, to).await?,
    );
    let counted = store::ledger::counts(c, first, end);
    let counts: Vec<(String, i64)> = house.db.all(counted).await?;
    let of = |kind: Kind| {
        counts
            .iter()
            .find(|(k, _)| k == kind.name)
            .map_or(0, |k| k.1)
    };
    let of_name = |name: &str| counts.iter().find(|(k, _)| k == name).map_or(0, |k| k.1);
    let opened = store::ledger::about(c, TICKET_OPENED, first, end, MOVES_MAX);
    let opened: Vec<(String, String)> = house.db.all(opened).await?;
    let moves = store::ledger::about(c, TICKET_MOVED, first, end, MOVES_MAX);
    let moves: Vec<(String, String)> = house.db.all(moves).await?;
    let (mut acts, mut stands) = (Vec::new(), BTreeMap::new());
    for (ticket, body) in &moves {
        let facts: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        acts.push(facts["act"].as_str().unwrap_or_default().to_owned());
        let is_done = facts["to"].as_str().is_some_and(|to| DONE.contains(&to));
        stands.insert(ticket.as_str(), is_done);
    }
    let moved = |act: &str| acts.iter().filter(|a| *a == act).count() as i64;
    let undone = opened
        .iter()
        .filter(|(t, _)| stands.get(t.as_str()) != Some(&true));
    let undone = undone.count() as i64;
    let answers = store::ledger::bodies(c, events::ANSWERED.name, first, end, ANSWERS_MAX);
    let bodies: Vec<(String,)> = house.db.all(answers).await?;
    let mut waits: Vec<i64> = bodies
        .iter()
        .filter_map(|(body,)| {
            let facts: serde_json::Value = serde_json::from_str(body).ok()?;
            facts["after_ms"].as_i64()
        })
        .collect();
    waits.sort_unstable();
    let Count(open) = house.db.one(store::texts::count_open(c)).await?;
    Ok(Figures {
        from,
        to,
        said: of(group::events::SAID),
        joined: of(membership::events::JOINED),
        applied: of(membership::events::SUBMITTED),
        published: of(events::PUBLISHED),
        asked: of(events::ASKED),
        answered: of(events::ANSWERED),
        open,
        median_ms: waits.get(waits.len() / 2).copied(),
        reported: of(conduct::events::REPORTED),
        struck: of(conduct::events::STRUCK),
        reversed: of(conduct::events::REVERSED),
        tickets: of_name(TICKET_OPENED),
        resolved: moved("resolve"),
        confirmed: moved("confirm"),
        silent: moved("confirm_silently"),
        undone,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_last_week_is_monday_to_monday_and_the_last_month_is_whole() {
        let thursday = Moment::at_start_of(date(2026, 11, 26)).plus(3_600_000);
        let (from, to) = Period::Week.last(thursday);
        assert_eq!(from.date(), date(2026, 11, 16));
        assert_eq!(to.date(), date(2026, 11, 23));
        let (from, to) = Period::Month.last(thursday);
        assert_eq!(from.date(), date(2026, 10, 1));
        assert_eq!(to.date(), date(2026, 11, 1));
    }
}
