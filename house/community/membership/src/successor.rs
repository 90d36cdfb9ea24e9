//! Who owns a home by a transfer: the office saw the papers and did the act, so an application
//! is ready and approved, and another person than who did the transfer issues its invitation.
//! A transfer that is taken back takes back what it had made ready.

use hanzi::name::name_key;
use hanzi::numbers::Phone;

use super::checks;
use super::draft::Answers;
use super::policy::policy_of;
use super::state::{Event as Step, Guard, State, next};
use super::store::{self, Application, Change, NewApplication};
use super::{MembershipError, Relation, apply, events, jobs, widths};
use foundation::database::{Community, Look};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::actor::Actor;

/// What names an application of a transfer, where others have the digest of a link: nobody
/// holds a secret of this purpose.
const PURPOSE: &str = "membership.transfer";

/// Makes ready what the owner of a room needs to join, once for each `event` of the ledger.
/// Whoever cannot be reached by phone, is a company, or is a member with this home already
/// gets nothing: they apply themselves.
pub(super) async fn prepare(
    house: &House,
    c: Community,
    event: i64,
    by: Option<Id>,
    room: Id,
    party: Id,
) -> Result<bool, MembershipError> {
    let name = format!("{event} {room} {party}");
    let link = house.keys.digest(PURPOSE, name.as_bytes());
    let there: Option<Application> = house
        .db
        .optional(store::application_by_link(c, &link))
        .await?;
    let found = roster::tracking::parties(house, c, &[party]).await?;
    let person = found
        .into_iter()
        .find(|p| !p.organisation && p.state == roster::PartyState::Alive);
    let phones = roster::phones_of(house, c, party).await?;
    let number = phones.iter().find_map(|n| Phone::parse(n).ok());
    let at = roster::room(house, c, room).await?;
    let (Some(person), Some(phone), Some(at), None) = (person, number, at, there) else {
        return Ok(false);
    };
    let key = name_key(&person.name);
    let (standing,): (i64,) = house
        .db
        .one(store::standing(c, room, &key, Some(party)))
        .await?;
    if standing > 0 {
        return Ok(false);
    }
    let e164 = phone.e164();
    let (phone_bits, tail_bits) = widths(house, c).await?;
    let tail = phone.tail();
    let blind_phone = house.keys.blind(c, "application.phone", &e164, phone_bits);
    let blind_tail = house.keys.blind(c, "application.tail", tail, tail_bits);
    let answers = Answers {
        room_typed: at.at.code.clone(),
        room: Some(room),
        room_code: at.at.code.clone(),
        relation: Some(Relation::Owner),
        name: person.name.clone(),
        phone: e164.clone(),
        ..Answers::default()
    };
    let (id, keyed) = (house.id(), house.id());
    let (_, policy) = policy_of(house, c).await?;
    let gathered = apply::gather(house, c, id, &answers, blind_phone, &policy).await?;
    let found = checks::run(&gathered.facts, Relation::Owner);
    let advice = policy.advise(&found);
    let lasting = house.keys.make(c, &[keyed]).await?;
    let new = NewApplication {
        id,
        link: link.to_vec(),
        room_typed: answers.room_typed,
        room: answers.room,
        room_code: answers.room_code.clone(),
        relation: Relation::Owner,
        name: person.name,
        name_key: key.clone(),
        phone: house.keys.seal(&lasting, keyed, "phone", e164.as_bytes())?,
        blind_phone,
        blind_tail,
        document: None,
        note: String::new(),
        keyed,
        party: Some(party),
        checks: apply::to_json(&found),
        advice,
        again_of: None,
    };
    let code = answers.room_code;
    let written = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let there: Option<Application> = tx.optional(store::application_by_link(c, &link))?;
            let (same,): (i64,) = tx.one(store::doubles(c, id, &code, &key, blind_phone))?;
            if there.is_some() || same > 0 {
                // They applied by themselves, or a follower came before.
                return Err(MembershipError::AlreadyApplied);
            }
            tx.execute(store::insert_application(c, new, now))?;
            let change = Change {
                state: Some(next(State::Submitted, Step::Approve, Guard::PERSON)?),
                decided: true,
                decided_by: by,
                ..Change::default()
            };
            tx.execute(store::change_application(c, id, &change, now))?;
            let submitted = Event::new(events::SUBMITTED)
                .about("application", id)
                .to(Audience::Staff)
                .with("relation", Relation::Owner.word())
                .with("advice", advice.word())
                .with("room", room)
                .with("by_transfer", true);
            tx.also(submitted)?;
            let approved = Event::new(events::APPROVED)
                .about("application", id)
                .to(Audience::Staff)
                .with("by_transfer", true);
            Ok(tx.record(approved, true)?)
        })
        .await;
    match written {
        Err(MembershipError::AlreadyApplied) => Ok(false),
        other => other,
    }
}

/// The applications of a home by people who do not own it after all end, joined or not.
pub(super) async fn withdraw(
    house: &House,
    c: Community,
    room: Id,
    parties: &[Id],
) -> Result<(), MembershipError> {
    for party in parties {
        let open: Vec<(Id,)> = house
            .db
            .all(store::open_applications(c, room, *party))
            .await?;
        for (id,) in open {
            let out = house
                .write(c, &Actor::system(c).who(), move |mut tx| {
                    let now = tx.now();
                    let app: Application = tx.one(store::application(c, id))?;
                    let change = Change {
                        state: Some(next(app.state, Step::Withdraw, Guard::MACHINE)?),
                        ..Change::default()
                    };
                    tx.execute(store::end_invitations(c, id, "withdrawn", now))?;
                    jobs::plan_erasure(&mut tx, c, id)?;
                    tx.execute(store::change_application(c, id, &change, now))?;
                    let event = Event::new(events::WITHDRAWN)
                        .about("application", id)
                        .to(Audience::Staff)
                        .with("why", "transfer_undone");
                    Ok::<_, MembershipError>(tx.record(event, ())?)
                })
                .await;
            super::invite::settled(out)?;
        }
    }
    Ok(())
}
