//! A bank's list of what came into an account, as its export has it: the head is found under its
//! title rows, money in is told from money out, and a cell that cannot be taken is named.

use jiff::civil::Date;

use crate::fault::{CellFault, Reason, shown};
use crate::grid::{Book, Cell, Row, Sheet};
use crate::label::{heading_key, narrowed};
use crate::value::{date, money};

/// Rows under the top of a sheet among which its head is looked for.
const HEAD_WITHIN: usize = 30;

/// A line of money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankLine {
    pub sheet: String,
    /// The spreadsheet's own row number, from 1.
    pub row: u32,
    pub paid_on: Date,
    /// Above zero.
    pub fen: i64,
    /// The other cells' words, joined by blanks: who paid, for what, the bank's own number.
    pub text: String,
}

/// What a bank's file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankList {
    pub lines: Vec<BankLine>,
    pub faults: Vec<CellFault>,
    /// Rows of money that went out.
    pub out: usize,
    /// Whether a head with a day and a sum was found in any sheet.
    pub recognised: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Means {
    Day,
    /// Money in, in a column of its own.
    In,
    /// Money out, in a column of its own.
    Out,
    /// One column for both; a sign or another column says which.
    Sum,
    /// Says 借 or 貸 of the sum.
    Side,
    /// A number that says nothing of the payment: the balance, a running number.
    Idle,
    Words,
}

/// What a heading means; its key is Simplified, half width, without marks.
fn means(heading: &str) -> Means {
    let key = heading_key(heading);
    let is = |words: &[&str]| words.contains(&key.as_str());
    let has = |words: &[&str]| words.iter().any(|w| key.contains(w));
    if is(&[
        "借贷",
        "借贷标志",
        "借贷方向",
        "收支",
        "收支方向",
        "方向",
        "交易方向",
        "收付标志",
        "drcr",
        "debitcredit",
    ]) {
        Means::Side
    } else if has(&["余额", "balance"]) || is(&["序号", "no", "行号", "币种", "currency"]) {
        Means::Idle
    } else if has(&["日期", "时间", "date"]) || is(&["入账日", "记账日", "交易日"]) {
        Means::Day
    } else if has(&[
        "贷方",
        "收入",
        "存入",
        "转入",
        "入账金额",
        "收款金额",
        "credit",
        "deposit",
    ]) {
        Means::In
    } else if has(&[
        "借方",
        "支出",
        "取出",
        "转出",
        "付款金额",
        "debit",
        "withdrawal",
    ]) {
        Means::Out
    } else if has(&["金额", "发生额", "amount"]) {
        Means::Sum
    } else {
        Means::Words
    }
}

/// The meanings of a head's columns, where the row is one: it has a day and a sum.
fn head(row: Row<'_>) -> Option<Vec<Means>> {
    let of = |column| match row.cell(column) {
        Cell::Text(text) if text.chars().count() <= 20 => means(text),
        _ => Means::Words,
    };
    let all: Vec<Means> = (1..=row.width()).map(of).collect();
    let sum = all.contains(&Means::In) || all.contains(&Means::Sum);
    (all.contains(&Means::Day) && sum).then_some(all)
}

/// Whether a cell says that money came in, or went out.
fn side(text: &str) -> Option<bool> {
    match heading_key(text).as_str() {
        "贷" | "贷方" | "收" | "收入" | "转入" | "入" | "c" | "cr" | "credit" => {
            Some(true)
        }
        "借" | "借方" | "支" | "支出" | "转出" | "出" | "付" | "d" | "dr" | "debit" => {
            Some(false)
        }
        _ => None,
    }
}

struct Columns<'h> {
    of: &'h [Means],
}

impl Columns<'_> {
    fn all(&self, means: Means) -> impl Iterator<Item = u32> + '_ {
        let found = self.of.iter().zip(1_u32..);
        found.filter(move |(m, _)| **m == means).map(|(_, n)| n)
    }
}

/// A sum of the first column of a meaning that has one.
fn sum(row: Row<'_>, columns: impl Iterator<Item = u32>) -> Result<Option<i64>, (u32, Reason)> {
    for column in columns {
        match money::read(row.cell(column)) {
            Ok(Some(fen)) if fen != 0 => return Ok(Some(fen)),
            Ok(_) => {}
            Err(reason) => return Err((column, reason)),
        }
    }
    Ok(None)
}

enum Step {
    In(Date, i64, String),
    Out,
    /// A total, a heading again, a remark: no line of the account.
    Nothing,
}

