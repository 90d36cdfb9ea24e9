//! How the desk stands: what came in the last thirty days, how it ended, how content people were;
//! what silence confirmed stands apart, because nobody said that it was done.

use std::collections::BTreeMap;

use foundation::clock::{DAY, Moment};
use foundation::database::{DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::listing::{Query, Show};
use crate::states::State;
use crate::ticket::Veil;
use crate::words::Kind;
use crate::{Refused, store};

/// What the figures look back on.
pub const DAYS: i64 = 30;
/// Tickets that are looked at: more than the largest compound has in thirty days.
const LOOKED_AT: i64 = 5_000;

/// What the figures need of a ticket.
pub(crate) struct Line {
    kind: Kind,
    state: State,
    category: Option<Id>,
    rating: Option<i64>,
    silent: bool,
    reopened: i64,
    opened_at: Moment,
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> Result<Line, DbError> {
        Ok(Line {
            kind: row.next()?,
            state: row.next()?,
            category: row.next()?,
            rating: row.next()?,
            silent: row.next()?,
            reopened: row.next()?,
            opened_at: row.next()?,
        })
    }
}

/// The desk in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub opened: i64,
    /// By kind, in the order of the kinds.
    pub kinds: Vec<(Kind, i64)>,
    /// The reporter said that it is done.
    pub confirmed: i64,
    /// Nobody said anything for a week.
    pub silent: i64,
    pub reopened: i64,
    /// How many rated, and all their stars.
    pub rated: i64,
    pub stars: i64,
    /// The categories with most, the most first.
    pub categories: Vec<(Id, i64)>,
    /// Open now, and overdue of these.
    pub open: i64,
    pub overdue: i64,
}

/// The desk's figures, complaints left out.
pub async fn figures(house: &House, by: &Actor) -> Result<Figures, Refused> {
    by.may(Permission::DeskRead)?;
    let (c, now) = (by.community, house.now());
    let asked = store::lists::newest(c, Veil::Office, LOOKED_AT);
    let lines: Vec<Line> = house.db.all(asked).await?;
    let since = now.plus(-DAYS * DAY);
    let mut out = Figures::default();
    let mut categories: BTreeMap<Id, i64> = BTreeMap::new();
    let mut kinds: BTreeMap<Kind, i64> = BTreeMap::new();
    for line in lines.iter().filter(|l| l.opened_at >= since) {
        out.opened += 1;
        *kinds.entry(line.kind).or_default() += 1;
        if let Some(category) = line.category {
            *categories.entry(category).or_default() += 1;
        }
        if matches!(line.state, State::Confirmed | State::Closed) {
            if line.silent {
                out.silent += 1;
            } else {
                out.confirmed += 1;
            }
        }
        out.reopened += i64::from(line.reopened > 0);
        if let Some(stars) = line.rating {
            out.rated += 1;
            out.stars += stars;
        }
    }
    out.kinds = kinds.into_iter().collect();
    out.categories = categories.into_iter().collect();
    out.categories.sort_by_key(|(id, n)| (-n, *id));
    let count = |show| {
        let q = Query {
            show,
            ..Query::default()
        };
        house.db.one::<(i64,)>(store::lists::count(c, &q, now))
    };
    (out.open,) = count(Show::Open).await?;
    (out.overdue,) = count(Show::Overdue).await?;
    Ok(out)
}
