//! Migrations: both databases come out alike, and every table of a compound is led
//! by its compound.

use std::collections::{BTreeMap, BTreeSet};

use foundation::database::{Database, DbError, Look, MigrationSet, Reader, ask};
use foundation::migrations::{HOUSE_STEPS, KEY_STEPS};
use foundation::params;

use crate::support::fresh_postgres;

/// A table as both databases must have it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Name, kind, whether it may be absent; in order.
    columns: Vec<(String, String, bool)>,
    key: Vec<String>,
    /// Name, columns (nothing for an expression), unique.
    indexes: BTreeMap<String, (Vec<String>, bool)>,
    /// Columns that are unique together without an index of that name.
    unique: BTreeSet<Vec<String>>,
}

type Tables = BTreeMap<String, Table>;

fn embedded(r: &mut Reader<'_>) -> Result<Tables, DbError> {
    let names: Vec<(String,)> = r.all(ask(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        params![],
    ))?;
    let mut tables = Tables::new();
    for (name,) in names {
        let columns: Vec<(String, String, i64, i64)> = r.all(ask(
            "SELECT name, type, \"notnull\", pk FROM pragma_table_info($1) ORDER BY cid",
            params![&name],
        ))?;
        let mut table = Table::default();
        let mut key = BTreeMap::new();
        for (column, kind, solid, place) in columns {
            if place > 0 {
                key.insert(place, column.clone());
            }
            let kind = match kind.as_str() {
                "BIGINT" => "INTEGER".to_owned(),
                _ => kind,
            };
            table.columns.push((column, kind, solid == 0 && place == 0));
        }
        table.key = key.into_values().collect();
        let indexes: Vec<(String, i64, String)> = r.all(ask(
            "SELECT name, \"unique\", origin FROM pragma_index_list($1)",
            params![&name],
        ))?;
        for (index, unique, origin) in indexes {
            let columns: Vec<(Option<String>,)> = r.all(ask(
                "SELECT name FROM pragma_index_info($1) ORDER BY seqno",
                params![&index],
            ))?;
            let columns: Vec<String> = columns.into_iter().filter_map(|c| c.0).collect();
            match origin.as_str() {
                "c" => {
                    table.indexes.insert(index, (columns, unique != 0));
                }
                "u" => {
                    table.unique.insert(columns);
                }
                _ => {}
            }
        }
        tables.insert(name, table);
    }
    Ok(tables)
}

fn served(r: &mut Reader<'_>) -> Result<Tables, DbError> {
    let columns: Vec<(String, String, String, String, Option<String>)> = r.all(ask(
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), \
         CAST(is_nullable AS TEXT), CAST(collation_name AS TEXT) \
         FROM information_schema.columns c WHERE table_schema = 'public' AND EXISTS \
         (SELECT 1 FROM information_schema.tables t WHERE t.table_schema = 'public' \
         AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE') \
         ORDER BY table_name, ordinal_position",
        params![],
    ))?;
    let mut tables = Tables::new();
    for (table, column, kind, nullable, collation) in columns {
        let kind = match kind.as_str() {
            "bigint" => "INTEGER",
            "bytea" => "BLOB",
            "text" => {
                // The table of steps is made by one text for both, and never sorted by text.
                let plain = collation.as_deref() == Some("C") || table == "migrations";
                assert!(
                    plain,
                    "{table}.{column} is sorted by a language: COLLATE \"C\""
                );
                "TEXT"
            }
            other => panic!("{table}.{column} is {other}"),
        };
        let place = tables.entry(table).or_default();
        place
            .columns
            .push((column, kind.to_owned(), nullable == "YES"));
    }
    let indexes: Vec<(String, String, bool, bool, bool, Option<String>)> = r.all(ask(
        "SELECT CAST(t.relname AS TEXT), CAST(i.relname AS TEXT), \
         CAST(CAST(x.indisprimary AS INTEGER) AS BIGINT), CAST(CAST(x.indisunique AS INTEGER) AS BIGINT), \
         CAST(CASE WHEN c.conname IS NULL THEN 0 ELSE 1 END AS BIGINT), CAST(a.attname AS TEXT) \
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public' \
         LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid AND c.contype IN ('p', 'u') \
         CROSS JOIN LATERAL unnest(CAST(x.indkey AS SMALLINT[])) WITH ORDINALITY AS k(attnum, place) \
         LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum > 0 \
         ORDER BY t.relname, i.relname, k.place",
        params![],
    ))?;
    let mut unique: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for (table, index, primary, is_unique, constraint, column) in indexes {
        let place = tables.get_mut(&table).expect("an index has its table");
        if primary {
            place.key.extend(column);
        } else if constraint {
            unique.entry((table, index)).or_default().extend(column);
        } else {
            let entry = place
                .indexes
                .entry(index)
                .or_insert((Vec::new(), is_unique));
            entry.0.extend(column);
        }
    }
    for ((table, _), columns) in unique {
        tables
            .get_mut(&table)
            .expect("named above")
            .unique
            .insert(columns);
    }
    Ok(tables)
}

