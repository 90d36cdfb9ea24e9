//! The SQL of city packs.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

use crate::pack::{Pack, Version};

const PACK: &str = "version, city, name, text, words, article, origin";

pub fn newest(c: Community) -> Ask {
    ask(
        format!(
            "SELECT {PACK} FROM arrears_pack WHERE community = $1 ORDER BY version DESC LIMIT 1"
        ),
        params![c],
    )
}

pub fn one(c: Community, version: i64) -> Ask {
    ask(
        format!("SELECT {PACK} FROM arrears_pack WHERE community = $1 AND version = $2"),
        params![c, version],
    )
}

impl FromRow for Version {
    fn from_row(row: &mut Row) -> Result<Version, DbError> {
        Ok(Version {
            version: row.next()?,
            name: row.next()?,
            by_name: row.next()?,
            at_ms: row.next::<Moment>()?.0,
        })
    }
}

pub fn versions(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT version, name, by_name, at FROM arrears_pack WHERE community = $1 \
         ORDER BY version DESC LIMIT $2",
        params![c, limit],
    )
}

pub fn insert(c: Community, p: &Pack, account: Id, by_name: &str, at: Moment) -> Ask {
    ask(
        "INSERT INTO arrears_pack (community, version, city, name, text, words, article, origin, \
         by_account, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            c,
            p.version,
            p.city.as_str(),
            p.name.as_str(),
            p.text.as_str(),
            p.words.join("\n"),
            p.article.as_str(),
            p.origin.as_str(),
            account,
            by_name,
            at
        ],
    )
}
