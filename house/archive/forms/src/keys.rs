//! The key register: keys of homes that owners leave with the office. No paper of identity, no
//! key; the owner signs when leaving it and when taking it back; a key is with one borrower at
//! a time; who is late is called and the answer noted; once a month all are counted.

mod handing;
mod looking;

pub use handing::hand_on;
pub use looking::{
    Counted, Counts, PAGE, Story, by_code, counted, counts, kept, of_dossier, one, out, page, story,
};

use foundation::clock::{HOUR, Moment};
use foundation::database::{Community, DbError, FromRow, FromValue, Look, Row, Tx, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{cancel, enqueue};
use foundation::ledger::{Audience, Event};
use hanzi::numbers::Phone;
use permissions::Permission;
use permissions::actor::Actor;
use serde_json::json;

use crate::policy::Policy;
use crate::store::keys as store;
use crate::tell::{self, About, Tell};
use crate::{FormsError, events, fill, jobs, sealing};

/// The sorts of keys, as stored.
pub const WHATS: [&str; 5] = ["door", "room", "mailbox", "card", "other"];
/// The papers of identity that are seen, as stored.
pub const PROOFS: [&str; 4] = ["resident_id", "work_pass", "passport", "other"];
pub const CODE_CHARS_MAX: usize = 20;
pub const NAME_CHARS_MAX: usize = 40;
pub const REASON_CHARS_MAX: usize = 200;
/// Keys in the cupboard of one compound: counted in one go.
pub const KEPT_MAX: i64 = 5_000;

/// Where a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyState {
    /// 留存: in the cupboard.
    Kept,
    /// 借出
    Lent,
    /// 業主領回
    GivenBack,
    /// 遺失
    Lost,
}

impl KeyState {
    pub const ALL: [KeyState; 4] = [
        KeyState::Kept,
        KeyState::Lent,
        KeyState::GivenBack,
        KeyState::Lost,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            KeyState::Kept => "kept",
            KeyState::Lent => "lent",
            KeyState::GivenBack => "given_back",
            KeyState::Lost => "lost",
        }
    }

    pub fn from_word(word: &str) -> Option<KeyState> {
        KeyState::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl FromValue for KeyState {
    fn from_value(value: Value) -> Result<KeyState, DbError> {
        let word = String::from_value(value)?;
        KeyState::from_word(&word).ok_or_else(|| DbError::Shape(format!("a key that is {word}")))
    }
}

/// A key; who brought it and took it back lies sealed.
#[derive(Clone)]
pub struct HeldKey {
    pub id: Id,
    pub dossier: Id,
    pub room: Id,
    /// On its tag. It does not tell the room: a tag gets lost with its key.
    pub code: String,
    pub what: String,
    pub state: KeyState,
    pub brought_by: String,
    pub by_agent: bool,
    pub deposited_at: Moment,
    pub deposit_name: String,
    pub given_to: String,
    pub given_at: Option<Moment>,
    pub given_name: String,
    pub version: i64,
    /// The room's code, the dossier's number.
    pub room_code: String,
    pub number: String,
}

impl FromRow for HeldKey {
    fn from_row(row: &mut Row) -> Result<HeldKey, DbError> {
        Ok(HeldKey {
            id: row.next()?,
            dossier: row.next()?,
            room: row.next()?,
            code: row.next()?,
            what: row.next()?,
            state: row.next()?,
            brought_by: row.next()?,
            by_agent: row.next()?,
            deposited_at: row.next()?,
            deposit_name: row.next()?,
            given_to: row.next()?,
            given_at: row.next()?,
            given_name: row.next()?,
            version: row.next()?,
            room_code: row.next()?,
            number: row.next()?,
        })
    }
}

/// A loan; borrower, phone, number and reason lie sealed until a verb opens them.
#[derive(Clone)]
pub struct Lending {
    pub id: Id,
    pub key: Id,
    pub dossier: Id,
    pub borrower: String,
    pub phone: String,
    pub proof: String,
    pub proof_number: String,
    pub reason: String,
    pub lent_at: Moment,
    pub due_at: Moment,
    pub lent_name: String,
    pub back_at: Option<Moment>,
    pub back_name: String,
    pub code: String,
    pub room_code: String,
}

impl Lending {
    pub fn overdue(&self, now: Moment) -> bool {
        self.back_at.is_none() && self.due_at < now
    }
}

impl FromRow for Lending {
    fn from_row(row: &mut Row) -> Result<Lending, DbError> {
        Ok(Lending {
            id: row.next()?,
            key: row.next()?,
            dossier: row.next()?,
            borrower: row.next()?,
            phone: row.next()?,
            proof: row.next()?,
            proof_number: row.next()?,
            reason: row.next()?,
            lent_at: row.next()?,
            due_at: row.next()?,
            lent_name: row.next()?,
            back_at: row.next()?,
            back_name: row.next()?,
            code: row.next()?,
            room_code: row.next()?,
        })
    }
}

/// What is said when a key is left.
#[derive(Clone, Debug, Default)]
pub struct Deposit {
    /// On the tag; empty lets the house number it.
    pub code: String,
    pub what: String,
    pub brought_by: String,
    /// Somebody else than the owner, whose written authority was seen.
    pub by_agent: bool,
    pub authority: bool,
    /// The register was signed.
    pub signed: bool,
}

fn words(text: &str, max: usize) -> Result<String, FormsError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.chars().count() > max {
        return Err(FormsError::Words);
    }
    Ok(text)
}

