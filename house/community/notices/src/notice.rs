//! A notice as it stands: its class, its state, and by which ways it goes out.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Row};
use foundation::ids::Id;

use crate::audience::Audience;

/// How much a notice weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 公告
    Ordinary,
    /// 重要
    Important,
    /// 緊急: passes quiet hours, goes every way side by side, stays open until all know
    Emergency,
    /// 節日祝福
    Greeting,
}

impl Class {
    pub const ALL: [Class; 4] = [
        Class::Ordinary,
        Class::Important,
        Class::Emergency,
        Class::Greeting,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Class::Ordinary => "ordinary",
            Class::Important => "important",
            Class::Emergency => "emergency",
            Class::Greeting => "greeting",
        }
    }

    pub fn from_word(word: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// Where a notice is in its life (state machine 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Draft,
    Review,
    Scheduled,
    Published,
    /// Published in a later version.
    Amended,
    Recalled,
    Superseded,
    Archived,
    Cancelled,
}

impl State {
    pub const ALL: [State; 9] = [
        State::Draft,
        State::Review,
        State::Scheduled,
        State::Published,
        State::Amended,
        State::Recalled,
        State::Superseded,
        State::Archived,
        State::Cancelled,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Review => "review",
            State::Scheduled => "scheduled",
            State::Published => "published",
            State::Amended => "amended",
            State::Recalled => "recalled",
            State::Superseded => "superseded",
            State::Archived => "archived",
            State::Cancelled => "cancelled",
        }
    }

    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Members read it, and it still counts who knows.
    pub fn stands(self) -> bool {
        matches!(self, State::Published | State::Amended)
    }

    /// It went out at some time: members find it among the past ones.
    pub fn went_out(self) -> bool {
        self.stands() || matches!(self, State::Recalled | State::Superseded | State::Archived)
    }

    /// Not out yet, and may still be called off.
    pub fn waits(self) -> bool {
        matches!(self, State::Draft | State::Review | State::Scheduled)
    }
}

/// By which ways it goes out beside the members' own pages, where it always stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub group: bool,
    pub push: bool,
    pub sms: bool,
    pub mail: bool,
}

impl Ways {
    /// Every way there is: for emergencies.
    pub const ALL: Ways = Ways {
        group: true,
        push: true,
        sms: true,
        mail: true,
    };

    /// As stored: the words of the ways, with spaces.
    pub fn words(self) -> String {
        let named = [
            (self.group, "group"),
            (self.push, "push"),
            (self.sms, "sms"),
            (self.mail, "mail"),
        ];
        let words: Vec<&str> = named.iter().filter(|n| n.0).map(|n| n.1).collect();
        words.join(" ")
    }

    pub fn from_words(words: &str) -> Ways {
        let has = |way| words.split(' ').any(|w| w == way);
        Ways {
            group: has("group"),
            push: has("push"),
            sms: has("sms"),
            mail: has("mail"),
        }
    }

    /// Those that the outbox carries.
    pub fn carried(self) -> Vec<outbox::Way> {
        let mut out = Vec::new();
        if self.push {
            out.push(outbox::Way::Push);
        }
        if self.sms {
            out.push(outbox::Way::Sms);
        }
        if self.mail {
            out.push(outbox::Way::Mail);
        }
        out
    }
}

/// A notice as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub id: Id,
    pub class: Class,
    pub state: State,
    pub title: String,
    pub body: String,
    /// Of the text, from 1.
    pub version: i64,
    pub audience: Audience,
    pub ways: Ways,
    /// Each household is asked to confirm that it knows.
    pub asks: bool,
    /// Hours between reminders; 0 for none.
    pub remind_hours: i64,
    pub author: Id,
    pub author_name: String,
    pub reviewer: Option<Id>,
    pub replaces: Option<Id>,
    pub festival: String,
    pub words: String,
    pub publish_at: Option<Moment>,
    pub published_at: Option<Moment>,
    pub review_due: Option<Moment>,
    pub reviewed_at: Option<Moment>,
    pub covered_at: Option<Moment>,
    pub households: i64,
    pub row_version: i64,
    pub created_at: Moment,
    pub changed_at: Moment,
}

impl Notice {
    /// An emergency that went out and is not known to every household yet.
    pub fn is_open_emergency(&self) -> bool {
        self.class == Class::Emergency && self.state.stands() && self.covered_at.is_none()
    }
}

impl FromRow for Notice {
    fn from_row(row: &mut Row) -> Result<Notice, DbError> {
        let strange = |what: &str| DbError::Shape(format!("a notice of unknown {what}"));
        Ok(Notice {
            id: row.next()?,
            class: Class::from_word(&row.next::<String>()?).ok_or_else(|| strange("class"))?,
            state: State::from_word(&row.next::<String>()?).ok_or_else(|| strange("state"))?,
            title: row.next()?,
            body: row.next()?,
            version: row.next()?,
            audience: serde_json::from_str(&row.next::<String>()?)
                .map_err(|_| strange("audience"))?,
            ways: Ways::from_words(&row.next::<String>()?),
            asks: row.next()?,
            remind_hours: row.next()?,
            author: row.next()?,
            author_name: row.next()?,
            reviewer: row.next()?,
            replaces: row.next()?,
            festival: row.next()?,
            words: row.next()?,
            publish_at: row.next()?,
            published_at: row.next()?,
            review_due: row.next()?,
            reviewed_at: row.next()?,
            covered_at: row.next()?,
            households: row.next()?,
            row_version: row.next()?,
            created_at: row.next()?,
            changed_at: row.next()?,
        })
    }
}
