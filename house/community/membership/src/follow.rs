//! Following the roster: when a home changes hands, the former owners' memberships with it end
//! by themselves, and the new owners' invitations are made ready. At least once and
//! idempotent: the cursor moves after the deed, and ending what has ended does nothing.

use super::store::{self, Member};
use super::{MembershipError, members, successor};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Cursor, Entry};
use permissions::actor::Actor;

const CURSOR: Cursor = Cursor::new("membership_cursor", 100);

/// A home that changed hands, or did so no longer.
struct Handed {
    room: Id,
    former: Vec<Id>,
    owners: Vec<Id>,
    /// Whether it was done as a transfer, where the office saw the papers.
    by_transfer: bool,
    undone: bool,
    by: Option<Id>,
    seq: i64,
}

impl Handed {
    fn of(event: &Entry) -> Option<Handed> {
        let facts: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
        let ids = |name: &str| -> Vec<Id> {
            let list = facts[name].as_array().map_or(&[][..], Vec::as_slice);
            list.iter()
                .filter_map(|id| id.as_str()?.parse().ok())
                .collect()
        };
        Some(Handed {
            room: event.subject.strip_prefix("room:")?.parse().ok()?,
            former: ids("former"),
            owners: ids("owners"),
            by_transfer: facts["source"].as_str() == Some(roster::Source::Transfer.word()),
            undone: event.kind == roster::events::TRANSFER_UNDONE.name,
            by: event.actor.strip_prefix("a:").and_then(|a| a.parse().ok()),
            seq: event.seq,
        })
    }
}

/// Follows the compound's ledger up to its end; how many memberships ended.
pub async fn follow(house: &House, c: Community) -> Result<usize, MembershipError> {
    let by = Actor::system(c);
    let mut ended = 0;
    loop {
        let kinds = [
            roster::events::TRANSFERRED.name,
            roster::events::TRANSFER_UNDONE.name,
        ];
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        for handed in part.events.iter().filter_map(Handed::of) {
            for member in concerned(house, c, &handed).await? {
                ended += usize::from(members::end_by_transfer(house, &by, member).await?);
            }
            if handed.undone {
                successor::withdraw(house, c, handed.room, &handed.former).await?;
            }
            if handed.by_transfer {
                make_ready(house, c, &handed).await?;
            }
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(ended);
        }
    }
}

/// An invitation for each new owner; where the transfer was taken back, for who had lost
/// their membership by it.
async fn make_ready(house: &House, c: Community, handed: &Handed) -> Result<(), MembershipError> {
    let new = handed.owners.iter().filter(|p| !handed.former.contains(p));
    for party in new {
        if handed.undone {
            let asked = store::ended_by_transfer(c, handed.room, *party);
            let (n,): (i64,) = house.db.one(asked).await?;
            if n == 0 {
                continue;
            }
        }
        successor::prepare(house, c, handed.seq, handed.by, handed.room, *party).await?;
    }
    Ok(())
}

/// The memberships with the room whose member is among the former owners and not
/// among the new ones, and those of their families, who joined by them.
async fn concerned(
    house: &House,
    c: Community,
    handed: &Handed,
) -> Result<Vec<Id>, MembershipError> {
    let Handed {
        room,
        former,
        owners,
        ..
    } = handed;
    let room = *room;
    let here: Vec<Member> = house.db.all(store::members_of_room(c, room)).await?;
    let gone = |m: &Member| match m.party {
        Some(party) => former.contains(&party) && !owners.contains(&party),
        // Not tied to the roster: an owner by their own word until now.
        None => m.relation.owns() || m.relation == super::Relation::Family,
    };
    Ok(here.into_iter().filter(gone).map(|m| m.id).collect())
}
