//! What is typed into an entry's form, both ways.

use super::words;
use crate::AssistantError;
use crate::entry::{
    ANSWER_CHARS_MAX, Body, Live, PHRASING_CHARS_MAX, PHRASINGS_MAX, Source, TITLE_CHARS_MAX, Whom,
};
use foundation::house::House;
use foundation::page::{Choice, Form, Frame};
use membership::texts::{self, TextName};
use permissions::actor::Actor;

/// The form's word for what an answer rests on: a notice by its id.
fn rest_word(source: Source, source_ref: &str) -> String {
    match source {
        Source::Notice => source_ref.to_owned(),
        other => other.word().to_owned(),
    }
}

pub fn form_of(body: &Body) -> Form {
    let mut form = Form::filled([
        ("title", body.title.clone()),
        ("answer", body.answer.clone()),
        ("whom", body.whom.word().to_owned()),
        ("buildings", body.buildings.join(" ")),
        ("live", body.live.word().to_owned()),
        ("valid_from", body.valid_from.clone()),
        ("valid_to", body.valid_to.clone()),
        ("rests", rest_word(body.source, &body.source_ref)),
        ("phrasings", body.phrasings.join("\n")),
        ("checks", body.checks.join("\n")),
    ]);
    if body.risk {
        form.set("risk", "yes");
    }
    form
}

fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines.map(str::to_owned).collect()
}

/// What was typed; faults are noted in the form.
pub async fn body_of(
    house: &House,
    by: &Actor,
    form: &mut Form,
) -> Result<Option<Body>, AssistantError> {
    let title = form
        .field("title", "assistant-field-title")
        .text(1..=TITLE_CHARS_MAX);
    let answer = form
        .field("answer", "assistant-field-answer")
        .text(1..=ANSWER_CHARS_MAX);
    let most = PHRASINGS_MAX * (PHRASING_CHARS_MAX + 1);
    let phrasings = form
        .field("phrasings", "assistant-field-phrasings")
        .text(1..=most);
    let (Some(title), Some(answer), Some(phrasings)) = (title, answer, phrasings) else {
        return Ok(None);
    };
    let (source, source_ref) = match form.value("rests") {
        "" => (Source::Office, String::new()),
        // Whoever saves looks at the rules as they are now.
        word if word == Source::Rules.word() => {
            let now = texts::current(house, by.community, TextName::Rules).await?;
            (Source::Rules, now.version.to_string())
        }
        notice => (Source::Notice, notice.to_owned()),
    };
    let places = form.value("buildings");
    let places = places.split([' ', '　', ',', '，', '、']).map(str::trim);
    let body = Body {
        title,
        phrasings: lines(&phrasings),
        answer,
        whom: Whom::from_word(form.value("whom")).unwrap_or_default(),
        buildings: places
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect(),
        live: Live::from_word(form.value("live")).unwrap_or_default(),
        risk: form.has("risk", "yes"),
        valid_from: form.value("valid_from").to_owned(),
        valid_to: form.value("valid_to").to_owned(),
        source,
        source_ref,
        checks: lines(form.value("checks")),
    };
    if let Err(e) = body.check() {
        let AssistantError::Body(field) = e else {
            return Err(e);
        };
        if let Some(sentence) = words::refusal(&e) {
            let field = if field == "source_ref" {
                "rests"
            } else {
                field
            };
            form.fault(field, sentence);
        }
        return Ok(None);
    }
    Ok(Some(body))
}

/// What an answer may rest on: the office's own word, the rules in force, a notice that stands;
/// and what was chosen, though it stands no more.
pub async fn rests(
    house: &House,
    by: &Actor,
    frame: &Frame,
    chosen: &str,
) -> Result<Vec<Choice>, AssistantError> {
    let rules = texts::current(house, by.community, TextName::Rules).await?;
    let mut out = vec![
        Choice::new("", frame.t(words::source_word(Source::Office))),
        Choice::new(
            Source::Rules.word(),
            frame.one("assistant-rests-rules", "version", rules.version),
        ),
    ];
    for notice in notices::draft::standing(house, by).await? {
        let title = frame.in_script(&notice.title);
        let text = frame.one("assistant-rests-notice", "title", title.as_str());
        out.push(Choice::new(notice.id.to_string(), text));
    }
    if !out.iter().any(|c| c.value == chosen) {
        out.push(Choice::new(chosen, frame.t("assistant-rests-gone")));
    }
    Ok(out)
}
