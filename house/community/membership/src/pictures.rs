//! Pictures of proof: taken from the applicant, sealed under the applicant's key, kept
//! as files in the data folder, shown to verifiers only, destroyed when their time is over.

use std::path::PathBuf;

use super::draft;
use super::store;
use super::{MembershipError, apply, events};
use foundation::clock::Moment;
use foundation::database::{Chore, Community, Look};
use foundation::house::{House, write_durably};
use foundation::ids::Id;
use foundation::ledger::Event;
use foundation::pictures;
use permissions::Permission;
use permissions::actor::Actor;

/// Front and back of a deed, a contract's first and last page, a letter of authority.
pub const PICTURES_MAX: usize = 6;

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// 房產證
    Deed,
    /// 購房合同
    Contract,
    /// 授權書
    Authority,
    /// 身份證件: asks for a consent of its own (PIPL 29)
    Identity,
    Other,
}

impl PictureKind {
    pub const ALL: [PictureKind; 5] = [
        PictureKind::Deed,
        PictureKind::Contract,
        PictureKind::Authority,
        PictureKind::Identity,
        PictureKind::Other,
    ];

    /// As forms send it and the row keeps it.
    pub fn word(self) -> &'static str {
        match self {
            PictureKind::Deed => "deed",
            PictureKind::Contract => "contract",
            PictureKind::Authority => "authority",
            PictureKind::Identity => "identity",
            PictureKind::Other => "other",
        }
    }

    pub fn from_word(word: &str) -> Option<PictureKind> {
        PictureKind::ALL.into_iter().find(|k| k.word() == word)
    }
}

/// What was added already, as far as the screens depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Have {
    pub pictures: usize,
    /// One of them is an identity document.
    pub identity: bool,
}

impl Have {
    pub fn of(list: &[Proof]) -> Have {
        Have {
            pictures: list.len(),
            identity: list.iter().any(|p| p.kind == PictureKind::Identity),
        }
    }
}

/// A picture as it is listed.
#[derive(Clone, Debug)]
pub struct Proof {
    pub id: Id,
    pub kind: PictureKind,
    pub width: i64,
    pub height: i64,
    pub bytes: i64,
    pub added_at: Moment,
}

fn folder(house: &House, c: Community, application: Id) -> PathBuf {
    house
        .data_dir
        .join("pictures")
        .join(c.to_string())
        .join(application.to_string())
}

fn column(picture: Id) -> String {
    format!("picture/{picture}")
}

/// Adds a picture to a draft, or to an application that was asked for more.
pub async fn add(
    house: &House,
    c: Community,
    secret: &str,
    kind: PictureKind,
    bytes: Vec<u8>,
) -> Result<Id, MembershipError> {
    let application = room_for_more(house, c, secret).await?;
    keep(house, c, application, kind, pictures::take(bytes).await?).await
}

/// As [`add`], from a file in [`incoming`], which is taken away whatever happens.
pub async fn add_file(
    house: &House,
    c: Community,
    secret: &str,
    kind: PictureKind,
    path: PathBuf,
) -> Result<Id, MembershipError> {
    let taken = async {
        let application = room_for_more(house, c, secret).await?;
        keep(
            house,
            c,
            application,
            kind,
            pictures::take_file(path.clone()).await?,
        )
        .await
    };
    let taken = taken.await;
    // Should the house fall over before this, [`at_start`] takes the file away.
    let _ = tokio::fs::remove_file(&path).await;
    taken
}

/// Where uploads are streamed to before anything is known about them.
pub async fn incoming(house: &House) -> Result<PathBuf, MembershipError> {
    let dir = house.data_dir.join("incoming");
    tokio::fs::create_dir_all(&dir).await?;
    Ok(dir.join(house.id().to_string()))
}

/// Takes away what a crash left of uploads that were under way: they were not sealed yet.
pub async fn at_start(house: &House) -> Result<(), MembershipError> {
    match tokio::fs::remove_dir_all(house.data_dir.join("incoming")).await {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}

async fn room_for_more(house: &House, c: Community, secret: &str) -> Result<Id, MembershipError> {
    let application = whose(house, c, secret).await?;
    let (have,): (i64,) = house.db.one(store::count_pictures(c, application)).await?;
    if have >= PICTURES_MAX as i64 {
        return Err(MembershipError::TooMany(PICTURES_MAX));
    }
    Ok(application)
}

async fn keep(
    house: &House,
    c: Community,
    application: Id,
    kind: PictureKind,
    picture: pictures::Picture,
) -> Result<Id, MembershipError> {
    let id = house.id();
    let ring = house.keys.ring(c, &[application]).await?;
    let sealed = house
        .keys
        .seal(&ring, application, &column(id), &picture.jpeg)?;
    let (size, dir) = (sealed.len() as i64, folder(house, c, application));
    let path = dir.join(id.to_string());
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&dir)?;
        write_durably(&path, &sealed)
    })
    .await
    .unwrap_or_else(|e| Err(std::io::Error::other(e)))?;
    let now = house.now();
    house
        .db
        .keep::<_, MembershipError, _>(Chore::Staging, c, move |r| {
            let (have,): (i64,) = r.one(store::count_pictures(c, application))?;
            if have >= PICTURES_MAX as i64 {
                return Err(MembershipError::TooMany(PICTURES_MAX));
            }
            let (w, h) = (picture.width, picture.height);
            r.execute(store::insert_picture(
                c,
                application,
                id,
                kind.word(),
                w,
                h,
                size,
                now,
            ))?;
            Ok(())
        })
        .await?;
    Ok(id)
}