fn tag(code: &str) -> Result<String, FormsError> {
    let code = words(code, CODE_CHARS_MAX)?.to_uppercase();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if code.chars().all(plain) {
        Ok(code)
    } else {
        Err(FormsError::Words)
    }
}

/// The code that the house gives next in a year of two digits.
fn next_code(tx: &mut Tx<'_>, c: Community, year: i64) -> Result<String, FormsError> {
    let (from, below) = (format!("K{year:02}-"), format!("K{year:02}."));
    let (last,): (String,) = tx.one(store::last_code(c, &from, &below))?;
    let last: u32 = last
        .get(from.len()..)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    Ok(format!("{from}{:04}", last + 1))
}

/// Takes a key into the cupboard.
///
/// # Errors
/// [`FormsError::Unsigned`]; [`FormsError::NoAuthority`] for an agent; [`FormsError::CodeTaken`].
pub async fn deposit(
    house: &House,
    by: &Actor,
    dossier: Id,
    new: Deposit,
) -> Result<Id, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    if !new.signed {
        return Err(FormsError::Unsigned);
    }
    if new.by_agent && !new.authority {
        return Err(FormsError::NoAuthority);
    }
    if !WHATS.contains(&new.what.as_str()) {
        return Err(FormsError::Words);
    }
    let brought_by = words(&new.brought_by, NAME_CHARS_MAX)?;
    let head = fill::head(house, c, dossier).await?;
    if !head.open {
        return Err(FormsError::Ended);
    }
    let given = if new.code.trim().is_empty() {
        None
    } else {
        Some(tag(&new.code)?)
    };
    let account = by.account.ok_or(FormsError::NotFound)?;
    let mut key = HeldKey {
        id: house.id(),
        dossier,
        room: head.room,
        code: String::new(),
        what: new.what,
        state: KeyState::Kept,
        brought_by: sealing::seal(house, c, dossier, sealing::BROUGHT, &brought_by).await?,
        by_agent: new.by_agent,
        deposited_at: house.now(),
        deposit_name: accounts::name_of(house, account).await?,
        given_to: String::new(),
        given_at: None,
        given_name: String::new(),
        version: 1,
        room_code: head.code,
        number: head.number,
    };
    let year = house.now().date().year().rem_euclid(100);
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            key.code = match &given {
                Some(code) => code.clone(),
                None => next_code(&mut tx, c, i64::from(year))?,
            };
            if tx.execute(store::insert(c, &key))? == 0 {
                return Err(FormsError::CodeTaken);
            }
            let event = Event::new(events::KEY_DEPOSITED)
                .about("held_key", key.id)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("agent", key.by_agent);
            Ok(tx.record(event, key.id)?)
        })
        .await
}

/// What is said when a key is lent.
#[derive(Clone, Debug, Default)]
pub struct Loan {
    pub borrower: String,
    /// Whom to call when it is late.
    pub phone: String,
    /// Which paper of identity was seen, and its number.
    pub proof: String,
    pub proof_number: String,
    pub reason: String,
    pub hours: i64,
    /// The borrower signed before the key was handed out.
    pub signed: bool,
}

