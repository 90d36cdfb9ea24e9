//! What the table's words are called on the screen.

use foundation::page::words::{Lang, Sentence};
use foundation::page::{Choice, Frame, Tag, Tone, key, say};

use crate::scope::{Mode, Modes, Way};
use crate::states::{Guard, Refused, State};
use crate::viewing::Viewing;
use crate::{Loan, REASON_CHARS_MIN, ViewingError};
use dossiers::{Kind, Kinds};

/// The key of a state's name.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Draft => key("viewings-state-draft"),
        State::Submitted => key("viewings-state-submitted"),
        State::Approved => key("viewings-state-approved"),
        State::Covered => key("viewings-state-covered"),
        State::Released => key("viewings-state-released"),
        State::Registered => key("viewings-state-registered"),
        State::Active => key("viewings-state-active"),
        State::Closed => key("viewings-state-closed"),
        State::Denied => key("viewings-state-denied"),
        State::Withdrawn => key("viewings-state-withdrawn"),
        State::Expired => key("viewings-state-expired"),
        State::Revoked => key("viewings-state-revoked"),
        State::Emergency => key("viewings-state-emergency"),
        State::ReviewDue => key("viewings-state-review-due"),
        State::Justified => key("viewings-state-justified"),
        State::Violation => key("viewings-state-violation"),
    }
}

/// Its state as a tag.
pub fn tag(v: &Viewing) -> Tag {
    let tone = match v.state {
        State::Submitted
        | State::Approved
        | State::Covered
        | State::Released
        | State::Registered => Tone::Waiting,
        State::Active => Tone::Info,
        State::Closed | State::Justified => Tone::Done,
        State::Denied | State::Revoked | State::Emergency | State::ReviewDue | State::Violation => {
            Tone::Overdue
        }
        State::Draft | State::Withdrawn | State::Expired => Tone::Plain,
    };
    let word = match (v.way, v.state) {
        (Way::Own, State::Approved) => key("viewings-state-covering"),
        (_, state) => state_word(state),
    };
    Tag::new(tone, word)
}

/// Kinds by their letters and names.
pub fn kinds(frame: &Frame, kinds: Kinds) -> String {
    let named: Vec<String> = kinds
        .iter()
        .map(|k| format!("{} {}", k.letter(), frame.t(k.word())))
        .collect();
    frame.join(&named).into_owned()
}

/// Kinds by their letters alone, for a narrow column.
pub fn letters(kinds: Kinds) -> String {
    kinds.iter().map(Kind::letter).collect::<Vec<_>>().join(" ")
}

pub fn modes(frame: &Frame, modes: Modes) -> String {
    let named: Vec<String> = modes
        .iter()
        .map(|m| frame.t(m.name()).into_owned())
        .collect();
    frame.join(&named).into_owned()
}

pub fn kind_choices(frame: &Frame, among: Kinds) -> Vec<Choice> {
    let hint = |k: Kind| match k {
        Kind::Identity => frame.t("viewings-identity-hint").into_owned(),
        _ => String::new(),
    };
    among
        .iter()
        .map(|k| {
            let name = format!("{} {}", k.letter(), frame.t(k.word()));
            Choice::new(k.letter(), name).hint(hint(k))
        })
        .collect()
}

pub fn mode_choices(frame: &Frame, among: Modes) -> Vec<Choice> {
    among
        .iter()
        .map(|m| Choice::new(m.word(), frame.t(m.name())))
        .collect()
}

/// The chosen kinds of a form.
pub fn chosen_kinds(form: &foundation::page::Form) -> Kinds {
    Kinds::of(form.all("kinds").filter_map(Kind::from_letter))
}

pub fn chosen_modes(form: &foundation::page::Form) -> Modes {
    Modes::of(form.all("modes").filter_map(Mode::from_word))
}

pub fn way(frame: &Frame, v: &Viewing) -> String {
    match v.way {
        Way::Ordinary => frame.t(v.purpose.name()).into_owned(),
        way => format!("{} · {}", frame.t(way.name()), frame.t(v.purpose.name())),
    }
}

/// The language that papers are drawn in.
pub fn paper_lang(frame: &Frame) -> paper::Lang {
    match frame.words.lang() {
        Lang::ZhHant => paper::Lang::Traditional,
        Lang::ZhHans => paper::Lang::Simplified,
        Lang::En => paper::Lang::English,
    }
}

/// The pages of a box that somebody counted; none where it is no number.
pub fn pages(form: &foundation::page::Form) -> i64 {
    form.value("pages").parse().unwrap_or(-1)
}

