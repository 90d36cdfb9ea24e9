//! Taking a ticket in: from an owner, on the phone, out of a message, from the assistant.

use foundation::clock::Moment;
use foundation::database::{Community, Look as _};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event, Who};
use foundation::page::key;
use foundation::pictures;
use membership::members;
use permissions::Permission;
use permissions::actor::Actor;

use crate::calendar::Office;
use crate::category;
use crate::log::{self, Draft, Note};
use crate::number::Number;
use crate::states::{Hand, State};
use crate::ticket::{Ticket, Veil};
use crate::words::{Kind, Outside, Priority, Source};
use crate::work::{self, Shows};
use crate::{
    NAME_CHARS_MAX, Refused, events, looking, moving, sealing, search, some_words, store, tell,
};

/// Where something is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Nowhere,
    Room(Id),
    /// A place of all, with its building where it has one.
    Common {
        building: String,
        place: String,
    },
}

/// What is taken in.
#[derive(Debug)]
pub struct New {
    /// The record that it becomes, where that was something before; a new id otherwise.
    pub id: Option<Id>,
    pub kind: Kind,
    pub category: Option<Id>,
    /// Nothing takes what the category says.
    pub priority: Option<Priority>,
    pub source: Source,
    pub words: String,
    pub place: Place,
    /// A phone to call, as it was typed.
    pub phone: String,
    /// Whom to ask for, where they are not on the roster.
    pub name: String,
    /// The colleague that a complaint is about.
    pub subject: Option<Id>,
    /// The complaint is about the company itself: it goes outside.
    pub about_company: bool,
    /// The first word that nobody answered, where it was before now.
    pub since: Option<Moment>,
    /// Who reports, where the office takes it for somebody of the room.
    pub person: Option<Id>,
    pub pictures: Vec<pictures::Picture>,
    /// What the device calls this report: sent twice, it is one.
    pub sent_id: String,
}

impl Default for New {
    fn default() -> New {
        New {
            id: None,
            kind: Kind::Enquiry,
            category: None,
            priority: None,
            source: Source::Phone,
            words: String::new(),
            place: Place::Nowhere,
            phone: String::new(),
            name: String::new(),
            subject: None,
            about_company: false,
            since: None,
            person: None,
            pictures: Vec::new(),
            sent_id: String::new(),
        }
    }
}

/// Who reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reporter {
    pub person: Option<Id>,
    pub account: Option<Id>,
    pub taken_by: Option<Id>,
    /// In the place of the account in the ledger, where somebody complains.
    pub digest: Option<[u8; 32]>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub id: Id,
    pub number: Number,
}

/// An owner reports: their own room, or a place of all.
///
/// # Errors
/// [`Refused::Room`] for a room that is not theirs.
pub async fn by_owner(house: &House, by: &Actor, new: New) -> Result<Opened, Refused> {
    by.may(Permission::DeskReport)?;
    let account = by.account.ok_or(Refused::NotFound)?;
    match &new.place {
        Place::Room(room) => {
            let mine = homes(house, by).await?;
            if !mine.iter().any(|(id, _)| id == room) {
                return Err(Refused::Room);
            }
        }
        // A repair is somewhere; what is asked or complained of need not be.
        Place::Nowhere if new.kind == Kind::Repair => return Err(Refused::Room),
        _ => {}
    }
    let reporter = Reporter {
        person: by.person,
        account: Some(account),
        ..Reporter::default()
    };
    let new = New {
        source: Source::Owner,
        id: None,
        since: None,
        person: None,
        ..new
    };
    let (who, digest) = looking::who(house, by, veil_of(&new), true);
    let reporter = Reporter { digest, ..reporter };
    put(house, by.community, who, reporter, new).await
}

/// The office takes a report, on the phone or at the counter.
pub async fn by_office(house: &House, by: &Actor, new: New) -> Result<Opened, Refused> {
    by.may(Permission::DeskHandle)?;
    let c = by.community;
    let account = by.account.ok_or(Refused::NotFound)?;
    if new.since.is_some_and(|since| since > house.now()) {
        return Err(Refused::Setting);
    }
    let mut reporter = Reporter {
        taken_by: Some(account),
        ..Reporter::default()
    };
    if let Some(person) = new.person {
        let Place::Room(room) = new.place else {
            return Err(Refused::Room);
        };
        if !roster::belongs(house, c, person, &[room]).await? {
            return Err(Refused::Room);
        }
        reporter.person = Some(person);
        reporter.account = accounts::staff::account_of(house, c, person).await?;
    }
    put(house, c, by.who_for(Permission::DeskHandle), reporter, new).await
}

/// The homes of an owner here: room and code.
pub async fn homes(house: &House, by: &Actor) -> Result<Vec<(Id, String)>, Refused> {
    let Some(account) = by.account else {
        return Ok(Vec::new());
    };
    homes_of(house, by.community, account).await
}

