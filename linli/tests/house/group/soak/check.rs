//! The model: the ledger is replayed, and must give the rows there are; and whatever
//! anybody noted must be true of it.

mod noted;

use std::collections::{HashMap, HashSet};

use foundation::database::{Database, ask};
use foundation::ids::Id;
use foundation::params;
use serde_json::Value as Json;

use super::block::C;

/// A message as the ledger makes it.
#[derive(Debug, PartialEq)]
struct Told {
    channel: Id,
    seq: i64,
    author: Id,
    held: bool,
    recalled: bool,
    /// The tick at which everybody could first hear it, and of its being taken back.
    said_at: i64,
    recalled_at: i64,
}

struct Stored {
    id: Id,
    channel: Id,
    seq: i64,
    tick: i64,
    sent: String,
    author: Id,
    text: String,
    state: String,
}

/// What is there after all of it.
pub struct Truth {
    told: HashMap<Id, Told>,
    stored: Vec<Stored>,
    /// Account and end of each mute.
    mutes: HashSet<(Id, i64)>,
}

/// What was looked at, for the report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    pub sendings: usize,
    pub messages: usize,
    pub heard: usize,
    pub unanswered: usize,
}

impl std::ops::AddAssign for Seen {
    fn add_assign(&mut self, other: Seen) {
        self.sendings += other.sendings;
        self.messages += other.messages;
        self.heard += other.heard;
        self.unanswered += other.unanswered;
    }
}

fn id(word: &str) -> Id {
    let id = word.rsplit(':').next().unwrap_or_default();
    id.parse().unwrap_or_else(|_| panic!("{word} names an id"))
}

impl Truth {
    /// Replays the compound's ledger and holds every row of the group against it.
    pub async fn read(db: &Database) -> Truth {
        let rows: Vec<(i64, i64, String, String, String, String)> = db
            .all(ask(
                "SELECT seq, at, kind, actor, subject, body FROM ledger \
                 WHERE community = $1 ORDER BY seq LIMIT 1000000",
                params![C],
            ))
            .await
            .expect("the ledger is readable");
        let mut truth = Truth {
            told: HashMap::new(),
            stored: Vec::new(),
            mutes: HashSet::new(),
        };
        let (mut tick, mut places) = (0, HashMap::<Id, i64>::new());
        let (mut silent, mut hushed) = (HashMap::<Id, i64>::new(), HashMap::<Id, i64>::new());
        for (n, (seq, at, kind, actor, subject, body)) in rows.iter().enumerate() {
            assert_eq!(*seq, n as i64 + 1, "the ledger has no holes");
            let body: Json = serde_json::from_str(body).expect("JSON");
            match kind.as_str() {
                "group.said" => {
                    tick += 1;
                    let (channel, author) = (id(body["channel"].as_str().expect("one")), id(actor));
                    let place = places.entry(channel).or_default();
                    *place += 1;
                    assert_eq!(body["seq"].as_i64(), Some(*place), "places have no holes");
                    let until = silent.get(&author).max(hushed.get(&channel));
                    assert!(
                        until.is_none_or(|until| at >= until),
                        "{author} spoke at {at} and was silent until {until:?}"
                    );
                    let told = Told {
                        channel,
                        seq: *place,
                        author,
                        held: body["state"] == "held",
                        recalled: false,
                        said_at: tick,
                        recalled_at: 0,
                    };
                    let twice = truth.told.insert(id(subject), told);
                    assert!(twice.is_none(), "{subject} was said twice");
                }
                "group.recalled" => {
                    tick += 1;
                    let told = truth.told.get_mut(&id(subject)).expect("it was said");
                    assert!(!told.recalled, "{subject} was taken back twice");
                    assert_eq!(id(actor), told.author, "one's own");
                    (told.recalled, told.recalled_at) = (true, tick);
                }
                "test.muted" => {
                    let until = body["until"].as_i64().expect("an end");
                    truth.mutes.insert((id(subject), until));
                    let longest = silent.entry(id(subject)).or_default();
                    *longest = until.max(*longest);
                }
                "group.channel_set" => {
                    if let Some(until) = body["hushed_until"].as_i64() {
                        hushed.insert(id(subject), until);
                    }
                }
                _ => {}
            }
        }
        truth.hold_rows(db, tick, &places).await;
        truth
    }

    async fn hold_rows(&mut self, db: &Database, tick: i64, places: &HashMap<Id, i64>) {
        let rows: Vec<(Id, Id, i64, i64, String, Id, String, String)> = db
            .all(ask(
                "SELECT id, channel, seq, tick, sent_id, author, text, state FROM group_message \
                 WHERE community = $1 ORDER BY channel, seq LIMIT 1000000",
                params![C],
            ))
            .await
            .expect("readable");
        assert_eq!(rows.len(), self.told.len(), "a row for each that was said");
        let mut sent_ids = HashSet::new();
        for (id, channel, seq, at, sent, author, text, state) in rows {
            let told = self.told.get(&id).expect("it was said");
            assert_eq!(
                (channel, seq, author),
                (told.channel, told.seq, told.author)
            );
            let (wanted, last) = match told {
                Told {
                    recalled: true,
                    recalled_at,
                    ..
                } => ("recalled", *recalled_at),
                Told {
                    held: true,
                    said_at,
                    ..
                } => ("held", *said_at),
                Told { said_at, .. } => ("shown", *said_at),
            };
            assert_eq!((state.as_str(), at), (wanted, last), "{id}");
            assert!(
                sent_ids.insert((author, sent.clone())),
                "{sent} stands twice"
            );
            self.stored.push(Stored {
                id,
                channel,
                seq,
                tick: at,
                sent,
                author,
                text,
                state,
            });
        }
        let clock: Option<(i64,)> = db
            .optional(ask(
                "SELECT tick FROM group_clock WHERE community = $1",
                params![C],
            ))
            .await
            .expect("readable");
        assert_eq!(clock.map_or(0, |c| c.0), tick, "a tick for each change");
        let last: Vec<(Id, i64)> = db
            .all(ask(
                "SELECT id, last_seq FROM group_channel WHERE community = $1 LIMIT 1000",
                params![C],
            ))
            .await
            .expect("readable");
        for (channel, seq) in last {
            assert_eq!(seq, places.get(&channel).copied().unwrap_or(0), "{channel}");
        }
    }
}
