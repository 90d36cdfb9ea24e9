//! What tickets are about: a tree with team, priority and terms, each inherited from above until
//! it is set. linli proposes the trade's usual figures; they are a promise (約定) as soon as the
//! office publishes them (民法典 938), and no law gives hours, so each says where it comes from.

use std::collections::BTreeMap;

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use permissions::Permission;
use permissions::actor::Actor;

use crate::clocks::Terms;
use crate::words::{Kind, Priority};
use crate::{Refused, events, moving, some_name, store};

/// Categories of an office.
pub const CATEGORIES_MAX: i64 = 300;
/// As deep as the tree goes.
const DEPTH_MAX: usize = 4;
/// The longest term: a year of working days.
const TERM_MINUTES_MAX: i64 = 365 * 24 * 60;
/// Who is given a ticket has so long to accept it, where nothing else is said.
const ACCEPT_MINUTES: i64 = 30;

/// A category as it is kept; what is empty is the parent's.
#[derive(Clone, Debug)]
pub struct Category {
    pub id: Id,
    pub parent: Option<Id>,
    pub kind: Kind,
    pub name: String,
    pub team: Option<Id>,
    pub priority: Option<Priority>,
    pub first: Option<i64>,
    pub update: Option<i64>,
    pub resolve: Option<i64>,
    pub accept: Option<i64>,
    pub round_the_clock: Option<bool>,
    pub paid: bool,
    pub code: String,
    pub set_by: String,
    pub set_at: Option<Moment>,
    pub place: i64,
    pub retired_at: Option<Moment>,
    pub version: i64,
}

impl FromRow for Category {
    fn from_row(row: &mut Row) -> Result<Category, DbError> {
        Ok(Category {
            id: row.next()?,
            parent: row.next()?,
            kind: row.next()?,
            name: row.next()?,
            team: row.next()?,
            priority: row.next()?,
            first: row.next()?,
            update: row.next()?,
            resolve: row.next()?,
            accept: row.next()?,
            round_the_clock: row.next()?,
            paid: row.next()?,
            code: row.next()?,
            set_by: row.next()?,
            set_at: row.next()?,
            place: row.next()?,
            retired_at: row.next()?,
            version: row.next()?,
        })
    }
}

impl Category {
    /// The key of its proposed name, where the office gave it none.
    pub fn proposed_name(&self) -> Option<&'static str> {
        let found = PROPOSED.iter().find(|p| p.code == self.code)?;
        self.name.is_empty().then_some(found.name)
    }
}

/// A category that linli proposes.
struct Proposed {
    code: &'static str,
    parent: &'static str,
    kind: Kind,
    name: &'static str,
    priority: Option<Priority>,
    /// First response, update and resolution, in minutes.
    terms: Option<(i64, i64, i64)>,
    accept: Option<i64>,
    round_the_clock: bool,
    paid: bool,
}

const fn proposed(
    code: &'static str,
    parent: &'static str,
    kind: Kind,
    name: &'static str,
) -> Proposed {
    Proposed {
        code,
        parent,
        kind,
        name,
        priority: None,
        terms: None,
        accept: None,
        round_the_clock: false,
        paid: false,
    }
}

const fn emergency(p: Proposed, first: i64, update: i64, resolve: i64) -> Proposed {
    Proposed {
        priority: Some(Priority::Emergency),
        terms: Some((first, update, resolve)),
        accept: Some(5),
        round_the_clock: true,
        ..p
    }
}

const fn terms(p: Proposed, first: i64, update: i64, resolve: i64) -> Proposed {
    Proposed {
        terms: Some((first, update, resolve)),
        ..p
    }
}

const fn paid(p: Proposed) -> Proposed {
    Proposed { paid: true, ..p }
}

use Kind::{Complaint, Enquiry, Repair};

