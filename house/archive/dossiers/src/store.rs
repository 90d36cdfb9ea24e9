//! The room's SQL about dossiers; [`documents`] holds that about what lies in them.

pub mod documents;
pub mod following;
pub mod installed;

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::dossier::Dossier;
use crate::listing::{Filter, Show, Sort, Spot};

const DOSSIER: &str = "id, room, tenure, number, code, sort_key, building, state, asked, have, \
                       missing, waiting, documents, pages, began_day, ended_day, opened_at";

pub fn dossier(c: Community, id: Id) -> Ask {
    ask(
        format!("SELECT {DOSSIER} FROM dossier WHERE community = $1 AND id = $2"),
        params![c, id],
    )
}

/// The tenures of a room, the newest first.
pub fn of_room(c: Community, room: Id) -> Ask {
    ask(
        format!(
            "SELECT {DOSSIER} FROM dossier WHERE community = $1 AND room = $2 \
             ORDER BY tenure DESC LIMIT 100"
        ),
        params![c, room],
    )
}

/// By number, or by a part of the code: what is typed into the search field.
pub fn search(c: Community, number: &str, room: Option<Id>) -> Ask {
    ask(
        format!(
            "SELECT {DOSSIER} FROM dossier WHERE community = $1 AND state NOT IN ('void', 'sealed') \
             AND (number = $2 OR room = $3) ORDER BY sort_key, tenure LIMIT 100"
        ),
        params![c, number, room.map_or_else(String::new, |r| r.to_string())],
    )
}

/// `false` from the database when the room's tenure or the number is there already.
pub fn insert(c: Community, d: &Dossier) -> Ask {
    ask(
        format!(
            "INSERT INTO dossier (community, {DOSSIER}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, \
             $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            d.id,
            d.room,
            d.tenure,
            d.number.as_str(),
            d.code.as_str(),
            d.sort_key.as_slice(),
            d.building.as_str(),
            d.life.word(),
            d.asked.0,
            d.have.0,
            d.missing.0,
            d.waiting,
            d.documents,
            d.pages,
            d.began.as_deref().unwrap_or_default(),
            d.ended.as_deref(),
            d.opened_at
        ],
    )
}

pub fn owner(c: Community, dossier: Id, party: Id) -> Ask {
    ask(
        "INSERT INTO dossier_owner (community, dossier, party) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
        params![c, dossier, party],
    )
}

/// Dossier and name of the owners of some dossiers' tenures.
pub fn owners(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!(
            "SELECT o.dossier, p.id, p.kind, p.name FROM dossier_owner o \
             JOIN party_seen p ON p.community = o.community AND p.id = o.party \
             WHERE o.community = $1 AND o.dossier IN ({dossiers}) ORDER BY o.dossier, p.id LIMIT 5000"
        ),
        params,
    )
}

/// Ends a tenure.
pub fn close(c: Community, id: Id, day: &str, now: Moment) -> Ask {
    ask(
        "UPDATE dossier SET state = 'closed', ended_day = $3, closed_at = $4 \
         WHERE community = $1 AND id = $2 AND state = 'open'",
        params![c, id, day, now],
    )
}

/// A dossier goes from one state to another, if it is still in it.
pub fn turn(c: Community, id: Id, from: &[crate::Life], to: crate::Life) -> Ask {
    let mut params = params![c, id, to.word()];
    let words: Vec<&str> = from.iter().map(|l| l.word()).collect();
    let words = list(&mut params, &words);
    ask(
        format!(
            "UPDATE dossier SET state = $3 WHERE community = $1 AND id = $2 AND state IN ({words})"
        ),
        params,
    )
}

/// A tenure goes on after all.
pub fn reopen(c: Community, id: Id) -> Ask {
    ask(
        "UPDATE dossier SET state = 'open', ended_day = NULL, closed_at = NULL \
         WHERE community = $1 AND id = $2 AND state = 'closed'",
        params![c, id],
    )
}

