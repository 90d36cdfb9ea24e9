//! A page is shown: asked of the table, recorded, and only then fetched, marked and sent. Where
//! the ledger cannot take the event, nothing leaves.

use dossiers::{Document, for_viewing};
use foundation::clock::{MINUTE, Moment};
use foundation::database::{Community, Look as _, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Who};
use permissions::actor::Actor;
use tokio::sync::Semaphore;

use crate::act;
use crate::own_area::Area;
use crate::policy::Policy;
use crate::scope::{Mode, Way};
use crate::stamping::{self, Says};
use crate::states::{Act, Hand, Terms, step};
use crate::store::cover::Covered;
use crate::trace::{Shown, Task};
use crate::viewing::Viewing;
use crate::{ViewingError, ask, events, own_cover, persons, store};
use watermark::Code;

/// Pictures that are marked at the same time: each takes some tens of megabytes.
static MARKING: Semaphore = Semaphore::const_new(2);
/// So long the same page keeps its code for the same eyes: a viewer without script asks for its
/// page anew each half minute, and would leave a trail of codes that tell nothing more.
pub(crate) const CODE_FRESH: i64 = 10 * MINUTE;
/// Codes that are tried before the event is given up; one of 2⁴⁰ is hardly ever taken.
pub(crate) const TRIES: usize = 4;

/// A look that is about to be recorded.
pub(crate) struct Looking {
    pub v: Viewing,
    pub document: Document,
    pub hand: Hand<Id>,
    pub who: Who,
    pub terms: Terms,
    pub inside: bool,
    pub name: String,
}

/// Reads what a look needs, without deciding anything.
pub(crate) async fn looking(
    house: &House,
    by: &Actor,
    id: Id,
    document: Id,
) -> Result<Looking, ViewingError> {
    let c = by.community;
    let v = act::one(house, c, id).await?;
    ask::may_use(by, &v)?;
    let hand = persons::hand(house, by, &v, false).await?;
    if hand.person != v.asker_as || by.account != Some(v.asker) {
        return Err(ViewingError::NotFound);
    }
    let document = for_viewing::document(house, c, document).await?;
    let inside = is_inside(house, c, id, &document).await?;
    Ok(Looking {
        terms: Policy::of(house, c).await?.terms(),
        name: v.asker_name.clone(),
        who: by.who(),
        v,
        document,
        hand,
        inside,
    })
}

/// Whether a document is among those of a viewing.
pub(crate) async fn is_inside(
    house: &House,
    c: Community,
    viewing: Id,
    document: &Document,
) -> Result<bool, ViewingError> {
    let dossiers: Vec<(Id, Id, String, String)> =
        house.db.all(store::dossiers_of(c, viewing)).await?;
    let narrowed: Vec<(Id,)> = house.db.all(store::documents_of(c, viewing)).await?;
    let here = dossiers.iter().any(|(d, ..)| *d == document.dossier);
    Ok(here && (narrowed.is_empty() || narrowed.contains(&(document.id,))))
}

/// The code under which a page is shown: on the screen the one of a moment ago, else a new one.
/// Each look has its event either way.
pub(crate) fn coded(
    tx: &mut Tx<'_>,
    mut shown: Shown,
    codes: &[Code],
) -> Result<Code, ViewingError> {
    let (c, now) = (tx.community(), tx.now());
    if shown.copy.is_none() {
        let asked = store::read::fresh(c, &shown, now.plus(-CODE_FRESH));
        let found: Option<(i64,)> = tx.optional(asked)?;
        if let Some(code) = found.and_then(|(code,)| Code::new(code as u64)) {
            tx.execute(store::read::again(c, code.number() as i64, now))?;
            return Ok(code);
        }
    }
    for code in codes {
        shown.code = code.number() as i64;
        if tx.execute(store::read::page(c, &shown))? > 0 {
            return Ok(*code);
        }
    }
    Err(ViewingError::Changed)
}

