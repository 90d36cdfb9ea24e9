//! The owner's own page: their phones, address and emergency contact, changed by themselves,
//! and what became of each change.

use foundation::house::House;
use foundation::ids::Id;
use hanzi::numbers::Phone;
use permissions::Permission;
use permissions::actor::Actor;
use roster::{PersonDraft, Source};

use crate::record::Record;
use crate::{ChangesError, listing, store};

/// What people change by themselves, as the roster names it.
pub const FIELDS: [&str; 3] = ["emergency", "address", "workplace"];
/// The longest of these texts.
pub const TEXT_CHARS_MAX: usize = 200;
/// The most phones of one person: a form lists them all.
pub const PHONES_MAX: usize = 10;

/// What the office has of a person, in clear: their own.
pub struct Mine {
    pub party: Id,
    pub version: i64,
    pub name: String,
    /// Id and number, the main one first.
    pub phones: Vec<(Id, String)>,
    /// In the order of [`FIELDS`].
    pub texts: [String; 3],
    /// Newest first.
    pub changes: Vec<Record>,
}

fn own(by: &Actor) -> Result<Id, ChangesError> {
    by.may(Permission::ContactOwn)?;
    by.person.ok_or(ChangesError::NotFound)
}

/// One's own contacts and their changes.
pub async fn mine(house: &House, by: &Actor) -> Result<Mine, ChangesError> {
    let party = own(by)?;
    let c = by.community;
    let contacts = roster::tracking::contacts(house, c, party).await?;
    let changes = store::of_party(c, party, listing::SHOWN_MAX);
    Ok(Mine {
        party,
        version: contacts.version,
        name: contacts.name,
        phones: contacts.phones,
        texts: contacts.texts,
        changes: house.db.all(changes).await?,
    })
}

/// What a person changes of their own; `None` leaves what is there, an empty text takes it
/// away.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub version: i64,
    pub phone: Option<Phone>,
    pub main: bool,
    pub ends: Vec<Id>,
    pub texts: [Option<String>; 3],
}

/// Changes one's own contacts; each is recorded and checked like one that was said at the desk.
///
/// # Errors
/// [`ChangesError::Missing`] where nothing changes, or nobody could be called afterwards.
pub async fn change(house: &House, by: &Actor, draft: Draft) -> Result<(), ChangesError> {
    let party = own(by)?;
    let c = by.community;
    let before = mine(house, by).await?;
    let same =
        |(at, text): (usize, &Option<String>)| text.as_ref().is_none_or(|t| *t == before.texts[at]);
    let texts_stay = draft.texts.iter().enumerate().all(same);
    let known = |phone: &Phone| {
        let typed = phone.e164();
        let same = |n: &str| Phone::parse(n).is_ok_and(|p| p.e164() == typed);
        before.phones.iter().any(|(_, n)| same(n))
    };
    let phone = draft.phone.filter(|p| !known(p));
    let ends: Vec<Id> = draft
        .ends
        .into_iter()
        .filter(|id| before.phones.iter().any(|(p, _)| p == id))
        .collect();
    if texts_stay && phone.is_none() && ends.is_empty() {
        return Err(ChangesError::Missing(vec!["nothing"]));
    }
    let left = before.phones.len() + usize::from(phone.is_some()) - ends.len();
    if left == 0 || left > PHONES_MAX {
        return Err(ChangesError::Missing(vec!["phone"]));
    }
    if !texts_stay {
        let mut texts = draft.texts;
        for (at, text) in texts.iter_mut().enumerate() {
            if text.as_ref().is_some_and(|t| *t == before.texts[at]) {
                *text = None;
            }
        }
        let [emergency, address, workplace] = texts;
        let new = PersonDraft {
            emergency,
            address,
            workplace,
            ..PersonDraft::default()
        };
        roster::edit_person_from(house, by, c, party, draft.version, &new, Source::Own).await?;
    }
    // The new one first: somebody who can be called is never lost on the way.
    if let Some(phone) = &phone {
        roster::add_phone_from(house, by, c, party, phone, draft.main, Source::Own).await?;
    }
    for phone in ends {
        roster::end_phone_from(house, by, c, party, phone, Source::Own).await?;
    }
    Ok(())
}

/// Why one's own change was refused; empty where it was not.
pub async fn why(house: &House, by: &Actor, record: &Record) -> Result<String, ChangesError> {
    let party = own(by)?;
    if record.party != Some(party) {
        return Err(ChangesError::NotFound);
    }
    let Some(sealed) = &record.why else {
        return Ok(String::new());
    };
    let ring = house.keys.ring(by.community, &[record.id]).await?;
    Ok(ring.open(record.id, "why", sealed)?.unwrap_or_default())
}
