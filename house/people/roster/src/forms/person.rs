//! A person's data and phones, changed at the desk. What is sealed is never filled in
//! again: an empty field leaves it, a tick takes it away.

use axum::response::Response;
use hanzi::name::NAME_CHARS_MAX;

use super::relation::phone;
use super::{Act, Desk, Field, again, day, draw, goes_back, is_sure, text};
use crate::{
    PartyState, PersonDraft, PersonPage, RosterError, add_phone, edit_person, end_phone, person,
};
use foundation::ids::Id;
use foundation::page::{Choice, Form, key, say};

/// An address or a note as long as a form of paper has room for.
const TEXT_CHARS_MAX: usize = 500;

/// The sealed texts that the form changes: field, label, its place in [`PersonPage::known`].
const SEALED: [(&str, &str, usize); 6] = [
    ("birth", key("roster-birth"), 0),
    ("workplace", key("roster-workplace"), 1),
    ("emergency", key("roster-emergency"), 2),
    ("address", key("roster-address"), 3),
    ("needs", key("roster-needs"), 4),
    ("note", key("roster-note"), 5),
];

async fn known(desk: &Desk) -> Result<PersonPage, RosterError> {
    let id = desk.id()?;
    let found = person(&desk.house, &desk.actor, desk.actor.community, id).await?;
    if found.party.merged_into.is_some() {
        return Err(RosterError::NoSuchParty);
    }
    Ok(found)
}

fn act(desk: &Desk, page: &PersonPage) -> Act {
    let mut fields = vec![
        Field::new(desk, "text", "name", key("roster-name"))
            .hint(desk.t("roster-stays-hint"))
            .optional(),
    ];
    if page.party.organisation {
        fields.push(
            Field::new(desk, "text", "representative", key("roster-representative")).optional(),
        );
    } else {
        let state = vec![
            Choice::new("alive", desk.t("roster-alive")),
            Choice::new("deceased", desk.t("roster-deceased")),
        ];
        fields.push(Field::new(desk, "radios", "state", key("roster-life")).choices(state));
    }
    for (name, label, at) in SEALED {
        let kind = match name {
            "birth" => "date",
            "note" | "needs" => "area",
            _ => "text",
        };
        let mut field = Field::new(desk, kind, name, label).optional();
        if page.known[at] {
            field = field.hint(desk.t("roster-known-hint"));
        }
        fields.push(field);
    }
    let known = SEALED.iter().filter(|(_, _, at)| page.known[*at]);
    let away: Vec<Choice> = known
        .map(|(name, label, _)| Choice::new(*name, desk.t(label)))
        .collect();
    if !away.is_empty() {
        fields.push(
            Field::new(desk, "checkboxes", "away", key("roster-take-away"))
                .optional()
                .choices(away),
        );
    }
    Act {
        title: desk
            .frame
            .one("roster-person-edit-of", "name", &page.name)
            .into_owned(),
        back: desk.at(&format!("/people/{}", page.party.id)),
        back_text: page.name.clone(),
        fields,
        follows: vec![desk.t("roster-kept-follows")],
        asked: Vec::new(),
        send: desk.t("roster-save"),
        grave: false,
    }
}

pub async fn show(desk: Desk) -> Response {
    match known(&desk).await {
        Ok(page) => {
            let act = act(&desk, &page);
            let state = match page.party.state {
                PartyState::Alive => "alive",
                PartyState::Deceased => "deceased",
            };
            let form = Form::filled([
                ("version", page.party.version.to_string()),
                ("state", state.to_owned()),
                (
                    "representative",
                    page.party.representative.unwrap_or_default(),
                ),
            ]);
            draw(desk, act, form, false)
        }
        Err(e) => desk.refused(&e),
    }
}

/// An empty field leaves what is there, unless it is ticked to be taken away.
fn said(form: &Form, name: &str, text: Option<String>) -> Option<String> {
    let away = form.has("away", name);
    text.or_else(|| away.then(String::new))
}

