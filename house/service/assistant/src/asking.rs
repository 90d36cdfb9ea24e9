//! A question and what it gets.

use answers::risk::{self, Danger};
use answers::{Band, Scratch};
use foundation::clock::{DAY, Moment};
use foundation::database::{DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use hanzi::room::RoomCode;
use membership::{Relation, members};
use permissions::Permission;
use permissions::actor::Actor;

use crate::base::{self, Ready};
use crate::entry::{Entry, Live, Whom, filled};
use crate::hand::{self, HandedOver};
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
    /// `answer`, `clarify`, `refuse`, `danger` or `handed` (people have the word).
    pub band: String,
    pub entry: String,
    pub open: bool,
    pub down: bool,
    pub waiting_since: Option<Moment>,
    pub met_at: Option<Moment>,
    pub at: Moment,
}

impl Question {
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

/// What the asker is here: answers for others are not theirs.
struct Asker {
    owner: bool,
    tenant: bool,
    buildings: Vec<String>,
}

impl Asker {
    async fn of(house: &House, by: &Actor) -> Result<Asker, AssistantError> {
        let account = by.account.ok_or(AssistantError::NotFound)?;
        let here = members::of_account(house, by.community, account).await?;
        let tenant = |r: Relation| r == Relation::Tenant;
        Ok(Asker {
            owner: here.iter().any(|m| !tenant(m.relation)),
            tenant: here.iter().any(|m| tenant(m.relation)),
            buildings: here.iter().filter_map(|m| building(&m.room_code)).collect(),
        })
    }

    fn may(&self, entry: &Entry, today: &str) -> bool {
        let body = &entry.body;
        let meant = match body.whom {
            Whom::All => true,
            Whom::Owner => self.owner,
            Whom::Tenant => self.tenant,
        };
        let here = body.buildings.is_empty()
            || body
                .buildings
                .iter()
                .any(|b| building(b).is_some_and(|b| self.buildings.contains(&b)));
        let now = (body.valid_from.is_empty() || body.valid_from.as_str() <= today)
            && (body.valid_to.is_empty() || body.valid_to.as_str() >= today);
        meant && here && now
    }
}

fn building(code: &str) -> Option<String> {
    let code = RoomCode::parse(code).ok()?;
    Some(code.only_building()?.normal())
}

fn shown(ready: &Ready, place: u32) -> Shown {
    let entry = &ready.entries[place as usize];
    Shown {
        id: entry.id,
        title: entry.body.title.clone(),
        answer: filled(&entry.body.answer, &ready.fills),
        live: entry.body.live,
        source: entry.body.source,
        source_ref: entry.body.source_ref.clone(),
        confirmed_at: entry.confirmed_at,
    }
}

/// What the base says to a text, for whoever asks.
pub async fn say(house: &House, by: &Actor, text: &str) -> Result<Said, AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let asker = Asker::of(house, by).await?;
    let ready = base::ready(house, by.community).await?;
    let today = house.now().date().to_string();
    let may = |place: u32| asker.may(&ready.entries[place as usize], &today);
    let reply = ready.base.ask_within(text, may, &mut Scratch::default());
    let first = reply.best.first().map(|c| c.topic);
    if let Some(danger) = risk::danger(text) {
        let card = first.filter(|&place| ready.entries[place as usize].body.risk);
        return Ok(Said::Danger(danger, card.map(|place| shown(&ready, place))));
    }
    Ok(match (reply.band, first) {
        (Band::Answer, Some(place)) => Said::Answer(shown(&ready, place)),
        (Band::Clarify, Some(_)) => {
            let name = |place: u32| {
                let entry = &ready.entries[place as usize];
                (entry.id, entry.body.title.clone())
            };
            Said::Clarify(
                reply
                    .best
                    .iter()
                    .take(CHOICES)
                    .map(|c| name(c.topic))
                    .collect(),
            )
        }
        _ => Said::Refuse,
    })
}

/// One entry, for whoever chose it.
pub async fn entry(house: &House, by: &Actor, id: Id) -> Result<Option<Shown>, AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let asker = Asker::of(house, by).await?;
    let ready = base::ready(house, by.community).await?;
    let today = house.now().date().to_string();
    let place = ready
        .entries
        .iter()
        .position(|e| e.id == id && asker.may(e, &today));
    Ok(place.map(|place| shown(&ready, place as u32)))
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
    let (c, whose) = (by.community, by.person.unwrap_or(account));
    let before = own(house, by).await?;
    let handed = before.iter().any(|(q, _)| q.waits());
    let said = say(house, by, text).await?;
    let (band, entry, urgent) = match &said {
        Said::Danger(d, card) => ("danger", card.as_ref().map(|s| s.id), d.happening),
        _ if handed => ("handed", None, false),
        Said::Answer(s) => ("answer", Some(s.id), false),
        Said::Clarify(_) => ("clarify", None, false),
        Said::Refuse => ("refuse", None, false),
    };
    let sealed = house.keys.seal_words(c, whose, TEXT, text).await?;
    let now = house.now();
    let question = Question {
        id: house.id(),
        account,
        whose,
        text: sealed,
        band: band.to_owned(),
        entry: entry.map_or(String::new(), |id| id.to_string()),
        open: matches!(band, "clarify" | "refuse" | "handed") || urgent,
        down: false,
        // What is said after a hand-over belongs to what waits already.
        waiting_since: urgent.then_some(now),
        met_at: None,
        at: now,
    };
    let id = question.id;
    house
        .write(c, &by.who_for(Permission::AssistantAsk), move |mut tx| {
            tx.execute(store::insert_question(c, &question))?;
            let event = Event::new(events::ASKED)
                .about("question", id)
                .to(Audience::Account(account))
                .with("band", band)
                .with_some("answer", entry);
            Ok::<_, AssistantError>(tx.record(event, ())?)
        })
        .await?;
    if urgent {
        give(house, by, text.to_owned(), true, now).await?;
    }
    Ok(id)
}

async fn give(
    house: &House,
    by: &Actor,
    text: String,
    urgent: bool,
    since: Moment,
) -> Result<(), AssistantError> {
    let Some(desk) = hand::desk(house) else {
        return Ok(());
    };
    let asked = HandedOver {
        person: by.person,
        text,
        urgent,
        since,
    };
    let who = by.who_for(Permission::AssistantAsk);
    let opened = desk.open(house, by.community, who, asked).await;
    opened.map(|_| ()).map_err(AssistantError::Desk)
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
}

/// Chooses, votes down or hands over. The clock of a hand-over runs from the first question
/// of the talk that got no answer.
pub async fn then(house: &House, by: &Actor, id: Id, act: Then) -> Result<(), AssistantError> {
    by.may(Permission::AssistantAsk)?;
    let own = own(house, by).await?;
    let (mine, text) = own
        .iter()
        .find(|(q, _)| q.id == id)
        .cloned()
        .ok_or(AssistantError::NotFound)?;
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
                Then::Hand if q.waits() => return Err(AssistantError::Changed),
                Then::Hand => {
                    q.waiting_since = Some(since);
                    q.open = true;
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
        give(house, by, text, false, since).await?;
    }
    Ok(())
}
