//! What a household said against what is known: pure.

use hanzi::name::NAME_CHARS_MAX;
use hanzi::numbers::Phone;

use foundation::ids::Id;
use roster::Tie;

use super::{Fields, Given, Newcomer};
use crate::home::{Home, Question, USES, What};
use crate::{ADDED_MAX, CensusError, Fault, TEXT_CHARS_MAX};

/// What the roster is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    Usage(String),
    /// A relation ends: moved out.
    MovedOut {
        party: Id,
        relation: Id,
    },
    /// An owner who is none any more: a transfer has its own way, the census only says so.
    Sold {
        party: Id,
    },
    Name {
        party: Id,
        to: String,
    },
    Phone {
        party: Id,
        to: String,
    },
    Emergency {
        party: Id,
        to: String,
    },
    PlateGone(Id),
    PlateNew(String),
    Joined(Newcomer),
    /// As it is known now: what was said is of something that changed meanwhile.
    Nothing,
}

impl Becomes {
    /// The field, as the ledger has it.
    pub fn field(&self) -> &'static str {
        match self {
            Becomes::Usage(_) => "use",
            Becomes::MovedOut { .. } => "moved_out",
            Becomes::Sold { .. } => "ownership",
            Becomes::Name { .. } => "name",
            Becomes::Phone { .. } => "phone",
            Becomes::Emergency { .. } => "emergency",
            Becomes::PlateGone(_) | Becomes::PlateNew(_) => "vehicle",
            Becomes::Joined(_) => "joined",
            Becomes::Nothing => "nothing",
        }
    }

    /// Whose datum it is, where somebody's on the roster.
    pub fn party(&self) -> Option<Id> {
        match self {
            Becomes::MovedOut { party, .. }
            | Becomes::Sold { party }
            | Becomes::Name { party, .. }
            | Becomes::Phone { party, .. }
            | Becomes::Emergency { party, .. } => Some(*party),
            _ => None,
        }
    }
}

/// One field that is said to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The question's key, or `new-1` and `plate-new-1`.
    pub key: String,
    pub what: Option<What>,
    /// As it is known, masked.
    pub was: String,
    pub becomes: Becomes,
    /// What is known changed since the household saw it.
    pub conflict: bool,
}

fn fault(key: &str, fault: Fault) -> CensusError {
    CensusError::Field(key.to_owned(), fault)
}

fn text(key: &str, said: &str, most: usize, why: Fault) -> Result<String, CensusError> {
    let said = said.trim();
    if said.is_empty() || said.chars().count() > most || said.chars().any(char::is_control) {
        return Err(fault(key, why));
    }
    Ok(said.to_owned())
}

fn phone(key: &str, said: &str) -> Result<String, CensusError> {
    let parsed = Phone::parse(said).map_err(|_| fault(key, Fault::Phone))?;
    Ok(parsed.national())
}

fn same_phone(a: &str, b: &str) -> bool {
    matches!((Phone::parse(a), Phone::parse(b)), (Ok(a), Ok(b)) if a.e164() == b.e164())
}

/// What differs. Every field of the household is confirmed or changed, or by its tick as it is
/// known; children's only with a guardian's consent.
///
/// # Errors
/// [`CensusError::Missing`] and [`CensusError::Field`].
pub fn compare(home: &Home, fields: &Fields) -> Result<Vec<Difference>, CensusError> {
    let mut out = Vec::new();
    let mut missing = Vec::new();
    for q in home.questions(&fields.consents) {
        let given = match fields.given.get(&q.key) {
            Some(given) => given,
            None if fields.rest_same => &Given::Same,
            None => {
                missing.push(q.key.clone());
                continue;
            }
        };
        let moved = fields.marks.get(&q.key).is_some_and(|m| *m != q.mark);
        if let Some(becomes) = becomes(home, q, given, moved)? {
            out.push(Difference {
                key: q.key.clone(),
                what: Some(q.what),
                was: q.shown.clone(),
                becomes,
                conflict: moved,
            });
        }
    }
    if !missing.is_empty() {
        return Err(CensusError::Missing(missing));
    }
    strange(home, fields, &mut out)?;
    added(home, fields, &mut out)?;
    Ok(out)
}

