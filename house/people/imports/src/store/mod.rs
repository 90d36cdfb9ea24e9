//! The imports' SQL.

pub mod known;
pub mod tracked;
mod undo;

pub use undo::{code_of, leave, name_of, people_left, rooms_left, untie};

use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, Value, ask};
use foundation::ids::Id;
use foundation::params;

/// An import as it stands.
#[derive(Clone, Debug)]
pub struct Import {
    pub id: Id,
    pub kind: String,
    pub file_name: String,
    pub state: String,
    pub mapping: String,
    pub outcome: String,
    pub chunks: i64,
    pub chunks_done: i64,
    pub started_at: Moment,
    pub beat_at: Moment,
    pub finished_at: Option<Moment>,
    pub actor: String,
    pub digest: Vec<u8>,
}

const COLUMNS: &str = "id, kind, file_name, state, mapping, outcome, chunks, chunks_done, \
                       started_at, beat_at, finished_at, actor, digest";

impl FromRow for Import {
    fn from_row(row: &mut Row) -> Result<Import, DbError> {
        Ok(Import {
            id: row.next()?,
            kind: row.next()?,
            file_name: row.next()?,
            state: row.next()?,
            mapping: row.next()?,
            outcome: row.next()?,
            chunks: row.next()?,
            chunks_done: row.next()?,
            started_at: row.next()?,
            beat_at: row.next()?,
            finished_at: row.next()?,
            actor: row.next()?,
            digest: row.next()?,
        })
    }
}

pub fn import(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM import WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn applying(c: Community) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM import WHERE community = $1 AND state = 'applying'"),
        params![c],
    )
}

/// Undone or dropped imports whose rows are not all cleared away.
pub fn uncleared(c: Community) -> Ask {
    ask(
        "SELECT h.import FROM import_hidden h JOIN import i \
         ON i.community = h.community AND i.id = h.import \
         WHERE h.community = $1 AND i.state IN ('undone', 'dropped') ORDER BY h.import LIMIT 100",
        params![c],
    )
}

/// Newest first, before `before`.
pub fn history(c: Community, before: &str, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {COLUMNS} FROM import WHERE community = $1 AND id < $2 \
             ORDER BY id DESC LIMIT $3"
        ),
        params![c, before, limit],
    )
}

pub fn insert(c: Community, i: &Import) -> Ask {
    ask(
        format!(
            "INSERT INTO import (community, {COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            i.id,
            &i.kind,
            &i.file_name,
            &i.state,
            &i.mapping,
            &i.outcome,
            i.chunks,
            i.chunks_done,
            i.started_at,
            i.beat_at,
            i.finished_at,
            &i.actor,
            i.digest.as_slice()
        ],
    )
}

pub fn put_piece(c: Community, import: Id, what: &str, number: i64, sealed: Vec<u8>) -> Ask {
    ask(
        "INSERT INTO import_piece (community, import, what, number, sealed) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        params![c, import, what, number, sealed],
    )
}

pub fn piece(c: Community, import: Id, what: &str, number: i64) -> Ask {
    ask(
        "SELECT sealed FROM import_piece \
         WHERE community = $1 AND import = $2 AND what = $3 AND number = $4",
        params![c, import, what, number],
    )
}

/// The staged rows are gone once they are applied.
pub fn drop_pieces(c: Community, import: Id, what: &str) -> Ask {
    ask(
        "DELETE FROM import_piece WHERE community = $1 AND import = $2 AND what = $3",
        params![c, import, what],
    )
}

pub fn hide(c: Community, import: Id) -> Ask {
    ask(
        "INSERT INTO import_hidden (community, import) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        params![c, import],
    )
}

pub fn show(c: Community, import: Id) -> Ask {
    ask(
        "DELETE FROM import_hidden WHERE community = $1 AND import = $2",
        params![c, import],
    )
}

pub fn state(c: Community, import: Id, from: &str, to: &str, at: Moment) -> Ask {
    ask(
        "UPDATE import SET state = $4, finished_at = $5, beat_at = $5 \
         WHERE community = $1 AND id = $2 AND state = $3",
        params![c, import, from, to, at],
    )
}

