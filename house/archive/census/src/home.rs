//! What the office knows of a household, as questions that the household confirms or changes:
//! the fields of form c that change with people. Papers of identity are not asked at the door.

use std::collections::BTreeMap;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use hanzi::name::masked_name;
use jiff::ToSpan as _;
use roster::{Room, Tie};

use crate::{CensusError, Task};

/// Under this age, data are a child's: only with a guardian's basis (PIPL 28, 31).
pub const CHILD_YEARS: i64 = 14;
/// The uses of a home, as the roster has them.
pub const USES: [&str; 3] = ["owner_occupied", "let", "vacant"];

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Whether the home is lived in by its owner, let, or empty.
    Use,
    /// Whether somebody still belongs to it.
    Here,
    Name,
    Phone,
    /// Whom to call in an emergency.
    Emergency,
    /// A vehicle's plate.
    Plate,
}

impl What {
    /// As in a form's field names and in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            What::Use => "use",
            What::Here => "here",
            What::Name => "name",
            What::Phone => "phone",
            What::Emergency => "emergency",
            What::Plate => "plate",
        }
    }
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `phone-PARTY`: the same at every look.
    pub key: String,
    pub what: What,
    /// The party, relation or vehicle.
    pub of: Option<Id>,
    /// In clear; compared, never shown to whom it is masked for.
    pub known: String,
    /// As it is shown; empty where nothing is known.
    pub shown: String,
    /// A keyed digest of what is known: whether it changed since somebody saw it.
    pub mark: String,
}

/// Somebody of the household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub party: Id,
    pub relation: Id,
    pub tie: Tie,
    /// Masked; an organisation's is clear.
    pub name: String,
    pub organisation: bool,
    /// Under fourteen, or held to be: their data are asked for with a guardian's consent only.
    pub child: bool,
    pub questions: Vec<Question>,
}

/// A household as it is known.
#[derive(Clone, Debug)]
pub struct Home {
    pub room: Room,
    pub usage: Question,
    pub people: Vec<Member>,
    pub plates: Vec<Question>,
}

impl Home {
    /// Every question, those about children left out that nobody consented to.
    pub fn questions(&self, consents: &[Id]) -> impl Iterator<Item = &Question> {
        let asked = |m: &&Member| !m.child || consents.contains(&m.party);
        std::iter::once(&self.usage)
            .chain(self.people.iter().filter(asked).flat_map(|m| &m.questions))
            .chain(&self.plates)
    }

    /// The one of a key, whosever it is.
    pub fn question(&self, key: &str) -> Option<&Question> {
        let everybody: Vec<Id> = self.people.iter().map(|m| m.party).collect();
        self.questions(&everybody).find(|q| q.key == key)
    }

    /// Whose question it is.
    pub fn member_of(&self, key: &str) -> Option<&Member> {
        let theirs = |m: &&Member| m.questions.iter().any(|q| q.key == key);
        self.people.iter().find(theirs)
    }
}

/// How the sides of questions are made.
struct Maker<'h> {
    house: &'h House,
}

impl Maker<'_> {
    fn ask(&self, what: What, of: Option<Id>, known: &str, shown: String) -> Question {
        let key = match of {
            Some(id) => format!("{}-{id}", what.word()),
            None => what.word().to_owned(),
        };
        let digest = self
            .house
            .keys
            .digest("census-known", format!("{key}={known}").as_bytes());
        let mark = digest[..8].iter().map(|b| format!("{b:02x}")).collect();
        Question {
            key,
            what,
            of,
            known: known.to_owned(),
            shown,
            mark,
        }
    }
}

/// What is known of a household today. Names no permission: the caller's verb has asked for its
/// own, or holds the household's link.
pub async fn of(house: &House, c: Community, task: &Task) -> Result<Home, CensusError> {
    let maker = Maker { house };
    let room = roster::room(house, c, task.room)
        .await?
        .ok_or(CensusError::NotFound)?;
    let (clear, _) = roster::in_clear(house, c, task.room).await?;
    let here = roster::people_of_room(house, c, task.room).await?;
    let ids: Vec<Id> = clear.iter().map(|p| p.party).collect();
    let cut = house.now().date().saturating_sub(CHILD_YEARS.years());
    let apart = roster::apart_of(house, c, &ids, &cut.to_string()).await?;
    let apart: BTreeMap<Id, roster::Apart> = apart.into_iter().map(|a| (a.party, a)).collect();
    let mut people = Vec::with_capacity(clear.len());
    for p in clear {
        let standing = here
            .iter()
            .find(|h| h.party == p.party && h.relation.stands && h.relation.kind == p.tie);
        let Some(standing) = standing.filter(|h| !h.deceased) else {
            continue;
        };
        let apart = apart.get(&p.party);
        let mut questions = vec![maker.ask(
            What::Here,
            Some(standing.relation.id),
            p.tie.word(),
            String::new(),
        )];
        let name = if p.organisation {
            p.name.clone()
        } else {
            masked_name(&p.name)
        };
        questions.push(maker.ask(What::Name, Some(p.party), &p.name, name.clone()));
        let phone = p.phone.unwrap_or_default();
        let shown = if phone.is_empty() {
            String::new()
        } else {
            roster::contact::masked_phone(&phone)
        };
        questions.push(maker.ask(What::Phone, Some(p.party), &phone, shown));
        if p.tie.owns() && !p.organisation {
            // What it says stays sealed: whether there is one is all that is shown.
            let known = apart.is_some_and(|a| a.emergency);
            let (known, shown) = if known { ("known", "***") } else { ("", "") };
            questions.push(maker.ask(What::Emergency, Some(p.party), known, shown.into()));
        }
        people.push(Member {
            child: apart.is_some_and(|a| a.younger.unwrap_or(a.guardian.is_some())),
            party: p.party,
            relation: standing.relation.id,
            tie: p.tie,
            organisation: p.organisation,
            name,
            questions,
        });
    }
    let plates = roster::vehicles_of(house, c, task.room).await?;
    let plates = plates
        .into_iter()
        .map(|(id, plate)| maker.ask(What::Plate, Some(id), &plate, masked_plate(&plate)))
        .collect();
    let state = room.facts.state.clone().unwrap_or_default();
    let usage = maker.ask(What::Use, None, &state, state.clone());
    Ok(Home {
        room,
        usage,
        people,
        plates,
    })
}

/// `粵B***45`: enough to know one's own.
pub fn masked_plate(plate: &str) -> String {
    let signs: Vec<char> = plate.chars().collect();
    if signs.len() < 5 {
        return roster::contact::masked_end(plate);
    }
    let (head, tail) = (&signs[..2], &signs[signs.len() - 2..]);
    let stars = "*".repeat(signs.len() - 4);
    format!(
        "{}{stars}{}",
        head.iter().collect::<String>(),
        tail.iter().collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_is_known_by_its_ends_only() {
        assert_eq!(masked_plate("粵B12345"), "粵B***45");
        assert_eq!(masked_plate("粵B1"), "*B1");
    }
}
