//! A message as the page draws it.

use super::words;
use crate::RECALL_WITHIN_MS;
use crate::message::{Message, MessageState};
use crate::parts::{Card, Parts};
use foundation::ids::Id;
use foundation::page::{Frame, key};
use permissions::actor::Actor;

/// Words of an answered line that are shown.
const REPLY_CHARS: usize = 40;

/// A stretch of a text: plain, a name, or the reader's own name.
#[derive(Clone)]
pub struct Span {
    pub text: String,
    /// A class, or empty.
    pub class: &'static str,
    /// A page of the compound that the text names, or empty.
    pub href: String,
}

#[derive(Clone)]
pub struct PictureShown {
    pub whole: String,
    pub small: String,
    pub w: u32,
    pub h: u32,
}

#[derive(Clone)]
pub struct FileShown {
    pub href: String,
    pub name: String,
    pub size: String,
}

/// An answer of a poll with its share.
#[derive(Clone)]
pub struct OptionShown {
    pub text: String,
    pub count: i64,
    pub percent: i64,
    pub own: bool,
}

#[derive(Clone)]
pub struct PollShown {
    pub options: Vec<OptionShown>,
    pub several: bool,
    /// How many answered, until when, whose answer counts.
    pub note: String,
    pub answered: bool,
    pub may_answer: bool,
    pub may_end: bool,
}

/// One message as the page draws it.
#[derive(Clone)]
pub struct Row {
    pub id: Id,
    pub seq: i64,
    pub name: String,
    pub badge: String,
    pub text: String,
    pub spans: Vec<Span>,
    pub at: i64,
    pub own: bool,
    pub held: bool,
    /// The reader is named.
    pub called: bool,
    /// Why there are no words: a key, or empty.
    pub gone: &'static str,
    pub pinned: bool,
    pub may_recall: bool,
    /// The line that is answered.
    pub reply: Option<(i64, String)>,
    pub pictures: Vec<PictureShown>,
    pub files: Vec<FileShown>,
    pub poll: Option<PollShown>,
    pub card: Option<Card>,
}

/// A message in one line: its words, or what it carries instead.
pub fn in_a_line(frame: &Frame, m: &Message) -> String {
    if !m.text.is_empty() {
        return m.text.chars().take(REPLY_CHARS).collect();
    }
    let word = if !m.parts.pictures.is_empty() {
        key("group-a-picture")
    } else if !m.parts.files.is_empty() {
        key("group-a-file")
    } else {
        key("group-a-card")
    };
    frame.t(word).into_owned()
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1_024;
    if bytes < KILO * KILO {
        format!("{} KB", bytes.div_ceil(KILO).max(1))
    } else {
        format!("{:.1} MB", bytes as f64 / (KILO * KILO) as f64)
    }
}

/// The first page of the compound that a text names: where its words and its path begin,
/// and where both end. Only our own path is followed, whatever host stands before it.
fn own_link(text: &str, own: &str) -> Option<(usize, usize, usize)> {
    let path = text.find(own)?;
    let before = &text[..path];
    let host = before.rfind("://").filter(|at| {
        let host = &before[at + 3..];
        !host.is_empty()
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b))
    });
    let from = host.map_or(path, |at| {
        let scheme = if before[..at].ends_with("https") {
            5
        } else {
            4
        };
        at.saturating_sub(scheme)
    });
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"/-_?=&#.".contains(&b);
    let length = text.as_bytes()[path..]
        .iter()
        .take_while(|b| fits(**b))
        .count();
    let whole = text.is_char_boundary(from) && before[from..].is_ascii();
    Some((if whole { from } else { path }, path, path + length))
}

fn spans(text: &str, parts: &Parts, reader: Option<Id>, own: &str) -> Vec<Span> {
    let span = |text: &str, class| Span {
        text: text.to_owned(),
        class,
        href: String::new(),
    };
    let mut out = Vec::new();
    let mut from = 0;
    for (range, own) in parts.named_in(text, reader) {
        if from < range.start {
            out.push(span(&text[from..range.start], ""));
        }
        let class = if own { "named named--me" } else { "named" };
        from = range.end;
        out.push(span(&text[range], class));
    }
    if from < text.len() {
        out.push(span(&text[from..], ""));
    }
    let mut linked = Vec::with_capacity(out.len());
    for one in out {
        let mut rest = one.text.as_str();
        while one.class.is_empty()
            && let Some((from, path, end)) = own_link(rest, own)
        {
            linked.push(span(&rest[..from], ""));
            linked.push(Span {
                href: rest[path..end].to_owned(),
                ..span(&rest[from..end], "")
            });
            rest = &rest[end..];
        }
        linked.push(span(rest, one.class));
    }
    linked.retain(|one| !one.text.is_empty());
    linked
}

