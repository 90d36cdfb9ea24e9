//! The office's list of notices and the page of one.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::coverage::{self, Tally};
use crate::notice::{Notice, State};
use crate::questions::{self, Question};
use crate::{NoticeError, draft, store, templates};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Frame, Line, ListQuery, Pager, Tag, Tone};
use permissions::Permission;

/// Notices on one page of the list.
const PAGE: i64 = 50;
/// Versions shown on a notice's page.
const VERSIONS_MAX: i64 = 20;

struct Row {
    href: String,
    title: String,
    class: Tag,
    state: Tag,
    audience: String,
    at: i64,
    /// 「已確認 412／500 戶」, or empty.
    reach: String,
}

struct Asked {
    href: String,
    text: String,
    byline: String,
    at: i64,
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct ListPage {
    frame: Frame,
    list: ListQuery,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    pager: Pager,
    base: String,
    asked: Vec<Asked>,
    may_emergency: bool,
}

/// The chips of the list: which states each shows.
fn states(word: &str) -> &'static [State] {
    match word {
        "standing" => &[State::Published, State::Amended],
        "past" => &[
            State::Recalled,
            State::Superseded,
            State::Archived,
            State::Cancelled,
        ],
        "waiting" => &[State::Draft, State::Review, State::Scheduled],
        _ => &State::ALL,
    }
}

/// The list, the last changed first, with the questions that wait.
pub async fn list(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let after = list
        .value("after")
        .split_once('~')
        .and_then(|(at, id)| Some((Moment(at.parse().ok()?), id.parse::<Id>().ok()?)));
    let read = async {
        let states = states(list.value("show"));
        let asked = store::page(by.community, states, None, after, PAGE + 1);
        let mut found: Vec<Notice> = house.db.all(asked).await?;
        let more = found.len() as i64 > PAGE;
        found.truncate(PAGE as usize);
        let counts: Vec<(String, i64)> = house.db.all(store::counts(by.community)).await?;
        let open = questions::open(&house, &by).await?;
        Ok::<_, NoticeError>((found, more, counts, open))
    };
    let (found, more, counts, open) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let total = |word: &str| -> u64 {
        let mine = states(word);
        let sum: i64 = counts
            .iter()
            .filter(|(s, _)| mine.iter().any(|m| m.word() == s))
            .map(|(_, n)| n)
            .sum();
        sum.max(0) as u64
    };
    let chips = [
        ("", page::key("notices-show-all")),
        ("waiting", page::key("notices-show-waiting")),
        ("standing", page::key("notices-show-standing")),
        ("past", page::key("notices-show-past")),
    ]
    .map(|(value, word)| Chip {
        name: "show",
        value: value.into(),
        text: frame.t(word).into_owned(),
        count: Some(total(value)),
    });
    let standing: Vec<Notice> = found.iter().filter(|n| n.state.stands()).cloned().collect();
    let tallies = match coverage::tallies(&house, by.community, &standing).await {
        Ok(tallies) => tallies,
        Err(e) => return refused(frame, &e),
    };
    let reach = |n: &Notice| {
        let at = standing.iter().position(|s| s.id == n.id)?;
        Some(said(&frame, n, tallies.get(at)?))
    };
    let rows: Vec<Row> = found
        .iter()
        .map(|n| Row {
            href: format!("/c/{c}/notices/{}", n.id),
            title: n.title.clone(),
            class: words::class_tag(n.class),
            state: words::state_tag(n.state),
            audience: words::audience(&frame, n),
            at: n.changed_at.0,
            reach: reach(n).unwrap_or_default(),
        })
        .collect();
    let last = found.last().filter(|_| more);
    page::ok(ListPage {
        base: format!("/c/{c}"),
        pager: Pager {
            total: total(list.value("show")),
            shown: rows.len() as u64,
            before: None,
            after: last.map(|n| format!("{}~{}", n.changed_at.0, n.id)),
        },
        asked: open
            .iter()
            .map(|q| Asked {
                href: format!("/c/{c}/notices/{}#q-{}", q.notice, q.id),
                text: q.text.clone(),
                byline: q.byline.clone(),
                at: q.at.0,
            })
            .collect(),
        may_emergency: by.has(Permission::NoticesEmergency),
        chips: chips.into(),
        rows,
        list,
        frame: frame.titled("notices-title"),
    })
}

/// How far a standing notice has come.
fn said(frame: &Frame, n: &Notice, t: &Tally) -> String {
    let word = if n.asks {
        page::key("notices-reach-confirmed")
    } else {
        page::key("notices-reach-read")
    };
    let counts = [("done", t.done.into()), ("all", t.households.into())];
    frame.with(word, &counts).into_owned()
}

