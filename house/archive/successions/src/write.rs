//! Writing the bag, slice by slice as a job: what is in it is skipped, so that a crash costs the
//! document at hand and no more. Each document's opening is in the ledger before it is read.

use std::future::Future;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use bagit::{Bag, Entry, Sealed};
use dossiers::document::Document;
use dossiers::dossier::Dossier;
use dossiers::handing::{self, Handed, Original};
use dossiers::listing::Spot;
use foundation::clock::{MINUTE, Moment};
use foundation::communities;
use foundation::database::{Community, DbError, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::{Job, Runner, enqueue};
use foundation::ledger::{Audience, Event, timeline};
use permissions::actor::Actor;
use serde_json::json;

use crate::metadata::{self, Part};
use crate::succession::{State, Succession};
use crate::{SuccessionError, catalog, events, list, store};

/// The job that writes a slice.
pub const WRITE: &str = "succession.write";
/// Documents of one slice, and how long one may last: less than a job's lease.
const SLICE: usize = 200;
const SLICE_TIME: i64 = 2 * MINUTE;
/// Events of one document that its metadata tells.
const STORY_MAX: i64 = 50;
/// Between a document's name and the number of a photograph that it was bound of.
const PHOTO: &str = "-photo-";
/// What a stranger reads first.
const README: &str = include_str!("readme.txt");
/// Where the list to sign lies in the bag; it names no person and stays in clear.
pub const LIST: &str = "data/移交清單.pdf";

/// Writes a compound's log with its signed head into a folder, and the proof of event `confirmed`
/// beside it. Whoever keeps the ledger's checkpoints gives it.
pub trait Ledger: Send + Sync + 'static {
    fn write<'a>(
        &'a self,
        house: &'a House,
        c: Community,
        confirmed: i64,
        into: &'a Path,
    ) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;
}

/// One bag is written at a time.
#[derive(Default)]
struct Hand(tokio::sync::Mutex<()>);

/// Registers this room's job.
pub fn jobs(runner: Runner<House>, ledger: Arc<dyn Ledger>) -> Runner<House> {
    runner.on(WRITE, move |house: Arc<House>, job: Job| {
        let ledger = ledger.clone();
        async move {
            let id = job.payload["succession"].as_str().unwrap_or_default();
            let id = id
                .parse()
                .map_err(|_| "the job names no succession".to_owned())?;
            match go_on(&house, &*ledger, job.community, id, SLICE).await {
                Ok(_) | Err(SuccessionError::NotFound) => Ok(()),
                Err(e) => Err(e.to_string()),
            }
        }
    })
}

/// Plans the slice that begins when so many dossiers and documents are done.
pub(crate) fn plan(tx: &mut Tx<'_>, id: Id, done: i64) -> Result<(), DbError> {
    let now = tx.now();
    let name = format!("{}{done}", jobs_of(id));
    enqueue(tx, WRITE, &name, &json!({ "succession": id }), now)
}

/// Plans the slice at which it had stopped, as a job of its own: the one that failed is done with.
pub(crate) fn plan_again(tx: &mut Tx<'_>, id: Id) -> Result<(), DbError> {
    let now = tx.now();
    let name = format!("{}again:{}", jobs_of(id), now.0);
    enqueue(tx, WRITE, &name, &json!({ "succession": id }), now)
}

/// How the names of a succession's jobs begin.
pub(crate) fn jobs_of(id: Id) -> String {
    format!("{WRITE}:{id}:")
}

/// Where a succession's bag lies, and what is made on the way.
pub(crate) fn folder(house: &House, c: Community, id: Id) -> PathBuf {
    let compounds = house.data_dir.join("successions").join(c.to_string());
    compounds.join(id.to_string())
}

/// Which dossiers of the building are meant.
pub(crate) struct Scope {
    from: Option<Vec<u8>>,
    to: Option<Vec<u8>>,
}

impl Scope {
    pub(crate) async fn of(
        house: &House,
        c: Community,
        s: &Succession,
    ) -> Result<Scope, SuccessionError> {
        let mut ends = [None, None];
        for (end, typed) in ends.iter_mut().zip([&s.from_room, &s.to_room]) {
            if !typed.is_empty() {
                let room = roster::find_room(house, c, typed).await?;
                let room = room.ok_or_else(|| SuccessionError::Room(typed.clone()))?;
                *end = Some(room.sort_key);
            }
        }
        let [from, to] = ends;
        Ok(Scope { from, to })
    }

    pub(crate) fn holds(&self, d: &Dossier) -> bool {
        self.from.as_ref().is_none_or(|from| d.sort_key >= *from)
            && self.to.as_ref().is_none_or(|to| d.sort_key <= *to)
    }
}

