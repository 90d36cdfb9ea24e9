//! Boxes: each dossier with papers has one, or several; a parking space may share its flat's.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look as _, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use hanzi::room::{Kind, RoomCode};
use permissions::Permission;
use permissions::actor::Actor;

use crate::store::After;
use crate::{AMONG_MAX, ShelfError, events, spine, standing, store};

/// Boxes that are read or made in one go: [`foundation::database::LIST_MAX`].
const TAKE: i64 = 500;

/// Where a box stands: layer and slot are counted from 1, from the top and from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    pub cabinet: Id,
    pub layer: i64,
    pub slot: i64,
}

/// A box with what it needs of its dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveBox {
    pub id: Id,
    pub dossier: Id,
    /// Which of how many boxes of its dossier, from 1.
    pub nth: i64,
    pub among: i64,
    /// Width of the spine in millimetres.
    pub spine: i64,
    pub spot: Option<Spot>,
    /// What its label has to say, and since when it says that.
    pub says: String,
    pub changed_at: Moment,
    /// The serial on it, and what that label says; empty without one.
    pub label: String,
    pub labelled: String,
    pub version: i64,
    pub room: Id,
    pub code: String,
    /// 檔案編號
    pub number: String,
    pub tenure: i64,
    pub building: String,
    /// Pages filed in the dossier.
    pub pages: i64,
    pub sort_key: Vec<u8>,
}

impl FromRow for ArchiveBox {
    fn from_row(row: &mut Row) -> Result<ArchiveBox, DbError> {
        let (id, dossier, nth, among, spine) = (
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
            row.next()?,
        );
        let cabinet: String = row.next()?;
        let (layer, slot) = (row.next()?, row.next()?);
        Ok(ArchiveBox {
            id,
            dossier,
            nth,
            among,
            spine,
            spot: cabinet.parse().ok().map(|cabinet| Spot {
                cabinet,
                layer,
                slot,
            }),
            says: row.next()?,
            changed_at: row.next()?,
            label: row.next()?,
            labelled: row.next()?,
            version: row.next()?,
            room: row.next()?,
            code: row.next()?,
            number: row.next()?,
            tenure: row.next()?,
            building: row.next()?,
            pages: row.next()?,
            sort_key: row.next()?,
        })
    }
}

impl ArchiveBox {
    /// Its place in shelf order.
    pub fn rank(&self) -> (&[u8], i64, i64) {
        (&self.sort_key, self.tenure, self.nth)
    }

    /// Tenure and box as labels write them: `02·1/2`.
    pub fn tenure_text(&self) -> String {
        format!("{:02}·{}/{}", self.tenure, self.nth, self.among)
    }

    /// What the label on it says is not what it has to say, or there is none.
    pub fn wants_label(&self) -> bool {
        self.label.is_empty() || self.labelled != self.says
    }

    fn to_say(&self) -> String {
        format!(
            "{}|{}|{}|{}",
            self.spine,
            self.code,
            self.number,
            self.tenure_text()
        )
    }
}

/// One box.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<ArchiveBox, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let found = house.db.optional(store::one_box(by.community, id)).await?;
    found.ok_or(ShelfError::NotFound)
}

/// The boxes in which a dossier's papers lie: its own, or the one that it shares.
pub async fn of_dossier(
    house: &House,
    by: &Actor,
    dossier: Id,
) -> Result<Vec<ArchiveBox>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let own: Vec<ArchiveBox> = house.db.all(store::of_dossier(c, dossier)).await?;
    if !own.is_empty() {
        return Ok(own);
    }
    Ok(house.db.all(store::host_of(c, dossier)).await?)
}

/// Dossiers that lie in a box beside its own: id and code.
pub async fn guests(house: &House, by: &Actor, id: Id) -> Result<Vec<(Id, String)>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house.db.all(store::guests(by.community, id)).await?)
}

/// How many dossiers with papers have no box yet.
pub async fn without(house: &House, by: &Actor) -> Result<i64, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(store::count_boxless(by.community)).await?;
    Ok(n)
}

/// How many boxes have no label, or one that says something else than it must.
pub async fn unlabelled(house: &House, by: &Actor) -> Result<i64, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house
        .db
        .one(store::chosen::count_unlabelled(by.community))
        .await?;
    Ok(n)
}

/// A dossier without a box: id, code, number, tenure, pages, key.
type Boxless = (Id, String, String, i64, i64, Vec<u8>);

