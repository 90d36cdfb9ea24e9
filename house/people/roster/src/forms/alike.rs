//! Who on the roster has the name that was typed: asked before a second record is made.

use super::{Desk, Field};
use crate::RosterError;
use crate::people::Party;
use crate::search::{Alike, named_alike, told_apart};
use foundation::ids::Id;
use foundation::page::{Choice, Form, key, say};

/// Parties as choices: masked name, rooms, masked phones.
pub(super) async fn choices(desk: &Desk, parties: Vec<Party>) -> Result<Vec<Choice>, RosterError> {
    let found = told_apart(&desk.house, desk.actor.community, parties).await?;
    let choice = |a: &Alike| {
        let known = desk.frame.join(&a.known);
        Choice::new(a.party.as_str(), a.name.clone()).hint(known)
    };
    Ok(found.iter().map(choice).collect())
}

/// Parties of exactly this name, however it is written.
pub(super) async fn named(desk: &Desk, name: &str) -> Result<Vec<Party>, RosterError> {
    named_alike(&desk.house, desk.actor.community, name).await
}

/// The question whether a typed name is somebody who is there already; nothing when nobody is.
pub(super) async fn question(
    desk: &Desk,
    name: &str,
    field: &'static str,
) -> Result<Option<Field>, RosterError> {
    let mut known = choices(desk, named(desk, name).await?).await?;
    if known.is_empty() {
        return Ok(None);
    }
    known.push(Choice::new("new", desk.t("roster-who-new")));
    let asked = Field::new(desk, "radios", field, key("roster-who"));
    Ok(Some(
        asked
            .hint(desk.frame.one("roster-who-hint", "name", name).into_owned())
            .choices(known),
    ))
}

/// The answer: `Some(None)` is somebody new; `None` is noted as a fault.
pub(super) fn answer(form: &mut Form, asked: Option<&Field>) -> Option<Option<Id>> {
    let Some(field) = asked else {
        return Some(None);
    };
    let values: Vec<&str> = field.choices.iter().map(|c| c.value.as_str()).collect();
    if form.value(field.name).is_empty() {
        form.fault(field.name, say("roster-error-who"));
        return None;
    }
    let said = form.field(field.name, key("roster-who")).choice(&values)?;
    Some(said.parse().ok())
}
