//! The import wizard: hand in a file, see how it is read and what it would do, confirm,
//! watch it come in, take it back.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sheets::{Field, Language, Layout, Limits, OpenError};

use super::outcome::{Counts, Remark};
use super::store::Import;
use super::{Draft, ImportError, Outcome, Totals, words};
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::foundation::page::{
    self, Form, Frame, Lang, Progress, Sentence, Tag, Tone, key, problem, say,
};
use crate::people::actor::Actor;
use crate::people::permissions::Permission;
use crate::people::roster::contact::masked_end;
use crate::people::routes::{Needs, Routes};

/// Faulty cells and warnings shown on a page; the download has all.
const SHOWN_MAX: usize = 100;
/// Imports on the page of past imports.
const HISTORY_MAX: i64 = 50;
/// The form around the file: headers and the other fields.
const UPLOAD_SLACK: usize = 64 * 1024;

/// The doors of this room.
pub fn routes() -> Routes {
    let needs = Needs::May(Permission::ImportRun);
    let file_max = Limits::default().file_bytes as usize + UPLOAD_SLACK;
    Routes::new()
        .get("/c/{c}/imports", needs, past)
        .upload("/c/{c}/imports", needs, file_max, upload)
        .get("/c/{c}/imports/template", needs, template)
        .get("/c/{c}/imports/{id}", needs, one)
        .post("/c/{c}/imports/{id}/mapping", needs, remap)
        .post("/c/{c}/imports/{id}/apply", needs, confirm)
        .post("/c/{c}/imports/{id}/undo", needs, undo)
        .post("/c/{c}/imports/{id}/drop", needs, give_up)
        .get("/c/{c}/imports/{id}/faults", needs, faults)
}

struct Past {
    href: String,
    file_name: String,
    at: i64,
    state: Tag,
    rooms: Counts,
    people: Counts,
}

#[derive(Template)]
#[template(path = "imports/past.html")]
struct PastPage {
    frame: Frame,
    form: Form,
    base: String,
    past: Vec<Past>,
}

struct SheetRead {
    name: String,
    title: String,
    recognised: bool,
    columns: Vec<ColumnRead>,
}

struct ColumnRead {
    /// The field of the form.
    name: String,
    heading: String,
    samples: String,
    choices: Vec<(&'static str, String, bool)>,
}

/// A remark as the screen says it.
struct Shown {
    sheet: String,
    row: String,
    column: String,
    value: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "imports/look.html")]
struct LookPage {
    frame: Frame,
    base: String,
    sheets: Vec<SheetRead>,
    rooms: Counts,
    people: Counts,
    errors: Vec<Shown>,
    errors_tone: &'static str,
    errors_more: bool,
    errors_total: u64,
    warnings: Vec<Shown>,
    warnings_more: bool,
    warnings_total: u64,
    nothing: bool,
}

#[derive(Template)]
#[template(path = "imports/done.html")]
struct DonePage {
    frame: Frame,
    base: String,
    state: Tag,
    work: Option<Progress>,
    rooms: Counts,
    people: Counts,
    left: u64,
    can_undo: bool,
    errors: Vec<Shown>,
    errors_tone: &'static str,
    errors_more: bool,
    errors_total: u64,
    warnings: Vec<Shown>,
    warnings_more: bool,
    warnings_total: u64,
}

fn tag(state: &str) -> Tag {
    match state {
        "read" => Tag::new(Tone::Waiting, key("imports-state-read")),
        "queued" => Tag::new(Tone::Waiting, key("imports-state-queued")),
        "applying" => Tag::new(Tone::Waiting, key("imports-state-applying")),
        "committed" => Tag::new(Tone::Done, key("imports-state-committed")),
        "undone" => Tag::new(Tone::Plain, key("imports-state-undone")),
        _ => Tag::new(Tone::Plain, key("imports-state-dropped")),
    }
}

