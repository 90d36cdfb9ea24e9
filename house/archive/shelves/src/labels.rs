//! Labels: printed for boxes, each with a serial of its own. A reprint is the next copy and
//! makes the label before it void, so that a scan of that one says 舊標.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::DbError;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use paper::{About, Document, LabelSheets, Lang, Mark, Paper, PaperError, SpineLabel};
use permissions::Permission;
use permissions::actor::Actor;
use tokio::sync::Semaphore;

use crate::boxes::{self, ArchiveBox};
use crate::selection::{self, Selection};
use crate::{ShelfError, code, events, face, spine, store};

/// Labels of one print: what one person sticks on in a day, and one event names.
pub const PRINT_MAX: usize = 1_000;

/// Sheets for one width of spine and one copy number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    pub spine: i64,
    pub copy: i64,
    pub labels: usize,
    pub sheets: usize,
}

/// A label's earlier prints, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    pub serial: String,
    pub copy: i64,
    pub at: Moment,
    pub account: String,
    pub voided: Option<Moment>,
}

/// The prints of a box.
pub async fn prints(house: &House, by: &Actor, id: Id) -> Result<Vec<Print>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    type Row = (String, i64, Moment, String, Option<Moment>);
    let rows: Vec<Row> = house
        .db
        .all(store::labels::of_box(by.community, id))
        .await?;
    let each = rows
        .into_iter()
        .map(|(serial, copy, at, account, voided)| Print {
            serial,
            copy,
            at,
            account,
            voided,
        });
    Ok(each.collect())
}

/// Boxes grouped as their sheets are: by width, then by copy, in shelf order.
async fn grouped(
    house: &House,
    by: &Actor,
    boxes: &[ArchiveBox],
) -> Result<BTreeMap<(i64, i64), Vec<ArchiveBox>>, ShelfError> {
    let mut copies: BTreeMap<Id, i64> = BTreeMap::new();
    let ids: Vec<Id> = boxes.iter().map(|b| b.id).collect();
    for part in ids.chunks(foundation::database::LIST_MAX) {
        let asked = store::labels::copies(by.community, part);
        let rows: Vec<(Id, i64)> = house.db.all(asked).await?;
        copies.extend(rows);
    }
    let mut out: BTreeMap<(i64, i64), Vec<ArchiveBox>> = BTreeMap::new();
    for one in boxes {
        let copy = copies.get(&one.id).copied().unwrap_or(0) + 1;
        out.entry((one.spine, copy)).or_default().push(one.clone());
    }
    Ok(out)
}

/// What a print of these boxes would be.
pub async fn preview(
    house: &House,
    by: &Actor,
    boxes: &[ArchiveBox],
) -> Result<Vec<Batch>, ShelfError> {
    by.may(Permission::ArchiveRead)?;
    let groups = grouped(house, by, boxes).await?;
    let each = groups.into_iter().map(|((mm, copy), boxes)| Batch {
        spine: mm,
        copy,
        labels: boxes.len(),
        sheets: spine::of_mm(mm).map_or(0, |s| boxes.len().div_ceil(s.on_a_sheet())),
    });
    Ok(each.collect())
}

/// What the sheets of a print say of themselves.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The compound's name, on every label.
    pub compound: String,
    pub title: String,
    /// When and by whom.
    pub note: String,
}

/// What was printed.
#[derive(Clone, Debug)]
pub struct Printed {
    pub pdf: Vec<u8>,
    pub labels: usize,
    pub sheets: usize,
}

/// Sheets of several widths, one after another, in one file.
struct Sheets {
    title: String,
    sheets: Vec<LabelSheets>,
}

impl Paper for Sheets {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: Lang::Traditional,
            made: None,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        self.sheets.iter().try_for_each(|sheets| sheets.lay(doc))
    }
}

