//! How a party belongs to a room.

use serde::{Deserialize, Serialize};

use foundation::database::{DbError, FromValue, Value};

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

/// A share as it is typed: `1/2`, `50%`, 共同 for joint ownership (0/0); in lowest terms.
pub fn share(text: &str) -> Option<(i64, i64)> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if matches!(text.as_str(), "共同" | "共同共有" | "joint" | "Joint") {
        return Some((0, 0));
    }
    let (part, whole): (i64, i64) = match text.split_once(['/', '／']) {
        Some((part, whole)) => (part.parse().ok()?, whole.parse().ok()?),
        None => (text.strip_suffix(['%', '％'])?.parse().ok()?, 100),
    };
    // Six digits, as an import takes them: sums of shares stay within their bounds.
    if part < 1 || part > whole || whole > 999_999 {
        return None;
    }
    let (mut a, mut b) = (part, whole);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Some((part / a, whole / a))
}
