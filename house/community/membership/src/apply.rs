//! The applicant's side: sending the application, answering what is asked, taking it
//! back, asking for another reviewer. Whoever holds the link is the applicant.

use hanzi::name::name_key;
use hanzi::numbers::{BirthDate, Phone, ResidentId};

use super::checks::{self, Check, Facts};
use super::draft::{self, Answers, LINK};
use super::pictures::{self, Have, PictureKind};
use super::policy::{Advice, Policy, policy_of};
use super::state::{Event as Step, Guard, State, next};
use super::store::{self, Application, Change, NewApplication};
use super::{MembershipError, WORDS_CHARS_MAX, events, invite, roster_side, widths};
use crate::texts::{self, TextName};
use foundation::clock::Moment;
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

/// What the applicant holds after sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub application: Id,
    pub state: State,
}

/// Sends a draft. Sending twice, from two tabs or after a lost answer, is once.
pub async fn submit(house: &House, by: &Actor, secret: &str) -> Result<Receipt, MembershipError> {
    let c = by.community;
    let Some(draft) = draft::open(house, c, secret).await? else {
        // Sent a moment ago from another tab?
        return receipt(house, c, secret).await;
    };
    let (id, ring, answers) = (draft.id, draft.ring, draft.answers);
    let have = Have::of(&pictures::list(house, c, id).await?);
    if let Some(step) = answers.lacks(have) {
        return Err(MembershipError::Missing(step.word()));
    }
    let relation = answers.relation.unwrap_or_default();
    let (_, policy) = policy_of(house, c).await?;
    if !policy.admits(relation) {
        return Err(MembershipError::NotAdmitted);
    }
    let phone = Phone::parse(&answers.phone).map_err(|_| MembershipError::Missing("phone"))?;
    let e164 = phone.e164();
    let (phone_bits, tail_bits) = widths(house, c).await?;
    let blind_phone = house.keys.blind(c, "application.phone", &e164, phone_bits);
    let blind_tail = house
        .keys
        .blind(c, "application.tail", phone.tail(), tail_bits);
    let key = name_key(&answers.name);
    let gathered = gather(house, c, id, &answers, blind_phone, &policy).await?;
    let found = checks::run(&gathered.facts, relation);
    let advice = policy.advise(&found);
    let room_code = if answers.room_code.is_empty() {
        answers.room_typed.clone()
    } else {
        answers.room_code.clone()
    };
    let document = match answers.document.as_str() {
        "" => None,
        text => {
            let text = ResidentId::parse(text).map_or(text.to_owned(), |d| d.as_str().to_owned());
            Some(house.keys.seal(&ring, id, "document", text.as_bytes())?)
        }
    };
    // What outlasts the pictures lies under a key of its own: theirs is destroyed with them.
    let keyed = house.id();
    let lasting = house.keys.make(c, &[keyed]).await?;
    let new = NewApplication {
        id,
        link: house.keys.digest(LINK, secret.as_bytes()).to_vec(),
        room_typed: answers.room_typed.clone(),
        room: answers.room,
        room_code: room_code.clone(),
        relation,
        name: answers.name.clone(),
        name_key: key.clone(),
        phone: house.keys.seal(&lasting, keyed, "phone", e164.as_bytes())?,
        blind_phone,
        blind_tail,
        document,
        note: house
            .keys
            .seal_text(&lasting, keyed, store::NOTE, &answers.note)?,
        keyed,
        party: gathered.party,
        checks: to_json(&found),
        advice,
        again_of: answers.again_of,
    };
    let seed = house.chance.token();
    let invitation = invite::Fresh::make(house, seed);
    let sent = house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let already: Option<Application> = tx.optional(store::application(c, id))?;
            if already.is_some() {
                // Sent from another tab a moment ago: nothing new happens.
                return Err(MembershipError::Changed);
            }
            let (left,): (i64,) = tx.one(store::draft_exists(c, id))?;
            if left == 0 {
                return Err(MembershipError::NotFound);
            }
            let (same,): (i64,) = tx.one(store::doubles(c, id, &room_code, &key, blind_phone))?;
            if same > 0 {
                return Err(MembershipError::AlreadyApplied);
            }
            let purposes = [
                (TextName::Privacy, answers.privacy),
                (TextName::Identity, answers.identity),
                (TextName::Archive, answers.archive),
            ];
            for (name, version) in purposes {
                if let Some(version) = version {
                    if texts::current_version(&mut tx, c, name)? != version {
                        return Err(MembershipError::OlderText);
                    }
                    tx.execute(store::insert_consent(c, id, name.word(), version, now))?;
                }
            }
            tx.execute(store::insert_application(c, new, now))?;
            tx.execute(store::drop_draft(c, id))?;
            let event = Event::new(events::SUBMITTED)
                .about("application", id)
                .to(Audience::Staff)
                .with("relation", relation.word())
                .with("advice", advice.word())
                .with_some("room", answers.room);
            if policy.alone && advice == Advice::Green {
                tx.also(event)?;
                let last = pass_alone(&mut tx, c, id, invitation, &policy)?;
                return Ok(tx.record(
                    last,
                    Receipt {
                        application: id,
                        state: State::Invited,
                    },
                )?);
            }
            Ok(tx.record(
                event,
                Receipt {
                    application: id,
                    state: State::Submitted,
                },
            )?)
        })
        .await;
    match sent {
        Err(MembershipError::Changed) => receipt(house, c, secret).await,
        other => other,
    }
}

