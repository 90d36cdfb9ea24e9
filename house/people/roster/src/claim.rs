//! Compares what somebody says of themselves with the roster, and says why. It decides
//! nothing: people do.

use hanzi::name::{Resemblance, SameName, Writing, same_name};
use hanzi::numbers::{Phone, ResidentId};

use super::people::{Party, Relation, open_documents, open_phones};
use super::room::room;
use super::{RosterError, Tie, search, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;

/// What somebody says.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub room: Id,
    pub name: &'a str,
    pub phone: Option<&'a Phone>,
    pub document: Option<&'a ResidentId>,
    pub relation: Option<Tie>,
}

/// How one datum compares, with a frozen word that says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    Pass(&'static str),
    Fail(&'static str),
    Unknown(&'static str),
}

/// What the roster says to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimEvidence {
    /// Pass `same` `spacing` `script`; unknown `look_alike` `sound` `pinyin` `nobody`
    /// `room_unknown`; fail `another`.
    pub name: Match,
    /// Pass `on_roster`; fail `another`; unknown `not_given` `none_on_roster` `no_party`.
    pub phone: Match,
    /// As `phone`.
    pub document: Match,
    /// The party of the room that the claim speaks of, where there is one.
    pub party: Option<Id>,
    /// How that party belongs to the room.
    pub relation_on_roster: Option<Tie>,
    /// Whether the relation claimed is of the same class; unknown when none was claimed.
    pub relation: Match,
    pub room_known: bool,
    /// Rooms of others with the same phone.
    pub same_phone_elsewhere: Vec<Id>,
}

fn name_match(claimed: &str, on_roster: &str) -> Match {
    match same_name(claimed, on_roster) {
        SameName::Exact(Writing::Same) => Match::Pass("same"),
        SameName::Exact(Writing::Spacing) => Match::Pass("spacing"),
        SameName::Exact(Writing::Script) => Match::Pass("script"),
        SameName::Likely(Resemblance::LookAlike) => Match::Unknown("look_alike"),
        SameName::Likely(Resemblance::Sound) => Match::Unknown("sound"),
        SameName::Likely(Resemblance::Pinyin) => Match::Unknown("pinyin"),
        SameName::No => Match::Fail("another"),
    }
}

fn rank(m: Match) -> u8 {
    match m {
        Match::Pass(_) => 2,
        Match::Unknown(_) => 1,
        Match::Fail(_) => 0,
    }
}

/// Compares a claim with the roster. Tolerant of script, spacing and look-alike signs.
pub async fn claim(
    house: &House,
    c: Community,
    claim: &Claim<'_>,
) -> Result<ClaimEvidence, RosterError> {
    let mut evidence = ClaimEvidence {
        name: Match::Unknown("room_unknown"),
        phone: Match::Unknown(if claim.phone.is_some() {
            "no_party"
        } else {
            "not_given"
        }),
        document: Match::Unknown(if claim.document.is_some() {
            "no_party"
        } else {
            "not_given"
        }),
        party: None,
        relation_on_roster: None,
        relation: Match::Unknown("not_given"),
        room_known: room(house, c, claim.room).await?.is_some(),
        same_phone_elsewhere: elsewhere(house, c, claim).await?,
    };
    if !evidence.room_known {
        return Ok(evidence);
    }
    evidence.name = Match::Unknown("nobody");
    let today = house.now().date().to_string();
    let relations: Vec<Relation> = house
        .db
        .all(store::people_of_room(c, claim.room, &today))
        .await?;
    let standing: Vec<&Relation> = relations.iter().filter(|r| r.stands).collect();
    if standing.is_empty() {
        return Ok(evidence);
    }
    let ids: Vec<Id> = standing.iter().map(|r| r.other).collect();
    let parties: Vec<Party> = house.db.all(store::parties(c, &ids)).await?;
    // The claimed relation breaks ties: a father and a son may share a room and a name.
    let best = standing
        .iter()
        .filter_map(|r| {
            let party = parties.iter().find(|p| p.id == r.other)?;
            let fits = claim.relation.is_some_and(|t| t.class() == r.kind.class());
            Some((name_match(claim.name, &party.name), fits, *r))
        })
        .max_by_key(|(m, fits, _)| (rank(*m), *fits));
    let Some((name, fits, relation)) = best else {
        return Ok(evidence);
    };
    evidence.name = name;
    if rank(name) == 0 {
        return Ok(evidence);
    }
    evidence.party = Some(relation.other);
    evidence.relation_on_roster = Some(relation.kind);
    if claim.relation.is_some() {
        evidence.relation = if fits {
            Match::Pass("same")
        } else {
            Match::Fail("another")
        };
    }
    if let Some(phone) = claim.phone {
        let known = open_phones(house, c, &[relation.other]).await?;
        evidence.phone = compare(known.iter().map(|p| p.number.as_str()), |n| {
            Phone::parse(n).is_ok_and(|n| n.e164() == phone.e164())
        });
    }
    if let Some(document) = claim.document {
        let known = open_documents(house, c, &[relation.other]).await?;
        evidence.document = compare(known.iter().map(|(_, _, n)| n.as_str()), |n| {
            ResidentId::parse(n).is_ok_and(|n| n.as_str() == document.as_str())
        });
    }
    Ok(evidence)
}

fn compare<'a>(mut known: impl Iterator<Item = &'a str>, same: impl Fn(&str) -> bool) -> Match {
    let Some(first) = known.next() else {
        return Match::Unknown("none_on_roster");
    };
    if same(first) || known.any(same) {
        Match::Pass("on_roster")
    } else {
        Match::Fail("another")
    }
}

/// Other rooms whose people have this phone.
async fn elsewhere(house: &House, c: Community, claim: &Claim<'_>) -> Result<Vec<Id>, RosterError> {
    let Some(phone) = claim.phone else {
        return Ok(Vec::new());
    };
    let parties = search::parties_of_phone(house, c, &phone.e164(), |n| {
        Phone::parse(n).is_ok_and(|n| n.e164() == phone.e164())
    })
    .await?;
    if parties.is_empty() {
        return Ok(Vec::new());
    }
    let today = house.now().date().to_string();
    let rooms: Vec<search::RoomOf> = house.db.all(store::rooms_of(c, &parties, &today)).await?;
    let mut ids: Vec<Id> = rooms
        .into_iter()
        .map(|r| r.room.id)
        .filter(|id| *id != claim.room)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
