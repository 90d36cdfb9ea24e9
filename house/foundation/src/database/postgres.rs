//! PostgreSQL, version 15 or later, by URL; a pool of connections without TLS of
//! its own (a loopback or a private network; a tunnel or pgbouncer carries it further).

use std::error::Error as _;
use std::str::FromStr;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::future::join;
use futures_util::{TryStreamExt, pin_mut};
use tokio::runtime::Handle;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::value::{Row, Value};
use super::{DbError, Migration, RawConn};

/// Connections of one node; PostgreSQL's own default limit is 100 for all.
const CONNECTIONS_MAX: usize = 24;
/// How long to wait for a free connection before saying that it is too much.
const WAIT: Duration = Duration::from_secs(10);
/// The oldest server whose SQL we rely on (issue: PostgreSQL ≥ 15).
const SERVER_VERSION_MIN: i64 = 150_000;

#[derive(Clone)]
pub(super) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(super) async fn open(url: &str) -> Result<Postgres, DbError> {
        let config = tokio_postgres::Config::from_str(url)
            .map_err(|e| DbError::Unreachable(format!("the URL cannot be read: {e}")))?;
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(CONNECTIONS_MAX)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|e| DbError::Unreachable(e.to_string()))?;
        let pg = Postgres { pool };
        let rows = pg
            .query(
                "SELECT CAST(current_setting('server_version_num') AS BIGINT)",
                &[],
            )
            .await?;
        let version: i64 = match rows.into_iter().next() {
            Some(mut row) => row.next()?,
            None => 0,
        };
        if version < SERVER_VERSION_MIN {
            return Err(DbError::Unreachable(format!(
                "PostgreSQL 15 or later is needed; this is {}",
                version / 10_000
            )));
        }
        Ok(pg)
    }

    async fn object(&self) -> Result<Object, DbError> {
        self.pool
            .get()
            .await
            .map_err(|e| DbError::Unreachable(e.to_string()))
    }

    pub(super) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let client = self.object().await?;
        let statement = client.prepare_cached(sql).await.map_err(trouble)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let rows = client.query(&statement, &params).await.map_err(trouble)?;
        rows.iter().map(row).collect()
    }

    /// A connection for a blocking thread.
    pub(super) fn connection(&self, handle: &Handle) -> Result<Connection, DbError> {
        Ok(Connection {
            client: handle.block_on(self.object())?,
            handle: handle.clone(),
            before: String::new(),
            part: Part::None,
            lost: None,
        })
    }

    pub(super) fn with_snapshot<T, E: From<DbError>>(
        &self,
        handle: &Handle,
        look: impl FnOnce(&mut dyn RawConn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.connection(handle)?;
        conn.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let out = look(&mut conn);
        if conn.run("ROLLBACK").is_err() {
            // A connection that cannot end its read is not used again.
            drop(Object::take(conn.client));
        }
        out
    }
}

/// A connection within one transaction after another.
///
/// BEGIN and the savepoints are not sent alone: they go out in front of the next
/// statement, in the same breath, so that a part of a transaction costs no more
/// waiting than its own statements do.
pub(super) struct Connection {
    client: Object,
    handle: Handle,
    /// What must run before the next statement.
    before: String,
    part: Part,
    /// Why this transaction cannot be committed any more: a failure in what went before
    /// a statement. PostgreSQL would answer its COMMIT with a silent rollback.
    lost: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    None,
    /// Begun, and nothing was asked in it yet.
    Begun,
    Entered,
}

impl Connection {
    /// Runs `statement` right behind what must run before it.
    fn with_before<T>(
        &mut self,
        statement: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, DbError> {
        if let Some(why) = &self.lost {
            return Err(DbError::Statement(why.clone()));
        }
        let mut before = std::mem::take(&mut self.before);
        if self.part == Part::Begun {
            before.push_str("SAVEPOINT part;");
            self.part = Part::Entered;
        }
        let client = &self.client;
        if before.is_empty() {
            return self.handle.block_on(statement(client)).map_err(trouble);
        }
        // Polled in this order, so sent in this order; nobody waits in between.
        let (ahead, answer) = self
            .handle
            .block_on(async { join(client.batch_execute(&before), statement(client)).await });
        if let Err(e) = ahead.map_err(trouble) {
            self.lost = Some(e.to_string());
            return Err(e);
        }
        answer.map_err(trouble)
    }
}

impl RawConn for Connection {
    fn query(
        &mut self,
        sql: &str,
        params: &[Value],
        each: &mut dyn FnMut(Row) -> Result<bool, DbError>,
    ) -> Result<(), DbError> {
        let rows = self.with_before(async |client: &Object| {
            let statement = client.prepare_cached(sql).await?;
            client.query_raw(&statement, params).await
        })?;
        self.handle.block_on(async {
            pin_mut!(rows);
            while let Some(pg_row) = rows.try_next().await.map_err(trouble)? {
                if !each(row(&pg_row)?)? {
                    break;
                }
            }
            Ok(())
        })
    }

    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        self.with_before(async |client: &Object| {
            let statement = client.prepare_cached(sql).await?;
            client.execute_raw(&statement, params).await
        })
    }

