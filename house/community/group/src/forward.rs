//! Handing a message on into another channel: as a card that says who said it, and that
//! goes blank when the message itself is taken back or hidden.

use foundation::database::{Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use crate::message::{Message, MessageState};
use crate::parts::Card;
use crate::speak::{self, Draft};
use crate::{Count, GroupError, channels, events, store};

/// Words of the other message that a card repeats.
const CARD_CHARS_MAX: usize = 300;
/// Cards that go blank in one go of the loop.
const TAKE: i64 = 100;

/// What is handed on.
#[derive(Clone, Debug)]
pub struct Source {
    pub message: Id,
    pub card: Card,
}

/// A message that somebody may hand on: they can read it, and everybody there can.
///
/// # Errors
/// [`GroupError::NotFound`] for what is not theirs to read or has no words any more.
pub async fn source(house: &House, by: &Actor, id: Id) -> Result<(Message, Source), GroupError> {
    let found: Option<Message> = house.db.optional(store::message(by.community, id)).await?;
    let found = found.filter(|m| m.state == MessageState::Shown);
    let m = found.ok_or(GroupError::NotFound)?;
    channels::one(house, by, m.channel).await?;
    channels::entered(house, by).await?;
    // A card without words of its own is handed on as what it repeats.
    if let (true, Some(card)) = (m.text.is_empty(), &m.parts.card) {
        let (Some(from), false) = (card.from, card.words.is_empty() && card.more == 0) else {
            return Err(GroupError::NotFound);
        };
        let card = card.clone();
        return Ok((
            m,
            Source {
                message: from,
                card,
            },
        ));
    }
    let card = Card {
        by: m.byline.clone(),
        words: m.text.chars().take(CARD_CHARS_MAX).collect(),
        from: Some(m.id),
        more: m.parts.pictures.len() + m.parts.files.len(),
    };
    let message = m.id;
    Ok((m, Source { message, card }))
}

/// Hands a message on into a channel in which one may speak.
pub async fn forward(
    house: &House,
    by: &Actor,
    id: Id,
    to: Id,
    sent_id: &str,
    words: &str,
) -> Result<Message, GroupError> {
    let (_, source) = source(house, by, id).await?;
    let draft = Draft {
        sent_id: sent_id.to_owned(),
        text: words.to_owned(),
        card: Some(source),
        ..Draft::default()
    };
    speak::send(house, by, to, &draft).await
}

/// Blanks the cards that repeat a message which is not to be read any more.
pub fn fade(tx: &mut Tx<'_>, source: Id) -> Result<(), GroupError> {
    let c = tx.community();
    loop {
        let rows: Vec<(Id,)> = tx.all(store::forwards(c, source, TAKE))?;
        if rows.is_empty() {
            return Ok(());
        }
        for (id,) in rows {
            tx.execute(store::delete_forward(c, source, id))?;
            let Some(mut m) = tx.optional::<Message>(store::message(c, id))? else {
                continue;
            };
            let Some(card) = &mut m.parts.card else {
                continue;
            };
            (card.words, card.more, card.from) = (String::new(), 0, None);
            let Count(tick) = tx.one(store::next_tick(c))?;
            tx.execute(store::set_parts(c, id, &m.parts.text(), tick))?;
            let event = Event::new(events::FORWARD_FADED)
                .about("message", id)
                .to(Audience::Members)
                .with("channel", m.channel);
            tx.also(event)?;
        }
    }
}
