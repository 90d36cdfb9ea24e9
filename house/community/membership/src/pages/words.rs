//! This room's states, checks and refusals as words of the screen.

use super::super::checks::{Check, CheckKind, Outcome, Why};
use super::super::pictures::PictureKind;
use super::super::policy::Advice;
use super::super::state::{Illegal, State};
use super::super::view::Line;
use super::super::{AccountFault, Relation};
use foundation::ids::Id;
use foundation::page::{Choice, Frame, Moment, Sentence, Tag, Tone, key, say};
use foundation::pictures::PictureRefused;

pub fn state(state: State) -> Tag {
    let (tone, word) = match state {
        State::Draft => (Tone::Plain, key("membership-state-draft")),
        State::Submitted => (Tone::Waiting, key("membership-state-submitted")),
        State::Verifying => (Tone::Waiting, key("membership-state-verifying")),
        State::NeedsInfo => (Tone::Info, key("membership-state-needs-info")),
        State::Approved => (Tone::Waiting, key("membership-state-approved")),
        State::Invited => (Tone::Info, key("membership-state-invited")),
        State::InviteExpired => (Tone::Overdue, key("membership-state-invite-expired")),
        State::Rejected => (Tone::Plain, key("membership-state-rejected")),
        State::Withdrawn => (Tone::Plain, key("membership-state-withdrawn")),
        State::Active => (Tone::Done, key("membership-state-active")),
        State::Suspended => (Tone::Waiting, key("membership-state-suspended")),
        State::Leaving => (Tone::Waiting, key("membership-state-leaving")),
        State::Removed => (Tone::Overdue, key("membership-state-removed")),
        State::Ended => (Tone::Plain, key("membership-state-ended")),
    };
    Tag::new(tone, word)
}

pub fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Owner => key("membership-relation-owner"),
        Relation::CoOwner => key("membership-relation-co-owner"),
        Relation::Family => key("membership-relation-family"),
        Relation::Tenant => key("membership-relation-tenant"),
    }
}

pub fn advice(advice: Advice) -> Tag {
    let (tone, word) = match advice {
        Advice::Green => (Tone::Done, key("membership-advice-green")),
        Advice::Look => (Tone::Waiting, key("membership-advice-look")),
        Advice::Ask => (Tone::Waiting, key("membership-advice-ask")),
        Advice::Refuse => (Tone::Overdue, key("membership-advice-refuse")),
    };
    Tag::new(tone, word)
}

pub fn check(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Room => key("membership-check-room"),
        CheckKind::Name => key("membership-check-name"),
        CheckKind::Phone => key("membership-check-phone"),
        CheckKind::Document => key("membership-check-document"),
        CheckKind::Relation => key("membership-check-relation"),
        CheckKind::Identity => key("membership-check-identity"),
        CheckKind::Member => key("membership-check-member"),
        CheckKind::Double => key("membership-check-double"),
        CheckKind::PhoneElsewhere => key("membership-check-phone-elsewhere"),
        CheckKind::Fees => key("membership-check-fees"),
        CheckKind::Removal => key("membership-check-removal"),
    }
}

pub fn outcome(outcome: Outcome) -> Tag {
    match outcome {
        Outcome::Pass => Tag::new(Tone::Done, key("membership-outcome-pass")),
        Outcome::Fail => Tag::new(Tone::Overdue, key("membership-outcome-fail")),
        Outcome::Unknown => Tag::new(Tone::Waiting, key("membership-outcome-unknown")),
    }
}

pub fn why(frame: &Frame, check: &Check) -> String {
    let word = match check.why {
        Why::Agrees => key("membership-why-agrees"),
        Why::Differs => key("membership-why-differs"),
        Why::Likely => key("membership-why-likely"),
        Why::NotGiven => key("membership-why-not-given"),
        Why::NotOnRoster => key("membership-why-not-on-roster"),
        Why::NoRoom => key("membership-why-no-room"),
        Why::Former => key("membership-why-former"),
        Why::OtherRelation => key("membership-why-other-relation"),
        Why::WellFormed => key("membership-why-well-formed"),
        Why::Malformed => key("membership-why-malformed"),
        Why::NoneFound => key("membership-why-none-found"),
        Why::Found => key("membership-why-found"),
        Why::Arrears => key("membership-why-arrears"),
        Why::ArrearsPlanned => key("membership-why-arrears-planned"),
        Why::RemovedUntil => {
            let day = frame.day(check.number);
            return frame
                .one("membership-why-removed-until", "day", day)
                .into_owned();
        }
    };
    frame.one(word, "count", check.number).into_owned()
}

