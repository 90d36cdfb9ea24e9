//! The viewings of the year: asked for, refused, forgotten, granted, opened, read and closed.
//! Whether a page may be read is worked out here from the grant's own story alone.

use dossiers::Kind;
use foundation::clock::MINUTE;
use foundation::database::ask;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::params;
use permissions::actor::Actor;
use viewings::ask::Draft;
use viewings::{Mode, Purpose, State, ViewingError, ask as asking, decide, opening, reading};

use super::Year;
use crate::membership::world::C;
use crate::viewings::{REASON, scope};

/// How long a window is open.
const WINDOW: i64 = 30;

/// A viewing as the model knows it.
#[derive(Debug)]
pub struct Grant {
    id: Id,
    dossier: Id,
    /// The window, from and until, once it was opened; closing ends it early.
    window: Option<(i64, i64)>,
}

impl Year {
    fn asker(&self) -> &Actor {
        &self.o.w.supervisor
    }

    /// A page of a dossier's paper is tried, and shown exactly where the grant reaches.
    async fn tries(&mut self, grant: &Grant, by: &Actor, dossier: Id) {
        let now = self.house.now().0;
        let open = grant
            .window
            .is_some_and(|(from, until)| from <= now && now < until);
        let theirs = by.account == self.asker().account && dossier == grant.dossier;
        let document = self.papers[&dossier];
        let seen = reading::page(&self.house, by, grant.id, document, 1).await;
        let day = self.today.civil();
        match seen {
            Ok(picture) => {
                assert!(open && theirs, "{day}: {grant:?} was read");
                assert!(picture.starts_with(b"\xff\xd8\xff"));
                self.seen.pages += 1;
            }
            Err(ViewingError::Refused(_) | ViewingError::NotFound | ViewingError::Forbidden(_)) => {
                assert!(!(open && theirs), "{day}: {grant:?} was not read");
                self.seen.refusals += 1;
            }
            Err(e) => panic!("{day}: {e}"),
        }
    }

    /// Everybody tries, and who asked tries another dossier too.
    async fn all_try(&mut self, grant: &Grant) {
        let (asker, manager) = (self.asker().clone(), self.o.w.manager.clone());
        let specialist = self.o.w.specialist.clone();
        self.tries(grant, &asker, grant.dossier).await;
        if self.odds(40) {
            let other = if self.odds(50) { manager } else { specialist };
            self.tries(grant, &other, grant.dossier).await;
            let elsewhere = self.papers.keys().find(|d| **d != grant.dossier);
            let elsewhere = *elsewhere.expect("another dossier");
            self.tries(grant, &asker, elsewhere).await;
        }
    }

    /// On some days somebody wants to look into a dossier.
    pub async fn looks(&mut self) {
        if self.odds(30)
            && let Some(old) = self.grants.pop()
        {
            let asker = self.asker().clone();
            self.tries(&old, &asker, old.dossier).await;
            self.grants.insert(0, old);
        }
        if !self.odds(3) {
            return;
        }
        let dossiers = self.o.dossiers().await;
        let dossier = dossiers[self.chance.below(dossiers.len() as u64) as usize]
            .dossier
            .id;
        let wanted = scope(&[Kind::FireSafety], &[Mode::View], WINDOW);
        let draft = Draft {
            dossiers: vec![dossier],
            documents: Vec::new(),
            purpose: Purpose::Service,
            reason: REASON.into(),
            visitor: String::new(),
            scope: wanted,
            from: None,
        };
        let may_not = asking::draft(&self.house, &self.cashier, &draft).await;
        assert!(matches!(may_not, Err(ViewingError::Forbidden(_))));
        let (asker, manager) = (self.asker().clone(), self.o.w.manager.clone());
        let id = asking::draft(&self.house, &asker, &draft)
            .await
            .expect("written");
        asking::submit(&self.house, &asker, id).await.expect("sent");
        self.seen.viewings += 1;
        let mut grant = Grant {
            id,
            dossier,
            window: None,
        };
        self.granted(&mut grant, &asker, &manager).await;
        self.grants.push(grant);
    }

    /// How far it goes is left to chance.
    async fn granted(&mut self, grant: &mut Grant, asker: &Actor, manager: &Actor) {
        let (id, what) = (grant.id, self.chance.below(8));
        let wanted = scope(&[Kind::FireSafety], &[Mode::View], WINDOW);
        let by_self = decide::approve(&self.house, asker, id, wanted, None, true).await;
        assert!(by_self.is_err());
        self.all_try(grant).await;
        match what {
            0 => {
                decide::deny(
                    &self.house,
                    manager,
                    id,
                    "與業主本人核對即可，不必查閱檔案",
                    None,
                )
                .await
                .expect("denied");
                return self.all_try(grant).await;
            }
            // Nobody decides.
            1 => return,
            _ => {}
        }
        decide::approve(&self.house, manager, id, wanted, None, true)
            .await
            .expect("approved");
        self.all_try(grant).await;
        if what == 2 {
            return;
        }
        let specialist = self.o.w.specialist.clone();
        viewings::register::register(&self.house, &specialist, id, "工作證 0173", true)
            .await
            .expect("registered");
        self.all_try(grant).await;
        opening::activate(&self.house, asker, id, true)
            .await
            .expect("open");
        let from = self.house.now().0;
        grant.window = Some((from, from + WINDOW * MINUTE));
        self.all_try(grant).await;
        self.pass(WINDOW - 1);
        self.all_try(grant).await;
        if what == 3 {
            // The house goes down while the window is open, and up again.
            self.reopened().await;
            self.all_try(grant).await;
        }
        if what < 6 {
            opening::close(&self.house, asker, id)
                .await
                .expect("closed");
            grant.window = Some((from, self.house.now().0));
            self.all_try(grant).await;
        }
        self.pass(1);
        self.all_try(grant).await;
    }

    /// The clock ends what waited or was open too long.
    pub async fn terms(&self) {
        let runner = viewings::clock::jobs(Runner::default());
        let house = &self.house;
        while runner
            .run_due(&house.db, house, house.now())
            .await
            .expect("run")
            > 0
        {}
    }

    /// Every page that was seen is in the ledger, and none besides.
    pub async fn pages_told(&self) {
        // What was opened on the last day ends with its window.
        self.pass(5);
        self.terms().await;
        let (n,): (i64,) = self
            .house
            .db
            .one(ask(
                "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = 'viewings.page_read'",
                params![C],
            ))
            .await
            .expect("readable");
        assert_eq!(n as usize, self.seen.pages);
        for grant in &self.grants {
            let by = &self.o.w.manager;
            let told = viewings::listing::story(&self.house, by, grant.id).await;
            let state = told.expect("there").viewing.state;
            assert_ne!(state, State::Active, "{grant:?}");
        }
    }
}
