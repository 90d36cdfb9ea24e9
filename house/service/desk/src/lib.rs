//! The desk (咨詢解答, 維修服務, 投訴受理): the pure part of what owners ask, report and complain of.
//!
//! [`states`] is the table of what leads where and by whose hand · [`clocks`] works the three
//! clocks of a ticket out from its log, its terms and the office's hours · [`alarms`] says which
//! warnings and escalations are owed, each once · [`number`] is how a ticket is called.

pub mod alarms;
pub mod clocks;
pub mod number;
pub mod states;
pub mod words;

pub use number::Number;
pub use states::{Act, Hand, Illegal, State};
pub use words::{Kind, Outcome, Outside, Priority, Source, WaitsFor};
