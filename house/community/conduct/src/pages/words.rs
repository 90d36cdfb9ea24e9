//! How this room's states, rules and refusals are said.

use crate::channels::SanctionKind;
use crate::ladder::Rung;
use crate::policy::Policy;
use crate::state::{AppealState, CaseState, SanctionState, StrikeState, Visible};
use crate::{ConductError, Sanction};
use foundation::page::{Frame, Sentence, Tag, Tone, key, say};

pub fn case(state: CaseState) -> Tag {
    match state {
        CaseState::Trial => Tag::new(Tone::Plain, key("conduct-case-trial")),
        CaseState::Open => Tag::new(Tone::Waiting, key("conduct-case-open")),
        CaseState::Seconding => Tag::new(Tone::Waiting, key("conduct-case-seconding")),
        CaseState::Dismissed => Tag::new(Tone::Done, key("conduct-case-dismissed")),
        CaseState::Violation => Tag::new(Tone::Overdue, key("conduct-case-violation")),
        CaseState::Illegal => Tag::new(Tone::Overdue, key("conduct-case-illegal")),
        CaseState::Withdrawn => Tag::new(Tone::Plain, key("conduct-case-withdrawn")),
    }
}

pub fn seen(visible: Visible) -> &'static str {
    match visible {
        Visible::Shown => key("conduct-seen-shown"),
        Visible::Held => key("conduct-seen-held"),
        Visible::Hidden => key("conduct-seen-hidden"),
    }
}

pub fn strike(state: StrikeState) -> Tag {
    match state {
        StrikeState::Issued => Tag::new(Tone::Waiting, key("conduct-strike-issued")),
        StrikeState::Expired => Tag::new(Tone::Plain, key("conduct-strike-expired")),
        StrikeState::Overruled => Tag::new(Tone::Done, key("conduct-strike-overruled")),
    }
}

pub fn sanction(state: SanctionState) -> Tag {
    match state {
        SanctionState::Proposed => Tag::new(Tone::Waiting, key("conduct-sanction-proposed")),
        SanctionState::Active => Tag::new(Tone::Overdue, key("conduct-sanction-active")),
        SanctionState::Paused => Tag::new(Tone::Waiting, key("conduct-sanction-paused")),
        SanctionState::Served => Tag::new(Tone::Plain, key("conduct-sanction-served")),
        SanctionState::Lifted => Tag::new(Tone::Done, key("conduct-sanction-lifted")),
        SanctionState::Reversed => Tag::new(Tone::Done, key("conduct-sanction-reversed")),
        SanctionState::Superseded => Tag::new(Tone::Plain, key("conduct-sanction-superseded")),
        SanctionState::Lapsed => Tag::new(Tone::Plain, key("conduct-sanction-lapsed")),
    }
}

pub fn appeal(state: AppealState) -> Tag {
    match state {
        AppealState::Filed => Tag::new(Tone::Waiting, key("conduct-appeal-filed")),
        AppealState::Assigned => Tag::new(Tone::Waiting, key("conduct-appeal-assigned")),
        AppealState::Escalated => Tag::new(Tone::Overdue, key("conduct-appeal-escalated")),
        AppealState::Upheld => Tag::new(Tone::Plain, key("conduct-appeal-upheld")),
        AppealState::Reduced => Tag::new(Tone::Done, key("conduct-appeal-reduced")),
        AppealState::Overturned => Tag::new(Tone::Done, key("conduct-appeal-overturned")),
        AppealState::Withdrawn => Tag::new(Tone::Plain, key("conduct-appeal-withdrawn")),
    }
}

/// What a member is told of a breach of this kind: the office's own words, else the house's.
pub fn reply(frame: &Frame, policy: &Policy, category: &str) -> String {
    match policy.replies.get(category) {
        Some(own) => own.clone(),
        None => frame.t(reply_shipped(category)).into_owned(),
    }
}

/// The house's own words for a kind of breach.
pub fn reply_shipped(category: &str) -> &'static str {
    match category {
        "privacy" => key("conduct-reply-privacy"),
        "advertising" => key("conduct-reply-advertising"),
        "insult" => key("conduct-reply-insult"),
        "illegal" => key("conduct-reply-illegal"),
        "spam" => key("conduct-reply-spam"),
        _ => key("conduct-reply-custom"),
    }
}

/// A category as it is said.
pub fn category(word: &str) -> &'static str {
    match word {
        "privacy" => key("conduct-cat-privacy"),
        "advertising" => key("conduct-cat-advertising"),
        "insult" => key("conduct-cat-insult"),
        "illegal" => key("conduct-cat-illegal"),
        "spam" => key("conduct-cat-spam"),
        _ => key("conduct-cat-custom"),
    }
}

