//! Labels as they are printed: what is chosen, copies and old labels, and the sheets read back
//! in millimetres.

use foundation::clock::Moment;
use lopdf::content::Content;
use lopdf::{Document, Object};
use shelves::labels::{self, Heading, Printed};
use shelves::selection::{self, Selection};
use shelves::{ShelfError, boxes};

use super::Stage;

const MM: f32 = 25.4 / 72.0;

fn heading() -> Heading {
    Heading {
        compound: "春和苑".into(),
        title: "檔案盒脊標籤".into(),
        note: "2026-03-02 10:00".into(),
    }
}

pub async fn print(s: &Stage, chosen: &Selection) -> Printed {
    labels::print(&s.house, &s.by, chosen, heading())
        .await
        .expect("printed")
}

/// A rectangle in millimetres from the sheet's upper left corner: x, y, width, height.
type Frame = (f32, f32, f32, f32);

/// The frames that are drawn on each page.
fn frames(pdf: &[u8]) -> Vec<Vec<Frame>> {
    let doc = Document::load_mem(pdf).expect("another reader opens it");
    let number = |o: &Object| o.as_float().expect("a number");
    doc.get_pages()
        .into_values()
        .map(|id| {
            let content = Content::decode(&doc.get_page_content(id)).expect("operators");
            let (mut open, mut out) = (Vec::new(), Vec::new());
            for op in content.operations {
                match op.operator.as_str() {
                    "re" => {
                        let [x, y, w, h] = [0, 1, 2, 3].map(|n| number(&op.operands[n]) * MM);
                        open.push((x, 297.0 - y - h, w, h));
                    }
                    "S" => out.append(&mut open),
                    "f" | "n" => open.clear(),
                    _ => {}
                }
            }
            out
        })
        .collect()
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() <= 0.1
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_sheet_has_labels_of_the_boxes_width_below_a_leader_of_five_centimetres() {
    let rooms: Vec<String> = (1..=12).map(|n| format!("1-1-{n}01")).collect();
    let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let s = Stage::with(&rooms).await;
    for one in s.boxes().await {
        boxes::set_spine(&s.house, &s.by, one.id, one.version, 40)
            .await
            .expect("40 mm");
    }
    let printed = print(&s, &Selection::default()).await;
    assert_eq!((printed.labels, printed.sheets), (12, 2));
    let pages = frames(&printed.pdf);
    let labels: Vec<Vec<&Frame>> = pages
        .iter()
        .map(|page| {
            let fits = |f: &&Frame| near(f.2, 36.0) && near(f.3, 140.0);
            page.iter().filter(fits).collect()
        })
        .collect();
    assert_eq!((labels[0].len(), labels[1].len()), (10, 2));
    for pair in labels[0][..5].windows(2) {
        assert!(near(pair[1].0 - pair[0].0, 40.0), "36 mm and 4 between");
    }
    assert!(near(labels[0][5].1 - labels[0][0].1, 144.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn widths_and_copies_have_sheets_of_their_own() {
    let s = Stage::with(&["1-1-101", "1-1-102", "1-1-103"]).await;
    let wide = s.of("1-1-102").await;
    boxes::set_spine(&s.house, &s.by, wide.id, wide.version, 60)
        .await
        .expect("60 mm");
    let one = Selection {
        rooms: "1-1-101".into(),
        ..Selection::default()
    };
    print(&s, &one).await;
    let all = s.boxes().await;
    let batches = labels::preview(&s.house, &s.by, &all).await.expect("read");
    let seen: Vec<(i64, i64, usize, usize)> = batches
        .iter()
        .map(|b| (b.spine, b.copy, b.labels, b.sheets))
        .collect();
    assert_eq!(seen, [(20, 1, 1, 1), (20, 2, 1, 1), (60, 1, 1, 1)]);
    let printed = print(&s, &Selection::default()).await;
    assert_eq!((printed.labels, printed.sheets), (3, 3));
    let pages = frames(&printed.pdf);
    for (page, (w, h)) in pages
        .iter()
        .zip([(16.0, 110.0), (16.0, 110.0), (56.0, 140.0)])
    {
        let fits = |f: &&Frame| near(f.2, w) && near(f.3, h);
        assert_eq!(page.iter().filter(fits).count(), 1, "{w} mm");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reprint_is_the_next_copy_and_makes_the_label_before_it_void() {
    let s = Stage::with(&["3-2-1801", "3-2-1802"]).await;
    print(&s, &Selection::default()).await;
    let first = s.of("3-2-1801").await;
    assert_eq!(first.label.len(), 26);
    assert!(!first.wants_label());
    let one = Selection {
        rooms: "3棟2單元1801".into(),
        ..Selection::default()
    };
    print(&s, &one).await;
    let again = s.of("3-2-1801").await;
    assert_ne!(again.label, first.label);
    let prints = labels::prints(&s.house, &s.by, first.id).await;
    let prints = prints.expect("read");
    let seen: Vec<(i64, bool)> = prints
        .iter()
        .map(|p| (p.copy, p.voided.is_some()))
        .collect();
    assert_eq!(seen, [(2, false), (1, true)]);
    let (count, facts) = s.told("shelves.labels_printed").await;
    assert_eq!(count, 2);
    let id = first.id;
    assert_eq!(
        facts,
        format!("{{\"boxes\":[\"{id}\"],\"labels\":1,\"sheets\":1,\"voided\":1}}")
    );
    // Nobody's name is in the table or on the sheet's code.
    let other = s.of("3-2-1802").await;
    assert!(!other.says.contains("王") && !first.label.contains("1801"));
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_are_chosen_by_building_list_range_and_day() {
    let rooms = [
        "1-1-101", "1-1-102", "2-1-101", "2-1-201", "2-1-301", "10-1-101",
    ];
    let s = Stage::with(&rooms).await;
    let chosen = async |typed: Selection| {
        let found = selection::choose(&s.house, &s.by, &typed).await;
        let found = found.expect("chosen");
        let codes: Vec<String> = found.boxes.into_iter().map(|b| b.code).collect();
        (codes, found.unknown)
    };
    let with = |f: &dyn Fn(&mut Selection)| {
        let mut one = Selection::default();
        f(&mut one);
        one
    };
    let (all, _) = chosen(Selection::default()).await;
    assert_eq!(all, rooms);
    let (building, _) = chosen(with(&|s| s.building = "2".into())).await;
    assert_eq!(building, ["2-1-101", "2-1-201", "2-1-301"]);
    let typed = with(&|s| s.rooms = "1棟1單元102，9-9-901\n2-1-150～10-1-101".into());
    let (listed, unknown) = chosen(typed).await;
    assert_eq!(listed, ["1-1-102", "2-1-201", "2-1-301", "10-1-101"]);
    assert_eq!(unknown, ["9-9-901"]);
    assert_eq!(
        selection::buildings(&s.house, &s.by).await.expect("read"),
        ["1", "2", "10"]
    );
    // A month later one box gets wider: it alone changed since.
    s.house.clock.advance(31 * 86_400_000);
    let one = s.of("2-1-201").await;
    boxes::set_spine(&s.house, &s.by, one.id, one.version, 30)
        .await
        .expect("30 mm");
    let (since, _) = chosen(with(&|s| s.since = "2026-03-03".into())).await;
    assert_eq!(since, ["2-1-201"]);
    let (since, _) = chosen(with(&|s| s.since = "2026-03-02".into())).await;
    assert_eq!(since.len(), 6);
    // Without a label all want one; afterwards only the one that changed.
    print(&s, &Selection::default()).await;
    let (outdated, _) = chosen(with(&|s| s.outdated = true)).await;
    assert_eq!(outdated, [""; 0]);
    let one = s.of("1-1-101").await;
    boxes::add(&s.house, &s.by, one.dossier, 20)
        .await
        .expect("added");
    let (outdated, _) = chosen(with(&|s| s.outdated = true)).await;
    assert_eq!(outdated, ["1-1-101", "1-1-101"]);
    let bad = with(&|s| s.since = "昨天".into());
    let bad = selection::choose(&s.house, &s.by, &bad).await;
    assert!(matches!(bad, Err(ShelfError::Day(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_print_that_fails_makes_no_label_void_and_writes_nothing() {
    let s = Stage::with(&["3-2-1801"]).await;
    print(&s, &Selection::default()).await;
    let before = s.of("3-2-1801").await;
    let refused = labels::print(
        &s.house,
        &s.by,
        &Selection::default(),
        Heading {
            compound: ["絕", "密"].concat(),
            ..heading()
        },
    )
    .await;
    assert!(matches!(refused, Err(ShelfError::Paper(_))), "{refused:?}");
    assert_eq!(s.of("3-2-1801").await, before);
    assert_eq!(s.told("shelves.labels_printed").await.0, 1);
    let none = Selection {
        building: "9".into(),
        ..Selection::default()
    };
    let none = labels::print(&s.house, &s.by, &none, heading()).await;
    assert!(matches!(none, Err(ShelfError::Nothing)));
    assert!(s.house.now() > Moment(0));
}
