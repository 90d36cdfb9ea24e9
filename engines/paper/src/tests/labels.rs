//! Labels: millimetres, what fits, what is refused.

use super::reading::{Page, bounds};
use super::{code, drawn, near};
use crate::*;

const ROOMS: [(&str, &str, &str); 12] = [
    ("1棟", "1單元", "1801"),
    ("12棟", "3單元", "12A02"),
    ("地庫", "", "B1夾層-023"),
    ("T3", "", "T3-2-1801A"),
    ("5棟", "2單元", "1801-1802"),
    ("十二號樓", "1單元", "3A01"),
    ("聽濤苑3期26棟", "10單元", "3301"),
    ("8棟", "2單元", "頂層複式-2"),
    ("臨江商業街", "", "鋪-0018"),
    ("A座", "", "B2F-夾層-機動車位-0123"),
    ("甲座", "東", "18A"),
    ("1棟", "", "ABCDEFGHIJKLMNOPQRSTUVWX"),
];

fn label(building: &str, unit: &str, room: &str) -> SpineLabel {
    SpineLabel {
        compound: "春和苑".into(),
        building: building.into(),
        unit: unit.into(),
        room: room.into(),
        tenure: "02·1/2".into(),
        code: format!("YX-01-{room}-02K"),
        qr: code(),
        mark: Mark(3),
    }
}

fn sheets(spine: Spine) -> LabelSheets {
    LabelSheets {
        lang: Lang::Traditional,
        made: None,
        title: "標籤".into(),
        spine,
        labels: ROOMS.map(|(b, u, r)| label(b, u, r)).into(),
        copy: 2,
        note: String::new(),
    }
}

/// The places of a page: frames as wide as the label.
fn places(page: &Page, spine: Spine) -> Vec<Rect> {
    let (w, h) = spine.label();
    let fits = |r: &&Rect| near(r.w, w) && near(r.h, h + 50.0);
    page.frames.iter().filter(fits).copied().collect()
}

#[test]
fn labels_are_as_wide_as_the_spine_less_four_and_stand_four_apart() {
    for (spine, w, h, columns) in [
        (Spine::Mm20, 16.0, 60.0, 10),
        (Spine::Mm30, 26.0, 90.0, 6),
        (Spine::Mm40, 36.0, 90.0, 5),
        (Spine::Mm50, 46.0, 90.0, 4),
        (Spine::Mm60, 56.0, 90.0, 3),
    ] {
        let (pages, _) = drawn(&sheets(spine));
        let page = &pages[0];
        assert!(near(page.size.0, 210.0) && near(page.size.1, 297.0));
        let places = places(page, spine);
        assert_eq!(places.len(), ROOMS.len().min(columns * 2), "{spine:?}");
        assert_eq!(spine.on_a_sheet(), columns * 2);
        for pair in places[..columns].windows(2) {
            assert!(
                near(pair[1].x - pair[0].x, w + 4.0),
                "{spine:?}: gutters of 4 mm"
            );
            assert!(near(pair[1].y, pair[0].y));
        }
        for r in &places {
            assert!(near(r.w, w) && near(r.h, h + 50.0));
            assert!(r.x >= 4.9 && r.right() <= 205.1 && r.y >= 4.0 && r.bottom() <= 289.5);
            // The dashed line lies 50 mm below the edge that is laid to the box's top, so that
            // the label begins 5 cm below it.
            let tear = page.lines.iter().find(|(from, to, dashed)| {
                *dashed && near(from.0, r.x) && near(to.0, r.right()) && near(from.1, r.y + 50.0)
            });
            assert!(tear.is_some(), "{spine:?}: torn off at 50 mm");
        }
    }
}

#[test]
fn the_ruler_is_a_hundred_millimetres_long() {
    for spine in Spine::ALL {
        let (pages, _) = drawn(&sheets(spine));
        for page in &pages {
            let long = |l: &&((f32, f32), (f32, f32), bool)| {
                near(l.0.1, l.1.1) && near(l.1.0 - l.0.0, 100.0)
            };
            let ruler = page.lines.iter().find(long).expect("a line of 100 mm");
            let tick =
                |l: &&((f32, f32), (f32, f32), bool)| near(l.0.1, ruler.0.1) && near(l.0.0, l.1.0);
            let mut ticks: Vec<f32> = page
                .lines
                .iter()
                .filter(tick)
                .map(|l| l.0.0 - ruler.0.0)
                .collect();
            ticks.sort_by(f32::total_cmp);
            assert_eq!(ticks.len(), 11);
            for (n, at) in ticks.iter().enumerate() {
                assert!(near(*at, n as f32 * 10.0), "tick {n} at {at}");
            }
        }
    }
}