/// A bag at work: passed to a thread that may block, and back.
struct Work {
    bag: Bag,
    recipient: Option<age::x25519::Recipient>,
}

impl Work {
    /// The name in the bag: what is sealed says so.
    fn path(&self, name: &str) -> Result<bagit::Path, SuccessionError> {
        let ending = if self.recipient.is_some() { ".age" } else { "" };
        Ok(bagit::Path::new(&format!("{name}{ending}")).map_err(bagit::BagError::from)?)
    }

    /// Writes a file, sealed where there is a key.
    async fn put(
        mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
    ) -> Result<(Work, Entry), SuccessionError> {
        let path = self.path(name)?;
        let recipient = self.recipient.clone();
        let done = tokio::task::spawn_blocking(move || {
            let entry = self.bag.put(&path, |out| match recipient {
                None => write(out),
                Some(key) => {
                    let key: &dyn age::Recipient = &key;
                    let sealing = age::Encryptor::with_recipients(std::iter::once(key));
                    let sealing = sealing.map_err(io::Error::other)?;
                    let mut sealed = sealing.wrap_output(out)?;
                    write(&mut sealed)?;
                    sealed.finish().map(|_| ())
                }
            })?;
            Ok::<_, SuccessionError>((self, entry))
        });
        done.await.map_err(io::Error::other)?
    }

    /// Writes a file that stays in clear.
    async fn put_clear(mut self, name: &str, bytes: Vec<u8>) -> Result<Work, SuccessionError> {
        let path = bagit::Path::new(name).map_err(bagit::BagError::from)?;
        if self.bag.has(&path).is_some() {
            return Ok(self);
        }
        let done = tokio::task::spawn_blocking(move || {
            self.bag.put(&path, |out| out.write_all(&bytes))?;
            Ok::<_, SuccessionError>(self)
        });
        done.await.map_err(io::Error::other)?
    }

    /// The files whose names begin so, in order.
    fn beginning(&self, stem: &str) -> Vec<(String, Entry)> {
        let paths = self.bag.paths().filter(|p| p.as_str().starts_with(stem));
        let entry = |p: &bagit::Path| Some((p.as_str().to_owned(), self.bag.has(p)?.clone()));
        paths.filter_map(entry).collect()
    }

    fn documents(&self) -> i64 {
        let is = |p: &&bagit::Path| {
            let name = p.as_str();
            name.starts_with("data/dossiers/")
                && !name.contains("/metadata.xml")
                && !name.contains(PHOTO)
        };
        self.bag.paths().filter(is).count() as i64
    }
}

/// The folder of a dossier: its number, where every system can keep that as a name.
fn place(d: &Dossier) -> String {
    let kept = |c: char| {
        if c.is_alphanumeric() || "-_()（）".contains(c) {
            c
        } else {
            '_'
        }
    };
    let name: String = d.number.chars().map(kept).collect();
    if name == d.number {
        format!("data/dossiers/{name}")
    } else {
        format!("data/dossiers/{name}-{}", d.id)
    }
}

/// Goes on with the bag by at most so many documents; whether it is whole.
///
/// # Errors
/// Whatever stops it: the same call goes on where it stopped.
pub async fn go_on(
    house: &House,
    ledger: &dyn Ledger,
    c: Community,
    id: Id,
    most: usize,
) -> Result<bool, SuccessionError> {
    let hand: Arc<Hand> = house.kept();
    let _turn = hand.0.lock().await;
    let found: Option<Succession> = house.db.optional(store::one(c, id)).await?;
    let s = found.ok_or(SuccessionError::NotFound)?;
    if s.state != State::Writing {
        return Ok(true);
    }
    let folder = folder(house, c, id);
    let root = folder.join("bag");
    let looked = root.clone();
    let sealed = tokio::task::spawn_blocking(move || Sealed::of(&looked));
    if let Some(sealed) = sealed.await.map_err(io::Error::other)?? {
        finish(house, c, &s, &sealed).await?;
        return Ok(true);
    }
    let bag = tokio::task::spawn_blocking(move || Bag::open(&root));
    let work = Work {
        bag: bag.await.map_err(io::Error::other)??,
        recipient: s.recipient.parse().ok(),
    };
    if s.is_sealed() != work.recipient.is_some() {
        // In clear would be the worst answer to a key that does not read.
        return Err(SuccessionError::Recipient);
    }
    let slice = dossiers(house, c, &s, work, most).await?;
    let Slice {
        work,
        dossiers,
        whole,
        all,
    } = slice;
    if !whole {
        went_on(house, c, id, &work, dossiers).await?;
        return Ok(false);
    }
    let work = beside(house, ledger, c, &s, work, all).await?;
    let sealed = seal(house, c, &s, work, folder.join("ledger")).await?;
    finish(house, c, &s, &sealed).await?;
    Ok(true)
}