fn sentence(e: &ImportError) -> Sentence {
    match e {
        ImportError::File(OpenError::Empty) => say("imports-error-empty"),
        ImportError::File(OpenError::Password) => say("imports-error-password"),
        ImportError::File(OpenError::WrongKind { .. }) => say("imports-error-kind"),
        ImportError::File(
            OpenError::Broken { .. }
            | OpenError::Entities
            | OpenError::UnclosedQuote { .. }
            | OpenError::Unreadable { .. },
        ) => say("imports-error-broken"),
        ImportError::File(OpenError::WrongEncoding { .. }) => say("imports-error-encoding"),
        ImportError::File(_) => say("imports-error-large"),
        ImportError::NoTable => say("imports-error-table"),
        ImportError::Busy => say("imports-error-busy"),
        ImportError::Changed => say("imports-error-changed"),
        _ => say("imports-error-state"),
    }
}

/// A refusal as a page.
fn refuse(frame: Frame, e: &ImportError) -> Response {
    match e {
        ImportError::Forbidden(_) => problem::page(frame, StatusCode::FORBIDDEN),
        ImportError::NoSuchImport => problem::page(frame, StatusCode::NOT_FOUND),
        ImportError::Keys(_) | ImportError::Database(_) => {
            tracing::error!(error = %e, "an import page failed");
            problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
        e => problem::page_saying(frame, StatusCode::CONFLICT, &sentence(e)),
    }
}

fn imports_of(slug: &str) -> String {
    format!("/c/{slug}/imports")
}

async fn past_page(house: &House, by: &Actor, frame: Frame, slug: &str, form: Form) -> Response {
    let list: Vec<Import> = match super::history(house, by, "~", HISTORY_MAX).await {
        Ok(list) => list,
        Err(e) => return refuse(frame, &e),
    };
    let past = list
        .into_iter()
        .map(|i| {
            let totals: Totals = serde_json::from_str(&i.outcome).unwrap_or_default();
            Past {
                href: format!("{}/{}", imports_of(slug), i.id),
                at: i.started_at.0,
                state: tag(&i.state),
                file_name: i.file_name,
                rooms: totals.rooms,
                people: totals.people,
            }
        })
        .collect();
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = PastPage {
        frame: frame.titled("imports-title"),
        form,
        base: imports_of(slug),
        past,
    };
    page::html(status, page)
}

async fn past(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path(slug): Path<String>,
    frame: Frame,
) -> Response {
    past_page(&house, &by, frame, &slug, Form::default()).await
}

/// The file of the form; every other field is left.
async fn file_of(mut parts: Multipart) -> Option<(String, Vec<u8>)> {
    while let Ok(Some(field)) = parts.next_field().await {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        return (!bytes.is_empty()).then(|| (name, bytes.to_vec()));
    }
    None
}

async fn upload(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path(slug): Path<String>,
    frame: Frame,
    parts: Multipart,
) -> Response {
    let mut form = Form::default();
    let Some((name, bytes)) = file_of(parts).await else {
        form.fault("file", say("imports-no-file"));
        return past_page(&house, &by, frame, &slug, form).await;
    };
    match super::take_file(&house, &by, by.community, &name, bytes).await {
        Ok(id) => Redirect::to(&format!("{}/{id}", imports_of(&slug))).into_response(),
        Err(e @ (ImportError::File(_) | ImportError::NoTable)) => {
            form.fault("file", sentence(&e));
            past_page(&house, &by, frame, &slug, form).await
        }
        Err(e) => refuse(frame, &e),
    }
}

async fn template(frame: Frame) -> Response {
    let language = match frame.lang() {
        Lang::ZhHant => Language::TraditionalChinese,
        Lang::ZhHans => Language::SimplifiedChinese,
        Lang::En => Language::English,
    };
    download(
        sheets::template_roster(language),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "attachment; filename=\"roster-template.xlsx\"",
    )
}

fn download(bytes: Vec<u8>, kind: &'static str, name: &'static str) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A remark in the reader's language; a personal value is masked.
fn shown(frame: &Frame, r: &Remark) -> Shown {
    let number = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
    let reason = match words::reason(&r.code) {
        Some(key) => {
            let values: Vec<(&str, page::Value<'_>)> = r
                .params
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str().into()))
                .collect();
            frame.with(key, &values).into_owned()
        }
        None => r.reason.clone(),
    };
    Shown {
        sheet: r.sheet.clone(),
        row: number(r.row),
        column: number(r.column),
        value: if r.personal {
            masked_end(&r.value)
        } else {
            r.value.clone()
        },
        reason,
    }
}

