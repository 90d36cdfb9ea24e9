//! People and organisations changed by hand: what a contact was before is kept.

use hanzi::name::NAME_CHARS_MAX;
use hanzi::numbers::Phone;

use super::change::{bits, by_hand, remember, run};
use super::people::party;
use super::rows::{self, DocumentInsert, PartyInsert, PhoneInsert, SealedParty};
use super::store::tracking;
use super::store::writes::{self, History};
use super::{RosterError, Source, contact, events, store};
use foundation::communities::Bits;
use foundation::database::{Ask, Community, DbError, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use foundation::ledger::{Audience, Event};
use foundation::params;
use permissions::Permission;
use permissions::actor::Actor;

/// What is known of a new person or organisation; in an edit `None` leaves what is there
/// and an empty text takes it away. Unknown stays unknown.
#[derive(Clone, Debug, Default)]
pub struct PersonDraft {
    pub organisation: bool,
    pub name: Option<String>,
    pub deceased: Option<bool>,
    pub guardian: Option<Id>,
    pub uscc: Option<String>,
    pub representative: Option<String>,
    pub birth: Option<String>,
    pub workplace: Option<String>,
    pub emergency: Option<String>,
    pub address: Option<String>,
    pub needs: Option<String>,
    pub note: Option<String>,
    /// The first is the main one; only for a new person, see [`add_phone`].
    pub phones: Vec<Phone>,
    /// Kind (`resident_id`, `passport`, …) and number.
    pub document: Option<(String, String)>,
}

fn checked_name(name: Option<&str>) -> Result<String, RosterError> {
    let name = name.unwrap_or_default().trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(RosterError::Name);
    }
    Ok(name.to_owned())
}

fn seal_all(
    house: &House,
    ring: &Keyring,
    id: Id,
    d: &PersonDraft,
) -> Result<SealedParty, RosterError> {
    let seal =
        |column, text: &Option<String>| contact::seal(house, ring, id, column, text.as_deref());
    Ok(SealedParty {
        birth: seal(contact::BIRTH, &d.birth)?,
        workplace: seal(contact::WORKPLACE, &d.workplace)?,
        emergency: seal(contact::EMERGENCY, &d.emergency)?,
        address: seal(contact::ADDRESS, &d.address)?,
        needs: seal(contact::NEEDS, &d.needs)?,
        note: seal(contact::NOTE, &d.note)?,
    })
}

/// A new party as statements, its key made and its data sealed: outside the writer.
pub(super) async fn party_rows(
    house: &House,
    c: Community,
    draft: &PersonDraft,
) -> Result<(Id, Vec<Ask>), RosterError> {
    let name = checked_name(draft.name.as_deref())?;
    let bits = bits(house, c).await?;
    let id = house.id();
    let ring = house.keys.make(c, &[id]).await?;
    let origin = by_hand(house, c);
    let filled = |t: &Option<String>| t.clone().filter(|t| !t.is_empty());
    let mut asks = rows::parties(
        &origin,
        vec![PartyInsert {
            id,
            kind: if draft.organisation {
                "organisation"
            } else {
                "person"
            },
            name,
            guardian: draft.guardian,
            uscc: filled(&draft.uscc),
            representative: filled(&draft.representative),
            sealed: seal_all(house, &ring, id, draft)?,
        }],
    );
    let mut phones = Vec::with_capacity(draft.phones.len());
    for (n, phone) in draft.phones.iter().enumerate() {
        phones.push(phone_row(house, &ring, c, bits, id, phone, n == 0)?);
    }
    asks.extend(rows::phones(&origin, phones));
    if let Some((kind, number)) = &draft.document {
        let document = DocumentInsert {
            party: id,
            id: house.id(),
            kind: kind.clone(),
            sealed: house
                .keys
                .seal(&ring, id, contact::DOCUMENT, number.as_bytes())?,
            blind: contact::blind_document(house, c, bits, number),
        };
        asks.extend(rows::documents(&origin, vec![document]));
    }
    Ok((id, asks))
}

