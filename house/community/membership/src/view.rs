//! Looking: the queue and its counts, one application side by side with the roster,
//! timelines out of the ledger, the median time from application to member.

use super::checks::Check;
use super::roster_side::{self, OnRoster};
use super::state::State;
use super::store::{self, Application};
use super::{MembershipError, pictures, recheck};
use foundation::clock::{DAY, Moment};
use foundation::database::{Ask, Community, Value, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::params;
use permissions::Permission;
use permissions::actor::Actor;

/// Rows of a page of the queue.
pub const PAGE_ROWS: i64 = 50;

/// Which part of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// One state, or all that wait for the office.
    pub state: Option<State>,
    /// Only those whose checks are all green.
    pub green: bool,
    /// A room, a name, or four digits of a phone.
    pub search: String,
    pub newest_first: bool,
    /// The last row of the page before.
    pub after: Option<(Moment, Id)>,
    /// The first row of the page after.
    pub before: Option<(Moment, Id)>,
}

/// A row of the queue.
#[derive(Clone, Debug)]
pub struct QueueRow {
    pub id: Id,
    pub state: State,
    pub room_code: String,
    pub name: String,
    pub relation: super::Relation,
    pub advice: super::policy::Advice,
    pub submitted_at: Moment,
    pub verifier: Option<Id>,
}

/// A page of the queue with the exact total of its filter.
pub struct QueuePage {
    pub rows: Vec<QueueRow>,
    pub total: i64,
    pub after: Option<(Moment, Id)>,
    pub before: Option<(Moment, Id)>,
}

const WAITING: &str = "state IN ('submitted', 'verifying', 'approved')";

/// A page of the queue.
pub async fn queue(
    house: &House,
    by: &Actor,
    filter: &QueueFilter,
) -> Result<QueuePage, MembershipError> {
    by.may(Permission::MembershipRead)?;
    let c = by.community;
    let mut params: Vec<Value> = params![c];
    let mut sql = String::from(" FROM application WHERE community = $1 AND ");
    match filter.state {
        Some(state) => {
            params.push(state.word().into());
            sql.push_str("state = $2");
        }
        None => sql.push_str(WAITING),
    }
    if filter.green {
        sql.push_str(" AND advice = 'green'");
    }
    let search = filter.search.trim();
    if !search.is_empty() {
        let digits = hanzi::fold::digits_only(search);
        let (_, tail_bits) = super::widths(house, c).await?;
        let tail = &digits[digits.len().saturating_sub(4)..];
        let blind = house.keys.blind(c, "application.tail", tail, tail_bits);
        // The office writes codes in its own way; any writing finds the room itself.
        let known = roster_side::find_room(house, c, search).await?.map(|r| r.0);
        params.push(format!("%{}%", store::like(&hanzi::name::name_key(search))).into());
        let name = params.len();
        params.push(format!("{}%", store::like(search)).into());
        let code = params.len();
        params.push(known.into());
        let room = params.len();
        params.push(blind.into());
        let phone = params.len();
        // Four digits or more may be a phone; the drawer holds a few strangers more,
        // which the page opens and leaves out.
        let phones = if digits.len() >= 4 && digits.len() == search.len() {
            format!(" OR blind_tail = ${phone}")
        } else {
            format!(" OR (1 = 0 AND blind_tail = ${phone})")
        };
        sql.push_str(&format!(
            " AND (name_key LIKE ${name} ESCAPE '!' OR room_code LIKE ${code} ESCAPE '!' OR room = ${room}{phones})"
        ));
    }
    let (total,): (i64,) = house
        .db
        .one(ask(format!("SELECT COUNT(*){sql}"), params.clone()))
        .await?;
    // The page before is read backwards from where this one begins.
    let backwards = filter.before.is_some();
    let (sign, order) = if filter.newest_first != backwards {
        ("<", "DESC")
    } else {
        (">", "ASC")
    };
    if let Some((at, id)) = filter.before.or(filter.after) {
        params.push(at.into());
        params.push(id.into());
        let (a, i) = (params.len() - 1, params.len());
        sql.push_str(&format!(
            " AND (submitted_at {sign} ${a} OR (submitted_at = ${a} AND id {sign} ${i}))"
        ));
    }
    params.push((PAGE_ROWS + 1).into());
    let limit = params.len();
    type Raw = (
        Id,
        String,
        String,
        String,
        String,
        String,
        Moment,
        Option<Id>,
    );
    let mut rows: Vec<Raw> = house
        .db
        .all(ask(
            format!(
                "SELECT id, state, room_code, name, relation, advice, submitted_at, verifier{sql} \
                 ORDER BY submitted_at {order}, id {order} LIMIT ${limit}"
            ),
            params,
        ))
        .await?;
    let more = rows.len() as i64 > PAGE_ROWS;
    rows.truncate(PAGE_ROWS as usize);
    if backwards {
        rows.reverse();
    }
    let has_after = if backwards { true } else { more };
    let has_before = if backwards {
        more
    } else {
        filter.after.is_some()
    };
    let after = rows.last().filter(|_| has_after).map(|r| (r.6, r.0));
    let before = rows.first().filter(|_| has_before).map(|r| (r.6, r.0));
    let row =
        |(id, state, room_code, name, relation, advice, submitted_at, verifier): Raw| QueueRow {
            id,
            state: State::from_word(&state).unwrap_or(State::Submitted),
            room_code,
            name,
            relation: super::Relation::from_word(&relation).unwrap_or_default(),
            advice: super::policy::Advice::from_word(&advice),
            submitted_at,
            verifier,
        };
    Ok(QueuePage {
        rows: rows.into_iter().map(row).collect(),
        total,
        after,
        before,
    })
}

