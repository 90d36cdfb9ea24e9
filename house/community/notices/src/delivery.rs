//! Telling the households: batches into the outbox, reminders up a ladder, and what the
//! outbox reports back.

use std::collections::{BTreeMap, BTreeSet};

use foundation::clock::{DAY, Moment};
use foundation::database::{Chore, Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience as To, Event};
use membership::members;
use outbox::{Fate, Letter, Recipient, Way};
use permissions::actor::Actor;

use crate::coverage::{Household, Part, Reach};
use crate::notice::{Class, Notice};
use crate::{Count, NoticeError, events, jobs, store};

/// Households told in one write.
const BATCH: i64 = 200;
/// What the outbox settled is taken in such parts.
const TAKE: i64 = 500;
/// A telling that could not be delivered in so long is given up.
const EXPIRES_AFTER: i64 = 3 * DAY;
/// As much of the text as a message carries; the rest is read on the page.
const EXCERPT_CHARS: usize = 140;

/// By which ways a rung goes: reminders begin with what costs nothing.
fn ways(n: &Notice, rung: i64) -> Vec<Way> {
    let mut ways = n.ways.carried();
    if rung == 1 && n.class != Class::Emergency {
        ways.retain(|way| *way != Way::Sms);
    }
    ways
}

fn excerpt(body: &str) -> String {
    let line: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXCERPT_CHARS {
        return line;
    }
    let mut short: String = line.chars().take(EXCERPT_CHARS).collect();
    short.push('…');
    short
}

/// Tells the households of a version (rung 0), or reminds those who have not confirmed.
/// Safe to do again: the outbox takes the same item once.
pub async fn deliver(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    rung: i64,
) -> Result<(), NoticeError> {
    let c = by.community;
    let found: Option<Notice> = house.db.optional(store::notice(c, id)).await?;
    let n = found.ok_or(NoticeError::NotFound)?;
    // A spelling mistake that was mended since changes nothing of who is to be told.
    let Count(told) = house.db.one(store::texts::told_version(c, id)).await?;
    if !n.state.stands() || told != version {
        return Err(NoticeError::State(n.state));
    }
    if rung == 0 && n.ways.group {
        say_in_group(house, c, &n, version).await?;
    }
    let ways = ways(&n, rung);
    let part = if rung == 0 { Part::Every } else { Part::Open };
    let mut after = Vec::new();
    loop {
        let asked = store::households::page(c, id, part, n.asks, "", &after, BATCH);
        let batch: Vec<Household> = house.db.all(asked).await?;
        let Some(last) = batch.last() else { break };
        after.clone_from(&last.sort_key);
        let full = batch.len() as i64 == BATCH;
        if !ways.is_empty() {
            tell(house, by, &n, (version, rung), &ways, &batch).await?;
        }
        if !full {
            break;
        }
    }
    if rung > 0 && !after.is_empty() {
        next_rung(house, by, id, version, rung).await?;
    }
    Ok(())
}

