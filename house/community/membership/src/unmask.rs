//! An applicant's phone or identity number in clear: with a permission and a reason, and
//! in the ledger before it is shown (spec P3, G1).

use super::store::{self, Application};
use super::{MembershipError, events, view};
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Event;
use permissions::Permission;
use permissions::actor::Actor;

/// The shortest reason: one that says something.
pub const REASON_CHARS_MIN: usize = 5;
/// The longest reason kept.
pub const REASON_CHARS_MAX: usize = 200;

/// What may be shown in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Phone,
    Document,
}

impl Column {
    /// As forms and the ledger have it.
    pub fn word(self) -> &'static str {
        match self {
            Column::Phone => "phone",
            Column::Document => "document",
        }
    }

    pub fn from_word(word: &str) -> Option<Column> {
        [Column::Phone, Column::Document]
            .into_iter()
            .find(|c| c.word() == word)
    }
}

/// One column of an application in clear; `None` when nothing is known or it was erased.
/// The event is in the ledger before this returns.
///
/// # Errors
/// [`MembershipError::Reason`] when the reason has fewer than [`REASON_CHARS_MIN`] signs.
pub async fn unmask(
    house: &House,
    by: &Actor,
    application: Id,
    column: Column,
    reason: &str,
) -> Result<Option<String>, MembershipError> {
    by.may(Permission::PersonUnmask)?;
    let c = by.community;
    let reason = reason.trim();
    if reason.chars().count() < REASON_CHARS_MIN {
        return Err(MembershipError::Reason);
    }
    let reason: String = reason.chars().take(REASON_CHARS_MAX).collect();
    let app: Option<Application> = house
        .db
        .optional(store::application(c, application))
        .await?;
    let app = app.ok_or(MembershipError::NotFound)?;
    let (phone, document) = view::opened(house, c, &app).await?;
    let ring = house.keys.ring(c, &[app.keyed]).await?;
    // The reason may name people: it is sealed beside the application, not in the ledger.
    let id = house.id();
    let place = format!("reason/{id}");
    let sealed = house
        .keys
        .seal(&ring, app.keyed, &place, reason.as_bytes())?;
    let account = by.account;
    house
        .write(c, &by.who_for(Permission::PersonUnmask), move |mut tx| {
            let now = tx.now();
            // It must still be here, alone in its compound, when it is written down.
            let _: Application = tx.one(store::application(c, application))?;
            let row = store::Unmasking {
                id,
                application,
                column: column.word(),
                account,
                reason: sealed,
            };
            tx.execute(store::insert_unmasking(c, row, now))?;
            let event = Event::new(events::UNMASKED)
                .about("application", application)
                .with("column", column.word())
                .with("unmasking", id);
            Ok::<_, MembershipError>(tx.record(event, ())?)
        })
        .await?;
    Ok(match column {
        Column::Phone => phone,
        Column::Document => document,
    })
}

/// Why each unmasking of an application was done, by its id; for the timelines.
pub async fn reasons(
    house: &House,
    c: foundation::database::Community,
    app: &Application,
) -> Result<Vec<(Id, String)>, MembershipError> {
    let rows: Vec<(Id, Vec<u8>)> = house.db.all(store::unmaskings(c, app.id)).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ring = house.keys.ring(c, &[app.keyed]).await?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, sealed) in rows {
        let open = ring.open(app.keyed, &format!("reason/{id}"), &sealed)?;
        out.extend(open.map(|text| (id, text)));
    }
    Ok(out)
}
