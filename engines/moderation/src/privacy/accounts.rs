//! Handles that need a word before them: WeChat, QQ; and e-mail, which has its `@`.

use super::{Cells, Datum};
use crate::finding::Rule;

const WECHAT: &[&str] = &[
    "微信", "薇信", "威信", "徽信", "维信", "v信", "weixin", "wechat", "vx", "wx", "加v", "+v",
];
const QQ: &[&str] = &["qq", "扣扣", "球球", "企鹅", "q群", "q号", "加q", "+q"];
/// Most signs between the cue and the handle: 號：是 and spaces.
const BETWEEN_MAX: usize = 6;
/// Local part of an address, in characters (RFC 5321 4.5.3.1.1).
const LOCAL_MAX: usize = 64;
/// A domain (RFC 1035 2.3.4).
const DOMAIN_MAX: usize = 253;

pub(super) fn scan(cells: &Cells, found: &mut Vec<Datum>) {
    let mut behind = 0;
    for at in cells.openers() {
        if at < behind || found.len() >= super::DATA_MAX {
            continue;
        }
        let datum = match cells.c(at) {
            '@' => email(cells, at, at + 1, 0.95),
            '艾' if cells.starts(at, "艾特") => email(cells, at, at + 2, 0.5),
            '微' | '薇' | '威' | '徽' | '维' | 'v' | 'w' | '加' | '+' => {
                wechat(cells, at).or_else(|| qq(cells, at))
            }
            'q' | '扣' | '球' | '企' => qq(cells, at),
            'a' if cells.starts(at, "at") && loose(cells, at, at + 2) => {
                email(cells, at, at + 2, 0.5)
            }
            _ => None,
        };
        behind = datum.as_ref().map_or(0, |datum| datum.end);
        found.extend(datum);
    }
}

/// Signs on both sides: `(at)`, ` at `.
fn loose(cells: &Cells, from: usize, to: usize) -> bool {
    let sign = |c: char| matches!(c, ' ' | '(' | ')' | '[' | ']' | '#');
    from > 0 && sign(cells.c(from - 1)) && sign(cells.c(to))
}

/// Skips what stands between a cue and its handle; says whether it points at one (號, id, colon).
fn between(cells: &Cells, mut at: usize) -> (usize, bool) {
    let mut points = false;
    for _ in 0..BETWEEN_MAX {
        if cells.starts(at, "id") && !cells.cells.get(at + 2).is_some_and(|c| c.is_letter()) {
            points = true;
            at += 2;
            continue;
        }
        match cells.c(at) {
            ':' | '：' | '号' | '群' | '是' | '为' | '码' | '=' | '加' | '+' | '→' => {
                points = true;
                at += 1;
            }
            ' ' | '-' | '—' | '(' | '[' | '【' | '「' | '我' => at += 1,
            _ => break,
        }
    }
    (at, points)
}

fn wechat(cells: &Cells, at: usize) -> Option<Datum> {
    let cue = cells.one_of(at, WECHAT)?;
    let latin = cue.is_ascii();
    if latin && at > 0 && cells.cells[at - 1].is_letter() {
        return None;
    }
    let (from, points) = between(cells, at + cue.chars().count());
    let glued = from == at + cue.chars().count();
    let body: String = (from..from + 21)
        .map(|at| cells.c(at))
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .collect();
    // vx13800138000: the handle may be a phone.
    if body.len() == 11 && body.bytes().all(|b| b.is_ascii_digit()) && body.starts_with('1') {
        return Some(Datum::new(Rule::Wechat, at..from + 11, 0.9, body));
    }
    let fits = (6..=20).contains(&body.len()) && body.starts_with(|c: char| c.is_ascii_lowercase());
    let marked = body
        .bytes()
        .any(|b| b.is_ascii_digit() || b == b'_' || b == b'-');
    // A Latin cue glued to letters is a word (wxpython, vxworks).
    if !fits || !(marked || points) || (latin && glued && !cue.starts_with('+')) {
        return None;
    }
    let confidence = if points || marked && !glued { 0.9 } else { 0.7 };
    Some(Datum::new(
        Rule::Wechat,
        at..from + body.len(),
        confidence,
        body,
    ))
}

fn qq(cells: &Cells, at: usize) -> Option<Datum> {
    let cue = cells.one_of(at, QQ)?;
    if cue.is_ascii() && at > 0 && cells.cells[at - 1].is_letter() {
        return None;
    }
    let (from, _) = between(cells, at + cue.chars().count());
    let count = (from..from + 13)
        .take_while(|&at| cells.get(at).is_some_and(|c| c.ascii_digit()))
        .count();
    if !(5..=11).contains(&count) || cells.get(from + count).is_some_and(|c| c.is_letter()) {
        return None;
    }
    let value = cells.digits(from..from + count);
    (!value.starts_with('0')).then(|| Datum::new(Rule::Qq, at..from + count, 0.9, value))
}

/// An address around the sign at `sign..after`.
fn email(cells: &Cells, sign: usize, after: usize, confidence: f32) -> Option<Datum> {
    let space = |c: char| confidence < 0.9 && matches!(c, ' ' | '(' | ')' | '[' | ']' | '#');
    let local_char =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let mut local_end = sign;
    while local_end > 0 && space(cells.c(local_end - 1)) {
        local_end -= 1;
    }
    let mut start = local_end;
    while start > 0 && local_end - start < LOCAL_MAX && local_char(cells.c(start - 1)) {
        start -= 1;
    }
    let mut at = after;
    while space(cells.c(at)) {
        at += 1;
    }
    let from = at;
    let mut domain = String::new();
    let mut end = at;
    while at < from + DOMAIN_MAX {
        let c = cells.c(at);
        if c.is_ascii_alphanumeric() || c == '-' {
            domain.push(c);
            at += 1;
        } else if c == '.' || c == '。' || c == '点' {
            domain.push('.');
            at += 1;
            continue;
        } else if confidence < 0.9 && cells.starts(at, " dot ") {
            domain.push('.');
            at += 5;
            continue;
        } else {
            break;
        }
        end = at;
    }
    let domain = domain.trim_end_matches(['.', '-']);
    let (front, tld) = domain.rsplit_once('.')?;
    let tld_fits = (2..=24).contains(&tld.len()) && tld.bytes().all(|b| b.is_ascii_lowercase());
    let labels_fit = front
        .split('.')
        .all(|label| !label.is_empty() && !label.starts_with('-'));
    if start == local_end || !tld_fits || !labels_fit {
        return None;
    }
    let value = format!("{}@{domain}", cells.text(start..local_end));
    Some(Datum::new(Rule::Email, start..end, confidence, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scan stops at openers only: a cue that begins with another character is never found.
    #[test]
    fn every_cue_begins_with_an_opener() {
        for cue in WECHAT.iter().chain(QQ).chain(&["艾特", "at", "@"]) {
            let mut cells = Cells::default();
            cells.read(cue);
            assert_eq!(cells.openers().next(), Some(0), "{cue}");
        }
    }
}