async fn tables_of(url: &str, steps: MigrationSet) -> Tables {
    let db = Database::open(url, steps).await.expect("the steps run");
    let look = if url.starts_with("postgres") {
        served
    } else {
        embedded
    };
    db.reading(look).await.expect("it can be looked at")
}

async fn agree(steps: MigrationSet) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("made.sqlite").display().to_string();
    let ours = tables_of(&file, steps).await;
    // Steps run once only.
    assert_eq!(tables_of(&file, steps).await, ours);
    let Some(url) = fresh_postgres().await else {
        return;
    };
    let theirs = tables_of(&url, steps).await;
    let names = |t: &Tables| t.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    for (name, table) in &ours {
        assert_eq!(table, &theirs[name], "table {name}");
    }
    assert_eq!(views_of(&file, steps).await, views_of(&url, steps).await);
}

/// Each view with its columns in order.
async fn views_of(url: &str, steps: MigrationSet) -> BTreeMap<String, Vec<String>> {
    let sql = if url.starts_with("postgres") {
        "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT) \
         FROM information_schema.columns c JOIN information_schema.views v \
         ON v.table_schema = c.table_schema AND v.table_name = c.table_name \
         WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position"
    } else {
        "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c \
         WHERE s.type = 'view' ORDER BY s.name, c.cid"
    };
    let db = Database::open(url, steps).await.expect("the steps run");
    let columns: Vec<(String, String)> = db.all(ask(sql, params![])).await.expect("readable");
    let mut views = BTreeMap::<String, Vec<String>>::new();
    for (view, column) in columns {
        views.entry(view).or_default().push(column);
    }
    views
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_come_out_of_the_steps_alike() {
    agree(HOUSE_STEPS).await;
    agree(KEY_STEPS).await;
}

/// Tables of the house itself, and the key that leads them instead.
const HOUSE_TABLES: &[(&str, &str)] = &[
    ("installation", "what the installation says of itself"),
    ("company", "above all compounds"),
    ("community", "the list of compounds"),
    ("account", "a person signs in once for all compounds"),
    ("credential", "belongs to an account"),
    ("session", "belongs to an account"),
    ("device", "belongs to an account"),
    (
        "account_link",
        "found by a secret before any compound is known",
    ),
    ("throttle", "counts strangers before any compound is known"),
    ("passkey_challenge", "belongs to a sign-in"),
    ("outbox_way", "a way of sending is the house's, set up once"),
    ("outbox_breaker", "a way is down for all compounds alike"),
    ("migrations", "the steps of this database"),
    ("wrapping_key", "key store"),
    ("secret", "key store"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_tables_key_is_led_by_its_compound_save_those_of_the_house() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, steps) in [("house", HOUSE_STEPS), ("keys", KEY_STEPS)] {
        let file = folder.path().join(name).display().to_string();
        for (table, made) in tables_of(&file, steps).await {
            let of_house = HOUSE_TABLES.iter().any(|(t, _)| *t == table);
            let led = made.key.first().is_some_and(|k| k == "community");
            assert!(led != of_house, "{table} has the key {:?}", made.key);
        }
    }
}

#[test]
fn steps_are_numbered_without_gaps_and_named_after_their_numbers() {
    for steps in [HOUSE_STEPS, KEY_STEPS] {
        for (i, step) in steps.iter().enumerate() {
            assert_eq!(step.number, i as i64 + 1);
            assert!(
                step.name.starts_with(&format!("{:04}_", step.number)),
                "{}",
                step.name
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_program_refuses_a_newer_database() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = match fresh_postgres().await {
        Some(url) => url,
        None => folder.path().join("newer.sqlite").display().to_string(),
    };
    drop(
        Database::open(&url, HOUSE_STEPS)
            .await
            .expect("the steps run"),
    );
    let older = &HOUSE_STEPS[..HOUSE_STEPS.len() - 1];
    let refused = Database::open(&url, older).await.map(|_| ());
    assert!(matches!(refused, Err(DbError::Newer(_))), "{refused:?}");
}
