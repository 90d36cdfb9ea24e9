//! An event of the ledger as a page shows it: its sentence, who, about what, by which door.

use std::collections::HashMap;

use super::told;
use accounts::pages::role_word;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ledger::Entry;
use foundation::page::Frame;
use permissions::Role;

/// Letters of an id that tell records of one page apart; the whole is in the link.
const ID_SHOWN: usize = 6;

/// The names of those who act for the office: owners stay numbers, as in the ledger.
pub struct Names(HashMap<String, String>);

/// Somebody to filter by.
pub struct Person {
    /// As in the ledger: `a:<id>`, `system`.
    pub value: String,
    pub text: String,
}

impl Names {
    pub async fn of(house: &House, community: Community) -> Result<Names, DbError> {
        let all = accounts::staff::names(house, community).await?;
        let named = all.into_iter().map(|(id, name)| (format!("a:{id}"), name));
        Ok(Names(named.collect()))
    }

    /// Whoever did something.
    pub fn who(&self, frame: &Frame, actor: &str) -> String {
        if let Some(name) = self.0.get(actor) {
            return name.clone();
        }
        match (told::nobody(actor), actor.strip_prefix("a:")) {
            (Some(key), _) => frame.t(key).into_owned(),
            (None, Some(id)) => frame.one("event-by-account", "id", short(id)).into_owned(),
            (None, None) => actor.to_owned(),
        }
    }

    /// All of the office by name, then those who are no account.
    pub fn people(&self, frame: &Frame) -> Vec<Person> {
        let mut office: Vec<Person> = self
            .0
            .iter()
            .map(|(value, text)| Person {
                value: value.clone(),
                text: text.clone(),
            })
            .collect();
        office.sort_by(|a, b| (&a.text, &a.value).cmp(&(&b.text, &b.value)));
        let others = ["system", "operator", "link", "nobody"].map(|actor| Person {
            value: actor.into(),
            text: self.who(frame, actor),
        });
        office.extend(others);
        office
    }
}

/// The end of an id: its beginning is the time, alike in records of one day.
fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(ID_SHOWN)..).unwrap_or(id)
}

/// A row of the list, and the head of the page of one event.
pub struct Shown {
    pub seq: i64,
    pub at: i64,
    pub what: String,
    pub kind: String,
    pub who: String,
    pub actor: String,
    /// The role in words, or empty.
    pub role: String,
    /// For whom, or empty.
    pub behalf: String,
    /// The record in words, or empty.
    pub about: String,
    pub subject: String,
    pub door: String,
}

impl Shown {
    pub fn of(frame: &Frame, names: &Names, e: &Entry) -> Shown {
        let say = |known: Option<&str>, raw: &str| match known {
            Some(key) => frame.t(key).into_owned(),
            None => raw.to_owned(),
        };
        let about = match e.subject.split_once(':') {
            Some((what, id)) => format!("{} {}", say(told::subject(what), what), short(id)),
            None => e.subject.clone(),
        };
        let role = Role::from_word(&e.role).map(role_word);
        // The door and the actor say it already.
        let role = role.filter(|_| told::nobody(&e.actor).is_none());
        Shown {
            seq: e.seq,
            at: e.at.0,
            what: told(frame, &told::sentence(&e.kind), &e.kind),
            kind: e.kind.clone(),
            who: names.who(frame, &e.actor),
            actor: e.actor.clone(),
            role: role.map_or_else(String::new, |r| frame.t(r).into_owned()),
            behalf: match e.behalf.as_str() {
                "" => String::new(),
                id => frame.one("ledger-behalf", "who", short(id)).into_owned(),
            },
            about,
            subject: e.subject.clone(),
            door: say(told::door(&e.door), &e.door),
        }
    }
}

/// The sentence of a key, or the bare word of a kind that a newer program wrote.
fn told(frame: &Frame, key: &str, word: &str) -> String {
    let said = frame.t(key);
    if said == key {
        word.to_owned()
    } else {
        said.into_owned()
    }
}

/// A room of the house and its kinds, each with its sentence: the choice of the filter.
pub struct KindGroup {
    pub room: String,
    pub kinds: Vec<(&'static str, String)>,
}

/// All kinds, by room.
pub fn kinds(frame: &Frame) -> Vec<KindGroup> {
    let mut groups: Vec<KindGroup> = Vec::new();
    let mut names: Vec<&'static str> = crate::event_kinds().iter().map(|k| k.name).collect();
    names.dedup();
    for name in names {
        let room = frame.t(&told::room(name)).into_owned();
        let said = told(frame, &told::sentence(name), name);
        match groups.last_mut().filter(|g| g.room == room) {
            Some(group) => group.kinds.push((name, said)),
            None => groups.push(KindGroup {
                room,
                kinds: vec![(name, said)],
            }),
        }
    }
    groups
}
