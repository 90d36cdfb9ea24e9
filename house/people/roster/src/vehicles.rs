//! Vehicles of a room, registered and taken off by hand. One that has gone stays in the
//! history; its plate may come back with another household.

use super::change::{by_hand, keep_room, run};
use super::rows::{self, VehicleInsert};
use super::store::{self, writes};
use super::{RosterError, Source, events};
use foundation::database::{Community, Look, Tx};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// The most vehicles of one room that are shown; a garage of a company has fewer.
const VEHICLES_MAX: usize = 100;

/// Registers a vehicle with a room; the plate however typed (`粵B·12345`).
///
/// # Errors
/// [`RosterError::Plate`] when it is none, [`RosterError::PlateTaken`] when the room has it
/// already. The same plate in two rooms is no error: families share cars.
pub async fn add_vehicle(
    house: &House,
    by: &Actor,
    c: Community,
    room: Id,
    plate: &str,
) -> Result<Id, RosterError> {
    add_vehicle_from(house, by, c, room, plate, Source::Desk).await
}

/// As [`add_vehicle`], from elsewhere than the desk.
pub async fn add_vehicle_from(
    house: &House,
    by: &Actor,
    c: Community,
    room: Id,
    plate: &str,
    source: Source,
) -> Result<Id, RosterError> {
    by.may(Permission::RosterWrite)?;
    let plate = sheets::plate(plate).ok_or(RosterError::Plate)?;
    super::room(house, c, room)
        .await?
        .ok_or(RosterError::NoSuchRoom)?;
    let id = house.id();
    let row = VehicleInsert {
        id,
        room,
        party: None,
        plate: plate.clone(),
    };
    let asks = rows::vehicles(&by_hand(house, c), vec![row]);
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let here: Vec<(Id, String)> = tx.all(store::vehicles(c, room))?;
            if here.len() >= VEHICLES_MAX || here.iter().any(|(_, p)| *p == plate) {
                return Err(RosterError::PlateTaken);
            }
            run(&mut tx, asks)?;
            keep_room(&mut tx, c, room)?;
            let event = Event::new(events::ROOM_CHANGED)
                .about("room", room)
                .to(Audience::Staff)
                .with("field", "vehicle")
                .with("vehicle", id)
                .with("change", "registered")
                .with("source", source.word());
            Ok(tx.record(event, id)?)
        })
        .await
}

/// Takes a vehicle off: sold, moved away or mistyped.
pub async fn end_vehicle(
    house: &House,
    by: &Actor,
    c: Community,
    vehicle: Id,
) -> Result<(), RosterError> {
    end_vehicle_from(house, by, c, vehicle, Source::Desk).await
}

/// As [`end_vehicle`], from elsewhere than the desk.
pub async fn end_vehicle_from(
    house: &House,
    by: &Actor,
    c: Community,
    vehicle: Id,
    source: Source,
) -> Result<(), RosterError> {
    by.may(Permission::RosterWrite)?;
    house
        .write(c, &by.who_for(Permission::RosterWrite), move |mut tx| {
            let event = end_vehicle_in(&mut tx, vehicle, source)?;
            Ok(tx.record(event, ())?)
        })
        .await
}

/// As [`end_vehicle`] inside another room's write; the event is to be recorded with it.
pub fn end_vehicle_in(tx: &mut Tx<'_>, vehicle: Id, source: Source) -> Result<Event, RosterError> {
    let (c, now) = (tx.community(), tx.now());
    let (room, _): (Id, String) = tx
        .optional(store::vehicle(c, vehicle))?
        .ok_or(RosterError::NoSuchVehicle)?;
    if tx.execute(writes::end_vehicle(c, vehicle, now))? == 0 {
        return Err(RosterError::NoSuchVehicle);
    }
    Ok(Event::new(events::ROOM_CHANGED)
        .about("room", room)
        .to(Audience::Staff)
        .with("field", "vehicle")
        .with("vehicle", vehicle)
        .with("change", "taken_off")
        .with("source", source.word()))
}

/// The vehicles registered with a room: id and plate. Names no permission: the caller's
/// verb has asked for its own.
pub async fn vehicles_of(
    house: &House,
    c: Community,
    room: Id,
) -> Result<Vec<(Id, String)>, RosterError> {
    Ok(house.db.all(store::vehicles(c, room)).await?)
}
