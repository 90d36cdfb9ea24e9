//! The people of one row: names with the phones, documents and shares that belong to them.

use crate::fault::{Caution, Reason};
use crate::field::{Field, Whose};
use crate::label::narrowed;
use crate::mapping::Column;
use crate::reading::Reading;
use crate::roster::{Emergency, PersonCell};
use crate::value::idnumber::{self, IdKind};
use crate::value::people::{self, Named};
use crate::value::share;
use crate::value::words::{self, Kind, Relation};
use crate::value::{date, phone, stand_in};

/// People of a row and what belongs to none of them.
#[derive(Default)]
pub(crate) struct Household {
    pub people: Vec<PersonCell>,
    pub emergency: Option<Emergency>,
    pub unmatched_phones: Vec<String>,
}

/// Columns that belong together: the second co-owner's name, phone and document.
type Slot = (Whose, u8);

/// Reads the people of a row.
pub(crate) fn read(reading: &mut Reading<'_>) -> Household {
    let mut household = Household::default();
    let mapping = reading.mapping;
    let mut slots: Vec<Slot> = Vec::new();
    for column in mapping
        .all(Field::Name)
        .filter(|c| c.whose != Whose::Emergency)
    {
        if !slots.contains(&(column.whose, column.nth)) {
            slots.push((column.whose, column.nth));
        }
    }
    for &slot in &slots {
        let of_slot = |c: &&Column| belongs(c, &slots) == slot;
        let names = names(reading, slot);
        let mut people: Vec<PersonCell> = names
            .iter()
            .enumerate()
            .map(|(i, n)| person(n, slot.0, i))
            .collect();
        let phones: Vec<&Column> = mapping.all(Field::Phone).filter(of_slot).collect();
        give_phones(
            reading,
            &mut people,
            &phones,
            &mut household.unmatched_phones,
        );
        let documents: Vec<&Column> = mapping.all(Field::IdNumber).filter(of_slot).collect();
        give_documents(reading, &mut people, &documents, slot, &slots);
        give_shares(
            reading,
            &mut people,
            mapping.all(Field::Share).find(of_slot),
        );
        give_dates(reading, &mut people, slot, &slots);
        if slot == slots[0] {
            give_organisation(reading, &mut people);
            give_relation(reading, &mut people);
        }
        household.people.append(&mut people);
    }
    household.emergency = emergency(reading);
    household
}

/// The slot of a column: its own when a name stands there, else the first of its kind.
fn belongs(column: &Column, slots: &[Slot]) -> Slot {
    let own = (column.whose, column.nth);
    if slots.contains(&own) {
        return own;
    }
    slots
        .iter()
        .copied()
        .find(|(whose, _)| *whose == column.whose)
        .unwrap_or(own)
}

fn names(reading: &mut Reading<'_>, slot: Slot) -> Vec<Named> {
    let mapping = reading.mapping;
    let Some(column) = mapping.all(Field::Name).find(|c| (c.whose, c.nth) == slot) else {
        return Vec::new();
    };
    let cell = reading.line.cell(column);
    if cell.is_blank() || reading.damaged(column.number, cell) {
        return Vec::new();
    }
    let text = cell.shown();
    match people::read(&text) {
        Ok(names) => {
            if names.dummy {
                reading.warn(column.number, &text, Caution::DummyName);
            }
            if names.others {
                reading.warn(column.number, &text, Caution::OthersUnnamed);
            }
            names.named
        }
        Err(reason) => {
            reading.fault(column.number, &text, reason);
            Vec::new()
        }
    }
}

fn person(named: &Named, whose: Whose, at: usize) -> PersonCell {
    let relation = match whose {
        Whose::Owner if at == 0 => Relation::Owner,
        Whose::Owner | Whose::CoOwner => Relation::CoOwner,
        Whose::Tenant => Relation::Tenant,
        Whose::Family | Whose::Emergency => Relation::Family,
    };
    PersonCell {
        name: named.name.clone(),
        kind: named.kind,
        phones: Vec::new(),
        id: None,
        uscc: None,
        representative: None,
        relation: named.relation.unwrap_or(relation),
        share: named.share,
        from: None,
        until: None,
        birth: None,
        workplace: None,
        note: named.note.clone(),
    }
}

