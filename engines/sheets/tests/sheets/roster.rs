//! People, numbers, dates and set words of a roster.

use rust_xlsxwriter::Format;
use sheets::{IdKind, Kind, Relation, Share, State, Use};

use crate::{cautions, faults, id_number, people, put, rooms, roster, typed, workbook};

#[test]
fn co_owners_in_one_cell_are_people_of_their_own() {
    for cell in [
        "王伟、李娜",
        "王伟/李娜",
        "王伟 李娜",
        "\"王伟\n李娜\"",
        "王伟，李娜",
        "王伟　李娜",
        "\"王伟,李娜\"",
        "王伟；李娜",
        "王伟&李娜",
    ] {
        let read = typed(&format!("房号,业主\n1-1-101,{cell}\n"));
        assert_eq!(people(&read, 0), ["王伟", "李娜"], "{cell}");
        assert_eq!(read.rows[0].people[1].relation, Relation::CoOwner);
        assert!(cautions(&read).is_empty(), "{cell}");
    }
    for (cell, name) in [
        ("王 伟", "王伟"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("John Smith", "John Smith"),
        ("王伟等2人", "王伟"),
    ] {
        assert_eq!(
            people(&typed(&format!("房号,业主\n1-1-101,{cell}\n")), 0),
            [name]
        );
    }
}

#[test]
fn phones_go_to_co_owners_in_the_order_written() {
    let read = typed(
        "房号,业主,电话\n1-1-101,王伟、李娜,13712345678/13712345679\n1-1-102,王伟、李娜,13712345678\n1-1-103,王伟、李娜,13712345678、13712345679、13712345670\n1-1-104,王伟,13712345678 0755-26000000\n1-1-105,王伟、李娜,无/13712345679\n",
    );
    let phones = |at: usize| -> Vec<Vec<String>> {
        read.rows[at]
            .people
            .iter()
            .map(|p| p.phones.clone())
            .collect()
    };
    assert_eq!(phones(0), [["13712345678"], ["13712345679"]]);
    assert_eq!(phones(1), [vec!["13712345678".to_owned()], vec![]]);
    assert_eq!(phones(2), [["13712345678"], ["13712345679"]]);
    assert_eq!(read.rows[2].unmatched_phones, ["13712345670"]);
    assert_eq!(phones(3), [["13712345678", "0755-26000000"]]);
    assert_eq!(phones(4), [vec![], vec!["13712345679".to_owned()]]);
    assert_eq!(
        cautions(&read),
        ["fewer_phones_than_people", "phone_unmatched", "dummy_phone"]
    );
    assert!(read.faults.is_empty(), "{:?}", read.faults);
}

#[test]
fn phones_in_every_form() {
    let sound = [
        "13712345678.0",
        "137 1234 5678",
        "137-1234-5678",
        "+86 13712345678",
        "１３７１２３４５６７８",
        "'13712345678",
        "=\"13712345678\"",
        "13712345678(妻)",
        "王伟:13712345678",
    ];
    for phone in sound {
        let read = typed(&format!(
            "房号,业主,电话\n1-1-101,王伟,\"{}\"\n",
            phone.replace('"', "\"\"")
        ));
        assert_eq!(
            read.rows[0].people[0].phones,
            ["13712345678"],
            "{phone} {:?}",
            read.faults
        );
    }
    let faulty = [
        ("1371234567", "phone_length"),
        ("1.38E+10", "phone_digits_lost"),
        ("1.3712E10", "phone_digits_lost"),
        ("abc", "phone_unreadable"),
        ("26000000", "phone_no_area"),
        ("+852 61234567", "phone_foreign"),
    ];
    for (phone, code) in faulty {
        let read = typed(&format!("房号,业主,电话\n1-1-101,王伟,{phone}\n"));
        assert_eq!(faults(&read), [(2, 3, code)], "{phone}");
        assert_eq!(people(&read, 0), ["王伟"], "the rest of the row is taken");
    }
}

#[test]
fn stand_ins_are_unknown_and_told() {
    let dummies = [
        ("18999999999", "dummy_phone"),
        ("00000000000", "dummy_phone"),
        ("11111111111", "dummy_phone"),
        ("无", "dummy_phone"),
        ("不詳", "dummy_phone"),
        ("-", "dummy_phone"),
        ("/", "dummy_phone"),
        ("N/A", "dummy_phone"),
    ];
    for (phone, code) in dummies {
        let read = typed(&format!("房号,业主,电话\n1-1-101,王伟,{phone}\n"));
        assert!(read.rows[0].people[0].phones.is_empty(), "{phone}");
        assert_eq!(
            (cautions(&read), read.faults.len()),
            (vec![code], 0),
            "{phone}"
        );
    }
    let read =
        typed("房号,业主,身份证号\n1-1-101,王伟,111111111111111111\n1-1-102,无,\n1-1-103,/,无\n");
    assert_eq!(
        cautions(&read),
        ["dummy_id", "dummy_name", "dummy_name", "dummy_id"]
    );
    assert!(read.rows[0].people[0].id.is_none() && read.rows[1].people.is_empty());
    assert!(read.faults.is_empty());
}

#[test]
fn numbers_that_excel_damaged_are_said_to_be_damaged() {
    let sound = id_number("44010119800101123");
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[
                &["房号", "业主", "电话", "身份证号"],
                &["1-1-101", "王伟", "", &sound],
                &["1-1-102", "李娜"],
                &["1-1-103", "张敏", "", "4.40101E+17"],
            ],
        );
        s.write(1, 2, 13_712_345_678.0).unwrap();
        s.write(2, 3, 440_101_198_001_011_230_f64).unwrap();
        s.write(2, 2, "1.38E+10").unwrap();
    });
    let read = roster(&bytes, "roster.xlsx");
    assert_eq!(read.rows[0].people[0].phones, ["13712345678"]);
    assert_eq!(
        read.rows[0].people[0]
            .id
            .as_ref()
            .map(|i| (i.kind, i.number.clone())),
        Some((IdKind::ResidentId, sound))
    );
    assert_eq!(
        faults(&read),
        [
            (3, 3, "phone_digits_lost"),
            (3, 4, "id_digits_lost"),
            (4, 4, "id_digits_lost")
        ]
    );
}

