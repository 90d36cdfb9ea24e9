//! The trade's own word for what people call otherwise: 冇水 is 停水, 𨋢 is 電梯.

use std::collections::HashMap;
use std::sync::OnceLock;

const DATA: &str = include_str!("../data/aliases.txt");

/// What people say to what the trade says, both folded.
#[derive(Debug, Default)]
pub struct Aliases {
    to: HashMap<Vec<char>, Vec<char>>,
    own: Vec<String>,
    longest: usize,
}

impl Aliases {
    /// Lines `word = other other …`; `#` begins a remark.
    #[must_use]
    pub fn read(lines: &str) -> Aliases {
        let mut out = Aliases::default();
        for line in lines.lines() {
            let Some((word, others)) = line.split('#').next().unwrap_or("").split_once('=') else {
                continue;
            };
            let word = hanzi::fold::key(word.trim());
            // A trade word stays itself, whatever stands inside it.
            let chars: Vec<char> = word.chars().collect();
            out.longest = out.longest.max(chars.len());
            out.to.insert(chars.clone(), chars);
            out.own.push(word.clone());
            for other in others.split_whitespace() {
                let other: Vec<char> = hanzi::fold::key(other).chars().collect();
                out.longest = out.longest.max(other.len());
                out.to.insert(other, word.chars().collect());
            }
        }
        out
    }

    /// The folded text with the trade's words put in, the longest saying first.
    #[must_use]
    pub fn rewrite(&self, folded: &str) -> String {
        let chars: Vec<char> = folded.chars().collect();
        let mut out = String::with_capacity(folded.len());
        let mut at = 0;
        'text: while at < chars.len() {
            let most = self.longest.min(chars.len() - at);
            for length in (1..=most).rev() {
                if let Some(word) = self.to.get(&chars[at..at + length]) {
                    out.extend(word);
                    at += length;
                    continue 'text;
                }
            }
            out.push(chars[at]);
            at += 1;
        }
        out
    }

    /// The trade's words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.own.iter().map(String::as_str)
    }
}

/// Those that linli ships.
pub fn shipped() -> &'static Aliases {
    static SHIPPED: OnceLock<Aliases> = OnceLock::new();
    SHIPPED.get_or_init(|| Aliases::read(DATA))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_saying_is_taken_and_a_trade_word_stays_itself() {
        let aliases = Aliases::read("電梯 = 升降機 lift 𨋢\n困梯 = 困𨋢");
        assert_eq!(
            aliases.rewrite(&hanzi::fold::key("LIFT壞咗，困𨋢")),
            "电梯坏咗,困梯"
        );
        for word in shipped().words() {
            assert_eq!(
                shipped().rewrite(word),
                word,
                "a trade word that is rewritten"
            );
        }
    }
}
