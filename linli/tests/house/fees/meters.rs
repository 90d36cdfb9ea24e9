//! Meters as the office reads them, and bills from them.

use fees::meters::{
    NewMeter, Read, ReadState, Replacement, add_meter, meters_of_room, read_meter, read_with,
    reading_picture, reckon_meter, replace_meter, settle_reading, void_reading,
};
use fees::{
    Basis, FeesError, Fen, ItemDraft, ItemKind, NewRate, PartMonth, Period, Policy, Tier, TierSpan,
    account, bill_month, make_item, preview_month, runs, set_policy, set_rate_by, undo_run,
    void_bill,
};
use foundation::clock::DAY;
use foundation::ids::Id;
use foundation::pictures::{self, Picture};
use jiff::civil::{Date, date};

use super::street::{Street, march};

fn unit(whole: i64) -> i64 {
    whole * 1_000
}

async fn item(s: &Street, name: &str, basis: Basis) -> Id {
    let draft = ItemDraft {
        name: name.into(),
        kind: ItemKind::Water,
        basis,
        applies_to: String::new(),
        due_day: 31,
        due_months: 0,
        active_from: Period::new(2026, 1).expect("a month"),
        active_until: None,
        part_month: PartMonth::Whole,
    };
    // 3 yuan a unit.
    make_item(&s.house, &s.manager, draft, Some(30_000))
        .await
        .expect("an item")
}

async fn meter(s: &Street, item: Id, room: Option<Id>, number: &str, start: i64) -> Id {
    let new = NewMeter {
        item,
        room,
        building: String::new(),
        number: number.into(),
        digits: 5,
        installed_on: date(2026, 1, 1),
        start: unit(start),
    };
    add_meter(&s.house, &s.manager, new).await.expect("a meter")
}

async fn read(s: &Street, meter: Id, day: Date, value: i64) -> Result<Id, FeesError> {
    let taken = read_meter(&s.house, &s.cashier, meter, day, unit(value), Read::Desk).await?;
    assert_eq!(taken.state, ReadState::Taken, "{value}");
    Ok(taken.reading)
}

/// 3 yuan a unit, above ten units 4.50.
async fn tiered(s: &Street, item: Id, span: TierSpan) {
    let rate = NewRate {
        tiers: vec![Tier {
            above: unit(10),
            rate: 45_000,
        }],
        span,
        grounds: "供水合同 第 4 條".into(),
        ..NewRate::plain(march(), 30_000)
    };
    set_rate_by(&s.house, &s.manager, item, rate)
        .await
        .expect("set");
}

