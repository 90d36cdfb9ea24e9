//! f 《房屋交付驗收表》: checks, numbered defects, meters, the owner's statement, keys.

use dossiers::Kind;
use foundation::page::key;

use crate::fields::{Definition, Field, Input, Option_, Section};

const RESULT: &[Option_] = &[
    ("pass", key("forms-result-pass")),
    ("fail", key("forms-result-fail")),
];
const STATEMENT: &[Option_] = &[
    ("accepts", key("forms-accepts")),
    ("accepts_except", key("forms-accepts-except")),
    ("not_yet", key("forms-accepts-not")),
];
const METERS: &[Option_] = &[
    ("water", key("forms-meter-water")),
    ("power", key("forms-meter-power")),
    ("grey", key("forms-meter-grey")),
    ("gas", key("forms-meter-gas")),
    ("heat", key("forms-meter-heat")),
];
const SORTS: &[Option_] = &[
    ("wall", key("forms-sort-wall")),
    ("floor", key("forms-sort-floor")),
    ("window", key("forms-sort-window")),
    ("water", key("forms-sort-water")),
    ("power", key("forms-sort-power")),
    ("seepage", key("forms-sort-seepage")),
    ("other", key("forms-other")),
];
const STAYS: &[Option_] = &[
    ("yes", key("forms-stays-yes")),
    ("no", key("forms-stays-no")),
];

/// The parts of a home and what is looked at.
pub const PARTS: [(&str, &str); 8] = [
    (key("forms-part-door"), key("forms-look-door")),
    (key("forms-part-living"), key("forms-look-living")),
    (key("forms-part-bedroom"), key("forms-look-bedroom")),
    (key("forms-part-kitchen"), key("forms-look-kitchen")),
    (key("forms-part-bathroom"), key("forms-look-bathroom")),
    (key("forms-part-balcony"), key("forms-look-balcony")),
    (key("forms-part-windows"), key("forms-look-windows")),
    (key("forms-part-power"), key("forms-look-power")),
];

const CHECKS: &[Field] = &[
    Field::line("part", key("forms-f-part")).must().mm(26.0),
    Field::line("look", key("forms-f-look")).mm(74.0),
    Field::one("result", key("forms-f-result"), RESULT).mm(34.0),
    Field::line("note", key("forms-f-note")).mm(46.0),
];
const DEFECTS: &[Field] = &[
    Field::line("part", key("forms-f-part")).must().mm(28.0),
    Field::one("sort", key("forms-f-sort"), SORTS).mm(24.0),
    Field::line("what", key("forms-f-defect")).must().mm(80.0),
    Field::hand("mended", key("forms-f-mended")).mm(36.0),
];
const READINGS: &[Field] = &[
    Field::one("meter", key("forms-f-meter"), METERS)
        .must()
        .mm(26.0),
    Field::line("number", key("forms-f-meter-number")).mm(58.0),
    Field::new("reading", key("forms-f-reading"), Input::Decimal).mm(46.0),
    Field::line("note", key("forms-f-note")).mm(50.0),
];

pub static FORM: Definition = Definition {
    kind: Kind::Handover,
    title: key("forms-title-f"),
    code: "SY-WI-KF-09-f",
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::line("room", key("forms-f-room")).must(),
                Field::date("day", key("forms-f-inspected")).must(),
                Field::name("owner", key("forms-f-owner")).must(),
                Field::phone("phone", key("forms-f-phone")),
                Field::line("companion", key("forms-f-companion")).wide(),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-checks"),
            fields: &[Field::rows("checks", key("forms-s-checks"), 0, CHECKS)],
            by_hand: false,
        },
        Section {
            title: key("forms-s-defects"),
            fields: &[Field::rows("defects", key("forms-s-defects"), 3, DEFECTS)],
            by_hand: false,
        },
        Section {
            title: key("forms-s-meters"),
            fields: &[Field::rows("meters", key("forms-s-meters"), 0, READINGS).must()],
            by_hand: false,
        },
        Section {
            title: key("forms-s-statement"),
            fields: &[
                // Decided at the door: ticked by hand on the paper where it is open yet.
                Field::one("statement", key("forms-f-statement"), STATEMENT)
                    .by_pen()
                    .wide(),
                Field::one("stays", key("forms-f-stays"), STAYS),
                Field::new("stays_count", key("forms-f-stays-count"), Input::Count),
                Field::line("stays_note", key("forms-f-stays-note")).wide(),
            ],
            by_hand: false,
        },
    ],
    promises: &[key("forms-f-promise")],
    signers: &[
        (key("forms-sign-owner"), ""),
        (key("forms-sign-companion"), ""),
        (key("forms-sign-warranty"), key("forms-sign-warranty-note")),
        (key("forms-sign-owner-again"), ""),
        (
            key("forms-sign-keys-back"),
            key("forms-sign-keys-back-note"),
        ),
        (key("forms-sign-specialist"), ""),
    ],
    twice: true,
    after: &[],
};
