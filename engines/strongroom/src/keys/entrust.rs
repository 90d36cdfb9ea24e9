//! A new escrow key: every slot is opened by the site and wrapped for it too, and the escrow
//! key before it is retired. What is begun is written down first, so that whoever has the site
//! key can finish it without the cards.

use serde::{Deserialize, Serialize};

use super::rewrap::{Found, Rotation};
use super::{KEYS_BYTES_MAX, KeyRecord, KeyStore, Role, parse, replace_durably};
use crate::disk::read_small;
use crate::error::{Result, RoomError};
use crate::slot::{Opener, Slot};

/// Stands in the key store while slots are being wrapped for a new escrow key.
const ENTRUSTING: &str = "escrow.json";
const FORMAT: &str = "linli-strongroom-escrow-1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entrusting {
    format: String,
    recipient: String,
    since: i64,
}

impl KeyStore {
    /// Makes `escrow` (`age1…`) the one escrow key: every slot there is and will be is wrapped
    /// for it too, and the one before opens none of them any more. `with` opens the slots.
    ///
    /// The cards of the new key must be safe before: from here on the old ones go out of use.
    /// Interrupted, or with damaged slots, it is ended by [`KeyStore::finish_entrusting`]; until
    /// then both escrow keys are good. Copies of the key store made before still open with the
    /// old cards.
    ///
    /// # Errors
    /// [`RoomError::BadKey`] for what is no recipient, or one that was on the list before; the
    /// medium's.
    pub fn entrust(&self, with: &Opener, escrow: &str, now: i64) -> Result<Rotation> {
        parse(escrow)?;
        if self.keys().iter().any(|k| k.recipient == escrow) {
            return Err(RoomError::BadKey);
        }
        let entrusting = Entrusting {
            format: FORMAT.to_owned(),
            recipient: escrow.to_owned(),
            since: now,
        };
        let bytes = serde_json::to_vec_pretty(&entrusting).expect("texts and a number only");
        replace_durably(&*self.disk, ENTRUSTING, &bytes)?;
        Ok(self.finish_entrusting(with, now)?.unwrap_or_default())
    }

    /// The escrow key whose slots are not all made: what was interrupted.
    ///
    /// # Errors
    /// [`RoomError::Foreign`]; the medium's.
    pub fn entrusting(&self) -> Result<Option<String>> {
        Ok(self.begun()?.map(|e| e.recipient))
    }

    /// Ends what was interrupted; `None` where nothing was.
    ///
    /// # Errors
    /// As [`KeyStore::entrust`].
    pub fn finish_entrusting(&self, with: &Opener, now: i64) -> Result<Option<Rotation>> {
        let Some(begun) = self.begun()? else {
            return Ok(None);
        };
        let mut list = self.list().clone();
        if !list.keys.iter().any(|k| k.recipient == begun.recipient) {
            list.keys.push(KeyRecord {
                role: Role::Escrow,
                recipient: begun.recipient.clone(),
                since: begun.since,
                retired: None,
            });
            // From here on what is handed in is for the new key too.
            self.write_list(&list)?;
        }
        let before: Vec<String> = list
            .keys
            .into_iter()
            .filter(|k| k.role == Role::Escrow && k.retired.is_none())
            .map(|k| k.recipient)
            .filter(|r| *r != begun.recipient)
            .collect();
        let to = self.recipients_but(&before)?;
        // A slot does not tell whom it is for: all are wrapped, also those that were before.
        let done = self.rewrap(&to, &|id, wrapped| match Slot::open(id, wrapped, with) {
            Ok(slot) => Found::Anew(slot),
            Err(_) => Found::Damaged,
        })?;
        if done.damaged.is_empty() {
            self.retire(&before, now)?;
            self.disk.remove_file(ENTRUSTING)?;
            self.disk.sync(&[], &[String::new()])?;
        }
        Ok(Some(done))
    }

    fn begun(&self) -> Result<Option<Entrusting>> {
        if self.disk.stat(ENTRUSTING)?.is_none() {
            return Ok(None);
        }
        let bytes = read_small(&*self.disk, ENTRUSTING, KEYS_BYTES_MAX)?;
        let begun: Entrusting =
            serde_json::from_slice(&bytes).map_err(|e| RoomError::Foreign(e.to_string()))?;
        if begun.format != FORMAT {
            return Err(RoomError::Foreign(begun.format));
        }
        parse(&begun.recipient)?;
        Ok(Some(begun))
    }
}
