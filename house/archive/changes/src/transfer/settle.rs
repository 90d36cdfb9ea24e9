//! What a transfer began gets its dossier from the follower of the roster; then the keys that
//! were handed on are in the next tenure's register. Safe to do twice.

use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use super::Transfer;
use super::deed::Did;
use crate::store::transfers;
use crate::{ChangesError, events};

/// Settles the transfers whose next tenure has its dossier by now; how many.
pub async fn settle(house: &House, c: Community) -> Result<usize, ChangesError> {
    let waiting: Vec<Transfer> = house.db.all(transfers::unsettled(c)).await?;
    let by = Actor::system(c);
    let mut done = 0;
    for t in waiting {
        let did: Did = serde_json::from_str(&t.did)
            .map_err(|e| foundation::database::DbError::Shape(e.to_string()))?;
        let tenures = dossiers::sealing::tenures(house, c, t.room).await?;
        let mut next = None;
        for d in tenures.iter().filter(|d| d.life == dossiers::Life::Open) {
            let theirs = dossiers::sealing::owners(house, c, d.id).await?;
            if did.owners.iter().all(|p| theirs.contains(p)) {
                next = Some(d.id);
            }
        }
        let Some(next) = next else { continue };
        if next != t.dossier && !did.keys.is_empty() {
            let names = roster::tracking::parties(house, c, &did.owners).await?;
            let main = names.iter().find(|p| Some(&p.id) == did.owners.first());
            let to = main.map_or(String::new(), |p| p.name.clone());
            forms::keys::hand_on(house, &by, &did.keys, next, &to, &t.done_name).await?;
        }
        done += usize::from(settled(house, c, t.id, t.dossier, next).await?);
    }
    Ok(done)
}

async fn settled(
    house: &House,
    c: Community,
    id: Id,
    dossier: Id,
    next: Id,
) -> Result<bool, ChangesError> {
    let written = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            if tx.execute(transfers::settle(c, id, next))? == 0 {
                return Err(ChangesError::Changed);
            }
            let event = Event::new(events::TRANSFER_SETTLED)
                .about("transfer", id)
                .to(Audience::Staff)
                .with("dossier", dossier)
                .with("next", next);
            Ok(tx.record(event, ())?)
        })
        .await;
    match written {
        Ok(()) => Ok(true),
        // Taken back meanwhile.
        Err(ChangesError::Changed) => Ok(false),
        Err(e) => Err(e),
    }
}
