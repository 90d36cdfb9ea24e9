//! The live group: what is new goes to whoever is connected, over one stream of server-sent
//! events. Server-sent events and not a WebSocket: what goes up is a form like any other
//! (guarded, idempotent, without script), what goes down comes back by itself with the last
//! tick it had, through any proxy and WeChat's browser.
//!
//! A compound has one reader here, whatever the number of members: it reads what changed,
//! writes each message once, and shares the bytes. A connection keeps its tick and nothing
//! else; all that waits for it goes out in one write. Who falls behind reads from the
//! database by the same question as who comes back after a month.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::body::Bytes;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use serde::Serialize;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::broadcast::{self, Receiver, Sender};

use crate::message::{Message, MessageState};
use crate::{GroupError, store};

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
/// After so long a stream ends and the browser comes back through the guard, so that who
/// may no longer read is out.
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

/// A message as the page's script reads it.
#[derive(Serialize)]
struct Shown<'m> {
    tick: i64,
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
}

/// The message as JSON, without the words of what is not to be read.
pub fn json(m: &Message) -> String {
    let text = if m.state == MessageState::Shown || m.state == MessageState::Held {
        m.text.as_str()
    } else {
        ""
    };
    let shown = Shown {
        tick: m.tick,
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
    };
    serde_json::to_string(&shown).expect("a message is plain data")
}

fn frame(m: &Message) -> Frame {
    let bytes = format!("id: {}\nevent: message\ndata: {}\n\n", m.tick, json(m));
    Frame {
        tick: m.tick,
        channel: m.channel,
        bytes: bytes.into(),
    }
}

/// The live compounds of this process.
#[derive(Default)]
pub struct Hub {
    streams: Mutex<HashMap<Community, Weak<Sender<Frame>>>>,
}

impl Hub {
    /// The compound's stream; its reader begins with the first who listens and ends after
    /// the last.
    fn join(
        &self,
        house: &Arc<House>,
        c: Community,
        from: i64,
    ) -> (Arc<Sender<Frame>>, Receiver<Frame>) {
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
}

/// Reads what changes and hands it to all, as long as anybody listens.
async fn read(house: Arc<House>, c: Community, mut tick: i64, to: Weak<Sender<Frame>>) {
    let mut commits = house.db.commits();
    loop {
        loop {
            let rows: Vec<Message> = match house.db.all(store::after_tick(c, tick, TAKE)).await {
                Ok(rows) => rows,
                Err(error) => {
                    tracing::warn!(%error, "the group's stream waits for the database");
                    break;
                }
            };
            let Some(sender) = to.upgrade() else { return };
            let full = rows.len() as i64 == TAKE;
            for m in &rows {
                tick = m.tick;
                // Nobody listening is no trouble.
                let _ = sender.send(frame(m));
            }
            if !full {
                break;
            }
        }
        if to.strong_count() == 0 {
            return;
        }
        // Another node's commit is not told here: it is looked for.
        let _ = tokio::time::timeout(LOOK, async {
            loop {
                match commits.recv().await {
                    Ok(other) if other != c => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        })
        .await;
    }
}

/// One connection.
pub struct Line {
    house: Arc<House>,
    c: Community,
    channels: HashSet<Id>,
    tick: i64,
    behind: bool,
    ends: tokio::time::Instant,
    receiver: Receiver<Frame>,
    // Keeps the reader alive as long as this line is.
    _stream: Arc<Sender<Frame>>,
}

impl Line {
    /// A line that goes on after `tick`, for the channels somebody is in.
    pub async fn open(
        house: &Arc<House>,
        hub: &Hub,
        c: Community,
        channels: HashSet<Id>,
        tick: i64,
    ) -> Result<Line, GroupError> {
        let now = crate::reading::tick(house, c).await?;
        // What commits between this look and the joining is read by whoever is behind.
        let (stream, receiver) = hub.join(house, c, now);
        Ok(Line {
            house: house.clone(),
            c,
            channels,
            tick,
            behind: true,
            ends: tokio::time::Instant::now() + AGE_MAX,
            receiver,
            _stream: stream,
        })
    }

    fn take(&mut self, frame: &Frame, out: &mut Vec<u8>) {
        if frame.tick > self.tick {
            self.tick = frame.tick;
            if self.channels.contains(&frame.channel) {
                out.extend_from_slice(&frame.bytes);
            }
        }
    }

    /// Everything since its tick, from the database; a stale page is told to load anew.
    async fn catch_up(&mut self, out: &mut Vec<u8>) -> Result<(), GroupError> {
        let now = crate::reading::tick(&self.house, self.c).await?;
        if now - self.tick > BEHIND_MAX || self.tick > now {
            self.tick = now;
            self.behind = false;
            out.extend_from_slice(format!("id: {now}\nevent: gap\ndata: {now}\n\n").as_bytes());
            return Ok(());
        }
        let rows: Vec<Message> = self
            .house
            .db
            .all(store::after_tick(self.c, self.tick, TAKE))
            .await?;
        self.behind = rows.len() as i64 == TAKE;
        for m in &rows {
            self.take(&frame(m), out);
        }
        Ok(())
    }

    /// The next write: all that waits, joined; a beat when nothing does; `None` at the end.
    pub async fn next(&mut self) -> Option<Bytes> {
        let mut out = Vec::new();
        // What is for others does not put off the beat, or the line would fall asleep beside them.
        let beat = tokio::time::Instant::now() + BEAT;
        loop {
            if self.behind {
                if let Err(error) = self.catch_up(&mut out).await {
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
                    Ok(frame) => self.take(&frame, &mut out),
                    Err(RecvError::Lagged(_)) => { self.behind = true; continue; }
                    Err(RecvError::Closed) => return None,
                },
                () = tokio::time::sleep_until(self.ends) => return None,
                () = tokio::time::sleep_until(beat) => return Some(Bytes::from_static(b": beat\n\n")),
            }
            while out.len() < JOINED_MAX {
                match self.receiver.try_recv() {
                    Ok(frame) => self.take(&frame, &mut out),
                    Err(TryRecvError::Lagged(_)) => {
                        self.behind = true;
                        break;
                    }
                    Err(_) => break,
                }
            }
            if !out.is_empty() {
                return Some(out.into());
            }
        }
    }
}
