//! The guard of one route: who is it, where are they, may they. It puts an `Actor`,
//! a `Frame`, a `Site` and, where there is one, the `Session` into the request.
//!
//! Not signed in: the sign-in page, which leads back. No such compound, nothing to do
//! with it, or a page whose existence is the office's affair: 404. A colleague without
//! the permission: 403.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::StreamExt as _;

use super::compounds::Found;
use super::load::{COME_AGAIN, Weight};
use super::waiting::Waiting;
use super::{Doors, address, forgery, frame};
use accounts::site::ClientAddress;
use accounts::{Session, Side, Site, flash, pages, roles, sessions};
use foundation::clock::MINUTE;
use foundation::database::{DbError, HOUSE};
use foundation::ledger::Door;
use foundation::page::{Frame, problem, say};
use permissions::actor::Actor;
use permissions::routes::{FORM_BYTES_MAX, Needs};

/// A page is answered in milliseconds; half a minute means that something hangs.
const PAGE_WAIT: Duration = Duration::from_secs(30);
/// Pictures over a bad mobile line.
const UPLOAD_WAIT: Duration = Duration::from_secs(300);
/// What is read of a refused body: several pictures of a phone.
const READ_OUT_BYTES_MAX: usize = 128 * 1024 * 1024;
/// How long a refused body is read.
const READ_OUT_WAIT: Duration = Duration::from_secs(20);
/// Pages of the archive want a colleague who is still there (spec P3).
const ARCHIVE: [&str; 17] = [
    "/c/{c}/cases",
    "/c/{c}/census",
    "/c/{c}/changes",
    "/c/{c}/files",
    "/c/{c}/forms",
    "/c/{c}/forms-of",
    "/c/{c}/handover",
    "/c/{c}/keys",
    "/c/{c}/seals",
    "/c/{c}/shelves",
    "/c/{c}/successions",
    "/c/{c}/transfers",
    "/c/{c}/viewings",
    "/c/{c}/viewings-register",
    "/c/{c}/viewings-trace",
    "/c/{c}/viewings-emergency",
    "/c/{c}/viewings-settings",
];
const ARCHIVE_IDLE: i64 = 15 * MINUTE;
/// What a form without files is sent as.
const FORM_KIND: &str = "application/x-www-form-urlencoded";

/// Marks an answer that a room gave, not the guard: the permission matrix reads it.
#[derive(Clone, Copy, Debug)]
pub struct Admitted;

/// What one route asks for.
pub struct Gate {
    pub(super) doors: Arc<Doors>,
    pub(super) needs: Needs,
    pub(super) path: &'static str,
    pub(super) body_max: usize,
    pub(super) weight: Weight,
}

