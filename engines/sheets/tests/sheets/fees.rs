//! Bills and payments, long and wide.

use sheets::{FeeItem, Way};

use crate::fees;

fn period(bill: &sheets::BillRow) -> String {
    bill.period.map(|p| p.to_string()).unwrap_or_default()
}

#[test]
fn a_row_per_bill_with_its_payment() {
    let read = fees(
        "房号,收费项目,费用期间,应缴日期,应收金额,实收金额,缴费日期,缴费方式,收据号\n3-2-1801,物业费,2026-01,2026-01-31,\"¥1,234.50\",\"1,234.50\",2026/1/15,微信,000123\n3-2-1802,水费,2026年1月,,45.6,0,,,\n",
    );
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert_eq!((read.bills.len(), read.payments.len()), (2, 1));
    assert_eq!(
        (
            read.bills[0].amount,
            &read.bills[0].item,
            period(&read.bills[0])
        ),
        (123_450, &FeeItem::Property, "2026-01".to_owned())
    );
    assert_eq!(
        (read.bills[1].amount, &read.bills[1].item),
        (4560, &FeeItem::Water)
    );
    let paid = &read.payments[0];
    assert_eq!(
        (paid.amount, paid.way, paid.receipt.as_deref()),
        (123_450, Some(Way::WeChat), Some("000123"))
    );
    assert_eq!(
        paid.paid_on.map(|d| d.to_string()).as_deref(),
        Some("2026-01-15")
    );
}

#[test]
fn amounts_are_exact_or_faults() {
    let cases = [
        ("¥1,234.50", Ok(123_450)),
        ("1234.5", Ok(123_450)),
        ("(12.30)", Ok(-1230)),
        ("-12.3元", Ok(-1230)),
        ("0.1", Ok(10)),
        ("１２.５０", Ok(1250)),
        ("RMB 100", Ok(10_000)),
        ("12.345", Err("amount_too_fine")),
        ("abc", Err("amount_unreadable")),
        ("1,23", Err("amount_unreadable")),
        ("9999999999999999999", Err("amount_out_of_range")),
        ("12.300", Ok(1230)),
        ("--5", Err("amount_unreadable")),
    ];
    for (text, expected) in cases {
        let read = fees(&format!("房号,项目,金额\n3-2-1801,物业费,\"{text}\"\n"));
        let got = read
            .bills
            .first()
            .map(|b| b.amount)
            .ok_or_else(|| read.faults[0].reason.code());
        assert_eq!(got, expected, "{text}");
    }
}

#[test]
fn a_float_that_excel_shows_as_fen_is_fen() {
    let bytes = crate::workbook(|s| {
        crate::put(
            s,
            0,
            &[
                &["房号", "项目", "金额"],
                &["3-2-1801", "物业费"],
                &["3-2-1802", "物业费"],
            ],
        );
        s.write(1, 2, 0.1 + 0.2).unwrap();
        s.write(2, 2, 33.333_333).unwrap();
    });
    let book = crate::opened(&bytes, "fees.xlsx");
    let read = sheets::read_fees(&book, &sheets::guess_all(&book, sheets::Layout::Fees));
    assert_eq!(read.bills[0].amount, 30);
    assert_eq!(read.faults[0].reason.code(), "amount_too_fine");
}

#[test]
fn a_column_per_month_is_a_bill_per_month() {
    let read = fees(
        "2026年物业费应收表,,,\n房号,业主,1月,2月,合计\n3-2-1801,王女士,268.5,268.5,537\n3-2-1802,李女士,,100,100\n合计,,268.5,368.5,637\n",
    );
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    let bills: Vec<_> = read
        .bills
        .iter()
        .map(|b| (b.row, b.column, period(b), b.amount))
        .collect();
    assert_eq!(
        bills,
        [
            (3, 3, "2026-01".to_owned(), 26_850),
            (3, 4, "2026-02".to_owned(), 26_850),
            (4, 4, "2026-02".to_owned(), 10_000)
        ]
    );
    assert!(read.bills.iter().all(|b| b.item == FeeItem::Property));
}

