//! The almanac: Chinese festivals of any year, solar and lunar, and the holidays that the
//! State Council has published. Pure: whoever asks says which day it is.
//!
//! Lunar dates and solar terms come from `tyme4rs`, which computes them astronomically. The
//! published holidays end with the table of its release: next year's come in November,
//! after any release, so the office may always overrule them.

use jiff::civil::Date;
use tyme4rs::tyme::holiday::LegalHoliday;
use tyme4rs::tyme::lunar::LunarDay;
use tyme4rs::tyme::solar::{SolarDay, SolarTerm};

/// The years that are worked out: from the first with the solar calendar (1912) to as far as
/// anybody plans; asking for a year stays bounded.
pub const YEARS: std::ops::RangeInclusive<i16> = 1912..=2199;

/// Solar terms counted from the winter solstice of the year before.
const QINGMING: isize = 7;
const DONGZHI: isize = 24;

macro_rules! festivals {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $chinese:literal;)*) => {
        /// A day on which the office may greet or tell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Festival { $($(#[$doc])* $name),* }

        impl Festival {
            /// In the order of an ordinary year.
            pub const ALL: &'static [Festival] = &[$(Festival::$name),*];

            /// As stored, and as keys of words are made of it.
            pub fn word(self) -> &'static str {
                match self { $(Festival::$name => $word),* }
            }

            /// As people call it, in traditional script.
            pub fn chinese(self) -> &'static str {
                match self { $(Festival::$name => $chinese),* }
            }
        }
    };
}

festivals! {
    NewYear = "new-year", "元旦";
    /// The 8th of the twelfth month.
    Laba = "laba", "臘八節";
    /// The 23rd of the twelfth month, as the north keeps it.
    LittleNewYear = "little-new-year", "小年";
    /// The last day of the lunar year: the 29th or the 30th.
    NewYearsEve = "new-years-eve", "除夕";
    SpringFestival = "spring-festival", "春節";
    Lantern = "lantern", "元宵節";
    Women = "women", "婦女節";
    Arbor = "arbor", "植樹節";
    Qingming = "qingming", "清明節";
    Labour = "labour", "勞動節";
    Youth = "youth", "青年節";
    /// The second Sunday of May.
    Mother = "mother", "母親節";
    Children = "children", "兒童節";
    /// The third Sunday of June.
    Father = "father", "父親節";
    DragonBoat = "dragon-boat", "端午節";
    Army = "army", "建軍節";
    Qixi = "qixi", "七夕";
    Zhongyuan = "zhongyuan", "中元節";
    Teacher = "teacher", "教師節";
    MidAutumn = "mid-autumn", "中秋節";
    National = "national", "國慶節";
    DoubleNinth = "double-ninth", "重陽節";
    /// The National Fire Safety Day, of which a property office reminds (消防法).
    FireSafety = "fire-safety", "全國消防日";
    Dongzhi = "dongzhi", "冬至";
}

impl Festival {
    pub fn from_word(word: &str) -> Option<Festival> {
        Festival::ALL.iter().copied().find(|f| f.word() == word)
    }

    /// Its day within the solar year; `None` outside [`YEARS`], or where it falls on no day of
    /// that year (臘八 near the end of December skips a year now and then).
    pub fn date_in(self, year: i16) -> Option<Date> {
        self.dates_in(year).into_iter().next()
    }

    /// Every day of the solar year on which it falls: mostly one; of 臘八 none or two at times.
    pub fn dates_in(self, year: i16) -> Vec<Date> {
        if !YEARS.contains(&year) {
            return Vec::new();
        }
        let y = isize::from(year);
        let found: Vec<Option<Date>> = match self.rule() {
            Rule::Solar(month, day) => vec![Date::new(year, month, day).ok()],
            Rule::Sunday(month, which) => vec![sunday(year, month, which)],
            Rule::Term(index) => vec![term(y, index)],
            Rule::Lunar(month, day) => [y - 1, y].map(|ly| lunar(ly, month, day)).to_vec(),
            Rule::DayBeforeNewYear => {
                let eve = lunar(y, 1, 1).and_then(|d| d.yesterday().ok());
                vec![eve]
            }
        };
        found
            .into_iter()
            .flatten()
            .filter(|d| d.year() == year)
            .collect()
    }

