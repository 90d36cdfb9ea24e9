//! A household's questions as the parts of a page, and what came back of them.

use foundation::house::House;
use foundation::page::{Choice, Form, Frame, Line};

use super::words;
use crate::answer::{Fields, Given, Newcomer};
use crate::home::{Home, Question, USES, What};
use crate::task::{Method, Task};
use crate::{ADDED_MAX, CensusError};

/// Empty rows for people and vehicles that are new.
const MORE: usize = 2;

/// One field.
pub struct Asked {
    pub id: String,
    pub key: String,
    pub label: String,
    pub shown: String,
    /// `use`, `text`, `tel` or `gone`.
    pub kind: &'static str,
    pub mark: String,
    pub value: String,
    pub gone: bool,
    pub gone_label: String,
    pub fault: String,
    pub choices: Vec<Choice>,
}

/// Somebody of the household, with their fields.
pub struct Person {
    pub party: String,
    pub title: String,
    /// Asked about with a guardian's consent only.
    pub child: bool,
    pub consented: bool,
    pub fields: Vec<Asked>,
}

/// Somebody who may be new.
pub struct New {
    pub n: usize,
    pub name: String,
    pub tie: String,
    pub phone: String,
    pub child: bool,
    pub consent: bool,
    pub guardian: String,
    pub fault: String,
}

/// A car that may be new.
pub struct Plate {
    pub n: usize,
    pub value: String,
    pub fault: String,
}

/// A household's form.
pub struct AskedHome {
    /// Makes ids of the page's own.
    pub at: String,
    pub action: String,
    pub code: String,
    pub sent_id: String,
    /// What is known, line by line.
    pub known: Vec<Line>,
    /// Whether something was typed, or is wrong.
    pub changed: bool,
    pub new: bool,
    pub usage: Asked,
    pub people: Vec<Person>,
    pub plates: Vec<Asked>,
    pub newcomers: Vec<New>,
    pub new_plates: Vec<Plate>,
    pub adults: Vec<Choice>,
    pub ties: Vec<Choice>,
    /// How it was asked; empty on a household's own page.
    pub methods: Vec<Choice>,
    pub method: String,
    pub rest: bool,
    pub rest_fault: String,
}

struct Maker<'m> {
    at: String,
    form: &'m Form,
    frame: &'m Frame,
}

impl Maker<'_> {
    fn fault(&self, name: &str) -> String {
        let found = self.form.error(name);
        found.map_or(String::new(), |s| self.frame.say(s).into_owned())
    }

    fn ask(&self, q: &Question, label: String, kind: &'static str) -> Asked {
        let shown = match q.what {
            What::Use => words::use_word(&q.known)
                .map_or(String::new(), |key| self.frame.t(key).into_owned()),
            _ => q.shown.clone(),
        };
        let gone = match q.what {
            What::Plate => self.frame.t("census-gone-plate"),
            _ => self.frame.t("census-gone"),
        };
        Asked {
            id: format!("{}-{}", self.at, q.key),
            label,
            shown,
            kind,
            mark: q.mark.clone(),
            value: self.form.value(&format!("to-{}", q.key)).to_owned(),
            gone: self.form.has(&format!("gone-{}", q.key), "yes"),
            gone_label: gone.into_owned(),
            fault: self.fault(&q.key),
            choices: Vec::new(),
            key: q.key.clone(),
        }
    }
}

