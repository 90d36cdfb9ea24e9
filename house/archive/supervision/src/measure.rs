//! What is counted of a person's work: each measure is the events that count for it.

use foundation::ledger::Kind;
use foundation::page::key;

/// A kind of deed, counted once per event.
#[derive(Debug)]
pub struct Measure {
    /// As stored. Frozen.
    pub name: &'static str,
    /// The key of its word.
    pub word: &'static str,
    /// The events that count, of any version.
    pub kinds: &'static [Kind],
}

use arrears::events as arrear;
use census::events as census_;
use changes::events as change;
use dossiers::events as archive;
use forms::events as form;
use shelves::events as shelf;
use viewings::events as viewing;

/// In the order of the columns.
pub static ALL: &[Measure] = &[
    Measure {
        name: "handed_in",
        word: key("supervision-m-handed-in"),
        kinds: &[archive::RECEIVED],
    },
    Measure {
        name: "filed",
        word: key("supervision-m-filed"),
        kinds: &[archive::FILED],
    },
    Measure {
        name: "forms",
        word: key("supervision-m-forms"),
        kinds: &[form::SIGNED],
    },
    Measure {
        name: "handed_over",
        word: key("supervision-m-handed-over"),
        kinds: &[form::HANDOVER_DONE],
    },
    Measure {
        name: "keys",
        word: key("supervision-m-keys"),
        kinds: &[
            form::KEY_DEPOSITED,
            form::KEY_LENT,
            form::KEY_RETURNED,
            form::KEY_GIVEN_BACK,
            form::KEY_CALLED,
        ],
    },
    Measure {
        name: "inspections",
        word: key("supervision-m-inspections"),
        kinds: &[
            form::RENOVATION_INSPECTED,
            form::BREACH_FOUND,
            form::BREACH_FIXED,
            form::BREACH_UNFIXED,
        ],
    },
    Measure {
        name: "changes",
        word: key("supervision-m-changes"),
        kinds: &[change::CHECKED, change::REJECTED],
    },
    Measure {
        name: "census",
        word: key("supervision-m-census"),
        kinds: &[
            census_::COUNTED,
            census_::VACANT,
            census_::REFUSED,
            census_::AWAY,
        ],
    },
    Measure {
        name: "contacts",
        word: key("supervision-m-contacts"),
        kinds: &[arrear::CONTACTED],
    },
    Measure {
        name: "viewings",
        word: key("supervision-m-viewings"),
        kinds: &[viewing::REGISTERED],
    },
    Measure {
        name: "shelves",
        word: key("supervision-m-shelves"),
        kinds: &[shelf::AUDITED, shelf::ARRANGED, shelf::MOVED],
    },
];

/// The measure that an event counts for.
pub fn of(kind: &str) -> Option<&'static Measure> {
    ALL.iter().find(|m| m.kinds.iter().any(|k| k.name == kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_event_counts_for_one_measure_only() {
        let kinds: Vec<&str> = ALL
            .iter()
            .flat_map(|m| m.kinds.iter().map(|k| k.name))
            .collect();
        let each: BTreeSet<&str> = kinds.iter().copied().collect();
        assert_eq!(each.len(), kinds.len());
        let names: BTreeSet<&str> = ALL.iter().map(|m| m.name).collect();
        assert_eq!(names.len(), ALL.len());
        assert_eq!(of("archive.filed").map(|m| m.name), Some("filed"));
        assert!(of("accounts.signed_in").is_none());
    }
}
