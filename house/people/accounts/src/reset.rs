//! A lost phone or password, without SMS: one colleague asks at the desk, a second one
//! confirms, and the person sets a new password by a single-use link. Neither of the
//! two can do it alone, and neither learns the password.

use zeroize::Zeroizing;

use super::links::{self, LinkError};
use super::new_account::PrepareError;
use super::sessions::{self, Opening, Token};
use super::{AccountError, Side, events, password, password_rules, sign_in, store};
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, HOUSE, Look as _};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Who};
use permissions::Permission;
use permissions::actor::{Actor, Forbidden};

/// A request that nobody confirmed lapses after a day.
const ASKED_LASTS: i64 = DAY;

/// An open request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: Id,
    pub account: Id,
    pub name: String,
    pub asked_by: Id,
    pub asker: String,
    pub asked_at: Moment,
    pub reason: String,
}

/// Asks that an account of this compound gets a new password; the request's id.
///
/// # Errors
/// [`AccountError::Unknown`] for whoever has nothing to do with this compound;
/// forbidden for a colleague's account without [`Permission::StaffManage`].
pub async fn ask_for(
    house: &House,
    by: &Actor,
    name: &str,
    reason: &str,
) -> Result<Id, AccountError> {
    by.may(Permission::AccountReset)?;
    let asker = by.account.ok_or(AccountError::Unknown)?;
    let account = sign_in::find(house, name)
        .await?
        .ok_or(AccountError::Unknown)?
        .id;
    may_reset(house, by, account).await?;
    let keys = &house.keys;
    let reason = keys
        .seal_words(HOUSE, account, store::RESET_REASON, reason)
        .await?;
    let (id, community) = (house.id(), by.community);
    house
        .write(
            community,
            &by.who_for(Permission::AccountReset),
            move |mut tx| {
                let now = tx.now();
                tx.execute(store::insert_reset_request(
                    community, id, account, asker, now, &reason,
                ))?;
                let event = Event::new(events::RESET_ASKED)
                    .about("account", account)
                    .with("request", id);
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

async fn may_reset(house: &House, by: &Actor, account: Id) -> Result<(), AccountError> {
    let grants: Vec<store::GrantRow> = house.db.all(store::grants(account, house.now())).await?;
    if !grants.iter().any(|g| g.community == by.community) {
        return Err(AccountError::Unknown);
    }
    if by.account == Some(account) {
        return Err(AccountError::Forbidden(Forbidden(Permission::AccountReset)));
    }
    if grants.iter().any(|g| g.role.is_staff()) {
        by.may(Permission::StaffManage)?;
    }
    // Who is staff or owner elsewhere too is not this compound's alone to let in.
    if grants
        .iter()
        .any(|g| g.community != by.community && g.role.is_staff())
    {
        by.may(Permission::HouseOperate)?;
    }
    Ok(())
}

/// The open requests of a compound, the oldest first.
pub async fn open_requests(house: &House, by: &Actor) -> Result<Vec<Asked>, AccountError> {
    by.may(Permission::AccountReset)?;
    let rows: Vec<(Id, Id, String, Id, String, Moment, String)> = house
        .db
        .all(store::open_reset_requests(
            by.community,
            house.now().plus(-ASKED_LASTS),
        ))
        .await?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, account, name, asked_by, asker, asked_at, sealed) in rows {
        let reason = house
            .keys
            .open_words(HOUSE, account, store::RESET_REASON, &sealed)
            .await?;
        out.push(Asked {
            id,
            account,
            name,
            asked_by,
            asker,
            asked_at,
            reason,
        });
    }
    Ok(out)
}

/// How many open requests wait for this colleague: those that somebody else asked for.
pub async fn waiting_for(house: &House, by: &Actor) -> Result<u32, DbError> {
    let Some(account) = by.account else {
        return Ok(0);
    };
    let (n,): (i64,) = house
        .db
        .one(store::count_reset_requests_for(
            by.community,
            account,
            house.now().plus(-ASKED_LASTS),
        ))
        .await?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Confirms a request; the path of the link to hand over.
///
/// # Errors
/// [`AccountError::Wrong`] when the asker confirms, or the person themself.
pub async fn confirm(house: &House, by: &Actor, request: Id) -> Result<String, AccountError> {
    by.may(Permission::AccountReset)?;
    let confirmer = by.account.ok_or(AccountError::Unknown)?;
    let community = by.community;
    let account = requested(house, community, request).await?;
    may_reset(house, by, account).await?;
    let (secret, digest) = links::reset_secret(house);
    let stamp = house.stamp(&by.who_for(Permission::AccountReset));
    house
        .db
        .write_across::<_, AccountError, _>(vec![HOUSE, community], stamp, move |mut tx| {
            let now = tx.now();
            let row: Option<(Id, Id, Moment)> =
                tx.optional(store::unconfirmed_reset_request(community, request))?;
            let (account, asker, asked_at) = row.ok_or(AccountError::Unknown)?;
            if asked_at.plus(ASKED_LASTS) <= now {
                return Err(AccountError::Unknown);
            }
            // Two distinct people, neither of them the one whose account it is.
            if asker == confirmer || account == confirmer {
                return Err(AccountError::Wrong);
            }
            tx.execute(store::confirm_reset_request(
                community, request, confirmer, now,
            ))?;
            links::insert_reset(&mut tx, digest, community, account)?;
            let event = Event::new(events::RESET_CONFIRMED)
                .about("account", account)
                .with("request", request)
                .with("asker", asker);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(format!("/reset/{secret}"))
}

async fn requested(house: &House, community: Community, request: Id) -> Result<Id, AccountError> {
    let row: Option<(Id,)> = house
        .db
        .optional(store::account_of_reset_request(community, request))
        .await?;
    Ok(row.ok_or(AccountError::Unknown)?.0)
}

/// Why a new password is not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Password(#[from] PrepareError),
}

/// Sets the new password and signs in. Every earlier password, passkey, authenticator,
/// known browser and session of the account is void.
pub async fn redeem(
    house: &House,
    secret: &str,
    new: &Zeroizing<String>,
    agent: String,
) -> Result<(Token, Side), ResetError> {
    let link = links::look_at_reset(house, secret).await?;
    let account = link.account.ok_or(LinkError::Gone)?;
    let row: Option<store::AccountRow> = house
        .db
        .optional(store::account(account))
        .await
        .map_err(LinkError::from)?;
    let row = row.filter(|r| r.active).ok_or(LinkError::Gone)?;
    password_rules::check(new, &row.name, None).map_err(PrepareError::from)?;
    let hash = password::hash(house, new)
        .await
        .map_err(PrepareError::from)?;
    let side = sign_in::side_of(house, account, Side::Owner)
        .await
        .map_err(LinkError::from)?;
    let opening = Opening::new(house, account, side, agent);
    let token = opening.token.clone();
    let (id, digest) = (house.id(), links::digest_of(house, secret));
    let who: Who = sign_in::who(account);
    house
        .write::<_, LinkError, _>(HOUSE, &who, move |mut tx| {
            let now = tx.now();
            if links::use_reset(&mut tx, digest)? != account {
                return Err(LinkError::Gone);
            }
            for kind in ["password", "totp", "passkey", "recovery"] {
                tx.execute(store::delete_credentials(account, kind))?;
            }
            tx.execute(store::delete_devices(account))?;
            tx.execute(store::insert_credential(
                account, id, "password", hash, "", 0, now,
            ))?;
            sessions::end_all(&mut tx, account, None)?;
            sessions::open(&mut tx, &opening)?;
            let event = Event::new(events::PASSWORD_SET)
                .about("account", account)
                .with("way", "reset");
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok((token, side))
}

/// Why one's own password is not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("this is not the present password")]
    Present,
    #[error(transparent)]
    New(#[from] PrepareError),
}

/// Changes one's own password; every other session ends.
///
/// # Errors
/// [`ChangeError::Present`] when the present password is not that.
pub async fn change_password(
    house: &House,
    session: &sessions::Session,
    present: &str,
    new: &Zeroizing<String>,
) -> Result<(), ChangeError> {
    let account = session.account;
    password_rules::check(new, &session.name, None).map_err(PrepareError::from)?;
    let counted = account.to_string();
    super::throttle::enter(house, super::throttle::Count::SecondFactor(&counted))
        .await
        .map_err(|_| PrepareError::Busy(super::Busy))?;
    let kept = sign_in::kept_password(house, account)
        .await
        .map_err(PrepareError::from)?;
    let right = password::verify(house, present, kept.as_deref())
        .await
        .map_err(PrepareError::from)?;
    if kept.is_some() && !right {
        return Err(ChangeError::Present);
    }
    let hash = password::hash(house, new)
        .await
        .map_err(PrepareError::from)?;
    let (id, this) = (house.id(), session.id);
    house
        .write::<_, PrepareError, _>(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            tx.execute(store::delete_credentials(account, "password"))?;
            tx.execute(store::insert_credential(
                account, id, "password", hash, "", 0, now,
            ))?;
            sessions::end_all(&mut tx, account, Some(this))?;
            let event = Event::new(events::PASSWORD_SET)
                .about("account", account)
                .with("way", "own");
            Ok(tx.record(event, ())?)
        })
        .await?;
    super::throttle::forget(house, super::throttle::Count::SecondFactor(&counted))
        .await
        .map_err(PrepareError::from)?;
    Ok(())
}
