//! A compound whose members are there already: rows as joining leaves them, without the
//! days that joining takes.

use std::sync::Arc;

use foundation::communities::{self, Compound};
use foundation::database::ask;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Door, Event, Kind, Who};
use foundation::params;
use group::{ChannelKind, channels};
use permissions::Role;
use permissions::actor::Actor;

const MADE: Kind = Kind::new("bench.made", 1);

/// A compound, its main channel, and so many of its members.
pub struct Neighbours {
    pub compound: Compound,
    pub main: Id,
    pub members: Vec<Actor>,
}

impl Neighbours {
    pub async fn settle(house: &Arc<House>, count: usize) -> anyhow::Result<Neighbours> {
        let compound = communities::create(house, &Who::operator(), "春和苑", 3_000).await?;
        let c = compound.number;
        let people: Vec<[Id; 3]> = (0..count)
            .map(|_| [house.id(), house.id(), house.id()])
            .collect();
        let members = people
            .iter()
            .map(|[account, ..]| Actor::account(*account, None, c, vec![Role::Owner], Door::Web));
        let members: Vec<Actor> = members.collect();
        let stamp = house.stamp(&Who::operator());
        let moved = house.db.write_across(
            vec![foundation::database::HOUSE, c],
            stamp,
            move |mut tx| {
                for (n, [account, room, member]) in people.iter().enumerate() {
                    let code = format!("{}-1-{}", n / 100 + 1, n % 100 + 101);
                    tx.execute(ask(
                        "INSERT INTO account (id, name, handle, phone, phone_blind, state, \
                         created_at) VALUES ($1, '王小明', NULL, NULL, NULL, 'active', 0)",
                        params![*account],
                    ))?;
                    tx.execute(ask(
                        "INSERT INTO role_grant (community, account, role, person, from_at, \
                         until_at) VALUES ($1, $2, 'owner', NULL, 0, NULL)",
                        params![c, *account],
                    ))?;
                    tx.execute(ask(
                        "INSERT INTO room (community, id, code, normal, tail, sort_key, phase, \
                         zone, building, unit, version, held, import, created_at) VALUES ($1, $2, \
                         $3, $3, '', $4, '', '', '1', '1', 1, 0, '', 0)",
                        params![c, *room, &code, code.as_bytes()],
                    ))?;
                    tx.execute(ask(
                        "INSERT INTO member (community, id, application, account, party, room, \
                         room_code, relation, name, name_key, state, version, since, changed_at, \
                         until_at, ended_at, reason, words, notice_only, removal_by, removal_at, \
                         removal_words, removal_days) VALUES ($1, $2, NULL, $3, NULL, $4, $5, \
                         'owner', '王小明', '王小明', 'active', 1, 0, 0, NULL, NULL, '', '', 0, \
                         NULL, NULL, '', NULL)",
                        params![c, *member, *account, *room, &code],
                    ))?;
                    tx.execute(ask(
                        "INSERT INTO conduct_acceptance (community, account, rules_version, at) \
                         VALUES ($1, $2, 1, 0)",
                        params![c, *account],
                    ))?;
                }
                tx.record(Event::new(MADE), ())
            },
        );
        moved.await?;
        let here = channels::of(house, &members[0]).await?;
        let main = here.iter().find(|one| one.kind == ChannelKind::Main);
        let main = main
            .ok_or_else(|| anyhow::anyhow!("the first look makes it"))?
            .id;
        Ok(Neighbours {
            compound,
            main,
            members,
        })
    }
}
