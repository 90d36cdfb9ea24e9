//! Who can do a ticket, and whose turn it is: by skill, by building, by how much one has.

use std::collections::BTreeMap;

use foundation::database::{Community, DbError, Look};
use foundation::ids::Id;

use crate::category::Tree;
use crate::log::Step;
use crate::looking::Basis;
use crate::states::Act;
use crate::store;
use crate::team::{Mode, Team, Teams, Worker};
use crate::ticket::{Ticket, Veil};

/// Open tickets by colleague.
pub type Loads = BTreeMap<Id, i64>;

pub(crate) fn loads_in(look: &mut impl Look, c: Community) -> Result<Loads, DbError> {
    let rows: Vec<(Id, i64)> = look.all(store::office::loads(c))?;
    Ok(rows.into_iter().collect())
}

/// Whether somebody of a team knows such work and goes to such a building.
fn is_able(w: &Worker, t: &Ticket, tree: &Tree) -> bool {
    let line = t.category.map_or(Vec::new(), |id| tree.line(id));
    let skilled = w.skills.is_empty()
        || line
            .iter()
            .any(|id| w.skills.iter().any(|s| s.as_str() == id.as_str()));
    let there =
        w.buildings.is_empty() || t.building.is_empty() || w.buildings.contains(&t.building);
    skilled && there && t.subject != Some(w.account)
}

/// Those of the ticket's team who can do it.
pub fn able<'t>(teams: &'t Teams, tree: &Tree, t: &Ticket) -> Vec<&'t Worker> {
    let of = |w: &&Worker| Some(w.team) == t.team && is_able(w, t, tree);
    teams.workers.iter().filter(of).collect()
}

/// Whether somebody may take a ticket from the pool: where its team has people, one of those
/// who can; an emergency anybody.
pub fn may_grab(teams: &Teams, tree: &Tree, t: &Ticket, account: Id) -> bool {
    let manned = teams.workers.iter().any(|w| Some(w.team) == t.team);
    let urgent = t.priority == crate::Priority::Emergency;
    !manned || urgent || able(teams, tree, t).iter().any(|w| w.account == account)
}

/// The team that gives its tickets out in turn, where this one waits for that.
pub fn rotates<'t>(teams: &'t Teams, t: &Ticket) -> Option<&'t Team> {
    let team = t.team.and_then(|id| teams.team(id))?;
    let waits = t.state.is_pooled() && t.veil == Veil::Office && team.mode == Mode::Rotate;
    waits.then_some(team)
}

/// Those who can do a ticket and did not let it lie since it was sorted or reopened: whoever let
/// it lie is passed over.
pub(crate) fn in_turn<'b>(t: &Ticket, basis: &'b Basis) -> Vec<&'b Worker> {
    let begins = |s: &Step| s.act == Act::Triage.word() || s.act == Act::Reopen.word();
    let lies = |s: &Step| s.act == Act::TimeOut.word() || s.act == Act::HandBack.word();
    let begun = basis.steps.iter().rposition(begins).unwrap_or(0);
    let lain: Vec<Id> = basis.steps[begun..]
        .iter()
        .filter(|s| lies(s))
        .filter_map(|s| s.by_account)
        .collect();
    let mut left = able(&basis.teams, &basis.tree, t);
    left.retain(|w| !lain.contains(&w.account));
    left
}

/// Whether the clock is to give a ticket to the next in turn; when all who can let it lie, it
/// waits for the office.
pub(crate) fn turns_left(t: &Ticket, basis: &Basis) -> bool {
    rotates(&basis.teams, t).is_some() && !in_turn(t, basis).is_empty()
}

/// Whose turn it is: who has least, and of these who waited longest.
pub fn next<'t>(able: &[&'t Worker], loads: &Loads) -> Option<&'t Worker> {
    let of = |w: &&&Worker| {
        (
            loads.get(&w.account).copied().unwrap_or(0),
            w.turn_at,
            w.account,
        )
    };
    able.iter().min_by_key(of).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use foundation::clock::Moment;

    fn id(n: u8) -> Id {
        format!("{n:016}").parse().expect("an id")
    }

    #[test]
    fn whoever_has_least_is_next_and_of_equals_who_waited_longest() {
        let worker = |n: u8, at: i64| Worker {
            team: id(1),
            account: id(n),
            skills: Vec::new(),
            buildings: Vec::new(),
            turn_at: Moment(at),
        };
        let all = [worker(2, 30), worker(3, 10), worker(4, 20)];
        let able: Vec<&Worker> = all.iter().collect();
        let pick = |loads: &[(u8, i64)]| {
            let loads = loads.iter().map(|(n, load)| (id(*n), *load)).collect();
            next(&able, &loads).map(|w| w.account)
        };
        assert_eq!(pick(&[]), Some(id(3)));
        assert_eq!(pick(&[(3, 1)]), Some(id(4)));
        assert_eq!(pick(&[(3, 1), (4, 2), (2, 1)]), Some(id(3)));
        assert_eq!(next(&[], &Loads::new()).map(|w| w.account), None);
    }
}
