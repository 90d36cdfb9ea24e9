//! The text as the rules of numbers see it: half width, lower case, Simplified, nothing invisible,
//! with the digit that each character may stand for.

use std::sync::LazyLock;

use hanzi::fold::{self, Folded, disguise};

/// Digits in a run from which letters between them are misread digits (l, I, o, O).
const REPAIR_DIGITS_MIN: usize = 7;
/// Longest run repaired: identity numbers have 18.
const REPAIR_RUN_MAX: usize = 24;

/// Not a digit.
pub(crate) const NO_DIGIT: u8 = 0xFF;

/// One character.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub c: char,
    /// 0–9, or [`NO_DIGIT`].
    pub digit: u8,
    /// The digit is a Han numeral (prose counts with them).
    pub han: bool,
    /// First byte in the original.
    pub start: u32,
    /// Byte behind it in the original.
    pub end: u32,
}

impl Cell {
    pub fn is_digit(self) -> bool {
        self.digit != NO_DIGIT
    }

    pub fn ascii_digit(self) -> bool {
        self.is_digit() && !self.han
    }

    pub fn is_letter(self) -> bool {
        self.c.is_ascii_lowercase() && !self.is_digit()
    }

    pub fn is_alnum(self) -> bool {
        self.is_letter() || self.ascii_digit()
    }
}

/// The characters of a text; reused.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub cells: Vec<Cell>,
    /// Cells at which a handle, plate, document or address may be recognised, in order: letters and
    /// the [`OPENERS`].
    pub openers: Vec<u32>,
    /// Whether there is a full stop, without which no domain is.
    pub dotted: bool,
}

/// Signs and characters that handles, addresses of mail and homes are recognised by.
const OPENERS: &str = "@+#-–—艾微薇威徽维加扣球企栋幢座号";

/// Numerals spoken on the radio and phone, beyond those the digit view knows.
fn spoken(c: char) -> Option<u8> {
    match c {
        '洞' => Some(0),
        '幺' => Some(1),
        '拐' => Some(7),
        '勾' => Some(9),
        _ => None,
    }
}

/// What a character reads as: its folded form in the lower 21 bits, its digit above, then marks.
#[derive(Clone, Copy)]
struct Look(u32);

impl Look {
    const CHAR: u32 = (1 << 21) - 1;
    const DIGIT_SHIFT: u32 = 21;
    const HAN: u32 = 1 << 25;
    /// It stands for nothing, or for several characters.
    const ODD: u32 = 1 << 26;
    const OPENER: u32 = 1 << 27;

    fn new(c: char, digit: Option<u32>, han: bool) -> Look {
        let digit = digit.unwrap_or(0xF) << Look::DIGIT_SHIFT;
        let han = if han { Look::HAN } else { 0 };
        let opens = c.is_ascii_lowercase() || OPENERS.contains(c);
        let opener = if opens { Look::OPENER } else { 0 };
        Look(u32::from(c) | digit | han | opener)
    }

    #[inline(always)]
    fn cell(self, start: u32, end: u32) -> Cell {
        let digit = (self.0 >> Look::DIGIT_SHIFT & 0xF) as u8;
        Cell {
            c: char::from_u32(self.0 & Look::CHAR).unwrap_or(' '),
            digit: if digit < 10 { digit } else { NO_DIGIT },
            han: self.0 & Look::HAN != 0,
            start,
            end,
        }
    }

    fn work_out(c: char) -> Look {
        if c.is_ascii() {
            return Look::new(c.to_ascii_lowercase(), c.to_digit(10), false);
        }
        if let Some(digit) = spoken(c) {
            return Look::new(c, Some(u32::from(digit)), true);
        }
        let plain = match disguise::picture(c) {
            Some(seen) => Folded::One(seen),
            None => fold::plain_of(c),
        };
        match fold::digit_of(c) {
            Folded::One(d) => {
                let c = match plain {
                    Folded::One(p) => disguise::letter(p).unwrap_or(p),
                    _ => d,
                };
                let digit = d.to_digit(10);
                Look::new(c, digit, digit.is_some() && is_numeral(c))
            }
            Folded::Nothing | Folded::Many(_) => Look(Look::ODD),
        }
    }
}