struct Slice {
    work: Work,
    dossiers: i64,
    whole: bool,
    /// All dossiers of the scope, when the slice is the last.
    all: Vec<Handed>,
}

async fn dossiers(
    house: &House,
    c: Community,
    s: &Succession,
    mut work: Work,
    most: usize,
) -> Result<Slice, SuccessionError> {
    let scope = Scope::of(house, c, s).await?;
    let compound = name(house, c).await?;
    let until = Moment(house.now().0 + SLICE_TIME);
    let (mut left, mut done) = (most, 0);
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let part = handing::page(house, c, &s.building, after.as_ref()).await?;
        let Some(last) = part.last() else { break };
        after = Some(Spot::of(&last.dossier));
        for h in part.into_iter().filter(|h| scope.holds(&h.dossier)) {
            let place = place(&h.dossier);
            let meta = format!("{place}/metadata.xml");
            if work.bag.has(&work.path(&meta)?).is_none() {
                let documents = handing::documents(house, c, h.dossier.id).await?;
                let mut parts = Vec::new();
                for d in documents {
                    if left == 0 || house.now() > until {
                        return Ok(Slice {
                            work,
                            dossiers: done,
                            whole: false,
                            all: Vec::new(),
                        });
                    }
                    let (next, part) = document(house, c, s, work, &place, d, &mut left).await?;
                    work = next;
                    parts.push(part);
                }
                let text = metadata::of(&compound, &h, &parts);
                let write = move |out: &mut dyn Write| out.write_all(text.as_bytes());
                work = work.put(&meta, write).await?.0;
            }
            done += 1;
            all.push(h);
        }
    }
    Ok(Slice {
        work,
        dossiers: done,
        whole: true,
        all,
    })
}

/// One document into the bag, unless it is there.
async fn document(
    house: &House,
    c: Community,
    s: &Succession,
    work: Work,
    place: &str,
    d: Document,
    left: &mut usize,
) -> Result<(Work, Part), SuccessionError> {
    let ending = handing::ending_of(&d)?;
    let file = format!("{}.{ending}", d.label());
    let name = format!("{place}/{file}");
    let there = work.bag.has(&work.path(&name)?).cloned();
    let stem = format!("{place}/{}{PHOTO}", d.label());
    let (work, entry) = match there {
        Some(entry) => (work, entry),
        None => {
            *left -= 1;
            let original = Arc::new(handing::open(house, c, s.id, &d).await?);
            // The original last: where it is, its photographs are.
            let work = photos(work, &stem, original.clone()).await?;
            let write = move |out: &mut dyn Write| original.copy_into(out).map(|_| ());
            work.put(&name, write).await?
        }
    };
    let photos = work.beginning(&stem);
    let story = timeline(&house.db, c, "document", d.id, STORY_MAX).await?;
    let sealed = if work.recipient.is_some() { ".age" } else { "" };
    let part = Part {
        document: d,
        file: format!("{file}{sealed}"),
        entry,
        photos: photos
            .into_iter()
            .map(|(name, entry)| (name[place.len() + 1..].to_owned(), entry))
            .collect(),
        story,
    };
    Ok((work, part))
}

/// The photographs that a document was bound of into the bag, but those that are there.
async fn photos(
    mut work: Work,
    stem: &str,
    original: Arc<Original>,
) -> Result<Work, SuccessionError> {
    let asked = original.clone();
    let all = tokio::task::spawn_blocking(move || asked.photos());
    for (nth, ending) in all.await.map_err(io::Error::other)?? {
        let name = format!("{stem}{nth:02}.{ending}");
        if work.bag.has(&work.path(&name)?).is_none() {
            let original = original.clone();
            let write = move |out: &mut dyn Write| original.copy_photo_into(nth, out).map(|_| ());
            work = work.put(&name, write).await?.0;
        }
    }
    Ok(work)
}

