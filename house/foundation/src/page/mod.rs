//! Pages: the frame, the words, the forms and the components of which every room makes its pages.
//!
//! # How a room writes a page
//!
//! 1. **Words.** Write every sentence in `words/zh-Hant/ROOM.ftl` and `words/en/ROOM.ftl` (the same keys;
//!    zh-Hans is converted at build time). Keys begin with the room's name: `desk-title`. Counts are
//!    numbers (`{ $count }`, grouped and pluralised); years and codes are text. A test fails on keys that
//!    are missing, unused or unequal between the languages. A literal key that is not the argument of
//!    `t`, `with`, `one`, `say`, `field` or `titled` stands in [`key`]`("…")`, so that the test sees it.
//! 2. **Template.** `templates/ROOM/name.html`. Base layouts bring the macros with them; nothing to import:
//!
//!    ```html
//!    {% extends "base/owner.html" %}          {# or base/staff, base/bare, base/print #}
//!    {% block back %}{{ ui::back("/desk", frame.t("desk-title")) }}{% endblock %}
//!    {% block main %}
//!    {{ fields::errors() }}
//!    <form method="post" novalidate data-guard>{{ fields::csrf() }}
//!    {{ fields::text("name", frame.t("desk-name"), hint=frame.t("desk-name-hint"), width="medium") }}
//!    {{ fields::radios("kind", frame.t("desk-kind"), kinds) }}
//!    {{ fields::send(frame.t("desk-send")) }}
//!    </form>
//!    {% endblock %}
//!    ```
//!
//!    The base draws `<h1>` from `frame.title`. Blocks: `main`, `heading`, `head`;
//!    owner and bare also `back`; staff also `crumbs` and `acts` (buttons beside the title).
//!    No `style=`, no inline `<script>`: the policy is `default-src 'self'`, and there are classes:
//!    `card`, `cards`, `cards-joined`, `stack`, `section`, `stats`, `acts`, `prose`, `lead`, `muted`,
//!    `small`, `nowrap`, `sr`.
//! 3. **Struct.** Its fields have these names, because the macros use them: `frame: Frame` always,
//!    `form: Form` for `fields::…`, `list: ListQuery` for `table::…`.
//!
//!    ```ignore
//!    #[derive(askama::Template)]
//!    #[template(path = "desk/ask.html")]
//!    struct AskPage { frame: Frame, form: Form, kinds: Vec<Choice> }
//!
//!    async fn ask(frame: Frame) -> Response {
//!        page::ok(AskPage { frame: frame.titled("desk-title"), form: Form::default(), kinds })
//!    }
//!    async fn send(frame: Frame, mut form: Form) -> Response {     // Form last: it takes the body
//!        let name = form.field("name", "desk-name").text(1..=40);  // label key: named in the error
//!        let phone = form.field("phone", "desk-phone").read(|s| Phone::parse(s).map_err(|_| say("error-phone")));
//!        let (Some(name), Some(phone)) = (name, phone) else {
//!            return page::html(StatusCode::UNPROCESSABLE_ENTITY, AskPage { frame, form, kinds });
//!        };
//!        …
//!    }
//!    ```
//!
//!    Multipart: collect the text parts and call [`Form::filled`]. A verb's refusal becomes
//!    `form.fault("room", say("desk-room-unknown"))` or `form.fault_of_all(…)`; a page of its own is
//!    [`problem::page_saying`]`(frame, status, &say("…"))`.
//!    After an act: `onward::done(&path, frame.t("desk-did-ask"))` leads on and the next page begins by
//!    saying so; [`onward::to`] only leads on, [`onward::telling`] takes a whole [`Flash`].
//! 4. **Say values** in templates by the frame: `frame.t("key")`, `frame.one("key", "name", x)`,
//!    `frame.with("key", [("a", x.into()), ("b", text.as_str().into())])`, `frame.date(ms)`, `frame.day(ms)`,
//!    `frame.stamp(ms)` (tables), `frame.money(fen)`, `frame.phone(p)`, `frame.count(n)`,
//!    `frame.duration(ms)`; `ui::when(ms)` writes the absolute with the relative beside it.
//!
//! # Components
//!
//! - `ui`: `icon(name)` `tag(tag)` `tag_text(tone, text)` `button(text, look, name, value, symbol)`
//!   `button_link(href, text, look, symbol)` `back(href, text)` `card_link(href, symbol, title, note, count)`
//!   `stat(label, value, note, tone)` (inside `<dl class="stats">`) `progress(work)` `stepper(steps)`
//!   `timeline(moments)` `masked(datum)` `lines(lines)` (records, check pages) `compare(left, right, rows)`
//!   `thumbs(files)` `copy(text, label)` `when(ms)`; with a body, `{% call ui::X(…) %}…{% endcall %}`:
//!   `banner(tone)` `empty(symbol, title, text)` `qr(caption)` `panes(open)` `slip(title, number)`.
//! - `fields`: `csrf()` `errors()` `text` `phone` `password` `code` `date` `area` `select` `radios`
//!   `checkboxes` `tick` `file` `send(text, cancel_href, cancel_text, look)`
//!   `grave(action, title, consequence, label, reason_label)`.
//! - `table`: `filters(label, chips)` `columns(columns)` `sort(key, text, number, lesser)` `head(…)`
//!   `mark_all()` `mark_row(id, what)` `pager(pager)`; with a body `bulk(action)` `bulk_bar()`.
//!   A table is `<div class="table-wrap"><table class="table">…`; its cells carry `data-label` (they become
//!   cards on a phone; `table-wrap--wide` for more columns than a screen), the
//!   link that opens a row has the class `row-link`, and keys `j k x / ?` work.
//!
//! Looks of buttons: `""` (the one act of a page), `"quiet"`, `"grave"`. Icons: the ids in
//! `assets/icons/icons.svg`. `templates/gallery/` and `cargo run --example gallery` show all of it used.
//!
//! Long work: the page shows `ui::progress(work)`; `work.poll` names an address that answers a page or
//! fragment with the same component. When finished it answers one without `poll`, or redirects.
//!
//! # What the doors do
//!
//! Put a [`Frame`] into the request's extensions; serve [`assets::ROUTE`] with [`assets::serve`];
//! answer `POST` [`preferences::ROUTE`] with [`preferences::cookies`] and [`preferences::back`]; answer
//! `GET` [`Frame::find`] `?q=` with a page of links (asked with `x-fragment`, the command palette shows
//! its `<a>`). Words of the bars are keys ([`key`]`("nav-home")`). [`preferences::Preferences::of`] reads
//! language, theme and text size from the cookies.