struct Version {
    number: String,
    at: i64,
    material: bool,
    words: String,
    title: String,
}

#[derive(Template)]
#[template(path = "notices/show.html")]
struct ShowPage {
    frame: Frame,
    base: String,
    own: String,
    replace: String,
    row_version: i64,
    class: Tag,
    state: Tag,
    paragraphs: Vec<String>,
    lines: Vec<Line>,
    open_places: String,
    words: String,
    reach: Option<(Tally, i64)>,
    review_due: String,
    overdue: bool,
    versions: Vec<Version>,
    questions: Vec<Question>,
    may_edit: bool,
    may_approve: bool,
    own_text: bool,
    may_back: bool,
    may_cancel: bool,
    may_change: bool,
    may_archive: bool,
    may_review: bool,
    printable: bool,
}

/// One notice with what may be done to it.
pub async fn show(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path((c, id)): Path<(String, Id)>,
    frame: Frame,
) -> Response {
    let read = async {
        let n = draft::one(&house, &by, id).await?;
        let tally = if n.state.went_out() {
            Some(coverage::tally(&house, by.community, &n).await?)
        } else {
            None
        };
        let households = draft::preview(&house, &by, &n.audience).await?;
        type Kept = (i64, String, String, bool, String, Moment);
        let versions: Vec<Kept> = house
            .db
            .all(store::texts::versions(by.community, id, VERSIONS_MAX))
            .await?;
        let questions = questions::of_notice(&house, &by, id).await?;
        Ok::<_, NoticeError>((n, tally, households, versions, questions))
    };
    let (n, tally, households, versions, questions) = match read.await {
        Ok(read) => read,
        Err(e) => return refused(frame, &e),
    };
    let mut lines = vec![
        Line::new(
            frame.t("notices-field-audience"),
            words::audience(&frame, &n),
        ),
        Line::new(
            frame.t("notices-field-households"),
            frame
                .count(if n.state.went_out() {
                    n.households
                } else {
                    households
                })
                .to_string(),
        ),
        Line::new(
            frame.t("notices-field-ways"),
            words::ways(&frame, &n.ways.words()),
        ),
        Line::new(frame.t("notices-field-author"), n.author_name.clone()),
    ];
    if let Some(at) = n.published_at.or(n.publish_at) {
        let label = if n.published_at.is_some() {
            frame.t("notices-field-published")
        } else {
            frame.t("notices-field-publish")
        };
        lines.push(Line::new(label, frame.stamp(at.0)));
    }
    if n.remind_hours > 0 {
        let every = frame.one("notices-remind-every", "hours", n.remind_hours);
        lines.push(Line::new(frame.t("notices-field-remind"), every));
    }
    let approves = by.has(Permission::NoticesApprove);
    let unreviewed = n.review_due.filter(|_| n.reviewed_at.is_none());
    let places = format!("{} {}", n.title, n.body);
    let asks_for = templates::open_places(&places);
    page::ok(ShowPage {
        base: format!("/c/{c}/notices"),
        own: format!("/c/{c}/notices/{id}"),
        replace: format!("/c/{c}/notices/new?replaces={id}"),
        row_version: n.row_version,
        class: words::class_tag(n.class),
        state: words::state_tag(n.state),
        paragraphs: words::paragraphs(&n.body),
        lines,
        open_places: if n.state == State::Draft {
            asks_for.join(" ")
        } else {
            String::new()
        },
        words: n.words.clone(),
        reach: tally.map(|t| (t, t.percent_done())),
        review_due: unreviewed.map_or(String::new(), |due| frame.stamp(due.0)),
        overdue: unreviewed.is_some_and(|due| due.0 < frame.now_ms),
        versions: versions
            .into_iter()
            .map(|(number, title, _, material, words, at)| Version {
                number: number.to_string(),
                at: at.0,
                material,
                words,
                title,
            })
            .collect(),
        questions,
        may_edit: n.state == State::Draft,
        may_approve: approves && n.state == State::Review,
        own_text: by.account == Some(n.author),
        may_back: approves && matches!(n.state, State::Review | State::Scheduled),
        may_cancel: n.state.waits(),
        may_change: approves && n.state.stands(),
        may_archive: approves
            && ((n.state.stands() && !n.is_open_emergency())
                || matches!(n.state, State::Recalled | State::Superseded)),
        may_review: approves && unreviewed.is_some(),
        printable: n.state.stands(),
        frame: frame.named(n.title),
    })
}
