//! What this room asks of the roster, the fees and the accounts: the one place where
//! their answers are put into this room's words.

use hanzi::name::{SameName, masked_name, same_name};
use hanzi::numbers::{Phone, ResidentId};

use super::checks::Match;
use super::{MembershipError, Relation, store};
use foundation::clock::Moment;
use foundation::database::{Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use roster::{self, RosterError, Tie};

impl From<RosterError> for MembershipError {
    fn from(e: RosterError) -> MembershipError {
        match e {
            RosterError::Database(e) => MembershipError::Database(e),
            RosterError::Keys(e) => MembershipError::Keys(e),
            _ => MembershipError::NotFound,
        }
    }
}

fn tie(relation: Relation) -> Tie {
    match relation {
        Relation::Owner => Tie::Owner,
        Relation::CoOwner => Tie::CoOwner,
        Relation::Family => Tie::Family,
        Relation::Tenant => Tie::Tenant,
    }
}

fn relation(tie: Tie) -> Relation {
    match tie {
        Tie::Owner => Relation::Owner,
        Tie::CoOwner => Relation::CoOwner,
        Tie::Family => Relation::Family,
        Tie::Tenant => Relation::Tenant,
    }
}

fn found(m: roster::Match) -> Match {
    match m {
        roster::Match::Pass(_) => Match::Agrees,
        roster::Match::Fail(_) => Match::Differs,
        roster::Match::Unknown("not_given") => Match::NotGiven,
        roster::Match::Unknown("look_alike" | "sound" | "pinyin") => Match::Likely,
        roster::Match::Unknown(_) => Match::NotOnRoster,
    }
}

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
}

/// Somebody's claim to a room.
pub(super) struct Said<'s> {
    pub room: Id,
    pub name: &'s str,
    pub phone: &'s str,
    pub document: Option<&'s str>,
    pub relation: Relation,
}

/// The room of a code typed in any way: its id and its code as the office writes it.
pub(super) async fn find_room(
    house: &House,
    c: Community,
    typed: &str,
) -> Result<Option<(Id, String)>, MembershipError> {
    let room = roster::find_room(house, c, typed).await?;
    Ok(room.map(|r| (r.id, r.code)))
}

/// Compares what was said with everybody the roster has for the room.
pub(super) async fn claim(
    house: &House,
    c: Community,
    said: Said<'_>,
) -> Result<Found, MembershipError> {
    let phone = Phone::parse(said.phone).ok();
    let document = said.document.and_then(|d| ResidentId::parse(d).ok());
    let claim = roster::Claim {
        room: said.room,
        name: said.name,
        phone: phone.as_ref(),
        document: document.as_ref(),
        relation: Some(tie(said.relation)),
    };
    let evidence = roster::claim(house, c, &claim).await?;
    let mut out = Found {
        party: evidence.party,
        name: found(evidence.name),
        phone: found(evidence.phone),
        document: found(evidence.document),
        relation: evidence.relation_on_roster.map(relation),
        former: false,
        phone_elsewhere: 0,
    };
    if out.party.is_none() {
        // Nobody who stands there now: somebody who did?
        let former: Vec<(String,)> = house.db.all(store::former_names(c, said.room)).await?;
        let same = |name: &str| matches!(same_name(said.name, name), SameName::Exact(_));
        out.former = former.iter().any(|(name,)| same(name));
    }
    // The same owner may have two homes; only a phone of somebody else tells something.
    if out.phone != Match::Agrees {
        out.phone_elsewhere =
            u32::try_from(evidence.same_phone_elsewhere.len()).unwrap_or(u32::MAX);
    }
    Ok(out)
}

/// What a verifier is shown of the roster beside what was said.
#[derive(Clone, Debug, Default)]
pub struct OnRoster {
    /// In clear where it is the name that was said or resembles it; else masked.
    pub names: Vec<String>,
    /// Masked phones of the person found.
    pub phones: Vec<String>,
    pub relation: Option<Relation>,
}

/// The people of a room, as a verifier may see them.
pub(super) async fn on_roster(
    house: &House,
    c: Community,
    room: Id,
    name: &str,
    party: Option<Id>,
) -> Result<OnRoster, MembershipError> {
    let mut out = OnRoster::default();
    for person in roster::people_of_room(house, c, room).await? {
        if !person.relation.stands {
            continue;
        }
        if party == Some(person.party) {
            out.phones = person.phones;
            out.relation = Some(relation(person.relation.kind));
        }
    }
    let names: Vec<(String,)> = house.db.all(store::standing_names(c, room)).await?;
    for (on_roster,) in names {
        out.names.push(match same_name(name, &on_roster) {
            SameName::No => masked_name(&on_roster),
            _ => on_roster,
        });
    }
    Ok(out)
}

/// How many whole months the room's oldest unpaid bill is late, and whether a plan
/// for it is being kept.
pub(super) async fn arrears(
    house: &House,
    c: Community,
    room: Id,
) -> Result<(u32, bool), MembershipError> {
    let arrears = fees::arrears_of(house, c, room, house.now().date()).await?;
    Ok((
        u32::try_from(arrears.months_overdue).unwrap_or(0),
        arrears.has_plan,
    ))
}

/// How many accounts of the compound carry `permission` today.
pub(super) fn count_able(
    tx: &mut impl Look,
    c: Community,
    permission: Permission,
    now: Moment,
) -> Result<i64, DbError> {
    let (n,): (i64,) = tx.one(store::count_able(c, permission.roles(), now))?;
    Ok(n)
}

/// Whether the party still owns the room.
pub(super) fn still_owns(
    tx: &mut impl Look,
    c: Community,
    room: Id,
    party: Option<Id>,
) -> Result<bool, DbError> {
    let Some(party) = party else { return Ok(false) };
    let (n,): (i64,) = tx.one(store::count_ownership(c, room, party))?;
    Ok(n > 0)
}