/// A household's form as it is shown, with what was typed kept.
pub fn home(
    house: &House,
    task: &Task,
    home: &Home,
    action: String,
    office: bool,
    form: &Form,
    frame: &Frame,
) -> AskedHome {
    let maker = Maker {
        at: task.id.to_string(),
        form,
        frame,
    };
    let t = |key: &str| frame.t(key).into_owned();
    let uses = USES
        .iter()
        .filter_map(|u| Some(Choice::new(*u, t(words::use_word(u)?))));
    let usage = Asked {
        choices: uses.collect(),
        ..maker.ask(&home.usage, t("census-q-use"), "use")
    };
    let people = home.people.iter().map(|m| {
        let fields = m.questions.iter().map(|q| match q.what {
            What::Here => Asked {
                gone_label: if m.tie.owns() {
                    t("census-sold")
                } else {
                    t("census-gone")
                },
                ..maker.ask(q, t("census-q-here"), "gone")
            },
            What::Phone => maker.ask(q, t("census-q-phone"), "tel"),
            What::Emergency => maker.ask(q, t("census-q-emergency"), "text"),
            _ => maker.ask(q, t("census-q-name"), "text"),
        });
        Person {
            party: m.party.to_string(),
            title: format!("{}　{}", t(words::tie_word(m.tie)), m.name),
            child: m.child,
            consented: form.has("consent", m.party.as_str()),
            fields: fields.collect(),
        }
    });
    let plates = home
        .plates
        .iter()
        .map(|q| maker.ask(q, t("census-q-plate"), "gone"));
    let adults = home.people.iter().filter(|m| !m.child && !m.organisation);
    let filled = |prefix: &str| {
        (1..=ADDED_MAX)
            .rev()
            .find(|n| !form.value(&format!("{prefix}-{n}")).is_empty())
            .unwrap_or(0)
    };
    let shown = |n: usize| (n + 1).clamp(MORE, ADDED_MAX);
    let newcomers = (1..=shown(filled("new-name"))).map(|n| New {
        n,
        name: form.value(&format!("new-name-{n}")).to_owned(),
        tie: form.value(&format!("new-tie-{n}")).to_owned(),
        phone: form.value(&format!("new-phone-{n}")).to_owned(),
        child: form.has(&format!("new-child-{n}"), "yes"),
        consent: form.has(&format!("new-consent-{n}"), "yes"),
        guardian: form.value(&format!("new-guardian-{n}")).to_owned(),
        fault: maker.fault(&format!("new-{n}")),
    });
    let new_plates = (1..=shown(filled("new-plate"))).map(|n| Plate {
        n,
        value: form.value(&format!("new-plate-{n}")).to_owned(),
        fault: maker.fault(&format!("plate-new-{n}")),
    });
    let sent_id = match form.value("sent_id") {
        "" => house
            .chance
            .token()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(24)
            .collect(),
        before => before.to_owned(),
    };
    let new = filled("new-name") + filled("new-plate") > 0;
    let typed = |q: &Question| {
        !form.value(&format!("to-{}", q.key)).is_empty()
            || form.has(&format!("gone-{}", q.key), "yes")
    };
    let everybody: Vec<_> = home.people.iter().map(|m| m.party).collect();
    let consented = form.all("consent").next().is_some();
    AskedHome {
        known: known(home, frame),
        changed: new || consented || home.questions(&everybody).any(typed),
        new,
        at: task.id.to_string(),
        action,
        code: task.code.clone(),
        sent_id,
        usage,
        people: people.collect(),
        plates: plates.collect(),
        newcomers: newcomers.collect(),
        new_plates: new_plates.collect(),
        adults: adults
            .map(|m| Choice::new(m.party.to_string(), &m.name))
            .collect(),
        ties: ["family", "tenant", "owner"]
            .into_iter()
            .filter_map(|w| Some((w, roster::Tie::from_word(w)?)))
            .map(|(w, tie)| Choice::new(w, t(words::tie_word(tie))))
            .collect(),
        methods: if office {
            Method::OFFICE
                .map(|m| Choice::new(m.word(), t(words::method_word(m.word()))))
                .into()
        } else {
            Vec::new()
        },
        method: match form.value("method") {
            "" => Method::Visit.word().to_owned(),
            said => said.to_owned(),
        },
        rest: form.has("rest", "yes"),
        rest_fault: maker.fault("rest"),
    }
}

/// What is known of a household, as it is confirmed.
fn known(home: &Home, frame: &Frame) -> Vec<Line> {
    let t = |key: &str| frame.t(key).into_owned();
    let usage = words::use_word(&home.usage.known).map_or_else(|| t("census-unknown"), t);
    let mut lines = vec![Line::new(t("census-q-use"), usage)];
    for m in &home.people {
        let mut parts = vec![m.name.clone()];
        if m.child {
            parts.push(t("census-child-short"));
        } else {
            let shown = m.questions.iter().filter(|q| q.what == What::Phone);
            parts.extend(shown.map(|q| q.shown.clone()).filter(|s| !s.is_empty()));
            let emergency = |q: &&Question| q.what == What::Emergency && !q.shown.is_empty();
            if m.questions.iter().any(|q| emergency(&q)) {
                parts.push(t("census-emergency-known"));
            }
        }
        lines.push(Line::new(t(words::tie_word(m.tie)), parts.join("　")));
    }
    let plates: Vec<String> = home.plates.iter().map(|q| q.shown.clone()).collect();
    if !plates.is_empty() {
        lines.push(Line::new(t("census-q-plate"), plates.join("　")));
    }
    lines
}

/// What came back.
pub fn read(form: &Form) -> Fields {
    let mut fields = Fields {
        rest_same: form.has("rest", "yes"),
        ..Fields::default()
    };
    for key in form.all("k") {
        let mark = form.value(&format!("m-{key}"));
        if !mark.is_empty() {
            fields.marks.insert(key.to_owned(), mark.to_owned());
        }
        let to = form.value(&format!("to-{key}"));
        let given = if form.has(&format!("gone-{key}"), "yes") {
            Given::Gone
        } else if !to.is_empty() {
            Given::To(to.to_owned())
        } else if form.has(&format!("same-{key}"), "yes") {
            Given::Same
        } else {
            continue;
        };
        fields.given.insert(key.to_owned(), given);
    }
    for n in 1..=ADDED_MAX {
        let value = |what: &str| form.value(&format!("new-{what}-{n}")).to_owned();
        let ticked = |what: &str| form.has(&format!("new-{what}-{n}"), "yes");
        if !value("name").is_empty() || !value("phone").is_empty() {
            fields.newcomers.push(Newcomer {
                name: value("name"),
                tie: value("tie"),
                phone: value("phone"),
                child: ticked("child"),
                guardian: value("guardian").parse().ok(),
                consent: ticked("consent"),
            });
        }
        let plate = value("plate");
        if !plate.is_empty() {
            fields.plates.push(plate);
        }
    }
    fields.consents = form
        .all("consent")
        .filter_map(|id| id.parse().ok())
        .collect();
    fields
}

/// Puts a verb's refusal beside the field it is about; whether it has one.
pub fn fault(form: &mut Form, error: &CensusError, frame: &Frame) -> bool {
    let (name, sentence) = match error {
        CensusError::Missing(_) => ("rest", words::refusal(error, frame)),
        CensusError::Field(key, why) => (key.as_str(), Some(words::fault(*why))),
        CensusError::Changed | CensusError::Roster(roster::RosterError::Changed) => {
            ("", words::refusal(error, frame))
        }
        _ => return false,
    };
    match sentence {
        Some(sentence) => {
            form.fault(name, sentence);
            true
        }
        None => false,
    }
}
