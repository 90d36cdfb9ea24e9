//! Several forms in one file, each with its own page numbers: the copies of one, or those of
//! a whole building.

use crate::document::Document;
use crate::papers::Form;
use crate::pdf::About;
use crate::{Paper, PaperError};

/// A tower of 400 homes with four forms each, of which some are in two copies and longer
/// than a page.
pub const BUNDLE_PAGES_MAX: usize = 5_000;

/// Forms one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    pub title: String,
    pub forms: Vec<Form>,
}

impl Paper for Bundle {
    fn about(&self) -> About {
        let first = self.forms.first().map(Form::about);
        About {
            title: self.title.clone(),
            lang: first.as_ref().map_or_else(Default::default, |a| a.lang),
            made: first.and_then(|a| a.made),
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        for form in &self.forms {
            let pages = doc.rehearse(|doc| form.lay(doc))?;
            doc.begin_part(pages)?;
            form.lay(doc)?;
        }
        Ok(())
    }

    fn pages_max(&self) -> usize {
        BUNDLE_PAGES_MAX
    }
}