pub mod assets;
pub mod fmt;
pub mod form;
pub mod frame;
pub mod list;
pub mod onward;
pub mod parts;
pub mod pieces;
pub mod preferences;
pub mod problem;
pub mod words;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

pub use form::Form;
pub use frame::{Compound, Frame, NavGroup, NavItem, Person, Theme, Wing};
pub use list::{Chip, Column, Direction, ListQuery, Pager};
pub use parts::{
    Choice, Comparison, Flash, Line, Masked, Moment, Progress, Step, StepState, Tag, Thumb, Tone,
    Verdict, steps,
};
pub use words::{Lang, Sentence, Value, Words, key, say};

/// Renders a template as an HTML answer.
///
/// Pages hold what only their reader may see, so no cache between keeps them.
pub fn html(status: StatusCode, page: impl Template) -> Response {
    match page.render() {
        Ok(body) => {
            let mut response = (status, body).into_response();
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        // Templates write into memory and cannot fail but by a mistake of ours.
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A picture, never anything but a picture; `cache` says how long who may keep it.
pub fn jpeg(bytes: Vec<u8>, cache: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, cache),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
    ];
    (headers, bytes).into_response()
}

/// Renders a template as a page that was found.
pub fn ok(page: impl Template) -> Response {
    html(StatusCode::OK, page)
}
