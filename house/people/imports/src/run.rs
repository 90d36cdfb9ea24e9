//! The whole way of an import: planned, staged, applied; planned again when the roster
//! changed under it; an earlier one that died is resumed or cleared away first.

use std::collections::HashMap;

use super::apply::{self, Totals, apply as apply_staged, seal_piece};
use super::children;
use super::known::Known;
use super::mending;
use super::outcome::{Outcome, Remark, TRANSFER_PROPOSED};
use super::plan::{Planner, Proposal};
use super::read::Read;
use super::store::{self, Import};
use super::{ImportError, Plan};
use foundation::clock::MINUTE;
use foundation::communities::Compound;
use foundation::database::{Chore, Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use hanzi::room::{Overrides, RoomCode};
use permissions::Permission;
use permissions::actor::Actor;

/// Without a sign of life for so long, whoever applied an import is taken for dead.
const DEAD_AFTER: i64 = 2 * MINUTE;
/// How often an import is planned again when the roster changes under it.
const TRIES: usize = 3;
/// Sealed pieces staged in one stay in the writer: some 100 KB each.
const STAGED_TOGETHER: usize = 8;

/// How an import shall run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Say what would happen and write nothing.
    pub dry_run: bool,
    /// Write nothing when a single cell is faulty.
    pub all_or_nothing: bool,
}

/// Plans what was read against the roster as it stands. `c` is none for a compound that is
/// still to be created.
pub async fn plan_for(
    house: &House,
    c: Option<Community>,
    read: &Read,
) -> Result<Plan, ImportError> {
    let mut here = match c {
        None => HashMap::new(),
        Some(c) => read_here(read, &roster::order::of(house, c).await?),
    };
    let mut normals = read.normals.clone();
    normals.extend(here.values().cloned());
    let known = match c {
        None => Known::default(),
        Some(c) => Known::load(house, c, &normals, &read.names).await?,
    };
    // A room that is there under the reading of everywhere stays that room.
    here.retain(|everywhere, _| !known.has_room(everywhere));
    let new_id = || house.id();
    let mut planner = Planner::new(known, &new_id);
    let (today, mut withheld) = (house.now().date(), Vec::new());
    for mut row in read.rows() {
        if let Some(cell) = &mut row.room
            && let Some(normal) = here.get(&cell.normal)
        {
            cell.normal.clone_from(normal);
        }
        let names = read.owners_at.iter().find(|(sheet, _)| *sheet == row.sheet);
        children::hold(&mut row, names.map(|(_, n)| *n), today, &mut withheld);
        planner.add(row);
    }
    let mut plan = planner.finish();
    plan.warnings = proposed(read, &plan);
    plan.warnings.extend(withheld);
    Ok(plan)
}

/// Codes that are read otherwise where the office has a name such as B1 for a building: from the
/// normal form of everywhere to that of this compound.
fn read_here(read: &Read, site: &Overrides) -> HashMap<String, String> {
    let mut here = HashMap::new();
    if *site == Overrides::default() {
        return here;
    }
    for cell in read.rows().filter_map(|row| row.room) {
        if let Ok(code) = RoomCode::parse_at(&cell.typed, site)
            && code.as_normal() != cell.normal
        {
            here.insert(cell.normal, code.normal());
        }
    }
    here
}

/// Each proposed transfer as a warning at its row: what to do is said, nothing is done.
fn proposed(read: &Read, plan: &Plan) -> Vec<Remark> {
    let mut of_row: HashMap<usize, Vec<&Proposal>> = HashMap::new();
    for proposal in &plan.proposals {
        of_row.entry(proposal.row).or_default().push(proposal);
    }
    if of_row.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(plan.proposals.len());
    for (n, row) in read.rows().enumerate() {
        let Some((here, room)) = of_row.get(&n).zip(row.room.as_ref()) else {
            continue;
        };
        let column = read.owners_at.iter().find(|(sheet, _)| *sheet == row.sheet);
        out.extend(here.iter().map(|p| Remark {
            sheet: row.sheet.clone(),
            row: Some(row.row),
            column: column.map(|(_, number)| *number),
            value: p.name.clone(),
            reason: format!(
                "room {} belongs to somebody else on the roster; nothing was changed: if it \
                 was sold, record the transfer on the room's page; if they own it together, list \
                 both owners",
                room.typed
            ),
            code: TRANSFER_PROPOSED.to_owned(),
            params: vec![
                ("room".to_owned(), room.typed.clone()),
                ("room_id".to_owned(), p.room.to_string()),
            ],
            personal: false,
        }));
    }
    out
}

/// The answer that the contract of `linli import roster` asks for.
pub(super) fn outcome(read: &Read, plan: &Plan) -> Outcome {
    let mut warnings = read.warnings.clone();
    warnings.extend(plan.warnings.iter().cloned());
    Outcome {
        rooms: plan.rooms,
        people: plan.people,
        errors: read.errors.clone(),
        warnings,
    }
}