/// Makes boxes for dossiers that have none and says anew what labels have to say: after
/// dossiers were opened, and when rooms were renamed. Parking spaces and store rooms get one
/// when there are papers. Returns how many boxes were made.
pub async fn tend(house: &House, by: &Actor) -> Result<usize, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    // First: what lay in a box that goes is without one.
    repeat(house, by).await?;
    let mut made = 0;
    let mut after = After::default();
    loop {
        let found: Vec<Boxless> = house.db.all(store::boxless(c, &after, TAKE)).await?;
        let full = found.len() as i64 == TAKE;
        if let Some((id, _, _, tenure, _, key)) = found.last() {
            after = After {
                key: key.clone(),
                tenure: *tenure,
                id: id.to_string(),
            };
        }
        made += make(house, by, found).await?;
        if !full {
            return Ok(made);
        }
    }
}

/// The same for some dossiers that were opened, or got their first papers.
pub(crate) async fn give(house: &House, by: &Actor, dossiers: &[Id]) -> Result<usize, ShelfError> {
    let mut made = 0;
    for part in dossiers.chunks(TAKE as usize) {
        let asked = store::boxless_of(by.community, part);
        made += make(house, by, house.db.all(asked).await?).await?;
    }
    Ok(made)
}

async fn make(house: &House, by: &Actor, found: Vec<Boxless>) -> Result<usize, ShelfError> {
    let c = by.community;
    let ids: Vec<Id> = found.iter().map(|_| house.id()).collect();
    if found.is_empty() {
        return Ok(0);
    }
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            let mut made = 0;
            for ((dossier, code, number, tenure, pages, _), id) in found.into_iter().zip(ids) {
                let (among, mm) = spine::suggested(pages);
                // A second box is a person's decision; the first is as wide as it gets.
                let mm = if among > 1 { 60 } else { mm };
                let says = format!("{mm}|{code}|{number}|{tenure:02}·1/1");
                made += tx.execute(store::insert(c, id, dossier, 1, mm, &says, now))?;
            }
            tx.execute(store::touch(c))?;
            let event = Event::new(events::TENDED).to(Audience::Staff);
            let event = event.with("made", made as i64).with("labels", 0i64);
            Ok::<_, ShelfError>(tx.record(event, made as usize)?)
        })
        .await
}

/// Boxes of dossiers that an undone import took back go; labels have to say what their rooms
/// are called today.
pub(crate) async fn repeat(house: &House, by: &Actor) -> Result<(), ShelfError> {
    let c = by.community;
    let who = by.who_for(Permission::ArchiveFile);
    loop {
        let void: Vec<(Id,)> = house.db.all(store::void(c, TAKE)).await?;
        if void.is_empty() {
            break;
        }
        house
            .write(c, &who, move |mut tx| {
                let now = tx.now();
                for (id,) in void {
                    tx.execute(store::void_labels_of(c, id, now))?;
                    // Whose papers lie in it are without a box until they get one of their own.
                    tx.execute(store::part_all(c, id))?;
                    tx.execute(store::drop_box(c, id))?;
                }
                tx.execute(store::part_void(c))?;
                tx.execute(store::touch(c))?;
                Ok::<_, ShelfError>(tx.record(tended(0), ())?)
            })
            .await?;
    }
    let mut after = String::new();
    loop {
        let asked = store::said_otherwise(c, &after, TAKE);
        let other: Vec<ArchiveBox> = house.db.all(asked).await?;
        let Some(last) = other.last() else {
            return Ok(());
        };
        after = last.id.to_string();
        house
            .write(c, &who, move |mut tx| {
                let (now, count) = (tx.now(), other.len() as i64);
                for one in other {
                    tx.execute(store::says(c, one.id, &one.to_say(), now))?;
                }
                tx.execute(store::touch(c))?;
                Ok::<_, ShelfError>(tx.record(tended(count), ())?)
            })
            .await?;
    }
}

/// Labels of so many boxes have to say something else; no box was made.
fn tended(labels: i64) -> Event {
    let event = Event::new(events::TENDED).to(Audience::Staff);
    event.with("made", 0i64).with("labels", labels)
}

/// What all labels of a dossier say again, after one of its boxes changed.
fn said_again(tx: &mut Tx<'_>, c: Community, dossier: Id) -> Result<(), ShelfError> {
    let now = tx.now();
    let all: Vec<ArchiveBox> = tx.all(store::of_dossier(c, dossier))?;
    for one in all.iter().filter(|b| b.to_say() != b.says) {
        tx.execute(store::says(c, one.id, &one.to_say(), now))?;
    }
    tx.execute(store::touch(c))?;
    Ok(())
}

