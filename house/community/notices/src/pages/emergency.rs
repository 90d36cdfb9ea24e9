//! An emergency: title, text and whom, and it is out.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::editor::{Offered, draw, read};
use super::{By, refused, words};
use crate::audience::Whom;
use crate::{flow, templates};
use foundation::house::House;
use foundation::page::{Form, Frame, onward, say};
use permissions::actor::Actor;

/// The form of an emergency: a title, a text and whom; nothing else to think about.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let form = Form::filled([("whom", Whom::Everyone.word())]);
    emergency_page(&house, &by, frame, &c, form).await
}

async fn emergency_page(house: &House, by: &Actor, frame: Frame, c: &str, form: Form) -> Response {
    let offered = match Offered::tags(house, by).await {
        Ok(offered) => offered,
        Err(e) => return refused(frame, &e),
    };
    draw(
        frame.titled("notices-emergency"),
        form,
        format!("/c/{c}/notices-emergency"),
        format!("/c/{c}/notices"),
        true,
        offered,
        None,
    )
}

/// Publishes an emergency at once.
pub async fn send(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let draft = match read(&house, by.community, &mut form, true).await {
        Ok(Some(draft)) => draft,
        Ok(None) => return emergency_page(&house, &by, frame, &c, form).await,
        Err(e) => return refused(frame, &e),
    };
    let open = templates::open_places(&format!("{} {}", draft.title, draft.body));
    if !open.is_empty() {
        form.fault(
            "body",
            say("notices-refused-places").and("places", open.join(" ")),
        );
        return emergency_page(&house, &by, frame, &c, form).await;
    }
    match flow::emergency(&house, &by, &draft).await {
        Ok(id) => onward::done(
            &format!("/c/{c}/notices/{id}"),
            frame.t("notices-did-publish"),
        ),
        Err(e) => match words::refusal(&e) {
            Some(sentence) => {
                form.fault_of_all(sentence);
                emergency_page(&house, &by, frame, &c, form).await
            }
            None => refused(frame, &e),
        },
    }
}
