//! The writers. Closures run one after another, each in a savepoint; one COMMIT
//! and one fsync serve the whole batch, and nobody is answered before it.
//!
//! SQLite has one writer for all compounds, on a thread of its own. On PostgreSQL
//! every compound has its own, which lives while something waits in its queue and
//! locks the compound's head before anything else, so that compounds never wait
//! for each other and two nodes never fork a log.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, broadcast, mpsc, oneshot};

use super::tx::{Done, Reader, Tx};
use super::{Community, DbError, RawConn, postgres, sqlite};
use crate::ledger::{Heads, Stamp};

/// How many closures share a COMMIT at most: keeps the first one's wait short.
const BATCH_MAX: usize = 256;
/// How many closures may wait; beyond that the caller is told to come back.
const QUEUE_MAX: usize = 8_192;
/// How many PostgreSQL connections the writers of one node may hold at once.
const WRITERS_MAX: usize = 8;
/// Commits that a slow follower may miss before it must look for itself.
const COMMITS_KEPT: usize = 1_024;

/// Work that is no change in the world and leaves no event, listed by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chore {
    Migration,
    Session,
    Throttle,
    Job,
    Cursor,
    Staging,
    KeyStore,
    Checkpoint,
    ReadMark,
    Refusal,
    Study,
}

/// Says whether the batch was committed.
type Answer = Box<dyn FnOnce(Result<(), Arc<str>>) + Send>;
/// Runs one closure; `true` when its rows shall stay.
type Work = Box<dyn FnOnce(&mut dyn RawConn, &mut Heads) -> (bool, Answer) + Send>;

struct Item {
    scope: Vec<Community>,
    writes: bool,
    work: Work,
}

enum Way {
    Sqlite(mpsc::Sender<Item>),
    Postgres(Arc<Queues>),
    /// A database opened to look at takes no writes.
    None,
}

pub(super) struct Writer {
    way: Way,
    commits: broadcast::Sender<Community>,
}

impl Writer {
    pub(super) fn sqlite(mut conn: sqlite::Connection) -> Writer {
        let (commits, _) = broadcast::channel(COMMITS_KEPT);
        let (tx, mut rx) = mpsc::channel::<Item>(QUEUE_MAX);
        let tell = commits.clone();
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || {
                while let Some(first) = rx.blocking_recv() {
                    let mut batch = vec![first];
                    while batch.len() < BATCH_MAX {
                        match rx.try_recv() {
                            Ok(item) => batch.push(item),
                            Err(_) => break,
                        }
                    }
                    run_batch(&mut conn, "BEGIN IMMEDIATE", batch, &tell);
                }
            })
            .expect("a thread can be started");
        Writer {
            way: Way::Sqlite(tx),
            commits,
        }
    }

    pub(super) fn postgres(pg: postgres::Postgres) -> Writer {
        let (commits, _) = broadcast::channel(COMMITS_KEPT);
        let queues = Queues {
            pg,
            waiting: Mutex::default(),
            room: Arc::new(Semaphore::new(QUEUE_MAX)),
            hands: Arc::new(Semaphore::new(WRITERS_MAX)),
            commits: commits.clone(),
        };
        Writer {
            way: Way::Postgres(Arc::new(queues)),
            commits,
        }
    }

    pub(super) fn none() -> Writer {
        let (commits, _) = broadcast::channel(1);
        Writer {
            way: Way::None,
            commits,
        }
    }

    pub(super) fn commits(&self) -> broadcast::Receiver<Community> {
        self.commits.subscribe()
    }

    pub(super) async fn write<T, E, F>(
        &self,
        scope: Vec<Community>,
        stamp: Stamp,
        verb: F,
    ) -> Result<T, E>
    where
        F: for<'t> FnOnce(Tx<'t>) -> Result<Done<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        let inside = scope.clone();
        let work: Work = Box::new(move |raw, heads| {
            let tx = Tx::new(raw, heads, &stamp, &inside);
            let outcome = guarded(|| verb(tx)).map(|done| done.value);
            (outcome.is_ok(), answer(send, outcome))
        });
        self.submit(scope, true, work).await?;
        receive.await.unwrap_or(Err(DbError::Stopped.into()))
    }

    pub(super) async fn keep<T, E, F>(
        &self,
        chore: super::Chore,
        community: Community,
        work: F,
    ) -> Result<T, E>
    where
        F: FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        tracing::trace!(?chore, community = community.0, "housekeeping");
        let (send, receive) = oneshot::channel();
        let work: Work = Box::new(move |raw, _| {
            let outcome = guarded(|| work(&mut Reader::over(raw)));
            (outcome.is_ok(), answer(send, outcome))
        });
        self.submit(vec![community], false, work).await?;
        receive.await.unwrap_or(Err(DbError::Stopped.into()))
    }

    async fn submit(&self, scope: Vec<Community>, writes: bool, work: Work) -> Result<(), DbError> {
        let item = Item {
            scope,
            writes,
            work,
        };
        match &self.way {
            Way::Sqlite(queue) => queue.try_send(item).map_err(|e| match e {
                mpsc::error::TrySendError::Full(_) => DbError::Busy,
                mpsc::error::TrySendError::Closed(_) => DbError::Stopped,
            }),
            Way::Postgres(queues) => queues.submit(item),
            Way::None => Err(DbError::Stopped),
        }
    }
}

/// A panic in a verb is that verb's failure, never the writer's.
fn guarded<T, E: From<DbError>>(verb: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(verb)).unwrap_or_else(|_| {
        Err(DbError::Statement("the verb panicked; nothing of it was kept".into()).into())
    })
}