    fn run(&mut self, sql: &str) -> Result<(), DbError> {
        match sql {
            "BEGIN" => {
                self.lost = None;
                self.before = "BEGIN;".into();
                return Ok(());
            }
            "ROLLBACK" => {
                self.lost = None;
                self.before.clear();
            }
            _ => {}
        }
        self.part = Part::None;
        self.with_before(async |client: &Object| client.batch_execute(sql).await)
    }

    fn begin_part(&mut self) -> Result<(), DbError> {
        self.part = Part::Begun;
        Ok(())
    }

    fn end_part(&mut self, stay: bool) -> Result<(), DbError> {
        if std::mem::replace(&mut self.part, Part::None) == Part::Entered {
            self.before.push_str(if stay {
                "RELEASE part;"
            } else {
                "ROLLBACK TO part;RELEASE part;"
            });
        }
        match &self.lost {
            Some(why) => Err(DbError::Statement(why.clone())),
            None => Ok(()),
        }
    }

    fn lock_migrations(&mut self) -> Result<(), DbError> {
        // Any fixed number does; this one spells nothing.
        self.run("SELECT pg_advisory_xact_lock(7261305480119)")
    }

    fn pick(&self, migration: &Migration) -> &'static str {
        migration.postgres
    }

    fn lock_clause(&self) -> &'static str {
        " FOR UPDATE"
    }

    fn skip_locked_clause(&self) -> &'static str {
        " FOR UPDATE SKIP LOCKED"
    }
}

fn row(pg_row: &tokio_postgres::Row) -> Result<Row, DbError> {
    let mut values = Vec::with_capacity(pg_row.len());
    for (i, column) in pg_row.columns().iter().enumerate() {
        let shape = |e: tokio_postgres::Error| DbError::Shape(e.to_string());
        let value = match *column.type_() {
            Type::INT8 => pg_row.try_get::<_, Option<i64>>(i).map_err(shape)?.into(),
            Type::INT4 => pg_row.try_get::<_, Option<i32>>(i).map_err(shape)?.into(),
            Type::BOOL => pg_row.try_get::<_, Option<bool>>(i).map_err(shape)?.into(),
            Type::TEXT | Type::VARCHAR | Type::NAME => pg_row
                .try_get::<_, Option<String>>(i)
                .map_err(shape)?
                .map_or(Value::Null, Value::Text),
            Type::BYTEA => pg_row
                .try_get::<_, Option<Vec<u8>>>(i)
                .map_err(shape)?
                .into(),
            ref other => {
                return Err(DbError::Shape(format!(
                    "column {} is {other}; cast it to BIGINT, TEXT or BYTEA",
                    column.name()
                )));
            }
        };
        values.push(value);
    }
    Ok(Row::new(values))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut tokio_postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Text(t) => t.to_sql(ty, out),
            Value::Blob(b) => b.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8 | Type::INT4 | Type::TEXT | Type::VARCHAR | Type::NAME | Type::BYTEA
        )
    }

    to_sql_checked!();
}

fn trouble(e: tokio_postgres::Error) -> DbError {
    match e.code() {
        Some(&SqlState::UNIQUE_VIOLATION) => DbError::Duplicate,
        Some(&SqlState::DISK_FULL) => DbError::Full(e.to_string()),
        Some(_) => DbError::Statement(
            e.as_db_error()
                .map_or_else(|| e.to_string(), ToString::to_string),
        ),
        None => DbError::Unreachable(match e.source() {
            Some(source) => format!("{e}: {source}"),
            None => e.to_string(),
        }),
    }
}
