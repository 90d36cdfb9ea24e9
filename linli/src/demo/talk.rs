//! What neighbours say to each other: the last days of the group, said through its verbs.

use super::year::Story;
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::ids::Id;
use foundation::ledger::Door;
use group::ChannelKind;
use group::channels;
use group::speak::{self, Draft};
use permissions::Role;
use permissions::actor::Actor;

/// Whoever speaks: the host, or the owner of that number among those who joined.
#[derive(Clone, Copy)]
enum Speaks {
    Host,
    Owner(usize),
}
use Speaks::{Host, Owner};

/// Minutes since the line before, who, what, and the line that is answered.
const LINES: &[(i64, Speaks, &str, Option<i64>)] = &[
    (
        0,
        Host,
        "各位鄰居好，本週六上午九點在中心花園清洗水箱，當天九點到十二點停水，請提前儲水。",
        None,
    ),
    (14, Owner(3), "收到，謝謝。請問高層區也停嗎？", Some(1)),
    (9, Host, "高層區不停，只有低層區。", Some(2)),
    (
        95,
        Owner(7),
        "有沒有人撿到一把藍色雨傘？昨天落在2棟大堂了。",
        None,
    ),
    (21, Owner(5), "在2棟前台，我看見保安收起來了 👍", Some(4)),
    (6, Owner(7), "找到了，太感謝了！", Some(5)),
    (
        640,
        Owner(9),
        "地下車庫B區的燈壞了三盞，晚上很暗，已經第二天了。",
        None,
    ),
    (
        33,
        Host,
        "已派工，今天下午五點前修好，修好後在這裡回覆。",
        Some(7),
    ),
    (
        410,
        Host,
        "B區三盞燈已更換，請大家留意，還有不亮的請告訴我們。",
        Some(7),
    ),
    (
        180,
        Owner(2),
        "請問裝修垃圾現在放哪裡？東門那邊圍起來了。",
        None,
    ),
    (
        12,
        Owner(11),
        "改到北門旁邊了，早上七點到晚上七點可以放。",
        Some(10),
    ),
];

/// The last days of talk; `owners` are the accounts of those who joined.
pub async fn week(story: &Story<'_>, owners: &[Id], today: Moment) -> anyhow::Result<()> {
    let house = story.house;
    let c = story.compound.number;
    let host = story.colleague(Role::Host, 0);
    let here = channels::of(house, &host).await?;
    let Some(main) = here.iter().find(|one| one.kind == ChannelKind::Main) else {
        return Ok(());
    };
    // Two days of talk, or what the story before has left of them.
    let mut at = today.plus(-2 * DAY).plus(9 * HOUR).max(house.now());
    let minutes: i64 = LINES.iter().map(|line| line.0).sum();
    let pace = ((today.0 - at.0) / (minutes + 30)).min(MINUTE);
    for (n, (wait, who, text, reply_to)) in LINES.iter().enumerate() {
        at = at.plus(wait * pace);
        story.clock.set(at);
        let by = match who {
            Host => host.clone(),
            Owner(i) => match owners.get(*i) {
                Some(account) => Actor::account(*account, None, c, vec![Role::Owner], Door::Web),
                None => continue,
            },
        };
        let draft = Draft {
            sent_id: format!("demo-{n}"),
            text: (*text).to_owned(),
            reply_to: *reply_to,
            ..Draft::default()
        };
        let said = speak::send(house, &by, main.id, &draft).await?;
        if n == 0 {
            speak::pin(house, &host, said.id, true).await?;
        }
    }
    Ok(())
}
