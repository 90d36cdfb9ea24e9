//! The SQL of versions, questions and templates.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask};
use foundation::ids::Id;
use foundation::params;

use crate::notice::{Class, Notice};

/// Keeps the version that is going out.
pub fn insert_version(
    c: Community,
    n: &Notice,
    material: bool,
    words: &str,
    account: Option<Id>,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO notice_text (community, notice, version, title, body, material, words, \
         account, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        params![
            c,
            n.id,
            n.version,
            n.title.as_str(),
            n.body.as_str(),
            material,
            words,
            account,
            now
        ],
    )
}

/// The version that the households were told: the last one that mattered.
pub fn told_version(c: Community, notice: Id) -> Ask {
    ask(
        "SELECT version FROM notice_text WHERE community = $1 AND notice = $2 AND material = 1 \
         ORDER BY version DESC LIMIT 1",
        params![c, notice],
    )
}

/// Version, title, body, whether it was material, why, when; the newest first.
pub fn versions(c: Community, notice: Id, limit: i64) -> Ask {
    ask(
        "SELECT version, title, body, material, words, at FROM notice_text \
         WHERE community = $1 AND notice = $2 ORDER BY version DESC LIMIT $3",
        params![c, notice, limit],
    )
}

const QUESTION: &str = "id, notice, account, byline, text, case_id, at, answer, answered_by, \
                        answered_at";

#[allow(clippy::too_many_arguments)] // a row's columns
pub fn insert_question(
    c: Community,
    notice: Id,
    id: Id,
    account: Id,
    byline: &str,
    text: &str,
    case: Option<Id>,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO notice_question (community, notice, id, account, byline, text, case_id, at, \
         answer, answered_by, answered_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', NULL)",
        params![c, notice, id, account, byline, text, case, now],
    )
}

pub fn questions(c: Community, notice: Id, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM notice_question WHERE community = $1 AND notice = $2 \
             ORDER BY id LIMIT $3"
        ),
        params![c, notice, limit],
    )
}

pub fn question(c: Community, notice: Id, id: Id) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM notice_question \
             WHERE community = $1 AND notice = $2 AND id = $3"
        ),
        params![c, notice, id],
    )
}

pub fn count_questions(c: Community, notice: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM notice_question WHERE community = $1 AND notice = $2",
        params![c, notice],
    )
}

pub fn count_questions_of(c: Community, notice: Id, account: Id) -> Ask {
    ask(
        "SELECT COUNT(*) FROM notice_question \
         WHERE community = $1 AND notice = $2 AND account = $3",
        params![c, notice, account],
    )
}

/// Questions that wait for an answer, the oldest first.
pub fn open_questions(c: Community, limit: i64) -> Ask {
    ask(
        format!(
            "SELECT {QUESTION} FROM notice_question \
             WHERE community = $1 AND answered_at IS NULL ORDER BY at LIMIT $2"
        ),
        params![c, limit],
    )
}

/// How many questions wait for an answer.
pub fn count_open(c: Community) -> Ask {
    ask(
        "SELECT COUNT(*) FROM notice_question WHERE community = $1 AND answered_at IS NULL",
        params![c],
    )
}

/// Answers a question; an answer given before may be written better.
pub fn answer(c: Community, notice: Id, id: Id, answer: &str, by: &str, now: Moment) -> Ask {
    ask(
        "UPDATE notice_question SET answer = $4, answered_by = $5, answered_at = $6 \
         WHERE community = $1 AND notice = $2 AND id = $3",
        params![c, notice, id, answer, by, now],
    )
}

/// Id, name, class, title and body.
pub fn templates(c: Community, limit: i64) -> Ask {
    ask(
        "SELECT id, name, class, title, body FROM notice_template WHERE community = $1 \
         ORDER BY name LIMIT $2",
        params![c, limit],
    )
}

#[allow(clippy::too_many_arguments)] // a row's columns
pub fn set_template(
    c: Community,
    id: Id,
    name: &str,
    class: Class,
    title: &str,
    body: &str,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO notice_template (community, id, name, class, title, body, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (community, name) DO UPDATE SET class = excluded.class, \
         title = excluded.title, body = excluded.body, changed_at = excluded.changed_at",
        params![c, id, name, class.word(), title, body, now],
    )
}

pub fn drop_template(c: Community, id: Id) -> Ask {
    ask(
        "DELETE FROM notice_template WHERE community = $1 AND id = $2",
        params![c, id],
    )
}
