//! Labels for the spines of archive boxes, on sheets of A4 that are printed at 100 %.
//!
//! Above each label hangs a leader of 50 mm: its upper edge is laid to the top of the box, the
//! label is stuck, the leader torn off, and the label's upper edge lies 5 cm below the
//! spine's without a ruler (SY-WI-KF-09, 4.2.2).

mod face;
pub(crate) mod refuse;
mod sheet;

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::fonts::Lang;
use crate::hatch::Mark;
use crate::pdf::{About, Moment};
use crate::qr::Modules;
use crate::{Paper, PaperError};

/// The leader above a label.
pub(crate) const LEADER: f32 = 50.0;

/// The width of a box's spine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Spine {
    Mm20,
    Mm30,
    Mm40,
    Mm50,
    Mm60,
}

impl Spine {
    pub const ALL: [Spine; 5] = [
        Spine::Mm20,
        Spine::Mm30,
        Spine::Mm40,
        Spine::Mm50,
        Spine::Mm60,
    ];

    /// The spine's width in millimetres.
    pub fn mm(self) -> f32 {
        match self {
            Spine::Mm20 => 20.0,
            Spine::Mm30 => 30.0,
            Spine::Mm40 => 40.0,
            Spine::Mm50 => 50.0,
            Spine::Mm60 => 60.0,
        }
    }

    /// The label's width and height: 2 mm of the spine stay free on either side.
    pub fn label(self) -> (f32, f32) {
        let height = if self == Spine::Mm20 { 60.0 } else { 90.0 };
        (self.mm() - 4.0, height)
    }

    /// How many labels a sheet has.
    pub fn on_a_sheet(self) -> usize {
        sheet::places(self).len()
    }

    /// Too narrow for horizontal text that is read from two metres.
    pub(crate) fn narrow(self) -> bool {
        matches!(self, Spine::Mm20 | Spine::Mm30)
    }
}

/// What stands on one box. There is no place for a name or a number of a person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SpineLabel {
    /// The compound's short name.
    pub compound: String,
    /// The building as people call it, `3棟`.
    pub building: String,
    /// The unit, `2單元`; empty where there is none.
    pub unit: String,
    pub room: String,
    /// Tenure and box, `02·1/2`.
    pub tenure: String,
    /// The code under the QR, as people type it.
    pub code: String,
    pub qr: Modules,
    /// The building's colour and pattern.
    pub mark: Mark,
}

/// Sheets of labels for one width of spine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LabelSheets {
    pub lang: Lang,
    pub made: Option<Moment>,
    pub title: String,
    pub spine: Spine,
    pub labels: Vec<SpineLabel>,
    /// Which print of these labels it is, from 1: an older one is void.
    pub copy: u32,
    /// What else the sheet's lower edge says: when and by whom it was printed.
    pub note: String,
}

impl Paper for LabelSheets {
    fn about(&self) -> About {
        About {
            title: self.title.clone(),
            lang: self.lang,
            made: self.made,
        }
    }

    fn lay(&self, doc: &mut Document<'_>) -> Result<(), PaperError> {
        refuse::words(&self.title)?;
        refuse::words(&self.note)?;
        for label in &self.labels {
            refuse::check(label)?;
        }
        let places = sheet::places(self.spine);
        let sheets = self.labels.len().div_ceil(places.len()).max(1);
        for nth in 0..sheets {
            sheet::begin(doc, self, nth, sheets)?;
            let labels = self.labels.iter().skip(nth * places.len());
            for (label, place) in labels.zip(&places) {
                sheet::leader(doc, *place);
                face::draw(doc, self.spine, label, sheet::below(*place));
            }
        }
        Ok(())
    }
}
