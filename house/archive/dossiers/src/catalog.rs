//! 《業主檔案目錄表》 (SY-WI-KF-09 4.3.4): every box in shelf order, in exactly the six columns of
//! the procedure. On the screen names are masked; on paper and in the workbook they are clear,
//! and the ledger has it before a name is read.

use std::cell::RefCell;

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use paper::{CATALOG_HEADS, Catalog, CatalogRow, Paper as _};
use permissions::Permission;
use permissions::actor::Actor;
use sheets::{ListColumn, ListFile};
use tokio::sync::mpsc;

use crate::dossier::{Dossier, Life};
use crate::listing::{Filter, Show, Spot};
use crate::{ArchiveError, events, store};

/// Dossiers read at a time.
const TAKE: i64 = 500;
/// Characters of the columns in the workbook.
const WIDTHS: [f64; 6] = [14.0, 24.0, 24.0, 13.0, 10.0, 24.0];

/// As which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Xlsx,
    Pdf,
}

impl Shape {
    /// As forms and the ledger have it.
    pub fn word(self) -> &'static str {
        match self {
            Shape::Xlsx => "xlsx",
            Shape::Pdf => "pdf",
        }
    }
}

/// What stands beside the rows, said already.
#[derive(Clone, Debug)]
pub struct Wording {
    pub compound: String,
    /// As of when, how many boxes.
    pub about: String,
    /// `{page}` and `{pages}` are filled in.
    pub page: String,
    /// Stands in 備注 of a tenure that has ended, before its day.
    pub ended: String,
    pub lang: paper::Lang,
    pub joint: &'static str,
}

/// The catalog of a whole compound, or of a building, as a file.
///
/// # Errors
/// [`paper::PaperError::NoFont`] on a machine without a Chinese font.
pub async fn take(
    house: &House,
    by: &Actor,
    building: &str,
    shape: Shape,
    wording: Wording,
) -> Result<Vec<u8>, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    by.may(Permission::ExportRun)?;
    let c = by.community;
    let filter = Filter {
        show: Show::Shelf,
        building: building.to_owned(),
        ..Filter::default()
    };
    let (boxes,): (i64,) = house.db.one(store::count(c, &filter)).await?;
    house
        .write::<_, ArchiveError, _>(c, &by.who_for(Permission::ExportRun), move |tx| {
            let event = Event::new(events::CATALOG_TAKEN)
                .to(Audience::Staff)
                .with("shape", shape.word())
                .with("boxes", boxes);
            Ok(tx.record(event, ())?)
        })
        .await?;
    // The file is made on a thread of its own; two pages wait for it at most.
    let (send, receive) = mpsc::channel::<Vec<CatalogRow>>(2);
    let said = wording.clone();
    let writing = tokio::task::spawn_blocking(move || written(shape, said, receive));
    let read = rows(house, c, &filter, &wording, send).await;
    let written = writing.await.map_err(std::io::Error::other)?;
    // A file of half the boxes is no catalog.
    read?;
    written
}

async fn rows(
    house: &House,
    c: Community,
    filter: &Filter,
    wording: &Wording,
    send: mpsc::Sender<Vec<CatalogRow>>,
) -> Result<(), ArchiveError> {
    let mut after = None;
    loop {
        let asked = store::page(c, filter, after.as_ref(), TAKE);
        let part: Vec<Dossier> = house.db.all(asked).await?;
        let Some(last) = part.last() else {
            return Ok(());
        };
        after = Some(Spot::of(last));
        let ids: Vec<Id> = part.iter().map(|d| d.id).collect();
        let owners: Vec<(Id, Id, String, String)> = house.db.all(store::owners(c, &ids)).await?;
        let rows = part.into_iter().map(|d| row(d, &owners, wording)).collect();
        if send.send(rows).await.is_err() {
            // The writer stopped; its own error says why.
            return Ok(());
        }
    }
}

fn row(d: Dossier, owners: &[(Id, Id, String, String)], wording: &Wording) -> CatalogRow {
    let names: Vec<&str> = owners
        .iter()
        .filter(|(dossier, ..)| *dossier == d.id)
        .map(|(.., name)| name.as_str())
        .collect();
    let note = match (d.life, &d.ended) {
        (Life::Closed, Some(day)) => format!("{} {day}", wording.ended),
        _ => String::new(),
    };
    CatalogRow {
        room: d.code,
        number: d.number,
        owner: names.join(wording.joint),
        moved_in: d.began.unwrap_or_default(),
        pages: u32::try_from(d.pages).ok(),
        note,
    }
}

fn written(
    shape: Shape,
    wording: Wording,
    mut rows: mpsc::Receiver<Vec<CatalogRow>>,
) -> Result<Vec<u8>, ArchiveError> {
    let mut here = Vec::new().into_iter();
    let rows = std::iter::from_fn(move || {
        loop {
            if let Some(row) = here.next() {
                return Some(row);
            }
            here = rows.blocking_recv()?.into_iter();
        }
    });
    match shape {
        Shape::Pdf => {
            let catalog = Catalog {
                lang: wording.lang,
                made: None,
                compound: wording.compound,
                about: wording.about,
                page: wording.page,
                foot: (String::new(), String::new()),
                rows: RefCell::new(Box::new(rows)),
            };
            Ok(catalog.draw(paper::system_fonts())?.0)
        }
        Shape::Xlsx => {
            let columns = CATALOG_HEADS
                .iter()
                .zip(WIDTHS)
                .map(|(head, width)| ListColumn {
                    head: (*head).to_owned(),
                    width,
                    number: *head == "檔案頁數",
                });
            let title = format!("{} 業主檔案目錄表", wording.compound);
            let mut file = ListFile::begin("業主檔案目錄表", &title, columns.collect())?;
            for row in rows {
                let pages = row.pages.map_or(String::new(), |n| n.to_string());
                file.row(&[
                    &row.room,
                    &row.number,
                    &row.owner,
                    &row.moved_in,
                    &pages,
                    &row.note,
                ])?;
            }
            Ok(file.finish()?)
        }
    }
}
