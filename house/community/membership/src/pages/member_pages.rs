//! Members: the office's list and record with its measures, the member's own page.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::members::{self, Measure, MemberFilter};
use super::super::state::State;
use super::super::view;
use super::{By, refused, words};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{
    self, Chip, Form, Frame, Line, ListQuery, Moment, Pager, Tag, onward, problem,
};
use permissions::Permission;

struct Row {
    id: String,
    room: String,
    name: String,
    relation: &'static str,
    state: Tag,
    since: i64,
    /// A removal waits for its second person.
    waits: bool,
}

#[derive(Template)]
#[template(path = "membership/members.html")]
struct MembersPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    base: String,
    /// Where a platform's own list is compared, for those who may.
    reconcile: Option<String>,
}

#[derive(Template)]
#[template(path = "membership/member.html")]
struct MemberPage {
    frame: Frame,
    base: String,
    id: String,
    version: i64,
    state: Tag,
    lines: Vec<Line>,
    moments: Vec<Moment>,
    may_suspend: bool,
    may_resume: bool,
    may_remove: bool,
    proposal: String,
    own_proposal: bool,
}

struct Own {
    id: String,
    room: String,
    relation: &'static str,
    state: Tag,
    words: String,
    notice_only: bool,
    may_leave: bool,
    may_stay: bool,
    moments: Vec<Moment>,
}

#[derive(Template)]
#[template(path = "membership/mine.html")]
struct MinePage {
    frame: Frame,
    base: String,
    mine: Vec<Own>,
    /// Who saw something of theirs in clear, when and why.
    seen: Vec<Moment>,
}

const STATES: [State; 5] = [
    State::Active,
    State::Suspended,
    State::Leaving,
    State::Removed,
    State::Ended,
];

/// The list.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let filter = MemberFilter {
        state: State::from_word(list.value("state")),
        proposals: list.value("proposal") == "yes",
        search: list.value("q").to_owned(),
        after: list
            .value("after")
            .rsplit_once('~')
            .and_then(|(room, id)| Some((room.to_owned(), id.parse().ok()?))),
    };
    let found = match members::list(&house, &by, &filter).await {
        Ok(found) => found,
        Err(e) => return refused(frame, e),
    };
    let all = Chip {
        name: "state",
        value: String::new(),
        text: frame.t("membership-members-all").into_owned(),
        count: None,
    };
    let mut chips = vec![all];
    chips.extend(STATES.into_iter().map(|state| Chip {
        name: "state",
        value: state.word().into(),
        text: frame.t(words::state(state).word).into_owned(),
        count: None,
    }));
    chips.push(Chip {
        name: "proposal",
        value: "yes".into(),
        text: frame.t("membership-members-proposals").into_owned(),
        count: None,
    });
    let rows: Vec<Row> = found
        .rows
        .into_iter()
        .map(|m| Row {
            id: m.id.to_string(),
            room: m.room_code,
            name: m.name,
            relation: words::relation(m.relation),
            state: words::state(m.state),
            since: m.since.0,
            waits: m.removal_by.is_some(),
        })
        .collect();
    let pager = Pager {
        total: u64::try_from(found.total).unwrap_or(0),
        shown: rows.len() as u64,
        before: None,
        after: found.after.map(|(room, id)| format!("{room}~{id}")),
    };
    page::ok(MembersPage {
        base: format!("/c/{c}/members"),
        reconcile: by
            .has(Permission::MembershipReconcile)
            .then(|| format!("/c/{c}/reconcile")),
        list,
        chips,
        rows,
        pager,
        frame: frame.titled("membership-members-title"),
    })
}

