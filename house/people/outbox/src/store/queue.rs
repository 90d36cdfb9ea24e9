//! The queue: what is due, in whose hands it is, and how it settles.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::Way;
use crate::breaker::Breaker;

/// Items of a way that are due and in nobody's hands, urgent ones or the others; their
/// due time is moved when they are leased, so that the way's index passes them over.
pub fn due(way: Way, urgent: bool, now: Moment, limit: i64, lock: &str) -> Ask {
    ask(
        format!(
            "SELECT community, letter, recipient, room, urgent, attempts FROM outbox_item \
             WHERE way = $1 AND fate = 'queued' AND urgent = $2 AND due_at <= $3 \
             AND expires_at > $3 ORDER BY due_at LIMIT $4{lock}"
        ),
        params![way.word(), urgent, now, limit],
    )
}

/// Items whose letter is worth nothing any more.
pub fn expired(way: Way, now: Moment, limit: i64, lock: &str) -> Ask {
    ask(
        format!(
            "SELECT community, letter, recipient, room, urgent, attempts FROM outbox_item \
             WHERE way = $1 AND fate = 'queued' AND expires_at <= $2 AND lease_until <= $2 \
             ORDER BY expires_at LIMIT $3{lock}"
        ),
        params![way.word(), now, limit],
    )
}

/// Takes an item into one's hands.
pub fn lease(c: Community, letter: Id, way: Way, recipient: &str, until: Moment) -> Ask {
    ask(
        "UPDATE outbox_item SET lease_until = $5, due_at = $5 \
         WHERE community = $1 AND letter = $2 AND way = $3 AND recipient = $4",
        params![c, letter, way.word(), recipient, until],
    )
}

pub fn letter(c: Community, id: Id) -> Ask {
    ask(
        "SELECT source, title, text, path, urgent, expires_at FROM outbox_letter \
         WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

/// Reserves the next numbers of what settled; the last of them.
pub fn advance(c: Community, by: i64) -> Ask {
    ask(
        "INSERT INTO outbox_clock (community, settled) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET settled = outbox_clock.settled + $2 \
         RETURNING settled",
        params![c, by],
    )
}

/// How an item is found again, and that it still is in the same hands.
pub struct Held<'h> {
    pub community: Community,
    pub letter: Id,
    pub way: Way,
    pub recipient: &'h str,
    pub lease: Moment,
}

/// Settles an item for good.
pub fn settle(h: &Held<'_>, fate: &str, why: &str, now: Moment, place: i64) -> Ask {
    ask(
        "UPDATE outbox_item SET fate = $6, why = $7, at = $8, settled = $9, \
         attempts = attempts + 1, lease_until = 0 \
         WHERE community = $1 AND letter = $2 AND way = $3 AND recipient = $4 \
         AND fate = 'queued' AND lease_until = $5",
        params![
            h.community,
            h.letter,
            h.way.word(),
            h.recipient,
            h.lease,
            fate,
            why,
            now,
            place
        ],
    )
}

/// Puts an item back until later.
pub fn put_back(h: &Held<'_>, due: Moment, counted: bool, why: &str, now: Moment) -> Ask {
    ask(
        "UPDATE outbox_item SET due_at = $6, lease_until = 0, attempts = attempts + $7, \
         why = $8, at = $9 \
         WHERE community = $1 AND letter = $2 AND way = $3 AND recipient = $4 \
         AND fate = 'queued' AND lease_until = $5",
        params![
            h.community,
            h.letter,
            h.way.word(),
            h.recipient,
            h.lease,
            due,
            i64::from(counted),
            why,
            now
        ],
    )
}

pub fn breaker(way: Way) -> Ask {
    ask(
        "SELECT failing_since, bad, paused_until, why, sent_at FROM outbox_breaker WHERE way = $1",
        params![way.word()],
    )
}

pub fn set_breaker(way: Way, b: &Breaker) -> Ask {
    ask(
        "INSERT INTO outbox_breaker (way, failing_since, bad, paused_until, why, sent_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (way) DO UPDATE SET \
         failing_since = excluded.failing_since, bad = excluded.bad, \
         paused_until = excluded.paused_until, why = excluded.why, sent_at = excluded.sent_at",
        params![
            way.word(),
            b.failing_since,
            b.bad,
            b.paused_until,
            b.why.as_str(),
            b.sent_at
        ],
    )
}

/// How many wait on a way, at most `most`, and since when the oldest.
pub fn depth(way: Way, most: i64) -> Ask {
    ask(
        "SELECT COUNT(*), MIN(since) FROM (SELECT l.created_at AS since FROM outbox_item i \
         JOIN outbox_letter l ON l.community = i.community AND l.id = i.letter \
         WHERE i.way = $1 AND i.fate = 'queued' LIMIT $2) waiting",
        params![way.word(), most],
    )
}

/// Failures since a time by their reason, counted over the newest `most`.
pub fn failures(way: Way, since: Moment, most: i64) -> Ask {
    ask(
        "SELECT why, COUNT(*) FROM (SELECT why FROM outbox_item WHERE way = $1 \
         AND fate = 'failed' AND at >= $2 ORDER BY at DESC LIMIT $3) failed \
         GROUP BY why ORDER BY COUNT(*) DESC, why",
        params![way.word(), since, most],
    )
}
