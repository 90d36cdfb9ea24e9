//! The fields of a form and the parts of a work list, drawn here once; see [`super::bars`].

use askama::Template;

use super::bars::{Html, drawn};
use super::form::Form;
use super::frame::Frame;
use super::list::{Chip, Column, ListQuery, Pager};
use super::parts::{Choice, Tag};

macro_rules! fields {
    ($($piece:ident $path:literal { $($field:ident: $kind:ty),* }),+ $(,)?) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $piece<'f> { frame: &'f Frame, form: &'f Form, $($field: $kind),* }
    )+ };
}

fields! {
    Errors "components/drawn/errors.html" {},
    LineOfText "components/drawn/line.html" {
        name: &'f str, label: &'f str, hint: &'f str, kind: &'f str, autocomplete: &'f str,
        inputmode: &'f str, optional: bool, width: &'f str, maxlength: u32
    },
    Password "components/drawn/password.html" {
        name: &'f str, label: &'f str, hint: &'f str, autocomplete: &'f str
    },
    Area "components/drawn/area.html" {
        name: &'f str, label: &'f str, hint: &'f str, rows: u32, optional: bool
    },
    Select "components/drawn/select.html" {
        name: &'f str, label: &'f str, choices: &'f [Choice], hint: &'f str, optional: bool
    },
    Options "components/drawn/options.html" {
        name: &'f str, label: &'f str, choices: &'f [Choice], hint: &'f str, kind: &'f str,
        optional: bool
    },
    Tick "components/drawn/tick.html" { name: &'f str, label: &'f str, hint: &'f str },
    FileField "components/drawn/file.html" {
        name: &'f str, label: &'f str, hint: &'f str, accept: &'f str, many: bool, optional: bool
    },
}

macro_rules! parts_of_a_list {
    ($($piece:ident $path:literal { $($field:ident: $kind:ty),+ }),+ $(,)?) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $piece<'f> { frame: &'f Frame, list: &'f ListQuery, $($field: $kind),+ }
    )+ };
}

parts_of_a_list! {
    Filters "components/drawn/filters.html" { label: &'f str, chips: &'f [Chip] },
    Columns "components/drawn/columns.html" { columns: &'f [Column] },
    PagerPiece "components/drawn/pager.html" { pager: &'f Pager },
}

/// A plain value, however many macros have handed on a reference to it.
pub trait Given<T> {
    /// The value.
    fn given(&self) -> T;
}

impl Given<bool> for bool {
    fn given(&self) -> bool {
        *self
    }
}

impl Given<u32> for u32 {
    fn given(&self) -> u32 {
        *self
    }
}

impl Given<Tag> for Tag {
    fn given(&self) -> Tag {
        *self
    }
}

impl<T, G: Given<T>> Given<T> for &G {
    fn given(&self) -> T {
        (**self).given()
    }
}

impl AsRef<Form> for Form {
    fn as_ref(&self) -> &Form {
        self
    }
}

impl AsRef<ListQuery> for ListQuery {
    fn as_ref(&self) -> &ListQuery {
        self
    }
}

impl AsRef<Pager> for Pager {
    fn as_ref(&self) -> &Pager {
        self
    }
}

/// The macros of `components/fields.html` and `table.html` hand on what they were given; their
/// parameters are written there.
#[allow(clippy::too_many_arguments)]
impl Frame {
    /// The faults of the whole form.
    pub fn errors(&self, form: impl AsRef<Form>) -> Html {
        let form = form.as_ref();
        drawn(&Errors { frame: self, form })
    }

    /// One line of text.
    pub fn line(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        hint: impl AsRef<str>,
        kind: &str,
        autocomplete: &str,
        inputmode: &str,
        optional: impl Given<bool>,
        width: &str,
        maxlength: impl Given<u32>,
    ) -> Html {
        drawn(&LineOfText {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            hint: hint.as_ref(),
            kind,
            autocomplete,
            inputmode,
            optional: optional.given(),
            width,
            maxlength: maxlength.given(),
        })
    }

    /// A secret.
    pub fn password(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        hint: impl AsRef<str>,
        autocomplete: &str,
    ) -> Html {
        drawn(&Password {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            hint: hint.as_ref(),
            autocomplete,
        })
    }

    /// Several lines of text.
    pub fn area(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        hint: impl AsRef<str>,
        rows: impl Given<u32>,
        optional: impl Given<bool>,
    ) -> Html {
        drawn(&Area {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            hint: hint.as_ref(),
            rows: rows.given(),
            optional: optional.given(),
        })
    }

    /// One of a list.
    pub fn select(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        choices: impl AsRef<[Choice]>,
        hint: impl AsRef<str>,
        optional: impl Given<bool>,
    ) -> Html {
        drawn(&Select {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            choices: choices.as_ref(),
            hint: hint.as_ref(),
            optional: optional.given(),
        })
    }

    /// Radio buttons or boxes.
    pub fn options(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        choices: impl AsRef<[Choice]>,
        hint: impl AsRef<str>,
        kind: &str,
        optional: impl Given<bool>,
    ) -> Html {
        drawn(&Options {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            choices: choices.as_ref(),
            hint: hint.as_ref(),
            kind,
            optional: optional.given(),
        })
    }

    /// One box to tick.
    pub fn tick(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        hint: impl AsRef<str>,
    ) -> Html {
        drawn(&Tick {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            hint: hint.as_ref(),
        })
    }

    /// Files.
    pub fn file(
        &self,
        form: impl AsRef<Form>,
        name: impl AsRef<str>,
        label: impl AsRef<str>,
        hint: impl AsRef<str>,
        accept: impl AsRef<str>,
        many: impl Given<bool>,
        optional: impl Given<bool>,
    ) -> Html {
        drawn(&FileField {
            frame: self,
            form: form.as_ref(),
            name: name.as_ref(),
            label: label.as_ref(),
            hint: hint.as_ref(),
            accept: accept.as_ref(),
            many: many.given(),
            optional: optional.given(),
        })
    }

    /// Search and filter chips.
    pub fn filters(
        &self,
        list: impl AsRef<ListQuery>,
        label: impl AsRef<str>,
        chips: impl AsRef<[Chip]>,
    ) -> Html {
        drawn(&Filters {
            frame: self,
            list: list.as_ref(),
            label: label.as_ref(),
            chips: chips.as_ref(),
        })
    }

    /// Which columns are shown.
    pub fn columns(&self, list: impl AsRef<ListQuery>, columns: impl AsRef<[Column]>) -> Html {
        drawn(&Columns {
            frame: self,
            list: list.as_ref(),
            columns: columns.as_ref(),
        })
    }

    /// The exact total and the way to the other pages.
    pub fn pager(&self, list: impl AsRef<ListQuery>, pager: impl AsRef<Pager>) -> Html {
        drawn(&PagerPiece {
            frame: self,
            list: list.as_ref(),
            pager: pager.as_ref(),
        })
    }
}