/// How long one may have been away before this route asks anew; `None` where the
/// session's own end is enough.
fn idle_max(path: &str) -> Option<i64> {
    let below = |area: &str| {
        let rest = path.strip_prefix(area);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ARCHIVE.into_iter().any(below).then_some(ARCHIVE_IDLE)
}

/// Who came, and where.
struct Caller {
    session: Option<Session>,
    actor: Actor,
    compound: Option<Found>,
}

pub async fn guard(
    State(gate): State<Arc<Gate>>,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let doors = &gate.doors;
    let began = doors.house.now();
    let (mut parts, body) = request.into_parts();
    let mut body = match taken(&gate, &parts, body).await {
        Ok(body) => body,
        Err(answer) => return *answer,
    };
    let Some(_place) = doors.load.enter(gate.weight).await else {
        tracing::warn!(route = gate.path, "too much at once");
        let busy = say("problem-busy");
        let page = frame::bare(&doors.house, &parts);
        let mut answer = problem::page_saying(page, StatusCode::SERVICE_UNAVAILABLE, &busy);
        let after = HeaderValue::from_static(COME_AGAIN);
        answer.headers_mut().insert(header::RETRY_AFTER, after);
        return answer;
    };
    let site = address::site(&doors.settings, &parts);
    let client = address::client(&doors.settings, &parts);
    let slug = params.iter().find(|(name, _)| *name == "c").map(|(_, v)| v);
    let mut caller = match who_came(doors, &site, &parts, gate.needs, slug).await {
        Ok(caller) => caller,
        Err(Refusal::NotFound(frame)) => return problem::page(*frame, StatusCode::NOT_FOUND),
        Err(Refusal::Database(error)) => {
            tracing::error!(%error, route = gate.path, "who came cannot be looked up");
            let status = status_of(&error);
            return problem::page(frame::bare(&doors.house, &parts), status);
        }
    };
    let page = match dressed(doors, &site, &parts, gate.needs, &caller).await {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, route = gate.path, "the bars cannot be filled");
            let status = status_of(&error);
            return problem::page(frame::bare(&doors.house, &parts), status);
        }
    };
    let mut renewed = None;
    match admit(&gate, &caller, &parts, &site, client, &page).await {
        Ok(Admission::In) => {}
        Ok(Admission::StepUp) if forgery::only_reads(&parts.method) => {
            return lead(pages::STEP_UP, &parts);
        }
        Ok(Admission::StepUp) => {
            match step_up(&gate, &mut caller, &mut parts, body, &site, &page).await {
                Ok((typed, cookie)) => {
                    body = typed;
                    renewed = Some(cookie);
                }
                Err(answer) => return *answer,
            }
        }
        Err(answer) => {
            tracing::info!(
                route = gate.path,
                status = answer.status().as_u16(),
                "refused"
            );
            read_out(body).await;
            return *answer;
        }
    }
    let flashed = !page.flash.is_empty();
    let frame_for_late = page.clone();
    parts.extensions.insert(ClientAddress(client));
    parts.extensions.insert(site.clone());
    parts.extensions.insert(caller.actor);
    parts.extensions.insert(page);
    if let Some(session) = caller.session {
        parts.extensions.insert(session);
    }
    let wait = if gate.body_max > FORM_BYTES_MAX {
        UPLOAD_WAIT
    } else {
        PAGE_WAIT
    };
    let answer = tokio::time::timeout(wait, next.run(Request::from_parts(parts, body))).await;
    let mut response = answer.unwrap_or_else(|_| {
        tracing::error!(route = gate.path, "a handler took too long");
        problem::page(frame_for_late, StatusCode::SERVICE_UNAVAILABLE)
    });
    response.extensions_mut().insert(Admitted);
    // The factor changed the session's secret; a handler that changed it again has the last word.
    if let Some(cookie) = renewed.filter(|_| !sets_session(&response, &site))
        && let Ok(value) = HeaderValue::from_str(&cookie)
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    // Shown once: forgotten with the page that showed it, unless that tells something new.
    let tells = flash::seal(&mut response, &doors.house, &site);
    if flashed
        && !tells
        && response.status() == StatusCode::OK
        && let Ok(value) = HeaderValue::from_str(&flash::clear(&site))
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    // The route's own pattern, never the path: a path may hold a link's secret.
    tracing::info!(
        route = gate.path,
        status = response.status().as_u16(),
        ms = doors.house.now().0 - began.0,
        "answered"
    );
    response
}

