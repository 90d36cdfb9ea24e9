//! Pictures and files of a message: taken from the upload on the disk, pictures written
//! anew with nothing of what came along, files under a name that deceives nobody; sealed
//! under a key of the message's own, and handed out only while the message is shown.

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use foundation::database::Community;
use foundation::house::{House, write_durably};
use foundation::ids::Id;
use foundation::keys::{KeyError, Keyring};
use foundation::pictures::{self, PictureRefused};
use permissions::actor::Actor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::message::{Message, MessageState};
use crate::parts::{File, Parts, Picture};
use crate::{GroupError, channels, store};

/// Pictures of one message: a screen of nine, as in WeChat.
pub const PICTURES_MAX: usize = 9;
/// Files of one message.
pub const FILES_MAX: usize = 5;
/// The longest file: a scanned notice or a drawing.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;
/// All of one sending with its form.
pub const SENDING_BYTES_MAX: usize = 100 * 1024 * 1024;
/// Pictures and files that one member sends within a day, so that nobody fills the disk.
pub const A_DAY_MAX: usize = 100;
const NAME_CHARS_MAX: usize = 100;
/// A file is sealed in pieces, so that handing it out needs one piece of memory.
const PIECE_BYTES: usize = 256 * 1024;

/// What was taken from an upload, not yet said.
#[derive(Clone, Debug)]
pub struct Attached {
    /// The id of the message that will carry it, which is the name of its key.
    pub message: Id,
    pub parts: Parts,
}

/// Takes the pieces of an upload one after another.
pub struct Taking {
    c: Community,
    message: Id,
    ring: Option<Keyring>,
    parts: Parts,
}

impl Taking {
    /// Begins a sending to a channel, after a look whether there is room for more today.
    pub async fn begin(house: &House, by: &Actor, channel: Id) -> Result<Taking, GroupError> {
        channels::one(house, by, channel).await?;
        let account = by.account.ok_or(GroupError::NotFound)?;
        // Whoever is silent is told so before anything of theirs is decoded.
        if let Some(silence) = conduct::speech::silence(house, by.community, account).await? {
            return Err(GroupError::Silenced {
                until: silence.until,
            });
        }
        let since = house.now().plus(-foundation::clock::DAY);
        let said = store::said_since(by.community, account, since, A_DAY_MAX as i64);
        let said: Vec<Message> = house.db.all(said).await?;
        let count = |m: &Message| m.parts.pictures.len() + m.parts.files.len();
        if !channels::leads(by) && said.iter().map(count).sum::<usize>() >= A_DAY_MAX {
            return Err(GroupError::TooManyFiles);
        }
        Ok(Taking {
            c: by.community,
            message: house.id(),
            ring: None,
            parts: Parts::default(),
        })
    }

    /// Takes one uploaded file, which is removed whatever happens.
    pub async fn take(
        &mut self,
        house: &House,
        name: &str,
        path: PathBuf,
    ) -> Result<(), GroupError> {
        let taken = self.take_from(house, name, &path).await;
        let _ = tokio::fs::remove_file(&path).await;
        taken
    }

    async fn take_from(
        &mut self,
        house: &House,
        name: &str,
        path: &Path,
    ) -> Result<(), GroupError> {
        let mut first = [0; 16];
        let read = tokio::fs::File::open(path).await?.read(&mut first).await?;
        let is_picture = pictures::looks_like_one(&first[..read]);
        let full = if is_picture {
            self.parts.pictures.len() == PICTURES_MAX
        } else {
            self.parts.files.len() == FILES_MAX
        };
        if full {
            return Err(GroupError::TooManyFiles);
        }
        let dir = folder(house, self.c, self.message);
        tokio::fs::create_dir_all(&dir).await?;
        if self.ring.is_none() {
            self.ring = Some(house.keys.make(self.c, &[self.message]).await?);
        }
        let ring = self.ring.as_ref().expect("it was made above");
        let id = house.id();
        if is_picture {
            let (whole, small) = pictures::take_file_and_small(path.to_owned()).await?;
            for (place, jpeg) in [(whole_at(id), &whole.jpeg), (small_at(id), &small.jpeg)] {
                let sealed = house.keys.seal(ring, self.message, &place, jpeg)?;
                let to = dir.join(place.replace('/', "-"));
                tokio::task::spawn_blocking(move || write_durably(&to, &sealed))
                    .await
                    .unwrap_or_else(|e| Err(std::io::Error::other(e)))?;
            }
            self.parts.pictures.push(Picture {
                id,
                w: whole.width,
                h: whole.height,
            });
        } else {
            let bytes = tokio::fs::metadata(path).await?.len();
            if bytes == 0 || bytes > FILE_BYTES_MAX as u64 {
                return Err(GroupError::FileTooLarge);
            }
            seal_pieces(house, ring, self.message, id, path, &dir, bytes).await?;
            self.parts.files.push(File {
                id,
                name: cleaned_name(name),
                bytes,
            });
        }
        Ok(())
    }

