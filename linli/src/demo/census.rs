//! The demo's census: in each week of the quarter that today lies in, the specialists visit some
//! households; this morning a few answers wait to be confirmed.

use ::census::answer::{self, Fields, Given};
use ::census::link;
use ::census::rule::Standing;
use ::census::task::{Method, Task};
use ::census::work::{self, Filter};
use ::census::{Quarter, State, home, plan, share, visit};
use dossiers::follow;
use foundation::clock::Moment;
use permissions::Role;
use permissions::actor::Actor;

use super::year::Story;

/// Households that each of the two visits in a week of the story.
const WEEKLY: i64 = 14;
/// Answers on the desk this morning.
const ON_THE_DESK: usize = 4;

fn same() -> Fields {
    Fields {
        rest_same: true,
        ..Fields::default()
    }
}

/// One week, if the quarter has begun: the plan is looked at, and each visits some households.
pub async fn week(story: &Story<'_>, nth: usize, today: Moment) -> anyhow::Result<()> {
    let q = Quarter::at(today);
    let house = story.house;
    if Quarter::at(house.now()) != q {
        return Ok(());
    }
    let c = story.compound.number;
    let lead = story.colleague(Role::Supervisor, 0);
    if plan::of(house, c, q).await?.is_none() {
        follow::follow(house, c).await?;
        plan::tend(house, &lead, q).await?;
        share::spread(house, &lead, q).await?;
    }
    for visitor in 0..2 {
        let by = story.colleague(Role::Specialist, visitor);
        let Some(account) = by.account else { continue };
        let round = work::round(house, &by, q, account, WEEKLY).await?;
        for (at, task) in round.iter().enumerate() {
            at_the_door(story, &by, task, nth * 14 + at).await?;
        }
    }
    Ok(())
}

async fn at_the_door(story: &Story<'_>, by: &Actor, task: &Task, nth: usize) -> anyhow::Result<()> {
    let house = story.house;
    match nth % 23 {
        7 => {
            // Tried at this hour already: the next week has another.
            let tried = visit::away(house, by, task.id).await;
            if let Err(e) = tried
                && !matches!(
                    e,
                    ::census::CensusError::SamePart | ::census::CensusError::Tried
                )
            {
                return Err(e.into());
            }
        }
        _ if task.standing == Standing::Vacant => {
            visit::vacant(house, by, task.id, &["meter", "neighbour"]).await?;
        }
        19 if nth % 2 == 1 => visit::refuse(house, by, task.id).await?,
        _ => {
            let method = [Method::Visit, Method::Visit, Method::Phone][nth % 3];
            let sent_id = format!("round-{}", task.quarter.number());
            answer::send(house, by, task.id, &sent_id, method, &same()).await?;
        }
    }
    Ok(())
}

/// What households said that is not confirmed yet.
pub async fn morning(story: &Story<'_>, today: Moment) -> anyhow::Result<()> {
    let (house, q) = (story.house, Quarter::at(today));
    week(story, 0, today).await?;
    let by = story.colleague(Role::Specialist, 0);
    let c = story.compound.number;
    let open = Filter {
        state: Some(State::Open),
        ..Filter::default()
    };
    let (tasks, _) = work::page(house, &by, q, &open, None).await?;
    let mut told = 0;
    for task in tasks {
        if told == ON_THE_DESK {
            break;
        }
        let known = home::of(house, c, &task).await?;
        let Some(owner) = known.people.iter().find(|m| !m.organisation) else {
            continue;
        };
        let mut fields = same();
        let to = format!("1390013{:04}", 4_100 + told);
        let key = format!("phone-{}", owner.party);
        fields.given.insert(key, Given::To(to));
        if told == 1 {
            fields.plates.push("粵B66618".into());
        }
        if told % 2 == 0 {
            let sent = answer::send(house, &by, task.id, "morning-1", Method::Visit, &fields);
            sent.await?;
        } else {
            let fresh = link::make(house, &by, vec![task]).await?;
            let household = Actor::link_holder(c);
            for one in fresh {
                link::send(house, &household, &one.secret, "self-0001", &fields).await?;
            }
        }
        told += 1;
    }
    Ok(())
}
