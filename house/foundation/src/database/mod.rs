//! The database: SQLite in one file or PostgreSQL by one URL, behind one face.
//! This is the only place that knows there are two; every statement is one SQL
//! text for both (see docs/decisions/002-two-databases-one-text.md).
//!
//! Reads: [`Database::all`], [`Database::optional`], [`Database::one`] from async
//! code; [`Database::reading`] for a long look at one consistent moment.
//! Writes: [`Database::write`] runs a closure alone on the writer of its
//! compound; it ends by recording an event in the ledger or nothing happened.
//! Housekeeping that is no change in the world goes through [`Database::keep`].

mod ask;
mod migrate;
#[cfg(debug_assertions)]
mod plans;
mod postgres;
mod queues;
mod sqlite;
mod tx;
mod value;
mod writer;

use std::path::Path;
use std::sync::Arc;

pub use ask::{Ask, LIST_MAX, ask, list};
pub use migrate::{Migration, MigrationSet, NewerDatabase};
#[cfg(debug_assertions)]
pub use plans::Costly;
pub use tx::{Change, Done, Look, Reader, Stage, Tx};
pub use value::{FromRow, FromValue, Row, Value};
pub use writer::{Chore, Told};

use crate::clock::Moment;
use crate::ledger::Stamp;
use writer::Writer;

/// A compound's number; every row of a compound leads with it. 0 is the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Community(pub i64);

/// The house itself: accounts, keys, backups, configuration.
pub const HOUSE: Community = Community(0);

impl From<Community> for Value {
    fn from(c: Community) -> Value {
        Value::Int(c.0)
    }
}
impl FromValue for Community {
    fn from_value(value: Value) -> Result<Community, DbError> {
        i64::from_value(value).map(Community)
    }
}
impl std::fmt::Display for Community {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What can go wrong outside our own rules.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DbError {
    #[error("the database cannot be reached or opened: {0}")]
    Unreachable(String),
    #[error("the database answered: {0}")]
    Statement(String),
    #[error("a row of the same key is there already")]
    Duplicate,
    #[error("the disk or a quota is full: {0}")]
    Full(String),
    #[error("a row has another shape than the program expects: {0}")]
    Shape(String),
    #[error("nothing was found where exactly one row must be")]
    Missing,
    #[error("the writer has stopped")]
    Stopped,
    #[error("too many writes are waiting; try again in a moment")]
    Busy,
    #[error(transparent)]
    Newer(#[from] NewerDatabase),
}

enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    backend: Arc<Backend>,
    writer: Arc<Writer>,
}

impl Database {
    /// Opens `url` and brings its tables up to date.
    ///
    /// `url` is `postgres://…` or the path of a file (made if absent).
    ///
    /// # Errors
    /// [`DbError::Newer`] when a newer program has migrated this database;
    /// [`DbError::Unreachable`] with the reason otherwise.
    pub async fn open(url: &str, set: MigrationSet) -> Result<Database, DbError> {
        let database = Self::open_as_is(url).await?;
        migrate::run(&database, set).await?;
        database.study().await?;
        Ok(database)
    }

    /// Learns anew how the tables are filled, so that each question takes the right index:
    /// at each opening, each hour, and after an import has filled them. PostgreSQL learns by
    /// itself.
    pub async fn study(&self) -> Result<(), DbError> {
        if let Backend::Sqlite(lite) = &*self.backend {
            self.keep::<_, DbError, _>(Chore::Study, HOUSE, |r| sqlite::Sqlite::study(r.raw()))
                .await?;
            lite.renew_readers();
        }
        Ok(())
    }

    /// Opens without migrating.
    pub async fn open_as_is(url: &str) -> Result<Database, DbError> {
        let (backend, writer) = if is_postgres(url) {
            let pg = postgres::Postgres::open(url).await?;
            let writer = Writer::postgres(pg.clone());
            (Backend::Postgres(pg), writer)
        } else {
            let lite = sqlite::Sqlite::open(file(url)?)?;
            let writer = Writer::sqlite(lite.writing_connection()?);
            (Backend::Sqlite(lite), writer)
        };
        Ok(Database {
            backend: Arc::new(backend),
            writer: Arc::new(writer),
        })
    }

