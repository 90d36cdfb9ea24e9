//! An answer expires with what it rests on: a notice that was recalled, amended, superseded or
//! put away, rules in a new version, a day that is over. It answers nobody until somebody
//! confirms it. Follows the ledger: at least once, and twice changes nothing.

use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Cursor, Event};
use permissions::actor::Actor;

use crate::entry::{Body, Entry, Source, State};
use crate::{AssistantError, events, store};

const CURSOR: Cursor = Cursor::new("assistant_cursor", 200);

/// Follows the compound's ledger up to its end; how many answers expired.
pub async fn follow(house: &House, c: Community) -> Result<usize, AssistantError> {
    use membership::events as m;
    use notices::events as n;
    let kinds = [
        n::RECALLED.name,
        n::AMENDED.name,
        n::SUPERSEDED.name,
        n::ARCHIVED.name,
        m::TEXT_PUBLISHED.name,
    ];
    let mut expired = 0;
    loop {
        let part = CURSOR.next(&house.db, c, &kinds).await?;
        for event in &part.events {
            if event.kind == m::TEXT_PUBLISHED.name {
                expired += of_rules(house, c).await?;
            } else if let Some(id) = event.subject.strip_prefix("notice:") {
                let found: Vec<Entry> = house.db.all(store::of_source(c, id)).await?;
                expired += expire(house, c, found, "source").await?;
            }
        }
        CURSOR.met(&house.db, c, &part).await?;
        if part.last {
            return Ok(expired);
        }
    }
}

/// Answers that rest on rules whose version is not the one in force.
async fn of_rules(house: &House, c: Community) -> Result<usize, AssistantError> {
    let all: Vec<Entry> = house.db.all(store::entries(c, &[State::Published])).await?;
    let now = membership::texts::current(house, c, membership::texts::TextName::Rules).await?;
    let now = now.version.to_string();
    let old = |e: &Entry| {
        let rests = |b: &Body| b.source == Source::Rules && b.source_ref != now;
        e.in_force.as_ref().is_some_and(rests)
    };
    expire(house, c, all.into_iter().filter(old).collect(), "source").await
}

/// Answers whose last day is over; the clock looks each night.
pub async fn of_the_day(house: &House, c: Community) -> Result<usize, AssistantError> {
    let today = house.now().date().to_string();
    let all: Vec<Entry> = house.db.all(store::entries(c, &[State::Published])).await?;
    let over = |e: &Entry| {
        let is_over = |b: &Body| !b.valid_to.is_empty() && b.valid_to < today;
        e.in_force.as_ref().is_some_and(is_over)
    };
    expire(house, c, all.into_iter().filter(over).collect(), "day").await
}

async fn expire(
    house: &House,
    c: Community,
    entries: Vec<Entry>,
    why: &'static str,
) -> Result<usize, AssistantError> {
    let ids: Vec<Id> = entries
        .iter()
        .filter(|e| e.state == State::Published)
        .map(|e| e.id)
        .collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let mut count = 0_i64;
            let now = tx.now();
            for id in ids {
                let found: Option<Entry> = tx.optional(store::entry(c, id))?;
                let Some(mut entry) = found.filter(|e| e.state == State::Published) else {
                    continue;
                };
                entry.state = State::Expired;
                entry.why = why.to_owned();
                tx.execute(store::update(c, &entry, now))?;
                count += 1;
            }
            if count == 0 {
                return Err(AssistantError::Changed);
            }
            tx.execute(store::next_edition(c))?;
            let event = Event::new(events::EXPIRED)
                .to(Audience::Staff)
                .with("why", why)
                .with("count", count);
            Ok(tx.record(event, count as usize)?)
        })
        .await;
    match done {
        Err(AssistantError::Changed) => Ok(0),
        other => other,
    }
}