/// A tenure that had begun did not, as long as nothing lies in it.
pub fn void_empty(c: Community, id: Id, now: Moment) -> Ask {
    ask(
        "UPDATE dossier SET state = 'void', closed_at = $3 WHERE community = $1 AND id = $2 \
         AND state = 'open' AND documents = 0 AND waiting = 0 AND NOT EXISTS \
         (SELECT 1 FROM document o WHERE o.community = $1 AND o.dossier = $2)",
        params![c, id, now],
    )
}

/// Copies of papers of identity that lie in a dossier.
pub fn identity_papers(c: Community, id: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM document WHERE community = $1 AND dossier = $2 AND kind = 'i' \
         AND state IN ('received', 'filed', 'replaced')",
        params![c, id],
    )
}

/// Ended tenures behind an id: id, room, code, sort key, ended day.
pub fn ended(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT id, room, code, sort_key, ended_day FROM dossier WHERE community = $1 \
         AND state = 'closed' AND id > $2 ORDER BY id LIMIT $3",
        params![c, after, limit],
    )
}

/// Open dossiers that a party owns.
pub fn owned(c: Community, party: Id) -> Ask {
    ask(
        "SELECT o.dossier FROM dossier_owner o JOIN dossier d ON d.community = o.community \
         AND d.id = o.dossier WHERE o.community = $1 AND o.party = $2 AND d.state = 'open' \
         ORDER BY o.dossier LIMIT 200",
        params![c, party],
    )
}

/// Ended tenures that a party owned under, the last first.
pub fn ended_of(c: Community, party: Id) -> Ask {
    let columns = DOSSIER.replace(", ", ", d.");
    ask(
        format!(
            "SELECT d.{columns} FROM dossier_owner o JOIN dossier d ON d.community = o.community \
             AND d.id = o.dossier WHERE o.community = $1 AND o.party = $2 \
             AND d.state IN ('closed', 'sealed', 'opened') \
             ORDER BY d.ended_day DESC, d.id LIMIT 50"
        ),
        params![c, party],
    )
}

/// Counts what lies in a dossier anew.
pub fn recount(c: Community, id: Id) -> Ask {
    let filed = "FROM document f WHERE f.community = $1 AND f.dossier = $2 AND f.state = 'filed'";
    let bits = "CAST(COALESCE(SUM(DISTINCT CASE f.kind WHEN 'a' THEN 1 WHEN 'b' THEN 2 WHEN 'c' \
                THEN 4 WHEN 'd' THEN 8 WHEN 'e' THEN 16 WHEN 'f' THEN 32 WHEN 'g' THEN 64 WHEN 'h' \
                THEN 128 WHEN 'i' THEN 256 ELSE 512 END), 0) AS BIGINT)";
    ask(
        format!(
            "UPDATE dossier SET have = (SELECT {bits} {filed}), \
             missing = asked & ~(SELECT {bits} {filed}), \
             documents = (SELECT COUNT(*) {filed}), \
             pages = (SELECT CAST(COALESCE(SUM(f.confirmed), 0) AS BIGINT) {filed}), \
             waiting = (SELECT COUNT(*) FROM document w WHERE w.community = $1 AND w.dossier = $2 \
             AND w.state = 'received') WHERE community = $1 AND id = $2"
        ),
        params![c, id],
    )
}

fn conditions(c: Community, f: &Filter) -> (String, Vec<Value>) {
    let mut params = params![c];
    let mut sql = String::from("community = $1");
    sql.push_str(match f.show {
        Show::Open => " AND state = 'open'",
        Show::Missing => " AND state = 'open' AND missing <> 0",
        Show::Complete => " AND state = 'open' AND missing = 0 AND asked <> 0",
        Show::Closed => " AND state IN ('closed', 'opened')",
        Show::Shelf => " AND state NOT IN ('void', 'sealed')",
    });
    if let Some(kind) = f.lacks {
        sql.push_str(&format!(" AND missing & {} <> 0", 1i64 << kind as i64));
    }
    if let Some(kind) = f.holds {
        sql.push_str(&format!(" AND have & {} <> 0", 1i64 << kind as i64));
    }
    if !f.building.is_empty() {
        params.push(f.building.as_str().into());
        sql.push_str(&format!(" AND building = ${}", params.len()));
    }
    (sql, params)
}

