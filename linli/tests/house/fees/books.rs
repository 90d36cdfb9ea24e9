//! The books balance after every act of any history.

use fees::{
    Fen, Period, Way, add_bill, adjust, arrears_of_rooms, begin_run, bill_month, carry_on,
    charge_late, record, refund, runs, undo_run, void_bill, void_payment, waive_late, write_off,
};
use foundation::chance::Chance;
use foundation::ids::Id;
use jiff::civil::date;

use super::street::{Street, payment};

/// What must be equal, always: both sides are read from the detail tables as well as
/// from the sums that bills and payments carry.
async fn balanced(s: &Street, after: &str) {
    let stood = s.sum("SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_bill WHERE community = $1 AND state <> 'void'").await;
    let adjusted = s.sum("SELECT COALESCE(CAST(SUM(k.amount) AS BIGINT), 0) FROM fee_correction k JOIN fee_bill b ON b.community = k.community AND b.id = k.bill WHERE k.community = $1 AND k.kind = 'adjustment' AND b.state <> 'void'").await;
    let off = s.sum("SELECT COALESCE(CAST(SUM(k.amount) AS BIGINT), 0) FROM fee_correction k JOIN fee_bill b ON b.community = k.community AND b.id = k.bill WHERE k.community = $1 AND k.kind = 'write_off' AND b.state <> 'void'").await;
    let allocated = s.sum("SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_allocation WHERE community = $1").await;
    let owed = s
        .sum("SELECT COALESCE(CAST(SUM(owed) AS BIGINT), 0) FROM fee_bill WHERE community = $1")
        .await;
    let paid = s.sum("SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_payment WHERE community = $1 AND state = 'received'").await;
    let credit = s
        .sum(
            "SELECT COALESCE(CAST(SUM(credit) AS BIGINT), 0) FROM fee_payment WHERE community = $1",
        )
        .await;
    assert_eq!(stood + adjusted - off, allocated + owed, "bills, {after}");
    let refunds = s
        .sum("SELECT COALESCE(CAST(SUM(amount) AS BIGINT), 0) FROM fee_refund WHERE community = $1")
        .await;
    assert_eq!(paid, allocated + credit + refunds, "payments, {after}");
    for (what, sql) in [
        (
            "a sum below zero",
            "SELECT COUNT(*) FROM fee_bill WHERE community = $1 AND (owed < 0 OR allocated < 0 OR written_off < 0)",
        ),
        (
            "credit below zero",
            "SELECT COUNT(*) FROM fee_payment WHERE community = $1 AND credit < 0",
        ),
        (
            "an empty allocation",
            "SELECT COUNT(*) FROM fee_allocation WHERE community = $1 AND amount <= 0",
        ),
        (
            "a wrong sum on a bill",
            "SELECT COUNT(*) FROM fee_bill b WHERE community = $1 AND allocated <> COALESCE((SELECT SUM(a.amount) FROM fee_allocation a WHERE a.community = b.community AND a.bill = b.id), 0)",
        ),
        (
            "a wrong state",
            "SELECT COUNT(*) FROM fee_bill WHERE community = $1 AND state <> CASE WHEN state = 'void' THEN 'void' WHEN owed > 0 THEN 'open' ELSE 'settled' END",
        ),
        (
            "credit beside an open bill",
            "SELECT COUNT(*) FROM fee_payment p WHERE p.community = $1 AND p.credit > 0 AND EXISTS (SELECT 1 FROM fee_bill b WHERE b.community = p.community AND b.room = p.room AND b.owed > 0)",
        ),
    ] {
        assert_eq!(s.sum(sql).await, 0, "{what}, {after}");
    }
}

struct History {
    chance: Chance,
    bills: Vec<Id>,
    payments: Vec<Id>,
    months: i8,
}

impl History {
    fn pick(&self, below: usize) -> usize {
        (self.chance.u64() % below.max(1) as u64) as usize
    }

    fn one_of(&self, from: &[Id]) -> Option<Id> {
        (!from.is_empty()).then(|| from[self.pick(from.len())])
    }

