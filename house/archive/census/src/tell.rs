//! Households are told that they may check themselves: owners who have an account, by push and
//! mail as each wants to be reached, once a fortnight at most.

use std::collections::BTreeMap;

use foundation::clock::{DAY, Moment};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use outbox::{Letter, Recipient, Way};
use permissions::Permission;
use permissions::actor::Actor;

use crate::rule::Quarter;
use crate::{CensusError, events, plan, store};

/// Accounts looked at in one write.
const TAKE: i64 = 300;
/// Between two tellings: a reminder, not a siege.
pub const APART: i64 = 14 * DAY;

/// What the letter says, in the office's language.
#[derive(Clone, Debug)]
pub struct Said {
    pub title: String,
    pub text: String,
}

/// Tells the owners whose homes have no record yet; how many letters went out.
///
/// # Errors
/// [`CensusError::Changed`] when they were told within [`APART`].
pub async fn tell(house: &House, by: &Actor, q: Quarter, said: &Said) -> Result<i64, CensusError> {
    by.may(Permission::CensusLead)?;
    let c = by.community;
    let plan = plan::of(house, c, q).await?.ok_or(CensusError::Nothing)?;
    let now = house.now();
    if plan.told_at.is_some_and(|at| now < at.plus(APART)) {
        return Err(CensusError::Changed);
    }
    let letter = Letter {
        source: format!("census:{}", q.word()),
        title: said.title.clone(),
        text: said.text.clone(),
        path: "/my/census".into(),
        urgent: false,
        expires_at: now.plus(APART),
    };
    let id = house.id();
    let opening = letter.clone();
    house
        .write(c, &by.who_for(Permission::CensusLead), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::told(c, q, now, now.plus(-APART)))? == 0 {
                return Err(CensusError::Changed);
            }
            outbox::letter_in(&mut tx, id, &opening)?;
            let event = Event::new(events::TOLD).to(Audience::Staff);
            Ok(tx.record(event.with("quarter", q.number()), ())?)
        })
        .await?;
    let mut after = String::new();
    let mut sent = 0;
    loop {
        let asked = store::owners(c, &after, TAKE);
        let owners: Vec<(Id, Option<Id>)> = house.db.all(asked).await?;
        let Some((last, _)) = owners.last() else {
            return Ok(sent);
        };
        after = last.to_string();
        let full = owners.len() as i64 == TAKE;
        let people: BTreeMap<Id, Id> = owners
            .into_iter()
            .filter_map(|(a, p)| Some((p?, a)))
            .collect();
        sent += batch(house, by, q, id, people).await?;
        if !full {
            return Ok(sent);
        }
    }
}

/// One batch: person to account.
async fn batch(
    house: &House,
    by: &Actor,
    q: Quarter,
    letter: Id,
    people: BTreeMap<Id, Id>,
) -> Result<i64, CensusError> {
    let c = by.community;
    let ids: Vec<Id> = people.keys().copied().collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let homes: Vec<(Id, Id)> = house.db.all(store::open_homes_of(c, q, &ids)).await?;
    let mut whom: Vec<(Id, Id)> = homes
        .into_iter()
        .filter_map(|(person, room)| Some((*people.get(&person)?, room)))
        .collect();
    whom.sort_unstable();
    whom.dedup_by_key(|(account, _)| *account);
    let accounts: Vec<Id> = whom.iter().map(|(account, _)| *account).collect();
    let reachable = outbox::reachable(house, c, &accounts).await?;
    let mut items = Vec::new();
    for (account, room) in whom {
        let to = Recipient {
            room: Some(room),
            account: Some(account),
            party: None,
        };
        for way in [Way::Push, Way::Mail] {
            if reachable.has(account, way) {
                items.push((way, to));
            }
        }
    }
    if items.is_empty() {
        return Ok(0);
    }
    house
        .write(c, &by.who_for(Permission::CensusLead), move |mut tx| {
            let now: Moment = tx.now();
            let mut put = 0;
            for (way, to) in &items {
                put += i64::from(outbox::post_in(&mut tx, letter, *way, to, now)?);
            }
            let event = Event::new(events::TOLD)
                .to(Audience::Staff)
                .with("quarter", q.number())
                .with("items", put);
            Ok::<_, CensusError>(tx.record(event, put)?)
        })
        .await
}
