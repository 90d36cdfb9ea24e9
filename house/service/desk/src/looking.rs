//! Looking at a ticket: who sees it, what they are to it, what was said, how its clocks stand.

use foundation::clock::Moment;
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{ActorRef, Audience, Event, Who};
use permissions::Permission;
use permissions::actor::Actor;

use crate::alarms::{self, Alarm};
use crate::calendar::Office;
use crate::category::{Effective, Tree};
use crate::clocks::{self, Clock, Reading};
use crate::log::{self, Step};
use crate::number::Number;
use crate::states::Hand;
use crate::team::Teams;
use crate::ticket::{Ticket, Veil};
use crate::{Refused, events, sealing, store};

pub fn is_reporter(by: &Actor, t: &Ticket) -> bool {
    (by.account.is_some() && t.reporter_account == by.account)
        || (by.person.is_some() && t.reporter == by.person)
}

fn is_subject(by: &Actor, t: &Ticket) -> bool {
    t.subject.is_some() && t.subject == by.account
}

/// Whether somebody's eyes may fall on a ticket. Whom a complaint is about is never among them,
/// whatever they may do otherwise.
pub fn sees(by: &Actor, t: &Ticket) -> bool {
    if is_subject(by, t) {
        return false;
    }
    if is_reporter(by, t) {
        return true;
    }
    let has_it = t.assignee.is_some() && t.assignee == by.account;
    match t.veil {
        Veil::Office => {
            by.has(Permission::DeskRead)
                || (by.has(Permission::DeskWork) && (has_it || t.state.is_pooled()))
        }
        Veil::Complaint => {
            by.has(Permission::DeskComplaints)
                || has_it
                || (t.outside.is_some() && by.has(Permission::DeskOutside))
        }
        Veil::Outside => by.has(Permission::DeskOutside),
    }
}

/// What somebody is to a ticket.
pub fn hands(by: &Actor, t: &Ticket) -> Vec<Hand> {
    let mut out = Vec::new();
    if !sees(by, t) {
        return out;
    }
    if is_reporter(by, t) {
        out.push(Hand::Reporter);
    }
    if by.account.is_some() && t.assignee == by.account {
        out.push(Hand::Assignee);
    }
    if by.has(office_right(t.veil)) {
        out.push(Hand::Office);
    }
    if is_caller(by, t) {
        out.push(Hand::Caller);
    }
    if by.has(Permission::DeskWork) && t.veil == Veil::Office {
        out.push(Hand::Worker);
    }
    out
}

/// Whether somebody may write down what a reporter without an account says on the phone: of the
/// office, and none of those who worked on it.
fn is_caller(by: &Actor, t: &Ticket) -> bool {
    let worked = |who: Option<Id>| who.is_some() && who == by.account;
    t.reporter_account.is_none()
        && by.account.is_some()
        && by.has(office_right(t.veil))
        && !worked(t.worker)
        && !worked(t.assignee)
}

/// Whether somebody is to call or to visit: the number that was left is for them.
pub fn visits(by: &Actor, t: &Ticket) -> bool {
    let hands = hands(by, t);
    hands.contains(&Hand::Assignee) || hands.contains(&Hand::Office)
}

/// The right to handle what lies behind a veil.
pub fn office_right(veil: Veil) -> Permission {
    match veil {
        Veil::Office => Permission::DeskHandle,
        Veil::Complaint => Permission::DeskComplaints,
        Veil::Outside => Permission::DeskOutside,
    }
}

/// Whether somebody is more to a ticket than its reporter: they see what colleagues say.
pub fn is_inside(by: &Actor, t: &Ticket) -> bool {
    hands(by, t).iter().any(|h| *h != Hand::Reporter)
        || (t.veil == Veil::Office && by.has(Permission::DeskRead) && !is_subject(by, t))
        || (t.outside.is_some() && by.has(Permission::DeskOutside) && !is_subject(by, t))
}

/// For the ledger. Who complained stands in it as a digest alone: the ledger is read by those
/// who may be complained of.
pub(crate) fn who(
    house: &House,
    by: &Actor,
    veil: Veil,
    reporter: bool,
) -> (Who, Option<[u8; 32]>) {
    if veil == Veil::Office || !reporter {
        return (by.who(), None);
    }
    let digest = by
        .account
        .map(|a| house.keys.digest("desk_complainant", a.as_str().as_bytes()));
    let who = Who {
        actor: ActorRef::Nobody,
        behalf: None,
        ..by.who()
    };
    (who, digest)
}

/// A ticket for these eyes.
///
/// # Errors
/// [`Refused::NotFound`] where it is not there, or not for them: no difference is told.
pub async fn ticket(house: &House, by: &Actor, id: Id) -> Result<Ticket, Refused> {
    let found: Option<Ticket> = house.db.optional(store::ticket(by.community, id)).await?;
    found.filter(|t| sees(by, t)).ok_or(Refused::NotFound)
}

