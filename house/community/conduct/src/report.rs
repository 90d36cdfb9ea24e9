//! Members' reports: the same record as the engine makes. Each reporter weighs as much
//! as they were right before; enough of them hide a message until a person has looked,
//! and what is hidden stands in the queue.

use crate::judge::{Body, Said, make, opened};
use crate::policy::{Policy, policy_of};
use crate::state::{CaseState, Visible};
use crate::{Case, ConductError, events, store};
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// As many reports as one member makes a day.
pub const REPORTS_A_DAY_MAX: i64 = 20;
/// Fewer people than this never hide anything, whatever they weigh.
pub const REPORTERS_MIN: usize = 3;
/// What a reported text weighs at least in the queue.
const REPORTED_SEVERITY: i64 = 500;

/// Why somebody reports.
pub const REASONS: [&str; 5] = ["illegal", "advertising", "insult", "privacy", "spam"];

/// How far a reporter can be believed, in hundredths: right and wrong before, beginning
/// in the middle (Laplace's rule of succession).
pub fn weight_hundredths(right: i64, wrong: i64) -> i64 {
    100 * (right + 1) / (right + wrong + 2)
}

/// Reports `said`; the case that holds the report.
pub async fn report(
    house: &House,
    by: &Actor,
    said: &Said,
    reason: &'static str,
) -> Result<Id, ConductError> {
    by.may(Permission::ConductReport)?;
    let reporter = by.account.ok_or(ConductError::NotFound)?;
    if said.author.is_some_and(|a| a.account == reporter) {
        return Err(ConductError::Party);
    }
    let c = by.community;
    let (version, policy) = policy_of(house, c).await?;
    let found: Option<Case> = house
        .db
        .optional(store::case_of_source(c, said.kind, &said.source))
        .await?;
    // Made outside the write; left unused when the case is there already.
    let fresh = if found.is_none() {
        let body = Body {
            text: said.text.clone(),
            before: said.before.clone(),
            pictures: said.pictures.clone(),
            ..Body::default()
        };
        let mut case = make(
            house,
            c,
            version,
            said,
            "report",
            body,
            CaseState::Open,
            Visible::Shown,
            0,
        )
        .await?;
        case.category = reason.to_owned();
        case.severity = REPORTED_SEVERITY;
        Some(case)
    } else {
        None
    };
    let (kind, source) = (said.kind, said.source.clone());
    house
        .write(c, &by.who_for(Permission::ConductReport), move |mut tx| {
            let now = tx.now();
            let (today,): (i64,) =
                tx.one(store::count_reports_since(c, reporter, now.plus(-DAY)))?;
            if today >= REPORTS_A_DAY_MAX {
                return Err(ConductError::TooManyReports(REPORTS_A_DAY_MAX));
            }
            if let Some(case) = &fresh
                && tx.execute(store::insert_case(c, case))? > 0
            {
                tx.also(opened(case))?;
            }
            let case: Case = tx.one(store::case_of_source(c, kind, &source))?;
            if tx.execute(store::insert_report(c, case.id, reporter, reason, now))? == 0 {
                return Err(ConductError::NotPending);
            }
            let visible = weighed(&mut tx, c, &policy, &case)?;
            if case.state.is_waiting() || case.state == CaseState::Trial {
                let severity = case.severity.max(REPORTED_SEVERITY) + 1;
                tx.execute(store::weigh_case(c, case.id, severity, visible))?;
            }
            let event = Event::new(events::REPORTED)
                .about("case", case.id)
                .to(Audience::Staff)
                .with("reason", reason)
                .with("hidden", visible != Visible::Shown);
            Ok(tx.record(event, case.id)?)
        })
        .await
}

/// Whether the reports together hide it until somebody has looked.
fn weighed(
    tx: &mut impl Look,
    c: Community,
    policy: &Policy,
    case: &Case,
) -> Result<Visible, ConductError> {
    let undecided = case.state.is_waiting() || case.state == CaseState::Trial;
    if case.visible != Visible::Shown || !undecided {
        return Ok(case.visible);
    }
    let rows: Vec<(Id, String, Moment, String)> = tx.all(store::reports_of(c, case.id))?;
    let mut weight = 0;
    for (reporter, ..) in &rows {
        let (right, wrong): (i64, i64) = tx.one(store::accuracy(c, *reporter))?;
        weight += weight_hundredths(right, wrong);
    }
    let enough =
        rows.len() >= REPORTERS_MIN && weight >= i64::from(policy.report_weight_hundredths);
    Ok(if enough {
        Visible::Held
    } else {
        Visible::Shown
    })
}
