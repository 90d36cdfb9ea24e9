//! What a dial says. Pure. Quantities are thousandths of a unit (m³, kWh).

use jiff::civil::Date;

/// The most digits that a dial has before its point.
pub const DIGITS_MAX: i64 = 9;
/// A use so many times the usual one is asked about before it is billed.
const TIMES_USUAL: i64 = 3;
/// Below so much nobody asks: a household that was away uses many times its usual nothing.
const NEVER_ASKED: i64 = 5_000;
/// Readings from which a usual use can be told.
const TOLD_FROM: usize = 2;

/// A reading as it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    pub day: Date,
    /// The dial.
    pub value: i64,
    /// All that went through the meter until then.
    pub total: i64,
    /// Whether somebody only reckoned it: the next real reading may lie below it.
    pub reckoned: bool,
}

/// What went through since the stand before; negative only after a reckoned one. `None` when
/// the dial ran back, which it does not do by itself.
///
/// A dial of `digits` digits begins again at nought: that is taken to have happened only from
/// its last tenth into its first, as a slip of the pen looks the same anywhere else.
pub fn since(before: Stand, value: i64, digits: i64) -> Option<i64> {
    if value >= before.value || before.reckoned {
        return Some(value - before.value);
    }
    let whole = whole_of(digits)?;
    let tenth = whole / 10;
    let rolled = before.value >= whole - tenth && value < tenth;
    rolled.then(|| value + whole - before.value)
}

/// What a dial of so many digits can show, in thousandths; `None` for one that never begins
/// again.
pub fn whole_of(digits: i64) -> Option<i64> {
    let digits = u32::try_from(digits).ok().filter(|d| (1..=9).contains(d))?;
    Some(10_i64.pow(digits) * 1_000)
}

/// The usual use of a day, in thousandths, from earlier stands (oldest first); `None` while
/// too few are known.
pub fn usual(stands: &[Stand]) -> Option<i64> {
    let (first, last) = (stands.first()?, stands.last()?);
    let days = days(first.day, last.day);
    (stands.len() > TOLD_FROM && days > 0).then(|| (last.total - first.total) / days)
}

/// Whether a use is so far from the usual that a person looks at it first.
pub fn odd(stands: &[Stand], day: Date, used: i64) -> bool {
    let (Some(usual), Some(last)) = (usual(stands), stands.last()) else {
        return false;
    };
    let days = days(last.day, day).max(1);
    used > NEVER_ASKED && used > TIMES_USUAL * usual.max(0) * days
}

/// The dial as it probably stands on `day`, from the usual use.
pub fn reckon(stands: &[Stand], day: Date) -> Option<i64> {
    let last = stands.last()?;
    let use_of_day = usual(stands)?;
    Some(last.value + use_of_day.max(0) * days(last.day, day).max(0))
}

fn days(from: Date, until: Date) -> i64 {
    from.until(until)
        .map_or(0, |span| i64::from(span.get_days()))
}
