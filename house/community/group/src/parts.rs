//! What a message carries besides its text. It is kept as one JSON text beside the message,
//! so that a page and the live stream read a message by one question.

use foundation::ids::Id;
use serde::{Deserialize, Serialize};

/// Everything besides the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// The words by which everybody was called, or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub all: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// It begins a thread of the sharing channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<Post>,
    /// Neighbours who thanked for it.
    #[serde(skip_serializing_if = "is_none")]
    pub thanks: i64,
}

fn is_none(count: &i64) -> bool {
    *count == 0
}

/// What a post of the sharing channel is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// 經驗: what worked, for whoever needs it next.
    Experience,
    /// 借用: lent or borrowed.
    Lend,
    /// 尋找: a craftsman, a playmate, a place.
    Find,
    /// 失物招領: lost, or found.
    Lost,
    /// 求助: advice or a hand; what a newer program calls otherwise is this.
    #[default]
    #[serde(other)]
    Ask,
}

impl Topic {
    pub const ALL: [Topic; 5] = [
        Topic::Ask,
        Topic::Experience,
        Topic::Lend,
        Topic::Find,
        Topic::Lost,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Topic::Experience => "experience",
            Topic::Ask => "ask",
            Topic::Lend => "lend",
            Topic::Find => "find",
            Topic::Lost => "lost",
        }
    }

    pub fn from_word(word: &str) -> Option<Topic> {
        Topic::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// A post, besides its text and pictures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Post {
    pub topic: Topic,
    pub title: String,
    /// The place of the answer that its author found best.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<i64>,
    /// Answered, lent, found: nobody needs to answer any more.
    pub done: bool,
}

/// A picture as it was written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    pub id: Id,
    pub w: u32,
    pub h: u32,
}

/// A file, with the name under which it is handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub id: Id,
    pub name: String,
    pub bytes: u64,
}

/// Somebody who is named, and the words of the text that name them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub account: Id,
    pub words: String,
}

/// A question with its answers as they stand; who answered what is nobody's to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    pub options: Vec<String>,
    /// Answers for each option.
    pub counts: Vec<i64>,
    /// Homes, or persons, that have answered.
    pub voters: i64,
    /// Several options may be chosen.
    pub several: bool,
    /// One answer for each home, whoever of it gives it; else one for each person.
    pub by_home: bool,
    /// Epoch milliseconds.
    pub until: i64,
    /// Its asker or the host ended it before its time.
    pub ended: bool,
}

impl Poll {
    pub fn is_open_at(&self, now_ms: i64) -> bool {
        !self.ended && now_ms < self.until
    }

    /// The share of an option in hundredths of those who answered.
    pub fn percent(&self, option: usize) -> i64 {
        let count = self.counts.get(option).copied().unwrap_or(0);
        if self.voters == 0 {
            0
        } else {
            (count * 100 + self.voters / 2) / self.voters
        }
    }
}

/// What was said elsewhere, as it is repeated here; empty words when it is gone there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    pub by: String,
    pub words: String,
    /// The message that is repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Id>,
    /// Pictures and files that the other message carries; they stay there.
    pub more: usize,
}

impl Parts {
    /// Where each picture of `message` is asked for, below the compound's own path.
    pub fn picture_paths(&self, message: Id) -> Vec<String> {
        let at = |p: &Picture| format!("group/messages/{message}/pictures/{}", p.id);
        self.pictures.iter().map(at).collect()
    }

    pub fn is_empty(&self) -> bool {
        *self == Parts::default()
    }

    /// As the row keeps it.
    pub fn text(&self) -> String {
        if self.is_empty() {
            String::new()
        } else {
            serde_json::to_string(self).expect("parts are plain data")
        }
    }

    /// What the row keeps; parts of a newer program that are not known here are left out.
    pub fn read(text: &str) -> Parts {
        if text.is_empty() {
            return Parts::default();
        }
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Whether this account is named, by name or with everybody.
    pub fn names(&self, account: Id) -> bool {
        !self.all.is_empty() || self.mentions.iter().any(|m| m.account == account)
    }

    /// Whether there is something to see without a word of text.
    pub fn stand_alone(&self) -> bool {
        !self.pictures.is_empty()
            || !self.files.is_empty()
            || self.card.is_some()
            || self.post.is_some()
    }

    /// What of it is words that the rules judge: file names and a poll's options.
    pub fn words(&self) -> String {
        let files = self.files.iter().map(|f| f.name.as_str());
        let options = self.poll.iter().flat_map(|p| &p.options);
        let card = self.card.iter().map(|c| c.words.as_str());
        let title = self.post.iter().map(|p| p.title.as_str());
        let all: Vec<&str> = title
            .chain(files)
            .chain(options.map(String::as_str))
            .chain(card)
            .collect();
        all.join("\n")
    }

    /// The stretches of a text that name somebody, as byte ranges in order: `true` where the
    /// reader is meant.
    pub fn named_in(&self, text: &str, reader: Option<Id>) -> Vec<(std::ops::Range<usize>, bool)> {
        let mut out: Vec<(std::ops::Range<usize>, bool)> = Vec::new();
        let own = |words: &str| {
            let of = |m: &Mention| m.words == words && Some(m.account) == reader;
            words == self.all || self.mentions.iter().any(of)
        };
        let mut words: Vec<&str> = self.mentions.iter().map(|m| m.words.as_str()).collect();
        words.push(&self.all);
        // The longest first: one name may begin another.
        words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        words.dedup();
        for w in words.into_iter().filter(|w| !w.is_empty()) {
            for (at, _) in text.match_indices(w) {
                let range = at..at + w.len();
                if out
                    .iter()
                    .all(|(r, _)| r.end <= range.start || range.end <= r.start)
                {
                    out.push((range, own(w)));
                }
            }
        }
        out.sort_by_key(|(r, _)| r.start);
        out
    }
}
