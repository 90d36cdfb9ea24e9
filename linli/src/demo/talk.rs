//! What neighbours say to each other: the last days of the group, said through its verbs.

use super::scenes::{self, Scene};
use super::year::Story;
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::ids::Id;
use foundation::ledger::Door;
use group::files::{self, Attached, Taking};
use group::polls::{self, Asked};
use group::speak::{self, Draft};
use group::{ChannelKind, Message, channels, follow, search};
use permissions::Role;
use permissions::actor::Actor;

/// Whoever speaks: the host, or the owner of that number among those who joined.
#[derive(Clone, Copy)]
enum Speaks {
    Host,
    Owner(usize),
}
use Speaks::{Host, Owner};

/// What a line carries besides its words.
#[derive(Clone, Copy)]
enum With {
    Words,
    Pictures(&'static [Scene]),
    File(&'static str, &'static str),
    Poll(&'static [&'static str]),
}
use With::{File, Pictures, Poll, Words};

/// Minutes since the line before, who, what, the line that is answered, what it carries.
/// `{4}` names whoever wrote the fourth line.
type Line = (i64, Speaks, &'static str, Option<i64>, With);

const LINES: &[Line] = &[
    (
        0,
        Host,
        "各位鄰居好，本週六上午九點在中心花園清洗水箱，當天九點到十二點停水，請提前儲水。",
        None,
        File(
            "水箱清洗通知.txt",
            "水箱清洗通知\n時間：本週六 9:00–12:00\n範圍：低層區\n",
        ),
    ),
    (
        14,
        Owner(3),
        "收到，謝謝。請問高層區也停嗎？",
        Some(1),
        Words,
    ),
    (9, Host, "高層區不停，只有低層區。", Some(2), Words),
    (
        95,
        Owner(7),
        "有沒有人撿到一把藍色雨傘？昨天落在2棟大堂了。",
        None,
        Pictures(&[Scene::Umbrella]),
    ),
    (
        21,
        Owner(5),
        "{4} 在2棟前台，我看見保安收起來了 👍",
        Some(4),
        Words,
    ),
    (6, Owner(7), "找到了，太感謝了！", Some(5), Words),
    (
        640,
        Owner(9),
        "地下車庫B區的燈壞了三盞，晚上很暗，已經第二天了。",
        None,
        Pictures(&[
            Scene::GarageDark,
            Scene::GarageHalf,
            Scene::GarageFar,
            Scene::GarageWall,
        ]),
    ),
    (
        33,
        Host,
        "{7} 已派工，今天下午五點前修好，修好後在這裡回覆。",
        Some(7),
        Words,
    ),
    (
        410,
        Host,
        "B區三盞燈已更換，請大家留意，還有不亮的請告訴我們。",
        Some(7),
        Pictures(&[Scene::GarageLit]),
    ),
    (
        180,
        Owner(2),
        "請問裝修垃圾現在放哪裡？東門那邊圍起來了。",
        None,
        Words,
    ),
    (
        12,
        Owner(11),
        "改到北門旁邊了，早上七點到晚上七點可以放。",
        Some(10),
        Words,
    ),
    (
        55,
        Host,
        "@所有人 中心花園想添幾樣東西，最想要哪一樣？每戶一票。",
        None,
        Poll(&["兒童滑梯", "乒乓球桌", "長椅和樹蔭", "維持現狀"]),
    ),
];

/// What the homes answer, one after another.
const ANSWERS: [i64; 9] = [0, 2, 2, 1, 2, 0, 3, 2, 1];

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
    let owner = |i: usize| -> Option<Actor> {
        let account = owners.get(i)?;
        Some(Actor::account(
            *account,
            None,
            c,
            vec![Role::Owner],
            Door::Web,
        ))
    };
    let mut said: Vec<Message> = Vec::new();
    for (n, (wait, who, words, reply_to, with)) in LINES.iter().enumerate() {
        at = at.plus(wait * pace);
        story.clock.set(at);
        let by = match who {
            Host => host.clone(),
            Owner(i) => match owner(*i) {
                Some(by) => by,
                None => continue,
            },
        };
        let mut text = (*words).to_owned();
        for (n, m) in said.iter().enumerate() {
            text = text.replace(&format!("{{{}}}", n + 1), &format!("@{}", m.byline));
        }
        let draft = Draft {
            sent_id: format!("demo-{n}"),
            text,
            // The lines count themselves; other things were said in the channel before.
            reply_to: reply_to
                .and_then(|line| Some(said.get(usize::try_from(line).ok()?.checked_sub(1)?)?.seq)),
            attached: attached(story, &by, main.id, *with).await?,
            poll: match with {
                Poll(options) => Some(Asked {
                    options: options.iter().map(|o| (*o).to_owned()).collect(),
                    several: false,
                    by_home: true,
                    until: today.plus(3 * DAY),
                }),
                _ => None,
            },
            ..Draft::default()
        };
        said.push(speak::send(house, &by, main.id, &draft).await?);
    }
    if let (Some(first), Some(poll)) = (said.first(), said.last()) {
        speak::pin(house, &host, first.id, true).await?;
        for (i, answer) in ANSWERS.iter().enumerate() {
            if let Some(by) = owner(i) {
                polls::vote(house, &by, poll.id, &[*answer]).await?;
            }
        }
    }
    follow::follow(house, c).await?;
    search::index(house, c).await?;
    Ok(())
}

/// The pictures and files of a line, taken as an upload is.
async fn attached(
    story: &Story<'_>,
    by: &Actor,
    channel: Id,
    with: With,
) -> anyhow::Result<Option<Attached>> {
    let given: Vec<(String, Vec<u8>)> = match with {
        Pictures(drawn) => drawn
            .iter()
            .map(|scene| ("picture.png".to_owned(), scenes::draw(*scene)))
            .collect(),
        File(name, text) => vec![(name.to_owned(), text.as_bytes().to_vec())],
        Words | Poll(_) => return Ok(None),
    };
    let house = story.house;
    let mut taking = Taking::begin(house, by, channel).await?;
    for (name, bytes) in given {
        let path = files::incoming(house).await?;
        tokio::fs::write(&path, bytes).await?;
        taking.take(house, &name, path).await?;
    }
    Ok(taking.done())
}