/// Prints labels for what is chosen. The sheets are drawn first, so that a print which fails
/// makes no label void; the event stands in the ledger before the sheets leave.
///
/// # Errors
/// [`ShelfError::Nothing`] when nothing was chosen; [`ShelfError::Changed`] when another prints the
/// same labels now; [`ShelfError::Paper`] when a text may not stand on a label.
pub async fn print(
    house: &House,
    by: &Actor,
    chosen: &Selection,
    heading: Heading,
) -> Result<Printed, ShelfError> {
    by.may(Permission::ArchiveFile)?;
    // A room may have been renamed since boxes were tended: what is printed is what is kept.
    boxes::repeat(house, by).await?;
    let found = selection::choose(house, by, chosen).await?;
    let boxes = found.boxes;
    if boxes.is_empty() {
        return Err(ShelfError::Nothing);
    }
    if found.count > PRINT_MAX {
        return Err(ShelfError::TooMany(PRINT_MAX));
    }
    let marks: BTreeMap<String, u16> = selection::buildings(house, by)
        .await?
        .into_iter()
        .zip(0u16..)
        .collect();
    let mut written = Vec::with_capacity(boxes.len());
    let mut sheets = Vec::new();
    for ((mm, copy), boxes) in grouped(house, by, &boxes).await? {
        let mut labels = Vec::with_capacity(boxes.len());
        for one in boxes {
            let serial = code::serial(&house.chance);
            let mark = marks.get(&one.building).copied().unwrap_or(0);
            labels.push(label(&one, &serial, &heading.compound, mark));
            written.push((one, serial, copy));
        }
        sheets.push(LabelSheets {
            lang: Lang::Traditional,
            made: None,
            title: heading.title.clone(),
            spine: spine::of_mm(mm).ok_or(ShelfError::Spine)?,
            labels,
            copy: copy.clamp(1, i64::from(u32::MAX)) as u32,
            note: heading.note.clone(),
        });
    }
    let paper = Sheets {
        title: heading.title,
        sheets,
    };
    let (pdf, pages) = drawn(paper).await?;
    record(house, by, written, pages).await?;
    Ok(Printed {
        labels: boxes.len(),
        sheets: pages,
        pdf,
    })
}

fn label(one: &ArchiveBox, serial: &str, compound: &str, mark: u16) -> SpineLabel {
    let face = face::of(&one.code);
    SpineLabel {
        compound: compound.to_owned(),
        building: face.building,
        unit: face.unit,
        room: face.room,
        tenure: one.tenure_text(),
        code: one.number.clone(),
        qr: code::modules(&code::payload(serial)),
        mark: Mark(mark),
    }
}

/// Draws away from the server's own threads, one paper at a time.
pub(crate) async fn drawn<P>(paper: P) -> Result<(Vec<u8>, usize), ShelfError>
where
    P: Paper + Send + 'static,
{
    static DRAWING: Semaphore = Semaphore::const_new(1);
    let _turn = DRAWING.acquire().await;
    let drawing = tokio::task::spawn_blocking(move || paper.draw(paper::system_fonts()));
    let (pdf, written) = drawing
        .await
        .map_err(|e| ShelfError::Database(DbError::Shape(format!("drawing ended: {e}"))))??;
    Ok((pdf, written.pages))
}

async fn record(
    house: &House,
    by: &Actor,
    written: Vec<(ArchiveBox, String, i64)>,
    sheets: usize,
) -> Result<(), ShelfError> {
    let c = by.community;
    let print = house.id();
    let account = by.account.map_or_else(String::new, |a| a.to_string());
    house
        .write(c, &by.who_for(Permission::ArchiveFile), move |mut tx| {
            let now = tx.now();
            let (mut ids, mut voided) = (Vec::with_capacity(written.len()), 0);
            for (one, serial, copy) in &written {
                // What it says was read outside: another may have printed or renamed since.
                if tx.execute(store::labels::put_on(c, one, serial))? == 0 {
                    return Err(ShelfError::Changed);
                }
                voided += tx.execute(store::void_labels_of(c, one.id, now))?;
                let row = store::labels::insert(c, serial, one.id, *copy, print, now, &account);
                if tx.execute(row)? == 0 {
                    return Err(ShelfError::Changed);
                }
                ids.push(one.id);
            }
            let event = Event::new(events::LABELS_PRINTED)
                .about("print", print)
                .to(Audience::Staff)
                .with("labels", ids.len() as i64)
                .with("voided", voided as i64)
                .with("sheets", sheets as i64)
                .with("boxes", ids);
            Ok(tx.record(event, ())?)
        })
        .await
}
