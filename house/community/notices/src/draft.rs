//! Writing a notice, until it is handed in.

use foundation::clock::{DAY, Moment};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use permissions::Permission;
use permissions::actor::Actor;

use crate::audience::Audience;
use crate::notice::{Class, Notice, State, Ways};
use crate::stretch::Stretches;
use crate::{BODY_CHARS_MAX, Count, NoticeError, REMIND_HOURS_MAX, TITLE_CHARS_MAX, events, store};

/// What an office writes.
#[derive(Clone, Debug)]
pub struct Draft {
    pub class: Class,
    pub title: String,
    pub body: String,
    pub audience: Audience,
    pub ways: Ways,
    pub asks: bool,
    pub remind_hours: i64,
    pub publish_at: Option<Moment>,
    pub replaces: Option<Id>,
}

impl Draft {
    /// # Errors
    /// [`NoticeError::Title`], [`NoticeError::Body`], [`NoticeError::Time`].
    pub(crate) fn check(&self, now: Moment) -> Result<(), NoticeError> {
        fits(&self.title, &self.body)?;
        let ahead = |at: Moment| at > now && at < now.plus(366 * DAY);
        if self.publish_at.is_some_and(|at| !ahead(at)) {
            return Err(NoticeError::Time);
        }
        Ok(())
    }
}

pub(crate) fn fits(title: &str, body: &str) -> Result<(), NoticeError> {
    if !(1..=TITLE_CHARS_MAX).contains(&title.chars().count()) {
        return Err(NoticeError::Title);
    }
    if !(1..=BODY_CHARS_MAX).contains(&body.chars().count()) {
        return Err(NoticeError::Body);
    }
    Ok(())
}

/// A notice, for the office.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Notice, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let found = house.db.optional(store::notice(by.community, id)).await?;
    found.ok_or(NoticeError::NotFound)
}

/// As many standing notices are offered to be named.
const NAMED_MAX: i64 = 100;

/// The notices that stand, the last changed first: what somebody may name as a source.
pub async fn standing(house: &House, by: &Actor) -> Result<Vec<Notice>, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let stand = [State::Published, State::Amended];
    let page = store::page(by.community, &stand, None, None, NAMED_MAX);
    Ok(house.db.all(page).await?)
}

/// How many households an audience has now.
pub async fn preview(house: &House, by: &Actor, audience: &Audience) -> Result<i64, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let ranges = Stretches::find(house, by.community, &audience.ranges).await?;
    let asked = store::households::count_audience(by.community, audience, &ranges);
    let Count(n) = house.db.one(asked).await?;
    Ok(n)
}

/// How many notices wait for a review, and how many questions for an answer.
pub async fn waiting(house: &House, by: &Actor) -> Result<(u32, u32), NoticeError> {
    by.may(Permission::NoticesWrite)?;
    let counts: Vec<(String, i64)> = house.db.all(store::counts(by.community)).await?;
    let review = counts
        .iter()
        .find(|(state, _)| state == State::Review.word())
        .map_or(0, |(_, n)| *n);
    let Count(asked) = house.db.one(store::texts::count_open(by.community)).await?;
    Ok((
        u32::try_from(review).unwrap_or(u32::MAX),
        u32::try_from(asked).unwrap_or(u32::MAX),
    ))
}

pub(crate) fn fresh(id: Id, author: Id, author_name: String, d: &Draft, now: Moment) -> Notice {
    Notice {
        id,
        class: d.class,
        state: State::Draft,
        title: d.title.clone(),
        body: d.body.clone(),
        version: 1,
        audience: d.audience.clone(),
        ways: d.ways,
        // Of an emergency every household says that it knows.
        asks: d.asks || d.class == Class::Emergency,
        remind_hours: d.remind_hours.clamp(0, REMIND_HOURS_MAX),
        author,
        author_name,
        reviewer: None,
        replaces: d.replaces,
        festival: String::new(),
        words: String::new(),
        publish_at: d.publish_at,
        published_at: None,
        review_due: None,
        reviewed_at: None,
        covered_at: None,
        households: 0,
        row_version: 1,
        created_at: now,
        changed_at: now,
    }
}

/// Begins a notice.
pub async fn begin(house: &House, by: &Actor, draft: &Draft) -> Result<Id, NoticeError> {
    by.may(Permission::NoticesWrite)?;
    draft.check(house.now())?;
    let author = by.account.ok_or(NoticeError::NotFound)?;
    let name = accounts::name_of(house, author).await?;
    let notice = fresh(house.id(), author, name, draft, house.now());
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::NoticesWrite), move |mut tx| {
            let id = insert(&mut tx, c, &notice)?;
            Ok(tx.record(drafted(&notice), id)?)
        })
        .await
}

pub(crate) fn insert(tx: &mut Tx<'_>, c: Community, notice: &Notice) -> Result<Id, NoticeError> {
    if let Some(old) = notice.replaces {
        let there: Option<Notice> = tx.optional(store::notice(c, old))?;
        there
            .filter(|n| n.state.stands())
            .ok_or(NoticeError::NotFound)?;
    }
    if tx.execute(store::insert(c, notice))? == 0 {
        return Err(NoticeError::NameTaken);
    }
    Ok(notice.id)
}

pub(crate) fn drafted(notice: &Notice) -> Event {
    Event::new(events::DRAFTED)
        .about("notice", notice.id)
        .to(To::Staff)
        .with("class", notice.class.word())
        .with_some("replaces", notice.replaces)
}

/// Writes a draft anew; `row_version` is the one that was read.
pub async fn edit(
    house: &House,
    by: &Actor,
    id: Id,
    row_version: i64,
    draft: &Draft,
) -> Result<(), NoticeError> {
    by.may(Permission::NoticesWrite)?;
    draft.check(house.now())?;
    let (c, draft) = (by.community, draft.clone());
    let account = by.account.ok_or(NoticeError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    house
        .write(c, &by.who_for(Permission::NoticesWrite), move |mut tx| {
            let mut n = read_for_change(&mut tx, c, id, row_version)?;
            if n.state != State::Draft {
                return Err(NoticeError::State(n.state));
            }
            let new = fresh(id, account, name, &draft, n.created_at);
            // Whose words it bears: whoever wrote them last does not approve them.
            n.author = new.author;
            n.author_name = new.author_name;
            n.class = new.class;
            n.title = new.title;
            n.body = new.body;
            n.audience = new.audience;
            n.ways = new.ways;
            n.asks = new.asks;
            n.remind_hours = new.remind_hours;
            n.publish_at = new.publish_at;
            let now = tx.now();
            tx.execute(store::update(c, &n, now))?;
            let event = Event::new(events::EDITED).about("notice", id).to(To::Staff);
            Ok(tx.record(event.with("class", n.class.word()), ())?)
        })
        .await
}

/// The row as it stands, if it is still the one that was read.
pub(crate) fn read_for_change(
    tx: &mut Tx<'_>,
    c: Community,
    id: Id,
    row_version: i64,
) -> Result<Notice, NoticeError> {
    let found: Option<Notice> = tx.optional(store::notice(c, id))?;
    let notice = found.ok_or(NoticeError::NotFound)?;
    if notice.row_version == row_version {
        Ok(notice)
    } else {
        Err(NoticeError::Changed)
    }
}
