//! How each way is set up, sealed, and how it fares.

use std::pin::Pin;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use foundation::clock::{DAY, Moment};
use foundation::database::{Database, DbError, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event, Who};
use permissions::Permission;
use permissions::actor::Actor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::breaker::Breaker;
use crate::post::{Carrier, Carriers, PostError};
use crate::sender::{Address, Answer, Parcel, Sender, Why};
use crate::senders::http::Reach;
use crate::senders::mail::{MailSender, MailSettings};
use crate::senders::push::PushSender;
use crate::senders::sms::{SmsSender, SmsSettings};
use crate::store::{people, queue};
use crate::{OutboxError, Way, events};

const COLUMN: &str = "way";
pub const PER_MINUTE_MAX: i64 = 60_000;
const PUSH_PER_MINUTE: i64 = 6_000;
/// Rows that are counted at most for a page.
const COUNTED: i64 = 100_000;
/// Failures are told of so far back.
const FAILURES_SINCE: i64 = 7 * DAY;

/// Our key for push services, and for whose people.
#[derive(Clone, Serialize, Deserialize)]
struct PushSettings {
    private: String,
    subject: String,
}

type Kept = (Id, String, i64, Moment);

async fn kept(house: &House, way: Way) -> Result<Option<Kept>, PostError> {
    Ok(house.db.optional(people::way(way.word())).await?)
}

/// Settings that no longer open (the key store is another's) are as good as none.
async fn opened<T: DeserializeOwned>(house: &House, kept: &Kept) -> Result<Option<T>, PostError> {
    let plain = house
        .keys
        .open_words(HOUSE, kept.0, COLUMN, &kept.1)
        .await?;
    let plain = Zeroizing::new(plain);
    Ok(serde_json::from_str(&plain).ok())
}

async fn sealed<T: Serialize>(house: &House, id: Id, settings: &T) -> Result<String, OutboxError> {
    let plain = serde_json::to_string(settings).map_err(|_| OutboxError::Settings)?;
    let plain = Zeroizing::new(plain);
    Ok(house.keys.seal_words(HOUSE, id, COLUMN, &plain).await?)
}

