//! The demo's office: one person for each role.

use accounts::sessions::Opening;
use accounts::{self, NewAccount, Side, links, second_factor, staff};
use foundation::communities::Compound;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Role;
use permissions::actor::Actor;

/// Invented colleagues, two specialists among them so that four eyes are there.
const OFFICE: &[(&str, Role)] = &[
    ("林致遠", Role::Manager),
    ("周雅文", Role::Supervisor),
    ("陳思敏", Role::Specialist),
    ("許若溪", Role::Specialist),
    ("何嘉怡", Role::Host),
    ("蔡玉清", Role::Cashier),
    ("馬建國", Role::OnDuty),
    ("羅志強", Role::Technician),
    ("沈知行", Role::Operator),
];

/// Invites each colleague and lets them accept; a demo's way in is its links, so the
/// accounts have no password.
pub async fn hire(house: &House, compound: &Compound) -> anyhow::Result<Vec<(Role, Id)>> {
    let operator = Actor::operator(compound.number);
    let mut out = Vec::with_capacity(OFFICE.len());
    for (name, role) in OFFICE {
        let path = links::invite(house, &operator, *role, name).await?;
        let secret = path.rsplit('/').next().unwrap_or_default();
        let link = links::look_at_invite(house, secret).await?;
        let new = NewAccount {
            name: (*name).to_owned(),
            handle: Some((*name).to_owned()),
            ..NewAccount::default()
        };
        let prepared = accounts::prepare(house, new).await?;
        let account = prepared.id;
        let opening = Opening::new(house, account, Side::Staff, String::new());
        links::redeem_invite(house, secret, &link, prepared, opening).await?;
        // What they may do in earnest asks for a second factor, here as in every house.
        second_factor::enrol_demo(house, account).await?;
        out.push((*role, account));
    }
    Ok(out)
}

/// Two of the members serve as steward and on the committee.
pub async fn honour(house: &House, compound: &Compound, owners: &[Id]) -> anyhow::Result<()> {
    let operator = Actor::operator(compound.number);
    for (role, owner) in [Role::Steward, Role::Committee]
        .iter()
        .zip(owners.iter().skip(1))
    {
        staff::grant_role(house, &operator, *owner, *role, None).await?;
    }
    Ok(())
}
