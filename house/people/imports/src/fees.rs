//! Importing a fee list: bills and payments of rooms that the roster knows, staged
//! unseen in pieces of at most 500 rows and shown by one event. The same file twice
//! changes nothing and leaves no trace.

use std::collections::HashMap;

use serde::Serialize;
use sheets::{Book, FeeItem, Mapping, sheet_warnings};

use super::outcome::{Counts, Remark};
use super::run::Options;
use super::store::{self, Import};
use super::undo::{LISTED_MAX, Undone};
use super::{ImportError, endings, events, read};
use fees::imported::{self, FeeRows, ImportBill, ImportPayment, ItemName, number_likes};
use fees::{Fen, ItemKind, Period, Way};
use foundation::clock::MINUTE;
use foundation::communities::Compound;
use foundation::database::{Chore, Community, DbError, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Rows of a piece: what other writers wait for at most.
const PIECE_ROWS: usize = 500;
/// Without a sign of life for so long, whoever applied an import is taken for dead.
const DEAD_AFTER: i64 = 2 * MINUTE;

/// The whole result of a fee list's import.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FeesOutcome {
    pub bills: Counts,
    pub payments: Counts,
    pub errors: Vec<Remark>,
    pub warnings: Vec<Remark>,
}

/// A fee list as it was read: rows by room code, not yet tied to rooms.
pub struct FeesRead {
    bills: Vec<sheets::BillRow>,
    payments: Vec<sheets::PaymentRow>,
    errors: Vec<Remark>,
    warnings: Vec<Remark>,
    recognised: bool,
}

/// Reads all recognised sheets of a book. Pure; outside the writer.
pub fn read_fees(book: &Book, mappings: &[Mapping]) -> FeesRead {
    let mut out = FeesRead {
        bills: Vec::new(),
        payments: Vec::new(),
        errors: Vec::new(),
        warnings: Vec::new(),
        recognised: false,
    };
    for sheet in &book.sheets {
        let Some(mapping) = mappings.iter().find(|m| m.sheet == sheet.name) else {
            continue;
        };
        out.recognised |= mapping.recognised();
        let cautions = sheet_warnings(sheet, mapping, sheets::Limits::default().columns);
        out.warnings
            .extend(cautions.into_iter().map(|w| read::warning(mapping, w)));
        for line in mapping.fees(sheet) {
            out.bills.extend(line.bills);
            out.payments.extend(line.payments);
            out.errors
                .extend(line.faults.into_iter().map(|f| read::fault(mapping, f)));
            out.warnings
                .extend(line.warnings.into_iter().map(|w| read::warning(mapping, w)));
        }
    }
    out
}

/// Why a readable row is not taken all the same.
fn refuse(errors: &mut Vec<Remark>, at: (&str, u32, u32), value: String, code: &str, reason: &str) {
    errors.push(Remark {
        sheet: at.0.to_owned(),
        row: Some(at.1),
        column: Some(at.2),
        value,
        reason: reason.to_owned(),
        code: code.to_owned(),
        params: Vec::new(),
        personal: false,
    });
}

/// Where each row of [`FeeRows`] stood in the file, to name it when it clashes.
struct Places {
    bills: Vec<(String, u32, u32)>,
    payments: Vec<(String, u32, u32)>,
}