#[test]
fn identity_numbers_are_checked_and_other_documents_taken() {
    let sound = id_number("44010119800101123");
    let mut wrong = sound.clone();
    wrong.replace_range(5..6, "2");
    let text = format!(
        "房号,业主,证件类型,证件号码\n1-1-101,王伟,身份证,{sound}\n1-1-102,李娜,身份证,{wrong}\n1-1-103,张敏,护照,E12345678\n1-1-104,陈静,,H12345678\n1-1-105,刘洋,,123\n"
    );
    let read = typed(&text);
    assert_eq!(
        faults(&read),
        [(3, 4, "id_check_digit"), (6, 4, "id_unreadable")]
    );
    let kinds: Vec<_> = read
        .rows
        .iter()
        .map(|r| r.people[0].id.as_ref().map(|i| i.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            Some(IdKind::ResidentId),
            None,
            Some(IdKind::Passport),
            Some(IdKind::Other),
            None
        ]
    );
}

#[test]
fn organisations_are_told_from_people() {
    let read = typed(
        "房号,业主,统一社会信用代码,法人,电话\n商-07,某某(深圳)贸易有限公司,91350100M000100Y43,王女士,0755-26000000\n商-08,某某银行,91350100M000100Y44,,\n",
    );
    assert_eq!(people(&read, 0), ["某某(深圳)贸易有限公司"]);
    let owner = &read.rows[0].people[0];
    assert_eq!(
        (
            owner.kind,
            owner.uscc.as_deref(),
            owner.representative.as_deref()
        ),
        (
            Kind::Organisation,
            Some("91350100M000100Y43"),
            Some("王女士")
        )
    );
    assert_eq!(read.rows[1].people[0].kind, Kind::Organisation);
    assert_eq!(faults(&read), [(3, 3, "uscc_check_digit")]);
}

