//! Doors that are nobody's room: assets, the reader's own look, and whether the house
//! is up.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::{Doors, address, forgery};
use accounts::Site;
use foundation::database::{DbError, HOUSE, ask};
use foundation::house::House;
use foundation::page::{Form, Frame, assets, preferences, problem};
use foundation::params;

pub fn routes(doors: &Arc<Doors>) -> Router<Arc<House>> {
    Router::new()
        .route(assets::ROUTE, get(assets::serve))
        .route(preferences::ROUTE, post(prefer))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .layer(Extension(doors.clone()))
}

/// Whether the database answers.
async fn ready(State(house): State<Arc<House>>) -> Response {
    let answer: Result<Option<(i64,)>, DbError> = house
        .db
        .optional(ask(
            "SELECT size FROM ledger_head WHERE community = $1",
            params![HOUSE],
        ))
        .await;
    match answer {
        Ok(Some(_)) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response(),
    }
}

async fn prefer(
    Extension(doors): Extension<Arc<Doors>>,
    Extension(site): Extension<Site>,
    frame: Frame,
    request: axum::extract::Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if !forgery::is_ours(&doors.house, &doors.settings, &site, &parts) {
        return problem::page(frame, StatusCode::FORBIDDEN);
    }
    let now = doors.house.now();
    if !doors
        .rate
        .take(address::client(&doors.settings, &parts), now)
    {
        return problem::page(frame, StatusCode::TOO_MANY_REQUESTS);
    }
    let request = axum::extract::Request::from_parts(parts, body);
    let form: Form =
        match <Form as axum::extract::FromRequest<()>>::from_request(request, &()).await {
            Ok(form) => form,
            Err(response) => return response,
        };
    let mut response = Redirect::to(preferences::back(&form)).into_response();
    for cookie in preferences::cookies(&form) {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}