    /// One act; refusals are part of life.
    async fn act(&mut self, s: &Street) -> String {
        let room = s.rooms[self.pick(s.rooms.len())];
        let fen = Fen(1 + self.pick(50_000) as i64);
        match self.pick(15) {
            0 if self.months < 12 => {
                self.months += 1;
                let period = Period::new(2026, self.months).expect("a month");
                let done = bill_month(&s.house, &s.manager, period, &[]).await;
                format!("bill {period}: {done:?}")
            }
            1 | 2 => {
                let period = Period::new(2025, 1 + self.pick(12) as i8).expect("a month");
                let due = Some(date(2025, 1 + self.pick(12) as i8, 15));
                let done = add_bill(&s.house, &s.cashier, room, s.property, period, fen, due).await;
                self.bills.extend(done.as_ref().ok());
                format!("add a bill of {fen}: {done:?}")
            }
            3..=5 => {
                let mut new = payment(room, fen.0);
                new.named = self.one_of(&self.bills).into_iter().collect();
                let done = record(&s.house, &s.cashier, new).await;
                self.payments.extend(done.as_ref().ok().map(|r| r.payment));
                format!("pay {fen}: {done:?}")
            }
            6 => match self.one_of(&self.payments) {
                Some(p) => format!(
                    "void {p}: {:?}",
                    void_payment(&s.house, &s.manager, p, "錯").await
                ),
                None => "nothing".into(),
            },
            7 => match self.one_of(&self.bills) {
                Some(b) => {
                    let by = Fen(if self.pick(2) == 0 { fen.0 } else { -fen.0 });
                    format!(
                        "adjust {b} by {by}: {:?}",
                        adjust(&s.house, &s.manager, b, by, "改", None).await
                    )
                }
                None => "nothing".into(),
            },
            8 => match self.one_of(&self.bills) {
                Some(b) => format!(
                    "write off {fen} of {b}: {:?}",
                    write_off(&s.house, &s.manager, b, fen, "免", None).await
                ),
                None => "nothing".into(),
            },
            9 => {
                let done = refund(&s.house, &s.manager, room, fen, Way::Cash, "退", None).await;
                format!("refund {fen}: {done:?}")
            }
            10 => {
                let run = runs(&s.house, &s.manager).await.expect("runs");
                let Some(run) = run.first().map(|r| r.id) else {
                    return "nothing".into();
                };
                let done = undo_run(&s.house, &s.manager, run, "重出").await;
                format!("undo the batch {run}: {done:?}")
            }
            11 if self.months > 0 => {
                let period = Period::new(2026, self.months).expect("a month");
                // Broken off and gone on with.
                let run = begin_run(&s.house, &s.manager, period, &[])
                    .await
                    .expect("begun");
                let done = carry_on(&s.house, &s.manager, run).await;
                format!("bill {period} again: {done:?}")
            }
            12 => {
                let fee = super::late::proposed(s, room).await;
                let done = charge_late(&s.house, &s.cashier, room, fee).await;
                if done.is_ok() {
                    self.bills.push(s.bill_of(room).await);
                }
                format!("charge a late fee of {fee}: {done:?}")
            }
            13 => {
                let done = waive_late(&s.house, &s.manager, room, "免").await;
                format!("give up a late fee: {done:?}")
            }
            _ => match self.one_of(&self.bills) {
                Some(b) => format!(
                    "void bill {b}: {:?}",
                    void_bill(&s.house, &s.manager, b, "廢").await
                ),
                None => "nothing".into(),
            },
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_balance_after_every_act_of_random_histories() {
    for seed in 0..4 {
        let s = Street::new().await;
        super::late::with_a_clause(&s).await;
        let mut history = History {
            chance: Chance::from_seed(seed),
            bills: Vec::new(),
            payments: Vec::new(),
            months: 0,
        };
        for step in 0..90 {
            let act = history.act(&s).await;
            s.house.clock.advance(1_000);
            balanced(&s, &format!("seed {seed}, step {step}: {act}")).await;
        }
        let day = date(2030, 1, 1);
        let all = arrears_of_rooms(&s.house, s.community, &s.rooms, day).await;
        let arrears: i64 = all.expect("arrears").values().map(|a| a.total.0).sum();
        let owed = s
            .sum("SELECT COALESCE(CAST(SUM(owed) AS BIGINT), 0) FROM fee_bill WHERE community = $1")
            .await;
        assert_eq!(arrears, owed, "by 2030 all that is owed is overdue");
    }
}
