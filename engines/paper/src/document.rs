//! A paper as it is drawn: one page after the other leaves as soon as it is full; the
//! fonts, cut to what was used, come last. So a list of any length needs the memory of one
//! page.

use std::io::Write;

use pdf_writer::{Content, Filter, Name, Rect as PdfRect, Ref, TextStr};

use crate::PaperError;
use crate::fonts::Fonts;
use crate::ink::Ink;
use crate::pdf::{About, PdfFile, Picture, Tree, packed, srgb, write_meta};
use crate::style::{Align, MM_PER_PT, Rect, Style};

/// Width and height of A4 upright, in millimetres (ISO 216).
pub const A4: (f32, f32) = (210.0, 297.0);

/// What stands below every page.
#[derive(Clone, Debug, Default)]
pub struct Footer {
    pub left: String,
    /// `{page}` and then `{pages}` are filled in.
    pub page: String,
    pub right: String,
    /// The distance of left and right from the page's edges.
    pub margin: f32,
    /// The baseline's distance from the lower edge.
    pub up: f32,
}

/// A picture that a document holds.
#[derive(Clone, Copy, Debug)]
pub struct PictureId {
    pub(crate) nth: usize,
    pub width: u32,
    pub height: u32,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub pages: usize,
    pub bytes: u64,
    /// The signs that no font of the machine has; 〓 stands in their place.
    pub missing: Vec<char>,
}

/// A paper that is being drawn. All lengths are millimetres from the upper left corner.
pub struct Document<'a> {
    pub(crate) file: PdfFile<'a>,
    pub(crate) ink: Ink<'a>,
    pub(crate) pen: Option<Pen>,
    pub(crate) size: (f32, f32),
    tree: Tree,
    about: About,
    pages_max: usize,
    resources: Ref,
    total: Ref,
    pictures: Vec<Ref>,
    footer: Option<Footer>,
    /// Pages before the part that is numbered anew, and how many that part has.
    part: Option<(usize, usize)>,
}

/// The page that is open, and what its graphics state is.
pub(crate) struct Pen {
    pub content: Content,
    pub state: State,
}

#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct State {
    pub fill: Option<crate::style::Colour>,
    pub stroke: Option<crate::style::Stroke>,
}

