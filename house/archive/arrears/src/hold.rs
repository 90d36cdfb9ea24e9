//! Holds: while a bill is disputed, a plan runs, a court decides, or a household is in need or
//! in mourning, the office does not press. Asked for by the office or the owner, decided by the
//! manager for at most ninety days, and renewed the same way.

use foundation::clock::Moment;
use foundation::database::{DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use jiff::ToSpan;
use jiff::civil::Date;
use permissions::Permission;
use permissions::actor::Actor;

use crate::contact::frozen;
use crate::rule::HOLD_DAYS_MAX;
use crate::{ArrearsError, events, looking, sealing, some_words, store, tend, words};

frozen! {
    /// Why.
    Why {
        Dispute = "dispute", key("arrears-hold-dispute");
        Plan = "plan", key("arrears-hold-plan");
        Litigation = "litigation", key("arrears-hold-litigation");
        Hardship = "hardship", key("arrears-hold-hardship");
        Death = "death", key("arrears-hold-death");
    }
}

frozen! {
    /// How it stands.
    State {
        Asked = "asked", key("arrears-hold-asked");
        Granted = "granted", key("arrears-hold-granted");
        Refused = "refused", key("arrears-hold-refused");
        Lifted = "lifted", key("arrears-hold-lifted");
    }
}

/// A hold; own words sealed or opened, as whoever holds it says.
#[derive(Clone, Debug)]
pub struct Hold {
    pub id: Id,
    pub room: Id,
    pub code: String,
    pub why: Why,
    pub note: String,
    pub answer: String,
    pub state: State,
    pub from: Option<Date>,
    /// Its last day.
    pub until: Option<Date>,
    pub asked_by: Id,
    pub asked_name: String,
    pub asked_person: Option<Id>,
    pub by_owner: bool,
    pub asked_at: Moment,
    pub decided_name: String,
    pub decided_at: Option<Moment>,
}

impl Hold {
    pub fn runs(&self, today: Date) -> bool {
        self.state == State::Granted && self.until.is_some_and(|until| until >= today)
    }
}

impl FromRow for Hold {
    fn from_row(row: &mut Row) -> Result<Hold, DbError> {
        let bad = || DbError::Shape("a stored word is not one of ours".into());
        let day = |text: Option<String>| text.map(|t| store::parse_day(&t)).transpose();
        Ok(Hold {
            id: row.next()?,
            room: row.next()?,
            code: row.next()?,
            why: Why::from_word(&row.next::<String>()?).ok_or_else(bad)?,
            note: row.next()?,
            answer: row.next()?,
            state: State::from_word(&row.next::<String>()?).ok_or_else(bad)?,
            from: day(row.next()?)?,
            until: day(row.next()?)?,
            asked_by: row.next()?,
            asked_name: row.next()?,
            asked_person: row.next()?,
            by_owner: row.next()?,
            asked_at: row.next()?,
            decided_name: row.next()?,
            decided_at: row.next()?,
        })
    }
}

/// Asks for a hold; the office for a household, or an owner for the own home.
///
/// # Errors
/// [`ArrearsError::NotFound`] for a home that is not the owner's own; [`ArrearsError::Again`]
/// while another waits.
pub async fn ask(
    house: &House,
    by: &Actor,
    room: Id,
    why: Why,
    note: &str,
) -> Result<Id, ArrearsError> {
    let by_owner = !by.has(Permission::ArrearsFollow);
    let right = if by_owner {
        Permission::HomeRead
    } else {
        Permission::ArrearsFollow
    };
    by.may(right)?;
    let (c, note) = (by.community, some_words(note)?);
    if by_owner && !owns(house, by, room).await? {
        return Err(ArrearsError::NotFound);
    }
    let account = looking::any_account(house, c, room).await?;
    account.ok_or(ArrearsError::NothingOverdue)?;
    let asker = by.account.ok_or(ArrearsError::NotFound)?;
    let new = Hold {
        id: house.id(),
        room,
        code: String::new(),
        why,
        note: house.keys.seal_words(c, room, sealing::NOTE, &note).await?,
        answer: String::new(),
        state: State::Asked,
        from: None,
        until: None,
        asked_by: asker,
        // An owner's name stands on the roster, not beside the wish.
        asked_name: if by_owner {
            String::new()
        } else {
            accounts::name_of(house, asker).await?
        },
        asked_person: by.person,
        by_owner,
        asked_at: house.now(),
        decided_name: String::new(),
        decided_at: None,
    };
    house
        .write(c, &by.who_for(right), move |mut tx| {
            let there: Vec<Hold> = tx.all(store::said::holds_of(c, room))?;
            if there.iter().any(|h| h.state == State::Asked) {
                return Err(ArrearsError::Again);
            }
            tx.execute(store::said::insert_hold(c, &new))?;
            let event = Event::new(events::HOLD_ASKED)
                .about("fee_account", room)
                .to(Audience::Staff)
                .with("hold", new.id)
                .with("why", why.word())
                .with("by_owner", by_owner);
            Ok(tx.record(event, new.id)?)
        })
        .await
}

/// Whether the actor's person owns a room.
pub(crate) async fn owns(house: &House, by: &Actor, room: Id) -> Result<bool, DbError> {
    let Some(person) = by.person else {
        return Ok(false);
    };
    let asked = store::owns(by.community, person, room, house.now().date());
    let found: Option<(Id,)> = house.db.optional(asked).await?;
    Ok(found.is_some())
}

/// Grants a hold until a day, or refuses it with an answer.
///
/// # Errors
/// [`ArrearsError::OwnCase`] when the decider asked for it or owns the home;
/// [`ArrearsError::HoldDays`].
pub async fn decide(
    house: &House,
    by: &Actor,
    id: Id,
    until: Option<Date>,
    answer: &str,
) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsDecide)?;
    let (c, today) = (by.community, house.now().date());
    let hold = one(house, by, id).await?;
    apart(house, by, &hold).await?;
    if hold.state != State::Asked {
        return Err(ArrearsError::Decided);
    }
    if let Some(until) = until
        && (until < today || until > today.saturating_add(HOLD_DAYS_MAX.days()))
    {
        return Err(ArrearsError::HoldDays);
    }
    // Who is refused is told why.
    let answer = match until {
        Some(_) => words(answer)?,
        None => some_words(answer)?,
    };
    let (state, kind) = match until {
        Some(_) => (State::Granted, events::HELD),
        None => (State::Refused, events::HOLD_REFUSED),
    };
    settle(house, by, hold, state, kind, until, &answer, today).await?;
    tend_room(house, c, id).await
}

