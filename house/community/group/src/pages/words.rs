//! Which sentence says what.

use foundation::page::{Frame, Sentence, key, say};
use foundation::pictures::PictureRefused;

use crate::GroupError;
use crate::parts::{Poll, Topic};

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(frame: &Frame, error: &GroupError) -> Option<Sentence> {
    use GroupError as E;
    Some(match error {
        E::Text => say("group-refused-text"),
        E::Blocked(found) => {
            let rule = found.first().map_or("", |f| f.category.as_str());
            say(blocked(rule))
        }
        E::Silenced { until: Some(until) } => {
            say("group-refused-silenced").and("until", frame.stamp(until.0))
        }
        E::Silenced { until: None } => say("group-refused-removed"),
        E::RulesDue => say("group-refused-rules"),
        E::AnnouncementsOnly => say("group-refused-announce"),
        E::Hushed { until } => say("group-refused-hushed").and("until", frame.stamp(until.0)),
        E::Quiet { until_minute } => say("group-refused-quiet").and("until", clock(*until_minute)),
        E::TooFast { wait_ms } => {
            say("group-refused-fast").and("seconds", (*wait_ms / 1_000 + 1).max(1))
        }
        E::RecallOver => say("group-refused-recall"),
        E::Changed => say("group-refused-changed"),
        E::NameTaken => say("group-refused-name-taken"),
        E::TooManyChannels => say("group-refused-channels"),
        E::Name => say("group-refused-name"),
        E::Picture(why) => say(picture(*why)),
        E::TooManyFiles => say("group-refused-files"),
        E::FileTooLarge => say("group-refused-file"),
        E::Options => say("group-refused-options"),
        E::Until => say("group-refused-until"),
        E::PollOver => say("group-refused-over"),
        E::NoVoter => say("group-refused-voter"),
        E::Term => say("group-refused-term"),
        E::StewardAlready => say("group-refused-steward"),
        E::Post => say("group-refused-post"),
        E::Title => say("group-refused-title"),
        E::Skill => say("group-refused-skill"),
        E::TooManySkills => say("group-refused-skills"),
        E::Consent => say("group-refused-consent"),
        E::SearchTooShort => say("group-refused-search"),
        E::Conduct(conduct::ConductError::NotPending) => say("group-refused-reported"),
        E::Conduct(conduct::ConductError::Party) => say("group-refused-own"),
        E::Conduct(conduct::ConductError::TooManyReports(_)) => say("group-refused-reports"),
        _ => return None,
    })
}

/// Why a message did not go out.
fn blocked(category: &str) -> &'static str {
    match category {
        "illegal" => key("group-blocked-illegal"),
        "advertising" => key("group-blocked-advertising"),
        "insult" => key("group-blocked-insult"),
        "privacy" => key("group-blocked-privacy"),
        "spam" => key("group-blocked-spam"),
        _ => key("group-blocked-other"),
    }
}

fn picture(why: PictureRefused) -> &'static str {
    match why {
        PictureRefused::Kind | PictureRefused::Damaged => key("group-refused-picture-damaged"),
        PictureRefused::TooLarge | PictureRefused::TooManyPixels => {
            key("group-refused-picture-large")
        }
        PictureRefused::Busy => key("group-refused-picture-busy"),
    }
}

/// How many answered a poll, and until when it is open.
pub fn poll_note(frame: &Frame, poll: &Poll, open: bool) -> String {
    let word = if poll.by_home {
        key("group-poll-homes")
    } else {
        key("group-poll-people")
    };
    let voters = frame.one(word, "count", poll.voters);
    let until = if open {
        frame.one("group-poll-until", "until", frame.stamp(poll.until))
    } else {
        frame.t("group-poll-over")
    };
    format!("{voters} · {until}")
}

/// A minute of the day as `07:30`.
pub fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `07:30` as a minute of the day.
pub fn minute(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

/// What a person reports for.
pub fn reason(word: &str) -> &'static str {
    match word {
        "illegal" => key("group-report-illegal"),
        "advertising" => key("group-report-advertising"),
        "insult" => key("group-report-insult"),
        "privacy" => key("group-report-privacy"),
        _ => key("group-report-spam"),
    }
}

/// What a post is about.
pub fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Ask => key("group-topic-ask"),
        Topic::Experience => key("group-topic-experience"),
        Topic::Lend => key("group-topic-lend"),
        Topic::Find => key("group-topic-find"),
        Topic::Lost => key("group-topic-lost"),
    }
}

/// What belongs under it.
pub fn topic_hint(topic: Topic) -> &'static str {
    match topic {
        Topic::Ask => key("group-topic-ask-hint"),
        Topic::Experience => key("group-topic-experience-hint"),
        Topic::Lend => key("group-topic-lend-hint"),
        Topic::Find => key("group-topic-find-hint"),
        Topic::Lost => key("group-topic-lost-hint"),
    }
}