impl<'a> Document<'a> {
    /// Begins a paper of at most `pages_max` pages.
    ///
    /// # Errors
    /// [`PaperError::NoFont`]; [`PaperError::Write`].
    pub fn begin(
        out: &'a mut dyn Write,
        fonts: &'a Fonts,
        about: About,
        pages_max: usize,
    ) -> Result<Document<'a>, PaperError> {
        let ink = Ink::new(fonts, about.lang)?;
        let mut file = PdfFile::begin(out)?;
        Ok(Document {
            tree: Tree::new(&mut file),
            resources: file.promise(),
            total: file.promise(),
            file,
            ink,
            pen: None,
            size: A4,
            about,
            pages_max,
            pictures: Vec::new(),
            footer: None,
            part: None,
        })
    }

    /// What stands below every page from the open one on.
    pub fn set_footer(&mut self, footer: Footer) {
        self.footer = Some(footer);
    }

    /// What follows is a part with its own numbers, of so many pages.
    ///
    /// # Errors
    /// [`PaperError::Write`].
    pub(crate) fn begin_part(&mut self, pages: usize) -> Result<(), PaperError> {
        // The page before is still of the part before.
        self.end_page()?;
        self.part = Some((self.page_number(), pages));
        Ok(())
    }

    /// The number of the open page, from 1.
    pub fn page_number(&self) -> usize {
        self.tree.pages() + usize::from(self.pen.is_some())
    }

    /// Ends the open page and begins another.
    ///
    /// # Errors
    /// [`PaperError::TooLong`]; [`PaperError::Write`].
    pub fn page(&mut self, size: (f32, f32)) -> Result<(), PaperError> {
        self.end_page()?;
        if self.tree.pages() >= self.pages_max {
            return Err(PaperError::TooLong);
        }
        self.size = size;
        self.pen = Some(Pen {
            content: Content::new(),
            state: State::default(),
        });
        Ok(())
    }

    /// Takes a picture into the file, once for all pages.
    ///
    /// # Errors
    /// [`PaperError::Write`].
    pub fn keep(&mut self, picture: &Picture) -> Result<PictureId, PaperError> {
        let id = self.file.promise();
        picture.write(&mut self.file, id)?;
        self.pictures.push(id);
        Ok(PictureId {
            nth: self.pictures.len() - 1,
            width: picture.width,
            height: picture.height,
        })
    }

    /// How many pages a paper would have, drawn with the same fonts into nothing.
    ///
    /// # Errors
    /// As drawing it.
    pub(crate) fn rehearse(
        &self,
        lay: impl FnOnce(&mut Document<'_>) -> Result<(), PaperError>,
    ) -> Result<usize, PaperError> {
        let mut nothing = std::io::sink();
        let about = self.about.clone();
        let mut doc = Document::begin(&mut nothing, self.ink.fonts(), about, self.pages_max)?;
        lay(&mut doc)?;
        Ok(doc.page_number())
    }

    fn end_page(&mut self) -> Result<(), PaperError> {
        if self.pen.is_none() {
            return Ok(());
        }
        self.draw_footer();
        let Some(pen) = self.pen.take() else {
            return Ok(());
        };
        let bytes = packed(&pen.content.finish().into_vec());
        let (page, content) = (self.file.promise(), self.file.promise());
        let parent = self.tree.add(&mut self.file, page)?;
        self.file.object(content, |chunk| {
            chunk.stream(content, &bytes).filter(Filter::FlateDecode);
        })?;
        let (resources, size) = (self.resources, self.size);
        self.file.object(page, |chunk| {
            let mut page = chunk.page(page);
            page.parent(parent);
            page.media_box(PdfRect::new(
                0.0,
                0.0,
                size.0 / MM_PER_PT,
                size.1 / MM_PER_PT,
            ));
            page.contents(content);
            page.pair(Name(b"Resources"), resources);
        })
    }

    fn draw_footer(&mut self) {
        let Some(footer) = self.footer.take() else {
            return;
        };
        let style = Style::new(8.0).in_colour(crate::style::Colour::QUIET);
        let (w, h) = self.size;
        let top = h - footer.up - style.em() * crate::style::ABOVE;
        let third = (w - 2.0 * footer.margin) / 3.0;
        let side = |x| Rect::new(x, top, third * 1.1, style.em());
        self.fit(side(footer.margin), &footer.left, style, Align::Left, 5.0);
        let right = side(w - footer.margin - third * 1.1);
        self.fit(right, &footer.right, style, Align::Right, 5.0);
        let (earlier, part) = self.part.map_or((0, None), |(e, n)| (e, Some(n)));
        let number = (self.page_number() - earlier).to_string();
        if let Some(pages) = part {
            let text = footer.page.replace("{page}", &number);
            let text = text.replace("{pages}", &pages.to_string());
            let width = self.width(&text, style);
            self.text((w - width) / 2.0, h - footer.up, &text, style);
            self.footer = Some(footer);
            return;
        }
        let (before, after) = match footer.page.split_once("{pages}") {
            Some((before, _)) => (before.replace("{page}", &number), true),
            None => (footer.page.replace("{page}", &number), false),
        };
        let width = self.width(&before, style);
        // The total is not known yet: it is drawn once, at the end, and stands to the right
        // of the middle on every page.
        let x = w / 2.0 - if after { width * 0.62 } else { width / 2.0 };
        self.text(x, h - footer.up, &before, style);
        if after {
            self.form(b"Total", x + width, h - footer.up);
        }
        self.footer = Some(footer);
    }

    /// Writes what comes last: fonts, resources, the tree of pages, the catalog.
    ///
    /// # Errors
    /// [`PaperError::Font`]; [`PaperError::Write`].
    pub fn end(mut self) -> Result<Written, PaperError> {
        if self.page_number() == 0 {
            self.page(A4)?;
        }
        self.end_page()?;
        self.write_total()?;
        let fonts: Vec<(String, Ref)> = self.ink.used().collect();
        let (resources, total, pictures) = (self.resources, self.total, &self.pictures);
        self.file.object(resources, |chunk| {
            let mut all = chunk
                .indirect(resources)
                .start::<pdf_writer::writers::Resources<'_>>();
            let mut dict = all.fonts();
            for (name, id) in &fonts {
                dict.pair(Name(name.as_bytes()), *id);
            }
            drop(dict);
            let mut dict = all.x_objects();
            dict.pair(Name(b"Total"), total);
            for (nth, id) in pictures.iter().enumerate() {
                dict.pair(Name(format!("P{nth}").as_bytes()), *id);
            }
        })?;
        self.ink.end(&mut self.file)?;
        let root = self.tree.root;
        let pages = self.tree.end(&mut self.file)?;
        let (info, xmp) = write_meta(&mut self.file, &self.about)?;
        let profile = self.file.promise();
        let bytes = packed(&srgb());
        self.file.object(profile, |chunk| {
            chunk
                .icc_profile(profile, &bytes)
                .n(3)
                .filter(Filter::FlateDecode);
        })?;
        let catalog = self.file.promise();
        let lang = self.about.lang.tag();
        self.file.object(catalog, |chunk| {
            let mut all = chunk
                .indirect(catalog)
                .start::<pdf_writer::writers::Catalog<'_>>();
            all.pages(root);
            all.lang(TextStr(lang));
            all.metadata(xmp);
            all.viewer_preferences().display_doc_title(true);
            let mut intents = all.output_intents();
            intents
                .push()
                .subtype(pdf_writer::types::OutputIntentSubtype::PDFA)
                .output_condition_identifier(TextStr("sRGB"))
                .info(TextStr("sRGB IEC61966-2-1"))
                .dest_output_profile(profile);
        })?;
        let missing = self.ink.missing();
        let bytes = self.file.end(catalog, info)?;
        Ok(Written {
            pages,
            bytes,
            missing,
        })
    }

    /// "of 12 pages", now that it is known.
    fn write_total(&mut self) -> Result<(), PaperError> {
        let tail = self
            .footer
            .as_ref()
            .and_then(|f| f.page.split_once("{pages}"))
            .map_or(String::new(), |(_, after)| {
                format!("{}{after}", self.tree.pages())
            });
        // A page of its own, whose origin is where the pages put it.
        self.size = (100.0, 0.0);
        self.pen = Some(Pen {
            content: Content::new(),
            state: State::default(),
        });
        let style = Style::new(8.0).in_colour(crate::style::Colour::QUIET);
        self.text(0.0, 0.0, &tail, style);
        let content = self.pen.take().map(|p| p.content.finish().into_vec());
        let bytes = packed(&content.unwrap_or_default());
        let (total, resources) = (self.total, self.resources);
        self.file.object(total, |chunk| {
            let mut form = chunk.form_xobject(total, &bytes);
            form.bbox(PdfRect::new(0.0, -10.0, 300.0, 20.0));
            form.filter(Filter::FlateDecode);
            form.pair(Name(b"Resources"), resources);
        })
    }
}
