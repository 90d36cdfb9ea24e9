//! What doctor looks at in the installation.

use super::super::{checkpoints, store};
use super::Check;
use foundation::clock::{DAY, MINUTE, Moment};
use foundation::database::{Database, DbError};
use foundation::house::Opening;
use foundation::migrations::HOUSE_STEPS;

/// The ledger wants to be verified as often as this.
const VERIFIED_DAYS_MAX: i64 = 7;
/// Clocks of two machines may differ by so much before anything is wrong.
const CLOCK_SLACK: i64 = 2 * MINUTE;

/// The step that made the outbox: an older database has no tables to look at.
const OUTBOX_STEP: i64 = 12;

pub async fn checks(db: &Database, opening: &Opening) -> Result<Vec<Check>, DbError> {
    let now = opening.clock.now();
    Ok(vec![
        database(db).await?,
        last_event(db, now).await?,
        public_url(db).await?,
        ledger(db, opening, now).await?,
        jobs(db).await?,
        sending(db, now).await?,
    ])
}

/// Whether what waits to leave the house can.
async fn sending(db: &Database, now: Moment) -> Result<Check, DbError> {
    const MEND: &str = "look at /house/sending: try it, and mend what it says";
    let (step,): (i64,) = db.one(store::newest_step()).await?;
    if step < OUTBOX_STEP {
        return Ok(Check::good(
            "sending",
            "the outbox comes with the next start",
        ));
    }
    let states = outbox::ways::states_of(db, now).await?;
    let mut found = Vec::new();
    let mut down = false;
    for s in &states {
        let way = s.way.word();
        match (s.set_up, s.breaker.failing_since) {
            (false, _) if s.queued == 0 => {}
            (false, _) => {
                down = true;
                found.push(format!("{way} is not set up, {} wait", s.queued));
            }
            (true, Some(_)) => {
                down = true;
                found.push(format!(
                    "{way} fails ({}), {} wait",
                    s.breaker.why, s.queued
                ));
            }
            (true, None) => found.push(format!("{way} works, {} wait", s.queued)),
        }
    }
    let found = match found.len() {
        0 => "nothing is set up, nothing waits".to_owned(),
        _ => found.join("; "),
    };
    Ok(if down {
        Check::advice("sending", found, MEND)
    } else {
        Check::good("sending", found)
    })
}

async fn database(db: &Database) -> Result<Check, DbError> {
    let (found,): (i64,) = db.one(store::newest_step()).await?;
    let known = HOUSE_STEPS.last().map_or(0, |m| m.number);
    let text = format!(
        "{} {}, step {found} of {known}",
        db.name(),
        db.version().await?
    );
    Ok(match found.cmp(&known) {
        std::cmp::Ordering::Equal => Check::good("database", text),
        std::cmp::Ordering::Less => Check::advice(
            "database",
            text,
            "the next start brings it up to date; back up first",
        ),
        std::cmp::Ordering::Greater => Check::wanting(
            "database",
            text,
            "a newer linli was here: start that one, or restore the backup made before the upgrade",
        ),
    })
}

async fn last_event(db: &Database, now: Moment) -> Result<Check, DbError> {
    let (last,): (Moment,) = db.one(store::last_event()).await?;
    if last.0 > now.0 + CLOCK_SLACK {
        let ahead = (last.0 - now.0) / MINUTE;
        return Ok(Check::wanting(
            "time",
            format!("the ledger's last event is {ahead} minutes ahead of this machine's clock"),
            "set the clock; until then new events are dated with the last one's time",
        ));
    }
    Ok(Check::good("time", "the clock is not behind the ledger"))
}

async fn public_url(db: &Database) -> Result<Check, DbError> {
    let said: Option<(String,)> = db.optional(store::said("public-url")).await?;
    let Some((url,)) = said else {
        return Ok(Check::advice(
            "tls",
            "no public address is set: links open on this machine only",
            "put a TLS proxy (caddy, nginx) in front and set the address",
        ));
    };
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    Ok(if url.starts_with("https://") {
        Check::good("tls", url)
    } else if local.iter().any(|l| url.starts_with(l)) {
        Check::advice(
            "tls",
            format!("{url}: this machine only"),
            "set the public https address",
        )
    } else {
        Check::wanting(
            "tls",
            format!("{url} is not encrypted: passwords and pictures travel in clear"),
            "put a TLS proxy (caddy, nginx) in front and set the https address",
        )
    })
}

async fn ledger(db: &Database, opening: &Opening, now: Moment) -> Result<Check, DbError> {
    const MEND: &str = "linli ledger verify";
    let standing: Vec<(String, String)> = db.all(store::alarms()).await?;
    if let Some((_, what)) = standing.into_iter().next() {
        let mend = "linli ledger verify names the event; restore the last good backup";
        return Ok(Check::wanting("ledger", what, mend));
    }
    let text = std::fs::read_to_string(checkpoints::verified_file(&opening.data_dir));
    let note: Option<serde_json::Value> = text.ok().and_then(|t| serde_json::from_str(&t).ok());
    let Some(note) = note else {
        return Ok(Check::advice(
            "ledger",
            "never verified from the command line",
            MEND,
        ));
    };
    let at = Moment(note["at"].as_i64().unwrap_or(0));
    let found = format!("verified on {}, {} events", at.date(), note["events"]);
    Ok(if note["sound"] != true {
        Check::wanting(
            "ledger",
            format!("NOT SOUND when verified on {}", at.date()),
            MEND,
        )
    } else if now.0 - at.0 > VERIFIED_DAYS_MAX * DAY {
        Check::advice("ledger", found, MEND)
    } else {
        Check::good("ledger", found)
    })
}

async fn jobs(db: &Database) -> Result<Check, DbError> {
    let (stuck,): (i64,) = db.one(store::stuck_jobs()).await?;
    Ok(match stuck {
        0 => Check::good("jobs", "none is stuck"),
        n => {
            let (kind, error): (String, String) = db.one(store::a_stuck_job()).await?;
            Check::wanting(
                "jobs",
                format!("{n} stuck; the oldest is {kind}: {error}"),
                "mend what it says; the next start tries again",
            )
        }
    })
}
