//! The automatic checks of an application: each passes, fails or does not know, and
//! says on what evidence. Pure: the facts are gathered elsewhere.

use serde::{Deserialize, Serialize};

use super::Relation;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// The room is on the roster.
    Room,
    /// The name stands there with the room.
    Name,
    /// So does the phone.
    Phone,
    /// So does the identity number.
    Document,
    /// The roster knows the person as what they say they are.
    Relation,
    /// The identity number's own check character and date.
    Identity,
    /// Not a member already.
    Member,
    /// No other application of the same person is on its way.
    Double,
    /// The phone belongs to nobody else here.
    PhoneElsewhere,
    /// No old debt without a plan.
    Fees,
    /// No earlier removal whose term still runs.
    Removal,
}

impl CheckKind {
    pub const ALL: [CheckKind; 11] = [
        CheckKind::Room,
        CheckKind::Name,
        CheckKind::Phone,
        CheckKind::Document,
        CheckKind::Relation,
        CheckKind::Identity,
        CheckKind::Member,
        CheckKind::Double,
        CheckKind::PhoneElsewhere,
        CheckKind::Fees,
        CheckKind::Removal,
    ];

    pub fn word(self) -> &'static str {
        match self {
            CheckKind::Room => "room",
            CheckKind::Name => "name",
            CheckKind::Phone => "phone",
            CheckKind::Document => "document",
            CheckKind::Relation => "relation",
            CheckKind::Identity => "identity",
            CheckKind::Member => "member",
            CheckKind::Double => "double",
            CheckKind::PhoneElsewhere => "phone_elsewhere",
            CheckKind::Fees => "fees",
            CheckKind::Removal => "removal",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Pass,
    Fail,
    Unknown,
}

/// Why a check came out as it did; a sentence of the words for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The two sides agree.
    Agrees,
    /// They differ.
    Differs,
    /// They resemble each other (script, look-alike, sound).
    Likely,
    /// Nothing was given.
    NotGiven,
    /// The roster holds nothing to compare with.
    NotOnRoster,
    /// The room is not on the roster.
    NoRoom,
    /// The home was sold; the person is a former owner.
    Former,
    /// The roster knows the person in another relation.
    OtherRelation,
    /// The number's form is right.
    WellFormed,
    /// The number cannot be one.
    Malformed,
    /// None was found.
    NoneFound,
    /// `number` were found.
    Found,
    /// `number` months of debt, without a plan.
    Arrears,
    /// `number` months of debt, with a plan that is being kept.
    ArrearsPlanned,
    /// The removal runs until the day `number` (milliseconds).
    RemovedUntil,
}

/// One check with its evidence. Nothing personal: it is stored beside the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub kind: CheckKind,
    pub outcome: Outcome,
    pub why: Why,
    pub number: i64,
}

/// How something said relates to something on the roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Match {
    Agrees,
    /// Probably the same; somebody must look.
    Likely,
    Differs,
    /// The roster has nothing there.
    #[default]
    NotOnRoster,
    /// The applicant said nothing.
    NotGiven,
}

/// What the roster, the fees and this room know about an application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub room_known: bool,
    pub name: Match,
    pub phone: Match,
    pub document: Match,
    /// The relation the roster has for the person found.
    pub relation_on_roster: Option<Relation>,
    /// The person found sold the home.
    pub former: bool,
    pub phone_elsewhere: u32,
    /// `None` when no identity number was given.
    pub identity_well_formed: Option<bool>,
    pub memberships: u32,
    pub open_applications: u32,
    /// Months since the oldest unpaid bill; `None` when the house keeps no fees.
    pub arrears_months: Option<u32>,
    pub arrears_limit: u32,
    pub has_plan: bool,
    /// When the term of an earlier removal ends (ms).
    pub removed_until: Option<i64>,
}

/// Runs every check on the facts for somebody who says to be `relation`.
pub fn run(facts: &Facts, relation: Relation) -> Vec<Check> {
    let mut out = Vec::with_capacity(CheckKind::ALL.len());
    let mut put = |kind, outcome, why, number: i64| {
        out.push(Check {
            kind,
            outcome,
            why,
            number,
        });
    };
    if facts.room_known {
        put(CheckKind::Room, Outcome::Pass, Why::Agrees, 0);
    } else {
        put(CheckKind::Room, Outcome::Unknown, Why::NoRoom, 0);
    }
    for (kind, found) in [
        (CheckKind::Name, facts.name),
        (CheckKind::Phone, facts.phone),
        (CheckKind::Document, facts.document),
    ] {
        let (outcome, why) = match found {
            Match::Agrees => (Outcome::Pass, Why::Agrees),
            Match::Likely => (Outcome::Unknown, Why::Likely),
            Match::Differs => (Outcome::Fail, Why::Differs),
            Match::NotOnRoster => (Outcome::Unknown, Why::NotOnRoster),
            Match::NotGiven => (Outcome::Unknown, Why::NotGiven),
        };
        put(kind, outcome, why, 0);
    }
    match facts.relation_on_roster {
        _ if facts.former => put(CheckKind::Relation, Outcome::Fail, Why::Former, 0),
        None => put(CheckKind::Relation, Outcome::Unknown, Why::NotOnRoster, 0),
        Some(found) if found.fits(relation) => {
            put(CheckKind::Relation, Outcome::Pass, Why::Agrees, 0)
        }
        Some(_) => put(CheckKind::Relation, Outcome::Fail, Why::OtherRelation, 0),
    }
    match facts.identity_well_formed {
        None => put(CheckKind::Identity, Outcome::Unknown, Why::NotGiven, 0),
        Some(true) => put(CheckKind::Identity, Outcome::Pass, Why::WellFormed, 0),
        Some(false) => put(CheckKind::Identity, Outcome::Fail, Why::Malformed, 0),
    }
    for (kind, n) in [
        (CheckKind::Member, facts.memberships),
        (CheckKind::Double, facts.open_applications),
        (CheckKind::PhoneElsewhere, facts.phone_elsewhere),
    ] {
        match n {
            0 => put(kind, Outcome::Pass, Why::NoneFound, 0),
            n => put(kind, Outcome::Fail, Why::Found, n.into()),
        }
    }
    match facts.arrears_months {
        None => put(CheckKind::Fees, Outcome::Unknown, Why::NotOnRoster, 0),
        Some(0) => put(CheckKind::Fees, Outcome::Pass, Why::NoneFound, 0),
        Some(n) if facts.has_plan => put(
            CheckKind::Fees,
            Outcome::Pass,
            Why::ArrearsPlanned,
            n.into(),
        ),
        Some(n) if n <= facts.arrears_limit => {
            put(CheckKind::Fees, Outcome::Pass, Why::Arrears, n.into())
        }
        Some(n) => put(CheckKind::Fees, Outcome::Fail, Why::Arrears, n.into()),
    }
    match facts.removed_until {
        None => put(CheckKind::Removal, Outcome::Pass, Why::NoneFound, 0),
        Some(until) => put(CheckKind::Removal, Outcome::Fail, Why::RemovedUntil, until),
    }
    out
}

/// Whether the roster alone vouches for the person, so that no identity number and
/// no proof is asked for (PIPL 6: no more than needed).
pub fn roster_vouches(facts: &Facts, relation: Relation) -> bool {
    facts.room_known
        && facts.name == Match::Agrees
        && facts.phone == Match::Agrees
        && !facts.former
        && facts
            .relation_on_roster
            .is_some_and(|found| found.fits(relation))
}
