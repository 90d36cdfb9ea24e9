//! The bars and the small signs of every page, drawn here. A macro or an included file is
//! compiled anew into each page that wears it; a function is compiled once.

use std::fmt::{self, Display};

use askama::Template;
use askama::filters::Safe;

use super::fields::Given;
use super::frame::Frame;
use super::parts::{Comparison, Line, Masked, Moment, Tag};
use super::words::Value;

/// Text that is HTML already.
pub type Html = Safe<String>;

/// Renders a piece of a page.
pub(super) fn drawn(piece: &impl Template) -> Html {
    // Templates write into memory and cannot fail but by a mistake of ours; the page stands
    // without the piece then.
    Safe(piece.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a piece of a page could not be rendered");
        String::new()
    }))
}

/// A symbol of `icons.svg`.
#[derive(Clone, Copy)]
pub struct Icon<N>(N);

impl<N: AsRef<str>> Display for Icon<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href=""#)?;
        f.write_str(super::assets::path("icons.svg"))?;
        f.write_str("#")?;
        f.write_str(self.0.as_ref())?;
        f.write_str(r#""/></svg>"#)
    }
}

macro_rules! pieces {
    ($($piece:ident $path:literal),+ $(,)?) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $piece<'f> { frame: &'f Frame }
    )+ };
}

pieces! {
    Head "base/head.html",
    OwnerBars "base/owner_bars.html",
    StaffBars "base/staff_bars.html",
    StaffFoot "base/staff_foot.html",
    Flashes "base/flashes.html",
    Footer "base/footer.html",
}

macro_rules! framed {
    ($($piece:ident $path:literal { $($field:ident: $kind:ty),+ }),+ $(,)?) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $piece<'f> { frame: &'f Frame, $($field: $kind),+ }
    )+ };
}

framed! {
    TagPiece "components/drawn/tag.html" { tag: Tag },
    MaskedPiece "components/drawn/masked.html" { datum: &'f Masked },
    Lines "components/drawn/lines.html" { lines: &'f [Line] },
    Timeline "components/drawn/timeline.html" { moments: &'f [Moment] },
    Compare "components/drawn/compare.html" { left_title: &'f str, right_title: &'f str, rows: &'f [Comparison] },
}

impl AsRef<Masked> for Masked {
    fn as_ref(&self) -> &Masked {
        self
    }
}

impl Frame {
    /// What stands in every `<head>`.
    pub fn head(&self) -> Html {
        drawn(&Head { frame: self })
    }

    /// The bars of the wing.
    pub fn bars(&self) -> Html {
        if self.is_staff() {
            self.staff_bars()
        } else {
            self.owner_bars()
        }
    }

    /// The masthead and the bottom bar.
    pub fn owner_bars(&self) -> Html {
        drawn(&OwnerBars { frame: self })
    }

    /// The top bar and the side bar.
    pub fn staff_bars(&self) -> Html {
        drawn(&StaffBars { frame: self })
    }

    /// What a page of the wing ends with: palette and keys for staff.
    pub fn foot(&self) -> Html {
        if self.is_staff() {
            self.staff_foot()
        } else {
            Safe(String::new())
        }
    }

    /// The palette and the list of keys.
    pub fn staff_foot(&self) -> Html {
        drawn(&StaffFoot { frame: self })
    }

    /// What the page before has to tell.
    pub fn flashes(&self) -> Html {
        if self.flash.is_empty() {
            return Safe(String::new());
        }
        drawn(&Flashes { frame: self })
    }

    /// Language, text size and theme.
    pub fn footer(&self) -> Html {
        drawn(&Footer { frame: self })
    }

    /// A symbol.
    pub fn icon<N: AsRef<str>>(&self, name: N) -> Safe<Icon<N>> {
        Safe(Icon(name))
    }

    /// The house's own sign.
    pub fn mark(&self) -> Html {
        Safe(format!(
            r#"<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><use href="{}#mark"/></svg>"#,
            super::assets::path("icons.svg")
        ))
    }

    /// What waits, as a small number; nothing for 0.
    pub fn count_badge<'v>(&self, count: impl Into<Value<'v>>) -> Html {
        let count = count.into();
        if count == Value::Count(0) {
            return Safe(String::new());
        }
        Safe(format!(
            r#"<span class="count"><span class="sr">{}</span>{}</span>"#,
            self.t("waiting-for-you"),
            self.count(count)
        ))
    }

    /// A status: colour, symbol and word.
    pub fn tag(&self, tag: impl Given<Tag>) -> Html {
        let tag = tag.given();
        drawn(&TagPiece { frame: self, tag })
    }

    /// A masked datum with the way to reveal it.
    pub fn masked(&self, datum: impl AsRef<Masked>) -> Html {
        let datum = datum.as_ref();
        drawn(&MaskedPiece { frame: self, datum })
    }

    /// The lines of a record.
    pub fn lines(&self, lines: impl AsRef<[Line]>) -> Html {
        let lines = lines.as_ref();
        drawn(&Lines { frame: self, lines })
    }

    /// What happened, newest first.
    pub fn timeline(&self, moments: impl AsRef<[Moment]>) -> Html {
        let moments = moments.as_ref();
        drawn(&Timeline {
            frame: self,
            moments,
        })
    }

    /// What was written against what is on the roster.
    pub fn compare(
        &self,
        left_title: impl AsRef<str>,
        right_title: impl AsRef<str>,
        rows: impl AsRef<[Comparison]>,
    ) -> Html {
        drawn(&Compare {
            frame: self,
            left_title: left_title.as_ref(),
            right_title: right_title.as_ref(),
            rows: rows.as_ref(),
        })
    }
}
