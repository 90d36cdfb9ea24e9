//! Intake: a version of an object is made ready in the staging folder, sealed as it comes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::disk::{join, make_folders, write_small};
use crate::error::{Result, RoomError};
use crate::inventory::{
    DECLARATION, DECLARATION_TEXT, INVENTORY, Inventory, SIDECAR, User, Version, sidecar,
    version_name,
};
use crate::names::{Cause, Class, Media, ObjectId, OpaqueId, Part};
use crate::records::{
    DIGEST, DIGEST_FORMAT, DocumentRecord, META, PUBLIC, PUBLIC_FORMAT, PublicRecord, Sealed,
    document_folder, written,
};
use crate::room::{Head, StrongRoom};
use crate::seal::Sealer;
use crate::slot::Slot;

pub(crate) const STAGING: &str = "work/staging";
/// The sealed metadata of an object: names, dates and titles of its documents.
pub const META_BYTES_MAX: u64 = 16 << 20;

/// A version that is ready but not yet in the root. The first three are for the ledger's
/// prepare event; with them [`StrongRoom::recover`] finishes what a crash cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    pub object: ObjectId,
    pub version: u32,
    pub inventory_sha512: Digest,
}

/// A version in the making. Dropped without [`Staged::prepare`], its ciphertext stays in the
/// staging folder without a key, until recovery moves it aside.
pub struct Staged<'r> {
    room: &'r StrongRoom,
    object: ObjectId,
    before: Option<(Inventory, Head)>,
    folder: String,
    created: String,
    cause: Cause,
    sealer: Sealer,
    slots: BTreeMap<OpaqueId, Slot>,
    documents: BTreeMap<OpaqueId, DocumentRecord>,
    /// The slot that a document's new parts are sealed with.
    sealing: BTreeMap<OpaqueId, OpaqueId>,
    classes: BTreeMap<Class, u64>,
    bytes: u64,
    sealed: Vec<(Owner, u64, String)>,
    meta: Option<OpaqueId>,
    taken: BTreeSet<(OpaqueId, Part)>,
}

enum Owner {
    Meta(OpaqueId),
    Part(OpaqueId, Part, Media),
}

impl StrongRoom {
    /// Begins a new version of an object, its first when there is none.
    ///
    /// `now` is in milliseconds since 1970; `cause` a word of the ledger.
    ///
    /// # Errors
    /// [`RoomError::Busy`] without the lease; [`RoomError::Damaged`] when the newest
    /// inventory does not fit its sidecar; the medium's.
    pub fn intake(&self, object: &ObjectId, now: i64, cause: Cause) -> Result<Staged<'_>> {
        self.may_write()?;
        let before = self.current(object)?;
        let created = jiff::Timestamp::from_millisecond(now)
            .map_err(|e| RoomError::Foreign(e.to_string()))?
            .to_string();
        let folder = join(STAGING, OpaqueId::fresh().as_str());
        let version = before.as_ref().map_or(1, |(_, head)| head.version + 1);
        let content = format!("{folder}/object/{}/content", version_name(version));
        make_folders(&*self.work, &content)?;
        let (classes, bytes) = match &before {
            Some((inventory, _)) => self.counted(object, inventory)?,
            None => Default::default(),
        };
        Ok(Staged {
            room: self,
            object: object.clone(),
            before,
            folder,
            created,
            cause,
            sealer: Sealer::start(self.work.clone()),
            slots: BTreeMap::new(),
            documents: BTreeMap::new(),
            sealing: BTreeMap::new(),
            classes,
            bytes,
            sealed: Vec::new(),
            meta: None,
            taken: BTreeSet::new(),
        })
    }

    fn counted(
        &self,
        object: &ObjectId,
        inventory: &Inventory,
    ) -> Result<(BTreeMap<Class, u64>, u64)> {
        let record: PublicRecord = self.record(object, inventory, PUBLIC)?;
        Ok((record.classes, record.bytes))
    }
}

