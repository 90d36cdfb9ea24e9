//! The verification desk: the queue, one application side by side with the roster,
//! the decisions, the slip.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::http::StatusCode;
use axum::response::Response;

use super::super::checks::{CheckKind, Outcome};
use super::super::desk::{self, ASKS, Decision, REFUSALS};
use super::super::state::State;
use super::super::view::{self, QueueFilter, Record};
use super::super::{invite as invitations, pictures};
use super::{By, Origin, jpeg, refused, status, to, words};
use crate::foundation::clock::Moment as At;
use crate::foundation::house::House;
use crate::foundation::ids::Id;
use crate::foundation::page::{
    self, Chip, Choice, Comparison, Form, Frame, Line, ListQuery, Moment, Pager, Tag, Thumb,
    Verdict, key, problem,
};

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
}

struct CheckLine {
    name: &'static str,
    outcome: Tag,
    why: String,
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
    lines: Vec<Line>,
    moments: Vec<Moment>,
    asks: Vec<Choice>,
    refusals: Vec<Choice>,
    may_decide: bool,
    may_invite: bool,
    other_looks: bool,
}

#[derive(Template)]
#[template(path = "membership/slip.html")]
struct SlipPage {
    frame: Frame,
    room: String,
    name: String,
    number: String,
    until: i64,
    link: String,
    qr: String,
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
        before: None,
        after: page.after.map(|(at, id)| format!("{}.{id}", at.0)),
    };
    page::ok(QueuePage {
        base: format!("/c/{c}/applications"),
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

/// Approves the marked ones that are all green.
pub async fn bulk(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    frame: Frame,
    form: Form,
) -> Response {
    let ids: Vec<Id> = form.all("row").filter_map(|id| id.parse().ok()).collect();
    match desk::approve_green(&house, &by, &ids).await {
        Ok(_) => to(&format!("/c/{c}/applications")),
        Err(e) => refused(frame, e),
    }
}

/// One application.
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
        let record = view::record(&house, &by, id).await?;
        let story = view::story(&house, by.community, "application", id).await?;
        Ok((record, story))
    };
    match looked.await {
        Ok((record, story)) => page::ok(draw(frame, &by, &c, record, &story)),
        Err(e) => refused(frame, e),
    }
}

fn draw(
    frame: Frame,
    by: &crate::people::actor::Actor,
    c: &str,
    r: Record,
    story: &[view::Line],
) -> RecordPage {
    use crate::people::permissions::Permission;
    let app = &r.app;
    let base = format!("/c/{c}/applications");
    let own = format!("{base}/{}", app.id);
    let verdict =
        |kind: CheckKind| match r.checks.iter().find(|k| k.kind == kind).map(|k| k.outcome) {
            Some(Outcome::Pass) => Verdict::Agrees,
            Some(Outcome::Fail) => Verdict::Differs,
            _ => Verdict::Unknown,
        };
    let why = |kind: CheckKind| {
        // The tag says already that they agree.
        let check = r
            .checks
            .iter()
            .find(|k| k.kind == kind && k.outcome != Outcome::Pass);
        check.map(|k| words::why(&frame, k)).unwrap_or_default()
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
    let checks = r.checks.iter().filter(|k| !beside.contains(&k.kind));
    let checks = checks
        .map(|k| CheckLine {
            name: words::check(k.kind),
            outcome: words::outcome(k.outcome),
            why: words::why(&frame, k),
        })
        .collect();
    let thumbs = r.pictures.iter().enumerate().map(|(i, p)| Thumb {
        href: format!("{own}/pictures/{}", p.id),
        picture: format!("{own}/pictures/{}", p.id),
        name: frame
            .one("membership-picture-name", "number", i + 1)
            .into_owned(),
        note: String::new(),
    });
    let undecided = matches!(
        app.state,
        State::Submitted | State::Verifying | State::NeedsInfo
    );
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
        advice: words::advice(app.advice),
        comparisons,
        checks,
        thumbs: thumbs.collect(),
        lines,
        moments: words::timeline(&frame, story),
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

/// Decides, and opens the next one that waits.
pub async fn decide(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    frame: Frame,
    form: Form,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let version = form.value("version").parse().unwrap_or(0);
    let words = form.value("words").to_owned();
    let one_of =
        |list: &[&'static str], name: &str| list.iter().find(|v| **v == form.value(name)).copied();
    let decision = match form.value("act") {
        "open" => Some(Decision::Open),
        "approve" => Some(Decision::Approve),
        "ask" => one_of(&ASKS, "what").map(|what| Decision::AskMore { what, words }),
        "refuse" => one_of(&REFUSALS, "why").map(|why| Decision::Refuse { why, words }),
        _ => None,
    };
    let Some(decision) = decision else {
        let sentence = page::say("membership-error-reason");
        return problem::page_saying(frame, StatusCode::UNPROCESSABLE_ENTITY, &sentence);
    };
    let stays = decision == Decision::Open;
    if let Err(e) = desk::decide(&house, &by, id, version, decision).await {
        return refused(frame, e);
    }
    let base = format!("/c/{c}/applications");
    match view::next_waiting(&house, by.community, id).await {
        _ if stays => to(&format!("{base}/{id}")),
        Ok(Some(next)) => to(&format!("{base}/{next}")),
        Ok(None) => to(&base),
        Err(e) => refused(frame, e),
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

/// Issues an invitation and shows it this once: link, QR, a slip to print.
pub async fn invite(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, String)>,
    Origin(origin): Origin,
    frame: Frame,
) -> Response {
    let Ok(id) = id.parse::<Id>() else {
        return problem::page(frame, StatusCode::NOT_FOUND);
    };
    let issued = match invitations::invite(&house, &by, id).await {
        Ok(issued) => issued,
        Err(e) => return refused(frame, e),
    };
    let record = match view::record(&house, &by, id).await {
        Ok(record) => record,
        Err(e) => return refused(frame, e),
    };
    let link = format!("{origin}/c/{c}/join/{}", issued.secret);
    page::ok(SlipPage {
        room: record.app.room_code,
        name: record.app.name,
        number: format!("No. {:06}", issued.number),
        until: issued.expires_at.0,
        qr: status::qr_svg(&link),
        link,
        frame: frame.titled("membership-slip-title"),
    })
}