/// What a row is drawn from, besides the message.
pub struct Around<'a> {
    pub by: &'a Actor,
    pub frame: &'a Frame,
    /// `/c/{slug}/group`.
    pub base: &'a str,
    pub now: i64,
    pub answered: &'a [Message],
    /// What the reader's home answered: message and choice.
    pub votes: &'a [(Id, i64)],
    pub may_speak: bool,
}

fn poll(around: &Around<'_>, m: &Message) -> Option<PollShown> {
    let poll = m.parts.poll.as_ref()?;
    let own = |n: usize| around.votes.contains(&(m.id, n as i64));
    let open = poll.is_open_at(around.now);
    let options: Vec<OptionShown> = poll
        .options
        .iter()
        .enumerate()
        .map(|(n, text)| OptionShown {
            text: text.clone(),
            count: poll.counts.get(n).copied().unwrap_or(0),
            percent: poll.percent(n),
            own: own(n),
        })
        .collect();
    Some(PollShown {
        answered: options.iter().any(|o| o.own),
        options,
        several: poll.several,
        note: words::poll_note(around.frame, poll, open),
        may_answer: open && !around.by.is_staff() && around.may_speak,
        may_end: open && (around.by.account == Some(m.author) || crate::channels::leads(around.by)),
    })
}

impl Around<'_> {
    /// A notice is called by what it is, not by its address.
    fn named(&self, mut spans: Vec<Span>) -> Vec<Span> {
        let notices = format!("{}my/notices/", self.base.trim_end_matches("group"));
        for span in spans.iter_mut().filter(|s| s.href.starts_with(&notices)) {
            span.text = self.frame.t("group-see-notice").into_owned();
        }
        spans
    }

    /// The message as it is drawn.
    pub fn row(&self, m: Message) -> Row {
        let own = self.by.account == Some(m.author);
        let reply = m.reply_to.and_then(|seq| {
            let line = self.answered.iter().find(|a| a.seq == seq)?;
            let words = in_a_line(self.frame, line);
            Some((seq, format!("{}：{words}", line.byline)))
        });
        let at = format!("{}/messages/{}", self.base, m.id);
        let shown = m.state == MessageState::Shown;
        let pictures = m.parts.pictures.iter().filter(|_| shown);
        let files = m.parts.files.iter().filter(|_| shown);
        Row {
            own,
            held: m.state == MessageState::Held,
            gone: match m.state {
                MessageState::Recalled => key("group-recalled"),
                MessageState::Hidden => key("group-hidden"),
                MessageState::Shown | MessageState::Held => "",
            },
            called: shown && !own && self.by.account.is_some_and(|a| m.parts.names(a)),
            may_recall: own
                && self.now - m.at.0 < RECALL_WITHIN_MS
                && matches!(m.state, MessageState::Shown | MessageState::Held),
            pinned: m.pinned_at.is_some(),
            pictures: pictures
                .map(|p| PictureShown {
                    whole: format!("{at}/pictures/{}", p.id),
                    small: format!("{at}/pictures/{}?small=1", p.id),
                    w: p.w,
                    h: p.h,
                })
                .collect(),
            files: files
                .map(|f| FileShown {
                    href: format!("{at}/files/{}", f.id),
                    name: f.name.clone(),
                    size: size(f.bytes),
                })
                .collect(),
            poll: poll(self, &m),
            card: m.parts.card.clone(),
            spans: self.named(spans(
                &m.text,
                &m.parts,
                self.by.account,
                self.base.trim_end_matches("group"),
            )),
            id: m.id,
            seq: m.seq,
            name: m.byline,
            badge: m.badge,
            text: m.text,
            at: m.at.0,
            reply,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_compound_are_links_and_nothing_else_is() {
        let own = "/c/lanting/";
        let linked = |text: &str| -> Vec<(String, String)> {
            spans(text, &Parts::default(), None, own)
                .into_iter()
                .filter(|s| !s.href.is_empty())
                .map(|s| (s.text, s.href))
                .collect()
        };
        let pair = |text: &str, href: &str| vec![(text.to_owned(), href.to_owned())];
        for (text, wanted) in [
            (
                "請看 /c/lanting/group-rules，謝謝",
                pair("/c/lanting/group-rules", "/c/lanting/group-rules"),
            ),
            (
                "見https://linli.example/c/lanting/my-fees?x=1 。",
                pair(
                    "https://linli.example/c/lanting/my-fees?x=1",
                    "/c/lanting/my-fees?x=1",
                ),
            ),
            ("https://evil.example/c/other/x", vec![]),
            ("javascript:alert(1)//", vec![]),
        ] {
            assert_eq!(linked(text), wanted, "{text}");
        }
        let whole: String = spans("a/c/lanting/b 完", &Parts::default(), None, own)
            .into_iter()
            .map(|s| s.text)
            .collect();
        assert_eq!(whole, "a/c/lanting/b 完", "nothing is lost");
    }
}
