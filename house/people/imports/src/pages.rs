//! The import wizard: hand in a file, see how it is read and what it would do, confirm,
//! watch it come in, take it back.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sheets::{Field, Layout, Limits, OpenError};

use super::downloads;
use super::outcome::Counts;
use super::remarks::{Proposed, SHOWN_MAX, Shown, proposed, some, tone_of};
use super::store::Import;
use super::{Draft, ImportError, Preview, Totals, words};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{
    self, Choice, Form, Frame, Progress, Sentence, Tag, Tone, key, onward, problem, say,
};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};
use roster::contact::masked_end;

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
        .get("/c/{c}/imports/template", needs, downloads::template)
        .get(
            "/c/{c}/imports/template-fees",
            needs,
            downloads::template_fees,
        )
        .get("/c/{c}/imports/{id}", needs, one)
        .post("/c/{c}/imports/{id}/mapping", needs, remap)
        .post("/c/{c}/imports/{id}/apply", needs, confirm)
        .post(
            "/c/{c}/imports/{id}/undo",
            Needs::MayFresh(Permission::ImportRun),
            undo,
        )
        .post("/c/{c}/imports/{id}/drop", needs, give_up)
        .get("/c/{c}/imports/{id}/faults", needs, downloads::faults)
        .get("/c/{c}/imports/{id}/mend", needs, downloads::mend)
}

struct Past {
    href: String,
    file_name: String,
    at: i64,
    state: Tag,
    what: &'static str,
    brought: String,
}

