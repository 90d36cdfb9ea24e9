//! A person's own file, and who opened it.

use super::*;
use foundation::clock::DAY;
use foundation::ledger::Door;
use viewings::{Way, own};

/// The owner of the first home, signed in.
async fn owner(d: &Desk) -> Actor {
    let (person,): (Id,) = d
        .house()
        .db
        .one(ask(
            "SELECT party FROM relation WHERE community = $1 AND room = $2",
            params![C, d.o.w.rooms[0]],
        ))
        .await
        .expect("an owner");
    let account = employ(d.o.house(), C, Role::Owner)
        .await
        .account
        .expect("an account");
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
    Actor::account(account, Some(person), C, vec![Role::Owner], Door::Web)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_their_own_file_with_what_is_of_others_covered() {
    let d = Desk::new().await;
    let (house, owner) = (d.house(), owner(&d).await);
    let mine = own::files(house, &owner).await.expect("theirs");
    assert_eq!(mine.iter().map(|f| f.id).collect::<Vec<_>>(), [d.dossier]);
    let theirs = own::ask(house, &owner, d.o.dossier(1).await).await;
    assert!(matches!(theirs, Err(ViewingError::NotFound)));
    let v = own::ask(house, &owner, d.dossier).await.expect("asked");
    assert_eq!((v.way, v.state), (Way::Own, State::Submitted));
    // Fifteen working days, three weeks without holidays; and no term that refuses by itself.
    let due = v.answer_at.expect("owed").0 - house.now().0;
    assert!((20 * DAY..=24 * DAY).contains(&due), "{due}");
    assert_eq!(v.until_at, None);
    let twice = own::ask(house, &owner, d.dossier).await;
    assert!(matches!(twice, Err(ViewingError::Changed)));
    let groundless = decide::deny(house, &d.o.w.manager, v.id, REASON, None).await;
    assert!(matches!(groundless, Err(ViewingError::Ground)));

    let (manager, specialist) = (&d.o.w.manager, &d.o.w.specialist);
    decide::approve(house, manager, v.id, v.asked, None, true)
        .await
        .expect("approved");
    own::cover(house, specialist, v.id, d.document, 1, 0b111)
        .await
        .expect("covered");
    register::register(house, specialist, v.id, "身份證尾號 2415", true)
        .await
        .expect("registered");
    opening::activate(house, &owner, v.id, true)
        .await
        .expect("open");
    let jpeg = d.read(&owner, v.id, 1).await.expect("a picture");
    let picture = image::load_from_memory(&jpeg).expect("a JPEG").to_luma8();
    let at = |tenth: u32| {
        let (x, y) = (picture.width() / 40, picture.height() * tenth / 100);
        picture.get_pixel(x, y)[0]
    };
    assert!(at(3) < 90, "the first bands are dark: {}", at(3));
    assert!(at(40) > 120, "the rest is not: {}", at(40));
    let uncovered = own::cover(house, specialist, v.id, d.document, 1, 0).await;
    assert!(matches!(uncovered, Err(ViewingError::NotFound)), "too late");
    opening::close(house, &owner, v.id).await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_reads_who_opened_the_file_and_why_unless_it_is_withheld() {
    let d = Desk::new().await;
    let (house, owner) = (d.house(), owner(&d).await);
    let v = d.open(looks()).await;
    d.read(&d.asker, v.id, 1).await.expect("a picture");
    assert!(own::opened(house, &owner).await.expect("listed").is_empty());
    opening::close(house, &d.asker, v.id).await.expect("closed");
    let opened = own::opened(house, &owner).await.expect("listed");
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].reason, REASON);
    assert_eq!(opened[0].viewing.pages, 1);
    d.o.house().clock.advance(7 * DAY);
    d.jobs().await;
    assert!(d.now(v.id).await.told_at.is_some());

    let secret = d.open(looks()).await;
    opening::close(house, &d.asker, secret.id)
        .await
        .expect("closed");
    decide::withhold(
        house,
        &d.o.w.manager,
        secret.id,
        "某區人民法院（2026）某調 12 號",
    )
    .await
    .expect("withheld");
    d.o.house().clock.advance(7 * DAY);
    d.jobs().await;
    assert!(d.now(secret.id).await.told_at.is_none());
    assert_eq!(own::opened(house, &owner).await.expect("listed").len(), 1);
}
