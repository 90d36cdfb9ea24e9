//! As much markdown as an answer needs: paragraphs, lists, bold. It is read into plain parts,
//! so that nothing in it can become markup of the page.

/// A run of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub bold: bool,
    pub text: String,
}

/// A paragraph, or an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub item: bool,
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
        let item = |at: usize| out.get(at).is_some_and(|b| b.item);
        let (before, after) = (at > 0 && item(at - 1), item(at + 1));
        out[at].first = out[at].item && !before;
        out[at].last = out[at].item && !after;
    }
    out
}

fn block(line: &str) -> Block {
    let item = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
    let rest = item.unwrap_or(line).trim_start_matches('#').trim();
    Block {
        item: item.is_some(),
        first: false,
        last: false,
        spans: spans(rest),
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
        if block.item {
            out.push_str("· ");
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
        assert!(read[1].item && read[2].item);
        assert!(read[1].first && !read[1].last && read[2].last && !read[2].first);
        assert_eq!(
            plain("先**關總閥**。\n\n- 一\n- 二"),
            "先關總閥。\n· 一\n· 二"
        );
        assert_eq!(read[2].spans[0].text, "<b>二</b>");
        assert_eq!(blocks("半個 ** 記號")[0].spans.len(), 1);
    }
}
