//! A year of joining: owners apply, the desk looks, asks, approves or refuses, the host
//! invites, and most of them come in.

use zeroize::Zeroizing;

use super::sheet::DemoRoom;
use super::{board, census};
use foundation::clock::{DAY, HOUR, HandClock, MINUTE, Moment};
use foundation::communities::Compound;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Door;
use membership::desk::{self, Decision};
use membership::draft::{self, Answers};
use membership::join::{self, Accepted, SignIn, Ticket};
use membership::texts::{self, TextName};
use membership::{Relation, apply, invite};
use permissions::Role;
use permissions::actor::Actor;

/// How many owners come into the group over the year.
const JOIN: usize = 48;
/// How many applications lie on the desk today.
const WAIT: usize = 14;

/// What becomes of an application.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Joins,
    Refused,
    Asked,
    Approved,
    Invited,
    Waits,
}

/// The owners who join over the year and the two who are refused; the accounts of those
/// who joined, the first to join first.
pub async fn joining(
    story: &Story<'_>,
    rooms: &[DemoRoom],
    today: Moment,
) -> anyhow::Result<Vec<Id>> {
    let mut fates = vec![Fate::Joins; JOIN];
    fates.insert(JOIN / 3, Fate::Refused);
    fates.insert(JOIN / 2, Fate::Refused);
    let house = story.house;
    let start = house.now().plus(3 * DAY);
    let step = (today.plus(-9 * DAY).0 - start.0) / fates.len() as i64;
    let homes = homes(rooms);
    let mut owners = Vec::with_capacity(JOIN);
    for (i, fate) in fates.iter().enumerate() {
        let at = start.plus(step * i as i64 + house.chance.below(8 * HOUR as u64) as i64);
        story.clock.set(at.max(house.now()));
        if let Some(account) = story.tell(homes[i * 11 % homes.len()], *fate, i).await? {
            owners.push(account);
        }
        board::after(story, i, &owners).await?;
        census::week(story, i, today).await?;
    }
    Ok(owners)
}

/// The last days: what lies on the desk this morning.
pub async fn this_week(story: &Story<'_>, rooms: &[DemoRoom], today: Moment) -> anyhow::Result<()> {
    let mut fates = vec![
        Fate::Invited,
        Fate::Invited,
        Fate::Approved,
        Fate::Asked,
        Fate::Asked,
    ];
    fates.extend([Fate::Waits; WAIT]);
    let homes = homes(rooms);
    for (i, fate) in fates.iter().enumerate() {
        let at = today.plus(-5 * DAY + i as i64 * 6 * HOUR);
        story.clock.set(at.max(story.house.now()));
        let home = homes[(600 + i * 17) % homes.len()];
        story.tell(home, *fate, JOIN + i).await?;
    }
    Ok(())
}

/// Homes whose first owner can be reached by phone.
fn homes(rooms: &[DemoRoom]) -> Vec<&DemoRoom> {
    let reachable =
        |r: &&DemoRoom| r.usage == "住宅" && matches!(r.owners.first(), Some((_, Some(_))));
    rooms.iter().filter(reachable).collect()
}

/// Where the story plays.
pub struct Story<'s> {
    pub house: &'s House,
    pub clock: &'s HandClock,
    pub compound: &'s Compound,
    pub office: &'s [(Role, Id)],
}

impl Story<'_> {
    pub fn colleague(&self, role: Role, nth: usize) -> Actor {
        let account = self
            .office
            .iter()
            .filter(|(r, _)| *r == role)
            .nth(nth)
            .map(|(_, id)| *id)
            .expect("the demo's office has this role");
        Actor::account(account, None, self.compound.number, vec![role], Door::Web)
    }

    fn later(&self, ms: i64) {
        self.clock.advance(ms);
    }

    async fn tell(&self, home: &DemoRoom, fate: Fate, nth: usize) -> anyhow::Result<Option<Id>> {
        let (house, c) = (self.house, self.compound.number);
        let stranger = Actor::link_holder(c);
        let secret = self.apply(home, fate, nth, &stranger).await?;
        if fate == Fate::Waits {
            return Ok(None);
        }
        self.later(2 * HOUR + house.chance.below(30 * MINUTE as u64) as i64);
        let specialist = self.colleague(Role::Specialist, nth % 2);
        let decision = match fate {
            Fate::Refused => Decision::Refuse {
                why: "not_on_roster",
                words: "名冊上這一戶登記的是另一位業主。若剛辦完過戶，請帶新的產權證到前台，我們馬上更正。".into(),
            },
            Fate::Asked => Decision::AskMore {
                what: "deed",
                words: "請補一張房產證或購房合同首頁的照片，謝謝。".into(),
            },
            _ => Decision::Approve,
        };
        let id = self.decide(&secret, &specialist, decision).await?;
        if !matches!(fate, Fate::Joins | Fate::Invited) {
            return Ok(None);
        }
        self.later(HOUR);
        let issued = invite::invite(house, &self.colleague(Role::Host, 0), id).await?;
        if fate == Fate::Invited {
            return Ok(None);
        }
        self.later(5 * HOUR + house.chance.below(12 * HOUR as u64) as i64);
        let accepted = Accepted {
            rules: texts::current(house, c, TextName::Rules).await?.version,
            privacy: texts::current(house, c, TextName::Privacy).await?.version,
        };
        let phone = home.owners[0].1.clone().unwrap_or_default();
        let password = Zeroizing::new(format!("demo {}", house.chance.token()));
        let ticket = Ticket::Invitation(&issued.secret);
        let joined = join::confirm(
            house,
            &stranger,
            ticket,
            accepted,
            SignIn::New { phone, password },
        )
        .await?;
        Ok(Some(joined.account))
    }

    async fn apply(
        &self,
        home: &DemoRoom,
        fate: Fate,
        nth: usize,
        stranger: &Actor,
    ) -> anyhow::Result<String> {
        let (house, c) = (self.house, self.compound.number);
        let (name, phone) = match (&home.owners[0], fate) {
            (_, Fate::Refused) => (
                "簡明遠".to_owned(),
                super::names::phone(5_000_000 + nth as u32),
            ),
            ((name, phone), _) => (name.clone(), phone.clone().unwrap_or_default()),
        };
        let room = roster::find_room(house, c, &home.code).await?;
        let mut answers = Answers {
            room_typed: format!(
                "{}棟{}單元{}",
                home.building.trim_end_matches('棟'),
                home.unit.trim_end_matches("單元"),
                home.number
            ),
            room: room.as_ref().map(|r| r.id),
            room_code: room.map(|r| r.code).unwrap_or_default(),
            relation: Some(Relation::Owner),
            name,
            phone,
            proof_later: true,
            privacy: Some(texts::current(house, c, TextName::Privacy).await?.version),
            ..Answers::default()
        };
        draft::look(house, c, &mut answers).await?;
        let secret = draft::begin(house, c, answers).await?;
        self.later(4 * MINUTE);
        apply::submit(house, stranger, &secret).await?;
        Ok(secret)
    }

    async fn decide(&self, secret: &str, by: &Actor, decision: Decision) -> anyhow::Result<Id> {
        let (house, c) = (self.house, self.compound.number);
        let seen = apply::find(house, c, secret).await?;
        desk::decide(house, by, seen.id, seen.version, Decision::Open).await?;
        self.later(6 * MINUTE);
        let seen = apply::find(house, c, secret).await?;
        desk::decide(house, by, seen.id, seen.version, decision).await?;
        Ok(seen.id)
    }
}
