//! Bills and payments out of an office's sheet. The imports room reads and stages
//! the file; this says what its rows mean here.
//!
//! In order: [`number_likes`] over the whole file, [`plan_import`] to show what
//! would happen, [`seal_rows`] and [`apply`] chunk by chunk (the rows carry the import's id and stay
//! unseen while `import_hidden` names it), [`publish`] in the write that takes the
//! import out of `import_hidden`, then [`settle`]. [`discard`] drops an import that
//! was never published, [`undo`] takes one back.

use std::collections::{HashMap, HashSet};

use hanzi::fold;
use jiff::civil::Date;

use super::items::{Basis, FeeItem, ItemKind};
use super::money::{Fen, Period};
use super::payments::Way;
use super::settling::{release, settle_all};
use super::store::{self, BillRow, FreshBill, FreshPayment, Shift};
use super::{FeesError, positive};
use foundation::database::{Change, Community, DbError, LIST_MAX, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use permissions::actor::Actor;

/// The day of the month on which bills of an item fall due that a sheet brought and
/// nobody has set up yet: the month's last day, so that nothing is overdue early.
const DUE_DAY_UNKNOWN: i8 = 31;

/// The item that a sheet means: one of the known kinds, or another by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemName {
    pub kind: ItemKind,
    /// Empty for "the compound's item of this kind".
    pub name: String,
}

/// A bill of a sheet, its room found already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportBill {
    /// Made by `house.id()`; used when the bill is new.
    pub id: Id,
    pub room: Id,
    pub item: ItemName,
    pub period: Period,
    /// The last month that it is for; `period` again for a single month.
    pub period_last: Period,
    pub amount: Fen,
    /// Absent: the item's own due date.
    pub due: Option<Date>,
}

/// A payment of a sheet, its room found already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportPayment {
    /// Made by `house.id()`; used when the payment is new.
    pub id: Id,
    pub room: Id,
    pub paid_on: Date,
    pub way: Way,
    pub amount: Fen,
    pub receipt: String,
    pub payer: String,
    pub note: String,
    /// What knows a payment without a receipt again; set by [`number_likes`].
    pub source: Option<String>,
}

/// Rows of one file, or of one chunk of it.
#[derive(Clone, Debug, Default)]
pub struct FeeRows {
    pub bills: Vec<ImportBill>,
    pub payments: Vec<ImportPayment>,
}

/// Records of one kind, as the command's JSON counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// What importing does or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub bills: Counts,
    pub payments: Counts,
    /// Bills (by their place in the rows) that repeat the room, item and month of an
    /// earlier row with another amount: they are not taken.
    pub bills_clashing: Vec<usize>,
    /// Payments whose receipt number belongs to a payment of another room or amount:
    /// they are not taken.
    pub payments_clashing: Vec<usize>,
}

/// Numbers the payments without a receipt that are alike in everything, so that two
/// equal rows are two payments and the same file again is none. `digest` is a keyed one:
/// whoever has the database alone cannot try out what a note may have said.
pub fn number_likes(payments: &mut [ImportPayment], digest: &dyn Fn(&[u8]) -> [u8; 32]) {
    let mut seen: HashMap<Vec<u8>, u32> = HashMap::new();
    for payment in payments {
        let count = seen.entry(likeness(payment, 0)).or_default();
        let nth = *count;
        *count += 1;
        payment.source = payment.receipt.trim().is_empty().then(|| {
            let bytes = digest(&likeness(payment, nth));
            bytes.iter().map(|b| format!("{b:02x}")).collect()
        });
    }
}

fn likeness(p: &ImportPayment, nth: u32) -> Vec<u8> {
    let text = [
        p.room.to_string(),
        p.paid_on.to_string(),
        p.way.word().to_owned(),
        p.amount.0.to_string(),
        p.payer.trim().to_owned(),
        p.note.trim().to_owned(),
        nth.to_string(),
    ];
    let mut whole = Vec::new();
    for part in text {
        whole.extend_from_slice(&(part.len() as u64).to_be_bytes());
        whole.extend_from_slice(part.as_bytes());
    }
    whole
}