/// A rule in plain words; a rule of a newer engine is said by its kind.
pub fn rule(word: &str) -> &'static str {
    match word {
        "mobile" => key("conduct-rule-mobile"),
        "landline" => key("conduct-rule-landline"),
        "resident_id" => key("conduct-rule-resident-id"),
        "bank_card" => key("conduct-rule-bank-card"),
        "plate" => key("conduct-rule-plate"),
        "passport" => key("conduct-rule-passport"),
        "email" => key("conduct-rule-email"),
        "wechat" => key("conduct-rule-wechat"),
        "qq" => key("conduct-rule-qq"),
        "address" => key("conduct-rule-address"),
        "roster_name" => key("conduct-rule-roster-name"),
        "gambling" => key("conduct-rule-gambling"),
        "drugs" => key("conduct-rule-drugs"),
        "fraud" => key("conduct-rule-fraud"),
        "porn" => key("conduct-rule-porn"),
        "contraband" => key("conduct-rule-contraband"),
        "insult_strong" => key("conduct-rule-insult-strong"),
        "insult_mild" => key("conduct-rule-insult-mild"),
        "insult_model" => key("conduct-rule-insult-model"),
        "ad_offer" => key("conduct-rule-ad-offer"),
        "ad_link" => key("conduct-rule-ad-link"),
        "ad_qr" => key("conduct-rule-ad-qr"),
        "repeat" => key("conduct-rule-repeat"),
        "flood" => key("conduct-rule-flood"),
        "custom" => key("conduct-rule-custom"),
        _ => key("conduct-rule-reported"),
    }
}

/// A rung as it is said: 警告, 禁言 24 小時, 移除群聊.
pub fn rung(frame: &Frame, rung: Rung) -> String {
    match rung.kind() {
        SanctionKind::Warning => frame.t("conduct-kind-warning").into_owned(),
        SanctionKind::Removal => frame.t("conduct-kind-removal").into_owned(),
        SanctionKind::Mute if rung.hours % 24 == 0 && rung.hours > 24 => frame
            .one("conduct-kind-mute-days", "days", rung.hours / 24)
            .into_owned(),
        SanctionKind::Mute => frame
            .one("conduct-kind-mute-hours", "hours", rung.hours)
            .into_owned(),
    }
}

/// A sanction as it is said, with its exact end.
pub fn imposed(frame: &Frame, s: &Sanction) -> String {
    let kind = match s.kind {
        SanctionKind::Warning => frame.t("conduct-kind-warning"),
        SanctionKind::Mute => frame.t("conduct-kind-mute"),
        SanctionKind::Removal => frame.t("conduct-kind-removal"),
    };
    match s.ends_at {
        Some(end) => {
            let values = [
                ("kind", kind.into_owned().into()),
                ("from", frame.stamp(s.starts_at.0).into()),
                ("until", frame.stamp(end.0).into()),
            ];
            frame.with("conduct-imposed-until", &values).into_owned()
        }
        None => {
            let values = [
                ("kind", kind.into_owned().into()),
                ("from", frame.stamp(s.starts_at.0).into()),
            ];
            frame.with("conduct-imposed", &values).into_owned()
        }
    }
}

/// Why a verb did not do it; `None` where the ordinary page of its status says it.
pub fn refusal(error: &ConductError) -> Option<Sentence> {
    use ConductError as E;
    Some(match error {
        E::Changed => say("conduct-error-changed"),
        E::NotPending => say("conduct-error-not-pending"),
        E::Party => say("conduct-error-party"),
        E::Involved => say("conduct-error-involved"),
        E::NeedsOwnerSide => say("conduct-error-owner-side"),
        E::BeyondLimits => say("conduct-error-limits"),
        E::Words => say("conduct-error-words"),
        E::TooLate(days) => say("conduct-error-late").and("days", i64::from(*days)),
        E::AlreadyAppealed => say("conduct-error-appealed"),
        E::UndoOver(minutes) => say("conduct-error-undo").and("minutes", i64::from(*minutes)),
        E::TooManyReports(max) => say("conduct-error-reports").and("max", *max),
        E::Policy(what) => say("conduct-error-policy").and("what", what.clone()),
        E::Ladder(what) => say("conduct-error-policy").and("what", what.to_string()),
        E::Forbidden(_) | E::NotFound | E::Membership(_) | E::Database(_) | E::Keys(_) => {
            return None;
        }
    })
}

/// As [`refusal`], where something has to stand: why somebody may not decide this.
pub fn why_not(frame: &Frame, error: &ConductError) -> String {
    match refusal(error) {
        Some(sentence) => frame.say(&sentence).into_owned(),
        None => frame.t("conduct-error-may-not").into_owned(),
    }
}
