//! Entries on their way into and out of the database: JSON sealed under the dossier's key.

use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::FormsError;

/// The sealed columns by name; a seal opens only in its own column.
pub const FORM: &str = "form_fields";
pub const BROUGHT: &str = "key_brought_by";
pub const GIVEN: &str = "key_given_to";
pub const BORROWER: &str = "key_borrower";
pub const PHONE: &str = "key_phone";
pub const PROOF: &str = "key_proof";
pub const REASON: &str = "key_reason";
pub const CALL: &str = "key_call";
pub const CASE: &str = "case_fields";
pub const STEP: &str = "step_fields";

/// Seals something of a dossier.
pub async fn seal<T: Serialize>(
    house: &House,
    c: Community,
    dossier: Id,
    column: &str,
    what: &T,
) -> Result<String, FormsError> {
    let text = serde_json::to_string(what).map_err(|e| DbError::Shape(e.to_string()))?;
    let ring = house.keys.make(c, &[dossier]).await?;
    Ok(house.keys.seal_text(&ring, dossier, column, &text)?)
}

/// Opens it; where the dossier's key was destroyed, nothing is left of it.
pub fn open<T: DeserializeOwned + Default>(
    ring: &Keyring,
    dossier: Id,
    column: &str,
    kept: &str,
) -> Result<T, FormsError> {
    let text = ring.open_text(dossier, column, kept)?;
    if text.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_str(&text).map_err(|e| DbError::Shape(format!("a sealed text: {e}")).into())
}
