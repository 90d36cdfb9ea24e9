//! What the table does not know: deputies, boxes, copies, the register, who is frozen.

use super::*;

const V: &str = "viewing:v";
const MANAGER: (&str, &str) = ("a:1", "manager");
const SPECIALIST: (&str, &str) = ("a:2", "specialist");
const ASKER: (&str, &str) = ("a:0", "supervisor");
const CLOCK: (&str, &str) = ("system", "");

fn submitted(log: &mut Log, v: &str) {
    log.fine(e::DRAFTED, v, ASKER, json!({ "dossiers": ["d0"] }));
    let facts = json!({ "asker_as": "p0", "way": "ordinary", "purpose": "court",
        "dossiers": ["d0"], "kinds": 1, "modes": 15, "window": HOUR });
    log.fine(e::SUBMITTED, v, ASKER, facts);
}

fn approval() -> Json {
    json!({ "approver_as": "p1", "kinds": 1, "modes": 15, "window": HOUR })
}

fn opened(log: &mut Log, v: &str, nth: i64) {
    submitted(log, v);
    log.fine(e::APPROVED, v, MANAGER, approval());
    let entered = json!({ "registrar_as": "p2", "year": 2026, "nth": nth });
    log.fine(e::REGISTERED, v, SPECIALIST, entered);
    let ends = log.now.plus(HOUR).0;
    log.fine(e::ACTIVATED, v, ASKER, json!({ "ends": ends }));
}

fn page(mode: &str) -> Json {
    json!({ "dossier": "d0", "document": "x", "kind": "a", "page": 1, "mode": mode, "code": 1 })
}

#[test]
fn a_deputy_decides_once_another_confirmed_them_and_for_a_week_at_most() {
    let mut log = Log::new();
    let deputy = ("a:8", "supervisor");
    let named = |days: i64| {
        json!({ "account": "8", "person": "p8", "named_as": "p1",
                                    "until": START.plus(days * DAY).0 })
    };
    submitted(&mut log, V);
    let decided = json!({ "approver_as": "p8", "kinds": 1, "modes": 15, "window": HOUR });
    log.wrong(e::APPROVED, V, deputy, decided.clone());
    log.wrong(e::DEPUTY_NAMED, "deputy:d", MANAGER, named(8));
    log.wrong(e::DEPUTY_NAMED, "deputy:d", deputy, named(7));
    log.wrong(
        e::DEPUTY_CONFIRMED,
        "deputy:d",
        MANAGER,
        json!({ "confirmed_as": "p3" }),
    );
    log.fine(e::DEPUTY_NAMED, "deputy:d", MANAGER, named(7));
    log.wrong(e::APPROVED, V, deputy, decided.clone());
    for by in ["p1", "p8"] {
        log.wrong(
            e::DEPUTY_CONFIRMED,
            "deputy:d",
            MANAGER,
            json!({ "confirmed_as": by }),
        );
    }
    log.fine(
        e::DEPUTY_CONFIRMED,
        "deputy:d",
        ("a:3", "host"),
        json!({ "confirmed_as": "p3" }),
    );
    log.fine(e::APPROVED, V, deputy, decided.clone());
    submitted(&mut log, "viewing:w");
    log.now = START.plus(2 * DAY);
    log.fine(e::DEPUTY_ENDED, "deputy:d", MANAGER, json!({}));
    log.wrong(e::APPROVED, "viewing:w", deputy, decided);
}

#[test]
fn a_box_is_lent_under_an_open_grant_once_and_due_when_the_window_ends() {
    let mut log = Log::new();
    opened(&mut log, V, 1);
    let lent = |loan: &str, due: i64| json!({ "box": "b", "loan": loan, "due": due });
    let due = log.now.plus(HOUR).0;
    log.wrong(e::BOX_LENT, V, ASKER, lent("l", due));
    log.wrong(e::BOX_LENT, V, SPECIALIST, lent("l", due + 1));
    log.wrong(e::BOX_RETURNED, V, SPECIALIST, lent("l", due));
    log.fine(e::BOX_LENT, V, SPECIALIST, lent("l", due));
    log.wrong(e::BOX_LENT, V, SPECIALIST, lent("m", due));
    // Revoked after ten minutes: due then, and late after.
    log.now = log.now.plus(10 * MINUTE);
    let revoked = log.now;
    log.fine(e::REVOKED, V, MANAGER, json!({ "decider_as": "p1" }));
    log.now = log.now.plus(MINUTE);
    log.fine(e::BOX_RETURNED, V, SPECIALIST, lent("l", due));
    let late = Box::new(log.rule).late(revoked.plus(HOUR));
    assert_eq!(late.len(), 1, "{late:?}");
    assert_eq!(late[0].due, revoked);
}

