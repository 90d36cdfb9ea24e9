//! The room's SQL about cabinets and boxes; [`labels`] holds that about labels and audits.

pub mod labels;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::boxes::Spot;
use crate::cabinet::Cabinet;

const CABINET: &str = "id, name, ord, layers, width, version";

/// Cabinets in their row.
pub fn cabinets(c: Community, limit: i64) -> Ask {
    ask(
        format!("SELECT {CABINET} FROM cabinet WHERE community = $1 ORDER BY ord, name LIMIT $2"),
        params![c, limit],
    )
}

pub fn cabinet(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {CABINET} FROM cabinet WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

pub fn insert_cabinet(c: Community, k: &Cabinet) -> Ask {
    ask(
        format!("INSERT INTO cabinet (community, {CABINET}) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        params![c, k.id, k.name.as_str(), k.ord, k.layers, k.width, 1],
    )
}

/// Changes a cabinet, if it is still the one that was seen.
pub fn set_cabinet(c: Community, k: &Cabinet) -> Ask {
    ask(
        "UPDATE cabinet SET name = $4, ord = $5, layers = $6, width = $7, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3",
        params![
            c,
            k.id,
            k.version,
            k.name.as_str(),
            k.ord,
            k.layers,
            k.width
        ],
    )
}

pub fn drop_cabinet(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM cabinet WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

pub fn drop_audits(c: Community, cabinet: Id) -> Ask {
    ask(
        "DELETE FROM shelf_audit WHERE community = $1 AND cabinet = $2",
        params![c, cabinet],
    )
}

/// What begins on a layer of its own, and the version of what plans are made from.
pub fn shelf(c: Community) -> Ask {
    ask(
        "SELECT apart, version FROM shelf WHERE community = $1",
        params![c],
    )
}

pub fn set_apart(c: Community, apart: &'static str) -> Ask {
    ask(
        "INSERT INTO shelf (community, apart, version) VALUES ($1, $2, 1) \
         ON CONFLICT (community) DO UPDATE SET apart = excluded.apart, version = shelf.version + 1",
        params![c, apart],
    )
}

/// What a plan is made from has changed.
pub fn touch(c: Community) -> Ask {
    ask(
        "INSERT INTO shelf (community, apart, version) VALUES ($1, 'building', 1) \
         ON CONFLICT (community) DO UPDATE SET version = shelf.version + 1",
        params![c],
    )
}

/// The same, if it is still what was seen.
pub fn touch_seen(c: Community, version: i64) -> Ask {
    ask(
        "INSERT INTO shelf (community, apart, version) VALUES ($1, 'building', 1) \
         ON CONFLICT (community) DO UPDATE SET version = shelf.version + 1 \
         WHERE shelf.version = $2",
        params![c, version],
    )
}

const BOX: &str = "b.id, b.dossier, b.nth, b.among, b.spine, b.cabinet, b.layer, b.slot, b.says, \
                   b.changed_at, b.label, b.labelled, b.version, d.room, d.code, d.number, \
                   d.tenure, d.building, d.pages, d.sort_key";
const FROM: &str = "archive_box b JOIN dossier d ON d.community = b.community AND d.id = b.dossier";

/// All boxes in shelf order.
pub fn boxes(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "/* whole: a plan looks at every box of a compound */ SELECT {BOX} FROM {FROM} \
             WHERE b.community = $1 AND d.state <> 'void' \
             ORDER BY d.sort_key, d.tenure, b.nth LIMIT $2"
        ),
        params![c, limit],
    )
}

pub fn one_box(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {BOX} FROM {FROM} WHERE b.community = $1 AND b.id = $2"),
        params![c, id],
    )
}

pub fn some_boxes(c: Community, ids: &[Id]) -> Ask {
    let mut params = params![c];
    let ids = list(&mut params, ids);
    ask(
        format!("SELECT {BOX} FROM {FROM} WHERE b.community = $1 AND b.id IN ({ids})"),
        params,
    )
}

pub fn of_dossier(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {BOX} FROM {FROM} WHERE b.community = $1 AND b.dossier = $2 \
             ORDER BY b.nth LIMIT 100"
        ),
        params![c, dossier],
    )
}

