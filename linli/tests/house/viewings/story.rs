//! From asking to closing.

use super::*;
use shelves::ArchiveBox;
use shelves::audit;
use viewings::{loans, printing, trace};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_seen_after_three_persons_and_its_event() {
    let d = Desk::new().await;
    let v = d.submitted(&d.asker, looks()).await;
    assert_eq!(
        (v.state, v.number().as_str()),
        (State::Submitted, "CY-2026-0001")
    );
    // Not yet for anybody.
    for by in [&d.asker, &d.o.w.manager, &d.o.w.specialist] {
        assert!(d.read(by, v.id, 1).await.is_err());
    }
    let (house, manager) = (d.house(), &d.o.w.manager);
    let v = decide::approve(house, manager, v.id, looks(), None, true)
        .await
        .expect("approved");
    assert_eq!(v.state, State::Approved);
    assert!(d.read(&d.asker, v.id, 1).await.is_err());
    let v = register::register(house, &d.o.w.specialist, v.id, "工作證 0173", true)
        .await
        .expect("registered");
    assert_eq!(v.register_number().as_deref(), Some("2026-0001"));
    assert!(d.read(&d.asker, v.id, 1).await.is_err());
    let v = opening::activate(house, &d.asker, v.id, true)
        .await
        .expect("open");
    assert_eq!(v.ends_at, Some(house.now().plus(30 * MINUTE)));
    let picture = d.read(&d.asker, v.id, 2).await.expect("a picture");
    assert!(picture.starts_with(b"\xff\xd8\xff"));
    // Nobody else's viewing, not even the approver's.
    for by in [&d.o.w.manager, &d.o.w.specialist, &d.o.checker] {
        let seen = d.read(by, v.id, 2).await;
        assert!(matches!(
            seen,
            Err(ViewingError::NotFound | ViewingError::Forbidden(_))
        ));
    }
    let v = opening::close(house, &d.asker, v.id).await.expect("closed");
    assert_eq!((v.state, v.pages), (State::Closed, 1));
    assert!(d.read(&d.asker, v.id, 2).await.is_err());
    assert_eq!(
        d.told().await,
        [
            "viewings.drafted",
            "viewings.submitted",
            "viewings.approved",
            "viewings.registered",
            "viewings.activated",
            "viewings.page_read",
            "viewings.closed"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_picture_of_a_page_leads_to_its_reader() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    let first = d.read(&d.asker, v.id, 1).await.expect("a picture");
    d.o.house().clock.advance(11 * MINUTE);
    let again = d.read(&d.asker, v.id, 1).await.expect("a picture");
    let mut codes = Vec::new();
    for picture in [first, again] {
        let found = trace::trace(d.house(), &d.o.w.manager, picture)
            .await
            .expect("read");
        assert_eq!(found.len(), 1);
        let shown = &found[0].shown;
        assert_eq!(
            (shown.viewing, shown.document, shown.page),
            (v.id, d.document, 1)
        );
        assert_eq!(Some(shown.reader), d.asker.account);
        codes.push(shown.code);
    }
    assert_ne!(
        codes[0], codes[1],
        "a look a while later has a code of its own"
    );
    let none = image::RgbImage::from_pixel(600, 800, image::Rgb([250, 250, 250]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    none.write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture");
    let found = trace::trace(d.house(), &d.o.w.manager, bytes.into_inner()).await;
    assert!(found.expect("read").is_empty());
    let other = trace::trace(d.house(), &d.asker, b"x".to_vec()).await;
    assert!(matches!(other, Err(ViewingError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_numbered_logged_page_by_page_and_comes_back() {
    let d = Desk::new().await;
    let wanted = scope(&[Kind::Registration], &[Mode::View, Mode::Print], 30);
    let v = d.open(wanted).await;
    let lang = paper::Lang::Traditional;
    let (pdf, nth) = printing::print(d.house(), &d.asker, v.id, d.document, Mode::Print, lang)
        .await
        .expect("printed");
    assert!(pdf.starts_with(b"%PDF") && nth == 1);
    let read = d.told().await;
    let of = |kind: &str| read.iter().filter(|k| *k == kind).count();
    assert_eq!((of("viewings.page_read"), of("viewings.printed")), (3, 1));
    let copying = printing::print(d.house(), &d.asker, v.id, d.document, Mode::Copy, lang).await;
    assert_eq!(guard(copying), Guard::InScope);
    let specialist = &d.o.w.specialist;
    assert_eq!(
        printing::out(d.house(), specialist)
            .await
            .expect("out")
            .len(),
        1
    );
    printing::end_copy(d.house(), specialist, v.id, 1, "shredded")
        .await
        .expect("shredded");
    let twice = printing::end_copy(d.house(), specialist, v.id, 1, "returned").await;
    assert!(matches!(twice, Err(ViewingError::Changed)));
    assert!(
        printing::out(d.house(), specialist)
            .await
            .expect("out")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_goes_and_comes_by_its_label_and_is_called_when_late() {
    let d = Desk::new().await;
    let (house, specialist) = (d.house(), &d.o.w.specialist);
    shelves::boxes::tend(house, specialist)
        .await
        .expect("boxes");
    let all = shelves::selection::Selection::default();
    let found = shelves::selection::choose(house, specialist, &all).await;
    let boxes = found.expect("listed").boxes;
    let one = boxes
        .iter()
        .find(|b| b.dossier == d.dossier)
        .expect("a box");
    let other = boxes
        .iter()
        .find(|b| b.dossier != d.dossier)
        .expect("a box");
    let draft = shelves::cabinet::Draft {
        there: None,
        name: "A櫃".into(),
        ord: 1,
        layers: 2,
        width: 400,
    };
    shelves::cabinet::set(house, &d.o.w.manager, draft)
        .await
        .expect("a cabinet");
    let plan = shelves::arrange::arrangement(house, specialist).await;
    let digest = plan.expect("a plan").digest();
    shelves::arrange::apply(house, specialist, &digest, None)
        .await
        .expect("arranged");
    let (code, others) = (label(&d, one.id).await, label(&d, other.id).await);
    let wanted = scope(&[Kind::Registration], &[Mode::View, Mode::Loan], 30);
    let v = d.open(wanted).await;
    let wrong = loans::lend(house, specialist, v.id, &others, 3).await;
    assert!(matches!(wrong, Err(ViewingError::OtherBox)));
    loans::lend(house, specialist, v.id, &code, 3)
        .await
        .expect("lent");
    let again = loans::lend(house, specialist, v.id, &code, 3).await;
    assert!(matches!(again, Err(ViewingError::BoxOut)));
    // The shelf knows: an audit does not miss it, and its place stays its own.
    let (cabinet, layer) = stands(&d, one.id).await;
    let look = async || {
        let read = audit::look(house, specialist, cabinet, layer, &others).await;
        let report = read.expect("read");
        let ids = |all: &[ArchiveBox]| all.iter().map(|b| b.id).collect::<Vec<_>>();
        (ids(&report.away), ids(&report.missing).contains(&one.id))
    };
    assert_eq!(look().await, (vec![one.id], false));
    audit::record(house, specialist, cabinet, layer, &others)
        .await
        .expect("recorded");
    assert_eq!(stands(&d, one.id).await, (cabinet, layer));
    // The window is over: the box is due, and called in after an hour and after a day.
    d.o.house().clock.advance(31 * MINUTE);
    d.jobs().await;
    assert_eq!(d.now(v.id).await.state, State::Expired);
    d.o.house().clock.advance(HOUR);
    d.jobs().await;
    assert_eq!(loans::out(house, specialist).await.expect("out")[0].rung, 1);
    d.o.house().clock.advance(24 * HOUR);
    d.jobs().await;
    assert_eq!(loans::out(house, specialist).await.expect("out")[0].rung, 2);
    let uncounted = loans::take_back(house, specialist, &code, -1).await;
    assert!(matches!(uncounted, Err(ViewingError::Count)));
    let back = loans::take_back(house, specialist, &code.to_lowercase(), 2).await;
    let back = back.expect("back");
    assert_eq!(
        (back.viewing, back.amiss),
        (v.id, true),
        "a page is wanting"
    );
    settled(&d, v.id, back.id).await;
    assert!(loans::out(house, specialist).await.expect("out").is_empty());
    assert_eq!(look().await, (vec![], true), "it is back and was not read");
    let told = d.told().await;
    let overdue = told.iter().filter(|k| *k == "viewings.box_overdue").count();
    assert_eq!(overdue, 2);
}

/// A difference stays open, for the board too, until another than who borrowed explains it.
async fn settled(d: &Desk, v: Id, loan: Id) {
    let (house, specialist) = (d.house(), &d.o.w.specialist);
    let open = async || loans::amiss_count(house, C).await.expect("counted");
    assert_eq!(open().await, 1);
    let board = supervision::board::duties(house, &d.o.w.supervisor).await;
    let board = board.expect("the board");
    let duty = board.iter().find(|d| d.word == "supervision-d-boxes");
    let late = duty.is_some_and(|d| d.tone == foundation::page::Tone::Overdue);
    assert!(late, "{board:?}");
    let words = "第三頁夾在借閱人的公文袋裡，已找回放入盒中";
    let wordless = loans::settle(house, specialist, v, loan, "recovered", "找到").await;
    assert!(matches!(wordless, Err(ViewingError::Reason)));
    let borrower = loans::settle(house, &d.asker, v, loan, "recovered", words).await;
    assert!(matches!(borrower, Err(ViewingError::NotFound)));
    let other = house.id();
    let elsewhere = loans::settle(house, specialist, v, other, "recovered", words).await;
    assert!(matches!(elsewhere, Err(ViewingError::NotFound)));
    loans::settle(house, specialist, v, loan, "recovered", words)
        .await
        .expect("explained");
    assert_eq!(open().await, 0);
    let told = loans::of(house, specialist, v).await.expect("listed");
    assert_eq!(told[0].found_text, words);
    let again = loans::settle(house, specialist, v, loan, "lost", words).await;
    assert!(matches!(again, Err(ViewingError::Changed)));
}

/// The cabinet and layer where the record has a box.
async fn stands(d: &Desk, one: Id) -> (Id, i64) {
    let found = shelves::boxes::one(d.house(), &d.o.w.specialist, one).await;
    let spot = found.expect("there").spot.expect("a place");
    (spot.cabinet, spot.layer)
}

/// A label as printing would put it on a box.
async fn label(d: &Desk, one: Id) -> String {
    let serial = shelves::code::serial(&d.house().chance);
    let kept = serial.clone();
    let account = d.o.w.specialist.account;
    d.house()
        .write::<_, DbError, _>(C, &d.o.w.specialist.who(), move |mut tx| {
            tx.execute(ask(
                "INSERT INTO label_print (community, serial, box, copy, print, at, account, voided_at) \
                 VALUES ($1, $2, $3, 1, $4, 0, $5, NULL)",
                params![C, kept.as_str(), one, one, account],
            ))?;
            let made = foundation::ledger::Kind::new("test.made", 1);
            tx.record(foundation::ledger::Event::new(made), ())
        })
        .await
        .expect("a label");
    shelves::code::payload(&serial)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_whose_page_a_picture_shows() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    let picture = d.read(&d.asker, v.id, 3).await.expect("a picture");
    let folder = d.o.house().folder.path().to_owned();
    let (leaked, blank) = (folder.join("leaked.jpg"), folder.join("blank.png"));
    std::fs::write(&leaked, picture).expect("written");
    image::RgbImage::from_pixel(500, 700, image::Rgb([240, 240, 240]))
        .save(&blank)
        .expect("written");
    let ask_of = |path: &std::path::Path, json: bool| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_linli"));
        command
            .args(["viewing", "trace"])
            .arg(path)
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--key-file")
            .arg(folder.join("site.key"));
        if let Some(url) = &d.o.house().db_url {
            command.args(["--db", url]);
        }
        if json {
            command.arg("--json");
        }
        command.output().expect("it runs")
    };
    let out = ask_of(&leaked, true);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let found = &said["found"][0];
    assert_eq!(found["viewing"], v.number());
    assert_eq!(
        (found["page"].as_i64(), found["reader"].as_str()),
        (Some(3), Some("supervisor"))
    );
    let out = ask_of(&blank, false);
    assert_eq!(out.status.code(), Some(1), "{out:?}");
    assert_eq!(
        ask_of(&folder.join("none.jpg"), false).status.code(),
        Some(2)
    );
}
