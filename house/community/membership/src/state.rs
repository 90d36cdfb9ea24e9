//! The life of a membership as one table: which event leads from which state to which,
//! under which guard. Pure, so that every path can be tried without a database.
//!
//! Source: the reference's state machine 1 (成員資格); spec G1.

/// Where an application, and later the membership that it became, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// 草稿: being filled in by the applicant.
    Draft,
    /// 已提交
    Submitted,
    /// 核驗中: somebody of the office looks at it.
    Verifying,
    /// 待補件
    NeedsInfo,
    /// 核驗通過
    Approved,
    /// 已邀請
    Invited,
    /// The invitation ran out; a new one may be issued.
    InviteExpired,
    /// 不通過
    Rejected,
    /// 已撤回 by the applicant.
    Withdrawn,
    /// 已加入
    Active,
    /// 暫停
    Suspended,
    /// 退出中: may still change their mind.
    Leaving,
    /// 已移除: keeps notices, tickets and votes while still an owner.
    Removed,
    /// 已終止
    Ended,
}

use State::*;

impl State {
    pub const ALL: [State; 14] = [
        Draft,
        Submitted,
        Verifying,
        NeedsInfo,
        Approved,
        Invited,
        InviteExpired,
        Rejected,
        Withdrawn,
        Active,
        Suspended,
        Leaving,
        Removed,
        Ended,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Draft => "draft",
            Submitted => "submitted",
            Verifying => "verifying",
            NeedsInfo => "needs_info",
            Approved => "approved",
            Invited => "invited",
            InviteExpired => "invite_expired",
            Rejected => "rejected",
            Withdrawn => "withdrawn",
            Active => "active",
            Suspended => "suspended",
            Leaving => "leaving",
            Removed => "removed",
            Ended => "ended",
        }
    }

    pub fn from_word(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Nothing follows any more (a new application begins anew).
    pub fn is_final(self) -> bool {
        matches!(self, Withdrawn | Ended)
    }

    /// An application on its way: a second one of the same person would be a double.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Submitted | Verifying | NeedsInfo | Approved | Invited | InviteExpired
        )
    }

    /// Nobody has said yes or no yet.
    pub fn is_undecided(self) -> bool {
        matches!(self, Submitted | Verifying | NeedsInfo)
    }

    /// A member of the group, be it for the moment without a voice.
    pub fn is_member(self) -> bool {
        matches!(self, Active | Suspended | Leaving)
    }
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    Submit,
    /// A verifier begins to look.
    Open,
    AskMore,
    /// The applicant sent what was asked for.
    Answer,
    Approve,
    Reject,
    Withdraw,
    /// The refused applicant asks for another reviewer.
    Review,
    Invite,
    InviteExpires,
    Confirm,
    Suspend,
    Resume,
    Leave,
    /// The leaving member changes their mind.
    Stay,
    Remove,
    /// The removal was overturned on appeal.
    Reinstate,
    /// The member is no longer one: left, the term passed, the home changed hands.
    End,
    /// The home changed hands (產權更替).
    Transfer,
}

impl Event {
    pub const ALL: [Event; 19] = [
        Event::Submit,
        Event::Open,
        Event::AskMore,
        Event::Answer,
        Event::Approve,
        Event::Reject,
        Event::Withdraw,
        Event::Review,
        Event::Invite,
        Event::InviteExpires,
        Event::Confirm,
        Event::Suspend,
        Event::Resume,
        Event::Leave,
        Event::Stay,
        Event::Remove,
        Event::Reinstate,
        Event::End,
        Event::Transfer,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Event::Submit => "submit",
            Event::Open => "open",
            Event::AskMore => "ask_more",
            Event::Answer => "answer",
            Event::Approve => "approve",
            Event::Reject => "reject",
            Event::Withdraw => "withdraw",
            Event::Review => "review",
            Event::Invite => "invite",
            Event::InviteExpires => "invite_expires",
            Event::Confirm => "confirm",
            Event::Suspend => "suspend",
            Event::Resume => "resume",
            Event::Leave => "leave",
            Event::Stay => "stay",
            Event::Remove => "remove",
            Event::Reinstate => "reinstate",
            Event::End => "end",
            Event::Transfer => "transfer",
        }
    }

    /// Whether it goes against the person: then a reason and a person are needed.
    pub fn is_adverse(self) -> bool {
        matches!(self, Event::Reject | Event::Suspend | Event::Remove)
    }
}

/// What the table asks about the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// A machine acts, no person.
    pub by_machine: bool,
    /// A reason is given.
    pub has_reason: bool,
    /// Whoever acts now also did the step before, where the rule wants two.
    pub same_person: bool,
    /// There are two who could act, so that the rule of two holds.
    pub two_exist: bool,
}

impl Guard {
    /// A person with a reason, another one than before.
    pub const PERSON: Guard = Guard {
        by_machine: false,
        has_reason: true,
        same_person: false,
        two_exist: true,
    };
    /// The house by itself.
    pub const MACHINE: Guard = Guard {
        by_machine: true,
        has_reason: false,
        same_person: false,
        two_exist: true,
    };
}

/// Why an event may not happen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    #[error("{} does not follow {}", .event.word(), .from.word())]
    NotFrom { from: State, event: Event },
    /// PIPL 24: no machine alone decides against a person.
    #[error("a person has to decide this")]
    NeedsPerson,
    #[error("a reason is needed")]
    NeedsReason,
    /// Verifier and inviter, or the two who remove, are two persons.
    #[error("another person has to do this")]
    NeedsAnother,
}

/// Where `event` leads from `from`.
///
/// # Errors
/// [`Illegal`] for everything that the table does not name.
pub fn next(from: State, event: Event, guard: Guard) -> Result<State, Illegal> {
    let to = match (from, event) {
        (Draft, Event::Submit) => Submitted,
        (
            Draft | Submitted | Verifying | NeedsInfo | Approved | Invited | InviteExpired,
            Event::Withdraw,
        ) => Withdrawn,
        // Another verifier may take over what one has opened.
        (Submitted | Verifying, Event::Open) => Verifying,
        (Submitted | Verifying, Event::AskMore) => NeedsInfo,
        (NeedsInfo, Event::Answer) => Verifying,
        // All-green ones are approved from the queue without being opened one by one.
        (Submitted | Verifying | NeedsInfo, Event::Approve) => Approved,
        (Submitted | Verifying | NeedsInfo, Event::Reject) => Rejected,
        (Rejected, Event::Review) => Submitted,
        (Approved | InviteExpired | Invited, Event::Invite) => Invited,
        (Invited, Event::InviteExpires) => InviteExpired,
        (Invited, Event::Confirm) => Active,
        (Active | Leaving, Event::Suspend) => Suspended,
        (Suspended, Event::Resume) => Active,
        (Active | Suspended, Event::Leave) => Leaving,
        (Leaving, Event::Stay) => Active,
        (Active | Suspended | Leaving, Event::Remove) => Removed,
        (Removed, Event::Reinstate) => Active,
        (Leaving | Removed, Event::End) => Ended,
        (Active | Suspended | Leaving | Removed, Event::Transfer) => Ended,
        (from, event) => return Err(Illegal::NotFrom { from, event }),
    };
    if event.is_adverse() {
        if guard.by_machine {
            return Err(Illegal::NeedsPerson);
        }
        if !guard.has_reason {
            return Err(Illegal::NeedsReason);
        }
    }
    let of_two = matches!(event, Event::Remove)
        || (matches!(event, Event::Invite) && guard.two_exist && !guard.by_machine);
    if of_two && guard.same_person {
        return Err(Illegal::NeedsAnother);
    }
    Ok(to)
}
