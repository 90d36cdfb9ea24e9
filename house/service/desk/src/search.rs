//! Finding a ticket by what was reported, in either script or by first letters of pinyin. What
//! was written lies sealed, so the index holds keyed digests of pairs of signs, cut short on
//! purpose: what they find is opened and compared before it is shown.

use std::collections::BTreeSet;

use foundation::database::{Community, Tx};
use foundation::house::House;
use foundation::ids::Id;
use group::search::Query;
use hanzi::fold;
use permissions::actor::Actor;

use crate::ticket::{Ticket, Veil};
use crate::{Refused, listing, looking, store};

/// Signs of a report that are found; what matters is said at its beginning.
const INDEXED_CHARS: usize = 160;
/// Bits of a digest: one in a million by chance.
const BITS: u32 = 20;
/// Pairs that narrow a search; more make it no narrower.
const GRAMS_MAX: usize = 4;
/// Tickets that are opened and compared.
const COMPARED_MAX: i64 = 200;

/// Pairs of signs that follow each other.
fn pairs(text: &str) -> BTreeSet<String> {
    let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    signs.windows(2).map(|pair| pair.iter().collect()).collect()
}

fn digest(house: &House, c: Community, pair: &str, letters: bool) -> i64 {
    let column = if letters {
        "desk_letters"
    } else {
        "desk_words"
    };
    house.keys.blind(c, column, pair, BITS)
}

/// The digests of a report.
pub(crate) fn grams(house: &House, c: Community, words: &str) -> Vec<i64> {
    let text: String = words.chars().take(INDEXED_CHARS).collect();
    let plain = pairs(&fold::key(&text));
    let letters = pairs(&fold::initials(&text));
    let mut out: BTreeSet<i64> = plain.iter().map(|p| digest(house, c, p, false)).collect();
    out.extend(letters.iter().map(|p| digest(house, c, p, true)));
    out.into_iter().collect()
}

pub(crate) fn index_in(
    tx: &mut Tx<'_>,
    c: Community,
    ticket: Id,
    grams: &[i64],
) -> Result<(), Refused> {
    for part in grams.chunks(store::lists::GRAMS_AT_ONCE) {
        tx.execute(store::lists::insert_grams(c, ticket, part))?;
    }
    Ok(())
}

/// The tickets whose report answers, the newest first, of those that the reader sees behind a
/// veil. Nothing for what is too short to be looked for.
pub async fn find(
    house: &House,
    by: &Actor,
    veil: Veil,
    typed: &str,
) -> Result<Vec<listing::Row>, Refused> {
    let c = by.community;
    let Ok(query) = Query::read(typed) else {
        return Ok(Vec::new());
    };
    let folded = fold::key(typed);
    let latin = folded.bytes().all(|b| b.is_ascii_lowercase() || b == b' ');
    let mut found: Vec<Ticket> = Vec::new();
    for letters in [false, true] {
        if letters && !latin {
            continue;
        }
        let grams: Vec<i64> = folded
            .split_whitespace()
            .flat_map(pairs)
            .take(GRAMS_MAX)
            .map(|p| digest(house, c, &p, letters))
            .collect();
        if grams.is_empty() {
            continue;
        }
        let asked = store::lists::with_grams(c, &grams, COMPARED_MAX);
        let ids: Vec<(Id,)> = house.db.all(asked).await?;
        let ids: Vec<Id> = ids.into_iter().map(|r| r.0).collect();
        if !ids.is_empty() {
            let more: Vec<Ticket> = house.db.all(store::tickets(c, &ids)).await?;
            found.extend(more);
        }
    }
    found.retain(|t| t.veil == veil && looking::sees(by, t));
    found.sort_by_key(|t| std::cmp::Reverse(t.id));
    found.dedup_by_key(|t| t.id);
    let mut out = Vec::new();
    for t in found {
        let said = looking::said(house, c, &t).await?;
        if query.marks(&said.words).is_some() {
            out.extend(listing::rows(house, c, vec![t]).await?);
        }
        if out.len() as i64 == listing::PAGE {
            break;
        }
    }
    Ok(out)
}
