//! How the assistant did: counted from what was asked.

use answers::measure;
use foundation::clock::DAY;
use foundation::house::House;
use permissions::Permission;
use permissions::actor::Actor;

use crate::{AssistantError, base, store};

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
    /// Of the phrasings in force: how many find their own entry first, of a thousand.
    pub hit1_per_mille: i64,
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
    for (band, count, down, handed) in rows {
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
    let ready = base::ready(house, by.community).await?;
    let (entries, phrasings) = ready.base.size();
    let hits = tokio::task::spawn_blocking(move || {
        let set: Vec<(String, String)> = ready
            .entries
            .iter()
            .flat_map(|e| {
                e.body
                    .phrasings
                    .iter()
                    .map(|p| (p.clone(), e.topic.clone()))
            })
            .collect();
        let hits = measure::hits(&ready.base, &set);
        (hits.iter().filter(|h| **h).count(), hits.len())
    });
    let (hits, of) = hits.await.expect("the engine does not panic");
    out.hit1_per_mille = if of == 0 {
        0
    } else {
        (hits * 1_000 / of) as i64
    };
    (out.entries, out.phrasings) = (entries as i64, phrasings as i64);
    Ok(out)
}
