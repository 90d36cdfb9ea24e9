//! Which sentence says what.

use foundation::page::{Choice, Frame, Sentence, Tag, Tone, key, say};

use crate::account::Urgency;
use crate::contact::BACK_DAYS_MAX;
use crate::listing::Show;
use crate::policy::{MANAGER_DAYS, TERM_DAYS};
use crate::rule::HOLD_DAYS_MAX;
use crate::{Account, ArrearsError};
use jiff::civil::Date;

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(error: &ArrearsError, frame: &Frame) -> Option<Sentence> {
    use ArrearsError as E;
    Some(match error {
        E::NothingOverdue => say("arrears-refused-nothing"),
        E::Unlawful(what) => say("arrears-refused-law")
            .and_word("what", what.sentence())
            .and_word("article", what.article()),
        E::Held(until) => say("arrears-refused-held").and("until", until.to_string()),
        E::Day => say("arrears-refused-day").and("days", i64::from(BACK_DAYS_MAX)),
        E::Promise => say("arrears-refused-promise"),
        E::NobodyReached => say("arrears-refused-nobody"),
        E::NoEvidence => say("arrears-refused-evidence"),
        E::Words => say("arrears-refused-words"),
        E::Corrected => say("arrears-refused-corrected"),
        E::HoldDays => say("arrears-refused-hold").and("days", i64::from(HOLD_DAYS_MAX)),
        E::OwnCase => say("arrears-refused-own"),
        E::Decided => say("arrears-refused-decided"),
        E::Again => say("arrears-refused-again"),
        E::Needs(needs) => {
            let needs: Vec<String> = needs.iter().map(|n| frame.t(n).into_owned()).collect();
            say("arrears-refused-needs").and("needs", frame.join(&needs).into_owned())
        }
        E::Changed => say("arrears-refused-changed"),
        E::Setting => say("arrears-refused-setting")
            .and("term_min", *TERM_DAYS.start())
            .and("term_max", *TERM_DAYS.end())
            .and("manager_max", *MANAGER_DAYS.end()),
        E::PackGrounds => {
            say("arrears-refused-pack").and("text_max", crate::pack::TEXT_CHARS_MAX as i64)
        }
        E::TooMany => say("arrears-refused-many").and("max", crate::listing::TAKE_MAX),
        E::Archive(e) => return dossiers::pages::words::refusal(e),
        E::Paper(paper::PaperError::NoFont) => say("archive-refused-font"),
        E::Forbidden(_)
        | E::NotFound
        | E::Fees(_)
        | E::Roster(_)
        | E::Keys(_)
        | E::Sheet(_)
        | E::Paper(_)
        | E::Database(_) => return None,
    })
}

/// The key of a filter.
pub fn show_word(show: Show) -> &'static str {
    match show {
        Show::Today => key("arrears-show-today"),
        Show::Overdue => key("arrears-show-overdue"),
        Show::Due => key("arrears-show-due"),
        Show::Ahead => key("arrears-show-ahead"),
        Show::Promised => key("arrears-show-promised"),
        Show::Escalated => key("arrears-show-escalated"),
        Show::Unreached => key("arrears-show-unreached"),
        Show::Lapsing => key("arrears-show-lapsing"),
        Show::Held => key("arrears-show-held"),
        Show::Scope => key("arrears-show-scope"),
        Show::Month => key("arrears-show-month"),
    }
}

/// How urgent an account is.
pub fn tag(account: &Account, today: Date) -> Tag {
    match account.urgency(today) {
        Urgency::Overdue if account.escalated > 1 => {
            Tag::new(Tone::Overdue, key("arrears-tag-manager"))
        }
        Urgency::Overdue if account.escalated > 0 => {
            Tag::new(Tone::Overdue, key("arrears-tag-supervisor"))
        }
        Urgency::Overdue => Tag::new(Tone::Overdue, key("arrears-show-overdue")),
        Urgency::Today => Tag::new(Tone::Waiting, key("arrears-show-due")),
        Urgency::Promise => Tag::new(Tone::Waiting, key("arrears-show-promised")),
        Urgency::Ahead => Tag::new(Tone::Waiting, key("arrears-show-ahead")),
        Urgency::Held => Tag::new(Tone::Plain, key("arrears-show-held")),
        Urgency::Later => Tag::new(Tone::Plain, key("arrears-tag-later")),
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
