//! One look-up per character: symbol, syllable and what else the pass must know.

use std::borrow::Cow;

use hanzi::fold::{self, Folded, disguise};

/// Syllable classes are below this; 9 bits hold them.
pub(crate) const SYLLABLES_MAX: usize = 320;
/// Mask of the syllable, after shifting by 16.
pub(super) const SOUND: u32 = 0x1FF;
/// Dropped sign: what it leaves in the gap (two bits).
pub(super) const GAP_SHIFT: u32 = 16;
pub(super) const ALNUM_BIT: u32 = 26;
pub(super) const DIGIT_BIT: u32 = 27;
/// Opens a contact: `@`, 微, 信, 扣, 企, 球, 薇.
pub(super) const CUE: u32 = 1 << 28;
/// Several symbols; the lower 16 bits are the number of its expansion.
pub(super) const SEVERAL: u32 = 1 << 29;
/// An ASCII letter or digit, or what may stand for a digit.
pub(super) const NOTED_BIT: u32 = 31;
/// No symbol.
pub(super) const DROP: u32 = 1 << 30;

/// First and number of the private characters that stand for those beyond the basic plane. Two of
/// them may meet in one symbol; a list word of two such characters would then match the wrong
/// ones, which the ideographs beyond the basic plane are too rare for.
const PRIVATE: u32 = 0xE000;
const PRIVATE_COUNT: u32 = 0x1900;

/// Characters that open a contact and are seldom written otherwise near letters or digits.
const CUES: &str = "@＠微薇威信扣球企艾";

/// A character of each of the two hundred syllables that talk uses most, the most used first: pairs
/// of frequent syllables then lie together in tables over pairs, and in a core's nearest cache.
const FREQUENT: &str = "的是一不人我了自你有这女想生国个就中己男说没为真在还大到经上样和也那他么方被黑因年见们会权好地但主要来家吗看西可解于多出吧前对能情东话无关去完数很而次明服比小后觉感成然发题长问些教做同原受太点跟常度平欢最公暴如天高下老本别谁学啊句亚白哈帮该活找代边社才少您用洲乎啥爱恶内听面非外论定给婚从表头差流传古算贵需装开确等母超安并越口博韩车图且存考落日求运讨迫特模买满排调毛谈皮普错条坏控怕";

/// Characters in the table: the basic plane and the next, where pictures and styled letters are.
const TABLED: u32 = 0x2_0000;

/// Symbols, each with its syllable.
type Expansion = Box<[(u16, u16)]>;

/// The folding of two planes in 512 KiB, of which a text touches what it is written in; the rest is
/// worked out when met.
pub(crate) struct Table {
    entries: Box<[u32]>,
    /// What the characters that have several symbols become.
    expansions: Vec<Expansion>,
    /// Class of each syllable number of `hanzi`.
    classes: Vec<u16>,
}

/// Whether a symbol is a Latin letter.
pub(crate) fn is_latin(symbol: u16) -> bool {
    (u16::from(b'a')..=u16::from(b'z')).contains(&symbol)
}

/// The symbol of one folded character; `None` when it is dropped.
pub(crate) fn fold_symbol(c: char) -> Option<u16> {
    let c = disguise::picture(c)
        .or_else(|| disguise::letter(c))
        .unwrap_or(c);
    if !c.is_alphanumeric() {
        return None;
    }
    Some(match u32::from(c) {
        code @ 0..=0xFFFF => code as u16,
        code => (PRIVATE + code % PRIVATE_COUNT) as u16,
    })
}

/// The end of a clause or line.
fn ends_clause(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r'
            | '，'
            | '。'
            | '！'
            | '？'
            | '；'
            | '：'
            | '、'
            | '…'
            | ','
            | '!'
            | '?'
            | ';'
            | ':'
            | '｡'
    )
}

