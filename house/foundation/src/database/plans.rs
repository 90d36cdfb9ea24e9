//! In a debug build, the statements of a watched SQLite database are written down and
//! judged by the way they would take to their rows if the tables were large: one that
//! reads a table from end to end, or a whole compound without a bound, is named. A test
//! walks through the house and asks; see `tests/house/walk.rs` of the program.
//!
//! What must read everything says so and why, in the statement: `/* whole: … */`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use super::{Backend, Database, DbError};

/// Rows of each table in the twin by whose statistics the ways are chosen, in as many
/// compounds as a large company has.
const ROWS: u64 = 1_000_000;
const COMPOUNDS: u64 = 100;

/// Words of which a table holds a handful only, so that they choose few rows by themselves.
const COARSE: &[&str] = &["state", "kind", "level", "held", "main", "field"];

/// Statements of the watched files, by file.
static SEEN: Mutex<BTreeMap<String, BTreeSet<String>>> = Mutex::new(BTreeMap::new());

/// A statement that reads more than it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costly {
    pub sql: String,
    /// The step of SQLite's plan that does it.
    pub step: String,
}

pub(super) fn note(conn: &rusqlite::Connection, sql: &str) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if seen.is_empty() {
        return;
    }
    if let Some(texts) = conn.path().and_then(|path| seen.get_mut(path))
        && !texts.contains(sql)
    {
        texts.insert(sql.to_owned());
    }
}

impl Database {
    /// From now on, statements are written down. Nothing on PostgreSQL.
    pub fn watch_statements(&self) -> Result<(), DbError> {
        if let Backend::Sqlite(lite) = &*self.backend {
            let file = lite.with_reader(|conn| Ok(conn.path().unwrap_or_default().to_owned()))?;
            let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
            seen.entry(file).or_default();
        }
        Ok(())
    }

    /// How many different statements were written down, and which of them read too much.
    pub fn costly_statements(&self) -> Result<(usize, Vec<Costly>), DbError> {
        let Backend::Sqlite(lite) = &*self.backend else {
            return Ok((0, Vec::new()));
        };
        lite.with_reader(|conn| {
            let file = conn.path().unwrap_or_default();
            let texts = {
                let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
                seen.remove(file).unwrap_or_default()
            };
            let twin = twin(conn).map_err(|e| DbError::Statement(e.to_string()))?;
            let mut out = Vec::new();
            for sql in &texts {
                if let Some(step) = costly(&twin, sql)? {
                    let sql = sql.clone();
                    out.push(Costly { sql, step });
                }
            }
            Ok((texts.len(), out))
        })
    }
}

/// An empty database of the same tables that believes itself full.
fn twin(conn: &rusqlite::Connection) -> rusqlite::Result<rusqlite::Connection> {
    let twin = rusqlite::Connection::open_in_memory()?;
    let mut texts = conn.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
         ORDER BY rowid",
    )?;
    for sql in texts.query_map([], |row| row.get::<_, String>(0))? {
        twin.execute_batch(&sql?)?;
    }
    twin.execute_batch("ANALYZE")?;
    let indexes: Vec<(String, String, bool, bool, bool)> = twin
        .prepare(
            "SELECT m.name, i.name, i.\"unique\", i.origin = 'pk' AND \
             (SELECT wr FROM pragma_table_list(m.name)), i.partial \
             FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table'",
        )?
        .query_map([], |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
        })?
        .collect::<Result<_, _>>()?;
    for (table, index, unique, is_table, partial) in indexes {
        let columns: Vec<Option<String>> = twin
            .prepare("SELECT name FROM pragma_index_info(?1) ORDER BY seqno")?
            .query_map([&index], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let named = if is_table { &table } else { &index };
        twin.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)",
            (&table, named, statistic(&columns, unique, partial)),
        )?;
    }
    twin.execute_batch("ANALYZE sqlite_schema")?;
    Ok(twin)
}

/// SQLite's own form: rows in all, then rows of one value of the first column, of the first
/// two, and so on.
fn statistic(columns: &[Option<String>], unique: bool, partial: bool) -> String {
    let mut each = if partial { ROWS / 50 } else { ROWS };
    let mut out = vec![each.to_string()];
    for (i, name) in columns.iter().enumerate() {
        each /= match name.as_deref() {
            Some("community") => COMPOUNDS,
            Some(coarse) if COARSE.contains(&coarse) => 10,
            Some("name_key") => 10_000,
            _ => 1000,
        };
        let last = i + 1 == columns.len();
        each = if unique && last { 1 } else { each.max(2) };
        out.push(each.to_string());
    }
    out.join(" ")
}

/// Whether a statement counts or adds up.
fn sums(sql: &str) -> bool {
    ["COUNT(", "SUM("].iter().any(|word| sql.contains(word))
}

/// The step that reads too much, if one does.
fn costly(twin: &rusqlite::Connection, sql: &str) -> Result<Option<String>, DbError> {
    if sql.contains("/* whole:") {
        return Ok(None);
    }
    // What the twin does not know (a pragma, a table made on the way) is no question.
    let Ok(mut plan) = twin.prepare(&format!("EXPLAIN QUERY PLAN {sql}")) else {
        return Ok(None);
    };
    let steps: Vec<String> = plan
        .raw_query()
        .mapped(|row| row.get::<_, String>(3))
        .collect::<Result<_, _>>()
        .map_err(|e| DbError::Statement(e.to_string()))?;
    let few: Vec<String> = twin
        .prepare(
            "SELECT i.name FROM sqlite_schema m, pragma_index_list(m.name) i \
             WHERE m.type = 'table' AND i.partial",
        )
        .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
        .map_err(|e| DbError::Statement(e.to_string()))?;
    // Where the compound alone is the key, it has one row.
    let single: Vec<String> = twin
        .prepare(
            "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND c.pk > 0 \
             GROUP BY m.name HAVING COUNT(*) = 1 AND MAX(c.name) = 'community'",
        )
        .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
        .map_err(|e| DbError::Statement(e.to_string()))?;
    let bounded = sql.contains(" LIMIT ");
    let sorts = steps.iter().any(|s| s.contains("TEMP B-TREE FOR ORDER BY"));
    let made_here = |name: &str| {
        let names = ["CO-ROUTINE ", "MATERIALIZE "].map(|word| format!("{word}{name}"));
        steps.iter().any(|step| names.contains(step))
    };
    Ok(steps
        .iter()
        .find(|step| {
            let words: Vec<&str> = step.split(' ').collect();
            let scans = words[0] == "SCAN"
                && (sorts || !bounded || sql.contains(" WHERE "))
                && !step.ends_with(" CLAUSE")
                && step.as_str() != "SCAN CONSTANT ROW"
                && !made_here(words.get(1).unwrap_or(&""));
            // Figures made from an index alone cost little, and nobody can make them of less;
            // neither can they of an index of the few that are open.
            let figure = sums(sql)
                && (step.contains(" COVERING INDEX ")
                    || few.iter().any(|i| words.contains(&i.as_str())));
            let one = words
                .get(1)
                .is_some_and(|table| single.iter().any(|s| s == table));
            let whole = step.ends_with("(community=?)") && !one && (sorts || !bounded) && !figure;
            scans || whole
        })
        .cloned())
}
