//! The writers of one node on PostgreSQL.
//!
//! A queue a compound; a few hands that take what waits, of many compounds together,
//! into one transaction with one fsync. Each head is locked first, so that a verb runs
//! alone in its compound and two nodes never fork a log. A hand never waits for a
//! head: what another node holds is left out of the batch, and its compound then
//! waits for it alone, with a waiter of its own. Waiters lock in ascending order and
//! hands do not wait, so nobody waits in a circle. See docs/decisions/008.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};

use super::writer::{BATCH_MAX, Item, QUEUE_MAX, run_batch};
use super::{Community, DbError, postgres};
use crate::ledger::Held;

/// Transactions of many compounds at once: while one waits for the disk, another runs.
const HANDS_MAX: usize = 4;
/// Compounds that may share a transaction: who is slow holds up so many at most.
const COMPOUNDS_MAX: usize = 16;
/// Compounds that may wait alone at once, each with a connection.
const WAITERS_MAX: usize = 8;
/// How often a compound is left out of a batch before it waits alone.
const SKIPS_MAX: u32 = 3;

pub(super) struct Queues {
    pg: postgres::Postgres,
    desk: Mutex<Desk>,
    room: Arc<Semaphore>,
    commits: broadcast::Sender<Community>,
}

type Waiting = (Item, OwnedSemaphorePermit);

/// A compound's queue is here while anything of it waits or runs.
#[derive(Default)]
struct Desk {
    queues: HashMap<Community, Queue>,
    together: Line,
    alone: Line,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    skips: u32,
}

/// The compounds that somebody should serve, and how many are serving.
#[derive(Default)]
struct Line {
    ready: VecDeque<Community>,
    serving: usize,
}

/// With whom a compound's next batch shares its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Together,
    Alone,
}

struct Batch {
    compounds: Vec<Community>,
    taken: Vec<Waiting>,
}

impl Queues {
    pub(super) fn new(pg: postgres::Postgres, commits: broadcast::Sender<Community>) -> Queues {
        Queues {
            pg,
            desk: Mutex::default(),
            room: Arc::new(Semaphore::new(QUEUE_MAX)),
            commits,
        }
    }

    pub(super) fn submit(self: &Arc<Self>, item: Item) -> Result<(), DbError> {
        let permit = self
            .room
            .clone()
            .try_acquire_owned()
            .map_err(|_| DbError::Busy)?;
        let way = self.desk().put((item, permit));
        if let Some(way) = way {
            self.call(way);
        }
        Ok(())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody more serves the line of that way.
    fn call(self: &Arc<Self>, way: Way) {
        let queues = self.clone();
        let handle = Handle::current();
        tokio::task::spawn_blocking(move || queues.serve(way, &handle));
    }

    /// Runs batches until nobody waits in that line.
    fn serve(self: &Arc<Self>, way: Way, handle: &Handle) {
        loop {
            let Some(batch) = self.desk().take(way) else {
                return;
            };
            let (items, permits): (Vec<Item>, Vec<_>) = batch.taken.into_iter().unzip();
            let held = match way {
                Way::Together => Held::Skip,
                Way::Alone => Held::Wait,
            };
            let skipped = match self.pg.connection(handle) {
                Ok(mut conn) => run_batch(&mut conn, "BEGIN", items, held, &self.commits),
                Err(e) => {
                    tracing::error!(error = %e, "no connection to write with");
                    Vec::new()
                }
            };
            let back: Vec<Waiting> = skipped.into_iter().zip(permits).collect();
            let calls = self.desk().give_back(batch.compounds, back);
            calls.into_iter().for_each(|way| self.call(way));
        }
    }
}

impl Desk {
    fn line(&mut self, way: Way) -> (&mut Line, usize) {
        match way {
            Way::Together => (&mut self.together, HANDS_MAX),
            Way::Alone => (&mut self.alone, WAITERS_MAX),
        }
    }

    /// Puts an act into its queue; the way in which somebody more must serve, if so.
    fn put(&mut self, waiting: Waiting) -> Option<Way> {
        let community = waiting.0.community();
        let asleep = !self.queues.contains_key(&community);
        let queue = self.queues.entry(community).or_default();
        queue.waiting.push_back(waiting);
        if asleep { self.stand(community) } else { None }
    }

    /// Puts a compound at the end of the line for its first act.
    fn stand(&mut self, community: Community) -> Option<Way> {
        let way = self.queues.get(&community)?.way();
        let (line, most) = self.line(way);
        line.ready.push_back(community);
        let more = line.serving < most;
        line.serving += usize::from(more);
        more.then_some(way)
    }

    /// The next batch of that way; `None` sends the asker home.
    fn take(&mut self, way: Way) -> Option<Batch> {
        let mut batch = Batch {
            compounds: Vec::new(),
            taken: Vec::new(),
        };
        let most = match way {
            Way::Together => COMPOUNDS_MAX,
            Way::Alone => 1,
        };
        while batch.compounds.len() < most && batch.taken.len() < BATCH_MAX {
            let Some(community) = self.line(way).0.ready.pop_front() else {
                break;
            };
            let Some(queue) = self.queues.get_mut(&community) else {
                continue;
            };
            let heavy = queue.waiting.front().is_some_and(|(i, _)| i.is_heavy());
            if heavy && !batch.compounds.is_empty() {
                self.line(way).0.ready.push_front(community);
                break;
            }
            queue.give(&mut batch.taken);
            batch.compounds.push(community);
            if heavy {
                break;
            }
        }
        if batch.compounds.is_empty() {
            self.line(way).0.serving -= 1;
            return None;
        }
        // One order on every node for what no head protects, too.
        batch.taken.sort_by_key(|(item, _)| item.community());
        Some(batch)
    }

    /// The compounds of a batch are free again; what was left out of it comes first.
    fn give_back(&mut self, compounds: Vec<Community>, back: Vec<Waiting>) -> Vec<Way> {
        let skipped: HashSet<Community> = back.iter().map(|(i, _)| i.community()).collect();
        for waiting in back.into_iter().rev() {
            let queue = self.queues.entry(waiting.0.community()).or_default();
            queue.waiting.push_front(waiting);
        }
        let mut calls = Vec::new();
        for community in compounds {
            if let Some(queue) = self.queues.get_mut(&community) {
                let again = skipped.contains(&community);
                queue.skips = if again { queue.skips + 1 } else { 0 };
            }
            let empty = |q: &Queue| q.waiting.is_empty();
            if self.queues.get(&community).is_none_or(empty) {
                self.queues.remove(&community);
            } else {
                calls.extend(self.stand(community));
            }
        }
        calls
    }
}

impl Queue {
    fn way(&self) -> Way {
        let spans = self.waiting.front().is_some_and(|(i, _)| i.scope.len() > 1);
        if spans || self.skips >= SKIPS_MAX {
            Way::Alone
        } else {
            Way::Together
        }
    }

    /// Many acts of this compound alone, or one that spans several; a heavy one begins
    /// a batch of its own.
    fn give(&mut self, batch: &mut Vec<Waiting>) {
        let mut given = 0;
        let begins_heavy = self.waiting.front().is_some_and(|(i, _)| i.is_heavy());
        while batch.len() < BATCH_MAX {
            let Some((next, _)) = self.waiting.front() else {
                return;
            };
            let spans = next.scope.len() > 1;
            if given > 0 && (spans || next.is_heavy() != begins_heavy) {
                return;
            }
            batch.extend(self.waiting.pop_front());
            given += 1;
            if spans {
                return;
            }
        }
    }
}