async fn set<T: Serialize>(
    house: &House,
    by: &Actor,
    way: Way,
    settings: &T,
    per_minute: i64,
) -> Result<(), OutboxError> {
    by.may(Permission::HouseOperate)?;
    if !(1..=PER_MINUTE_MAX).contains(&per_minute) {
        return Err(OutboxError::Settings);
    }
    let id = house.id();
    let text = sealed(house, id, settings).await?;
    let who = by.who_for(Permission::HouseOperate);
    house
        .write(HOUSE, &who, move |mut tx| {
            let now = tx.now();
            tx.execute(people::set_way(way.word(), id, &text, per_minute, now))?;
            // What is set up anew is tried at once.
            tx.execute(queue::set_breaker(way, &Breaker::default()))?;
            let event = Event::new(events::WAY_SET)
                .to(Audience::Staff)
                .with("way", way.word())
                .with("per_minute", per_minute);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Sets the mail server up.
pub async fn set_mail(
    house: &House,
    by: &Actor,
    settings: &MailSettings,
    per_minute: i64,
) -> Result<(), OutboxError> {
    MailSender::new(settings).map_err(|_| OutboxError::Settings)?;
    set(house, by, Way::Mail, settings, per_minute).await
}

/// Sets the provider of messages up.
pub async fn set_sms(
    house: &House,
    by: &Actor,
    settings: &SmsSettings,
    per_minute: i64,
) -> Result<(), OutboxError> {
    SmsSender::new(settings).map_err(|_| OutboxError::Settings)?;
    set(house, by, Way::Sms, settings, per_minute).await
}

/// The mail server as it is set up, with how fast it is asked.
pub async fn mail(house: &House, by: &Actor) -> Result<Option<(MailSettings, i64)>, OutboxError> {
    by.may(Permission::HouseOperate)?;
    match kept(house, Way::Mail).await? {
        Some(kept) => Ok(opened(house, &kept).await?.map(|s| (s, kept.2))),
        None => Ok(None),
    }
}

/// The provider as it is set up, with how fast it is asked.
pub async fn sms(house: &House, by: &Actor) -> Result<Option<(SmsSettings, i64)>, OutboxError> {
    by.may(Permission::HouseOperate)?;
    match kept(house, Way::Sms).await? {
        Some(kept) => Ok(opened(house, &kept).await?.map(|s| (s, kept.2))),
        None => Ok(None),
    }
}

/// The key that browsers are to know us by, made when the first one asks. `base` is the
/// house's own address: the people of push services find us by it.
pub async fn push_key(house: &House, base: &str) -> Result<String, OutboxError> {
    if kept(house, Way::Push).await?.is_none() {
        let private = Zeroizing::new(house.chance.bytes::<32>());
        // One of 2^32 draws is no key; whoever asks next draws again.
        webpush::public_key(&private).map_err(|_| OutboxError::Settings)?;
        let subject = if base.starts_with("https://") {
            base.to_owned()
        } else {
            "mailto:nobody@linli.invalid".to_owned()
        };
        let settings = PushSettings {
            private: URL_SAFE_NO_PAD.encode(*private),
            subject,
        };
        let id = house.id();
        let text = sealed(house, id, &settings).await?;
        let made = house
            .write(HOUSE, &Actor::system(HOUSE).who(), move |mut tx| {
                let now = tx.now();
                let row = people::set_way_once(Way::Push.word(), id, &text, PUSH_PER_MINUTE, now);
                if tx.execute(row)? == 0 {
                    return Err(OutboxError::NotFound);
                }
                let event = Event::new(events::WAY_SET)
                    .to(Audience::Staff)
                    .with("way", Way::Push.word())
                    .with("per_minute", PUSH_PER_MINUTE);
                Ok(tx.record(event, ())?)
            })
            .await;
        match made {
            Ok(()) | Err(OutboxError::NotFound) => {}
            Err(e) => return Err(e),
        }
    }
    let kept = kept(house, Way::Push).await?.ok_or(OutboxError::Settings)?;
    let settings: Option<PushSettings> = opened(house, &kept).await?;
    let private = settings.and_then(|s| private_of(&s));
    let private = private.ok_or(OutboxError::Settings)?;
    webpush::public_key(&private).map_err(|_| OutboxError::Settings)
}

fn private_of(settings: &PushSettings) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(&settings.private).ok()?);
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}

async fn sender(
    house: &Arc<House>,
    way: Way,
    kept: &Kept,
    reach: Reach,
) -> Result<Option<Arc<dyn Sender>>, PostError> {
    Ok(match way {
        Way::Mail => {
            let settings: Option<MailSettings> = opened(house, kept).await?;
            let made = settings.and_then(|s| MailSender::new(&s).ok());
            made.map(|s| Arc::new(s) as Arc<dyn Sender>)
        }
        Way::Sms => {
            let settings: Option<SmsSettings> = opened(house, kept).await?;
            let made = settings.and_then(|s| SmsSender::new(&s).ok());
            made.map(|s| Arc::new(s) as Arc<dyn Sender>)
        }
        Way::Push => {
            let settings: Option<PushSettings> = opened(house, kept).await?;
            settings.and_then(|s| {
                let private = private_of(&s)?;
                let sender = PushSender::new(house.clone(), private, &s.subject);
                Some(Arc::new(sender.reaching(reach)) as Arc<dyn Sender>)
            })
        }
    })
}

/// The senders as the operator set them up.
pub struct AsSetUp {
    /// Where push may call.
    pub push: Reach,
}

impl Default for AsSetUp {
    fn default() -> AsSetUp {
        AsSetUp {
            push: Reach::Public,
        }
    }
}

impl Carriers for AsSetUp {
    fn carrier<'a>(
        &'a self,
        house: &'a Arc<House>,
        way: Way,
        known: Option<Carrier>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Carrier>, PostError>> + Send + 'a>> {
        Box::pin(async move {
            let Some(kept) = kept(house, way).await? else {
                return Ok(None);
            };
            if known.as_ref().is_some_and(|k| k.set_at == kept.3) {
                return Ok(known);
            }
            let made = sender(house, way, &kept, self.push).await?;
            Ok(made.map(|sender| Carrier {
                sender,
                per_minute: kept.2,
                set_at: kept.3,
            }))
        })
    }
}

