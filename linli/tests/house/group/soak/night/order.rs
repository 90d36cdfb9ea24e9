//! Keeping order: a member is muted, a building is silent for a moment.

use ::group::channels::{self, Settings};
use foundation::clock::SECOND;
use foundation::database::{DbError, ask};
use foundation::ledger::{Event, Kind};
use foundation::params;
use permissions::actor::Actor;

use super::super::block::{C, host};
use super::super::notes::Note;
use super::Awake;

/// Somebody must be silent until `until`.
const MUTED: Kind = Kind::new("test.muted", 1);

impl Awake {
    /// As an effective sanction does it, without the months that lead to one.
    pub async fn mute(&mut self, who: usize) {
        let house = &self.night.house;
        let account = self.party.people[who].account;
        let now = house.now();
        let until = now.plus(2 * SECOND + self.chance.below(20) as i64 * SECOND);
        let id = house.id();
        self.note(Note::Mutes {
            account,
            until: until.0,
        });
        let system = Actor::system(C).who();
        let done: Result<(), DbError> = self
            .night
            .house
            .write(C, &system, move |mut tx| {
                tx.execute(ask(
                    "INSERT INTO conduct_sanction (community, id, strike, account, member, kind, \
                     severity, state, starts_at, ends_at, imposed_by, confirmed_by, superseded_by, \
                     changed_at) VALUES ($1, $2, $2, $3, NULL, 'mute', 1000, 'active', $4, $5, \
                     NULL, NULL, NULL, $4)",
                    params![C, id, account, now, until],
                ))?;
                let event = Event::new(MUTED).about("account", account);
                tx.record(event.with("until", until), ())
            })
            .await;
        if done.is_ok() {
            self.note(Note::Muted {
                account,
                until: until.0,
            });
        }
    }

    /// The host has the building be silent for a moment; everybody's line looks again.
    pub async fn hush(&mut self) {
        let by = host(self.night.host);
        let house = self.night.house.clone();
        let Ok(one) = channels::one(&house, &by, self.party.channel).await else {
            return;
        };
        let settings = Settings {
            hushed_until: Some(house.now().plus(2 * SECOND)),
            ..Settings::default()
        };
        // Another's setting or a crash may be in the way; the ledger tells.
        let _ = channels::set(&house, &by, one.id, one.version, settings).await;
    }
}
