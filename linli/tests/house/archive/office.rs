//! An office with its archive: two specialists, a manager, four homes on the roster, papers.

use std::sync::Arc;

use dossiers::intake::{self, Upload};
use dossiers::listing::{self, Filter, Shown};
use dossiers::{ArchiveError, Document, Draft, Kind, filing, open};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::params;
use permissions::Role;
use permissions::actor::Actor;

use crate::membership::world::{C, World, employ};
use crate::support::TestHouse;

pub struct Office {
    pub w: World,
    /// Counts what the other hands in.
    pub checker: Actor,
}

impl Office {
    pub async fn new() -> Office {
        let w = World::new().await;
        let checker = employ(&w.house, C, Role::Specialist).await;
        open::tend(&w.house, C).await.expect("dossiers open");
        Office { w, checker }
    }

    pub fn house(&self) -> &TestHouse {
        &self.w.house
    }

    /// The open dossiers in shelf order.
    pub async fn dossiers(&self) -> Vec<Shown> {
        let all = Filter::default();
        let page = listing::page(self.house(), &self.w.specialist, &all, None).await;
        page.expect("listed").0
    }

    pub async fn dossier(&self, at: usize) -> Id {
        self.dossiers().await[at].dossier.id
    }

    pub fn draft(&self, kind: Kind) -> Draft {
        Draft {
            kind,
            title: "情況登記表".into(),
            day: Some("2026-03-01".into()),
            signed_by: "王女士".into(),
            note: String::new(),
            paper: true,
            place: String::new(),
            checker: self.checker.account.expect("an account"),
            replaces: None,
        }
    }

    pub async fn hands_in(
        &self,
        dossier: Id,
        kind: Kind,
        files: &[(&str, Vec<u8>)],
    ) -> Result<Id, ArchiveError> {
        let files = files
            .iter()
            .map(|(name, bytes)| Upload {
                name: (*name).into(),
                bytes: Arc::new(bytes.clone()),
                corners: None,
            })
            .collect();
        let draft = self.draft(kind);
        intake::hand_in(self.house(), &self.w.specialist, dossier, draft, files).await
    }

    pub async fn document(&self, id: Id) -> Document {
        filing::one(self.house(), &self.w.specialist, id)
            .await
            .expect("there")
    }

    /// Handed in by one, counted by the other.
    pub async fn filed(&self, dossier: Id, kind: Kind, pages: usize) -> Id {
        let id = self
            .hands_in(dossier, kind, &[("a.pdf", pdf(pages, "x"))])
            .await
            .expect("taken");
        let row = self.document(id).await.row_version;
        filing::file(self.house(), &self.checker, id, row, pages as i64)
            .await
            .expect("filed");
        id
    }

    /// The archive's kinds of events, oldest first.
    pub async fn told(&self) -> Vec<String> {
        let rows: Vec<(String,)> = self
            .house()
            .db
            .all(ask(
                "SELECT kind FROM ledger WHERE community = $1 AND kind LIKE 'archive.%' ORDER BY seq",
                params![C],
            ))
            .await
            .expect("the ledger is readable");
        rows.into_iter().map(|r| r.0).collect()
    }
}

/// A PDF of so many pages, each with a line drawn; `mark` lies in it as a comment.
pub fn pdf(pages: usize, mark: &str) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Count {pages} /Kids [ {} ] >>",
            (0..pages)
                .map(|i| format!("{} 0 R", 3 + i * 2))
                .collect::<Vec<_>>()
                .join(" ")
        ),
    ];
    for i in 0..pages {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << >> >>",
            4 + i * 2
        ));
        let content = format!("%{mark}\n2 w 72 {} m 523 770 l S", 100 + i);
        objects.push(format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ));
    }
    assembled(&objects)
}

fn assembled(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).into_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        out.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    let size = objects.len() + 1;
    out.extend(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    out
}

/// A page that wears a stamp whose look is not in the file.
pub fn stamped_pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> \
         /Annots [ 4 0 R ] >>",
        "<< /Type /Annot /Subtype /Stamp /Rect [100 100 300 200] /AP << /N 9 0 R >> >>",
        "<< /Type /XObject /Subtype /Form /BBox [0 0 200 100] /Length 13 >>\nstream\n0 0 200 10 re\nendstream",
    ];
    assembled(&objects.map(str::to_owned))
}

/// A photograph of a white sheet on a dark table.
pub fn photo() -> Vec<u8> {
    let sheet = |x: u32, y: u32| (80..520).contains(&x) && (60..700).contains(&y);
    let picture = image::RgbImage::from_fn(600, 800, |x, y| {
        if sheet(x, y) {
            image::Rgb([240, 240, 236])
        } else {
            image::Rgb([60, 48, 40])
        }
    });
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Jpeg)
        .expect("a JPEG");
    out.into_inner()
}
