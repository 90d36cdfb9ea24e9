//! A question and what it gets.

use answers::risk::{self, Danger};
use answers::{Band, Candidate, Scratch};
use foundation::clock::{DAY, Moment};
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event, Who};
use hanzi::room::RoomCode;
use membership::{Relation, members};
use permissions::Permission;
use permissions::actor::Actor;

use crate::base::{self, Head, Ready};
use crate::entry::{Body, Entry, Live, Whom, filled};
use crate::hand;
use crate::{AssistantError, QUESTION_CHARS_MAX, events, store};

/// What a question's text is sealed for.
pub(crate) const TEXT: &str = "assistant_question.text";
/// As many of one's own questions are shown.
pub const OWN_SHOWN: i64 = 20;
/// Candidates that are offered where more than one may be meant.
pub const CHOICES: usize = 3;
/// A question that nobody answered counts as the beginning of what follows for so long.
const ONE_TALK_MS: i64 = DAY;

/// A question as it is kept; the text sealed.
#[derive(Clone, Debug)]
pub struct Question {
    pub id: Id,
    pub account: Id,
    pub whose: Id,
    pub text: String,
    /// `answer`, `clarify`, `refuse`, `danger`, `handed` (people have the word) or `raised` (said in
    /// the group and taken up).
    pub band: String,
    pub entry: String,
    pub open: bool,
    pub down: bool,
    pub waiting_since: Option<Moment>,
    pub met_at: Option<Moment>,
    pub at: Moment,
    /// The number of the ticket that it became, or empty.
    pub ticket: String,
    /// The message of the group that asked it, or empty.
    pub message: String,
}

impl Question {
    /// People have the word: their asker gave it to them. A ticket that danger opened by itself
    /// takes it from nobody.
    #[must_use]
    pub fn is_handed(&self) -> bool {
        self.waits() && self.band != "danger"
    }

    /// Somebody waits for a person.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waiting_since.is_some() && self.met_at.is_none()
    }
}

impl FromRow for Question {
    fn from_row(row: &mut Row) -> Result<Question, DbError> {
        Ok(Question {
            id: row.next()?,
            account: row.next()?,
            whose: row.next()?,
            text: row.next()?,
            band: row.next()?,
            entry: row.next()?,
            open: row.next()?,
            down: row.next()?,
            waiting_since: row.next()?,
            met_at: row.next()?,
            at: row.next()?,
            ticket: row.next()?,
            message: row.next()?,
        })
    }
}

/// An answer as it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: Id,
    pub title: String,
    /// Markdown, its places filled.
    pub answer: String,
    pub live: Live,
    /// Of danger: told in its own words only.
    pub risk: bool,
    pub source: crate::entry::Source,
    pub source_ref: String,
    /// Since when somebody stands by it.
    pub confirmed_at: Option<Moment>,
}

/// What a question gets, worked out from the base as it is now.
#[derive(Clone, Debug)]
pub enum Said {
    /// Words of danger: the card; the answer beside it where an entry has one.
    Danger(Danger, Option<Shown>),
    Answer(Shown),
    /// The nearest three; which one is for the asker to say.
    Clarify(Vec<(Id, String)>),
    Refuse,
}

/// For whom an answer is looked for: answers for others are not theirs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asker {
    pub owner: bool,
    pub tenant: bool,
    /// The buildings of their homes, as room codes write them.
    pub buildings: Vec<RoomCode>,
}

impl Asker {
    async fn of(house: &House, by: &Actor) -> Result<Asker, AssistantError> {
        let account = by.account.ok_or(AssistantError::NotFound)?;
        let here = members::of_account(house, by.community, account).await?;
        let tenant = |r: Relation| r == Relation::Tenant;
        Ok(Asker {
            owner: here.iter().any(|m| !tenant(m.relation)),
            tenant: here.iter().any(|m| tenant(m.relation)),
            buildings: here
                .iter()
                .filter_map(|m| RoomCode::parse(&m.room_code).ok()?.only_building())
                .collect(),
        })
    }

