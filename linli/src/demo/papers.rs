//! The demo's owner archive: papers handed in by one specialist and counted by the other, over
//! the days before today; some homes complete, most not yet, a few on the desk this morning.

use std::io::Cursor;
use std::sync::Arc;

use dossiers::intake::{self, Upload};
use dossiers::listing::{self, Filter, Show};
use dossiers::{Draft, Kind, filing, follow};
use foundation::clock::{HOUR, MINUTE, Moment};
use foundation::house::House;
use foundation::ids::Id;
use image::{GrayImage, ImageFormat, Luma};
use permissions::Role;
use permissions::actor::Actor;

use super::year::Story;

/// Homes whose papers are all there, homes with some, and papers on the desk.
const COMPLETE: usize = 5;
const BEGUN: usize = 9;
const ON_THE_DESK: usize = 4;

/// Six layers of 900 mm each hold some 250 thin boxes.
const CABINETS: i64 = 6;

/// A4 at about 70 dpi: small, and plainly a form.
const WIDTH: u32 = 580;
const HEIGHT: u32 = 820;

/// What a scanner makes of a signed form: rules, lines of writing, a signature.
pub fn scan(seed: u32) -> Vec<u8> {
    let mut page = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([250]));
    let mut bar = |x: u32, y: u32, w: u32, h: u32, ink: u8| {
        for dy in 0..h {
            for dx in 0..w {
                if x + dx < WIDTH && y + dy < HEIGHT {
                    page.put_pixel(x + dx, y + dy, Luma([ink]));
                }
            }
        }
    };
    bar(190, 50, 200, 18, 40);
    for row in 0..16 {
        let y = 110 + row * 38;
        bar(50, y, 480, 1, 90);
        bar(64, y + 14, 60, 8, 120);
        bar(170, y + 14, 90 + (seed * 37 + row * 53) % 210, 8, 70);
    }
    bar(50, 110, 1, 16 * 38, 90);
    bar(150, 110, 1, 16 * 38, 90);
    bar(530, 110, 1, 16 * 38, 90);
    for step in 0..90u32 {
        let swing = (f64::from(step + seed) / 6.0).sin() * 9.0;
        bar(360 + step, 758 + (10.0 + swing) as u32, 3, 3, 60);
    }
    let mut out = Cursor::new(Vec::new());
    page.write_to(&mut out, ImageFormat::Jpeg)
        .expect("a picture in memory can be written");
    out.into_inner()
}

/// The usual titles, as the office writes them.
fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Covenant => "業主臨時公約及前期物業服務協議",
        Kind::FireSafety => "消防安全責任書",
        Kind::Registration => "業主（住戶）情況登記表",
        Kind::Receipt => "資料簽收表",
        Kind::Keys => "鑰匙領（借）用登記表",
        Kind::Handover => "房屋交付驗收表",
        Kind::Renovation => "裝修申請審批表",
        Kind::Breach => "違章處理通知單",
        Kind::Identity => "業主身份證複印件",
        Kind::Other => "其他資料",
    }
}

struct Desk<'s> {
    house: &'s House,
    story: &'s Story<'s>,
    nth: u32,
}

impl Desk<'_> {
    fn specialist(&self, nth: usize) -> Actor {
        self.story.colleague(Role::Specialist, nth % 2)
    }

    async fn hand_in(&mut self, dossier: Id, kind: Kind, pages: usize) -> anyhow::Result<Id> {
        self.nth += 1;
        let by = self.specialist(self.nth as usize);
        let checker = self.specialist(self.nth as usize + 1);
        let files = (0..pages)
            .map(|page| Upload {
                name: format!("scan-{}.jpg", page + 1),
                bytes: Arc::new(scan(self.nth + page as u32)),
                corners: None,
            })
            .collect();
        let draft = Draft {
            kind,
            title: title(kind).into(),
            day: Some(self.house.now().date().to_string()),
            signed_by: String::new(),
            note: String::new(),
            paper: true,
            place: String::new(),
            checker: checker.account.unwrap_or(dossier),
            replaces: None,
        };
        Ok(intake::hand_in(self.house, &by, dossier, draft, files).await?)
    }

    async fn file(&mut self, dossier: Id, kind: Kind, pages: usize) -> anyhow::Result<()> {
        let id = self.hand_in(dossier, kind, pages).await?;
        let wait = 40 * MINUTE + self.house.chance.below(3 * HOUR as u64) as i64;
        self.story.clock.advance(wait);
        let checker = self.specialist(self.nth as usize + 1);
        let d = filing::one(self.house, &checker, id).await?;
        filing::file(self.house, &checker, id, d.row_version, d.pages).await?;
        Ok(())
    }
}

