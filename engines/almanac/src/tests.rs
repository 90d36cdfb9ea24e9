//! Known dates of several years, as calendars print them.

use jiff::civil::{Date, date};

use super::*;

#[test]
fn lunar_festivals_fall_where_calendars_print_them() {
    let known: &[(i16, Festival, &str)] = &[
        (2020, Festival::SpringFestival, "2020-01-25"),
        (2021, Festival::SpringFestival, "2021-02-12"),
        (2023, Festival::SpringFestival, "2023-01-22"),
        (2024, Festival::SpringFestival, "2024-02-10"),
        (2025, Festival::SpringFestival, "2025-01-29"),
        (2026, Festival::SpringFestival, "2026-02-17"),
        (2033, Festival::SpringFestival, "2033-01-31"),
        (2024, Festival::NewYearsEve, "2024-02-09"),
        (2025, Festival::NewYearsEve, "2025-01-28"),
        (2025, Festival::Lantern, "2025-02-12"),
        (2026, Festival::Lantern, "2026-03-03"),
        (2024, Festival::DragonBoat, "2024-06-10"),
        (2025, Festival::DragonBoat, "2025-05-31"),
        (2026, Festival::DragonBoat, "2026-06-19"),
        (2025, Festival::Qixi, "2025-08-29"),
        (2023, Festival::MidAutumn, "2023-09-29"),
        (2024, Festival::MidAutumn, "2024-09-17"),
        (2025, Festival::MidAutumn, "2025-10-06"),
        (2026, Festival::MidAutumn, "2026-09-25"),
        (2024, Festival::DoubleNinth, "2024-10-11"),
        (2025, Festival::DoubleNinth, "2025-10-29"),
        (2024, Festival::Laba, "2024-01-18"),
        (2026, Festival::Laba, "2026-01-26"),
    ];
    for (year, festival, day) in known {
        let day: Date = day.parse().expect("a date");
        assert_eq!(festival.date_in(*year), Some(day), "{festival:?} {year}");
    }
}

#[test]
fn solar_terms_and_sundays_move_within_their_days() {
    let known = [
        (Festival::Qingming, date(2023, 4, 5)),
        (Festival::Qingming, date(2024, 4, 4)),
        (Festival::Qingming, date(2026, 4, 5)),
        (Festival::Dongzhi, date(2023, 12, 22)),
        (Festival::Dongzhi, date(2024, 12, 21)),
        (Festival::Dongzhi, date(2026, 12, 22)),
        (Festival::Mother, date(2026, 5, 10)),
        (Festival::Father, date(2026, 6, 21)),
        (Festival::National, date(2026, 10, 1)),
    ];
    for (festival, day) in known {
        assert_eq!(festival.date_in(day.year()), Some(day), "{festival:?}");
    }
}

#[test]
fn a_festival_is_not_kept_again_in_a_leap_month() {
    // 2025 has two sixth months, 2028 two fifth ones.
    assert_eq!(Festival::DragonBoat.dates_in(2028), vec![date(2028, 5, 28)]);
}

#[test]
fn every_year_has_each_moving_festival_once_and_in_order() {
    for year in YEARS {
        let all = festivals(year);
        assert!(all.windows(2).all(|w| w[0].0 <= w[1].0), "{year}");
        for festival in Festival::ALL {
            let n = all.iter().filter(|(_, f)| f == festival).count();
            let late = matches!(festival, Festival::Laba | Festival::LittleNewYear);
            assert!(n == 1 || late && n <= 2, "{festival:?} in {year}: {n}");
        }
    }
    assert!(festivals(1911).is_empty() && festivals(2200).is_empty());
}

#[test]
fn the_next_festivals_begin_after_the_day_and_run_over_the_year() {
    let next = next_festivals(date(2026, 12, 22), 3);
    let days: Vec<Date> = next.iter().map(|(d, _)| *d).collect();
    assert_eq!(next[0], (date(2027, 1, 1), Festival::NewYear));
    assert_eq!(
        days,
        [date(2027, 1, 1), date(2027, 1, 15), date(2027, 1, 30)]
    );
    assert!(next_festivals(date(2199, 12, 31), 5).is_empty());
}

#[test]
fn published_holidays_tell_rest_from_work() {
    let rest = statutory(date(2024, 10, 1)).expect("published");
    assert!(!rest.worked && rest.name.contains("国庆"), "{rest:?}");
    // 2024-09-29, a Sunday, was worked for the National Day.
    assert!(statutory(date(2024, 9, 29)).expect("published").worked);
    assert_eq!(statutory(date(2024, 10, 15)), None);
    assert!(knows_statutory(2025) && !knows_statutory(2150));
}

#[test]
fn words_are_read_back() {
    for f in Festival::ALL {
        assert_eq!(Festival::from_word(f.word()), Some(*f));
    }
    assert_eq!(Festival::from_word("x"), None);
}
