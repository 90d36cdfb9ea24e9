//! Which sentence says what.

use dossiers::Kind;
use foundation::page::{Frame, Sentence, Tag, Tone, key, say};

use crate::fields::Definition;
use crate::policy::{LOAN_HOURS, RECHECK_MONTHS, REVIEW_DAYS};
use crate::{FormsError, State};

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(error: &FormsError, frame: &Frame) -> Option<Sentence> {
    use FormsError as E;
    Some(match error {
        E::State(state) => say("forms-refused-state").and_word("state", state_word(*state)),
        E::NotYours => say("forms-refused-not-yours"),
        E::Ended => say("forms-refused-ended"),
        E::Changed => say("forms-refused-changed"),
        E::Missing(labels) => {
            let labels: Vec<String> = labels.iter().map(|l| frame.t(l).into_owned()).collect();
            say("forms-refused-missing").and("fields", frame.join(&labels).into_owned())
        }
        E::Document => say("forms-refused-document"),
        E::Kind => say("forms-refused-kind"),
        E::Setting => say("forms-refused-setting")
            .and("review_max", *REVIEW_DAYS.end())
            .and("recheck_max", *RECHECK_MONTHS.end())
            .and("loan_max", *LOAN_HOURS.end()),
        E::Words => say("forms-refused-words"),
        E::Paper(paper::PaperError::NoFont) => say("archive-refused-font"),
        E::Archive(e) => return dossiers::pages::words::refusal(e),
        _ => return None,
    })
}

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Draft => key("forms-state-draft"),
        State::Printed => key("forms-state-printed"),
        State::Signed => key("forms-state-signed"),
        State::Void => key("forms-state-void"),
    }
}

pub fn state_tag(state: State) -> Tag {
    let tone = match state {
        State::Draft => Tone::Plain,
        State::Printed => Tone::Waiting,
        State::Signed => Tone::Done,
        State::Void => Tone::Plain,
    };
    Tag::new(tone, state_word(state))
}

/// The key of a form's name.
pub fn title(kind: Kind) -> &'static str {
    Definition::of(kind).map_or(key("forms-title"), |d| d.title)
}