/// What was answered when it was sent.
async fn receipt(house: &House, c: Community, secret: &str) -> Result<Receipt, MembershipError> {
    let sent = find(house, c, secret).await?;
    Ok(Receipt {
        application: sent.id,
        state: sent.state,
    })
}

/// The policy lets it through without a person: approved and invited by the house.
fn pass_alone(
    tx: &mut Tx<'_>,
    c: Community,
    id: Id,
    invitation: invite::Fresh,
    policy: &Policy,
) -> Result<Event, MembershipError> {
    let now = tx.now();
    let state = next(State::Submitted, Step::Approve, Guard::MACHINE)?;
    tx.execute(store::change_application(
        c,
        id,
        &Change {
            state: Some(state),
            decided: true,
            ..Change::default()
        },
        now,
    ))?;
    tx.also(
        Event::new(events::APPROVED)
            .about("application", id)
            .with("alone", true),
    )?;
    invite::put(tx, c, id, state, invitation, None, policy, Guard::MACHINE)
}

/// Checks as they are stored.
pub(super) fn to_json(checks: &[Check]) -> String {
    serde_json::to_string(checks).expect("checks are plain data")
}

/// The facts about an application and the party they point to.
pub(super) struct Gathered {
    pub facts: Facts,
    pub party: Option<Id>,
}

