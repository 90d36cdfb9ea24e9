//! The demo's desk: two teams, a week of reports in every state, one that nobody answered in
//! time, a complaint that few may see; this morning a burst pipe that many have, and duties.

use ::desk::acts::{self, Doing};
use ::desk::opening::{self, New, Place};
use ::desk::team::{self, Mode};
use ::desk::work::{self, Saying, Shows};
use ::desk::{Act, Kind, Outcome, Priority, Source, WaitsFor, category, duty, incident, tend};
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;

use super::year::Story;

/// As many acts fit into this morning.
const ACTS: i64 = 120;

/// How far a report has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Pooled,
    Assigned,
    Working,
    Waiting,
    Resolved,
    Confirmed,
    Reopened,
    Declined,
}

/// Kind, category, place of all or one's own home where empty, words, fate.
type Report = (Kind, &'static str, &'static str, &'static str, Fate);

/// What the week before brought.
const BEFORE: &[Report] = &[
    (
        Kind::Repair,
        "plumbing",
        "",
        "廚房水槽下面的軟管滴水，用盆接著。",
        Fate::Confirmed,
    ),
    (
        Kind::Repair,
        "lamp",
        "2單元3層走廊",
        "走廊燈不亮三天了，晚上看不見台階。",
        Fate::Confirmed,
    ),
    (
        Kind::Enquiry,
        "papers",
        "",
        "孩子上學要居住證明，去哪裡開，要帶什麼？",
        Fate::Confirmed,
    ),
    (
        Kind::Repair,
        "gate",
        "南門",
        "南門門禁刷卡沒有反應，只能等別人開。",
        Fate::Reopened,
    ),
    (
        Kind::Repair,
        "green",
        "中心花園",
        "石板路有一塊翹起來，老人容易絆倒。",
        Fate::Waiting,
    ),
    (
        Kind::Enquiry,
        "parking",
        "",
        "訪客車位可以預約嗎？怎麼收費？",
        Fate::Resolved,
    ),
    (
        Kind::Repair,
        "green",
        "7號樓前",
        "希望在門口加種幾棵桂花。",
        Fate::Declined,
    ),
];

/// What lies on the desk this morning.
const TODAY: &[Report] = &[
    (
        Kind::Repair,
        "electric",
        "",
        "客廳插座打火，先把那路開關關了。",
        Fate::Resolved,
    ),
    (
        Kind::Repair,
        "lift",
        "3單元電梯",
        "電梯到9層會抖一下，有異響。",
        Fate::Working,
    ),
    (
        Kind::Repair,
        "door",
        "",
        "入戶門鎖芯卡，鑰匙轉不動。",
        Fate::Assigned,
    ),
    (
        Kind::Enquiry,
        "fees",
        "",
        "上個月的水費比平時多一倍，想核對讀數。",
        Fate::Pooled,
    ),
    (
        Kind::Repair,
        "lamp",
        "地下車庫B區",
        "B區連著四盞燈不亮。",
        Fate::Pooled,
    ),
    (
        Kind::Repair,
        "plumbing",
        "",
        "馬桶一直流水，水表跟著轉。",
        Fate::New,
    ),
    (
        Kind::Enquiry,
        "papers",
        "",
        "裝修押金什麼時候可以退？",
        Fate::New,
    ),
];

struct Office<'s> {
    house: &'s House,
    story: &'s Story<'s>,
    specialist: Actor,
    supervisor: Actor,
    technician: Actor,
    /// The longest that passes between two acts.
    pace: i64,
}

impl<'s> Office<'s> {
    fn of(story: &'s Story<'s>, pace: i64) -> Office<'s> {
        Office {
            house: story.house,
            story,
            specialist: story.colleague(Role::Specialist, 0),
            supervisor: story.colleague(Role::Supervisor, 0),
            technician: story.colleague(Role::Technician, 0),
            pace,
        }
    }
}

/// The days before today.
pub async fn days(story: &Story<'_>, owners: &[Id], today: Moment) -> anyhow::Result<()> {
    let office = Office::of(story, DAY);
    office.teams().await?;
    let start = story.house.now();
    let step = ((today.0 - start.0).max(HOUR) - 2 * HOUR) / (BEFORE.len() as i64 + 2);
    for (nth, report) in BEFORE.iter().enumerate() {
        let at = start.plus(step * nth as i64);
        story.clock.set(at.max(story.house.now()));
        let owner = owner(story, owners[(nth * 3 + 2) % owners.len()]);
        office.one(&owner, report).await?;
        tend::run(story.house, story.compound.number).await?;
    }
    office
        .complaint(&owner(story, owners[5 % owners.len()]))
        .await?;
    tend::run(story.house, story.compound.number).await?;
    Ok(())
}

