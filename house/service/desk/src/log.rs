//! The log of a ticket: what was done, by whom, and what of it the clocks listen to.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look as _, Row, Tx};
use foundation::ids::Id;
use foundation::page::key;

use crate::clocks::{Mark, Sign};
use crate::states::{Act, Hand, State};
use crate::words::frozen;
use crate::{Refused, store};

/// One line of it; words as stored, sealed.
#[derive(Clone, Debug)]
pub struct Step {
    pub seq: i64,
    pub at: Moment,
    /// An act of the table, or what [`Note`] names.
    pub act: String,
    pub state: State,
    pub by_account: Option<Id>,
    pub by_name: String,
    pub hand: String,
    /// The reporter sees it.
    pub public: bool,
    pub words: String,
    pub until_at: Option<Moment>,
}

impl FromRow for Step {
    fn from_row(row: &mut Row) -> Result<Step, DbError> {
        Ok(Step {
            seq: row.next()?,
            at: row.next()?,
            act: row.next()?,
            state: row.next()?,
            by_account: row.next()?,
            by_name: row.next()?,
            hand: row.next()?,
            public: row.next()?,
            words: row.next()?,
            until_at: row.next()?,
        })
    }
}

frozen! {
    /// What stands in a log and moves nothing.
    Note {
        Opened = "opened", key("desk-note-opened");
        /// The office or the worker told the reporter something.
        Answered = "answered", key("desk-note-answered");
        /// The same for colleagues only.
        Noted = "noted", key("desk-note-noted");
        /// The reporter added something.
        Added = "added", key("desk-note-added");
        /// A price was asked for, and what the owner said to it.
        Priced = "priced", key("desk-note-priced");
        PriceAgreed = "price_agreed", key("desk-note-price-agreed");
        PriceRefused = "price_refused", key("desk-note-price-refused");
        PartUsed = "part_used", key("desk-note-part-used");
        /// It stands for all who have the same.
        Incident = "incident", key("desk-note-incident");
        /// A complaint goes to the next body outside.
        Outside = "outside", key("desk-note-outside");
    }
}

/// What the clocks hear of a line; nothing for most notes.
pub fn sign(act: &str, public: bool, until: Option<Moment>) -> Option<Sign> {
    if let Some(act) = Act::from_word(act) {
        return match act {
            Act::Wait => until.map(|until| Sign::Waits { until }),
            Act::Resume => Some(Sign::Resumed),
            Act::Resolve => Some(Sign::Resolved),
            Act::Reopen => Some(Sign::Reopened),
            Act::Merge | Act::Refer | Act::Decline | Act::Cancel => Some(Sign::Ended),
            Act::Confirm | Act::ConfirmSilently | Act::Close => Some(Sign::Ended),
            // Somebody took it and the reporter sees who: that is an answer. What is sorted
            // or given on within the office is none.
            Act::Accept | Act::Grab | Act::Start => Some(Sign::Answered),
            Act::Triage | Act::Assign | Act::HandBack | Act::TimeOut => None,
        };
    }
    let told = [
        Note::Answered.word(),
        Note::Priced.word(),
        Note::Incident.word(),
    ];
    (public && told.contains(&act)).then_some(Sign::Answered)
}

/// The lines that clocks listen to.
pub fn marks(steps: &[Step]) -> Vec<Mark> {
    let heard = steps.iter().filter_map(|s| {
        let sign = sign(&s.act, s.public, s.until_at)?;
        Some(Mark { at: s.at, sign })
    });
    heard.collect()
}

/// A line about to be written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub act: &'static str,
    pub by_account: Option<Id>,
    pub by_name: String,
    pub hand: &'static str,
    pub public: bool,
    /// Sealed.
    pub words: String,
    pub until_at: Option<Moment>,
    pub sent_id: String,
}

/// Writes the next line of a log.
pub(crate) fn write_in(
    tx: &mut Tx<'_>,
    c: Community,
    ticket: Id,
    state: State,
    draft: Draft,
) -> Result<Step, Refused> {
    let (seq,): (i64,) = tx.one(store::next_seq(c, ticket))?;
    // The house's own clock always gets its line; people stop well before it.
    if seq > store::STEPS_MAX - 20 && draft.hand != Hand::Clock.word() {
        return Err(Refused::TooMany);
    }
    let step = Step {
        seq,
        at: tx.now(),
        act: draft.act.to_owned(),
        state,
        by_account: draft.by_account,
        // Colleagues stand here by name; who reported is known by what is sealed, and to few.
        by_name: match draft.hand {
            hand if hand == Hand::Reporter.word() => String::new(),
            _ => draft.by_name,
        },
        hand: draft.hand.to_owned(),
        public: draft.public,
        words: draft.words,
        until_at: draft.until_at,
    };
    tx.execute(store::insert_step(c, ticket, &step, &draft.sent_id))?;
    Ok(step)
}
