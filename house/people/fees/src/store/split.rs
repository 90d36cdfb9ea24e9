//! Who owned a room on which days.

use jiff::civil::Date;

use crate::split::Holder;
use foundation::database::{Ask, Community, DbError, FromRow, Row, ask};
use foundation::ids::Id;
use foundation::params;

/// Owners of one room over some months that are read at once.
const HOLDERS_MAX: i64 = 200;

impl FromRow for Holder {
    fn from_row(row: &mut Row) -> Result<Holder, DbError> {
        // A clerk may have known the year only: that is no day to count from.
        let day = |text: Option<String>| text.and_then(|d| d.parse::<Date>().ok());
        let (party, name) = (row.next()?, row.next()?);
        let organisation = row.next::<i64>()? > 0;
        let share: (Option<i64>, Option<i64>) = (row.next()?, row.next()?);
        Ok(Holder {
            party,
            name,
            organisation,
            share: share.0.zip(share.1),
            from: day(row.next()?),
            until: day(row.next()?),
        })
    }
}

/// The owners of a room on some of the days from `first` to `last`; what was a mistake never was.
pub fn holders(c: Community, room: Id, first: Date, last: Date) -> Ask {
    ask(
        "SELECT p.id, p.name, CASE WHEN p.kind = 'organisation' THEN 1 ELSE 0 END, w.share_part, \
         w.share_whole, w.from_day, w.until_day FROM relation_seen w \
         JOIN party_seen p ON p.community = w.community AND p.id = w.party \
         WHERE w.community = $1 AND w.room = $2 AND w.kind IN ('owner', 'co_owner') \
         AND w.ended_why NOT IN ('mistake', 'merged') \
         AND (w.ended_at IS NULL OR w.until_day IS NOT NULL) \
         AND (w.from_day IS NULL OR w.from_day <= $4) \
         AND (w.until_day IS NULL OR w.until_day >= $3) ORDER BY COALESCE(w.from_day, ''), w.id LIMIT $5",
        params![c, room, first.to_string(), last.to_string(), HOLDERS_MAX],
    )
}
