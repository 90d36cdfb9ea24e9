//! Which signs may stand at the begin and at the end of a line (避頭尾), after
//! 《標點符號用法》 GB/T 15834-2011, 5.1, and the requirements for Chinese layout of the W3C.

/// What a sign asks of a line's ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Space,
    /// May not begin a line: ， 。 、 」 ） and the like.
    Close,
    /// May not end a line: 「 （ 《 and the like.
    Open,
    /// Letters and digits that stay together.
    Word,
    /// Stays with its like: —— and ……
    Pair,
    Chinese,
}

const CLOSE: &str = "，。、；：！？」』）》〉】〕〗〙〛］｝”’…‥·・．％‰℃°ー々〻ぁぃぅぇぉっゃゅょァィゥェォッャュョ\
)]},.;:!?%»›";
const OPEN: &str = "「『（《〈【〔〖〘〚［｛“‘([{«‹￥＄¥$€£№#＃@";
const PAIR: &str = "—…─";
/// Joins letters and digits into one word: `9:00–12:00`, `3-2-1801`, `a_b@c.cn`.
const JOINER: &str = "-–_'+=&~*^\\|<>√×";

fn class(c: char) -> Class {
    match c {
        ' ' | '\t' | '\u{3000}' => Class::Space,
        _ if PAIR.contains(c) => Class::Pair,
        _ if CLOSE.contains(c) => Class::Close,
        _ if OPEN.contains(c) => Class::Open,
        _ if JOINER.contains(c) || c == '/' => Class::Word,
        _ if c.is_alphanumeric() && (c as u32) < 0x1100 => Class::Word,
        // No-break space and its kin, soft marks.
        '\u{a0}' | '\u{202f}' | '\u{2007}' => Class::Word,
        _ => Class::Chinese,
    }
}

/// Whether a line may end after `a` and the next begin with `b`.
pub fn may_break(a: char, b: char) -> bool {
    use Class::{Chinese, Close, Open, Pair, Space, Word};
    match (class(a), class(b)) {
        // Spaces hang at the end of their line and begin none.
        (_, Space | Close) => false,
        (Open, _) => false,
        (Space, _) => true,
        (Pair, Pair) => a != b,
        // 「……」 clings to what it continues.
        (_, Pair) => false,
        // `12:30`, `3.5`, `f(x)y`: a Latin mark inside a word parts nothing; a slash does.
        (Close, Word) => !a.is_ascii(),
        (Word, Word) => a == '/',
        (Word | Chinese | Close | Pair, Chinese | Open | Word) => {
            // `call(3)`: no gap before the bracket of a word.
            !(class(a) == Word && b.is_ascii() && class(b) == Open)
        }
    }
}

/// Whether a justified line may widen after `a`, before `b`: between ideographs and at
/// spaces, never inside a word.
pub fn stretches(a: char, b: char) -> bool {
    let inside_word = class(a) == Class::Word && class(b) == Class::Word;
    let latin = a.is_ascii_graphic() && b.is_ascii_graphic();
    !inside_word && !latin && class(a) != Class::Pair
}
