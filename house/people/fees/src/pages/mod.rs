//! The pages of fees: who owes, a room's account, the month's bills, the items, the
//! day's payments; and for owners what they owe themselves.

mod bank;
mod bill;
mod check;
mod day;
mod exchange;
mod items;
mod meters;
mod mine;
mod office;
mod overview;
mod papers;
mod room;
mod runs;
mod split;
mod till;

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::{FeesError, Fen, ItemKind, Way};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::form::Form;
use foundation::page::{Choice, Frame, Sentence, key, onward, problem, say};
use foundation::pictures::{PICTURE_BYTES_MAX, PictureRefused};
use permissions::Permission::{
    FeesRead, FeesRecord, FeesSecond, FeesSet, FeesWriteOff, HomeRead, HouseOperate, ImportRun,
};
use permissions::actor::Actor;
use permissions::routes::Needs::{Link, May, MayFresh};
use permissions::routes::Routes;

/// The form around a file: headers and the other fields.
const UPLOAD_SLACK: usize = 64 * 1024;

/// The doors of this room.
pub fn routes() -> Routes {
    Routes::new()
        .get("/c/{c}/fees", May(FeesRead), overview::show)
        .get("/c/{c}/fees/rooms/{id}", May(FeesRead), room::show)
        .get(
            "/c/{c}/fees/rooms/{id}/statement",
            May(FeesRead),
            room::statement,
        )
        .post(
            "/c/{c}/fees/rooms/{id}/payments",
            May(FeesRecord),
            room::pay,
        )
        .post("/c/{c}/fees/rooms/{id}/bills", May(FeesRecord), room::add)
        .post(
            "/c/{c}/fees/rooms/{id}/plans",
            May(FeesWriteOff),
            room::agree,
        )
        .post("/c/{c}/fees/rooms/{id}/late", May(FeesRecord), room::charge)
        .post(
            "/c/{c}/fees/rooms/{id}/late/waive",
            May(FeesWriteOff),
            room::waive,
        )
        .post("/c/{c}/fees/plans/{id}/end", May(FeesWriteOff), room::end)
        .post(
            "/c/{c}/fees/payments/{id}/void",
            May(FeesRecord),
            room::void,
        )
        .get("/c/{c}/fees/bills/{id}", May(FeesRead), bill::show)
        .post(
            "/c/{c}/fees/bills/{id}/adjust",
            May(FeesWriteOff),
            bill::adjust,
        )
        .post(
            "/c/{c}/fees/bills/{id}/write-off",
            May(FeesWriteOff),
            bill::write_off,
        )
        .post("/c/{c}/fees/bills/{id}/void", May(FeesWriteOff), bill::void)
        .get("/c/{c}/fees/month", May(FeesRecord), runs::show)
        .post("/c/{c}/fees/month", May(FeesRecord), runs::run)
        .post("/c/{c}/fees/runs/{id}/undo", May(FeesWriteOff), runs::undo)
        .get("/c/{c}/fees/day", May(FeesRead), day::show)
        .get("/c/{c}/fees/items", May(FeesRead), items::show)
        .post("/c/{c}/fees/items", May(FeesSet), items::make)
        .get("/c/{c}/fees/items/{id}", May(FeesSet), items::edit)
        .post("/c/{c}/fees/items/{id}", May(FeesSet), items::change)
        .post("/c/{c}/fees/items/{id}/rate", May(FeesSet), items::rate)
        .get("/c/{c}/fees/exchange", May(FeesRead), exchange::show)
        .post("/c/{c}/fees/exchange/run", May(ImportRun), exchange::run)
        .get("/c/{c}/fees-exchange", May(HouseOperate), exchange::edit)
        .post("/c/{c}/fees-exchange", May(HouseOperate), exchange::set)
        .get("/c/{c}/fees-check/{link}", Link, check::show)
        .and(papers_and_till())
        .and(meters_routes())
        .get("/c/{c}/my-fees", May(HomeRead), mine::show)
        .get(
            "/c/{c}/my-fees/rooms/{id}",
            May(HomeRead),
            papers::own_statement,
        )
        .get(
            "/c/{c}/my-fees/receipts/{id}",
            May(HomeRead),
            papers::own_receipt,
        )
        .upload(
            "/c/{c}/my-fees/meters/{id}",
            May(HomeRead),
            PICTURE_BYTES_MAX + UPLOAD_SLACK,
            meters::hand_in,
        )
}

