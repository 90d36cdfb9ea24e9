//! Languages, sentences and formats.

use askama::Template;

use foundation::page::words::{Lang, Words, say};
use foundation::page::{Frame, fmt};

/// Monday 23 November 2026, 14:05 in Shanghai.
const MONDAY: i64 = 1_795_413_900_000;

#[test]
fn the_region_decides_the_script_and_the_cookie_decides_before_it() {
    crate::furnish();
    for (accept, cookie, lang) in [
        (Some("zh-TW,zh;q=0.9,en;q=0.8"), None, Lang::ZhHant),
        (Some("zh-HK"), None, Lang::ZhHant),
        (Some("zh-MO"), None, Lang::ZhHant),
        (Some("zh-CN,zh;q=0.9"), None, Lang::ZhHans),
        (Some("zh-SG"), None, Lang::ZhHans),
        (Some("zh"), None, Lang::ZhHans),
        (Some("zh-Hans-HK"), None, Lang::ZhHans),
        (Some("zh-Hant-CN"), None, Lang::ZhHant),
        (Some("en-GB,en;q=0.9"), None, Lang::En),
        (Some("fr, en;q=0.4, zh-TW;q=0.6"), None, Lang::ZhHant),
        (Some("fr"), None, Lang::ZhHant),
        (Some("en;q=0"), None, Lang::ZhHant),
        (Some(";;;,,q=,en;q=x"), None, Lang::ZhHant),
        (None, None, Lang::ZhHant),
        (Some("en"), Some("zh-Hans"), Lang::ZhHans),
        (Some("en"), Some("nonsense"), Lang::En),
    ] {
        assert_eq!(
            Lang::negotiate(accept, cookie),
            lang,
            "{accept:?} {cookie:?}"
        );
    }
}

#[test]
fn sentences_take_values_without_isolation_marks_and_numbers_are_grouped() {
    crate::furnish();
    let words = Words::new(Lang::ZhHant);
    let values = [("done", 1_200_u32.into()), ("total", 100_000_u32.into())];
    assert_eq!(
        words.with("progress-of", &values),
        "已完成 1,200，共 100,000"
    );
    assert_eq!(words.one("list-mark", "what", "王女士"), "選取 王女士");
    assert_eq!(
        words.say(&say("error-required").and_word("label", "nav-me")),
        "請填寫「我的」。"
    );
}

#[test]
fn english_has_plurals() {
    crate::furnish();
    let words = Words::new(Lang::En);
    assert_eq!(words.one("duration-days", "count", 1), "1 day");
    assert_eq!(words.one("duration-days", "count", 1_200), "1,200 days");
}

#[test]
fn simplified_is_converted_with_the_words_of_the_mainland() {
    crate::furnish();
    let words = Words::new(Lang::ZhHans);
    assert_eq!(words.t("skip-to-main"), "跳到主要内容");
    assert_eq!(words.t("act-print"), "打印");
    assert_eq!(
        words.one("error-required", "label", "姓名"),
        "请填写“姓名”。"
    );
    assert_eq!(words.one("ledger-seq", "seq", "7"), "账本第 7 条");
}

#[test]
fn a_missing_key_shows_itself_instead_of_failing_the_page() {
    crate::furnish();
    assert_eq!(Words::new(Lang::En).t("no-such-word"), "no-such-word");
}

#[test]
fn dates_are_written_as_the_language_writes_them() {
    crate::furnish();
    assert_eq!(
        fmt::date(Lang::ZhHant, MONDAY),
        "2026年11月23日（週一）14:05"
    );
    assert_eq!(
        fmt::date(Lang::ZhHans, MONDAY),
        "2026年11月23日（周一）14:05"
    );
    assert_eq!(fmt::date(Lang::En, MONDAY), "Mon 23 Nov 2026, 14:05");
    assert_eq!(fmt::stamp(MONDAY), "2026-11-23 14:05");
    assert_eq!(fmt::datetime(MONDAY), "2026-11-23T14:05:00+08:00");
    // Midnight in the compound is the day before in UTC.
    assert_eq!(
        fmt::day(Lang::En, MONDAY - (14 * 60 + 5) * 60_000),
        "Mon 23 Nov 2026"
    );
}

#[test]
fn instants_beyond_the_calendar_do_not_panic() {
    crate::furnish();
    for ms in [i64::MIN, i64::MAX, 0] {
        assert!(!fmt::date(Lang::ZhHant, ms).is_empty());
    }
}

#[test]
fn money_is_fen_grouped_with_two_places() {
    crate::furnish();
    for (fen, text) in [
        (123_450, "¥1,234.50"),
        (0, "¥0.00"),
        (5, "¥0.05"),
        (-300, "−¥3.00"),
        (100_000_000, "¥1,000,000.00"),
        (i64::MIN, "−¥92,233,720,368,547,758.08"),
    ] {
        assert_eq!(fmt::money(fen), text);
    }
}

#[test]
fn phones_are_grouped_and_strange_ones_left_alone() {
    crate::furnish();
    for (phone, text) in [
        ("13800138000", "138 0013 8000"),
        ("138****8000", "138 **** 8000"),
        ("+8613800138000", "+86 138 0013 8000"),
        ("02162001234", "021 6200 1234"),
        ("021-62001234", "021 6200 1234"),
        ("075526001234", "0755 2600 1234"),
        ("05316200123", "0531 620 0123"),
        ("4008001234", "400 800 1234"),
        ("110", "110"),
        ("", ""),
        ("不詳", "不詳"),
    ] {
        assert_eq!(fmt::phone(phone), text);
    }
}

#[test]
fn spans_are_said_in_their_largest_unit() {
    crate::furnish();
    let words = Words::new(Lang::ZhHant);
    assert_eq!(fmt::duration(&words, 59_000), "不到一分鐘");
    assert_eq!(fmt::duration(&words, 45 * 60_000), "45 分鐘");
    assert_eq!(
        fmt::relative(&words, MONDAY, MONDAY - 3 * 86_400_000),
        "3 天前"
    );
    assert_eq!(
        fmt::relative(&words, MONDAY, MONDAY + 2 * 3_600_000),
        "2 小時後"
    );
}

#[derive(Template)]
#[template(
    source = "{{ frame.with(\"progress-of\", [(\"done\", done.into()), (\"total\", total.into())]) }} {{ frame.one(\"list-mark\", \"what\", name) }}",
    ext = "html"
)]
struct Sample {
    frame: Frame,
    done: u32,
    total: u64,
    name: String,
}

#[test]
fn templates_put_values_into_sentences_and_escape_them() {
    crate::furnish();
    let sample = Sample {
        frame: Frame::default(),
        done: 3,
        total: 4,
        name: "<王>".into(),
    };
    let said = sample.render().expect("it is rendered into memory");
    assert_eq!(said, "已完成 3，共 4 選取 &#60;王&#62;");
}
