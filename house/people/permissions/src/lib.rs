//! Who may do what: the one list of permissions, and which role carries which.
//! Roles give permissions; every route names the permission that it needs, and a
//! test prints the whole matrix.

pub mod actor;
pub mod routes;

/// What a person is in one compound (spec: who uses it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 業主 (and whoever the policy admits as a member)
    Owner,
    /// 管理員: an owner elected by owners
    Steward,
    /// 群主: the property company's representative
    Host,
    /// 客服專員
    Specialist,
    /// 客服主管
    Supervisor,
    /// 管理處經理
    Manager,
    /// 收費員: records payments, never writes off
    Cashier,
    /// 值班
    OnDuty,
    /// 業委會委員
    Committee,
    /// 維修工
    Technician,
    /// 系統管理員: installs, imports, backs up; sees no archive content
    Operator,
}

impl Role {
    pub const ALL: [Role; 11] = [
        Role::Owner,
        Role::Steward,
        Role::Host,
        Role::Specialist,
        Role::Supervisor,
        Role::Manager,
        Role::Cashier,
        Role::OnDuty,
        Role::Committee,
        Role::Technician,
        Role::Operator,
    ];

    /// As stored, as typed on the command line, and as the ledger's `role`.
    pub fn word(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Steward => "steward",
            Role::Host => "host",
            Role::Specialist => "specialist",
            Role::Supervisor => "supervisor",
            Role::Manager => "manager",
            Role::Cashier => "cashier",
            Role::OnDuty => "on-duty",
            Role::Committee => "committee",
            Role::Technician => "technician",
            Role::Operator => "operator",
        }
    }

    pub fn from_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.word() == word)
    }

    /// Staff sign in apart from owners, never in one session with them.
    pub fn is_staff(self) -> bool {
        !matches!(self, Role::Owner | Role::Steward | Role::Committee)
    }

    /// Who must show a second factor at sign-in (spec P3).
    pub fn needs_second_factor(self) -> bool {
        matches!(
            self,
            Role::Manager | Role::Supervisor | Role::Specialist | Role::Operator
        )
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $word:literal for [$($role:ident),*];)*) => {
        /// One thing that may be done. The name on the screen and in the matrix is
        /// the dotted word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            pub const ALL: &'static [Permission] = &[$(Permission::$name),*];
            pub fn word(self) -> &'static str {
                match self { $(Permission::$name => $word),* }
            }
            /// The roles that carry it.
            pub fn roles(self) -> &'static [Role] {
                match self { $(Permission::$name => &[$(Role::$role),*]),* }
            }
        }
    };
}

