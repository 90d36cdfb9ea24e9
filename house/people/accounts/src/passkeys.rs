//! Passkeys: a key that lives in a person's device or keychain and shows who they are
//! and that they are there; password and second factor in one.

use serde_json::Value as Json;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder,
};

use super::sessions::{self, Opening, Session, Token};
use super::sign_in::{self, SignedIn};
use super::{AccountError, Side, Site, events, second_factor, store};
use foundation::clock::{MINUTE, Moment};
use foundation::database::{Chore, DbError, HOUSE, Look as _};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;

/// As long as browsers wait for a person by default.
const CHALLENGE_LASTS: i64 = 5 * MINUTE;
/// One person's devices; more is not a person.
const PASSKEYS_MAX: usize = 10;

/// The relying party for an address. Passkeys are bound to a name: an address of
/// numbers has none, and there people sign in with a password.
pub fn relying_party(site: &Site) -> Option<Webauthn> {
    let url = Url::parse(&site.base).ok()?;
    let name = url.domain()?.to_owned();
    WebauthnBuilder::new(&name, &url)
        .ok()?
        .rp_name("linli")
        .build()
        .ok()
}

/// A challenge for the browser, and the name under which its answer is looked at.
pub struct Offer {
    pub challenge: String,
    pub options: Json,
}

fn digest(house: &House, challenge: &str) -> Vec<u8> {
    house
        .keys
        .digest("passkey-challenge", challenge.as_bytes())
        .to_vec()
}

async fn keep(house: &House, account: Option<Id>, state: Vec<u8>) -> Result<String, AccountError> {
    let challenge = house.chance.token();
    let digest = digest(house, &challenge);
    let now = house.now();
    house
        .db
        .keep::<_, DbError, _>(Chore::Session, HOUSE, move |r| {
            r.execute(store::delete_old_challenges(now))?;
            let until = now.plus(CHALLENGE_LASTS);
            r.execute(store::insert_challenge(digest, account, state, until))
                .map(|_| ())
        })
        .await?;
    Ok(challenge)
}

/// Takes a challenge back: it is answered once.
async fn take(
    house: &House,
    account: Option<Id>,
    challenge: &str,
) -> Result<Vec<u8>, AccountError> {
    let digest = digest(house, challenge);
    let now = house.now();
    let row: Option<(Option<Id>, Vec<u8>, Moment)> = house
        .db
        .keep::<_, DbError, _>(Chore::Session, HOUSE, move |r| {
            let row = r.optional(store::challenge(digest.clone()))?;
            r.execute(store::delete_challenge(digest))?;
            Ok(row)
        })
        .await?;
    row.filter(|(whose, _, until)| *whose == account && *until > now)
        .map(|(_, state, _)| state)
        .ok_or(AccountError::Wrong)
}

fn mistake(error: &impl std::fmt::Display) -> AccountError {
    tracing::info!(%error, "a passkey was refused");
    AccountError::Wrong
}

async fn passkeys(house: &House, account: Id) -> Result<Vec<(Id, Passkey)>, AccountError> {
    let rows: Vec<store::CredentialRow> = house
        .db
        .all(store::credentials_of_kind(account, "passkey"))
        .await?;
    rows.into_iter()
        .map(|row| {
            let key = serde_json::from_slice(&row.secret)
                .map_err(|e| DbError::Shape(format!("a passkey: {e}")))?;
            Ok((row.id, key))
        })
        .collect()
}

/// Begins adding a passkey.
///
/// # Errors
/// [`AccountError::Wrong`] where a second factor is there and was not shown just now,
/// at an address without a name, and beyond ten keys.
pub async fn begin_adding(
    house: &House,
    site: &Site,
    session: &Session,
) -> Result<Offer, AccountError> {
    let party = relying_party(site).ok_or(AccountError::Wrong)?;
    let account = session.account;
    may_add(house, session).await?;
    let there = passkeys(house, account).await?;
    if there.len() >= PASSKEYS_MAX {
        return Err(AccountError::Wrong);
    }
    let known = there.iter().map(|(_, k)| k.cred_id().clone()).collect();
    let (options, state) = party
        .start_passkey_registration(handle(account), &session.name, &session.name, Some(known))
        .map_err(|e| mistake(&e))?;
    let state = serde_json::to_vec(&state).map_err(|e| mistake(&e))?;
    let mut options = serde_json::to_value(options).map_err(|e| mistake(&e))?;
    // Signing in without typing a name needs a key that the device can find itself.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "required".into();
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = true.into();
    Ok(Offer {
        challenge: keep(house, Some(account), state).await?,
        options,
    })
}

async fn may_add(house: &House, session: &Session) -> Result<(), AccountError> {
    let factors = second_factor::factors(house, session.account).await?;
    if factors.second() && !session.is_fresh(house.now()) {
        return Err(AccountError::Wrong);
    }
    Ok(())
}

/// The account as a passkey remembers it: its sixteen signs are sixteen bytes.
fn handle(account: Id) -> Uuid {
    let bytes: [u8; 16] = account
        .as_str()
        .as_bytes()
        .try_into()
        .expect("an id has sixteen signs");
    Uuid::from_bytes(bytes)
}