fn step(sheet: &Sheet, row: Row<'_>, head: &[Means]) -> Result<Step, (u32, Reason)> {
    let columns = Columns { of: head };
    if self::head(row).is_some() {
        return Ok(Step::Nothing);
    }
    let out = sum(row, columns.all(Means::Out));
    let (mut came, mut went) = (sum(row, columns.all(Means::In))?, out?);
    if let (None, None, Some(both)) = (came, went, sum(row, columns.all(Means::Sum))?) {
        let said = columns
            .all(Means::Side)
            .find_map(|c| side(&row.cell(c).shown()));
        match said.unwrap_or(both > 0) {
            true => came = Some(both),
            false => went = Some(both),
        }
    }
    let days: Vec<u32> = columns.all(Means::Day).collect();
    let filled = days.iter().find(|c| !row.cell(**c).is_blank());
    let (came, day) = match (came, went, filled) {
        (Some(fen), None, Some(day)) if fen > 0 => (fen, *day),
        // A sum in both columns, or one without a day, is the list's total.
        (Some(_), Some(_), _) | (Some(_), _, None) | (None, Some(_), None) => {
            return Ok(Step::Nothing);
        }
        (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => return Ok(Step::Out),
        (None, None, Some(day)) => {
            // A remark under the table has no day; a day without a sum lacks it.
            return match date::read(row.cell(*day), sheet.epoch_1904) {
                Ok(_) => {
                    let wanted = columns.all(Means::In).chain(columns.all(Means::Sum)).next();
                    Err((wanted.unwrap_or(1), Reason::AmountMissing))
                }
                Err(_) => Ok(Step::Nothing),
            };
        }
        (None, None, None) => return Ok(Step::Nothing),
    };
    let paid_on = read_day(sheet, row, day)?;
    let words = columns.all(Means::Words);
    let text: Vec<String> = words
        .map(|c| narrowed(&row.cell(c).shown()).replace(['\n', '\r', '\t'], " "))
        .filter(|t| !t.is_empty() && t != "-")
        .collect();
    Ok(Step::In(paid_on, came, text.join(" ")))
}

/// A day, with or without its time behind it.
fn read_day(sheet: &Sheet, row: Row<'_>, column: u32) -> Result<Date, (u32, Reason)> {
    let cell = row.cell(column);
    let read = match cell {
        Cell::Text(text) => {
            let text = narrowed(text);
            let day = text.split([' ', 't', 'T']).next().unwrap_or_default();
            date::read(Cell::Text(day), sheet.epoch_1904)
        }
        cell => date::read(cell, sheet.epoch_1904),
    };
    read.map(|r| r.date).map_err(|reason| (column, reason))
}

/// Reads every sheet of a bank's file; `rows_max` lines and faults at most, so that a file of
/// another kind cannot fill the memory.
pub fn read_bank(book: &Book, rows_max: usize) -> BankList {
    let mut list = BankList::default();
    for sheet in &book.sheets {
        let mut rows = sheet.rows();
        let Some(head) = rows.by_ref().take(HEAD_WITHIN).find_map(head) else {
            continue;
        };
        list.recognised = true;
        for row in rows {
            if list.lines.len() + list.faults.len() >= rows_max {
                return list;
            }
            match step(sheet, row, &head) {
                Ok(Step::In(paid_on, fen, text)) => list.lines.push(BankLine {
                    sheet: sheet.name.clone(),
                    row: row.number(),
                    paid_on,
                    fen,
                    text,
                }),
                Ok(Step::Out) => list.out += 1,
                Ok(Step::Nothing) => {}
                Err((column, reason)) => list.faults.push(CellFault {
                    sheet: sheet.name.clone(),
                    row: row.number(),
                    column,
                    value: shown(&row.cell(column).shown()),
                    reason,
                }),
            }
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, open};
    use jiff::civil::date;

    fn read(csv: &str) -> BankList {
        let book = open(csv.as_bytes(), "bank.csv", &Limits::default()).expect("a book");
        read_bank(&book, 100)
    }

    #[test]
    fn money_in_is_told_from_money_out_and_totals_in_each_banks_way() {
        let two = "某某銀行 對公帳戶明細\n帳號,6222\n交易日期,借方發生額,貸方發生額,餘額,對方戶名,摘要\n\
            2026-03-02,,\"1,234.50\",9000.00,王女士,3-2-1801 物業費\n2026-03-03,5.00,,8995.00,銀行,手續費\n\
            20260304,0.00,342,9337.00,陳先生,管理費\n合計,5.00,\"1,576.50\",,,\n";
        let one = "日期,收支,金額,對方,用途\n2026/3/2 10:21:07,收入,1234.50,王女士,3-2-1801 物業費\n\
            2026/3/3,支出,5.00,銀行,手續費\n2026/3/4,收入,342.00,陳先生,管理費\n";
        for csv in [two, one] {
            let list = read(csv);
            let lines: Vec<_> = list
                .lines
                .iter()
                .map(|l| (l.paid_on, l.fen, l.text.as_str()))
                .collect();
            let want = [
                (date(2026, 3, 2), 123_450, "王女士 3-2-1801 物業費"),
                (date(2026, 3, 4), 34_200, "陳先生 管理費"),
            ];
            assert_eq!(lines, want, "{csv}");
            assert_eq!((list.out, list.faults.len()), (1, 0), "{csv}");
        }
        let signed = read("Date,Amount,Note\n2026-03-02,5.00,a\n2026-03-02,-5.00,b\n");
        assert_eq!((signed.lines.len(), signed.out), (1, 1));
    }

    #[test]
    fn a_cell_that_cannot_be_taken_is_named() {
        let list = read(
            "日期,收入,摘要\n2026-13-02,5.00,a\n2026-03-02,五元,b\n2026-03-02,1.234,c\n2026-03-02,,d\n以上為電腦列印,,\n",
        );
        let faults: Vec<_> = list
            .faults
            .iter()
            .map(|f| (f.row, f.column, f.reason.code()))
            .collect();
        assert_eq!(
            faults,
            [
                (2, 1, "date_unreadable"),
                (3, 2, "amount_unreadable"),
                (4, 2, "amount_too_fine"),
                (5, 2, "amount_missing"),
            ]
        );
        assert!(list.lines.is_empty());
    }

    #[test]
    fn a_file_of_another_kind_is_not_recognised() {
        assert!(!read("房號,業主,電話\n3-2-1801,王偉,13712345678\n").recognised);
    }
}