/// One member.
pub async fn record(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let looked = async {
        let m = members::member(&house, &by, id).await?;
        let mut story = view::story(&house, by.community, "member", id).await?;
        if let Some(application) = m.application {
            story.extend(view::story(&house, by.community, "application", application).await?);
        }
        story.sort_by_key(|l| l.seq);
        Ok((m, story))
    };
    let (m, story) = match looked.await {
        Ok(looked) => looked,
        Err(e) => return refused(frame, e),
    };
    let may = by.has(Permission::MembershipRemove);
    let mut lines = vec![
        Line::new(frame.t("membership-field-room"), m.room_code.clone()),
        Line::new(
            frame.t("membership-field-relation"),
            frame.t(words::relation(m.relation)),
        ),
        Line::new(frame.t("membership-member-since"), frame.date(m.since.0)),
    ];
    if let Some(until) = m.until_at {
        lines.push(Line::new(
            frame.t("membership-member-until"),
            frame.date(until.0),
        ));
    }
    if !m.words.is_empty() {
        lines.push(Line::new(
            frame.t("membership-member-words"),
            m.words.clone(),
        ));
    }
    page::ok(MemberPage {
        base: format!("/c/{c}/members"),
        id: m.id.to_string(),
        version: m.version,
        state: words::state(m.state),
        moments: words::timeline(&frame, &story, &[]),
        may_suspend: may && matches!(m.state, State::Active | State::Leaving),
        may_resume: may && m.state == State::Suspended,
        may_remove: may && m.state.is_member() && m.removal_by.is_none(),
        own_proposal: m.removal_by.is_some() && m.removal_by == by.account,
        proposal: if may && m.removal_by.is_some() {
            m.removal_words.clone()
        } else {
            String::new()
        },
        lines,
        frame: frame.named(format!("{} {}", m.room_code, m.name)),
    })
}

/// A measure of the office.
pub async fn measure(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, act)): Path<(String, String, String)>,
    frame: Frame,
    mut form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let version = form.value("version").parse().unwrap_or(0);
    let words = form.value("reason").to_owned();
    let days = form
        .field("days", "membership-member-days")
        .number(1..=members::TERM_DAYS_MAX);
    let measure = match act.as_str() {
        "suspend" => Measure::Suspend {
            days: days.unwrap_or(7),
            words,
        },
        "resume" => Measure::Resume,
        "ask-removal" => Measure::AskRemoval {
            days: days.unwrap_or(30),
            words,
        },
        "confirm-removal" => Measure::ConfirmRemoval,
        "drop-removal" => Measure::DropRemoval,
        _ => return problem::page(frame, StatusCode::NOT_FOUND),
    };
    match members::measure(&house, &by, id, version, measure).await {
        Ok(_) => onward::to(&format!("/c/{c}/members/{id}")),
        Err(e) => refused(frame, e),
    }
}

/// The member's own page.
pub async fn mine(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
) -> Response {
    let Some(account) = by.account else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let looked = async {
        let mut mine = Vec::new();
        for m in members::of_account(&house, by.community, account).await? {
            let mut story = view::story(&house, by.community, "member", m.id).await?;
            if let Some(application) = m.application {
                story.extend(view::story(&house, by.community, "application", application).await?);
            }
            story.sort_by_key(|l| l.seq);
            mine.push((m, story));
        }
        let seen = view::who_saw(&house, &by).await?;
        Ok((mine, words::seen(&frame, &seen)))
    };
    match looked.await {
        Ok((mine, seen)) => page::ok(MinePage {
            seen,
            base: format!("/c/{c}/my-membership"),
            mine: mine
                .into_iter()
                .map(|(m, story)| Own {
                    id: m.id.to_string(),
                    relation: words::relation(m.relation),
                    state: words::state(m.state),
                    notice_only: m.notice_only,
                    may_leave: matches!(m.state, State::Active | State::Suspended),
                    may_stay: m.state == State::Leaving,
                    moments: words::timeline(&frame, &story, &[]),
                    room: m.room_code,
                    words: m.words,
                })
                .collect(),
            frame: frame.titled("membership-mine-title"),
        }),
        Err(e) => refused(frame, e),
    }
}

/// Leaves, or stays after all.
pub async fn leave(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id, act)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match members::leave(&house, &by, id, act == "leave").await {
        Ok(_) => onward::to(&format!("/c/{c}/my-membership")),
        Err(e) => refused(frame, e),
    }
}
