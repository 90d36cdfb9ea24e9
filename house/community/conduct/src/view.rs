//! What the desk and the member see: the queue, one case whole, one's own matters.

use crate::appeals::{self, Heard, Open};
use crate::judge::{Body, body_of};
use crate::ladder::Rung;
use crate::policy::{Policy, policy_of};
use crate::{Appeal, Case, ConductError, QueueFilter, Sanction, Strike, desk, not_a_party, store};
use foundation::clock::Moment;
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use membership::texts::{self, Text, TextName};
use permissions::Permission;
use permissions::actor::Actor;

/// Rows of one page of the queue.
pub const PAGE_ROWS: i64 = 50;

/// A case in the queue with the beginning of what was said.
pub struct Row {
    pub case: Case,
    pub body: Option<Body>,
    /// Room and name of who said it, as the list of members has them.
    pub author: String,
    pub reports: usize,
}

/// A page of the queue with the exact total of its filter.
pub struct Queue {
    pub rows: Vec<Row>,
    pub total: i64,
    pub after: Option<(i64, Moment, Id)>,
}

/// A page of the queue: gravest first, then oldest.
pub async fn queue(house: &House, by: &Actor, filter: &QueueFilter) -> Result<Queue, ConductError> {
    by.may(Permission::ConductRead)?;
    let c = by.community;
    let (count, page) = store::queue(c, filter, PAGE_ROWS);
    let (total,): (i64,) = house.db.one(count).await?;
    let mut cases: Vec<Case> = house.db.all(page).await?;
    let more = cases.len() as i64 > PAGE_ROWS;
    cases.truncate(PAGE_ROWS as usize);
    let after = cases
        .last()
        .filter(|_| more)
        .map(|k| (k.severity, k.opened_at, k.id));
    let rows = with_bodies(house, c, cases).await?;
    Ok(Queue { rows, total, after })
}

async fn with_bodies(
    house: &House,
    c: Community,
    cases: Vec<Case>,
) -> Result<Vec<Row>, ConductError> {
    let ids: Vec<Id> = cases.iter().map(|k| k.id).collect();
    let ring = house.keys.ring(c, &ids).await?;
    let mut rows = Vec::with_capacity(cases.len());
    for case in cases {
        let body = match &case.body {
            Some(sealed) => ring
                .open(case.id, "body", sealed)?
                .and_then(|text| serde_json::from_str(&text).ok()),
            None => None,
        };
        let author = author(house, c, &case).await?;
        let reports: Vec<(Id, String, Moment, String)> =
            house.db.all(store::reports_of(c, case.id)).await?;
        rows.push(Row {
            case,
            body,
            author,
            reports: reports.len(),
        });
    }
    Ok(rows)
}

async fn author(house: &House, c: Community, case: &Case) -> Result<String, ConductError> {
    let Some(account) = case.author else {
        return Ok(String::new());
    };
    let members = membership::members::of_account(house, c, account).await?;
    let of_case = members
        .iter()
        .find(|m| Some(m.id) == case.member)
        .or(members.first());
    Ok(of_case.map_or(String::new(), |m| format!("{} {}", m.room_code, m.name)))
}

/// A report as the desk sees it: how far its reporter can be believed, never who it is.
pub struct Reported {
    pub reason: String,
    pub at: Moment,
    /// How often the reporter was right and wrong before.
    pub right: i64,
    pub wrong: i64,
}

/// One case whole.
pub struct Whole {
    pub row: Row,
    /// The reports, oldest first; never who.
    pub reports: Vec<Reported>,
    pub strike: Option<Strike>,
    pub sanctions: Vec<Sanction>,
    pub appeals: Vec<Heard>,
    /// The decision's reason, opened.
    pub reason: Option<String>,
    /// How many of a flood wait beside it.
    pub flood: usize,
    /// Open strikes of the author, the ladder's own rung, the rungs that may be chosen.
    pub open: usize,
    pub rung: Rung,
    pub rungs: Vec<Rung>,
    /// What the author was looked at for before.
    pub history: Vec<Case>,
    /// Whether this person may decide it at all.
    pub may: Result<(), ConductError>,
    /// A colleague who looks at it just now.
    pub claimed: Option<Id>,
    pub policy: Policy,
}

