//! What people gave so that they can be reached.

use foundation::clock::Moment;
use foundation::database::{Ask, Community, ask, list};
use foundation::ids::Id;
use foundation::params;

use crate::wish::Wish;

/// So many devices of a batch of accounts at most.
const DEVICES: i64 = 5_000;

pub fn insert_device(
    c: Community,
    account: Id,
    id: Id,
    digest: &[u8; 32],
    sealed: Vec<u8>,
    agent: &str,
    now: Moment,
) -> Ask {
    ask(
        "INSERT INTO outbox_device (community, account, id, digest, sealed, agent, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (community, account, digest) \
         DO UPDATE SET sealed = excluded.sealed, agent = excluded.agent",
        params![c, account, id, digest.to_vec(), sealed, agent, now],
    )
}

pub fn devices(c: Community, accounts: &[Id]) -> Ask {
    let mut params = params![c, DEVICES];
    let members = list(&mut params, accounts);
    ask(
        format!(
            "SELECT account, id, sealed FROM outbox_device WHERE community = $1 \
             AND account IN ({members}) ORDER BY account, id LIMIT $2"
        ),
        params,
    )
}

/// One's own devices, oldest first.
pub fn devices_of(c: Community, account: Id, limit: i64) -> Ask {
    ask(
        "SELECT id, agent, created_at FROM outbox_device WHERE community = $1 AND account = $2 \
         ORDER BY id LIMIT $3",
        params![c, account, limit],
    )
}

pub fn delete_device(c: Community, account: Id, id: Id) -> Ask {
    ask(
        "DELETE FROM outbox_device WHERE community = $1 AND account = $2 AND id = $3",
        params![c, account, id],
    )
}

/// Which of these accounts have a device and want to be told of notices.
pub fn with_device(c: Community, accounts: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, accounts);
    ask(
        format!(
            "SELECT DISTINCT d.account FROM outbox_device d LEFT JOIN outbox_wish w \
             ON w.community = d.community AND w.account = d.account \
             WHERE d.community = $1 AND d.account IN ({members}) \
             AND COALESCE(w.level, 'all') IN ('all', 'notices', 'mentions') ORDER BY d.account"
        ),
        params,
    )
}

/// Accounts behind one, with a device that may be told what is said in the group.
pub fn listening(c: Community, after: &str, limit: i64) -> Ask {
    ask(
        "SELECT DISTINCT d.account, COALESCE(w.level, 'all') FROM outbox_device d \
         LEFT JOIN outbox_wish w ON w.community = d.community AND w.account = d.account \
         WHERE d.community = $1 AND d.account > $2 \
         AND COALESCE(w.level, 'all') IN ('all', 'mentions') ORDER BY d.account LIMIT $3",
        params![c, after, limit],
    )
}

/// Which of these accounts have a confirmed address.
pub fn with_mail(c: Community, accounts: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, accounts);
    ask(
        format!(
            "SELECT account FROM outbox_mail WHERE community = $1 AND account IN ({members}) \
             AND confirmed_at IS NOT NULL ORDER BY account"
        ),
        params,
    )
}

/// Confirmed addresses, sealed.
pub fn addresses(c: Community, accounts: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, accounts);
    ask(
        format!(
            "SELECT account, sealed FROM outbox_mail WHERE community = $1 \
             AND account IN ({members}) AND confirmed_at IS NOT NULL"
        ),
        params,
    )
}

pub fn address(c: Community, account: Id) -> Ask {
    ask(
        "SELECT sealed, confirmed_at, link_until, asked, asked_from FROM outbox_mail \
         WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

/// A new address, not confirmed yet, and the digest of its link's secret.
pub fn set_address(
    c: Community,
    account: Id,
    sealed: Vec<u8>,
    link: &[u8; 32],
    until: Moment,
    asked: (i64, Moment),
) -> Ask {
    ask(
        "INSERT INTO outbox_mail (community, account, sealed, confirmed_at, link, link_until, \
         asked, asked_from) VALUES ($1, $2, $3, NULL, $4, $5, $6, $7) \
         ON CONFLICT (community, account) DO UPDATE SET sealed = excluded.sealed, \
         confirmed_at = NULL, link = excluded.link, link_until = excluded.link_until, \
         asked = excluded.asked, asked_from = excluded.asked_from",
        params![c, account, sealed, link.to_vec(), until, asked.0, asked.1],
    )
}

/// Confirms by the link, once and in time.
pub fn confirm(c: Community, account: Id, link: &[u8; 32], now: Moment) -> Ask {
    ask(
        "UPDATE outbox_mail SET confirmed_at = $4, link = NULL \
         WHERE community = $1 AND account = $2 AND link = $3 AND link_until > $4",
        params![c, account, link.to_vec(), now],
    )
}

/// Takes the address away; how many links were asked for today stays counted.
pub fn empty_address(c: Community, account: Id) -> Ask {
    ask(
        "UPDATE outbox_mail SET sealed = $3, confirmed_at = NULL, link = NULL \
         WHERE community = $1 AND account = $2 AND sealed <> $3",
        params![c, account, Vec::<u8>::new()],
    )
}

pub fn delete_address(c: Community, account: Id) -> Ask {
    ask(
        "DELETE FROM outbox_mail WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

pub fn delete_devices(c: Community, account: Id) -> Ask {
    ask(
        "DELETE FROM outbox_device WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

pub fn delete_wish(c: Community, account: Id) -> Ask {
    ask(
        "DELETE FROM outbox_wish WHERE community = $1 AND account = $2",
        params![c, account],
    )
}

pub fn wishes(c: Community, accounts: &[Id]) -> Ask {
    let mut params = params![c];
    let members = list(&mut params, accounts);
    ask(
        format!(
            "SELECT account, level, quiet_from, quiet_until FROM outbox_wish \
             WHERE community = $1 AND account IN ({members})"
        ),
        params,
    )
}

pub fn set_wish(c: Community, account: Id, w: &Wish) -> Ask {
    ask(
        "INSERT INTO outbox_wish (community, account, level, quiet_from, quiet_until) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community, account) DO UPDATE SET \
         level = excluded.level, quiet_from = excluded.quiet_from, \
         quiet_until = excluded.quiet_until",
        params![c, account, w.level.word(), w.quiet_from, w.quiet_until],
    )
}

/// How a way is set up, sealed.
pub fn way(way: &'static str) -> Ask {
    ask(
        "SELECT id, sealed, per_minute, set_at FROM outbox_way WHERE way = $1",
        params![way],
    )
}

pub fn set_way(way: &'static str, id: Id, sealed: &str, per_minute: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO outbox_way (way, id, sealed, per_minute, set_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (way) DO UPDATE SET id = excluded.id, \
         sealed = excluded.sealed, per_minute = excluded.per_minute, set_at = excluded.set_at",
        params![way, id, sealed, per_minute, now],
    )
}

/// The first to need a key makes it; whoever comes second takes the first one's.
pub fn set_way_once(way: &'static str, id: Id, sealed: &str, per_minute: i64, now: Moment) -> Ask {
    ask(
        "INSERT INTO outbox_way (way, id, sealed, per_minute, set_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (way) DO NOTHING",
        params![way, id, sealed, per_minute, now],
    )
}
