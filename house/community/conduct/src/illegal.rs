//! 違法信息: hidden, preserved and reported to the authority; closed by the number of the
//! report. An appeal may lift the sanction, it never brings the text back.

use crate::{ConductError, events, store};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Longest name of an authority and longest report number.
pub const FIELD_CHARS_MAX: usize = 100;

/// How far one piece of illegal content has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    pub closed: bool,
    pub hidden_at: Moment,
    pub reported_at: Option<Moment>,
    pub reported_to: String,
    pub number: String,
}

/// The path of a case, if it is one of illegal content.
pub async fn path_of(house: &House, by: &Actor, case: Id) -> Result<Option<Path>, ConductError> {
    by.may(Permission::ConductRead)?;
    let row: Option<(
        String,
        Moment,
        Option<Moment>,
        String,
        String,
        Option<Moment>,
    )> = house
        .db
        .optional(store::illegal(by.community, case))
        .await?;
    Ok(row.map(
        |(state, hidden_at, reported_at, reported_to, number, _)| Path {
            closed: state == "closed",
            hidden_at,
            reported_at,
            reported_to,
            number,
        },
    ))
}

/// Closes the path with what the authority gave.
pub async fn close(
    house: &House,
    by: &Actor,
    case: Id,
    to: &str,
    number: &str,
) -> Result<(), ConductError> {
    by.may(Permission::ConductRemove)?;
    let fits = |t: &str| !t.is_empty() && t.chars().count() <= FIELD_CHARS_MAX;
    let (to, number) = (to.trim().to_owned(), number.trim().to_owned());
    if !fits(&to) || !fits(&number) {
        return Err(ConductError::Words);
    }
    let (c, account) = (by.community, by.account);
    house
        .write(c, &by.who_for(Permission::ConductRemove), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::close_illegal(c, case, &to, &number, account, now))? == 0 {
                return Err(ConductError::NotPending);
            }
            let event = Event::new(events::ILLEGAL_REPORTED)
                .about("case", case)
                .to(Audience::Staff);
            Ok(tx.record(event, ())?)
        })
        .await
}
