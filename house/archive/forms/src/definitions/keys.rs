//! e 《鑰匙領(借)用登記表》: the keys that the owner takes, the one that stays, loans by hand.

use dossiers::Kind;
use foundation::page::key;

use super::receipt::HOME;
use crate::fields::{Definition, Field, Input, Option_, Section};

const WHO: &[Option_] = &[
    ("owner", key("forms-who-owner")),
    ("agent", key("forms-who-agent")),
];
const STAYS: &[Option_] = &[
    ("yes", key("forms-stays-yes")),
    ("no", key("forms-stays-no")),
];

const KEYS: &[Field] = &[
    Field::line("what", key("forms-f-key")).must().mm(42.0),
    Field::line("code", key("forms-f-key-code")).mm(36.0),
    Field::new("count", key("forms-f-count"), Input::Count)
        .must()
        .mm(16.0),
    Field::hand("day", key("forms-f-taken-day")).mm(26.0),
    Field::hand("by", key("forms-f-taken-by")).mm(32.0),
    Field::hand("handler", key("forms-f-handler")).mm(28.0),
];
const LOANS: &[Field] = &[
    Field::hand("who", key("forms-f-borrower")).mm(24.0),
    Field::hand("why", key("forms-f-reason")).mm(42.0),
    Field::hand("out", key("forms-f-lent-at")).mm(30.0),
    Field::hand("due", key("forms-f-due-at")).mm(28.0),
    Field::hand("back", key("forms-f-back-at")).mm(28.0),
    Field::hand("handler", key("forms-f-handler")).mm(28.0),
];

/// What a home usually comes with: the key of its name and how many.
pub const USUAL: [(&str, &str); 3] = [
    (key("forms-key-door"), "5"),
    (key("forms-key-mailbox"), "2"),
    (key("forms-key-card"), "3"),
];

pub static FORM: Definition = Definition {
    kind: Kind::Keys,
    title: key("forms-title-e"),
    code: "SY-WI-KF-09-e",
    sections: &[
        Section {
            title: "",
            fields: HOME,
            by_hand: false,
        },
        Section {
            title: key("forms-s-keys-out"),
            fields: &[
                Field::rows("keys", key("forms-s-keys-out"), 1, KEYS).must(),
                Field::one("who", key("forms-f-who"), WHO).must(),
                Field::line("authority", key("forms-f-authority")),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-keys-kept"),
            fields: &[
                Field::one("stays", key("forms-f-stays"), STAYS).by_pen(),
                Field::new("stays_count", key("forms-f-stays-count"), Input::Count),
                Field::line("stays_note", key("forms-f-stays-note")).wide(),
            ],
            by_hand: false,
        },
        Section {
            title: key("forms-s-loans"),
            fields: &[Field::rows("loans", key("forms-s-loans"), 4, LOANS)],
            by_hand: true,
        },
    ],
    promises: &[key("forms-e-promise")],
    signers: &[
        (key("forms-sign-owner-or-agent"), ""),
        (key("forms-sign-specialist"), ""),
    ],
    twice: false,
    after: &[],
};
