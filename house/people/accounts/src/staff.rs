//! Colleagues: who is what in a compound, until when, and who may change it.

use super::{AccountError, events, roles, sessions, store};
use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, HOUSE, Look as _, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::actor::Actor;
use permissions::{Permission, Role};

/// One role of one account.
#[derive(Clone, Debug)]
pub struct Colleague {
    pub id: Id,
    pub name: String,
    pub active: bool,
    pub community: Community,
    pub role: Role,
    pub until_at: Option<Moment>,
}

impl FromRow for Colleague {
    fn from_row(row: &mut Row) -> Result<Colleague, DbError> {
        Ok(Colleague {
            id: row.next()?,
            name: row.next()?,
            active: row.next::<String>()? == "active",
            community: row.next()?,
            role: Role::from_word(&row.next::<String>()?)
                .ok_or_else(|| DbError::Shape("a stored role is unknown".into()))?,
            until_at: row.next()?,
        })
    }
}

/// The office of a compound, by role and name. Owners are the membership room's.
pub async fn list(house: &House, by: &Actor) -> Result<Vec<Colleague>, AccountError> {
    by.may(Permission::StaffManage)?;
    let office: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.is_staff()).collect();
    let holders = store::holders(by.community, &office, house.now());
    Ok(house.db.all(holders).await?)
}

/// The names of those who work or worked in a compound's office or in the house, for whoever
/// reads what they did.
pub async fn names(house: &House, community: Community) -> Result<Vec<(Id, String)>, DbError> {
    let office: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.is_staff()).collect();
    house.db.all(store::office(community, &office)).await
}

/// Whether anybody but `account` may do `permission` in a compound: where nobody else of an
/// office could, the rule that another person decides gives way.
pub async fn others_with(
    house: &House,
    community: Community,
    account: Id,
    permission: Permission,
) -> Result<bool, DbError> {
    let roles = permission.roles();
    let other = store::other_holder(community, account, roles, house.now());
    let found: Option<(Id,)> = house.db.optional(other).await?;
    Ok(found.is_some())
}

/// The person that an account is tied to in a compound: two accounts may be one person.
pub async fn person_of(
    house: &House,
    community: Community,
    account: Id,
) -> Result<Option<Id>, DbError> {
    let found: Option<(Id,)> = house
        .db
        .optional(store::person_of(community, account))
        .await?;
    Ok(found.map(|row| row.0))
}

/// The account of a person of a compound, where there is one.
pub async fn account_of(
    house: &House,
    community: Community,
    person: Id,
) -> Result<Option<Id>, DbError> {
    let found: Option<(Id,)> = house
        .db
        .optional(store::account_of(community, person))
        .await?;
    Ok(found.map(|row| row.0))
}

/// Who holds one of these roles in a compound now, for rooms that show who is there.
pub async fn holders(
    house: &House,
    community: Community,
    roles: &[Role],
) -> Result<Vec<Colleague>, DbError> {
    let holders = store::holders(community, roles, house.now());
    house.db.all(holders).await
}

/// Everybody's roles in a compound, or in all: for the command line.
pub async fn everybody(
    house: &House,
    community: Option<Community>,
) -> Result<Vec<Colleague>, DbError> {
    house.db.all(store::all_holders(community)).await
}

/// Whether `by` may give or take this role here.
fn may_change(by: &Actor, role: Role) -> Result<(), AccountError> {
    by.may(Permission::StaffManage)?;
    if role == Role::Operator || !role.is_staff() {
        by.may(Permission::HouseOperate)?;
    }
    Ok(())
}

fn place(by: &Actor, role: Role) -> Community {
    if role == Role::Operator {
        HOUSE
    } else {
        by.community
    }
}

/// Gives a role in `by`'s compound, for ever or through a last day.
///
/// # Errors
/// [`AccountError::Unknown`] without such an account; forbidden without
/// [`Permission::StaffManage`], for oneself, and for what only operators give.
pub async fn grant_role(
    house: &House,
    by: &Actor,
    account: Id,
    role: Role,
    last_day: Option<jiff::civil::Date>,
) -> Result<(), AccountError> {
    may_change(by, role)?;
    // Nobody widens their own rights.
    if by.account == Some(account) {
        return Err(AccountError::Forbidden(permissions::actor::Forbidden(
            Permission::StaffManage,
        )));
    }
    let until = last_day
        .and_then(|day| day.tomorrow().ok())
        .map(Moment::at_start_of);
    let (community, own) = (place(by, role), by.community);
    let anywhere = by.has(Permission::HouseOperate);
    let who = by.who_for(Permission::StaffManage);
    house
        .write(community, &who, move |mut tx| {
            let row: Option<store::AccountRow> = tx.optional(store::account(account))?;
            // A colleague of another compound is nobody here, unless the operator says so.
            let known: Option<(i64,)> = tx.optional(store::any_grant(own, account))?;
            if row.is_none() || (known.is_none() && !anywhere) {
                return Err(AccountError::Unknown);
            }
            let now = tx.now();
            tx.execute(store::upsert_grant(
                community, account, role, None, now, until,
            ))?;
            let event = Event::new(events::ROLE_GRANTED)
                .about("account", account)
                .with("role", role.word())
                .with_some("until", until);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes a role back; sessions of the account end, so that it is felt at once.
pub async fn revoke_role(
    house: &House,
    by: &Actor,
    account: Id,
    role: Role,
) -> Result<(), AccountError> {
    may_change(by, role)?;
    let community = place(by, role);
    let stamp = house.stamp(&by.who_for(Permission::StaffManage));
    house
        .db
        .write_across(vec![HOUSE, community], stamp, move |mut tx| {
            if !roles::revoke(&mut tx, community, account, role)? {
                return Err(AccountError::Unknown);
            }
            let ended = sessions::end_all(&mut tx, account, None)?;
            let event = Event::new(events::SESSION_ENDED)
                .about("account", account)
                .with("sessions", ended as i64);
            Ok(tx.record(event, ())?)
        })
        .await
}
