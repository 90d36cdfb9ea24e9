//! City packs: what letters say of a city's own rules, and the words that are refused there beside
//! the house's. They come as data ([`shipped`]); the office takes one, edits it, and each saving is
//! a version of its own: a letter keeps the one that it was issued with.

use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use serde::Deserialize;

use crate::guard::{self, Unlawful};
use crate::{ArrearsError, events, store};

/// The longest text of a pack, in characters: half a page of a letter.
pub const TEXT_CHARS_MAX: usize = 600;
/// The longest name, article or origin.
pub const LINE_CHARS_MAX: usize = 200;
/// Words of one pack.
pub const WORDS_MAX: usize = 60;
/// A shorter word stands in too many others.
const WORD_CHARS_MIN: usize = 2;
/// Versions that the page shows.
const SHOWN_MAX: i64 = 50;

/// The packs that come with the program, a file each.
const SHIPPED: &[&str] = &[
    include_str!("../packs/beijing.json"),
    include_str!("../packs/liaocheng.json"),
    include_str!("../packs/shanghai.json"),
    include_str!("../packs/weifang.json"),
    include_str!("../packs/zhengzhou.json"),
];

/// A pack; of a version once it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Pack {
    /// Which shipped one it began as; empty for the office's own.
    pub city: String,
    pub name: String,
    pub text: String,
    pub words: Vec<String>,
    pub article: String,
    pub origin: String,
    /// From 1; 0 is none.
    #[serde(default)]
    pub version: i64,
}

impl FromRow for Pack {
    fn from_row(row: &mut Row) -> Result<Pack, DbError> {
        Ok(Pack {
            version: row.next()?,
            city: row.next()?,
            name: row.next()?,
            text: row.next()?,
            words: row
                .next::<String>()?
                .split('\n')
                .filter(|w| !w.is_empty())
                .map(str::to_owned)
                .collect(),
            article: row.next()?,
            origin: row.next()?,
        })
    }
}

/// The packs that come with the program.
pub fn shipped() -> Vec<Pack> {
    // A test reads each of them.
    let read = |text: &&str| serde_json::from_str(text).ok();
    SHIPPED.iter().filter_map(read).collect()
}

/// The pack in force; an empty one of version 0 where the office chose none. It asks nobody's
/// permission: it is no secret.
pub async fn current(house: &House, c: Community) -> Result<Pack, DbError> {
    let found: Option<Pack> = house.db.optional(store::packs::newest(c)).await?;
    Ok(found.unwrap_or_default())
}

/// The pack of a version.
pub(crate) async fn of_version(house: &House, c: Community, version: i64) -> Result<Pack, DbError> {
    let found: Option<Pack> = house.db.optional(store::packs::one(c, version)).await?;
    Ok(found.unwrap_or_default())
}

/// A version as the page lists it.
#[derive(Clone, Debug)]
pub struct Version {
    pub version: i64,
    pub name: String,
    pub by_name: String,
    pub at_ms: i64,
}

/// Every version, the newest first.
pub async fn versions(house: &House, by: &Actor) -> Result<Vec<Version>, ArrearsError> {
    by.may(Permission::ArrearsSet)?;
    let asked = store::packs::versions(by.community, SHOWN_MAX);
    Ok(house.db.all(asked).await?)
}

impl Pack {
    fn checked(mut self) -> Result<Pack, ArrearsError> {
        let line = |text: &str| {
            let text = text.trim();
            let fits = text.chars().count() <= LINE_CHARS_MAX;
            fits.then(|| text.to_owned()).ok_or(ArrearsError::Words)
        };
        self.name = line(&self.name)?;
        self.article = line(&self.article)?;
        self.origin = line(&self.origin)?;
        self.text = self.text.trim().to_owned();
        let length = self.text.chars().count();
        // What a letter says of a law names the law and where it was read.
        let founded = self.text.is_empty() || !(self.article.is_empty() || self.origin.is_empty());
        if length > TEXT_CHARS_MAX || !founded {
            return Err(ArrearsError::PackGrounds);
        }
        if let Some(unlawful) = guard::words(&self.text) {
            return Err(ArrearsError::Unlawful(unlawful));
        }
        let mut words: Vec<String> = self.words.iter().map(|w| guard::folded(w)).collect();
        words.retain(|w| !w.is_empty());
        words.sort_unstable();
        words.dedup();
        let short = |w: &String| w.chars().count() < WORD_CHARS_MIN;
        if words.len() > WORDS_MAX || words.iter().any(short) {
            return Err(ArrearsError::Setting);
        }
        self.words = words;
        Ok(self)
    }

    /// What is wrong with words that the office says or writes, by the house's list and by this
    /// pack's.
    pub fn refuses(&self, text: &str) -> Option<Unlawful> {
        guard::words(text).or_else(|| {
            let folded = guard::folded(text);
            let said = self.words.iter().any(|w| folded.contains(w.as_str()));
            said.then_some(Unlawful::Local)
        })
    }
}

/// Keeps a pack as the next version, over the one that was seen (`pack.version`).
///
/// # Errors
/// [`ArrearsError::Changed`] when another version came meanwhile; [`ArrearsError::PackGrounds`]
/// for a text without its rule and origin; [`ArrearsError::Unlawful`] for a text that a letter
/// may not say.
pub async fn set(house: &House, by: &Actor, pack: Pack) -> Result<i64, ArrearsError> {
    by.may(Permission::ArrearsSet)?;
    let pack = pack.checked()?;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    let by_name = accounts::name_of(house, account).await?;
    house
        .write(
            by.community,
            &by.who_for(Permission::ArrearsSet),
            move |mut tx| {
                let (c, now) = (tx.community(), tx.now());
                let last: Option<Pack> = tx.optional(store::packs::newest(c))?;
                let last = last.map_or(0, |p| p.version);
                if last != pack.version {
                    return Err(ArrearsError::Changed);
                }
                let next = Pack {
                    version: last + 1,
                    ..pack
                };
                tx.execute(store::packs::insert(c, &next, account, &by_name, now))?;
                let event = Event::new(events::PACK_SET)
                    .to(Audience::Staff)
                    .with("version", next.version)
                    .with("words", next.words.len() as i64);
                Ok(tx.record(event, next.version)?)
            },
        )
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shipped_pack_may_be_kept_as_it_is() {
        assert_eq!(shipped().len(), SHIPPED.len());
        for pack in shipped() {
            let name = pack.name.clone();
            assert!(!pack.text.is_empty() && !pack.words.is_empty(), "{name}");
            let kept = pack.checked().unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(kept.refuses(&kept.text), None, "{name} refuses itself");
        }
    }

    #[test]
    fn a_pack_refuses_its_own_words_and_the_houses() {
        let pack = Pack {
            words: vec!["限制乘梯".into(), "后果自负".into()],
            ..Pack::default()
        };
        let pack = pack.checked().expect("a pack");
        assert_eq!(pack.refuses("再不交，後果 自負"), Some(Unlawful::Local));
        assert_eq!(pack.refuses("停水"), Some(Unlawful::CutOff));
        assert_eq!(pack.refuses("請您核對帳單"), None);
    }

    #[test]
    fn a_text_without_its_rule_and_a_word_of_one_sign_are_refused() {
        let bare = Pack {
            text: "依照本市規定。".into(),
            ..Pack::default()
        };
        assert!(matches!(bare.checked(), Err(ArrearsError::PackGrounds)));
        let short = Pack {
            words: vec!["水".into()],
            ..Pack::default()
        };
        assert!(matches!(short.checked(), Err(ArrearsError::Setting)));
    }
}
