//! What is billed, paid, corrected and handed back in the year, and that the books balance.

use fees::{Fen, WriteOff, add_bill, record};
use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::params;

use super::Year;
use super::model::{Bill, Day, Sums};
use crate::membership::world::C;

/// Every sum of the books, from the tables of details.
const BOOKS: &str = "SELECT \
     (SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_bill WHERE community = $1), \
     (SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_correction WHERE community = $1 \
      AND kind = 'adjustment'), \
     (SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_correction WHERE community = $1 \
      AND kind = 'write_off'), \
     (SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_allocation WHERE community = $1), \
     (SELECT COALESCE(CAST(SUM(owed) AS BIGINT), 0) FROM fee_bill WHERE community = $1), \
     (SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_payment WHERE community = $1 \
      AND state = 'received'), \
     (SELECT COALESCE(CAST(SUM(credit) AS BIGINT), 0) FROM fee_payment WHERE community = $1), \
     (SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_refund WHERE community = $1)";

impl Year {
    pub async fn bills(&mut self) {
        // The bills of the month are written on its third, each room's due on a day of its own.
        const DUE: [i8; 4] = [15, 31, 30, 28];
        if self.today.day != 3 {
            return;
        }
        for (at, due) in DUE.into_iter().enumerate() {
            let due = Day::clamped(self.today.year, self.today.month, due);
            let fen = 10_000 + self.up_to(30_000);
            let month = format!("{:04}-{:02}", due.year, due.month);
            let id = add_bill(
                &self.house,
                &self.o.w.manager,
                self.accounts[at].room,
                self.item,
                month.parse().expect("a month"),
                Fen(fen),
                Some(due.civil()),
            )
            .await
            .expect("billed");
            self.seen.bills += 1;
            self.sums.billed += fen;
            self.sums.owed += fen;
            self.accounts[at].bills.push(Bill { id, due, owed: fen });
            self.accounts[at].settle(&mut self.sums);
            self.followed().await;
        }
    }

    /// The first pays soon, the second late and in parts, the third now and then, the last
    /// never does.
    pub async fn payments(&mut self) {
        for at in 0..self.accounts.len() - 1 {
            let owed = self.accounts[at].owed();
            let percent = [14, 4, 2][at];
            if owed == 0 || !self.odds(percent) {
                continue;
            }
            let fen = match self.chance.below(4) {
                0 => self.up_to(owed),
                1 => owed + self.up_to(5_000),
                2 => self.accounts[at]
                    .bills
                    .iter()
                    .map(|b| b.owed)
                    .find(|o| *o > 0)
                    .unwrap_or(1),
                _ => owed,
            };
            let before = (self.sums, self.accounts[at].purse());
            let payment = self.pays(at, fen).await;
            if self.odds(50) {
                self.followed().await;
            }
            // The cheque bounced, or it was typed in for the wrong home.
            if self.odds(15) {
                fees::void_payment(&self.house, &self.o.w.manager, payment, "退票")
                    .await
                    .expect("void");
                self.sums = before.0;
                self.accounts[at].put_back(&before.1);
                self.seen.voids += 1;
            }
            self.followed().await;
        }
    }

    async fn pays(&mut self, at: usize, fen: i64) -> Id {
        let mut new = crate::fees::street::payment(self.accounts[at].room, fen);
        new.paid_on = self.today.civil();
        let done = record(&self.house, &self.cashier, new).await;
        self.seen.payments += 1;
        self.sums.paid += fen;
        self.sums.credit += fen;
        self.accounts[at].credit += fen;
        self.accounts[at].settle(&mut self.sums);
        done.expect("paid").payment
    }

    /// Late in the evening of a deadline somebody pays, and the house goes down before anything
    /// follows that: what comes up the next morning must not call it late.
    pub async fn evening(&mut self) {
        for at in 0..self.accounts.len() - 1 {
            let account = &self.accounts[at];
            let last_day = account.deadline() == Some(self.today) && account.in_scope(self.today);
            if !last_day || !self.odds(50) {
                continue;
            }
            let ten_to_midnight = Moment::at_start_of(self.today.civil()).plus(DAY - 10 * MINUTE);
            self.o.house().clock.set(ten_to_midnight);
            let owed = self.accounts[at].owed();
            self.pays(at, owed).await;
            let late = self.accounts[at].look(self.today);
            assert_eq!(late, None);
            self.seen.evenings += 1;
            self.reopened().await;
        }
    }

    /// Bills are made smaller or larger, a rest is given up, credit goes back.
    pub async fn corrections(&mut self) {
        let at = self.chance.below(self.accounts.len() as u64) as usize;
        if !self.odds(8) {
            return;
        }
        let manager = &self.o.w.manager;
        let account = &mut self.accounts[at];
        let most = 1 + self.chance.below(4_000) as i64;
        match account.bills.iter_mut().rev().find(|b| b.owed > most) {
            Some(bill) if self.chance.below(2) == 0 => {
                let by = if self.chance.below(2) == 0 {
                    most
                } else {
                    -most
                };
                fees::adjust(&self.house, manager, bill.id, Fen(by), "改", None)
                    .await
                    .expect("adjusted");
                bill.owed += by;
                self.sums.adjusted += by;
                self.sums.owed += by;
            }
            Some(bill) => {
                let done = fees::write_off(&self.house, manager, bill.id, Fen(most), "免", None);
                let done = done.await.expect("written off");
                assert!(matches!(done, WriteOff::Done));
                bill.owed -= most;
                self.sums.written_off += most;
                self.sums.owed -= most;
            }
            None if account.credit > 0 => {
                let (fen, way) = (account.credit.min(most), fees::Way::Cash);
                fees::refund(
                    &self.house,
                    manager,
                    account.room,
                    Fen(fen),
                    way,
                    "退",
                    None,
                )
                .await
                .expect("handed back");
                account.credit -= fen;
                self.sums.credit -= fen;
                self.sums.refunded += fen;
            }
            None => {}
        }
        self.followed().await;
    }

    pub async fn balanced(&self) {
        type Eight = (i64, i64, i64, i64, i64, i64, i64, i64);
        let all: Eight = self
            .house
            .db
            .one(ask(BOOKS, params![C]))
            .await
            .expect("readable");
        let (billed, adjusted, written_off, allocated, owed, paid, credit, refunded) = all;
        let books = Sums {
            billed,
            adjusted,
            written_off,
            allocated,
            owed,
            paid,
            credit,
            refunded,
        };
        let day = self.today.civil();
        assert_eq!(books, self.sums, "{day}");
        assert_eq!(billed + adjusted - written_off, allocated + owed, "{day}");
        assert_eq!(paid, allocated + credit + refunded, "{day}");
    }
}
