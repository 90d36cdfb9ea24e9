//! Publishing: a prepared version comes into the root, its sidecar last; and what is done
//! about versions that a crash cut off.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::disk::{Kind, join};
use crate::error::{Result, RoomError};
use crate::intake::{Prepared, STAGING};
use crate::inventory::{
    DECLARATION, DECLARATION_TEXT, INVENTORY, INVENTORY_BYTES_MAX, Inventory, SIDECAR, sidecar,
    version_name,
};
use crate::names::{ObjectId, OpaqueId};
use crate::room::{Head, StrongRoom};
use crate::storage::read_small;

/// What recovery found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Prepared versions that are in the root now: their commit events are still to write.
    pub finished: Vec<Prepared>,
    /// Prepared versions that were not whole; what there was of them lies in the quarantine.
    pub given_up: Vec<Prepared>,
    /// Folders of the quarantine that were filled.
    pub quarantined: Vec<String>,
}

impl StrongRoom {
    /// Brings a prepared version into the root; what is returned goes into the ledger's
    /// commit event, and only then is the version acknowledged.
    ///
    /// # Errors
    /// [`RoomError::Conflict`] when another version took the place; [`RoomError::StagedChanged`];
    /// the medium's. After an error [`StrongRoom::recover`] decides.
    pub fn publish(&self, prepared: &Prepared) -> Result<Head> {
        let heads = self.publish_all(std::slice::from_ref(prepared))?;
        Ok(heads[0])
    }

    /// Brings several prepared versions in, of objects that differ, with one wait for the
    /// medium at each step instead of one each.
    ///
    /// # Errors
    /// As [`StrongRoom::publish`]; some of the versions may then be in and some not.
    pub fn publish_all(&self, prepared: &[Prepared]) -> Result<Vec<Head>> {
        self.may_write()?;
        let staged = self.staged()?;
        let mut touched = Vec::new();
        let mut texts = Vec::with_capacity(prepared.len());
        for one in prepared.iter().filter(|one| one.version == 1) {
            touched.extend(self.storage.make_way(&one.object.path())?);
        }
        self.settle(&mut touched)?;
        for one in prepared {
            let folder = staged.get(&one.inventory_sha512);
            let folder = folder.ok_or(RoomError::StagedChanged(one.inventory_sha512))?;
            texts.push(self.adopt(one, folder, &mut touched)?);
        }
        self.settle(&mut touched)?;
        for file in [INVENTORY, SIDECAR] {
            for (one, inventory) in prepared.iter().zip(&texts) {
                // A first version brought both with it.
                if one.version > 1 {
                    let beside = sidecar(one.inventory_sha512);
                    let bytes = if file == INVENTORY {
                        inventory
                    } else {
                        &beside
                    };
                    self.storage
                        .replace(&join(&one.object.path(), file), bytes)?;
                    touched.push(one.object.path());
                }
            }
            self.settle(&mut touched)?;
        }
        for one in prepared {
            self.clear(&staged[&one.inventory_sha512])?;
        }
        Ok(prepared.iter().map(head).collect())
    }

    fn settle(&self, touched: &mut Vec<String>) -> Result<()> {
        touched.sort();
        touched.dedup();
        if !touched.is_empty() {
            self.storage.settle(touched)?;
        }
        touched.clear();
        Ok(())
    }

