//! What this room asks of the roster, the fees and the accounts: the one place where
//! their answers are put into this room's words.

use hanzi::name::{SameName, same_name};
use hanzi::numbers::{Phone, ResidentId};
use hanzi::room::RoomCode;

use super::Relation;
use super::checks::Match;
use super::store;
use crate::foundation::clock::Moment;
use crate::foundation::database::{Community, Look};
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::people::permissions::Permission;

use super::MembershipError;

/// What the roster holds about somebody who says to live somewhere.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub party: Option<Id>,
    pub name: Match,
    pub phone: Match,
    pub document: Match,
    pub relation: Option<Relation>,
    pub former: bool,
    pub phone_elsewhere: u32,
    /// The name on the roster, for the comparison.
    pub name_on_roster: String,
    /// Masked phones on the roster.
    pub phones_on_roster: Vec<String>,
    pub document_on_roster: bool,
}

/// The room of a code typed in any way.
pub(super) async fn find_room(
    house: &House,
    c: Community,
    typed: &str,
) -> Result<Option<(Id, String)>, MembershipError> {
    let Ok(code) = RoomCode::parse(typed) else {
        return Ok(None);
    };
    Ok(house
        .db
        .optional(store::room_by_normal(c, code.as_normal()))
        .await?)
}

/// Most people that one room can have had.
const PEOPLE_MAX: usize = 200;

/// Compares what was said with everybody the roster has for the room.
pub(super) async fn claim(
    house: &House,
    c: Community,
    room: Id,
    name: &str,
    phone: &str,
    document: Option<&str>,
) -> Result<Found, MembershipError> {
    let people: Vec<(Id, String, String, Option<Moment>)> = house
        .db
        .all(store::people_of_room(c, room, PEOPLE_MAX as i64))
        .await?;
    let mut best: Option<(u8, Id, String, String, bool, Match)> = None;
    for (party, on_roster, kind, ended) in people {
        let (rank, found) = match same_name(name, &on_roster) {
            SameName::Exact(_) => (4, Match::Agrees),
            SameName::Likely(_) => (2, Match::Likely),
            SameName::No => (0, Match::Differs),
        };
        let rank = rank + u8::from(ended.is_none());
        if best.as_ref().is_none_or(|b| rank > b.0) {
            best = Some((rank, party, on_roster, kind, ended.is_some(), found));
        }
    }
    let said_phone = Phone::parse(phone).ok();
    let mut out = Found::default();
    if let Some((_, party, on_roster, kind, ended, found)) = best {
        out.name = found;
        out.name_on_roster = on_roster;
        if found != Match::Differs {
            out.party = Some(party);
            out.former = ended;
            out.relation = Relation::from_word(&kind);
            let ring = house.keys.ring(c, &[party]).await?;
            let mut phones = Vec::new();
            let rows: Vec<(Vec<u8>,)> = house.db.all(store::phones_of_party(c, party)).await?;
            for (sealed,) in rows {
                if let Some(text) = ring.open(party, "phone", &sealed)?
                    && let Ok(phone) = Phone::parse(&text)
                {
                    phones.push(phone);
                }
            }
            out.phone = match &said_phone {
                None => Match::NotGiven,
                Some(_) if phones.is_empty() => Match::NotOnRoster,
                Some(said) if phones.iter().any(|p| p.e164() == said.e164()) => Match::Agrees,
                Some(_) => Match::Differs,
            };
            out.phones_on_roster = phones.iter().map(Phone::masked).collect();
            let rows: Vec<(Vec<u8>,)> = house.db.all(store::documents_of_party(c, party)).await?;
            let mut documents = Vec::new();
            for (sealed,) in rows {
                documents.extend(ring.open(party, "document", &sealed)?);
            }
            out.document_on_roster = !documents.is_empty();
            let said = document.and_then(|d| ResidentId::parse(d).ok());
            out.document = match said {
                None => Match::NotGiven,
                Some(_) if documents.is_empty() => Match::NotOnRoster,
                Some(said) if documents.iter().any(|d| d == said.as_str()) => Match::Agrees,
                Some(_) => Match::Differs,
            };
        }
    }
    Ok(out)
}

/// How many months the room's oldest unpaid bill is old; `None` when no fees are kept.
pub(super) async fn arrears(
    _house: &House,
    _c: Community,
    _room: Id,
) -> Result<Option<(u32, bool)>, MembershipError> {
    Ok(None)
}

/// How many accounts of the compound carry `permission` today.
pub(super) fn count_able(
    tx: &mut impl Look,
    c: Community,
    permission: Permission,
    now: Moment,
) -> Result<i64, crate::foundation::database::DbError> {
    let (n,): (i64,) = tx.one(store::count_able(c, permission.roles(), now))?;
    Ok(n)
}

/// Whether the party still owns the room.
pub(super) fn still_owns(
    tx: &mut impl Look,
    c: Community,
    room: Id,
    party: Option<Id>,
) -> Result<bool, crate::foundation::database::DbError> {
    let Some(party) = party else { return Ok(false) };
    let (n,): (i64,) = tx.one(store::count_ownership(c, room, party))?;
    Ok(n > 0)
}
