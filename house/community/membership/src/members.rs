//! Members: leaving, suspension, removal by two, and the end. Whatever happens here,
//! notices, tickets and votes stay with whoever owns a home.

use serde_json::json;

use super::state::{Event as Step, Guard, State, next};
use super::store::{self, Member};
use super::{
    MembershipError, WORDS_CHARS_MAX, account_side, events, invite, jobs, policy, roster_side,
};
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, HOUSE, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::enqueue;
use foundation::ledger::{Audience, Event, Kind};
use permissions::Permission;
use permissions::actor::Actor;

/// Longest suspension and longest term of a removal, in days: a year, then it is looked at anew.
pub const TERM_DAYS_MAX: i64 = 365;

/// What the office may do to a membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    Suspend {
        days: i64,
        words: String,
    },
    Resume,
    /// First of the two persons: proposes the removal.
    AskRemoval {
        days: i64,
        words: String,
    },
    /// Second of the two: carries it out.
    ConfirmRemoval,
    DropRemoval,
}

fn happened(kind: Kind, member: &Member) -> Event {
    Event::new(kind)
        .about("member", member.id)
        .to(Audience::Account(member.account))
        .with("room", member.room)
}

fn plan_term(tx: &mut Tx<'_>, member: Id, until: Moment) -> Result<(), MembershipError> {
    let id = format!("{}:{member}:{}", jobs::TERM, until.0);
    enqueue(tx, jobs::TERM, &id, &json!({ "member": member }), until)?;
    Ok(())
}

/// Takes a measure. Suspending and removing need a reason; removing needs two persons.
pub async fn measure(
    house: &House,
    by: &Actor,
    member: Id,
    version: i64,
    measure: Measure,
) -> Result<State, MembershipError> {
    by.may(Permission::MembershipRemove)?;
    let c = by.community;
    let account = by.account;
    let said = match &measure {
        Measure::Suspend { words, .. } | Measure::AskRemoval { words, .. } => words.as_str(),
        Measure::Resume | Measure::ConfirmRemoval | Measure::DropRemoval => "",
    };
    let sealed = if said.trim().is_empty() {
        String::new()
    } else {
        let m: Option<Member> = house.db.optional(store::member(c, member)).await?;
        let whose = m.ok_or(MembershipError::NotFound)?.account;
        house
            .keys
            .seal_words(HOUSE, whose, store::MEMBER_WORDS, said)
            .await?
    };
    house
        .write(
            c,
            &by.who_for(Permission::MembershipRemove),
            move |mut tx| {
                let now = tx.now();
                let m: Option<Member> = tx.optional(store::member(c, member))?;
                let m = m.ok_or(MembershipError::NotFound)?;
                if m.version != version {
                    return Err(MembershipError::Changed);
                }
                let guard = |words: &str| Guard {
                    has_reason: !words.trim().is_empty(),
                    by_machine: account.is_none(),
                    ..Guard::PERSON
                };
                let bounded = |days: i64, words: &str| {
                    let fits = (1..=TERM_DAYS_MAX).contains(&days)
                        && words.chars().count() <= WORDS_CHARS_MAX;
                    if fits {
                        Ok(now.plus(days * DAY))
                    } else {
                        Err(MembershipError::Missing("term"))
                    }
                };
                let (state, event) = match measure {
                    Measure::Suspend { days, words } => {
                        let until = bounded(days, &words)?;
                        let state = next(m.state, Step::Suspend, guard(&words))?;
                        tx.execute(store::change_member(
                            c,
                            member,
                            state,
                            "suspended",
                            &sealed,
                            Some(until),
                            now,
                        ))?;
                        plan_term(&mut tx, member, until)?;
                        (state, happened(events::SUSPENDED, &m).with("until", until))
                    }
                    Measure::Resume => {
                        let state = next(m.state, Step::Resume, Guard::PERSON)?;
                        tx.execute(store::change_member(c, member, state, "", "", None, now))?;
                        (state, happened(events::RESUMED, &m))
                    }
                    Measure::AskRemoval { days, words } => {
                        bounded(days, &words)?;
                        // The table is asked now, so that nothing is proposed that cannot be done.
                        next(m.state, Step::Remove, guard(&words))?;
                        tx.execute(store::ask_removal(c, member, account, &sealed, days, now))?;
                        (
                            m.state,
                            happened(events::REMOVAL_ASKED, &m)
                                .to(Audience::Staff)
                                .with("days", days),
                        )
                    }
                    Measure::ConfirmRemoval => {
                        let first = m.removal_by.ok_or(MembershipError::Missing("proposal"))?;
                        let guard = Guard {
                            same_person: account == Some(first),
                            ..guard(&m.removal_words)
                        };
                        let state = next(m.state, Step::Remove, guard)?;
                        let until = now.plus(m.removal_days.unwrap_or(TERM_DAYS_MAX) * DAY);
                        tx.execute(store::change_member(
                            c,
                            member,
                            state,
                            "removed",
                            &m.removal_words,
                            Some(until),
                            now,
                        ))?;
                        plan_term(&mut tx, member, until)?;
                        let owner = roster_side::still_owns(&mut tx, c, m.room, m.party)?;
                        let event = happened(events::REMOVED, &m)
                            .with("until", until)
                            .with("asked_by", first)
                            .with("notice_only", owner);
                        (state, event)
                    }
                    Measure::DropRemoval => {
                        m.removal_by.ok_or(MembershipError::Missing("proposal"))?;
                        tx.execute(store::drop_removal(c, member, now))?;
                        (
                            m.state,
                            happened(events::REMOVAL_DROPPED, &m).to(Audience::Staff),
                        )
                    }
                };
                Ok(tx.record(event, state)?)
            },
        )
        .await
}

