//! The room's rules without a database: money, rounding, months, who pays what.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::allocation::{Allotment, Credit, Debt, allot};
use super::arrears::{OpenBill, add_up, days_between, months_between, months_later};
use super::imported::{ImportPayment, number_likes};
use super::*;
use foundation::ids::Id;

fn id(n: u64) -> Id {
    const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let text: String = (0..16)
        .rev()
        .map(|k| {
            SIGNS[if k < 12 {
                ((n >> (5 * k)) & 31) as usize
            } else {
                0
            }] as char
        })
        .collect();
    text.parse().expect("sixteen signs of the alphabet")
}

#[test]
fn money_is_read_as_clerks_type_it() {
    for (text, fen) in [
        ("1234.5", 123_450),
        ("¥1,234.50", 123_450),
        ("１２３４元", 123_400),
        ("0.01", 1),
        (".5", 50),
        ("12.500", 1_250),
        ("-3", -300),
        ("100000000", FEN_MAX),
    ] {
        assert_eq!(text.parse::<Fen>(), Ok(Fen(fen)), "{text}");
    }
    for text in [
        "",
        "-",
        ".",
        "1.234",
        "1e5",
        "十二",
        "1.2.3",
        "100000000.01",
        "99999999999999999999",
    ] {
        assert_eq!(text.parse::<Fen>(), Err(NotMoney), "{text}");
    }
    assert_eq!(Fen(123_456_789).to_string(), "1,234,567.89");
    assert_eq!(Fen(-5).to_string(), "-0.05");
    assert_eq!(Fen(100_000).plain(), "1000.00");
}

#[test]
fn a_bill_by_area_is_rounded_half_up_to_the_fen() {
    // 2.85 yuan a m² is 285 fen, kept as 28,500; 89.35 m² is kept as 8,935.
    for (rate, area, fen) in [
        (28_500, 8_935, 25_465), // 254.6475 yuan
        (10_000, 1, 1),
        (5_000, 1, 1), // half a fen goes up
        (4_999, 1, 0),
        (15_000, 1, 2), // one and a half
        (1, 10_000_00, 100),
    ] {
        assert_eq!(
            amount_for(Basis::Area, rate, Some(area)),
            Some(Fen(fen)),
            "{rate} × {area}"
        );
    }
    assert_eq!(amount_for(Basis::Area, 28_500, None), None);
    assert_eq!(amount_for(Basis::Fixed, 30_000, None), Some(Fen(30_000)));
    assert_eq!(amount_for(Basis::Given, 1, Some(1)), None);
}

fn arrears(due: Date, today: Date) -> Arrears {
    let bill = OpenBill {
        item: id(1),
        name: "物業費".into(),
        kind: ItemKind::Property,
        due,
        owed: Fen(100),
    };
    add_up(vec![bill], Fen::ZERO, false, today)
}

#[test]
fn a_due_date_is_payable_until_its_end_and_overdue_from_the_next_day() {
    let due = date(2026, 3, 15);
    assert!(arrears(due, date(2026, 3, 15)).none());
    let next = arrears(due, date(2026, 3, 16));
    assert_eq!(
        (next.total, next.days, next.months_overdue),
        (Fen(100), 1, 0)
    );
    assert_eq!(next.oldest_due, Some(due));
}

// The table of P4: due date, the last day on which no whole month has passed.
#[test]
fn a_month_is_complete_at_the_end_of_its_last_day() {
    for (due, last_day_in) in [
        (date(2025, 1, 15), date(2025, 2, 15)),
        (date(2025, 1, 30), date(2025, 2, 28)),
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2025, 2, 28), date(2025, 3, 28)),
        (date(2024, 2, 29), date(2024, 3, 29)),
        (date(2025, 11, 30), date(2025, 12, 30)),
        (date(2025, 12, 31), date(2026, 1, 31)),
    ] {
        assert_eq!(months_between(due, last_day_in), 0, "{due}");
        let after = last_day_in.tomorrow().expect("a date");
        assert_eq!(months_between(due, after), 1, "{due}");
    }
    // From the anchor, never chained: 31 January + 2 is 31 March.
    assert_eq!(months_later(date(2025, 1, 31), 2), date(2025, 3, 31));
    assert_eq!(months_between(date(2025, 1, 31), date(2025, 3, 31)), 1);
    assert_eq!(months_between(date(2025, 1, 31), date(2025, 4, 1)), 2);
    assert_eq!(days_between(date(2025, 1, 31), date(2026, 1, 31)), 365);
}

#[test]
fn credit_pays_the_oldest_bill_before_arrears_are_counted() {
    let bill = |n: u64, due: Date, owed: i64| OpenBill {
        item: id(n),
        name: format!("項目{n}"),
        kind: ItemKind::Other,
        due,
        owed: Fen(owed),
    };
    let bills = vec![
        bill(2, date(2026, 2, 28), 300),
        bill(1, date(2026, 1, 31), 200),
        bill(1, date(2026, 3, 31), 900),
    ];
    let a = add_up(bills, Fen(250), true, date(2026, 3, 10));
    assert_eq!(a.total, Fen(250));
    assert_eq!(a.oldest_due, Some(date(2026, 2, 28)));
    assert!(a.has_plan);
    assert_eq!(a.by_item.len(), 1);
    assert_eq!((a.by_item[0].item, a.by_item[0].total), (id(2), Fen(250)));
}

