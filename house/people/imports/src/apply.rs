//! Brings a staged import in: piece after piece, hidden by one small row, then shown by
//! removing that row in the write that records `import.committed`. Whoever dies in between
//! leaves an import that is resumed or dropped; nobody has seen anything of it.

use super::outcome::Counts;
use super::piece::{Piece, RoomWhole, TieFacts};
use super::{ImportError, endings, events, store, terms};
use foundation::communities::Bits;
use foundation::database::{Ask, Chore, Community, DbError, Look, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use foundation::ledger::{Audience, Event};
use foundation::params;
use hanzi::room::Overrides;
use permissions::Permission;
use permissions::actor::Actor;
use roster::contact;
use roster::rows::{
    self, DocumentInsert, Origin, PartyInsert, PhoneInsert, RelationInsert, RoomInsert,
    SealedParty, VehicleInsert,
};

/// Rows cleared away at a time after an undo or a crash.
const CLEAR_ROWS: i64 = 500;

/// Seals a piece under the import's own key.
pub(super) fn seal_piece(
    house: &House,
    ring: &Keyring,
    import: Id,
    piece: &impl serde::Serialize,
) -> Result<Vec<u8>, ImportError> {
    let text = serde_json::to_vec(piece).map_err(|e| DbError::Shape(e.to_string()))?;
    Ok(house.keys.seal(ring, import, "piece", &text)?)
}

/// Opens a piece.
pub(super) fn open_piece<T: serde::de::DeserializeOwned>(
    ring: &Keyring,
    import: Id,
    sealed: &[u8],
) -> Result<T, ImportError> {
    let bytes = ring
        .open_bytes(import, "piece", sealed)
        .map_err(foundation::keys::KeyError::from)?
        .ok_or(ImportError::NoSuchImport)?;
    serde_json::from_slice(&bytes)
        .map_err(|e| DbError::Shape(format!("a staged piece: {e}")).into())
}

/// Applies what is left of a staged import and commits it. `progress` hears of pieces done.
///
/// # Errors
/// [`ImportError::Changed`] when the roster changed under it: nothing was shown, the import
/// is dropped, and planning again will take the change into account.
pub async fn apply(
    house: &House,
    by: &Actor,
    c: Community,
    bits: Bits,
    id: Id,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(), ImportError> {
    by.may(Permission::ImportRun)?;
    let import = find(house, c, id).await?;
    if import.state != "applying" {
        return Err(ImportError::State);
    }
    let ring = house.keys.ring(c, &[id]).await?;
    // One piece is sealed while the one before it is being written.
    let first = import.chunks_done;
    let mut ready = None;
    for number in first..=import.chunks {
        let next = async {
            if number == import.chunks {
                return Ok::<_, ImportError>(None);
            }
            let ready = staged(house, c, bits, id, &ring, number).await?;
            Ok(Some((number, ready)))
        };
        let write = async {
            let Some((number, mut rows)) = ready.take() else {
                return Ok::<_, ImportError>(());
            };
            progress(number as u64, import.chunks as u64);
            // The office may set another shelf order while a piece waits for its turn.
            while !write_piece(house, c, id, number, rows).await? {
                rows = staged(house, c, bits, id, &ring, number).await?;
            }
            Ok(())
        };
        let (next, wrote) = tokio::join!(next, write);
        wrote?;
        ready = next?;
    }
    progress(import.chunks as u64, import.chunks as u64);
    match commit(house, by, c, id).await {
        Err(ImportError::Changed) => {
            drop_import(house, c, id).await?;
            Err(ImportError::Changed)
        }
        other => other,
    }
}

/// A piece's rows, with the shelf order that its rooms' keys are made by.
type Rows = (Overrides, Vec<Ask>);

async fn staged(
    house: &House,
    c: Community,
    bits: Bits,
    id: Id,
    ring: &Keyring,
    number: i64,
) -> Result<Rows, ImportError> {
    let (sealed,): (Vec<u8>,) = house
        .db
        .optional(store::piece(c, id, "chunk", number))
        .await?
        .ok_or(ImportError::NoSuchImport)?;
    let piece: Piece = open_piece(ring, id, &sealed)?;
    let site = roster::order::of(house, c).await?;
    let asks = prepare(house, c, bits, id, piece, &site).await?;
    Ok((site, asks))
}

/// One piece enters the tables, unseen, in one short stay in the writer. False when the order
/// of the shelf is another by now: nothing was written.
async fn write_piece(
    house: &House,
    c: Community,
    id: Id,
    number: i64,
    (site, asks): Rows,
) -> Result<bool, ImportError> {
    let now = house.now();
    house
        .db
        .keep::<_, ImportError, _>(Chore::Staging, c, move |r| {
            if roster::order::hold(r, c)? != site {
                return Ok(false);
            }
            if r.execute(store::advance(c, id, number, now))? == 0 {
                return Err(ImportError::State);
            }
            for ask in asks {
                r.execute(ask)?;
            }
            Ok(true)
        })
        .await
}

/// The rows of a piece, sealed, as statements.
async fn prepare(
    house: &House,
    c: Community,
    bits: Bits,
    import: Id,
    piece: Piece,
    site: &Overrides,
) -> Result<Vec<Ask>, ImportError> {
    let mut people: Vec<Id> = piece.parties.iter().map(|p| p.id).collect();
    people.extend(piece.phones.iter().map(|p| p.party));
    people.extend(piece.documents.iter().map(|d| d.party));
    people.extend(piece.party_changes.iter().map(|p| p.id));
    people.extend(
        piece
            .rooms
            .iter()
            .filter(|r| !r.note.is_empty())
            .map(|r| r.id),
    );
    people.extend(piece.room_changes.iter().map(|r| r.id));
    people.sort_unstable();
    people.dedup();
    let ring = house.keys.make(c, &people).await?;
    let seal = |who: Id, column, text: Option<&str>| contact::seal(house, &ring, who, column, text);

    let origin = Origin {
        community: c,
        import: import.to_string(),
        at: house.now(),
    };
    let mut rooms = Vec::with_capacity(piece.rooms.len());
    for room in piece.rooms {
        // The reader took the code for a room's, so it is one.
        let Some(places) = terms::places(&room.code, site) else {
            return Err(DbError::Shape(format!("a staged room's code: {}", room.code)).into());
        };
        rooms.push(RoomInsert {
            id: room.id,
            code: room.code,
            places,
            facts: room.facts,
            note: seal(room.id, contact::NOTE, Some(&room.note))?,
        });
    }
    let mut parties = Vec::with_capacity(piece.parties.len());
    for p in piece.parties {
        parties.push(PartyInsert {
            id: p.id,
            kind: if p.organisation {
                "organisation"
            } else {
                "person"
            },
            name: p.name,
            guardian: None,
            uscc: p.facts.uscc,
            representative: p.facts.representative,
            sealed: SealedParty {
                birth: seal(p.id, contact::BIRTH, p.facts.birth.as_deref())?,
                workplace: seal(p.id, contact::WORKPLACE, p.facts.workplace.as_deref())?,
                emergency: seal(p.id, contact::EMERGENCY, p.facts.emergency.as_deref())?,
                note: seal(p.id, contact::NOTE, p.facts.note.as_deref())?,
                ..SealedParty::default()
            },
        });
    }
    let mut phones = Vec::with_capacity(piece.phones.len());
    for p in piece.phones.into_iter().filter(|p| ring.has(p.party)) {
        let (blind_phone, blind_tail) = contact::blind_phone(house, c, bits, &p.number);
        phones.push(PhoneInsert {
            party: p.party,
            id: p.id,
            sealed: house
                .keys
                .seal(&ring, p.party, contact::PHONE, p.number.as_bytes())?,
            blind_phone,
            blind_tail,
            main: p.main,
        });
    }
    let mut documents = Vec::with_capacity(piece.documents.len());
    for d in piece.documents.into_iter().filter(|d| ring.has(d.party)) {
        documents.push(DocumentInsert {
            party: d.party,
            id: d.id,
            kind: d.kind,
            sealed: house
                .keys
                .seal(&ring, d.party, contact::DOCUMENT, d.number.as_bytes())?,
            blind: contact::blind_document(house, c, bits, &d.number),
        });
    }
    let relations = piece
        .relations
        .into_iter()
        .map(|r| RelationInsert {
            id: r.id,
            room: r.room,
            party: r.party,
            kind: r.kind.word(),
            share: r.facts.share,
            from: r.facts.from,
            until: r.facts.until,
            vouched_by: None,
        })
        .collect();
    let vehicles = piece
        .vehicles
        .into_iter()
        .map(|v| VehicleInsert {
            id: v.id,
            room: v.room,
            party: None,
            plate: v.plate,
        })
        .collect();
    let mut asks = rows::rooms(&origin, rooms);
    asks.extend(rows::parties(&origin, parties));
    asks.extend(rows::phones(&origin, phones));
    asks.extend(rows::documents(&origin, documents));
    asks.extend(rows::relations(&origin, relations));
    asks.extend(rows::vehicles(&origin, vehicles));
    for change in piece.room_changes {
        let mut values = Vec::with_capacity(12);
        for whole in [change.becomes, change.was] {
            let RoomWhole { facts, note } = whole;
            let note = seal(change.id, contact::NOTE, note.as_deref())?;
            values.extend(params![
                facts.area,
                facts.floor,
                facts.purpose,
                facts.state,
                facts.moved_in,
                note
            ]);
        }
        asks.push(store::ROOMS.insert(c, import, change.id, change.version, values));
    }
    for change in piece.party_changes.into_iter().filter(|p| ring.has(p.id)) {
        let mut values = Vec::with_capacity(12);
        for facts in [change.becomes, change.was] {
            values.extend(params![
                facts.uscc,
                facts.representative,
                seal(change.id, contact::BIRTH, facts.birth.as_deref())?,
                seal(change.id, contact::WORKPLACE, facts.workplace.as_deref())?,
                seal(change.id, contact::EMERGENCY, facts.emergency.as_deref())?,
                seal(change.id, contact::NOTE, facts.note.as_deref())?,
            ]);
        }
        asks.push(store::PARTIES.insert(c, import, change.id, change.version, values));
    }
    for change in piece.relation_changes {
        let mut values: Vec<Value> = Vec::with_capacity(8);
        for TieFacts { share, from, until } in [change.becomes, change.was] {
            values.extend(params![share.map(|s| s.0), share.map(|s| s.1), from, until]);
        }
        asks.push(store::RELATIONS.insert(c, import, change.id, change.version, values));
    }
    Ok(asks)
}

/// Shows the import: changes switched, the hiding row removed, the event recorded.
async fn commit(house: &House, by: &Actor, c: Community, id: Id) -> Result<(), ImportError> {
    let who = by.who_for(Permission::ImportRun);
    house
        .write::<_, ImportError, _>(c, &who, move |mut tx| {
            let import: store::Import = tx
                .optional(store::import(c, id))?
                .ok_or(ImportError::NoSuchImport)?;
            if import.state != "applying" || import.chunks_done != import.chunks {
                return Err(ImportError::State);
            }
            let totals: Totals = serde_json::from_str(&import.outcome)
                .map_err(|e| DbError::Shape(format!("an import's outcome: {e}")))?;
            // A room added by hand meanwhile has taken the place of one of ours.
            let (brought,): (i64,) = tx.one(store::brought(c, id, "room"))?;
            if brought as u64 != totals.rooms.added {
                return Err(ImportError::Changed);
            }
            for staged in [&store::ROOMS, &store::PARTIES, &store::RELATIONS] {
                let (planned,): (i64,) = tx.one(staged.count(c, id))?;
                if planned > 0 && tx.execute(staged.switch(c, id))? != planned as u64 {
                    return Err(ImportError::Changed);
                }
            }
            tx.execute(store::show(c, id))?;
            let now = tx.now();
            tx.execute(store::state(c, id, "applying", "committed", now))?;
            endings::bound_faulty(&mut tx, id, now)?;
            let event = Event::new(events::COMMITTED)
                .about("import", id)
                .to(Audience::Staff)
                .with("rooms_added", totals.rooms.added as i64)
                .with("rooms_changed", totals.rooms.changed as i64)
                .with("people_added", totals.people.added as i64)
                .with("people_changed", totals.people.changed as i64)
                .with("faults", totals.faults as i64);
            Ok(tx.record(event, ())?)
        })
        .await?;
    house
        .db
        .keep::<_, ImportError, _>(Chore::Staging, c, move |r| {
            r.execute(store::drop_pieces(c, id, "chunk"))?;
            r.execute(store::drop_pieces(c, id, "file"))?;
            Ok(())
        })
        .await?;
    // The tables are filled otherwise than they were.
    house.db.study().await?;
    Ok(())
}

/// An import's counts as its row keeps them.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Totals {
    #[serde(default)]
    pub rooms: Counts,
    #[serde(default)]
    pub people: Counts,
    /// Of a fee list.
    #[serde(default)]
    pub bills: Counts,
    #[serde(default)]
    pub payments: Counts,
    pub faults: u64,
    pub warnings: u64,
    /// Records that an undo left, because they had changed since.
    #[serde(default)]
    pub left: u64,
}

/// The import's row.
pub(super) async fn find(
    house: &House,
    c: Community,
    id: Id,
) -> Result<store::Import, ImportError> {
    house
        .db
        .optional(store::import(c, id))
        .await?
        .ok_or(ImportError::NoSuchImport)
}

/// Gives an unfinished import up: nobody has seen it, its rows are cleared away.
pub async fn drop_import(house: &House, c: Community, id: Id) -> Result<(), ImportError> {
    let now = house.now();
    house
        .db
        .keep::<_, ImportError, _>(Chore::Staging, c, move |r| {
            r.execute(store::state(c, id, "read", "dropped", now))?;
            r.execute(store::state(c, id, "queued", "dropped", now))?;
            r.execute(store::state(c, id, "applying", "dropped", now))?;
            Ok(())
        })
        .await?;
    clear(house, c, id).await
}

/// Clears away what nobody sees any more, 500 rows at a time, so that others go on writing.
pub(super) async fn clear(house: &House, c: Community, id: Id) -> Result<(), ImportError> {
    loop {
        let gone = house
            .db
            .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
                let mut gone = 0;
                r.execute(store::clear_aliases(c, id))?;
                for table in [
                    "vehicle",
                    "relation",
                    "party_document",
                    "party_phone",
                    "room",
                ] {
                    gone += r.execute(store::clear(c, id, table, "id", CLEAR_ROWS))?;
                }
                // Words have no import of their own: they go with their party.
                let these: Vec<(Id,)> = r.all(store::parties_brought(c, id, CLEAR_ROWS))?;
                for (party,) in these {
                    r.execute(store::clear_words(c, party))?;
                    gone += r.execute(store::clear_party(c, party))?;
                }
                Ok(gone)
            })
            .await?;
        if gone == 0 {
            break;
        }
    }
    house
        .db
        .keep::<_, ImportError, _>(Chore::Staging, c, move |r| {
            for staged in [&store::ROOMS, &store::PARTIES, &store::RELATIONS] {
                r.execute(staged.forget(c, id))?;
            }
            r.execute(store::drop_pieces(c, id, "chunk"))?;
            r.execute(store::drop_pieces(c, id, "file"))?;
            r.execute(store::drop_pieces(c, id, "faulty"))?;
            r.execute(store::show(c, id))?;
            Ok(())
        })
        .await
}
