//! A key per person: made before anything is sealed with it, fetched for a page at
//! a time, destroyed to erase the person.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::seal::{DoesNotOpen, Key, open, seal};
use super::{KeyError, Keys};
use crate::clock::Moment;
use crate::database::{Ask, Chore, Community, DbError, LIST_MAX, Value, ask, list};
use crate::ids::Id;
use crate::params;

/// The keys of the people of one page or one chunk of an import.
pub struct Keyring {
    community: Community,
    keys: HashMap<Id, Key>,
}

fn place(community: Community, person: Id, column: &str) -> String {
    format!("{community}/{person}/{column}")
}

impl Keyring {
    /// Opens one sealed column of a person; `None` when the person was erased.
    pub fn open(
        &self,
        person: Id,
        column: &str,
        sealed: &[u8],
    ) -> Result<Option<String>, DoesNotOpen> {
        let Some(key) = self.keys.get(&person) else {
            return Ok(None);
        };
        let plain = open(key, &place(self.community, person, column), sealed)?;
        String::from_utf8(plain.to_vec())
            .map(Some)
            .map_err(|_| DoesNotOpen)
    }

    /// Opens bytes (a picture).
    pub fn open_bytes(
        &self,
        person: Id,
        column: &str,
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, DoesNotOpen> {
        match self.keys.get(&person) {
            None => Ok(None),
            Some(key) => open(key, &place(self.community, person, column), sealed).map(Some),
        }
    }

    /// Whether the person still has a key.
    pub fn has(&self, person: Id) -> bool {
        self.keys.contains_key(&person)
    }
}

impl Keys {
    /// Seals one column of a person whose key is in `ring`.
    ///
    /// # Errors
    /// [`KeyError::Erased`] when the person has no key (any more).
    pub fn seal(
        &self,
        ring: &Keyring,
        person: Id,
        column: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, KeyError> {
        let key = ring.keys.get(&person).ok_or(KeyError::Erased)?;
        let place = place(ring.community, person, column);
        Ok(seal(key, &place, plain, &self.chance))
    }

    /// Makes keys for new people and keeps them durably; people that have one keep it.
    pub async fn make(&self, community: Community, people: &[Id]) -> Result<Keyring, KeyError> {
        let (number, wrapping) = self.active_wrapping();
        let mut rows = Vec::with_capacity(people.len());
        let mut keys = HashMap::with_capacity(people.len());
        for person in people {
            let key = Zeroizing::new(self.chance.bytes::<32>());
            let wrapped = seal(
                &wrapping,
                &place(community, *person, "key"),
                &*key,
                &self.chance,
            );
            rows.push(params![community, *person, number, wrapped]);
            keys.insert(*person, key);
        }
        let ids = people.to_vec();
        let made = self
            .store
            .keep::<_, DbError, _>(Chore::KeyStore, community, move |r| {
                let mut new = 0u64;
                for (part, who) in rows.chunks(LIST_MAX).zip(ids.chunks(LIST_MAX)) {
                    new += r.execute(insert_many(part))?;
                    // An erased person gets no second key: what was sealed stays shut.
                    let mut values = params![community];
                    let members = list(&mut values, who);
                    let erased = r.execute(ask(
                        format!(
                            "DELETE FROM person_key WHERE community = $1 AND person IN ({members}) \
                             AND EXISTS (SELECT 1 FROM shredded s WHERE s.community = $1 \
                             AND s.person = person_key.person)"
                        ),
                        values,
                    ))?;
                    new = new.saturating_sub(erased);
                }
                Ok(new)
            })
            .await?;
        if made as usize == people.len() {
            return Ok(Keyring { community, keys });
        }
        self.ring(community, people).await
    }

    /// The keys of these people; those erased are absent.
    pub async fn ring(&self, community: Community, people: &[Id]) -> Result<Keyring, KeyError> {
        let mut keys = HashMap::with_capacity(people.len());
        for part in people.chunks(LIST_MAX) {
            let mut params: Vec<Value> = params![community];
            let members = list(&mut params, part);
            let rows: Vec<(Id, i64, Vec<u8>)> = self
                .store
                .all(ask(
                    format!(
                        "SELECT person, wrapping, wrapped FROM person_key \
                         WHERE community = $1 AND person IN ({members})"
                    ),
                    params,
                ))
                .await?;
            for (person, wrapping, wrapped) in rows {
                let under = self.wrapping(wrapping).await?;
                let key = open(&under, &place(community, person, "key"), &wrapped)?;
                let key: [u8; 32] = key.as_slice().try_into().map_err(|_| DoesNotOpen)?;
                keys.insert(person, Zeroizing::new(key));
            }
        }
        Ok(Keyring { community, keys })
    }

    /// Erases a person for good: destroys the key and remembers that it was done, so
    /// that a restored key store erases again before any door opens.
    pub async fn shred(
        &self,
        community: Community,
        person: Id,
        reason: &'static str,
        at: Moment,
    ) -> Result<(), KeyError> {
        self.store
            .keep::<_, DbError, _>(Chore::KeyStore, community, move |r| {
                r.execute(ask(
                    "INSERT INTO shredded (community, person, at, reason) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (community, person) DO NOTHING",
                    params![community, person, at, reason],
                ))?;
                r.execute(ask(
                    "DELETE FROM person_key WHERE community = $1 AND person = $2",
                    params![community, person],
                ))?;
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Destroys every key whose person stands on the shred list: run at each start,
    /// so that a restored key store cannot bring anybody back.
    ///
    /// Returns how many came back and were destroyed again.
    pub async fn replay_shreds(&self, list: &[(Community, Id)]) -> Result<u64, KeyError> {
        let list = list.to_vec();
        let again = self
            .store
            .keep::<_, DbError, _>(Chore::KeyStore, crate::database::HOUSE, move |r| {
                let mut again = 0;
                for (community, person) in list {
                    again += r.execute(ask(
                        "DELETE FROM person_key WHERE community = $1 AND person = $2",
                        params![community, person],
                    ))?;
                }
                again += r.execute(ask(
                    "DELETE FROM person_key WHERE EXISTS (SELECT 1 FROM shredded s \
                     WHERE s.community = person_key.community AND s.person = person_key.person)",
                    params![],
                ))?;
                Ok(again)
            })
            .await?;
        Ok(again)
    }

    /// Rewraps up to `limit` keys that lie under an older wrapping key; 0 when none is left.
    pub async fn rewrap(&self, limit: i64) -> Result<usize, KeyError> {
        let (number, wrapping) = self.active_wrapping();
        let rows: Vec<(Community, Id, i64, Vec<u8>)> = self
            .store
            .all(ask(
                "SELECT community, person, wrapping, wrapped FROM person_key \
                 WHERE wrapping < $1 ORDER BY wrapping LIMIT $2",
                params![number, limit],
            ))
            .await?;
        let mut fresh = Vec::with_capacity(rows.len());
        for (community, person, under, wrapped) in rows {
            let place = place(community, person, "key");
            let key = open(&self.wrapping(under).await?, &place, &wrapped)?;
            let again = seal(&wrapping, &place, &key, &self.chance);
            fresh.push(params![community, person, number, again, under]);
        }
        let n = fresh.len();
        self.store
            .keep::<_, DbError, _>(Chore::KeyStore, crate::database::HOUSE, move |r| {
                for row in fresh {
                    r.execute(ask(
                        "UPDATE person_key SET wrapping = $3, wrapped = $4 \
                         WHERE community = $1 AND person = $2 AND wrapping = $5",
                        row,
                    ))?;
                }
                Ok(())
            })
            .await?;
        Ok(n)
    }
}

/// Many keys by one statement; those who have one keep it.
fn insert_many(rows: &[Vec<Value>]) -> Ask {
    let mut sql =
        String::from("INSERT INTO person_key (community, person, wrapping, wrapped) VALUES ");
    let mut values = Vec::with_capacity(rows.len() * 4);
    for (at, row) in rows.iter().enumerate() {
        let n = at * 4;
        let comma = if at == 0 { "" } else { "," };
        sql.push_str(&format!(
            "{comma}(${},${},${},${})",
            n + 1,
            n + 2,
            n + 3,
            n + 4
        ));
        values.extend(row.iter().cloned());
    }
    sql.push_str(" ON CONFLICT (community, person) DO NOTHING");
    ask(sql, values)
}
