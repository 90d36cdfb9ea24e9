//! What this room's frozen words are called on the screen.

use std::collections::BTreeMap;

use foundation::ids::Id;
use foundation::page::{Frame, Sentence, Tag, Tone, key, say};
use roster::rows::RoomFacts;
use roster::tracking::Terms;

use crate::listing::Values;
use crate::record::{self, Record, State};
use crate::sealing::{DAYS_MAX, Seal};
use crate::transfer::Stage;
use crate::{ChangesError, REASON_CHARS_MAX, REASON_CHARS_MIN};

/// Why not, and how to mend it.
pub fn refusal(error: &ChangesError, frame: &Frame) -> Option<Sentence> {
    use ChangesError as E;
    let all = |words: Vec<String>| frame.join(&words).into_owned();
    Some(match error {
        E::Changed
        | E::Roster(roster::RosterError::Changed)
        | E::Archive(dossiers::ArchiveError::Changed) => say("changes-refused-changed"),
        E::Archive(dossiers::ArchiveError::Sealed) => say("archive-refused-sealed"),
        E::State(_) => say("changes-refused-state"),
        E::OwnChange => say("changes-refused-own"),
        E::NoEvidence => say("changes-refused-evidence"),
        E::Document => say("changes-refused-document"),
        E::Reason => say("changes-refused-reason")
            .and("min", REASON_CHARS_MIN)
            .and("max", REASON_CHARS_MAX),
        E::Roster(roster::RosterError::Reason) => {
            say("changes-refused-reason").and("min", 5).and("max", 200)
        }
        E::Superseded => say("changes-refused-superseded"),
        E::Whole => say("changes-refused-whole"),
        E::Missing(what) => {
            let words = what.iter().map(|w| frame.t(open_word(w)).into_owned());
            say("changes-refused-missing").and("what", all(words.collect()))
        }
        E::DayPast => say("changes-refused-day"),
        E::Followed(what) => {
            let words = what.iter().map(|w| frame.t(followed_word(w)).into_owned());
            say("changes-refused-followed").and("what", all(words.collect()))
        }
        E::Waits(what) => {
            let words = what.iter().map(|w| frame.t(wait_word(w)).into_owned());
            say("changes-refused-waits").and("what", all(words.collect()))
        }
        E::Days(_) => say("changes-refused-days").and("max", DAYS_MAX),
        E::Roster(roster::RosterError::Shares) => say("changes-open-shares"),
        _ => return None,
    })
}

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Waiting => key("changes-state-waiting"),
        State::Checked => key("changes-state-checked"),
        State::Rejected => key("changes-state-rejected"),
    }
}

pub fn state_tag(state: State) -> Tag {
    let tone = match state {
        State::Waiting => Tone::Waiting,
        State::Checked => Tone::Done,
        State::Rejected => Tone::Overdue,
    };
    Tag::new(tone, state_word(state))
}

/// What changed; of a coming or going with how they belong to the home.
pub fn what_word(field: &str, tie: &str) -> &'static str {
    match (field, tie) {
        ("phone", _) => key("changes-what-phone"),
        ("birth", _) => key("changes-what-birth"),
        ("workplace", _) => key("changes-what-workplace"),
        ("emergency", _) => key("changes-what-emergency"),
        ("address", _) => key("changes-what-address"),
        ("needs", _) => key("changes-what-needs"),
        ("note", _) => key("changes-what-note"),
        ("name", _) => key("changes-what-name"),
        ("began", "owner" | "co_owner") => key("changes-what-owner-began"),
        ("began", "tenant") => key("changes-what-tenant-began"),
        ("began", "family") => key("changes-what-family-began"),
        ("began", _) => key("changes-what-began"),
        ("ended", "owner" | "co_owner") => key("changes-what-owner-ended"),
        ("ended", "tenant") => key("changes-what-tenant-ended"),
        ("ended", "family") => key("changes-what-family-ended"),
        ("ended", _) => key("changes-what-ended"),
        ("registered", _) => key("changes-what-registered"),
        ("taken_off", _) => key("changes-what-taken-off"),
        ("uscc", _) => key("changes-what-uscc"),
        ("representative", _) => key("changes-what-representative"),
        ("state", _) => key("changes-what-state"),
        ("guardian", _) => key("changes-what-guardian"),
        ("terms", _) => key("changes-what-terms"),
        ("facts", _) => key("changes-what-facts"),
        ("untransfer", _) => key("changes-what-untransfer"),
        _ => key("changes-what-transfer"),
    }
}

