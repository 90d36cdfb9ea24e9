//! Asking again (回訪): whoever did the work does not ask whether it was done.

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, FromRow, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::acts::{self, Doing};
use crate::states::{Act, Hand, State};
use crate::ticket::Ticket;
use crate::{Refused, events, looking, sealing, store, words_of};

/// Within so many days of its confirmation.
const WITHIN_DAYS: i64 = 3;
/// Calls shown at once.
pub const CALLS_MAX: i64 = 100;

/// A call that is owed, or what came of it; words as stored, sealed.
#[derive(Clone, Debug)]
pub struct Call {
    pub ticket: Id,
    pub due_at: Moment,
    /// due, done or unreached
    pub state: String,
    pub by_name: String,
    pub done_at: Option<Moment>,
    pub content: Option<bool>,
    pub words: String,
}

impl FromRow for Call {
    fn from_row(row: &mut Row) -> Result<Call, DbError> {
        Ok(Call {
            ticket: row.next()?,
            due_at: row.next()?,
            state: row.next()?,
            by_name: row.next()?,
            done_at: row.next()?,
            content: row.next::<Option<i64>>()?.map(|n| n != 0),
            words: row.next()?,
        })
    }
}

/// A ticket that was confirmed is asked about; each confirmation anew.
pub(crate) fn owe_in(tx: &mut Tx<'_>, c: Community, t: &Ticket) -> Result<(), Refused> {
    let due = tx.now().plus(WITHIN_DAYS * DAY);
    tx.execute(store::work::owe_call(c, t.id, due))?;
    Ok(())
}

/// What a reporter said on the phone, in the write that moves the ticket by it; the words stand
/// in its log.
pub(crate) fn heard_in(
    tx: &mut Tx<'_>,
    c: Community,
    ticket: Id,
    (account, name): (Id, &str),
    content: Option<bool>,
) -> Result<(), Refused> {
    let call = Call {
        ticket,
        due_at: tx.now(),
        state: state_of(content).to_owned(),
        by_name: name.to_owned(),
        done_at: Some(tx.now()),
        content,
        words: String::new(),
    };
    tx.execute(store::work::settle_call(c, &call, Some(account)))?;
    Ok(())
}

fn state_of(content: Option<bool>) -> &'static str {
    match content {
        Some(_) => "done",
        None => "unreached",
    }
}

/// Whether what is heard on the phone is the reporter's own word on what was reported as done.
pub fn decides(by: &Actor, t: &Ticket) -> bool {
    t.state == State::Resolved && looking::hands(by, t).contains(&Hand::Caller)
}

/// The call of a ticket, its words opened.
pub async fn of(house: &House, c: Community, t: &Ticket) -> Result<Option<Call>, Refused> {
    let found: Option<Call> = house.db.optional(store::work::call(c, t.id)).await?;
    let Some(mut call) = found else {
        return Ok(None);
    };
    let ring = house.keys.ring(c, &[t.whose]).await?;
    call.words = ring.open_text(t.whose, sealing::CALL, &call.words)?;
    Ok(Some(call))
}

/// Records what a household said when it was asked; nothing where nobody was reached. Where the
/// reporter has no account it confirms what was resolved, or reopens it for the reason given.
///
/// # Errors
/// [`Refused::OwnWork`] for whoever did the work; [`Refused::Again`] where it was asked already.
pub async fn record(
    house: &House,
    by: &Actor,
    id: Id,
    content: Option<bool>,
    words: &str,
) -> Result<(), Refused> {
    let c = by.community;
    let t = looking::ticket(house, by, id).await?;
    let right = looking::office_right(t.veil);
    by.may(right)?;
    let account = by.account.ok_or(Refused::NotFound)?;
    if let (true, Some(content)) = (decides(by, &t), content) {
        let act = if content { Act::Confirm } else { Act::Reopen };
        let doing = Doing {
            words: words.to_owned(),
            version: t.version,
            ..Doing::default()
        };
        acts::act(house, by, id, act, doing).await?;
        return Ok(());
    }
    let text = words_of(words)?;
    let name = accounts::name_of(house, account).await?;
    let words = house
        .keys
        .seal_words(c, t.whose, sealing::CALL, &text)
        .await?;
    let (who, by) = (by.who_for(right), by.clone());
    house
        .write(c, &who, move |mut tx| {
            let t = looking::ticket_in(&mut tx, &by, id)?;
            if t.worker == Some(account) || looking::is_reporter(&by, &t) {
                return Err(Refused::OwnWork);
            }
            let call = Call {
                ticket: id,
                due_at: tx.now(),
                state: state_of(content).to_owned(),
                by_name: name,
                done_at: Some(tx.now()),
                content,
                words,
            };
            if tx.execute(store::work::settle_call(c, &call, Some(account)))? == 0 {
                return Err(Refused::Again);
            }
            let event = Event::new(events::CALLED)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("what", state_of(content))
                .with_some("content", content.map(i64::from));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The tickets that somebody is to ask about: what others worked on.
pub async fn owed(house: &House, by: &Actor) -> Result<Vec<(Ticket, Moment)>, Refused> {
    by.may(Permission::DeskHandle)?;
    let c = by.community;
    let calls: Vec<Call> = house.db.all(store::work::calls_due(c, CALLS_MAX)).await?;
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Id> = calls.iter().map(|k| k.ticket).collect();
    let tickets: Vec<Ticket> = house.db.all(store::tickets(c, &ids)).await?;
    let mine = |t: &Ticket| {
        looking::sees(by, t) && t.worker != by.account && by.has(looking::office_right(t.veil))
    };
    let found = calls.iter().filter_map(|k| {
        let t = tickets.iter().find(|t| t.id == k.ticket)?;
        mine(t).then(|| (t.clone(), k.due_at))
    });
    Ok(found.collect())
}
