//! The archive handed to a successor company: two persons, a bag that anybody checks, every
//! opening in the ledger, and nothing in clear where there is a key.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use axum::http::StatusCode;
use dossiers::Kind;
use foundation::database::{Community, ask};
use foundation::ids::Id;
use foundation::ledger::checkpoint::PublicKey;
use foundation::ledger::proof::Proof;
use foundation::params;
use linli::keeping::handing::Log;
use permissions::Role;
use permissions::actor::Actor;
use successions::acts::{self, Asked};
use successions::write::go_on;
use successions::{State, SuccessionError, pages};

use crate::archive::office::{Office, pdf};
use crate::membership::world::{C, NAMES, employ};
use crate::roster_pages::{door, fetch, get, post};

fn asked() -> Asked {
    Asked {
        successor: "春風物業服務有限公司".into(),
        in_clear: true,
        due_day: "2026-12-31".into(),
        ..Asked::default()
    }
}

/// Three dossiers with papers: two, one, and one that waits to be counted.
async fn office() -> (Office, Vec<Id>) {
    let o = Office::new().await;
    let mut all = Vec::new();
    for (at, kind) in [
        (0, Kind::Covenant),
        (0, Kind::Registration),
        (2, Kind::Covenant),
    ] {
        all.push(o.filed(o.dossier(at).await, kind, 2).await);
    }
    let waiting = [("a.pdf", pdf(1, "WAITINGMARK"))];
    let dossier = o.dossier(3).await;
    all.push(
        o.hands_in(dossier, Kind::Identity, &waiting)
            .await
            .expect("taken"),
    );
    (o, all)
}

async fn begun(o: &Office, asked: &Asked) -> Id {
    let id = acts::ask(o.house(), &o.w.manager, asked)
        .await
        .expect("asked");
    acts::confirm(o.house(), &o.w.supervisor, id)
        .await
        .expect("confirmed");
    id
}

async fn whole(o: &Office, id: Id) -> PathBuf {
    while !go_on(o.house(), &Log, C, id, 100).await.expect("goes on") {}
    acts::folder(o.house(), &o.w.manager, id).join("bag")
}

