//! Renovations and breaches: the whole way, every act that is not in the tables, who may, what
//! is overdue.

use dossiers::Kind;
use forms::cases::{Act, Process, act, breach, looking, permit, renovation};
use forms::values::Values;
use forms::{FormsError, State, jobs};
use foundation::clock::DAY;
use foundation::database::ask;
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::params;
use permissions::actor::Actor;

use super::{again, letterhead, nowhere_in_clear, printed, signed, words};
use crate::archive::office::Office;
use crate::membership::world::C;
use crate::roster_pages::{door, get, post};
use crate::support::takes_messages;

/// What an act asks, filled in.
fn said(act: &Act, o: &Office) -> Values {
    let later = o.house().now().plus(20 * DAY).date().to_string();
    let mut values = Values::default();
    for field in act.asks {
        use forms::fields::Input;
        let value = match field.input {
            Input::Money if field.name == "fee" => "150.00".to_owned(),
            Input::Money => "2000.00".to_owned(),
            Input::Date => later.clone(),
            Input::One(options) | Input::Any(options) => options[0].0.to_owned(),
            _ => "已查看現場並拍照".to_owned(),
        };
        values.set(field.name, value);
    }
    values
}

async fn does(o: &Office, by: &Actor, case: Id, name: &str) -> Result<(), FormsError> {
    let there = looking::one(o.house(), by, case).await?;
    let wanted = there.process().expect("known").act(name).expect("an act");
    let values = said(wanted, o);
    act::act(o.house(), by, case, there.version, name, values, &words()).await
}