/// Seals what the rows say in people's own words, each under its room's key: before they
/// are staged, so that no commit ever holds them in clear.
pub async fn seal_rows(house: &House, c: Community, rows: &mut FeeRows) -> Result<(), KeyError> {
    let wordy = |p: &&mut ImportPayment| !(p.payer.is_empty() && p.note.is_empty());
    let mut payments: Vec<&mut ImportPayment> = rows.payments.iter_mut().filter(wordy).collect();
    let mut rooms: Vec<Id> = payments.iter().map(|p| p.room).collect();
    rooms.sort_unstable();
    rooms.dedup();
    let ring = house.keys.make(c, &rooms).await?;
    let seal = |p: Id, column, text: &str| match house.keys.seal_text(&ring, p, column, text.trim())
    {
        // Nobody is left whose words they could be.
        Err(KeyError::Erased) => Ok(String::new()),
        sealed => sealed,
    };
    for p in &mut payments {
        p.payer = seal(p.room, store::PAYER, &p.payer)?;
        p.note = seal(p.room, store::NOTE, &p.note)?;
    }
    Ok(())
}

/// Finds the items that sheets mean.
struct Items(Vec<FeeItem>);

impl Items {
    fn read(look: &mut impl Look, c: Community) -> Result<Items, DbError> {
        Ok(Items(look.all(store::items_by_age(c))?))
    }

    fn find(&self, wanted: &ItemName) -> Option<&FeeItem> {
        let key = fold::key(&wanted.name);
        if !key.is_empty() {
            return self.0.iter().find(|i| fold::key(&i.name) == key);
        }
        // The oldest of the kind is the one that the office calls by that word.
        self.0.iter().find(|i| i.kind == wanted.kind)
    }

    /// Makes what is missing; a new item takes the id of the bill that brought it.
    fn find_or_make(
        &mut self,
        tx: &mut impl Change,
        bill: &ImportBill,
    ) -> Result<FeeItem, DbError> {
        if let Some(item) = self.find(&bill.item) {
            return Ok(item.clone());
        }
        let name = match bill.item.name.trim() {
            "" => bill.item.kind.usual_name(),
            name => name,
        };
        let item = FeeItem {
            id: bill.id,
            name: name.chars().take(super::NAME_CHARS_MAX).collect(),
            kind: bill.item.kind,
            basis: Basis::Given,
            applies_to: String::new(),
            due_day: DUE_DAY_UNKNOWN,
            due_months: 0,
            active_from: bill.period,
            active_until: None,
            part_month: super::PartMonth::Whole,
        };
        store::insert_item(tx, &item)?;
        // Another name may fold to the same key; then the item is there after all.
        let there: Option<FeeItem> = tx.optional(store::item(tx.community(), item.id))?;
        let item = match there {
            Some(item) => item,
            None => {
                *self = Items::read(tx, tx.community())?;
                let key = fold::key(&item.name);
                let found = self.0.iter().find(|i| fold::key(&i.name) == key).cloned();
                return found.ok_or(DbError::Missing);
            }
        };
        self.0.push(item.clone());
        Ok(item)
    }
}

/// What a row of the file is to the books.
enum Verdict {
    New(FreshBill),
    Change {
        bill: store::KnownBill,
        due: Date,
        amount: Fen,
    },
    Same,
}

fn judge(
    bill: &ImportBill,
    item: &FeeItem,
    import: Option<Id>,
    known: &store::KnownBills,
) -> Verdict {
    let due = bill.due.unwrap_or_else(|| item.due(bill.period_last));
    match known.get(&(bill.room, item.id, bill.period)) {
        None => Verdict::New(FreshBill {
            id: bill.id,
            room: bill.room,
            item: item.id,
            period: bill.period,
            period_last: bill.period_last.max(bill.period),
            amount: bill.amount,
            due,
            source: "import",
            import,
            run: None,
            days: 0,
        }),
        // A void bill was taken back by a person; a file does not overrule that.
        Some(k) if k.is_void => Verdict::Same,
        Some(k) if import.is_some() && k.import == import => Verdict::Same,
        Some(k) => {
            let due = bill.due.unwrap_or(k.due);
            if k.amount == bill.amount && k.due == due {
                return Verdict::Same;
            }
            Verdict::Change {
                bill: k.clone(),
                due,
                amount: bill.amount,
            }
        }
    }
}