#[test]
fn every_code_is_fifteen_millimetres_at_least_and_inside_its_label() {
    for spine in Spine::ALL {
        let (pages, _) = drawn(&sheets(spine));
        for page in &pages {
            let codes: Vec<Rect> = page
                .areas
                .iter()
                .filter(|a| a.len() > 100)
                .map(|a| bounds(a))
                .collect();
            let places = places(page, spine);
            assert_eq!(codes.len(), places.len());
            for (code, place) in codes.iter().zip(&places) {
                let side = if spine.mm() < 35.0 { 15.0 } else { 20.0 };
                assert!(
                    near(code.w, side) && near(code.h, side),
                    "{spine:?}: {code:?}"
                );
                assert!(code.x >= place.x + 0.45 && code.right() <= place.right() - 0.45);
                assert!(code.y > place.y + 50.0 && code.bottom() < place.bottom());
            }
        }
    }
}

#[test]
fn whatever_a_room_is_called_it_is_whole_and_inside_its_label() {
    for spine in Spine::ALL {
        let (pages, written) = drawn(&sheets(spine));
        assert_eq!(written.missing, []);
        let mut rooms = ROOMS.iter();
        for page in &pages {
            for place in places(page, spine) {
                let (building, unit, room) = rooms.next().expect("as many places as labels");
                let own: Vec<_> = page
                    .runs
                    .iter()
                    .filter(|r| {
                        r.ink.x + r.ink.w / 2.0 > place.x
                            && r.ink.x + r.ink.w / 2.0 < place.right()
                            && r.ink.y > place.y + 49.0
                            && r.ink.y < place.bottom()
                    })
                    .collect();
                for run in &own {
                    let ink = run.tight();
                    assert!(
                        ink.x >= place.x - 0.05
                            && ink.right() <= place.right() + 0.05
                            && ink.y >= place.y + 50.0
                            && ink.bottom() <= place.bottom() + 0.05,
                        "{spine:?} {room}: {:?} at {ink:?} in {place:?}",
                        run.text
                    );
                    assert!(
                        run.pt >= 3.0,
                        "{spine:?} {room}: {:?} has {} pt",
                        run.text,
                        run.pt
                    );
                    assert_eq!(run.colour, [0.0; 3], "black on white is 21:1");
                }
                let text: String = own.iter().map(|r| r.text.as_str()).collect();
                for part in [building, unit, room] {
                    assert!(text.contains(part), "{spine:?}: {part} in {text}");
                }
                assert!(
                    text.contains(&format!("YX-01-{room}-02K")),
                    "{spine:?}: {text}"
                );
            }
        }
        assert!(rooms.next().is_none());
    }
}

#[test]
fn no_two_runs_of_a_label_lie_over_each_other() {
    for spine in Spine::ALL {
        let (pages, _) = drawn(&sheets(spine));
        for page in &pages {
            let codes: Vec<Rect> = page
                .areas
                .iter()
                .filter(|a| a.len() > 100)
                .map(|a| bounds(a))
                .collect();
            for (n, a) in page.runs.iter().enumerate() {
                // Ink is no taller than capitals and ideographs: a tenth of the em box is free.
                let a_ink = a.ink.inset(a.pt * 0.035, a.pt * 0.05);
                let b = page.runs[n + 1..]
                    .iter()
                    .map(|b| b.ink.inset(b.pt * 0.035, b.pt * 0.05));
                for other in b.chain(codes.iter().copied()) {
                    let apart = a_ink.right() <= other.x
                        || other.right() <= a_ink.x
                        || a_ink.bottom() <= other.y
                        || other.bottom() <= a_ink.y;
                    assert!(
                        apart,
                        "{spine:?}: {:?} at {:?} lies over {other:?}",
                        a.text, a.ink
                    );
                }
            }
        }
    }
}