/// The trade's usual sorts and times: danger to life in minutes, a burst pipe in a quarter of an
/// hour on site and two hours under control, small repairs within a day or two, a complaint
/// answered within a day and settled within seven. A working day has seven hours.
const PROPOSED: &[Proposed] = &[
    terms(
        proposed("repair", "", Repair, key("desk-cat-repair")),
        120,
        420,
        840,
    ),
    emergency(
        proposed("danger", "repair", Repair, key("desk-cat-danger")),
        5,
        30,
        120,
    ),
    emergency(
        proposed(
            "lift_trapped",
            "repair",
            Repair,
            key("desk-cat-lift-trapped"),
        ),
        5,
        15,
        60,
    ),
    emergency(
        proposed("leak", "repair", Repair, key("desk-cat-leak")),
        15,
        60,
        120,
    ),
    emergency(
        proposed("outage", "repair", Repair, key("desk-cat-outage")),
        30,
        60,
        480,
    ),
    terms(
        proposed("lift", "repair", Repair, key("desk-cat-lift")),
        30,
        120,
        420,
    ),
    paid(proposed(
        "plumbing",
        "repair",
        Repair,
        key("desk-cat-plumbing"),
    )),
    paid(proposed(
        "electric",
        "repair",
        Repair,
        key("desk-cat-electric"),
    )),
    paid(proposed("door", "repair", Repair, key("desk-cat-door"))),
    terms(
        proposed("public", "repair", Repair, key("desk-cat-public")),
        240,
        840,
        2_100,
    ),
    proposed("lamp", "public", Repair, key("desk-cat-lamp")),
    proposed("gate", "public", Repair, key("desk-cat-gate")),
    proposed("green", "public", Repair, key("desk-cat-green")),
    terms(
        proposed("enquiry", "", Enquiry, key("desk-cat-enquiry")),
        60,
        420,
        840,
    ),
    proposed("fees", "enquiry", Enquiry, key("desk-cat-fees")),
    proposed("papers", "enquiry", Enquiry, key("desk-cat-papers")),
    proposed("parking", "enquiry", Enquiry, key("desk-cat-parking")),
    terms(
        proposed("complaint", "", Complaint, key("desk-cat-complaint")),
        420,
        1_260,
        2_940,
    ),
    proposed(
        "facilities",
        "complaint",
        Complaint,
        key("desk-cat-facilities"),
    ),
    proposed("cleaning", "complaint", Complaint, key("desk-cat-cleaning")),
    proposed("service", "complaint", Complaint, key("desk-cat-service")),
    proposed("security", "complaint", Complaint, key("desk-cat-security")),
    proposed("charges", "complaint", Complaint, key("desk-cat-charges")),
    proposed("noise", "complaint", Complaint, key("desk-cat-noise")),
];

/// An emergency whose category promises less: the trade's shortest.
const EMERGENCY: Terms = Terms {
    first: Some(15),
    update: Some(60),
    resolve: Some(240),
    round_the_clock: true,
};

/// What a category comes to with all that is above it.
#[derive(Clone, Debug, Default)]
pub struct Effective {
    pub team: Option<Id>,
    pub priority: Option<Priority>,
    pub terms: Terms,
    pub accept: i64,
    pub paid: bool,
}

/// All categories of an office.
#[derive(Clone, Debug, Default)]
pub struct Tree(BTreeMap<Id, Category>);

impl Tree {
    pub async fn of(house: &House, c: Community) -> Result<Tree, DbError> {
        let all: Vec<Category> = house
            .db
            .all(store::office::categories(c, CATEGORIES_MAX))
            .await?;
        Ok(Tree(all.into_iter().map(|k| (k.id, k)).collect()))
    }

    pub fn within(look: &mut impl Look, c: Community) -> Result<Tree, DbError> {
        let all: Vec<Category> = look.all(store::office::categories(c, CATEGORIES_MAX))?;
        Ok(Tree(all.into_iter().map(|k| (k.id, k)).collect()))
    }

