//! Sheets as clerks and strangers make them, each through the command line and through the
//! screen: both take or refuse the same, with the same rows and the same faults.

use std::process::Command;

use axum::http::StatusCode;
use foundation::database::{Community, ask};
use foundation::params;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value as Json;

use crate::imports::count;
use crate::roster::{compound, specialist};
use crate::roster_pages::{door, get, post};
use crate::support::TestHouse;
use crate::wizard::{hand_in, routes, run_jobs};

/// A file and what is to come of it.
struct Case {
    what: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    /// The command's exit.
    exit: i32,
    /// Rooms and people brought in.
    brought: (i64, i64),
    /// Row and column of each fault.
    faults: &'static [(u64, u64)],
}

fn case(
    what: &'static str,
    file: &'static str,
    bytes: impl Into<Vec<u8>>,
    exit: i32,
    brought: (i64, i64),
    faults: &'static [(u64, u64)],
) -> Case {
    Case {
        what,
        file,
        bytes: bytes.into(),
        exit,
        brought,
        faults,
    }
}

/// A building merged over its rows, a phone that is a number, a row that is hidden, a total.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    let filled = (|| {
        sheet.write(0, 0, "春和苑業主名冊")?;
        sheet.merge_range(1, 3, 1, 4, "業主", &plain)?;
        for (column, head) in ["樓棟", "單元", "房號", "姓名", "電話"].iter().enumerate()
        {
            sheet.write(2, column as u16, *head)?;
        }
        sheet.merge_range(3, 0, 5, 0, "1棟", &plain)?;
        for (row, (room, name)) in [(101, "王芳"), (102, "李娜"), (103, "趙敏")]
            .iter()
            .enumerate()
        {
            let row = row as u32 + 3;
            sheet.write(row, 1, "1單元")?;
            sheet.write(row, 2, *room)?;
            sheet.write(row, 3, *name)?;
            sheet.write(row, 4, 13_700_001_110_u64 + u64::from(row))?;
        }
        sheet.set_row_hidden(4)?;
        sheet.write(6, 0, "合計")?;
        sheet.write(6, 2, 3)?;
        Ok::<_, rust_xlsxwriter::XlsxError>(())
    })();
    filled.expect("a sheet");
    book.save_to_buffer().expect("a workbook")
}

fn cases() -> Vec<Case> {
    let long = "長".repeat(10_000);
    // 房号,业主 / 3-2-1801,王芳 as an old Excel saves it.
    let gb: Vec<u8> =
        [&b"\xB7\xBF\xBA\xC5,\xD2\xB5\xD6\xF7\n3-2-1801,\xCD\xF5\xB7\xBC\n"[..]].concat();
    let dates = "房號,業主,入住時間\n1-1-101,甲一,2015-03-01\n1-1-102,乙二,2015/3/1\n\
                 1-1-103,丙三,2015.3.1\n1-1-104,丁四,2015年3月1日\n1-1-105,戊五,民國104年3月1日\n\
                 1-1-106,己六,二〇一五年三月一日\n1-1-107,庚七,20150301\n";
    let mut broken = workbook();
    broken.truncate(broken.len() / 2);
    vec![
        case(
            "titles, two heads, merged, hidden, total",
            "a.xlsx",
            workbook(),
            0,
            (3, 3),
            &[],
        ),
        case(
            "titles above the heading",
            "a.csv",
            "春和苑名冊\n製表：2026年\n\n房號,業主\n3-2-1801,王芳\n",
            0,
            (1, 1),
            &[],
        ),
        case(
            "a building for a block",
            "a.csv",
            "樓棟,單元,房號,業主\n1棟,1單元,101,甲一\n,,102,乙二\n,,103,丙三\n",
            0,
            (3, 3),
            &[],
        ),
        case(
            "co-owners in one cell",
            "a.csv",
            "房號,業主\n3-2-1801,王伟、李娜\n",
            0,
            (1, 2),
            &[],
        ),
        case(
            "phones that were numbers",
            "a.csv",
            "房號,業主,電話\n3-2-1801,王芳,13700001111.0\n",
            0,
            (1, 1),
            &[],
        ),
        case(
            "full width",
            "a.csv",
            "房號，業主\n".replace('，', ",") + "３－２－１８０１,王芳\n3-2-1801,王芳\n",
            0,
            (1, 1),
            &[],
        ),
        case("dates in seven forms", "dates.csv", dates, 0, (7, 7), &[]),
        case(
            "trailing blanks and a total",
            "a.csv",
            "房號 ,業主　\n3-2-1801  , 王芳　\n合計,1\n",
            0,
            (1, 1),
            &[],
        ),
        case("GB18030", "a.csv", gb, 0, (1, 1), &[]),
        case(
            "a byte order mark",
            "a.csv",
            "\u{feff}房號,業主\n3-2-1801,王芳\n",
            0,
            (1, 1),
            &[],
        ),
        case(
            "semicolons",
            "a.csv",
            "房號;業主;面積\n3-2-1801;王芳;88,5\n",
            0,
            (1, 1),
            &[],
        ),
        case("a workbook cut off", "a.xlsx", broken, 2, (0, 0), &[]),
        case("nothing at all", "a.csv", "", 2, (0, 0), &[]),
        case("a heading alone", "a.csv", "房號,業主\n", 0, (0, 0), &[]),
        case(
            "a picture",
            "a.csv",
            &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
            2,
            (0, 0),
            &[],
        ),
        case(
            "a table of something else",
            "a.csv",
            "甲,乙\n1,2\n",
            2,
            (0, 0),
            &[],
        ),
        case("a workbook called csv", "a.csv", workbook(), 0, (3, 3), &[]),
        case(
            "a text called xlsx",
            "a.xlsx",
            "房號,業主\n3-2-1801,王芳\n",
            2,
            (0, 0),
            &[],
        ),
        case(
            "formulas as texts",
            "a.csv",
            "房號,業主,備註\n3-2-1801,王芳,\"=HYPERLINK(\"\"http://evil.test\"\",\"\"x\"\")\"\n",
            0,
            (1, 1),
            &[],
        ),
        case(
            "a name of 10,000 signs",
            "a.csv",
            format!("房號,業主\n3-2-1801,{long}\n3-2-1802,王芳\n"),
            1,
            (2, 1),
            &[(2, 2)],
        ),
        case(
            "rows that contradict",
            "a.csv",
            "房號,業主,面積\n3-2-1801,王芳,88\n3-2-1801,王芳,99\n",
            1,
            (1, 1),
            &[(3, 3)],
        ),
        case(
            "optional cells that are faulty",
            "a.csv",
            "房號,業主,電話,面積\n3-2-1801,王芳,1370000,很大\n",
            1,
            (1, 1),
            &[(2, 3), (2, 4)],
        ),
    ]
}