fn phone_row(
    house: &House,
    ring: &Keyring,
    c: Community,
    bits: Bits,
    party: Id,
    phone: &Phone,
    main: bool,
) -> Result<PhoneInsert, RosterError> {
    let number = phone.national();
    let (blind_phone, blind_tail) = contact::blind_phone(house, c, bits, &number);
    Ok(PhoneInsert {
        party,
        id: house.id(),
        sealed: house
            .keys
            .seal(ring, party, contact::PHONE, number.as_bytes())?,
        blind_phone,
        blind_tail,
        main,
    })
}

/// Adds a person or an organisation by hand.
pub async fn add_person(
    house: &House,
    by: &Actor,
    c: Community,
    draft: &PersonDraft,
) -> Result<Id, RosterError> {
    by.may(Permission::RosterWrite)?;
    let (id, asks) = party_rows(house, c, draft).await?;
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            run(&mut tx, asks)?;
            let event = Event::new(events::PARTY_ADDED)
                .about("party", id)
                .to(Audience::Staff);
            Ok(tx.record(event, id)?)
        })
        .await
}

/// Changes a party's data at the desk; `version` is the one that was seen. Phones:
/// [`add_phone`].
pub async fn edit_person(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    version: i64,
    draft: &PersonDraft,
) -> Result<(), RosterError> {
    edit_person_from(house, by, c, id, version, draft, Source::Desk).await
}

/// As [`edit_person`], from another door.
pub async fn edit_person_from(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    version: i64,
    draft: &PersonDraft,
    source: Source,
) -> Result<(), RosterError> {
    let permission = source.allows(by, id)?;
    let before = party(house, c, id).await?;
    let name = match &draft.name {
        Some(name) => checked_name(Some(name))?,
        None => before.name.clone(),
    };
    let ring = house.keys.ring(c, &[id]).await?;
    if !ring.has(id) {
        return Err(RosterError::Erased);
    }
    let old: super::people::Sealed = house.db.one(store::sealed(c, id)).await?;
    let new = seal_all(house, &ring, id, draft)?;
    let said = [
        (contact::BIRTH, &draft.birth, new.birth),
        (contact::WORKPLACE, &draft.workplace, new.workplace),
        (contact::EMERGENCY, &draft.emergency, new.emergency),
        (contact::ADDRESS, &draft.address, new.address),
        (contact::NEEDS, &draft.needs, new.needs),
        (contact::NOTE, &draft.note, new.note),
    ];
    let mut columns = Vec::with_capacity(6);
    let (mut lines, mut kept) = (Vec::new(), Vec::new());
    for ((field, text, sealed), was) in said.into_iter().zip(old.0) {
        let same = |text: &String| {
            let known = contact::open(&ring, id, field, was.as_deref())?;
            Ok::<_, RosterError>(known.unwrap_or_default() == *text)
        };
        // Nothing said, or what is known said again: no change.
        if text.as_ref().map(same).transpose()?.unwrap_or(true) {
            columns.push(was);
            continue;
        }
        let line = house.id();
        kept.push(line);
        lines.push(remember(
            c,
            house.now(),
            by,
            History {
                id: line,
                what: "party",
                subject: id,
                field,
                was,
                became: sealed.clone(),
            },
        ));
        columns.push(sealed);
    }
    let words = rows::words(&by_hand(house, c), id, &name);
    let text = |said: &Option<String>, was: Option<String>| match said {
        None => was,
        Some(t) => Some(t.clone()).filter(|t| !t.is_empty()),
    };
    let uscc = text(&draft.uscc, before.uscc.clone());
    let representative = text(&draft.representative, before.representative.clone());
    let deceased = draft
        .deceased
        .unwrap_or(before.state == super::PartyState::Deceased);
    let guardian = draft.guardian.or(before.guardian);
    let word = |deceased: bool| Some(if deceased { "deceased" } else { "alive" }.to_owned());
    let was_deceased = before.state == super::PartyState::Deceased;
    let of = |guardian: Option<Id>| guardian.map(|g| g.to_string());
    // What lies in clear.
    for (field, was, became) in [
        ("name", Some(before.name.clone()), Some(name.clone())),
        ("uscc", before.uscc.clone(), uscc.clone()),
        (
            "representative",
            before.representative.clone(),
            representative.clone(),
        ),
        ("state", word(was_deceased), word(deceased)),
        ("guardian", of(before.guardian), of(guardian)),
    ] {
        if was == became {
            continue;
        }
        let history = History {
            id: house.id(),
            what: "party",
            subject: id,
            field,
            was: was.map(String::into_bytes),
            became: became.map(String::into_bytes),
        };
        kept.push(history.id);
        lines.push(remember(c, house.now(), by, history));
    }
    house
        .write(c, &by.who_for(permission), move |mut tx| {
            let mut values = params![
                c,
                id,
                version,
                &name,
                hanzi::name::name_key(&name),
                if deceased { "deceased" } else { "alive" },
                guardian,
                uscc,
                representative
            ];
            values.extend(columns.into_iter().map(foundation::database::Value::from));
            let changed = tx.execute(writes::edit_party(values))?;
            if changed == 0 {
                return Err(RosterError::Changed);
            }
            tx.execute(writes::forget_words(c, id))?;
            run(&mut tx, words)?;
            run(&mut tx, lines)?;
            Ok(tx.record(party_changed(id, source, kept), ())?)
        })
        .await
}

