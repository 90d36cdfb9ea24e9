//! The second factor: enrolled once, shown at sign-in, and again for grave acts.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::sessions::{self, Session, Token};
use super::throttle::{self, Count};
use super::{AccountError, codes, events, links, password, sign_in, store};
use foundation::clock::Moment;
use foundation::database::HOUSE;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;

/// What an account has besides its password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    pub password: bool,
    pub totp: bool,
    pub passkeys: usize,
    /// Recovery codes left.
    pub recovery: usize,
}

impl Factors {
    /// Whether there is a second factor to show.
    pub fn second(&self) -> bool {
        self.totp || self.passkeys > 0
    }
}

pub async fn factors(house: &House, account: Id) -> Result<Factors, AccountError> {
    let rows: Vec<store::CredentialRow> = house.db.all(store::credentials(account)).await?;
    let count = |kind: &str| rows.iter().filter(|r| r.kind == kind).count();
    Ok(Factors {
        password: count("password") > 0,
        totp: count("totp") > 0,
        passkeys: count("passkey"),
        recovery: count("recovery"),
    })
}

/// A new authenticator secret, to be shown and confirmed with a first code. It lies
/// nowhere until then: the page carries it back, sealed for this session.
pub fn new_secret(house: &House) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(house.chance.bytes::<{ codes::SECRET }>().to_vec())
}

/// The secret bound to a session, for a form to carry: whoever sends another one back
/// is refused, so that nobody can enrol theirs with somebody else's page.
pub fn carry(house: &House, session: &Session, secret: &[u8]) -> String {
    let typed = codes::typed(secret);
    let seal = house
        .keys
        .digest("totp-offer", format!("{}\0{typed}", session.id).as_bytes());
    format!("{typed}.{}", foundation::ids::crockford(&seal))
}

/// What [`carry`] made.
pub fn carried(house: &House, session: &Session, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (typed, _) = text.split_once('.')?;
    let secret = codes::from_typed(typed)?;
    let ours = carry(house, session, &secret);
    bool::from(ours.as_bytes().ct_eq(text.as_bytes())).then(|| Zeroizing::new(secret))
}

/// Enrols an authenticator after a first code, replacing an earlier one, and gives
/// new recovery codes. Counts as showing the second factor.
///
/// # Errors
/// [`AccountError::Wrong`] when the code is not of this secret; and, where a factor
/// is there already, unless this session has shown it just now.
pub async fn enrol(
    house: &House,
    session: &Session,
    secret: &[u8],
    code: &str,
) -> Result<(Token, Vec<String>), AccountError> {
    let account = session.account;
    if factors(house, account).await?.second() && !session.is_fresh(house.now()) {
        return Err(AccountError::Wrong);
    }
    let step = codes::step_of(secret, code, house.now()).ok_or(AccountError::Wrong)?;
    let ring = house.keys.make(HOUSE, &[account]).await?;
    let sealed = house.keys.seal(&ring, account, "account.totp", secret)?;
    let (id, session_id) = (house.id(), session.id);
    let printed = codes::recovery(house);
    let kept = keep_codes(house, &printed);
    let (token, digest) = sessions::fresh_token(house);
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            tx.execute(store::delete_credentials(account, "totp"))?;
            tx.execute(store::insert_credential(
                account, id, "totp", sealed, "", step, now,
            ))?;
            tx.execute(store::delete_credentials(account, "recovery"))?;
            for (id, digest) in kept {
                tx.execute(store::insert_credential(
                    account, id, "recovery", digest, "", 0, now,
                ))?;
            }
            if sessions::freshen(&mut tx, session_id, digest)? == 0 {
                return Err(AccountError::Unknown);
            }
            let event = Event::new(events::TOTP_ENROLLED)
                .about("account", account)
                .with("session", session_id);
            Ok(tx.record(event, (token, printed))?)
        })
        .await
}

fn keep_codes(house: &House, printed: &[String]) -> Vec<(Id, Vec<u8>)> {
    printed
        .iter()
        .map(|code| (house.id(), codes::recovery_digest(house, code).to_vec()))
        .collect()
}

