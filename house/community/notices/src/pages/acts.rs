//! What is done to a notice with one button.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused};
use crate::{NoticeError, draft, flow, questions, templates};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Flash, Form, Frame, key, onward, say};

fn row(form: &Form) -> i64 {
    form.value("row").parse().unwrap_or(0)
}

fn answer(frame: Frame, path: &str, done: Result<&'static str, NoticeError>) -> Response {
    match done {
        Ok(told) => onward::done(path, frame.t(told)),
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
            let path = format!("/c/{c}/notices/{}", $id);
            let done: Result<&'static str, NoticeError> = async { $do }.await;
            answer(frame, &path, done)
        }
    };
}

/// Hands a draft in; what is still to be filled in is named first.
pub async fn submit(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let path = format!("/c/{c}/notices/{id}");
    let n = match draft::one(&house, &by, id).await {
        Ok(n) => n,
        Err(e) => return refused(frame, &e),
    };
    let open = templates::open_places(&format!("{} {}", n.title, n.body));
    if !open.is_empty() {
        let told = frame.say(&say("notices-refused-places").and("places", open.join(" ")));
        return onward::telling(&path, Flash::overdue(told));
    }
    let done = flow::submit(&house, &by, id, row(&form)).await;
    answer(frame, &path, done.map(|()| key("notices-did-submit")))
}

act! {
    /// Approves it: it goes out, or waits for its time.
    approve, |house, by, id, form| {
        let state = flow::approve(&house, &by, id, row(&form)).await?;
        Ok(if state == crate::State::Scheduled {
            key("notices-did-schedule")
        } else {
            key("notices-did-publish")
        })
    }
}
act! {
    /// Gives it back to whoever wrote it.
    send_back, |house, by, id, form| {
        flow::send_back(&house, &by, id, row(&form), form.value("reason")).await?;
        Ok(key("notices-did-back"))
    }
}
act! {
    /// Calls it off.
    cancel, |house, by, id, form| {
        flow::cancel(&house, &by, id, row(&form), form.value("reason")).await?;
        Ok(key("notices-did-cancel"))
    }
}
act! {
    /// Takes it back after it went out.
    recall, |house, by, id, form| {
        flow::recall(&house, &by, id, row(&form), form.value("reason")).await?;
        Ok(key("notices-did-recall"))
    }
}
act! {
    /// Puts it away.
    archive, |house, by, id, form| {
        flow::archive(&house, &by, id, row(&form)).await?;
        Ok(key("notices-did-archive"))
    }
}
act! {
    /// Reviews an emergency that went out first.
    review, |house, by, id, form| {
        flow::review_after(&house, &by, id, row(&form)).await?;
        Ok(key("notices-did-review"))
    }
}

/// Answers a question where it was asked.
pub async fn answer_question(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, question)): Path<(String, Id, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let path = format!("/c/{c}/notices/{id}#q-{question}");
    let done = questions::answer(&house, &by, id, question, form.value("answer")).await;
    answer(frame, &path, done.map(|()| key("notices-did-answer")))
}
