//! Who is in a channel, as the group shows them: the office, those who keep order, and
//! the members by room. Names are what their messages bear, never more.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use membership::directory::{self, Among};
use permissions::Role;
use permissions::actor::Actor;

use crate::channels::{self, Channel, ChannelKind};
use crate::{GroupError, acting, byline};

/// Members of one page of the list.
pub const PAGE_PEOPLE: i64 = 50;
/// Names offered while somebody types one.
const OFFERED_MAX: i64 = 8;
/// Who of the office is shown in the group; the others read it without being of it.
const OFFICE: [Role; 5] = [
    Role::Host,
    Role::Manager,
    Role::Supervisor,
    Role::Specialist,
    Role::OnDuty,
];

/// Somebody in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub account: Id,
    pub name: String,
    /// `host`, `steward`, `acting`, `staff` or empty.
    pub badge: &'static str,
    /// Until when an acting steward acts.
    pub acting_until: Option<Moment>,
    /// Muted or removed until then, for those who keep order; `Some(None)` has no end.
    pub silent: Option<Option<Moment>>,
}

/// A page of them.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub rows: Vec<Person>,
    /// Where the next page goes on, or nothing.
    pub after: Option<(String, Id)>,
}

/// Whose homes are meant by a channel.
fn among(channel: &Channel) -> Among<'_> {
    match channel.kind {
        ChannelKind::Building => Among(&channel.building),
        _ => Among(""),
    }
}

/// The office as the group shows it.
async fn office(house: &House, c: Community) -> Result<Vec<Person>, GroupError> {
    let holders = accounts::staff::holders(house, c, &OFFICE).await?;
    let mut out: Vec<Person> = Vec::new();
    for one in holders.into_iter().filter(|h| h.active) {
        let badge = if one.role == Role::Host {
            "host"
        } else {
            "staff"
        };
        match out.iter_mut().find(|p| p.account == one.id) {
            Some(there) if badge == "host" => there.badge = badge,
            Some(_) => {}
            None => out.push(Person {
                account: one.id,
                name: one.name,
                badge,
                acting_until: None,
                silent: None,
            }),
        }
    }
    out.sort_by_key(|p| p.badge != "host");
    Ok(out)
}

/// The badges of those who keep order, elected or for a while.
async fn keepers(
    house: &House,
    c: Community,
) -> Result<BTreeMap<Id, (&'static str, Option<Moment>)>, GroupError> {
    let holders = accounts::staff::holders(house, c, &[Role::Steward]).await?;
    let for_a_while = acting::now(house, c).await?;
    let mark = |account: Id| match for_a_while.iter().find(|a| a.account == account) {
        Some(a) => ("acting", Some(a.until)),
        None => ("steward", None),
    };
    Ok(holders.into_iter().map(|h| (h.id, mark(h.id))).collect())
}

/// A page of the people of a channel; the first begins with the office.
pub async fn page(
    house: &House,
    by: &Actor,
    channel: &Channel,
    after: Option<(String, Id)>,
) -> Result<People, GroupError> {
    let c = by.community;
    let keepers = keepers(house, c).await?;
    let mut out = People::default();
    if after.is_none() {
        out.rows = office(house, c).await?;
        if channel.kind == ChannelKind::Stewards {
            for account in keepers.keys() {
                if let Some(m) = directory::active(house, c, *account).await? {
                    out.rows
                        .push(person(*account, &m.room_code, &m.name, &keepers));
                }
            }
        }
    }
    if channel.kind != ChannelKind::Stewards {
        let from = after.as_ref().map(|(room, id)| (room.as_str(), *id));
        let mut found = directory::page(house, c, among(channel), from, PAGE_PEOPLE + 1).await?;
        let more = found.len() as i64 > PAGE_PEOPLE;
        found.truncate(PAGE_PEOPLE as usize);
        out.after = found
            .last()
            .filter(|_| more)
            .map(|m| (m.room_code.clone(), m.id));
        for m in found {
            out.rows
                .push(person(m.account, &m.room_code, &m.name, &keepers));
        }
    }
    if channels::announces(by) {
        for one in &mut out.rows {
            let silence = conduct::speech::silence(house, c, one.account).await?;
            one.silent = silence.map(|s| s.until);
        }
    }
    Ok(out)
}

fn person(
    account: Id,
    room: &str,
    name: &str,
    keepers: &BTreeMap<Id, (&'static str, Option<Moment>)>,
) -> Person {
    let (badge, acting_until) = keepers.get(&account).copied().unwrap_or(("", None));
    Person {
        account,
        name: byline::shown(room, name),
        badge,
        acting_until,
        silent: None,
    }
}

/// Names that begin so, for whoever types one after `@`.
pub async fn offered(
    house: &House,
    by: &Actor,
    channel: &Channel,
    text: &str,
) -> Result<Vec<Person>, GroupError> {
    let c = by.community;
    let text = text.trim();
    let mut out: Vec<Person> = office(house, c).await?;
    let key = hanzi::fold::key(text);
    let fits = |p: &Person| {
        let names = [hanzi::fold::key(&p.name), hanzi::fold::initials(&p.name)];
        names.iter().any(|n| n.starts_with(&key))
    };
    out.retain(fits);
    if channel.kind == ChannelKind::Stewards {
        let keepers = keepers(house, c).await?;
        for account in keepers.keys() {
            if let Some(m) = directory::active(house, c, *account).await? {
                let one = person(*account, &m.room_code, &m.name, &keepers);
                out.extend(Some(one).filter(fits));
            }
        }
    } else if !text.is_empty() {
        let found = directory::beginning(house, c, among(channel), text, OFFERED_MAX).await?;
        let nobody = BTreeMap::new();
        out.extend(
            found
                .iter()
                .map(|m| person(m.account, &m.room_code, &m.name, &nobody)),
        );
    }
    out.retain(|p| Some(p.account) != by.account);
    out.truncate(OFFERED_MAX as usize);
    Ok(out)
}

/// Who is meant by a home and, where it is told, a name: the account and how it was written.
pub async fn of_home(
    house: &House,
    by: &Actor,
    channel: &Channel,
    code: &str,
) -> Result<Vec<(Id, String, String)>, GroupError> {
    let found = directory::of_home(house, by.community, among(channel), code).await?;
    let mut out = Vec::new();
    for m in found {
        let shown = hanzi::name::masked_name(&m.name);
        if channel.kind != ChannelKind::Stewards
            || keepers(house, by.community).await?.contains_key(&m.account)
        {
            let first: String = m.name.chars().take(1).collect();
            out.push((m.account, shown, first));
        }
    }
    Ok(out)
}

/// The office's accounts with their names, for whoever names one of them.
pub async fn of_office(house: &House, by: &Actor) -> Result<Vec<(Id, String)>, GroupError> {
    let all = office(house, by.community).await?;
    Ok(all.into_iter().map(|p| (p.account, p.name)).collect())
}
