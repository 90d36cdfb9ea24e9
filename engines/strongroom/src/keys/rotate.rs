//! A new site key: every slot is opened with the old one and wrapped anew. Content is not
//! touched. Interrupted, it is simply begun again.

use super::rewrap::{Found, Rotation};
use super::{KeyRecord, KeyStore, Role};
use crate::error::{Result, RoomError};
use crate::slot::{Opener, Slot};

impl KeyStore {
    /// Replaces the site key `old` by `new` in every slot; the other recipients stay.
    ///
    /// Until it returns without damage both keys are needed. Copies of the key store made
    /// before still open with the old key: they go when the backups go.
    ///
    /// # Errors
    /// [`RoomError::BadKey`] when `old` is not the site's key; the medium's.
    pub fn rotate(&self, old: &Opener, new: &Opener, now: i64) -> Result<Rotation> {
        self.announce(old, new, now)?;
        let to = self.recipients_but(&[old.recipient()])?;
        let done = self.rewrap(&to, &|id, wrapped| {
            if let Ok(slot) = Slot::open(id, wrapped, old) {
                return Found::Anew(slot);
            }
            match Slot::open(id, wrapped, new) {
                Ok(_) => Found::Already,
                Err(_) => Found::Damaged,
            }
        })?;
        if done.damaged.is_empty() {
            self.retire(&[old.recipient()], now)?;
        }
        Ok(done)
    }

    /// Puts the new key on the list before the first slot is for it.
    fn announce(&self, old: &Opener, new: &Opener, now: i64) -> Result<()> {
        let mut list = self.list().clone();
        let is = |k: &KeyRecord, o: &Opener| k.recipient == o.recipient();
        if !list.keys.iter().any(|k| is(k, old) && k.role == Role::Site) {
            return Err(RoomError::BadKey);
        }
        if list.keys.iter().any(|k| is(k, new)) {
            return Ok(());
        }
        list.keys.push(KeyRecord {
            role: Role::Site,
            recipient: new.recipient(),
            since: now,
            retired: None,
        });
        self.write_list(&list)
    }
}
