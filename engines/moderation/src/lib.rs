//! Judges Chinese messages by the speech rules of an owners' group.
//!
//! Text (and digests of the names and numbers it may not reveal) in, findings out: what was found,
//! where in the original text, by which rule, how surely, and what a person sees as evidence. Pure:
//! no database, no server, no clock, no chance.
//!
//! ```
//! use moderation::{Action, Context, Engine, Policy, Rule};
//!
//! let engine = Engine::new(Policy::default()).unwrap();
//! let verdict = engine.check("我的電話是 138-0013-8000", &Context::default());
//! assert_eq!(verdict.action, Action::Hold);
//! assert_eq!(verdict.findings[0].rule, Rule::Mobile);
//! assert_eq!(verdict.findings[0].evidence, "138****8000");
//! assert!(engine.check("停車位被佔，真是大麻煩！", &Context::default()).findings.is_empty());
//! ```
//!
//! One pass ([`text`](self)) folds the text into symbols with a map back; one loop tells where words
//! of any list may begin in either view, and those are followed; one sums the trained part's weights;
//! numbers are read only where digits or letters are. Memory and time are linear in the text: see `bench/run.sh conduct`.

mod advertising;
mod engine;
mod finding;
pub mod model;
mod policy;
mod privacy;
mod qr;
mod scan;
mod spam;
mod text;
mod words;

pub use engine::{Context, Engine, FINDINGS_MAX, SURE, Scratch, TEXT_BYTES_MAX};
pub use finding::{Action, Category, Finding, Rule, Verdict, Whose};
pub use model::Model;
pub use policy::{Allow, Mode, POLICY_BYTES_MAX, Policy, PolicyError, Spam};
pub use privacy::{Kind, Protected, ProtectedError};
pub use qr::{PIXELS_MAX, PictureError, read_codes};
pub use spam::{Digest, RECENT_MAX, Recent};
pub use words::{
    Entry, LexiconError, Role, Severity, WORD_CHARS_MAX, WORDS_MAX, parse_lexicon,
    shipped as shipped_words,
};

/// Version of the shipped lists; a change of any word raises it, and strikes name it.
pub const LEXICON_VERSION: u32 = 1;
