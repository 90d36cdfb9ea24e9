//! Brings the tables up to date, forward only, once for all nodes.

use sha2::{Digest, Sha256};

use super::tx::{Look, Reader};
use super::{Chore, Database, DbError, HOUSE, ask};
use crate::params;

/// One step, written once for each database under the same number and name.
#[derive(Debug)]
pub struct Migration {
    pub number: i64,
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// The steps of one database: the house's, or the key store's.
pub type MigrationSet = &'static [Migration];

/// A newer linli has been here.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "this database was brought to step {found} by a newer linli, this program knows {known}: \
     start the newer program, or restore the backup made before the upgrade"
)]
pub struct NewerDatabase {
    pub found: i64,
    pub known: i64,
}

pub(super) async fn run(database: &Database, set: MigrationSet) -> Result<(), DbError> {
    let known = set.last().map_or(0, |m| m.number);
    database
        .keep(Chore::Migration, HOUSE, move |r| migrate(r, set, known))
        .await
}

fn migrate(reader: &mut Reader<'_>, set: MigrationSet, known: i64) -> Result<(), DbError> {
    reader.raw().lock_migrations()?;
    reader.raw().run(
        "CREATE TABLE IF NOT EXISTS migrations \
         (number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL)",
    )?;
    let (found,): (i64,) = reader.one(ask(
        "SELECT COALESCE(MAX(number), 0) FROM migrations",
        params![],
    ))?;
    if found > known {
        return Err(NewerDatabase { found, known }.into());
    }
    for step in set.iter().filter(|m| m.number > found) {
        let text = reader.raw().pick(step);
        reader.raw().run(text)?;
        reader.execute(ask(
            "INSERT INTO migrations (number, name, digest) VALUES ($1, $2, $3)",
            params![step.number, step.name, digest(text)],
        ))?;
        tracing::info!(number = step.number, name = step.name, "migrated");
    }
    Ok(())
}

fn digest(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut out, b| {
            let _ = write!(out, "{b:02x}");
            out
        })
}
