//! How fast strangers may send: a bucket for each address, refilled with time. What
//! guesses passwords is slowed elsewhere, by name; this keeps the house from being
//! flooded through the doors that ask for nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::foundation::clock::Moment;
use crate::people::accounts::throttle::network;

/// A whole compound behind one address applies on the same evening: two thousand in
/// ten minutes are three a second, with a few sends each.
const PER_SECOND: i64 = 20;
/// What may come at once.
const BURST: i64 = 400;
/// Addresses remembered; 10,000 of them take a megabyte.
const ADDRESSES_MAX: usize = 10_000;

/// Buckets by address, in thousandths of a send.
#[derive(Default)]
pub struct Rate(Mutex<HashMap<IpAddr, (i64, Moment)>>);

impl Rate {
    /// Whether one more send from `address` is taken now.
    pub fn take(&self, address: IpAddr, now: Moment) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fill = |(left, at): (i64, Moment)| {
            // A clock set back refills nothing.
            let gone = (now.0 - at.0).clamp(0, 1_000_000);
            (left + gone * PER_SECOND).min(BURST * 1_000)
        };
        if buckets.len() >= ADDRESSES_MAX {
            buckets.retain(|_, bucket| fill(*bucket) < BURST * 1_000);
            if buckets.len() >= ADDRESSES_MAX {
                buckets.clear();
            }
        }
        let bucket = buckets
            .entry(network(address))
            .or_insert((BURST * 1_000, now));
        let left = fill(*bucket);
        *bucket = ((left - 1_000).max(0), now);
        left >= 1_000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_from_one_address_ebbs_and_harms_no_other() {
        let rate = Rate::default();
        let (flooder, other): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let now = Moment(1_000_000);
        let taken = (0..1_000).filter(|_| rate.take(flooder, now)).count();
        assert_eq!(taken as i64, BURST);
        assert!(rate.take(other, now));
        assert!(rate.take(flooder, now.plus(1_000)));
    }

    #[test]
    fn the_memory_of_addresses_is_bounded() {
        let rate = Rate::default();
        for i in 0..30_000u32 {
            rate.take(IpAddr::V4(i.into()), Moment(1));
        }
        assert!(rate.0.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
