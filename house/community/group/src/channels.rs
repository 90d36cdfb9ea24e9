//! Channels: the main one, one per building, the stewards' room, and any the host opens.
//! Who is in one follows from what they are; there is no list of members to keep.

use foundation::clock::Moment;
use foundation::database::{Community, DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use membership::State;
use permissions::actor::Actor;
use permissions::{Permission, Role};

use crate::{CHANNELS_MAX, Count, GroupError, events, store};

/// The longest slow mode: one message an hour.
pub const SLOW_SECONDS_MAX: i64 = 3_600;
const DAY_MINUTES: i64 = 24 * 60;
const NAME_CHARS_MAX: usize = 20;

/// What a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// Everybody.
    Main,
    /// The members of one building.
    Building,
    /// 管理員, the host and the manager.
    Stewards,
    /// Opened by the host for everybody.
    Open,
    /// 分享互助: posts with what answers them, for everybody.
    Sharing,
}

impl ChannelKind {
    pub fn word(self) -> &'static str {
        match self {
            ChannelKind::Main => "main",
            ChannelKind::Building => "building",
            ChannelKind::Stewards => "stewards",
            ChannelKind::Open => "open",
            ChannelKind::Sharing => "sharing",
        }
    }

    fn from_word(word: &str) -> ChannelKind {
        match word {
            "main" => ChannelKind::Main,
            "building" => ChannelKind::Building,
            "open" => ChannelKind::Open,
            "sharing" => ChannelKind::Sharing,
            // What a newer program opened for fewer is not shown to more.
            _ => ChannelKind::Stewards,
        }
    }
}

/// How one may speak in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Only the office and the stewards write.
    pub announce_only: bool,
    /// Seconds between two messages of one member; 0 is no slow mode.
    pub slow_seconds: i64,
    /// Minutes of the day between which members do not write; equal when there are none.
    pub quiet_from: i64,
    pub quiet_until: i64,
    /// Everybody but the office is silent until then: for emergencies.
    pub hushed_until: Option<Moment>,
}

impl Settings {
    /// Whether every number is one a clock and a patient person can live with.
    pub fn is_sound(&self) -> bool {
        let minute = 0..DAY_MINUTES;
        (0..=SLOW_SECONDS_MAX).contains(&self.slow_seconds)
            && minute.contains(&self.quiet_from)
            && minute.contains(&self.quiet_until)
    }

    /// Whether members keep quiet at this minute of the day; the hours may pass midnight.
    pub fn is_quiet_at(&self, minute: i64) -> bool {
        if self.quiet_from <= self.quiet_until {
            (self.quiet_from..self.quiet_until).contains(&minute)
        } else {
            minute >= self.quiet_from || minute < self.quiet_until
        }
    }
}

/// A channel as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: Id,
    pub kind: ChannelKind,
    /// Empty for those that the house names in the reader's language.
    pub name: String,
    pub building: String,
    pub settings: Settings,
    pub last_seq: i64,
    pub last_at: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub version: i64,
}

impl FromRow for Channel {
    fn from_row(row: &mut Row) -> Result<Channel, DbError> {
        Ok(Channel {
            id: row.next()?,
            kind: ChannelKind::from_word(&row.next::<String>()?),
            name: row.next()?,
            building: row.next()?,
            settings: Settings {
                announce_only: row.next::<i64>()? != 0,
                slow_seconds: row.next()?,
                quiet_from: row.next()?,
                quiet_until: row.next()?,
                hushed_until: row.next()?,
            },
            last_seq: row.next()?,
            last_at: row.next()?,
            closed_at: row.next()?,
            version: row.next()?,
        })
    }
}

/// Whether somebody leads the group: what is said to all, who may speak.
pub fn leads(by: &Actor) -> bool {
    by.has(Permission::GroupLead)
}

/// Whether somebody speaks where only announcements are made.
pub fn announces(by: &Actor) -> bool {
    leads(by) || by.roles.contains(&Role::Steward)
}

/// What decides which channels somebody is in.
#[derive(Clone, Debug)]
pub struct Reach {
    office: bool,
    stewards: bool,
    member: bool,
    buildings: Vec<String>,
}

