//! What stands in a form, as it is kept: one sealed text of JSON.

use std::collections::BTreeMap;

use fees::Fen;
use foundation::page::{Form, Sentence, say};
use hanzi::name::masked_name;
use hanzi::numbers::Phone;
use serde::{Deserialize, Serialize};

use crate::fields::{AREA_CHARS_MAX, Definition, Field, Input, LINE_CHARS_MAX, Personal, ROWS_MAX};

/// A row of a table, by column.
pub type Row = BTreeMap<String, String>;

/// The entries of a form. They are personal data: no `Debug` prints them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Entries by field; of several choices their words with blanks between.
    #[serde(default)]
    pub one: BTreeMap<String, String>,
    #[serde(default)]
    pub rows: BTreeMap<String, Vec<Row>>,
}

impl Values {
    pub fn of(&self, name: &str) -> &str {
        self.one.get(name).map_or("", String::as_str)
    }

    pub fn rows_of(&self, name: &str) -> &[Row] {
        self.rows.get(name).map_or(&[], Vec::as_slice)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if value.is_empty() {
            self.one.remove(name);
        } else {
            self.one.insert(name.to_owned(), value);
        }
    }

    /// Adds a row of some columns.
    pub fn row<const N: usize>(&mut self, table: &str, cells: [(&str, &str); N]) {
        let row = cells.into_iter().filter(|(_, value)| !value.is_empty());
        let row = row.map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.rows
            .entry(table.to_owned())
            .or_default()
            .push(row.collect());
    }

    /// Reads what was typed. Faults stand beside their fields; an empty field is no fault yet.
    pub fn read(definition: &Definition, form: &mut Form) -> Option<Values> {
        Values::read_of(definition.fields(), form)
    }

    /// The same of some fields.
    pub fn read_of(
        fields: impl IntoIterator<Item = &'static Field>,
        form: &mut Form,
    ) -> Option<Values> {
        let mut values = Values::default();
        for field in fields {
            match field.input {
                Input::Rows { columns, .. } => {
                    for n in 0..ROWS_MAX {
                        let mut row = Row::new();
                        for column in columns {
                            let name = cell(field.name, n, column.name);
                            if let Some(text) = entry(form, &name, column) {
                                row.insert(column.name.to_owned(), text);
                            }
                        }
                        if !row.is_empty() {
                            values
                                .rows
                                .entry(field.name.to_owned())
                                .or_default()
                                .push(row);
                        }
                    }
                }
                _ => {
                    if let Some(text) = entry(form, field.name, field) {
                        values.one.insert(field.name.to_owned(), text);
                    }
                }
            }
        }
        (!form.failed()).then_some(values)
    }

    /// The form as it is typed into again.
    pub fn typed(&self, definition: &Definition) -> Form {
        let mut pairs = Vec::new();
        for field in definition.fields() {
            match field.input {
                Input::Rows { columns, .. } => {
                    for (n, row) in self.rows_of(field.name).iter().enumerate() {
                        for column in columns {
                            let value = row.get(column.name).cloned().unwrap_or_default();
                            pairs.push((cell(field.name, n, column.name), value));
                        }
                    }
                }
                Input::Any(_) => {
                    let chosen = self.of(field.name).split_whitespace();
                    pairs.extend(chosen.map(|word| (field.name.to_owned(), word.to_owned())));
                }
                _ => pairs.push((field.name.to_owned(), self.of(field.name).to_owned())),
            }
        }
        Form::filled(pairs)
    }

    /// The labels of what must be there in the end, and is not.
    pub fn missing(&self, definition: &Definition) -> Vec<&'static str> {
        self.missing_of(definition.fields())
    }

    /// The labels of what must be there before anybody signs, and is not.
    pub fn missing_on_paper(&self, definition: &Definition) -> Vec<&'static str> {
        self.missing_of(definition.fields().filter(|f| !f.pen))
    }

    /// Whether this only adds to what stands on a paper: what was left open there, and rows
    /// below those that are filled.
    pub fn adds_to(&self, paper: &Values) -> bool {
        let kept = |before: &Row, now: &Row| before.iter().all(|(k, v)| now.get(k) == Some(v));
        kept(&paper.one, &self.one)
            && paper.rows.iter().all(|(table, before)| {
                let now = self.rows_of(table);
                now.len() >= before.len() && before.iter().zip(now).all(|(b, n)| kept(b, n))
            })
    }

    /// The same of some fields.
    pub fn missing_of(
        &self,
        fields: impl IntoIterator<Item = &'static Field>,
    ) -> Vec<&'static str> {
        let mut missing = Vec::new();
        for field in fields {
            if let Input::Rows { columns, .. } = field.input {
                let rows = self.rows_of(field.name);
                if field.must && rows.is_empty() {
                    missing.push(field.label);
                }
                let must = columns.iter().filter(|c| c.must);
                missing.extend(
                    must.filter(|c| rows.iter().any(|row| !row.contains_key(c.name)))
                        .map(|c| c.label),
                );
            } else if field.must && self.of(field.name).is_empty() {
                missing.push(field.label);
            }
        }
        missing
    }
}

/// The name of a table's field on the page.
pub fn cell(table: &str, row: usize, column: &str) -> String {
    format!("{table}-{row}-{column}")
}