/// The member's own wish: to leave, or to stay after all.
pub async fn leave(
    house: &House,
    by: &Actor,
    member: Id,
    leave: bool,
) -> Result<State, MembershipError> {
    let c = by.community;
    let account = by.account.ok_or(MembershipError::NotFound)?;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let m: Option<Member> = tx.optional(store::member(c, member))?;
            let m = m
                .filter(|m| m.account == account)
                .ok_or(MembershipError::NotFound)?;
            let (step, kind) = if leave {
                (Step::Leave, events::LEAVING)
            } else {
                (Step::Stay, events::STAYED)
            };
            let state = next(m.state, step, Guard::PERSON)?;
            let (_, policy) = policy::policy_in(&mut tx, c)?;
            let until = leave.then(|| now.plus(i64::from(policy.leaving_days) * DAY));
            let reason = if leave { "leaving" } else { "" };
            tx.execute(store::change_member(
                c, member, state, reason, "", until, now,
            ))?;
            if let Some(until) = until {
                plan_term(&mut tx, member, until)?;
            }
            let event = happened(kind, &m)
                .to(Audience::Staff)
                .with_some("until", until);
            Ok::<_, MembershipError>(tx.record(event, state)?)
        })
        .await
}

/// A term is over: a suspension ends, a leaving is done, a removal no longer bars
/// from applying again. Once, however often the clock asks.
pub async fn term(house: &House, by: &Actor, member: Id) -> Result<(), MembershipError> {
    let c = by.community;
    let stamp = house.stamp(&by.who());
    let out = house
        .db
        .write_across(vec![HOUSE, c], stamp, move |mut tx| {
            let now = tx.now();
            let m: Option<Member> = tx.optional(store::member(c, member))?;
            let m = m.ok_or(MembershipError::NotFound)?;
            if m.until_at.is_none_or(|until| until > now) {
                return Err(MembershipError::NotFound);
            }
            let (step, kind, reason) = match m.state {
                State::Suspended => (Step::Resume, events::RESUMED, ""),
                State::Leaving => (Step::End, events::ENDED, "left"),
                // Somebody removed who still owns keeps what an owner keeps; the term
                // only decides when they may apply again.
                _ => return Err(MembershipError::NotFound),
            };
            let state = next(m.state, step, Guard::MACHINE)?;
            tx.execute(store::change_member(
                c, member, state, reason, "", None, now,
            ))?;
            if state == State::Ended {
                account_side::end_owner(&mut tx, c, m.account)?;
            }
            Ok(tx.record(happened(kind, &m).with("why", reason_word(reason)), ())?)
        })
        .await;
    invite::settled(out)
}

fn reason_word(reason: &str) -> &'static str {
    match reason {
        "left" => "left",
        "transfer" => "transfer",
        _ => "term",
    }
}

/// The home changed hands: every membership of the former owner with it ends, the
/// history stays with the room. `false` when there was nothing (any more) to end.
pub async fn end_by_transfer(
    house: &House,
    by: &Actor,
    member: Id,
) -> Result<bool, MembershipError> {
    let c = by.community;
    let stamp = house.stamp(&by.who());
    let out = house
        .db
        .write_across(vec![HOUSE, c], stamp, move |mut tx| {
            let now = tx.now();
            let m: Option<Member> = tx.optional(store::member(c, member))?;
            let m = m.ok_or(MembershipError::NotFound)?;
            let state = next(m.state, Step::Transfer, Guard::MACHINE)?;
            tx.execute(store::change_member(
                c, member, state, "transfer", "", m.until_at, now,
            ))?;
            account_side::end_owner(&mut tx, c, m.account)?;
            Ok(tx.record(happened(events::ENDED, &m).with("why", "transfer"), true)?)
        })
        .await;
    match out {
        Err(MembershipError::Illegal(_) | MembershipError::NotFound) => Ok(false),
        other => other,
    }
}

