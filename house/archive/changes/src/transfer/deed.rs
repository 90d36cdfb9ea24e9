//! A transfer is done in one write: owners, residents, vehicles and the deed stand or fall
//! together. Dossiers, memberships and keys follow the ledger; what a crash cuts off, they
//! finish. On its own day the manager takes it back, where nothing followed.

use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;
use roster::Source;
use serde::{Deserialize, Serialize};

use super::{Stage, preview};
use crate::store::transfers;
use crate::{ChangesError, events};

/// What a transfer did, as ids: for taking it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Did {
    pub owners: Vec<Id>,
    pub former: Vec<Id>,
    /// Ownerships that ended.
    pub relations: Vec<Id>,
    /// Other relations that ended.
    pub ends: Vec<Id>,
    pub vehicles: Vec<Id>,
    pub keys: Vec<Id>,
    /// Made with the deed: ids sort by time, so what has a later one came after it.
    pub mark: Option<Id>,
}

/// Does it, as it stands in the draft of `version`.
///
/// # Errors
/// [`ChangesError::Missing`] with the keys of what is still open; [`ChangesError::Changed`] when
/// the draft or the home changed since it was looked at.
pub async fn complete(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), ChangesError> {
    by.may(Permission::RosterWrite)?;
    let c = by.community;
    let account = by.account.ok_or(ChangesError::NotFound)?;
    let seen = preview::preview(house, by, id).await?;
    let t = &seen.transfer;
    if t.stage != Stage::Draft || t.version != version {
        return Err(ChangesError::Changed);
    }
    if !seen.open.is_empty() {
        return Err(ChangesError::Missing(
            seen.open.iter().map(|o| o.what).collect(),
        ));
    }
    let (room, dossier) = (t.room, t.dossier);
    let draft = seen.draft;
    let owners = draft.owners();
    let prepared = roster::prepare_transfer(house, by, c, room, &owners, &draft.day).await?;
    let name = accounts::name_of(house, account).await?;
    let former_pays = draft.payer == "former" && seen.facts.owed_in_all().0 > 0;
    let owed = seen.facts.owed_in_all().0;
    let continues = draft.continues();
    let standing = |ids: &[Id], here: Vec<Id>| -> Vec<Id> {
        ids.iter().copied().filter(|id| here.contains(id)).collect()
    };
    let ends = standing(
        &draft.ends,
        seen.facts.residents.iter().map(|p| p.relation.id).collect(),
    );
    let vehicles = standing(
        &draft.vehicles,
        seen.facts.vehicles.iter().map(|(id, _)| *id).collect(),
    );
    let keys: Vec<Id> = if continues {
        Vec::new()
    } else {
        seen.facts.keys.iter().map(|k| k.id).collect()
    };
    let mark = house.id();
    let expected: Vec<Id> = seen.facts.owners.iter().map(|p| p.party).collect();
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let now = tx.now();
            let (did, event) = prepared.write_in(&mut tx, Source::Transfer)?;
            // Others than those who were seen would lose their home unseen.
            if did.former.len() != expected.len()
                || did.former.iter().any(|p| !expected.contains(p))
            {
                return Err(ChangesError::Changed);
            }
            tx.also(event)?;
            for relation in &ends {
                let event = roster::end_relation_in(
                    &mut tx,
                    *relation,
                    &draft.day,
                    "transfer",
                    Source::Transfer,
                )?;
                tx.also(event)?;
            }
            for vehicle in &vehicles {
                let event = roster::end_vehicle_in(&mut tx, *vehicle, Source::Transfer)?;
                tx.also(event)?;
            }
            let kept = Did {
                owners: did.owners.clone(),
                former: did.former.clone(),
                relations: did.relations,
                ends,
                vehicles,
                keys,
                mark: Some(mark),
            };
            let text = serde_json::to_string(&kept)
                .map_err(|e| foundation::database::DbError::Shape(e.to_string()))?;
            let put =
                transfers::complete(c, (id, version), &text, former_pays, (account, &name), now);
            if tx.execute(put)? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::TRANSFER_DONE)
                .about("transfer", id)
                .to(Audience::Staff)
                .with("room", room)
                .with("dossier", dossier)
                .with("former", did.former)
                .with("owners", did.owners)
                .with("continues", continues)
                .with("owed_fen", owed)
                .with("former_pays", former_pays)
                .with("ended", kept.ends.len() as i64)
                .with("vehicles", kept.vehicles.len() as i64)
                .with("keys", kept.keys.len() as i64);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// What followed a transfer and keeps it from being taken back, as keys.
