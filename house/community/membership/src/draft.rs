//! A draft: what an applicant has answered so far, kept between screens under the
//! secret of their link, sealed, and gone after a week when it was never sent.

use serde::{Deserialize, Serialize};

use super::checks::{self, Facts, Match};
use super::pictures::Have;
use super::policy::{Policy, policy_of};
use super::{MembershipError, Relation, roster_side, store};
use accounts::throttle::{self, Count, Held};
use foundation::clock::DAY;
use foundation::database::{Chore, Community, DbError};
use foundation::house::House;
use foundation::ids::Id;
use foundation::keys::Keyring;

/// A week to find one's papers.
const DRAFT_LIFE: i64 = 7 * DAY;
/// Drafts of one compound at most; far above handover day, below what fills a disk.
const DRAFTS_MAX: i64 = 50_000;
/// How many stale drafts one new draft clears away.
const SWEEP: i64 = 20;
/// How often a draft may ask the roster, so that it is no way to try out phones.
pub const LOOKS_MAX: u32 = 5;
/// The purpose under which link secrets are digested.
pub(super) const LINK: &str = "membership.link";
const BODY: &str = "draft";

/// The answers so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    pub room_typed: String,
    /// The room's id and code, where the roster knows it.
    pub room: Option<Id>,
    pub room_code: String,
    pub relation: Option<Relation>,
    pub name: String,
    pub phone: String,
    pub document: String,
    /// Said that there is nothing to show, or that it will be brought to the desk.
    pub proof_later: bool,
    pub note: String,
    /// Versions of the texts agreed to.
    pub privacy: Option<i64>,
    pub identity: Option<i64>,
    /// The optional consent to keep a copy in the owner's archive.
    pub archive: Option<i64>,
    /// The roster vouches: no identity number and no proof is asked for.
    pub vouched: bool,
    pub looks: u32,
    pub again_of: Option<Id>,
}

/// A screen of the application; one question each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Room,
    Relation,
    Name,
    Phone,
    Document,
    Proof,
    Consent,
    Check,
}

