//! What a household says and what people do for it: acknowledged, reached by hand,
//! a paper on the door with a picture.

use std::path::PathBuf;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::{House, write_durably};
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use foundation::pictures::Picture;
use permissions::Permission;
use permissions::actor::Actor;

use crate::coverage::{self, Reach};
use crate::notice::Notice;
use crate::store::households::Receipt as Kept;
use crate::{NoticeError, events, reading, store};

/// How somebody of a household was spoken to.
pub const HOWS: [&str; 4] = ["phone", "door", "desk", "other"];
const WHOM_CHARS_MAX: usize = 60;
const SHOWN_MAX: i64 = 50;

/// Something done about a household.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub id: Id,
    pub version: i64,
    /// acknowledged, reached or posted
    pub kind: String,
    pub account: Option<Id>,
    pub how: String,
    /// Who of the household; sealed where it lies.
    pub whom: String,
    sealed: Option<Vec<u8>>,
    pub picture: Option<Id>,
    pub at: Moment,
}

impl FromRow for Receipt {
    fn from_row(row: &mut Row) -> Result<Receipt, DbError> {
        Ok(Receipt {
            id: row.next()?,
            version: row.next()?,
            kind: row.next()?,
            account: row.next()?,
            how: row.next()?,
            whom: String::new(),
            sealed: row.next()?,
            picture: row.next()?,
            at: row.next()?,
        })
    }
}

/// A member confirms for their household that it knows; again is nothing new.
pub async fn acknowledge(house: &House, by: &Actor, notice: Id) -> Result<(), NoticeError> {
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let (n, homes) = reading::mine(house, by, notice).await?;
    if !n.state.stands() {
        return Err(NoticeError::State(n.state));
    }
    let c = by.community;
    let ids: Vec<Id> = homes.iter().map(|_| house.id()).collect();
    house
        .write(c, &by.who_for(Permission::NoticesRead), move |mut tx| {
            let now = tx.now();
            let found: Option<Notice> = tx.optional(store::notice(c, notice))?;
            let n = found.ok_or(NoticeError::NotFound)?;
            let mut rooms = 0;
            for (room, id) in homes.iter().zip(&ids) {
                let raise = store::households::raise(c, notice, &[*room], Reach::Acknowledged, now);
                if tx.execute(raise)? == 0 {
                    continue;
                }
                rooms += 1;
                let receipt = Kept {
                    id: *id,
                    room: *room,
                    version: n.version,
                    kind: "acknowledged",
                    account: Some(account),
                    how: "",
                    whom: None,
                    picture: None,
                };
                tx.execute(store::households::insert_receipt(c, notice, &receipt, now))?;
            }
            if rooms == 0 {
                return Err(NoticeError::Changed);
            }
            coverage::close_if_covered(&mut tx, c, notice)?;
            let event = Event::new(events::ACKNOWLEDGED)
                .about("notice", notice)
                .to(To::Staff)
                .with("version", n.version)
                .with("rooms", homes);
            Ok(tx.record(event, ())?)
        })
        .await
        // The household had confirmed before: nothing is written, nothing is wrong.
        .or_else(|e| match e {
            NoticeError::Changed => Ok(()),
            e => Err(e),
        })
}

