//! What is filled in of a transfer, and what of it is still open.

use foundation::ids::Id;
use hanzi::numbers::Phone;
use jiff::civil::Date;
use roster::{NewOwner, PersonDraft};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a home changes owners: sale, gift (贈與), inheritance, division after a divorce, a court's
/// or arbitration's decision (民法典 229), the developer's first sale, or a change among co-owners.
pub const GROUNDS: [&str; 7] = [
    "sale",
    "gift",
    "inheritance",
    "divorce",
    "court",
    "developer",
    "co_owners",
];
/// Meters that are read on the day.
pub const METERS: [&str; 3] = ["water", "electricity", "gas"];
/// New owners that one form takes.
pub const OWNERS_MAX: usize = 4;
/// Until when a guardian acts for an owner (民法典 17, 27).
const OF_AGE: i16 = 18;

/// An owner who comes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewParty {
    /// Somebody on the roster already.
    pub known: Option<Id>,
    /// Somebody else than those of this name on the roster.
    #[serde(default)]
    pub another: bool,
    pub name: String,
    pub organisation: bool,
    /// 統一社會信用代碼 and who acts, of an organisation.
    pub uscc: String,
    pub representative: String,
    pub phone: String,
    /// Resident identity number.
    pub document: String,
    /// `YYYY-MM-DD`
    pub birth: String,
    /// Of a minor.
    pub guardian: String,
    pub guardian_phone: String,
    /// As typed: `1/2`, `50%`, 共同.
    pub share: String,
}

impl NewParty {
    pub fn is_empty(&self) -> bool {
        self.known.is_none() && self.name.trim().is_empty()
    }

    /// Whether they are not of age on a day.
    pub fn is_minor(&self, today: Date) -> bool {
        let birth: Option<Date> = self.birth.parse().ok();
        birth.is_some_and(|b| {
            let years = today.year() - b.year();
            let before = (today.month(), today.day()) < (b.month(), b.day());
            years - i16::from(before) < OF_AGE
        })
    }

    /// As the roster takes them.
    pub fn owner(&self) -> NewOwner {
        let share = roster::share(&self.share);
        if let Some(party) = self.known {
            return NewOwner::Known { party, share };
        }
        let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let person = Box::new(PersonDraft {
            organisation: self.organisation,
            name: some(&self.name),
            uscc: some(&self.uscc),
            representative: some(&self.representative),
            birth: some(&self.birth),
            phones: Phone::parse(&self.phone).ok().into_iter().collect(),
            document: some(&self.document).map(|number| ("resident_id".to_owned(), number)),
            ..PersonDraft::default()
        });
        match some(&self.guardian) {
            None => NewOwner::New { person, share },
            Some(name) => NewOwner::Ward {
                guardian: Box::new(PersonDraft {
                    name: Some(name),
                    phones: Phone::parse(&self.guardian_phone)
                        .ok()
                        .into_iter()
                        .collect(),
                    ..PersonDraft::default()
                }),
                person,
                share,
            },
        }
    }
}

/// An owner who stays, with the share from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    pub party: Option<Id>,
    pub share: String,
}

/// What was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// `YYYY-MM-DD`: the day of handing over.
    pub day: String,
    pub ground: String,
    pub owners: Vec<NewParty>,
    pub stay: Vec<Stay>,
    /// Numbers of the contract or decision, and of the 不動產權證.
    pub contract: String,
    pub certificate: String,
    /// Documents of the dossier that show it.
    pub papers: Vec<Id>,
    /// Who pays what remains: `former`, `new` or `paid`.
    pub payer: String,
    /// What becomes of credit: `carried` or `returned`.
    pub credit: String,
    /// In the order of [`METERS`]; empty where there is none.
    pub meters: [String; 3],
    /// By key: `handed_on`, or nothing while it is to be given back in the register.
    pub keys: BTreeMap<String, String>,
    /// Tenants and family who move out, vehicles that go.
    pub ends: Vec<Id>,
    pub vehicles: Vec<Id>,
    /// The answer of the census that told of it.
    pub answer: Option<Id>,
}

impl Draft {
    /// Whether somebody stays: then the tenure goes on (spec A1).
    pub fn continues(&self) -> bool {
        self.stay.iter().any(|s| s.party.is_some())
    }

    /// The owners from now on: who stays first, because the tenure is theirs.
    pub fn owners(&self) -> Vec<NewOwner> {
        let stay = self.stay.iter().filter_map(|s| {
            Some(NewOwner::Known {
                party: s.party?,
                share: roster::share(&s.share),
            })
        });
        let new = self.owners.iter().filter(|o| !o.is_empty());
        stay.chain(new.map(NewParty::owner)).collect()
    }
}
