//! 入伙: one home step by step, a building in one go.

use dossiers::Kind;
use forms::handover::{self, Step};
use forms::preparing::{self, SLICE};
use forms::{FormsError, State, attach, fill};
use foundation::ids::Id;

use super::{complete, letterhead, nowhere_in_clear, paper, scan, told, words};
use crate::archive::office::Office;
use crate::membership::world::{C, NAMES};
use crate::roster_pages::{door, fetch, get, post};

/// Signs the form of a kind that the flow prepared.
async fn sign(o: &Office, dossier: Id, kind: Kind) {
    let by = &o.w.specialist;
    let home = handover::one(o.house(), by, dossier).await.expect("there");
    let id = home.form(kind).expect("prepared").id;
    let (form, mut values) = fill::mine(o.house(), by, id).await.expect("mine");
    complete(kind, &mut values);
    fill::save(o.house(), by, id, form.version, &values)
        .await
        .expect("saved");
    let form = fill::one(o.house(), by, id).await.expect("there");
    if form.state == State::Draft {
        fill::print(o.house(), by, id, form.version)
            .await
            .expect("printed");
    }
    attach::attach(o.house(), by, id, paper(o), scan())
        .await
        .expect("attached");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_is_handed_over_when_every_step_is_done() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let dossier = o.dossier(0).await;
    let early = handover::check_identity(o.house(), by, dossier).await;
    assert!(matches!(early, Err(FormsError::Changed)), "not begun");
    for _ in 0..2 {
        handover::begin(o.house(), by, dossier, &words())
            .await
            .expect("begun");
    }
    let home = handover::one(o.house(), by, dossier).await.expect("there");
    assert_eq!((home.forms.len(), home.done()), (4, 0), "made once");
    assert_eq!(home.next(), Some(Step::Identity));
    let early = handover::finish(o.house(), by, dossier).await;
    assert!(matches!(early, Err(FormsError::Unfinished(steps)) if steps.len() == 9));
    handover::check_identity(o.house(), by, dossier)
        .await
        .expect("checked");
    let owed = handover::look_at_fees(o.house(), by, dossier).await;
    assert_eq!(owed.expect("looked at"), 0);
    o.filed(dossier, Kind::Covenant, 1).await;
    o.filed(dossier, Kind::FireSafety, 1).await;
    for kind in handover::FORMS {
        sign(&o, dossier, kind).await;
    }
    let home = handover::one(o.house(), by, dossier).await.expect("there");
    assert_eq!((home.done(), home.next()), (8, Some(Step::Copies)));
    let open = handover::finish(o.house(), by, dossier).await;
    assert!(matches!(open, Err(FormsError::Unfinished(steps)) if steps == ["handover-step-i"]));
    o.filed(dossier, Kind::Identity, 1).await;
    handover::finish(o.house(), by, dossier)
        .await
        .expect("done");
    let again = handover::finish(o.house(), by, dossier).await;
    assert!(matches!(again, Err(FormsError::Changed)));
    let manager = handover::begin(o.house(), &o.w.manager, dossier, &words()).await;
    assert!(matches!(manager, Err(FormsError::Forbidden(_))));
    nowhere_in_clear(&o, &["13800138001"]);
}

/// Does every job that is due.
async fn jobs(o: &Office) {
    let runner = linli::doors::rooms::jobs();
    let (house, now) = (&o.house().house, o.house().now());
    while runner.run_due(&house.db, house, now).await.expect("run") > 0 {}
}