/// Adds a phone to a party; `main` makes it the one that is called first.
pub async fn add_phone(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    phone: &Phone,
    main: bool,
) -> Result<Id, RosterError> {
    add_phone_from(house, by, c, id, phone, main, Source::Desk).await
}

/// As [`add_phone`], from another door.
pub async fn add_phone_from(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    phone: &Phone,
    main: bool,
    source: Source,
) -> Result<Id, RosterError> {
    let permission = source.allows(by, id)?;
    party(house, c, id).await?;
    let bits = bits(house, c).await?;
    let ring = house.keys.ring(c, &[id]).await?;
    let row = phone_row(house, &ring, c, bits, id, phone, main)?;
    let (number, kept) = (row.id, house.id());
    let line = History {
        id: kept,
        what: "party",
        subject: id,
        field: contact::PHONE,
        was: None,
        became: Some(row.sealed.clone()),
    };
    let line = remember(c, house.now(), by, line);
    let asks = rows::phones(&by_hand(house, c), vec![row]);
    house
        .write(c, &by.who_for(permission), move |mut tx| {
            if main {
                tx.execute(writes::no_main_phone(c, id))?;
            }
            run(&mut tx, asks)?;
            tx.execute(line)?;
            touch_party(&mut tx, c, id)?;
            let event = party_changed(id, source, vec![kept]).with("field", contact::PHONE);
            Ok(tx.record(event, number)?)
        })
        .await
}

/// Ends a phone of a party: the number is wrong or given up. It stays in the history.
pub async fn end_phone(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    phone: Id,
) -> Result<(), RosterError> {
    end_phone_from(house, by, c, id, phone, Source::Desk).await
}

/// As [`end_phone`], from another door.
pub async fn end_phone_from(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    phone: Id,
    source: Source,
) -> Result<(), RosterError> {
    let permission = source.allows(by, id)?;
    let (by, kept) = (by.clone(), house.id());
    let who = by.who_for(permission);
    house
        .write(c, &who, move |mut tx| {
            let now = tx.now();
            // What the number was stays with the history, in this very write.
            let was: Option<(Vec<u8>,)> = tx.optional(tracking::phone_sealed(c, id, phone))?;
            let ended = tx.execute(writes::end_phone(c, id, phone, now))?;
            if ended == 0 {
                return Err(RosterError::Changed);
            }
            let line = History {
                id: kept,
                what: "party",
                subject: id,
                field: contact::PHONE,
                was: was.map(|w| w.0),
                became: None,
            };
            tx.execute(remember(c, now, &by, line))?;
            // Somebody must be called first.
            tx.execute(writes::some_main_phone(c, id))?;
            touch_party(&mut tx, c, id)?;
            let event = party_changed(id, source, vec![kept]).with("field", contact::PHONE);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// A party changed: where from, and where its history keeps what it was.
fn party_changed(id: Id, source: Source, lines: Vec<Id>) -> Event {
    Event::new(events::PARTY_CHANGED)
        .about("party", id)
        .to(Audience::Staff)
        .with("source", source.word())
        .with("lines", lines)
}

/// Counts a change of what hangs on a party, so that an undone import leaves it.
pub(super) fn touch_party(tx: &mut Tx<'_>, c: Community, id: Id) -> Result<(), DbError> {
    tx.execute(writes::touch_party(c, id))?;
    Ok(())
}
