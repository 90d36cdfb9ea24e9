//! The one pass over a text: symbols without disguise, each with its syllable and its place in the
//! original.
//!
//! A **symbol** is a character after folding (Simplified, half width, lower case), with letters of
//! other alphabets and pictures replaced by what they pass for. Signs that people put between the
//! characters of a word are dropped but remembered, and a run of one symbol is kept once with its
//! length, in texts and in the lexicon alike.

mod table;

pub(crate) use table::{Table, fold_symbol, is_latin};

/// Most memory kept between messages, in symbols: a long text must not stay for ever.
pub(crate) const KEPT_SYMBOLS: usize = 64 * 1024;

/// What lay between a symbol and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gap(pub u8);

impl Gap {
    /// Something that was dropped: a sign, a space, a zero-width character.
    pub const SIGN: u8 = 1;
    /// The end of a clause or line.
    pub const CLAUSE: u8 = 2;

    pub fn any(self) -> bool {
        self.0 != 0
    }

    pub fn clause(self) -> bool {
        self.0 & Gap::CLAUSE != 0
    }
}

/// Where a symbol came from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// First byte in the original.
    pub start: u32,
    /// Byte behind the last character of its run.
    pub end: u32,
    /// Characters in its run.
    pub run: u8,
    /// What lay before it.
    pub gap: Gap,
}

/// The symbols of one text; reused from text to text, so that a message costs no allocation.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    /// The plain view.
    pub plain: Vec<u16>,
    /// The pinyin view: the syllable of each symbol, 0 for none.
    pub sound: Vec<u16>,
    /// The way back.
    pub places: Vec<Place>,
    /// ASCII letters and digits after width folding.
    pub alnum: u32,
    /// Characters that may stand for a digit, Han numerals and rings included.
    pub digits: u32,
    /// Whether an `@`, or a character that opens a contact, was seen.
    pub cue: bool,
}

impl Symbols {
    /// Reads a text.
    pub fn read(&mut self, table: &Table, text: &str) {
        self.clear();
        // One symbol a byte at most (a character expands to fewer symbols than it has bytes, save
        // for a few compatibility forms, which the pushes below allow for).
        let mut last = 0u16;
        let mut gap = 0u8;
        for (at, c) in text.char_indices() {
            let entry = table.entry(c);
            self.digits += (entry >> table::DIGIT_BIT) & 1;
            self.alnum += (entry >> table::ALNUM_BIT) & 1;
            self.cue |= entry & table::CUE != 0;
            let end = (at + c.len_utf8()) as u32;
            if entry & table::ODD == 0 {
                let symbol = entry as u16;
                if symbol == last
                    && let Some(place) = self.places.last_mut()
                {
                    place.run = place.run.saturating_add(1);
                    place.end = end;
                } else {
                    self.plain.push(symbol);
                    self.sound.push(((entry >> 16) & table::SOUND) as u16);
                    self.places.push(Place {
                        start: at as u32,
                        end,
                        run: 1,
                        gap: Gap(gap),
                    });
                    last = symbol;
                }
                gap = 0;
            } else if entry & table::DROP != 0 {
                gap |= ((entry >> table::GAP_SHIFT) & 3) as u8;
            } else {
                for symbol in table.expansion(c) {
                    if symbol == last
                        && let Some(place) = self.places.last_mut()
                    {
                        place.run = place.run.saturating_add(1);
                        place.end = end;
                        continue;
                    }
                    self.plain.push(symbol);
                    self.sound.push(table.sound(symbol));
                    self.places.push(Place {
                        start: at as u32,
                        end,
                        run: 1,
                        gap: Gap(gap),
                    });
                    last = symbol;
                    gap = 0;
                }
            }
        }
    }

    fn clear(&mut self) {
        if self.places.capacity() > KEPT_SYMBOLS {
            *self = Symbols::default();
        }
        self.plain.clear();
        self.sound.clear();
        self.places.clear();
        (self.alnum, self.digits, self.cue) = (0, 0, false);
    }

    /// Bytes kept for the next text.
    pub fn kept_bytes(&self) -> usize {
        (self.plain.capacity() + self.sound.capacity()) * 2
            + self.places.capacity() * size_of::<Place>()
    }

    /// How many symbols.
    pub fn len(&self) -> usize {
        self.places.len()
    }
}
