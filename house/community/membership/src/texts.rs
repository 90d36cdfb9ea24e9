//! Texts that people accept: the group's rules, the privacy text, the consents apart.
//! Every version stays readable, because somebody agreed to that one.

use crate::events;
use foundation::clock::Moment;
use foundation::database::{Ask, Community, DbError, Look, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use foundation::params;
use permissions::Permission;
use permissions::actor::{Actor, Forbidden};

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextName {
    /// 群規
    Rules,
    /// 隱私說明 (PIPL 17)
    Privacy,
    /// The separate consent to an identity number (PIPL 29).
    Identity,
    /// The separate consent to keep a copy in the owner's archive.
    Archive,
}

impl TextName {
    pub const ALL: [TextName; 4] = [
        TextName::Rules,
        TextName::Privacy,
        TextName::Identity,
        TextName::Archive,
    ];

    pub fn word(self) -> &'static str {
        match self {
            TextName::Rules => "rules",
            TextName::Privacy => "privacy",
            TextName::Identity => "identity",
            TextName::Archive => "archive",
        }
    }

    pub fn from_word(word: &str) -> Option<TextName> {
        TextName::ALL.into_iter().find(|t| t.word() == word)
    }

    fn first(self) -> (&'static str, &'static str) {
        match self {
            TextName::Rules => (
                include_str!("texts/rules.zh-Hant.txt"),
                include_str!("texts/rules.en.txt"),
            ),
            TextName::Privacy => (
                include_str!("texts/privacy.zh-Hant.txt"),
                include_str!("texts/privacy.en.txt"),
            ),
            TextName::Identity => (
                include_str!("texts/identity.zh-Hant.txt"),
                include_str!("texts/identity.en.txt"),
            ),
            TextName::Archive => (
                include_str!("texts/archive.zh-Hant.txt"),
                include_str!("texts/archive.en.txt"),
            ),
        }
    }
}

/// One version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub version: i64,
    /// When it came into force; `None` for the one the house brings along (version 1).
    pub at: Option<Moment>,
    pub zh_hant: String,
    pub en: String,
}

/// The longest text: about ten pages.
pub const TEXT_CHARS_MAX: usize = 20_000;

/// Why a text is not published.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("a text has 1 to {TEXT_CHARS_MAX} characters in each language")]
    Length,
    #[error(transparent)]
    Database(#[from] DbError),
}

fn latest(c: Community, name: TextName) -> Ask {
    ask(
        "SELECT version, at, zh_hant, en FROM community_text WHERE community = $1 AND name = $2 \
         ORDER BY version DESC LIMIT 1",
        params![c, name.word()],
    )
}

fn made(name: TextName, row: Option<(i64, Moment, String, String)>) -> Text {
    match row {
        Some((version, at, zh_hant, en)) => Text {
            version,
            at: Some(at),
            zh_hant,
            en,
        },
        None => {
            let (zh_hant, en) = name.first();
            Text {
                version: 1,
                at: None,
                zh_hant: zh_hant.into(),
                en: en.into(),
            }
        }
    }
}

/// The text in force.
pub async fn current(house: &House, c: Community, name: TextName) -> Result<Text, DbError> {
    Ok(made(name, house.db.optional(latest(c, name)).await?))
}

/// One version of a text; `None` when there never was one of that number.
pub async fn version(
    house: &House,
    c: Community,
    name: TextName,
    version: i64,
) -> Result<Option<Text>, DbError> {
    let row = house.db.optional(ask(
        "SELECT version, at, zh_hant, en FROM community_text \
         WHERE community = $1 AND name = $2 AND version = $3",
        params![c, name.word(), version],
    ));
    let row: Option<(i64, Moment, String, String)> = row.await?;
    Ok(match row {
        None if version != 1 => None,
        row => Some(made(name, row)),
    })
}

/// The version in force, inside a write.
pub fn current_version(tx: &mut impl Look, c: Community, name: TextName) -> Result<i64, DbError> {
    let row: Option<(i64, Moment, String, String)> = tx.optional(latest(c, name))?;
    Ok(row.map_or(1, |r| r.0))
}

/// Puts a new version in force; whoever agreed to the earlier one is asked again.
pub async fn publish(
    house: &House,
    by: &Actor,
    name: TextName,
    zh_hant: String,
    en: String,
) -> Result<i64, TextError> {
    by.may(Permission::MembershipPolicy)?;
    let fits = |text: &str| (1..=TEXT_CHARS_MAX).contains(&text.chars().count());
    if !fits(&zh_hant) || !fits(&en) {
        return Err(TextError::Length);
    }
    let (c, account): (Community, Option<Id>) = (by.community, by.account);
    house
        .write(
            c,
            &by.who_for(Permission::MembershipPolicy),
            move |mut tx| {
                let version = current_version(&mut tx, c, name)? + 1;
                let now = tx.now();
                tx.execute(ask(
                "INSERT INTO community_text (community, name, version, at, account, zh_hant, en) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                params![c, name.word(), version, now, account, zh_hant, en],
            ))?;
                let event = Event::new(events::TEXT_PUBLISHED)
                    .with("text", name.word())
                    .with("version", version);
                Ok(tx.record(event, version)?)
            },
        )
        .await
}
