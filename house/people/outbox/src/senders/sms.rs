//! Messages to phones by whatever provider the office has: a web address and a template.

use std::borrow::Cow;

use hyper::Method;
use hyper::header::{self, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use url::Url;

use super::http::{self, Call, Reach};
use crate::sender::{Address, Answer, Parcel, Sender, Sending, Why};

/// How what is filled in is written, and what the body is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Json,
    Form,
}

impl Shape {
    pub const ALL: [Shape; 2] = [Shape::Json, Shape::Form];

    pub fn word(self) -> &'static str {
        match self {
            Shape::Json => "json",
            Shape::Form => "form",
        }
    }

    pub fn from_word(word: &str) -> Option<Shape> {
        Shape::ALL.into_iter().find(|s| s.word() == word)
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Shape::Json => "application/json",
            Shape::Form => "application/x-www-form-urlencoded",
        })
    }

    fn escaped(self, text: &str) -> String {
        match self {
            Shape::Json => {
                let quoted = serde_json::Value::from(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Shape::Form => url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
        }
    }
}

/// The provider.
#[derive(Clone, Serialize, Deserialize)]
pub struct SmsSettings {
    /// `POST` or `PUT`.
    pub method: String,
    pub url: String,
    /// One a line: `Name: value`. Secrets stand here.
    pub headers: String,
    pub shape: Shape,
    /// With `{phone}`, `{text}` and `{id}`.
    pub template: String,
    /// What the answer contains where it means yes; empty where its status says all.
    pub yes: String,
}

/// Fills the holes of a template, each once looked at: what is filled in is no template.
fn fill(template: &str, shape: Shape, hole: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() + 200);
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        let end = inside.find('}');
        let filled = end.and_then(|end| Some((end, hole(&inside[..end])?)));
        match filled {
            Some((end, text)) => {
                out.push_str(&shape.escaped(&text));
                rest = &inside[end + 1..];
            }
            None => {
                out.push('{');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Sends by the provider's web address.
pub struct SmsSender {
    method: Method,
    url: Url,
    headers: Vec<(HeaderName, HeaderValue)>,
    shape: Shape,
    template: String,
    yes: String,
}

impl SmsSender {
    /// # Errors
    /// [`Why::Unfit`] when the settings cannot be used.
    pub fn new(settings: &SmsSettings) -> Result<SmsSender, Why> {
        let url = Url::parse(&settings.url).map_err(|_| Why::Unfit)?;
        http::check(&url, Reach::Chosen)?;
        let method = match settings.method.as_str() {
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            _ => return Err(Why::Unfit),
        };
        let mut headers = vec![(header::CONTENT_TYPE, settings.shape.content_type())];
        for line in settings.headers.lines().filter(|l| !l.trim().is_empty()) {
            let (name, value) = line.split_once(':').ok_or(Why::Unfit)?;
            let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| Why::Unfit)?;
            let ours = [
                header::HOST,
                header::CONTENT_LENGTH,
                header::TRANSFER_ENCODING,
                header::CONNECTION,
            ];
            if ours.contains(&name) {
                return Err(Why::Unfit);
            }
            let value = HeaderValue::from_str(value.trim()).map_err(|_| Why::Unfit)?;
            headers.push((name, value));
        }
        let template = settings.template.clone();
        if !template.contains("{phone}") || !template.contains("{text}") {
            return Err(Why::Unfit);
        }
        let sender = SmsSender {
            method,
            url,
            headers,
            shape: settings.shape,
            template,
            yes: settings.yes.clone(),
        };
        let tried = sender.body("1\"&\\2", "3\n{id}4", "5");
        let sound = match settings.shape {
            Shape::Json => serde_json::from_str::<serde_json::Value>(&tried).is_ok(),
            Shape::Form => tried.bytes().all(|b| b.is_ascii_graphic()),
        };
        if sound { Ok(sender) } else { Err(Why::Unfit) }
    }

    fn body(&self, phone: &str, text: &str, id: &str) -> String {
        fill(&self.template, self.shape, |hole| match hole {
            "phone" => Some(phone.to_owned()),
            "text" => Some(text.to_owned()),
            "id" => Some(id.to_owned()),
            _ => None,
        })
    }

    async fn carry(&self, parcel: &Parcel) -> Answer {
        let Address::Phone(phone) = &parcel.address else {
            return Answer::Never { why: Why::Unfit };
        };
        let mut parts = vec![Cow::from(&parcel.title), Cow::from(&parcel.text)];
        if parcel.link.contains("://") {
            parts.push(Cow::from(&parcel.link));
        }
        let text = parts.join(" ");
        let call = Call {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: self.body(phone, text.trim(), &parcel.id).into_bytes(),
        };
        let reply = match http::call(call, Reach::Chosen).await {
            Ok(reply) => reply,
            Err(Why::Unfit) => return Answer::Never { why: Why::Unfit },
            Err(why) => return Answer::later(why),
        };
        let busy = Answer::Later {
            why: Why::Busy,
            after_ms: reply.after_ms,
        };
        match reply.status.as_u16() {
            200..=299 if self.yes.is_empty() => Answer::Sent,
            200..=299 => {
                let body = String::from_utf8_lossy(&reply.body);
                // Taken, and then the line broke: saying it again would say it twice.
                if reply.body.is_empty() || body.contains(&self.yes) {
                    Answer::Sent
                } else {
                    // It may mean this phone or this minute: tried again, not for ever.
                    Answer::later(Why::Recipient)
                }
            }
            401 | 403 | 407 => Answer::later(Why::Login),
            408 | 429 | 500..=599 => busy,
            _ => Answer::Never { why: Why::Refused },
        }
    }
}

impl Sender for SmsSender {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> Sending<'a> {
        Box::pin(self.carry(parcel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(shape: Shape, template: &str) -> SmsSettings {
        SmsSettings {
            method: "POST".into(),
            url: "https://sms.example/send".into(),
            headers: "Authorization: Bearer x".into(),
            shape,
            template: template.into(),
            yes: String::new(),
        }
    }

    #[test]
    fn what_is_filled_in_stays_what_it_is() {
        let json = r#"{"to": "{phone}", "say": "{text}", "n": {"id": "{id}"}}"#;
        let sender = SmsSender::new(&settings(Shape::Json, json)).expect("fits");
        let body = sender.body("+86138", "停水\"}{phone}\n\\", "a-1");
        let read: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!(read["say"], "停水\"}{phone}\n\\");
        assert_eq!(read["n"]["id"], "a-1");
        let form = SmsSender::new(&settings(Shape::Form, "to={phone}&m={text}")).expect("fits");
        assert_eq!(
            form.body("+86138", "a&b=c d", ""),
            "to=%2B86138&m=a%26b%3Dc+d"
        );
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let bad = |s: SmsSettings| SmsSender::new(&s).is_err();
        assert!(bad(settings(
            Shape::Json,
            r#"{"to": {phone}, "m": {text}}"#
        )));
        assert!(bad(settings(Shape::Form, "to={phone}")));
        let with = |change: fn(&mut SmsSettings)| {
            let mut s = settings(Shape::Form, "to={phone}&m={text}");
            change(&mut s);
            s
        };
        assert!(bad(with(|s| s.url = "http://sms.example/".into())));
        assert!(bad(with(|s| s.headers = "no colon".into())));
        assert!(bad(with(|s| s.headers = "Host: other".into())));
        assert!(bad(with(|s| s.method = "GET".into())));
    }
}
