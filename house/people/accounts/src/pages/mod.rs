//! The pages of accounts: signing in and out, the second factor, one's own devices,
//! colleagues and their roles.

mod account;
mod enrol;
mod home;
mod invite;
mod keys;
mod sign_in;
mod staff;
mod step_up;

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::sessions::{DEVICE_SECONDS, Token};
use super::{Side, Site};
use foundation::page::{Sentence, key, onward, say};
use permissions::routes::{Needs, Routes};
use permissions::{Permission, Role};

pub use step_up::on_the_way;

/// Where the guard leads whoever must sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Where staff show or enrol their second factor.
pub const SECOND_FACTOR: &str = "/second-factor";
/// Where a grave act asks for it again.
pub const STEP_UP: &str = "/step-up";

/// What staff may reach before their second factor was shown.
const BEFORE_SECOND_FACTOR: &[&str] = &[
    SECOND_FACTOR,
    "/second-factor/enrol",
    "/me/passkeys",
    "/me/passkeys/begin",
    "/sign-out",
];

/// Whether a route is open while the second factor is still to be shown.
pub fn open_without_second_factor(path: &str) -> bool {
    BEFORE_SECOND_FACTOR.contains(&path)
}

/// The doors of this room.
pub fn routes() -> Routes {
    use Permission::{AccountReset, BehalfAct, StaffManage};
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
        .post("/passkey/begin", Needs::Nothing, keys::begin)
        .post("/passkey", Needs::Nothing, keys::answer)
        .get("/me", Needs::SignedIn, account::me)
        .post("/me/password", Needs::SignedIn, account::password)
        .post("/me/recovery", Needs::SignedIn, account::recovery)
        .post("/me/sessions/{id}/end", Needs::SignedIn, account::end)
        .post("/me/keys/{id}/remove", Needs::SignedIn, account::remove)
        .post("/me/passkeys/begin", Needs::SignedIn, keys::begin_adding)
        .post("/me/passkeys", Needs::SignedIn, keys::add)
        .get("/places", Needs::SignedIn, account::places)
        .post("/switch", Needs::SignedIn, account::switch)
        .get("/c/{c}/staff", Needs::May(StaffManage), staff::list)
        .post(
            "/c/{c}/staff/invite",
            Needs::MayFresh(StaffManage),
            staff::invite_sent,
        )
        .post(
            "/c/{c}/staff/grant",
            Needs::MayFresh(StaffManage),
            staff::grant,
        )
        .post(
            "/c/{c}/staff/revoke",
            Needs::MayFresh(StaffManage),
            staff::revoke,
        )
        .get("/c/{c}/resets", Needs::May(AccountReset), staff::resets)
        .post(
            "/c/{c}/resets",
            Needs::May(AccountReset),
            staff::reset_asked,
        )
        .post(
            "/c/{c}/resets/{request}/confirm",
            Needs::MayFresh(AccountReset),
            staff::reset_confirmed,
        )
        .get("/reset/{secret}", Needs::Link, staff::reset_page)
        .post("/reset/{secret}", Needs::Link, staff::reset_sent)
        .post("/c/{c}/behalf", Needs::May(BehalfAct), staff::behalf_begin)
        .post(
            "/c/{c}/behalf/end",
            Needs::May(BehalfAct),
            staff::behalf_end,
        )
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
    with_cookies(onward::to(own_path(to)), &[token.cookie(site, side)])
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

/// Asks for the second factor, and comes back.
fn step_up_to(to: &str) -> Response {
    let back: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
    onward::to(&format!("{STEP_UP}?to={back}"))
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