/// Takes a picture back out of a draft.
pub async fn drop_one(
    house: &House,
    c: Community,
    secret: &str,
    picture: Id,
) -> Result<(), MembershipError> {
    let application = whose(house, c, secret).await?;
    house
        .db
        .keep::<_, MembershipError, _>(Chore::Staging, c, move |r| {
            r.execute(store::drop_picture(c, application, picture))?;
            Ok(())
        })
        .await?;
    let path = folder(house, c, application).join(picture.to_string());
    // A file left behind is sealed and goes with the rest later.
    let _ = tokio::fs::remove_file(path).await;
    Ok(())
}

/// The draft, or the application waiting for more, that a link may add pictures to.
async fn whose(house: &House, c: Community, secret: &str) -> Result<Id, MembershipError> {
    if let Some(draft) = draft::open(house, c, secret).await? {
        return Ok(draft.id);
    }
    let app = apply::find(house, c, secret).await?;
    if app.pictures_erased_at.is_some() {
        // Their key is destroyed: what comes later is shown at the desk.
        Err(MembershipError::PapersOver)
    } else if app.state == super::State::NeedsInfo {
        Ok(app.id)
    } else {
        Err(MembershipError::NotFound)
    }
}

/// The pictures of an application that still exist.
pub async fn list(
    house: &House,
    c: Community,
    application: Id,
) -> Result<Vec<Proof>, MembershipError> {
    type Row = (Id, String, i64, i64, i64, Moment);
    let rows: Vec<Row> = house.db.all(store::pictures(c, application)).await?;
    let proof = |(id, kind, width, height, bytes, added_at): Row| Proof {
        id,
        kind: PictureKind::from_word(&kind).unwrap_or(PictureKind::Other),
        width,
        height,
        bytes,
        added_at,
    };
    Ok(rows.into_iter().map(proof).collect())
}

/// A picture for the applicant's own eyes, by the secret of the link.
pub async fn own(
    house: &House,
    c: Community,
    secret: &str,
    picture: Id,
) -> Result<Vec<u8>, MembershipError> {
    let application = match draft::open(house, c, secret).await? {
        Some(draft) => draft.id,
        None => apply::find(house, c, secret).await?.id,
    };
    read(house, c, application, picture).await
}

/// A picture for a verifier; that it was looked at stands in the ledger first.
pub async fn show(
    house: &House,
    by: &Actor,
    application: Id,
    picture: Id,
) -> Result<Vec<u8>, MembershipError> {
    by.may(Permission::MembershipVerify)?;
    let c = by.community;
    let bytes = read(house, c, application, picture).await?;
    house
        .write(c, &by.who_for(Permission::MembershipVerify), move |tx| {
            let event = Event::new(events::PICTURE_SEEN)
                .about("application", application)
                .with("picture", picture);
            Ok::<_, MembershipError>(tx.record(event, ())?)
        })
        .await?;
    Ok(bytes)
}

async fn read(
    house: &House,
    c: Community,
    application: Id,
    picture: Id,
) -> Result<Vec<u8>, MembershipError> {
    let known = list(house, c, application)
        .await?
        .iter()
        .any(|p| p.id == picture);
    if !known {
        return Err(MembershipError::NotFound);
    }
    let path = folder(house, c, application).join(picture.to_string());
    let sealed = match tokio::fs::read(path).await {
        Ok(sealed) => sealed,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(MembershipError::NotFound);
        }
        Err(e) => return Err(e.into()),
    };
    let ring = house.keys.ring(c, &[application]).await?;
    let open = ring.open_bytes(application, &column(picture), &sealed)?;
    Ok(open.ok_or(MembershipError::NotFound)?.to_vec())
}

/// Destroys the files of some pictures; their rows are marked by the caller's write.
pub(super) async fn forget(house: &House, c: Community, application: Id, pictures: &[Id]) {
    for picture in pictures {
        let path = folder(house, c, application).join(picture.to_string());
        if let Err(e) = tokio::fs::remove_file(path).await
            && e.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(error = %e, "a picture could not be removed");
        }
    }
}

/// Destroys the files of an application.
pub(super) async fn forget_files(house: &House, c: Community, application: Id) {
    let dir = folder(house, c, application);
    if let Err(e) = tokio::fs::remove_dir_all(&dir).await
        && e.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(error = %e, "pictures of an application could not be removed");
    }
}
