//! 《裝修開工許可證》, posted on the door: what everybody on the stairs may know, no name of the
//! household and no phone of a person.

use dossiers::Kind;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{Words, key};
use paper::{Block, Cell, Form, Grid, Row, Signature};
use permissions::Permission;
use permissions::actor::Actor;

use super::looking;
use crate::printing::{self, Letterhead, lang, made};
use crate::{FormsError, State, fill};

/// The permit of a renovation that is under way. `link` leads to the case, `{form}` is its id.
///
/// # Errors
/// [`FormsError::NeedsForm`] before the permit is given, and while work is stopped.
pub async fn paper_of(
    house: &House,
    by: &Actor,
    id: Id,
    head: &Letterhead,
) -> Result<Form, FormsError> {
    by.may(Permission::ArchiveFile)?;
    let story = looking::story(house, by, id).await?;
    let case = &story.case;
    let given = story.steps.iter().find(|(s, _)| s.act == "permit");
    let (Kind::Renovation, "working", Some((step, said)), Some(form)) =
        (case.kind, case.state.as_str(), given, case.form)
    else {
        return Err(FormsError::NeedsForm(State::Signed));
    };
    let form = fill::one(house, by, form).await?;
    let values = fill::entries(house, by.community, &form).await?;
    let w = &head.words;
    let label = |key: &str, span| Cell::head(&w.t(key), span);
    let works = works(values.of("works"), w);
    let rows = vec![
        Row::new(vec![
            label(key("forms-f-permit"), 2),
            Cell::value(&case.label(), 4),
            label(key("forms-f-room"), 2),
            Cell::value(&case.code, 4),
        ]),
        Row::new(vec![
            label(key("forms-f-contractor"), 2),
            Cell::value(values.of("contractor"), 10),
        ]),
        Row::new(vec![
            label(key("forms-f-works"), 2),
            Cell::value(&works, 10),
        ]),
        Row::new(vec![
            label(key("cases-permit-from"), 2),
            Cell::value(&step.at.date().to_string(), 4),
            label(key("cases-f-until"), 2),
            Cell::value(said.of("until"), 4),
        ]),
    ];
    let promises = [
        key("forms-g-promise-1"),
        key("forms-g-promise-2"),
        key("forms-g-promise-3"),
        key("forms-g-promise-4"),
        key("forms-g-promise-5"),
        key("cases-permit-ask"),
    ];
    Ok(Form {
        lang: lang(w),
        made: Some(made(step.at)),
        compound: head.compound.clone(),
        title: w.t("cases-permit-title").into_owned(),
        page: w.t("forms-paper-page").into_owned(),
        code: "SY-WI-KF-09-g".into(),
        record: case.label(),
        qr: paper::Modules::of(&head.link.replace("{form}", &id.to_string())),
        blocks: vec![
            Block::Grid(Grid::new(rows)),
            Block::Text(promises.iter().map(|p| w.t(p).into_owned()).collect()),
            Block::Signatures(vec![Signature {
                sign: w.t("forms-sign-here").into_owned(),
                date: w.t("forms-sign-date").into_owned(),
                ..Signature::of(&w.t("cases-permit-office"), "")
            }]),
        ],
        ..Form::default()
    })
}

/// The works in words.
fn works(chosen: &str, w: &Words) -> String {
    let options = crate::definitions::renovation::WORKS;
    let words = chosen
        .split_whitespace()
        .map(|one| printing::word(options, one, w));
    words.collect::<Vec<_>>().join("、")
}
