//! The desk's plain forms over the roster: a room, who belongs to it, a person's contacts,
//! two records that are one. Every form is filled in, checked with what will follow from it,
//! and only then done; what was typed is kept on the way.

mod alike;
mod merge;
mod order;
mod person;
mod relation;
mod room;
mod tags;
mod vehicle;

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::RosterError;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, Line, Sentence, key, onward, problem, say};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// The doors of the forms.
pub fn routes() -> Routes {
    let write = Needs::May(Permission::RosterWrite);
    let set = Needs::May(Permission::ArchiveSet);
    Routes::new()
        .get("/c/{c}/rooms/new", write, room::show_new)
        .post("/c/{c}/rooms/new", write, room::send_new)
        .get("/c/{c}/rooms/{id}/edit", write, room::show_edit)
        .post("/c/{c}/rooms/{id}/edit", write, room::send_edit)
        .get("/c/{c}/rooms/{id}/people", write, relation::show)
        .post("/c/{c}/rooms/{id}/people", write, relation::send)
        .get("/c/{c}/rooms/{id}/vehicles", write, vehicle::show)
        .post("/c/{c}/rooms/{id}/vehicles", write, vehicle::send)
        .get("/c/{c}/vehicles/{id}/end", write, vehicle::show_end)
        .post("/c/{c}/vehicles/{id}/end", write, vehicle::send_end)
        .get("/c/{c}/rooms/{id}/tags", write, tags::show_of_room)
        .post("/c/{c}/rooms/{id}/tags", write, tags::send_of_room)
        .get("/c/{c}/roster/tags", write, tags::show)
        .post("/c/{c}/roster/tags", write, tags::send)
        .get("/c/{c}/tags/{id}/end", write, tags::show_end)
        .post("/c/{c}/tags/{id}/end", write, tags::send_end)
        .get("/c/{c}/relations/{id}/end", write, relation::show_end)
        .post("/c/{c}/relations/{id}/end", write, relation::send_end)
        .get("/c/{c}/people/{id}/edit", write, person::show)
        .post("/c/{c}/people/{id}/edit", write, person::send)
        .get("/c/{c}/people/{id}/phones", write, person::show_phones)
        .post("/c/{c}/people/{id}/phones", write, person::send_phones)
        .get("/c/{c}/roster/order", set, order::show)
        .post("/c/{c}/roster/order", set, order::send)
        .get("/c/{c}/people/{id}/merge", write, merge::show)
        .post("/c/{c}/people/{id}/merge", write, merge::send)
}

/// What every handler needs, taken from the request at once.
struct Desk {
    house: Arc<House>,
    actor: Actor,
    frame: Frame,
    id: Option<Id>,
}

impl FromRequestParts<Arc<House>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Desk, Response> {
        let frame = Frame::of_request(parts);
        let actor = Extension::<Actor>::from_request_parts(parts, house).await;
        let Ok(Extension(actor)) = actor else {
            return Err(problem::page(frame, StatusCode::NOT_FOUND));
        };
        let path = axum::extract::RawPathParams::from_request_parts(parts, house).await;
        let id = path.ok().and_then(|params| {
            let mut named = params.iter().filter(|(name, _)| *name == "id");
            named.next().and_then(|(_, text)| text.parse().ok())
        });
        Ok(Desk {
            house: house.clone(),
            actor,
            frame,
            id,
        })
    }
}

impl Desk {
    fn id(&self) -> Result<Id, RosterError> {
        self.id.ok_or(RosterError::NoSuchRoom)
    }

    fn t(&self, key: &str) -> String {
        self.frame.t(key).into_owned()
    }

    /// The address of one of this compound's pages: `at("/roster")`.
    fn at(&self, rest: &str) -> String {
        let slug = self.frame.compound.as_ref().map_or("", |c| c.slug.as_str());
        format!("/c/{slug}{rest}")
    }

    /// Leads on after an act, with what was done.
    fn done(&self, to: &str, text: String) -> Response {
        onward::done(&self.at(to), text)
    }

    fn refused(self, e: &RosterError) -> Response {
        super::pages::refuse(self.frame, e)
    }
}

/// One field of a form. Labels and hints are said already.
struct Field {
    kind: &'static str,
    name: &'static str,
    label: String,
    hint: String,
    optional: bool,
    choices: Vec<Choice>,
}

