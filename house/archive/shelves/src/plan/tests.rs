//! Laws of planning: order, width, and that no plan moves fewer boxes.

use proptest::prelude::*;

use super::*;

fn fresh(widths: &[u32]) -> Vec<Item> {
    let item = |width: &u32| Item {
        width: *width,
        group: 0,
        stands: None,
    };
    widths.iter().map(item).collect()
}

fn on(layer: usize, slot: u32) -> Option<Place> {
    Some(Place { layer, slot })
}

#[test]
fn a_first_plan_fills_from_the_front_and_leaves_a_tenth_free() {
    let items = fresh(&[40; 30]);
    let plan = plan(&items, &[400, 400, 900, 900]);
    let on_layer = |n| {
        plan.places
            .iter()
            .flatten()
            .filter(|p| p.layer == n)
            .count()
    };
    // 9 × 40 are nine tenths of 400; 20 × 40 are less than nine tenths of 900.
    assert_eq!(
        (on_layer(0), on_layer(1), on_layer(2), on_layer(3)),
        (9, 9, 12, 0)
    );
    assert_eq!(plan.places[9], on(1, 1));
    assert_eq!(plan.moves().count(), 30);
}

#[test]
fn the_free_tenth_is_used_before_a_box_is_left_without_a_place() {
    let items = fresh(&[40; 20]);
    let plan = plan(&items, &[400, 400]);
    assert_eq!(plan.without_place(), 0);
    let more = super::plan(&fresh(&[40; 21]), &[400, 400]);
    assert_eq!(more.without_place(), 1);
    assert_eq!(more.places[20], None);
}

#[test]
fn a_new_box_goes_into_the_free_tenth_and_moves_no_other() {
    let mut items = fresh(&[40; 19]);
    for (n, item) in items.iter_mut().enumerate() {
        let (layer, slot) = (n / 9, n as u32 % 9 + 1);
        item.stands = on(layer, slot);
    }
    items.insert(4, fresh(&[40])[0].clone());
    let plan = plan(&items, &[400; 4]);
    assert_eq!(
        plan.moves().collect::<Vec<_>>(),
        [(4, on(0, 5).expect("a place"))]
    );
}