/// The memberships of an account here, newest first.
pub async fn of_account(
    house: &House,
    c: Community,
    account: Id,
) -> Result<Vec<Member>, MembershipError> {
    let rows: Vec<Member> = house.db.all(store::members_of_account(c, account)).await?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.push(readable(house, row).await?);
    }
    Ok(out)
}

/// At most so many members are looked up for a batch of rooms.
const OF_ROOMS_MAX: i64 = 20_000;

/// Who belongs to some rooms, for what the office sends to households: room, account and
/// relation. Whoever is muted or removed from the group still belongs to the home.
pub async fn of_rooms(
    house: &House,
    c: Community,
    rooms: &[Id],
) -> Result<Vec<(Id, Id, super::Relation)>, MembershipError> {
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Id, Id, String)> = house
        .db
        .all(store::members_of_rooms(c, rooms, OF_ROOMS_MAX))
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(room, account, word)| {
            Some((room, account, super::Relation::from_word(&word)?))
        })
        .collect())
}

/// One member.
pub async fn member(house: &House, by: &Actor, id: Id) -> Result<Member, MembershipError> {
    by.may(Permission::MembershipRead)?;
    let found = house.db.optional(store::member(by.community, id)).await?;
    readable(house, found.ok_or(MembershipError::NotFound)?).await
}

/// A member with the office's words as they were written.
async fn readable(house: &House, mut m: Member) -> Result<Member, MembershipError> {
    let keys = &house.keys;
    for words in [&mut m.words, &mut m.removal_words] {
        *words = keys
            .open_words(HOUSE, m.account, store::MEMBER_WORDS, words)
            .await?;
    }
    Ok(m)
}

/// Which part of the list of members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFilter {
    pub state: Option<State>,
    /// Only those whose removal waits for its second person.
    pub proposals: bool,
    /// A room or a name.
    pub search: String,
    /// The last row of the page before.
    pub after: Option<(String, Id)>,
}

/// A page of members with the exact total of its filter.
pub struct MemberList {
    pub rows: Vec<Member>,
    pub total: i64,
    pub after: Option<(String, Id)>,
}

/// A page of the list, by room.
pub async fn list(
    house: &House,
    by: &Actor,
    filter: &MemberFilter,
) -> Result<MemberList, MembershipError> {
    by.may(Permission::MembershipRead)?;
    let known = roster_side::find_room(house, by.community, &filter.search).await?;
    let room = known.map(|r| r.0);
    let (count, page) = store::member_page(by.community, filter, room, super::view::PAGE_ROWS);
    let (total,): (i64,) = house.db.one(count).await?;
    let mut rows: Vec<Member> = house.db.all(page).await?;
    let more = rows.len() as i64 > super::view::PAGE_ROWS;
    rows.truncate(super::view::PAGE_ROWS as usize);
    let after = rows
        .last()
        .filter(|_| more)
        .map(|m| (m.room_code.clone(), m.id));
    Ok(MemberList { rows, total, after })
}

/// Removes a member inside another room's write: conduct, whose two persons have agreed.
/// The event is that room's to record beside its own.
pub fn remove_in(tx: &mut Tx<'_>, member: Id, until: Moment) -> Result<Event, MembershipError> {
    let (c, now) = (tx.community(), tx.now());
    let m: Option<Member> = tx.optional(store::member(c, member))?;
    let m = m.ok_or(MembershipError::NotFound)?;
    let state = next(m.state, Step::Remove, Guard::PERSON)?;
    tx.execute(store::change_member(
        c,
        member,
        state,
        "removed",
        "",
        Some(until),
        now,
    ))?;
    plan_term(tx, member, until)?;
    let owner = roster_side::still_owns(tx, c, m.room, m.party)?;
    Ok(happened(events::REMOVED, &m)
        .with("until", until)
        .with("notice_only", owner))
}

/// Brings a removed member back inside another room's write: the removal was overturned.
/// `None` when the membership has gone another way meanwhile.
pub fn reinstate_in(tx: &mut Tx<'_>, member: Id) -> Result<Option<Event>, MembershipError> {
    let (c, now) = (tx.community(), tx.now());
    let m: Option<Member> = tx.optional(store::member(c, member))?;
    let m = m.ok_or(MembershipError::NotFound)?;
    if m.state != State::Removed {
        return Ok(None);
    }
    let state = next(m.state, Step::Reinstate, Guard::PERSON)?;
    tx.execute(store::change_member(c, member, state, "", "", None, now))?;
    Ok(Some(happened(events::REINSTATED, &m)))
}
