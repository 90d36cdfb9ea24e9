//! What an owner is told: that their file was given to a successor company (個人信息保護法 23:
//! whoever gives personal data on says to whom).

use dossiers::Dossier;
use foundation::database::Community;
use foundation::house::House;

use crate::write::Scope;
use crate::{State, Succession, SuccessionError, store};

/// A file that left with a succession.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The room's code.
    pub code: String,
    pub successor: String,
    /// When both companies signed, `YYYY-MM-DD`.
    pub day: String,
}

/// Which of these dossiers were given to whom, the newest first.
pub async fn given(
    house: &House,
    c: Community,
    dossiers: &[Dossier],
) -> Result<Vec<Given>, SuccessionError> {
    let mut out = Vec::new();
    if dossiers.is_empty() {
        return Ok(out);
    }
    let all: Vec<Succession> = house.db.all(store::list(c)).await?;
    for s in all.into_iter().filter(|s| s.state == State::Delivered) {
        let scope = match Scope::of(house, c, &s).await {
            // Its first or last room has another code since: it cannot be said what lay between.
            Err(SuccessionError::Room(_)) => continue,
            scope => scope?,
        };
        let went = |d: &&Dossier| {
            (s.building.is_empty() || d.building == s.building)
                && scope.holds(d)
                && s.written_at.is_some_and(|at| d.opened_at <= at)
        };
        out.extend(dossiers.iter().filter(went).map(|d| Given {
            code: d.code.clone(),
            successor: s.successor.clone(),
            day: s.delivered_day.clone(),
        }));
    }
    Ok(out)
}
