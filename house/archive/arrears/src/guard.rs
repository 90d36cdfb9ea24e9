//! What the law and good custom forbid whoever collects: when, how often, with which words.
//! Each refusal names its source, so that the page can show it.

use foundation::page::key;
use jiff::ToSpan;
use jiff::civil::Date;

/// Nobody is called before 9:00 or from 20:00 on; a convention on the ground of 民法典 1033(1).
pub const FROM_MINUTE: i64 = 9 * 60;
pub const UNTIL_MINUTE: i64 = 20 * 60;
/// A household is called on at most once a day and three times in seven days.
pub const A_WEEK_MAX: usize = 3;
const WEEK_DAYS: i32 = 7;

/// What is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlawful {
    /// Outside of 9:00 to 20:00.
    Hours,
    /// A second time on one day.
    Day,
    /// A fourth time within seven days.
    Week,
    /// Words that threaten to cut off water, power, gas or heat.
    CutOff,
    /// Words that threaten the door, the lift or the car.
    Access,
    /// Words that threaten to name the debtor, or naming in the group.
    Naming,
    /// Words that the city's pack refuses.
    Local,
}

impl Unlawful {
    /// Every guard rail, as the page lists them.
    pub const ALL: [Unlawful; 7] = [
        Unlawful::CutOff,
        Unlawful::Access,
        Unlawful::Naming,
        Unlawful::Local,
        Unlawful::Hours,
        Unlawful::Day,
        Unlawful::Week,
    ];

    /// The key of what is refused.
    pub fn sentence(self) -> &'static str {
        match self {
            Unlawful::Hours => key("arrears-law-hours"),
            Unlawful::Day => key("arrears-law-day"),
            Unlawful::Week => key("arrears-law-week"),
            Unlawful::CutOff => key("arrears-law-cutoff"),
            Unlawful::Access => key("arrears-law-access"),
            Unlawful::Naming => key("arrears-law-naming"),
            Unlawful::Local => key("arrears-law-local"),
        }
    }

    /// The key of the article that it rests on.
    pub fn article(self) -> &'static str {
        match self {
            Unlawful::Hours | Unlawful::Day | Unlawful::Week => key("arrears-article-1033"),
            Unlawful::CutOff => key("arrears-article-944"),
            Unlawful::Access => key("arrears-article-local"),
            Unlawful::Naming => key("arrears-article-25"),
            Unlawful::Local => key("arrears-article-pack"),
        }
    }
}

/// Folded words: simplified, lower case, without spaces. The longer lists are what offices were
/// fined for.
const CUT_OFF: &[&str] = &[
    "停水",
    "断水",
    "限水",
    "停电",
    "断电",
    "限电",
    "停气",
    "断气",
    "停燃气",
    "断燃气",
    "停暖",
    "断暖",
    "停热",
    "停供",
    "停止供",
    "切断",
    "拉闸",
    "cutoff",
    "cuttingoff",
    "disconnect",
];
const ACCESS: &[&str] = &[
    "门禁",
    "门卡",
    "电梯",
    "梯控",
    "车辆",
    "车牌",
    "道闸",
    "抬杆",
    "锁车",
    "锁门",
    "换锁",
    "禁止进入",
    "不准进",
    "不让进",
    "限制进入",
    "accesscard",
    "lift",
    "elevator",
    "yourcar",
    "carbarrier",
    "lockyou",
];
const NAMING: &[&str] = &[
    "公示",
    "公布",
    "曝光",
    "点名",
    "贴出",
    "上墙",
    "业主群",
    "群里",
    "告诉邻居",
    "你单位",
    "你公司",
    "黑名单",
    "nameyou",
    "blacklist",
    "ownersgroup",
    "neighbours",
    "youremployer",
];

/// A text as words are looked for in it: simplified, lower case, letters and digits only.
pub fn folded(text: &str) -> String {
    let key = hanzi::fold::key(text);
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What is wrong with words that the office says or writes to a household.
pub fn words(text: &str) -> Option<Unlawful> {
    let folded = folded(text);
    let says = |list: &[&str]| list.iter().any(|word| folded.contains(word));
    if says(CUT_OFF) {
        Some(Unlawful::CutOff)
    } else if says(ACCESS) {
        Some(Unlawful::Access)
    } else if says(NAMING) {
        Some(Unlawful::Naming)
    } else {
        None
    }
}

/// Whether the office may call on a household at this minute of the day.
pub fn hour(minute: i64) -> Option<Unlawful> {
    (!(FROM_MINUTE..UNTIL_MINUTE).contains(&minute)).then_some(Unlawful::Hours)
}

/// Whether it may call on one on a day, after it did on other days.
pub fn frequency(day: Date, others: &[Date]) -> Option<Unlawful> {
    if others.contains(&day) {
        return Some(Unlawful::Day);
    }
    // Any seven days that the day lies in: what is logged later may lie between others.
    let crowded = (0..WEEK_DAYS).any(|back| {
        let first = day.saturating_sub(back.days());
        let last = first.saturating_add((WEEK_DAYS - 1).days());
        let within = others.iter().filter(|d| (first..=last).contains(d));
        within.count() >= A_WEEK_MAX
    });
    crowded.then_some(Unlawful::Week)
}

/// The days around `day` that [`frequency`] looks at.
pub fn looked_at(day: Date) -> (Date, Date) {
    let reach = (WEEK_DAYS - 1).days();
    (day.saturating_sub(reach), day.saturating_add(reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn words_that_threaten_are_found_however_they_are_written() {
        for (text, unlawful) in [
            ("再不繳費就停水停電", Unlawful::CutOff),
            ("再不缴费就断 电", Unlawful::CutOff),
            ("將停止供應熱水", Unlawful::CutOff),
            ("We will cut off your water", Unlawful::CutOff),
            ("你的門禁卡將失效", Unlawful::Access),
            ("電梯刷不了的", Unlawful::Access),
            ("車輛不得進入", Unlawful::Access),
            ("名單會在業主群公佈", Unlawful::Naming),
            ("到時公示在樓下", Unlawful::Naming),
        ] {
            assert_eq!(words(text), Some(unlawful), "{text}");
        }
    }

    #[test]
    fn a_courteous_reminder_passes() {
        for text in [
            "",
            "您好，三月的物業費還未收到，請問方便何時繳納？",
            "請您核對帳單；如有疑問，我們可以逐項說明。",
            "Good morning, may I ask when you could settle the March bill?",
        ] {
            assert_eq!(words(text), None, "{text}");
        }
    }

    #[test]
    fn nobody_is_called_at_night() {
        for (minute, fine) in [(539, false), (540, true), (1_199, true), (1_200, false)] {
            assert_eq!(hour(minute).is_none(), fine, "{minute}");
        }
    }

    #[test]
    fn at_most_once_a_day_and_thrice_in_any_seven_days() {
        let d = |n: i8| date(2025, 3, n);
        assert_eq!(frequency(d(10), &[d(10)]), Some(Unlawful::Day));
        assert_eq!(frequency(d(10), &[d(4), d(9)]), None);
        assert_eq!(frequency(d(10), &[d(4), d(8), d(9)]), Some(Unlawful::Week));
        assert_eq!(frequency(d(10), &[d(3), d(8), d(9)]), None);
        // Logged later, it lies between others.
        assert_eq!(
            frequency(d(10), &[d(9), d(11), d(12)]),
            Some(Unlawful::Week)
        );
    }
}
