//! The one pass over a text: symbols without disguise, each with its syllable and its place in the
//! original.
//!
//! A **symbol** is a character after folding (Simplified, half width, lower case), with letters of
//! other alphabets and pictures replaced by what they pass for. Signs that people put between the
//! characters of a word are dropped but remembered, and a run of one symbol is kept once with its
//! length, in texts and in the lexicon alike.

mod table;

pub(crate) use table::{SYLLABLES_MAX, Table, fold_symbol, is_latin};

/// Most memory kept between messages, in symbols: a long text must not stay for ever.
pub(crate) const KEPT_SYMBOLS: usize = 64 * 1024;

/// Letters and digits, or what may stand for one, from which it matters which they are: fewer hold
/// no datum, but behind a cue.
pub(crate) const NOTED_MIN: u32 = 4;

/// Bytes read with room made beforehand.
const STRETCH_BYTES: usize = 4096;

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
    plain: Vec<u16>,
    sound: Vec<u16>,
    places: Vec<Place>,
    /// How many of each belong to this text; behind them lies what earlier ones left.
    count: usize,
    /// ASCII letters and digits after width folding; more than there are only below
    /// [`NOTED_MIN`].
    pub alnum: u32,
    /// Characters that may stand for a digit, Han numerals and rings included; likewise.
    pub digits: u32,
    /// Whether an `@`, or a character that opens a contact, was seen.
    pub cue: bool,
}

/// What a reading carries from one stretch to the next.
#[derive(Clone, Copy, Default)]
struct Reading {
    /// Symbols so far.
    count: usize,
    /// The last one; 0, which is nobody's, before the first.
    last: u16,
    /// What was dropped since.
    gap: u8,
    /// Characters that are ASCII letters or digits, or may stand for a digit.
    noted: u32,
    /// All entries met, or-ed.
    seen: u32,
}

impl Reading {
    #[inline(always)]
    fn note(&mut self, entry: u32) {
        self.noted += entry >> table::NOTED_BIT;
        self.seen |= entry;
    }
}

impl Symbols {
    /// Reads a text.
    pub fn read(&mut self, table: &Table, text: &str) {
        self.clear();
        let mut state = Reading::default();
        let mut at = 0;
        while at < text.len() {
            let mut end = text.len().min(at + STRETCH_BYTES);
            while !text.is_char_boundary(end) {
                end += 1;
            }
            // Room for the whole stretch at once: no symbol of it asks for memory.
            self.grow(state.count + end - at + 1);
            at = self.stretch(table, text, at..end, &mut state);
            if at < end {
                at = self.expanded(table, text, at, &mut state);
            }
        }
        self.count = state.count;
        self.cue = state.seen & table::CUE != 0;
        (self.alnum, self.digits) = (state.noted, state.noted);
        if state.noted >= NOTED_MIN || self.cue {
            self.count_noted(table, text);
        }
    }

    /// Tells letters and digits apart, which few texts need.
    #[cold]
    fn count_noted(&mut self, table: &Table, text: &str) {
        (self.alnum, self.digits) = (0, 0);
        for c in text.chars() {
            let entry = table.entry(c);
            self.alnum += (entry >> table::ALNUM_BIT) & 1;
            self.digits += (entry >> table::DIGIT_BIT) & 1;
        }
    }

    fn grow(&mut self, count: usize) {
        if self.places.len() < count {
            self.plain.resize(count, 0);
            self.sound.resize(count, 0);
            self.places.resize(count, Place::default());
        }
    }

    /// Reads on until the end of the stretch or a character of several symbols; says where it
    /// stopped.
    fn stretch(
        &mut self,
        table: &Table,
        text: &str,
        bytes: std::ops::Range<usize>,
        state: &mut Reading,
    ) -> usize {
        let (plain, sound) = (&mut self.plain[..], &mut self.sound[..]);
        let places = &mut self.places[..];
        let mut s = *state;
        let mut chars = text[bytes.clone()].char_indices();
        let mut stopped = bytes.end;
        while let Some((at, c)) = chars.next() {
            let entry = table.entry(c);
            if entry & table::SEVERAL != 0 {
                stopped = bytes.start + at;
                break;
            }
            s.note(entry);
            let symbol = entry as u16;
            let end = (bytes.start + chars.offset()) as u32;
            // Signs stand between words at chance: what they leave is written and not counted,
            // for a branch would be mispredicted at each.
            let kept = entry & table::DROP == 0;
            let again = kept & (symbol == s.last);
            plain[s.count] = symbol;
            sound[s.count] = ((entry >> 16) & table::SOUND) as u16;
            places[s.count] = Place {
                start: (bytes.start + at) as u32,
                end,
                run: 1,
                gap: Gap(s.gap),
            };
            if again {
                let place = &mut places[s.count - 1];
                place.run = place.run.saturating_add(1);
                place.end = end;
            }
            s.count += usize::from(kept & !again);
            s.last = if kept { symbol } else { s.last };
            let left = s.gap | ((entry >> table::GAP_SHIFT) & 3) as u8;
            s.gap = if kept { 0 } else { left };
        }
        *state = s;
        stopped
    }

    /// Reads the character of several symbols at `at`; says where it ends.
    #[cold]
    fn expanded(&mut self, table: &Table, text: &str, at: usize, state: &mut Reading) -> usize {
        let Some(c) = text[at..].chars().next() else {
            return text.len();
        };
        state.note(table.entry(c));
        let (start, end) = (at as u32, (at + c.len_utf8()) as u32);
        for &(symbol, sound) in &*table.expansion(c) {
            if symbol == state.last {
                let place = &mut self.places[state.count - 1];
                place.run = place.run.saturating_add(1);
                place.end = end;
                continue;
            }
            self.grow(state.count + 2);
            self.plain[state.count] = symbol;
            self.sound[state.count] = sound;
            self.places[state.count] = Place {
                start,
                end,
                run: 1,
                gap: Gap(state.gap),
            };
            state.count += 1;
            // What lies before a character lies before its first symbol.
            (state.last, state.gap) = (symbol, 0);
        }
        end as usize
    }

    fn clear(&mut self) {
        if self.places.capacity() > KEPT_SYMBOLS {
            *self = Symbols::default();
        }
        self.count = 0;
    }

    /// Bytes kept for the next text.
    pub fn kept_bytes(&self) -> usize {
        (self.plain.capacity() + self.sound.capacity()) * 2
            + self.places.capacity() * size_of::<Place>()
    }

    /// How many symbols.
    pub fn len(&self) -> usize {
        self.count
    }

    /// The plain view.
    pub fn plain(&self) -> &[u16] {
        &self.plain[..self.count]
    }

    /// The pinyin view: the syllable of each symbol, 0 for none.
    pub fn sound(&self) -> &[u16] {
        &self.sound[..self.count]
    }

    /// The way back.
    pub fn places(&self) -> &[Place] {
        &self.places[..self.count]
    }
}