#[test]
fn a_copy_is_of_recorded_pages_with_the_next_number_and_comes_back_once() {
    let mut log = Log::new();
    opened(&mut log, V, 1);
    let due = log.now.plus(DAY).0;
    let copy = |nth: i64, pages: i64, due: i64| {
        json!({ "document": "x", "mode": "print",
        "copy": nth, "pages": pages, "due": due })
    };
    log.wrong(e::PRINTED, V, ASKER, copy(1, 1, due));
    log.fine(e::PAGE_READ, V, ASKER, page("print"));
    log.wrong(e::PRINTED, V, ASKER, copy(1, 2, due));
    log.fine(e::PAGE_READ, V, ASKER, page("print"));
    log.fine(e::PRINTED, V, ASKER, copy(1, 1, due));
    log.fine(e::PAGE_READ, V, ASKER, page("print"));
    log.wrong(e::PRINTED, V, ASKER, copy(1, 1, due));
    log.wrong(
        e::COPY_ENDED,
        V,
        SPECIALIST,
        json!({ "copy": 2, "how": "shredded" }),
    );
    log.fine(
        e::COPY_ENDED,
        V,
        SPECIALIST,
        json!({ "copy": 1, "how": "shredded" }),
    );
    log.wrong(
        e::COPY_ENDED,
        V,
        SPECIALIST,
        json!({ "copy": 1, "how": "shredded" }),
    );
}

#[test]
fn the_register_has_no_gap_and_no_number_twice() {
    let mut log = Log::new();
    opened(&mut log, V, 1);
    submitted(&mut log, "viewing:w");
    log.fine(e::APPROVED, "viewing:w", MANAGER, approval());
    for (year, nth) in [(2026, 1), (2026, 3), (2025, 1)] {
        let entered = json!({ "registrar_as": "p2", "year": year, "nth": nth });
        log.wrong(e::REGISTERED, "viewing:w", SPECIALIST, entered);
    }
    let entered = json!({ "registrar_as": "p2", "year": 2026, "nth": 2 });
    log.fine(e::REGISTERED, "viewing:w", SPECIALIST, entered);
}

#[test]
fn who_is_frozen_asks_opens_and_reads_nothing_until_somebody_looked_into_it() {
    let mut log = Log::new();
    opened(&mut log, V, 1);
    let alarm = json!({ "asker_as": "p0", "purpose": "police", "dossiers": ["d0"], "kinds": 1,
        "ends": log.now.plus(15 * MINUTE).0 });
    let broken = "viewing:broken";
    log.fine(e::BROKEN, broken, ASKER, alarm.clone());
    log.fine(e::PAGE_READ, broken, ASKER, page("view"));
    log.fine(e::CLOSED, broken, ASKER, json!({ "closer_as": "p0" }));
    let condemned = json!({ "reviewer_as": "p1" });
    log.fine(e::CONDEMNED, broken, MANAGER, condemned);
    log.wrong(e::PAGE_READ, V, ASKER, page("view"));
    log.wrong(e::BROKEN, "viewing:again", ASKER, alarm.clone());
    log.fine(
        e::DRAFTED,
        "viewing:w",
        ASKER,
        json!({ "dossiers": ["d0"] }),
    );
    let asked = json!({ "asker_as": "p0", "way": "ordinary", "dossiers": ["d0"], "kinds": 1,
        "modes": 1, "window": HOUR });
    log.wrong(e::SUBMITTED, "viewing:w", ASKER, asked.clone());
    log.wrong(e::THAWED, broken, ASKER, json!({}));
    log.fine(e::THAWED, broken, MANAGER, json!({}));
    log.fine(e::SUBMITTED, "viewing:w", ASKER, asked);
    log.fine(e::PAGE_READ, V, ASKER, page("view"));
}

#[test]
fn a_forged_grant_opens_nothing_and_a_page_under_it_is_named() {
    let mut log = Log::new();
    submitted(&mut log, V);
    log.wrong(e::APPROVED, V, ASKER, approval());
    let entered = json!({ "registrar_as": "p2", "year": 2026, "nth": 1 });
    log.wrong(e::REGISTERED, V, SPECIALIST, entered);
    let ends = log.now.plus(HOUR).0;
    log.wrong(e::ACTIVATED, V, ASKER, json!({ "ends": ends }));
    let out = log.say(e::PAGE_READ, V, ASKER, page("view"));
    assert_eq!(out, Some("viewings.read_within_grant"));
    // A second opening in the middle of a window lengthens nothing.
    opened(&mut log, "viewing:w", 1);
    log.now = log.now.plus(50 * MINUTE);
    let longer = json!({ "ends": log.now.plus(HOUR).0 });
    log.wrong(e::ACTIVATED, "viewing:w", ASKER, longer);
    log.wrong(e::APPROVED, "viewing:w", MANAGER, approval());
    log.now = log.now.plus(11 * MINUTE);
    log.wrong(e::PAGE_READ, "viewing:w", ASKER, page("view"));
    log.fine(e::EXPIRED, "viewing:w", CLOCK, json!({ "pages": 0 }));
}

