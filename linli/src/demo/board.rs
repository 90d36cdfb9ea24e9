//! What the office told the households over the year: written by the desk, approved by
//! the manager, confirmed by those who joined, one emergency followed to the last door.

use super::year::Story;
use foundation::clock::{DAY, HOUR, MINUTE, Moment};
use foundation::ids::Id;
use foundation::ledger::Door;
use notices::audience::Audience;
use notices::coverage::{self, Part};
use notices::draft::{self, Draft};
use notices::flow::{self, Amendment};
use notices::receipts::{self, Act};
use notices::{Class, Ways, questions, reading, templates};
use permissions::Role;
use permissions::actor::Actor;

/// After how many joinings, class, places (or `#` and a tag), title and text.
const YEAR: &[(usize, Class, &str, &str, &str)] = &[
    (
        4,
        Class::Ordinary,
        "",
        "電梯年度檢驗",
        "本週四至週五，特檢院對全小區電梯做年度檢驗，每部停用約兩小時，樓棟大堂貼有時段。\n請錯開出行，搬運大件請提前聯繫客服。",
    ),
    (
        11,
        Class::Important,
        "",
        "二次供水水箱清洗停水",
        "下週二 9:00–12:00 停水，請提前儲水。\n恢復後請先放水一分鐘再使用。水質檢測報告會貼在公示欄。",
    ),
    (
        18,
        Class::Ordinary,
        "",
        "綠化打藥",
        "週三上午為草坪和灌木噴灑低毒藥劑，當天請勿讓孩子和寵物進入綠地。",
    ),
    (
        26,
        Class::Important,
        "",
        "電動車集中充電樁啟用",
        "北門車棚 40 個充電位已通過消防驗收，即日起使用。\n請勿將電動車、電池帶入樓道和電梯。",
    ),
    (
        36,
        Class::Ordinary,
        "#臨街",
        "外牆清洗",
        "下週一至週三清洗臨街一側外牆，請關好窗戶，陽台晾曬的衣物請收回。",
    ),
    (
        41,
        Class::Ordinary,
        "",
        "公共收益半年公示",
        "上半年電梯廣告、停車場臨停收入及支出明細已公示在公告欄，歡迎到客服台查閱原始憑證。",
    ),
];

/// The emergency: after so many joinings.
const BURST: usize = 33;

fn draft_of(class: Class, title: &str, body: &str, audience: Audience) -> Draft {
    Draft {
        class,
        title: title.to_owned(),
        body: body.to_owned(),
        audience,
        ways: Ways {
            group: true,
            push: true,
            ..Ways::default()
        },
        asks: class == Class::Important,
        remind_hours: if class == Class::Important { 48 } else { 0 },
        publish_at: None,
        replaces: None,
    }
}

/// What happened on the board after the `nth` joining; `owners` have joined so far.
pub async fn after(story: &Story<'_>, nth: usize, owners: &[Id]) -> anyhow::Result<()> {
    for (when, class, places, title, body) in YEAR {
        if *when == nth {
            office_hours(story);
            let audience = places_of(story, places).await?;
            let draft = draft_of(*class, title, body, audience);
            let id = publish(story, &draft).await?;
            confirm(story, id, owners, 3).await?;
        }
    }
    if nth == BURST {
        burst(story, owners).await?;
    }
    Ok(())
}

/// Waits for ten in the morning: an office writes by day.
fn office_hours(story: &Story<'_>) {
    let now = story.house.now();
    let ten = Moment::at_start_of(now.date()).plus(10 * HOUR);
    story.clock.set(if ten > now { ten } else { ten.plus(DAY) });
}

async fn places_of(story: &Story<'_>, typed: &str) -> anyhow::Result<Audience> {
    let c = story.compound.number;
    if let Some(name) = typed.strip_prefix('#') {
        let by = story.colleague(Role::Specialist, 0);
        let filter = roster::Filter {
            building: "1".into(),
            ..roster::Filter::default()
        };
        let start = roster::Spot::default();
        let (rows, _) = roster::rooms_page(story.house, &by, c, &filter, &start).await?;
        let rooms = rows.iter().map(|r| r.room.at.id).collect();
        roster::tag_rooms(story.house, &by, c, name.to_owned(), rooms).await?;
        let tags = roster::tags(story.house, c).await?;
        return Ok(Audience {
            tags: tags.into_iter().map(|t| (t.id, t.name)).collect(),
            ..Audience::default()
        });
    }
    Ok(Audience::default().places(story.house, c, typed).await?)
}

async fn publish(story: &Story<'_>, draft: &Draft) -> anyhow::Result<Id> {
    let house = story.house;
    let (writer, approver) = (
        story.colleague(Role::Specialist, 0),
        story.colleague(Role::Manager, 0),
    );
    let id = draft::begin(house, &writer, draft).await?;
    story.clock.advance(20 * MINUTE);
    let row = draft::one(house, &writer, id).await?.row_version;
    flow::submit(house, &writer, id, row).await?;
    story.clock.advance(HOUR);
    let row = draft::one(house, &approver, id).await?.row_version;
    flow::approve(house, &approver, id, row).await?;
    tell(story, id).await?;
    Ok(id)
}

