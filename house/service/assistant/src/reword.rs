//! An answer in other words, where the operator named an OpenAI-compatible endpoint and the
//! compound chose so. Only an entry's own answer is sent, never a question: nothing personal
//! leaves the house. What comes back is shown beside the original, marked as a machine's
//! (人工智能生成合成內容標識辦法 4), and only if it adds no number and no link; whatever else happens,
//! the entry's own words are shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use foundation::house::House;
use outbox::senders::http::{Call, Reach, call};
use serde_json::{Value as Json, json};
use url::Url;

/// Whoever asks does not wait longer.
const PATIENCE: Duration = Duration::from_secs(4);
/// After a failure the endpoint is left alone for so long, so that nobody waits in vain.
const REST_MS: i64 = 60_000;
/// Rewordings kept in memory.
const KEPT_MAX: usize = 1_000;
/// A rewording may be this much longer than what it says anew.
const LONGER: usize = 2;

const ORDER: &str = "把下面這段物業答覆改寫得親切、簡短、好讀。不得增加、刪去或改動任何事實、數字、電話、\
                     日期、連結。只輸出改寫後的文字，保留原有的列表和粗體標記。";

/// Where rewordings come from.
#[derive(Clone)]
pub struct Endpoint {
    /// Of the chat completions.
    pub url: Url,
    pub key: String,
    pub model: String,
}

#[derive(Default)]
struct Place {
    endpoint: OnceLock<Endpoint>,
    /// By the text that is said anew; none where a rewording was not fit.
    kept: Mutex<HashMap<[u8; 32], Option<Arc<str>>>>,
    rests_until: Mutex<i64>,
}

/// Names the endpoint; the first one stays.
pub fn through(house: &House, endpoint: Endpoint) {
    let _ = house.kept::<Place>().endpoint.set(endpoint);
}

/// Whether an endpoint is named at all.
#[must_use]
pub fn is_named(house: &House) -> bool {
    house.kept::<Place>().endpoint.get().is_some()
}

/// The answer in other words; none where it is shown as it was written.
pub async fn reworded(house: &House, answer: &str) -> Option<Arc<str>> {
    let place = house.kept::<Place>();
    let endpoint = place.endpoint.get()?;
    let key = house.keys.digest("assistant.answer", answer.as_bytes());
    let lock = || place.kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = lock().get(&key) {
        return kept.clone();
    }
    let now = house.now().0;
    let rests = || {
        place
            .rests_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    };
    if *rests() > now {
        return None;
    }
    let said = tokio::time::timeout(PATIENCE, ask(endpoint, answer)).await;
    let Ok(Some(said)) = said else {
        tracing::warn!("the endpoint gave no other words; the answer is shown as written");
        *rests() = now + REST_MS;
        return None;
    };
    let fit = is_fit(answer, &said).then(|| Arc::from(said));
    let mut kept = lock();
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, fit.clone());
    fit
}

async fn ask(endpoint: &Endpoint, answer: &str) -> Option<String> {
    let body = json!({
        "model": endpoint.model,
        "temperature": 0.2,
        "messages": [
            { "role": "system", "content": ORDER },
            { "role": "user", "content": answer },
        ],
    });
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", endpoint.key)).ok()?;
    bearer.set_sensitive(true);
    let headers: Vec<(HeaderName, HeaderValue)> = vec![
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (header::AUTHORIZATION, bearer),
    ];
    let asked = Call {
        method: Method::POST,
        url: endpoint.url.clone(),
        headers,
        body: body.to_string().into_bytes(),
    };
    let reply = call(asked, Reach::Chosen).await.ok()?;
    if !reply.status.is_success() {
        return None;
    }
    let read: Json = serde_json::from_slice(&reply.body).ok()?;
    let said = read["choices"][0]["message"]["content"].as_str()?.trim();
    (!said.is_empty()).then(|| said.to_owned())
}

/// Whether a rewording holds nothing that the answer does not, and nothing of it is lost: the
/// same numbers, no link of its own, no place left open, not much longer.
#[must_use]
pub fn is_fit(answer: &str, said: &str) -> bool {
    let long = answer.chars().count() * LONGER + 40;
    let same_numbers = {
        let (mut were, mut are) = (numbers(answer), numbers(said));
        were.sort_unstable();
        were.dedup();
        are.sort_unstable();
        are.dedup();
        were == are
    };
    let links = |text: &str| text.matches("://").count() + text.matches("www.").count();
    let known = words_of_links(said).all(|link| answer.contains(link));
    let braces = |text: &str| text.contains('{') || text.contains('}');
    same_numbers
        && known
        && links(said) <= links(answer)
        && (!braces(said) || braces(answer))
        && said.chars().count() <= long
}

/// Runs of digits, in one width; the numerals of Chinese are numbers too.
fn numbers(text: &str) -> Vec<String> {
    const HAN: &str = "零〇一二三四五六七八九十百千萬万兩两半";
    let mut out = Vec::new();
    let mut run = String::new();
    for ch in text.chars().chain([' ']) {
        let plain = match ch {
            '０'..='９' => char::from_u32(ch as u32 - '０' as u32 + '0' as u32),
            _ => Some(ch),
        };
        match plain.filter(|c| c.is_ascii_digit() || HAN.contains(*c)) {
            Some(digit) => run.push(digit),
            None if !run.is_empty() => {
                // 一 alone is a word more often than a number.
                if run != "一" {
                    out.push(std::mem::take(&mut run));
                }
                run.clear();
            }
            None => {}
        }
    }
    out
}

fn words_of_links(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_whitespace() || (!c.is_ascii() && !c.is_alphanumeric());
    text.split(part)
        .filter(|w| w.contains("://") || w.contains("www.") || w.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewording_adds_no_number_and_no_link() {
        let answer = "致電 8888 1234，每月 2.80 元，三天內答覆。";
        assert!(is_fit(
            answer,
            "請打 8888 1234；一個月 2.80 元，三天內會回您。"
        ));
        assert!(
            !is_fit(answer, "請打 8888 1235；每月 2.80 元，三天內答覆。"),
            "another number"
        );
        assert!(
            !is_fit(answer, "請打 8888 1234，三天內答覆。"),
            "a number is lost"
        );
        assert!(
            !is_fit(answer, "致電 8888 1234，每月 2.80 元，五天內答覆。"),
            "other days"
        );
        let linked = format!("{answer} 詳見 https://example.com/pay");
        assert!(!is_fit(answer, &linked), "a link of its own");
        assert!(!is_fit(answer, &answer.repeat(4)), "much longer");
        assert!(
            !is_fit("到前台。", "到前台，或致電 {phone}。"),
            "an open place"
        );
    }
}
