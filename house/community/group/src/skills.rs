//! 鄰里能手: what a neighbour offers to be asked about. Shown because they said yes, as the
//! group shows them, without a phone; gone when they take it back or move away.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

use conduct::judge::{self, Said, Verdict};
use conduct::state::Visible;
use hanzi::fold::simplified;
use membership::directory;

use crate::byline::byline;
use crate::message::MessageState;
use crate::speak::cleaned;
use crate::store::sharing as store;
use crate::{Count, GroupError, channels, events};

pub const SKILL_CHARS_MIN: usize = 2;
pub const SKILL_CHARS_MAX: usize = 20;
pub const NOTE_CHARS_MAX: usize = 200;
/// Skills of one neighbour.
pub const OF_ONE_MAX: i64 = 5;
/// Skills of one compound.
pub const ALL_MAX: i64 = 1_000;

/// What a neighbour offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    pub id: Id,
    pub account: Id,
    pub byline: String,
    pub skill: String,
    pub note: String,
    /// Shown, held until a person let it pass, or hidden as a breach.
    pub state: MessageState,
    pub consented_at: Moment,
}

impl FromRow for Skill {
    fn from_row(row: &mut Row) -> Result<Skill, DbError> {
        Ok(Skill {
            id: row.next()?,
            account: row.next()?,
            byline: row.next()?,
            skill: row.next()?,
            note: row.next()?,
            state: MessageState::from_word(&row.next::<String>()?),
            consented_at: row.next()?,
        })
    }
}

/// What neighbours offer, by skill; `words` leaves those in whose skill, note or name all
/// of them occur, in either script. One's own that is not shown yet stands among them.
pub async fn list(house: &House, by: &Actor, words: &str) -> Result<Vec<Skill>, GroupError> {
    by.may(Permission::GroupRead)?;
    channels::entered(house, by).await?;
    let asked = store::skills(by.community, by.account, ALL_MAX);
    let mut found: Vec<Skill> = house.db.all(asked).await?;
    let folded = |text: &str| simplified(text).to_lowercase();
    let words = folded(words);
    found.retain(|s| {
        let all = folded(&format!("{} {} {}", s.skill, s.note, s.byline));
        words.split_whitespace().all(|w| all.contains(w))
    });
    Ok(found)
}

/// Offers a skill.
///
/// # Errors
/// [`GroupError::Consent`] without a yes, [`GroupError::Skill`] for what is too long,
/// [`GroupError::NoVoter`] for whoever is no member, [`GroupError::Blocked`] when the
/// rules do not let it out.
pub async fn offer(
    house: &House,
    by: &Actor,
    skill: &str,
    note: &str,
    consent: bool,
) -> Result<Skill, GroupError> {
    by.may(Permission::GroupSpeak)?;
    channels::entered(house, by).await?;
    let account = by.account.ok_or(GroupError::NotFound)?;
    if by.is_staff() {
        return Err(GroupError::NoVoter);
    }
    let (skill, note) = (cleaned(skill).replace('\n', " "), cleaned(note));
    if !(SKILL_CHARS_MIN..=SKILL_CHARS_MAX).contains(&skill.chars().count())
        || note.chars().count() > NOTE_CHARS_MAX
    {
        return Err(GroupError::Skill);
    }
    if !consent {
        return Err(GroupError::Consent);
    }
    let c = by.community;
    if let Some(silence) = conduct::speech::silence(house, c, account).await? {
        return Err(GroupError::Silenced {
            until: silence.until,
        });
    }
    let (byline, author) = byline(house, by).await?;
    let id = house.id();
    let said = Said {
        kind: "skill",
        source: id.to_string(),
        text: format!("{skill}\n{note}"),
        author,
        person: by.person,
        ..Said::default()
    };
    let judgement = judge::judge(house, c, &said).await?;
    if judgement.verdict == Verdict::Block {
        return Err(GroupError::Blocked(judgement.found));
    }
    let held = judgement.verdict == Verdict::Hold;
    house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            let Count(own) = tx.one(store::count_skills_of(c, account))?;
            let Count(all) = tx.one(store::count_skills(c))?;
            if own >= OF_ONE_MAX || all >= ALL_MAX {
                return Err(GroupError::TooManySkills);
            }
            let one = Skill {
                id,
                account,
                byline: byline.name,
                skill,
                note,
                state: if held {
                    MessageState::Held
                } else {
                    MessageState::Shown
                },
                consented_at: tx.now(),
            };
            tx.execute(store::insert_skill(c, &one))?;
            judge::open_in(&mut tx, judgement)?;
            let event = Event::new(events::SKILL_OFFERED)
                .about("skill", id)
                .to(Audience::Account(account))
                .with("state", one.state.word());
            Ok(tx.record(event, one)?)
        })
        .await
}

/// Takes one's own back; nothing of it is kept.
pub async fn withdraw(house: &House, by: &Actor, id: Id) -> Result<(), GroupError> {
    by.may(Permission::GroupSpeak)?;
    let account = by.account.ok_or(GroupError::NotFound)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::GroupSpeak), move |mut tx| {
            if tx.execute(store::delete_skill(c, id, account))? == 0 {
                return Err(GroupError::NotFound);
            }
            let event = Event::new(events::SKILL_ENDED)
                .about("skill", id)
                .to(Audience::Account(account))
                .with("why", "own");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Whoever is no member any more offers nothing.
pub(crate) async fn left(house: &House, c: Community, account: Id) -> Result<(), GroupError> {
    let Count(own) = house.db.one(store::count_skills_of(c, account)).await?;
    if own == 0 || directory::active(house, c, account).await?.is_some() {
        return Ok(());
    }
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            if tx.execute(store::delete_skills_of(c, account))? == 0 {
                return Err(GroupError::Changed);
            }
            let event = Event::new(events::SKILL_ENDED)
                .about("account", account)
                .to(Audience::Account(account))
                .with("why", "left");
            Ok(tx.record(event, ())?)
        })
        .await;
    match done {
        Err(GroupError::Changed) => Ok(()),
        other => other,
    }
}

/// Sets a skill to what its case says of it.
pub(crate) async fn look(
    house: &House,
    c: Community,
    id: Id,
    visible: Visible,
) -> Result<bool, GroupError> {
    let state = match visible {
        Visible::Shown => MessageState::Shown,
        Visible::Held => MessageState::Held,
        Visible::Hidden => MessageState::Hidden,
    };
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            if tx.execute(store::set_skill(c, id, state))? == 0 {
                return Err(GroupError::Changed);
            }
            let event = Event::new(events::SKILL_SET)
                .about("skill", id)
                .to(Audience::Staff)
                .with("state", state.word());
            Ok(tx.record(event, true)?)
        })
        .await;
    match done {
        Err(GroupError::Changed) => Ok(false),
        other => other,
    }
}