impl Staged<'_> {
    /// A new document of a kind; its id is its folder's name and its slot's.
    ///
    /// # Errors
    /// The medium's.
    pub fn document(&mut self, class: Class) -> Result<OpaqueId> {
        let id = OpaqueId::fresh();
        self.add(
            DocumentRecord {
                format: DIGEST_FORMAT.to_owned(),
                document: id.clone(),
                class,
                parts: BTreeMap::new(),
            },
            id.clone(),
        )?;
        *self.classes.entry(class).or_default() += 1;
        Ok(id)
    }

    /// A document that is there already, to give it further parts or newer ones. They get a
    /// slot of their own; shredding the document takes all its slots.
    ///
    /// # Errors
    /// [`RoomError::NoDocument`]; [`RoomError::Damaged`]; the medium's.
    pub fn revise(&mut self, document: &OpaqueId) -> Result<()> {
        let missing = || RoomError::NoDocument(self.object.clone());
        let (inventory, _) = self.before.as_ref().ok_or_else(missing)?;
        let name = join(&document_folder(document), DIGEST);
        if self.documents.contains_key(document) {
            return Ok(());
        }
        let record = self.room.record(&self.object, inventory, &name)?;
        self.add(record, OpaqueId::fresh())
    }

    fn add(&mut self, record: DocumentRecord, slot: OpaqueId) -> Result<()> {
        let folder = join(&self.content(), &document_folder(&record.document));
        make_folders(&*self.room.work, &folder)?;
        self.sealing.insert(record.document.clone(), slot.clone());
        self.slots.insert(slot.clone(), Slot::fresh(slot));
        self.documents.insert(record.document.clone(), record);
        Ok(())
    }

    /// Seals one file of a document; gives the plaintext's bytes. No plaintext touches the
    /// disk and the memory used does not grow with the file.
    ///
    /// # Errors
    /// The reader's and the medium's; after one the version cannot be prepared.
    pub fn file(
        &mut self,
        document: &OpaqueId,
        part: Part,
        media: Media,
        plain: &mut dyn Read,
    ) -> Result<u64> {
        let missing = || RoomError::NoDocument(self.object.clone());
        let slot = self.sealing.get(document).ok_or_else(missing)?.clone();
        if !self.taken.insert((document.clone(), part)) {
            return Err(RoomError::PartTwice);
        }
        let name = join(&document_folder(document), &part.file_name());
        let owner = Owner::Part(document.clone(), part, media);
        let size = self.seal(&slot, &name, owner, plain)?;
        self.bytes += size;
        Ok(size)
    }

    /// Seals the object's metadata of this version, under a slot of its own.
    ///
    /// # Errors
    /// [`RoomError::TooLong`]; [`RoomError::PartTwice`]; the medium's.
    pub fn meta(&mut self, meta: &[u8]) -> Result<()> {
        if meta.len() as u64 > META_BYTES_MAX {
            return Err(RoomError::TooLong(META_BYTES_MAX));
        }
        if self.meta.is_some() {
            return Err(RoomError::PartTwice);
        }
        let slot = OpaqueId::fresh();
        self.slots.insert(slot.clone(), Slot::fresh(slot.clone()));
        self.meta = Some(slot.clone());
        self.seal(&slot, META, Owner::Meta(slot.clone()), &mut &meta[..])?;
        Ok(())
    }

    fn seal(
        &mut self,
        slot: &OpaqueId,
        name: &str,
        owner: Owner,
        plain: &mut dyn Read,
    ) -> Result<u64> {
        let path = join(&self.content(), name);
        let slot = &self.slots[slot];
        let to = slot.identity.to_public();
        let passed = self.sealer.seal(path, &to, &slot.digest_key, plain)?;
        self.sealed.push((owner, passed.size, passed.hmac_sha256));
        Ok(passed.size)
    }

    fn version(&self) -> u32 {
        self.before.as_ref().map_or(1, |(_, head)| head.version + 1)
    }

    fn object_folder(&self) -> String {
        join(&self.folder, "object")
    }

    fn content(&self) -> String {
        format!(
            "{}/{}/content",
            self.object_folder(),
            version_name(self.version())
        )
    }

    /// Writes records, inventory and slots, and returns when all of it is on the medium.
    /// The caller then records what it got, and calls [`StrongRoom::publish`].
    ///
    /// `figures` go into `public.json`: numbers of the caller's.
    ///
    /// # Errors
    /// [`RoomError::NothingNew`]; the medium's.
    pub fn prepare(mut self, figures: BTreeMap<String, u64>) -> Result<Prepared> {
        // A document without a new part would leave an empty folder, which OCFL forbids.
        let bare = |d: &OpaqueId| !self.taken.iter().any(|(document, _)| document == d);
        if self.sealed.is_empty() || self.documents.keys().any(bare) {
            return Err(RoomError::NothingNew);
        }
        let (object, version) = (self.object.clone(), self.version());
        let (folder, content) = (self.object_folder(), self.content());
        let mut state = self.state_before();
        let mut meta = None;
        let mut files = Vec::new();
        let sealer = std::mem::replace(&mut self.sealer, Sealer::start(self.room.work.clone()));
        let stored = sealer.finish()?;
        debug_assert_eq!(stored.len(), self.sealed.len());
        for (stored, (owner, size, hmac_sha256)) in stored.into_iter().zip(self.sealed.drain(..)) {
            let name = stored.path[content.len() + 1..].to_owned();
            let record = |slot: &OpaqueId, media: &Media| Sealed {
                slot: slot.clone(),
                media: media.clone(),
                size,
                stored: stored.len,
                hmac_sha256,
            };
            match owner {
                Owner::Meta(slot) => {
                    let json = "application/json".parse().expect("a media type");
                    meta = Some(record(&slot, &json));
                }
                Owner::Part(document, part, media) => {
                    let sealed = record(&self.sealing[&document], &media);
                    let of = self
                        .documents
                        .get_mut(&document)
                        .expect("begun by document()");
                    of.parts.insert(part, sealed);
                }
            }
            state.insert(name, stored.digest);
            files.push(stored.path);
        }
        let mut small = Vec::new();
        for (id, record) in &self.documents {
            small.push((join(&document_folder(id), DIGEST), written(record)));
        }
        let public = PublicRecord {
            format: PUBLIC_FORMAT.to_owned(),
            object: object.to_string(),
            version,
            previous: self.before.as_ref().map(|(_, head)| head.inventory_sha512),
            meta,
            classes: self.classes.clone(),
            bytes: self.bytes,
            figures,
        };
        small.push((PUBLIC.to_owned(), written(&public)));
        for (name, bytes) in small {
            let path = join(&content, &name);
            write_small(&*self.room.work, &path, &bytes)?;
            state.insert(name, Digest::of(&bytes));
            files.push(path);
        }
        let inventory = self.inventory(state).bytes();
        let digest = Digest::of(&inventory);
        let beside = sidecar(digest);
        let here = join(&folder, &version_name(version));
        let mut last = vec![
            (join(&here, INVENTORY), &inventory),
            (join(&here, SIDECAR), &beside),
        ];
        let declaration = DECLARATION_TEXT.to_vec();
        if version == 1 {
            last.push((join(&folder, DECLARATION), &declaration));
            last.push((join(&folder, INVENTORY), &inventory));
            last.push((join(&folder, SIDECAR), &beside));
        }
        for (path, bytes) in last {
            write_small(&*self.room.work, &path, bytes)?;
            files.push(path);
        }
        let slots: Vec<Slot> = std::mem::take(&mut self.slots).into_values().collect();
        self.room.keys.keep(&object, &slots)?;
        self.room.work.sync(&files, &folders_of(&files))?;
        Ok(Prepared {
            object,
            version,
            inventory_sha512: digest,
        })
    }

    /// Names of the version before, and what they name.
    fn state_before(&self) -> BTreeMap<String, Digest> {
        let Some((inventory, _)) = &self.before else {
            return BTreeMap::new();
        };
        let files = inventory.files();
        files
            .into_iter()
            .map(|(name, (digest, _))| (name.to_owned(), digest))
            .collect()
    }

    fn inventory(&self, state: BTreeMap<String, Digest>) -> Inventory {
        let mut inventory = match &self.before {
            Some((inventory, _)) => inventory.clone(),
            None => Inventory::new(self.object.clone()),
        };
        let version = version_name(self.version());
        let mut by_digest: BTreeMap<Digest, Vec<String>> = BTreeMap::new();
        let old = self.state_before();
        for (name, digest) in state {
            if old.get(&name) != Some(&digest) {
                let paths = inventory.manifest.entry(digest).or_default();
                paths.push(format!("{version}/content/{name}"));
            }
            by_digest.entry(digest).or_default().push(name);
        }
        let user = User {
            name: "linli strongroom".to_owned(),
            address: "https://linli.invalid/strongroom".to_owned(),
        };
        let made = Version {
            created: self.created.clone(),
            message: self.cause.to_string(),
            user,
            state: by_digest,
        };
        inventory.head.clone_from(&version);
        inventory.versions.insert(version, made);
        inventory
    }
}

/// The folders that hold these staged files, up to the staging folder itself.
fn folders_of(files: &[String]) -> Vec<String> {
    let mut folders = BTreeSet::from(["work".to_owned(), String::new()]);
    for file in files {
        let mut at = crate::disk::parent(file);
        while at.len() >= STAGING.len() && folders.insert(at.to_owned()) {
            at = crate::disk::parent(at);
        }
    }
    folders.into_iter().collect()
}
