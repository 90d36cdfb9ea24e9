//! The archive's escrow cards, as whoever runs the machine uses them: printed, read
//! back and put together by whoever holds three of them.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use dossiers::vault::{self, Vault};
use foundation::communities;
use foundation::database::{Chore, Community, DbError, HOUSE, ask};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Who;
use foundation::params;
use serde_json::Value as Json;
use strongroom::{Cause, Class, Opener, Part, Share};

use crate::support::TestHouse;

mod storage;

/// Runs `linli …` on the house, with something on standard input.
fn linli(house: &TestHouse, args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .args(args)
        .arg("--data")
        .arg(&house.data_dir)
        .arg("--key-file")
        .arg(house.folder.path().join("site.key"))
        .env_remove("LINLI_DB")
        .env_remove("LINLI_KEYS");
    if let Some(url) = &house.db_url {
        command.arg("--db").arg(url);
    }
    fed(command, input)
}

fn fed(mut command: Command, input: &str) -> Output {
    let piped = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that refuses at once reads nothing.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// Exit code, and all that was said.
fn said(out: &Output) -> (Option<i32>, String) {
    let both = [&out.stdout[..], &out.stderr[..]].concat();
    (
        out.status.code(),
        String::from_utf8(both).expect("text in UTF-8"),
    )
}

fn document(out: &Output) -> Json {
    serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|e| panic!("one document and nothing else: {e}: {out:?}"))
}

/// A paper in a dossier: its object's number, its name in the strongroom, its text.
struct Filed {
    dossier: Id,
    id: strongroom::OpaqueId,
    text: Vec<u8>,
}

/// Files a paper as an intake does, as another process that then ends.
async fn file(house: &TestHouse, c: Community, text: &str) -> Filed {
    file_as(house, c, text, "published").await
}

/// The same, and what the ledger knows of it: an intake is `prepared` before it is `published`.
async fn file_as(house: &TestHouse, c: Community, text: &str, state: &str) -> Filed {
    let other = house.again().await;
    let opened = Vault::of(&other).open(&other).await.expect("opens");
    let (dossier, now) = (house.id(), house.now());
    let (object, bytes) = (vault::object(c, dossier), text.as_bytes().to_vec());
    let text = bytes.clone();
    let made = tokio::task::spawn_blocking(move || {
        let room = &opened.room;
        room.write_from(now.0).expect("nobody else writes");
        let cause: Cause = "archive.received".parse().expect("a word");
        let mut staged = room.intake(&object, now.0, cause).expect("begins");
        let id = staged.document(Class::A).expect("a document");
        let media = "application/pdf".parse().expect("a media type");
        staged
            .file(&id, Part::Original, media, &mut &bytes[..])
            .expect("seals");
        staged.meta(b"{}").expect("seals");
        let prepared = staged.prepare(BTreeMap::new()).expect("prepares");
        room.publish(&prepared).expect("publishes");
        (id, prepared)
    });
    let (id, prepared) = made.await.expect("no panic");
    let (version, inventory) = (
        i64::from(prepared.version),
        prepared.inventory_sha512.to_string(),
    );
    let row = ask(
        "INSERT INTO strongroom_version \
         (community, dossier, version, inventory, document, state, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![c, dossier, version, inventory, house.id(), state, now],
    );
    change(house, row).await;
    Filed { dossier, id, text }
}

async fn change(house: &TestHouse, what: foundation::database::Ask) {
    let changed: Result<u64, DbError> = house
        .db
        .keep(Chore::Checkpoint, HOUSE, move |r| r.execute(what))
        .await;
    assert_ne!(changed.expect("the rows can be changed"), 0);
}

/// A house with a compound and papers of three dossiers.
async fn archive() -> (TestHouse, Community, Vec<Filed>) {
    let house = TestHouse::new().await;
    let made = communities::create(&house, &Who::operator(), "春和苑", 100).await;
    let c = made.expect("made").number;
    let mut papers = Vec::new();
    for n in 0..3 {
        papers.push(file(&house, c, &format!("王女士 3-2-180{n} 收樓文件")).await);
    }
    (house, c, papers)
}

fn cards(house: &TestHouse, name: &str, more: &[&str]) -> (Output, PathBuf) {
    let dir = house.folder.path().join(name);
    let path = dir.to_str().expect("text").to_owned();
    let out = linli(
        house,
        &[&["escrow", "cards", "--out", &path], more].concat(),
        "",
    );
    (out, dir)
}