/// Says what importing these rows would do. Give it the whole file, so that rows
/// that contradict each other are found.
pub fn plan_import(look: &mut impl Look, c: Community, rows: &FeeRows) -> Result<Outcome, DbError> {
    let items = Items::read(look, c)?;
    let mut out = Outcome::default();
    let mut seen: HashMap<(Id, String, Period), Fen> = HashMap::new();
    let mut place = 0;
    for part in rows.bills.chunks(LIST_MAX) {
        let known = store::known_bills(look, c, part)?;
        for bill in part {
            let item = items.find(&bill.item);
            let item_key = match item {
                Some(item) => item.id.to_string(),
                None => format!("{}/{}", bill.item.kind.word(), fold::key(&bill.item.name)),
            };
            match seen.insert((bill.room, item_key, bill.period), bill.amount) {
                Some(earlier) if earlier == bill.amount => out.bills.unchanged += 1,
                Some(_) => out.bills_clashing.push(place),
                None => match item.map(|item| judge(bill, item, None, &known)) {
                    None | Some(Verdict::New(_)) => out.bills.added += 1,
                    Some(Verdict::Change { .. }) => out.bills.changed += 1,
                    Some(Verdict::Same) => out.bills.unchanged += 1,
                },
            }
            place += 1;
        }
    }
    let mut receipts: HashMap<String, (Id, Fen)> = HashMap::new();
    for (start, part) in rows.payments.chunks(LIST_MAX).enumerate() {
        let known = known_payments(look, c, part)?;
        for (i, payment) in part.iter().enumerate() {
            let receipt = payment.receipt.trim().to_owned();
            let earlier = receipts
                .get(&receipt)
                .copied()
                .filter(|_| !receipt.is_empty());
            match earlier.or_else(|| known.get(payment)) {
                Some(same) if same == (payment.room, payment.amount) => {
                    out.payments.unchanged += 1;
                }
                Some(_) => out.payments_clashing.push(start * LIST_MAX + i),
                None => out.payments.added += 1,
            }
            receipts.insert(receipt, (payment.room, payment.amount));
        }
    }
    Ok(out)
}

/// Payments that the books have, by receipt number or by what the row said.
struct KnownPayments {
    receipts: HashMap<String, (Id, Fen)>,
    sources: HashSet<String>,
}

impl KnownPayments {
    fn get(&self, p: &ImportPayment) -> Option<(Id, Fen)> {
        match &p.source {
            Some(key) => self.sources.contains(key).then_some((p.room, p.amount)),
            None => self.receipts.get(p.receipt.trim()).copied(),
        }
    }
}

fn known_payments(
    look: &mut impl Look,
    c: Community,
    part: &[ImportPayment],
) -> Result<KnownPayments, DbError> {
    let keys: Vec<String> = part.iter().filter_map(|p| p.source.clone()).collect();
    let receipts: Vec<String> = part
        .iter()
        .map(|p| p.receipt.trim().to_owned())
        .filter(|r| !r.is_empty())
        .collect();
    Ok(KnownPayments {
        sources: store::known_sources(look, c, &keys)?,
        receipts: store::known_receipts(look, c, &receipts)?,
    })
}

/// Takes a chunk of at most [`LIST_MAX`] bills and payments each, inside the
/// import's own write; the same chunk again does nothing. Rows that [`plan_import`]
/// calls clashing are to be left out before.
///
/// # Errors
/// [`FeesError::Amount`] when an amount is not above zero.
pub fn apply(tx: &mut impl Change, import: Id, rows: &FeeRows) -> Result<Outcome, FeesError> {
    let c = tx.community();
    let mut out = Outcome::default();
    let mut items = Items::read(tx, c)?;
    for part in rows.bills.chunks(LIST_MAX) {
        let known = store::known_bills(tx, c, part)?;
        let mut fresh = Vec::new();
        for bill in part {
            positive(bill.amount)?;
            let item = items.find_or_make(tx, bill)?;
            match judge(bill, &item, Some(import), &known) {
                Verdict::New(bill) => fresh.push(bill),
                Verdict::Same => out.bills.unchanged += 1,
                Verdict::Change { bill, due, amount } => {
                    tx.execute(store::stage_change(c, import, &bill, amount, due))?;
                    out.bills.changed += 1;
                }
            }
        }
        let added = store::insert_bills(tx, &fresh)?;
        out.bills.added += added;
        out.bills.unchanged += fresh.len() as u64 - added;
    }
    for part in rows.payments.chunks(LIST_MAX) {
        let known = known_payments(tx, c, part)?;
        let mut fresh = Vec::new();
        for p in part {
            positive(p.amount)?;
            if known.get(p).is_some() {
                out.payments.unchanged += 1;
                continue;
            }
            fresh.push(FreshPayment {
                id: p.id,
                room: p.room,
                paid_on: p.paid_on,
                way: p.way,
                amount: p.amount,
                receipt: p.receipt.trim().to_owned(),
                payer: p.payer.clone(),
                note: p.note.clone(),
                source: "import",
                source_key: p.source.clone(),
                import: Some(import),
                recorded_by: None,
            });
        }
        let added = store::insert_payments(tx, &fresh)?;
        out.payments.added += added;
        out.payments.unchanged += fresh.len() as u64 - added;
    }
    Ok(out)
}

