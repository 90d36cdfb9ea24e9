//! Who is sealed is in no list, search, export or statistic: every page of the office that needs
//! no id is read, and what it tells searched for them. Their own rights stay.

use changes::sealing;
use changes::transfer::deed;
use changes::{check, own};
use foundation::clock::DAY;
use foundation::ids::Id;
use foundation::ledger::Door;
use linli::doors::rooms;
use permissions::Role;
use permissions::actor::Actor;

use super::{drafted, followed, owner_of, waiting};
use crate::archive::office::Office;
use crate::membership::world::{C, NAMES};
use crate::roster_pages::door;

/// What would tell of the first owner: the name, its mask alone says too little.
const PHONES: [&str; 2] = ["13800138001", "138****8001"];

async fn sealed() -> (Office, Id) {
    let o = Office::new().await;
    followed(&o).await;
    let (by, party) = (&o.w.specialist, owner_of(&o, 0).await);
    let (id, version) = drafted(&o, 0, |_| {}).await;
    deed::complete(o.house(), by, id, version)
        .await
        .expect("done");
    followed(&o).await;
    let r = waiting(&o).await.pop().expect("the transfer");
    check::check(o.house(), &o.checker, r.id, r.version)
        .await
        .expect("checked");
    o.house().clock.advance(DAY);
    let found = sealing::look(o.house(), C).await.expect("looked");
    assert_eq!(found.sealed, 1, "{found:?}");
    (o, party)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_list_search_or_export_tells_of_who_is_sealed() {
    let (o, _) = sealed().await;
    let places: Vec<String> = rooms::routes()
        .0
        .iter()
        .filter(|r| r.method == axum::http::Method::GET)
        .map(|r| r.path.to_string())
        .filter(|path| path.starts_with("/c/{c}/") && path.matches('{').count() == 1)
        // The manager's own list of what is sealed says so, with number and room.
        .filter(|path| path != "/c/{c}/seals")
        .collect();
    assert!(places.len() > 60, "{}", places.len());
    let mut read = 0;
    for by in [&o.w.specialist, &o.w.supervisor, &o.w.manager] {
        let desk = door(o.house(), rooms::routes(), by);
        for place in &places {
            let path = place.trim_start_matches("/c/{c}");
            for query in ["", "?q=王小明", "?q=8001", "?q=3-2-1801"] {
                let (status, _, bytes) =
                    crate::roster_pages::fetch(&desk, &format!("{path}{query}"), "", None).await;
                if !status.is_success() {
                    continue;
                }
                read += 1;
                let text = String::from_utf8_lossy(&bytes);
                // What was typed stays in the field.
                let text = text.replace("value=\"王小明\"", "").replace("q=王小明", "");
                assert!(!text.contains(NAMES[0]), "{path}{query}: {text}");
                for phone in PHONES {
                    assert!(!text.contains(phone), "{path}{query}");
                }
            }
        }
    }
    assert!(read > 200, "{read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_former_owner_still_has_what_the_house_keeps_of_them() {
    let (o, party) = sealed().await;
    let me = Actor::account(o.house().id(), Some(party), C, vec![Role::Owner], Door::Web);
    let mine = own::mine(o.house(), &me).await.expect("their own");
    assert_eq!((mine.name.as_str(), mine.phones.len()), (NAMES[0], 1));
}
