//! Damage: whatever is done to a stored ledger is found, and the first event that
//! cannot be trusted is named.

use foundation::chance::Chance;
use foundation::database::{Chore, DbError, HOUSE, Value, ask};
use foundation::params;
use linli::keeping::checkpoints;
use linli::keeping::verify::{Finding, Why};

use crate::ledger::{COMPOUND, alter, fill, verified, with_events};
use crate::support::TestHouse;

const EVENTS: i64 = 40;

async fn found(house: &TestHouse) -> Option<Finding> {
    let report = verified(house).await;
    let other = report.communities.iter().find(|c| c.name == "house");
    assert!(
        other.is_some_and(|c| c.sound()),
        "the house's own log is not touched"
    );
    let ours = report.communities.into_iter().find(|c| c.name == "1");
    ours.expect("the compound has a log").first_bad
}

async fn found_as(house: &TestHouse, seq: i64, word: &str) {
    let bad = found(house).await.expect("the damage is found");
    assert_eq!((bad.seq, bad.why.word()), (seq, word), "{bad:?}");
}

async fn run(house: &TestHouse, sql: &'static str, values: Vec<Value>) {
    let changed: Result<u64, DbError> = house
        .db
        .keep(Chore::Checkpoint, HOUSE, move |r| {
            r.execute(ask(sql, values))
        })
        .await;
    assert_eq!(changed.expect("the row can be changed"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_byte_changed_in_any_column_is_found_at_its_event() {
    for (column, change) in [
        ("at", "at + 1"),
        ("at", "at - 1"),
        ("kind", "kind || '2'"),
        ("version", "version + 1"),
        ("actor", "'a:other'"),
        ("role", "'manager'"),
        ("behalf", "'somebody'"),
        ("door", "'wea'"),
        ("subject", "'application:other'"),
        ("audience", "'members'"),
        ("body", "'{\"n\":8}'"),
        (
            "leaf",
            "(SELECT leaf FROM ledger WHERE community = 1 AND seq = 3)",
        ),
    ] {
        let house = with_events(EVENTS).await;
        let sql = format!("UPDATE ledger SET {column} = {change} WHERE community = 1 AND seq = 7");
        alter(&house, &sql).await;
        let bad = found(&house).await;
        let bad = bad.unwrap_or_else(|| panic!("a changed {column} passes"));
        assert_eq!(
            bad,
            Finding {
                seq: 7,
                why: Why::Changed
            },
            "{column}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_moved_to_another_number_or_compound_leaves_its_gap() {
    let house = with_events(EVENTS).await;
    alter(
        &house,
        "UPDATE ledger SET seq = 41 WHERE community = 1 AND seq = 7",
    )
    .await;
    found_as(&house, 7, "missing").await;
    let house = with_events(EVENTS).await;
    alter(
        &house,
        "UPDATE ledger SET seq = 0 WHERE community = 1 AND seq = 7",
    )
    .await;
    found_as(&house, 0, "inserted").await;
    let house = with_events(EVENTS).await;
    alter(
        &house,
        "UPDATE ledger SET community = 9 WHERE community = 1 AND seq = 7",
    )
    .await;
    found_as(&house, 7, "missing").await;
    let report = verified(&house).await;
    let ninth = report.communities.iter().find(|c| c.name == "9");
    assert!(ninth.is_some_and(|c| !c.sound()), "a log without a head");
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_rows_are_missing_wherever_they_stood() {
    for (rows, first) in [
        ("= 1", 1),
        ("= 23", 23),
        ("= 40", 40),
        ("> 30", 31),
        ("> 0", 1),
    ] {
        let house = with_events(EVENTS).await;
        alter(
            &house,
            &format!("DELETE FROM ledger WHERE community = 1 AND seq {rows}"),
        )
        .await;
        found_as(&house, first, "missing").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_removed_with_the_others_moved_up_is_still_missing() {
    for gone in [7, 39] {
        let house = with_events(EVENTS).await;
        alter(
            &house,
            &format!("DELETE FROM ledger WHERE community = 1 AND seq = {gone}"),
        )
        .await;
        for seq in gone + 1..=EVENTS {
            let sql =
                format!("UPDATE ledger SET seq = {seq} - 1 WHERE community = 1 AND seq = {seq}");
            alter(&house, &sql).await;
        }
        found_as(&house, gone, "missing").await;
    }
}

const COPY: &str = "INSERT INTO ledger SELECT community, CAST($1 AS BIGINT), at, kind, version, \
                    actor, role, behalf, door, subject, audience, body, leaf FROM ledger \
                    WHERE community = 1 AND seq = $2";

#[tokio::test(flavor = "multi_thread")]
async fn an_inserted_row_is_found_at_the_end_and_in_the_middle() {
    let house = with_events(EVENTS).await;
    run(&house, COPY, params![41, 5]).await;
    found_as(&house, 41, "inserted").await;
    // In the middle, with a leaf that fits: the strangers are those that moved down.
    let house = with_events(EVENTS).await;
    for seq in (8..=EVENTS).rev() {
        let sql = format!("UPDATE ledger SET seq = {seq} + 1 WHERE community = 1 AND seq = {seq}");
        alter(&house, &sql).await;
    }
    run(&house, COPY, params![8, 7]).await;
    alter(
        &house,
        "UPDATE ledger SET body = '{}' WHERE community = 1 AND seq = 8",
    )
    .await;
    set_fitting_leaf(&house, 8).await;
    found_as(&house, 8, "inserted").await;
}

/// Gives a row the leaf of its own columns, as a careful forger would.
async fn set_fitting_leaf(house: &TestHouse, seq: i64) {
    use foundation::ledger::{COLUMNS, Entry};
    let entry: Entry = house
        .db
        .one(ask(
            format!("SELECT {COLUMNS} FROM ledger WHERE community = 1 AND seq = $1"),
            params![seq],
        ))
        .await
        .expect("the row is there");
    run(
        house,
        "UPDATE ledger SET leaf = $2 WHERE community = 1 AND seq = $1",
        params![seq, entry.leaf().as_slice()],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_rows_are_reordered() {
    for (a, b) in [(7, 8), (7, 30), (39, 40), (1, 40)] {
        let house = with_events(EVENTS).await;
        for (from, to) in [(a, 1_000), (b, a), (1_000, b)] {
            let sql = format!("UPDATE ledger SET seq = {to} WHERE community = 1 AND seq = {from}");
            alter(&house, &sql).await;
        }
        let bad = found(&house).await.expect("found");
        assert_eq!(
            bad,
            Finding {
                seq: a,
                why: Why::Reordered { really: b }
            }
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_changed_with_its_leaf_is_narrowed_down_by_head_and_checkpoints() {
    let house = with_events(EVENTS).await;
    alter(
        &house,
        "UPDATE ledger SET body = '{}' WHERE community = 1 AND seq = 34",
    )
    .await;
    set_fitting_leaf(&house, 34).await;
    let bad = found(&house).await.expect("found");
    // Forty is 32 and 8: the head tells which of the two it is.
    assert_eq!(
        bad,
        Finding {
            seq: 33,
            why: Why::Unmatched { from: 33, to: 40 }
        }
    );

    let house = with_events(EVENTS).await;
    checkpoints::tend(&house).await.expect("signed");
    fill(&house, COMPOUND, 300).await;
    checkpoints::tend(&house).await.expect("signed");
    alter(
        &house,
        "UPDATE ledger SET body = '{}' WHERE community = 1 AND seq = 50",
    )
    .await;
    set_fitting_leaf(&house, 50).await;
    let bad = found(&house).await.expect("found");
    assert_eq!(bad.seq, 41, "after the last good checkpoint");
    assert!(
        matches!(
            bad.why,
            Why::OtherHistory {
                from: 41,
                to: 340,
                ..
            }
        ),
        "{bad:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_head_is_found() {
    for (change, seq) in [
        ("size = 41", 41),
        ("size = 39", 40),
        ("size = 0", 1),
        ("last_at = last_at + 1", 40),
        (
            "frontier = (SELECT leaf FROM ledger WHERE community = 1 AND seq = 1)",
            40,
        ),
    ] {
        let house = with_events(EVENTS).await;
        checkpoints::tend(&house).await.expect("signed");
        alter(
            &house,
            &format!("UPDATE ledger_head SET {change} WHERE community = 1"),
        )
        .await;
        found_as(&house, seq, "head").await;
    }
    let house = with_events(EVENTS).await;
    alter(&house, "DELETE FROM ledger_head WHERE community = 1").await;
    found_as(&house, EVENTS + 1, "head").await;
}

/// Sets the compound's log back to what it was at `size`, in every table.
async fn set_back(house: &TestHouse, size: i64, head: (i64, i64, Vec<u8>)) {
    alter(
        house,
        &format!("DELETE FROM ledger WHERE community = 1 AND seq > {size}"),
    )
    .await;
    alter(
        house,
        &format!("DELETE FROM checkpoint WHERE community = 1 AND size > {size}"),
    )
    .await;
    run(
        house,
        "UPDATE ledger_head SET size = $1, last_at = $2, frontier = $3 WHERE community = 1",
        params![head.0, head.1, head.2],
    )
    .await;
}

async fn head(house: &TestHouse) -> (i64, i64, Vec<u8>) {
    house
        .db
        .one(ask(
            "SELECT size, last_at, frontier FROM ledger_head WHERE community = 1",
            params![],
        ))
        .await
        .expect("the head is there")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_set_back_to_yesterday_is_found_and_is_not_signed_over() {
    let house = with_events(EVENTS).await;
    checkpoints::tend(&house).await.expect("signed");
    let yesterday = head(&house).await;
    fill(&house, COMPOUND, 300).await;
    checkpoints::tend(&house).await.expect("signed");
    set_back(&house, EVENTS, yesterday).await;
    let bad = found(&house).await.expect("found");
    assert_eq!((bad.seq, bad.why.word()), (41, "rolled_back"));
    assert!(
        bad.why
            .to_string()
            .contains("rolled back to size 40, before size 340"),
        "{}",
        bad.why
    );
    let done = checkpoints::tend(&house)
        .await
        .expect("it can be looked at");
    assert_eq!((done.signed.len(), done.alarms.len()), (0, 1));
    // Life goes on past the kept size: now it is another history.
    house.clock.advance(1);
    fill(&house, COMPOUND, 400).await;
    found_as(&house, 41, "other_history").await;
    let done = checkpoints::tend(&house)
        .await
        .expect("it can be looked at");
    assert!(done.signed.iter().all(|(c, _)| *c != COMPOUND));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_checkpoint_is_found() {
    for change in [
        "note = note || 'x'",
        "note = 'nothing'",
        "size = size - 1",
        "root = (SELECT leaf FROM ledger WHERE community = 1 AND seq = 1)",
    ] {
        let house = with_events(EVENTS).await;
        checkpoints::tend(&house).await.expect("signed");
        alter(
            &house,
            &format!("UPDATE checkpoint SET {change} WHERE community = 1"),
        )
        .await;
        let bad = found(&house).await.expect("found");
        assert_eq!(bad.why.word(), "checkpoint", "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_random_wounds_are_each_found_at_their_place() {
    let house = with_events(260).await;
    checkpoints::tend(&house).await.expect("signed");
    let chance = Chance::from_seed(20_261_123);
    const COLUMNS: [&str; 8] = [
        "kind", "actor", "role", "behalf", "door", "subject", "audience", "body",
    ];
    for round in 0..100 {
        let seq = 1 + chance.below(260) as i64;
        let column = COLUMNS[chance.below(8) as usize];
        let at = format!("WHERE community = 1 AND seq = {seq}");
        let (wound, cure, word) = match chance.below(4) {
            0 => (
                format!("UPDATE ledger SET {column} = {column} || 'z' {at}"),
                format!(
                    "UPDATE ledger SET {column} = substr({column}, 1, length({column}) - 1) {at}"
                ),
                "changed",
            ),
            1 => (
                format!("UPDATE ledger SET at = at + {} {at}", 1i64 << (round % 40)),
                format!("UPDATE ledger SET at = at - {} {at}", 1i64 << (round % 40)),
                "changed",
            ),
            2 => (
                format!("UPDATE ledger SET seq = -5 {at}"),
                format!("UPDATE ledger SET seq = {seq} WHERE community = 1 AND seq = -5"),
                "inserted",
            ),
            _ => (
                format!("UPDATE ledger SET seq = 9999 {at}"),
                format!("UPDATE ledger SET seq = {seq} WHERE community = 1 AND seq = 9999"),
                "missing",
            ),
        };
        alter(&house, &wound).await;
        let place = if word == "inserted" { -5 } else { seq };
        // The last row moved away: it is seen beyond the end before it is missed.
        found_as(&house, place, word).await;
        alter(&house, &cure).await;
        assert_eq!(found(&house).await, None, "round {round} heals");
    }
}
