//! Doctor: what is missing or unsafe on this machine, and how to mend it. It looks
//! and changes nothing.

mod archive;
mod house;
mod machine;

use serde_json::{Value as Json, json};

use dossiers::vault::At;
use foundation::database::{Database, DbError};
use foundation::house::Opening;

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Good,
    /// It works, and could be safer.
    Advice,
    /// It must be mended.
    Wanting,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Advice => "advice",
            State::Wanting => "wanting",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Check {
    pub name: &'static str,
    pub state: State,
    pub found: String,
    /// How to mend it; empty when good.
    pub mend: String,
}

impl Check {
    fn good(name: &'static str, found: impl Into<String>) -> Check {
        Check {
            name,
            state: State::Good,
            found: found.into(),
            mend: String::new(),
        }
    }

    fn advice(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Check {
        Check {
            name,
            state: State::Advice,
            found: found.into(),
            mend: mend.into(),
        }
    }

    fn wanting(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Check {
        Check {
            state: State::Wanting,
            ..Check::advice(name, found, mend)
        }
    }
}

/// All that was looked at.
#[derive(Clone, Debug)]
pub struct Health {
    pub checks: Vec<Check>,
}

impl Health {
    pub fn sound(&self) -> bool {
        self.checks.iter().all(|c| c.state != State::Wanting)
    }

    pub fn json(&self) -> Json {
        let checks: Vec<Json> = self
            .checks
            .iter()
            .map(|c| json!({ "name": c.name, "state": c.state.word(), "found": c.found, "mend": c.mend }))
            .collect();
        json!({ "sound": self.sound(), "checks": checks })
    }
}

impl std::fmt::Display for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for check in &self.checks {
            writeln!(
                f,
                "{:8} {:9} {}",
                check.state.word(),
                check.name,
                check.found
            )?;
            if !check.mend.is_empty() {
                writeln!(f, "{:18} → {}", "", check.mend)?;
            }
        }
        Ok(())
    }
}

/// Looks at the machine and, where there is one, at the installation.
///
/// `at`: where the strongroom lies; `anyway`: files are read whether their reader is confined
/// or not.
pub async fn examine(opening: &Opening, at: &At, anyway: bool) -> Health {
    let mut checks = vec![
        machine::fonts(),
        machine::clock(),
        machine::disk(&opening.data_dir),
        machine::fsync(&opening.data_dir, &*opening.clock),
        machine::open_files(),
        machine::site_key(opening),
        archive::reading(anyway),
    ];
    match Database::open_to_look(&opening.database()).await {
        Ok(db) => {
            let looked = [
                house::checks(&db, opening).await,
                archive::checks(&db, opening, at).await,
                archive::arrears(&db).await.map(|check| vec![check]),
            ];
            for more in looked {
                match more {
                    Ok(more) => checks.extend(more),
                    Err(e) => checks.push(unreadable(&e)),
                }
            }
        }
        Err(e) if !opening.data_dir.exists() && opening.db_url.is_none() => {
            checks.push(Check::advice(
                "database",
                format!("none yet: {e}"),
                "the first `linli serve` or `linli demo` makes it",
            ));
        }
        Err(e) => checks.push(unreadable(&e)),
    }
    Health { checks }
}

fn unreadable(e: &DbError) -> Check {
    Check::wanting(
        "database",
        e.to_string(),
        "name the right folder with --data or the right server with --db; \
         if this is it, restore the last backup",
    )
}
