//! What the rules ask of an office, written down a second time, slowly and from the rules'
//! text alone: a calendar that counts day by day, a purse, and the duties that hang on both.

use std::collections::BTreeSet;

use foundation::ids::Id;
use jiff::civil::{Date, date};

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

impl Day {
    pub const fn new(year: i16, month: i8, day: i8) -> Day {
        Day { year, month, day }
    }

    fn days_of_month(year: i16, month: i8) -> i8 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// That day of the month, or the month's last where it has none.
    pub fn clamped(year: i16, month: i8, day: i8) -> Day {
        Day::new(year, month, day.min(Day::days_of_month(year, month)))
    }

    pub fn next(self) -> Day {
        if self.day < Day::days_of_month(self.year, self.month) {
            Day::new(self.year, self.month, self.day + 1)
        } else if self.month < 12 {
            Day::new(self.year, self.month + 1, 1)
        } else {
            Day::new(self.year + 1, 1, 1)
        }
    }

    pub fn plus(self, days: u32) -> Day {
        (0..days).fold(self, |day, _| day.next())
    }

    /// A month later, from this very day (民法典 202).
    pub fn month_later(self) -> Day {
        if self.month < 12 {
            Day::clamped(self.year, self.month + 1, self.day)
        } else {
            Day::clamped(self.year + 1, 1, self.day)
        }
    }

    /// The quarter that it lies in, as the ledger writes it: 20261.
    pub fn quarter(self) -> i64 {
        i64::from(self.year) * 10 + i64::from((self.month + 2) / 3)
    }

    pub fn civil(self) -> Date {
        date(self.year, self.month, self.day)
    }
}

/// Something that was not done in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Late {
    pub rule: &'static str,
    pub subject: String,
    /// The day that the report names.
    pub due: String,
    /// It was done after all.
    pub done: bool,
}

/// A bill as the model keeps it.
#[derive(Debug)]
pub struct Bill {
    pub id: Id,
    pub due: Day,
    pub owed: i64,
}

/// One room's purse and the duty towards it.
#[derive(Debug)]
pub struct Account {
    pub room: Id,
    pub bills: Vec<Bill>,
    pub credit: i64,
    pub contacts: Vec<Day>,
    /// The earliest unpaid day that the office has had to follow up since it came into scope.
    duty: Option<Day>,
}

/// All sums of the compound, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub billed: i64,
    pub adjusted: i64,
    pub written_off: i64,
    pub allocated: i64,
    pub owed: i64,
    pub paid: i64,
    pub credit: i64,
    pub refunded: i64,
}

impl Account {
    pub fn of(room: Id) -> Account {
        Account {
            room,
            bills: Vec::new(),
            credit: 0,
            contacts: Vec::new(),
            duty: None,
        }
    }

    pub fn owed(&self) -> i64 {
        self.bills.iter().map(|b| b.owed).sum()
    }

    /// The due day of the earliest unpaid bill.
    pub fn anchor(&self) -> Option<Day> {
        let open = self.bills.iter().filter(|b| b.owed > 0);
        open.map(|b| b.due).min()
    }

    /// A due day is payable until its end; from the day after it something is late.
    pub fn late(&self, today: Day) -> bool {
        self.anchor().is_some_and(|due| due < today)
    }

    /// The month is complete at this day's end, and the day after it is the first in scope.
    pub fn scope_from(&self) -> Option<Day> {
        Some(self.anchor()?.month_later().next())
    }

    fn deadline_of(&self, anchor: Day) -> Day {
        let since = self.contacts.iter().filter(|day| **day >= anchor).max();
        let complete = anchor.month_later();
        let from = since.map_or(complete, |day| complete.max(*day));
        from.plus(15)
    }

    pub fn deadline(&self) -> Option<Day> {
        Some(self.deadline_of(self.anchor()?))
    }

    pub fn in_scope(&self, today: Day) -> bool {
        self.scope_from().is_some_and(|from| from <= today)
    }

    pub fn overdue(&self, today: Day) -> bool {
        self.in_scope(today) && self.deadline().is_some_and(|by| by < today)
    }

    /// At most once a day, and three times in any seven days.
    pub fn may_be_called(&self, today: Day) -> bool {
        let week: BTreeSet<Day> = self
            .contacts
            .iter()
            .copied()
            .filter(|day| day.plus(6) >= today)
            .collect();
        !week.contains(&today) && week.len() < 3
    }

