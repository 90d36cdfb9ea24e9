//! Who is sealed is in no list, search, export or statistic: every page of the office that needs
//! no id is read, and what it tells searched for them. Their own rights stay.

use changes::sealing::{self, Seal};
use changes::transfer::deed;
use changes::{ChangesError, check, listing, own};
use dossiers::listing::{self as files, Show};
use dossiers::{ArchiveError, Kind, Life};
use foundation::clock::DAY;
use foundation::ids::Id;
use foundation::ledger::Door;
use linli::doors::rooms;
use permissions::Role;
use permissions::actor::Actor;
use roster::people_of_room;

use super::{drafted, followed, owner_of, waiting};
use crate::archive::office::Office;
use crate::membership::world::{C, NAMES, employ};
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
    // And the file of the home they had: sealed, and asked for by a request to the manager.
    let account = employ(o.house(), C, Role::Owner).await.account;
    let me = Actor::account(
        account.expect("an account"),
        Some(party),
        C,
        vec![Role::Owner],
        Door::Web,
    );
    let files = viewings::own::files(o.house(), &me).await.expect("theirs");
    assert_eq!(files.len(), 1);
    assert_eq!(
        (files[0].life, files[0].ended.is_some()),
        (Life::Sealed, true)
    );
    let page = door(o.house(), viewings::pages::routes(), &me);
    let page = crate::roster_pages::get(&page, "/my/files").await;
    assert!(page.contains("已封存") && page.contains("/ask"), "{page}");
    let v = viewings::own::ask(o.house(), &me, files[0].id)
        .await
        .expect("asked");
    assert_eq!(v.state, viewings::State::Submitted);
    // Who owns it now has nothing of the tenure before.
    let next = owner_of(&o, 0).await;
    let they = employ(o.house(), C, Role::Owner).await.account;
    let they = Actor::account(
        they.expect("an account"),
        Some(next),
        C,
        vec![Role::Owner],
        Door::Web,
    );
    let theirs = viewings::own::files(o.house(), &they)
        .await
        .expect("theirs");
    assert!(theirs.iter().all(|d| d.id != files[0].id), "{theirs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_tenure_is_in_no_list_search_or_catalog_and_opens_for_a_purpose() {
    let o = Office::new().await;
    followed(&o).await;
    let (before, by) = (o.dossier(0).await, &o.w.specialist);
    let identity = o.filed(before, Kind::Identity, 1).await;
    let covenant = o.filed(before, Kind::Covenant, 1).await;
    let number = o.dossiers().await[0].dossier.number.clone();
    let (id, version) = drafted(&o, 0, |_| {}).await;
    deed::complete(o.house(), by, id, version)
        .await
        .expect("done");
    followed(&o).await;
    // Copies of papers of identity are sealed at once, the others not yet.
    let seen = dossiers::filing::one(o.house(), by, identity).await;
    assert!(matches!(seen, Err(ArchiveError::Sealed)), "{seen:?}");
    dossiers::filing::one(o.house(), by, covenant)
        .await
        .expect("not yet");
    let inside = files::inside(o.house(), by, before).await.expect("inside");
    assert_eq!((inside.sealed, inside.documents.len()), (1, 1));

    // Today it could still be taken back, and the change waits.
    sealing::look(o.house(), C).await.expect("looked");
    let waits = sealing::page(o.house(), &o.w.manager, Seal::Waiting, None)
        .await
        .expect("page")
        .0;
    assert_eq!(waits[0].waits, ["undo", "changes"]);
    o.house().clock.advance(DAY);
    let r = waiting(&o).await.pop().expect("the transfer");
    check::check(o.house(), &o.checker, r.id, r.version)
        .await
        .expect("checked");
    let found = sealing::look(o.house(), C).await.expect("looked");
    assert_eq!((found.sealed, found.waiting), (1, 0));

    for show in [
        Show::Open,
        Show::Missing,
        Show::Complete,
        Show::Closed,
        Show::Shelf,
    ] {
        let filter = files::Filter {
            show,
            ..files::Filter::default()
        };
        let (rows, _) = files::page(o.house(), by, &filter, None)
            .await
            .expect("page");
        assert!(rows.iter().all(|s| s.dossier.id != before), "{show:?}");
        let n = files::count(o.house(), by, &filter).await.expect("count");
        assert_eq!(n as usize, rows.len());
    }
    assert!(
        files::search(o.house(), by, &number)
            .await
            .expect("searched")
            .is_empty()
    );
    let opened = files::inside(o.house(), by, before).await;
    assert!(matches!(opened.map(|_| ()), Err(ArchiveError::Sealed)));
    let seen = dossiers::filing::one(o.house(), by, covenant).await;
    assert!(matches!(seen, Err(ArchiveError::Sealed)));
    assert!(
        forms::listing::of_dossier(o.house(), by, before)
            .await
            .expect("forms")
            .is_empty()
    );
    let hits = roster::search(o.house(), by, C, NAMES[0], 10)
        .await
        .expect("searched");
    assert!(
        hits.is_empty(),
        "the former owner is found no more: {hits:?}"
    );
    let people = people_of_room(o.house(), C, o.w.rooms[0])
        .await
        .expect("people");
    assert_eq!(people.len(), 1, "nor listed with the room");
    let theirs = listing::of_dossier(o.house(), by, before).await;
    assert!(matches!(
        theirs,
        Err(ChangesError::Archive(ArchiveError::Sealed))
    ));

    let manager = &o.w.manager;
    let clerk = sealing::unseal(o.house(), by, before, "litigation", "法院調取證據", 3).await;
    assert!(matches!(clerk, Err(ChangesError::Forbidden(_))));
    let idle = sealing::unseal(o.house(), manager, before, "curiosity", "法院調取證據", 3).await;
    assert!(matches!(idle, Err(ChangesError::Reason)));
    sealing::unseal(o.house(), manager, before, "litigation", "法院調取證據", 3)
        .await
        .expect("opened");
    dossiers::filing::one(o.house(), by, identity)
        .await
        .expect("open for the purpose");
    o.house().clock.advance(3 * DAY);
    sealing::look(o.house(), C).await.expect("looked");
    let again = dossiers::sealing::dossier(o.house(), C, before)
        .await
        .expect("there");
    assert_eq!(again.life, Life::Sealed, "its time is over");
    let told = o.told().await;
    for kind in [
        "archive.identity_sealed",
        "archive.sealed",
        "archive.unsealed",
    ] {
        assert!(told.iter().any(|t| t == kind), "{kind}");
    }
}

#[test]
fn dues_hold_a_tenure_three_years_from_the_last_and_no_longer() {
    let day = |text: &str| text.parse::<jiff::civil::Date>().expect("a day");
    for (last, released) in [
        ("2026-03-15", "2029-03-16"),
        ("2024-02-29", "2027-03-01"),
        ("2025-12-31", "2029-01-01"),
    ] {
        assert_eq!(sealing::released_on(day(last)), day(released));
    }
}
