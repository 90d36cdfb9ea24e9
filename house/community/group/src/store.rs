//! The group's SQL.

mod more;
pub mod sharing;

pub use more::*;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::channels::{Channel, Settings};
use crate::message::{Message, MessageState};
use crate::{Byline, CHANNELS_MAX};

const CHANNEL: &str = "id, kind, name, building, announce_only, slow_seconds, quiet_from, \
                       quiet_until, hushed_until, last_seq, last_at, closed_at, version";
const MESSAGE: &str = "id, channel, seq, tick, author, byline, badge, text, reply_to, state, at, \
                       pinned_at, parts";

pub fn channels(c: Community) -> Ask {
    ask(
        format!(
            "/* whole: a compound has at most {CHANNELS_MAX} */ \
             SELECT {CHANNEL} FROM group_channel WHERE community = $1 AND closed_at IS NULL \
             ORDER BY kind, building, name LIMIT $2"
        ),
        params![c, CHANNELS_MAX],
    )
}

pub fn channel(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {CHANNEL} FROM group_channel WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn count_channels(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM group_channel WHERE community = $1",
        params![c],
    )
}

pub fn insert_channel(c: Community, one: &Channel, now: Moment) -> Ask {
    let s = &one.settings;
    ask(
        "INSERT INTO group_channel (community, id, kind, name, building, announce_only, \
         slow_seconds, quiet_from, quiet_until, hushed_until, last_seq, last_at, opened_at, \
         closed_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, 0, NULL, $10, \
         NULL, 1) ON CONFLICT DO NOTHING",
        params![
            c,
            one.id,
            one.kind.word(),
            one.name.as_str(),
            one.building.as_str(),
            i64::from(s.announce_only),
            s.slow_seconds,
            s.quiet_from,
            s.quiet_until,
            now
        ],
    )
}

pub fn set_channel(c: Community, id: Id, version: i64, s: &Settings) -> Ask {
    ask(
        "UPDATE group_channel SET announce_only = $4, slow_seconds = $5, quiet_from = $6, \
         quiet_until = $7, hushed_until = $8, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND closed_at IS NULL",
        params![
            c,
            id,
            version,
            i64::from(s.announce_only),
            s.slow_seconds,
            s.quiet_from,
            s.quiet_until,
            s.hushed_until
        ],
    )
}

pub fn close_channel(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE group_channel SET closed_at = $3, version = version + 1 \
         WHERE community = $1 AND id = $2 AND closed_at IS NULL AND kind = 'open'",
        params![c, id, now],
    )
}

/// The channel's next place; its row is locked by the head of the log.
pub fn next_place(c: Community, channel: Id, now: Moment) -> Ask {
    ask(
        "UPDATE group_channel SET last_seq = last_seq + 1, last_at = $3 \
         WHERE community = $1 AND id = $2 RETURNING last_seq",
        params![c, channel, now],
    )
}

/// The compound's next tick.
pub fn next_tick(c: Community) -> Ask {
    ask(
        "INSERT INTO group_clock (community, tick) VALUES ($1, 1) \
         ON CONFLICT (community) DO UPDATE SET tick = group_clock.tick + 1 RETURNING tick",
        params![c],
    )
}

pub fn tick(c: Community) -> Ask {
    ask(
        "SELECT tick FROM group_clock WHERE community = $1",
        params![c],
    )
}

pub fn insert_message(c: Community, m: &Message, sent_id: &str) -> Ask {
    ask(
        "INSERT INTO group_message (community, channel, seq, id, tick, sent_id, author, byline, \
         badge, text, reply_to, state, at, pinned_at, parts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, $14)",
        params![
            c,
            m.channel,
            m.seq,
            m.id,
            m.tick,
            sent_id,
            m.author,
            m.byline.as_str(),
            m.badge.as_str(),
            m.text.as_str(),
            m.reply_to,
            m.state.word(),
            m.at,
            m.parts.text()
        ],
    )
}

