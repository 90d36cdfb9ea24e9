//! What a form asks, as tables of data: one page fills any form, one paper prints it.

use dossiers::Kind;

/// The longest entry of a line.
pub const LINE_CHARS_MAX: usize = 120;
/// The longest entry of a box.
pub const AREA_CHARS_MAX: usize = 1_000;
/// Rows of a table: a large villa's list of defects has fewer.
pub const ROWS_MAX: usize = 40;

/// A value to choose, and the key of its word.
pub type Option_ = (&'static str, &'static str);

/// How a field is filled in.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    Line,
    /// Several lines.
    Area,
    Date,
    Phone,
    /// A number as a meter or a surface has it.
    Decimal,
    /// Pieces or copies.
    Count,
    /// Yuan, at least zero.
    Money,
    /// One of them.
    One(&'static [Option_]),
    /// Any of them.
    Any(&'static [Option_]),
    /// Written by hand on the paper: not on the screen.
    Hand,
    /// A table. `blank` rows are printed for the hand.
    Rows {
        columns: &'static [Field],
        blank: usize,
    },
}

/// How an entry is shown to whoever did not write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personal {
    No,
    Name,
    Phone,
    /// A document's number.
    Document,
    /// Not at all.
    Hidden,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As it stands in the stored form. Frozen.
    pub name: &'static str,
    /// The key of its label.
    pub label: &'static str,
    pub input: Input,
    pub personal: Personal,
    /// Nothing is printed for signature without it.
    pub must: bool,
    /// May be left open on the paper and ticked by pen: copied from there before the scan.
    pub pen: bool,
    /// Over the whole width of the paper.
    pub wide: bool,
    /// In a table: its share of the paper's width.
    pub mm: f32,
}

impl Field {
    pub const fn new(name: &'static str, label: &'static str, input: Input) -> Field {
        let wide = matches!(input, Input::Area | Input::Any(_));
        Field {
            name,
            label,
            input,
            personal: Personal::No,
            must: false,
            pen: false,
            wide,
            mm: 30.0,
        }
    }

    pub const fn line(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Input::Line)
    }

    #[must_use]
    pub const fn must(self) -> Field {
        Field { must: true, ..self }
    }

    /// Must be known in the end, but may be ticked on the paper.
    #[must_use]
    pub const fn by_pen(self) -> Field {
        Field {
            must: true,
            pen: true,
            ..self
        }
    }

    #[must_use]
    pub const fn wide(self) -> Field {
        Field { wide: true, ..self }
    }

    #[must_use]
    pub const fn mm(self, mm: f32) -> Field {
        Field { mm, ..self }
    }

    #[must_use]
    pub const fn about(self, personal: Personal) -> Field {
        Field { personal, ..self }
    }

    /// A person's name.
    pub const fn name(name: &'static str, label: &'static str) -> Field {
        Field::line(name, label).about(Personal::Name)
    }

    pub const fn phone(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Input::Phone).about(Personal::Phone)
    }

    /// The number of a paper of identity.
    pub const fn document(name: &'static str, label: &'static str) -> Field {
        Field::line(name, label).about(Personal::Document)
    }

    pub const fn date(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Input::Date)
    }

    pub const fn one(
        name: &'static str,
        label: &'static str,
        options: &'static [Option_],
    ) -> Field {
        Field::new(name, label, Input::One(options))
    }

    pub const fn any(
        name: &'static str,
        label: &'static str,
        options: &'static [Option_],
    ) -> Field {
        Field::new(name, label, Input::Any(options))
    }

    pub const fn hand(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Input::Hand)
    }

    pub const fn rows(
        name: &'static str,
        label: &'static str,
        blank: usize,
        columns: &'static [Field],
    ) -> Field {
        Field::new(name, label, Input::Rows { columns, blank })
    }
}

/// Fields under a heading.
#[derive(Debug)]
pub struct Section {
    pub title: &'static str,
    pub fields: &'static [Field],
    /// Only on the paper: filled in by hand later.
    pub by_hand: bool,
}

/// Who signs: the key of the role, and of what is signed for, or empty.
pub type Signer = (&'static str, &'static str);

/// A form of SY-WI-KF-09.
#[derive(Debug)]
pub struct Definition {
    pub kind: Kind,
    /// The key of its name.
    pub title: &'static str,
    /// The form's own code.
    pub code: &'static str,
    pub sections: &'static [Section],
    /// Keys of the paragraphs above the signatures.
    pub promises: &'static [&'static str],
    pub signers: &'static [Signer],
    /// 一式兩份: one for each side.
    pub twice: bool,
    /// Sections below the signatures, for the hand.
    pub after: &'static [Section],
}

impl Definition {
    /// The form of a kind; a, b, i and j are papers of their own.
    pub fn of(kind: Kind) -> Option<&'static Definition> {
        use crate::definitions as d;
        Some(match kind {
            Kind::Registration => &d::register::FORM,
            Kind::Receipt => &d::receipt::FORM,
            Kind::Keys => &d::keys::FORM,
            Kind::Handover => &d::inspection::FORM,
            Kind::Renovation => &d::renovation::FORM,
            Kind::Breach => &d::breach::FORM,
            _ => return None,
        })
    }

    /// The kinds that are filled on the screen.
    pub const KINDS: [Kind; 6] = [
        Kind::Registration,
        Kind::Receipt,
        Kind::Keys,
        Kind::Handover,
        Kind::Renovation,
        Kind::Breach,
    ];

    /// Every field that is filled on the screen.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        let sections = self.sections.iter().filter(|s| !s.by_hand);
        sections
            .flat_map(|s| s.fields)
            .filter(|f| !matches!(f.input, Input::Hand))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_form_names_each_field_once() {
        for kind in Definition::KINDS {
            let form = Definition::of(kind).expect("defined");
            assert_eq!(form.kind, kind);
            let mut names = BTreeSet::new();
            for field in form.fields() {
                assert!(names.insert(field.name), "{} twice", field.name);
                // A row's field goes by table-number-name.
                assert!(!field.name.contains('-'), "{}", field.name);
                if let Input::Rows { columns, .. } = field.input {
                    let mut inner = BTreeSet::new();
                    for column in columns {
                        assert!(inner.insert(column.name), "{} twice", column.name);
                        assert!(!matches!(column.input, Input::Rows { .. } | Input::Any(_)));
                    }
                }
            }
        }
    }
}
