//! An import on the screen: the file waits sealed until somebody has looked at how it is
//! read; confirming it is an event and a job, which survives a restart.

use std::sync::Arc;

use sheets::{Book, Layout, Limits, Mapping, guess_all};

use super::apply::{Totals, apply, drop_import, find, open_piece, seal_piece};
use super::fees;
use super::outcome::{Counts, Remark};
use super::run::{Options, outcome, plan_for, stage_as};
use super::store::{self, Import};
use super::{ImportError, Outcome, Plan, Read, endings, events, read};
use ::fees::exchange::EXCHANGE;
use foundation::communities::{self, Compound};
use foundation::database::{Chore, Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{self, Job, Runner};
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// The job that applies a confirmed import.
pub const APPLY: &str = "import.apply";
/// Bytes of the file in one sealed piece.
const FILE_PIECE: usize = 512 * 1024;
/// How often a confirmed import is planned again when the roster changes under it.
const TRIES: usize = 3;

/// Takes a file in: it is read once to see that it can be, and waits for its mapping.
pub async fn take_file(
    house: &House,
    by: &Actor,
    c: Community,
    layout: Layout,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<Id, ImportError> {
    by.may(Permission::ImportRun)?;
    let name = file_name.to_owned();
    let (bytes, opened) = tokio::task::spawn_blocking(move || {
        let opened = sheets::open(&bytes, &name, &Limits::default());
        (bytes, opened)
    })
    .await
    .map_err(|_| DbError::Stopped)?;
    let book = opened?;
    let mappings = guess_all(&book, layout);
    if !mappings.iter().any(Mapping::recognised) {
        return Err(ImportError::NoTable);
    }
    let id = house.id();
    let ring = house.keys.make(c, &[id]).await?;
    let now = house.now();
    let import = Import {
        id,
        kind: kind_of(layout).into(),
        file_name: file_name.chars().take(200).collect(),
        state: "read".into(),
        mapping: unsampled(mappings)?,
        outcome: "{}".into(),
        chunks: 0,
        chunks_done: 0,
        started_at: now,
        beat_at: now,
        finished_at: None,
        actor: by.who().actor.word(),
        digest: house.keys.digest("import-file", &bytes).to_vec(),
    };
    endings::bound_draft(house, c, id).await?;
    for (n, part) in bytes.chunks(FILE_PIECE).enumerate() {
        let sealed = house.keys.seal(&ring, id, "file", part)?;
        house
            .db
            .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
                r.execute(store::put_piece(c, id, "file", n as i64, sealed))
            })
            .await?;
    }
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::insert(c, &import))
        })
        .await?;
    Ok(id)
}

/// How a kind of import is kept.
fn kind_of(layout: Layout) -> &'static str {
    match layout {
        Layout::Roster => "roster",
        Layout::Fees => "fees",
    }
}

/// Which of the two lists an import is.
pub fn layout_of(import: &Import) -> Layout {
    if import.kind == kind_of(Layout::Fees) {
        Layout::Fees
    } else {
        Layout::Roster
    }
}

/// Mappings as they are kept: without samples, which are people's data.
fn unsampled(mut mappings: Vec<Mapping>) -> Result<String, ImportError> {
    for column in mappings.iter_mut().flat_map(|m| m.columns.iter_mut()) {
        column.samples.clear();
    }
    Ok(serde_json::to_string(&mappings).map_err(|e| DbError::Shape(e.to_string()))?)
}

/// A file that waits, opened again, with its mapping as it was last told.
pub struct Draft {
    pub import: Import,
    pub book: Arc<Book>,
    pub mappings: Vec<Mapping>,
}

