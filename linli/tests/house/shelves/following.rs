//! Shelves that follow the dossiers, plans that are kept, and long ones written by stretches.

use std::sync::Arc;

use dossiers::{listing, open};
use foundation::database::{Chore, Community, DbError, ask};
use foundation::params;
use permissions::Role;
use shelves::{ShelfError, boxes};

use super::{Stage, actor};
use crate::roster::compound;
use crate::support::TestHouse;

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_gets_its_box_when_it_opens_and_a_guest_when_its_host_is_taken_back() {
    let house = TestHouse::new().await;
    let c = compound(&house, "春和苑").await.number;
    let by = actor(&house, c, Role::Specialist);
    let manager = actor(&house, c, Role::Manager);
    let s = Stage {
        house,
        c,
        by,
        manager,
    };
    let follow = || async {
        dossiers::follow::follow(&s.house, c)
            .await
            .expect("dossiers");
        shelves::follow::follow(&s.house, c).await.expect("boxes")
    };
    s.room("1-1-101", "residence").await;
    let space = s.room("車位B1-023", "parking").await;
    assert_eq!(follow().await, 1, "a parking space waits for its papers");
    assert_eq!(follow().await, 0, "what was met is not met again");
    s.room("1-1-102", "residence").await;
    assert_eq!(follow().await, 1);
    assert_eq!(s.boxes().await.len(), 2);
    let host = s.of("1-1-102").await;
    let guest = listing::of_room(&s.house, &s.by, space).await;
    let guest = guest.expect("read").expect("a dossier");
    boxes::share(&s.house, &s.by, guest, host.id)
        .await
        .expect("shared");
    // The host's dossier is taken back, as an import that is undone does; the guest has papers.
    for (state, documents, id) in [("void", 0i64, host.dossier), ("open", 1, guest)] {
        s.house
            .db
            .keep::<_, DbError, _>(Chore::Study, c, move |r| {
                r.execute(ask(
                    "UPDATE dossier SET state = $3, documents = $4 \
                         WHERE community = $1 AND id = $2",
                    params![c, id, state, documents],
                ))
            })
            .await
            .expect("set");
    }
    let tend = || async { boxes::tend(&s.house, &s.by).await.expect("boxes") };
    assert_eq!(tend().await, 1, "it has a box again");
    let own = boxes::of_dossier(&s.house, &s.by, guest)
        .await
        .expect("read");
    assert_eq!(own[0].code, "車位B1-023");
    let gone = boxes::one(&s.house, &s.by, host.id).await;
    assert!(matches!(gone, Err(ShelfError::NotFound)));
    let (told, _) = s.told("shelves.tended").await;
    tend().await;
    assert_eq!(
        s.told("shelves.tended").await.0,
        told,
        "nothing is said twice"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_kept_until_something_of_it_changes() {
    let s = Stage::with(&["1-1-101", "1-1-102"]).await;
    s.cabinet("A櫃", 1, 1, 400).await;
    let first = s.plan().await;
    assert!(Arc::ptr_eq(&first, &s.plan().await), "nothing changed");
    s.arrange().await;
    assert!(!Arc::ptr_eq(&first, &s.plan().await), "boxes were moved");
    let second = s.plan().await;
    s.room("1-1-103", "residence").await;
    open::tend(&s.house, s.c).await.expect("dossiers");
    assert!(!Arc::ptr_eq(&second, &s.plan().await), "a dossier opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_plan_is_written_by_stretches_and_leaves_no_box_twice() {
    // Thirteen layers of a hundred: more than one stretch takes.
    const ROOMS: usize = 1_300;
    let s = Stage::with(&["1-1-101"]).await;
    let all = foundation::communities::list(&s.house.db, Community(0)).await;
    let here = all.expect("read").into_iter().find(|h| h.number == s.c);
    let rows: Vec<String> = (0..ROOMS)
        .map(|n| format!("2-1-{}{:02},王女士,,,,業主,", n / 50 + 1, n % 50 + 1))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let file = crate::imports::csv(&rows);
    crate::imports::import(&s.house, &here.expect("there"), &file).await;
    s.tend().await;
    let all = s.cabinet("A櫃", 1, 12, 2_400).await;
    s.cabinet("B櫃", 2, 12, 2_400).await;
    assert_eq!(s.arrange().await, ROOMS + 1);
    assert_eq!(s.plan().await.to_move(), 0);
    let (arranged, _) = s.told("shelves.arranged").await;
    assert!(arranged > 1, "a stretch at a time");
    assert_eq!(s.layer(all, 2).await.len(), 108, "nine tenths of 2,400 mm");
    let (_, nowhere) = s.overview().await;
    assert_eq!(nowhere, 0);
}
