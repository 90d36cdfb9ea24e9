//! Which sentence says what.

use foundation::page::{Frame, Sentence, Tag, Tone, key, say};

use crate::succession::{State, Succession};
use crate::{SUCCESSOR_CHARS_MAX, SuccessionError};

/// What stood in the way; none where the status says it.
pub fn refusal(error: &SuccessionError) -> Option<Sentence> {
    use SuccessionError as E;
    Some(match error {
        E::State(state) => say("successions-refused-state").and_word("state", state_word(*state)),
        E::AtWork => say("successions-refused-at-work"),
        E::Changed => say("successions-refused-changed"),
        E::OwnAsking => say("successions-refused-own"),
        E::Successor => say("successions-refused-successor").and("max", SUCCESSOR_CHARS_MAX),
        E::Recipient => say("successions-refused-recipient"),
        E::Room(typed) => say("successions-refused-room").and("room", typed.clone()),
        E::Day(_) => say("successions-refused-day"),
        E::Nothing => say("successions-refused-nothing"),
        _ => return None,
    })
}

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Asked => key("successions-state-asked"),
        State::Refused => key("successions-state-refused"),
        State::Writing => key("successions-state-writing"),
        State::Written => key("successions-state-written"),
        State::Delivered => key("successions-state-delivered"),
    }
}

pub fn state_tag(state: State) -> Tag {
    let tone = match state {
        State::Asked | State::Writing => Tone::Waiting,
        State::Written => Tone::Info,
        State::Delivered => Tone::Done,
        State::Refused => Tone::Plain,
    };
    Tag::new(tone, state_word(state))
}

/// What of the archive goes.
pub fn scope(s: &Succession, frame: &Frame) -> String {
    let mut parts = Vec::new();
    if !s.building.is_empty() {
        parts.push(hanzi::room::building_said(&s.building));
    }
    if !s.from_room.is_empty() || !s.to_room.is_empty() {
        let ends = format!("{} ～ {}", s.from_room, s.to_room);
        parts.push(ends.trim().to_owned());
    }
    if parts.is_empty() {
        frame.t("successions-scope-all").into_owned()
    } else {
        parts.join(" ")
    }
}