/// As it is shown to whoever did not write it.
pub fn masked(field: &Field, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    match field.personal {
        Personal::No => value.to_owned(),
        Personal::Name => masked_name(value),
        Personal::Phone => roster::contact::masked_phone(value),
        Personal::Document => roster::contact::masked_document(value),
        Personal::Hidden => "＊＊＊".to_owned(),
    }
}

/// Full-width digits, as Chinese input methods leave them, become ASCII.
fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

fn fault(form: &mut Form, name: &str, label: &'static str, sentence: Sentence) -> Option<String> {
    form.fault(name, sentence.and_word("label", label));
    None
}

fn entry(form: &mut Form, name: &str, field: &Field) -> Option<String> {
    if let Input::Any(options) = field.input {
        let chosen: Vec<&str> = options.iter().map(|(word, _)| *word).collect();
        let chosen: Vec<&str> = chosen
            .into_iter()
            .filter(|word| form.has(name, word))
            .collect();
        return (!chosen.is_empty()).then(|| chosen.join(" "));
    }
    let text = form.value(name).to_owned();
    if text.is_empty() {
        return None;
    }
    let label = field.label;
    let max = if matches!(field.input, Input::Area) {
        AREA_CHARS_MAX
    } else {
        LINE_CHARS_MAX
    };
    let count = text.chars().count();
    if count > max {
        let long = say("error-too-long").and("max", max).and("count", count);
        return fault(form, name, label, long);
    }
    match field.input {
        Input::Date => form.field(name, label).date().map(|day| day.to_string()),
        Input::Phone => match Phone::parse(&text) {
            Ok(_) => Some(text),
            Err(_) => fault(form, name, label, say("forms-error-phone")),
        },
        Input::Count => form
            .field(name, label)
            .number(0..=999)
            .map(|n| n.to_string()),
        Input::Money => match text.parse::<Fen>() {
            Ok(fen) if fen.0 >= 0 => Some(fen.plain()),
            _ => fault(form, name, label, say("forms-error-money")),
        },
        Input::Decimal => {
            let text = narrow(&text).replace(',', "");
            let dots = text.chars().filter(|c| *c == '.').count();
            let fine = dots <= 1
                && text.len() <= 15
                && text.starts_with(|c: char| c.is_ascii_digit())
                && text.chars().all(|c| c.is_ascii_digit() || c == '.');
            if fine {
                Some(text)
            } else {
                fault(form, name, label, say("error-number"))
            }
        }
        Input::One(options) => {
            let words: Vec<&str> = options.iter().map(|(word, _)| *word).collect();
            let chosen = form.field(name, label).choice(&words);
            chosen.map(str::to_owned)
        }
        _ => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossiers::Kind;

    fn inspection() -> &'static Definition {
        Definition::of(Kind::Handover).expect("defined")
    }

    #[test]
    fn what_is_typed_comes_back_as_it_was() {
        let pairs = [
            ("room", "3-2-1801"),
            ("day", "2026/3/1"),
            ("owner", "王女士"),
            ("defects-0-part", "廚房"),
            ("defects-0-what", "地漏不通"),
            // An empty row between is no row.
            ("defects-3-part", "主臥"),
            ("meters-0-meter", "water"),
            ("meters-0-reading", "１２.5"),
        ];
        let mut form = Form::filled(pairs);
        let values = Values::read(inspection(), &mut form);
        let values = values.expect("no fault");
        assert_eq!(values.of("day"), "2026-03-01");
        assert_eq!(values.rows_of("defects").len(), 2);
        assert_eq!(values.rows_of("meters")[0]["reading"], "12.5");
        let mut again = values.typed(inspection());
        assert!(Values::read(inspection(), &mut again).as_ref() == Some(&values));
        assert_eq!(values.missing_on_paper(inspection()), ["forms-f-defect"]);
        // What is ticked by pen is asked for before the scan.
        let all = values.missing(inspection());
        assert_eq!(all, ["forms-f-defect", "forms-f-statement"]);
    }

    #[test]
    fn a_paper_is_only_added_to() {
        let mut paper = Values::default();
        paper.set("owner", "王女士");
        paper.row("meters", [("meter", "water")]);
        let mut now = paper.clone();
        now.set("statement", "accepts");
        now.row("defects", [("part", "廚房")]);
        now.rows.get_mut("meters").expect("there")[0].insert("reading".into(), "12.5".into());
        assert!(now.adds_to(&paper) && !paper.adds_to(&now));
        now.rows.get_mut("meters").expect("there")[0].insert("meter".into(), "gas".into());
        assert!(!now.adds_to(&paper), "a printed cell is not another");
        let mut other = paper.clone();
        other.set("owner", "李女士");
        assert!(!other.adds_to(&paper));
    }

    #[test]
    fn faults_stand_beside_their_fields() {
        let pairs = [
            ("day", "yesterday"),
            ("phone", "12"),
            ("meters-1-reading", "full"),
            ("statement", "perhaps"),
        ];
        let mut form = Form::filled(pairs);
        assert!(Values::read(inspection(), &mut form).is_none());
        for (name, _) in pairs {
            assert!(form.error(name).is_some(), "{name}");
        }
    }

    #[test]
    fn others_see_no_personal_entry() {
        let field = |name: &str| {
            let mut all = inspection().fields();
            *all.find(|f| f.name == name).expect("there")
        };
        assert_eq!(masked(&field("owner"), "王女士"), "王**");
        assert_eq!(masked(&field("phone"), "13800138001"), "138****8001");
        assert_eq!(masked(&field("room"), "3-2-1801"), "3-2-1801");
    }
}