/// The text of a card, as another program reads it.
fn card_text(path: &Path) -> String {
    let pdf = lopdf::Document::load(path).expect("another reader opens it");
    pdf.extract_text(&[1]).expect("its letters can be found")
}

/// A share, copied from the twenty numbered groups that stand on its card.
fn share_on(text: &str) -> String {
    let letters = "0123456789abcdefghjkmnpqrstvwxyz";
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut groups = Vec::new();
    for pair in words.windows(2) {
        let group = pair[1].len() == 5 && pair[1].chars().all(|c| letters.contains(c));
        if group && pair[0] == (groups.len() + 1).to_string() {
            groups.push(pair[1]);
        }
    }
    assert_eq!(groups.len(), 20, "{text}");
    groups.join(" ")
}

fn shares_in(dir: &Path) -> Vec<String> {
    (1..=5)
        .map(|n| share_on(&card_text(&dir.join(format!("card-{n}-of-5.pdf")))))
        .collect()
}

/// Opens a paper with Debian's `age` and the key in a file, and nothing of this program.
fn with_age(house: &TestHouse, c: Community, paper: &Filed, key: &Path) -> Option<Vec<u8>> {
    let object = vault::object(c, paper.dossier);
    let slot = house.data_dir.join(format!(
        "keys/strongroom/slots/{}/{}.key.age",
        strongroom::Digest::of(object.as_str().as_bytes()),
        paper.id
    ));
    let content = house.data_dir.join(format!(
        "strongroom/root/{}/v1/content/docs/{}/original.age",
        object.path(),
        paper.id
    ));
    let age = |key: &Path, file: &Path| {
        let mut age = Command::new("age");
        age.arg("-d").arg("-i").arg(key).arg(file);
        let out = age
            .output()
            .expect("age is not installed: apt-get install age");
        out.status.success().then_some(out.stdout)
    };
    let identity = house.folder.path().join("identity");
    std::fs::write(&identity, age(key, &slot)?).expect("written");
    age(&identity, &content)
}

async fn reads(house: &House, c: Community, paper: &Filed) -> Vec<u8> {
    let opened = Vault::of(house).open(house).await.expect("opens");
    read_with(&opened, c, paper, &opened.opener).expect("reads")
}

fn read_with(
    opened: &vault::Opened,
    c: Community,
    paper: &Filed,
    with: &Opener,
) -> Result<Vec<u8>, strongroom::RoomError> {
    let object = vault::object(c, paper.dossier);
    let mut sealed = opened.room.read(&object, &paper.id, Part::Original, with)?;
    let mut plain = Vec::new();
    sealed.read_to_end(&mut plain)?;
    Ok(plain)
}

/// The bodies of the house log's events of a kind.
async fn told(house: &TestHouse, kind: &str) -> Vec<Json> {
    let asked = ask(
        "SELECT body FROM ledger WHERE community = $1 AND kind = $2 ORDER BY seq LIMIT 100",
        params![HOUSE, kind],
    );
    let rows: Vec<(String,)> = house.db.all(asked).await.expect("the log");
    rows.iter()
        .map(|(body,)| serde_json::from_str(body).expect("JSON"))
        .collect()
}

