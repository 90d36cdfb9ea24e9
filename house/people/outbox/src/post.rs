//! The runner: takes what is due into its hands, has it carried, and settles it.
//!
//! Each way goes at its own pace. Whatever a runner holds comes back when its lease ends,
//! so an item is carried at least once and settles exactly once.

mod addresses;
mod settle;
mod take;

use std::sync::Arc;
use std::time::Duration;

use foundation::clock::{MINUTE, Moment};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use futures_util::StreamExt as _;
use tokio::sync::Mutex;

use crate::Way;
use crate::breaker::{Breaker, Rate};
use crate::sender::{Answer, Parcel, Sender, Why};
use crate::store::queue;
use addresses::Addresses;
use settle::Verdict;
use take::{Item, Letters};

/// How long a runner may hold an item.
const LEASE: i64 = 2 * MINUTE;
/// Nothing of a batch is begun later than this: it is through before the lease ends.
const BEGIN_WITHIN: i64 = MINUTE;
/// A sender that has not answered by then is given up. A batch is four times what is sent
/// at once, so all of it is over well within the lease.
const SEND_MAX: Duration = Duration::from_secs(20);
const ROUNDS: usize = 4;
/// How often is looked though nothing was committed: for what is tried again.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Commits in so short a time are looked at together.
const TOGETHER: Duration = Duration::from_millis(100);

/// How many are sent at once.
fn at_once(way: Way) -> usize {
    match way {
        Way::Push => 32,
        Way::Sms => 16,
        Way::Mail => 8,
    }
}

/// Why a turn broke off; what was in hand comes back after its lease.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("the roster: {0}")]
    Roster(String),
    /// Another runner settled all of it.
    #[error("it was in other hands")]
    Lost,
}

/// A sender and how fast it may be asked.
#[derive(Clone)]
pub struct Carrier {
    pub sender: Arc<dyn Sender>,
    pub per_minute: i64,
    /// Tells one setting from the next.
    pub set_at: Moment,
}

/// Where the senders come from.
pub trait Carriers: Send + Sync + 'static {
    /// Who carries by a way now; `known` is the one in use. None where it is not set up.
    fn carrier<'a>(
        &'a self,
        house: &'a Arc<House>,
        way: Way,
        known: Option<Carrier>,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Option<Carrier>, PostError>> + Send + 'a>>;
}

#[derive(Default)]
struct Lane {
    carrier: Option<Carrier>,
    rate: Option<Rate>,
}

/// Sends what is due.
pub struct Post {
    house: Arc<House>,
    carriers: Box<dyn Carriers>,
    /// How the house is reached from outside, for links in messages.
    base: String,
    lanes: [Mutex<Lane>; 3],
}

impl Post {
    pub fn new(house: Arc<House>, carriers: impl Carriers, base: &str) -> Post {
        Post {
            house,
            carriers: Box::new(carriers),
            base: base.trim_end_matches('/').to_owned(),
            lanes: Default::default(),
        }
    }

    /// Goes on until it is dropped: after commits, and by a timer.
    pub async fn run(&self) {
        let ways = Way::ALL.map(|way| self.run_way(way));
        futures_util::future::join_all(ways).await;
    }

