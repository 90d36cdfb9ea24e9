//! The signed paper comes back: its scan goes the way of every document of the archive, and
//! belongs to the form from then on.

use dossiers::document::State as DocumentState;
use dossiers::intake::{self, Upload};
use dossiers::{ArchiveError, Document, Draft, filing, listing};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::filled::{Filled, State};
use crate::{FormsError, events, fill, store};

/// What is said of the signed paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The name of the form, in the office's language.
    pub title: String,
    /// The day on which it was signed, `YYYY-MM-DD`.
    pub day: Option<String>,
    pub signed_by: String,
    pub note: String,
    pub paper: bool,
    pub place: String,
    /// The account that is to count the pages.
    pub checker: Id,
}

/// Hands the scan in, with the archive's own checks, and ties it to the form.
///
/// # Errors
/// [`FormsError::State`] where the form is not on paper; [`FormsError::Archive`] with the
/// reason why the file is not taken.
pub async fn attach(
    house: &House,
    by: &Actor,
    id: Id,
    paper: Paper,
    files: Vec<Upload>,
) -> Result<Id, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let form = fill::one(house, by, id).await?;
    waits(house, by, &form).await?;
    let draft = Draft {
        kind: form.kind,
        title: paper.title,
        day: paper.day,
        signed_by: paper.signed_by,
        note: paper.note,
        paper: paper.paper,
        place: paper.place,
        checker: paper.checker,
        replaces: None,
    };
    let document = intake::hand_in(house, by, form.dossier, draft, files).await?;
    tie(house, by, id, document).await?;
    Ok(document)
}

/// Whether the form waits for its scan: it is on paper, or its scan was taken back before it
/// was filed.
async fn waits(house: &House, by: &Actor, form: &Filled) -> Result<(), FormsError> {
    match (form.state, form.document) {
        (State::Printed, _) => {
            // Data and scan stay together: what was ticked by pen is copied first.
            let values = fill::entries(house, by.community, form).await?;
            let missing = values.missing(form.definition()?);
            if missing.is_empty() {
                Ok(())
            } else {
                Err(FormsError::Missing(missing))
            }
        }
        (State::Signed, Some(document)) if gone(house, by, document).await? => Ok(()),
        (other, _) => Err(FormsError::State(other)),
    }
}

/// Whether a form's scan was taken back or lost, so that it is to be handed in again.
pub async fn gone(house: &House, by: &Actor, document: Id) -> Result<bool, FormsError> {
    match filing::one(house, by, document).await {
        Ok(d) => Ok(matches!(
            d.state,
            DocumentState::Withdrawn | DocumentState::Lost
        )),
        // On its way still: cut off by a crash, it is put right or lost.
        Err(ArchiveError::NotFound) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// Ties a document of the dossier that is in the archive already to the form: one that was
/// handed in where the tie was cut off, or over the file room's own door.
pub async fn tie(house: &House, by: &Actor, id: Id, document: Id) -> Result<(), FormsError> {
    by.may(Permission::ArchiveFile)?;
    let form = fill::one(house, by, id).await?;
    waits(house, by, &form).await?;
    let scan = filing::one(house, by, document).await?;
    if !fits(&form, &scan) {
        return Err(FormsError::Document);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let other: Option<(Id,)> = tx.optional(store::of_document(c, document))?;
            if other.is_some() {
                return Err(FormsError::Document);
            }
            let now = tx.now();
            if tx.execute(store::sign(c, &form, document, now))? == 0 {
                return Err(FormsError::Changed);
            }
            let event = Event::new(events::SIGNED)
                .about("form", id)
                .to(Audience::Staff)
                .with("dossier", form.dossier)
                .with("kind", form.kind.letter())
                .with("edition", form.edition)
                .with("document", document);
            Ok(tx.record(event, ())?)
        })
        .await
}

fn fits(form: &Filled, scan: &Document) -> bool {
    scan.dossier == form.dossier
        && scan.kind == form.kind
        && matches!(scan.state, DocumentState::Received | DocumentState::Filed)
}

/// Documents of the form's dossier and kind that belong to no form yet.
pub async fn loose(house: &House, by: &Actor, form: &Filled) -> Result<Vec<Document>, FormsError> {
    let inside = listing::inside(house, by, form.dossier).await?;
    let forms: Vec<Filled> = house
        .db
        .all(store::of_dossier(by.community, form.dossier))
        .await?;
    let tied = |d: &Document| forms.iter().any(|f| f.document == Some(d.id));
    let loose = inside.documents.into_iter();
    Ok(loose.filter(|d| fits(form, d) && !tied(d)).collect())
}
