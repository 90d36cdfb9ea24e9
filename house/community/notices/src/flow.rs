//! A notice's way: handed in, sent back, approved, published, amended, recalled, archived.
//! Whoever wrote it does not approve it, except where nobody else of the office could.

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::draft::{self, Draft, read_for_change};
use crate::notice::{Class, Notice, State, Ways};
use crate::stretch::Stretches;
use crate::{Count, NoticeError, WORDS_CHARS_MAX, events, jobs, store};

/// An emergency that went out without review is reviewed within so long.
pub const REVIEW_WITHIN_MS: i64 = DAY;

fn words_fit(words: &str) -> Result<String, NoticeError> {
    let words = words.trim();
    if (1..=WORDS_CHARS_MAX).contains(&words.chars().count()) {
        Ok(words.to_owned())
    } else {
        Err(NoticeError::Words)
    }
}

fn about(kind: foundation::ledger::Kind, n: &Notice) -> Event {
    Event::new(kind)
        .about("notice", n.id)
        .with("class", n.class.word())
        .with("version", n.version)
}

/// Hands a draft in for review.
pub async fn submit(house: &House, by: &Actor, id: Id, row: i64) -> Result<(), NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let n = draft::one(house, by, id).await?;
    let ranges = Stretches::find(house, by.community, &n.audience.ranges).await?;
    let asked = store::households::count_audience(by.community, &n.audience, &ranges);
    let Count(households) = house.db.one(asked).await?;
    if households == 0 {
        return Err(NoticeError::Nobody);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::NoticesWrite), move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row)?;
            if n.state != State::Draft {
                return Err(NoticeError::State(n.state));
            }
            n.state = State::Review;
            n.words.clear();
            let now = tx.now();
            tx.execute(store::update(c, &n, now))?;
            Ok(tx.record(about(events::SUBMITTED, &n).to(To::Staff), ())?)
        })
        .await
}

/// Gives a notice back to whoever wrote it, with the reason.
pub async fn send_back(
    house: &House,
    by: &Actor,
    id: Id,
    row: i64,
    words: &str,
) -> Result<(), NoticeError> {
    by.may(Permission::NoticesApprove)?;
    let (c, words) = (by.community, words_fit(words)?);
    house
        .write(c, &by.who_for(Permission::NoticesApprove), move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row)?;
            if !matches!(n.state, State::Review | State::Scheduled) {
                return Err(NoticeError::State(n.state));
            }
            n.state = State::Draft;
            n.words = words;
            let now = tx.now();
            tx.execute(store::update(c, &n, now))?;
            Ok(tx.record(about(events::SENT_BACK, &n).to(To::Staff), ())?)
        })
        .await
}

/// Approves a notice: it goes out at once, or at its time.
///
/// # Errors
/// [`NoticeError::OwnText`] for whoever wrote it, where another of the office could.
pub async fn approve(house: &House, by: &Actor, id: Id, row: i64) -> Result<State, NoticeError> {
    by.may(Permission::NoticesApprove)?;
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let alone =
        !accounts::staff::others_with(house, by.community, account, Permission::NoticesApprove)
            .await?;
    let c = by.community;
    roster::order::apply(house, c).await?;
    let who = by.who_for(Permission::NoticesApprove);
    house
        .write(c, &who, move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row)?;
            if n.state != State::Review {
                return Err(NoticeError::State(n.state));
            }
            if n.author == account && !alone {
                return Err(NoticeError::OwnText);
            }
            n.reviewer = Some(account);
            let now = tx.now();
            match n.publish_at.filter(|at| *at > now) {
                Some(at) => {
                    n.state = State::Scheduled;
                    tx.execute(store::update(c, &n, now))?;
                    jobs::plan_publication(&mut tx, id, at)?;
                    let event = about(events::SCHEDULED, &n).to(To::Staff).with("at", at);
                    Ok(tx.record(event.with("alone", n.author == account), n.state)?)
                }
                None => {
                    let event = go_out(&mut tx, c, n)?;
                    Ok(tx.record(event, State::Published)?)
                }
            }
        })
        .await
}