/// The basic plane, worked out once.
static LOOKS: LazyLock<Box<[Look]>> = LazyLock::new(|| {
    let looks = (0..0x1_0000).map(|code| char::from_u32(code).map_or(Look(0), Look::work_out));
    looks.collect()
});

impl Cells {
    pub fn read(&mut self, text: &str) {
        if self.cells.capacity() > 64 * 1024 {
            self.cells = Vec::new();
        }
        if self.openers.capacity() > 64 * 1024 {
            self.openers = Vec::new();
        }
        self.cells.clear();
        self.openers.clear();
        self.dotted = false;
        let looks = &LOOKS[..];
        for (at, c) in text.char_indices() {
            let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
            let look = match looks.get(c as usize) {
                Some(&look) => look,
                None => Look::work_out(c),
            };
            if look.0 & Look::ODD == 0 {
                self.take(look, start, end);
            } else if let Folded::Many(many) = fold::digit_of(c) {
                for d in many.chars() {
                    self.take(Look::new(d, d.to_digit(10), false), start, end);
                }
            }
        }
        self.repair();
    }

    #[inline(always)]
    fn take(&mut self, look: Look, start: u32, end: u32) {
        let cell = look.cell(start, end);
        if look.0 & Look::OPENER != 0 {
            self.openers.push(self.cells.len() as u32);
        }
        self.dotted |= cell.c == '.';
        self.cells.push(cell);
    }

    /// Places at which something may be recognised, from the first.
    pub fn openers(&self) -> impl Iterator<Item = usize> {
        self.openers.iter().map(|&at| at as usize)
    }

    /// Bytes kept for the next text.
    pub fn kept_bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>() + self.openers.capacity() * 4
    }

    /// l and I become 1, o and O become 0, in a run that has enough digits already.
    fn repair(&mut self) {
        let misread = |cell: &Cell| match cell.c {
            'l' | 'i' => Some(1),
            'o' => Some(0),
            _ => None,
        };
        let mut at = 0;
        if self.cells.iter().filter(|c| c.ascii_digit()).count() < REPAIR_DIGITS_MIN {
            return;
        }
        while at < self.cells.len() {
            let run = self.cells[at..]
                .iter()
                .take_while(|c| c.ascii_digit() || misread(c).is_some())
                .count();
            let cells = &mut self.cells[at..at + run];
            let digits = cells.iter().filter(|c| c.ascii_digit()).count();
            if digits >= REPAIR_DIGITS_MIN && digits < run && run <= REPAIR_RUN_MAX {
                for cell in cells {
                    if !cell.is_digit()
                        && let Some(digit) = misread(cell)
                    {
                        cell.digit = digit;
                    }
                }
            }
            at += run.max(1);
        }
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn get(&self, at: usize) -> Option<Cell> {
        self.cells.get(at).copied()
    }

    pub fn c(&self, at: usize) -> char {
        self.cells.get(at).map_or('\0', |cell| cell.c)
    }

    /// Whether the text stands there.
    pub fn starts(&self, at: usize, text: &str) -> bool {
        (at..).zip(text.chars()).all(|(at, c)| self.c(at) == c)
    }

    /// The first of the texts that stands there.
    pub fn one_of<'t>(&self, at: usize, texts: &[&'t str]) -> Option<&'t str> {
        texts.iter().copied().find(|text| self.starts(at, text))
    }

    /// The value of the digits in a range.
    pub fn digits(&self, range: std::ops::Range<usize>) -> String {
        let digits = self.cells[range].iter().filter(|c| c.is_digit());
        digits.map(|c| char::from(b'0' + c.digit)).collect()
    }

    /// The characters of a range.
    pub fn text(&self, range: std::ops::Range<usize>) -> String {
        self.cells[range].iter().map(|c| c.c).collect()
    }
}

fn is_numeral(c: char) -> bool {
    matches!(u32::from(c), 0x25CB | 0x3007 | 0x4E00..=0x9FFF)
}
