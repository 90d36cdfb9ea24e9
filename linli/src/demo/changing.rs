//! The demo's changes: a few contacts that the desk changed in these days, one of them checked,
//! and a transfer that stands as a draft.

use changes::listing::{self, Filter};
use changes::record::State;
use changes::{check, transfer};
use foundation::clock::HOUR;
use hanzi::numbers::Phone;
use permissions::Role;
use roster::PersonDraft;

use super::year::Story;

/// Rooms whose first owner changed something.
const CHANGED: usize = 3;

/// What the desk changed this week.
pub async fn week(story: &Story<'_>) -> anyhow::Result<()> {
    let (house, c) = (story.house, story.compound.number);
    let (by, checker) = (
        story.colleague(Role::Specialist, 0),
        story.colleague(Role::Specialist, 1),
    );
    dossiers::follow::follow(house, c).await?;
    changes::follow::follow(house, c).await?;
    let all = dossiers::listing::Filter::default();
    let (homes, _) = dossiers::listing::page(house, &by, &all, None).await?;
    let mut changed = 0;
    for home in homes {
        let people = roster::people_of_room(house, c, home.dossier.room).await?;
        let here = people.iter().find(|p| p.relation.stands && !p.organisation);
        let Some(owner) = here else { continue };
        if changed == CHANGED {
            let id = transfer::begin(house, &by, &home.dossier.code, "").await?;
            let (t, mut draft) = transfer::one(house, &by, id).await?;
            "sale".clone_into(&mut draft.ground);
            "合同 2026-0118".clone_into(&mut draft.contract);
            transfer::save(house, &by, id, t.version, &draft).await?;
            break;
        }
        if changed % 2 == 0 {
            let number = Phone::parse(&format!("1390013{:04}", 2100 + changed))
                .map_err(|_| anyhow::anyhow!("not a phone"))?;
            roster::add_phone(house, &by, c, owner.party, &number, true).await?;
        } else {
            let person = roster::person(house, &by, c, owner.party).await?;
            let draft = PersonDraft {
                emergency: Some("李女士（女兒）13800139009".into()),
                ..PersonDraft::default()
            };
            let seen = person.party.version;
            roster::edit_person(house, &by, c, owner.party, seen, &draft).await?;
        }
        story.clock.advance(HOUR);
        changed += 1;
    }
    changes::follow::follow(house, c).await?;
    let waiting = Filter {
        state: Some(State::Waiting),
        ..Filter::default()
    };
    let (found, _) = listing::page(house, &by, &waiting, None).await?;
    if let Some(r) = found
        .iter()
        .find(|r| r.field == "phone" && check::may_decide(&checker, r))
    {
        let said = "業主本人持身份證到前台更改";
        check::evidence(house, &by, r.id, r.version, "said", None, said).await?;
        check::check(house, &checker, r.id, r.version + 1).await?;
    }
    Ok(())
}
