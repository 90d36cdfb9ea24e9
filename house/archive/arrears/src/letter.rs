//! Written demands (催告函) and lawyers' letters: numbered, with a reasonable time to pay (民法典
//! 944), drawn as paper, and followed until they were handed over or came back.

use std::collections::BTreeMap;

use foundation::database::{DbError, FromRow, Look, Row};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::{Audience, Event};
use foundation::page::key;
use jiff::ToSpan;
use jiff::civil::Date;
use paper::{Block, Cell, Column, Form, Grid, Signature};
use permissions::Permission;
use permissions::actor::Actor;
use serde::{Deserialize, Serialize};

use crate::contact::{self, NewContact, Outcome, Reached, Way, frozen};
use crate::evidence::{self, Letterhead};
use crate::policy::Policy;
use crate::stage::{Facts, Stage, missing};
use crate::{ArrearsError, events, looking, pack, sealing, store, tend};

frozen! {
    /// Which letter.
    Kind {
        Demand = "demand", key("arrears-letter-demand");
        Lawyer = "lawyer", key("arrears-letter-lawyer");
    }
}

frozen! {
    /// Where it is.
    State {
        Issued = "issued", key("arrears-letter-issued");
        Delivered = "delivered", key("arrears-letter-delivered");
        Returned = "returned", key("arrears-letter-returned");
    }
}

frozen! {
    /// How it was handed over, or that it was not.
    Delivery {
        Signed = "signed", key("arrears-delivery-signed");
        // Left before a witness who signs; 訴訟時效規定 8 counts what should have arrived.
        Refused = "refused", key("arrears-delivery-refused");
        Post = "post", key("arrears-delivery-post");
        Returned = "returned", key("arrears-delivery-returned");
    }
}

impl Kind {
    fn stage(self) -> Stage {
        match self {
            Kind::Demand => Stage::Written,
            Kind::Lawyer => Stage::Lawyer,
        }
    }
}

/// A letter; its items sealed or opened, as whoever holds it says.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: Id,
    pub room: Id,
    pub year: i64,
    pub nth: i64,
    pub kind: Kind,
    pub issued_on: Date,
    /// The last day to pay.
    pub pay_by: Date,
    pub owed_fen: i64,
    pub items: String,
    pub state: State,
    pub delivery: Option<Delivery>,
    pub delivered_on: Option<Date>,
    pub by_name: String,
    /// The version of the city's pack that it was issued with; 0 is none.
    pub pack: i64,
}

impl Letter {
    /// `CJ-2026-0001`.
    pub fn label(&self) -> String {
        format!("CJ-{}-{:04}", self.year, self.nth)
    }
}

impl FromRow for Letter {
    fn from_row(row: &mut Row) -> Result<Letter, DbError> {
        let bad = || DbError::Shape("a stored word is not one of ours".into());
        Ok(Letter {
            id: row.next()?,
            room: row.next()?,
            year: row.next()?,
            nth: row.next()?,
            kind: Kind::from_word(&row.next::<String>()?).ok_or_else(bad)?,
            issued_on: store::parse_day(&row.next::<String>()?)?,
            pay_by: store::parse_day(&row.next::<String>()?)?,
            owed_fen: row.next()?,
            items: row.next()?,
            state: State::from_word(&row.next::<String>()?).ok_or_else(bad)?,
            delivery: Delivery::from_word(&row.next::<String>()?),
            delivered_on: {
                let day: Option<String> = row.next()?;
                day.map(|d| store::parse_day(&d)).transpose()?
            },
            by_name: row.next()?,
            pack: row.next()?,
        })
    }
}

/// What a letter asks for: an item with its due day, as it stood.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    pub name: String,
    pub due: String,
    pub fen: i64,
}

