//! The file room: dossiers in shelf order, by what they hold and lack.

use foundation::clock::Moment;
use foundation::database::DbError;
use foundation::house::House;
use foundation::ids::Id;
use hanzi::name::masked_name;
use permissions::Permission;
use permissions::actor::Actor;

use crate::document::{Document, State};
use crate::dossier::Dossier;
use crate::kind::Kind;
use crate::store::{self, documents};
use crate::{ArchiveError, filing, number};

/// Dossiers on one page of the list.
pub const PAGE: i64 = 50;

/// Which dossiers a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    #[default]
    Open,
    Missing,
    Complete,
    Closed,
    /// Whatever stands on the shelf: open and closed.
    Shelf,
}

impl Show {
    /// Those to choose from.
    pub const ALL: [Show; 4] = [Show::Open, Show::Missing, Show::Complete, Show::Closed];

    /// As it stands in an address.
    pub fn word(self) -> &'static str {
        match self {
            Show::Open => "",
            Show::Missing => "missing",
            Show::Complete => "complete",
            Show::Closed => "closed",
            Show::Shelf => "shelf",
        }
    }

    pub fn from_word(word: &str) -> Show {
        let found = Show::ALL.into_iter().find(|s| s.word() == word);
        found.unwrap_or_default()
    }
}

/// How a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As the boxes stand.
    #[default]
    Shelf,
    /// By 入住時間.
    Began,
    /// By 檔案頁數.
    Pages,
}

/// What a list shows; empty says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub sort: Sort,
    /// The last first.
    pub backwards: bool,
    pub show: Show,
    pub lacks: Option<Kind>,
    pub holds: Option<Kind>,
    pub building: String,
}

/// A place in the list, to go on behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub key: Vec<u8>,
    pub tenure: i64,
    pub began: String,
    pub pages: i64,
    pub id: Id,
}

impl Spot {
    pub fn of(d: &Dossier) -> Spot {
        Spot {
            key: d.sort_key.clone(),
            tenure: d.tenure,
            began: d.began.clone().unwrap_or_default(),
            pages: d.pages,
            id: d.id,
        }
    }
}

/// A dossier with its owners' names masked; an organisation's is clear.
#[derive(Clone, Debug)]
pub struct Shown {
    pub dossier: Dossier,
    pub owners: Vec<String>,
}

async fn with_owners(
    house: &House,
    by: &Actor,
    dossiers: Vec<Dossier>,
) -> Result<Vec<Shown>, ArchiveError> {
    let ids: Vec<Id> = dossiers.iter().map(|d| d.id).collect();
    let mut shown: Vec<Shown> = dossiers
        .into_iter()
        .map(|dossier| Shown {
            dossier,
            owners: Vec::new(),
        })
        .collect();
    if ids.is_empty() {
        return Ok(shown);
    }
    let owners: Vec<(Id, Id, String, String)> =
        house.db.all(store::owners(by.community, &ids)).await?;
    for (dossier, _, kind, name) in owners {
        if let Some(row) = shown.iter_mut().find(|s| s.dossier.id == dossier) {
            let clear = kind == "organisation";
            row.owners
                .push(if clear { name } else { masked_name(&name) });
        }
    }
    Ok(shown)
}

/// A page of dossiers, and whether there are more.
pub async fn page(
    house: &House,
    by: &Actor,
    filter: &Filter,
    after: Option<&Spot>,
) -> Result<(Vec<Shown>, bool), ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::page(by.community, filter, after, PAGE + 1);
    let mut found: Vec<Dossier> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    Ok((with_owners(house, by, found).await?, more))
}

/// How many dossiers a filter finds.
pub async fn count(house: &House, by: &Actor, filter: &Filter) -> Result<i64, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let (n,): (i64,) = house.db.one(store::count(by.community, filter)).await?;
    Ok(n)
}

/// Open dossiers; of these, those that lack something and those that are complete.
pub async fn counts(house: &House, by: &Actor) -> Result<(i64, i64, i64), ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    Ok(house.db.one(store::counts(by.community)).await?)
}

/// Buildings told apart on one page.
const BUILDINGS_MAX: i64 = 500;

/// How complete the open dossiers of a building are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// As the roster writes it; empty where rooms have none.
    pub building: String,
    pub open: i64,
    /// Of which the rule asks for something.
    pub asked: i64,
    /// Of these, those that have all of it.
    pub complete: i64,
}

/// Building by building, in shelf order.
pub async fn by_building(house: &House, by: &Actor) -> Result<Vec<Completeness>, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let asked = store::by_building(by.community, BUILDINGS_MAX);
    let rows: Vec<(String, i64, i64, i64)> = house.db.all(asked).await?;
    let each = |(building, open, asked, complete)| Completeness {
        building,
        open,
        asked,
        complete,
    };
    let mut all: Vec<Completeness> = rows.into_iter().map(each).collect();
    // Homes of no building come first, as on the shelf.
    let shelf = roster::buildings(house, by.community).await?;
    all.sort_by_key(|b| shelf.iter().position(|name| *name == b.building));
    Ok(all)
}

