//! The pages of accounts: signing in and out, the second factor, one's own devices,
//! colleagues and their roles.

mod enrol;
mod home;
mod invite;
mod sign_in;
mod step_up;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::sessions::{DEVICE_SECONDS, Token};
use super::{Side, Site};
use crate::foundation::page::{Sentence, key, say};
use crate::people::permissions::Role;
use crate::people::routes::{Needs, Routes};

/// Where the guard leads whoever must sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Where staff show or enrol their second factor.
pub const SECOND_FACTOR: &str = "/second-factor";
/// Where a grave act asks for it again.
pub const STEP_UP: &str = "/step-up";

/// What staff may reach before their second factor was shown.
const BEFORE_SECOND_FACTOR: &[&str] = &[SECOND_FACTOR, "/second-factor/enrol", "/sign-out"];

/// Whether a route is open while the second factor is still to be shown.
pub fn open_without_second_factor(path: &str) -> bool {
    BEFORE_SECOND_FACTOR.contains(&path)
}

/// The doors of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/", Needs::Nothing, home::home)
        .get(SIGN_IN, Needs::Nothing, sign_in::owner)
        .post(SIGN_IN, Needs::Nothing, sign_in::owner_sent)
        .get("/sign-in/staff", Needs::Nothing, sign_in::staff)
        .post("/sign-in/staff", Needs::Nothing, sign_in::staff_sent)
        .post("/sign-out", Needs::SignedIn, sign_in::out)
        .get("/invite/{secret}", Needs::Link, invite::look)
        .post("/invite/{secret}", Needs::Link, invite::redeem)
        .get("/demo/{secret}", Needs::Link, invite::demo)
        .post("/demo/{secret}", Needs::Link, invite::demo_sent)
        .get(SECOND_FACTOR, Needs::SignedIn, step_up::second_factor)
        .post(SECOND_FACTOR, Needs::SignedIn, step_up::sent)
        .get(STEP_UP, Needs::SignedIn, step_up::step_up)
        .post(STEP_UP, Needs::SignedIn, step_up::sent)
        .get("/second-factor/enrol", Needs::SignedIn, enrol::offer)
        .post("/second-factor/enrol", Needs::SignedIn, enrol::confirm)
}

/// The key of a role's name on the screen.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => key("accounts-role-owner"),
        Role::Steward => key("accounts-role-steward"),
        Role::Host => key("accounts-role-host"),
        Role::Specialist => key("accounts-role-specialist"),
        Role::Supervisor => key("accounts-role-supervisor"),
        Role::Manager => key("accounts-role-manager"),
        Role::Cashier => key("accounts-role-cashier"),
        Role::OnDuty => key("accounts-role-on-duty"),
        Role::Committee => key("accounts-role-committee"),
        Role::Technician => key("accounts-role-technician"),
        Role::Operator => key("accounts-role-operator"),
    }
}

/// Only paths of our own, so that no forged link sends anybody elsewhere.
fn own_path(to: &str) -> &str {
    let ours = to.starts_with('/')
        && !to.starts_with("//")
        && !to.contains(['\\', '\r', '\n', '\t'])
        && to.len() <= 2_000;
    if ours { to } else { "/" }
}

/// Where a page with `?to=` leads back.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Back {
    #[serde(default)]
    to: String,
}

impl Back {
    fn path(&self) -> &str {
        own_path(&self.to)
    }
}

/// Goes to `to` with the session's cookie set: for other rooms that make accounts
/// (joining), after their write.
pub fn go_signed_in(site: &Site, token: &Token, side: Side, to: &str) -> Response {
    with_cookies(
        Redirect::to(own_path(to)).into_response(),
        &[token.cookie(site, side)],
    )
}

fn device_cookie(site: &Site, secret: &str) -> String {
    site.cookie(site.device_cookie(), secret, DEVICE_SECONDS)
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// What is said where a verb of this room refuses.
fn refusal(error: &super::AccountError) -> Sentence {
    use super::AccountError as E;
    match error {
        E::Wait(_) => say("accounts-wait"),
        E::Busy(_) => say("accounts-busy"),
        E::Wrong => say("accounts-wrong"),
        E::Unknown => say("accounts-unknown"),
        E::Forbidden(_) => say("accounts-forbidden"),
        E::Database(error) => {
            tracing::error!(%error, "accounts cannot be reached");
            say("accounts-failed")
        }
        E::Keys(error) => {
            tracing::error!(%error, "the key store cannot be used");
            say("accounts-failed")
        }
    }
}