#[derive(Template)]
#[template(path = "imports/past.html")]
struct PastPage {
    frame: Frame,
    form: Form,
    base: String,
    whats: Vec<Choice>,
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

#[derive(Template)]
#[template(path = "imports/look.html")]
struct LookPage {
    frame: Frame,
    base: String,
    sheets: Vec<SheetRead>,
    /// Rooms and people, or bills and payments.
    counted: [&'static str; 2],
    counts: [Counts; 2],
    /// All or nothing was asked for, and refused.
    refused: bool,
    errors: Vec<Shown>,
    errors_tone: &'static str,
    errors_more: bool,
    errors_total: u64,
    /// Whether the reader gets the faulty rows back to mend.
    may_mend: bool,
    proposed: Vec<Proposed>,
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
    counted: [&'static str; 2],
    counts: [Counts; 2],
    left: u64,
    left_rooms: String,
    left_people: Vec<(String, String)>,
    can_undo: bool,
    errors: Vec<Shown>,
    errors_tone: &'static str,
    errors_more: bool,
    errors_total: u64,
    /// Whether the reader gets the faulty rows back to mend.
    may_mend: bool,
    proposed: Vec<Proposed>,
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
pub(super) fn refuse(frame: Frame, e: &ImportError) -> Response {
    match e {
        ImportError::Forbidden(_) => problem::page(frame, StatusCode::FORBIDDEN),
        ImportError::NoSuchImport => problem::page(frame, StatusCode::NOT_FOUND),
        ImportError::Keys(_) | ImportError::Database(_) | ImportError::Workbook(_) => {
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
            let [one, two] = counts_of(&i, &totals);
            let values = [
                ("a", one.added.into()),
                ("b", one.changed.into()),
                ("c", two.added.into()),
                ("d", two.changed.into()),
            ];
            let (what, brought) = match super::layout_of(&i) {
                Layout::Roster => (
                    key("imports-what-roster"),
                    frame.with("imports-brought-roster", &values),
                ),
                Layout::Fees => (
                    key("imports-what-fees"),
                    frame.with("imports-brought-fees", &values),
                ),
            };
            Past {
                href: format!("{}/{}", imports_of(slug), i.id),
                at: i.started_at.0,
                state: tag(&i.state),
                what,
                brought: brought.into_owned(),
                file_name: i.file_name,
            }
        })
        .collect();
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = PastPage {
        whats: vec![
            Choice::new("roster", frame.t("imports-what-roster")),
            Choice::new("fees", frame.t("imports-what-fees")),
        ],
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
    let form = Form::filled([("what", "roster")]);
    past_page(&house, &by, frame, &slug, form).await
}

/// What an import's counts count.
fn counted(layout: Layout) -> [&'static str; 2] {
    match layout {
        Layout::Roster => [key("imports-rooms"), key("imports-people")],
        Layout::Fees => [key("imports-bills"), key("imports-payments")],
    }
}

fn counts_of(import: &Import, totals: &Totals) -> [Counts; 2] {
    match super::layout_of(import) {
        Layout::Roster => [totals.rooms, totals.people],
        Layout::Fees => [totals.bills, totals.payments],
    }
}

/// What the form says that the file is, and the file or why there is none; every other
/// field is left.
async fn file_of(mut parts: Multipart) -> (Layout, Result<(String, Vec<u8>), Sentence>) {
    let mut layout = Layout::Roster;
    let why = |e: &MultipartError| match e.status() {
        StatusCode::PAYLOAD_TOO_LARGE => say("imports-error-large"),
        _ => say("imports-no-file"),
    };
    loop {
        let field = match parts.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return (layout, Err(say("imports-no-file"))),
            Err(e) => return (layout, Err(why(&e))),
        };
        if field.name() == Some("what") {
            if field.text().await.is_ok_and(|what| what == "fees") {
                layout = Layout::Fees;
            }
        } else if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let file = match field.bytes().await {
                Ok(bytes) if bytes.is_empty() => Err(say("imports-no-file")),
                Ok(bytes) => Ok((name, bytes.to_vec())),
                Err(e) => Err(why(&e)),
            };
            return (layout, file);
        }
    }
}

async fn upload(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path(slug): Path<String>,
    frame: Frame,
    parts: Multipart,
) -> Response {
    let (layout, file) = file_of(parts).await;
    let what = if layout == Layout::Fees {
        "fees"
    } else {
        "roster"
    };
    let mut form = Form::filled([("what", what)]);
    let (name, bytes) = match file {
        Ok(file) => file,
        Err(why) => {
            form.fault("file", why);
            return past_page(&house, &by, frame, &slug, form).await;
        }
    };
    match super::take_file(&house, &by, by.community, layout, &name, bytes).await {
        Ok(id) => onward::to(&format!("{}/{id}", imports_of(&slug))),
        Err(e @ (ImportError::File(_) | ImportError::NoTable)) => {
            form.fault("file", sentence(&e));
            past_page(&house, &by, frame, &slug, form).await
        }
        Err(e) => refuse(frame, &e),
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
        let outcome = super::preview(house, by, c, &draft).await?;
        return Ok(look_page(frame, by, base, &draft, &outcome, false));
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
    let undone = super::left_of(house, by, c, id).await?.unwrap_or_default();
    let people_at = format!("/c/{slug}/people");
    let left_people = undone.people.iter().map(|(id, name)| {
        let name = hanzi::name::masked_name(name);
        (format!("{people_at}/{id}"), name)
    });
    Ok(page::ok(DonePage {
        base,
        left_rooms: frame.join(&undone.rooms).into_owned(),
        left_people: left_people.collect(),
        state: tag(&import.state),
        work,
        counted: counted(super::layout_of(&import)),
        counts: counts_of(&import, &totals),
        left: totals.left.max(undone.left),
        can_undo: import.state == "committed",
        errors: some(frame, &outcome.errors),
        errors_tone: tone_of(&outcome.errors),
        errors_more: outcome.errors.len() > SHOWN_MAX,
        errors_total: outcome.errors.len() as u64,
        may_mend: super::mending::has_rows(house, by, &import).await?,
        proposed: proposed(
            frame.compound.as_ref().map_or("", |c| c.slug.as_str()),
            &outcome.warnings,
        ),
        warnings: some(frame, &outcome.warnings),
        warnings_more: outcome.warnings.len() > SHOWN_MAX,
        warnings_total: outcome.warnings.len() as u64,
        frame: frame.clone().named(import.file_name),
    }))
}

fn look_page(
    frame: &Frame,
    by: &Actor,
    base: String,
    draft: &Draft,
    outcome: &Preview,
    refused: bool,
) -> Response {
    let layout = super::layout_of(&draft.import);
    let fields: Vec<Field> = Field::ALL
        .iter()
        .copied()
        .filter(|f| f.fits(layout))
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
        counted: counted(layout),
        counts: outcome.counts,
        refused,
        errors: some(frame, &outcome.errors),
        errors_tone: tone_of(&outcome.errors),
        errors_more: outcome.errors.len() > SHOWN_MAX,
        errors_total: outcome.errors.len() as u64,
        may_mend: super::mending::is_their_own(by, &draft.import),
        proposed: proposed(
            frame.compound.as_ref().map_or("", |c| c.slug.as_str()),
            &outcome.warnings,
        ),
        warnings: some(frame, &outcome.warnings),
        warnings_more: outcome.warnings.len() > SHOWN_MAX,
        warnings_total: outcome.warnings.len() as u64,
        nothing: outcome.counts.iter().all(|n| n.added + n.changed == 0),
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
        let layout = super::layout_of(&draft.import);
        for (n, mapping) in draft.mappings.iter_mut().enumerate() {
            for at in 0..mapping.columns.len() {
                let (number, field, whose) = {
                    let column = &mapping.columns[at];
                    (column.number, column.field, column.whose)
                };
                let said = form.value(&format!("m-{n}-{number}"));
                let said = Field::ALL.iter().find(|f| f.code() == said).copied();
                if let Some(said) = said.filter(|f| *f != field && f.fits(layout)) {
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
        Ok(()) => onward::to(&format!("{}/{id}", imports_of(slug))),
        Err(e) => refuse(frame, &e),
    }
}

async fn confirm(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let c = by.community;
    if form.value("whole") == "yes" {
        // What is faulty stands in the file; only another file changes it.
        let looked = async {
            let draft = super::open_draft(&house, &by, c, id).await?;
            let outcome = super::preview(&house, &by, c, &draft).await?;
            Ok::<_, ImportError>((draft, outcome))
        };
        match looked.await {
            Ok((draft, outcome)) if !outcome.errors.is_empty() => {
                let base = format!("{}/{id}", imports_of(&slug));
                let mut response = look_page(&frame, &by, base, &draft, &outcome, true);
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
                return response;
            }
            Ok(_) => {}
            Err(e) => return refuse(frame, &e),
        }
    }
    let done = super::confirm(&house, &by, c, id).await;
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
        Ok(()) => onward::to(&imports_of(&slug)),
        Err(e) => refuse(frame, &e),
    }
}
