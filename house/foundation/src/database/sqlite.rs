//! SQLite: one file, WAL, every commit on the disk before it is acknowledged.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, OpenFlags};

use super::value::{Row, Value};
use super::{DbError, Migration, RawConn};

/// Prepared statements kept per connection; the house has a few hundred texts.
const STATEMENTS_KEPT: usize = 256;
/// Readers kept open; more are opened under load and closed after it.
const READERS_KEPT: usize = 8;
/// How long a statement waits for another process (a verify, a backup) to let go.
const WAIT: Duration = Duration::from_secs(10);

/// Rows looked at per index to learn how the tables are filled: milliseconds in all, and
/// with a limit SQLite keeps counts alone, no samples of what stands in the rows.
const STUDIED: &str = "PRAGMA analysis_limit=1000; ANALYZE";

pub(super) struct Sqlite {
    path: PathBuf,
    readers: Mutex<Vec<Reading>>,
    /// How often the tables were studied: a reader opened before knows nothing of it.
    studied: AtomicU64,
    /// Only looked at: not even the log is moved into the file at the end.
    looking: bool,
}

/// A reading connection, and how often the tables had been studied when it was opened.
struct Reading(rusqlite::Connection, u64);

/// The writing connection, moved to the writer's thread.
pub(super) struct Connection {
    sqlite: rusqlite::Connection,
    /// Why SQLite ended the transaction by itself, as it does when the disk is full:
    /// each statement after that would be committed alone.
    ended: Option<DbError>,
}

impl Connection {
    fn new(sqlite: rusqlite::Connection) -> Connection {
        Connection {
            sqlite,
            ended: None,
        }
    }

    /// Every statement of a transaction that has ended fails for the reason it ended.
    fn within<T>(
        &mut self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        if let Some(why) = &self.ended {
            return Err(why.clone());
        }
        let inside = !self.sqlite.is_autocommit();
        let out = work(&self.sqlite);
        if let Err(why) = &out
            && inside
            && self.sqlite.is_autocommit()
        {
            self.ended = Some(why.clone());
        }
        out
    }
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Sqlite, DbError> {
        if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
            std::fs::create_dir_all(dir)
                .map_err(|e| DbError::Unreachable(format!("{}: {e}", dir.display())))?;
        }
        Ok(Sqlite {
            path: path.to_owned(),
            readers: Mutex::default(),
            studied: AtomicU64::new(0),
            looking: false,
        })
    }

    pub(super) fn open_to_look(path: &Path) -> Result<Sqlite, DbError> {
        use std::io::Read as _;
        let say = |what: &str| DbError::Unreachable(format!("{}: {what}", path.display()));
        let mut start = [0u8; 16];
        let read = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut start));
        match read {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(say("there is no database here"));
            }
            Err(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => {
                return Err(say(&e.to_string()));
            }
            // A database that was just made may still lie in its log alone.
            _ if &start != b"SQLite format 3\0" && start != [0; 16] => {
                return Err(say("this file is not a database"));
            }
            _ => {}
        }
        Ok(Sqlite {
            path: path.to_owned(),
            readers: Mutex::default(),
            studied: AtomicU64::new(0),
            looking: true,
        })
    }

    pub(super) fn writing_connection(&self) -> Result<Connection, DbError> {
        let conn = rusqlite::Connection::open(&self.path).map_err(unreachable)?;
        conn.busy_timeout(WAIT).map_err(unreachable)?;
        // FULL: in WAL mode NORMAL may lose acknowledged commits at a power cut.
        conn.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;
             PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA journal_size_limit=67108864;",
        )
        .map_err(unreachable)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(Connection::new(conn))
    }

    /// Learns how the tables are filled, without which every index that begins with the
    /// compound looks as good as another. `conn` is the writer's.
    pub(super) fn study(conn: &mut dyn RawConn) -> Result<(), DbError> {
        conn.run(STUDIED)
    }

    /// Lets go of the readers that know nothing of the last study.
    pub(super) fn renew_readers(&self) {
        self.studied.fetch_add(1, Ordering::SeqCst);
        self.idle().clear();
    }

    fn reader(&self) -> Result<Reading, DbError> {
        if let Some(conn) = self.idle().pop() {
            return Ok(conn);
        }
        let studied = self.studied.load(Ordering::SeqCst);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = rusqlite::Connection::open_with_flags(&self.path, flags).map_err(unreachable)?;
        conn.busy_timeout(WAIT).map_err(unreachable)?;
        conn.execute_batch(
            "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-4000;",
        )
        .map_err(unreachable)?;
        if self.looking {
            let stay = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
            conn.set_db_config(stay, true).map_err(unreachable)?;
        }
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(Reading(conn, studied))
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reading>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_back(&self, conn: Reading) {
        let mut idle = self.idle();
        if idle.len() < READERS_KEPT && conn.1 == self.studied.load(Ordering::SeqCst) {
            idle.push(conn);
        }
    }

    pub(super) fn with_reader<T>(
        &self,
        look: impl FnOnce(&rusqlite::Connection) -> Result<T, DbError>,
    ) -> Result<T, DbError> {
        let conn = self.reader()?;
        let out = look(&conn.0);
        self.give_back(conn);
        out
    }

    pub(super) fn with_snapshot<T, E: From<DbError>>(
        &self,
        look: impl FnOnce(&mut dyn RawConn) -> Result<T, E>,
    ) -> Result<T, E> {
        let Reading(conn, studied) = self.reader()?;
        let mut conn = Connection::new(conn);
        conn.run("BEGIN")?;
        let out = look(&mut conn);
        // A connection that cannot end its read is not used again.
        if conn.run("ROLLBACK").is_ok() {
            self.give_back(Reading(conn.sqlite, studied));
        }
        out
    }

    pub(super) fn copy_to(&self, target: &Path) -> Result<(), DbError> {
        let Reading(conn, _) = self.reader()?;
        let path = target
            .to_str()
            .ok_or_else(|| DbError::Unreachable("the path is not UTF-8".into()))?;
        conn.execute_batch("PRAGMA query_only=OFF")
            .map_err(trouble)?;
        conn.execute("VACUUM INTO ?1", [path]).map_err(trouble)?;
        Ok(())
    }
}

