//! Statements of accounts: one or many, each on pages of its own.

use serde::{Deserialize, Serialize};

use crate::document::{A4, Document, Footer};
use crate::fonts::Lang;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::style::{Align, Rect, Style};
use crate::table::{Column, Table};
use crate::{Paper, PaperError};

/// A table of a statement.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Section {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
    /// Said where there are no rows.
    pub empty: String,
}

/// What one household owes and has paid.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Label and value, two on a line.
    pub lines: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// Label and value, one on a line; the last one is the sum.
    pub totals: Vec<(String, String)>,
    pub words: String,
    /// Leads to where the paper can be checked; none is drawn where it is empty.
    pub qr: Modules,
    /// What stands below it.
    pub check: String,
}

/// Statements in one file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Statements {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub compound: String,
    pub title: String,
    pub accounts: Vec<Account>,
    /// How to pay: a heading, and label and value of each way; at the end of each account.
    pub pay: (String, Vec<(String, String)>),
    pub foot: String,
    /// `{page}` and then `{pages}` are filled in.
    pub page: String,
}

const SIDE: f32 = 16.0;
const WIDTH: f32 = A4.0 - 2.0 * SIDE;
const TOP: f32 = 14.0;
const BOTTOM: f32 = 276.0;
/// What the totals and the words below them need.
const TOTALS: f32 = 44.0;
/// A phone reads it at arm's length; what stands beside it keeps its distance.
const CODE: f32 = 22.0;
const BESIDE: f32 = 28.0;

impl Statements {
    fn account(&self, doc: &mut Document<'_>, account: &Account) -> Result<(), PaperError> {
        doc.page(A4)?;
        doc.set_footer(Footer {
            left: self.foot.clone(),
            page: self.page.clone(),
            margin: SIDE,
            up: 9.0,
            ..Footer::default()
        });
        doc.fit(
            Rect::new(SIDE, TOP, WIDTH, 4.5),
            &self.compound,
            Style::new(10.0),
            Align::Left,
            7.0,
        );
        doc.fit(
            Rect::new(SIDE + BESIDE, TOP + 5.5, WIDTH - 2.0 * BESIDE, 8.5),
            &self.title,
            Style::new(19.0).bold(),
            Align::Center,
            11.0,
        );
        let wide = if account.qr.is_empty() {
            WIDTH
        } else {
            let r = Rect::new(SIDE + WIDTH - CODE, TOP, CODE, CODE);
            doc.modules(r, &account.qr);
            let below = Rect::new(r.x - 5.0, r.bottom() + 0.8, CODE + 5.0, 3.0);
            doc.fit(below, &account.check, Style::new(7.0), Align::Right, 5.0);
            WIDTH - BESIDE
        };
        let mut y = TOP + 17.0;
        for pair in account.lines.chunks(2) {
            for (place, (label, value)) in pair.iter().enumerate() {
                let text = format!("{label}　{value}");
                doc.fit(
                    Rect::new(SIDE + place as f32 * wide / 2.0, y, wide / 2.0 - 4.0, 5.0),
                    &text,
                    Style::new(10.5),
                    Align::Left,
                    6.5,
                );
            }
            y += 6.2;
        }
        for section in &account.sections {
            y = self.section(doc, section, y + 3.0)?;
        }
        if y + TOTALS > BOTTOM {
            doc.page(A4)?;
            y = TOP;
        }
        y += 4.0;
        let last = account.totals.len().saturating_sub(1);
        for (place, (label, value)) in account.totals.iter().enumerate() {
            let style = if place == last {
                Style::new(12.0).bold()
            } else {
                Style::new(10.5)
            };
            let half = WIDTH / 2.0;
            doc.fit(
                Rect::new(SIDE + half, y, half / 2.0, 5.2),
                label,
                style,
                Align::Left,
                7.0,
            );
            let right = Rect::new(SIDE + half * 1.5, y, half / 2.0, 5.2);
            doc.fit(right, value, style, Align::Right, 7.0);
            y += 6.4;
        }
        y = doc.paragraph(
            SIDE,
            y + 1.0,
            WIDTH,
            &account.words,
            Style::new(10.5),
            Align::Right,
        );
        self.ways(doc, y + 4.0)
    }

    /// How to pay, kept together.
    fn ways(&self, doc: &mut Document<'_>, mut y: f32) -> Result<(), PaperError> {
        let (title, ways) = &self.pay;
        if ways.is_empty() {
            return Ok(());
        }
        let style = Style::new(10.5);
        let said: Vec<String> = ways.iter().map(|(l, v)| format!("{l}　{v}")).collect();
        let mut tall = 8.0;
        for text in &said {
            tall += style.height(doc.set(text, style, WIDTH).len()) + 1.0;
        }
        if y + tall > BOTTOM {
            doc.page(A4)?;
            y = TOP;
        }
        let head = Rect::new(SIDE, y, WIDTH, 5.6);
        doc.fit(head, title, Style::new(12.0).bold(), Align::Left, 8.0);
        y += 7.5;
        for text in &said {
            y = doc.paragraph(SIDE, y, WIDTH, text, style, Align::Left) + 1.0;
        }
        Ok(())
    }

    fn section(
        &self,
        doc: &mut Document<'_>,
        section: &Section,
        y: f32,
    ) -> Result<f32, PaperError> {
        let mut y = y;
        if y + 26.0 > BOTTOM {
            doc.page(A4)?;
            y = TOP;
        }
        let title = Rect::new(SIDE, y, WIDTH, 5.6);
        doc.fit(
            title,
            &section.title,
            Style::new(12.0).bold(),
            Align::Left,
            8.0,
        );
        y += 7.5;
        if section.rows.is_empty() {
            let style = Style::new(10.0);
            return Ok(doc.paragraph(SIDE, y, WIDTH, &section.empty, style, Align::Left));
        }
        let mut table = Table::new(section.columns.clone(), SIDE, y, TOP, BOTTOM);
        table.style = Style::new(9.5);
        table.row = 6.6;
        table.head(doc);
        for row in &section.rows {
            table.row(doc, row)?;
        }
        Ok(table.end(doc))
    }
}

impl Paper for Statements {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        for account in &self.accounts {
            self.account(doc, account)?;
        }
        Ok(())
    }
}