fn papers_and_till() -> Routes {
    Routes::new()
        .get(
            "/c/{c}/fees/rooms/{id}/paper",
            May(FeesRead),
            papers::of_room,
        )
        .get("/c/{c}/fees/bills/{id}/split", May(FeesRead), split::show)
        .get(
            "/c/{c}/fees/bills/{id}/split/paper",
            May(FeesRead),
            papers::of_split,
        )
        .get("/c/{c}/fees/statements", May(FeesRead), papers::of_building)
        .post(
            "/c/{c}/fees/payments/{id}/receipt",
            May(FeesRecord),
            papers::print,
        )
        .post(
            "/c/{c}/fees/rooms/{id}/refunds",
            May(FeesWriteOff),
            room::hand_back,
        )
        .get("/c/{c}/fees/till", May(FeesRead), till::show)
        .post("/c/{c}/fees/till", May(FeesRecord), till::count)
        .post("/c/{c}/fees/till/{id}/close", May(FeesRecord), till::close)
        .get("/c/{c}/fees/bank", May(FeesRead), bank::show)
        .post("/c/{c}/fees/bank", May(FeesRecord), bank::take)
        .upload(
            "/c/{c}/fees/bank/file",
            May(FeesRecord),
            crate::BANK_FILE_BYTES_MAX + UPLOAD_SLACK,
            bank::look,
        )
        .post("/c/{c}/fees/bank/{id}", May(FeesRecord), bank::settle)
        .get("/c/{c}/fees/balance", May(FeesRead), office::balance)
        .get("/c/{c}/fees/wishes", May(FeesSecond), office::waiting)
        .post(
            "/c/{c}/fees/wishes/{id}",
            MayFresh(FeesSecond),
            office::decide,
        )
        .get("/c/{c}/fees/rules", May(FeesSet), office::rules)
        .post("/c/{c}/fees/rules", May(FeesSet), office::set_rules)
        // Where everybody's money goes to: not by whoever sits down at an open desk.
        .post("/c/{c}/fees/pay-ways", MayFresh(FeesSet), office::set_ways)
}

fn meters_routes() -> Routes {
    Routes::new()
        .get("/c/{c}/fees/meters", May(FeesRead), meters::show)
        .post("/c/{c}/fees/meters", May(FeesSet), meters::add)
        .post("/c/{c}/fees/readings", May(FeesRecord), meters::read_list)
        .get("/c/{c}/fees/meters/{id}", May(FeesRead), meters::one)
        .upload(
            "/c/{c}/fees/meters/{id}/read",
            May(FeesRecord),
            PICTURE_BYTES_MAX + UPLOAD_SLACK,
            meters::read,
        )
        .get(
            "/c/{c}/fees/readings/{id}/picture",
            May(FeesRead),
            meters::picture,
        )
        .post(
            "/c/{c}/fees/meters/{id}/reckon",
            May(FeesRecord),
            meters::reckon,
        )
        .post(
            "/c/{c}/fees/meters/{id}/replace",
            May(FeesSet),
            meters::replace,
        )
        .post(
            "/c/{c}/fees/readings/{id}/settle",
            May(FeesRecord),
            meters::settle,
        )
        .post(
            "/c/{c}/fees/readings/{id}/void",
            May(FeesRecord),
            meters::void,
        )
}

/// What every handler needs, taken from the request at once.
pub struct Desk {
    pub house: Arc<House>,
    pub actor: Actor,
    pub frame: Frame,
    /// The record in the path; `None` where the path has none or it is forged.
    id: Option<Id>,
}