#[test]
fn a_list_of_people_says_each_ones_relation() {
    let read = typed(
        "房号,姓名,与业主关系,电话\n1-1-101,王伟,本人,13712345678\n1-1-101,李娜,配偶,\n1-1-101,张敏,租客,\n1-1-101,陈静,朋友的朋友,\n",
    );
    let relations: Vec<_> = read.rows.iter().map(|r| r.people[0].relation).collect();
    assert_eq!(
        relations[..3],
        [Relation::Owner, Relation::Family, Relation::Tenant]
    );
    assert_eq!(faults(&read), [(5, 3, "relation_unknown")]);
}

#[test]
fn people_alone_and_rooms_alone_are_lists_too() {
    let read = typed("姓名,电话\n王伟,13712345678\n李娜,13712345679\n");
    assert_eq!((read.rows.len(), &read.rows[0].room), (2, &None));
    let read = typed("房号,建筑面积\n1-1-101,89.5\n1-1-102,90\n");
    assert_eq!(rooms(&read), ["1-1-101", "1-1-102"]);
    let read = typed("房号\n1-1-101\n1-1-102\n");
    assert_eq!(rooms(&read), ["1-1-101", "1-1-102"]);
}

#[test]
fn dates_in_every_form_that_excel_and_clerks_make() {
    let forms = [
        "2024-1-5",
        "2024/01/05",
        "2024.1.5",
        "2024年1月5日",
        "20240105",
        "45296",
        "5-Jan-24",
        "2024-01-05 00:00:00",
        "２０２４－１－５",
        "5-Jan-2024",
        "2024年01月05号",
        "24年1月5日",
        "二〇二四年一月五日",
        "二零二四年元月五日",
        "贰零贰肆年壹月伍日 星期五",
        "民國113年1月5日",
        "民国一一三年一月五日",
        "20240105.0",
        "45296.0",
    ];
    for form in forms {
        let read = typed(&format!("房号,入住时间\n1-1-101,{form}\n"));
        assert_eq!(
            read.rows[0].moved_in.map(|d| d.to_string()).as_deref(),
            Some("2024-01-05"),
            "{form} {:?}",
            read.faults
        );
    }
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[&["房号", "入住时间"], &["1-1-101", ""], &["1-1-102", ""]],
        );
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2024, 1, 5).unwrap();
        s.write_with_format(
            1,
            1,
            &date,
            &Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\""),
        )
        .unwrap();
        s.write(2, 1, 45296).unwrap();
    });
    for row in roster(&bytes, "roster.xlsx").rows {
        assert_eq!(
            row.moved_in.map(|d| d.to_string()).as_deref(),
            Some("2024-01-05")
        );
    }
    let faulty = [
        ("5/1/2024", "date_ambiguous"),
        ("24/1/5", "date_ambiguous"),
        ("113年1月5日", "date_unreadable"),
        ("民国113年1月", "date_without_day"),
        ("民国0年1月5日", "date_unreadable"),
        ("二〇二四年十三月五日", "date_unreadable"),
        ("二〇二四年一十一月五日三", "date_unreadable"),
        ("二〇二四年一月", "date_without_day"),
        ("2024-02-30", "date_unreadable"),
        ("2024年1月", "date_without_day"),
        ("去年", "date_unreadable"),
        ("1024-01-05", "date_out_of_range"),
    ];
    for (form, code) in faulty {
        assert_eq!(
            faults(&typed(&format!("房号,入住时间\n1-1-101,{form}\n"))),
            [(2, 2, code)],
            "{form}"
        );
    }
    let plain = typed("房号,入住时间\n1-1-101,25/1/2024\n");
    assert_eq!(
        plain.rows[0].moved_in.map(|d| d.to_string()).as_deref(),
        Some("2024-01-25")
    );
}

