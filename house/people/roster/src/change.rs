//! Rooms and people changed by hand: each act is one event, and what a contact was before
//! is kept.

use hanzi::name::NAME_CHARS_MAX;
use hanzi::numbers::Phone;
use hanzi::room::RoomCode;

use super::people::party;
use super::rows::{
    self, DocumentInsert, Origin, PartyInsert, PhoneInsert, RoomFacts, RoomInsert, SealedParty,
};
use super::{Places, RosterError, contact, events, store};
use foundation::communities::Bits;
use foundation::database::{Ask, Community, DbError, Look, Tx, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use foundation::ledger::{Audience, Event};
use foundation::params;
use permissions::Permission;
use permissions::actor::Actor;

/// What is known of a new or changed room.
#[derive(Clone, Debug, Default)]
pub struct RoomDraft {
    pub facts: RoomFacts,
    /// `None` leaves the note as it is.
    pub note: Option<String>,
}

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

/// Rows made by hand belong to no import.
pub(super) fn by_hand(house: &House, c: Community) -> Origin {
    Origin {
        community: c,
        import: String::new(),
        at: house.now(),
    }
}

pub(super) async fn bits(house: &House, c: Community) -> Result<Bits, DbError> {
    let (phone, tail, document): (u32, u32, u32) = house.db.one(store::bits(c)).await?;
    Ok(Bits {
        phone,
        tail,
        document,
    })
}

/// One line of the change history; `was` and `became` are sealed where they are personal.
pub(super) struct History {
    pub id: Id,
    pub what: &'static str,
    pub subject: Id,
    pub field: &'static str,
    pub was: Option<Vec<u8>>,
    pub became: Option<Vec<u8>>,
}

pub(super) fn remember(c: Community, at: foundation::clock::Moment, by: &Actor, h: History) -> Ask {
    ask(
        "INSERT INTO roster_change (community, id, at, what, subject, field, was, became, actor, import) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')",
        params![
            c,
            h.id,
            at,
            h.what,
            h.subject,
            h.field,
            h.was,
            h.became,
            by.who().actor.word()
        ],
    )
}

pub(super) fn run(tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<(), DbError> {
    for ask in asks {
        tx.execute(ask)?;
    }
    Ok(())
}

/// Adds a room by hand.
pub async fn add_room(
    house: &House,
    by: &Actor,
    c: Community,
    code: &str,
    draft: &RoomDraft,
) -> Result<Id, RosterError> {
    by.may(Permission::RosterWrite)?;
    let code = RoomCode::parse(code)?;
    let places = Places::of(&code);
    let normal = places.normal.clone();
    let id = house.id();
    let note = sealed_note(house, c, id, draft.note.as_deref()).await?;
    let rows = rows::rooms(
        &by_hand(house, c),
        vec![RoomInsert {
            id,
            code: code.as_typed().trim().to_owned(),
            places,
            facts: draft.facts.clone(),
            note,
        }],
    );
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            // The bare table: a room that an import is bringing takes the place too.
            let taken: Option<(Id,)> = tx.optional(ask(
                "SELECT id FROM room WHERE community = $1 AND normal = $2",
                params![c, normal],
            ))?;
            if taken.is_some() {
                return Err(RosterError::RoomTaken);
            }
            run(&mut tx, rows)?;
            let event = Event::new(events::ROOM_ADDED)
                .about("room", id)
                .to(Audience::Staff);
            Ok(tx.record(event, id)?)
        })
        .await
}

async fn sealed_note(
    house: &House,
    c: Community,
    room: Id,
    note: Option<&str>,
) -> Result<Option<Vec<u8>>, RosterError> {
    if note.is_none_or(str::is_empty) {
        return Ok(None);
    }
    let ring = house.keys.make(c, &[room]).await?;
    Ok(contact::seal(house, &ring, room, contact::NOTE, note)?)
}