pub async fn followed(
    house: &House,
    by: &Actor,
    id: Id,
) -> Result<Vec<&'static str>, ChangesError> {
    let (t, _) = super::one(house, by, id).await?;
    let mut out = Vec::new();
    let c = by.community;
    if let Some(next) = t.next.filter(|next| *next != t.dossier) {
        let d = dossiers::sealing::dossier(house, c, next).await?;
        if d.documents > 0 || d.waiting > 0 {
            out.push("documents");
        }
        if !forms::listing::of_dossier(house, by, next)
            .await?
            .is_empty()
        {
            out.push("forms");
        }
        let keys = forms::keys::of_dossier(house, by, next).await?;
        if !keys.is_empty() {
            out.push("keys");
        }
    }
    if dossiers::sealing::dossier(house, c, t.dossier).await?.life == dossiers::Life::Sealed {
        out.push("sealed");
    }
    let account = fees::account(house, by, t.room).await?;
    let did: Did = serde_json::from_str(&t.did).unwrap_or_default();
    let after = |id: Id| did.mark.is_some_and(|mark| id > mark);
    if account.payments.iter().any(|p| !p.is_void() && after(p.id)) {
        out.push("payments");
    }
    Ok(out)
}

/// Takes a transfer back on its day: the manager's act, where nothing followed.
///
/// # Errors
/// [`ChangesError::DayPast`]; [`ChangesError::Followed`] with what followed.
pub async fn undo(house: &House, by: &Actor, id: Id, version: i64) -> Result<(), ChangesError> {
    by.may(Permission::TransferUndo)?;
    let c = by.community;
    // Which tenure it began must be known, or that one would stand beside the former.
    super::settle::settle(house, c).await?;
    let (t, _) = super::one(house, by, id).await?;
    if t.stage != Stage::Done || t.version != version {
        return Err(ChangesError::Changed);
    }
    let today = house.now().date();
    if t.done_at.is_none_or(|at| at.date() != today) {
        return Err(ChangesError::DayPast);
    }
    let followed = followed(house, by, id).await?;
    if !followed.is_empty() {
        return Err(ChangesError::Followed(followed));
    }
    let did: Did = serde_json::from_str(&t.did)
        .map_err(|e| foundation::database::DbError::Shape(e.to_string()))?;
    let next = t.next.filter(|next| *next != t.dossier);
    let (by, lines) = (
        by.clone(),
        (0..did.ends.len() + did.vehicles.len())
            .map(|_| house.id())
            .collect::<Vec<_>>(),
    );
    let who = by.who_for(Permission::TransferUndo);
    house
        .write(c, &who, move |mut tx| {
            use roster::tracking::{Undoing, undo_in};
            let now = tx.now();
            let event = roster::untransfer_in(&mut tx, t.room, &did.owners, &did.relations)?;
            tx.also(event)?;
            let ends = did.ends.iter().map(|id| Undoing::Ended(*id));
            let vehicles = did.vehicles.iter().map(|id| Undoing::TakenOff(*id));
            for (undoing, line) in ends.chain(vehicles).zip(lines) {
                undo_in(&mut tx, &by, line, &undoing)?;
            }
            let event = dossiers::sealing::reopen_in(&mut tx, t.dossier, next)?;
            tx.also(event)?;
            let put = transfers::turn(c, id, version, Stage::Done, Stage::Undone, now);
            if tx.execute(put)? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::TRANSFER_UNDONE)
                .about("transfer", id)
                .to(Audience::Staff)
                .with("room", t.room);
            Ok(tx.record(event, ())?)
        })
        .await
}
