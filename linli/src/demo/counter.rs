//! What went over the office's counter: homes handed over, forms printed for signature, keys
//! left and lent, renovations on their way, a breach whose notice is to be written.

use std::sync::Arc;

use dossiers::Kind;
use dossiers::intake::Upload;
use dossiers::listing::{self, Filter};
use forms::attach::{self, Paper};
use forms::cases::{act, looking};
use forms::keys::{self, Deposit, Loan};
use forms::values::Values;
use forms::{fill, handover};
use foundation::clock::{DAY, HOUR, MINUTE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::page::words::{Lang, Words};
use permissions::Role;
use permissions::actor::Actor;

use super::papers;
use super::year::Story;

/// Homes whose handover has begun.
const HANDED_OVER: usize = 4;
/// Keys that owners left for repairs, viewings and deliveries.
const KEYS: usize = 9;

/// Who owns what is left, invented.
const BRINGS: [&str; 3] = ["王女士", "李先生", "陳女士"];
const CONTRACTOR: &str = "清禾裝飾工程有限公司";

struct Counter<'s> {
    house: &'s House,
    story: &'s Story<'s>,
    by: Actor,
    manager: Actor,
    words: Words,
}

/// The weeks before today.
pub async fn weeks(story: &Story<'_>) -> anyhow::Result<()> {
    let counter = Counter {
        house: story.house,
        story,
        by: story.colleague(Role::Specialist, 0),
        manager: story.colleague(Role::Manager, 0),
        words: Words::new(Lang::ZhHant),
    };
    let homes = counter.homes().await?;
    for dossier in homes.iter().take(HANDED_OVER) {
        handover::begin(counter.house, &counter.by, *dossier, &counter.words).await?;
        counter.passes(25 * MINUTE);
    }
    handover::check_identity(counter.house, &counter.by, homes[0]).await?;
    handover::look_at_fees(counter.house, &counter.by, homes[0]).await?;
    counter.keys(&homes).await?;
    counter.renovations(&homes).await?;
    counter.breach(homes[30]).await
}