/// Sends one thing at once, past the queue: a test, or the link that confirms an address.
pub async fn send_now(
    house: &Arc<House>,
    way: Way,
    parcel: &Parcel,
) -> Result<Answer, OutboxError> {
    let carrier = AsSetUp::default().carrier(house, way, None).await?;
    let carrier = carrier.ok_or(OutboxError::NotSetUp)?;
    let limit = std::time::Duration::from_secs(15);
    let sent = tokio::time::timeout(limit, carrier.sender.send(parcel)).await;
    Ok(sent.unwrap_or(Answer::later(Why::Timeout)))
}

/// Tries a way with a text to an address that the operator gives.
pub async fn try_out(
    house: &Arc<House>,
    by: &Actor,
    way: Way,
    address: &str,
    title: &str,
    text: &str,
) -> Result<Answer, OutboxError> {
    by.may(Permission::HouseOperate)?;
    let plain = Zeroizing::new(address.trim().to_owned());
    let address = match way {
        Way::Mail => Address::Mail(plain),
        Way::Sms => Address::Phone(plain),
        Way::Push => return Err(OutboxError::NotSetUp),
    };
    let parcel = Parcel {
        id: format!("try-{}", house.id()),
        address,
        title: title.to_owned(),
        text: text.to_owned(),
        link: String::new(),
        urgent: false,
        lives_ms: DAY,
    };
    let answer = send_now(house, way, &parcel).await?;
    let why = match answer {
        Answer::Later { why, .. } | Answer::Never { why } => why.word(),
        Answer::Sent | Answer::Confirmed => "",
    };
    let who: Who = by.who_for(Permission::HouseOperate);
    house
        .write::<_, OutboxError, _>(HOUSE, &who, move |tx| {
            let event = Event::new(events::WAY_TRIED)
                .to(Audience::Staff)
                .with("way", way.word())
                .with("why", why);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(answer)
}

/// How a way fares.
#[derive(Clone, Debug)]
pub struct WayState {
    pub way: Way,
    pub set_up: bool,
    pub breaker: Breaker,
    pub queued: i64,
    pub oldest: Option<Moment>,
    /// Of the last week, by reason.
    pub failures: Vec<(String, i64)>,
}

/// How every way fares, for the operator's page.
pub async fn states(house: &House) -> Result<Vec<WayState>, OutboxError> {
    Ok(states_of(&house.db, house.now()).await?)
}

/// As [`states`], where there is a database and no house.
pub async fn states_of(db: &Database, now: Moment) -> Result<Vec<WayState>, DbError> {
    let since = Moment(now.0 - FAILURES_SINCE);
    let mut out = Vec::new();
    for way in Way::ALL {
        let kept: Option<Kept> = db.optional(people::way(way.word())).await?;
        let breaker: Option<Breaker> = db.optional(queue::breaker(way)).await?;
        let (queued, oldest) = db.one(queue::depth(way, COUNTED)).await?;
        out.push(WayState {
            way,
            set_up: kept.is_some(),
            breaker: breaker.unwrap_or_default(),
            queued,
            oldest,
            failures: db.all(queue::failures(way, since, COUNTED)).await?,
        });
    }
    Ok(out)
}