fn some(frame: &Frame, list: &[Remark]) -> Vec<Shown> {
    list.iter()
        .take(SHOWN_MAX)
        .map(|r| shown(frame, r))
        .collect()
}

/// How the figure of the faults is coloured.
fn tone_of(faults: &[Remark]) -> &'static str {
    if faults.is_empty() {
        "plain"
    } else {
        "overdue"
    }
}

async fn one(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match one_page(&house, &by, &frame, &slug, id).await {
        Ok(response) => response,
        Err(e) => refuse(frame, &e),
    }
}

async fn one_page(
    house: &House,
    by: &Actor,
    frame: &Frame,
    slug: &str,
    id: Id,
) -> Result<Response, ImportError> {
    let c = by.community;
    let (import, totals, outcome) = super::look(house, by, c, id).await?;
    let base = format!("{}/{id}", imports_of(slug));
    if import.state == "read" {
        let draft = super::open_draft(house, by, c, id).await?;
        let outcome = super::preview(house, c, &draft).await?;
        return Ok(look_page(frame, base, &draft, &outcome));
    }
    let under_way = matches!(import.state.as_str(), "queued" | "applying");
    let work = under_way.then(|| Progress {
        done: import.chunks_done as u64,
        total: import.chunks as u64,
        text: frame
            .one("imports-progress", "file", &import.file_name)
            .into_owned(),
        poll: base.clone(),
        cancel: String::new(),
    });
    Ok(page::ok(DonePage {
        base,
        state: tag(&import.state),
        work,
        rooms: totals.rooms,
        people: totals.people,
        left: totals.left,
        can_undo: import.state == "committed",
        errors: some(frame, &outcome.errors),
        errors_tone: tone_of(&outcome.errors),
        errors_more: outcome.errors.len() > SHOWN_MAX,
        errors_total: outcome.errors.len() as u64,
        warnings: some(frame, &outcome.warnings),
        warnings_more: outcome.warnings.len() > SHOWN_MAX,
        warnings_total: outcome.warnings.len() as u64,
        frame: frame.clone().named(import.file_name),
    }))
}

fn look_page(frame: &Frame, base: String, draft: &Draft, outcome: &Outcome) -> Response {
    let fields: Vec<Field> = Field::ALL
        .iter()
        .copied()
        .filter(|f| f.fits(Layout::Roster))
        .collect();
    let sheets = draft
        .mappings
        .iter()
        .enumerate()
        .map(|(n, mapping)| SheetRead {
            name: mapping.sheet.clone(),
            title: mapping.title.clone(),
            recognised: mapping.recognised(),
            columns: mapping
                .columns
                .iter()
                .map(|column| ColumnRead {
                    name: format!("m-{n}-{}", column.number),
                    heading: column.heading.clone(),
                    samples: column
                        .samples
                        .iter()
                        .take(2)
                        .map(|s| {
                            if super::read::personal(column.field) {
                                masked_end(s)
                            } else {
                                s.clone()
                            }
                        })
                        .collect::<Vec<_>>()
                        .join(" · "),
                    choices: fields
                        .iter()
                        .map(|f| {
                            let text = words::field(f.code()).map(|k| frame.t(k).into_owned());
                            let text = text.unwrap_or_else(|| f.code().to_owned());
                            (f.code(), text, *f == column.field)
                        })
                        .collect(),
                })
                .collect(),
        })
        .collect();
    page::ok(LookPage {
        base,
        sheets,
        rooms: outcome.rooms,
        people: outcome.people,
        errors: some(frame, &outcome.errors),
        errors_tone: tone_of(&outcome.errors),
        errors_more: outcome.errors.len() > SHOWN_MAX,
        errors_total: outcome.errors.len() as u64,
        warnings: some(frame, &outcome.warnings),
        warnings_more: outcome.warnings.len() > SHOWN_MAX,
        warnings_total: outcome.warnings.len() as u64,
        nothing: [outcome.rooms, outcome.people]
            .iter()
            .all(|n| n.added + n.changed == 0),
        frame: frame.clone().titled("imports-look-title"),
    })
}

