//! Where a change of the roster came from (SOP 4.4.1): whoever checks it asks that first.

use super::RosterError;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

/// The door that a change came through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// The office's desk.
    #[default]
    Desk,
    /// The person's own page.
    Own,
    /// A spreadsheet.
    Import,
    /// The quarter's census (SOP 4.4.2).
    Census,
    /// A transfer of ownership (過戶).
    Transfer,
}

impl Source {
    pub const ALL: [Source; 5] = [
        Source::Desk,
        Source::Own,
        Source::Import,
        Source::Census,
        Source::Transfer,
    ];

    /// As it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Source::Desk => "desk",
            Source::Own => "own",
            Source::Import => "import",
            Source::Census => "census",
            Source::Transfer => "transfer",
        }
    }

    pub fn from_word(word: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|s| s.word() == word)
    }

    /// The permission that a change of `party` from here needs; on their own page people
    /// change what is theirs and nothing else.
    pub(super) fn allows(self, by: &Actor, party: Id) -> Result<Permission, RosterError> {
        let needed = match self {
            Source::Own => Permission::ContactOwn,
            _ => Permission::RosterWrite,
        };
        by.may(needed)?;
        if self == Source::Own && by.person != Some(party) {
            return Err(RosterError::NoSuchParty);
        }
        Ok(needed)
    }
}
