//! The first making of key store and root, and what is done about one that a crash cut off:
//! as long as nothing was ever filed, whatever is missing is simply written.

use std::sync::Arc;

use crate::describe::{self, Standing};
use crate::digest::Digest;
use crate::disk::Disk;
use crate::error::{Result, RoomError};
use crate::keys::{KeyStore, Role};
use crate::room::{Place, StrongRoom};

impl StrongRoom {
    /// Opens the root at a place, or makes key store and root where there is none yet; gives
    /// the digest that the ledger is to know ([`crate::Heads::root`]), unless it does:
    /// `known`.
    ///
    /// A making that was cut off, whenever, is gone on with. What the ledger knows, or what
    /// holds documents without a key, is never made anew: an empty one in its place would
    /// only hide the loss.
    ///
    /// # Errors
    /// [`RoomError::Gone`]; [`RoomError::Busy`] while another makes it; as
    /// [`StrongRoom::open`].
    pub fn found(
        place: Place,
        keys: Arc<dyn Disk>,
        recipients: &[(Role, String)],
        known: bool,
        now: i64,
    ) -> Result<(StrongRoom, Option<Digest>)> {
        let standing = |place: &Place| describe::standing(&*place.storage);
        if known {
            if !KeyStore::is_made(&*keys)? {
                return Err(RoomError::Gone("its key store"));
            }
            if standing(&place)? == Standing::Nothing {
                return Err(RoomError::Gone("its root"));
            }
            let store = KeyStore::open(keys)?;
            return Ok((StrongRoom::open(place, store)?, None));
        }
        // Two that begin at the same time make one.
        let lease = place.storage.lease(now).map_err(RoomError::of_lease)?;
        let made = StrongRoom::go_on(&place, keys, recipients, now);
        match made {
            Ok((store, digest)) => {
                let room = StrongRoom::open(place, store)?;
                room.hold(lease);
                Ok((room, digest))
            }
            Err(e) => {
                // What is told is why it was not made.
                let _ = place.storage.release(lease);
                Err(e)
            }
        }
    }

    fn go_on(
        place: &Place,
        keys: Arc<dyn Disk>,
        recipients: &[(Role, String)],
        now: i64,
    ) -> Result<(KeyStore, Option<Digest>)> {
        let standing = describe::standing(&*place.storage)?;
        let store = if KeyStore::is_made(&*keys)? {
            KeyStore::open(keys)?
        } else if standing == Standing::Whole {
            return Err(RoomError::Gone("its key store"));
        } else {
            KeyStore::create(keys, recipients, now)?
        };
        let digest = match standing {
            // A crash came before the event.
            Standing::Whole => describe::digest(&*place.storage)?,
            _ => Some(describe::write(&*place.storage)?),
        };
        Ok((store, digest))
    }
}
