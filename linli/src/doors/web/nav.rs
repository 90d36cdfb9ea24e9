//! What stands in the bars: every entry names the address it leads to; it is shown
//! where a room serves that address and the reader may enter.

use std::collections::BTreeMap;

use super::compounds::Found;
use super::waiting::Waiting;
use accounts::Side;
use foundation::page::{NavGroup, NavItem, key};
use permissions::Role;
use permissions::actor::Actor;
use permissions::routes::{Needs, Routes};

struct Entry {
    side: Side,
    /// The key of the group's heading, or empty.
    group: &'static str,
    word: &'static str,
    icon: &'static str,
    path: &'static str,
}

const fn entry(
    side: Side,
    group: &'static str,
    word: &'static str,
    icon: &'static str,
    path: &'static str,
) -> Entry {
    Entry {
        side,
        group,
        word,
        icon,
        path,
    }
}

/// From top to bottom.
const ENTRIES: &[Entry] = &[
    entry(Side::Owner, "", key("nav-home"), "home", "/c/{c}"),
    entry(Side::Owner, "", key("nav-group"), "chat", "/c/{c}/group"),
    entry(
        Side::Owner,
        "",
        key("nav-services"),
        "service",
        "/c/{c}/services",
    ),
    entry(Side::Owner, "", key("nav-me"), "person", "/me"),
    entry(Side::Staff, "", key("nav-home"), "home", "/c/{c}"),
    entry(
        Side::Staff,
        key("wing-group"),
        key("group-title"),
        "chat",
        "/c/{c}/group/channels",
    ),
    entry(
        Side::Staff,
        key("wing-group"),
        key("notices-title"),
        "bell",
        "/c/{c}/notices",
    ),
    entry(
        Side::Staff,
        key("wing-group"),
        key("membership-queue-title"),
        "check",
        "/c/{c}/applications",
    ),
    entry(
        Side::Staff,
        key("wing-group"),
        key("membership-members-title"),
        "people",
        "/c/{c}/members",
    ),
    entry(
        Side::Staff,
        key("wing-group"),
        key("conduct-queue-title"),
        "shield",
        "/c/{c}/conduct",
    ),
    entry(
        Side::Staff,
        key("wing-services"),
        key("desk-title"),
        "service",
        "/c/{c}/desk",
    ),
    entry(
        Side::Staff,
        key("wing-services"),
        key("assistant-title"),
        "chat",
        "/c/{c}/assistant",
    ),
    entry(
        Side::Staff,
        key("wing-archive"),
        key("roster-title"),
        "door",
        "/c/{c}/roster",
    ),
    entry(
        Side::Staff,
        key("wing-archive"),
        key("archive-title"),
        "folder",
        "/c/{c}/files",
    ),
    entry(
        Side::Staff,
        key("wing-archive"),
        key("supervision-title"),
        "check",
        "/c/{c}/supervision",
    ),
    entry(
        Side::Staff,
        key("wing-archive"),
        key("viewings-title"),
        "eye",
        "/c/{c}/viewings",
    ),
    entry(
        Side::Staff,
        key("wing-archive"),
        key("changes-title"),
        "copy",
        "/c/{c}/changes",
    ),
    entry(
        Side::Staff,
        key("wing-archive"),
        key("census-title"),
        "list",
        "/c/{c}/census",
    ),
    entry(
        Side::Staff,
        key("fees-title"),
        key("arrears-title"),
        "clock",
        "/c/{c}/arrears",
    ),
    entry(
        Side::Staff,
        key("fees-title"),
        key("fees-overview"),
        "money",
        "/c/{c}/fees",
    ),
    entry(
        Side::Staff,
        key("fees-title"),
        key("fees-exchange-settings"),
        "settings",
        "/c/{c}/fees-exchange",
    ),
    entry(
        Side::Staff,
        key("accounts-nav-office"),
        key("accounts-nav-staff"),
        "people",
        "/c/{c}/staff",
    ),
    entry(
        Side::Staff,
        key("accounts-nav-office"),
        key("accounts-nav-resets"),
        "lock",
        "/c/{c}/resets",
    ),
    entry(
        Side::Staff,
        key("wing-oversight"),
        key("ledger-title"),
        "shield",
        "/c/{c}/ledger",
    ),
    entry(
        Side::Staff,
        key("wing-oversight"),
        key("ledger-title-house"),
        "book",
        "/house/ledger",
    ),
    entry(
        Side::Staff,
        key("wing-oversight"),
        key("outbox-sending"),
        "bell",
        "/house/sending",
    ),
    entry(Side::Staff, "", key("nav-me"), "person", "/me"),
];

/// The entries whose address some room serves, with what it needs.
pub struct Nav(Vec<(&'static Entry, Needs)>);

impl Nav {
    pub fn of(routes: &Routes) -> Nav {
        let gets: BTreeMap<&str, Needs> = routes
            .0
            .iter()
            .filter(|r| r.method == axum::http::Method::GET)
            .map(|r| (r.path, r.needs))
            .collect();
        let served = |e: &'static Entry| gets.get(e.path).map(|needs| (e, *needs));
        Nav(ENTRIES.iter().filter_map(served).collect())
    }

    pub fn for_actor(
        &self,
        side: Side,
        actor: &Actor,
        compound: Option<&Found>,
        waiting: &Waiting,
    ) -> Vec<NavGroup> {
        let mut groups: Vec<NavGroup> = Vec::new();
        for (entry, needs) in &self.0 {
            let may = match needs {
                Needs::May(p) | Needs::MayFresh(p) | Needs::MayRecent(p) | Needs::House(p) => {
                    actor.has(*p)
                }
                _ => true,
            };
            let href = match compound {
                Some(found) => entry.path.replace("{c}", &found.slug),
                None if entry.path.contains("{c}") => continue,
                None => entry.path.to_owned(),
            };
            if !may || entry.side != side {
                continue;
            }
            let item = NavItem {
                word: entry.word,
                // A room opens at its list; all of its pages belong to the entry.
                area: href.trim_end_matches("/channels").to_owned(),
                href,
                icon: entry.icon,
                count: waiting.of(entry.path),
            };
            match groups.last_mut().filter(|g| g.word == entry.group) {
                Some(group) => group.items.push(item),
                None => groups.push(NavGroup {
                    word: entry.group,
                    items: vec![item],
                }),
            }
        }
        groups
    }
}

/// The key of a role's name on the screen.
pub fn role_word(role: Role) -> &'static str {
    accounts::pages::role_word(role)
}
