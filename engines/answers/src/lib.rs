//! Which entry answers a question, or that none does.
//!
//! A [`Base`] holds topics, each said in several phrasings. [`Base::ask`] folds the question's
//! script, width and case, takes greetings off, puts the trade's own word for what people call
//! otherwise ([`alias`]), and scores every phrasing in two views: single and paired characters,
//! which carry short questions, and the words of jieba's search mode. Each view's BM25 is set
//! against what a phrasing could reach at best, so that scores of different questions compare,
//! and the views are summed; what a whole topic says counts beside its best phrasing. Which of
//! the near topics is meant is weighed by a linear judge that is learned from the entries and
//! their answers (`learned.rs`).
//!
//! Three bands come of it ([`Band`]): one answer, three to choose from, or none. Where they
//! begin is worked out from the entries alone (`bands.rs`): each phrasing asked
//! without itself, and without its topic. A question that names a term by which a near topic is
//! told apart is not answered with another ([`terms`]).
//!
//! [`risk`] comes before all of it: words of danger need no score.
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