/// The box that a dossier shares.
pub fn host_of(c: Community, dossier: Id) -> Ask {
    ask(
        format!(
            "SELECT {BOX} FROM {FROM} WHERE b.community = $1 AND b.id = \
             (SELECT g.box FROM box_guest g WHERE g.community = $1 AND g.dossier = $2)"
        ),
        params![c, dossier],
    )
}

/// The dossiers that lie in a box beside its own.
pub fn guests(c: Community, id: Id) -> Ask {
    ask(
        "SELECT d.id, d.code FROM box_guest g \
         JOIN dossier d ON d.community = g.community AND d.id = g.dossier \
         WHERE g.community = $1 AND g.box = $2 ORDER BY d.sort_key LIMIT 100",
        params![c, id],
    )
}

pub fn share(c: Community, dossier: Id, host: Id) -> Ask {
    ask(
        "INSERT INTO box_guest (community, dossier, box) VALUES ($1, $2, $3) \
         ON CONFLICT (community, dossier) DO UPDATE SET box = excluded.box",
        params![c, dossier, host],
    )
}

pub fn part(c: Community, dossier: Id) -> Ask {
    ask(
        "DELETE FROM box_guest WHERE community = $1 AND dossier = $2",
        params![c, dossier],
    )
}

/// A dossier's code, and what its room is for.
pub fn purpose(c: Community, dossier: Id) -> Ask {
    ask(
        "SELECT d.code, r.purpose FROM dossier d \
         LEFT JOIN room_seen r ON r.community = d.community AND r.id = d.room \
         WHERE d.community = $1 AND d.id = $2",
        params![c, dossier],
    )
}

/// Dossiers with papers and without a box.
const BOXLESS: &str = "dossier d WHERE d.community = $1 AND d.state <> 'void' \
     AND NOT EXISTS (SELECT 1 FROM archive_box b WHERE b.community = d.community \
     AND b.dossier = d.id) \
     AND NOT EXISTS (SELECT 1 FROM box_guest g WHERE g.community = d.community \
     AND g.dossier = d.id) \
     AND (d.documents > 0 OR NOT EXISTS (SELECT 1 FROM room_seen r \
     WHERE r.community = d.community AND r.id = d.room AND r.purpose IN ('parking', 'other')))";

pub fn boxless(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT d.id, d.code, d.number, d.tenure, d.pages FROM {BOXLESS} \
             ORDER BY d.sort_key, d.tenure LIMIT $2"
        ),
        params![c, limit],
    )
}

pub fn count_boxless(c: Community) -> Ask {
    ask(
        format!("/* whole: a count of a compound's dossiers */ SELECT COUNT(*) FROM {BOXLESS}"),
        params![c],
    )
}

#[allow(clippy::too_many_arguments)] // a row's columns
pub fn insert(
    c: Community,
    id: Id,
    dossier: Id,
    nth: i64,
    spine: i64,
    says: &str,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO archive_box (community, id, dossier, nth, among, spine, cabinet, layer, \
         slot, says, changed_at, label, labelled, version) \
         VALUES ($1, $2, $3, $4, $4, $5, '', 0, 0, $6, $7, '', '', 1) ON CONFLICT DO NOTHING",
        params![c, id, dossier, nth, spine, says, now],
    )
}

pub fn says(c: Community, id: Id, says: &str, now: Moment) -> Ask {
    ask(
        "UPDATE archive_box SET says = $3, changed_at = $4 WHERE community = $1 AND id = $2",
        params![c, id, says, now],
    )
}

pub fn set_spine(c: Community, id: Id, version: i64, spine: i64) -> Ask {
    ask(
        "UPDATE archive_box SET spine = $4, version = version + 1 \
         WHERE community = $1 AND id = $2 AND version = $3",
        params![c, id, version, spine],
    )
}

pub fn set_among(c: Community, dossier: Id, among: i64) -> Ask {
    ask(
        "UPDATE archive_box SET among = $3 WHERE community = $1 AND dossier = $2",
        params![c, dossier, among],
    )
}

pub fn set_spot(c: Community, id: Id, spot: Option<Spot>) -> Ask {
    let cabinet = spot.map_or_else(String::new, |s| s.cabinet.to_string());
    let (layer, slot) = spot.map_or((0, 0), |s| (s.layer, s.slot));
    ask(
        "UPDATE archive_box SET cabinet = $3, layer = $4, slot = $5, version = version + 1 \
         WHERE community = $1 AND id = $2",
        params![c, id, cabinet, layer, slot],
    )
}