/// Ties rows to rooms; what cannot be tied becomes an error.
async fn tie(
    house: &House,
    c: Community,
    read: FeesRead,
) -> Result<(FeeRows, Places, Vec<Remark>, Vec<Remark>), ImportError> {
    let mut errors = read.errors;
    let mut rooms: HashMap<String, Option<Id>> = HashMap::new();
    let codes = read.bills.iter().map(|b| &b.room);
    for room in codes.chain(read.payments.iter().map(|p| &p.room)) {
        if !rooms.contains_key(&room.normal) {
            let found = roster::find_room(house, c, &room.typed).await?;
            rooms.insert(room.normal.clone(), found.map(|r| r.id));
        }
    }
    let mut rows = FeeRows::default();
    let mut places = Places {
        bills: Vec::new(),
        payments: Vec::new(),
    };
    for b in read.bills {
        let at = (b.sheet.as_str(), b.row, b.column);
        let amount = Fen(b.amount).to_string();
        let Some(room) = rooms.get(&b.room.normal).copied().flatten() else {
            let why = "this room is not on the roster; import the roster first";
            refuse(&mut errors, at, b.room.typed, "room_unknown", why);
            continue;
        };
        let Some(period) = b.period else {
            let why = "a bill needs its month, such as 2026-01";
            refuse(&mut errors, at, amount, "period_missing", why);
            continue;
        };
        let (first, last) = (month(period.first), month(period.last));
        let (Some(first), Some(last)) = (first, last) else {
            let why = "the month cannot be read; write 2026-01";
            refuse(&mut errors, at, amount, "period_unreadable", why);
            continue;
        };
        if b.amount <= 0 {
            let why = "a bill's amount must be above zero; adjust the bill instead";
            refuse(&mut errors, at, amount, "amount_not_positive", why);
            continue;
        }
        places.bills.push((b.sheet, b.row, b.column));
        rows.bills.push(ImportBill {
            id: house.id(),
            room,
            item: item(&b.item),
            period: first,
            period_last: last,
            amount: Fen(b.amount),
            due: b.due,
        });
    }
    for p in read.payments {
        let at = (p.sheet.as_str(), p.row, p.column);
        let amount = Fen(p.amount).to_string();
        let Some(room) = rooms.get(&p.room.normal).copied().flatten() else {
            let why = "this room is not on the roster; import the roster first";
            refuse(&mut errors, at, p.room.typed, "room_unknown", why);
            continue;
        };
        let Some(paid_on) = p.paid_on else {
            let why = "a payment needs the day on which it was made";
            refuse(&mut errors, at, amount, "paid_on_missing", why);
            continue;
        };
        if p.amount <= 0 {
            let why = "a payment's amount must be above zero; void the payment instead";
            refuse(&mut errors, at, amount, "amount_not_positive", why);
            continue;
        }
        places.payments.push((p.sheet, p.row, p.column));
        rows.payments.push(ImportPayment {
            id: house.id(),
            room,
            paid_on,
            way: way(p.way),
            amount: Fen(p.amount),
            receipt: p.receipt.unwrap_or_default(),
            payer: p.payer.unwrap_or_default(),
            note: p.note.unwrap_or_default(),
            source: None,
        });
    }
    let digest = |bytes: &[u8]| house.keys.digest("fee-payment", bytes);
    number_likes(&mut rows.payments, &digest);
    Ok((rows, places, errors, read.warnings))
}

fn month(m: sheets::Month) -> Option<Period> {
    Period::new(m.year, m.month)
}

fn item(item: &FeeItem) -> ItemName {
    let (kind, name) = match item {
        FeeItem::Property => (ItemKind::Property, String::new()),
        FeeItem::Water => (ItemKind::Water, String::new()),
        FeeItem::Electricity => (ItemKind::Electricity, String::new()),
        FeeItem::Parking => (ItemKind::Parking, String::new()),
        FeeItem::Other(name) => (ItemKind::Other, name.clone()),
    };
    ItemName { kind, name }
}

fn way(way: Option<sheets::Way>) -> Way {
    match way {
        Some(sheets::Way::Cash) => Way::Cash,
        Some(sheets::Way::WeChat) => Way::WeChat,
        Some(sheets::Way::Alipay) => Way::Alipay,
        Some(sheets::Way::Transfer) => Way::Transfer,
        Some(sheets::Way::Card) => Way::Card,
        Some(sheets::Way::Other) | None => Way::Other,
    }
}

/// Drops the rows at `clashing` and says why.
fn drop_clashing<T>(
    rows: Vec<T>,
    places: &[(String, u32, u32)],
    clashing: &[usize],
    errors: &mut Vec<Remark>,
    code: &str,
    reason: &str,
) -> Vec<T> {
    let clashing: std::collections::HashSet<usize> = clashing.iter().copied().collect();
    for i in &clashing {
        if let Some((sheet, row, column)) = places.get(*i) {
            refuse(errors, (sheet, *row, *column), String::new(), code, reason);
        }
    }
    let kept = rows.into_iter().enumerate();
    kept.filter(|(i, _)| !clashing.contains(i))
        .map(|(_, row)| row)
        .collect()
}

