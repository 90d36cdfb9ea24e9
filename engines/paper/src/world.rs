//! What typst sees of the world: one form, its facts, the system's fonts, no clock and no
//! files.

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Value};
use typst::layout::PagedDocument;
use typst::syntax::{FileId, Source, VirtualPath};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_kit::fonts::{FontSearcher, FontSlot};

use crate::{PAGES_MAX, PaperError};

/// A sign that only a Chinese font has.
const CHINESE: u32 = '鄰' as u32;

/// The fonts of a machine; each is read when a paper first needs it.
pub struct Fonts {
    book: LazyHash<FontBook>,
    slots: Vec<FontSlot>,
}

impl Fonts {
    /// Looks through the folders where the system keeps its fonts.
    pub fn of_system() -> Fonts {
        let found = FontSearcher::new().include_system_fonts(true).search();
        Fonts {
            book: LazyHash::new(found.book),
            slots: found.fonts,
        }
    }

    /// Whether one of them can write Chinese.
    pub fn write_chinese(&self) -> bool {
        (0..)
            .map_while(|i| self.book.info(i))
            .any(|info| info.coverage.contains(CHINESE))
    }
}

struct Desk<'f> {
    fonts: &'f Fonts,
    functions: LazyHash<Library>,
    form: Source,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.functions
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.form.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.form.id() {
            Ok(self.form.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.slots.get(index)?.get()
    }

    fn today(&self, _: Option<i64>) -> Option<Datetime> {
        None
    }
}

/// Draws a form with its facts (JSON, as `sys.inputs.facts`).
pub fn pdf(fonts: &Fonts, form: &'static str, facts: &str) -> Result<Vec<u8>, PaperError> {
    let mut inputs = Dict::new();
    inputs.insert("facts".into(), Value::Str(facts.into()));
    let desk = Desk {
        fonts,
        functions: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        form: Source::new(
            FileId::new(None, VirtualPath::new("form.typ")),
            form.to_owned(),
        ),
    };
    let fault = |all: &[typst::diag::SourceDiagnostic]| {
        let said: Vec<&str> = all.iter().map(|d| d.message.as_str()).collect();
        PaperError::Form(said.join("; "))
    };
    let made = typst::compile::<PagedDocument>(&desk);
    let drawn =
        made.output
            .map_err(|e| fault(&e))
            .and_then(|document| match document.pages.len() {
                0..=PAGES_MAX => typst_pdf::pdf(&document, &typst_pdf::PdfOptions::default())
                    .map_err(|e| fault(&e)),
                _ => Err(PaperError::TooLong),
            });
    // The compiler remembers its steps for the next run; a house that runs for years would
    // remember every list that was ever printed.
    comemo::evict(0);
    drawn
}
