//! The sheet inside a box's lid: what lies in it, and who has borrowed it.

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::papers::labels::refuse;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Colour, Rect, Stroke, Style};
use crate::table::{Column, Table};
use crate::{Paper, PaperError};

/// The ten kinds of documents of a dossier, a to j (SY-WI-KF-09, 4.1).
pub const KINDS: [(char, &str); 10] = [
    ('a', "《業主（臨時）公約》《前期物業服務協議》"),
    ('b', "《消防安全責任書》"),
    ('c', "《業主（住戶）情況登記表》"),
    ('d', "《資料簽收表》"),
    ('e', "《鑰匙領（借）用登記表》"),
    ('f', "《房屋交付驗收表》"),
    ('g', "《裝修申請審批表》及圖紙、施工隊資料"),
    ('h', "《違章處理通知單》及處理結果"),
    ('i', "證件複印件"),
    ('j', "其他"),
];

/// What the box has of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LidRow {
    /// `None`: nothing of this kind is here.
    pub pages: Option<u32>,
    /// The newest document's day.
    pub date: String,
    pub note: String,
}

/// The sheet inside the lid.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LidSheet {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub room: String,
    /// The dossier's number.
    pub number: String,
    /// Tenure and box, `02·1/2`.
    pub tenure: String,
    /// One for each of [`KINDS`], in their order; those that are not given stay empty.
    pub rows: Vec<LidRow>,
    /// What the foot says: the form's code, when it was printed.
    pub foot: (String, String),
    pub qr: Modules,
}

const SIDE: f32 = 15.0;
const TOP: f32 = 14.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const QR: f32 = 20.0;
/// Lines to borrow on; when they are full a new sheet is printed.
const LOANS: usize = 10;
const LOAN_HEADS: [(&str, f32); 7] = [
    ("借出日期", 22.0),
    ("借閱人", 26.0),
    ("事由／授權號", 44.0),
    ("應還日期", 22.0),
    ("經手人", 22.0),
    ("歸還日期", 22.0),
    ("驗收人", 22.0),
];

fn column(head: &str, mm: f32, align: Align) -> Column {
    Column {
        head: head.to_owned(),
        mm,
        align,
    }
}

impl Paper for LidSheet {
    fn about(&self) -> About {
        About {
            title: format!("檔案盒內目錄 {}", self.room).trim_end().to_owned(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        for text in [
            &self.room,
            &self.number,
            &self.tenure,
            &self.foot.0,
            &self.foot.1,
        ] {
            refuse::words(text)?;
        }
        for row in &self.rows {
            refuse::words(&row.note)?;
        }
        doc.page(A4)?;
        doc.set_footer(Footer {
            left: self.foot.0.clone(),
            right: self.foot.1.clone(),
            margin: SIDE,
            up: 9.0,
            ..Footer::default()
        });
        let room = WIDTH - QR - 6.0;
        doc.fit(
            Rect::new(SIDE, TOP, room, 4.5),
            &self.compound,
            Style::new(10.5),
            Align::Left,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE, TOP + 5.2, room, 9.0),
            &self.room,
            Style::new(24.0).bold(),
            Align::Left,
            12.0,
        );
        let line = format!("檔案編號 {}　期次·盒序 {}", self.number, self.tenure);
        doc.fit(
            Rect::new(SIDE, TOP + 15.6, room, 4.6),
            &line,
            Style::new(10.5),
            Align::Left,
            7.0,
        );
        doc.modules(Rect::new(A4.0 - SIDE - QR, TOP, QR, QR), &self.qr);
        let y = self.contents(doc, TOP + QR + 4.0)?;
        loans(doc, y + 6.0)
    }
}

impl LidSheet {
    fn contents(&self, doc: &mut Document<'_>, y: f32) -> Result<f32, PaperError> {
        heading(doc, y, "盒內資料");
        let columns = vec![
            column("類", 10.0, Align::Center),
            column("資料名稱", 78.0, Align::Left),
            column("有", 10.0, Align::Center),
            column("頁數", 16.0, Align::Right),
            column("最近日期", 26.0, Align::Left),
            column("備注", 40.0, Align::Left),
        ];
        let mut table = Table::new(columns, SIDE, y + 6.0, TOP, 280.0);
        table.row = 8.2;
        table.head(doc);
        let none = LidRow::default();
        let mut sum = 0;
        for (n, (letter, title)) in KINDS.iter().enumerate() {
            let row = self.rows.get(n).unwrap_or(&none);
            sum += row.pages.unwrap_or(0);
            let pages = row.pages.map_or(String::new(), |p| p.to_string());
            let top = table.y;
            let cells = [
                &letter.to_string(),
                *title,
                "",
                &pages,
                &row.date,
                &row.note,
            ];
            table.row(doc, &cells)?;
            let mid = top + (table.y - top) / 2.0;
            doc.checkbox((SIDE + 93.0 - 1.8, mid - 1.8), 3.6, row.pages.is_some());
        }
        let sum = sum.to_string();
        table.row(doc, &["", "合計", "", &sum, "", ""])?;
        Ok(table.end(doc))
    }
}

fn loans(doc: &mut Document<'_>, y: f32) -> Result<(), PaperError> {
    heading(doc, y, "借閱登記（先經審批，再取卷；歸還時核對頁數）");
    let columns = LOAN_HEADS
        .iter()
        .map(|(head, mm)| column(head, *mm, Align::Left))
        .collect();
    let mut table = Table::new(columns, SIDE, y + 6.0, TOP, 283.0);
    table.style = Style::new(9.0);
    table.row = 8.6;
    table.head(doc);
    for _ in 0..LOANS {
        table.row(doc, &[""; 7])?;
    }
    table.end(doc);
    Ok(())
}

fn heading(doc: &mut Document<'_>, y: f32, text: &str) {
    doc.area(Rect::new(SIDE, y, 1.2, 4.6), Colour::BLACK);
    doc.fit(
        Rect::new(SIDE + 2.6, y, WIDTH - 3.0, 4.6),
        text,
        Style::new(11.5).bold(),
        Align::Left,
        8.0,
    );
}

impl Document<'_> {
    /// A box to tick; readers of the file find □ or ☑.
    pub fn checkbox(&mut self, at: (f32, f32), side: f32, ticked: bool) {
        let sign = if ticked { "☑" } else { "□" };
        self.instead(sign, |doc| {
            let (x, y) = at;
            doc.frame(Rect::new(x, y, side, side), Stroke::solid(0.25));
            if ticked {
                let tick = [(0.18, 0.52), (0.42, 0.78), (0.86, 0.2)];
                let points = tick.map(|(dx, dy)| (x + dx * side, y + dy * side));
                doc.path(&points, Stroke::solid(0.55));
            }
            // Text is found only where text stands: a blank carries it.
            doc.text(
                x,
                y + side,
                "\u{3000}",
                Style::new(side / crate::style::MM_PER_PT),
            );
        });
    }
}
