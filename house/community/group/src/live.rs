//! The live group: what is new goes to whoever is connected, over one stream of server-sent
//! events. Server-sent events and not a WebSocket: what goes up is a form like any other
//! (guarded, idempotent, without script), what goes down comes back by itself with the last
//! tick it had, through any proxy and WeChat's browser.
//!
//! A compound has one reader here, whatever the number of members: it reads what changed,
//! writes each message once, and shares the bytes. A connection keeps its tick and nothing
//! else; all that waits for it goes out in one write. Who falls behind reads from the
//! database by the same question as who comes back after a month.
//!
//! What a device is given is a view of its own channels: neither a number nor a moment of it
//! tells that something was said where the reader may not be.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use accounts::{Side, roles, sessions};
use axum::body::Bytes;
use foundation::database::{Community, DbError, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Permission;
use permissions::actor::Actor;
use serde::Serialize;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::message::{Message, MessageState};
use crate::parts::Parts;
use crate::{Count, GroupError, channels, reading, store, view};

/// Changes that a connection may be behind before it reads from the database.
const WAITING_MAX: usize = 512;
/// Rows read in one go.
const TAKE: i64 = 200;
/// Further behind than this, a page is loaded anew instead of catching up.
const BEHIND_MAX: i64 = 1_000;
/// A sign of life, so that proxies and phones keep the line.
const BEAT: Duration = Duration::from_secs(20);
/// How often another node's commits are looked for.
const LOOK: Duration = Duration::from_millis(500);
/// After so long a stream ends and the browser comes back through the guard: for what ends
/// by the clock. What somebody ends, ends the stream at once.
const AGE_MAX: Duration = Duration::from_secs(10 * 60);
/// Bytes joined into one write at most.
const JOINED_MAX: usize = 64 * 1024;

/// One change, written once for everybody.
#[derive(Clone)]
struct Frame {
    tick: i64,
    channel: Id,
    bytes: Bytes,
}

/// What the compound's reader hands to the connections.
#[derive(Clone)]
enum Passed {
    Said(Frame),
    /// Somebody's place changed, or everybody's may have: they look again.
    Look(Option<Id>),
}

/// A message as the page's script reads it.
#[derive(Serialize)]
struct Shown<'m> {
    channel: &'m Id,
    seq: i64,
    id: &'m Id,
    author: &'m Id,
    name: &'m str,
    badge: &'m str,
    text: &'m str,
    reply: Option<i64>,
    state: &'static str,
    at: i64,
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<&'m Parts>,
}

/// The message as JSON, without the words of what is not to be read.
pub fn json(m: &Message) -> String {
    let text = if m.state == MessageState::Shown || m.state == MessageState::Held {
        m.text.as_str()
    } else {
        ""
    };
    let shown = Shown {
        channel: &m.channel,
        seq: m.seq,
        id: &m.id,
        author: &m.author,
        name: &m.byline,
        badge: &m.badge,
        text,
        reply: m.reply_to,
        state: m.state.word(),
        at: m.at.0,
        pinned: m.pinned_at.is_some(),
        // What waits for a person cannot be fetched yet, not even by its author.
        parts: Some(&m.parts).filter(|p| m.state == MessageState::Shown && !p.is_empty()),
    };
    serde_json::to_string(&shown).expect("a message is plain data")
}

fn frame(house: &House, c: Community, m: &Message) -> Frame {
    let view = view::of(house, c, m.tick);
    let bytes = format!("id: {view}\nevent: message\ndata: {}\n\n", json(m));
    Frame {
        tick: m.tick,
        channel: m.channel,
        bytes: bytes.into(),
    }
}

type Present = Arc<Mutex<HashMap<Community, HashMap<Id, usize>>>>;

/// The live compounds of this process.
#[derive(Default)]
pub struct Hub {
    streams: Mutex<HashMap<Community, Weak<Sender<Passed>>>>,
    present: Present,
}

