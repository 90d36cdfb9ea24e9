//! The check page of a form, and what is done from it.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::asked::{self, Seen};
use super::{By, refused, version, words};
use crate::cases::looking;
use crate::{FormsError, State, attach, fill};
use dossiers::{Kind, number};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Form, Frame, Line, Tag, Tone, onward};
use permissions::Permission;

#[derive(Template)]
#[template(path = "forms/show.html")]
struct ShowPage {
    frame: Frame,
    own: String,
    back: String,
    code: String,
    state: Tag,
    seen: Vec<Seen>,
    lines: Vec<Line>,
    missing: String,
    version: i64,
    draft: bool,
    printed: bool,
    mine: bool,
    may_take: bool,
    masked: bool,
    scan_again: bool,
    document: String,
    case: String,
    may_apply: bool,
}

/// One form.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let (form, values, clear) = fill::shown(&house, &by, id).await?;
        let gone = match form.document {
            Some(document) => attach::gone(&house, &by, document).await?,
            None => false,
        };
        let case = looking::of_form(&house, &by, id).await?;
        let definition = form.definition()?;
        Ok::<_, FormsError>((form, values, clear, gone, case, definition))
    };
    let (form, values, clear, gone, case, definition) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let files = by.has(Permission::ArchiveFile);
    let missing = if form.state == State::Draft {
        values.missing_on_paper(definition)
    } else {
        values.missing(definition)
    };
    let missing: Vec<String> = missing
        .into_iter()
        .map(|label| frame.t(label).into_owned())
        .collect();
    let mut lines = vec![
        Line::new(frame.t("forms-f-number"), form.label()),
        Line::new(
            frame.t("archive-field-number"),
            number::said(&form.number, frame.words.lang()),
        )
        .leads(format!("/c/{c}/files/{}", form.dossier)),
        Line::new(frame.t("forms-f-taken"), {
            let at = frame.stamp(form.begun_at.0);
            format!("{} · {at}", form.taken_name)
        }),
    ];
    if form.edition > 0 {
        lines.push(Line::new(
            frame.t("forms-f-edition"),
            frame.count(form.edition),
        ));
    }
    if let Some(at) = form.printed_at {
        lines.push(Line::new(frame.t("forms-f-printed"), frame.stamp(at.0)));
    }
    if let Some(at) = form.signed_at {
        lines.push(Line::new(frame.t("forms-f-signed"), frame.stamp(at.0)));
    }
    let open = matches!(form.state, State::Draft | State::Printed);
    page::ok(ShowPage {
        own: format!("/c/{c}/forms/{id}"),
        back: format!("/c/{c}/forms-of/{}", form.dossier),
        state: words::state_tag(form.state),
        seen: asked::seen(definition, &values, clear, &frame),
        lines,
        missing: frame.join(&missing).into_owned(),
        version: form.version,
        draft: form.state == State::Draft,
        printed: form.state == State::Printed,
        mine: clear,
        may_take: files && open && !clear,
        masked: !clear,
        scan_again: files && gone,
        document: form
            .document
            .map_or(String::new(), |d| format!("/c/{c}/files/documents/{d}")),
        may_apply: files
            && case.is_none()
            && form.kind == Kind::Renovation
            && matches!(form.state, State::Printed | State::Signed),
        case: case.map_or(String::new(), |id| format!("/c/{c}/cases/{id}")),
        code: form.code.clone(),
        frame: frame.titled(words::title(form.kind)),
    })
}

/// What was done from the check page, and where it leads.
fn done(frame: Frame, path: &str, word: &str, out: Result<(), FormsError>) -> Response {
    match out {
        Ok(()) => onward::done(path, frame.t(word)),
        Err(e) => refused(frame, &e),
    }
}

/// It becomes paper.
pub async fn print(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let out = fill::print(&house, &by, id, version(&form)).await;
    let path = format!("/c/{c}/forms/{id}");
    let word = page::key("forms-did-print");
    done(frame, &path, word, out)
}

/// It is mended.
pub async fn reopen(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let out = fill::reopen(&house, &by, id, version(&form)).await;
    let path = format!("/c/{c}/forms/{id}/edit");
    let word = page::key("forms-did-reopen");
    done(frame, &path, word, out)
}

/// It is given up.
pub async fn void(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let out = fill::void(&house, &by, id, version(&form)).await;
    let path = format!("/c/{c}/forms/{id}");
    let word = page::key("forms-did-void");
    done(frame, &path, word, out)
}

/// Another goes on with it.
pub async fn take_over(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let out = fill::take_over(&house, &by, id, version(&form)).await;
    let path = format!("/c/{c}/forms/{id}");
    let word = page::key("forms-did-take-over");
    done(frame, &path, word, out)
}
