//! `linli conduct replay`: a policy tried on what was said, before it is switched on.

use std::path::Path;

use anyhow::{Context as _, ensure};
use conduct::policy::Policy;
use conduct::replay::replay_here;
use foundation::communities;

use crate::commands::Outcome;
use crate::commands::installation::Installation;

/// Largest policy file read, in bytes: a thousand words of an office's own fit many times.
const POLICY_BYTES_MAX: u64 = 1 << 20;

pub(super) async fn run(
    installation: &Installation,
    community: &str,
    policy: Option<&Path>,
    json: bool,
) -> anyhow::Result<Outcome> {
    let policy = policy.map(read).transpose()?.unwrap_or_default();
    let house = installation.open().await?;
    let compound = communities::by_name(&house.db, community)
        .await?
        .with_context(|| format!("there is no compound called {community}"))?;
    let told = replay_here(&house, compound.number, &policy).await?;
    if json {
        println!("{}", serde_json::to_string(&told)?);
        return Ok(Outcome::Sound);
    }
    println!("{} texts looked at", told.texts);
    for (way, count) in &told.moves {
        let (before, then) = way.split_once('>').unwrap_or((way, way));
        println!("{count:>8}  {before} now, {then} then");
    }
    println!(
        "{:>8}  would be held or blocked though people found nothing wrong",
        told.acted_on_dismissed
    );
    println!(
        "{:>8}  would pass though people found a violation",
        told.passed_confirmed
    );
    for case in &told.changed {
        println!("          case {case}");
    }
    Ok(Outcome::Sound)
}

fn read(file: &Path) -> anyhow::Result<Policy> {
    let size = std::fs::metadata(file)
        .with_context(|| format!("{}", file.display()))?
        .len();
    ensure!(
        size <= POLICY_BYTES_MAX,
        "{}: a policy has at most {POLICY_BYTES_MAX} bytes",
        file.display()
    );
    let text = std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
    let given: serde_json::Value =
        basic_toml::from_str(&text).with_context(|| format!("{} is no policy", file.display()))?;
    // A misspelt name would try the shipped policy and seem to change nothing.
    let known = serde_json::to_value(Policy::default())?;
    for (part, given, known) in [
        ("", Some(&given), Some(&known)),
        ("speech.", given.get("speech"), known.get("speech")),
        ("ladder.", given.get("ladder"), known.get("ladder")),
    ] {
        let names = given.and_then(|g| g.as_object());
        for name in names.into_iter().flat_map(|n| n.keys()) {
            let there = known.is_some_and(|k| k.get(name).is_some());
            ensure!(there, "{}: a policy has no {part}{name}", file.display());
        }
    }
    serde_json::from_value(given).with_context(|| format!("{} is no policy", file.display()))
}