permissions! {
    /// Read the member's own pages.
    HomeRead = "home.read" for [Owner, Steward, Committee];
    /// Open the staff's desk at all.
    StaffEnter = "staff.enter" for [Host, Specialist, Supervisor, Manager, Cashier, OnDuty, Technician, Operator];
    /// See rooms and names on the roster, masked.
    RosterRead = "roster.read" for [Host, Specialist, Supervisor, Manager, Cashier, OnDuty];
    /// Change rooms, people and their relations.
    RosterWrite = "roster.write" for [Specialist, Supervisor, Manager];
    /// See a personal datum in clear, with a reason, in the ledger.
    PersonUnmask = "person.unmask" for [Specialist, Supervisor, Manager];
    /// Carry out a person's request over their data (export, correct, erase).
    PersonRights = "person.rights" for [Specialist, Supervisor, Manager];
    /// Import rooms, people and fees; undo an import.
    ImportRun = "import.run" for [Specialist, Supervisor, Manager, Operator];
    /// Take a list out of the house.
    ExportRun = "export.run" for [Supervisor, Manager];
    /// See bills, payments and balances.
    FeesRead = "fees.read" for [Specialist, Supervisor, Manager, Cashier];
    /// Make bills and record payments.
    FeesRecord = "fees.record" for [Cashier, Manager];
    /// Write a debt off or adjust it: never the cashier.
    FeesWriteOff = "fees.write_off" for [Manager];
    /// Agree as the second person to a write-off above the office's limit.
    FeesSecond = "fees.second" for [Supervisor, Manager];
    /// Set fee items and rates.
    FeesSet = "fees.set" for [Manager];
    /// See applications to join and their evidence.
    MembershipRead = "membership.read" for [Host, Specialist, Supervisor, Manager];
    /// Verify, ask for more, approve, refuse.
    MembershipVerify = "membership.verify" for [Specialist, Supervisor, Manager];
    /// Issue and re-issue invitations.
    MembershipInvite = "membership.invite" for [Host, Specialist, Supervisor, Manager];
    /// Suspend or remove a member.
    MembershipRemove = "membership.remove" for [Host, Manager];
    /// Set what a membership asks for.
    MembershipPolicy = "membership.policy" for [Manager];
    /// Compare a platform's member list with the roster.
    MembershipReconcile = "membership.reconcile" for [Host, Specialist, Supervisor, Manager];
    /// Read the group: members and the office.
    GroupRead = "group.read" for [Owner, Steward, Committee, Host, Specialist, Supervisor, Manager, OnDuty];
    /// Write in the group.
    GroupSpeak = "group.speak" for [Owner, Steward, Committee, Host, Specialist, Supervisor, Manager, OnDuty];
    /// Put a message above a channel.
    GroupPin = "group.pin" for [Steward, Host, Manager];
    /// Open channels, set how one may speak, hush everybody.
    GroupLead = "group.lead" for [Host, Manager];
    /// Read what the office tells one's home, confirm it, ask about it.
    NoticesRead = "notices.read" for [Owner, Steward, Committee, Host, Specialist, Supervisor, Manager, OnDuty];
    /// Say how one wants to be reached oneself.
    NotifyOwn = "notify.own" for [Owner, Steward, Committee, Host, Specialist, Supervisor, Manager, Cashier, OnDuty, Technician, Operator];
    /// Write notices, answer questions under them.
    NoticesWrite = "notices.write" for [Host, Specialist, Supervisor, Manager, OnDuty];
    /// Approve, amend, recall and archive notices.
    NoticesApprove = "notices.approve" for [Host, Supervisor, Manager];
    /// Publish an emergency at once, to be reviewed within a day.
    NoticesEmergency = "notices.emergency" for [Host, Supervisor, Manager, OnDuty];
    /// See which households know, and record who was reached by hand.
    NoticesReach = "notices.reach" for [Host, Specialist, Supervisor, Manager, OnDuty];
    /// Report what somebody said.
    ConductReport = "conduct.report" for [Owner, Steward, Committee, Host, Specialist, Supervisor, Manager, OnDuty];
    /// See the review queue, what was said and what followed.
    ConductRead = "conduct.read" for [Steward, Host, Supervisor, Manager, Committee];
    /// Decide whether something said was a breach, and what follows.
    ConductDecide = "conduct.decide" for [Steward, Host, Supervisor, Manager, Committee];
    /// Be the second of the two who remove; lift a sanction; report illegal content.
    ConductRemove = "conduct.remove" for [Host, Manager];
    /// Hear an appeal as somebody uninvolved.
    ConductAppeal = "conduct.appeal" for [Steward, Host, Supervisor, Manager, Committee];
    /// Hear an appeal at its second and last level.
    ConductAppealFinal = "conduct.appeal_final" for [Committee];
    /// Set the speech policy, publish the quarter.
    ConductPolicy = "conduct.policy" for [Manager];
    /// See dossiers, what they hold and what they lack; never a page of them.
    ArchiveRead = "archive.read" for [Specialist, Supervisor, Manager];
    /// Hand documents in, count their pages, file them.
    ArchiveFile = "archive.file" for [Specialist, Supervisor];
    /// Decide in the archive's processes: approve renovations, close breaches.
    ArchiveDecide = "archive.decide" for [Supervisor, Manager];
    /// See how the archive's duties stand and what each person did.
    ArchiveSupervise = "archive.supervise" for [Supervisor, Manager];
    /// Say what a complete dossier holds and how dossiers are numbered.
    ArchiveSet = "archive.set" for [Manager];
    /// Ask that the archive is handed to a successor company, and record that it was.
    ArchiveSucceed = "archive.succeed" for [Manager];
    /// See such handings-over, and be the second of the two who let one begin.
    ArchiveSucceedConfirm = "archive.succeed_confirm" for [Supervisor, Manager];
    /// Visit households for the quarterly census, confirm what they said.
    CensusVisit = "census.visit" for [Specialist, Supervisor];
    /// Plan a quarter's census, assign who visits, tell the households.
    CensusLead = "census.lead" for [Supervisor, Manager];
    /// Check what the office knows of one's own household.
    CensusOwn = "census.own" for [Owner, Steward, Committee];
    /// Check what others changed about owners and residents; where one specialist is alone, the
    /// supervisor does.
    ChangesCheck = "changes.check" for [Specialist, Supervisor];
    /// Change one's own phones, address and emergency contact.
    ContactOwn = "contact.own" for [Owner];
    /// Take a transfer of ownership back on its day.
    TransferUndo = "transfer.undo" for [Manager];
    /// Open a sealed dossier for a purpose of the law.
    ArchiveUnseal = "archive.unseal" for [Manager];
    /// See who is in arrears, what was said and what is owed next.
    ArrearsRead = "arrears.read" for [Specialist, Supervisor, Manager];
    /// Follow arrears up: record contacts, issue letters, ask for a hold.
    ArrearsFollow = "arrears.follow" for [Specialist, Supervisor];
    /// Grant holds and decide on lawyers and courts.
    ArrearsDecide = "arrears.decide" for [Manager];
    /// Say who follows up which building, and the terms.
    ArrearsSet = "arrears.set" for [Supervisor, Manager];
    /// Ask to look into a dossier, and look where that was granted.
    ViewingAsk = "viewing.ask" for [Host, Specialist, Supervisor, Manager, OnDuty];
    /// Decide on viewings: the manager; others only as the manager's named deputy or as the
    /// company's second hand, which the verb asks.
    ViewingDecide = "viewing.decide" for [Host, Supervisor, Manager];
    /// Enter granted viewings into the register, lend boxes and take them back.
    ViewingRegister = "viewing.register" for [Specialist, Supervisor, Manager];
    /// Read whose page a picture shows.
    ViewingTrace = "viewing.trace" for [Manager];
    /// Ask the assistant about one's own matters.
    AssistantAsk = "assistant.ask" for [Owner, Steward, Committee];
    /// Write what the assistant answers, and work off what it could not.
    AssistantWrite = "assistant.write" for [Host, Specialist, Supervisor, Manager];
    /// Put answers in force, confirm them again, take them back.
    AssistantPublish = "assistant.publish" for [Supervisor, Manager];
    /// Report, ask, complain; follow and close what one reported oneself.
    DeskReport = "desk.report" for [Owner, Steward, Committee];
    /// Open the desk: what one sees there depends on the ticket.
    DeskEnter = "desk.enter" for [Host, Specialist, Supervisor, Manager, OnDuty, Technician];
    /// See all tickets but complaints.
    DeskRead = "desk.read" for [Host, Specialist, Supervisor, Manager, OnDuty];
    /// Take reports in, sort, assign, decline, call back.
    DeskHandle = "desk.handle" for [Specialist, Supervisor, Manager, OnDuty];
    /// Be given tickets and work on them.
    DeskWork = "desk.work" for [Specialist, Supervisor, OnDuty, Technician];
    /// See complaints and decide on them, save where they are about oneself.
    DeskComplaints = "desk.complaints" for [Supervisor, Manager];
    /// See complaints about the company, which never reach it.
    DeskOutside = "desk.outside" for [Committee];
    /// Set categories, terms, hours and teams.
    DeskSet = "desk.set" for [Supervisor, Manager];
    /// Read the compound's ledger and verify it.
    LedgerRead = "ledger.read" for [Supervisor, Manager, Committee, Operator];
    /// Take events out of the compound's ledger as a file.
    LedgerExport = "ledger.export" for [Supervisor, Manager, Committee];
    /// Read the whole house's ledger.
    HouseLedger = "house.ledger" for [Operator];
    /// Invite staff, give and take roles.
    StaffManage = "staff.manage" for [Manager, Operator];
    /// Ask for or confirm that an account gets a new password, at the desk.
    AccountReset = "account.reset" for [Specialist, Supervisor, Manager, Operator];
    /// Act for an owner without a phone, with a reason.
    BehalfAct = "behalf.act" for [Specialist, Supervisor, Manager];
    /// Compounds, keys, configuration.
    HouseOperate = "house.operate" for [Operator];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_takes_money_never_writes_it_off() {
        assert!(!Permission::FeesWriteOff.roles().contains(&Role::Cashier));
        assert!(Permission::FeesRecord.roles().contains(&Role::Cashier));
    }

    #[test]
    fn the_operator_sees_nobody_in_clear() {
        for p in [
            Permission::PersonUnmask,
            Permission::RosterRead,
            Permission::MembershipRead,
        ] {
            assert!(!p.roles().contains(&Role::Operator), "{}", p.word());
        }
    }
}
