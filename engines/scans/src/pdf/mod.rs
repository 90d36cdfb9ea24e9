//! PDF: scanned whole within bounds first ([`scan`]), then opened by the library that draws it;
//! both must find the same pages.

mod scan;
mod stream;
mod value;

use std::collections::HashSet;
use std::sync::Arc;

use hayro::Pdf;

use crate::inspect::{Note, PageSize};
use crate::limits::Purse;
use crate::refused::Part;
use crate::{Kind, Refused};
use scan::{Node, Scan};

const KIND: Kind = Kind::Pdf;

/// The page tree may be so deep; 500 pages in a binary tree need nine.
const TREE_MAX: usize = 32;

/// What was found.
pub(crate) struct Found {
    pub pdf: Pdf,
    pub sizes: Vec<PageSize>,
    pub notes: Vec<Note>,
    /// The catalog's number.
    pub root: Option<u32>,
}

pub(crate) fn walk(bytes: &[u8], purse: &mut Purse<'_>) -> Result<Found, Refused> {
    let broken = |part| Refused::Broken { kind: KIND, part };
    let scan = scan::scan(bytes, purse)?;
    let counted = count(&scan, purse)?;
    let pdf = open(bytes)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(broken(Part::NoPage));
    }
    purse.pages(pages.len() as u64)?;
    if counted != pages.len() as u32 {
        return Err(Refused::Ambiguous {
            one: counted,
            other: pages.len() as u32,
        });
    }
    let mut sizes = Vec::new();
    for page in pages.iter() {
        let (width, height) = page.render_dimensions();
        if !width.is_finite() || !height.is_finite() {
            return Err(broken(Part::Head));
        }
        sizes.push(PageSize::points(f64::from(width), f64::from(height)));
    }
    Ok(Found {
        sizes,
        root: scan.root,
        notes: scan.notes,
        pdf,
    })
}

/// Opens a file that was scanned.
pub(crate) fn open(bytes: &[u8]) -> Result<Pdf, Refused> {
    Pdf::new(Arc::new(bytes.to_vec())).map_err(|e| match e {
        hayro_syntax::LoadPdfError::Decryption(_) => Refused::Encrypted,
        hayro_syntax::LoadPdfError::Invalid => Refused::Broken {
            kind: KIND,
            part: Part::Structure,
        },
    })
}

/// Counts the leaves below the catalog. A branch that is met twice would multiply pages, or
/// never end.
fn count(scan: &Scan, purse: &Purse<'_>) -> Result<u32, Refused> {
    let broken = |part| Refused::Broken { kind: KIND, part };
    let named = scan.root.and_then(|r| scan.nodes.get(&r));
    let catalog = named.filter(|n| matches!(n, Node::Catalog { .. }));
    let mut all = scan
        .nodes
        .values()
        .filter(|n| matches!(n, Node::Catalog { .. }));
    let Some(Node::Catalog { pages }) = catalog.or_else(|| all.next()) else {
        return Err(broken(Part::Pages));
    };
    let mut seen = HashSet::new();
    let mut found = 0_u32;
    let mut open = vec![(*pages, 0)];
    while let Some((number, depth)) = open.pop() {
        match scan.nodes.get(&number) {
            Some(Node::Branch { kids, kids_at }) => {
                if depth > TREE_MAX || !seen.insert(number) {
                    return Err(Refused::Nested(KIND));
                }
                let listed = match kids_at.and_then(|at| scan.nodes.get(&at)) {
                    Some(Node::List(list)) => list,
                    _ => kids,
                };
                // What is waiting is bounded as well: every kid is a page or brings one.
                purse.pages(u64::from(found) + (listed.len() / 2) as u64)?;
                open.extend(listed.iter().map(|k| (*k, depth + 1)));
            }
            Some(Node::Leaf) => {
                found += 1;
                purse.pages(u64::from(found))?;
            }
            _ => {}
        }
    }
    Ok(found)
}
