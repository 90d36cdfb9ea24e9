//! A reader's own look: language, theme, text size. Remembered in cookies, because they belong to the
//! device and not to the account, and work before anyone signs in.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use super::form::Form;
use super::frame::Theme;
use super::words::Lang;

/// Where the switches in the footer post to. The fields are `lang`, `theme`, `text`, `back`, `csrf`.
pub const ROUTE: &str = "/preferences";
/// One year: long enough that an owner of seventy sets it once.
const MAX_AGE_SECONDS: u32 = 365 * 24 * 3600;

const LANG: &str = "linli-lang";
const THEME: &str = "linli-theme";
const TEXT: &str = "linli-text";

/// What the cookies (or else the browser) ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// Large text.
    pub large: bool,
}

impl Preferences {
    /// Reads the request's cookies and wishes.
    pub fn of(headers: &HeaderMap) -> Preferences {
        let accept = headers
            .get("accept-language")
            .and_then(|value| value.to_str().ok());
        Preferences {
            lang: Lang::negotiate(accept, cookie(headers, LANG)),
            theme: cookie(headers, THEME).map_or(Theme::Auto, Theme::from_tag),
            large: cookie(headers, TEXT) == Some("large"),
        }
    }
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let jars = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|jar| jar.to_str().ok());
    let pairs = jars
        .flat_map(|jar| jar.split(';'))
        .filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(n, value)| (n.trim(), value.trim()))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value)
}

/// The `Set-Cookie` values for what a switch sent. Only known values pass, so nothing can be smuggled in.
pub fn cookies(form: &Form) -> Vec<String> {
    let lang = Lang::from_tag(form.value("lang")).map(|lang| (LANG, lang.tag()));
    let theme = Some(form.value("theme")).filter(|tag| !tag.is_empty());
    let theme = theme.map(|tag| (THEME, Theme::from_tag(tag).tag()));
    let text = match form.value("text") {
        "large" => Some((TEXT, "large")),
        "normal" => Some((TEXT, "normal")),
        _ => None,
    };
    let cookie = |(name, value)| {
        format!("{name}={value}; Path=/; Max-Age={MAX_AGE_SECONDS}; SameSite=Lax; HttpOnly")
    };
    [lang, theme, text]
        .into_iter()
        .flatten()
        .map(cookie)
        .collect()
}

/// Where to go after a switch: the page it stood on. Only our own paths, so that no forged form sends
/// a reader elsewhere.
pub fn back(form: &Form) -> &str {
    let back = form.value("back");
    let ours = back.starts_with('/')
        && !back.starts_with("//")
        && !back.contains(['\\', '\r', '\n', '\t']);
    if ours { back } else { "/" }
}
