//! What is said about a ticket on its way, with pictures: to the reporter, or among colleagues.

use std::path::PathBuf;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look as _, Row, Tx};
use foundation::house::{House, write_durably};
use foundation::ids::Id;
use foundation::keys::Keyring;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use foundation::pictures;
use permissions::actor::Actor;

use crate::calendar::Office;
use crate::log::{self, Draft, Note};
use crate::looking;
use crate::states::Hand;
use crate::words::frozen;
use crate::{Refused, events, incident, moving, sealing, store, tell, words_of};

/// Pictures of one sending, and of one ticket in all.
pub const PICTURES_MAX: usize = 9;
pub const OF_TICKET_MAX: i64 = 60;

frozen! {
    /// What a picture shows.
    Shows {
        Report = "report", key("desk-shows-report");
        Before = "before", key("desk-shows-before");
        After = "after", key("desk-shows-after");
    }
}

/// A picture of a ticket.
#[derive(Clone, Debug)]
pub struct Picture {
    pub id: Id,
    pub shows: Shows,
    pub width: i64,
    pub height: i64,
    pub at: Moment,
}

impl FromRow for Picture {
    fn from_row(row: &mut Row) -> Result<Picture, DbError> {
        Ok(Picture {
            id: row.next()?,
            shows: row.next()?,
            width: row.next()?,
            height: row.next()?,
            at: row.next()?,
        })
    }
}

fn place(house: &House, c: Community, ticket: Id, picture: Id) -> PathBuf {
    house
        .data_dir
        .join("desk")
        .join(c.to_string())
        .join(ticket.to_string())
        .join(picture.to_string())
}

/// Pictures that lie sealed on the disk and wait for the write that names them.
pub(crate) struct Stored {
    pub rows: Vec<Picture>,
    paths: Vec<PathBuf>,
}

impl Stored {
    /// What no row names is nobody's.
    pub(crate) async fn forget(self) {
        for path in self.paths {
            let _ = tokio::fs::remove_file(path).await;
        }
    }
}

pub(crate) async fn store_away(
    house: &House,
    c: Community,
    ring: &Keyring,
    ticket: Id,
    whose: Id,
    shows: Shows,
    pictures: Vec<pictures::Picture>,
) -> Result<Stored, Refused> {
    if pictures.len() > PICTURES_MAX {
        return Err(Refused::TooMany);
    }
    let (mut rows, mut paths) = (Vec::new(), Vec::new());
    for picture in pictures {
        let id = house.id();
        let sealed = house
            .keys
            .seal(ring, whose, &sealing::picture(id), &picture.jpeg)?;
        let path = place(house, c, ticket, id);
        let to = path.clone();
        tokio::task::spawn_blocking(move || {
            if let Some(dir) = to.parent() {
                std::fs::create_dir_all(dir)?;
            }
            write_durably(&to, &sealed)
        })
        .await
        .unwrap_or_else(|e| Err(std::io::Error::other(e)))?;
        paths.push(path);
        rows.push(Picture {
            id,
            shows,
            width: i64::from(picture.width),
            height: i64::from(picture.height),
            at: house.now(),
        });
    }
    Ok(Stored { rows, paths })
}

pub(crate) fn pictures_in(
    tx: &mut Tx<'_>,
    c: Community,
    ticket: Id,
    rows: &[Picture],
) -> Result<(), Refused> {
    if rows.is_empty() {
        return Ok(());
    }
    let (n,): (i64,) = tx.one(store::work::count_pictures(c, ticket))?;
    if n + rows.len() as i64 > OF_TICKET_MAX {
        return Err(Refused::TooMany);
    }
    for row in rows {
        tx.execute(store::work::insert_picture(c, ticket, row))?;
    }
    Ok(())
}

/// The pictures of a ticket.
pub async fn pictures_of(house: &House, by: &Actor, ticket: Id) -> Result<Vec<Picture>, Refused> {
    looking::ticket(house, by, ticket).await?;
    let asked = store::work::pictures(by.community, ticket, OF_TICKET_MAX);
    Ok(house.db.all(asked).await?)
}

