//! What an import does about owners and rooms on which the file, or the file and the
//! roster, do not agree: it says so and decides nothing.

use crate::imports::{THREE, count, counts, csv, import};
use crate::roster::{compound, specialist};
use crate::support::TestHouse;

#[tokio::test(flavor = "multi_thread")]
async fn another_owner_in_a_later_file_is_a_proposal_and_never_a_second_sole_owner() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    import(&house, &here, &csv(THREE)).await;
    let people = count(&house, here.number, "party").await;
    let second = csv(&[
        "3-2-1801,趙敏,13700007777,,89.5,業主,",
        "3-2-1802,李娜,,,,業主,",
        "3-2-1802,周寧,,,,共有人,",
        "3-2-1804,趙敏,13700007777,,66,業主,",
    ]);
    let told = import(&house, &here, &second).await;
    let proposed: Vec<_> = told
        .warnings
        .iter()
        .filter(|w| w.code == "transfer_proposed")
        .collect();
    assert_eq!(proposed.len(), 1, "{:?}", told.warnings);
    assert_eq!((proposed[0].row, proposed[0].column), (Some(2), Some(2)));
    assert_eq!(proposed[0].value, "趙敏");
    assert!(proposed[0].reason.contains("3-2-1801"), "{:?}", proposed[0]);
    let owners = async |code: &str| -> Vec<String> {
        let room = roster::find_room(&house, here.number, code).await;
        let room = room.expect("readable").expect("there");
        let here = roster::people_of_room(&house, here.number, room.id).await;
        let here = here.expect("readable").into_iter();
        here.filter(|p| p.relation.stands).map(|p| p.name).collect()
    };
    assert_eq!(owners("3-2-1801").await.len(), 1);
    assert_eq!(
        owners("3-2-1802").await.len(),
        3,
        "the file names an owner whom it has"
    );
    assert_eq!(owners("3-2-1804").await.len(), 1);
    assert_eq!(count(&house, here.number, "party").await, people + 2);

    // Somebody whom only a proposal brings is not there at all, however often it is read.
    let only = csv(&["3-2-1803,何三,13700008888,,,業主,"]);
    for _ in 0..2 {
        let told = import(&house, &here, &only).await;
        assert_eq!(told.people, counts(0, 0, 0));
        assert_eq!(told.warnings[0].code, "transfer_proposed");
    }
    assert_eq!(count(&house, here.number, "party").await, people + 2);

    // The transfer recorded, the same file brings the phone and proposes nothing.
    let by = specialist(&house, here.number);
    let room = roster::find_room(&house, here.number, "3-2-1803").await;
    let room = room.expect("readable").expect("there").id;
    let new = roster::NewOwner::New {
        person: Box::new(roster::PersonDraft {
            name: Some("何三".into()),
            ..roster::PersonDraft::default()
        }),
        share: None,
    };
    let day = house.now().date().to_string();
    crate::support::transfer(&house, &by, here.number, room, &[new], &day)
        .await
        .expect("sold");
    let told = import(&house, &here, &only).await;
    assert_eq!((told.people, told.warnings), (counts(0, 1, 0), vec![]));
    assert_eq!(owners("3-2-1803").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_contradict_each_other_are_named_both_and_the_first_stands() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let file = "房號,業主,建築面積,狀態,份額\n\
                1-1-101,王小明,89.5,自住,\n\
                1-1-101,王小明,98.5,出租,\n\
                1-1-102,李娜,70,,1/1\n\
                1-1-102,陳偉,70,,1/1\n\
                1-1-103,周寧,70,,\n\
                1-1-103,吳迪,70,,\n";
    let told = import(&house, &here, file.as_bytes()).await;
    let at: Vec<_> = told
        .errors
        .iter()
        .map(|e| (e.code.as_str(), e.row, e.column, e.value.as_str()))
        .collect();
    assert_eq!(
        at,
        [
            ("room_clashes", Some(3), Some(3), "98.50"),
            ("room_clashes", Some(3), Some(4), "let"),
            ("owner_clashes", Some(5), Some(2), "陳偉"),
        ]
    );
    assert!(told.errors[0].reason.contains("row 2"), "{:?}", told.errors);
    assert!(told.errors[2].reason.contains("row 4"), "{:?}", told.errors);
    let also: Vec<_> = told
        .warnings
        .iter()
        .map(|w| (w.code.as_str(), w.row))
        .collect();
    assert_eq!(also, [("owner_also", Some(7))]);
    let room = roster::find_room(&house, here.number, "1-1-101").await;
    let room = room.expect("readable").expect("there").id;
    let room = roster::room(&house, here.number, room).await;
    let facts = room.expect("readable").expect("there").facts;
    assert_eq!(
        (facts.area, facts.state.as_deref()),
        (Some(8_950), Some("owner_occupied"))
    );
    let again = import(&house, &here, file.as_bytes()).await;
    assert_eq!(
        (again.rooms, again.people),
        (counts(0, 0, 3), counts(0, 0, 4))
    );
    assert_eq!(count(&house, here.number, "import").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_import_keeps_no_faulty_rows() {
    let house = crate::support::TestHouse::new().await;
    let here = crate::roster::compound(&house, "春和苑").await;
    let rows = [
        "房號,業主,電話",
        "3-2-1801,王芳,13700001111",
        "3-2-1802,李娜,1370000",
    ];
    let told = crate::imports::import(&house, &here, &rows.join("\n").into_bytes()).await;
    assert_eq!(told.errors.len(), 1);
    assert_eq!(told.rooms.added, 2);
    let kept = crate::imports::count(&house, here.number, "import_piece").await;
    assert_eq!(kept, 1, "the list of faults alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_child_an_import_takes_the_name_and_the_tie_alone() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let year = house.now().date().year();
    let file = format!(
        "房號,業主,身份證號,出生日期,電話\n\
         1-1-101,王小明,11010519491231002X,,13700001234\n\
         1-1-102,李小寶,,{}-06-01,13700002345\n\
         1-1-103,周小妹,110105201505050024,,\n\
         1-1-104,吳迪,,{}-06-01,\n",
        year - 9,
        year - 40
    );
    let told = import(&house, &here, file.as_bytes()).await;
    assert_eq!((told.people, told.errors), (counts(4, 0, 0), vec![]));
    let withheld: Vec<_> = told
        .warnings
        .iter()
        .map(|w| (w.code.as_str(), w.row, w.value.as_str()))
        .collect();
    assert_eq!(
        withheld,
        [
            ("child_withheld", Some(3), "李小寶"),
            ("child_withheld", Some(4), "周小妹"),
        ]
    );
    assert_eq!(count(&house, here.number, "party").await, 4);
    assert_eq!(count(&house, here.number, "party_phone").await, 1);
    assert_eq!(count(&house, here.number, "party_document").await, 1);
    let born = "(SELECT * FROM party WHERE birth IS NOT NULL) AS born";
    assert_eq!(
        count(&house, here.number, born).await,
        1,
        "the grown owner's"
    );
}
