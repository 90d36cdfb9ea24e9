//! A filled form as paper: entries in cells, tables with rows for the hand, promises, places
//! to sign, the form's number and the dossier's on every page.

use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Lang, Words};
use paper::{Block, Bundle, Cell, Check, Column, Form, Grid, Row, Signature};
use permissions::actor::Actor;

use crate::fields::{Definition, Field, Input, Section};
use crate::filled::{Filled, State};
use crate::values::Values;
use crate::{FormsError, fill};

/// What papers of a compound share.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    pub words: Words,
    pub compound: String,
    /// The house's own address, which the code on the paper leads to; with `{form}` for its id.
    pub link: String,
}

/// The paper of a form that stands on paper: twice where each side keeps one.
///
/// # Errors
/// [`FormsError::State`] for a draft: what may still change is not signed.
pub async fn paper_of(
    house: &House,
    by: &Actor,
    id: Id,
    letterhead: &Letterhead,
) -> Result<Bundle, FormsError> {
    let (form, values) = fill::mine(house, by, id).await?;
    if form.state != State::Printed {
        return Err(FormsError::State(form.state));
    }
    Ok(Bundle {
        title: letterhead.words.t(form.definition()?.title).into_owned(),
        forms: copies(&form, &values, letterhead)?,
    })
}

/// All copies of a form.
pub(crate) fn copies(
    form: &Filled,
    values: &Values,
    letterhead: &Letterhead,
) -> Result<Vec<Form>, FormsError> {
    let definition = form.definition()?;
    let w = &letterhead.words;
    let drawn = drawn(form, definition, values, letterhead);
    if !definition.twice {
        return Ok(vec![drawn]);
    }
    let of = |copy: &str| Form {
        code: format!("{} · {}", drawn.code, w.t(copy)),
        ..drawn.clone()
    };
    Ok(vec![of("forms-copy-office"), of("forms-copy-owner")])
}

fn drawn(form: &Filled, definition: &Definition, values: &Values, head: &Letterhead) -> Form {
    let w = &head.words;
    let mut blocks = Vec::new();
    for section in definition.sections {
        add(&mut blocks, section, values, w);
    }
    if !definition.promises.is_empty() {
        let promises = definition.promises.iter();
        blocks.push(Block::Text(promises.map(|p| w.t(p).into_owned()).collect()));
    }
    let sign = definition.signers.iter().map(|(role, note)| {
        let note = if note.is_empty() {
            String::new()
        } else {
            w.t(note).into_owned()
        };
        Signature {
            sign: w.t("forms-sign-here").into_owned(),
            date: w.t("forms-sign-date").into_owned(),
            ..Signature::of(&w.t(role), &note)
        }
    });
    blocks.push(Block::Signatures(sign.collect()));
    for section in definition.after {
        add(&mut blocks, section, values, w);
    }
    let label = form.label();
    let number = [
        ("form", label.as_str().into()),
        ("dossier", form.number.as_str().into()),
    ];
    Form {
        lang: lang(w),
        made: form.printed_at.map(made),
        compound: head.compound.clone(),
        title: w.t(definition.title).trim_matches(['《', '》']).to_owned(),
        number: w.with("forms-paper-numbers", &number).into_owned(),
        code: definition.code.to_owned(),
        record: w
            .with(
                "forms-paper-record",
                &[
                    ("form", label.as_str().into()),
                    ("edition", form.edition.into()),
                ],
            )
            .into_owned(),
        page: w.t("forms-paper-page").into_owned(),
        qr: paper::Modules::of(&head.link.replace("{form}", &form.id.to_string())),
        blocks,
    }
}

/// The reader's language, as paper knows it.
pub fn lang(words: &Words) -> paper::Lang {
    match words.lang() {
        Lang::ZhHant => paper::Lang::Traditional,
        Lang::ZhHans => paper::Lang::Simplified,
        Lang::En => paper::Lang::English,
    }
}

/// The moment as the file's own description has it.
pub(crate) fn made(at: Moment) -> paper::Moment {
    paper::Moment {
        unix_ms: at.0,
        minutes_east: 8 * 60,
    }
}

