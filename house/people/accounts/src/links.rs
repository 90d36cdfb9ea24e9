//! Single-use links: a colleague's invitation, the first operator's, a reset decided
//! by two at the desk, and the demo's ways in. Only a keyed digest of each is kept.

use super::new_account::{Prepared, insert};
use super::sessions::{self, Opening, Token};
use super::{AccountError, Side, events, roles, sign_in, store};
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, FromRow, HOUSE, Look, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{ActorRef, Door, Event, Who};
use permissions::actor::Actor;
use permissions::{Permission, Role};

/// A colleague has a week to redeem an invitation.
pub const INVITE_LASTS: i64 = 7 * DAY;
/// The first start is watched by whoever installs.
pub const OPERATOR_LASTS: i64 = DAY;
/// A reset is done at the desk or the same day.
pub const RESET_LASTS: i64 = DAY;

/// How long an invitation for this role can be redeemed, in milliseconds.
pub fn lasts(role: Role) -> i64 {
    match role {
        Role::Operator => OPERATOR_LASTS,
        _ => INVITE_LASTS,
    }
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To become staff.
    Invite,
    /// To set a new password.
    Reset,
    /// To look around in the demo.
    Demo,
}

impl Purpose {
    pub fn word(self) -> &'static str {
        match self {
            Purpose::Invite => "invite",
            Purpose::Reset => "reset",
            Purpose::Demo => "demo",
        }
    }
}

/// Why a link is not made or does not open.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("this link was used, has run out, or never was")]
    Gone,
    #[error("sign-in links without a password are for the demo only")]
    NotDemo,
    #[error("owners are invited by the membership desk, not here")]
    NotStaff,
    #[error("the name or phone was taken in this moment; try again")]
    Taken,
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<DbError> for LinkError {
    fn from(e: DbError) -> LinkError {
        match e {
            DbError::Duplicate => LinkError::Taken,
            e => LinkError::Account(e.into()),
        }
    }
}
impl From<permissions::actor::Forbidden> for LinkError {
    fn from(e: permissions::actor::Forbidden) -> LinkError {
        LinkError::Account(e.into())
    }
}

/// An open link.
#[derive(Clone, Debug)]
pub struct Link {
    pub community: Community,
    pub role: Option<Role>,
    pub name: String,
    pub account: Option<Id>,
    pub expires_at: Moment,
}

impl FromRow for Link {
    fn from_row(row: &mut Row) -> Result<Link, DbError> {
        Ok(Link {
            community: row.next()?,
            role: Role::from_word(&row.next::<String>()?),
            name: row.next()?,
            account: row.next()?,
            expires_at: row.next()?,
        })
    }
}

fn digest(house: &House, secret: &str) -> Vec<u8> {
    house
        .keys
        .digest("account-link", secret.as_bytes())
        .to_vec()
}

/// Uses a link up inside a write; only one of many at once succeeds.
fn use_up(tx: &mut Tx<'_>, digest: Vec<u8>, purpose: Purpose) -> Result<Link, LinkError> {
    let now = tx.now();
    let link: Link = tx
        .optional(store::open_link(digest.clone(), purpose, now))?
        .ok_or(LinkError::Gone)?;
    let used = tx.execute(store::use_link(digest, now))?;
    if used == 0 {
        return Err(LinkError::Gone);
    }
    Ok(link)
}

/// A link to be made.
pub struct NewLink {
    pub purpose: Purpose,
    pub community: Community,
    pub role: Option<Role>,
    pub name: String,
    pub account: Option<Id>,
    pub expires_at: Moment,
}

fn made(new: &NewLink) -> Event {
    Event::new(events::LINK_MADE)
        .with("purpose", new.purpose.word())
        .with_some("role", new.role.map(Role::word))
        .with_some("account", new.account)
        .with("until", new.expires_at)
}

