//! What an import changed of people and homes that were there before it, and what became of
//! that when the import was taken back as a whole.

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use roster::{Source, tracking};

use super::{Maker, New, Seen, blank, keep, of_party, of_room};
use crate::record::{self, Record};
use crate::{ChangesError, events, store};

/// Rows looked at in one go.
const ROWS: i64 = 500;

/// What an import may have changed, in the order in which it is looked at.
#[derive(Clone, Copy)]
enum Part {
    Data,
    Phones,
    Came,
    Terms,
    Vehicles,
    Rooms,
}

const PARTS: [Part; 6] = [
    Part::Data,
    Part::Phones,
    Part::Came,
    Part::Terms,
    Part::Vehicles,
    Part::Rooms,
];

/// An import that came in.
struct Came<'a> {
    house: &'a House,
    c: Community,
    event: &'a Seen,
    import: Id,
    maker: Maker,
}

impl Came<'_> {
    fn blank(&self, item: Id, field: &str) -> Record {
        let (house, event) = (self.house, self.event);
        let mut record = blank(house, event, Source::Import, &self.maker, item, field);
        record.evidence_of = self.import.to_string();
        record
    }

    /// Some of a part, and what to go on behind.
    async fn some(&self, part: Part, after: &str) -> Result<(Vec<New>, Option<Id>), ChangesError> {
        use imports::tracked;
        let (house, c, import) = (self.house, self.c, self.import);
        let mut new = Vec::new();
        let on = |last: Option<Id>, n: usize| last.filter(|_| n as i64 == ROWS);
        Ok(match part {
            Part::Data => {
                let (data, on) = tracked::data(house, c, import, after, ROWS).await?;
                for datum in data {
                    // Person and column name the item: a retry finds its record again.
                    let mut record = self.blank(datum.party, datum.field);
                    record.party = Some(datum.party);
                    (record.was, record.became) = (datum.was, datum.became);
                    new.push(of_party(house, c, record, datum.party).await?);
                }
                (new, on)
            }
            Part::Phones => {
                let found = tracked::phones(house, c, import, after, ROWS).await?;
                let on = on(found.last().map(|f| f.0), found.len());
                for (id, datum) in found {
                    let mut record = self.blank(id, datum.field);
                    record.party = Some(datum.party);
                    record.became = datum.became;
                    new.push(of_party(house, c, record, datum.party).await?);
                }
                (new, on)
            }
            Part::Came => {
                let found = tracked::came(house, c, import, after, ROWS).await?;
                let on = on(found.last().map(|f| f.relation), found.len());
                for one in found {
                    let mut record = self.blank(one.relation, "began");
                    record.party = Some(one.party);
                    record.tie = one.tie.word().to_owned();
                    record.reprint = one.tie.owns();
                    new.push(of_room(house, c, record, one.room).await?);
                }
                (new, on)
            }
            Part::Terms => {
                let found = tracked::terms(house, c, import, after, ROWS).await?;
                let on = on(found.last().map(|f| f.relation), found.len());
                for one in found.into_iter().filter(|t| t.was != t.became) {
                    let mut record = self.blank(one.relation, "terms");
                    record.party = Some(one.party);
                    record.tie = one.tie.word().to_owned();
                    record.was = record::json(&one.was);
                    record.became = record::json(&one.became);
                    new.push(of_room(house, c, record, one.room).await?);
                }
                (new, on)
            }
            Part::Vehicles => {
                let found = tracked::vehicles(house, c, import, after, ROWS).await?;
                let on = on(found.last().map(|f| f.0), found.len());
                for (vehicle, room) in found {
                    let record = self.blank(vehicle, "registered");
                    new.push(of_room(house, c, record, room).await?);
                }
                (new, on)
            }
            Part::Rooms => {
                let found = tracked::rooms(house, c, import, after, ROWS).await?;
                let on = on(found.last().map(|f| f.room), found.len());
                // A note of the room may be all that changed.
                for one in found.into_iter().filter(|f| f.was != f.became) {
                    let mut record = self.blank(one.room, "facts");
                    record.reprint = one.was.moved_in != one.became.moved_in;
                    record.was = record::json(&one.was);
                    record.became = record::json(&one.became);
                    new.push(of_room(house, c, record, one.room).await?);
                }
                (new, on)
            }
        })
    }
}

/// Records what an import changed; how many.
pub(super) async fn came_in(
    house: &House,
    c: Community,
    event: &Seen,
) -> Result<usize, ChangesError> {
    let Some(import) = event.about("import") else {
        return Ok(0);
    };
    let came = Came {
        house,
        c,
        event,
        import,
        maker: Maker::of(house, c, &event.actor).await?,
    };
    let mut recorded = 0;
    for part in PARTS {
        let mut after = String::new();
        loop {
            let (new, on) = came.some(part, &after).await?;
            recorded += keep(house, c, new).await?;
            let Some(on) = on else { break };
            after = on.to_string();
        }
    }
    Ok(recorded)
}

/// An import was taken back: what of its changes does not stand any more waits for nobody.
/// What stayed, because it changed again or others rely on it, is checked like any other.
pub(super) async fn taken_back(
    house: &House,
    c: Community,
    event: &Seen,
) -> Result<(), ChangesError> {
    let Some(import) = event.about("import") else {
        return Ok(());
    };
    let maker = Maker::of(house, c, &event.actor).await?;
    let mut after = String::new();
    loop {
        let found: Vec<Record> = house
            .db
            .all(store::waiting_of_import(c, import, &after, ROWS))
            .await?;
        let Some(last) = found.last() else {
            return Ok(());
        };
        after = last.id.to_string();
        let mut gone = Vec::new();
        for record in &found {
            let stands = match record.undoing() {
                Some(undoing) => tracking::stands(house, c, &undoing).await?,
                None => true,
            };
            if !stands {
                gone.push(record.id);
            }
        }
        if gone.is_empty() {
            continue;
        }
        let (name, at) = (maker.name.clone(), event.at);
        house
            .write::<_, DbError, _>(c, &Actor::system(c).who(), move |mut tx| {
                for part in gone.chunks(foundation::database::LIST_MAX) {
                    tx.execute(store::taken_back(c, part, &name, at))?;
                }
                let event = Event::new(events::TAKEN_BACK)
                    .to(Audience::Staff)
                    .with("import", import)
                    .with("records", gone);
                tx.record(event, ())
            })
            .await?;
    }
}
