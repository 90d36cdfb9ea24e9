//! What a paid repair costs: the price is asked first and the owner says yes, then the
//! work; materials never come to more than was agreed.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look as _, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use permissions::actor::Actor;

use crate::calendar::Office;
use crate::log::{self, Draft, Note};
use crate::looking::{self, hands};
use crate::states::Hand;
use crate::ticket::Ticket;
use crate::{NAME_CHARS_MAX, Refused, events, moving, sealing, store, tell, words_of};

/// The dearest repair that is asked for here: a hundred thousand yuan.
pub const PRICE_FEN_MAX: i64 = 10_000_000;
/// Lines of material of one ticket.
pub const PARTS_MAX: i64 = 100;
/// A thousand tonnes, or a million pieces.
const AMOUNT_MAX: i64 = 1_000_000_000;

/// Something that was used.
#[derive(Clone, Debug)]
pub struct Part {
    pub id: Id,
    pub name: String,
    /// In thousandths of the unit.
    pub amount: i64,
    pub unit: String,
    pub fen: i64,
    pub at: Moment,
}

impl FromRow for Part {
    fn from_row(row: &mut Row) -> Result<Part, DbError> {
        Ok(Part {
            id: row.next()?,
            name: row.next()?,
            amount: row.next()?,
            unit: row.next()?,
            fen: row.next()?,
            at: row.next()?,
        })
    }
}

/// What was used for a ticket.
pub async fn parts(house: &House, c: Community, ticket: Id) -> Result<Vec<Part>, DbError> {
    house.db.all(store::work::parts(c, ticket, PARTS_MAX)).await
}

/// Whoever has it, or the office.
fn worker_hand(by: &Actor, t: &Ticket) -> Result<Hand, Refused> {
    let mine = hands(by, t);
    let found = [Hand::Assignee, Hand::Office]
        .into_iter()
        .find(|h| mine.contains(h));
    found.ok_or(Refused::NotFound)
}

/// Asks the owner for a yes to a price; a new price takes an earlier yes back.
///
/// # Errors
/// [`Refused::Setting`] for a price of nothing or beyond [`PRICE_FEN_MAX`], or a ticket that is
/// over.
pub async fn ask(house: &House, by: &Actor, id: Id, fen: i64, words: &str) -> Result<(), Refused> {
    let c = by.community;
    let t = looking::ticket(house, by, id).await?;
    worker_hand(by, &t)?;
    if !(1..=PRICE_FEN_MAX).contains(&fen) {
        return Err(Refused::Setting);
    }
    let to: Vec<Id> = t.reporter_account.into_iter().collect();
    let path = format!("/my-tickets/{id}");
    let title = key("desk-told-priced");
    let telling = tell::prepare(house, c, &to, title, t.number, path, false).await?;
    note(house, by, &t, Note::Priced, words, telling, move |t, by| {
        worker_hand(by, t)?;
        if t.state.is_over() || t.state == crate::State::Resolved {
            return Err(Refused::Setting);
        }
        (t.price_fen, t.price_yes_at) = (Some(fen), None);
        Ok(("asked", fen))
    })
    .await
}

/// The owner's answer to a price, to the very sum that they saw. Where the reporter has no
/// account the office writes down what they said, in words.
///
/// # Errors
/// [`Refused::Changed`] where the price is another by now.
pub async fn answer(
    house: &House,
    by: &Actor,
    id: Id,
    fen: i64,
    yes: bool,
    words: &str,
) -> Result<(), Refused> {
    let t = looking::ticket(house, by, id).await?;
    let told_by_office = t.reporter_account.is_none() && hands(by, &t).contains(&Hand::Office);
    if told_by_office && words.trim().is_empty() {
        return Err(Refused::Words);
    }
    if !told_by_office && !looking::is_reporter(by, &t) {
        return Err(Refused::NotFound);
    }
    let to: Vec<Id> = t.assignee.into_iter().collect();
    let (path, title) = (format!("/desk/{id}"), key("desk-told-price-answered"));
    let telling = tell::prepare(house, by.community, &to, title, t.number, path, false).await?;
    let now = house.now();
    let what = if yes {
        Note::PriceAgreed
    } else {
        Note::PriceRefused
    };
    note(house, by, &t, what, words, telling, move |t, _| {
        if t.price_fen != Some(fen) || t.price_yes_at.is_some() || t.state.is_over() {
            return Err(Refused::Changed);
        }
        if yes {
            t.price_yes_at = Some(now);
        } else {
            t.price_fen = None;
        }
        Ok((if yes { "agreed" } else { "refused" }, fen))
    })
    .await
}

