//! The heads of the logs that a batch of writes appends to. They are locked first,
//! kept in memory while the batch runs, and written back with its events just
//! before the COMMIT; a verb that fails is rolled back here as in its rows.

use std::collections::BTreeMap;

use super::entry::{ENTRY_BYTES_MAX, Entry};
use super::event::{Event, Stamp};
use super::tree::Frontier;
use crate::clock::Moment;
use crate::database::{Community, DbError, RawConn, Value};
use crate::params;

#[derive(Clone)]
struct Head {
    frontier: Frontier,
    last_at: Moment,
    changed: bool,
}

/// The open heads of one batch and the events waiting to be written.
#[derive(Default)]
pub struct Heads {
    heads: BTreeMap<Community, Head>,
    waiting: Vec<(Entry, [u8; 32])>,
}

/// Where [`Heads::back_to`] returns to.
pub struct Mark {
    heads: BTreeMap<Community, Head>,
    waiting: usize,
}

impl Heads {
    /// Locks the heads of `scope`, ascending, before anything else is read: on
    /// PostgreSQL this is what makes a verb run alone in its compound.
    pub(crate) fn lock(
        &mut self,
        raw: &mut dyn RawConn,
        scope: &[Community],
    ) -> Result<(), DbError> {
        for community in scope {
            self.load(raw, *community)?;
        }
        Ok(())
    }

    fn load(&mut self, raw: &mut dyn RawConn, community: Community) -> Result<(), DbError> {
        let sql = format!(
            "SELECT size, last_at, frontier FROM ledger_head WHERE community = $1{}",
            raw.lock_clause()
        );
        let mut found = None;
        raw.query(&sql, &[Value::from(community)], &mut |mut row| {
            found = Some((
                row.next::<i64>()?,
                row.next::<Moment>()?,
                row.next::<Vec<u8>>()?,
            ));
            Ok(false)
        })?;
        // A compound that does not exist (yet) has no head; appending to it fails.
        let Some((size, last_at, bytes)) = found else {
            return Ok(());
        };
        let frontier = Frontier::from_bytes(size.max(0) as u64, &bytes).ok_or_else(|| {
            DbError::Shape(format!(
                "the ledger head of community {community} is damaged"
            ))
        })?;
        let head = Head {
            frontier,
            last_at,
            changed: false,
        };
        self.heads.insert(community, head);
        Ok(())
    }

    pub(crate) fn open(
        &mut self,
        raw: &mut dyn RawConn,
        community: Community,
    ) -> Result<(), DbError> {
        raw.execute(
            "INSERT INTO ledger_head (community, size, last_at, frontier) VALUES ($1, 0, 0, $2)",
            &params![community, Vec::<u8>::new()],
        )?;
        self.load(raw, community)
    }

    pub(crate) fn append(
        &mut self,
        raw: &mut dyn RawConn,
        community: Community,
        stamp: &Stamp,
        event: Event,
    ) -> Result<i64, DbError> {
        if !self.heads.contains_key(&community) {
            self.load(raw, community)?;
        }
        let head = self
            .heads
            .get_mut(&community)
            .ok_or_else(|| DbError::Shape(format!("community {community} has no ledger")))?;
        // Two nodes' clocks may differ by a little; the log's time never runs back.
        let at = stamp.at.max(head.last_at);
        let entry = Entry {
            community,
            seq: head.frontier.size as i64 + 1,
            at,
            kind: event.kind.name.to_owned(),
            version: event.kind.version,
            actor: stamp.who.actor.word(),
            role: stamp.who.role.to_owned(),
            behalf: stamp
                .who
                .behalf
                .map_or_else(String::new, |id| id.to_string()),
            door: stamp.who.door.word().to_owned(),
            subject: event.subject_word(),
            audience: event.audience.word(),
            body: event.body(),
        };
        let bytes = entry.bytes();
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(DbError::Shape(format!(
                "an event of kind {} is too long for the ledger",
                entry.kind
            )));
        }
        let leaf = super::tree::leaf(&bytes);
        head.frontier.push(leaf);
        head.last_at = at;
        head.changed = true;
        let seq = entry.seq;
        self.waiting.push((entry, leaf));
        Ok(seq)
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            heads: self.heads.clone(),
            waiting: self.waiting.len(),
        }
    }

    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.heads = mark.heads;
        self.waiting.truncate(mark.waiting);
    }

    /// Writes the events and the heads; the COMMIT comes right after.
    pub(crate) fn save(&mut self, raw: &mut dyn RawConn) -> Result<(), DbError> {
        // Two statement texts only, so that both stay prepared.
        const TOGETHER: usize = 16;
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            let n = if rest.len() >= TOGETHER { TOGETHER } else { 1 };
            insert(raw, &rest[..n])?;
            rest = &rest[n..];
        }
        for (community, head) in self.heads.iter_mut().filter(|(_, h)| h.changed) {
            raw.execute(
                "UPDATE ledger_head SET size = $2, last_at = $3, frontier = $4 WHERE community = $1",
                &params![
                    *community,
                    head.frontier.size as i64,
                    head.last_at,
                    head.frontier.to_bytes()
                ],
            )?;
            head.changed = false;
        }
        Ok(())
    }
}

fn insert(raw: &mut dyn RawConn, entries: &[(Entry, [u8; 32])]) -> Result<(), DbError> {
    let mut sql = format!(
        "INSERT INTO ledger ({}, leaf) VALUES ",
        super::entry::COLUMNS
    );
    let mut values = Vec::with_capacity(entries.len() * 13);
    for (i, (e, leaf)) in entries.iter().enumerate() {
        sql.push_str(if i == 0 { "(" } else { ",(" });
        for k in 1..=13 {
            sql.push_str(if k == 1 { "$" } else { ",$" });
            sql.push_str(&(i * 13 + k).to_string());
        }
        sql.push(')');
        values.extend(params![
            e.community,
            e.seq,
            e.at,
            &e.kind,
            e.version,
            &e.actor,
            &e.role,
            &e.behalf,
            &e.door,
            &e.subject,
            &e.audience,
            &e.body,
            leaf.as_slice()
        ]);
    }
    raw.execute(&sql, &values)?;
    Ok(())
}
