//! How much is worked on at once. What must not wait (looking into an opened dossier and
//! approving it, an emergency) has places of its own, and so has signing in, where a crowd of
//! strangers may come; all else waits for its turn and is sent away, with a time to come again,
//! where too many wait or the wait grows long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pages worked on at once, for each core: a page is milliseconds of one core's work and little
/// waiting, so that more would only take turns, with each other and with what must not wait.
const PAGES_PER_CORE: usize = 4;
/// Forms worked on at once. They wait for the disk most of the time, all for the same commit.
const AT_ONCE: usize = 64;
/// The same, of what must not wait.
const GRAVE_AT_ONCE: usize = 64;
/// The same, of signing in: each costs a hash that fills a core for a while.
const SIGN_INS_AT_ONCE: usize = 32;
/// Files coming in at once, each of which may take minutes on a bad line.
const UPLOADS_AT_ONCE: usize = 64;
/// Papers for the archive coming in at once. Each lies in memory, 60 MB at most: its plaintext
/// never touches the disk.
const PAPERS_AT_ONCE: usize = 8;
/// Who waits for a place, of all kinds: their forms lie in memory meanwhile.
const WAITING_MAX: usize = 2_048;
/// Whoever waited so long gets an answer that says so: people press again after this.
const WAIT: Duration = Duration::from_secs(5);
/// What must not wait is answered within this, if only by a time to come again.
const GRAVE_WAIT: Duration = Duration::from_secs(2);
/// Seconds after which one may come again.
pub const COME_AGAIN: &str = "3";

/// What must not wait, and what lies below.
const GRAVE: [&str; 5] = [
    "/c/{c}/viewings",
    "/c/{c}/viewings-emergency",
    "/c/{c}/my/files/viewings",
    "/c/{c}/notices/emergency",
    "/step-up",
];

/// Where somebody signs in, and what lies below.
const SIGN_INS: [&str; 1] = ["/sign-in"];

/// Where files that come in lie in memory, and what lies below.
const PAPERS: [&str; 5] = [
    "/c/{c}/files",
    "/c/{c}/forms",
    "/c/{c}/arrears",
    "/c/{c}/arrears-contacts",
    "/c/{c}/viewings-trace",
];

/// How much a route's requests weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Grave,
    SignIn,
    Page,
    Ordinary,
    Upload,
    Paper,
}

