//! Forms c to h: filled on the screen, printed, signed, the scan with the data; who sees what
//! of them; and that nothing of them lies in clear.

use dossiers::{ArchiveError, Kind, filing};
use forms::attach::{self, Paper};
use forms::fields::Definition;
use forms::printing::{self, Letterhead};
use forms::values::Values;
use forms::{FormsError, State, fill, listing};
use foundation::database::ask;
use foundation::ids::Id;
use foundation::page::words::{Lang, Words};
use foundation::params;
use paper::Paper as _;
use permissions::Role;

use crate::archive::office::{Office, pdf};
use crate::membership::world::{C, NAMES, employ};

mod cases;
mod handover;
mod keys;
mod pages;

/// The words that papers are printed in.
pub fn words() -> Words {
    Words::new(Lang::ZhHant)
}

pub fn letterhead() -> Letterhead {
    Letterhead {
        words: words(),
        compound: "春和苑".into(),
        link: "https://linli.example/c/chunhe/forms/{form}".into(),
    }
}

/// What is missing yet, as somebody would fill it in.
pub fn complete(kind: Kind, values: &mut Values) {
    let fields: &[(&str, &str)] = match kind {
        Kind::Registration => &[("use", "owner_occupied"), ("layout", "三房兩廳")],
        Kind::Keys => &[("stays", "yes"), ("stays_count", "1")],
        Kind::Handover => &[("statement", "accepts")],
        Kind::Renovation => &[
            ("begins", "2026-12-05"),
            ("ends", "2027-03-05"),
            ("contractor", "清禾裝飾工程有限公司"),
            ("head", "許明軒"),
            ("head_phone", "13900139000"),
            ("works", "water_power take_wall"),
        ],
        Kind::Breach => &[
            ("found_at", "2026-11-27 10:35"),
            ("fact", "現場已鑿除主臥與陽台之間配重牆約 0.6 m²。"),
            ("clause", "《業主（臨時）公約》第 12 條"),
            ("demands", "stop restore"),
            ("deadline", "2026-12-04"),
            ("contact", "服務中心"),
        ],
        _ => &[],
    };
    for (name, value) in fields {
        values.set(name, *value);
    }
}

/// Begun, filled in and made ready for signature.
pub async fn printed(o: &Office, dossier: Id, kind: Kind) -> Id {
    let by = &o.w.specialist;
    let id = fill::begin(o.house(), by, dossier, kind, &words())
        .await
        .expect("begun");
    let (form, mut values) = fill::mine(o.house(), by, id).await.expect("mine");
    complete(kind, &mut values);
    fill::save(o.house(), by, id, form.version, &values)
        .await
        .expect("saved");
    let version = fill::one(o.house(), by, id).await.expect("there").version;
    fill::print(o.house(), by, id, version)
        .await
        .expect("printed");
    id
}

pub fn paper(o: &Office) -> Paper {
    Paper {
        title: "登記表".into(),
        day: Some("2026-03-01".into()),
        signed_by: "王女士".into(),
        note: String::new(),
        paper: true,
        place: String::new(),
        checker: o.checker.account.expect("an account"),
    }
}

pub fn scan() -> Vec<dossiers::intake::Upload> {
    vec![dossiers::intake::Upload {
        name: "scan.pdf".into(),
        bytes: std::sync::Arc::new(pdf(1, "x")),
        corners: None,
    }]
}

