//! Entries as a spreadsheet, both ways. Pure: what is read is typed rows and a reason per
//! faulty cell; nothing is guessed.

use serde::{Deserialize, Serialize};
use sheets::{Book, Cell, ListColumn, ListFile, Row, Sheet, WriteError};

use crate::AssistantError;
use crate::editing::fits_topic;
use crate::entry::{Body, Entry, Live, Whom};

/// What a column holds, under each name that heads it; the first is the export's.
const COLUMNS: [(Part, &[&str], f64); 11] = [
    (Part::Topic, &["代號", "code", "topic id"], 16.0),
    (Part::Title, &["主題", "標題", "title", "topic"], 24.0),
    (
        Part::Phrasings,
        &["問法", "問題", "phrasings", "questions"],
        50.0,
    ),
    (
        Part::Answer,
        &["答覆", "答复", "回覆", "回复", "答案", "answer"],
        70.0,
    ),
    (Part::Whom, &["適用對象", "for", "對象"], 10.0),
    (
        Part::Buildings,
        &["適用樓棟或分期", "buildings", "樓棟"],
        16.0,
    ),
    (Part::From, &["生效日", "valid from", "from"], 12.0),
    (Part::To, &["失效日", "valid to", "to"], 12.0),
    (Part::Live, &["實時資料", "live", "live data"], 12.0),
    (Part::Risk, &["緊急", "danger", "risk"], 8.0),
    (
        Part::Checks,
        &["檢查用的問句", "checks", "check questions"],
        40.0,
    ),
];
/// The head may stand below a title.
const HEAD_ROWS: usize = 5;
/// Faults that are named one by one; the rest of the file is looked at all the same.
pub const FAULTS_MAX: usize = 200;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Topic,
    Title,
    Phrasings,
    Answer,
    Whom,
    Buildings,
    From,
    To,
    Live,
    Risk,
    Checks,
}

const WHOM: [(Whom, [&str; 3]); 3] = [
    (Whom::All, ["所有人", "all", "everybody"]),
    (Whom::Owner, ["業主", "owner", "owners"]),
    (Whom::Tenant, ["租戶", "tenant", "tenants"]),
];
const LIVE: [(Live, [&str; 3]); 5] = [
    (Live::Nothing, ["不附", "none", "-"]),
    (Live::Fees, ["本人的費用", "fees", "費用"]),
    (Live::Tickets, ["本人的工單", "tickets", "工單"]),
    (Live::Hours, ["辦公時間", "hours", "時間"]),
    (Live::Notices, ["最近的通知", "notices", "通知"]),
];
const YES: [&str; 4] = ["是", "yes", "true", "1"];

/// One entry of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    pub row: u32,
    pub topic: String,
    pub body: Body,
}

/// Why a cell cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// Nothing stands there.
    Empty,
    /// None of the words that fit.
    Unknown,
    /// Says other than the row of the same code above.
    Apart,
    /// The field does not fit, by the room's own rule for it.
    Unfit,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub row: u32,
    /// The column's head, as this program writes it.
    pub column: String,
    /// The room's name of the field, for its rule.
    pub field: String,
    pub why: Why,
}

/// What was read: whole entries, and what stands in the way of others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    pub entries: Vec<Incoming>,
    pub faults: Vec<Fault>,
}

fn key(text: &str) -> String {
    hanzi::fold::key(text)
}

fn word_of<T: Copy, const N: usize>(words: &[(T, [&str; N])], said: &str) -> Option<T> {
    let said = key(said);
    let is = |names: &[&str; N]| names.iter().any(|n| key(n) == said);
    words
        .iter()
        .find(|(_, names)| is(names))
        .map(|(one, _)| *one)
}

/// Reads the first sheet that has the head.
///
/// # Errors
/// [`AssistantError::Columns`] where no sheet has it.
pub fn read(book: &Book) -> Result<Read, AssistantError> {
    for sheet in &book.sheets {
        for (at, row) in sheet.rows().take(HEAD_ROWS).enumerate() {
            let place = columns(&row);
            let has = |part| place.iter().any(|(p, _)| *p == part);
            if has(Part::Topic) && has(Part::Phrasings) && has(Part::Answer) {
                return Ok(entries(sheet, at + 1, &place));
            }
        }
    }
    Err(AssistantError::Columns)
}

