//! Questions under a notice: asked by members, judged as all speech is, answered there
//! by the office, counted in the summary.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use hanzi::name::masked_name;
use permissions::Permission;
use permissions::actor::Actor;

use conduct::judge::{self, Author, Said, Verdict};
use conduct::state::Visible;

use crate::{Count, NoticeError, draft, events, reading, store};

pub const QUESTION_CHARS_MAX: usize = 500;
/// As many questions as a notice takes.
pub const QUESTIONS_MAX: i64 = 500;
/// Questions of one member under one notice: nobody closes it for the others.
pub const QUESTIONS_OF_ONE_MAX: i64 = 10;

/// A question as it is shown.
#[derive(Clone, Debug)]
pub struct Question {
    pub id: Id,
    pub notice: Id,
    pub account: Id,
    pub byline: String,
    pub text: String,
    case: Option<Id>,
    pub at: Moment,
    pub answer: String,
    pub answered_by: String,
    pub answered_at: Option<Moment>,
    /// Waits for a person, or was hidden by one: its author alone sees it.
    pub held: bool,
}

impl FromRow for Question {
    fn from_row(row: &mut Row) -> Result<Question, DbError> {
        Ok(Question {
            id: row.next()?,
            notice: row.next()?,
            account: row.next()?,
            byline: row.next()?,
            text: row.next()?,
            case: row.next()?,
            at: row.next()?,
            answer: row.next()?,
            answered_by: row.next()?,
            answered_at: row.next()?,
            held: false,
        })
    }
}

/// Asks under a notice.
///
/// # Errors
/// [`NoticeError::Blocked`] when the rules do not let it out: nothing was kept.
pub async fn ask(house: &House, by: &Actor, notice: Id, text: &str) -> Result<(), NoticeError> {
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let (n, rooms) = reading::mine(house, by, notice).await?;
    if !n.state.stands() {
        return Err(NoticeError::State(n.state));
    }
    let text = text.trim().to_owned();
    if !(1..=QUESTION_CHARS_MAX).contains(&text.chars().count()) {
        return Err(NoticeError::Body);
    }
    let c = by.community;
    let here = membership::members::of_account(house, c, account).await?;
    let member = here
        .iter()
        .find(|m| rooms.contains(&m.room))
        .ok_or(NoticeError::NotFound)?;
    let byline = format!("{} {}", member.room_code, masked_name(&member.name));
    let id = house.id();
    let said = Said {
        kind: "question",
        source: id.to_string(),
        place: notice.to_string(),
        text: text.clone(),
        author: Some(Author {
            account,
            member: Some(member.id),
            room: Some(member.room),
        }),
        person: by.person,
        ..Said::default()
    };
    let judgement = judge::judge(house, c, &said).await?;
    if judgement.verdict == Verdict::Block {
        return Err(NoticeError::Blocked);
    }
    house
        .write(c, &by.who_for(Permission::NoticesRead), move |mut tx| {
            use foundation::database::Look;
            let Count(there) = tx.one(store::texts::count_questions(c, notice))?;
            let Count(own) = tx.one(store::texts::count_questions_of(c, notice, account))?;
            if there >= QUESTIONS_MAX || own >= QUESTIONS_OF_ONE_MAX {
                return Err(NoticeError::TooMany);
            }
            let held = judgement.verdict == Verdict::Hold;
            let case = judge::open_in(&mut tx, judgement)?;
            let now = tx.now();
            tx.execute(store::texts::insert_question(
                c, notice, id, account, &byline, &text, case, now,
            ))?;
            let event = Event::new(events::ASKED)
                .about("notice", notice)
                .to(To::Staff)
                .with("question", id)
                .with("held", held);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// The questions of a notice as a reader may see them, the oldest first.
pub async fn of_notice(
    house: &House,
    by: &Actor,
    notice: Id,
) -> Result<Vec<Question>, NoticeError> {
    let c = by.community;
    let asked = store::texts::questions(c, notice, QUESTIONS_MAX);
    let found: Vec<Question> = house.db.all(asked).await?;
    visible(house, by, c, found).await
}

/// Questions of all notices that wait for the office.
pub async fn open(house: &House, by: &Actor) -> Result<Vec<Question>, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    const SHOWN_MAX: i64 = 100;
    let c = by.community;
    let found: Vec<Question> = house
        .db
        .all(store::texts::open_questions(c, SHOWN_MAX))
        .await?;
    visible(house, by, c, found).await
}

/// Leaves out what waits for a person or was found a breach, but for its author.
async fn visible(
    house: &House,
    by: &Actor,
    c: Community,
    found: Vec<Question>,
) -> Result<Vec<Question>, NoticeError> {
    let mut out = Vec::with_capacity(found.len());
    for mut q in found {
        // Few have a case: asking for each is asking seldom.
        if let Some(case) = q.case {
            let seen = judge::seen_of(house, c, case).await?;
            q.held = seen.is_some_and(|(_, _, visible)| visible != Visible::Shown);
        }
        if !q.held || by.account == Some(q.account) {
            out.push(q);
        }
    }
    Ok(out)
}

/// Answers a question where it was asked.
pub async fn answer(
    house: &House,
    by: &Actor,
    notice: Id,
    question: Id,
    text: &str,
) -> Result<(), NoticeError> {
    by.may(Permission::NoticesWrite)?;
    draft::one(house, by, notice).await?;
    let text = text.trim().to_owned();
    if !(1..=QUESTION_CHARS_MAX).contains(&text.chars().count()) {
        return Err(NoticeError::Body);
    }
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::NoticesWrite), move |mut tx| {
            use foundation::database::Look;
            let found: Option<Question> =
                tx.optional(store::texts::question(c, notice, question))?;
            let q = found.ok_or(NoticeError::NotFound)?;
            let now = tx.now();
            let change = store::texts::answer(c, notice, question, &text, &name, now);
            tx.execute(change)?;
            let event = Event::new(events::ANSWERED)
                .about("notice", notice)
                .to(To::Account(q.account))
                .with("question", question)
                .with("after_ms", now.0 - q.at.0);
            Ok(tx.record(event, ())?)
        })
        .await
}
