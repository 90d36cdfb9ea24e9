//! As much markdown as an answer needs: paragraphs, points, numbered steps, bold. It is read into plain parts,
//! so that nothing in it can become markup of the page.

/// Digits of a step's number.
const STEP_DIGITS_MAX: usize = 2;

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub bold: bool,
    pub text: String,
}

/// Which kind of list an item is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Points, in any order.
    Points,
    /// Steps, one after the other, with the number that stands before this one.
    Steps(u32),
}

impl List {
    fn like(self, other: List) -> bool {
        match (self, other) {
            (List::Points, List::Points) => true,
            // A number that does not follow begins a list of its own.
            (List::Steps(before), List::Steps(next)) => before + 1 == next,
            _ => false,
        }
    }
}

/// A paragraph, or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub item: Option<List>,
    /// The first and the last item of a list.
    pub first: bool,
    pub last: bool,
    pub spans: Vec<Span>,
}

/// The blocks of a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let mut out: Vec<Block> = lines.map(block).collect();
    for at in 0..out.len() {
        let joined = |at: usize| {
            let pair = out.get(at).and_then(|b| b.item).zip(out.get(at + 1)?.item);
            Some(pair.is_some_and(|(one, next)| one.like(next)))
        };
        let before = at > 0 && joined(at - 1) == Some(true);
        let after = joined(at) == Some(true);
        let item = out[at].item.is_some();
        out[at].first = item && !before;
        out[at].last = item && !after;
    }
    out
}

/// The number of a step and what follows it: `1. `, `2、`, `３）`. A date or a sum is none.
fn step(line: &str) -> Option<(u32, &str)> {
    let end = line.find(|c: char| !digit(c))?;
    let number = line[..end].chars().map(|c| match c {
        '０'..='９' => u32::from(c) - u32::from('０'),
        c => c.to_digit(10).unwrap_or(0),
    });
    // Nobody gives a hundred steps; a year before a point is no step.
    if end == 0 || number.clone().count() > STEP_DIGITS_MAX {
        return None;
    }
    let number = number.fold(0, |all, digit| all * 10 + digit);
    let mut rest = line[end..].chars();
    let rest = match rest.next()? {
        '、' | '）' | '．' => rest.as_str(),
        // 3.5 元 is a sum, and so is 1)a a name.
        '.' | ')' => rest.as_str().strip_prefix([' ', '\u{3000}'])?,
        _ => return None,
    };
    (!rest.trim().is_empty()).then_some((number, rest))
}

fn digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn block(line: &str) -> Block {
    let point = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    let (item, rest) = match (point, step(line)) {
        (Some(rest), _) => (Some(List::Points), rest),
        (None, Some((number, rest))) => (Some(List::Steps(number)), rest),
        (None, None) => (None, line),
    };
    Block {
        item,
        first: false,
        last: false,
        spans: spans(rest.trim_start_matches('#').trim()),
    }
}

/// The text without its marks: for where nothing can be bold.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for block in blocks(text) {
        if !out.is_empty() {
            out.push('\n');
        }
        match block.item {
            Some(List::Points) => out.push_str("· "),
            Some(List::Steps(number)) => out.push_str(&format!("{number}. ")),
            None => {}
        }
        out.extend(block.spans.iter().map(|s| s.text.as_str()));
    }
    out
}

fn spans(line: &str) -> Vec<Span> {
    let parts: Vec<&str> = line.split("**").collect();
    // An odd mark at the end marks nothing.
    let sound = parts.len() % 2 == 1;
    if !sound {
        return vec![Span {
            bold: false,
            text: line.to_owned(),
        }];
    }
    parts
        .iter()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(at, text)| Span {
            bold: at % 2 == 1,
            text: (*text).to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_bold_are_read_and_the_rest_is_text() {
        let read = blocks("先**關總閥**。\n\n- 一\n- <b>二</b>");
        assert_eq!(read.len(), 3);
        assert_eq!(
            read[0].spans[1],
            Span {
                bold: true,
                text: "關總閥".into()
            }
        );
        assert_eq!(
            (read[1].item, read[2].item),
            (Some(List::Points), Some(List::Points))
        );
        assert!(read[1].first && !read[1].last && read[2].last && !read[2].first);
        assert_eq!(
            plain("先**關總閥**。\n\n- 一\n- 二"),
            "先關總閥。\n· 一\n· 二"
        );
        assert_eq!(read[2].spans[0].text, "<b>二</b>");
        assert_eq!(blocks("半個 ** 記號")[0].spans.len(), 1);
    }

    #[test]
    fn numbered_steps_are_a_list_that_goes_on_or_begins_anew() {
        let read =
            blocks("先看：\n1. 關**總閥**\n2. <i>開窗</i>\n\n3、打電話\n1）另一件\n- 一點\n再見");
        let items: Vec<_> = read.iter().map(|b| (b.item, b.first, b.last)).collect();
        use List::{Points, Steps};
        assert_eq!(
            items,
            [
                (None, false, false),
                (Some(Steps(1)), true, false),
                (Some(Steps(2)), false, false),
                (Some(Steps(3)), false, true),
                (Some(Steps(1)), true, true),
                (Some(Points), true, true),
                (None, false, false),
            ]
        );
        assert!(read[1].spans[1].bold && read[1].spans[0].text == "關");
        assert_eq!(
            read[2].spans[0].text, "<i>開窗</i>",
            "no markup of the page"
        );
        assert_eq!(plain("1. 關總閥\n2. 開窗"), "1. 關總閥\n2. 開窗");
    }

    #[test]
    fn what_only_begins_with_a_number_is_text() {
        for text in [
            "3.5 元一度",
            "2026. 年",
            "110 報警",
            "18:00 關門",
            "1.",
            "12345678901234567890. 很長",
            "",
        ] {
            assert!(blocks(text).iter().all(|b| b.item.is_none()), "{text}");
        }
        assert_eq!(blocks("１０．十")[0].item, Some(List::Steps(10)));
    }
}
