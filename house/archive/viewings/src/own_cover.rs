//! What is of others in a person's own file is covered before the person sees it (個人信息保護法
//! 45 gives a right to one's own data and to nobody else's): one specialist goes through each
//! page and covers, another sees each page as it is covered and lets it go or sends it back.
//! Where one specialist is alone, the manager lets it go with a second factor. Neither is whose
//! file it is, nor lives there; each look is in the ledger before its bytes leave.

use std::collections::{HashMap, HashSet};

use dossiers::{Document, for_viewing};
use foundation::database::{Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Who;
use permissions::Permission;
use permissions::actor::{Actor, Forbidden};
use watermark::Code;

use crate::act::{self, Deed, act};
use crate::listing::Story;
use crate::own_area::{self, AREAS_MAX, Area};
use crate::policy::Policy;
use crate::reading::{self, Leaf, TRIES};
use crate::scope::Way;
use crate::states::{Act, Hand, State, step};
use crate::store::cover::{Covered, PAGES_MAX};
use crate::trace::{Shown, Task};
use crate::viewing::{self, Viewing};
use crate::{ViewingError, ask, events, listing, persons, stamping, store};

/// A page of an own file, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub document: Id,
    pub page: i64,
    /// `None` until somebody went through it.
    pub areas: Option<Vec<Area>>,
    /// The reader saw it covered since it was handed over.
    pub seen: bool,
}

fn areas_of(covered: &Covered) -> Result<Vec<Area>, ViewingError> {
    let read = own_area::read(&covered.areas);
    Ok(read.ok_or_else(|| DbError::Shape("areas of a covered page".into()))?)
}

/// What is covered of a page; `None` where nobody went through it.
pub(crate) async fn areas(
    house: &House,
    c: Community,
    viewing: Id,
    document: Id,
    page: i64,
) -> Result<Option<Vec<Area>>, ViewingError> {
    let asked = store::cover::covered(c, viewing, document, page);
    let found: Option<Covered> = house.db.optional(asked).await?;
    found.as_ref().map(areas_of).transpose()
}

/// The pages that an own file reaches, in the order of its papers.
///
/// # Errors
/// [`ViewingError::TooManyPages`] above what one file is.
pub async fn pages(house: &House, by: &Actor, story: &Story) -> Result<Vec<Page>, ViewingError> {
    let c = by.community;
    let v = &story.viewing;
    let documents = listing::reach(house, by, story).await?;
    let rows: Vec<Covered> = house.db.all(store::cover::all(c, v.id)).await?;
    let mut covered = HashMap::new();
    for row in &rows {
        covered.insert((row.document, row.page), areas_of(row)?);
    }
    let seen = match (by.account, v.covered_at) {
        (Some(account), Some(since)) => {
            let asked = store::cover::seen(c, v.id, account, since);
            let rows: Vec<(Id, i64)> = house.db.all(asked).await?;
            rows.into_iter().collect()
        }
        _ => HashSet::new(),
    };
    let all = documents
        .iter()
        .flat_map(|d| (1..=d.pages).map(|page| (d.id, page)));
    let out: Vec<Page> = all
        .map(|at| Page {
            document: at.0,
            page: at.1,
            areas: covered.get(&at).cloned(),
            seen: seen.contains(&at),
        })
        .collect();
    if out.len() as i64 > PAGES_MAX {
        return Err(ViewingError::TooManyPages);
    }
    Ok(out)
}

/// A specialist's right, or the one to decide: whose of the two counts, the table says.
fn may_look(by: &Actor) -> Result<(), Forbidden> {
    let decides = |_| by.may(Permission::ViewingDecide);
    by.may(Permission::ViewingRegister).or_else(decides)
}

/// Who acts, and as what for the ledger: a specialist where they are one.
async fn hand(house: &House, by: &Actor, v: &Viewing) -> Result<(Hand<Id>, Who), ViewingError> {
    if v.way != Way::Own {
        return Err(ViewingError::NotFound);
    }
    let hand = persons::hand(house, by, v, false).await?;
    let who = if hand.registers {
        persons::registering(by)
    } else {
        persons::deciding(by)
    };
    Ok((hand, who))
}

