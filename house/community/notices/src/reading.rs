//! A member reads what concerns their home; that it was opened is a mark, not an event.

use foundation::clock::DAY;
use foundation::database::{Chore, Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use membership::{Relation, members};
use permissions::Permission;
use permissions::actor::Actor;

use crate::NoticeError;
use crate::coverage::{Household, Reach};
use crate::notice::Notice;
use crate::store;
use crate::stretch::Stretches;

/// Notices on one page of a member's list.
pub const PAGE_NOTICES: i64 = 30;

/// A notice as a member finds it.
#[derive(Clone, Debug)]
pub struct Mine {
    pub notice: Notice,
    /// Somebody of each of the member's homes opened it.
    pub opened: bool,
    /// Nothing more is asked of the member's homes.
    pub done: bool,
}

/// The member's homes here and what they are to each.
async fn homes(house: &House, by: &Actor) -> Result<Vec<(Id, Relation)>, NoticeError> {
    by.may(Permission::NoticesRead)?;
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let here = members::of_account(house, by.community, account).await?;
    Ok(here
        .iter()
        .filter(|m| m.state.is_member() || m.state == membership::State::Removed)
        .map(|m| (m.room, m.relation))
        .collect())
}

struct HomeRow {
    notice: Id,
    room: Id,
    stage: i64,
    side: String,
}

impl FromRow for HomeRow {
    fn from_row(row: &mut Row) -> Result<HomeRow, DbError> {
        Ok(HomeRow {
            notice: row.next()?,
            room: row.next()?,
            stage: row.next()?,
            side: row.next()?,
        })
    }
}

/// A page of the notices of the member's homes, the newest first, and where to go on.
pub async fn list(
    house: &House,
    by: &Actor,
    after: Option<Id>,
) -> Result<(Vec<Mine>, Option<Id>), NoticeError> {
    let homes = homes(house, by).await?;
    let rooms: Vec<Id> = homes.iter().map(|h| h.0).collect();
    if rooms.is_empty() {
        return Ok((Vec::new(), None));
    }
    let c = by.community;
    let limit = PAGE_NOTICES * rooms.len() as i64;
    let rows: Vec<HomeRow> = house
        .db
        .all(store::households::of_homes(c, &rooms, after, limit))
        .await?;
    let mut ids: Vec<Id> = rows.iter().map(|r| r.notice).collect();
    ids.dedup();
    let cut = rows.len() as i64 == limit;
    if cut && ids.len() > 1 {
        // The last one's rows may not all be here; the next page begins with it.
        ids.pop();
    }
    ids.truncate(PAGE_NOTICES as usize);
    if ids.is_empty() {
        return Ok((Vec::new(), None));
    }
    let next = ids
        .last()
        .copied()
        .filter(|_| cut || ids.len() as i64 == PAGE_NOTICES);
    let notices: Vec<Notice> = house.db.all(store::notices(c, &ids)).await?;
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(n) = notices.iter().find(|n| n.id == id) else {
            continue;
        };
        let takes = |r: &&HomeRow| {
            r.notice == id
                && homes
                    .iter()
                    .any(|(room, relation)| *room == r.room && n.audience.whom.takes(*relation))
        };
        let mine: Vec<&HomeRow> = rows.iter().filter(takes).collect();
        if mine.is_empty() || !n.state.went_out() {
            continue;
        }
        let enough = Reach::enough(n.asks).stage();
        out.push(Mine {
            opened: mine.iter().all(|r| r.stage >= 2),
            done: mine.iter().all(|r| r.stage >= enough || !r.side.is_empty()),
            notice: n.clone(),
        });
    }
    Ok((out, next))
}

/// A notice of the member's, and those of their homes that it is for.
///
/// # Errors
/// [`NoticeError::NotFound`] for what is not theirs to know of.
pub(crate) async fn mine(
    house: &House,
    by: &Actor,
    id: Id,
) -> Result<(Notice, Vec<Id>), NoticeError> {
    let homes = homes(house, by).await?;
    let c = by.community;
    let found: Option<Notice> = house.db.optional(store::notice(c, id)).await?;
    let n = found
        .filter(|n| n.state.went_out())
        .ok_or(NoticeError::NotFound)?;
    let meant: Vec<Id> = homes
        .iter()
        .filter(|(_, relation)| n.audience.whom.takes(*relation))
        .map(|h| h.0)
        .collect();
    if meant.is_empty() {
        return Err(NoticeError::NotFound);
    }
    let mut frozen = in_list(house, c, id, &meant).await?;
    if frozen.len() < meant.len() && n.state.stands() {
        // A home that came into the audience after it went out is told apart.
        let ranges = Stretches::find(house, c, &n.audience.ranges).await?;
        let late = store::households::in_audience(c, &n.audience, &ranges, &meant);
        let late: Vec<(Id,)> = house.db.all(late).await?;
        for (room,) in late {
            if !frozen.contains(&room) {
                house
                    .db
                    .keep::<_, DbError, _>(Chore::ReadMark, c, move |r| {
                        r.execute(store::households::add_late(c, id, room))
                    })
                    .await?;
                frozen.push(room);
            }
        }
    }
    if frozen.is_empty() {
        return Err(NoticeError::NotFound);
    }
    Ok((n, frozen))
}

async fn in_list(
    house: &House,
    c: Community,
    notice: Id,
    rooms: &[Id],
) -> Result<Vec<Id>, DbError> {
    let found: Vec<Household> = house
        .db
        .all(store::households::of_rooms(c, notice, rooms))
        .await?;
    Ok(found.into_iter().map(|h| h.room).collect())
}

/// Opens a notice for a member: their homes are marked as having read it.
pub async fn open(house: &House, by: &Actor, id: Id) -> Result<Mine, NoticeError> {
    let (n, rooms) = mine(house, by, id).await?;
    let c = by.community;
    let now = house.now();
    if n.state.stands() {
        let rooms = rooms.clone();
        house
            .db
            .keep::<_, DbError, _>(Chore::ReadMark, c, move |r| {
                r.execute(store::households::raise(c, id, &rooms, Reach::Opened, now))
            })
            .await?;
    }
    let stand: Vec<Household> = house
        .db
        .all(store::households::of_rooms(c, id, &rooms))
        .await?;
    Ok(Mine {
        opened: true,
        done: stand.iter().all(|h| h.is_done(n.asks)),
        notice: n,
    })
}

/// What was never read of an ordinary notice is old news after so long.
const NEWS_MS: i64 = 30 * DAY;

/// The standing notices that wait for the member: to be confirmed, or to be read while
/// they are news.
pub async fn waiting(house: &House, by: &Actor) -> Result<Vec<Notice>, NoticeError> {
    let (list, _) = list(house, by, None).await?;
    let since = house.now().plus(-NEWS_MS);
    let news = |n: &Notice| n.asks || n.published_at.is_some_and(|at| at > since);
    Ok(list
        .into_iter()
        .filter(|m| m.notice.state.stands() && !m.done && news(&m.notice))
        .map(|m| m.notice)
        .collect())
}
