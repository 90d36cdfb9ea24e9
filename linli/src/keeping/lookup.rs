//! Looking through a ledger: the newest events first, by kind, record, actor and day,
//! a page at a time, however long the log is.

use super::store;
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, Database, DbError, Look, Reader};
use foundation::ledger::Entry;

/// Events on one page.
pub const PAGE: i64 = 50;
/// How far one page looks for a rare kind; the next page goes on from there.
pub const WINDOW: i64 = 20_000;

/// What is looked for; what is empty does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub kind: String,
    /// `application:<id>`
    pub subject: String,
    /// `a:<id>`, `system`, `operator` …
    pub actor: String,
    pub day: Option<jiff::civil::Date>,
    /// Only events before this one.
    pub before: Option<i64>,
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub entries: Vec<Entry>,
    /// Where the next page begins, when there may be more.
    pub next: Option<i64>,
    /// How many events the log has.
    pub size: i64,
}

pub async fn look(db: &Database, community: Community, filter: Filter) -> Result<Found, DbError> {
    db.reading(move |r| look_in(r, community, &filter)).await
}

fn look_in(r: &mut Reader<'_>, community: Community, filter: &Filter) -> Result<Found, DbError> {
    let head: Option<store::StoredHead> = r.optional(store::head(community))?;
    let size = head.map_or(0, |h| h.size as i64);
    let (mut from, mut below) = (1, size + 1);
    if let Some(day) = filter.day {
        let start = Moment::at_start_of(day);
        from = first_at(r, community, size, start)?;
        below = first_at(r, community, size, start.plus(DAY))?;
    }
    below = below.min(filter.before.unwrap_or(below)).max(1);
    let window_from = if filter.subject.is_empty() {
        from.max(below - WINDOW)
    } else {
        // A record's events are found by index, however far back they are.
        from
    };
    let entries: Vec<Entry> =
        r.all(store::matching(community, window_from, below, filter, PAGE))?;
    let next = match entries.last() {
        Some(last) if entries.len() as i64 == PAGE => Some(last.seq),
        _ if window_from > from => Some(window_from),
        _ => None,
    };
    Ok(Found {
        entries,
        next: next.filter(|n| *n > from),
        size,
    })
}

/// The first event at or after `moment`; time never runs backwards in a log, so it
/// is found by halving.
fn first_at(
    r: &mut Reader<'_>,
    community: Community,
    size: i64,
    moment: Moment,
) -> Result<i64, DbError> {
    let (mut low, mut high) = (1, size + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let at: Option<(Moment,)> = r.optional(store::time_of(community, middle))?;
        if at.is_some_and(|(at,)| at < moment) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