/// Says it in the channels of those it is for: the whole compound's, or whole buildings'.
/// What is for some of them only (rooms, uses, tags, owners) is not called out; an emergency
/// of a unit is, in its building's channel, with the unit's name.
async fn say_in_group(
    house: &House,
    c: Community,
    n: &Notice,
    version: i64,
) -> Result<(), NoticeError> {
    let a = &n.audience;
    let of_a_unit = !a.units.is_empty() && n.class == Class::Emergency;
    if !a.goes_to_all() || (!a.units.is_empty() && !of_a_unit) {
        return Ok(());
    }
    let mut buildings = a.buildings.clone();
    buildings.extend(a.units.iter().map(|u| u.0.clone()));
    let places: Vec<&str> = a.typed.split_whitespace().collect();
    let places = if of_a_unit {
        format!("{}：", places.join(" "))
    } else {
        String::new()
    };
    let compound = foundation::communities::by_number(&house.db, c).await?;
    let (slug, compound) = compound.map_or_else(Default::default, |c| (c.slug, c.name));
    let text = format!(
        "【{places}{}】\n{}\n/c/{slug}/my/notices/{}",
        n.title,
        excerpt(&n.body),
        n.id
    );
    let office = group::announce::Office {
        account: n.author,
        // What the calendar proposed has no writer: the compound itself greets.
        name: if n.author_name.is_empty() {
            &compound
        } else {
            &n.author_name
        },
    };
    for channel in group::announce::channels_of(house, c, &buildings).await? {
        // An id that a device could make, the same whenever this version is told.
        let sent_id = format!("{}-{version}-{channel}", n.id);
        let said = group::announce::announce(house, c, channel, &office, &sent_id, &text).await;
        match said {
            Ok(_) | Err(group::GroupError::NotFound) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(())
}

/// Puts one batch into the outbox.
async fn tell(
    house: &House,
    by: &Actor,
    n: &Notice,
    (version, rung): (i64, i64),
    ways: &[Way],
    batch: &[Household],
) -> Result<(), NoticeError> {
    let c = by.community;
    let rooms: Vec<Id> = batch.iter().map(|h| h.room).collect();
    let items = recipients(house, c, n, ways, &rooms).await?;
    let letter = Letter {
        source: format!("notice:{}", n.id),
        title: n.title.clone(),
        text: excerpt(&n.body),
        path: format!("/my/notices/{}", n.id),
        urgent: n.class == Class::Emergency,
        expires_at: house.now().plus(EXPIRES_AFTER),
    };
    let (id, fresh) = (n.id, house.id());
    let households = rooms.len() as i64;
    house
        .write(c, &by.who(), move |mut tx| {
            let made = tx.execute(store::households::insert_letter(
                c, id, version, rung, fresh,
            ))?;
            let (key,): (Id,) = tx.one(store::households::letter(c, id, version, rung))?;
            if made > 0 {
                outbox::letter_in(&mut tx, key, &letter)?;
            }
            let now = tx.now();
            let mut put: i64 = 0;
            for (way, to) in &items {
                put += i64::from(outbox::post_in(&mut tx, key, *way, to, now)?);
            }
            let kind = if rung == 0 {
                events::DISPATCHED
            } else {
                events::REMINDED
            };
            let event = Event::new(kind)
                .about("notice", id)
                .to(To::Staff)
                .with("version", version)
                .with("rung", rung)
                .with("households", households)
                .with("items", put);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Whom of these homes each way can reach: members by push and mail, whoever is on the
/// roster with a phone by message.
async fn recipients(
    house: &House,
    c: Community,
    n: &Notice,
    ways: &[Way],
    rooms: &[Id],
) -> Result<Vec<(Way, Recipient)>, NoticeError> {
    let mut out = Vec::new();
    let whom = n.audience.whom;
    if ways.contains(&Way::Push) || ways.contains(&Way::Mail) {
        let members = members::of_rooms(house, c, rooms).await?;
        let mut accounts: Vec<Id> = members.iter().map(|m| m.1).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let reach = outbox::reachable(house, c, &accounts).await?;
        for (room, account, relation) in members {
            if !whom.takes(relation) {
                continue;
            }
            for way in [Way::Push, Way::Mail] {
                if ways.contains(&way) && reach.has(account, way) {
                    out.push((
                        way,
                        Recipient {
                            room: Some(room),
                            account: Some(account),
                            party: None,
                        },
                    ));
                }
            }
        }
    }
    if ways.contains(&Way::Sms) {
        for (room, party, tie) in roster::phoned_in(house, c, rooms).await? {
            let meant = match whom {
                crate::audience::Whom::Everyone => true,
                crate::audience::Whom::Owners => tie.owns(),
                crate::audience::Whom::Tenants => !tie.owns(),
            };
            if meant {
                out.push((
                    Way::Sms,
                    Recipient {
                        room: Some(room),
                        account: None,
                        party: Some(party),
                    },
                ));
            }
        }
    }
    Ok(out)
}

/// Plans the reminder behind this one.
async fn next_rung(
    house: &House,
    by: &Actor,
    id: Id,
    told: i64,
    rung: i64,
) -> Result<(), NoticeError> {
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            let found: Option<Notice> = tx.optional(store::notice(c, id))?;
            let n = found.ok_or(NoticeError::NotFound)?;
            let Count(now_told) = tx.one(store::texts::told_version(c, id))?;
            if !n.state.stands() || now_told != told || n.covered_at.is_some() {
                return Err(NoticeError::State(n.state));
            }
            jobs::plan_reminder(&mut tx, &n, told, rung + 1)?;
            let Count(open) = tx.one(store::households::any_open(c, id))?;
            let event = Event::new(events::REMINDED)
                .about("notice", id)
                .to(To::Staff)
                .with("rung", rung)
                .with("open", open);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// An emergency that went out without review, and whose day is over.
pub(crate) async fn call_for_review(house: &House, by: &Actor, id: Id) -> Result<(), NoticeError> {
    let c = by.community;
    house
        .write(c, &by.who(), move |mut tx| {
            let found: Option<Notice> = tx.optional(store::notice(c, id))?;
            let n = found.ok_or(NoticeError::NotFound)?;
            if n.reviewed_at.is_some() || !n.state.stands() {
                return Err(NoticeError::State(n.state));
            }
            let now = tx.now();
            let late = n.review_due.map_or(0, |due: Moment| now.0 - due.0);
            let event = Event::new(events::REVIEW_OVERDUE)
                .about("notice", id)
                .to(To::Staff)
                .with("late_ms", late);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Follows what the outbox settled: households move to delivered, failures are noted.
/// At least once by the cursor; moving a household twice changes nothing.
pub async fn follow(house: &House, c: Community) -> Result<usize, NoticeError> {
    let mut moved = 0;
    loop {
        let at: Option<Count> = house.db.optional(store::cursor(c)).await?;
        let at = at.map_or(0, |n| n.0);
        let settled = outbox::settled_after(house, c, at, TAKE).await?;
        let Some(seen) = settled.last().map(|s| s.0) else {
            return Ok(moved);
        };
        let full = settled.len() as i64 == TAKE;
        let mut reached: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        let mut failed: BTreeMap<(Id, &'static str), BTreeSet<Id>> = BTreeMap::new();
        let standing = standing(house, c, settled.iter().map(|s| s.1.letter)).await?;
        for (_, item) in &settled {
            if !standing.contains(&item.letter) {
                // It told of a text that was changed since: nobody knows the new one by it.
                continue;
            }
            let notice = item.source.strip_prefix("notice:");
            let (Some(Ok(notice)), Some(room)) = (notice.map(str::parse::<Id>), item.room) else {
                continue;
            };
            match item.fate {
                Fate::Sent | Fate::Confirmed => {
                    reached.entry(notice).or_default().insert(room);
                }
                Fate::Failed | Fate::Expired => {
                    let key = (notice, item.way.word());
                    failed.entry(key).or_default().insert(room);
                }
                Fate::Queued | Fate::Cancelled => {}
            }
        }
        moved += note(house, c, reached, failed).await?;
        house
            .db
            .keep::<_, NoticeError, _>(Chore::Cursor, c, move |r| {
                r.execute(store::move_cursor(c, seen))?;
                Ok(())
            })
            .await?;
        if !full {
            return Ok(moved);
        }
    }
}

/// Those of some letters that told of the text as it stands.
async fn standing(
    house: &House,
    c: Community,
    letters: impl Iterator<Item = Id>,
) -> Result<BTreeSet<Id>, NoticeError> {
    let letters: BTreeSet<Id> = letters.collect();
    let letters: Vec<Id> = letters.into_iter().collect();
    let asked = store::households::standing_letters(c, &letters);
    let found: Vec<(Id,)> = house.db.all(asked).await?;
    Ok(found.into_iter().map(|(letter,)| letter).collect())
}

async fn note(
    house: &House,
    c: Community,
    reached: BTreeMap<Id, BTreeSet<Id>>,
    failed: BTreeMap<(Id, &'static str), BTreeSet<Id>>,
) -> Result<usize, NoticeError> {
    let mut notices: BTreeSet<Id> = reached.keys().copied().collect();
    notices.extend(failed.keys().map(|k| k.0));
    let mut moved = 0;
    for notice in notices {
        let rooms: Vec<Id> = reached
            .get(&notice)
            .map(|rooms| rooms.iter().copied().collect())
            .unwrap_or_default();
        let faults: Vec<(&'static str, Vec<Id>)> = failed
            .iter()
            .filter(|(key, _)| key.0 == notice)
            .map(|(key, rooms)| (key.1, rooms.iter().copied().collect()))
            .collect();
        let done = house
            .write(c, &Actor::system(c).who(), move |mut tx| {
                let now = tx.now();
                let mut up = 0;
                if !rooms.is_empty() {
                    let raise = store::households::raise(c, notice, &rooms, Reach::Delivered, now);
                    up = tx.execute(raise)?;
                }
                let mut down = 0;
                for (way, rooms) in &faults {
                    down += tx.execute(store::households::failed(c, notice, rooms, way))?;
                }
                if up + down == 0 {
                    return Err(NoticeError::Changed);
                }
                let event = Event::new(events::DELIVERED)
                    .about("notice", notice)
                    .to(To::Staff)
                    .with("households", up as i64)
                    .with("failed", down as i64);
                Ok(tx.record(event, up as usize)?)
            })
            .await;
        match done {
            Ok(up) => moved += up,
            Err(NoticeError::Changed) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(moved)
}
