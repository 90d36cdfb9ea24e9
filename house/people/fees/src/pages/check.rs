//! The page behind the code of a paper, for whoever holds it: a bank, a court, a buyer.

use accounts::site::ClientAddress;
use accounts::throttle::{self, Count, Held};
use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use foundation::page::{self, Frame, key, problem, say};

use super::{Desk, yuan};
use crate::FeesError;
use crate::checking::{self, Checked, check};

#[derive(Template)]
#[template(path = "fees/check.html")]
struct CheckPage {
    frame: Frame,
    code: String,
    /// What stands on it, label and value.
    lines: Vec<(&'static str, String)>,
    /// A word on what became of it since, where that is not what the paper says.
    since: Option<String>,
    /// Only the house's newest knowledge may be relied on for a receipt; a statement tells of its day.
    receipt: bool,
}

pub async fn show(
    desk: Desk,
    from: Extension<ClientAddress>,
    Path((_, code)): Path<(String, String)>,
) -> Response {
    // A wrong code counts like a wrong password from this address; a right one is taken back.
    let count = Count::Address(from.0.0);
    match throttle::enter(&desk.house, count).await {
        Ok(()) => {}
        Err(Held::Until(_)) => {
            let why = say("fees-check-wait");
            return problem::page_saying(desk.frame, StatusCode::TOO_MANY_REQUESTS, &why);
        }
        Err(Held::Database(error)) => return desk.refused(&FeesError::Database(error)),
    }
    let found = match check(&desk.house, desk.actor.community, &code).await {
        Ok(found) => found,
        Err(FeesError::NoSuchPaper) => {
            let why = say("fees-check-none");
            return problem::page_saying(desk.frame, StatusCode::NOT_FOUND, &why);
        }
        Err(error) => return desk.refused(&error),
    };
    if let Err(error) = throttle::forget(&desk.house, count).await {
        return desk.refused(&FeesError::Database(error));
    }
    page::ok(drawn(desk.frame, &code, found))
}

fn drawn(frame: Frame, code: &str, found: Checked) -> CheckPage {
    let day = |date: jiff::civil::Date| date.to_string();
    let receipt = matches!(found, Checked::Receipt { .. });
    let (lines, since) = match found {
        Checked::Receipt {
            number,
            paid_on,
            amount,
            refunded,
            void,
        } => {
            let since = if void {
                Some(frame.t("fees-check-void").into_owned())
            } else if refunded.is_positive() {
                let said = frame.one("fees-check-refunded", "amount", yuan(refunded));
                Some(said.into_owned())
            } else {
                None
            };
            let lines = vec![
                (key("fees-check-receipt"), number),
                (key("fees-paid-on"), day(paid_on)),
                (key("fees-total"), yuan(amount)),
            ];
            (lines, since)
        }
        Checked::Statement {
            from,
            until,
            as_of,
            owed,
            credit,
        } => {
            let lines = vec![
                (key("fees-months"), format!("{from} – {until}")),
                (key("fees-stands"), day(as_of)),
                (key("fees-owed"), yuan(owed)),
                (key("fees-credit"), yuan(credit)),
            ];
            (lines, None)
        }
    };
    CheckPage {
        code: checking::shown(code),
        lines,
        since,
        receipt,
        frame: frame.titled("fees-check"),
    }
}