/// Why an application was refused, and how to mend it.
pub fn refusal(why: &str) -> &'static str {
    match why {
        "not_on_roster" => key("membership-refusal-not-on-roster"),
        "proof_unclear" => key("membership-refusal-proof-unclear"),
        "other_person" => key("membership-refusal-other-person"),
        "sold" => key("membership-refusal-sold"),
        "removal_runs" => key("membership-refusal-removal-runs"),
        _ => key("membership-refusal-arrears"),
    }
}

/// What is asked for.
pub fn asked(what: &str) -> &'static str {
    match what {
        "deed" => key("membership-asked-deed"),
        "contract" => key("membership-asked-contract"),
        "authority" => key("membership-asked-authority"),
        "identity" => key("membership-asked-identity"),
        "clearer" => key("membership-asked-clearer"),
        _ => key("membership-asked-call"),
    }
}

pub fn illegal(illegal: Illegal) -> Sentence {
    match illegal {
        Illegal::NotFrom { from, .. } => {
            say("membership-error-state").and_word("state", state(from).word)
        }
        Illegal::NeedsPerson => say("membership-error-person"),
        Illegal::NeedsReason => say("membership-error-reason"),
        Illegal::NeedsAnother => say("membership-error-another"),
    }
}

pub fn picture(refused: PictureRefused) -> Sentence {
    match refused {
        PictureRefused::Kind => say("membership-picture-kind"),
        PictureRefused::TooLarge => say("membership-picture-large"),
        PictureRefused::TooManyPixels => say("membership-picture-pixels"),
        PictureRefused::Damaged => say("membership-picture-damaged"),
        PictureRefused::Busy => say("membership-picture-busy"),
    }
}

fn happened(kind: &str) -> Option<(&'static str, Tone)> {
    Some(match kind {
        "membership.submitted" => (key("membership-told-submitted"), Tone::Info),
        "membership.opened" => (key("membership-told-opened"), Tone::Waiting),
        "membership.asked" => (key("membership-told-asked"), Tone::Waiting),
        "membership.answered" => (key("membership-told-answered"), Tone::Info),
        "membership.approved" => (key("membership-told-approved"), Tone::Done),
        "membership.rejected" => (key("membership-told-rejected"), Tone::Plain),
        "membership.withdrawn" => (key("membership-told-withdrawn"), Tone::Plain),
        "membership.review_asked" => (key("membership-told-review-asked"), Tone::Waiting),
        "membership.invited" => (key("membership-told-invited"), Tone::Info),
        "membership.reminded" => (key("membership-told-reminded"), Tone::Info),
        "membership.invite_expired" => (key("membership-told-invite-expired"), Tone::Overdue),
        "membership.joined" => (key("membership-told-joined"), Tone::Done),
        "membership.suspended" => (key("membership-told-suspended"), Tone::Waiting),
        "membership.resumed" => (key("membership-told-resumed"), Tone::Done),
        "membership.leaving" => (key("membership-told-leaving"), Tone::Waiting),
        "membership.stayed" => (key("membership-told-stayed"), Tone::Done),
        "membership.removal_asked" => (key("membership-told-removal-asked"), Tone::Waiting),
        "membership.removal_dropped" => (key("membership-told-removal-dropped"), Tone::Plain),
        "membership.removed" => (key("membership-told-removed"), Tone::Overdue),
        "membership.ended" => (key("membership-told-ended"), Tone::Plain),
        "membership.pictures_erased" => (key("membership-told-pictures-erased"), Tone::Plain),
        "membership.picture_seen" => (key("membership-told-picture-seen"), Tone::Plain),
        "membership.consent_given" => (key("membership-told-consent-given"), Tone::Plain),
        "membership.tied" => (key("membership-told-tied"), Tone::Plain),
        "membership.unmasked" => (key("membership-told-unmasked"), Tone::Plain),
        "membership.consent_withdrawn" => (key("membership-told-consent-withdrawn"), Tone::Plain),
        _ => return None,
    })
}