/// Puts the papers into a box of another width. One that its layer cannot take stands nowhere
/// from now on and is on the list of moves; whether it kept its place.
pub async fn set_spine(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    mm: i64,
) -> Result<bool, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    spine::of_mm(mm).ok_or(ShelfError::Spine)?;
    let c = by.community;
    let before = one(house, by, id).await?;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::set_spine(c, id, version, mm))? == 0 {
                return Err(ShelfError::Changed);
            }
            let fits = standing::still_fits(&mut tx, c, id)?;
            said_again(&mut tx, c, before.dossier)?;
            let event = Event::new(events::SPINE_SET)
                .about("box", id)
                .to(Audience::Staff)
                .with("spine", mm)
                .with("stays", fits);
            Ok(tx.record(event, fits)?)
        })
        .await
}

/// Gives a dossier another box, behind those it has.
pub async fn add(house: &House, by: &Actor, dossier: Id, mm: i64) -> Result<Id, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    spine::of_mm(mm).ok_or(ShelfError::Spine)?;
    let (c, id) = (by.community, house.id());
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let there: Vec<ArchiveBox> = tx.all(store::of_dossier(c, dossier))?;
            let among = there.len() as i64 + 1;
            if there.is_empty() {
                return Err(ShelfError::NotFound);
            }
            if among > AMONG_MAX {
                return Err(ShelfError::Boxes);
            }
            let now = tx.now();
            tx.execute(store::insert(c, id, dossier, among, mm, "", now))?;
            tx.execute(store::set_among(c, dossier, among))?;
            said_again(&mut tx, c, dossier)?;
            let event = Event::new(events::BOX_ADDED)
                .about("box", id)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("spine", mm);
            Ok(tx.record(event, id)?)
        })
        .await
}

/// Takes a dossier's last box away: it is empty, its papers lie in those before it.
pub async fn drop_last(house: &House, by: &Actor, dossier: Id) -> Result<(), ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let there: Vec<ArchiveBox> = tx.all(store::of_dossier(c, dossier))?;
            let Some(last) = there.last().filter(|_| there.len() > 1) else {
                return Err(ShelfError::Boxes);
            };
            let guests: Vec<(Id, String)> = tx.all(store::guests(c, last.id))?;
            if !guests.is_empty() {
                return Err(ShelfError::InUse);
            }
            let now = tx.now();
            tx.execute(store::void_labels_of(c, last.id, now))?;
            tx.execute(store::drop_box(c, last.id))?;
            tx.execute(store::set_among(c, dossier, there.len() as i64 - 1))?;
            said_again(&mut tx, c, dossier)?;
            let event = Event::new(events::BOX_DROPPED)
                .about("box", last.id)
                .to(Audience::Staff)
                .with("dossier", dossier);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Lays the papers of a parking space or store room into a flat's box. A box of its own that
/// it had goes, and its labels are void.
pub async fn share(house: &House, by: &Actor, guest: Id, host: Id) -> Result<(), ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let into = one(house, by, host).await?;
    let found: Option<(String, Option<String>)> =
        house.db.optional(store::purpose(c, guest)).await?;
    let (code, purpose) = found.ok_or(ShelfError::NotFound)?;
    let by_code = RoomCode::parse(&code).map(|code| code.kind());
    let small = matches!(purpose.as_deref(), Some("parking" | "other"))
        || matches!(by_code, Ok(Kind::Parking | Kind::Storage));
    if !small || into.dossier == guest {
        return Err(ShelfError::Guest);
    }
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            let own: Vec<ArchiveBox> = tx.all(store::of_dossier(c, guest))?;
            for one in &own {
                let theirs: Vec<(Id, String)> = tx.all(store::guests(c, one.id))?;
                if !theirs.is_empty() {
                    return Err(ShelfError::InUse);
                }
                tx.execute(store::void_labels_of(c, one.id, now))?;
                tx.execute(store::drop_box(c, one.id))?;
            }
            if tx
                .optional::<ArchiveBox>(store::one_box(c, host))?
                .is_none()
            {
                return Err(ShelfError::NotFound);
            }
            tx.execute(store::share(c, guest, host))?;
            tx.execute(store::touch(c))?;
            let event = Event::new(events::SHARED)
                .about("box", host)
                .to(Audience::Staff)
                .with("dossier", guest);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Takes such papers out again; they get a box of their own when boxes are made next.
pub async fn part(house: &House, by: &Actor, guest: Id) -> Result<(), ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            if tx.execute(store::part(c, guest))? == 0 {
                return Err(ShelfError::NotFound);
            }
            let event = Event::new(events::PARTED).to(Audience::Staff);
            Ok(tx.record(event.with("dossier", guest), ())?)
        })
        .await
}
