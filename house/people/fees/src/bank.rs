//! What the bank lists: lines with a day, a sum and some words, as its export has them. A line
//! that names a room becomes a payment; every other waits for a person, with a guess where
//! there is a likely one. The same list again changes nothing, whether it is pasted or a file.
//! A file is looked at first: [`preview_bank`] says of each line what would become of it.

use std::collections::HashMap;

use hanzi::room::RoomCode;
use jiff::civil::Date;

use super::money::Fen;
use super::payments::{NewPayment, Way, record};
use super::{FeesError, NOTE_CHARS_MAX, events, store};
use foundation::database::Community;
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use permissions::Permission;
use permissions::actor::Actor;

/// Lines of one list.
pub const BANK_LINES_MAX: usize = 500;
/// A month of a large compound's account is below a megabyte.
pub const BANK_FILE_BYTES_MAX: usize = 4 << 20;
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

/// What would become of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was taken in before.
    Known,
    /// It names this room.
    Names(String),
    /// It waits; this room owes exactly so much.
    Likely(String),
    Waits,
    /// Its day lies ahead.
    Ahead,
}

/// A line of a file, looked at.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: u32,
    pub paid_on: Date,
    pub amount: Fen,
    pub text: String,
    pub fate: Fate,
}

impl Seen {
    /// As [`take_bank`] takes it.
    pub fn line(&self) -> String {
        canonical(self.paid_on, self.amount, &self.text)
    }
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

/// A line by what it says, whatever its cells' order was.
fn canonical(paid_on: Date, amount: Fen, text: &str) -> String {
    format!("{paid_on}\t{}\t{text}", amount.plain())
}

/// Tells lines apart that say the same: the second of them is another payment.
#[derive(Default)]
struct Places(HashMap<String, u32>);

impl Places {
    fn key(&mut self, house: &House, line: String) -> String {
        let nth = self.0.entry(line.clone()).or_default();
        *nth += 1;
        let digest = house
            .keys
            .digest("fees-bank", format!("{nth}\n{line}").as_bytes());
        digest.iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// Looks at a bank's file without taking anything in.
///
/// # Errors
/// [`FeesError::BankFile`] for a file that cannot be read; [`FeesError::BankHead`] where no head
/// with a day and a sum is found.
pub async fn preview_bank(
    house: &House,
    by: &Actor,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(Vec<Seen>, sheets::BankList), FeesError> {
    by.may(Permission::FeesRecord)?;
    let name = name.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let limits = sheets::Limits {
            file_bytes: BANK_FILE_BYTES_MAX as u64,
            rows: 20_000,
            ..sheets::Limits::default()
        };
        let book = sheets::open(&bytes, &name, &limits)?;
        Ok::<_, sheets::OpenError>(sheets::read_bank(&book, BANK_LINES_MAX + 1))
    });
    let list = match read.await {
        Ok(read) => read.map_err(FeesError::BankFile)?,
        Err(_) => return Err(FeesError::BankHead),
    };
    if !list.recognised {
        return Err(FeesError::BankHead);
    }
    if list.lines.len() > BANK_LINES_MAX {
        return Err(FeesError::BankLines);
    }
    let (mut seen, mut places) = (Vec::with_capacity(list.lines.len()), Places::default());
    let today = house.now().date();
    for line in &list.lines {
        let amount = Fen(line.fen);
        // As it is read again when it is taken in.
        let Some(Read { text, .. }) = read_line(&canonical(line.paid_on, amount, &line.text))
        else {
            continue;
        };
        let key = places.key(house, canonical(line.paid_on, amount, &text));
        let fate = match line.paid_on > today {
            true => Fate::Ahead,
            false => fate(house, by, &key, &text, amount).await?,
        };
        seen.push(Seen {
            row: line.row,
            paid_on: line.paid_on,
            amount,
            text,
            fate,
        });
    }
    Ok((seen, list))
}

async fn code_of(house: &House, c: Community, room: Id) -> Result<String, FeesError> {
    let head: Option<(String, Option<i64>)> = house.db.optional(store::room_head(c, room)).await?;
    Ok(head.map_or_else(String::new, |(code, _)| code))
}

async fn fate(
    house: &House,
    by: &Actor,
    key: &str,
    text: &str,
    amount: Fen,
) -> Result<Fate, FeesError> {
    let c = by.community;
    let known: Option<(Id,)> = house.db.optional(store::bank_line_by_key(c, key)).await?;
    if known.is_some() {
        return Ok(Fate::Known);
    }
    if let Some(room) = room_named(house, by, text).await? {
        return Ok(Fate::Names(code_of(house, c, room).await?));
    }
    let likely: Vec<(Id,)> = house.db.all(store::rooms_that_owe(c, amount)).await?;
    match likely.as_slice() {
        [(room,)] => Ok(Fate::Likely(code_of(house, c, *room).await?)),
        _ => Ok(Fate::Waits),
    }
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
    let (mut places, mut before) = (Places::default(), Places::default());
    for line in lines {
        // As lists were known before their lines were read: by the text that was pasted.
        let older = before.key(house, line.to_owned());
        let Some(read) = read_line(line).filter(|r| r.paid_on <= house.now().date()) else {
            out.unread.push(line.to_owned());
            continue;
        };
        let key = places.key(house, canonical(read.paid_on, read.amount, &read.text));
        let asked = store::bank_line_by_key(by.community, &older);
        if house.db.optional::<(Id,)>(asked).await?.is_some() {
            out.known += 1;
            continue;
        }
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