#[test]
fn a_box_put_back_at_the_wrong_end_is_the_only_one_to_move() {
    let mut items = fresh(&[30; 12]);
    for (n, item) in items.iter_mut().enumerate() {
        item.stands = on(0, n as u32 + 1);
    }
    items[2].stands = on(0, 99);
    let plan = plan(&items, &[900]);
    assert_eq!(plan.moves().map(|(n, _)| n).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_building_begins_on_a_layer_of_its_own() {
    let mut items = fresh(&[40; 10]);
    for item in &mut items[3..] {
        item.group = 1;
    }
    let plan = plan(&items, &[400; 3]);
    assert_eq!(plan.places[2], on(0, 3));
    assert_eq!(plan.places[3], on(1, 1));
}

#[test]
fn no_boxes_and_no_layers_make_no_trouble() {
    assert_eq!(plan(&[], &[400]).moves().count(), 0);
    assert_eq!(plan(&fresh(&[40, 40]), &[]).without_place(), 2);
    assert_eq!(plan(&fresh(&[400]), &[100, 500]).places, [on(1, 1)]);
}

/// 100,000 boxes as they stand after a first plan, in layers of twenty.
fn tidy() -> (Vec<Item>, Vec<u32>) {
    let mut items = fresh(&[40; 100_000]);
    for (n, item) in items.iter_mut().enumerate() {
        item.stands = on(n / 20, n as u32 % 20 + 1);
    }
    (items, vec![900; 5_400])
}

#[test]
fn of_a_hundred_thousand_boxes_those_are_moved_that_have_to_be() {
    let (mut items, widths) = tidy();
    items[50_000].stands = None;
    items[70_000].stands = on(1, 5);
    let plan = plan(&items, &widths);
    let moved: Vec<usize> = plan.moves().map(|(n, _)| n).collect();
    assert_eq!(moved, [50_000, 70_000]);
}

#[test]
fn a_new_building_is_taken_in_by_the_free_tenths_behind_it() {
    let (mut items, widths) = tidy();
    items.truncate(20_000);
    // 120 boxes come in between. Each layer of twenty takes two more in its free tenth: 60
    // layers take them in, and what stands behind those is not touched.
    let new = fresh(&[40; 120]);
    items.splice(10_000..10_000, new);
    let plan = plan(&items, &widths[..1_080]);
    assert_eq!(plan.without_place(), 0);
    let moves = plan.moves().count();
    assert!(moves <= 120 + 60 * 20, "{moves} moves");
    let placed: Vec<Place> = plan.places.iter().flatten().copied().collect();
    assert!(placed.windows(2).all(|w| w[0] < w[1]));
}

#[test]
fn utter_confusion_is_planned_all_the_same() {
    let (mut items, widths) = tidy();
    items.truncate(6_000);
    let spots: Vec<Option<Place>> = items.iter().map(|i| i.stands).collect();
    for (n, item) in items.iter_mut().enumerate() {
        // 7,919 has no divisor in common with 6,000: each stands somewhere else.
        item.stands = spots[n * 7_919 % spots.len()];
    }
    let plan = plan(&items, &widths[..330]);
    assert_eq!(plan.without_place(), 0);
    let placed: Vec<Place> = plan.places.iter().flatten().copied().collect();
    assert!(placed.windows(2).all(|w| w[0] < w[1]));
    assert!(plan.moves().count() < items.len(), "some stay");
}

/// The most boxes that can stay, by trying every way of laying them onto the layers.
fn most_staying(items: &[Item], widths: &[u32], from: usize, layer: usize) -> Option<usize> {
    if layer == widths.len() {
        return (from == items.len()).then_some(0);
    }
    let mut most = None;
    for to in from..=items.len() {
        let block = &items[from..to];
        let wide: u32 = block.iter().map(|i| i.width).sum();
        if wide > widths[layer] || block.windows(2).any(|w| w[0].group != w[1].group) {
            break;
        }
        let slots: Vec<u32> = block
            .iter()
            .filter_map(|i| i.stands.filter(|p| p.layer == layer).map(|p| p.slot))
            .collect();
        let here = longest_by_trying(&slots);
        if let Some(rest) = most_staying(items, widths, to, layer + 1) {
            most = most.max(Some(here + rest));
        }
    }
    most
}

fn longest_by_trying(values: &[u32]) -> usize {
    (0u32..1 << values.len())
        .filter(|set| {
            let picked: Vec<u32> = (0..values.len())
                .filter(|n| set & (1 << n) != 0)
                .map(|n| values[n])
                .collect();
            picked.windows(2).all(|w| w[0] < w[1])
        })
        .map(|set| set.count_ones() as usize)
        .max()
        .unwrap_or(0)
}

fn shelf() -> impl Strategy<Value = (Vec<Item>, Vec<u32>)> {
    let item = (
        prop::sample::select(vec![20u32, 30, 40, 50, 60]),
        0u32..4,
        prop::option::weighted(0.8, (0usize..3, 1u32..9)),
    );
    let layers = prop::collection::vec(prop::sample::select(vec![80u32, 100, 160, 240]), 1..4);
    (prop::collection::vec(item, 0..9), layers, any::<bool>()).prop_map(|(items, layers, apart)| {
        let mut group = 0;
        let items = items.into_iter().map(|(width, step, stands)| {
            group += u32::from(apart && step == 0);
            let stands = stands.map(|(layer, slot)| Place { layer, slot });
            Item {
                width,
                group,
                stands,
            }
        });
        (items.collect(), layers)
    })
}

proptest! {
    #[test]
    fn order_is_kept_no_layer_overflows_and_no_plan_moves_fewer((items, widths) in shelf()) {
        let plan = plan(&items, &widths);
        let placed: Vec<Place> = plan.places.iter().flatten().copied().collect();
        prop_assert!(placed.windows(2).all(|w| w[0] < w[1]), "in order: {:?}", placed);
        let none = plan.without_place();
        prop_assert!(plan.places[items.len() - none..].iter().all(Option::is_none));
        for (layer, width) in widths.iter().enumerate() {
            let here: Vec<&Item> = items
                .iter()
                .zip(&plan.places)
                .filter(|(_, p)| p.is_some_and(|p| p.layer == layer))
                .map(|(i, _)| i)
                .collect();
            prop_assert!(here.iter().map(|i| i.width).sum::<u32>() <= *width);
            prop_assert!(here.windows(2).all(|w| w[0].group == w[1].group));
        }
        // What stays is on its layer and in order.
        let staying: Vec<(Place, Place)> = items
            .iter()
            .zip(&plan.places)
            .zip(&plan.stays)
            .filter(|(_, stays)| **stays)
            .map(|((i, p), _)| (i.stands.expect("stands"), p.expect("placed")))
            .collect();
        prop_assert!(staying.iter().all(|(was, is)| was.layer == is.layer));
        prop_assert!(staying.windows(2).all(|w| w[0].0 < w[1].0));
        let placeable = items.len() - none;
        let most = most_staying(&items[..placeable], &widths, 0, 0);
        prop_assert_eq!(Some(staying.len()), most);
        if none > 0 {
            prop_assert_eq!(most_staying(&items[..=placeable], &widths, 0, 0), None);
        }
    }

    #[test]
    fn where_width_is_no_matter_the_moves_are_those_outside_a_longest_run(
        stands in prop::collection::vec(prop::option::weighted(0.9, (0usize..3, 1u32..30)), 0..11)
    ) {
        let items: Vec<Item> = stands
            .iter()
            .map(|s| Item {
                width: 20,
                group: 0,
                stands: s.map(|(layer, slot)| Place { layer, slot }),
            })
            .collect();
        let plan = plan(&items, &[10_000; 3]);
        let spots: Vec<Place> = items.iter().filter_map(|i| i.stands).collect();
        let longest = longest_increasing(&spots).len();
        prop_assert_eq!(plan.moves().count(), items.len() - longest);
    }

    #[test]
    fn a_plan_that_was_carried_out_asks_for_nothing_more((items, widths) in shelf()) {
        let first = plan(&items, &widths);
        let after: Vec<Item> = items
            .iter()
            .zip(&first.places)
            .filter(|(_, place)| place.is_some())
            .map(|(i, place)| Item { stands: *place, ..i.clone() })
            .collect();
        prop_assert_eq!(plan(&after, &widths).moves().count(), 0);
    }

    #[test]
    fn a_longest_run_is_increasing_and_none_is_longer(values in prop::collection::vec(0u32..20, 0..12)) {
        let run = longest_increasing(&values);
        prop_assert!(run.windows(2).all(|w| w[0] < w[1] && values[w[0]] < values[w[1]]));
        prop_assert_eq!(run.len(), longest_by_trying(&values));
    }
}