/// Opens a file that waits.
pub async fn open_draft(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<Draft, ImportError> {
    by.may(Permission::ImportRun)?;
    let import = find(house, c, id).await?;
    let ring = house.keys.ring(c, &[id]).await?;
    let mut bytes = Vec::new();
    let mut number = 0;
    while let Some((sealed,)) = house
        .db
        .optional::<(Vec<u8>,)>(store::piece(c, id, "file", number))
        .await?
    {
        let part = ring
            .open_bytes(id, "file", &sealed)
            .map_err(foundation::keys::KeyError::from)?
            .ok_or(ImportError::NoSuchImport)?;
        bytes.extend_from_slice(&part);
        number += 1;
    }
    if bytes.is_empty() {
        return Err(ImportError::State);
    }
    let name = import.file_name.clone();
    let opened =
        tokio::task::spawn_blocking(move || sheets::open(&bytes, &name, &Limits::default()))
            .await
            .map_err(|_| DbError::Stopped)?;
    let book = Arc::new(opened?);
    let told: Vec<Mapping> = serde_json::from_str(&import.mapping)
        .map_err(|e| DbError::Shape(format!("an import's mapping: {e}")))?;
    // Guessed again for the samples, then as told.
    let mut mappings = guess_all(&book, layout_of(&import));
    for mapping in &mut mappings {
        let Some(told) = told.iter().find(|t| t.sheet == mapping.sheet) else {
            continue;
        };
        for column in &told.columns {
            let now = mapping.columns.iter().find(|c| c.number == column.number);
            if now.is_some_and(|n| n.field != column.field || n.whose != column.whose) {
                mapping.tell(column.number, column.field, column.whose);
            }
        }
    }
    Ok(Draft {
        import,
        book,
        mappings,
    })
}

/// Says anew what the columns mean.
pub async fn remap(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    mappings: Vec<Mapping>,
) -> Result<(), ImportError> {
    by.may(Permission::ImportRun)?;
    let text = unsampled(mappings)?;
    let changed = house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::remap(c, id, text))
        })
        .await?;
    if changed == 0 {
        return Err(ImportError::State);
    }
    Ok(())
}

/// What a draft would do, in the counts of its kind: rooms and people, or bills and payments.
pub struct Preview {
    pub counts: [Counts; 2],
    pub errors: Vec<Remark>,
    pub warnings: Vec<Remark>,
}

/// The dry run of the screen.
pub async fn preview(
    house: &House,
    by: &Actor,
    c: Community,
    draft: &Draft,
) -> Result<Preview, ImportError> {
    if layout_of(&draft.import) == Layout::Fees {
        let compound = compound(house, c).await?;
        let read = fees::read_fees(&draft.book, &draft.mappings);
        let options = Options {
            dry_run: true,
            ..Options::default()
        };
        let file = (draft.import.file_name.as_str(), [0; 32]);
        let told = fees::run_fees(house, by, &compound, file, read, options, &|_, _| {}).await?;
        return Ok(Preview {
            counts: [told.bills, told.payments],
            errors: told.errors,
            warnings: told.warnings,
        });
    }
    let read = read(&draft.book, &draft.mappings);
    let plan = plan_for(house, Some(c), &read).await?;
    let told = outcome(&read, &plan);
    Ok(Preview {
        counts: [told.rooms, told.people],
        errors: told.errors,
        warnings: told.warnings,
    })
}

async fn compound(house: &House, c: Community) -> Result<Compound, ImportError> {
    communities::by_number(&house.db, c)
        .await?
        .ok_or(ImportError::NoSuchImport)
}

