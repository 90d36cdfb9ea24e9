//! Following the roster and the imports: each change becomes a record in the dossiers that it
//! concerns. At least once and idempotent: an event's item has one record, and the cursor
//! moves after the deed.

use foundation::clock::Moment;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Cursor, Entry, Event};
use permissions::actor::Actor;
use roster::{Source, tracking};
use serde_json::Value as Json;

use crate::record::{self, Record, State};
use crate::{ChangesError, events, store, transfer};

mod import;

const CURSOR: Cursor = Cursor::new("change_cursor", 100);

/// The events that become records; the rest of the roster's change nobody's contact, owner or
/// resident.
pub const KINDS: [&str; 8] = [
    roster::events::PARTY_CHANGED.name,
    roster::events::RELATED.name,
    roster::events::RELATION_ENDED.name,
    roster::events::ROOM_CHANGED.name,
    roster::events::TRANSFERRED.name,
    roster::events::TRANSFER_UNDONE.name,
    imports::events::COMMITTED.name,
    imports::events::UNDONE.name,
];

/// An event that may be a change.
struct Seen {
    seq: i64,
    at: Moment,
    kind: String,
    actor: String,
    subject: String,
    body: Json,
}

impl Seen {
    fn of(entry: &Entry) -> Seen {
        Seen {
            seq: entry.seq,
            at: entry.at,
            kind: entry.kind.clone(),
            actor: entry.actor.clone(),
            subject: entry.subject.clone(),
            body: serde_json::from_str(&entry.body).unwrap_or_default(),
        }
    }

    fn id(&self, name: &str) -> Option<Id> {
        self.body[name].as_str()?.parse().ok()
    }

    fn ids(&self, name: &str) -> Vec<Id> {
        let list = self.body[name].as_array().map_or(&[][..], Vec::as_slice);
        list.iter()
            .filter_map(|id| id.as_str()?.parse().ok())
            .collect()
    }

    fn about(&self, what: &str) -> Option<Id> {
        self.subject
            .strip_prefix(what)?
            .strip_prefix(':')?
            .parse()
            .ok()
    }
}

/// A change on its way into its dossiers.
struct New {
    record: Record,
    dossiers: Vec<Id>,
}

/// Follows the compound's ledger up to its end; how many changes were recorded.
pub async fn follow(house: &House, c: Community) -> Result<usize, ChangesError> {
    let mut recorded = 0;
    loop {
        let part = CURSOR.next(&house.db, c, &KINDS).await?;
        let mut new = Vec::new();
        for entry in &part.events {
            let event = Seen::of(entry);
            if event.kind == imports::events::COMMITTED.name {
                // In the order of the log: what this import changed may have changed before.
                recorded += keep(house, c, std::mem::take(&mut new)).await?;
                recorded += import::came_in(house, c, &event).await?;
            } else if event.kind == imports::events::UNDONE.name {
                recorded += keep(house, c, std::mem::take(&mut new)).await?;
                import::taken_back(house, c, &event).await?;
            } else {
                new.extend(of_event(house, c, &event).await?);
            }
        }
        recorded += keep(house, c, new).await?;
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            // What a transfer began has its dossier by now, or will at the next turn.
            transfer::settle::settle(house, c).await?;
            return Ok(recorded);
        }
    }
}

async fn of_event(house: &House, c: Community, event: &Seen) -> Result<Vec<New>, ChangesError> {
    use roster::events as e;
    // Events from before they named their source tell nothing to record.
    let Some(source) = event.body["source"].as_str().and_then(Source::from_word) else {
        return Ok(Vec::new());
    };
    let maker = Maker::of(house, c, &event.actor).await?;
    let mut out = Vec::new();
    if event.kind == e::PARTY_CHANGED.name {
        for line in tracking::lines(house, c, &event.ids("lines")).await? {
            if line.what != "party" || line.was == line.became {
                continue;
            }
            let mut new = blank(house, event, source, &maker, line.id, &line.field);
            new.party = Some(line.subject);
            new.reprint = line.field == "name";
            (new.was, new.became) = (line.was, line.became);
            out.push(of_party(house, c, new, line.subject).await?);
        }
    } else if event.kind == e::ROOM_CHANGED.name {
        let Some(room) = event.about("room") else {
            return Ok(out);
        };
        for line in tracking::lines(house, c, &event.ids("lines")).await? {
            if line.what != "room" || line.was == line.became {
                continue;
            }
            let mut new = blank(house, event, source, &maker, line.id, "facts");
            new.reprint = record::moved_in(&line.was) != record::moved_in(&line.became);
            (new.was, new.became) = (line.was, line.became);
            out.push(of_room(house, c, new, room).await?);
        }
        let word = match event.body["change"].as_str() {
            Some("registered") => "registered",
            Some("taken_off") => "taken_off",
            _ => return Ok(out),
        };
        if let Some(vehicle) = event.id("vehicle") {
            let new = blank(house, event, source, &maker, vehicle, word);
            out.push(of_room(house, c, new, room).await?);
        }
    } else if event.kind == e::TRANSFERRED.name || event.kind == e::TRANSFER_UNDONE.name {
        if let Some(room) = event.about("room") {
            let word = if event.kind == e::TRANSFERRED.name {
                "transfer"
            } else {
                "untransfer"
            };
            let mut new = blank(house, event, source, &maker, room, word);
            let (former, owners) = (event.ids("former"), event.ids("owners"));
            new.was = Some(joined(&former));
            new.became = Some(joined(&owners));
            new.reprint = true;
            let mut new = of_room(house, c, new, room).await?;
            new.dossiers = sides(house, c, room, &former, &owners).await?;
            out.push(new);
        }
    } else if let (Some(room), Some(relation)) = (event.about("room"), event.id("relation")) {
        let word = if event.kind == e::RELATED.name {
            "began"
        } else {
            "ended"
        };
        let mut new = blank(house, event, source, &maker, relation, word);
        new.party = event.id("party");
        new.tie = event.body["kind"].as_str().unwrap_or_default().to_owned();
        new.reprint = matches!(new.tie.as_str(), "owner" | "co_owner");
        out.push(of_room(house, c, new, room).await?);
    }
    Ok(out)
}

