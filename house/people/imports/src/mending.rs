//! The faulty rows of an import, for whoever mends them: kept sealed with it, given back as
//! a workbook with each fault beside its cell to the one who handed the file in.

use sheets::{Faulty, Flaw, Language, Layout};

use super::apply::{find, open_piece, seal_piece};
use super::draft::{layout_of, look, open_draft, preview};
use super::outcome::Remark;
use super::read::{faulty_rows, read};
use super::remarks::shown;
use super::store::{self, Import};
use super::{ImportError, endings, fees};
use foundation::database::{Chore, Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use foundation::page::Frame;
use permissions::Permission;
use permissions::actor::Actor;

/// How the pieces are called. How long they are kept: [`super::endings`].
const PIECE: &str = "faulty";
/// Rows in one sealed piece.
const ROWS: usize = 500;
/// Pieces read back: as many rows as a file may have, and a part for each of its sheets.
const PIECES_MAX: i64 = 1_000;

/// Keeps the faulty rows with the import, sealed under its key.
pub(super) async fn keep(
    house: &House,
    ring: &Keyring,
    c: Community,
    id: Id,
    faulty: Vec<Faulty>,
) -> Result<(), ImportError> {
    let mut number = 0;
    for sheet in faulty {
        for rows in sheet.rows.chunks(ROWS) {
            let part = Faulty {
                rows: rows.to_vec(),
                sheet: sheet.sheet.clone(),
                title: sheet.title.clone(),
                columns: sheet.columns.clone(),
            };
            let sealed = seal_piece(house, ring, id, &part)?;
            house
                .db
                .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
                    r.execute(store::put_piece(c, id, PIECE, number, sealed))
                })
                .await?;
            number += 1;
        }
    }
    Ok(())
}

/// Whether the rows are shown to this person: they are people's data in clear, and go back
/// only to where they came from.
pub(super) fn is_their_own(by: &Actor, import: &Import) -> bool {
    by.account.is_some() && by.who().actor.word() == import.actor
}

/// Whether there are rows of this import to give back to this person.
pub(super) async fn has_rows(
    house: &House,
    by: &Actor,
    import: &Import,
) -> Result<bool, ImportError> {
    let first = store::piece(by.community, import.id, PIECE, 0);
    let kept = house.db.optional::<(Vec<u8>,)>(first).await?;
    Ok(is_their_own(by, import) && kept.is_some())
}

/// The workbook of the faulty rows; `None` when there are none, or somebody else handed the
/// file in.
pub(super) async fn workbook(
    house: &House,
    by: &Actor,
    frame: &Frame,
    id: Id,
    language: Language,
) -> Result<Option<Vec<u8>>, ImportError> {
    by.may(Permission::ImportRun)?;
    let c = by.community;
    let import = find(house, c, id).await?;
    if !is_their_own(by, &import) {
        return Ok(None);
    }
    let (faults, faulty) = match import.state.as_str() {
        "read" => of_draft(house, by, c, id).await?,
        _ => kept(house, by, c, id).await?,
    };
    if faulty.is_empty() {
        return Ok(None);
    }
    let flaw = |r: &Remark| {
        Some(Flaw {
            sheet: r.sheet.clone(),
            row: r.row?,
            column: r.column?,
            reason: shown(frame, r).reason,
        })
    };
    let flaws: Vec<Flaw> = faults.iter().filter_map(flaw).collect();
    let rows = faulty.iter().map(|sheet| sheet.rows.len()).sum();
    let made = tokio::task::spawn_blocking(move || sheets::mending(&faulty, &flaws, language));
    let made = made.await.map_err(|_| DbError::Stopped)?;
    let made = made.map_err(|e| ImportError::Workbook(e.to_string()))?;
    endings::taken(house, by, id, rows).await?;
    Ok(Some(made))
}

/// Of a file that still waits.
async fn of_draft(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<(Vec<Remark>, Vec<Faulty>), ImportError> {
    let draft = open_draft(house, by, c, id).await?;
    if layout_of(&draft.import) == Layout::Fees {
        let faults = preview(house, by, c, &draft).await?.errors;
        let faulty = faulty_rows(&draft.book, &draft.mappings, &faults);
        return Ok((faults, faulty));
    }
    let read = read(&draft.book, &draft.mappings);
    let faulty = read.faulty();
    Ok((read.errors, faulty))
}

/// Of an import that was confirmed.
async fn kept(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<(Vec<Remark>, Vec<Faulty>), ImportError> {
    let (_, _, outcome) = look(house, by, c, id).await?;
    let ring = house.keys.ring(c, &[id]).await?;
    let mut out: Vec<Faulty> = Vec::new();
    for number in 0..PIECES_MAX {
        let piece = store::piece(c, id, PIECE, number);
        let Some((sealed,)) = house.db.optional::<(Vec<u8>,)>(piece).await? else {
            break;
        };
        let part: Faulty = open_piece(&ring, id, &sealed)?;
        match out.last_mut().filter(|last| last.sheet == part.sheet) {
            Some(last) => last.rows.extend(part.rows),
            None => out.push(part),
        }
    }
    Ok((outcome.errors, out))
}

/// The faulty rows of a fee list that has run.
pub(super) async fn keep_of_fees(
    house: &House,
    ring: &Keyring,
    c: Community,
    id: Id,
    draft: &super::Draft,
    told: &fees::FeesOutcome,
) -> Result<(), ImportError> {
    let faulty = faulty_rows(&draft.book, &draft.mappings, &told.errors);
    keep(house, ring, c, id, faulty).await
}
