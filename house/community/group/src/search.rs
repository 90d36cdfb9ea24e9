//! Finding what was said: by its words in either script, or by the first letters of their
//! pinyin. What occurs where is kept for stretches of 128 messages, so that a million
//! messages are eight thousand stretches: a search reads the few that hold all of it, the
//! newest first, and compares the messages themselves.

use std::collections::BTreeSet;
use std::ops::Range;

use foundation::database::{Chore, Community};
use foundation::house::House;
use foundation::ids::Id;
use hanzi::fold;
use permissions::actor::Actor;

use crate::channels::{self, Channel};
use crate::message::{Message, MessageState};
use crate::{Count, GroupError, store};

/// Messages of one stretch; the numbers kept depend on it, so it never changes.
pub const STRETCH: i64 = 128;
/// Found messages of one page.
pub const PAGE_FOUND: usize = 20;
/// Stretches read for one page; further back is another page.
const STRETCHES_MAX: i64 = 40;
const QUERY_CHARS_MAX: usize = 40;
/// Grams that narrow a search; more make it no narrower.
const GRAMS_MAX: usize = 6;
/// Messages taken into the index in one go.
const TAKE: i64 = 200;

/// A message that was found, with the stretches of its text that answer.
#[derive(Clone, Debug)]
pub struct Found {
    pub message: Message,
    /// Byte ranges, in order.
    pub marks: Vec<Range<usize>>,
}

/// A page of them, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub found: Vec<Found>,
    /// Where the next page goes on towards the beginning.
    pub before: Option<i64>,
}

/// What is looked for: words that all must occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<Word>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// As it stands in the plain view.
    plain: String,
    /// As first letters, when it can be that.
    initials: Option<String>,
}

impl Query {
    /// # Errors
    /// [`GroupError::SearchTooShort`] when no word has two signs.
    pub fn read(text: &str) -> Result<Query, GroupError> {
        let cut: String = text.chars().take(QUERY_CHARS_MAX).collect();
        let mut words = Vec::new();
        for part in cut.split_whitespace() {
            let plain = fold::key(part);
            if plain.chars().count() < 2 {
                continue;
            }
            let letters = plain.bytes().all(|b| b.is_ascii_lowercase());
            let initials = (letters && plain.len() >= 3).then(|| plain.clone());
            words.push(Word { plain, initials });
        }
        if words.is_empty() {
            Err(GroupError::SearchTooShort)
        } else {
            Ok(Query(words))
        }
    }

    /// Where a text answers; `None` when it does not.
    pub fn marks(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let view = Squeezed::plain(text);
        let mut letters = None;
        let mut marks = Vec::new();
        for word in &self.0 {
            if let Some(range) = view.find(&word.plain) {
                marks.push(range);
            } else {
                let initials = word.initials.as_ref()?;
                let letters = letters.get_or_insert_with(|| Squeezed::initials(text));
                marks.push(letters.find(initials)?);
            }
        }
        marks.sort_by_key(|r| r.start);
        marks.dedup();
        // Ranges that touch each other are marked once.
        let mut joined: Vec<Range<usize>> = Vec::new();
        for range in marks {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        Some(joined)
    }

    /// For each word, the grams that a stretch must hold: of the word, or of its letters.
    fn grams(&self) -> Vec<Vec<Vec<i64>>> {
        self.0
            .iter()
            .map(|word| {
                let mut ways = vec![some_of(wanted(&word.plain, false))];
                if let Some(initials) = &word.initials {
                    ways.push(some_of(wanted(initials, true)));
                }
                ways
            })
            .collect()
    }
}

fn some_of(grams: BTreeSet<i64>) -> Vec<i64> {
    grams.into_iter().take(GRAMS_MAX).collect()
}

/// A text as it is compared, with the way back.
struct Squeezed {
    text: String,
    /// For each byte of `text`, the byte of the original where its sign begins and ends.
    from: Vec<(u32, u32)>,
}

impl Squeezed {
    fn build(text: &str, of: impl Fn(&str) -> String) -> Squeezed {
        let mut out = Squeezed {
            text: String::with_capacity(text.len()),
            from: Vec::with_capacity(text.len()),
        };
        let mut sign = [0; 4];
        for (at, c) in text.char_indices() {
            let folded = of(c.encode_utf8(&mut sign));
            let range = (at as u32, (at + c.len_utf8()) as u32);
            out.from.extend(std::iter::repeat_n(range, folded.len()));
            out.text.push_str(&folded);
        }
        out
    }