/// New recovery codes; the old ones are void.
///
/// # Errors
/// [`AccountError::Wrong`] unless the second factor was shown just now.
pub async fn new_recovery(house: &House, session: &Session) -> Result<Vec<String>, AccountError> {
    if !session.is_fresh(house.now()) {
        return Err(AccountError::Wrong);
    }
    let account = session.account;
    let printed = codes::recovery(house);
    let kept = keep_codes(house, &printed);
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            tx.execute(store::delete_credentials(account, "recovery"))?;
            for (id, digest) in kept {
                tx.execute(store::insert_credential(
                    account, id, "recovery", digest, "", 0, now,
                ))?;
            }
            let event = Event::new(events::RECOVERY_MADE).about("account", account);
            Ok(tx.record(event, printed)?)
        })
        .await
}

/// Shows the second factor in a session: a code of the authenticator, taken once, or a
/// recovery code, which is then gone. The session's secret changes.
///
/// # Errors
/// [`AccountError::Wrong`], also for a code that was taken before;
/// [`AccountError::Wait`] after too many tries.
pub async fn show(house: &House, session: &Session, code: &str) -> Result<Token, AccountError> {
    let account = session.account;
    let counted = account.to_string();
    throttle::enter(house, Count::SecondFactor(&counted)).await?;
    let used = if codes::looks_like_recovery(code) {
        Used::Recovery(find_recovery(house, account, code).await?)
    } else {
        find_step(house, account, code).await?
    };
    let (token, digest) = sessions::fresh_token(house);
    let session_id = session.id;
    let token = house
        .write::<_, AccountError, _>(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            let (taken, way) = match used {
                Used::Step(id, step) => (
                    tx.execute(store::take_step(account, id, step, now))?,
                    "totp",
                ),
                Used::Recovery(id) => (
                    tx.execute(store::delete_credential(account, id))?,
                    "recovery",
                ),
            };
            if taken == 0 {
                return Err(AccountError::Wrong);
            }
            if sessions::freshen(&mut tx, session_id, digest)? == 0 {
                return Err(AccountError::Unknown);
            }
            let event = Event::new(events::STEPPED_UP)
                .about("account", account)
                .with("session", session_id)
                .with("way", way);
            Ok(tx.record(event, token)?)
        })
        .await?;
    throttle::forget(house, Count::SecondFactor(&counted)).await?;
    Ok(token)
}

/// Proves an account's second factor where there is no session: two persons who answer
/// together at the machine. A code of the authenticator, taken once.
///
/// # Errors
/// As [`show`].
pub async fn prove(house: &House, account: Id, code: &str) -> Result<(), AccountError> {
    let counted = account.to_string();
    throttle::enter(house, Count::SecondFactor(&counted)).await?;
    let Used::Step(id, step) = find_step(house, account, code).await? else {
        return Err(AccountError::Wrong);
    };
    house
        .write::<_, AccountError, _>(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::take_step(account, id, step, now))? == 0 {
                return Err(AccountError::Wrong);
            }
            let event = Event::new(events::STEPPED_UP)
                .about("account", account)
                .with("way", "machine");
            Ok(tx.record(event, ())?)
        })
        .await?;
    throttle::forget(house, Count::SecondFactor(&counted)).await?;
    Ok(())
}

enum Used {
    Step(Id, i64),
    Recovery(Id),
}

async fn find_recovery(house: &House, account: Id, code: &str) -> Result<Id, AccountError> {
    let digest = codes::recovery_digest(house, code);
    let rows: Vec<store::CredentialRow> = house
        .db
        .all(store::credentials_of_kind(account, "recovery"))
        .await?;
    let mut found = None;
    for row in rows {
        if bool::from(row.secret.as_slice().ct_eq(&digest[..])) {
            found = Some(row.id);
        }
    }
    found.ok_or(AccountError::Wrong)
}

