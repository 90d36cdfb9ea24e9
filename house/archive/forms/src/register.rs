//! 《鑰匙留存登記表》 on paper: a home's keys, with a place to sign when one is left and when it
//! is taken back.

use foundation::house::House;
use foundation::ids::Id;
use foundation::page::key;
use paper::{Align, Block, Cell, Column, Form, Grid, Row};
use permissions::Permission;
use permissions::actor::Actor;

use crate::keys::{self, KeyState};
use crate::printing::{Letterhead, lang, made};
use crate::{FormsError, fill};

/// The register's sheet of a home, with rows for keys to come.
pub async fn paper_of(
    house: &House,
    by: &Actor,
    dossier: Id,
    head: &Letterhead,
) -> Result<Form, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let home = fill::head(house, by.community, dossier).await?;
    let all = keys::of_dossier(house, by, dossier).await?;
    let w = &head.words;
    let column = |key: &str, mm| Column {
        head: w.t(key).into_owned(),
        mm,
        align: Align::Left,
    };
    let day = |at: foundation::clock::Moment| at.date().to_string();
    let rows = all.iter().filter(|k| k.state != KeyState::Lost).map(|k| {
        let back = k.given_at.map(day).unwrap_or_default();
        let what = w.t(crate::pages::words::what_word(&k.what)).into_owned();
        vec![
            k.code.clone(),
            what,
            day(k.deposited_at),
            String::new(),
            back,
            String::new(),
        ]
    });
    let cells = vec![
        Cell::head(&w.t("archive-field-room"), 2),
        Cell::value(&home.code, 4),
        Cell::head(&w.t("archive-field-number"), 2),
        Cell::value(&home.number, 4),
    ];
    Ok(Form {
        lang: lang(w),
        made: Some(made(house.now())),
        compound: head.compound.clone(),
        title: w.t("held-register").into_owned(),
        page: w.t("forms-paper-page").into_owned(),
        record: home.number.clone(),
        code: "SY-WI-KF-09-e".into(),
        blocks: vec![
            Block::Grid(Grid::new(vec![Row::new(cells)])),
            Block::Rows {
                columns: vec![
                    column(key("forms-f-key-code"), 26.0),
                    column(key("forms-f-key"), 30.0),
                    column(key("held-deposited"), 26.0),
                    column(key("held-sign-deposit"), 36.0),
                    column(key("held-given"), 26.0),
                    column(key("held-sign-back"), 36.0),
                ],
                rows: rows.collect(),
                blank: 6,
                mm: 10.0,
            },
            Block::Text(vec![w.t("held-register-promise").into_owned()]),
        ],
        ..Form::default()
    })
}
