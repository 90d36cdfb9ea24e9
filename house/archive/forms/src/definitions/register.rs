//! c 《業主(住戶)情況登記表》: house, owners, household, tenants, vehicles, payments.

use dossiers::Kind;
use foundation::page::key;

use crate::fields::{Definition, Field, Input, Option_, Personal, Section};

pub const USE: &[Option_] = &[
    ("owner_occupied", key("forms-use-owner")),
    ("let", key("forms-use-let")),
    ("renovating", key("forms-use-renovating")),
    ("vacant", key("forms-use-vacant")),
    ("other", key("forms-other")),
];
pub const SEX: &[Option_] = &[("m", key("forms-sex-m")), ("f", key("forms-sex-f"))];
pub const PAPER: &[Option_] = &[
    ("resident_id", key("forms-paper-resident")),
    ("passport", key("forms-paper-passport")),
    ("permit", key("forms-paper-permit")),
    ("other", key("forms-other")),
];
const CARE: &[Option_] = &[
    ("alone", key("forms-care-alone")),
    ("mobility", key("forms-care-mobility")),
    ("infant", key("forms-care-infant")),
    ("medication", key("forms-care-medication")),
    ("none", key("forms-care-none")),
];

const PERSONS: &[Field] = &[
    Field::name("name", key("forms-f-name")).mm(22.0),
    Field::one("sex", key("forms-f-sex"), SEX).mm(11.0),
    Field::date("birth", key("forms-f-birth"))
        .about(Personal::Hidden)
        .mm(22.0),
    Field::one("paper", key("forms-f-paper"), PAPER).mm(20.0),
    Field::document("number", key("forms-f-paper-number")).mm(38.0),
    Field::phone("phone", key("forms-f-phone")).mm(27.0),
    Field::line("mail", key("forms-f-mail"))
        .about(Personal::Hidden)
        .mm(26.0),
    Field::line("share", key("forms-f-share")).mm(14.0),
];
const FAMILY: &[Field] = &[
    Field::name("name", key("forms-f-name")).mm(26.0),
    Field::line("tie", key("forms-f-tie")).mm(26.0),
    Field::document("number", key("forms-f-paper-number")).mm(46.0),
    Field::line("work", key("forms-f-work"))
        .about(Personal::Hidden)
        .mm(28.0),
    Field::phone("phone", key("forms-f-phone")).mm(32.0),
    Field::line("note", key("forms-f-note")).mm(22.0),
];
const TENANTS: &[Field] = &[
    Field::name("name", key("forms-f-name")).mm(26.0),
    Field::document("number", key("forms-f-paper-number")).mm(46.0),
    Field::phone("phone", key("forms-f-phone")).mm(32.0),
    Field::date("from", key("forms-f-from")).mm(24.0),
    Field::date("until", key("forms-f-until")).mm(24.0),
    Field::line("note", key("forms-f-note")).mm(28.0),
];
const VEHICLES: &[Field] = &[
    Field::line("plate", key("forms-f-plate"))
        .about(Personal::Hidden)
        .mm(34.0),
    Field::line("make", key("forms-f-make")).mm(44.0),
    Field::line("spot", key("forms-f-spot")).mm(34.0),
    Field::line("note", key("forms-f-note")).mm(68.0),
];
const PAID: &[Field] = &[
    Field::line("item", key("forms-f-fee-item")).mm(44.0),
    Field::line("period", key("forms-f-period")).mm(50.0),
    Field::line("amount", key("forms-f-amount")).mm(34.0),
    Field::line("note", key("forms-f-note")).mm(52.0),
];

pub static FORM: Definition = Definition {
    kind: Kind::Registration,
    title: key("forms-title-c"),
    code: "SY-WI-KF-09-c",
    sections: &[
        Section {
            title: key("forms-s-house"),
            fields: &[
                Field::line("room", key("forms-f-room")).must(),
                Field::date("moved_in", key("forms-f-moved-in")),
                Field::line("building", key("forms-f-building")),
                Field::line("floor", key("forms-f-floor")),
                Field::new("area", key("forms-f-area"), Input::Decimal),
                Field::line("layout", key("forms-f-layout")),
                Field::line("deed", key("forms-f-deed"))
                    .about(Personal::Document)
                    .wide(),
                Field::one("use", key("forms-f-use"), USE).by_pen().wide(),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-owners"),
            fields: &[
                Field::rows("owners", key("forms-s-owners"), 1, PERSONS).must(),
                Field::line("address", key("forms-f-address"))
                    .about(Personal::Hidden)
                    .wide(),
                Field::name("emergency", key("forms-f-emergency")),
                Field::phone("emergency_phone", key("forms-f-emergency-phone")),
                Field::any("care", key("forms-f-care"), CARE).about(Personal::Hidden),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-company"),
            fields: &[
                Field::line("company", key("forms-f-company")),
                Field::line("uscc", key("forms-f-uscc")),
                Field::name("legal", key("forms-f-legal")),
                Field::name("agent", key("forms-f-agent")),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-family"),
            fields: &[Field::rows("family", key("forms-s-family"), 3, FAMILY)],
            by_hand: false,
        },
        Section {
            title: key("forms-s-tenants"),
            fields: &[Field::rows("tenants", key("forms-s-tenants"), 1, TENANTS)],
            by_hand: false,
        },
        Section {
            title: key("forms-s-vehicles"),
            fields: &[Field::rows(
                "vehicles",
                key("forms-s-vehicles"),
                1,
                VEHICLES,
            )],
            by_hand: false,
        },
        Section {
            title: key("forms-s-paid"),
            fields: &[Field::rows("paid", key("forms-s-paid"), 1, PAID)],
            by_hand: false,
        },
    ],
    promises: &[key("forms-c-privacy"), key("forms-c-promise")],
    signers: &[
        (key("forms-sign-occupant"), ""),
        (key("forms-sign-handler"), ""),
        (key("forms-sign-reviewer"), ""),
    ],
    twice: false,
    after: &[],
};