/// A page of a filed document of the viewing.
async fn leaf(
    house: &House,
    c: Community,
    v: &Viewing,
    document: Id,
    page: i64,
) -> Result<(Document, bool), ViewingError> {
    let d = for_viewing::document(house, c, document).await?;
    if !(1..=d.pages).contains(&page) {
        return Err(ViewingError::Document);
    }
    let inside = reading::is_inside(house, c, v.id, &d).await? && v.granted.kinds.has(d.kind);
    Ok((d, inside))
}

/// The picture of a page, as JPEG: whole for who covers it, covered for who lets it go.
///
/// # Errors
/// [`ViewingError::Refused`] for whose file it is, who lives there, and who covered any of it;
/// [`ViewingError::NotFound`] for other viewings.
pub async fn see(
    house: &House,
    by: &Actor,
    id: Id,
    document: Id,
    page: u32,
) -> Result<Vec<u8>, ViewingError> {
    may_look(by)?;
    let c = by.community;
    let v = act::one(house, c, id).await?;
    let (hand, who) = hand(house, by, &v).await?;
    let (d, inside) = leaf(house, c, &v, document, page.into()).await?;
    let covered = areas(house, c, id, document, page.into()).await?;
    let task = if v.state == State::Covered {
        Task::Release
    } else {
        Task::Cover
    };
    let areas = match task {
        // What nobody went through is seen by nobody else.
        Task::Release => covered.ok_or(ViewingError::NotFound)?,
        _ => Vec::new(),
    };
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let terms = Policy::of(house, c).await?.terms();
    let codes: Vec<Code> = (0..TRIES).map(|_| stamping::code(&house.chance)).collect();
    let (state, version) = (v.state, v.version);
    let (shown_by, kind, dossier, ledger) = (name.clone(), d.kind, d.dossier, who.clone());
    let code = house
        .write(c, &who, move |mut tx| {
            let v = act::held(&mut tx, id)?;
            if v.version != version {
                return Err(ViewingError::Changed);
            }
            let hand = persons::still(&mut tx, id, &hand, &ledger)?;
            let now = tx.now();
            step(&v.grant(), Act::See { inside }, &hand, terms, now)?;
            let shown = Shown {
                code: 0,
                viewing: id,
                document,
                page: page.into(),
                reader: account,
                reader_name: shown_by,
                at: now,
                copy: None,
                task,
                last_at: now,
                times: 1,
            };
            let code = reading::coded(&mut tx, shown, &codes)?;
            let event = act::begun(&v, events::COVER_SEEN)
                .with("dossier", dossier)
                .with("document", document)
                .with("kind", kind.letter())
                .with("page", page)
                .with("task", task.word())
                .with("person_as", hand.person)
                .with("code", code.number() as i64);
            Ok(tx.record(event, code)?)
        })
        .await?;
    let drawn = Leaf {
        v: &v,
        document: &d,
        page,
        code,
        copy: None,
        reader: (account, &name),
        areas,
    };
    let picture = reading::marked(house, c, drawn).await?;
    // Drawing took time: what another's hand is on by now does not leave.
    if act::one(house, c, id).await?.state != state {
        return Err(ViewingError::Changed);
    }
    Ok(picture)
}