    /// What was taken; `None` when nothing was.
    pub fn done(self) -> Option<Attached> {
        self.parts.stand_alone().then_some(Attached {
            message: self.message,
            parts: self.parts,
        })
    }

    /// Forgets all of it.
    pub async fn forget(&self, house: &House) {
        forget(house, self.c, self.message).await;
    }
}

/// Removes what belongs to a message that was not said.
pub async fn forget(house: &House, c: Community, message: Id) {
    if let Err(e) = tokio::fs::remove_dir_all(folder(house, c, message)).await
        && e.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(error = %e, "files of a message that was not said stay behind");
    }
}

/// Where an upload is streamed to before anything is known about it; what a crash leaves
/// there goes at the next start.
pub async fn incoming(house: &House) -> Result<PathBuf, GroupError> {
    let dir = house.data_dir.join("incoming");
    tokio::fs::create_dir_all(&dir).await?;
    Ok(dir.join(house.id().to_string()))
}

fn folder(house: &House, c: Community, message: Id) -> PathBuf {
    let dir = house.data_dir.join("group").join(c.to_string());
    dir.join(message.to_string())
}

fn whole_at(id: Id) -> String {
    format!("picture/{id}")
}

fn small_at(id: Id) -> String {
    format!("small/{id}")
}

/// The place of a piece says how many there are, so that none is left out or moved.
fn piece_at(id: Id, n: u64, of: u64) -> String {
    format!("file/{id}/{n}/{of}")
}

async fn seal_pieces(
    house: &House,
    ring: &Keyring,
    message: Id,
    id: Id,
    from: &Path,
    dir: &Path,
    bytes: u64,
) -> Result<(), GroupError> {
    let of = bytes.div_ceil(PIECE_BYTES as u64);
    let mut from = tokio::fs::File::open(from).await?;
    let mut to = tokio::fs::File::create(dir.join(format!("file-{id}"))).await?;
    let mut piece = vec![0; PIECE_BYTES];
    for n in 0..of {
        let left = bytes - n * PIECE_BYTES as u64;
        let piece = &mut piece[..left.min(PIECE_BYTES as u64) as usize];
        from.read_exact(piece).await?;
        let sealed = house
            .keys
            .seal(ring, message, &piece_at(id, n, of), piece)?;
        to.write_all(&(sealed.len() as u32).to_le_bytes()).await?;
        to.write_all(&sealed).await?;
    }
    to.sync_all().await?;
    Ok(())
}

/// A name without signs that cannot be seen, turn the line around or mean a folder; cut in
/// the middle, so that its ending stays.
pub fn cleaned_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = crate::speak::cleaned(last)
        .chars()
        .filter(|c| !matches!(c, '\n' | '"' | '<' | '>' | '|' | ':' | '*' | '?'))
        .collect();
    let kept = kept.trim().trim_start_matches('.').to_owned();
    let count = kept.chars().count();
    if kept.is_empty() {
        "file".to_owned()
    } else if count > NAME_CHARS_MAX {
        let head: String = kept.chars().take(NAME_CHARS_MAX - 21).collect();
        let tail: String = kept.chars().skip(count - 20).collect();
        format!("{head}…{tail}")
    } else {
        kept
    }
}

