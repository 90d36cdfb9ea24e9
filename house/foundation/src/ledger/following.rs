//! Following a log: a room that reacts to others' events reads those of some kinds behind a
//! cursor of its own, does what follows from them, and moves the cursor after the deed. So each
//! event is met at least once, and what is done twice must do nothing twice.

use super::entry::{COLUMNS, Entry};
use crate::database::{Chore, Community, Database, DbError, ask, list};
use crate::params;

/// A follower's place in each log: a table with a row per compound.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    table: &'static str,
    /// Events looked at in one go.
    take: i64,
}

/// What a follower has not met yet, or as much of it as it takes at once.
#[derive(Clone, Debug)]
pub struct Part {
    /// Nothing of this log was met before.
    pub first: bool,
    /// In the order of the log.
    pub events: Vec<Entry>,
    /// No more lies behind it.
    pub last: bool,
    before: i64,
    seen: i64,
}

impl Cursor {
    /// `table` has the columns `community` (its key) and `seq`.
    pub const fn new(table: &'static str, take: i64) -> Cursor {
        Cursor { table, take }
    }

    /// The next events of these kinds.
    pub async fn next(&self, db: &Database, c: Community, kinds: &[&str]) -> Result<Part, DbError> {
        let at: Option<(i64,)> = db
            .optional(ask(
                format!("SELECT seq FROM {} WHERE community = $1", self.table),
                params![c],
            ))
            .await?;
        let before = at.map_or(0, |r| r.0);
        // Read before the events: what is recorded meanwhile lies behind it and comes next time.
        let head: Option<(i64,)> = db
            .optional(ask(
                "SELECT size FROM ledger_head WHERE community = $1",
                params![c],
            ))
            .await?;
        let mut params = params![c, before, self.take];
        let kinds = list(&mut params, kinds);
        let events: Vec<Entry> = db
            .all(ask(
                format!(
                    "SELECT {COLUMNS} FROM ledger WHERE community = $1 AND seq > $2 \
                     AND kind IN ({kinds}) ORDER BY seq LIMIT $3"
                ),
                params,
            ))
            .await?;
        let full = events.len() as i64 == self.take;
        let newest = events.last().map_or(before, |e| e.seq);
        Ok(Part {
            first: at.is_none(),
            // A part that is not full says that nothing of ours lies below the head seen before.
            seen: if full {
                newest
            } else {
                newest.max(head.map_or(0, |h| h.0))
            },
            last: !full,
            before,
            events,
        })
    }

    /// Remembers that a part was met; never moves back.
    pub async fn met(&self, db: &Database, c: Community, part: &Part) -> Result<(), DbError> {
        if part.seen == part.before && !part.first {
            return Ok(());
        }
        let (table, seen) = (self.table, part.seen);
        db.keep::<_, DbError, _>(Chore::Cursor, c, move |r| {
            r.execute(ask(
                format!(
                    "INSERT INTO {table} (community, seq) VALUES ($1, $2) \
                     ON CONFLICT (community) DO UPDATE SET seq = excluded.seq \
                     WHERE {table}.seq < excluded.seq"
                ),
                params![c, seen],
            ))?;
            Ok(())
        })
        .await
    }
}