fn answer<T, E>(send: oneshot::Sender<Result<T, E>>, outcome: Result<T, E>) -> Answer
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    Box::new(move |committed| {
        let told = match committed {
            Ok(()) => outcome,
            // A refusal is a refusal whether or not the others were committed.
            Err(_) if outcome.is_err() => outcome,
            Err(why) => Err(DbError::Statement(why.to_string()).into()),
        };
        // Whoever asked may have gone away; the act stands all the same.
        let _ = send.send(told);
    })
}

/// One transaction for the whole batch. Whatever fails outside a closure fails
/// every closure of the batch, and each is told so.
fn run_batch(
    conn: &mut dyn RawConn,
    begin: &str,
    batch: Vec<Item>,
    commits: &broadcast::Sender<Community>,
) {
    let mut answers = Vec::with_capacity(batch.len());
    let mut touched: Vec<Community> = Vec::new();
    let outcome = run_closures(conn, begin, batch, &mut answers, &mut touched);
    if let Err(e) = &outcome {
        tracing::error!(error = %e, "a batch of writes was not committed");
        if let Err(e) = conn.run("ROLLBACK") {
            tracing::debug!(error = %e, "the failed batch was rolled back already");
        }
    }
    let verdict = outcome.map_err(|e| Arc::<str>::from(e.to_string()));
    if verdict.is_ok() {
        touched.sort_unstable();
        touched.dedup();
        for community in touched {
            // Nobody need be listening.
            let _ = commits.send(community);
        }
    }
    for answer in answers {
        answer(verdict.clone());
    }
}

fn run_closures(
    conn: &mut dyn RawConn,
    begin: &str,
    batch: Vec<Item>,
    answers: &mut Vec<Answer>,
    touched: &mut Vec<Community>,
) -> Result<(), DbError> {
    let mut heads = Heads::default();
    let mut scope: Vec<Community> = batch
        .iter()
        .filter(|i| i.writes)
        .flat_map(|i| i.scope.iter().copied())
        .collect();
    scope.sort_unstable();
    scope.dedup();
    let mut failed = conn
        .run(begin)
        .and_then(|()| heads.lock(conn, &scope))
        .err();
    for item in batch {
        if failed.is_some() {
            // The closure is dropped unrun; its asker hears that the writer stopped.
            answers.push(refuse(item));
            continue;
        }
        let mark = heads.mark();
        if let Err(e) = conn.run("SAVEPOINT verb") {
            failed = Some(e);
            answers.push(refuse(item));
            continue;
        }
        let (keep, answer) = (item.work)(conn, &mut heads);
        answers.push(answer);
        let ended = if keep {
            if item.writes {
                touched.extend(item.scope);
            }
            conn.run("RELEASE verb")
        } else {
            heads.back_to(mark);
            conn.run("ROLLBACK TO verb")
                .and_then(|()| conn.run("RELEASE verb"))
        };
        failed = ended.err();
    }
    match failed {
        Some(e) => Err(e),
        None => heads.save(conn).and_then(|()| conn.run("COMMIT")),
    }
}

fn refuse(item: Item) -> Answer {
    Box::new(move |_| drop(item.work))
}

/// The queues of one node, one a compound.
struct Queues {
    pg: postgres::Postgres,
    waiting: Mutex<HashMap<Community, VecDeque<(Item, tokio::sync::OwnedSemaphorePermit)>>>,
    room: Arc<Semaphore>,
    hands: Arc<Semaphore>,
    commits: broadcast::Sender<Community>,
}

impl Queues {
    fn submit(self: &Arc<Self>, item: Item) -> Result<(), DbError> {
        let permit = self
            .room
            .clone()
            .try_acquire_owned()
            .map_err(|_| DbError::Busy)?;
        let community = *item.scope.last().expect("a write has a scope");
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let asleep = !waiting.contains_key(&community);
        waiting
            .entry(community)
            .or_default()
            .push_back((item, permit));
        drop(waiting);
        if asleep {
            let queues = self.clone();
            tokio::spawn(async move {
                let hand = queues.hands.clone().acquire_owned().await;
                let handle = tokio::runtime::Handle::current();
                let done = tokio::task::spawn_blocking(move || {
                    queues.serve(community, &handle);
                    drop(hand);
                });
                let _ = done.await;
            });
        }
        Ok(())
    }

    /// Runs batches until the compound's queue is empty, then goes to sleep.
    fn serve(&self, community: Community, handle: &tokio::runtime::Handle) {
        while let Some(batch) = self.take(community) {
            match self.pg.connection(handle) {
                Ok(mut conn) => run_batch(&mut conn, "BEGIN", batch, &self.commits),
                Err(e) => {
                    tracing::error!(error = %e, "no connection to write with");
                    drop(batch);
                }
            }
        }
    }

    /// The next batch: many acts of this compound, or one act that spans several.
    fn take(&self, community: Community) -> Option<Vec<Item>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = waiting.get_mut(&community)?;
        let mut batch = Vec::new();
        while batch.len() < BATCH_MAX {
            let spans = queue.front().is_some_and(|(i, _)| i.scope.len() > 1);
            if spans && !batch.is_empty() {
                break;
            }
            let Some((item, _permit)) = queue.pop_front() else {
                break;
            };
            batch.push(item);
            if spans {
                break;
            }
        }
        if batch.is_empty() {
            waiting.remove(&community);
            return None;
        }
        Some(batch)
    }
}
