//! From a picture to whose page it shows: the code that each page carries leads to viewing,
//! document, page, reader and time.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, FromValue, Row, Value};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::viewing::Viewing;
use crate::{ViewingError, act, events, stamping, store};

/// The largest picture that is read: a phone's photograph in full.
pub const PICTURE_BYTES_MAX: usize = 40 << 20;

/// A page that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub code: i64,
    pub viewing: Id,
    pub document: Id,
    pub page: i64,
    pub reader: Id,
    pub reader_name: String,
    pub at: Moment,
    /// The number of the copy that it was printed on.
    pub copy: Option<i64>,
    pub task: Task,
    /// When it was shown last under this code, and how often.
    pub last_at: Moment,
    pub times: i64,
}

/// What somebody looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// As whom the viewing was granted to.
    Read,
    /// To cover what is of others in an own file.
    Cover,
    /// To let the covered pages go.
    Release,
}

impl Task {
    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Task::Read => "read",
            Task::Cover => "cover",
            Task::Release => "release",
        }
    }
}

impl FromValue for Task {
    fn from_value(value: Value) -> Result<Task, DbError> {
        let word = String::from_value(value)?;
        [Task::Read, Task::Cover, Task::Release]
            .into_iter()
            .find(|task| task.word() == word)
            .ok_or_else(|| DbError::Shape(format!("a look for {word}")))
    }
}

impl FromRow for Shown {
    fn from_row(row: &mut Row) -> Result<Shown, DbError> {
        Ok(Shown {
            code: row.next()?,
            viewing: row.next()?,
            document: row.next()?,
            page: row.next()?,
            reader: row.next()?,
            reader_name: row.next()?,
            at: row.next()?,
            copy: row.next()?,
            task: row.next()?,
            last_at: row.next()?,
            times: row.next()?,
        })
    }
}

/// A page that a picture was traced to.
#[derive(Clone, Debug)]
pub struct Traced {
    pub shown: Shown,
    pub viewing: Viewing,
    /// From 0 to 1.
    pub confidence: f32,
}

/// The codes that a picture carries, with how sure each is; the surest first.
///
/// # Errors
/// [`ViewingError::Picture`] for what is none.
pub async fn codes(bytes: Vec<u8>) -> Result<Vec<(i64, f32)>, ViewingError> {
    let read = tokio::task::spawn_blocking(move || {
        let picture = stamping::decode(&bytes)?;
        let found = watermark::trace(&picture);
        let sure = |f: &watermark::Found| (f.code.number() as i64, f.confidence);
        Ok::<_, ViewingError>(found.iter().map(sure).collect())
    });
    read.await.map_err(std::io::Error::other)?
}

/// What a code leads to in a compound. Names no permission: for the command line, which is the
/// operator's, and for [`trace`].
pub async fn find(
    house: &House,
    c: Community,
    code: i64,
    confidence: f32,
) -> Result<Option<Traced>, ViewingError> {
    let found: Option<Shown> = house.db.optional(store::read::by_code(c, code)).await?;
    let Some(shown) = found else {
        return Ok(None);
    };
    Ok(Some(Traced {
        viewing: act::one(house, c, shown.viewing).await?,
        shown,
        confidence,
    }))
}

/// Whose pages a picture shows, for the manager; the asking is in the ledger.
///
/// # Errors
/// [`ViewingError::Picture`] for what is none.
pub async fn trace(house: &House, by: &Actor, bytes: Vec<u8>) -> Result<Vec<Traced>, ViewingError> {
    by.may(Permission::ViewingTrace)?;
    let c = by.community;
    let mut out = Vec::new();
    for (code, confidence) in codes(bytes).await? {
        out.extend(find(house, c, code, confidence).await?);
    }
    let first = out.first().map(|t: &Traced| t.viewing.id);
    let pages = out.len() as i64;
    house
        .write::<_, ViewingError, _>(c, &by.who_for(Permission::ViewingTrace), move |tx| {
            let event = Event::new(events::TRACED)
                .to(Audience::Staff)
                .with("pages", pages)
                .with_some("viewing", first);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(out)
}
