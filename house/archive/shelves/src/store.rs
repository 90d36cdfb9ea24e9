//! The room's SQL about cabinets and boxes; [`labels`] holds that about labels and audits,
//! [`chosen`] that about boxes that labels are printed for.

pub mod away;
pub mod chosen;
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

/// How far the compound's ledger goes.
pub fn head(c: Community) -> Ask {
    ask(
        "SELECT size FROM ledger_head WHERE community = $1",
        params![c],
    )
}

/// An event of some kinds behind a place in the ledger.
pub fn changed_since(c: Community, seen: i64, kinds: &[&str]) -> Ask {
    let mut params = params![c, seen];
    let kinds = list(&mut params, kinds);
    ask(
        format!(
            "SELECT seq FROM ledger WHERE community = $1 AND seq > $2 AND kind IN ({kinds}) \
             LIMIT 1"
        ),
        params,
    )
}

const BOX: &str = "b.id, b.dossier, b.nth, b.among, b.spine, b.cabinet, b.layer, b.slot, b.says, \
                   b.changed_at, b.label, b.labelled, b.version, d.room, d.code, d.number, \
                   d.tenure, d.building, d.pages, d.sort_key";
const FROM: &str = "archive_box b JOIN dossier d ON d.community = b.community AND d.id = b.dossier";

/// What a plan has to know of every box, in shelf order.
pub fn shelved(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "/* whole: a plan looks at every box of a compound */ \
             SELECT b.id, b.spine, b.cabinet, b.layer, b.slot, d.building, d.code FROM {FROM} \
             WHERE b.community = $1 AND d.state <> 'void' \
             ORDER BY d.sort_key, d.tenure, b.nth, b.id LIMIT $2"
        ),
        params![c, limit],
    )
}

/// A place in shelf order, behind which a list goes on.
#[derive(Clone, Debug, Default)]
pub struct After {
    pub key: Vec<u8>,
    pub tenure: i64,
    pub id: String,
}

/// Boxes whose labels have to say something else than is written down: their rooms were
/// renamed. Behind one, by their ids.
pub fn said_otherwise(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        format!(
            "/* whole: every box is looked at */ SELECT {BOX} FROM {FROM} \
             WHERE b.community = $1 AND b.id > $2 AND d.state <> 'void' \
             AND b.says <> {TO_SAY} ORDER BY b.id LIMIT $3"
        ),
        params![c, after, limit],
    )
}

/// [`crate::boxes::ArchiveBox::to_say`] as the database works it out.
const TO_SAY: &str = "CAST(b.spine AS TEXT) || '|' || d.code || '|' || d.number || '|' || \
                      CASE WHEN d.tenure < 10 THEN '0' ELSE '' END || CAST(d.tenure AS TEXT) \
                      || '·' || CAST(b.nth AS TEXT) || '/' || CAST(b.among AS TEXT)";

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

const BOXLESS_ROW: &str = "d.id, d.code, d.number, d.tenure, d.pages, d.sort_key";

/// In shelf order, behind one.
pub fn boxless(c: Community, after: &After, limit: i64) -> Ask {
    let (key, tenure, id) = (after.key.as_slice(), after.tenure, &*after.id);
    ask(
        format!(
            "SELECT {BOXLESS_ROW} FROM {BOXLESS} AND d.sort_key >= $2 \
             AND (d.sort_key, d.tenure, d.id) > ($2, $3, $4) \
             ORDER BY d.sort_key, d.tenure, d.id LIMIT $5"
        ),
        params![c, key, tenure, id, limit],
    )
}

