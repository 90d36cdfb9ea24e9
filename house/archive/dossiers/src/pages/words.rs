//! Which sentence says what.

use foundation::page::{Sentence, Tag, Tone, key, say};
use scans::{Active, Foreign, Heavy, NoPicture, Refused};

use crate::document::{Document, State};
use crate::listing::Show;
use crate::{
    ArchiveError, BOX_CHARS_MAX, NOTE_CHARS_MAX, NTH_MAX, SIGNED_CHARS_MAX, TITLE_CHARS_MAX,
};

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(error: &ArchiveError) -> Option<Sentence> {
    use ArchiveError as E;
    Some(match error {
        E::State(state) => say("archive-refused-state").and_word("state", state_word(*state)),
        E::Changed => say("archive-refused-changed"),
        E::Sealed => say("archive-refused-sealed"),
        E::Title => say("archive-refused-title").and("max", TITLE_CHARS_MAX),
        E::Words => say("archive-refused-words")
            .and("note", NOTE_CHARS_MAX)
            .and("signed", SIGNED_CHARS_MAX)
            .and("place", BOX_CHARS_MAX),
        E::Checker => say("archive-refused-checker"),
        E::OwnDocument => say("archive-refused-own"),
        E::Pages { said, counted } => say("archive-refused-pages")
            .and("said", *said)
            .and("counted", *counted),
        E::File(why) => file_refusal(why),
        E::NoFile => say("archive-refused-no-file"),
        E::Mixed => say("archive-refused-mixed"),
        E::TooMany => say("archive-refused-many").and("max", NTH_MAX),
        E::Elsewhere => say("archive-refused-elsewhere"),
        E::Rule("long") => say("archive-rule-long"),
        E::Rule("place") => say("archive-rule-place"),
        E::Rule(_) => say("archive-rule-needs"),
        E::Full => say("archive-refused-full"),
        E::Unconfined => say("archive-refused-unconfined"),
        E::Paper(paper::PaperError::NoFont) => say("archive-refused-font"),
        _ => return None,
    })
}

/// Why a file is not taken, and what to do about it.
pub fn file_refusal(why: &Refused) -> Sentence {
    let mega = |bytes: u64| i64::try_from(bytes >> 20).unwrap_or(i64::MAX);
    match why {
        Refused::Empty => say("archive-file-empty"),
        Refused::Bytes { max, .. } => say("archive-file-bytes").and("max", mega(*max)),
        Refused::Foreign(foreign) => say(match foreign {
            Foreign::Svg | Foreign::Html | Foreign::Xml | Foreign::Script => "archive-file-web",
            Foreign::Office { .. } | Foreign::OldOffice | Foreign::OpenDocument | Foreign::Rtf => {
                "archive-file-office"
            }
            Foreign::Archive | Foreign::Executable => "archive-file-container",
            _ => "archive-file-unknown",
        }),
        Refused::Unknown => say("archive-file-unknown"),
        Refused::Truncated(_) => say("archive-file-truncated"),
        Refused::Polyglot { .. } | Refused::Embedded | Refused::Entry { .. } => {
            say("archive-file-inside")
        }
        Refused::Pages { max, .. } => say("archive-file-pages").and("max", i64::from(*max)),
        Refused::Pixels { max, .. } => {
            say("archive-file-pixels").and("max", i64::try_from(max / 1_000_000).unwrap_or(0))
        }
        Refused::Decompressed { .. }
        | Refused::Ratio { .. }
        | Refused::Nested(_)
        | Refused::Parts(_) => say("archive-file-bomb"),
        Refused::Active(Active::External | Active::Media) => say("archive-file-outside"),
        Refused::Active(_) => say("archive-file-active"),
        Refused::Encrypted => say("archive-file-encrypted"),
        Refused::Ambiguous { .. } => say("archive-file-ambiguous"),
        Refused::NoPicture(NoPicture::Annotations) => say("archive-file-annotations"),
        Refused::NoPicture(_) => say("archive-file-no-picture"),
        Refused::TooHeavy(Heavy::NotStarted) => say("archive-file-reader"),
        Refused::TooHeavy(_) => say("archive-file-heavy"),
        _ => say("archive-file-broken"),
    }
}

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Preparing | State::Received => key("archive-state-received"),
        State::Filed => key("archive-state-filed"),
        State::Replaced => key("archive-state-replaced"),
        State::Withdrawn => key("archive-state-withdrawn"),
        State::Lost => key("archive-state-lost"),
        State::Shredded => key("archive-state-shredded"),
    }
}

/// A document's state as a tag; red when it waits too long.
pub fn state_tag(d: &Document, now: foundation::clock::Moment) -> Tag {
    match d.state {
        _ if d.late(now) => Tag::new(Tone::Overdue, key("archive-state-late")),
        State::Preparing | State::Received => Tag::new(Tone::Waiting, state_word(d.state)),
        State::Filed => Tag::new(Tone::Done, state_word(d.state)),
        State::Lost => Tag::new(Tone::Overdue, state_word(d.state)),
        State::Replaced | State::Withdrawn | State::Shredded => {
            Tag::new(Tone::Plain, state_word(d.state))
        }
    }
}

pub fn show_word(show: Show) -> &'static str {
    match show {
        Show::Open | Show::Shelf => key("archive-show-open"),
        Show::Missing => key("archive-show-missing"),
        Show::Complete => key("archive-show-complete"),
        Show::Closed => key("archive-show-closed"),
    }
}

/// Why a document was taken back.
pub fn why_word(why: &str) -> &'static str {
    match why {
        "wrong_dossier" => key("archive-why-wrong-dossier"),
        "unreadable" => key("archive-why-unreadable"),
        "incomplete" => key("archive-why-incomplete"),
        "wrong_kind" => key("archive-why-wrong-kind"),
        _ => key("archive-why-twice"),
    }
}

/// What the parser noticed.
pub fn noticed_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "name" => key("archive-noticed-name"),
        "place" => key("archive-noticed-place"),
        "more" => key("archive-noticed-more"),
        "signed" => key("archive-noticed-signed"),
        "form" => key("archive-noticed-form"),
        "updates" => key("archive-noticed-updates"),
        "bound" => key("archive-noticed-bound"),
        _ => return None,
    })
}

/// How long a document is kept.
pub fn retention_word(retention: &str) -> &'static str {
    match retention {
        "sealed_at_end" => key("archive-retention-sealed"),
        _ => key("archive-retention-ever"),
    }
}
