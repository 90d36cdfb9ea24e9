//! The members as the group lists and names them: active ones, by room. Rooms downhill
//! show no more of them than the group does.

use super::MembershipError;
use super::store::{self, Member};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;

/// Whose homes: of a building, or of the whole compound when it is empty.
#[derive(Clone, Copy, Debug)]
pub struct Among<'a>(pub &'a str);

/// A page of active members by room; one more than `limit` tells that there are more.
pub async fn page(
    house: &House,
    c: Community,
    among: Among<'_>,
    after: Option<(&str, Id)>,
    limit: i64,
) -> Result<Vec<Member>, MembershipError> {
    let page = store::directory_page(c, among.0, after, limit);
    Ok(house.db.all(page).await?)
}

/// Active members whose room begins so or whose surname is this one sign, at most `limit`: a
/// name is matched no further than it is shown, or it could be guessed sign by sign.
pub async fn beginning(
    house: &House,
    c: Community,
    among: Among<'_>,
    text: &str,
    limit: i64,
) -> Result<Vec<Member>, MembershipError> {
    let by_room = store::directory_beginning(c, among.0, "room_code", text, limit);
    let mut found: Vec<Member> = house.db.all(by_room).await?;
    let key = hanzi::name::name_key(text);
    if (found.len() as i64) < limit && key.chars().count() == 1 {
        let left = limit - found.len() as i64;
        let by_name = store::directory_beginning(c, among.0, "name_key", &key, left);
        found.extend(house.db.all::<Member>(by_name).await?);
    }
    Ok(found)
}

/// The active members of the home with this code, as it is written or as it is meant.
pub async fn of_home(
    house: &House,
    c: Community,
    among: Among<'_>,
    code: &str,
) -> Result<Vec<Member>, MembershipError> {
    let home = |code: &str| store::directory_home(c, among.0, code);
    let found: Vec<Member> = house.db.all(home(code)).await?;
    if !found.is_empty() {
        return Ok(found);
    }
    let site = roster::order::of(house, c).await?;
    match hanzi::room::RoomCode::parse_at(code, &site) {
        Ok(meant) if meant.normal() != code => Ok(house.db.all(home(&meant.normal())).await?),
        _ => Ok(found),
    }
}

/// The member behind an account that is active now, the longest there first.
pub async fn active(
    house: &House,
    c: Community,
    account: Id,
) -> Result<Option<Member>, MembershipError> {
    let rows: Vec<Member> = house.db.all(store::members_of_account(c, account)).await?;
    let active = |m: &Member| m.state == super::State::Active;
    Ok(rows.into_iter().rev().find(active))
}

/// One member by id, for whoever follows what became of them.
pub async fn standing(
    house: &House,
    c: Community,
    id: Id,
) -> Result<Option<Member>, MembershipError> {
    Ok(house.db.optional(store::member(c, id)).await?)
}
