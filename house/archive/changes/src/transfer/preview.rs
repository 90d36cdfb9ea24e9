//! What a transfer stands on and what it will do, before it does it.

use fees::Fen;
use forms::keys::{HeldKey, KeyState};
use foundation::house::House;
use foundation::ids::Id;
use hanzi::numbers::Phone;
use permissions::Permission;
use permissions::actor::Actor;
use roster::{Alike, PersonHere};

use super::{Draft, GROUNDS, Stage, Transfer};
use crate::ChangesError;

/// A document of the dossier that may show the new ownership.
pub struct Paper {
    pub id: Id,
    pub label: String,
    pub title: String,
}

/// How a home stands on the day: who is there, what is owed, which keys lie with the office.
pub struct Facts {
    pub owners: Vec<PersonHere>,
    /// Tenants and family.
    pub residents: Vec<PersonHere>,
    pub vehicles: Vec<(Id, String)>,
    /// Kept or lent.
    pub keys: Vec<HeldKey>,
    /// Open amounts by item, due or not.
    pub owed: Vec<(String, Fen)>,
    pub credit: Fen,
    pub papers: Vec<Paper>,
    pub number: String,
    pub tenure: i64,
}

impl Facts {
    pub fn owed_in_all(&self) -> Fen {
        Fen(self.owed.iter().map(|(_, fen)| fen.0).sum())
    }
}

/// The facts of a room.
pub async fn facts(house: &House, by: &Actor, t: &Transfer) -> Result<Facts, ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let mut people = roster::people_of_room(house, c, t.room).await?;
    people.retain(|p| p.relation.stands);
    let (owners, residents) = people.into_iter().partition(|p| p.relation.kind.owns());
    let account = fees::account(house, by, t.room).await?;
    let mut owed: Vec<(String, Fen)> = Vec::new();
    for bill in account.bills.iter().filter(|b| b.is_open()) {
        match owed.iter_mut().find(|(name, _)| *name == bill.item_name) {
            Some((_, sum)) => sum.0 += bill.owed.0,
            None => owed.push((bill.item_name.clone(), bill.owed)),
        }
    }
    let mut keys = forms::keys::of_dossier(house, by, t.dossier).await?;
    keys.retain(|k| matches!(k.state, KeyState::Kept | KeyState::Lent));
    let dossier = dossiers::sealing::dossier(house, c, t.dossier).await?;
    let papers = match dossiers::listing::inside(house, by, t.dossier).await {
        Ok(inside) => inside.documents,
        // After the tenure was sealed its papers are nobody's to see.
        Err(dossiers::ArchiveError::Sealed) => Vec::new(),
        Err(e) => return Err(e.into()),
    };
    let papers = papers
        .iter()
        .filter(|d| matches!(d.state, dossiers::State::Received | dossiers::State::Filed))
        .map(|d| Paper {
            id: d.id,
            label: d.label(),
            title: d.title.clone(),
        })
        .collect();
    Ok(Facts {
        owners,
        residents,
        vehicles: roster::vehicles_of(house, c, t.room).await?,
        keys,
        owed,
        credit: account.credit,
        papers,
        number: dossier.number,
        tenure: dossier.tenure,
    })
}

/// The steps of a transfer, as keys.
pub const STEPS: [&str; 5] = ["owners", "evidence", "fees", "keys", "people"];

/// Something that is still to be said: of which step, and what, as keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub step: &'static str,
    pub what: &'static str,
}

