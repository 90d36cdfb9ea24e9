//! Teams: who works on what, where, and how tickets come to them.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use permissions::Permission;
use permissions::actor::Actor;

use crate::words::frozen;
use crate::{Refused, events, some_name, store};

/// Teams of an office, and people in them.
pub const TEAMS_MAX: i64 = 40;
pub const WORKERS_MAX: i64 = 400;

frozen! {
    /// How a ticket comes to somebody.
    Mode {
        /// 指派: the office says who.
        Assign = "assign", key("desk-mode-assign");
        /// 搶單: who is able takes it from the pool.
        Grab = "grab", key("desk-mode-grab");
        /// 輪派: whoever is able and has least, in turn.
        Rotate = "rotate", key("desk-mode-rotate");
    }
}

#[derive(Clone, Debug)]
pub struct Team {
    pub id: Id,
    pub name: String,
    pub lead: Option<Id>,
    pub mode: Mode,
}

impl FromRow for Team {
    fn from_row(row: &mut Row) -> Result<Team, DbError> {
        Ok(Team {
            id: row.next()?,
            name: row.next()?,
            lead: row.next()?,
            mode: row.next()?,
        })
    }
}

/// Somebody of a team.
#[derive(Clone, Debug)]
pub struct Worker {
    pub team: Id,
    pub account: Id,
    /// Ids of categories; none means all.
    pub skills: Vec<String>,
    /// Buildings; none means all.
    pub buildings: Vec<String>,
    pub turn_at: Moment,
}

impl FromRow for Worker {
    fn from_row(row: &mut Row) -> Result<Worker, DbError> {
        let lines = |text: String| text.lines().map(str::to_owned).collect();
        Ok(Worker {
            team: row.next()?,
            account: row.next()?,
            skills: lines(row.next()?),
            buildings: lines(row.next()?),
            turn_at: row.next()?,
        })
    }
}

/// All teams and who is in them.
#[derive(Clone, Debug, Default)]
pub struct Teams {
    pub teams: Vec<Team>,
    pub workers: Vec<Worker>,
}

impl Teams {
    pub async fn of(house: &House, c: Community) -> Result<Teams, DbError> {
        Ok(Teams {
            teams: house.db.all(store::office::teams(c, TEAMS_MAX)).await?,
            workers: house.db.all(store::office::workers(c, WORKERS_MAX)).await?,
        })
    }

    pub fn within(look: &mut impl Look, c: Community) -> Result<Teams, DbError> {
        Ok(Teams {
            teams: look.all(store::office::teams(c, TEAMS_MAX))?,
            workers: look.all(store::office::workers(c, WORKERS_MAX))?,
        })
    }

    pub fn team(&self, id: Id) -> Option<&Team> {
        self.teams.iter().find(|t| t.id == id)
    }

    /// The teams that somebody is in.
    pub fn of_account(&self, account: Id) -> Vec<Id> {
        let mine = self.workers.iter().filter(|w| w.account == account);
        mine.map(|w| w.team).collect()
    }
}

/// Makes a team, or changes it.
pub async fn set_team(
    house: &House,
    by: &Actor,
    id: Option<Id>,
    name: &str,
    lead: Option<Id>,
    mode: Mode,
) -> Result<Id, Refused> {
    by.may(Permission::DeskSet)?;
    let (c, name) = (by.community, some_name(name)?);
    if let Some(lead) = lead {
        colleague(house, c, lead).await?;
    }
    let new = house.id();
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            let all = Teams::within(&mut tx, c)?;
            match id {
                Some(id) if all.team(id).is_none() => return Err(Refused::NotFound),
                None if all.teams.len() as i64 >= TEAMS_MAX => return Err(Refused::TooMany),
                _ => {}
            }
            let team = Team {
                id: id.unwrap_or(new),
                name,
                lead,
                mode,
            };
            tx.execute(store::office::put_team(c, &team))?;
            let event = Event::new(events::TEAM_SET)
                .about("desk_team", team.id)
                .to(Audience::Staff)
                .with("mode", mode.word());
            Ok(tx.record(event, team.id)?)
        })
        .await
}

/// Whoever works in the office with tickets: a team has nobody else.
async fn colleague(house: &House, c: Community, account: Id) -> Result<(), Refused> {
    let roles = Permission::DeskWork.roles();
    let all = accounts::staff::holders(house, c, roles).await?;
    let there = all.iter().any(|h| h.id == account && h.active);
    there.then_some(()).ok_or(Refused::Worker)
}

/// Puts somebody into a team, or says anew what they can do.
pub async fn set_worker(
    house: &House,
    by: &Actor,
    team: Id,
    account: Id,
    skills: Vec<Id>,
    buildings: Vec<String>,
) -> Result<(), Refused> {
    by.may(Permission::DeskSet)?;
    let c = by.community;
    colleague(house, c, account).await?;
    let known = crate::category::Tree::of(house, c).await?;
    if skills.iter().any(|s| known.get(*s).is_none()) {
        return Err(Refused::Category);
    }
    let there = roster::buildings(house, c).await?;
    if buildings.iter().any(|b| !there.contains(b)) {
        return Err(Refused::Room);
    }
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            let all = Teams::within(&mut tx, c)?;
            all.team(team).ok_or(Refused::NotFound)?;
            if all.workers.len() as i64 >= WORKERS_MAX {
                return Err(Refused::TooMany);
            }
            let worker = Worker {
                team,
                account,
                skills: skills.iter().map(Id::to_string).collect(),
                buildings,
                turn_at: Moment(0),
            };
            tx.execute(store::office::put_worker(c, &worker))?;
            let event = Event::new(events::TEAM_SET)
                .about("desk_team", team)
                .to(Audience::Staff)
                .with("account", account);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes somebody out of a team; what they have stays theirs until it is given to another.
pub async fn end_worker(house: &House, by: &Actor, team: Id, account: Id) -> Result<(), Refused> {
    by.may(Permission::DeskSet)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            if tx.execute(store::office::end_worker(c, team, account))? == 0 {
                return Err(Refused::NotFound);
            }
            let event = Event::new(events::TEAM_SET)
                .about("desk_team", team)
                .to(Audience::Staff)
                .with("left", account);
            Ok(tx.record(event, ())?)
        })
        .await
}
