//! Signing in with a password. Whoever has no account gets the same answer after the
//! same work as whoever mistyped.

use std::net::IpAddr;

use hanzi::numbers::Phone;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::new_account::PHONE_BITS;
use super::sessions::{self, Opening, Token};
use super::throttle::{self, Count};
use super::{AccountError, Side, events, password, store};
use foundation::database::HOUSE;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{ActorRef, Door, Event, Who};

/// A try to sign in.
pub struct Attempt {
    /// Which door they stand at; the other one opens where they are only that.
    pub side: Side,
    /// A phone, or the staff's sign-in name.
    pub name: String,
    pub password: Zeroizing<String>,
    pub address: IpAddr,
    /// The secret of a browser that signed in before.
    pub device: Option<String>,
    pub agent: String,
    /// The session that ends when this one begins.
    pub instead_of: Option<Id>,
}

/// Somebody is in.
pub struct SignedIn {
    pub account: Id,
    pub side: Side,
    pub token: Token,
    /// A new secret for this browser, where it had none.
    pub device: Option<String>,
}

/// How sign-in names are compared: width, case, script and spaces do not matter.
pub fn fold(name: &str) -> String {
    hanzi::fold::key(name)
}

/// Who it is that signs in under `name`: a phone in any writing, or a staff name.
pub async fn find(house: &House, name: &str) -> Result<Option<store::AccountRow>, AccountError> {
    if let Ok(phone) = Phone::parse(name) {
        return find_phone(house, &phone.e164()).await;
    }
    Ok(house
        .db
        .optional(store::account_of_handle(&fold(name)))
        .await?)
}

/// The account with this phone (E.164).
pub async fn find_phone(
    house: &House,
    phone: &str,
) -> Result<Option<store::AccountRow>, AccountError> {
    let blind = house.keys.blind(HOUSE, "account.phone", phone, PHONE_BITS);
    let rows: Vec<store::AccountRow> = house.db.all(store::accounts_of_phone(blind)).await?;
    let ids: Vec<Id> = rows.iter().map(|r| r.id).collect();
    if ids.is_empty() {
        return Ok(None);
    }
    let ring = house.keys.ring(HOUSE, &ids).await?;
    let mut found = None;
    for row in rows {
        let Some(sealed) = &row.phone else { continue };
        let plain = ring.open(row.id, "account.phone", sealed)?;
        if plain.is_some_and(|p| p.as_bytes().ct_eq(phone.as_bytes()).into()) {
            found = Some(row);
        }
    }
    Ok(found)
}

fn device_digest(house: &House, secret: &str) -> [u8; 32] {
    house.keys.digest("device", secret.as_bytes())
}

async fn is_known(house: &House, account: Id, secret: &str) -> Result<bool, AccountError> {
    let row: Option<(i64,)> = house
        .db
        .optional(store::device(
            account,
            device_digest(house, secret).to_vec(),
        ))
        .await?;
    Ok(row.is_some())
}

/// Signs in with a password.
///
/// # Errors
/// [`AccountError::Wrong`] for an unknown name, a wrong password and a disabled
/// account alike; [`AccountError::Wait`] after too many tries;
/// [`AccountError::Busy`] when too many sign in at this moment.
pub async fn sign_in(house: &House, attempt: Attempt) -> Result<SignedIn, AccountError> {
    let name = match Phone::parse(&attempt.name) {
        Ok(phone) => phone.e164(),
        Err(_) => fold(&attempt.name),
    };
    let account = find(house, &attempt.name).await?;
    let known = match (&account, &attempt.device) {
        (Some(row), Some(secret)) => is_known(house, row.id, secret).await?,
        _ => false,
    };
    let counts = match (&attempt.device, known) {
        (Some(device), true) => vec![Count::KnownDevice(&name, device)],
        _ => vec![
            Count::Address(attempt.address),
            Count::NameAt(&name, attempt.address),
            Count::Name(&name),
        ],
    };
    for count in &counts {
        throttle::enter(house, *count).await?;
    }
    let kept = match &account {
        Some(row) => kept_password(house, row.id).await?,
        None => None,
    };
    let right = password::verify(house, &attempt.password, kept.as_deref()).await?;
    let account = account.filter(|a| a.active && right);
    let Some(account) = account else {
        return Err(AccountError::Wrong);
    };
    for count in counts {
        throttle::forget(house, count).await?;
    }
    let side = side_of(house, account.id, attempt.side).await?;
    let fresh_device = (!known).then(|| house.chance.token());
    let device = fresh_device.as_ref().or(attempt.device.as_ref());
    let mut opening = Opening::new(house, account.id, side, attempt.agent);
    opening.device = device.map(|secret| device_digest(house, secret));
    opening.instead_of = attempt.instead_of;
    let token = enter(house, opening, "password").await?;
    Ok(SignedIn {
        account: account.id,
        side,
        token,
        device: fresh_device,
    })
}

/// The hash of an account's password.
pub async fn kept_password(house: &House, account: Id) -> Result<Option<Vec<u8>>, AccountError> {
    let row: Option<store::CredentialRow> = house
        .db
        .optional(store::credentials_of_kind(account, "password"))
        .await?;
    Ok(row.map(|r| r.secret))
}

/// The side that somebody enters on: the one they asked for, unless they have only
/// the other.
pub async fn side_of(house: &House, account: Id, asked: Side) -> Result<Side, AccountError> {
    let grants: Vec<store::GrantRow> = house.db.all(store::grants(account, house.now())).await?;
    let has = |side: Side| grants.iter().any(|g| side.holds(g.role));
    Ok(if !has(asked) && has(asked.other()) {
        asked.other()
    } else {
        asked
    })
}

/// Opens a session for an account that has shown who it is; `way` is a frozen word.
pub async fn enter(
    house: &House,
    opening: Opening,
    way: &'static str,
) -> Result<Token, AccountError> {
    let token = opening.token.clone();
    let who = who(opening.account);
    house
        .write::<_, AccountError, _>(HOUSE, &who, move |mut tx| {
            sessions::open(&mut tx, &opening)?;
            let event = Event::new(events::SIGNED_IN)
                .about("account", opening.account)
                .with("session", opening.id)
                .with("side", opening.side.word())
                .with("way", way);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(token)
}

/// An account acting in its own matters.
pub fn who(account: Id) -> Who {
    Who {
        actor: ActorRef::Account(account),
        role: "",
        behalf: None,
        door: Door::Web,
    }
}
