//! Forms: what was sent is kept as it was typed, read once into types, and every fault is a sentence
//! beside its field.
//!
//! ```ignore
//! async fn submit(frame: Frame, mut form: Form) -> Response {
//!     let name = form.field("name", "apply-name").text(1..=40);
//!     let phone = form.field("phone", "apply-phone").read(|s| Phone::parse(s).map_err(|_| say("error-phone")));
//!     let (Some(name), Some(phone)) = (name, phone) else {
//!         return page::html(StatusCode::UNPROCESSABLE_ENTITY, ApplyPage { frame, form });
//!     };
//!     …
//! }
//! ```

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;

use super::parts::FieldError;
use super::words::{Sentence, say};
use super::{Frame, problem};

/// The longest urlencoded body: the longest text of the house (a notice of 20,000 Chinese signs, nine
/// bytes each when encoded) with room for its fields.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// No form of the house has as many fields; a bulk act over a page of rows has the most.
pub const FIELDS_MAX: usize = 1_000;
/// Longer names are not ours.
const NAME_BYTES_MAX: usize = 100;

/// A form as it was sent, with what is wrong about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// More than [`FIELDS_MAX`] fields or [`BODY_BYTES_MAX`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the form is larger than any of ours")]
pub struct FormTooLarge;

impl Form {
    /// A form before anyone typed, with values to begin from.
    pub fn filled<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Form {
        let clean = |(name, value): (N, V)| (name.into(), clean(&value.into()));
        Form {
            pairs: pairs.into_iter().map(clean).collect(),
            errors: Vec::new(),
        }
    }

    /// Reads `application/x-www-form-urlencoded`. NUL is stripped and ends are trimmed here, so that
    /// neither reaches a room.
    pub fn parse(body: &[u8]) -> Result<Form, FormTooLarge> {
        if body.len() > BODY_BYTES_MAX {
            return Err(FormTooLarge);
        }
        let mut pairs = Vec::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            if pairs.len() == FIELDS_MAX || name.len() > NAME_BYTES_MAX {
                return Err(FormTooLarge);
            }
            pairs.push((name.into_owned(), clean(&value)));
        }
        Ok(Form {
            pairs,
            errors: Vec::new(),
        })
    }

    /// What was sent under a name, or empty. Of several, the first.
    pub fn value(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All that was sent under a name (checkboxes, selected rows).
    pub fn all<'s>(&'s self, name: &str) -> impl Iterator<Item = &'s str> {
        let named = move |pair: &&'s (String, String)| pair.0 == name;
        // The name is compared at once; the iterator must not outlive it.
        self.pairs
            .iter()
            .filter(named)
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Whether this value was sent under this name; for checkboxes, radios and options.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.pairs.iter().any(|(n, v)| n == name && v == value)
    }

    /// Forgets what was typed (passwords, one-time codes), so that no page repeats it.
    pub fn forget(&mut self, name: &str) {
        self.pairs.retain(|(n, _)| n != name);
    }

    /// Sets a value, as when a step before has it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.forget(name);
        self.pairs.push((name.to_owned(), clean(value)));
    }

    /// Begins reading a field; `label` is the key of its label, named in its errors.
    pub fn field<'f>(&'f mut self, name: &'f str, label: &'static str) -> Field<'f> {
        Field {
            form: self,
            name,
            label,
        }
    }

    /// Notes a fault of a field.
    pub fn fault(&mut self, name: &str, sentence: Sentence) {
        self.errors.push(FieldError {
            field: name.to_owned(),
            sentence,
        });
    }

    /// Notes a fault of the whole.
    pub fn fault_of_all(&mut self, sentence: Sentence) {
        self.fault("", sentence);
    }

    /// Whether anything is wrong.
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All faults in the order of reading.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The first fault of a field.
    pub fn error(&self, name: &str) -> Option<&Sentence> {
        self.errors
            .iter()
            .find(|error| error.field == name)
            .map(|error| &error.sentence)
    }
}

fn clean(value: &str) -> String {
    value.replace('\0', "").trim().to_owned()
}

