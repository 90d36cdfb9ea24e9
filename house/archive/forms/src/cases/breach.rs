//! 違章: 發現→取證→通知→送達／拒簽→限期→複查→結案. The office asks and reports; it has no power
//! to fine, so no act asks for money.

use dossiers::Kind;
use foundation::page::key;
use permissions::Permission::{ArchiveDecide, ArchiveFile};

use super::{Act, Due, Process};
use crate::events;
use crate::fields::{Field, Input, Option_};

const WAYS: &[Option_] = &[
    ("hand", key("forms-served-hand")),
    ("post", key("forms-served-post")),
    ("door", key("forms-served-door")),
];
pub const DEMANDS: &[Option_] = &[
    ("stop", key("forms-demand-stop")),
    ("restore", key("forms-demand-restore")),
    ("apply", key("forms-demand-apply")),
    ("clear", key("forms-demand-clear")),
    ("other", key("forms-other")),
];

/// What is said when a breach is found.
pub const FOUND: &[Field] = &[
    Field::line("found_at", key("forms-f-found-at")).must(),
    Field::line("place", key("forms-f-place")),
    Field::new("fact", key("forms-f-fact"), Input::Area).must(),
];
const EVIDENCE: &[Field] = &[Field::new("evidence", key("cases-f-evidence"), Input::Area).must()];
const NOTICE: &[Field] = &[
    Field::line("clause", key("forms-f-clause")).must().wide(),
    Field::any("demands", key("forms-f-demands"), DEMANDS).must(),
    Field::date("deadline", key("forms-f-deadline")).must(),
    Field::line("contact", key("forms-f-contact")).must(),
];
const SERVED: &[Field] = &[
    Field::one("way", key("forms-f-served"), WAYS).must(),
    Field::name("receiver", key("cases-f-receiver")),
    Field::line("note", key("forms-f-note")),
];
const REFUSED: &[Field] = &[
    Field::name("witness", key("cases-f-witness")).must(),
    Field::new("note", key("cases-f-refused-how"), Input::Area).must(),
];
const CHECK: &[Field] = &[Field::new("seen", key("cases-f-seen"), Input::Area).must()];
const EXTEND: &[Field] = &[
    Field::date("deadline", key("forms-f-deadline")).must(),
    Field::new("reason", key("forms-f-reason"), Input::Area).must(),
];
const REFER: &[Field] = &[
    Field::line("authority", key("cases-f-authority")).must(),
    Field::new("note", key("forms-f-note"), Input::Area),
];
const RESULT: &[Field] = &[Field::new("result", key("cases-f-result"), Input::Area).must()];
const WHY: &[Field] = &[Field::new("reason", key("forms-f-reason"), Input::Area).must()];

pub static PROCESS: Process = Process {
    kind: Kind::Breach,
    title: key("cases-title-h"),
    prefix: "WZ",
    states: &[
        ("found", key("cases-h-found")),
        ("evidenced", key("cases-h-evidenced")),
        ("issued", key("cases-h-issued")),
        ("served", key("cases-h-served")),
        ("fixed", key("cases-h-fixed")),
        ("unfixed", key("cases-h-unfixed")),
        ("referred", key("cases-h-referred")),
        ("closed", key("cases-h-closed")),
        ("dropped", key("cases-h-dropped")),
    ],
    acts: ACTS,
};

pub const ACTS: &[Act] = &[
    Act {
        name: "evidence",
        word: key("cases-do-evidence"),
        event: events::BREACH_EVIDENCED,
        from: &["found", "evidenced"],
        to: "evidenced",
        may: ArchiveFile,
        asks: EVIDENCE,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "issue",
        word: key("cases-do-issue"),
        event: events::BREACH_ISSUED,
        from: &["evidenced"],
        to: "issued",
        may: ArchiveFile,
        asks: NOTICE,
        due: Due::Day("deadline"),
        ends: false,
    },
    Act {
        name: "serve",
        word: key("cases-do-serve"),
        event: events::BREACH_SERVED,
        from: &["issued"],
        to: "served",
        may: ArchiveFile,
        asks: SERVED,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "refuse",
        word: key("cases-do-refuse"),
        event: events::BREACH_SIGNATURE_REFUSED,
        from: &["issued"],
        to: "served",
        may: ArchiveFile,
        asks: REFUSED,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "fixed",
        word: key("cases-do-fixed"),
        event: events::BREACH_FIXED,
        from: &["served", "unfixed", "referred"],
        to: "fixed",
        may: ArchiveFile,
        asks: CHECK,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "unfixed",
        word: key("cases-do-unfixed"),
        event: events::BREACH_UNFIXED,
        from: &["served"],
        to: "unfixed",
        may: ArchiveFile,
        asks: CHECK,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "extend",
        word: key("cases-do-extend"),
        event: events::BREACH_EXTENDED,
        from: &["unfixed"],
        to: "served",
        may: ArchiveDecide,
        asks: EXTEND,
        due: Due::Day("deadline"),
        ends: false,
    },
    Act {
        name: "refer",
        word: key("cases-do-refer"),
        event: events::BREACH_REFERRED,
        from: &["unfixed"],
        to: "referred",
        may: ArchiveDecide,
        asks: REFER,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "close",
        word: key("cases-do-close"),
        event: events::BREACH_CLOSED,
        from: &["fixed", "referred"],
        to: "closed",
        may: ArchiveDecide,
        asks: RESULT,
        due: Due::None,
        ends: true,
    },
    Act {
        name: "drop",
        word: key("cases-do-drop"),
        event: events::BREACH_DROPPED,
        from: &["found", "evidenced"],
        to: "dropped",
        may: ArchiveDecide,
        asks: WHY,
        due: Due::None,
        ends: true,
    },
];
