//! The SQL of boxes that labels are printed for.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, Value, ask};
use foundation::ids::Id;
use foundation::params;

use super::{BOX, FROM};

/// Boxes for which labels are printed.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'w> {
    /// Empty says any.
    pub building: &'w str,
    pub since: Option<Moment>,
    pub outdated: bool,
    pub rooms: Rooms<'w>,
}

#[derive(Clone, Debug, Default)]
pub enum Rooms<'w> {
    #[default]
    All,
    One(Id),
    Between(&'w [u8], &'w [u8]),
}

impl Wanted<'_> {
    /// The condition, with its parameters.
    fn condition(&self, c: Community) -> (String, Vec<Value>) {
        let mut params = params![c];
        let mut text = String::from("b.community = $1 AND d.state <> 'void'");
        let mut and = |clause: &str, value: Value| {
            params.push(value);
            text.push_str(" AND ");
            text.push_str(&clause.replace('?', &format!("${}", params.len())));
        };
        if !self.building.is_empty() {
            and("d.building = ?", self.building.into());
        }
        if let Some(since) = self.since {
            and("b.changed_at >= ?", since.into());
        }
        match self.rooms {
            Rooms::All => {}
            Rooms::One(room) => and("d.room = ?", room.into()),
            Rooms::Between(from, to) => {
                and("d.sort_key >= ?", from.into());
                and("d.sort_key <= ?", to.into());
            }
        }
        if self.outdated {
            text.push_str(" AND ");
            text.push_str(UNLABELLED);
        }
        (text, params)
    }
}

/// Boxes without a label, or with one that says something else than it must.
const UNLABELLED: &str = "(b.label = '' OR b.labelled <> b.says)";

/// How many boxes are without a label that says what it must. Boxes of dossiers that were taken
/// back go with the next tending.
pub fn count_unlabelled(c: Community) -> Ask {
    ask(
        format!(
            "/* whole: every box is looked at */ SELECT COUNT(*) FROM archive_box b \
             WHERE b.community = $1 AND {UNLABELLED}"
        ),
        params![c],
    )
}

/// Those wanted, in shelf order.
pub fn wanted(c: Community, wanted: &Wanted<'_>, limit: i64) -> Ask {
    let (condition, mut params) = wanted.condition(c);
    params.push(limit.into());
    let last = params.len();
    ask(
        format!(
            "/* whole: labels are chosen by what they say */ SELECT {BOX} FROM {FROM} \
             WHERE {condition} ORDER BY d.sort_key, d.tenure, b.nth, b.id LIMIT ${last}"
        ),
        params,
    )
}

pub fn count_wanted(c: Community, wanted: &Wanted<'_>) -> Ask {
    let (condition, params) = wanted.condition(c);
    ask(
        format!(
            "/* whole: labels are chosen by what they say */ SELECT COUNT(*) FROM {FROM} \
             WHERE {condition}"
        ),
        params,
    )
}
