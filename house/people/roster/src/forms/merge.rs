//! Two records of one party become one, after somebody has looked at both.

use axum::response::Response;

use super::{Act, Desk, Field, again, alike, draw, goes_back, is_sure};
use crate::{PersonPage, RosterError, merge_parties, person, search, store};
use foundation::ids::Id;
use foundation::page::{Choice, Form, key, say};

/// Hits of a search for the other record.
const HITS: usize = 20;

async fn known(desk: &Desk) -> Result<PersonPage, RosterError> {
    let found = person(&desk.house, &desk.actor, desk.actor.community, desk.id()?).await?;
    if found.party.merged_into.is_some() {
        return Err(RosterError::NoSuchParty);
    }
    Ok(found)
}

/// Who might be the same: those of the same name, and what a search finds.
async fn others(desk: &Desk, page: &PersonPage, find: &str) -> Result<Vec<Choice>, RosterError> {
    let c = desk.actor.community;
    let mut parties = alike::named(desk, &page.party.name).await?;
    if !find.is_empty() {
        let hits = search(&desk.house, &desk.actor, c, find, HITS).await?;
        let found: Vec<Id> = hits.into_iter().filter_map(|h| Some(h.party?.0)).collect();
        if !found.is_empty() {
            parties.extend(desk.house.db.all(store::parties(c, &found)).await?);
        }
    }
    let same_kind = page.party.organisation;
    parties.retain(|p| p.id != page.party.id && p.organisation == same_kind);
    parties.retain(|p| p.merged_into.is_none());
    parties.sort_by_key(|p| p.id);
    parties.dedup_by_key(|p| p.id);
    alike::choices(desk, parties).await
}

async fn act(desk: &Desk, form: &Form) -> Result<(Act, PersonPage), RosterError> {
    let page = known(desk).await?;
    let others = others(desk, &page, form.value("find")).await?;
    let mut fields = Vec::new();
    let find = Field::new(desk, "text", "find", key("roster-merge-find"));
    fields.push(find.hint(desk.t("roster-merge-find-hint")).optional());
    if !others.is_empty() {
        fields.push(Field::new(desk, "radios", "gone", key("roster-merge-gone")).choices(others));
    }
    let act = Act {
        title: desk
            .frame
            .one("roster-merge-of", "name", &page.name)
            .into_owned(),
        back: desk.at(&format!("/people/{}", page.party.id)),
        back_text: page.name.clone(),
        fields,
        follows: vec![desk.t("roster-merge-follows"), desk.t("roster-merge-final")],
        asked: Vec::new(),
        send: desk.t("roster-merge"),
        grave: true,
    };
    Ok((act, page))
}

pub async fn show(desk: Desk) -> Response {
    let form = Form::default();
    match act(&desk, &form).await {
        Ok((act, _)) => draw(desk, act, form, false),
        Err(e) => desk.refused(&e),
    }
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let (act, page) = match act(&desk, &form).await {
        Ok(found) => found,
        Err(e) => return desk.refused(&e),
    };
    let gone: Option<Id> = form.value("gone").parse().ok();
    let offered = act.fields.iter().flat_map(|f| &f.choices);
    let gone = gone.filter(|id| offered.into_iter().any(|c| c.value == id.as_str()));
    let Some(gone) = gone else {
        // A search shows what it found; without one somebody must be chosen.
        if act.fields.len() == 1 {
            form.fault("find", say("roster-error-merge-none"));
        } else if form.value("find").is_empty() || !form.value("gone").is_empty() {
            form.fault("gone", say("roster-error-merge-choose"));
        }
        return draw(desk, act, form, false);
    };
    if goes_back(&form) || !is_sure(&form) {
        let checking = !goes_back(&form);
        return draw(desk, act, form, checking);
    }
    let (c, keep) = (desk.actor.community, page.party.id);
    match merge_parties(&desk.house, &desk.actor, c, keep, gone).await {
        Ok(()) => desk.done(&format!("/people/{keep}"), desk.t("roster-merge-done")),
        Err(e) => again(desk, act, form, &e),
    }
}
