//! 《查閱登記表》: a specialist sees who comes and enters a granted viewing under the next number.

use foundation::clock::Moment;
use foundation::database::Look;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use sheets::{ListColumn, ListFile};

use crate::act::{self, Deed, act};
use crate::states::Act;
use crate::store::Sieve;
use crate::viewing::{self, Texts, Viewing};
use crate::{ViewingError, events, persons, store};

/// Rows on one page of the screen.
pub const PAGE: i64 = 50;
/// Rows that leave the house as one file: some years of a large compound.
pub const TAKE_MAX: i64 = 5_000;
/// Which paper of identity was seen, as forms write it, with its last signs.
pub const IDENTITY_CHARS_MAX: usize = 40;

/// Enters it. Who registers is neither who approved nor, where another specialist is there,
/// who asked.
///
/// # Errors
/// [`ViewingError::Refused`]; [`ViewingError::Words`] without the paper that was seen.
pub async fn register(
    house: &House,
    by: &Actor,
    id: Id,
    identity: &str,
    seen: bool,
) -> Result<Viewing, ViewingError> {
    by.may(Permission::ViewingRegister)?;
    let c = by.community;
    let identity = identity.split_whitespace().collect::<Vec<_>>().join(" ");
    if identity.is_empty() || identity.chars().count() > IDENTITY_CHARS_MAX {
        return Err(ViewingError::Words);
    }
    let v = act::one(house, c, id).await?;
    let hand = persons::hand(house, by, &v, false).await?;
    let account = by.account.ok_or(ViewingError::NotFound)?;
    let name = accounts::name_of(house, account).await?;
    let sealed = viewing::also_said(house, c, &v, |t| t.identity = identity).await?;
    let before = v.texts;
    let deed = Deed {
        id,
        act: Act::Register {
            identity_seen: seen,
        },
        hand,
        kind: events::REGISTERED,
    };
    let who = persons::registering(by);
    act(house, c, &who, deed, move |tx, v, event| {
        if v.texts != before {
            return Err(ViewingError::Changed);
        }
        let now = tx.now();
        let year = i64::from(now.date().year());
        let (last,): (i64,) = tx.one(store::last_register(c, year))?;
        v.texts = sealed;
        v.registrar = Some(account);
        v.registrar_name = name;
        v.register_year = Some(year);
        v.register_nth = Some(last + 1);
        v.registered_at = Some(now);
        Ok(event
            .with("registrar_as", hand.person)
            .with("year", year)
            .with("nth", last + 1)
            .with_some("until", v.until_at))
    })
    .await
}

/// One row with what was said.
pub struct Entry {
    pub viewing: Viewing,
    pub texts: Texts,
}

/// A page of the register, whether there are more, and how many there are in all.
pub async fn page(
    house: &House,
    by: &Actor,
    sieve: &Sieve,
    after: Option<(Moment, Id)>,
) -> Result<(Vec<Viewing>, bool, i64), ViewingError> {
    by.may(Permission::ArchiveRead)?;
    let c = by.community;
    let asked = store::register(c, sieve, after, PAGE + 1);
    let mut found: Vec<Viewing> = house.db.all(asked).await?;
    let more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let (total,): (i64,) = house.db.one(store::register_count(c, sieve)).await?;
    Ok((found, more, total))
}

/// The register for a file; its leaving is in the ledger before a row is read.
///
/// # Errors
/// [`ViewingError::TooManyPages`] above [`TAKE_MAX`] rows.
pub async fn take(
    house: &House,
    by: &Actor,
    sieve: &Sieve,
    shape: &'static str,
) -> Result<Vec<Entry>, ViewingError> {
    by.may(Permission::ArchiveRead)?;
    by.may(Permission::ExportRun)?;
    let c = by.community;
    let (total,): (i64,) = house.db.one(store::register_count(c, sieve)).await?;
    if total > TAKE_MAX {
        return Err(ViewingError::TooManyPages);
    }
    house
        .write::<_, ViewingError, _>(c, &by.who_for(Permission::ExportRun), move |tx| {
            let event = Event::new(events::REGISTER_TAKEN)
                .to(Audience::Staff)
                .with("shape", shape)
                .with("rows", total);
            Ok(tx.record(event, ())?)
        })
        .await?;
    let mut sieve = sieve.clone();
    sieve.upwards = true;
    let asked = store::register(c, &sieve, None, TAKE_MAX);
    let found: Vec<Viewing> = house.db.all(asked).await?;
    let mut out = Vec::with_capacity(found.len());
    for part in found.chunks(200) {
        let texts = viewing::open_all(house, c, part).await?;
        let both = part.iter().cloned().zip(texts);
        out.extend(both.map(|(viewing, texts)| Entry { viewing, texts }));
    }
    Ok(out)
}

/// The register as a workbook: a title, heads, and the cells of each row.
///
/// # Errors
/// [`ViewingError::Sheet`].
pub fn workbook(
    title: &str,
    heads: &[String],
    rows: &[Vec<String>],
) -> Result<Vec<u8>, ViewingError> {
    const WIDTHS: [f64; 12] = [
        12.0, 17.0, 18.0, 14.0, 16.0, 30.0, 14.0, 12.0, 12.0, 17.0, 17.0, 8.0,
    ];
    let columns = heads.iter().zip(WIDTHS).map(|(head, width)| ListColumn {
        head: head.clone(),
        width,
        number: false,
    });
    let mut file = ListFile::begin("查閱登記表", title, columns.collect())?;
    for row in rows {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        file.row(&cells)?;
    }
    Ok(file.finish()?)
}
