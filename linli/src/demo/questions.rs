//! What the assistant was asked this week: the starter base taken over, the office's details
//! filled in, owners who ask on their phones and in the group, an answer that is being written
//! anew while the one before goes on answering.

use std::collections::BTreeMap;

use foundation::clock::MINUTE;
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;

use super::year::Story;
use assistant::asking::{self, Then};
use assistant::entry::State;
use assistant::manner::{self, InGroup, Manner};
use assistant::{editing, listening, publishing};
use group::speak::{self, Draft};
use group::{ChannelKind, channels};

/// What the office says in the places of most answers; the rest stays to be filled in.
const FILLS: &[(&str, &str)] = &[
    ("office_phone", "010-6234 5600"),
    ("office_place", "3 棟一層客服中心"),
    ("office_hours", "每天 8:30–18:00"),
    ("duty_phone", "010-6234 5611"),
    ("street_office", "春和街道物業管理科"),
    ("committee_contact", "業委會值班 每週六上午,會所二層"),
    ("power_company", "95598"),
    ("gas_company", "96777"),
    ("water_company", "96116"),
    ("fee_rate", "每平方米每月 2.80 元"),
    (
        "online_payment",
        "本系統「我的費用」頁或管理處公示的對公帳戶",
    ),
    ("quiet_hours", "22:00–次日 7:00,12:00–14:00"),
    ("parking_fee", "地下固定車位每月 300 元"),
    ("temp_parking_fee", "首小時 5 元,之後每小時 3 元"),
    ("card_fee", "每張 20 元"),
    ("renovation_hours", "工作日 8:00–12:00、14:00–18:00"),
    ("moving_hours", "8:00–20:00"),
    ("garbage_hours", "6:30–9:00、18:00–21:00"),
    ("garbage_place", "各樓棟東側投放點"),
    ("parcel_place", "南門快遞櫃"),
];

/// Which owner asks, what, and what they do then.
const ASKED: &[(usize, &str, Option<Then>)] = &[
    (0, "管理費怎麼交", None),
    (1, "裝修幾點可以開工", None),
    (2, "門禁卡丟了怎麼補", None),
    (3, "停車月卡多少錢", None),
    (4, "樓下那家麻將桌半夜搬上搬下找誰", Some(Then::Hand)),
    (5, "頂樓能不能養蜜蜂", None),
    (6, "樓頂可以養蜂嗎", Some(Then::Down)),
];

/// What was asked in the main channel, by its name.
const CALLED: &[(usize, &str)] = &[(8, "@助手 門禁卡丟了怎麼補")];

pub async fn week(story: &Story<'_>, owners: &[Id]) -> anyhow::Result<()> {
    let house = story.house;
    let manager = story.colleague(Role::Manager, 0);
    editing::start(house, &manager).await?;
    let fills: BTreeMap<String, String> = FILLS
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    editing::fill(house, &manager, fills).await?;
    publishing::publish_ready(house, &manager).await?;
    for (nth, text, then) in ASKED {
        let Some(owner) = owners.get(*nth) else {
            continue;
        };
        story.clock.advance(7 * MINUTE);
        let by = Actor::account(
            *owner,
            None,
            story.compound.number,
            vec![Role::Owner],
            Door::Web,
        );
        let id = asking::ask(house, &by, text).await?;
        if let Some(then) = then {
            asking::then(house, &by, id, *then).await?;
        }
    }
    in_the_group(story, owners, &manager).await?;
    being_written(story).await
}

/// The office lets it answer in the group when it is called, and an owner calls it.
async fn in_the_group(story: &Story<'_>, owners: &[Id], manager: &Actor) -> anyhow::Result<()> {
    let (house, c) = (story.house, story.compound.number);
    let called = Manner {
        group: InGroup::Called,
        reword: false,
    };
    manner::set(house, manager, called).await?;
    for (nth, text) in CALLED {
        let Some(owner) = owners.get(*nth) else {
            continue;
        };
        story.clock.advance(11 * MINUTE);
        let by = Actor::account(*owner, None, c, vec![Role::Owner], Door::Web);
        let here = channels::of(house, &by).await?;
        let Some(main) = here.iter().find(|one| one.kind == ChannelKind::Main) else {
            continue;
        };
        let said = Draft {
            sent_id: format!("called-{nth}"),
            text: (*text).to_owned(),
            ..Draft::default()
        };
        speak::send(house, &by, main.id, &said).await?;
        listening::follow(house, c).await?;
    }
    Ok(())
}

/// A specialist writes an answer anew; a manager has not let it out yet.
async fn being_written(story: &Story<'_>) -> anyhow::Result<()> {
    let by = story.colleague(Role::Specialist, 0);
    let found = editing::list(story.house, &by, &[State::Published], "門禁卡").await?;
    if let Some(entry) = found.into_iter().next() {
        let mut body = entry.body;
        body.answer.push_str("\n- 週末也可在南門崗亭辦理。");
        editing::save(story.house, &by, entry.id, entry.row_version, body).await?;
    }
    Ok(())
}