    /// What is owed of each bill, and the credit.
    pub fn purse(&self) -> (Vec<(Id, i64)>, i64) {
        let owed = self.bills.iter().map(|b| (b.id, b.owed));
        (owed.collect(), self.credit)
    }

    /// A payment that is void never was.
    pub fn put_back(&mut self, purse: &(Vec<(Id, i64)>, i64)) {
        for (id, owed) in &purse.0 {
            for bill in self.bills.iter_mut().filter(|b| b.id == *id) {
                bill.owed = *owed;
            }
        }
        self.credit = purse.1;
    }

    /// Credit pays the oldest bills first.
    pub fn settle(&mut self, sums: &mut Sums) {
        self.bills.sort_by_key(|b| b.due);
        for bill in &mut self.bills {
            let part = bill.owed.min(self.credit);
            bill.owed -= part;
            self.credit -= part;
            sums.allocated += part;
            sums.owed -= part;
            sums.credit -= part;
        }
    }

    fn missed(&self, by: Day, done: bool) -> Late {
        Late {
            rule: "arrears.follow_up",
            subject: format!("fee_account:{}", self.room),
            due: by.civil().to_string(),
            done,
        }
    }

    /// Takes note of what is in scope now; a duty that ends after its deadline was missed.
    pub fn look(&mut self, today: Day) -> Option<Late> {
        let now = self.anchor().filter(|_| self.in_scope(today));
        if now == self.duty {
            return None;
        }
        let was = std::mem::replace(&mut self.duty, now);
        let by = self.deadline_of(was?);
        (by < today).then(|| self.missed(by, false))
    }

    /// The household is followed up.
    pub fn call(&mut self, today: Day) -> Option<Late> {
        let by = self.duty.map(|anchor| self.deadline_of(anchor));
        self.contacts.push(today);
        by.filter(|by| *by < today).map(|by| self.missed(by, true))
    }

    /// What is still missed when the year is over.
    pub fn still_missed(&self, today: Day) -> Option<Late> {
        let by = self.deadline_of(self.duty?);
        (by < today).then(|| self.missed(by, false))
    }
}

/// What a quarter asked about one dossier's household.
#[derive(Debug)]
pub struct Household {
    pub dossier: Id,
    pub quarter: i64,
    /// When there was a record, or a refusal.
    pub done: Option<Day>,
    /// A record: counted or found empty, not refused.
    pub recorded: bool,
    /// They live here no more, and nobody asks them.
    pub gone: bool,
}

impl Household {
    pub fn of(dossier: Id, quarter: i64) -> Household {
        Household {
            dossier,
            quarter,
            done: None,
            recorded: false,
            gone: false,
        }
    }

    /// Past the quarter's last day without a record in time.
    pub fn late(&self, today: Day) -> Option<Late> {
        let in_time = self.done.is_some_and(|day| day.quarter() == self.quarter);
        if today.quarter() == self.quarter || in_time {
            return None;
        }
        let (year, nth) = (self.quarter / 10, self.quarter % 10);
        let (year, month) = if nth == 4 {
            (year + 1, 1)
        } else {
            (year, nth * 3 + 1)
        };
        Some(Late {
            rule: "census.quarter",
            subject: format!("dossier:{}", self.dossier),
            due: format!("{year:04}-{month:02}-01"),
            done: self.done.is_some(),
        })
    }
}

#[test]
fn the_models_calendar_reads_as_the_table_of_the_rules() {
    let day = Day::new;
    for (due, complete, by) in [
        (day(2025, 1, 15), day(2025, 2, 15), day(2025, 3, 2)),
        (day(2025, 1, 31), day(2025, 2, 28), day(2025, 3, 15)),
        (day(2025, 2, 28), day(2025, 3, 28), day(2025, 4, 12)),
        (day(2024, 2, 29), day(2024, 3, 29), day(2024, 4, 13)),
        (day(2025, 11, 30), day(2025, 12, 30), day(2026, 1, 14)),
        (day(2025, 12, 31), day(2026, 1, 31), day(2026, 2, 15)),
    ] {
        assert_eq!(due.month_later(), complete);
        assert_eq!(complete.plus(15), by);
    }
}