/// The message, if the reader may see what it carries: it is shown, in a channel of theirs,
/// or they judge it.
async fn carrying(house: &House, by: &Actor, message: Id) -> Result<Message, GroupError> {
    let found: Option<Message> = house
        .db
        .optional(store::message(by.community, message))
        .await?;
    let found = found.ok_or(GroupError::NotFound)?;
    if found.state != MessageState::Shown {
        let source = message.to_string();
        return match conduct::judge::may_review(house, by, "message", &source).await? {
            true => Ok(found),
            false => Err(GroupError::NotFound),
        };
    }
    channels::one(house, by, found.channel).await?;
    channels::entered(house, by).await?;
    Ok(found)
}

/// A picture that is handed out.
#[derive(Debug)]
pub struct Handed {
    pub jpeg: Vec<u8>,
    /// The message is shown: the reader's browser may keep it for a while.
    pub shown: bool,
}

/// A picture, whole or small.
pub async fn picture(
    house: &House,
    by: &Actor,
    message: Id,
    id: Id,
    small: bool,
) -> Result<Handed, GroupError> {
    let m = carrying(house, by, message).await?;
    if !m.parts.pictures.iter().any(|p| p.id == id) {
        return Err(GroupError::NotFound);
    }
    let place = if small { small_at(id) } else { whole_at(id) };
    let path = folder(house, by.community, message).join(place.replace('/', "-"));
    let sealed = read(&path).await?;
    let ring = house.keys.ring(by.community, &[message]).await?;
    let open = ring
        .open_bytes(message, &place, &sealed)
        .map_err(KeyError::from)?;
    Ok(Handed {
        jpeg: open.ok_or(GroupError::NotFound)?.to_vec(),
        shown: m.state == MessageState::Shown,
    })
}

async fn read(path: &Path) -> Result<Vec<u8>, GroupError> {
    tokio::fs::read(path).await.map_err(missing)
}

/// A file that is not there is nobody's to find.
fn missing(e: std::io::Error) -> GroupError {
    if e.kind() == std::io::ErrorKind::NotFound {
        GroupError::NotFound
    } else {
        e.into()
    }
}

/// A file that is being handed out.
pub struct Pieces {
    pub name: String,
    pub bytes: u64,
    /// As [`Handed::shown`].
    pub shown: bool,
    from: tokio::fs::File,
    ring: Keyring,
    message: Id,
    id: Id,
    n: u64,
}

/// Opens a file for handing out.
pub async fn file(house: &House, by: &Actor, message: Id, id: Id) -> Result<Pieces, GroupError> {
    let m = carrying(house, by, message).await?;
    let known = m.parts.files.iter().find(|f| f.id == id);
    let known = known.ok_or(GroupError::NotFound)?;
    let path = folder(house, by.community, message).join(format!("file-{id}"));
    let from = tokio::fs::File::open(path).await.map_err(missing)?;
    let ring = house.keys.ring(by.community, &[message]).await?;
    if !ring.has(message) {
        return Err(GroupError::NotFound);
    }
    Ok(Pieces {
        name: known.name.clone(),
        bytes: known.bytes,
        shown: m.state == MessageState::Shown,
        from,
        ring,
        message,
        id,
        n: 0,
    })
}

impl Pieces {
    /// The next piece; `None` after the last. A damaged one ends the answer.
    pub async fn next(&mut self) -> Option<std::io::Result<Bytes>> {
        let of = self.bytes.div_ceil(PIECE_BYTES as u64);
        if self.n == of {
            return None;
        }
        let piece = self.piece(of).await;
        // After a fault there is no next one.
        self.n = if piece.is_ok() { self.n + 1 } else { of };
        Some(piece)
    }

    async fn piece(&mut self, of: u64) -> std::io::Result<Bytes> {
        let length = self.from.read_u32_le().await? as usize;
        if length > PIECE_BYTES + 1024 {
            return Err(std::io::Error::other("a piece is longer than any"));
        }
        let mut sealed = vec![0; length];
        self.from.read_exact(&mut sealed).await?;
        let place = piece_at(self.id, self.n, of);
        let open = self.ring.open_bytes(self.message, &place, &sealed);
        match open {
            Ok(Some(open)) => Ok(Bytes::copy_from_slice(&open)),
            _ => Err(std::io::Error::other("a piece does not open")),
        }
    }
}

/// An upload that is no picture after all is the sender's to know.
impl From<PictureRefused> for GroupError {
    fn from(refused: PictureRefused) -> GroupError {
        GroupError::Picture(refused)
    }
}
