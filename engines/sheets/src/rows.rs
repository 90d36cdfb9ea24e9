//! Walks down a table: merged blocks count in every row they cover, a building written once holds
//! for the rows below it, and what is no data (totals, remarks, repeated headings) is left out.

use crate::fault::{Caution, Warning, shown};
use crate::field::Field;
use crate::grid::{Cell, Merge, Row, Sheet};
use crate::heading::surely;
use crate::label::{key, narrowed};
use crate::mapping::{Column, Mapping};
use crate::room::{self, Parts, Prefix};
use crate::value::ditto;

/// Fields that a clerk writes once for a block of rows. Never names or phones: a blank there is
/// unknown.
const WRITTEN_ONCE: [Field; 4] = [Field::Phase, Field::Zone, Field::Building, Field::Unit];
/// A total's words are looked for in so many of a row's first cells.
const TOTAL_CELLS: usize = 3;
/// Rows that tell whether `2-1801` begins with its building or its unit.
const PREFIX_ROWS: usize = 500;
/// Columns that Excel has.
const COLUMNS_MAX: u32 = 16_384;
/// `第十二號樓` and the like; a longer text is a remark.
const SECTION_CHARS: usize = 8;
/// A longer text is no total and no section's heading.
const TOTAL_CHARS: usize = 16;

const TOTALS: &[&str] = &["合计", "总计", "小计", "共计", "累计", "总合计"];
const TOTALS_LATIN: &[&str] = &["total", "subtotal", "grandtotal", "sum"];
const FOOTERS: &[&str] = &[
    "制表",
    "填表",
    "审核",
    "审批",
    "复核",
    "说明",
    "备注",
    "注",
    "打印",
    "日期",
    "经办人",
    "负责人签",
    "制单",
    "第1页",
    "共1页",
    "以下空白",
    "以上",
];

/// One row of data.
pub(crate) struct Line<'s> {
    pub row: Row<'s>,
    pub parts: Parts,
    pub prefix: Prefix,
    merged: Vec<(u32, Cell<'s>)>,
    dittos: Vec<(u32, Cell<'s>, u32)>,
}

impl<'s> Line<'s> {
    /// The cell of a column, with merged blocks and ditto marks resolved.
    pub fn cell(&self, column: &Column) -> Cell<'s> {
        self.at(column.number)
    }

    fn at(&self, number: u32) -> Cell<'s> {
        if let Some((_, cell, _)) = self.dittos.iter().find(|(c, ..)| *c == number) {
            return *cell;
        }
        let own = self.row.cell(number);
        if !own.is_blank() {
            return own;
        }
        self.merged
            .iter()
            .find(|(c, _)| *c == number)
            .map_or(Cell::Empty, |(_, cell)| *cell)
    }
}

/// What the walk meets next.
pub(crate) enum Step<'s> {
    Line(Line<'s>, Vec<Warning>),
    Skipped(Warning),
}

