//! The roster on the screen: rooms in shelf order with one search box, a room with its
//! people and what happened, a person whose data are revealed one by one for a reason.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::people::Relation;
use super::rows::{PURPOSES, STATES};
use super::story::story;
use super::{Column, Filter, Hit, PersonHere, PersonPage, Room, RoomRow, RosterError, Spot, store};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{
    self, Chip, Form, Frame, Line, ListQuery, Masked, Moment, Pager, key, problem, say,
};
use permissions::Permission;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

/// Hits of each kind that a search shows.
const HITS: usize = 20;

/// The doors of this room.
pub fn routes() -> Routes {
    let read = Needs::May(Permission::RosterRead);
    let unmask = Needs::MayRecent(Permission::PersonUnmask);
    Routes::new()
        .get("/c/{c}/roster", read, list)
        .get("/c/{c}/rooms/{id}", read, room)
        .post("/c/{c}/rooms/{id}/note", unmask, room_note)
        .get("/c/{c}/people/{id}", read, person)
        .post("/c/{c}/people/{id}/unmask", unmask, reveal)
        .and(super::forms::routes())
        .and(super::takeout::routes())
}

#[derive(Template)]
#[template(path = "roster/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    root: String,
    chips: Vec<Chip>,
    narrower: Vec<Chip>,
    may_write: bool,
    may_import: bool,
    may_export: bool,
    may_order: bool,
    rows: Vec<RoomRow>,
    hits: Vec<Hit>,
    searched: bool,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "roster/room.html")]
struct RoomPage {
    frame: Frame,
    root: String,
    lines: Vec<Line>,
    people: Vec<PersonHere>,
    tags: Vec<super::Tag>,
    /// Vehicles by id and plate.
    plates: Vec<(Id, String)>,
    id: Id,
    may_write: bool,
    may_fees: bool,
    may_archive: bool,
    code: String,
    moments: Vec<Moment>,
    opened: Vec<String>,
}

#[derive(Template)]
#[template(path = "roster/person.html")]
struct PersonView {
    frame: Frame,
    root: String,
    lines: Vec<Line>,
    rooms: Vec<(super::RoomRef, Relation)>,
    plates: Vec<(super::RoomRef, String)>,
    id: Id,
    may_write: bool,
    may_fees: bool,
    moments: Vec<Moment>,
    opened: Vec<String>,
}

