//! The first page: where somebody goes who types only the address.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::{Session, roles};
use foundation::house::House;
use foundation::page::{Frame, onward, problem};

/// Strangers to the sign-in page, everybody else to their compound, or to the choice
/// where there are several.
pub async fn home(
    State(house): State<Arc<House>>,
    frame: Frame,
    session: Option<Extension<Session>>,
) -> Response {
    let Some(Extension(session)) = session else {
        return onward::to(super::SIGN_IN);
    };
    match roles::places(&house, session.account).await {
        Ok(places) => {
            let here: Vec<_> = places.iter().filter(|p| p.side == session.side).collect();
            match here.as_slice() {
                [only] if !only.slug.is_empty() => onward::to(&format!("/c/{}", only.slug)),
                _ => onward::to("/places"),
            }
        }
        Err(error) => {
            tracing::error!(%error, "roles cannot be looked up");
            problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