/// Switches the bills that the import changes, in the write that makes it visible.
/// A change that would take more off a bill than is left of it is not made.
pub fn publish(tx: &mut Tx<'_>, import: Id) -> Result<(), FeesError> {
    let c = tx.community();
    let changes: Vec<store::StagedChange> = tx.all(store::staged_changes(c, import))?;
    for change in changes {
        if !switch(
            tx,
            change.bill,
            change.was_amount,
            change.amount,
            change.due,
        )? {
            tx.execute(store::forget_change(c, import, change.bill))?;
        }
    }
    Ok(())
}

/// Gives a bill another amount and due date, if it still has the amount expected.
fn switch(tx: &mut Tx<'_>, bill: Id, from: Fen, to: Fen, due: Date) -> Result<bool, FeesError> {
    let c = tx.community();
    let row: Option<BillRow> = tx.optional(store::bill(c, bill))?;
    let Some(row) = row.filter(|r| !r.is_void() && r.amount == from) else {
        return Ok(false);
    };
    let by = to.minus(from)?;
    let after = row.stands().plus(by)?;
    if after.0 < 0 {
        return Ok(false);
    }
    let over = row.allocated.0 - after.0;
    if over > 0 {
        release(tx, bill, Fen(over))?;
    }
    let shift = Shift {
        amount: by.0,
        ..Shift::default()
    };
    tx.execute(store::shift_bill(c, bill, shift))?;
    tx.execute(store::set_due(c, bill, due))?;
    Ok(true)
}

/// Sets what was paid against what is owed, after the import is visible.
pub async fn settle(house: &House, by: &Actor) -> Result<(), FeesError> {
    settle_all(house, by).await
}

/// Drops everything of an import that was never visible.
pub fn discard(tx: &mut Tx<'_>, import: Id) -> Result<(), DbError> {
    let c = tx.community();
    for ask in store::discard(c, import) {
        tx.execute(ask)?;
    }
    Ok(())
}

/// What taking an import back did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    pub bills: u64,
    pub payments: u64,
    /// Bills that stay because somebody has paid, adjusted or voided them since, or
    /// changed them again.
    pub left: Vec<Id>,
}

/// Takes a published import back: its payments go, its bills go unless something
/// has happened to them since, its changes are switched back. What stays no longer
/// belongs to the import. To be followed by [`settle`].
pub fn undo(tx: &mut Tx<'_>, import: Id) -> Result<Undone, FeesError> {
    let c = tx.community();
    tx.execute(store::return_allocations(c, import))?;
    tx.execute(store::drop_allocations(c, import))?;
    let payments = tx.execute(store::drop_payments(c, import))?;
    tx.execute(store::credit_again(c, import))?;
    tx.execute(store::let_payments_stay(c, import))?;
    let bills = tx.execute(store::drop_untouched_bills(c, import))?;
    let mut left: Vec<Id> = Vec::new();
    for (id,) in tx.all::<(Id,)>(store::bills_of_import(c, import))? {
        left.push(id);
    }
    tx.execute(store::let_bills_stay(c, import))?;
    let changes: Vec<store::StagedChange> = tx.all(store::staged_changes(c, import))?;
    for change in changes {
        if !switch(
            tx,
            change.bill,
            change.amount,
            change.was_amount,
            change.was_due,
        )? {
            left.push(change.bill);
        }
        tx.execute(store::forget_change(c, import, change.bill))?;
    }
    Ok(Undone {
        bills,
        payments,
        left,
    })
}
