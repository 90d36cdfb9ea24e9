//! The database and the ledger under it: what a write promises.

use foundation::database::{Chore, Community, DbError, HOUSE, Look, ask};
use foundation::house::House;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;

use crate::support::{HeldHead, TestHouse};

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

/// Records one event of a compound.
async fn touch(house: &House, c: Community) -> Result<(), DbError> {
    house
        .write(c, &Who::operator(), move |mut tx| {
            let _: Option<(i64,)> = tx.optional(ask("SELECT 1", params![]))?;
            tx.record(Event::new(TESTED), ())
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_write_the_same_compounds_and_no_log_forks_or_waits_in_a_circle() {
    const COMPOUNDS: i64 = 24;
    let house = TestHouse::new().await;
    let other = house.again().await;
    for c in 1..=COMPOUNDS {
        house.open_compound(Community(c)).await;
    }
    let before = size(&house, HOUSE).await;
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..1_200i64 {
        let house = if i % 2 == 0 {
            house.house.clone()
        } else {
            other.clone()
        };
        tasks.spawn(async move {
            let c = Community(1 + i * 7 % COMPOUNDS);
            let d = Community(1 + i * 11 % COMPOUNDS);
            let stamp = house.stamp(&Who::operator());
            let name = format!("n{i}");
            let row = move || {
                ask(
                    "INSERT INTO installation (name, value) VALUES ($1, '')",
                    params![name],
                )
            };
            let done: Result<(), DbError> = match i % 6 {
                // Across the house and a compound, in either order of asking.
                0 => {
                    let across = house.db.write_across(vec![c, HOUSE], stamp, move |mut tx| {
                        tx.execute(row())?;
                        tx.also_in(HOUSE, Event::new(TESTED))?;
                        tx.record(Event::new(TESTED), ())
                    });
                    across.await
                }
                // Across two compounds.
                1 => {
                    let across = house.db.write_across(vec![d, c], stamp, move |mut tx| {
                        tx.also_in(c, Event::new(TESTED))?;
                        tx.also_in(d, Event::new(TESTED))?;
                        tx.record(Event::new(TESTED), ())
                    });
                    across.await
                }
                // Refused in the middle: nothing of it stays.
                2 => house
                    .write(c, &Who::operator(), move |mut tx| {
                        tx.execute(row())?;
                        tx.also(Event::new(TESTED))?;
                        Err(DbError::Missing)
                    })
                    .await
                    .or(Ok(())),
                3 => house.db.keep(Chore::Job, c, |_| Ok(())).await,
                _ => touch(&house, c).await,
            };
            done
        });
    }
    for done in tasks.join_all().await {
        done.expect("nobody is told to come again");
    }
    let report = crate::ledger::verified(&house).await;
    assert!(report.sound(), "{report:?}");
    assert_eq!(size(&house, HOUSE).await, before + 200);
    let (events,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM ledger WHERE community > 0",
            params![],
        ))
        .await
        .expect("readable");
    assert_eq!(events, 200 + 600 + 400);
    let (rows,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM installation WHERE name LIKE 'n%'",
            params![],
        ))
        .await
        .expect("readable");
    assert_eq!(rows, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compound_held_by_another_node_keeps_nobody_else_waiting() {
    let house = TestHouse::new().await;
    // The embedded database has one writer and no other node.
    let Some(url) = house.db_url.clone() else {
        return;
    };
    for c in 1..=40 {
        house.open_compound(Community(c)).await;
    }
    let held = HeldHead::hold(&url, Community(1)).await;
    let mut stuck = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let house = house.house.clone();
        stuck.spawn(async move { touch(&house, Community(1)).await });
    }
    for _ in 0..10 {
        let all = (2..=40).map(|c| touch(&house, Community(c)));
        for done in futures_util::future::join_all(all).await {
            done.expect("the others go on");
        }
    }
    assert_eq!(size(&house, Community(1)).await, 0);
    held.let_go().await;
    for done in stuck.join_all().await {
        done.expect("and then it, too");
    }
    assert_eq!(size(&house, Community(1)).await, 20);
    assert!(crate::ledger::verified(&house).await.sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_verb_of_one_compound_holds_up_no_other_that_comes_after_it() {
    let house = TestHouse::new().await;
    if house.db_url.is_none() {
        return;
    }
    for c in 1..=40 {
        house.open_compound(Community(c)).await;
    }
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go, may_go) = std::sync::mpsc::channel::<()>();
    let slow = {
        let house = house.house.clone();
        tokio::spawn(async move {
            house
                .write::<_, DbError, _>(Community(1), &Who::operator(), move |tx| {
                    begun.send(()).expect("the test waits");
                    may_go.recv().expect("the test lets go");
                    tx.record(Event::new(TESTED), ())
                })
                .await
        })
    };
    tokio::task::spawn_blocking(move || has_begun.recv())
        .await
        .expect("not cancelled")
        .expect("it begins");
    let all = (2..=40).map(|c| touch(&house, Community(c)));
    for done in futures_util::future::join_all(all).await {
        done.expect("the others go on");
    }
    go.send(()).expect("it still waits");
    slow.await.expect("not cancelled").expect("recorded");
    assert_eq!(size(&house, Community(1)).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_fails_undoes_its_own_verb_and_no_other_of_the_batch() {
    let house = TestHouse::new().await;
    let insert = |name: &'static str| {
        let house = house.house.clone();
        async move {
            house
                .write::<_, DbError, _>(HOUSE, &Who::operator(), move |mut tx| {
                    tx.execute(ask(
                        "INSERT INTO installation (name, value) VALUES ($1, '')",
                        params![name],
                    ))?;
                    tx.record(Event::new(TESTED), ())
                })
                .await
        }
    };
    let who = Who::operator();
    let (a, twice, wrong, b) = tokio::join!(
        insert("one"),
        insert("one"),
        house.write::<(), DbError, _>(HOUSE, &who, |mut tx| {
            tx.execute(ask("INSERT INTO no_such_table VALUES (1)", params![]))?;
            tx.record(Event::new(TESTED), ())
        }),
        insert("two"),
    );
    a.expect("the first stands");
    assert!(matches!(twice, Err(DbError::Duplicate)), "{twice:?}");
    assert!(matches!(wrong, Err(DbError::Statement(_))), "{wrong:?}");
    b.expect("what comes after stands");
    assert_eq!(size(&house, HOUSE).await, 2);
}
