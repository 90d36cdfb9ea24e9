//! The database and the ledger under it: what a write promises.

use foundation::database::{Community, DbError, HOUSE, Look, ask};
use foundation::ledger::{Event, Kind, Who};
use foundation::params;

use crate::support::TestHouse;

const TESTED: Kind = Kind::new("test.happened", 1);

async fn size(house: &TestHouse, community: Community) -> i64 {
    let (n,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community = $1",
            params![community],
        ))
        .await
        .expect("the ledger can be counted");
    n
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_leaves_neither_row_nor_line() {
    let house = TestHouse::new().await;
    let outcome: Result<(), DbError> = house
        .write(HOUSE, &Who::operator(), |mut tx| {
            tx.execute(ask(
                "INSERT INTO installation (name, value) VALUES ($1, $2)",
                params!["colour", "red"],
            ))?;
            tx.also(Event::new(TESTED))?;
            Err(DbError::Missing)
        })
        .await;
    assert!(matches!(outcome, Err(DbError::Missing)));
    assert_eq!(size(&house, HOUSE).await, 0);
    let row: Option<(String,)> = house
        .db
        .optional(ask("SELECT value FROM installation", params![]))
        .await
        .expect("readable");
    assert_eq!(row, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_verb_harms_nobody_else() {
    let house = TestHouse::new().await;
    let who = Who::operator();
    let bad = house.write::<(), DbError, _>(HOUSE, &who, |_| panic!("on purpose"));
    let good = house.write::<_, DbError, _>(HOUSE, &who, |tx| tx.record(Event::new(TESTED), 5));
    let (bad, good) = tokio::join!(bad, good);
    assert!(bad.is_err());
    assert_eq!(good.expect("the other verb stands"), 5);
    assert_eq!(size(&house, HOUSE).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_writers_at_once_leave_a_ledger_without_gaps() {
    let house = TestHouse::new().await;
    let other = house.again().await;
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..1_000i64 {
        let house = if i % 2 == 0 {
            house.house.clone()
        } else {
            other.clone()
        };
        tasks.spawn(async move {
            house
                .write::<_, DbError, _>(HOUSE, &Who::operator(), move |mut tx| {
                    if i % 10 == 3 {
                        return Err(DbError::Missing);
                    }
                    tx.execute(ask(
                        "INSERT INTO installation (name, value) VALUES ($1, '')",
                        params![i.to_string()],
                    ))?;
                    tx.record(Event::new(TESTED).with("n", i), ())
                })
                .await
                .is_ok()
        });
    }
    let done = tasks.join_all().await.into_iter().filter(|ok| *ok).count();
    assert_eq!(done, 900);
    let seqs: Vec<(i64,)> = house
        .db
        .all(ask("SELECT seq FROM ledger ORDER BY seq", params![]))
        .await
        .expect("readable");
    assert_eq!(seqs, (1..=900).map(|n| (n,)).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_bound_by_their_number_wherever_they_stand() {
    let house = TestHouse::new().await;
    let (a, b): (String, i64) = house
        .db
        .one(ask(
            "SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT) + CAST($1 AS BIGINT)",
            params![21, "二十一"],
        ))
        .await
        .expect("readable");
    assert_eq!((a.as_str(), b), ("二十一", 42));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_read_sees_one_moment_while_others_write() {
    let house = TestHouse::new().await;
    let writer = house.house.clone();
    let runtime = tokio::runtime::Handle::current();
    let counts = house
        .db
        .reading::<_, DbError, _>(move |r| {
            let count = "SELECT COUNT(*) FROM ledger";
            let (before,): (i64,) = r.one(ask(count, params![]))?;
            let wrote: Result<(), DbError> =
                runtime.block_on(writer.write(HOUSE, &Who::operator(), |tx| {
                    tx.record(Event::new(TESTED), ())
                }));
            wrote?;
            let (after,): (i64,) = r.one(ask(count, params![]))?;
            Ok((before, after))
        })
        .await
        .expect("both sides go on");
    assert_eq!(counts, (0, 0));
    assert_eq!(size(&house, HOUSE).await, 1);
}
