//! The desk as the assistant knows it: what nobody could answer becomes a ticket that keeps the
//! asker's clock, and whoever asks how far theirs is hears it as it stands. The two rooms do not
//! know each other; they meet here.

use std::sync::Arc;

use assistant::hand::{self, Desk, HandedOver, Mine, Taken, Ticket};
use foundation::database::Community;
use foundation::house::House;
use foundation::ledger::Who;
use permissions::actor::Actor;

struct Counter;

impl Desk for Counter {
    fn open<'a>(
        &'a self,
        house: &'a House,
        c: Community,
        who: Who,
        asked: HandedOver,
    ) -> Taken<'a> {
        Box::pin(async move {
            let asked = desk::Asked {
                // Offered twice, it is one ticket.
                id: Some(asked.question),
                account: Some(asked.account),
                person: asked.person,
                room: None,
                text: asked.text,
                category: None,
                urgent: asked.urgent,
                since: asked.since,
                source: desk::Source::Assistant,
            };
            let opened = desk::open(house, c, who, asked).await;
            let opened = opened.map_err(|e| e.to_string())?;
            Ok(opened.number.to_string())
        })
    }

    fn mine<'a>(&'a self, house: &'a House, by: &'a Actor) -> Mine<'a> {
        Box::pin(async move {
            let mine = desk::mine(house, by).await.map_err(|e| e.to_string())?;
            let ticket = |line: desk::Line| Ticket {
                number: line.number.to_string(),
                title: line.title,
                state: line.state.key(),
                over: line.state.is_over(),
                path: format!("/my-tickets/{}", line.id),
            };
            Ok(mine.into_iter().map(ticket).collect())
        })
    }
}

/// Names the desk to the assistant, before any door opens.
pub fn stand(house: &House) {
    hand::through(house, Arc::new(Counter));
}