impl FromRequestParts<Arc<House>> for Desk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Desk, Response> {
        let frame = Frame::of_request(parts);
        let actor = Extension::<Actor>::from_request_parts(parts, house).await;
        let Ok(Extension(actor)) = actor else {
            return Err(problem::page(frame, StatusCode::NOT_FOUND));
        };
        let path = axum::extract::RawPathParams::from_request_parts(parts, house).await;
        let id = path.ok().and_then(|params| {
            let mut named = params.iter().filter(|(name, _)| *name == "id");
            named.next().and_then(|(_, text)| text.parse().ok())
        });
        Ok(Desk {
            house: house.clone(),
            actor,
            frame,
            id,
        })
    }
}

impl Desk {
    /// The record in the path.
    fn id(&self) -> Result<Id, FeesError> {
        self.id.ok_or(FeesError::NoSuchRoom)
    }

    /// The address of one of this compound's pages: `at("/fees")`.
    fn at(&self, rest: &str) -> String {
        let slug = self.frame.compound.as_ref().map_or("", |c| c.slug.as_str());
        format!("/c/{slug}{rest}")
    }

    /// Leads on after an act, with what was done.
    fn done(&self, to: &str, text: impl Into<String>) -> Response {
        onward::done(to, text)
    }

    /// A page that says why not.
    fn refused(self, error: &FeesError) -> Response {
        let (status, sentence) = answer(error);
        match sentence {
            Some(sentence) => problem::page_saying(self.frame, status, &sentence),
            None => problem::page(self.frame, status),
        }
    }
}

/// Whether a refusal belongs beside the form, and the sentence for it.
fn sentence(error: &FeesError) -> Option<Sentence> {
    use FeesError as E;
    Some(match error {
        E::NameLength => say("fees-error-name"),
        E::NameTaken => say("fees-error-name-taken"),
        E::DueDay => say("fees-error-due-day"),
        E::MonthsReversed => say("fees-error-months"),
        E::NoRates => say("fees-error-no-rates"),
        E::Amount => say("fees-error-amount"),
        E::AlreadyBilled => say("fees-error-billed"),
        E::Reason => say("fees-error-reason"),
        E::NoteTooLong => say("fees-error-note"),
        E::MoreThanOwed { owed } => say("fees-error-more").and("owed", yuan(*owed)),
        E::BelowZero { left } => say("fees-error-below").and("left", yuan(*left)),
        E::DateAhead => say("fees-error-ahead"),
        E::ReceiptTooLong => say("fees-error-receipt-long"),
        E::ReceiptTaken => say("fees-error-receipt"),
        E::Again => say("fees-error-again"),
        E::AlreadyVoid => say("fees-error-void"),
        E::NotToday { recorded_on } => {
            say("fees-error-not-today").and("day", recorded_on.to_string())
        }
        E::CashierNeverWritesOff => say("fees-error-cashier"),
        E::PlanParts => say("fees-error-plan"),
        E::PlanActive => say("fees-error-plan-active"),
        E::PlanEnded => say("fees-error-plan-ended"),
        E::NothingToBill => say("fees-month-no-items"),
        E::RunOver => say("fees-error-run-over"),
        E::RunTouched { bills } => say("fees-error-run-touched").and("bills", bills.to_string()),
        E::MeterNumber => say("fees-error-meter-number"),
        E::MeterTaken => say("fees-error-meter-taken"),
        E::MeterOut => say("fees-error-meter-out"),
        E::Dial => say("fees-error-dial"),
        E::NotByMeter => say("fees-error-not-by-meter"),
        E::ReadingOrder { last } => say("fees-error-reading-order").and("day", last.to_string()),
        E::RunsBack { last } => {
            say("fees-error-runs-back").and("last", crate::meters::quantity_text(*last))
        }
        E::ReadingSettled => say("fees-error-reading-settled"),
        E::NothingUsual => say("fees-error-nothing-usual"),
        E::OwnersDoNotRead => say("fees-error-owners-read"),
        E::Tiers => say("fees-error-tiers"),
        E::MoreThanCredit { credit } => say("fees-error-credit").and("credit", yuan(*credit)),
        E::Refunded => say("fees-error-refunded"),
        E::WishOpen => say("fees-error-wish-open"),
        E::WishDecided => say("fees-error-decided"),
        E::SamePerson => say("fees-error-same-person"),
        E::LateFee => say("fees-error-late"),
        E::SplitDay => say("fees-error-split-day"),
        E::NoLateFee => say("fees-error-late-none"),
        E::LateChanged { now } => say("fees-error-late-changed").and("amount", yuan(*now)),
        E::Picture(refused) => say(match refused {
            PictureRefused::Kind => "fees-error-picture-kind",
            PictureRefused::TooLarge | PictureRefused::TooManyPixels => "fees-error-picture-large",
            PictureRefused::Damaged => "fees-error-picture-damaged",
            PictureRefused::Busy => "fees-error-picture-busy",
        }),
        E::BankFile(error) => say(match error {
            sheets::OpenError::Empty => "imports-error-empty",
            sheets::OpenError::Password => "imports-error-password",
            sheets::OpenError::WrongKind { .. } => "imports-error-kind",
            sheets::OpenError::WrongEncoding { .. } => "imports-error-encoding",
            sheets::OpenError::Broken { .. }
            | sheets::OpenError::Entities
            | sheets::OpenError::UnclosedQuote { .. }
            | sheets::OpenError::Unreadable { .. } => "imports-error-broken",
            _ => "imports-error-large",
        }),
        E::BankHead => say("fees-error-bank-head"),
        E::BankLines => say("fees-error-lines"),
        E::Difference => say("fees-error-difference"),
        E::TillCounted => say("fees-error-till-counted"),
        E::PaperTooLong => say("fees-error-paper"),
        E::WayTooLong => say("fees-error-way").and("max", crate::WAY_CHARS_MAX),
        E::Folder => say("fees-error-folder"),
        E::Hour => say("fees-error-hour"),
        E::Forbidden(_)
        | E::NoSuchRoom
        | E::NoSuchItem
        | E::NoSuchBill
        | E::NoSuchPayment
        | E::NoSuchPlan
        | E::NoSuchRun
        | E::NoSuchMeter
        | E::NoSuchReading
        | E::NoSuchWish
        | E::NoSuchClosing
        | E::NoSuchLine
        | E::NoSuchPaper
        | E::Keys(_)
        | E::Disk(_)
        | E::NoExchange
        | E::Database(_) => return None,
    })
}

