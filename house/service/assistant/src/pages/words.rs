//! Which sentence says what.

use answers::risk::Kind;
use foundation::page::{Frame, Sentence, Tag, Tone, key, say};

use crate::AssistantError;
use crate::entry::{Live, Source, State, Whom};

/// What stood in the way; none where the status says it.
pub fn refusal(error: &AssistantError) -> Option<Sentence> {
    use AssistantError as E;
    Some(match error {
        E::Body(field) => say(field_fault(field)),
        E::TopicTaken => say("assistant-refused-topic"),
        E::TooMany => say("assistant-refused-many"),
        E::Changed => say("assistant-refused-changed"),
        E::State => say("assistant-refused-state"),
        E::Regression(checked) => say("assistant-refused-regression")
            .and("count", checked.was - checked.now)
            .and("questions", checked.lost.join(" / ")),
        E::File => say("assistant-refused-file"),
        E::Columns => say("assistant-refused-columns"),
        E::Question => say("assistant-refused-question").and("max", crate::QUESTION_CHARS_MAX),
        E::Desk(_) => say("assistant-refused-desk"),
        _ => return None,
    })
}

/// The same, with the places of an answer that are still to be filled by their names.
pub fn refusal_on(frame: &Frame, error: &AssistantError) -> Option<Sentence> {
    let AssistantError::Open(open) = error else {
        return refusal(error);
    };
    Some(say("assistant-refused-open").and("places", places(frame, open)))
}

/// The places of an answer, by the names under which the office fills them.
pub fn places(frame: &Frame, names: &[String]) -> String {
    let said: Vec<_> = names
        .iter()
        .map(|name| frame.one("assistant-place", "place", name.as_str()))
        .collect();
    said.join("、")
}

pub fn field_fault(field: &str) -> &'static str {
    match field {
        "topic" => key("assistant-fault-topic"),
        "title" => key("assistant-fault-title"),
        "phrasings" => key("assistant-fault-phrasings"),
        "answer" => key("assistant-fault-answer"),
        "checks" => key("assistant-fault-checks"),
        "buildings" => key("assistant-fault-buildings"),
        "valid_from" | "valid_to" => key("assistant-fault-day"),
        "source_ref" => key("assistant-fault-source"),
        _ => key("assistant-fault-fill"),
    }
}

pub fn state_tag(state: State) -> Tag {
    let tone = match state {
        State::Draft => Tone::Waiting,
        State::Published => Tone::Done,
        State::Expired => Tone::Overdue,
        State::Withdrawn => Tone::Plain,
    };
    Tag::new(tone, state_word(state))
}

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Draft => key("assistant-state-draft"),
        State::Published => key("assistant-state-published"),
        State::Expired => key("assistant-state-expired"),
        State::Withdrawn => key("assistant-state-withdrawn"),
    }
}

pub fn whom_word(whom: Whom) -> &'static str {
    match whom {
        Whom::All => key("assistant-whom-all"),
        Whom::Owner => key("assistant-whom-owner"),
        Whom::Tenant => key("assistant-whom-tenant"),
    }
}

pub fn live_word(live: Live) -> &'static str {
    match live {
        Live::Nothing => key("assistant-live-nothing"),
        Live::Fees => key("assistant-live-fees"),
        Live::Tickets => key("assistant-live-tickets"),
        Live::Hours => key("assistant-live-hours"),
        Live::Notices => key("assistant-live-notices"),
    }
}

pub fn source_word(source: Source) -> &'static str {
    match source {
        Source::Office => key("assistant-source-office"),
        Source::Notice => key("assistant-source-notice"),
        Source::Rules => key("assistant-source-rules"),
    }
}

/// What the emergency card says first.
pub fn danger_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Gas => key("assistant-danger-gas"),
        Kind::Fire => key("assistant-danger-fire"),
        Kind::Lift => key("assistant-danger-lift"),
        Kind::Hurt => key("assistant-danger-hurt"),
        Kind::Crime => key("assistant-danger-crime"),
        Kind::Water => key("assistant-danger-water"),
        Kind::Fall => key("assistant-danger-fall"),
        Kind::Power => key("assistant-danger-power"),
        Kind::Child => key("assistant-danger-child"),
    }
}

/// The public number to call first, beside the office's own.
pub fn public_number(kind: Kind) -> &'static str {
    match kind {
        Kind::Gas | Kind::Fire | Kind::Lift | Kind::Fall | Kind::Water | Kind::Power => "119",
        Kind::Hurt => "120",
        Kind::Crime | Kind::Child => "110",
    }
}