/// The same within a write.
pub(crate) fn ticket_in(look: &mut impl Look, by: &Actor, id: Id) -> Result<Ticket, Refused> {
    let found: Option<Ticket> = look.optional(store::ticket(by.community, id))?;
    found.filter(|t| sees(by, t)).ok_or(Refused::NotFound)
}

/// By its number, as people type it.
pub async fn numbered(house: &House, by: &Actor, text: &str) -> Result<Option<Ticket>, Refused> {
    let this = i64::from(house.now().date().year());
    let Some(Number { year, number }) = Number::read(text, this) else {
        return Ok(None);
    };
    let asked = store::by_number(by.community, year, number);
    let found: Option<Ticket> = house.db.optional(asked).await?;
    Ok(found.filter(|t| sees(by, t)))
}

/// The log of a ticket, its words opened; for a reporter what is public.
pub async fn story(house: &House, by: &Actor, t: &Ticket) -> Result<Vec<Step>, Refused> {
    let c = by.community;
    let mut steps: Vec<Step> = house.db.all(store::steps(c, t.id)).await?;
    if !is_inside(by, t) {
        steps.retain(|s| s.public);
    }
    let ring = house.keys.ring(c, &[t.whose]).await?;
    for step in &mut steps {
        step.words = ring.open_text(t.whose, sealing::STEP, &step.words)?;
    }
    Ok(steps)
}

/// What was reported, opened, with the name and the phone that were left.
pub struct Said {
    pub words: String,
    pub name: String,
    pub phone: String,
}

pub async fn said(house: &House, c: Community, t: &Ticket) -> Result<Said, Refused> {
    let ring = house.keys.ring(c, &[t.whose]).await?;
    let open = |column, kept: &str| ring.open_text(t.whose, column, kept);
    Ok(Said {
        words: open(sealing::WORDS, &t.words)?,
        name: open(sealing::NAME, &t.reporter_name)?,
        phone: open(sealing::PHONE, &t.phone)?,
    })
}

/// The number that a reporter left, in clear, for whoever is to call or to visit; the ledger has
/// the event before this returns.
///
/// # Errors
/// [`Refused::NotFound`] for anybody else, and where no number was left.
pub async fn phone(house: &House, by: &Actor, id: Id) -> Result<String, Refused> {
    let c = by.community;
    let t = ticket(house, by, id).await?;
    if !visits(by, &t) {
        return Err(Refused::NotFound);
    }
    let phone = said(house, c, &t).await?.phone;
    if phone.is_empty() {
        return Err(Refused::NotFound);
    }
    let hands = hands(by, &t);
    let hand = hands.iter().find(|h| **h != Hand::Reporter).copied();
    let hand = hand.unwrap_or(Hand::Office);
    house
        .write(c, &by.who(), move |tx| {
            let event = Event::new(events::UNMASKED)
                .about("ticket", id)
                .to(Audience::Staff)
                .with("column", "phone")
                .with("hand", hand.word());
            Ok::<_, Refused>(tx.record(event, ())?)
        })
        .await?;
    Ok(phone)
}

/// Everything that a ticket's clocks and alarms are worked out from.
pub(crate) struct Basis {
    pub steps: Vec<Step>,
    pub tree: Tree,
    pub given: Vec<Alarm>,
    pub teams: Teams,
}

impl Basis {
    pub(crate) fn within(look: &mut impl Look, c: Community, t: &Ticket) -> Result<Basis, Refused> {
        let given: Vec<(Clock, i64, alarms::Step)> = look.all(store::alarms(c, t.id))?;
        Ok(Basis {
            steps: look.all(store::steps(c, t.id))?,
            tree: Tree::within(look, c)?,
            teams: Teams::within(look, c)?,
            given: given
                .into_iter()
                .map(|(clock, round, step)| Alarm { clock, round, step })
                .collect(),
        })
    }

    pub(crate) fn effective(&self, t: &Ticket) -> Effective {
        self.tree.effective(t.category, t.kind, t.priority)
    }
}

/// The three clocks of a ticket, from its log.
pub fn clocks_of(
    t: &Ticket,
    steps: &[Step],
    tree: &Tree,
    office: &Office,
    now: Moment,
) -> [Reading; 3] {
    let terms = tree.effective(t.category, t.kind, t.priority).terms;
    let marks = log::marks(steps);
    clocks::readings(t.opened_at, t.since, &marks, &terms, &office.calendar, now)
}

/// The three clocks of a ticket now.
pub async fn readings(house: &House, c: Community, t: &Ticket) -> Result<[Reading; 3], Refused> {
    let steps: Vec<Step> = house.db.all(store::steps(c, t.id)).await?;
    let tree = Tree::of(house, c).await?;
    let office = Office::of(house, c).await?;
    Ok(clocks_of(t, &steps, &tree, &office, house.now()))
}
