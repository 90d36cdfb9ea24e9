//! The seam for the assistant: what was said, heard without a reader; and the house's own answer
//! to it, under a name and a badge that nobody of the group carries.

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;

use crate::announce::{self, Unjudged};
use crate::channels::Channel;
use crate::message::Message;
use crate::{GroupError, store};

/// The badge of what no person says.
pub const BADGE: &str = "assistant";
/// As many of a channel's last messages are looked at for a person of the office.
const LATELY: i64 = 50;

/// Who answers: an id that no account has, because ids begin with the time they were made.
fn nobody() -> Id {
    "0000000000000000".parse().expect("an id's shape")
}

/// A message and its channel, for the house itself. Nobody is shown anything by this.
pub async fn heard(
    house: &House,
    c: Community,
    message: Id,
) -> Result<Option<(Message, Channel)>, GroupError> {
    let found: Option<Message> = house.db.optional(store::message(c, message)).await?;
    let Some(message) = found else {
        return Ok(None);
    };
    let channel = house
        .db
        .optional(store::channel(c, message.channel))
        .await?;
    Ok(channel.map(|channel| (message, channel)))
}

/// Whether a person of the office has spoken in a channel since then.
pub async fn office_spoke(
    house: &House,
    c: Community,
    channel: Id,
    since: Moment,
) -> Result<bool, GroupError> {
    let lately: Vec<Message> = house
        .db
        .all(store::before(c, channel, i64::MAX, None, LATELY))
        .await?;
    let office = |m: &Message| matches!(m.badge.as_str(), "staff" | "host");
    Ok(lately.iter().any(|m| m.at >= since && office(m)))
}

/// Answers a message in its channel; the same message again is answered once.
pub async fn answer(
    house: &House,
    c: Community,
    to: &Message,
    name: &str,
    text: &str,
) -> Result<Id, GroupError> {
    let said = Unjudged {
        channel: to.channel,
        author: nobody(),
        byline: name,
        badge: BADGE,
        reply_to: Some(to.seq),
    };
    let sent_id = format!("answer-{}", to.id);
    announce::put(house, c, &said, &sent_id, text).await
}
