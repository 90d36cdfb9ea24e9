//! Who may do what: three persons, never their own matters.

use super::*;
use foundation::ledger::Door;
use viewings::deputy;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_on_their_own_request_by_whatever_role() {
    let d = Desk::new().await;
    let manager = &d.o.w.manager;
    let v = d.submitted(manager, looks()).await;
    let own = decide::approve(d.house(), manager, v.id, looks(), None, true).await;
    assert_eq!(guard(own), Guard::NotAsker);
    // The supervisor may not decide, and by a role got later who asked still may not.
    let supervisor = decide::approve(d.house(), &d.asker, v.id, looks(), None, true).await;
    assert_eq!(guard(supervisor), Guard::Decides);
    let v = d.submitted(&d.asker, looks()).await;
    let promoted = Actor::account(
        d.asker.account.expect("an account"),
        None,
        C,
        vec![Role::Manager, Role::Specialist],
        Door::Web,
    );
    let own = decide::approve(d.house(), &promoted, v.id, looks(), None, true).await;
    assert_eq!(guard(own), Guard::NotAsker);
    let stale = decide::approve(d.house(), manager, v.id, looks(), None, false).await;
    assert_eq!(guard(stale), Guard::Fresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_of_one_person_are_one_person() {
    let d = Desk::new().await;
    let second = employ(d.o.house(), C, Role::Manager).await;
    // Both accounts are tied to the same person of the roster.
    let person = d.house().id();
    for account in [d.asker.account, second.account] {
        tie(&d, account.expect("an account"), person).await;
    }
    let v = d.submitted(&d.asker, looks()).await;
    let own = decide::approve(d.house(), &second, v.id, looks(), None, true).await;
    assert_eq!(guard(own), Guard::NotAsker);
}

async fn tie(d: &Desk, account: Id, person: Id) {
    d.house()
        .write::<_, DbError, _>(C, &d.o.w.manager.who(), move |mut tx| {
            tx.execute(ask(
                "UPDATE role_grant SET person = $3 WHERE community = $1 AND account = $2",
                params![C, account, person],
            ))?;
            let made = foundation::ledger::Kind::new("test.made", 1);
            tx.record(foundation::ledger::Event::new(made), ())
        })
        .await
        .expect("tied");
}

/// Somebody comes to live in a room, who owned the second one before.
pub async fn lives(d: &Desk, who: &Actor, room: Id) {
    let (second, person) = (d.o.w.rooms[1], neighbour(d).await);
    d.house()
        .write::<_, DbError, _>(C, &d.o.w.manager.who(), move |mut tx| {
            tx.execute(ask(
                "UPDATE relation SET room = $3, kind = 'family' WHERE community = $1 AND room = $2",
                params![C, second, room],
            ))?;
            let made = foundation::ledger::Kind::new("test.made", 1);
            tx.record(foundation::ledger::Event::new(made), ())
        })
        .await
        .expect("moved");
    tie(d, who.account.expect("an account"), person).await;
}

async fn neighbour(d: &Desk) -> Id {
    let (person,): (Id,) = d
        .house()
        .db
        .one(ask(
            "SELECT party FROM relation WHERE community = $1 AND room = $2",
            params![C, d.o.w.rooms[1]],
        ))
        .await
        .expect("an owner");
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_who_lives_there_does_not_decide() {
    let d = Desk::new().await;
    let (owner,): (Id,) = d
        .house()
        .db
        .one(ask(
            "SELECT party FROM relation WHERE community = $1 AND room = $2",
            params![C, d.o.w.rooms[0]],
        ))
        .await
        .expect("an owner");
    tie(&d, d.o.w.manager.account.expect("an account"), owner).await;
    let v = d.submitted(&d.asker, looks()).await;
    let near = decide::approve(d.house(), &d.o.w.manager, v.id, looks(), None, true).await;
    assert_eq!(guard(near), Guard::NotNear);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_approves_does_not_register_and_a_lone_specialist_needs_the_second_tap() {
    let d = Desk::new().await;
    let (house, manager) = (d.house(), &d.o.w.manager);
    let both = Actor::account(
        manager.account.expect("an account"),
        None,
        C,
        vec![Role::Manager, Role::Specialist],
        Door::Web,
    );
    let v = d.approved(looks()).await;
    let own = register::register(house, &both, v.id, "工作證", true).await;
    assert_eq!(guard(own), Guard::NotApprover);
    let unseen = register::register(house, &d.o.w.specialist, v.id, "工作證", false).await;
    assert_eq!(guard(unseen), Guard::IdentitySeen);

    // A specialist's own request: another registers it, while there is another.
    let specialist = &d.o.w.specialist;
    let v = d.submitted(specialist, looks()).await;
    decide::approve(house, manager, v.id, looks(), None, true)
        .await
        .expect("approved");
    let own = register::register(house, specialist, v.id, "工作證", true).await;
    assert_eq!(guard(own), Guard::OtherRegistrar);
    leave(&d, &d.o.checker).await;
    let v = register::register(house, specialist, v.id, "工作證", true)
        .await
        .expect("alone");
    let early = opening::activate(house, specialist, v.id, true).await;
    assert_eq!(guard(early), Guard::ThreePersons);
    decide::tap(house, manager, v.id, true)
        .await
        .expect("vouched for");
    opening::activate(house, specialist, v.id, true)
        .await
        .expect("open");
    reading::page(house, specialist, v.id, d.document, 1)
        .await
        .expect("a picture");
    assert!(d.told().await.contains(&"viewings.tapped".to_owned()));
}

/// Somebody of the office is gone.
pub async fn leave(d: &Desk, who: &Actor) {
    let account = who.account.expect("an account");
    d.house()
        .write::<_, DbError, _>(C, &d.o.w.manager.who(), move |mut tx| {
            tx.execute(ask(
                "DELETE FROM role_grant WHERE community = $1 AND account = $2",
                params![C, account],
            ))?;
            let made = foundation::ledger::Kind::new("test.made", 1);
            tx.record(foundation::ledger::Event::new(made), ())
        })
        .await
        .expect("gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deputy_decides_once_another_confirmed_and_for_a_week_at_most() {
    let d = Desk::new().await;
    let (house, manager, host) = (d.house(), &d.o.w.manager, &d.o.w.host);
    let deputy_of = d.o.w.supervisor.account.expect("an account");
    let long = deputy::name(house, manager, deputy_of, 8).await;
    assert!(matches!(long, Err(ViewingError::Deputy)));
    let id = deputy::name(house, manager, deputy_of, 2)
        .await
        .expect("named");
    let v = d.submitted(&d.o.w.specialist, looks()).await;
    let early = decide::approve(house, &d.o.w.supervisor, v.id, looks(), None, true).await;
    assert_eq!(guard(early), Guard::Decides);
    for by in [manager, &d.o.w.supervisor] {
        let own = deputy::confirm(house, by, id).await;
        assert!(matches!(own, Err(ViewingError::Deputy)));
    }
    deputy::confirm(house, host, id).await.expect("confirmed");
    let v = decide::approve(house, &d.o.w.supervisor, v.id, looks(), None, true)
        .await
        .expect("approved");
    assert!(v.deputed);
    d.o.house().clock.advance(49 * HOUR);
    let v = d.submitted(&d.o.w.specialist, looks()).await;
    let late = decide::approve(house, &d.o.w.supervisor, v.id, looks(), None, true).await;
    assert_eq!(guard(late), Guard::Decides);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_compounds_viewing_is_nobodys_here() {
    let d = Desk::new().await;
    let v = d.open(looks()).await;
    let mut stranger = d.o.w.manager.clone();
    stranger.community = foundation::database::Community(2);
    for result in [
        decide::revoke(d.house(), &stranger, v.id, REASON)
            .await
            .err(),
        opening::close(d.house(), &stranger, v.id).await.err(),
        reading::page(d.house(), &stranger, v.id, d.document, 1)
            .await
            .err(),
    ] {
        assert!(matches!(result, Some(ViewingError::NotFound)), "{result:?}");
    }
}
