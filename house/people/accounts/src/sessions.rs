//! Sessions: a secret of 160 bits in a cookie, kept here only as a keyed digest. The
//! secret changes at sign-in and at every step-up.

use axum::http::HeaderMap;

use super::site::{Site, cookie};
use super::{AccountError, Side, events, store};
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::database::{Chore, Community, DbError, FromRow, HOUSE, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Who};

/// Owners stay signed in on their own phone (spec P3).
const OWNER_IDLE: i64 = 30 * DAY;
/// Staff sign in once a working day (archive.md 7).
const STAFF_WHOLE: i64 = 10 * HOUR;
/// How lately the second factor was shown for an export, a role, a reset, an undo (spec P3).
pub const FRESH: i64 = 5 * MINUTE;
/// The same for approving and unmasking: a specialist works through a queue and is asked
/// once each half hour, not at each click.
pub const RECENT: i64 = 30 * MINUTE;
/// Being seen is noted at most once a minute, so that reading pages writes little.
const SEEN_EVERY: i64 = MINUTE;
/// How many sessions one may have at once on a side (archive.md 7: staff 3).
const STAFF_SESSIONS_MAX: i64 = 3;
const OWNER_SESSIONS_MAX: i64 = 10;
/// Browsers remembered for one account.
const DEVICES_MAX: i64 = 20;
/// How long a browser is remembered.
pub const DEVICE_SECONDS: i64 = 365 * DAY / 1_000;

/// The secret of a session, for the cookie only.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    pub fn new(house: &House) -> Token {
        Token(house.chance.token())
    }
    fn digest(&self, house: &House) -> [u8; 32] {
        digest(house, &self.0)
    }
    /// The `Set-Cookie` value.
    pub fn cookie(&self, site: &Site, side: Side) -> String {
        let seconds = match side {
            Side::Owner => OWNER_IDLE / 1_000,
            Side::Staff => STAFF_WHOLE / 1_000,
        };
        site.cookie(site.session_cookie(), &self.0, seconds)
    }
}

fn digest(house: &House, token: &str) -> [u8; 32] {
    house.keys.digest("session", token.as_bytes())
}

/// A live session; handlers of signed-in pages may take it as an extension.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: Id,
    pub account: Id,
    /// The account's name as it may be shown to its owner.
    pub name: String,
    pub side: Side,
    pub created_at: Moment,
    pub seen_at: Moment,
    /// When the second factor was shown in this session.
    pub second_at: Option<Moment>,
    /// When it was last shown for a grave act.
    pub fresh_at: Option<Moment>,
    /// Acting for this person in this compound.
    pub behalf: Option<(Community, Id)>,
}

struct SessionRow(Session, Option<Moment>);

impl FromRow for SessionRow {
    fn from_row(row: &mut Row) -> Result<SessionRow, DbError> {
        let id = row.next()?;
        let account = row.next()?;
        let name = row.next()?;
        let side = Side::from_word(&row.next::<String>()?)
            .ok_or_else(|| DbError::Shape("a stored side is unknown".into()))?;
        let (created_at, seen_at) = (row.next()?, row.next()?);
        let (second_at, fresh_at) = (row.next()?, row.next()?);
        let community: Option<Community> = row.next()?;
        let person: Option<Id> = row.next()?;
        let until = row.next()?;
        let session = Session {
            id,
            account,
            name,
            side,
            created_at,
            seen_at,
            second_at,
            fresh_at,
            behalf: community.zip(person),
        };
        Ok(SessionRow(session, until))
    }
}

impl Session {
    fn alive(&self, now: Moment) -> bool {
        match self.side {
            Side::Owner => self.seen_at.plus(OWNER_IDLE) > now,
            Side::Staff => self.created_at.plus(STAFF_WHOLE) > now,
        }
    }

    /// Whether a second factor was shown within the last five minutes.
    pub fn is_fresh(&self, now: Moment) -> bool {
        self.fresh_at.is_some_and(|at| at.plus(FRESH) > now)
    }

    /// Whether a second factor was shown within the last half hour.
    pub fn is_recent(&self, now: Moment) -> bool {
        self.fresh_at.is_some_and(|at| at.plus(RECENT) > now)
    }

    /// Whether nothing was done for longer than `idle` milliseconds.
    pub fn idle_for(&self, idle: i64, now: Moment) -> bool {
        let last = self.fresh_at.map_or(self.seen_at, |f| f.max(self.seen_at));
        last.plus(idle) < now
    }
}

/// The session that a request's cookie names, if it lives. Notes that it was seen.
pub async fn look(
    house: &House,
    site: &Site,
    headers: &HeaderMap,
) -> Result<Option<Session>, DbError> {
    let Some(token) = cookie(headers, site.session_cookie()) else {
        return Ok(None);
    };
    let digest = digest(house, token).to_vec();
    let now = house.now();
    let row: Option<SessionRow> = house.db.optional(store::session(digest.clone())).await?;
    let Some(SessionRow(mut session, behalf_until)) = row.filter(|r| r.0.alive(now)) else {
        return Ok(None);
    };
    if behalf_until.is_none_or(|until| until <= now) {
        session.behalf = None;
    }
    if session.seen_at.plus(SEEN_EVERY) <= now {
        house
            .db
            .keep::<_, DbError, _>(Chore::Session, HOUSE, move |r| {
                r.execute(store::seen(digest, now)).map(|_| ())
            })
            .await?;
    }
    Ok(Some(session))
}

