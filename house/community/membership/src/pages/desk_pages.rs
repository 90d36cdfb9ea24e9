//! The verification desk's pages: the queue, and one application side by side with the
//! roster.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::checks::{Check, CheckKind, Outcome};
use super::super::desk::{ASKS, REFUSALS};
use super::super::state::State;
use super::super::view::{self, QueueFilter, Record};
use super::super::{pictures, unmask};
use super::{By, jpeg, refused, words};
use foundation::clock::Moment as At;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{
    self, Chip, Choice, Comparison, Form, Frame, Line, ListQuery, Masked, Moment, Pager, Tag,
    Thumb, Verdict, key, problem,
};
use permissions::Permission;
use permissions::actor::Actor;

struct Row {
    id: String,
    room: String,
    name: String,
    relation: &'static str,
    state: Tag,
    advice: Tag,
    at: i64,
    mine: bool,
}

#[derive(Template)]
#[template(path = "membership/queue.html")]
struct QueuePage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    base: String,
    median: Option<(i64, i64)>,
    waiting: i64,
    /// Where it is set what applicants are asked, for those who may.
    policy: Option<String>,
}

struct CheckLine {
    name: &'static str,
    outcome: Tag,
    why: String,
    /// What it said at sending, where that was another thing.
    then: String,
}

#[derive(Template)]
#[template(path = "membership/record.html")]
struct RecordPage {
    frame: Frame,
    form: Form,
    base: String,
    id: String,
    version: i64,
    state: Tag,
    advice: Tag,
    comparisons: Vec<Comparison>,
    checks: Vec<CheckLine>,
    thumbs: Vec<Thumb>,
    /// Pictures that the reader may not see.
    unseen: usize,
    lines: Vec<Line>,
    moments: Vec<Moment>,
    /// The record's own address.
    own: String,
    tied: bool,
    room_typed: String,
    room_asked: String,
    rooms: Vec<String>,
    asks: Vec<Choice>,
    refusals: Vec<Choice>,
    may_decide: bool,
    may_invite: bool,
    other_looks: bool,
}

const STATES: [State; 8] = [
    State::Submitted,
    State::Verifying,
    State::NeedsInfo,
    State::Approved,
    State::Invited,
    State::InviteExpired,
    State::Rejected,
    State::Active,
];

/// The queue.
pub async fn queue(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let (_, direction) = list.sort(&["since"]);
    let filter = QueueFilter {
        state: State::from_word(list.value("state")),
        green: list.value("green") == "yes",
        search: list.value("q").to_owned(),
        newest_first: direction == page::Direction::Down,
        after: cursor(list.value("after")),
        before: cursor(list.value("before")),
    };
    let looked = async {
        let page = view::queue(&house, &by, &filter).await?;
        let counts = view::counts(&house, by.community).await?;
        let median = view::median_to_join(&house, by.community).await?;
        Ok((page, counts, median))
    };
    let (page, counts, median) = match looked.await {
        Ok(looked) => looked,
        Err(e) => return refused(frame, e),
    };
    let count = |state: State| {
        counts
            .iter()
            .find(|(s, _)| *s == state)
            .map_or(0, |(_, n)| *n)
    };
    let waiting = count(State::Submitted) + count(State::Verifying) + count(State::Approved);
    let mut chips = vec![Chip {
        name: "state",
        value: String::new(),
        text: frame.t("membership-queue-waiting").into_owned(),
        count: u64::try_from(waiting).ok(),
    }];
    chips.extend(STATES.into_iter().map(|state| Chip {
        name: "state",
        value: state.word().into(),
        text: frame.t(words::state(state).word).into_owned(),
        count: u64::try_from(count(state)).ok(),
    }));
    chips.push(Chip {
        name: "green",
        value: "yes".into(),
        text: frame.t("membership-queue-green").into_owned(),
        count: None,
    });
    let rows: Vec<Row> = page
        .rows
        .into_iter()
        .map(|r| Row {
            id: r.id.to_string(),
            room: r.room_code,
            name: r.name,
            relation: words::relation(r.relation),
            state: words::state(r.state),
            advice: words::advice(r.advice),
            at: r.submitted_at.0,
            mine: r.verifier.is_some() && r.verifier == by.account,
        })
        .collect();
    let pager = Pager {
        total: u64::try_from(page.total).unwrap_or(0),
        shown: rows.len() as u64,
        before: page.before.map(|(at, id)| format!("{}.{id}", at.0)),
        after: page.after.map(|(at, id)| format!("{}.{id}", at.0)),
    };
    page::ok(QueuePage {
        base: format!("/c/{c}/applications"),
        policy: by
            .has(Permission::MembershipPolicy)
            .then(|| format!("/c/{c}/membership-policy")),
        list,
        chips,
        rows,
        pager,
        median,
        waiting,
        frame: frame.titled("membership-queue-title"),
    })
}

