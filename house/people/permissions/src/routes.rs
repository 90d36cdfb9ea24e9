//! How a room names its doors: every route says what it needs, or it does not
//! compile. The guard in `doors` holds it, the permission matrix prints it.

use std::sync::Arc;

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::Permission;
use foundation::house::House;

/// What a route asks of whoever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: public pages, sign-in, applying.
    Nothing,
    /// The secret in the path; the verb checks it. Without it: 404.
    Link,
    /// Any signed-in account.
    SignedIn,
    /// A permission in the compound `{c}` of the path.
    May(Permission),
    /// As `May`, with a second factor shown within the last five minutes: what takes the
    /// whole house along (exports, roles, resets, undoing an import).
    MayFresh(Permission),
    /// As `May`, with a second factor shown within the last half hour: the grave acts of
    /// which a desk does one after another (approving, unmasking).
    MayRecent(Permission),
    /// A permission in the house itself (operator pages).
    House(Permission),
}

/// The longest form: as much as is read of one.
pub const FORM_BYTES_MAX: usize = foundation::page::form::BODY_BYTES_MAX;

/// One door of a room.
pub struct Route {
    pub method: Method,
    /// An axum path; a compound's own pages begin with `/c/{c}/`.
    pub path: &'static str,
    pub needs: Needs,
    /// The largest body it takes.
    pub body_max: usize,
    pub serve: MethodRouter<Arc<House>>,
}

/// A room's doors.
#[derive(Default)]
pub struct Routes(pub Vec<Route>);

impl Routes {
    pub fn new() -> Routes {
        Routes::default()
    }

    pub fn get<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Routes
    where
        H: Handler<T, Arc<House>>,
        T: 'static,
    {
        self.add(Method::GET, path, needs, 0, on(MethodFilter::GET, handler))
    }

    pub fn post<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Routes
    where
        H: Handler<T, Arc<House>>,
        T: 'static,
    {
        let serve = on(MethodFilter::POST, handler);
        self.add(Method::POST, path, needs, FORM_BYTES_MAX, serve)
    }

    /// A POST that takes files, of `body_max` bytes in all.
    pub fn upload<H, T>(
        self,
        path: &'static str,
        needs: Needs,
        body_max: usize,
        handler: H,
    ) -> Routes
    where
        H: Handler<T, Arc<House>>,
        T: 'static,
    {
        let serve = on(MethodFilter::POST, handler);
        self.add(Method::POST, path, needs, body_max, serve)
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        needs: Needs,
        body_max: usize,
        serve: MethodRouter<Arc<House>>,
    ) -> Routes {
        self.0.push(Route {
            method,
            path,
            needs,
            body_max,
            serve,
        });
        self
    }

    /// All doors of both.
    pub fn and(mut self, other: Routes) -> Routes {
        self.0.extend(other.0);
        self
    }
}
