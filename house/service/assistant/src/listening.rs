//! The assistant in the owners' group: it follows what is said, answers when it is called by
//! its name, or, where the office chose so, when it is sure. Only what holds for everybody in
//! the channel is said there, never anything of one home. It is silent for whom people have the
//! word, and where somebody of the office speaks. Words of danger that is happening are answered
//! by a card in any case, and an urgent ticket.

use std::borrow::Cow;

use foundation::clock::MINUTE;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Cursor;
use foundation::page::{Lang, Words};
use group::answering;
use group::channels::{Channel, ChannelKind};
use group::message::{Message, MessageState};
use hanzi::room::RoomCode;
use permissions::actor::Actor;

use crate::asking::{self, Asker, From, Question, Said, Shown};
use crate::entry::{Live, Source};
use crate::manner::InGroup;
use crate::pages::words;
use crate::{AssistantError, QUESTION_CHARS_MAX, base, hand, markdown, store};

const CURSOR: Cursor = Cursor::new("assistant_heard", 200);
/// What is older is not answered any more: after a stop of the house nobody wants it.
const FRESH_MS: i64 = 15 * MINUTE;
/// Where somebody of the office spoke within this time, the assistant leaves the word to them.
const OFFICE_MS: i64 = 10 * MINUTE;
/// How it is called, after the sign.
const NAMES: [&str; 4] = ["小助手", "助手", "assistant", "Assistant"];

/// Follows the compound's ledger up to its end; how many messages were answered.
pub async fn follow(house: &House, c: Community) -> Result<usize, AssistantError> {
    use group::events as g;
    let mut answered = 0;
    loop {
        let part = CURSOR
            .next(&house.db, c, &[g::SAID.name, g::SHOWN.name])
            .await?;
        let manner = base::head(house, c).await?.manner;
        if manner.group != InGroup::Off {
            for event in &part.events {
                let id = event.subject.strip_prefix("message:");
                let Some(Ok(id)) = id.map(str::parse::<Id>) else {
                    continue;
                };
                if let Some((message, channel)) = answering::heard(house, c, id).await? {
                    let done = hear(house, c, manner.group, &message, &channel).await?;
                    answered += usize::from(done);
                }
            }
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(answered);
        }
    }
}

/// What is asked, without the name by which it is called; and whether it is called.
fn asked(text: &str) -> (Cow<'_, str>, bool) {
    for sign in ['@', '＠'] {
        for name in NAMES {
            let call = format!("{sign}{name}");
            if text.contains(&call) {
                return (Cow::Owned(text.replace(&call, " ")), true);
            }
        }
    }
    (Cow::Borrowed(text), false)
}

async fn hear(
    house: &House,
    c: Community,
    manner: InGroup,
    message: &Message,
    channel: &Channel,
) -> Result<bool, AssistantError> {
    let by_member = !matches!(message.badge.as_str(), "staff" | "host" | answering::BADGE);
    let fresh = message.at.0 > house.now().0 - FRESH_MS;
    if !by_member || !fresh || message.state != MessageState::Shown {
        return Ok(false);
    }
    let (text, called) = asked(&message.text);
    let text = text.trim();
    if !(1..=QUESTION_CHARS_MAX).contains(&text.chars().count()) {
        return Ok(false);
    }
    let said = asking::say_to(house, c, &everybody(channel), text).await?;
    // What only the sentence as a whole tells of does not break in on people who speak.
    let danger = matches!(&said, Said::Danger(d, _)
        if d.happening || (called && !d.words.is_empty()));
    let sure = manner == InGroup::Sure && matches!(said, Said::Answer(_));
    if !(called || sure || danger) {
        return Ok(false);
    }
    let own: Vec<Question> = house
        .db
        .all(store::of_account(c, message.author, asking::OWN_SHOWN))
        .await?;
    let heard = house
        .db
        .optional::<Question>(store::of_message(c, message.id))
        .await?;
    let handed = own
        .iter()
        .any(|q| q.is_handed() && q.message != message.id.as_str());
    // A person speaks first: after the question where it is called, lately where it is not.
    let since = match called {
        true => message.at,
        false => message.at.plus(-OFFICE_MS),
    };
    let office = answering::office_spoke(house, c, channel.id, since).await?;
    if !danger && (handed || office) {
        return Ok(false);
    }
    let question = match heard {
        Some(question) => question,
        None => {
            let person = accounts::staff::person_of(house, c, message.author).await?;
            let from = From {
                account: message.author,
                whose: person.unwrap_or(message.author),
                message: Some(message.id),
            };
            let who = Actor::system(c).who();
            asking::keep(house, c, &who, &from, text, &said, false).await?
        }
    };
    if question.waits() {
        let who = Actor::system(c).who();
        if let Err(e) = hand::give(house, c, who, question.id).await {
            tracing::warn!(error = %e, "the desk did not take an urgent message yet");
        }
    }
    let words = Words::new(Lang::ZhHant);
    let text = reply(house, c, &words, &said).await?;
    answering::answer(house, c, message, &words.t("assistant-name"), &text).await?;
    Ok(true)
}

/// Whom an answer in a channel is for: everybody in it.
fn everybody(channel: &Channel) -> Asker {
    let building = match channel.kind {
        ChannelKind::Building => RoomCode::parse(&channel.building)
            .ok()
            .and_then(|code| code.only_building()),
        _ => None,
    };
    Asker {
        buildings: building.into_iter().collect(),
        ..Asker::default()
    }
}

/// What it says in the group. Nothing that is worked out for one person.
async fn reply(
    house: &House,
    c: Community,
    words: &Words,
    said: &Said,
) -> Result<String, AssistantError> {
    Ok(match said {
        Said::Danger(danger, beside) => {
            let fills = base::head(house, c).await?.fills;
            let mut lines = vec![words.t(words::danger_word(danger.kind)).into_owned()];
            let number = words::public_number(danger.kind);
            lines.push(words.one("assistant-call", "number", number).into_owned());
            if let Some(duty) = fills.get("duty_phone") {
                let call = words.one("assistant-call-duty", "number", duty.as_str());
                lines.push(call.into_owned());
            }
            if let Some(shown) = beside.as_ref().filter(|shown| !shown.risk) {
                lines.push(answer(words, shown));
            }
            lines.join("\n")
        }
        Said::Answer(shown) => answer(words, shown),
        Said::Clarify(near) => {
            let titles: Vec<&str> = near.iter().map(|(_, title)| title.as_str()).collect();
            let which = words.one("assistant-group-which", "topics", titles.join("、"));
            format!("{which}\n{}", words.t("assistant-group-more"))
        }
        Said::Refuse => words.t("assistant-group-none").into_owned(),
    })
}

/// An answer with what it rests on and where one hears more.
fn answer(words: &Words, shown: &Shown) -> String {
    let source = match shown.source {
        Source::Rules => {
            let version = shown.source_ref.as_str();
            words.one("assistant-rests-rules", "version", version)
        }
        other => words.t(words::source_word(other)),
    };
    let mut text = format!(
        "【{}】\n{}\n{}{source}",
        shown.title,
        markdown::plain(&shown.answer),
        words.t("assistant-source"),
    );
    if let Some(at) = shown.confirmed_at {
        let day = foundation::page::fmt::day(words.lang(), at.0);
        let day = words.one("assistant-confirmed", "day", day.as_str());
        text.push_str(&format!(" · {day}"));
    }
    if matches!(shown.live, Live::Fees | Live::Tickets) {
        text.push('\n');
        text.push_str(&words.t("assistant-group-yours"));
    }
    format!("{text}\n{}", words.t("assistant-group-more"))
}
