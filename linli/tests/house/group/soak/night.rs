//! What the people of a building do between two crashes: they connect with what they heard
//! last, drop, say things, lose the answer and say them again, take back, are muted.

mod order;
mod wire;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use ::group::live::Hub;
use ::group::speak::{self, Draft};
use ::group::{GroupError, Message};
use foundation::chance::Chance;
use foundation::clock::HandClock;
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use self::wire::Wire;
use super::block::owner;
use super::disk::Disk;
use super::notes::{Fate, Note, Party, Sending};
use crate::conduct::world::INSULT;

const PHRASES: [&str; 6] = [
    "今晚的桂花真香",
    "電梯又停在六樓",
    "誰有多的雨傘",
    "明天幾點清洗水箱",
    "門口的信箱換了新的",
    "謝謝大家幫忙找貓",
];

/// One house between its opening and its end, for all its parties.
pub struct Night {
    pub house: Arc<House>,
    pub hub: Hub,
    pub clock: HandClock,
    pub host: Id,
    /// Where the power may go.
    pub disk: Option<Arc<Disk>>,
    /// A server whose connections may break while the house goes on.
    pub may_break: bool,
    /// Notes go out as lines, for whoever outlives this process.
    pub aloud: bool,
    /// Makes what is sent in this opening different from what was sent before.
    pub opening: u64,
    pub serial: AtomicU64,
}

impl Night {
    fn is_over(&self) -> bool {
        self.disk.as_ref().is_some_and(|disk| disk.is_dead())
    }

    /// Whether an error says nothing about what was done. While the power is on and the
    /// server there, no error is one of those.
    fn loses_answers(&self) -> bool {
        self.may_break || self.is_over()
    }
}

/// A party that is awake.
pub struct Awake {
    night: Arc<Night>,
    pub party: Party,
    pub notes: Vec<Note>,
    chance: Chance,
    wires: Vec<Option<Wire>>,
}

