//! The SQL of what a message carries, of finding it again, and of acting stewards.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use super::MESSAGE;
use crate::CHANNELS_MAX;
use crate::acting::Acting;

/// Appointments of one compound; a compound has a handful.
const ACTING_MAX: i64 = 200;
/// Grams written by one statement.
pub const GRAMS_AT_ONCE: usize = 256;

pub fn set_parts(c: Community, id: Id, parts: &str, tick: i64) -> Ask {
    ask(
        "UPDATE group_message SET parts = $3, tick = $4 WHERE community = $1 AND id = $2",
        params![c, id, parts, tick],
    )
}

/// An empty account is everybody.
pub fn insert_mention(c: Community, account: &str, channel: Id, seq: i64) -> Ask {
    ask(
        "INSERT INTO group_mention (community, account, channel, seq) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
        params![c, account, channel, seq],
    )
}

/// Where somebody is named after a place of a channel, the first first: shown messages of
/// others.
pub fn mentioned_after(c: Community, account: Id, channel: Id, seq: i64, limit: i64) -> Ask {
    ask(
        "SELECT DISTINCT g.seq FROM group_mention g JOIN group_message m \
         ON m.community = g.community AND m.channel = g.channel AND m.seq = g.seq \
         WHERE g.community = $1 AND g.account IN ($2, '') AND g.channel = $3 AND g.seq > $4 \
         AND m.state = 'shown' AND m.author <> $2 ORDER BY g.seq LIMIT $5",
        params![c, account, channel, seq, limit],
    )
}

pub fn insert_vote(c: Community, message: Id, voter: Id, choice: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO group_vote (community, message, voter, choice, at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        params![c, message, voter, choice, now],
    )
}

pub fn forget_votes(c: Community, message: Id, voter: Id) -> Ask {
    ask(
        "DELETE FROM group_vote WHERE community = $1 AND message = $2 AND voter = $3",
        params![c, message, voter],
    )
}

/// How often each answer was given; a poll has at most ten.
pub fn count_votes(c: Community, message: Id) -> Ask {
    ask(
        "SELECT choice, COUNT(*) FROM group_vote WHERE community = $1 AND message = $2 \
         GROUP BY choice ORDER BY choice LIMIT 10",
        params![c, message],
    )
}

pub fn count_voters(c: Community, message: Id) -> Ask {
    ask(
        "SELECT COUNT(DISTINCT voter) FROM group_vote WHERE community = $1 AND message = $2",
        params![c, message],
    )
}

/// What these voters answered to these messages.
pub fn own_votes(c: Community, messages: &[Id], voters: &[Id]) -> Ask {
    let mut params: Vec<Value> = params![c];
    let messages = list(&mut params, messages);
    let voters = list(&mut params, voters);
    ask(
        format!(
            "SELECT DISTINCT message, choice FROM group_vote WHERE community = $1 \
             AND message IN ({messages}) AND voter IN ({voters}) ORDER BY message, choice LIMIT 1000"
        ),
        params,
    )
}

pub fn insert_forward(c: Community, source: Id, message: Id) -> Ask {
    ask(
        "INSERT INTO group_forward (community, source, message) VALUES ($1, $2, $3)",
        params![c, source, message],
    )
}

pub fn forwards(c: Community, source: Id, limit: i64) -> Ask {
    ask(
        "SELECT message FROM group_forward WHERE community = $1 AND source = $2 \
         ORDER BY message LIMIT $3",
        params![c, source, limit],
    )
}

pub fn delete_forward(c: Community, source: Id, message: Id) -> Ask {
    ask(
        "DELETE FROM group_forward WHERE community = $1 AND source = $2 AND message = $3",
        params![c, source, message],
    )
}

/// What changed after a tick in any channel, held or not: for the index.
pub fn changed_after(c: Community, tick: i64, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND tick > $2 \
             ORDER BY tick LIMIT $3"
        ),
        params![c, tick, limit],
    )
}

