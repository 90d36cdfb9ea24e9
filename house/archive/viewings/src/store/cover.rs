//! The SQL of what is covered in an own file, and who saw it covered.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// Pages of one own file that are gone through: those of a tenure's papers.
pub const PAGES_MAX: i64 = 5_000;

/// A page that was gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    pub document: Id,
    pub page: i64,
    /// As [`crate::own_area`] writes them; empty where nothing is of others.
    pub areas: String,
    pub covered_as: Id,
}

impl FromRow for Covered {
    fn from_row(row: &mut Row) -> Result<Covered, DbError> {
        Ok(Covered {
            document: row.next()?,
            page: row.next()?,
            areas: row.next()?,
            covered_as: row.next()?,
        })
    }
}

pub fn cover(c: Community, viewing: Id, one: &Covered) -> Ask {
    ask(
        "INSERT INTO viewing_cover (community, viewing, document, page, areas, covered_as) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (community, viewing, document, page) \
         DO UPDATE SET areas = excluded.areas, covered_as = excluded.covered_as",
        params![
            c,
            viewing,
            one.document,
            one.page,
            one.areas.as_str(),
            one.covered_as
        ],
    )
}

pub fn covered(c: Community, viewing: Id, document: Id, page: i64) -> Ask {
    ask(
        "SELECT document, page, areas, covered_as FROM viewing_cover WHERE community = $1 \
         AND viewing = $2 AND document = $3 AND page = $4",
        params![c, viewing, document, page],
    )
}

/// All pages that were gone through.
pub fn all(c: Community, viewing: Id) -> Ask {
    ask(
        "SELECT document, page, areas, covered_as FROM viewing_cover WHERE community = $1 \
         AND viewing = $2 ORDER BY document, page LIMIT $3",
        params![c, viewing, PAGES_MAX],
    )
}

/// Whether a person covered a page of it.
pub fn is_by(c: Community, viewing: Id, person: Id) -> Ask {
    ask(
        "SELECT 1 FROM viewing_cover WHERE community = $1 AND viewing = $2 AND covered_as = $3 \
         LIMIT 1",
        params![c, viewing, person],
    )
}

/// Pages that an account saw covered since they were handed over: document and page.
pub fn seen(c: Community, viewing: Id, account: Id, since: Moment) -> Ask {
    ask(
        "SELECT DISTINCT document, page FROM viewing_page WHERE community = $1 AND viewing = $2 \
         AND task = 'release' AND reader = $3 AND last_at >= $4 LIMIT $5",
        params![c, viewing, account, since, PAGES_MAX],
    )
}
