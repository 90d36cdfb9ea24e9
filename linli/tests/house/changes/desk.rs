//! The desk: what is to be printed anew, a page of changes checked at once, who is told.

use changes::check;
use changes::listing::{self, Filter};
use changes::{ChangesError, tell};
use foundation::clock::DAY;
use foundation::database::ask;
use foundation::params;
use roster::PersonDraft;

use super::{followed, owner_of, phone, said, waiting};
use crate::archive::office::Office;
use crate::membership::world::C;
use crate::support::takes_messages;

async fn reprints(o: &Office) -> usize {
    let filter = Filter {
        reprint: true,
        ..Filter::default()
    };
    let page = listing::page(o.house(), &o.w.specialist, &filter, None).await;
    page.expect("listed").0.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_changed_makes_labels_stale_until_they_are_printed_anew_or_it_is_refused() {
    let o = Office::new().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    for (at, name) in [(0, "王曉明"), (1, "李娜娜")] {
        let party = owner_of(&o, at).await;
        let seen = roster::person(house, by, C, party).await.expect("p");
        let draft = PersonDraft {
            name: Some(name.into()),
            ..PersonDraft::default()
        };
        roster::edit_person(house, by, C, party, seen.party.version, &draft)
            .await
            .expect("renamed");
    }
    roster::add_phone(
        house,
        by,
        C,
        owner_of(&o, 2).await,
        &phone("13911112222"),
        true,
    )
    .await
    .expect("a phone");
    followed(&o).await;
    assert_eq!(reprints(&o).await, 2, "a phone stands on no label");
    let all = waiting(&o).await;
    let renamed: Vec<_> = all.iter().filter(|r| r.field == "name").collect();
    let first = said(&o, renamed[0]).await;
    check::reject(
        house,
        &o.checker,
        first.id,
        first.version,
        "名字寫錯了",
        super::telling(),
    )
    .await
    .expect("refused");
    assert_eq!(reprints(&o).await, 1, "the labels are right again");
    let ids = [renamed[1].id];
    assert_eq!(check::reprinted(house, by, &ids).await.expect("printed"), 1);
    assert_eq!(reprints(&o).await, 0);
    let again = check::reprinted(house, by, &ids).await;
    assert!(matches!(again, Err(ChangesError::Changed)), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_checked_line_by_line_and_what_does_not_hold_leaves_the_others() {
    let o = Office::new().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    for (at, number) in [(0, "13911110001"), (1, "13911110002"), (2, "13911110003")] {
        roster::add_phone(house, by, C, owner_of(&o, at).await, &phone(number), true)
            .await
            .expect("a phone");
    }
    roster::add_phone(
        house,
        &o.checker,
        C,
        owner_of(&o, 3).await,
        &phone("13911110004"),
        true,
    )
    .await
    .expect("the checker's own");
    followed(&o).await;
    let all = waiting(&o).await;
    for r in all.iter().filter(|r| r.became.is_some()).take(2) {
        said(&o, r).await;
    }
    let own = all
        .iter()
        .find(|r| r.maker == format!("a:{}", o.checker.account.expect("one")));
    said(&o, own.expect("their own")).await;
    let ids: Vec<_> = all.iter().map(|r| r.id).collect();
    let done = check::check_all(house, &o.checker, &ids)
        .await
        .expect("checked");
    let mut left: Vec<&str> = done.left.iter().map(|l| l.1).collect();
    left.sort_unstable();
    assert_eq!((done.checked, left), (2, vec!["evidence", "own"]));
    assert_eq!(waiting(&o).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_checks_is_told_each_morning_of_what_others_made_and_once() {
    let o = Office::new().await;
    followed(&o).await;
    let (house, by) = (o.house(), &o.w.specialist);
    assert_eq!(
        tell::tell(house, C).await.expect("told"),
        0,
        "nothing waits"
    );
    let checker = o.checker.account.expect("an account");
    for account in [by.account.expect("an account"), checker] {
        takes_messages(house, C, account).await;
    }
    roster::add_phone(
        house,
        by,
        C,
        owner_of(&o, 0).await,
        &phone("13911112222"),
        true,
    )
    .await
    .expect("a phone");
    followed(&o).await;
    assert_eq!(
        tell::tell(house, C).await.expect("told"),
        1,
        "the other one"
    );
    let to: Vec<(String,)> = house
        .db
        .all(ask(
            "SELECT recipient FROM outbox_item WHERE community = $1",
            params![C],
        ))
        .await
        .expect("posted");
    assert_eq!(to, [(format!("a:{checker}"),)]);
    assert_eq!(tell::tell(house, C).await.expect("again"), 0);
    house.clock.advance(DAY);
    assert_eq!(tell::tell(house, C).await.expect("tomorrow"), 1);
}
