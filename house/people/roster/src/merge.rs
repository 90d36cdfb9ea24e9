//! Two records of one party become one: the relations, phones and documents of both are
//! kept, and the record given up says into which it went.

use hanzi::numbers::Phone;

use super::change::{bits, by_hand, remember, run};
use super::people::{open_documents, open_phones, party};
use super::rows::{self, DocumentInsert, PhoneInsert};
use super::store::writes::{self, History};
use super::{RosterError, Tie, contact, events};
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Merges `gone` into `keep`.
///
/// # Errors
/// [`RosterError::NotTwo`] when they are one, of two kinds, or one was merged already.
pub async fn merge_parties(
    house: &House,
    by: &Actor,
    c: Community,
    keep: Id,
    gone: Id,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    let (kept, given) = (party(house, c, keep).await?, party(house, c, gone).await?);
    if keep == gone
        || kept.organisation != given.organisation
        || kept.merged_into.is_some()
        || given.merged_into.is_some()
    {
        return Err(RosterError::NotTwo);
    }
    let bits = bits(house, c).await?;
    let ring = house.keys.ring(c, &[keep]).await?;
    if !ring.has(keep) {
        return Err(RosterError::Erased);
    }
    // Sealed anew under the key of the record that stays.
    let phones = open_phones(house, c, &[keep, gone]).await?;
    let same = |a: &str, b: &str| match (Phone::parse(a), Phone::parse(b)) {
        (Ok(a), Ok(b)) => a.e164() == b.e164(),
        _ => a == b,
    };
    let has_main = phones.iter().any(|p| p.party == keep && p.main);
    let mut new_phones = Vec::new();
    for phone in phones.iter().filter(|p| p.party == gone) {
        if phones
            .iter()
            .any(|k| k.party == keep && same(&k.number, &phone.number))
        {
            continue;
        }
        let (blind_phone, blind_tail) = contact::blind_phone(house, c, bits, &phone.number);
        new_phones.push(PhoneInsert {
            party: keep,
            id: phone.id,
            sealed: house
                .keys
                .seal(&ring, keep, contact::PHONE, phone.number.as_bytes())?,
            blind_phone,
            blind_tail,
            main: !has_main && new_phones.is_empty(),
        });
    }
    let documents = open_documents(house, c, &[keep, gone]).await?;
    let mut new_documents = Vec::new();
    for (_, kind, number) in documents.iter().filter(|d| d.0 == gone) {
        if documents.iter().any(|d| d.0 == keep && d.2 == *number) {
            continue;
        }
        new_documents.push(DocumentInsert {
            party: keep,
            id: house.id(),
            kind: kind.clone(),
            sealed: house
                .keys
                .seal(&ring, keep, contact::DOCUMENT, number.as_bytes())?,
            blind: contact::blind_document(house, c, bits, number),
        });
    }
    let origin = by_hand(house, c);
    let mut asks = rows::phones(&origin, new_phones);
    asks.extend(rows::documents(&origin, new_documents));
    let line = History {
        id: house.id(),
        what: "party",
        subject: keep,
        field: "merged",
        was: Some(gone.to_string().into_bytes()),
        became: Some(keep.to_string().into_bytes()),
    };
    asks.push(remember(c, house.now(), by, line));
    let versions = [(keep, kept.version), (gone, given.version)];
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            for (id, version) in versions {
                let same = tx.execute(writes::touch_unmerged(c, id, version))?;
                if same == 0 {
                    return Err(RosterError::Changed);
                }
            }
            let now = tx.now();
            let held: Vec<(Id, Id, Tie, Id)> = tx.all(writes::relations_of_both(c, keep, gone))?;
            for (id, room, kind, _) in held.iter().filter(|r| r.3 == gone) {
                let double = held
                    .iter()
                    .any(|(_, r, k, p)| *p == keep && r == room && k.class() == kind.class());
                if double {
                    tx.execute(writes::end_double(c, *id, now))?;
                }
            }
            run(&mut tx, writes::move_all(c, gone, keep, now))?;
            run(&mut tx, asks)?;
            let event = Event::new(events::MERGED)
                .about("party", keep)
                .to(Audience::Staff)
                .with("gone", gone);
            Ok(tx.record(event, ())?)
        })
        .await
}
