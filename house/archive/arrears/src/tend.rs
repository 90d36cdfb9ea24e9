//! Keeping the accounts right: each is worked out anew from the fees, from what was said and
//! from what is held. The ledger is told when one comes into scope, when its earliest unpaid
//! item is another, and when it leaves.

use std::collections::{BTreeMap, HashMap};

use foundation::database::{Chore, Community, Database, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use jiff::civil::Date;
use permissions::actor::Actor;

use crate::account::{Account, Seen, dates};
use crate::debts::debts;
use crate::{ArrearsError, events, store};

/// Rooms that are worked out together, and that one event names at most.
pub const TOGETHER: usize = 200;
/// Rooms whose sums are compared at once.
const COMPARED: i64 = 500;

/// Works out some rooms' accounts; how many changed.
pub async fn refresh(house: &House, c: Community, rooms: &[Id]) -> Result<usize, ArrearsError> {
    let mut changed = 0;
    for part in rooms.chunks(TOGETHER) {
        changed += refresh_part(house, c, part).await?;
    }
    Ok(changed)
}

/// What the accounts of some rooms are worked out from.
struct Sources {
    open: HashMap<Id, fees::OpenAccount>,
    was: HashMap<Id, Account>,
    heads: HashMap<Id, (String, Vec<u8>, String)>,
    seen: HashMap<Id, Vec<Seen>>,
    holds: HashMap<Id, (Date, String)>,
}

async fn sources(house: &House, c: Community, rooms: &[Id]) -> Result<Sources, ArrearsError> {
    let was: Vec<Account> = house.db.all(store::accounts(c, rooms)).await?;
    let heads: Vec<(Id, String, Vec<u8>, String)> = house.db.all(store::heads(c, rooms)).await?;
    let mut seen: HashMap<Id, Vec<Seen>> = HashMap::new();
    let said: Vec<store::said::SeenRow> = house.db.all(store::said::seen(c, rooms)).await?;
    for row in said {
        seen.entry(row.room).or_default().push(row.seen);
    }
    let mut holds: HashMap<Id, (Date, String)> = HashMap::new();
    let held: Vec<(Id, String, String)> =
        house.db.all(store::said::last_days_held(c, rooms)).await?;
    for (room, until, why) in held {
        let until = store::parse_day(&until)?;
        let kept = holds.entry(room).or_insert((until, why.clone()));
        if until >= kept.0 {
            *kept = (until, why);
        }
    }
    Ok(Sources {
        open: fees::open_accounts(house, c, rooms).await?,
        was: was.into_iter().map(|a| (a.room, a)).collect(),
        heads: heads
            .into_iter()
            .map(|(id, code, key, building)| (id, (code, key, building)))
            .collect(),
        seen,
        holds,
    })
}

/// The account of a room as it is now; `None` where it owes nothing or is gone.
fn worked_out(s: &Sources, room: Id, today: Date) -> Option<Account> {
    let open = s.open.get(&room)?;
    let debts = debts(open);
    let hold = s.holds.get(&room);
    let seen = s.seen.get(&room).map_or(&[][..], Vec::as_slice);
    let d = dates(&debts, seen, hold.map(|h| h.0))?;
    let (code, sort_key, building) = s.heads.get(&room)?.clone();
    let was = s.was.get(&room);
    let in_scope = d.scope_from <= today;
    let mut now = Account {
        room,
        code,
        sort_key,
        building,
        bills_due: open.bills.first().map_or(d.anchor, |b| b.due),
        bills_fen: open.bills.iter().map(|b| b.owed.0).sum(),
        anchor: d.anchor,
        scope_from: d.scope_from,
        contact_on: None,
        reached_on: None,
        promised_on: None,
        held_until: hold.map(|h| h.0),
        held_why: hold.map_or(String::new(), |h| h.1.clone()),
        deadline: was.map_or(d.deadline, |a| a.deadline),
        work_by: d.work_by,
        task_on: d.task_on,
        reach_by: d.reach_by,
        limit_on: d.limit_on,
        // Collecting begins anew with the next debt.
        stage: was.and_then(|a| a.stage).filter(|_| d.anchor < today),
        escalated: was.map_or(0, |a| a.escalated),
        told: in_scope.then_some(d.anchor),
    };
    now.dated(&d);
    Some(now)
}

async fn refresh_part(house: &House, c: Community, rooms: &[Id]) -> Result<usize, ArrearsError> {
    let today = house.now().date();
    let s = sources(house, c, rooms).await?;
    let (mut put, mut gone) = (Vec::new(), Vec::new());
    let mut entered: BTreeMap<Date, Vec<Id>> = BTreeMap::new();
    let mut cleared = Vec::new();
    for room in rooms {
        let (was, now) = (s.was.get(room), worked_out(&s, *room, today));
        if was == now.as_ref() {
            continue;
        }
        let told = |a: Option<&Account>| a.and_then(|a| a.told);
        match (told(was), told(now.as_ref())) {
            (before, Some(anchor)) if before != Some(anchor) => {
                entered.entry(anchor).or_default().push(*room);
            }
            (Some(_), None) => cleared.push(*room),
            _ => {}
        }
        match now {
            Some(account) => put.push(account),
            None => gone.push(*room),
        }
    }
    let changed = put.len() + gone.len();
    if changed == 0 {
        return Ok(0);
    }
    let mut told: Vec<Event> = entered
        .into_iter()
        .map(|(anchor, rooms)| {
            Event::new(events::IN_SCOPE)
                .to(Audience::Staff)
                .with("due", events::number(anchor))
                .with("rooms", rooms)
        })
        .collect();
    if !cleared.is_empty() {
        let event = Event::new(events::CLEARED).to(Audience::Staff);
        told.push(event.with("rooms", cleared));
    }
    let mut asks: Vec<_> = put.iter().map(|a| store::put(c, a)).collect();
    if !gone.is_empty() {
        asks.push(store::remove(c, &gone));
    }
    let Some(last) = told.pop() else {
        house
            .db
            .keep::<_, DbError, _>(Chore::Index, c, move |r| {
                for ask in asks {
                    r.execute(ask)?;
                }
                Ok(())
            })
            .await?;
        return Ok(changed);
    };
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            for ask in asks {
                tx.execute(ask)?;
            }
            for event in told {
                tx.also(event)?;
            }
            Ok::<_, ArrearsError>(tx.record(last, changed)?)
        })
        .await
}

