//! Inside a write or a long read: questions are asked one after another, in place.

use super::value::FromRow;
use super::{Ask, Community, DbError, RawConn};
use crate::clock::Moment;
use crate::ledger::{Event, Heads, Stamp};

/// Asking, alike in reads, housekeeping and writes.
pub trait Look {
    #[doc(hidden)]
    fn raw(&mut self) -> &mut dyn RawConn;

    /// Every row of the answer.
    fn all<T: FromRow>(&mut self, ask: Ask) -> Result<Vec<T>, DbError> {
        let mut out = Vec::new();
        self.raw().query(&ask.sql, &ask.params, &mut |mut row| {
            out.push(T::from_row(&mut row)?);
            Ok(true)
        })?;
        Ok(out)
    }

    /// The first row, if any.
    fn optional<T: FromRow>(&mut self, ask: Ask) -> Result<Option<T>, DbError> {
        let mut out = None;
        self.raw().query(&ask.sql, &ask.params, &mut |mut row| {
            out = Some(T::from_row(&mut row)?);
            Ok(false)
        })?;
        Ok(out)
    }

    /// The one row there must be.
    fn one<T: FromRow>(&mut self, ask: Ask) -> Result<T, DbError> {
        self.optional(ask)?.ok_or(DbError::Missing)
    }

    /// Each row in turn, never the whole answer in memory; `false` ends it.
    fn each<T: FromRow>(
        &mut self,
        ask: Ask,
        mut see: impl FnMut(T) -> Result<bool, DbError>,
    ) -> Result<(), DbError>
    where
        Self: Sized,
    {
        self.raw().query(&ask.sql, &ask.params, &mut |mut row| {
            see(T::from_row(&mut row)?)
        })
    }
}

/// Changing rows, alike in writes and in what is staged unseen.
pub trait Change: Look {
    /// The compound whose rows these are.
    fn community(&self) -> Community;
    /// The instant the rows are dated with.
    fn now(&self) -> Moment;

    /// Runs one statement; the number of rows it changed.
    fn execute(&mut self, ask: Ask) -> Result<u64, DbError> {
        self.raw().execute(&ask.sql, &ask.params)
    }

    /// Inserts many rows with one statement text: `prefix` ends in `VALUES`,
    /// every row has `width` parameters, `suffix` may hold `ON CONFLICT …`.
    fn insert_many(
        &mut self,
        prefix: &str,
        width: usize,
        rows: Vec<Vec<super::Value>>,
        suffix: &str,
    ) -> Result<u64, DbError> {
        // Both databases take 32,767 parameters and more; 2,000 keeps the text short.
        const PARAMETERS_MAX: usize = 2_000;
        let per = (PARAMETERS_MAX / width.max(1)).max(1);
        let mut changed = 0;
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<_> = rows.by_ref().take(per).collect();
            let mut sql = String::with_capacity(prefix.len() + part.len() * width * 6);
            sql.push_str(prefix);
            let mut params = Vec::with_capacity(part.len() * width);
            for (i, row) in part.into_iter().enumerate() {
                sql.push_str(if i == 0 { " (" } else { ",(" });
                for (k, value) in row.into_iter().enumerate() {
                    if k > 0 {
                        sql.push(',');
                    }
                    params.push(value);
                    sql.push('$');
                    sql.push_str(&params.len().to_string());
                }
                sql.push(')');
            }
            sql.push(' ');
            sql.push_str(suffix);
            changed += self.raw().execute(&sql, &params)?;
        }
        Ok(changed)
    }
}

/// A read, or a piece of housekeeping.
pub struct Reader<'r> {
    raw: &'r mut dyn RawConn,
}

impl<'r> Reader<'r> {
    pub(crate) fn over(raw: &'r mut dyn RawConn) -> Reader<'r> {
        Reader { raw }
    }

    /// For housekeeping and migrations only: a statement that changes rows.
    pub fn execute(&mut self, ask: Ask) -> Result<u64, DbError> {
        self.raw.execute(&ask.sql, &ask.params)
    }

    /// See [`Tx::skip_locked`].
    pub fn skip_locked(&self) -> &'static str {
        self.raw.skip_locked_clause()
    }
}

