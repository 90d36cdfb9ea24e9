//! What of the money waits for the reader: a second person's word on a write-off, and a line of
//! the bank that fits no room by itself.

use foundation::database::DbError;
use foundation::house::House;
use permissions::Permission;
use permissions::actor::Actor;

use crate::store;

/// How much, up to a hundred of each.
pub async fn waiting_for(house: &House, by: &Actor) -> Result<u32, DbError> {
    let c = by.community;
    let mut count = 0;
    if let Some(account) = by.account.filter(|_| by.has(Permission::FeesSecond)) {
        let (n,): (i64,) = house.db.one(store::wishes_for(c, account)).await?;
        count += n;
    }
    if by.has(Permission::FeesRecord) {
        let (n,): (i64,) = house.db.one(store::bank_lines_few(c)).await?;
        count += n;
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
