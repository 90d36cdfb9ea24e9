//! What the page before has to tell, carried to the next page in a cookie that only
//! this house can make.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use super::site::{Site, cookie};
use foundation::house::House;
use foundation::page::Flash;

const NAME: &str = "linli-flash";
/// A flash is for the next page; a minute covers a slow phone.
const SECONDS: i64 = 60;

fn mac(house: &House, text: &str) -> String {
    URL_SAFE_NO_PAD.encode(house.keys.digest("flash", text.as_bytes()))
}

/// Seals what `answer` has to tell ([`onward::tell`](foundation::page::onward::tell)) into the
/// cookie that the next page reads. Whether there was something.
pub fn seal(answer: &mut Response, house: &House, site: &Site) -> bool {
    let Some(flash) = answer.extensions_mut().remove::<Flash>() else {
        return false;
    };
    // Two fields that serialise always; an empty flash would only say nothing.
    let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&flash).unwrap_or_default());
    let value = site.cookie(NAME, &format!("{text}.{}", mac(house, &text)), SECONDS);
    if let Ok(value) = HeaderValue::from_str(&value) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    true
}

/// The flash that a request brings.
pub fn read(house: &House, headers: &HeaderMap) -> Option<Flash> {
    let (text, signed) = cookie(headers, NAME)?.split_once('.')?;
    if !bool::from(mac(house, text).as_bytes().ct_eq(signed.as_bytes())) {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// Forgets it, once it was shown.
pub fn clear(site: &Site) -> String {
    site.cookie(NAME, "", 0)
}
