//! Where accounts are signed in, and the browsers they did it from.

use crate::Side;
use foundation::clock::Moment;
use foundation::database::{Ask, ask};
use foundation::ids::Id;
use foundation::params;

/// A session that has not ended, of an account that is not shut.
pub fn session(digest: Vec<u8>) -> Ask {
    ask(
        "SELECT s.id, s.account, a.name, s.side, s.created_at, s.seen_at, s.second_at, \
         s.fresh_at, s.behalf_community, s.behalf_person, s.behalf_until FROM session s \
         JOIN account a ON a.id = s.account \
         WHERE s.digest = $1 AND s.ended_at IS NULL AND a.state = 'active'",
        params![digest],
    )
}

/// As [`session`], by the session's own id.
pub fn session_by_id(id: Id) -> Ask {
    ask(
        "SELECT s.id, s.account, a.name, s.side, s.created_at, s.seen_at, s.second_at, \
         s.fresh_at, s.behalf_community, s.behalf_person, s.behalf_until FROM session s \
         JOIN account a ON a.id = s.account \
         WHERE s.id = $1 AND s.ended_at IS NULL AND a.state = 'active'",
        params![id],
    )
}

/// The sessions of an account that have not ended, the latest seen first.
pub fn sessions(account: Id, most: i64) -> Ask {
    ask(
        "SELECT id, side, agent, created_at, seen_at FROM session \
         WHERE account = $1 AND ended_at IS NULL ORDER BY seen_at DESC, id LIMIT $2",
        params![account, most],
    )
}

pub fn seen(digest: Vec<u8>, now: Moment) -> Ask {
    ask(
        "UPDATE session SET seen_at = $2 WHERE digest = $1 AND seen_at < $2",
        params![digest, now],
    )
}

/// The columns of a session that begins.
pub struct NewSession<'a> {
    pub digest: Vec<u8>,
    pub id: Id,
    pub account: Id,
    pub side: Side,
    pub agent: &'a str,
    /// When a second factor was shown, where one was.
    pub second_at: Option<Moment>,
    /// When it was last shown for a grave act.
    pub fresh_at: Option<Moment>,
}

pub fn insert_session(new: NewSession<'_>, now: Moment) -> Ask {
    ask(
        "INSERT INTO session (digest, id, account, side, agent, created_at, seen_at, second_at, \
         fresh_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
        params![
            new.digest,
            new.id,
            new.account,
            new.side.word(),
            new.agent,
            now,
            new.second_at,
            new.fresh_at
        ],
    )
}

/// Ends the oldest sessions of a side beyond the most that one may have.
pub fn end_sessions_beyond(account: Id, side: Side, most: i64, now: Moment) -> Ask {
    ask(
        "UPDATE session SET ended_at = $3 WHERE account = $1 AND side = $2 AND ended_at IS NULL \
         AND digest NOT IN (SELECT digest FROM session WHERE account = $1 AND side = $2 \
         AND ended_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $4)",
        params![account, side.word(), now, most],
    )
}

pub fn delete_sessions_ended_before(account: Id, before: Moment) -> Ask {
    ask(
        "DELETE FROM session WHERE account = $1 AND ended_at < $2",
        params![account, before],
    )
}

/// A live session gets a new secret, and a second factor was shown.
pub fn freshen_session(id: Id, digest: Vec<u8>, now: Moment) -> Ask {
    ask(
        "UPDATE session SET digest = $2, second_at = $3, fresh_at = $3, seen_at = $3 \
         WHERE id = $1 AND ended_at IS NULL",
        params![id, digest, now],
    )
}

/// Ends one session; 0 rows when it is not the account's or has ended.
pub fn end_session(account: Id, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE session SET ended_at = $3 WHERE account = $1 AND id = $2 AND ended_at IS NULL",
        params![account, id, now],
    )
}

/// Ends all sessions of an account, save one.
pub fn end_sessions(account: Id, but: Option<Id>, now: Moment) -> Ask {
    let but = but.map(|id| id.to_string()).unwrap_or_default();
    ask(
        "UPDATE session SET ended_at = $2 WHERE account = $1 AND ended_at IS NULL AND id <> $3",
        params![account, now, but],
    )
}

/// Whether an account signed in from this browser before: a row or none.
pub fn device(account: Id, digest: Vec<u8>) -> Ask {
    ask(
        "SELECT seen_at FROM device WHERE account = $1 AND digest = $2",
        params![account, digest],
    )
}

pub fn upsert_device(account: Id, digest: Vec<u8>, now: Moment) -> Ask {
    ask(
        "INSERT INTO device (account, digest, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account, digest) DO UPDATE SET seen_at = excluded.seen_at",
        params![account, digest, now],
    )
}

/// Forgets the browsers beyond the most that are remembered, the longest unseen first.
pub fn delete_devices_beyond(account: Id, most: i64) -> Ask {
    ask(
        "DELETE FROM device WHERE account = $1 AND digest NOT IN (SELECT digest FROM device \
         WHERE account = $1 ORDER BY seen_at DESC, digest LIMIT $2)",
        params![account, most],
    )
}

/// Forgets every browser of an account.
pub fn delete_devices(account: Id) -> Ask {
    ask("DELETE FROM device WHERE account = $1", params![account])
}