impl RawConn for Connection {
    fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<bool, DbError>,
    ) -> Result<(), DbError> {
        self.within(|sqlite| query(sqlite, sql, params, each))
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let sql = numbered(sql);
        #[cfg(debug_assertions)]
        super::plans::note(&self.sqlite, &sql);
        self.within(|sqlite| {
            let mut statement = sqlite.prepare_cached(&sql).map_err(trouble)?;
            bind(&mut statement, params)?;
            let changed = statement.raw_execute().map_err(trouble)?;
            Ok(changed as u64)
        })
    }

    fn run(&mut self, sql: &str) -> Result<(), DbError> {
        if sql == "ROLLBACK" && self.ended.take().is_some() {
            return Ok(()); // SQLite has done it
        }
        self.within(|sqlite| sqlite.execute_batch(sql).map_err(trouble))
    }

    fn lock_migrations(&mut self) -> Result<(), DbError> {
        Ok(()) // BEGIN IMMEDIATE has done it
    }

    fn pick(&self, migration: &Migration) -> &'static str {
        migration.sqlite
    }

    fn lock_clause(&self) -> &'static str {
        ""
    }

    fn skip_locked_clause(&self) -> &'static str {
        ""
    }
}

pub(super) fn query(
    conn: &rusqlite::Connection,
    sql: &str,
    params: &[Value],
    each: &mut dyn FnMut(Row) -> Result<bool, DbError>,
) -> Result<(), DbError> {
    let sql = numbered(sql);
    #[cfg(debug_assertions)]
    super::plans::note(conn, &sql);
    let mut statement = conn.prepare_cached(&sql).map_err(trouble)?;
    bind(&mut statement, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(trouble)? {
        let mut values = Vec::with_capacity(columns);
        for i in 0..columns {
            values.push(match row.get_ref(i).map_err(trouble)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Text(t) => Value::Text(String::from_utf8_lossy(t).into_owned()),
                ValueRef::Blob(b) => Value::Blob(b.to_vec()),
                ValueRef::Real(_) => {
                    return Err(DbError::Shape(
                        "a fraction; money and areas are whole".into(),
                    ));
                }
            });
        }
        if !each(Row::new(values))? {
            break;
        }
    }
    Ok(())
}

/// `$2` as SQLite's own `?2`. To SQLite `$2` is a name: its place is where it first stands
/// in the text, and every name is looked for among all those before it, which makes the
/// statements of an import (2,000 parameters) take longer to read than to run.
fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let is_place = from[1..].starts_with(|c: char| c.is_ascii_digit());
        out.push(if is_place { '?' } else { '$' });
        rest = &from[1..];
    }
    out.push_str(rest);
    out
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<(), DbError> {
    for place in 1..=statement.parameter_count() {
        let value = params.get(place - 1).ok_or_else(|| {
            DbError::Shape(format!("the statement wants ${place}, which was not given"))
        })?;
        match value {
            Value::Null => statement.raw_bind_parameter(place, rusqlite::types::Null),
            Value::Int(n) => statement.raw_bind_parameter(place, n),
            Value::Text(t) => statement.raw_bind_parameter(place, t.as_str()),
            Value::Blob(b) => statement.raw_bind_parameter(place, b.as_slice()),
        }
        .map_err(trouble)?;
    }
    Ok(())
}

fn unreachable(e: rusqlite::Error) -> DbError {
    DbError::Unreachable(e.to_string())
}

fn trouble(e: rusqlite::Error) -> DbError {
    match e.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => DbError::Full(e.to_string()),
        Some(ErrorCode::ConstraintViolation)
            if e.to_string().contains("UNIQUE") || e.to_string().contains("PRIMARY") =>
        {
            DbError::Duplicate
        }
        _ => DbError::Statement(e.to_string()),
    }
}
