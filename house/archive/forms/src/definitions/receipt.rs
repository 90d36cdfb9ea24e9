//! d 《資料簽收表》: what is handed to the owner, in how many copies.

use dossiers::Kind;
use foundation::page::key;

use crate::fields::{Definition, Field, Input, Section};

/// Room, owner and day above everything that is handed over.
pub(super) const HOME: &[Field] = &[
    Field::line("room", key("forms-f-room")).must(),
    Field::date("day", key("forms-f-day")).must(),
    Field::name("owner", key("forms-f-owner")).must(),
    Field::phone("phone", key("forms-f-phone")),
];

const ITEMS: &[Field] = &[
    Field::line("item", key("forms-f-item")).must().mm(76.0),
    Field::new("copies", key("forms-f-copies"), Input::Count)
        .must()
        .mm(16.0),
    Field::hand("signed_day", key("forms-f-signed-day")).mm(28.0),
    Field::hand("signed_by", key("forms-f-signed-by")).mm(28.0),
    Field::line("note", key("forms-f-note")).mm(32.0),
];

/// What is usually handed over: the key of its name and the copies.
pub const USUAL: [(&str, &str); 9] = [
    (key("forms-item-covenant"), "1"),
    (key("forms-item-agreement"), "1"),
    (key("forms-item-fire"), "1"),
    (key("forms-item-warranty"), "1"),
    (key("forms-item-manual"), "1"),
    (key("forms-item-renovation"), "1"),
    (key("forms-item-pipes"), "1"),
    (key("forms-item-service"), "1"),
    (key("forms-item-cards"), "3"),
];

pub static FORM: Definition = Definition {
    kind: Kind::Receipt,
    title: key("forms-title-d"),
    code: "SY-WI-KF-09-d",
    sections: &[
        Section {
            title: "",
            fields: HOME,
            by_hand: false,
        },
        Section {
            title: key("forms-s-items"),
            fields: &[Field::rows("items", key("forms-s-items"), 3, ITEMS).must()],
            by_hand: false,
        },
    ],
    promises: &[key("forms-d-promise")],
    signers: &[
        (key("forms-sign-owner-or-agent"), ""),
        (key("forms-sign-giver"), ""),
    ],
    twice: true,
    after: &[],
};
