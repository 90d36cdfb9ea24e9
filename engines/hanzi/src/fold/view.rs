//! A view of a text and the way from it back to the original.

use std::ops::Range;

use super::table::{self, Folded};

/// A stretch of the original text, in bytes and in Unicode scalars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Byte offsets, always on character boundaries.
    pub bytes: Range<usize>,
    /// The same stretch counted in Unicode scalars.
    pub chars: Range<usize>,
}

/// A folded text whose every character knows where it came from.
#[derive(Clone, Debug)]
pub struct View {
    text: String,
    /// Byte in `text` at which each view character starts, then the length of `text`.
    starts: Vec<u32>,
    /// Which original character each view character came from.
    origins: Vec<u32>,
    /// Byte at which each original character starts, then the length of the original.
    original: Vec<u32>,
}

impl View {
    pub(super) fn build(text: &str, fold: impl Fn(char) -> Folded) -> View {
        let mut view = View::with_room_for(text);
        for (origin, (at, c)) in text.char_indices().enumerate() {
            view.original.push(at as u32);
            view.put(origin as u32, fold(c));
        }
        view.finish(text)
    }

    pub(super) fn build_pinyin(text: &str) -> View {
        let mut view = View::with_room_for(text);
        for (origin, (at, c)) in text.char_indices().enumerate() {
            view.original.push(at as u32);
            let origin = origin as u32;
            match table::plain(c) {
                Folded::One(simple) => match table::syllable(simple) {
                    0 => view.put_char(origin, simple),
                    id => view.put_syllable(origin, table::syllable_text(id)),
                },
                other => view.put(origin, other),
            }
        }
        view.finish(text)
    }

    fn with_room_for(text: &str) -> View {
        let count = text.chars().count();
        View {
            text: String::with_capacity(text.len()),
            starts: Vec::with_capacity(count + 1),
            origins: Vec::with_capacity(count),
            original: Vec::with_capacity(count + 1),
        }
    }

    fn put_char(&mut self, origin: u32, c: char) {
        self.starts.push(self.text.len() as u32);
        self.origins.push(origin);
        self.text.push(c);
    }

    fn put(&mut self, origin: u32, folded: Folded) {
        match folded {
            Folded::Nothing => {}
            Folded::One(c) => self.put_char(origin, c),
            Folded::Many(text) => text.chars().for_each(|c| self.put_char(origin, c)),
        }
    }

    /// A syllable and its space; ASCII, so bytes are characters.
    fn put_syllable(&mut self, origin: u32, syllable: &str) {
        let start = self.text.len() as u32;
        let length = syllable.len() as u32 + 1;
        self.starts.extend(start..start + length);
        self.origins
            .extend(std::iter::repeat_n(origin, length as usize));
        self.text.push_str(syllable);
        self.text.push(' ');
    }

    fn finish(mut self, original: &str) -> View {
        self.original.push(original.len() as u32);
        self.starts.push(self.text.len() as u32);
        self
    }

    /// The folded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many characters the view has.
    #[must_use]
    pub fn char_count(&self) -> usize {
        self.origins.len()
    }

    /// The original stretch behind a byte range of the view.
    ///
    /// Whole characters are given back: a range that cuts a character counts it in. Signs dropped
    /// *inside* the range belong to it, those at its edges do not. An empty range, or one beyond the
    /// end, gives an empty span.
    #[must_use]
    pub fn span(&self, bytes: Range<usize>) -> Span {
        let start = bytes.start.min(self.text.len());
        let end = bytes.end.min(self.text.len());
        // The last character that starts at or before `start`; the first that starts at or after `end`.
        let first = self
            .starts
            .partition_point(|&at| at as usize <= start)
            .saturating_sub(1);
        let after = self.starts.partition_point(|&at| (at as usize) < end);
        self.char_span(first..if start < end { after } else { first })
    }

    /// The original stretch behind a range of the view's characters.
    #[must_use]
    pub fn char_span(&self, chars: Range<usize>) -> Span {
        let count = self.origins.len();
        let start = chars.start.min(count);
        let end = chars.end.min(count);
        let all = self.original.len() - 1;
        let from = self.origins.get(start).map_or(all, |&o| o as usize);
        let to = if start < end {
            self.origins[end - 1] as usize + 1
        } else {
            from
        };
        Span {
            bytes: self.original[from] as usize..self.original[to] as usize,
            chars: from..to,
        }
    }
}
