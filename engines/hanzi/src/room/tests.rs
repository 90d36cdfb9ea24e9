//! The rules of archive.md P5, line by line.

use super::*;
use crate::shelf;

fn normal(text: &str) -> String {
    RoomCode::parse(text).map_or_else(|e| format!("! {e:?}"), |code| code.normal())
}

#[test]
fn a_code_typed_in_many_ways_has_one_normal_form() {
    let mut wrong = Vec::new();
    for (form, writings) in [
        (
            "3-2-1801",
            &[
                "3-2-1801",
                "3棟2單元1801",
                "3栋2单元1801室",
                "3－2－１８０１",
                "3#2-1801",
                "三栋二单元一八零一室",
                "3幢2单元1801房",
                "3座-2-1801",
                "３號樓2單元1801",
                " 3 - 2 - 1801 ",
                "第三栋第二单元1801",
                "3–2—1801",
                "3 2 1801",
                "#3-2-1801",
                "3.2.1801",
                "3栋2单元18层1801",
                "3栋2单元18楼1801室",
                "3栋2单元18层01室",
                "3-2-18-01",
                "3-2-18-1801",
                "叁棟贰單元1801",
                "③-②-1801",
                "3楼2单元1801",
                "3#楼2-1801",
                "3栋2门1801",
                "3\u{200b}-2-1801",
                "3-02-1801",
                "3/2/1801",
                "3栋２梯1801",
                "3 栋 2 单元 1801 室",
                "３　棟　２　單元　１８０１",
                "3号2单元1801",
                "3座2号1801",
                "幸福小区3栋2单元1801",
            ][..],
        ),
        (
            "二期3-2-1801",
            &[
                "二期3-2-1801",
                "2期3栋2单元1801",
                "Ⅱ期3-2-1801",
                "第二期 3-2-1801",
                "II期-3-2-1801",
                "贰期3棟2單元1801室",
            ],
        ),
        (
            "A-1-2503",
            &[
                "A座-1-2503",
                "A座1单元2503",
                "a-1-2503",
                "Ａ座－１－２５０３",
            ],
        ),
        (
            "12栋",
            &[
                "十二號樓",
                "12號樓",
                "12栋",
                "12#",
                "十二幢",
                "第12座",
                "12#楼",
            ],
        ),
        (
            "T3-1801A",
            &["T3-1801A", "t3-1801a", "T3栋1801A室", "T3-1801-A"],
        ),
        ("T3-2-1801A", &["T3-2-1801A"]),
        (
            "B1-023",
            &[
                "B1-023",
                "负一层023",
                "-1-023",
                "-1 023",
                "地下一層-023",
                "負1層023",
                "B1层23",
            ],
        ),
        (
            "3-B1-023",
            &[
                "3-B1-023",
                "3栋B1-023",
                "3栋负一层023",
                "3栋地下1层23号",
                "3栋-1层023",
            ],
        ),
        (
            "商-07",
            &["商-07", "商铺07", "商鋪7", "商舖-７", "店鋪07号", "商7"],
        ),
        (
            "车位-B1-023",
            &[
                "车位B1-023",
                "車位B1-23",
                "车位负一层023",
                "B1车位023",
                "停車位-B1-023",
                "车位-1-023",
            ],
        ),
        ("2单元1801", &["2单元1801", "二單元1801室"]),
        ("1801", &["1801", "1801室", "一八〇一", "1801.0"]),
        (
            "3-1801-1802",
            &["3-1801-1802", "3栋1801/1802", "3栋1801、02", "3-1801+1802"],
        ),
        (
            "3-2-1801-1",
            &["3-2-1801-1", "3栋2单元1801附1", "3-2-1801之1"],
        ),
        ("三元里区3-101", &["三元里區3栋101", "三元里区-3-101"]),
        ("东区3-2-1801", &["東區3-2-1801", "东区3栋2单元1801"]),
        (
            "二期A区3-2-1801",
            &["二期A区3-2-1801", "2期A區3棟2單元1801"],
        ),
        ("3-12", &["3-12", "3栋12", "3-12号"]),
        ("A-1801", &["A1801", "A座1801", "A-1801", "A楼1801"]),
        ("翠竹阁-1203", &["翠竹阁1203", "翠竹阁-1203室"]),
        ("桂花苑区2-3-401", &["桂花苑2栋3单元401", "桂花苑-2-3-401"]),
        ("3-18A/18B", &["3-18A/18B", "3栋18A、18B"]),
    ] {
        for writing in writings {
            let found = normal(writing);
            if found != form {
                wrong.push(format!("{writing} is {found}, not {form}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Asserts that the codes are in shelf order as given, whatever order they come in.
fn assert_order(codes: &[&str]) {
    let mut mixed = codes.to_vec();
    mixed.sort_unstable();
    mixed.reverse();
    assert_eq!(shelf::sort(&mixed).lines, codes);
    for pair in codes.windows(2) {
        let (a, b) = (
            RoomCode::parse(pair[0]).expect(pair[0]),
            RoomCode::parse(pair[1]).expect(pair[1]),
        );
        assert!(a.sort_key() < b.sort_key(), "{} < {}", pair[0], pair[1]);
        assert!(shelf::key_hex(&a) < shelf::key_hex(&b));
        assert!(a < b);
    }
}

#[test]
fn names_stand_missing_number_letters_stems_directions_others() {
    assert_order(&[
        "1棟",
        "2棟",
        "１０棟",
        "十二號樓",
        "A座",
        "B座",
        "T3",
        "T10",
        "甲座",
        "乙座",
        "丁座",
        "東座",
        "南座",
        "西座",
        "北座",
        "中座",
        "桂苑楼",
        "竹苑楼",
    ]);
}

#[test]
fn phases_zones_buildings_units_and_kinds_stand_in_that_order() {
    assert_order(&[
        "101",
        "商-07",
        "车位B1-023",
        "2单元1801",
        "1-101",
        "1-1-101",
        "1-2-101",
        "1-2-商铺01",
        "1-2-写字楼101",
        "1-2-车位01",
        "1-2-储藏01",
        "1-10-101",
        "2-101",
        "A区1-101",
        "东区1-101",
        "三元里区1-101",
        "一期1-101",
        "二期1-101",
        "十期1-101",
    ]);
}

#[test]
fn floors_stand_by_height_with_renamed_and_half_floors_between() {
    assert_order(&[
        "3栋B3-01",
        "3栋B2-01",
        "3栋B1-01",
        "3栋B1夹层01",
        "3栋LG01",
        "3栋G01",
        "3栋UG01",
        "3-101",
        "3栋1M01",
        "3-201",
        "3-301",
        "3-3A01",
        "3-501",
        "3-1201",
        "3-12A02",
        "3-12B02",
        "3-1501",
        "3-10001",
        "3栋顶层01",
    ]);
}

#[test]
fn a_bare_mezzanine_stands_below_the_first_floor_only_over_a_ground_floor() {
    let with = [
        "3栋G01",
        "3栋夹层01",
        "3栋101",
        "4栋101",
        "4栋M01",
        "4栋201",
    ];
    assert_eq!(shelf::sort(with.iter().rev()).lines, with);
}

#[test]
fn rooms_stand_by_number_then_suffix() {
    assert_order(&[
        "3-1",
        "3-2",
        "3-12",
        "3-101",
        "3-1801",
        "3-1801-1802",
        "3-1801-1",
        "3-1801A",
        "3-1801B",
        "3-1801甲",
        "3-1801東",
        "3-1802",
        "3-18A",
        "3-18B",
        "3-1901",
    ]);
}

#[test]
fn a_merged_home_is_found_under_each_of_its_numbers() {
    let code = RoomCode::parse("3-2-1801-1802").expect("a code");
    let singles: Vec<String> = code.singles().iter().map(RoomCode::normal).collect();
    assert_eq!(singles, ["3-2-1801", "3-2-1802"]);
}

#[test]
fn parts_are_read_as_the_rule_says() {
    let code = RoomCode::parse("T3-2-1801A").expect("a code");
    assert_eq!(
        code.building(),
        &Atom::Latin {
            letters: "T".into(),
            number: Some(3)
        }
    );
    assert_eq!(code.unit(), &Atom::number(2));
    assert_eq!(code.floor(), Some(Floor::storey(18)));
    assert_eq!(code.room(), &Atom::number(1));
    assert_eq!(code.suffix(), &Atom::latin("A"));
    let basement = RoomCode::parse("3棟B1-023").expect("a code");
    assert_eq!(
        basement.floor(),
        Some(Floor::Basement {
            depth: 1,
            mezzanine: false
        })
    );
    assert_eq!(basement.room(), &Atom::number(23));
    let flat = RoomCode::parse("3-18A").expect("a code");
    assert_eq!(
        (flat.floor(), flat.room()),
        (Some(Floor::storey(18)), &Atom::latin("A"))
    );
    let renamed = RoomCode::parse("3-12A02").expect("a code");
    assert_eq!(
        renamed.floor(),
        Some(Floor::Storey {
            number: 12,
            letter: Some('A')
        })
    );
    assert_eq!(
        RoomCode::parse("车位B1-023").expect("a code").kind(),
        Kind::Parking
    );
}

#[test]
fn a_room_that_repeats_its_building_is_a_question() {
    for (text, cause, others) in [
        ("3-2-21801", AmbiguityCause::EchoedRoom, &["3-2-1801"][..]),
        (
            "3-2-321801",
            AmbiguityCause::EchoedRoom,
            &["3-2-1801", "3-2-21801"],
        ),
        ("1-3-2-1801", AmbiguityCause::PhaseOrZone, &["一期3-2-1801"]),
        ("3-31801", AmbiguityCause::EchoedRoom, &["3-1801"]),
        ("31801", AmbiguityCause::GluedDigits, &["3-1801"]),
        (
            "321801",
            AmbiguityCause::GluedDigits,
            &["32-1801", "3-2-1801"],
        ),
    ] {
        let code = RoomCode::parse(text).expect(text);
        let ambiguity = code
            .ambiguity()
            .unwrap_or_else(|| panic!("{text} should be asked about"));
        assert_eq!(
            (ambiguity.cause, &ambiguity.others[..]),
            (
                cause,
                &others.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..]
            ),
            "{text}"
        );
    }
    for text in ["3-2-1801", "3-2-901801", "1801", "车位12345"] {
        assert_eq!(
            RoomCode::parse(text).expect(text).ambiguity(),
            None,
            "{text}"
        );
    }
}

#[test]
fn what_is_no_code_is_refused_with_a_way_to_mend_it() {
    for (text, error) in [
        ("", CodeError::Empty),
        (" - ", CodeError::Empty),
        ("你好", CodeError::NoNumber),
        ("hello", CodeError::NoNumber),
        ("二期", CodeError::NoRoom),
        ("3@1801", CodeError::Sign('@')),
        (
            "13800138000",
            CodeError::NumberTooLong("13800138000".into()),
        ),
        ("1-2-3-4-5-6-7801", CodeError::TooManyParts),
        ("3栋2单元3单元1801", CodeError::Twice("unit")),
        ("2026-11-23", CodeError::Date),
        ("138-0013-8000", CodeError::LongName("0013".into())),
        ("3-2-1801 王女士", CodeError::LeftOver("王女士".into())),
        ("n/a", CodeError::NoNumber),
        ("1801室3栋", CodeError::LeftOver("1801".into())),
        ("3号楼电梯坏了", CodeError::LeftOver("电梯坏了".into())),
    ] {
        assert_eq!(RoomCode::parse(text), Err(error), "{text}");
    }
    assert_eq!(
        RoomCode::parse(&"1".repeat(CODE_CHARS_MAX + 1)),
        Err(CodeError::TooLong)
    );
}

#[test]
fn the_offices_own_order_wins() {
    let mut site = Overrides::new();
    site.building("2棟", 1)
        .and_then(|s| s.building("1棟", 2))
        .expect("buildings");
    site.unit("1棟3單元", 1).expect("unit");
    site.floor("1棟3A層", 5).expect("floor");
    let order = ["2-101", "1-3-101", "1-3A01", "1-101", "3-101"];
    let key = |text: &str| RoomCode::parse(text).expect(text).sort_key_with(&site);
    assert!(key("2-101") < key("1-101") && key("1-101") < key("3-101"));
    assert!(key("1-3-101") < key("1-1-101"));
    assert!(key("1-3A01") < key("1-101"), "{order:?}");
    site.building("B1座", 3).expect("building");
    assert_eq!(
        RoomCode::parse_at("B1-023", &site)
            .expect("a code")
            .building(),
        &Atom::Latin {
            letters: "B".into(),
            number: Some(1)
        }
    );
}

#[test]
fn a_code_names_its_building_unit_and_floor_so_that_they_read_back() {
    let names = |text: &str| {
        let code = RoomCode::parse(text).expect(text);
        [code.only_building(), code.only_unit(), code.only_floor()]
            .map(|named| named.map(|c| c.normal()).unwrap_or_default())
    };
    for (text, building, unit) in [
        ("3-2-1801", "3栋", "3栋2单元"),
        ("二期3-2-1801", "二期3栋", "二期3栋2单元"),
        ("甲座1801", "甲栋", ""),
        ("B1座023", "B1栋", ""),
        ("車位B1-023", "", ""),
    ] {
        let [b, u, floor] = names(text);
        assert_eq!((b.as_str(), u.as_str()), (building, unit), "{text}");
        for name in [b, u, floor].into_iter().filter(|n| !n.is_empty()) {
            let back = RoomCode::parse(&name).expect(&name);
            assert_eq!(back.normal(), name, "{text}");
            assert!(back.room().is_missing(), "{name}");
        }
    }
    for (text, height) in [("3-1-3A01", 5), ("3-1-LG层01", 7), ("車位B1-023", 9)] {
        let code = RoomCode::parse(text).expect(text);
        let floor = code.only_floor().expect(text);
        assert_eq!(floor.floor(), code.floor(), "{text}");
        let mut site = Overrides::new();
        site.floor(floor.as_normal(), height).expect("a floor");
        assert_ne!(code.sort_key_with(&site), code.sort_key(), "{text}");
    }
}

#[test]
fn sorting_keeps_lines_as_typed_skips_blanks_and_puts_the_unreadable_last() {
    let sorted = shelf::sort(["3-2-1801", "", "???", "3棟2單元1801", "  ", "１棟", "你好"]);
    assert_eq!(
        sorted.lines,
        ["１棟", "3-2-1801", "3棟2單元1801", "???", "你好"]
    );
    assert_eq!(
        sorted.warnings.iter().map(|w| w.line).collect::<Vec<_>>(),
        [3, 7]
    );
}
