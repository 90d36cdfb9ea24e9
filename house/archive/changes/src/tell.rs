//! Each morning whoever may check is told how many changes wait for them: a count and where to
//! look, nothing of whom they concern. Nobody is told of what they made themselves.

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::{Lang, Words, key};
use outbox::{Letter, Recipient, Way};
use permissions::Permission;
use permissions::actor::Actor;

use crate::{ChangesError, events, store};

/// Tells them, once a day; how many messages went out.
pub async fn tell(house: &House, c: Community) -> Result<i64, ChangesError> {
    let today = house.now().date();
    let roles = Permission::ChangesCheck.roles();
    let mut checkers: Vec<Id> = accounts::staff::holders(house, c, roles)
        .await?
        .into_iter()
        .filter(|h| h.active)
        .map(|h| h.id)
        .collect();
    checkers.sort_unstable();
    checkers.dedup();
    let reach = outbox::reachable(house, c, &checkers).await?;
    let mut posts = Vec::new();
    for account in checkers {
        let person = accounts::staff::person_of(house, c, account).await?;
        let (count,): (i64,) = house.db.one(store::waiting_for(c, account, person)).await?;
        let ways = [Way::Push, Way::Mail].map(|way| reach.has(account, way).then_some(way));
        let ways: Vec<Way> = ways.into_iter().flatten().collect();
        if count > 0 && !ways.is_empty() {
            posts.push((house.id(), account, letter(house, count), ways));
        }
    }
    if posts.is_empty() {
        return Ok(0);
    }
    let start = Moment::at_start_of(today);
    let told = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let told: Option<(i64,)> = tx.optional(store::told_since(c, start))?;
            if told.is_some() {
                return Err(ChangesError::Changed);
            }
            let (now, mut put) = (tx.now(), 0);
            for (id, account, letter, ways) in &posts {
                outbox::letter_in(&mut tx, *id, letter)?;
                let to = Recipient {
                    account: Some(*account),
                    ..Recipient::default()
                };
                for way in ways {
                    put += i64::from(outbox::post_in(&mut tx, *id, *way, &to, now)?);
                }
            }
            let event = Event::new(events::TOLD)
                .to(Audience::Staff)
                .with("items", put);
            Ok(tx.record(event, put)?)
        })
        .await;
    match told {
        // A job that ran again.
        Err(ChangesError::Changed) => Ok(0),
        other => other,
    }
}

fn letter(house: &House, count: i64) -> Letter {
    let words = Words::new(Lang::ZhHant);
    Letter {
        source: format!("changes:{}", house.now().date()),
        title: words
            .one(key("changes-told-title"), "count", count)
            .into_owned(),
        text: words.t(key("changes-told-text")).into_owned(),
        path: "/changes".into(),
        urgent: false,
        expires_at: house.now().plus(DAY),
    }
}
