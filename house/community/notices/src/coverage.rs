//! How far a notice has come: every household is either done, told but silent, or not
//! reached; the three lists are counted and paged from the same rows.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::notice::{Class, Notice};
use crate::{Count, NoticeError, events, jobs, store};

/// Households on one page of a list.
pub const PAGE_HOUSEHOLDS: i64 = 100;
/// Households on a printed sheet; a larger compound prints by building.
pub const SHEET_HOUSEHOLDS_MAX: i64 = 5_000;

/// How far a household is; only upwards within a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    Queued,
    Delivered,
    Opened,
    Acknowledged,
}

impl Reach {
    /// How far is far enough: read, or where it was asked for, confirmed.
    pub(crate) fn enough(asks: bool) -> Reach {
        if asks {
            Reach::Acknowledged
        } else {
            Reach::Opened
        }
    }

    pub(crate) fn stage(self) -> i64 {
        self as i64
    }

    fn from_stage(stage: i64) -> Reach {
        match stage {
            0 => Reach::Queued,
            1 => Reach::Delivered,
            2 => Reach::Opened,
            _ => Reach::Acknowledged,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Reach::Queued => "queued",
            Reach::Delivered => "delivered",
            Reach::Opened => "opened",
            Reach::Acknowledged => "acknowledged",
        }
    }
}

/// What a person did where no message reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    None,
    /// Spoken to.
    Reached,
    /// A paper on the door.
    Posted,
}

impl Side {
    fn from_word(word: &str) -> Side {
        match word {
            "reached" => Side::Reached,
            "posted" => Side::Posted,
            _ => Side::None,
        }
    }
}

/// Which of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Every,
    /// Confirmed, reached by hand or posted on the door; where nothing is asked, read.
    Done,
    /// Delivered or read, and silent.
    Told,
    /// Nothing reached it.
    Unreached,
    /// Told or unreached: for the door.
    Open,
}

impl Part {
    pub fn word(self) -> &'static str {
        match self {
            Part::Every => "every",
            Part::Done => "done",
            Part::Told => "told",
            Part::Unreached => "unreached",
            Part::Open => "open",
        }
    }

    pub fn from_word(word: &str) -> Part {
        match word {
            "done" => Part::Done,
            "told" => Part::Told,
            "unreached" => Part::Unreached,
            "open" => Part::Open,
            _ => Part::Every,
        }
    }
}

/// A household of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    pub room: Id,
    pub code: String,
    pub sort_key: Vec<u8>,
    pub late: bool,
    pub reach: Reach,
    pub side: Side,
    pub delivered_at: Option<Moment>,
    pub opened_at: Option<Moment>,
    pub acked_at: Option<Moment>,
    pub side_at: Option<Moment>,
    /// The ways that failed, by their words.
    pub failed: String,
}

impl Household {
    /// Whether nothing more is owed to it.
    pub fn is_done(&self, asks: bool) -> bool {
        self.side != Side::None || self.reach >= Reach::enough(asks)
    }
}

impl FromRow for Household {
    fn from_row(row: &mut Row) -> Result<Household, DbError> {
        Ok(Household {
            room: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            late: row.next()?,
            reach: Reach::from_stage(row.next()?),
            side: Side::from_word(&row.next::<String>()?),
            delivered_at: row.next()?,
            opened_at: row.next()?,
            acked_at: row.next()?,
            side_at: row.next()?,
            failed: row.next()?,
        })
    }
}

/// The counts of the lists; the late ones apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub households: i64,
    pub done: i64,
    pub told: i64,
    pub unreached: i64,
    pub acknowledged: i64,
    pub by_hand: i64,
    pub late: i64,
}

impl Tally {
    /// Out of a hundred, rounded down; a notice for nobody is done.
    pub fn percent_done(&self) -> i64 {
        if self.households == 0 {
            100
        } else {
            self.done * 100 / self.households
        }
    }
}

struct Slice {
    notice: Id,
    late: bool,
    side: Side,
    reach: Reach,
    count: i64,
}

impl FromRow for Slice {
    fn from_row(row: &mut Row) -> Result<Slice, DbError> {
        Ok(Slice {
            notice: row.next()?,
            late: row.next()?,
            side: Side::from_word(&row.next::<String>()?),
            reach: Reach::from_stage(row.next()?),
            count: row.next()?,
        })
    }
}