    pub fn get(&self, id: Id) -> Option<&Category> {
        self.0.get(&id)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// From the category up to its root.
    fn up(&self, id: Id) -> Vec<&Category> {
        let mut out: Vec<&Category> = Vec::new();
        let mut next = Some(id);
        while let Some(found) = next.and_then(|id| self.0.get(&id)) {
            if out.len() == DEPTH_MAX {
                break;
            }
            out.push(found);
            next = found.parent;
        }
        out
    }

    /// A category and all that is above it.
    pub fn line(&self, id: Id) -> Vec<Id> {
        self.up(id).iter().map(|k| k.id).collect()
    }

    /// What holds for a category, or for a kind where no category was chosen.
    pub fn effective(&self, id: Option<Id>, kind: Kind, priority: Priority) -> Effective {
        let root = self
            .0
            .values()
            .find(|k| k.kind == kind && k.parent.is_none());
        let line = id
            .or(root.map(|r| r.id))
            .map_or(Vec::new(), |id| self.up(id));
        let mut out = Effective::default();
        for one in &line {
            out.team = out.team.or(one.team);
            out.priority = out.priority.or(one.priority);
            out.terms.first = out.terms.first.or(one.first);
            out.terms.update = out.terms.update.or(one.update);
            out.terms.resolve = out.terms.resolve.or(one.resolve);
        }
        let accept = line.iter().find_map(|one| one.accept);
        let round = line.iter().find_map(|one| one.round_the_clock);
        out.terms.round_the_clock = round.unwrap_or(false);
        out.accept = accept.unwrap_or(ACCEPT_MINUTES);
        out.paid = line.first().is_some_and(|one| one.paid);
        if priority == Priority::Emergency && !out.terms.round_the_clock {
            out.terms = EMERGENCY;
            out.accept = 5;
        }
        out
    }

    /// The categories in use, each behind its parent, with how deep it lies.
    pub fn listed(&self, kind: Option<Kind>) -> Vec<(usize, &Category)> {
        let mut out = Vec::new();
        self.below(None, 0, kind, &mut out);
        out
    }

    fn below<'t>(
        &'t self,
        parent: Option<Id>,
        depth: usize,
        kind: Option<Kind>,
        out: &mut Vec<(usize, &'t Category)>,
    ) {
        let mut here: Vec<&Category> = self.0.values().filter(|k| k.parent == parent).collect();
        here.sort_by_key(|k| (k.place, k.id));
        for one in here {
            if one.retired_at.is_none() && kind.is_none_or(|kind| one.kind == kind) {
                out.push((depth, one));
                if depth < DEPTH_MAX {
                    self.below(Some(one.id), depth + 1, kind, out);
                }
            }
        }
    }

    pub fn by_code(&self, code: &str) -> Option<&Category> {
        self.0
            .values()
            .find(|k| k.code == code && !code.is_empty() && k.retired_at.is_none())
    }
}

/// The category with a code that linli proposed.
pub async fn by_code(house: &House, c: Community, code: &str) -> Result<Option<Category>, Refused> {
    let tree = ready(house, c).await?;
    Ok(tree.by_code(code).cloned())
}

/// The categories, proposed ones where the office has none yet.
pub async fn ready(house: &House, c: Community) -> Result<Tree, Refused> {
    let tree = Tree::of(house, c).await?;
    if !tree.is_empty() {
        return Ok(tree);
    }
    let ids: BTreeMap<&str, Id> = PROPOSED.iter().map(|p| (p.code, house.id())).collect();
    let begun = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            if !Tree::within(&mut tx, c)?.is_empty() {
                return Err(Refused::Again);
            }
            for (n, p) in PROPOSED.iter().enumerate() {
                let of = |pick: fn((i64, i64, i64)) -> i64| p.terms.map(pick);
                let one = Category {
                    id: ids[p.code],
                    parent: ids.get(p.parent).copied(),
                    kind: p.kind,
                    name: String::new(),
                    team: None,
                    priority: p.priority,
                    first: of(|t| t.0),
                    update: of(|t| t.1),
                    resolve: of(|t| t.2),
                    accept: p.accept,
                    round_the_clock: p.round_the_clock.then_some(true),
                    paid: p.paid,
                    code: p.code.to_owned(),
                    set_by: String::new(),
                    set_at: None,
                    place: n as i64,
                    retired_at: None,
                    version: 0,
                };
                tx.execute(store::office::put_category(c, &one))?;
            }
            let event = Event::new(events::CATEGORY_SET)
                .to(Audience::Staff)
                .with("proposed", PROPOSED.len() as i64);
            Ok(tx.record(event, ())?)
        })
        .await;
    match begun {
        Ok(()) | Err(Refused::Again) => Ok(Tree::of(house, c).await?),
        Err(e) => Err(e),
    }
}