/// Issues a letter about everything that is overdue now.
///
/// # Errors
/// [`ArrearsError::Needs`] with what must be there first; [`ArrearsError::Again`] while another
/// is on its way.
pub async fn issue(house: &House, by: &Actor, room: Id, kind: Kind) -> Result<Id, ArrearsError> {
    let right = kind.stage().permission();
    by.may(right)?;
    let (c, today) = (by.community, house.now().date());
    let story = looking::story(house, by, room).await?;
    let account = story.account.as_ref().ok_or(ArrearsError::NothingOverdue)?;
    if right == Permission::ArrearsDecide && crate::hold::owns(house, by, room).await? {
        return Err(ArrearsError::OwnCase);
    }
    let facts = Facts::of(account, &story.contacts, &story.letters, today);
    let missing = missing(kind.stage(), &facts);
    if !missing.is_empty() {
        return Err(ArrearsError::Needs(missing));
    }
    let overdue = story.debts.iter().filter(|d| d.due < today);
    let mut sums: BTreeMap<(Date, String), i64> = BTreeMap::new();
    for debt in overdue {
        *sums.entry((debt.due, debt.name.clone())).or_default() += debt.owed.0;
    }
    let items: Vec<Item> = sums
        .into_iter()
        .map(|((due, name), fen)| Item {
            name,
            due: due.to_string(),
            fen,
        })
        .collect();
    let term = Policy::of(house, c).await?.term_days;
    let text = serde_json::to_string(&items).map_err(|e| DbError::Shape(e.to_string()))?;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    let mut new = Letter {
        id: house.id(),
        room,
        year: today.year().into(),
        nth: 0,
        kind,
        issued_on: today,
        pay_by: today.saturating_add(term.days()),
        owed_fen: items.iter().map(|i| i.fen).sum(),
        items: house
            .keys
            .seal_words(c, room, sealing::ITEMS, &text)
            .await?,
        state: State::Issued,
        delivery: None,
        delivered_on: None,
        by_name: accounts::name_of(house, account).await?,
        pack: pack::current(house, c).await?.version,
    };
    house
        .write(c, &by.who_for(right), move |mut tx| {
            let there: Option<(Id,)> =
                tx.optional(store::letters::issued_of(c, room, kind.word()))?;
            if there.is_some() {
                return Err(ArrearsError::Again);
            }
            let (last,): (i64,) = tx.one(store::letters::last_nth(c, new.year))?;
            new.nth = last + 1;
            tx.execute(store::letters::insert(c, &new))?;
            let event = Event::new(events::LETTER_ISSUED)
                .about("fee_account", room)
                .to(Audience::Staff)
                .with("letter", new.id)
                .with("kind", kind.word())
                .with("year", new.year)
                .with("nth", new.nth)
                .with("fen", new.owed_fen)
                .with("pay_by", events::number(new.pay_by));
            Ok(tx.record(event, new.id)?)
        })
        .await
}

/// What shows that a letter was handed over, or came back.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// A document of the room's dossier: the signed receipt, the post's slip, a picture.
    pub document: Option<Id>,
    /// The post's number, or who witnessed it.
    pub note: String,
}

/// Notes that a letter was handed over, or came back. Handed over, it is a follow-up, restarts
/// the limitation period, and its time to pay runs from that day.
///
/// # Errors
/// [`ArrearsError::Decided`] when that was noted before; [`ArrearsError::Day`].
pub async fn settle(
    house: &House,
    by: &Actor,
    id: Id,
    delivery: Delivery,
    on: Date,
    proof: Proof,
) -> Result<(), ArrearsError> {
    let letter = may_settle(house, by, id, on).await?;
    let (c, now, room) = (by.community, house.now(), letter.room);
    let term = letter
        .pay_by
        .since(letter.issued_on)
        .map_or(0, |s| s.get_days());
    let state = match delivery {
        Delivery::Returned => State::Returned,
        _ => State::Delivered,
    };
    let pay_by = match state {
        State::Delivered => on.saturating_add(term.days()),
        _ => letter.pay_by,
    };
    let z = now.zoned();
    let minute = if on == now.date() {
        i64::from(z.hour()) * 60 + i64::from(z.minute())
    } else {
        crate::guard::FROM_MINUTE
    };
    let new = NewContact {
        on,
        minute,
        way: Way::Letter,
        reached: match delivery {
            Delivery::Signed => Reached::Owner,
            _ => Reached::Nobody,
        },
        incoming: false,
        arrived: state == State::Delivered,
        result: match delivery {
            Delivery::Signed => Outcome::Told,
            Delivery::Refused => Outcome::Refuses,
            _ => Outcome::NoAnswer,
        },
        said: proof.note.trim().to_owned(),
        answered: String::new(),
        promise: None,
        document: proof.document,
        letter: Some(id),
    };
    let fresh = contact::made(house, by, room, &new, letter.owed_fen, None).await?;
    let account = by.account.ok_or(ArrearsError::NotFound)?;
    house
        .write(c, &by.who_for(Permission::ArrearsFollow), move |mut tx| {
            let (state, delivery) = (state.word(), delivery.word());
            if tx.execute(store::letters::settle(c, id, state, delivery, on, pay_by))? == 0 {
                return Err(ArrearsError::Decided);
            }
            contact::insert(&mut tx, &fresh, account)?;
            tx.also(contact::told(&fresh, false))?;
            let event = Event::new(events::LETTER_SETTLED)
                .about("fee_account", room)
                .to(Audience::Staff)
                .with("letter", id)
                .with("state", state)
                .with("delivery", delivery)
                .with("on", events::number(on))
                .with("pay_by", events::number(pay_by));
            Ok(tx.record(event, ())?)
        })
        .await?;
    tend::refresh(house, c, &[room]).await?;
    Ok(())
}

/// The letter, where it can be noted that it was handed over on a day.
///
/// # Errors
/// [`ArrearsError::Decided`]; [`ArrearsError::Day`].
pub async fn may_settle(
    house: &House,
    by: &Actor,
    id: Id,
    on: Date,
) -> Result<Letter, ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    let today = house.now().date();
    let letter = one(house, by, id).await?;
    if letter.state != State::Issued {
        return Err(ArrearsError::Decided);
    }
    let back = today.saturating_sub(contact::BACK_DAYS_MAX.days());
    if on > today || on < back.max(letter.issued_on) {
        return Err(ArrearsError::Day);
    }
    Ok(letter)
}