/// A queued import begins to be applied, unless another one is.
pub fn begin(c: Community, import: Id, chunks: i64, outcome: String, at: Moment) -> Ask {
    ask(
        "UPDATE import SET state = 'applying', chunks = $3, chunks_done = 0, outcome = $4, \
         beat_at = $5 WHERE community = $1 AND id = $2 AND state = 'queued' AND NOT EXISTS \
         (SELECT 1 FROM import o WHERE o.community = $1 AND o.state = 'applying')",
        params![c, import, chunks, outcome, at],
    )
}

/// The row of an import from the command line that found another one under way.
pub fn forget_queued(c: Community, import: Id) -> Ask {
    ask(
        "DELETE FROM import WHERE community = $1 AND id = $2 AND state = 'queued' \
         AND mapping = '[]'",
        params![c, import],
    )
}

/// One more piece is in; 0 rows when somebody else applied it or the import was dropped.
pub fn advance(c: Community, import: Id, number: i64, at: Moment) -> Ask {
    ask(
        "UPDATE import SET chunks_done = $3 + 1, beat_at = $4 \
         WHERE community = $1 AND id = $2 AND chunks_done = $3 AND state = 'applying'",
        params![c, import, number, at],
    )
}

/// How many rows the import has brought into a table.
pub fn brought(c: Community, import: Id, table: &'static str) -> Ask {
    ask(
        format!(
            "SELECT COUNT(*) FROM {table} WHERE community = $1 AND import = $2 AND import <> ''"
        ),
        params![c, import],
    )
}

/// A table of changes: what it is called, its key and its columns.
pub struct Staged {
    pub table: &'static str,
    pub staged: &'static str,
    pub key: &'static str,
    pub columns: &'static [&'static str],
}

pub const ROOMS: Staged = Staged {
    table: "room",
    staged: "import_room",
    key: "room",
    columns: &["area", "floor", "purpose", "state", "moved_in", "note"],
};
pub const PARTIES: Staged = Staged {
    table: "party",
    staged: "import_party",
    key: "party",
    columns: &[
        "uscc",
        "representative",
        "birth",
        "workplace",
        "emergency",
        "note",
    ],
};
pub const RELATIONS: Staged = Staged {
    table: "relation",
    staged: "import_relation",
    key: "relation",
    columns: &["share_part", "share_whole", "from_day", "until_day"],
};

impl Staged {
    /// Stages one change; `values` are the new ones, then the old ones.
    pub fn insert(
        &self,
        c: Community,
        import: Id,
        id: Id,
        version: i64,
        values: Vec<Value>,
    ) -> Ask {
        let new = self.columns.join(", ");
        let old: Vec<String> = self.columns.iter().map(|k| format!("was_{k}")).collect();
        let mut params = params![c, import, id, version];
        params.extend(values);
        let places: Vec<String> = (1..=params.len()).map(|n| format!("${n}")).collect();
        ask(
            format!(
                "INSERT INTO {} (community, import, {}, version, {new}, {}) VALUES ({}) \
                 ON CONFLICT DO NOTHING",
                self.staged,
                self.key,
                old.join(", "),
                places.join(", ")
            ),
            params,
        )
    }

    /// Switches every staged change on, where the record is still as it was planned.
    pub fn switch(&self, c: Community, import: Id) -> Ask {
        self.set(c, import, "", "", "s.version")
    }

    /// Takes every change back, where the record has not changed since.
    pub fn back(&self, c: Community, import: Id) -> Ask {
        self.set(c, import, "was_", "", "s.version + 1")
    }

    fn set(&self, c: Community, import: Id, from: &str, extra: &str, version: &str) -> Ask {
        let set: Vec<String> = self
            .columns
            .iter()
            .map(|k| format!("{k} = s.{from}{k}"))
            .collect();
        ask(
            format!(
                "UPDATE {t} SET {}, version = {t}.version + 1 FROM {} s \
                 WHERE {t}.community = $1 AND s.community = $1 AND s.import = $2 \
                 AND {t}.id = s.{} AND {t}.version = {version}{extra}",
                set.join(", "),
                self.staged,
                self.key,
                t = self.table
            ),
            params![c, import],
        )
    }