/// Runs a fee list's import from beginning to end: the answer of the dry run and of the
/// real one.
pub async fn run_fees(
    house: &House,
    by: &Actor,
    compound: &Compound,
    file: (&str, [u8; 32]),
    read: FeesRead,
    options: Options,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<FeesOutcome, ImportError> {
    run_fees_as(house, by, compound, (None, file), read, options, progress).await
}

/// As [`run_fees`], under an import that waits in the queue where one is named.
pub(super) async fn run_fees_as(
    house: &House,
    by: &Actor,
    compound: &Compound,
    (queued, file): (Option<Id>, (&str, [u8; 32])),
    read: FeesRead,
    options: Options,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<FeesOutcome, ImportError> {
    by.may(Permission::ImportRun)?;
    if !read.recognised {
        return Err(ImportError::NoTable);
    }
    let c = compound.number;
    let (mut rows, places, mut errors, warnings) = tie(house, c, read).await?;
    let (plan, back) = house
        .db
        .reading::<_, DbError, _>(move |r| Ok((imported::plan_import(r, c, &rows)?, rows)))
        .await?;
    rows = back;
    let why = "an earlier row gives the same room, item and month another amount";
    rows.bills = drop_clashing(
        rows.bills,
        &places.bills,
        &plan.bills_clashing,
        &mut errors,
        "bill_clashes",
        why,
    );
    let why = "this receipt number belongs to a payment of another room or amount";
    rows.payments = drop_clashing(
        rows.payments,
        &places.payments,
        &plan.payments_clashing,
        &mut errors,
        "receipt_clashes",
        why,
    );
    errors.sort_by(|a, b| (&a.sheet, a.row, a.column).cmp(&(&b.sheet, b.row, b.column)));
    let outcome = FeesOutcome {
        bills: counts(plan.bills),
        payments: counts(plan.payments),
        errors,
        warnings,
    };
    let changes = [plan.bills, plan.payments];
    let nothing = changes.iter().all(|n| n.added + n.changed == 0);
    let refused = options.all_or_nothing && !outcome.errors.is_empty();
    if options.dry_run || refused || nothing {
        return Ok(outcome);
    }
    clear_the_way(house, c).await?;
    let id = begin(house, by, c, (queued, file), &outcome, &rows).await?;
    match bring_in(house, by, c, id, rows, &outcome, progress).await {
        Ok(()) => Ok(outcome),
        Err(e) => {
            drop_fees(house, by, c, id).await?;
            Err(e)
        }
    }
}

fn counts(n: imported::Counts) -> Counts {
    Counts {
        added: n.added,
        changed: n.changed,
        unchanged: n.unchanged,
    }
}

/// An import that died is given up first; one that lives is waited for by the caller.
async fn clear_the_way(house: &House, c: Community) -> Result<(), ImportError> {
    let Some(other) = house.db.optional::<Import>(store::applying(c)).await? else {
        return Ok(());
    };
    if other.beat_at.plus(DEAD_AFTER) > house.now() {
        return Err(ImportError::Busy);
    }
    if other.kind == "fees" {
        return drop_fees(house, &Actor::system(c), c, other.id).await;
    }
    super::drop_import(house, c, other.id).await
}

async fn begin(
    house: &House,
    by: &Actor,
    c: Community,
    (queued, file): (Option<Id>, (&str, [u8; 32])),
    outcome: &FeesOutcome,
    rows: &FeeRows,
) -> Result<Id, ImportError> {
    let id = queued.unwrap_or_else(|| house.id());
    let now = house.now();
    let summary = serde_json::json!({
        "bills": outcome.bills, "payments": outcome.payments,
        "faults": outcome.errors.len(), "warnings": outcome.warnings.len(),
    });
    let pieces = rows.bills.len().div_ceil(PIECE_ROWS) + rows.payments.len().div_ceil(PIECE_ROWS);
    let import = Import {
        id,
        kind: "fees".into(),
        file_name: file.0.to_owned(),
        state: "applying".into(),
        mapping: "[]".into(),
        outcome: summary.to_string(),
        chunks: pieces as i64,
        chunks_done: 0,
        started_at: now,
        beat_at: now,
        finished_at: None,
        actor: by.who().actor.word(),
        digest: file.1.to_vec(),
    };
    let begun = house
        .db
        .keep::<_, DbError, _>(Chore::Staging, c, move |r| {
            let begun = match queued {
                None => r.execute(store::insert(c, &import))? == 1,
                Some(_) => r.execute(store::begin(c, id, import.chunks, import.outcome, now))? == 1,
            };
            if begun {
                r.execute(store::hide(c, id))?;
            }
            Ok(begun)
        })
        .await?;
    if begun {
        Ok(id)
    } else {
        Err(ImportError::Busy)
    }
}

async fn bring_in(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
    rows: FeeRows,
    outcome: &FeesOutcome,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(), ImportError> {
    let mut pieces: Vec<FeeRows> = Vec::new();
    for part in rows.bills.chunks(PIECE_ROWS) {
        pieces.push(FeeRows {
            bills: part.to_vec(),
            payments: Vec::new(),
        });
    }
    for part in rows.payments.chunks(PIECE_ROWS) {
        pieces.push(FeeRows {
            bills: Vec::new(),
            payments: part.to_vec(),
        });
    }
    let total = pieces.len() as u64;
    for (number, mut piece) in pieces.into_iter().enumerate() {
        progress(number as u64, total);
        imported::seal_rows(house, c, &mut piece).await?;
        let now = house.now();
        house
            .db
            .stage::<_, ImportError, _>(c, now, move |stage| {
                use foundation::database::Change as _;
                if stage.execute(store::advance(c, id, number as i64, now))? == 0 {
                    return Err(ImportError::State);
                }
                imported::apply(stage, id, &piece)?;
                Ok(())
            })
            .await?;
    }
    progress(total, total);
    let who = by.who_for(Permission::ImportRun);
    let (bills, payments) = (outcome.bills, outcome.payments);
    let faults = outcome.errors.len() as i64;
    house
        .write::<_, ImportError, _>(c, &who, move |mut tx| {
            let import: Import = tx
                .optional(store::import(c, id))?
                .ok_or(ImportError::NoSuchImport)?;
            if import.state != "applying" {
                return Err(ImportError::State);
            }
            imported::publish(&mut tx, id)?;
            tx.execute(store::show(c, id))?;
            let now = tx.now();
            tx.execute(store::state(c, id, "applying", "committed", now))?;
            endings::bound_faulty(&mut tx, id, now)?;
            let event = Event::new(events::COMMITTED)
                .about("import", id)
                .to(Audience::Staff)
                .with("bills_added", bills.added as i64)
                .with("bills_changed", bills.changed as i64)
                .with("payments_added", payments.added as i64)
                .with("faults", faults);
            Ok(tx.record(event, ())?)
        })
        .await?;
    imported::settle(house, by).await?;
    Ok(())
}

/// Takes a fee list back as one step: bills somebody has paid or changed since stay.
pub(super) async fn undo(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<Undone, ImportError> {
    by.may(Permission::ImportRun)?;
    let who = by.who_for(Permission::ImportRun);
    let undone = house
        .write::<_, ImportError, _>(c, &who, move |mut tx| {
            let now = tx.now();
            if tx.execute(store::state(c, id, "committed", "undone", now))? == 0 {
                return Err(ImportError::State);
            }
            tx.execute(store::drop_pieces(c, id, "faulty"))?;
            let back = imported::undo(&mut tx, id)?;
            let mut left = Vec::new();
            for bill in back.left.iter().take(LISTED_MAX as usize) {
                let of: Option<(String,)> = tx.optional(store::room_of_bill(c, *bill))?;
                left.extend(of.map(|(code,)| code));
            }
            let undone = Undone {
                rooms: left,
                people: Vec::new(),
                left: back.left.len() as u64,
            };
            let event = Event::new(events::UNDONE)
                .about("import", id)
                .to(Audience::Staff)
                .with("left", undone.left as i64);
            Ok(tx.record(event, undone)?)
        })
        .await?;
    imported::settle(house, by).await?;
    super::undo::keep_list(house, c, id, &undone).await?;
    Ok(undone)
}

/// Gives an unfinished fee import up: nobody has seen it.
pub(super) async fn drop_fees(
    house: &House,
    by: &Actor,
    c: Community,
    id: Id,
) -> Result<(), ImportError> {
    let who = by.who_for(Permission::ImportRun);
    house
        .write::<_, ImportError, _>(c, &who, move |mut tx| {
            let now = tx.now();
            if tx.execute(store::state(c, id, "applying", "dropped", now))? == 0 {
                return Err(ImportError::State);
            }
            imported::discard(&mut tx, id)?;
            for what in ["file", "faulty"] {
                tx.execute(store::drop_pieces(c, id, what))?;
            }
            tx.execute(store::show(c, id))?;
            let event = Event::new(events::UNDONE)
                .about("import", id)
                .with("dropped", true);
            Ok(tx.record(event, ())?)
        })
        .await
        .or_else(|e| match e {
            // It was committed after all, or dropped by another.
            ImportError::State => Ok(()),
            e => Err(e),
        })
}
