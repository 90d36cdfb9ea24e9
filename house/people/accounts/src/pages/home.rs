//! The first page: where somebody goes who types only the address.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::{Session, roles};
use foundation::house::House;
use foundation::page::{Frame, problem};

/// Strangers to the sign-in page, everybody else to their compound, or to the choice
/// where there are several.
pub async fn home(
    State(house): State<Arc<House>>,
    frame: Frame,
    session: Option<Extension<Session>>,
) -> Response {
    let Some(Extension(session)) = session else {
        return Redirect::to(super::SIGN_IN).into_response();
    };
    match roles::places(&house, session.account).await {
        Ok(places) => {
            let here: Vec<_> = places.iter().filter(|p| p.side == session.side).collect();
            match here.as_slice() {
                [only] if !only.slug.is_empty() => {
                    Redirect::to(&format!("/c/{}", only.slug)).into_response()
                }
                _ => Redirect::to("/places").into_response(),
            }
        }
        Err(error) => {
            tracing::error!(%error, "roles cannot be looked up");
            problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
