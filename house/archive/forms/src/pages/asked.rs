//! A form's definition as the parts of one page, to fill in or to look at.

use foundation::page::{Choice, Form, Frame, Line};

use crate::fields::{Definition, Field, Input, Option_, ROWS_MAX};
use crate::printing;
use crate::values::{Values, cell, masked};

/// Empty rows below those that are filled.
const MORE: usize = 3;

/// A field, asked.
pub struct Asked {
    pub name: String,
    pub label: String,
    pub kind: &'static str,
    pub choices: Vec<Choice>,
    pub optional: bool,
    pub value: String,
    pub fault: bool,
}

/// A table, asked.
pub struct Table {
    pub label: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Asked>>,
}

pub enum Item {
    One(Asked),
    Table(Table),
}

pub struct Part {
    pub title: String,
    pub items: Vec<Item>,
}

fn choices(options: &[Option_], frame: &Frame) -> Vec<Choice> {
    let choice = |(word, text): &Option_| Choice::new(*word, frame.t(text));
    options.iter().map(choice).collect()
}

fn asked(field: &Field, name: String, form: &Form, frame: &Frame) -> Asked {
    let (kind, options): (_, &[Option_]) = match field.input {
        Input::Area => ("area", &[]),
        Input::Date => ("date", &[]),
        Input::Phone => ("tel", &[]),
        Input::Decimal | Input::Count | Input::Money => ("number", &[]),
        Input::One(options) => ("one", options),
        Input::Any(options) => ("any", options),
        Input::Line | Input::Hand | Input::Rows { .. } => ("text", &[]),
    };
    Asked {
        label: frame.t(field.label).into_owned(),
        kind,
        choices: choices(options, frame),
        optional: !field.must,
        value: form.value(&name).to_owned(),
        fault: form.error(&name).is_some(),
        name,
    }
}

/// The rows that a sent form has of a table.
fn sent(form: &Form, table: &str, columns: &[Field]) -> usize {
    let filled = |n: &usize| {
        let mut cells = columns.iter().map(|c| cell(table, *n, c.name));
        cells.any(|name| !form.value(&name).is_empty())
    };
    (0..ROWS_MAX).rev().find(filled).map_or(0, |n| n + 1)
}

fn on_screen(columns: &'static [Field]) -> impl Iterator<Item = &'static Field> {
    columns.iter().filter(|c| !matches!(c.input, Input::Hand))
}

/// Some fields, asked.
pub fn items(fields: &'static [Field], form: &Form, frame: &Frame) -> Vec<Item> {
    let item = |field: &'static Field| match field.input {
        Input::Rows { columns, .. } => {
            let count = (sent(form, field.name, columns) + MORE).min(ROWS_MAX);
            let row = |n: usize| {
                let cells = on_screen(columns);
                cells
                    .map(|c| asked(c, cell(field.name, n, c.name), form, frame))
                    .collect()
            };
            Item::Table(Table {
                label: frame.t(field.label).into_owned(),
                heads: on_screen(columns)
                    .map(|c| frame.t(c.label).into_owned())
                    .collect(),
                rows: (0..count).map(row).collect(),
            })
        }
        _ => Item::One(asked(field, field.name.to_owned(), form, frame)),
    };
    let shown = fields.iter().filter(|f| !matches!(f.input, Input::Hand));
    shown.map(item).collect()
}

/// The parts of the page on which it is filled in.
pub fn parts(definition: &Definition, form: &Form, frame: &Frame) -> Vec<Part> {
    let sections = definition.sections.iter().filter(|s| !s.by_hand);
    sections
        .map(|section| Part {
            title: heading(section.title, frame),
            items: items(section.fields, form, frame),
        })
        .collect()
}

fn heading(title: &str, frame: &Frame) -> String {
    if title.is_empty() {
        String::new()
    } else {
        frame.t(title).into_owned()
    }
}

/// A section as it is looked at.
pub struct Seen {
    pub title: String,
    pub lines: Vec<Line>,
    pub tables: Vec<SeenTable>,
}

pub struct SeenTable {
    pub heads: Vec<String>,
    /// Label and entry of each cell.
    pub rows: Vec<Vec<(String, String)>>,
}

fn said(field: &Field, value: &str, clear: bool, frame: &Frame) -> String {
    let text = match field.input {
        Input::One(options) => printing::word(options, value, &frame.words),
        Input::Any(options) => {
            let words: Vec<String> = value
                .split_whitespace()
                .map(|one| printing::word(options, one, &frame.words))
                .collect();
            frame.join(&words).into_owned()
        }
        _ => value.to_owned(),
    };
    if clear { text } else { masked(field, &text) }
}

/// What stands in some fields, line by line.
pub fn seen_of(fields: &'static [Field], values: &Values, clear: bool, frame: &Frame) -> Vec<Line> {
    let line = |field: &Field| {
        let text = said(field, values.of(field.name), clear, frame);
        Line::new(frame.t(field.label), text)
    };
    fields.iter().map(line).collect()
}

/// The sections of the check page, masked where the reader does not fill it in.
pub fn seen(definition: &Definition, values: &Values, clear: bool, frame: &Frame) -> Vec<Seen> {
    let sections = definition.sections.iter().filter(|s| !s.by_hand);
    sections
        .map(|section| {
            let mut lines = Vec::new();
            let mut tables = Vec::new();
            for field in section.fields {
                match field.input {
                    Input::Hand => {}
                    Input::Rows { columns, .. } => {
                        let rows = values.rows_of(field.name).iter();
                        tables.push(SeenTable {
                            heads: on_screen(columns)
                                .map(|c| frame.t(c.label).into_owned())
                                .collect(),
                            rows: rows
                                .map(|row| {
                                    let text = |c: &Field| {
                                        let value = row.get(c.name).map_or("", String::as_str);
                                        said(c, value, clear, frame)
                                    };
                                    on_screen(columns)
                                        .map(|c| (frame.t(c.label).into_owned(), text(c)))
                                        .collect()
                                })
                                .collect(),
                        });
                    }
                    _ => {
                        let text = said(field, values.of(field.name), clear, frame);
                        lines.push(Line::new(frame.t(field.label), text));
                    }
                }
            }
            Seen {
                title: heading(section.title, frame),
                lines,
                tables,
            }
        })
        .collect()
}
