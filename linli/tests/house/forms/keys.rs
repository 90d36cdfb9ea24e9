//! The key register: no paper no key, one borrower at a time, who is late, the monthly count.

use forms::keys::{self, Deposit, KeyState, Loan};
use forms::{FormsError, jobs};
use foundation::clock::HOUR;
use foundation::database::ask;
use foundation::house::House;
use foundation::ids::Id;
use foundation::jobs::Runner;
use foundation::params;

use super::{again, nowhere_in_clear, told};
use crate::archive::office::Office;
use crate::membership::world::C;
use crate::roster_pages::{door, fetch, get, post};
use crate::support::takes_messages;

fn left() -> Deposit {
    Deposit {
        what: "door".into(),
        brought_by: "王女士".into(),
        signed: true,
        ..Deposit::default()
    }
}

fn wanted() -> Loan {
    Loan {
        borrower: "許明軒".into(),
        phone: "13900139000".into(),
        proof: "work_pass".into(),
        proof_number: "GC-0031".into(),
        reason: "廚房跑水，業主電話同意入戶".into(),
        hours: 2,
        signed: true,
    }
}

async fn deposited(o: &Office) -> Id {
    let dossier = o.dossier(0).await;
    keys::deposit(o.house(), &o.w.specialist, dossier, left())
        .await
        .expect("left")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_with_one_borrower_at_a_time() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let id = deposited(&o).await;
    let key = keys::one(o.house(), by, id).await.expect("there");
    assert_eq!((key.state, key.code.as_str()), (KeyState::Kept, "K26-0001"));
    let loan = keys::lend(o.house(), by, id, wanted()).await.expect("lent");
    for _ in 0..2 {
        let again = keys::lend(o.house(), &o.checker, id, wanted()).await;
        assert!(matches!(again, Err(FormsError::Key(KeyState::Lent))));
    }
    let back = keys::give_back(o.house(), by, id, &left()).await;
    assert!(matches!(back, Err(FormsError::Key(KeyState::Lent))));
    keys::take_back(o.house(), by, loan).await.expect("back");
    let twice = keys::take_back(o.house(), by, loan).await;
    assert!(matches!(twice, Err(FormsError::Changed)));
    // Two desks at the same moment: one gets it.
    let (a, b) = tokio::join!(
        keys::lend(o.house(), by, id, wanted()),
        keys::lend(o.house(), &o.checker, id, wanted())
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
    let loan = a.or(b).expect("one of them");
    keys::take_back(o.house(), by, loan).await.expect("back");
    keys::give_back(o.house(), by, id, &left())
        .await
        .expect("given back");
    let gone = keys::lend(o.house(), by, id, wanted()).await;
    assert!(matches!(gone, Err(FormsError::Key(KeyState::GivenBack))));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_paper_of_identity_no_key_and_no_signature_no_deposit() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let dossier = o.dossier(0).await;
    let unsigned = Deposit {
        signed: false,
        ..left()
    };
    let refused = keys::deposit(o.house(), by, dossier, unsigned.clone()).await;
    assert!(matches!(refused, Err(FormsError::Unsigned)));
    let agent = Deposit {
        by_agent: true,
        ..left()
    };
    let refused = keys::deposit(o.house(), by, dossier, agent).await;
    assert!(matches!(refused, Err(FormsError::NoAuthority)));
    let id = deposited(&o).await;
    let code = keys::one(o.house(), by, id).await.expect("there").code;
    let same = Deposit { code, ..left() };
    let refused = keys::deposit(o.house(), by, dossier, same).await;
    assert!(matches!(refused, Err(FormsError::CodeTaken)));
    let without = Loan {
        proof_number: " ".into(),
        ..wanted()
    };
    let refused = keys::lend(o.house(), by, id, without).await;
    assert!(matches!(refused, Err(FormsError::NoProof)));
    let without = Loan {
        signed: false,
        ..wanted()
    };
    let refused = keys::lend(o.house(), by, id, without).await;
    assert!(matches!(refused, Err(FormsError::Unsigned)));
    let without = Loan {
        phone: "12".into(),
        ..wanted()
    };
    let refused = keys::lend(o.house(), by, id, without).await;
    assert!(matches!(refused, Err(FormsError::NoPhone)));
    let without = Loan {
        reason: String::new(),
        ..wanted()
    };
    let refused = keys::lend(o.house(), by, id, without).await;
    assert!(matches!(refused, Err(FormsError::Words)));
    let long = Loan {
        hours: 25,
        ..wanted()
    };
    let refused = keys::lend(o.house(), by, id, long).await;
    assert!(matches!(refused, Err(FormsError::TooLong(24))));
    let refused = keys::give_back(o.house(), by, id, &unsigned).await;
    assert!(matches!(refused, Err(FormsError::Unsigned)));
    let refused = keys::lend(o.house(), &o.w.manager, id, wanted()).await;
    assert!(matches!(refused, Err(FormsError::Forbidden(_))));
    assert_eq!(told(&o, "forms.key_lent").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_late_is_told_listed_and_called() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let id = deposited(&o).await;
    let loan = keys::lend(o.house(), by, id, wanted()).await.expect("lent");
    let runner: Runner<House> = jobs::jobs(Runner::default());
    let run = async || {
        let house = o.house().house.clone();
        runner
            .run_due(&house.db, &house, house.now())
            .await
            .expect("run")
    };
    run().await;
    assert_eq!(told(&o, "forms.key_overdue").await, 0);
    let checker = o.checker.account.expect("an account");
    let manager = o.w.manager.account.expect("an account");
    for account in [checker, manager] {
        takes_messages(o.house(), C, account).await;
    }
    o.house().clock.advance(2 * HOUR + 1_000);
    run().await;
    assert_eq!(told(&o, "forms.key_overdue").await, 1);
    // Whoever works in the register is told, not the manager; the message names no household.
    let letters: Vec<(String, String, String)> = o
        .house()
        .db
        .all(ask(
            "SELECT i.recipient, l.title, l.path FROM outbox_item i JOIN outbox_letter l \
             ON l.community = i.community AND l.id = i.letter WHERE i.community = $1",
            params![C],
        ))
        .await
        .expect("posted");
    let to = (format!("a:{checker}"), "鑰匙逾期未還".to_owned());
    assert_eq!(letters, [(to.0, to.1, format!("/keys/{id}"))]);
    // The job runs again, as after a crash: nothing is said twice.
    again(&o, "forms.key_due").await;
    run().await;
    assert_eq!(told(&o, "forms.key_overdue").await, 1);
    let late = keys::counts(o.house(), &o.w.manager)
        .await
        .expect("counted")
        .late;
    assert_eq!(late, 1);
    let out = keys::out(o.house(), by).await.expect("listed");
    assert!(out[0].overdue(o.house().now()) && out[0].borrower == "許明軒");
    keys::call(o.house(), by, loan, "電話無人接聽，一小時後再打")
        .await
        .expect("noted");
    let story = keys::story(o.house(), by, id).await.expect("told");
    assert_eq!(story.calls.len(), 1);
    assert_eq!(story.key.brought_by, "王女士");
    nowhere_in_clear(
        &o,
        &[
            "王女士",
            "許明軒",
            "GC-0031",
            "跑水",
            "無人接聽",
            "13900139000",
        ],
    );
    keys::take_back(o.house(), by, loan).await.expect("back");
    let late = keys::counts(o.house(), by).await.expect("counted").late;
    assert_eq!(late, 0);
    // One that came back in time is never called late.
    let loan = keys::lend(o.house(), by, id, wanted()).await.expect("lent");
    keys::take_back(o.house(), by, loan).await.expect("back");
    o.house().clock.advance(3 * HOUR);
    run().await;
    assert_eq!(told(&o, "forms.key_overdue").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_monthly_count_names_what_is_missing() {
    let o = Office::new().await;
    let by = &o.w.specialist;
    let (here, gone, lent) = (
        deposited(&o).await,
        deposited(&o).await,
        deposited(&o).await,
    );
    let loan = keys::lend(o.house(), by, lent, wanted())
        .await
        .expect("lent");
    let missing = keys::count(o.house(), by, &[here]).await.expect("counted");
    assert_eq!(missing, [gone], "what is lent is not asked for");
    let again = keys::count(o.house(), by, &[here, gone]).await;
    assert!(matches!(again, Err(FormsError::Counted)));
    keys::lose(o.house(), by, gone).await.expect("lost");
    let lost = keys::lose(o.house(), by, gone).await;
    assert!(matches!(lost, Err(FormsError::Key(KeyState::Lost))));
    // A lent key that was given up is found again when it comes back.
    keys::lose(o.house(), by, lent).await.expect("lost");
    keys::take_back(o.house(), by, loan).await.expect("back");
    let key = keys::one(o.house(), by, lent).await.expect("there");
    assert_eq!(key.state, KeyState::Kept);
    o.house().clock.advance(31 * 24 * HOUR);
    let missing = keys::count(o.house(), by, &[here, lent]).await;
    assert!(missing.expect("another month").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_works_through_its_doors() {
    let o = Office::new().await;
    let desk = door(o.house(), forms::pages::routes(), &o.w.specialist);
    let dossier = o.dossier(0).await;
    let of = format!("/forms-of/{dossier}/keys");
    let fields = [("what", "door"), ("who", "王女士")];
    let (status, _, page) = post(&desk, &of, &fields).await;
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("沒有簽名不能辦理"), "{page}");
    let fields = [("what", "door"), ("who", "王女士"), ("signed", "yes")];
    let (status, own, _) = post(&desk, &of, &fields).await;
    assert_eq!(status, 303);
    let fields = [
        ("who", "許明軒"),
        ("phone", "13900139000"),
        ("proof", "work_pass"),
        ("reason", "跑水"),
        ("hours", "2"),
        ("signed", "yes"),
    ];
    let (status, _, page) = post(&desk, &format!("{own}/lend"), &fields).await;
    assert_eq!(status, 422);
    assert!(
        page.contains("沒有查驗證件") && page.contains("許明軒"),
        "{page}"
    );
    let mut with = fields.to_vec();
    with.push(("number", "GC-0031"));
    let (status, ..) = post(&desk, &format!("{own}/lend"), &with).await;
    assert_eq!(status, 303);
    let page = get(&desk, &own).await;
    assert!(
        !page.contains("GC-0031") && page.contains("*****31"),
        "{page}"
    );
    let (status, _, page) = post(&desk, &format!("{own}/lend"), &with).await;
    assert_eq!(status, 409, "{page}");
    assert!(get(&desk, "/keys").await.contains("許明軒"));
    let page = get(
        &door(o.house(), forms::pages::routes(), &o.w.manager),
        "/keys",
    )
    .await;
    assert!(page.contains("K26-0001") || page.contains("借出"));
    assert!(
        !page.contains("許明軒"),
        "the register's people are its keepers'"
    );
    if paper::can_write() {
        let (_, _, pdf) = fetch(&desk, &format!("{of}.pdf"), "", None).await;
        let text = super::text_of(&pdf);
        assert!(
            text.contains("鑰匙留存登記表") && text.contains("K26-0001"),
            "{text}"
        );
    }
}