impl Look for Reader<'_> {
    fn raw(&mut self) -> &mut dyn RawConn {
        self.raw
    }
}

/// A write in progress. It has no `commit`: [`Tx::record`] ends it with an event,
/// or it is dropped and nothing happened.
pub struct Tx<'t> {
    raw: &'t mut dyn RawConn,
    heads: &'t mut Heads,
    stamp: &'t Stamp,
    scope: &'t [Community],
}

/// Proof that a write ended with an event; only [`Tx::record`] makes one.
pub struct Done<T> {
    pub(super) value: T,
}

impl<'t> Tx<'t> {
    pub(super) fn new(
        raw: &'t mut dyn RawConn,
        heads: &'t mut Heads,
        stamp: &'t Stamp,
        scope: &'t [Community],
    ) -> Tx<'t> {
        Tx {
            raw,
            heads,
            stamp,
            scope,
        }
    }

    /// The instant this act is dated with.
    pub fn now(&self) -> Moment {
        self.stamp.at
    }

    /// The compound this write belongs to (the last of its scope, so never the
    /// house when it also touches a compound).
    pub fn community(&self) -> Community {
        *self.scope.last().expect("a write has a scope")
    }

    /// Runs one statement; the number of rows it changed.
    pub fn execute(&mut self, ask: Ask) -> Result<u64, DbError> {
        self.raw.execute(&ask.sql, &ask.params)
    }

    /// Appended to a SELECT, locks its rows where writers could otherwise race.
    /// Within one compound that is never needed: its head is locked first.
    pub fn for_update(&self) -> &'static str {
        self.raw.lock_clause()
    }

    /// Appended to a SELECT that takes work from a queue shared by several nodes.
    pub fn skip_locked(&self) -> &'static str {
        self.raw.skip_locked_clause()
    }

    /// Records an event and goes on: for the rare act that is two facts at once.
    pub fn also(&mut self, event: Event) -> Result<i64, DbError> {
        let community = self.community();
        self.heads.append(community, self.stamp, event)
    }

    /// As [`also`](Self::also), in another log of this write's scope.
    ///
    /// # Errors
    /// [`DbError::Shape`] when `community` was not locked at the start.
    pub fn also_in(&mut self, community: Community, event: Event) -> Result<i64, DbError> {
        if !self.scope.contains(&community) {
            return Err(DbError::Shape(format!(
                "log {community} is not in this write's scope"
            )));
        }
        self.heads.append(community, self.stamp, event)
    }

    /// Opens the log of a new compound. The house's own act.
    pub fn open_log(&mut self, community: Community) -> Result<(), DbError> {
        self.heads.open(self.raw, community)
    }

    /// Ends the write with its event; `value` is the answer after the commit.
    pub fn record<T>(mut self, event: Event, value: T) -> Result<Done<T>, DbError> {
        self.also(event)?;
        Ok(Done { value })
    }
}

impl Look for Tx<'_> {
    fn raw(&mut self) -> &mut dyn RawConn {
        self.raw
    }
}

impl Change for Tx<'_> {
    fn community(&self) -> Community {
        Tx::community(self)
    }
    fn now(&self) -> Moment {
        Tx::now(self)
    }
}

/// Rows that nobody sees yet: a piece of an import. The write that shows them ends in
/// an event; this does not.
pub struct Stage<'r> {
    raw: &'r mut dyn RawConn,
    community: Community,
    now: Moment,
}

impl<'r> Stage<'r> {
    pub(super) fn over(raw: &'r mut dyn RawConn, community: Community, now: Moment) -> Stage<'r> {
        Stage {
            raw,
            community,
            now,
        }
    }
}

impl Look for Stage<'_> {
    fn raw(&mut self) -> &mut dyn RawConn {
        self.raw
    }
}

impl Change for Stage<'_> {
    fn community(&self) -> Community {
        self.community
    }
    fn now(&self) -> Moment {
        self.now
    }
}
