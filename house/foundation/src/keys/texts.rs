//! What people write in their own words may hold a phone, an identity number, a name: it
//! is sealed under the key of whom it is about, and lies as a marked text in its column.
//! A text without the mark was written before this was so; [`seal_clear`] seals it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{KeyError, Keyring, Keys};
use crate::database::{Ask, Chore, Community, DbError, ask};
use crate::house::House;
use crate::ids::Id;
use crate::params;

/// Begins a sealed text; nobody's own words lie unsealed behind it, as all are sealed.
const MARK: &str = "sealed:";
/// The characters of the shortest sealed text: the mark, and the version, nonce, tag and one
/// byte of [`super::seal`] in base64. What is shorter was typed so before texts were sealed.
const SHORTEST: usize = MARK.len() + (1 + 24 + 16 + 1) * 4 / 3;
/// How many texts are sealed by one write at the start: short enough that others wait
/// for a few milliseconds only.
const TOGETHER: i64 = 100;

impl Keys {
    /// A text sealed for its column; nothing stays nothing.
    ///
    /// # Errors
    /// [`KeyError::Erased`] when whom it is about was erased.
    pub fn seal_text(
        &self,
        ring: &Keyring,
        whose: Id,
        column: &str,
        text: &str,
    ) -> Result<String, KeyError> {
        if text.is_empty() {
            return Ok(String::new());
        }
        let sealed = self.seal(ring, whose, column, text.as_bytes())?;
        Ok(format!("{MARK}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// The same where no ring is at hand: the key is made if there is none.
    pub async fn seal_words(
        &self,
        community: Community,
        whose: Id,
        column: &str,
        text: &str,
    ) -> Result<String, KeyError> {
        if text.is_empty() {
            return Ok(String::new());
        }
        let ring = self.make(community, &[whose]).await?;
        self.seal_text(&ring, whose, column, text)
    }

    /// What [`Keys::seal_words`] sealed; empty when whom it is about was erased.
    pub async fn open_words(
        &self,
        community: Community,
        whose: Id,
        column: &str,
        kept: &str,
    ) -> Result<String, KeyError> {
        if sealed_part(kept).is_none() {
            return Ok(kept.to_owned());
        }
        let ring = self.ring(community, &[whose]).await?;
        Ok(ring.open_text(whose, column, kept)?)
    }
}

/// The sealed bytes of a kept text; `None` when it lies as it was typed.
fn sealed_part(kept: &str) -> Option<Vec<u8>> {
    let text = kept.strip_prefix(MARK)?;
    if kept.len() < SHORTEST {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()
}

impl Keyring {
    /// A text as it was written; empty when whom it is about was erased.
    pub fn open_text(
        &self,
        whose: Id,
        column: &str,
        kept: &str,
    ) -> Result<String, super::DoesNotOpen> {
        match sealed_part(kept) {
            Some(sealed) => Ok(self.open(whose, column, &sealed)?.unwrap_or_default()),
            None => Ok(kept.to_owned()),
        }
    }
}

/// A column of people's own words, in a table of `community` and `id`.
pub struct TextColumn {
    pub table: &'static str,
    pub text: &'static str,
    /// The column with the id of whom it is about.
    pub whose: &'static str,
    /// The name that its texts are sealed for.
    pub sealed_for: &'static str,
    /// Whose keys it uses where not its compound's: an account's lies in the house.
    pub keys_of: Option<Community>,
}

/// The next texts of a column that lie unsealed, behind a row.
fn clear_after(place: &TextColumn, community: Community, id: &str) -> Ask {
    let TextColumn {
        table, text, whose, ..
    } = place;
    ask(
        format!(
            "SELECT community, id, {whose}, {text} FROM {table} WHERE {text} <> '' \
             AND ({text} NOT LIKE '{MARK}%' OR LENGTH({text}) < {SHORTEST}) AND (community > $1 OR (community = $1 AND id > $2)) \
             ORDER BY community, id LIMIT $3"
        ),
        params![community, id, TOGETHER],
    )
}

/// Puts a sealed text where the clear one still lies as it was read.
fn put(place: &TextColumn, community: Community, id: Id, clear: &str, sealed: &str) -> Ask {
    let TextColumn { table, text, .. } = place;
    ask(
        format!("UPDATE {table} SET {text} = $4 WHERE community = $1 AND id = $2 AND {text} = $3"),
        params![community, id, clear, sealed],
    )
}

/// Seals what lies unsealed in a column, a hundred texts at a time, while the house goes
/// on. Stopped in the middle, it goes on at the next start.
///
/// Returns how many were sealed.
pub async fn seal_clear(house: &House, place: &TextColumn) -> Result<u64, KeyError> {
    let (mut after, mut last) = (Community(i64::MIN), String::new());
    let mut done = 0;
    loop {
        let rows: Vec<(Community, Id, Id, String)> =
            house.db.all(clear_after(place, after, &last)).await?;
        let Some((community, id, ..)) = rows.last() else {
            return Ok(done);
        };
        (after, last) = (*community, id.to_string());
        let mut puts = Vec::with_capacity(rows.len());
        for (community, id, whose, text) in rows {
            let keys = place.keys_of.unwrap_or(community);
            let sealed = house.keys.seal_words(keys, whose, place.sealed_for, &text);
            let sealed = match sealed.await {
                // Nobody is left whose text it could be.
                Err(KeyError::Erased) => String::new(),
                sealed => sealed?,
            };
            puts.push(put(place, community, id, &text, &sealed));
        }
        done += house
            .db
            .keep::<_, DbError, _>(Chore::KeyStore, after, move |r| {
                let mut sealed = 0;
                for one in puts {
                    sealed += r.execute(one)?;
                }
                Ok(sealed)
            })
            .await?;
    }
}
