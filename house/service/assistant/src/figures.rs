//! How the assistant did: counted from what was asked.

use foundation::clock::DAY;
use foundation::house::House;
use permissions::Permission;
use permissions::actor::Actor;

use crate::{AssistantError, base, raised, store};

/// The figures of the last thirty days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub asked: i64,
    pub answered: i64,
    pub clarified: i64,
    pub refused: i64,
    pub danger: i64,
    pub down: i64,
    pub handed: i64,
    /// Of the regression set at the last publishing: how many found their own entry first, of a
    /// thousand, and how many were asked.
    pub hit1_per_mille: i64,
    pub asked_of_set: i64,
    pub entries: i64,
    pub phrasings: i64,
}

pub const DAYS: i64 = 30;

pub async fn figures(house: &House, by: &Actor) -> Result<Figures, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    let since = house.now().plus(-DAYS * DAY);
    let rows: Vec<(String, i64, i64, i64)> =
        house.db.all(store::tally(by.community, since)).await?;
    let mut out = Figures::default();
    // What the office took up in the group was not asked of the assistant.
    let asked = rows.into_iter().filter(|(band, ..)| band != raised::BAND);
    for (band, count, down, handed) in asked {
        out.asked += count;
        out.down += down;
        out.handed += handed;
        match band.as_str() {
            "answer" => out.answered += count,
            "clarify" => out.clarified += count,
            "danger" => out.danger += count,
            "refuse" => out.refused += count,
            _ => {}
        }
    }
    let head = base::head(house, by.community).await?;
    let (hits, of) = head.hits;
    out.hit1_per_mille = if of == 0 { 0 } else { hits * 1_000 / of };
    out.asked_of_set = of;
    let ready = base::ready(house, by.community).await?;
    for (_, body) in ready.all() {
        out.entries += 1;
        out.phrasings += body.phrasings.len() as i64;
    }
    Ok(out)
}