impl Counter<'_> {
    fn passes(&self, ms: i64) {
        self.story.clock.advance(ms);
    }

    fn day(&self, ahead: i64) -> String {
        self.house.now().plus(ahead * DAY).date().to_string()
    }

    /// Present homes in shelf order, those of the second building.
    async fn homes(&self) -> anyhow::Result<Vec<Id>> {
        let buildings = roster::buildings(self.house, self.story.compound.number).await?;
        let filter = Filter {
            building: buildings.into_iter().nth(1).unwrap_or_default(),
            ..Filter::default()
        };
        let (found, _) = listing::page(self.house, &self.by, &filter, None).await?;
        Ok(found.iter().map(|s| s.dossier.id).collect())
    }

    async fn keys(&self, homes: &[Id]) -> anyhow::Result<()> {
        let left = |nth: usize| Deposit {
            what: "door".into(),
            brought_by: BRINGS[nth % BRINGS.len()].into(),
            signed: true,
            ..Deposit::default()
        };
        let mut kept = Vec::with_capacity(KEYS);
        for (nth, dossier) in homes.iter().skip(10).take(KEYS).enumerate() {
            kept.push(keys::deposit(self.house, &self.by, *dossier, left(nth)).await?);
            self.passes(40 * MINUTE);
        }
        keys::count(self.house, &self.by, &kept).await?;
        keys::give_back(self.house, &self.by, kept[0], &left(0)).await?;
        let wanted = |reason: &str| Loan {
            borrower: "許明軒".into(),
            phone: "13900139000".into(),
            proof: "work_pass".into(),
            proof_number: "GC-0031".into(),
            reason: reason.into(),
            hours: 2,
            signed: true,
        };
        let back = wanted("廚房水管檢修，業主電話同意入戶");
        let loan = keys::lend(self.house, &self.by, kept[1], back).await?;
        self.passes(HOUR);
        keys::take_back(self.house, &self.by, loan).await?;
        // This one was never brought back, and is called after each day.
        let late = wanted("空調外機安裝，業主在外地");
        keys::lend(self.house, &self.by, kept[2], late).await?;
        Ok(())
    }

    /// A form with what its kind asks and the roster did not know, printed for signature.
    async fn printed(&self, dossier: Id, kind: Kind, said: &[(&str, &str)]) -> anyhow::Result<Id> {
        let (house, by) = (self.house, &self.by);
        let id = fill::begin(house, by, dossier, kind, &self.words).await?;
        let (form, mut values) = fill::mine(house, by, id).await?;
        for (name, value) in said {
            if values.of(name).is_empty() {
                values.set(name, *value);
            }
        }
        fill::save(house, by, id, form.version, &values).await?;
        let version = fill::one(house, by, id).await?.version;
        fill::print(house, by, id, version).await?;
        Ok(id)
    }

    /// The scan of the signed form, handed in with it.
    async fn signed(&self, form: Id) -> anyhow::Result<()> {
        let checker = self.story.colleague(Role::Specialist, 1);
        let paper = Paper {
            title: "裝修申請審批表".into(),
            day: Some(self.day(0)),
            signed_by: BRINGS[0].into(),
            note: String::new(),
            paper: true,
            place: String::new(),
            checker: checker.account.unwrap_or(form),
        };
        let scan = Upload {
            name: "scan.jpg".into(),
            bytes: Arc::new(papers::scan(7)),
            corners: None,
        };
        attach::attach(self.house, &self.by, form, paper, vec![scan]).await?;
        Ok(())
    }

    async fn does(
        &self,
        by: &Actor,
        case: Id,
        name: &str,
        said: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let there = looking::one(self.house, by, case).await?;
        let mut values = Values::default();
        for (field, value) in said {
            values.set(field, *value);
        }
        act::act(
            self.house,
            by,
            case,
            there.version,
            name,
            values,
            &self.words,
        )
        .await?;
        self.passes(3 * HOUR);
        Ok(())
    }

    /// One waits for the manager, one is at work, one was accepted and waits for its second
    /// check.
    async fn renovations(&self, homes: &[Id]) -> anyhow::Result<()> {
        let (begins, ends) = (self.day(3), self.day(60));
        let asked = [
            ("phone", "13800138000"),
            ("begins", begins.as_str()),
            ("ends", ends.as_str()),
            ("contractor", CONTRACTOR),
            ("head", "許明軒"),
            ("head_phone", "13900139000"),
            ("works", "water_power"),
        ];
        let mut cases = Vec::new();
        for dossier in homes.iter().skip(20).take(3) {
            let form = self.printed(*dossier, Kind::Renovation, &asked).await?;
            cases.push(act::apply(self.house, &self.by, form).await?);
            self.signed(form).await?;
        }
        let paid = [
            ("deposit", "2000.00"),
            ("fee", "150.00"),
            ("receipt", "SJ-0412"),
        ];
        let seen = [
            ("result", "fine"),
            ("seen", "水電改造符合圖紙，公共走道已清理"),
        ];
        for case in &cases[1..] {
            self.does(&self.manager, *case, "approve", &[]).await?;
            self.does(&self.by, *case, "pay", &paid).await?;
            self.does(&self.by, *case, "permit", &[("until", &ends)])
                .await?;
            self.does(&self.by, *case, "inspect", &seen).await?;
        }
        self.does(&self.manager, cases[2], "accept", &[]).await
    }

    /// Found and taken down; its notice waits for the photographs to be filed.
    async fn breach(&self, dossier: Id) -> anyhow::Result<()> {
        let mut fact = Values::default();
        fact.set("found_at", format!("{} 10:35", self.day(0)));
        fact.set("place", "入戶門外走道");
        fact.set("fact", "走道堆放建材，佔用疏散通道約 1.2 米");
        let (house, by) = (self.house, &self.by);
        let case = act::found(house, by, dossier, None, fact).await?;
        let photographed = [("evidence", "現場照片兩張，巡查員與鄰居在場")];
        self.does(by, case, "evidence", &photographed).await
    }
}
