//! What neighbours share: posts with answers and thanks, and skills by consent.

use super::year::Story;
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::ids::Id;
use foundation::ledger::Door;
use group::parts::Topic;
use group::sharing::{self, Sharing};
use group::speak::{self, Draft};
use group::{follow, search, skills};
use permissions::Role;
use permissions::actor::Actor;

/// Who asks (a number among those who joined), what, and what others answer; the answer of
/// that number is the best one.
struct Thread {
    by: usize,
    topic: Topic,
    title: &'static str,
    text: &'static str,
    answers: &'static [(usize, &'static str)],
    best: Option<usize>,
}

const THREADS: &[Thread] = &[
    Thread {
        by: 6,
        topic: Topic::Experience,
        title: "衛生間反味，換了地漏芯就好了",
        text: "請師傅看過三次都說管道沒事。最後自己換了帶水封的地漏芯，二十多塊錢，味道當天就沒了。\n尺寸先量好，我們這棟是 50 管。",
        answers: &[
            (14, "同問題，照您說的買了，有用！"),
            (2, "6棟也是 50 管，補充一下。"),
        ],
        best: None,
    },
    Thread {
        by: 10,
        topic: Topic::Ask,
        title: "老人輪椅上下車，哪個單元門坡道緩一點？",
        text: "家裡老人下週出院，想提前看好路線。",
        answers: &[
            (4, "東側 2 單元坡道最緩，地庫 B 區電梯也直達。"),
            (12, "需要搭把手就在群裡喊我，我白天都在家。"),
        ],
        best: Some(0),
    },
    Thread {
        by: 13,
        topic: Topic::Lend,
        title: "人字梯、電鑽可借，用完還到 3 棟大堂",
        text: "都是去年買的，借之前說一聲就行。",
        answers: &[(8, "借電鑽一天，週日還，謝謝！")],
        best: None,
    },
    Thread {
        by: 3,
        topic: Topic::Lost,
        title: "撿到一串鑰匙，有個小熊掛件",
        text: "今天早上在中心花園長椅旁撿到，放在 2 棟前台了。",
        answers: &[(9, "是我家孩子的，已取回，太感謝了！")],
        best: Some(0),
    },
    Thread {
        by: 5,
        topic: Topic::Find,
        title: "找五年級孩子一起打羽毛球",
        text: "週六上午九點，體育館，輪流接送。",
        answers: &[],
        best: None,
    },
];

const SKILLS: &[(usize, &str, &str)] = &[
    (
        2,
        "修水龍頭、換燈",
        "退休電工，週末有空，不收費，材料自備。",
    ),
    (7, "日語輔導", "在日企工作，晚上八點後可以答疑。"),
    (11, "量血壓、看化驗單", "社區護士，只做建議，不替代就醫。"),
];

/// The last days of sharing; `owners` are the accounts of those who joined.
pub async fn days(story: &Story<'_>, owners: &[Id], today: Moment) -> anyhow::Result<()> {
    let house = story.house;
    let c = story.compound.number;
    let owner = |i: usize| -> Option<Actor> {
        let account = *owners.get(i)?;
        Some(Actor::account(
            account,
            None,
            c,
            vec![Role::Owner],
            Door::Web,
        ))
    };
    let from = today.plus(-DAY).plus(10 * HOUR).max(house.now());
    let steps = THREADS
        .iter()
        .map(|t| 1 + t.answers.len() as i64)
        .sum::<i64>();
    // As fast as the days that are left allow.
    let pace = ((today.0 - from.0) / (steps + 1)).clamp(1, 40 * MINUTE);
    let mut at = from;
    for (n, thread) in THREADS.iter().enumerate() {
        let Some(by) = owner(thread.by) else { continue };
        at = at.plus(pace);
        story.clock.set(at);
        let sharing = Sharing {
            sent_id: format!("demo-post-{n}"),
            topic: Some(thread.topic),
            title: thread.title.to_owned(),
            text: thread.text.to_owned(),
            attached: None,
        };
        let post = sharing::post(house, &by, sharing).await?;
        for (i, (who, words)) in thread.answers.iter().enumerate() {
            let Some(neighbour) = owner(*who) else {
                continue;
            };
            at = at.plus(pace);
            story.clock.set(at);
            let draft = Draft {
                sent_id: format!("demo-answer-{n}-{i}"),
                text: (*words).to_owned(),
                reply_to: Some(post.seq),
                ..Draft::default()
            };
            let said = speak::send(house, &neighbour, post.channel, &draft).await?;
            sharing::thank(house, &by, said.id, true).await?;
            if thread.best == Some(i) {
                sharing::settle(house, &by, post.id, Some(said.seq), true).await?;
            }
        }
    }
    for (who, skill, note) in SKILLS {
        if let Some(by) = owner(*who) {
            skills::offer(house, &by, skill, note, true).await?;
        }
    }
    follow::follow(house, c).await?;
    search::index(house, c).await?;
    Ok(())
}
