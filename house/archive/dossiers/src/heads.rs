//! What the ledger knows of the whole strongroom: what a verification holds it to.

use foundation::communities;
use foundation::database::{Community, HOUSE};
use foundation::house::House;
use foundation::ids::Id;
use foundation::ledger::Kind;
use strongroom::{Digest, Head, Heads};

use crate::store::{documents, installed};
use crate::{ArchiveError, events, vault};

/// Dossiers, and events, asked for in one go.
const TAKE: i64 = 500;

/// The newest version of every dossier's object in every compound, and the digest that vouches
/// for the root's own files. Where the table says less than the ledger, or other things, the
/// ledger is believed: a table can be changed unseen.
///
/// # Errors
/// [`ArchiveError::Database`].
pub async fn heads(house: &House) -> Result<Heads, ArchiveError> {
    let mut heads = Heads {
        root: root(house).await?,
        ..Heads::default()
    };
    let mut after = HOUSE;
    loop {
        let part = communities::list(&house.db, after).await?;
        let Some(last) = part.last() else { break };
        after = last.number;
        for c in part.iter().map(|c| c.number) {
            in_table(house, c, &mut heads).await?;
            // Each tells a head: a document that came in, the pictures of its pages, and what is
            // said of them.
            for kind in [events::RECEIVED, events::PICTURED, events::DESCRIBED] {
                in_ledger(house, c, kind, &mut heads).await?;
            }
        }
    }
    Ok(heads)
}

async fn in_table(house: &House, c: Community, heads: &mut Heads) -> Result<(), ArchiveError> {
    let mut after = String::new();
    loop {
        let asked = documents::heads_after(c, &after, TAKE);
        let rows: Vec<(Id, i64, String)> = house.db.all(asked).await?;
        let Some((last, ..)) = rows.last() else {
            return Ok(());
        };
        after = last.to_string();
        for (dossier, version, inventory) in rows {
            // Of a digest that cannot be read nothing is known: what lies there is a stranger.
            if let Some(head) = head(version, &inventory) {
                heads.objects.insert(vault::object(c, dossier), head);
            }
        }
    }
}

/// What was recorded when versions came in.
async fn in_ledger(
    house: &House,
    c: Community,
    kind: Kind,
    heads: &mut Heads,
) -> Result<(), ArchiveError> {
    let mut after = -1;
    loop {
        let asked = installed::events_after(c, kind.name, after, TAKE);
        let rows: Vec<(i64, String)> = house.db.all(asked).await?;
        let Some((last, _)) = rows.last() else {
            return Ok(());
        };
        after = *last;
        for (_, body) in rows {
            let Some((dossier, told)) = received(&body) else {
                continue;
            };
            let known = heads.objects.entry(vault::object(c, dossier));
            let known = known.or_insert(told);
            if known.version <= told.version {
                *known = told;
            }
        }
    }
}

/// The dossier and its head, as an event tells them.
fn received(body: &str) -> Option<(Id, Head)> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let dossier = body.get("dossier")?.as_str()?.parse().ok()?;
    let version = body.get("version")?.as_i64()?;
    Some((dossier, head(version, body.get("inventory")?.as_str()?)?))
}

/// A row's head; `None` for what is none.
fn head(version: i64, inventory: &str) -> Option<Head> {
    Some(Head {
        version: u32::try_from(version).ok()?,
        inventory_sha512: inventory.parse().ok()?,
    })
}

/// The digest of the root's own record, as it was when the strongroom was made; `None` before.
pub(crate) async fn root(house: &House) -> Result<Option<Digest>, ArchiveError> {
    let asked = installed::newest_event(HOUSE, events::STRONGROOM_MADE.name);
    let found: Option<(String,)> = house.db.optional(asked).await?;
    Ok(found.and_then(|(body,)| digest_in(&body, "root")))
}

/// A digest that an event tells.
pub(crate) fn digest_in(body: &str, name: &str) -> Option<Digest> {
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    body.get(name)?.as_str()?.parse().ok()
}
