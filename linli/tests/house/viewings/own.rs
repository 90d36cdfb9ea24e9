//! A person's own file, and who opened it.

use super::*;
use foundation::clock::DAY;
use foundation::ledger::Door;
use viewings::own_area::Area;
use viewings::{Way, own, own_cover};

/// The owner of the first home, signed in.
pub async fn owner(d: &Desk) -> Actor {
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
    let blind = register::register(house, specialist, v.id, "身份證尾號 2415", true).await;
    assert_eq!(guard(blind), Guard::Released, "nobody covered it");
    let top = Area::new(0, 0, 1000, 150).expect("an area");
    for page in 1..=3 {
        own_cover::see(house, specialist, v.id, d.document, page)
            .await
            .expect("who covers sees the page");
        let areas = if page == 1 { vec![top] } else { Vec::new() };
        own_cover::cover(house, specialist, v.id, d.document, page.into(), &areas)
            .await
            .expect("covered");
    }
    own_cover::offer(house, specialist, v.id)
        .await
        .expect("handed over");
    let other = &d.o.checker;
    for page in 1..=3 {
        let jpeg = own_cover::see(house, other, v.id, d.document, page)
            .await
            .expect("the other sees it");
        assert_eq!(page == 1, is_covered(&jpeg), "as it is covered");
    }
    own_cover::release(house, other, v.id)
        .await
        .expect("released");
    register::register(house, specialist, v.id, "身份證尾號 2415", true)
        .await
        .expect("registered");
    opening::activate(house, &owner, v.id, true)
        .await
        .expect("open");
    let jpeg = d.read(&owner, v.id, 1).await.expect("a picture");
    assert!(is_covered(&jpeg));
    let uncovered = own_cover::cover(house, specialist, v.id, d.document, 1, &[]).await;
    assert_eq!(refused(uncovered), Refused::NoWay(State::Active));
    // What came into the file since was covered by nobody: it is in no list, and not read.
    let later = d.o.filed(d.dossier, Kind::Covenant, 1).await;
    let story = viewings::listing::story(house, &owner, v.id)
        .await
        .expect("there");
    let papers = viewings::listing::reach(house, &owner, &story).await;
    let papers: Vec<Id> = papers.expect("listed").iter().map(|d| d.id).collect();
    assert_eq!(papers, [d.document]);
    let unread = reading::page(house, &owner, v.id, later, 1).await;
    assert_eq!(guard(unread), Guard::InScope);
    opening::close(house, &owner, v.id).await.expect("closed");
    let told = d.told().await;
    let seen = told.iter().filter(|k| *k == "viewings.cover_seen").count();
    assert_eq!(seen, 6, "each look, of both");
    let report = rule::report(&d).await;
    assert!(report.sound(), "{report:?}");
}

/// Whether the upper part of a page is dark, and the rest is not.
pub fn is_covered(jpeg: &[u8]) -> bool {
    let picture = image::load_from_memory(jpeg).expect("a JPEG").to_luma8();
    let at = |hundredth: u32| {
        let (x, y) = (picture.width() / 40, picture.height() * hundredth / 100);
        picture.get_pixel(x, y)[0]
    };
    assert!(at(40) > 120, "the rest is not covered: {}", at(40));
    at(3) < 90
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
