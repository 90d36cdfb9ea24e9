//! Where a question goes that needs people. Whoever opens the doors says by [`through`] who
//! takes it. Without a desk it stands on the assistant's own list, and its clock runs all the
//! same. What the desk could not take at once is offered to it again until it does.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use foundation::clock::{MINUTE, Moment};
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, enqueue};
use foundation::ledger::{Audience, Event, Who};
use permissions::actor::Actor;
use serde_json::json;

use crate::asking::{Question, TEXT};
use crate::{AssistantError, events, store};

/// The job that offers a question again.
pub const HAND: &str = "assistant.hand";

/// A question on its way to people.
#[derive(Clone, Debug)]
pub struct HandedOver {
    /// The same for the same question, however often it is offered.
    pub question: Id,
    pub account: Id,
    /// The asker on the roster, where their account is tied to one.
    pub person: Option<Id>,
    pub text: String,
    /// A risk word: an emergency, round the clock.
    pub urgent: bool,
    /// The first question of the asker that nobody answered.
    pub since: Moment,
}

/// One of the asker's own tickets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub number: String,
    pub title: String,
    /// The word of its state.
    pub state: &'static str,
    /// Nothing more is done about it.
    pub over: bool,
    /// Its page below the compound's.
    pub path: String,
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send + 'a>>;
/// The number of the ticket, or why there is none.
pub type Taken<'a> = Answer<'a, String>;
/// Somebody's own tickets, the newest first.
pub type Mine<'a> = Answer<'a, Vec<Ticket>>;

/// Whoever takes questions over.
pub trait Desk: Send + Sync {
    fn open<'a>(&'a self, house: &'a House, c: Community, who: Who, asked: HandedOver)
    -> Taken<'a>;
    fn mine<'a>(&'a self, house: &'a House, by: &'a Actor) -> Mine<'a>;
}

#[derive(Default)]
struct Place(OnceLock<Arc<dyn Desk>>);

/// Names the desk; the first one stays.
pub fn through(house: &House, desk: Arc<dyn Desk>) {
    let _ = house.kept::<Place>().0.set(desk);
}

pub(crate) fn desk(house: &House) -> Option<Arc<dyn Desk>> {
    house.kept::<Place>().0.get().cloned()
}

/// Should the machine stop before the desk took it, it is offered again.
pub(crate) fn soon(tx: &mut Tx<'_>, question: Id, now: Moment) -> Result<(), DbError> {
    let id = format!("assistant-hand-{question}");
    let due = now.plus(MINUTE);
    enqueue(tx, HAND, &id, &json!({ "question": question }), due)
}

/// Gives a question that waits to the desk, if it has not got it yet.
pub(crate) async fn give(
    house: &House,
    c: Community,
    who: Who,
    id: Id,
) -> Result<(), AssistantError> {
    let Some(desk) = desk(house) else {
        return Ok(());
    };
    let found: Option<Question> = house.db.optional(store::question(c, id)).await?;
    let Some(q) = found.filter(|q| q.waits() && q.ticket.is_empty()) else {
        return Ok(());
    };
    let Some(since) = q.waiting_since else {
        return Ok(());
    };
    let asked = HandedOver {
        question: id,
        account: q.account,
        person: (q.whose != q.account).then_some(q.whose),
        text: house.keys.open_words(c, q.whose, TEXT, &q.text).await?,
        urgent: q.band == "danger",
        since,
    };
    if asked.text.is_empty() {
        // Whoever asked was erased meanwhile.
        return Ok(());
    }
    let number = desk.open(house, c, who.clone(), asked).await;
    let number = number.map_err(AssistantError::Desk)?;
    house
        .write(c, &who, move |mut tx| {
            tx.execute(store::set_ticket(c, id, &number))?;
            let event = Event::new(events::TICKETED)
                .about("question", id)
                .to(Audience::Account(q.account));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The job [`HAND`].
pub(crate) async fn again(house: Arc<House>, job: Job) -> Result<(), String> {
    let Some(id) = job.payload["question"]
        .as_str()
        .and_then(|s| s.parse().ok())
    else {
        return Err("names no question".into());
    };
    let c = job.community;
    let done = give(&house, c, Actor::system(c).who(), id).await;
    done.map_err(|e| e.to_string())
}