impl Table {
    pub fn new() -> Table {
        // Classes of syllables as ears confuse them, numbered in the order they are met, the
        // frequent ones first.
        let mut heard = std::collections::HashMap::new();
        let mut classes = vec![0u16; fold::syllable_count()];
        let frequent = FREQUENT.chars().map(u32::from);
        for code in frequent.chain(0x3400..=0xFFFF) {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            let id = usize::from(fold::syllable_id(c));
            if id > 0 && classes[id] == 0 {
                let text = disguise::heard(fold::syllable(c).unwrap_or(""));
                let next = heard.len() as u16 + 1;
                classes[id] = *heard.entry(text).or_insert(next);
            }
        }
        assert!(
            heard.len() < SYLLABLES_MAX,
            "Chinese has about 400 syllables"
        );
        let mut table = Table {
            entries: Box::new([]),
            expansions: Vec::new(),
            classes,
        };
        let mut entries = vec![DROP; TABLED as usize].into_boxed_slice();
        for (entry, c) in entries.iter_mut().zip((0..TABLED).map(char::from_u32)) {
            let Some(c) = c else { continue };
            *entry = table.work_out(c);
            if *entry & SEVERAL != 0 {
                let number = u16::try_from(table.expansions.len());
                *entry |= u32::from(number.expect("a few thousand characters have several"));
                table.expansions.push(table.expand(c));
            }
        }
        table.entries = entries;
        table
    }

    #[inline]
    pub(super) fn entry(&self, c: char) -> u32 {
        match self.entries.get(c as usize) {
            Some(&entry) => entry,
            None => self.work_out(c),
        }
    }

    fn work_out(&self, c: char) -> u32 {
        let entry = self.worked_out(c);
        let noted = (entry >> ALNUM_BIT | entry >> DIGIT_BIT) & 1;
        entry | noted << NOTED_BIT
    }

    fn worked_out(&self, c: char) -> u32 {
        let cue = if CUES.contains(c) { CUE } else { 0 };
        let digit = match fold::digit_of(c) {
            Folded::One(d) => d.is_ascii_digit() || matches!(c, '幺' | '洞' | '拐' | '勾'),
            Folded::Many(many) => many.chars().all(|d| d.is_ascii_digit()),
            Folded::Nothing => false,
        };
        let digit = u32::from(digit) << DIGIT_BIT;
        // A sign that stands for a character does so before folding: ＋ and 🅰 would be lost.
        let folded = match disguise::picture(c) {
            Some(seen) => Folded::One(seen),
            None => fold::plain_of(c),
        };
        match folded {
            Folded::Nothing => DROP | (u32::from(super::Gap::SIGN) << GAP_SHIFT),
            Folded::One(one) => match fold_symbol(one) {
                None => {
                    let gap = if ends_clause(c) || ends_clause(one) {
                        super::Gap::CLAUSE
                    } else {
                        super::Gap::SIGN
                    };
                    DROP | cue | digit | (u32::from(gap) << GAP_SHIFT)
                }
                Some(symbol) => {
                    let alnum = u32::from(symbol < 128) << ALNUM_BIT;
                    u32::from(symbol) | (u32::from(self.sound(symbol)) << 16) | cue | digit | alnum
                }
            },
            Folded::Many(many) if many.chars().any(|c| fold_symbol(c).is_some()) => {
                let alnum = many.chars().any(|c| c.is_ascii_alphanumeric());
                SEVERAL | digit | cue | (u32::from(alnum) << ALNUM_BIT)
            }
            Folded::Many(_) => DROP | (u32::from(super::Gap::SIGN) << GAP_SHIFT),
        }
    }

    /// The symbols of a character that has several.
    pub(super) fn expansion(&self, c: char) -> Cow<'_, [(u16, u16)]> {
        match self.entries.get(c as usize) {
            Some(&entry) => Cow::Borrowed(&self.expansions[usize::from(entry as u16)]),
            None => Cow::Owned(self.expand(c).into_vec()),
        }
    }

    fn expand(&self, c: char) -> Expansion {
        let many = match fold::plain_of(c) {
            Folded::Many(many) => many,
            _ => "",
        };
        let symbols = many.chars().filter_map(fold_symbol);
        symbols.map(|symbol| (symbol, self.sound(symbol))).collect()
    }

    /// The class of a symbol's syllable, 0 for none.
    pub(crate) fn sound(&self, symbol: u16) -> u16 {
        let id = char::from_u32(u32::from(symbol)).map_or(0, fold::syllable_id);
        self.classes[usize::from(id)]
    }
}
