//! g 《裝修申請審批表》: what is asked before walls are touched.

use dossiers::Kind;
use foundation::page::key;

use crate::fields::{Definition, Field, Option_, Section};

pub const WORKS: &[Option_] = &[
    ("water_power", key("forms-work-water-power")),
    ("take_wall", key("forms-work-take-wall")),
    ("new_wall", key("forms-work-new-wall")),
    ("waterproof", key("forms-work-waterproof")),
    ("ceiling", key("forms-work-ceiling")),
    ("floor", key("forms-work-floor")),
    ("windows", key("forms-work-windows")),
    ("balcony", key("forms-work-balcony")),
    ("aircon", key("forms-work-aircon")),
    ("gas", key("forms-work-gas")),
];
/// Works that walls or what they carry are changed by.
pub const DRAWN: [&str; 3] = ["take_wall", "new_wall", "balcony"];
const ATTACHED: &[Option_] = &[
    ("plan", key("forms-att-plan")),
    ("take_wall", key("forms-att-take-wall")),
    ("new_wall", key("forms-att-new-wall")),
    ("pipes", key("forms-att-pipes")),
    ("switches", key("forms-att-switches")),
    ("licence", key("forms-att-licence")),
    ("qualification", key("forms-att-qualification")),
    ("electrician", key("forms-att-electrician")),
    ("head_id", key("forms-att-head-id")),
    ("workers", key("forms-att-workers")),
];
const NIGHT: &[Option_] = &[
    ("no", key("forms-night-no")),
    ("asked", key("forms-night-asked")),
];
const WORKERS: &[Field] = &[
    Field::name("name", key("forms-f-name")).mm(28.0),
    Field::line("trade", key("forms-f-trade")).mm(24.0),
    Field::document("number", key("forms-f-paper-number")).mm(54.0),
    Field::phone("phone", key("forms-f-phone")).mm(34.0),
    Field::line("pass", key("forms-f-pass")).mm(40.0),
];
const ACCEPTANCE: &[Field] = &[
    Field::hand("deposit", key("forms-f-deposit")),
    Field::hand("receipt", key("forms-f-receipt")),
    Field::hand("permit", key("forms-f-permit")),
    Field::hand("accepted", key("forms-f-accepted")),
    Field::hand("rechecked", key("forms-f-rechecked")),
    Field::hand("refunded", key("forms-f-refunded")),
];

pub static FORM: Definition = Definition {
    kind: Kind::Renovation,
    title: key("forms-title-g"),
    code: "SY-WI-KF-09-g",
    sections: &[
        Section {
            title: "",
            fields: &[
                Field::line("room", key("forms-f-room")).must(),
                Field::name("owner", key("forms-f-owner")).must(),
                Field::phone("phone", key("forms-f-phone")).must(),
                Field::one("night", key("forms-f-night"), NIGHT),
                Field::date("begins", key("forms-f-begins")).must(),
                Field::date("ends", key("forms-f-ends")).must(),
                Field::line("contractor", key("forms-f-contractor")).must(),
                Field::line("licence", key("forms-f-licence")),
                Field::name("head", key("forms-f-head")).must(),
                Field::phone("head_phone", key("forms-f-head-phone")).must(),
                Field::any("works", key("forms-f-works"), WORKS).must(),
                Field::new("detail", key("forms-f-detail"), crate::fields::Input::Area),
                Field::any("attached", key("forms-f-attached"), ATTACHED),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-workers"),
            fields: &[Field::rows("workers", key("forms-s-workers"), 3, WORKERS)],
            by_hand: false,
        },
    ],
    promises: &[
        key("forms-g-promise-1"),
        key("forms-g-promise-2"),
        key("forms-g-promise-3"),
        key("forms-g-promise-4"),
        key("forms-g-promise-5"),
    ],
    signers: &[
        (key("forms-sign-owner"), key("forms-sign-g-note")),
        (key("forms-sign-contractor"), ""),
        (key("forms-sign-engineering"), key("forms-sign-decision")),
        (key("forms-sign-head-of-office"), key("forms-sign-decision")),
    ],
    twice: true,
    after: &[Section {
        title: key("forms-s-acceptance"),
        fields: ACCEPTANCE,
        by_hand: true,
    }],
};