/// By number, or by room however it is typed.
pub async fn search(house: &House, by: &Actor, typed: &str) -> Result<Vec<Shown>, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let room = roster::find_room(house, c, typed).await?.map(|r| r.id);
    let asked = store::search(c, &number::searched(typed), room);
    let found: Vec<Dossier> = house.db.all(asked).await?;
    with_owners(house, by, found).await
}

/// A dossier with its documents, those on their way left out.
pub struct Inside {
    pub shown: Shown,
    pub documents: Vec<Document>,
    /// The room's other tenures, the newest first; sealed ones are in no list.
    pub others: Vec<Dossier>,
    /// Documents that are sealed with the tenure's end, left out above.
    pub sealed: usize,
}

/// One dossier.
pub async fn inside(house: &House, by: &Actor, id: Id) -> Result<Inside, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let found: Option<Dossier> = house.db.optional(store::dossier(c, id)).await?;
    let dossier = found.ok_or(ArchiveError::NotFound)?;
    if dossier.life == crate::Life::Sealed {
        return Err(ArchiveError::Sealed);
    }
    let rows: Vec<Document> = house.db.all(documents::of_dossier(c, id)).await?;
    let (hidden, rows): (Vec<Document>, Vec<Document>) = rows
        .into_iter()
        .filter(|d| d.state != State::Preparing)
        .partition(|d| dossier.life.seals(d.kind));
    let documents = filing::opened(house, by, rows).await?;
    let mut others: Vec<Dossier> = house.db.all(store::of_room(c, dossier.room)).await?;
    others.retain(|d| d.id != id && d.life.is_listed());
    let mut shown = with_owners(house, by, vec![dossier]).await?;
    let shown = shown.pop().ok_or(ArchiveError::NotFound)?;
    Ok(Inside {
        shown,
        documents,
        others,
        sealed: hidden.len(),
    })
}

/// The dossier of a room's present tenure.
pub async fn of_room(house: &House, by: &Actor, room: Id) -> Result<Option<Id>, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let found: Vec<Dossier> = house.db.all(store::of_room(by.community, room)).await?;
    let here = found.into_iter().find(|d| d.life.is_listed());
    Ok(here.map(|d| d.id))
}

/// A document that waits to be counted, with its dossier's room and number.
pub struct Waiting {
    pub document: Document,
    pub code: String,
    pub number: String,
}

/// Documents that wait, on one page.
const WAITING_PAGE: usize = 100;

/// Documents whose pages are to be counted, the most urgent first: those behind a place, a page
/// of them, and whether there are more.
pub async fn waiting(
    house: &House,
    by: &Actor,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Waiting>, bool), ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let (due, id) = after.map_or((Moment(0), String::new()), |(due, id)| {
        (due, id.to_string())
    });
    let asked = documents::waiting(c, (due, &id), WAITING_PAGE as i64 + 1);
    let mut rows: Vec<Document> = house.db.all(asked).await?;
    let more = rows.len() > WAITING_PAGE;
    rows.truncate(WAITING_PAGE);
    let rows = filing::opened(house, by, rows).await?;
    let ids: Vec<Id> = rows.iter().map(|d| d.dossier).collect();
    let named: Vec<(Id, String, String)> = if ids.is_empty() {
        Vec::new()
    } else {
        house.db.all(store::names(c, &ids)).await?
    };
    let name = |id: Id| named.iter().find(|(d, ..)| *d == id);
    let each = rows.into_iter().map(|document| {
        let found = name(document.dossier);
        Waiting {
            code: found.map_or(String::new(), |(_, code, _)| code.clone()),
            number: found.map_or(String::new(), |(.., number)| number.clone()),
            document,
        }
    });
    Ok((each.collect(), more))
}

/// How many documents wait for an account to count them, for the bar; a hundred at most.
pub async fn waiting_for(house: &House, by: &Actor) -> Result<u32, DbError> {
    let Some(account) = by.account else {
        return Ok(0);
    };
    let asked = documents::waiting_for(by.community, account);
    let (n,): (i64,) = house.db.one(asked).await?;
    Ok(u32::try_from(n).unwrap_or(0))
}

/// How intake goes: what waits, what waits too long, and of what was filed since a moment how
/// many came in time, of how many, in how many milliseconds on average.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    pub waiting: i64,
    pub late: i64,
    pub filed: i64,
    pub in_time: i64,
    pub average: i64,
}

/// The pace of intake since a moment.
pub async fn pace(house: &House, by: &Actor, since: Moment) -> Result<Pace, ArchiveError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let (waiting, late): (i64, i64) = house
        .db
        .one(documents::waiting_count(c, house.now()))
        .await?;
    let (filed, in_time, all): (i64, i64, i64) =
        house.db.one(documents::filing_times(c, since)).await?;
    Ok(Pace {
        waiting,
        late,
        filed,
        in_time,
        average: if filed > 0 { all / filed } else { 0 },
    })
}
