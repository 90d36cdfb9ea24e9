//! Which entry answers a question, or that none does.
//!
//! A [`Base`] holds topics, each said in several phrasings. [`Base::ask`] folds the question's
//! script, width and case, takes greetings off, puts the trade's own word for what people call
//! otherwise ([`alias`]), and asks a judge that has learned from the entries which topic says
//! such things, and whether a stranger would sooner (`learned.rs`). Which of a topic's phrasings
//! came nearest, and by which terms, is told by BM25 in two views: single and paired characters,
//! and the words of jieba's search mode; it ranks alone where [`Make::PLAIN`] asks for it.
//!
//! Three bands come of it ([`Band`]): one answer, three to choose from, or none. Where they
//! begin is worked out from the entries alone (`bands.rs`): each phrasing asked as if it had
//! never been learned. A question that names a term by which a near topic is told apart is not
//! answered with another ([`terms`]).
//!
//! [`risk`] comes before all of it: who tells of danger waits for no score.
//!
//! Everything here is pure: no clock, no chance, no files. Nothing is written, only found.

pub mod alias;
mod bands;
mod base;
mod learned;
pub mod measure;
pub mod risk;
pub mod terms;
mod text;
mod view;

pub use bands::{Band, Bands};
pub use base::{Base, Candidate, Make, Reply, Scratch, Topic, Why};
pub use text::{alike, folded};

/// The longest question that is read; what is longer is a letter, and its beginning tells.
pub const QUESTION_CHARS_MAX: usize = 200;