/// What changed after a tick in these channels, held ones left out.
pub fn changed_in(c: Community, channels: &[Id], tick: i64, limit: i64) -> Ask {
    let mut params = params![c, tick, limit];
    let channels = list(&mut params, channels);
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND channel IN ({channels}) \
             AND tick > $2 AND state <> 'held' ORDER BY tick LIMIT $3"
        ),
        params,
    )
}

/// How much changed after a tick in one channel, counted up to `limit`.
pub fn count_changed(c: Community, channel: Id, tick: i64, limit: i64) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM group_message WHERE community = $1 AND channel = $2 \
         AND tick > $3 AND state <> 'held' LIMIT $4) AS counted",
        params![c, channel, tick, limit],
    )
}

/// The tick of the last change of a channel that everybody in it may know of.
pub fn tick_of(c: Community, channel: Id) -> Ask {
    ask(
        "SELECT tick FROM group_message WHERE community = $1 AND channel = $2 \
         AND state <> 'held' ORDER BY tick DESC LIMIT 1",
        params![c, channel],
    )
}

/// The messages of a channel from a place up to before another, the newest first.
pub fn between(c: Community, channel: Id, from: i64, to: i64, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {MESSAGE} FROM group_message WHERE community = $1 AND channel = $2 \
             AND seq >= $3 AND seq < $4 ORDER BY seq DESC LIMIT $5"
        ),
        params![c, channel, from, to, limit],
    )
}

pub fn indexed(c: Community) -> Ask {
    ask(
        "SELECT tick FROM group_indexed WHERE community = $1",
        params![c],
    )
}

pub fn move_indexed(c: Community, tick: i64) -> Ask {
    ask(
        "INSERT INTO group_indexed (community, tick) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET tick = excluded.tick \
         WHERE group_indexed.tick < excluded.tick",
        params![c, tick],
    )
}

/// Channel, gram and stretch; sizes are rounded up by repeating the last, so that few
/// statements are kept prepared.
pub fn insert_grams(c: Community, grams: &[(Id, i64, i64)]) -> Ask {
    let mut params: Vec<Value> = params![c];
    let mut rows = String::new();
    let size = grams.len().next_power_of_two();
    for i in 0..size {
        let (channel, gram, stretch) = grams[i.min(grams.len() - 1)];
        params.extend(params![channel, gram, stretch]);
        let n = params.len();
        let comma = if i > 0 { "," } else { "" };
        rows.push_str(&format!("{comma}($1, ${}, ${}, ${n})", n - 2, n - 1));
    }
    ask(
        format!(
            "INSERT INTO group_gram (community, channel, gram, stretch) VALUES {rows} \
             ON CONFLICT DO NOTHING"
        ),
        params,
    )
}

/// The stretches up to `top` that hold, for each word, all grams of one of its ways; the
/// newest first. `None` where no word narrows anything.
pub fn stretches(
    c: Community,
    channel: Id,
    words: &[Vec<Vec<i64>>],
    top: i64,
    limit: i64,
) -> Option<Ask> {
    // A word of which one way narrows nothing narrows nothing.
    let narrow = |word: &&Vec<Vec<i64>>| word.iter().all(|way| !way.is_empty());
    let words: Vec<&Vec<Vec<i64>>> = words.iter().filter(narrow).collect();
    let first: Vec<i64> = words.first()?.iter().map(|way| way[0]).collect();
    let mut params = params![c, channel, top, limit];
    let first = list(&mut params, &first);
    let mut sql = format!(
        "SELECT s.stretch FROM (SELECT DISTINCT stretch FROM group_gram WHERE community = $1 \
         AND channel = $2 AND gram IN ({first}) AND stretch <= $3) AS s WHERE 1 = 1"
    );
    for word in words {
        let ways: Vec<String> = word
            .iter()
            .map(|way| {
                let all: Vec<String> = way
                    .iter()
                    .map(|gram| {
                        params.push((*gram).into());
                        let n = params.len();
                        format!(
                            "EXISTS (SELECT 1 FROM group_gram g WHERE g.community = $1 \
                             AND g.channel = $2 AND g.gram = ${n} AND g.stretch = s.stretch)"
                        )
                    })
                    .collect();
                format!("({})", all.join(" AND "))
            })
            .collect();
        sql.push_str(&format!(" AND ({})", ways.join(" OR ")));
    }
    sql.push_str(" ORDER BY s.stretch DESC LIMIT $4");
    Some(ask(sql, params))
}