fn columns(row: &Row<'_>) -> Vec<(Part, u32)> {
    let mut out = Vec::new();
    for (column, cell) in row.filled() {
        let said = key(&cell.shown());
        let named = COLUMNS
            .iter()
            .find(|(_, names, _)| names.iter().any(|n| key(n) == said));
        if let Some((part, ..)) = named
            && !out.iter().any(|(p, _)| p == part)
        {
            out.push((*part, column));
        }
    }
    out
}

fn head(part: Part) -> &'static str {
    let found = COLUMNS.iter().find(|(p, ..)| *p == part);
    found.map_or("", |(_, names, _)| names[0])
}

/// The column of a field that the room's own rule found unfit.
fn part_of(field: &str) -> Part {
    match field {
        "topic" => Part::Topic,
        "title" => Part::Title,
        "phrasings" => Part::Phrasings,
        "buildings" => Part::Buildings,
        "valid_from" => Part::From,
        "valid_to" => Part::To,
        "checks" => Part::Checks,
        _ => Part::Answer,
    }
}

/// A row in reading: its cells by what they hold.
struct Cells<'s> {
    sheet: &'s Sheet,
    row: Row<'s>,
    place: &'s [(Part, u32)],
}

impl Cells<'_> {
    fn text(&self, part: Part) -> String {
        let place = self.place.iter().find(|(p, _)| *p == part);
        let Some((_, column)) = place else {
            return String::new();
        };
        match self.row.cell(*column) {
            Cell::Date(serial) => {
                let day = self.sheet.day(serial);
                day.map_or(String::new(), |d| d.to_string())
            }
            cell => cell.shown().trim().to_owned(),
        }
    }

    fn lines(&self, part: Part) -> Vec<String> {
        let text = self.text(part);
        let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        lines.map(str::to_owned).collect()
    }
}

fn entries(sheet: &Sheet, from: usize, place: &[(Part, u32)]) -> Read {
    let mut out = Read::default();
    // Rows of one code together; those that have a fault are left out whole.
    let mut spoiled: Vec<String> = Vec::new();
    for row in sheet.rows().skip(from) {
        let cells = Cells { sheet, row, place };
        let number = row.number();
        let mut faults = Vec::new();
        let mut fault = |part: Part, field: &str, why| {
            faults.push(Fault {
                row: number,
                column: head(part).to_owned(),
                field: field.to_owned(),
                why,
            });
        };
        let topic = cells.text(Part::Topic).to_lowercase();
        let mut body = Body {
            title: cells.text(Part::Title),
            phrasings: cells.lines(Part::Phrasings),
            answer: cells.text(Part::Answer),
            valid_from: cells.text(Part::From),
            valid_to: cells.text(Part::To),
            checks: cells.lines(Part::Checks),
            ..Body::default()
        };
        let places = cells.text(Part::Buildings);
        let places = places.split([' ', '　', ',', '，', '、', '\n']);
        body.buildings = places
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect();
        match cells.text(Part::Whom).as_str() {
            "" => {}
            said => match word_of(&WHOM, said) {
                Some(whom) => body.whom = whom,
                None => fault(Part::Whom, "whom", Why::Unknown),
            },
        }
        match cells.text(Part::Live).as_str() {
            "" => {}
            said => match word_of(&LIVE, said) {
                Some(live) => body.live = live,
                None => fault(Part::Live, "live", Why::Unknown),
            },
        }
        let risk = key(&cells.text(Part::Risk));
        body.risk = YES.iter().any(|yes| key(yes) == risk);
        if topic.is_empty() {
            fault(Part::Topic, "topic", Why::Empty);
        } else if !fits_topic(&topic) {
            fault(Part::Topic, "topic", Why::Unfit);
        }
        let above = out.entries.iter().position(|e| e.topic == topic);
        match above {
            // A further row of the same code brings further phrasings; what it says else must
            // be the same.
            Some(at) => {
                let first = &mut out.entries[at].body;
                let same = |said: &str, was: &str| said.is_empty() || said == was;
                if !same(&body.title, &first.title) {
                    fault(Part::Title, "title", Why::Apart);
                }
                if !same(&body.answer, &first.answer) {
                    fault(Part::Answer, "answer", Why::Apart);
                }
                first.phrasings.append(&mut body.phrasings);
                first.checks.append(&mut body.checks);
            }
            None if faults.is_empty() => {
                if body.title.is_empty() {
                    body.title = body.phrasings.first().cloned().unwrap_or_default();
                }
                out.entries.push(Incoming {
                    row: number,
                    topic: topic.clone(),
                    body,
                });
            }
            None => {}
        }
        if !faults.is_empty() {
            spoiled.push(topic);
        }
        out.faults.append(&mut faults);
    }
    for one in &out.entries {
        if let Err(AssistantError::Body(field)) = one.body.check() {
            let empty = match field {
                "answer" => one.body.answer.is_empty(),
                "phrasings" => one.body.phrasings.is_empty(),
                "title" => one.body.title.is_empty(),
                _ => false,
            };
            out.faults.push(Fault {
                row: one.row,
                column: head(part_of(field)).to_owned(),
                field: field.to_owned(),
                why: if empty { Why::Empty } else { Why::Unfit },
            });
            spoiled.push(one.topic.clone());
        }
    }
    out.entries.retain(|e| !spoiled.contains(&e.topic));
    out.faults.sort_by_key(|f| f.row);
    out.faults.truncate(FAULTS_MAX);
    out
}

