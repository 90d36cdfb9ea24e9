//! A dossier as it stands.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, FromValue, Row, Value};
use foundation::ids::Id;

use crate::kind::{Kind, Kinds};

/// Where a dossier is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Its tenure lasts.
    Open,
    /// The room changed hands.
    Closed,
    /// 封存: kept and safe, and nothing else (个人信息保护法 47); in no list, search or figure.
    Sealed,
    /// Sealed, and open again for a purpose until a day.
    Opened,
    /// Opened by an import that was undone; nothing lies in it.
    Void,
}

impl Life {
    pub const ALL: [Life; 5] = [
        Life::Open,
        Life::Closed,
        Life::Sealed,
        Life::Opened,
        Life::Void,
    ];

    /// Whether documents of a kind are sealed: copies of papers of identity are with the end
    /// of their tenure, everything is with the dossier.
    pub fn seals(self, kind: Kind) -> bool {
        match self {
            Life::Sealed => true,
            Life::Closed => kind == Kind::Identity,
            Life::Open | Life::Opened | Life::Void => false,
        }
    }

    /// Whether lists, searches and figures have it.
    pub fn is_listed(self) -> bool {
        !matches!(self, Life::Sealed | Life::Void)
    }

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Life::Open => "open",
            Life::Closed => "closed",
            Life::Sealed => "sealed",
            Life::Opened => "opened",
            Life::Void => "void",
        }
    }
}

impl FromValue for Life {
    fn from_value(value: Value) -> Result<Life, DbError> {
        let word = String::from_value(value)?;
        Life::ALL
            .into_iter()
            .find(|l| l.word() == word)
            .ok_or_else(|| DbError::Shape(format!("a dossier that is {word}")))
    }
}

/// A room under one ownership, and how complete its papers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    pub id: Id,
    pub room: Id,
    /// 期次: the ownerships of a room are counted from 1.
    pub tenure: i64,
    /// 檔案編號
    pub number: String,
    /// The room's code as the office writes it.
    pub code: String,
    pub sort_key: Vec<u8>,
    pub building: String,
    pub life: Life,
    pub asked: Kinds,
    pub have: Kinds,
    pub missing: Kinds,
    pub waiting: i64,
    pub documents: i64,
    /// 檔案頁數: of what is filed.
    pub pages: i64,
    /// 入住時間, `YYYY-MM-DD`.
    pub began: Option<String>,
    pub ended: Option<String>,
    pub opened_at: Moment,
}

impl FromRow for Dossier {
    fn from_row(row: &mut Row) -> Result<Dossier, DbError> {
        Ok(Dossier {
            id: row.next()?,
            room: row.next()?,
            tenure: row.next()?,
            number: row.next()?,
            code: row.next()?,
            sort_key: row.next()?,
            building: row.next()?,
            life: row.next()?,
            asked: row.next()?,
            have: row.next()?,
            missing: row.next()?,
            waiting: row.next()?,
            documents: row.next()?,
            pages: row.next()?,
            // Unknown is empty: a list sorts by it.
            began: Some(row.next::<String>()?).filter(|day| !day.is_empty()),
            ended: row.next()?,
            opened_at: row.next()?,
        })
    }
}
