//! The review queue: gravest first, then oldest.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as Place};
use axum::response::Response;

use super::{By, refused, words};
use crate::QueueFilter;
use crate::state::CaseState;
use crate::view::{self, Row};
use foundation::clock::Moment;
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::{self, Chip, Frame, ListQuery, Pager, Tone, key};
use permissions::Permission;

/// Signs of what was said that stand in the list.
const GLANCE_CHARS: usize = 40;

struct Line {
    id: String,
    text: String,
    found: String,
    tone: Tone,
    reports: i64,
    author: String,
    seen: &'static str,
    at: i64,
}

#[derive(Template)]
#[template(path = "conduct/queue.html")]
struct QueuePage {
    frame: Frame,
    list: ListQuery,
    base: String,
    links: Vec<(String, String)>,
    chips: Vec<Chip>,
    rows: Vec<Line>,
    pager: Pager,
}

fn line(frame: &Frame, row: &Row) -> Line {
    let pieces = row
        .body
        .as_ref()
        .map(super::case::pieces)
        .unwrap_or_default();
    let text: String = pieces.into_iter().map(|p| p.text).collect();
    let mut glance: String = text.chars().take(GLANCE_CHARS).collect();
    if text.chars().count() > GLANCE_CHARS {
        glance.push('…');
    }
    if glance.is_empty() {
        glance = frame.t("conduct-forgotten").into_owned();
    }
    let k = &row.case;
    let found = match k.rule.as_str() {
        "" => frame.t(words::category(&k.category)),
        rule => frame.t(words::rule(rule)),
    };
    Line {
        id: k.id.to_string(),
        text: glance,
        found: found.into_owned(),
        tone: if k.severity >= 3_000 {
            Tone::Overdue
        } else {
            Tone::Waiting
        },
        reports: row.reports as i64,
        author: row.author.clone(),
        seen: words::seen(k.visible),
        at: k.opened_at.0,
    }
}

/// The queue.
pub async fn queue(
    Place(house): Place<Arc<House>>,
    Extension(by): By,
    Path(c): Path<String>,
    list: ListQuery,
    frame: Frame,
) -> Response {
    let filter = QueueFilter {
        state: CaseState::from_word(list.value("state")),
        category: list.value("category").to_owned(),
        reported: list.value("reported") == "yes",
        after: cursor(list.value("after")),
    };
    let queue = match view::queue(&house, &by, &filter).await {
        Ok(queue) => queue,
        Err(e) => return refused(frame, e),
    };
    let chip = |name: &'static str, value: &str, word: &str| Chip {
        name,
        value: value.to_owned(),
        text: frame.t(word).into_owned(),
        count: None,
    };
    let mut chips = vec![chip("state", "", key("conduct-chip-waiting"))];
    for state in [
        CaseState::Dismissed,
        CaseState::Violation,
        CaseState::Illegal,
        CaseState::Trial,
    ] {
        chips.push(chip("state", state.word(), words::case(state).word));
    }
    for category in ["privacy", "advertising", "insult", "illegal", "spam"] {
        chips.push(chip("category", category, words::category(category)));
    }
    chips.push(chip("reported", "yes", key("conduct-chip-reported")));
    let link = |path: &str, word: &str| (format!("/c/{c}/{path}"), frame.t(word).into_owned());
    let mut links = vec![
        link("conduct-appeals", key("conduct-appeals-title")),
        link("conduct-report", key("conduct-quarter-title")),
    ];
    if by.has(Permission::ConductPolicy) {
        links.push(link("conduct-policy", key("conduct-policy-title")));
    }
    let rows: Vec<Line> = queue.rows.iter().map(|row| line(&frame, row)).collect();
    page::ok(QueuePage {
        pager: Pager {
            total: u64::try_from(queue.total).unwrap_or(0),
            shown: rows.len() as u64,
            before: None,
            after: queue
                .after
                .map(|(severity, at, id)| format!("{severity}.{}.{id}", at.0)),
        },
        base: format!("/c/{c}/conduct"),
        frame: frame.titled("conduct-queue-title"),
        list,
        links,
        chips,
        rows,
    })
}

fn cursor(text: &str) -> Option<(i64, Moment, Id)> {
    let mut parts = text.splitn(3, '.');
    let severity = parts.next()?.parse().ok()?;
    let at = Moment(parts.next()?.parse().ok()?);
    Some((severity, at, parts.next()?.parse().ok()?))
}