/// Asks the roster, the fees and this room's own rows about an application.
pub(super) async fn gather(
    house: &House,
    c: Community,
    id: Id,
    answers: &Answers,
    blind_phone: i64,
    policy: &Policy,
) -> Result<Gathered, MembershipError> {
    let mut facts = Facts {
        arrears_limit: policy.arrears_months,
        identity_well_formed: match answers.document.as_str() {
            "" => None,
            text => Some(well_formed(text, house.now())),
        },
        ..Facts::default()
    };
    let key = name_key(&answers.name);
    let mut party = None;
    if let Some(room) = answers.room {
        let document = Some(answers.document.as_str()).filter(|d| !d.is_empty());
        let said = roster_side::Said {
            room,
            name: &answers.name,
            phone: &answers.phone,
            document,
            relation: answers.relation.unwrap_or_default(),
        };
        let found = roster_side::claim(house, c, said).await?;
        facts.room_known = true;
        facts.name = found.name;
        facts.phone = found.phone;
        facts.document = found.document;
        facts.relation_on_roster = found.relation;
        facts.former = found.former;
        facts.phone_elsewhere = found.phone_elsewhere;
        party = found.party;
        let (months, plan) = roster_side::arrears(house, c, room).await?;
        facts.arrears_months = Some(months);
        facts.has_plan = plan;
        let (standing,): (i64,) = house.db.one(store::standing(c, room, &key, party)).await?;
        facts.memberships = u32::try_from(standing).unwrap_or(u32::MAX);
        let (until,): (Option<Moment>,) = house
            .db
            .one(store::removed_until(c, room, &key, party, house.now()))
            .await?;
        facts.removed_until = until.map(|m| m.0);
    }
    let e164 = Phone::parse(&answers.phone)
        .map(|p| p.e164())
        .unwrap_or_default();
    let drawer: Vec<(Id, Id, String, String, Vec<u8>)> =
        house.db.all(store::same_drawer(c, id, blind_phone)).await?;
    let keys: Vec<Id> = drawer.iter().map(|r| r.1).collect();
    if !keys.is_empty() {
        let ring = house.keys.ring(c, &keys).await?;
        for (_, keyed, state, room_code, sealed) in drawer {
            if ring.open(keyed, "phone", &sealed)?.as_deref() != Some(e164.as_str()) {
                continue;
            }
            let open = State::from_word(&state).is_some_and(State::is_open);
            let here = room_code == answers.room_code || room_code == answers.room_typed;
            if open && here {
                facts.open_applications += 1;
            } else if !here {
                facts.phone_elsewhere += 1;
            }
        }
    }
    Ok(Gathered { facts, party })
}

fn well_formed(text: &str, now: Moment) -> bool {
    let today = now.date();
    ResidentId::parse(text).is_ok_and(|d| {
        d.born_by(BirthDate {
            year: today.year() as u16,
            month: today.month() as u8,
            day: today.day() as u8,
        })
    })
}

/// The application of a status link.
pub async fn find(
    house: &House,
    c: Community,
    secret: &str,
) -> Result<Application, MembershipError> {
    let link = house.keys.digest(LINK, secret.as_bytes());
    let found = house
        .db
        .optional(store::application_by_link(c, &link))
        .await?;
    found.ok_or(MembershipError::NotFound)
}

/// What an applicant may do to their own application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Own {
    /// Sent what was asked for (words; pictures were added before).
    Answer(String),
    Withdraw,
    /// Asks for another reviewer after a refusal.
    Review(String),
}

/// Does one of them.
pub async fn act(
    house: &House,
    by: &Actor,
    secret: &str,
    own: Own,
) -> Result<State, MembershipError> {
    let c = by.community;
    let app = find(house, c, secret).await?;
    let id = app.id;
    // Answering brings the application up to date with the roster as it is now.
    let found = match &own {
        Own::Answer(_) | Own::Review(_) => Some(super::recheck::now(house, c, &app).await?),
        Own::Withdraw => None,
    };
    let words = match &own {
        Own::Answer(w) | Own::Review(w) => w.clone(),
        Own::Withdraw => String::new(),
    };
    if words.chars().count() > WORDS_CHARS_MAX {
        return Err(MembershipError::Missing("words"));
    }
    let sealed = house
        .keys
        .seal_words(c, app.keyed, store::WORDS, &words)
        .await?;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let app: Application = tx.one(store::application(c, id))?;
            let (step, kind) = match own {
                Own::Answer(_) => (Step::Answer, events::ANSWERED),
                Own::Withdraw => (Step::Withdraw, events::WITHDRAWN),
                Own::Review(_) => (Step::Review, events::REVIEW_ASKED),
            };
            let state = next(app.state, step, Guard::PERSON)?;
            let mut change = Change {
                state: Some(state),
                found: found.map(|f| (f.party, f.advice)),
                ..Change::default()
            };
            match own {
                Own::Answer(_) => change.words = Some(sealed),
                Own::Review(_) => {
                    change.words = Some(sealed);
                    change.not_by = app.decided_by;
                    change.released = true;
                }
                Own::Withdraw => {
                    tx.execute(store::end_invitations(c, id, "withdrawn", now))?;
                    super::jobs::plan_erasure(&mut tx, c, id)?;
                }
            }
            tx.execute(store::change_application(c, id, &change, now))?;
            let event = Event::new(kind)
                .about("application", id)
                .to(Audience::Staff);
            Ok::<_, MembershipError>(tx.record(event, state)?)
        })
        .await
}

