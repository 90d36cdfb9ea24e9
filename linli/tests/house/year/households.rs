//! The census of the year: each household once a quarter, in time, late or never.

use census::answer;
use census::task::Method;
use census::work::{self, Filter};
use census::{Quarter, State, Task, coverage, visit};

use super::Year;
use super::model::Household;
use crate::membership::world::C;

impl Year {
    pub async fn tasks(&self, quarter: i64) -> Vec<Task> {
        let quarter = Quarter::from_number(quarter).expect("a quarter");
        let (all, manager) = (Filter::default(), &self.o.w.manager);
        let page = work::page(&self.house, manager, quarter, &all, None).await;
        page.expect("listed").0
    }

    /// Every household is due anew, and somebody's to visit.
    pub async fn new_quarter(&mut self) {
        let (quarter, to) = (self.today.quarter(), self.o.w.specialist.account);
        let q = Quarter::from_number(quarter).expect("a quarter");
        census::share::assign(
            &self.house,
            &self.o.w.supervisor,
            q,
            "3",
            to.expect("an account"),
        )
        .await
        .expect("assigned");
        for dossier in self.o.dossiers().await {
            let id = dossier.dossier.id;
            self.households.push(Household::of(id, quarter));
        }
    }

    /// Each open household has a small chance every day; what stays open past its quarter is
    /// done late or never.
    pub async fn census(&mut self) {
        for at in 0..self.households.len() {
            let h = &self.households[at];
            let past = h.quarter != self.today.quarter();
            if h.gone || h.done.is_some() || !self.odds(if past { 1 } else { 2 }) {
                continue;
            }
            let tasks = self.tasks(h.quarter).await;
            let task = tasks.iter().find(|t| t.dossier == h.dossier).expect("due");
            assert_eq!(task.state, State::Open);
            let (by, id) = (&self.o.w.specialist, task.id);
            let what = self.chance.below(6);
            match what {
                0 if !past => visit::refuse(&self.house, by, id).await.expect("noted"),
                1 => {
                    let signs = ["meter", "access"];
                    let done = visit::vacant(&self.house, by, id, &signs).await;
                    done.expect("two signs");
                }
                _ => {
                    let (sent, fields) = (format!("visit-{id}"), crate::census::same());
                    let done = answer::send(&self.house, by, id, &sent, Method::Visit, &fields);
                    assert_eq!(done.await.expect("taken"), answer::Outcome::Counted);
                }
            }
            let today = self.today;
            let h = &mut self.households[at];
            h.done = Some(today);
            h.recorded = what != 0 || past;
            self.seen.records += 1;
            self.seen.late_records += usize::from(past);
        }
    }

    /// Of this quarter and of the one before.
    pub async fn coverage(&self) {
        let quarter = self.today.quarter();
        let before = if quarter % 10 == 1 {
            quarter - 7
        } else {
            quarter - 1
        };
        for number in [before, quarter] {
            let own = || self.households.iter().filter(|h| h.quarter == number);
            if own().next().is_none() {
                continue;
            }
            let q = Quarter::from_number(number).expect("a quarter");
            let told = coverage::totals(&self.house, C, q).await.expect("counted");
            let in_time = own()
                .filter(|h| h.recorded && h.done.is_some_and(|day| day.quarter() == h.quarter));
            let late = own().filter(|h| h.recorded && h.late(self.today).is_some());
            let open = own().filter(|h| h.done.is_none());
            assert_eq!(
                (told.due(), told.in_time(), told.late, told.open),
                (
                    own().count() as i64,
                    in_time.count() as i64,
                    late.count() as i64,
                    open.count() as i64
                ),
                "{}: {number}",
                self.today.civil()
            );
        }
    }
}
