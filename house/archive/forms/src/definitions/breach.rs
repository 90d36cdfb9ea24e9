//! h 《違章處理通知單》: what was found, which clause, what is asked by when. The office has no
//! power to fine, and the form has no place for it.

use dossiers::Kind;
use foundation::page::key;

use crate::fields::{Definition, Field, Input, Option_, Section};

const DEMANDS: &[Option_] = &[
    ("stop", key("forms-demand-stop")),
    ("restore", key("forms-demand-restore")),
    ("apply", key("forms-demand-apply")),
    ("clear", key("forms-demand-clear")),
    ("other", key("forms-other")),
];
const SERVED: &[Option_] = &[
    ("hand", key("forms-served-hand")),
    ("post", key("forms-served-post")),
    ("door", key("forms-served-door")),
    ("refused", key("forms-served-refused")),
];
const OUTCOME: &[Option_] = &[
    ("fixed", key("forms-outcome-fixed")),
    ("part", key("forms-outcome-part")),
    ("referred", key("forms-outcome-referred")),
];

pub static FORM: Definition = Definition {
    kind: Kind::Breach,
    title: key("forms-title-h"),
    code: "SY-WI-KF-09-h",
    sections: &[Section {
        title: "",
        fields: &[
            Field::line("room", key("forms-f-room")).must(),
            Field::name("to", key("forms-f-to")).must(),
            Field::date("issued", key("forms-f-issued")).must(),
            Field::line("found_at", key("forms-f-found-at")).must(),
            Field::line("found_by", key("forms-f-found-by")),
            Field::line("place", key("forms-f-place")),
            Field::new("fact", key("forms-f-fact"), Input::Area).must(),
            Field::line("clause", key("forms-f-clause")).must().wide(),
            Field::any("demands", key("forms-f-demands"), DEMANDS).must(),
            Field::line("demand_other", key("forms-f-demand-other")).wide(),
            Field::date("deadline", key("forms-f-deadline")).must(),
            Field::line("contact", key("forms-f-contact")).must(),
        ],
        by_hand: false,
    }],
    promises: &[key("forms-h-promise")],
    signers: &[
        (key("forms-sign-receiver"), ""),
        (key("forms-sign-issuer"), ""),
        (key("forms-sign-witness"), ""),
    ],
    twice: true,
    after: &[
        Section {
            title: key("forms-s-served"),
            fields: &[Field::any("served", key("forms-f-served"), SERVED)],
            by_hand: true,
        },
        Section {
            title: key("forms-s-followed"),
            fields: &[
                Field::hand("checked_at", key("forms-f-checked-at")),
                Field::hand("checked_by", key("forms-f-checked-by")),
                Field::any("outcome", key("forms-f-outcome"), OUTCOME),
                Field::hand("course", key("forms-f-course")).wide(),
            ],
            by_hand: true,
        },
    ],
};