impl Weight {
    /// Of the route with this pattern; `files` where it takes some, `reads` where it only shows.
    pub fn of(path: &str, files: bool, reads: bool) -> Weight {
        let below = |area: &str| {
            let rest = path.strip_prefix(area);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if files && PAPERS.into_iter().any(below) {
            Weight::Paper
        } else if files {
            Weight::Upload
        } else if GRAVE.into_iter().any(below) {
            Weight::Grave
        } else if SIGN_INS.into_iter().any(below) {
            Weight::SignIn
        } else if reads {
            Weight::Page
        } else {
            Weight::Ordinary
        }
    }
}

/// The places of one server.
pub struct Load {
    grave: Arc<Semaphore>,
    sign_ins: Arc<Semaphore>,
    pages: Arc<Semaphore>,
    ordinary: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    papers: Arc<Semaphore>,
    waiting: AtomicUsize,
    wait: Duration,
    grave_wait: Duration,
}

impl Default for Load {
    fn default() -> Load {
        let cores = std::thread::available_parallelism().map_or(2, |n| n.get().max(2));
        Load {
            grave: Arc::new(Semaphore::new(GRAVE_AT_ONCE)),
            pages: Arc::new(Semaphore::new(PAGES_PER_CORE * cores)),
            sign_ins: Arc::new(Semaphore::new(SIGN_INS_AT_ONCE)),
            ordinary: Arc::new(Semaphore::new(AT_ONCE)),
            uploads: Arc::new(Semaphore::new(UPLOADS_AT_ONCE)),
            papers: Arc::new(Semaphore::new(PAPERS_AT_ONCE)),
            waiting: AtomicUsize::new(0),
            wait: WAIT,
            grave_wait: GRAVE_WAIT,
        }
    }
}

/// Counts who waits, however the waiting ends.
struct Waiter<'a>(&'a AtomicUsize);

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Load {
    /// A place, as soon as there is one; `None` where the sender had better come again.
    pub async fn enter(&self, weight: Weight) -> Option<OwnedSemaphorePermit> {
        let (places, wait) = match weight {
            Weight::Grave => (&self.grave, self.grave_wait),
            Weight::SignIn => (&self.sign_ins, self.wait),
            Weight::Page => (&self.pages, self.wait),
            Weight::Ordinary => (&self.ordinary, self.wait),
            Weight::Upload => (&self.uploads, self.wait),
            Weight::Paper => (&self.papers, self.wait),
        };
        if let Ok(place) = places.clone().try_acquire_owned() {
            // Most pages are drawn in one go, without a turn for anybody else. Whoever came
            // meanwhile is let in first: a crowd then waits for places, where it is counted and
            // what must not wait passes it, and not for the thread, where all wait alike.
            if weight != Weight::Grave {
                tokio::task::yield_now().await;
            }
            return Some(place);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiter = Waiter(&self.waiting);
        if before >= WAITING_MAX && weight != Weight::Grave {
            return None;
        }
        let place = tokio::time::timeout(wait, places.clone().acquire_owned()).await;
        // The places are never closed.
        place.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_not_wait_is_known_by_its_path() {
        assert_eq!(
            Weight::of("/c/{c}/viewings/{id}/pages/{n}", false, true),
            Weight::Grave
        );
        assert_eq!(
            Weight::of("/c/{c}/my/files/viewings/{id}/view", false, true),
            Weight::Grave
        );
        assert_eq!(Weight::of("/sign-in/staff", false, false), Weight::SignIn);
        let shown = |path| Weight::of(path, false, true);
        assert_eq!(shown("/c/{c}/viewings-else"), Weight::Page);
        assert_eq!(shown("/c/{c}/files/{id}/new"), Weight::Page);
        let sent = |path, files| Weight::of(path, files, false);
        assert_eq!(sent("/c/{c}/fees", false), Weight::Ordinary);
        assert_eq!(sent("/c/{c}/files/{id}/new", true), Weight::Paper);
        assert_eq!(sent("/c/{c}/viewings-trace", true), Weight::Paper);
        assert_eq!(sent("/c/{c}/group/{id}/send", true), Weight::Upload);
    }

    #[tokio::test]
    async fn ten_times_too_much_is_sent_away_and_what_must_not_wait_goes_on() {
        let load = Arc::new(Load {
            wait: Duration::from_millis(20),
            ..Load::default()
        });
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(load.enter(Weight::Ordinary).await.expect("a place"));
        }
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..10 * AT_ONCE {
            let load = load.clone();
            waiting.spawn(async move { load.enter(Weight::Ordinary).await.is_some() });
        }
        tokio::task::yield_now().await;
        for _ in 0..GRAVE_AT_ONCE / 2 {
            assert!(load.enter(Weight::Grave).await.is_some());
        }
        // A place that comes free goes to one who waits.
        held.pop();
        let mut in_time = 0;
        while let Some(came) = waiting.join_next().await {
            in_time += usize::from(came.expect("no panic"));
        }
        assert!(in_time > 0, "whoever came in in time is served");
        assert_eq!(
            load.waiting.load(Ordering::Relaxed),
            0,
            "nobody is forgotten"
        );
        drop(held);
        assert!(load.enter(Weight::Ordinary).await.is_some());
    }

    #[tokio::test]
    async fn a_crowd_that_signs_in_takes_no_place_of_what_must_not_wait() {
        let load = Load {
            wait: Duration::from_millis(20),
            grave_wait: Duration::from_millis(20),
            ..Load::default()
        };
        let mut held = Vec::new();
        for _ in 0..SIGN_INS_AT_ONCE {
            held.push(load.enter(Weight::SignIn).await.expect("a place"));
        }
        assert!(load.enter(Weight::SignIn).await.is_none(), "one more waits");
        assert!(load.enter(Weight::Grave).await.is_some());
        assert!(load.enter(Weight::Ordinary).await.is_some());
    }

    #[tokio::test]
    async fn a_crowd_waits_for_places_and_not_for_the_thread() {
        const CROWD: usize = 100;
        let (load, came) = (Arc::new(Load::default()), Arc::new(AtomicUsize::new(0)));
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..CROWD {
            let (load, came) = (load.clone(), came.clone());
            crowd.spawn(async move {
                came.fetch_add(1, Ordering::Relaxed);
                let _place = load.enter(Weight::Page).await;
                // Drawn in one go from here on.
                came.load(Ordering::Relaxed)
            });
        }
        while let Some(there) = crowd.join_next().await {
            assert_eq!(
                there.expect("no panic"),
                CROWD,
                "all came in before one was drawn"
            );
        }
    }

    #[tokio::test]
    async fn papers_that_lie_in_memory_are_counted_apart() {
        let load = Load {
            wait: Duration::from_millis(20),
            ..Load::default()
        };
        let mut held = Vec::new();
        for _ in 0..PAPERS_AT_ONCE {
            held.push(load.enter(Weight::Paper).await.expect("a place"));
        }
        assert!(load.enter(Weight::Paper).await.is_none(), "one more waits");
        assert!(load.enter(Weight::Upload).await.is_some());
        held.pop();
        assert!(load.enter(Weight::Paper).await.is_some());
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_sent_away() {
        let load = Arc::new(Load::default());
        let mut held = Vec::new();
        for _ in 0..UPLOADS_AT_ONCE {
            held.push(load.enter(Weight::Upload).await.expect("a place"));
        }
        load.waiting.store(WAITING_MAX, Ordering::Relaxed);
        assert!(load.enter(Weight::Upload).await.is_none());
        held.clear();
        assert!(load.enter(Weight::Upload).await.is_some());
    }
}
