//! Looking through a ledger: the newest events first, by kind, record, actor and days,
//! a page at a time, however long the log is.

use super::store;
use foundation::clock::Moment;
use foundation::database::{Community, Database, DbError, Look, Reader};
use foundation::ledger::Entry;
use foundation::ledger::tree::Hash;
use foundation::page::ListQuery;

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
    /// From this day on.
    pub from: Option<jiff::civil::Date>,
    /// Up to and with this day.
    pub until: Option<jiff::civil::Date>,
    /// Only events before this one.
    pub before: Option<i64>,
}

impl Filter {
    /// As the address of the page says it.
    pub fn of(list: &ListQuery) -> Filter {
        Filter {
            kind: list.value("kind").to_owned(),
            subject: list.value("subject").to_owned(),
            actor: list.value("actor").to_owned(),
            from: list.value("from").parse().ok(),
            until: list.value("until").parse().ok(),
            before: list.value("before").parse().ok(),
        }
    }
}

/// One page.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub entries: Vec<Entry>,
    /// Where the next page begins, when there may be more.
    pub next: Option<i64>,
    /// How many events the log has.
    pub size: i64,
    /// The root over them, as the head row has it.
    pub root: Option<Hash>,
}

/// Events that one export takes at most: beyond that `linli ledger export` is the way,
/// whose files can be checked, too.
pub const EXPORT_MAX: usize = 100_000;

pub async fn look(db: &Database, community: Community, filter: Filter) -> Result<Found, DbError> {
    db.reading(move |r| look_in(r, community, &filter)).await
}

fn look_in(r: &mut Reader<'_>, community: Community, filter: &Filter) -> Result<Found, DbError> {
    let head: Option<store::StoredHead> = r.optional(store::head(community))?;
    let size = head.as_ref().map_or(0, |h| h.size as i64);
    let range = Range::of(r, community, size, filter)?;
    let (entries, next) = range.part(r, community, filter, PAGE)?;
    let root = head.and_then(|h| h.frontier()).map(|f| f.root());
    Ok(Found {
        entries,
        next,
        size,
        root,
    })
}

/// All events that fit, newest first, at most [`EXPORT_MAX`]; and whether there are more.
pub async fn all(
    db: &Database,
    community: Community,
    filter: Filter,
) -> Result<(Vec<Entry>, bool), DbError> {
    db.reading(move |r| {
        let head: Option<store::StoredHead> = r.optional(store::head(community))?;
        let size = head.map_or(0, |h| h.size as i64);
        let mut range = Range::of(r, community, size, &filter)?;
        let mut all = Vec::new();
        loop {
            let (part, next) = range.part(r, community, &filter, store::ROWS_AT_ONCE)?;
            all.extend(part);
            let Some(next) = next.filter(|_| all.len() <= EXPORT_MAX) else {
                break;
            };
            range.below = next;
        }
        let more = all.len() > EXPORT_MAX;
        all.truncate(EXPORT_MAX);
        Ok((all, more))
    })
    .await
}

/// The events `from..below` of a log.
struct Range {
    from: i64,
    below: i64,
}

impl Range {
    fn of(
        r: &mut Reader<'_>,
        community: Community,
        size: i64,
        filter: &Filter,
    ) -> Result<Range, DbError> {
        let mut first_of = |day, or| match day {
            None => Ok(or),
            Some(day) => first_at(r, community, size, Moment::at_start_of(day)),
        };
        let from = first_of(filter.from, 1)?;
        let after = filter.until.and_then(|day| day.tomorrow().ok());
        let below = first_of(after, size + 1)?;
        let below = below.min(filter.before.unwrap_or(below)).max(1);
        Ok(Range { from, below })
    }

    /// The newest events that fit, and where to go on.
    fn part(
        &self,
        r: &mut Reader<'_>,
        community: Community,
        filter: &Filter,
        limit: i64,
    ) -> Result<(Vec<Entry>, Option<i64>), DbError> {
        let window_from = if filter.subject.is_empty() {
            self.from.max(self.below - WINDOW)
        } else {
            // A record's events are found by index, however far back they are.
            self.from
        };
        let ask = store::matching(community, window_from, self.below, filter, limit);
        let entries: Vec<Entry> = r.all(ask)?;
        let next = match entries.last() {
            Some(last) if entries.len() as i64 == limit => Some(last.seq),
            _ if window_from > self.from => Some(window_from),
            _ => None,
        };
        Ok((entries, next.filter(|n| *n > self.from)))
    }
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
