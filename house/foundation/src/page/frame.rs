//! The frame around a page: who reads it, in which language and look, and what stands in the bars.
//!
//! Plain data. The session layer puts it into the request's extensions; a page's handler takes it as
//! an argument and hands it to its template, whose base layout draws it.

use std::borrow::{Borrow, Cow};
use std::convert::Infallible;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::parts::Flash;
use super::words::{Lang, Value, Words, key};
use super::{assets, fmt};

/// Light, dark, or as the device says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`, of the cookie and of the form.
    pub fn tag(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The key of its word on the switch.
    pub fn word(self) -> &'static str {
        match self {
            Theme::Auto => key("switch-theme-auto"),
            Theme::Light => key("switch-theme-light"),
            Theme::Dark => key("switch-theme-dark"),
        }
    }

    /// Understands a cookie or form value; anything else is `Auto`.
    pub fn from_tag(tag: &str) -> Theme {
        match tag {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

/// Which bars a page wears. The template chooses its base; this tells shared parts where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wing {
    /// Neither bar: sign-in, application, problem pages.
    #[default]
    Bare,
    /// The owners' bottom bar.
    Owner,
    /// The staff's side bar.
    Staff,
}

/// Who is signed in, as far as the bars show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name as it may be shown to the person (王女士).
    pub name: String,
    /// Roles in words already (客服專員).
    pub roles: Vec<String>,
}

/// The compound that the page belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compound {
    /// Its name (蘭庭小區).
    pub name: String,
    /// Its part of the address (`lanting`).
    pub slug: String,
}

/// One entry of a bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavItem {
    /// The key of its word (`nav-home`).
    pub word: &'static str,
    /// Where it leads.
    pub href: String,
    /// Every page below this address belongs to it; empty where that is `href`.
    pub area: String,
    /// A symbol of `icons.svg`.
    pub icon: &'static str,
    /// What waits there for the reader; nothing is shown for 0.
    pub count: u32,
}

impl NavItem {
    fn area(&self) -> &str {
        if self.area.is_empty() {
            &self.href
        } else {
            &self.area
        }
    }
}

/// The entries of one wing; the owners' bar has one group without heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NavGroup {
    /// The key of its heading, or empty.
    pub word: &'static str,
    /// Its entries from top to bottom.
    pub items: Vec<NavItem>,
}

/// The frame of one page. `Deref`s to [`Words`], so that a template says `frame.t("…")`.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The words in the reader's language.
    pub words: Words,
    /// What the page is, for the tab and the `<h1>`; set by the room with [`Frame::titled`].
    pub title: String,
    /// The token that every form sends back (`fields::csrf`).
    pub csrf: String,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The compound.
    pub compound: Option<Compound>,
    /// The bar.
    pub nav: Arc<[NavGroup]>,
    /// What the page before has to tell.
    pub flash: Vec<Flash>,
    /// A standing warning of the house (backup late, drill overdue), on staff pages.
    pub alarm: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// Large text: 20 px base, simpler cards.
    pub large: bool,
    /// Which bars.
    pub wing: Wing,
    /// Where the name in the head leads; empty is `/`.
    pub home: String,
    /// Where the command palette and its search page ask (`GET ?q=`); empty leaves both out.
    pub find: String,
    /// The reader's own page, with sign-out; empty shows the name without a link.
    pub account: String,
    /// The path of the request, to mark the bar and to come back after a switch.
    pub path: String,
    /// Now, epoch milliseconds, as the house's clock gave it; for relative times.
    pub now_ms: i64,
}

impl Deref for Frame {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.words
    }
}

impl Frame {
    /// Whether the reader works for the office just now.
    pub fn is_staff(&self) -> bool {
        self.wing == Wing::Staff
    }

    /// Sets the title from a key of the words.
    #[must_use]
    pub fn titled(mut self, key: &str) -> Frame {
        self.title = self.words.t(key).into_owned();
        self
    }

    /// Sets the title to a text that holds data (a room code, a person's name).
    #[must_use]
    pub fn named(mut self, title: impl Into<String>) -> Frame {
        self.title = title.into();
        self
    }

    /// A text that the office wrote, in the script of whoever reads it.
    pub fn in_script(&self, text: &str) -> String {
        if self.lang() == Lang::ZhHans {
            hanzi::fold::simplified(text)
        } else {
            text.to_owned()
        }
    }

    /// The tab's text: page, compound, house.
    pub fn tab_title(&self) -> String {
        let house = self.t("house-name");
        let parts = [
            self.title.as_str(),
            self.compound.as_ref().map_or("", |c| &c.name),
            &house,
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" · ")
    }

