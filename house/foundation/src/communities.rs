//! Compounds: found by name, slug or number, and created. A compound is the unit of
//! tenancy: its number leads every row, its ledger is its own.

use hanzi::fold;

use super::database::{Ask, Community, Database, DbError, FromRow, HOUSE, Look, Row, ask};
use super::house::House;
use super::ledger::{Event, Kind, Who};
use crate::params;

/// A compound was created; recorded in the house log.
pub const CREATED: Kind = Kind::new("community.created", 1);
/// Every kind of event of this module.
pub const ALL: &[Kind] = &[CREATED];

/// The longest name, in characters: it must fit on a label and in a heading.
pub const NAME_CHARS_MAX: usize = 40;
/// The longest slug; it stands in every address.
const SLUG_CHARS_MAX: usize = 32;
/// People expected where nobody says how many: a compound of 3,000 households.
pub const PEOPLE_EXPECTED: u64 = 10_000;
/// The most compounds one list shows.
const LISTED_MAX: i64 = 500;

/// Widths of the blind indexes of a compound, in bits.
///
/// An index of `b` bits over `r` people leaves `r / 2^b` coincidences on average; CipherSweet's
/// rule keeps them between 2 and √r over all indexes of one person together, so that no column
/// tells who somebody is (reference archive.md section 4: 10,000 people, 12 bits, split 7 + 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    pub phone: u32,
    pub tail: u32,
    pub document: u32,
}

impl Bits {
    /// Plans the widths for so many people.
    ///
    /// The tail has the larger part, because it is searched alone while a whole number is
    /// searched by both. Under 16 people everybody lies in one drawer.
    pub fn plan(people: u64) -> Bits {
        if people < 16 {
            return Bits {
                phone: 0,
                tail: 0,
                document: 0,
            };
        }
        // 2 coincidences at least: r / 2^b >= 2.
        let most = (people / 2).ilog2();
        // √r coincidences at most, so 4^b >= r, for the one index of documents.
        let document = (0..32)
            .find(|b| 4u64.saturating_pow(*b) >= people)
            .unwrap_or(31);
        let tail = (most * 7).div_ceil(12);
        Bits {
            phone: most - tail,
            tail,
            document,
        }
    }
}

/// A compound as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compound {
    pub number: Community,
    /// Its part of the address: `chunheyuan`.
    pub slug: String,
    pub name: String,
    pub bits: Bits,
}

impl FromRow for Compound {
    fn from_row(row: &mut Row) -> Result<Compound, DbError> {
        Ok(Compound {
            number: row.next()?,
            slug: row.next()?,
            name: row.next()?,
            bits: Bits {
                phone: row.next()?,
                tail: row.next()?,
                document: row.next()?,
            },
        })
    }
}

const COLUMNS: &str = "number, slug, name, phone_bits, tail_bits, document_bits";

fn select(condition: &str, by: super::database::Value) -> Ask {
    ask(
        format!("SELECT {COLUMNS} FROM community WHERE {condition} LIMIT 1"),
        vec![by],
    )
}

/// The compound of this name.
pub async fn by_name(db: &Database, name: &str) -> Result<Option<Compound>, DbError> {
    db.optional(select("name = $1", name.trim().into())).await
}

/// The compound of this number.
pub async fn by_number(db: &Database, number: Community) -> Result<Option<Compound>, DbError> {
    db.optional(select("number = $1", number.into())).await
}

/// Compounds by number, beginning after `after`, at most 500.
pub async fn list(db: &Database, after: Community) -> Result<Vec<Compound>, DbError> {
    db.all(ask(
        format!("SELECT {COLUMNS} FROM community WHERE number > $1 ORDER BY number LIMIT $2"),
        params![after, LISTED_MAX],
    ))
    .await
}

/// Why a compound was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error("a compound's name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    #[error("there is a compound of this name already")]
    NameTaken,
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Creates a compound with its own ledger, for about `people` people; recorded in the house log.
///
/// # Errors
/// [`CreateError::NameTaken`] also when another node was faster.
pub async fn create(
    house: &House,
    who: &Who,
    name: &str,
    people: u64,
) -> Result<Compound, CreateError> {
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(CreateError::Name);
    }
    let bits = Bits::plan(people);
    let base = slug_of(&name);
    house
        .write(HOUSE, who, move |mut tx| {
            let (number,): (i64,) = tx.one(ask(
                "SELECT COALESCE(MAX(number), 0) + 1 FROM community",
                params![],
            ))?;
            if tx
                .optional::<Compound>(select("name = $1", name.as_str().into()))?
                .is_some()
            {
                return Err(CreateError::NameTaken);
            }
            let mut slug = base.clone();
            let mut n = 1;
            while tx
                .optional::<Compound>(select("slug = $1", slug.as_str().into()))?
                .is_some()
            {
                n += 1;
                slug = format!("{base}-{n}");
            }
            let number = Community(number);
            let now = tx.now();
            tx.execute(ask(
                "INSERT INTO community (number, slug, name, company, created_at, phone_bits, \
                 tail_bits, document_bits, settings) VALUES ($1, $2, $3, NULL, $4, $5, $6, $7, '{}')",
                params![number, &slug, &name, now, bits.phone, bits.tail, bits.document],
            ))?;
            tx.open_log(number)?;
            let compound = Compound {
                number,
                slug,
                name,
                bits,
            };
            Ok(tx.record(Event::new(CREATED).with("community", number.0), compound)?)
        })
        .await
}

/// The name in Latin letters, as it can stand in an address: 春和苑 → `chunheyuan`.
fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        match fold::syllable(c) {
            Some(syllable) => slug.push_str(syllable),
            None => slug.extend(c.to_lowercase().filter(char::is_ascii_alphanumeric)),
        }
    }
    slug.truncate(SLUG_CHARS_MAX);
    if slug.is_empty() { "c".into() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blind_indexes_leave_two_coincidences_and_never_more_than_the_root() {
        for people in [16, 50, 1_000, 10_000, 99_999, 1_000_000] {
            let bits = Bits::plan(people);
            let left = people as f64 / f64::from(1u32 << (bits.phone + bits.tail));
            assert!(left >= 2.0, "{people}: {left}");
            let left = people as f64 / f64::from(1u32 << bits.document);
            assert!(
                (2.0..=(people as f64).sqrt() + 1e-9).contains(&left),
                "{people}: {left}"
            );
        }
        let worked = Bits::plan(10_000);
        assert_eq!((worked.tail, worked.phone, worked.document), (7, 5, 7));
    }

    #[test]
    fn a_slug_is_the_name_in_letters() {
        assert_eq!(slug_of("春和苑"), "chunheyuan");
        assert_eq!(slug_of("Lan 12 庭"), "lan12ting");
        assert_eq!(slug_of("···"), "c");
    }
}