/// Covers areas of a page, in place of what was covered before; none says that nothing on it is
/// of others.
///
/// # Errors
/// [`ViewingError::Areas`]; [`ViewingError::Refused`] once it was handed over, for whose file it
/// is and who lives there.
pub async fn cover(
    house: &House,
    by: &Actor,
    id: Id,
    document: Id,
    page: i64,
    areas: &[Area],
) -> Result<(), ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    if areas.len() > AREAS_MAX {
        return Err(ViewingError::Areas);
    }
    let v = act::one(house, c, id).await?;
    let (hand, who) = hand(house, by, &v).await?;
    let (d, inside) = leaf(house, c, &v, document, page).await?;
    let terms = Policy::of(house, c).await?.terms();
    let covered = Covered {
        document,
        page,
        areas: own_area::write(areas),
        covered_as: hand.person,
    };
    let (count, ledger) = (areas.len() as i64, who.clone());
    house
        .write(c, &who, move |mut tx| {
            let v = act::held(&mut tx, id)?;
            let hand = persons::still(&mut tx, id, &hand, &ledger)?;
            step(&v.grant(), Act::Cover { inside }, &hand, terms, tx.now())?;
            tx.execute(store::cover::cover(c, id, &covered))?;
            let event = act::begun(&v, events::COVERED)
                .with("dossier", d.dossier)
                .with("document", document)
                .with("kind", d.kind.letter())
                .with("page", page)
                .with("areas", count)
                .with("person_as", covered.covered_as);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Whoever covered hands it to another.
///
/// # Errors
/// [`ViewingError::Refused`] while a page was not gone through.
pub async fn offer(house: &House, by: &Actor, id: Id) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    let story = listing::story(house, by, id).await?;
    let (hand, who) = hand(house, by, &story.viewing).await?;
    let pages = pages(house, by, &story).await?;
    let whole = !pages.is_empty() && pages.iter().all(|page| page.areas.is_some());
    let name = accounts::name_of(house, by.account.unwrap_or(hand.person)).await?;
    let deed = Deed {
        id,
        act: Act::Offer { whole },
        hand,
        kind: events::COVER_OFFERED,
    };
    let count = pages.len() as i64;
    act(house, c, &who, deed, move |tx, v, event| {
        v.covered_name = name;
        v.covered_at = Some(tx.now());
        Ok(event
            .with("person_as", hand.person)
            .with("alone", v.cover_alone)
            .with("pages", count))
    })
    .await
}

/// Whether the reader saw each page that was gone through, as it is covered now.
async fn saw_all(house: &House, by: &Actor, story: &Story) -> Result<bool, ViewingError> {
    let pages = pages(house, by, story).await?;
    let mut through = pages.iter().filter(|page| page.areas.is_some());
    Ok(through.all(|page| page.seen))
}

/// Another specialist lets it go.
///
/// # Errors
/// [`ViewingError::Refused`] for who covered any of it, and for who did not see each page.
pub async fn release(house: &House, by: &Actor, id: Id) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let story = listing::story(house, by, id).await?;
    let seen = saw_all(house, by, &story).await?;
    let deed = (Act::Release { seen }, events::COVER_RELEASED, false);
    let_go(house, by, &story, deed, persons::registering(by)).await
}

/// The manager, or a deputy, lets it go, because the specialist who covered it is the only one.
///
/// # Errors
/// As [`release`], without a second factor, and where another specialist is there.
pub async fn vouch(
    house: &House,
    by: &Actor,
    id: Id,
    fresh: bool,
) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingDecide)?;
    let story = listing::story(house, by, id).await?;
    let seen = saw_all(house, by, &story).await?;
    let deed = (Act::Vouch { seen }, events::COVER_VOUCHED, fresh);
    let_go(house, by, &story, deed, persons::deciding(by)).await
}

async fn let_go(
    house: &House,
    by: &Actor,
    story: &Story,
    (what, kind, fresh): (Act<Id>, foundation::ledger::Kind, bool),
    who: Who,
) -> Result<Viewing, ViewingError> {
    let v = &story.viewing;
    let (hand, _) = hand(house, by, v).await?;
    let name = accounts::name_of(house, by.account.unwrap_or(hand.person)).await?;
    let deed = Deed {
        id: v.id,
        act: what,
        hand: Hand { fresh, ..hand },
        kind,
    };
    let handed_over = v.covered_at;
    act(house, by.community, &who, deed, move |tx, v, event| {
        // Sent back and handed over again meanwhile: what was seen is not what lies there.
        if v.covered_at != handed_over {
            return Err(ViewingError::Changed);
        }
        v.released_name = name;
        v.released_at = Some(tx.now());
        Ok(event.with("person_as", hand.person))
    })
    .await
}

/// It is to be covered anew: the other found something, or who covered it wants it back.
///
/// # Errors
/// [`ViewingError::Reason`] without a reason.
pub async fn send_back(
    house: &House,
    by: &Actor,
    id: Id,
    why: &str,
) -> Result<Viewing, ViewingError> {
    may_look(by)?;
    let c = by.community;
    let why = ask::reason(why)?;
    let v = act::one(house, c, id).await?;
    let (hand, who) = hand(house, by, &v).await?;
    let sealed = viewing::also_said(house, c, &v, |t| t.cover = why).await?;
    let deed = Deed {
        id,
        act: Act::SendBack { reasoned: true },
        hand,
        kind: events::COVER_SENT_BACK,
    };
    let before = v.texts;
    act(house, c, &who, deed, move |_, v, event| {
        if v.texts != before {
            return Err(ViewingError::Changed);
        }
        v.texts = sealed;
        v.covered_at = None;
        v.covered_name = String::new();
        Ok(event.with("person_as", hand.person))
    })
    .await
}