/// One of them.
pub async fn picture(
    house: &House,
    by: &Actor,
    ticket: Id,
    picture: Id,
) -> Result<Vec<u8>, Refused> {
    let t = looking::ticket(house, by, ticket).await?;
    let c = by.community;
    let known = pictures_of(house, by, ticket).await?;
    if !known.iter().any(|p| p.id == picture) {
        return Err(Refused::NotFound);
    }
    let sealed = match tokio::fs::read(place(house, c, ticket, picture)).await {
        Ok(sealed) => sealed,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(Refused::NotFound),
        Err(e) => return Err(e.into()),
    };
    let ring = house.keys.ring(c, &[t.whose]).await?;
    let open = ring.open_bytes(t.whose, &sealing::picture(picture), &sealed)?;
    Ok(open.ok_or(Refused::NotFound)?.to_vec())
}

/// What is said.
pub struct Saying {
    pub words: String,
    /// To the reporter; otherwise among colleagues.
    pub public: bool,
    pub shows: Shows,
    pub pictures: Vec<pictures::Picture>,
    pub sent_id: String,
}

/// Says something about a ticket: an answer to the reporter, a note among colleagues, or what
/// the reporter adds.
///
/// # Errors
/// [`Refused::Words`] where there is neither word nor picture; [`Refused::NotFound`] for eyes
/// that do not fall on it.
pub async fn say(house: &House, by: &Actor, id: Id, saying: Saying) -> Result<(), Refused> {
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    if crate::was_sent(house, c, account, &saying.sent_id).await? {
        return Ok(());
    }
    let t = looking::ticket(house, by, id).await?;
    let text = words_of(&saying.words)?;
    if text.is_empty() && saying.pictures.is_empty() {
        return Err(Refused::Words);
    }
    let hands = looking::hands(by, &t);
    let inside = hands.iter().find(|h| **h != Hand::Reporter).copied();
    let (note, hand, public) = match inside {
        Some(hand) if saying.public => (Note::Answered, hand, true),
        Some(hand) => (Note::Noted, hand, false),
        None if hands.contains(&Hand::Reporter) => (Note::Added, Hand::Reporter, true),
        None => return Err(Refused::NotFound),
    };
    let by_name = accounts::name_of(house, account).await?;
    let ring = house.keys.make(c, &[t.whose]).await?;
    let words = house.keys.seal_text(&ring, t.whose, sealing::STEP, &text)?;
    let shows = if inside.is_some() {
        saying.shows
    } else {
        Shows::Report
    };
    let telling = telling_of(house, by, &t, note).await?;
    let all = match note {
        Note::Answered => incident::telling(house, by, &t).await?,
        _ => None,
    };
    let stored = store_away(house, c, &ring, id, t.whose, shows, saying.pictures).await?;
    let rows = stored.rows.clone();
    let office = Office::of(house, c).await?;
    let by = by.clone();
    let (who, digest) = looking::who(house, &by, t.veil, inside.is_none());
    let sent_id = saying.sent_id.clone();
    let done = house
        .write(c, &who, move |mut tx| {
            let mut t = looking::ticket_in(&mut tx, &by, id)?;
            let draft = Draft {
                act: note.word(),
                by_account: Some(account),
                by_name,
                hand: hand.word(),
                public,
                words,
                until_at: None,
                sent_id: saying.sent_id,
            };
            log::write_in(&mut tx, c, id, t.state, draft)?;
            pictures_in(&mut tx, c, id, &rows)?;
            moving::keep_in(&mut tx, c, &mut t, &office)?;
            for telling in telling.iter().chain(&all) {
                telling.put_in(&mut tx)?;
            }
            let event = Event::new(events::SAID)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("what", note.word())
                .with("pictures", rows.len() as i64)
                .with_some("reporter", digest);
            Ok(tx.record(event, ())?)
        })
        .await;
    if done.is_err() {
        stored.forget().await;
        if crate::was_sent(house, c, account, &sent_id).await? {
            return Ok(());
        }
    }
    done
}

/// The reporter learns of an answer; who has the ticket, of what the reporter adds.
async fn telling_of(
    house: &House,
    by: &Actor,
    t: &crate::Ticket,
    note: Note,
) -> Result<Option<tell::Telling>, Refused> {
    let (to, title, path) = match note {
        Note::Answered => {
            let path = format!("/my-tickets/{}", t.id);
            (t.reporter_account, key("desk-told-answered"), path)
        }
        Note::Added => (
            t.assignee,
            key("desk-told-added"),
            format!("/desk/{}", t.id),
        ),
        _ => return Ok(None),
    };
    let to: Vec<Id> = to.into_iter().filter(|a| Some(*a) != by.account).collect();
    Ok(tell::prepare(house, by.community, &to, title, t.number, path, false).await?)
}