/// What somebody of the office did for a household.
pub enum Act {
    /// Spoken to: how (one of [`HOWS`]) and to whom.
    Reached { how: &'static str, whom: String },
    /// A paper on the door, with its picture.
    Posted { picture: Picture },
}

/// Records that a household was reached by hand, or that a paper hangs on its door.
pub async fn by_hand(
    house: &House,
    by: &Actor,
    notice: Id,
    room: Id,
    act: Act,
) -> Result<(), NoticeError> {
    by.may(Permission::NoticesReach)?;
    let c = by.community;
    let account = by.account;
    let id = house.id();
    let known = store::households::one(c, notice, room);
    let known: Option<coverage::Household> = house.db.optional(known).await?;
    known.ok_or(NoticeError::NotConcerned)?;
    let ring = house.keys.make(c, &[notice]).await?;
    let (kind, how, whom, picture) = match act {
        Act::Reached { how, whom } => {
            let whom = whom.trim();
            if whom.chars().count() > WHOM_CHARS_MAX || whom.is_empty() {
                return Err(NoticeError::Words);
            }
            let sealed = house
                .keys
                .seal(&ring, notice, &column(id), whom.as_bytes())?;
            ("reached", how, Some(sealed), None)
        }
        Act::Posted { picture } => {
            let sealed = house.keys.seal(&ring, notice, &column(id), &picture.jpeg)?;
            let path = place(house, c, notice, id);
            tokio::task::spawn_blocking(move || {
                if let Some(dir) = path.parent() {
                    std::fs::create_dir_all(dir)?;
                }
                write_durably(&path, &sealed)
            })
            .await
            .unwrap_or_else(|e| Err(std::io::Error::other(e)))?;
            ("posted", "door", None, Some(id))
        }
    };
    let done = house
        .write(c, &by.who_for(Permission::NoticesReach), move |mut tx| {
            let found: Option<Notice> = tx.optional(store::notice(c, notice))?;
            let n = found.ok_or(NoticeError::NotFound)?;
            if !n.state.stands() {
                return Err(NoticeError::State(n.state));
            }
            let now = tx.now();
            if tx.execute(store::households::side(c, notice, room, kind, now))? == 0 {
                return Err(NoticeError::NotConcerned);
            }
            let receipt = Kept {
                id,
                room,
                version: n.version,
                kind,
                account,
                how,
                whom: whom.as_deref(),
                picture,
            };
            tx.execute(store::households::insert_receipt(c, notice, &receipt, now))?;
            coverage::close_if_covered(&mut tx, c, notice)?;
            let word = if picture.is_some() {
                events::POSTED
            } else {
                events::REACHED
            };
            let event = Event::new(word)
                .about("notice", notice)
                .to(To::Staff)
                .with("version", n.version)
                .with("room", room)
                .with("how", how);
            Ok(tx.record(event, ())?)
        })
        .await;
    if let (Err(_), Some(picture)) = (&done, picture) {
        // A picture that no receipt names is nobody's.
        let _ = tokio::fs::remove_file(place(house, c, notice, picture)).await;
    }
    done
}

/// What was done about a household, the newest first, readable.
pub async fn of_household(
    house: &House,
    by: &Actor,
    notice: Id,
    room: Id,
) -> Result<Vec<Receipt>, NoticeError> {
    by.may(Permission::NoticesReach)?;
    let c = by.community;
    let asked = store::households::receipts(c, notice, room, SHOWN_MAX);
    let mut found: Vec<Receipt> = house.db.all(asked).await?;
    let ring = house.keys.ring(c, &[notice]).await?;
    for receipt in &mut found {
        if let Some(sealed) = &receipt.sealed {
            let open = ring.open(notice, &column(receipt.id), sealed)?;
            receipt.whom = open.unwrap_or_default();
        }
    }
    Ok(found)
}

/// The picture of a door.
pub async fn picture(
    house: &House,
    by: &Actor,
    notice: Id,
    picture: Id,
) -> Result<Vec<u8>, NoticeError> {
    by.may(Permission::NoticesReach)?;
    let c = by.community;
    let sealed = match tokio::fs::read(place(house, c, notice, picture)).await {
        Ok(sealed) => sealed,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(NoticeError::NotFound),
        Err(e) => return Err(e.into()),
    };
    let ring = house.keys.ring(c, &[notice]).await?;
    let open = ring.open_bytes(notice, &column(picture), &sealed)?;
    Ok(open.ok_or(NoticeError::NotFound)?.to_vec())
}

fn column(receipt: Id) -> String {
    format!("receipt/{receipt}")
}

fn place(house: &House, c: Community, notice: Id, picture: Id) -> PathBuf {
    house
        .data_dir
        .join("notices")
        .join(c.to_string())
        .join(notice.to_string())
        .join(picture.to_string())
}