/// The walk down one sheet.
#[derive(Clone)]
pub(crate) struct Walk<'s> {
    sheet: &'s Sheet,
    mapping: &'s Mapping,
    at: usize,
    merges: Vec<Merge>,
    next_merge: usize,
    /// Per column: the block that reaches down over the rows, its last row and its value.
    open: Vec<Option<(u32, Cell<'s>)>>,
    once: [String; 4],
    prefix: Prefix,
    /// `3棟` is a room of its own here: a compound of villas.
    villas: bool,
    above: Vec<(u32, Cell<'s>, u32)>,
}

impl<'s> Walk<'s> {
    pub fn new(sheet: &'s Sheet, mapping: &'s Mapping) -> Self {
        let mut merges: Vec<Merge> = sheet
            .merges
            .iter()
            .copied()
            .filter(|m| m.last_row > m.first_row)
            .collect();
        merges.sort_unstable_by_key(|m| m.first_row);
        let at = sheet.rows.partition_point(|r| r.number < mapping.first_row);
        // A mapping may come back from a screen; a column far out is only never found.
        let width = mapping
            .columns
            .iter()
            .map(|c| c.number.min(COLUMNS_MAX))
            .max()
            .unwrap_or(0) as usize;
        let mut walk = Walk {
            sheet,
            mapping,
            at,
            merges,
            next_merge: 0,
            open: vec![None; width + 1],
            once: Default::default(),
            prefix: Prefix::Building,
            villas: has_villas(sheet, mapping),
            above: Vec::new(),
        };
        if mapping.has(Field::Building) && mapping.has(Field::Room) {
            let first: Vec<Parts> = walk
                .clone()
                .take(PREFIX_ROWS)
                .filter_map(|step| match step {
                    Step::Line(line, _) => Some(line.parts),
                    Step::Skipped(_) => None,
                })
                .collect();
            walk.prefix = room::prefix(first.iter());
        }
        walk
    }

    pub fn warning(&self, row: u32, column: Option<u32>, value: &str, caution: Caution) -> Warning {
        Warning {
            sheet: self.sheet.name.clone(),
            row: Some(row),
            column,
            value: shown(value),
            caution,
        }
    }

    fn open_merges(&mut self, number: u32) {
        while let Some(merge) = self
            .merges
            .get(self.next_merge)
            .filter(|m| m.first_row <= number)
        {
            if let Some(open) = self.open.get_mut(merge.first_column as usize)
                && merge.first_row >= self.mapping.first_row
            {
                *open = Some((
                    merge.last_row,
                    self.sheet.cell(merge.first_row, merge.first_column),
                ));
            }
            self.next_merge += 1;
        }
        for open in &mut self.open {
            if open.is_some_and(|(last, _)| last < number) {
                *open = None;
            }
        }
    }

    /// A row that is no data, and why.
    fn not_data(&mut self, row: Row<'s>) -> Option<Warning> {
        let number = row.number();
        let texts: Vec<(u32, String)> = row
            .filled()
            .take(TOTAL_CELLS)
            .map(|(c, cell)| (c, cell.shown().into_owned()))
            .collect();
        let filled = row.filled().take(4).count();
        for (column, text) in &texts {
            let key = key(text);
            let short = key.chars().count() <= TOTAL_CHARS;
            if short
                && (TOTALS.iter().any(|t| key.contains(t)) || TOTALS_LATIN.contains(&key.as_str()))
            {
                return Some(self.warning(number, Some(*column), text, Caution::TotalSkipped));
            }
        }
        let (column, first) = texts.first()?;
        let key_first = key(first);
        if filled <= 3
            && FOOTERS.iter().any(|f| key_first.starts_with(f))
            && self
                .mapping
                .columns
                .iter()
                .any(|c| c.number == *column && !matches!(c.field, Field::Note))
        {
            return Some(self.warning(number, Some(*column), first, Caution::FooterSkipped));
        }
        if self.repeats_heading(row) {
            return Some(self.warning(number, Some(*column), first, Caution::HeaderRepeated));
        }
        if filled == 1 && !self.villas && self.section(first) {
            return Some(self.warning(number, Some(*column), first, Caution::SectionRow));
        }
        None
    }

    fn repeats_heading(&self, row: Row<'s>) -> bool {
        let (mut same, mut other) = (0, 0);
        let mut left = row.filled().count();
        for (number, cell) in row.filled() {
            let Cell::Text(text) = cell else { return false };
            let column = self.mapping.columns.iter().find(|c| c.number == number);
            let meant = surely(&narrowed(text), self.mapping.layout);
            match (column, meant) {
                (Some(c), Some(m)) if c.field == m || key(&c.heading).contains(&key(text)) => {
                    same += 1
                }
                _ => other += 1,
            }
            left -= 1;
            // Data shows itself after a few cells; the rest cannot change it any more.
            if same + left <= other * 2 {
                return false;
            }
        }
        same >= 2 && same > other * 2
    }

    /// `3棟` alone in a row names the building of the rows below it.
    fn section(&mut self, text: &str) -> bool {
        let Some(slot) = section_slot(text) else {
            return false;
        };
        self.hold(slot, narrowed(text));
        true
    }

    /// Holds a building for the rows below; a new building ends its predecessor's unit.
    fn hold(&mut self, slot: usize, text: String) {
        if self.once[slot] != text {
            self.once[slot] = text;
            for below in &mut self.once[slot + 1..] {
                below.clear();
            }
        }
    }

    fn ditto_marks(&self, row: Row<'s>, line: &mut Line<'s>, warnings: &mut Vec<Warning>) {
        for column in &self.mapping.columns {
            let Cell::Text(text) = row.cell(column.number) else {
                continue;
            };
            if column.field != Field::Ignored
                && ditto(text)
                && let Some((_, cell, from)) = self.above.iter().find(|(c, ..)| *c == column.number)
            {
                line.dittos.push((column.number, *cell, *from));
                warnings.push(self.warning(
                    row.number(),
                    Some(column.number),
                    text,
                    Caution::DittoTaken { row: *from },
                ));
            }
        }
    }
}

impl<'s> Iterator for Walk<'s> {
    type Item = Step<'s>;

    fn next(&mut self) -> Option<Step<'s>> {
        loop {
            let span = *self.sheet.rows.get(self.at)?;
            self.at += 1;
            let row = self.sheet.row(span.number)?;
            self.open_merges(span.number);
            let read = |c: &&Column| c.field != Field::Ignored;
            // Forms printed with running numbers and nothing else are blank.
            if !self
                .mapping
                .columns
                .iter()
                .filter(read)
                .any(|c| !row.cell(c.number).is_blank())
            {
                if let Some(warning) = self.not_data(row) {
                    return Some(Step::Skipped(warning));
                }
                continue;
            }
            if let Some(warning) = self.not_data(row) {
                return Some(Step::Skipped(warning));
            }
            let merged = self
                .open
                .iter()
                .enumerate()
                .filter_map(|(c, open)| open.map(|(_, cell)| (c as u32, cell)))
                .collect();
            let mut line = Line {
                row,
                parts: Parts::default(),
                prefix: self.prefix,
                merged,
                dittos: Vec::new(),
            };
            let mut warnings = Vec::new();
            self.ditto_marks(row, &mut line, &mut warnings);
            for (slot, field) in WRITTEN_ONCE.into_iter().enumerate() {
                if let Some(column) = self.mapping.first(field) {
                    let cell = line.cell(column);
                    if !cell.is_blank() && !matches!(cell, Cell::Error(_) | Cell::TooLong(_)) {
                        self.hold(slot, narrowed(&cell.shown()));
                    }
                }
            }
            let [phase, zone, building, unit] = self.once.clone();
            let room = self
                .mapping
                .first(Field::Room)
                .map(|c| narrowed(&line.cell(c).shown()))
                .unwrap_or_default();
            line.parts = Parts {
                phase,
                zone,
                building,
                unit,
                room,
            };
            self.above = self
                .mapping
                .columns
                .iter()
                .filter(read)
                .filter_map(|c| {
                    let cell = line.cell(c);
                    (!cell.is_blank()).then_some((c.number, cell, span.number))
                })
                .collect();
            return Some(Step::Line(line, warnings));
        }
    }
}