    pub(crate) fn may(&self, body: &Body, today: &str) -> bool {
        let meant = match body.whom {
            Whom::All => true,
            Whom::Owner => self.owner,
            Whom::Tenant => self.tenant,
        };
        let lives = |place: &String| self.buildings.iter().any(|b| stands_in(b, place));
        let here = body.buildings.is_empty() || body.buildings.iter().any(lives);
        let now = (body.valid_from.is_empty() || body.valid_from.as_str() <= today)
            && (body.valid_to.is_empty() || body.valid_to.as_str() >= today);
        meant && here && now
    }
}

/// Whether a building is, or stands in, the place that the office named: a building (3棟,
/// 二期3棟) or a phase (二期).
fn stands_in(building: &RoomCode, place: &str) -> bool {
    let named = |text: &str| RoomCode::parse(text).ok()?.only_building();
    match named(place) {
        Some(one) => one.normal() == building.normal(),
        // A phase alone is no code; a building of it says how codes write it.
        None => named(&format!("{place}1棟")).is_some_and(|one| {
            let phase = phase(&one);
            phase.is_some() && phase == self::phase(building)
        }),
    }
}

fn phase(building: &RoomCode) -> Option<String> {
    let whole = building.normal();
    let (phase, _) = whole.split_once('期')?;
    Some(phase.to_owned())
}

fn shown(entry: &Entry, body: &Body, head: &Head) -> Shown {
    Shown {
        id: entry.id,
        title: body.title.clone(),
        answer: filled(&body.answer, &head.fills),
        live: body.live,
        risk: body.risk,
        source: body.source,
        source_ref: body.source_ref.clone(),
        confirmed_at: entry.confirmed_at,
    }
}

/// What the base says to a text, for whoever asks.
pub async fn say(house: &House, by: &Actor, text: &str) -> Result<Said, AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let asker = Asker::of(house, by).await?;
    say_to(house, by.community, &asker, text).await
}

pub(crate) async fn say_to(
    house: &House,
    c: Community,
    asker: &Asker,
    text: &str,
) -> Result<Said, AssistantError> {
    let ready = base::ready(house, c).await?;
    let head = base::head(house, c).await?;
    let today = house.now().date().to_string();
    let may = |place: u32| {
        let there = ready.entry(place);
        there.is_some_and(|(_, body)| asker.may(body, &today))
    };
    let reply = ready.base().ask_within(text, may, &mut Scratch::default());
    let first = reply.best.first().and_then(|c| ready.entry(c.topic));
    if let Some(danger) = risk::danger(text) {
        // Where no word tells of danger but the sentence as a whole, it may be an ordinary
        // question: whoever asked it gets its answer below the card.
        let ordinary = danger.words.is_empty() && reply.band == Band::Answer;
        // The nearest entry about some danger may be about another one than this.
        let risky = reply.band == Band::Answer;
        let card = first.filter(|(_, body)| (body.risk && risky) || ordinary);
        let card = card.map(|(entry, body)| shown(entry, body, &head));
        return Ok(Said::Danger(danger, card));
    }
    Ok(match (reply.band, first) {
        (Band::Answer, Some((entry, body))) => Said::Answer(shown(entry, body, &head)),
        (Band::Clarify, Some(_)) => Said::Clarify(near(&ready, &reply.best)),
        _ => Said::Refuse,
    })
}

fn near(ready: &Ready, best: &[Candidate]) -> Vec<(Id, String)> {
    let name = |c: &Candidate| {
        let (entry, body) = ready.entry(c.topic)?;
        Some((entry.id, body.title.clone()))
    };
    best.iter().take(CHOICES).filter_map(name).collect()
}

/// One entry, for whoever chose it.
pub async fn entry(house: &House, by: &Actor, id: Id) -> Result<Option<Shown>, AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let asker = Asker::of(house, by).await?;
    let ready = base::ready(house, by.community).await?;
    let head = base::head(house, by.community).await?;
    let today = house.now().date().to_string();
    let there = ready.of(id).filter(|(_, body)| asker.may(body, &today));
    Ok(there.map(|(entry, body)| shown(entry, body, &head)))
}

