//! A viewing as it stands, and as the table sees it.

use dossiers::Kinds;
use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Row};
use foundation::house::House;
use foundation::ids::Id;
use serde::{Deserialize, Serialize};

use crate::ViewingError;
use crate::scope::{Modes, Purpose, Scope, Way};
use crate::states::{Grant, State};

/// The column that a viewing's own words are sealed for.
const TEXTS: &str = "viewing_texts";

/// What is said in people's own words; it lies sealed under a key of the viewing's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    pub reason: String,
    /// Who looks, where it is no colleague: a judge's clerk, an officer, the owner's agent.
    pub visitor: String,
    /// Which paper of identity was seen at registration, and its last signs.
    pub identity: String,
    /// Why it was refused or revoked.
    pub why: String,
    /// What the review of an emergency found.
    pub review: String,
    /// The order by which the owner is not told.
    pub order: String,
    /// Why what was covered is to be covered anew.
    pub cover: String,
}

/// A viewing; its own words are opened by [`open_texts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewing {
    pub id: Id,
    pub year: i64,
    pub nth: i64,
    pub state: State,
    pub way: Way,
    pub purpose: Purpose,
    pub texts: String,
    pub rooms: i64,
    pub codes: String,
    pub asked: Scope,
    pub granted: Scope,
    pub asker: Id,
    pub asker_as: Id,
    pub asker_name: String,
    pub asked_at: Moment,
    pub approver: Option<Id>,
    pub approver_as: Option<Id>,
    pub approver_name: String,
    pub deputed: bool,
    pub approved_at: Option<Moment>,
    pub second_as: Option<Id>,
    pub second_name: String,
    pub registrar: Option<Id>,
    pub registrar_as: Option<Id>,
    pub registrar_name: String,
    pub register_year: Option<i64>,
    pub register_nth: Option<i64>,
    pub registered_at: Option<Moment>,
    pub tapped_name: String,
    pub tapped: bool,
    pub witness_as: Option<Id>,
    pub witness_name: String,
    pub until_at: Option<Moment>,
    pub from_at: Option<Moment>,
    pub began_at: Option<Moment>,
    pub ends_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub frozen: bool,
    pub reviewer_name: String,
    pub reviewed_at: Option<Moment>,
    pub answer_at: Option<Moment>,
    pub pages: i64,
    pub copies: i64,
    pub tell_at: Option<Moment>,
    pub told_at: Option<Moment>,
    pub withheld: bool,
    /// Who handed the covered pages of an own file over, whether as the only specialist, and who
    /// let them go.
    pub covered_as: Option<Id>,
    pub covered_name: String,
    pub covered_at: Option<Moment>,
    pub cover_alone: bool,
    pub released_as: Option<Id>,
    pub released_name: String,
    pub released_at: Option<Moment>,
    pub version: i64,
}

/// The columns of [`Viewing`], in its order.
pub(crate) const COLUMNS: &str = "id, year, nth, state, way, purpose, texts, rooms, codes, \
     asked_kinds, asked_modes, asked_window, granted_kinds, granted_modes, granted_window, \
     asker, asker_as, asker_name, asked_at, approver, approver_as, approver_name, deputed, \
     approved_at, second_as, second_name, registrar, registrar_as, registrar_name, \
     register_year, register_nth, registered_at, tapped_name, tapped, witness_as, witness_name, \
     until_at, from_at, began_at, ends_at, ended_at, frozen, reviewer_name, reviewed_at, \
     answer_at, pages, copies, tell_at, told_at, withheld, covered_as, covered_name, \
     covered_at, cover_alone, released_as, released_name, released_at, version";

fn scope(row: &mut Row) -> Result<Scope, DbError> {
    Ok(Scope {
        kinds: row.next::<Kinds>()?,
        modes: row.next::<Modes>()?,
        window: row.next()?,
    })
}

