//! Connections: opened with the view that was heard last, dropped with what is under way.

use std::time::Duration;

use ::group::live::Line;
use axum::body::Bytes;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::task::AbortHandle;

use super::super::notes::{Heard, Note};
use super::Awake;

/// What a connection brought that was not looked at yet, and the task that reads it. Who
/// hangs up loses what is under way, as over a wire.
pub struct Wire {
    receiver: mpsc::UnboundedReceiver<Bytes>,
    reader: AbortHandle,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Awake {
    pub async fn connect(&mut self, who: usize) {
        if self.wires[who].is_some() {
            return;
        }
        let by = self.actor(who);
        let view = self.party.people[who].view.clone();
        let night = &self.night;
        let line = Line::open(&night.house, &night.hub, &by, None, Some(&view)).await;
        let mut line = match line {
            Ok(line) => line,
            Err(_) if night.loses_answers() => return,
            Err(error) => panic!("a line of {by:?}: {error:?}"),
        };
        let (sender, receiver) = mpsc::unbounded_channel();
        let reader = tokio::spawn(async move {
            while let Some(bytes) = line.next().await {
                if sender.send(bytes).is_err() {
                    return;
                }
            }
        });
        self.wires[who] = Some(Wire {
            receiver,
            reader: reader.abort_handle(),
        });
    }

    pub fn hear_all(&mut self) {
        for who in 0..self.wires.len() {
            while let Some(wire) = &mut self.wires[who] {
                match wire.receiver.try_recv() {
                    Ok(bytes) => self.hear(who, &bytes),
                    Err(TryRecvError::Empty) => break,
                    // The house hung up: it could not read.
                    Err(TryRecvError::Disconnected) => self.wires[who] = None,
                }
            }
        }
    }

    /// Waits until somebody has heard all up to a view.
    pub async fn hear_up_to(&mut self, who: usize, view: &str) {
        self.connect(who).await;
        while self.party.people[who].view != view {
            let wire = self.wires[who].as_mut().expect("connected");
            let heard = tokio::time::timeout(Duration::from_secs(20), wire.receiver.recv());
            let heard = heard.await.expect("what was said comes");
            self.hear(who, &heard.expect("the line stands"));
        }
    }

    fn hear(&mut self, who: usize, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).expect("events are text");
        for event in text.split_terminator("\n\n") {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            match field("event: ") {
                Some("message") => {}
                Some("gap") => {
                    self.note(Note::Gap { who });
                    continue;
                }
                _ => continue,
            }
            let data: serde_json::Value =
                serde_json::from_str(field("data: ").expect("data")).expect("JSON");
            let word = |name: &str| data[name].as_str().expect("a text").to_owned();
            self.note(Note::Heard(Heard {
                who,
                view: field("id: ").expect("a view").to_owned(),
                channel: word("channel").parse().expect("an id"),
                seq: data["seq"].as_i64().expect("a place"),
                id: word("id").parse().expect("an id"),
                state: word("state"),
                text: word("text"),
            }));
        }
    }
}