/// A form, read before it gets a place: whoever sends slowly keeps nobody waiting. Files are
/// read by their room, from a place of their own.
async fn taken(gate: &Gate, parts: &Parts, body: Body) -> Result<Body, Box<Response>> {
    if gate.weight == Weight::Upload || forgery::only_reads(&parts.method) {
        return Ok(body);
    }
    let refuse = |status| {
        let page = frame::bare(&gate.doors.house, parts);
        Box::new(problem::page(page, status))
    };
    if says_more(parts, gate.body_max) {
        read_out(body).await;
        return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let reading = axum::body::to_bytes(body, gate.body_max);
    match tokio::time::timeout(PAGE_WAIT, reading).await {
        Ok(Ok(bytes)) => Ok(Body::from(bytes)),
        Ok(Err(_)) => Err(refuse(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => Err(refuse(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// Whether the sender announces more than `most` bytes.
fn says_more(parts: &Parts, most: usize) -> bool {
    let length = parts.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|l| l.to_str().ok()?.parse::<u64>().ok());
    length.is_some_and(|l| l > most as u64)
}

fn sets_session(response: &Response, site: &Site) -> bool {
    let name = format!("{}=", site.session_cookie());
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    set.any(|cookie| cookie.as_bytes().starts_with(name.as_bytes()))
}

/// Reads what a refused sender is still sending, within bounds: hung up on in the middle,
/// a browser shows a broken connection in place of our answer.
async fn read_out(body: Body) {
    let reading = async {
        let mut chunks = body.into_data_stream();
        let mut read = 0;
        while let Some(Ok(chunk)) = chunks.next().await {
            read += chunk.len();
            if read > READ_OUT_BYTES_MAX {
                break;
            }
        }
    };
    // Whoever is slower than this has been answered by a hang-up.
    let _ = tokio::time::timeout(READ_OUT_WAIT, reading).await;
}

fn status_of(error: &DbError) -> StatusCode {
    match error {
        DbError::Busy | DbError::Unreachable(_) | DbError::Full(_) | DbError::Stopped => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

enum Refusal {
    NotFound(Box<Frame>),
    Database(DbError),
}

impl From<DbError> for Refusal {
    fn from(e: DbError) -> Refusal {
        Refusal::Database(e)
    }
}

async fn who_came(
    doors: &Doors,
    site: &Site,
    parts: &Parts,
    needs: Needs,
    slug: Option<&str>,
) -> Result<Caller, Refusal> {
    let house = &doors.house;
    let session = sessions::look(house, site, &parts.headers).await?;
    let compound = match slug {
        None => None,
        Some(slug) => match doors.compounds.find(house, slug).await? {
            Some(found) => Some(found),
            // A stranger learns nothing by asking for slugs: pages that need a
            // session lead to the sign-in page whether the compound is there or not.
            None if session.is_none() && wants_session(needs) => None,
            None => {
                let nobody = Actor::nobody(HOUSE);
                let page = frame::of(
                    doors,
                    parts,
                    site,
                    session.as_ref(),
                    &nobody,
                    None,
                    &Waiting::default(),
                );
                return Err(Refusal::NotFound(Box::new(page)));
            }
        },
    };
    let community = compound.as_ref().map_or(HOUSE, |c| c.community);
    let actor = match &session {
        Some(s) => {
            let mut actor = roles::actor(house, s.account, s.side, community, Door::Web).await?;
            if let Some((there, person)) = s.behalf
                && there == community
            {
                actor.behalf = Some(person);
            }
            actor
        }
        None if needs == Needs::Link => Actor::link_holder(community),
        None => Actor::nobody(community),
    };
    Ok(Caller {
        session,
        actor,
        compound,
    })
}

/// The frame with its bars. A page that stands in no compound (one's own account) keeps
/// the bars of the only one where the reader is something, so that nobody is lost there.
async fn dressed(
    doors: &Doors,
    site: &Site,
    parts: &Parts,
    needs: Needs,
    caller: &Caller,
) -> Result<Frame, DbError> {
    let house = &doors.house;
    let session = caller.session.as_ref();
    let mut actor = Cow::Borrowed(&caller.actor);
    let mut compound = caller.compound.clone();
    if let (Some(s), None, true) = (session, &compound, wants_session(needs)) {
        let places = roles::places(house, s.account).await?;
        let mut here = places.iter().filter(|p| p.side == s.side);
        if let (Some(only), None) = (here.next(), here.next()) {
            compound = doors.compounds.find(house, &only.slug).await?;
            actor = Cow::Owned(
                roles::actor(house, s.account, s.side, only.community, Door::Web).await?,
            );
        }
    }
    let office = session.is_some_and(|s| s.side == Side::Staff) && compound.is_some();
    let waiting = if office && forgery::only_reads(&parts.method) {
        Waiting::of_office(house, &actor).await?
    } else {
        Waiting::default()
    };
    Ok(frame::of(
        doors,
        parts,
        site,
        session,
        &actor,
        compound.as_ref(),
        &waiting,
    ))
}

fn wants_session(needs: Needs) -> bool {
    !matches!(needs, Needs::Nothing | Needs::Link)
}

/// How far somebody is admitted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Admission {
    In,
    /// As soon as they show their second factor.
    StepUp,
}

/// Boxed: most requests are admitted and should not carry the room for an answer.
async fn admit(
    gate: &Gate,
    caller: &Caller,
    parts: &Parts,
    site: &Site,
    client: IpAddr,
    page: &Frame,
) -> Result<Admission, Box<Response>> {
    let doors = &gate.doors;
    let now = doors.house.now();
    let problem = |status| Err(Box::new(problem::page(page.clone(), status)));
    if !forgery::only_reads(&parts.method) {
        if !forgery::is_ours(&doors.house, &doors.settings, site, parts) {
            return problem(StatusCode::FORBIDDEN);
        }
        // Whoever fills in the screens behind a link of 160 bits guesses nothing there;
        // beginning such a link, and all else, is tight.
        let screens = gate.needs == Needs::Link
            && gate.path.starts_with("/c/{c}/")
            && gate.body_max <= FORM_BYTES_MAX;
        let rate = if screens { &doors.screens } else { &doors.rate };
        if !wants_session(gate.needs) && !rate.take(client, now) {
            return problem(StatusCode::TOO_MANY_REQUESTS);
        }
    }
    if says_more(parts, gate.body_max) {
        return problem(StatusCode::PAYLOAD_TOO_LARGE);
    }
    if !wants_session(gate.needs) {
        return Ok(Admission::In);
    }
    let Some(session) = &caller.session else {
        return Err(Box::new(lead(pages::SIGN_IN, parts)));
    };
    // Before anything else, staff with grave roles show their second factor. A form that
    // they have filled in already (their role became grave meanwhile) is kept on the way.
    let mut unproven = false;
    if session.side == Side::Staff
        && session.second_at.is_none()
        && !pages::open_without_second_factor(gate.path)
    {
        match sessions::needs_second_factor(&doors.house, session.account).await {
            Ok(false) => {}
            Ok(true) if can_wait(gate, parts) => unproven = true,
            Ok(true) => return Err(Box::new(lead(pages::SECOND_FACTOR, parts))),
            Err(error) => {
                tracing::error!(%error, "roles cannot be looked up");
                return problem(status_of(&error));
            }
        }
    }
    let actor = &caller.actor;
    if caller.compound.is_some() && actor.roles.is_empty() {
        return problem(StatusCode::NOT_FOUND);
    }
    match gate.needs {
        Needs::Nothing | Needs::Link | Needs::SignedIn => {}
        Needs::House(permission) if !actor.has(permission) => {
            return problem(StatusCode::NOT_FOUND);
        }
        Needs::May(permission) | Needs::MayFresh(permission) | Needs::MayRecent(permission)
            if !actor.has(permission) =>
        {
            // Owners learn nothing of the office's pages; colleagues may know.
            let status = if actor.is_staff() && idle_max(gate.path).is_none() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::NOT_FOUND
            };
            return problem(status);
        }
        _ => {}
    }
    if idle_max(gate.path).is_some_and(|idle| session.idle_for(idle, now)) {
        return Err(Box::new(lead(pages::STEP_UP, parts)));
    }
    Ok(match gate.needs {
        _ if unproven => Admission::StepUp,
        Needs::MayFresh(_) if !session.is_fresh(now) => Admission::StepUp,
        Needs::MayRecent(_) if !session.is_recent(now) => Admission::StepUp,
        _ => Admission::In,
    })
}

/// Whether this is a form that a page can carry while the factor is shown: files are not,
/// and no route asks for both ([`super::check`]).
fn can_wait(gate: &Gate, parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|k| k.as_bytes().starts_with(FORM_KIND.as_bytes()));
    is_form && gate.body_max <= FORM_BYTES_MAX && !forgery::only_reads(&parts.method)
}

/// A form that came without a fresh second factor: the factor is asked for with all that
/// was typed on the page, and once it is shown the form goes on as if it had come so.
async fn step_up(
    gate: &Gate,
    caller: &mut Caller,
    parts: &mut Parts,
    body: Body,
    site: &Site,
    page: &Frame,
) -> Result<(Body, String), Box<Response>> {
    let doors = &gate.doors;
    let (Some(session), true) = (&mut caller.session, can_wait(gate, parts)) else {
        read_out(body).await;
        return Err(Box::new(lead(pages::STEP_UP, parts)));
    };
    let Ok(sent) = axum::body::to_bytes(body, gate.body_max).await else {
        let answer = problem::page(page.clone(), StatusCode::PAYLOAD_TOO_LARGE);
        return Err(Box::new(answer));
    };
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(&sent).into_owned().collect();
    let action = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    let way = pages::on_the_way(&doors.house, page.clone(), site, session, action, sent).await;
    let (token, sent) = way.map_err(Box::new)?;
    session.fresh_at = Some(doors.house.now());
    let sent = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(sent)
        .finish();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(sent.len()));
    Ok((Body::from(sent), token.cookie(site, session.side)))
}

/// Leads to a page that leads back: to this page, or to the one that sent the form.
fn lead(to: &str, parts: &Parts) -> Response {
    let back = if forgery::only_reads(&parts.method) {
        parts
            .uri
            .path_and_query()
            .map_or("/", |p| p.as_str())
            .to_owned()
    } else {
        // Where the form stood; the browser sends it, we keep only path and query.
        parts
            .headers
            .get(header::REFERER)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| url::Url::parse(v).ok())
            .map_or_else(
                || "/".to_owned(),
                |url| match url.query() {
                    Some(query) => format!("{}?{query}", url.path()),
                    None => url.path().to_owned(),
                },
            )
    };
    let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Redirect::to(&format!("{to}?to={back}")).into_response()
}
