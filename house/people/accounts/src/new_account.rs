//! Making an account: everything slow (hashing, sealing) is done before the write,
//! which then only inserts.

use hanzi::numbers::Phone;
use zeroize::Zeroizing;

use super::password_rules::{self, WeakPassword};
use super::{AccountError, Busy, events, password, sign_in, store};
use foundation::database::{DbError, HOUSE, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use foundation::ledger::Event;

/// Width of the blind index over accounts' phones: 4,096 drawers. A million accounts
/// put 250 into each, which still open in milliseconds; a compound of 3,000 puts one
/// in most, so beside the keyed digest the width hides little there.
pub const PHONE_BITS: u32 = 12;

/// What somebody wants to sign in with.
#[derive(Default)]
pub struct NewAccount {
    /// As it is shown to the person and to colleagues.
    pub name: String,
    /// The staff's sign-in name; owners have none.
    pub handle: Option<String>,
    /// In any writing.
    pub phone: Option<String>,
    /// `None` where a passkey follows.
    pub password: Option<Zeroizing<String>>,
}

/// Ready to insert.
pub struct Prepared {
    pub id: Id,
    name: String,
    handle: Option<String>,
    phone: Option<(Vec<u8>, i64)>,
    password: Option<(Id, Vec<u8>)>,
    /// Who lay in the same drawer when we looked.
    seen: Vec<Id>,
}

/// What is to be mended before an account can be made.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error("the phone number is not one of mainland China")]
    Phone,
    #[error("an account with this phone is there already: sign in with it")]
    PhoneTaken,
    #[error("another account has this sign-in name")]
    HandleTaken,
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Database(#[from] DbError),
    #[error(transparent)]
    Keys(#[from] KeyError),
}

impl From<AccountError> for PrepareError {
    fn from(e: AccountError) -> PrepareError {
        match e {
            AccountError::Database(e) => PrepareError::Database(e),
            AccountError::Keys(e) => PrepareError::Keys(e),
            _ => PrepareError::Busy(Busy),
        }
    }
}

/// Checks, hashes and seals; nothing is written but the new account's key.
pub async fn prepare(house: &House, new: NewAccount) -> Result<Prepared, PrepareError> {
    let phone = match new.phone.as_deref() {
        Some(text) => Some(Phone::parse(text).map_err(|_| PrepareError::Phone)?),
        None => None,
    };
    let handle = new.handle.as_deref().map(sign_in::fold);
    if let Some(password) = &new.password {
        let phone = phone.as_ref().map(Phone::national);
        password_rules::check(password, &new.name, phone.as_deref())?;
    }
    if let Some(handle) = &handle {
        let taken: Option<store::AccountRow> =
            house.db.optional(store::account_of_handle(handle)).await?;
        if taken.is_some() || Phone::parse(handle).is_ok() {
            return Err(PrepareError::HandleTaken);
        }
    }
    let mut seen = Vec::new();
    let mut blind = 0;
    if let Some(phone) = &phone {
        if sign_in::find_phone(house, &phone.e164()).await?.is_some() {
            return Err(PrepareError::PhoneTaken);
        }
        blind = house
            .keys
            .blind(HOUSE, "account.phone", &phone.e164(), PHONE_BITS);
        let rows: Vec<store::AccountRow> = house.db.all(store::accounts_of_phone(blind)).await?;
        seen = rows.into_iter().map(|r| r.id).collect();
    }
    let password = match &new.password {
        Some(password) => Some((house.id(), password::hash(house, password).await?)),
        None => None,
    };
    let id = house.id();
    let ring = house.keys.make(HOUSE, &[id]).await?;
    let phone = match &phone {
        Some(p) => {
            let sealed = house
                .keys
                .seal(&ring, id, "account.phone", p.e164().as_bytes())?;
            Some((sealed, blind))
        }
        None => None,
    };
    Ok(Prepared {
        id,
        name: new.name.trim().to_owned(),
        handle,
        phone,
        password,
        seen,
    })
}

/// Inserts a prepared account, with its event in the house log. The write's scope
/// holds [`HOUSE`].
///
/// # Errors
/// [`DbError::Duplicate`] when meanwhile somebody took the name or, as far as can be
/// told here, the phone: prepare again.
pub fn insert(tx: &mut Tx<'_>, new: Prepared) -> Result<Id, DbError> {
    let now = tx.now();
    if let Some((_, blind)) = &new.phone {
        let rows: Vec<store::AccountRow> = tx.all(store::accounts_of_phone(*blind))?;
        if rows.iter().any(|r| !new.seen.contains(&r.id)) {
            return Err(DbError::Duplicate);
        }
    }
    let handle = new.handle.as_deref();
    let row = store::insert_account(new.id, &new.name, handle, new.phone, now);
    if tx.execute(row)? == 0 {
        return Err(DbError::Duplicate);
    }
    if let Some((id, hash)) = new.password {
        tx.execute(store::insert_credential(
            new.id, id, "password", hash, "", 0, now,
        ))?;
    }
    tx.also_in(HOUSE, Event::new(events::CREATED).about("account", new.id))?;
    Ok(new.id)
}
