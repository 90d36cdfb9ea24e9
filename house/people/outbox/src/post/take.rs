//! Takes items into one's hands, with the letters they carry.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use foundation::clock::Moment;
use foundation::communities;
use foundation::database::{Chore, Community, DbError, FromRow, HOUSE, Look, Row};
use foundation::house::House;
use foundation::ids::Id;

use crate::store::queue;
use crate::{Recipient, Way};

/// How many expired items settle at a time.
const SWEEP: i64 = 200;

/// An item in hand.
#[derive(Clone, Debug)]
pub struct Item {
    pub community: Community,
    pub letter: Id,
    pub recipient: String,
    pub to: Recipient,
    pub attempts: i64,
    pub lease: Moment,
}

impl FromRow for Item {
    fn from_row(row: &mut Row) -> Result<Item, DbError> {
        let (community, letter) = (row.next()?, row.next()?);
        let recipient: String = row.next()?;
        let to = Recipient::from_word(&recipient, row.next()?);
        let _urgent: bool = row.next()?;
        Ok(Item {
            community,
            letter,
            to,
            recipient,
            attempts: row.next()?,
            lease: Moment(0),
        })
    }
}

impl Item {
    /// The same at every try. It names records only.
    pub fn key(&self, way: Way) -> String {
        let whom = self.recipient.replace(':', "-");
        format!("{}-{}-{whom}", self.letter, way.word())
    }
}

/// Urgent items first, then the others, at most `most`.
pub async fn take(
    house: &Arc<House>,
    way: Way,
    now: Moment,
    most: usize,
    lease: i64,
) -> Result<Vec<Item>, DbError> {
    house
        .db
        .keep(Chore::Outbox, HOUSE, move |r| {
            let mut items: Vec<Item> = Vec::new();
            for urgent in [true, false] {
                let left = most.saturating_sub(items.len());
                if left > 0 {
                    let lock = r.skip_locked();
                    let due = queue::due(way, urgent, now, left as i64, lock);
                    items.extend(r.all::<Item>(due)?);
                }
            }
            hold(r, way, &mut items, now.plus(lease))?;
            Ok(items)
        })
        .await
}

/// What expired, so that it can settle.
pub async fn take_expired(
    house: &Arc<House>,
    way: Way,
    now: Moment,
    lease: i64,
) -> Result<Vec<Item>, DbError> {
    let seen: Vec<Item> = house.db.all(queue::expired(way, now, SWEEP, "")).await?;
    if seen.is_empty() {
        return Ok(seen);
    }
    house
        .db
        .keep(Chore::Outbox, HOUSE, move |r| {
            let lock = r.skip_locked();
            let mut items: Vec<Item> = r.all(queue::expired(way, now, SWEEP, lock))?;
            hold(r, way, &mut items, now.plus(lease))?;
            Ok(items)
        })
        .await
}

fn hold(
    r: &mut foundation::database::Reader<'_>,
    way: Way,
    items: &mut [Item],
    until: Moment,
) -> Result<(), DbError> {
    for item in items {
        item.lease = until;
        let lease = queue::lease(item.community, item.letter, way, &item.recipient, until);
        r.execute(lease)?;
    }
    Ok(())
}

/// A letter as it is carried.
pub struct Carried {
    pub title: String,
    pub text: String,
    pub link: String,
    pub urgent: bool,
    pub expires_at: Moment,
}

/// The letters of a batch.
pub struct Letters(HashMap<(Community, Id), Carried>);

impl Letters {
    pub async fn of(house: &House, items: &[Item], base: &str) -> Result<Letters, DbError> {
        let mut out = HashMap::new();
        let mut slugs: HashMap<Community, String> = HashMap::new();
        for item in items {
            let key = (item.community, item.letter);
            if out.contains_key(&key) {
                continue;
            }
            let c = item.community;
            let asked = queue::letter(c, item.letter);
            let found: Option<(String, String, String, String, bool, Moment)> =
                house.db.optional(asked).await?;
            let Some((_, title, text, path, urgent, expires_at)) = found else {
                continue;
            };
            if let Entry::Vacant(empty) = slugs.entry(c) {
                let compound = communities::by_number(&house.db, c).await?;
                empty.insert(compound.map_or_else(String::new, |p| p.slug));
            }
            let slug = slugs.get(&c).map_or("", String::as_str);
            let carried = Carried {
                title,
                text,
                link: format!("{base}/c/{slug}{path}"),
                urgent,
                expires_at,
            };
            out.insert(key, carried);
        }
        Ok(Letters(out))
    }

    pub fn get(&self, item: &Item) -> Option<&Carried> {
        self.0.get(&(item.community, item.letter))
    }
}
