//! The SQL of transfers.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask};
use foundation::ids::Id;
use foundation::params;

use crate::transfer::{Stage, Transfer};

const TRANSFER: &str = "id, room, code, dossier, next, state, draft, did, former_pays, begun_by, \
                        begun_name, begun_at, changed_at, done_name, done_at, version";

pub fn one(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {TRANSFER} FROM transfer WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn draft_of(c: Community, room: Id) -> Ask {
    ask(
        "SELECT id FROM transfer WHERE community = $1 AND room = $2 AND state = 'draft'",
        params![c, room],
    )
}

/// Of a stage, the last changed first, behind a place.
pub fn page(c: Community, stage: Stage, after: Option<(Moment, Id)>, limit: i64) -> Ask {
    let mut params: Vec<Value> = params![c, stage.word()];
    let mut sql = String::new();
    if let Some((at, id)) = after {
        params.push(at.into());
        params.push(id.into());
        sql.push_str(" AND (changed_at, id) < ($3, $4)");
    }
    params.push(limit.into());
    ask(
        format!(
            "SELECT {TRANSFER} FROM transfer WHERE community = $1 AND state = $2{sql} \
             ORDER BY changed_at DESC, id DESC LIMIT ${}",
            params.len()
        ),
        params,
    )
}

pub fn count(c: Community, stage: Stage) -> Ask {
    ask(
        "/* whole: a count of a compound's transfers */ SELECT COUNT(*) FROM transfer \
         WHERE community = $1 AND state = $2",
        params![c, stage.word()],
    )
}

/// The transfers that ended a dossier's tenure, the newest first.
pub fn of_dossier(c: Community, room: Id, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {TRANSFER} FROM transfer WHERE community = $1 AND room = $2 \
             AND dossier = $3 AND state = 'done' ORDER BY begun_at DESC, id DESC LIMIT 20"
        ),
        params![c, room, dossier],
    )
}

/// Nothing where the room has a draft.
pub fn insert(c: Community, t: &Transfer) -> Ask {
    ask(
        format!(
            "INSERT INTO transfer (community, {TRANSFER}, done_by) VALUES ($1, $2, $3, $4, $5, \
             $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '') ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            t.id,
            t.room,
            t.code.as_str(),
            t.dossier,
            t.next,
            t.stage.word(),
            t.sealed(),
            "",
            t.former_pays,
            t.begun_by,
            t.begun_name.as_str(),
            t.begun_at,
            t.changed_at,
            t.done_name.as_str(),
            t.done_at,
            t.version
        ],
    )
}

pub fn save(c: Community, id: Id, version: i64, sealed: &[u8], now: Moment) -> Ask {
    ask(
        "UPDATE transfer SET draft = $4, changed_at = $5, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state = 'draft'",
        params![c, id, version, sealed, now],
    )
}

/// From one stage to another, if it is still as it was seen.
pub fn turn(c: Community, id: Id, version: i64, from: Stage, to: Stage, now: Moment) -> Ask {
    ask(
        "UPDATE transfer SET state = $5, changed_at = $6, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state = $4",
        params![c, id, version, from.word(), to.word(), now],
    )
}

/// It is done, with what it did.
pub fn complete(
    c: Community,
    (id, version): (Id, i64),
    did: &str,
    former_pays: bool,
    (by, name): (Id, &str),
    now: Moment,
) -> Ask {
    ask(
        "UPDATE transfer SET state = 'done', did = $4, former_pays = $5, done_by = $6, \
         done_name = $7, done_at = $8, changed_at = $8, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3 AND state = 'draft'",
        params![c, id, version, did, former_pays, by, name, now],
    )
}

/// Done, and the dossier of what it began is not known yet.
pub fn unsettled(c: Community) -> Ask {
    ask(
        format!(
            "SELECT {TRANSFER} FROM transfer WHERE community = $1 AND state = 'done' \
             AND next IS NULL ORDER BY id LIMIT 100"
        ),
        params![c],
    )
}

pub fn settle(c: Community, id: Id, next: Id) -> Ask {
    ask(
        "UPDATE transfer SET next = $3, version = version + 1 \
         WHERE community = $1 AND id = $2 AND state = 'done' AND next IS NULL",
        params![c, id, next],
    )
}