/// One field while it is read. Every reader notes its fault and answers `None`.
pub struct Field<'f> {
    form: &'f mut Form,
    name: &'f str,
    label: &'static str,
}

impl Field<'_> {
    fn sent(&self) -> String {
        self.form.value(self.name).to_owned()
    }

    fn fault<T>(self, sentence: Sentence) -> Option<T> {
        let sentence = sentence.and_word("label", self.label);
        self.form.fault(self.name, sentence);
        None
    }

    /// Text of so many signs (not bytes). An empty one is a fault unless the range begins at 0.
    pub fn text(self, signs: RangeInclusive<usize>) -> Option<String> {
        let text = self.sent();
        let count = text.chars().count();
        if count == 0 && *signs.start() > 0 {
            return self.fault(say("error-required"));
        }
        if count > *signs.end() {
            return self.fault(
                say("error-too-long")
                    .and("max", *signs.end())
                    .and("count", count),
            );
        }
        if count < *signs.start() {
            return self.fault(say("error-too-short").and("min", *signs.start()));
        }
        Some(text)
    }

    /// A required value with a parser of its own; the fault is the parser's.
    pub fn read<T>(self, parse: impl FnOnce(&str) -> Result<T, Sentence>) -> Option<T> {
        let text = self.sent();
        if text.is_empty() {
            return self.fault(say("error-required"));
        }
        match parse(&text) {
            Ok(value) => Some(value),
            Err(sentence) => self.fault(sentence),
        }
    }

    /// Like [`Field::read`], but nothing typed is `Some(None)`.
    pub fn read_optional<T>(
        self,
        parse: impl FnOnce(&str) -> Result<T, Sentence>,
    ) -> Option<Option<T>> {
        if self.form.value(self.name).is_empty() {
            Some(None)
        } else {
            self.read(parse).map(Some)
        }
    }

    /// A whole number; full-width digits and thousands signs are understood.
    pub fn number(self, bounds: RangeInclusive<i64>) -> Option<i64> {
        let (min, max) = (*bounds.start(), *bounds.end());
        self.read(
            |text| match half_width(text).replace(',', "").parse::<i64>() {
                Ok(number) if bounds.contains(&number) => Ok(number),
                Ok(_) => Err(say("error-number-range").and("min", min).and("max", max)),
                Err(_) => Err(say("error-number")),
            },
        )
    }

    /// A date as `<input type=date>` sends it, or as people type it (2026/1/2, 2026.1.2, 2026年1月2日).
    pub fn date(self) -> Option<jiff::civil::Date> {
        self.read(|text| {
            let text = half_width(text);
            let numbers: Vec<&str> = text
                .split(['-', '/', '.', '年', '月', '日'])
                .filter(|s| !s.is_empty())
                .collect();
            let [year, month, day] = numbers.as_slice() else {
                return Err(say("error-date"));
            };
            let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse()) else {
                return Err(say("error-date"));
            };
            jiff::civil::Date::new(year, month, day).map_err(|_| say("error-date"))
        })
    }

    /// One of the given values; anything else is a forged form or nothing chosen.
    pub fn choice<'c>(self, values: &[&'c str]) -> Option<&'c str> {
        let sent = self.sent();
        match values.iter().find(|value| **value == sent) {
            Some(value) => Some(value),
            None => self.fault(say("error-choose")),
        }
    }

    /// A box that must be ticked.
    pub fn ticked(self) -> Option<()> {
        if self.form.value(self.name).is_empty() {
            self.fault(say("error-tick"))
        } else {
            Some(())
        }
    }
}

/// Full-width digits and signs, as Chinese input methods leave them, become ASCII.
fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(narrow).collect()
}

/// Takes an urlencoded body; what is too large or of another kind is answered with a page that says so.
impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let frame = Frame::of_request(&parts);
        let kind = parts
            .headers
            .get("content-type")
            .and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            return Err(problem::page(frame, StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let body = Bytes::from_request(Request::from_parts(parts, body), state).await;
        let form = body.ok().and_then(|body| Form::parse(&body).ok());
        form.ok_or_else(|| problem::page(frame, StatusCode::PAYLOAD_TOO_LARGE))
    }
}
