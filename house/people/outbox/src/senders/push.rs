//! Web push: a small sealed message to the push service that a browser named.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use foundation::clock::{HOUR, SECOND};
use foundation::house::House;
use hyper::Method;
use hyper::header::{self, HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

use super::http::{self, Call, Reach};
use crate::sender::{Address, Answer, Browser, Parcel, Sender, Sending, Why};

/// How long a token names us to a push service.
const TOKEN_LIVES: i64 = 12 * HOUR / SECOND;
/// A handful of push services serve all browsers.
const TOKENS_MAX: usize = 64;
/// A push service keeps a message so long at most (four weeks).
const KEPT_MAX: i64 = 28 * 24 * HOUR / SECOND;
/// What is shown of a text; the rest is read on the page.
const TEXT_CHARS_MAX: usize = 240;

/// The bytes of what browsers say in base64url, with or without padding.
fn bytes(said: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(said)
        .or_else(|_| URL_SAFE.decode(said))
        .ok()
}

struct Opened {
    url: Url,
    public: Vec<u8>,
    auth: [u8; 16],
}

fn opened(browser: &Browser) -> Option<Opened> {
    Some(Opened {
        url: Url::parse(&browser.endpoint).ok()?,
        public: bytes(&browser.p256dh)?,
        auth: bytes(&browser.auth)?.try_into().ok()?,
    })
}

/// Whether a browser's words can be used at all.
///
/// # Errors
/// [`Why::Unfit`].
pub fn check(browser: &Browser) -> Result<(), Why> {
    let o = opened(browser).ok_or(Why::Unfit)?;
    if o.public.len() != 65 {
        return Err(Why::Unfit);
    }
    // Loopback is refused when it is called, except in tests.
    http::check(&o.url, Reach::PublicOrHere)
}

/// Sends to push services.
pub struct PushSender {
    house: Arc<House>,
    /// Our key, by which push services know us.
    private: Zeroizing<[u8; 32]>,
    /// `mailto:` or `https:`, for the people of the push service.
    subject: String,
    reach: Reach,
    /// Tokens by push service, until when each is used.
    tokens: Mutex<HashMap<String, (HeaderValue, i64)>>,
}

impl PushSender {
    pub fn new(house: Arc<House>, private: Zeroizing<[u8; 32]>, subject: &str) -> PushSender {
        PushSender {
            house,
            private,
            subject: subject.to_owned(),
            reach: Reach::Public,
            tokens: Mutex::default(),
        }
    }

    /// Calls this machine too: for tests with a stand-in.
    pub fn reaching(mut self, reach: Reach) -> PushSender {
        self.reach = reach;
        self
    }

    /// What names us to a push service, made anew every few hours.
    fn token(&self, url: &Url) -> Option<HeaderValue> {
        let origin = url.origin().ascii_serialization();
        let now = self.house.now().0 / SECOND;
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((token, until)) = tokens.get(&origin)
            && *until > now
        {
            return Some(token.clone());
        }
        let made = webpush::authorization(&self.private, &origin, &self.subject, now, TOKEN_LIVES);
        let token = HeaderValue::from_str(&made.ok()?).ok()?;
        if tokens.len() >= TOKENS_MAX {
            tokens.clear();
        }
        tokens.insert(origin, (token.clone(), now + TOKEN_LIVES / 2));
        Some(token)
    }

    fn sealed(&self, parcel: &Parcel, o: &Opened) -> Option<Vec<u8>> {
        let text: String = parcel.text.chars().take(TEXT_CHARS_MAX).collect();
        let title: String = parcel.title.chars().take(80).collect();
        let message = serde_json::json!({
            "title": title,
            "body": text,
            "url": parcel.link,
            "tag": parcel.id,
            "urgent": parcel.urgent,
        });
        let browser = webpush::Browser {
            public: &o.public,
            auth: &o.auth,
        };
        // One of 2^32 draws is no key; the second is.
        (0..2).find_map(|_| {
            let once = Zeroizing::new(self.house.chance.bytes::<32>());
            let salt = self.house.chance.bytes::<16>();
            webpush::encrypt(message.to_string().as_bytes(), &browser, &once, &salt).ok()
        })
    }

    async fn carry(&self, parcel: &Parcel) -> Answer {
        let never = Answer::Never { why: Why::Unfit };
        let Address::Browser(browser) = &parcel.address else {
            return never;
        };
        let Some(o) = opened(browser) else {
            return never;
        };
        let Some(body) = self.sealed(parcel, &o) else {
            return never;
        };
        let Some(token) = self.token(&o.url) else {
            return never;
        };
        let kept = (parcel.lives_ms / SECOND).clamp(60, KEPT_MAX);
        let urgency = if parcel.urgent { "high" } else { "normal" };
        let call = Call {
            method: Method::POST,
            url: o.url,
            headers: vec![
                (header::AUTHORIZATION, token),
                (
                    header::CONTENT_ENCODING,
                    HeaderValue::from_static("aes128gcm"),
                ),
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/octet-stream"),
                ),
                (HeaderName::from_static("ttl"), HeaderValue::from(kept)),
                (
                    HeaderName::from_static("urgency"),
                    HeaderValue::from_static(urgency),
                ),
            ],
            body,
        };
        match http::call(call, self.reach).await {
            Ok(reply) => match reply.status.as_u16() {
                200..=299 => Answer::Sent,
                404 | 410 => Answer::Never { why: Why::Gone },
                408 | 429 | 500..=599 => Answer::Later {
                    why: Why::Busy,
                    after_ms: reply.after_ms,
                },
                _ => Answer::Never { why: Why::Refused },
            },
            Err(Why::Unfit) => never,
            Err(why) => Answer::later(why),
        }
    }
}

impl Sender for PushSender {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> Sending<'a> {
        Box::pin(self.carry(parcel))
    }
}
