//! Cabinets set up and changed, and what begins on a layer of its own.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::{By, part, refused, words};
use crate::cabinet::{self, Apart, Cabinet, Draft};
use crate::{LAYERS_MAX, NAME_CHARS_MAX, ShelfError, WIDTH_MM};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Choice, Form, Frame, ListQuery, Pager, onward, say};
use permissions::actor::Actor;

#[derive(Template)]
#[template(path = "shelves/cabinets.html")]
struct CabinetsPage {
    frame: Frame,
    form: Form,
    list: ListQuery,
    base: String,
    cabinets: Vec<Cabinet>,
    pager: Pager,
    aparts: Vec<Choice>,
}

async fn draw(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    mut form: Form,
    list: ListQuery,
) -> Response {
    let status = if form.failed() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let read = async {
        let cabinets = cabinet::all(house, by.community).await?;
        let (apart, _) = cabinet::apart(house, by.community).await?;
        Ok::<_, ShelfError>((cabinets, apart))
    };
    let (cabinets, apart) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    if !form.failed() {
        form.set("ord", &cabinet::next_ord(&cabinets).to_string());
        if let Some(last) = cabinets.last() {
            form.set("layers", &last.layers.to_string());
            form.set("width", &last.width.to_string());
        }
    }
    form.set("apart", apart.word());
    let choice = |a: Apart| Choice::new(a.word(), frame.t(words::apart_word(a)));
    let aparts = Apart::ALL.map(choice).into();
    let (here, pager) = part(&cabinets, &list);
    page::html(
        status,
        CabinetsPage {
            form,
            base: format!("/c/{c}/shelves"),
            cabinets: here.to_vec(),
            pager,
            list,
            aparts,
            frame: frame.titled("shelves-cabinets"),
        },
    )
}

/// The cabinets to set up.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    draw(&house, &by, &c, frame, Form::default(), list).await
}

fn read(form: &mut Form, there: Option<(Id, i64)>) -> Option<Draft> {
    let whole = |range: std::ops::RangeInclusive<i64>| {
        move |text: &str| match text.parse::<i64>() {
            Ok(n) if range.contains(&n) => Ok(n),
            _ => Err(say("shelves-fault-number")
                .and("least", *range.start())
                .and("most", *range.end())),
        }
    };
    let name = form
        .field("name", "shelves-field-cabinet")
        .text(1..=NAME_CHARS_MAX);
    let ord = form
        .field("ord", "shelves-field-ord")
        .read(whole(0..=9_999));
    let layers = form
        .field("layers", "shelves-field-layers")
        .read(whole(1..=LAYERS_MAX));
    let width = form
        .field("width", "shelves-field-width")
        .read(whole(WIDTH_MM));
    Some(Draft {
        there,
        name: name?,
        ord: ord?,
        layers: layers?,
        width: width?,
    })
}

async fn keep(
    house: &House,
    by: &Actor,
    c: &str,
    frame: Frame,
    mut form: Form,
    there: Option<(Id, i64)>,
) -> Response {
    let Some(draft) = read(&mut form, there) else {
        return draw(house, by, c, frame, form, ListQuery::default()).await;
    };
    match cabinet::set(house, by, draft).await {
        Ok(_) => onward::done(
            &format!("/c/{c}/shelves/cabinets"),
            frame.t("shelves-did-cabinet"),
        ),
        Err(e) => refused(frame, &e),
    }
}

/// A new cabinet.
pub async fn set(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    keep(&house, &by, &c, frame, form, None).await
}

/// Changes one.
pub async fn change(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let version = form.value("version").parse().unwrap_or(0);
    keep(&house, &by, &c, frame, form, Some((id, version))).await
}

/// Takes an empty one away.
pub async fn drop(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match cabinet::drop_one(&house, &by, id).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/shelves/cabinets"),
            frame.t("shelves-did-drop"),
        ),
        Err(e) => refused(frame, &e),
    }
}

/// Sets what begins on a layer of its own.
pub async fn apart(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let Some(apart) = Apart::from_word(form.value("apart")) else {
        return refused(frame, &ShelfError::Nothing);
    };
    match cabinet::set_apart(&house, &by, apart).await {
        Ok(()) => onward::done(
            &format!("/c/{c}/shelves/cabinets"),
            frame.t("shelves-did-apart"),
        ),
        Err(e) => refused(frame, &e),
    }
}
