//! Work for later: expiries, reminders, clean-ups. A job is enqueued in the same
//! transaction as the act that wants it, is leased by one runner at a time, and
//! survives restarts; handlers are idempotent verbs, because a runner may die
//! between the act and the tick.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value as Json;

use super::clock::{MINUTE, Moment, SECOND};
use super::database::{Ask, Chore, Community, Database, DbError, FromRow, Look, Row, Tx, ask};
use crate::params;

/// How long a runner may work on a job before another may take it.
const LEASE: i64 = 5 * MINUTE;
/// How many jobs a runner takes at a time.
const TAKE: i64 = 32;
/// After so many failures a job waits for a person; `doctor` names it.
const ATTEMPTS_MAX: i64 = 10;

/// A job waiting or being done.
#[derive(Clone, Debug)]
pub struct Job {
    pub community: Community,
    pub id: String,
    pub kind: String,
    /// Ids and numbers only.
    pub payload: Json,
    pub due_at: Moment,
    pub attempts: i64,
}

impl FromRow for Job {
    fn from_row(row: &mut Row) -> Result<Job, DbError> {
        Ok(Job {
            community: row.next()?,
            id: row.next()?,
            kind: row.next()?,
            payload: serde_json::from_str(&row.next::<String>()?)
                .map_err(|e| DbError::Shape(format!("a job's payload: {e}")))?,
            due_at: row.next()?,
            attempts: row.next()?,
        })
    }
}

/// Enqueues a job with the act. `id` makes it unique in its compound: the same id
/// again moves an unfinished job to the new time and does nothing to a done one.
pub fn enqueue(
    tx: &mut Tx<'_>,
    kind: &'static str,
    id: &str,
    payload: &Json,
    due_at: Moment,
) -> Result<(), DbError> {
    let community = tx.community();
    tx.execute(insert(community, kind, id, payload, due_at))?;
    Ok(())
}

/// As [`enqueue`], where no act wants it but the clock itself: work of each night.
pub async fn arm(
    database: &Database,
    community: Community,
    kind: &'static str,
    id: &str,
    payload: &Json,
    due_at: Moment,
) -> Result<(), DbError> {
    let wanted = insert(community, kind, id, payload, due_at);
    database
        .keep(Chore::Job, super::database::HOUSE, move |r| {
            r.execute(wanted)
        })
        .await
        .map(|_: u64| ())
}

/// As [`arm`] for many compounds in one go: id and time of each one's job.
pub async fn arm_many(
    database: &Database,
    kind: &'static str,
    jobs: Vec<(Community, String, Moment)>,
) -> Result<(), DbError> {
    let nothing = Json::Object(serde_json::Map::new());
    let asks: Vec<Ask> = jobs
        .iter()
        .map(|(community, id, due)| insert(*community, kind, id, &nothing, *due))
        .collect();
    database
        .keep(Chore::Job, super::database::HOUSE, move |r| {
            for ask in asks {
                r.execute(ask)?;
            }
            Ok(())
        })
        .await
}

/// Takes a job back that is no longer wanted.
pub fn cancel(tx: &mut Tx<'_>, id: &str) -> Result<(), DbError> {
    let community = tx.community();
    tx.execute(ask(
        "DELETE FROM job WHERE community = $1 AND id = $2 AND state <> 'done'",
        params![community, id],
    ))?;
    Ok(())
}

/// Whether a job whose id begins so is still to be done; one that failed too often is not.
pub async fn waits(
    database: &Database,
    community: Community,
    begins: &str,
) -> Result<bool, DbError> {
    // Behind every id that begins so: none has a sign above ASCII.
    let end = format!("{begins}\u{7f}");
    let found: Option<(i64,)> = database
        .optional(ask(
            "SELECT 1 FROM job WHERE community = $1 AND id >= $2 AND id < $3 \
             AND state = 'waiting' LIMIT 1",
            params![community, begins, end],
        ))
        .await?;
    Ok(found.is_some())
}