    /// Moves the staged version to its place, if the object is where it was when the version
    /// was begun; gives the inventory's bytes.
    fn adopt(&self, one: &Prepared, folder: &str, touched: &mut Vec<String>) -> Result<Vec<u8>> {
        let object = join(folder, "object");
        let version = version_name(one.version);
        let inside = join(&object, &version);
        let path = join(&inside, INVENTORY);
        let bytes = crate::disk::read_small(&*self.work, &path, INVENTORY_BYTES_MAX)?;
        if Digest::of(&bytes) != one.inventory_sha512 {
            return Err(RoomError::StagedChanged(one.inventory_sha512));
        }
        let conflict = || RoomError::Conflict {
            object: one.object.clone(),
            version: one.version,
        };
        let now = self
            .current(&one.object)?
            .map_or(0, |(_, head)| head.version);
        if now + 1 != one.version {
            return Err(conflict());
        }
        let (from, to) = match one.version {
            1 => (object, one.object.path()),
            _ => (inside, join(&one.object.path(), &version)),
        };
        let adopted = self.storage.adopt(&*self.work, &from, &to);
        touched.extend(adopted.map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => conflict(),
            _ => RoomError::Io(e),
        })?);
        Ok(bytes)
    }

    /// The staging folders by the digest of the inventory they hold.
    fn staged(&self) -> Result<BTreeMap<Digest, String>> {
        let mut staged = BTreeMap::new();
        for (name, _) in self.work.list(STAGING)? {
            let folder = join(STAGING, &name);
            // Another publication may take its own folder away while this one looks.
            let inside = match self.work.list(&join(&folder, "object")) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                inside => inside?,
            };
            for (version, kind) in inside {
                let path = format!("{folder}/object/{version}/{INVENTORY}");
                if kind == Kind::Folder && self.work.stat(&path)?.is_some() {
                    match crate::disk::read_small(&*self.work, &path, INVENTORY_BYTES_MAX) {
                        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                        bytes => {
                            staged.insert(Digest::of(&bytes?), folder.clone());
                        }
                    }
                }
            }
        }
        Ok(staged)
    }

    /// Removes what is left of a staging folder whose version is in the root: empty folders,
    /// or on a bucket the local copies of what was sent.
    fn clear(&self, folder: &str) -> Result<()> {
        let mut folders = vec![folder.to_owned()];
        let mut next = 0;
        while next < folders.len() {
            for (name, kind) in self.work.list(&folders[next])? {
                let path = join(&folders[next], &name);
                match kind {
                    Kind::Folder => folders.push(path),
                    _ => self.work.remove_file(&path)?,
                }
            }
            next += 1;
        }
        for folder in folders.iter().rev() {
            if self.work.stat(folder)?.is_some() {
                self.work.remove_folder(folder)?;
            }
        }
        Ok(())
    }

    /// After a crash: `prepared` are the versions whose prepare event has no commit event,
    /// `committed` the ledger's heads. A prepared version that is whole is finished, one that
    /// is not is moved to the quarantine, as is whatever else lies in the staging folder.
    ///
    /// # Errors
    /// [`RoomError::Busy`] without the lease; the medium's. It can be run again.
    pub fn recover(
        &self,
        prepared: &[Prepared],
        committed: &BTreeMap<ObjectId, Head>,
    ) -> Result<Recovery> {
        self.may_write()?;
        let mut done = Recovery::default();
        let staged = self.staged()?;
        let mut open: Vec<&Prepared> = prepared
            .iter()
            .filter(|p| {
                committed
                    .get(&p.object)
                    .is_none_or(|head| head.version < p.version)
            })
            .collect();
        open.sort_by(|a, b| (&a.object, a.version).cmp(&(&b.object, b.version)));
        // Those that are in the root first: two versions may have been prepared for one place.
        let (inside, rest): (Vec<_>, Vec<_>) = open
            .into_iter()
            .map(|p| Ok((p, self.whole_in_root(p)?)))
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .partition(|(_, whole)| *whole);
        let mut taken = BTreeSet::new();
        for (one, _) in inside {
            self.finish(one)?;
            taken.insert((one.object.clone(), one.version));
            done.finished.push(one.clone());
        }
        for (one, _) in rest {
            let place = (one.object.clone(), one.version);
            let folder = staged.get(&one.inventory_sha512);
            // Another version than ours stands there, sound: not ours to move.
            let taken_by_other = taken.contains(&place) || self.other_stands(one)?;
            let whole = !taken_by_other
                && match folder {
                    Some(folder) => self.whole_in_staging(one, folder)?,
                    None => false,
                };
            if !taken_by_other {
                self.clear_place(one, &mut done)?;
            }
            if whole && self.publish(one).is_ok() {
                taken.insert(place);
                done.finished.push(one.clone());
            } else {
                done.given_up.push(one.clone());
            }
        }
        self.empty_staging(&done.finished, committed, &mut done.quarantined)?;
        Ok(done)
    }

    /// Whether the version's folder is in the root with every byte it should have.
    fn whole_in_root(&self, one: &Prepared) -> Result<bool> {
        let folder = join(&one.object.path(), &version_name(one.version));
        let path = join(&folder, INVENTORY);
        if self.storage.stat(&path)?.is_none() {
            return Ok(false);
        }
        let bytes = read_small(&*self.storage, &path, INVENTORY_BYTES_MAX)?;
        self.whole(one, &bytes, |name| {
            self.storage.open(&join(&one.object.path(), name))
        })
    }

    fn whole_in_staging(&self, one: &Prepared, folder: &str) -> Result<bool> {
        let object = join(folder, "object");
        let path = format!("{object}/{}/{INVENTORY}", version_name(one.version));
        let bytes = crate::disk::read_small(&*self.work, &path, INVENTORY_BYTES_MAX)?;
        self.whole(one, &bytes, |name| self.work.open(&join(&object, name)))
    }

    fn whole(
        &self,
        one: &Prepared,
        bytes: &[u8],
        open: impl Fn(&str) -> io::Result<Box<dyn crate::disk::ReadSeek>>,
    ) -> Result<bool> {
        let Ok(inventory) = Inventory::parse(bytes) else {
            return Ok(false);
        };
        if Digest::of(bytes) != one.inventory_sha512 || inventory.id != one.object {
            return Ok(false);
        }
        let of_version = format!("{}/", version_name(one.version));
        for (digest, paths) in &inventory.manifest {
            for path in paths.iter().filter(|p| p.starts_with(&of_version)) {
                let mut file = match open(path) {
                    Ok(file) => file,
                    Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
                    Err(e) => return Err(e.into()),
                };
                if Digest::of_reader(&mut file)?.0 != *digest {
                    return Ok(false);
                }
            }
        }
        let beside = format!("{of_version}{SIDECAR}");
        let mut text = Vec::new();
        match open(&beside) {
            Ok(mut file) => io::Read::read_to_end(&mut file, &mut text)?,
            Err(_) => return Ok(false),
        };
        Ok(text == sidecar(one.inventory_sha512))
    }

    /// Whether the place holds an inventory that fits its sidecar and is not this version's.
    fn other_stands(&self, one: &Prepared) -> Result<bool> {
        let folder = join(&one.object.path(), &version_name(one.version));
        let [inventory, beside] = [INVENTORY, SIDECAR].map(|name| join(&folder, name));
        if self.storage.stat(&inventory)?.is_none() || self.storage.stat(&beside)?.is_none() {
            return Ok(false);
        }
        let digest = Digest::of(&read_small(
            &*self.storage,
            &inventory,
            INVENTORY_BYTES_MAX,
        )?);
        let fits = read_small(&*self.storage, &beside, 1_024)? == sidecar(digest);
        Ok(fits && digest != one.inventory_sha512)
    }

    /// Writes what stands at the object's top once the version is in.
    fn finish(&self, one: &Prepared) -> Result<()> {
        let at = one.object.path();
        let path = format!("{at}/{}/{INVENTORY}", version_name(one.version));
        let bytes = read_small(&*self.storage, &path, INVENTORY_BYTES_MAX)?;
        let mut touched = vec![join(&at, &version_name(one.version)), at.clone()];
        touched.extend(crate::storage::above(&at));
        self.settle(&mut touched)?;
        let declaration = join(&at, DECLARATION);
        if self.storage.stat(&declaration)?.is_none() {
            self.storage
                .write_new(&declaration, &mut &DECLARATION_TEXT[..])?;
        }
        let beside = sidecar(one.inventory_sha512);
        for (name, bytes) in [(INVENTORY, &bytes), (SIDECAR, &beside)] {
            self.storage.replace(&join(&at, name), bytes)?;
            touched.push(at.clone());
            self.settle(&mut touched)?;
        }
        Ok(())
    }

    /// Moves a version that is not whole out of the root, and puts the inventory before it
    /// back at the object's top.
    fn clear_place(&self, one: &Prepared, done: &mut Recovery) -> Result<()> {
        let at = one.object.path();
        let version = join(&at, &version_name(one.version));
        let place = if one.version == 1 { &at } else { &version };
        let name = format!("{}-{}", one.object.digest(), OpaqueId::fresh());
        if self.storage.stat(place)?.is_some() {
            self.storage.set_aside(place, &name)?;
            done.quarantined.push(name);
        }
        if one.version == 1 {
            return Ok(self.storage.prune(&at)?);
        }
        let before = format!("{at}/{}/{INVENTORY}", version_name(one.version - 1));
        let bytes = read_small(&*self.storage, &before, INVENTORY_BYTES_MAX)?;
        if self.current(&one.object).is_ok_and(|now| {
            now.is_some_and(|(_, head)| head.inventory_sha512 == Digest::of(&bytes))
        }) {
            return Ok(());
        }
        let beside = sidecar(Digest::of(&bytes));
        self.storage.replace(&join(&at, INVENTORY), &bytes)?;
        self.storage.replace(&join(&at, SIDECAR), &beside)?;
        Ok(self.storage.settle(&[at])?)
    }

    /// Clears staging folders whose version is in, and moves every other to the quarantine.
    fn empty_staging(
        &self,
        finished: &[Prepared],
        committed: &BTreeMap<ObjectId, Head>,
        quarantined: &mut Vec<String>,
    ) -> Result<()> {
        let known: BTreeSet<Digest> = finished
            .iter()
            .map(|p| p.inventory_sha512)
            .chain(committed.values().map(|h| h.inventory_sha512))
            .collect();
        let staged = self.staged()?;
        let done: BTreeSet<&String> = staged
            .iter()
            .filter(|(digest, _)| known.contains(digest))
            .map(|(_, f)| f)
            .collect();
        for (name, _) in self.work.list(STAGING)? {
            let folder = join(STAGING, &name);
            if done.contains(&folder) || !self.holds_files(&folder)? {
                self.clear(&folder)?;
                continue;
            }
            let made = crate::disk::make_folders(&*self.work, "quarantine")?;
            self.work.sync(&[], &made)?;
            let to = join("quarantine", &name);
            self.work.rename(&folder, &to)?;
            self.work.sync(
                &[],
                &[STAGING.to_owned(), "quarantine".to_owned(), String::new()],
            )?;
            quarantined.push(name);
        }
        Ok(())
    }

    fn holds_files(&self, folder: &str) -> Result<bool> {
        for (name, kind) in self.work.list(folder)? {
            if kind != Kind::Folder || self.holds_files(&join(folder, &name))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn head(one: &Prepared) -> Head {
    Head {
        version: one.version,
        inventory_sha512: one.inventory_sha512,
    }
}