/// Invites a colleague into `by`'s compound (or the house); the path of the link.
///
/// # Errors
/// [`LinkError::NotStaff`] for a role that is not the office's to give; forbidden
/// without [`Permission::StaffManage`], and only an operator makes operators.
pub async fn invite(
    house: &House,
    by: &Actor,
    role: Role,
    name: &str,
) -> Result<String, LinkError> {
    by.may(Permission::StaffManage)?;
    if !role.is_staff() {
        return Err(LinkError::NotStaff);
    }
    if role == Role::Operator {
        by.may(Permission::HouseOperate)?;
    }
    let secret = house.chance.token();
    let digest = digest(house, &secret);
    let community = if role == Role::Operator {
        HOUSE
    } else {
        by.community
    };
    let new = NewLink {
        purpose: Purpose::Invite,
        community,
        role: Some(role),
        name: name.trim().to_owned(),
        account: None,
        expires_at: house.now().plus(lasts(role)),
    };
    let who = by.who_for(Permission::StaffManage);
    house
        .write::<_, LinkError, _>(community, &who, move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert_link(digest, &new, now))?;
            Ok(tx.record(made(&new), ())?)
        })
        .await?;
    Ok(format!("/invite/{secret}"))
}

/// What an invitation offers, for the page that redeems it.
pub async fn look_at_invite(house: &House, secret: &str) -> Result<Link, LinkError> {
    let open = store::open_link(digest(house, secret), Purpose::Invite, house.now());
    house.db.optional(open).await?.ok_or(LinkError::Gone)
}

