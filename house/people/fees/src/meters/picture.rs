//! The picture of a dial that comes with a reading: written anew, sealed under the meter's own
//! key, kept beside the database as every picture of the house is.

use std::path::PathBuf;

use super::store;
use crate::FeesError;
use foundation::database::Community;
use foundation::house::{House, write_durably};
use foundation::ids::Id;
use foundation::pictures::Picture;
use permissions::Permission;
use permissions::actor::Actor;

fn column(reading: Id) -> String {
    format!("fee.dial/{reading}")
}

fn place(house: &House, c: Community, meter: Id, reading: Id) -> PathBuf {
    let root = house.data_dir.join("meters").join(c.to_string());
    root.join(meter.to_string()).join(reading.to_string())
}

/// Keeps a picture durably, before its reading is.
pub(super) async fn keep(
    house: &House,
    c: Community,
    meter: Id,
    reading: Id,
    picture: &Picture,
) -> Result<(), FeesError> {
    let ring = house.keys.make(c, &[meter]).await?;
    let sealed = house
        .keys
        .seal(&ring, meter, &column(reading), &picture.jpeg)?;
    let path = place(house, c, meter, reading);
    let written = tokio::task::spawn_blocking(move || {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        write_durably(&path, &sealed)
    });
    let written = written
        .await
        .unwrap_or_else(|e| Err(std::io::Error::other(e)));
    written.map_err(FeesError::Disk)
}

/// A picture whose reading was refused is nobody's.
pub(super) async fn forget(house: &House, c: Community, meter: Id, reading: Id) {
    let _ = tokio::fs::remove_file(place(house, c, meter, reading)).await;
}

/// The picture of a reading, for the desk.
///
/// # Errors
/// [`FeesError::NoSuchReading`] where there is none.
pub async fn reading_picture(house: &House, by: &Actor, reading: Id) -> Result<Vec<u8>, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let found: Option<(Id, i64)> = house.db.optional(store::picture_of(c, reading)).await?;
    let meter = match found {
        Some((meter, 1..)) => meter,
        _ => return Err(FeesError::NoSuchReading),
    };
    let sealed = match tokio::fs::read(place(house, c, meter, reading)).await {
        Ok(sealed) => sealed,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(FeesError::NoSuchReading);
        }
        Err(e) => return Err(FeesError::Disk(e)),
    };
    let ring = house.keys.ring(c, &[meter]).await?;
    let open = ring
        .open_bytes(meter, &column(reading), &sealed)
        .map_err(foundation::keys::KeyError::from)?;
    Ok(open.ok_or(FeesError::NoSuchReading)?.to_vec())
}