/// Asks: the question is kept, sealed, and what it gets is worked out. While a person has the
/// word the assistant is silent; words of danger are heard all the same.
pub async fn ask(house: &House, by: &Actor, text: &str) -> Result<Id, AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let text = text.trim();
    if !(1..=QUESTION_CHARS_MAX).contains(&text.chars().count()) {
        return Err(AssistantError::Question);
    }
    let account = by.account.ok_or(AssistantError::NotFound)?;
    settle(house, by).await?;
    let handed = own(house, by).await?.iter().any(|(q, _)| q.is_handed());
    let said = say(house, by, text).await?;
    let from = From {
        account,
        whose: by.person.unwrap_or(account),
        message: None,
    };
    let who = by.who_for(Permission::AssistantAsk);
    let kept = keep(house, by.community, &who, &from, text, &said, handed).await?;
    if kept.waits() {
        hand::give(house, by.community, who, kept.id).await?;
    }
    Ok(kept.id)
}

/// Whose tickets are over waits for nobody any more: the assistant may speak again.
pub async fn settle(house: &House, by: &Actor) -> Result<(), AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let account = by.account.ok_or(AssistantError::NotFound)?;
    let c = by.community;
    let mut waits: Vec<Question> = house
        .db
        .all(store::of_account(c, account, OWN_SHOWN))
        .await?;
    waits.retain(|q| q.waits() && !q.ticket.is_empty());
    let (false, Some(desk)) = (waits.is_empty(), hand::desk(house)) else {
        return Ok(());
    };
    let Ok(tickets) = desk.mine(house, by).await else {
        // Nothing is known: people keep the word.
        return Ok(());
    };
    waits.retain(|q| tickets.iter().any(|t| t.over && t.number == q.ticket));
    if waits.is_empty() {
        return Ok(());
    }
    house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let count = waits.len() as i64;
            for mut q in waits {
                q.met_at = Some(now);
                q.open = false;
                tx.execute(store::set_question(c, &q))?;
            }
            let event = Event::new(events::WORKED_OFF)
                .to(Audience::Staff)
                .with("count", count)
                .with("how", "ticket");
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Who asked, and where.
pub(crate) struct From {
    pub account: Id,
    /// Whose key seals what was asked.
    pub whose: Id,
    pub message: Option<Id>,
}

/// Keeps a question with what it got. One that is happening danger waits for people at once.
pub(crate) async fn keep(
    house: &House,
    c: Community,
    who: &Who,
    from: &From,
    text: &str,
    said: &Said,
    handed: bool,
) -> Result<Question, AssistantError> {
    let (band, entry, urgent) = match said {
        Said::Danger(d, card) => ("danger", card.as_ref().map(|s| s.id), d.happening),
        _ if handed => ("handed", None, false),
        Said::Answer(s) => ("answer", Some(s.id), false),
        Said::Clarify(_) => ("clarify", None, false),
        Said::Refuse => ("refuse", None, false),
    };
    let sealed = house.keys.seal_words(c, from.whose, TEXT, text).await?;
    let now = house.now();
    let question = Question {
        id: house.id(),
        account: from.account,
        whose: from.whose,
        text: sealed,
        band: band.to_owned(),
        entry: entry.map_or(String::new(), |id| id.to_string()),
        open: matches!(band, "clarify" | "refuse" | "handed") || urgent,
        down: false,
        // What is said after a hand-over belongs to what waits already.
        waiting_since: urgent.then_some(now),
        met_at: None,
        at: now,
        ticket: String::new(),
        message: from.message.map_or(String::new(), |id| id.to_string()),
    };
    let kept = question.clone();
    let account = from.account;
    house
        .write(c, who, move |mut tx| {
            if tx.execute(store::insert_question(c, &question))? == 0 {
                // This message was heard before.
                return Err(AssistantError::Changed);
            }
            if urgent {
                hand::soon(&mut tx, question.id, now)?;
            }
            let event = Event::new(events::ASKED)
                .about("question", question.id)
                .to(Audience::Account(account))
                .with("band", band)
                .with_some("answer", entry);
            Ok(tx.record(event, ())?)
        })
        .await?;
    Ok(kept)
}