/// Printed, signed, and its scan in the archive.
pub async fn signed(o: &Office, dossier: Id, kind: Kind) -> Id {
    let id = printed(o, dossier, kind).await;
    attach::attach(o.house(), &o.w.specialist, id, paper(o), scan())
        .await
        .expect("attached");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_goes_from_the_screen_over_paper_to_the_archive() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    for kind in Definition::KINDS {
        let id = signed(&o, dossier, kind).await;
        let form = fill::one(o.house(), &o.w.specialist, id)
            .await
            .expect("there");
        assert_eq!((form.state, form.edition), (State::Signed, 1));
        assert!(form.label().ends_with(&format!("-F{}01", kind.letter())));
        let scan = o.document(form.document.expect("a scan")).await;
        assert_eq!((scan.kind, scan.dossier), (kind, dossier));
        // From now on nobody fills in, prints or attaches again.
        let again = fill::mine(o.house(), &o.w.specialist, id).await;
        assert!(matches!(again, Err(FormsError::State(State::Signed))));
        let again = attach::attach(o.house(), &o.w.specialist, id, paper(&o), self::scan()).await;
        assert!(matches!(again, Err(FormsError::State(State::Signed))));
    }
    let all = listing::of_dossier(o.house(), &o.w.manager, dossier).await;
    assert_eq!(all.expect("listed").len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_roster_knows_stands_there_already() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let by = &o.w.specialist;
    let id = fill::begin(o.house(), by, dossier, Kind::Registration, &words())
        .await
        .expect("begun");
    let (form, values) = fill::mine(o.house(), by, id).await.expect("mine");
    assert_eq!(values.of("room"), "3-2-1801");
    assert_eq!(values.rows_of("owners")[0]["name"], NAMES[0]);
    assert_eq!(values.rows_of("owners")[0]["phone"], "13800138001");
    // Whose data were copied is in the ledger.
    let told: (String,) = o
        .house()
        .db
        .one(ask(
            "SELECT body FROM ledger WHERE community = $1 AND kind = 'forms.begun'",
            params![C],
        ))
        .await
        .expect("told");
    assert!(told.0.contains("\"people\":[\""), "{}", told.0);
    let mut without = values.clone();
    without.set("room", "");
    fill::save(o.house(), by, id, form.version, &without)
        .await
        .expect("saved");
    let missing = fill::print(o.house(), by, id, form.version + 1).await;
    let Err(FormsError::Missing(labels)) = missing else {
        panic!("printed without its fields")
    };
    assert_eq!(labels, ["forms-f-room"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn paper_that_was_printed_does_not_change_under_the_signature() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let by = &o.w.specialist;
    let id = printed(&o, dossier, Kind::Receipt).await;
    let (form, mut values) = fill::mine(o.house(), by, id).await.expect("mine");
    values.set("owner", "李四");
    let saved = fill::save(o.house(), by, id, form.version, &values).await;
    assert!(matches!(saved, Err(FormsError::OnPaper)));
    let mut fewer = values.clone();
    fewer.set("owner", NAMES[0]);
    fewer.rows.get_mut("items").expect("items").pop();
    let saved = fill::save(o.house(), by, id, form.version, &fewer).await;
    assert!(matches!(saved, Err(FormsError::OnPaper)));
    fill::reopen(o.house(), by, id, form.version)
        .await
        .expect("taken back");
    // A draft has no paper and takes no scan.
    let none = printing::paper_of(o.house(), by, id, &letterhead()).await;
    assert!(matches!(none, Err(FormsError::State(State::Draft))));
    let none = attach::attach(o.house(), by, id, paper(&o), scan()).await;
    assert!(matches!(none, Err(FormsError::State(State::Draft))));
    let stale = fill::print(o.house(), by, id, form.version).await;
    assert!(matches!(stale, Err(FormsError::Changed)));
    fill::print(o.house(), by, id, form.version + 1)
        .await
        .expect("printed again");
    let form = fill::one(o.house(), by, id).await.expect("there");
    assert_eq!(form.edition, 2);
    fill::void(o.house(), by, id, form.version)
        .await
        .expect("given up");
    let next = printed(&o, dossier, Kind::Receipt).await;
    let next = fill::one(o.house(), by, next).await.expect("there");
    assert_eq!(next.nth, 2, "a number is never used again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ticked_by_pen_is_copied_before_the_scan() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let dossier = o.dossier(0).await;
    let id = fill::begin(o.house(), by, dossier, Kind::Handover, &words())
        .await
        .expect("begun");
    fill::print(o.house(), by, id, 1).await.expect("printed");
    let early = attach::attach(o.house(), by, id, paper(&o), scan()).await;
    let Err(FormsError::Missing(labels)) = early else {
        panic!("the scan came without the data")
    };
    assert_eq!(labels, ["forms-f-statement"]);
    let (form, mut values) = fill::mine(o.house(), by, id).await.expect("mine");
    values.set("statement", "accepts_except");
    values.row("defects", [("part", "廚房"), ("what", "地漏不通")]);
    fill::save(o.house(), by, id, form.version, &values)
        .await
        .expect("copied from the paper");
    attach::attach(o.house(), by, id, paper(&o), scan())
        .await
        .expect("attached");
    let form = fill::one(o.house(), by, id).await.expect("there");
    assert_eq!((form.state, form.edition), (State::Signed, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_fills_it_in_sees_it_in_clear_and_only_until_it_is_signed() {
    let o = Office::new().await;
    let id = printed(&o, o.dossier(0).await, Kind::Registration).await;
    for by in [&o.checker, &o.w.supervisor, &o.w.manager] {
        let (.., clear) = fill::shown(o.house(), by, id).await.expect("shown");
        assert!(!clear, "masked");
        let paper = printing::paper_of(o.house(), by, id, &letterhead()).await;
        assert!(paper.is_err(), "no paper");
    }
    let not_theirs = fill::mine(o.house(), &o.checker, id).await;
    assert!(matches!(not_theirs, Err(FormsError::NotYours)));
    let version = fill::one(o.house(), &o.checker, id)
        .await
        .expect("there")
        .version;
    fill::take_over(o.house(), &o.checker, id, version)
        .await
        .expect("taken over");
    assert!(fill::mine(o.house(), &o.checker, id).await.is_ok());
    let before = fill::mine(o.house(), &o.w.specialist, id).await;
    assert!(matches!(before, Err(FormsError::NotYours)));
    for role in [Role::Operator, Role::Host, Role::Cashier, Role::Steward] {
        let by = employ(o.house(), C, role).await;
        let seen = fill::shown(o.house(), &by, id).await;
        assert!(matches!(seen, Err(FormsError::Forbidden(_))), "{role:?}");
    }
    let (dossier, words) = (o.dossier(0).await, words());
    let manager = fill::begin(o.house(), &o.w.manager, dossier, Kind::Keys, &words).await;
    assert!(matches!(manager, Err(FormsError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_is_withdrawn_is_asked_for_again() {
    let o = Office::new().await;
    let dossier = o.dossier(0).await;
    let by = &o.w.specialist;
    let id = signed(&o, dossier, Kind::Handover).await;
    let first = fill::one(o.house(), by, id).await.expect("there").document;
    let first = first.expect("a scan");
    let row = o.document(first).await.row_version;
    filing::withdraw(o.house(), by, first, row, "unreadable")
        .await
        .expect("taken back");
    let second = attach::attach(o.house(), by, id, paper(&o), scan())
        .await
        .expect("again");
    let form = fill::one(o.house(), by, id).await.expect("there");
    assert_eq!(form.document, Some(second));
    // A document that came over the file room's own door is tied; another form's is not.
    let other = printed(&o, dossier, Kind::Handover).await;
    let taken = attach::tie(o.house(), by, other, second).await;
    assert!(matches!(taken, Err(FormsError::Document)));
    let loose = o.filed(dossier, Kind::Handover, 2).await;
    let wrong = printed(&o, dossier, Kind::Keys).await;
    let wrong = attach::tie(o.house(), by, wrong, loose).await;
    assert!(matches!(wrong, Err(FormsError::Document)), "another kind");
    attach::tie(o.house(), by, other, loose)
        .await
        .expect("tied");
    // A refused file leaves the form where it was.
    let third = printed(&o, dossier, Kind::Handover).await;
    let mut bad = scan();
    bad[0].bytes = std::sync::Arc::new(b"<svg/>".to_vec());
    let refused = attach::attach(o.house(), by, third, paper(&o), bad).await;
    assert!(matches!(
        refused,
        Err(FormsError::Archive(ArchiveError::File(_)))
    ));
    let form = fill::one(o.house(), by, third).await.expect("there");
    assert_eq!(form.state, State::Printed);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_form_lies_in_clear_on_the_disk() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let id = fill::begin(
        o.house(),
        by,
        o.dossier(0).await,
        Kind::Registration,
        &words(),
    )
    .await
    .expect("begun");
    let (form, mut values) = fill::mine(o.house(), by, id).await.expect("mine");
    complete(Kind::Registration, &mut values);
    let needles = ["周慕雲", "13911112222", "慢性病需要照顧"];
    let row = [
        ("name", needles[0]),
        ("phone", needles[1]),
        ("note", needles[2]),
    ];
    values.row("family", row);
    fill::save(o.house(), by, id, form.version, &values)
        .await
        .expect("saved");
    let (_, again) = fill::mine(o.house(), by, id).await.expect("mine");
    assert_eq!(again.rows_of("family")[0]["name"], needles[0]);
    nowhere_in_clear(&o, &needles);
}

/// None of these stands in a file of the house's folder.
pub fn nowhere_in_clear(o: &Office, needles: &[&str]) {
    let mut files = 0;
    // What may stand there in clear is found, so the others would be.
    let mut control = std::env::var_os("LINLI_TEST_DB").is_some();
    let mut folders = vec![o.house().folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("readable").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            files += 1;
            let bytes = std::fs::read(entry.path()).expect("readable");
            let holds = |needle: &str| bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
            control |= holds("3-2-1801");
            for needle in needles {
                assert!(!holds(needle), "{needle} in {}", entry.path().display());
            }
        }
    }
    assert!(files > 3 && control, "{files} files");
}

/// The text of a PDF, page after page.
pub fn text_of(pdf: &[u8]) -> String {
    let read = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = read.get_pages().into_keys().collect();
    let text = read.extract_text(&pages).expect("text");
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_paper_says_what_the_screen_does() {
    if !paper::can_write() {
        return;
    }
    let o = Office::new().await;
    let by = &o.w.specialist;
    let dossier = o.dossier(0).await;
    let expected: [(Kind, &[&str]); 6] = [
        (
            Kind::Registration,
            &[
                "情況登記表",
                "3-2-1801",
                "王小明",
                "13800138001",
                "三房兩廳",
                "個人資料告知",
            ],
        ),
        (
            Kind::Receipt,
            &[
                "資料簽收表",
                "住宅質量保證書",
                "第一份管理處存",
                "第二份業主存",
            ],
        ),
        (
            Kind::Keys,
            &["鑰匙領（借）用登記表", "入戶門鑰匙", "王小明", "留存"],
        ),
        (
            Kind::Handover,
            &[
                "房屋交付驗收表",
                "衛生間",
                "中水",
                "除上列問題外同意接收",
                "保修辦複查人",
            ],
        ),
        (
            Kind::Renovation,
            &[
                "裝修申請審批表",
                "清禾裝飾工程有限公司",
                "許明軒",
                "不拆改承重牆",
            ],
        ),
        (
            Kind::Breach,
            &["違章處理通知單", "配重牆", "2026-12-04", "拒簽"],
        ),
    ];
    for (kind, needles) in expected {
        let id = printed(&o, dossier, kind).await;
        let bundle = printing::paper_of(o.house(), by, id, &letterhead())
            .await
            .expect("a paper");
        let (pdf, written) = bundle.draw(paper::system_fonts()).expect("drawn");
        if let Some(dir) = std::env::var_os("LINLI_PAPERS") {
            let name = format!("form-{}.pdf", kind.letter());
            std::fs::write(std::path::Path::new(&dir).join(name), &pdf).expect("written");
        }
        assert!(written.missing.is_empty(), "{:?}", written.missing);
        let text = text_of(&pdf);
        let form = fill::one(o.house(), by, id).await.expect("there");
        for needle in needles
            .iter()
            .copied()
            .chain([form.label().as_str(), &form.number])
        {
            assert!(
                text.contains(needle),
                "{needle} on {}: {text}",
                kind.letter()
            );
        }
        assert!(!text.contains("罰款") && !text.contains("絕密"), "{text}");
    }
}

/// Lets the jobs of a kind run again, as a crash before their tick does.
pub async fn again(o: &Office, kind: &'static str) {
    use foundation::database::{Chore, DbError};
    let waiting = ask(
        "UPDATE job SET state = 'waiting', lease_until = 0 WHERE community = $1 AND kind = $2",
        params![C, kind],
    );
    let set =
        o.house()
            .db
            .keep::<_, DbError, _>(Chore::Job, foundation::database::HOUSE, move |r| {
                r.execute(waiting)
            });
    assert!(set.await.expect("set") > 0, "there is one");
}

/// How many events of a kind the ledger has.
pub async fn told(o: &Office, kind: &str) -> i64 {
    let asked = ask(
        "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = $2",
        params![C, kind],
    );
    let (n,): (i64,) = o.house().db.one(asked).await.expect("counted");
    n
}
