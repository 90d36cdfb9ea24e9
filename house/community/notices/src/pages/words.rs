//! Which sentence says what.

use almanac::Festival;
use foundation::page::{Frame, Sentence, Tag, Tone, key, say};

use crate::audience::Whom;
use crate::coverage::Part;
use crate::notice::{Class, Notice, State};
use crate::{BODY_CHARS_MAX, NoticeError, TITLE_CHARS_MAX, WORDS_CHARS_MAX};

/// What stood in the way, in the reader's language; none where the status says it.
pub fn refusal(error: &NoticeError) -> Option<Sentence> {
    use NoticeError as E;
    Some(match error {
        E::State(state) => say("notices-refused-state").and_word("state", state_word(*state)),
        E::Changed => say("notices-refused-changed"),
        E::Title => say("notices-refused-title").and("max", TITLE_CHARS_MAX),
        E::Body => say("notices-refused-body").and("max", BODY_CHARS_MAX),
        E::Words => say("notices-refused-words").and("max", WORDS_CHARS_MAX),
        E::OwnText => say("notices-refused-own"),
        E::Nobody => say("notices-refused-nobody"),
        E::Time => say("notices-refused-time"),
        E::Audience(line) => say("notices-refused-place").and("line", line.clone()),
        E::NameTaken => say("notices-refused-taken"),
        E::Picture(_) => say("notices-refused-picture"),
        E::Blocked => say("notices-refused-blocked"),
        E::TooMany => say("notices-refused-many"),
        _ => return None,
    })
}

pub fn class_word(class: Class) -> &'static str {
    match class {
        Class::Ordinary => key("notices-class-ordinary"),
        Class::Important => key("notices-class-important"),
        Class::Emergency => key("notices-class-emergency"),
        Class::Greeting => key("notices-class-greeting"),
    }
}

/// A notice's class as a tag.
pub fn class_tag(class: Class) -> Tag {
    let tone = match class {
        Class::Ordinary => Tone::Plain,
        Class::Important => Tone::Waiting,
        Class::Emergency => Tone::Overdue,
        Class::Greeting => Tone::Info,
    };
    Tag::new(tone, class_word(class))
}

pub fn state_word(state: State) -> &'static str {
    match state {
        State::Draft => key("notices-state-draft"),
        State::Review => key("notices-state-review"),
        State::Scheduled => key("notices-state-scheduled"),
        State::Published => key("notices-state-published"),
        State::Amended => key("notices-state-amended"),
        State::Recalled => key("notices-state-recalled"),
        State::Superseded => key("notices-state-superseded"),
        State::Archived => key("notices-state-archived"),
        State::Cancelled => key("notices-state-cancelled"),
    }
}

pub fn state_tag(state: State) -> Tag {
    let tone = match state {
        State::Draft | State::Review | State::Scheduled => Tone::Waiting,
        State::Published | State::Amended => Tone::Done,
        State::Recalled => Tone::Overdue,
        State::Superseded | State::Archived | State::Cancelled => Tone::Plain,
    };
    Tag::new(tone, state_word(state))
}

pub fn whom_word(whom: Whom) -> &'static str {
    match whom {
        Whom::Everyone => key("notices-whom-everyone"),
        Whom::Owners => key("notices-whom-owners"),
        Whom::Tenants => key("notices-whom-tenants"),
    }
}

pub fn purpose_word(purpose: &str) -> &'static str {
    match purpose {
        "residence" => key("notices-purpose-residence"),
        "shop" => key("notices-purpose-shop"),
        "parking" => key("notices-purpose-parking"),
        _ => key("notices-purpose-other"),
    }
}

pub fn part_word(part: Part) -> &'static str {
    match part {
        Part::Every => key("notices-part-every"),
        Part::Done => key("notices-part-done"),
        Part::Told => key("notices-part-told"),
        Part::Unreached => key("notices-part-unreached"),
        Part::Open => key("notices-part-open"),
    }
}

pub fn way_word(way: &str) -> &'static str {
    match way {
        "group" => key("notices-way-group"),
        "push" => key("notices-way-push"),
        "sms" => key("notices-way-sms"),
        _ => key("notices-way-mail"),
    }
}

pub fn how_word(how: &str) -> &'static str {
    match how {
        "phone" => key("notices-how-phone"),
        "door" => key("notices-how-door"),
        "desk" => key("notices-how-desk"),
        _ => key("notices-how-other"),
    }
}

/// The words of the ways, joined.
pub fn ways(frame: &Frame, words: &str) -> String {
    let said: Vec<String> = words
        .split(' ')
        .filter(|w| !w.is_empty())
        .map(|w| frame.t(way_word(w)).into_owned())
        .collect();
    frame.join(&said).into_owned()
}

/// Whom a notice is for, in one line.
pub fn audience(frame: &Frame, n: &Notice) -> String {
    let a = &n.audience;
    let whom = frame.t(whom_word(a.whom));
    let places = if a.is_whole() {
        frame.t("notices-audience-all").into_owned()
    } else {
        let typed: Vec<&str> = a.typed.split_whitespace().collect();
        typed.join(" ")
    };
    let uses: Vec<String> = a
        .purposes
        .iter()
        .map(|p| frame.t(purpose_word(p)).into_owned())
        .collect();
    let tags: Vec<String> = a.tags.iter().map(|t| format!("#{}", t.1)).collect();
    let mut parts = vec![places, whom.into_owned()];
    if !tags.is_empty() {
        parts.push(frame.join(&tags).into_owned());
    }
    if !uses.is_empty() {
        parts.push(frame.join(&uses).into_owned());
    }
    parts.join(" · ")
}

pub fn festival_word(festival: Festival) -> &'static str {
    use Festival as F;
    match festival {
        F::NewYear => key("notices-festival-new-year"),
        F::Laba => key("notices-festival-laba"),
        F::LittleNewYear => key("notices-festival-little-new-year"),
        F::NewYearsEve => key("notices-festival-new-years-eve"),
        F::SpringFestival => key("notices-festival-spring-festival"),
        F::Lantern => key("notices-festival-lantern"),
        F::Women => key("notices-festival-women"),
        F::Arbor => key("notices-festival-arbor"),
        F::Qingming => key("notices-festival-qingming"),
        F::Labour => key("notices-festival-labour"),
        F::Youth => key("notices-festival-youth"),
        F::Mother => key("notices-festival-mother"),
        F::Children => key("notices-festival-children"),
        F::Father => key("notices-festival-father"),
        F::DragonBoat => key("notices-festival-dragon-boat"),
        F::Army => key("notices-festival-army"),
        F::Qixi => key("notices-festival-qixi"),
        F::Zhongyuan => key("notices-festival-zhongyuan"),
        F::Teacher => key("notices-festival-teacher"),
        F::MidAutumn => key("notices-festival-mid-autumn"),
        F::National => key("notices-festival-national"),
        F::DoubleNinth => key("notices-festival-double-ninth"),
        F::FireSafety => key("notices-festival-fire-safety"),
        F::Dongzhi => key("notices-festival-dongzhi"),
    }
}

/// The text as paragraphs.
pub fn paragraphs(body: &str) -> Vec<String> {
    body.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
