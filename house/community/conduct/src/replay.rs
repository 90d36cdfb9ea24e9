//! Replaying a changed policy over what was said: what would it have done, before it is
//! switched on.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::judge::{Verdict, body_of};
use crate::policy::{Policy, policy_of};
use crate::state::CaseState;
use crate::{Case, ConductError, engine, events, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Event, Who};
use permissions::Permission;
use permissions::actor::Actor;

/// Texts read in one go.
const TAKE: i64 = 200;
/// As many texts as one replay looks at.
pub const TEXTS_MAX: usize = 200_000;
/// As many changed cases as are named.
const NAMED_MAX: usize = 50;

/// What a policy would have done to the stored texts, beside the one in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replay {
    pub texts: usize,
    /// Verdict under the policy in force → verdict under the new one → how many.
    pub moves: BTreeMap<String, usize>,
    /// Of those the new policy would hold or block, how many people had dismissed.
    pub acted_on_dismissed: usize,
    /// Of those people had confirmed, how many the new policy would let pass.
    pub passed_confirmed: usize,
    /// Some of the cases that would have gone another way.
    pub changed: Vec<String>,
}

/// Replays `new` over every text that is still kept.
pub async fn replay(
    house: &House,
    c: Community,
    new: &Policy,
    mut progress: impl FnMut(usize),
) -> Result<Replay, ConductError> {
    let (_, old) = policy_of(house, c).await?;
    let (old, changed) = (
        engine::ready(house, c, &old.speech).await?,
        engine::ready(house, c, &new.speech).await?,
    );
    let mut out = Replay::default();
    let mut after: Option<Id> = None;
    loop {
        let cases: Vec<Case> = house.db.all(store::cases_after(c, after, TAKE)).await?;
        let full = cases.len() as i64 == TAKE;
        for case in &cases {
            let Some(body) = body_of(house, c, case).await? else {
                continue;
            };
            let before = engine::alone(&old, &body.text);
            let then = engine::alone(&changed, &body.text);
            out.texts += 1;
            let key = format!("{}>{}", before.word(), then.word());
            *out.moves.entry(key).or_default() += 1;
            if then >= Verdict::Hold && case.state == CaseState::Dismissed {
                out.acted_on_dismissed += 1;
            }
            let confirmed = matches!(case.state, CaseState::Violation | CaseState::Illegal);
            if then == Verdict::Pass && confirmed {
                out.passed_confirmed += 1;
            }
            if before != then && out.changed.len() < NAMED_MAX {
                out.changed.push(case.id.to_string());
            }
        }
        progress(out.texts);
        after = cases.last().map(|k| k.id);
        if !full || out.texts >= TEXTS_MAX {
            return Ok(out);
        }
    }
}

/// As [`replay`], asked for on the screen: the look into what was said is in the ledger.
pub async fn replay_for(house: &House, by: &Actor, new: &Policy) -> Result<Replay, ConductError> {
    by.may(Permission::ConductPolicy)?;
    recorded(
        house,
        by.community,
        &by.who_for(Permission::ConductPolicy),
        new,
    )
    .await
}

/// As [`replay_for`], asked for on the machine itself: counts and ids, no word of a text.
pub async fn replay_here(
    house: &House,
    c: Community,
    new: &Policy,
) -> Result<Replay, ConductError> {
    recorded(house, c, &Who::operator(), new).await
}

async fn recorded(
    house: &House,
    c: Community,
    who: &Who,
    new: &Policy,
) -> Result<Replay, ConductError> {
    new.check()?;
    // A word or a mode that cannot be taken is refused before anything is recorded.
    crate::engine::build(&new.speech)?;
    house
        .write(c, who, |tx| {
            Ok::<_, ConductError>(tx.record(Event::new(events::REPLAYED), ())?)
        })
        .await?;
    replay(house, c, new, |_| {}).await
}
