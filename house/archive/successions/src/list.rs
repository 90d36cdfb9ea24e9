//! 《業主檔案移交清單》: what is handed over, dossier by dossier, and where both companies and a
//! witness sign. It names rooms and numbers, no person.

use dossiers::handing::Handed;
use foundation::clock::Moment;
use paper::{
    A4, About, Align, CATALOG_PAGES_MAX, Column, Document, Footer, Lang, Paper, PaperError, Rect,
    Stroke, Style, Table,
};

use crate::succession::Succession;

/// The list as data.
pub struct List {
    title: String,
    about: Vec<String>,
    rows: Vec<[String; 6]>,
}

const SIDE: f32 = 18.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const TOP: f32 = 18.0;
const BOTTOM: f32 = 276.0;
/// Room, number, tenure, documents, pages, remark.
const COLUMNS: [(&str, f32, Align); 6] = [
    ("房號", 32.0, Align::Left),
    ("檔案編號", 54.0, Align::Left),
    ("期次", 14.0, Align::Right),
    ("件數", 16.0, Align::Right),
    ("頁數", 16.0, Align::Right),
    ("備注", 42.0, Align::Left),
];
/// For the signatures: three lines of 16 mm and their head.
const SIGNED: f32 = 62.0;

/// The list of a succession; it is written by the trade's words, in the language of who signs.
pub fn paper(compound: &str, s: &Succession, all: &[Handed], documents: i64, now: Moment) -> List {
    let pages: i64 = all.iter().map(|h| h.dossier.pages).sum();
    let sealed = if s.is_sealed() {
        "以接收方公鑰加密"
    } else {
        "未加密"
    };
    let rows = all.iter().map(|h| {
        let d = &h.dossier;
        let note = d.ended.as_ref().map(|day| format!("{day} 止"));
        [
            d.code.clone(),
            d.number.clone(),
            d.tenure.to_string(),
            d.documents.to_string(),
            d.pages.to_string(),
            note.unwrap_or_default(),
        ]
    });
    List {
        title: "業主檔案移交清單".to_owned(),
        about: vec![
            format!("小區：{compound}　　接收方：{}", s.successor),
            format!(
                "檔案 {} 份，電子文件 {documents} 件（{sealed}），已歸檔 {pages} 頁",
                all.len()
            ),
            format!("移交編號：{}　　制表日期：{}", s.id, now.date()),
        ],
        rows: rows.collect(),
    }
}

/// As PDF.
///
/// # Errors
/// [`PaperError::NoFont`] on a machine without a Chinese font.
pub fn draw(list: &List) -> Result<Vec<u8>, PaperError> {
    Ok(list.draw(paper::system_fonts())?.0)
}

impl Paper for List {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: Lang::Traditional,
            made: None,
        }
    }

    fn pages_max(&self) -> usize {
        CATALOG_PAGES_MAX
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        doc.page(A4)?;
        doc.set_footer(Footer {
            page: "第 {page} 頁，共 {pages} 頁".to_owned(),
            margin: SIDE,
            up: 10.0,
            ..Footer::default()
        });
        let title = Style::new(18.0).bold();
        doc.fit(
            Rect::new(SIDE, TOP, WIDTH, 9.0),
            &self.title,
            title,
            Align::Center,
            12.0,
        );
        let mut y = TOP + 14.0;
        for line in &self.about {
            y = doc.paragraph(SIDE, y, WIDTH, line, Style::new(10.5), Align::Left) + 1.0;
        }
        let columns = COLUMNS.map(|(head, mm, align)| Column {
            head: head.to_owned(),
            mm,
            align,
        });
        let mut table = Table::new(columns.to_vec(), SIDE, y + 4.0, TOP, BOTTOM);
        table.style = Style::new(10.0);
        table.row = 7.5;
        table.head(doc);
        for row in &self.rows {
            table.row(doc, row)?;
        }
        let mut y = table.end(doc) + 8.0;
        if y + SIGNED > BOTTOM {
            doc.page(A4)?;
            y = TOP;
        }
        let said = "雙方已按本清單逐項核對，電子文件以移交包的 SHA-512 校驗無誤。本清單一式三份。";
        y = doc.paragraph(SIDE, y, WIDTH, said, Style::new(10.5), Align::Left) + 10.0;
        for who in [
            "移交方（蓋章、簽字）",
            "接收方（蓋章、簽字）",
            "監交人（業主委員會或街道）",
        ] {
            doc.paragraph(SIDE, y, 62.0, who, Style::new(10.5), Align::Left);
            doc.line(
                (SIDE + 62.0, y + 5.0),
                (SIDE + 122.0, y + 5.0),
                Stroke::solid(0.25),
            );
            doc.paragraph(SIDE + 126.0, y, 14.0, "日期", Style::new(10.5), Align::Left);
            doc.line(
                (SIDE + 138.0, y + 5.0),
                (SIDE + WIDTH, y + 5.0),
                Stroke::solid(0.25),
            );
            y += 16.0;
        }
        Ok(())
    }
}
