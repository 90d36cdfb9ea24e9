//! The line that an open viewer listens on: it beats while the window is open and says when it
//! is over, within a second of a revocation. A viewer that hears nothing hides its page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use accounts::sessions;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use tokio::time::Instant;

use crate::store;
use crate::viewing::Viewing;

/// How often the viewing is looked at where no commit wakes the line before: half of what a
/// revocation may take.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often the viewer is told that the line lives.
const BEAT: Duration = Duration::from_secs(3);
/// The session is asked for less often than the viewing.
const SESSION_EVERY: Duration = Duration::from_secs(10);
/// A line is opened anew by the browser after so long.
const AGE_MAX: Duration = Duration::from_secs(15 * 60);

struct Line {
    house: Arc<House>,
    c: Community,
    id: Id,
    session: Option<Id>,
    began: Instant,
    beat: Option<Instant>,
    asked: Instant,
    over: bool,
}

impl Line {
    /// Whether the window is open and the reader signed in.
    async fn lives(&mut self) -> bool {
        if let Some(session) = self.session
            && self.asked.elapsed() > SESSION_EVERY
        {
            self.asked = Instant::now();
            if !sessions::is_alive(&self.house, session)
                .await
                .unwrap_or(false)
            {
                return false;
            }
        }
        let asked = store::viewing(self.c, self.id);
        let found: Result<Option<Viewing>, _> = self.house.db.optional(asked).await;
        // What cannot be asked is not shown.
        found.is_ok_and(|v| v.is_some_and(|v| v.is_open(self.house.now())))
    }

    async fn next(&mut self) -> Option<Bytes> {
        if self.over || self.began.elapsed() > AGE_MAX {
            return None;
        }
        loop {
            if !self.lives().await {
                self.over = true;
                return Some(Bytes::from_static(b"event: over\ndata:\n\n"));
            }
            if self.beat.is_none_or(|at| at.elapsed() >= BEAT) {
                self.beat = Some(Instant::now());
                return Some(Bytes::from_static(b"event: open\ndata:\n\n"));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// The stream of one viewing, for whoever the page was for.
pub fn stream(house: Arc<House>, c: Community, id: Id, session: Option<Id>) -> Response {
    let line = Line {
        house,
        c,
        id,
        session,
        began: Instant::now(),
        beat: None,
        asked: Instant::now(),
        over: false,
    };
    let stream = futures_util::stream::unfold(line, |mut line| async move {
        let bytes = line.next().await?;
        Some((Ok::<_, Infallible>(bytes), line))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A buffering proxy would keep what is live.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(stream)).into_response()
}