/// How many applications stand in each state.
pub async fn counts(house: &House, c: Community) -> Result<Vec<(State, i64)>, MembershipError> {
    let rows: Vec<(String, i64)> = house
        .db
        .all(ask(
            "SELECT state, COUNT(*) FROM application WHERE community = $1 GROUP BY state LIMIT 20",
            params![c],
        ))
        .await?;
    let known = |(word, n): (String, i64)| State::from_word(&word).map(|s| (s, n));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// How many applications wait for a person of the office.
pub async fn waiting(house: &House, c: Community) -> Result<u32, foundation::database::DbError> {
    let (n,): (i64,) = house
        .db
        .one(ask(
            "SELECT COUNT(*) FROM application WHERE community = $1 \
             AND state IN ('submitted', 'verifying', 'approved')",
            params![c],
        ))
        .await?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The one to look at next: the oldest that waits and is not `not`.
pub async fn next_waiting(
    house: &House,
    c: Community,
    not: Id,
) -> Result<Option<Id>, MembershipError> {
    let row: Option<(Id,)> = house
        .db
        .optional(ask(
            "SELECT id FROM application WHERE community = $1 AND state IN ('submitted', 'verifying') AND id <> $2 \
             ORDER BY submitted_at, id LIMIT 1",
            params![c, not],
        ))
        .await?;
    Ok(row.map(|r| r.0))
}

/// An application in two words: its room and its name.
pub async fn named(house: &House, c: Community, id: Id) -> Result<String, MembershipError> {
    let app: Option<Application> = house.db.optional(store::application(c, id)).await?;
    let app = app.ok_or(MembershipError::NotFound)?;
    Ok(format!("{} {}", app.room_code, app.name))
}

/// One application with everything that a verifier compares.
pub struct Record {
    pub app: Application,
    /// As of sending.
    pub checks: Vec<Check>,
    /// As of now, while nobody has decided.
    pub now: Option<recheck::Now>,
    pub roster: OnRoster,
    pub pictures: Vec<pictures::Proof>,
    /// Masked; shown in clear only by an unmasking that the ledger records.
    pub phone_masked: String,
    pub document_masked: String,
}

/// Opens the record of an application.
pub async fn record(house: &House, by: &Actor, id: Id) -> Result<Record, MembershipError> {
    by.may(Permission::MembershipRead)?;
    let c = by.community;
    let app: Option<Application> = house.db.optional(store::application(c, id)).await?;
    let app = readable(house, c, app.ok_or(MembershipError::NotFound)?).await?;
    let (phone, document) = opened(house, c, &app).await?;
    let now = match app.state.is_undecided() {
        true => Some(recheck::now(house, c, &app).await?),
        false => None,
    };
    let party = now.as_ref().map_or(app.party, |n| n.party);
    let roster = match app.room {
        Some(room) => roster_side::on_roster(house, c, room, &app.name, party).await?,
        None => OnRoster::default(),
    };
    let checks = serde_json::from_str(&app.checks).unwrap_or_default();
    Ok(Record {
        checks,
        now,
        roster,
        pictures: pictures::list(house, c, id).await?,
        phone_masked: phone
            .and_then(|p| hanzi::numbers::Phone::parse(&p).ok())
            .map(|p| p.masked())
            .unwrap_or_default(),
        document_masked: document.map(|d| mask_document(&d)).unwrap_or_default(),
        app,
    })
}

fn mask_document(text: &str) -> String {
    match hanzi::numbers::ResidentId::parse(text) {
        Ok(id) => id.masked(),
        Err(_) => "*".repeat(text.chars().count().min(18)),
    }
}

/// An application with its note and words as they were written.
pub async fn readable(
    house: &House,
    c: Community,
    mut app: Application,
) -> Result<Application, MembershipError> {
    let ring = house.keys.ring(c, &[app.keyed]).await?;
    app.note = ring.open_text(app.keyed, store::NOTE, &app.note)?;
    app.words = ring.open_text(app.keyed, store::WORDS, &app.words)?;
    Ok(app)
}

/// What an applicant wrote in their own words.
pub struct Spoken {
    pub name: String,
    pub note: String,
    /// The newest answer; the office's own words stand here too.
    pub words: String,
    /// Their person on the roster, where the checks found one.
    pub person: Option<Id>,
}

/// What an applicant wrote, for the house to judge; `None` when there is no such application.
pub async fn spoken(
    house: &House,
    c: Community,
    id: Id,
) -> Result<Option<Spoken>, MembershipError> {
    let app: Option<Application> = house.db.optional(store::application(c, id)).await?;
    let Some(app) = app else { return Ok(None) };
    let app = readable(house, c, app).await?;
    Ok(Some(Spoken {
        name: app.name,
        note: app.note,
        words: app.words,
        person: app.party,
    }))
}

/// The phone and the identity number of an application, opened.
pub(super) async fn opened(
    house: &House,
    c: Community,
    app: &Application,
) -> Result<(Option<String>, Option<String>), MembershipError> {
    let ring = house.keys.ring(c, &[app.id, app.keyed]).await?;
    let open = |whose, column, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => ring.open(whose, column, sealed),
        None => Ok(None),
    };
    Ok((
        open(app.keyed, "phone", &app.phone)?,
        open(app.id, "document", &app.document)?,
    ))
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub seq: i64,
    pub at: Moment,
    pub kind: String,
    /// `a:<id>`, `system`, `link` …
    pub actor: String,
    pub role: String,
    pub facts: serde_json::Value,
}

/// What happened to an application or a member, oldest first.
pub async fn story(
    house: &House,
    c: Community,
    what: &str,
    id: Id,
) -> Result<Vec<Line>, MembershipError> {
    let rows: Vec<Told> = house
        .db
        .all(store::story(c, &format!("{what}:{id}")))
        .await?;
    Ok(rows.into_iter().map(line).collect())
}

type Told = (i64, Moment, String, String, String, String);

fn line((seq, at, kind, actor, role, body): Told) -> Line {
    Line {
        seq,
        at,
        kind,
        actor,
        role,
        facts: serde_json::from_str(&body).unwrap_or_default(),
    }
}

/// How many times of being looked at a person is shown.
const SEEN_MAX: i64 = 100;

async fn latest(
    house: &House,
    c: Community,
    subject: String,
    kind: &str,
) -> Result<Vec<Line>, MembershipError> {
    let asked = store::latest_of_kind(c, &subject, kind, SEEN_MAX);
    let rows: Vec<Told> = house.db.all(asked).await?;
    Ok(rows.into_iter().map(line).collect())
}

/// When and why something of the asker was shown in clear, from their applications and from
/// the roster, the latest first.
pub async fn who_saw(house: &House, by: &Actor) -> Result<Vec<(Line, String)>, MembershipError> {
    let (c, mut out) = (by.community, Vec::new());
    let account = by.account.ok_or(MembershipError::NotFound)?;
    for m in super::members::of_account(house, c, account).await? {
        let Some(id) = m.application else { continue };
        let app: Option<Application> = house.db.optional(store::application(c, id)).await?;
        let Some(app) = app else { continue };
        let reasons = super::unmask::reasons(house, c, &app).await?;
        for line in latest(house, c, format!("application:{id}"), "membership.unmasked").await? {
            let named = line.facts["unmasking"].as_str().unwrap_or_default();
            let why = reasons.iter().find(|(id, _)| id.as_str() == named);
            let why = why.map(|(_, text)| text.clone()).unwrap_or_default();
            out.push((line, why));
        }
    }
    if let Some(person) = by.person {
        let reasons = roster::unmasking_reasons(house, c, person, SEEN_MAX).await?;
        let lines = latest(house, c, format!("party:{person}"), "roster.unmasked").await?;
        out.extend(lines.into_iter().zip(reasons));
    }
    out.sort_by_key(|(line, _)| std::cmp::Reverse(line.seq));
    Ok(out)
}

/// Over how long the median is taken: a quarter.
pub const MEDIAN_DAYS: i64 = 90;

fn joined_since(c: Community, since: Moment) -> Ask {
    ask(
        "SELECT COUNT(*) FROM application WHERE community = $1 AND joined_at >= $2",
        params![c, since],
    )
}

/// The median time from sending to joining of those who joined within the last
/// quarter, in milliseconds, and how many they are. Exact: of an even number, the
/// mean of the middle two.
pub async fn median_to_join(
    house: &House,
    c: Community,
) -> Result<Option<(i64, i64)>, MembershipError> {
    let since = house.now().plus(-MEDIAN_DAYS * DAY);
    let (n,): (i64,) = house.db.one(joined_since(c, since)).await?;
    if n == 0 {
        return Ok(None);
    }
    let middle: Vec<(i64,)> = house
        .db
        .all(ask(
            "SELECT joined_at - submitted_at FROM application WHERE community = $1 AND joined_at >= $2 \
             ORDER BY joined_at - submitted_at LIMIT $3 OFFSET $4",
            params![c, since, 2 - n % 2, (n - 1) / 2],
        ))
        .await?;
    let sum: i64 = middle.iter().map(|m| m.0).sum();
    Ok(Some((sum / middle.len().max(1) as i64, n)))
}
