//! A bill parted between owners, as the roster knows them.

use fees::{Bearer, FeesError, Fen, bill_month, split};
use foundation::database::{DbError, ask};
use foundation::ids::Id;
use foundation::ledger::{Event, Kind, Who};
use foundation::page::words::Lang;
use foundation::params;

use super::pages::{ask as asked, door};
use super::street::{Street, march};

const SET_UP: Kind = Kind::new("test.set_up", 1);

/// Somebody owns a share of the second room, from a day or until one.
async fn owns(s: &Street, name: &'static str, share: (i64, i64), from: &str, until: &str) {
    let (c, room) = (s.community, s.rooms[1]);
    let (party, relation): (Id, Id) = (s.house.id(), s.house.id());
    let day = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    let (from, until) = (day(from), day(until));
    let made: Result<(), DbError> =
        s.house
            .write(c, &Who::operator(), move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO party (community, id, kind, name, name_key, state, version, held, \
                 import, created_at) VALUES ($1, $2, 'person', $3, $3, 'alive', 1, 0, '', 0)",
                    params![c, party, name],
                ))?;
                let ended: Option<i64> = until.as_ref().map(|_| 1);
                tx.execute(ask(
                "INSERT INTO relation (community, id, room, party, kind, share_part, share_whole, \
                 from_day, until_day, ended_at, ended_why, version, import, created_at) \
                 VALUES ($1, $2, $3, $4, 'owner', $5, $6, $7, $8, $9, '', 1, '', 0)",
                params![c, relation, room, party, share.0, share.1, from, until, ended],
            ))?;
                tx.record(Event::new(SET_UP), ())
            })
            .await;
    made.expect("an owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bill_is_parted_by_days_and_shares_and_the_page_masks_names() {
    let s = Street::new().await;
    bill_month(&s.house, &s.manager, march(), &[s.property])
        .await
        .expect("billed");
    let bill = s.bill_of(s.rooms[1]).await;
    let nobody = split(&s.house, &s.manager, bill, None)
        .await
        .expect("parted");
    assert_eq!(nobody.portions.len(), 1);
    assert_eq!(nobody.portions[0].bearer, Bearer::Unknown);
    owns(&s, "王伟明", (1, 1), "", "2026-03-11").await;
    owns(&s, "陈立", (1, 4), "2026-03-11", "").await;
    owns(&s, "陈芳", (3, 4), "2026-03-11", "").await;
    // 342 yuan: ten days of the seller, 21 of the buyers, a quarter to one of them.
    let parted = split(&s.house, &s.manager, bill, None)
        .await
        .expect("parted");
    let said: Vec<(i64, i64)> = parted
        .portions
        .iter()
        .map(|p| (p.days, p.amount.0))
        .collect();
    assert_eq!(said, [(10, 11_032), (21, 5_792), (21, 17_376)]);
    assert_eq!((parted.whole, parted.evenly), (Fen(34_200), false));

    let desk = door(&s, &s.manager, Lang::ZhHant);
    let own = format!("/fees/bills/{bill}/split");
    let (status, page) = asked(&desk, &own, None).await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("¥173.76") && page.contains("3/4"), "{page}");
    assert!(!page.contains("王伟明") && page.contains("王**"), "{page}");
    let (status, page) = asked(&desk, &format!("{own}?on=2026-03-16"), None).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("¥165.48") && page.contains("¥176.52"),
        "{page}"
    );
    for day in ["2026-03-01", "2026-04-01"] {
        let (status, page) = asked(&desk, &format!("{own}?on={day}"), None).await;
        assert_eq!(status, 422, "{day}");
        assert!(
            page.contains(&format!("value=\"{day}\"")),
            "what was typed is kept"
        );
    }
    let (status, pdf) = asked(&desk, &format!("{own}/paper"), None).await;
    assert_eq!(status, 200);
    assert!(pdf.starts_with("%PDF-"));
    let other = split(&s.house, &s.other, bill, None).await;
    assert!(matches!(other, Err(FeesError::NoSuchBill)));
}