const ACTING: &str = "id, account, member, from_at, until_at";

pub fn acting(c: Community, now: Moment) -> Ask {
    ask(
        format!(
            "/* whole: those in force are a handful */ \
             SELECT {ACTING} FROM group_acting WHERE community = $1 AND ended_at IS NULL \
             AND until_at > $2 ORDER BY from_at, id LIMIT {ACTING_MAX}"
        ),
        params![c, now],
    )
}

pub fn acting_of(c: Community, account: Id, now: Moment) -> Ask {
    ask(
        format!(
            "SELECT {ACTING} FROM group_acting WHERE community = $1 AND account = $2 \
             AND ended_at IS NULL AND until_at > $3"
        ),
        params![c, account, now],
    )
}

/// The appointment that nobody has ended yet, whether or not its time is over.
pub fn open_acting(c: Community, account: Id) -> Ask {
    ask(
        format!(
            "SELECT {ACTING} FROM group_acting WHERE community = $1 AND account = $2 \
             AND ended_at IS NULL"
        ),
        params![c, account],
    )
}

pub fn acting_by_id(c: Community, id: Id) -> Ask {
    ask(
        format!(
            "SELECT {ACTING} FROM group_acting WHERE community = $1 AND id = $2 \
             AND ended_at IS NULL"
        ),
        params![c, id],
    )
}

pub fn insert_acting(c: Community, one: &Acting) -> Ask {
    ask(
        "INSERT INTO group_acting (community, id, account, member, from_at, until_at, ended_at, \
         ended_why) VALUES ($1, $2, $3, $4, $5, $6, NULL, '') ON CONFLICT DO NOTHING",
        params![c, one.id, one.account, one.member, one.from, one.until],
    )
}

pub fn end_acting(c: Community, id: Id, now: Moment, why: &str) -> Ask {
    ask(
        "UPDATE group_acting SET ended_at = $3, ended_why = $4 \
         WHERE community = $1 AND id = $2 AND ended_at IS NULL",
        params![c, id, now, why],
    )
}

/// What the ledger says after `seq`, for whoever looks whether somebody's place changed.
pub fn told_after(c: Community, seq: i64, limit: i64) -> Ask {
    ask(
        "SELECT seq, kind, subject, audience FROM ledger WHERE community = $1 AND seq > $2 \
         ORDER BY seq LIMIT $3",
        params![c, seq, limit],
    )
}

/// How far a log goes.
pub fn told_to(c: Community) -> Ask {
    ask(
        "SELECT seq FROM ledger WHERE community = $1 ORDER BY seq DESC LIMIT 1",
        params![c],
    )
}

/// Whether a building has a channel.
pub fn building_channel(c: Community, building: &str) -> Ask {
    ask(
        "SELECT COUNT(*) FROM group_channel WHERE community = $1 AND kind = 'building' \
         AND building = $2 AND closed_at IS NULL",
        params![c, building],
    )
}

/// How far the devices were told of each channel.
pub fn nudged(c: Community) -> Ask {
    ask(
        "SELECT channel, seq FROM group_nudge WHERE community = $1 LIMIT $2",
        params![c, CHANNELS_MAX],
    )
}

/// Moves on from where it was read; none where another was faster.
pub fn set_nudged(c: Community, channel: Id, from: i64, to: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO group_nudge (community, channel, seq, at) VALUES ($1, $2, $4, $5) \
         ON CONFLICT (community, channel) DO UPDATE SET seq = excluded.seq, at = excluded.at \
         WHERE group_nudge.seq = $3",
        params![c, channel, from, to, now],
    )
}

/// How far some accounts have read a channel.
pub fn marks_of(c: Community, channel: Id, accounts: &[Id]) -> Ask {
    let mut params = params![c, channel];
    let members = list(&mut params, accounts);
    ask(
        format!(
            "SELECT account, seq FROM group_read WHERE community = $1 AND channel = $2 \
             AND account IN ({members})"
        ),
        params,
    )
}