#[test]
fn a_column_per_item_is_a_bill_per_item() {
    let read =
        fees("房号,月份,物业费,水费,电费,车位费,垃圾清运费\n3-2-1801,2026-03,268.5,30,55.2,,12\n");
    let items: Vec<_> = read
        .bills
        .iter()
        .map(|b| (b.item.clone(), b.amount, period(b)))
        .collect();
    let march = "2026-03".to_owned();
    assert_eq!(items[0], (FeeItem::Property, 26_850, march.clone()));
    assert_eq!(items[2], (FeeItem::Electricity, 5520, march.clone()));
    assert_eq!(
        items[3],
        (FeeItem::Other("垃圾清运费".to_owned()), 1200, march)
    );
}

#[test]
fn heads_of_months_over_items_and_of_items_over_billed_and_paid() {
    let read =
        fees("房号,2026年1月,,2026年2月,\n,物业费,水费,物业费,水费\n3-2-1801,100,20,100,25\n");
    let bills: Vec<_> = read
        .bills
        .iter()
        .map(|b| (b.item.clone(), period(b), b.amount))
        .collect();
    assert_eq!(bills[3], (FeeItem::Water, "2026-02".to_owned(), 2500));
    let read =
        fees("房号,月份,物业费,,水费,\n,,应收,实收,应收,实收\n3-2-1801,2026-01,100,100,20,\n");
    assert_eq!((read.bills.len(), read.payments.len()), (2, 1));
    assert_eq!(read.payments[0].item, FeeItem::Property);
}

#[test]
fn a_month_without_its_year_is_a_fault() {
    let read = fees("房号,1月,2月\n3-2-1801,100,200\n");
    let codes: Vec<_> = read
        .faults
        .iter()
        .map(|f| (f.row, f.column, f.reason.code()))
        .collect();
    assert_eq!(
        codes,
        [(2, 2, "period_year_unknown"), (2, 3, "period_year_unknown")]
    );
    assert!(read.bills.is_empty());
}

#[test]
fn an_amount_without_its_item_or_room_is_a_fault() {
    let read = fees(
        "房号,金额,月份\n3-2-1801,100,2026-01\n,100,2026-01\n3-2-1802,,2026-01\n3-2-1803,5,2026-13\n",
    );
    let codes: Vec<_> = read
        .faults
        .iter()
        .map(|f| (f.row, f.column, f.reason.code()))
        .collect();
    assert_eq!(
        codes,
        [
            (2, 2, "item_missing"),
            (3, 1, "room_missing"),
            (4, 2, "amount_missing"),
            (5, 3, "period_unreadable")
        ]
    );
}

#[test]
fn periods_in_every_form() {
    for (text, expected) in [
        ("2026-01", "2026-01"),
        ("2026年1月", "2026-01"),
        ("202601", "2026-01"),
        ("2026/1", "2026-01"),
        ("2026.01", "2026-01"),
        ("2026年1月份", "2026-01"),
        ("2026年1-3月", "2026-01/2026-03"),
        ("2026年第一季度", "2026-01/2026-03"),
        ("2026-01至2026-06", "2026-01/2026-06"),
        ("2026年", "2026-01/2026-12"),
        ("2026-01-01至2026-03-31", "2026-01/2026-03"),
    ] {
        let read = fees(&format!(
            "房号,项目,月份,金额\n3-2-1801,物业费,{text},100\n"
        ));
        assert_eq!(
            read.bills.first().map(period).as_deref(),
            Some(expected),
            "{text} {:?}",
            read.faults
        );
    }
}

#[test]
fn a_bill_whose_period_cannot_be_read_is_not_taken_without_it() {
    let read = fees(
        "房号,项目,月份,金额,应缴日期\n3-2-1801,物业费,十三月,100,\n3-2-1802,物业费,2026-01,100,someday\n",
    );
    let codes: Vec<_> = read
        .faults
        .iter()
        .map(|f| (f.row, f.column, f.reason.code()))
        .collect();
    assert_eq!(
        codes,
        [(2, 3, "period_unreadable"), (3, 5, "date_unreadable")]
    );
    assert_eq!(read.bills.iter().map(|b| b.row).collect::<Vec<_>>(), [3]);
}
