//! Viewings as they are looked at: one with what is said of it, one's own, what waits.

use dossiers::{Document, for_viewing};
use foundation::clock::Moment;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use crate::scope::Way;
use crate::states::{Hand, State};
use crate::store::cover::Covered;
use crate::trace::Shown;
use crate::viewing::{self, Texts, Viewing};
use crate::{ViewingError, act, ask, persons, store};

/// What is listed of the desk at once.
const LISTED_MAX: i64 = 100;
/// Looks listed of one viewing.
const LOOKS_MAX: i64 = 500;

/// A dossier of a viewing.
#[derive(Clone, Debug)]
pub struct Home {
    pub dossier: Id,
    pub code: String,
    pub number: String,
}

/// One viewing with all that its page says.
pub struct Story {
    pub viewing: Viewing,
    pub texts: Texts,
    pub homes: Vec<Home>,
    /// Documents that it is narrowed to.
    pub narrowed: Vec<Id>,
    pub looks: Vec<Shown>,
    /// Who reads this, as the table sees them.
    pub hand: Hand<Id>,
    pub mine: bool,
}

/// One viewing, for who asked, who decides and who registers; nobody else learns of it.
pub async fn story(house: &House, by: &Actor, id: Id) -> Result<Story, ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, false).await?;
    let mine = hand.person == v.asker_as && ask::may_use(by, &v).is_ok();
    if !mine {
        let office = by.has(Permission::ViewingRegister) || by.has(Permission::ViewingDecide);
        if !office || v.state == State::Draft {
            return Err(ViewingError::NotFound);
        }
    }
    let rows: Vec<(Id, Id, String, String)> = house.db.all(store::dossiers_of(c, id)).await?;
    let narrowed: Vec<(Id,)> = house.db.all(store::documents_of(c, id)).await?;
    Ok(Story {
        texts: viewing::open_texts(house, c, &v).await?,
        homes: rows
            .into_iter()
            .map(|(dossier, _, code, number)| Home {
                dossier,
                code,
                number,
            })
            .collect(),
        narrowed: narrowed.into_iter().map(|(d,)| d).collect(),
        looks: house
            .db
            .all(store::read::of_viewing(c, id, LOOKS_MAX))
            .await?,
        viewing: v,
        hand,
        mine,
    })
}

/// The documents of a viewing's dossiers that it reaches: what is granted, or asked for before
/// that.
pub async fn reach(
    house: &House,
    by: &Actor,
    story: &Story,
) -> Result<Vec<Document>, ViewingError> {
    let v = &story.viewing;
    let scope = if v.approver.is_some() || v.way == Way::Emergency {
        v.granted
    } else {
        v.asked
    };
    let mut out = Vec::new();
    for home in &story.homes {
        let filed = for_viewing::filed(house, by.community, home.dossier).await?;
        out.extend(filed.into_iter().filter(|d| {
            scope.kinds.has(d.kind) && (story.narrowed.is_empty() || story.narrowed.contains(&d.id))
        }));
    }
    if v.released_as.is_some() {
        // What came into an own file after it was let go was covered by nobody.
        let rows: Vec<Covered> = house.db.all(store::cover::all(by.community, v.id)).await?;
        out.retain(|d| rows.iter().any(|row| row.document == d.id));
    }
    Ok(out)
}

/// What somebody asked for as a colleague, the newest first.
pub async fn mine(house: &House, by: &Actor) -> Result<Vec<Viewing>, ViewingError> {
    by.may(Permission::ViewingAsk)?;
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let asked = store::of_asker(by.community, account, Moment(0), LISTED_MAX);
    let mut all: Vec<Viewing> = house.db.all(asked).await?;
    all.retain(|v| v.way != Way::Own);
    Ok(all)
}

/// What waits for whoever decides and registers: submitted, approved, registered, open, and
/// emergencies to be looked into.
pub async fn waiting(house: &House, by: &Actor) -> Result<Vec<Viewing>, ViewingError> {
    if !by.has(Permission::ViewingRegister) && !by.has(Permission::ViewingDecide) {
        return Ok(Vec::new());
    }
    let states = [
        State::Submitted,
        State::Approved,
        State::Covered,
        State::Released,
        State::Registered,
        State::Active,
        State::Emergency,
        State::ReviewDue,
    ];
    let asked = store::in_states(by.community, &states, LISTED_MAX);
    Ok(house.db.all(asked).await?)
}

/// Emergencies that wait for their review. Whoever calls has asked for the right.
pub async fn reviews_due(house: &House, c: Community) -> Result<u32, DbError> {
    let (n,): (i64,) = house.db.one(store::waiting(c, State::ReviewDue)).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}

/// How many wait for the reader, as the bar says it.
pub async fn waiting_for(house: &House, by: &Actor) -> Result<u32, DbError> {
    let mut states = Vec::new();
    if by.roles.contains(&permissions::Role::Manager) {
        states.extend([State::Submitted, State::ReviewDue]);
    }
    if by.roles.contains(&permissions::Role::Specialist) {
        states.extend([State::Approved, State::Covered, State::Released]);
    }
    let mut sum = 0;
    for state in states {
        let (n,): (i64,) = house.db.one(store::waiting(by.community, state)).await?;
        sum += u32::try_from(n).unwrap_or(0);
    }
    Ok(sum)
}
