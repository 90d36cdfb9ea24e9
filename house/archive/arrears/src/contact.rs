//! Follow-ups: who was spoken to, how, about how much, and what came of it. Written once; what
//! was wrong is corrected by another row, and both stay.

use fees::Fen;
use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Look, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use jiff::ToSpan;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::{ArrearsError, events, guard, looking, pack, sealing, store, tend, words};

/// The edition of the words on the contact page; one more with each change of them.
pub const EDITION: i64 = 1;
/// What was forgotten is logged within so many days; later, memory is no record.
pub const BACK_DAYS_MAX: i32 = 7;
/// A promise lies at most so far ahead; what is longer is a plan.
const PROMISE_DAYS_MAX: i32 = 366;

macro_rules! frozen {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal, $key:expr;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// As stored and as it stands in the ledger. Frozen.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|x| x.word() == word)
            }

            /// The key of its word on the screen.
            pub fn key(self) -> &'static str {
                match self { $($name::$variant => $key),* }
            }
        }
    };
}
pub(crate) use frozen;

frozen! {
    /// How.
    Way {
        Phone = "phone", key("arrears-way-phone");
        Message = "message", key("arrears-way-message");
        Visit = "visit", key("arrears-way-visit");
        Desk = "desk", key("arrears-way-desk");
        Letter = "letter", key("arrears-way-letter");
    }
}

frozen! {
    /// Whom.
    Reached {
        Owner = "owner", key("arrears-reached-owner");
        Family = "family", key("arrears-reached-family");
        Tenant = "tenant", key("arrears-reached-tenant");
        Agent = "agent", key("arrears-reached-agent");
        Nobody = "nobody", key("arrears-reached-nobody");
    }
}

frozen! {
    /// What came of it.
    Outcome {
        NoAnswer = "no_answer", key("arrears-result-no-answer");
        Told = "told", key("arrears-result-told");
        Promised = "promised", key("arrears-result-promised");
        Paid = "paid", key("arrears-result-paid");
        Disputes = "disputes", key("arrears-result-disputes");
        Hardship = "hardship", key("arrears-result-hardship");
        Refuses = "refuses", key("arrears-result-refuses");
        WrongNumber = "wrong_number", key("arrears-result-wrong-number");
        // Only of a correction: it never took place.
        Mistake = "mistake", key("arrears-result-mistake");
    }
}

/// A follow-up as it is kept; own words sealed or opened, as whoever holds it says.
#[derive(Clone, Debug)]
pub struct Contact {
    pub id: Id,
    pub room: Id,
    pub on: Date,
    /// After midnight, in Shanghai.
    pub minute: i64,
    pub way: Way,
    pub reached: Reached,
    /// The household came or called by itself.
    pub incoming: bool,
    /// It can be shown that the demand arrived.
    pub arrived: bool,
    pub shown_fen: i64,
    pub result: Outcome,
    pub said: String,
    pub answered: String,
    pub promise: Option<(Date, Fen)>,
    pub edition: i64,
    pub document: Option<Id>,
    pub letter: Option<Id>,
    pub corrects: Option<Id>,
    pub corrected_by: Option<Id>,
    pub by_name: String,
    pub logged_at: Moment,
}

impl Contact {
    /// It stands: neither corrected nor the mark of a mistake.
    pub fn counts(&self) -> bool {
        self.corrected_by.is_none() && self.result != Outcome::Mistake
    }

    /// `14:05`.
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.minute / 60, self.minute % 60)
    }
}

fn word<T>(row: &mut Row, read: fn(&str) -> Option<T>) -> Result<T, DbError> {
    read(&row.next::<String>()?)
        .ok_or_else(|| DbError::Shape("a stored word is not one of ours".into()))
}