/// Adds the passkey that the device made. It counts as showing a second factor.
pub async fn add(
    house: &House,
    site: &Site,
    session: &Session,
    challenge: &str,
    answer: &str,
    label: &str,
) -> Result<Token, AccountError> {
    let party = relying_party(site).ok_or(AccountError::Wrong)?;
    let (account, session_id) = (session.account, session.id);
    may_add(house, session).await?;
    let state = take(house, Some(account), challenge).await?;
    let state: PasskeyRegistration = serde_json::from_slice(&state).map_err(|e| mistake(&e))?;
    let answer: RegisterPublicKeyCredential =
        serde_json::from_str(answer).map_err(|e| mistake(&e))?;
    let key = party
        .finish_passkey_registration(&answer, &state)
        .map_err(|e| mistake(&e))?;
    let kept = serde_json::to_vec(&key).map_err(|e| mistake(&e))?;
    let (id, label) = (house.id(), label.to_owned());
    let (token, digest) = sessions::fresh_token(house);
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert_credential(
                account, id, "passkey", kept, &label, 0, now,
            ))?;
            if sessions::freshen(&mut tx, session_id, digest)? == 0 {
                return Err(AccountError::Unknown);
            }
            let event = Event::new(events::PASSKEY_ADDED)
                .about("account", account)
                .with("credential", id);
            Ok(tx.record(event, token)?)
        })
        .await
}

/// Begins signing in or showing a passkey again; whose it is, the answer says.
pub async fn begin(house: &House, site: &Site) -> Result<Offer, AccountError> {
    let party = relying_party(site).ok_or(AccountError::Wrong)?;
    let (options, state) = party
        .start_discoverable_authentication()
        .map_err(|e| mistake(&e))?;
    let state = serde_json::to_vec(&state).map_err(|e| mistake(&e))?;
    let options = serde_json::to_value(options).map_err(|e| mistake(&e))?;
    Ok(Offer {
        challenge: keep(house, None, state).await?,
        options,
    })
}

/// Whose passkey answered.
async fn who_answered(
    house: &House,
    site: &Site,
    challenge: &str,
    answer: &str,
) -> Result<Id, AccountError> {
    let party = relying_party(site).ok_or(AccountError::Wrong)?;
    let state = take(house, None, challenge).await?;
    let state: DiscoverableAuthentication =
        serde_json::from_slice(&state).map_err(|e| mistake(&e))?;
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|e| mistake(&e))?;
    let (handle, key_id) = party
        .identify_discoverable_authentication(&answer)
        .map_err(|e| mistake(&e))?;
    let account: Id = std::str::from_utf8(handle.as_bytes())
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(AccountError::Wrong)?;
    let row: Option<store::AccountRow> = house.db.optional(store::account(account)).await?;
    if !row.is_some_and(|row| row.active) {
        return Err(AccountError::Wrong);
    }
    let keys = passkeys(house, account).await?;
    let (id, mut key) = keys
        .into_iter()
        .find(|(_, key)| key.cred_id()[..] == *key_id)
        .ok_or(AccountError::Wrong)?;
    let result = party
        .finish_discoverable_authentication_v2(&answer, state, &key)
        .map_err(|e| mistake(&e))?;
    // The key's counter moves on; a copy of it would stay behind and be refused.
    if key.update_credential(&result) == Some(true) {
        let kept = serde_json::to_vec(&key).map_err(|e| mistake(&e))?;
        let now = house.now();
        house
            .db
            .keep::<_, DbError, _>(Chore::Session, HOUSE, move |r| {
                r.execute(store::set_secret(account, id, kept, now))
                    .map(|_| ())
            })
            .await?;
    }
    Ok(account)
}

/// Signs in by a passkey.
pub async fn sign_in(
    house: &House,
    site: &Site,
    asked: Side,
    challenge: &str,
    answer: &str,
    agent: String,
    instead_of: Option<Id>,
) -> Result<SignedIn, AccountError> {
    let account = who_answered(house, site, challenge, answer).await?;
    let side = sign_in::side_of(house, account, asked).await?;
    let mut opening = Opening::new(house, account, side, agent);
    opening.second = true;
    opening.instead_of = instead_of;
    let token = sign_in::enter(house, opening, "passkey").await?;
    Ok(SignedIn {
        account,
        side,
        token,
        device: None,
    })
}

/// Shows a passkey again in a session.
pub async fn show(
    house: &House,
    site: &Site,
    session: &Session,
    challenge: &str,
    answer: &str,
) -> Result<Token, AccountError> {
    if who_answered(house, site, challenge, answer).await? != session.account {
        return Err(AccountError::Wrong);
    }
    second_factor::renew(house, session, "passkey").await
}

/// Removes a passkey or the authenticator, after the second factor was shown.
///
/// # Errors
/// [`AccountError::Wrong`] unless shown just now, and for the last way in.
pub async fn remove(house: &House, session: &Session, id: Id) -> Result<(), AccountError> {
    if !session.is_fresh(house.now()) {
        return Err(AccountError::Wrong);
    }
    let account = session.account;
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            let rows: Vec<store::CredentialRow> = tx.all(store::credentials(account))?;
            let row = rows
                .iter()
                .find(|r| r.id == id && matches!(r.kind.as_str(), "passkey" | "totp"))
                .ok_or(AccountError::Unknown)?;
            let another = |kind: &str| rows.iter().any(|r| r.kind == kind && r.id != id);
            if row.kind == "passkey" && !another("password") && !another("passkey") {
                return Err(AccountError::Wrong);
            }
            tx.execute(store::delete_credential(account, id))?;
            let event = Event::new(events::FACTOR_REMOVED)
                .about("account", account)
                .with("credential", id);
            Ok(tx.record(event, ())?)
        })
        .await
}
