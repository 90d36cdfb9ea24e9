//! The room's SQL about notices themselves; [`households`] holds that about their reach.

mod audience;
pub mod households;
pub mod ledger;
pub mod texts;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::notice::{Class, Notice, State};

const NOTICE: &str = "id, class, state, title, body, version, audience, ways, asks, remind_hours, \
                      author, author_name, reviewer, replaces, festival, words, publish_at, \
                      published_at, review_due, reviewed_at, covered_at, households, row_version, \
                      created_at, changed_at";

pub fn notice(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {NOTICE} FROM notice WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn notices(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!("SELECT {NOTICE} FROM notice WHERE community = $1 AND id IN ({ids})"),
        params,
    )
}

/// `false` from the database when the festival's year has its greeting already.
pub fn insert(c: Community, n: &Notice) -> Ask {
    let audience = serde_json::to_string(&n.audience).unwrap_or_default();
    ask(
        format!(
            "INSERT INTO notice (community, {NOTICE}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
             $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) \
             ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            n.id,
            n.class.word(),
            n.state.word(),
            n.title.as_str(),
            n.body.as_str(),
            n.version,
            audience,
            n.ways.words(),
            n.asks,
            n.remind_hours,
            n.author,
            n.author_name.as_str(),
            n.reviewer,
            n.replaces,
            n.festival.as_str(),
            n.words.as_str(),
            n.publish_at,
            n.published_at,
            n.review_due,
            n.reviewed_at,
            n.covered_at,
            n.households,
            n.row_version,
            n.created_at,
            n.changed_at
        ],
    )
}

/// Writes the row back, if it is still the one that was read.
pub fn update(c: Community, n: &Notice, now: Moment) -> Ask {
    let audience = serde_json::to_string(&n.audience).unwrap_or_default();
    ask(
        "UPDATE notice SET class = $4, state = $5, title = $6, body = $7, version = $8, \
         audience = $9, ways = $10, asks = $11, remind_hours = $12, reviewer = $13, \
         replaces = $14, words = $15, publish_at = $16, published_at = $17, review_due = $18, \
         reviewed_at = $19, covered_at = $20, households = $21, changed_at = $22, \
         author = $23, author_name = $24, row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND row_version = $3",
        params![
            c,
            n.id,
            n.row_version,
            n.class.word(),
            n.state.word(),
            n.title.as_str(),
            n.body.as_str(),
            n.version,
            audience,
            n.ways.words(),
            n.asks,
            n.remind_hours,
            n.reviewer,
            n.replaces,
            n.words.as_str(),
            n.publish_at,
            n.published_at,
            n.review_due,
            n.reviewed_at,
            n.covered_at,
            n.households,
            now,
            n.author,
            n.author_name.as_str()
        ],
    )
}

/// A page of notices, the last changed first. `state` and `class` empty say any.
pub fn page(
    c: Community,
    states: &[State],
    class: Option<Class>,
    after: Option<(Moment, Id)>,
    limit: i64,
) -> Ask {
    let mut params = params![c];
    let words: Vec<&str> = states.iter().map(|s| s.word()).collect();
    let states = list(&mut params, &words);
    let mut sql =
        format!("SELECT {NOTICE} FROM notice WHERE community = $1 AND state IN ({states})");
    if let Some(class) = class {
        params.push(class.word().into());
        sql.push_str(&format!(" AND class = ${}", params.len()));
    }
    if let Some((at, id)) = after {
        params.push(at.into());
        params.push(id.into());
        let n = params.len();
        sql.push_str(&format!(" AND (changed_at, id) < (${}, ${n})", n - 1));
    }
    params.push(limit.into());
    sql.push_str(&format!(
        " ORDER BY changed_at DESC, id DESC LIMIT ${}",
        params.len()
    ));
    ask(sql, params)
}

/// How many are in each state.
pub fn counts(c: Community) -> Ask {
    ask(
        "SELECT state, COUNT(*) FROM notice WHERE community = $1 GROUP BY state",
        params![c],
    )
}

/// Emergencies that not every household knows of.
pub fn open_emergencies(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {NOTICE} FROM notice WHERE community = $1 AND class = 'emergency' \
             AND covered_at IS NULL AND published_at IS NOT NULL \
             AND state IN ('published', 'amended') ORDER BY published_at DESC LIMIT $2"
        ),
        params![c, limit],
    )
}

/// Whether the festival's year has its greeting.
pub fn of_festival(c: Community, festival: &str) -> Ask {
    ask(
        format!(
            "SELECT {NOTICE} FROM notice WHERE community = $1 AND festival = $2 \
             AND festival <> ''"
        ),
        params![c, festival],
    )
}

pub fn cursor(c: Community) -> Ask {
    ask(
        "SELECT seq FROM notice_cursor WHERE community = $1",
        params![c],
    )
}

pub fn move_cursor(c: Community, seq: i64) -> Ask {
    ask(
        "INSERT INTO notice_cursor (community, seq) VALUES ($1, $2) \
         ON CONFLICT (community) DO UPDATE SET seq = excluded.seq \
         WHERE notice_cursor.seq < excluded.seq",
        params![c, seq],
    )
}
