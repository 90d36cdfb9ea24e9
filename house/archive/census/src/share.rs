//! Who visits whom: buildings are shared among the specialists, and one home may be handed over.

use std::collections::BTreeMap;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use permissions::{Permission, Role};

use crate::rule::Quarter;
use crate::{CensusError, State, coverage, events, store, work};

/// Who visits which building: account and name.
pub async fn of(
    house: &House,
    c: Community,
) -> Result<BTreeMap<String, (Id, String)>, CensusError> {
    let rows: Vec<(String, Id, String)> = house.db.all(store::shares(c)).await?;
    Ok(rows
        .into_iter()
        .map(|(b, id, name)| (b, (id, name)))
        .collect())
}

/// Who can visit: the office's specialists, by name.
pub async fn visitors(house: &House, c: Community) -> Result<Vec<(Id, String)>, CensusError> {
    let roles = [Role::Specialist, Role::Supervisor];
    let holders = accounts::staff::holders(house, c, &roles).await?;
    let active = holders.into_iter().filter(|one| one.active);
    let mut out: Vec<(bool, Id, String)> = active
        .map(|one| (one.role != Role::Specialist, one.id, one.name))
        .collect();
    out.sort_by(|a, b| (a.0, &a.2, a.1).cmp(&(b.0, &b.2, b.1)));
    out.dedup_by_key(|one| one.1);
    Ok(out.into_iter().map(|(_, id, name)| (id, name)).collect())
}

async fn visitor(house: &House, c: Community, account: Id) -> Result<String, CensusError> {
    let all = visitors(house, c).await?;
    let found = all.into_iter().find(|(id, _)| *id == account);
    found.map(|(_, name)| name).ok_or(CensusError::Nobody)
}

/// Gives a building to somebody: its open households of the quarter, and those of quarters to
/// come. How many went over.
pub async fn assign(
    house: &House,
    by: &Actor,
    q: Quarter,
    building: &str,
    account: Id,
) -> Result<i64, CensusError> {
    by.may(Permission::CensusLead)?;
    let c = by.community;
    let name = visitor(house, c, account).await?;
    let building = if building == work::NO_BUILDING {
        ""
    } else {
        building
    };
    give(house, by, q, vec![(building.to_owned(), account, name)]).await
}

async fn give(
    house: &House,
    by: &Actor,
    q: Quarter,
    shares: Vec<(String, Id, String)>,
) -> Result<i64, CensusError> {
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::CensusLead), move |mut tx| {
            let mut went: BTreeMap<Id, i64> = BTreeMap::new();
            for (building, account, name) in &shares {
                tx.execute(store::set_share(c, building, *account, name))?;
                let moved = store::assign_building(c, q, building, *account, name);
                *went.entry(*account).or_default() += tx.execute(moved)? as i64;
            }
            let sum = went.values().sum();
            let told = |(account, count): (Id, i64)| {
                Event::new(events::ASSIGNED)
                    .to(Audience::Staff)
                    .with("quarter", q.number())
                    .with("account", account)
                    .with("households", count)
            };
            let mut all: Vec<Event> = went.into_iter().map(told).collect();
            let last = all.pop().ok_or(CensusError::Nobody)?;
            for event in all {
                tx.also(event)?;
            }
            Ok(tx.record(last, sum)?)
        })
        .await
}

/// Shares the buildings that nobody has among the specialists: each gets neighbouring ones, of
/// about as many households. How many households found somebody.
pub async fn spread(house: &House, by: &Actor, q: Quarter) -> Result<i64, CensusError> {
    by.may(Permission::CensusLead)?;
    let c = by.community;
    let all = visitors(house, c).await?;
    let roles = accounts::staff::holders(house, c, &[Role::Specialist]).await?;
    let people: Vec<(Id, String)> = all
        .iter()
        .filter(|(id, _)| roles.iter().any(|r| r.id == *id))
        .cloned()
        .collect();
    let people = if people.is_empty() { all } else { people };
    if people.is_empty() {
        return Err(CensusError::Nobody);
    }
    let there = of(house, c).await?;
    let buildings: Vec<(String, i64)> = coverage::by_building(house, c, q)
        .await?
        .into_iter()
        .filter(|b| !there.contains_key(&b.name) && b.tally.open > 0)
        .map(|b| (b.name, b.tally.open))
        .collect();
    if buildings.is_empty() {
        return Ok(0);
    }
    let counts: Vec<i64> = buildings.iter().map(|b| b.1).collect();
    let whose = portions(&counts, people.len());
    let shares = buildings.into_iter().zip(whose).map(|((building, _), at)| {
        let (account, name) = people[at].clone();
        (building, account, name)
    });
    give(house, by, q, shares.collect()).await
}

/// Which of so many people gets each of the buildings: neighbours stay together, and each gets
/// about as many households. People first in the list get theirs first.
pub fn portions(counts: &[i64], people: usize) -> Vec<usize> {
    let all: i64 = counts.iter().sum();
    let people = people.max(1);
    let mut before = 0;
    let mut out = Vec::with_capacity(counts.len());
    for count in counts {
        // Where the building's middle lies in the row of all households.
        let middle = before + count / 2;
        let at = if all > 0 {
            middle * people as i64 / all
        } else {
            0
        };
        out.push((at.max(0) as usize).min(people - 1));
        before += count;
    }
    out
}

/// One household goes to somebody else.
pub async fn hand_over(house: &House, by: &Actor, id: Id, account: Id) -> Result<(), CensusError> {
    by.may(Permission::CensusLead)?;
    let c = by.community;
    let name = visitor(house, c, account).await?;
    let task = work::one(house, by, id).await?;
    if task.state != State::Open {
        return Err(CensusError::State(task.state));
    }
    house
        .write(c, &by.who_for(Permission::CensusLead), move |mut tx| {
            if tx.execute(store::assign(c, id, account, &name))? == 0 {
                return Err(CensusError::Changed);
            }
            let event = Event::new(events::ASSIGNED)
                .about("dossier", task.dossier)
                .to(Audience::Staff)
                .with("quarter", task.quarter.number())
                .with("account", account)
                .with("households", 1_i64);
            Ok(tx.record(event, ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbours_stay_together_and_shares_are_even() {
        assert_eq!(portions(&[10, 10, 10, 10], 2), [0, 0, 1, 1]);
        assert_eq!(portions(&[30, 10, 10, 10], 2), [0, 1, 1, 1]);
        assert_eq!(portions(&[5], 3), [1], "one building has one visitor");
        assert_eq!(portions(&[0, 0], 2), [0, 0]);
    }

    proptest! {
        #[test]
        fn nobody_gets_a_building_out_of_the_row(
            counts in proptest::collection::vec(0i64..500, 0..40), people in 1usize..9,
        ) {
            let whose = portions(&counts, people);
            prop_assert_eq!(whose.len(), counts.len());
            prop_assert!(whose.windows(2).all(|w| w[0] <= w[1]));
            prop_assert!(whose.iter().all(|at| *at < people));
            // Nobody has more than an even share and one building.
            let all: i64 = counts.iter().sum();
            let largest = counts.iter().max().copied().unwrap_or(0);
            for person in 0..people {
                let theirs: i64 = counts.iter().zip(&whose).filter(|(_, at)| **at == person).map(|(n, _)| n).sum();
                prop_assert!(theirs <= all / people as i64 + largest + 1);
            }
        }
    }
}