/// Changes what is known of a room; `version` is the one that was seen.
pub async fn edit_room(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    version: i64,
    draft: &RoomDraft,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    let before = super::room(house, c, id)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let note = sealed_note(house, c, id, draft.note.as_deref()).await?;
    let keeps_note = draft.note.is_none();
    let facts = draft.facts.clone();
    let json = |f: &RoomFacts| serde_json::to_vec(f).ok();
    let line = remember(
        c,
        house.now(),
        by,
        History {
            id: house.id(),
            what: "room",
            subject: id,
            field: "facts",
            was: json(&before.facts),
            became: json(&facts),
        },
    );
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let changed = tx.execute(ask(
                "UPDATE room SET area = $4, floor = $5, purpose = $6, state = $7, moved_in = $8, \
                 note = CASE WHEN CAST($9 AS BIGINT) = 1 THEN note ELSE $10 END, version = version + 1 \
                 WHERE community = $1 AND id = $2 AND version = $3",
                params![
                    c, id, version, facts.area, facts.floor, facts.purpose, facts.state,
                    facts.moved_in, keeps_note, note
                ],
            ))?;
            if changed == 0 {
                return Err(RosterError::Changed);
            }
            tx.execute(line)?;
            let event = Event::new(events::ROOM_CHANGED).about("room", id).to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Others of the house rely on this room (a bill, an application): an undone import leaves it.
/// Call it inside the write that begins to rely on it.
pub fn keep_room(tx: &mut Tx<'_>, c: Community, room: Id) -> Result<(), DbError> {
    tx.execute(ask(
        "UPDATE room SET held = 1 WHERE community = $1 AND id = $2 AND held = 0",
        params![c, room],
    ))?;
    Ok(())
}

/// As [`keep_room`], for a party (an account tied to it, a membership).
pub fn keep_party(tx: &mut Tx<'_>, c: Community, party: Id) -> Result<(), DbError> {
    tx.execute(ask(
        "UPDATE party SET held = 1 WHERE community = $1 AND id = $2 AND held = 0",
        params![c, party],
    ))?;
    Ok(())
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

/// Changes a party's data; `version` is the one that was seen. Phones: [`add_phone`].
pub async fn edit_person(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    version: i64,
    draft: &PersonDraft,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
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
    let mut lines = Vec::new();
    for ((field, text, sealed), was) in said.into_iter().zip(old.0) {
        if text.is_none() {
            columns.push(was);
            continue;
        }
        lines.push(remember(
            c,
            house.now(),
            by,
            History {
                id: house.id(),
                what: "party",
                subject: id,
                field,
                was,
                became: sealed.clone(),
            },
        ));
        columns.push(sealed);
    }
    if name != before.name {
        lines.push(remember(
            c,
            house.now(),
            by,
            History {
                id: house.id(),
                what: "party",
                subject: id,
                field: "name",
                was: Some(before.name.clone().into_bytes()),
                became: Some(name.clone().into_bytes()),
            },
        ));
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
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
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
            let changed = tx.execute(ask(
                "UPDATE party SET name = $4, name_key = $5, state = $6, guardian = $7, uscc = $8, \
                 representative = $9, birth = $10, workplace = $11, emergency = $12, \
                 address = $13, needs = $14, note = $15, version = version + 1 \
                 WHERE community = $1 AND id = $2 AND version = $3",
                values,
            ))?;
            if changed == 0 {
                return Err(RosterError::Changed);
            }
            tx.execute(ask(
                "DELETE FROM party_word WHERE community = $1 AND party = $2",
                params![c, id],
            ))?;
            run(&mut tx, words)?;
            run(&mut tx, lines)?;
            let event = Event::new(events::PARTY_CHANGED)
                .about("party", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
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
    by.may(Permission::RosterWrite)?;
    party(house, c, id).await?;
    let bits = bits(house, c).await?;
    let ring = house.keys.ring(c, &[id]).await?;
    let row = phone_row(house, &ring, c, bits, id, phone, main)?;
    let number = row.id;
    let line = History {
        id: house.id(),
        what: "party",
        subject: id,
        field: contact::PHONE,
        was: None,
        became: Some(row.sealed.clone()),
    };
    let line = remember(c, house.now(), by, line);
    let asks = rows::phones(&by_hand(house, c), vec![row]);
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            if main {
                tx.execute(ask(
                    "UPDATE party_phone SET main = 0 WHERE community = $1 AND party = $2",
                    params![c, id],
                ))?;
            }
            run(&mut tx, asks)?;
            tx.execute(line)?;
            touch_party(&mut tx, c, id)?;
            let event = Event::new(events::PARTY_CHANGED)
                .about("party", id)
                .to(Audience::Staff)
                .with("field", contact::PHONE);
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
    by.may(Permission::RosterWrite)?;
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let now = tx.now();
            let ended = tx.execute(ask(
                "UPDATE party_phone SET ended_at = $4, main = 0 WHERE community = $1 \
                 AND party = $2 AND id = $3 AND ended_at IS NULL",
                params![c, id, phone, now],
            ))?;
            if ended == 0 {
                return Err(RosterError::Changed);
            }
            // Somebody must be called first.
            tx.execute(ask(
                "UPDATE party_phone SET main = 1 WHERE community = $1 AND party = $2 AND id = \
                 (SELECT MIN(id) FROM party_phone WHERE community = $1 AND party = $2 \
                 AND ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM party_phone m \
                 WHERE m.community = $1 AND m.party = $2 AND m.main = 1)",
                params![c, id],
            ))?;
            touch_party(&mut tx, c, id)?;
            let event = Event::new(events::PARTY_CHANGED)
                .about("party", id)
                .to(Audience::Staff)
                .with("field", contact::PHONE);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Counts a change of what hangs on a party, so that an undone import leaves it.
pub(super) fn touch_party(tx: &mut Tx<'_>, c: Community, id: Id) -> Result<(), DbError> {
    tx.execute(ask(
        "UPDATE party SET version = version + 1 WHERE community = $1 AND id = $2",
        params![c, id],
    ))?;
    Ok(())
}
