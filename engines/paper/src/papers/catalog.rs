//! 《業主檔案目錄表》: the catalog of all boxes in shelf order (SY-WI-KF-09, 4.3.4), written
//! row by row, for a company may have 100,000.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::style::{Align, Colour, Rect, Style};
use crate::table::{Column, Table};
use crate::{Paper, PaperError};

/// Exactly the columns that the procedure names, in its order.
pub const CATALOG_HEADS: [&str; 6] = [
    "房號",
    "檔案編號",
    "業主姓名",
    "入住時間",
    "檔案頁數",
    "備注",
];

/// Some 600,000 rows.
pub const CATALOG_PAGES_MAX: usize = 20_000;

/// One box.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CatalogRow {
    pub room: String,
    pub number: String,
    pub owner: String,
    /// The day of moving in, as it is to stand there.
    pub moved_in: String,
    /// `None` while the pages are not counted.
    pub pages: Option<u32>,
    pub note: String,
}

/// The catalog; its rows are taken once, when it is drawn.
pub struct Catalog<'r> {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    /// Which part of the shelf, as of when, how many boxes.
    pub about: String,
    /// `{page}` and then `{pages}` are filled in.
    pub page: String,
    /// At the left and the right of each page's foot.
    pub foot: (String, String),
    pub rows: RefCell<Box<dyn Iterator<Item = CatalogRow> + 'r>>,
}

const SIDE: f32 = 14.0;
const TOP: f32 = 14.0;
const BOTTOM: f32 = 281.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const WIDTHS: [f32; 6] = [30.0, 42.0, 34.0, 26.0, 18.0, 32.0];
const TITLE: &str = "業主檔案目錄表";

impl Paper for Catalog<'_> {
    fn about(&self) -> About {
        About {
            title: format!("{TITLE} {}", self.compound).trim_end().to_owned(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn pages_max(&self) -> usize {
        CATALOG_PAGES_MAX
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(A4)?;
        doc.set_footer(Footer {
            left: self.foot.0.clone(),
            page: self.page.clone(),
            right: self.foot.1.clone(),
            margin: SIDE,
            up: 8.5,
        });
        let line = |y, h| Rect::new(SIDE, y, WIDTH, h);
        doc.fit(
            line(TOP, 4.5),
            &self.compound,
            Style::new(10.5),
            Align::Center,
            7.0,
        );
        doc.fit(
            line(TOP + 5.5, 8.0),
            TITLE,
            Style::new(18.0).bold(),
            Align::Center,
            12.0,
        );
        let quiet = Style::new(9.0).in_colour(Colour::QUIET);
        doc.fit(
            line(TOP + 15.0, 4.0),
            &self.about,
            quiet,
            Align::Center,
            6.0,
        );
        let columns = CATALOG_HEADS.iter().zip(WIDTHS).map(|(head, mm)| Column {
            head: (*head).to_owned(),
            mm,
            align: if *head == "檔案頁數" {
                Align::Right
            } else {
                Align::Left
            },
        });
        let mut table = Table::new(columns.collect(), SIDE, TOP + 21.0, TOP, BOTTOM);
        table.style = Style::new(9.5);
        table.row = 7.4;
        table.head(doc);
        for row in &mut **self.rows.borrow_mut() {
            let pages = row.pages.map_or(String::new(), |n| n.to_string());
            table.row(
                doc,
                &[
                    &row.room,
                    &row.number,
                    &row.owner,
                    &row.moved_in,
                    &pages,
                    &row.note,
                ],
            )?;
        }
        table.end(doc);
        Ok(())
    }
}