async fn find_step(house: &House, account: Id, code: &str) -> Result<Used, AccountError> {
    let row: Option<store::CredentialRow> = house
        .db
        .optional(store::credentials_of_kind(account, "totp"))
        .await?;
    let row = row.ok_or(AccountError::Wrong)?;
    let ring = house.keys.ring(HOUSE, &[account]).await?;
    let secret = ring
        .open_bytes(account, "account.totp", &row.secret)?
        .ok_or(AccountError::Wrong)?;
    let step = codes::step_of(&secret, code, house.now()).ok_or(AccountError::Wrong)?;
    if step <= row.last_step {
        return Err(AccountError::Wrong);
    }
    Ok(Used::Step(row.id, step))
}

/// Shows the password once more, where an account has no second factor (owners).
pub async fn show_password(
    house: &House,
    session: &Session,
    typed: &str,
) -> Result<Token, AccountError> {
    let account = session.account;
    let counted = account.to_string();
    throttle::enter(house, Count::SecondFactor(&counted)).await?;
    if factors(house, account).await?.second() {
        return Err(AccountError::Wrong);
    }
    let kept = sign_in::kept_password(house, account).await?;
    if !password::verify(house, typed, kept.as_deref()).await? {
        return Err(AccountError::Wrong);
    }
    let token = renew(house, session, "password").await?;
    throttle::forget(house, Count::SecondFactor(&counted)).await?;
    Ok(token)
}

/// Gives a demo's colleague an authenticator whose code the step-up page then tells, so
/// that a visitor shows a second factor for real. Nothing happens outside a demo.
pub async fn enrol_demo(house: &House, account: Id) -> Result<(), AccountError> {
    if !links::is_demo(house).await? {
        return Ok(());
    }
    let secret = new_secret(house);
    let ring = house.keys.make(HOUSE, &[account]).await?;
    let sealed = house.keys.seal(&ring, account, "account.totp", &secret)?;
    let id = house.id();
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert_credential(
                account, id, "totp", sealed, "", 0, now,
            ))?;
            let event = Event::new(events::TOTP_ENROLLED).about("account", account);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// In a demo, the code that the account's authenticator would show: of this half minute,
/// or of the next where this one's was taken. `None` outside a demo, always.
pub async fn demo_code(house: &House, account: Id) -> Result<Option<String>, AccountError> {
    if !links::is_demo(house).await? {
        return Ok(None);
    }
    let row: Option<store::CredentialRow> = house
        .db
        .optional(store::credentials_of_kind(account, "totp"))
        .await?;
    let Some(row) = row else { return Ok(None) };
    let ring = house.keys.ring(HOUSE, &[account]).await?;
    let Some(secret) = ring.open_bytes(account, "account.totp", &row.secret)? else {
        return Ok(None);
    };
    let step = (house.now().0 / codes::STEP).max(row.last_step + 1);
    Ok(codes::code_at(&secret, Moment(step * codes::STEP)))
}

/// Notes that the second factor was shown, and changes the session's secret.
pub(super) async fn renew(
    house: &House,
    session: &Session,
    way: &'static str,
) -> Result<Token, AccountError> {
    let (account, session_id) = (session.account, session.id);
    let (token, digest) = sessions::fresh_token(house);
    house
        .write(HOUSE, &sign_in::who(account), move |mut tx| {
            if sessions::freshen(&mut tx, session_id, digest)? == 0 {
                return Err(AccountError::Unknown);
            }
            let event = Event::new(events::STEPPED_UP)
                .about("account", account)
                .with("session", session_id)
                .with("way", way);
            Ok(tx.record(event, token)?)
        })
        .await
}

/// The secret that an offered page carries; only whoever sees the page has it.
pub fn typed_secret(carried: &str) -> Option<Vec<u8>> {
    codes::from_typed(carried.split_once('.')?.0)
}

/// The code that an authenticator shows at a moment.
pub fn code_at(secret: &[u8], now: foundation::clock::Moment) -> Option<String> {
    codes::code_at(secret, now)
}
