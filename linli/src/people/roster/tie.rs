//! How a party belongs to a room.

use serde::{Deserialize, Serialize};

use crate::foundation::database::{DbError, FromValue, Value};

/// How a party belongs to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// 業主
    Owner,
    /// 共有人
    CoOwner,
    /// 租客
    Tenant,
    /// 家屬, of whoever lives there
    Family,
}

impl Tie {
    pub const ALL: [Tie; 4] = [Tie::Owner, Tie::CoOwner, Tie::Tenant, Tie::Family];

    /// As the database, forms and the ledger have it.
    pub fn word(self) -> &'static str {
        match self {
            Tie::Owner => "owner",
            Tie::CoOwner => "co_owner",
            Tie::Tenant => "tenant",
            Tie::Family => "family",
        }
    }

    pub fn from_word(word: &str) -> Option<Tie> {
        Tie::ALL.into_iter().find(|t| t.word() == word)
    }

    /// Whether it is ownership.
    pub fn owns(self) -> bool {
        matches!(self, Tie::Owner | Tie::CoOwner)
    }

    /// Owners and co-owners own alike: a list that says 業主 of one and another that says
    /// 共有人 mean the same relation.
    pub fn class(self) -> &'static str {
        if self.owns() { "owner" } else { self.word() }
    }
}

impl FromValue for Tie {
    fn from_value(value: Value) -> Result<Tie, DbError> {
        let word = String::from_value(value)?;
        Tie::from_word(&word).ok_or_else(|| DbError::Shape(format!("a relation of kind {word}")))
    }
}
