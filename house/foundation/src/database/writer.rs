//! The writers. Closures run one after another, each in a savepoint; one COMMIT
//! and one fsync serve the whole batch, and nobody is answered before it.
//!
//! SQLite has one writer for all compounds, on a thread of its own. On PostgreSQL a
//! few hands serve the queues of all compounds (see [`super::queues`]).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::{broadcast, mpsc, oneshot};

use super::queues::Queues;
use super::tx::{Done, Reader, Tx};
use super::{Community, DbError, RawConn, postgres, sqlite};
use crate::ledger::{Heads, Held, Stamp};

/// How many closures share a COMMIT at most: keeps the first one's wait short.
pub(super) const BATCH_MAX: usize = 256;
/// How many closures may wait; beyond that the caller is told to come back.
pub(super) const QUEUE_MAX: usize = 8_192;
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
    Index,
    Refusal,
    Outbox,
    Study,
}

/// Says whether the batch was committed.
type Answer = Box<dyn FnOnce(Result<(), DbError>) + Send>;
/// What a closure works on; `None` where the batch failed before its turn.
type Place<'a> = Option<(&'a mut dyn RawConn, &'a mut Heads)>;
/// Runs one closure; `true` when its rows shall stay.
type Work = Box<dyn FnOnce(Place<'_>) -> (bool, Answer) + Send>;

pub(super) struct Item {
    pub(super) scope: Vec<Community>,
    kind: ItemKind,
    work: Work,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ItemKind {
    Verb,
    Chore,
    /// A chore of many rows: whoever shared its transaction would wait for them.
    Heavy,
}

impl Item {
    /// The compound in whose queue it waits.
    pub(super) fn community(&self) -> Community {
        *self.scope.last().expect("a write has a scope")
    }

    pub(super) fn is_heavy(&self) -> bool {
        self.kind == ItemKind::Heavy
    }

    fn records(&self) -> bool {
        self.kind == ItemKind::Verb
    }
}

enum Way {
    Sqlite(mpsc::Sender<Item>),
    Postgres(Arc<Queues>),
    /// A database opened to look at takes no writes.
    None,
}

/// What a write will answer. The write waits in its queue already; whoever drops this only does
/// not hear of it. No `async fn`, because there is a state machine for each verb then, at each of
/// the layers that hand it on.
#[must_use = "the write happens all the same, but nobody hears whether it did"]
pub struct Told<T, E>(Answered<T, E>);

enum Answered<T, E> {
    Later(oneshot::Receiver<Result<T, E>>),
    /// The queue did not take it.
    Refused(Option<DbError>),
}

impl<T, E> Told<T, E> {
    fn of(submitted: Result<(), DbError>, receive: oneshot::Receiver<Result<T, E>>) -> Told<T, E> {
        Told(match submitted {
            Ok(()) => Answered::Later(receive),
            Err(e) => Answered::Refused(Some(e)),
        })
    }
}

impl<T, E: From<DbError>> Future for Told<T, E> {
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, E>> {
        match &mut self.get_mut().0 {
            Answered::Later(receive) => Pin::new(receive)
                .poll(cx)
                .map(|told| told.unwrap_or_else(|_| Err(DbError::Stopped.into()))),
            // Polled after its end it has nothing more to say.
            Answered::Refused(why) => {
                Poll::Ready(Err(why.take().unwrap_or(DbError::Stopped).into()))
            }
        }
    }
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
                    run_batch(&mut conn, "BEGIN IMMEDIATE", batch, Held::Wait, &tell);
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
        let queues = Queues::new(pg, commits.clone());
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

    pub(super) fn write<T, E, F>(&self, scope: Vec<Community>, stamp: Stamp, verb: F) -> Told<T, E>
    where
        F: for<'t> FnOnce(Tx<'t>) -> Result<Done<T>, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        let inside = scope.clone();
        let work: Work = Box::new(move |place| {
            let Some((raw, heads)) = place else {
                return (false, answer(send, None));
            };
            let tx = Tx::new(raw, heads, &stamp, &inside);
            let outcome = guarded(|| verb(tx)).map(|done| done.value);
            (outcome.is_ok(), answer(send, Some(outcome)))
        });
        Told::of(self.submit(scope, ItemKind::Verb, work), receive)
    }

    pub(super) fn keep<T, E, F>(
        &self,
        chore: super::Chore,
        community: Community,
        work: F,
    ) -> Told<T, E>
    where
        F: FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        tracing::trace!(?chore, community = community.0, "housekeeping");
        let (send, receive) = oneshot::channel();
        let work: Work = Box::new(move |place| {
            let Some((raw, _)) = place else {
                return (false, answer(send, None));
            };
            let outcome = guarded(|| work(&mut Reader::over(raw)));
            (outcome.is_ok(), answer(send, Some(outcome)))
        });
        let kind = if chore == Chore::Staging {
            ItemKind::Heavy
        } else {
            ItemKind::Chore
        };
        Told::of(self.submit(vec![community], kind, work), receive)
    }

    fn submit(&self, scope: Vec<Community>, kind: ItemKind, work: Work) -> Result<(), DbError> {
        let item = Item { scope, kind, work };
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

/// `outcome` is `None` when the closure never ran.
fn answer<T, E>(send: oneshot::Sender<Result<T, E>>, outcome: Option<Result<T, E>>) -> Answer
where
    T: Send + 'static,
    E: From<DbError> + Send + 'static,
{
    Box::new(move |committed| {
        let told = match (committed, outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(DbError::Stopped.into()),
            // A refusal too: it may stand on rows of this very batch, which are gone.
            (Err(why), _) => Err(why.into()),
        };
        // Whoever asked may have gone away; the act stands all the same.
        let _ = send.send(told);
    })
}

/// One transaction for the whole batch. Whatever fails outside a closure fails
/// every closure of the batch, and each is told so. Those whose compound another
/// transaction holds come back unrun, where `held` says to skip them.
pub(super) fn run_batch(
    conn: &mut dyn RawConn,
    begin: &str,
    batch: Vec<Item>,
    held: Held,
    commits: &broadcast::Sender<Community>,
) -> Vec<Item> {
    let mut run = Run {
        answers: Vec::with_capacity(batch.len()),
        touched: Vec::new(),
        skipped: Vec::new(),
    };
    let outcome = run.closures(conn, begin, batch, held);
    if let Err(e) = &outcome {
        tracing::error!(error = %e, "a batch of writes was not committed");
        if let Err(e) = conn.run("ROLLBACK") {
            tracing::debug!(error = %e, "the failed batch was rolled back already");
        }
    }
    if outcome.is_ok() {
        run.touched.sort_unstable();
        run.touched.dedup();
        for community in run.touched {
            // Nobody need be listening.
            let _ = commits.send(community);
        }
    }
    for answer in run.answers {
        answer(outcome.clone());
    }
    run.skipped
}

/// What becomes of a batch.
struct Run {
    answers: Vec<Answer>,
    touched: Vec<Community>,
    skipped: Vec<Item>,
}

impl Run {
    fn closures(
        &mut self,
        conn: &mut dyn RawConn,
        begin: &str,
        mut batch: Vec<Item>,
        held: Held,
    ) -> Result<(), DbError> {
        let mut heads = Heads::default();
        let mut scope: Vec<Community> = batch
            .iter()
            .filter(|i| i.records())
            .flat_map(|i| i.scope.iter().copied())
            .collect();
        scope.sort_unstable();
        scope.dedup();
        let mut failed = conn
            .run(begin)
            .and_then(|()| heads.lock(conn, &scope, held))
            .err();
        if held == Held::Skip && failed.is_none() {
            scope.retain(|c| !heads.holds(*c));
            // What waits behind a skipped verb keeps its place in its queue.
            let away = |i: &Item| scope.binary_search(&i.community()).is_ok();
            (self.skipped, batch) = batch.into_iter().partition(away);
        }
        for item in batch {
            if failed.is_some() {
                self.answers.push(refuse(item));
                continue;
            }
            failed = self.closure(conn, &mut heads, item).err();
        }
        match failed {
            Some(e) => Err(e),
            None => heads.save(conn).and_then(|()| conn.run("COMMIT")),
        }
    }

    fn closure(
        &mut self,
        conn: &mut dyn RawConn,
        heads: &mut Heads,
        item: Item,
    ) -> Result<(), DbError> {
        let mark = heads.mark(&item.scope);
        if let Err(e) = conn.begin_part() {
            self.answers.push(refuse(item));
            return Err(e);
        }
        let records = item.records();
        let (stay, answer) = (item.work)(Some((conn, heads)));
        self.answers.push(answer);
        if !stay {
            heads.back_to(mark);
        } else if records {
            self.touched.extend(item.scope);
        }
        conn.end_part(stay)
    }
}

/// The closure is dropped unrun; its asker hears why the batch failed.
fn refuse(item: Item) -> Answer {
    (item.work)(None).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Told {
        Refused,
        Failed,
    }

    impl From<DbError> for Told {
        fn from(_: DbError) -> Told {
            Told::Failed
        }
    }

    fn told(committed: Result<(), DbError>, outcome: Option<Result<u8, Told>>) -> Result<u8, Told> {
        let (send, mut receive) = oneshot::channel();
        answer(send, outcome)(committed);
        receive.try_recv().expect("everybody is answered")
    }

    #[test]
    fn nothing_that_a_failed_batch_showed_is_told() {
        let failed = || Err(DbError::Busy);
        assert_eq!(told(Ok(()), Some(Ok(7))), Ok(7));
        assert_eq!(told(Ok(()), Some(Err(Told::Refused))), Err(Told::Refused));
        assert_eq!(told(Ok(()), None), Err(Told::Failed));
        assert_eq!(told(failed(), Some(Ok(7))), Err(Told::Failed));
        assert_eq!(told(failed(), Some(Err(Told::Refused))), Err(Told::Failed));
        assert_eq!(told(failed(), None), Err(Told::Failed));
    }
}