impl FromRow for Contact {
    fn from_row(row: &mut Row) -> Result<Contact, DbError> {
        Ok(Contact {
            id: row.next()?,
            room: row.next()?,
            on: store::parse_day(&row.next::<String>()?)?,
            minute: row.next()?,
            way: word(row, Way::from_word)?,
            reached: word(row, Reached::from_word)?,
            incoming: row.next()?,
            arrived: row.next()?,
            shown_fen: row.next()?,
            result: word(row, Outcome::from_word)?,
            said: row.next()?,
            answered: row.next()?,
            promise: {
                let (on, fen): (Option<String>, Option<i64>) = (row.next()?, row.next()?);
                match (on, fen) {
                    (Some(on), Some(fen)) => Some((store::parse_day(&on)?, Fen(fen))),
                    _ => None,
                }
            },
            edition: row.next()?,
            document: row.next()?,
            letter: row.next()?,
            corrects: row.next()?,
            corrected_by: row.next()?,
            by_name: row.next()?,
            logged_at: row.next()?,
        })
    }
}

/// A follow-up as it is typed in.
#[derive(Clone, Debug)]
pub struct NewContact {
    pub on: Date,
    pub minute: i64,
    pub way: Way,
    pub reached: Reached,
    pub incoming: bool,
    pub arrived: bool,
    pub result: Outcome,
    /// What the office said: held to the guard rails.
    pub said: String,
    /// What was answered: whatever it was.
    pub answered: String,
    pub promise: Option<(Date, Fen)>,
    /// A document of the room's dossier.
    pub document: Option<Id>,
    pub letter: Option<Id>,
}

/// Checks what the rules and the law ask of a follow-up, but for its frequency.
fn lawful(new: &NewContact, now: Moment, evident: bool) -> Result<(), ArrearsError> {
    let today = now.date();
    if new.on > today || new.on < today.saturating_sub(BACK_DAYS_MAX.days()) {
        return Err(ArrearsError::Day);
    }
    let z = now.zoned();
    let minute_now = i64::from(z.hour()) * 60 + i64::from(z.minute());
    if !(0..24 * 60).contains(&new.minute) || (new.on == today && new.minute > minute_now) {
        return Err(ArrearsError::Day);
    }
    if let Some(unlawful) = guard::hour(new.minute).filter(|_| !new.incoming) {
        return Err(ArrearsError::Unlawful(unlawful));
    }
    if let Some(unlawful) = guard::words(&new.said) {
        return Err(ArrearsError::Unlawful(unlawful));
    }
    let nobody = new.reached == Reached::Nobody;
    let answered = matches!(
        new.result,
        Outcome::Promised | Outcome::Disputes | Outcome::Hardship | Outcome::Refuses
    );
    if nobody && (answered || new.promise.is_some() || !new.answered.trim().is_empty()) {
        return Err(ArrearsError::NobodyReached);
    }
    match new.promise {
        Some((day, fen)) => {
            let latest = new.on.saturating_add(PROMISE_DAYS_MAX.days());
            if day < new.on || day > latest || fen.0 <= 0 {
                return Err(ArrearsError::Promise);
            }
        }
        None if new.result == Outcome::Promised => return Err(ArrearsError::Promise),
        None => {}
    }
    // 訴訟時效規定 8: a paper that was signed for, a letter or a message that arrived; what was
    // only spoken is shown by nothing.
    let spoken = matches!(new.way, Way::Phone | Way::Desk) || (new.way == Way::Visit && nobody);
    if new.arrived && spoken && !evident {
        return Err(ArrearsError::NoEvidence);
    }
    // Letters are issued and settled, mistakes are withdrawn.
    if new.result == Outcome::Mistake || new.way == Way::Letter {
        return Err(ArrearsError::Words);
    }
    Ok(())
}

/// Whether a room may be called on now at all: for the page, before anybody dials.
pub async fn allowed(house: &House, by: &Actor, room: Id) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    let now = house.now();
    let account = looking::account(house, by, room).await?;
    held(&account, now.date())?;
    let z = now.zoned();
    let minute = i64::from(z.hour()) * 60 + i64::from(z.minute());
    let (first, last) = guard::looked_at(now.date());
    let asked = store::said::called_between(by.community, room, first, last);
    let others = read_days(house.db.all(asked).await?)?;
    match guard::hour(minute).or_else(|| guard::frequency(now.date(), &others)) {
        Some(unlawful) => Err(ArrearsError::Unlawful(unlawful)),
        None => Ok(()),
    }
}