#[test]
fn what_the_payer_names_is_paid_first_and_the_rest_goes_to_the_oldest() {
    let debts = [
        Debt {
            bill: id(1),
            due: date(2026, 1, 31),
            owed: Fen(100),
        },
        Debt {
            bill: id(2),
            due: date(2026, 2, 28),
            owed: Fen(100),
        },
        Debt {
            bill: id(3),
            due: date(2026, 3, 31),
            owed: Fen(100),
        },
    ];
    let credits = [Credit {
        payment: id(9),
        paid_on: date(2026, 3, 2),
        left: Fen(150),
    }];
    let part = |bill, amount| Allotment {
        payment: id(9),
        bill: id(bill),
        amount: Fen(amount),
    };
    assert_eq!(allot(&debts, &credits, &[]), [part(1, 100), part(2, 50)]);
    assert_eq!(
        allot(&debts, &credits, &[id(3)]),
        [part(3, 100), part(1, 50)]
    );
}

#[test]
fn a_due_day_is_cut_to_the_month_and_may_lie_in_a_later_one() {
    let mut item = FeeItem {
        id: id(1),
        name: "物業費".into(),
        kind: ItemKind::Property,
        basis: Basis::Area,
        applies_to: String::new(),
        due_day: 31,
        due_months: 0,
        active_from: Period::new(2026, 1).expect("a month"),
        active_until: None,
        part_month: PartMonth::Whole,
    };
    let period = Period::new(2026, 2).expect("a month");
    assert_eq!(item.due(period), date(2026, 2, 28));
    item.due_months = 11;
    assert_eq!(item.due(period), date(2027, 1, 31));
}

#[test]
fn months_are_read_strictly() {
    assert_eq!(
        "2026-03".parse::<Period>(),
        Ok(Period::new(2026, 3).expect("a month"))
    );
    for bad in [
        "2026-3", "2026-13", "2026-00", "26-03", "2026/03", "202603", "+026-03", "1900-01",
    ] {
        assert!(bad.parse::<Period>().is_err(), "{bad}");
    }
}

#[test]
fn equal_rows_of_a_file_are_numbered_and_different_ones_are_not() {
    let row = |n: u64, note: &str| ImportPayment {
        id: id(n),
        room: id(7),
        paid_on: date(2026, 3, 2),
        way: Way::Cash,
        amount: Fen(100),
        receipt: String::new(),
        payer: "王女士".into(),
        note: note.into(),
        source: None,
    };
    let mut rows = vec![row(1, ""), row(2, "補"), row(3, ""), row(4, "")];
    let digest = |bytes: &[u8]| {
        let mut out = [0; 32];
        for (i, b) in bytes.iter().enumerate() {
            out[i % 32] ^= b.rotate_left((i / 32 % 8) as u32);
        }
        out
    };
    number_likes(&mut rows, &digest);
    let first: Vec<_> = rows.iter().map(|r| r.source.clone()).collect();
    let different: std::collections::HashSet<_> = first.iter().flatten().collect();
    assert_eq!(different.len(), 4, "each is a payment of its own");
    number_likes(&mut rows, &digest);
    let again: Vec<_> = rows.iter().map(|r| r.source.clone()).collect();
    assert_eq!(again, first, "and the same file again is none");
}

proptest! {
    #[test]
    fn allotting_loses_and_makes_no_money(
        owed in prop::collection::vec((1i64..5_000, 0i8..28), 0..12),
        left in prop::collection::vec((1i64..5_000, 0i8..28), 0..12),
        named in prop::collection::vec(0u64..14, 0..4),
    ) {
        let debts: Vec<Debt> = owed.iter().enumerate().map(|(i, (fen, day))| Debt {
            bill: id(i as u64), due: date(2026, 1, day + 1), owed: Fen(*fen),
        }).collect();
        let credits: Vec<Credit> = left.iter().enumerate().map(|(i, (fen, day))| Credit {
            payment: id(100 + i as u64), paid_on: date(2026, 2, day + 1), left: Fen(*fen),
        }).collect();
        let named: Vec<Id> = named.into_iter().map(id).collect();
        let parts = allot(&debts, &credits, &named);
        let all: i64 = parts.iter().map(|p| p.amount.0).sum();
        let owed: i64 = debts.iter().map(|d| d.owed.0).sum();
        let left: i64 = credits.iter().map(|c| c.left.0).sum();
        prop_assert_eq!(all, owed.min(left), "one side is used up whole");
        for debt in &debts {
            let paid: i64 = parts.iter().filter(|p| p.bill == debt.bill).map(|p| p.amount.0).sum();
            prop_assert!(paid <= debt.owed.0);
        }
        for credit in &credits {
            let used: i64 = parts.iter().filter(|p| p.payment == credit.payment).map(|p| p.amount.0).sum();
            prop_assert!(used <= credit.left.0);
        }
        prop_assert!(parts.iter().all(|p| p.amount.0 > 0));
    }

    #[test]
    fn whole_months_are_counted_as_a_calendar_counts_them(start in 0i32..20_000, wait in 0i32..4_000) {
        use jiff::ToSpan;
        let due = date(1990, 1, 1).saturating_add(start.days());
        let today = due.saturating_add(wait.days());
        let slowly = (1..200).take_while(|n| months_later(due, *n) < today).count() as i32;
        prop_assert_eq!(months_between(due, today), slowly);
    }

    #[test]
    fn an_amount_survives_being_written_and_read(fen in -FEN_MAX..=FEN_MAX) {
        prop_assert_eq!(Fen(fen).to_string().parse::<Fen>(), Ok(Fen(fen)));
        prop_assert_eq!(Fen(fen).plain().parse::<Fen>(), Ok(Fen(fen)));
    }
}