/// Rooms whose account does not say what the fees say, page by page.
async fn differing(
    db: &Database,
    c: Community,
    after: &str,
) -> Result<(Vec<Id>, Option<String>), DbError> {
    let open: Vec<(Id, String, i64)> = db.all(store::open_after(c, after, COMPARED)).await?;
    let full = open.len() as i64 == COMPARED;
    let last = full.then(|| open.last().map(|o| o.0.to_string())).flatten();
    // Accounts without open bills are as many as were paid since: bounded by the page's range.
    let asked = store::known_between(c, after, last.as_deref(), COMPARED * 4);
    let known: Vec<(Id, String, i64)> = db.all(asked).await?;
    // A crowd of accounts to be removed is gone through in pages of its own.
    let last = match known.last() {
        Some(k) if known.len() as i64 == COMPARED * 4 => Some(k.0.to_string()),
        _ => last,
    };
    let upto = |id: &Id| {
        last.as_ref()
            .is_none_or(|last| id.as_str() <= last.as_str())
    };
    let known: HashMap<Id, (String, i64)> = known
        .into_iter()
        .map(|(id, due, fen)| (id, (due, fen)))
        .collect();
    let mut rooms: Vec<Id> = Vec::new();
    let mut there = std::collections::HashSet::with_capacity(open.len());
    for (id, due, fen) in open.into_iter().filter(|o| upto(&o.0)) {
        there.insert(id);
        if known.get(&id).is_none_or(|k| k.0 != due || k.1 != fen) {
            rooms.push(id);
        }
    }
    rooms.extend(known.into_keys().filter(|id| !there.contains(id)));
    Ok((rooms, last))
}

/// Compares every account with the fees and works out those that differ; how many did. What
/// is written down beside (contacts, holds) is followed room by room.
pub async fn tend(house: &House, c: Community) -> Result<usize, ArrearsError> {
    let (mut after, mut changed) = (String::new(), 0);
    loop {
        let (rooms, last) = differing(&house.db, c, &after).await?;
        changed += refresh(house, c, &rooms).await?;
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    Ok(changed + enter(house, c).await?)
}

/// Tells the ledger of accounts that a month made part of the scope; how many.
pub async fn enter(house: &House, c: Community) -> Result<usize, ArrearsError> {
    let today = house.now().date();
    let mut entered = 0;
    loop {
        let asked = store::untold(c, today, TOGETHER as i64);
        let rooms: Vec<(Id,)> = house.db.all(asked).await?;
        let rooms: Vec<Id> = rooms.into_iter().map(|r| r.0).collect();
        let done = refresh(house, c, &rooms).await?;
        entered += done;
        if rooms.len() < TOGETHER || done == 0 {
            return Ok(entered);
        }
    }
}

/// Works out every account anew, whatever it says; how many were wrong.
pub async fn rebuild(house: &House, c: Community) -> Result<usize, ArrearsError> {
    let mut wrong = tend(house, c).await?;
    let mut after = String::new();
    loop {
        let asked = store::known_between(c, &after, None, TOGETHER as i64);
        let known: Vec<(Id, String, i64)> = house.db.all(asked).await?;
        let Some(last) = known.last() else {
            return Ok(wrong);
        };
        after = last.0.to_string();
        let rooms: Vec<Id> = known.iter().map(|k| k.0).collect();
        wrong += refresh(house, c, &rooms).await?;
    }
}

/// How many rooms' accounts do not say what the fees say: for `doctor`, which changes nothing.
pub async fn stale(db: &Database, c: Community) -> Result<usize, DbError> {
    let (mut after, mut found) = (String::new(), 0);
    loop {
        let (rooms, last) = differing(db, c, &after).await?;
        found += rooms.len();
        match last {
            Some(last) => after = last,
            None => return Ok(found),
        }
    }
}