fn read_days(days: Vec<(String,)>) -> Result<Vec<Date>, DbError> {
    days.iter().map(|(day,)| store::parse_day(day)).collect()
}

fn held(account: &crate::Account, on: Date) -> Result<(), ArrearsError> {
    match account.held_until {
        Some(until) if account.is_held(on) => Err(ArrearsError::Held(until)),
        _ => Ok(()),
    }
}

fn often(
    tx: &mut Tx<'_>,
    room: Id,
    new: &NewContact,
    corrected: Option<Date>,
) -> Result<(), ArrearsError> {
    // What comes from the household does not press.
    if new.incoming {
        return Ok(());
    }
    let (first, last) = guard::looked_at(new.on);
    let asked = store::said::called_between(tx.community(), room, first, last);
    let mut others = read_days(tx.all(asked)?)?;
    // The day of the one that is corrected was this very call.
    others.retain(|day| Some(*day) != corrected);
    match guard::frequency(new.on, &others) {
        Some(unlawful) => Err(ArrearsError::Unlawful(unlawful)),
        None => Ok(()),
    }
}

/// Records a follow-up.
///
/// # Errors
/// [`ArrearsError::Unlawful`] with what the law says; [`ArrearsError::Held`] while a hold runs
/// and the office called by itself; [`ArrearsError::NothingOverdue`].
pub async fn record(
    house: &House,
    by: &Actor,
    room: Id,
    new: NewContact,
) -> Result<Id, ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    write(house, by, room, new, None).await
}

/// Puts a follow-up in the place of a wrong one.
///
/// # Errors
/// [`ArrearsError::Corrected`] where that was done before; as [`record`].
pub async fn correct(
    house: &House,
    by: &Actor,
    wrong: Id,
    new: NewContact,
) -> Result<Id, ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    let old = looking::contact(house, by, wrong).await?;
    write(house, by, old.room, new, Some(old)).await
}

/// Whether a follow-up would be taken, but for how often: before a file is stored for it.
/// `files` that come with it are evidence too.
///
/// # Errors
/// As [`record`].
pub async fn check(
    house: &House,
    by: &Actor,
    room: Id,
    new: &NewContact,
    wrong: Option<&Contact>,
    files: bool,
) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    let now = house.now();
    let account = looking::account(house, by, room).await?;
    if account.anchor >= now.date() {
        return Err(ArrearsError::NothingOverdue);
    }
    // A letter's own row goes with the letter.
    if wrong.is_some_and(|w| !w.counts() || w.letter.is_some()) {
        return Err(ArrearsError::Corrected);
    }
    if wrong.is_none() && !new.incoming {
        held(&account, now.date())?;
    }
    // A correction may lie as far back as what it corrects.
    let as_of = match wrong {
        Some(old) if new.on == old.on => day_of(new, now),
        _ => now,
    };
    let evident = files || new.document.is_some() || wrong.is_some_and(|w| w.document.is_some());
    lawful(new, as_of, evident)?;
    match pack::current(house, by.community).await?.refuses(&new.said) {
        Some(unlawful) => Err(ArrearsError::Unlawful(unlawful)),
        None => Ok(()),
    }
}

async fn write(
    house: &House,
    by: &Actor,
    room: Id,
    new: NewContact,
    wrong: Option<Contact>,
) -> Result<Id, ArrearsError> {
    let c = by.community;
    check(house, by, room, &new, wrong.as_ref(), false).await?;
    let shown = fees::arrears_of(house, c, room, new.on).await?.total_fen();
    let fresh = made(house, by, room, &new, shown, wrong.as_ref().map(|w| w.id)).await?;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    let id = fresh.id;
    let done = house
        .write(c, &by.who_for(Permission::ArrearsFollow), move |mut tx| {
            often(&mut tx, room, &new, wrong.as_ref().map(|w| w.on))?;
            insert(&mut tx, &fresh, account)?;
            let event = told(&fresh, wrong.is_some());
            Ok::<_, ArrearsError>(tx.record(event, id)?)
        })
        .await?;
    tend::refresh(house, c, &[room]).await?;
    Ok(done)
}

