//! What a sanction may touch. A sanction acts on speech and on nothing else: whoever is
//! muted or removed still gets notices, reports a repair, votes, appeals, and has every
//! right over their own data (Civil Code 285, 943, 944; PIPL 44–50). A table, so that a
//! new channel cannot be forgotten.

/// A way in which a household and the house reach each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Writing in the group.
    Speech,
    /// 通知, emergencies included.
    Notices,
    /// 工單: enquiries, repairs, complaints.
    Tickets,
    /// 表決 and elections.
    Votes,
    /// Surveys and opinions.
    Surveys,
    /// Bills, payments, statements.
    Fees,
    /// Access, copy, correction, deletion (PIPL 44–50).
    DataRights,
    /// Asking to see one's own dossier.
    OwnDossier,
    /// Mediation as a party.
    Mediation,
    /// 申訴 against a sanction.
    Appeals,
}

impl Channel {
    pub const ALL: [Channel; 10] = [
        Channel::Speech,
        Channel::Notices,
        Channel::Tickets,
        Channel::Votes,
        Channel::Surveys,
        Channel::Fees,
        Channel::DataRights,
        Channel::OwnDossier,
        Channel::Mediation,
        Channel::Appeals,
    ];
}

/// What a sanction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SanctionKind {
    /// 警告
    Warning,
    /// 禁言
    Mute,
    /// 移除群聊
    Removal,
}

impl SanctionKind {
    pub const ALL: [SanctionKind; 3] = [
        SanctionKind::Warning,
        SanctionKind::Mute,
        SanctionKind::Removal,
    ];

    /// As stored and as it stands in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            SanctionKind::Warning => "warning",
            SanctionKind::Mute => "mute",
            SanctionKind::Removal => "removal",
        }
    }

    pub fn from_word(word: &str) -> Option<SanctionKind> {
        SanctionKind::ALL.into_iter().find(|k| k.word() == word)
    }

    /// Whether it closes `channel`.
    pub fn closes(self, channel: Channel) -> bool {
        match (self, channel) {
            (SanctionKind::Warning, _) => false,
            (SanctionKind::Mute | SanctionKind::Removal, Channel::Speech) => true,
            (
                _,
                Channel::Notices
                | Channel::Tickets
                | Channel::Votes
                | Channel::Surveys
                | Channel::Fees
                | Channel::DataRights
                | Channel::OwnDossier
                | Channel::Mediation
                | Channel::Appeals,
            ) => false,
        }
    }
}