/// Withdraws one consent; what rested on it is destroyed (PIPL 15, 47).
pub async fn withdraw_consent(
    house: &House,
    by: &Actor,
    secret: &str,
    purpose: TextName,
) -> Result<(), MembershipError> {
    let c = by.community;
    let id = find(house, c, secret).await?.id;
    let rested: Vec<Id> = match purpose {
        TextName::Identity => pictures::list(house, c, id)
            .await?
            .iter()
            .filter(|p| p.kind == PictureKind::Identity)
            .map(|p| p.id)
            .collect(),
        _ => Vec::new(),
    };
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::withdraw_consent(c, id, purpose.word(), now))? == 0 {
                return Err(MembershipError::NotFound);
            }
            if purpose == TextName::Identity {
                tx.execute(store::forget_document(c, id, now))?;
                let kind = PictureKind::Identity.word();
                tx.execute(store::erase_pictures_of_kind(c, id, kind, now))?;
            }
            let event = Event::new(events::CONSENT_WITHDRAWN)
                .about("application", id)
                .with("purpose", purpose.word());
            Ok(tx.record(event, ())?)
        })
        .await?;
    // From the rows first: nobody is shown what is about to go.
    pictures::forget(house, c, id, &rested).await;
    Ok(())
}

/// Agrees to the use of an identity document, where one is added after sending.
pub async fn consent_to_identity(
    house: &House,
    by: &Actor,
    secret: &str,
) -> Result<(), MembershipError> {
    let c = by.community;
    let id = find(house, c, secret).await?.id;
    house
        .write(c, &by.who(), move |mut tx| {
            let now = tx.now();
            let purpose = TextName::Identity;
            let version = texts::current_version(&mut tx, c, purpose)?;
            tx.execute(store::insert_consent(c, id, purpose.word(), version, now))?;
            let event = Event::new(events::CONSENT_GIVEN)
                .about("application", id)
                .with("purpose", purpose.word())
                .with("version", version);
            Ok::<_, MembershipError>(tx.record(event, ())?)
        })
        .await
}

/// A new draft that begins with what a refused or withdrawn application said.
pub async fn reapply(house: &House, c: Community, secret: &str) -> Result<String, MembershipError> {
    let app = find(house, c, secret).await?;
    if !matches!(app.state, State::Rejected | State::Withdrawn) {
        return Err(MembershipError::AlreadyApplied);
    }
    let (phone, _) = super::view::opened(house, c, &app).await?;
    let answers = Answers {
        room_typed: app.room_typed.clone(),
        room: app.room,
        room_code: app.room_code.clone(),
        relation: Some(app.relation),
        name: app.name.clone(),
        phone: phone.unwrap_or_default(),
        // The number is asked for anew: its consent was for the earlier application.
        document: String::new(),
        again_of: Some(app.id),
        ..Answers::default()
    };
    draft::begin(house, c, answers).await
}

/// The purposes agreed to, and whether the consent still stands.
pub async fn consents(
    house: &House,
    c: Community,
    id: Id,
) -> Result<Vec<(String, bool)>, MembershipError> {
    let rows: Vec<(String, i64, Moment, Option<Moment>)> =
        house.db.all(store::consents(c, id)).await?;
    Ok(rows
        .into_iter()
        .map(|(purpose, _, _, withdrawn)| (purpose, withdrawn.is_none()))
        .collect())
}
