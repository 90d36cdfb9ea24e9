//! The demo's viewings: some that are over, one that waits for the manager, one to be
//! registered, one that is ready to be opened; and owners who look at their own files.

use dossiers::listing::{self, Filter, Show};
use dossiers::{Kind, Kinds};
use foundation::clock::{MINUTE, Moment};
use foundation::ids::Id;
use foundation::ledger::Door;
use permissions::Role;
use permissions::actor::Actor;
use viewings::ask::Draft;
use viewings::own_area::Area;
use viewings::{
    Mode, Modes, Purpose, Scope, State, Viewing, ask, decide, opening, own, own_cover, reading,
    register,
};

use super::year::Story;

/// Steps of all of them together: each takes a part of the time that is left.
const STEPS: i64 = 32;
/// How far owners' own files came: to be released, to be covered, looked at.
const OWN: [State; 3] = [State::Covered, State::Approved, State::Active];
/// Pages that the demo's office goes through for one owner.
const OWN_PAGES: i64 = 40;

/// Who asks, why, and how far it went.
const ASKED: [(Role, Purpose, &str, usize); 5] = [
    (
        Role::Supervisor,
        Purpose::Service,
        "業主來電更改聯絡電話，需核對登記表上的簽名",
        4,
    ),
    (
        Role::Host,
        Purpose::Dispute,
        "樓上漏水爭議，需核對房屋交付時的驗收記錄",
        4,
    ),
    (
        Role::Supervisor,
        Purpose::Audit,
        "第三季檔案抽查，核對驗收表頁數與簽名",
        3,
    ),
    (
        Role::Host,
        Purpose::Authority,
        "街道辦持公函調取住戶登記資料，隨函核對",
        2,
    ),
    (
        Role::Supervisor,
        Purpose::Service,
        "業主委託辦理過戶前資料核對，需看登記表",
        1,
    ),
];

/// Viewings of the homes whose papers are all there.
///
/// They fill the time that is left until `today`, and never go beyond it.
pub async fn asked(story: &Story<'_>, owners: &[Id], today: Moment) -> anyhow::Result<()> {
    let pace = (today.0 - story.house.now().0).max(0) / STEPS;
    let specialist = story.colleague(Role::Specialist, 0);
    let first = roster::buildings(story.house, story.compound.number).await?;
    let filter = Filter {
        show: Show::Complete,
        building: first.into_iter().next().unwrap_or_default(),
        ..Filter::default()
    };
    let (homes, _) = listing::page(story.house, &specialist, &filter, None).await?;
    for ((who, purpose, reason, far), home) in ASKED.into_iter().zip(&homes) {
        story.clock.advance(pace);
        one(story, (who, purpose, reason), far, (home.dossier.id, pace)).await?;
    }
    let mut left = OWN.into_iter();
    for account in owners {
        let Some((owner, file)) = file_of(story, *account).await? else {
            continue;
        };
        let Some(far) = left.next() else { break };
        story.clock.advance(pace);
        own_file(story, &owner, file, far, pace).await?;
    }
    Ok(())
}

/// An owner, and a file of theirs in which some papers lie.
async fn file_of(story: &Story<'_>, account: Id) -> anyhow::Result<Option<(Actor, Id)>> {
    let (house, c) = (story.house, story.compound.number);
    let person = accounts::roles::person_of(house, account, c).await?;
    let owner = Actor::account(account, person, c, vec![Role::Owner], Door::Web);
    let files = own::files(house, &owner).await?;
    let found = files.iter().find(|d| (1..=OWN_PAGES).contains(&d.pages));
    Ok(found.map(|d| (owner, d.id)))
}

/// One covers what is of others, another releases it, and the owner looks.
async fn own_file(
    story: &Story<'_>,
    owner: &Actor,
    dossier: Id,
    far: State,
    pace: i64,
) -> anyhow::Result<()> {
    let house = story.house;
    let v = own::ask(house, owner, dossier).await?;
    story.clock.advance(pace);
    let manager = story.colleague(Role::Manager, 0);
    decide::approve(house, &manager, v.id, v.asked, None, true).await?;
    if far == State::Approved {
        return Ok(());
    }
    let (one, other) = (
        story.colleague(Role::Specialist, 0),
        story.colleague(Role::Specialist, 1),
    );
    let told = viewings::listing::story(house, &one, v.id).await?;
    let pages = own_cover::pages(house, &one, &told).await?;
    for (nth, page) in pages.iter().enumerate() {
        // A machine without a Chinese font marks no page, and shows none.
        let _ = own_cover::see(house, &one, v.id, page.document, page.page as u32).await;
        // The line of the neighbour who signed as a witness.
        let area = Area::new(120, 700, 500, 60).filter(|_| nth == 0);
        let areas: Vec<Area> = area.into_iter().collect();
        own_cover::cover(house, &one, v.id, page.document, page.page, &areas).await?;
    }
    own_cover::offer(house, &one, v.id).await?;
    if far == State::Covered {
        return Ok(());
    }
    story.clock.advance(pace);
    for page in &pages {
        let _ = own_cover::see(house, &other, v.id, page.document, page.page as u32).await;
    }
    own_cover::release(house, &other, v.id).await?;
    register::register(house, &one, v.id, "身份證尾號 2415", true).await?;
    opening::activate(house, owner, v.id, true).await?;
    if let Some(page) = pages.first() {
        let _ = reading::page(house, owner, v.id, page.document, 1).await;
    }
    opening::close(house, owner, v.id).await?;
    Ok(())
}

async fn one(
    story: &Story<'_>,
    (who, purpose, reason): (Role, Purpose, &str),
    far: usize,
    (dossier, pace): (Id, i64),
) -> anyhow::Result<Option<Viewing>> {
    let (house, asker) = (story.house, story.colleague(who, 0));
    let scope = Scope {
        kinds: Kinds::of([Kind::Registration, Kind::Handover]),
        modes: Modes::of([Mode::View, Mode::Print]),
        window: 30 * MINUTE,
    };
    let draft = Draft {
        dossiers: vec![dossier],
        documents: Vec::new(),
        purpose,
        reason: reason.into(),
        visitor: String::new(),
        scope,
        from: None,
    };
    let id = ask::draft(house, &asker, &draft).await?;
    ask::submit(house, &asker, id).await?;
    if far < 2 {
        return Ok(None);
    }
    story.clock.advance(pace);
    let manager = story.colleague(Role::Manager, 0);
    decide::approve(house, &manager, id, scope, None, true).await?;
    if far < 3 {
        return Ok(None);
    }
    story.clock.advance(pace);
    let specialist = story.colleague(Role::Specialist, far % 2);
    register::register(house, &specialist, id, "工作證 0031", true).await?;
    if far < 4 {
        return Ok(None);
    }
    opening::activate(house, &asker, id, true).await?;
    for document in dossiers::for_viewing::filed(house, story.compound.number, dossier).await? {
        if scope.kinds.has(document.kind) {
            // A machine without a Chinese font marks no page, and shows none.
            let _ = reading::page(house, &asker, id, document.id, 1).await;
        }
    }
    Ok(Some(opening::close(house, &asker, id).await?))
}