#[test]
fn a_box_comes_back_counted_and_a_difference_is_settled_once() {
    let mut log = Log::new();
    opened(&mut log, V, 1);
    let due = log.now.plus(HOUR).0;
    let lent = json!({ "box": "b", "loan": "l", "due": due, "pages": 3 });
    let back = |pages: Option<i64>| json!({ "box": "b", "loan": "l", "pages": pages });
    let settled = json!({ "box": "b", "loan": "l", "found": "recovered" });
    log.fine(e::BOX_LENT, V, SPECIALIST, lent);
    log.wrong(e::BOX_RETURNED, V, SPECIALIST, back(None));
    log.wrong(e::BOX_SETTLED, V, SPECIALIST, settled.clone());
    log.fine(e::BOX_RETURNED, V, SPECIALIST, back(Some(2)));
    log.fine(e::BOX_SETTLED, V, SPECIALIST, settled.clone());
    log.wrong(e::BOX_SETTLED, V, SPECIALIST, settled);
}

const OTHER: (&str, &str) = ("a:5", "specialist");

/// Whose file it is asks, and the manager approves.
fn own_approved(log: &mut Log, v: &str) {
    log.fine(e::DRAFTED, v, ASKER, json!({ "dossiers": ["d0"] }));
    let facts = json!({ "asker_as": "p0", "way": "own", "purpose": "own",
        "dossiers": ["d0"], "kinds": 1, "modes": 1, "window": HOUR });
    log.fine(e::SUBMITTED, v, ASKER, facts);
    let granted = json!({ "approver_as": "p1", "kinds": 1, "modes": 1, "window": HOUR });
    log.fine(e::APPROVED, v, MANAGER, granted);
}

fn covered(page: i64, by: &str) -> Json {
    json!({ "dossier": "d0", "document": "x", "kind": "a", "page": page, "person_as": by })
}

#[test]
fn an_own_file_is_read_page_by_page_as_one_covered_and_another_released_it() {
    let mut log = Log::new();
    own_approved(&mut log, V);
    let by = |who: &str| json!({ "person_as": who, "alone": 0 });
    let entered = json!({ "registrar_as": "p2", "year": 2026, "nth": 1 });
    log.wrong(e::REGISTERED, V, SPECIALIST, entered.clone());
    log.wrong(e::COVERED, V, ASKER, covered(1, "p0"));
    log.wrong(e::COVER_OFFERED, V, SPECIALIST, by("p2"));
    log.fine(e::COVERED, V, SPECIALIST, covered(1, "p2"));
    log.fine(e::COVER_OFFERED, V, SPECIALIST, by("p2"));
    log.wrong(e::COVER_SEEN, V, SPECIALIST, covered(1, "p2"));
    log.wrong(e::COVER_RELEASED, V, OTHER, by("p5"));
    log.fine(e::COVER_SEEN, V, OTHER, covered(1, "p5"));
    log.wrong(e::COVER_VOUCHED, V, MANAGER, by("p5"));
    log.fine(e::COVER_SENT_BACK, V, OTHER, by("p5"));
    log.fine(e::COVER_OFFERED, V, SPECIALIST, by("p2"));
    // What was seen before it was sent back counts no more.
    log.wrong(e::COVER_RELEASED, V, OTHER, by("p5"));
    log.fine(e::COVER_SEEN, V, OTHER, covered(1, "p5"));
    log.fine(e::COVER_RELEASED, V, OTHER, by("p5"));
    log.fine(e::REGISTERED, V, SPECIALIST, entered);
    let ends = log.now.plus(HOUR).0;
    log.fine(e::ACTIVATED, V, ASKER, json!({ "ends": ends }));
    log.fine(e::PAGE_READ, V, ASKER, page("view"));
    let mut other = page("view");
    other["page"] = json!(2);
    log.wrong(e::PAGE_READ, V, ASKER, other);
}

#[test]
fn a_request_in_the_form_of_before_stands_only_before_the_first_of_now() {
    let before = e::BEFORE_RELEASE[0];
    let facts = json!({ "asker_as": "p0", "way": "own", "purpose": "own",
        "dossiers": ["d0"], "kinds": 1, "modes": 1, "window": HOUR });
    let mut log = Log::new();
    for v in ["viewing:a", "viewing:b"] {
        log.fine(e::DRAFTED, v, ASKER, json!({ "dossiers": ["d0"] }));
    }
    log.fine(before, "viewing:a", ASKER, facts.clone());
    own_approved(&mut log, V);
    log.wrong(before, "viewing:b", ASKER, facts);
}