/// The street's clock stands at the beginning of March.
async fn in_june() -> Street {
    let s = Street::new().await;
    s.house.clock.advance(100 * DAY);
    s
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_is_billed_from_the_meter_once_it_is_read_and_by_tiers() {
    let s = in_june().await;
    let water = item(&s, "水費", Basis::Metered).await;
    tiered(&s, water, TierSpan::Month).await;
    let m = meter(&s, water, Some(s.rooms[0]), "W-1", 100).await;
    let line = |p: fees::Preview| {
        p.items
            .into_iter()
            .find(|i| i.item.id == water)
            .expect("water")
    };
    let before = line(
        preview_month(&s.house, &s.manager, march())
            .await
            .expect("seen"),
    );
    assert_eq!((before.bills, before.unread), (0, 1));
    let named: Vec<_> = before
        .unread_rooms
        .iter()
        .map(|u| (u.room, u.code.as_str()))
        .collect();
    assert_eq!(named, [(s.rooms[0], "3-2-1001")]);

    read(&s, m, date(2026, 3, 28), 112).await.expect("read");
    // 10 at 3 yuan and 2 at 4.50.
    let seen = line(
        preview_month(&s.house, &s.manager, march())
            .await
            .expect("seen"),
    );
    assert_eq!((seen.bills, seen.total, seen.unread), (1, Fen(3_900), 0));
    let done = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    assert_eq!((done.bills, done.total), (1, Fen(3_900)));
    let again = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    assert_eq!(again.bills, 0);

    // Taken back and billed anew, it is the same bill; after a later month it stays.
    let run = runs(&s.house, &s.manager).await.expect("runs");
    let run = run.iter().find(|r| r.bills == 1).expect("the run").id;
    undo_run(&s.house, &s.manager, run, "重算")
        .await
        .expect("undone");
    let done = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    assert_eq!(done.total, Fen(3_900));
    let run = runs(&s.house, &s.manager).await.expect("runs")[0].id;
    read(&s, m, date(2026, 4, 28), 120).await.expect("read");
    let done = bill_month(&s.house, &s.manager, march().next(), &[water])
        .await
        .expect("billed");
    assert_eq!(done.total, Fen(2_400));
    let refused = undo_run(&s.house, &s.manager, run, "晚了").await;
    assert!(matches!(refused, Err(FeesError::RunTouched { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn tiers_over_a_year_go_on_where_the_years_bills_stand_and_begin_anew_in_january() {
    let s = Street::new().await;
    s.house.clock.advance(400 * DAY);
    let water = item(&s, "水費", Basis::Metered).await;
    tiered(&s, water, TierSpan::Year).await;
    let m = meter(&s, water, Some(s.rooms[0]), "W-1", 0).await;
    let month = |n| Period::new(2026, n).expect("a month");
    // 7 units a month: 7 at 3 yuan; then 3 at 3 and 4 at 4.50; then 7 at 4.50.
    for (n, fen) in [(3, 2_100), (4, 2_700), (5, 3_150)] {
        let period = month(n);
        read(&s, m, period.day(28), 7 * i64::from(n - 2))
            .await
            .expect("read");
        let seen = preview_month(&s.house, &s.manager, period).await;
        let seen = seen.expect("seen").items;
        let line = seen.iter().find(|i| i.item.id == water).expect("water");
        assert_eq!(line.total, Fen(fen), "{period} as it is seen");
        let done = bill_month(&s.house, &s.manager, period, &[water]).await;
        assert_eq!(done.expect("billed").total, Fen(fen), "{period}");
    }
    // A bill that was voided no longer counts in the year.
    let view = account(&s.house, &s.manager, s.rooms[0]).await.expect("it");
    let may = view
        .bills
        .iter()
        .find(|b| b.item == water && b.period == month(5));
    let may = may.expect("the bill of May").id;
    void_bill(&s.house, &s.manager, may, "抄錯")
        .await
        .expect("void");
    read(&s, m, month(6).day(28), 28).await.expect("read");
    let done = bill_month(&s.house, &s.manager, month(6), &[water]).await;
    assert_eq!(done.expect("billed").total, Fen(14 * 450));

    let january = Period::new(2027, 1).expect("a month");
    read(&s, m, january.day(28), 38).await.expect("read");
    let done = bill_month(&s.house, &s.manager, january, &[water]).await;
    assert_eq!(
        done.expect("billed").total,
        Fen(3_000),
        "the year begins anew"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dial_that_begins_again_and_a_meter_that_is_replaced_lose_nothing() {
    let s = in_june().await;
    let water = item(&s, "水費", Basis::Metered).await;
    let m = meter(&s, water, Some(s.rooms[0]), "W-1", 99_990).await;
    let back = read(&s, m, date(2026, 3, 5), 50_000).await;
    assert!(matches!(back, Err(FeesError::RunsBack { .. })));
    let beyond = read(&s, m, date(2026, 3, 5), 100_000).await;
    assert!(matches!(beyond, Err(FeesError::Dial)));
    read(&s, m, date(2026, 3, 5), 4).await.expect("begun again");
    let new = Replacement {
        day: date(2026, 3, 20),
        last: unit(10),
        number: "W-2".into(),
        digits: 5,
        start: 0,
    };
    let next = replace_meter(&s.house, &s.manager, m, new)
        .await
        .expect("replaced");
    let out = read(&s, m, date(2026, 3, 29), 11).await;
    assert!(matches!(out, Err(FeesError::MeterOut)));
    read(&s, next, date(2026, 3, 30), 7).await.expect("read");
    let done = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    // 99,990 → 4 is 14, → 10 is 6, and 7 of the new one.
    assert_eq!((done.bills, done.total), (1, Fen(27 * 300)));
    assert_eq!(
        meters_of_room(&s.house, &s.manager, s.rooms[0])
            .await
            .expect("meters")
            .len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_reckoned_or_wrong_is_mended_by_the_next_reading() {
    let s = in_june().await;
    let water = item(&s, "水費", Basis::Metered).await;
    let m = meter(&s, water, Some(s.rooms[0]), "W-1", 0).await;
    let nothing = reckon_meter(&s.house, &s.cashier, m, date(2026, 1, 10)).await;
    assert!(matches!(nothing, Err(FeesError::NothingUsual)));
    read(&s, m, date(2026, 1, 31), 30).await.expect("read");
    read(&s, m, date(2026, 2, 28), 58).await.expect("read");
    // A unit a day for 31 days.
    let reckoned = reckon_meter(&s.house, &s.cashier, m, date(2026, 3, 31)).await;
    assert_eq!(reckoned.expect("reckoned").used, unit(31));
    let done = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    assert_eq!(done.total, Fen(89 * 300));
    // The household was away: the dial stands below what was reckoned.
    read(&s, m, date(2026, 4, 30), 80).await.expect("below");
    let none = bill_month(&s.house, &s.manager, march().next(), &[water])
        .await
        .expect("billed");
    assert_eq!(none.bills, 0, "less went through than was billed");
    read(&s, m, date(2026, 5, 31), 95).await.expect("read");
    let may = march().next().next();
    let done = bill_month(&s.house, &s.manager, may, &[water])
        .await
        .expect("billed");
    assert_eq!(
        done.total,
        Fen(6 * 300),
        "95 in all, 89 of them were billed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_is_not_plausible_waits_for_a_person() {
    let s = in_june().await;
    let water = item(&s, "水費", Basis::Metered).await;
    let m = meter(&s, water, Some(s.rooms[0]), "W-1", 0).await;
    read(&s, m, date(2026, 1, 31), 10).await.expect("read");
    read(&s, m, date(2026, 2, 28), 19).await.expect("read");
    let odd = read_meter(
        &s.house,
        &s.cashier,
        m,
        date(2026, 3, 31),
        unit(190),
        Read::Desk,
    )
    .await
    .expect("kept");
    assert_eq!(odd.state, ReadState::Asked);
    let none = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    assert_eq!(none.bills, 0, "nobody is billed for what nobody looked at");
    settle_reading(&s.house, &s.cashier, odd.reading, false)
        .await
        .expect("dropped");
    let again = settle_reading(&s.house, &s.cashier, odd.reading, true).await;
    assert!(matches!(again, Err(FeesError::ReadingSettled)));
    let right = read(&s, m, date(2026, 3, 31), 30).await.expect("read");
    void_reading(&s.house, &s.cashier, right)
        .await
        .expect("voided");
    read(&s, m, date(2026, 3, 31), 29)
        .await
        .expect("read again");
    let done = bill_month(&s.house, &s.manager, march(), &[water])
        .await
        .expect("billed");
    assert_eq!(done.total, Fen(29 * 300));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_meter_is_parted_by_area_to_the_last_fen() {
    let s = Street::with_rooms(9).await;
    s.house.clock.advance(100 * DAY);
    let shared = item(&s, "公攤電費", Basis::Shared).await;
    let m = meter(&s, shared, None, "公-1", 0).await;
    read(&s, m, date(2026, 3, 31), 333).await.expect("read");
    let seen = preview_month(&s.house, &s.manager, march())
        .await
        .expect("seen");
    let line = seen
        .items
        .iter()
        .find(|i| i.item.id == shared)
        .expect("a line");
    assert_eq!(
        (line.bills, line.total, line.area_unknown),
        (8, Fen(99_900), 1)
    );
    let done = bill_month(&s.house, &s.manager, march(), &[shared])
        .await
        .expect("billed");
    assert_eq!(
        (done.bills, done.total),
        (8, Fen(99_900)),
        "nothing is lost"
    );
    let run = runs(&s.house, &s.manager).await.expect("runs")[0].id;
    undo_run(&s.house, &s.manager, run, "重算")
        .await
        .expect("undone");
    let done = bill_month(&s.house, &s.manager, march(), &[shared])
        .await
        .expect("billed");
    assert_eq!(done.total, Fen(99_900));
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_read_their_own_meter_where_the_office_allows_it_and_nobody_elses() {
    let s = in_june().await;
    let water = item(&s, "水費", Basis::Metered).await;
    let own = meter(&s, water, Some(s.rooms[1]), "W-1", 0).await;
    let strange = meter(&s, water, Some(s.rooms[0]), "W-2", 0).await;
    let owner = s.owner_of(s.rooms[1]).await;
    let hand_in = |m| read_meter(&s.house, &owner, m, date(2026, 3, 31), unit(4), Read::Desk);
    assert!(matches!(
        hand_in(own).await,
        Err(FeesError::OwnersDoNotRead)
    ));
    let policy = Policy {
        owners_read: true,
        ..Policy::default()
    };
    set_policy(&s.house, &s.manager, policy).await.expect("set");
    assert!(matches!(
        hand_in(strange).await,
        Err(FeesError::NoSuchMeter)
    ));
    hand_in(own).await.expect("handed in");
    let other = read_meter(
        &s.house,
        &s.other,
        own,
        date(2026, 4, 1),
        unit(5),
        Read::Desk,
    )
    .await;
    assert!(
        matches!(other, Err(FeesError::NoSuchMeter)),
        "of another compound"
    );
    let view = account(&s.house, &s.manager, s.rooms[1])
        .await
        .expect("an account");
    assert!(view.bills.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_comes_with_a_reading_sealed_and_only_the_desk_sees_it() {
    let s = in_june().await;
    let water = item(&s, "水費", Basis::Metered).await;
    let m = meter(&s, water, Some(s.rooms[0]), "W-1", 0).await;
    let dial = image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([x as u8, y as u8, 90]));
    let mut png = std::io::Cursor::new(Vec::new());
    dial.write_to(&mut png, image::ImageFormat::Png)
        .expect("a picture");
    let picture = pictures::take(png.into_inner()).await.expect("taken");
    let jpeg = picture.jpeg.clone();
    let (day, by) = (date(2026, 3, 28), &s.cashier);
    let at = (day, unit(12));
    let taken = read_with(&s.house, by, m, at, Read::Desk, Some(picture)).await;
    let reading = taken.expect("read").reading;
    let seen = reading_picture(&s.house, &s.manager, reading).await;
    assert_eq!(seen.expect("the picture"), jpeg);
    let other = reading_picture(&s.house, &s.other, reading).await;
    assert!(matches!(other, Err(FeesError::NoSuchReading)));
    let owner = s.owner_of(s.rooms[0]).await;
    let owners = reading_picture(&s.house, &owner, reading).await;
    assert!(matches!(owners, Err(FeesError::Forbidden(_))));

    // On the disk lies nothing that shows it, and nothing of a reading that was refused.
    let root = s.house.data_dir.join("meters");
    let files = || {
        let mut found = Vec::new();
        let mut dirs = vec![root.clone()];
        while let Some(dir) = dirs.pop() {
            for one in std::fs::read_dir(dir).expect("a folder") {
                let path = one.expect("a file").path();
                match path.is_dir() {
                    true => dirs.push(path),
                    false => found.push(std::fs::read(path).expect("readable")),
                }
            }
        }
        found
    };
    assert_eq!(files().len(), 1);
    assert!(!files()[0].windows(16).any(|w| w == &jpeg[..16]));
    let picture = Picture {
        jpeg,
        width: 60,
        height: 40,
    };
    let back = read_with(&s.house, by, m, (day, unit(13)), Read::Desk, Some(picture)).await;
    assert!(matches!(back, Err(FeesError::ReadingOrder { .. })));
    assert_eq!(files().len(), 1);
    let plain = read(&s, m, date(2026, 4, 28), 20).await.expect("read");
    let none = reading_picture(&s.house, &s.manager, plain).await;
    assert!(matches!(none, Err(FeesError::NoSuchReading)));
}
