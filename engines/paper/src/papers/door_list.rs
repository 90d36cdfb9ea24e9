//! The list that goes from door to door.

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Rect, Style};
use crate::table::{Column, Table};
use crate::{Paper, PaperError};

/// A list that goes from door to door: rows with empty cells to fill in and sign.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DoorList {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub title: String,
    pub about: String,
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The filled cells of each row; the rest stays empty.
    pub rows: Vec<Vec<String>>,
    /// `{page}` and then `{pages}` are filled in.
    pub page: String,
    pub qr: Modules,
}

const SIDE: f32 = 15.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const TOP: f32 = 14.0;
const BOTTOM: f32 = 279.0;
const QR: f32 = 20.0;

impl DoorList {
    /// The code narrow, the signature wide; other numbers of columns share evenly.
    fn columns(&self) -> Vec<Column> {
        let widths: Vec<f32> = match self.heads.len() {
            5 => vec![32.0, 28.0, 62.0, 24.0, 34.0],
            n => vec![WIDTH / n.max(1) as f32; n],
        };
        self.heads
            .iter()
            .zip(widths)
            .map(|(head, mm)| Column {
                head: head.clone(),
                mm,
                align: Align::Left,
            })
            .collect()
    }
}

impl Paper for DoorList {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(A4)?;
        doc.set_footer(Footer {
            page: self.page.clone(),
            margin: SIDE,
            up: 9.0,
            ..Footer::default()
        });
        let room = if self.qr.is_empty() {
            WIDTH
        } else {
            WIDTH - QR - 6.0
        };
        doc.fit(
            Rect::new(SIDE, TOP, room, 4.5),
            &self.compound,
            Style::new(10.0),
            Align::Left,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE, TOP + 5.5, room, 8.0),
            &self.title,
            Style::new(18.0).bold(),
            Align::Left,
            11.0,
        );
        let below = doc.paragraph(
            SIDE,
            TOP + 15.0,
            room,
            &self.about,
            Style::new(10.0),
            Align::Left,
        );
        if !self.qr.is_empty() {
            doc.modules(Rect::new(A4.0 - SIDE - QR, TOP, QR, QR), &self.qr);
        }
        let y = below.max(TOP + QR) + 4.0;
        let columns = self.columns();
        if columns.is_empty() {
            return Ok(());
        }
        let mut table = Table::new(columns, SIDE, y, TOP, BOTTOM);
        table.style = Style::new(10.5);
        table.row = 9.0;
        table.head(doc);
        for row in &self.rows {
            table.row(doc, row)?;
        }
        table.end(doc);
        Ok(())
    }
}