/// What lies beside the dossiers: the catalog, the list to sign, the ledger, how to read it all.
async fn beside(
    house: &House,
    ledger: &dyn Ledger,
    c: Community,
    s: &Succession,
    mut work: Work,
    all: Vec<Handed>,
) -> Result<Work, SuccessionError> {
    let compound = name(house, c).await?;
    if work.bag.has(&work.path("data/catalog.csv")?).is_none() {
        let mut text = catalog::head();
        all.iter().for_each(|h| catalog::row(&mut text, h));
        let write = move |out: &mut dyn Write| out.write_all(text.as_bytes());
        work = work.put("data/catalog.csv", write).await?.0;
    }
    work = work
        .put_clear("data/README-說明.txt", README.as_bytes().to_vec())
        .await?;
    let paper = list::paper(&compound, s, &all, work.documents(), house.now());
    let pdf = tokio::task::spawn_blocking(move || list::draw(&paper));
    work = work
        .put_clear(LIST, pdf.await.map_err(io::Error::other)??)
        .await?;
    let log = folder(house, c, s.id).join("ledger");
    if !log.exists() {
        let confirmed = timeline(&house.db, c, "succession", s.id, STORY_MAX).await?;
        let confirmed = confirmed.iter().find(|e| e.kind == events::CONFIRMED.name);
        let seq = confirmed.map_or(0, |e| e.seq);
        // Whole under its name, or not there: a log of two heads would prove nothing.
        let partial = folder(house, c, s.id).join("ledger.partial");
        match tokio::fs::remove_dir_all(&partial).await {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
        let written = ledger.write(house, c, seq, &partial).await;
        written.map_err(SuccessionError::Ledger)?;
        tokio::fs::rename(&partial, &log).await?;
    }
    let done = tokio::task::spawn_blocking(move || {
        copy_tree(&mut work.bag, &log, "data/ledger")?;
        Ok::<_, SuccessionError>(work)
    });
    done.await.map_err(io::Error::other)?
}

fn copy_tree(bag: &mut Bag, from: &Path, name: &str) -> Result<(), SuccessionError> {
    let mut inside: Vec<_> = std::fs::read_dir(from)?.collect::<io::Result<_>>()?;
    inside.sort_by_key(std::fs::DirEntry::file_name);
    for entry in inside {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            copy_tree(bag, &entry.path(), &name)?;
            continue;
        }
        let path = bagit::Path::new(&name).map_err(bagit::BagError::from)?;
        if bag.has(&path).is_none() {
            let mut file = std::fs::File::open(entry.path())?;
            bag.put(&path, |out| io::copy(&mut file, out).map(|_| ()))?;
        }
    }
    Ok(())
}

async fn seal(
    house: &House,
    c: Community,
    s: &Succession,
    work: Work,
    log: PathBuf,
) -> Result<Sealed, SuccessionError> {
    let compound = name(house, c).await?;
    let (id, day) = (s.id.to_string(), house.now().date().to_string());
    let successor = s.successor.clone();
    let sealed = tokio::task::spawn_blocking(move || {
        let sealed = work.bag.seal(&[
            ("Source-Organization", &compound),
            ("Contact-Name", &successor),
            ("External-Description", "業主檔案移交"),
            ("External-Identifier", &id),
            ("Bagging-Date", &day),
            ("Bag-Software-Agent", "linli"),
        ])?;
        // It is in the bag now; a copy left behind would only take room.
        std::fs::remove_dir_all(&log)?;
        Ok::<_, SuccessionError>(sealed)
    });
    sealed.await.map_err(io::Error::other)?
}

async fn went_on(
    house: &House,
    c: Community,
    id: Id,
    work: &Work,
    dossiers: i64,
) -> Result<(), SuccessionError> {
    let (documents, bytes) = (work.documents(), work.bag.bytes() as i64);
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            tx.execute(store::progress(c, id, dossiers, documents, bytes))?;
            plan(&mut tx, id, dossiers + documents)?;
            let event = Event::new(events::WENT_ON)
                .about("succession", id)
                .to(Audience::Staff)
                .with("dossiers", dossiers)
                .with("documents", documents)
                .with("bytes", bytes);
            Ok(tx.record(event, ())?)
        })
        .await
}

async fn finish(
    house: &House,
    c: Community,
    s: &Succession,
    sealed: &Sealed,
) -> Result<(), SuccessionError> {
    let (id, dossiers, sealed) = (s.id, s.dossiers, sealed.clone());
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let hex: String = sealed.digest.iter().map(|b| format!("{b:02x}")).collect();
            if tx.execute(store::written(c, id, &hex, now))? == 0 {
                return Err(SuccessionError::Changed);
            }
            let event = Event::new(events::WRITTEN)
                .about("succession", id)
                .to(Audience::Staff)
                .with("dossiers", dossiers)
                .with("files", sealed.files as i64)
                .with("bytes", sealed.bytes as i64)
                .with("digest", sealed.digest);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The compound's name.
async fn name(house: &House, c: Community) -> Result<String, SuccessionError> {
    let found = communities::by_number(&house.db, c).await?;
    found.map(|c| c.name).ok_or(SuccessionError::NotFound)
}