/// What is set of a category.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: String,
    pub team: Option<Id>,
    pub priority: Option<Priority>,
    pub first: Option<i64>,
    pub update: Option<i64>,
    pub resolve: Option<i64>,
    pub accept: Option<i64>,
    pub round_the_clock: Option<bool>,
    pub paid: bool,
    pub retired: bool,
    pub version: i64,
}

impl Draft {
    /// A category as it is, to change some of it.
    pub fn of(k: &Category) -> Draft {
        Draft {
            name: k.name.clone(),
            team: k.team,
            priority: k.priority,
            first: k.first,
            update: k.update,
            resolve: k.resolve,
            accept: k.accept,
            round_the_clock: k.round_the_clock,
            paid: k.paid,
            retired: k.retired_at.is_some(),
            version: k.version,
        }
    }
}

/// Sets a category, or makes one under a parent; open tickets' clocks are right at the next look.
///
/// # Errors
/// [`Refused::Setting`] for a term of nothing or above a year; [`Refused::Changed`].
pub async fn set(
    house: &House,
    by: &Actor,
    id: Option<Id>,
    parent: Option<Id>,
    draft: Draft,
) -> Result<Id, Refused> {
    by.may(Permission::DeskSet)?;
    let c = by.community;
    let terms = [draft.first, draft.update, draft.resolve, draft.accept];
    if terms
        .into_iter()
        .flatten()
        .any(|m| !(1..=TERM_MINUTES_MAX).contains(&m))
    {
        return Err(Refused::Setting);
    }
    ready(house, c).await?;
    let name = crate::words_of(&draft.name)?;
    let account = by.account.ok_or(Refused::NotFound)?;
    let set_by = accounts::name_of(house, account).await?;
    let new = house.id();
    house
        .write(c, &by.who_for(Permission::DeskSet), move |mut tx| {
            let tree = Tree::within(&mut tx, c)?;
            let now = tx.now();
            let was = match id {
                Some(id) => Some(tree.get(id).ok_or(Refused::NotFound)?),
                None => None,
            };
            let above = match (was, parent) {
                (None, Some(parent)) => Some(tree.get(parent).ok_or(Refused::Category)?),
                (None, None) => return Err(Refused::Category),
                _ => None,
            };
            if above.is_some_and(|a| tree.up(a.id).len() >= DEPTH_MAX) {
                return Err(Refused::Category);
            }
            if was.is_none() && tree.0.len() as i64 >= CATEGORIES_MAX {
                return Err(Refused::TooMany);
            }
            // A proposed one may go by its proposed name; the office's own needs one.
            let code = was.map_or(String::new(), |w| w.code.clone());
            let name = if code.is_empty() {
                some_name(&name)?
            } else {
                name
            };
            if draft.retired && was.is_some_and(|w| w.parent.is_none()) {
                return Err(Refused::Setting);
            }
            let teams = crate::team::Teams::within(&mut tx, c)?;
            if draft.team.is_some_and(|t| teams.team(t).is_none()) {
                return Err(Refused::NotFound);
            }
            let one = Category {
                id: id.unwrap_or(new),
                parent: was.map_or(above.map(|a| a.id), |w| w.parent),
                kind: was.or(above).map_or(Kind::Enquiry, |w| w.kind),
                name,
                team: draft.team,
                priority: draft.priority,
                first: draft.first,
                update: draft.update,
                resolve: draft.resolve,
                accept: draft.accept,
                round_the_clock: draft.round_the_clock,
                paid: draft.paid,
                code,
                set_by,
                set_at: Some(now),
                place: was.map_or(CATEGORIES_MAX, |w| w.place),
                retired_at: draft.retired.then_some(now),
                version: draft.version,
            };
            if tx.execute(store::office::put_category(c, &one))? == 0 {
                return Err(Refused::Changed);
            }
            tx.execute(store::look_at_all(c, now))?;
            moving::wake_in(&mut tx, now)?;
            let event = Event::new(events::CATEGORY_SET)
                .about("desk_category", one.id)
                .to(Audience::Staff)
                .with_some("first", one.first)
                .with_some("update", one.update)
                .with_some("resolve", one.resolve);
            Ok(tx.record(event, one.id)?)
        })
        .await
}
