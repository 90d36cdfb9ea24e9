//! What of arrears leaves the house: the day's list, letters with the city's rules, and the pack of
//! evidence with its proofs.

use arrears::letter::{self, Delivery, Kind, Proof};
use arrears::listing::{self, Query, Show};
use arrears::pack::{self, Pack};
use arrears::{ArrearsError, Unlawful, looking};
use axum::http::StatusCode;
use foundation::page::words::Lang;
use jiff::civil::date;
use std::io::Read as _;

use super::pages::{door, get, post};
use super::{Desk, head};

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_taken_with_its_filters_by_who_may_and_the_ledger_says_so() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 28));
    d.follow().await;
    let query = |show| Query {
        show,
        ..Query::default()
    };
    let house = &d.s.house;
    let specialist = listing::take(house, &d.specialist, &query(Show::Today), "xlsx").await;
    assert!(matches!(specialist, Err(ArrearsError::Forbidden(_))));
    assert!(!d.has_told(arrears::events::LIST_TAKEN).await);
    let all = listing::take(house, &d.manager, &query(Show::Today), "xlsx").await;
    let all = all.expect("taken");
    assert_eq!((all.len(), all[0].1), (1, 30_000));
    assert!(d.has_told(arrears::events::LIST_TAKEN).await);
    let held = listing::take(house, &d.manager, &query(Show::Held), "xlsx").await;
    assert!(held.expect("taken").is_empty());

    let desk = door(&d, &d.manager, Lang::ZhHant);
    let (status, page) = get(&desk, "/arrears?show=due").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains("導出 Excel") && page.contains("?show=due"),
        "{page}"
    );
    for (shape, begins) in [("xlsx", "PK"), ("pdf", "%PDF-")] {
        let fields = [("query", "?show=due"), ("shape", shape)];
        let (status, file) = post(&desk, "/arrears", &fields).await;
        assert_eq!(status, StatusCode::OK, "{shape}");
        assert!(file.starts_with(begins), "{shape}");
    }
    let (_, page) = get(&door(&d, &d.specialist, Lang::ZhHant), "/arrears").await;
    assert!(
        !page.contains("導出 Excel"),
        "nobody is offered what is refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_keeps_the_version_of_the_citys_rules_that_it_was_issued_with() {
    let d = Desk::new().await;
    let (house, c) = (&d.s.house, d.s.community);
    let begun = pack::shipped().into_iter().find(|p| p.city == "zhengzhou");
    let begun = begun.expect("a pack");
    let specialist = pack::set(house, &d.specialist, begun.clone()).await;
    assert!(matches!(specialist, Err(ArrearsError::Forbidden(_))));
    let first = pack::set(house, &d.supervisor, begun.clone()).await;
    assert_eq!(first.expect("kept"), 1);
    let late = pack::set(house, &d.supervisor, begun.clone()).await;
    assert!(
        matches!(late, Err(ArrearsError::Changed)),
        "another was faster"
    );

    d.on(date(2025, 2, 20));
    let mut call = d.call();
    call.said = "不交就限制乘梯".into();
    let local = d.contact(call).await;
    assert!(matches!(
        local,
        Err(ArrearsError::Unlawful(Unlawful::Local | Unlawful::Access))
    ));
    d.contact(d.call()).await.expect("recorded");
    let issued = letter::issue(house, &d.specialist, d.room, Kind::Demand).await;
    let id = issued.expect("issued");
    let threat = Pack {
        text: "再不交就停水。".into(),
        version: 1,
        ..begun.clone()
    };
    let refused = pack::set(house, &d.supervisor, threat).await;
    assert!(matches!(
        refused,
        Err(ArrearsError::Unlawful(Unlawful::CutOff))
    ));
    let own = Pack {
        text: "依照條例，請您核對。".into(),
        version: 1,
        ..begun.clone()
    };
    pack::set(house, &d.supervisor, own).await.expect("kept");
    assert_eq!(pack::current(house, c).await.expect("it").version, 2);
    assert_eq!(
        pack::versions(house, &d.supervisor)
            .await
            .expect("them")
            .len(),
        2
    );
    let paper = letter::paper_of(house, &d.specialist, id, &head()).await;
    let said = format!("{:?}", paper.expect("drawn").blocks);
    assert!(said.contains(&begun.text) && !said.contains("請您核對。"));
    let other = pack::current(house, d.s.other.community).await;
    assert_eq!(other.expect("none").version, 0);

    let set = door(&d, &d.supervisor, Lang::ZhHant);
    let (_, page) = get(&set, "/arrears-settings?city=shanghai").await;
    assert!(
        page.contains("現行第 2 版") && page.contains("妥善保管業主信息資料"),
        "{page}"
    );
    let fields = [
        ("pack_text", "依照條例，電梯照常。"),
        ("pack_article", "條例"),
        ("pack_origin", "官網"),
        ("pack_version", "2"),
    ];
    let (status, page) = post(&set, "/arrears-settings/pack", &fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("電梯照常"), "what was typed is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_shows_a_delivery_stands_beside_the_letter() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    d.contact(d.call()).await.expect("recorded");
    let (house, by) = (&d.s.house, &d.specialist);
    let id = letter::issue(house, by, d.room, Kind::Demand).await;
    let id = id.expect("issued");
    let desk = door(&d, by, Lang::ZhHant);
    let fields = [
        ("delivery", "post"),
        ("on", "2025-02-20"),
        ("proof", "掛號 RA123456789CN"),
    ];
    let to = format!("/arrears-letters/{id}");
    let (status, page) = super::pages::upload(&desk, &to, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    let (_, page) = get(&desk, &format!("/arrears/{}", d.room)).await;
    assert!(
        page.contains("送達憑據") && page.contains("RA123456789CN"),
        "{page}"
    );
    let again = letter::settle(
        house,
        by,
        id,
        Delivery::Post,
        date(2025, 2, 20),
        Proof::default(),
    );
    assert!(matches!(again.await, Err(ArrearsError::Decided)));
    let story = looking::story(house, by, d.room).await.expect("told");
    assert_eq!(story.contacts[0].said, "掛號 RA123456789CN");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_of_a_pack_is_proved_to_a_stranger() {
    let d = Desk::new().await;
    d.on(date(2025, 2, 20));
    d.contact(d.call()).await.expect("recorded");
    let desk = {
        let router = door(&d, &d.specialist, Lang::ZhHant);
        let mut more = axum::Router::new();
        for route in linli::keeping::evidence::routes().0 {
            more = more.route(route.path, route.serve);
        }
        router.merge(super::pages::layered(&d, &d.specialist, Lang::ZhHant, more))
    };
    let (status, bytes) =
        super::pages::get_bytes(&desk, &format!("/arrears/{}/evidence.zip", d.room)).await;
    assert_eq!(status, StatusCode::OK);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("proofs")).expect("a folder");
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("readable");
        let to = folder
            .path()
            .join(file.name().expect("a name").into_owned());
        std::fs::write(to, bytes).expect("writable");
    }
    let pdf = std::fs::read(folder.path().join("evidence.pdf")).expect("the paper");
    assert!(pdf.starts_with(b"%PDF-"));
    let key = std::fs::read_to_string(folder.path().join("ledger.pub")).expect("the key");
    let proofs: Vec<_> = std::fs::read_dir(folder.path().join("proofs"))
        .expect("a folder")
        .map(|f| f.expect("a file").path())
        .collect();
    assert!(proofs.len() >= 2, "the bill and the call at least");
    let public = foundation::ledger::checkpoint::PublicKey::parse(&key).expect("a key");
    for path in &proofs {
        let text = std::fs::read_to_string(path).expect("readable");
        let proof = foundation::ledger::proof::Proof::parse(&text).expect("a proof");
        let (entry, _) = proof.check(&public).expect("proven");
        assert_eq!(entry.subject, format!("fee_account:{}", d.room));
    }
    let check = || {
        let out = std::process::Command::new("python3")
            .arg("-B")
            .arg(folder.path().join("verify_ledger.py"))
            .arg("--proofs")
            .arg(folder.path().join("proofs"))
            .args(["--key", key.trim()])
            .output();
        out.expect("python3 runs").status.code()
    };
    assert_eq!(check(), Some(0));
    // One byte of one event, and it is found.
    let text = std::fs::read_to_string(&proofs[0]).expect("readable");
    let (head, rest) = text.split_once("extra ").expect("a proof");
    let turned = if rest.starts_with("jQ") { "jR" } else { "jQ" };
    std::fs::write(&proofs[0], format!("{head}extra {turned}{}", &rest[2..])).expect("writable");
    assert_eq!(check(), Some(1));
}