/// Publishes an emergency at once, without review; it is reviewed within a day.
pub async fn emergency(house: &House, by: &Actor, draft: &Draft) -> Result<Id, NoticeError> {
    by.may(Permission::NoticesEmergency)?;
    let mut draft = draft.clone();
    draft.class = Class::Emergency;
    draft.ways = Ways::ALL;
    draft.publish_at = None;
    draft.check(house.now())?;
    let author = by.account.ok_or(NoticeError::NotFound)?;
    let name = accounts::name_of(house, author).await?;
    let mut notice = draft::fresh(house.id(), author, name, &draft, house.now());
    let c = by.community;
    roster::order::apply(house, c).await?;
    house
        .write(
            c,
            &by.who_for(Permission::NoticesEmergency),
            move |mut tx| {
                draft::insert(&mut tx, c, &notice)?;
                tx.also(draft::drafted(&notice))?;
                let due = tx.now().plus(REVIEW_WITHIN_MS);
                notice.review_due = Some(due);
                jobs::plan_review(&mut tx, notice.id, due)?;
                let id = notice.id;
                let event = go_out(&mut tx, c, notice)?;
                Ok(tx.record(event, id)?)
            },
        )
        .await
}

/// What the clock does when a scheduled notice's time has come.
pub(crate) async fn publish_due(house: &House, by: &Actor, id: Id) -> Result<(), NoticeError> {
    let c = by.community;
    roster::order::apply(house, c).await?;
    house
        .write(c, &by.who(), move |mut tx| {
            let n: Option<Notice> = tx.optional(store::notice(c, id))?;
            let n = n.ok_or(NoticeError::NotFound)?;
            if n.state != State::Scheduled || n.publish_at.is_some_and(|at| at > tx.now()) {
                return Err(NoticeError::State(n.state));
            }
            let event = go_out(&mut tx, c, n)?;
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Freezes the households, keeps the text, and plans the ways; the event to end with.
fn go_out(tx: &mut Tx<'_>, c: Community, mut n: Notice) -> Result<Event, NoticeError> {
    let now = tx.now();
    let ranges = Stretches::find_in(tx, c, &n.audience.ranges)?;
    let frozen = store::households::freeze(c, n.id, &n.audience, &ranges, false);
    let households = tx.execute(frozen)?;
    if households == 0 {
        return Err(NoticeError::Nobody);
    }
    n.state = State::Published;
    n.published_at = Some(now);
    n.households = i64::try_from(households).unwrap_or(i64::MAX);
    tx.execute(store::update(c, &n, now))?;
    tx.execute(store::texts::insert_version(c, &n, true, "", None, now))?;
    if let Some(old) = n.replaces {
        supersede(tx, c, old, n.id, now)?;
    }
    jobs::plan_delivery(tx, &n)?;
    Ok(about(events::PUBLISHED, &n)
        .to(To::Members)
        .with("households", n.households)
        .with_some("review_due", n.review_due))
}

fn supersede(
    tx: &mut Tx<'_>,
    c: Community,
    old: Id,
    by: Id,
    now: Moment,
) -> Result<(), NoticeError> {
    let found: Option<Notice> = tx.optional(store::notice(c, old))?;
    let Some(mut old) = found.filter(|n| n.state.stands()) else {
        return Ok(());
    };
    old.state = State::Superseded;
    tx.execute(store::update(c, &old, now))?;
    jobs::end_reminders(tx, &old)?;
    tx.also(
        about(events::SUPERSEDED, &old)
            .to(To::Members)
            .with("by", by),
    )?;
    Ok(())
}

/// Reviews an emergency after it went out.
pub async fn review_after(house: &House, by: &Actor, id: Id, row: i64) -> Result<(), NoticeError> {
    by.may(Permission::NoticesApprove)?;
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let alone =
        !accounts::staff::others_with(house, by.community, account, Permission::NoticesApprove)
            .await?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::NoticesApprove), move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row)?;
            if n.review_due.is_none() || n.reviewed_at.is_some() {
                return Err(NoticeError::State(n.state));
            }
            if n.author == account && !alone {
                return Err(NoticeError::OwnText);
            }
            let now = tx.now();
            n.reviewer = Some(account);
            n.reviewed_at = Some(now);
            tx.execute(store::update(c, &n, now))?;
            Ok(tx.record(about(events::REVIEWED, &n).to(To::Staff), ())?)
        })
        .await
}

