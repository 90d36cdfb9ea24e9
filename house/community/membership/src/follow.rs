//! Following the roster: when a home changes hands, the former owners' memberships
//! with it end by themselves. At least once and idempotent: the cursor moves after
//! the deed, and ending what has ended does nothing.

use super::store::{self, Member};
use super::{MembershipError, members};
use foundation::database::{Chore, Community};
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

/// Events looked at in one go.
const TAKE: i64 = 100;

/// Follows the compound's ledger up to its end; how many memberships ended.
pub async fn follow(house: &House, c: Community) -> Result<usize, MembershipError> {
    let by = Actor::system(c);
    let mut ended = 0;
    loop {
        let at: Option<(i64,)> = house.db.optional(store::cursor(c)).await?;
        let at = at.map_or(0, |r| r.0);
        let head: Option<(i64,)> = house.db.optional(store::head(c)).await?;
        let rows: Vec<(i64, String, String)> = house
            .db
            .all(store::events_after(
                c,
                roster::events::TRANSFERRED.name,
                at,
                TAKE,
            ))
            .await?;
        for (_, subject, body) in &rows {
            for member in concerned(house, c, subject, body).await? {
                ended += usize::from(members::end_by_transfer(house, &by, member).await?);
            }
        }
        let full = rows.len() as i64 == TAKE;
        // A page that was not full means that nothing of ours lies below the head seen before it.
        let seen = match rows.last() {
            Some((seq, _, _)) if full => *seq,
            last => head.map_or(0, |h| h.0).max(last.map_or(0, |r| r.0)),
        };
        if seen > at {
            let moved = house
                .db
                .keep::<_, MembershipError, _>(Chore::Cursor, c, move |r| {
                    r.execute(store::move_cursor(c, seen))?;
                    Ok(())
                });
            moved.await?;
        }
        if !full {
            return Ok(ended);
        }
    }
}

/// The memberships with the room whose member is among the former owners and not
/// among the new ones, and those of their families, who joined by them.
async fn concerned(
    house: &House,
    c: Community,
    subject: &str,
    body: &str,
) -> Result<Vec<Id>, MembershipError> {
    let room = subject
        .strip_prefix("room:")
        .and_then(|id| id.parse::<Id>().ok());
    let Some(room) = room else {
        return Ok(Vec::new());
    };
    let facts: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let ids = |name: &str| -> Vec<Id> {
        let list = facts[name].as_array().cloned().unwrap_or_default();
        list.iter()
            .filter_map(|id| id.as_str()?.parse().ok())
            .collect()
    };
    let (former, owners) = (ids("former"), ids("owners"));
    let here: Vec<Member> = house.db.all(store::members_of_room(c, room)).await?;
    let gone = |m: &Member| match m.party {
        Some(party) => former.contains(&party) && !owners.contains(&party),
        // Not tied to the roster: an owner by their own word until now.
        None => m.relation.owns() || m.relation == super::Relation::Family,
    };
    Ok(here.into_iter().filter(gone).map(|m| m.id).collect())
}