pub async fn send(desk: Desk, mut form: Form) -> Response {
    let page = match known(&desk).await {
        Ok(page) => page,
        Err(e) => return desk.refused(&e),
    };
    let act = act(&desk, &page);
    let name = text(&mut form, "name", key("roster-name"), NAME_CHARS_MAX);
    let birth = day(&mut form, "birth", key("roster-birth"));
    let mut texts = [None, None, None, None, None];
    for (slot, (field, label, _)) in texts.iter_mut().zip(&SEALED[1..]) {
        let typed = text(&mut form, field, label, TEXT_CHARS_MAX);
        *slot = said(&form, field, typed);
    }
    let [workplace, emergency, address, needs, note] = texts;
    let organisation = page.party.organisation;
    let state = form.value("state");
    let deceased = (!organisation && !state.is_empty()).then(|| state == "deceased");
    let representative = organisation.then(|| form.value("representative").to_owned());
    let draft = PersonDraft {
        name,
        deceased,
        representative,
        birth: said(&form, "birth", birth),
        workplace,
        emergency,
        address,
        needs,
        note,
        ..PersonDraft::default()
    };
    if goes_back(&form) || !is_sure(&form) {
        let checking = !goes_back(&form);
        return draw(desk, act, form, checking);
    }
    let version = form.value("version").parse().unwrap_or(0);
    let (c, id) = (desk.actor.community, page.party.id);
    match edit_person(&desk.house, &desk.actor, c, id, version, &draft).await {
        Ok(()) => desk.done(&format!("/people/{id}"), desk.t("roster-saved")),
        Err(e) => again(desk, act, form, &e),
    }
}

fn phones_act(desk: &Desk, page: &PersonPage) -> Act {
    let mut fields = vec![
        Field::new(desk, "phone", "phone", key("roster-phone-new")).optional(),
        Field::new(desk, "tick", "main", key("roster-phone-main")).optional(),
    ];
    let numbers = page.phones.iter();
    let ends: Vec<Choice> = numbers
        .map(|(id, shown)| Choice::new(id.as_str(), shown))
        .collect();
    if !ends.is_empty() {
        fields.push(
            Field::new(desk, "checkboxes", "ends", key("roster-phone-ends"))
                .optional()
                .choices(ends),
        );
    }
    Act {
        title: desk
            .frame
            .one("roster-phones-of", "name", &page.name)
            .into_owned(),
        back: desk.at(&format!("/people/{}", page.party.id)),
        back_text: page.name.clone(),
        fields,
        follows: vec![desk.t("roster-phones-follow")],
        asked: Vec::new(),
        send: desk.t("roster-save"),
        grave: false,
    }
}

pub async fn show_phones(desk: Desk) -> Response {
    match known(&desk).await {
        Ok(page) => {
            let act = phones_act(&desk, &page);
            draw(desk, act, Form::default(), false)
        }
        Err(e) => desk.refused(&e),
    }
}

pub async fn send_phones(desk: Desk, mut form: Form) -> Response {
    let page = match known(&desk).await {
        Ok(page) => page,
        Err(e) => return desk.refused(&e),
    };
    let act = phones_act(&desk, &page);
    let new = phone(&mut form, "phone");
    let ends: Vec<Id> = form.all("ends").filter_map(|id| id.parse().ok()).collect();
    if new.is_none() && ends.is_empty() && !form.failed() {
        form.fault("phone", say("roster-error-phone-none"));
    }
    if goes_back(&form) || !is_sure(&form) {
        let checking = !goes_back(&form);
        return draw(desk, act, form, checking);
    }
    let (c, id) = (desk.actor.community, page.party.id);
    let main = form.value("main") == "yes" || page.phones.is_empty();
    let done = async {
        // The new one first: somebody who can be called is never lost on the way.
        if let Some(number) = &new {
            add_phone(&desk.house, &desk.actor, c, id, number, main).await?;
        }
        for phone in ends {
            end_phone(&desk.house, &desk.actor, c, id, phone).await?;
        }
        Ok::<_, RosterError>(())
    };
    match done.await {
        Ok(()) => desk.done(&format!("/people/{id}"), desk.t("roster-saved")),
        Err(e) => again(desk, act, form, &e),
    }
}
