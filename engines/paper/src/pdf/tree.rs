//! The tree of pages: leaves in nodes of a hundred, so that a reader opens page 2,000 of a
//! catalog without walking through the others.

use pdf_writer::Ref;

use super::file::PdfFile;
use crate::PaperError;

const LEAVES: usize = 100;

/// The pages written so far.
pub struct Tree {
    pub root: Ref,
    node: Ref,
    leaves: Vec<Ref>,
    nodes: Vec<(Ref, usize)>,
}

impl Tree {
    pub fn new(file: &mut PdfFile<'_>) -> Tree {
        Tree {
            root: file.promise(),
            node: file.promise(),
            leaves: Vec::new(),
            nodes: Vec::new(),
        }
    }

    pub fn pages(&self) -> usize {
        self.nodes.iter().map(|n| n.1).sum::<usize>() + self.leaves.len()
    }

    /// Adds a page and tells its parent.
    pub fn add(&mut self, file: &mut PdfFile<'_>, page: Ref) -> Result<Ref, PaperError> {
        if self.leaves.len() == LEAVES {
            self.close(file)?;
            self.node = file.promise();
        }
        self.leaves.push(page);
        Ok(self.node)
    }

    fn close(&mut self, file: &mut PdfFile<'_>) -> Result<(), PaperError> {
        let leaves = std::mem::take(&mut self.leaves);
        self.nodes.push((self.node, leaves.len()));
        file.object(self.node, |chunk| {
            let mut pages = chunk.pages(self.node);
            pages.parent(self.root).count(leaves.len() as i32);
            pages.kids(leaves);
        })
    }

    /// Writes the last node and the root.
    pub fn end(mut self, file: &mut PdfFile<'_>) -> Result<usize, PaperError> {
        self.close(file)?;
        let count = self.pages();
        file.object(self.root, |chunk| {
            let mut pages = chunk.pages(self.root);
            pages.count(count as i32);
            pages.kids(self.nodes.iter().map(|n| n.0));
        })?;
        Ok(count)
    }
}