/// The pages that a box left with and came back with.
pub fn counted(frame: &Frame, l: &Loan) -> String {
    match (l.pages_out, l.pages_back) {
        (Some(out), Some(back)) => frame
            .with(
                "viewings-pages-both",
                &[("out", out.into()), ("back", back.into())],
            )
            .into_owned(),
        (Some(out), None) => frame.one("viewings-pages", "count", out).into_owned(),
        _ => String::new(),
    }
}

/// What became of a difference, who said so and in what words.
pub fn found(frame: &Frame, l: &Loan) -> String {
    let word = match l.found.as_str() {
        "" => return String::new(),
        "recovered" => key("viewings-found-recovered"),
        "miscounted" => key("viewings-found-miscounted"),
        _ => key("viewings-found-lost"),
    };
    format!("{} · {} · {}", frame.t(word), l.found_name, l.found_text)
}

/// A grant's ground for refusing a person their own file.
pub fn ground_word(ground: &str) -> &'static str {
    match ground {
        "secrecy" => key("viewings-ground-secrecy"),
        "no_notice" => key("viewings-ground-no-notice"),
        _ => key("viewings-ground-not-theirs"),
    }
}

fn guard(guard: Guard) -> Sentence {
    say(match guard {
        Guard::Decides => key("viewings-no-decides"),
        Guard::DecidesOrCompany => key("viewings-no-decides-or-company"),
        Guard::Registers => key("viewings-no-registers"),
        Guard::Asker => key("viewings-no-asker"),
        Guard::NotAsker => key("viewings-no-own"),
        Guard::NotNear => key("viewings-no-near"),
        Guard::Fresh => key("viewings-no-fresh"),
        Guard::Complete => key("viewings-no-complete"),
        Guard::Reasoned => key("viewings-no-reasoned"),
        Guard::Narrows => key("viewings-no-wider"),
        Guard::First => key("viewings-no-first"),
        Guard::AnotherApproved => key("viewings-no-another"),
        Guard::NotApprover => key("viewings-no-approver"),
        Guard::OtherRegistrar => key("viewings-no-own-registration"),
        Guard::IdentitySeen => key("viewings-no-identity"),
        Guard::TapWanted => key("viewings-no-tap"),
        Guard::ThreePersons => key("viewings-no-three"),
        Guard::NotBefore => key("viewings-no-before"),
        Guard::InTime => key("viewings-no-time"),
        Guard::PastTime | Guard::Clock => key("viewings-no-clock"),
        Guard::Running => key("viewings-no-running"),
        Guard::InScope => key("viewings-no-scope"),
        Guard::NotFrozen | Guard::NotYetFrozen => key("viewings-no-frozen"),
        Guard::InDanger => key("viewings-no-danger"),
        Guard::OtherWitness => key("viewings-no-witness"),
        Guard::Uninvolved => key("viewings-no-uninvolved"),
        Guard::Concerned => key("viewings-no-concerned"),
        Guard::OwnFile => key("viewings-no-way"),
        Guard::Inside => key("viewings-no-document"),
        Guard::Whole => key("viewings-no-whole"),
        Guard::OtherCover => key("viewings-no-other-cover"),
        Guard::Releases => key("viewings-no-releases"),
        Guard::CoverSeen => key("viewings-no-cover-seen"),
        Guard::CoverAlone => key("viewings-no-cover-alone"),
        Guard::Released => key("viewings-no-released"),
    })
}

/// How a refusal is said; `None` for what is no fault of anybody here.
pub fn refusal(error: &ViewingError) -> Option<Sentence> {
    use ViewingError as E;
    Some(match error {
        E::Refused(Refused::Guard(which)) => guard(*which),
        E::Refused(Refused::NoWay(_)) => say("viewings-no-way"),
        E::Changed => say("viewings-changed"),
        E::Dossiers => say("viewings-no-dossiers"),
        E::Sealed => say("viewings-sealed"),
        E::Reason => say("viewings-no-reason").and("least", REASON_CHARS_MIN),
        E::Words => say("viewings-no-words"),
        E::Scope => say("viewings-no-complete"),
        E::Document => say("viewings-no-document"),
        E::Ground => say("viewings-no-ground"),
        E::TooManyPages => say("viewings-too-many").and("most", crate::printing::PAGES_MAX),
        E::OtherBox | E::Shelf(shelves::ShelfError::NotFound) => say("viewings-other-box"),
        E::BoxOut => say("viewings-box-out"),
        E::Deputy => say("viewings-no-deputy"),
        E::Setting => say("viewings-no-setting"),
        E::Areas => say("viewings-no-areas").and("most", crate::own_area::AREAS_MAX),
        E::Count => say("viewings-no-count").and("most", crate::loans::PAGES_MAX),
        E::Picture => say("viewings-no-picture"),
        E::Database(foundation::database::DbError::Full(_)) => say("viewings-disk-full"),
        E::Archive(e) => return dossiers::pages::words::refusal(e),
        _ => return None,
    })
}
