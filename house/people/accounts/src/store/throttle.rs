//! Counts of tries.

use foundation::clock::Moment;
use foundation::database::{Ask, ask};
use foundation::params;

/// Failures, the last of them, and until when one waits.
pub fn throttle(digest: Vec<u8>) -> Ask {
    ask(
        "SELECT failures, last_at, until_at FROM throttle WHERE digest = $1",
        params![digest],
    )
}

pub fn set_throttle(digest: Vec<u8>, failures: i64, now: Moment, until: Moment) -> Ask {
    ask(
        "INSERT INTO throttle (digest, failures, last_at, until_at) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO UPDATE SET \
         failures = excluded.failures, last_at = excluded.last_at, \
         until_at = excluded.until_at",
        params![digest, failures, now, until],
    )
}

pub fn delete_old_throttles(before: Moment) -> Ask {
    ask("DELETE FROM throttle WHERE last_at < $1", params![before])
}

/// Takes one try back.
pub fn lower_throttle(digest: Vec<u8>) -> Ask {
    ask(
        "UPDATE throttle SET failures = failures - 1, until_at = 0 \
         WHERE digest = $1 AND failures > 0",
        params![digest],
    )
}

pub fn delete_throttle(digest: Vec<u8>) -> Ask {
    ask("DELETE FROM throttle WHERE digest = $1", params![digest])
}