pub(super) fn refuse(frame: Frame, e: &RosterError) -> Response {
    match e {
        RosterError::Forbidden(_) => problem::page(frame, StatusCode::FORBIDDEN),
        RosterError::NoSuchRoom | RosterError::NoSuchParty => {
            problem::page(frame, StatusCode::NOT_FOUND)
        }
        RosterError::Reason => problem::page_saying(
            frame,
            StatusCode::UNPROCESSABLE_ENTITY,
            &say("roster-error-reason"),
        ),
        e => {
            tracing::error!(error = %e, "a roster page failed");
            problem::page(frame, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

impl ListPage {
    /// Square metres with two decimals, as title deeds have them.
    fn area(&self, room: &Room) -> String {
        area(room)
    }
    fn state(&self, room: &Room) -> String {
        word(&self.frame, state_word(room.facts.state.as_deref()))
    }
}

fn area(room: &Room) -> String {
    room.facts
        .area
        .map_or_else(String::new, |a| format!("{}.{:02} m²", a / 100, a % 100))
}

fn word(frame: &Frame, key: Option<&'static str>) -> String {
    key.map_or_else(String::new, |k| frame.t(k).into_owned())
}

pub fn state_word(state: Option<&str>) -> Option<&'static str> {
    Some(match state? {
        "not_handed_over" => key("roster-state-not-handed-over"),
        "handed_over" => key("roster-state-handed-over"),
        "vacant" => key("roster-state-vacant"),
        "owner_occupied" => key("roster-state-owner-occupied"),
        _ => key("roster-state-let"),
    })
}

pub fn purpose_word(purpose: Option<&str>) -> Option<&'static str> {
    Some(match purpose? {
        "residence" => key("roster-use-residence"),
        "shop" => key("roster-use-shop"),
        "parking" => key("roster-use-parking"),
        _ => key("roster-use-other"),
    })
}

pub(super) fn tie_word(tie: super::Tie) -> &'static str {
    match tie {
        super::Tie::Owner => key("roster-tie-owner"),
        super::Tie::CoOwner => key("roster-tie-co-owner"),
        super::Tie::Tenant => key("roster-tie-tenant"),
        super::Tie::Family => key("roster-tie-family"),
    }
}

async fn list(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path(slug): Path<String>,
    frame: Frame,
    list: ListQuery,
) -> Response {
    match list_page(&house, &by, &frame, &slug, list).await {
        Ok(response) => response,
        Err(e) => refuse(frame, &e),
    }
}

async fn list_page(
    house: &House,
    by: &Actor,
    frame: &Frame,
    slug: &str,
    list: ListQuery,
) -> Result<Response, RosterError> {
    let c = by.community;
    let mut filter = Filter {
        building: list.value("building").to_owned(),
        purpose: list.value("use").to_owned(),
        state: list.value("state").to_owned(),
        tag: list.value("tag").parse().ok(),
        ownerless: list.has("owner", "none"),
        ..Filter::default()
    };
    let after = Spot::read(list.value("after"));
    let before = Spot::read(list.value("before"));
    filter.backwards = !before.is_start();
    let from = if filter.backwards { &before } else { &after };
    let (mut rows, more) = super::rooms_page(house, by, c, &filter, from).await?;
    let total = super::rooms_count(house, by, c, &filter).await?;
    if filter.backwards {
        rows.reverse();
    }
    let edge = |row: Option<&RoomRow>| row.map(|r| Spot::of(&r.room).to_string());
    let has_before = if filter.backwards {
        more
    } else {
        !after.is_start()
    };
    let has_after = filter.backwards || more;
    let query = list.value("q").to_owned();
    let hits = super::search(house, by, c, &query, HITS).await?;
    let all = |name| Chip {
        name,
        value: String::new(),
        text: frame.t("roster-all").into_owned(),
        count: None,
    };
    let mut chips = vec![all("building")];
    for building in super::buildings(house, c).await?.into_iter().take(40) {
        chips.push(Chip {
            name: "building",
            text: frame.one("roster-building", "name", &building).into_owned(),
            value: building,
            count: None,
        });
    }
    chips.push(Chip {
        name: "owner",
        value: "none".into(),
        text: frame.t("roster-ownerless").into_owned(),
        count: None,
    });
    let chip = |name, value: &str, word: Option<&'static str>| Chip {
        name,
        value: value.to_owned(),
        text: word.map_or_else(String::new, |k| frame.t(k).into_owned()),
        count: None,
    };
    let mut narrower = vec![chip("state", "", Some(key("roster-all-states")))];
    narrower.extend(STATES.map(|s| chip("state", s, state_word(Some(s)))));
    narrower.push(chip("use", "", Some(key("roster-all-uses"))));
    narrower.extend(PURPOSES.map(|p| chip("use", p, purpose_word(Some(p)))));
    let tags = super::tags(house, c).await?;
    if !tags.is_empty() {
        narrower.push(chip("tag", "", Some(key("roster-all-tags"))));
    }
    narrower.extend(tags.into_iter().take(40).map(|t| Chip {
        name: "tag",
        value: t.id.to_string(),
        text: t.name,
        count: None,
    }));
    Ok(page::ok(ListPage {
        narrower,
        may_write: by.has(Permission::RosterWrite),
        may_import: by.has(Permission::ImportRun),
        may_export: by.has(Permission::ExportRun),
        may_order: by.has(Permission::ArchiveSet),
        root: format!("/c/{slug}"),
        pager: Pager {
            total,
            shown: rows.len() as u64,
            before: edge(rows.first()).filter(|_| has_before),
            after: edge(rows.last()).filter(|_| has_after),
        },
        chips,
        rows,
        hits,
        searched: !query.is_empty(),
        list,
        frame: frame.clone().titled("roster-title"),
    }))
}

async fn room(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match room_page(&house, &by, &frame, &slug, id, Vec::new()).await {
        Ok(response) => response,
        Err(e) => refuse(frame, &e),
    }
}

async fn room_page(
    house: &House,
    by: &Actor,
    frame: &Frame,
    slug: &str,
    id: Id,
    opened: Vec<String>,
) -> Result<Response, RosterError> {
    by.may(Permission::RosterRead)?;
    let c = by.community;
    let room = super::room(house, c, id)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let people = super::people_of_room(house, c, id).await?;
    let plates: Vec<(Id, String)> = house.db.all(store::vehicles(c, id)).await?;
    let tags = super::tags_of(house, c, id).await?;
    let text = |k: &'static str| frame.t(k).into_owned();
    let f = &room.facts;
    let mut lines = vec![
        Line::new(text("roster-area"), area(&room)),
        Line::new(text("roster-floor"), f.floor.clone().unwrap_or_default()),
        Line::new(
            text("roster-use"),
            word(frame, purpose_word(f.purpose.as_deref())),
        ),
        Line::new(
            text("roster-state"),
            word(frame, state_word(f.state.as_deref())),
        ),
        Line::new(
            text("roster-moved-in"),
            f.moved_in.clone().unwrap_or_default(),
        ),
    ];
    if room.has_note {
        lines.push(Line::new(text("roster-note"), "").masked(Masked {
            masked: "***".into(),
            reveal: reveal_at(by, format!("/c/{slug}/rooms/{id}/note")),
            field: "note".into(),
        }));
    }
    let moments = story(house, c, frame, &["room", "fee_account"], id).await?;
    Ok(page::ok(RoomPage {
        id,
        may_write: by.has(Permission::RosterWrite),
        may_fees: by.has(Permission::FeesRead),
        may_archive: by.has(Permission::ArchiveRead),
        code: room.at.code.clone(),
        moments,
        frame: frame.clone().named(room.at.code),
        root: format!("/c/{slug}"),
        lines,
        people,
        tags,
        plates,
        opened,
    }))
}