/// One's own questions with their words, the newest first.
pub async fn own(house: &House, by: &Actor) -> Result<Vec<(Question, String)>, AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let account = by.account.ok_or(AssistantError::NotFound)?;
    let c = by.community;
    let found: Vec<Question> = house
        .db
        .all(store::of_account(c, account, OWN_SHOWN))
        .await?;
    opened(house, by, found).await
}

pub(crate) async fn opened(
    house: &House,
    by: &Actor,
    found: Vec<Question>,
) -> Result<Vec<(Question, String)>, AssistantError> {
    let c = by.community;
    let mut whose: Vec<Id> = found.iter().map(|q| q.whose).collect();
    whose.sort_unstable();
    whose.dedup();
    let ring = house.keys.ring(c, &whose).await?;
    let mut out = Vec::with_capacity(found.len());
    for question in found {
        let text = ring.open_text(question.whose, TEXT, &question.text);
        let text = text.map_err(foundation::keys::KeyError::from)?;
        out.push((question, text));
    }
    Ok(out)
}

/// What the asker does with what they got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// One of the three is meant.
    Choose(Id),
    /// The answer is none.
    Down,
    /// A person is to answer.
    Hand,
    /// No person needs to any more, before one took it.
    Back,
}

/// Chooses, votes down or hands over. The clock of a hand-over runs from the first question
/// of the talk that got no answer.
pub async fn then(house: &House, by: &Actor, id: Id, act: Then) -> Result<(), AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let own = own(house, by).await?;
    let mine = own.iter().map(|(q, _)| q).find(|q| q.id == id);
    let mine = mine.ok_or(AssistantError::NotFound)?;
    if let Then::Choose(chosen) = act {
        entry(house, by, chosen)
            .await?
            .ok_or(AssistantError::NotFound)?;
    }
    let since = own
        .iter()
        .map(|(q, _)| q)
        .filter(|q| q.open && q.met_at.is_none() && q.at.0 > mine.at.0 - ONE_TALK_MS)
        .map(|q| q.at)
        .fold(mine.at, std::cmp::min);
    let (c, account) = (by.community, mine.account);
    house
        .write(c, &by.who_for(Permission::AssistantAsk), move |mut tx| {
            let found: Option<Question> = tx.optional(store::question(c, id))?;
            let mut q = found
                .filter(|q| q.account == account)
                .ok_or(AssistantError::NotFound)?;
            let (kind, word) = match act {
                Then::Choose(chosen) => {
                    q.entry = chosen.to_string();
                    q.open = false;
                    (events::ASKED, "chosen")
                }
                Then::Down => {
                    q.down = true;
                    q.open = true;
                    (events::DOWN_VOTED, "down")
                }
                Then::Back if !q.waits() || !q.ticket.is_empty() => {
                    return Err(AssistantError::Changed);
                }
                Then::Back => {
                    q.waiting_since = None;
                    q.open = matches!(q.band.as_str(), "clarify" | "refuse") || q.down;
                    (events::HANDED_OVER, "back")
                }
                Then::Hand if q.waits() => return Err(AssistantError::Changed),
                Then::Hand => {
                    q.waiting_since = Some(since);
                    q.met_at = None;
                    q.open = true;
                    let now = tx.now();
                    hand::soon(&mut tx, id, now)?;
                    (events::HANDED_OVER, "handed")
                }
            };
            tx.execute(store::set_question(c, &q))?;
            let event = Event::new(kind)
                .about("question", id)
                .to(Audience::Account(account))
                .with("act", word);
            Ok::<_, AssistantError>(tx.record(event, ())?)
        })
        .await?;
    if act == Then::Hand {
        let who = by.who_for(Permission::AssistantAsk);
        hand::give(house, c, who, id).await?;
    }
    Ok(())
}