impl FromRow for Viewing {
    fn from_row(row: &mut Row) -> Result<Viewing, DbError> {
        Ok(Viewing {
            id: row.next()?,
            year: row.next()?,
            nth: row.next()?,
            state: row.next()?,
            way: row.next()?,
            purpose: row.next()?,
            texts: row.next()?,
            rooms: row.next()?,
            codes: row.next()?,
            asked: scope(row)?,
            granted: scope(row)?,
            asker: row.next()?,
            asker_as: row.next()?,
            asker_name: row.next()?,
            asked_at: row.next()?,
            approver: row.next()?,
            approver_as: row.next()?,
            approver_name: row.next()?,
            deputed: row.next()?,
            approved_at: row.next()?,
            second_as: row.next()?,
            second_name: row.next()?,
            registrar: row.next()?,
            registrar_as: row.next()?,
            registrar_name: row.next()?,
            register_year: row.next()?,
            register_nth: row.next()?,
            registered_at: row.next()?,
            tapped_name: row.next()?,
            tapped: row.next()?,
            witness_as: row.next()?,
            witness_name: row.next()?,
            until_at: row.next()?,
            from_at: row.next()?,
            began_at: row.next()?,
            ends_at: row.next()?,
            ended_at: row.next()?,
            frozen: row.next()?,
            reviewer_name: row.next()?,
            reviewed_at: row.next()?,
            answer_at: row.next()?,
            pages: row.next()?,
            copies: row.next()?,
            tell_at: row.next()?,
            told_at: row.next()?,
            withheld: row.next()?,
            covered_as: row.next()?,
            covered_name: row.next()?,
            covered_at: row.next()?,
            cover_alone: row.next()?,
            released_as: row.next()?,
            released_name: row.next()?,
            released_at: row.next()?,
            version: row.next()?,
        })
    }
}

impl Viewing {
    /// Its own number: `CY-2026-0007`.
    pub fn number(&self) -> String {
        format!("CY-{}-{:04}", self.year, self.nth)
    }

    /// Its number in the register, once it stands there.
    pub fn register_number(&self) -> Option<String> {
        let (year, nth) = self.register_year.zip(self.register_nth)?;
        Some(format!("{year}-{nth:04}"))
    }

    /// As the table sees it.
    pub fn grant(&self) -> Grant<Id> {
        Grant {
            state: self.state,
            way: self.way,
            rooms: usize::try_from(self.rooms).unwrap_or(usize::MAX),
            asked: self.asked,
            granted: self.granted,
            asker: self.asker_as,
            approver: self.approver_as,
            second: self.second_as,
            registrar: self.registrar_as,
            tapped: self.tapped,
            witness: self.witness_as,
            covered: self.covered_as,
            cover_alone: self.cover_alone,
            released: self.released_as,
            until: self.until_at,
            from: self.from_at,
            began: self.began_at,
            ends: self.ends_at,
            frozen: self.frozen,
        }
    }

    /// Takes over what an act made of it.
    pub fn becomes(&mut self, g: &Grant<Id>) {
        self.state = g.state;
        self.granted = g.granted;
        self.approver_as = g.approver;
        self.second_as = g.second;
        self.registrar_as = g.registrar;
        self.tapped = g.tapped;
        self.witness_as = g.witness;
        self.covered_as = g.covered;
        self.cover_alone = g.cover_alone;
        self.released_as = g.released;
        self.until_at = g.until;
        self.began_at = g.began;
        self.ends_at = g.ends;
        self.frozen = g.frozen;
    }

    /// Whether its window is open now.
    pub fn is_open(&self, now: Moment) -> bool {
        self.state.shows() && self.ends_at.is_some_and(|ends| now < ends)
    }
}

/// Seals what was said.
pub(crate) async fn seal_texts(
    house: &House,
    c: Community,
    id: Id,
    texts: &Texts,
) -> Result<String, ViewingError> {
    let text = serde_json::to_string(texts).map_err(|e| DbError::Shape(e.to_string()))?;
    Ok(house.keys.seal_words(c, id, TEXTS, &text).await?)
}

/// What was said, with more of it, sealed again.
pub(crate) async fn also_said(
    house: &House,
    c: Community,
    v: &Viewing,
    say: impl FnOnce(&mut Texts),
) -> Result<String, ViewingError> {
    let mut texts = open_texts(house, c, v).await?;
    say(&mut texts);
    seal_texts(house, c, v.id, &texts).await
}

/// Opens what was said; empty where the key was destroyed.
pub async fn open_texts(house: &House, c: Community, v: &Viewing) -> Result<Texts, ViewingError> {
    let text = house.keys.open_words(c, v.id, TEXTS, &v.texts).await?;
    if text.is_empty() {
        return Ok(Texts::default());
    }
    serde_json::from_str(&text).map_err(|e| DbError::Shape(format!("a sealed text: {e}")).into())
}

/// Opens what was said in many, with one question to the key store.
pub async fn open_all(
    house: &House,
    c: Community,
    all: &[Viewing],
) -> Result<Vec<Texts>, ViewingError> {
    let ids: Vec<Id> = all.iter().map(|v| v.id).collect();
    let ring = house.keys.ring(c, &ids).await?;
    let open = |v: &Viewing| {
        let text = ring.open_text(v.id, TEXTS, &v.texts)?;
        if text.is_empty() {
            return Ok(Texts::default());
        }
        serde_json::from_str(&text)
            .map_err(|e| ViewingError::from(DbError::Shape(format!("a sealed text: {e}"))))
    };
    all.iter().map(open).collect()
}
