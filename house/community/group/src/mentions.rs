//! Naming somebody: `@3-2-1801 王*明` from the list, or `@3-2-1801 王` as one writes it by
//! hand. What is kept is whose account is meant, not only how it was written.

use foundation::house::House;
use permissions::actor::Actor;

use crate::channels::{self, Channel};
use crate::parts::{Mention, Parts};
use crate::{GroupError, people};

/// Names in one message; more are a list, not a call.
const NAMES_MAX: usize = 20;
const CODE_CHARS_MAX: usize = 30;
/// How everybody is called.
pub const EVERYBODY: [&str; 5] = ["所有人", "全体成员", "全體成員", "everybody", "all"];

fn belongs_to_a_code(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '－' | '#' | '_')
}

/// Finds who is named in a text and notes it in `parts`. Everybody is called by those who
/// lead or keep order alone; from others it is a word like any other.
pub async fn find(
    house: &House,
    by: &Actor,
    channel: &Channel,
    text: &str,
    parts: &mut Parts,
) -> Result<(), GroupError> {
    let mut office = None;
    for (at, sign) in text.match_indices(['@', '＠']).take(NAMES_MAX) {
        let rest = &text[at + sign.len()..];
        if channels::announces(by)
            && let Some(word) = EVERYBODY.iter().find(|w| begins(rest, w))
        {
            parts.all = text[at..at + sign.len() + word.len()].to_owned();
            continue;
        }
        let code: String = rest
            .chars()
            .take_while(|c| belongs_to_a_code(*c))
            .take(CODE_CHARS_MAX)
            .collect();
        if code.chars().any(|c| c.is_ascii_digit()) {
            name_home(house, by, channel, &text[at..], sign.len(), &code, parts).await?;
        } else {
            if office.is_none() {
                office = Some(people::of_office(house, by).await?);
            }
            let named = office.iter().flatten().find(|(_, name)| begins(rest, name));
            if let Some((account, name)) = named {
                note(parts, *account, &text[at..at + sign.len() + name.len()]);
            }
        }
    }
    Ok(())
}

/// Whether the word stands there whole: `all` is not meant by `allow`.
fn begins(rest: &str, word: &str) -> bool {
    let after = rest.strip_prefix(word).and_then(|r| r.chars().next());
    rest.starts_with(word) && !(word.is_ascii() && after.is_some_and(|c| c.is_ascii_alphanumeric()))
}

async fn name_home(
    house: &House,
    by: &Actor,
    channel: &Channel,
    from: &str,
    sign: usize,
    code: &str,
    parts: &mut Parts,
) -> Result<(), GroupError> {
    let mut code = code;
    let mut there = people::of_home(house, by, channel, code).await?;
    // Written in one piece with the name: 3-2-1801王女士.
    if let (true, Some(last)) = (there.is_empty(), code.rfind(|c: char| c.is_ascii_digit())) {
        code = &code[..=last];
        there = people::of_home(house, by, channel, code).await?;
    }
    let after = &from[sign + code.len()..];
    let gap = after.len() - after.trim_start_matches([' ', '\u{3000}']).len();
    let name = &after[gap..];
    let mut found = false;
    for (account, shown, first) in &there {
        let written = if name.starts_with(shown.as_str()) {
            shown
        } else if !first.is_empty() && name.starts_with(first.as_str()) {
            first
        } else {
            continue;
        };
        found = true;
        let end = sign + code.len() + gap + written.len();
        note(parts, *account, &from[..end]);
    }
    if !found {
        for (account, ..) in &there {
            note(parts, *account, &from[..sign + code.len()]);
        }
    }
    Ok(())
}

fn note(parts: &mut Parts, account: foundation::ids::Id, words: &str) {
    let there = |m: &Mention| m.account == account && m.words == words;
    if parts.mentions.len() < NAMES_MAX && !parts.mentions.iter().any(there) {
        parts.mentions.push(Mention {
            account,
            words: words.to_owned(),
        });
    }
}

/// The text as the rules judge it: whoever is called by what the group shows of them is
/// not given away. Signs are replaced one by one, so that findings keep their place.
pub fn for_judging(text: &str, parts: &Parts) -> String {
    let mut out = text.to_owned();
    for m in &parts.mentions {
        let blank: String = m.words.chars().map(|_| '\u{3000}').collect();
        out = out.replace(&m.words, &blank);
    }
    out
}