fn cursor(text: &str) -> Option<(At, Id)> {
    let (at, id) = text.split_once('.')?;
    Some((At(at.parse().ok()?), id.parse().ok()?))
}

/// One application.
pub async fn record(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let asked = Asked {
        room: list.value("room").to_owned(),
        ..Asked::default()
    };
    show(&house, &by, &c, id, asked, frame).await
}

/// What the reader of a record asked for besides.
#[derive(Default)]
pub(super) struct Asked {
    /// Part of a room's code, to tie the application to one.
    pub room: String,
    /// What was just unmasked: its column and its value.
    pub opened: Option<(unmask::Column, String)>,
}

/// The record's page.
pub(super) async fn show(
    house: &House,
    by: &Actor,
    c: &str,
    id: Id,
    asked: Asked,
    frame: Frame,
) -> Response {
    let looked = async {
        let record = view::record(house, by, id).await?;
        let story = view::story(house, by.community, "application", id).await?;
        let reasons = unmask::reasons(house, by.community, &record.app).await?;
        let found = match by.has(Permission::RosterRead) && !asked.room.is_empty() {
            true => roster::search(house, by, by.community, &asked.room, ROOMS_SHOWN).await?,
            false => Vec::new(),
        };
        let mut rooms: Vec<String> = Vec::new();
        for code in found.into_iter().filter_map(|hit| hit.room.map(|r| r.code)) {
            if !rooms.contains(&code) {
                rooms.push(code);
            }
        }
        Ok((record, words::timeline(&frame, &story, &reasons), rooms))
    };
    match looked.await {
        Ok((record, moments, rooms)) => {
            let mut page = draw(frame, by, c, record, &asked);
            page.moments = moments;
            page.rooms = rooms;
            page.room_asked = asked.room;
            page::ok(page)
        }
        Err(e) => refused(frame, e),
    }
}

/// Rooms offered for a part of a code.
const ROOMS_SHOWN: usize = 12;