/// Ids in clear, one behind the other: they name nobody.
fn joined(ids: &[Id]) -> Vec<u8> {
    let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
    ids.join(" ").into_bytes()
}

/// The dossiers of both sides of a transfer.
async fn sides(
    house: &House,
    c: Community,
    room: Id,
    former: &[Id],
    owners: &[Id],
) -> Result<Vec<Id>, ChangesError> {
    let mut out = Vec::new();
    for d in dossiers::sealing::tenures(house, c, room).await? {
        if d.life.is_listed() {
            let theirs = dossiers::sealing::owners(house, c, d.id).await?;
            if theirs
                .iter()
                .any(|p| former.contains(p) || owners.contains(p))
            {
                out.push(d.id);
            }
        }
    }
    Ok(out)
}

/// Who made a change: the account's name, and the person behind it.
#[derive(Clone, Default)]
struct Maker {
    word: String,
    name: String,
    person: Option<Id>,
}

impl Maker {
    async fn of(house: &House, c: Community, actor: &str) -> Result<Maker, DbError> {
        let mut maker = Maker {
            word: actor.to_owned(),
            ..Maker::default()
        };
        if let Some(account) = actor.strip_prefix("a:").and_then(|id| id.parse().ok()) {
            // An account that is gone leaves its deeds: they are followed without a name.
            maker.name = match accounts::name_of(house, account).await {
                Err(DbError::Missing) => String::new(),
                name => name?,
            };
            maker.person = accounts::staff::person_of(house, c, account).await?;
        }
        Ok(maker)
    }
}

fn blank(
    house: &House,
    event: &Seen,
    source: Source,
    maker: &Maker,
    item: Id,
    field: &str,
) -> Record {
    // At the desk somebody says what it rests on; the other doors are what it rests on.
    let evidence = match source {
        Source::Desk => "",
        other => other.word(),
    };
    Record {
        id: house.id(),
        seq: event.seq,
        item,
        party: None,
        room: String::new(),
        code: String::new(),
        sort_key: Vec::new(),
        field: field.to_owned(),
        tie: String::new(),
        was: None,
        became: None,
        source: source.word().to_owned(),
        maker: maker.word.clone(),
        maker_person: maker.person,
        maker_name: maker.name.clone(),
        at: event.at,
        state: State::Waiting,
        evidence: evidence.to_owned(),
        evidence_of: String::new(),
        evidence_why: None,
        checker_name: String::new(),
        checked_at: None,
        why: None,
        reprint: false,
        version: 1,
    }
}

/// A change of a person lies in the dossiers of the homes that they own or live in.
async fn of_party(
    house: &House,
    c: Community,
    mut record: Record,
    party: Id,
) -> Result<New, ChangesError> {
    let mut inside = dossiers::sealing::owned(house, c, party).await?;
    let day = record.at.date().to_string();
    for room in tracking::homes_of(house, c, party, &day).await? {
        if record.room.is_empty() {
            shown_under(house, c, &mut record, room).await?;
        }
        let open = dossiers::sealing::tenures(house, c, room).await?;
        inside.extend(
            open.iter()
                .find(|d| d.life == dossiers::Life::Open)
                .map(|d| d.id),
        );
    }
    inside.sort_unstable();
    inside.dedup();
    Ok(New {
        record,
        dossiers: inside,
    })
}

async fn of_room(
    house: &House,
    c: Community,
    mut record: Record,
    room: Id,
) -> Result<New, ChangesError> {
    shown_under(house, c, &mut record, room).await?;
    let tenures = dossiers::sealing::tenures(house, c, room).await?;
    let open = tenures.iter().find(|d| d.life == dossiers::Life::Open);
    Ok(New {
        record,
        dossiers: open.map(|d| d.id).into_iter().collect(),
    })
}

async fn shown_under(
    house: &House,
    c: Community,
    record: &mut Record,
    room: Id,
) -> Result<(), ChangesError> {
    if let Some(room) = roster::room(house, c, room).await? {
        record.room = room.at.id.to_string();
        record.code = room.at.code;
        record.sort_key = room.at.sort_key;
    }
    Ok(())
}

/// Writes what is new of some changes: one write, one event.
async fn keep(house: &House, c: Community, new: Vec<New>) -> Result<usize, ChangesError> {
    if new.is_empty() {
        return Ok(0);
    }
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let mut kept = Vec::new();
            for one in new {
                if tx.execute(store::insert(c, &one.record))? == 0 {
                    continue;
                }
                for dossier in one.dossiers {
                    tx.execute(store::belongs(c, dossier, one.record.id))?;
                }
                kept.push(one.record.id);
            }
            let count = kept.len();
            let event = Event::new(events::RECORDED)
                .to(Audience::Staff)
                .with("records", kept);
            Ok::<_, ChangesError>(tx.record(event, count)?)
        })
        .await
}