/// Ends a hold today.
///
/// # Errors
/// As [`decide`]; [`ArrearsError::Decided`] when it does not run.
pub async fn lift(house: &House, by: &Actor, id: Id, why: &str) -> Result<(), ArrearsError> {
    by.may(Permission::ArrearsDecide)?;
    let (c, today) = (by.community, house.now().date());
    let why = some_words(why)?;
    let hold = one(house, by, id).await?;
    apart(house, by, &hold).await?;
    if !hold.runs(today) {
        return Err(ArrearsError::Decided);
    }
    let kind = events::HOLD_LIFTED;
    settle(
        house,
        by,
        hold,
        State::Lifted,
        kind,
        Some(today),
        &why,
        today,
    )
    .await?;
    tend_room(house, c, id).await
}

/// Decider, asker and party are different persons.
async fn apart(house: &House, by: &Actor, hold: &Hold) -> Result<(), ArrearsError> {
    let asked = by.account == Some(hold.asked_by)
        || (by.person.is_some() && by.person == hold.asked_person);
    if asked || owns(house, by, hold.room).await? {
        return Err(ArrearsError::OwnCase);
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)] // a decision has as many parts
async fn settle(
    house: &House,
    by: &Actor,
    hold: Hold,
    state: State,
    kind: foundation::ledger::Kind,
    until: Option<Date>,
    answer: &str,
    today: Date,
) -> Result<(), ArrearsError> {
    let c = by.community;
    let sealed = house
        .keys
        .seal_words(c, hold.room, sealing::ANSWER, answer)
        .await?;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    let by_name = accounts::name_of(house, account).await?;
    house
        .write(c, &by.who_for(Permission::ArrearsDecide), move |mut tx| {
            let decision = store::said::Decision {
                id: hold.id,
                was: hold.state.word(),
                state: state.word(),
                from: (state == State::Granted).then_some(today),
                until,
                answer: &sealed,
                by_name: &by_name,
                at: tx.now(),
            };
            if tx.execute(store::said::decide(c, &decision))? == 0 {
                return Err(ArrearsError::Decided);
            }
            let event = Event::new(kind)
                .about("fee_account", hold.room)
                .to(Audience::Staff)
                .with("hold", hold.id)
                .with("why", hold.why.word())
                .with_some("until", until.map(events::number));
            Ok(tx.record(event, ())?)
        })
        .await
}

async fn tend_room(
    house: &House,
    c: foundation::database::Community,
    id: Id,
) -> Result<(), ArrearsError> {
    let hold: Option<Hold> = house.db.optional(store::said::hold(c, id)).await?;
    if let Some(hold) = hold {
        tend::refresh(house, c, &[hold.room]).await?;
    }
    Ok(())
}

async fn one(house: &House, by: &Actor, id: Id) -> Result<Hold, ArrearsError> {
    let found: Option<Hold> = house
        .db
        .optional(store::said::hold(by.community, id))
        .await?;
    found.ok_or(ArrearsError::NotFound)
}

/// A page of holds in a state, the longest waiting first, and whether there are more.
pub async fn list(
    house: &House,
    by: &Actor,
    state: State,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Hold>, bool), ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    let c = by.community;
    let limit = crate::listing::PAGE;
    let asked = store::said::holds_in(c, state.word(), after, limit + 1);
    let mut found: Vec<Hold> = house.db.all(asked).await?;
    let more = found.len() as i64 > limit;
    found.truncate(limit as usize);
    looking::open_holds(house, c, &mut found).await?;
    Ok((found, more))
}
