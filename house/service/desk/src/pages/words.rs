//! Which sentence says what.

use foundation::page::{Choice, Frame, Sentence, Tag, Tone, say};
use foundation::pictures::PictureRefused;

use crate::Refused;
use crate::acts::REOPEN_DAYS;
use crate::category::Category;
use crate::states::{Illegal, State};
use crate::ticket::Ticket;

/// What stood in the way; none where the status says it.
pub fn refusal(error: &Refused) -> Option<Sentence> {
    use Refused as E;
    Some(match error {
        E::Illegal(Illegal::NoWay(from, act) | Illegal::NotBy(from, act, _)) => {
            say("desk-refused-illegal")
                .and_word("state", from.key())
                .and_word("act", act.key())
        }
        E::Words => say("desk-refused-words").and("max", crate::WORDS_CHARS_MAX),
        E::Room => say("desk-refused-room"),
        E::Category => say("desk-refused-category"),
        E::Worker => say("desk-refused-worker"),
        E::Price => say("desk-refused-price"),
        E::ReopenOver => say("desk-refused-reopen").and("days", REOPEN_DAYS),
        E::OwnWork => say("desk-refused-own-work"),
        E::Setting => say("desk-refused-setting"),
        E::TooMany => say("desk-refused-many").and("max", crate::work::PICTURES_MAX),
        E::Again => say("desk-refused-again"),
        E::Changed => say("desk-refused-changed"),
        E::Picture(PictureRefused::Busy) => say("desk-refused-busy"),
        E::Picture(_) => say("desk-refused-picture"),
        E::Paper(paper::PaperError::NoFont) => say("archive-refused-font"),
        E::Forbidden(_)
        | E::NotFound
        | E::Paper(_)
        | E::Group(_)
        | E::Sheet(_)
        | E::Roster(_)
        | E::Membership(_)
        | E::Keys(_)
        | E::File(_)
        | E::Database(_) => return None,
    })
}

/// Which field a refusal belongs to.
pub fn field_of(error: &Refused) -> &'static str {
    match error {
        Refused::Words => "words",
        Refused::Room => "place",
        Refused::Category => "category",
        Refused::Worker => "subject",
        Refused::Picture(_) | Refused::TooMany => "pictures",
        _ => "",
    }
}

/// Where a ticket stands, as a tag.
pub fn tag(state: State) -> Tag {
    let tone = match state {
        State::New | State::Reopened => Tone::Overdue,
        State::Triaged | State::Assigned | State::Resolved | State::Waiting => Tone::Waiting,
        State::Accepted | State::InProgress => Tone::Info,
        State::Confirmed | State::Closed => Tone::Done,
        State::Merged | State::Referred | State::Declined | State::Cancelled => Tone::Plain,
    };
    Tag::new(tone, state.key())
}

/// What a category is called.
pub fn category(category: &Category, frame: &Frame) -> String {
    match category.proposed_name() {
        Some(key) => frame.t(key).into_owned(),
        None => category.name.clone(),
    }
}

/// Where something is, in words.
pub fn place(t: &Ticket, frame: &Frame) -> String {
    let building = hanzi::room::building_said(&t.building);
    match (
        t.room_code.is_empty(),
        t.building.is_empty(),
        t.place.is_empty(),
    ) {
        (false, ..) => t.room_code.clone(),
        (true, false, false) => format!("{building} {}", t.place),
        (true, true, false) => t.place.clone(),
        (true, false, true) => building,
        (true, true, true) => frame.t("desk-place-none").into_owned(),
    }
}

/// Choices of some of our own words.
pub fn choices<T: Copy>(
    all: &[T],
    frame: &Frame,
    word: fn(T) -> &'static str,
    text: fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter()
        .map(|one| Choice::new(word(*one), frame.t(text(*one))))
        .collect()
}