/// One letter.
pub async fn one(house: &House, by: &Actor, id: Id) -> Result<Letter, ArrearsError> {
    by.may(Permission::ArrearsRead)?;
    let asked = store::letters::letter(by.community, id);
    let found: Option<Letter> = house.db.optional(asked).await?;
    found.ok_or(ArrearsError::NotFound)
}

/// The letter as paper: what is owed item by item, by when, what the household may do, and
/// nothing that threatens.
pub async fn paper_of(
    house: &House,
    by: &Actor,
    id: Id,
    head: &Letterhead,
) -> Result<Form, ArrearsError> {
    by.may(Permission::ArrearsFollow)?;
    let c = by.community;
    let letter = one(house, by, id).await?;
    let code = looking::code(house, c, letter.room).await?;
    let ring = house.keys.ring(c, &[letter.room]).await?;
    let text = ring.open_text(letter.room, sealing::ITEMS, &letter.items)?;
    let items: Vec<Item> = serde_json::from_str(&text).unwrap_or_default();
    let asked = store::lists::owners_of(c, letter.room, house.now().date());
    let names: Vec<(String,)> = house.db.all(asked).await?;
    let names: Vec<String> = names.into_iter().map(|(name,)| name).collect();
    let w = &head.words;
    let t = |key: &str| w.t(key).into_owned();
    let cell = |text: &str, span| Cell::value(text, span);
    let headed = |key: &str| Cell::head(&w.t(key), 2);
    let facts = vec![
        paper::Row::new(vec![
            headed(key("arrears-f-owner")),
            cell(&names.join("、"), 4),
            headed(key("arrears-f-room")),
            cell(&code, 4),
        ]),
        paper::Row::new(vec![
            headed(key("arrears-f-owed")),
            cell(&evidence::money(letter.owed_fen), 4),
            headed(key("arrears-f-pay-by")),
            cell(&letter.pay_by.to_string(), 4),
        ]),
    ];
    let columns = [
        (key("arrears-f-item"), 90.0, paper::Align::Left),
        (key("arrears-f-due"), 40.0, paper::Align::Left),
        (key("arrears-f-amount"), 40.0, paper::Align::Right),
    ];
    let rows = items
        .into_iter()
        .map(|i| vec![i.name, i.due, evidence::money(i.fen)]);
    let days = letter
        .pay_by
        .since(letter.delivered_on.unwrap_or(letter.issued_on));
    let days = i64::from(days.map_or(0, |s| s.get_days()));
    let opening = match letter.kind {
        Kind::Demand => key("arrears-paper-demand"),
        Kind::Lawyer => key("arrears-paper-lawyer"),
    };
    let values = [
        ("compound", head.compound.as_str().into()),
        ("amount", evidence::money(letter.owed_fen).into()),
        ("days", days.into()),
        ("day", letter.pay_by.to_string().into()),
    ];
    let city = pack::of_version(house, c, letter.pack).await?;
    let mut says = vec![
        w.with(opening, &values).into_owned(),
        w.with(key("arrears-paper-term"), &values).into_owned(),
        t(key("arrears-paper-objection")),
        t(key("arrears-paper-services")),
    ];
    if !city.text.is_empty() {
        says.push(city.text);
    }
    let ways = fees::pay_ways(house, c).await?;
    let row = |(label, said): (&str, &str)| {
        paper::Row::new(vec![Cell::head(&w.t(label), 2), Cell::value(said, 10)])
    };
    let ways: Vec<paper::Row> = ways.said().into_iter().map(row).collect();
    let mut how = vec![Block::Text(vec![says[1].clone()])];
    if !ways.is_empty() {
        how.push(Block::Section(t(key("fees-pay-ways"))));
        how.push(Block::Grid(Grid::new(ways)));
    }
    let sign = |role: &str, note: &str| Signature {
        sign: t(key("arrears-sign-here")),
        date: t(key("arrears-sign-date")),
        ..Signature::of(&w.t(role), &w.t(note))
    };
    let from = match letter.kind {
        Kind::Demand => key("arrears-sign-office"),
        Kind::Lawyer => key("arrears-sign-lawyer"),
    };
    let mut blocks = vec![
        Block::Grid(Grid::new(facts)),
        Block::Text(vec![says[0].clone()]),
        Block::Rows {
            columns: columns
                .map(|(head, mm, align)| Column {
                    head: t(head),
                    mm,
                    align,
                })
                .into(),
            rows: rows.collect(),
            blank: 0,
            mm: 8.0,
        },
    ];
    blocks.extend(how);
    blocks.push(Block::Text(says[2..].to_vec()));
    blocks.push(Block::Signatures(vec![
        sign(from, key("arrears-sign-office-note")),
        sign(key("arrears-sign-owner"), key("arrears-sign-owner-note")),
    ]));
    Ok(Form {
        number: w
            .with(
                key("arrears-paper-number"),
                &[
                    ("number", letter.label().into()),
                    ("day", letter.issued_on.to_string().into()),
                ],
            )
            .into_owned(),
        title: t(letter.kind.key()),
        record: letter.label(),
        blocks,
        ..head.form(letter.room, house.now())
    })
}
