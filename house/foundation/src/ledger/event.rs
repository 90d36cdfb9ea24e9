//! What an event says: who did what to which record, for whom, through which door,
//! and a few bare facts. Nothing personal fits in: a fact is an id, a number, a
//! frozen word or a keyed digest, never free text.

use std::collections::BTreeMap;

use crate::clock::Moment;
use crate::ids::Id;

/// A frozen word for what happened, such as `membership.approved`, and the version
/// of the facts that go with it. Words once written are never renamed or reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    pub name: &'static str,
    pub version: i64,
}

impl Kind {
    pub const fn new(name: &'static str, version: i64) -> Kind {
        Kind { name, version }
    }
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorRef {
    /// A signed-in account.
    Account(Id),
    /// The house itself, following the ledger or the clock.
    System,
    /// Whoever runs commands on the machine.
    Operator,
    /// A person without an account who holds a link (an applicant, an invited owner).
    LinkHolder,
    /// Somebody unknown.
    Nobody,
}

impl ActorRef {
    /// As it stands in the ledger: `a:<id>`, `system`, `operator`, `link`, `nobody`.
    pub fn word(&self) -> String {
        match self {
            ActorRef::Account(id) => format!("a:{id}"),
            ActorRef::System => "system".into(),
            ActorRef::Operator => "operator".into(),
            ActorRef::LinkHolder => "link".into(),
            ActorRef::Nobody => "nobody".into(),
        }
    }
}

/// Where an act came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Web,
    Api,
    Cli,
    Clock,
    Follower,
}

impl Door {
    pub fn word(self) -> &'static str {
        match self {
            Door::Web => "web",
            Door::Api => "api",
            Door::Cli => "cli",
            Door::Clock => "clock",
            Door::Follower => "follower",
        }
    }
}

/// Who acts, in which role, for whom, from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub actor: ActorRef,
    /// The role the right came from (`specialist`), or empty.
    pub role: &'static str,
    /// The person acted for, where that is another.
    pub behalf: Option<Id>,
    pub door: Door,
}

impl Who {
    pub const fn system(door: Door) -> Who {
        Who {
            actor: ActorRef::System,
            role: "",
            behalf: None,
            door,
        }
    }
    pub const fn operator() -> Who {
        Who {
            actor: ActorRef::Operator,
            role: "operator",
            behalf: None,
            door: Door::Cli,
        }
    }
}

/// Who acts and when: what a write is dated and signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub at: Moment,
    pub who: Who,
}

/// To whom live pages and messages may carry the event; nobody else learns of it,
/// not even its timing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Nobody: it is for the record.
    Record,
    /// Staff of the compound whose permissions reach the record.
    Staff,
    /// One account.
    Account(Id),
    /// Every member.
    Members,
}

impl Audience {
    pub fn word(&self) -> String {
        match self {
            Audience::Record => "record".into(),
            Audience::Staff => "staff".into(),
            Audience::Account(id) => format!("a:{id}"),
            Audience::Members => "members".into(),
        }
    }
}

/// One bare fact of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Id(Id),
    Number(i64),
    /// A frozen word of the program's own (a state, a reason code).
    Word(&'static str),
    /// A keyed digest of something that may not stand here.
    Digest([u8; 32]),
    /// The SHA-512 of a file that lies elsewhere and holds nothing in clear.
    Sha512([u8; 64]),
    /// Several records that the act concerned.
    Many(Vec<Id>),
}

macro_rules! fact {
    ($($t:ty => $make:expr),* $(,)?) => { $(
        impl From<$t> for Fact { fn from(v: $t) -> Fact { ($make)(v) } }
    )* };
}
fact! {
    Id => Fact::Id,
    i64 => Fact::Number,
    u32 => |n: u32| Fact::Number(n.into()),
    bool => |b: bool| Fact::Number(b.into()),
    Moment => |m: Moment| Fact::Number(m.0),
    &'static str => Fact::Word,
    [u8; 32] => Fact::Digest,
    [u8; 64] => Fact::Sha512,
    Vec<Id> => Fact::Many,
}

/// An event about to be recorded.
#[derive(Clone, Debug)]
pub struct Event {
    pub(super) kind: Kind,
    pub(super) subject: Option<(&'static str, String)>,
    pub(super) audience: Audience,
    pub(super) facts: BTreeMap<&'static str, Fact>,
}

impl Event {
    /// An event of `kind` for the record alone.
    pub fn new(kind: Kind) -> Event {
        Event {
            kind,
            subject: None,
            audience: Audience::Record,
            facts: BTreeMap::new(),
        }
    }

    /// The record it is about; its timeline is made of such events.
    pub fn about(mut self, what: &'static str, id: Id) -> Event {
        self.subject = Some((what, id.to_string()));
        self
    }

    pub fn to(mut self, audience: Audience) -> Event {
        self.audience = audience;
        self
    }

    /// Adds a fact. Absent is left out, never written as an empty value.
    pub fn with(mut self, name: &'static str, fact: impl Into<Fact>) -> Event {
        self.facts.insert(name, fact.into());
        self
    }

    pub fn with_some(self, name: &'static str, fact: Option<impl Into<Fact>>) -> Event {
        match fact {
            Some(fact) => self.with(name, fact),
            None => self,
        }
    }

    /// The subject as it stands in the ledger: `application:<id>`, or empty.
    pub fn subject_word(&self) -> String {
        self.subject
            .as_ref()
            .map_or_else(String::new, |(what, id)| format!("{what}:{id}"))
    }

    /// The facts as canonical JSON: names sorted, no space, one way to write each.
    pub fn body(&self) -> String {
        let mut out = String::from("{");
        for (i, (name, fact)) in self.facts.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push('"');
            out.push_str(name);
            out.push_str("\":");
            match fact {
                Fact::Id(id) => out.push_str(&format!("\"{id}\"")),
                Fact::Number(n) => out.push_str(&n.to_string()),
                Fact::Word(w) => out.push_str(&serde_json::Value::from(*w).to_string()),
                Fact::Digest(d) => hex(&mut out, d),
                Fact::Sha512(d) => hex(&mut out, d),
                Fact::Many(ids) => {
                    let list: Vec<String> = ids.iter().map(|i| format!("\"{i}\"")).collect();
                    out.push_str(&format!("[{}]", list.join(",")));
                }
            }
        }
        out.push('}');
        out
    }
}

fn hex(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for b in bytes {
        out.push_str(&format!("{b:02x}"));
    }
    out.push('"');
}