impl Step {
    pub const ALL: [Step; 8] = [
        Step::Room,
        Step::Relation,
        Step::Name,
        Step::Phone,
        Step::Document,
        Step::Proof,
        Step::Consent,
        Step::Check,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Step::Room => "room",
            Step::Relation => "relation",
            Step::Name => "name",
            Step::Phone => "phone",
            Step::Document => "document",
            Step::Proof => "proof",
            Step::Consent => "consent",
            Step::Check => "check",
        }
    }

    pub fn from_word(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl Answers {
    /// Whether a screen is asked at all.
    pub fn asks(&self, step: Step) -> bool {
        match step {
            Step::Document | Step::Proof => !self.vouched,
            _ => true,
        }
    }

    /// The screen after `step`.
    pub fn after(&self, step: Step) -> Step {
        let mut later = Step::ALL.into_iter().skip_while(|s| *s != step).skip(1);
        later.find(|s| self.asks(*s)).unwrap_or(Step::Check)
    }

    /// The screen before `step`, if any.
    pub fn before(&self, step: Step) -> Option<Step> {
        let earlier = Step::ALL.into_iter().take_while(|s| *s != step);
        earlier.filter(|s| self.asks(*s)).last()
    }

    /// Whether the consent to use an identity number or document is needed.
    pub fn asks_identity(&self, have: Have) -> bool {
        !self.document.is_empty() || have.identity
    }

    /// The first screen that still lacks its answer.
    pub fn lacks(&self, have: Have) -> Option<Step> {
        let missing = |step: &Step| match step {
            Step::Room => self.room_typed.is_empty(),
            Step::Relation => self.relation.is_none(),
            Step::Name => self.name.is_empty(),
            Step::Phone => self.phone.is_empty(),
            Step::Document => false,
            Step::Proof => !self.vouched && have.pictures == 0 && !self.proof_later,
            Step::Consent => {
                self.privacy.is_none() || (self.asks_identity(have) && self.identity.is_none())
            }
            Step::Check => false,
        };
        Step::ALL.into_iter().find(missing)
    }
}

/// A draft as it is worked on.
pub struct Draft {
    pub id: Id,
    pub answers: Answers,
    pub(super) ring: Keyring,
}

/// Begins a draft; the secret of its link, which is also the later status link.
pub async fn begin(
    house: &House,
    c: Community,
    answers: Answers,
) -> Result<String, MembershipError> {
    let id = house.id();
    let ring = house.keys.make(c, &[id]).await?;
    let secret = house.chance.token();
    let link = house.keys.digest(LINK, secret.as_bytes());
    let body = seal(house, &ring, id, &answers)?;
    let now = house.now();
    let stale = house
        .db
        .keep::<_, MembershipError, _>(Chore::Staging, c, move |r| {
            use foundation::database::Look;
            let (count,): (i64,) = r.one(store::count_drafts(c))?;
            if count >= DRAFTS_MAX {
                return Err(DbError::Busy.into());
            }
            let stale: Vec<(Id,)> = r.all(store::stale_drafts(c, now, SWEEP))?;
            for (id,) in &stale {
                r.execute(store::drop_draft(c, *id))?;
                r.execute(store::drop_pictures(c, *id))?;
            }
            r.execute(store::insert_draft(
                c,
                id,
                &link,
                body,
                now,
                now.plus(DRAFT_LIFE),
            ))?;
            Ok(stale)
        })
        .await?;
    for (id,) in stale {
        house.keys.shred(c, id, "draft", now).await?;
        super::pictures::forget_files(house, c, id).await;
    }
    Ok(secret)
}

/// The draft of a link; `None` when there is none (any more).
pub async fn open(
    house: &House,
    c: Community,
    secret: &str,
) -> Result<Option<Draft>, MembershipError> {
    let link = house.keys.digest(LINK, secret.as_bytes());
    let row: Option<(Id, Vec<u8>)> = house
        .db
        .optional(store::draft(c, &link, house.now()))
        .await?;
    let Some((id, body)) = row else {
        return Ok(None);
    };
    let ring = house.keys.ring(c, &[id]).await?;
    let Some(body) = ring.open(id, BODY, &body)? else {
        return Ok(None);
    };
    let answers: Answers = serde_json::from_str(&body)
        .map_err(|e| DbError::Shape(format!("a draft's answers: {e}")))?;
    Ok(Some(Draft { id, answers, ring }))
}

/// Keeps the answers.
pub async fn save(house: &House, c: Community, draft: &Draft) -> Result<(), MembershipError> {
    let body = seal(house, &draft.ring, draft.id, &draft.answers)?;
    let (id, now) = (draft.id, house.now());
    house
        .db
        .keep::<_, MembershipError, _>(Chore::Staging, c, move |r| {
            r.execute(store::save_draft(c, id, body, now, now.plus(DRAFT_LIFE)))?;
            Ok(())
        })
        .await
}

fn seal(
    house: &House,
    ring: &Keyring,
    id: Id,
    answers: &Answers,
) -> Result<Vec<u8>, MembershipError> {
    let body = serde_json::to_string(answers).expect("answers are plain data");
    Ok(house.keys.seal(ring, id, BODY, body.as_bytes())?)
}

/// Looks whether the roster vouches for what was said so far, to leave out screens.
pub async fn look(
    house: &House,
    c: Community,
    answers: &mut Answers,
) -> Result<(), MembershipError> {
    answers.vouched = false;
    let (Some(room), Some(relation)) = (answers.room, answers.relation) else {
        return Ok(());
    };
    if answers.looks >= LOOKS_MAX || !relation.owns() {
        return Ok(());
    }
    answers.looks += 1;
    let asked = format!("{c}/{room}");
    match throttle::enter(house, Count::RoomLook(&asked)).await {
        Ok(()) => {}
        // Asked too often about this room: a proof will do as well.
        Err(Held::Until(_)) => return Ok(()),
        Err(Held::Database(e)) => return Err(e.into()),
    }
    let said = roster_side::Said {
        room,
        name: &answers.name,
        phone: &answers.phone,
        document: None,
        relation,
    };
    let found = roster_side::claim(house, c, said).await?;
    let facts = Facts {
        room_known: true,
        name: found.name,
        phone: found.phone,
        document: Match::NotGiven,
        relation_on_roster: found.relation,
        former: found.former,
        ..Facts::default()
    };
    answers.vouched = checks::roster_vouches(&facts, relation);
    if answers.vouched {
        throttle::forget(house, Count::RoomLook(&asked)).await?;
    }
    Ok(())
}

/// Who may apply here, for the screen of relations.
pub async fn admitted(house: &House, c: Community) -> Result<Vec<Relation>, DbError> {
    let (_, policy): (i64, Policy) = policy_of(house, c).await?;
    Ok(Relation::ALL
        .into_iter()
        .filter(|r| policy.admits(*r))
        .collect())
}
