//! How whoever writes is shown.

use conduct::judge::Author;
use foundation::house::House;
use foundation::ids::Id;
use hanzi::name::masked_name;
use membership::State;
use membership::members;
use permissions::Role;
use permissions::actor::Actor;

use crate::{GroupError, acting};

/// Whoever writes, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byline {
    pub account: Id,
    pub name: String,
    /// `host`, `steward`, `acting`, `staff` or empty.
    pub badge: &'static str,
}

/// A member as the group shows them: room and masked name.
pub fn shown(room_code: &str, name: &str) -> String {
    format!("{room_code} {}", masked_name(name))
}

/// How whoever acts is shown: room and masked name for members, name for the office.
pub async fn byline(house: &House, by: &Actor) -> Result<(Byline, Option<Author>), GroupError> {
    let account = by.account.ok_or(GroupError::NotFound)?;
    if by.is_staff() {
        let badge = if by.roles.contains(&Role::Host) {
            "host"
        } else {
            "staff"
        };
        let name = accounts::name_of(house, account).await?;
        let author = Author {
            account,
            member: None,
            room: None,
        };
        let byline = Byline {
            account,
            name,
            badge,
        };
        return Ok((byline, Some(author)));
    }
    let badge = if !by.roles.contains(&Role::Steward) {
        ""
    } else if acting::of(house, by.community, account).await?.is_some() {
        "acting"
    } else {
        "steward"
    };
    let here = members::of_account(house, by.community, account).await?;
    let member = here
        .iter()
        .find(|m| m.state == State::Active)
        .ok_or(GroupError::NotFound)?;
    let author = Author {
        account,
        member: Some(member.id),
        room: Some(member.room),
    };
    let byline = Byline {
        account,
        name: shown(&member.room_code, &member.name),
        badge,
    };
    Ok((byline, Some(author)))
}
