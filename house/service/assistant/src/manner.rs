//! How the assistant behaves in a compound: where it speaks in the group, and whether a
//! configured endpoint may put an answer in other words. Both are off until somebody says so.

use foundation::house::House;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use serde::{Deserialize, Serialize};

use crate::{AssistantError, base, events, store};

/// When it speaks in the owners' group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InGroup {
    /// Never.
    #[default]
    Off,
    /// When it is called by its name.
    Called,
    /// Also where it is sure of the answer and no person of the office is speaking.
    Sure,
}

impl InGroup {
    pub const ALL: &'static [InGroup] = &[InGroup::Off, InGroup::Called, InGroup::Sure];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            InGroup::Off => "off",
            InGroup::Called => "called",
            InGroup::Sure => "sure",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<InGroup> {
        InGroup::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// What a compound chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manner {
    pub group: InGroup,
    /// Only where the operator named an endpoint.
    pub reword: bool,
}

/// How it behaves now.
pub async fn of(house: &House, by: &Actor) -> Result<Manner, AssistantError> {
    by.may(Permission::AssistantWrite)?;
    Ok(base::head(house, by.community).await?.manner)
}

/// Sets how it behaves from now on.
pub async fn set(house: &House, by: &Actor, manner: Manner) -> Result<(), AssistantError> {
    by.may(Permission::AssistantPublish)?;
    let c = by.community;
    let who = by.who_for(Permission::AssistantPublish);
    house
        .write(c, &who, move |mut tx| {
            tx.execute(store::set_manner(c, &manner))?;
            let event = Event::new(events::BEHAVES)
                .to(Audience::Staff)
                .with("group", manner.group.word())
                .with("reword", manner.reword);
            Ok(tx.record(event, ())?)
        })
        .await
}