#[test]
fn numbers_of_a_date_in_characters_are_read_to_the_last_day_of_the_month() {
    let cases = [
        ("二〇一五年十二月三十一日", "2015-12-31"),
        ("二○一五年十月廿一日", "2015-10-21"),
        ("二〇一五年十一月二十日", "2015-11-20"),
        ("民國元年十月十日", "1912-10-10"),
        ("二〇一五年三月一日", "2015-03-01"),
        ("民國104年3月1日", "2015-03-01"),
    ];
    for (form, day) in cases {
        let read = typed(&format!("房号,入住时间\n1-1-101,{form}\n"));
        assert_eq!(
            read.rows[0].moved_in.map(|d| d.to_string()).as_deref(),
            Some(day),
            "{form} {:?}",
            read.faults
        );
    }
}

#[test]
fn areas_are_hundredths_of_a_square_metre() {
    let cases = [
        ("89.5", Some(8950)),
        ("89.50㎡", Some(8950)),
        ("1,234.56", Some(123_456)),
        ("90平方米", Some(9000)),
        ("89.555", Some(8956)),
        ("0", None),
        ("-5", None),
        ("九十", None),
        ("9999999", None),
    ];
    for (text, area) in cases {
        let read = typed(&format!("房号,建筑面积\n1-1-101,\"{text}\"\n"));
        assert_eq!(read.rows[0].area, area, "{text}");
        assert_eq!(read.faults.len(), usize::from(area.is_none()), "{text}");
    }
}

#[test]
fn set_words_floors_plates_and_shares() {
    let read = typed(
        "房号,楼层,用途,状态,业主,份额,车牌\n1-1-101,十八层,普通住宅,已入住,\"王伟,李娜\",50%/50%,粤B12345 粵B·D12345\n1-1-102,-1,商舖,空,王伟,1/2,\n1-1-103,B2F,寫字樓,裝修中,王伟,共同共有,\n1-1-104,甲层,飞船,月球,王伟,3/2,12345\n",
    );
    let floors: Vec<_> = read.rows.iter().map(|r| r.floor.as_deref()).collect();
    assert_eq!(floors, [Some("18"), Some("B1"), Some("B2"), None]);
    let uses: Vec<_> = read.rows.iter().map(|r| r.room_use).collect();
    assert_eq!(
        uses,
        [
            Some(Use::Residence),
            Some(Use::Shop),
            Some(Use::Other),
            None
        ]
    );
    let states: Vec<_> = read.rows.iter().map(|r| r.state).collect();
    assert_eq!(
        states,
        [
            Some(State::OwnerOccupied),
            Some(State::Vacant),
            Some(State::HandedOver),
            None
        ]
    );
    assert_eq!(read.rows[0].plates, ["粤B12345", "粤BD12345"]);
    let half = Some(Share::Part {
        numerator: 1,
        denominator: 2,
    });
    assert_eq!(
        (
            read.rows[0].people[1].share,
            read.rows[1].people[0].share,
            read.rows[2].people[0].share
        ),
        (half, half, Some(Share::Joint))
    );
    assert_eq!(
        faults(&read),
        [
            (5, 2, "floor_unreadable"),
            (5, 3, "use_unknown"),
            (5, 4, "state_unknown"),
            (5, 6, "share_unreadable"),
            (5, 7, "plate_unreadable")
        ]
    );
}

#[test]
fn tenants_have_terms_and_brackets_have_meaning() {
    let read = typed(
        "房号,业主,租户,租户电话,租期\n1-1-101,王伟(50%)、李娜（妻）,张敏,13712345678,2024.1.1-2025.1.1\n1-1-102,陈静(出国),刘洋,,2024-01-01至2023-12-31\n",
    );
    let row = &read.rows[0];
    assert_eq!(people(&read, 0), ["王伟", "李娜", "张敏"]);
    assert_eq!(
        (row.people[0].share, row.people[1].relation),
        (
            Some(Share::Part {
                numerator: 1,
                denominator: 2
            }),
            Relation::Family
        )
    );
    assert_eq!(
        row.people[2].until.map(|d| d.to_string()).as_deref(),
        Some("2025-01-01")
    );
    assert_eq!(row.people[0].from, None);
    assert_eq!(read.rows[1].people[0].note.as_deref(), Some("出国"));
    assert_eq!(faults(&read), [(3, 5, "dates_reversed")]);
}