fn give_phones(
    reading: &mut Reading<'_>,
    people: &mut [PersonCell],
    columns: &[&Column],
    unmatched: &mut Vec<String>,
) {
    let several_columns = columns
        .iter()
        .filter(|c| !reading.line.cell(c).is_blank())
        .count()
        > 1;
    let mut next = 0;
    let nobody = people.is_empty();
    for column in columns {
        let cell = reading.line.cell(column);
        if cell.is_blank() || reading.damaged(column.number, cell) {
            continue;
        }
        let shown = cell.shown();
        let entries = phone::read(cell);
        if people.is_empty()
            && entries
                .iter()
                .any(|e| matches!(e, phone::Entry::Known { .. }))
        {
            reading.warn(column.number, &shown, Caution::NoPerson);
        }
        let count = entries.len();
        // Each column may hold one number per person, or the columns together do.
        let start = if several_columns && count < people.len() {
            next
        } else {
            0
        };
        let mut beyond = false;
        for (i, entry) in entries.into_iter().enumerate() {
            next += 1;
            match entry {
                phone::Entry::Dummy => reading.warn(column.number, &shown, Caution::DummyPhone),
                phone::Entry::Fault(reason) => reading.fault(column.number, &shown, reason),
                phone::Entry::Known { number, beside } => {
                    let named = beside
                        .and_then(|b| people.iter().position(|p| p.name.contains(b.as_str())));
                    let at = named.unwrap_or(if people.len() == 1 { 0 } else { start + i });
                    match people.get_mut(at) {
                        Some(person) if !person.phones.contains(&number) => {
                            person.phones.push(number)
                        }
                        Some(_) => {}
                        None if nobody => {}
                        None => {
                            beyond = true;
                            unmatched.push(number);
                        }
                    }
                }
            }
        }
        if beyond {
            reading.warn(column.number, &shown, Caution::PhoneUnmatched);
        } else if people.len() > 1 && count < people.len() && !several_columns {
            reading.warn(
                column.number,
                &shown,
                Caution::FewerPhonesThanPeople {
                    people: people.len(),
                    phones: count,
                },
            );
        }
    }
}

fn give_documents(
    reading: &mut Reading<'_>,
    people: &mut [PersonCell],
    columns: &[&Column],
    slot: Slot,
    slots: &[Slot],
) {
    let mapping = reading.mapping;
    let told = mapping
        .all(Field::IdKind)
        .find(|c| belongs(c, slots) == slot);
    let told: Option<IdKind> = told.and_then(|c| idnumber::kind(&reading.line.cell(c).shown()));
    let mut next = 0;
    for column in columns {
        let cell = reading.line.cell(column);
        if cell.is_blank() || reading.damaged(column.number, cell) {
            continue;
        }
        let shown = cell.shown();
        let entries = idnumber::read(cell, told);
        let count = entries.len();
        if people.is_empty()
            && entries
                .iter()
                .any(|e| matches!(e, idnumber::Entry::Known(_)))
        {
            reading.warn(column.number, &shown, Caution::NoPerson);
        }
        let start = if columns.len() > 1 && count < people.len() {
            next
        } else {
            0
        };
        let mut beyond = false;
        for (i, entry) in entries.into_iter().enumerate() {
            next += 1;
            let person = people.get_mut(start + i);
            match (entry, person) {
                (idnumber::Entry::Dummy, _) => {
                    reading.warn(column.number, &shown, Caution::DummyId)
                }
                (idnumber::Entry::Fault(reason), _) => reading.fault(column.number, &shown, reason),
                (idnumber::Entry::Known(document), Some(person)) => person.id = Some(document),
                (idnumber::Entry::Uscc(code), Some(person)) => {
                    person.kind = Kind::Organisation;
                    person.uscc = Some(code);
                }
                (_, None) => beyond |= !people.is_empty(),
            }
        }
        if beyond {
            reading.warn(column.number, &shown, Caution::IdUnmatched);
        } else if people.len() > 1 && count < people.len() && columns.len() == 1 {
            reading.warn(
                column.number,
                &shown,
                Caution::FewerIdsThanPeople {
                    people: people.len(),
                    ids: count,
                },
            );
        }
    }
}

fn give_shares(reading: &mut Reading<'_>, people: &mut [PersonCell], column: Option<&Column>) {
    let Some((number, cell)) = column.and_then(|c| reading.said(c)) else {
        return;
    };
    let text = narrowed(&cell.shown());
    // `50%/50%` is two shares, `1/2` is one.
    let marks: &[char] = if text.contains('%') {
        &['、', ',', ';', '\n', ' ', '/', '；', '，']
    } else {
        &['、', ',', ';', '\n', ' ', '；', '，']
    };
    let parts: Vec<&str> = text.split(marks).filter(|p| !p.is_empty()).collect();
    for (i, part) in parts.iter().enumerate() {
        match share::parse(part) {
            Ok(share) if parts.len() == 1 => {
                // One share for several people holds for each only when it says so or fits.
                let each = text.contains('各')
                    || share == share::Share::Joint
                    || fits_each(share, people.len());
                for person in people.iter_mut().take(if each { usize::MAX } else { 1 }) {
                    person.share = Some(share);
                }
            }
            Ok(share) => {
                if let Some(person) = people.get_mut(i) {
                    person.share = Some(share);
                }
            }
            Err(reason) => reading.fault(number, part, reason),
        }
    }
}