fn insert(community: Community, kind: &str, id: &str, payload: &Json, due_at: Moment) -> Ask {
    ask(
        "INSERT INTO job (community, id, kind, payload, state, due_at, lease_until, attempts, last_error) \
         VALUES ($1, $2, $3, $4, 'waiting', $5, 0, 0, '') \
         ON CONFLICT (community, id) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload \
         WHERE job.state = 'waiting'",
        params![community, id, kind, payload.to_string(), due_at],
    )
}

type Answer = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type Handler<H> = Arc<dyn Fn(Arc<H>, Job) -> Answer + Send + Sync>;

/// Does jobs. `H` is the house that handlers act in.
pub struct Runner<H> {
    handlers: HashMap<&'static str, Handler<H>>,
}

impl<H: Send + Sync + 'static> Default for Runner<H> {
    fn default() -> Self {
        Runner {
            handlers: HashMap::new(),
        }
    }
}

impl<H: Send + Sync + 'static> Runner<H> {
    /// Names who does jobs of `kind`.
    ///
    /// # Panics
    /// When two claim the same kind: our own mistake.
    pub fn on<F, R>(mut self, kind: &'static str, handler: F) -> Self
    where
        F: Fn(Arc<H>, Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), String>> + Send + 'static,
    {
        let boxed: Handler<H> = Arc::new(move |house, job| Box::pin(handler(house, job)));
        let earlier = self.handlers.insert(kind, boxed);
        assert!(earlier.is_none(), "two handlers for {kind}");
        self
    }

    /// Does everything that is due at `now`; how many were taken. Call again until 0.
    pub async fn run_due(
        &self,
        database: &Database,
        house: &Arc<H>,
        now: Moment,
    ) -> Result<usize, DbError> {
        let jobs = take(database, now).await?;
        let taken = jobs.len();
        for job in jobs {
            let outcome = match self.handlers.get(job.kind.as_str()) {
                Some(handler) => handler(house.clone(), job.clone()).await,
                None => Err(format!("nobody does jobs of kind {}", job.kind)),
            };
            settle(database, job, outcome, now).await?;
        }
        Ok(taken)
    }
}

async fn take(database: &Database, now: Moment) -> Result<Vec<Job>, DbError> {
    database
        .keep(Chore::Job, super::database::HOUSE, move |r| {
            let jobs: Vec<Job> = r.all(ask(
                format!(
                    "SELECT community, id, kind, payload, due_at, attempts FROM job \
                     WHERE state = 'waiting' AND due_at <= $1 AND lease_until <= $1 \
                     ORDER BY due_at LIMIT $2{}",
                    r.skip_locked()
                ),
                params![now, TAKE],
            ))?;
            for job in &jobs {
                r.execute(ask(
                    "UPDATE job SET lease_until = $3, attempts = attempts + 1 \
                     WHERE community = $1 AND id = $2",
                    params![job.community, &job.id, now.plus(LEASE)],
                ))?;
            }
            Ok(jobs)
        })
        .await
}

async fn settle(
    database: &Database,
    job: Job,
    outcome: Result<(), String>,
    now: Moment,
) -> Result<(), DbError> {
    let change = match outcome {
        Ok(()) => ask(
            "UPDATE job SET state = 'done', last_error = '' WHERE community = $1 AND id = $2",
            params![job.community, &job.id],
        ),
        Err(why) => {
            tracing::warn!(kind = job.kind, id = job.id, why, "a job failed");
            let state = if job.attempts + 1 >= ATTEMPTS_MAX {
                "stuck"
            } else {
                "waiting"
            };
            // 10 s, 20 s, 40 s … up to about an hour and a half.
            let wait = (10 * SECOND) << job.attempts.min(9);
            ask(
                "UPDATE job SET state = $3, last_error = $4, due_at = $5, lease_until = 0 \
                 WHERE community = $1 AND id = $2",
                params![job.community, &job.id, state, why, now.plus(wait)],
            )
        }
    };
    database
        .keep(Chore::Job, super::database::HOUSE, move |r| {
            r.execute(change)
        })
        .await?;
    Ok(())
}
