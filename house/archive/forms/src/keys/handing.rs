//! A home changes hands and its keys stay with the office: given back by the former tenure and
//! left by the next, in one write, so that each tenure's register tells its own story.

use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

use super::{HeldKey, KeyState, next_code};
use crate::store::keys as store;
use crate::{FormsError, events, fill, sealing};

/// Hands kept keys of a former tenure on to the next; how many. What was handed on before is
/// left alone, so that whoever follows may ask twice. `to` is who owns from now on, `name` who
/// at the desk did the transfer that decided so.
pub async fn hand_on(
    house: &House,
    by: &Actor,
    keys: &[Id],
    next: Id,
    to: &str,
    name: &str,
) -> Result<usize, FormsError> {
    let c = by.community;
    let head = fill::head(house, c, next).await?;
    let mut done = 0;
    for id in keys {
        let found: Option<HeldKey> = house.db.optional(store::key(c, *id)).await?;
        let Some(old) = found.filter(|k| k.state == KeyState::Kept && k.dossier != next) else {
            continue;
        };
        let given = sealing::seal(house, c, old.dossier, sealing::GIVEN, &to.to_owned()).await?;
        let brought = sealing::seal(house, c, next, sealing::BROUGHT, &to.to_owned()).await?;
        let year = house.now().date().year().rem_euclid(100);
        let mut new = HeldKey {
            id: house.id(),
            dossier: next,
            room: head.room,
            code: String::new(),
            what: old.what.clone(),
            state: KeyState::Kept,
            brought_by: brought,
            by_agent: false,
            deposited_at: house.now(),
            deposit_name: name.to_owned(),
            given_to: String::new(),
            given_at: None,
            given_name: String::new(),
            version: 1,
            room_code: head.code.clone(),
            number: head.number.clone(),
        };
        let (from, name) = (old.dossier, name.to_owned());
        let moved = house
            .write(c, &by.who(), move |mut tx| {
                let now = tx.now();
                if tx.execute(store::give_back(c, old.id, &given, &name, now))? == 0 {
                    return Err(FormsError::Changed);
                }
                new.code = next_code(&mut tx, c, i64::from(year))?;
                if tx.execute(store::insert(c, &new))? == 0 {
                    return Err(FormsError::CodeTaken);
                }
                let event = Event::new(events::KEY_HANDED_ON)
                    .about("held_key", new.id)
                    .to(Audience::Staff)
                    .with("former", old.id)
                    .with("dossier", new.dossier)
                    .with("from", from);
                Ok(tx.record(event, ())?)
            })
            .await;
        match moved {
            Ok(()) => done += 1,
            // Lent or taken away meanwhile: the register says so.
            Err(FormsError::Changed) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}