pub fn drop_box(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM archive_box WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

const VOID: &str = "EXISTS (SELECT 1 FROM dossier d WHERE d.community = archive_box.community \
                    AND d.id = archive_box.dossier AND d.state = 'void')";

/// Boxes of dossiers that were taken back.
pub fn count_void(c: Community) -> Ask {
    ask(
        format!(
            "/* whole: every box is looked at */ SELECT COUNT(*) FROM archive_box \
             WHERE community = $1 AND {VOID}"
        ),
        params![c],
    )
}

pub fn drop_void(c: Community) -> Ask {
    ask(
        format!(
            "/* whole: every box is looked at */ DELETE FROM archive_box WHERE community = $1 AND {VOID}"
        ),
        params![c],
    )
}

pub fn void_labels(c: Community, now: Moment) -> Ask {
    ask(
        format!(
            "/* whole: every label is looked at */ UPDATE label_print SET voided_at = $2 \
             WHERE community = $1 AND voided_at IS NULL AND box IN \
             (SELECT id FROM archive_box WHERE community = $1 AND {VOID})"
        ),
        params![c, now],
    )
}

pub fn void_labels_of(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE label_print SET voided_at = $3 \
         WHERE community = $1 AND box = $2 AND voided_at IS NULL",
        params![c, id, now],
    )
}

pub fn on_layer(c: Community, cabinet: Id, layer: i64) -> Ask {
    ask(
        format!(
            "SELECT {BOX} FROM {FROM} WHERE b.community = $1 AND b.cabinet = $2 AND b.layer = $3 \
             ORDER BY b.slot, b.id LIMIT 500"
        ),
        params![c, cabinet, layer],
    )
}

pub fn in_cabinet(c: Community, cabinet: Id) -> Ask {
    ask(
        format!(
            "SELECT {BOX} FROM {FROM} WHERE b.community = $1 AND b.cabinet = $2 \
             ORDER BY b.layer, b.slot, b.id LIMIT 2000"
        ),
        params![c, cabinet],
    )
}

/// Layers of a cabinet that boxes stand on, and their millimetres.
pub fn used(c: Community, cabinet: Id) -> Ask {
    ask(
        "SELECT layer, CAST(SUM(spine) AS BIGINT) FROM archive_box \
         WHERE community = $1 AND cabinet = $2 GROUP BY layer LIMIT 100",
        params![c, cabinet],
    )
}

/// Cabinet, layer, boxes and millimetres of every layer; without a cabinet those nowhere.
pub fn sums(c: Community) -> Ask {
    ask(
        "/* whole: every box is counted */ \
         SELECT cabinet, layer, COUNT(*), CAST(SUM(spine) AS BIGINT) FROM archive_box \
         WHERE community = $1 GROUP BY cabinet, layer LIMIT 5000",
        params![c],
    )
}

/// Cabinet, layer, slot and code of the boxes at the ends of each layer.
pub fn ends(c: Community) -> Ask {
    ask(
        "/* whole: the ends of every layer */ SELECT b.cabinet, b.layer, b.slot, d.code \
         FROM archive_box b JOIN dossier d ON d.community = b.community AND d.id = b.dossier \
         WHERE b.community = $1 AND b.cabinet <> '' AND (b.slot = 1 OR NOT EXISTS \
         (SELECT 1 FROM archive_box n WHERE n.community = b.community \
         AND n.cabinet = b.cabinet AND n.layer = b.layer AND n.slot > b.slot)) \
         ORDER BY b.cabinet, b.layer, b.slot LIMIT 10000",
        params![c],
    )
}

pub fn audits(c: Community) -> Ask {
    ask(
        "SELECT cabinet, layer, at, scanned, unknown, voided, missing, misplaced \
         FROM shelf_audit WHERE community = $1 LIMIT 5000",
        params![c],
    )
}

/// Names of buildings in shelf order.
pub fn buildings(c: Community) -> Ask {
    ask(
        "/* whole: the buildings of a compound */ SELECT name FROM place_seen \
         WHERE community = $1 AND level = 'building' ORDER BY sort_key LIMIT 1000",
        params![c],
    )
}