/// One case with all that a decision needs.
pub async fn whole(house: &House, by: &Actor, id: Id) -> Result<Whole, ConductError> {
    by.may(Permission::ConductRead)?;
    let c = by.community;
    let now = house.now();
    let case: Option<Case> = house.db.optional(store::case(c, id)).await?;
    let case = case.ok_or(ConductError::NotFound)?;
    let (open, rung, policy) = desk::proposed_rung(house, c, &case).await?;
    let most = policy.ladder.next(open + 1).severity;
    let rungs = policy
        .ladder
        .0
        .iter()
        .copied()
        .filter(|r| r.severity <= most)
        .collect();
    let strike: Option<Strike> = house.db.optional(store::strike_of_case(c, id)).await?;
    let (mut sanctions, mut heard) = (Vec::new(), Vec::new());
    if let Some(strike) = &strike {
        sanctions = house
            .db
            .all(store::sanctions_of_strike(c, strike.id))
            .await?;
        let appeals: Vec<Appeal> = house.db.all(store::appeals_of_strike(c, strike.id)).await?;
        heard = appeals::heard(house, c, appeals).await?;
    }
    let (mut history, mut flood) = (Vec::new(), 0);
    if let Some(author) = case.author {
        history = house.db.all(store::cases_of_author(c, author, 20)).await?;
        history.retain(|k: &Case| k.id != id);
        let alike: Vec<Case> = house
            .db
            .all(store::flood(c, author, &case.digest, desk::FLOOD_MAX))
            .await?;
        flood = alike.iter().filter(|k| k.id != id).count();
    }
    let may = match by.account {
        Some(account) if by.has(Permission::ConductDecide) => {
            let k = case.clone();
            house
                .db
                .reading(move |r| Ok::<_, ConductError>(not_a_party(r, c, &k, account)))
                .await?
        }
        _ => Err(ConductError::NotFound),
    };
    let claimed = case
        .claimed_by
        .filter(|who| Some(*who) != by.account)
        .filter(|_| {
            case.claimed_at
                .is_some_and(|at| at.plus(desk::CLAIM_MS) > now)
        });
    let rows: Vec<(Id, String, Moment, String)> = house.db.all(store::reports_of(c, id)).await?;
    let mut reports = Vec::with_capacity(rows.len());
    for (reporter, reason, at, verdict) in rows {
        let (right, wrong): (i64, i64) = house.db.one(store::accuracy(c, reporter)).await?;
        // What was decided about this very report says nothing of it beforehand.
        reports.push(Reported {
            reason,
            at,
            right: right - i64::from(verdict == "right"),
            wrong: wrong - i64::from(verdict == "wrong"),
        });
    }
    let ring = house.keys.ring(c, &[id]).await?;
    let reason = match &case.reason {
        Some(sealed) => ring.open(id, "reason", sealed)?,
        None => None,
    };
    let mut rows = with_bodies(house, c, vec![case]).await?;
    let row = rows.remove(0);
    Ok(Whole {
        row,
        reports,
        strike,
        sanctions,
        appeals: heard,
        reason,
        flood,
        open,
        rung,
        rungs,
        history,
        may,
        claimed,
        policy,
    })
}

/// One strike as its bearer sees it: which text, which rule, which sanction, until when,
/// how to appeal.
pub struct Mine {
    pub strike: Strike,
    /// What was said, while it is kept.
    pub text: Option<String>,
    pub reason: Option<String>,
    /// The group's rules in the version that was broken.
    pub rules: Option<Text>,
    pub sanctions: Vec<Sanction>,
    pub appeals: Vec<Heard>,
    pub open: Open,
    pub policy: Policy,
    /// The secret of the link to appeal.
    pub secret: String,
}

/// All strikes of an account, newest first, with what may be done about each.
pub async fn mine(house: &House, c: Community, account: Id) -> Result<Vec<Mine>, ConductError> {
    let strikes: Vec<Strike> = house.db.all(store::strikes_of(c, account)).await?;
    let mut out = Vec::with_capacity(strikes.len());
    for strike in strikes {
        out.push(one(house, c, strike).await?);
    }
    Ok(out)
}

/// One strike with all that its bearer is told.
pub async fn one(house: &House, c: Community, strike: Strike) -> Result<Mine, ConductError> {
    let (_, policy) = policy_of(house, c).await?;
    let case: Option<Case> = house.db.optional(store::case(c, strike.case)).await?;
    let (mut text, mut reason) = (None, None);
    if let Some(case) = &case {
        text = body_of(house, c, case).await?.map(|b| b.text);
        if let Some(sealed) = &case.reason {
            let ring = house.keys.ring(c, &[case.id]).await?;
            reason = ring.open(case.id, "reason", sealed)?;
        }
    }
    let sanctions = house
        .db
        .all(store::sanctions_of_strike(c, strike.id))
        .await?;
    let appeals: Vec<Appeal> = house.db.all(store::appeals_of_strike(c, strike.id)).await?;
    let open = appeals::open_to(&strike, &appeals, &policy, house.now());
    Ok(Mine {
        secret: appeals::secret(house, c, strike.id),
        rules: texts::version(house, c, TextName::Rules, strike.rules_version).await?,
        text,
        reason,
        sanctions,
        appeals: appeals::heard(house, c, appeals).await?,
        open,
        policy,
        strike,
    })
}