/// Asks that building 3 is prepared, and does it so many homes at a time: homes asked, homes
/// gone through, papers ready.
async fn prepared(o: &Office, most: usize) -> (i64, i64, i64) {
    let by = &o.w.specialist;
    for _ in 0..2 {
        // Asked twice it is done once.
        preparing::ask(o.house(), by, "3", words().lang())
            .await
            .expect("asked");
    }
    let newest = async || {
        let newest = preparing::newest(o.house(), by, "3").await;
        newest.expect("read").expect("asked")
    };
    let id = newest().await.id;
    while !preparing::go_on(o.house(), C, id, most)
        .await
        .expect("goes on")
    {
        let now = newest().await;
        assert!(
            now.ended_at.is_none() && now.done > 0,
            "it shows how far it is"
        );
    }
    let p = newest().await;
    assert!(p.id == id && p.ended_at.is_some());
    (p.homes, p.done, p.ready)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preparation_that_was_cut_off_goes_on_and_makes_nothing_twice() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    // Cut off in the middle of a slice: one home is begun, and nothing is noted of it.
    let dossier = o.dossier(0).await;
    handover::begin(o.house(), by, dossier, &words())
        .await
        .expect("begun");
    assert_eq!(prepared(&o, 1).await, (4, 4, 16));
    let homes = handover::building(o.house(), by, "3").await;
    assert!(homes.expect("listed").iter().all(|h| h.forms.len() == 4));
    // A job of a past slice comes again, and does nothing.
    jobs(&o).await;
    for (kind, times) in [
        ("forms.preparing", 1),
        ("forms.handover_begun", 4),
        ("forms.begun", 16),
    ] {
        assert_eq!(told(&o, kind).await, times, "{kind}");
    }
    // Nobody prepares who may not see people in clear.
    let manager = preparing::ask(o.house(), &o.w.manager, "3", words().lang()).await;
    assert!(matches!(manager, Err(FormsError::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_building_is_prepared_in_one_file_without_making_anything_twice() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    assert_eq!(prepared(&o, SLICE).await, (4, 4, 16));
    assert_eq!(prepared(&o, SLICE).await, (4, 4, 16));
    let homes = handover::building(o.house(), by, "3")
        .await
        .expect("listed");
    let codes: Vec<&str> = homes.iter().map(|h| h.head.code.as_str()).collect();
    assert_eq!(codes, ["3-2-1801", "3-2-1802", "3-2-1803", "3-2-1804"]);
    assert!(homes.iter().all(|h| h.forms.len() == 4));
    let bundle = handover::papers(o.house(), by, "3", &letterhead())
        .await
        .expect("papers");
    // d and f in two copies.
    assert_eq!(bundle.forms.len(), 4 * 6);
    if paper::can_write() {
        use paper::Paper as _;
        let (pdf, written) = bundle.draw(paper::system_fonts()).expect("drawn");
        if let Some(dir) = std::env::var_os("LINLI_PAPERS") {
            let at = std::path::Path::new(&dir).join("handover.pdf");
            std::fs::write(at, &pdf).expect("written");
        }
        assert!(written.missing.is_empty(), "{:?}", written.missing);
        let text = super::text_of(&pdf);
        for (name, code) in NAMES.iter().zip(codes) {
            assert!(text.contains(name) && text.contains(code), "{name} {code}");
        }
        assert!(
            text.contains("第1頁，共1頁"),
            "each form counts its own pages"
        );
    }
    // Another person's desk has none of these papers.
    let other = handover::papers(o.house(), &o.checker, "3", &letterhead()).await;
    assert!(matches!(other, Err(FormsError::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_flow_works_through_its_doors() {
    let o = Office::new().await;
    let desk = door(o.house(), forms::pages::routes(), &o.w.specialist);
    let dossier = o.dossier(0).await;
    let page = get(&desk, "/handover?building=3").await;
    assert!(
        page.contains("3-2-1804") && page.contains("未開始"),
        "{page}"
    );
    let page = get(&desk, "/handover?building=3&q=1802").await;
    assert!(page.contains("3-2-1802") && !page.contains("3-2-1804"));
    let page = get(&desk, "/handover?building=3&stage=done").await;
    assert!(page.contains("沒有符合的房屋"), "{page}");
    let own = format!("/handover/{dossier}");
    assert!(get(&desk, &own).await.contains("value=\"begin\""));
    for act in ["begin", "identity", "fees"] {
        let (status, _, page) = post(&desk, &own, &[("act", act)]).await;
        assert_eq!(status, 303, "{act}: {page}");
    }
    let page = get(&desk, &own).await;
    assert!(
        page.contains("逾期未繳 ¥0.00") && page.contains("現在辦理"),
        "{page}"
    );
    let (status, _, page) = post(&desk, &own, &[("act", "finish")]).await;
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("還有步驟沒有完成"), "{page}");
    let (status, ..) = post(&desk, "/handover", &[("building", "3")]).await;
    assert_eq!(status, 303);
    let page = get(&desk, "/handover?building=3").await;
    assert!(
        page.contains("<progress") && page.contains("data-poll=") && page.contains("正在為"),
        "{page}"
    );
    jobs(&o).await;
    let page = get(&desk, "/handover?building=3").await;
    assert!(
        page.contains("4 戶已備好，16 張表單可以列印") && !page.contains("<progress"),
        "{page}"
    );
    if paper::can_write() {
        let (status, _, pdf) = fetch(&desk, "/handover.pdf?building=3", "", None).await;
        assert_eq!(status, 200);
        assert!(pdf.starts_with(b"%PDF-"));
    }
    let page = get(
        &door(o.house(), forms::pages::routes(), &o.w.manager),
        "/handover?building=3",
    )
    .await;
    assert!(
        page.contains("辦理中") && !page.contains("handover.pdf"),
        "{page}"
    );
}
