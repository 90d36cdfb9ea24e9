//! What the bank lists: lines with a day, a sum and some words, as its export has them. A line
//! that names a room becomes a payment; every other waits for a person, with a guess where
//! there is a likely one. The same list again changes nothing.

use std::collections::HashMap;

use hanzi::room::RoomCode;
use jiff::civil::Date;

use super::money::Fen;
use super::payments::{NewPayment, Way, record};
use super::{FeesError, NOTE_CHARS_MAX, events, store};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Lines of one list.
pub const BANK_LINES_MAX: usize = 500;
/// Lines that wait and that a page shows.
const SHOWN_MAX: i64 = 200;

/// A line as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub paid_on: Date,
    pub amount: Fen,
    /// The other cells, joined.
    pub text: String,
}

/// What became of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankTaken {
    /// Lines that named a room and are payments now.
    pub taken: i64,
    /// Lines that wait for a person.
    pub waiting: i64,
    /// Lines that were taken in before.
    pub known: i64,
    /// Lines without a day or a sum: headings, and what goes out.
    pub unread: Vec<String>,
}

/// A line that waits.
#[derive(Clone, Debug)]
pub struct BankView {
    pub id: Id,
    pub paid_on: Date,
    pub amount: Fen,
    pub text: String,
    /// The code of the only room that owes exactly so much.
    pub guess: String,
}

/// A day as banks write it: `2026-03-02`, `2026/3/2`, `20260302`, each with or without a time.
fn day(cell: &str) -> Option<Date> {
    let cell = cell.split([' ', 'T']).next()?;
    let parts: Vec<&str> = cell.split(['-', '/', '.', '年', '月', '日']).collect();
    let number = |text: &&str| text.parse::<i16>().ok();
    let (year, month, day) = match parts.iter().filter(|p| !p.is_empty()).count() {
        3 => {
            let mut numbers = parts.iter().filter(|p| !p.is_empty()).filter_map(number);
            (numbers.next()?, numbers.next()?, numbers.next()?)
        }
        1 if cell.len() == 8 && cell.bytes().all(|b| b.is_ascii_digit()) => (
            cell[..4].parse().ok()?,
            cell[4..6].parse().ok()?,
            cell[6..].parse().ok()?,
        ),
        _ => return None,
    };
    let in_our_time = (1990..=2100).contains(&year);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    date.filter(|_| in_our_time)
}

/// Reads a line: its first day, its first sum with two decimals, and the rest as words. What
/// goes out of the account is below zero and is none.
pub(super) fn read_line(line: &str) -> Option<Read> {
    let cells: Vec<&str> = if line.contains('\t') {
        line.split('\t').collect()
    } else {
        line.split([',', '，']).collect()
    };
    let (mut paid_on, mut amount, mut words) = (None, None, Vec::new());
    for cell in cells.iter().map(|c| c.trim().trim_matches('"')) {
        if let (None, Some(found)) = (paid_on, day(cell)) {
            paid_on = Some(found);
            continue;
        }
        // A number without a point may be an account's or a serial one.
        let sum = cell.rsplit_once('.').filter(|(_, part)| part.len() == 2);
        let sum = sum.and_then(|_| cell.trim_start_matches('+').parse::<Fen>().ok());
        if let (None, Some(found)) = (amount, sum) {
            amount = Some(found);
            continue;
        }
        if !cell.is_empty() {
            words.push(cell);
        }
    }
    let text: String = words.join(" ").chars().take(NOTE_CHARS_MAX).collect();
    Some(Read {
        paid_on: paid_on?,
        amount: amount.filter(|a| a.is_positive())?,
        text,
    })
}

/// The normal forms of what in a text may be a room's code.
fn codes(text: &str) -> Vec<String> {
    let apart = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '，' | ',' | '；' | ';' | '、' | '/' | '(' | ')' | '（' | '）' | ':' | '：'
            )
    };
    let mut found: Vec<String> = text
        .split(apart)
        .map(|word| word.trim_end_matches(['房', '室', '號']))
        .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
        .filter_map(|word| RoomCode::parse(word).ok())
        .map(|code| code.normal())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The only room that the text names, where it names one that is there.
