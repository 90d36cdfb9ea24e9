//! The key register as it is looked at.

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use super::{HeldKey, KEPT_MAX, KeyState, Lending};
use crate::store::keys as store;
use crate::{FormsError, sealing};

/// Loans that are looked at together.
const OUT_MAX: i64 = 500;

/// A key.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<HeldKey, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let found: Option<HeldKey> = house.db.optional(store::key(by.community, id)).await?;
    found.ok_or(FormsError::NotFound)
}

/// What the register says of a key: who brought it, its loans with their calls; opened for
/// those who keep the register.
pub struct Story {
    pub key: HeldKey,
    pub loans: Vec<Lending>,
    /// Loan, when, who called, what came of it.
    pub calls: Vec<(Id, Moment, String, String)>,
}

/// One key with its story.
pub async fn story(house: &House, by: &Actor, id: Id) -> Result<Story, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let mut key = one(house, by, id).await?;
    let ring = house.keys.ring(c, &[key.dossier]).await?;
    key.brought_by = sealing::open(&ring, key.dossier, sealing::BROUGHT, &key.brought_by)?;
    key.given_to = sealing::open(&ring, key.dossier, sealing::GIVEN, &key.given_to)?;
    let loans: Vec<Lending> = house.db.all(store::loans_of(c, id)).await?;
    let loans = opened(house, by, loans).await?;
    let ids: Vec<Id> = loans.iter().map(|l| l.id).collect();
    let mut calls: Vec<(Id, Moment, String, String)> = if ids.is_empty() {
        Vec::new()
    } else {
        house.db.all(store::calls(c, &ids)).await?
    };
    for call in &mut calls {
        call.3 = sealing::open(&ring, key.dossier, sealing::CALL, &call.3)?;
    }
    Ok(Story { key, loans, calls })
}

async fn opened(
    house: &House,
    by: &Actor,
    mut loans: Vec<Lending>,
) -> Result<Vec<Lending>, FormsError> {
    let mut dossiers: Vec<Id> = loans.iter().map(|l| l.dossier).collect();
    dossiers.sort_unstable();
    dossiers.dedup();
    let ring = house.keys.ring(by.community, &dossiers).await?;
    for l in &mut loans {
        l.borrower = sealing::open(&ring, l.dossier, sealing::BORROWER, &l.borrower)?;
        l.phone = sealing::open(&ring, l.dossier, sealing::PHONE, &l.phone)?;
        l.proof_number = sealing::open(&ring, l.dossier, sealing::PROOF, &l.proof_number)?;
        l.reason = sealing::open(&ring, l.dossier, sealing::REASON, &l.reason)?;
    }
    Ok(loans)
}

/// Keys on one page of the register.
pub const PAGE: i64 = 50;

/// Keys of a state by code, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    state: KeyState,
    after: &str,
) -> Result<(Vec<HeldKey>, bool), FormsError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::page(by.community, state, after, PAGE + 1);
    let mut found: Vec<HeldKey> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// The keys of a dossier.
pub async fn of_dossier(house: &House, by: &Actor, id: Id) -> Result<Vec<HeldKey>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house.db.all(store::of_dossier(by.community, id)).await?)
}

/// The key with a code on its tag.
pub async fn by_code(house: &House, by: &Actor, code: &str) -> Result<Option<Id>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let code = code.trim().to_uppercase();
    let found: Option<HeldKey> = house
        .db
        .optional(store::by_code(by.community, &code))
        .await?;
    Ok(found.map(|k| k.id))
}

/// How many keys there are in each state, and how many loans are overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub kept: i64,
    pub lent: i64,
    pub lost: i64,
    pub given_back: i64,
    pub late: i64,
}

impl Counts {
    pub fn of(&self, state: KeyState) -> i64 {
        match state {
            KeyState::Kept => self.kept,
            KeyState::Lent => self.lent,
            KeyState::Lost => self.lost,
            KeyState::GivenBack => self.given_back,
        }
    }
}

/// The register in numbers.
pub async fn counts(house: &House, by: &Actor) -> Result<Counts, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let (kept, lent, lost, given_back): (i64, i64, i64, i64) =
        house.db.one(store::counts(c)).await?;
    let (late,): (i64,) = house.db.one(store::overdue_count(c, house.now())).await?;
    Ok(Counts {
        kept,
        lent,
        lost,
        given_back,
        late,
    })
}

/// What is out, the first due first; borrowers in clear for those who are to call them.
pub async fn out(house: &House, by: &Actor) -> Result<Vec<Lending>, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let loans: Vec<Lending> = house.db.all(store::out(by.community, OUT_MAX)).await?;
    opened(house, by, loans).await
}

/// What must lie in the cupboard now.
pub async fn kept(house: &House, by: &Actor) -> Result<Vec<HeldKey>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house.db.all(store::kept(by.community, KEPT_MAX)).await?)
}

/// A stock-take: month, when, by whom, how many keys, how many missing.
pub type Counted = (String, Moment, String, i64, i64);

/// The latest stock-takes.
pub async fn counted(house: &House, by: &Actor) -> Result<Vec<Counted>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house.db.all(store::counted(by.community)).await?)
}
