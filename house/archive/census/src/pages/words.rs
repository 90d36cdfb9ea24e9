//! Which sentence says what.

use foundation::page::{Frame, Sentence, Tag, Tone, key, say};
use roster::Tie;

use crate::task::{Method, State, Task};
use crate::visit::Part;
use crate::{ATTEMPTS_MAX, CensusError, Fault, TEXT_CHARS_MAX};

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Open => key("census-state-open"),
        State::Counted => key("census-state-counted"),
        State::Vacant => key("census-state-vacant"),
        State::Registered => key("census-state-registered"),
        State::Refused => key("census-state-refused"),
        State::Excused => key("census-state-excused"),
    }
}

pub fn state_tag(task: &Task, over: bool) -> Tag {
    let tone = match task.state {
        State::Open if over => Tone::Overdue,
        State::Open => Tone::Waiting,
        State::Counted | State::Vacant | State::Registered => Tone::Done,
        State::Refused | State::Excused => Tone::Plain,
    };
    Tag::new(tone, state_word(task.state))
}

pub fn method_word(method: &str) -> &'static str {
    match (Method::from_word(method), method) {
        (Some(Method::Visit), _) => key("census-method-visit"),
        (Some(Method::Phone), _) => key("census-method-phone"),
        (Some(Method::Paper), _) => key("census-method-paper"),
        (Some(Method::Household), _) => key("census-method-self"),
        (None, "vacancy") => key("census-method-vacancy"),
        (None, _) => key("census-method-registration"),
    }
}

pub fn part_word(part: Part) -> &'static str {
    match part {
        Part::Morning => key("census-part-morning"),
        Part::Afternoon => key("census-part-afternoon"),
        Part::Evening => key("census-part-evening"),
        Part::Weekend => key("census-part-weekend"),
    }
}

pub fn sign_word(sign: &str) -> &'static str {
    match sign {
        "meter" => key("census-sign-meter"),
        "neighbour" => key("census-sign-neighbour"),
        _ => key("census-sign-access"),
    }
}

pub fn tie_word(tie: Tie) -> &'static str {
    match tie {
        Tie::Owner => key("census-tie-owner"),
        Tie::CoOwner => key("census-tie-co-owner"),
        Tie::Tenant => key("census-tie-tenant"),
        Tie::Family => key("census-tie-family"),
    }
}

/// A home's use; none where the roster knows none.
pub fn use_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "owner_occupied" => key("census-use-owner"),
        "let" => key("census-use-let"),
        "vacant" => key("census-use-vacant"),
        "handed_over" => key("census-use-handed-over"),
        "not_handed_over" => key("census-use-not-handed-over"),
        _ => return None,
    })
}

pub fn fault(fault: Fault) -> Sentence {
    match fault {
        Fault::Phone => say("census-fault-phone"),
        Fault::Name => say("census-fault-name"),
        Fault::Plate => say("census-fault-plate"),
        Fault::Words => say("census-fault-words").and("max", TEXT_CHARS_MAX),
        Fault::Consent => say("census-fault-consent"),
        Fault::Choice => say("census-fault-choice"),
    }
}

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(error: &CensusError, frame: &Frame) -> Option<Sentence> {
    use CensusError as E;
    Some(match error {
        E::Changed => say("census-refused-changed"),
        E::State(state) => {
            let word = frame.t(state_word(*state)).into_owned();
            say("census-refused-state").and("state", word)
        }
        E::Missing(keys) => say("census-refused-missing").and("count", keys.len()),
        E::Field(_, why) => fault(*why),
        E::Signs => say("census-refused-signs"),
        E::SamePart => say("census-refused-same-part"),
        E::Tried => say("census-refused-tried").and("max", ATTEMPTS_MAX),
        E::Undecided => say("census-refused-undecided"),
        E::LinkOver => say("census-refused-link"),
        E::Nobody => say("census-refused-nobody"),
        E::Nothing => say("census-refused-nothing"),
        E::Early => say("census-refused-early"),
        E::Paper(paper::PaperError::NoFont) => say("census-refused-font"),
        E::Changes(changes::ChangesError::NotFound) => say("census-refused-no-file"),
        E::Roster(roster::RosterError::Changed) => say("census-refused-changed"),
        E::Roster(roster::RosterError::Erased) => say("census-refused-erased"),
        _ => return None,
    })
}