/// Redeems an invitation: the account, its role and its first session, all or nothing.
pub async fn redeem_invite(
    house: &House,
    secret: &str,
    link: &Link,
    new: Prepared,
    mut opening: Opening,
) -> Result<Token, LinkError> {
    let digest = digest(house, secret);
    opening.account = new.id;
    let token = opening.token.clone();
    let stamp = house.stamp(&Who {
        actor: ActorRef::LinkHolder,
        role: "",
        behalf: None,
        door: Door::Web,
    });
    house
        .db
        .write_across::<_, LinkError, _>(vec![HOUSE, link.community], stamp, move |mut tx| {
            let link = use_up(&mut tx, digest, Purpose::Invite)?;
            let role = link.role.ok_or(LinkError::Gone)?;
            let account = insert(&mut tx, new)?;
            roles::grant(&mut tx, link.community, account, role, None, None)?;
            sessions::open(&mut tx, &opening)?;
            let event = Event::new(events::LINK_USED)
                .about("account", account)
                .with("purpose", Purpose::Invite.word());
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(token)
}

/// A signed-in colleague takes a further role by an invitation.
pub async fn accept_invite(
    house: &House,
    secret: &str,
    link: &Link,
    account: Id,
) -> Result<(), LinkError> {
    let digest = digest(house, secret);
    let stamp = house.stamp(&sign_in::who(account));
    house
        .db
        .write_across::<_, LinkError, _>(vec![HOUSE, link.community], stamp, move |mut tx| {
            let link = use_up(&mut tx, digest, Purpose::Invite)?;
            let role = link.role.ok_or(LinkError::Gone)?;
            roles::grant(&mut tx, link.community, account, role, None, None)?;
            let event = Event::new(events::LINK_USED)
                .about("account", account)
                .with("purpose", Purpose::Invite.word());
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The path of a link for the first operator, where the house has none yet: printed
/// at the first start. An earlier unused one is void from then on.
pub async fn first_operator_link(house: &House) -> Result<Option<String>, LinkError> {
    let (operators,): (i64,) = house
        .db
        .one(store::count_role(HOUSE, Role::Operator))
        .await?;
    if operators > 0 {
        return Ok(None);
    }
    let now = house.now();
    house
        .write::<_, LinkError, _>(HOUSE, &Who::operator(), move |mut tx| {
            let void = tx.execute(store::void_links(HOUSE, Role::Operator, now))?;
            let event = Event::new(events::LINK_MADE).with("void", void as i64);
            Ok(tx.record(event, ())?)
        })
        .await?;
    invite(house, &Actor::operator(HOUSE), Role::Operator, "")
        .await
        .map(Some)
}

/// Marks the installation as a demo, in which sign-in links without a password exist.
/// Only an installation without any account can become one.
pub async fn mark_as_demo(house: &House) -> Result<(), LinkError> {
    house
        .write::<_, LinkError, _>(HOUSE, &Who::operator(), |mut tx| {
            let any: Option<(Id,)> = tx.optional(store::any_account())?;
            if any.is_some() {
                return Err(LinkError::NotDemo);
            }
            tx.execute(store::set_demo())?;
            Ok(tx.record(Event::new(events::LINK_MADE).with("purpose", "demo"), ())?)
        })
        .await
}

/// Whether this installation is a demo.
pub async fn is_demo(house: &House) -> Result<bool, DbError> {
    let row: Option<(String,)> = house.db.optional(store::demo()).await?;
    Ok(row.is_some_and(|(value,)| value == "yes"))
}

/// The path of a single-use link that signs `account` in, second factor included.
///
/// # Errors
/// [`LinkError::NotDemo`] unless the installation was marked as a demo.
pub async fn demo_link(house: &House, account: Id, side: Side) -> Result<String, LinkError> {
    if !is_demo(house).await? {
        return Err(LinkError::NotDemo);
    }
    let secret = house.chance.token();
    let digest = digest(house, &secret);
    let new = NewLink {
        purpose: Purpose::Demo,
        community: HOUSE,
        role: None,
        name: side.word().to_owned(),
        account: Some(account),
        expires_at: house.now().plus(INVITE_LASTS),
    };
    house
        .write::<_, LinkError, _>(HOUSE, &Who::operator(), move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert_link(digest, &new, now))?;
            Ok(tx.record(made(&new), ())?)
        })
        .await?;
    Ok(format!("/demo/{secret}"))
}

/// Signs in by a demo link.
pub async fn redeem_demo(
    house: &House,
    secret: &str,
    agent: String,
) -> Result<(Token, Side), LinkError> {
    if !is_demo(house).await? {
        return Err(LinkError::Gone);
    }
    let digest = digest(house, secret);
    let open = store::open_link(digest.clone(), Purpose::Demo, house.now());
    let link: Link = house.db.optional(open).await?.ok_or(LinkError::Gone)?;
    let account = link.account.ok_or(LinkError::Gone)?;
    let side = Side::from_word(&link.name).ok_or(LinkError::Gone)?;
    let mut opening = Opening::new(house, account, side, agent);
    opening.second = true;
    opening.fresh = false;
    let token = opening.token.clone();
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            use_up(&mut tx, digest, Purpose::Demo)?;
            sessions::open(&mut tx, &opening)?;
            let event = Event::new(events::SIGNED_IN)
                .about("account", account)
                .with("session", opening.id)
                .with("side", side.word())
                .with("way", "demo");
            Ok(tx.record(event, (token, side))?)
        })
        .await
}

/// Makes a reset link inside the write that decided it; see [`super::reset`].
pub(super) fn insert_reset(
    tx: &mut Tx<'_>,
    digest: Vec<u8>,
    community: Community,
    account: Id,
) -> Result<(), DbError> {
    let now = tx.now();
    let new = NewLink {
        purpose: Purpose::Reset,
        community,
        role: None,
        name: String::new(),
        account: Some(account),
        expires_at: now.plus(RESET_LASTS),
    };
    tx.execute(store::insert_link(digest, &new, now))?;
    Ok(())
}

/// A reset link's secret and its digest.
pub(super) fn reset_secret(house: &House) -> (String, Vec<u8>) {
    let secret = house.chance.token();
    let digest = digest(house, &secret);
    (secret, digest)
}

/// Whose reset a link is.
pub async fn look_at_reset(house: &House, secret: &str) -> Result<Link, LinkError> {
    let open = store::open_link(digest(house, secret), Purpose::Reset, house.now());
    house.db.optional(open).await?.ok_or(LinkError::Gone)
}

/// Uses a reset link up inside the write that sets the new password.
pub(super) fn use_reset(tx: &mut Tx<'_>, digest: Vec<u8>) -> Result<Id, LinkError> {
    use_up(tx, digest, Purpose::Reset)?
        .account
        .ok_or(LinkError::Gone)
}

pub(super) fn digest_of(house: &House, secret: &str) -> Vec<u8> {
    digest(house, secret)
}
