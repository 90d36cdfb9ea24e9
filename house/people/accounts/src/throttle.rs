//! Slowing down whoever guesses, without locking anybody out: failures are counted
//! for one name from one address, so that a guesser elsewhere does no harm, for an
//! address over all names, and for a name over all addresses with short waits. A browser
//! that signed in before has a count of its own and none of these.

use std::net::IpAddr;

use super::store;
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::database::{Chore, DbError, HOUSE, Look};
use foundation::house::House;

/// After so many tries one must wait so long (rauthy's ladder).
const LADDER: &[(i64, i64)] = &[
    (7, MINUTE),
    (10, 10 * MINUTE),
    (15, 15 * MINUTE),
    (20, HOUR),
    (25, DAY),
];
/// A whole compound may share one address (carrier-grade NAT), so an address may
/// fail far oftener than a name before it waits.
const ADDRESS_LADDER: &[(i64, i64)] = &[(60, MINUTE), (120, 15 * MINUTE), (400, HOUR)];
/// Guesses at one name from anywhere, by browsers that never signed in with it: a guesser
/// with many addresses gets 288 tries a day and no more. The longest wait is short, so that
/// the person whose name it is waits minutes on a new browser, and on a known one not at all.
const NAME_LADDER: &[(i64, i64)] = &[
    (20, MINUTE / 2),
    (30, MINUTE),
    (50, 2 * MINUTE),
    (100, 5 * MINUTE),
];
/// A household mistypes a few times; after that the roster is silent for a day and a
/// proof is asked for instead.
const ROOM_LADDER: &[(i64, i64)] = &[(6, DAY)];
/// Failures older than this are forgotten.
const FORGOTTEN: i64 = DAY;

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub enum Count<'a> {
    /// One sign-in name from one address.
    NameAt(&'a str, IpAddr),
    /// One sign-in name from wherever it is tried.
    Name(&'a str),
    /// One sign-in name from a browser that signed in with it before.
    KnownDevice(&'a str, &'a str),
    /// All names from one address.
    Address(IpAddr),
    /// Codes of a second factor: whoever gets there has the password already.
    SecondFactor(&'a str),
    /// Strangers asking whether the roster knows a name and phone of one room, from
    /// wherever they ask: else the form would be a way to try out phones.
    RoomLook(&'a str),
}

impl Count<'_> {
    fn digest(&self, house: &House) -> [u8; 32] {
        let text = match self {
            Count::NameAt(name, at) => format!("name\0{name}\0{}", network(*at)),
            Count::Name(name) => format!("anywhere\0{name}"),
            Count::KnownDevice(name, device) => format!("device\0{name}\0{device}"),
            Count::Address(at) => format!("address\0{}", network(*at)),
            Count::SecondFactor(account) => format!("second\0{account}"),
            Count::RoomLook(room) => format!("room\0{room}"),
        };
        house.keys.digest("throttle", text.as_bytes())
    }

    fn ladder(&self) -> &'static [(i64, i64)] {
        match self {
            Count::Address(_) => ADDRESS_LADDER,
            Count::Name(_) => NAME_LADDER,
            Count::RoomLook(_) => ROOM_LADDER,
            _ => LADDER,
        }
    }
}

/// An IPv6 subscriber has a /64 at least; its addresses count as one.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
            }
        },
        v4 => v4,
    }
}

/// Why a try is not looked at.
#[derive(Debug, thiserror::Error)]
pub enum Held {
    #[error("too many tries; wait")]
    Until(Moment),
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Counts a try before it is looked at, so that tries at the same time count too.
/// A try that turns out right is taken back with [`forget`].
///
/// # Errors
/// [`Held::Until`] when one must wait; the try is then not counted.
pub async fn enter(house: &House, count: Count<'_>) -> Result<(), Held> {
    let digest = count.digest(house).to_vec();
    let ladder = count.ladder();
    let now = house.now();
    house
        .db
        .keep(Chore::Throttle, HOUSE, move |r| {
            let row: Option<(i64, Moment, Moment)> = r.optional(store::throttle(digest.clone()))?;
            let (failures, last_at, until) = row.unwrap_or((0, now, Moment(0)));
            if until > now {
                return Err(Held::Until(until));
            }
            let failures = if last_at.plus(FORGOTTEN) < now {
                1
            } else {
                failures + 1
            };
            let wait = ladder
                .iter()
                .rev()
                .find(|(from, _)| failures >= *from)
                .map_or(0, |(_, wait)| *wait);
            // A rung is waited out once on reaching it and once for every try above.
            r.execute(store::set_throttle(digest, failures, now, now.plus(wait)))?;
            r.execute(store::delete_old_throttles(now.plus(-2 * FORGOTTEN)))?;
            Ok(())
        })
        .await
}

/// The try was right: its count begins anew.
pub async fn forget(house: &House, count: Count<'_>) -> Result<(), DbError> {
    let digest = count.digest(house).to_vec();
    // An address keeps its other failures; only this try is taken back.
    let back = match count {
        Count::Address(_) => store::lower_throttle(digest),
        _ => store::delete_throttle(digest),
    };
    house
        .db
        .keep(Chore::Throttle, HOUSE, move |r| r.execute(back).map(|_| ()))
        .await
}