/// What the clock does right after, at the time of the story.
async fn tell(story: &Story<'_>, notice: Id) -> anyhow::Result<()> {
    // The first look at the group makes its main channel.
    let host = story.colleague(Role::Host, 0);
    group::channels::of(story.house, &host).await?;
    let by = Actor::system(story.compound.number);
    notices::delivery::deliver(story.house, &by, notice, 1, 0).await?;
    Ok(())
}

/// Of those who joined, all read it but every `leave`-th, and those confirm.
async fn confirm(story: &Story<'_>, notice: Id, owners: &[Id], leave: usize) -> anyhow::Result<()> {
    let (house, c) = (story.house, story.compound.number);
    for (i, owner) in owners.iter().enumerate() {
        if i % leave == leave - 1 {
            continue;
        }
        let by = Actor::account(*owner, None, c, vec![Role::Owner], Door::Web);
        match reading::open(house, &by, notice).await {
            Ok(mine) if mine.notice.asks => receipts::acknowledge(house, &by, notice).await?,
            Ok(_) | Err(notices::NoticeError::NotFound) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(())
}

/// A pipe bursts at night: out without review, followed by phone and from door to door.
async fn burst(story: &Story<'_>, owners: &[Id]) -> anyhow::Result<()> {
    let house = story.house;
    let on_duty = story.colleague(Role::OnDuty, 0);
    let unit = places_of(story, "2棟1單元").await?;
    let text = "2棟1單元立管爆裂，已關總閥搶修，預計今晚 23:00 恢復。\n需要用水請到門崗取桶裝水；低層住戶請檢查地面是否進水。";
    let draft = draft_of(Class::Emergency, "2棟1單元緊急停水", text, unit);
    let id = flow::emergency(house, &on_duty, &draft).await?;
    tell(story, id).await?;
    confirm(story, id, owners, 9).await?;
    loop {
        let n = draft::one(house, &on_duty, id).await?;
        let (rest, _) = coverage::page(house, &on_duty, &n, Part::Open, "", &[], 100).await?;
        if rest.is_empty() {
            break;
        }
        for (i, household) in rest.iter().enumerate() {
            story.clock.advance(MINUTE / 2);
            let (how, whom) = if i % 3 == 0 {
                ("door", "開門的家人")
            } else {
                ("phone", "業主本人")
            };
            let whom = whom.to_owned();
            let act = Act::Reached { how, whom };
            receipts::by_hand(house, &on_duty, id, household.room, act).await?;
        }
    }
    let manager = story.colleague(Role::Manager, 0);
    let row = draft::one(house, &manager, id).await?.row_version;
    flow::review_after(house, &manager, id, row).await?;
    let row = draft::one(house, &manager, id).await?.row_version;
    flow::archive(house, &manager, id, row).await?;
    Ok(())
}

/// The last days: one that waits for the households, one in review, questions, templates.
pub async fn this_week(story: &Story<'_>, owners: &[Id]) -> anyhow::Result<()> {
    let (house, c) = (story.house, story.compound.number);
    let writer = story.colleague(Role::Specialist, 0);
    for (name, title, body) in [
        (
            "停水",
            "{地點}停水通知",
            "因{原因}，{日期}{開始}至{結束}{地點}停水，請提前儲水。恢復後請先放水一分鐘。",
        ),
        (
            "電梯維修",
            "{樓棟}電梯維修",
            "{樓棟}電梯於{日期}{開始}至{結束}停用維修，行動不便的鄰居請聯繫客服協助。",
        ),
        (
            "消殺",
            "公共區域消殺",
            "{小區}於{日期}對樓道、車庫和垃圾房消殺，請收好門口物品，看護孩子和寵物。",
        ),
    ] {
        templates::set(house, &writer, name, Class::Ordinary, title, body).await?;
    }
    let text = "本週六 9:00–12:00 清洗低區水箱，低層區停水，請提前儲水。\n高層區不受影響。";
    let draft = draft_of(
        Class::Important,
        "本週六清洗水箱停水",
        text,
        Audience::default(),
    );
    let id = publish(story, &draft).await?;
    confirm(story, id, owners, 4).await?;
    if let [first, second, ..] = owners {
        let ask = |owner: &Id| Actor::account(*owner, None, c, vec![Role::Owner], Door::Web);
        questions::ask(house, &ask(first), id, "請問哪幾層算低層區？").await?;
        questions::ask(house, &ask(second), id, "家裡有嬰兒，能送桶裝水嗎？").await?;
    }
    let asked = questions::open(house, &writer).await?;
    if let Some(q) = asked.first() {
        story.clock.advance(25 * MINUTE);
        questions::answer(house, &writer, id, q.id, "1 到 11 層。各樓大堂也貼了。").await?;
    }
    let row = draft::one(house, &writer, id).await?.row_version;
    let change = Amendment {
        title: "本週六清洗水箱停水".to_owned(),
        body: format!("{text}\n需要桶裝水的家庭請在下面留言或聯繫客服。"),
        material: false,
        words: "補充桶裝水的說明".to_owned(),
    };
    flow::amend(house, &story.colleague(Role::Manager, 0), id, row, &change).await?;
    let draft = draft_of(
        Class::Ordinary,
        "樓道雜物清理",
        "下週一起逐棟清理樓道雜物，請在週日前收回自用物品；逾期先登記保管三十天。",
        Audience::default(),
    );
    let id = draft::begin(house, &writer, &draft).await?;
    let row = draft::one(house, &writer, id).await?.row_version;
    flow::submit(house, &writer, id, row).await?;
    Ok(())
}