/// All files below a folder.
fn tree(at: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(at).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).expect("readable"));
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        let at = to.join(path.strip_prefix(from).expect("below"));
        std::fs::create_dir_all(at.parent().expect("a folder")).expect("made");
        std::fs::write(at, bytes).expect("written");
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|w| w == part.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn any_three_of_five_cards_open_the_archive_with_age_alone_and_two_do_not() {
    let (house, c, mut papers) = archive().await;
    let names = ["王女士", "李靜", "陳承遠", "林知夏", "張若琳"];
    let holders: Vec<&str> = names.iter().flat_map(|n| ["--holder", n]).collect();
    let (out, dir) = cards(&house, "cards", &holders);
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    // Paper that comes after the cards is open to them too.
    papers.push(file(&house, c, "事後補交的驗收表").await);

    let folder = std::fs::metadata(&dir).expect("there").permissions();
    assert_eq!(folder.mode() & 0o777, 0o700);
    for (n, name) in names.iter().enumerate() {
        let path = dir.join(format!("card-{}-of-5.pdf", n + 1));
        let mode = std::fs::metadata(&path).expect("there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        let text = card_text(&path);
        for part in [name, "any 3 open the archive", "linli escrow combine"] {
            assert!(text.contains(part), "{part} on card {}: {text}", n + 1);
        }
    }
    let shares = shares_in(&dir);
    for three in [[0, 1, 2], [4, 2, 0], [1, 3, 4]] {
        // One of them scanned, and the lines between them blank.
        let mut lines: Vec<String> = three.iter().map(|n| shares[*n].clone()).collect();
        lines[1] = Share::parse(&lines[1]).expect("a share").qr().to_string();
        let key = house.folder.path().join(format!("key-{}", three[0]));
        let file = key.to_str().expect("text");
        let mut combine = Command::new(env!("CARGO_BIN_EXE_linli"));
        // No data folder, no site key: another machine.
        combine
            .current_dir(house.folder.path())
            .args(["escrow", "combine", "--out", file, "--data", "nowhere"]);
        let out = fed(combine, &lines.join("\n\n"));
        assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
        assert!(out.stdout.is_empty(), "the key is in the file alone");
        let mode = std::fs::metadata(&key).expect("there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        assert!(!house.folder.path().join("nowhere").exists());
        for paper in &papers {
            assert_eq!(with_age(&house, c, paper, &key).as_ref(), Some(&paper.text));
        }
    }
    let out = linli(&house, &["escrow", "combine"], &shares[..2].join("\n"));
    let (code, words) = said(&out);
    assert_eq!(code, Some(1));
    assert!(words.contains("2 shares, 3 are needed"), "{words}");
    assert!(out.stdout.is_empty());

    // The key and its shares are nowhere but on the cards.
    let out = linli(&house, &["escrow", "combine"], &shares.join("\n"));
    let secret = String::from_utf8(out.stdout).expect("text");
    assert!(secret.starts_with("AGE-SECRET-KEY-1"));
    for (path, bytes) in tree(&house.data_dir) {
        assert!(!holds(&bytes, secret.trim()), "{}", path.display());
        for share in &shares {
            assert!(!holds(&bytes, &share[..29]), "{}", path.display());
        }
    }
    let events = told(&house, "archive.escrow_made").await;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["shares"], &events[0]["threshold"]),
        (&5.into(), &3.into())
    );
    assert!(!events[0].to_string().contains("王女士"));
    let out = linli(&house, &["ledger", "verify"], "");
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_line_is_said_and_a_drill_shows_no_secret() {
    let (house, ..) = archive().await;
    let (_, dir) = cards(&house, "cards", &[]);
    let shares = shares_in(&dir);
    let check = |lines: &[&str]| {
        let out = linli(&house, &["escrow", "check"], &lines.join("\n"));
        let (code, words) = said(&out);
        assert!(!words.contains("AGE-SECRET"), "{words}");
        (code, words)
    };
    let (code, words) = check(&[&shares[3], &shares[1], &shares[2]]);
    assert_eq!(code, Some(0), "{words}");
    assert!(
        words.contains("6 of 6 documents and records open"),
        "{words}"
    );

    let mut groups: Vec<&str> = shares[1].split(' ').collect();
    let wrong = if groups[6].starts_with('x') { "y" } else { "x" };
    let mistyped = format!("{wrong}{}", &groups[6][1..]);
    groups[6] = &mistyped;
    let typed = groups.join(" ");
    let stranger = strongroom::Escrow::split(&Opener::generate(), 3, 5).expect("splits");
    let stranger = stranger[3].text();
    let lines = [
        "# the drill of March",
        &shares[0],
        &typed,
        &shares[0],
        &stranger,
        "hello",
    ];
    let (code, words) = check(&lines);
    assert_eq!(code, Some(1));
    for part in [
        &format!("line 3: group 7 was mistyped: {mistyped}"),
        "line 4: share 1 is there twice",
        "line 5: share 4 is of another splitting than share 1",
        "line 6: ",
        "1 shares, 3 are needed",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    // A wrong line beside three good ones stops no opening, but no drill passes with it.
    let lines = [&*typed, &shares[0], &shares[2], &shares[4]];
    assert_eq!(check(&lines).0, Some(1));
    let out = linli(&house, &["escrow", "combine"], &lines.join("\n"));
    assert_eq!(out.status.code(), Some(0));
    assert!(out.stdout.starts_with(b"AGE-SECRET-KEY-1"));
    // Cards of somebody else's archive go together and open nothing here.
    let other = strongroom::Escrow::split(&Opener::generate(), 3, 5).expect("splits");
    let other: Vec<String> = other.iter().map(|s| s.text().to_string()).collect();
    let (code, words) = check(&[&other[0], &other[1], &other[2]]);
    assert_eq!(code, Some(1));
    assert!(words.contains("of another archive"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_cards_need_the_word_and_then_the_old_ones_open_nothing() {
    let (house, c, papers) = archive().await;
    let (out, first) = cards(&house, "first", &[]);
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    let (out, second) = cards(&house, "second", &[]);
    let (code, words) = said(&out);
    assert_eq!(code, Some(2));
    assert!(words.contains("--force"), "{words}");
    assert!(!second.exists(), "nothing was printed");
    let (out, _) = cards(&house, "first", &["--force"]);
    let (code, words) = said(&out);
    assert_eq!(code, Some(2));
    assert!(words.contains("not empty"), "{words}");
    let (out, _) = cards(&house, "second", &["--force"]);
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));

    let (old, new) = (shares_in(&first), shares_in(&second));
    let out = linli(&house, &["escrow", "check"], &old.join("\n"));
    let (code, words) = said(&out);
    assert_eq!(code, Some(1));
    assert!(words.contains("were replaced on"), "{words}");
    let out = linli(&house, &["escrow", "check"], &new.join("\n"));
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    for (shares, opens) in [(&old, false), (&new, true)] {
        let out = linli(&house, &["escrow", "combine"], &shares[1..4].join("\n"));
        let key = house.folder.path().join("key");
        std::fs::write(&key, &out.stdout).expect("written");
        for paper in &papers {
            assert_eq!(with_age(&house, c, paper, &key).is_some(), opens);
        }
    }
    assert_eq!(told(&house, "archive.escrow_made").await.len(), 2);
    assert_eq!(reads(&house, c, &papers[0]).await, papers[0].text);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_card_is_printed_while_another_process_writes() {
    let (house, ..) = archive().await;
    let opened = Vault::of(&house).open(&house).await.expect("opens");
    opened.room.write_from(house.now().0).expect("the lease");
    let (out, dir) = cards(&house, "cards", &[]);
    let (code, words) = said(&out);
    assert_eq!(code, Some(2));
    assert!(words.contains("stop the service"), "{words}");
    assert!(!dir.exists());
    let out = linli(&house, &["strongroom", "rotate"], "");
    assert_eq!(out.status.code(), Some(2), "{:?}", said(&out));
    let out = linli(&house, &["strongroom", "verify"], "");
    assert_eq!(out.status.code(), Some(0), "{:?}", said(&out));
    for kind in ["archive.escrow_made", "archive.key_changing"] {
        assert!(told(&house, kind).await.is_empty());
    }
    assert_eq!(opened.room.keys().keys().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_cards_that_was_cut_off_is_ended_by_the_next_start() {
    let (house, c, papers) = archive().await;
    let (_, dir) = cards(&house, "cards", &[]);
    let old = shares_in(&dir);
    // The new cards were safe and the deed written down; then the power went.
    let next = Opener::generate();
    let begun = serde_json::json!({
        "format": "linli-strongroom-escrow-1", "recipient": next.recipient(), "since": 1,
    });
    let keys = house.data_dir.join("keys/strongroom");
    std::fs::write(keys.join("escrow.json"), begun.to_string()).expect("written");
    let out = linli(&house, &["escrow", "check"], &old.join("\n"));
    assert_eq!(
        out.status.code(),
        Some(0),
        "until then the old ones are good"
    );
    let started = house.again().await;
    dossiers::recovery::recover(&started)
        .await
        .expect("recovers");
    drop(started);
    let out = linli(&house, &["escrow", "check"], &old.join("\n"));
    assert_eq!(out.status.code(), Some(1), "{:?}", said(&out));
    let opened = Vault::of(&house).open(&house).await.expect("opens");
    for paper in &papers {
        let plain = read_with(&opened, c, paper, &next).expect("the new ones open it");
        assert_eq!(plain, paper.text);
    }
    assert_eq!(told(&house, "archive.escrow_made").await.len(), 2);
}

#[test]
fn a_mistyped_folder_becomes_no_installation() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, out) = (folder.path().join("typo"), folder.path().join("cards"));
    let (data, out) = (data.to_str().expect("text"), out.to_str().expect("text"));
    for args in [
        &["escrow", "cards", "--out", out][..],
        &["escrow", "check"],
        &["strongroom", "verify"],
        &["strongroom", "rotate"],
        &["strongroom", "repair", "--replica", data],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        command.args(args).arg("--data").arg(data);
        let (code, words) = said(&fed(command, ""));
        assert_eq!(code, Some(2), "{args:?}: {words}");
        assert!(!Path::new(data).exists() && !Path::new(out).exists());
    }
}
