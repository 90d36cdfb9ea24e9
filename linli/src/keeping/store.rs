//! The questions that keeping asks of the database and the key store.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Look, Reader, Row, Value, ask};
use foundation::ledger::tree::{Frontier, Hash};
use foundation::ledger::{COLUMNS, Entry};
use foundation::params;

/// Communities looked at together; a house may have thousands.
pub const COMMUNITIES_AT_ONCE: i64 = 500;
/// Rows read at a time while a log is walked: 8,192 rows are about 4 MB.
pub const ROWS_AT_ONCE: i64 = 8_192;
/// Stored checkpoints read at a time.
const NOTES_AT_ONCE: i64 = 1_000;

/// The head row of a log as it is stored.
#[derive(Clone, Debug)]
pub struct StoredHead {
    pub community: Community,
    pub size: u64,
    pub last_at: Moment,
    pub bytes: Vec<u8>,
}

impl StoredHead {
    /// `None` when the row contradicts itself.
    pub fn frontier(&self) -> Option<Frontier> {
        Frontier::from_bytes(self.size, &self.bytes)
    }
}

impl FromRow for StoredHead {
    fn from_row(row: &mut Row) -> Result<StoredHead, DbError> {
        Ok(StoredHead {
            community: row.next()?,
            size: row.next::<i64>()?.max(0) as u64,
            last_at: row.next()?,
            bytes: row.next()?,
        })
    }
}

pub fn heads_after(community: Community) -> Ask {
    ask(
        "SELECT community, size, last_at, frontier FROM ledger_head WHERE community > $1 \
         ORDER BY community LIMIT $2",
        params![community, COMMUNITIES_AT_ONCE],
    )
}

pub fn head(community: Community) -> Ask {
    ask(
        "SELECT community, size, last_at, frontier FROM ledger_head WHERE community = $1",
        params![community],
    )
}

/// One row of the ledger, taken as it comes: what does not fit is left out, so that
/// a damaged row is named instead of ending the walk.
#[derive(Clone, Debug)]
pub struct Line {
    pub seq: i64,
    pub entry: Option<Entry>,
    pub leaf: Option<Hash>,
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> Result<Line, DbError> {
        let community = row.next()?;
        let seq = row.next()?;
        let at = row.next::<Value>()?;
        let kind = row.next::<Value>()?;
        let version = row.next::<Value>()?;
        let mut words = [const { Value::Null }; 7];
        for word in &mut words {
            *word = row.next()?;
        }
        let leaf = match row.next::<Value>()? {
            Value::Blob(bytes) => bytes.try_into().ok(),
            _ => None,
        };
        Ok(Line {
            seq,
            entry: entry(community, seq, at, kind, version, words),
            leaf,
        })
    }
}

fn entry(
    community: Community,
    seq: i64,
    at: Value,
    kind: Value,
    version: Value,
    words: [Value; 7],
) -> Option<Entry> {
    let text = |value| match value {
        Value::Text(text) => Some(text),
        _ => None,
    };
    let (Value::Int(at), Value::Int(version)) = (at, version) else {
        return None;
    };
    let [actor, role, behalf, door, subject, audience, body] = words;
    Some(Entry {
        community,
        seq,
        at: Moment(at),
        kind: text(kind)?,
        version,
        actor: text(actor)?,
        role: text(role)?,
        behalf: text(behalf)?,
        door: text(door)?,
        subject: text(subject)?,
        audience: text(audience)?,
        body: text(body)?,
    })
}

pub fn lines_after(community: Community, seq: i64, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {COLUMNS}, leaf FROM ledger WHERE community = $1 AND seq > $2 \
             ORDER BY seq LIMIT $3"
        ),
        params![community, seq, limit],
    )
}

pub fn line(community: Community, seq: i64) -> Ask {
    ask(
        format!("SELECT {COLUMNS}, leaf FROM ledger WHERE community = $1 AND seq = $2"),
        params![community, seq],
    )
}

/// Every compound that has a name, a head, an event or a checkpoint, with its name.
pub fn communities(r: &mut Reader<'_>) -> Result<Vec<(Community, String)>, DbError> {
    let mut found = std::collections::BTreeMap::new();
    for (text, named) in [
        (
            "SELECT number, name FROM community WHERE number > $1 ORDER BY number LIMIT 1",
            true,
        ),
        (
            "SELECT MIN(community), '' FROM ledger_head WHERE community > $1",
            false,
        ),
        (
            "SELECT MIN(community), '' FROM ledger WHERE community > $1",
            false,
        ),
        (
            "SELECT MIN(community), '' FROM checkpoint WHERE community > $1",
            false,
        ),
    ] {
        let mut after = i64::MIN;
        // Each table's communities by one step in its key after another.
        while let Some((Some(number), name)) =
            r.optional::<(Option<i64>, String)>(ask(text, params![after]))?
        {
            after = number;
            let name = match number {
                0 => "house".to_owned(),
                _ if named => name,
                _ => number.to_string(),
            };
            found.entry(Community(number)).or_insert(name);
        }
    }
    Ok(found.into_iter().collect())
}

/// A compound's number by its name, its slug, or `house`.
pub fn community_named(name: &str) -> Ask {
    ask(
        "SELECT number FROM community WHERE name = $1 OR slug = $1 ORDER BY number LIMIT 1",
        params![name],
    )
}