    /// Changed records that have changed again since the import was committed.
    pub fn changed_since(&self, c: Community, import: Id, limit: i64) -> Ask {
        ask(
            format!(
                "SELECT s.{k} FROM {s} s JOIN {t} t ON t.community = s.community AND t.id = s.{k} \
                 WHERE s.community = $1 AND s.import = $2 AND t.version <> s.version + 1 \
                 ORDER BY s.{k} LIMIT $3",
                k = self.key,
                s = self.staged,
                t = self.table
            ),
            params![c, import, limit],
        )
    }

    /// How many changes are staged.
    pub fn count(&self, c: Community, import: Id) -> Ask {
        brought(c, import, self.staged)
    }

    /// Forgets the staged changes.
    pub fn forget(&self, c: Community, import: Id) -> Ask {
        ask(
            format!(
                "DELETE FROM {} WHERE community = $1 AND import = $2",
                self.staged
            ),
            params![c, import],
        )
    }
}

/// Clears away at most `limit` rows that an undone or dropped import brought into a table.
pub fn clear(c: Community, import: Id, table: &'static str, key: &'static str, limit: i64) -> Ask {
    ask(
        format!(
            "DELETE FROM {table} WHERE community = $1 AND {key} IN (SELECT {key} FROM {table} \
             WHERE community = $1 AND import = $2 AND import <> '' LIMIT $3) AND import = $2"
        ),
        params![c, import, limit],
    )
}

/// Clears away the other codes of rooms that an undone or dropped import brought.
pub fn clear_aliases(c: Community, import: Id) -> Ask {
    ask(
        "DELETE FROM room_alias WHERE community = $1 AND room IN \
         (SELECT id FROM room WHERE community = $1 AND import = $2 AND import <> '')",
        params![c, import],
    )
}

/// The code of the room that a bill is for.
pub fn room_of_bill(c: Community, bill: Id) -> Ask {
    ask(
        "SELECT r.code FROM fee_bill b JOIN room r \
         ON r.community = b.community AND r.id = b.room \
         WHERE b.community = $1 AND b.id = $2",
        params![c, bill],
    )
}

/// Says anew what the columns of a draft mean.
pub fn remap(c: Community, import: Id, mapping: String) -> Ask {
    ask(
        "UPDATE import SET mapping = $3 WHERE community = $1 AND id = $2 AND state = 'read'",
        params![c, import, mapping],
    )
}

/// Back to the beginning, after the roster changed under an import.
pub fn requeue(c: Community, import: Id) -> Ask {
    ask(
        "UPDATE import SET state = 'queued', chunks = 0, chunks_done = 0 \
         WHERE community = $1 AND id = $2 AND state = 'dropped'",
        params![c, import],
    )
}

/// Says anew what an import did, after its undo.
pub fn retell(c: Community, import: Id, outcome: String) -> Ask {
    ask(
        "UPDATE import SET outcome = $3 WHERE community = $1 AND id = $2",
        params![c, import, outcome],
    )
}

/// Some of the parties that an undone or dropped import brought.
pub fn parties_brought(c: Community, import: Id, limit: i64) -> Ask {
    ask(
        "SELECT id FROM party WHERE community = $1 AND import = $2 ORDER BY id LIMIT $3",
        params![c, import, limit],
    )
}

/// Words have no import of their own: they go with their party.
pub fn clear_words(c: Community, party: Id) -> Ask {
    ask(
        "DELETE FROM party_word WHERE community = $1 AND party = $2",
        params![c, party],
    )
}

pub fn clear_party(c: Community, party: Id) -> Ask {
    ask(
        "DELETE FROM party WHERE community = $1 AND id = $2",
        params![c, party],
    )
}
