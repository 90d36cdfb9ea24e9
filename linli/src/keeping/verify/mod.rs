//! Verifying: every event hashed again from its columns and held against its leaf,
//! the head and every head that was ever signed. Needs no secret, changes nothing,
//! and works beside a house that is serving.

mod check;
pub mod exported;
mod report;
mod rules;
mod walk;

use foundation::database::{Community, Database, DbError, HOUSE, Reader};
use foundation::ledger::Kind;
use foundation::ledger::checkpoint::{Checkpoint, NoteError, PublicKey};
use foundation::migrations::HOUSE_STEPS;

use super::anchors::{Anchors, Sources};
use super::{checkpoints, store};

pub use report::{CommunityReport, Finding, Report, Why};

/// Why nothing could be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("this database has no ledger: {0}")]
    NoLedger(DbError),
    #[error("no community is called {0}")]
    NoCommunity(String),
    #[error("the checkpoint is of none of these ledgers; they are called {0}/…")]
    OtherLedger(String),
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("{0}")]
    Export(String),
}

/// What to verify and against what.
#[derive(Clone, Default)]
pub struct Wanted {
    /// A compound's name, slug, or `house`; all without.
    pub community: Option<String>,
    /// A compound by its number.
    pub number: Option<Community>,
    pub sources: Sources,
    /// The kinds that this program knows; any kind passes without.
    pub kinds: Option<&'static [Kind]>,
}

/// Verifies a database, one compound after another, each in one consistent moment.
pub async fn verify(db: &Database, wanted: &Wanted) -> Result<Report, VerifyError> {
    let (found,): (i64,) = db
        .one(store::newest_step())
        .await
        .map_err(VerifyError::NoLedger)?;
    let known = HOUSE_STEPS.last().map_or(0, |m| m.number);
    if found > known {
        return Err(DbError::from(foundation::database::NewerDatabase { found, known }).into());
    }
    let name: Option<(String,)> = db
        .optional(checkpoints::name_row())
        .await
        .map_err(VerifyError::NoLedger)?;
    let name = name.map(|n| n.0);
    let key = public_key(db, &wanted.sources).await?;
    let all = db
        .reading::<_, DbError, _>(store::communities)
        .await
        .map_err(VerifyError::NoLedger)?;
    let mut chosen = choose(db, all, wanted.community.as_deref()).await?;
    chosen.retain(|(c, _)| wanted.number.is_none_or(|n| n == *c));
    if let Some(name) = &name {
        let ours = |note: &String| {
            let origin = Checkpoint::read(note).map(|c| c.origin).unwrap_or_default();
            chosen
                .iter()
                .any(|(c, _)| checkpoints::origin(name, *c) == origin)
        };
        if !wanted.sources.given.iter().all(ours) {
            return Err(VerifyError::OtherLedger(name.clone()));
        }
    }
    let mut report = Report::default();
    for (community, called) in chosen {
        let outside =
            Anchors::outside(&wanted.sources, key.clone(), name.as_deref(), community).await?;
        let kinds = wanted.kinds;
        let verified = db
            .reading::<_, DbError, _>(move |r| one(r, community, called, outside, kinds))
            .await?;
        report.communities.push(verified);
    }
    Ok(report)
}

fn one(
    r: &mut Reader<'_>,
    community: Community,
    name: String,
    mut anchors: Anchors,
    kinds: Option<&'static [Kind]>,
) -> Result<CommunityReport, DbError> {
    let mut findings = std::mem::take(&mut anchors.findings);
    anchors.read_stored(r, community)?;
    findings.append(&mut anchors.findings);
    let walked = walk::walk(r, community, &anchors, kinds)?;
    findings.extend(walked.bad);
    // A damaged event explains more than the checkpoint that it contradicts.
    findings.sort_by_key(|f| (f.seq, f.why.word() == "checkpoint"));
    Ok(CommunityReport {
        name,
        events: walked.events,
        root: walked.root,
        first_bad: findings.into_iter().next(),
        late: walked.late,
        signed_to: walked.signed_to,
    })
}

async fn public_key(db: &Database, sources: &Sources) -> Result<Option<PublicKey>, VerifyError> {
    if let Some(key) = &sources.key {
        return Ok(Some(key.clone()));
    }
    if let Some(dir) = &sources.data_dir
        && let Ok(text) = std::fs::read_to_string(checkpoints::key_file(dir))
    {
        return Ok(Some(PublicKey::parse(&text)?));
    }
    let said: Option<(String,)> = db.optional(checkpoints::key_row()).await?;
    match said {
        Some((text,)) => Ok(Some(PublicKey::parse(&text)?)),
        None => Ok(None),
    }
}

async fn choose(
    db: &Database,
    all: Vec<(Community, String)>,
    name: Option<&str>,
) -> Result<Vec<(Community, String)>, VerifyError> {
    let Some(name) = name else {
        return Ok(all);
    };
    let number = community_called(db, name).await?;
    Ok(all.into_iter().filter(|(c, _)| *c == number).collect())
}

/// A compound by its name, its slug, or `house`.
pub async fn community_called(db: &Database, name: &str) -> Result<Community, VerifyError> {
    if name == "house" {
        return Ok(HOUSE);
    }
    let found: Option<(Community,)> = db.optional(store::community_named(name)).await?;
    found
        .map(|f| f.0)
        .ok_or_else(|| VerifyError::NoCommunity(name.to_owned()))
}
