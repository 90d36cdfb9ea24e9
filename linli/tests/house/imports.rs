//! Imports: at once or not at all, twice is once, undone but for what changed since, and
//! nothing personal in clear.

use foundation::communities::Compound;
use foundation::database::{Community, DbError, HOUSE, Look, ask};
use foundation::house::House;
use foundation::ledger::{Event, Kind, Who};
use foundation::params;
use imports::{self, Counts, ImportError, Options, Outcome, Read};
use permissions::actor::Actor;
use roster::{self, Filter, RoomDraft};
use sheets::{Layout, Limits, guess_all};

use crate::roster::{compound, specialist};
use crate::support::TestHouse;

const HEAD: &str = "房號,業主,電話,身份證號,建築面積,關係,車牌\n";

pub fn csv(rows: &[&str]) -> Vec<u8> {
    format!("{HEAD}{}\n", rows.join("\n")).into_bytes()
}

fn parsed(bytes: &[u8]) -> Read {
    let book = sheets::open(bytes, "roster.csv", &Limits::default()).expect("a file");
    let book = std::sync::Arc::new(book);
    imports::read(&book, &guess_all(&book, Layout::Roster))
}

async fn import_with(
    house: &House,
    compound: &Compound,
    bytes: &[u8],
    options: Options,
) -> Result<Outcome, ImportError> {
    let by = Actor::operator(compound.number);
    let digest = house.keys.digest("import-file", bytes);
    let read = parsed(bytes);
    imports::run(
        house,
        &by,
        compound,
        ("roster.csv", digest),
        &read,
        options,
        &|_, _| {},
    )
    .await
}

pub async fn import(house: &House, compound: &Compound, bytes: &[u8]) -> Outcome {
    import_with(house, compound, bytes, Options::default())
        .await
        .expect("imported")
}

pub async fn count(house: &House, c: Community, from: &'static str) -> i64 {
    let (n,): (i64,) = house
        .db
        .one(ask(
            format!("SELECT COUNT(*) FROM {from} WHERE community = $1"),
            params![c],
        ))
        .await
        .expect("countable");
    n
}

pub fn counts(added: u64, changed: u64, unchanged: u64) -> Counts {
    Counts {
        added,
        changed,
        unchanged,
    }
}

