//! The SQL of documents and of the strongroom's versions.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::document::Document;
use crate::kind::Kind;

const DOCUMENT: &str = "id, dossier, kind, nth, title, signed_by, note, day, state, replaces, \
                        version, pages, confirmed, pictures, unseen, paper, box, media, bytes, noticed, retention, \
                        stored_as, taken_by, taken_name, checker, checker_name, why, received_at, \
                        due_at, filed_at, row_version";

pub fn document(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {DOCUMENT} FROM document WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// Where the dossier of a document is in its life.
pub fn life_of(c: Community, id: Id) -> Ask {
    ask(
        "SELECT d.state FROM document o JOIN dossier d ON d.community = o.community \
         AND d.id = o.dossier WHERE o.community = $1 AND o.id = $2",
        params![c, id],
    )
}

/// What lies in a dossier and what waits, by kind and number.
pub fn of_dossier(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {DOCUMENT} FROM document WHERE community = $1 AND dossier = $2 \
             ORDER BY kind, nth LIMIT 2000"
        ),
        params![c, dossier],
    )
}

/// Documents whose pages are to be counted, the most urgent first.
/// Behind one, by when it is due.
pub fn waiting(c: Community, (due, id): (Moment, &str), limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {DOCUMENT} FROM document WHERE community = $1 AND state = 'received' \
             AND due_at >= $2 AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4"
        ),
        params![c, due, id, limit],
    )
}

pub fn waiting_count(c: Community, now: Moment) -> Ask {
    ask(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN due_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM document WHERE community = $1 AND state = 'received'",
        params![c, now],
    )
}

/// How many wait for one checker, as the bar says it: more than a hundred are a hundred.
pub fn waiting_for(c: Community, checker: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM (SELECT 1 FROM document WHERE community = $1 \
         AND state = 'received' AND checker = $2 LIMIT 100) AS few",
        params![c, checker],
    )
}

/// How long intake took of what was filed since: how many, within the time, and milliseconds
/// in all.
pub fn filing_times(c: Community, since: Moment) -> Ask {
    ask(
        "/* whole: a quarter of documents */ SELECT COUNT(*), \
         CAST(COALESCE(SUM(CASE WHEN filed_at <= due_at THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(filed_at - received_at), 0) AS BIGINT) \
         FROM document f WHERE f.community = $1 AND f.filed_at >= $2 AND NOT EXISTS \
         (SELECT 1 FROM dossier s WHERE s.community = f.community AND s.id = f.dossier \
         AND s.state = 'sealed')",
        params![c, since],
    )
}

pub fn last_nth(c: Community, dossier: Id, kind: Kind) -> Ask {
    ask(
        "SELECT COALESCE(MAX(nth), 0) FROM document \
         WHERE community = $1 AND dossier = $2 AND kind = $3",
        params![c, dossier, kind.letter()],
    )
}

pub fn insert(c: Community, d: &Document) -> Ask {
    ask(
        format!(
            "INSERT INTO document (community, {DOCUMENT}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
             $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, \
             $26, $27, $28, $29, $30, $31, $32)"
        ),
        params![
            c,
            d.id,
            d.dossier,
            d.kind.letter(),
            d.nth,
            d.title.as_str(),
            d.signed_by.as_str(),
            d.note.as_str(),
            d.day.as_deref(),
            d.state.word(),
            d.replaces,
            d.version,
            d.pages,
            d.confirmed,
            d.pictures,
            d.unseen.as_str(),
            d.paper,
            d.place.as_str(),
            d.media.as_str(),
            d.bytes,
            d.noticed.as_str(),
            d.retention.as_str(),
            d.stored_as.as_str(),
            d.taken_by,
            d.taken_name.as_str(),
            d.checker,
            d.checker_name.as_str(),
            d.why.as_str(),
            d.received_at,
            d.due_at,
            d.filed_at,
            d.row_version
        ],
    )
}