/// Lends a key.
///
/// # Errors
/// [`FormsError::NoProof`] without a paper of identity; [`FormsError::NoPhone`];
/// [`FormsError::Unsigned`];
/// [`FormsError::Key`] when it is not in the cupboard; [`FormsError::TooLong`].
pub async fn lend(house: &House, by: &Actor, id: Id, new: Loan) -> Result<Id, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    if !PROOFS.contains(&new.proof.as_str()) || new.proof_number.trim().is_empty() {
        return Err(FormsError::NoProof);
    }
    let phone = Phone::parse(&new.phone).map_err(|_| FormsError::NoPhone)?;
    if !new.signed {
        return Err(FormsError::Unsigned);
    }
    let most = Policy::of(house, c).await?.loan_hours;
    if !(1..=most).contains(&new.hours) {
        return Err(FormsError::TooLong(most));
    }
    let (borrower, number, reason) = (
        words(&new.borrower, NAME_CHARS_MAX)?,
        words(&new.proof_number, NAME_CHARS_MAX)?,
        words(&new.reason, REASON_CHARS_MAX)?,
    );
    let key = one(house, by, id).await?;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let d = key.dossier;
    let lending = Lending {
        id: house.id(),
        key: id,
        dossier: d,
        borrower: sealing::seal(house, c, d, sealing::BORROWER, &borrower).await?,
        phone: sealing::seal(house, c, d, sealing::PHONE, &phone.e164()).await?,
        proof: new.proof,
        proof_number: sealing::seal(house, c, d, sealing::PROOF, &number).await?,
        reason: sealing::seal(house, c, d, sealing::REASON, &reason).await?,
        lent_at: house.now(),
        due_at: house.now().plus(new.hours * HOUR),
        lent_name: accounts::name_of(house, account).await?,
        back_at: None,
        back_name: String::new(),
        code: key.code,
        room_code: key.room_code,
    };
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let (kept, lent) = (KeyState::Kept, KeyState::Lent);
            if tx.execute(store::settle(c, id, kept, lent))? == 0 {
                let now: Option<HeldKey> = tx.optional(store::key(c, id))?;
                return Err(now.map_or(FormsError::NotFound, |k| FormsError::Key(k.state)));
            }
            tx.execute(store::lend(c, &lending))?;
            let what = json!({ "loan": lending.id });
            let name = jobs::key_due(lending.id);
            enqueue(&mut tx, jobs::KEY_DUE, &name, &what, lending.due_at.plus(1))?;
            let event = Event::new(events::KEY_LENT)
                .about("held_key", id)
                .to(Audience::Staff)
                .with("loan", lending.id)
                .with("due", lending.due_at);
            Ok(tx.record(event, lending.id)?)
        })
        .await
}

/// A lent key is back in the cupboard.
pub async fn take_back(house: &House, by: &Actor, loan: Id) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let found: Option<Lending> = tx.optional(store::loan(c, loan))?;
            let found = found.ok_or(FormsError::NotFound)?;
            let now = tx.now();
            if tx.execute(store::back(c, loan, &name, now))? == 0 {
                return Err(FormsError::Changed);
            }
            // A key that was given up as lost is found again.
            for from in [KeyState::Lent, KeyState::Lost] {
                tx.execute(store::settle(c, found.key, from, KeyState::Kept))?;
            }
            cancel(&mut tx, &jobs::key_due(loan))?;
            let event = Event::new(events::KEY_RETURNED)
                .about("held_key", found.key)
                .to(Audience::Staff)
                .with("loan", loan)
                .with("late", found.due_at < now);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Notes that the borrower of a key was called, and what came of it.