/// Whether a session that was looked at before still lives.
pub async fn is_alive(house: &House, id: Id) -> Result<bool, DbError> {
    let row: Option<SessionRow> = house.db.optional(store::session_by_id(id)).await?;
    Ok(row.is_some_and(|r| r.0.alive(house.now())))
}

/// What a new session is.
pub struct Opening {
    pub token: Token,
    pub id: Id,
    digest: [u8; 32],
    pub account: Id,
    pub side: Side,
    /// The kind of browser, for the list of devices.
    pub agent: String,
    /// Whether the way in was a second factor too (a passkey).
    pub second: bool,
    /// Whether that holds for grave acts too; a demo's link shows no factor in earnest.
    pub fresh: bool,
    /// The digest of the browser's own secret.
    pub device: Option<[u8; 32]>,
    /// The session that this one replaces.
    pub instead_of: Option<Id>,
}

impl Opening {
    pub fn new(house: &House, account: Id, side: Side, agent: String) -> Opening {
        let token = Token::new(house);
        let digest = token.digest(house);
        Opening {
            id: house.id(),
            token,
            digest,
            account,
            side,
            agent,
            second: false,
            fresh: true,
            device: None,
            instead_of: None,
        }
    }
}

/// Opens a session inside a write. The oldest beyond the most that one may have ends.
pub fn open(tx: &mut Tx<'_>, new: &Opening) -> Result<(), DbError> {
    let now = tx.now();
    if let Some(old) = new.instead_of {
        tx.execute(store::end_session(new.account, old, now))?;
    }
    let row = store::NewSession {
        digest: new.digest.to_vec(),
        id: new.id,
        account: new.account,
        side: new.side,
        agent: &new.agent,
        second_at: new.second.then_some(now),
        fresh_at: (new.second && new.fresh).then_some(now),
    };
    tx.execute(store::insert_session(row, now))?;
    let most = match new.side {
        Side::Owner => OWNER_SESSIONS_MAX,
        Side::Staff => STAFF_SESSIONS_MAX,
    };
    tx.execute(store::end_sessions_beyond(new.account, new.side, most, now))?;
    // Network logs are kept for six months (網絡安全法 21(3)); sessions are part of them.
    let before = now.plus(-184 * DAY);
    tx.execute(store::delete_sessions_ended_before(new.account, before))?;
    if let Some(device) = new.device {
        tx.execute(store::upsert_device(new.account, device.to_vec(), now))?;
        tx.execute(store::delete_devices_beyond(new.account, DEVICES_MAX))?;
    }
    Ok(())
}

/// Gives a session a new secret and notes that a second factor was shown now.
pub fn freshen(tx: &mut Tx<'_>, id: Id, digest: [u8; 32]) -> Result<u64, DbError> {
    let now = tx.now();
    tx.execute(store::freshen_session(id, digest.to_vec(), now))
}

/// A new secret with its digest, for [`freshen`].
pub fn fresh_token(house: &House) -> (Token, [u8; 32]) {
    let token = Token::new(house);
    let digest = token.digest(house);
    (token, digest)
}

/// Ends every session of an account, save one.
pub fn end_all(tx: &mut Tx<'_>, account: Id, but: Option<Id>) -> Result<u64, DbError> {
    let now = tx.now();
    tx.execute(store::end_sessions(account, but, now))
}

/// Ends one of the account's own sessions.
///
/// # Errors
/// [`AccountError::Unknown`] when it is not theirs or has ended.
pub async fn end(house: &House, account: Id, who: &Who, id: Id) -> Result<(), AccountError> {
    house
        .write(HOUSE, who, move |mut tx| {
            let now = tx.now();
            if tx.execute(store::end_session(account, id, now))? == 0 {
                return Err(AccountError::Unknown);
            }
            let event = Event::new(events::SESSION_ENDED)
                .about("account", account)
                .with("session", id);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// One line of "my devices".
pub struct SessionLine {
    pub id: Id,
    pub side: Side,
    pub agent: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

/// Where an account is signed in, the latest first.
pub async fn list(house: &House, account: Id) -> Result<Vec<SessionLine>, DbError> {
    let rows: Vec<(Id, String, String, Moment, Moment)> = house
        .db
        .all(store::sessions(
            account,
            OWNER_SESSIONS_MAX + STAFF_SESSIONS_MAX,
        ))
        .await?;
    let now = house.now();
    Ok(rows
        .into_iter()
        .filter_map(|(id, side, agent, created_at, seen_at)| {
            let side = Side::from_word(&side)?;
            let live = match side {
                Side::Owner => seen_at.plus(OWNER_IDLE) > now,
                Side::Staff => created_at.plus(STAFF_WHOLE) > now,
            };
            live.then_some(SessionLine {
                id,
                side,
                agent,
                created_at,
                seen_at,
            })
        })
        .collect())
}

/// Whether the roles of the account's staff side ask for a second factor.
pub async fn needs_second_factor(house: &House, account: Id) -> Result<bool, DbError> {
    let grants: Vec<store::GrantRow> = house.db.all(store::grants(account, house.now())).await?;
    Ok(grants.iter().any(|g| g.role.needs_second_factor()))
}

/// Says in two words what a browser is (`Chrome · Android`), and no more.
pub fn agent_of(headers: &HeaderMap) -> String {
    let text = headers
        .get(axum::http::header::USER_AGENT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    let first = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(sign, _)| text.contains(sign))
            .map_or("", |(_, name)| name)
    };
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        ("", "") => String::new(),
        ("", one) | (one, "") => one.to_owned(),
        (browser, system) => format!("{browser} · {system}"),
    }
}