/// Homes that papers are asked of, in shelf order: flats of the first building, and shops.
async fn homes(story: &Story<'_>) -> anyhow::Result<Vec<Id>> {
    let house = story.house;
    follow::follow(house, story.compound.number).await?;
    let specialist = story.colleague(Role::Specialist, 0);
    let first = roster::buildings(house, story.compound.number).await?;
    let filter = Filter {
        show: Show::Missing,
        building: first.into_iter().next().unwrap_or_default(),
        ..Filter::default()
    };
    let (found, _) = listing::page(house, &specialist, &filter, None).await?;
    Ok(found.iter().map(|s| s.dossier.id).collect())
}

/// Papers that were handed in and filed in the weeks before.
pub async fn filed(story: &Story<'_>) -> anyhow::Result<()> {
    let all = homes(story).await?;
    let mut desk = Desk {
        house: story.house,
        story,
        nth: 0,
    };
    for dossier in all.iter().take(COMPLETE) {
        for kind in dossiers::Kinds::OF_HANDOVER.iter() {
            let pages = if kind == Kind::Handover { 2 } else { 1 };
            desk.file(*dossier, kind, pages).await?;
        }
    }
    for (i, dossier) in all.iter().skip(COMPLETE).take(BEGUN).enumerate() {
        for kind in Kind::ALL.into_iter().skip(i % 3).step_by(4).take(2) {
            desk.file(*dossier, kind, 1).await?;
        }
    }
    Ok(())
}

/// Cabinets for the boxes of every home, filled in shelf order but for the last building: its
/// boxes wait, so that there is something to put up.
pub async fn cabinets(story: &Story<'_>) -> anyhow::Result<()> {
    let house = story.house;
    let (manager, by) = (
        story.colleague(Role::Manager, 0),
        story.colleague(Role::Specialist, 0),
    );
    shelves::boxes::tend(house, &by).await?;
    for number in 1..=CABINETS {
        let draft = shelves::cabinet::Draft {
            there: None,
            name: format!("{number} 號櫃"),
            ord: number,
            layers: 6,
            width: 900,
        };
        shelves::cabinet::set(house, &manager, draft).await?;
    }
    let plan = shelves::arrange::arrangement(house, &by).await?;
    let moves: Vec<Id> = plan.moves().map(|m| m.id).collect();
    let most = moves.len() * 9 / 10;
    shelves::arrange::apply(house, &by, &plan.digest(), Some(&moves[..most])).await?;
    Ok(())
}

/// The manager asks that one building's archive goes to another company; nobody confirmed it yet.
pub async fn succession(story: &Story<'_>) -> anyhow::Result<()> {
    let (house, manager) = (story.house, story.colleague(Role::Manager, 0));
    let buildings = roster::buildings(house, manager.community).await?;
    let asked = successions::Asked {
        successor: "春風物業服務有限公司".into(),
        building: buildings.into_iter().next().unwrap_or_default(),
        in_clear: true,
        due_day: house.now().plus(30 * 24 * HOUR).date().to_string(),
        ..successions::Asked::default()
    };
    successions::acts::ask(house, &manager, &asked).await?;
    Ok(())
}

/// What lies on the desk this morning; the first of it is late.
pub async fn morning(story: &Story<'_>, today: Moment) -> anyhow::Result<()> {
    let (house, all) = (story.house, homes(story).await?);
    let mut desk = Desk {
        house,
        story,
        nth: 100,
    };
    let morning = [26 * HOUR, 5 * HOUR, 2 * HOUR, 20 * MINUTE];
    let open = all.iter().skip(BEGUN).take(ON_THE_DESK);
    for (dossier, ago) in open.zip(morning) {
        let at = today.plus(-ago);
        story.clock.set(at.max(house.now()));
        desk.hand_in(*dossier, Kind::Registration, 1).await?;
    }
    Ok(())
}
