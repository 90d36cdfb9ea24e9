//! Following the dossiers: one that was opened gets its box, one that was taken back loses it,
//! and labels say what rooms are called. At least once and idempotent: the cursor moves after
//! the deed.

use std::collections::BTreeSet;

use dossiers::events as e;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Cursor, Entry};
use permissions::actor::Actor;
use serde_json::Value;

use crate::{ShelfError, boxes};

const CURSOR: Cursor = Cursor::new("shelf_cursor", 200);

/// What a plan is made from changes by these, beside what happens in this room.
pub(crate) const CHANGING: [&str; 2] = [e::FOLLOWED.name, e::VOIDED.name];

/// Follows the compound's ledger up to its end; how many boxes were made.
///
/// # Errors
/// The database's.
pub async fn follow(house: &House, c: Community) -> Result<usize, ShelfError> {
    let by = Actor::system(c);
    let kinds = [
        e::OPENED.name,
        // Parking spaces and store rooms get a box with their first papers.
        e::RECEIVED.name,
        CHANGING[0],
        CHANGING[1],
    ];
    let mut made = 0;
    loop {
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        let (mut dossiers, mut renamed) = (BTreeSet::new(), false);
        for event in &part.events {
            let concerned = Concerned::by(event);
            dossiers.extend(concerned.dossiers);
            renamed |= concerned.all;
        }
        if part.first || renamed {
            made += boxes::tend(house, &by).await?;
        } else {
            let dossiers: Vec<Id> = dossiers.into_iter().collect();
            made += boxes::give(house, &by, &dossiers).await?;
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(made);
        }
    }
}

/// Which dossiers an event is about.
#[derive(Default)]
struct Concerned {
    dossiers: Vec<Id>,
    /// Any of them: rooms were renamed or taken away.
    all: bool,
}

impl Concerned {
    fn by(event: &Entry) -> Concerned {
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        let id = |v: &Value| v.as_str()?.parse::<Id>().ok();
        let opened = body["dossiers"].as_array();
        match event.kind.as_str() {
            k if k == e::OPENED.name => Concerned {
                dossiers: opened.into_iter().flatten().filter_map(id).collect(),
                all: false,
            },
            k if k == e::RECEIVED.name => Concerned {
                dossiers: id(&body["dossier"]).into_iter().collect(),
                all: false,
            },
            k if k == e::VOIDED.name => Concerned {
                all: true,
                ..Concerned::default()
            },
            _ => Concerned {
                all: body["rooms"].as_i64().is_some_and(|rooms| rooms > 0),
                ..Concerned::default()
            },
        }
    }
}