pub const THREE: &[&str] = &[
    "3棟2單元1801,王小明,13700001234,11010519491231002X,89.5,業主,粤B12345",
    "3棟2單元1802,李娜、陳偉,13700005678,,101.2,業主,",
    "3棟2單元1803,王小明,13700001234,,77,業主,",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_twice_changes_nothing_and_records_nothing() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let first = import(&house, &here, &csv(THREE)).await;
    assert_eq!(
        (first.rooms, first.people),
        (counts(3, 0, 0), counts(3, 0, 0))
    );
    assert_eq!(count(&house, here.number, "ledger").await, 1);
    let again = import(&house, &here, &csv(THREE)).await;
    assert_eq!(
        (again.rooms, again.people),
        (counts(0, 0, 3), counts(0, 0, 3))
    );
    assert_eq!(count(&house, here.number, "ledger").await, 1);
    assert_eq!(count(&house, here.number, "import").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_changed_and_what_is_blank_stays() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    import(&house, &here, &csv(THREE)).await;
    let second = csv(&[
        "3-2-1801,王小明,13700001234、13700009999,,90.5,業主,",
        "3-2-1802,李娜,,,,業主,",
        "3-2-1804,何三,,,66,業主,",
    ]);
    let done = import(&house, &here, &second).await;
    assert_eq!(
        (done.rooms, done.people),
        (counts(1, 1, 1), counts(1, 1, 1))
    );
    let room = roster::find_room(&house, here.number, "3-2-1801")
        .await
        .expect("readable")
        .expect("there");
    let room = roster::room(&house, here.number, room.id)
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(room.facts.area, Some(9_050));
    let people = roster::people_of_room(&house, here.number, room.at.id)
        .await
        .expect("readable");
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].phones, ["137****1234", "137****9999"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_and_a_faulty_all_or_nothing_write_nothing() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let faulty = csv(&[THREE[0], "3-2-1805,趙六,137000,,很大,業主,"]);
    let dry = Options {
        dry_run: true,
        ..Options::default()
    };
    let strict = Options {
        all_or_nothing: true,
        ..Options::default()
    };
    for options in [dry, strict] {
        let told = import_with(&house, &here, &faulty, options)
            .await
            .expect("told");
        assert_eq!(told.rooms, counts(2, 0, 0));
        let at: Vec<_> = told.errors.iter().map(|e| (e.row, e.column)).collect();
        assert_eq!(at, [(Some(3), Some(3)), (Some(3), Some(5))]);
        for table in ["ledger", "room", "party", "import", "import_piece"] {
            assert_eq!(count(&house, here.number, table).await, 0, "{table}");
        }
    }
    let told = import(&house, &here, &faulty).await;
    assert_eq!(told.errors.len(), 2);
    assert_eq!(count(&house, here.number, "room_seen").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_seen_of_an_import_before_it_is_committed() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let c = here.number;
    let by = Actor::operator(c);
    let read = parsed(&csv(THREE));
    let plan = imports::plan_for(&house, Some(c), &read)
        .await
        .expect("planned");
    assert_eq!(plan.work.pieces(), 1);
    let id = imports::stage(&house, &by, c, ("a.csv", [1; 32]), &read, plan)
        .await
        .expect("staged");
    // The node dies after its pieces and before the commit.
    let watched = house.house.clone();
    let looks = std::sync::Mutex::new(Vec::new());
    let look = |done, total| {
        let handle = tokio::runtime::Handle::current();
        let n = tokio::task::block_in_place(|| handle.block_on(count(&watched, c, "room_seen")));
        looks.lock().expect("unpoisoned").push((done, total, n));
    };
    imports::apply::apply(&house, &by, c, here.bits, id, &look)
        .await
        .expect("applied");
    assert_eq!(*looks.lock().expect("unpoisoned"), [(0, 1, 0), (1, 1, 0)]);
    assert_eq!(count(&house, c, "room").await, 3);
    assert_eq!(count(&house, c, "room_seen").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_died_is_resumed_by_its_file_and_dropped_by_another() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let c = here.number;
    let by = Actor::operator(c);
    for same in [true, false] {
        let bytes = csv(&[if same { THREE[0] } else { THREE[1] }]);
        let read = parsed(&bytes);
        let plan = imports::plan_for(&house, Some(c), &read)
            .await
            .expect("planned");
        let digest = house.keys.digest("import-file", &bytes);
        imports::stage(&house, &by, c, ("a.csv", digest), &read, plan)
            .await
            .expect("staged");
        let before = count(&house, c, "room_seen").await;
        if same {
            // Resumed first; then there is nothing left to add.
            let told = import(&house, &here, &bytes).await;
            assert_eq!(told.rooms, counts(0, 0, 1));
            assert_eq!(count(&house, c, "room_seen").await, before + 1);
        } else {
            let another = csv(&[THREE[2]]);
            assert!(matches!(
                import_with(&house, &here, &another, Options::default()).await,
                Err(ImportError::Busy)
            ));
            house.clock.advance(10 * 60 * 1_000);
            let told = import(&house, &here, &another).await;
            assert_eq!(told.rooms, counts(1, 0, 0));
        }
    }
    assert_eq!(count(&house, c, "import_hidden").await, 0);
    assert_eq!(count(&house, c, "room").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_added_by_hand_meanwhile_is_not_doubled() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let c = here.number;
    let by = Actor::operator(c);
    let read = parsed(&csv(THREE));
    let plan = imports::plan_for(&house, Some(c), &read)
        .await
        .expect("planned");
    let id = imports::stage(&house, &by, c, ("a.csv", [1; 32]), &read, plan)
        .await
        .expect("staged");
    roster::add_room(
        &house,
        &specialist(&house, c),
        c,
        "3-2-1802",
        &RoomDraft::default(),
    )
    .await
    .expect("added");
    let stale = imports::apply::apply(&house, &by, c, here.bits, id, &|_, _| {}).await;
    assert!(matches!(stale, Err(ImportError::Changed)));
    assert_eq!(count(&house, c, "room").await, 1);
    assert_eq!(count(&house, c, "party").await, 0);
    let told = import(&house, &here, &csv(THREE)).await;
    assert_eq!(told.rooms, counts(2, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_import_leaves_what_changed_since_and_lists_it() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let c = here.number;
    let by = specialist(&house, c);
    import(&house, &here, &csv(THREE)).await;
    let second = csv(&[
        "3-2-1801,王小明,13700009999,,90.5,業主,",
        "3-2-1805,何三,13700007777,,66,業主,",
        "3-2-1806,孫七,,,66,業主,",
    ]);
    import(&house, &here, &second).await;
    let kept = roster::find_room(&house, c, "3-2-1805")
        .await
        .expect("readable")
        .expect("there");
    roster::edit_room(&house, &by, c, kept.id, 1, &RoomDraft::default())
        .await
        .expect("changed");
    let newest = imports::history(&house, &by, "~", 1)
        .await
        .expect("readable");
    let undone = imports::undo(&house, &by, c, newest[0].id)
        .await
        .expect("undone");
    assert_eq!(undone.rooms, ["3-2-1805"]);
    assert_eq!(undone.left, 2, "the room and who owns it");
    assert!(
        roster::find_room(&house, c, "3-2-1806")
            .await
            .expect("readable")
            .is_none()
    );
    let back = roster::find_room(&house, c, "3-2-1801")
        .await
        .expect("readable")
        .expect("there");
    let back_room = roster::room(&house, c, back.id)
        .await
        .expect("readable")
        .expect("there");
    assert_eq!(back_room.facts.area, Some(8_950));
    let people = roster::people_of_room(&house, c, back.id)
        .await
        .expect("readable");
    assert_eq!(people[0].phones, ["137****1234"]);
    assert!(matches!(
        imports::undo(&house, &by, c, newest[0].id).await,
        Err(ImportError::State)
    ));
    assert_eq!(count(&house, c, "room").await, 4);
    assert_eq!(count(&house, c, "import_hidden").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_holds_no_phone_and_no_identity_number_in_clear() {
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let rows = [
        THREE[0],
        "3-2-1805,趙六,137000012,110105194912310021,66,業主,",
        "3-2-1806,孫七,13700002468、13700001357、13700001111,,66,業主,",
    ];
    import(&house, &here, &csv(&rows)).await;
    let staged = parsed(&csv(&[THREE[1]]));
    let plan = imports::plan_for(&house, Some(here.number), &staged)
        .await
        .expect("planned");
    let by = Actor::operator(here.number);
    imports::stage(&house, &by, here.number, ("b.csv", [2; 32]), &staged, plan)
        .await
        .expect("staged");
    let dump = dump(&house).await;
    assert!(
        dump.windows("王小明".len())
            .any(|w| w == "王小明".as_bytes())
    );
    for secret in [
        "13700001234",
        "13700005678",
        "137000012",
        "13700002468",
        "11010519491231002X",
        "110105194912310021",
    ] {
        let found = dump.windows(secret.len()).any(|w| w == secret.as_bytes());
        assert!(!found, "{secret} is in the dump");
    }
}

/// Every text and every byte of every table.
async fn dump(house: &House) -> Vec<u8> {
    let tables: Vec<(String,)> = if house.db.name() == "SQLite" {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table'";
        house.db.all(ask(sql, params![])).await.expect("listed")
    } else {
        let sql = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
        house.db.all(ask(sql, params![])).await.expect("listed")
    };
    assert!(tables.len() > 20);
    house
        .db
        .reading::<_, DbError, _>(move |r| {
            let mut out = Vec::new();
            for (table,) in tables {
                r.each(
                    ask(format!("SELECT * FROM {table}"), params![]),
                    |row: Whole| {
                        out.extend(row.0);
                        Ok(true)
                    },
                )?;
            }
            Ok(out)
        })
        .await
        .expect("dumped")
}

struct Whole(Vec<u8>);

impl foundation::database::FromRow for Whole {
    fn from_row(row: &mut foundation::database::Row) -> Result<Whole, DbError> {
        use foundation::database::Value;
        let mut out = Vec::new();
        while let Ok(value) = row.next::<Value>() {
            match value {
                Value::Null => {}
                Value::Int(n) => out.extend(n.to_string().bytes()),
                Value::Text(t) => out.extend(t.bytes()),
                Value::Blob(b) => out.extend(b),
            }
            out.push(0);
        }
        Ok(Whole(out))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_go_on_writing_while_a_large_file_comes_in() {
    const TESTED: Kind = Kind::new("test.happened", 1);
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let rows: Vec<String> = (0..3_000)
        .map(|n| {
            format!(
                "{}-1-{},住戶{n},1370{n:07},,88,業主,",
                n / 100 + 1,
                100 + n % 100
            )
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let bytes = csv(&rows);
    let writer = house.house.clone();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let other = tokio::spawn(async move {
        let mut n = 0u64;
        while stopped.try_recv().is_err() {
            let wrote: Result<(), DbError> = writer
                .write(HOUSE, &Who::operator(), |tx| {
                    tx.record(Event::new(TESTED), ())
                })
                .await;
            wrote.expect("others write");
            n += 1;
        }
        n
    });
    let told = import(&house, &here, &bytes).await;
    let _ = stop.send(());
    let wrote = other.await.expect("the other writer ends");
    assert_eq!(told.rooms.added, 3_000);
    // Six pieces: at least one foreign write found its way between each two.
    assert!(wrote >= 6, "{wrote}");
    let (rooms, more) = roster::rooms_page(
        &house,
        &specialist(&house, here.number),
        here.number,
        &Filter::default(),
        &roster::Spot::default(),
    )
    .await
    .expect("listed");
    assert!(more && rooms.len() == 50);
    assert_eq!(rooms[0].room.at.normal, "1-1-100");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_exported_comes_back_unchanged_and_its_leaving_is_recorded() {
    use roster::export::{Shape, export};
    let house = TestHouse::new().await;
    let here = compound(&house, "春和苑").await;
    let c = here.number;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/roster.xlsx");
    let bytes = std::fs::read(file).expect("the example");
    let book = sheets::open(&bytes, "roster.xlsx", &Limits::default()).expect("a workbook");
    let book = std::sync::Arc::new(book);
    let read = imports::read(&book, &guess_all(&book, Layout::Roster));
    let by = Actor::operator(c);
    let run = |read: Read, dry_run| {
        let (house, here, by) = (&house, &here, &by);
        async move {
            let options = Options {
                dry_run,
                ..Options::default()
            };
            imports::run(house, by, here, ("r", [0; 32]), &read, options, &|_, _| {})
                .await
                .expect("imported")
        }
    };
    let first = run(read, false).await;
    assert!(first.rooms.added > 5 && first.people.added > 5);
    import(&house, &here, &csv(THREE)).await;
    let all = count(&house, c, "room_seen").await as u64;

    let head = Actor::account(
        house.id(),
        None,
        c,
        vec![permissions::Role::Supervisor],
        foundation::ledger::Door::Web,
    );
    let refused = export(&house, &by, c, Shape::Csv, sheets::Language::English).await;
    assert!(refused.is_err(), "an operator takes no list out");
    for (shape, name) in [(Shape::Xlsx, "a.xlsx"), (Shape::Csv, "a.csv")] {
        for language in [
            sheets::Language::TraditionalChinese,
            sheets::Language::SimplifiedChinese,
            sheets::Language::English,
        ] {
            let before = count(&house, c, "ledger").await;
            let bytes = export(&house, &head, c, shape, language)
                .await
                .expect("exported");
            assert_eq!(count(&house, c, "ledger").await, before + 1);
            let book = sheets::open(&bytes, name, &Limits::default()).expect("a file");
            let book = std::sync::Arc::new(book);
            let read = imports::read(&book, &guess_all(&book, Layout::Roster));
            let told = run(read, true).await;
            assert_eq!(told.errors, [], "{name} {language:?}");
            assert_eq!(told.rooms, counts(0, 0, all), "{name} {language:?}");
            assert_eq!(
                (told.people.added, told.people.changed),
                (0, 0),
                "{name} {language:?}"
            );
        }
    }
}