async fn handed(o: &Office) -> i64 {
    let asked = ask(
        "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = 'archive.handed'",
        params![C],
    );
    let (count,): (i64,) = o
        .house()
        .db
        .one(asked)
        .await
        .expect("the ledger is readable");
    count
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all.sort();
    all
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("below"));
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("made");
        std::fs::copy(file, target).expect("copied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_compound_is_handed_over_by_two_and_anybody_can_check_it() {
    let (o, documents) = office().await;
    let id = begun(&o, &asked()).await;
    let s = acts::one(o.house(), &o.w.supervisor, id)
        .await
        .expect("there");
    assert_eq!((s.state, s.dossiers), (State::Writing, 4));
    assert_eq!(handed(&o).await, 0, "asking and confirming open nothing");
    let bag = whole(&o, id).await;
    // Another's tool looks at it too: see engines/bagit/tests/foreign.sh.
    if let Some(keep) = std::env::var_os("LINLI_KEEP_BAG") {
        copy(&bag, Path::new(&keep));
    }
    let valid = bagit::validate(&bag).expect("read").expect("valid");
    assert_eq!(
        handed(&o).await,
        documents.len() as i64,
        "each opening is told, once"
    );
    let s = acts::one(o.house(), &o.w.supervisor, id)
        .await
        .expect("there");
    assert_eq!(s.state, State::Written);
    let sealed = bagit::Sealed::of(&bag).expect("read").expect("sealed");
    assert_eq!(sealed.files, valid.files);
    let hex: String = sealed.digest.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(s.digest, hex, "the ledger vouches for the bag");

    // The originals are what came in, beside metadata that says what they are.
    let number = o.dossiers().await[0].dossier.number.clone();
    let dossier = bag.join("data/dossiers").join(&number);
    let original = std::fs::read(dossier.join("a-001.pdf")).expect("there");
    assert_eq!(original, pdf(2, "x"));
    let meta = std::fs::read_to_string(dossier.join("metadata.xml")).expect("there");
    for said in [
        format!("<档号>{number}</档号>"),
        format!("<权利人>{}</权利人>", NAMES[0]),
        "<题名>情況登記表</题名>".into(),
        "<责任者>王女士</责任者>".into(),
        "<行为>archive.filed</行为>".into(),
        "<页数>2</页数>".into(),
    ] {
        assert!(meta.contains(&said), "{said} in {meta}");
    }
    let catalog = std::fs::read_to_string(bag.join("data/catalog.csv")).expect("there");
    let lines: Vec<&str> = catalog.trim_end().split("\r\n").collect();
    assert_eq!(
        lines[0],
        "\u{feff}房號,檔案編號,業主姓名,入住時間,檔案頁數,備注"
    );
    assert_eq!(lines.len(), 5);
    assert!(
        lines[1].starts_with(&format!("3-2-1801,{number},{}", NAMES[0])),
        "{}",
        lines[1]
    );
    let list = std::fs::read(bag.join("data/移交清單.pdf")).expect("there");
    assert!(list.starts_with(b"%PDF"));

    // The proof needs nothing but the public key that lies beside it.
    let ledger = bag.join("data/ledger");
    let key = std::fs::read_to_string(ledger.join("log/ledger.pub")).expect("there");
    let key = PublicKey::parse(key.trim()).expect("a key");
    let proof = std::fs::read_to_string(ledger.join("confirmed.tlog-proof")).expect("there");
    let (entry, _) = Proof::parse(&proof)
        .expect("a proof")
        .check(&key)
        .expect("it stands");
    assert_eq!(entry.kind, "successions.confirmed");
    assert_eq!(entry.subject, format!("succession:{id}"));

    // Again does nothing; signed by both it can be cleared, and then it is gone.
    assert!(
        go_on(o.house(), &Log, C, id, 1)
            .await
            .expect("nothing to do")
    );
    let early = acts::deliver(o.house(), &o.w.manager, id, "2999-01-01").await;
    assert!(matches!(early, Err(SuccessionError::Day(_))));
    let given = async || {
        let files: Vec<_> = o.dossiers().await;
        let files: Vec<_> = files.into_iter().map(|row| row.dossier).collect();
        let given = successions::given(o.house(), C, &files).await;
        given.expect("readable")
    };
    assert_eq!(given().await, [], "nothing has left yet");
    let today = o.house().now().date().to_string();
    acts::deliver(o.house(), &o.w.manager, id, &today)
        .await
        .expect("delivered");
    let told = given().await;
    assert_eq!(told.len(), 4, "each owner is told to whom their file went");
    assert!(told.iter().all(|g| g.successor == asked().successor));
    assert!(told.iter().all(|g| g.day == today));
    acts::clear(o.house(), &o.w.manager, id)
        .await
        .expect("cleared");
    assert!(!bag.exists());
    assert_eq!(
        o.w.told(&format!("succession:{id}")).await,
        [
            "successions.asked",
            "successions.confirmed",
            "successions.written",
            "successions.delivered",
            "successions.cleared"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_does_not_confirm_and_nobody_else_may() {
    let (o, _) = office().await;
    let (house, manager) = (o.house(), &o.w.manager);
    for by in [&o.w.supervisor, &o.w.specialist, &o.w.host] {
        let may = acts::ask(house, by, &asked()).await;
        assert!(matches!(may, Err(SuccessionError::Forbidden(_))));
    }
    let id = acts::ask(house, manager, &asked()).await.expect("asked");
    let own = acts::confirm(house, manager, id).await;
    assert!(matches!(own, Err(SuccessionError::OwnAsking)));
    let may = acts::confirm(house, &o.w.specialist, id).await;
    assert!(matches!(may, Err(SuccessionError::Forbidden(_))));
    // Two accounts of one person are one person.
    let person = house.id();
    let twin = |by: &Actor| {
        let mut by = by.clone();
        by.person = Some(person);
        by
    };
    let second = acts::ask(house, &twin(manager), &asked())
        .await
        .expect("asked");
    let other = employ(house, C, Role::Manager).await;
    let same = acts::confirm(house, &twin(&other), second).await;
    assert!(matches!(same, Err(SuccessionError::OwnAsking)));
    // Another compound's number leads nowhere.
    let mut elsewhere = o.w.supervisor.clone();
    elsewhere.community = Community(2);
    let seen = acts::one(house, &elsewhere, id).await;
    assert!(matches!(seen, Err(SuccessionError::NotFound)));
    acts::refuse(house, &o.w.supervisor, id)
        .await
        .expect("refused");
    let late = acts::confirm(house, &o.w.supervisor, id).await;
    assert!(matches!(late, Err(SuccessionError::State(State::Refused))));
    assert!(go_on(house, &Log, C, id, 100).await.expect("nothing"));
    assert_eq!(handed(&o).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_costs_no_more_than_the_document_at_hand() {
    let (o, documents) = office().await;
    let id = begun(&o, &asked()).await;
    let bag = acts::folder(o.house(), &o.w.manager, id).join("bag");
    let mut slices = 0;
    while !go_on(o.house(), &Log, C, id, 1).await.expect("goes on") {
        slices += 1;
        assert_eq!(handed(&o).await, slices, "one document a slice, none twice");
        let s = acts::one(o.house(), &o.w.manager, id).await.expect("there");
        assert_eq!((s.state, s.documents_done), (State::Writing, slices));
        assert!(
            bagit::validate(&bag).expect("read").is_err(),
            "not whole yet"
        );
    }
    // The last slice finds nothing left and ends the bag.
    assert_eq!(
        (slices + 1, handed(&o).await),
        (documents.len() as i64, slices + 1)
    );
    assert!(bagit::validate(&bag).expect("read").is_ok());

    // The power goes after a document's bytes and within the note that they are there: that one
    // is opened again, which the ledger says, and nothing else is.
    let before = handed(&o).await;
    let second = begun(&o, &asked()).await;
    let bag = acts::folder(o.house(), &o.w.manager, second).join("bag");
    for _ in 0..2 {
        assert!(!go_on(o.house(), &Log, C, second, 1).await.expect("goes on"));
    }
    let journal = bag.join("journal.partial");
    let noted = std::fs::read(&journal).expect("there");
    std::fs::write(&journal, &noted[..noted.len() - 10]).expect("cut");
    whole(&o, second).await;
    assert!(bagit::validate(&bag).expect("read").is_ok());
    let opened = handed(&o).await - before;
    // The note may have been a dossier's metadata, which is made again without opening anything.
    let all = documents.len() as i64;
    assert!((all..=all + 1).contains(&opened), "{opened} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_only_its_owner_reads_what_is_personal() {
    let (o, _) = office().await;
    let identity = age::x25519::Identity::generate();
    let id = begun(
        &o,
        &Asked {
            recipient: identity.to_public().to_string(),
            in_clear: false,
            from_room: "3-2-1803".into(),
            ..asked()
        },
    )
    .await;
    let s = acts::one(o.house(), &o.w.manager, id).await.expect("there");
    assert_eq!(s.dossiers, 2, "from the third home on");
    let bag = whole(&o, id).await;
    bagit::validate(&bag).expect("read").expect("valid");
    assert_eq!(handed(&o).await, 2);
    for file in files(&bag) {
        let bytes = std::fs::read(&file).expect("readable");
        for needle in [NAMES[2], NAMES[3], "王女士", "情況登記表", "WAITINGMARK"] {
            let found = bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
            assert!(!found, "{needle} in {}", file.display());
        }
    }
    let number = o.dossiers().await[3].dossier.number.clone();
    let sealed = bag.join("data/dossiers").join(number).join("i-001.pdf.age");
    let sealed = std::fs::File::open(sealed).expect("there");
    let mut plain = Vec::new();
    age::Decryptor::new(sealed)
        .and_then(|d| d.decrypt(std::iter::once(&identity as &dyn age::Identity)))
        .expect("the recipient's")
        .read_to_end(&mut plain)
        .expect("whole");
    assert_eq!(plain, pdf(1, "WAITINGMARK"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_amiss_is_said_and_nothing_is_asked() {
    let (o, _) = office().await;
    let refused = |change: fn(&mut Asked)| {
        let mut amiss = asked();
        change(&mut amiss);
        let (house, by) = (o.house(), &o.w.manager);
        async move { acts::ask(house, by, &amiss).await.expect_err("refused") }
    };
    use SuccessionError as E;
    assert!(matches!(
        refused(|a| a.successor = " ".into()).await,
        E::Successor
    ));
    assert!(matches!(
        refused(|a| a.in_clear = false).await,
        E::Recipient
    ));
    assert!(matches!(
        refused(|a| a.recipient = "age1x".into()).await,
        E::Recipient
    ));
    assert!(matches!(
        refused(|a| a.to_room = "9-9-9".into()).await,
        E::Room(_)
    ));
    assert!(matches!(
        refused(|a| a.due_day = "soon".into()).await,
        E::Day(_)
    ));
    assert!(matches!(
        refused(|a| a.building = "99".into()).await,
        E::Nothing
    ));
    assert!(
        acts::list(o.house(), &o.w.manager)
            .await
            .expect("listed")
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_hands_over_by_the_pages() {
    let (o, _) = office().await;
    let manager = door(o.house(), pages::routes(), &o.w.manager);
    let second = door(o.house(), pages::routes(), &o.w.supervisor);
    assert!(get(&manager, "/successions").await.contains("沒有移交"));
    get(&manager, "/successions/new").await;
    let amiss = [
        ("successor", "春風物業"),
        ("due", "2026-12-31"),
        ("from", "9-9-9"),
    ];
    let (status, _, page) = post(&manager, "/successions/new", &amiss).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"春風物業\"") && page.contains("age1"));
    let right = [
        ("successor", "春風物業"),
        ("due", "2026-12-31"),
        ("clear", "1"),
    ];
    let (_, to, _) = post(&manager, "/successions/new", &right).await;
    let page = get(&manager, &to).await;
    assert!(page.contains("須由另一位主管或經理確認") && !page.contains("/confirm"));
    let (status, ..) = post(&manager, &format!("{to}/confirm"), &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(get(&second, &to).await.contains("/confirm"));
    let (status, ..) = fetch(&second, &format!("{to}/list.pdf"), "", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "not before it is written");
    let (_, back, _) = post(&second, &format!("{to}/confirm"), &[]).await;
    assert_eq!(back, to);
    assert!(get(&second, &to).await.contains("正在寫入移交包"));
    let id: Id = to
        .rsplit('/')
        .next()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    whole(&o, id).await;
    let page = get(&second, &to).await;
    assert!(page.contains("移交包已完成") && !page.contains("/deliver"));
    let (status, _, list) = fetch(&second, &format!("{to}/list.pdf"), "", None).await;
    assert_eq!(status, StatusCode::OK);
    assert!(list.starts_with(b"%PDF"));
    let (status, _, page) =
        post(&manager, &format!("{to}/deliver"), &[("day", "2999-01-01")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("不能晚於今天"));
    let today = o.house().now().date().to_string();
    post(&manager, &format!("{to}/deliver"), &[("day", &today)]).await;
    assert!(get(&manager, &to).await.contains("已簽收"));
    post(&manager, &format!("{to}/clear"), &[]).await;
    assert!(get(&manager, &to).await.contains("已從這台機器刪除"));
    assert!(get(&manager, "/successions").await.contains("春風物業"));
}

/// What an answer's body is, unpacked by another tool.
fn unpacked(bytes: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let packed = dir.path().join("package.tar");
    std::fs::write(&packed, bytes).expect("written");
    let done = std::process::Command::new("tar")
        .arg("-xf")
        .arg(&packed)
        .arg("-C")
        .arg(dir.path())
        .status()
        .expect("tar");
    assert!(done.success());
    dir
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_package_is_downloaded_whole_and_each_download_is_told() {
    let (o, _) = office().await;
    let id = begun(&o, &asked()).await;
    whole(&o, id).await;
    let (manager, second) = (
        door(o.house(), pages::routes(), &o.w.manager),
        door(o.house(), pages::routes(), &o.w.supervisor),
    );
    let at = format!("/successions/{id}");
    let form = "application/x-www-form-urlencoded";
    let load = async |by| fetch(by, &format!("{at}/download"), form, Some(vec![])).await;
    let (status, ..) = load(&manager).await;
    assert_eq!(status, StatusCode::CONFLICT, "not before both signed");
    let today = o.house().now().date().to_string();
    post(&manager, &format!("{at}/deliver"), &[("day", &today)]).await;
    assert!(get(&manager, &at).await.contains("/download"));
    assert!(!get(&second, &at).await.contains("/download"));
    let told = async || {
        let asked = ask(
            "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = 'successions.downloaded'",
            params![C],
        );
        let (count,): (i64,) = o.house().db.one(asked).await.expect("readable");
        count
    };
    assert_eq!(told().await, 0);
    let (status, _, bytes) = load(&manager).await;
    assert_eq!((status, told().await), (StatusCode::OK, 1));
    let dir = unpacked(&bytes);
    let valid = bagit::validate(&dir.path().join("bag")).expect("read");
    assert!(valid.is_ok(), "{valid:?}");
    load(&manager).await;
    assert_eq!(told().await, 2);
    post(&manager, &format!("{at}/clear"), &[]).await;
    let (status, ..) = load(&manager).await;
    assert_eq!(
        (status, told().await),
        (StatusCode::CONFLICT, 2),
        "it is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stopped_half_way_goes_on_by_a_persons_hand() {
    let (o, _) = office().await;
    let (house, manager) = (o.house(), &o.w.manager);
    let id = begun(&o, &asked()).await;
    assert!(!go_on(house, &Log, C, id, 1).await.expect("goes on"));
    let busy = acts::resume(house, manager, id).await;
    assert!(matches!(busy, Err(SuccessionError::AtWork)));
    // The disk was full too often: its job waits for a person.
    house
        .write::<_, foundation::database::DbError, _>(C, &manager.who(), move |mut tx| {
            tx.execute(ask(
                "UPDATE job SET state = 'stuck' WHERE community = $1 AND kind = $2",
                params![C, successions::write::WRITE],
            ))?;
            let made = foundation::ledger::Kind::new("test.made", 1);
            tx.record(foundation::ledger::Event::new(made), ())
        })
        .await
        .expect("stopped");
    let page = door(house, pages::routes(), manager);
    let at = format!("/successions/{id}");
    assert!(get(&page, &at).await.contains("寫入已停止"));
    let (status, ..) = post(&page, &format!("{at}/resume"), &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(!get(&page, &at).await.contains("寫入已停止"));
    let runner = foundation::jobs::Runner::default();
    let runner = successions::write::jobs(runner, std::sync::Arc::new(Log));
    while runner
        .run_due(&house.db, &house.house, house.now())
        .await
        .expect("run")
        > 0
    {}
    let s = acts::one(house, manager, id).await.expect("there");
    assert_eq!(s.state, State::Written);
}

#[tokio::test(flavor = "multi_thread")]
async fn photographs_that_a_paper_was_bound_of_are_handed_over_as_they_were_taken() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let photo = crate::archive::office::photo();
    let files = [("1.jpg", photo.clone()), ("2.jpg", photo.clone())];
    o.hands_in(dossier, Kind::Identity, &files)
        .await
        .expect("taken");
    let id = begun(&o, &asked()).await;
    let bag = whole(&o, id).await;
    bagit::validate(&bag).expect("read").expect("valid");
    let number = o.dossiers().await[0].dossier.number.clone();
    let folder = bag.join("data/dossiers").join(&number);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("there")
        .map(|e| e.expect("read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let photos: Vec<&String> = names.iter().filter(|n| n.contains("-photo-")).collect();
    assert_eq!(photos.len(), 2, "{names:?}");
    let meta = std::fs::read_to_string(folder.join("metadata.xml")).expect("there");
    for name in photos {
        assert_eq!(std::fs::read(folder.join(name)).expect("read"), photo);
        assert!(
            meta.contains(&format!("<计算机文件名>{name}</计算机文件名>")),
            "{meta}"
        );
    }
    assert_eq!(handed(&o).await, 1, "one paper, opened once");
}