/// Confirms an import: from here on it runs by itself.
pub async fn confirm(house: &House, by: &Actor, c: Community, id: Id) -> Result<(), ImportError> {
    by.may(Permission::ImportRun)?;
    house
        .write::<_, ImportError, _>(c, &by.who_for(Permission::ImportRun), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::state(c, id, "read", "queued", now))? == 0 {
                return Err(ImportError::State);
            }
            let payload = serde_json::json!({"import": id});
            jobs::enqueue(&mut tx, APPLY, &format!("import:{id}"), &payload, now)?;
            let event = Event::new(events::STARTED)
                .about("import", id)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Who does this room's jobs.
pub fn jobs(runner: Runner<House>) -> Runner<House> {
    runner
        .on(APPLY, |house, job| async move {
            run_confirmed(&house, &job).await.map_err(|e| e.to_string())
        })
        .on(endings::END_DRAFT, |house, job| async move {
            let done = endings::end_draft(&house, &job).await;
            done.map_err(|e| e.to_string())
        })
        .on(endings::FORGET_FAULTY, |house, job| async move {
            let done = endings::forget_faulty(&house, &job).await;
            done.map_err(|e| e.to_string())
        })
        .on(EXCHANGE, |house, job| async move {
            let done = super::exchange::exchange(&house, job.community).await;
            done.map_err(|e| e.to_string())
        })
}

async fn run_confirmed(house: &House, job: &Job) -> Result<(), ImportError> {
    let c = job.community;
    let by = Actor::system(c);
    let id: Id = serde_json::from_value(job.payload["import"].clone())
        .map_err(|e| DbError::Shape(format!("a job's import: {e}")))?;
    let compound = compound(house, c).await?;
    let import = find(house, c, id).await?;
    if layout_of(&import) == Layout::Fees {
        return run_fee_list(house, &by, &compound, import).await;
    }
    if import.state == "applying" {
        // The node died in the middle: go on where it stopped.
        return apply(house, &by, c, compound.bits, id, &|_, _| {}).await;
    }
    if import.state != "queued" {
        return Ok(());
    }
    let draft = open_draft(house, &by, c, id).await?;
    let read: Read = read(&draft.book, &draft.mappings);
    drop(draft);
    for _ in 0..TRIES {
        let plan = plan_for(house, Some(c), &read).await?;
        stage_as(house, c, id, &read, plan).await?;
        match apply(house, &by, c, compound.bits, id, &|_, _| {}).await {
            Err(ImportError::Changed) => requeue(house, c, id).await?,
            other => return other,
        }
    }
    drop_import(house, c, id).await
}

/// A fee list is brought in by its own way; one that died in the middle is given up, since
/// nobody has seen anything of it, and can be handed in again.
async fn run_fee_list(
    house: &House,
    by: &Actor,
    compound: &Compound,
    import: Import,
) -> Result<(), ImportError> {
    let (c, id) = (compound.number, import.id);
    match import.state.as_str() {
        "applying" => return fees::drop_fees(house, by, c, id).await,
        "queued" => {}
        _ => return Ok(()),
    }
    let draft = open_draft(house, by, c, id).await?;
    let read = fees::read_fees(&draft.book, &draft.mappings);
    let mut digest = [0; 32];
    let kept = import.digest.len().min(32);
    digest[..kept].copy_from_slice(&import.digest[..kept]);
    let file = (import.file_name.as_str(), digest);
    let quiet = |_: u64, _: u64| {};
    let under = (Some(id), file);
    let told =
        fees::run_fees_as(house, by, compound, under, read, Options::default(), &quiet).await?;
    let ring = house.keys.ring(c, &[id]).await?;
    let faults = seal_piece(house, &ring, id, &(&told.errors, &told.warnings))?;
    super::mending::keep_of_fees(house, &ring, c, id, &draft, &told).await?;
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::put_piece(c, id, "faults", 0, faults))?;
            r.execute(store::drop_pieces(c, id, "file"))?;
            Ok(())
        })
        .await?;
    if find(house, c, id).await?.state == "queued" {
        // Others have brought the same meanwhile: nothing was left to do.
        return drop_import(house, c, id).await;
    }
    Ok(())
}

/// Back to the beginning, after the roster changed under it.
async fn requeue(house: &House, c: Community, id: Id) -> Result<(), ImportError> {
    house
        .db
        .keep::<_, ImportError, _>(Chore::Staging, c, move |r| {
            r.execute(store::requeue(c, id))?;
            Ok(())
        })
        .await
}

/// An import as it stands, with its counts and what was faulty or doubtful in its file.
pub async fn look(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<(Import, Totals, Outcome), ImportError> {
    by.may(Permission::ImportRun)?;
    let import = find(house, c, id).await?;
    let totals: Totals = serde_json::from_str(&import.outcome).unwrap_or_default();
    let ring = house.keys.ring(c, &[id]).await?;
    let faults: Option<(Vec<u8>,)> = house.db.optional(store::piece(c, id, "faults", 0)).await?;
    let mut outcome = Outcome {
        rooms: totals.rooms,
        people: totals.people,
        ..Outcome::default()
    };
    if let Some((sealed,)) = faults {
        (outcome.errors, outcome.warnings) = open_piece(&ring, id, &sealed)?;
    }
    Ok((import, totals, outcome))
}

/// The faults of an import, kept for whoever mends the file.
pub(super) fn sealed_faults(
    house: &House,
    ring: &foundation::keys::Keyring,
    id: Id,
    read: &Read,
    plan: &Plan,
) -> Result<Vec<u8>, ImportError> {
    let warnings: Vec<&Remark> = read.warnings.iter().chain(&plan.warnings).collect();
    seal_piece(house, ring, id, &(&read.errors, warnings))
}
