//! Several processes over one strongroom, and what the strongroom says without this house: it
//! follows what is said of papers here, and a shredded one is opened by nobody.

use std::sync::Arc;
use std::time::Duration;

use dossiers::intake::{self, Upload};
use dossiers::{ArchiveError, Kind, State, Vault, describe, filing, looking, shred, upkeep};
use foundation::clock::MINUTE;
use foundation::house::House;
use foundation::ids::Id;
use permissions::Role;
use strongroom::{Part, RoomError};

use super::office::{Office, pdf};
use crate::accounts::{colleague, router};
use crate::accounts_browser::Browser;
use crate::membership::world::{C, employ};

/// Hands a paper in at one of the nodes.
async fn hands_in(o: &Office, node: &Arc<House>, dossier: Id) -> Result<Id, ArchiveError> {
    let file = Upload {
        name: "a.pdf".into(),
        bytes: Arc::new(pdf(1, "x")),
        corners: None,
    };
    intake::hand_in(
        node,
        &o.w.specialist,
        dossier,
        o.draft(Kind::Other),
        vec![file],
    )
    .await
}

async fn is_sound(house: &House) {
    let found = upkeep::verify(house, upkeep::Part::Whole).await;
    let found = found.expect("it can be read").expect("it is made");
    let damages: Vec<_> = found.damages().collect();
    assert!(damages.is_empty(), "{damages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_take_papers_for_one_dossier_and_never_write_one_version() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let (one, two) = (o.house().house.clone(), o.house().again().await);
    const PAPERS: usize = 6;
    let mut ids = Vec::new();
    for _ in 0..PAPERS {
        let (a, b) = tokio::join!(hands_in(&o, &one, dossier), hands_in(&o, &two, dossier));
        ids.push(a.expect("one takes it"));
        ids.push(b.expect("the other waits for its turn"));
    }
    let opened = Vault::of(&one).open(&one).await.expect("opens");
    let object = dossiers::vault::object(C, dossier);
    assert_eq!(
        opened.room.documents(&object).expect("listed").len(),
        2 * PAPERS
    );
    let mut numbers = std::collections::BTreeSet::new();
    for id in ids {
        let d = o.document(id).await;
        assert_eq!(d.state, State::Received);
        assert!(numbers.insert(d.nth), "each has its own number");
    }
    is_sound(&two).await;
    // Nobody keeps it: the next process writes at once.
    let lease = two.now().0;
    let free = Vault::of(&two).open(&two).await.expect("opens").room;
    let mut taken = free.write_from(lease);
    for _ in 0..50 {
        if taken.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        taken = free.write_from(lease);
    }
    taken.expect("after the last turn the lease is let go");
}

/// What the strongroom says of a dossier's papers: its name for each, and the state.
async fn said(o: &Office, dossier: Id) -> Vec<(String, String, String)> {
    let opened = Vault::of(o.house()).open(o.house()).await.expect("opens");
    let object = dossiers::vault::object(C, dossier);
    let meta = opened.room.meta(&object, &opened.opener).expect("readable");
    let meta: serde_json::Value =
        serde_json::from_slice(&meta.expect("it has some")).expect("JSON");
    let papers = meta["documents"].as_array().expect("papers").clone();
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let of = |p: &serde_json::Value| (text(&p["document"]), text(&p["number"]), text(&p["state"]));
    papers.iter().map(of).collect()
}

async fn ten_minutes(o: &Office) {
    o.house().clock.advance(11 * MINUTE);
    let runner = linli::doors::rooms::jobs();
    let house = &o.house().house;
    while runner
        .run_due(&house.db, house, house.now())
        .await
        .expect("jobs run")
        > 0
    {}
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_restores_the_strongroom_sees_the_catalog_as_it_is() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let file = |title: &str| vec![("a.pdf", pdf(1, title))];
    let first = o
        .hands_in(dossier, Kind::Covenant, &file("x"))
        .await
        .expect("taken");
    let stored = o.document(first).await.stored_as;
    let there = [(stored.clone(), "a-001".to_owned(), "received".to_owned())];
    assert_eq!(
        said(&o, dossier).await,
        there,
        "the newest paper has its name too"
    );

    let d = o.document(first).await;
    filing::file(o.house(), &o.checker, first, d.row_version, 1)
        .await
        .expect("filed");
    let second = o
        .hands_in(dossier, Kind::Receipt, &file("y"))
        .await
        .expect("taken");
    let d = o.document(second).await;
    filing::withdraw(o.house(), &o.checker, second, d.row_version, "unreadable")
        .await
        .expect("taken back");
    ten_minutes(&o).await;
    let now = said(&o, dossier).await;
    let states: Vec<&str> = now.iter().map(|(.., state)| state.as_str()).collect();
    assert_eq!(
        states,
        ["filed", "withdrawn"],
        "without another paper coming in"
    );
    assert!(now.iter().all(|(name, ..)| !name.is_empty()));
    is_sound(o.house()).await;
    let told = o.told().await;
    assert!(told.iter().any(|k| k == "archive.described"));
    let again = describe::describe(o.house(), C, dossier)
        .await
        .expect("done");
    assert!(!again, "what is said already is not said again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_shredded_by_two_persons_and_opened_by_nobody() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o.filed(dossier, Kind::Identity, 1).await;
    let other = o.filed(dossier, Kind::Covenant, 1).await;
    let d = o.document(id).await;
    let number = o.dossiers().await[0].dossier.number.clone();
    let found = shred::find(o.house(), C, &number, &d.label())
        .await
        .expect("found");
    assert_eq!(found.id, id);
    let supervisor = employ(&o.w.house, C, Role::Supervisor).await;
    let (manager, why) = (&o.w.manager, "pipl-47");
    let alone = shred::shred(o.house(), manager, manager, id, why).await;
    assert!(matches!(alone, Err(ArchiveError::OwnDocument)), "{alone:?}");
    let below = shred::shred(o.house(), manager, &o.w.specialist, id, why).await;
    assert!(
        matches!(below, Err(ArchiveError::Forbidden(_))),
        "{below:?}"
    );
    let because = shred::shred(o.house(), manager, &supervisor, id, "I like to").await;
    assert!(matches!(because, Err(ArchiveError::Words)), "{because:?}");

    let slots = shred::shred(o.house(), manager, &supervisor, id, why).await;
    let slots = slots.expect("shredded");
    assert!(slots > 0);
    let opened = Vault::of(o.house()).open(o.house()).await.expect("opens");
    let object = dossiers::vault::object(C, dossier);
    let stored = |name: &str| name.parse().expect("a name");
    let read = |name: &str| {
        let part = opened
            .room
            .read(&object, &stored(name), Part::Original, &opened.opener);
        part.map(|_| ())
    };
    let gone = read(&d.stored_as);
    assert!(matches!(gone, Err(RoomError::Shredded { .. })), "{gone:?}");
    read(&o.document(other).await.stored_as).expect("the others stay");
    let d = o.document(id).await;
    assert_eq!(
        (d.state, d.title.as_str(), d.signed_by.as_str()),
        (State::Shredded, "", "")
    );
    assert!(looking::page(o.house(), &o.checker, id, 1).await.is_err());
    // What was said of it before is opened by nobody: the newest alone, and that names no title.
    let buried = opened.room.keys().shred_list().expect("a list").len();
    assert!(
        buried > 2,
        "its own slot and those of older sayings: {buried}"
    );
    let meta = opened.room.meta(&object, &opened.opener).expect("readable");
    let meta: serde_json::Value =
        serde_json::from_slice(&meta.expect("it has some")).expect("JSON");
    let papers = meta["documents"].as_array().expect("papers");
    let of_it = papers.iter().find(|p| p["state"] == "shredded");
    let of_it = of_it.expect("it is still said that it was");
    assert_eq!(
        (&of_it["title"], &of_it["signed_by"]),
        (&"".into(), &"".into())
    );
    // The job that would have ended it finds it done; root and key store are sound.
    ten_minutes(&o).await;
    is_sound(o.house()).await;
    assert_eq!(said(&o, dossier).await.len(), 2);
    let told = o.told().await;
    assert_eq!(told.iter().filter(|k| *k == "archive.shredded").count(), 1);
    let desk = crate::roster_pages::door(o.house(), dossiers::pages::routes(), manager);
    let page = crate::roster_pages::get(&desk, &format!("/files/{dossier}")).await;
    assert!(page.contains("已粉碎"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_does_not_open_is_found_at_night_and_told() {
    use dossiers::fixity;
    let o = Office::new().await;
    o.filed(o.dossier(0).await, Kind::Covenant, 1).await;
    let slots = o.house().data_dir.join("keys/strongroom/slots");
    let of_dossier = std::fs::read_dir(&slots).expect("slots").next();
    let folder = of_dossier.expect("one").expect("readable").path();
    let slot = std::fs::read_dir(&folder).expect("slots").next();
    let slot = slot.expect("one").expect("readable").path();
    std::fs::write(&slot, b"no key").expect("written");
    let mut told = Vec::new();
    for _ in 0..strongroom::FIXITY_SLICES {
        let read = fixity::read(o.house()).await.expect("read").expect("made");
        told.extend(read.damages);
        o.house().clock.advance(foundation::clock::DAY);
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("slots/"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_machine_two_persons_shred_with_their_authenticators() {
    use accounts::second_factor::code_at;
    use foundation::clock::{Clock as _, SystemClock};
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let id = o.filed(dossier, Kind::Identity, 1).await;
    let label = o.document(id).await.label();
    let number = o.dossiers().await[0].dossier.number.clone();
    let by = permissions::actor::Actor::operator(C);
    let router = router(o.house());
    let mut secrets = Vec::new();
    for (role, name) in [(Role::Manager, "李靜"), (Role::Supervisor, "趙遠")] {
        let mut browser = Browser::new(&router);
        secrets.push(colleague(o.house(), &mut browser, &by, role, name).await);
    }
    let compounds = foundation::communities::list(&o.house().db, foundation::database::HOUSE);
    let compound = compounds.await.expect("listed")[0].name.clone();
    let typed = |first: &[u8], second: &[u8], with: &str| {
        let mut linli = Command::new(env!("CARGO_BIN_EXE_linli"));
        linli.args(["strongroom", "shred", "--json", "--reason", "pipl-47"]);
        linli.args(["--community", &compound, "--file", &number]);
        linli.args(["--document", &label, "--by", "李靜", "--with", with]);
        linli.arg("--data").arg(&o.house().data_dir);
        linli
            .arg("--key-file")
            .arg(o.house().folder.path().join("site.key"));
        if let Some(url) = &o.house().db_url {
            linli.arg("--db").arg(url);
        }
        linli
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = linli.spawn().expect("it runs");
        let code = |secret: &[u8]| code_at(secret, SystemClock.now()).expect("a code");
        let codes = format!("{}\n{}\n", code(first), code(second));
        let mut stdin = child.stdin.take().expect("piped");
        // A command that refuses at once reads nothing.
        let _ = stdin.write_all(codes.as_bytes());
        drop(stdin);
        child.wait_with_output().expect("it ends")
    };
    // Somebody else's code opens nothing, and nothing happened.
    let wrong = typed(&secrets[1], &secrets[0], "趙遠");
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    assert_eq!(o.document(id).await.state, State::Filed);
    let done = typed(&secrets[0], &secrets[1], "趙遠");
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let said: serde_json::Value = serde_json::from_slice(&done.stdout).expect("one document");
    assert!(said["slots"].as_u64().is_some_and(|n| n > 0), "{said}");
    assert_eq!(o.document(id).await.state, State::Shredded);
    // A code is taken once.
    let again = typed(&secrets[0], &secrets[1], "趙遠");
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    is_sound(o.house()).await;
}