/// The notes stored in the database for one log, oldest first.
pub fn each_stored_note(
    r: &mut Reader<'_>,
    community: Community,
    mut see: impl FnMut(i64, Vec<u8>, String),
) -> Result<(), DbError> {
    let mut after = i64::MIN;
    loop {
        let notes: Vec<(i64, Vec<u8>, String)> = r.all(ask(
            "SELECT size, root, note FROM checkpoint WHERE community = $1 AND size > $2 \
             ORDER BY size LIMIT $3",
            params![community, after, NOTES_AT_ONCE],
        ))?;
        if notes.is_empty() {
            return Ok(());
        }
        for (size, root, note) in notes {
            after = size;
            see(size, root, note);
        }
    }
}

pub fn keep_note(community: Community, size: u64, root: &Hash, at: Moment, note: &str) -> Ask {
    ask(
        "INSERT INTO checkpoint (community, size, root, at, note) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, size) DO NOTHING",
        params![community, size as i64, root.as_slice(), at, note],
    )
}

/// A head kept in the key store.
#[derive(Clone, Debug)]
pub struct KeptHead {
    pub community: Community,
    pub size: u64,
    pub root: Vec<u8>,
    pub frontier: Vec<u8>,
    pub at: Moment,
    pub note: String,
}

impl FromRow for KeptHead {
    fn from_row(row: &mut Row) -> Result<KeptHead, DbError> {
        Ok(KeptHead {
            community: row.next()?,
            size: row.next::<i64>()?.max(0) as u64,
            root: row.next()?,
            frontier: row.next()?,
            at: row.next()?,
            note: row.next()?,
        })
    }
}

pub fn kept_after(community: Community, through: Community) -> Ask {
    ask(
        "SELECT community, size, root, frontier, at, note FROM kept_head \
         WHERE community > $1 AND community <= $2 ORDER BY community LIMIT $3",
        params![community, through, COMMUNITIES_AT_ONCE],
    )
}

pub fn kept(community: Community) -> Ask {
    ask(
        "SELECT community, size, root, frontier, at, note FROM kept_head WHERE community = $1",
        params![community],
    )
}

/// Keeps a head in the key store; an older one never replaces a newer.
pub fn keep_head(head: &KeptHead) -> Ask {
    ask(
        "INSERT INTO kept_head (community, size, root, frontier, at, note) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community) DO UPDATE SET \
         size = excluded.size, root = excluded.root, frontier = excluded.frontier, \
         at = excluded.at, note = excluded.note WHERE excluded.size > kept_head.size",
        params![
            head.community,
            head.size as i64,
            head.root.as_slice(),
            head.frontier.as_slice(),
            head.at,
            &head.note
        ],
    )
}

/// What the installation says of itself under `name`.
pub fn said(name: &str) -> Ask {
    ask(
        "SELECT value FROM installation WHERE name = $1",
        params![name],
    )
}

pub fn say_once(name: &str, value: &str) -> Ask {
    ask(
        "INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        params![name, value],
    )
}

pub fn say(name: &str, value: &str) -> Ask {
    ask(
        "INSERT INTO installation (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )
}

pub fn unsay(name: &str) -> Ask {
    ask("DELETE FROM installation WHERE name = $1", params![name])
}

/// The standing alarms, one a compound.
pub fn alarms() -> Ask {
    ask(
        "/* whole: a handful of settings */ SELECT name, value FROM installation WHERE name LIKE 'ledger-alarm/%' \
         ORDER BY name LIMIT $1",
        params![COMMUNITIES_AT_ONCE],
    )
}

pub fn newest_step() -> Ask {
    ask("SELECT COALESCE(MAX(number), 0) FROM migrations", params![])
}

/// When anything last happened in any log.
pub fn last_event() -> Ask {
    ask(
        "SELECT COALESCE(MAX(last_at), 0) FROM ledger_head",
        params![],
    )
}

pub fn stuck_jobs() -> Ask {
    ask("SELECT COUNT(*) FROM job WHERE state = 'stuck'", params![])
}

pub fn a_stuck_job() -> Ask {
    ask(
        "SELECT kind, last_error FROM job WHERE state = 'stuck' ORDER BY due_at LIMIT 1",
        params![],
    )
}

pub fn time_of(community: Community, seq: i64) -> Ask {
    ask(
        "SELECT at FROM ledger WHERE community = $1 AND seq = $2",
        params![community, seq],
    )
}

/// Events of `from..below` that fit the filter, newest first. Without a record to
/// look for, the range is a window that is read once and filtered.
pub fn matching(
    community: Community,
    from: i64,
    below: i64,
    filter: &super::lookup::Filter,
    limit: i64,
) -> Ask {
    // The index of records holds only events that are about one.
    let about = if filter.subject.is_empty() {
        "CAST($4 AS TEXT) = ''"
    } else {
        "subject = $4 AND subject <> ''"
    };
    ask(
        format!(
            "SELECT {COLUMNS} FROM ledger WHERE community = $1 AND seq >= $2 AND seq < $3 \
             AND {about} AND (CAST($5 AS TEXT) = '' OR kind = $5) \
             AND (CAST($6 AS TEXT) = '' OR actor = $6) ORDER BY seq DESC LIMIT $7"
        ),
        params![
            community,
            from,
            below,
            &filter.subject,
            &filter.kind,
            &filter.actor,
            limit
        ],
    )
}