fn who(frame: &Frame, line: &Line) -> String {
    let word = match (line.actor.as_str(), line.role.as_str()) {
        ("link" | "nobody", _) => key("membership-who-applicant"),
        ("system", _) => key("membership-who-house"),
        ("operator", _) => key("membership-who-operator"),
        (_, "specialist") => key("membership-who-specialist"),
        (_, "supervisor") => key("membership-who-supervisor"),
        (_, "manager") => key("membership-who-manager"),
        (_, "host") => key("membership-who-host"),
        _ => key("membership-who-member"),
    };
    frame.t(word).into_owned()
}

/// A timeline, newest first. Who in the office did it is told by role, not by name.
/// `reasons` are those of unmaskings, by their ids.
pub fn timeline(frame: &Frame, story: &[Line], reasons: &[(Id, String)]) -> Vec<Moment> {
    let told = |line: &Line| {
        let (what, tone) = happened(&line.kind)?;
        let named = line.facts["unmasking"].as_str();
        let why = reasons.iter().find(|(id, _)| Some(id.as_str()) == named);
        Some(Moment {
            why: why.map(|(_, text)| text.clone()).unwrap_or_default(),
            at_ms: line.at.0,
            who: who(frame, line),
            what: frame.t(what).into_owned(),
            tone,
            seq: u64::try_from(line.seq).unwrap_or(0),
        })
    };
    story.iter().rev().filter_map(told).collect()
}

/// Who saw a datum of the reader in clear, which one, and why.
pub fn seen(frame: &Frame, seen: &[(Line, String)]) -> Vec<Moment> {
    let told = |(line, why): &(Line, String)| Moment {
        at_ms: line.at.0,
        who: who(frame, line),
        what: frame
            .t(datum(line.facts["column"].as_str().unwrap_or_default()))
            .into_owned(),
        tone: Tone::Plain,
        seq: u64::try_from(line.seq).unwrap_or(0),
        why: why.clone(),
    };
    seen.iter().map(told).collect()
}

fn datum(column: &str) -> &'static str {
    match column {
        "phone" => key("membership-seen-phone"),
        "document" => key("membership-seen-document"),
        "name" => key("membership-seen-name"),
        "birth" => key("membership-seen-birth"),
        "address" => key("membership-seen-address"),
        _ => key("membership-seen-other"),
    }
}

/// The field that a way to sign in was refused for, and why.
pub fn account(fault: AccountFault) -> (&'static str, Sentence) {
    match fault {
        AccountFault::Phone => (
            "phone",
            say("membership-phone-unreadable").and_word("label", "membership-field-phone"),
        ),
        AccountFault::PhoneTaken => ("phone", say("membership-phone-taken")),
        AccountFault::Password => ("password", say("membership-password-weak")),
    }
}

/// A stored phone as people write it.
pub fn national(e164: &str) -> String {
    hanzi::numbers::Phone::parse(e164).map_or(e164.to_owned(), |p| p.national())
}

/// What a picture shows.
pub fn picture_kind(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Deed => key("membership-kind-deed"),
        PictureKind::Contract => key("membership-kind-contract"),
        PictureKind::Authority => key("membership-kind-authority"),
        PictureKind::Identity => key("membership-kind-identity"),
        PictureKind::Other => key("membership-kind-other"),
    }
}

/// The choice of them.
pub fn picture_kinds(frame: &Frame) -> Vec<Choice> {
    let choice = |k: PictureKind| Choice::new(k.word(), frame.t(picture_kind(k)));
    PictureKind::ALL.into_iter().map(choice).collect()
}