/// Entries as a workbook that [`read`] reads back.
///
/// # Errors
/// [`WriteError`] when the disk for its rows is full.
pub fn write(title: &str, entries: &[Entry]) -> Result<Vec<u8>, WriteError> {
    let columns = COLUMNS.iter().map(|(_, names, width)| ListColumn {
        head: names[0].to_owned(),
        width: *width,
        number: false,
    });
    let mut file = ListFile::begin("助手答覆", title, columns.collect())?;
    for entry in entries {
        let b = &entry.body;
        let named = |at: Option<&[&'static str; 3]>| at.map_or("", |names| names[0]);
        let whom = WHOM.iter().find(|(w, _)| *w == b.whom).map(|(_, n)| n);
        let live = LIVE.iter().find(|(l, _)| *l == b.live).map(|(_, n)| n);
        file.row(&[
            &entry.topic,
            &b.title,
            &b.phrasings.join("\n"),
            &b.answer,
            named(whom),
            &b.buildings.join(" "),
            &b.valid_from,
            &b.valid_to,
            named(live),
            if b.risk { YES[0] } else { "" },
            &b.checks.join("\n"),
        ])?;
    }
    file.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sheets::{Limits, open};

    fn read_csv(text: &str) -> Read {
        let book = open(text.as_bytes(), "a.csv", &Limits::default()).expect("opens");
        read(&book).expect("has the head")
    }

    #[test]
    fn rows_of_one_code_are_one_entry_and_a_fault_names_its_cell() {
        let got = read_csv(
            "代号,主题,问法,答复,对象,生效日\n\
             pay,怎么交费,在哪交费,到前台。,业主,\n\
             pay,,网上能交吗,,,\n\
             bad,坏的,怎么问,答。,外星人,\n\
             ,无代号,怎么问,答。,,\n\
             none,没有答案,怎么问,,,\n\
             day,日子不对,怎么问,答。,,2026-13-40\n",
        );
        assert_eq!(got.entries.len(), 1, "{got:?}");
        let pay = &got.entries[0].body;
        assert_eq!((pay.phrasings.len(), pay.whom), (2, Whom::Owner));
        let faults: Vec<(u32, &str, Why)> = got
            .faults
            .iter()
            .map(|f| (f.row, f.column.as_str(), f.why))
            .collect();
        assert_eq!(
            faults,
            [
                (4, "適用對象", Why::Unknown),
                (5, "代號", Why::Empty),
                (6, "答覆", Why::Empty),
                (7, "生效日", Why::Unfit),
            ]
        );
    }

    #[test]
    fn a_file_without_the_columns_is_none() {
        let book = open("a,b\n1,2\n".as_bytes(), "a.csv", &Limits::default()).expect("opens");
        assert!(matches!(read(&book), Err(AssistantError::Columns)));
    }
}