    /// Where the name in the head leads.
    pub fn home_href(&self) -> &str {
        if self.home.is_empty() {
            "/"
        } else {
            &self.home
        }
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    /// Whether a bar's entry is where the reader stands: the same path, one below it or beside
    /// it (`/viewings-register` belongs to `/viewings`), and no longer entry fits better. All
    /// paths lie below the compound's home, which is itself alone.
    pub fn is_here(&self, item: &NavItem) -> bool {
        let fits = |item: &NavItem| {
            let area = item.area().trim_end_matches('/');
            match self.path.strip_prefix(area) {
                Some("") => true,
                Some(rest) => rest.starts_with(['/', '-']) && area != self.home_href(),
                None => false,
            }
        };
        let longer = |other: &NavItem| other.area().len() > item.area().len() && fits(other);
        fits(item) && !self.nav.iter().flat_map(|group| &group.items).any(longer)
    }

    /// All that waits for the reader, for the button that opens the bar on a phone.
    pub fn waiting(&self) -> u32 {
        self.nav
            .iter()
            .flat_map(|group| &group.items)
            .map(|item| item.count)
            .sum()
    }

    /// `2026年11月23日（週一）14:05`.
    pub fn date(&self, ms: impl Borrow<i64>) -> String {
        fmt::date(self.lang(), *ms.borrow())
    }

    /// `2026年11月23日（週一）`.
    pub fn day(&self, ms: impl Borrow<i64>) -> String {
        fmt::day(self.lang(), *ms.borrow())
    }

    /// `2026-11-23 14:05`, for tables.
    pub fn stamp(&self, ms: impl Borrow<i64>) -> String {
        fmt::stamp(*ms.borrow())
    }

    /// The machine's form, for `<time datetime>`.
    pub fn datetime(&self, ms: impl Borrow<i64>) -> String {
        fmt::datetime(*ms.borrow())
    }

    /// `3 天前`; only beside the absolute date.
    pub fn relative(&self, ms: impl Borrow<i64>) -> String {
        fmt::relative(&self.words, self.now_ms, *ms.borrow())
    }

    /// A span of milliseconds in words.
    pub fn duration(&self, ms: impl Borrow<i64>) -> String {
        fmt::duration(&self.words, *ms.borrow())
    }

    /// `¥1,234.50` from fen.
    pub fn money(&self, fen: impl Borrow<i64>) -> String {
        fmt::money(*fen.borrow())
    }

    /// A phone in groups.
    pub fn phone(&self, phone: &str) -> String {
        fmt::phone(phone)
    }

    /// A count with thousands apart; text passes as it is.
    pub fn count<'v>(&self, count: impl Into<Value<'v>>) -> String {
        match count.into() {
            Value::Count(count) => fmt::count(count),
            Value::Text(text) => text.into_owned(),
            Value::Word(key) => self.t(key).into_owned(),
        }
    }

    /// Whether there is anything to count; components hide a 0.
    pub fn any<'v>(&self, count: impl Into<Value<'v>>) -> bool {
        count.into() != Value::Count(0)
    }

    /// `120 / 3,000` in words, for progress.
    pub fn done_of(&self, done: impl Borrow<u64>, total: impl Borrow<u64>) -> Cow<'static, str> {
        let values = [
            ("done", (*done.borrow()).into()),
            ("total", (*total.borrow()).into()),
        ];
        self.with("progress-of", &values)
    }

    /// `50 of 1,200`, for the foot of a list.
    pub fn shown_of(&self, shown: impl Borrow<u64>, total: impl Borrow<u64>) -> Cow<'static, str> {
        let values = [
            ("shown", (*shown.borrow()).into()),
            ("total", (*total.borrow()).into()),
        ];
        self.with("list-shown", &values)
    }

    /// The languages of the switch.
    pub fn langs(&self) -> [Lang; 3] {
        Lang::ALL
    }

    /// Whether the page speaks this language.
    pub fn speaks(&self, lang: impl Borrow<Lang>) -> bool {
        self.lang() == *lang.borrow()
    }

    /// The themes of the switch.
    pub fn themes(&self) -> [Theme; 3] {
        [Theme::Auto, Theme::Light, Theme::Dark]
    }

    /// Whether the page wears this theme.
    pub fn wears(&self, theme: impl Borrow<Theme>) -> bool {
        self.theme == *theme.borrow()
    }

    /// Text of another language or none (a room code list) joined as the language joins a list.
    pub fn join(&self, parts: &[String]) -> Cow<'static, str> {
        Cow::Owned(parts.join(if self.lang().is_chinese() {
            "、"
        } else {
            ", "
        }))
    }
}

/// A page may always be framed: without a session layer in front (or when it refused) the frame is
/// bare and speaks the browser's language.
impl<S: Send + Sync> FromRequestParts<S> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Frame::of_request(parts))
    }
}

impl Frame {
    /// The frame that the session layer left, else a bare one in the browser's language.
    pub fn of_request(parts: &Parts) -> Frame {
        if let Some(frame) = parts.extensions.get::<Frame>() {
            return frame.clone();
        }
        let wishes = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|v| v.to_str().ok());
        Frame {
            words: Words::new(Lang::negotiate(wishes, None)),
            path: parts.uri.path().to_owned(),
            ..Frame::default()
        }
    }
}
