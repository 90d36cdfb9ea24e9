//! The file room among 100,000 rooms: what its lists take, and papers handed in one after
//! another, with the memory they leave behind.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use dossiers::intake::{self, Upload};
use dossiers::listing::{self, Filter, Show, Spot};
use dossiers::{Draft, Kind, Reader, open};
use foundation::communities::Compound;
use foundation::house::House;
use foundation::ids::Id;
use permissions::actor::Actor;

use crate::import::ROWS;
use crate::table::{Line, median, p99};

/// What a list may take (issue: completeness of 100,000 dossiers).
const BAR_MS: f64 = 100.0;
const LISTINGS: usize = 60;
/// Papers handed in, and the bytes of each.
const PAPERS: usize = 1_000;
const PAPER_BYTES: usize = 500_000;

/// Opening, listing, and handing in.
///
/// # Errors
/// The house's.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
pub async fn lines(
    house: &Arc<House>,
    compound: &Compound,
    database: &str,
    (checker, by): (Id, &Actor),
) -> anyhow::Result<Vec<Line>> {
    let begun = Instant::now();
    let opened = open::tend(house, compound.number).await?;
    eprintln!(
        "{opened} dossiers opened in {:.1} s, {database}",
        begun.elapsed().as_secs_f64()
    );
    let mut lines = vec![listings(house, by, database).await?];
    if database == "SQLite" {
        lines.push(papers(house, by, checker).await?);
    }
    Ok(lines)
}

/// What the page of the file room asks: a page of dossiers that lack something, their number,
/// and the figures above it.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
async fn listings(house: &Arc<House>, by: &Actor, database: &str) -> anyhow::Result<Line> {
    let mut waits = Vec::new();
    let mut after: Option<Spot> = None;
    for i in 0..LISTINGS {
        let filter = Filter {
            show: [Show::Missing, Show::Open, Show::Complete][i % 3],
            lacks: (i % 3 == 0).then_some(Kind::Keys),
            ..Filter::default()
        };
        let begun = Instant::now();
        let (found, _) = listing::page(house, by, &filter, after.as_ref()).await?;
        listing::count(house, by, &filter).await?;
        listing::counts(house, by).await?;
        waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let last = found.last().map(|s| &s.dossier);
        after = last.map(Spot::of);
    }
    Ok(Line {
        what: format!("completeness of {ROWS} dossiers listed, {database}, against the bar"),
        unit: "ms",
        ours: median(waits.clone()),
        bare: BAR_MS,
        note: format!("p99 {:.0} ms", p99(waits)),
    })
}

/// Megabytes of this process in memory.
pub fn resident() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|n| n.parse::<f64>().ok());
    pages.unwrap_or_default() * 4_096.0 / 1e6
}

/// A PDF of one page and so many bytes.
fn paper() -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let filling = vec![b'%'; PAPER_BYTES];
    let mut offsets = Vec::new();
    let mut put = |out: &mut Vec<u8>, object: &[u8]| {
        offsets.push(out.len());
        let head = format!("{} 0 obj\n", offsets.len());
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    };
    put(&mut out, b"<< /Type /Catalog /Pages 2 0 R >>");
    put(&mut out, b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>");
    put(
        &mut out,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
    );
    let mut stream = format!("<< /Length {} >>\nstream\n", filling.len()).into_bytes();
    stream.extend_from_slice(&filling);
    stream.extend_from_slice(b"\nendstream");
    put(&mut out, &stream);
    let start = out.len();
    out.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let end = format!("trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    out.extend_from_slice(end.as_bytes());
    out
}

/// Papers one after another through the whole way: the child, the two events, the strongroom.
#[allow(clippy::disallowed_methods)] // measuring is what this program is for
async fn papers(
    house: &Arc<House>,
    by: &Actor,
    checker: foundation::ids::Id,
) -> anyhow::Result<Line> {
    let child = std::env::current_exe()?.with_file_name("linli");
    anyhow::ensure!(child.exists(), "{} reads the papers", child.display());
    Reader::of(house).by(PathBuf::from(&child));
    let (found, _) = listing::page(house, by, &Filter::default(), None).await?;
    let homes: Vec<_> = found.iter().map(|s| s.dossier.id).collect();
    let bytes = Arc::new(paper());
    let (mut early, mut waits) = (0.0, Vec::new());
    for i in 0..PAPERS {
        let draft = Draft {
            kind: Kind::Other,
            title: "文件".into(),
            day: None,
            signed_by: String::new(),
            note: String::new(),
            paper: false,
            place: String::new(),
            checker,
            replaces: None,
        };
        let file = Upload {
            name: "a.pdf".into(),
            bytes: bytes.clone(),
            corners: None,
        };
        let home = homes.get(i % homes.len()).context("a dossier")?;
        let begun = Instant::now();
        intake::hand_in(house, by, *home, draft, vec![file]).await?;
        waits.push(begun.elapsed().as_secs_f64() * 1_000.0);
        if i == PAPERS / 10 {
            early = resident();
        }
    }
    let late = resident();
    Ok(Line {
        what: format!(
            "resident memory after {PAPERS} papers of {PAPER_BYTES} bytes, after a tenth"
        ),
        unit: "MB",
        ours: late,
        bare: early,
        note: format!(
            "a paper p50 {:.0} ms, p99 {:.0} ms",
            median(waits.clone()),
            p99(waits)
        ),
    })
}