/// A line of the log about the price, with what it changes.
async fn note(
    house: &House,
    by: &Actor,
    t: &Ticket,
    what: Note,
    words: &str,
    telling: Option<tell::Telling>,
    change: impl FnOnce(&mut Ticket, &Actor) -> Result<(&'static str, i64), Refused> + Send + 'static,
) -> Result<(), Refused> {
    let c = by.community;
    let (id, whose) = (t.id, t.whose);
    let account = by.account.ok_or(Refused::NotFound)?;
    let text = words_of(words)?;
    let by_name = accounts::name_of(house, account).await?;
    let words = house
        .keys
        .seal_words(c, whose, sealing::STEP, &text)
        .await?;
    let office = Office::of(house, c).await?;
    let reporter = looking::is_reporter(by, t);
    let (who, by) = (by.who(), by.clone());
    house
        .write(c, &who, move |mut tx| {
            let mut t = looking::ticket_in(&mut tx, &by, id)?;
            let (said, fen) = change(&mut t, &by)?;
            let hand = if reporter {
                Hand::Reporter
            } else {
                Hand::Office
            };
            let draft = Draft {
                act: what.word(),
                by_account: Some(account),
                by_name,
                hand: hand.word(),
                public: true,
                words,
                ..Draft::default()
            };
            log::write_in(&mut tx, c, id, t.state, draft)?;
            moving::keep_in(&mut tx, c, &mut t, &office)?;
            if let Some(telling) = &telling {
                telling.put_in(&mut tx)?;
            }
            let event = Event::new(events::PRICED)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("what", said)
                .with("fen", fen);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What is about to be written down as used.
#[derive(Clone, Debug, Default)]
pub struct NewPart {
    pub name: String,
    pub amount: i64,
    pub unit: String,
    pub fen: i64,
    pub sent_id: String,
}

/// Writes down what was used and what it costs.
///
/// # Errors
/// [`Refused::Price`] where it costs more, with all before, than the owner agreed to.
pub async fn use_part(house: &House, by: &Actor, id: Id, new: NewPart) -> Result<(), Refused> {
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    if crate::was_sent(house, c, account, &new.sent_id).await? {
        return Ok(());
    }
    let t = looking::ticket(house, by, id).await?;
    worker_hand(by, &t)?;
    let name = crate::some_name(&new.name)?;
    let unit = new.unit.trim().to_owned();
    let fits = (1..=AMOUNT_MAX).contains(&new.amount)
        && (0..=PRICE_FEN_MAX).contains(&new.fen)
        && unit.chars().count() <= NAME_CHARS_MAX;
    if !fits {
        return Err(Refused::Setting);
    }
    let by_name = accounts::name_of(house, account).await?;
    let office = Office::of(house, c).await?;
    let part = Part {
        id: house.id(),
        name,
        amount: new.amount,
        unit,
        fen: new.fen,
        at: house.now(),
    };
    let (who, by, sent_id) = (by.who(), by.clone(), new.sent_id.clone());
    let done = house
        .write(c, &who, move |mut tx| {
            let mut t = looking::ticket_in(&mut tx, &by, id)?;
            let hand = worker_hand(&by, &t)?;
            if t.state.is_over() {
                return Err(Refused::Setting);
            }
            let (n, before): (i64, i64) = tx.one(store::work::sum_parts(c, id))?;
            if n >= PARTS_MAX {
                return Err(Refused::TooMany);
            }
            if !is_agreed(&t, before + part.fen) {
                return Err(Refused::Price);
            }
            tx.execute(store::work::insert_part(c, id, &part))?;
            let draft = Draft {
                act: Note::PartUsed.word(),
                by_account: Some(account),
                by_name,
                hand: hand.word(),
                sent_id: new.sent_id,
                ..Draft::default()
            };
            log::write_in(&mut tx, c, id, t.state, draft)?;
            moving::keep_in(&mut tx, c, &mut t, &office)?;
            let event = Event::new(events::PART_USED)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("amount", part.amount)
                .with("fen", part.fen);
            Ok(tx.record(event, ())?)
        })
        .await;
    if done.is_err() && crate::was_sent(house, c, account, &sent_id).await? {
        return Ok(());
    }
    done
}

/// Whether a sum was agreed to; what costs the household nothing needs no yes.
pub(crate) fn is_agreed(t: &Ticket, fen: i64) -> bool {
    // What lies in the common area is paid for by all, not by whoever reported it.
    if fen == 0 || t.room.is_none() {
        return true;
    }
    t.price_yes_at.is_some() && t.price_fen.is_some_and(|agreed| fen <= agreed)
}