    fn rule(self) -> Rule {
        match self {
            Festival::NewYear => Rule::Solar(1, 1),
            Festival::Laba => Rule::Lunar(12, 8),
            Festival::LittleNewYear => Rule::Lunar(12, 23),
            Festival::NewYearsEve => Rule::DayBeforeNewYear,
            Festival::SpringFestival => Rule::Lunar(1, 1),
            Festival::Lantern => Rule::Lunar(1, 15),
            Festival::Women => Rule::Solar(3, 8),
            Festival::Arbor => Rule::Solar(3, 12),
            Festival::Qingming => Rule::Term(QINGMING),
            Festival::Labour => Rule::Solar(5, 1),
            Festival::Youth => Rule::Solar(5, 4),
            Festival::Mother => Rule::Sunday(5, 2),
            Festival::Children => Rule::Solar(6, 1),
            Festival::Father => Rule::Sunday(6, 3),
            Festival::DragonBoat => Rule::Lunar(5, 5),
            Festival::Army => Rule::Solar(8, 1),
            Festival::Qixi => Rule::Lunar(7, 7),
            Festival::Zhongyuan => Rule::Lunar(7, 15),
            Festival::Teacher => Rule::Solar(9, 10),
            Festival::MidAutumn => Rule::Lunar(8, 15),
            Festival::National => Rule::Solar(10, 1),
            Festival::DoubleNinth => Rule::Lunar(9, 9),
            Festival::FireSafety => Rule::Solar(11, 9),
            Festival::Dongzhi => Rule::Term(DONGZHI),
        }
    }
}

enum Rule {
    Solar(i8, i8),
    /// The n-th Sunday of a month.
    Sunday(i8, i8),
    Term(isize),
    /// Never in a leap month: a festival is kept in the month before it.
    Lunar(isize, usize),
    DayBeforeNewYear,
}

fn sunday(year: i16, month: i8, which: i8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    first
        .nth_weekday_of_month(which, jiff::civil::Weekday::Sunday)
        .ok()
}

fn term(year: isize, index: isize) -> Option<Date> {
    let term = SolarTerm::from_index(year, index);
    civil(&term.get_julian_day().get_solar_day())
}

fn lunar(year: isize, month: isize, day: usize) -> Option<Date> {
    let day = LunarDay::new(year, month, day).ok()?;
    civil(&day.get_solar_day())
}

fn civil(day: &SolarDay) -> Option<Date> {
    let year = i16::try_from(day.get_year()).ok()?;
    let month = i8::try_from(day.get_month()).ok()?;
    Date::new(year, month, i8::try_from(day.get_day()).ok()?).ok()
}

/// All festivals of a solar year by date; empty outside [`YEARS`].
pub fn festivals(year: i16) -> Vec<(Date, Festival)> {
    let mut all: Vec<(Date, Festival)> = Festival::ALL
        .iter()
        .flat_map(|f| f.dates_in(year).into_iter().map(|d| (d, *f)))
        .collect();
    all.sort_unstable();
    all
}

/// The next festivals after a day, the day itself not counted, at most `count` of them.
pub fn next_festivals(after: Date, count: usize) -> Vec<(Date, Festival)> {
    // A year has about two dozen, so the years looked at are bounded by what is asked for.
    (after.year()..=*YEARS.end())
        .flat_map(festivals)
        .filter(|(date, _)| *date > after)
        .take(count)
        .collect()
}

/// What the State Council's holiday notice says of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statutory {
    pub date: Date,
    /// The holiday's name as published, in simplified script.
    pub name: String,
    /// A weekend day that is worked for the holiday (調休).
    pub worked: bool,
}

/// What was published about a day; `None` for ordinary days and for years whose notice this
/// release does not know.
pub fn statutory(date: Date) -> Option<Statutory> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let found = LegalHoliday::from_ymd(
        isize::from(year),
        usize::try_from(month).ok()?,
        usize::try_from(day).ok()?,
    )?;
    use tyme4rs::tyme::Culture as _;
    Some(Statutory {
        date,
        name: found.get_name(),
        worked: found.is_work(),
    })
}

/// Whether the notice for a year is in this release; every notice names its 1 October.
pub fn knows_statutory(year: i16) -> bool {
    Date::new(year, 10, 1).is_ok_and(|d| statutory(d).is_some())
}

#[cfg(test)]
mod tests;
