//! People under fourteen. What is known of them is sensitive, and needs a guardian's consent
//! (個人信息保護法 28, 31), which a list cannot show: an import takes their name and their tie
//! to the home, and says what it left out.

use hanzi::numbers::ResidentId;
use jiff::ToSpan as _;
use jiff::civil::Date;
use sheets::{IdKind, PersonCell, RosterRow};

use super::outcome::{CHILD_WITHHELD, Remark};

/// From this birthday on nobody's consent is needed but one's own.
const YEARS: i32 = 14;

/// The latest day of birth of whoever has had that birthday by `today`.
fn latest(today: Date) -> Date {
    today.saturating_sub(YEARS.years())
}

/// The day of birth, as the list says it or as the identity number does.
fn born(person: &PersonCell) -> Option<Date> {
    person.birth.or_else(|| {
        let id = person
            .id
            .as_ref()
            .filter(|d| d.kind == IdKind::ResidentId)?;
        let day = ResidentId::parse(&id.number).ok()?.birth_date();
        let year = i16::try_from(day.year).ok()?;
        Date::new(year, day.month.cast_signed(), day.day.cast_signed()).ok()
    })
}

/// Takes out of a row what is of children, and says so. `column` is the one of names.
pub(super) fn hold(row: &mut RosterRow, column: Option<u32>, today: Date, out: &mut Vec<Remark>) {
    for person in &mut row.people {
        if born(person).is_none_or(|day| day <= latest(today)) {
            continue;
        }
        (person.id, person.birth) = (None, None);
        (person.workplace, person.note) = (None, None);
        person.phones.clear();
        out.push(Remark {
            sheet: row.sheet.clone(),
            row: Some(row.row),
            column,
            value: person.name.clone(),
            reason: "under fourteen: name and tie were taken; birth date, identity number and \
                     phone are entered by hand once a guardian's consent is there"
                .to_owned(),
            code: CHILD_WITHHELD.to_owned(),
            params: Vec::new(),
            personal: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourteenth_birthday_is_the_first_day_without() {
        let today: Date = "2026-02-28".parse().expect("a date");
        assert_eq!(latest(today).to_string(), "2012-02-28");
        let leap: Date = "2028-02-29".parse().expect("a date");
        assert_eq!(latest(leap).to_string(), "2014-02-28");
    }
}