/// This morning, in what is left of the time until `today`.
pub async fn morning(story: &Story<'_>, owners: &[Id], today: Moment) -> anyhow::Result<()> {
    let left = (today.0 - story.house.now().0).max(0);
    let office = Office::of(story, (left / ACTS).min(4 * MINUTE));
    office.duties(today).await?;
    office.flood(story, owners).await?;
    // Whoever signs in by the demo's link finds one that waits for their own word.
    let here = accounts::staff::everybody(story.house, Some(story.compound.number)).await?;
    let shown = here.iter().find(|c| c.role == Role::Owner && c.active);
    for (nth, report) in TODAY.iter().enumerate() {
        let account = match (report.4, shown) {
            (Fate::Resolved, Some(owner)) => owner.id,
            _ => owners[(nth * 5 + 1) % owners.len()],
        };
        let owner = owner(story, account);
        office.one(&owner, report).await?;
    }
    tend::run(story.house, story.compound.number).await?;
    Ok(())
}

fn owner(story: &Story<'_>, account: Id) -> Actor {
    let c = story.compound.number;
    Actor::account(account, None, c, vec![Role::Owner], Door::Web)
}

impl Office<'_> {
    fn passes(&self, ms: i64) {
        self.story.clock.advance(ms.min(self.pace));
    }

    /// Two duties around now: whoever leaves wrote what is still open.
    async fn duties(&self, today: Moment) -> anyhow::Result<()> {
        let (house, by) = (self.house, &self.supervisor);
        let night = self.story.colleague(Role::OnDuty, 0);
        let shifts = [
            (&self.specialist, today.plus(-10 * HOUR), today.plus(HOUR)),
            (&night, today.plus(HOUR), today.plus(13 * HOUR)),
        ];
        for (nth, (who, from, until)) in shifts.into_iter().enumerate() {
            let Some(account) = who.account else { continue };
            let id = duty::plan(house, by, account, from, until).await?;
            if nth == 0 {
                let words = "3棟管井閥門已關，水電工在場；南門門禁下午有人來換讀頭。";
                duty::note(house, who, id, words).await?;
            }
        }
        Ok(())
    }

    /// A pipe that many have: the one who rang first, a neighbour whose report is the same, and
    /// what all of them are told.
    async fn flood(&self, story: &Story<'_>, owners: &[Id]) -> anyhow::Result<()> {
        let id = self.on_the_phone().await?;
        let Some(account) = owners.get(4) else {
            return Ok(());
        };
        let neighbour = owner(story, *account);
        let new = New {
            kind: Kind::Repair,
            words: "一層走廊都是水，電梯口也濕了。".into(),
            place: Place::Common {
                building: String::new(),
                place: "1單元1層走廊".into(),
            },
            ..New::default()
        };
        let same = opening::by_owner(self.house, &neighbour, new).await?.id;
        let words = "管井主管漏水，已關閥，正在更換，預計兩小時內恢復供水。";
        self.passes(4 * MINUTE);
        incident::declare(self.house, &self.specialist, id, words).await?;
        let into = Doing {
            into: Some(id),
            ..Doing::default()
        };
        self.act(&self.specialist, same, Act::Merge, into).await
    }

    async fn teams(&self) -> anyhow::Result<()> {
        let (house, by) = (self.house, &self.supervisor);
        let technician = self.technician.account;
        let repairs = team::set_team(house, by, None, "維修班", technician, Mode::Grab).await?;
        let lead = self.supervisor.account;
        let counter = team::set_team(house, by, None, "客服前台", lead, Mode::Assign).await?;
        for (team, who) in [(repairs, &self.technician), (counter, &self.specialist)] {
            if let Some(account) = who.account {
                team::set_worker(house, by, team, account, Vec::new(), Vec::new()).await?;
            }
        }
        let tree = category::ready(house, by.community).await?;
        for (code, team) in [("repair", repairs), ("enquiry", counter)] {
            if let Some(k) = tree.by_code(code) {
                let draft = category::Draft {
                    team: Some(team),
                    ..category::Draft::of(k)
                };
                category::set(house, by, Some(k.id), None, draft).await?;
            }
        }
        Ok(())
    }

    async fn act(&self, by: &Actor, id: Id, act: Act, doing: Doing) -> anyhow::Result<()> {
        self.passes(4 * MINUTE);
        acts::act(self.house, by, id, act, doing).await?;
        Ok(())
    }

    async fn say(&self, id: Id, words: &str) -> anyhow::Result<()> {
        self.passes(9 * MINUTE);
        let saying = Saying {
            words: words.into(),
            public: true,
            shows: Shows::Before,
            pictures: Vec::new(),
            sent_id: String::new(),
        };
        work::say(self.house, &self.technician, id, saying).await?;
        Ok(())
    }

    async fn one(&self, owner: &Actor, report: &Report) -> anyhow::Result<()> {
        let (kind, code, place, words, fate) = *report;
        let (house, c) = (self.house, self.story.compound.number);
        let category = category::by_code(house, c, code).await?.map(|k| k.id);
        let homes = opening::homes(house, owner).await?;
        let place = match (place, homes.first()) {
            ("", Some((room, _))) => Place::Room(*room),
            ("", None) => Place::Nowhere,
            (place, _) => Place::Common {
                building: String::new(),
                place: place.into(),
            },
        };
        let new = New {
            kind,
            category,
            words: words.into(),
            place,
            ..New::default()
        };
        let id = opening::by_owner(house, owner, new).await?.id;
        if fate == Fate::New {
            return Ok(());
        }
        if fate == Fate::Declined {
            let doing = Doing {
                words: "綠化調整要業主大會決定，已記入下次徵詢的議題，請屆時投票。".into(),
                ..Doing::default()
            };
            return self.act(&self.specialist, id, Act::Decline, doing).await;
        }
        self.act(&self.specialist, id, Act::Triage, Doing::default())
            .await?;
        if fate == Fate::Pooled {
            return Ok(());
        }
        let worker = if kind == Kind::Repair {
            &self.technician
        } else {
            &self.specialist
        };
        let doing = Doing {
            to: worker.account,
            ..Doing::default()
        };
        self.act(&self.supervisor, id, Act::Assign, doing).await?;
        if fate == Fate::Assigned {
            return Ok(());
        }
        self.act(worker, id, Act::Accept, Doing::default()).await?;
        self.act(worker, id, Act::Start, Doing::default()).await?;
        if fate == Fate::Working {
            return self.say(id, "已到現場，導靴磨損，正在更換。").await;
        }
        if fate == Fate::Waiting {
            let doing = Doing {
                words: "石材要等供應商送同色的板，到貨即換；現場已圍起來。".into(),
                waits_for: Some(WaitsFor::Parts),
                days: Some(10),
                ..Doing::default()
            };
            return self.act(worker, id, Act::Wait, doing).await;
        }
        self.passes(HOUR);
        let answer = if kind == Kind::Repair {
            "已更換損壞的部件並試過，請您看看。"
        } else {
            "已查清並當面答覆，材料清單也給您了。"
        };
        let doing = Doing {
            words: answer.into(),
            outcome: Some(Outcome::Fixed),
            ..Doing::default()
        };
        self.act(worker, id, Act::Resolve, doing).await?;
        self.passes(2 * HOUR);
        match fate {
            Fate::Confirmed => {
                let doing = Doing {
                    words: "很快就修好了，謝謝。".into(),
                    rating: Some(5),
                    ..Doing::default()
                };
                self.act(owner, id, Act::Confirm, doing).await
            }
            Fate::Reopened => {
                let doing = Doing {
                    words: "今天早上又刷不開了。".into(),
                    ..Doing::default()
                };
                self.act(owner, id, Act::Reopen, doing).await
            }
            _ => Ok(()),
        }
    }

    async fn on_the_phone(&self) -> anyhow::Result<Id> {
        let c = self.story.compound.number;
        let category = category::by_code(self.house, c, "leak")
            .await?
            .map(|k| k.id);
        let buildings = roster::buildings(self.house, c).await?;
        let new = New {
            kind: Kind::Repair,
            category,
            priority: Some(Priority::Emergency),
            source: Source::Phone,
            words: "一層走廊天花板往下流水，管井裡有水聲。".into(),
            place: Place::Common {
                building: buildings.into_iter().nth(2).unwrap_or_default(),
                place: "1單元1層走廊".into(),
            },
            name: "李先生".into(),
            phone: "13800138000".into(),
            ..New::default()
        };
        let id = opening::by_office(self.house, &self.specialist, new)
            .await?
            .id;
        let doing = Doing {
            to: self.technician.account,
            ..Doing::default()
        };
        self.act(&self.specialist, id, Act::Assign, doing).await?;
        self.act(&self.technician, id, Act::Accept, Doing::default())
            .await?;
        Ok(id)
    }

    async fn complaint(&self, owner: &Actor) -> anyhow::Result<()> {
        let c = self.story.compound.number;
        let category = category::by_code(self.house, c, "service")
            .await?
            .map(|k| k.id);
        let new = New {
            kind: Kind::Complaint,
            category,
            words: "前天打電話詢問，接電話的人說話很不耐煩，還掛了電話。".into(),
            subject: self.specialist.account,
            ..New::default()
        };
        let id = opening::by_owner(self.house, owner, new).await?.id;
        let doing = Doing {
            to: self.supervisor.account,
            ..Doing::default()
        };
        let by = &self.supervisor;
        self.act(by, id, Act::Assign, doing).await?;
        self.act(by, id, Act::Accept, Doing::default()).await?;
        self.act(by, id, Act::Start, Doing::default()).await
    }
}
