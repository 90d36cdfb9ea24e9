//! Forms keep what was typed and say what is wrong; lists keep their state in the address.

use foundation::page::form::{BODY_BYTES_MAX, FIELDS_MAX, FormTooLarge};
use foundation::page::list::ListQuery;
use foundation::page::words::{Lang, Words, say};
use foundation::page::{Direction, Form, preferences};

fn parse(body: &str) -> Form {
    Form::parse(body.as_bytes()).expect("it is small")
}

#[test]
fn what_was_typed_is_trimmed_kept_and_free_of_nul() {
    crate::furnish();
    let form = parse("name=+%E7%8E%8B%00%E5%A5%B3%E5%A3%AB+&row=1&row=2");
    assert_eq!(form.value("name"), "王女士");
    assert_eq!(form.all("row").collect::<Vec<_>>(), ["1", "2"]);
    assert!(form.has("row", "2") && !form.has("row", "3"));
    assert_eq!(form.value("absent"), "");
}

#[test]
fn a_form_beyond_all_bounds_is_refused_whole() {
    crate::furnish();
    let fields = "a=1&".repeat(FIELDS_MAX + 1);
    assert_eq!(Form::parse(fields.as_bytes()), Err(FormTooLarge));
    assert_eq!(
        Form::parse(&vec![b'a'; BODY_BYTES_MAX + 1]),
        Err(FormTooLarge)
    );
}

#[test]
fn text_is_measured_in_signs_and_the_fault_names_the_field() {
    crate::furnish();
    let mut form = parse(&format!("name={}&empty=", "王".repeat(41)));
    assert_eq!(form.field("name", "nav-me").text(1..=40), None);
    assert_eq!(form.field("empty", "nav-home").text(1..=40), None);
    assert_eq!(
        form.field("empty", "nav-home").text(0..=40),
        Some(String::new())
    );
    let words = Words::new(Lang::ZhHant);
    let said: Vec<_> = form
        .errors()
        .iter()
        .map(|error| words.say(&error.sentence))
        .collect();
    assert_eq!(
        said,
        ["「我的」最多 40 個字，現在是 41 個字。", "請填寫「首頁」。"]
    );
    assert!(form.error("name").is_some() && form.error("other").is_none());
}

#[test]
fn numbers_dates_and_choices_are_read_as_people_type_them() {
    crate::furnish();
    let mut form =
        parse("n=１,２００&big=9&d=2026年1月2日&slash=2026/1/2&wrong=2026-2-30&c=owner&forged=x");
    assert_eq!(form.field("n", "nav-me").number(1..=5_000), Some(1_200));
    assert_eq!(form.field("big", "nav-me").number(1..=5), None);
    let second = Some(jiff::civil::date(2026, 1, 2));
    assert_eq!(form.field("d", "nav-me").date(), second);
    assert_eq!(form.field("slash", "nav-me").date(), second);
    assert_eq!(form.field("wrong", "nav-me").date(), None);
    assert_eq!(
        form.field("c", "nav-me").choice(&["owner", "tenant"]),
        Some("owner")
    );
    assert_eq!(form.field("forged", "nav-me").choice(&["owner"]), None);
    let optional = form
        .field("none", "nav-me")
        .read_optional(|_| Err::<u8, _>(say("error-date")));
    assert_eq!(optional, Some(None));
    assert_eq!(form.errors().len(), 3);
}

#[test]
fn a_secret_is_forgotten_before_the_page_repeats_it() {
    crate::furnish();
    let mut form = parse("password=hunter2&name=a");
    form.forget("password");
    assert_eq!((form.value("password"), form.value("name")), ("", "a"));
}

#[test]
fn a_list_keeps_its_state_in_the_address_and_a_new_filter_begins_at_the_first_page() {
    crate::furnish();
    let list = ListQuery::parse("/queue", "status=late&sort=room&after=k9&q=%E7%8E%8B");
    assert_eq!(list.href("status", ""), "/queue?sort=room&q=%E7%8E%8B");
    assert_eq!(
        list.sort_href("room"),
        "/queue?status=late&q=%E7%8E%8B&sort=-room"
    );
    assert_eq!(list.aria_sort("room"), "ascending");
    assert_eq!(list.sort(&["since", "room"]), ("room", Direction::Up));
    // A forged sort is the default, never SQL.
    let forged = ListQuery::parse("/queue", "sort=1;DROP");
    assert_eq!(forged.sort(&["since", "room"]), ("since", Direction::Up));
    assert_eq!(
        forged.href("status", "a&b"),
        "/queue?sort=1%3BDROP&status=a%26b"
    );
}

#[test]
fn columns_are_all_shown_until_some_are_chosen() {
    crate::furnish();
    assert!(ListQuery::parse("/q", "").shows("name"));
    let some = ListQuery::parse("/q", "col=room&col=name");
    assert!(some.shows("name") && !some.shows("phone"));
}

#[test]
fn a_switch_leads_back_only_within_the_house_and_sets_only_known_values() {
    crate::furnish();
    for (sent, back) in [
        ("/desk", "/desk"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ] {
        assert_eq!(preferences::back(&Form::filled([("back", sent)])), back);
    }
    let form = parse("lang=en&theme=dark%0d%0aSet-Cookie:x&text=huge");
    let cookies = preferences::cookies(&form);
    assert_eq!(cookies.len(), 2);
    assert!(
        cookies[0].starts_with("linli-lang=en;") && cookies[1].starts_with("linli-theme=auto;")
    );
}