pub fn source_word(source: &str) -> &'static str {
    match source {
        "own" => key("changes-source-own"),
        "import" => key("changes-source-import"),
        "census" => key("changes-source-census"),
        "transfer" => key("changes-source-transfer"),
        _ => key("changes-source-desk"),
    }
}

pub fn evidence_word(evidence: &str) -> &'static str {
    match evidence {
        "said" => key("changes-evidence-said"),
        "document" => key("changes-evidence-document"),
        "form" => key("changes-evidence-form"),
        "" => key("changes-evidence-none"),
        source => source_word(source),
    }
}

/// What a record was and became, in a line each.
pub fn sides(
    frame: &Frame,
    r: &Record,
    values: &BTreeMap<Id, Values>,
    names: &BTreeMap<Id, String>,
    plate: Option<&String>,
) -> (String, String) {
    let none = || frame.t("changes-value-none").into_owned();
    let some = |text: &str| {
        if text.is_empty() {
            none()
        } else {
            text.to_owned()
        }
    };
    let who = || {
        r.party
            .and_then(|p| names.get(&p).cloned())
            .unwrap_or_default()
    };
    match r.field.as_str() {
        "began" => (none(), who()),
        "ended" => (who(), none()),
        "registered" => (none(), plate.cloned().unwrap_or_default()),
        "taken_off" => (plate.cloned().unwrap_or_default(), none()),
        "facts" => (facts(frame, r, &r.was), facts(frame, r, &r.became)),
        "terms" => (terms(frame, &r.was), terms(frame, &r.became)),
        "state" => (alive(frame, &r.was), alive(frame, &r.became)),
        "transfer" | "untransfer" | "guardian" => {
            let people = |ids: &Option<Vec<u8>>| {
                let names: Vec<String> = people_of(ids)
                    .iter()
                    .filter_map(|id| names.get(id).cloned())
                    .collect();
                some(&frame.join(&names))
            };
            (people(&r.was), people(&r.became))
        }
        _ => values
            .get(&r.id)
            .map_or((none(), none()), |v| (some(&v.was), some(&v.became))),
    }
}

fn alive(frame: &Frame, side: &Option<Vec<u8>>) -> String {
    let deceased = side.as_deref() == Some(b"deceased");
    let word = if deceased {
        key("changes-state-deceased")
    } else {
        key("changes-state-alive")
    };
    frame.t(word).into_owned()
}

/// What of a room changed, as one side has it.
fn facts(frame: &Frame, r: &Record, side: &Option<Vec<u8>>) -> String {
    let of = |side| record::side::<RoomFacts>(side).unwrap_or_default();
    let (was, became, here) = (of(&r.was), of(&r.became), of(side));
    let none = || frame.t("changes-value-none").into_owned();
    let word = |key: Option<&'static str>| key.map_or_else(none, |k| frame.t(k).into_owned());
    let text = |text: &Option<String>| text.clone().unwrap_or_else(none);
    let square = |area: i64| format!("{}.{:02} m²", area / 100, area % 100);
    let area = here.area.map_or_else(none, square);
    let mut parts = Vec::new();
    let mut put = |differs: bool, label: &'static str, value: String| {
        if differs {
            parts.push(format!("{} {value}", frame.t(label)));
        }
    };
    put(was.area != became.area, key("roster-area"), area);
    put(
        was.floor != became.floor,
        key("roster-floor"),
        text(&here.floor),
    );
    let purpose = word(roster::purpose_word(here.purpose.as_deref()));
    put(was.purpose != became.purpose, key("roster-use"), purpose);
    let state = word(roster::state_word(here.state.as_deref()));
    put(was.state != became.state, key("roster-state"), state);
    let moved_in = text(&here.moved_in);
    put(
        was.moved_in != became.moved_in,
        key("roster-moved-in"),
        moved_in,
    );
    frame.join(&parts).into_owned()
}

/// Share and dates of a relation.
fn terms(frame: &Frame, side: &Option<Vec<u8>>) -> String {
    let t: Terms = record::side(side).unwrap_or_default();
    let share = t.share.map(|(part, whole)| match whole {
        0 => frame.t("transfer-joint").into_owned(),
        whole => format!("{part}/{whole}"),
    });
    let day = |word: &'static str, day: &Option<String>| {
        let day = day.as_ref()?;
        Some(frame.one(word, "day", day.as_str()).into_owned())
    };
    let parts = [
        share,
        day(key("changes-terms-from"), &t.from),
        day(key("changes-terms-until"), &t.until),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return frame.t("changes-value-none").into_owned();
    }
    frame.join(&parts).into_owned()
}

