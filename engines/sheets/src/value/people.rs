//! Names of a cell: co-owners written together, organisations, hints in brackets.

use crate::fault::Reason;
use crate::grid::is_space;
use crate::label::{key, narrowed};
use crate::value::share::{self, Share};
use crate::value::stand_in;
use crate::value::words::{Kind, Relation, relation};

/// Longest name that is taken: ethnic minorities' names and companies' names stay far below.
pub const NAME_CHARS_MAX: usize = 100;
/// Most names that one cell may hold.
const NAMES_MAX: usize = 50;

/// Ends of organisations' names.
const ORGANISATION_ENDS: &[&str] = &[
    "公司",
    "集团",
    "集團",
    "银行",
    "銀行",
    "学校",
    "學校",
    "医院",
    "醫院",
    "委员会",
    "委員會",
    "居委会",
    "居委會",
    "合作社",
    "事务所",
    "事務所",
    "研究院",
    "研究所",
    "幼儿园",
    "幼兒園",
    "中心",
    "支行",
    "分行",
    "商行",
    "工作室",
    "基金会",
    "协会",
    "協會",
    "工厂",
    "工廠",
    "商店",
    "超市",
    "酒店",
    "餐厅",
    "餐廳",
    "政府",
    "管理处",
    "管理局",
    "办事处",
    "開發商",
    "开发商",
    "有限合伙",
    "ltd",
    "ltd.",
    "limited",
    "inc",
    "inc.",
    "co.",
    "company",
    "corporation",
    "corp",
    "corp.",
    "llc",
    "bank",
];

/// One name of a cell with what was written beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub name: String,
    pub kind: Kind,
    pub relation: Option<Relation>,
    pub share: Option<Share>,
    pub note: Option<String>,
}

/// What a name cell holds.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Names {
    pub named: Vec<Named>,
    /// 王伟等2人: others are owners too, but nobody wrote who.
    pub others: bool,
    /// A stand-in stood there.
    pub dummy: bool,
}

/// Reads a name cell.
pub(crate) fn read(text: &str) -> Result<Names, Reason> {
    let mut names = Names::default();
    let text = narrowed(text);
    if stand_in(&text) {
        names.dummy = true;
        return Ok(names);
    }
    for part in split(&text).into_iter().take(NAMES_MAX) {
        if stand_in(&part) {
            names.dummy = true;
            continue;
        }
        let (part, others) = without_others(&part);
        names.others |= others;
        names.named.push(one(part)?);
    }
    Ok(names)
}

fn one(text: &str) -> Result<Named, Reason> {
    let (mut name, hint) = match text.find('(') {
        Some(at) if at > 0 => (
            text[..at].trim(),
            Some(text[at + 1..].trim_end_matches([')', ' '])),
        ),
        _ => (text.trim(), None),
    };
    // 某某(深圳)有限公司: the brackets are the name's own.
    if is_organisation(text) {
        name = text.trim();
    }
    let hint = hint.filter(|_| name.len() < text.trim().len());
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(Reason::NameTooLong {
            max: NAME_CHARS_MAX,
        });
    }
    if !name.chars().any(char::is_alphabetic)
        || name.chars().filter(char::is_ascii_digit).count() > 6
    {
        return Err(Reason::NameUnreadable);
    }
    let mut named = Named {
        name: tidy(name),
        kind: if is_organisation(name) {
            Kind::Organisation
        } else {
            Kind::Person
        },
        relation: None,
        share: None,
        note: None,
    };
    if let Some(hint) = hint.filter(|h| !h.is_empty()) {
        if let Some(found) = relation(hint) {
            named.relation = Some(found);
        } else if let Ok(found) = share::parse(hint) {
            named.share = Some(found);
        } else {
            named.note = Some(hint.to_owned());
        }
    }
    Ok(named)
}

fn is_organisation(name: &str) -> bool {
    // The ends in Latin letters are compared in small ones; most names have none.
    let small;
    let name = if name.is_ascii() {
        small = name.to_ascii_lowercase();
        &small
    } else {
        name
    };
    ORGANISATION_ENDS.iter().any(|e| name.ends_with(e))
}

/// 王　伟 is 王伟; John Smith stays.
fn tidy(name: &str) -> String {
    let parts: Vec<&str> = name.split(is_space).filter(|p| !p.is_empty()).collect();
    if parts.iter().all(|p| p.chars().all(is_han)) {
        parts.concat()
    } else {
        parts.join(" ")
    }
}

/// Parts of a cell that are names of their own.
fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut depth = 0usize;
    let mut part = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0
            && matches!(
                c,
                '、' | ',' | '，' | '/' | ';' | '；' | '\n' | '|' | '&' | '＆' | '+'
            )
        {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    parts
        .into_iter()
        .flat_map(by_blanks)
        .map(|p| p.trim().to_owned())
        .filter(|p| !p.is_empty())
        .collect()
}

/// `王伟 李娜` are two; `王 伟` and `John Smith` are one.
fn by_blanks(text: String) -> Vec<String> {
    let parts: Vec<&str> = text.split(' ').filter(|p| !p.is_empty()).collect();
    let full = |p: &&str| {
        let bare = p.split('(').next().unwrap_or(p);
        (2..=4).contains(&bare.chars().count()) && bare.chars().all(is_han)
    };
    if parts.len() > 1 && parts.iter().all(full) {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        vec![text]
    }
}

/// Takes off 等, 等3人, 等三人.
fn without_others(text: &str) -> (&str, bool) {
    let Some(at) = text.rfind('等') else {
        return (text, false);
    };
    let tail = text[at + '等'.len_utf8()..].trim();
    let counted = tail.strip_suffix('人').is_some_and(|n| {
        !n.is_empty()
            && n.chars()
                .all(|c| c.is_ascii_digit() || "一二三四五六七八九十两兩多".contains(c))
    });
    if at > 0 && (tail.is_empty() || counted) {
        (text[..at].trim(), true)
    } else {
        (text, false)
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// Common family names, enough to tell a column of names from a column of words.
const FAMILY_NAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

/// Whether a text reads as one or more Chinese names.
pub(crate) fn looks_like_names(text: &str) -> bool {
    let text = narrowed(text);
    let parts = split(&text);
    !parts.is_empty()
        && parts.iter().all(|p| {
            let folded = key(p);
            let count = folded.chars().count();
            (2..=4).contains(&count)
                && folded.chars().all(is_han)
                && folded.starts_with(|c| FAMILY_NAMES.contains(c))
        })
}