impl Reach {
    /// # Errors
    /// [`GroupError::Forbidden`] without the permission to read the group at all.
    pub async fn of(house: &House, by: &Actor) -> Result<Reach, GroupError> {
        by.may(Permission::GroupRead)?;
        let office = by.roles.iter().any(|r| r.is_staff());
        let stewards = leads(by) || by.roles.contains(&Role::Steward);
        let c = by.community;
        let mut reach = Reach {
            office,
            stewards,
            member: false,
            buildings: Vec::new(),
        };
        let (false, Some(account)) = (office, by.account) else {
            return Ok(reach);
        };
        let here = membership::members::of_account(house, c, account).await?;
        let rooms: Vec<Id> = here
            .iter()
            .filter(|m| matches!(m.state, State::Active | State::Suspended | State::Leaving))
            .map(|m| m.room)
            .collect();
        reach.member = !rooms.is_empty();
        if reach.member {
            let rows: Vec<(String,)> = house.db.all(store::buildings_of(c, &rooms)).await?;
            reach.buildings = rows.into_iter().map(|r| r.0).collect();
        }
        Ok(reach)
    }

    /// Whether `one` is theirs to read.
    pub fn holds(&self, one: &Channel) -> bool {
        let inside = self.office || self.member;
        match one.kind {
            ChannelKind::Main | ChannelKind::Open | ChannelKind::Sharing => inside,
            ChannelKind::Building => self.office || self.buildings.contains(&one.building),
            ChannelKind::Stewards => self.stewards && inside,
        }
    }
}

/// The channels somebody is in, the main one first. The first look of a compound makes it.
pub async fn of(house: &House, by: &Actor) -> Result<Vec<Channel>, GroupError> {
    let reach = Reach::of(house, by).await?;
    let c = by.community;
    let mut all: Vec<Channel> = house.db.all(store::channels(c)).await?;
    let has = |kind| all.iter().any(|one| one.kind == kind);
    if !has(ChannelKind::Main) || !has(ChannelKind::Sharing) {
        begin(house, c).await?;
        all = house.db.all(store::channels(c)).await?;
    }
    all.retain(|one| reach.holds(one));
    all.sort_by_key(|one| one.kind as u8);
    Ok(all)
}

/// Whether somebody has accepted the rules in force; the office has them by its contract.
///
/// # Errors
/// [`GroupError::RulesDue`] when a newer version is to be read first.
pub async fn entered(house: &House, by: &Actor) -> Result<(), GroupError> {
    if by.roles.iter().any(|r| r.is_staff()) || conduct::rules::due(house, by).await?.is_none() {
        Ok(())
    } else {
        Err(GroupError::RulesDue)
    }
}

/// One channel, if it is theirs; what is not theirs is not there.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Channel, GroupError> {
    let reach = Reach::of(house, by).await?;
    let found: Option<Channel> = house.db.optional(store::channel(by.community, id)).await?;
    found
        .filter(|one| one.closed_at.is_none() && reach.holds(one))
        .ok_or(GroupError::NotFound)
}

fn fresh(id: Id, kind: ChannelKind, name: &str, building: &str) -> Channel {
    Channel {
        id,
        kind,
        name: name.to_owned(),
        building: building.to_owned(),
        settings: Settings::default(),
        last_seq: 0,
        last_at: None,
        closed_at: None,
        version: 1,
    }
}

/// Makes the channels that every compound has; making them twice is making them once.
async fn begin(house: &House, c: Community) -> Result<(), GroupError> {
    let all = [
        ChannelKind::Main,
        ChannelKind::Stewards,
        ChannelKind::Sharing,
    ]
    .map(|kind| fresh(house.id(), kind, "", ""));
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let now = tx.now();
            let mut made: i64 = 0;
            for one in &all {
                if tx.execute(store::insert_channel(c, one, now))? > 0 {
                    made += 1;
                    tx.also(opened(one))?;
                }
            }
            if made == 0 {
                // Another look made them a moment ago; nothing is written.
                return Err(GroupError::Changed);
            }
            let event = Event::new(events::CHANNEL_SET).to(Audience::Record);
            Ok(tx.record(event.about("channel", all[0].id).with("made", made), ())?)
        })
        .await;
    match done {
        Err(GroupError::Changed) => Ok(()),
        other => other,
    }
}

