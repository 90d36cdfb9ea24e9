//! Which sentence says what.

use dossiers::Kind;
use foundation::page::{Frame, Sentence, Tag, Tone, key, say};

use crate::cases::Case;
use crate::fields::Definition;
use crate::keys::KeyState;
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
        E::OnPaper => say("forms-refused-on-paper"),
        E::Unfinished(steps) => {
            let steps: Vec<String> = steps.iter().map(|s| frame.t(s).into_owned()).collect();
            say("handover-refused").and("steps", frame.join(&steps).into_owned())
        }
        E::Document => say("forms-refused-document"),
        E::Kind => say("forms-refused-kind"),
        E::Setting => say("forms-refused-setting")
            .and("review_max", *REVIEW_DAYS.end())
            .and("recheck_max", *RECHECK_MONTHS.end())
            .and("loan_max", *LOAN_HOURS.end()),
        E::Words => say("forms-refused-words"),
        E::Unsigned => say("held-refused-unsigned"),
        E::NoAuthority => say("held-refused-authority"),
        E::NoProof => say("held-refused-proof"),
        E::NoPhone => say("held-refused-phone"),
        E::CodeTaken => say("held-refused-code"),
        E::Key(state) => say("held-refused-state").and_word("state", key_word(*state)),
        E::TooLong(hours) => say("held-refused-long").and("max", *hours),
        E::Counted => say("held-refused-counted"),
        E::Step { act, state } => say("cases-refused-step").and_word("act", act).and_word(
            "state",
            if state.is_empty() {
                "forms-other"
            } else {
                state
            },
        ),
        E::OwnCase => say("cases-refused-own"),
        E::NeedsForm(state) => say("cases-refused-form").and_word("state", state_word(*state)),
        E::NeedsPaper(what) => say("cases-refused-paper").and_word("what", paper_word(what)),
        E::Early(day) => say("cases-refused-early").and("day", day.clone()),
        E::Refund => say("cases-refused-refund"),
        E::DayPast => say("cases-refused-past"),
        E::HasCase => say("cases-refused-has"),
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

pub fn key_word(state: KeyState) -> &'static str {
    match state {
        KeyState::Kept => key("held-state-kept"),
        KeyState::Lent => key("held-state-lent"),
        KeyState::GivenBack => key("held-state-given-back"),
        KeyState::Lost => key("held-state-lost"),
    }
}

pub fn key_tag(state: KeyState) -> Tag {
    let tone = match state {
        KeyState::Kept => Tone::Done,
        KeyState::Lent => Tone::Waiting,
        KeyState::GivenBack => Tone::Plain,
        KeyState::Lost => Tone::Overdue,
    };
    Tag::new(tone, key_word(state))
}

/// What sort of key it is.
pub fn what_word(what: &str) -> &'static str {
    match what {
        "door" => key("held-what-door"),
        "room" => key("held-what-room"),
        "mailbox" => key("held-what-mailbox"),
        "card" => key("held-what-card"),
        _ => key("forms-other"),
    }
}

/// Which paper of identity was seen.
pub fn proof_word(proof: &str) -> &'static str {
    match proof {
        "resident_id" => key("forms-paper-resident"),
        "work_pass" => key("held-proof-work"),
        "passport" => key("forms-paper-passport"),
        _ => key("forms-other"),
    }
}

/// What a document is to a case.
pub fn paper_word(what: &str) -> &'static str {
    match what {
        "drawing" => key("cases-paper-drawing"),
        "contractor" => key("cases-paper-contractor"),
        "workers" => key("cases-paper-workers"),
        "evidence" => key("cases-paper-evidence"),
        "agreement" => key("cases-paper-agreement"),
        _ => key("forms-other"),
    }
}

/// A case's state as a tag; red when its next step is overdue.
pub fn case_tag(case: &Case, now: foundation::clock::Moment) -> Tag {
    let process = case.process().ok();
    let word = process.and_then(|p| p.state(&case.state));
    let word = word.map_or(key("forms-other"), |(_, word)| word);
    let tone = match (case.overdue(now), case.closed_at) {
        (true, _) => Tone::Overdue,
        (_, Some(_)) => Tone::Done,
        _ => Tone::Waiting,
    };
    Tag::new(tone, word)
}
