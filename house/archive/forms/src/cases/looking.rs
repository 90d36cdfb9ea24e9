//! Cases as they are looked at.

use dossiers::{Document, Kind};
use foundation::clock::Moment;
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use permissions::Permission;
use permissions::actor::Actor;

use super::{Case, Step};
use crate::store::cases as store;
use crate::values::Values;
use crate::{FormsError, sealing};

/// Cases on one page of a list.
pub const PAGE: i64 = 50;
/// Overdue ones that are shown at once.
pub const OVERDUE_MAX: i64 = 200;

/// A case.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Case, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let found: Option<Case> = house.db.optional(store::case(by.community, id)).await?;
    found.ok_or(FormsError::NotFound)
}

/// The case that a form belongs to.
pub async fn of_form(house: &House, by: &Actor, form: Id) -> Result<Option<Id>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let found: Option<(Id,)> = house
        .db
        .optional(store::of_form(by.community, form))
        .await?;
    Ok(found.map(|(id,)| id))
}

/// What was found, as it was said.
pub(crate) async fn found_of(house: &House, by: &Actor, case: &Case) -> Result<Values, FormsError> {
    let ring = house.keys.ring(by.community, &[case.dossier]).await?;
    sealing::open(&ring, case.dossier, sealing::CASE, &case.fields)
}

/// A case with all that was done in it.
pub struct Story {
    pub case: Case,
    pub found: Values,
    pub steps: Vec<(Step, Values)>,
    /// The papers with what each is to the case.
    pub papers: Vec<(Document, String)>,
}

/// One case with its story.
pub async fn story(house: &House, by: &Actor, id: Id) -> Result<Story, FormsError> {
    let case = one(house, by, id).await?;
    let c = by.community;
    let found = found_of(house, by, &case).await?;
    let rows: Vec<Step> = house.db.all(store::steps(c, id)).await?;
    let ring = house.keys.ring(c, &[case.dossier]).await?;
    let mut steps = Vec::with_capacity(rows.len());
    for step in rows {
        let said = sealing::open(&ring, case.dossier, sealing::STEP, &step.fields)?;
        steps.push((step, said));
    }
    let kept: Vec<(Id, String)> = house.db.all(store::papers(c, id)).await?;
    let mut papers = Vec::with_capacity(kept.len());
    if !kept.is_empty() {
        let inside = dossiers::listing::inside(house, by, case.dossier).await?;
        for document in inside.documents {
            if let Some((_, what)) = kept.iter().find(|(id, _)| *id == document.id) {
                papers.push((document, what.clone()));
            }
        }
    }
    Ok(Story {
        case,
        found,
        steps,
        papers,
    })
}

/// Open cases of a kind, the newest first, and whether there are more.
pub async fn open(
    house: &House,
    by: &Actor,
    kind: Kind,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Case>, bool), FormsError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::open(by.community, kind, after, PAGE + 1);
    let mut found: Vec<Case> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((found, more))
}

/// How many of a kind are open.
pub async fn open_count(house: &House, by: &Actor, kind: Kind) -> Result<i64, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(store::open_count(by.community, kind)).await?;
    Ok(n)
}

/// Open cases whose next step is overdue, the longest first.
pub async fn overdue(house: &House, by: &Actor) -> Result<Vec<Case>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::overdue(by.community, house.now(), OVERDUE_MAX);
    Ok(house.db.all(asked).await?)
}

/// How many these are, for the bar; a hundred at most. Whoever calls has asked for the right.
pub async fn waiting(house: &House, c: Community) -> Result<u32, DbError> {
    let (n,): (i64,) = house.db.one(store::overdue_count(c, house.now())).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}

/// A dossier's cases, the newest first.
pub async fn of_dossier(house: &House, by: &Actor, id: Id) -> Result<Vec<Case>, FormsError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house.db.all(store::of_dossier(by.community, id)).await?)
}