pub fn sent(c: Community, by: &Byline, sent_id: &str) -> Ask {
    sent_by(c, by.account, sent_id)
}

pub fn sent_by(c: Community, author: Id, sent_id: &str) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message \
             WHERE community = $1 AND author = $2 AND sent_id = $3"
        ),
        params![c, author, sent_id],
    )
}

pub fn message(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {MESSAGE} FROM group_message WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// What an account said since, newest first: for slow mode and floods.
pub fn said_since(c: Community, author: Id, since: Moment, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message \
             WHERE community = $1 AND author = $2 AND at > $3 ORDER BY at DESC LIMIT $4"
        ),
        params![c, author, since, limit],
    )
}

/// The messages before a place, newest first. Held ones are their author's alone.
pub fn before(c: Community, channel: Id, seq: i64, reader: Option<Id>, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND channel = $2 \
             AND seq < $3 AND (state <> 'held' OR author = $4) ORDER BY seq DESC LIMIT $5"
        ),
        params![c, channel, seq, reader, limit],
    )
}

pub fn at_places(c: Community, channel: Id, seqs: &[i64]) -> Ask {
    let mut params = params![c, channel];
    let places = list(&mut params, seqs);
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND channel = $2 \
             AND seq IN ({places})"
        ),
        params,
    )
}

/// What changed after a tick, in order, held ones left out: nobody learns even that they are.
pub fn after_tick(c: Community, tick: i64, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND tick > $2 \
             AND state <> 'held' ORDER BY tick LIMIT $3"
        ),
        params![c, tick, limit],
    )
}

pub fn set_state(c: Community, id: Id, from: MessageState, to: MessageState, tick: i64) -> Ask {
    ask(
        "UPDATE group_message SET state = $4, tick = $5 \
         WHERE community = $1 AND id = $2 AND state = $3",
        params![c, id, from.word(), to.word(), tick],
    )
}

pub fn set_pin(c: Community, id: Id, at: Option<Moment>, tick: i64) -> Ask {
    ask(
        "UPDATE group_message SET pinned_at = $3, tick = $4 \
         WHERE community = $1 AND id = $2 AND state = 'shown'",
        params![c, id, at, tick],
    )
}

pub fn pinned(c: Community, channel: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND channel = $2 \
             AND pinned_at IS NOT NULL AND state = 'shown' ORDER BY pinned_at DESC LIMIT $3"
        ),
        params![c, channel, limit],
    )
}

pub fn read_marks(c: Community, account: Id) -> Ask {
    ask(
        "SELECT channel, seq FROM group_read WHERE community = $1 AND account = $2 LIMIT $3",
        params![c, account, CHANNELS_MAX],
    )
}

/// A mark moves forward only: another tab may have read further.
pub fn mark_read(c: Community, account: Id, channel: Id, seq: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO group_read (community, account, channel, seq, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (community, account, channel) DO UPDATE SET seq = excluded.seq, \
         at = excluded.at WHERE group_read.seq < excluded.seq",
        params![c, account, channel, seq, now],
    )
}

/// The building of each of these rooms.
pub fn buildings_of(c: Community, rooms: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, rooms);
    ask(
        format!("SELECT building FROM room_seen WHERE community = $1 AND id IN ({members})"),
        params,
    )
}

pub fn cursor(c: Community) -> Ask {
    ask(
        "SELECT seq FROM group_cursor WHERE community = $1",
        params![c],
    )
}

pub fn move_cursor(c: Community, seq: i64) -> Ask {
    ask(
        "INSERT INTO group_cursor (community, seq) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET seq = excluded.seq \
         WHERE group_cursor.seq < excluded.seq",
        params![c, seq],
    )
}

/// What the ledger says after `seq`: about cases, which decide what is seen, and members.
pub fn decisions_after(c: Community, seq: i64, limit: i64) -> Ask {
    ask(
        "SELECT seq, subject, CASE WHEN kind = 'membership.joined' THEN body ELSE '' END \
         FROM ledger WHERE community = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        params![c, seq, limit],
    )
}