/// Dossiers behind a place, as the filter sorts them.
pub fn page(c: Community, f: &Filter, after: Option<&Spot>, limit: i64) -> Ask {
    let (mut sql, mut params) = conditions(c, f);
    let columns: &[&str] = match f.sort {
        Sort::Shelf => &["sort_key", "tenure", "id"],
        Sort::Began => &["began_day", "id"],
        Sort::Pages => &["pages", "id"],
    };
    let (sign, way) = if f.backwards {
        ("<", " DESC")
    } else {
        (">", "")
    };
    if let Some(after) = after {
        match f.sort {
            Sort::Shelf => {
                params.push(after.key.as_slice().into());
                params.push(after.tenure.into());
            }
            Sort::Began => params.push(after.began.as_str().into()),
            Sort::Pages => params.push(after.pages.into()),
        }
        params.push(after.id.into());
        let first = params.len() - columns.len() + 1;
        let places: Vec<String> = (first..=params.len()).map(|n| format!("${n}")).collect();
        let (columns, places) = (columns.join(", "), places.join(", "));
        sql.push_str(&format!(" AND ({columns}) {sign} ({places})"));
    }
    params.push(limit.into());
    let order: Vec<String> = columns.iter().map(|c| format!("{c}{way}")).collect();
    ask(
        format!(
            "SELECT {DOSSIER} FROM dossier WHERE {sql} ORDER BY {} LIMIT ${}",
            order.join(", "),
            params.len()
        ),
        params,
    )
}

/// How many dossiers a filter finds.
pub fn count(c: Community, f: &Filter) -> Ask {
    let (sql, params) = conditions(c, f);
    ask(
        format!(
            "/* whole: a count of a compound's dossiers */ SELECT COUNT(*) FROM dossier WHERE {sql}"
        ),
        params,
    )
}

/// Open, and missing something.
pub fn counts(c: Community) -> Ask {
    ask(
        "/* whole: a count of a compound's dossiers */ \
         SELECT COUNT(*), \
         CAST(COALESCE(SUM(CASE WHEN missing <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT), \
         CAST(COALESCE(SUM(CASE WHEN missing = 0 AND asked <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM dossier WHERE community = $1 AND state = 'open'",
        params![c],
    )
}

/// How complete each building's open dossiers are: building, all, those of
/// which something is asked, those of these that have it all; without order.
pub fn by_building(c: Community, limit: i64) -> Ask {
    ask(
        "/* whole: a row per building over a compound's dossiers */ \
         SELECT building, COUNT(*), \
         CAST(SUM(CASE WHEN asked <> 0 THEN 1 ELSE 0 END) AS BIGINT), \
         CAST(SUM(CASE WHEN asked <> 0 AND missing = 0 THEN 1 ELSE 0 END) AS BIGINT) \
         FROM dossier WHERE community = $1 AND state = 'open' \
         GROUP BY building LIMIT $2",
        params![c, limit],
    )
}

pub fn policy(c: Community) -> Ask {
    ask(
        "SELECT handed_over, lived_in, number_rule, version FROM dossier_policy WHERE community = $1",
        params![c],
    )
}

/// Sets the policy, if its row is still the one that was read.
pub fn set_policy(c: Community, p: &crate::policy::Policy) -> Ask {
    ask(
        "INSERT INTO dossier_policy (community, handed_over, lived_in, number_rule, version) \
         VALUES ($1, $2, $3, $4, $5 + 1) ON CONFLICT (community) DO UPDATE SET \
         handed_over = excluded.handed_over, lived_in = excluded.lived_in, \
         number_rule = excluded.number_rule, version = excluded.version \
         WHERE dossier_policy.version = $5",
        params![c, p.handed_over.0, p.lived_in.0, p.rule.as_str(), p.version],
    )
}

/// Dossier, code and number of some dossiers.
pub fn names(c: Community, dossiers: &[Id]) -> Ask {
    let mut params = params![c];
    let dossiers = list(&mut params, dossiers);
    ask(
        format!("SELECT id, code, number FROM dossier WHERE community = $1 AND id IN ({dossiers})"),
        params,
    )
}
