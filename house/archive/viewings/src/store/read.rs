//! The SQL of pages that were shown, their codes, and printed copies.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::trace::Shown;

const SHOWN: &str = "code, viewing, document, page, reader, reader_name, at, copy, task, \
                     last_at, times";

/// Nothing where the code is another page's.
pub fn page(c: Community, s: &Shown) -> Ask {
    ask(
        format!(
            "INSERT INTO viewing_page (community, {SHOWN}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING"
        ),
        params![
            c,
            s.code,
            s.viewing,
            s.document,
            s.page,
            s.reader,
            s.reader_name.as_str(),
            s.at,
            s.copy,
            s.task.word(),
            s.last_at,
            s.times
        ],
    )
}

pub fn by_code(c: Community, code: i64) -> Ask {
    ask(
        format!("SELECT {SHOWN} FROM viewing_page WHERE community = $1 AND code = $2"),
        params![c, code],
    )
}

/// The code under which the same page was shown to the same eyes since, on the screen.
pub fn fresh(c: Community, s: &Shown, since: Moment) -> Ask {
    ask(
        "SELECT code FROM viewing_page WHERE community = $1 AND viewing = $2 AND at >= $3 \
         AND document = $4 AND page = $5 AND reader = $6 AND task = $7 AND copy IS NULL \
         ORDER BY at DESC LIMIT 1",
        params![
            c,
            s.viewing,
            since,
            s.document,
            s.page,
            s.reader,
            s.task.word()
        ],
    )
}

/// It is shown once more under its code.
pub fn again(c: Community, code: i64, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_page SET times = times + 1, last_at = $3 \
         WHERE community = $1 AND code = $2",
        params![c, code, now],
    )
}

/// Pages that were shown in a viewing, in their order.
pub fn of_viewing(c: Community, viewing: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {SHOWN} FROM viewing_page WHERE community = $1 AND viewing = $2 \
             ORDER BY at, code LIMIT $3"
        ),
        params![c, viewing, limit],
    )
}

/// How many pages somebody saw since.
pub fn read_since(c: Community, account: Id, since: Moment) -> Ask {
    ask(
        "/* whole: a quarter of one reader */ SELECT COUNT(*) FROM viewing_page \
         WHERE community = $1 AND reader = $2 AND at >= $3",
        params![c, account, since],
    )
}

pub fn count(c: Community, viewing: Id, pages: i64, copies: i64) -> Ask {
    ask(
        "UPDATE viewing SET pages = pages + $3, copies = copies + $4 \
         WHERE community = $1 AND id = $2",
        params![c, viewing, pages, copies],
    )
}

/// A copy on paper.
pub struct Copy {
    pub viewing: Id,
    pub nth: i64,
    pub document: Id,
    pub pages: i64,
    pub at: Moment,
    pub by_name: String,
    pub due_at: Option<Moment>,
    pub ended: String,
    pub ended_at: Option<Moment>,
    pub ended_name: String,
}

impl foundation::database::FromRow for Copy {
    fn from_row(
        row: &mut foundation::database::Row,
    ) -> Result<Copy, foundation::database::DbError> {
        Ok(Copy {
            viewing: row.next()?,
            nth: row.next()?,
            document: row.next()?,
            pages: row.next()?,
            at: row.next()?,
            by_name: row.next()?,
            due_at: row.next()?,
            ended: row.next()?,
            ended_at: row.next()?,
            ended_name: row.next()?,
        })
    }
}

const COPY: &str =
    "viewing, nth, document, pages, at, by_name, due_at, ended, ended_at, ended_name";

pub fn copy(c: Community, one: &Copy) -> Ask {
    ask(
        format!(
            "INSERT INTO viewing_copy (community, {COPY}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '')"
        ),
        params![
            c,
            one.viewing,
            one.nth,
            one.document,
            one.pages,
            one.at,
            one.by_name.as_str(),
            one.due_at,
            one.ended.as_str()
        ],
    )
}

pub fn copies(c: Community, viewing: Id) -> Ask {
    ask(
        format!(
            "SELECT {COPY} FROM viewing_copy WHERE community = $1 AND viewing = $2 \
             ORDER BY nth LIMIT 200"
        ),
        params![c, viewing],
    )
}

/// Copies that are out, the first due first.
pub fn copies_out(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {COPY} FROM viewing_copy WHERE community = $1 AND ended = '' \
             ORDER BY due_at, viewing, nth LIMIT $2"
        ),
        params![c, limit],
    )
}

pub fn end_copy(c: Community, viewing: Id, nth: i64, how: &str, name: &str, now: Moment) -> Ask {
    ask(
        "UPDATE viewing_copy SET ended = $4, ended_name = $5, ended_at = $6 \
         WHERE community = $1 AND viewing = $2 AND nth = $3 AND ended = ''",
        params![c, viewing, nth, how, name, now],
    )
}
