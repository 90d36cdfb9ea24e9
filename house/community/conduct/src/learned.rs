//! The trained part that a compound uses: the shipped one, or one taught from its own
//! decisions. Versioned; each change is an event with the model's digest.

use moderation::Model;
use sha2::{Digest as _, Sha256};

use crate::{ConductError, events, lessons, store};
use foundation::database::{Community, DbError, Look as _};
use foundation::house::House;
use foundation::ledger::{Event, Who};

/// The largest model taken, as large as the shipped one may be.
pub const MODEL_BYTES_MAX: usize = 1 << 20;

/// The compound's own decisions as labelled texts, read to train on; that they were read
/// stands in the ledger.
pub async fn decisions(house: &House, c: Community) -> Result<Vec<(String, bool)>, ConductError> {
    let texts = lessons::texts(house, c).await?;
    let (all, breaches) = (texts.len(), texts.iter().filter(|t| t.1).count());
    house
        .write(c, &Who::operator(), move |tx| {
            let event = Event::new(events::TAUGHT)
                .with("texts", all as i64)
                .with("breaches", breaches as i64);
            Ok::<_, ConductError>(tx.record(event, ())?)
        })
        .await?;
    Ok(texts)
}

/// Puts a model in force, or the shipped one again with `None`; its version.
///
/// # Errors
/// [`ConductError::Policy`] when the bytes are no model of this program's kind.
pub async fn put(house: &House, c: Community, bytes: Option<Vec<u8>>) -> Result<i64, ConductError> {
    let mut digest = String::new();
    if let Some(bytes) = &bytes {
        if bytes.len() > MODEL_BYTES_MAX {
            let said = format!("a model has at most {MODEL_BYTES_MAX} bytes");
            return Err(ConductError::Policy(said));
        }
        Model::from_bytes(bytes).map_err(|e| ConductError::Policy(e.to_string()))?;
        digest = Sha256::digest(bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
    }
    house
        .write(c, &Who::operator(), move |mut tx| {
            let row: Option<(i64, String)> = tx.optional(store::model(c))?;
            let version = row.map_or(0, |r| r.0) + 1;
            let now = tx.now();
            let own = bytes.is_some();
            let hash: [u8; 32] = bytes
                .as_ref()
                .map_or([0; 32], |bytes| Sha256::digest(bytes).into());
            tx.execute(store::insert_model(c, version, now, &digest, bytes))?;
            let event = Event::new(events::MODEL_SET)
                .with("version", version)
                .with("own", own)
                .with("digest", hash);
            Ok(tx.record(event, version)?)
        })
        .await
}

/// The digest of the compound's own model; empty while it uses the shipped one.
pub(crate) async fn digest(house: &House, c: Community) -> Result<(i64, String), DbError> {
    let row: Option<(i64, String)> = house.db.optional(store::model(c)).await?;
    Ok(row.unwrap_or_default())
}

/// The model of that version.
pub(crate) async fn read(house: &House, c: Community, version: i64) -> Result<Model, ConductError> {
    let (body,): (Option<Vec<u8>>,) = house.db.one(store::model_body(c, version)).await?;
    let body = body.ok_or(ConductError::NotFound)?;
    Model::from_bytes(&body).map_err(|e| ConductError::Policy(e.to_string()))
}
