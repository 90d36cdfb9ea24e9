//! Two homes change owners in the year: one tenure closes, the next opens, and the census asks
//! of each what its days in the quarter make due.

use changes::record::State;
use changes::transfer::{self, deed};
use changes::{ChangesError, check};

use super::Year;
use super::model::{Day, Household};
use crate::changes::{drafted, said, waiting};
use crate::membership::world::C;

impl Year {
    /// A tenure that ends within a quarter is asked only where it lasted thirty days of it.
    pub async fn transfers(&mut self) {
        let Some(at) = self.transfers_on.iter().position(|day| *day == self.today) else {
            return;
        };
        let (id, version) = drafted(&self.o, at, |draft| {
            draft.owners[0].name = ["吳敏", "周海"][at].into();
            draft.credit = "carried".into();
            draft.owners[0].phone = format!("1366666777{at}");
        })
        .await;
        let by = self.o.w.specialist.clone();
        deed::complete(&self.house, &by, id, version)
            .await
            .expect("done");
        if self.odds(50) {
            self.reopened().await;
        }
        dossiers::follow::follow(&self.house, C)
            .await
            .expect("followed");
        changes::follow::follow(&self.house, C)
            .await
            .expect("followed");
        self.checked().await;
        let (t, _) = transfer::one(&self.house, &by, id).await.expect("there");
        let next = t.next.expect("settled");
        assert_ne!(next, t.dossier);
        let paper = self.o.filed(next, dossiers::Kind::FireSafety, 1).await;
        self.papers.insert(next, paper);

        let (quarter, today) = (self.today.quarter(), self.today);
        let short = today < Day::new(today.year, (today.month - 1) / 3 * 3 + 1, 1).plus(30);
        let ended = |h: &Household| h.dossier == t.dossier && h.quarter == quarter;
        self.households
            .retain(|h| !(ended(h) && short && h.done.is_none()));
        for h in self
            .households
            .iter_mut()
            .filter(|h| h.dossier == t.dossier)
        {
            h.gone = true;
        }
        self.households.push(Household::of(next, quarter));
        census::jobs::tend(&self.house, C).await.expect("the night");
        self.seen.transfers += 1;
    }

    /// Who made the transfer does not check it; another does.
    async fn checked(&mut self) {
        let record = waiting(&self.o).await.pop().expect("the transfer waits");
        assert_eq!(
            (record.field.as_str(), record.state),
            ("transfer", State::Waiting)
        );
        let record = said(&self.o, &record).await;
        let (own, other) = (&self.o.w.specialist, &self.o.w.supervisor);
        let refused = check::check(&self.house, own, record.id, record.version).await;
        assert!(matches!(refused, Err(ChangesError::OwnChange)));
        check::check(&self.house, other, record.id, record.version)
            .await
            .expect("checked");
        self.seen.refusals += 1;
    }
}