fn becomes(
    home: &Home,
    q: &Question,
    given: &Given,
    moved: bool,
) -> Result<Option<Becomes>, CensusError> {
    let party = q.of.or(home.member_of(&q.key).map(|m| m.party));
    let to = match given {
        Given::Same => return Ok(moved.then_some(Becomes::Nothing)),
        Given::Gone => return gone(home, q).map(Some),
        Given::To(to) => to,
    };
    let key = q.key.as_str();
    Ok(match (q.what, party) {
        (What::Use, _) => {
            if !USES.contains(&to.as_str()) {
                return Err(fault(key, Fault::Choice));
            }
            (*to != q.known).then(|| Becomes::Usage(to.clone()))
        }
        (What::Name, Some(party)) => {
            let to = text(key, to, NAME_CHARS_MAX, Fault::Name)?;
            (to != q.known).then_some(Becomes::Name { party, to })
        }
        (What::Phone, Some(party)) => {
            let to = phone(key, to)?;
            (!same_phone(&to, &q.known)).then_some(Becomes::Phone { party, to })
        }
        (What::Emergency, Some(party)) => {
            let to = text(key, to, TEXT_CHARS_MAX, Fault::Words)?;
            Some(Becomes::Emergency { party, to })
        }
        (What::Plate | What::Here, _) | (_, None) => return Err(fault(key, Fault::Choice)),
    })
}

fn gone(home: &Home, q: &Question) -> Result<Becomes, CensusError> {
    match (q.what, q.of) {
        (What::Plate, Some(vehicle)) => Ok(Becomes::PlateGone(vehicle)),
        (What::Here, Some(relation)) => {
            let member = home.member_of(&q.key);
            let member = member.ok_or_else(|| fault(&q.key, Fault::Choice))?;
            let party = member.party;
            Ok(if member.tie.owns() {
                Becomes::Sold { party }
            } else {
                Becomes::MovedOut { party, relation }
            })
        }
        _ => Err(fault(&q.key, Fault::Choice)),
    }
}

/// What was said of fields that are not there any more: somebody moved out, a car was sold.
fn strange(home: &Home, fields: &Fields, out: &mut Vec<Difference>) -> Result<(), CensusError> {
    for (key, given) in &fields.given {
        if *given == Given::Same {
            continue;
        }
        match home.question(key) {
            Some(_) if home.questions(&fields.consents).any(|q| q.key == *key) => {}
            // A child's, without consent: it is not even looked at.
            Some(_) => return Err(fault(key, Fault::Consent)),
            None => out.push(Difference {
                key: key.clone(),
                what: None,
                was: String::new(),
                becomes: Becomes::Nothing,
                conflict: true,
            }),
        }
    }
    Ok(())
}

fn added(home: &Home, fields: &Fields, out: &mut Vec<Difference>) -> Result<(), CensusError> {
    if fields.newcomers.len() > ADDED_MAX || fields.plates.len() > ADDED_MAX {
        return Err(fault("new-1", Fault::Words));
    }
    for (n, new) in fields.newcomers.iter().enumerate() {
        let key = format!("new-{}", n + 1);
        let joined = newcomer(home, &key, new)?;
        // Sent twice, or added by another meanwhile: they are there.
        if !there(home, &joined) {
            out.push(Difference {
                key,
                what: None,
                was: String::new(),
                becomes: Becomes::Joined(joined),
                conflict: false,
            });
        }
    }
    for (n, plate) in fields.plates.iter().enumerate() {
        let key = format!("plate-new-{}", n + 1);
        let plate = sheets::plate(plate).ok_or_else(|| fault(&key, Fault::Plate))?;
        if !home.plates.iter().any(|q| q.known == plate) {
            out.push(Difference {
                key,
                what: None,
                was: String::new(),
                becomes: Becomes::PlateNew(plate),
                conflict: false,
            });
        }
    }
    Ok(())
}

fn newcomer(home: &Home, key: &str, new: &Newcomer) -> Result<Newcomer, CensusError> {
    if !matches!(
        Tie::from_word(&new.tie),
        Some(Tie::Tenant | Tie::Family | Tie::Owner)
    ) {
        return Err(fault(key, Fault::Choice));
    }
    if new.child {
        let adult = |id: Id| home.people.iter().any(|m| m.party == id && !m.child);
        if !new.consent || !new.guardian.is_some_and(adult) {
            return Err(fault(key, Fault::Consent));
        }
    }
    Ok(Newcomer {
        name: text(key, &new.name, NAME_CHARS_MAX, Fault::Name)?,
        phone: if new.phone.trim().is_empty() {
            String::new()
        } else {
            phone(key, &new.phone)?
        },
        guardian: new.guardian.filter(|_| new.child),
        ..new.clone()
    })
}

fn there(home: &Home, new: &Newcomer) -> bool {
    home.people.iter().any(|m| {
        m.tie.word() == new.tie
            && m.questions
                .iter()
                .any(|q| q.what == What::Name && q.known == new.name)
    })
}

#[cfg(test)]
mod tests;
