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
        let (mut last, mut gap) = (0u16, 0u8);
        let (mut digits, mut alnum, mut seen) = (0, 0, 0);
        for (at, c) in text.char_indices() {
            let entry = table.entry(c);
            digits += (entry >> table::DIGIT_BIT) & 1;
            alnum += (entry >> table::ALNUM_BIT) & 1;
            seen |= entry;
            let place = |gap| Place {
                start: at as u32,
                end: (at + c.len_utf8()) as u32,
                run: 1,
                gap: Gap(gap),
            };
            if entry & (table::DROP | table::SEVERAL) == 0 {
                let symbol = entry as u16;
                let sound = ((entry >> 16) & table::SOUND) as u16;
                self.take((symbol, sound), symbol == last, place(gap));
                (last, gap) = (symbol, 0);
            } else if entry & table::DROP != 0 {
                gap |= ((entry >> table::GAP_SHIFT) & 3) as u8;
            } else {
                for &(symbol, sound) in &*table.expansion(c) {
                    self.take((symbol, sound), symbol == last, place(gap));
                    // What lies before a character lies before its first symbol.
                    gap = if symbol == last { gap } else { 0 };
                    last = symbol;
                }
            }
        }
        self.digits = digits;
        self.alnum = alnum;
        self.cue = seen & table::CUE != 0;
    }

    /// Takes the next symbol with its syllable; once more when it is the last one again.
    #[inline(always)]
    fn take(&mut self, (symbol, sound): (u16, u16), again: bool, place: Place) {
        if again && let Some(last) = self.places.last_mut() {
            last.run = last.run.saturating_add(1);
            last.end = place.end;
        } else {
            self.plain.push(symbol);
            self.sound.push(sound);
            self.places.push(place);
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