/// Asks the table again within the write, keeps the page's code, and gives its event.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    look: &Looking,
    page: u32,
    mode: Mode,
    codes: &[Code],
    copy: Option<i64>,
) -> Result<(Event, Code), ViewingError> {
    let (c, now) = (tx.community(), tx.now());
    let v = act::held(tx, look.v.id)?;
    // What came into an own file after it was let go was covered by nobody.
    let asked = store::cover::covered(c, v.id, look.document.id, page.into());
    let through = v.way != Way::Own || tx.optional::<Covered>(asked)?.is_some();
    let read = Act::Read {
        kind: look.document.kind,
        mode,
        inside: look.inside && through,
    };
    let hand = persons::still(tx, v.id, &look.hand, &look.who)?;
    step(&v.grant(), read, &hand, look.terms, now)?;
    let shown = Shown {
        code: 0,
        viewing: v.id,
        document: look.document.id,
        page: page.into(),
        reader: v.asker,
        reader_name: look.name.clone(),
        at: now,
        copy,
        task: Task::Read,
        last_at: now,
        times: 1,
    };
    let code = coded(tx, shown, codes)?;
    tx.execute(store::read::count(c, v.id, 1, 0))?;
    let event = act::begun(&v, events::PAGE_READ)
        .with("dossier", look.document.dossier)
        .with("document", look.document.id)
        .with("kind", look.document.kind.letter())
        .with("page", page)
        .with("mode", mode.word())
        .with("code", code.number() as i64);
    Ok((event, code))
}

/// What the mark of a page says.
pub(crate) fn says(leaf: &Leaf<'_>, now: Moment) -> Says {
    let (v, (account, name)) = (leaf.v, leaf.reader);
    let at = now.zoned().strftime("%Y-%m-%d %H:%M").to_string();
    let grant = v.register_number().unwrap_or_else(|| v.number());
    // 工號: the end of the account's id, which a name alone does not tell apart.
    let account = account.to_string();
    let short = account[account.len() - 5..].to_uppercase();
    let copy = leaf
        .copy
        .map_or(String::new(), |nth| format!(" 副本 {nth}"));
    let who = format!("{name} {short}");
    Says {
        lines: vec![who.clone(), format!("{grant} {at}{copy}")],
        footer: format!("限閱·業主個人資料 禁止翻拍　{who}　{grant}　{at}{copy}"),
        code: leaf.code,
        covered: leaf.areas.clone(),
    }
}

/// The picture of a page with the reader's mark, as JPEG.
///
/// # Errors
/// [`ViewingError::Refused`] outside of a grant; [`ViewingError::NotFound`] for everybody but
/// who asked.
pub async fn page(
    house: &House,
    by: &Actor,
    id: Id,
    document: Id,
    page: u32,
) -> Result<Vec<u8>, ViewingError> {
    let c = by.community;
    let look = looking(house, by, id, document).await?;
    if page == 0 || i64::from(page) > look.document.pages {
        return Err(ViewingError::NotFound);
    }
    let codes: Vec<Code> = (0..TRIES).map(|_| stamping::code(&house.chance)).collect();
    let (v, found) = (look.v.clone(), look.document.clone());
    let code = house
        .write(c, &by.who(), move |mut tx| {
            let (event, code) = note(&mut tx, &look, page, Mode::View, &codes, None)?;
            Ok::<_, ViewingError>(tx.record(event, code)?)
        })
        .await?;
    let areas = own_cover::areas(house, c, id, document, page.into()).await?;
    let leaf = Leaf {
        v: &v,
        document: &found,
        page,
        code,
        copy: None,
        reader: (v.asker, &v.asker_name),
        areas: areas.unwrap_or_default(),
    };
    let picture = marked(house, c, leaf).await?;
    // Fetching and marking took time: what was revoked meanwhile does not leave.
    let now = act::one(house, c, id).await?;
    if !now.is_open(house.now()) {
        return Err(ViewingError::NotFound);
    }
    Ok(picture)
}

/// A page that is about to leave, and for whose eyes.
pub(crate) struct Leaf<'a> {
    pub v: &'a Viewing,
    pub document: &'a Document,
    pub page: u32,
    pub code: Code,
    pub copy: Option<i64>,
    /// Account and name.
    pub reader: (Id, &'a str),
    /// What is of others.
    pub areas: Vec<Area>,
}

/// The picture of a page whose look is recorded, with its mark.
pub(crate) async fn marked(
    house: &House,
    c: Community,
    leaf: Leaf<'_>,
) -> Result<Vec<u8>, ViewingError> {
    let bytes = for_viewing::picture(house, c, leaf.document, leaf.page).await?;
    let says = says(&leaf, house.now());
    let turn = MARKING.acquire().await;
    let stamped = tokio::task::spawn_blocking(move || stamping::stamped(&bytes, &says)).await;
    drop(turn);
    stamped.map_err(std::io::Error::other)?
}
