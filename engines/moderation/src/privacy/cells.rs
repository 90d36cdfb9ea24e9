//! The text as the rules of numbers see it: half width, lower case, Simplified, nothing invisible,
//! with the digit that each character may stand for.

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
}

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

impl Cells {
    pub fn read(&mut self, text: &str) {
        if self.cells.capacity() > 64 * 1024 {
            self.cells = Vec::new();
        }
        self.cells.clear();
        for (at, c) in text.char_indices() {
            let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
            if c.is_ascii() {
                self.cells.push(Cell {
                    c: c.to_ascii_lowercase(),
                    digit: c.to_digit(10).map_or(NO_DIGIT, |d| d as u8),
                    han: false,
                    start,
                    end,
                });
                continue;
            }
            if let Some(digit) = spoken(c) {
                self.cells.push(Cell {
                    c,
                    digit,
                    han: true,
                    start,
                    end,
                });
                continue;
            }
            let plain = match disguise::picture(c) {
                Some(seen) => Folded::One(seen),
                None => fold::plain_of(c),
            };
            match (fold::digit_of(c), plain) {
                (Folded::Nothing, _) => {}
                (Folded::One(d), plain) => {
                    let c = match plain {
                        Folded::One(p) => disguise::letter(p).unwrap_or(p),
                        _ => d,
                    };
                    let digit = d.to_digit(10).map_or(NO_DIGIT, |d| d as u8);
                    let han = digit != NO_DIGIT && is_numeral(c);
                    self.cells.push(Cell {
                        c,
                        digit,
                        han,
                        start,
                        end,
                    });
                }
                (Folded::Many(many), _) => {
                    for d in many.chars() {
                        self.cells.push(Cell {
                            c: d,
                            digit: d.to_digit(10).map_or(NO_DIGIT, |d| d as u8),
                            han: false,
                            start,
                            end,
                        });
                    }
                }
            }
        }
        self.repair();
    }

    /// l and I become 1, o and O become 0, in a run that has enough digits already.
    fn repair(&mut self) {
        let misread = |cell: &Cell| match cell.c {
            'l' | 'i' => Some(1),
            'o' => Some(0),
            _ => None,
        };
        let mut at = 0;
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
