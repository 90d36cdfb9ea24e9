//! Somebody's own address for mail: sealed for the person, used only once they have
//! followed a link that was mailed to it.

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, LIST_MAX, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;
use zeroize::Zeroizing;

use crate::store::people;
use crate::{OutboxError, events};

const COLUMN: &str = "mail";
const PURPOSE: &str = "outbox-mail-link";
/// How long a link is good.
const LINK_LIVES: i64 = DAY;
/// So many links a day.
const LINKS_MAX: i64 = 3;
const ADDRESS_CHARS_MAX: usize = 254;

/// An address as its owner sees it.
pub struct Mailbox {
    pub address: Zeroizing<String>,
    pub confirmed: bool,
}

type Kept = (Vec<u8>, Option<Moment>, Moment, i64, Moment);

/// One's own address.
pub async fn own(house: &House, c: Community, account: Id) -> Result<Option<Mailbox>, OutboxError> {
    let kept: Option<Kept> = house.db.optional(people::address(c, account)).await?;
    let Some((sealed, confirmed, ..)) = kept else {
        return Ok(None);
    };
    if sealed.is_empty() {
        return Ok(None);
    }
    let ring = house.keys.ring(c, &[account]).await?;
    let address = ring
        .open(account, COLUMN, &sealed)
        .map_err(KeyError::from)?;
    Ok(address.map(|address| Mailbox {
        address: Zeroizing::new(address),
        confirmed: confirmed.is_some(),
    }))
}

/// Takes a new address; the secret of the link that is to be mailed to it.
pub async fn set(house: &House, by: &Actor, address: &str) -> Result<String, OutboxError> {
    let (c, account) = crate::own(by)?;
    let address = address.trim();
    let parsed = address.parse::<lettre::Address>();
    if parsed.is_err() || address.chars().count() > ADDRESS_CHARS_MAX {
        return Err(OutboxError::Address);
    }
    let ring = house.keys.make(c, &[account]).await?;
    let sealed = house
        .keys
        .seal(&ring, account, COLUMN, address.as_bytes())?;
    let secret = house.chance.token();
    let digest = house.keys.digest(PURPOSE, secret.as_bytes());
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let kept: Option<Kept> = tx.optional(people::address(c, account))?;
            let (asked, from) = match kept {
                Some((.., asked, from)) if from.plus(DAY) > now => (asked, from),
                _ => (0, now),
            };
            if asked >= LINKS_MAX {
                return Err(OutboxError::Wait);
            }
            let until = now.plus(LINK_LIVES);
            let counted = (asked + 1, from);
            tx.execute(people::set_address(
                c, account, sealed, &digest, until, counted,
            ))?;
            let event = Event::new(events::MAIL_SET)
                .about("account", account)
                .to(Audience::Account(account));
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(secret)
}

/// Confirms one's address by the link's secret, once.
pub async fn confirm(house: &House, by: &Actor, secret: &str) -> Result<(), OutboxError> {
    let (c, account) = crate::own(by)?;
    let digest = house.keys.digest(PURPOSE, secret.as_bytes());
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            if tx.execute(people::confirm(c, account, &digest, now))? == 0 {
                return Err(OutboxError::NotFound);
            }
            let event = Event::new(events::MAIL_CONFIRMED)
                .about("account", account)
                .to(Audience::Account(account));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes one's address away; how many links were asked for today stays counted.
pub async fn remove(house: &House, by: &Actor) -> Result<(), OutboxError> {
    let (c, account) = crate::own(by)?;
    house
        .write(c, &by.who(), move |mut tx| {
            if tx.execute(people::empty_address(c, account))? == 0 {
                return Err(OutboxError::NotFound);
            }
            let event = Event::new(events::MAIL_REMOVED)
                .about("account", account)
                .to(Audience::Account(account));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The confirmed addresses of some accounts, opened.
pub(crate) async fn open(
    house: &House,
    c: Community,
    accounts: &[Id],
) -> Result<Vec<(Id, Zeroizing<String>)>, KeyError> {
    let mut out = Vec::new();
    for part in accounts.chunks(LIST_MAX) {
        let rows: Vec<(Id, Vec<u8>)> = house.db.all(people::addresses(c, part)).await?;
        let ring = house.keys.ring(c, part).await?;
        for (account, sealed) in rows {
            if let Some(address) = ring.open(account, COLUMN, &sealed)? {
                out.push((account, Zeroizing::new(address)));
            }
        }
    }
    Ok(out)
}
