//! Following the roster: when a home changes hands, the former owners' memberships
//! with it end by themselves. At least once and idempotent: the cursor moves after
//! the deed, and ending what has ended does nothing.

use super::store::{self, Member};
use super::{MembershipError, members};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Cursor;
use permissions::actor::Actor;

const CURSOR: Cursor = Cursor::new("membership_cursor", 100);

/// Follows the compound's ledger up to its end; how many memberships ended.
pub async fn follow(house: &House, c: Community) -> Result<usize, MembershipError> {
    let by = Actor::system(c);
    let mut ended = 0;
    loop {
        let kinds = [roster::events::TRANSFERRED.name];
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        for event in &part.events {
            for member in concerned(house, c, &event.subject, &event.body).await? {
                ended += usize::from(members::end_by_transfer(house, &by, member).await?);
            }
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
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