fn fits_each(share: share::Share, people: usize) -> bool {
    matches!(share, share::Share::Part { numerator: 1, denominator } if denominator as usize == people)
}

fn give_dates(reading: &mut Reading<'_>, people: &mut [PersonCell], slot: Slot, slots: &[Slot]) {
    let mapping = reading.mapping;
    let of_slot = |field: Field| mapping.all(field).find(|c| belongs(c, slots) == slot);
    let mut from = of_slot(Field::From).and_then(|c| reading.date(c));
    let mut until = of_slot(Field::Until).and_then(|c| reading.date(c));
    if let Some((number, cell)) = of_slot(Field::Term).and_then(|c| reading.said(c)) {
        match date::range(&cell.shown()) {
            Ok((first, last)) => (from, until) = (from.or(first), until.or(last)),
            Err(reason) => reading.fault(number, &cell.shown(), reason),
        }
    }
    if let (Some(first), Some(last)) = (from, until)
        && last < first
    {
        if let Some(column) = of_slot(Field::Until).or_else(|| of_slot(Field::Term)) {
            let shown = reading.line.cell(column).shown();
            reading.fault(column.number, &shown, Reason::DatesReversed);
        }
        until = None;
    }
    let birth = of_slot(Field::BirthDate).and_then(|c| reading.date(c));
    let workplace = of_slot(Field::Workplace)
        .and_then(|c| reading.said(c))
        .map(|(_, cell)| narrowed(&cell.shown()));
    let alone = people.len() == 1;
    for person in people {
        person.from = from;
        person.until = until;
        // One birth date beside two names is nobody's for certain.
        if alone {
            person.birth = birth;
            person.workplace = workplace.clone();
        }
    }
}

fn give_organisation(reading: &mut Reading<'_>, people: &mut [PersonCell]) {
    let kind = reading.take(Field::Kind, |cell| {
        words::kind(&cell.shown()).ok_or(Reason::KindUnknown)
    });
    let code = reading.take(Field::Uscc, |cell| idnumber::uscc(&cell.shown()));
    let representative = reading.text(Field::Representative).filter(|r| !stand_in(r));
    let Some(first) = people.first_mut() else {
        return;
    };
    if let Some(kind) = kind {
        first.kind = kind;
    }
    if let Some(code) = code {
        first.kind = Kind::Organisation;
        first.uscc = Some(code);
    }
    if first.kind == Kind::Organisation {
        first.representative = representative;
    }
}

fn give_relation(reading: &mut Reading<'_>, people: &mut [PersonCell]) {
    let relation = reading.take(Field::Relation, |cell| {
        words::relation(&cell.shown()).ok_or(Reason::RelationUnknown)
    });
    if let Some(relation) = relation {
        for (i, person) in people.iter_mut().enumerate() {
            person.relation = if i > 0 && relation == Relation::Owner {
                Relation::CoOwner
            } else {
                relation
            };
        }
    }
}

fn emergency(reading: &mut Reading<'_>) -> Option<Emergency> {
    let mapping = reading.mapping;
    let mut name = None;
    let mut phones = Vec::new();
    for column in mapping
        .columns
        .iter()
        .filter(|c| c.whose == Whose::Emergency)
    {
        let Some((number, cell)) = reading.said(column) else {
            continue;
        };
        let text = narrowed(&cell.shown());
        let has_digits = text.chars().filter(char::is_ascii_digit).count() >= 7;
        if column.field == Field::Name && !has_digits {
            name = Some(text);
            continue;
        }
        for entry in phone::read(cell) {
            match entry {
                phone::Entry::Known { number, beside } => {
                    name = name.or(beside);
                    phones.push(number);
                }
                phone::Entry::Dummy => reading.warn(number, &text, Caution::DummyPhone),
                phone::Entry::Fault(reason) => reading.fault(number, &text, reason),
            }
        }
    }
    (name.is_some() || !phones.is_empty()).then_some(Emergency { name, phones })
}