/// Waits for an answer for so many turns, then hangs up; what was begun goes on.
async fn patiently<F: Future>(turns: u64, asked: F) -> Option<F::Output> {
    let (mut asked, mut left) = (pin!(asked), turns);
    std::future::poll_fn(move |cx| match asked.as_mut().poll(cx) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

impl Awake {
    pub fn new(night: Arc<Night>, party: Party, seed: u64) -> Awake {
        let wires = party.people.iter().map(|_| None).collect();
        let chance = Chance::from_seed(seed ^ (party.number << 40) ^ (night.opening << 20));
        Awake {
            night,
            party,
            notes: Vec::new(),
            chance,
            wires,
        }
    }

    fn note(&mut self, note: Note) {
        self.party.follow(&note);
        if self.night.aloud {
            use std::io::Write as _;
            let line = serde_json::to_string(&(self.party.number, &note)).expect("plain data");
            let mut out = std::io::stdout().lock();
            writeln!(out, "note {line}").expect("the parent listens");
            out.flush().expect("the parent listens");
        }
        self.notes.push(note);
    }

    /// Does what is left to do, until it is done or the power goes.
    pub async fn live(mut self) -> (Party, Vec<Note>) {
        while self.party.steps > 0 && !self.night.is_over() {
            self.party.steps -= 1;
            self.step().await;
            self.night.clock.advance(50 + self.chance.below(150) as i64);
            tokio::task::yield_now().await;
        }
        (self.party, self.notes)
    }

    async fn step(&mut self) {
        let who = self.chance.below(self.party.people.len() as u64) as usize;
        match self.chance.below(100) {
            0..42 => self.say_new(who).await,
            42..52 => self.say_again().await,
            52..60 => self.recall().await,
            60..63 => self.mute(who).await,
            63..64 => self.hush().await,
            64..80 => self.connect(who).await,
            80..86 => self.wires[who] = None,
            _ => self.hear_all(),
        }
    }

    async fn say_new(&mut self, who: usize) {
        let serial = self.night.serial.fetch_add(1, Ordering::Relaxed);
        let sent = format!("o{}-n{serial}", self.night.opening);
        let phrase = PHRASES[self.chance.below(PHRASES.len() as u64) as usize];
        let mut text = format!("{phrase}，{sent}");
        if self.chance.below(30) == 0 {
            text.push_str(INSULT);
        }
        let channel = if self.chance.below(10) == 0 {
            self.party.main
        } else {
            self.party.channel
        };
        let sending = Sending {
            sent,
            who,
            channel,
            text,
        };
        match self.chance.below(8) {
            // Two tabs, or a phone that tries again before it has the answer.
            0 => {
                self.note(Note::Asks(sending.clone()));
                self.note(Note::Asks(sending.clone()));
                let (first, second) = (self.sending(&sending), self.sending(&sending));
                let (first, second) = tokio::join!(first, second);
                self.answered(&sending, first);
                self.answered(&sending, second);
            }
            1 => {
                self.note(Note::Asks(sending.clone()));
                let turns = self.chance.below(3);
                let asked = patiently(turns, self.sending(&sending)).await;
                if let Some(answer) = asked {
                    self.answered(&sending, answer);
                }
            }
            _ => self.say(sending).await,
        }
    }

    pub async fn say(&mut self, sending: Sending) {
        self.note(Note::Asks(sending.clone()));
        let answer = self.sending(&sending).await;
        self.answered(&sending, answer);
    }

    /// Something sent before, answered or not.
    async fn say_again(&mut self) {
        let open = self.party.unanswered();
        let pick = if open.is_empty() {
            let all = &self.party.sendings;
            let known = all.iter().filter(|(_, fate)| *fate != Fate::Refused);
            let known: Vec<Sending> = known.map(|(s, _)| s.clone()).collect();
            self.one_of(&known)
        } else {
            self.one_of(&open)
        };
        if let Some(sending) = pick {
            self.say(sending).await;
        }
    }

    fn one_of<T: Clone>(&self, from: &[T]) -> Option<T> {
        let at = self.chance.below(from.len() as u64) as usize;
        from.get(at).cloned()
    }

    fn sending(&self, one: &Sending) -> impl Future<Output = Result<Message, GroupError>> + use<> {
        let night = self.night.clone();
        let by = self.actor(one.who);
        let channel = one.channel;
        let draft = Draft {
            sent_id: one.sent.clone(),
            text: one.text.clone(),
            ..Draft::default()
        };
        async move { speak::send(&night.house, &by, channel, &draft).await }
    }

    pub fn actor(&self, who: usize) -> Actor {
        owner(self.party.people[who].account)
    }

    fn answered(&mut self, sending: &Sending, answer: Result<Message, GroupError>) {
        let sent = sending.sent.clone();
        match answer {
            Ok(m) => {
                let held = m.state == ::group::MessageState::Held;
                let (id, seq) = (m.id, m.seq);
                self.note(Note::Said {
                    sent,
                    id,
                    seq,
                    held,
                });
            }
            Err(
                GroupError::Silenced { .. }
                | GroupError::Hushed { .. }
                | GroupError::TooFast { .. }
                | GroupError::Blocked(_),
            ) => self.note(Note::Refused { sent }),
            Err(_) if self.night.loses_answers() => {}
            Err(error) => panic!("{sending:?} was refused: {error:?}"),
        }
    }

    async fn recall(&mut self) {
        let said = self.party.said();
        // Mostly something fresh: after two minutes nobody may.
        let fresh = &said[said.len().saturating_sub(6)..];
        let Some((who, id)) = self.one_of(fresh) else {
            return;
        };
        self.note(Note::Recalls { id });
        let (by, night) = (self.actor(who), self.night.clone());
        let asked = async move { speak::recall(&night.house, &by, id).await };
        match patiently(self.chance.below(20), asked).await {
            Some(Ok(())) => self.note(Note::Recalled { id }),
            None | Some(Err(GroupError::RecallOver)) => {}
            Some(Err(_)) if self.night.loses_answers() => {}
            Some(Err(error)) => panic!("{id} was acknowledged; taking it back: {error:?}"),
        }
    }
}