/// Stages a plan, ready to be applied; nobody sees anything of it.
///
/// # Errors
/// [`ImportError::Busy`] while another import into this compound is being applied.
pub async fn stage(
    house: &House,
    by: &Actor,
    c: Community,
    file: (&str, [u8; 32]),
    read: &Read,
    plan: Plan,
) -> Result<Id, ImportError> {
    by.may(Permission::ImportRun)?;
    let id = house.id();
    house.keys.make(c, &[id]).await?;
    let now = house.now();
    let import = Import {
        id,
        kind: "roster".into(),
        file_name: file.0.to_owned(),
        state: "queued".into(),
        mapping: "[]".into(),
        outcome: "{}".into(),
        chunks: 0,
        chunks_done: 0,
        started_at: now,
        beat_at: now,
        finished_at: None,
        actor: by.who().actor.word(),
        digest: file.1.to_vec(),
    };
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::insert(c, &import))
        })
        .await?;
    stage_as(house, c, id, read, plan).await?;
    Ok(id)
}

/// Stages a plan under an import that is queued.
pub(super) async fn stage_as(
    house: &House,
    c: Community,
    id: Id,
    read: &Read,
    mut plan: Plan,
) -> Result<(), ImportError> {
    let ring = house.keys.ring(c, &[id]).await?;
    let totals = Totals {
        rooms: plan.rooms,
        people: plan.people,
        faults: read.errors.len() as u64,
        warnings: (read.warnings.len() + plan.warnings.len()) as u64,
        ..Totals::default()
    };
    let outcome = serde_json::to_string(&totals).map_err(|e| DbError::Shape(e.to_string()))?;
    // The pieces first: an import that is being applied is there whole.
    let chunks = plan.work.pieces() as i64;
    let mut number = 0;
    while number < chunks {
        let mut asks = Vec::with_capacity(STAGED_TOGETHER);
        while asks.len() < STAGED_TOGETHER
            && let Some(piece) = plan.work.next_piece(&|| house.id())
        {
            let sealed = seal_piece(house, &ring, id, &piece)?;
            asks.push(store::put_piece(c, id, "chunk", number, sealed));
            number += 1;
        }
        if asks.is_empty() {
            return Err(DbError::Shape("a plan has fewer pieces than it says".into()).into());
        }
        house
            .db
            .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
                for ask in asks {
                    r.execute(ask)?;
                }
                Ok(())
            })
            .await?;
    }
    let faults = super::draft::sealed_faults(house, &ring, id, read, &plan)?;
    // Rows go back to whoever handed them in on the screen; the operator has the file.
    if super::apply::find(house, c, id)
        .await?
        .actor
        .starts_with("a:")
    {
        mending::keep(house, &ring, c, id, read.faulty()).await?;
    }
    let now = house.now();
    let begun = house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::put_piece(c, id, "faults", 0, faults))?;
            let begun = r.execute(store::begin(c, id, chunks, outcome, now))? == 1;
            if begun {
                r.execute(store::hide(c, id))?;
            }
            Ok(begun)
        })
        .await?;
    if begun {
        return Ok(());
    }
    house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            r.execute(store::drop_pieces(c, id, "chunk"))?;
            r.execute(store::drop_pieces(c, id, "faults"))?;
            r.execute(store::drop_pieces(c, id, "faulty"))?;
            r.execute(store::forget_queued(c, id))
        })
        .await?;
    Err(ImportError::Busy)
}

/// Clears the way: an import that died is resumed when it is of the same file, else dropped;
/// what an undo has left to clear away is cleared.
async fn clear_the_way(
    house: &House,
    by: &Actor,
    compound: &Compound,
    digest: &[u8],
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(), ImportError> {
    let c = compound.number;
    if let Some(other) = house.db.optional::<Import>(store::applying(c)).await? {
        if other.beat_at.plus(DEAD_AFTER) > house.now() && other.digest != digest {
            return Err(ImportError::Busy);
        }
        if other.digest == digest {
            match apply_staged(house, by, c, compound.bits, other.id, progress).await {
                Ok(()) | Err(ImportError::Changed) => {}
                Err(e) => return Err(e),
            }
        } else {
            apply::drop_import(house, c, other.id).await?;
        }
    }
    let left: Vec<(Id,)> = house.db.all(store::uncleared(c)).await?;
    for (id,) in left {
        apply::clear(house, c, id).await?;
    }
    Ok(())
}

/// Runs an import from beginning to end: the answer of the dry run and of the real one.
///
/// A file that changes nothing leaves no trace, not even an event.
pub async fn run(
    house: &House,
    by: &Actor,
    compound: &Compound,
    file: (&str, [u8; 32]),
    read: &Read,
    options: Options,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Outcome, ImportError> {
    by.may(Permission::ImportRun)?;
    if !read.recognised {
        return Err(ImportError::NoTable);
    }
    let c = compound.number;
    if !options.dry_run {
        clear_the_way(house, by, compound, &file.1, progress).await?;
    }
    let mut tries = 0;
    loop {
        tries += 1;
        let plan = plan_for(house, Some(c), read).await?;
        let outcome = outcome(read, &plan);
        let refused = options.all_or_nothing && !read.errors.is_empty();
        if options.dry_run || refused || plan.work.is_empty() {
            return Ok(outcome);
        }
        let id = stage(house, by, c, file, read, plan).await?;
        match apply_staged(house, by, c, compound.bits, id, progress).await {
            Ok(()) => return Ok(outcome),
            Err(ImportError::Changed) if tries < TRIES => {}
            Err(e) => return Err(e),
        }
    }
}

/// The imports of a compound, newest first, before `before` (an id; "~" for the newest).
pub async fn history(
    house: &House,
    by: &Actor,
    before: &str,
    limit: i64,
) -> Result<Vec<Import>, ImportError> {
    by.may(Permission::ImportRun)?;
    Ok(house
        .db
        .all(store::history(by.community, before, limit))
        .await?)
}
