//! How fast strangers may send: a bucket for each address, refilled with time. What
//! guesses passwords is slowed elsewhere, by name; this keeps the house from being
//! flooded through the doors that ask for nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use accounts::throttle::network;
use foundation::clock::Moment;

/// How much one address may send.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    pub per_second: i64,
    /// What may come at once.
    pub burst: i64,
}

/// Doors where something can be guessed or much is carried: sign-in, resets, pictures;
/// and where an application begins: two thousand in ten minutes are three a second.
pub const TIGHT: Budget = Budget {
    per_second: 20,
    burst: 400,
};
/// The screens behind a link, such as those of an application. On handover day a whole
/// compound sends from the office's Wi-Fi: two thousand applications of up to eight
/// screens in ten minutes are 27 a second, and people come in waves.
pub const WIDE: Budget = Budget {
    per_second: 120,
    burst: 1_200,
};
/// Addresses remembered; 10,000 of them take a megabyte.
const ADDRESSES_MAX: usize = 10_000;

/// Buckets by address, in thousandths of a send.
pub struct Rate {
    budget: Budget,
    buckets: Mutex<HashMap<IpAddr, (i64, Moment)>>,
}

impl Rate {
    pub fn new(budget: Budget) -> Rate {
        Rate {
            budget,
            buckets: Mutex::default(),
        }
    }

    /// Whether one more send from `address` is taken now.
    pub fn take(&self, address: IpAddr, now: Moment) -> bool {
        let Budget { per_second, burst } = self.budget;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let fill = |(left, at): (i64, Moment)| {
            // A clock set back refills nothing.
            let gone = (now.0 - at.0).clamp(0, 1_000_000);
            (left + gone * per_second).min(burst * 1_000)
        };
        if buckets.len() >= ADDRESSES_MAX {
            buckets.retain(|_, bucket| fill(*bucket) < burst * 1_000);
            if buckets.len() >= ADDRESSES_MAX {
                buckets.clear();
            }
        }
        let bucket = buckets
            .entry(network(address))
            .or_insert((burst * 1_000, now));
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
        let rate = Rate::new(TIGHT);
        let (flooder, other): (IpAddr, IpAddr) =
            ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let now = Moment(1_000_000);
        let taken = (0..1_000).filter(|_| rate.take(flooder, now)).count();
        assert_eq!(taken as i64, TIGHT.burst);
        assert!(rate.take(other, now));
        assert!(rate.take(flooder, now.plus(1_000)));
    }

    #[test]
    fn a_handover_day_behind_one_address_is_let_in() {
        let rate = Rate::new(WIDE);
        let office: IpAddr = "192.0.2.1".parse().unwrap();
        // Two thousand applications of nine screens each, in waves of a minute that
        // bring twice the mean and then nothing.
        for wave in 0..5_i64 {
            for send in 0..3_600_i64 {
                let at = Moment(1_000_000 + wave * 120_000 + send * 60_000 / 3_600);
                assert!(rate.take(office, at), "wave {wave}, send {send}");
            }
        }
    }

    #[test]
    fn the_memory_of_addresses_is_bounded() {
        let rate = Rate::new(TIGHT);
        for i in 0..30_000u32 {
            rate.take(IpAddr::V4(i.into()), Moment(1));
        }
        assert!(rate.buckets.lock().unwrap().len() <= ADDRESSES_MAX);
    }
}