/// From one state to another, if it is still in it.
pub fn settle(c: Community, id: Id, from: &'static str, to: &'static str) -> Ask {
    ask(
        "UPDATE document SET state = $4, row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND state = $3",
        params![c, id, from, to],
    )
}

/// Notes which pages have pictures.
pub fn pictured(c: Community, id: Id, pictures: i64, unseen: &str) -> Ask {
    ask(
        "UPDATE document SET pictures = $3, unseen = $4 WHERE community = $1 AND id = $2",
        params![c, id, pictures, unseen],
    )
}

/// Files a document, if it is still the one that was read.
pub fn file(c: Community, d: &Document, confirmed: i64, now: Moment) -> Ask {
    ask(
        "UPDATE document SET state = 'filed', confirmed = $4, filed_at = $5, \
         row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND row_version = $3 AND state = 'received'",
        params![c, d.id, d.row_version, confirmed, now],
    )
}

/// Takes a document back before it is filed.
pub fn withdraw(c: Community, d: &Document, why: &'static str) -> Ask {
    ask(
        "UPDATE document SET state = 'withdrawn', why = $4, row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND row_version = $3 AND state = 'received'",
        params![c, d.id, d.row_version, why],
    )
}

/// A document whose keys are to be destroyed: what was said of it goes with them.
pub fn shred(c: Community, id: Id, row_version: i64) -> Ask {
    ask(
        "UPDATE document SET state = 'shredded', title = '', signed_by = '', note = '', \
         row_version = row_version + 1 \
         WHERE community = $1 AND id = $2 AND row_version = $3 \
         AND state NOT IN ('preparing', 'lost', 'shredded')",
        params![c, id, row_version],
    )
}

/// Changes what is said about a document, never the document.
pub fn amend(c: Community, d: &Document) -> Ask {
    ask(
        "UPDATE document SET note = $4, signed_by = $5, paper = $6, box = $7, \
         row_version = row_version + 1 WHERE community = $1 AND id = $2 AND row_version = $3",
        params![
            c,
            d.id,
            d.row_version,
            d.note.as_str(),
            d.signed_by.as_str(),
            d.paper,
            d.place.as_str()
        ],
    )
}

pub fn prepare(
    c: Community,
    dossier: Id,
    version: i64,
    inventory: &str,
    document: Id,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO strongroom_version (community, dossier, version, inventory, document, state, at) \
         VALUES ($1, $2, $3, $4, $5, 'prepared', $6)",
        params![c, dossier, version, inventory, document, now],
    )
}

/// A prepared version comes to its end.
pub fn end_version(
    c: Community,
    dossier: Id,
    version: i64,
    inventory: &str,
    state: &'static str,
) -> Ask {
    ask(
        "UPDATE strongroom_version SET state = $5 WHERE community = $1 AND dossier = $2 \
         AND version = $3 AND inventory = $4 AND state = 'prepared'",
        params![c, dossier, version, inventory, state],
    )
}

/// Prepared versions whose end is not known: dossier, version, inventory, document.
pub fn open_versions(c: Community) -> Ask {
    ask(
        "SELECT dossier, version, inventory, document FROM strongroom_version \
         WHERE community = $1 AND state = 'prepared' ORDER BY dossier, version LIMIT 10000",
        params![c],
    )
}

/// The newest published version of a dossier's object.
pub fn head_of(c: Community, dossier: Id) -> Ask {
    ask(
        "SELECT version, inventory FROM strongroom_version WHERE community = $1 AND dossier = $2 \
         AND state = 'published' ORDER BY version DESC LIMIT 1",
        params![c, dossier],
    )
}

/// The same of every dossier behind one.
pub fn heads_after(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT v.dossier, v.version, v.inventory FROM strongroom_version v \
         WHERE v.community = $1 AND v.dossier > $2 AND v.state = 'published' AND NOT EXISTS \
         (SELECT 1 FROM strongroom_version n WHERE n.community = v.community \
         AND n.dossier = v.dossier AND n.version > v.version AND n.state = 'published') \
         ORDER BY v.dossier LIMIT $3",
        params![c, after, limit],
    )
}
