//! A household checks itself: by a link with a one-time secret on a slip, or as the owner who is
//! signed in. It sees its own data masked and confirms or corrects each field.

use foundation::clock::{DAY, Moment};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::answer::{self, Fields, Outcome};
use crate::rule::Quarter;
use crate::task::{Method, State, Task};
use crate::{CensusError, events, store};

/// The purpose under which secrets are digested.
const PURPOSE: &str = "census-link";
/// How long a link leads somewhere.
pub const LASTS: i64 = 21 * DAY;
/// Links made in one go: a building's letterboxes.
pub const LINKS_MAX: usize = 200;

fn digest(house: &House, secret: &str) -> String {
    let digest = house.keys.digest(PURPOSE, secret.as_bytes());
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// A link just made: the only moment at which its secret can be shown.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub task: Task,
    pub secret: String,
    pub expires_at: Moment,
}

/// Makes a link for each of some households; their earlier ones lead nowhere from now on.
/// Households that are settled are left out.
pub async fn make(house: &House, by: &Actor, tasks: Vec<Task>) -> Result<Vec<Fresh>, CensusError> {
    by.may(Permission::CensusVisit)?;
    let account = by.account.ok_or(CensusError::NotFound)?;
    let open = |t: &Task| matches!(t.state, State::Open | State::Refused);
    let tasks: Vec<Task> = tasks.into_iter().filter(open).take(LINKS_MAX).collect();
    let quarter = tasks.first().ok_or(CensusError::Nothing)?.quarter;
    let c = by.community;
    let name = accounts::name_of(house, account).await?;
    let expires_at = house.now().plus(LASTS);
    let fresh: Vec<Fresh> = tasks
        .into_iter()
        .map(|task| Fresh {
            task,
            secret: house.chance.token(),
            expires_at,
        })
        .collect();
    let kept: Vec<(String, Id)> = fresh
        .iter()
        .map(|f| (digest(house, &f.secret), f.task.id))
        .collect();
    let dossiers: Vec<Id> = fresh.iter().map(|f| f.task.dossier).collect();
    house
        .write(c, &by.who_for(Permission::CensusVisit), move |mut tx| {
            let now = tx.now();
            for (digest, task) in &kept {
                tx.execute(store::answers::void_links(c, *task, now))?;
                let link = store::answers::insert_link(c, digest, *task, now, &name, expires_at);
                tx.execute(link)?;
            }
            let event = Event::new(events::LINKED)
                .to(Audience::Staff)
                .with("quarter", quarter.number())
                .with("tenures", dossiers);
            Ok::<_, CensusError>(tx.record(event, ())?)
        })
        .await?;
    Ok(fresh)
}

/// The newest link of a household, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub at: Moment,
    pub by_name: String,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
}

pub async fn of_task(house: &House, by: &Actor, task: Id) -> Result<Option<Made>, CensusError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::answers::link_of(by.community, task);
    let found: Option<(Moment, String, Moment, Option<Moment>)> = house.db.optional(asked).await?;
    Ok(found.map(|(at, by_name, expires_at, used_at)| Made {
        at,
        by_name,
        expires_at,
        used_at,
    }))
}

/// The household that a link leads to.
///
/// # Errors
/// [`CensusError::NotFound`] for a secret that was never made here;
/// [`CensusError::LinkOver`] once it was used, is over or replaced.
pub async fn find(house: &House, c: Community, secret: &str) -> Result<Task, CensusError> {
    let asked = store::answers::link(c, &digest(house, secret));
    let found: Option<(Id, Moment, Option<Moment>, Option<Moment>)> =
        house.db.optional(asked).await?;
    let (task, expires_at, used_at, voided_at) = found.ok_or(CensusError::NotFound)?;
    if used_at.is_some() || voided_at.is_some() || expires_at <= house.now() {
        return Err(CensusError::LinkOver);
    }
    let task: Option<Task> = house.db.optional(store::task(c, task)).await?;
    let task = task.ok_or(CensusError::NotFound)?;
    // Whoever lives there now is another household.
    if task.state == State::Excused {
        return Err(CensusError::LinkOver);
    }
    Ok(task)
}

/// Takes what a household says by its link, which is used up by it.
pub async fn send(
    house: &House,
    by: &Actor,
    secret: &str,
    sent_id: &str,
    fields: &Fields,
) -> Result<Outcome, CensusError> {
    let c = by.community;
    let task = find(house, c, secret).await?;
    let from = answer::From {
        who: by.who(),
        account: String::new(),
        name: String::new(),
        link: Some(digest(house, secret)),
    };
    answer::take_in(house, c, from, task, sent_id, Method::Household, fields).await
}

/// The homes of the owner who is signed in, in this quarter.
pub async fn own(house: &House, by: &Actor) -> Result<Vec<Task>, CensusError> {
    by.may(Permission::CensusOwn)?;
    let (c, q) = (by.community, Quarter::at(house.now()));
    let Some(person) = by.person else {
        return Ok(Vec::new());
    };
    let rooms: Vec<(Id,)> = house.db.all(store::rooms_of_person(c, person)).await?;
    let mut out = Vec::new();
    for (room,) in rooms {
        let found: Option<Task> = house.db.optional(store::of_room(c, q, room)).await?;
        out.extend(found);
    }
    out.sort_by(|a, b| a.sort_key.cmp(&b.sort_key));
    Ok(out)
}

/// One of them.
pub async fn own_one(house: &House, by: &Actor, id: Id) -> Result<Task, CensusError> {
    let all = own(house, by).await?;
    all.into_iter()
        .find(|t| t.id == id)
        .ok_or(CensusError::NotFound)
}

/// Takes what the owner who is signed in says of their own home.
pub async fn send_own(
    house: &House,
    by: &Actor,
    id: Id,
    sent_id: &str,
    fields: &Fields,
) -> Result<Outcome, CensusError> {
    let task = own_one(house, by, id).await?;
    let account = by.account.ok_or(CensusError::NotFound)?;
    let from = answer::From {
        who: by.who_for(Permission::CensusOwn),
        account: account.to_string(),
        name: String::new(),
        link: None,
    };
    let c = by.community;
    answer::take_in(house, c, from, task, sent_id, Method::Household, fields).await
}