fn command(house: &TestHouse, community: &str, case: &Case) -> (i32, Json) {
    let path = house.folder.path().join(case.file);
    std::fs::write(&path, &case.bytes).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command
        .args(["import", "roster"])
        .arg(&path)
        .args(["--community", community, "--create", "--json", "--data"])
        .arg(&house.data_dir)
        .arg("--key-file")
        .arg(house.folder.path().join("site.key"))
        .env_remove("LINLI_DB")
        .env_remove("LINLI_KEYS");
    if let Some(url) = &house.db_url {
        command.arg("--db").arg(url);
    }
    let out = command.output().expect("the program runs");
    let exit = out.status.code().expect("it ended by itself");
    if exit == 2 {
        assert!(out.stdout.is_empty(), "{}", case.what);
        assert!(!out.stderr.is_empty(), "{}: it says why", case.what);
        return (2, Json::Null);
    }
    let said = serde_json::from_slice(&out.stdout).expect("one document");
    (exit, said)
}

async fn stands(house: &TestHouse, c: Community) -> (i64, i64) {
    let rooms = count(house, c, "room_seen").await;
    (rooms, count(house, c, "party_seen").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nasty_sheet_comes_to_the_same_by_command_and_by_screen() {
    let house = TestHouse::new().await;
    let mut wrong = Vec::new();
    for (n, case) in cases().into_iter().enumerate() {
        let name = format!("甲苑{n}");
        let (exit, said) = command(&house, &name, &case);
        let known = foundation::communities::by_name(&house.db, &name).await;
        let known = known.expect("readable");
        let brought = match &known {
            Some(here) => stands(&house, here.number).await,
            None => (0, 0),
        };
        let faults: Vec<(u64, u64)> = said["errors"].as_array().map_or_else(Vec::new, |all| {
            let at = |e: &Json, k: &str| e[k].as_u64().unwrap_or_default();
            all.iter()
                .map(|e| (at(e, "row"), at(e, "column")))
                .collect()
        });
        if (exit, brought, &*faults) != (case.exit, case.brought, case.faults) {
            wrong.push(format!(
                "{}: {exit} {brought:?} {faults:?} {said}",
                case.what
            ));
        }
        if exit == 2 {
            assert!(known.is_none(), "{}: no compound is left behind", case.what);
        }

        let c = compound(&house, &format!("乙苑{n}")).await.number;
        let desk = door(&house, routes(), &specialist(&house, c));
        let (status, at, page) = hand_in(&desk, "roster", case.file, &case.bytes).await;
        if exit == 2 {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}", case.what);
            assert!(page.contains("role=\"alert\""), "{}: {page}", case.what);
            continue;
        }
        assert_eq!(status, StatusCode::SEE_OTHER, "{}: {page}", case.what);
        let page = get(&desk, &at).await;
        assert_eq!(
            page.contains(&format!("{at}/faults")),
            !faults.is_empty(),
            "{}",
            case.what
        );
        post(&desk, &format!("{at}/apply"), &[]).await;
        run_jobs(&house).await;
        assert_eq!(stands(&house, c).await, brought, "{}", case.what);
        if case.what.starts_with("dates") {
            let days: Vec<(String,)> = house
                .db
                .all(ask(
                    "SELECT DISTINCT moved_in FROM room WHERE community = $1",
                    params![c],
                ))
                .await
                .expect("readable");
            assert_eq!(days, [("2015-03-01".to_owned(),)]);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
