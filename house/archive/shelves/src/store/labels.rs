//! The SQL of labels and audits.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::boxes::ArchiveBox;

/// The prints of a box, the newest first: serial, copy, when, by whom, void since.
pub fn of_box(c: Community, id: Id) -> Ask {
    ask(
        "SELECT serial, copy, at, account, voided_at FROM label_print \
         WHERE community = $1 AND box = $2 ORDER BY copy DESC LIMIT 100",
        params![c, id],
    )
}

/// The last copy of some boxes' labels.
pub fn copies(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!(
            "SELECT box, MAX(copy) FROM label_print WHERE community = $1 AND box IN ({ids}) \
             GROUP BY box LIMIT 500"
        ),
        params,
    )
}

/// Serial, box and void since when of some serials.
pub fn by_serials(c: Community, serials: &[String]) -> Ask {
    let mut params = params![c];
    let serials: Vec<&str> = serials.iter().map(String::as_str).collect();
    let serials = list(&mut params, &serials);
    ask(
        format!(
            "SELECT serial, box, voided_at FROM label_print \
             WHERE community = $1 AND serial IN ({serials})"
        ),
        params,
    )
}

#[allow(clippy::too_many_arguments)] // a row's columns
pub fn insert(
    c: Community,
    serial: &str,
    id: Id,
    copy: i64,
    print: Id,
    now: Moment,
    account: &str,
) -> Ask {
    ask(
        "INSERT INTO label_print (community, serial, box, copy, print, at, account, voided_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) ON CONFLICT DO NOTHING",
        params![c, serial, id, copy, print, now, account],
    )
}

/// The label that a box gets, if it has to say what is printed.
pub fn put_on(c: Community, one: &ArchiveBox, serial: &str) -> Ask {
    ask(
        "UPDATE archive_box SET label = $4, labelled = $3 \
         WHERE community = $1 AND id = $2 AND says = $3",
        params![c, one.id, one.says.as_str(), serial],
    )
}

/// Keeps what an audit found: scanned, unknown, voided, missing, misplaced.
pub fn audited(c: Community, cabinet: Id, layer: i64, now: Moment, counts: [i64; 5]) -> Ask {
    let [scanned, unknown, voided, missing, misplaced] = counts;
    ask(
        "INSERT INTO shelf_audit (community, cabinet, layer, at, scanned, unknown, voided, \
         missing, misplaced) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (community, cabinet, layer) DO UPDATE SET at = excluded.at, \
         scanned = excluded.scanned, unknown = excluded.unknown, voided = excluded.voided, \
         missing = excluded.missing, misplaced = excluded.misplaced",
        params![
            c, cabinet, layer, now, scanned, unknown, voided, missing, misplaced
        ],
    )
}
