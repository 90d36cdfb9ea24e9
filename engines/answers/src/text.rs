//! A question as the views read it.

use std::collections::HashSet;
use std::sync::OnceLock;

use jieba_rs::Jieba;

use crate::QUESTION_CHARS_MAX;
use crate::alias;

/// What people say around a question and what tells nothing of it, longest first.
const AROUND: &[&str] = &[
    "我想请问一下",
    "麻烦问一下",
    "我想问一下",
    "请问一下",
    "想请问下",
    "想请问",
    "我想问下",
    "想问一下",
    "想问下",
    "我想问",
    "请教一下",
    "请教",
    "请问下",
    "请问",
    "问一下",
    "问下",
    "唔该晒",
    "唔该",
    "谢谢",
    "多谢",
    "麻烦你们",
    "麻烦你",
    "麻烦",
    "打扰一下",
    "打扰",
    "大家好",
    "你好",
    "您好",
    "hello",
    "管家在吗",
    "管家",
    "有人知道",
    "有谁知道",
    "有无人知",
    "有冇人知",
    "边个知",
    "谁知道",
    "大佬",
    "亲们",
    "各位邻居",
    "各位",
    "有没有人知道",
    "物业在吗",
    "在吗",
    "急急急",
];

/// Particles that the views leave out: they are in every topic and in none.
const PARTICLES: &str = "的了吗呢啊呀哦喔噢嘛吧啦咯哈嗯呃咩嘅咗囉罗㗎架喇噃喎啰呐哇";

/// Script, width and case folded, signs and spaces gone.
#[must_use]
pub fn folded(text: &str) -> String {
    let head: String = text.chars().take(QUESTION_CHARS_MAX).collect();
    hanzi::fold::key(&head)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The text as it is compared: folded, what is said around it gone, the trade's words put in.
pub(crate) fn plain(text: &str) -> String {
    trade(&core(text), true)
}

/// The trade's words put in, where they are asked for.
pub(crate) fn trade(core: &str, aliases: bool) -> String {
    match aliases {
        true => alias::shipped().rewrite(core),
        false => core.to_owned(),
    }
}

/// The text folded, what is said around it gone, in its own words.
pub(crate) fn core(text: &str) -> String {
    let whole = folded(text);
    let mut core = whole.clone();
    for around in AROUND {
        if core.contains(around) {
            core = core.replace(around, "");
        }
    }
    if core.chars().count() < 2 {
        core = whole;
    }
    core
}

/// The lines of a data file under its headings (`= name`), each with the number and the name of
/// its section; empty lines, remarks (`#`) and what stands before the first heading left out.
pub(crate) fn sections(
    data: &'static str,
) -> impl Iterator<Item = (u32, &'static str, &'static str)> {
    let mut at = None;
    data.lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix("= ") {
            at = Some((at.map_or(0, |(n, _)| n + 1), name));
            return None;
        }
        let (n, name) = at.filter(|_| !line.is_empty() && !line.starts_with('#'))?;
        Some((n, name, line))
    })
}

/// A term of a text: its key in a view and where it stands, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub key: u64,
    pub from: u32,
    pub to: u32,
}

/// A term as it was written, beside the same with the trade's words put in.
pub(crate) const RAW: u64 = 1 << 61;
const PAIR: u64 = 1 << 62;
const WORD: u64 = 1 << 63;

fn is_particle(c: char) -> bool {
    PARTICLES.contains(c)
}

/// Single characters, and pairs where asked for; each once.
pub(crate) fn characters(chars: &[char], pairs: bool, out: &mut Vec<Term>) {
    out.clear();
    for (at, &c) in chars.iter().enumerate() {
        let at = at as u32;
        if !is_particle(c) {
            out.push(Term {
                key: u64::from(u32::from(c)),
                from: at,
                to: at + 1,
            });
        }
        if pairs && let Some(&next) = chars.get(at as usize + 1) {
            let key = PAIR | u64::from(u32::from(c)) << 24 | u64::from(u32::from(next));
            out.push(Term {
                key,
                from: at,
                to: at + 2,
            });
        }
    }
    once(out);
}

/// Words as jieba's search mode cuts them, each once.
pub(crate) fn words(text: &str, chars: &[char], out: &mut Vec<Term>) {
    out.clear();
    for token in jieba().tokenize(text, jieba_rs::TokenizeMode::Search, true) {
        let part = &chars[token.start..token.end];
        if part.iter().all(|&c| is_particle(c)) {
            continue;
        }
        out.push(Term {
            key: word_key(part),
            from: token.start as u32,
            to: token.end as u32,
        });
    }
    once(out);
}

fn word_key(chars: &[char]) -> u64 {
    // FNV-1a: the same in every build and on every machine.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for &c in chars {
        hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    }
    WORD | hash >> 1
}

/// Each key once, at its first place, in the text's order.
fn once(terms: &mut Vec<Term>) {
    // A question has some forty terms: looking back costs less than a set.
    let mut kept = 0;
    for at in 0..terms.len() {
        let term = terms[at];
        if !terms[..kept].iter().any(|t| t.key == term.key) {
            terms[kept] = term;
            kept += 1;
        }
    }
    terms.truncate(kept);
}

fn jieba() -> &'static Jieba {
    static DICTIONARY: OnceLock<Jieba> = OnceLock::new();
    DICTIONARY.get_or_init(|| {
        let mut jieba = Jieba::new();
        for word in alias::shipped().words() {
            jieba.add_word(word, None, None);
        }
        jieba
    })
}

/// How much two questions are alike, from 0 to 1: the characters and pairs they share.
/// By this misses are grouped for whoever works them off.
#[must_use]
pub fn alike(a: &str, b: &str) -> f32 {
    let set = |text: &str| -> HashSet<u64> {
        let chars: Vec<char> = plain(text).chars().collect();
        let mut terms = Vec::new();
        characters(&chars, true, &mut terms);
        terms.iter().map(|t| t.key).collect()
    };
    let (a, b) = (set(a), set(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let shared = a.intersection(&b).count() as f32;
    2.0 * shared / (a.len() + b.len()) as f32
}