/// The same of an account.
pub(crate) async fn homes_of(
    house: &House,
    c: Community,
    account: Id,
) -> Result<Vec<(Id, String)>, Refused> {
    let here = members::of_account(house, c, account).await?;
    let mut out: Vec<(Id, String)> = Vec::new();
    for m in here {
        // Whoever was removed from the group still belongs to the home.
        let belongs = m.state.is_member() || m.state == membership::State::Removed;
        if belongs
            && !out.iter().any(|(id, _)| *id == m.room)
            && let Some(room) = roster::room(house, c, m.room).await?
        {
            out.push((m.room, room.at.code));
        }
    }
    Ok(out)
}

/// Whom a complaint may name: the colleagues of the office.
pub async fn colleagues(house: &House, c: Community) -> Result<Vec<(Id, String)>, Refused> {
    let office: Vec<permissions::Role> = permissions::Role::ALL
        .into_iter()
        .filter(|r| r.is_staff() && *r != permissions::Role::Operator)
        .collect();
    let mut out: Vec<(Id, String)> = Vec::new();
    for one in accounts::staff::holders(house, c, &office).await? {
        if one.active && !out.iter().any(|(id, _)| *id == one.id) {
            out.push((one.id, one.name));
        }
    }
    Ok(out)
}

/// Behind which veil a report lies from its beginning.
fn veil_of(new: &New) -> Veil {
    match (new.kind, new.about_company) {
        (Kind::Complaint, true) => Veil::Outside,
        (Kind::Complaint, false) => Veil::Complaint,
        _ => Veil::Office,
    }
}

struct Where {
    room: Option<Id>,
    code: String,
    building: String,
    place: String,
}

async fn place_of(house: &House, c: Community, place: &Place) -> Result<Where, Refused> {
    Ok(match place {
        Place::Nowhere => Where {
            room: None,
            code: String::new(),
            building: String::new(),
            place: String::new(),
        },
        Place::Room(id) => {
            let room = roster::room(house, c, *id).await?.ok_or(Refused::Room)?;
            Where {
                room: Some(*id),
                code: room.at.code,
                building: room.building,
                place: String::new(),
            }
        }
        Place::Common { building, place } => {
            let there = roster::buildings(house, c).await?;
            if !building.is_empty() && !there.contains(building) {
                return Err(Refused::Room);
            }
            let place = crate::some_name(place)?;
            Where {
                room: None,
                code: String::new(),
                building: building.clone(),
                place,
            }
        }
    })
}