pub async fn call(house: &House, by: &Actor, loan: Id, result: &str) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let result = words(result, REASON_CHARS_MAX)?;
    let found: Option<Lending> = house.db.optional(store::loan(c, loan)).await?;
    let found = found.ok_or(FormsError::NotFound)?;
    if found.back_at.is_some() {
        return Err(FormsError::Changed);
    }
    let account = by.account.ok_or(FormsError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let sealed = sealing::seal(house, c, found.dossier, sealing::CALL, &result).await?;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let (last,): (i64,) = tx.one(store::last_call(c, loan))?;
            let now = tx.now();
            tx.execute(store::call(c, loan, last + 1, &name, &sealed, now))?;
            let event = Event::new(events::KEY_CALLED)
                .about("held_key", found.key)
                .to(Audience::Staff)
                .with("loan", loan);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The owner, or an agent with a written authority, takes a key back.
///
/// # Errors
/// [`FormsError::Unsigned`]; [`FormsError::NoAuthority`]; [`FormsError::Key`] while it is lent.
pub async fn give_back(house: &House, by: &Actor, id: Id, to: &Deposit) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    if !to.signed {
        return Err(FormsError::Unsigned);
    }
    if to.by_agent && !to.authority {
        return Err(FormsError::NoAuthority);
    }
    let who = words(&to.brought_by, NAME_CHARS_MAX)?;
    let key = one(house, by, id).await?;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let sealed = sealing::seal(house, c, key.dossier, sealing::GIVEN, &who).await?;
    let agent = to.by_agent;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::give_back(c, id, &sealed, &name, now))? == 0 {
                let now: Option<HeldKey> = tx.optional(store::key(c, id))?;
                return Err(now.map_or(FormsError::NotFound, |k| FormsError::Key(k.state)));
            }
            let event = Event::new(events::KEY_GIVEN_BACK)
                .about("held_key", id)
                .to(Audience::Staff)
                .with("dossier", key.dossier)
                .with("agent", agent);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// A key is lost: the owner is to be told and the lock changed.
pub async fn lose(house: &House, by: &Actor, id: Id) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let key = one(house, by, id).await?;
    if !matches!(key.state, KeyState::Kept | KeyState::Lent) {
        return Err(FormsError::Key(key.state));
    }
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::settle(c, id, key.state, KeyState::Lost))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::KEY_LOST)
                .about("held_key", id)
                .to(Audience::Staff)
                .with("dossier", key.dossier)
                .with("was", key.state.word());
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The month's stock-take: what lies in the cupboard, against what the register says.
/// Returns the keys that are missing.
///
/// # Errors
/// [`FormsError::Counted`] the second time in a month.
pub async fn count(house: &House, by: &Actor, found: &[Id]) -> Result<Vec<Id>, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let account = by.account.ok_or(FormsError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let month = month(house.now());
    let found = found.to_vec();
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let kept: Vec<HeldKey> = tx.all(store::kept(c, KEPT_MAX))?;
            let missing: Vec<Id> = kept
                .iter()
                .map(|k| k.id)
                .filter(|id| !found.contains(id))
                .collect();
            let (asked, gone) = (kept.len() as i64, missing.len() as i64);
            let now = tx.now();
            if tx.execute(store::count(c, &month, &name, asked, gone, now))? == 0 {
                return Err(FormsError::Counted);
            }
            for id in &missing {
                tx.execute(store::count_missing(c, &month, *id))?;
            }
            let event = Event::new(events::KEYS_COUNTED)
                .to(Audience::Staff)
                .with("asked", asked)
                .with("missing", missing.clone());
            Ok(tx.record(event, missing)?)
        })
        .await
}

/// `2026-11`
pub fn month(at: Moment) -> String {
    at.date()
        .to_string()
        .get(..7)
        .unwrap_or_default()
        .to_owned()
}

/// The clock: a loan that is still out is overdue, said once.
pub(crate) async fn due(house: &House, by: &Actor, loan: Id) -> Result<(), FormsError> {
    let c = by.community;
    let found: Option<Lending> = house.db.optional(store::loan(c, loan)).await?;
    let key = found.ok_or(FormsError::NotFound)?.key;
    let tell = Tell::of(house, by, &About::Key(key)).await?;
    house
        .write(c, &by.who(), move |mut tx| {
            let found: Option<Lending> = tx.optional(store::loan(c, loan))?;
            let found = found.ok_or(FormsError::NotFound)?;
            if !found.overdue(tx.now()) {
                return Err(FormsError::Changed);
            }
            let (kind, subject) = (events::KEY_OVERDUE, format!("held_key:{key}"));
            let this = loan.to_string();
            if tell::is_said(&mut tx, kind, &subject, |body| {
                body["loan"] == this.as_str()
            })? {
                return Err(FormsError::Changed);
            }
            let told = tell.put(&mut tx)?;
            let event = Event::new(kind)
                .about("held_key", key)
                .to(Audience::Staff)
                .with("loan", loan)
                .with("told", told);
            Ok(tx.record(event, ())?)
        })
        .await
}