/// The people that a transfer's sides name.
pub fn people_of(ids: &Option<Vec<u8>>) -> Vec<Id> {
    let text = ids
        .as_deref()
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    text.split(' ').filter_map(|id| id.parse().ok()).collect()
}

pub fn stage_tag(stage: Stage) -> Tag {
    match stage {
        Stage::Draft => Tag::new(Tone::Waiting, key("transfer-stage-draft")),
        Stage::Done => Tag::new(Tone::Done, key("transfer-stage-done")),
        Stage::Undone => Tag::new(Tone::Overdue, key("transfer-stage-undone")),
        Stage::Dropped => Tag::new(Tone::Plain, key("transfer-stage-dropped")),
    }
}

pub fn ground_word(ground: &str) -> &'static str {
    match ground {
        "sale" => key("transfer-ground-sale"),
        "gift" => key("transfer-ground-gift"),
        "inheritance" => key("transfer-ground-inheritance"),
        "divorce" => key("transfer-ground-divorce"),
        "court" => key("transfer-ground-court"),
        "developer" => key("transfer-ground-developer"),
        _ => key("transfer-ground-co-owners"),
    }
}

pub fn meter_word(meter: &str) -> &'static str {
    match meter {
        "water" => key("transfer-meter-water"),
        "electricity" => key("transfer-meter-electricity"),
        _ => key("transfer-meter-gas"),
    }
}

/// A step of a transfer.
pub fn step_word(step: &str) -> &'static str {
    match step {
        "owners" => key("transfer-step-owners"),
        "evidence" => key("transfer-step-evidence"),
        "fees" => key("transfer-step-fees"),
        "keys" => key("transfer-step-keys"),
        _ => key("transfer-step-people"),
    }
}

/// What is still open of a transfer, or of one's own contacts.
pub fn open_word(what: &str) -> &'static str {
    match what {
        "day" => key("changes-open-day"),
        "ground" => key("changes-open-ground"),
        "owner" => key("changes-open-owner"),
        "same" => key("changes-open-same"),
        "stay" => key("changes-open-stay"),
        "share" => key("changes-open-share"),
        "shares" => key("changes-open-shares"),
        "phone" => key("changes-open-phone"),
        "representative" => key("changes-open-representative"),
        "guardian" => key("changes-open-guardian"),
        "who" => key("changes-open-who"),
        "contract" => key("changes-open-contract"),
        "certificate" => key("changes-open-certificate"),
        "payer" => key("changes-open-payer"),
        "credit" => key("changes-open-credit"),
        "lent" => key("changes-open-lent"),
        "kept" => key("changes-open-kept"),
        _ => key("changes-open-nothing"),
    }
}

fn followed_word(what: &str) -> &'static str {
    match what {
        "documents" => key("transfer-followed-documents"),
        "forms" => key("transfer-followed-forms"),
        "keys" => key("transfer-followed-keys"),
        "payments" => key("transfer-followed-payments"),
        _ => key("transfer-followed-sealed"),
    }
}

/// What holds an ended tenure.
pub fn wait_word(wait: &str) -> &'static str {
    match wait {
        "dues" => key("seals-wait-dues"),
        "keys" => key("seals-wait-keys"),
        "cases" => key("seals-wait-cases"),
        "documents" => key("seals-wait-documents"),
        "changes" => key("seals-wait-changes"),
        _ => key("seals-wait-undo"),
    }
}

pub fn seal_tag(seal: Seal) -> Tag {
    match seal {
        Seal::Waiting => Tag::new(Tone::Waiting, key("seals-state-waiting")),
        Seal::Sealed => Tag::new(Tone::Done, key("seals-state-sealed")),
        Seal::Opened => Tag::new(Tone::Overdue, key("seals-state-opened")),
    }
}

pub fn purpose_word(purpose: &str) -> &'static str {
    match purpose {
        "litigation" => key("seals-purpose-litigation"),
        "authority" => key("seals-purpose-authority"),
        "subject" => key("seals-purpose-subject"),
        _ => key("seals-purpose-handover"),
    }
}