async fn room_named(house: &House, by: &Actor, text: &str) -> Result<Option<Id>, FeesError> {
    let mut rooms = Vec::new();
    for normal in codes(text) {
        let room: Option<(Id,)> = house
            .db
            .optional(store::room_by_code(by.community, &normal))
            .await?;
        rooms.extend(room.map(|(id,)| id));
    }
    Ok(match rooms.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// Takes a list in.
pub async fn take_bank(house: &House, by: &Actor, list: &str) -> Result<BankTaken, FeesError> {
    by.may(Permission::FeesRecord)?;
    let lines: Vec<&str> = list
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    if lines.is_empty() || lines.len() > BANK_LINES_MAX {
        return Err(FeesError::BankLines);
    }
    let mut out = BankTaken::default();
    let mut seen: HashMap<&str, u32> = HashMap::new();
    for line in lines {
        let nth = seen.entry(line).or_default();
        *nth += 1;
        let Some(read) = read_line(line).filter(|r| r.paid_on <= house.now().date()) else {
            out.unread.push(line.to_owned());
            continue;
        };
        let digest = house
            .keys
            .digest("fees-bank", format!("{nth}\n{line}").as_bytes());
        let key: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        take_line(house, by, read, key, &mut out).await?;
    }
    let counts = (out.taken, out.waiting, out.known);
    house
        .write(
            by.community,
            &by.who_for(Permission::FeesRecord),
            move |tx| {
                let event = Event::new(events::BANK_LISTED)
                    .to(Audience::Staff)
                    .with("taken", counts.0)
                    .with("waiting", counts.1)
                    .with("known", counts.2);
                Ok::<_, FeesError>(tx.record(event, ())?)
            },
        )
        .await?;
    Ok(out)
}

async fn take_line(
    house: &House,
    by: &Actor,
    read: Read,
    key: String,
    out: &mut BankTaken,
) -> Result<(), FeesError> {
    let c = by.community;
    let known: Option<(Id,)> = house.db.optional(store::bank_line_by_key(c, &key)).await?;
    if known.is_some() {
        out.known += 1;
        return Ok(());
    }
    let room = room_named(house, by, &read.text).await?;
    let likely: Vec<(Id,)> = match room {
        Some(_) => Vec::new(),
        None => house.db.all(store::rooms_that_owe(c, read.amount)).await?,
    };
    let guess = match likely.as_slice() {
        [(one,)] => Some(*one),
        _ => None,
    };
    let id = house.id();
    let text = house
        .keys
        .seal_words(c, id, store::BANK_TEXT, &read.text)
        .await?;
    let (paid_on, amount) = (read.paid_on, read.amount);
    house
        .write(c, &by.who_for(Permission::FeesRecord), move |mut tx| {
            let now = tx.now();
            tx.execute(store::insert_bank_line(
                c,
                id,
                &key,
                (paid_on, amount),
                &text,
                guess,
                now,
            ))?;
            let event = Event::new(events::BANK_SETTLED)
                .about("fee_bank_line", id)
                .to(Audience::Staff)
                .with("fen", amount.0)
                .with("state", "waiting");
            Ok::<_, FeesError>(tx.record(event, ())?)
        })
        .await?;
    match room {
        Some(room) => {
            settle_bank(house, by, id, Some(room)).await?;
            out.taken += 1;
        }
        None => out.waiting += 1,
    }
    Ok(())
}

/// The lines that wait, the oldest first.
pub async fn bank_waiting(house: &House, by: &Actor) -> Result<Vec<BankView>, FeesError> {
    by.may(Permission::FeesRead)?;
    let c = by.community;
    let mut found: Vec<BankView> = house.db.all(store::bank_lines(c, SHOWN_MAX)).await?;
    let ids: Vec<Id> = found.iter().map(|l| l.id).collect();
    let ring = house.keys.ring(c, &ids).await?;
    for line in &mut found {
        line.text = ring
            .open_text(line.id, store::BANK_TEXT, &line.text)
            .map_err(foundation::keys::KeyError::from)?;
    }
    Ok(found)
}

/// Makes a line that waits the payment of a room, or leaves it aside. The payment has the
/// line's id, so that a break between the two leaves nothing doubled.
pub async fn settle_bank(
    house: &House,
    by: &Actor,
    line: Id,
    room: Option<Id>,
) -> Result<(), FeesError> {
    by.may(Permission::FeesRecord)?;
    let c = by.community;
    let row: Option<store::BankRow> = house.db.optional(store::bank_line(c, line)).await?;
    let row = row.ok_or(FeesError::NoSuchLine)?;
    if row.state != "waiting" {
        return Err(FeesError::WishDecided);
    }
    let there: Option<store::PaymentRow> = house.db.optional(store::payment(c, line)).await?;
    if let (Some(room), None) = (room, there) {
        let ring = house.keys.ring(c, &[line]).await?;
        let text = ring
            .open_text(line, store::BANK_TEXT, &row.text)
            .map_err(foundation::keys::KeyError::from)?;
        let new = NewPayment {
            room,
            paid_on: row.paid_on,
            way: Way::Transfer,
            amount: row.amount,
            receipt: String::new(),
            payer: String::new(),
            note: text,
            named: Vec::new(),
            once: Some(line),
        };
        record(house, by, new).await?;
    }
    let state = if room.is_some() { "taken" } else { "left" };
    house
        .write(c, &by.who_for(Permission::FeesRecord), move |mut tx| {
            tx.execute(store::settle_bank_line(c, line, state))?;
            let event = Event::new(events::BANK_SETTLED)
                .about("fee_bank_line", line)
                .to(Audience::Staff)
                .with_some("room", room)
                .with("state", state);
            Ok::<_, FeesError>(tx.record(event, ())?)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_is_read_whatever_the_order_of_its_cells() {
        let day = date(2026, 3, 2);
        for (line, amount, text) in [
            (
                "2026-03-02\t王女士\t1,234.50\t3-2-1801 物業費",
                123_450,
                "王女士 3-2-1801 物業費",
            ),
            (
                "88120,20260302,\"342.00\",陳先生,管理費",
                34_200,
                "88120 陳先生 管理費",
            ),
            ("2026/3/2 10:21:07\t+0.01\t測試", 1, "測試"),
        ] {
            let read = read_line(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (read.paid_on, read.amount, read.text.as_str()),
                (day, Fen(amount), text)
            );
        }
        for line in [
            "交易日期\t金額\t摘要",
            "2026-03-02\t-5.00\t手續費",
            "2026-03-02\t合計",
            "2026-13-02\t5.00",
        ] {
            assert_eq!(read_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_code_is_found_among_words() {
        assert_eq!(codes("物業費 3-2-1801 三月"), codes("3棟2單元1801室"));
        assert!(codes("王女士 管理費").is_empty());
    }
}
