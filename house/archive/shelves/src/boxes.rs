//! Boxes: each dossier with papers has one, or several; a parking space may share its flat's.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look as _, Row, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use hanzi::room::{Kind, RoomCode};
use permissions::Permission;
use permissions::actor::Actor;

use crate::{AMONG_MAX, BOXES_MAX, ShelfError, events, spine, standing, store};

/// Dossiers that get boxes in one write.
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

/// Every box of a compound in shelf order.
pub async fn all(house: &House, c: Community) -> Result<Vec<ArchiveBox>, ShelfError> {
    let found: Vec<ArchiveBox> = house.db.all(store::boxes(c, BOXES_MAX + 1)).await?;
    if found.len() as i64 > BOXES_MAX {
        return Err(ShelfError::TooMany(BOXES_MAX as usize));
    }
    Ok(found)
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

/// Makes boxes for dossiers that have none and says anew what labels have to say: after
/// dossiers were opened, and when rooms were renamed. Parking spaces and store rooms get one
/// when there are papers. Returns how many boxes were made.
pub async fn tend(house: &House, by: &Actor) -> Result<usize, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    let c = by.community;
    let who = by.who_for(Permission::ArchiveFile);
    let mut made = 0;
    loop {
        type Boxless = (Id, String, String, i64, i64);
        let found: Vec<Boxless> = house.db.all(store::boxless(c, TAKE)).await?;
        let full = found.len() as i64 == TAKE;
        let ids: Vec<Id> = found.iter().map(|_| house.id()).collect();
        if found.is_empty() {
            break;
        }
        made += house
            .write(c, &who, move |mut tx| {
                let now = tx.now();
                let mut made = 0;
                for ((dossier, code, number, tenure, pages), id) in found.into_iter().zip(ids) {
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
            .await?;
        if !full {
            break;
        }
    }
    repeat(house, by).await?;
    Ok(made)
}

/// Boxes of dossiers that an undone import took back go; labels have to say what their rooms
/// are called today.
pub(crate) async fn repeat(house: &House, by: &Actor) -> Result<(), ShelfError> {
    let c = by.community;
    let boxes = all(house, c).await?;
    let other: Vec<(Id, String)> = boxes
        .iter()
        .filter(|b| b.to_say() != b.says)
        .map(|b| (b.id, b.to_say()))
        .collect();
    let (void,): (i64,) = house.db.one(store::count_void(c)).await?;
    if other.is_empty() && void == 0 {
        return Ok(());
    }
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            tx.execute(store::void_labels(c, now))?;
            tx.execute(store::drop_void(c))?;
            let count = other.len() as i64;
            for (id, says) in other {
                tx.execute(store::says(c, id, &says, now))?;
            }
            tx.execute(store::touch(c))?;
            let event = Event::new(events::TENDED).to(Audience::Staff);
            let event = event.with("made", 0i64).with("labels", count);
            Ok(tx.record(event, ())?)
        })
        .await
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
