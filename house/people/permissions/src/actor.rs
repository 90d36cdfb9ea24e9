//! Who is asking: one account in one compound with the roles it holds there. Every
//! verb takes an actor first, and asks it before anything else.

use crate::{Permission, Role};
use foundation::database::{Community, HOUSE};
use foundation::ids::Id;
use foundation::ledger::{ActorRef, Door, Who};

/// The one who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// `None` for link holders, strangers and the house itself.
    pub account: Option<Id>,
    /// The person on this compound's roster, where the account is tied to one.
    pub person: Option<Id>,
    /// The compound acted in; [`HOUSE`] outside of any.
    pub community: Community,
    /// The roles held there; empty for strangers.
    pub roles: Vec<Role>,
    /// Acting for an owner without a phone (family, desk).
    pub behalf: Option<Id>,
    actor: ActorRef,
    door: Door,
    everything: bool,
}

/// The actor's roles do not carry the permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("permission {} is needed", .0.word())]
pub struct Forbidden(pub Permission);

impl Actor {
    /// A signed-in account.
    pub fn account(
        account: Id,
        person: Option<Id>,
        community: Community,
        roles: Vec<Role>,
        door: Door,
    ) -> Actor {
        Actor {
            account: Some(account),
            person,
            community,
            roles,
            behalf: None,
            actor: ActorRef::Account(account),
            door,
            everything: false,
        }
    }

    /// Somebody who holds a link (an applicant, an invited owner), or nobody known.
    pub fn link_holder(community: Community) -> Actor {
        Actor {
            actor: ActorRef::LinkHolder,
            ..Actor::nobody(community)
        }
    }

    /// Nobody known.
    pub fn nobody(community: Community) -> Actor {
        Actor {
            account: None,
            person: None,
            community,
            roles: Vec::new(),
            behalf: None,
            actor: ActorRef::Nobody,
            door: Door::Web,
            everything: false,
        }
    }

    /// The house itself: the clock's jobs and followers.
    pub fn system(community: Community) -> Actor {
        Actor {
            actor: ActorRef::System,
            door: Door::Clock,
            everything: true,
            ..Actor::nobody(community)
        }
    }

    /// Whoever runs commands on the machine: as the operator, plus what importing needs.
    pub fn operator(community: Community) -> Actor {
        Actor {
            actor: ActorRef::Operator,
            door: Door::Cli,
            roles: vec![Role::Operator],
            ..Actor::nobody(community)
        }
    }

    /// Whether the roles carry `permission`.
    pub fn has(&self, permission: Permission) -> bool {
        self.everything || self.roles.iter().any(|r| permission.roles().contains(r))
    }

    /// The first line of every verb.
    ///
    /// # Errors
    /// [`Forbidden`] naming what is missing.
    pub fn may(&self, permission: Permission) -> Result<(), Forbidden> {
        if self.has(permission) {
            Ok(())
        } else {
            Err(Forbidden(permission))
        }
    }

    /// For the ledger: who, and the role that the right came from.
    pub fn who_for(&self, permission: Permission) -> Who {
        let role = self
            .roles
            .iter()
            .find(|r| permission.roles().contains(r))
            .map_or("", |r| r.word());
        self.with_role(role)
    }

    /// For the ledger, where a verb asks for one of some offices: the first of them that the
    /// actor holds, else as [`who_for`](Self::who_for).
    pub fn who_as(&self, offices: &[Role], permission: Permission) -> Who {
        match offices.iter().find(|office| self.roles.contains(office)) {
            Some(office) => self.with_role(office.word()),
            None => self.who_for(permission),
        }
    }

    /// For the ledger, where no permission is needed (one's own matters).
    pub fn who(&self) -> Who {
        self.with_role(self.roles.first().map_or("", |r| r.word()))
    }

    fn with_role(&self, role: &'static str) -> Who {
        Who {
            actor: self.actor,
            role,
            behalf: self.behalf,
            door: self.door,
        }
    }

    pub fn is_staff(&self) -> bool {
        self.roles.iter().any(|r| r.is_staff())
    }

    /// Whether this is the house's own desk (operator pages).
    pub fn in_house(&self) -> bool {
        self.community == HOUSE
    }
}
