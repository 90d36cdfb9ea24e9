//! Whether a paper of the fees is ours: the code on it says what stands on it under a digest of
//! this house, and whoever holds the paper looks it up without an account. It answers number,
//! day and sum, and whose money it is it neither holds nor tells.

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::{Id, crockford};
use jiff::civil::Date;

use super::account::PaymentView;
use super::{FeesError, Fen, Period, Statement, store};

/// The purpose under which codes are digested.
const PURPOSE: &str = "fee-paper";
/// Bytes of a digest that stand in a code: nobody guesses eighty bits.
const BYTES: usize = 10;
/// Signs of it that people compare by eye.
const SHOWN: usize = 8;

/// What stands on a paper, as the house knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// As it is now: a receipt may have been made void since.
    Receipt {
        number: String,
        paid_on: Date,
        amount: Fen,
        refunded: Fen,
        void: bool,
    },
    /// As it was when it was drawn.
    Statement {
        from: Period,
        until: Period,
        as_of: Date,
        owed: Fen,
        credit: Fen,
    },
}

/// The code of a receipt.
pub fn receipt_code(house: &House, c: Community, payment: Id) -> String {
    sealed(house, c, &format!("r-{payment}"))
}

/// The code of a statement. Two rooms with equal sums have codes of their own.
pub fn statement_code(house: &House, c: Community, s: &Statement) -> String {
    let room = digest(house, c, &format!("room {}", s.room));
    let text = format!(
        "s-{}-{}-{}-{}-{}-{}",
        s.from.number(),
        s.until.number(),
        s.as_of.strftime("%Y%m%d"),
        s.after.owed().0,
        s.after.credit.0,
        &room[..SHOWN]
    );
    sealed(house, c, &text)
}

/// The end of a code, as it stands below the picture: `7KQ2-M0XZ`.
pub fn shown(code: &str) -> String {
    let end = code.rsplit('-').next().unwrap_or_default().to_uppercase();
    match (end.get(..SHOWN / 2), end.get(SHOWN / 2..SHOWN)) {
        (Some(first), Some(second)) => format!("{first}-{second}"),
        _ => String::new(),
    }
}

fn digest(house: &House, c: Community, text: &str) -> String {
    let whole = house.keys.digest(PURPOSE, format!("{c}/{text}").as_bytes());
    crockford(&whole[..BYTES])
}

fn sealed(house: &House, c: Community, text: &str) -> String {
    format!("{text}-{}", digest(house, c, text))
}

/// What a code says. It asks no permission: whoever has the code has the paper.
///
/// # Errors
/// [`FeesError::NoSuchPaper`] for a code that this house never made for this compound.
pub async fn check(house: &House, c: Community, code: &str) -> Result<Checked, FeesError> {
    let (text, end) = code.rsplit_once('-').ok_or(FeesError::NoSuchPaper)?;
    // The digest is the house's own; comparing it in any time tells nothing that helps to make one.
    if digest(house, c, text) != end {
        return Err(FeesError::NoSuchPaper);
    }
    match text.split_once('-') {
        Some(("r", payment)) => {
            let payment: Id = payment.parse().map_err(|_| FeesError::NoSuchPaper)?;
            receipt(house, c, payment).await
        }
        Some(("s", rest)) => statement(rest).ok_or(FeesError::NoSuchPaper),
        _ => Err(FeesError::NoSuchPaper),
    }
}

async fn receipt(house: &House, c: Community, payment: Id) -> Result<Checked, FeesError> {
    let view: Option<PaymentView> = house.db.optional(store::payment_view(c, payment)).await?;
    let view = view.ok_or(FeesError::NoSuchPaper)?;
    let row: Result<store::PaymentRow, DbError> = house.db.one(store::payment(c, payment)).await;
    Ok(Checked::Receipt {
        void: view.is_void(),
        number: view.receipt,
        paid_on: view.paid_on,
        amount: view.amount,
        refunded: row?.refunded,
    })
}

fn statement(text: &str) -> Option<Checked> {
    let mut parts = text.split('-');
    let mut number = || parts.next()?.parse::<i64>().ok();
    let (from, until, as_of) = (month(number()?)?, month(number()?)?, number()?);
    let as_of = Date::new(
        i16::try_from(as_of / 10_000).ok()?,
        i8::try_from(as_of / 100 % 100).ok()?,
        i8::try_from(as_of % 100).ok()?,
    );
    Some(Checked::Statement {
        from,
        until,
        as_of: as_of.ok()?,
        owed: Fen(number()?),
        credit: Fen(number()?),
    })
}

fn month(number: i64) -> Option<Period> {
    format!("{:04}-{:02}", number / 100, number % 100)
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_back_and_what_is_none_is_not() {
        let read = statement("202512-202611-20261128-123450-0-abcdefgh");
        let Some(Checked::Statement {
            from, as_of, owed, ..
        }) = read
        else {
            panic!("{read:?}");
        };
        assert_eq!((from.to_string().as_str(), owed), ("2025-12", Fen(123_450)));
        assert_eq!(as_of.to_string(), "2026-11-28");
        for none in [
            "",
            "202513-202611-20261128-1-0-a",
            "202512-202611-20261131-1-0-a",
        ] {
            assert_eq!(statement(none), None, "{none}");
        }
    }

    #[test]
    fn the_end_of_a_code_is_shown_in_two_groups() {
        assert_eq!(shown("s-1-2-7kq2m0xzabcdefgh"), "7KQ2-M0XZ");
        assert_eq!(shown("r-short"), "");
    }
}