async fn remap(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let c = by.community;
    let told = async {
        let mut draft = super::open_draft(&house, &by, c, id).await?;
        for (n, mapping) in draft.mappings.iter_mut().enumerate() {
            for at in 0..mapping.columns.len() {
                let (number, field, whose) = {
                    let column = &mapping.columns[at];
                    (column.number, column.field, column.whose)
                };
                let said = form.value(&format!("m-{n}-{number}"));
                let said = Field::ALL.iter().find(|f| f.code() == said).copied();
                if let Some(said) = said.filter(|f| *f != field && f.fits(Layout::Roster)) {
                    mapping.tell(number, said, whose);
                }
            }
        }
        super::remap(&house, &by, c, id, draft.mappings).await
    };
    after(told.await, frame, &slug, id)
}

fn after(done: Result<(), ImportError>, frame: Frame, slug: &str, id: Id) -> Response {
    match done {
        Ok(()) => Redirect::to(&format!("{}/{id}", imports_of(slug))).into_response(),
        Err(e) => refuse(frame, &e),
    }
}

async fn confirm(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = super::confirm(&house, &by, by.community, id).await;
    after(done, frame, &slug, id)
}

async fn undo(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = super::undo(&house, &by, by.community, id).await.map(|_| ());
    after(done, frame, &slug, id)
}

async fn give_up(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = async {
        let (import, ..) = super::look(&house, &by, by.community, id).await?;
        if import.state != "read" {
            return Err(ImportError::State);
        }
        super::drop_import(&house, by.community, id).await
    };
    match done.await {
        Ok(()) => Redirect::to(&imports_of(&slug)).into_response(),
        Err(e) => refuse(frame, &e),
    }
}

/// The faulty cells as CSV, their values masked as on the screen.
async fn faults(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((_, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let c = by.community;
    let remarks = async {
        let (import, _, outcome) = super::look(&house, &by, c, id).await?;
        if import.state != "read" {
            return Ok(outcome.errors);
        }
        let draft = super::open_draft(&house, &by, c, id).await?;
        Ok::<_, ImportError>(super::preview(&house, c, &draft).await?.errors)
    };
    let remarks = match remarks.await {
        Ok(remarks) => remarks,
        Err(e) => return refuse(frame, &e),
    };
    let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let head = [
        "imports-col-sheet",
        "imports-col-row",
        "imports-col-column",
        "imports-col-value",
        "imports-col-reason",
    ];
    let mut wrote = out.write_record(head.map(|k| frame.t(k).into_owned()));
    for remark in &remarks {
        let s = shown(&frame, remark);
        // A value that begins as a formula does must not become one.
        let value = if s.value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{}", s.value)
        } else {
            s.value
        };
        wrote = wrote.and_then(|()| out.write_record([s.sheet, s.row, s.column, value, s.reason]));
    }
    match (wrote, out.into_inner()) {
        (Ok(()), Ok(bytes)) => download(
            bytes,
            "text/csv; charset=utf-8",
            "attachment; filename=\"faults.csv\"",
        ),
        _ => problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR),
    }
}