/// What is still open; `alike` are those on the roster who have each new owner's name.
pub fn open(house: &House, draft: &Draft, facts: &Facts, alike: &[Vec<Alike>]) -> Vec<Open> {
    let mut out = Vec::new();
    let mut miss = |step, what| out.push(Open { step, what });
    let today = house.now().date();
    match draft.day.parse::<jiff::civil::Date>() {
        Ok(day) if day <= today => {}
        _ => miss("owners", "day"),
    }
    if !GROUNDS.contains(&draft.ground.as_str()) {
        miss("owners", "ground");
    }
    let new: Vec<_> = draft.owners.iter().filter(|o| !o.is_empty()).collect();
    if new.is_empty() && !draft.continues() {
        miss("owners", "owner");
    }
    let here = |party: Option<Id>| facts.owners.iter().any(|o| Some(o.party) == party);
    let stays = draft.stay.iter().filter(|s| s.party.is_some());
    if new.is_empty() && stays.clone().count() == facts.owners.len() {
        miss("owners", "same");
    }
    if stays.clone().any(|s| !here(s.party)) {
        miss("owners", "stay");
    }
    let mut whole = Vec::new();
    let typed = stays.map(|s| &s.share).chain(new.iter().map(|o| &o.share));
    for share in typed.filter(|s| !s.trim().is_empty()) {
        match roster::share(share) {
            Some(share) => whole.push(share),
            None => miss("owners", "share"),
        }
    }
    if !within_one(&whole) {
        miss("owners", "shares");
    }
    for (owner, alike) in new.iter().zip(alike) {
        let is_theirs = |id: Id| alike.iter().any(|a| a.party == id);
        if owner.known.is_none_or(|id| !is_theirs(id)) && !owner.another && !alike.is_empty() {
            miss("owners", "who");
        }
        if owner.known.is_some() {
            continue;
        }
        if !owner.phone.is_empty() && Phone::parse(&owner.phone).is_err() {
            miss("owners", "phone");
        }
        if owner.organisation && owner.representative.trim().is_empty() {
            miss("owners", "representative");
        }
        if !owner.organisation && owner.is_minor(today) && owner.guardian.trim().is_empty() {
            miss("owners", "guardian");
        }
    }
    if draft.contract.trim().is_empty() && draft.papers.is_empty() {
        miss("evidence", "contract");
    }
    if draft.certificate.trim().is_empty() && draft.papers.is_empty() {
        miss("evidence", "certificate");
    }
    if facts.owed_in_all().0 > 0 && !matches!(draft.payer.as_str(), "former" | "new") {
        miss("fees", "payer");
    }
    if facts.credit.0 > 0 && !matches!(draft.credit.as_str(), "carried" | "returned") {
        miss("fees", "credit");
    }
    if draft.continues() {
        return out;
    }
    for key in &facts.keys {
        match key.state {
            KeyState::Lent => miss("keys", "lent"),
            _ if draft
                .keys
                .get(key.id.as_str())
                .is_none_or(|k| k != "handed_on") =>
            {
                miss("keys", "kept");
            }
            _ => {}
        }
    }
    out.dedup();
    out
}

/// Whether parts of a whole add up to one at most; joint ownership counts nothing.
fn within_one(shares: &[(i64, i64)]) -> bool {
    let (mut part, mut whole) = (0i128, 1i128);
    for (p, w) in shares.iter().filter(|(_, w)| *w > 0) {
        part = part * i128::from(*w) + i128::from(*p) * whole;
        whole *= i128::from(*w);
    }
    part <= whole
}

/// A transfer as it would happen now.
pub struct Preview {
    pub transfer: Transfer,
    pub draft: Draft,
    pub facts: Facts,
    /// Of each new owner, who has the name on the roster.
    pub alike: Vec<Vec<Alike>>,
    pub open: Vec<Open>,
}

impl Preview {
    /// Owners whose ownership ends and who do not stay.
    pub fn leaving(&self) -> impl Iterator<Item = &PersonHere> {
        let stays = |p: &PersonHere| self.draft.stay.iter().any(|s| s.party == Some(p.party));
        self.facts.owners.iter().filter(move |p| !stays(p))
    }

    /// Tenants and family who stay.
    pub fn remaining(&self) -> impl Iterator<Item = &PersonHere> {
        let ends = |p: &PersonHere| self.draft.ends.contains(&p.relation.id);
        self.facts.residents.iter().filter(move |p| !ends(p))
    }
}

/// Looks at a transfer as a whole.
pub async fn preview(house: &House, by: &Actor, id: Id) -> Result<Preview, ChangesError> {
    let (transfer, draft) = super::one(house, by, id).await?;
    let facts = facts(house, by, &transfer).await?;
    let mut alike = Vec::new();
    if transfer.stage == Stage::Draft {
        for owner in draft.owners.iter().filter(|o| !o.is_empty()) {
            alike.push(roster::alike(house, by, &owner.name).await?);
        }
    }
    let open = if transfer.stage == Stage::Draft {
        open(house, &draft, &facts, &alike)
    } else {
        Vec::new()
    };
    Ok(Preview {
        transfer,
        draft,
        facts,
        alike,
        open,
    })
}