    /// Opens what is there to look at it and no more: nothing is made, migrated or
    /// checkpointed, and every write is refused. For `verify` and `doctor`, beside
    /// a house that is serving or without one.
    ///
    /// # Errors
    /// [`DbError::Unreachable`] when there is no database, with what is there instead.
    pub async fn open_to_look(url: &str) -> Result<Database, DbError> {
        let backend = if is_postgres(url) {
            Backend::Postgres(postgres::Postgres::open(url).await?)
        } else {
            Backend::Sqlite(sqlite::Sqlite::open_to_look(file(url)?)?)
        };
        Ok(Database {
            backend: Arc::new(backend),
            writer: Arc::new(Writer::none()),
        })
    }

    /// `SQLite` or `PostgreSQL`, for `doctor` and the about page.
    pub fn name(&self) -> &'static str {
        match &*self.backend {
            Backend::Sqlite(_) => "SQLite",
            Backend::Postgres(_) => "PostgreSQL",
        }
    }

    /// The version of the database program, for `doctor`.
    pub async fn version(&self) -> Result<String, DbError> {
        let sql = match &*self.backend {
            Backend::Sqlite(_) => "SELECT sqlite_version()",
            Backend::Postgres(_) => "SELECT current_setting('server_version')",
        };
        let (version,): (String,) = self.one(ask(sql, Vec::new())).await?;
        Ok(version)
    }

    /// Every row of the answer. The statement bounds itself with LIMIT.
    pub async fn all<T: FromRow>(&self, ask: Ask) -> Result<Vec<T>, DbError> {
        let mut out = Vec::new();
        self.rows(ask, &mut |mut row| {
            out.push(T::from_row(&mut row)?);
            Ok(())
        })
        .await?;
        Ok(out)
    }

    /// What [`all`](Self::all) does for whatever rows: compiled once, not for each kind of them.
    async fn rows(
        &self,
        ask: Ask,
        take: &mut (dyn FnMut(Row) -> Result<(), DbError> + Send),
    ) -> Result<(), DbError> {
        match &*self.backend {
            Backend::Sqlite(lite) => lite.with_reader(|conn| {
                sqlite::query(conn, &ask.sql, &ask.params, &mut |row| {
                    take(row)?;
                    Ok(true)
                })
            }),
            Backend::Postgres(pg) => {
                let rows = pg.query(&ask.sql, &ask.params).await?;
                rows.into_iter().try_for_each(take)
            }
        }
    }

    /// The first row, if any.
    pub async fn optional<T: FromRow>(&self, ask: Ask) -> Result<Option<T>, DbError> {
        Ok(self.all(ask).await?.into_iter().next())
    }

    /// The one row there must be.
    pub async fn one<T: FromRow>(&self, ask: Ask) -> Result<T, DbError> {
        self.optional(ask).await?.ok_or(DbError::Missing)
    }