/// The clock as the day of an old contact ended.
fn day_of(new: &NewContact, now: Moment) -> Moment {
    let end = Moment::at_start_of(new.on).plus(foundation::clock::DAY - 1);
    end.min(now)
}

/// The row of a follow-up, its own words sealed.
pub(crate) async fn made(
    house: &House,
    by: &Actor,
    room: Id,
    new: &NewContact,
    shown_fen: i64,
    corrects: Option<Id>,
) -> Result<Contact, ArrearsError> {
    let c = by.community;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    let (said, answered) = (words(&new.said)?, words(&new.answered)?);
    Ok(Contact {
        id: house.id(),
        room,
        on: new.on,
        minute: new.minute,
        way: new.way,
        reached: new.reached,
        incoming: new.incoming,
        arrived: new.arrived,
        shown_fen,
        result: new.result,
        said: house.keys.seal_words(c, room, sealing::SAID, &said).await?,
        answered: house
            .keys
            .seal_words(c, room, sealing::ANSWERED, &answered)
            .await?,
        promise: new.promise,
        edition: EDITION,
        document: new.document,
        letter: new.letter,
        corrects,
        corrected_by: None,
        by_name: accounts::name_of(house, account).await?,
        logged_at: house.now(),
    })
}

/// Keeps the row, and marks what it corrects.
pub(crate) fn insert(tx: &mut Tx<'_>, fresh: &Contact, account: Id) -> Result<(), ArrearsError> {
    let c = tx.community();
    if let Some(wrong) = fresh.corrects
        && tx.execute(store::said::correct(c, wrong, fresh.id))? == 0
    {
        return Err(ArrearsError::Corrected);
    }
    tx.execute(store::said::insert(c, fresh, account))?;
    Ok(())
}

/// What the ledger says of it: enough to replay the duty, nothing personal.
pub(crate) fn told(k: &Contact, corrects: bool) -> Event {
    let kind = if corrects {
        events::CORRECTED
    } else {
        events::CONTACTED
    };
    Event::new(kind)
        .about("fee_account", k.room)
        .to(Audience::Staff)
        .with("contact", k.id)
        .with("on", events::number(k.on))
        .with("way", k.way.word())
        .with("reached", k.reached.word())
        .with("incoming", k.incoming)
        .with("arrived", k.arrived)
        .with("result", k.result.word())
        .with("fen", k.shown_fen)
        .with("edition", k.edition)
        .with_some("promised", k.promise.map(|p| events::number(p.0)))
        .with_some("promised_fen", k.promise.map(|p| p.1.0))
        .with_some("document", k.document)
        .with_some("letter", k.letter)
        .with_some("corrects", k.corrects)
}

/// Marks a follow-up as one that never took place, with why.
///
/// # Errors
/// [`ArrearsError::Corrected`] where it was corrected before.
pub async fn withdraw(house: &House, by: &Actor, wrong: Id, why: &str) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    let why = crate::some_words(why)?;
    let old = looking::contact(house, by, wrong).await?;
    if !old.counts() || old.letter.is_some() {
        return Err(ArrearsError::Corrected);
    }
    let c = by.community;
    let none = NewContact {
        on: old.on,
        minute: old.minute,
        way: old.way,
        reached: Reached::Nobody,
        incoming: old.incoming,
        arrived: false,
        result: Outcome::Mistake,
        said: why,
        answered: String::new(),
        promise: None,
        document: None,
        letter: None,
    };
    let fresh = made(house, by, old.room, &none, old.shown_fen, Some(wrong)).await?;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    house
        .write(c, &by.who_for(Permission::ArrearsFollow), move |mut tx| {
            insert(&mut tx, &fresh, account)?;
            let event = told(&fresh, true);
            Ok::<_, ArrearsError>(tx.record(event, ())?)
        })
        .await?;
    tend::refresh(house, c, &[old.room]).await?;
    Ok(())
}