    async fn run_way(&self, way: Way) {
        let mut commits = self.house.db.commits();
        loop {
            match self.turn_of(way).await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(e) => tracing::warn!(way = way.word(), error = %e, "sending waits"),
            }
            // What was missed while sending is due all the same: the queue is asked.
            let _ = tokio::time::timeout(LOOK_EVERY, commits.recv()).await;
            tokio::time::sleep(TOGETHER).await;
            commits = commits.resubscribe();
        }
    }

    /// One batch of each way, all at the same time; how many items were dealt with.
    pub async fn turn(&self) -> Result<usize, PostError> {
        let turns = Way::ALL.map(|way| self.turn_of(way));
        let mut dealt = 0;
        for turn in futures_util::future::join_all(turns).await {
            dealt += turn?;
        }
        Ok(dealt)
    }

    /// One batch of a way.
    pub async fn turn_of(&self, way: Way) -> Result<usize, PostError> {
        let mut lane = self.lanes[way as usize].lock().await;
        let now = self.house.now();
        let swept = self.sweep(way, now).await?;
        let known = lane.carrier.take();
        lane.carrier = self.carriers.carrier(&self.house, way, known).await?;
        let Some(carrier) = lane.carrier.clone() else {
            return Ok(swept);
        };
        let found: Option<Breaker> = self.house.db.optional(queue::breaker(way)).await?;
        let breaker = found.unwrap_or_default();
        let room = breaker.room(now, at_once(way) * ROUNDS);
        if room == 0 {
            return Ok(swept);
        }
        if lane
            .rate
            .as_ref()
            .is_none_or(|r| !r.is_of(carrier.per_minute))
        {
            lane.rate = Some(Rate::new(carrier.per_minute, now));
        }
        let Some(rate) = lane.rate.as_mut() else {
            return Ok(swept);
        };
        let may = rate.take(now, room);
        let items = match may {
            0 => Vec::new(),
            _ => take::take(&self.house, way, now, may, LEASE).await?,
        };
        rate.give_back(may - items.len());
        if items.is_empty() {
            return Ok(swept);
        }
        let dealt = items.len();
        let (answers, gone) = self.carry(way, &carrier, items, now).await?;
        // First what became of the items: whatever fails afterwards repeats none of them.
        settle::settle(&self.house, way, breaker, answers).await?;
        for (c, account, devices) in gone {
            crate::devices::gone(&self.house, c, account, devices).await?;
        }
        Ok(swept + dealt)
    }

    /// What is worth nothing any more settles, also while its way is down or not set up.
    async fn sweep(&self, way: Way, now: Moment) -> Result<usize, PostError> {
        let items = take::take_expired(&self.house, way, now, LEASE).await?;
        let swept = items.len();
        if swept > 0 {
            let expired = items.into_iter().map(|i| (i, Verdict::Expired)).collect();
            settle::write_down(&self.house, way, expired).await?;
        }
        Ok(swept)
    }

    async fn carry(
        &self,
        way: Way,
        carrier: &Carrier,
        items: Vec<Item>,
        now: Moment,
    ) -> Result<(Vec<(Item, Verdict)>, Vec<Gone>), PostError> {
        let letters = Letters::of(&self.house, &items, &self.base).await?;
        let addresses = Addresses::open(&self.house, way, &items).await?;
        let (letters, addresses) = (&letters, &addresses);
        let sending = items.into_iter().map(|item| async move {
            let late = || self.house.now() > now.plus(BEGIN_WITHIN);
            let verdict = one(way, carrier, &item, letters, addresses, now, &late).await;
            (item, verdict)
        });
        let done: Vec<(Item, Verdict, Vec<_>)> = futures_util::stream::iter(sending)
            .buffer_unordered(at_once(way))
            .map(|(item, (verdict, gone))| (item, verdict, gone))
            .collect()
            .await;
        let mut out = Vec::with_capacity(done.len());
        let mut lost = Vec::new();
        for (item, verdict, gone) in done {
            if let (Some(account), false) = (item.to.account, gone.is_empty()) {
                lost.push((item.community, account, gone));
            }
            out.push((item, verdict));
        }
        Ok((out, lost))
    }
}

/// Devices of an account in a compound that are no more.
type Gone = (Community, Id, Vec<Id>);

/// Carries one item to every address of its recipient; the devices that are no more.
async fn one(
    way: Way,
    carrier: &Carrier,
    item: &Item,
    letters: &Letters,
    addresses: &Addresses,
    now: Moment,
    late: &(dyn Fn() -> bool + Sync),
) -> (Verdict, Vec<Id>) {
    let mut gone = Vec::new();
    if late() {
        // Others may take it before this batch is through: it is left for the next.
        return (Verdict::Wait(now), gone);
    }
    let Some(letter) = letters.get(item) else {
        return (Verdict::Silent(Why::NoAddress), gone);
    };
    if letter.expires_at <= now {
        return (Verdict::Expired, gone);
    }
    if !letter.urgent
        && let Some(until) = addresses.quiet_until(item, now)
    {
        return (Verdict::Wait(until), gone);
    }
    let mut answer = None;
    for (device, address) in addresses.of(item) {
        if answer.is_some() && late() {
            break;
        }
        let parcel = Parcel {
            id: item.key(way),
            address: address.clone(),
            title: letter.title.clone(),
            text: letter.text.clone(),
            link: letter.link.clone(),
            urgent: letter.urgent,
            lives_ms: letter.expires_at.0 - now.0,
        };
        let sent = tokio::time::timeout(SEND_MAX, carrier.sender.send(&parcel)).await;
        let this = sent.unwrap_or(Answer::later(Why::Timeout));
        if let (Answer::Never { why: Why::Gone }, Some(device)) = (this, device) {
            gone.push(*device);
        }
        answer = Some(answer.map_or(this, |a: Answer| a.best(this)));
    }
    match answer {
        Some(answer) => (Verdict::Said(answer), gone),
        None => (Verdict::Silent(Why::NoAddress), gone),
    }
}