impl Field {
    fn new(desk: &Desk, kind: &'static str, name: &'static str, label: &'static str) -> Field {
        Field {
            kind,
            name,
            label: desk.t(label),
            hint: String::new(),
            optional: false,
            choices: Vec::new(),
        }
    }
    fn hint(mut self, text: String) -> Field {
        self.hint = text;
        self
    }
    fn optional(mut self) -> Field {
        self.optional = true;
        self
    }
    fn choices(mut self, choices: Vec<Choice>) -> Field {
        self.choices = choices;
        self
    }
    /// What was entered, as the check page shows it.
    fn said(&self, form: &Form) -> String {
        let texts = form.all(self.name).map(|value| {
            let chosen = self.choices.iter().find(|c| c.value == value);
            chosen.map_or_else(|| value.to_owned(), |c| c.text.clone())
        });
        texts.collect::<Vec<_>>().join("、")
    }
}

/// A form, ready to be drawn.
struct Act {
    title: String,
    back: String,
    back_text: String,
    fields: Vec<Field>,
    /// What will follow from it, in whole sentences.
    follows: Vec<String>,
    /// Asked only on the check page.
    asked: Vec<Field>,
    send: String,
    grave: bool,
}

#[derive(Template)]
#[template(path = "roster/act.html")]
struct ActPage {
    frame: Frame,
    form: Form,
    act: Act,
    checking: bool,
    lines: Vec<Line>,
    hidden: Vec<(String, String)>,
}

/// Whether the form comes from its check page and shall be done.
fn is_sure(form: &Form) -> bool {
    form.value("sure") == "yes" && !form.failed()
}

/// Whether the check page sends back to the fields, or a field is wrong.
fn goes_back(form: &Form) -> bool {
    form.value("edit") == "yes" || form.failed()
}

/// Draws the form, or its check page.
fn draw(desk: Desk, act: Act, mut form: Form, checking: bool) -> Response {
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    form.forget("sure");
    let mut hidden = vec![("version".to_owned(), form.value("version").to_owned())];
    let mut lines = Vec::new();
    if checking {
        for field in &act.fields {
            let said = field.said(&form);
            if !(field.optional && said.is_empty()) {
                lines.push(Line::new(field.label.clone(), said));
            }
            let values = form.all(field.name);
            hidden.extend(values.map(|v| (field.name.to_owned(), v.to_owned())));
        }
    }
    page::html(
        status,
        ActPage {
            frame: desk.frame.named(act.title.clone()),
            form,
            act,
            checking,
            lines,
            hidden,
        },
    )
}

/// The field that a refusal belongs to, and its sentence.
fn beside(e: &RosterError) -> Option<(&'static str, Sentence)> {
    Some(match e {
        RosterError::Code(_) => ("code", say("roster-error-code")),
        RosterError::RoomTaken => ("code", say("roster-error-taken")),
        RosterError::Name => ("name", say("roster-error-name")),
        RosterError::Plate => ("plate", say("roster-error-plate")),
        RosterError::PlateTaken => ("plate", say("roster-error-plate-taken")),
        RosterError::Tag(_) => ("tags", say("roster-error-tag")),
        RosterError::TooManyTags => ("tags", say("roster-error-tags")),
        RosterError::Shares => ("share", say("roster-error-shares")),
        RosterError::Dates => ("until", say("roster-error-dates")),
        RosterError::Changed => ("", say("roster-error-changed")),
        RosterError::NotTwo => ("", say("roster-error-not-two")),
        RosterError::NoSuchRelation => ("", say("roster-error-ended")),
        RosterError::Erased => ("", say("roster-error-erased")),
        _ => return None,
    })
}

/// The form again with the refusal in it, or a page of its own.
fn again(desk: Desk, act: Act, mut form: Form, e: &RosterError) -> Response {
    let Some((field, sentence)) = beside(e) else {
        return desk.refused(e);
    };
    let known = act.fields.iter().any(|f| f.name == field);
    form.fault(if known { field } else { "" }, sentence);
    draw(desk, act, form, false)
}

/// A day that may be left out.
fn day(form: &mut Form, name: &str, label: &'static str) -> Option<String> {
    if form.value(name).is_empty() {
        return None;
    }
    form.field(name, label).date().map(|d| d.to_string())
}

/// A text that may be left out; `None` then.
fn text(form: &mut Form, name: &str, label: &'static str, max: usize) -> Option<String> {
    form.field(name, label)
        .text(0..=max)
        .filter(|t| !t.is_empty())
}

/// `1/2`, `50%` or 共同 (jointly); unknown when empty.
fn share(form: &mut Form, name: &str) -> Option<(i64, i64)> {
    let parsed = form
        .field(name, key("roster-share"))
        .read_optional(|text| super::tie::share(text).ok_or_else(|| say("roster-error-share")));
    parsed.flatten()
}
