//! Writes down what became of a batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use foundation::clock::Moment;
use foundation::database::{Chore, Community, HOUSE, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use super::PostError;
use super::take::Item;
use crate::breaker::{Breaker, Noted, backoff};
use crate::sender::{Answer, Why};
use crate::store::queue::{self, Held};
use crate::{Fate, Way, events};

/// After so many tries that count an item has failed.
const ATTEMPTS_MAX: i64 = 12;

/// What is to become of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A sender answered.
    Said(Answer),
    /// No sender was asked: it cannot be sent at all.
    Silent(Why),
    /// Not before then; nobody is to blame.
    Wait(Moment),
    Expired,
}

/// What is written of an item.
enum Line {
    Settled(Fate, &'static str),
    Back {
        due: Moment,
        counted: bool,
        why: &'static str,
    },
}

/// Whether a failure is the way's own. Where a push goes is chosen by whoever subscribed:
/// an address that nobody answers at says nothing about the others.
fn blames(way: Way, why: Why) -> bool {
    why.blames_way() && !(way == Way::Push && matches!(why, Why::Unreachable | Why::Timeout))
}

fn noted(way: Way, batch: &[(Item, Verdict)]) -> Noted {
    let mut out = Noted::default();
    for (_, verdict) in batch {
        let Verdict::Said(answer) = verdict else {
            continue;
        };
        match answer {
            Answer::Later { why, .. } if blames(way, *why) => {
                out.failed += 1;
                out.why = why.word();
            }
            // Nobody was asked.
            Answer::Never { why: Why::Unfit } => {}
            Answer::Later { why, .. } if why.blames_way() => {}
            Answer::Later { .. } | Answer::Never { .. } => out.worked = true,
            Answer::Sent | Answer::Confirmed => {
                out.worked = true;
                out.sent = true;
            }
        }
    }
    out
}

/// Settles what can be, puts the rest back, and notes how the way fares.
pub async fn settle(
    house: &Arc<House>,
    way: Way,
    mut breaker: Breaker,
    batch: Vec<(Item, Verdict)>,
) -> Result<(), PostError> {
    let now = house.now();
    let jitter = |most: i64| house.chance.below(most.max(1) as u64) as i64;
    let noted = noted(way, &batch);
    let before = breaker.clone();
    breaker.note(&noted, now, jitter);
    if breaker != before {
        if breaker.paused_until > now {
            tracing::warn!(way = way.word(), why = breaker.why, "a way is down");
        }
        let row = queue::set_breaker(way, &breaker);
        house
            .db
            .keep::<_, PostError, _>(Chore::Outbox, HOUSE, move |r| {
                r.execute(row)?;
                Ok(())
            })
            .await?;
    }
    let down = noted.failed > 0 && !noted.worked;
    let mut lines = Vec::with_capacity(batch.len());
    for (item, verdict) in batch {
        let line = match verdict {
            Verdict::Said(Answer::Sent) => Line::Settled(Fate::Sent, ""),
            Verdict::Said(Answer::Confirmed) => Line::Settled(Fate::Confirmed, ""),
            Verdict::Said(Answer::Never { why }) | Verdict::Silent(why) => {
                Line::Settled(Fate::Failed, why.word())
            }
            Verdict::Expired => Line::Settled(Fate::Expired, ""),
            Verdict::Wait(due) => Line::Back {
                due,
                counted: false,
                why: "",
            },
            Verdict::Said(Answer::Later { why, after_ms }) => {
                // A way that is down is to blame alone: the item keeps its tries.
                let counted = !(down && blames(way, why));
                if counted && item.attempts + 1 >= ATTEMPTS_MAX {
                    Line::Settled(Fate::Failed, why.word())
                } else {
                    let tries = if counted { item.attempts } else { 0 };
                    let wait = backoff(tries, jitter).max(after_ms.unwrap_or(0));
                    let due = now.plus(wait);
                    let due = if counted {
                        due
                    } else {
                        // All together once the way may be tried again; a few go first.
                        breaker.paused_until.max(now.plus(wait / 2))
                    };
                    Line::Back {
                        due,
                        counted,
                        why: why.word(),
                    }
                }
            }
        };
        lines.push((item, line));
    }
    write_lines(house, way, lines).await
}

/// Settles a batch as it was decided.
pub async fn write_down(
    house: &Arc<House>,
    way: Way,
    batch: Vec<(Item, Verdict)>,
) -> Result<(), PostError> {
    let found = house.db.optional(queue::breaker(way)).await?;
    settle(house, way, found.unwrap_or_default(), batch).await
}

fn held(way: Way, item: &Item) -> Held<'_> {
    Held {
        community: item.community,
        letter: item.letter,
        way,
        recipient: &item.recipient,
        lease: item.lease,
    }
}

async fn write_lines(
    house: &Arc<House>,
    way: Way,
    lines: Vec<(Item, Line)>,
) -> Result<(), PostError> {
    let now = house.now();
    let mut settled: BTreeMap<i64, Vec<(Item, Fate, &'static str)>> = BTreeMap::new();
    let mut back = Vec::new();
    for (item, line) in lines {
        match line {
            Line::Settled(fate, why) => {
                let c = item.community.0;
                settled.entry(c).or_default().push((item, fate, why));
            }
            Line::Back { due, counted, why } => {
                back.push(queue::put_back(&held(way, &item), due, counted, why, now));
            }
        }
    }
    if !back.is_empty() {
        house
            .db
            .keep::<_, PostError, _>(Chore::Outbox, HOUSE, move |r| {
                for row in back {
                    r.execute(row)?;
                }
                Ok(())
            })
            .await?;
    }
    for (c, items) in settled {
        match record(house, Community(c), way, items).await {
            Ok(()) | Err(PostError::Lost) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[derive(Default)]
struct Counts {
    sent: i64,
    failed: i64,
    expired: i64,
}

/// One write for a compound: each item takes the next place, each letter gets one event.
async fn record(
    house: &Arc<House>,
    c: Community,
    way: Way,
    items: Vec<(Item, Fate, &'static str)>,
) -> Result<(), PostError> {
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let many = items.len() as i64;
            let (last,): (i64,) = tx.one(queue::advance(c, many))?;
            let mut place = last - many;
            let mut letters: BTreeMap<Id, Counts> = BTreeMap::new();
            for (item, fate, why) in &items {
                place += 1;
                let row = queue::settle(&held(way, item), fate.word(), why, now, place);
                if tx.execute(row)? == 0 {
                    continue;
                }
                let counts = letters.entry(item.letter).or_default();
                match fate {
                    Fate::Sent | Fate::Confirmed => counts.sent += 1,
                    Fate::Expired => counts.expired += 1,
                    _ => counts.failed += 1,
                }
            }
            let mut told = letters.into_iter().map(|(letter, counts)| {
                Event::new(events::SETTLED)
                    .about("letter", letter)
                    .to(Audience::Staff)
                    .with("way", way.word())
                    .with("sent", counts.sent)
                    .with("failed", counts.failed)
                    .with("expired", counts.expired)
            });
            // Nothing was ours any more: nothing happened.
            let first = told.next().ok_or(PostError::Lost)?;
            for event in told {
                tx.also(event)?;
            }
            Ok(tx.record(first, ())?)
        })
        .await
}
