//! `linli conduct train --own` and `linli conduct use`: a compound's trained part, taught
//! by what its people decided.

use std::path::Path;

use anyhow::{Context as _, ensure};
use conduct::learned;
use foundation::communities;
use moderation::model::{self, Model, Sample};

use super::{read_bytes, write_model};
use crate::commands::installation::Installation;

/// The compound's decisions as samples, oldest first.
pub(super) async fn decisions(
    installation: &Installation,
    community: &str,
) -> anyhow::Result<Vec<Sample>> {
    let house = installation.open().await?;
    let compound = communities::by_name(&house.db, community)
        .await?
        .with_context(|| format!("there is no compound called {community}"))?;
    let texts = learned::decisions(&house, compound.number).await?;
    ensure!(
        !texts.is_empty(),
        "{community} has decided nothing yet that could be learned from"
    );
    let samples: Vec<Sample> = texts
        .into_iter()
        .map(|(text, insult)| Sample {
            text,
            insult,
            weight: 1.0,
        })
        .collect();
    eprint!("{community}: {}", note(&samples));
    Ok(samples)
}

/// What a model says of decisions it was made of: how many, never a word of them.
pub(super) fn note(own: &[Sample]) -> String {
    let confirmed = own.iter().filter(|s| s.insult).count();
    let overturned = own.len() - confirmed;
    format!("own decisions: {confirmed} confirmed, {overturned} not a breach\n")
}

/// Goes on from a model with the decisions.
pub(super) fn adapt(from: Option<&Path>, own: &[Sample], out: &Path) -> anyhow::Result<()> {
    let given = match from {
        Some(path) => Some(
            Model::from_bytes(&read_bytes(path)?).with_context(|| path.display().to_string())?,
        ),
        None => None,
    };
    let base = given.as_ref().unwrap_or_else(|| model::shipped());
    write_model(&model::adapt(base, own, &note(own)), out)
}

/// Puts a model in force for a compound, or the shipped one again.
pub(super) async fn put(
    installation: &Installation,
    community: &str,
    model: Option<&Path>,
) -> anyhow::Result<()> {
    let bytes = model.map(read_bytes).transpose()?;
    let house = installation.open().await?;
    let compound = communities::by_name(&house.db, community)
        .await?
        .with_context(|| format!("there is no compound called {community}"))?;
    let version = learned::put(&house, compound.number, bytes).await?;
    eprintln!("{community} uses this model as its version {version}");
    Ok(())
}
