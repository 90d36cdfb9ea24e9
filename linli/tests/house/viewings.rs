//! Viewings of dossiers: nobody sees a page but who was granted it by one and registered by
//! another, each look in the ledger before its bytes leave.

use dossiers::{Kind, Kinds};
use foundation::clock::{HOUR, MINUTE};
use foundation::database::{DbError, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;
use viewings::ask::Draft;
use viewings::{
    Guard, Mode, Modes, Purpose, Refused, Scope, State, Viewing, ViewingError, ask as asking,
    decide, opening, reading, register,
};

use crate::archive::office::Office;
use crate::membership::world::{C, employ};

mod covering;
mod emergency;
mod limits;
mod own;
mod pages;
mod persons;
mod rule;
mod story;

/// An office that asks, decides and registers.
pub struct Desk {
    pub o: Office,
    /// Asks; neither the manager nor a specialist.
    pub asker: Actor,
    pub dossier: Id,
    pub document: Id,
}

pub const REASON: &str = "業主來電核對登記表上的聯絡方式";

pub fn scope(kinds: &[Kind], modes: &[Mode], minutes: i64) -> Scope {
    Scope {
        kinds: Kinds::of(kinds.iter().copied()),
        modes: Modes::of(modes.iter().copied()),
        window: minutes * MINUTE,
    }
}

impl Desk {
    /// One dossier with a filed registration of three pages.
    pub async fn new() -> Desk {
        let o = Office::new().await;
        let dossier = o.dossier(0).await;
        let document = o.filed(dossier, Kind::Registration, 3).await;
        Desk {
            asker: o.w.supervisor.clone(),
            o,
            dossier,
            document,
        }
    }

    pub fn house(&self) -> &House {
        self.o.house()
    }

    pub fn draft(&self, scope: Scope) -> Draft {
        Draft {
            dossiers: vec![self.dossier],
            documents: Vec::new(),
            purpose: Purpose::Service,
            reason: REASON.into(),
            visitor: String::new(),
            scope,
            from: None,
        }
    }

    pub async fn submitted(&self, by: &Actor, scope: Scope) -> Viewing {
        let id = asking::draft(self.house(), by, &self.draft(scope))
            .await
            .expect("written down");
        asking::submit(self.house(), by, id).await.expect("sent")
    }

    pub async fn approved(&self, scope: Scope) -> Viewing {
        let v = self.submitted(&self.asker, scope).await;
        decide::approve(self.house(), &self.o.w.manager, v.id, scope, None, true)
            .await
            .expect("approved")
    }

    pub async fn registered(&self, scope: Scope) -> Viewing {
        let v = self.approved(scope).await;
        register::register(
            self.house(),
            &self.o.w.specialist,
            v.id,
            "工作證 0173",
            true,
        )
        .await
        .expect("registered")
    }

    /// A viewing whose window is open.
    pub async fn open(&self, scope: Scope) -> Viewing {
        let v = self.registered(scope).await;
        opening::activate(self.house(), &self.asker, v.id, true)
            .await
            .expect("open")
    }

    pub async fn read(&self, by: &Actor, id: Id, page: u32) -> Result<Vec<u8>, ViewingError> {
        reading::page(self.house(), by, id, self.document, page).await
    }

    pub async fn now(&self, id: Id) -> Viewing {
        let row = viewings::listing::story(self.house(), &self.o.w.manager, id).await;
        row.expect("there").viewing
    }

    /// The room's kinds of events, oldest first.
    pub async fn told(&self) -> Vec<String> {
        let rows: Vec<(String,)> = self
            .house()
            .db
            .all(ask(
                "SELECT kind FROM ledger WHERE community = $1 AND kind LIKE 'viewings.%' \
                 ORDER BY seq",
                params![C],
            ))
            .await
            .expect("readable");
        rows.into_iter().map(|r| r.0).collect()
    }

    /// Lets the clock do what is due.
    pub async fn jobs(&self) {
        let runner = viewings::clock::jobs(Runner::default());
        let house = &self.o.house().house;
        while runner
            .run_due(&house.db, house, house.now())
            .await
            .expect("run")
            > 0
        {}
    }
}

/// View alone, for half an hour.
pub fn looks() -> Scope {
    scope(&[Kind::Registration], &[Mode::View], 30)
}

pub fn refused(result: Result<impl Sized, ViewingError>) -> Refused {
    match result {
        Err(ViewingError::Refused(refused)) => refused,
        Err(e) => panic!("refused otherwise: {e}"),
        Ok(_) => panic!("it was done"),
    }
}

pub fn guard(result: Result<impl Sized, ViewingError>) -> Guard {
    match refused(result) {
        Refused::Guard(guard) => guard,
        other => panic!("{other:?}"),
    }
}
