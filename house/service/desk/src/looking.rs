//! Looking at a ticket: who sees it, what they are to it, what was said, how its clocks stand.

use foundation::clock::Moment;
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;
use permissions::Permission;
use permissions::actor::Actor;

use crate::category::Tree;
use crate::clocks::{Reading, next_due, readings as read_clocks};
use crate::log::{Step, marks};
use crate::states::Hand;
use crate::team::Teams;
use crate::ticket::{Number, Ticket, Veil};
use crate::{Refused, alarms, calendar, sealing, store};

/// Whether the office's eyes may fall on a ticket. Whom a complaint is about is never among
/// them, whatever they may do otherwise.
pub fn sees(by: &Actor, t: &Ticket) -> bool {
    if is_reporter(by, t) {
        return true;
    }
    if t.subject.is_some() && t.subject == by.account {
        return false;
    }
    match t.veil {
        Veil::Office => {
            by.has(Permission::DeskRead)
                || (by.has(Permission::DeskWork)
                    && (t.assignee == by.account || t.state.is_pooled()))
        }
        Veil::Complaint => {
            by.has(Permission::DeskComplaints)
                || (t.assignee.is_some() && t.assignee == by.account)
        }
        Veil::Outside => by.has(Permission::DeskOutside),
    }
}

pub fn is_reporter(by: &Actor, t: &Ticket) -> bool {
    (by.account.is_some() && t.reporter_account == by.account)
        || (by.person.is_some() && t.reporter == by.person)
}

/// What somebody is to a ticket, the strongest first.
pub fn hands(by: &Actor, t: &Ticket) -> Vec<Hand> {
    let mut out = Vec::new();
    if is_reporter(by, t) {
        out.push(Hand::Reporter);
    }
    if !sees(by, t) {
        return out;
    }
    if by.account.is_some() && t.assignee == by.account {
        out.push(Hand::Assignee);
    }
    let office = match t.veil {
        Veil::Office => by.has(Permission::DeskHandle),
        Veil::Complaint => by.has(Permission::DeskComplaints),
        Veil::Outside => by.has(Permission::DeskOutside),
    };
    if office {
        out.push(Hand::Office);
    }
    if by.has(Permission::DeskWork) && t.veil == Veil::Office {
        out.push(Hand::Worker);
    }
    out
}

/// A ticket for these eyes.
///
/// # Errors
/// [`Refused::NotFound`] where it is not there, or not for them: no difference is told.
pub async fn ticket(house: &House, by: &Actor, id: Id) -> Result<Ticket, Refused> {
    let found: Option<Ticket> = house.db.optional(store::ticket(by.community, id)).await?;
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
pub async fn log(house: &House, by: &Actor, t: &Ticket) -> Result<Vec<Step>, Refused> {
    let c = by.community;
    let mut steps: Vec<Step> = house.db.all(store::steps(c, t.id)).await?;
    if hands(by, t).iter().all(|h| *h == Hand::Reporter) {
        steps.retain(|s| s.public);
    }
    let ring = house.keys.ring(c, &[t.whose]).await?;
    for step in &mut steps {
        step.words = ring.open_text(t.whose, sealing::STEP, &step.words)?;
    }
    Ok(steps)
}

/// What was reported, opened.
pub fn words_of(ring: &Keyring, t: &Ticket) -> Result<String, Refused> {
    Ok(ring.open_text(t.whose, sealing::WORDS, &t.words)?)
}

/// Everything that the clocks of a ticket are worked out from.
pub struct Basis {
    pub steps: Vec<Step>,
    pub tree: Tree,
    pub teams: Teams,
    pub given: Vec<alarms::Alarm>,
    pub calendar: worktime::Calendar,
}

/// The same within a write: what is decided there is read there.
pub(crate) fn basis_in(
    look: &mut impl Look,
    c: Community,
    t: &Ticket,
    calendar: &worktime::Calendar,
) -> Result<Basis, Refused> {
    let given: Vec<(crate::clocks::Clock, i64, alarms::Step)> = look.all(store::alarms(c, t.id))?;
    Ok(Basis {
        steps: look.all(store::steps(c, t.id))?,
        tree: Tree::within(look, c)?,
        teams: Teams::within(look, c)?,
        given: given
            .into_iter()
            .map(|(clock, round, step)| alarms::Alarm { clock, round, step })
            .collect(),
        calendar: calendar.clone(),
    })
}

/// The three clocks of a ticket now.
pub async fn readings(house: &House, t: &Ticket) -> Result<[Reading; 3], Refused> {
    // A ticket does not say whose it is; its room and category do not cross compounds.
    let c = community_of(house, t).await?;
    let steps: Vec<Step> = house.db.all(store::steps(c, t.id)).await?;
    let tree = Tree::of(house, c).await?;
    let office = calendar::of(house, c).await?;
    Ok(of_steps(t, &steps, &tree, &office, house.now()))
}
