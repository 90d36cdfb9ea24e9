//! The demo's office: one person for each role.

use crate::foundation::communities::Compound;
use crate::foundation::database::{Community, HOUSE};
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::foundation::ledger::Event;
use crate::people::accounts::{self, NewAccount, events, roles};
use crate::people::actor::Actor;
use crate::people::permissions::{Permission, Role};

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

/// Makes the accounts and gives the roles.
pub async fn hire(house: &House, compound: &Compound) -> anyhow::Result<Vec<(Role, Id)>> {
    let mut out = Vec::with_capacity(OFFICE.len());
    for (name, role) in OFFICE {
        let new = NewAccount {
            name: (*name).to_owned(),
            handle: Some((*name).to_owned()),
            ..NewAccount::default()
        };
        let prepared = accounts::prepare(house, new).await?;
        let home = if *role == Role::Operator { HOUSE } else { compound.number };
        let account = give(house, home, prepared, *role).await?;
        out.push((*role, account));
    }
    Ok(out)
}

async fn give(
    house: &House,
    home: Community,
    prepared: accounts::Prepared,
    role: Role,
) -> anyhow::Result<Id> {
    let who = Actor::operator(HOUSE).who_for(Permission::StaffManage);
    let stamp = house.stamp(&who);
    let account = house
        .db
        .write_across::<_, crate::foundation::database::DbError, _>(
            vec![HOUSE, home],
            stamp,
            move |mut tx| {
                let id = accounts::insert(&mut tx, prepared)?;
                tx.execute(roles::grant_row(home, id, role, None, tx.now(), None))?;
                let event = Event::new(events::ROLE_GRANTED)
                    .about("account", id)
                    .with("role", role.word());
                tx.record(event, id)
            },
        )
        .await?;
    Ok(account)
}

/// Two of the members serve as steward and on the committee.
pub async fn honour(
    house: &House,
    compound: &Compound,
    owners: &[Id],
    cast: &mut Vec<(Role, Id)>,
) -> anyhow::Result<()> {
    for (role, owner) in [Role::Steward, Role::Committee].into_iter().zip(owners.iter().skip(1)) {
        let who = Actor::operator(HOUSE).who_for(Permission::StaffManage);
        let (home, account) = (compound.number, *owner);
        house
            .write::<_, crate::foundation::database::DbError, _>(home, &who, move |mut tx| {
                tx.execute(roles::grant_row(home, account, role, None, tx.now(), None))?;
                let event = Event::new(events::ROLE_GRANTED)
                    .about("account", account)
                    .with("role", role.word());
                tx.record(event, ())
            })
            .await?;
        cast.push((role, account));
    }
    Ok(())
}
