//! The roster on its way out of the house, in the import's own shape: recorded before a
//! byte leaves, read page by page, each page opened under the keys of its own people.

use std::collections::HashMap;

use sheets::{Language, ROSTER_COLUMNS, RosterFile, RosterOut};
use tokio::sync::mpsc;

use super::people::{OpenPhone, Party, Relation, Sealed, open_documents, open_phones};
use super::room::{Filter, Room};
use super::{RosterError, Spot, Tie, contact, events, store};
use foundation::database::{Community, DbError, FromRow, LIST_MAX, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Rooms read at a time.
const ROOMS: i64 = 200;

/// As which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Xlsx,
    Csv,
}

impl Shape {
    /// As forms and the ledger have it.
    pub fn word(self) -> &'static str {
        match self {
            Shape::Xlsx => "xlsx",
            Shape::Csv => "csv",
        }
    }
}

/// Exports all rooms with who owns and lives in them today.
///
/// The event is in the ledger before anything is read.
pub async fn export(
    house: &House,
    by: &Actor,
    c: Community,
    shape: Shape,
    language: Language,
) -> Result<Vec<u8>, RosterError> {
    by.may(Permission::ExportRun)?;
    let (rooms,): (i64,) = house
        .db
        .one(store::rooms_count(c, &Filter::default()))
        .await?;
    house
        .write::<_, RosterError, _>(c, &by.who_for(Permission::ExportRun), move |tx| {
            let event = Event::new(events::EXPORTED)
                .to(Audience::Staff)
                .with("what", "roster")
                .with("shape", shape.word())
                .with("rooms", rooms);
            Ok(tx.record(event, ())?)
        })
        .await?;
    // The workbook is made on a thread of its own; two pages wait for it at most.
    let (send, mut receive) = mpsc::channel::<Vec<RosterOut>>(2);
    let writing = tokio::task::spawn_blocking(move || {
        let mut file = match shape {
            Shape::Xlsx => RosterFile::xlsx(language)?,
            Shape::Csv => RosterFile::csv(language)?,
        };
        while let Some(rows) = receive.blocking_recv() {
            for row in rows {
                file.row(&row)?;
            }
        }
        file.finish()
    });
    let mut after = Spot::default();
    loop {
        let ask = store::rooms_page(c, &Filter::default(), &after, ROOMS);
        let rooms: Vec<Room> = house.db.all(ask).await?;
        let Some(last) = rooms.last() else { break };
        after = Spot::of(last);
        let rows = page(house, c, rooms, language).await?;
        if send.send(rows).await.is_err() {
            // The writer stopped; its own error says why.
            break;
        }
    }
    drop(send);
    let written = writing.await.map_err(|_| DbError::Stopped)?;
    written.map_err(|e| DbError::Full(e.to_string()).into())
}

/// A relation with the room it belongs to.
struct Tied {
    room: Id,
    relation: Relation,
}

impl FromRow for Tied {
    fn from_row(row: &mut Row) -> Result<Tied, DbError> {
        Ok(Tied {
            room: row.next()?,
            relation: Relation::from_row(row)?,
        })
    }
}

struct SealedRow(Id, Sealed);

impl FromRow for SealedRow {
    fn from_row(row: &mut Row) -> Result<SealedRow, DbError> {
        Ok(SealedRow(row.next()?, Sealed::from_row(row)?))
    }
}

/// Whatever is known of the people of one page.
struct People {
    parties: HashMap<Id, Party>,
    sealed: HashMap<Id, Sealed>,
    phones: Vec<OpenPhone>,
    documents: Vec<(Id, String, String)>,
    ring: Keyring,
}

impl People {
    async fn load(house: &House, c: Community, ids: &[Id]) -> Result<People, RosterError> {
        let mut all = People {
            parties: HashMap::new(),
            sealed: HashMap::new(),
            phones: Vec::new(),
            documents: Vec::new(),
            ring: house.keys.ring(c, ids).await?,
        };
        for part in ids.chunks(LIST_MAX) {
            let parties: Vec<Party> = house.db.all(store::parties(c, part)).await?;
            all.parties.extend(parties.into_iter().map(|p| (p.id, p)));
            let sealed: Vec<SealedRow> = house.db.all(store::sealed_of(c, part)).await?;
            all.sealed.extend(sealed.into_iter().map(|s| (s.0, s.1)));
            all.phones.extend(open_phones(house, c, part).await?);
            all.documents.extend(open_documents(house, c, part).await?);
        }
        Ok(all)
    }

    fn clear(&self, id: Id, at: usize, column: &str) -> Result<String, RosterError> {
        let sealed = self.sealed.get(&id).and_then(|s| s.0[at].as_deref());
        Ok(contact::open(&self.ring, id, column, sealed)?.unwrap_or_default())
    }
}