async fn must(o: &Office, by: &Actor, case: Id, names: &[&str]) {
    for name in names {
        let done = does(o, by, case, name).await;
        done.unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

async fn state(o: &Office, case: Id) -> String {
    let case = looking::one(o.house(), &o.w.manager, case).await;
    case.expect("there").state
}

async fn applied(o: &Office) -> (Id, Id) {
    let (dossier, case) = undrawn(o).await;
    drawn(o, dossier, case).await;
    (dossier, case)
}

/// A drawing for it is filed and added.
async fn drawn(o: &Office, dossier: Id, case: Id) {
    let plan = o.filed(dossier, Kind::Other, 1).await;
    act::add_paper(o.house(), &o.w.specialist, case, plan, "drawing")
        .await
        .expect("added");
}

/// Applied for, without a drawing.
async fn undrawn(o: &Office) -> (Id, Id) {
    let dossier = o.dossier(0).await;
    let form = signed(o, dossier, Kind::Renovation).await;
    let case = act::apply(o.house(), &o.w.specialist, form).await;
    (dossier, case.expect("applied"))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_wall_down_shows_how_before_it_is_approved() {
    let o = Office::new().await;
    let (dossier, case) = undrawn(&o).await;
    let head = &o.w.manager;
    let refused = does(&o, head, case, "approve").await;
    assert!(
        matches!(refused, Err(FormsError::NeedsPaper("drawing"))),
        "{refused:?}"
    );
    // Another paper is no drawing.
    let other = o.filed(dossier, Kind::Other, 1).await;
    act::add_paper(o.house(), &o.w.specialist, case, other, "workers")
        .await
        .expect("added");
    assert!(does(&o, head, case, "approve").await.is_err());
    drawn(&o, dossier, case).await;
    must(&o, head, case, &["approve"]).await;
}

async fn evidenced(o: &Office) -> (Id, Id) {
    let dossier = o.dossier(0).await;
    let mut fact = Values::default();
    fact.set("found_at", "2026-11-27 10:35");
    fact.set("place", "主臥與陽台之間");
    fact.set("fact", "已鑿除配重牆約 0.6 m²，王女士在場");
    let by = &o.w.specialist;
    let case = act::found(o.house(), by, dossier, None, fact)
        .await
        .expect("found");
    must(o, by, case, &["evidence"]).await;
    (dossier, case)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renovation_goes_its_whole_way_and_its_deposit_comes_back() {
    let o = Office::new().await;
    let (by, head) = (&o.w.specialist, &o.w.manager);
    let (dossier, case) = applied(&o).await;
    let there = looking::one(o.house(), by, case).await.expect("there");
    let days = forms::workdays::after(o.house().now().date(), 5);
    assert_eq!(there.due_at.expect("a date").date(), days);
    assert!(
        there.label().starts_with("ZX-2026-0001"),
        "{}",
        there.label()
    );
    must(&o, head, case, &["send_back"]).await;
    must(&o, by, case, &["apply_again"]).await;
    must(&o, head, case, &["approve"]).await;
    must(&o, by, case, &["pay", "permit", "inspect"]).await;
    let there = looking::one(o.house(), by, case).await.expect("there");
    assert_eq!((there.deposit, there.fee), (200_000, 15_000), "fen");
    let paper = permit::paper_of(o.house(), by, case, &letterhead()).await;
    if paper::can_write() {
        use paper::Paper as _;
        let (pdf, _) = paper
            .expect("a permit")
            .draw(paper::system_fonts())
            .expect("drawn");
        if let Some(dir) = std::env::var_os("LINLI_PAPERS") {
            let at = std::path::Path::new(&dir).join("permit.pdf");
            std::fs::write(at, &pdf).expect("written");
        }
        let text = super::text_of(&pdf);
        assert!(text.contains("ZX-2026-0001") && text.contains("清禾裝飾工程有限公司"));
        for private in ["王小明", "13800138001", "許明軒", "13900139000"] {
            assert!(!text.contains(private), "{private} hangs on the door");
        }
    }
    must(&o, head, case, &["stop"]).await;
    assert_eq!(state(&o, case).await, "stopped");
    let none = permit::paper_of(o.house(), by, case, &letterhead()).await;
    assert!(none.is_err(), "no permit while work is stopped");
    must(&o, by, case, &["inspect"]).await;
    assert_eq!(
        state(&o, case).await,
        "stopped",
        "an inspection starts nothing"
    );
    must(&o, head, case, &["resume"]).await;
    must(&o, by, case, &["rework"]).await;
    must(&o, head, case, &["accept"]).await;
    let due = looking::one(o.house(), by, case)
        .await
        .expect("there")
        .due_at;
    let early = does(&o, head, case, "recheck").await;
    assert!(matches!(early, Err(FormsError::Early(_))), "three months");
    let due = due.expect("a date");
    let wait = due.0 - o.house().now().0;
    assert!((88 * DAY..94 * DAY).contains(&wait), "{}", wait / DAY);
    o.house().clock.set(due);
    must(&o, by, case, &["recheck_fail"]).await;
    o.house().clock.advance(20 * DAY);
    must(&o, head, case, &["recheck"]).await;
    // Less than the deposit only by a signed agreement, more never.
    let there = looking::one(o.house(), by, case).await.expect("there");
    let asked = there
        .process()
        .expect("known")
        .act("refund")
        .expect("an act");
    let mut less = said(asked, &o);
    less.set("refund", "2000.01");
    let (version, words) = (there.version, words());
    let refund =
        async |v: Values| act::act(o.house(), by, case, version, "refund", v, &words).await;
    assert!(matches!(
        refund(less.clone()).await,
        Err(FormsError::Refund)
    ));
    less.set("refund", "1500.00");
    let none = refund(less.clone()).await;
    assert!(matches!(none, Err(FormsError::NeedsPaper("agreement"))));
    let agreed = o.filed(dossier, Kind::Other, 1).await;
    act::add_paper(o.house(), by, case, agreed, "agreement")
        .await
        .expect("added");
    refund(less).await.expect("refunded");
    let there = looking::one(o.house(), by, case).await.expect("there");
    assert_eq!((there.refund, there.due_at), (150_000, None));
    assert!(there.closed_at.is_some());
    let story = looking::story(o.house(), by, case).await.expect("told");
    assert_eq!(story.steps.len(), 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breach_goes_its_whole_way_without_a_fine() {
    let o = Office::new().await;
    let (by, head) = (&o.w.specialist, &o.w.manager);
    let (dossier, case) = evidenced(&o).await;
    let none = does(&o, by, case, "issue").await;
    assert!(matches!(none, Err(FormsError::NeedsPaper("evidence"))));
    let photo = o.filed(dossier, Kind::Breach, 1).await;
    act::add_paper(o.house(), by, case, photo, "evidence")
        .await
        .expect("added");
    let other = o.filed(o.dossier(1).await, Kind::Breach, 1).await;
    let wrong = act::add_paper(o.house(), by, case, other, "evidence").await;
    assert!(matches!(wrong, Err(FormsError::Document)), "another home's");
    must(&o, by, case, &["issue"]).await;
    let there = looking::one(o.house(), by, case).await.expect("there");
    let form = there.form.expect("a notice");
    let (notice, values) = forms::fill::mine(o.house(), by, form).await.expect("mine");
    assert!(values.of("fact").contains("配重牆") && values.of("to") == "王小明");
    // It is served on paper, not on a screen.
    let draft = does(&o, by, case, "serve").await;
    assert!(matches!(draft, Err(FormsError::NeedsForm(State::Printed))));
    forms::fill::print(o.house(), by, form, notice.version)
        .await
        .expect("printed");
    must(&o, by, case, &["refuse", "unfixed"]).await;
    must(&o, head, case, &["extend"]).await;
    must(&o, by, case, &["unfixed"]).await;
    must(&o, head, case, &["refer"]).await;
    must(&o, by, case, &["fixed"]).await;
    must(&o, head, case, &["close"]).await;
    assert_eq!(state(&o, case).await, "closed");
    nowhere_in_clear(&o, &["配重牆", "主臥與陽台", "已查看現場"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_that_is_not_in_the_tables_is_refused() {
    let o = Office::new().await;
    let (_, g) = applied(&o).await;
    let (_, h) = evidenced(&o).await;
    let mut refused = 0;
    for (process, case) in [(&renovation::PROCESS, g), (&breach::PROCESS, h)] {
        for (at, _) in process.states {
            put(&o, case, at).await;
            for act in process.acts {
                if act.from.contains(at) {
                    continue;
                }
                for by in [&o.w.supervisor, &o.w.specialist] {
                    let done = does(&o, by, case, act.name).await;
                    let why = done.expect_err("not done");
                    let told = matches!(why, FormsError::Step { .. } | FormsError::Forbidden(_));
                    assert!(told, "{} from {at}: {why}", act.name);
                    refused += 1;
                }
                assert_eq!(state(&o, case).await, *at);
            }
        }
    }
    assert!(refused > 250, "{refused} were tried");
}

/// Puts a case into a state, past its verbs.
async fn put(o: &Office, case: Id, state: &'static str) {
    o.house()
        .db
        .keep::<_, foundation::database::DbError, _>(
            foundation::database::Chore::Job,
            C,
            move |r| {
                r.execute(ask(
                    "UPDATE office_case SET state = $3 WHERE community = $1 AND id = $2",
                    params![C, case, state],
                ))
            },
        )
        .await
        .expect("put");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_decides_is_neither_who_files_nor_who_opened_it() {
    let o = Office::new().await;
    let (_, case) = applied(&o).await;
    let mut decided = 0;
    for process in [&renovation::PROCESS, &breach::PROCESS] {
        decided += process
            .acts
            .iter()
            .filter(|a| a.may == permissions::Permission::ArchiveDecide)
            .count();
    }
    assert_eq!(decided, 10);
    let own = does(&o, &o.w.specialist, case, "approve").await;
    assert!(matches!(own, Err(FormsError::Forbidden(_))));
    // The manager decides, and does not file.
    must(&o, &o.w.manager, case, &["approve"]).await;
    let files = does(&o, &o.w.manager, case, "pay").await;
    assert!(matches!(files, Err(FormsError::Forbidden(_))));
    // A supervisor may both, but not over what they opened.
    let form = printed(&o, o.dossier(1).await, Kind::Renovation).await;
    let theirs = act::apply(o.house(), &o.w.supervisor, form)
        .await
        .expect("applied");
    let own = does(&o, &o.w.supervisor, theirs, "approve").await;
    assert!(matches!(own, Err(FormsError::OwnCase)));
    let twice = act::apply(o.house(), &o.w.specialist, form).await;
    assert!(matches!(twice, Err(FormsError::HasCase)));
    // What is under review is neither given up nor changed.
    let filled = forms::fill::one(o.house(), &o.w.specialist, form)
        .await
        .expect("there");
    let gone = forms::fill::void(o.house(), &o.w.specialist, form, filled.version).await;
    assert!(matches!(gone, Err(FormsError::HasCase)));
    let back = forms::fill::reopen(o.house(), &o.w.specialist, form, filled.version).await;
    assert!(matches!(back, Err(FormsError::HasCase)));
    // Work begins on a signed application only.
    drawn(&o, o.dossier(1).await, theirs).await;
    must(&o, &o.w.manager, theirs, &["approve"]).await;
    must(&o, &o.w.specialist, theirs, &["pay"]).await;
    let unsigned = does(&o, &o.w.specialist, theirs, "permit").await;
    assert!(matches!(
        unsigned,
        Err(FormsError::NeedsForm(State::Signed))
    ));
    // An old page changes nothing.
    let there = looking::one(o.house(), &o.w.specialist, case)
        .await
        .expect("there");
    let pay = there.process().expect("known").act("pay").expect("an act");
    let (by, words, version) = (&o.w.specialist, words(), there.version);
    let fields = said(pay, &o);
    let old = act::act(o.house(), by, case, version - 1, "pay", fields, &words).await;
    assert!(matches!(old, Err(FormsError::Changed)));
    let empty = Values::default();
    let empty = act::act(o.house(), by, case, version, "pay", empty, &words).await;
    assert!(matches!(empty, Err(FormsError::Missing(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_called_out_before_and_after_and_listed() {
    let o = Office::new().await;
    let (_, case) = applied(&o).await;
    let runner: Runner<House> = jobs::jobs(Runner::default());
    let run = async || {
        let house = o.house().house.clone();
        while runner
            .run_due(&house.db, &house, house.now())
            .await
            .expect("run")
            > 0
        {}
    };
    let told = async |kind: &str| -> i64 {
        let found: (i64,) = o
            .house()
            .db
            .one(ask(
                "SELECT COUNT(*) FROM ledger WHERE community = $1 AND kind = $2",
                params![C, kind],
            ))
            .await
            .expect("counted");
        found.0
    };
    run().await;
    assert_eq!(told("forms.due_soon").await, 0);
    let manager = o.w.manager.account.expect("an account");
    takes_messages(o.house(), C, manager).await;
    let letters = async || -> Vec<(String,)> {
        let asked = ask(
            "SELECT title FROM outbox_letter WHERE community = $1",
            params![C],
        );
        o.house().db.all(asked).await.expect("posted")
    };
    let due = looking::one(o.house(), &o.w.manager, case).await;
    let due = due.expect("there").due_at.expect("a date");
    o.house().clock.set(due.plus(-2 * DAY));
    run().await;
    assert_eq!(
        (told("forms.due_soon").await, told("forms.overdue").await),
        (1, 0)
    );
    assert!(
        looking::overdue(o.house(), &o.w.manager)
            .await
            .expect("listed")
            .is_empty()
    );
    assert!(letters().await.is_empty(), "the manager is not told ahead");
    o.house().clock.set(due.plus(1));
    run().await;
    assert_eq!(told("forms.overdue").await, 1);
    assert_eq!(letters().await, [("ZX-2026-0001 已逾期".to_owned(),)]);
    again(&o, "forms.case_due").await;
    run().await;
    assert_eq!(told("forms.overdue").await, 1, "nothing is said twice");
    assert_eq!(letters().await.len(), 1);
    let late = looking::overdue(o.house(), &o.w.manager)
        .await
        .expect("listed");
    assert_eq!(late.len(), 1);
    // What is decided is overdue no more, and an earlier date says nothing later.
    must(&o, &o.w.manager, case, &["approve"]).await;
    assert!(
        looking::overdue(o.house(), &o.w.manager)
            .await
            .expect("listed")
            .is_empty()
    );
    o.house().clock.advance(30 * DAY);
    run().await;
    assert_eq!(told("forms.overdue").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_work_through_their_doors() {
    let o = Office::new().await;
    let (_, case) = applied(&o).await;
    let own = format!("/cases/{case}");
    let desk = door(o.house(), forms::pages::routes(), &o.w.specialist);
    let head = door(o.house(), forms::pages::routes(), &o.w.manager);
    assert!(!get(&desk, &own).await.contains("value=\"approve\""));
    let page = get(&head, &own).await;
    assert!(page.contains("value=\"approve\"") && page.contains("審核通過"));
    let back = [("version", "1"), ("act", "send_back")];
    let (status, _, page) = post(&head, &own, &back).await;
    assert_eq!(status, 422);
    assert!(page.contains("還沒有填"), "{page}");
    let (status, ..) = post(&desk, &own, &[("version", "1"), ("act", "approve")]).await;
    assert_eq!(status, 403);
    let (status, ..) = post(&head, &own, &[("version", "1"), ("act", "approve")]).await;
    assert_eq!(status, 303);
    let (status, _, page) = post(
        &desk,
        &own,
        &[("version", "2"), ("act", "permit"), ("until", "2027-01-01")],
    )
    .await;
    assert_eq!(status, 409, "{page}");
    let paid = [
        ("version", "2"),
        ("act", "pay"),
        ("deposit", "many"),
        ("receipt", "A-1"),
    ];
    let (status, _, page) = post(&desk, &own, &paid).await;
    assert_eq!(status, 422);
    assert!(page.contains("請填金額"), "{page}");
    assert!(get(&desk, "/cases").await.contains("ZX-2026-0001"));
    let dossier = o.dossier(0).await;
    let of = format!("/forms-of/{dossier}/breach");
    let (status, ..) = post(&desk, &of, &[("found_at", "今天")]).await;
    assert_eq!(status, 422);
    let fact = [("found_at", "今天"), ("fact", "樓道堆放裝修垃圾")];
    let (status, at, _) = post(&desk, &of, &fact).await;
    assert_eq!(status, 303);
    assert!(get(&desk, &at).await.contains("樓道堆放裝修垃圾"));
    assert!(Process::of(Kind::Keys).is_none());
}