fn answer(error: &FeesError) -> (StatusCode, Option<Sentence>) {
    let status = match error {
        FeesError::Database(error) => {
            tracing::error!(%error, "fees");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        FeesError::Disk(error) => {
            tracing::error!(%error, "fees");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        FeesError::Keys(error) => {
            tracing::error!(%error, "fees");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        FeesError::Forbidden(_) => StatusCode::FORBIDDEN,
        _ if sentence(error).is_some() => StatusCode::UNPROCESSABLE_ENTITY,
        // Secret things and things of others answer alike.
        _ => StatusCode::NOT_FOUND,
    };
    (status, sentence(error))
}

fn yuan(amount: Fen) -> String {
    foundation::page::fmt::money(amount.0)
}

/// The amount that was typed, in yuan.
fn amount(form: &mut Form, name: &str) -> Option<Fen> {
    form.field(name, "fees-amount")
        .read(|text| text.parse().map_err(|_| say("fees-error-amount")))
}

fn kind_word(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Property => key("fees-kind-property"),
        ItemKind::Water => key("fees-kind-water"),
        ItemKind::Electricity => key("fees-kind-electricity"),
        ItemKind::Parking => key("fees-kind-parking"),
        ItemKind::Other => key("fees-kind-other"),
    }
}

fn way_word(way: impl std::borrow::Borrow<Way>) -> &'static str {
    match way.borrow() {
        Way::Cash => key("fees-way-cash"),
        Way::Transfer => key("fees-way-transfer"),
        Way::WeChat => key("fees-way-wechat"),
        Way::Alipay => key("fees-way-alipay"),
        Way::Card => key("fees-way-card"),
        Way::Other => key("fees-way-other"),
    }
}

fn ways(frame: &Frame) -> Vec<Choice> {
    let choice = |way: &Way| Choice::new(way.word(), frame.t(way_word(*way)));
    Way::ALL.iter().map(choice).collect()
}