/// Which of the fields written once a text names: 二期, 3棟, 2單元.
fn section_slot(text: &str) -> Option<usize> {
    let bare = key(text);
    let slot = if bare.ends_with('期') {
        0
    } else if bare.ends_with("单元") {
        3
    } else if ["栋", "幢", "座", "号楼", "楼"]
        .iter()
        .any(|m| bare.ends_with(m))
    {
        2
    } else {
        return None;
    };
    let numbered = bare
        .chars()
        .any(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十甲乙丙丁".contains(c));
    (numbered && bare.chars().count() <= SECTION_CHARS).then_some(slot)
}

/// Whether rooms are whole buildings here: such a code with anything beside it, or nothing but codes.
fn has_villas(sheet: &Sheet, mapping: &Mapping) -> bool {
    let Some(room) = mapping.first(Field::Room) else {
        return false;
    };
    let alone = mapping
        .columns
        .iter()
        .filter(|c| c.field != Field::Ignored)
        .count()
        == 1;
    let mut rows = sheet
        .rows()
        .skip_while(|r| r.number() < mapping.first_row)
        .take(PREFIX_ROWS);
    alone
        || rows.any(|row| {
            row.filled().nth(1).is_some() && section_slot(&row.cell(room.number).shown()).is_some()
        })
}
