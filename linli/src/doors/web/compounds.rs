//! Which compound a slug names, asked once a minute at most.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use foundation::clock::{MINUTE, Moment};
use foundation::database::{Community, DbError, ask};
use foundation::house::House;
use foundation::params;

/// How long an answer is believed: a renamed compound is seen within a minute.
const BELIEVED: i64 = MINUTE;
/// Thousands of compounds fit; beyond, the memory begins anew.
const KEPT_MAX: usize = 20_000;

/// A compound as the doors know it.
#[derive(Clone, Debug)]
pub struct Found {
    pub community: Community,
    pub name: String,
    pub slug: String,
}

#[derive(Default)]
pub struct Compounds(RwLock<HashMap<String, (Found, Moment)>>);

impl Compounds {
    pub async fn find(&self, house: &House, slug: &str) -> Result<Option<Found>, DbError> {
        let now = house.now();
        let kept = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(slug)
            .filter(|(_, at)| at.plus(BELIEVED) > now)
            .map(|(found, _)| found.clone());
        if kept.is_some() {
            return Ok(kept);
        }
        let row: Option<(Community, String)> = house
            .db
            .optional(ask(
                "SELECT number, name FROM community WHERE slug = $1",
                params![slug],
            ))
            .await?;
        let Some((community, name)) = row else {
            return Ok(None);
        };
        let found = Found {
            community,
            name,
            slug: slug.to_owned(),
        };
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(slug.to_owned(), (found.clone(), now));
        Ok(Some(found))
    }
}
