//! 蘭庭 with two members, a steward, a committee member and an office.

use conduct::desk::{self, Decision};
use conduct::judge::{self, Author, Said, Verdict};
use conduct::{Case, ConductError, Strike, jobs, view};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::ledger::Door;
use foundation::params;
use membership::desk as joining;
use membership::invite;
use membership::join::{self, Ticket};
use permissions::Role;
use permissions::actor::Actor;

use crate::membership::story::{ACCEPTED, new_account};
use crate::membership::world::{C, World, employ};

pub const INSULT: &str = "你這個傻逼，半夜還放音樂";
pub const LEAK: &str = "他電話13800138000你們自己打";

pub struct Street {
    pub w: World,
    /// 王小明 and 李娜.
    pub wang: Actor,
    pub li: Actor,
    pub steward: Actor,
    pub committee: Actor,
    members: Vec<(Id, Id)>,
}

impl Street {
    pub async fn new() -> Street {
        let w = World::new().await;
        let mut members = Vec::new();
        let mut owners = Vec::new();
        for i in 0..2 {
            let (_, id) = w.applied(w.answers(i)).await;
            joining::decide(&w.house, &w.specialist, id, 1, joining::Decision::Approve)
                .await
                .expect("approved");
            let issued = invite::invite(&w.house, &w.host, id)
                .await
                .expect("invited");
            let ticket = Ticket::Invitation(&issued.secret);
            let joined = join::confirm(&w.house, &w.applicant(), ticket, ACCEPTED, new_account(i))
                .await
                .expect("joined");
            members.push((joined.account, joined.member));
            owners.push(Actor::account(
                joined.account,
                None,
                C,
                vec![Role::Owner],
                Door::Web,
            ));
        }
        let steward = employ(&w.house, C, Role::Steward).await;
        let committee = employ(&w.house, C, Role::Committee).await;
        let li = owners.remove(1);
        let wang = owners.remove(0);
        Street {
            w,
            wang,
            li,
            steward,
            committee,
            members,
        }
    }

    pub fn said(&self, by: &Actor, source: &str, text: &str) -> Said {
        let account = by.account.expect("a member");
        let at = self.members.iter().position(|m| m.0 == account);
        let at = at.expect("one of the two");
        Said {
            kind: "message",
            source: source.into(),
            place: "main".into(),
            text: text.into(),
            before: vec!["今晚有人放音樂".into()],
            author: Some(Author {
                account,
                member: Some(self.members[at].1),
                room: Some(self.w.rooms[at]),
            }),
            ..Said::default()
        }
    }

    /// Says something that somebody has to look at; the case.
    pub async fn case(&self, by: &Actor, source: &str, text: &str) -> Case {
        let verdict = judge::judge_stored(&self.w.house, by, &self.said(by, source, text))
            .await
            .expect("judged");
        assert!(verdict > Verdict::Pass, "{text} is found");
        self.case_of(source).await
    }

    pub async fn case_of(&self, source: &str) -> Case {
        let filter = conduct::QueueFilter::default();
        let queue = view::queue(&self.w.house, &self.w.manager, &filter)
            .await
            .expect("a queue");
        let row = queue.rows.into_iter().find(|r| r.case.source == source);
        row.expect("it waits in the queue").case
    }

    /// A confirmed breach with the rung of this severity.
    pub async fn struck(&self, by: &Actor, source: &str, severity: i64) -> Strike {
        let case = self.case(by, source, INSULT).await;
        self.decide(&self.w.host, &case, Decision::Breach { severity })
            .await
            .expect("decided");
        self.strike(by).await
    }

    pub async fn decide(
        &self,
        by: &Actor,
        case: &Case,
        decision: Decision,
    ) -> Result<conduct::state::CaseState, ConductError> {
        desk::decide(
            &self.w.house,
            by,
            case.id,
            case.version,
            decision,
            false,
            "罵人，證據在原文",
        )
        .await
    }

    /// The newest strike of somebody.
    pub async fn strike(&self, by: &Actor) -> Strike {
        let account = by.account.expect("a member");
        let mine = view::mine(&self.w.house, C, account).await.expect("mine");
        mine.into_iter().next().expect("a strike").strike
    }

    pub async fn is_silent(&self, by: &Actor) -> bool {
        let account = by.account.expect("a member");
        let silence = conduct::speech::silence(&self.w.house, C, account).await;
        silence.expect("asked").is_some()
    }

    pub async fn run_jobs(&self) {
        let runner = jobs(membership::jobs(Runner::default()));
        let house = self.w.house.house.clone();
        while runner
            .run_due(&house.db, &house, house.now())
            .await
            .expect("jobs run")
            > 0
        {}
    }

    /// How many events of a kind stand in the ledger.
    pub async fn count(&self, kind: &str) -> i64 {
        let (n,): (i64,) = self
            .w
            .house
            .db
            .one(ask(
                "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = $2",
                params![C, kind],
            ))
            .await
            .expect("the ledger is readable");
        n
    }
}