impl Hub {
    /// The compound's stream; its reader begins with the first who listens and ends after
    /// the last.
    fn join(
        &self,
        house: &Arc<House>,
        c: Community,
        from: From,
    ) -> (Arc<Sender<Passed>>, Receiver<Passed>) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = streams.get(&c).and_then(Weak::upgrade) {
            let receiver = sender.subscribe();
            return (sender, receiver);
        }
        let (sender, receiver) = broadcast::channel(WAITING_MAX);
        let sender = Arc::new(sender);
        streams.retain(|_, kept| kept.strong_count() > 0);
        streams.insert(c, Arc::downgrade(&sender));
        tokio::spawn(read(house.clone(), c, from, Arc::downgrade(&sender)));
        (sender, receiver)
    }

    /// How many people are connected to a compound through this process.
    pub fn present(&self, c: Community) -> usize {
        let present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present.get(&c).map_or(0, HashMap::len)
    }

    fn enter(&self, c: Community, account: Id) -> Presence {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        *present.entry(c).or_default().entry(account).or_default() += 1;
        Presence {
            of: self.present.clone(),
            c,
            account,
        }
    }
}

/// Somebody is connected as long as this lives.
struct Presence {
    of: Present,
    c: Community,
    account: Id,
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut present = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(here) = present.get_mut(&self.c) else {
            return;
        };
        if let Some(count) = here.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                here.remove(&self.account);
            }
        }
        if here.is_empty() {
            present.remove(&self.c);
        }
    }
}

/// Where a reader begins: the compound's tick, its log and the house's.
#[derive(Clone, Copy)]
struct From {
    tick: i64,
    told: i64,
    told_house: i64,
}

impl From {
    async fn now(house: &House, c: Community) -> Result<From, DbError> {
        let told = async |of| {
            let found: Option<Count> = house.db.optional(store::told_to(of)).await?;
            Ok::<_, DbError>(found.map_or(0, |n| n.0))
        };
        // The logs first: what changes after them is looked at again, never missed.
        let (own, of_house) = (told(c).await?, told(HOUSE).await?);
        let tick: Option<Count> = house.db.optional(store::tick(c)).await?;
        Ok(From {
            tick: tick.map_or(0, |n| n.0),
            told: own,
            told_house: of_house,
        })
    }
}

