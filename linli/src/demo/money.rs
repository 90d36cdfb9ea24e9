//! The demo's meters and bills: water read from month to month and billed as a batch, a shared
//! meter, a reading that waits, money at the desk, a till that waits for its second person, and
//! a write-off that one person may not decide alone.

use fees::meters::{NewMeter, Read, add_meter, read_meter};
use fees::{
    AgeingQuery, AgeingRow, Basis, ByWay, FeesError, Fen, ItemDraft, ItemKind, NewPayment, NewRate,
    PartMonth, PayWays, Period, Policy, Sort, Tier, TierSpan, Way, account, ageing, bill_month,
    charge_late, count_till, make_item, record, set_pay_ways, set_policy, set_rate_by, take_bank,
    till, waive_late, write_off,
};
use foundation::clock::MINUTE;
use foundation::ids::Id;
use jiff::ToSpan;
use jiff::civil::Date;
use permissions::Role;
use permissions::actor::Actor;

use super::year::Story;

/// Homes with a water meter.
const METERS: usize = 12;
/// Who pays at the desk this morning.
const PAYERS: usize = 4;

fn item(name: &str, kind: ItemKind, basis: Basis, from: Period) -> ItemDraft {
    ItemDraft {
        name: name.into(),
        kind,
        basis,
        applies_to: String::new(),
        due_day: 25,
        // Not due today, whatever day it is.
        due_months: 2,
        active_from: from,
        active_until: None,
        part_month: PartMonth::Whole,
    }
}

/// Everything, in the last hours before the morning.
pub async fn weeks(story: &Story<'_>) -> anyhow::Result<()> {
    let manager = story.colleague(Role::Manager, 0);
    let cashier = story.colleague(Role::Cashier, 0);
    let today = story.house.now().date();
    let query = AgeingQuery {
        sort: Sort::Room,
        ..AgeingQuery::default()
    };
    let homes = ageing(story.house, &manager, &query).await?.rows;
    let last_month = Period::of(today.saturating_sub(1.months()));
    meters(story, (&manager, &cashier), &homes, last_month, today).await?;
    at_the_desk(story, (&manager, &cashier), &homes).await
}

async fn meters(
    story: &Story<'_>,
    (manager, cashier): (&Actor, &Actor),
    homes: &[AgeingRow],
    month: Period,
    today: Date,
) -> anyhow::Result<()> {
    let house = story.house;
    let from = Period::of(today.saturating_sub(4.months()));
    let water = item("水費", ItemKind::Water, Basis::Metered, from);
    let water = make_item(house, manager, water, Some(30_500)).await?;
    let tiers = [Tier {
        above: 48_000,
        rate: 45_700,
    }];
    let grounds = "供用水合同 第 6 條（階梯水價）";
    let rate = NewRate {
        tiers: tiers.into(),
        // As most cities have it: steps over the calendar year.
        span: TierSpan::Year,
        grounds: grounds.to_owned(),
        ..NewRate::plain(from, 30_500)
    };
    set_rate_by(house, manager, water, rate).await?;
    let installed_on = from.day(1);
    for (n, home) in homes.iter().take(METERS).enumerate() {
        let new = NewMeter {
            item: water,
            room: Some(home.room),
            building: String::new(),
            number: format!("S{:05}", 20_417 + n * 3),
            digits: 5,
            installed_on,
            start: 0,
        };
        let meter = add_meter(house, manager, new).await?;
        read(story, cashier, meter, from, today, n as i64).await?;
    }
    let shared = item("樓道公共用電", ItemKind::Electricity, Basis::Shared, from);
    let shared = make_item(house, manager, shared, Some(6_800)).await?;
    let new = NewMeter {
        item: shared,
        room: None,
        building: "1".into(),
        number: "G00001".into(),
        digits: 6,
        installed_on,
        start: 0,
    };
    let meter = add_meter(house, manager, new).await?;
    let value = 1_640_000;
    read_meter(house, cashier, meter, month.day(28), value, Read::Desk).await?;
    bill_month(house, manager, month, &[water, shared]).await?;
    let policy = Policy {
        owners_read: true,
        late_rate: 300,
        late_cap: 20,
        late_grounds: "前期物業服務合同 第 21 條（逾期付款每日萬分之三）".into(),
        ..Policy::default()
    };
    set_policy(house, manager, policy).await?;
    let ways = PayWays {
        account: "蘭庭物業服務有限公司春和苑收費專戶，示範銀行春和支行，帳號 0000 0000 0000 0000，\
                  轉帳請註明房號"
            .into(),
        counter: "物業服務中心一樓前台，收現金、刷卡和掃碼".into(),
        hours: "每天 8:30–18:00".into(),
        other: String::new(),
    };
    Ok(set_pay_ways(house, manager, ways).await?)
}

