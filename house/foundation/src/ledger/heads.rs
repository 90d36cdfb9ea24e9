//! The heads of the logs that a batch of writes appends to. They are locked first,
//! kept in memory while the batch runs, and written back with its events just
//! before the COMMIT; a verb that fails is rolled back here as in its rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::entry::{ENTRY_BYTES_MAX, Entry};
use super::event::{Event, Stamp};
use super::tree::Frontier;
use crate::clock::Moment;
use crate::database::{Community, DbError, LIST_MAX, RawConn, Value, list};
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
    /// Heads that a verb opened itself, in that order.
    opened: Vec<Community>,
    waiting: Vec<(Entry, [u8; 32])>,
}

/// Where [`Heads::back_to`] returns to.
pub struct Mark {
    heads: Vec<(Community, Option<Head>)>,
    opened: usize,
    waiting: usize,
}

/// What to do about a head that another transaction holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Wait,
    /// It is not locked; who wanted it comes again.
    Skip,
}

impl Heads {
    /// Locks the heads of `scope`, ascending, before anything else is read: on
    /// PostgreSQL this is what makes a verb run alone in its compound.
    pub(crate) fn lock(
        &mut self,
        raw: &mut dyn RawConn,
        scope: &[Community],
        held: Held,
    ) -> Result<(), DbError> {
        scope
            .chunks(LIST_MAX)
            .try_for_each(|part| self.load(raw, part, held))
    }

    /// Whether the head is there and ours.
    pub(crate) fn holds(&self, community: Community) -> bool {
        self.heads.contains_key(&community)
    }

    fn load(
        &mut self,
        raw: &mut dyn RawConn,
        scope: &[Community],
        held: Held,
    ) -> Result<(), DbError> {
        if scope.is_empty() {
            return Ok(());
        }
        let mut values = Vec::new();
        let sql = format!(
            "SELECT community, size, last_at, frontier FROM ledger_head WHERE community IN ({}) \
             ORDER BY community{}",
            list(&mut values, scope),
            match held {
                Held::Wait => raw.lock_clause(),
                Held::Skip => raw.skip_locked_clause(),
            }
        );
        let heads = &mut self.heads;
        // A compound that does not exist (yet) has no head; appending to it fails.
        raw.query(&sql, &values, &mut |mut row| {
            let community: Community = row.next()?;
            let (size, last_at) = (row.next::<i64>()?, row.next::<Moment>()?);
            let bytes: Vec<u8> = row.next()?;
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
            heads.insert(community, head);
            Ok(true)
        })
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
        self.opened.push(community);
        self.load(raw, &[community], Held::Wait)
    }

    pub(crate) fn append(
        &mut self,
        community: Community,
        stamp: &Stamp,
        event: Event,
    ) -> Result<i64, DbError> {
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

    /// Before a verb of `scope`.
    pub(crate) fn mark(&self, scope: &[Community]) -> Mark {
        Mark {
            heads: scope
                .iter()
                .map(|c| (*c, self.heads.get(c).cloned()))
                .collect(),
            opened: self.opened.len(),
            waiting: self.waiting.len(),
        }
    }

    /// A verb records in the logs of its scope and in those it opened: these go back.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        for community in self.opened.drain(mark.opened..) {
            self.heads.remove(&community);
        }
        for (community, head) in mark.heads {
            match head {
                Some(head) => self.heads.insert(community, head),
                None => self.heads.remove(&community),
            };
        }
        self.waiting.truncate(mark.waiting);
    }

    /// Writes the events and the heads; the COMMIT comes right after.
    pub(crate) fn save(&mut self, raw: &mut dyn RawConn) -> Result<(), DbError> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(together(rest.len()));
            insert(raw, now)?;
            rest = later;
        }
        let changed: Vec<(&Community, &Head)> =
            self.heads.iter().filter(|(_, h)| h.changed).collect();
        let mut rest = changed.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(together(rest.len()));
            save_heads(raw, now)?;
            rest = later;
        }
        self.heads.values_mut().for_each(|h| h.changed = false);
        Ok(())
    }
}

/// How many of `n` rows the next statement takes: powers of two, so that few statement
/// texts stay prepared and few statements are sent.
fn together(n: usize) -> usize {
    const TOGETHER_MAX: usize = 64;
    n.min(TOGETHER_MAX).checked_ilog2().map_or(0, |p| 1 << p)
}

/// `($1,$2),($3,$4)` for so many rows of so many columns.
fn places(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ",(" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { "," };
            let _ = write!(text, "{comma}${}", row * columns + column);
        }
        text.push(')');
    }
    text
}

fn save_heads(raw: &mut dyn RawConn, heads: &[(&Community, &Head)]) -> Result<(), DbError> {
    // Every row is there and locked: the insert is only the way to change many at once.
    let sql = format!(
        "INSERT INTO ledger_head (community, size, last_at, frontier) VALUES {} \
         ON CONFLICT (community) DO UPDATE SET size = excluded.size, \
         last_at = excluded.last_at, frontier = excluded.frontier",
        places(heads.len(), 4)
    );
    let values: Vec<Value> = heads
        .iter()
        .flat_map(|(community, head)| {
            let frontier = &head.frontier;
            params![
                **community,
                frontier.size as i64,
                head.last_at,
                frontier.to_bytes()
            ]
        })
        .collect();
    raw.execute(&sql, &values)?;
    Ok(())
}

fn insert(raw: &mut dyn RawConn, entries: &[(Entry, [u8; 32])]) -> Result<(), DbError> {
    let sql = format!(
        "INSERT INTO ledger ({}, leaf) VALUES {}",
        super::entry::COLUMNS,
        places(entries.len(), 13)
    );
    let mut values = Vec::with_capacity(entries.len() * 13);
    for (e, leaf) in entries {
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
