//! What stands on many pages, drawn here: bars, fields, parts of lists. A macro or an included
//! file of a template is compiled anew into each page that wears it; a piece is compiled once,
//! and the macros of `templates/components` only hand on what they are given.

use std::borrow::Cow;
use std::fmt::{self, Display};

use askama::Template;
use askama::filters::Safe;

use super::form::Form;
use super::frame::Frame;
use super::list::{Chip, Column, ListQuery, Pager};
use super::parts::{Choice, Comparison, Line, Masked, Moment, Tag};
use super::words::Value;

/// Text that is HTML already.
pub type Html = Safe<String>;

/// What a template gives a piece: a value, through however many macros' references.
pub trait Given<T: ?Sized> {
    /// The value.
    fn given(&self) -> &T;
}

impl<T: ?Sized, G: Given<T> + ?Sized> Given<T> for &G {
    fn given(&self) -> &T {
        (**self).given()
    }
}

macro_rules! given {
    ($($itself:ty),+) => { $(
        impl Given<$itself> for $itself {
            fn given(&self) -> &$itself {
                self
            }
        }
    )+ };
}
given!(str, bool, u32, Form, ListQuery, Pager, Masked, Tag);

impl Given<str> for String {
    fn given(&self) -> &str {
        self
    }
}

impl Given<str> for Cow<'_, str> {
    fn given(&self) -> &str {
        self
    }
}

impl<T> Given<[T]> for [T] {
    fn given(&self) -> &[T] {
        self
    }
}

impl<T, const N: usize> Given<[T]> for [T; N] {
    fn given(&self) -> &[T] {
        self
    }
}

impl<T> Given<[T]> for Vec<T> {
    fn given(&self) -> &[T] {
        self
    }
}

/// A method of [`Frame`] for each piece, with what its file is given.
macro_rules! pieces {
    ($($(#[$about:meta])* $method:ident $path:literal ($($field:ident: $kind:ty),*);)+) => {
        #[allow(clippy::too_many_arguments)]
        impl Frame { $(
            $(#[$about])*
            pub fn $method(&self, $($field: impl Given<$kind>),*) -> Html {
                #[derive(Template)]
                #[template(path = $path)]
                struct Piece<'f> { frame: &'f Frame, $($field: &'f $kind),* }
                drawn(&Piece { frame: self, $($field: $field.given()),* })
            }
        )+ }
    };
}

pieces! {
    /// What stands in every `<head>`.
    head "base/head.html" ();
    /// The masthead and the bottom bar.
    owner_bars "base/owner_bars.html" ();
    /// The top bar and the side bar.
    staff_bars "base/staff_bars.html" ();
    /// The palette and the list of keys.
    staff_foot "base/staff_foot.html" ();
    /// What the page before has to tell.
    flashes "base/flashes.html" ();
    /// Language, text size and theme.
    footer "base/footer.html" ();

    /// A status: colour, symbol and word.
    tag "components/drawn/tag.html" (tag: Tag);
    /// A masked datum with the way to reveal it.
    masked "components/drawn/masked.html" (datum: Masked);
    /// The lines of a record.
    lines "components/drawn/lines.html" (lines: [Line]);
    /// What happened, newest first.
    timeline "components/drawn/timeline.html" (moments: [Moment]);
    /// What was written against what is on the roster.
    compare "components/drawn/compare.html" (left_title: str, right_title: str, rows: [Comparison]);

    /// The faults of the whole form.
    errors "components/drawn/errors.html" (form: Form);
    /// One line of text.
    line "components/drawn/line.html" (form: Form, name: str, label: str, hint: str, kind: str, autocomplete: str, inputmode: str, optional: bool, width: str, maxlength: u32);
    /// A secret.
    password "components/drawn/password.html" (form: Form, name: str, label: str, hint: str, autocomplete: str);
    /// Several lines of text.
    area "components/drawn/area.html" (form: Form, name: str, label: str, hint: str, rows: u32, optional: bool);
    /// One of a list.
    select "components/drawn/select.html" (form: Form, name: str, label: str, choices: [Choice], hint: str, optional: bool);
    /// Radio buttons or boxes.
    options "components/drawn/options.html" (form: Form, name: str, label: str, choices: [Choice], hint: str, kind: str, optional: bool);
    /// One box to tick.
    tick "components/drawn/tick.html" (form: Form, name: str, label: str, hint: str);
    /// Files.
    file "components/drawn/file.html" (form: Form, name: str, label: str, hint: str, accept: str, many: bool, optional: bool);

    /// Search and filter chips.
    filters "components/drawn/filters.html" (list: ListQuery, label: str, chips: [Chip]);
    /// Which columns are shown.
    columns "components/drawn/columns.html" (list: ListQuery, columns: [Column]);
    /// The exact total and the way to the other pages.
    pager "components/drawn/pager.html" (list: ListQuery, pager: Pager);
}

impl Frame {
    /// The bars of the wing.
    pub fn bars(&self) -> Html {
        if self.is_staff() {
            self.staff_bars()
        } else {
            self.owner_bars()
        }
    }

    /// What a page of the wing ends with: palette and keys for staff.
    pub fn foot(&self) -> Html {
        if self.is_staff() {
            self.staff_foot()
        } else {
            Safe(String::new())
        }
    }

    /// A symbol of `icons.svg`.
    pub fn icon<N: Given<str>>(&self, name: N) -> Safe<Icon<N>> {
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
}

/// A symbol; its name is ours and holds nothing to escape.
#[derive(Clone, Copy)]
pub struct Icon<N>(N);

impl<N: Given<str>> Display for Icon<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, name) = (super::assets::path("icons.svg"), self.0.given());
        write!(
            f,
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="{file}#{name}"/></svg>"#
        )
    }
}

fn drawn(piece: &impl Template) -> Html {
    // Templates write into memory and cannot fail but by a mistake of ours; the page stands
    // without the piece then.
    Safe(piece.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a piece of a page could not be rendered");
        String::new()
    }))
}