/// Takes a ticket in, whoever asked for it.
pub(crate) async fn put(
    house: &House,
    c: Community,
    who: Who,
    reporter: Reporter,
    new: New,
) -> Result<Opened, Refused> {
    let account = reporter.taken_by.or(reporter.account);
    if let Some(account) = account
        && let Some(before) = sent_before(house, c, account, &new.sent_id).await?
    {
        return Ok(before);
    }
    let words = some_words(&new.words)?;
    let too_long = |text: &str| text.trim().chars().count() > NAME_CHARS_MAX;
    if too_long(&new.phone) || too_long(&new.name) {
        return Err(Refused::Words);
    }
    let tree = category::ready(house, c).await?;
    if let Some(category) = new.category {
        let found = tree.get(category).filter(|k| k.retired_at.is_none());
        let found = found.ok_or(Refused::Category)?;
        if found.kind != new.kind {
            return Err(Refused::Category);
        }
    }
    let complaint = new.kind == Kind::Complaint;
    if let (true, Some(subject)) = (complaint, new.subject) {
        let known = colleagues(house, c).await?;
        if !known.iter().any(|(id, _)| *id == subject) {
            return Err(Refused::Worker);
        }
    }
    let at = place_of(house, c, &new.place).await?;
    let (id, was) = (new.id.unwrap_or_else(|| house.id()), new.id);
    let whose = reporter.person.unwrap_or(id);
    let ring = house.keys.make(c, &[whose]).await?;
    let grams = search::grams(house, c, &words);
    let seal = |column, text: &str| house.keys.seal_text(&ring, whose, column, text.trim());
    let effective = |p| tree.effective(new.category, new.kind, p);
    let priority = new.priority.unwrap_or_else(|| {
        let of = effective(Priority::Normal).priority;
        of.unwrap_or(Priority::Normal)
    });
    let veil = veil_of(&new);
    let office = Office::of(house, c).await?;
    let shows = Shows::Report;
    let stored = work::store_away(house, c, &ring, id, whose, shows, new.pictures).await?;
    let pictures = stored.rows.clone();
    let now = house.now();
    let mut ticket = Ticket {
        id,
        number: Number { year: 0, number: 0 },
        kind: new.kind,
        category: new.category,
        priority,
        source: new.source,
        state: State::New,
        outcome: None,
        whose,
        words: seal(sealing::WORDS, &words)?,
        phone: seal(sealing::PHONE, &new.phone)?,
        reporter_name: seal(sealing::NAME, &new.name)?,
        room: at.room,
        room_code: at.code,
        building: at.building,
        place: at.place,
        reporter: reporter.person,
        reporter_account: reporter.account,
        taken_by: reporter.taken_by,
        team: effective(priority).team,
        assignee: None,
        assignee_name: String::new(),
        worker: None,
        subject: new.subject.filter(|_| complaint),
        outside: (veil == Veil::Outside).then_some(Outside::Committee),
        veil,
        incident: None,
        is_incident: false,
        households: i64::from(at.room.is_some()),
        opened_at: now,
        since: new.since.unwrap_or(now).min(now),
        state_at: now,
        waits_for: None,
        waits_until: None,
        accept_by: None,
        price_fen: None,
        price_yes_at: None,
        rating: None,
        silent: false,
        reopened: 0,
        look_at: None,
        due_at: now,
        version: 1,
    };
    let telling = telling_of(house, c, &ticket).await?;
    let sent_id = new.sent_id.clone();
    let year = i64::from(now.date().year());
    let done = house
        .write(c, &who, move |mut tx| {
            if let Some(was) = was {
                let found: Option<Ticket> = tx.optional(store::ticket(c, was))?;
                if found.is_some() {
                    return Err(Refused::Again);
                }
            }
            let (number,): (i64,) = tx.one(store::next_number(c, year))?;
            ticket.number = Number { year, number };
            tx.execute(store::insert_ticket(c, &ticket))?;
            tx.execute(store::tally::count(c, id, 1))?;
            search::index_in(&mut tx, c, id, &grams)?;
            let draft = Draft {
                act: Note::Opened.word(),
                by_account: account,
                hand: if reporter.taken_by.is_some() {
                    Hand::Office.word()
                } else {
                    Hand::Reporter.word()
                },
                public: true,
                sent_id: new.sent_id,
                ..Draft::default()
            };
            log::write_in(&mut tx, c, id, State::New, draft)?;
            work::pictures_in(&mut tx, c, id, &pictures)?;
            moving::keep_in(&mut tx, c, &mut ticket, &office)?;
            if let Some(telling) = &telling {
                telling.put_in(&mut tx)?;
            }
            let event = Event::new(events::OPENED)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("year", year)
                .with("number", number)
                .with("kind", ticket.kind.word())
                .with_some("reporter", reporter.digest)
                .with("source", ticket.source.word())
                .with("priority", ticket.priority.word())
                .with("since", ticket.since.0);
            let number = ticket.number;
            Ok(tx.record(event, Opened { id, number })?)
        })
        .await;
    if done.is_err() {
        stored.forget().await;
        if let Some(account) = account
            && let Some(before) = sent_before(house, c, account, &sent_id).await?
        {
            return Ok(before);
        }
    }
    done
}

/// A ticket that was something before, where it was opened already.
pub(crate) async fn there(house: &House, c: Community, id: Id) -> Result<Option<Opened>, Refused> {
    let found: Option<Ticket> = house.db.optional(store::ticket(c, id)).await?;
    Ok(found.map(|t| Opened {
        id: t.id,
        number: t.number,
    }))
}

/// What a device sent before under the same id.
async fn sent_before(
    house: &House,
    c: Community,
    account: Id,
    sent_id: &str,
) -> Result<Option<Opened>, Refused> {
    if !crate::was_sent(house, c, account, sent_id).await? {
        return Ok(None);
    }
    let (id,): (Id,) = house.db.one(store::sent(c, account, sent_id)).await?;
    let t: Ticket = house.db.one(store::ticket(c, id)).await?;
    Ok(Some(Opened {
        id,
        number: t.number,
    }))
}

/// An emergency is told at once to everybody who handles tickets; the rest waits on the list.
async fn telling_of(
    house: &House,
    c: Community,
    t: &Ticket,
) -> Result<Option<tell::Telling>, Refused> {
    if t.priority != Priority::Emergency || t.veil != Veil::Office {
        return Ok(None);
    }
    let roles = Permission::DeskHandle.roles();
    let all = accounts::staff::holders(house, c, roles).await?;
    let people: Vec<Id> = all.into_iter().filter(|h| h.active).map(|h| h.id).collect();
    // Its number is taken within the write; the list shows it first.
    let title = key("desk-told-emergency");
    let path = format!("/desk/{}", t.id);
    Ok(tell::prepare(house, c, &people, title, t.number, path, true).await?)
}