fn draw(frame: Frame, by: &Actor, c: &str, r: Record, asked: &Asked) -> RecordPage {
    let app = &r.app;
    // While it is open, what is true now decides; what was true then stands beside.
    let current = r.now.as_ref().map_or(&r.checks, |n| &n.checks);
    let base = format!("/c/{c}/applications");
    let own = format!("{base}/{}", app.id);
    let verdict = |kind: CheckKind| match current.iter().find(|k| k.kind == kind).map(|k| k.outcome)
    {
        Some(Outcome::Pass) => Verdict::Agrees,
        Some(Outcome::Fail) => Verdict::Differs,
        _ => Verdict::Unknown,
    };
    let then = |kind: CheckKind| {
        let of = |list: &[Check]| list.iter().find(|k| k.kind == kind).copied();
        let (now, then) = (of(current)?, of(&r.checks)?);
        (now != then).then(|| {
            let was = frame.t(words::outcome(then.outcome).word);
            frame
                .with(
                    "membership-then",
                    &[
                        ("outcome", was.as_ref().into()),
                        ("why", words::why(&frame, &then).into()),
                    ],
                )
                .into_owned()
        })
    };
    let why = |kind: CheckKind| {
        // The tag says already that they agree.
        let check = current
            .iter()
            .find(|k| k.kind == kind && k.outcome != Outcome::Pass);
        let mut why = check.map(|k| words::why(&frame, k)).unwrap_or_default();
        if let Some(then) = then(kind) {
            why = [why, then].join(" ").trim().to_owned();
        }
        why
    };
    let row = |label: &'static str, left: String, right: String, kind: CheckKind| Comparison {
        label: frame.t(label).into_owned(),
        left,
        right,
        verdict: verdict(kind),
        why: why(kind),
    };
    let said = |r: super::super::Relation| frame.t(words::relation(r)).into_owned();
    let comparisons = vec![
        row(
            key("membership-field-room"),
            app.room_typed.clone(),
            if app.room.is_some() {
                app.room_code.clone()
            } else {
                String::new()
            },
            CheckKind::Room,
        ),
        row(
            key("membership-field-name"),
            app.name.clone(),
            frame.join(&r.roster.names).into_owned(),
            CheckKind::Name,
        ),
        row(
            key("membership-field-phone"),
            r.phone_masked.clone(),
            frame.join(&r.roster.phones).into_owned(),
            CheckKind::Phone,
        ),
        row(
            key("membership-field-relation"),
            said(app.relation),
            r.roster.relation.map(said).unwrap_or_default(),
            CheckKind::Relation,
        ),
        row(
            key("membership-field-document"),
            r.document_masked.clone(),
            String::new(),
            CheckKind::Document,
        ),
    ];
    let beside = [
        CheckKind::Room,
        CheckKind::Name,
        CheckKind::Phone,
        CheckKind::Relation,
        CheckKind::Document,
    ];
    let checks = current.iter().filter(|k| !beside.contains(&k.kind));
    let checks = checks
        .map(|k| CheckLine {
            name: words::check(k.kind),
            outcome: words::outcome(k.outcome),
            why: words::why(&frame, k),
            then: then(k.kind).unwrap_or_default(),
        })
        .collect();
    // Pictures are for verifiers; others are told how many there are.
    let may_see = by.has(Permission::MembershipVerify);
    let seen: &[pictures::Proof] = if may_see { &r.pictures } else { &[] };
    let thumbs = seen.iter().enumerate().map(|(i, p)| Thumb {
        href: format!("{own}/pictures/{}", p.id),
        picture: format!("{own}/pictures/{}", p.id),
        name: frame
            .one("membership-picture-name", "number", i + 1)
            .into_owned(),
        note: frame.t(words::picture_kind(p.kind)).into_owned(),
    });
    let undecided = app.state.is_undecided();
    let choice = |words: fn(&str) -> &'static str| move |v: &&'static str| (*v, words(v));
    let choices = |list: &[&'static str], words: fn(&str) -> &'static str| {
        list.iter()
            .map(choice(words))
            .map(|(v, k)| Choice::new(v, frame.t(k)))
            .collect::<Vec<_>>()
    };
    let mut lines = vec![Line::new(
        frame.t("membership-field-since"),
        frame.date(app.submitted_at.0),
    )];
    let secret = [
        (
            unmask::Column::Phone,
            key("membership-field-phone"),
            &r.phone_masked,
        ),
        (
            unmask::Column::Document,
            key("membership-field-document"),
            &r.document_masked,
        ),
    ];
    for (column, label, masked) in secret {
        let opened = asked.opened.as_ref().filter(|(c, _)| *c == column);
        if let Some((_, value)) = opened {
            lines.push(Line::new(frame.t(label), value.clone()));
        } else if !masked.is_empty() {
            lines.push(Line::new(frame.t(label), "").masked(Masked {
                masked: masked.clone(),
                reveal: if by.has(Permission::PersonUnmask) {
                    format!("{own}/unmask")
                } else {
                    String::new()
                },
                field: column.word().into(),
            }));
        }
    }
    if !app.note.is_empty() {
        lines.push(Line::new(
            frame.t("membership-field-note"),
            app.note.clone(),
        ));
    }
    if !app.words.is_empty() {
        lines.push(Line::new(
            frame.t("membership-field-words"),
            app.words.clone(),
        ));
    }
    RecordPage {
        base,
        id: app.id.to_string(),
        version: app.version,
        state: words::state(app.state),
        advice: words::advice(r.now.as_ref().map_or(app.advice, |n| n.advice)),
        comparisons,
        checks,
        thumbs: thumbs.collect(),
        unseen: r.pictures.len() - seen.len(),
        lines,
        moments: Vec::new(),
        rooms: Vec::new(),
        room_asked: String::new(),
        room_typed: app.room_typed.clone(),
        tied: app.room.is_some(),
        own: own.clone(),
        asks: choices(&ASKS, words::asked),
        refusals: choices(&REFUSALS, words::refusal),
        may_decide: undecided && by.has(Permission::MembershipVerify),
        may_invite: matches!(
            app.state,
            State::Approved | State::Invited | State::InviteExpired
        ) && by.has(Permission::MembershipInvite),
        other_looks: app.verifier.is_some() && app.verifier != by.account && undecided,
        form: Form::default(),
        frame: frame.named(format!("{} {}", app.room_code, app.name)),
    }
}

/// A picture, for the verifier's eyes.
pub async fn picture(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((_, id, picture)): Path<(String, String, String)>,
    frame: Frame,
) -> Response {
    let (Ok(id), Ok(picture)) = (id.parse::<Id>(), picture.parse::<Id>()) else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    match pictures::show(&house, &by, id, picture).await {
        Ok(bytes) => jpeg(bytes),
        Err(e) => refused(frame, e),
    }
}
