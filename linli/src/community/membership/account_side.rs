//! Making the account of somebody who joins, prepared outside the write and inserted in it.

use hanzi::numbers::Phone;
use zeroize::Zeroizing;

use super::MembershipError;
use crate::foundation::database::{Community, HOUSE, Look, Tx, ask};
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::params;

/// Ready to insert.
pub(super) struct Prepared {
    id: Id,
    name: String,
    phone: Vec<u8>,
    blind: i64,
}

pub(super) async fn prepare(
    house: &House,
    name: &str,
    phone: &str,
    password: Zeroizing<String>,
) -> Result<Prepared, MembershipError> {
    let phone = Phone::parse(phone).map_err(|_| MembershipError::Account("phone".into()))?;
    if password.chars().count() < 8 {
        return Err(MembershipError::Account("password".into()));
    }
    let id = house.id();
    let ring = house.keys.make(HOUSE, &[id]).await?;
    let e164 = phone.e164();
    Ok(Prepared {
        id,
        name: name.to_owned(),
        phone: house
            .keys
            .seal(&ring, id, "account.phone", e164.as_bytes())?,
        blind: house.keys.blind(HOUSE, "account.phone", &e164, 12),
    })
}

pub(super) fn insert(tx: &mut Tx<'_>, new: Prepared) -> Result<Id, MembershipError> {
    let now = tx.now();
    tx.execute(ask(
        "INSERT INTO account (id, name, handle, phone, phone_blind, state, created_at) \
         VALUES ($1, $2, NULL, $3, $4, 'active', $5)",
        params![new.id, new.name, new.phone, new.blind, now],
    ))?;
    Ok(new.id)
}

pub(super) fn grant_owner(
    tx: &mut Tx<'_>,
    c: Community,
    account: Id,
    person: Option<Id>,
) -> Result<(), MembershipError> {
    let now = tx.now();
    tx.execute(ask(
        "INSERT INTO role_grant (community, account, role, person, from_at, until_at) \
         VALUES ($1, $2, 'owner', $3, $4, NULL) ON CONFLICT (community, account, role) DO UPDATE \
         SET person = excluded.person, from_at = excluded.from_at, until_at = NULL",
        params![c, account, person, now],
    ))?;
    Ok(())
}

pub(super) fn end_owner(tx: &mut Tx<'_>, c: Community, account: Id) -> Result<(), MembershipError> {
    let now = tx.now();
    // Somebody may be a member with two homes; the last one takes the role with it.
    let (left,): (i64,) = tx.one(ask(
        "SELECT COUNT(*) FROM member WHERE community = $1 AND account = $2 AND state <> 'ended'",
        params![c, account],
    ))?;
    if left == 0 {
        tx.execute(ask(
            "UPDATE role_grant SET until_at = $3 WHERE community = $1 AND account = $2 AND role = 'owner'",
            params![c, account, now],
        ))?;
    }
    Ok(())
}
