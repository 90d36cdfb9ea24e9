//! 裝修: 申請→審核→交費押金→開工許可→巡查→驗收→複驗→退款, with stops for breach.

use dossiers::Kind;
use foundation::page::key;
use permissions::Permission::{ArchiveDecide, ArchiveFile};

use super::{Act, Due, Process, STAYS};
use crate::events;
use crate::fields::{Field, Input, Option_};

const FOUND: &[Option_] = &[
    ("fine", key("cases-found-fine")),
    ("mend", key("cases-found-mend")),
    ("breach", key("cases-found-breach")),
];

const NOTE: &[Field] = &[Field::new("note", key("forms-f-note"), Input::Area)];
const WHY: &[Field] = &[Field::new("reason", key("forms-f-reason"), Input::Area).must()];
const PAID: &[Field] = &[
    Field::new("deposit", key("cases-f-deposit"), Input::Money).must(),
    Field::new("fee", key("cases-f-fee"), Input::Money),
    Field::line("receipt", key("forms-f-receipt")).must(),
];
const PERMIT: &[Field] = &[Field::date("until", key("cases-f-until")).must()];
const INSPECTION: &[Field] = &[
    Field::one("result", key("forms-f-result"), FOUND).must(),
    Field::new("seen", key("cases-f-seen"), Input::Area).must(),
];
const REWORK: &[Field] = &[Field::new("mend", key("cases-f-mend"), Input::Area).must()];
const AGAIN: &[Field] = &[
    Field::new("mend", key("cases-f-mend"), Input::Area).must(),
    Field::date("until", key("forms-f-deadline")).must(),
];
const REFUND: &[Field] = &[
    Field::new("refund", key("cases-f-refund"), Input::Money).must(),
    Field::name("payee", key("cases-f-payee")).must(),
    Field::new("note", key("forms-f-note"), Input::Area),
];

pub static PROCESS: Process = Process {
    kind: Kind::Renovation,
    title: key("cases-title-g"),
    prefix: "ZX",
    states: &[
        ("applied", key("cases-g-applied")),
        ("returned", key("cases-g-returned")),
        ("approved", key("cases-g-approved")),
        ("paid", key("cases-g-paid")),
        ("working", key("cases-g-working")),
        ("stopped", key("cases-g-stopped")),
        ("accepted", key("cases-g-accepted")),
        ("rechecked", key("cases-g-rechecked")),
        ("refunded", key("cases-g-refunded")),
        ("withdrawn", key("cases-g-withdrawn")),
    ],
    acts: ACTS,
};

pub const ACTS: &[Act] = &[
    Act {
        name: "approve",
        word: key("cases-do-approve"),
        event: events::RENOVATION_APPROVED,
        from: &["applied"],
        to: "approved",
        may: ArchiveDecide,
        asks: NOTE,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "send_back",
        word: key("cases-do-send-back"),
        event: events::RENOVATION_SENT_BACK,
        from: &["applied"],
        to: "returned",
        may: ArchiveDecide,
        asks: WHY,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "apply_again",
        word: key("cases-do-apply-again"),
        event: events::RENOVATION_APPLIED_AGAIN,
        from: &["returned"],
        to: "applied",
        may: ArchiveFile,
        asks: NOTE,
        due: Due::Review,
        ends: false,
    },
    Act {
        name: "withdraw",
        word: key("cases-do-withdraw"),
        event: events::RENOVATION_WITHDRAWN,
        from: &["applied", "returned", "approved"],
        to: "withdrawn",
        may: ArchiveFile,
        asks: WHY,
        due: Due::None,
        ends: true,
    },
    Act {
        name: "pay",
        word: key("cases-do-pay"),
        event: events::RENOVATION_PAID,
        from: &["approved"],
        to: "paid",
        may: ArchiveFile,
        asks: PAID,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "permit",
        word: key("cases-do-permit"),
        event: events::RENOVATION_PERMITTED,
        from: &["paid"],
        to: "working",
        may: ArchiveFile,
        asks: PERMIT,
        due: Due::Day("until"),
        ends: false,
    },
    Act {
        name: "inspect",
        word: key("cases-do-inspect"),
        event: events::RENOVATION_INSPECTED,
        from: &["working", "stopped"],
        to: STAYS,
        may: ArchiveFile,
        asks: INSPECTION,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "stop",
        word: key("cases-do-stop"),
        event: events::RENOVATION_STOPPED,
        from: &["working"],
        to: "stopped",
        may: ArchiveDecide,
        asks: WHY,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "resume",
        word: key("cases-do-resume"),
        event: events::RENOVATION_RESUMED,
        from: &["stopped"],
        to: "working",
        may: ArchiveDecide,
        asks: WHY,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "rework",
        word: key("cases-do-rework"),
        event: events::RENOVATION_REWORK,
        from: &["working"],
        to: "working",
        may: ArchiveFile,
        asks: REWORK,
        due: Due::Keep,
        ends: false,
    },
    Act {
        name: "accept",
        word: key("cases-do-accept"),
        event: events::RENOVATION_ACCEPTED,
        from: &["working"],
        to: "accepted",
        may: ArchiveDecide,
        asks: NOTE,
        due: Due::Recheck,
        ends: false,
    },
    Act {
        name: "recheck_fail",
        word: key("cases-do-recheck-fail"),
        event: events::RENOVATION_RECHECK_FAILED,
        from: &["accepted"],
        to: "accepted",
        may: ArchiveFile,
        asks: AGAIN,
        due: Due::Day("until"),
        ends: false,
    },
    Act {
        name: "recheck",
        word: key("cases-do-recheck"),
        event: events::RENOVATION_RECHECKED,
        from: &["accepted"],
        to: "rechecked",
        may: ArchiveDecide,
        asks: NOTE,
        due: Due::None,
        ends: false,
    },
    Act {
        name: "refund",
        word: key("cases-do-refund"),
        event: events::RENOVATION_REFUNDED,
        from: &["rechecked"],
        to: "refunded",
        may: ArchiveFile,
        asks: REFUND,
        due: Due::None,
        ends: true,
    },
];