/// Where a reason is posted; nowhere for those who may not reveal.
fn reveal_at(by: &Actor, href: String) -> String {
    if by.has(Permission::PersonUnmask) {
        href
    } else {
        String::new()
    }
}

async fn room_note(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let shown = async {
        let opened =
            super::unmask_room_note(&house, &by, by.community, id, form.value("reason")).await?;
        room_page(&house, &by, &frame, &slug, id, opened).await
    };
    match shown.await {
        Ok(response) => response,
        Err(e) => refuse(frame, &e),
    }
}

async fn person(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    match person_page(&house, &by, &frame, &slug, id, Vec::new()).await {
        Ok(response) => response,
        Err(e) => refuse(frame, &e),
    }
}

async fn person_page(
    house: &House,
    by: &Actor,
    frame: &Frame,
    slug: &str,
    id: Id,
    opened: Vec<String>,
) -> Result<Response, RosterError> {
    let PersonPage {
        party,
        name,
        phones,
        documents,
        known,
        rooms,
        plates,
    } = super::person(house, by, by.community, id).await?;
    let reveal = reveal_at(by, format!("/c/{slug}/people/{id}/unmask"));
    let masked = |label: &'static str, shown: String, column: Column| {
        Line::new(frame.t(label), "").masked(Masked {
            masked: shown,
            reveal: reveal.clone(),
            field: column.word().into(),
        })
    };
    let joined = |parts: Vec<String>| frame.join(&parts).into_owned();
    let mut lines = vec![masked(key("roster-name"), name.clone(), Column::Name)];
    if !phones.is_empty() {
        let shown = joined(phones.into_iter().map(|p| p.1).collect());
        lines.push(masked(key("roster-phone"), shown, Column::Phones));
    }
    if !documents.is_empty() {
        let shown = joined(documents.into_iter().map(|d| d.1).collect());
        lines.push(masked(key("roster-document"), shown, Column::Documents));
    }
    let sealed = [
        (key("roster-birth"), Column::Birth),
        (key("roster-workplace"), Column::Workplace),
        (key("roster-emergency"), Column::Emergency),
        (key("roster-address"), Column::Address),
        (key("roster-needs"), Column::Needs),
        (key("roster-note"), Column::Note),
    ];
    for ((label, column), is_known) in sealed.into_iter().zip(known) {
        if is_known {
            lines.push(masked(label, "***".into(), column));
        }
    }
    if let Some(uscc) = &party.uscc {
        lines.push(Line::new(frame.t("roster-uscc"), uscc.clone()));
    }
    let moments = story(house, by.community, frame, &["party"], id).await?;
    Ok(page::ok(PersonView {
        id,
        // A record that was merged away is only looked at.
        may_write: by.has(Permission::RosterWrite) && party.merged_into.is_none(),
        may_fees: by.has(Permission::FeesRead),
        moments,
        frame: frame.clone().named(name),
        root: format!("/c/{slug}"),
        lines,
        rooms,
        plates,
        opened,
    }))
}

async fn reveal(
    State(house): State<Arc<House>>,
    Extension(by): Extension<Actor>,
    Path((slug, id)): Path<(String, Id)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Some(column) = Column::from_word(form.value("field")) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let shown = async {
        let reason = form.value("reason");
        let opened = super::unmask(&house, &by, by.community, id, column, reason).await?;
        person_page(&house, &by, &frame, &slug, id, opened).await
    };
    match shown.await {
        Ok(response) => response,
        Err(e) => refuse(frame, &e),
    }
}

impl RoomPage {
    fn tie(&self, person: &PersonHere) -> String {
        self.frame.t(tie_word(person.relation.kind)).into_owned()
    }
    fn share(&self, person: &PersonHere) -> String {
        match person.relation.share {
            None => String::new(),
            Some((0, _)) => self.frame.t("roster-joint").into_owned(),
            Some((part, whole)) => format!("{part}/{whole}"),
        }
    }
    fn term(&self, person: &PersonHere) -> String {
        term(&person.relation)
    }
}

impl PersonView {
    fn tie(&self, relation: &Relation) -> String {
        self.frame.t(tie_word(relation.kind)).into_owned()
    }
    fn term(&self, relation: &Relation) -> String {
        term(relation)
    }
}

fn term(relation: &Relation) -> String {
    let from = relation.from.as_deref().unwrap_or("");
    match &relation.until {
        Some(until) => format!("{from} – {until}"),
        None if from.is_empty() => String::new(),
        None => format!("{from} –"),
    }
}
