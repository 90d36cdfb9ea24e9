//! Judging what is said, before it is stored: the engine finds, the policy says what
//! follows, and what somebody has to look at becomes a case. The text lies sealed under
//! the case's own key; a finding keeps kind and span, never the value that was found.

use serde::{Deserialize, Serialize};

use crate::policy::policy_of;
use crate::state::{CaseState, Visible};
use crate::{Case, ConductError, engine, events, not_a_party, store};
use foundation::database::{Community, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Neighbouring lines kept with a case: enough to see what was answered.
pub const BEFORE_LINES_MAX: usize = 5;
/// The longest text that is judged; the group takes less.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    pub account: Id,
    pub member: Option<Id>,
    pub room: Option<Id>,
}

/// One thing said.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// `message`, `note`, `name` …: which room's record it is.
    pub kind: &'static str,
    /// That record's id.
    pub source: String,
    /// The channel it was said in, or empty.
    pub place: String,
    pub text: String,
    /// The lines before it, newest last.
    pub before: Vec<String>,
    /// Pictures it carries, as paths below the compound's own; who keeps them asks
    /// [`may_review`] before handing one out that is not shown.
    pub pictures: Vec<String>,
    pub author: Option<Author>,
    /// The author's person on the roster: their own data only warns.
    pub person: Option<Id>,
    /// What the author said lately, oldest first, with [`fingerprint`] and the time in seconds.
    pub recent: Vec<moderation::Recent>,
}

/// A finding as it is kept: where and what, never the value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub category: String,
    pub rule: String,
    pub start: usize,
    pub end: usize,
    pub confidence: f32,
    pub severity: i64,
}

/// What a case keeps of what was said, sealed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    pub text: String,
    pub before: Vec<String>,
    pub found: Vec<Found>,
    /// Words that raised the model's score: shown as such, never as a span.
    pub raised: Vec<String>,
    /// As [`Said::pictures`]; cases from before they were kept have none.
    #[serde(default)]
    pub pictures: Vec<String>,
}

/// What the author is told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Goes out.
    Pass,
    /// Goes out; somebody will look at it.
    Flag,
    /// Waits for a person.
    Hold,
    /// Does not go out; the author may change it.
    Block,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Flag => "flag",
            Verdict::Hold => "hold",
            Verdict::Block => "block",
        }
    }
}

/// A judgement, made outside the write. Hand it to [`open_in`] within the write that
/// stores what was said, so that both stand or fall together.
pub struct Judgement {
    pub verdict: Verdict,
    pub found: Vec<Found>,
    case: Option<Case>,
}

impl Judgement {
    /// Whether somebody has to look at it, or it was found in trial.
    pub fn opens_a_case(&self) -> bool {
        self.case.is_some()
    }
}

/// Criticism of the office is not the office's to judge; a reviewer may correct this.
const COMPANY: [&str; 8] = [
    "物業",
    "物业",
    "管理處",
    "管理处",
    "保安",
    "客服",
    "經理",
    "经理",
];

/// Judges `said` by the compound's policy in force.
///
/// # Errors
/// [`ConductError::Words`] when the text is longer than [`TEXT_BYTES_MAX`].
pub async fn judge(house: &House, c: Community, said: &Said) -> Result<Judgement, ConductError> {
    judged(house, c, said, false).await
}

/// As [`judge`]; what is `stored` already cannot be kept from being said: it is held.
async fn judged(
    house: &House,
    c: Community,
    said: &Said,
    stored: bool,
) -> Result<Judgement, ConductError> {
    if said.text.len() > TEXT_BYTES_MAX {
        return Err(ConductError::Words);
    }
    let (version, policy) = policy_of(house, c).await?;
    let checked = engine::check(house, c, &policy.speech, said).await?;
    let (mut verdict, found, raised) = (checked.verdict, checked.found, checked.raised);
    if stored {
        verdict = verdict.min(Verdict::Hold);
    }
    // What goes out untouched and was not even found in trial leaves no trace.
    let case = if found.is_empty() && verdict == Verdict::Pass {
        None
    } else if verdict == Verdict::Block {
        // Kept nowhere: the author mends it, and nothing was said.
        None
    } else {
        let body = Body {
            text: said.text.clone(),
            before: tail(&said.before),
            found: found.clone(),
            raised,
            pictures: said.pictures.clone(),
        };
        let state = if verdict == Verdict::Pass {
            CaseState::Trial
        } else {
            CaseState::Open
        };
        let visible = if verdict == Verdict::Hold {
            Visible::Held
        } else {
            Visible::Shown
        };
        Some(
            make(
                house,
                c,
                version,
                said,
                "auto",
                body,
                state,
                visible,
                checked.score,
            )
            .await?,
        )
    };
    Ok(Judgement {
        verdict,
        found,
        case,
    })
}

fn tail(lines: &[String]) -> Vec<String> {
    lines[lines.len().saturating_sub(BEFORE_LINES_MAX)..].to_vec()
}