/// The counts of a notice's lists.
pub async fn tally(house: &House, c: Community, n: &Notice) -> Result<Tally, NoticeError> {
    let mut all = tallies(house, c, std::slice::from_ref(n)).await?;
    Ok(all.pop().unwrap_or_default())
}

/// The counts of several notices' lists, in their order, with one question.
pub async fn tallies(
    house: &House,
    c: Community,
    notices: &[Notice],
) -> Result<Vec<Tally>, NoticeError> {
    if notices.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = notices.iter().map(|n| n.id).collect();
    let slices: Vec<Slice> = house.db.all(store::households::tallies(c, &ids)).await?;
    let of = |n: &Notice| counted(n, slices.iter().filter(|s| s.notice == n.id));
    Ok(notices.iter().map(of).collect())
}

fn counted<'s>(n: &Notice, slices: impl Iterator<Item = &'s Slice>) -> Tally {
    let enough = Reach::enough(n.asks);
    let mut t = Tally::default();
    for s in slices {
        if s.late {
            t.late += s.count;
            continue;
        }
        t.households += s.count;
        if s.reach == Reach::Acknowledged {
            t.acknowledged += s.count;
        } else if s.side != Side::None {
            t.by_hand += s.count;
        }
        if s.side != Side::None || s.reach >= enough {
            t.done += s.count;
        } else if s.reach >= Reach::Delivered {
            t.told += s.count;
        } else {
            t.unreached += s.count;
        }
    }
    t
}

/// A page of a list in shelf order, and whether there is more behind it.
pub async fn page(
    house: &House,
    by: &Actor,
    n: &Notice,
    part: Part,
    building: &str,
    after: &[u8],
    limit: i64,
) -> Result<(Vec<Household>, bool), NoticeError> {
    by.may(Permission::NoticesReach)?;
    let asked =
        store::households::page(by.community, n.id, part, n.asks, building, after, limit + 1);
    let mut found: Vec<Household> = house.db.all(asked).await?;
    let more = found.len() as i64 > limit;
    found.truncate(limit.max(0) as usize);
    Ok((found, more))
}

/// The households that somebody takes along to the doors, at most
/// [`SHEET_HOUSEHOLDS_MAX`]; that the list was taken stands in the ledger first.
pub async fn sheet(
    house: &House,
    by: &Actor,
    n: &Notice,
    building: &str,
) -> Result<Vec<Household>, NoticeError> {
    let (found, _) = page(
        house,
        by,
        n,
        Part::Open,
        building,
        &[],
        SHEET_HOUSEHOLDS_MAX,
    )
    .await?;
    let (c, id, count) = (by.community, n.id, found.len() as i64);
    house
        .write(c, &by.who_for(Permission::NoticesReach), move |tx| {
            let event = Event::new(events::LISTED)
                .about("notice", id)
                .with("households", count);
            Ok::<_, NoticeError>(tx.record(event, ())?)
        })
        .await?;
    Ok(found)
}

/// Closes an emergency when the last household knows; the event stands beside the act's.
pub(crate) fn close_if_covered(
    tx: &mut Tx<'_>,
    c: Community,
    notice: Id,
) -> Result<(), NoticeError> {
    let found: Option<Notice> = tx.optional(store::notice(c, notice))?;
    let Some(mut n) = found.filter(Notice::is_open_emergency) else {
        return Ok(());
    };
    let Count(open) = tx.one(store::households::any_open(c, notice))?;
    if open > 0 {
        return Ok(());
    }
    let now = tx.now();
    n.covered_at = Some(now);
    tx.execute(store::update(c, &n, now))?;
    jobs::end_reminders(tx, &n)?;
    let event = Event::new(events::COVERED)
        .about("notice", notice)
        .to(To::Staff)
        .with("households", n.households);
    tx.also(event)?;
    Ok(())
}

/// Emergencies that not every household knows of.
pub async fn open_emergencies(house: &House, c: Community) -> Result<Vec<Notice>, NoticeError> {
    const SHOWN_MAX: i64 = 5;
    let found: Vec<Notice> = house.db.all(store::open_emergencies(c, SHOWN_MAX)).await?;
    debug_assert!(found.iter().all(|n| n.class == Class::Emergency));
    Ok(found)
}
