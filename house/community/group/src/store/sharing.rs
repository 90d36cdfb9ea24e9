//! The SQL of posts, thanks and neighbours' skills.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use super::MESSAGE;
use crate::message::MessageState;
use crate::parts::Topic;
use crate::skills::Skill;

pub fn insert_post(c: Community, message: Id, place: i64, topic: Topic) -> Ask {
    ask(
        "INSERT INTO group_post (community, message, place, topic, done, bumped) \
         VALUES ($1, $2, $3, $4, 0, $3)",
        params![c, message, place, topic.word()],
    )
}

/// The message of the post that begins at a place.
pub fn post_at(c: Community, place: i64) -> Ask {
    ask(
        "SELECT message FROM group_post WHERE community = $1 AND place = $2",
        params![c, place],
    )
}

/// Something new was said under a post: it stands above the others.
pub fn bump(c: Community, place: i64, bumped: i64) -> Ask {
    ask(
        "UPDATE group_post SET bumped = $3 WHERE community = $1 AND place = $2 AND bumped < $3",
        params![c, place, bumped],
    )
}

pub fn settle(c: Community, place: i64, done: bool) -> Ask {
    ask(
        "UPDATE group_post SET done = $3 WHERE community = $1 AND place = $2",
        params![c, place, i64::from(done)],
    )
}

/// Posts above a place of the list, those with the newest answers first: the message, and
/// where its list goes on. A post that waits for a person is its author's alone.
pub fn posts(
    c: Community,
    topic: Option<Topic>,
    open_only: bool,
    bumped: i64,
    reader: Option<Id>,
    limit: i64,
) -> Ask {
    let mut params: Vec<Value> = params![c, bumped, reader, limit];
    let mut also = String::new();
    if let Some(topic) = topic {
        params.push(topic.word().into());
        also.push_str(" AND topic = $5");
    }
    if open_only {
        also.push_str(" AND done = 0");
    }
    ask(
        format!(
            "SELECT bumped, m.id FROM group_post p JOIN group_message m \
             ON m.community = p.community AND m.id = p.message \
             WHERE p.community = $1 AND bumped < $2{also} \
             AND (state = 'shown' OR (state = 'held' AND author = $3)) \
             ORDER BY bumped DESC LIMIT $4"
        ),
        params,
    )
}

pub fn messages(c: Community, ids: &[Id]) -> Ask {
    let mut params: Vec<Value> = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!("SELECT {MESSAGE} FROM group_message WHERE community = $1 AND id IN ({ids})"),
        params,
    )
}

/// How many shown messages answer each of these places.
pub fn count_replies(c: Community, channel: Id, places: &[i64]) -> Ask {
    let mut params: Vec<Value> = params![c, channel];
    let places = list(&mut params, places);
    ask(
        format!(
            "SELECT reply_to, COUNT(*) FROM group_message WHERE community = $1 AND channel = $2 \
             AND reply_to IN ({places}) AND state = 'shown' \
             GROUP BY reply_to ORDER BY reply_to LIMIT 100"
        ),
        params,
    )
}

/// What answers a place, the oldest first. Held ones are their author's alone.
pub fn replies(
    c: Community,
    channel: Id,
    place: i64,
    after: i64,
    reader: Option<Id>,
    limit: i64,
) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND channel = $2 \
             AND reply_to = $3 AND seq > $4 AND (state <> 'held' OR author = $5) \
             ORDER BY seq LIMIT $6"
        ),
        params![c, channel, place, after, reader, limit],
    )
}

pub fn insert_thanks(c: Community, message: Id, account: Id, now: Moment) -> Ask {
    ask(
        "INSERT INTO group_thanks (community, message, account, at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
        params![c, message, account, now],
    )
}

pub fn delete_thanks(c: Community, message: Id, account: Id) -> Ask {
    ask(
        "DELETE FROM group_thanks WHERE community = $1 AND message = $2 AND account = $3",
        params![c, message, account],
    )
}

pub fn count_thanks(c: Community, message: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM group_thanks WHERE community = $1 AND message = $2",
        params![c, message],
    )
}

/// For which of these somebody thanked.
pub fn own_thanks(c: Community, account: Id, messages: &[Id]) -> Ask {
    let mut params: Vec<Value> = params![c, account];
    let messages = list(&mut params, messages);
    ask(
        format!(
            "SELECT message FROM group_thanks WHERE community = $1 AND account = $2 \
             AND message IN ({messages}) ORDER BY message LIMIT 100"
        ),
        params,
    )
}

const SKILL: &str = "id, account, byline, skill, note, state, consented_at";

pub fn insert_skill(c: Community, s: &Skill) -> Ask {
    ask(
        format!(
            "INSERT INTO group_skill (community, {SKILL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            c,
            s.id,
            s.account,
            s.byline.as_str(),
            s.skill.as_str(),
            s.note.as_str(),
            s.state.word(),
            s.consented_at
        ],
    )
}

/// All that the reader may see, by skill; a compound keeps at most `limit` of them.
pub fn skills(c: Community, reader: Option<Id>, limit: i64) -> Ask {
    ask(
        format!(
            "/* whole: a compound keeps a bounded number */ \
             SELECT {SKILL} FROM group_skill WHERE community = $1 \
             AND (state = 'shown' OR account = $2) ORDER BY skill, id LIMIT $3"
        ),
        params![c, reader, limit],
    )
}

pub fn count_skills(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM group_skill WHERE community = $1",
        params![c],
    )
}

pub fn count_skills_of(c: Community, account: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM group_skill WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

pub fn set_skill(c: Community, id: Id, state: MessageState) -> Ask {
    ask(
        "UPDATE group_skill SET state = $3 WHERE community = $1 AND id = $2 AND state <> $3",
        params![c, id, state.word()],
    )
}

pub fn delete_skill(c: Community, id: Id, account: Id) -> Ask {
    ask(
        "DELETE FROM group_skill WHERE community = $1 AND id = $2 AND account = $3",
        params![c, id, account],
    )
}

pub fn delete_skills_of(c: Community, account: Id) -> Ask {
    ask(
        "DELETE FROM group_skill WHERE community = $1 AND account = $2",
        params![c, account],
    )
}