    /// A long look at one consistent moment, on a thread of its own: exports,
    /// verification, whole lists. Writers go on meanwhile.
    pub async fn reading<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let backend = self.backend.clone();
        let handle = tokio::runtime::Handle::current();
        let run = move || match &*backend {
            Backend::Sqlite(lite) => lite.with_snapshot(|raw| look(&mut Reader::over(raw))),
            Backend::Postgres(pg) => pg.with_snapshot(&handle, |raw| look(&mut Reader::over(raw))),
        };
        tokio::task::spawn_blocking(run)
            .await
            .unwrap_or_else(|_| Err(DbError::Stopped.into()))
    }

    /// Runs `verb` alone on the compound's writer. Its rows and its events are
    /// committed together, durable before the answer; on an error, a panic or a
    /// failed COMMIT nothing of it remains.
    pub fn write<T, E, F>(&self, community: Community, stamp: Stamp, verb: F) -> Told<T, E>
    where
        F: for<'t> FnOnce(Tx<'t>) -> Result<Done<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.writer.write(vec![community], stamp, verb)
    }

    /// As [`write`](Self::write), recording in several logs; the heads are locked
    /// in ascending order. Used where an act touches the house and a compound.
    pub fn write_across<T, E, F>(
        &self,
        mut communities: Vec<Community>,
        stamp: Stamp,
        verb: F,
    ) -> Told<T, E>
    where
        F: for<'t> FnOnce(Tx<'t>) -> Result<Done<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        communities.sort_unstable();
        communities.dedup();
        self.writer.write(communities, stamp, verb)
    }

    /// Housekeeping named by `chore`: it changes nothing in the world and leaves
    /// no event. Shares the compound's writer and its fsync.
    pub fn keep<T, E, F>(&self, chore: Chore, community: Community, work: F) -> Told<T, E>
    where
        F: FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.writer.keep(chore, community, work)
    }

    /// Writes rows that nobody sees yet (a piece of an import), sharing the compound's
    /// writer and its fsync; see [`Chore::Staging`].
    pub fn stage<T, E, F>(&self, community: Community, now: Moment, work: F) -> Told<T, E>
    where
        F: FnOnce(&mut Stage<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.keep(Chore::Staging, community, move |r| {
            work(&mut Stage::over(r.raw(), community, now))
        })
    }

    /// Tells after each commit which compounds changed; followers wake by it.
    pub fn commits(&self) -> tokio::sync::broadcast::Receiver<Community> {
        self.writer.commits()
    }

    /// A consistent copy of an embedded database into `target`; `None` on
    /// PostgreSQL, whose own tools copy it.
    pub async fn copy_to(&self, target: &Path) -> Option<Result<(), DbError>> {
        match &*self.backend {
            Backend::Sqlite(lite) => Some(lite.copy_to(target)),
            Backend::Postgres(_) => None,
        }
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The file of an embedded database. Another scheme is a slip of the pen, and must not
/// become a new house in a folder of that name.
fn file(url: &str) -> Result<&Path, DbError> {
    if url.contains("://") {
        let scheme = url.split("://").next().unwrap_or_default();
        return Err(DbError::Unreachable(format!(
            "{scheme}:// is not known; use postgres://…, or --data DIR for the embedded database"
        )));
    }
    Ok(Path::new(url))
}

/// What a connection must be able to do, in both databases.
pub trait RawConn {
    /// Calls `each` with every row until it answers `false`.
    fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<bool, DbError>,
    ) -> Result<(), DbError>;
    /// Runs one statement; the number of rows it changed.
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError>;
    /// Runs statements without parameters or answer (BEGIN, SAVEPOINT, DDL).
    fn run(&mut self, sql: &str) -> Result<(), DbError>;
    /// Begins what can be undone alone within the transaction; one at a time.
    fn begin_part(&mut self) -> Result<(), DbError> {
        self.run("SAVEPOINT part")
    }
    /// Ends it: its rows stay, or nothing of it does.
    fn end_part(&mut self, stay: bool) -> Result<(), DbError> {
        self.run(if stay {
            "RELEASE part"
        } else {
            "ROLLBACK TO part; RELEASE part"
        })
    }
    /// Keeps a second node from migrating at the same time, until the transaction ends.
    fn lock_migrations(&mut self) -> Result<(), DbError>;
    /// Which of a migration's two texts is for this database.
    fn pick(&self, migration: &Migration) -> &'static str;
    /// ` FOR UPDATE` where rows are locked one by one, else nothing.
    fn lock_clause(&self) -> &'static str;
    /// ` FOR UPDATE SKIP LOCKED` where several writers take from one queue, else nothing.
    fn skip_locked_clause(&self) -> &'static str;
}
