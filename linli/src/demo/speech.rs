//! A few words too many: what the review desk, an appeal and the quarterly report look
//! like in a compound that is otherwise peaceful.

use super::year::Story;
use conduct::appeals::{self, Outcome};
use conduct::desk::{self, Decision};
use conduct::judge::{self, Author, Said};
use conduct::{QueueFilter, report, view};
use foundation::clock::{DAY, HOUR, Moment};
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;

struct Voice {
    actor: Actor,
    author: Author,
    person: Option<Id>,
}

async fn voice(story: &Story<'_>, account: Id) -> anyhow::Result<Voice> {
    let c = story.compound.number;
    let members = membership::members::of_account(story.house, c, account).await?;
    let first = members.first();
    Ok(Voice {
        actor: Actor::account(account, None, c, vec![Role::Owner], Door::Web),
        author: Author {
            account,
            member: first.map(|m| m.id),
            room: first.map(|m| m.room),
        },
        person: first.and_then(|m| m.party),
    })
}

fn said(by: &Voice, source: &str, text: &str, before: &[&str]) -> Said {
    Said {
        kind: "message",
        source: source.to_owned(),
        place: "main".to_owned(),
        text: text.to_owned(),
        before: before.iter().map(|l| (*l).to_owned()).collect(),
        author: Some(by.author),
        person: by.person,
        ..Said::default()
    }
}

/// Says it; the case, where somebody has to look.
async fn speak(
    story: &Story<'_>,
    by: &Voice,
    said: &Said,
) -> anyhow::Result<Option<conduct::Case>> {
    judge::judge_stored(story.house, &by.actor, said).await?;
    let reader = story.colleague(Role::Manager, 0);
    let queue = view::queue(story.house, &reader, &QueueFilter::default()).await?;
    let found = queue
        .rows
        .into_iter()
        .find(|r| r.case.source == said.source);
    Ok(found.map(|r| r.case))
}

/// The year's words too many; `owners` are the accounts of those who joined, first first.
pub async fn year(story: &Story<'_>, owners: &[Id], today: Moment) -> anyhow::Result<()> {
    let [.., a, b, c, d] = owners else {
        return Ok(());
    };
    let (a, b) = (voice(story, *a).await?, voice(story, *b).await?);
    let (c, d) = (voice(story, *c).await?, voice(story, *d).await?);
    let host = story.colleague(Role::Host, 0);
    let supervisor = story.colleague(Role::Supervisor, 0);
    let house = story.house;
    let at = |days: i64| story.clock.set(today.plus(-days * DAY).max(house.now()));

    at(8);
    let text = said(
        &a,
        "demo-1",
        "樓上半夜拖椅子的是傻逼吧",
        &["昨晚又是兩點才安靜"],
    );
    if let Some(case) = speak(story, &a, &text).await? {
        let breach = Decision::Breach { severity: 0 };
        let why = "罵鄰居。噪音請在群裡報，管家會上門。";
        desk::decide(house, &host, case.id, case.version, breach, false, why).await?;
    }
    at(6);
    let text = said(&a, "demo-2", "說了多少次了，他媽的煞笔", &["又來了"]);
    if let Some(case) = speak(story, &a, &text).await? {
        let breach = Decision::Breach { severity: 1_000 };
        let why = "一週內第二次罵人。";
        desk::decide(house, &host, case.id, case.version, breach, false, why).await?;
        let mine = view::mine(house, story.compound.number, a.author.account).await?;
        let strike = mine[0].strike.id;
        story.clock.advance(HOUR);
        let words = "那句是我轉述別人罵我的話，上下文都在，請看一下。";
        let appeal = appeals::file(house, &a.actor, strike, words).await?;
        story.clock.advance(5 * HOUR);
        let why = "看過上下文，確實是轉述，撤銷處理。";
        appeals::decide(house, &supervisor, appeal, 1, Outcome::Overturned, why).await?;
    }
    at(5);
    let text = said(&b, "demo-3", "傻逼電梯又停了，我媽八十了爬不動", &[]);
    if let Some(case) = speak(story, &b, &text).await? {
        desk::decide(
            house,
            &host,
            case.id,
            case.version,
            Decision::Dismiss,
            true,
            "",
        )
        .await?;
    }
    at(4);
    let text = said(
        &c,
        "demo-4",
        "一群王八蛋，死全家的東西",
        &["誰又把垃圾放樓道"],
    );
    if let Some(case) = speak(story, &c, &text).await? {
        let breach = Decision::Breach { severity: 0 };
        let why = "咒罵鄰居。";
        desk::decide(house, &host, case.id, case.version, breach, false, why).await?;
        let mine = view::mine(house, story.compound.number, c.author.account).await?;
        let words = "我是被氣急了，但沒有指名道姓，請減輕。";
        appeals::file(house, &c.actor, mine[0].strike.id, words).await?;
    }
    at(1);
    let text = said(
        &d,
        "demo-5",
        "停我車位的那位，電話 13912345678，大家一起打",
        &["誰佔了我的車位"],
    );
    speak(story, &d, &text).await?;
    story.clock.advance(HOUR);
    let text = said(
        &b,
        "demo-6",
        "低價代辦信用卡套現，加微信 kuaisu888 詳談",
        &[],
    );
    speak(story, &b, &text).await?;
    let text = said(&c, "demo-7", "三棟那家天天吵架，煩死了", &[]);
    report::report(house, &a.actor, &text, "privacy").await?;
    Ok(())
}
