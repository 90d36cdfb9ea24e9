//! The browsers that somebody gave for push: sealed for the person, listed to them.

use foundation::clock::Moment;
use foundation::database::{Community, LIST_MAX};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::KeyError;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use crate::post::PostError;
use crate::sender::Browser;
use crate::store::people;
use crate::{OutboxError, events};

/// So many browsers one person has at most.
pub const DEVICES_MAX: i64 = 20;
const COLUMN: &str = "push";
const ENDPOINT_BYTES_MAX: usize = 1_024;
const AGENT_CHARS_MAX: usize = 80;

/// A device as its owner sees it.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: Id,
    pub agent: String,
    pub since: Moment,
}

/// Takes the browser that one sits at.
pub async fn add(
    house: &House,
    by: &Actor,
    browser: &Browser,
    agent: &str,
) -> Result<(), OutboxError> {
    let (c, account) = crate::own(by)?;
    crate::senders::push::check(browser).map_err(|_| OutboxError::Browser)?;
    if browser.endpoint.len() > ENDPOINT_BYTES_MAX {
        return Err(OutboxError::Browser);
    }
    let digest = house
        .keys
        .digest("outbox-endpoint", browser.endpoint.as_bytes());
    if list(house, c, account).await?.len() as i64 >= DEVICES_MAX {
        return Err(OutboxError::TooMany);
    }
    let ring = house.keys.make(c, &[account]).await?;
    let plain = serde_json::to_vec(browser).map_err(|_| OutboxError::Browser)?;
    let sealed = house.keys.seal(&ring, account, COLUMN, &plain)?;
    let agent: String = agent.chars().take(AGENT_CHARS_MAX).collect();
    let id = house.id();
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            tx.execute(people::insert_device(
                c, account, id, &digest, sealed, &agent, now,
            ))?;
            let event = Event::new(events::DEVICE_ADDED)
                .about("account", account)
                .to(Audience::Account(account));
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Ends one of one's own devices.
pub async fn end(house: &House, by: &Actor, id: Id) -> Result<(), OutboxError> {
    let (c, account) = crate::own(by)?;
    house
        .write(c, &by.who(), move |mut tx| {
            if tx.execute(people::delete_device(c, account, id))? == 0 {
                return Err(OutboxError::NotFound);
            }
            let event = Event::new(events::DEVICE_ENDED)
                .about("account", account)
                .to(Audience::Account(account))
                .with("why", "asked");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// One's own devices.
pub async fn list(house: &House, c: Community, account: Id) -> Result<Vec<Device>, OutboxError> {
    let asked = people::devices_of(c, account, DEVICES_MAX);
    let rows: Vec<(Id, String, Moment)> = house.db.all(asked).await?;
    Ok(rows
        .into_iter()
        .map(|(id, agent, since)| Device { id, agent, since })
        .collect())
}

/// Devices that the push service no longer knows.
pub(crate) async fn gone(
    house: &House,
    c: Community,
    account: Id,
    devices: Vec<Id>,
) -> Result<(), PostError> {
    let ended = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let mut ended = 0;
            for id in devices {
                ended += tx.execute(people::delete_device(c, account, id))?;
            }
            if ended == 0 {
                return Err(PostError::Lost);
            }
            let event = Event::new(events::DEVICE_ENDED)
                .about("account", account)
                .to(Audience::Account(account))
                .with("why", "gone");
            Ok(tx.record(event, ())?)
        })
        .await;
    match ended {
        Err(PostError::Lost) => Ok(()),
        other => other,
    }
}

/// The browsers of some accounts, opened.
pub(crate) async fn open(
    house: &House,
    c: Community,
    accounts: &[Id],
) -> Result<Vec<(Id, Id, Browser)>, KeyError> {
    let mut out = Vec::new();
    for part in accounts.chunks(LIST_MAX) {
        let rows: Vec<(Id, Id, Vec<u8>)> = house.db.all(people::devices(c, part)).await?;
        let ring = house.keys.ring(c, part).await?;
        for (account, id, sealed) in rows {
            let Some(plain) = ring.open(account, COLUMN, &sealed)? else {
                continue;
            };
            if let Ok(browser) = serde_json::from_str(&plain) {
                out.push((account, id, browser));
            }
        }
    }
    Ok(out)
}
