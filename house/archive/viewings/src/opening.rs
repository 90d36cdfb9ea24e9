//! The window opens when the one who asked shows again who they are, and closes when they are
//! done, when it runs out, or when the manager ends it.

use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use crate::act::{self, Deed, act};
use crate::states::{Act, State};
use crate::viewing::Viewing;
use crate::{ViewingError, ask, events, persons};

/// Opens the window.
///
/// # Errors
/// [`ViewingError::Refused`]: without a second factor, before its time, after its term, while
/// one's viewings are frozen.
pub async fn activate(
    house: &House,
    by: &Actor,
    id: Id,
    fresh: bool,
) -> Result<Viewing, ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    ask::may_use(by, &v)?;
    let hand = persons::hand(house, by, &v, fresh).await?;
    // The window is the account's that asked, as its pages are.
    if hand.person != v.asker_as || by.account != Some(v.asker) {
        return Err(ViewingError::NotFound);
    }
    let deed = Deed {
        id,
        act: Act::Activate,
        hand,
        kind: events::ACTIVATED,
    };
    act(house, c, &by.who(), deed, |_, v, event| {
        Ok(event.with_some("ends", v.ends_at))
    })
    .await
}

/// Closes it: the one who looked is done, or the office ends it. An emergency goes to review.
pub async fn close(house: &House, by: &Actor, id: Id) -> Result<Viewing, ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, false).await?;
    if hand.person == v.asker_as {
        ask::may_use(by, &v)?;
    } else if !(hand.decides || hand.registers) {
        return Err(ViewingError::NotFound);
    }
    let deed = Deed {
        id,
        act: Act::Close,
        hand,
        kind: events::CLOSED,
    };
    // Whoever is not the one who looks ends it for the office.
    let who = if hand.person == v.asker_as {
        by.who()
    } else if hand.decides {
        persons::deciding(by)
    } else {
        persons::registering(by)
    };
    act(house, c, &who, deed, move |_, v, event| {
        let review = v.until_at.filter(|_| v.state == State::ReviewDue);
        Ok(event
            .with("closer_as", hand.person)
            .with("pages", v.pages)
            .with_some("review_by", review))
    })
    .await
}
