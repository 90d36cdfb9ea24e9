//! A message of the group that somebody of the office takes up, for the assistant to know next
//! time: its words wait beside the misses, until a tap makes a phrasing of them.

use foundation::database::Look as _;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use group::answering;
use group::speak::{self, Raised};
use permissions::Permission;
use permissions::actor::Actor;

use crate::asking::{Question, TEXT};
use crate::{AssistantError, QUESTION_CHARS_MAX, events, store};

/// The band of a question that nobody asked the assistant.
pub(crate) const BAND: &str = "raised";

/// Takes a message up. One that was heard or taken up before waits again; it stands there once,
/// however many colleagues press.
///
/// # Errors
/// [`AssistantError::Question`] where there are no words, [`AssistantError::Group`] for a message
/// that is gone or not the reader's to see.
pub async fn raise(house: &House, by: &Actor, message: Id) -> Result<(), AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let c = by.community;
    let heard = answering::heard(house, c, message).await?;
    let (said, _) = heard.ok_or(AssistantError::NotFound)?;
    let text: String = said.text.trim().chars().take(QUESTION_CHARS_MAX).collect();
    if text.is_empty() {
        return Err(AssistantError::Question);
    }
    speak::raise(house, by, message, Raised::Answer).await?;
    let person = accounts::staff::person_of(house, c, said.author).await?;
    let whose = person.unwrap_or(said.author);
    let question = Question {
        id: house.id(),
        account: said.author,
        whose,
        text: house.keys.seal_words(c, whose, TEXT, &text).await?,
        band: BAND.to_owned(),
        entry: String::new(),
        open: true,
        down: false,
        waiting_since: None,
        met_at: None,
        at: said.at,
        ticket: String::new(),
        message: message.to_string(),
    };
    house
        .write(c, &by.who_for(Permission::AssistantWrite), move |mut tx| {
            let before: Option<Question> = tx.optional(store::of_message(c, message))?;
            let id = match before {
                Some(mut before) => {
                    before.open = true;
                    tx.execute(store::set_question(c, &before))?;
                    before.id
                }
                None => {
                    tx.execute(store::insert_question(c, &question))?;
                    question.id
                }
            };
            let event = Event::new(events::ASKED)
                .about("question", id)
                .to(Audience::Staff)
                .with("band", BAND);
            Ok(tx.record(event, ())?)
        })
        .await
}
