//! The duties of the archive as they stand this minute, each asked of the room that knows it.

use census::rule::Quarter;
use dossiers::fixity;
use foundation::clock::DAY;
use foundation::house::House;
use foundation::page::{Tone, key};
use permissions::Permission;
use permissions::actor::Actor;

use crate::SupervisionError;

/// How far back filing times are looked at.
pub const PACE_DAYS: i64 = 90;
/// A layer that was not audited for longer is due: once a quarter (a convention).
pub const AUDIT_DAYS: i64 = 92;

/// How a duty stands, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// So many of so many.
    Of(i64, i64),
    /// So many that wait or are late.
    Count(i64),
    /// When it was done last, milliseconds since 1970; `None` where never.
    Last(Option<i64>),
}

/// One duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The key of its name.
    pub word: &'static str,
    pub figure: Figure,
    pub tone: Tone,
    /// Where it is looked after, below the compound's address; empty where on the machine.
    pub leads: &'static str,
}

fn duty(word: &'static str, figure: Figure, tone: Tone, leads: &'static str) -> Duty {
    Duty {
        word,
        figure,
        tone,
        leads,
    }
}

/// Green when nothing is wanting, amber below, red under `red` per cent.
fn share(part: i64, all: i64, red: i64) -> Tone {
    match all {
        0 => Tone::Plain,
        _ if part == all => Tone::Done,
        _ if part * 100 < all * red => Tone::Overdue,
        _ => Tone::Waiting,
    }
}

/// Red as soon as one is late.
fn late(n: i64) -> Tone {
    if n > 0 { Tone::Overdue } else { Tone::Done }
}

/// All duties, in the order of the archive's work.
pub async fn duties(house: &House, by: &Actor) -> Result<Vec<Duty>, SupervisionError> {
    by.may(Permission::ArchiveSupervise)?;
    let now = house.now();
    let mut all = Vec::new();

    let buildings = dossiers::listing::by_building(house, by).await?;
    let (asked, complete) = buildings
        .iter()
        .fold((0, 0), |(a, c), b| (a + b.asked, c + b.complete));
    all.push(duty(
        key("supervision-d-complete"),
        Figure::Of(complete, asked),
        share(complete, asked, 80),
        "/files/missing",
    ));
    let pace = dossiers::listing::pace(house, by, now.plus(-PACE_DAYS * DAY)).await?;
    all.push(duty(
        key("supervision-d-in-time"),
        Figure::Of(pace.in_time, pace.filed),
        share(pace.in_time, pace.filed, 90),
        "/files",
    ));
    all.push(duty(
        key("supervision-d-unfiled"),
        Figure::Count(pace.late),
        late(pace.late),
        "/files/waiting",
    ));

    let overdue = forms::cases::looking::waiting(house, by.community)
        .await?
        .into();
    all.push(duty(
        key("supervision-d-cases"),
        Figure::Count(overdue),
        late(overdue),
        "/cases",
    ));
    let keys = forms::keys::counts(house, by).await?;
    all.push(duty(
        key("supervision-d-keys"),
        Figure::Count(keys.late),
        late(keys.late),
        "/keys",
    ));

    // Who reads the board reads these lists; the bar asks for no more than a hundred.
    let few: i64 = changes::listing::waiting_few(house, by.community)
        .await?
        .into();
    all.push(duty(
        key("supervision-d-changes"),
        Figure::Count(few),
        if few > 0 { Tone::Waiting } else { Tone::Done },
        "/changes",
    ));
    let quarter = Quarter::at(now);
    let census = census::coverage::totals(house, by.community, quarter).await?;
    let (covered, due) = (census.in_time(), census.due());
    all.push(duty(
        key("supervision-d-census"),
        Figure::Of(covered, due),
        if covered == due {
            Tone::Done
        } else {
            Tone::Waiting
        },
        "/census/coverage",
    ));
    let calls: i64 = arrears::listing::overdue(house, by.community).await?.into();
    all.push(duty(
        key("supervision-d-arrears"),
        Figure::Count(calls),
        late(calls),
        "/arrears?show=overdue",
    ));
    let looks: i64 = viewings::listing::reviews_due(house, by.community)
        .await?
        .into();
    all.push(duty(
        key("supervision-d-viewings"),
        Figure::Count(looks),
        late(looks),
        "/viewings",
    ));

    let amiss: i64 = viewings::loans::amiss_count(house, by.community)
        .await?
        .into();
    all.push(duty(
        key("supervision-d-boxes"),
        Figure::Count(amiss),
        late(amiss),
        "/viewings",
    ));

    let since = now.plus(-AUDIT_DAYS * DAY);
    let stand = shelves::standing::figures(house, by, since).await?;
    all.push(duty(
        key("supervision-d-nowhere"),
        Figure::Count(stand.nowhere),
        if stand.nowhere > 0 {
            Tone::Waiting
        } else {
            Tone::Done
        },
        "/shelves/moves",
    ));
    all.push(duty(
        key("supervision-d-audited"),
        Figure::Of(stand.audited, stand.layers),
        share(stand.audited, stand.layers, 50),
        "/shelves",
    ));

    let reading = fixity::last(house).await?;
    let tone = match &reading {
        Some(r) if !r.damages.is_empty() || r.at < now.0 - fixity::STALE_AFTER => Tone::Overdue,
        Some(_) => Tone::Done,
        // Nothing is kept yet where nothing was read.
        None => Tone::Plain,
    };
    let at = reading.map(|r| r.at);
    all.push(duty(
        key("supervision-d-fixity"),
        Figure::Last(at),
        tone,
        "",
    ));
    Ok(all)
}