/// Reads what changes and hands it to all, as long as anybody listens.
async fn read(house: Arc<House>, c: Community, mut from: From, to: Weak<Sender<Passed>>) {
    let mut commits = house.db.commits();
    loop {
        if let Err(error) = pass(&house, c, &mut from, &to).await {
            tracing::warn!(%error, "the group's stream waits for the database");
        }
        if to.strong_count() == 0 {
            return;
        }
        // Another node's commit is not told here: it is looked for.
        let _ = tokio::time::timeout(LOOK, async {
            loop {
                match commits.recv().await {
                    Ok(other) if other != c && other != HOUSE => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        })
        .await;
    }
}

/// All that is new, to all who listen.
async fn pass(
    house: &House,
    c: Community,
    from: &mut From,
    to: &Weak<Sender<Passed>>,
) -> Result<(), DbError> {
    // Who is out first: what is said after that is not for them any more.
    for (log, seq) in [(c, &mut from.told), (HOUSE, &mut from.told_house)] {
        loop {
            let rows: Vec<(i64, String, String, String)> =
                house.db.all(store::told_after(log, *seq, TAKE)).await?;
            let Some(sender) = to.upgrade() else {
                return Ok(());
            };
            for (at, kind, subject, audience) in &rows {
                *seq = *at;
                if let Some(whom) = changes_a_place(kind, subject, audience) {
                    let _ = sender.send(Passed::Look(whom));
                }
            }
            if (rows.len() as i64) < TAKE {
                break;
            }
        }
    }
    loop {
        let rows: Vec<Message> = house.db.all(store::after_tick(c, from.tick, TAKE)).await?;
        let Some(sender) = to.upgrade() else {
            return Ok(());
        };
        for m in &rows {
            from.tick = m.tick;
            // Nobody listening is no trouble.
            let _ = sender.send(Passed::Said(frame(house, c, m)));
        }
        if (rows.len() as i64) < TAKE {
            break;
        }
    }
    Ok(())
}

/// Whose place in the group an event may have changed: a session, a role, a membership ended
/// or begun, a channel opened or closed for all. `Some(None)` is everybody's.
fn changes_a_place(kind: &str, subject: &str, audience: &str) -> Option<Option<Id>> {
    let (room, word) = kind.split_once('.')?;
    match room {
        "accounts" => subject.strip_prefix("account:")?.parse().ok().map(Some),
        "membership" => audience.strip_prefix("a:")?.parse().ok().map(Some),
        "group" if word.starts_with("channel_") => Some(None),
        _ => None,
    }
}

/// What goes out in one write. One change alone is the bytes that all share.
#[derive(Default)]
struct Joined {
    one: Option<Bytes>,
    more: Vec<u8>,
}

impl Joined {
    fn add(&mut self, bytes: &Bytes) {
        if self.is_empty() {
            self.one = Some(bytes.clone());
            return;
        }
        if let Some(one) = self.one.take() {
            self.more.extend_from_slice(&one);
        }
        self.more.extend_from_slice(bytes);
    }

    fn len(&self) -> usize {
        self.one.as_ref().map_or(0, Bytes::len) + self.more.len()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl std::convert::From<Joined> for Bytes {
    fn from(joined: Joined) -> Bytes {
        joined.one.unwrap_or_else(|| joined.more.into())
    }
}

/// One connection.
pub struct Line {
    house: Arc<House>,
    by: Actor,
    session: Option<Id>,
    channels: HashSet<Id>,
    tick: i64,
    behind: bool,
    look: bool,
    ends: tokio::time::Instant,
    receiver: Receiver<Passed>,
    // Keeps the reader alive as long as this line is.
    _stream: Arc<Sender<Passed>>,
    _presence: Option<Presence>,
}

impl Line {
    /// A line that goes on after a view that the device was given, or from now, for the
    /// channels somebody is in, as long as their session lives.
    pub async fn open(
        house: &Arc<House>,
        hub: &Hub,
        by: &Actor,
        session: Option<Id>,
        after: Option<&str>,
    ) -> Result<Line, GroupError> {
        channels::entered(house, by).await?;
        let c = by.community;
        let from = From::now(house, c).await?;
        // What commits between this look and the joining is read by whoever is behind.
        let (stream, receiver) = hub.join(house, c, from);
        let here = channels::of(house, by).await?;
        let channels: HashSet<Id> = here.iter().map(|one| one.id).collect();
        let tick = match after {
            // A view that nobody was given is a gap.
            Some(after) => view::read(house, c, after).unwrap_or(i64::MAX),
            None => reading::tick_of(house, c, &channels).await?,
        };
        Ok(Line {
            house: house.clone(),
            by: by.clone(),
            session,
            channels,
            tick,
            behind: true,
            look: false,
            ends: tokio::time::Instant::now() + AGE_MAX,
            receiver,
            _stream: stream,
            _presence: by.account.map(|account| hub.enter(c, account)),
        })
    }

    fn take(&mut self, passed: &Passed, out: &mut Joined) {
        match passed {
            Passed::Said(frame) => self.add(frame, out),
            Passed::Look(whom) => self.look |= whom.is_none() || *whom == self.by.account,
        }
    }

    fn add(&mut self, frame: &Frame, out: &mut Joined) {
        if frame.tick > self.tick && self.channels.contains(&frame.channel) {
            self.tick = frame.tick;
            out.add(&frame.bytes);
        }
    }

    /// Whether the reader may still read, and what. A line that nobody is behind any more
    /// ends; one whose channels changed goes on with those.
    async fn still(&mut self) -> Result<bool, GroupError> {
        let house = &self.house;
        if let Some(session) = self.session
            && !sessions::is_alive(house, session).await?
        {
            return Ok(false);
        }
        let Some(account) = self.by.account else {
            return Ok(false);
        };
        let side = if self.by.is_staff() {
            Side::Staff
        } else {
            Side::Owner
        };
        let c = self.by.community;
        let by = roles::actor(house, account, side, c, Door::Web).await?;
        if !by.has(Permission::GroupRead) {
            return Ok(false);
        }
        let here = channels::of(house, &by).await?;
        self.channels = here.iter().map(|one| one.id).collect();
        self.by = by;
        Ok(!self.channels.is_empty())
    }

    /// Everything since its tick, from the database; a stale page is told to load anew. Only
    /// what is said in its own channels counts.
    async fn catch_up(&mut self, out: &mut Joined) -> Result<(), GroupError> {
        let c = self.by.community;
        let now = reading::tick_of(&self.house, c, &self.channels).await?;
        let mut behind = 0;
        for channel in &self.channels {
            if self.tick >= now || behind > BEHIND_MAX {
                break;
            }
            let changed = store::count_changed(c, *channel, self.tick, BEHIND_MAX + 1);
            behind += self.house.db.one::<Count>(changed).await?.0;
        }
        if behind > BEHIND_MAX || self.tick > now {
            self.tick = now;
            self.behind = false;
            let view = view::of(&self.house, c, now);
            out.add(&format!("id: {view}\nevent: gap\ndata:\n\n").into());
            return Ok(());
        }
        let mut own: Vec<Id> = self.channels.iter().copied().collect();
        own.sort_unstable();
        let changed = store::changed_in(c, &own, self.tick, TAKE);
        let rows: Vec<Message> = self.house.db.all(changed).await?;
        self.behind = rows.len() as i64 == TAKE;
        for m in &rows {
            let frame = frame(&self.house, c, m);
            self.add(&frame, out);
        }
        Ok(())
    }

    /// The next write: all that waits, joined; a beat when nothing does; `None` at the end.
    pub async fn next(&mut self) -> Option<Bytes> {
        let mut out = Joined::default();
        // What is for others does not put off the beat, or the line would fall asleep beside them.
        let beat = tokio::time::Instant::now() + BEAT;
        loop {
            // Rare and large: a line that waits does not carry them along.
            if self.look {
                self.look = false;
                match Box::pin(self.still()).await {
                    // What was read before is theirs, whatever came beside it.
                    Ok(true) if !self.behind && !out.is_empty() => return Some(out.into()),
                    Ok(true) => {}
                    Ok(false) | Err(GroupError::Forbidden(_)) => return None,
                    Err(error) => {
                        tracing::warn!(%error, "a line of the group ends");
                        return None;
                    }
                }
            }
            if self.behind {
                if let Err(error) = Box::pin(self.catch_up(&mut out)).await {
                    tracing::warn!(%error, "a line of the group ends");
                    return None;
                }
                if !out.is_empty() {
                    return Some(out.into());
                }
                continue;
            }
            tokio::select! {
                biased;
                received = self.receiver.recv() => match received {
                    Ok(passed) => self.take(&passed, &mut out),
                    Err(RecvError::Lagged(_)) => self.missed(),
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep_until(self.ends) => return None,
                () = tokio::time::sleep_until(beat) => return Some(Bytes::from_static(b": beat\n\n")),
            }
            while out.len() < JOINED_MAX && !self.look {
                match self.receiver.try_recv() {
                    Ok(passed) => self.take(&passed, &mut out),
                    Err(TryRecvError::Lagged(_)) => {
                        self.missed();
                        break;
                    }
                    Err(_) => break,
                }
            }
            if !out.is_empty() && !self.look {
                return Some(out.into());
            }
        }
    }

    /// Something went by unseen: what was said is read from the database, and whether the
    /// reader may still read is looked at.
    fn missed(&mut self) {
        self.behind = true;
        self.look = true;
    }
}