#[test]
fn a_short_room_is_as_large_as_the_rules_ask() {
    for (spine, at_least) in [
        (Spine::Mm20, 17.0),
        (Spine::Mm30, 40.0),
        (Spine::Mm40, 26.0),
        (Spine::Mm50, 40.0),
    ] {
        let mut sheet = sheets(spine);
        sheet.labels.truncate(1);
        let (pages, _) = drawn(&sheet);
        let room = pages[0]
            .runs
            .iter()
            .filter(|r| "1801".contains(&r.text) && r.pt > 12.0);
        let pt = room.map(|r| r.pt).fold(0.0, f32::max);
        assert!(pt >= at_least && pt <= 48.0, "{spine:?}: {pt} pt");
    }
}

#[test]
fn the_leader_says_what_to_do_in_two_languages() {
    let (pages, _) = drawn(&sheets(Spine::Mm60));
    let text = pages[0].text();
    assert!(text.contains("對齊盒頂，貼好後撕去"));
    assert!(text.contains("Align with top of box. Tear off once stuck."));
    assert!(text.contains("第 2 份") && text.contains("copy 2"));
}

#[test]
fn secret_grades_and_phone_numbers_are_refused_wherever_they_stand() {
    for text in [
        "絕密",
        "绝 密",
        "機·密",
        "机密",
        "秘密檔案",
        "top secret",
        "13800138000",
        "電話 19912345678",
    ] {
        for field in 0..5 {
            let mut sheet = sheets(Spine::Mm40);
            let label = &mut sheet.labels[5];
            *[
                &mut label.compound,
                &mut label.building,
                &mut label.unit,
                &mut label.room,
                &mut label.code,
            ][field] = text.into();
            let refused = sheet.draw(system_fonts());
            assert!(
                matches!(refused, Err(PaperError::Refused(_))),
                "{text} in field {field}"
            );
        }
    }
    for text in [
        "密雲路1棟",
        "12345678901A",
        "YX-01-13800138000X",
        "2棟",
        "20260101123",
    ] {
        let mut sheet = sheets(Spine::Mm40);
        sheet.labels[0].code = text.into();
        sheet
            .draw(system_fonts())
            .unwrap_or_else(|e| panic!("{text}: {e}"));
    }
}

#[test]
fn neighbours_differ_in_colour_and_pattern() {
    for n in 0..200 {
        let ((a, p), (b, q)) = (Mark(n).look(), Mark(n + 1).look());
        assert!(a != b && p != q);
    }
    let mut seen: Vec<_> = (0..56).map(|n| Mark(n).look()).collect();
    seen.dedup();
    for (n, look) in seen.iter().enumerate() {
        assert!(
            !seen[..n].contains(look),
            "56 buildings without a second of one kind"
        );
    }
}

#[test]
fn narrow_spines_are_written_from_top_to_bottom() {
    for (spine, vertical) in [
        (Spine::Mm20, true),
        (Spine::Mm30, true),
        (Spine::Mm40, false),
    ] {
        let mut sheet = sheets(spine);
        sheet.labels = vec![label("12棟", "3單元", "12A02")];
        let (pages, _) = drawn(&sheet);
        let page = &pages[0];
        assert_eq!(page.run("12A02").turned, vertical, "{spine:?}");
        if vertical {
            let below = |a: &str, b: &str| page.run(a).ink.bottom() <= page.run(b).ink.y + 0.6;
            assert!(
                below("12", "棟") && below("棟", "3") && below("單", "元"),
                "{spine:?}"
            );
            // To a reader of the file it is one word.
            assert!(page.instead.contains(&"12棟3單元".to_owned()));
        } else {
            page.run("12棟");
        }
    }
}

#[test]
fn neither_the_sheet_nor_the_lid_names_a_grade() {
    let mut sheet = sheets(Spine::Mm40);
    sheet.note = "機密".into();
    assert!(matches!(
        sheet.draw(system_fonts()),
        Err(PaperError::Refused(_))
    ));
    let lid = LidSheet {
        rows: vec![LidRow {
            note: "絕密".into(),
            ..LidRow::default()
        }],
        ..LidSheet::default()
    };
    assert!(matches!(
        lid.draw(system_fonts()),
        Err(PaperError::Refused(_))
    ));
}
