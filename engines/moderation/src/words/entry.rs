//! Entries of the lists, and how a list is written.

use crate::finding::Rule;

/// Longest word in characters: longer ones are sentences, which people never write twice alike.
pub const WORD_CHARS_MAX: usize = 24;

/// How sure a hit is to be a breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Often innocent: never more than a flag.
    Low = 1,
    /// Mostly a breach.
    Middle = 2,
    /// A breach whenever it is said.
    High = 3,
}

/// What a hit stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A finding of its own.
    Finding(Rule),
    /// One of the three legs of an advertisement: that something is done for others.
    Intent,
    /// … how to reach whoever does it.
    Contact,
    /// … what is promised.
    Offer,
}

/// One word of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The word as listed.
    pub word: String,
    /// What a hit stands for.
    pub role: Role,
    /// How sure a hit is.
    pub severity: Severity,
    /// Where the word is from: `own`, or the operator's name for a source.
    pub source: String,
    /// Found by ear too, though it has only two syllables, and with stand-ins by look.
    pub by_ear: bool,
    /// A Latin word or number found inside longer ones too.
    pub inside: bool,
    /// Innocent words that hold the word.
    pub innocent: Vec<String>,
}

/// Why a list was not taken. `Display` says which line and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LexiconError {
    /// A line has the wrong number of columns.
    #[error(
        "line {line}: {columns} columns; a line has word, rule, severity, source, marks and innocent words, parted by tabs, the last two may be missing"
    )]
    Columns {
        /// Line, from 1.
        line: usize,
        /// Columns found.
        columns: usize,
    },
    /// An unknown rule.
    #[error(
        "line {line}: {code} is no rule of words; take gambling, drugs, fraud, porn, contraband, insult_strong, insult_mild, custom, intent, contact or offer"
    )]
    Rule {
        /// Line, from 1.
        line: usize,
        /// What stood there.
        code: String,
    },
    /// An unknown severity.
    #[error("line {line}: severity is 1, 2 or 3, not {found}")]
    Severity {
        /// Line, from 1.
        line: usize,
        /// What stood there.
        found: String,
    },
    /// An unknown mark.
    #[error("line {line}: {mark} is no mark; take ear or inside")]
    Mark {
        /// Line, from 1.
        line: usize,
        /// What stood there.
        mark: String,
    },
    /// The word has no two symbols, or only one character: it would be found everywhere.
    #[error(
        "{word}: one character alone is found in every second message; write a word of two or more"
    )]
    TooShort {
        /// The word.
        word: String,
    },
    /// The word is too long.
    #[error("{word}: longer than {} characters; list its core", WORD_CHARS_MAX)]
    TooLong {
        /// The word.
        word: String,
    },
    /// An innocent word that does not hold its word spares nothing.
    #[error("{innocent} does not hold {word}, so it spares nothing")]
    NotHolding {
        /// The word.
        word: String,
        /// Its would-be innocent neighbour.
        innocent: String,
    },
    /// Too many words.
    #[error("more than {max} words")]
    TooMany {
        /// The bound.
        max: usize,
    },
}

/// The role written as that code.
pub(crate) fn role_of(code: &str) -> Option<Role> {
    Some(match code {
        "intent" => Role::Intent,
        "contact" => Role::Contact,
        "offer" => Role::Offer,
        code => {
            let rule = Rule::of_code(code)?;
            let of_words = matches!(
                rule,
                Rule::Gambling
                    | Rule::Drugs
                    | Rule::Fraud
                    | Rule::Porn
                    | Rule::Contraband
                    | Rule::InsultStrong
                    | Rule::InsultMild
                    | Rule::Custom
            );
            if !of_words {
                return None;
            }
            Role::Finding(rule)
        }
    })
}

/// Reads a list: a word a line with its rule, severity, source, marks and innocent words, parted by
/// tabs; lines that begin with `#` are remarks.
///
/// # Errors
/// On the first line that is wrong; the error names it.
pub fn parse_lexicon(text: &str) -> Result<Vec<Entry>, LexiconError> {
    let mut entries = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let line_number = at + 1;
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let (&[word, rule, severity, source], rest) =
            columns
                .split_first_chunk::<4>()
                .ok_or(LexiconError::Columns {
                    line: line_number,
                    columns: columns.len(),
                })?;
        if rest.len() > 2 {
            return Err(LexiconError::Columns {
                line: line_number,
                columns: columns.len(),
            });
        }
        let listed = |column: usize| {
            let text = rest.get(column).copied().unwrap_or("");
            text.split('|').filter(|part| !part.is_empty())
        };
        let mut entry = Entry {
            word: word.to_owned(),
            role: role_of(rule).ok_or_else(|| LexiconError::Rule {
                line: line_number,
                code: rule.to_owned(),
            })?,
            severity: severity_of(severity).ok_or_else(|| LexiconError::Severity {
                line: line_number,
                found: severity.to_owned(),
            })?,
            source: source.to_owned(),
            by_ear: false,
            inside: false,
            innocent: listed(1).map(str::to_owned).collect(),
        };
        for mark in listed(0) {
            match mark {
                "ear" => entry.by_ear = true,
                "inside" => entry.inside = true,
                other => {
                    return Err(LexiconError::Mark {
                        line: line_number,
                        mark: other.to_owned(),
                    });
                }
            }
        }
        entries.push(entry);
    }
    Ok(entries)
}

pub(crate) fn severity_of(text: &str) -> Option<Severity> {
    match text {
        "1" => Some(Severity::Low),
        "2" => Some(Severity::Middle),
        "3" => Some(Severity::High),
        _ => None,
    }
}

/// The lists that come with linli; [`crate::LEXICON_VERSION`] is their version.
///
/// # Panics
/// Never: a test reads them.
#[must_use]
pub fn shipped() -> Vec<Entry> {
    let lists = [
        include_str!("../../lexicon/insult.tsv"),
        include_str!("../../lexicon/illegal.tsv"),
        include_str!("../../lexicon/advertising.tsv"),
    ];
    let read = lists.iter().map(|list| parse_lexicon(list));
    read.flat_map(|list| list.expect("the shipped lists are read by a test"))
        .collect()
}