/// A case about `said`, its text sealed under a key of its own.
#[allow(clippy::too_many_arguments, reason = "each is one column of the row")]
pub(crate) async fn make(
    house: &House,
    c: Community,
    policy_version: i64,
    said: &Said,
    origin: &str,
    body: Body,
    state: CaseState,
    visible: Visible,
    score: i64,
) -> Result<Case, ConductError> {
    let id = house.id();
    let ring = house.keys.make(c, &[id]).await?;
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(&body).expect("a body is plain data"));
    let sealed = house.keys.seal(&ring, id, "body", &plain)?;
    let gravest = body.found.iter().max_by_key(|f| f.severity);
    let folded = hanzi::fold::key(&said.text);
    Ok(Case {
        id,
        source_kind: said.kind.to_owned(),
        source: said.source.clone(),
        place: said.place.clone(),
        author: said.author.map(|a| a.account),
        member: said.author.and_then(|a| a.member),
        room: said.author.and_then(|a| a.room),
        origin: origin.to_owned(),
        state,
        visible,
        version: 1,
        category: gravest.map_or(String::new(), |f| f.category.clone()),
        rule: gravest.map_or(String::new(), |f| f.rule.clone()),
        severity: gravest.map_or(0, |f| f.severity),
        score,
        policy_version,
        digest: house
            .keys
            .digest("conduct.text", folded.as_bytes())
            .to_vec(),
        body: Some(sealed),
        about_company: COMPANY.iter().any(|w| said.text.contains(w)),
        opened_at: house.now(),
        claimed_by: None,
        claimed_at: None,
        proposed_by: None,
        proposed_rung: None,
        decided_by: None,
        decided_at: None,
        reason: None,
    })
}

/// Opens the case of a judgement inside the write that stores what was said; the events
/// stand beside that write's own.
pub fn open_in(tx: &mut Tx<'_>, judgement: Judgement) -> Result<Option<Id>, ConductError> {
    let Some(case) = judgement.case else {
        return Ok(None);
    };
    let c = tx.community();
    if tx.execute(store::insert_case(c, &case))? == 0 {
        return Ok(None);
    }
    tx.also(opened(&case))?;
    Ok(Some(case.id))
}

pub(crate) fn opened(case: &Case) -> Event {
    let kind = if case.visible == Visible::Held {
        events::HELD
    } else {
        events::FOUND
    };
    let trial = case.state == CaseState::Trial;
    Event::new(kind)
        .about("case", case.id)
        .to(if trial {
            Audience::Record
        } else {
            Audience::Staff
        })
        .with("severity", case.severity)
        .with("policy", case.policy_version)
        .with("trial", trial)
        .with("digest", digest(&case.digest))
}

/// The digest of a case as a fact.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    bytes.try_into().unwrap_or([0; 32])
}

/// Judges and, when somebody has to look, opens the case by itself: for text that was
/// stored already (an application's note).
pub async fn judge_stored(house: &House, by: &Actor, said: &Said) -> Result<Verdict, ConductError> {
    let c = by.community;
    let judgement = judged(house, c, said, true).await?;
    let verdict = judgement.verdict;
    let Some(case) = judgement.case else {
        return Ok(verdict);
    };
    house
        .write(c, &by.who(), move |mut tx| {
            let fresh = tx.execute(store::insert_case(c, &case))? > 0;
            if !fresh {
                return Err(ConductError::NotPending);
            }
            Ok(tx.record(opened(&case), ())?)
        })
        .await
        .or_else(|e| match e {
            ConductError::NotPending => Ok(()),
            e => Err(e),
        })?;
    Ok(verdict)
}

/// Opens what a case keeps; `None` when it was forgotten.
pub async fn body_of(
    house: &House,
    c: Community,
    case: &Case,
) -> Result<Option<Body>, ConductError> {
    let Some(sealed) = &case.body else {
        return Ok(None);
    };
    let ring = house.keys.ring(c, &[case.id]).await?;
    let open = ring.open(case.id, "body", sealed)?;
    Ok(open.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Whether this person may see what a record carries although nobody else may: they read its
/// case, are no party to it, and its words are still kept.
pub async fn may_review(
    house: &House,
    by: &Actor,
    kind: &str,
    source: &str,
) -> Result<bool, ConductError> {
    let (Some(account), true) = (by.account, by.has(Permission::ConductRead)) else {
        return Ok(false);
    };
    let c = by.community;
    let found = store::case_of_source(c, kind, source);
    let found: Option<Case> = house.db.optional(found).await?;
    let Some(case) = found.filter(|k| k.body.is_some()) else {
        return Ok(false);
    };
    let aside = house
        .db
        .reading(move |r| not_a_party(r, c, &case, account))
        .await;
    match aside {
        Ok(()) => Ok(true),
        Err(ConductError::Party) => Ok(false),
        Err(e) => Err(e),
    }
}

/// What an author said lately as it is recognised again, oldest first: see [`Said::recent`].
pub async fn recent(
    house: &House,
    c: Community,
    said: &[(&str, foundation::clock::Moment)],
) -> Result<Vec<moderation::Recent>, ConductError> {
    let (_, policy) = policy_of(house, c).await?;
    let engine = engine::ready(house, c, &policy.speech).await?;
    let one = |(text, at): &(&str, foundation::clock::Moment)| moderation::Recent {
        digest: engine.digest(text),
        at: at.0 / 1_000,
    };
    Ok(said.iter().map(one).collect())
}

/// What a case is about (kind and record), and whether others may see it.
pub async fn seen_of(
    house: &House,
    c: Community,
    case: Id,
) -> Result<Option<(String, String, Visible)>, ConductError> {
    let found: Option<Case> = house.db.optional(store::case(c, case)).await?;
    Ok(found.map(|case| (case.source_kind, case.source, case.visible)))
}
