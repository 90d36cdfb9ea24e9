//! What is done to boxes with one button.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::standing::{self, To};
use crate::{ShelfError, boxes};
use dossiers::listing;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Form, Frame, key, onward};
use permissions::actor::Actor;

/// Makes the boxes that are wanting.
pub async fn tend(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    match boxes::tend(&house, &by).await {
        Ok(made) => onward::done(
            &format!("/c/{c}/shelves"),
            frame.one("shelves-did-tend", "count", made),
        ),
        Err(e) => refused(frame, &e),
    }
}

fn number(form: &Form, name: &str) -> i64 {
    form.value(name).parse().unwrap_or(0)
}

fn answer(frame: Frame, path: &str, done: Result<&'static str, ShelfError>) -> Response {
    match done {
        Ok(word) => onward::done(path, frame.t(word)),
        Err(e) => refused(frame, &e),
    }
}

macro_rules! act {
    ($(#[$doc:meta])* $name:ident, |$house:ident, $by:ident, $id:ident, $form:ident| $do:expr) => {
        $(#[$doc])*
        pub async fn $name(
            Place($house): Place<Arc<House>>,
            Extension($by): By,
            Path((c, $id)): Path<(String, Id)>,
            frame: Frame,
            $form: Form,
        ) -> Response {
            let path = format!("/c/{c}/shelves/boxes/{}", $id);
            let done: Result<&'static str, ShelfError> = async { $do }.await;
            answer(frame, &path, done)
        }
    };
}

act! {
    /// Puts it somewhere, or takes it off the shelf.
    put, |house, by, id, form| {
        let to = match form.value("cabinet").parse::<Id>() {
            Ok(cabinet) if !form.has("off", "1") => Some(To {
                cabinet,
                layer: number(&form, "layer"),
                slot: form.value("slot").parse().ok(),
            }),
            _ => None,
        };
        standing::move_box(&house, &by, id, number(&form, "version"), to).await?;
        Ok(key("shelves-did-move"))
    }
}
act! {
    /// Takes a box of another width.
    spine, |house, by, id, form| {
        let (version, mm) = (number(&form, "version"), number(&form, "spine"));
        Ok(if boxes::set_spine(&house, &by, id, version, mm).await? {
            key("shelves-did-spine")
        } else {
            key("shelves-did-spine-off")
        })
    }
}
act! {
    /// Another box for the same dossier.
    more, |house, by, id, form| {
        let one = boxes::one(&house, &by, id).await?;
        boxes::add(&house, &by, one.dossier, number(&form, "spine")).await?;
        Ok(key("shelves-did-more"))
    }
}
act! {
    /// Lays a parking space's papers into this box.
    share, |house, by, id, form| {
        let guest = guest(&house, &by, form.value("room")).await?;
        boxes::share(&house, &by, guest, id).await?;
        Ok(key("shelves-did-share"))
    }
}
act! {
    /// Takes such papers out again.
    part, |house, by, id, form| {
        boxes::one(&house, &by, id).await?;
        let guest = form.value("dossier").parse::<Id>();
        boxes::part(&house, &by, guest.map_err(|_| ShelfError::NotFound)?).await?;
        Ok(key("shelves-did-part"))
    }
}

async fn guest(house: &House, by: &Actor, typed: &str) -> Result<Id, ShelfError> {
    let room = roster::find_room(house, by.community, typed).await?;
    let room = room.ok_or(ShelfError::NotFound)?;
    let dossier = listing::of_room(house, by, room.id).await?;
    dossier.ok_or(ShelfError::NotFound)
}

/// Takes the dossier's last box away; its page is gone then.
pub async fn less(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let done = async {
        let one = boxes::one(&house, &by, id).await?;
        boxes::drop_last(&house, &by, one.dossier).await?;
        let left = boxes::of_dossier(&house, &by, one.dossier).await?;
        left.first().map(|b| b.id).ok_or(ShelfError::NotFound)
    };
    match done.await {
        Ok(left) => onward::done(
            &format!("/c/{c}/shelves/boxes/{left}"),
            frame.t("shelves-did-less"),
        ),
        Err(e) => refused(frame, &e),
    }
}