fn add(blocks: &mut Vec<Block>, section: &Section, values: &Values, w: &Words) {
    if !section.title.is_empty() {
        blocks.push(Block::Section(w.t(section.title).into_owned()));
    }
    let mut cells: Vec<&Field> = Vec::new();
    for field in section.fields {
        if let Input::Rows { columns, blank } = field.input {
            flush(blocks, &mut cells, values, w);
            blocks.push(table(field, columns, blank, values, w));
        } else {
            cells.push(field);
        }
    }
    flush(blocks, &mut cells, values, w);
}

/// Two entries beside each other; a wide one has its own row.
fn flush(blocks: &mut Vec<Block>, cells: &mut Vec<&Field>, values: &Values, w: &Words) {
    if cells.is_empty() {
        return;
    }
    let mut rows = Vec::new();
    let mut half: Option<&Field> = None;
    for field in cells.drain(..) {
        if field.wide {
            if let Some(before) = half.take() {
                rows.push(row(&[(before, 10)], values, w));
            }
            rows.push(row(&[(field, 10)], values, w));
        } else if let Some(before) = half.take() {
            rows.push(row(&[(before, 4), (field, 4)], values, w));
        } else {
            half = Some(field);
        }
    }
    if let Some(last) = half {
        rows.push(row(&[(last, 10)], values, w));
    }
    blocks.push(Block::Grid(Grid::new(rows)));
}

fn row(fields: &[(&Field, u8)], values: &Values, w: &Words) -> Row {
    let mut cells = Vec::new();
    let mut tall = 0.0_f32;
    for (field, span) in fields {
        cells.push(Cell::head(&w.t(field.label), 2));
        let value = values.of(field.name);
        cells.push(match field.input {
            Input::One(options) | Input::Any(options) => {
                let chosen: Vec<&str> = value.split_whitespace().collect();
                let check = |(word, text): &(&'static str, &'static str)| Check {
                    text: w.t(text).into_owned(),
                    ticked: chosen.contains(word),
                };
                Cell::checks(options.iter().map(check).collect(), *span)
            }
            _ => Cell::value(value, *span),
        });
        // What is long, or written by hand over the whole width, needs room.
        if matches!(field.input, Input::Area) || (field.wide && matches!(field.input, Input::Hand))
        {
            tall = 20.0;
        }
    }
    Row::new(cells).tall(tall)
}

fn table(
    field: &Field,
    columns: &'static [Field],
    blank: usize,
    values: &Values,
    w: &Words,
) -> Block {
    let number = Column {
        head: w.t("forms-f-nth").into_owned(),
        mm: 9.0,
        align: paper::Align::Center,
    };
    let heads = columns.iter().map(|c| Column {
        head: w.t(c.label).into_owned(),
        mm: c.mm,
        align: paper::Align::Left,
    });
    let filled = values.rows_of(field.name);
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(filled.len());
    for (n, entries) in filled.iter().enumerate() {
        let mut row = vec![(n + 1).to_string()];
        for column in columns {
            let value = entries.get(column.name).map_or("", String::as_str);
            row.push(match column.input {
                // A narrow cell has no room for boxes: the hand writes a word.
                Input::One(options) if value.is_empty() && column.mm >= 30.0 => by_hand(options, w),
                Input::One(options) => word(options, value, w),
                _ => value.to_owned(),
            });
        }
        rows.push(row);
    }
    // Rows that are left for the hand are numbered on.
    let blanks = (filled.len() + 1..=filled.len() + blank).map(|n| vec![n.to_string()]);
    rows.extend(blanks);
    Block::Rows {
        columns: std::iter::once(number).chain(heads).collect(),
        rows,
        blank: 0,
        mm: 8.5,
    }
}

/// Boxes in the cell of a table, where the choice is made on the paper.
fn by_hand(options: &[(&'static str, &'static str)], w: &Words) -> String {
    if options.len() > 2 {
        return String::new();
    }
    let boxes = options.iter().map(|(_, text)| format!("□{}", w.t(text)));
    boxes.collect::<Vec<_>>().join("　")
}

/// The word of a choice.
pub(crate) fn word(options: &[(&'static str, &'static str)], value: &str, w: &Words) -> String {
    let found = options.iter().find(|(word, _)| *word == value);
    found.map_or_else(String::new, |(_, text)| w.t(text).into_owned())
}