/// A reading near the end of each month; the third home's last one is far too high.
async fn read(
    story: &Story<'_>,
    cashier: &Actor,
    meter: Id,
    from: Period,
    today: Date,
    nth: i64,
) -> anyhow::Result<()> {
    let mut dial = 0;
    let mut period = from;
    while period.day(28) < today {
        dial += 9_000 + (nth * 1_700) % 15_000;
        read_meter(
            story.house,
            cashier,
            meter,
            period.day(28),
            dial,
            Read::Desk,
        )
        .await?;
        period = period.next();
    }
    if nth == 2 {
        read_meter(
            story.house,
            cashier,
            meter,
            today,
            dial + 310_000,
            Read::Desk,
        )
        .await?;
    }
    Ok(())
}

async fn at_the_desk(
    story: &Story<'_>,
    (manager, cashier): (&Actor, &Actor),
    homes: &[AgeingRow],
) -> anyhow::Result<()> {
    let house = story.house;
    for (n, home) in homes.iter().take(PAYERS).enumerate() {
        story.clock.advance(4 * MINUTE);
        let new = NewPayment {
            room: home.room,
            paid_on: house.now().date(),
            way: if n % 2 == 0 { Way::Cash } else { Way::WeChat },
            amount: home.overdue,
            receipt: String::new(),
            payer: home.owners.split('、').next().unwrap_or_default().into(),
            note: String::new(),
            named: Vec::new(),
            once: None,
        };
        record(house, cashier, new).await?;
    }
    let list = "2026-01-05\t歐陽先生\t399.14\t物業費\n2026-01-06\t匿名\t88.00\t停車";
    take_bank(house, cashier, list).await?;
    let expected: ByWay = till(house, cashier).await?.expected;
    count_till(house, cashier, expected, "").await?;
    // The one who owes most: a debt that the manager alone may not give up.
    let most = homes.iter().skip(PAYERS).max_by_key(|h| h.overdue);
    if let Some(home) = most {
        let view = account(house, manager, home.room).await?;
        if let Some(bill) = view
            .bills
            .iter()
            .filter(|b| b.is_open())
            .max_by_key(|b| b.owed)
        {
            let policy = Policy {
                write_off_limit: Fen(10_000),
                ..fees::policy(house, manager.community).await?
            };
            set_policy(house, manager, policy).await?;
            let why = "業主長期住院，家屬申請減免，附醫院證明";
            write_off(house, manager, bill.id, bill.owed, why, None).await?;
        }
    }
    late_fees(story, (manager, cashier), homes).await
}

/// What the contract names of late fees: charged to one home, given up for another.
async fn late_fees(
    story: &Story<'_>,
    (manager, cashier): (&Actor, &Actor),
    homes: &[AgeingRow],
) -> anyhow::Result<()> {
    let house = story.house;
    let mut owing = homes.iter().skip(PAYERS).rev();
    if let Some(home) = owing.next()
        && let Err(FeesError::LateChanged { now }) =
            charge_late(house, cashier, home.room, Fen::ZERO).await
    {
        charge_late(house, cashier, home.room, now).await?;
    }
    if let Some(home) = owing.next() {
        match waive_late(house, manager, home.room, "帳單寄送有誤，免收").await {
            Ok(_) | Err(FeesError::NoLateFee) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
