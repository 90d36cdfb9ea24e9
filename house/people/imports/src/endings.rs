//! What an import keeps ends: a file that nobody confirmed, and the faulty rows of one that
//! was brought in. Both hold people's data, sealed, for a month and no longer.

use super::apply::find;
use super::store;
use super::{ImportError, events};
use foundation::clock::{DAY, Moment};
use foundation::database::{Chore, Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{self, Job};
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// The job that gives an unconfirmed file up.
pub const END_DRAFT: &str = "import.end_draft";
/// The job that forgets an import's faulty rows.
pub const FORGET_FAULTY: &str = "import.forget_faulty";
/// How long a file waits for its confirmation, and faulty rows for whoever mends them: a
/// clerk's month.
pub const KEPT: i64 = 30 * DAY;

fn payload(id: Id) -> serde_json::Value {
    serde_json::json!({"import": id})
}

fn import_of(job: &Job) -> Result<Id, DbError> {
    serde_json::from_value(job.payload["import"].clone())
        .map_err(|e| DbError::Shape(format!("a job's import: {e}")))
}

/// Before the first piece of a file is kept: whoever dies in the middle leaves nothing for good.
pub(super) async fn bound_draft(house: &House, c: Community, id: Id) -> Result<(), DbError> {
    let (name, due) = (format!("{END_DRAFT}:{id}"), house.now().plus(KEPT));
    jobs::arm(&house.db, c, END_DRAFT, &name, &payload(id), due).await
}

/// In the write that shows an import.
pub(super) fn bound_faulty(tx: &mut Tx<'_>, id: Id, now: Moment) -> Result<(), DbError> {
    let name = format!("{FORGET_FAULTY}:{id}");
    jobs::enqueue(tx, FORGET_FAULTY, &name, &payload(id), now.plus(KEPT))
}

/// Gives up a file that nobody confirmed, or that could never be brought in.
pub(super) async fn end_draft(house: &House, job: &Job) -> Result<(), ImportError> {
    let (c, id) = (job.community, import_of(job)?);
    let import = match find(house, c, id).await {
        // The file was never kept whole.
        Err(ImportError::NoSuchImport) => return forget(house, c, id, &["file"]).await,
        other => other?,
    };
    if !matches!(import.state.as_str(), "read" | "queued") {
        return Ok(());
    }
    let from = import.state;
    let who = Actor::system(c).who_for(Permission::ImportRun);
    let ended = house
        .write::<_, ImportError, _>(c, &who, move |mut tx| {
            let now = tx.now();
            if tx.execute(store::state(c, id, &from, "dropped", now))? == 0 {
                return Err(ImportError::State);
            }
            for what in ["file", "chunk", "faults", "faulty"] {
                tx.execute(store::drop_pieces(c, id, what))?;
            }
            let event = Event::new(events::DRAFT_ENDED)
                .about("import", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await;
    match ended {
        // Somebody confirmed it at the last moment.
        Err(ImportError::State) => Ok(()),
        other => other,
    }
}

/// Forgets the faulty rows of an import. The list of faults stays, masked on the screen.
pub(super) async fn forget_faulty(house: &House, job: &Job) -> Result<(), ImportError> {
    forget(house, job.community, import_of(job)?, &["faulty"]).await
}

async fn forget(
    house: &House,
    c: Community,
    id: Id,
    what: &'static [&'static str],
) -> Result<(), ImportError> {
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            for what in what {
                r.execute(store::drop_pieces(c, id, what))?;
            }
            Ok(())
        })
        .await?;
    Ok(())
}

/// Whoever takes the faulty rows away has people's data in clear: it stands in the ledger.
pub(super) async fn taken(
    house: &House,
    by: &Actor,
    id: Id,
    rows: usize,
) -> Result<(), ImportError> {
    let who = by.who_for(Permission::ImportRun);
    house
        .write::<_, ImportError, _>(by.community, &who, move |tx| {
            let event = Event::new(events::FAULTY_TAKEN)
                .about("import", id)
                .to(Audience::Staff)
                .with("rows", rows as i64);
            Ok(tx.record(event, ())?)
        })
        .await
}
