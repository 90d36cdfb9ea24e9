//! What happened, as those saw it whom it happened to: what was asked, what was answered,
//! what was heard. And what a building's people keep in mind over a crash.

use foundation::ids::Id;
use serde::{Deserialize, Serialize};

/// One thing that somebody saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Note {
    /// A sending leaves a device; once for each time it leaves.
    Asks(Sending),
    Said {
        sent: String,
        id: Id,
        seq: i64,
        held: bool,
    },
    Refused {
        sent: String,
    },
    Recalls {
        id: Id,
    },
    Recalled {
        id: Id,
    },
    Mutes {
        account: Id,
        until: i64,
    },
    Muted {
        account: Id,
        until: i64,
    },
    Heard(Heard),
    /// Somebody was told to load anew, who was never away for a thousand messages.
    Gap {
        who: usize,
    },
}

/// One message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sending {
    pub sent: String,
    /// Which of the building's people.
    pub who: usize,
    pub channel: Id,
    pub text: String,
}

/// What came down a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    pub who: usize,
    pub view: String,
    pub channel: Id,
    pub seq: i64,
    pub id: Id,
    pub state: String,
    pub text: String,
}

/// What became of a sending, as far as its sender knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fate {
    /// No answer came.
    Unknown,
    Said(Id),
    Refused,
}

/// Somebody of a building.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    pub account: Id,
    /// The last view that came with an event.
    pub view: String,
}

/// The people of one building: a schedule is what they do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Party {
    pub number: u64,
    pub channel: Id,
    pub main: Id,
    pub people: Vec<Person>,
    pub sendings: Vec<(Sending, Fate)>,
    /// Steps that are still to do.
    pub steps: u32,
}

impl Party {
    /// What a note changes of what they know.
    pub fn follow(&mut self, note: &Note) {
        match note {
            Note::Asks(sending) if self.find(&sending.sent).is_none() => {
                self.sendings.push((sending.clone(), Fate::Unknown));
            }
            Note::Said { sent, id, .. } => self.settle(sent, Fate::Said(*id)),
            Note::Refused { sent } => self.settle(sent, Fate::Refused),
            Note::Heard(heard) => self.people[heard.who].view.clone_from(&heard.view),
            _ => {}
        }
    }

    fn find(&mut self, sent: &str) -> Option<&mut (Sending, Fate)> {
        self.sendings.iter_mut().find(|(s, _)| s.sent == sent)
    }

    fn settle(&mut self, sent: &str, fate: Fate) {
        let (_, now) = self.find(sent).expect("what is answered was asked");
        // Who sent twice at once and was refused once has it said all the same.
        if !matches!(now, Fate::Said(_)) {
            *now = fate;
        }
    }

    /// Messages of theirs that stand, with who said each.
    pub fn said(&self) -> Vec<(usize, Id)> {
        let said = |(s, fate): &(Sending, Fate)| match fate {
            Fate::Said(id) => Some((s.who, *id)),
            _ => None,
        };
        self.sendings.iter().filter_map(said).collect()
    }

    pub fn unanswered(&self) -> Vec<Sending> {
        let open = self.sendings.iter().filter(|(_, f)| *f == Fate::Unknown);
        open.map(|(s, _)| s.clone()).collect()
    }
}