    fn plain(text: &str) -> Squeezed {
        Squeezed::build(text, fold::key)
    }

    fn initials(text: &str) -> Squeezed {
        Squeezed::build(text, fold::initials)
    }

    fn find(&self, word: &str) -> Option<Range<usize>> {
        let at = self.text.find(word)?;
        let (first, last) = (self.from[at], self.from[at + word.len() - 1]);
        Some(first.0 as usize..last.1 as usize)
    }
}

/// The grams of a folded text: two signs, or three letters where letters follow each other,
/// because two letters tell too little apart.
fn grams_of(folded: &str, initials: bool) -> BTreeSet<i64> {
    let signs: Vec<char> = folded.chars().collect();
    let latin = |c: char| c.is_ascii_alphanumeric();
    let mut out = BTreeSet::new();
    for (i, pair) in signs.windows(2).enumerate() {
        if !pair.iter().all(|c| c.is_alphanumeric()) {
            continue;
        }
        if pair.iter().all(|c| latin(*c)) {
            match signs.get(i + 2) {
                Some(third) if latin(*third) => {
                    out.insert(gram(&[pair[0], pair[1], *third], initials));
                }
                // A run of two letters stands for itself.
                _ if i == 0 || !latin(signs[i - 1]) => {
                    out.insert(gram(pair, initials));
                }
                _ => {}
            }
        } else {
            out.insert(gram(pair, initials));
        }
    }
    out
}

/// The grams that a text with this word in it surely holds: two letters at the word's edge
/// may be part of a longer run there, and tell nothing.
fn wanted(word: &str, initials: bool) -> BTreeSet<i64> {
    let signs: Vec<char> = word.chars().collect();
    let mut out = grams_of(word, initials);
    for edge in [signs.first_chunk::<2>(), signs.last_chunk::<2>()] {
        if let Some(pair) = edge
            && pair.iter().all(char::is_ascii_alphanumeric)
        {
            out.remove(&gram(pair, initials));
        }
    }
    out
}

/// FNV-1a: the same on every machine for ever, and spread well enough for an index.
fn gram(signs: &[char], initials: bool) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325 ^ u64::from(initials);
    for c in signs {
        for byte in (*c as u32).to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash as i64
}

/// All grams of a message.
fn grams_of_message(m: &Message) -> BTreeSet<i64> {
    let text = searched(m);
    let mut out = grams_of(&fold::key(&text), false);
    out.extend(grams_of(&fold::initials(&text), true));
    out
}

/// What of a message is found: its text, a poll's answers, names of files, a card's words.
pub fn searched(m: &Message) -> String {
    let more = m.parts.words();
    if more.is_empty() {
        m.text.clone()
    } else {
        format!("{}\n{more}", m.text)
    }
}

/// Takes what was said since into the index; how many messages.
pub async fn index(house: &House, c: Community) -> Result<usize, GroupError> {
    let mut taken = 0;
    loop {
        let at: Option<Count> = house.db.optional(store::indexed(c)).await?;
        let at = at.map_or(0, |n| n.0);
        let rows: Vec<Message> = house.db.all(store::changed_after(c, at, TAKE)).await?;
        let Some(last) = rows.last().map(|m| m.tick) else {
            return Ok(taken);
        };
        taken += rows.len();
        let mut grams: BTreeSet<(Id, i64, i64)> = BTreeSet::new();
        for m in &rows {
            let stretch = m.seq / STRETCH;
            grams.extend(
                grams_of_message(m)
                    .into_iter()
                    .map(|g| (m.channel, g, stretch)),
            );
        }
        let grams: Vec<(Id, i64, i64)> = grams.into_iter().collect();
        house
            .db
            .keep::<_, GroupError, _>(Chore::Index, c, move |r| {
                for part in grams.chunks(store::GRAMS_AT_ONCE) {
                    r.execute(store::insert_grams(c, part))?;
                }
                r.execute(store::move_indexed(c, last))?;
                Ok(())
            })
            .await?;
    }
}

/// What of a channel answers, before a place or from the newest.
pub async fn search(
    house: &House,
    by: &Actor,
    channel: &Channel,
    query: &Query,
    before: Option<i64>,
    most: usize,
) -> Result<Page, GroupError> {
    channels::entered(house, by).await?;
    let c = by.community;
    let mut page = Page::default();
    let mut below = before.unwrap_or(i64::MAX);
    let candidates = store::stretches(
        c,
        channel.id,
        &query.grams(),
        below.saturating_sub(1) / STRETCH,
        STRETCHES_MAX,
    );
    let newest = channel.last_seq / STRETCH;
    let mut stretches: Vec<i64> = match candidates {
        Some(ask) => house
            .db
            .all::<(i64,)>(ask)
            .await?
            .into_iter()
            .map(|r| r.0)
            .collect(),
        // Nothing narrows it: one stretch after the other.
        None => {
            let top = newest.min(below.saturating_sub(1) / STRETCH);
            (0..=top).rev().take(STRETCHES_MAX as usize).collect()
        }
    };
    let full = stretches.len() as i64 == STRETCHES_MAX;
    // Said just now and not yet in the index: the newest stretch is looked through anyway.
    if before.is_none() && stretches.first() != Some(&newest) {
        stretches.insert(0, newest);
    }
    for stretch in stretches {
        let (from, to) = (stretch * STRETCH, ((stretch + 1) * STRETCH).min(below));
        let said: Vec<Message> = house
            .db
            .all(store::between(c, channel.id, from, to, STRETCH))
            .await?;
        for message in said {
            if page.found.len() == most {
                page.before = page.found.last().map(|f| f.message.seq);
                return Ok(page);
            }
            if message.state != MessageState::Shown {
                continue;
            }
            if let Some(marks) = query.marks(&searched(&message)) {
                page.found.push(Found { message, marks });
            }
        }
        below = from;
    }
    if full {
        page.before = Some(below).filter(|seq| *seq > 1);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(query: &str, text: &str) -> Option<Vec<String>> {
        let marks = Query::read(query).ok()?.marks(text)?;
        Some(marks.into_iter().map(|r| text[r].to_owned()).collect())
    }

    #[test]
    fn words_are_found_in_either_script_by_letters_and_in_order_of_nothing() {
        let text = "地下車庫B區的燈壞了三盞，晚上很暗";
        for (query, marks) in [
            ("车库", Some(vec!["車庫"])),
            ("車庫 很暗", Some(vec!["車庫", "很暗"])),
            ("dxck", Some(vec!["地下車庫"])),
            ("ｂ区", Some(vec!["B區"])),
            ("燈壞了三盞", Some(vec!["燈壞了三盞"])),
            ("電梯", None),
            ("車庫 電梯", None),
            ("燈", None),
        ] {
            let marks: Option<Vec<String>> =
                marks.map(|m| m.into_iter().map(str::to_owned).collect());
            assert_eq!(marked(query, text), marks, "{query}");
        }
    }

    #[test]
    fn whatever_answers_a_word_holds_all_of_its_grams() {
        let text = "今晚22:30停水，請到3-2-1801王女士家借wifi";
        let held = |initials| {
            let folded = if initials {
                fold::initials(text)
            } else {
                fold::key(text)
            };
            grams_of(&folded, initials)
        };
        for (word, initials) in [
            ("停水", false),
            ("1801王", false),
            ("wi", false),
            ("wifi", false),
            ("wif", false),
            ("ifi", false),
            ("22:30停", false),
            ("tsqd", true),
        ] {
            let folded = if initials {
                word.to_owned()
            } else {
                fold::key(word)
            };
            let wanted = wanted(&folded, initials);
            assert!(wanted.is_subset(&held(initials)), "{word}");
        }
    }
}