/// Those of some dossiers.
pub fn boxless_of(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!("SELECT {BOXLESS_ROW} FROM {BOXLESS} AND d.id IN ({dossiers})"),
        params,
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

/// Takes from a layer what is not to stand there.
pub fn clear(c: Community, cabinet: Id, layer: i64, stay: &[Id]) -> Ask {
    let mut params = params![c, cabinet, layer];
    let but = if stay.is_empty() {
        String::new()
    } else {
        format!("AND id NOT IN ({})", list(&mut params, stay))
    };
    ask(
        format!(
            "UPDATE archive_box SET cabinet = '', layer = 0, slot = 0, version = version + 1 \
             WHERE community = $1 AND cabinet = $2 AND layer = $3 {but}"
        ),
        params,
    )
}

/// Puts boxes onto a layer, from the left; those that stand so are not touched.
pub fn set_row(c: Community, cabinet: Id, layer: i64, row: &[Id]) -> Ask {
    use std::fmt::Write as _;
    let mut params = params![c, cabinet, layer];
    let first = params.len() + 1;
    let ids = list(&mut params, row);
    let mut slot = String::from("CASE id");
    for nth in 0..row.len() {
        let _ = write!(slot, " WHEN ${} THEN {}", first + nth, nth + 1);
    }
    slot.push_str(" END");
    ask(
        format!(
            "UPDATE archive_box SET cabinet = $2, layer = $3, slot = {slot}, \
             version = version + 1 WHERE community = $1 AND id IN ({ids}) \
             AND (cabinet <> $2 OR layer <> $3 OR slot <> {slot})"
        ),
        params,
    )
}

pub fn drop_box(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM archive_box WHERE community = $1 AND id = $2",
        params![c, id],
    )
}

/// Boxes of dossiers that were taken back.
pub fn void(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "/* whole: every box is looked at */ SELECT b.id FROM {FROM} \
             WHERE b.community = $1 AND d.state = 'void' LIMIT $2"
        ),
        params![c, limit],
    )
}

/// Nobody's papers lie in a box any more.
pub fn part_all(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM box_guest WHERE community = $1 AND box = $2",
        params![c, id],
    )
}

/// Dossiers that were taken back lie in no other's box.
pub fn part_void(c: Community) -> Ask {
    ask(
        "/* whole: every guest is looked at */ DELETE FROM box_guest WHERE community = $1 \
         AND dossier IN (SELECT d.id FROM dossier d WHERE d.community = $1 AND d.state = 'void')",
        params![c],
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

/// Cabinet, layer, boxes and millimetres of the layers of some cabinets.
pub fn sums(c: Community, cabinets: &[Id]) -> Ask {
    let mut params = params![c];
    let cabinets = list(&mut params, cabinets);
    ask(
        format!(
            "SELECT cabinet, layer, COUNT(*), CAST(SUM(spine) AS BIGINT) FROM archive_box \
             WHERE community = $1 AND cabinet IN ({cabinets}) GROUP BY cabinet, layer LIMIT 5000"
        ),
        params,
    )
}

/// Cabinet, layer, slot and code of the boxes at the ends of the layers of some cabinets.
pub fn ends(c: Community, cabinets: &[Id]) -> Ask {
    let mut params = params![c];
    let cabinets = list(&mut params, cabinets);
    ask(
        format!(
            "SELECT b.cabinet, b.layer, b.slot, d.code FROM {FROM} \
             WHERE b.community = $1 AND b.cabinet IN ({cabinets}) AND (b.slot = 1 OR NOT EXISTS \
             (SELECT 1 FROM archive_box n WHERE n.community = b.community \
             AND n.cabinet = b.cabinet AND n.layer = b.layer AND n.slot > b.slot)) \
             ORDER BY b.cabinet, b.layer, b.slot LIMIT 10000"
        ),
        params,
    )
}

pub fn audits(c: Community, cabinets: &[Id]) -> Ask {
    let mut params = params![c];
    let cabinets = list(&mut params, cabinets);
    ask(
        format!(
            "SELECT cabinet, layer, at, scanned, unknown, voided, missing, misplaced \
             FROM shelf_audit WHERE community = $1 AND cabinet IN ({cabinets}) LIMIT 5000"
        ),
        params,
    )
}

/// Boxes that stand nowhere.
pub fn count_nowhere(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM archive_box WHERE community = $1 AND cabinet = ''",
        params![c],
    )
}

/// Layers that boxes stand on.
pub fn count_layers(c: Community) -> Ask {
    ask(
        "/* whole: every layer is counted */ SELECT COUNT(*) FROM \
         (SELECT DISTINCT cabinet, layer FROM archive_box \
         WHERE community = $1 AND cabinet <> '') AS stands",
        params![c],
    )
}

/// Those of them that were audited since.
pub fn count_audited(c: Community, since: Moment) -> Ask {
    ask(
        "/* whole: every layer is counted */ SELECT COUNT(*) FROM shelf_audit a \
         WHERE a.community = $1 AND a.at >= $2 AND EXISTS (SELECT 1 FROM archive_box b \
         WHERE b.community = a.community AND b.cabinet = a.cabinet AND b.layer = a.layer)",
        params![c, since],
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
