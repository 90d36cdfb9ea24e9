//! The web door: one router of every room's routes, each behind its guard.
//!
//! What comes in passes, from the outside: security headers and a last resort for
//! panics ([`outside`]); then, for a room's route, the proof that a change was asked
//! for from our own pages ([`forgery`]), a place among what is worked on ([`load`]), the rate of strangers ([`rate`]), the
//! session and what the route needs ([`guard`]).

mod address;
mod compounds;
mod forgery;
mod frame;
mod guard;
mod installed;
mod load;
mod nav;
mod outside;
mod plain;
mod rate;
mod waiting;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use foundation::house::House;
use permissions::routes::{FORM_BYTES_MAX, Needs, Route, Routes};

pub use guard::Admitted;

/// How the house is reached.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `https://linli.example` where people type it; without it, the request's Host.
    pub public_url: Option<url::Url>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// TLS ends in this process.
    pub tls: bool,
}

/// What the doors keep between requests.
pub(crate) struct Doors {
    pub house: Arc<House>,
    pub settings: Settings,
    pub compounds: compounds::Compounds,
    pub rate: rate::Rate,
    /// Of the screens behind a link.
    pub screens: rate::Rate,
    pub nav: nav::Nav,
    pub load: load::Load,
}

/// Why the server does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("{0} {1} is there twice")]
    Twice(String, String),
    #[error("{0} and {1} are one address with parameters of different names")]
    Names(String, String),
    #[error("{0} needs a permission in a compound but has no {{c}} after /c/")]
    NoCompound(String),
    #[error("{0} needs a permission of the house but stands in a compound")]
    InCompound(String),
    #[error("{0} takes files and a fresh second factor: what was chosen would be lost on the way")]
    FilesOnTheWay(String),
    #[error("{0} is opened by a link's secret but has no parameter for it")]
    NoSecret(String),
    #[error("{0} is not a path")]
    NotAPath(String),
}

/// Every [`Wrong`] that was found; the server does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the routes cannot be guarded: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct CannotGuard(pub Vec<Wrong>);

/// Looks whether every route can be guarded as it says and none stands in another's way.
pub fn check(routes: &Routes) -> Result<(), CannotGuard> {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut methods: BTreeMap<(String, &'static str), ()> = BTreeMap::new();
    for route in &routes.0 {
        let path = route.path;
        if !path.starts_with('/') || (path.len() > 1 && path.ends_with('/')) {
            wrong.push(Wrong::NotAPath(path.into()));
        }
        let in_compound = path == "/c/{c}" || path.starts_with("/c/{c}/");
        match route.needs {
            Needs::May(_) | Needs::MayFresh(_) | Needs::MayRecent(_) if !in_compound => {
                wrong.push(Wrong::NoCompound(path.into()));
            }
            Needs::MayFresh(_) | Needs::MayRecent(_) if route.body_max > FORM_BYTES_MAX => {
                wrong.push(Wrong::FilesOnTheWay(path.into()));
            }
            Needs::House(_) if in_compound => wrong.push(Wrong::InCompound(path.into())),
            Needs::Link if !path.replace("{c}", "").contains('{') => {
                wrong.push(Wrong::NoSecret(path.into()));
            }
            _ => {}
        }
        let method = route.method.to_string();
        if methods.insert((method.clone(), path), ()).is_some() {
            wrong.push(Wrong::Twice(method, path.into()));
        }
        let shape = path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        match seen.get(&shape) {
            Some(other) if *other != path => {
                wrong.push(Wrong::Names((*other).into(), path.into()));
            }
            _ => {
                seen.insert(shape, path);
            }
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(CannotGuard(wrong))
    }
}

/// The router with the default settings: no proxy, no TLS, the request's own host.
pub fn router(house: Arc<House>, routes: Routes) -> Result<Router, CannotGuard> {
    router_with(house, routes, Settings::default())
}

/// Every route behind its guard.
///
/// # Errors
/// What [`check`] finds: the server does not start.
pub fn router_with(
    house: Arc<House>,
    routes: Routes,
    settings: Settings,
) -> Result<Router, CannotGuard> {
    check(&routes)?;
    packed::furnish();
    let doors = Arc::new(Doors {
        compounds: compounds::Compounds::default(),
        rate: rate::Rate::new(rate::TIGHT),
        screens: rate::Rate::new(rate::WIDE),
        nav: nav::Nav::of(&routes),
        load: load::Load::default(),
        house: house.clone(),
        settings,
    });
    let mut router: Router<Arc<House>> = plain::routes(&doors).merge(installed::routes());
    for route in routes.0 {
        router = router.route(route.path, guarded(&doors, route));
    }
    Ok(router
        .fallback(outside::nothing_here)
        .method_not_allowed_fallback(outside::not_so)
        .layer(CatchPanicLayer::custom(outside::panicked))
        .layer(middleware::from_fn_with_state(doors, outside::around))
        .layer(middleware::map_response(outside::set_aside))
        .layer(CompressionLayer::new())
        .layer(middleware::map_response(outside::put_back))
        .with_state(house))
}

fn guarded(doors: &Arc<Doors>, route: Route) -> axum::routing::MethodRouter<Arc<House>> {
    let gate = guard::Gate {
        doors: doors.clone(),
        needs: route.needs,
        path: route.path,
        body_max: route.body_max,
        weight: load::Weight::of(
            route.path,
            route.body_max > FORM_BYTES_MAX,
            route.method == axum::http::Method::GET,
        ),
    };
    route
        .serve
        .route_layer(DefaultBodyLimit::max(route.body_max))
        .route_layer(middleware::from_fn_with_state(Arc::new(gate), guard::guard))
}
