//! The story of one record: the events that are about it, oldest first.

use super::entry::{COLUMNS, Entry};
use crate::database::{Community, Database, DbError, ask};
use crate::ids::Id;
use crate::params;

/// The longest story that a page shows; older events stay in the ledger page.
pub const TIMELINE_MAX: i64 = 200;

/// The newest `limit` events about record `what`/`id` (the words given to
/// [`Event::about`](super::Event::about)), oldest first.
pub async fn timeline(
    db: &Database,
    community: Community,
    what: &str,
    id: Id,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut entries: Vec<Entry> = db
        .all(ask(
            format!(
                "SELECT {COLUMNS} FROM ledger WHERE community = $1 AND subject = $2 \
                 AND subject <> '' ORDER BY seq DESC LIMIT $3"
            ),
            params![
                community,
                format!("{what}:{id}"),
                limit.clamp(1, TIMELINE_MAX)
            ],
        ))
        .await?;
    entries.reverse();
    Ok(entries)
}