async fn page(
    house: &House,
    c: Community,
    rooms: Vec<Room>,
    language: Language,
) -> Result<Vec<RosterOut>, RosterError> {
    let ids: Vec<Id> = rooms.iter().map(|r| r.at.id).collect();
    let today = house.now().date().to_string();
    let ties: Vec<Tied> = house.db.all(store::ties_in(c, &ids, &today)).await?;
    let mut who: Vec<Id> = ties.iter().map(|t| t.relation.other).collect();
    who.sort_unstable();
    who.dedup();
    let people = People::load(house, c, &who).await?;
    let plates: Vec<(Id, String)> = house.db.all(store::plates_in(c, &ids)).await?;
    let noted: Vec<(Id, Vec<u8>)> = house.db.all(store::notes_in(c, &ids)).await?;
    let rings = house.keys.ring(c, &ids).await?;
    let mut notes = HashMap::new();
    for (room, sealed) in noted {
        let note = contact::open(&rings, room, contact::NOTE, Some(&sealed))?;
        notes.insert(room, note.unwrap_or_default());
    }
    let mut out = Vec::with_capacity(rooms.len());
    for room in rooms {
        let mut lines = Vec::new();
        for tied in ties.iter().filter(|t| t.room == room.at.id) {
            lines.extend(lines_of(&people, &tied.relation, language)?);
        }
        if lines.is_empty() {
            lines.push(RosterOut::default());
        }
        for line in &mut lines {
            fill_room(line, &room, language);
        }
        // Once for the room: the note, and its vehicles.
        let first = &mut lines[0];
        first.note = notes.remove(&room.at.id).unwrap_or_default();
        let here = plates.iter().filter(|p| p.0 == room.at.id);
        let here: Vec<&str> = here.map(|p| p.1.as_str()).collect();
        first.cells[21] = here.join("、");
        out.extend(lines);
    }
    Ok(out)
}

fn fill_room(line: &mut RosterOut, room: &Room, language: Language) {
    let f = &room.facts;
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let said = |t: &Option<String>| t.as_deref().map_or("", |t| word(t, language)).to_owned();
    line.cells[0].clone_from(&room.at.code);
    line.cells[1] = f
        .area
        .map_or_else(String::new, |a| format!("{}.{:02}", a / 100, a % 100));
    line.cells[2] = text(&f.floor);
    line.cells[3] = said(&f.purpose);
    line.cells[4] = said(&f.state);
    line.cells[5] = text(&f.moved_in);
}

/// The lines of somebody of a room: one for each document, at least one.
fn lines_of(
    people: &People,
    relation: &Relation,
    language: Language,
) -> Result<Vec<RosterOut>, RosterError> {
    let id = relation.other;
    let Some(party) = people.parties.get(&id) else {
        return Ok(Vec::new());
    };
    let mut line = RosterOut::default();
    let cells: &mut [String; ROSTER_COLUMNS] = &mut line.cells;
    cells[6].clone_from(&party.name);
    let kind = if party.organisation {
        "organisation"
    } else {
        "person"
    };
    cells[7] = word(kind, language).to_owned();
    cells[8] = word(relation.kind.word(), language).to_owned();
    cells[9] = match relation.share {
        None => String::new(),
        Some((0, _)) => word("joint", language).to_owned(),
        Some((part, whole)) => format!("{part}/{whole}"),
    };
    cells[10] = relation.from.clone().unwrap_or_default();
    cells[11] = relation.until.clone().unwrap_or_default();
    let numbers = people.phones.iter().filter(|p| p.party == id);
    let numbers: Vec<&str> = numbers.map(|p| p.number.as_str()).collect();
    cells[12] = numbers.join("、");
    cells[15] = people.clear(id, 0, contact::BIRTH)?;
    cells[16] = people.clear(id, 1, contact::WORKPLACE)?;
    cells[17] = party.uscc.clone().unwrap_or_default();
    cells[18] = party.representative.clone().unwrap_or_default();
    (cells[19], cells[20]) = emergency(&people.clear(id, 2, contact::EMERGENCY)?);
    let mut papers = people.documents.iter().filter(|d| d.0 == id);
    if let Some((_, kind, number)) = papers.next() {
        line.cells[13] = word(kind, language).to_owned();
        line.cells[14].clone_from(number);
    }
    let mut lines = vec![line];
    for (_, kind, number) in papers {
        let mut more = RosterOut::default();
        for at in [6, 7, 8] {
            more.cells[at] = lines[0].cells[at].clone();
        }
        more.cells[13] = word(kind, language).to_owned();
        more.cells[14].clone_from(number);
        lines.push(more);
    }
    Ok(lines)
}

/// Name and phones of whoever is called in an emergency; text typed at the desk is a name.
fn emergency(text: &str) -> (String, String) {
    #[derive(serde::Deserialize)]
    struct Called {
        name: Option<String>,
        #[serde(default)]
        phones: Vec<String>,
    }
    match serde_json::from_str::<Called>(text) {
        Ok(called) => (called.name.unwrap_or_default(), called.phones.join("、")),
        Err(_) => (text.to_owned(), String::new()),
    }
}

/// A word of the database as an office writes it, such as the reader knows. Offices write
/// Chinese whatever the language of their headings.
fn word(known: &str, language: Language) -> &'static str {
    let simplified = language == Language::SimplifiedChinese;
    let pick = |hant, hans| if simplified { hans } else { hant };
    if let Some(tie) = Tie::from_word(known) {
        return match tie {
            Tie::Owner => pick("業主", "业主"),
            Tie::CoOwner => "共有人",
            Tie::Tenant => "租客",
            Tie::Family => pick("家屬", "家属"),
        };
    }
    match known {
        "residence" => "住宅",
        "shop" => pick("商鋪", "商铺"),
        "parking" => pick("車位", "车位"),
        "not_handed_over" => "未交付",
        "handed_over" => "已交付",
        "vacant" => "空置",
        "owner_occupied" => "自住",
        "let" => "出租",
        "person" => pick("個人", "个人"),
        "organisation" => pick("單位", "单位"),
        "joint" => "共同共有",
        "resident_id" => pick("身份證", "身份证"),
        "passport" => pick("護照", "护照"),
        "hong_kong_macau" => pick("港澳通行證", "港澳通行证"),
        "taiwan" => pick("台胞證", "台胞证"),
        _ => "其他",
    }
}