/// Opens the channel of a building when its first member comes; the house names it in the
/// reader's language. A channel that the host opened for the building is that channel.
pub async fn open_for_building(
    house: &House,
    c: Community,
    building: &str,
) -> Result<(), GroupError> {
    let Count(there) = house.db.one(store::building_channel(c, building)).await?;
    if building.is_empty() || there > 0 {
        return Ok(());
    }
    let one = fresh(house.id(), ChannelKind::Building, "", building);
    let done = house
        .write(c, &Actor::system(c).who(), move |mut tx| {
            let Count(there) = tx.one(store::building_channel(c, &one.building))?;
            let Count(all) = tx.one(store::count_channels(c))?;
            let now = tx.now();
            if there > 0
                || all >= CHANNELS_MAX
                || tx.execute(store::insert_channel(c, &one, now))? == 0
            {
                return Err(GroupError::Changed);
            }
            Ok(tx.record(opened(&one), ())?)
        })
        .await;
    match done {
        Err(GroupError::Changed) => Ok(()),
        other => other,
    }
}

fn opened(one: &Channel) -> Event {
    Event::new(events::CHANNEL_OPENED)
        .about("channel", one.id)
        .to(Audience::Staff)
        .with("kind", one.kind.word())
}

/// Opens a channel: for one building when `building` names it, else for everybody.
pub async fn open(house: &House, by: &Actor, name: &str, building: &str) -> Result<Id, GroupError> {
    by.may(Permission::GroupLead)?;
    let (name, building) = (name.trim(), building.trim());
    let kind = if building.is_empty() {
        ChannelKind::Open
    } else {
        ChannelKind::Building
    };
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || building.len() > 100 {
        return Err(GroupError::Name);
    }
    let c = by.community;
    let one = fresh(house.id(), kind, name, building);
    house
        .write(c, &by.who_for(Permission::GroupLead), move |mut tx| {
            let Count(there) = tx.one(store::count_channels(c))?;
            if there >= CHANNELS_MAX {
                return Err(GroupError::TooManyChannels);
            }
            let now = tx.now();
            if tx.execute(store::insert_channel(c, &one, now))? == 0 {
                return Err(GroupError::NameTaken);
            }
            let id = one.id;
            Ok(tx.record(opened(&one), id)?)
        })
        .await
}

/// Sets how one may speak in a channel; `version` is the one that was read.
pub async fn set(
    house: &House,
    by: &Actor,
    id: Id,
    version: i64,
    settings: Settings,
) -> Result<(), GroupError> {
    by.may(Permission::GroupLead)?;
    let channel = one(house, by, id).await?;
    if !settings.is_sound() {
        return Err(GroupError::Changed);
    }
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::GroupLead), move |mut tx| {
            if tx.execute(store::set_channel(c, channel.id, version, &settings))? == 0 {
                return Err(GroupError::Changed);
            }
            let event = Event::new(events::CHANNEL_SET)
                .about("channel", channel.id)
                .to(Audience::Members)
                .with("announce_only", settings.announce_only)
                .with("slow_seconds", settings.slow_seconds)
                .with("quiet_from", settings.quiet_from)
                .with("quiet_until", settings.quiet_until)
                .with_some("hushed_until", settings.hushed_until);
            Ok(tx.record(event, ())?)
        })
        .await
}

/// Closes a channel that the host opened; what was said in it is kept.
pub async fn close(house: &House, by: &Actor, id: Id) -> Result<(), GroupError> {
    by.may(Permission::GroupLead)?;
    let c = by.community;
    house
        .write(c, &by.who_for(Permission::GroupLead), move |mut tx| {
            let now = tx.now();
            if tx.execute(store::close_channel(c, id, now))? == 0 {
                return Err(GroupError::NotFound);
            }
            let event = Event::new(events::CHANNEL_CLOSED)
                .about("channel", id)
                .to(Audience::Members);
            Ok(tx.record(event, ())?)
        })
        .await
}