/// What is amended and why.
#[derive(Clone, Debug)]
pub struct Amendment {
    pub title: String,
    pub body: String,
    /// Everybody is told and asked to confirm anew.
    pub material: bool,
    pub words: String,
}

/// Publishes the next version of a notice.
pub async fn amend(
    house: &House,
    by: &Actor,
    id: Id,
    row: i64,
    change: &Amendment,
) -> Result<(), NoticeError> {
    by.may(Permission::NoticesApprove)?;
    draft::fits(&change.title, &change.body)?;
    let words = words_fit(&change.words)?;
    let (c, change) = (by.community, change.clone());
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    house
        .write(c, &by.who_for(Permission::NoticesApprove), move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row)?;
            if !n.state.stands() {
                return Err(NoticeError::State(n.state));
            }
            if change.material {
                // Nobody is sent the old text any more.
                jobs::end_reminders(&mut tx, &n)?;
            }
            n.state = State::Amended;
            n.version += 1;
            n.title = change.title;
            n.body = change.body;
            // Whoever wrote the words that stand does not review them.
            n.author = account;
            n.author_name = name;
            let now = tx.now();
            if change.material {
                n.covered_at = None;
                tx.execute(store::households::reset(c, id))?;
            }
            tx.execute(store::update(c, &n, now))?;
            let version =
                store::texts::insert_version(c, &n, change.material, &words, Some(account), now);
            tx.execute(version)?;
            if change.material {
                jobs::plan_delivery(&mut tx, &n)?;
            }
            let event = about(events::AMENDED, &n).to(To::Members);
            Ok(tx.record(event.with("material", change.material), ())?)
        })
        .await
}

/// Takes a notice back: it is crossed out where it stood, with the reason.
pub async fn recall(
    house: &House,
    by: &Actor,
    id: Id,
    row: i64,
    words: &str,
) -> Result<(), NoticeError> {
    let words = words_fit(words)?;
    end(house, by, id, row, State::Recalled, Some(words)).await
}

/// Puts a notice away: it no longer stands on the first page.
pub async fn archive(house: &House, by: &Actor, id: Id, row: i64) -> Result<(), NoticeError> {
    end(house, by, id, row, State::Archived, None).await
}

/// Calls a notice off before it went out.
pub async fn cancel(
    house: &House,
    by: &Actor,
    id: Id,
    row: i64,
    words: &str,
) -> Result<(), NoticeError> {
    let words = words_fit(words)?;
    end(house, by, id, row, State::Cancelled, Some(words)).await
}

async fn end(
    house: &House,
    by: &Actor,
    id: Id,
    row: i64,
    to: State,
    words: Option<String>,
) -> Result<(), NoticeError> {
    let needs = if to == State::Cancelled {
        Permission::NoticesWrite
    } else {
        Permission::NoticesApprove
    };
    by.may(needs)?;
    let c = by.community;
    house
        .write(c, &by.who_for(needs), move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row)?;
            let fits = match to {
                State::Cancelled => n.state.waits(),
                // An emergency is over when all know, not when somebody is tired of it.
                State::Archived => {
                    (n.state.stands() && !n.is_open_emergency())
                        || matches!(n.state, State::Recalled | State::Superseded)
                }
                _ => n.state.stands(),
            };
            if !fits {
                return Err(NoticeError::State(n.state));
            }
            n.state = to;
            if let Some(words) = words {
                n.words = words;
            }
            let now = tx.now();
            tx.execute(store::update(c, &n, now))?;
            jobs::end_reminders(&mut tx, &n)?;
            let (kind, audience) = match to {
                State::Cancelled => (events::CANCELLED, To::Staff),
                State::Archived => (events::ARCHIVED, To::Staff),
                _ => (events::RECALLED, To::Members),
            };
            Ok(tx.record(about(kind, &n).to(audience), ())?)
        })
        .await
}
